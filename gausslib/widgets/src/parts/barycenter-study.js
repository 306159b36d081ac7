/**
 * What there is to know of a state of `<gauss-barycenter>`: the barycentre, what it is compared
 * with, and the way of the fixed point.
 *
 * @typedef {import("../runtime/fields.js").State} State
 *
 * @typedef {ReturnType<typeof studyOf>} Study
 */
import {
  barycenter,
  meanCovariance,
  mixtureMoments,
  stepLengths,
} from "../closed-forms/barycenter2d.js";
import { fromAxes, toAxes, w2Terms } from "../closed-forms/gauss2d.js";
import { numbers, once, refuse } from "../runtime/fields.js";

/** @typedef {"p1" | "p2" | "p3"} Name */
/** @type {Name[]} */
export const NAMES = ["p1", "p2", "p3"];
/** The names as they are written. */
export const WRITTEN = { p1: "p₁", p2: "p₂", p3: "p₃" };

/** A step that moves the Gaussian by less than this share of its size is small. */
export const SMALL = 1e-6;
/** More steps of the fixed point are not counted. */
export const MOST_STEPS = 400;
/** So many of them are drawn. */
export const DRAWN_STEPS = 40;
const LIMITS = { largest: 1e6, leastSum: 1e-6 };

/**
 * Weights, if they are legal.
 *
 * @param {string} name
 * @param {number[]} weights
 */
function checkedWeights(name, weights) {
  const { largest, leastSum } = LIMITS;
  const [least, most] = [Math.min(...weights), Math.max(...weights)];
  if (least < 0 || most > largest || weights.reduce((sum, weight) => sum + weight) < leastSum)
    refuse(name, `weights from 0 to ${largest} with a sum of at least ${leastSum}`, weights);
  return weights;
}

/**
 * The field of the weights, of which only the ratios count.
 *
 * @param {number[]} start
 */
export function weightsField(start) {
  return numbers("weights", "three weights w1, w2, w3", start, checkedWeights, LIMITS);
}

/**
 * The weights with sum 1.
 *
 * @param {State} state
 * @returns {number[]}
 */
export function sharesOf({ weights }) {
  const [w1, w2, w3] = weights;
  return [w1, w2, w3].map((weight) => weight / (w1 + w2 + w3));
}

/**
 * Whether the steps of the fixed point have come to a small one, and are as many as are drawn.
 *
 * @param {number[]} lengths
 */
function isEnough(lengths) {
  const { length } = lengths;
  return length === MOST_STEPS || (length >= DRAWN_STEPS && lengths[length - 1] < SMALL);
}

/** All that the figure shows of a state. */
export const studyOf = once((state) => {
  const shares = sharesOf(state);
  const laws = NAMES.map((name) => fromAxes(state[name]));
  const axes = barycenter(laws, shares);
  const law = fromAxes(axes);
  const terms = laws.map((each) => w2Terms(each, law));
  /** @type {(key: "mean" | "covariance") => number} */
  const least = (key) => terms.reduce((sum, term, i) => sum + shares[i] * term[key], 0);
  const lengths = stepLengths(laws, shares, isEnough);
  const small = lengths.findIndex((length) => length < SMALL);
  return {
    shares,
    axes,
    law,
    least: { mean: least("mean"), covariance: least("covariance") },
    average: toAxes({ mean: law.mean, cov: meanCovariance(laws, shares) }),
    mixture: toAxes(mixtureMoments(laws, shares)),
    lengths,
    steps: small < 0 ? MOST_STEPS : small + 1,
  };
});
