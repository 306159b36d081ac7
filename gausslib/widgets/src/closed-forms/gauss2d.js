/**
 * Closed forms for two Gaussians in the plane, right to about 1e-13 for every pair that a figure
 * can show: thin, crossing, of any scale, nearly identical. Natural logarithms.
 *
 * Everything rests on W = Lq⁻¹Lp, where Σ = LLᵀ is the Cholesky factorisation. With x₁ = w₁₁² − 1,
 * x₂ = w₂₂² − 1 and c = w₂₁² each distance is a sum of terms that are never negative, so nothing
 * cancels:
 *
 *     2 KL(p‖q)  =  δᵀΣq⁻¹δ + gap(x₁) + gap(x₂) + c
 *         with gap(x) = x − log(1 + x)
 *     DB  =  ¼ δᵀ(Σp + Σq)⁻¹δ + ½ log(1 + X)
 *         with 4 w₁₁w₂₂ X = (w₁₁w₂₂ − 1)² + (w₁₁ − w₂₂)² + c
 *     W₂²  =  |δ|² + {[tr(Σp − Σq)]² + 4 det Σq [(w₁₁ − w₂₂)² + c]} / (tr Σp + tr Σq + 2F)
 *         with F² = tr(ΣpΣq) + 2 √(det Σp det Σq)
 *
 * The transport map needs no root of a matrix: FT = Σq + s adj Σp with s = det T, which is
 * √(det Σq / det Σp). W₂, geodesics, axes and affine images are for singular covariances too, all
 * else for regular ones.
 *
 * @typedef {object} Gaussian2
 * @property {[number, number]} mean
 * @property {[number, number, number]} cov  the covariance [[a, b], [b, d]] as [a, b, d]
 *
 * @typedef {[number, number, number, number, number]} Axes
 *     mean_x, mean_y, semi_axis_1, semi_axis_2, angle: the five numbers of an ellipse at one
 *     standard deviation
 * @typedef {[[number, number], [number, number]]} Matrix2  its rows
 *
 * @typedef {object} Gaussian1
 * @property {number} mean
 * @property {number} sd
 *
 * @typedef {object} Whitened  the squares r = w² of the diagonal of W; x = r − 1 and u = w − 1 with
 *     all their digits; and c = w₂₁²
 * @property {number} r1
 * @property {number} r2
 * @property {number} x1
 * @property {number} x2
 * @property {number} u1
 * @property {number} u2
 * @property {number} c
 * @property {number} detQ  det Σq
 */
import { gap, logRatio, productDifference, productSum } from "./scalars.js";

/**
 * The Gaussian with these semi-axes (standard deviations) and this angle, by the same operations as
 * gausslib's `Gaussian.from_axes`.
 *
 * @param {readonly number[]} axes
 * @returns {Gaussian2}
 */
export function fromAxes([x, y, s1, s2, angle]) {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const v1 = s1 * s1;
  const v2 = s2 * s2;
  const a = v1 * (c * c) + v2 * (s * s);
  const b = (v1 - v2) * c * s;
  const d = v1 * (s * s) + v2 * (c * c);
  return { mean: [x, y], cov: [a, b, d] };
}

/**
 * The inverse of `fromAxes`: the longer semi-axis first, its angle from −π/2 to π/2. The smaller
 * eigenvalue is det Σ over the larger one: the difference of the trace and that would cancel.
 *
 * @param {Gaussian2} g
 * @returns {Axes}
 */
export function toAxes(g) {
  const [a, b, d] = g.cov;
  const largest = (a + d + Math.hypot(a - d, 2 * b)) / 2;
  const smallest = largest && determinant(g) / largest;
  return [...g.mean, Math.sqrt(largest), Math.sqrt(smallest), Math.atan2(2 * b, a - d) / 2];
}

/**
 * det Σ; zero where it is rounding noise, by the bound for pivots of gausslib's `Gaussian`.
 *
 * @param {Gaussian2} g
 */
function determinant({ cov: [a, b, d] }) {
  const det = productDifference(a, d, b, b);
  return det > 16 * Number.EPSILON * a * d ? det : 0;
}

/**
 * The law of Ax + b: the mean Aμ + b and the covariance AΣAᵀ, whose factor AΣ has entries that may
 * cancel.
 *
 * @param {Gaussian2} g
 * @param {Matrix2} matrix
 * @param {[number, number]} shift
 * @returns {Gaussian2}
 */
export function affineImage({ mean: [x, y], cov: [a, b, d] }, [[a11, a12], [a21, a22]], [b1, b2]) {
  const h1 = productSum(a11, a, a12, b); // AΣ = [[h1, k1], [h2, k2]]
  const k1 = productSum(a11, b, a12, d);
  const h2 = productSum(a21, a, a22, b);
  const k2 = productSum(a21, b, a22, d);
  return {
    mean: [a11 * x + a12 * y + b1, a21 * x + a22 * y + b2],
    cov: [h1 * a11 + k1 * a12, h1 * a21 + k1 * a22, h2 * a21 + k2 * a22],
  };
}

