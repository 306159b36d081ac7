/**
 * The state of `<gauss-boxes>`: two turned rectangles in the plane, in pixels of an image; and the
 * scores of a state, with what the chosen one makes of the first box.
 *
 * @typedef {import("../closed-forms/boxes2d.js").Box} Box
 * @typedef {import("../closed-forms/boxes2d.js").Pull} Pull
 * @typedef {import("../runtime/fields.js").State} State
 */
import {
  ellipseOf,
  INSCRIBED,
  klPull,
  overlap,
  probiou,
  probiouOfDetectors,
  UNIFORM,
  w2Pull,
} from "../closed-forms/boxes2d.js";
import { fromAxes, klDivergence, w2Squared } from "../closed-forms/gauss2d.js";
import { numbers, once, refuse } from "../runtime/fields.js";
import { between } from "./ellipse.js";

const EXPECTED = "five numbers x, y, width, height, angle";
const LIMITS = { smallestSide: 1e-3, largestSide: 1e3, farthest: 1e3, smallestRatio: 1e-3 };
/** A ratio at its limit may be rounded: 0.0035/3.5 is a little less than 0.001. */
const SLACK = 1e-9;

/**
 * The numbers of a box, if they are legal.
 *
 * @param {string} name
 * @param {number[]} box
 */
function checked(name, box) {
  const [x, y, width, height, angle] = box;
  const { smallestSide, largestSide, farthest, smallestRatio } = LIMITS;
  const [least, most] = [Math.min(width, height), Math.max(width, height)];
  if (least < smallestSide || most > largestSide)
    refuse(name, `sides from ${smallestSide} to ${largestSide}`, box);
  if (least < smallestRatio * (1 - SLACK) * most)
    refuse(name, `sides with a ratio of at least ${smallestRatio}`, box);
  if (Math.max(...[x, y, angle].map(Math.abs)) > farthest)
    refuse(name, `a centre and an angle of at most ${farthest} in size`, box);
  return box;
}

/**
 * The field of a box.
 *
 * @param {Box} start
 */
export function boxField(start) {
  return { ...numbers("box", EXPECTED, start, checked, LIMITS), between };
}

/**
 * A box in pixels of the image.
 *
 * @param {number[]} box  in units
 * @param {number} scale  the pixels of a unit
 * @returns {Box}
 */
function inPixels([x, y, width, height, angle], scale) {
  return [x * scale, y * scale, width * scale, height * scale, angle];
}

/**
 * How the loss of the chosen score falls.
 *
 * @param {string} score
 * @param {Box} p
 * @param {Box} q
 * @param {{[score: string]: Pull}} known
 */
function chosenPull(score, p, q, known) {
  if (score === "gwd") return w2Pull(p, q);
  return score === "kld" ? klPull(p, q) : known[score];
}

/** All that the figure shows of a state; lengths are in pixels of the image. */
export const studyOf = once((state) => {
  const { score, scale } = state;
  const [p, q] = [inPixels(state.p, scale), inPixels(state.q, scale)];
  const laws = [p, q].map((box) => fromAxes(ellipseOf(box)));
  const uniform = [p, q].map((box) => fromAxes(ellipseOf(box, UNIFORM)));
  const overlapping = overlap(p, q);
  const likely = probiou(p, q);
  const known = { iou: overlapping.pull, probiou: likely.pull };
  return {
    p,
    q,
    laws,
    uniform,
    iou: overlapping.iou,
    gwd: w2Squared(laws[0], laws[1]),
    kld: klDivergence(laws[0], laws[1]),
    probiou: likely.probiou,
    pull: chosenPull(score, p, q, known),
  };
});

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
export function values(state) {
  const { p, q, iou, gwd, kld, probiou: likely, pull } = studyOf(state);
  const w2 = Math.sqrt(gwd);
  return {
    iou,
    w2,
    gwd,
    kld,
    probiou: likely,
    kld_eps: Math.max(kld, state.eps),
    probiou_eps: probiouOfDetectors(p, q, state.eps),
    w2_units: w2 / state.scale,
    gwd_loss: 1 - 1 / (1 + Math.log1p(w2)),
    pull_x: pull.x,
    pull_y: pull.y,
    pull_turn: pull.turn,
  };
}

/**
 * The size of the Gaussian that the chosen score gives to a box, in half sides.
 *
 * @param {State} state
 */
export function sizeOf({ score }) {
  return score === "probiou" ? UNIFORM : INSCRIBED;
}
