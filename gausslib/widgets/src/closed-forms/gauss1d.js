/**
 * Closed forms for two Gaussians on the line, given by mean and standard deviation, right to about 1e-13 for nearly
 * identical ones too: every distance is a sum of numbers of one sign. Natural logarithms.
 *
 * @typedef {number[]} Bell  mean, standard deviation
 */
import { gap, logRatio } from "./scalars.js";

/** Standard normal density. */
export const density = (/** @type {number} */ z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/**
 * Mass of the standard normal law from `start` to `start + length`, to the last digits however short that is.
 *
 * It is cut into pieces of half-width h ≤ ½. With m the middle of a piece and Hermite polynomials its mass is
 * 2h φ(m) Σ He_k(m) hᵏ / (k + 1)! over even k, and u below is He_k(m) hᵏ / k!.
 */
export function normalMass(/** @type {number} */ start, /** @type {number} */ length) {
  const from = Math.max(start, -9); // outside ±9 is less than rounding
  const inside = Math.min(length - (from - start), 9 - from);
  const h = inside / Math.ceil(inside) / 2;
  let mass = 0;
  for (let piece = 0; piece < inside; piece++) {
    const m = from + (2 * piece + 1) * h;
    let sum = 0;
    for (let k = 0, u = 1, before = 0; k < 40; k++) {
      if (k % 2 === 0) sum += u / (k + 1);
      [before, u] = [u, (m * h * u - h * h * before) / (k + 1)];
    }
    mass += 2 * h * density(m) * sum;
  }
  return mass;
}

/** Total variation, from the points where the densities cross; derived in gausslib's variation.py (`_on_the_line`). */
function totalVariation(/** @type {Bell} */ [m, s], /** @type {Bell} */ [n, t]) {
  const [narrow, wide] = [s * s, t * t].sort((v, w) => v - w);
  const e = Math.min(Math.abs(m - n) / Math.sqrt(wide), 1e3); // beyond that nothing overlaps
  const r = Math.sqrt(narrow / wide);
  const a = (wide - narrow) / wide;
  const logR = logRatio(narrow / wide, -a) / 2;
  const root = Math.sqrt(e * e - 2 * a * logR);
  if (root === 0) return 0; // two equal ones cross everywhere
  const above = (-2 * a * logR) / ((1 + r) * (e + root));
  const right = normalMass((r * e + root) / a - above, above);
  return Math.min(right + normalMass((2 * logR - e * e) / (r * e + root), (e + root) / (1 + r)), 1);
}

/** E|δ + σZ| with the standard normal Z: the cost of the monotone coupling. */
function w1Distance(/** @type {Bell} */ [m, s], /** @type {Bell} */ [n, t]) {
  const [delta, sigma] = [Math.abs(m - n), Math.abs(s - t)];
  const z = delta / sigma || 0; // of two equal ones too
  return 2 * (sigma * density(z) + delta * normalMass(0, z));
}

/**
 * The terms of which KL(p‖q), the Bhattacharyya distance and the squared 2-Wasserstein distance are sums. Variances are
 * rounded first, as in `Gaussian(mean, sd**2)`.
 */
export function lineTerms(/** @type {Bell} */ [m, s], /** @type {Bell} */ [n, t]) {
  const [v, w] = [s * s, t * t];
  const square = (m - n) ** 2;
  const x = (v - w) / w;
  const difference = (v - w) / (s + t); // of the standard deviations
  return {
    kl: { mean: square / w / 2, trace: x / 2, logdet: -logRatio(v / w, x) / 2 },
    bhattacharyya: {
      mean: square / (v + w) / 4,
      logdet: Math.log1p(difference ** 2 / (2 * s * t)) / 2,
    },
    w2: { mean: square, covariance: difference ** 2 },
  };
}

/** KL(p‖q), where trace and log-det would cancel. */
function klDivergence(/** @type {Bell} */ p, /** @type {Bell} */ q) {
  const { mean, trace } = lineTerms(p, q).kl;
  return mean + gap((p[1] * p[1]) / (q[1] * q[1]), 2 * trace) / 2;
}

/** All distances of a figure. */
export function lineDistances(/** @type {Bell} */ p, /** @type {Bell} */ q) {
  const terms = lineTerms(p, q);
  const bhattacharyya = terms.bhattacharyya.mean + terms.bhattacharyya.logdet;
  return {
    kl_pq: klDivergence(p, q),
    kl_qp: klDivergence(q, p),
    bhattacharyya,
    hellinger: Math.sqrt(-Math.expm1(-bhattacharyya)),
    total_variation: totalVariation(p, q),
    w1: w1Distance(p, q),
    w2: Math.sqrt(terms.w2.mean + terms.w2.covariance),
  };
}

/**
 * What is integrated over x: p log(p/q) for KL(p‖q), √(pq) for the Bhattacharyya coefficient, ½|p − q| for the total
 * variation.
 *
 * @param {"kl" | "bhattacharyya" | "variation"} name
 * @param {Bell} p
 * @param {Bell} q
 * @param {number} x
 */
export function integrand(name, [m, s], [n, t], x) {
  const [y, z] = [(x - m) / s, (x - n) / t];
  const [p, q] = [density(y) / s, density(z) / t];
  if (name === "kl") return p * (Math.log(t / s) + (z * z - y * y) / 2); // q may be too small for a logarithm
  return name === "variation" ? Math.abs(p - q) / 2 : Math.sqrt(p * q);
}
