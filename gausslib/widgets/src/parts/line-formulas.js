/**
 * The distances of two Gaussians on the line: the formulas beside the figure, as an integral or
 * taken apart, with the number of each term, and in words what makes it in the picture.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Formula} Formula
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 */

import bhattacharyya from "formula:eq-bhattacharyya-1d";
import kl from "formula:eq-kl-1d";
import klDefinition from "formula:eq-kl-definition";
import overlap from "formula:eq-overlap-definition";
import variation from "formula:eq-variation-definition";
import w2 from "formula:eq-w2-1d";
import { lineDistances, lineTerms } from "../closed-forms/gauss1d.js";
import { has } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
export function distancesOf({ p, q }) {
  return lineDistances(p, q);
}

/**
 * The terms of the distances.
 *
 * @param {State} state
 */
function termsOf({ p, q }) {
  return lineTerms(p, q);
}

/**
 * What the exponents of the bells give of KL(p‖q).
 *
 * @param {State} state
 */
function squareTerm(state) {
  const { mean, trace } = termsOf(state).kl;
  return mean + trace;
}

/**
 * The area under √(pq).
 *
 * @param {State} state
 */
function overlapOf(state) {
  return Math.exp(-distancesOf(state).bhattacharyya);
}

/**
 * The area under √(pq) if the means were equal.
 *
 * @param {State} state
 */
function overlapAtOneMean(state) {
  return formatted(Math.exp(-termsOf(state).bhattacharyya.logdet));
}

/**
 * Whether a distance is drawn, and shown by its closed form or else by its definition, as a
 * function of the state.
 *
 * @param {string} name
 * @param {boolean} isClosedForm
 * @returns {(state: State) => boolean}
 */
function isShown(name, isClosedForm) {
  return ({ distance, show }) => distance === name && has(show, "terms") === isClosedForm;
}

/**
 * A definition as an integral, which is the shaded area.
 *
 * @param {Formula} formula
 * @param {(state: State) => boolean} when
 * @param {(state: State) => number} value
 * @param {string} caption
 * @returns {FormulaView}
 */
function definition(formula, when, value, caption) {
  return {
    formula,
    when,
    terms: (state) => ({ expectation: value(state) }),
    names: { expectation: "integral" },
    captions: { expectation: () => caption },
    rest: () => caption,
  };
}

const klDefinitionView = definition(
  klDefinition,
  isShown("kl", false),
  (state) => distancesOf(state).kl_pq,
  "Shaded: p log(p/q). KL(p‖q) is the area above the axis minus that below.",
);

/** @type {FormulaView} */
const klView = {
  formula: kl,
  when: isShown("kl", true),
  terms: (state) => ({ logdet: termsOf(state).kl.logdet, square: squareTerm(state) }),
  whole: (state) => distancesOf(state).kl_pq,
  captions: {
    logdet: (state) =>
      `Log-det: what the heights give: p, whose area is 1, times ` +
      `${formatted(termsOf(state).kl.logdet)}.`,
    square: (state) =>
      `Square: what the exponents give. The mean square of (x − μq)/σq is ` +
      `${formatted(2 * squareTerm(state) + 1)}; the term is half of it, minus ½.`,
  },
};

const overlapDefinitionView = definition(
  overlap,
  isShown("bhattacharyya", false),
  overlapOf,
  "Shaded: √(pq). Its area is BC; the Bhattacharyya distance is −log BC.",
);

/** @type {FormulaView} */
const bhattacharyyaView = {
  formula: bhattacharyya,
  when: isShown("bhattacharyya", true),
  terms: (state) => termsOf(state).bhattacharyya,
  whole: (state) => distancesOf(state).bhattacharyya,
  captions: {
    mean: (state) =>
      `Mean: with q moved to p's mean the area is ${overlapAtOneMean(state)} (dashed), ` +
      `now ${formatted(overlapOf(state))}; the term is the logarithm of that ratio.`,
    logdet: (state) =>
      `Log-det: with q moved to p's mean (dashed) the area is ${overlapAtOneMean(state)}; ` +
      `the term is minus the logarithm.`,
  },
};

const variationDefinitionView = definition(
  variation,
  ({ distance }) => distance === "variation",
  (state) => distancesOf(state).total_variation,
  "Shaded: ½|p − q|, half of it where p > q, half where q > p.",
);

/** @type {FormulaView} */
const w2View = {
  formula: w2,
  when: ({ distance }) => distance === "w2",
  terms: (state) => termsOf(state).w2,
  whole: (state) => distancesOf(state).w2 ** 2,
  captions: {
    mean(state) {
      const length = formatted(Math.sqrt(termsOf(state).w2.mean));
      const term = `the term is the square of the arrow's length ${length}.`;
      return `Mean: every point goes along; ${term}`;
    },
    covariance(state) {
      const length = formatted(Math.sqrt(termsOf(state).w2.covariance));
      return (
        `Covariance: with q moved to p's mean (dashed), what is z standard deviations out goes ` +
        `z times ${length}; the term is the mean of the squares.`
      );
    },
  },
  rest: () =>
    `The lines join the deciles, with their lengths. ` +
    `W₂² is the mean of the squares, over all quantiles.`,
};

export const lineFormulas = [
  klDefinitionView,
  klView,
  overlapDefinitionView,
  bhattacharyyaView,
  variationDefinitionView,
  w2View,
];
