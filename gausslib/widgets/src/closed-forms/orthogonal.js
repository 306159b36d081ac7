/**
 * The four orthogonal maps from one unit vector a to another, b, and the best fit of two factors in the plane.
 * Vectors are arrays of any length d ≥ 2, matrices arrays of rows. The conventions are gausslib's, also where a map is
 * not determined (b = ±a): the same one is chosen. With the Householder reflection H_v = I − 2vvᵀ/vᵀv they are
 *
 *     reflection      H_{a−b}          rotation         H_{a+b} H_a
 *     half-turn      −H_{a+b}          rotoreflection  −H_{a−b} H_a
 *
 * A reflection is orthogonal to rounding whatever its normal is; only the normals need care. 1 − a·b is never computed.
 *
 * @typedef {number[]} Vector
 * @typedef {number[][]} Matrix
 */

import { toAxes } from "./gauss2d.js";

export const dot = (/** @type {Vector} */ x, /** @type {Vector} */ y) =>
  x.reduce((sum, entry, i) => sum + entry * y[i], 0);

/** x + ty */
const moved = (/** @type {Vector} */ x, /** @type {number} */ t, /** @type {Vector} */ y) =>
  x.map((entry, i) => entry + t * y[i]);

export const scaled = (/** @type {Vector} */ x, /** @type {number} */ t) =>
  x.map((entry) => t * entry);

const transposed = (/** @type {Matrix} */ m) => m[0].map((_, j) => m.map((row) => row[j]));

/** x/|x|, and zero for zero. */
const unit = (/** @type {Vector} */ x) => scaled(x, 1 / (Math.hypot(...x) || 1));

/** a + b and a − b */
const diagonals = (/** @type {Vector} */ a, /** @type {Vector} */ b) => [
  moved(a, 1, b),
  moved(a, -1, b),
];

/**
 * x exactly perpendicular to y: they are a − b and a + b, or the other way round. Zero if the two are parallel.
 *
 * Where x is the shorter one, what rounding left of |a| − |b| points along y and may be all there is. Projecting it out
 * once leaves the rounding error of the projection; twice leaves nothing that matters.
 */
function across(/** @type {Vector} */ x, /** @type {Vector} */ y) {
  if (Math.hypot(...x) >= Math.hypot(...y)) return x;
  const along = unit(y);
  let rest = x;
  for (let time = 0; time < 2; time++) rest = moved(rest, -dot(rest, along), along);
  const [left, whole] = [rest, x].map((vector) => Math.max(...vector.map(Math.abs)));
  return left > 4 * Number.EPSILON * whole ? rest : scaled(x, 0);
}

/** The unit vector along x, or where that is zero one perpendicular to y. */
function normal(/** @type {Vector} */ x, /** @type {Vector} */ y) {
  const found = across(x, y);
  if (found.some(Boolean)) return unit(found);
  const sizes = y.map(Math.abs);
  const thinnest = sizes.indexOf(Math.min(...sizes));
  return unit(
    across(
      y.map((_, i) => (i === thinnest ? 1 : 0)),
      y,
    ),
  );
}

/** The unit vectors along a + b and a − b, or what the maps take in their place where one is zero. */
export function bisectors(/** @type {Vector} */ a, /** @type {Vector} */ b) {
  const [plus, minus] = diagonals(a, b);
  return [normal(plus, minus), normal(minus, plus)];
}

/** H_v, symmetric to the last bit, or −H_v. */
function householder(/** @type {Vector} */ v, sign = 1) {
  const factor = 2 / dot(v, v);
  return v.map((vi, i) => v.map((vj, j) => sign * ((i === j ? 1 : 0) - vi * vj * factor)));
}

function product(/** @type {Matrix} */ m, /** @type {Matrix} */ n) {
  const columns = transposed(n);
  return m.map((row) => columns.map((column) => dot(row, column)));
}

/** The matrix times a vector. */
export function apply(/** @type {Matrix} */ m, /** @type {Vector} */ x) {
  return m.map((row) => dot(row, x));
}

/** T₂: the mirror between a and b. */
export function reflection(/** @type {Vector} */ a, /** @type {Vector} */ b) {
  return householder(bisectors(a, b)[1]);
}

/** T₃: keeps the bisector of a and b, and reverses what is perpendicular to it. */
export function halfTurn(/** @type {Vector} */ a, /** @type {Vector} */ b) {
  return householder(bisectors(a, b)[0], -1);
}

/** T₁: turns the plane of a and b, and moves nothing across it. */
export function rotation(/** @type {Vector} */ a, /** @type {Vector} */ b) {
  return product(householder(bisectors(a, b)[0]), householder(a));
}

