/**
 * The chart of `<procrustes-turn>`: the cost against the angle of Q, on both branches.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./words.js").Room} Room
 *
 * @typedef {object} Places  where the chart puts an angle and a cost
 * @property {(point: Point) => Point} toPixels
 */
import { label, lines, path } from "../runtime/draw.js";
import { once } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { degrees } from "./ellipse.js";
import { legalAngle, studyOf } from "./procrustes-study.js";
import { roomOf } from "./words.js";

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
 * The axes.
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
  return path(lines(places, [ground, upright]), "origin");
}

/**
 * A few angles below the axis.
 *
 * @param {Places} places
 * @param {Room} room
 */
function ticks(places, room) {
  const written = [-PI / 2, 0, PI / 2].map((angle) =>
    room.sayIfFree(places.toPixels([angle, 0]), "", degrees(angle), -PI / 2, 5),
  );
  return `<g class="ticks">${written.join("")}</g>`;
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
  const name = isReflections ? "of reflections" : "cost of rotations";
  return [line(places, curve, look), path(`M${left} 14h24`, look), label(left + 30, 18, name)].join(
    "",
  );
}

/** The costs of both branches of a state, its own branch first. */
const curvesOf = once((state) => {
  const { isMirrored, cost } = studyOf(state);
  return [isMirrored, !isMirrored].map((isReflections) =>
    ANGLES.map((angle) => /** @type {Point} */ ([angle, cost(angle, isReflections)])),
  );
});

/** @param {State} state */
function highestOf(state) {
  return Math.max(...curvesOf(state).flatMap((curve) => curve.map(([, height]) => height)));
}

/**
 * Where the chart puts an angle and a cost, in pixels of the screen.
 *
 * @param {State} state
 * @param {number} grain
 * @returns {Places}
 */
function placesOf(state, grain) {
  const highest = highestOf(state);
  const bottom = HEIGHT / grain - 24;
  return {
    toPixels: ([angle, height]) => [
      ((angle / PI + 1) * WIDTH) / (2 * grain),
      bottom - (height / highest) * (bottom - 42),
    ],
  };
}

/**
 * The chart of a state. Its letters keep their size, however wide the panel is shown.
 *
 * @param {State} state
 * @param {View} view
 */
function chart(state, { grain }) {
  const { angle } = state;
  const { isMirrored, bestIsMirrored, cost, least, excess } = studyOf(state);
  const [own, other] = curvesOf(state);
  const highest = highestOf(state);
  const places = placesOf(state, grain);

  /** @type {(from: number, height: number, term: string, word: string) => string} */
  function level(from, height, term, word) {
    /** @type {Point[]} */
    const ends = [
      [-PI, height],
      [PI, height],
    ];
    const corner = places.toPixels([from, height]);
    const angle = height > highest / 2 ? -PI / 4 : PI / 4;
    room.take([[corner[0] + width / 2, corner[1], width / 2, 1]]); // the line itself
    return (
      line(places, ends, `level term-${term}`) +
      room.say(corner, `say term-${term}`, `${word}: ${formatted(height)}`, angle, 4)
    );
  }

  /** @type {Point} */
  const now = [angle, cost()];
  const width = WIDTH / grain;
  const room = roomOf({ width, height: HEIGHT / grain }, [places.toPixels(now)]);
  room.take([[width / 2, 14, width / 2, 8]]); // the legend
  return [
    `<g transform="scale(${grain})">`,
    frame(places, highest),
    branch(places, own, isMirrored, false),
    branch(places, other, !isMirrored, true),
    bestIsMirrored && excess ? level(0, least + excess, "mirror", "best rotation") : "",
    level(-PI, least, "covariance", excess ? "least" : "least of both"),
    line(places, [now, [angle, least]], "drop"),
    ticks(places, room),
    "</g>",
  ].join("");
}

/**
 * The dot on the curve, which turns Q.
 *
 * @type {HandleDefinition}
 */
const dotHandle = {
  name: "angle of Q on the curve",
  look: "map centre",
  position(state, { unit }) {
    const [u, v] = placesOf(state, 1 / unit).toPixels([state.angle, studyOf(state).cost()]);
    return [u / unit, v / unit];
  },
  constrain: (_, [u]) => ({ angle: legalAngle((u / WIDTH) * 2 * PI - PI) }),
  spoken: ({ angle }) => ({ text: degrees(angle), now: angle, min: -PI, max: PI }),
};

/** @type {Panel} */
export const costPanel = {
  label: "The cost against the angle of Q, for rotations and reflections",
  width: WIDTH,
  height: HEIGHT,
  draw: chart,
  handles: [dotHandle],
};
