/**
 * The picture of a distance estimated from more and more samples: the estimates with their band,
 * those with other seeds, and the closed form as a line.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Formula} Formula
 * @typedef {import("../runtime/figure.js").Lit} Lit
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./sampling-run.js").Chart} Chart
 * @typedef {import("./sampling-run.js").Run} Run
 */

import klDefinition from "formula:eq-kl-definition";
import klNonnegative from "formula:eq-kl-nonnegative";
import overlap from "formula:eq-overlap-definition";
import w2Mean from "formula:eq-w2-mean";
import { label, lines, outline, path, text } from "../runtime/draw.js";
import { shows } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { chartOf, ENOUGH, MOST, otherRuns, runOf } from "./sampling-run.js";

/**
 * What is estimated, as a mean of what, and the formula of it.
 *
 * @type {{[estimator: string]: {symbol: string, averaged: string, formula: Formula}}}
 */
export const ESTIMATORS = {
  kl_plain: { symbol: "KL(p‖q)", averaged: "log p/q", formula: klDefinition },
  kl_nonnegative: {
    symbol: "KL(p‖q)",
    averaged: "r − 1 − log r, r = q/p",
    formula: klNonnegative,
  },
  bhattacharyya: { symbol: "Bhattacharyya", averaged: "√(q/p)", formula: overlap },
  w2_squared: { symbol: "W₂²", averaged: "|x − Tx|²", formula: w2Mean },
};
/** So many other seeds are shown. */
const OTHERS = 20;
/** The sizes that are marked. */
const DECADES = [1, 10, 100, 1000, MOST];

/**
 * The level line of a value.
 *
 * @param {number} value
 * @returns {Point[]}
 */
function level(value) {
  return [
    [1, value],
    [MOST, value],
  ];
}

/**
 * A number of each estimate that is drawn, over the number of samples.
 *
 * @param {Run} run
 * @param {"value" | "low" | "high"} key
 * @returns {Point[]}
 */
function curve({ drawn }, key) {
  return drawn.map((estimate) => [estimate.size, estimate[key]]);
}

/**
 * The grid lines, at marked values and sizes.
 *
 * @param {Chart} chart
 */
function grid(chart) {
  const [bottom, top] = chart.range;
  /** @type {Point[][]} */
  const columns = DECADES.map((size) => [
    [size, bottom],
    [size, top],
  ]);
  return path(lines(chart, [...chart.ticks.map(level), ...columns]), "grid");
}

/**
 * The numbers at the grid lines.
 *
 * @param {Chart} chart
 */
function tickLabels(chart) {
  const values = chart.ticks.map((tick) => {
    const written = `${Number(tick.toPrecision(9))}`.replaceAll("-", "−");
    return text(chart, [1, tick], "", written, -6, 4, "end");
  });
  const sizes = DECADES.map((size) => {
    const written = size > 1 ? size : "n = 1";
    return text(chart, [size, chart.range[0]], "", written, 0, 16, "middle");
  });
  return `<g class="ticks" aria-hidden="true">${[...values, ...sizes].join("")}</g>`;
}

/**
 * Whether there is a band, of finite width.
 *
 * @param {Run} run
 */
function hasBand({ last }) {
  return last.error < Infinity;
}

/**
 * The area between the ends of the intervals. That of one sample is infinite.
 *
 * @param {Chart} chart
 * @param {Run} run
 */
function band(chart, run) {
  const [, ...low] = curve(run, "low");
  const [, ...high] = curve(run, "high");
  return path(outline(chart, [...low, ...high.reverse()]), "p band");
}

/**
 * What is said above the chart: whether the band contains the closed form, with this seed and with
 * others.
 *
 * @param {State} state
 * @param {Run} run
 * @param {Run[]} others
 */
function notes(state, run, others) {
  const { value, high } = run.last;
  if (!hasBand(run)) return ["Infinite variance: no band"];
  const verb = run.isHit ? "contains" : "misses";
  const said = [`${formatted(value)} ± ${formatted(high - value)} ${verb} the closed form`];
  if (others.length) {
    const count = others.filter(({ isHit }) => isHit).length;
    const where = state.n > ENOUGH ? ` at n = ${ENOUGH}` : "";
    said.push(`${count} of ${OTHERS} other bands contain it${where}`);
  }
  if (run.isWeak) said.push("Band too narrow: rare samples matter");
  return said;
}

/**
 * The chart as SVG.
 *
 * @param {State} state
 * @param {{width: number, height: number}} size  in pixels
 * @param {Lit} lit
 */
export function samplingChart(state, size, lit) {
  const run = runOf(state);
  const others = shows("others")(state) ? otherRuns(state, OTHERS) : [];
  const chart = chartOf(state, size);
  const { exact, last } = run;
  /** @type {Point[][]} */
  const estimates = [curve(run, "value")];
  if (hasBand(run))
    estimates.push([
      [last.size, last.low],
      [last.size, last.high],
    ]);
  const estimatePath = lines(chart, estimates);
  const name = `${ESTIMATORS[state.estimator].symbol} = ${formatted(exact)}`;
  return [
    grid(chart),
    ...others.map((other) =>
      path(lines(chart, [curve(other, "value")]), `other ${other.isHit ? "p" : "q"}`),
    ),
    hasBand(run) ? band(chart, run) : "",
    path(estimatePath, "p run"),
    path(lines(chart, [level(exact)]), "exact"),
    lit ? path(estimatePath, "overlay term-expectation") : "",
    tickLabels(chart),
    text(chart, [1, exact], "say", name, 6, -8),
    ...notes(state, run, others).map((line, row) =>
      label(size.width - 10, 17 + 16 * row, line, "say", "end"),
    ),
  ].join("");
}
