/**
 * Two turned rectangles ("boxes") and the scores by which detectors compare them: the intersection
 * over the union, and three distances of the Gaussians that stand for the boxes. Beside each score
 * is how its loss falls as the first box moves and turns.
 *
 * All is computed in the frame of the second box, whose sides then lie along the axes: it is cut by
 * them, and its covariance is diagonal, so that no digit is lost where boxes are thin.
 *
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./gauss2d.js").Axes} Axes
 *
 * @typedef {[number, number, number, number, number]} Box  x, y, width, height, angle
 * @typedef {{[name in "x" | "y" | "turn"]: number}} Pull  by how much a loss falls for a unit of
 *     way along x, along y, and for a radian
 *
 * @typedef {object} Relative  the first box as the second one sees it
 * @property {Point} centre
 * @property {number} angle
 * @property {Point} half  the half sides of the first
 * @property {Point} other  the half sides of the second
 */
import { bhattacharyyaDistance, fromAxes } from "./gauss2d.js";
import { productDifference } from "./scalars.js";

/** The standard deviations of the Gaussian of a box, in its half sides. */
export const INSCRIBED = 1;
/** Those of the uniform law on a box, whose variances are a twelfth of the squared sides. */
export const UNIFORM = 1 / Math.sqrt(3);

/**
 * A vector, turned.
 *
 * @param {readonly number[]} vector
 * @param {number} angle
 * @returns {Point}
 */
function turned([x, y], angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * x - s * y, s * x + c * y];
}

/**
 * The Gaussian of a box, as an ellipse.
 *
 * @param {readonly number[]} box
 * @param {number} [size]  `INSCRIBED` or `UNIFORM`
 * @returns {Axes}
 */
export function ellipseOf([x, y, width, height, angle], size = INSCRIBED) {
  return [x, y, (size * width) / 2, (size * height) / 2, angle];
}

/**
 * The first box as the second one sees it.
 *
 * @param {Box} p
 * @param {Box} q
 * @returns {Relative}
 */
function relative(p, q) {
  return {
    centre: turned([p[0] - q[0], p[1] - q[1]], -q[4]),
    angle: p[4] - q[4],
    half: [p[2] / 2, p[3] / 2],
    other: [q[2] / 2, q[3] / 2],
  };
}

/**
 * The corners of a box, counter-clockwise.
 *
 * @param {readonly number[]} centre
 * @param {Point} half
 * @param {number} angle
 * @returns {Point[]}
 */
function corners([x, y], [a, b], angle) {
  const signs = [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ];
  return signs.map(([i, j]) => {
    const [u, v] = turned([i * a, j * b], angle);
    return [x + u, y + v];
  });
}

/**
 * The corners of a box, counter-clockwise.
 *
 * @param {Box} box
 */
export function cornersOf([x, y, width, height, angle]) {
  return corners([x, y], [width / 2, height / 2], angle);
}

/**
 * What of a convex polygon is on the near side of a line across one axis. Corners that it makes lie
 * exactly on the line.
 *
 * @param {Point[]} points
 * @param {0 | 1} axis
 * @param {number} side  1 keeps what is below the line, −1 what is above
 * @param {number} line
 */
function cut(points, axis, side, line) {
  /** @type {Point[]} */
  const kept = [];
  points.forEach((to, index) => {
    const from = points.at(index - 1) ?? to;
    const [before, after] = [side * (from[axis] - line), side * (to[axis] - line)];
    if (before * after < 0) {
      const along = before / (before - after);
      const across = from[1 - axis] + along * (to[1 - axis] - from[1 - axis]);
      kept.push(axis === 0 ? [line, across] : [across, line]);
    }
    if (after <= 0) kept.push(to);
  });
  return kept;
}

/**
 * What the boxes share, in the frame of the second.
 *
 * @param {Relative} seen
 */
function sharedPolygon({ centre, angle, half, other: [a, b] }) {
  let points = corners(centre, half, angle);
  points = cut(points, 0, 1, a);
  points = cut(points, 0, -1, -a);
  points = cut(points, 1, 1, b);
  return cut(points, 1, -1, -b);
}

/**
 * The corners of what the boxes share.
 *
 * @param {Box} p
 * @param {Box} q
 * @returns {Point[]}
 */
export function sharedCorners(p, q) {
  return sharedPolygon(relative(p, q)).map((point) => {
    const [x, y] = turned(point, q[4]);
    return [q[0] + x, q[1] + y];
  });
}

/**
 * The area of a convex polygon, as the sum of triangles at its first corner.
 *
 * @param {Point[]} points
 */
function areaOf([first, ...points]) {
  return points.reduce((sum, [x, y], index) => {
    const [u, v] = points[index - 1] ?? first;
    return sum + productDifference(u - first[0], y - first[1], v - first[1], x - first[0]) / 2;
  }, 0);
}

/**
 * Which part of a side of the second box bounds what is shared: how long it is, and where its
 * middle is. A side that two boxes have in common counts as one of the second.
 *
 * @param {Point[]} points
 * @param {0 | 1} axis
 * @param {number} line
 */
function partOfSide(points, axis, line) {
  const places = points.filter((point) => point[axis] === line).map((point) => point[1 - axis]);
  if (places.length < 2) return { length: 0, middle: 0 };
  const [low, high] = [Math.min(...places), Math.max(...places)];
  return { length: high - low, middle: (low + high) / 2 };
}

/**
 * The intersection over the union, and how one minus it falls.
 *
 * As the first box moves, its sides sweep over what they bound of the shared polygon; the sides of
 * the second, which are simpler, sweep over as much with the opposite sign, for all sides of a
 * polygon with their normals add up to zero.
 *
 * @param {Box} p
 * @param {Box} q
 */
