/**
 * The picture of `<procrustes-turn>`: both ellipses about one centre, the columns of X and YQ as
 * arrows, the squares whose areas add up to the cost, and a dial for Q.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./words.js").Room} Room
 */
import { turn } from "../closed-forms/orthogonal.js";
import { arrows, ellipse, lines, outline, path } from "../runtime/draw.js";
import { has } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { axisEnd } from "./ellipse.js";
import { bestEnds, meanTerm, shiftOf, studyOf } from "./procrustes-study.js";
import { ticks } from "./words.js";

const NAMES = /** @type {const} */ (["p", "q"]);
/** The dial's radius at scale 1, in a corner of the window. */
const RADIUS = 0.62;

/**
 * A point of the dial, from its coordinates where the dial is the unit circle.
 *
 * @param {Plane} plane
 * @param {number} [x]
 * @param {number} [y]
 * @returns {Point}
 */
export function onDial({ scale }, x = 0, y = 0) {
  return [(RADIUS * x - 3.1) * scale, (RADIUS * y + 1.85) * scale];
}

/**
 * The squares on the lines between the ends, each on the side away from the centre. Their areas add
 * up to the cost.
 *
 * @param {Plane} plane
 * @param {[Point, Point][]} pairs
 * @param {string} look
 */
function squares(plane, pairs, look) {
  const outlines = pairs.map(([[a, b], [c, d]]) => {
    const side = a * d > b * c ? 1 : -1;
    const [u, v] = [side * (d - b), side * (a - c)];
    return outline(plane, [
      [a, b],
      [c, d],
      [c + u, d + v],
      [a + u, b + v],
    ]);
  });
  return path(outlines.join(""), look);
}

/**
 * Arrows from the centre.
 *
 * @param {Plane} plane
 * @param {Point[]} ends
 * @param {string} look
 */
function fromCentre(plane, ends, look) {
  /** @type {Point} */
  const centre = [0, 0];
  /** @type {[Point, Point][]} */
  const spokes = ends.map((end) => [centre, end]);
  return path(arrows(plane, spokes, 9), look);
}

/**
 * What the lit term is made of.
 *
 * @param {State} state
 * @param {View} view
 */
function overlay(state, { plane, lit }) {
  if (!lit) return "";
  const look = `overlay term-${lit.term}`;
  if (lit.term === "mean") return fromCentre(plane, [shiftOf(state)], `${look} shaft`);
  const pairs = bestEnds(state, lit.term === "mirror");
  const fitted = pairs.map(([, end]) => end);
  return squares(plane, pairs, `${look} area`) + fromCentre(plane, fitted, `${look} thin shaft`);
}

/**
 * Letters just beyond the end of an arrow that has a length, and a little aside, by an angle.
 *
 * @param {Room} room
 * @param {Plane} plane
 * @param {Point} end
 * @param {"p" | "q"} name
 * @param {string} word
 * @param {number} aside
 */
function letterAt(room, plane, end, name, word, aside) {
  if (Math.hypot(...end) < 1e-6) return "";
  const angle = Math.atan2(end[1], end[0]) + aside;
  return room.say(plane.toPixels(end), `name ${name}`, word, angle, 4);
}

/**
 * The ellipse of p or q, or the line that it is at rank one.
 *
 * @param {Plane} plane
 * @param {Axes} axes
 * @param {0 | 1} side  whether it is p or q
 */
function shape(plane, axes, side) {
  const name = NAMES[side];
  const [u, v] = axisEnd(axes, 0);
  const drawn =
    axes[3] === 0
      ? path(
          lines(plane, [
            [
              [-u, -v],
              [u, v],
            ],
          ]),
          "one",
        )
      : ellipse(plane, axes, "one");
  return `<g class="${name}">${drawn}</g>`;
}

/**
 * The dial of Q: the images of the basis vectors. No words stand on it.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
function dial(state, plane, room) {
  const [[a, b], [c, d]] = turn(state.angle, studyOf(state).isMirrored);
  const centre = onDial(plane);
  const radius = RADIUS * plane.scale;
  const basis = arrows(plane, [
    [centre, onDial(plane, a, c)],
    [centre, onDial(plane, b, d)],
  ]);
  const [u, v] = plane.toPixels(centre);
  room.take([[u, v, radius * plane.unit, radius * plane.unit]]);
  return ellipse(plane, [...centre, radius, radius, 0], "dial") + path(basis, "map basis");
}

/**
 * The letters of the columns, of the ellipses and of the dial.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
function letters(state, plane, room) {
  const { axes, ends } = studyOf(state);
  const ofColumns = ends().flatMap(([x, y], index) => [
    letterAt(room, plane, x, "p", `x${"₁₂"[index]}`, -0.7),
    letterAt(room, plane, y, "q", `y${"₁₂"[index]}`, 0.7),
  ]);
  const ofEllipses = NAMES.map((name, side) => {
    const [u, v] = axisEnd(axes[side], axes[side][3] === 0 ? 0 : side);
    return letterAt(room, plane, [-u, -v], name, name, -0.7);
  });
  const belowDial = plane.toPixels(onDial(plane, 0, -1));
  const ofDial = room.say(belowDial, "name map", "Q", -Math.PI / 2, 1);
  return [...ofColumns, ...ofEllipses, ofDial].join("");
}

/**
 * How far the means are apart, which the picture leaves out.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
function distanceNote(state, plane, room) {
  const squaredDistance = meanTerm(state);
  if (!squaredDistance) return "";
  const note = `on one centre, ‖δ‖² = ${formatted(squaredDistance)} apart`;
  return room.say([plane.width, 0], "say", note);
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 * @param {Room} room
 */
export function procrustesPicture(state, view, room) {
  const { plane } = view;
  const { axes, ends } = studyOf(state);
  const pairs = ends();
  const endsOfX = pairs.map(([end]) => end);
  const endsOfYQ = pairs.map(([, end]) => end);
  return [
    shape(plane, axes[0], 0),
    shape(plane, axes[1], 1),
    has(state.show, "squares") ? squares(plane, pairs, "area-of-cost") : "",
    path(lines(plane, pairs), "joint"),
    fromCentre(plane, endsOfX, "p basis"),
    fromCentre(plane, endsOfYQ, "q basis"),
    overlay(state, view),
    dial(state, plane, room),
    distanceNote(state, plane, room), // the longest has the first choice
    letters(state, plane, room),
    ticks(room, plane),
  ].join("");
}
