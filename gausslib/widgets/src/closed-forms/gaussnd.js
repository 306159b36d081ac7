/**
 * Closed forms for two Gaussians of any dimension, singular ones included, and for nearly identical ones too.
 * Natural logarithms.
 *
 * What cancels in these formulas is computed with pairs of doubles, which carry 32 digits: the rounding error of a
 * difference is far below a change of 1e-12, so near pairs and thin covariances need no formula of their own. With
 * Σ = LLᵀ, W = Lq⁻¹Lp, M = ½ (Σp + Σq) = LLᵀ and Ψ(W) = Σ (wᵢᵢ² − 1 − 2 log wᵢᵢ) + Σ_{j<i} wᵢⱼ² no term is negative in
 *
 *     2 KL(p‖q)  =  |Lq⁻¹δ|² + Ψ(Lq⁻¹Lp)
 *     4 DB       =  ½ |L⁻¹δ|² + Ψ(L⁻¹Lp) + Ψ(L⁻¹Lq)
 *     W₂²        =  |δ|² + min ‖Lp U − Lq V‖²     over orthogonal U and V: those that make UᵀLpᵀLqV diagonal
 *
 * @typedef {{mean: number[], cov: number[][]}} GaussianN
 * @typedef {[number, number]} Double
 *     a leading number and what it lacks; their sum is the value
 * @typedef {{root: Double[][], pivots: number[], scale: number[], rest: Double[]}} Factor
 *     root rootᵀ is the covariance, up to what `rest` leaves of it; with the pivots' rows first the root is triangular
 */
import { gap, logRatio, productError } from "./scalars.js";

/** @type {Double} */
const ZERO = [0, 0];
/** @type {Double} */
const ONE = [1, 0];

/** @returns {Double} */
function normalised(/** @type {number} */ head, /** @type {number} */ tail) {
  const sum = head + tail;
  return [sum, tail - (sum - head)];
}

/** Exact error of the sum of the heads: Knuth. */
function plus(/** @type {Double} */ [a, aTail], /** @type {Double} */ [b, bTail]) {
  const sum = a + b;
  const part = sum - a;
  return normalised(sum, a - (sum - part) + (b - part) + (aTail + bTail));
}

const minus = (/** @type {Double} */ x, /** @type {Double} */ y) => plus(x, scaled(y, -1));

function times(/** @type {Double} */ [a, aTail], /** @type {Double} */ [b, bTail]) {
  const product = a * b;
  return normalised(product, productError(a, b, product) + (a * bTail + aTail * b));
}

/** By a power of two, which rounds nothing. @returns {Double} */
function scaled(/** @type {Double} */ [x, tail], /** @type {number} */ power) {
  return [x * power, tail * power];
}

function over(/** @type {Double} */ x, /** @type {Double} */ y) {
  const quotient = x[0] / y[0];
  return normalised(quotient, minus(x, times([quotient, 0], y))[0] / y[0]);
}

function squareRoot(/** @type {Double} */ x) {
  const root = Math.sqrt(x[0]);
  return normalised(root, minus(x, times([root, 0], [root, 0]))[0] / (2 * root));
}

const dot = (/** @type {Double[]} */ x, /** @type {Double[]} */ y) =>
  x.reduce((sum, xi, i) => plus(sum, times(xi, y[i])), ZERO);

/** The symmetric part of a matrix. @returns {Double[][]} */
const doubled = (/** @type {number[][]} */ matrix) =>
  matrix.map((row, i) => row.map((x, j) => [x - (x / 2 - matrix[j][i] / 2), 0]));

/** A power of two near √variance. Beside a zero every covariance must look huge. */
const unitOf = (/** @type {number} */ variance) =>
  2 ** (variance > 0 ? Math.round(Math.log2(variance) / 2) : -511);

/** Variance, relative to the coordinate's own, below which a pivot counts as zero: gausslib's bound. */
const pivotFloor = (/** @type {number} */ dimension) => 8 * Math.min(dimension, 4) * Number.EPSILON;