export function overlap(p, q) {
  const seen = relative(p, q);
  const {
    centre: [x, y],
    other: [a, b],
  } = seen;
  const points = sharedPolygon(seen);
  const shared = areaOf(points);
  const sum = p[2] * p[3] + q[2] * q[3];
  const union = sum - shared;
  const sides = /** @type {const} */ ([
    [0, a],
    [0, -a],
    [1, b],
    [1, -b],
  ]);
  const [right, left, top, bottom] = sides.map(([axis, line]) => partOfSide(points, axis, line));
  const moment = (/** @type {{length: number, middle: number}} */ part, /** @type {number} */ at) =>
    part.length * (part.middle - at);
  const share = sum / (union * union);
  return {
    iou: shared / union,
    pull: inThePlane(
      {
        x: share * (left.length - right.length),
        y: share * (bottom.length - top.length),
        turn: share * (moment(right, y) - moment(left, y) - moment(top, x) + moment(bottom, x)),
      },
      q,
    ),
  };
}

/**
 * A pull in the frame of the plane.
 *
 * @param {Pull} pull  in that of the box q
 * @param {Box} q
 * @returns {Pull}
 */
function inThePlane({ x, y, turn }, q) {
  const [u, v] = turned([x, y], q[4]);
  return { x: u, y: v, turn };
}

/**
 * What the gradients of the Gaussian scores are made of: the covariances, the first as [a, b, d],
 * the second diagonal.
 *
 * @param {Box} p
 * @param {Box} q
 */
function covariances(p, q) {
  const { centre, angle, half, other } = relative(p, q);
  const { cov } = fromAxes([0, 0, ...half, angle]);
  return { centre, half, other, cov, v1: other[0] ** 2, v2: other[1] ** 2 };
}

/**
 * How W₂² falls: moved by δ, it grows by 2δ; turned, only the trace of (ΣpΣq)^½ changes.
 *
 * @param {Box} p
 * @param {Box} q
 */
export function w2Pull(p, q) {
  const { centre, half, other, cov, v1, v2 } = covariances(p, q);
  const [a, b, d] = cov;
  const trace = Math.sqrt(a * v1 + d * v2 + 2 * half[0] * half[1] * other[0] * other[1]);
  const turn = (2 * b * (v2 - v1)) / trace;
  return inThePlane({ x: -2 * centre[0], y: -2 * centre[1], turn }, q);
}

/**
 * How KL(p‖q) falls: by Σq⁻¹δ, and turned by half the change of the trace of Σq⁻¹Σp.
 *
 * @param {Box} p
 * @param {Box} q
 */
export function klPull(p, q) {
  const { centre, cov, v1, v2 } = covariances(p, q);
  const turn = (cov[1] * (v2 - v1)) / v1 / v2;
  return inThePlane({ x: -centre[0] / v1, y: -centre[1] / v2, turn }, q);
}

/**
 * ProbIoU, which is one minus the Hellinger distance H of the uniform laws' Gaussians, and how its
 * loss H falls. H is a root, and has no gradient where it is zero: then nothing pulls.
 *
 * @param {Box} p
 * @param {Box} q
 */
export function probiou(p, q) {
  const [one, two] = [p, q].map((box) => fromAxes(ellipseOf(box, UNIFORM)));
  const distance = bhattacharyyaDistance(one, two);
  const hellinger = Math.sqrt(0 - Math.expm1(-distance));
  const { centre, cov, v1, v2 } = covariances(p, q);
  const [a, b, d] = cov;
  const [x, y] = centre;
  const [s11, s22] = [a + v1, d + v2];
  const det = productDifference(s11, s22, b, b);
  const u = productDifference(s22, x, b, y) / det; // (Σp + Σq)⁻¹δ, a third of the uniform laws'
  const v = productDifference(s11, y, b, x) / det;
  const ofMean = b * (u - v) * (u + v) - (a - d) * u * v;
  const turn = 1.5 * ofMean + (b * (v1 - v2)) / det;
  const share = hellinger && -Math.exp(-distance) / (2 * hellinger);
  return {
    probiou: 1 - hellinger,
    pull: inThePlane({ x: share * 1.5 * u, y: share * 1.5 * v, turn: share * turn }, q),
  };
}

/**
 * ProbIoU as detectors compute it: plainly, with ε in the denominators, in the logarithm, below the
 * distance and below the root.
 *
 * @param {Box} p
 * @param {Box} q
 * @param {number} eps
 */
export function probiouOfDetectors(p, q, eps) {
  const [[a1, b1, c1], [a2, b2, c2]] = [p, q].map(([, , width, height, angle]) => {
    const [v, w] = [width ** 2 / 12, height ** 2 / 12];
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [v * cos ** 2 + w * sin ** 2, v * sin ** 2 + w * cos ** 2, (v - w) * cos * sin];
  });
  const [x, y] = [q[0] - p[0], p[1] - q[1]];
  const det = (a1 + a2) * (b1 + b2) - (c1 + c2) ** 2;
  const t1 = (((a1 + a2) * y ** 2 + (b1 + b2) * x ** 2) / (det + eps)) * 0.25;
  const t2 = (((c1 + c2) * x * y) / (det + eps)) * 0.5;
  const dets = Math.max(a1 * b1 - c1 ** 2, 0) * Math.max(a2 * b2 - c2 ** 2, 0);
  const t3 = Math.log(det / (4 * Math.sqrt(dets) + eps) + eps) * 0.5;
  const distance = Math.min(Math.max(t1 + t2 + t3, eps), 100);
  return 1 - Math.sqrt(1 - Math.exp(-distance) + eps);
}
