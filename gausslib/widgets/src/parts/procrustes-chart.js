/**
 * The chart of `<procrustes-turn>`: the cost against the angle of Q, on both branches.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 *
 * @typedef {object} Places  where the chart puts an angle and a cost
 * @property {(point: Point) => Point} toPixels
 */
import { dots, label, lines, path, text } from "../runtime/draw.js";
import { formatted } from "../runtime/format.js";
import { degrees } from "./ellipse.js";
import { studyOf } from "./procrustes-study.js";

const { PI } = Math;
/** The size of the chart, in pixels. */
const [WIDTH, HEIGHT] = [640, 250];
/** Where curves have points. */
const ANGLES = Array.from({ length: 97 }, (_, index) => (index / 48 - 1) * PI);

/**
 * A line through points of the chart.
 *
 * @param {Places} places
 * @param {Point[]} points
 * @param {string} look
 */
function line(places, points, look) {
  return path(lines(places, [points]), look);
}

/**
 * The axes, with a few angles.
 *
 * @param {Places} places
 * @param {number} highest
 */
function frame(places, highest) {
  /** @type {Point[]} */
  const ground = [
    [-PI, 0],
    [PI, 0],
  ];
  /** @type {Point[]} */
  const upright = [
    [0, 0],
    [0, highest],
  ];
  const ticks = [-PI / 2, 0, PI / 2].map((angle) =>
    text(places, [angle, 0], "length", degrees(angle), 0, 17),
  );
  const axes = path(lines(places, [ground, upright]), "origin");
  return `${axes}<g class="ticks">${ticks.join("")}</g>`;
}

/**
 * The curve of a branch, with its name in the legend. The other branch than the one of Q is dashed,
 * and drawn on top: where the curves are one, both are seen.
 *
 * @param {Places} places
 * @param {Point[]} curve
 * @param {boolean} isReflections
 * @param {boolean} isOther
 */
function branch(places, curve, isReflections, isOther) {
  const look = isOther ? "mixture" : "bell map";
  const left = isReflections ? 175 : 10;
  const name = isReflections ? "reflections" : "rotations";
  return [
    line(places, curve, look),
    path(`M${left} 14h24`, look),
    label(left + 30, 18, `cost of ${name}`),
  ].join("");
}

/**
 * The chart of a state. Its letters keep their size, however wide the panel is shown.
 *
 * @param {State} state
 * @param {View} view
 */
function chart(state, { plane: { width } }) {
  const { angle } = state;
  const { isMirrored, bestIsMirrored, cost, least, excess } = studyOf(state);
  const grain = WIDTH / width;
  const bottom = HEIGHT / grain - 24;
  /** @type {(isReflections: boolean) => Point[]} */
  const curveOf = (isReflections) => ANGLES.map((at) => [at, cost(at, isReflections)]);
  const own = curveOf(isMirrored);
  const other = curveOf(!isMirrored);
  const highest = Math.max(...[...own, ...other].map(([, height]) => height));
  /** @type {Places} */
  const places = {
    toPixels: ([at, height]) => [
      ((at / PI + 1) * width) / 2,
      bottom - (height / highest) * (bottom - 42),
    ],
  };

  /** @type {(from: number, height: number, term: string, word: string) => string} */
  function level(from, height, term, word) {
    /** @type {Point[]} */
    const ends = [
      [-PI, height],
      [PI, height],
    ];
    const below = height > highest / 2 ? 16 : -5;
    return (
      line(places, ends, `level term-${term}`) +
      text(places, [from, height], `say term-${term}`, `${word}: ${formatted(height)}`, 8, below)
    );
  }

  /** @type {Point[]} */
  const drop = [
    [angle, cost()],
    [angle, least],
  ];
  return [
    `<g transform="scale(${grain})">`,
    frame(places, highest),
    branch(places, own, isMirrored, false),
    branch(places, other, !isMirrored, true),
    bestIsMirrored && excess ? level(0, least + excess, "mirror", "best rotation") : "",
    level(-PI, least, "covariance", excess ? "least" : "least of both"),
    line(places, drop, "drop"),
    path(dots(places, [[angle, cost()]]), "head map"),
    "</g>",
  ].join("");
}

/** @type {Panel} */
export const costPanel = {
  label: "The cost against the angle of Q, for rotations and reflections",
  width: WIDTH,
  height: HEIGHT,
  draw: chart,
};
