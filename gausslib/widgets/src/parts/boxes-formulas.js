/**
 * The formulas of `<gauss-boxes>`: the distance behind the chosen score, term by term, and in words
 * what the score makes of the state.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 */
import bhattacharyya from "formula:eq-bhattacharyya";
import kl from "formula:eq-kl";
import w2 from "formula:eq-w2";
import { bhattacharyyaTerms, klTerms, w2Terms } from "../closed-forms/gauss2d.js";
import { has } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { studyOf } from "./boxes-state.js";

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
 * The numbers of a figure's formula, from two covariances.
 *
 * @template T
 * @param {"laws" | "uniform"} kind  which Gaussians stand for the boxes
 * @param {(p: any, q: any) => T} compute
 * @returns {(state: State) => T}
 */
function ofGaussians(kind, compute) {
  return (state) => {
    const [p, q] = studyOf(state)[kind];
    return compute(p, q);
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
 * Whether the box p is a square.
 *
 * @param {State} state
 */
function isSquare({ p: [, , width, height] }) {
  return width === height;
}

/**
 * What the chosen score makes of the state.
 *
 * @param {State} state
 */
export function remark(state) {
  const { iou, probiou, pull } = studyOf(state);
  const { score, eps } = state;
  const ofItself = 1 - Math.sqrt(eps - Math.expm1(-eps));
  const detectors = has(state.show, "detectors")
    ? ` With this ε, identical boxes have the ProbIoU ${formatted(ofItself)}.`
    : "";
  return `${told()}${detectors}`;

  /** The first sentence. */
  function told() {
    if (score === "iou") {
      if (iou === 0) return "The boxes do not meet: IoU is 0 all around, and nothing pulls at p.";
      return "Arrows: how p would move and turn for a larger IoU.";
    }
    if (isSquare(state))
      return "p is a square, its Gaussian round: no turn of p changes the score.";
    if (score === "probiou" && probiou === 1)
      return "The score is 1, where its loss is a root at 0 and has no gradient.";
    const isStill = pull.x === 0 && pull.y === 0 && pull.turn === 0;
    if (isStill) return "Nothing pulls at p: the distance is 0.";
    return "Arrows: how p would move and turn for a better score.";
  }
}
