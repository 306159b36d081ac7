/**
 * The state of one Gaussian in a figure: five numbers of an ellipse. What is legal, and what it becomes when one of its
 * three handles is moved. `_traits.py` states the same limits.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 */
import { numbers, refuse } from "../runtime/fields.js";
import { fromAxes } from "../closed-forms/gauss2d.js";
import { HALF_HEIGHT, HALF_WIDTH } from "../runtime/plane.js";

const EXPECTED = "five numbers mean_x, mean_y, semi_axis_1, semi_axis_2, angle";
/** Pixels from the mean within which an axis keeps its direction. */
const CLOSE = 16;
const SMALLEST_RATIO = 1e-3;
const RATIO_SLACK = 1e-9; // 0.0035/3.5 is a little less than 0.001
const [SMALLEST_AXIS, LARGEST] = [1e-6, 1e6];

/** The numbers if they are legal. */
function checked(/** @type {string} */ name, /** @type {number[]} */ axes) {
  const [x, y, s1, s2, angle] = axes;
  const [least, most] = [Math.min(s1, s2), Math.max(s1, s2)];
  if (least < SMALLEST_AXIS || most > LARGEST)
    refuse(name, `semi-axes from ${SMALLEST_AXIS} to ${LARGEST}`, axes);
  if (least < SMALLEST_RATIO * (1 - RATIO_SLACK) * most)
    refuse(name, `semi-axes with a ratio of at least ${SMALLEST_RATIO}`, axes);
  if (Math.max(...[x, y, angle].map(Math.abs)) > LARGEST)
    refuse(name, `a mean and an angle of at most ${LARGEST} in size`, axes);
  return axes;
}

/** The field of a Gaussian in the plane. */
export const gaussian = (/** @type {Axes} */ start) => numbers("ellipse", EXPECTED, start, checked);

/** How many times the smallest window must grow so that means and axis ends keep clear of its edge. */
export function reach(/** @type {Axes} */ axes) {
  const {
    mean: [x, y],
    cov: [a, , d],
  } = fromAxes(axes);
  return (
    Math.max(
      (Math.abs(x) + Math.sqrt(a)) / HALF_WIDTH,
      (Math.abs(y) + Math.sqrt(d)) / HALF_HEIGHT,
    ) / 0.95
  );
}

/** The direction of semi-axis 0 or 1. */
const angleOf = (/** @type {Axes} */ axes, /** @type {number} */ index) =>
  axes[4] + (index * Math.PI) / 2;

/** The end of semi-axis 0 or 1. @returns {Point} */
export function axisEnd(/** @type {Axes} */ axes, /** @type {number} */ index) {
  const angle = angleOf(axes, index);
  const length = axes[2 + index];
  return [axes[0] + length * Math.cos(angle), axes[1] + length * Math.sin(angle)];
}

/** The Gaussian in a program. */
export const inPython = (/** @type {Axes} */ [x, y, s1, s2, angle]) =>
  `Gaussian.from_axes([${x}, ${y}], [${s1}, ${s2}], ${angle})`;

/** The ellipse with its mean moved to the point. @returns {Axes} */
export function withMean(
  /** @type {Axes} */ axes,
  /** @type {Point} */ [x, y],
  /** @type {Plane} */ plane,
) {
  const [, , ...shape] = axes;
  return [plane.rounded(x), plane.rounded(y), ...shape];
}

/**
 * The ellipse with the end of one semi-axis moved to the point, or as near as is legal; mean and other length stay.
 * @returns {Axes}
 */
export function withAxisEnd(
  /** @type {Axes} */ axes,
  /** @type {number} */ index,
  /** @type {Point} */ [x, y],
  /** @type {Plane} */ plane,
) {
  const [dx, dy] = [x - axes[0], y - axes[1]];
  const other = axes[3 - index];
  const longest = other / SMALLEST_RATIO;
  const shortest = Math.max(other * SMALLEST_RATIO, Math.min(plane.step / 100, longest));
  // Close to the mean a hand cannot mean a direction: keep the one it had, so that an ellipse gets thin without turning.
  const direction = angleOf(axes, index);
  const close = Math.hypot(dx, dy) * plane.unit < CLOSE;
  const angle = close ? axes[4] : roundedAngle(Math.atan2(dy, dx) - (index * Math.PI) / 2);
  const wanted = close ? dx * Math.cos(direction) + dy * Math.sin(direction) : Math.hypot(dx, dy);
  const length = Math.min(Math.max(plane.rounded(wanted), shortest), longest);
  const [u, v] = axes;
  return index ? [u, v, other, length, angle] : [u, v, length, other, angle];
}

/** In (−π, π], to a ten-thousandth: finer than a pixel, short enough to read in an address. */
function roundedAngle(/** @type {number} */ angle) {
  return Math.round((angle <= -Math.PI ? angle + 2 * Math.PI : angle) * 1e4) / 1e4;
}

const PARTS = ["mean", "first semi-axis", "second semi-axis"];

export const degrees = (/** @type {number} */ angle) =>
  `${Math.round((angle * 180) / Math.PI)}°`.replace("-", "−");
const short = (/** @type {number} */ value) => `${Number(value.toFixed(3))}`.replace("-", "−");

/** What the handle of a point says. */
export const spokenPoint = (/** @type {readonly number[]} */ [x, y]) => ({
  text: `x ${short(x)}, y ${short(y)}`,
  now: x,
});

/**
 * The three handles of the Gaussian in a field: mean and ends of the semi-axes. `image` is what a map of the plane does to
 * a point, `source` what it came from.
 *
 * @param {string} name
 * @param {(state: State, point: Point) => Point} [image]
 * @param {(state: State, point: Point) => Point} [source]
 * @returns {HandleDefinition[]}
 */
export function gaussianHandles(name, image = (_, [x, y]) => [x, y], source = (_, point) => point) {
  return PARTS.map((part, index) => ({
    name: `${part} of ${name}`,
    look: `${name} ${index ? "end" : "centre"}`,
    position: (state) => image(state, index ? axisEnd(state[name], index - 1) : state[name]),
    constrain(state, point, plane) {
      const to = source(state, point);
      return {
        [name]: index
          ? withAxisEnd(state[name], index - 1, to, plane)
          : withMean(state[name], to, plane),
      };
    },
    spoken(state, plane) {
      const axes = state[name];
      if (!index) return spokenPoint(axes);
      const now = axes[1 + index];
      return {
        text: `length ${short(now)}, angle ${degrees(angleOf(axes, index - 1))}`,
        now,
        min: 0,
        max: 2 * HALF_WIDTH * plane.scale,
      };
    },
  }));
}
