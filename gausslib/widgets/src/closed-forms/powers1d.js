/**
 * The product pᵅq¹⁻ᵅ of two Gaussians on the line, for α ≥ 0: its area, the Gaussian g that it is a
 * multiple of, and the Rényi and Chernoff divergences. As in `gauss1d.js` every number is a sum of
 * numbers of one sign, so that nearly identical ones keep their digits.
 *
 * With variances v and w everything is made of αw + (1 − α)v: where it is not positive, which takes
 * an α above 1 and a p wider than q, the product grows without end and there is no g.
 *
 * @typedef {import("./gauss1d.js").Bell} Bell
 */
import { gap, logRatio, productDifference } from "./scalars.js";

/**
 * What all of them need: the difference of the means, both variances and their mixture, to the last
 * digit even where that nearly vanishes.
 *
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} alpha
 */
function partsOf([m, s], [n, t], alpha) {
  const [v, w] = [s * s, t * t];
  return { delta: n - m, v, w, mixed: productDifference(alpha, w, alpha - 1, v) };
}

/**
 * The two terms of the Rényi divergence D_α(p‖q). The second is written in one way below order 1
 * and in another from there on, where its last part would be a difference.
 *
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} alpha
 */
export function renyiTerms(p, q, alpha) {
  const { delta, v, w, mixed } = partsOf(p, q, alpha);
  const square = delta * delta;
  if (mixed <= 0) return { mean: square && Infinity, logdet: Infinity };
  const [rest, difference] = [1 - alpha, v - w];
  const mean = (alpha * square) / mixed / 2;
  if (alpha < 1) {
    const ofQ = (alpha / rest) * gap(w / mixed, (-rest * difference) / mixed);
    return { mean, logdet: (gap(v / mixed, (alpha * difference) / mixed) + ofQ) / 2 };
  }
  const above = rest && gap(mixed / w, (rest * difference) / w) / rest;
  return { mean, logdet: (gap(v / w, difference / w) - above) / 2 };
}

/**
 * The Rényi divergence D_α(p‖q).
 *
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} alpha
 */
export function lineRenyi(p, q, alpha) {
  const { mean, logdet } = renyiTerms(p, q, alpha);
  return mean + logdet;
}

/**
 * The order from which on D_α(p‖q) is infinite, if there is one.
 *
 * @param {Bell} p
 * @param {Bell} q
 */
export function endOfOrders([, s], [, t]) {
  const [v, w] = [s * s, t * t];
  return v > w ? v / (v - w) : Infinity;
}

/**
 * Mean and standard deviation of g, if there is one.
 *
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} alpha
 * @returns {Bell}
 */
export function normalisedProduct(p, q, alpha) {
  const { delta, v, mixed } = partsOf(p, q, alpha);
  return [p[0] + ((1 - alpha) * v * delta) / mixed, (p[1] * q[1]) / Math.sqrt(mixed)];
}

/**
 * KL(g‖p) and KL(g‖q), which are infinite in the limit where there is no g.
 *
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} alpha
 */
function fromProduct(p, q, alpha) {
  const { delta, v, w, mixed } = partsOf(p, q, alpha);
  if (mixed <= 0) return { kl_g_p: Infinity, kl_g_q: Infinity };
  /** @type {(power: number, own: number, other: number) => number} */
  const divergence = (power, own, other) =>
    (((power * delta) ** 2 / mixed) * (own / mixed) +
      gap(other / mixed, (power * (other - own)) / mixed)) /
    2;
  return { kl_g_p: divergence(1 - alpha, v, w), kl_g_q: divergence(alpha, w, v) };
}

/**
 * Chernoff's α*, where −log ∫pᵅq¹⁻ᵅ is greatest and KL(g‖p) = KL(g‖q). That equation is, times
 * the squared mixture of the variances, quadratic: a(1 − α) − cα + kα(1 − α) = 0, with a and c
 * never negative. If p is the wider one its linear coefficient b has no cancellation.
 *
 * @param {Bell} p
 * @param {Bell} q
 * @returns {number}
 */
export function chernoffAlpha(p, q) {
  const { delta, v, w } = partsOf(p, q, 0);
  if (v < w) return 1 - chernoffAlpha(q, p);
  const [square, e] = [delta * delta, w - v];
  const log = logRatio(w / v, e / v);
  const a = v * (v * gap(w / v, e / v) + square);
  const c = w * (w * gap(v / w, -e / w) + square);
  const k = e * (log * e + square);
  const b = 2 * v * square + e * (2 * log * v - e);
  const whole = b + Math.hypot(a - c + k, 2 * Math.sqrt(a) * Math.sqrt(c));
  return whole > 0 ? (2 * a) / whole : 0.5;
}

/**
 * All numbers about α.
 *
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} alpha
 */
export function powersOf(p, q, alpha) {
  const renyi = lineRenyi(p, q, alpha);
  const star = chernoffAlpha(p, q);
  return {
    renyi,
    chernoff_coefficient: Math.exp((alpha - 1) * renyi),
    chernoff: (1 - star) * lineRenyi(p, q, star),
    chernoff_alpha: star,
    ...fromProduct(p, q, alpha),
  };
}

/**
 * The product at a point: from the exponents, since a density may be too small for a number.
 *
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} alpha
 * @param {number} x
 */
export function productAt([m, s], [n, t], alpha, x) {
  const [y, z] = [(x - m) / s, (x - n) / t];
  const logOfP = (-y * y) / 2 - Math.log(s);
  const logOfQ = (-z * z) / 2 - Math.log(t);
  return Math.exp(alpha * logOfP + (1 - alpha) * logOfQ) / Math.sqrt(2 * Math.PI);
}
