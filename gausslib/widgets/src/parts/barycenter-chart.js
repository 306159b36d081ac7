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
import { DRAWN_STEPS, MOST_STEPS, studyOf } from "./barycenter-study.js";
import { roomOf } from "./words.js";

/** The size of the chart, in pixels. */
const [WIDTH, HEIGHT] = [640, 200];
/** The ends of the scale, as powers of ten: a step that moves nothing stands at the lower one. */
const [LOWEST, HIGHEST] = [-18, 0];
/** The lines of the grid. */
const POWERS = [HIGHEST, -4, -8, -12, -16, LOWEST];
const MARKED = [0, 10, 20, 30, 40];
/** @type {{[power: number]: string}} */
const NAMES_OF_POWERS = {
  0: "1",
  "-4": "1e−4",
  "-8": "1e−8",
  "-12": "1e−12",
  "-16": "1e−16",
  "-18": "0",
};
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
      48 + (step / DRAWN_STEPS) * (width - 60),
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
  return `Step ${steps}: ${steps < MOST_STEPS ? "below" : "still above"} a millionth`;
}

/**
 * The grid, with its numbers.
 *
 * @param {ReturnType<typeof placesOf>} places
 * @param {ReturnType<typeof roomOf>} room
 */
function grid(places, room) {
  /** @type {(step: number, power: number, said: string, angle: number) => string} */
  const number = (step, power, said, angle) =>
    room.sayIfFree(places.toPixels([step, power]), "", said, angle, 5);
  /** @type {(from: Point, to: Point) => Point[]} */
  const line = (from, to) => [from, to];
  const rows = POWERS.map((power) => line([0, power], [DRAWN_STEPS, power]));
  const columns = MARKED.map((step) => line([step, LOWEST], [step, HIGHEST]));
  const numbers = [
    ...POWERS.map((power) => number(0, power, NAMES_OF_POWERS[power], PI)),
    ...MARKED.map((step) => number(step, LOWEST, step ? `${step}` : "step 0", -PI / 2)),
  ];
  const ticks = `<g class="ticks">${numbers.join("")}</g>`;
  return path(lines(places, [...rows, ...columns]), "grid") + ticks;
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
    .slice(0, DRAWN_STEPS)
    .map((length, k) => /** @type {Point} */ ([k + 1, Math.max(Math.log10(length), LOWEST)]));
  const room = roomOf(size, []);
  return [
    `<g transform="scale(${grain})">`,
    grid(places, room),
    path(lines(places, [points]), "barycentre way"),
    path(dots(places, points), "barycentre visited"),
    room.say([size.width / 2, 4], "say", told(steps), -PI / 2, 4),
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
