/**
 * Distances of two Gaussians in the plane, estimated from samples x = μp + Lp z of p, as more and
 * more are drawn. Σ = LLᵀ is the Cholesky factorisation, z comes from `random.js`. `_sampling.py`
 * computes the same numbers.
 *
 *     kl_plain         mean of log p/q
 *     kl_nonnegative   mean of r − 1 − log r with r = q/p; for some pairs of infinite variance
 *     bhattacharyya    −log of the mean of √(q/p); too large by about half the square of its error
 *     w2_squared       mean of |x − Tx|² with the transport map T
 *
 * Everything is made of Lp − Lq, so that no digits are lost where p and q are nearly the same.
 *
 * @typedef {import("./gauss2d.js").Gaussian2} Gaussian2
 *
 * @typedef {[number, number, number]} Lower
 *     the lower triangular matrix [[a, 0], [b, d]] as [a, b, d]
 * @typedef {(z1: number, z2: number) => number} Averaged
 * @typedef {"kl_plain" | "kl_nonnegative" | "bhattacharyya" | "w2_squared"} Estimator
 *
 * @typedef {object} Comparison
 * @property {Lower} lp  Lp
 * @property {Lower} lq  Lq
 * @property {Lower} difference  Lp − Lq
 * @property {[number, number]} delta  μp − μq
 */
import { bhattacharyyaDistance, klDivergence, w2Squared } from "./gauss2d.js";
import { standardNormals } from "./random.js";
import { logRatio } from "./scalars.js";

/** What each estimator estimates. */
export const CLOSED_FORMS = {
  kl_plain: klDivergence,
  kl_nonnegative: klDivergence,
  bhattacharyya: bhattacharyyaDistance,
  w2_squared: w2Squared,
};

/** Half the width of the 95 % interval of an estimate, in standard errors. */
export const HALF_WIDTH_95 = 1.959963984540054;

const MOST_SEEDS = 40;
/**
 * The normal numbers of a few seeds, which take ten times as long to draw as to use.
 *
 * @type {Map<number, Float64Array>}
 */
const kept = new Map();

/**
 * The normal numbers for so many samples, two for each, or a few more.
 *
 * @param {number} seed
 * @param {number} size
 */
function normals(seed, size) {
  const found = kept.get(seed);
  if (found && found.length >= 2 * size) return found;
  if (kept.size > MOST_SEEDS) kept.clear();
  const drawn = standardNormals(seed, 2000 * Math.ceil(size / 1000));
  kept.set(seed, drawn);
  return drawn;
}

/**
 * The Cholesky factor of the covariance.
 *
 * @param {Gaussian2} g
 * @returns {Lower}
 */
function cholesky({ cov: [a, b, d] }) {
  const l11 = Math.sqrt(a);
  const l21 = b / l11;
  return [l11, l21, Math.sqrt(d - l21 * l21)];
}

/**
 * The factors and their difference. With Δ = Σp − Σq and S = Lp + Lq that is made of Δ, not of the
 * factors: d₁₁ = Δ_a/s₁₁, then d₂₁ and d₂₂ from 2Δ = DSᵀ + SDᵀ.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {Comparison}
 */
function compare(p, q) {
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

/**
 * log p(x)/q(x) as a function of z. With e = Lq⁻¹(x − μq) − z = m + Vz, which is small for near
 * pairs, the logarithm is e·(z + ½e) − log det(1 + V).
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {Averaged}
 */
function logDensities(p, q) {
  const { lp, lq, difference, delta } = compare(p, q);
  const [a, b, d] = lq;
  const [d11, d21, d22] = difference;
  const [dx, dy] = delta;
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

/**
 * |x − Tx|² as a function of z. T Lp = Lq Q, where Q is the rotation [[c, −s], [s, c]] that makes
 * Qᵀ LqᵀLp symmetric. So x − Tx is δ + (Lp − Lq) z + Lq (1 − Q) z, and 1 − Q keeps its digits.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {Averaged}
 */
function squaredMove(p, q) {
  const { lp, lq, difference, delta } = compare(p, q);
  const [a, b, d] = lq;
  const [d11, d21, d22] = difference;
  const [dx, dy] = delta;
  const along = a * lp[0] + b * lp[1] + d * lp[2];
  const across = d * d21 - b * d22;
  const length = Math.sqrt(along * along + across * across);
  const c = along / length;
  const s = across / length;
  const k = c > 0 ? (s * s) / (1 + c) : 1 - c; // 1 − c
  return (z1, z2) => {
    const x = dx + (d11 + a * k) * z1 + a * s * z2;
    const y = dy + (d21 + b * k - d * s) * z1 + (d22 + b * s + d * k) * z2;
    return x * x + y * y;
  };
}

/**
 * eᵗ − 1 − t ≥ 0; near 0 by its series, since the difference would cancel.
 *
 * @param {number} t
 */
function exponentialGap(t) {
  if (Math.abs(t) > 0.01) return Math.expm1(t) - t;
  return t * t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t / 720))));
}