/** T₄: turns the plane of a and b, and reverses what is across it. */
export function rotoreflection(/** @type {Vector} */ a, /** @type {Vector} */ b) {
  return product(reflection(a, b), householder(a, -1));
}

/** The angle between unit vectors, 0 to π, with all its digits near both ends. */
export function angleBetween(/** @type {Vector} */ a, /** @type {Vector} */ b) {
  const [plus, minus] = diagonals(a, b);
  return 2 * Math.atan2(Math.hypot(...across(minus, plus)), Math.hypot(...across(plus, minus)));
}

export function trace(/** @type {Matrix} */ m) {
  return m.reduce((total, row, i) => total + row[i], 0);
}

/** @returns {number} */
function determinantOf(/** @type {Matrix} */ m) {
  if (m.length === 1) return m[0][0];
  const [first, ...rest] = m;
  return first.reduce((total, entry, j) => {
    const minor = rest.map((row) => row.filter((_, k) => k !== j));
    return total + (j % 2 ? -entry : entry) * determinantOf(minor);
  }, 0);
}

/** Traces of T₁ to T₄, from the cosine of the angle and the dimension. The largest is that of any orthogonal map from a to b. */
export const traces = (/** @type {number} */ cosine, /** @type {number} */ d) => [
  d - 2 + 2 * cosine,
  d - 2,
  2 - d,
  2 * cosine + (2 - d),
];

/** The rotation of the plane by an angle or, mirrored, the reflection in the line at half that angle. */
export function turn(/** @type {number} */ angle, /** @type {boolean} */ mirrored) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return mirrored
    ? [
        [c, s],
        [s, -c],
      ]
    : [
        [c, -s],
        [s, c],
      ];
}

/**
 * What Y becomes before it is turned: with D = diag(1, −1) the reflection is Q = D R(−angle). Then
 * X − YQ = (X − YD) − YD (R(−angle) − I) keeps its digits where the factors are nearly the same.
 */
const mirroredFactor = (/** @type {Matrix} */ y, /** @type {boolean} */ mirrored) =>
  mirrored ? y.map(([first, second]) => [first, -second]) : y;

/** ‖X − YQ‖² (Frobenius norm) with Q = turn(angle, mirrored), for n×2 factors. */
export function turnCost(
  /** @type {Matrix} */ x,
  /** @type {Matrix} */ y,
  /** @type {number} */ angle,
  /** @type {boolean} */ mirrored,
) {
  const s = mirrored ? -Math.sin(angle) : Math.sin(angle);
  const versine = 2 * Math.sin(angle / 2) ** 2; // 1 − cos
  return mirroredFactor(y, mirrored).reduce((total, [u, v], i) => {
    const first = x[i][0] - u + (u * versine - v * s);
    const second = x[i][1] - v + (v * versine + u * s);
    return total + first * first + second * second;
  }, 0);
}

/** The angle of least cost among the rotations or, mirrored, among the reflections. */
export function bestTurn(
  /** @type {Matrix} */ x,
  /** @type {Matrix} */ y,
  /** @type {boolean} */ mirrored,
) {
  const turned = transposed(mirroredFactor(y, mirrored));
  const fit = product(turned, x);
  const shift = product(
    turned,
    x.map((row, i) => row.map((entry, j) => entry - turned[j][i])),
  );
  // YᵀY is symmetric, so that X and X − Y give one sine: with the latter it is right for nearly the same factors too.
  const angle = Math.atan2(shift[1][0] - shift[0][1], trace(fit));
  return mirrored ? -angle : angle;
}

/** The orthogonal Q of least ‖X − YQ‖. */
export function procrustes(/** @type {Matrix} */ x, /** @type {Matrix} */ y) {
  const mirrored = determinantOf(x) * determinantOf(y) < 0;
  return turn(bestTurn(x, y, mirrored), mirrored);
}

/** The rotation Q of least ‖X − YQ‖. */
export function kabsch(/** @type {Matrix} */ x, /** @type {Matrix} */ y) {
  return turn(bestTurn(x, y, false), false);
}

/** Σ^{1/2} of the covariance [[a, b], [b, d]], given as [a, b, d]: with the semi-axes it is (Σ + s₁s₂ I)/(s₁ + s₂). */
export function symmetricRoot(/** @type {[number, number, number]} */ [a, b, d]) {
  const [, , s1, s2] = toAxes({ mean: [0, 0], cov: [a, b, d] });
  const size = s1 + s2 || 1;
  return [
    [(a + s1 * s2) / size, b / size],
    [b / size, (d + s1 * s2) / size],
  ];
}
