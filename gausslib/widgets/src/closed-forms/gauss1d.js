/**
 * Closed forms for two Gaussians on the line, given by mean and standard deviation, right to about
 * 1e-13 for nearly identical ones too: every distance is a sum of numbers of one sign. Natural
 * logarithms.
 *
 * @typedef {number[]} Bell  mean, standard deviation
 */
import { lineRenyi, renyiTerms } from "./powers1d.js";
import { logRatio } from "./scalars.js";

/** The mass further out, in standard deviations, is less than rounding. */
const OUTSIDE = 9;
/** Later terms of the series are below rounding. */
const SERIES_LENGTH = 40;

/**
 * The standard normal density.
 *
 * @param {number} z
 */
export function density(z) {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * The mass of the standard normal law from `start` to `start + length`, to the last digits
 * however short that is.
 *
 * It is cut into pieces of half-width h ≤ ½. With m the middle of a piece and Hermite polynomials
 * its mass is 2h φ(m) Σ He_k(m) hᵏ / (k + 1)! over even k. Below, `term` is He_k(m) hᵏ / k!, made
 * of the two before it by the recurrence He_{k+1}(m) = m He_k(m) − k He_{k−1}(m).
 *
 * @param {number} start
 * @param {number} length
 */
export function normalMass(start, length) {
  const from = Math.max(start, -OUTSIDE);
  const inside = Math.min(length - (from - start), OUTSIDE - from);
  const h = inside / Math.ceil(inside) / 2;
  let mass = 0;
  for (let piece = 0; piece < inside; piece++) {
    const m = from + (2 * piece + 1) * h;
    let sum = 0;
    let [before, term] = [0, 1];
    for (let k = 0; k < SERIES_LENGTH; k++) {
      if (k % 2 === 0) sum += term / (k + 1);
      [before, term] = [term, (m * h * term - h * h * before) / (k + 1)];
    }
    mass += 2 * h * density(m) * sum;
  }
  return mass;
}

/**
 * The total variation: the mass of the narrow law less that of the wide one, between the points
 * where the densities cross. It is the sum of two masses, whose lengths are quotients in which
 * nothing cancels; derived in gausslib's variation.py (`_crossings`).
 *
 * @param {Bell} p
 * @param {Bell} q
 */
function totalVariation([m, s], [n, t]) {
  const [narrow, wide] = [Math.min(s * s, t * t), Math.max(s * s, t * t)];
  const e = Math.min(Math.abs(m - n) / Math.sqrt(wide), 1e3); // beyond that nothing overlaps
  const r = Math.sqrt(narrow / wide);
  const a = (wide - narrow) / wide;
  const logR = logRatio(narrow / wide, -a) / 2;
  const root = Math.sqrt(e * e - 2 * a * logR);
  if (root === 0) return 0; // two equal ones cross everywhere
  const above = (-2 * a * logR) / ((1 + r) * (e + root));
  const right = normalMass((r * e + root) / a - above, above);
  const left = normalMass((2 * logR - e * e) / (r * e + root), (e + root) / (1 + r));
  return Math.min(right + left, 1);
}

/**
 * W₁ = E|δ + σZ| with the standard normal Z, the cost of the monotone coupling:
 * 2 [σφ(z) + δ (Φ(z) − ½)] with z = δ/σ. For two equal laws z may be anything.
 *
 * @param {Bell} p
 * @param {Bell} q
 */
function w1Distance([m, s], [n, t]) {
  const [delta, sigma] = [Math.abs(m - n), Math.abs(s - t)];
  const z = delta / sigma || 0;
  return 2 * (sigma * density(z) + delta * normalMass(0, z));
}

/**
 * The terms of which KL(p‖q), the Bhattacharyya distance and the squared 2-Wasserstein distance are
 * sums. Variances are rounded first, as in `Gaussian(mean, sd**2)`; the difference of the standard
 * deviations is that of the variances over the sum.
 *
 * @param {Bell} p
 * @param {Bell} q
 */
export function lineTerms(p, q) {
  const [[m, s], [n, t]] = [p, q];
  const half = renyiTerms(p, q, 0.5);
  const [v, w] = [s * s, t * t];
  const square = (m - n) ** 2;
  const x = (v - w) / w;
  const difference = (v - w) / (s + t);
  return {
    kl: { mean: square / w / 2, trace: x / 2, logdet: -logRatio(v / w, x) / 2 },
    bhattacharyya: { mean: half.mean / 2, logdet: half.logdet / 2 },
    w2: { mean: square, covariance: difference ** 2 },
  };
}

/**
 * All distances that figures show. KL and Bhattacharyya's are Rényi divergences, of the orders 1
 * and ½.
 *
 * @param {Bell} p
 * @param {Bell} q
 */
export function lineDistances(p, q) {
  const { mean, covariance } = lineTerms(p, q).w2;
  const bhattacharyya = lineRenyi(p, q, 0.5) / 2;
  return {
    kl_pq: lineRenyi(p, q, 1),
    kl_qp: lineRenyi(q, p, 1),
    bhattacharyya,
    hellinger: Math.sqrt(-Math.expm1(-bhattacharyya)),
    total_variation: totalVariation(p, q),
    w1: w1Distance(p, q),
    w2: Math.sqrt(mean + covariance),
  };
}

/**
 * What is integrated over x: p log(p/q) for KL(p‖q), ½|p − q| for the total variation, else √(pq),
 * as for the Bhattacharyya coefficient. The logarithm comes from the exponents, since q may be too
 * small for one.
 *
 * @param {"kl" | "bhattacharyya" | "variation"} name
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} x
 */
export function integrand(name, [m, s], [n, t], x) {
  const [y, z] = [(x - m) / s, (x - n) / t];
  const [p, q] = [density(y) / s, density(z) / t];
  if (name === "kl") return p * (Math.log(t / s) + (z * z - y * y) / 2);
  return name === "variation" ? Math.abs(p - q) / 2 : Math.sqrt(p * q);
}
