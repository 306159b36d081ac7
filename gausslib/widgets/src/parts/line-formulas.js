/**
 * The distances of two Gaussians on the line: the formulas beside the figure, as an integral or
 * taken apart, with the number of each term, and in words what makes it in the picture.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Formula} Formula
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 *
 * @typedef {{mean: number, logdet: number}} Terms
 */

import bhattacharyya from "formula:eq-bhattacharyya-1d";
import kl from "formula:eq-kl-1d";
import klDefinition from "formula:eq-kl-definition";
import overlap from "formula:eq-overlap-definition";
import renyi from "formula:eq-renyi-1d";
import variation from "formula:eq-variation-definition";
import w2 from "formula:eq-w2-1d";
import { lineDistances, lineTerms } from "../closed-forms/gauss1d.js";
import { endOfOrders, powersOf, renyiTerms } from "../closed-forms/powers1d.js";
import { has, once } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";

/** The numbers of the figure. */
export const distancesOf = once(({ p, q, alpha }) => ({
  ...lineDistances(p, q),
  ...powersOf(p, q, alpha),
}));

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
  (state) => Math.exp(-distancesOf(state).bhattacharyya),
  "Shaded: √(pq). Its area is BC; the Bhattacharyya distance is −log BC.",
);

/**
 * A divergence that is the logarithm of the shaded area, over a factor: what the means make of it,
 * and what the widths.
 *
 * @param {Formula} formula
 * @param {(state: State) => boolean} when
 * @param {(state: State) => Terms} termsOf
 * @param {(state: State) => number} factorOf
 * @param {string} over  the factor, in words
 * @param {(area: string, state: State) => string} [rest]
 * @returns {FormulaView}
 */
function logarithm(formula, when, termsOf, factorOf, over, rest) {
  /** @type {(state: State, divergence: number) => string} */
  const area = (state, divergence) => formatted(Math.exp(factorOf(state) * divergence));
  /** @type {(state: State) => number} */
  const whole = (state) => termsOf(state).mean + termsOf(state).logdet;
  return {
    formula,
    when,
    terms: termsOf,
    whole,
    captions: {
      mean: (state) =>
        `Mean: with q moved to p's mean the area is ${area(state, termsOf(state).logdet)} ` +
        `(dashed), now ${area(state, whole(state))}; the term is the log of that ratio${over}.`,
      logdet: (state) =>
        `Log-det: with q moved to p's mean (dashed) the area is ` +
        `${area(state, termsOf(state).logdet)}; the term is minus the logarithm${over}.`,
    },
    rest: rest && ((state) => rest(area(state, whole(state)), state)),
  };
}

const bhattacharyyaView = logarithm(
  bhattacharyya,
  isShown("bhattacharyya", true),
  (state) => termsOf(state).bhattacharyya,
  () => -1,
  "",
);

const variationDefinitionView = definition(
  variation,
  ({ distance }) => distance === "variation",
  (state) => distancesOf(state).total_variation,
  "Shaded: ½|p − q|, half of it where p > q, half where q > p.",
);

/**
 * Where the orders end, if D_α(p‖q) is not finite for all.
 *
 * @param {State} state
 */
function endTold({ p, q }) {
  const end = endOfOrders(p, q);
  if (end === Number.POSITIVE_INFINITY) return "";
  return ` It is infinite from α = ${formatted(end)} on.`;
}

const renyiView = logarithm(
  renyi,
  ({ distance }) => distance === "renyi",
  ({ p, q, alpha }) => renyiTerms(p, q, alpha),
  ({ alpha }) => alpha - 1,
  " over 1 − α",
  (area, state) =>
    `Shaded: pᵅq¹⁻ᵅ, with the area ${area}; the divergence is its logarithm over α − 1.` +
    `${endTold(state)} Dashed: g, the same with the area 1.`,
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
  renyiView,
  w2View,
];
