/**
 * The four orthogonal maps from one unit vector a to another, b, and the best fit of two factors in
 * the plane. Vectors are arrays of any length d ≥ 2, matrices arrays of rows. The conventions are
 * gausslib's, also where a map is not determined (b = ±a): the same one is chosen. With the
 * Householder reflection H_v = I − 2vvᵀ/vᵀv they are
 *
 *     reflection      H_{a−b}          rotation         H_{a+b} H_a
 *     half-turn      −H_{a+b}          rotoreflection  −H_{a−b} H_a
 *
 * A reflection is orthogonal to rounding whatever its normal is; only the normals need care.
 * 1 − a·b is never computed.
 *
 * @typedef {number[]} Vector
 * @typedef {number[][]} Matrix
 */
import { toAxes } from "./gauss2d.js";

/**
 * xᵀy
 *
 * @param {Vector} x
 * @param {Vector} y
 */
export function dot(x, y) {
  return x.reduce((sum, entry, i) => sum + entry * y[i], 0);
}

/**
 * x + ty
 *
 * @param {Vector} x
 * @param {number} t
 * @param {Vector} y
 */
function moved(x, t, y) {
  return x.map((entry, i) => entry + t * y[i]);
}

/**
 * tx
 *
 * @param {Vector} x
 * @param {number} t
 */
export function scaled(x, t) {
  return x.map((entry) => t * entry);
}

/**
 * The transposed matrix.
 *
 * @param {Matrix} m
 */
function transposed(m) {
  return m[0].map((_, j) => m.map((row) => row[j]));
}

/**
 * x/|x|, and zero for zero.
 *
 * @param {Vector} x
 */
function unit(x) {
  return scaled(x, 1 / (Math.hypot(...x) || 1));
}

/**
 * The largest entry of a vector, in size.
 *
 * @param {Vector} x
 */
function largestEntry(x) {
  return Math.max(...x.map(Math.abs));
}

/**
 * a + b and a − b
 *
 * @param {Vector} a
 * @param {Vector} b
 */
function diagonals(a, b) {
  return [moved(a, 1, b), moved(a, -1, b)];
}

/**
 * x exactly perpendicular to y: they are a − b and a + b, or the other way round. Zero if the two
 * are parallel.
 *
 * Where x is the shorter one, what rounding left of |a| − |b| points along y and may be all there
 * is. Projecting it out once leaves the rounding error of the projection; twice leaves nothing that
 * matters.
 *
 * @param {Vector} x
 * @param {Vector} y
 */
function across(x, y) {
  if (Math.hypot(...x) >= Math.hypot(...y)) return x;
  const along = unit(y);
  const once = moved(x, -dot(x, along), along);
  const twice = moved(once, -dot(once, along), along);
  const isNoise = largestEntry(twice) <= 4 * Number.EPSILON * largestEntry(x);
  return isNoise ? scaled(x, 0) : twice;
}

/**
 * The unit vector along x, or where that is zero one perpendicular to y: made of the unit vector in
 * the coordinate that y has least of.
 *
 * @param {Vector} x
 * @param {Vector} y
 */
function normal(x, y) {
  const found = across(x, y);
  if (found.some((entry) => entry !== 0)) return unit(found);
  const sizes = y.map(Math.abs);
  const thinnest = sizes.indexOf(Math.min(...sizes));
  const basisVector = y.map((_, i) => (i === thinnest ? 1 : 0));
  return unit(across(basisVector, y));
}

/**
 * The unit vectors along a + b and a − b, or what the maps take in their place where one is zero.
 *
 * @param {Vector} a
 * @param {Vector} b
 */
export function bisectors(a, b) {
  const [plus, minus] = diagonals(a, b);
  return [normal(plus, minus), normal(minus, plus)];
}

/**
 * H_v, symmetric to the last bit, or −H_v.
 *
 * @param {Vector} v
 * @param {1 | -1} sign
 */
function householder(v, sign = 1) {
  const factor = 2 / dot(v, v);
  return v.map((vi, i) => v.map((vj, j) => sign * ((i === j ? 1 : 0) - vi * vj * factor)));
}

/**
 * The product of two matrices.
 *
 * @param {Matrix} m
 * @param {Matrix} n
 */
function product(m, n) {
  const columns = transposed(n);
  return m.map((row) => columns.map((column) => dot(row, column)));
}

/**
 * The matrix times a vector.
 *
 * @param {Matrix} m
 * @param {Vector} x
 */
export function apply(m, x) {
  return m.map((row) => dot(row, x));
}

/**
 * T₂: the mirror between a and b.
 *
 * @param {Vector} a
 * @param {Vector} b
 */
export function reflection(a, b) {
  return householder(bisectors(a, b)[1]);
}

/**
 * T₃: keeps the bisector of a and b, and reverses what is perpendicular to it.
 *
 * @param {Vector} a
 * @param {Vector} b
 */
export function halfTurn(a, b) {
  return householder(bisectors(a, b)[0], -1);
}

/**
 * T₁: turns the plane of a and b, and moves nothing across it.
 *
 * @param {Vector} a
 * @param {Vector} b
 */
export function rotation(a, b) {
  return product(householder(bisectors(a, b)[0]), householder(a));
}

