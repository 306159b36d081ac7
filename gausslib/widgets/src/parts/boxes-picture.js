/**
 * The picture of `<gauss-boxes>`: the boxes, what they share, their Gaussians, and arrows that show
 * where the chosen score would move and turn the first box.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import { cornersOf, ellipseOf, sharedCorners } from "../closed-forms/boxes2d.js";
import { arrows, ellipse, lines, outline, path } from "../runtime/draw.js";
import { has } from "../runtime/fields.js";
import { sizeOf, studyOf } from "./boxes-state.js";
import { letter, roomOfPlane, ticks } from "./words.js";

/** No arrow is longer than this part of half the window's width, however strong the pull. */
const LONGEST = 0.45;
/** The arrow of the turn is a part of a circle with this radius in pixels, about p's centre. */
const RADIUS = 30;
/** No turn is drawn by more than so many radians, and none by less than the second number. */
const [FARTHEST_TURN, LEAST_TURN] = [1.4, 0.1];
/** Of a pull of one over this the arrow is half as long as arrows ever are. */
const SHOWN = 3;
/** By so many radians that part of a circle stands beside the arrow of the way. */
const BESIDE = 2;
/** The length of the heads of arrows in pixels; that of a short arc is smaller. */
const HEAD = 9;

/**
 * A box, and its Gaussian in the size that the chosen score gives it.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {"p" | "q"} name
 */
function boxPicture(state, plane, name) {
  const isSeen = has(state.show, "gaussians");
  const law = isSeen ? ellipse(plane, ellipseOf(state[name], sizeOf(state)), "one") : "";
  return `<g class="${name}">${path(outline(plane, cornersOf(state[name])), "box")}${law}</g>`;
}

/**
 * What part of the longest arrow is drawn for a pull of any strength.
 *
 * @param {number} strength
 */
function seen(strength) {
  return (SHOWN * strength) / (1 + SHOWN * Math.abs(strength));
}

/**
 * The arrow of the way that p is pulled.
 *
 * @param {State} state
 * @param {Plane} plane
 */
function wayArrow(state, plane) {
  const { pull } = studyOf(state);
  const [x, y] = state.p;
  const strength = Math.hypot(pull.x, pull.y) * state.scale; // for a unit of way
  const length = strength && (LONGEST * plane.right * seen(strength) * state.scale) / strength;
  const tip = /** @type {Point} */ ([x + length * pull.x, y + length * pull.y]);
  return path(arrows(plane, [[[x, y], tip]], HEAD), "pull");
}

/**
 * The arrow of the turn, round the centre of p.
 *
 * @param {State} state
 * @param {Plane} plane
 */
function turnArrow(state, plane) {
  const { pull } = studyOf(state);
  const turn = FARTHEST_TURN * seen(pull.turn);
  if (Math.abs(turn) < LEAST_TURN) return "";
  const [x, y] = state.p;
  const middle = Math.atan2(pull.y, pull.x) + BESIDE;
  const radius = RADIUS / plane.unit;
  /** @type {(part: number) => Point} */
  const at = (part) => {
    const direction = middle + (part - 0.5) * turn;
    return [x + radius * Math.cos(direction), y + radius * Math.sin(direction)];
  };
  const length = RADIUS * Math.abs(turn);
  const head = Math.min(HEAD, length / 2);
  const neck = 1 - (1.2 * head) / length; // the chord to the tip is a little longer than the head
  const arc = lines(plane, [[0, 0.25, 0.5, 0.75, 1].map((part) => at(part * neck))]);
  return path(arc, "pull turn") + path(arrows(plane, [[at(neck), at(1)]], head), "pull");
}

/**
 * What makes the term that is pointed at: the way between the centres, or both Gaussians.
 *
 * @param {State} state
 * @param {View} view
 */
function overlay(state, { plane, lit }) {
  if (!lit) return "";
  const [p, q] = [state.p, state.q];
  const look = `overlay term-${lit.term}`;
  if (lit.term === "mean")
    return path(
      lines(plane, [
        [
          [p[0], p[1]],
          [q[0], q[1]],
        ],
      ]),
      look,
    );
  return [p, q].map((box) => ellipse(plane, ellipseOf(box, sizeOf(state)), look)).join("");
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 * @param {HandleDefinition[]} handles
 */
export function boxesPicture(state, view, handles) {
  const { plane } = view;
  const shared = sharedCorners(state.p, state.q);
  const room = roomOfPlane(plane, handles, state);
  const [[px, py], [qx, qy]] = [state.p, state.q];
  const said = [letter(room, plane, [px, py], "p"), letter(room, plane, [qx, qy], "q")];
  return [
    shared.length > 2 ? path(outline(plane, shared), "shared") : "",
    boxPicture(state, plane, "p"),
    boxPicture(state, plane, "q"),
    overlay(state, view),
    has(state.show, "arrows") ? wayArrow(state, plane) + turnArrow(state, plane) : "",
    ...said,
    ticks(room, plane),
  ].join("");
}