/**
 * What is averaged, as a function of z; of `bhattacharyya` its logarithm.
 *
 * @param {Estimator} kind
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {Averaged}
 */
function averaged(kind, p, q) {
  if (kind === "w2_squared") return squaredMove(p, q);
  const log = logDensities(p, q);
  if (kind === "kl_plain") return log;
  if (kind === "bhattacharyya") return (z1, z2) => -log(z1, z2) / 2;
  return (z1, z2) => exponentialGap(-log(z1, z2));
}

/**
 * Whether what is averaged has a finite variance: not for `kl_nonnegative` if the variance of q is
 * twice that of p, or more, in some direction. Else 2Σp − Σq is positive definite.
 *
 * @param {Estimator} kind
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function hasFiniteVariance(kind, p, q) {
  if (kind !== "kl_nonnegative") return true;
  const [a, b, d] = p.cov.map((entry, i) => 2 * entry - q.cov[i]);
  return a > 0 && a * d > b * b;
}

/**
 * Whether the 95 % interval holds the closed form too rarely: near the limit of finite variance
 * (from 4/3 on the error of the error has none), and where the true standard error is no small part
 * of the mean; of `kl_nonnegative` a bound of it from below.
 *
 * @param {Estimator} kind
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @param {number} size
 */
export function coversTooRarely(kind, p, q, size) {
  if (kind === "bhattacharyya") return Math.expm1(2 * bhattacharyyaDistance(p, q)) > size / 20;
  if (kind !== "kl_nonnegative") return false;
  const [a, b, d] = q.cov;
  const wider = { mean: q.mean, cov: /** @type {Lower} */ ([1.5 * a, 1.5 * b, 1.5 * d]) };
  return !hasFiniteVariance(kind, p, wider) || Math.expm1(klDivergence(q, p)) > size / 100;
}

/**
 * The first samples of p, the points that the estimates of this seed are made of.
 *
 * @param {Gaussian2} p
 * @param {number} seed
 * @param {number} count
 */
export function samplePoints(p, seed, count) {
  const [a, b, d] = cholesky(p);
  const [x, y] = p.mean;
  const z = normals(seed, count);
  /** @type {(index: number) => [number, number]} */
  const point = (index) => [x + a * z[2 * index], y + b * z[2 * index] + d * z[2 * index + 1]];
  return Array.from({ length: count }, (_, index) => point(index));
}

/** The mean of numbers that come one by one, with its standard error (Welford's method). */
class RunningMean {
  count = 0;
  mean = 0;
  /** The squared deviations from the mean, added up. */
  squares = 0;

  /**
   * @param {number} value
   */
  add(value) {
    const deviation = value - this.mean;
    this.count += 1;
    this.mean += deviation / this.count;
    this.squares += deviation * (value - this.mean);
  }

  value() {
    return this.mean;
  }

  error() {
    return Math.sqrt(this.squares / (this.count - 1) / this.count);
  }
}

/**
 * Minus the logarithm of the mean of numbers that are given by their logarithms. What is averaged
 * is 1 − exp(log − top), relative to the largest logarithm so far: so no mean is rounded to 0, and
 * one near 1 keeps its digits.
 */
class RunningLogMean extends RunningMean {
  top = -Infinity;

  /**
   * @param {number} log
   */
  add(log) {
    if (log > this.top) {
      const change = Math.expm1(this.top - log);
      this.mean += change * (this.mean - 1);
      this.squares *= (1 + change) ** 2;
      this.top = log;
    }
    super.add(-Math.expm1(log - this.top));
  }

  value() {
    return 0 - this.top - Math.log1p(-this.mean);
  }

  error() {
    return super.error() / (1 - this.mean);
  }
}

/**
 * The estimates from the first samples of a seed, for rising sizes, with their standard errors and
 * 95 % intervals.
 *
 * @param {Estimator} kind
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @param {number} seed
 * @param {number[]} sizes
 */
export function runningEstimate(kind, p, q, seed, sizes) {
  const z = normals(seed, sizes[sizes.length - 1]);
  const hasError = hasFiniteVariance(kind, p, q);
  const valueAt = averaged(kind, p, q);
  const running = kind === "bhattacharyya" ? new RunningLogMean() : new RunningMean();
  let index = 0;
  return sizes.map((size) => {
    for (; index < size; index++) running.add(valueAt(z[2 * index], z[2 * index + 1]));
    const value = running.value();
    const error = size > 1 && hasError ? running.error() : Infinity;
    const half = HALF_WIDTH_95 * error;
    return { size, value, error, low: value - half, high: value + half };
  });
}
