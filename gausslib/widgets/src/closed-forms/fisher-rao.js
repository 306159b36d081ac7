/**
 * Fisher–Rao's distances and shortest paths, for Gaussians on the line and for centred ones in the
 * plane. Both rest on the hyperbolic plane: the half-plane of (mean/√2, sd) is one, and so are the
 * shapes of ellipses, covariances of one and the same determinant.
 *
 * A point of it is a symmetric matrix M of determinant 1. With cosh d = ½ Tr(M₀⁻¹M₁) the shortest
 * path is
 *
 *     M(t)  =  [sinh((1 − t) d) M₀ + sinh(t d) M₁] / sinh d
 *
 * a sum of positive matrices between its ends, in which nothing cancels.
 *
 * @typedef {import("./gauss1d.js").Bell} Bell
 * @typedef {[number, number, number]} Shape  two semi-axes, and the angle of the first
 */
import { fromAxes } from "./gauss2d.js";

/**
 * How much of the two ends there is at a time.
 *
 * @param {number} gap  the hyperbolic distance d of the ends
 * @param {number} t
 */
function shares(gap, t) {
  if (gap === 0) return [1 - t, t];
  return [Math.sinh((1 - t) * gap) / Math.sinh(gap), Math.sinh(t * gap) / Math.sinh(gap)];
}

/**
 * The hyperbolic distance of two Gaussians on the line. Variances are rounded first, as in
 * `Gaussian(mean, sd**2)`; the difference of the standard deviations is that of the variances over
 * the sum.
 *
 * @param {Bell} p
 * @param {Bell} q
 */
export function lineGap([m, s], [n, u]) {
  const difference = (s * s - u * u) / (s + u);
  const length = Math.hypot((m - n) / Math.SQRT2, difference);
  return 2 * Math.asinh(length / (2 * Math.sqrt(s * u)));
}

/**
 * The shortest path on the line: there M is [[x² + s², x], [x, 1]]/s with x = m/√2.
 *
 * @param {Bell} p
 * @param {Bell} q
 */
export function linePath(p, q) {
  const gap = lineGap(p, q);
  return (/** @type {number} */ t) => {
    const [a, b] = shares(gap, t);
    const [v, w] = [a / p[1], b / q[1]];
    return [(v * p[0] + w * q[0]) / (v + w), 1 / (v + w)];
  };
}

/**
 * How far a shape is from a circle, and the angle of its longer axis.
 *
 * @param {Shape} shape
 */
function longAxis([s1, s2, angle]) {
  const length = Math.log(s1 / s2);
  return { length: Math.abs(length), angle: length < 0 ? angle + Math.PI / 2 : angle };
}

/**
 * The hyperbolic distance of two shapes, by the law of cosines, and half the logarithm of the
 * ratio of their determinants.
 *
 * @param {Shape} p
 * @param {Shape} q
 */
export function shapeGaps(p, q) {
  const [one, other] = [longAxis(p), longAxis(q)];
  const turned = Math.sin(one.angle - other.angle) ** 2;
  const square =
    Math.sinh((one.length - other.length) / 2) ** 2 +
    Math.sinh(one.length) * Math.sinh(other.length) * turned;
  return {
    shape: 2 * Math.asinh(Math.sqrt(square)),
    size: Math.log((q[0] * q[1]) / (p[0] * p[1])),
  };
}

/**
 * The shortest path of centred Gaussians in the plane: M is the covariance over the root of its
 * determinant, which changes by equal factors in equal times.
 *
 * @param {Shape} p
 * @param {Shape} q
 * @returns {(t: number) => Shape}
 */
export function shapePath(p, q) {
  const { shape, size } = shapeGaps(p, q);
  const [one, other] = [p, q].map((axes) => fromAxes([0, 0, ...axes]).cov);
  const [rootP, rootQ] = [p[0] * p[1], q[0] * q[1]];
  return (t) => {
    const [v, w] = shares(shape, t);
    const [a, b, d] = one.map((entry, k) => v * (entry / rootP) + w * (other[k] / rootQ));
    const root = rootP * Math.exp(t * size);
    const long = Math.sqrt((root * (a + d + Math.hypot(a - d, 2 * b))) / 2);
    return [long, root / long, Math.atan2(2 * b, a - d) / 2];
  };
}
