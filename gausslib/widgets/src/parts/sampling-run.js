/**
 * A distance estimated from more and more samples, as a state of the figure asks for it, and the
 * chart that it is drawn in: sizes on a logarithmic axis, values on one that holds the estimates.
 *
 * @typedef {import("../closed-forms/estimators.js").Estimator} Estimator
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/plane.js").Point} Point
 *
 * @typedef {object} Estimate  from the first samples, with its standard error and 95 % interval
 * @property {number} size
 * @property {number} value
 * @property {number} error
 * @property {number} low
 * @property {number} high
 *
 * @typedef {object} Run
 * @property {Estimate[]} all  as far as the chart is made for
 * @property {Estimate[]} drawn  as far as samples have been drawn
 * @property {Estimate} last  of those that are drawn
 * @property {number} exact  the closed form
 * @property {boolean} isHit  whether the last interval contains the closed form
 * @property {boolean} isWeak  whether such intervals contain it too rarely
 *
 * @typedef {object} Chart
 * @property {[number, number]} range  of the values
 * @property {number[]} ticks  values that are marked
 * @property {(point: Point) => Point} toPixels  for a size and a value
 */
import { CLOSED_FORMS, coversTooRarely, runningEstimate } from "../closed-forms/estimators.js";
import { fromAxes } from "../closed-forms/gauss2d.js";
import { once } from "../runtime/fields.js";
import { roundUp } from "../runtime/plane.js";

/** The largest number of samples. */
export const MOST = 10000;
/** The chart is made for so many samples at least, and other seeds are shown no further. */
export const ENOUGH = 1000;
/** The sizes for which an estimate is drawn: forty for each factor of ten. */
const SIZES = [...new Set(Array.from({ length: 161 }, (_, k) => Math.round(10 ** (k / 40))))];
/** The sizes for which other seeds are shown: with all, their curves took most of a drag's time. */
const FEWER_SIZES = SIZES.filter((_, k) => k % 3 === 0);
/** The chart need not hold the estimates, with their bands, from fewer samples. */
const FIRST_HELD = 16;
/** The margins of the chart, in pixels. */
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 24, 56, 34];

/**
 * The run of a state through the sizes that are marked, and through its own.
 *
 * @param {State} state
 * @param {number[]} marks
 * @returns {Run}
 */
function compute({ estimator, n, seed, ...state }, marks) {
  /** @type {Estimator} */
  const kind = estimator;
  const p = fromAxes(state.p);
  const q = fromAxes(state.q);
  const before = marks.filter((size) => size < n);
  const after = marks.filter((size) => size > n && size <= ENOUGH);
  const all = runningEstimate(kind, p, q, seed, [...before, n, ...after]);
  const drawn = all.slice(0, before.length + 1);
  const last = drawn[before.length];
  const exact = CLOSED_FORMS[kind](p, q);
  const slack = 1e-9 * Math.abs(exact); // where all samples are equal, rounding is no miss
  const isHit = last.low - slack <= exact && exact <= last.high + slack;
  return { all, drawn, last, exact, isHit, isWeak: coversTooRarely(kind, p, q, n) };
}

/** The run of a state. */
export const runOf = once((state) => compute(state, SIZES));

/**
 * The runs with the next seeds.
 *
 * @param {State} state
 * @param {number} count
 */
export function otherRuns(state, count) {
  const n = Math.min(state.n, ENOUGH);
  return Array.from({ length: count }, (_, k) => {
    const seed = (state.seed + 1 + k) % 2 ** 32;
    return compute({ ...state, n, seed }, FEWER_SIZES);
  });
}

/**
 * The number of samples at a place of the chart.
 *
 * @param {number} u  in pixels
 * @param {number} width  of the chart
 */
export function sizeAt(u, width) {
  const decades = (Math.log10(MOST) * (u - LEFT)) / (width - LEFT - RIGHT);
  return Math.min(Math.max(Math.round(10 ** decades), 2), MOST);
}

/**
 * The chart that holds the run of a state.
 *
 * @param {State} state
 * @param {{width: number, height: number}} size  in pixels
 * @returns {Chart}
 */
export function chartOf(state, { width, height }) {
  const { all, exact } = runOf(state);
  const estimates = all.slice(FIRST_HELD).flatMap(({ value, low, high }) => [value, low, high]);
  const held = [exact, ...estimates].filter(Number.isFinite);
  const [least, most] = [Math.min(...held), Math.max(...held)];
  const span = Math.max(most - least, Math.abs(exact) / 100) || 1; // no picture of rounding errors
  const bottom = (least + most - span) / 2;
  const step = roundUp(span / 4, [1, 2, 5], Math.floor(Math.log10(span / 4)));
  const firstTick = Math.ceil(bottom / step);
  return {
    range: [bottom, bottom + span],
    ticks: [0, 1, 2, 3, 4]
      .map((k) => (firstTick + k) * step)
      .filter((value) => value <= bottom + span),
    toPixels([size, value]) {
      const across = ((width - LEFT - RIGHT) * Math.log10(size)) / Math.log10(MOST);
      const up = Math.min(Math.max((value - bottom) / span, 0), 1);
      return [LEFT + across, height - BOTTOM - up * (height - TOP - BOTTOM)];
    },
  };
}
