/**
 * The distances of two Gaussians in the plane taken apart: the formulas beside the figure, with the
 * number of each term, and in words what makes it in the picture.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian2} Gaussian2
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 */

import bhattacharyya from "formula:eq-bhattacharyya";
import kl from "formula:eq-kl";
import w2 from "formula:eq-w2";
import {
  bhattacharyyaTerms,
  distances,
  hellingerDistance,
  klTerms,
  toAxes,
  w2Terms,
} from "../closed-forms/gauss2d.js";
import { has } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { ofSeenPair } from "./affine-map.js";
import { axisEnd } from "./ellipse.js";
import { lengthIn, withMeanCovariance } from "./pair-overlay.js";

/** The numbers of the figure: the distances of p and q as they are seen. */
export const seenDistances = ofSeenPair((p, q) => ({
  ...distances(p, q),
  hellinger: hellingerDistance(p, q),
}));

/**
 * Whether a distance is taken apart, as a function of the state.
 *
 * @param {string} name
 * @returns {(state: State) => boolean}
 */
function isTakenApart(name) {
  return ({ show, formula }) => has(show, "terms") && formula === name;
}

/**
 * The product of the semi-axes, to which the area of the ellipse is proportional.
 *
 * @param {Gaussian2} law
 */
function areaOf(law) {
  const [, , s1, s2] = toAxes(law);
  return s1 * s2;
}

/** @type {FormulaView} */
const klView = {
  formula: kl,
  when: isTakenApart("kl"),
  terms: ofSeenPair((p, q) => {
    const terms = klTerms(p, q);
    // Of two equal areas the rounding of sines leaves a little, where the logarithm should be 0.
    return Math.abs(terms.logdet) < 2e-15 ? { ...terms, logdet: 0 } : terms;
  }),
  whole: (state) => seenDistances(state).kl_pq,
  captions: {
    mean: ofSeenPair((p, q) => {
      const scale = formatted(lengthIn(p.mean, q));
      return (
        `Mean: the dashed ellipse is q's, scaled by ${scale} to meet the other mean; ` +
        `the term is half the square of that.`
      );
    }),
    trace: ofSeenPair((p, q) => {
      const moved = toAxes({ ...p, mean: q.mean });
      const [a, b] = [0, 1].map((index) => formatted(lengthIn(axisEnd(moved, index), q)));
      return (
        `Trace: laid on q's ellipse and measured with it, p's semi-axes are a = ${a} ` +
        `and b = ${b} long; the term is ½(a² + b²) − 1.`
      );
    }),
    logdet: ofSeenPair((p, q) => {
      const ratio = formatted(areaOf(q) / areaOf(p));
      return (
        `Log-det: q's ellipse has ${ratio} times the area of p's; ` +
        `the term is the logarithm of that ratio.`
      );
    }),
  },
};

/** @type {FormulaView} */
const bhattacharyyaView = {
  formula: bhattacharyya,
  when: isTakenApart("bhattacharyya"),
  terms: ofSeenPair(bhattacharyyaTerms),
  whole: (state) => seenDistances(state).bhattacharyya,
  captions: {
    mean: ofSeenPair((p, q) => {
      const scale = formatted(lengthIn(p.mean, withMeanCovariance(p, q)));
      return (
        `Mean: the dashed ellipse is that of the mean covariance M, scaled by ${scale} ` +
        `to meet the other mean; the term is an eighth of the square of that.`
      );
    }),
    logdet: ofSeenPair((p, q) => {
      const middle = areaOf(withMeanCovariance(p, q));
      const ratio = formatted(middle / Math.sqrt(areaOf(p) * areaOf(q)));
      return (
        `Log-det: the ellipse of M in the middle has ${ratio} times the geometric mean ` +
        `of the two areas; the term is the logarithm of that ratio.`
      );
    }),
  },
};

/** @type {FormulaView} */
const w2View = {
  formula: w2,
  when: isTakenApart("w2"),
  terms: ofSeenPair(w2Terms),
  whole: (state) => seenDistances(state).w2 ** 2,
  captions: {
    mean: ofSeenPair((p, q) => {
      const length = formatted(Math.sqrt(w2Terms(p, q).mean));
      const term = `the term is the square of the arrow's length ${length}.`;
      return `Mean: every point goes along; ${term}`;
    }),
    covariance: () =>
      `Covariance: laid on p, q's ellipse is dashed; the arrows take the points of p into it; ` +
      `the term is the mean of the squares.`,
  },
};

export const pairFormulas = [klView, bhattacharyyaView, w2View];
