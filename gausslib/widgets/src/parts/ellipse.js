/**
 * The state of one Gaussian in a figure: five numbers of an ellipse. What is legal, and what it
 * becomes when one of its three handles is moved.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 *
 * @typedef {number} AxisIndex  0 for the first semi-axis, 1 for the second
 * @typedef {(state: State, point: Point) => Point} PointMap
 */
import { fromAxes, geodesic, toAxes } from "../closed-forms/gauss2d.js";
import { numbers, refuse } from "../runtime/fields.js";
import { HALF_HEIGHT, HALF_WIDTH } from "../runtime/plane.js";

export const EXPECTED = "five numbers mean_x, mean_y, semi_axis_1, semi_axis_2, angle";
/** No handle of a semi-axis comes nearer to the mean than so many pixels, which it would hide. */
const STAND_OFF = 18;
/** So near to the mean a hand cannot mean a direction: the axis keeps the one that it had. */
const CLOSE = 0.6 * STAND_OFF;
/** A length in pixels that nobody sees, but that has a direction. */
const TINY = 1e-6;
const SMALLEST_RATIO = 1e-3;
const RATIO_SLACK = 1e-9; // 0.0035/3.5 is a little less than 0.001
const SMALLEST_AXIS = 1e-6;
const LARGEST = 1e6;
const LIMITS = {
  smallestRatio: SMALLEST_RATIO,
  ratioSlack: RATIO_SLACK,
  smallestAxis: SMALLEST_AXIS,
  largest: LARGEST,
};

/**
 * The five numbers, if they are legal.
 *
 * @param {string} name
 * @param {number[]} axes
 */
