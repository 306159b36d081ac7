/**
 * The chart of `<gauss-barycenter>`: how far each step of the fixed point moves the Gaussian, as a
 * share of its size, on a logarithmic scale. Where rounding ends the way, the line is level.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import { dots, lines, path } from "../runtime/draw.js";
import { shows } from "../runtime/fields.js";
import { MOST_STEPS, studyOf } from "./barycenter-study.js";
import { roomOf } from "./words.js";

/** The size of the chart, in pixels. */
const [WIDTH, HEIGHT] = [640, 200];
/** So many steps are drawn. */
const STEPS = 40;
/** The ends of the scale, as powers of ten: a step that moves nothing stands at the lower one. */
const [LOWEST, HIGHEST] = [-17, 0];
const { PI } = Math;

/**
 * Where the chart puts a step and the power of ten of its length.
 *
 * @param {{width: number, height: number}} size
 */
function placesOf({ width, height }) {
  return {
    /** @type {(point: Point) => Point} */
    toPixels: ([step, power]) => [
      48 + (step / STEPS) * (width - 60),
      26 + ((HIGHEST - power) / (HIGHEST - LOWEST)) * (height - 46),
    ],
  };
}

/**
 * What the steps tell, in words.
 *
 * @param {number} steps
 */
function told(steps) {
  if (steps === MOST_STEPS) return `After ${MOST_STEPS} steps it still moves by a millionth`;
  return `Step ${steps} moves it by less than a millionth of its size`;
}

/**
 * The chart of a state. Its letters keep their size, however wide the panel is shown.
 *
 * @param {State} state
 * @param {View} view
 */
function chart(state, { grain }) {
  const size = { width: WIDTH / grain, height: HEIGHT / grain };
  const places = placesOf(size);
  const { lengths, steps } = studyOf(state);
  const points = lengths
    .slice(0, STEPS)
    .map((length, k) => /** @type {Point} */ ([k + 1, Math.max(Math.log10(length), LOWEST)]));
  const rows = [0, -4, -8, -12, -16];
  const columns = [0, 10, 20, 30, 40];
  /** @type {Point[][]} */
  const grid = [
    ...rows.map((power) => [/** @type {Point} */ ([0, power]), /** @type {Point} */ ([STEPS, power])]),
    ...columns.map((step) => [
      /** @type {Point} */ ([step, LOWEST]),
      /** @type {Point} */ ([step, HIGHEST]),
    ]),
  ];
  const room = roomOf(size, []);
  const numbers = [
    ...rows.map((power) =>
      room.sayIfFree(places.toPixels([0, power]), "", power ? `10^${power}`.replace("-", "−") : "1", PI, 4),
    ),
    ...columns.map((step) =>
      room.sayIfFree(places.toPixels([step, LOWEST]), "", step ? `${step}` : "step 0", -PI / 2, 5),
    ),
  ];
  return [
    `<g transform="scale(${grain})">`,
    path(lines(places, grid), "grid"),
    path(lines(places, [points]), "barycentre way"),
    path(dots(places, points), "barycentre visited"),
    room.say([size.width, 4], "say", told(steps), -PI / 2, 2),
    `<g class="ticks">${numbers.join("")}</g>`,
    "</g>",
  ].join("");
}

/** @type {Panel} */
export const convergencePanel = {
  label: "How far each step of the fixed point moves the Gaussian",
  width: WIDTH,
  height: HEIGHT,
  draw: chart,
  when: shows("convergence"),
};
