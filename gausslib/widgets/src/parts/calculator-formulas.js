/**
 * The numbers of the calculator, and its distances taken apart: the formulas beside the boxes, with
 * the number of each term and what that says of the two Gaussians.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Formula} Formula
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 *
 * @typedef {object} TermCaption  a sentence about a term, with a number in it
 * @property {string} before
 * @property {(value: number) => number} shown  what is said instead of the number of the term
 * @property {string} after
 */

import bhattacharyya from "formula:eq-bhattacharyya";
import kl from "formula:eq-kl";
import w2 from "formula:eq-w2";
import { valuesOf } from "../closed-forms/gaussnd.js";
import { has, once } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";

/**
 * That a field has another dimension than the mean of p, in words, or "".
 *
 * @param {State} state
 * @param {string} name
 */
export function dimensionFault(state, name) {
  const own = state[name].length;
  const first = state.p_mean.length;
  if (own === first) return "";
  return `This has the dimension ${own}, but the mean of p has ${first}.`;
}

/**
 * The distances and their terms, or nothing if a dimension differs.
 *
 * @param {State} state
 * @returns {{[name: string]: number}}
 */
function compute(state) {
  const others = ["p_cov", "q_mean", "q_cov"];
  if (others.some((name) => dimensionFault(state, name))) return {};
  const p = { mean: state.p_mean, cov: state.p_cov };
  const q = { mean: state.q_mean, cov: state.q_cov };
  return valuesOf(p, q);
}

/** The distances and their terms; none while the dimensions differ. */
export const calculatorValues = once(compute);

/**
 * What a caption says of the number of its term.
 *
 * @param {TermCaption} caption
 * @param {number} value
 */
function sentence({ before, shown, after }, value) {
  return value === Infinity
    ? "Infinite: the supports of p and q differ."
    : `${before} ${formatted(shown(value))} ${after}`;
}

/**
 * A distance taken apart. Its key among the values begins with its word in the field `formula`, and
 * those of its terms begin with its key.
 *
 * @param {Formula} formula
 * @param {string} key
 * @param {{[term: string]: TermCaption}} captions
 * @returns {FormulaView}
 */
function takenApart(formula, key, captions) {
  /** @type {(state: State, term: string) => number} */
  const numberOf = (state, term) => calculatorValues(state)[`${key}_${term}`];
  const terms = Object.entries(captions);
  return {
    formula,
    when: ({ show, formula: chosen }) => has(show, "terms") && key.startsWith(chosen),
    terms: (state) => Object.fromEntries(terms.map(([term]) => [term, numberOf(state, term)])),
    whole: (state) => calculatorValues(state)[key] ** (key === "w2" ? 2 : 1),
    captions: Object.fromEntries(
      terms.map(([term, caption]) => [term, (state) => sentence(caption, numberOf(state, term))]),
    ),
  };
}

const klView = takenApart(kl, "kl_pq", {
  mean: {
    before: "Mean: the means are",
    shown: (value) => Math.sqrt(2 * value),
    after: "standard deviations of q apart; the term is half of the square.",
  },
  trace: {
    before: "Trace: with q as the unit, the variances of p exceed those of q by",
    shown: (value) => 2 * value,
    after: "in all; the term is half of that.",
  },
  logdet: {
    before: "Log-det: q's ellipsoid has",
    shown: Math.exp,
    after: "times the volume of p's; the term is the logarithm.",
  },
});

const bhattacharyyaView = takenApart(bhattacharyya, "bhattacharyya", {
  mean: {
    before: "Mean: the means are",
    shown: (value) => Math.sqrt(8 * value),
    after:
      "standard deviations of M, the mean of both covariances, apart; " +
      "the term is an eighth of the square.",
  },
  logdet: {
    before: "Log-det: the ellipsoid of M has",
    shown: Math.exp,
    after: "times the geometric mean of the two volumes; the term is the logarithm.",
  },
});

const w2View = takenApart(w2, "w2", {
  mean: {
    before: "Mean: the means are",
    shown: Math.sqrt,
    after: "apart; the term is the square.",
  },
  covariance: {
    before: "Covariance: with the means brought together, the optimal transport moves points by",
    shown: Math.sqrt,
    after: "in root mean square; the term is the square.",
  },
});

export const calculatorFormulas = [klView, bhattacharyyaView, w2View];

/**
 * Per cent, with two digits.
 *
 * @param {number} share
 */
function percent(share) {
  return Number((100 * share).toPrecision(2));
}

/**
 * What the Bhattacharyya distance means to somebody who must tell p from q: the distance of two
 * unit bells with the same one, its bounds for the best guess at even odds, and how many points
 * bring the upper bound below a hundredth.
 *
 * @param {State} state
 */
export function meaning(state) {
  const { bhattacharyya: distance } = calculatorValues(state);
  if (Number.isNaN(distance ?? Number.NaN)) return "";
  if (distance === 0) return "p and q are one law: no number of points tells them apart.";
  if (distance === Number.POSITIVE_INFINITY) return "One point tells p from q for sure.";
  const overlap = Math.exp(-distance);
  const least = percent((overlap * overlap) / (2 * (1 + Math.sqrt(-Math.expm1(-2 * distance)))));
  const apart = formatted(Math.sqrt(8 * distance));
  const points = formatted(Math.ceil(Math.log(50) / distance)).replace(/\.0+$/, "");
  return (
    `As hard to tell apart as two unit bells whose means are ${apart} apart: the best guess ` +
    `which of the two a point is from, at even odds, fails in about ${least} to ` +
    `${percent(overlap / 2)} % of all cases; from ${points} points, in at most 1 %.`
  );
}