/**
 * The law of one coordinate: 0 for x, 1 for y.
 *
 * @param {Gaussian2} g
 * @param {0 | 1} index
 * @returns {Gaussian1}
 */
export function marginal({ mean, cov }, index) {
  return { mean: mean[index], sd: Math.sqrt(cov[2 * index]) };
}

/**
 * The law of y, given x: the mean μ_y + (x − μ_x) b/a, over one denominator, and the variance
 * det Σ / a.
 *
 * @param {Gaussian2} g
 * @param {number} x
 * @returns {Gaussian1}
 */
export function conditional(g, x) {
  const [a, b] = g.cov;
  const mean = productSum(a, g.mean[1], b, x - g.mean[0]) / a;
  return { mean, sd: Math.sqrt(determinant(g) / a) };
}

/**
 * vᵀΣ⁻¹v, by completing the square: v_x²/a + (a v_y − b v_x)²/(a det Σ).
 *
 * @param {[number, number]} vector
 * @param {Gaussian2} q
 */
export function squaredLength([vx, vy], q) {
  const [a, b] = q.cov;
  const rest = productDifference(a, vy, b, vx);
  return (vx * vx) / a + (rest * rest) / (a * determinant(q));
}

/**
 * The three terms of log p(x), in nats.
 *
 * @param {Gaussian2} p
 * @param {[number, number]} point
 */
export function logDensityTerms(p, [x, y]) {
  return {
    square: -0.5 * squaredLength([x - p.mean[0], y - p.mean[1]], p),
    logdet: -0.5 * Math.log(determinant(p)),
    constant: -Math.log(2 * Math.PI),
  };
}

/**
 * log p(x) in nats.
 *
 * @param {Gaussian2} p
 * @param {[number, number]} point
 */
export function logDensity(p, point) {
  const { square, logdet, constant } = logDensityTerms(p, point);
  return square + logdet + constant;
}

/**
 * δ, from the mean of q to that of p.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {[number, number]}
 */
function meanDifference(p, q) {
  return [p.mean[0] - q.mean[0], p.mean[1] - q.mean[1]];
}

/**
 * What there is to know of W = Lq⁻¹Lp.
 *
 * Of close covariances r₂ − 1 would keep the leading digits only, while their difference is exact:
 * with Δ = Σp − Σq it is x₂ = [a (aΔ_d − bΔ_b) − b (aΔ_b − bΔ_a)] / (a det Σq) − c, where a and b
 * are of Σq.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {Whitened}
 */
function whiten(p, q) {
  const [ap, bp, dp] = p.cov;
  const [aq, bq, dq] = q.cov;
  const detQ = determinant(q);
  const cross = productDifference(bp, aq, bq, ap);
  const c = (cross * cross) / (ap * aq * detQ);
  const r1 = ap / aq;
  const x1 = (ap - aq) / aq;
  const r2 = determinant(p) / detQ / r1;
  let x2 = r2 - 1;
  if (Math.abs(x2) < 0.1 && c < 0.1) {
    const inner = productDifference(aq, dp - dq, bq, bp - bq);
    x2 = productDifference(aq, inner, bq, cross) / (aq * detQ) - c;
  }
  return { r1, x1, r2, x2, c, detQ, u1: x1 / (1 + Math.sqrt(r1)), u2: x2 / (1 + Math.sqrt(r2)) };
}

