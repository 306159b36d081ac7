/**
 * `<gauss-single>`: one Gaussian in the plane, to be moved by its mean and semi-axes, its
 * covariance, and its marginal and conditional laws.
 *
 * Fields: p; x0 (where y is conditioned on x); at (the point whose log-density is taken apart);
 * show.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../parts/words.js").Box} Box
 * @typedef {import("../parts/words.js").Room} Room
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import { samplePoints } from "../closed-forms/estimators.js";
import { fromAxes, logDensity } from "../closed-forms/gauss2d.js";
import {
  axisEnd,
  gaussian,
  gaussianHandles,
  inPython,
  reach,
  spokenPoint,
} from "../parts/ellipse.js";
import { singleFormulas } from "../parts/single-formulas.js";
import { lawGiven } from "../parts/single-laws.js";
import {
  conditionalLaw,
  HANDLE_HEIGHT,
  lawNote,
  marginals,
  overlay,
} from "../parts/single-pictures.js";
import { letter, roomOfPlane, ticks } from "../parts/words.js";
import { arrows, dots, gaussianEllipses, layers, lines, matrix, path } from "../runtime/draw.js";
import { has, number, numbers, refuse, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { HALF_HEIGHT } from "../runtime/plane.js";

const LARGEST = 1e6;

/**
 * The coordinates of a point, if they are legal.
 *
 * @param {string} name
 * @param {number[]} point
 */
function checkedPoint(name, point) {
  return point.every((coordinate) => Math.abs(coordinate) <= LARGEST)
    ? point
    : refuse(name, `numbers of at most ${LARGEST} in size`, point);
}

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
function values(state) {
  const p = fromAxes(state.p);
  const [s11, s12, s22] = p.cov;
  const { mean, sd } = lawGiven(state);
  return {
    s11,
    s12,
    s22,
    correlation: s12 / Math.sqrt(s11 * s22),
    entropy: 1 - logDensity(p, p.mean),
    conditional_mean: mean,
    conditional_sd: sd,
    log_density: logDensity(p, state.at),
  };
}

/**
 * The window holds p, and what has a handle.
 *
 * @param {State} state
 */
function reachOf({ p, x0, at: [x, y], show }) {
  return Math.max(
    reach(p),
    has(show, "conditional") ? reach([x0, 0, 0, 0, 0]) : 0,
    has(show, "terms") ? reach([x, y, 0, 0, 0]) : 0,
  );
}

/**
 * The semi-axes, which are the eigenvectors in the length of the standard deviations along them.
 *
 * @param {Plane} plane
 * @param {Axes} axes
 * @param {boolean} asArrows
 */
function semiAxes(plane, axes, asArrows) {
  /** @type {Point} */
  const mean = [axes[0], axes[1]];
  /** @type {[Point, Point][]} */
  const spokes = [
    [mean, axisEnd(axes, 0)],
    [mean, axisEnd(axes, 1)],
  ];
  return asArrows
    ? path(arrows(plane, spokes, 14), "p basis")
    : path(lines(plane, spokes), "p axes");
}

/**
 * The length of each semi-axis, beyond its end.
 *
 * @param {Room} room
 * @param {Plane} plane
 * @param {Axes} axes
 */
function lengths(room, plane, axes) {
  const notes = [0, 1].map((index) => {
    const angle = axes[4] + (index * Math.PI) / 2;
    const said = `s${"₁₂"[index]} = ${formatted(axes[2 + index])}`;
    return room.say(plane.toPixels(axisEnd(axes, index)), "say gauss-number", said, angle, 10);
  });
  return notes.join("");
}

/**
 * The covariance in numbers, in the corner where it covers least, the lower right one if it may.
 *
 * @param {Room} room
 * @param {Plane} plane
 * @param {[number, number, number]} cov
 */
function covarianceMatrix(room, { width, height }, [s11, s12, s22]) {
  const rows = [
    [formatted(s11), formatted(s12)],
    [formatted(s12), formatted(s22)],
  ];
  const [across, up] = [92, 24];
  const corners = [height - 20 - up, up + 6].flatMap((v) =>
    [width - across, across + 18].map((u) => /** @type {Box} */ ([u, v, across, up])),
  );
  const [u, v] = room.take(corners);
  return matrix("Σₚ", rows, u - across + 48, v - 20);
}

/**
 * The mean in numbers, above it.
 *
 * @param {Room} room
 * @param {Plane} plane
 * @param {Point} mean
 */
