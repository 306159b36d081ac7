/**
 * `<gauss-line>`: two Gaussians on the line, as bells to be moved by mean and standard deviation,
 * and a distance of theirs as an area, or as the lengths of lines between equal quantiles.
 *
 * Fields: p, q (mean, standard deviation); distance (which one is drawn); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../parts/line-layout.js").Name} Name
 */
import { distancesOf, lineFormulas } from "../parts/line-formulas.js";
import {
  clamped,
  LARGEST,
  LARGEST_RATIO,
  layout,
  lineGaussian,
  SMALLEST,
} from "../parts/line-layout.js";
import { linePicture } from "../parts/line-picture.js";
import { roomOfPlane } from "../parts/words.js";
import { choice, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { HALF_WIDTH } from "../runtime/plane.js";

/**
 * The window holds both bells two and a half standard deviations out.
 *
 * @param {State} state
 */
function reachOf({ p, q }) {
  const ends = [p, q].map(([mean, sd]) => Math.abs(mean) + 2.5 * sd);
  return Math.max(...ends) / HALF_WIDTH / 0.95;
}

/**
 * The handle of a mean, on the line.
 *
 * @param {Name} name
 * @returns {HandleDefinition}
 */
function meanHandle(name) {
  return {
    name: `mean of ${name}`,
    look: `${name} centre`,
    position: (state, plane) => [state[name][0], layout(state, plane).height(name)],
    constrain(state, [x], plane) {
      const [, sd] = state[name];
      return { [name]: [clamped(plane.rounded(x), -LARGEST, LARGEST), sd] };
    },
    spoken(state, { scale }) {
      const [mean] = state[name];
      const edge = HALF_WIDTH * scale;
      return { text: formatted(mean), now: mean, min: -edge, max: edge };
    },
  };
}

/**
 * The handle of a standard deviation, on the bell.
 *
 * @param {Name} name
 * @returns {HandleDefinition}
 */
function deviationHandle(name) {
  return {
    name: `standard deviation of ${name}`,
    look: `${name} end`,
    position: (state, plane) => layout(state, plane).onBell(name, 1),
    constrain(state, [x], plane) {
      const [mean] = state[name];
      const [, other] = state[name === "p" ? "q" : "p"];
      const least = Math.max(other / LARGEST_RATIO, SMALLEST);
      const most = Math.min(other * LARGEST_RATIO, LARGEST);
      return { [name]: [mean, clamped(plane.rounded(x - mean), least, most)] };
    },
    spoken(state, { scale }) {
      const [, sd] = state[name];
      return { text: formatted(sd), now: sd, min: 0, max: 2 * HALF_WIDTH * scale };
    },
  };
}

const IMPORTED = [
  "Gaussian",
  "bhattacharyya_distance",
  "hellinger_distance",
  "kl_divergence",
  "total_variation",
  "w2_distance",
];

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python({ p, q }) {
  return `from math import erf, exp, inf, pi, sqrt

from gausslib import (
    ${IMPORTED.join(", ")},
)

(p_mean, p_sd), (q_mean, q_sd) = (${p.join(", ")}), (${q.join(", ")})
p, q = Gaussian(p_mean, p_sd**2), Gaussian(q_mean, q_sd**2)
delta, sigma = abs(p_mean - q_mean), abs(p_sd - q_sd)
z = delta / sigma if sigma else inf
values = {
    "kl_pq": kl_divergence(p, q),
    "kl_qp": kl_divergence(q, p),
    "bhattacharyya": bhattacharyya_distance(p, q),
    "hellinger": hellinger_distance(p, q),
    "total_variation": total_variation(p, q),
    "w1": sigma * sqrt(2 / pi) * exp(-z * z / 2) + delta * erf(z / sqrt(2)),
    "w2": w2_distance(p, q),
}
print(values)
`;
}

const handles = [meanHandle("p"), deviationHandle("p"), meanHandle("q"), deviationHandle("q")];

/** @type {Definition} */
export const gaussLine = {
  tag: "gauss-line",
  label:
    "Two Gaussians p and q on the line, as bells, " +
    "with a distance between them as an area or as lengths",
  fields: {
    p: lineGaussian([-0.8, 0.7]),
    q: lineGaussian([0.9, 1.1]),
    distance: choice("distance on the line", ["kl", "bhattacharyya", "variation", "w2"]),
    show: words({ terms: "terms of the distance", hellinger: "Hellinger distance", w1: "W₁" }),
  },
  presets: {
    identical: { p: [0, 1], q: [0, 1] },
    "equal widths": { p: [-1, 1], q: [1, 1] },
    "equal means": { p: [0, 0.5], q: [0, 1.5] },
    "q too narrow": { p: [0, 1.1], q: [0.5, 0.5] },
    far: { p: [-2.5, 0.5], q: [2.5, 0.6] },
    thin: { p: [-0.5, 0.0015], q: [0.5, 1.4] },
  },
  values: distancesOf,
  readout: [
    { key: "kl_pq", label: "KL(p‖q)", unit: "nats" },
    { key: "kl_qp", label: "KL(q‖p)", unit: "nats" },
    { key: "bhattacharyya", label: "Bhattacharyya", unit: "nats" },
    { key: "hellinger", label: "Hellinger", unit: "0 to 1", when: shows("hellinger") },
    { key: "total_variation", label: "Variation", unit: "0 to 1" },
    { key: "w1", label: "W₁", unit: "length", when: shows("w1") },
    { key: "w2", label: "W₂", unit: "length" },
  ],
  line: true,
  reach: reachOf,
  scene: (state, view) => linePicture(state, view, roomOfPlane(view.plane, handles, state)),
  handles,
  controls: [
    {
      field: "distance",
      label: "Distance",
      options: {
        kl: "KL(p‖q)",
        bhattacharyya: "Bhattacharyya",
        variation: "Total variation",
        w2: "W₂",
      },
    },
  ],
  formulas: lineFormulas,
  python,
};
