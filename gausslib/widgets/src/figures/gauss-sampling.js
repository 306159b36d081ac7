/**
 * `<gauss-sampling>`: a distance of two Gaussians estimated from samples of p, as more and more are drawn, with its 95 % band
 * and the closed form.
 *
 * Fields: p, q; estimator; seed; n (how many samples are drawn); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").Formula} Formula
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import klDefinition from "formula:eq-kl-definition";
import klNonnegative from "formula:eq-kl-nonnegative";
import overlap from "formula:eq-overlap-definition";
import w2Mean from "formula:eq-w2-mean";
import { dots, gaussianEllipses, label, letter, lines, outline, path, text } from "../runtime/draw.js";
import { gaussian, reach } from "../parts/ellipse.js";
import { CLOSED_FORMS, coversTooRarely, runningEstimate, samplePoints } from "../closed-forms/estimators.js";
import { choice, once, shows, whole, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { fromAxes } from "../closed-forms/gauss2d.js";
import { Plane, roundUp } from "../runtime/plane.js";

/** What is estimated, as a mean of what, and the formula of it. @type {{[estimator: string]: [string, string, Formula]}} */
const ESTIMATORS = {
  kl_plain: ["KL(p‖q)", "log p/q", klDefinition],
  kl_nonnegative: ["KL(p‖q)", "r − 1 − log r, r = q/p", klNonnegative],
  bhattacharyya: ["Bhattacharyya", "√(q/p)", overlap],
  w2_squared: ["W₂²", "|x − Tx|²", w2Mean],
};
const MOST = 10000;
/** So many other seeds are shown, as far as this, and the chart is made for that many samples at least. */
const [OTHERS, ENOUGH] = [20, 1000];
/** Forty for each factor of ten. */
const SIZES = [...new Set(Array.from({ length: 161 }, (_, k) => Math.round(10 ** (k / 40))))];
/** Of the other seeds: most of the time of a drag went into their curves. */
const FEWER = SIZES.filter((_, k) => k % 3 === 0);
const DECADES = [1, 10, 100, 1000, MOST];
/** The chart need not hold the estimate and its band from fewer samples. */
const HELD = 16;
/** The margins of the chart, in pixels. */
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 24, 56, 34];

/** The estimates as far as the chart is made for, those that are drawn, and the last of these beside the closed form. */
function compute(/** @type {State} */ { n, seed, ...state }, marks = SIZES) {
  const kind = /** @type {import("../closed-forms/estimators.js").Estimator} */ (state.estimator);
  const [p, q] = [fromAxes(state.p), fromAxes(state.q)];
  const sizes = [
    ...marks.filter((size) => size < n),
    n,
    ...marks.filter((size) => size > n && size <= ENOUGH),
  ];
  const all = runningEstimate(kind, p, q, seed, sizes);
  const drawn = all.slice(0, sizes.indexOf(n) + 1);
  const last = drawn[drawn.length - 1];
  const exact = CLOSED_FORMS[kind](p, q);
  const slack = 1e-9 * Math.abs(exact); // where all samples are equal, rounding is no miss
  const hit = last.low - slack <= exact && exact <= last.high + slack;
  return { ...last, all, drawn, exact, hit, weak: coversTooRarely(kind, p, q, n) };
}

/** What there is to draw of a state. */
const run = once((state) => compute(state));

/** The range of the chart, the values that it marks, and where it puts a size and a value. */
function axes(/** @type {State} */ state, /** @type {View["plane"]} */ { width, height }) {
  const { all, exact } = run(state);
  const held = [
    exact,
    ...all.slice(HELD).flatMap(({ value, low, high }) => [value, low, high]),
  ].filter(Number.isFinite);
  const [low, high] = [Math.min(...held), Math.max(...held)];
  const span = Math.max(high - low, Math.abs(exact) / 100) || 1; // no picture of rounding errors
  const bottom = (low + high - span) / 2;
  const step = roundUp(span / 4, [1, 2, 5], 10 ** Math.floor(Math.log10(span / 4)));
  return {
    range: [bottom, bottom + span],
    ticks: [0, 1, 2, 3, 4]
      .map((k) => (Math.ceil(bottom / step) + k) * step)
      .filter((value) => value <= bottom + span),
    toPixels: (/** @type {Point} */ [size, value]) =>
      /** @type {Point} */ ([
        LEFT + ((width - LEFT - RIGHT) * Math.log10(size)) / Math.log10(MOST),
        height -
          BOTTOM -
          Math.min(Math.max((value - bottom) / span, 0), 1) * (height - TOP - BOTTOM),
      ]),
  };
}

