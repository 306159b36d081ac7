/**
 * The formulas of `<gauss-boxes>`: the distance behind the chosen score, term by term, and in words
 * what the score makes of the state.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian2} Gaussian2
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 * @typedef {import("../runtime/figure.js").Values} Values
 */
import bhattacharyya from "formula:eq-bhattacharyya";
import kl from "formula:eq-kl";
import w2 from "formula:eq-w2";
import { bhattacharyyaTerms, klTerms, w2Terms } from "../closed-forms/gauss2d.js";
import { has } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { studyOf } from "./boxes-state.js";

const NOTHING = 2e-15;
/** A loss that falls by less for a unit of way, or for a radian, pulls too weakly to be seen. */
const WEAK = 0.01;

/**
 * Whether a score is the chosen one, as a function of the state.
 *
 * @param {string} name
 * @returns {(state: State) => boolean}
 */
function isChosen(name) {
  return ({ score }) => score === name;
}

/**
 * The terms of a formula. What the rounding of sines leaves of them, where they should be 0, is 0.
 *
 * @param {"laws" | "uniform"} kind  which Gaussians stand for the boxes
 * @param {(p: Gaussian2, q: Gaussian2) => Values} termsOf
 * @returns {(state: State) => Values}
 */
function ofGaussians(kind, termsOf) {
  return (state) => {
    const [p, q] = studyOf(state)[kind];
    const terms = Object.entries(termsOf(p, q));
    return Object.fromEntries(terms.map(([name, x]) => [name, Math.abs(x) < NOTHING ? 0 : x]));
  };
}

/** @type {FormulaView[]} */
export const boxFormulas = [
  {
    formula: w2,
    when: isChosen("gwd"),
    terms: ofGaussians("laws", w2Terms),
    whole: (state) => studyOf(state).gwd,
    captions: {
      mean: () => "Mean: the square of the way between the centres, in pixels.",
      covariance: () => "Covariance: how far the sides are from one another, in square pixels.",
    },
    rest: () => "W₂² is in square pixels: a larger image makes it larger.",
  },
  {
    formula: kl,
    when: isChosen("kld"),
    terms: ofGaussians("laws", klTerms),
    whole: (state) => studyOf(state).kld,
    captions: {
      mean: () => "Mean: the way between the centres, measured with q's sides. No pixels are left.",
      trace: () => "Trace: p's sides, measured with those of q.",
      logdet: () => "Log-det: the logarithm of the ratio of the areas.",
    },
    rest: () => "KL measures with q's sides: it is the same in an image of any size.",
  },
  {
    formula: bhattacharyya,
    when: isChosen("probiou"),
    terms: ofGaussians("uniform", bhattacharyyaTerms),
    captions: {
      mean: () => "Mean: the way between the centres, measured with the mean covariance M.",
      logdet: () => "Log-det: how much larger M is than both covariances.",
    },
    rest: () => "ProbIoU is 1 − √(1 − exp(−BD)): a distance of 0 makes it 1.",
  },
];

/**
 * What pulls at p, in a sentence.
 *
 * @param {State} state
 */
function pullTold(state) {
  const { p, score, scale } = state;
  const { iou, pull } = studyOf(state);
  if (score === "iou" && iou === 0)
    return "The boxes do not meet: IoU is 0 all around, and nothing pulls at p.";
  const strength = Math.max(Math.hypot(pull.x, pull.y) * scale, Math.abs(pull.turn));
  if (score === "probiou" && iou === 0 && strength < WEAK)
    return "So far apart ProbIoU pulls too, but too weakly to be seen.";
  if (score !== "iou" && p[2] === p[3])
    return "p is a square and its Gaussian round: no turn of p changes the score.";
  if (strength < NOTHING) return "Nothing pulls at p here.";
  return "Arrows: how p would move and turn for a better score.";
}

/**
 * What is to be said of the state: what pulls at p, and what ε does to identical boxes.
 *
 * @param {State} state
 */
export function remark(state) {
  const { eps, show } = state;
  const ofItself = 1 - Math.sqrt(eps - Math.expm1(-eps));
  const detectors = ` With this ε identical boxes have a ProbIoU of ${formatted(ofItself)}.`;
  return pullTold(state) + (has(show, "detectors") ? detectors : "");
}
