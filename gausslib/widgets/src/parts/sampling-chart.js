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
 * @typedef {import("./words.js").Room} Room
 */

import klDefinition from "formula:eq-kl-definition";
import klNonnegative from "formula:eq-kl-nonnegative";
import overlap from "formula:eq-overlap-definition";
import w2Mean from "formula:eq-w2-mean";
import { lines, outline, path } from "../runtime/draw.js";
import { shows } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { chartOf, ENOUGH, MOST, otherRuns, runOf } from "./sampling-run.js";
import { roomOf } from "./words.js";

/**
 * What is estimated, as a mean of what, and the formula of it.
 *
 * @type {{[estimator: string]: {symbol: string, averaged: string, formula: Formula}}}
 */
export const ESTIMATORS = {
  kl_plain: { symbol: "KL(p‖q)", averaged: "log p/q", formula: klDefinition },
  kl_nonnegative: {
    symbol: "KL(p‖q)",
    averaged: "q/p − 1 − log q/p",
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
 * A value at a grid line, short enough for the margin.
 *
 * @param {number} tick
 */
function valueAt(tick) {
  const value = Number(tick.toPrecision(9));
  const plain = `${value}`;
  const said = plain.length > 7 ? value.toExponential().replace("e+", "e") : plain;
  return said.replaceAll("-", "−");
}

/**
 * The numbers at the grid lines.
 *
 * @param {Chart} chart
 * @param {Room} room
 */
function tickLabels(chart, room) {
  const { PI } = Math;
  const values = chart.ticks.map((tick) =>
    room.sayIfFree(chart.toPixels([1, tick]), "", valueAt(tick), PI, 4),
  );
  const sizes = DECADES.map((size) => {
    const said = size > 1 ? `${size}` : "n = 1";
    return room.sayIfFree(chart.toPixels([size, chart.range[0]]), "", said, -PI / 2, 6);
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
  const head = chart.toPixels([last.size, last.value]);
  const room = roomOf(size, [head]);
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
    ...notes(state, run, others).map((line, row) =>
      room.say([size.width, 4 + 16 * row], "say", line, -Math.PI / 2, 2),
    ),
    room.say(chart.toPixels([1, exact]), "say", name, Math.PI / 4, 4),
    tickLabels(chart, room),
  ].join("");
}
