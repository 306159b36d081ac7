/**
 * `<gauss-line>`: two Gaussians on the line, as bells to be moved by mean and standard deviation,
 * and a distance of theirs as an area, or as the lengths of lines between equal quantiles.
 *
 * Fields: p, q (mean, standard deviation); distance (which one is drawn); alpha (the power of p in
 * the product whose area gives the Rényi divergence); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../closed-forms/gauss1d.js").Bell} Bell
 * @typedef {import("../parts/line-layout.js").Name} Name
 */
import { chernoffAlpha } from "../closed-forms/powers1d.js";
import { distancesOf, lineFormulas } from "../parts/line-formulas.js";
import {
  clamped,
  LARGEST,
  LARGEST_RATIO,
  layout,
  lineGaussian,
  SMALLEST,
} from "../parts/line-layout.js";
import { MOST_ALPHA, ordersPanel } from "../parts/line-orders.js";
import { linePicture } from "../parts/line-picture.js";
import { roomOfPlane } from "../parts/words.js";
import { choice, number, shows, words } from "../runtime/fields.js";
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

/** @type {{p: Bell, q: Bell}} */
const START = { p: [-0.8, 0.7], q: [0.9, 1.1] };

/**
 * Whether the powers of p and q are drawn.
 *
 * @param {State} state
 */
const isAboutPowers = ({ distance }) => distance === "renyi";

/**
 * @param {State} state
 */
const isAboutOthers = (state) => !isAboutPowers(state);

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python({ p, q, alpha }) {
  return `from decimal import Decimal, getcontext
from math import exp, inf

import gausslib as gl

(p_mean, p_sd), (q_mean, q_sd) = (${p.join(", ")}), (${q.join(", ")})
p, q = gl.Gaussian(p_mean, p_sd**2), gl.Gaussian(q_mean, q_sd**2)

# g is p**alpha * q**(1 - alpha), made a density if mixed > 0
alpha = ${alpha}
getcontext().prec = 60
a, d, v, w = map(Decimal, (alpha, p_mean - q_mean, p_sd**2, q_sd**2))
mixed = a * w + (1 - a) * v


def kl_from_g(power, own, other):
    if mixed <= 0:
        return inf
    ratio = other / mixed
    return float((power * d / mixed) ** 2 * own + ratio - 1 - ratio.ln()) / 2


renyi = gl.renyi_divergence(p, q, alpha)
values = {
    "kl_pq": gl.kl_divergence(p, q),
    "kl_qp": gl.kl_divergence(q, p),
    "bhattacharyya": gl.bhattacharyya_distance(p, q),
    "hellinger": gl.hellinger_distance(p, q),
    "total_variation": gl.total_variation(p, q),
    "w1": gl.w1_distance(p, q),
    "w2": gl.w2_distance(p, q),
    "renyi": renyi,
    "chernoff_coefficient": exp(x) if (x := (alpha - 1) * renyi) < 709.7 else inf,
    "chernoff": gl.chernoff_information(p, q),
    "chernoff_alpha": gl.chernoff_alpha(p, q),
    "kl_g_p": kl_from_g(1 - a, v, w),
    "kl_g_q": kl_from_g(a, w, v),
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
    p: lineGaussian(START.p),
    q: lineGaussian(START.q),
    distance: choice("distance on the line", ["kl", "bhattacharyya", "variation", "w2", "renyi"]),
    alpha: number("power on the line", 0.5, 0, MOST_ALPHA),
    show: words({ terms: "terms of the distance", hellinger: "Hellinger distance", w1: "W₁" }),
  },
  presets: {
    identical: { p: [0, 1], q: [0, 1] },
    "equal widths": { p: [-1, 1], q: [1, 1] },
    "equal means": { p: [0, 0.5], q: [0, 1.5] },
    "q too narrow": { p: [0, 1.1], q: [0.5, 0.5] },
    far: { p: [-2.5, 0.5], q: [2.5, 0.6] },
    thin: { p: [-0.5, 0.0015], q: [0.5, 1.4] },
    "Chernoff's midpoint": {
      ...START,
      distance: "renyi",
      alpha: chernoffAlpha(START.p, START.q),
    },
  },
  values: distancesOf,
  readout: [
    { key: "kl_pq", label: "KL(p‖q)", unit: "nats" },
    { key: "kl_qp", label: "KL(q‖p)", unit: "nats", when: isAboutOthers },
    { key: "renyi", label: "Rényi", unit: "nats", when: isAboutPowers },
    { key: "kl_g_p", label: "KL(g‖p)", unit: "nats", when: isAboutPowers },
    { key: "kl_g_q", label: "KL(g‖q)", unit: "nats", when: isAboutPowers },
    { key: "chernoff", label: "Chernoff", unit: "nats", when: isAboutPowers },
    { key: "bhattacharyya", label: "Bhattacharyya", unit: "nats", when: isAboutOthers },
    { key: "hellinger", label: "Hellinger", unit: "0 to 1", when: shows("hellinger") },
    { key: "total_variation", label: "Variation", unit: "0 to 1", when: isAboutOthers },
    { key: "w1", label: "W₁", unit: "length", when: shows("w1") },
    { key: "w2", label: "W₂", unit: "length", when: isAboutOthers },
  ],
  line: true,
  reach: reachOf,
  scene: (state, view) => linePicture(state, view, roomOfPlane(view.plane, handles, state)),
  handles,
  panels: [ordersPanel],
  controls: [
    {
      field: "distance",
      label: "Distance",
      options: {
        kl: "KL(p‖q)",
        bhattacharyya: "Bhattacharyya",
        variation: "Total variation",
        w2: "W₂",
        renyi: "Rényi and Chernoff",
      },
    },
    {
      field: "alpha",
      label: "Power α of p",
      min: 0,
      max: MOST_ALPHA,
      step: 0.01,
      shown: ({ alpha }) => formatted(alpha),
      when: isAboutPowers,
    },
  ],
  formulas: lineFormulas,
  python,
};