/** Cholesky factor: of a singular covariance with the largest pivot first until none is left. @returns {Factor} */
function factor(/** @type {Double[][]} */ cov, regular = false) {
  const scale = cov.map((row, i) => unitOf(row[i][0]));
  const rest = cov.map((row, i) =>
    row.map((x, j) => scaled(scaled(x, 1 / scale[i]), 1 / scale[j])),
  );
  const root = cov.map((row) => row.map(() => ZERO));
  const left = [...cov.keys()];
  const pivots = [];
  while (left.length) {
    const pivot = regular
      ? left[0]
      : left.reduce((i, j) => (rest[j][j][0] > rest[i][i][0] ? j : i));
    if (!regular && !(rest[pivot][pivot][0] > pivotFloor(cov.length))) break;
    const length = squareRoot(rest[pivot][pivot]);
    const column = rest.map((row) => over(row[pivot], length));
    for (const i of left) {
      root[i][pivots.length] = scaled(column[i], scale[i]);
      for (const j of left) rest[i][j] = minus(rest[i][j], times(column[i], column[j]));
    }
    left.splice(left.indexOf(pivot), 1);
    pivots.push(pivot);
  }
  return { root, pivots, scale, rest: left.flatMap((i) => left.map((j) => rest[i][j])) };
}

/** L⁻¹B for a lower triangular L. */
function solveLower(/** @type {Double[][]} */ lower, /** @type {Double[][]} */ rhs) {
  /** @type {Double[][]} */
  const solved = [];
  rhs.forEach((row, k) => {
    const known = (/** @type {Double} */ x, /** @type {number} */ j) =>
      over(
        solved.reduce((rest, before, m) => minus(rest, times(lower[k][m], before[j])), x),
        lower[k][k],
      );
    solved.push(row.map(known));
  });
  return solved;
}

/**
 * Whether two Gaussians have one support. That of q is a plane: for the pivots J of its covariance RRᵀ and any other
 * coordinate i, xᵢ = Rᵢ R_J⁻¹ x_J up to a constant. Deviations that rounding explains do not count.
 */
function sameSupport(
  /** @type {GaussianN} */ p,
  /** @type {GaussianN} */ q,
  /** @type {number[]} */ delta,
  /** @type {Factor[]} */ [ofP, ofQ],
) {
  const { root, pivots, scale } = ofQ;
  const floor = pivotFloor(scale.length);
  const inverse = solveLower(
    pivots.map((j) => root[j]),
    identity(pivots.length),
  );
  /** R_J⁻ᵀy */
  const weights = (/** @type {Double[]} */ y) =>
    pivots.map(
      (_, k) =>
        dot(
          inverse.map((row) => row[k]),
          y,
        )[0],
    );
  const tilt = weights(
    inverse.map((row) =>
      dot(
        row,
        pivots.map((j) => [delta[j], 0]),
      ),
    ),
  ).reduce((sum, x, k) => sum + Math.abs(x) * scale[pivots[k]], 0);
  return (
    ofP.pivots.length === pivots.length &&
    root.every((row, i) => {
      if (pivots.includes(i)) return true;
      const normal = scale.map((_, j) => +(i === j));
      weights(row).forEach((x, k) => (normal[pivots[k]] = -x));
      const sum = (/** @type {(x: number, j: number) => number} */ term) =>
        normal.reduce((all, x, j) => all + term(x, j), 0);
      const variance = (/** @type {(x: number) => number} */ sign) =>
        sum((x, j) => sum((y, k) => sign(x * p.cov[j][k] * y)));
      const rounding = sum(
        (x, j) => Math.abs(x) * (Math.abs(p.mean[j]) + Math.abs(q.mean[j]) + scale[j] * tilt),
      );
      return (
        Math.abs(sum((x, j) => x * delta[j])) <= floor * rounding &&
        variance((x) => x) <= floor * variance(Math.abs)
      );
    })
  );
}

/** @returns {Double[][]} */
function identity(/** @type {number} */ dimension) {
  const indices = [...Array(dimension).keys()];
  return indices.map((i) => indices.map((j) => (i === j ? ONE : ZERO)));
}