/**
 * KL(p‖q) in nats, as the sum of terms at the head of this file.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function klDivergence(p, q) {
  const { r1, x1, r2, x2, c } = whiten(p, q);
  return 0.5 * (squaredLength(meanDifference(p, q), q) + gap(r1, x1) + gap(r2, x2) + c);
}

/**
 * The three terms of KL(p‖q). Their sum loses digits when p and q are close, because trace and
 * logdet then cancel.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function klTerms(p, q) {
  const { r1, x1, r2, x2, c } = whiten(p, q);
  return {
    mean: 0.5 * squaredLength(meanDifference(p, q), q),
    trace: 0.5 * (x1 + x2 + c),
    logdet: 0 - 0.5 * (logRatio(r1, x1) + logRatio(r2, x2)), // from 0, so that it never is −0
  };
}

/**
 * The two terms of the Bhattacharyya distance, both ≥ 0.
 *
 * The mean term is over det (Σp + Σq), which is det Σq [(1 + r₁)(1 + r₂) + c], and of its adjugate
 * adj (Σp + Σq) is the sum of those of Σp and Σq.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function bhattacharyyaTerms(p, q) {
  const { r1, r2, c, detQ, u1, u2 } = whiten(p, q);
  const excess = ((u1 + u2 + u1 * u2) ** 2 + (u1 - u2) ** 2 + c) / (4 * Math.sqrt(r1 * r2));
  const delta = meanDifference(p, q);
  const detSum = detQ * ((1 + r1) * (1 + r2) + c);
  const adjugate = determinant(p) * squaredLength(delta, p) + detQ * squaredLength(delta, q);
  return { mean: (0.25 * adjugate) / detSum, logdet: 0.5 * Math.log1p(excess) };
}

/**
 * The Bhattacharyya distance in nats.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function bhattacharyyaDistance(p, q) {
  const { mean, logdet } = bhattacharyyaTerms(p, q);
  return mean + logdet;
}

/**
 * The Hellinger distance √(1 − exp(−DB)), between 0 and 1.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function hellingerDistance(p, q) {
  return Math.sqrt(0 - Math.expm1(-bhattacharyyaDistance(p, q)));
}

/**
 * F = Tr(ΣpΣq)^½ = |M|⁎ with M = LpᵀLq, where the trace of ΣpΣq would cancel if thin ellipses
 * cross. The singular values of a matrix M of the plane with det M ≥ 0 add up to
 * hypot(M₁₁ + M₂₂, M₁₂ − M₂₁). If the mass of one lies on a vertical line, the first column of its
 * Cholesky factor is zero.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
function fidelity(p, q) {
  const [ap, bp, dp] = p.cov;
  const [aq, bq, dq] = q.cov;
  if (ap * aq === 0) return Math.sqrt(dp * dq);
  const rootP = Math.sqrt(determinant(p));
  const rootQ = Math.sqrt(determinant(q));
  const trace = productSum(ap, aq, bp, bq) + rootP * rootQ;
  return Math.hypot(trace, bq * rootP - bp * rootQ) / Math.sqrt(ap * aq);
}

/**
 * det Σq [(w₁₁ − w₂₂)² + c] ≥ 0, also where a covariance is singular and W is not finite.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
function shapeExcess(p, q) {
  const detP = determinant(p);
  const detQ = determinant(q);
  if (detP * detQ > 0) {
    const { c, u1, u2 } = whiten(p, q);
    return detQ * ((u1 - u2) ** 2 + c);
  }
  const [ap, bp, dp] = p.cov;
  const [aq, bq, dq] = q.cov;
  if (ap * aq === 0) return ap * dq + dp * aq;
  return (productDifference(bp, aq, bq, ap) ** 2 + ap * ap * detQ + aq * aq * detP) / (ap * aq);
}

/**
 * The two terms of the squared 2-Wasserstein distance (length²), both ≥ 0.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function w2Terms(p, q) {
  const [ap, , dp] = p.cov;
  const [aq, , dq] = q.cov;
  const [dx, dy] = meanDifference(p, q);
  const traces = ap + dp + aq + dq;
  const square = (ap - aq + (dp - dq)) ** 2 + 4 * shapeExcess(p, q);
  return { mean: dx * dx + dy * dy, covariance: traces && square / (traces + 2 * fidelity(p, q)) };
}

/**
 * The square of the 2-Wasserstein distance (length²).
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function w2Squared(p, q) {
  const { mean, covariance } = w2Terms(p, q);
  return mean + covariance;
}

/**
 * The 2-Wasserstein distance (length).
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function w2Distance(p, q) {
  return Math.sqrt(w2Squared(p, q));
}

/**
 * The symmetric matrix T with TΣpT = Σq: x is moved to μq + T(x − μp). For equal covariances it is
 * exactly I: its entries come from the trace, T₁₁ − T₂₂ and T₁₂, and the last two are then 0.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {Matrix2}
 */
export function transportMap(p, q) {
  const [ap, bp, dp] = p.cov;
  const [aq, bq, dq] = q.cov;
  const s = Math.sqrt(determinant(q) / determinant(p));
  const f = fidelity(p, q);
  const across = (aq - dq - s * (ap - dp)) / f; // T₁₁ − T₂₂
  const off = (bq - s * bp) / f;
  const trace = Math.sqrt(4 * s + across * across + 4 * off * off);
  return [
    [(trace + across) / 2, off],
    [off, (trace - across) / 2],
  ];
}

/**
 * The Gaussian at time t on the shortest path from p to q in the metric W₂: with r = 1 − t its
 * covariance is r²Σp + t²Σq + rt (TΣp + ΣpT). The last bracket is (ΣpΣq + ΣqΣp + 2g I)/F, where g
 * is √(det Σp det Σq). F is zero for lines at right angles, which move on their own.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @param {number} t
 * @returns {Gaussian2}
 */
export function geodesic(p, q, t) {
  const [ap, bp, dp] = p.cov;
  const [aq, bq, dq] = q.cov;
  const r = 1 - t;
  const g = Math.sqrt(determinant(p) * determinant(q));
  const f = fidelity(p, q);
  const both = f && (t * r) / f;
  const a = 2 * (productSum(ap, aq, bp, bq) + g);
  const b = productSum(ap, bq, bp, dq) + productSum(aq, bp, bq, dp);
  const d = 2 * (productSum(dp, dq, bp, bq) + g);
  return {
    mean: [r * p.mean[0] + t * q.mean[0], r * p.mean[1] + t * q.mean[1]],
    cov: [
      r * r * ap + t * t * aq + both * a,
      r * r * bp + t * t * bq + both * b,
      r * r * dp + t * t * dq + both * d,
    ],
  };
}

/**
 * The four numbers that figures show.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function distances(p, q) {
  return {
    kl_pq: klDivergence(p, q),
    kl_qp: klDivergence(q, p),
    bhattacharyya: bhattacharyyaDistance(p, q),
    w2: w2Distance(p, q),
  };
}
