/**
 * Closed forms for two Gaussians in the plane, right to about 1e-13 for every pair that a figure can show:
 * thin, crossing, of any scale, nearly identical. Natural logarithms.
 *
 * Everything rests on W = Lq⁻¹Lp, where Σ = LLᵀ is the Cholesky factorisation. With x₁ = w₁₁² − 1, x₂ = w₂₂² − 1 and
 * c = w₂₁² each distance is a sum of terms that are never negative, so nothing cancels:
 *
 *     2 KL(p‖q)  =  δᵀΣq⁻¹δ + gap(x₁) + gap(x₂) + c            with gap(x) = x − log(1 + x)
 *     DB         =  ¼ δᵀ(Σp + Σq)⁻¹δ + ½ log(1 + X)            with 4 w₁₁w₂₂ X = (w₁₁w₂₂ − 1)² + (w₁₁ − w₂₂)² + c
 *     W₂²        =  |δ|² + {[tr(Σp − Σq)]² + 4 det Σq [(w₁₁ − w₂₂)² + c]} / (tr Σp + tr Σq + 2F)
 *                                                              with F² = tr(ΣpΣq) + 2 √(det Σp det Σq)
 *
 * @typedef {{mean: [number, number], cov: [number, number, number]}} Gaussian2
 *     mean and the covariance [[a, b], [b, d]] as [a, b, d]
 * @typedef {[number, number, number, number, number]} Axes
 *     mean_x, mean_y, semi_axis_1, semi_axis_2, angle: the five numbers of an ellipse at one standard deviation
 */

/** The error of the rounded product ab, exactly (Dekker; Veltkamp's split of a double into two halves of 26 bits). */
function productError(/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ ab) {
  const ta = 134217729 * a;
  const tb = 134217729 * b;
  const aHigh = ta - (ta - a);
  const bHigh = tb - (tb - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (ab - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/**
 * ab − cd to the last digit or two, however much of it cancels (Kahan's method).
 * The plain expression loses six digits in the determinant of an ellipse a thousand times longer than wide.
 */
function productDifference(/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ c, /** @type {number} */ d) {
  const ab = a * b;
  const cd = c * d;
  return ab - cd + (productError(a, b, ab) - productError(c, d, cd));
}

/** The Gaussian with these semi-axes (standard deviations) and this angle; the same operations as gausslib's `Gaussian.from_axes`. */
export function fromAxes(/** @type {readonly number[]} */ [x, y, s1, s2, angle]) {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const v1 = s1 * s1;
  const v2 = s2 * s2;
  const a = v1 * (c * c) + v2 * (s * s);
  const b = (v1 - v2) * c * s;
  const d = v1 * (s * s) + v2 * (c * c);
  return /** @type {Gaussian2} */ ({ mean: [x, y], cov: [a, b, d] });
}

function determinant(/** @type {Gaussian2} */ { cov: [a, b, d] }) {
  return productDifference(a, d, b, b);
}

/** vᵀΣ⁻¹v, by completing the square. */
export function squaredLength(/** @type {[number, number]} */ [vx, vy], /** @type {Gaussian2} */ q) {
  const [a, b] = q.cov;
  const rest = productDifference(a, vy, b, vx);
  return (vx * vx) / a + (rest * rest) / (a * determinant(q));
}

/** @returns {[number, number]} */
function meanDifference(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  return [p.mean[0] - q.mean[0], p.mean[1] - q.mean[1]];
}

/**
 * W = Lq⁻¹Lp as the squares r = w² of its diagonal, x = r − 1 with all its digits, and c = w₂₁².
 * @returns {{r1: number, x1: number, r2: number, x2: number, c: number, detQ: number}}
 */
function whiten(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
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
    // Close covariances: r2 − 1 would keep only the leading digits, while their difference is exact.
    const inner = productDifference(aq, dp - dq, bq, bp - bq);
    x2 = productDifference(aq, inner, bq, cross) / (aq * detQ) - c;
  }
  return { r1, x1, r2, x2, c, detQ };
}

/** log r, given r and x = r − 1. */
function logRatio(/** @type {number} */ r, /** @type {number} */ x) {
  return Math.abs(x) < 0.1 ? Math.log1p(x) : Math.log(r);
}

/** r − 1 − log r ≥ 0, given r and x = r − 1. */
function gap(/** @type {number} */ r, /** @type {number} */ x) {
  if (Math.abs(x) >= 0.1) return x - Math.log(r);
  // log(1 + x) = 2 artanh h with h = x/(2 + x); the first term of the series is taken off x exactly.
  const h = x / (2 + x);
  const h2 = h * h;
  return h * x - 2 * h * h2 * (1 / 3 + h2 * (1 / 5 + h2 * (1 / 7 + h2 * (1 / 9 + h2 * (1 / 11 + h2 / 13)))));
}

/** KL(p‖q) in nats. */
export function klDivergence(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const { r1, x1, r2, x2, c } = whiten(p, q);
  return 0.5 * (squaredLength(meanDifference(p, q), q) + gap(r1, x1) + gap(r2, x2) + c);
}

/** The three terms of KL(p‖q). Their sum loses digits when p and q are close, because trace and logdet then cancel. */
export function klTerms(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const { r1, x1, r2, x2, c } = whiten(p, q);
  return {
    mean: 0.5 * squaredLength(meanDifference(p, q), q),
    trace: 0.5 * (x1 + x2 + c),
    logdet: 0 - 0.5 * (logRatio(r1, x1) + logRatio(r2, x2)), // from 0, so that it never is −0
  };
}

/** Bhattacharyya distance in nats. */
export function bhattacharyyaDistance(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const { r1, x1, r2, x2, c, detQ } = whiten(p, q);
  const w1 = Math.sqrt(r1);
  const w2 = Math.sqrt(r2);
  const u1 = x1 / (1 + w1); // w1 − 1
  const u2 = x2 / (1 + w2);
  const excess = ((u1 + u2 + u1 * u2) ** 2 + (u1 - u2) ** 2 + c) / (4 * w1 * w2);
  const delta = meanDifference(p, q);
  const detSum = detQ * ((1 + r1) * (1 + r2) + c);
  const adjugate = determinant(p) * squaredLength(delta, p) + detQ * squaredLength(delta, q);
  return (0.25 * adjugate) / detSum + 0.5 * Math.log1p(excess);
}

/** The square of the 2-Wasserstein distance (length²). */
export function w2Squared(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const [ap, bp, dp] = p.cov;
  const [aq, bq, dq] = q.cov;
  const { r1, x1, r2, x2, c, detQ } = whiten(p, q);
  const w1 = Math.sqrt(r1);
  const w2 = Math.sqrt(r2);
  const turn = 4 * detQ * ((x1 / (1 + w1) - x2 / (1 + w2)) ** 2 + c);
  const traceDifference = ap - aq + (dp - dq);
  const fidelity = Math.sqrt(ap * aq + 2 * bp * bq + dp * dq + 2 * detQ * w1 * w2);
  const [dx, dy] = meanDifference(p, q);
  return dx * dx + dy * dy + (traceDifference ** 2 + turn) / (ap + dp + aq + dq + 2 * fidelity);
}

/** The 2-Wasserstein distance (length). */
export function w2Distance(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  return Math.sqrt(w2Squared(p, q));
}

/** The four numbers of a figure. */
export function distances(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  return {
    kl_pq: klDivergence(p, q),
    kl_qp: klDivergence(q, p),
    bhattacharyya: bhattacharyyaDistance(p, q),
    w2: w2Distance(p, q),
  };
}