/** ½|L⁻¹δ|² and, of W = L⁻¹K, ½(‖W‖² − d), −log det W and ½Ψ(W), which is the sum of these two. */
function compare(
  /** @type {Double[][]} */ lower,
  /** @type {Double[][]} */ other,
  /** @type {number[]} */ delta,
) {
  let [mean, trace, logdet, excess] = [0, 0, 0, 0];
  solveLower(
    lower,
    other.map((row, k) => [...row, /** @type {Double} */ ([delta[k], 0])]),
  ).forEach((row, k) => {
    const [w] = row[k];
    const [u] = minus(row[k], ONE);
    const squares = row.map(([x]) => x * x);
    const off = squares.slice(0, k).reduce((sum, x) => sum + x, 0);
    mean += squares[lower.length] / 2;
    trace += (u * (2 + u) + off) / 2;
    logdet -= logRatio(w, u);
    excess += (u * u + off) / 2 + gap(w, u);
  });
  // What is too large for a double is infinite; on the way there ∞ − ∞ may have come up.
  return [mean, trace, logdet, excess].map((x) => (Number.isNaN(x) ? Infinity : x));
}

/** Turn the columns i and j by an angle. */
function rotate(
  /** @type {Double[][]} */ columns,
  /** @type {number[]} */ [i, j],
  /** @type {number} */ angle,
) {
  // From the tangent of half the angle sine and cosine are right to 32 digits, whatever the angle's own error is.
  /** @type {Double} */
  const tangent = [Math.tan(angle / 2), 0];
  const twice = over([2, 0], plus(ONE, times(tangent, tangent)));
  const cosine = minus(twice, ONE);
  const sine = times(twice, tangent);
  const [x, y] = [columns[i], columns[j]];
  columns[i] = x.map((xk, k) => plus(times(cosine, xk), times(sine, y[k])));
  columns[j] = x.map((xk, k) => minus(times(cosine, y[k]), times(sine, xk)));
}

function size(/** @type {Double[][]} */ columns) {
  return Math.hypot(...columns.flat().map(([x]) => x));
}

/** Turn A and B, given by their columns, until AᵀB is diagonal (Kogbetliantz's method). */
function align(/** @type {Double[][]} */ a, /** @type {Double[][]} */ b) {
  const negligible = 1e-26 * size(a) * size(b);
  // A rotation that noise chose would spoil, among equal singular values, what others have done.
  const angle = (/** @type {Double} */ [y], /** @type {Double} */ [x]) =>
    Math.abs(y) > negligible ? Math.atan2(y, x) : 0;
  for (let sweep = 0, turned = true; turned && sweep < 30; sweep++) {
    turned = false;
    for (let j = 0; j < a.length; j++) {
      for (let i = 0; i < j; i++) {
        const [m11, m12, m21, m22] = [
          dot(a[i], b[i]),
          dot(a[i], b[j]),
          dot(a[j], b[i]),
          dot(a[j], b[j]),
        ];
        const stretch = angle(plus(m12, m21), minus(m11, m22));
        const turn = angle(minus(m21, m12), plus(m11, m22));
        if (!stretch && !turn) continue;
        turned = true;
        rotate(a, [i, j], (stretch + turn) / 2);
        rotate(b, [i, j], (stretch - turn) / 2);
      }
    }
  }
}

/** Squared Bures distance of two covariances in this unit of length. */
function shapeCost(/** @type {Factor[]} */ factors, /** @type {number} */ unit) {
  const [a, b] = factors.map(({ root }) =>
    root.map((_, k) => root.map((row) => scaled(row[k], 1 / unit))),
  );
  align(a, b);
  const squared = (/** @type {typeof plus} */ combined, /** @type {number} */ k) =>
    a[k].reduce((sum, x, i) => sum + combined(x, b[k][i])[0] ** 2, 0);
  return a.reduce((sum, _, k) => sum + Math.min(squared(minus, k), squared(plus, k)), 0);
}

/**
 * What a calculator shows, of covariances without a fault and of one dimension. Divergences are in nats, w2 in the unit of
 * the coordinates. Trace and logdet of a near pair cancel: their sum loses digits.
 */