function meanNote(room, plane, mean) {
  const said = `μₚ = (${mean.map(formatted).join(", ")})`;
  return room.say(plane.toPixels(mean), "say gauss-number", said, Math.PI / 2);
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 */
function scene(state, view) {
  const { plane } = view;
  const { p: axes, at, show } = state;
  const p = fromAxes(axes);
  const hasEigenvectors = has(show, "eigenvectors");
  const room = roomOfPlane(plane, handles, state);
  /** @type {(word: string, draw: () => string) => string} */
  const extra = (word, draw) => (has(show, word) ? draw() : "");
  return [
    extra("density", () => layers(plane, axes, "p")),
    extra("samples", () => path(dots(plane, samplePoints(p, 1, 300)), "p cloud")),
    extra("marginals", () => marginals(plane, p)),
    gaussianEllipses(plane, axes, "p"),
    extra("conditional", () => conditionalLaw(state, plane)),
    semiAxes(plane, axes, hasEigenvectors),
    overlay(state, view),
    extra("matrix", () => covarianceMatrix(room, plane, p.cov)),
    letter(room, plane, p.mean, "p"),
    extra("terms", () => room.say(plane.toPixels(at), "name at", "x", Math.PI / 4)),
    meanNote(room, plane, p.mean),
    extra("conditional", () => lawNote(room, state, plane)),
    hasEigenvectors ? lengths(room, plane, axes) : "",
    ticks(room, plane),
  ].join("");
}

/** @type {HandleDefinition} */
const lineHandle = {
  name: "x of the line",
  look: "given centre",
  position: ({ x0 }, plane) => [x0, HANDLE_HEIGHT * HALF_HEIGHT * plane.scale],
  constrain: (_, [x], plane) => ({ x0: plane.rounded(x) }),
  spoken(state) {
    const { mean, sd } = lawGiven(state);
    const law = `y has mean ${formatted(mean)}, standard deviation ${formatted(sd)}`;
    return { text: `x ${formatted(state.x0)}: ${law}`, now: state.x0 };
  },
  when: shows("conditional"),
};

/** @type {HandleDefinition} */
const pointHandle = {
  name: "point of the log-density",
  look: "at centre",
  position: ({ at }) => at,
  constrain: (_, [x, y], plane) => ({ at: [plane.rounded(x), plane.rounded(y)] }),
  spoken: ({ at }) => spokenPoint(at),
  when: shows("terms"),
};

const handles = [...gaussianHandles("p"), lineHandle, pointHandle];

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python({ p, x0, at }) {
  return `import numpy as np

from gausslib import Gaussian

# mean, standard deviations along the two axes, angle
p = ${inPython(p)}
given = p.condition(0, ${x0})  # the law of y, given x
(s11, s12), (_, s22) = p.cov
values = {
    "s11": s11,
    "s12": s12,
    "s22": s22,
    "correlation": s12 / np.sqrt(s11 * s22),
    "entropy": p.entropy(),
    "conditional_mean": given.mean[0],
    "conditional_sd": np.sqrt(given.cov[0, 0]),
    "log_density": p.logpdf([${at.join(", ")}]),
}
print(values)
`;
}

/** @type {Definition} */
export const gaussSingle = {
  tag: "gauss-single",
  label: "A Gaussian p in the plane, as ellipses at one and two standard deviations",
  fields: {
    p: gaussian([0.2, -0.1, 1.6, 0.8, 0.5]),
    x0: number("abscissa", 2, -LARGEST, LARGEST),
    at: numbers("point", "two numbers x, y", [1.4, 1.2], checkedPoint, { largest: LARGEST }),
    show: words({
      matrix: "covariance matrix",
      eigenvectors: "lengths of the semi-axes",
      marginals: "marginal laws",
      conditional: "law of y, given x",
      samples: "samples",
      density: "density, in shades",
      terms: "terms of the log-density",
    }),
  },
  presets: {
    standard: { p: [0, 0, 1, 1, 0] },
    uncorrelated: { p: [0, 0, 1.6, 0.7, 0] },
    "correlation 0.8": { p: [0, 0, 1.34164, 0.44721, 0.7854] },
    "correlation −0.8": { p: [0, 0, 1.34164, 0.44721, -0.7854] },
    "nearly a line": { p: [0, 0, 1.8, 0.0018, 0.5] },
    "regression to the mean": {
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: short enough for an address
      p: [0, 0, 1.22474, 0.70711, 0.7854],
      show: "marginals conditional",
    },
  },
  values,
  readout: [
    { key: "s11", label: "Σ₁₁", unit: "variance of x" },
    { key: "s12", label: "Σ₁₂", unit: "covariance" },
    { key: "s22", label: "Σ₂₂", unit: "variance of y" },
    { key: "correlation", label: "Correlation", unit: "−1 to 1" },
    { key: "entropy", label: "Entropy", unit: "nats" },
  ],
  reach: reachOf,
  scene,
  handles,
  formulas: singleFormulas,
  python,
};
