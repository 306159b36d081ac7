/**
 * The conditional law and the log-density of one Gaussian p of the plane taken apart: the formulas
 * beside the figure, with the number of each term, and in words what makes it in the picture.
 *
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 */

import conditionalCovariance from "formula:eq-conditional-covariance";
import conditionalMean from "formula:eq-conditional-mean";
import logDensityFormula from "formula:eq-log-density";
import { fromAxes, logDensity, logDensityTerms, marginal } from "../closed-forms/gauss2d.js";
import { shows } from "../runtime/fields.js";
import { REST } from "../runtime/figure.js";
import { formatted } from "../runtime/format.js";
import { distanceOf, lawGiven, riseOf } from "./single-laws.js";

/** @type {FormulaView} */
const meanView = {
  formula: conditionalMean,
  when: shows("conditional"),
  terms: (state) => ({ marginal: state.p[1], regression: lawGiven(state).mean - state.p[1] }),
  whole: (state) => lawGiven(state).mean,
  rest: () => `Here J is x and K is y. ${REST}`,
  captions: {
    marginal: ({ p }) =>
      `Marginal: while x is not known, y has the mean ${formatted(p[1])} (the thick line).`,
    regression(state) {
      const distance = formatted(state.x0 - state.p[0]);
      const slope = formatted(riseOf(state) / marginal(fromAxes(state.p), 0).sd);
      return (
        `Regression: x is ${distance} from its mean, the line of conditional means rises by ` +
        `${slope} per unit; the term is the product.`
      );
    },
  },
};

/** @type {FormulaView} */
const varianceView = {
  formula: conditionalCovariance,
  when: shows("conditional"),
  terms: (state) => ({ marginal: fromAxes(state.p).cov[2], regression: riseOf(state) ** 2 }),
  whole: (state) => lawGiven(state).sd ** 2,
  captions: {
    marginal({ p }) {
      const deviation = formatted(marginal(fromAxes(p), 1).sd);
      return (
        `Marginal: while x is not known, y has the standard deviation ${deviation} ` +
        `(the bell on the left).`
      );
    },
    regression: (state) =>
      `Regression: along one standard deviation of x the line of conditional means rises by ` +
      `${formatted(riseOf(state))}; the square is the variance of y that x explains.`,
  },
};

/** @type {FormulaView} */
const densityView = {
  formula: logDensityFormula,
  when: shows("terms"),
  terms({ p, at }) {
    const { square, logdet, constant } = logDensityTerms(fromAxes(p), at);
    return { square: -square, logdet: -logdet, constant: -constant }; // the formula has the signs
  },
  whole: ({ p, at }) => logDensity(fromAxes(p), at),
  captions: {
    square: (state) =>
      `Square: p's ellipse, scaled by ${formatted(distanceOf(state))}, meets x (dashed); ` +
      `the term is half the square of that.`,
    logdet: ({ p }) =>
      `Log-det: p's ellipse has ${formatted(p[2] * p[3])} times the area of the dashed unit ` +
      `circle; the term is the logarithm of that ratio.`,
    constant: () =>
      `Constant: log 2π, whatever p is. The dashed unit circle's Gaussian has density 1/(2π) ` +
      `at its mean.`,
  },
};

export const singleFormulas = [meanView, varianceView, densityView];