export function valuesOf(/** @type {GaussianN} */ p, /** @type {GaussianN} */ q) {
  const covs = [doubled(p.cov), doubled(q.cov)];
  const factors = covs.map((cov) => factor(cov));
  const delta = p.mean.map((x, i) => x - q.mean[i]);
  let [pq, qp, middleP, middleQ] = Array(4).fill(Array(4).fill(Infinity));
  if (sameSupport(p, q, delta, factors)) {
    // The marginals on these coordinates determine the rest.
    const { pivots } = factors[1];
    const middle = covs[0].map((row, i) =>
      row.map((x, j) => plus(scaled(x, 0.5), scaled(covs[1][i][j], 0.5))),
    );
    const [rootP, rootQ, root] = [...covs, middle].map(
      (cov) =>
        factor(
          pivots.map((i) => pivots.map((j) => cov[i][j])),
          true,
        ).root,
    );
    const inside = pivots.map((i) => delta[i]);
    pq = compare(rootQ, rootP, inside);
    qp = compare(rootP, rootQ, inside);
    middleP = compare(root, rootP, inside);
    middleQ = compare(root, rootQ, inside);
  }
  const kl_pq = pq[0] + pq[3];
  const kl_qp = qp[0] + qp[3];
  const bhattacharyya_mean = middleP[0] / 4;
  const bhattacharyya_logdet = (middleP[3] + middleQ[3]) / 2;
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
    kl_pq_mean: pq[0],
    kl_pq_trace: pq[1],
    kl_pq_logdet: pq[2],
    kl_qp_mean: qp[0],
    kl_qp_trace: qp[1],
    kl_qp_logdet: qp[2],
    bhattacharyya_mean,
    bhattacharyya_logdet,
    w2_mean: delta.reduce((sum, x) => sum + x * x, 0),
    w2_covariance: cost * unit * unit,
  };
}

const shown = (/** @type {number} */ x) => String(x).replace(/-/g, "−");

/** Why a square matrix of finite numbers is not a covariance, in a sentence; empty if it is one. The tolerances are gausslib's. */
export function covarianceFault(/** @type {number[][]} */ cov) {
  const dimension = cov.length;
  const largest = Math.max(...cov.flat().map(Math.abs));
  const deviations = cov.map((row, i) => Math.sqrt(Math.abs(row[i])));
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [cov[j][i], cov[i][j]];
      if (Math.abs(x / 2 - y / 2) > (Math.sqrt(Number.EPSILON) * deviations[i] * deviations[j]) / 2)
        return `It is not symmetric: entry (${j + 1}, ${i + 1}) is ${shown(x)}, but entry (${i + 1}, ${j + 1}) is ${shown(y)}.`;
    }
  }
  const columns = doubled(cov);
  if (factor(columns).rest.every(([x]) => Math.abs(x) <= 64 * dimension * Number.EPSILON))
    return "";
  // A multiple of the identity added makes all eigenvalues positive: then they are the singular values.
  /** @type {Double} */
  const shift = [dimension * largest, 0];
  columns.forEach((column, i) => (column[i] = plus(column[i], shift)));
  const axes = identity(dimension);
  align(columns, axes);
  const values = columns.map((column, k) => minus(dot(column, axes[k]), shift)[0]);
  const least = Math.min(...values);
  const axis = axes[values.indexOf(least)].map(([x]) => shown(Number(x.toFixed(3)))).join(", ");
  return `It is not positive semi-definite: its smallest eigenvalue is ${shown(Number(least.toPrecision(3)))}, along (${axis}).`;
}

/**
 * Sum of term(k) over from ≤ k < to, by halves: the rounding errors of a long sum would make singular covariances look
 * regular.
 * @returns {number}
 */
function total(/** @type {(k: number) => number} */ term, /** @type {number} */ to, from = 0) {
  const middle = (from + to) >> 1;
  if (to - from > 64) return total(term, middle, from) + total(term, to, middle);
  let sum = 0;
  for (let k = from; k < to; k++) sum += term(k);
  return sum;
}

/** The Gaussian with the mean and the covariance (divisor n − 1) of samples, one a row. @returns {GaussianN} */
export function fromSamples(/** @type {number[][]} */ rows) {
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
