/**
 * Distances of two Gaussians in the plane, estimated from samples x = μp + Lp z of p, as more and more are drawn.
 * Σ = LLᵀ is the Cholesky factorisation, z comes from `random.js`. `_sampling.py` computes the same numbers.
 *
 *     kl_plain         mean of log p/q
 *     kl_nonnegative   mean of r − 1 − log r with r = q/p; for some pairs of infinite variance
 *     bhattacharyya    −log of the mean of √(q/p); too large by about half the square of its error
 *     w2_squared       mean of |x − Tx|² with the transport map T
 *
 * Everything is made of Lp − Lq, so that no digits are lost where p and q are nearly the same.
 *
 * @typedef {import("./gauss2d.js").Gaussian2} Gaussian2
 * @typedef {[number, number, number]} Lower
 *     the lower triangular matrix [[a, 0], [b, d]] as [a, b, d]
 * @typedef {(z1: number, z2: number) => number} Averaged
 * @typedef {"kl_plain" | "kl_nonnegative" | "bhattacharyya" | "w2_squared"} Estimator
 */

import { bhattacharyyaDistance, klDivergence, w2Squared } from "./gauss2d.js";
import { logRatio } from "./scalars.js";
import { standardNormals } from "./random.js";

/** What each estimator estimates. */
export const CLOSED_FORMS = {
  kl_plain: klDivergence,
  kl_nonnegative: klDivergence,
  bhattacharyya: bhattacharyyaDistance,
  w2_squared: w2Squared,
};

/** Half the width of the 95 % interval of an estimate, in standard errors. */
export const HALF_WIDTH_95 = 1.959963984540054;

/** The normal numbers of a few seeds, which take ten times as long to draw as to use. @type {Map<number, Float64Array>} */
const kept = new Map();

/** The normal numbers for so many samples, two for each, or a few more. */
function normals(/** @type {number} */ seed, /** @type {number} */ size) {
  const found = kept.get(seed);
  if (found && found.length >= 2 * size) return found;
  if (kept.size > 40) kept.clear();
  const drawn = standardNormals(seed, 2000 * Math.ceil(size / 1000));
  kept.set(seed, drawn);
  return drawn;
}

/** @returns {Lower} */
function cholesky(/** @type {Gaussian2} */ { cov: [a, b, d] }) {
  const l11 = Math.sqrt(a);
  const l21 = b / l11;
  return [l11, l21, Math.sqrt(d - l21 * l21)];
}

/** Lp, Lq, Lp − Lq and μp − μq. */
function compare(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const [lp, lq] = [cholesky(p), cholesky(q)];
  const [s11, s21, s22] = lp.map((entry, i) => entry + lq[i]);
  const [da, db, dd] = p.cov.map((entry, i) => entry - q.cov[i]);
  const d11 = da / s11;
  const d21 = (2 * db - d11 * s21) / s11;
  return {
    lp,
    lq,
    difference: [d11, d21, (dd - d21 * s21) / s22],
    delta: [p.mean[0] - q.mean[0], p.mean[1] - q.mean[1]],
  };
}

/** log p(x)/q(x) as a function of z. @returns {Averaged} */
function logDensities(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const {
    lp,
    lq: [a, b, d],
    difference: [d11, d21, d22],
    delta: [dx, dy],
  } = compare(p, q);
  // With e = Lq⁻¹(x − μq) − z = m + Vz the logarithm is e·(z + ½e) − log det(1 + V).
  const m1 = dx / a;
  const m2 = (dy - b * m1) / d;
  const v11 = d11 / a;
  const v21 = (d21 - b * v11) / d;
  const v22 = d22 / d;
  const logDet = logRatio(lp[0] / a, v11) + logRatio(lp[2] / d, v22);
  return (z1, z2) => {
    const e1 = m1 + v11 * z1;
    const e2 = m2 + v21 * z1 + v22 * z2;
    return e1 * (z1 + e1 / 2) + e2 * (z2 + e2 / 2) - logDet;
  };
}

/** |x − Tx|² as a function of z. @returns {Averaged} */
function squaredMove(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const {
    lp,
    lq: [a, b, d],
    difference: [d11, d21, d22],
    delta: [dx, dy],
  } = compare(p, q);
  // T Lp = Lq Q, where Q is the rotation [[c, −s], [s, c]] that makes Qᵀ LqᵀLp symmetric; 1 − Q keeps its digits.
  const along = a * lp[0] + b * lp[1] + d * lp[2];
  const across = d * d21 - b * d22;
  const length = Math.sqrt(along * along + across * across);
  const c = along / length;
  const s = across / length;
  const k = c > 0 ? (s * s) / (1 + c) : 1 - c;
  return (z1, z2) => {
    const x = dx + (d11 + a * k) * z1 + a * s * z2;
    const y = dy + (d21 + b * k - d * s) * z1 + (d22 + b * s + d * k) * z2;
    return x * x + y * y;
  };
}

