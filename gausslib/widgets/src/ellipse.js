/**
 * The state of one Gaussian in a figure: five numbers of an ellipse. What is legal, and what it becomes when one of its
 * three handles is moved. `_traits.py` states the same limits.
 *
 * @typedef {import("./gauss2d.js").Axes} Axes
 * @typedef {import("./plane.js").Point} Point
 * @typedef {import("./plane.js").Plane} Plane
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./figure.js").HandleDefinition} HandleDefinition
 */
import { numbers } from "./fields.js";
import { fromAxes } from "./gauss2d.js";
import { HALF_HEIGHT, HALF_WIDTH } from "./plane.js";

const EXPECTED = "five numbers mean_x, mean_y, semi_axis_1, semi_axis_2, angle";
/** Pixels from the mean within which an axis keeps its direction. */
const CLOSE = 16;
const SMALLEST_RATIO = 1e-3;
const RATIO_SLACK = 1e-9; // 0.0035/3.5 is a little less than 0.001
const [SMALLEST_AXIS, LARGEST] = [1e-6, 1e6];

/** The numbers if they are legal. */
function checked(/** @type {string} */ name, /** @type {number[]} */ axes) {
  const refuse = (/** @type {string} */ expected) => {
    throw new RangeError(`${name}: expected ${expected}, got [${axes}]`);
  };
  const [x, y, s1, s2, angle] = axes;
  if (Math.min(s1, s2) < SMALLEST_AXIS || Math.max(s1, s2) > LARGEST) refuse(`semi-axes from ${SMALLEST_AXIS} to ${LARGEST}`);
  if (Math.min(s1, s2) < SMALLEST_RATIO * (1 - RATIO_SLACK) * Math.max(s1, s2)) refuse(`semi-axes with a ratio of at least ${SMALLEST_RATIO}`);
  if (Math.max(Math.abs(x), Math.abs(y), Math.abs(angle)) > LARGEST) refuse(`a mean and an angle of at most ${LARGEST} in size`);
  return axes;
}

/** The field of a Gaussian in the plane. */
export const gaussian = (/** @type {Axes} */ start) => numbers("ellipse", EXPECTED, start, checked);

/** How many times the smallest window must grow so that means and axis ends keep clear of its edge. */
export function reach(/** @type {Axes} */ axes, [halfWidth, halfHeight] = [HALF_WIDTH, HALF_HEIGHT]) {
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

/** The Gaussian in a program. */
export const inPython = (/** @type {Axes} */ [x, y, s1, s2, angle]) => `Gaussian.from_axes([${x}, ${y}], [${s1}, ${s2}], ${angle})`;

/** The ellipse with its mean moved to the point. @returns {Axes} */
export function withMean(/** @type {Axes} */ axes, /** @type {Point} */ [x, y], /** @type {Plane} */ plane) {
  return [plane.rounded(x), plane.rounded(y), axes[2], axes[3], axes[4]];
}

/**
 * The ellipse with the end of one semi-axis moved to the point, or as near as is legal; mean and other length stay.
 * @returns {Axes}
 */
export function withAxisEnd(/** @type {Axes} */ axes, /** @type {0 | 1} */ index, /** @type {Point} */ [x, y], /** @type {Plane} */ plane) {
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

const PARTS = ["mean", "first semi-axis", "second semi-axis"];

export const degrees = (/** @type {number} */ angle) => `${Math.round((angle * 180) / Math.PI)}°`.replace("-", "−");
const short = (/** @type {number} */ value) => `${Number(value.toFixed(3))}`.replace("-", "−");

/**
 * The three handles of the Gaussian in a field: mean and ends of the semi-axes. `image` is what a map of the plane does to
 * a point, `source` what it came from.
 *
 * @param {string} name
 * @param {(state: State, point: Point) => Point} [image]
 * @param {(state: State, point: Point) => Point} [source]
 * @returns {HandleDefinition[]}
 */
export function gaussianHandles(name, image = (_, point) => point, source = (_, point) => point) {
  const handle = (/** @type {number} */ part, /** @type {(axes: Axes) => Point} */ position, /** @type {(axes: Axes, point: Point, plane: Plane) => Axes} */ moved) => ({
    name: `${PARTS[part]} of ${name}`,
    look: `${name} ${part ? "end" : "centre"}`,
    position: (/** @type {State} */ state) => image(state, position(state[name])),
    constrain: (/** @type {State} */ state, /** @type {Point} */ point, /** @type {Plane} */ plane) => ({ [name]: moved(state[name], source(state, point), plane) }),
    spoken(/** @type {State} */ state, /** @type {Plane} */ plane) {
      const axes = state[name];
      if (!part) return { text: `x ${short(axes[0])}, y ${short(axes[1])}`, now: axes[0] };
      const text = `length ${short(axes[1 + part])}, angle ${degrees(axes[4] + ((part - 1) * Math.PI) / 2)}`;
      return { text, now: axes[1 + part], min: 0, max: 2 * HALF_WIDTH * plane.scale };
    },
  });
  return [
    handle(0, ([x, y]) => [x, y], withMean),
    handle(1, (axes) => axisEnd(axes, 0), (axes, point, plane) => withAxisEnd(axes, 0, point, plane)),
    handle(2, (axes) => axisEnd(axes, 1), (axes, point, plane) => withAxisEnd(axes, 1, point, plane)),
  ];
}
