/**
 * The state of `<gauss-geometries>`: two Gaussians on the line and two centred ones in the plane, a
 * time, and what follows: the shortest paths of W₂ and of Fisher and Rao, and the distances.
 *
 * @typedef {import("../closed-forms/fisher-rao.js").Shape} Shape
 * @typedef {import("../runtime/fields.js").State} State
 *
 * @typedef {"p" | "q"} Name
 * @typedef {"w2" | "fisher_rao"} Metric
 * @typedef {(t: number) => number[]} Path  mean and standard deviation at a time, or a shape
 *
 * @typedef {object} Study
 * @property {{[metric in Metric]: number}} distances
 * @property {{[metric in Metric]: Path}} paths
 * @property {[number, number]} ends  the times when W₂'s path comes to the edge, before p and
 *     after q
 */
import { lineGap, linePath, shapeGaps, shapePath } from "../closed-forms/fisher-rao.js";
import { fromAxes, geodesic, toAxes, transportMap, w2Distance } from "../closed-forms/gauss2d.js";
import { numbers, once, refuse } from "../runtime/fields.js";
import { between } from "./ellipse.js";

/** @type {Metric[]} */
export const METRICS = ["w2", "fisher_rao"];
/** How they are written. */
export const WRITTEN = { w2: "W₂", fisher_rao: "Fisher–Rao" };

/** Standard deviations on the line, and means: all paths between them are in the window. */
export const [NARROWEST, WIDEST, FARTHEST] = [0.001, 3.5, 3.8];
/** The longest semi-axis in the plane. */
export const LONGEST = 1.1;
const LARGEST_ANGLE = 7;
/** A path that never comes to the edge is followed for so long. */
const FOREVER = 60;

const LINE_LIMITS = { narrowest: NARROWEST, widest: WIDEST, farthest: FARTHEST };
const PLANE_LIMITS = { narrowest: NARROWEST, widest: LONGEST, largestAngle: LARGEST_ANGLE };

/**
 * Mean and standard deviation, if they are legal.
 *
 * @param {string} name
 * @param {number[]} law
 */
function checkedBell(name, law) {
  const [mean, sd] = law;
  const isLegal = Math.abs(mean) <= FARTHEST && sd >= NARROWEST && sd <= WIDEST;
  return isLegal ? law : refuse(name, `|mean| ≤ ${FARTHEST}, ${NARROWEST} ≤ sd ≤ ${WIDEST}`, law);
}

/**
 * Semi-axes and an angle, if they are legal.
 *
 * @param {string} name
 * @param {number[]} shape
 */
function checkedShape(name, shape) {
  const [s1, s2, angle] = shape;
  const isLegal =
    Math.min(s1, s2) >= NARROWEST &&
    Math.max(s1, s2) <= LONGEST &&
    Math.abs(angle) <= LARGEST_ANGLE;
  const axes = `semi-axes from ${NARROWEST} to ${LONGEST}`;
  return isLegal ? shape : refuse(name, `${axes}, |angle| ≤ ${LARGEST_ANGLE}`, shape);
}

/**
 * The field of a Gaussian on the line.
 *
 * @param {number[]} start
 */
export function bellField(start) {
  return numbers("point", "two numbers mean, sd", start, checkedBell, LINE_LIMITS);
}

/**
 * The field of a centred Gaussian in the plane.
 *
 * @param {Shape} start
 */
export function shapeField(start) {
  const expected = "three numbers semi_axis_1, semi_axis_2, angle";
  return {
    ...numbers("shape", expected, start, checkedShape, PLANE_LIMITS),
    between: (/** @type {Shape} */ from, /** @type {Shape} */ to, /** @type {number} */ part) =>
      between([0, 0, ...from], [0, 0, ...to], part).slice(2),
  };
}

/**
 * Whether the Gaussians are those on the line.
 *
 * @param {State} state
 */
export function isOnLine({ space }) {
  return space === "line";
}

/**
 * Whether they are those in the plane.
 *
 * @param {State} state
 */
export function isInPlane(state) {
  return !isOnLine(state);
}

/**
 * When a straight way is at the edge on which lengths grow by factors of these sizes.
 *
 * @param {number} least
 * @param {number} greatest
 * @returns {[number, number]}
 */
function endsOf(least, greatest) {
  return [
    greatest > 1 ? Math.max(1 / (1 - greatest), -FOREVER) : -FOREVER,
    least < 1 ? Math.min(1 / (1 - least), FOREVER) : FOREVER,
  ];
}

/**
 * What there is to know on the line.
 *
 * @param {State} state
 * @returns {Study}
 */
function lineStudy({ p, q }) {
  const [[m, s], [n, u]] = [p, q];
  const difference = (s * s - u * u) / (s + u);
  return {
    distances: { w2: Math.hypot(m - n, difference), fisher_rao: Math.SQRT2 * lineGap(p, q) },
    paths: {
      w2: (t) => [m + t * (n - m), (1 - t) * s + t * u],
      fisher_rao: linePath(p, q),
    },
    ends: endsOf(u / s, u / s),
  };
}

/**
 * What there is to know in the plane.
 *
 * @param {State} state
 * @returns {Study}
 */
function planeStudy({ plane_p, plane_q }) {
  const [p, q] = [plane_p, plane_q].map((shape) => fromAxes([0, 0, ...shape]));
  const gaps = shapeGaps(plane_p, plane_q);
  const [[a, b], [, d]] = transportMap(p, q);
  const spread = Math.hypot(a - d, 2 * b);
  return {
    distances: { w2: w2Distance(p, q), fisher_rao: Math.hypot(gaps.shape, gaps.size) },
    paths: {
      w2: (t) => toAxes(geodesic(p, q, t)).slice(2),
      fisher_rao: shapePath(plane_p, plane_q),
    },
    ends: endsOf((a + d - spread) / 2, (a + d + spread) / 2),
  };
}

/** All that the figure shows of a state. */
export const studyOf = once((state) => (isOnLine(state) ? lineStudy(state) : planeStudy(state)));

/**
 * How far in W₂ a Gaussian is from the nearest that has no width in some direction.
 *
 * @param {State} state
 * @param {Name} name
 */
export function edgeDistance(state, name) {
  const [, sd] = state[name];
  const [s1, s2] = state[`plane_${name}`];
  return isOnLine(state) ? sd : Math.min(s1, s2);
}

/**
 * The numbers of one path at the time of the state, by their names.
 *
 * @param {State} state
 * @param {Metric} metric
 */
function numbersOf(state, metric) {
  const place = studyOf(state).paths[metric](state.t);
  if (isOnLine(state)) return { [`mean_${metric}`]: place[0], [`sd_${metric}`]: place[1] };
  const [long, short] = place;
  return {
    [`semi_axis_1_${metric}`]: long,
    [`semi_axis_2_${metric}`]: short,
    [`area_${metric}`]: Math.PI * long * short,
  };
}

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
export function valuesOf(state) {
  const { w2, fisher_rao } = studyOf(state).distances;
  return {
    w2,
    fisher_rao,
    ...numbersOf(state, "w2"),
    ...numbersOf(state, "fisher_rao"),
    w2_to_edge_p: edgeDistance(state, "p"),
    w2_to_edge_q: edgeDistance(state, "q"),
  };
}
