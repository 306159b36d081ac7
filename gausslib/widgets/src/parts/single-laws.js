/**
 * What follows from the state of a figure of one Gaussian p: the law of y given x = x0, and the
 * point `at` as p measures it.
 *
 * @typedef {import("../runtime/fields.js").State} State
 */
import { conditional, fromAxes, logDensityTerms } from "../closed-forms/gauss2d.js";

/**
 * The law of y, given x = x0.
 *
 * @param {State} state
 */
export function lawGiven({ p, x0 }) {
  return conditional(fromAxes(p), x0);
}

/**
 * How much the conditional mean of y rises along one standard deviation of x.
 *
 * @param {State} state
 */
export function riseOf({ p }) {
  const [variance, covariance] = fromAxes(p).cov;
  return covariance / Math.sqrt(variance);
}

/**
 * How far the point is from the mean, in standard deviations.
 *
 * @param {State} state
 */
export function distanceOf({ p, at }) {
  return Math.sqrt(-2 * logDensityTerms(fromAxes(p), at).square);
}
