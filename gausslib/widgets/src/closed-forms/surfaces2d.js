/**
 * Functions of two Gaussians in the plane as surfaces over it: p, q, √(pq) and p log(p/q), on
 * meshes that make the volume below them a sum.
 *
 * Each is a Gaussian times a polynomial of degree two at most, up to a factor. Its mesh is laid in
 * the frame of that Gaussian, of which every side has the same number of standard deviations. There
 * the trapezoidal rule is right to the digits that lie outside of the mesh, for thin ellipses too.
 *
 * @typedef {import("./gauss2d.js").Axes} Axes
 *
 * @typedef {object} Sheet  a surface on its mesh
 * @property {[number, number]} origin  the point of the plane below the first corner
 * @property {[number, number]} along  from a corner to the next of the same row
 * @property {[number, number]} across  from a row to the next
 * @property {Float64Array} heights  of the corners, row by row
 * @property {Float64Array} [lead]  the logarithm of how many times as high it is there as another
 *     surface, which hides it where that is negative
 * @property {number} highest  the largest of them
 * @property {number} lowest
 * @property {number} above  the volume of its cells that are above the plane
 * @property {number} below  that of the cells below it, as a positive number
 */
import { fromAxes, toAxes } from "./gauss2d.js";

/** The mesh reaches so many standard deviations to each side. */
const REACH = 5.5;
/** The cells of a side. */
export const CELLS = 32;
/** The corners of a side. */
export const CORNERS = CELLS + 1;

/**
 * The logarithm of a density at points, from the semi-axes, so that thin ellipses lose no digits.
 *
 * @param {readonly number[]} axes
 */
function logDensityOf([x, y, s1, s2, angle]) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const top = -Math.log(2 * Math.PI * s1 * s2);
  return (/** @type {number} */ u, /** @type {number} */ v) => {
    const first = (c * (u - x) + s * (v - y)) / s1;
    const second = (c * (v - y) - s * (u - x)) / s2;
    return top - 0.5 * (first * first + second * second);
  };
}

/**
 * The Gaussian of which √(pq) is a multiple: its precision is the mean of theirs.
 *
 * @param {readonly number[]} p
 * @param {readonly number[]} q
 * @returns {Axes}
 */
export function halfway(p, q) {
  const [one, other] = [p, q].map(
    ([, , s1, s2, angle]) => fromAxes([0, 0, 1 / s1, 1 / s2, angle]).cov,
  );
  const [a, b, d] = one.map((entry, index) => (entry + other[index]) / 2);
  const [, , first, second, angle] = toAxes({ mean: [0, 0], cov: [a, b, d] });
  const [dx, dy] = [(p[0] - q[0]) / 2, (p[1] - q[1]) / 2];
  const [u, v] = [one[0] * dx + one[1] * dy, one[1] * dx + one[2] * dy];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const along = (c * u + s * v) / (first * first);
  const across = (c * v - s * u) / (second * second);
  const mean = [q[0] + c * along - s * across, q[1] + s * along + c * across];
  return [mean[0], mean[1], 1 / first, 1 / second, angle];
}

/**
 * How high a surface is at most and at least, and the volumes of its cells above and below the
 * plane, of which each has the mean of its corners as its height.
 *
 * @param {Float64Array} heights
 * @param {number} area  of a cell
 */
function extent(heights, area) {
  let [highest, lowest, above, below] = [-Infinity, Infinity, 0, 0];
  for (const height of heights) {
    if (height > highest) highest = height;
    if (height < lowest) lowest = height;
  }
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const corner = row * CORNERS + column;
      const height =
        heights[corner] +
        heights[corner + 1] +
        heights[corner + CORNERS] +
        heights[corner + CORNERS + 1];
      if (height > 0) above += height;
      else below -= height;
    }
  }
  return { highest, lowest, above: (above * area) / 4, below: (below * area) / 4 };
}

/**
 * A surface on the mesh of a Gaussian.
 *
 * @param {readonly number[]} axes  of the Gaussian
 * @param {(x: number, y: number) => number} heightAt
 * @param {(x: number, y: number) => number} [leadAt]  over a surface that may hide it
 * @returns {Sheet}
 */
function sheetOf([x, y, s1, s2, angle], heightAt, leadAt = undefined) {
  const step = (2 * REACH) / CELLS;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  /** @type {(u: number, v: number) => [number, number]} */
  const turned = (u, v) => [c * s1 * u - s * s2 * v, s * s1 * u + c * s2 * v];
  const atCorners = (/** @type {(x: number, y: number) => number} */ valueAt) => {
    const found = new Float64Array(CORNERS * CORNERS);
    for (let corner = 0; corner < found.length; corner++) {
      const u = s1 * ((corner % CORNERS) * step - REACH);
      const v = s2 * (Math.floor(corner / CORNERS) * step - REACH);
      found[corner] = valueAt(x + c * u - s * v, y + s * u + c * v);
    }
    return found;
  };
  const heights = atCorners(heightAt);
  const [left, low] = turned(-REACH, -REACH);
  return {
    origin: [x + left, y + low],
    along: turned(step, 0),
    across: turned(0, step),
    heights,
    lead: leadAt && atCorners(leadAt),
    ...extent(heights, step * step * s1 * s2),
  };
}

/**
 * The density of a Gaussian, where another one may hide it.
 *
 * @param {readonly number[]} axes
 * @param {readonly number[]} other
 */
export function densitySheet(axes, other) {
  const [log, logOther] = [logDensityOf(axes), logDensityOf(other)];
  return sheetOf(
    axes,
    (x, y) => Math.exp(log(x, y)),
    (x, y) => log(x, y) - logOther(x, y),
  );
}

/**
 * √(pq), below which the volume is exp(−DB), the overlap.
 *
 * @param {readonly number[]} p
 * @param {readonly number[]} q
 */
export function rootSheet(p, q) {
  const [logP, logQ] = [logDensityOf(p), logDensityOf(q)];
  return sheetOf(halfway(p, q), (x, y) => Math.exp((logP(x, y) + logQ(x, y)) / 2));
}

/**
 * p log(p/q), of which the volume above less that below is KL(p‖q).
 *
 * @param {readonly number[]} p
 * @param {readonly number[]} q
 */
export function logSheet(p, q) {
  const [logP, logQ] = [logDensityOf(p), logDensityOf(q)];
  return sheetOf(p, (x, y) => {
    const log = logP(x, y);
    return Math.exp(log) * (log - logQ(x, y));
  });
}
