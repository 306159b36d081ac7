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
 * The transport map needs no root of a matrix: FT = Σq + s adj Σp with s = det T = √(det Σq / det Σp).
 * W₂, geodesics, axes and affine images are for singular covariances too, all else for regular ones.
 *
 * @typedef {{mean: [number, number], cov: [number, number, number]}} Gaussian2
 *     mean and the covariance [[a, b], [b, d]] as [a, b, d]
 * @typedef {[number, number, number, number, number]} Axes
 *     mean_x, mean_y, semi_axis_1, semi_axis_2, angle: the five numbers of an ellipse at one standard deviation
 * @typedef {[[number, number], [number, number]]} Matrix2 its rows
 * @typedef {{mean: number, sd: number}} Gaussian1
 */

/** The error of the rounded product ab, exactly (Dekker; Veltkamp's split of a double into two halves of 26 bits). */
export function productError(
  /** @type {number} */ a,
  /** @type {number} */ b,
  /** @type {number} */ ab,
) {
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
function productDifference(
  /** @type {number} */ a,
  /** @type {number} */ b,
  /** @type {number} */ c,
  /** @type {number} */ d,
) {
  const ab = a * b;
  const cd = c * d;
  return ab - cd + (productError(a, b, ab) - productError(c, d, cd));
}

/** ab + cd, likewise. @type {typeof productDifference} */
const productSum = (a, b, c, d) => productDifference(a, b, -c, d);

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

/**
 * The inverse of fromAxes: the longer semi-axis first, its angle from −π/2 to π/2.
 * @returns {Axes}
 */
export function toAxes(/** @type {Gaussian2} */ g) {
  const [a, b, d] = g.cov;
  const largest = (a + d + Math.hypot(a - d, 2 * b)) / 2;
  const smallest = largest && determinant(g) / largest; // the difference would cancel
  return [...g.mean, Math.sqrt(largest), Math.sqrt(smallest), Math.atan2(2 * b, a - d) / 2];
}

/** det Σ; zero where it is rounding noise, by the bound for pivots of gausslib's `Gaussian`. */
function determinant(/** @type {Gaussian2} */ { cov: [a, b, d] }) {
  const det = productDifference(a, d, b, b);
  return det > 16 * Number.EPSILON * a * d ? det : 0;
}

/** The law of Ax + b. */
export function affineImage(
  /** @type {Gaussian2} */ { mean: [x, y], cov: [a, b, d] },
  /** @type {Matrix2} */ [[a11, a12], [a21, a22]],
  /** @type {[number, number]} */ [b1, b2],
) {
  const h1 = productSum(a11, a, a12, b); // AΣ, by rows
  const k1 = productSum(a11, b, a12, d);
  const h2 = productSum(a21, a, a22, b);
  const k2 = productSum(a21, b, a22, d);
  return /** @type {Gaussian2} */ ({
    mean: [a11 * x + a12 * y + b1, a21 * x + a22 * y + b2],
    cov: [h1 * a11 + k1 * a12, h1 * a21 + k1 * a22, h2 * a21 + k2 * a22],
  });
}

/** The law of one coordinate: 0 for x, 1 for y. */
export function marginal(/** @type {Gaussian2} */ { mean, cov }, /** @type {0 | 1} */ index) {
  return /** @type {Gaussian1} */ ({ mean: mean[index], sd: Math.sqrt(cov[2 * index]) });
}

/** The law of y, given x. */
export function conditional(/** @type {Gaussian2} */ g, /** @type {number} */ x) {
  const [a, b] = g.cov;
  const mean = productSum(a, g.mean[1], b, x - g.mean[0]) / a;
  return /** @type {Gaussian1} */ ({ mean, sd: Math.sqrt(determinant(g) / a) });
}

/** vᵀΣ⁻¹v, by completing the square. */
export function squaredLength(
  /** @type {[number, number]} */ [vx, vy],
  /** @type {Gaussian2} */ q,
) {
  const [a, b] = q.cov;
  const rest = productDifference(a, vy, b, vx);
  return (vx * vx) / a + (rest * rest) / (a * determinant(q));
}

/** The three terms of log p(x), in nats. */
export function logDensityTerms(
  /** @type {Gaussian2} */ p,
  /** @type {[number, number]} */ [x, y],
) {
  return {
    square: -0.5 * squaredLength([x - p.mean[0], y - p.mean[1]], p),
    logdet: -0.5 * Math.log(determinant(p)),
    constant: -Math.log(2 * Math.PI),
  };
}

/** log p(x) in nats. */
export function logDensity(/** @type {Gaussian2} */ p, /** @type {[number, number]} */ x) {
  const { square, logdet, constant } = logDensityTerms(p, x);
  return square + logdet + constant;
}

/** @returns {[number, number]} */
function meanDifference(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  return [p.mean[0] - q.mean[0], p.mean[1] - q.mean[1]];
}

/** W = Lq⁻¹Lp as the squares r = w² of its diagonal, x = r − 1 and u = w − 1 with all their digits, and c = w₂₁². */
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
  return { r1, x1, r2, x2, c, detQ, u1: x1 / (1 + Math.sqrt(r1)), u2: x2 / (1 + Math.sqrt(r2)) };
}

