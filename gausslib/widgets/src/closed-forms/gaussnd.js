/**
 * Closed forms for two Gaussians of any dimension, singular ones included, and for nearly identical
 * ones too. Natural logarithms.
 *
 * What cancels in these formulas is computed with pairs of doubles, so that near pairs and thin
 * covariances need no formula of their own. With Σ = LLᵀ, W = Lq⁻¹Lp, M = ½ (Σp + Σq) = LLᵀ and
 * Ψ(W) = Σ (wᵢᵢ² − 1 − 2 log wᵢᵢ) + Σ_{j<i} wᵢⱼ² no term is negative in
 *
 *     2 KL(p‖q)  =  |Lq⁻¹δ|² + Ψ(Lq⁻¹Lp)
 *     4 DB       =  ½ |L⁻¹δ|² + Ψ(L⁻¹Lp) + Ψ(L⁻¹Lq)
 *     W₂²        =  |δ|² + min ‖Lp U − Lq V‖²
 *         over orthogonal U and V: those that make UᵀLpᵀLqV diagonal
 *
 * @typedef {import("./doubles.js").Double} Double
 * @typedef {import("./doubles-matrix.js").Factor} Factor
 *
 * @typedef {object} GaussianN
 * @property {number[]} mean
 * @property {number[][]} cov
 *
 * @typedef {object} Comparison  of W = L⁻¹K
 * @property {number} mean  ½|L⁻¹δ|²
 * @property {number} trace  ½(‖W‖² − d)
 * @property {number} logdet  −log det W
 * @property {number} excess  ½Ψ(W), the sum of these two
 */
import { dot, minus, ONE, plus, scaled } from "./doubles.js";
import { align, factor, identity, solveLower, symmetricPart } from "./doubles-matrix.js";
import { gap, logRatio } from "./scalars.js";
import { haveSameSupport } from "./support.js";

/** @type {Comparison} */
const INFINITE = { mean: Infinity, trace: Infinity, logdet: Infinity, excess: Infinity };

/**
 * What divergences are made of, for covariances LLᵀ and KKᵀ.
 *
 * @param {Double[][]} lower  L
 * @param {Double[][]} other  K
 * @param {number[]} delta
 * @returns {Comparison}
 */
function compare(lower, other, delta) {
  let [mean, trace, logdet, excess] = [0, 0, 0, 0];
  /** @type {Double[][]} */
  const withDelta = other.map((row, k) => [...row, [delta[k], 0]]);
  solveLower(lower, withDelta).forEach((row, k) => {
    const [w] = row[k];
    const [u] = minus(row[k], ONE);
    const squares = row.map(([x]) => x * x);
    const off = squares.slice(0, k).reduce((sum, x) => sum + x, 0);
    mean += squares[lower.length] / 2;
    trace += (u * (2 + u) + off) / 2;
    logdet -= logRatio(w, u);
    excess += (u * u + off) / 2 + gap(w, u);
  });
  return {
    mean: finiteOrInfinite(mean),
    trace: finiteOrInfinite(trace),
    logdet: finiteOrInfinite(logdet),
    excess: finiteOrInfinite(excess),
  };
}

/**
 * What is too large for a double is infinite; on the way there ∞ − ∞ may have come up.
 *
 * @param {number} x
 */
function finiteOrInfinite(x) {
  return Number.isNaN(x) ? Infinity : x;
}

/**
 * The four comparisons that the divergences need: of p with q and q with p, and of both with M. On
 * one support the marginals on the pivots' coordinates determine the rest.
 *
 * @param {Double[][]} covP
 * @param {Double[][]} covQ
 * @param {number[]} delta
 * @param {number[]} pivots
 */
function compareOnSupport(covP, covQ, delta, pivots) {
  const middle = covP.map((row, i) =>
    row.map((entry, j) => plus(scaled(entry, 0.5), scaled(covQ[i][j], 0.5))),
  );
  /** @type {(cov: Double[][]) => Double[][]} */
  const rootOf = (cov) => {
    const marginal = pivots.map((i) => pivots.map((j) => cov[i][j]));
    return factor(marginal, true).root;
  };
  const [rootP, rootQ, rootM] = [rootOf(covP), rootOf(covQ), rootOf(middle)];
  const inside = pivots.map((i) => delta[i]);
  return {
    pq: compare(rootQ, rootP, inside),
    qp: compare(rootP, rootQ, inside),
    middleP: compare(rootM, rootP, inside),
    middleQ: compare(rootM, rootQ, inside),
  };
}

/**
 * The squared Bures distance of two covariances in this unit of length. Of each aligned column the
 * sign is free, so that the smaller distance counts.
 *
 * @param {Factor[]} factors
 * @param {number} unit
 */
function shapeCost(factors, unit) {
  const [a, b] = factors.map(({ root }) =>
    root.map((_, k) => root.map((row) => scaled(row[k], 1 / unit))),
  );
  align(a, b);
  /** @type {(combine: typeof plus, k: number) => number} */
  const squared = (combine, k) =>
    a[k].reduce((sum, entry, i) => sum + combine(entry, b[k][i])[0] ** 2, 0);
  return a.reduce((sum, _, k) => sum + Math.min(squared(minus, k), squared(plus, k)), 0);
}

/**
 * What a calculator shows, of covariances without a fault and of one dimension. Divergences are in
 * nats, w2 in the unit of the coordinates. Trace and logdet of a near pair cancel: their sum loses
 * digits.
 *
 * @param {GaussianN} p
 * @param {GaussianN} q
 */
