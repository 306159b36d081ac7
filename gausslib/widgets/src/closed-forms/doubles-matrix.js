/**
 * Matrices of pairs of doubles: Cholesky factors, of singular covariances too, and the rotations
 * that make AᵀB diagonal.
 *
 * @typedef {import("./doubles.js").Double} Double
 *
 * @typedef {object} Factor
 * @property {Double[][]} root  root rootᵀ is the covariance, up to what `rest` leaves of it; with
 *     the pivots' rows first the root is triangular
 * @property {number[]} pivots
 * @property {number[]} scale  the unit of each coordinate
 * @property {Double[]} rest
 */
import { dot, minus, ONE, over, plus, scaled, squareRoot, times, ZERO } from "./doubles.js";

/** So many sweeps of rotations are never needed. */
const MOST_SWEEPS = 30;

/**
 * The symmetric part of a matrix, each pair of entries by half their difference.
 *
 * @param {number[][]} matrix
 * @returns {Double[][]}
 */
export function symmetricPart(matrix) {
  return matrix.map((row, i) => row.map((entry, j) => [entry - (entry / 2 - matrix[j][i] / 2), 0]));
}

/**
 * The identity matrix.
 *
 * @param {number} dimension
 * @returns {Double[][]}
 */
export function identity(dimension) {
  const indices = [...Array(dimension).keys()];
  return indices.map((i) => indices.map((j) => (i === j ? ONE : ZERO)));
}

/**
 * A power of two near √variance. Beside a zero every covariance must look huge.
 *
 * @param {number} variance
 */
function unitOf(variance) {
  return 2 ** (variance > 0 ? Math.round(Math.log2(variance) / 2) : -511);
}

/**
 * The variance, relative to the coordinate's own, below which a pivot counts as zero: gausslib's
 * bound.
 *
 * @param {number} dimension
 */
export function pivotFloor(dimension) {
  return 8 * Math.min(dimension, 4) * Number.EPSILON;
}

/**
 * The Cholesky factor: of a regular covariance in the order of the coordinates, of any other with
 * the largest pivot first until none is left.
 *
 * @param {Double[][]} cov
 * @param {boolean} isRegular
 * @returns {Factor}
 */
export function factor(cov, isRegular = false) {
  const scale = cov.map((row, i) => unitOf(row[i][0]));
  const rest = cov.map((row, i) =>
    row.map((entry, j) => scaled(scaled(entry, 1 / scale[i]), 1 / scale[j])),
  );
  const root = cov.map((row) => row.map(() => ZERO));
  const left = [...cov.keys()];
  const pivots = [];
  while (left.length) {
    const pivot = isRegular
      ? left[0]
      : left.reduce((i, j) => (rest[j][j][0] > rest[i][i][0] ? j : i));
    if (!isRegular && !(rest[pivot][pivot][0] > pivotFloor(cov.length))) break;
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

/**
 * L⁻¹B for a lower triangular L, row by row.
 *
 * @param {Double[][]} lower
 * @param {Double[][]} right
 */
export function solveLower(lower, right) {
  /** @type {Double[][]} */
  const solved = [];
  right.forEach((row, k) => {
    const rests = row.map((entry, j) =>
      solved.reduce((rest, before, m) => minus(rest, times(lower[k][m], before[j])), entry),
    );
    solved.push(rests.map((rest) => over(rest, lower[k][k])));
  });
  return solved;
}

/**
 * Turns the columns i and j by an angle. From the tangent of half the angle sine and cosine are
 * right to 32 digits, whatever the angle's own error is.
 *
 * @param {Double[][]} columns
 * @param {number} i
 * @param {number} j
 * @param {number} angle
 */
function rotate(columns, i, j, angle) {
  /** @type {Double} */
  const tangent = [Math.tan(angle / 2), 0];
  const twice = over([2, 0], plus(ONE, times(tangent, tangent)));
  const cosine = minus(twice, ONE);
  const sine = times(twice, tangent);
  const [x, y] = [columns[i], columns[j]];
  columns[i] = x.map((entry, k) => plus(times(cosine, entry), times(sine, y[k])));
  columns[j] = x.map((entry, k) => minus(times(cosine, y[k]), times(sine, entry)));
}

/**
 * The Frobenius norm.
 *
 * @param {Double[][]} columns
 */
function norm(columns) {
  return Math.hypot(...columns.flat().map(([head]) => head));
}

/**
 * Turns A and B, given by their columns, until AᵀB is diagonal (Kogbetliantz's method). A rotation
 * that noise chose would spoil, among equal singular values, what others have done: so entries that
 * are noise turn nothing.
 *
 * @param {Double[][]} a
 * @param {Double[][]} b
 */
export function align(a, b) {
  const negligible = 1e-26 * norm(a) * norm(b);
  /** @type {(y: Double, x: Double) => number} */
  const angleOf = ([y], [x]) => (Math.abs(y) > negligible ? Math.atan2(y, x) : 0);

  /** @type {(i: number, j: number) => boolean} */
  function alignPair(i, j) {
    const m11 = dot(a[i], b[i]);
    const m12 = dot(a[i], b[j]);
    const m21 = dot(a[j], b[i]);
    const m22 = dot(a[j], b[j]);
    const stretch = angleOf(plus(m12, m21), minus(m11, m22));
    const turn = angleOf(minus(m21, m12), plus(m11, m22));
    if (!stretch && !turn) return false;
    rotate(a, i, j, (stretch + turn) / 2);
    rotate(b, i, j, (stretch - turn) / 2);
    return true;
  }

  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let hasTurned = false;
    for (let j = 0; j < a.length; j++) {
      for (let i = 0; i < j; i++) {
        if (alignPair(i, j)) hasTurned = true;
      }
    }
    if (!hasTurned) return;
  }
}
