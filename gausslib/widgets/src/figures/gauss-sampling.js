/**
 * `<gauss-sampling>`: a distance of two Gaussians estimated from samples of p, as more and more are
 * drawn, with its 95 % band and the closed form.
 *
 * Fields: p, q; estimator; seed; n (how many samples are drawn); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Control} Control
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/figure.js").View} View
 */
import { samplePoints } from "../closed-forms/estimators.js";
import { fromAxes } from "../closed-forms/gauss2d.js";
import { gaussian, gaussianHandles, reach } from "../parts/ellipse.js";
import { ESTIMATORS, samplingChart } from "../parts/sampling-chart.js";
import { chartOf, MOST, runOf, sizeAt } from "../parts/sampling-run.js";
import { letter, roomOfPlane, ticks } from "../parts/words.js";
import { dots, gaussianEllipses, path } from "../runtime/draw.js";
import { choice, has, whole, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";

/** The size of the chart, in pixels. */
const [CHART_WIDTH, CHART_HEIGHT] = [640, 300];
/** No more samples than this are shown as points. */
const MOST_POINTS = 600;

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
function values(state) {
  const { last, exact } = runOf(state);
  return { estimate: last.value, error: last.error, exact };
}

const handles = [...gaussianHandles("p"), ...gaussianHandles("q")];

/**
 * The picture: p and q, and samples of p.
 *
 * @param {State} state
 * @param {View} view
 */
function scene(state, { plane }) {
  const { p, q, seed, n } = state;
  const room = roomOfPlane(plane, handles, state);
  const points = () => samplePoints(fromAxes(p), seed, Math.min(n, MOST_POINTS));
  return [
    gaussianEllipses(plane, p, "p"),
    gaussianEllipses(plane, q, "q"),
    has(state.show, "samples") ? path(dots(plane, points()), "p drawn") : "",
    letter(room, plane, p, "p"),
    letter(room, plane, q, "q"),
    ticks(room, plane),
  ].join("");
}

/**
 * The size of the chart on the screen, in which its letters have theirs.
 *
 * @param {number} grain
 */
function sizeOf(grain) {
  return { width: CHART_WIDTH / grain, height: CHART_HEIGHT / grain };
}

/**
 * The head of the estimate: dragged to the right it draws more samples.
 *
 * @type {HandleDefinition}
 */
const headHandle = {
  name: "sample size",
  look: "p centre",
  position(state, { unit }) {
    const { last } = runOf(state);
    const [u, v] = chartOf(state, sizeOf(1 / unit)).toPixels([last.size, last.value]);
    return [u / unit, v / unit];
  },
  constrain: (_, [u], { unit }) => ({ n: sizeAt(u * unit, CHART_WIDTH * unit) }),
  spoken: ({ n }) => ({ text: `${n} samples`, now: n, min: 2, max: MOST }),
};

/** @type {Panel} */
const estimatePanel = {
  label: "The estimate over the sample size, its 95 % band, and the closed form",
  width: CHART_WIDTH,
  height: CHART_HEIGHT,
  draw: (state, { lit, grain }) =>
    `<g transform="scale(${grain})">${samplingChart(state, sizeOf(grain), lit)}</g>`,
  handles: [headHandle],
};

/** @type {Control} */
const estimatorList = {
  field: "estimator",
  label: "Estimate",
  options: Object.fromEntries(
    Object.entries(ESTIMATORS).map(([key, { symbol, averaged }]) => [
      key,
      `${symbol}, the mean of ${averaged}`,
    ]),
  ),
};

/**
 * The formula of an estimator, whose term is the mean over the samples. The Bhattacharyya distance
 * is minus the logarithm of it.
 *
 * @param {string} key
 * @returns {FormulaView}
 */
function formulaOf(key) {
  const { averaged, formula } = ESTIMATORS[key];
  /** @type {(value: number) => number} */
  const meanFor = (value) => (key === "bhattacharyya" ? Math.exp(-value) : value);
  return {
    formula,
    when: ({ estimator }) => estimator === key,
    terms: (state) => ({ expectation: meanFor(runOf(state).last.value) }),
    whole: (state) => meanFor(runOf(state).exact),
    notes: { expectation: ({ n }) => `mean of ${n} samples` },
    captions: {
      expectation(state) {
        const mean = formatted(meanFor(runOf(state).last.value));
        return `The mean of ${averaged} is ${mean}. ${aboutTheBand(state)}`;
      },
    },
  };
}

/**
 * What the band tells, in words.
 *
 * @param {State} state
 */
function aboutTheBand(state) {
  const { last, isWeak } = runOf(state);
  if (last.error === Infinity)
    return (
      `Its variance is infinite: in some direction q's is at least twice p's. ` +
      `So there is no band.`
    );
  const seeds = isWeak ? "too few seeds" : "about 95 % of all seeds, once n is large";
  return `The band, ± 1.96 standard errors, contains the closed form for ${seeds}.`;
}

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python({ p, q, estimator, seed, n }) {
  const laws = `[${p.join(", ")}], [${q.join(", ")}]`;
  return `from gausslib.widgets import GaussianSampling

values = GaussianSampling(${laws}, "${estimator}", seed=${seed}, n=${n}).values
print(values)
`;
}

/** @type {Definition} */
export const gaussSampling = {
  tag: "gauss-sampling",
  label: "Gaussians p and q in the plane, and samples of p",
  fields: {
    p: gaussian([-0.8, -0.3, 1.4, 0.6, 0.5]),
    q: gaussian([1, 0.4, 1, 0.8, 0]),
    estimator: choice("estimator", Object.keys(ESTIMATORS)),
    seed: whole("seed", 1, 0, 2 ** 32 - 1),
    n: whole("size", 1000, 2, MOST),
    show: { ...words({ samples: "samples of p", others: "other seeds" }), start: "samples" },
  },
  presets: {
    near: { q: [-0.6, -0.2, 1.3, 0.6, 0.5], estimator: "kl_nonnegative" },
    "near the limit": {
      p: [0, 0, 1, 0.8, 0],
      q: [0.2, 0.1, 1.37, 1.09, 0],
      estimator: "kl_nonnegative",
    },
    "infinite variance": {
      p: [0, 0, 1, 0.8, 0],
      q: [0.2, 0.1, 1.5, 1.2, 0],
      estimator: "kl_nonnegative",
    },
    far: { p: [-2, -0.5, 0.7, 0.5, 0.3], q: [2, 0.5, 0.7, 0.6, -0.3], estimator: "bhattacharyya" },
    transport: { estimator: "w2_squared" },
    identical: { q: [-0.8, -0.3, 1.4, 0.6, 0.5] },
  },
  values,
  readout: [
    { key: "estimate", label: "Estimate", unit: "" },
    { key: "error", label: "Standard error", unit: "" },
    { key: "exact", label: "Closed form", unit: "" },
  ],
  reach: ({ p, q }) => Math.max(reach(p), reach(q)),
  scene,
  handles,
  panels: [estimatePanel],
  controls: [
    estimatorList,
    {
      field: "n",
      label: "Samples n",
      min: 1,
      max: 4,
      step: 0.05,
      place: { to: Math.log10, from: (place) => Math.round(10 ** place) },
    },
    { field: "seed", label: "Seed", min: 0, max: 99, step: 1 },
  ],
  play: {
    label: "Draw samples",
    seconds: 6,
    fraction: ({ n }) => Math.log10(n) / 4,
    at: (fraction) => ({ n: Math.max(2, Math.round(10 ** (4 * fraction))) }),
  },
  formulas: Object.keys(ESTIMATORS).map(formulaOf),
  python,
};