export function valuesOf(p, q) {
  const [covP, covQ] = [symmetricPart(p.cov), symmetricPart(q.cov)];
  const factors = [factor(covP), factor(covQ)];
  const delta = p.mean.map((x, i) => x - q.mean[i]);
  const { pq, qp, middleP, middleQ } = haveSameSupport(p, q, delta, factors)
    ? compareOnSupport(covP, covQ, delta, factors[1].pivots)
    : { pq: INFINITE, qp: INFINITE, middleP: INFINITE, middleQ: INFINITE };
  const kl_pq = pq.mean + pq.excess;
  const kl_qp = qp.mean + qp.excess;
  const bhattacharyya_mean = middleP.mean / 4;
  const bhattacharyya_logdet = (middleP.excess + middleQ.excess) / 2;
  const bhattacharyya = bhattacharyya_mean + bhattacharyya_logdet;
  const unit = Math.max(...factors.flatMap(({ scale }) => scale));
  const cost = shapeCost(factors, unit);
  return {
    kl_pq,
    kl_qp,
    jeffreys: kl_pq + kl_qp,
    bhattacharyya,
    hellinger: Math.sqrt(-Math.expm1(-bhattacharyya)),
    w2: Math.hypot(...delta, Math.sqrt(cost) * unit),
    kl_pq_mean: pq.mean,
    kl_pq_trace: pq.trace,
    kl_pq_logdet: pq.logdet,
    kl_qp_mean: qp.mean,
    kl_qp_trace: qp.trace,
    kl_qp_logdet: qp.logdet,
    bhattacharyya_mean,
    bhattacharyya_logdet,
    w2_mean: delta.reduce((sum, x) => sum + x * x, 0),
    w2_covariance: cost * unit * unit,
  };
}

/**
 * A number for the reader.
 *
 * @param {number} x
 */
function shown(x) {
  return String(x).replace(/-/g, "−");
}

/**
 * That a matrix is not symmetric, in a sentence, or "".
 *
 * @param {number[][]} cov
 */
function symmetryFault(cov) {
  const deviations = cov.map((row, i) => Math.sqrt(Math.abs(row[i])));
  for (let i = 0; i < cov.length; i++) {
    for (let j = 0; j < i; j++) {
      const [above, below] = [cov[j][i], cov[i][j]];
      const tolerance = (Math.sqrt(Number.EPSILON) * deviations[i] * deviations[j]) / 2;
      if (Math.abs(above / 2 - below / 2) > tolerance) {
        const first = `entry (${j + 1}, ${i + 1}) is ${shown(above)}`;
        const second = `entry (${i + 1}, ${j + 1}) is ${shown(below)}`;
        return `It is not symmetric: ${first}, but ${second}.`;
      }
    }
  }
  return "";
}

/**
 * The smallest eigenvalue of a symmetric matrix, and its eigenvector. A multiple of the identity
 * added makes all eigenvalues positive: then they are the singular values.
 *
 * @param {Double[][]} matrix
 * @param {number} largest  the largest entry, in size
 */
function smallestEigenvalue(matrix, largest) {
  /** @type {Double} */
  const shift = [matrix.length * largest, 0];
  const columns = matrix.map((column, i) =>
    column.map((entry, j) => (i === j ? plus(entry, shift) : entry)),
  );
  const axes = identity(matrix.length);
  align(columns, axes);
  const values = columns.map((column, k) => minus(dot(column, axes[k]), shift)[0]);
  const least = Math.min(...values);
  return { value: least, axis: axes[values.indexOf(least)].map(([x]) => x) };
}

/**
 * Why a square matrix of finite numbers is not a covariance, in a sentence; empty if it is one. The
 * tolerances are gausslib's.
 *
 * @param {number[][]} cov
 */
export function covarianceFault(cov) {
  const fault = symmetryFault(cov);
  if (fault) return fault;
  const symmetric = symmetricPart(cov);
  const noise = 64 * cov.length * Number.EPSILON;
  if (factor(symmetric).rest.every(([x]) => Math.abs(x) <= noise)) return "";
  const largest = Math.max(...cov.flat().map(Math.abs));
  const { value, axis } = smallestEigenvalue(symmetric, largest);
  const rounded = shown(Number(value.toPrecision(3)));
  const direction = axis.map((x) => shown(Number(x.toFixed(3)))).join(", ");
  return (
    `It is not positive semi-definite: its smallest eigenvalue is ${rounded}, ` +
    `along (${direction}).`
  );
}

/**
 * The sum of term(k) over from ≤ k < to, by halves: the rounding errors of a long sum would make
 * singular covariances look regular.
 *
 * @param {(k: number) => number} term
 * @param {number} to
 * @param {number} from
 * @returns {number}
 */
function total(term, to, from = 0) {
  const middle = (from + to) >> 1;
  if (to - from > 64) return total(term, middle, from) + total(term, to, middle);
  let sum = 0;
  for (let k = from; k < to; k++) sum += term(k);
  return sum;
}

/**
 * The Gaussian with the mean and the covariance (divisor n − 1) of samples, one a row.
 *
 * @param {number[][]} rows
 * @returns {GaussianN}
 */
export function fromSamples(rows) {
  const n = rows.length;
  if (n < 2) throw new RangeError(`At least two samples are needed, got ${n}.`);
  const columns = rows[0].map((_, j) => {
    const mean = total((k) => rows[k][j], n) / n;
    // What rounding takes from a mean far from zero would look like one more direction.
    const rest = total((k) => rows[k][j] - mean, n) / n;
    return { mean: mean + rest, deviations: rows.map((row) => row[j] - mean - rest) };
  });
  const cov = columns.map(({ deviations: x }) =>
    columns.map(({ deviations: y }) => total((k) => x[k] * y[k], n) / (n - 1)),
  );
  if (!cov.flat().every(Number.isFinite))
    throw new RangeError("The covariance of the samples is too large.");
  return { mean: columns.map(({ mean }) => mean), cov };
}