/** eᵗ − 1 − t ≥ 0 */
function exponentialGap(/** @type {number} */ t) {
  if (Math.abs(t) > 0.01) return Math.expm1(t) - t;
  return t * t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t / 720))));
}

/** What is averaged, as a function of z; of `bhattacharyya` its logarithm. @returns {Averaged} */
function averaged(
  /** @type {Estimator} */ kind,
  /** @type {Gaussian2} */ p,
  /** @type {Gaussian2} */ q,
) {
  if (kind === "w2_squared") return squaredMove(p, q);
  const log = logDensities(p, q);
  if (kind === "kl_plain") return log;
  return kind === "bhattacharyya"
    ? (z1, z2) => -log(z1, z2) / 2
    : (z1, z2) => exponentialGap(-log(z1, z2));
}

/** Not if for `kl_nonnegative` the variance of q is twice that of p, or more, in some direction. */
export function hasFiniteVariance(
  /** @type {Estimator} */ kind,
  /** @type {Gaussian2} */ p,
  /** @type {Gaussian2} */ q,
) {
  const [a, b, d] = p.cov.map((entry, i) => 2 * entry - q.cov[i]);
  return kind !== "kl_nonnegative" || (a > 0 && a * d > b * b);
}

/**
 * Whether the 95 % interval holds the closed form too rarely: near the limit of finite variance (from 4/3 on the error of the
 * error has none), and where the true standard error is no small part of the mean; of `kl_nonnegative` a bound of it from below.
 */
export function coversTooRarely(
  /** @type {Estimator} */ kind,
  /** @type {Gaussian2} */ p,
  /** @type {Gaussian2} */ q,
  /** @type {number} */ size,
) {
  if (kind === "bhattacharyya") return Math.expm1(2 * bhattacharyyaDistance(p, q)) > size / 20;
  const [a, b, d] = q.cov;
  return (
    !hasFiniteVariance(kind, p, { ...q, cov: [1.5 * a, 1.5 * b, 1.5 * d] }) ||
    (kind === "kl_nonnegative" && Math.expm1(klDivergence(q, p)) > size / 100)
  );
}

/** The first samples of p, the points that the estimates of this seed are made of. */
export function samplePoints(
  /** @type {Gaussian2} */ p,
  /** @type {number} */ seed,
  /** @type {number} */ count,
) {
  const [a, b, d] = cholesky(p);
  const z = normals(seed, count);
  return Array.from(
    { length: count },
    (_, i) =>
      /** @type {[number, number]} */ ([
        p.mean[0] + a * z[2 * i],
        p.mean[1] + b * z[2 * i] + d * z[2 * i + 1],
      ]),
  );
}

/** The estimates from the first samples of a seed, for rising sizes, with their standard errors and 95 % intervals. */
export function runningEstimate(
  /** @type {Estimator} */ kind,
  /** @type {Gaussian2} */ p,
  /** @type {Gaussian2} */ q,
  /** @type {number} */ seed,
  /** @type {number[]} */ sizes,
) {
  const z = normals(seed, sizes[sizes.length - 1]);
  const finite = hasFiniteVariance(kind, p, q);
  const takesLog = kind === "bhattacharyya";
  const of = averaged(kind, p, q);
  let [n, mean, squares] = [0, 0, 0]; // the squared deviations from the mean, added up (Welford)
  let top = -Infinity; // the largest logarithm so far; the terms of `bhattacharyya` are 1 − √(q/p) / exp(top)
  return sizes.map((size) => {
    while (n < size) {
      let value = of(z[2 * n], z[2 * n + 1]);
      if (takesLog) {
        if (value > top) {
          // The same terms relative to a larger one: no mean is rounded to 0, and one near 1 keeps its digits.
          const change = Math.expm1(top - value);
          mean += change * (mean - 1);
          squares *= (1 + change) ** 2;
          top = value;
        }
        value = -Math.expm1(value - top);
      }
      const deviation = value - mean;
      mean += deviation / ++n;
      squares += deviation * (value - mean);
    }
    const value = takesLog ? 0 - top - Math.log1p(-mean) : mean;
    const error =
      n > 1 && finite ? Math.sqrt(squares / (n - 1) / n) / (takesLog ? 1 - mean : 1) : Infinity;
    const half = HALF_WIDTH_95 * error;
    return { size, value, error, low: value - half, high: value + half };
  });
}