/**
 * T₄: turns the plane of a and b, and reverses what is across it.
 *
 * @param {Vector} a
 * @param {Vector} b
 */
export function rotoreflection(a, b) {
  return product(reflection(a, b), householder(a, -1));
}

/**
 * The angle between unit vectors, 0 to π, with all its digits near both ends: the tangent of its
 * half is |a − b|/|a + b|.
 *
 * @param {Vector} a
 * @param {Vector} b
 */
export function angleBetween(a, b) {
  const [plus, minus] = diagonals(a, b);
  return 2 * Math.atan2(Math.hypot(...across(minus, plus)), Math.hypot(...across(plus, minus)));
}

/**
 * The trace of a matrix.
 *
 * @param {Matrix} m
 */
export function trace(m) {
  return m.reduce((total, row, i) => total + row[i], 0);
}

/**
 * The determinant, by the entries of the first row and their minors.
 *
 * @param {Matrix} m
 * @returns {number}
 */
function determinantOf(m) {
  if (m.length === 1) return m[0][0];
  const [first, ...rest] = m;
  return first.reduce((total, entry, j) => {
    const minor = rest.map((row) => row.filter((_, k) => k !== j));
    return total + (j % 2 ? -entry : entry) * determinantOf(minor);
  }, 0);
}

/**
 * The traces of T₁ to T₄, from the cosine of the angle and the dimension. The largest of them is
 * the largest trace of any orthogonal map from a to b.
 *
 * @param {number} cosine
 * @param {number} d
 */
export function traces(cosine, d) {
  return [d - 2 + 2 * cosine, d - 2, 2 - d, 2 * cosine + (2 - d)];
}

/**
 * The rotation of the plane by an angle or, mirrored, the reflection in the line at half that
 * angle.
 *
 * @param {number} angle
 * @param {boolean} isMirrored
 */
export function turn(angle, isMirrored) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  if (isMirrored)
    return [
      [c, s],
      [s, -c],
    ];
  return [
    [c, -s],
    [s, c],
  ];
}

/**
 * What Y becomes before it is turned: with D = diag(1, −1) the reflection is Q = D R(−angle). Then
 * X − YQ = (X − YD) − YD (R(−angle) − I) keeps its digits where the factors are nearly the same.
 *
 * @param {Matrix} y
 * @param {boolean} isMirrored
 */
function mirroredFactor(y, isMirrored) {
  return isMirrored ? y.map(([first, second]) => [first, -second]) : y;
}

/**
 * ‖X − YQ‖² (Frobenius norm) with Q = turn(angle, isMirrored), for n×2 factors.
 *
 * @param {Matrix} x
 * @param {Matrix} y
 * @param {number} angle
 * @param {boolean} isMirrored
 */
export function turnCost(x, y, angle, isMirrored) {
  const s = isMirrored ? -Math.sin(angle) : Math.sin(angle);
  const versine = 2 * Math.sin(angle / 2) ** 2; // 1 − cos
  return mirroredFactor(y, isMirrored).reduce((total, [u, v], i) => {
    const first = x[i][0] - u + (u * versine - v * s);
    const second = x[i][1] - v + (v * versine + u * s);
    return total + first * first + second * second;
  }, 0);
}

/**
 * The angle of least cost among the rotations or, mirrored, among the reflections.
 *
 * Its tangent is the quotient of the antisymmetric part and the trace of YᵀX. YᵀY is symmetric, so
 * that X and X − Y give one antisymmetric part: from the latter it is right for nearly the same
 * factors too.
 *
 * @param {Matrix} x
 * @param {Matrix} y
 * @param {boolean} isMirrored
 */
export function bestTurn(x, y, isMirrored) {
  const factor = mirroredFactor(y, isMirrored);
  const turned = transposed(factor);
  const difference = x.map((row, i) => row.map((entry, j) => entry - factor[i][j]));
  const shift = product(turned, difference);
  const angle = Math.atan2(shift[1][0] - shift[0][1], trace(product(turned, x)));
  return isMirrored ? -angle : angle;
}

/**
 * The orthogonal Q of least ‖X − YQ‖: a reflection if the determinants of the factors differ in
 * sign.
 *
 * @param {Matrix} x
 * @param {Matrix} y
 */
export function procrustes(x, y) {
  const isMirrored = determinantOf(x) * determinantOf(y) < 0;
  return turn(bestTurn(x, y, isMirrored), isMirrored);
}

/**
 * The rotation Q of least ‖X − YQ‖.
 *
 * @param {Matrix} x
 * @param {Matrix} y
 */
export function kabsch(x, y) {
  return turn(bestTurn(x, y, false), false);
}

/**
 * Σ^{1/2} of the covariance [[a, b], [b, d]], given as [a, b, d]: with the semi-axes it is
 * (Σ + s₁s₂ I)/(s₁ + s₂), a sum without cancellation.
 *
 * @param {[number, number, number]} cov
 */
export function symmetricRoot([a, b, d]) {
  const [, , s1, s2] = toAxes({ mean: [0, 0], cov: [a, b, d] });
  const size = s1 + s2 || 1;
  return [
    [(a + s1 * s2) / size, b / size],
    [b / size, (d + s1 * s2) / size],
  ];
}