/** @type {Definition} */
export const gaussSampling = {
  tag: "gauss-sampling",
  label:
    "The estimate of a distance over the number of samples, with its 95 % band, and the closed form as a line",
  fields: {
    p: gaussian([-0.8, -0.3, 1.4, 0.6, 0.5]),
    q: gaussian([1, 0.4, 1, 0.8, 0]),
    estimator: choice("estimator", Object.keys(ESTIMATORS)),
    seed: whole("seed", 1, 0, 2 ** 32 - 1),
    n: whole("size", 1000, 2, MOST),
    show: words(["samples", "others"]),
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
  values(state) {
    const { value, error, exact } = run(state);
    return { estimate: value, error, exact };
  },
  readout: [
    { key: "estimate", label: "Estimate", unit: "" },
    { key: "error", label: "Standard error", unit: "" },
    { key: "exact", label: "Closed form", unit: "" },
  ],
  bare: true,
  scene(state, { plane, lit }) {
    const { drawn, size, value, low, high, error, exact, hit, weak } = run(state);
    const chart = axes(state, plane);
    const { ticks, range } = chart;
    const n = Math.min(state.n, ENOUGH);
    const others = shows("others")(state)
      ? Array.from({ length: OTHERS }, (_, k) =>
          compute({ ...state, n, seed: (state.seed + 1 + k) % 2 ** 32 }, FEWER),
        )
      : [];
    const across = (/** @type {number} */ level) =>
      /** @type {Point[]} */ ([
        [1, level],
        [MOST, level],
      ]);
    const curve = (/** @type {"value" | "low" | "high"} */ key, list = drawn) =>
      list.map((one) => /** @type {Point} */ ([one.size, one[key]]));
    const banded = error < Infinity;
    const estimates = lines(chart, [
      curve("value"),
      ...(banded
        ? [
            /** @type {Point[]} */ ([
              [size, low],
              [size, high],
            ]),
          ]
        : []),
    ]);
    const said = banded
      ? [
          `${formatted(value)} ± ${formatted(high - value)} ${hit ? "contains" : "misses"} the closed form`,
          others.length
            ? `${others.filter((other) => other.hit).length} of ${OTHERS} other bands contain it${n < state.n ? ` at n = ${n}` : ""}`
            : "",
          weak ? "Band too narrow: rare samples matter" : "",
        ].filter(Boolean)
      : ["Infinite variance: no band"];
    return [
      path(
        lines(chart, [
          ...ticks.map(across),
          ...DECADES.map((at) => range.map((level) => /** @type {Point} */ ([at, level]))),
        ]),
        "grid",
      ),
      ...others.map((other) =>
        path(lines(chart, [curve("value", other.drawn)]), `other ${other.hit ? "p" : "q"}`),
      ),
      banded
        ? path(
            outline(chart, [...curve("low").slice(1), ...curve("high").slice(1).reverse()]),
            "p band",
          )
        : "",
      path(estimates, "p run"),
      path(lines(chart, [across(exact)]), "exact"),
      path(dots(chart, [[size, value]]), "p head"),
      lit ? path(estimates, "overlay term-expectation") : "",
      `<g class="ticks" aria-hidden="true">`,
      ...ticks.map((level) =>
        text(
          chart,
          [1, level],
          "",
          `${Number(level.toPrecision(9))}`.replaceAll("-", "−"),
          -6,
          4,
          "end",
        ),
      ),
      ...DECADES.map((at) =>
        text(chart, [at, range[0]], "", at > 1 ? at : "n = 1", 0, 16, "middle"),
      ),
      "</g>",
      text(
        chart,
        [1, exact],
        "say",
        `${ESTIMATORS[state.estimator][0]} = ${formatted(exact)}`,
        6,
        -8,
      ),
      ...said.map((line, row) => label(plane.width - 10, 17 + 16 * row, line, "say", "end")),
    ].join("");
  },
  panels: [
    {
      label: "The samples of p, and both ellipses",
      width: 640,
      height: 440,
      when: shows("samples"),
      draw({ p, q, seed, n }, { plane: { width } }) {
        const plane = new Plane();
        plane.width = width; // letters keep their size, however wide the panel is shown
        plane.fit(Math.max(reach(p), reach(q)));
        return `<g transform="scale(${640 / width})">${path(dots(plane, samplePoints(fromAxes(p), seed, Math.min(n, 600))), "p drawn")}${Object.entries(
          { p, q },
        )
          .map(([name, law]) => gaussianEllipses(plane, law, name, letter(plane, law, name)))
          .join("")}</g>`;
      },
    },
  ],
  controls: [
    {
      field: "estimator",
      label: "Estimate",
      options: Object.fromEntries(
        Object.entries(ESTIMATORS).map(([key, [symbol, averaged]]) => [
          key,
          `${symbol} from the mean of ${averaged}`,
        ]),
      ),
    },
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
  formulas: Object.entries(ESTIMATORS).map(([key, [, averaged, formula]]) => {
    const mean = (/** @type {number} */ value) =>
      key === "bhattacharyya" ? Math.exp(-value) : value;
    return {
      formula,
      when: ({ estimator }) => estimator === key,
      terms: (state) => ({ expectation: mean(run(state).value) }),
      whole: (state) => mean(run(state).exact),
      captions: {
        expectation(state) {
          const { error, value, weak } = run(state);
          const band =
            error === Infinity
              ? "Its variance is infinite, so there is no band: in some direction q's is at least twice p's."
              : `The band, ± 1.96 standard errors, contains the closed form for ${weak ? "too few seeds" : "about 95 % of all seeds, once n is large"}.`;
          return `The mean of ${averaged} over ${state.n} samples of p is ${formatted(mean(value))}. ${band}`;
        },
      },
    };
  }),
  python: ({ p, q, estimator, seed, n }) => `from gausslib.widgets import GaussianSampling

values = GaussianSampling([${p.join(", ")}], [${q.join(", ")}], "${estimator}", seed=${seed}, n=${n}).values
print(values)
`,
};