/** log r, given r and x = r − 1. */
export function logRatio(/** @type {number} */ r, /** @type {number} */ x) {
  return Math.abs(x) < 0.1 ? Math.log1p(x) : Math.log(r);
}

/** r − 1 − log r ≥ 0, given r and x = r − 1. */
export function gap(/** @type {number} */ r, /** @type {number} */ x) {
  if (Math.abs(x) >= 0.1) return x - Math.log(r);
  // log(1 + x) = 2 artanh h with h = x/(2 + x); the first term of the series is taken off x exactly.
  const h = x / (2 + x);
  const h2 = h * h;
  return (
    h * x -
    2 * h * h2 * (1 / 3 + h2 * (1 / 5 + h2 * (1 / 7 + h2 * (1 / 9 + h2 * (1 / 11 + h2 / 13)))))
  );
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

/** The two terms of the Bhattacharyya distance, both ≥ 0. */
export function bhattacharyyaTerms(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const { r1, r2, c, detQ, u1, u2 } = whiten(p, q);
  const excess = ((u1 + u2 + u1 * u2) ** 2 + (u1 - u2) ** 2 + c) / (4 * Math.sqrt(r1 * r2));
  const delta = meanDifference(p, q);
  const detSum = detQ * ((1 + r1) * (1 + r2) + c);
  const adjugate = determinant(p) * squaredLength(delta, p) + detQ * squaredLength(delta, q);
  return { mean: (0.25 * adjugate) / detSum, logdet: 0.5 * Math.log1p(excess) };
}

/** Bhattacharyya distance in nats. */
export function bhattacharyyaDistance(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const { mean, logdet } = bhattacharyyaTerms(p, q);
  return mean + logdet;
}

/** The Hellinger distance, between 0 and 1. */
export function hellingerDistance(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  return Math.sqrt(0 - Math.expm1(-bhattacharyyaDistance(p, q)));
}

/** F = Tr(ΣpΣq)^½ = |LpᵀLq|⁎, where the trace of ΣpΣq would cancel if thin ellipses cross. */
function fidelity(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const [ap, bp, dp] = p.cov;
  const [aq, bq, dq] = q.cov;
  const rootP = Math.sqrt(determinant(p));
  const rootQ = Math.sqrt(determinant(q));
  if (ap * aq === 0) return Math.sqrt(dp * dq); // the mass of one lies on a vertical line
  return (
    Math.hypot(productSum(ap, aq, bp, bq) + rootP * rootQ, bq * rootP - bp * rootQ) /
    Math.sqrt(ap * aq)
  );
}

/** det Σq [(w₁₁ − w₂₂)² + c] ≥ 0, also where a covariance is singular and W is not finite. */
function shapeExcess(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
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

/** The two terms of the squared 2-Wasserstein distance (length²), both ≥ 0. */
export function w2Terms(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const [ap, , dp] = p.cov;
  const [aq, , dq] = q.cov;
  const [dx, dy] = meanDifference(p, q);
  const traces = ap + dp + aq + dq;
  const square = (ap - aq + (dp - dq)) ** 2 + 4 * shapeExcess(p, q);
  return { mean: dx * dx + dy * dy, covariance: traces && square / (traces + 2 * fidelity(p, q)) };
}

/** The square of the 2-Wasserstein distance (length²). */
export function w2Squared(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const { mean, covariance } = w2Terms(p, q);
  return mean + covariance;
}

/** The 2-Wasserstein distance (length). */
export function w2Distance(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  return Math.sqrt(w2Squared(p, q));
}

/**
 * The symmetric matrix T with TΣpT = Σq: x is moved to μq + T(x − μp). Exactly I for equal covariances.
 * @returns {Matrix2}
 */
export function transportMap(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
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

/** The Gaussian at time t on the shortest path from p to q in the metric W₂. */
export function geodesic(
  /** @type {Gaussian2} */ p,
  /** @type {Gaussian2} */ q,
  /** @type {number} */ t,
) {
  const [ap, bp, dp] = p.cov;
  const [aq, bq, dq] = q.cov;
  const r = 1 - t;
  const g = Math.sqrt(determinant(p) * determinant(q));
  const f = fidelity(p, q); // zero for lines at right angles, which move on their own
  const both = f && (t * r) / f;
  // The entries of ΣpΣq + ΣqΣp + 2g I = F (TΣp + ΣpT).
  const a = 2 * (productSum(ap, aq, bp, bq) + g);
  const b = productSum(ap, bq, bp, dq) + productSum(aq, bp, bq, dp);
  const d = 2 * (productSum(dp, dq, bp, bq) + g);
  return /** @type {Gaussian2} */ ({
    mean: [r * p.mean[0] + t * q.mean[0], r * p.mean[1] + t * q.mean[1]],
    cov: [
      r * r * ap + t * t * aq + both * a,
      r * r * bp + t * t * bq + both * b,
      r * r * dp + t * t * dq + both * d,
    ],
  });
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
