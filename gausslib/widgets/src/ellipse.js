/**
 * The state of one Gaussian in a figure: five numbers of an ellipse. What is legal, how it is read from an attribute,
 * and what it becomes when one of its three handles is moved. `gauss_pair.py` states the same limits.
 *
 * @typedef {import("./gauss2d.js").Axes} Axes
 * @typedef {import("./plane.js").Point} Point
 * @typedef {import("./plane.js").Plane} Plane
 */
import { fromAxes } from "./gauss2d.js";

/** What a figure shows where nothing legal is given. @type {{p: Axes, q: Axes}} */
export const DEFAULTS = { p: [-0.8, -0.3, 1.4, 0.6, 0.5], q: [1, 0.4, 1, 0.8, 0] };

const EXPECTED = "five numbers mean_x, mean_y, semi_axis_1, semi_axis_2, angle";
/** Pixels from the mean within which an axis keeps its direction. */
const CLOSE = 16;
const SMALLEST_RATIO = 1e-3;
const RATIO_SLACK = 1e-9; // 0.0035/3.5 is a little less than 0.001
const [SMALLEST_AXIS, LARGEST] = [1e-6, 1e6];

/** A copy of the five numbers, or a TypeError or RangeError that names them. */
export function checked(/** @type {string} */ name, /** @type {unknown} */ value) {
  const got = () => `, got ${JSON.stringify(value) ?? String(value)}`;
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) throw new TypeError(`${name}: expected ${EXPECTED}${got()}`);
  const numbers = Array.from(/** @type {ArrayLike<unknown>} */ (/** @type {unknown} */ (value)));
  if (numbers.some((number) => typeof number !== "number")) throw new TypeError(`${name}: expected ${EXPECTED}${got()}`);
  const axes = /** @type {Axes} */ (numbers);
  if (axes.length !== 5) throw new RangeError(`${name}: expected ${EXPECTED}${got()}`);
  if (!axes.every(Number.isFinite)) throw new RangeError(`${name}: expected five finite numbers, got [${axes}]`);
  const [x, y, s1, s2, angle] = axes;
  if (Math.min(s1, s2) < SMALLEST_AXIS || Math.max(s1, s2) > LARGEST)
    throw new RangeError(`${name}: expected semi-axes from ${SMALLEST_AXIS} to ${LARGEST}${got()}`);
  if (Math.min(s1, s2) < SMALLEST_RATIO * (1 - RATIO_SLACK) * Math.max(s1, s2))
    throw new RangeError(`${name}: expected semi-axes with a ratio of at least ${SMALLEST_RATIO}${got()}`);
  if (Math.max(Math.abs(x), Math.abs(y), Math.abs(angle)) > LARGEST)
    throw new RangeError(`${name}: expected a mean and an angle of at most ${LARGEST} in size${got()}`);
  return axes;
}

/** The five numbers written in an attribute. */
export function parsed(/** @type {string} */ name, /** @type {string} */ text) {
  const parts = text.split(",").map((part) => part.trim());
  if (!parts.every((part) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part)))
    throw new RangeError(`${name}: expected ${EXPECTED}, got "${text}"`);
  return checked(name, parts.map(Number));
}

/** How many times the smallest window must grow so that means and axis ends keep clear of its edge. */
export function reach(/** @type {Axes} */ axes, /** @type {Point} */ [halfWidth, halfHeight]) {
  const { mean, cov } = fromAxes(axes);
  const across = Math.abs(mean[0]) + Math.sqrt(cov[0]);
  const up = Math.abs(mean[1]) + Math.sqrt(cov[2]);
  return Math.max(across / halfWidth, up / halfHeight) / 0.95;
}

/** The end of semi-axis 0 or 1. @returns {Point} */
export function axisEnd(/** @type {Axes} */ axes, /** @type {0 | 1} */ index) {
  const angle = axes[4] + (index * Math.PI) / 2;
  const length = axes[2 + index];
  return [axes[0] + length * Math.cos(angle), axes[1] + length * Math.sin(angle)];
}

/** The ellipse with its mean moved to the point, or as near as the window allows. @returns {Axes} */
export function withMean(/** @type {Axes} */ axes, /** @type {Point} */ point, /** @type {Plane} */ plane) {
  const [x, y] = plane.clamped(point);
  return [plane.rounded(x), plane.rounded(y), axes[2], axes[3], axes[4]];
}

/**
 * The ellipse with the end of one semi-axis moved to the point, or as near as is legal; mean and other length stay.
 * @returns {Axes}
 */
export function withAxisEnd(/** @type {Axes} */ axes, /** @type {0 | 1} */ index, /** @type {Point} */ point, /** @type {Plane} */ plane) {
  const [x, y] = plane.clamped(point);
  const [dx, dy] = [x - axes[0], y - axes[1]];
  const other = axes[3 - index];
  const longest = other / SMALLEST_RATIO;
  const shortest = Math.max(other * SMALLEST_RATIO, Math.min(plane.step / 100, longest));
  // Close to the mean a hand cannot mean a direction: keep the one it had, so that an ellipse gets thin without turning.
  const direction = axes[4] + (index * Math.PI) / 2;
  const close = Math.hypot(dx, dy) * plane.unit < CLOSE;
  const angle = close ? axes[4] : roundedAngle(Math.atan2(dy, dx) - (index * Math.PI) / 2);
  const wanted = close ? dx * Math.cos(direction) + dy * Math.sin(direction) : Math.hypot(dx, dy);
  const length = Math.min(Math.max(plane.rounded(wanted), shortest), longest);
  return index === 0 ? [axes[0], axes[1], length, other, angle] : [axes[0], axes[1], other, length, angle];
}

/** In (−π, π], to a ten-thousandth: finer than a pixel, short enough to read in an address. */
function roundedAngle(/** @type {number} */ angle) {
  return Math.round((angle <= -Math.PI ? angle + 2 * Math.PI : angle) * 1e4) / 1e4;
}
