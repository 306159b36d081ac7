/**
 * Whether two Gaussians, singular ones included, have one support: else their divergences are
 * infinite.
 *
 * @typedef {import("./doubles.js").Double} Double
 * @typedef {import("./doubles-matrix.js").Factor} Factor
 * @typedef {import("./gaussnd.js").GaussianN} GaussianN
 *
 * @typedef {object} Rounding  what rounding explains
 * @property {number} floor  relative to the terms of a sum
 * @property {number[]} scale  of the coordinates
 * @property {number} tilt  of the plane of q, over the way between the means
 */
import { dot } from "./doubles.js";
import { identity, pivotFloor, solveLower } from "./doubles-matrix.js";

/**
 * Whether two Gaussians have one support. That of q is a plane: for the pivots J of its covariance
 * RRᵀ and any other coordinate i, xᵢ = Rᵢ R_J⁻¹ x_J up to a constant. So p has the same one if,
 * along the normal vector of each of these equations, its mean is that of q and its variance is
 * zero. Deviations that rounding explains do not count.
 *
 * @param {GaussianN} p
 * @param {GaussianN} q
 * @param {number[]} delta
 * @param {Factor[]} factors
 */
export function haveSameSupport(p, q, delta, [factorP, factorQ]) {
  const { root, pivots, scale } = factorQ;
  if (factorP.pivots.length !== pivots.length) return false;
  const floor = pivotFloor(scale.length);
  const inverse = solveLower(
    pivots.map((j) => root[j]),
    identity(pivots.length),
  );
  const columnsOfInverse = pivots.map((_, k) => inverse.map((row) => row[k]));
  /** @type {(y: Double[]) => number[]} */
  const weightsOf = (y) => columnsOfInverse.map((column) => dot(column, y)[0]); // R_J⁻ᵀy

  /** @type {Double[]} */
  const shift = pivots.map((j) => [delta[j], 0]);
  const whitened = inverse.map((row) => dot(row, shift));
  const tilt = weightsOf(whitened).reduce(
    (sum, weight, k) => sum + Math.abs(weight) * scale[pivots[k]],
    0,
  );

  return root.every((row, i) => {
    if (pivots.includes(i)) return true;
    const normal = Array(scale.length).fill(0);
    normal[i] = 1;
    weightsOf(row).forEach((weight, k) => {
      normal[pivots[k]] = -weight;
    });
    return hasNoMass(p, q, delta, normal, { floor, scale, tilt });
  });
}

/**
 * Whether p does not differ from q along a normal vector of q's support.
 *
 * @param {GaussianN} p
 * @param {GaussianN} q
 * @param {number[]} delta
 * @param {number[]} normal
 * @param {Rounding} rounding
 */
function hasNoMass(p, q, delta, normal, { floor, scale, tilt }) {
  let [distance, size] = [0, 0];
  let [variance, varianceSize] = [0, 0];
  normal.forEach((x, j) => {
    distance += x * delta[j];
    size += Math.abs(x) * (Math.abs(p.mean[j]) + Math.abs(q.mean[j]) + scale[j] * tilt);
    let [rowSum, rowSize] = [0, 0];
    normal.forEach((y, k) => {
      const term = x * p.cov[j][k] * y;
      rowSum += term;
      rowSize += Math.abs(term);
    });
    variance += rowSum;
    varianceSize += rowSize;
  });
  return Math.abs(distance) <= floor * size && variance <= floor * varianceSize;
}
