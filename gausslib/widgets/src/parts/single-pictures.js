/**
 * What is drawn with one Gaussian p of the plane: its marginal and conditional laws as bells, and
 * the picture of a term that is pointed at.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian1} Gaussian1
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian2} Gaussian2
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./words.js").Room} Room
 */

import conditionalMean from "formula:eq-conditional-mean";
import { fromAxes, marginal } from "../closed-forms/gauss2d.js";
import { arrows, ellipse, lines, outline, path } from "../runtime/draw.js";
import { formatted } from "../runtime/format.js";
import { HALF_HEIGHT, HALF_WIDTH } from "../runtime/plane.js";
import { distanceOf, lawGiven, riseOf } from "./single-laws.js";

/** The handle of x0 is this part of the way up to the edge of the window. */
export const HANDLE_HEIGHT = 0.88;

/**
 * @callback Placing  the point at a height of the bell over a value
 * @param {number} value
 * @param {number} height
 * @returns {Point}
 */

/**
 * The bell of a law. All bells have the same area, but none is higher than a bound.
 *
 * @param {Plane} plane
 * @param {Gaussian1} law
 * @param {Placing} place
 */
function bell(plane, { mean, sd }, place) {
  const peak = plane.scale * Math.min((0.6 * plane.scale) / sd, 1.4);
  const points = Array.from({ length: 57 }, (_, index) => {
    const z = index / 8 - 3.5;
    return place(mean + z * sd, peak * Math.exp((-z * z) / 2));
  });
  return outline(plane, points);
}

/**
 * The bell of x on the lower edge.
 *
 * @param {Plane} plane
 * @param {Gaussian2} p
 */
function bellOfX(plane, p) {
  const bottom = HALF_HEIGHT * plane.scale;
  return bell(plane, marginal(p, 0), (x, height) => [x, height - bottom]);
}

/**
 * The bell of y on the left edge.
 *
 * @param {Plane} plane
 * @param {Gaussian2} p
 */
function bellOfY(plane, p) {
  const left = HALF_WIDTH * plane.scale;
  return bell(plane, marginal(p, 1), (y, height) => [height - left, y]);
}

/**
 * The two marginal laws.
 *
 * @param {Plane} plane
 * @param {Gaussian2} p
 */
export function marginals(plane, p) {
  return path(bellOfX(plane, p) + bellOfY(plane, p), "p one");
}

/**
 * The law of y given x: the line of its means, and its bell at x0 with its numbers.
 *
 * @param {State} state
 * @param {Plane} plane
 */
export function conditionalLaw(state, plane) {
  const { x0 } = state;
  const [right, top] = [HALF_WIDTH * plane.scale, HALF_HEIGHT * plane.scale];
  const law = lawGiven(state);
  /** @type {Point[]} */
  const means = [-right, right].map((x) => [x, lawGiven({ ...state, x0: x }).mean]);
  /** @type {Point[]} */
  const ordinate = [
    [x0, -top],
    [x0, top],
  ];
  const side = x0 > 0.6 * right ? -1 : 1; // the bell stays in the window
  return (
    path(lines(plane, [means, ordinate]), "given basis") +
    path(
      bell(plane, law, (y, height) => [x0 + side * height, y]),
      "given one",
    )
  );
}

/**
 * The numbers of the law of y given x, beside the handle of x0.
 *
 * @param {Room} room
 * @param {State} state
 * @param {Plane} plane
 */
export function lawNote(room, state, plane) {
  const { mean, sd } = lawGiven(state);
  const said = `mean ${formatted(mean)}, sd ${formatted(sd)}`;
  const handle = plane.toPixels([state.x0, HANDLE_HEIGHT * HALF_HEIGHT * plane.scale]);
  return room.say(handle, "say gauss-number", said, state.x0 > 0 ? Math.PI : 0);
}

/**
 * A line between two points.
 *
 * @param {Plane} plane
 * @param {Point} from
 * @param {Point} to
 * @param {string} look
 */
function line(plane, from, to, look) {
  return path(lines(plane, [[from, to]]), look);
}

/**
 * An arrow between two points.
 *
 * @param {Plane} plane
 * @param {Point} from
 * @param {Point} to
 * @param {string} look
 */
function arrow(plane, from, to, look) {
  return path(arrows(plane, [[from, to]], 14), `${look} shaft`);
}

/**
 * A term of the log-density: p's ellipse scaled to meet the point, or its area beside that of the
 * unit circle, or that circle alone.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {"square" | "logdet" | "constant"} term
 * @param {string} look
 */
function densityOverlay(state, plane, term, look) {
  const [x, y] = state.p;
  if (term === "square") {
    const scaled = ellipse(plane, state.p, `${look} thin`, distanceOf(state));
    return scaled + arrow(plane, [x, y], state.at, look);
  }
  const area = term === "logdet" ? ellipse(plane, state.p, `${look} area`) : "";
  return area + ellipse(plane, [x, y, 1, 1, 0], `${look} thin`);
}

/**
 * A term of the conditional mean: the mean of y as it is without x, up to x0, or what x adds there.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {string} term
 * @param {string} look
 */
function meanOverlay(state, plane, term, look) {
  const { p, x0 } = state;
  const [x, y] = p;
  if (term === "marginal") return line(plane, [x, y], [x0, y], look);
  const aside = x0 - 12 / plane.unit; // the line at x0 itself has the same colour
  return (
    line(plane, [x, y], [x0, y], `${look} thin`) +
    arrow(plane, [aside, y], [aside, lawGiven(state).mean], look)
  );
}

/**
 * A term of the conditional variance: the bell of y as it is without x, or how far the conditional
 * mean rises along one standard deviation of x.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {string} term
 * @param {string} look
 */
function varianceOverlay(state, plane, term, look) {
  const p = fromAxes(state.p);
  if (term === "marginal") return path(bellOfY(plane, p), `${look} area`);
  const [x, y] = p.mean;
  const end = x + marginal(p, 0).sd;
  return (
    line(plane, [x, y], [end, y], `${look} thin`) +
    arrow(plane, [end, y], [end, y + riseOf(state)], look)
  );
}

/**
 * What the lit term is made of.
 *
 * @param {State} state
 * @param {View} view
 */
export function overlay(state, { plane, lit }) {
  if (!lit) return "";
  const { formula, term } = lit;
  const look = `overlay term-${term}`;
  if (term === "square" || term === "logdet" || term === "constant")
    return densityOverlay(state, plane, term, look);
  return formula === conditionalMean.key
    ? meanOverlay(state, plane, term, look)
    : varianceOverlay(state, plane, term, look);
}
