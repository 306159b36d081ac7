/**
 * `<gauss-barycenter>`: three Gaussians in the plane, to be moved by their means and semi-axes, a
 * triangle of weights, and the W₂ barycentre.
 *
 * Fields: p1, p2, p3; weights; show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 */
import fixedPoint from "formula:eq-barycenter";
import { convergencePanel } from "../parts/barycenter-chart.js";
import {
  MOST_STEPS,
  NAMES,
  SMALL,
  studyOf,
  WRITTEN,
  weightsField,
} from "../parts/barycenter-study.js";
import { weightsPanel } from "../parts/barycenter-weights.js";
import {
  axisEnd,
  gaussian,
  gaussianHandles,
  inPython,
  reach,
  transported,
} from "../parts/ellipse.js";
import { roomOfPlane, ticks } from "../parts/words.js";
import { ellipse, lines, path } from "../runtime/draw.js";
import { has, shows, words } from "../runtime/fields.js";

const handles = NAMES.flatMap((name) => gaussianHandles(name));

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
function values(state) {
  const { axes, law, least, average, mixture, steps } = studyOf(state);
  const area = (/** @type {number[]} */ [, , s1, s2]) => Math.PI * s1 * s2;
  return {
    mean_x: axes[0],
    mean_y: axes[1],
    semi_axis_1: axes[2],
    semi_axis_2: axes[3],
    cov_xx: law.cov[0],
    cov_xy: law.cov[1],
    cov_yy: law.cov[2],
    least: least.mean + least.covariance,
    area: area(axes),
    area_average: area(average),
    area_mixture: area(mixture),
    steps,
  };
}

/**
 * One of the three, with its semi-axes.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {"p1" | "p2" | "p3"} name
 */
function given(state, plane, name) {
  const axes = state[name];
  const [x, y] = axes;
  const spokes = [0, 1].map((index) => [
    /** @type {[number, number]} */ ([x, y]),
    axisEnd(axes, index),
  ]);
  const inside = ellipse(plane, axes, "one") + path(lines(plane, spokes), "axes");
  return `<g class="${name}">${inside}</g>`;
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 */
function scene(state, { plane }) {
  const { axes, average, mixture } = studyOf(state);
  const room = roomOfPlane(plane, handles, state);
  const { PI } = Math;
  const places = { p1: PI, p2: 0, p3: PI / 2 };
  const said = [
    room.say(plane.toPixels([axes[0], axes[1]]), "name barycentre", "b", -PI / 4),
    ...NAMES.map((name) =>
      room.say(plane.toPixels(state[name]), `name ${name}`, WRITTEN[name], places[name]),
    ),
  ];
  /** @type {(word: string, law: any, look: string, name: string) => string} */
  const compared = (word, law, look, name) => {
    if (!has(state.show, word)) return "";
    const end = plane.toPixels(axisEnd(law, 0));
    return ellipse(plane, law, look) + room.say(end, "say", name, PI / 4, 3);
  };
  return [
    ...NAMES.map((name) => given(state, plane, name)),
    compared("average", average, "average", "mean covariance"),
    compared("mixture", mixture, "mixture", "mixture"),
    `<g class="barycentre">${ellipse(plane, axes, "one")}</g>`,
    ...said,
    ticks(room, plane),
  ].join("");
}

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python({ p1, p2, p3, weights }) {
  const laws = [p1, p2, p3].map((axes) => `    ${inPython(axes)},\n`);
  return `import numpy as np
from gausslib import Gaussian, mixture_moments, transport_map, w2_barycenter, w2_squared

# mean, standard deviations along the two axes, angle
p = Gaussian.stack([
${laws.join("")}])
weights = np.array([${weights.join(", ")}])
weights = weights / weights.sum()
b = w2_barycenter(p, weights)
average = Gaussian(b.mean, np.tensordot(weights, p.cov, 1))
mixture = mixture_moments(p, weights)
semi_axes = np.linalg.svd(b.cholesky, compute_uv=False)
area = lambda law: np.pi * law.cholesky[0, 0] * law.cholesky[1, 1]

# steps of the fixed point, from the mean of the covariances until one is short
law, steps, is_short = average, 0, False
while not is_short and steps < ${MOST_STEPS}:
    mean_map = np.tensordot(weights, transport_map(law, p), 1)
    way = np.linalg.norm((mean_map - np.eye(2)) @ law.cholesky)
    is_short = way < ${SMALL} * np.linalg.norm(law.cholesky)
    law, steps = law.affine(mean_map, [0, 0]), steps + 1

values = {
    "mean_x": b.mean[0],
    "mean_y": b.mean[1],
    "semi_axis_1": semi_axes[0],
    "semi_axis_2": semi_axes[1],
    "cov_xx": b.cov[0, 0],
    "cov_xy": b.cov[0, 1],
    "cov_yy": b.cov[1, 1],
    "least": weights @ w2_squared(p, b),
    "area": area(b),
    "area_average": area(average),
    "area_mixture": area(mixture),
    "steps": steps,
}
print({name: float(value) for name, value in values.items()})
`;
}

/** @type {FormulaView} */
const fixedPointView = {
  formula: fixedPoint,
  terms: () => ({}),
  captions: {},
  rest: () => "The covariance S of the barycentre is the only one that this step leaves as it is.",
};

/** @type {Definition} */
export const gaussBarycenter = {
  tag: "gauss-barycenter",
  label: "Three Gaussians p₁, p₂ and p₃ in the plane, and their barycentre b",
  fields: {
    p1: { ...gaussian([-2.2, -0.9, 1.1, 0.35, 0.5]), between: transported },
    p2: { ...gaussian([2.2, -0.8, 1, 0.3, -0.9]), between: transported },
    p3: { ...gaussian([0.2, 1.5, 0.9, 0.5, 0]), between: transported },
    weights: weightsField([1, 1, 1]),
    show: {
      ...words({
        average: "mean of the covariances",
        mixture: "mean and covariance of the mixture",
        convergence: "steps of the iteration",
      }),
      start: "average",
    },
  },
  presets: {
    "one shape, turned": {
      p1: [-2.4, -0.8, 1.2, 0.2, 0],
      p2: [2.4, -0.8, 1.2, 0.2, 1.0472],
      p3: [0, 1.4, 1.2, 0.2, 2.0944],
    },
    commuting: {
      p1: [-2.2, -0.9, 1.2, 0.4, 0.4],
      p2: [2.2, -0.9, 0.4, 1, 0.4],
      p3: [0, 1.3, 0.7, 0.7, 0.4],
    },
    "nearly lines": {
      p1: [-2.2, -0.8, 1.3, 0.0015, 0.2],
      p2: [2.2, -0.8, 1.2, 0.0014, 1.4],
      p3: [0, 1.3, 1.1, 0.0013, 2.4],
    },
    "two of three": { weights: [0.5, 0.5, 0] },
  },
  values,
  readout: [
    { key: "least", label: "Σ wᵢ W₂²(pᵢ, b)", unit: "length²" },
    { key: "area", label: "Area of b", unit: "length²" },
    { key: "area_average", label: "… of mean Σ", unit: "length²", when: shows("average") },
    { key: "area_mixture", label: "… of mixture", unit: "length²", when: shows("mixture") },
  ],
  reach: (state) => Math.max(...NAMES.map((name) => reach(state[name]))),
  scene,
  handles,
  panels: [weightsPanel, convergencePanel],
  formulas: [fixedPointView],
  python,
};
