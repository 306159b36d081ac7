/**
 * The state of `<gauss-fit>`: two bumps on the line and two in the plane, the weight of the first,
 * and among which Gaussians the nearest are looked for; and the fits that follow from it.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../closed-forms/mixture.js").Law} Law
 * @typedef {import("../closed-forms/mixture.js").Mixture} Mixture
 * @typedef {import("../closed-forms/mixture-fit.js").Family} Family
 * @typedef {import("../runtime/fields.js").State} State
 */
import { fromAxes } from "../closed-forms/gauss2d.js";
import { fits } from "../closed-forms/mixture-fit.js";
import { numbers, once, refuse } from "../runtime/fields.js";
import { between, EXPECTED } from "./ellipse.js";

export const [NARROWEST, WIDEST] = [0.3, 2];
export const FARTHEST = 4;
const LARGEST_ANGLE = 7;
const LIMITS = {
  narrowest: NARROWEST,
  widest: WIDEST,
  farthest: FARTHEST,
  largestAngle: LARGEST_ANGLE,
};

/**
 * The numbers of a bump, if they are legal: as many means as widths, and in the plane an angle.
 *
 * @param {string} name
 * @param {number[]} bump
 */
function checked(name, bump) {
  const dimension = bump.length >> 1;
  const isLegal = bump.every((value, k) => {
    if (k < dimension) return Math.abs(value) <= FARTHEST;
    if (k < 2 * dimension) return value >= NARROWEST && value <= WIDEST;
    return Math.abs(value) <= LARGEST_ANGLE;
  });
  const [widths, means] = [`${NARROWEST} ≤ sd ≤ ${WIDEST}`, `|mean| ≤ ${FARTHEST}`];
  return isLegal ? bump : refuse(name, `${widths}, ${means}, |angle| ≤ ${LARGEST_ANGLE}`, bump);
}

/**
 * The field of a bump on the line.
 *
 * @param {[number, number]} start
 */
export function lineBump(start) {
  return numbers("bump", "two numbers mean, sd", start, checked, LIMITS);
}

/**
 * The field of a bump in the plane.
 *
 * @param {Axes} start
 */
export function planeBump(start) {
  return { ...numbers("plane bump", EXPECTED, start, checked, LIMITS), between };
}

/**
 * Whether the bumps are those on the line.
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
 * The law of an ellipse.
 *
 * @param {Axes} axes
 * @returns {Law}
 */
function lawOf(axes) {
  const { mean, cov } = fromAxes(axes);
  const side = Math.sqrt(cov[0]);
  // The determinant is the square of the product of the semi-axes, without cancellation.
  return { mean, root: [side, cov[1] / side, (axes[2] * axes[3]) / side] };
}

/**
 * The weights of the two bumps. A bump without weight is not there.
 *
 * @param {State} state
 */
export function weightsOf({ w }) {
  return [w, 1 - w];
}

/**
 * The two bumps with their weights. What is on the line is taken for what is in the plane, with the
 * same unit bell across for all: no divergence notices that.
 *
 * @param {State} state
 * @returns {Mixture}
 */
export function mixtureOf(state) {
  const { p1, p2, plane_p1, plane_p2 } = state;
  const [w, rest] = weightsOf(state);
  /** @type {(bump: number[]) => Law} */
  const across = ([mean, sd]) => ({ mean: [mean, 0], root: [sd, 0, 1] });
  const [first, second] = isOnLine(state)
    ? [across(p1), across(p2)]
    : [lawOf(plane_p1), lawOf(plane_p2)];
  return [
    { law: first, weight: w },
    { law: second, weight: rest },
  ];
}

/**
 * The Gaussians among which the nearest are looked for.
 *
 * @param {State} state
 * @returns {Family}
 */
function familyOf(state) {
  const { family, width } = state;
  if (isOnLine(state)) return { free: family === "fixed" ? [0] : [0, 2], root: [width, 0, 1] };
  const free = { full: [0, 1, 2, 3, 4], aligned: [0, 1, 2, 4], fixed: [0, 1] };
  return { free: free[/** @type {keyof typeof free} */ (family)], root: [width, 0, width] };
}

/** The fits of a state. */
export const fitsOf = once((state) => fits(mixtureOf(state), familyOf(state)));

/**
 * The standard deviations of the coordinates of a law, and their correlation.
 *
 * @param {Law} law
 */
export function spreadOf({ root: [a, b, d] }) {
  const height = Math.hypot(b, d);
  return { sds: [a, height], correlation: b / height };
}

/**
 * The numbers of one fit, by their names.
 *
 * @param {State} state
 * @param {"cover" | "seek"} name
 * @param {Law} law
 */
function numbersOf(state, name, law) {
  const { sds, correlation } = spreadOf(law);
  const along = { [`mean_${name}`]: law.mean[0], [`sd_${name}`]: sds[0] };
  if (isOnLine(state)) return along;
  return {
    ...along,
    [`mean_${name}_y`]: law.mean[1],
    [`sd_${name}_y`]: sds[1],
    [`correlation_${name}`]: correlation,
  };
}

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
export function valuesOf(state) {
  const { covering, seeking } = fitsOf(state);
  const [best] = seeking;
  return {
    kl_pq: covering.kl_pq,
    kl_qp: best.kl_qp,
    kl_pq_seek: best.kl_pq,
    kl_qp_cover: covering.kl_qp,
    optima: seeking.length,
    ...numbersOf(state, "cover", covering.law),
    ...numbersOf(state, "seek", best.law),
  };
}