function checked(name, axes) {
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

/**
 * The field of a Gaussian in the plane.
 *
 * @param {Axes} start
 */
export function gaussian(start) {
  return { ...numbers("ellipse", EXPECTED, start, checked, LIMITS), between };
}

/**
 * An ellipse on the way between two: its semi-axes grow by equal factors in equal times, and it
 * turns by the smaller angle.
 *
 * @param {Axes} from
 * @param {Axes} to
 * @param {number} part
 */
export function between(from, to, part) {
  const turn = to[4] - from[4];
  const end = to[4] - Math.PI * Math.round(turn / Math.PI);
  const way = (/** @type {number} */ a, /** @type {number} */ b) => a + part * (b - a);
  return [
    way(from[0], to[0]),
    way(from[1], to[1]),
    from[2] ** (1 - part) * to[2] ** part,
    from[3] ** (1 - part) * to[3] ** part,
    way(from[4], end),
  ];
}

/**
 * The Gaussian on the shortest path in W₂ between two. Its axes are named as those of the ellipse
 * that turns evenly, so that no handle leaps.
 *
 * @param {Axes} from
 * @param {Axes} to
 * @param {number} part
 * @returns {Axes}
 */
export function transported(from, to, part) {
  const [x, y, s1, s2, angle] = toAxes(geodesic(fromAxes(from), fromAxes(to), part));
  const quarters = Math.round((between(from, to, part)[4] - angle) / (Math.PI / 2));
  const sides = quarters % 2 ? [s2, s1] : [s1, s2];
  return [x, y, sides[0], sides[1], angle + (quarters * Math.PI) / 2];
}

/**
 * How many times the smallest window must grow so that mean and axis ends keep clear of its edge.
 *
 * @param {Axes} axes
 */
export function reach(axes) {
  const { mean, cov } = fromAxes(axes);
  const [x, y] = mean;
  const [varianceX, , varianceY] = cov;
  const across = (Math.abs(x) + Math.sqrt(varianceX)) / HALF_WIDTH;
  const up = (Math.abs(y) + Math.sqrt(varianceY)) / HALF_HEIGHT;
  return Math.max(across, up) / 0.95;
}

/**
 * The direction of a semi-axis.
 *
 * @param {Axes} axes
 * @param {AxisIndex} index
 */
function angleOf(axes, index) {
  return axes[4] + (index * Math.PI) / 2;
}

/**
 * The end of a semi-axis.
 *
 * @param {Axes} axes
 * @param {AxisIndex} index
 * @returns {Point}
 */
export function axisEnd(axes, index) {
  const angle = angleOf(axes, index);
  const length = axes[2 + index];
  return [axes[0] + length * Math.cos(angle), axes[1] + length * Math.sin(angle)];
}

/**
 * The Gaussian in a program.
 *
 * @param {Axes} axes
 */
export function inPython([x, y, s1, s2, angle]) {
  return `Gaussian.from_axes([${x}, ${y}], [${s1}, ${s2}], ${angle})`;
}

/**
 * The ellipse with its mean moved to the point.
 *
 * @param {Axes} axes
 * @param {Point} point
 * @param {Plane} plane
 * @returns {Axes}
 */
export function withMean([, , ...shape], [x, y], plane) {
  return [plane.rounded(x), plane.rounded(y), ...shape];
}

/**
 * The ellipse with the end of one semi-axis moved to the point, or as near as is legal. The mean
 * and the length of the other semi-axis stay.
 *
 * @param {Axes} axes
 * @param {AxisIndex} index
 * @param {Point} point
 * @param {Plane} plane
 * @returns {Axes}
 */
export function withAxisEnd(axes, index, [x, y], plane) {
  const [meanX, meanY] = axes;
  const [dx, dy] = [x - meanX, y - meanY];
  const other = axes[3 - index];
  const longest = other / SMALLEST_RATIO;
  const shortest = Math.max(other * SMALLEST_RATIO, Math.min(plane.step / 100, longest));
  const angle = roundedAngle(Math.atan2(dy, dx) - (index * Math.PI) / 2);
  const length = Math.min(Math.max(plane.rounded(Math.hypot(dx, dy)), shortest), longest);
  return index === 1 ? [meanX, meanY, other, length, angle] : [meanX, meanY, length, other, angle];
}

/**
 * An angle in (−π, π], to a ten-thousandth: finer than a pixel, short enough to read in an address.
 *
 * @param {number} angle
 */
function roundedAngle(angle) {
  return Math.round((angle <= -Math.PI ? angle + 2 * Math.PI : angle) * 1e4) / 1e4;
}

/**
 * An angle in whole degrees, as text.
 *
 * @param {number} angle
 */
export function degrees(angle) {
  return `${Math.round((angle * 180) / Math.PI)}°`.replace("-", "−");
}

/**
 * A number with three decimals at most, as text.
 *
 * @param {number} value
 */
function short(value) {
  return `${Number(value.toFixed(3))}`.replace("-", "−");
}

/**
 * What the handle of a point says.
 *
 * @param {readonly number[]} point
 */
export function spokenPoint([x, y]) {
  return { text: `x ${short(x)}, y ${short(y)}`, now: x };
}

/**
 * The handle of the mean.
 *
 * @param {string} name
 * @param {PointMap} image
 * @param {PointMap} source
 * @returns {HandleDefinition}
 */
function meanHandle(name, image, source) {
  return {
    name: `mean of ${name}`,
    look: `${name} centre`,
    position: (state) => image(state, state[name]),
    constrain: (state, point, plane) => ({
      [name]: withMean(state[name], source(state, point), plane),
    }),
    spoken: (state) => spokenPoint(state[name]),
  };
}

/**
 * How far from the mean the handle of a semi-axis is, in pixels: where the axis ends, but for short
 * ones, of which it stands off.
 *
 * @param {number} length  of the axis, in pixels
 */
function handleDistance(length) {
  return length < 2 * STAND_OFF ? STAND_OFF + length / 2 : length;
}

/**
 * The length of the semi-axis whose handle is so far from the mean.
 *
 * @param {number} distance
 */
function lengthAt(distance) {
  return distance < 2 * STAND_OFF ? 2 * (distance - STAND_OFF) : distance;
}

/**
 * How many pixels two points are apart.
 *
 * @param {Point} one
 * @param {Point} two
 * @param {Plane} plane
 */
function pixels([x, y], [u, v], plane) {
  return Math.hypot(u - x, v - y) * plane.unit;
}

/**
 * A point on the line from one point through another.
 *
 * @param {Point} from
 * @param {Point} through
 * @param {number} part  how far it is, in parts of the way between the two
 * @returns {Point}
 */
function along([x, y], [u, v], part) {
  return [x + part * (u - x), y + part * (v - y)];
}

/**
 * The handle of a semi-axis, at its end, or off a short one.
 *
 * @param {string} name
 * @param {AxisIndex} index
 * @param {PointMap} image
 * @param {PointMap} source
 * @returns {HandleDefinition}
 */
function axisHandle(name, index, image, source) {
  const end = (/** @type {State} */ state) => image(state, axisEnd(state[name], index));
  return {
    name: `${index === 0 ? "first" : "second"} semi-axis of ${name}`,
    look: `${name} end`,
    end,
    position(state, plane) {
      const mean = image(state, state[name]);
      const length = pixels(mean, end(state), plane);
      return along(mean, end(state), handleDistance(length) / length);
    },
    constrain(state, point, plane) {
      const mean = image(state, state[name]);
      const distance = pixels(mean, point, plane);
      const isClose = distance < CLOSE;
      const towards = isClose ? end(state) : point;
      const length = Math.max(isClose ? 0 : lengthAt(distance), TINY);
      const seen = along(mean, towards, length / pixels(mean, towards, plane));
      return { [name]: withAxisEnd(state[name], index, source(state, seen), plane) };
    },
    spoken(state, plane) {
      const axes = state[name];
      const length = axes[2 + index];
      return {
        text: `length ${short(length)}, angle ${degrees(angleOf(axes, index))}`,
        now: length,
        min: 0,
        max: 2 * HALF_WIDTH * plane.scale,
      };
    },
  };
}

/**
 * The three handles of the Gaussian in a field: mean and ends of the semi-axes.
 *
 * @param {string} name
 * @param {PointMap} [image]  where a point of the state is seen
 * @param {PointMap} [source]  the point of the state that is seen there
 * @returns {HandleDefinition[]}
 */
export function gaussianHandles(name, image = (_, [x, y]) => [x, y], source = (_, point) => point) {
  return [
    meanHandle(name, image, source),
    axisHandle(name, 0, image, source),
    axisHandle(name, 1, image, source),
  ];
}
