/**
 * `<gauss-fit>`: one Gaussian q fitted to a mixture p of two bumps, in both directions of the KL
 * divergence at once: the covering fit, where KL(p‖q) is least, and the seeking fit, where KL(q‖p)
 * is, with its local optima.
 *
 * Fields: space (line or plane); family (which Gaussians are fitted) and width (of those of fixed
 * width); p1, p2 (the bumps on the line); plane_p1, plane_p2 (those in the plane); w (the weight of
 * the first); show.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/plane.js").Plane} Plane
 */
import { gaussianHandles, reach } from "../parts/ellipse.js";
import { axesOf, fitPicture, heightOn, shoulder } from "../parts/fit-picture.js";
import {
  FARTHEST,
  fitsOf,
  isInPlane,
  isOnLine,
  lineBump,
  NARROWEST,
  planeBump,
  valuesOf,
  WIDEST,
  weightsOf,
} from "../parts/fit-state.js";
import { clamped } from "../parts/line-layout.js";
import { roomOfPlane } from "../parts/words.js";
import { choice, number, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { HALF_WIDTH } from "../runtime/plane.js";

const SAID = ["p₁", "p₂"];

/**
 * The nearest legal mean.
 *
 * @param {number} value
 */
function asMean(value) {
  return clamped(value, -FARTHEST, FARTHEST);
}

/**
 * The nearest legal standard deviation.
 *
 * @param {number} value
 */
function asWidth(value) {
  return clamped(value, NARROWEST, WIDEST);
}

/**
 * The two handles of a bump on the line: its mean, and one standard deviation out.
 *
 * @param {0 | 1} index
 * @returns {HandleDefinition[]}
 */
function lineHandles(index) {
  const name = `p${index + 1}`;
  return [
    {
      name: `mean of ${SAID[index]}`,
      look: "p centre",
      position: (state, plane) => [state[name][0], heightOn(state, plane)(0)],
      constrain: (state, [x], plane) => ({ [name]: [asMean(plane.rounded(x)), state[name][1]] }),
      spoken: (state) => ({ text: formatted(state[name][0]), now: state[name][0] }),
      when: (state) => isOnLine(state) && weightsOf(state)[index] > 0,
    },
    {
      name: `standard deviation of ${SAID[index]}`,
      look: "p end",
      position: (state, plane) => shoulder(state, index, plane),
      constrain(state, [x], plane) {
        const [mean] = state[name];
        return { [name]: [mean, asWidth(plane.rounded(x - mean))] };
      },
      spoken(state) {
        const [, sd] = state[name];
        return { text: formatted(sd), now: sd, min: NARROWEST, max: WIDEST };
      },
      when: (state) => isOnLine(state) && weightsOf(state)[index] > 0,
    },
  ];
}

/**
 * The three handles of a bump in the plane.
 *
 * @param {0 | 1} index
 * @returns {HandleDefinition[]}
 */
function planeHandles(index) {
  const field = `plane_p${index + 1}`;
  return gaussianHandles(field).map((handle) => ({
    ...handle,
    name: handle.name.replace(field, SAID[index]),
    look: handle.look.replace(field, "p"),
    constrain(state, point, plane) {
      const [x, y, s1, s2, angle] = handle.constrain(state, point, plane)[field];
      return { [field]: [asMean(x), asMean(y), asWidth(s1), asWidth(s2), angle] };
    },
    when: (state) => isInPlane(state) && weightsOf(state)[index] > 0,
  }));
}

/**
 * The window holds both bumps, and in the plane the covering fit too.
 *
 * @param {State} state
 */
function reachOf(state) {
  const { p1, p2, plane_p1, plane_p2 } = state;
  if (isInPlane(state)) {
    const covering = axesOf(fitsOf(state).covering.law);
    return Math.max(...[plane_p1, plane_p2, covering].map(reach));
  }
  return Math.max(...[p1, p2].map(([mean, sd]) => (Math.abs(mean) + 2 * sd) / HALF_WIDTH / 0.95));
}

/**
 * Which line is which, and what each fit cares for.
 *
 * @param {State} state
 */
function remark(state) {
  const others = fitsOf(state).seeking.length - 1;
  const fits = others === 1 ? "fit" : "fits";
  return (
    "Dotted covers: wherever p has mass, q has too. " +
    "Solid seeks: wherever p has hardly any mass, q has none. " +
    (others ? `Dashed: ${others} other ${fits} that no small change makes better.` : "")
  );
}

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python({ show, ...state }) {
  const given = Object.entries(state).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `from gausslib.widgets import GaussianFit

fit = GaussianFit(
    ${given.join(",\n    ")},
)
print(fit.covering)  # KL(p‖q) is least
print(fit.seeking)  # the local optima of KL(q‖p), the best first
values = fit.values
print(values)
`;
}

const handles = [...lineHandles(0), ...lineHandles(1), ...planeHandles(0), ...planeHandles(1)];

/** @type {Definition} */
export const gaussFit = {
  tag: "gauss-fit",
  label:
    "A mixture p of two bumps, and the two Gaussians q nearest to it: " +
    "one covers p, the other seeks where p is high",
  fields: {
    space: choice("space of a mixture", ["line", "plane"]),
    family: choice("family of fits", ["full", "aligned", "fixed"]),
    p1: lineBump([-2.2, 0.6]),
    p2: lineBump([2, 0.8]),
    plane_p1: planeBump([-2, -0.5, 1, 0.5, 0.6]),
    plane_p2: planeBump([1.8, 0.6, 0.9, 0.5, -0.5]),
    w: number("weight", 0.4, 0, 1),
    width: number("width", 0.8, NARROWEST, WIDEST),
    show: words({ crosswise: "each fit in the other direction", widths: "standard deviations" }),
  },
  presets: {
    "three optima": { space: "line", family: "full", p1: [-2, 0.6], p2: [1.8, 0.7] },
    "two near bumps": { space: "line", family: "full", p1: [-0.9, 0.7], p2: [0.8, 0.7] },
    "fixed width": { space: "line", family: "fixed" },
    "in the plane": { space: "plane", family: "full" },
    "correlation, axis-aligned fits": {
      space: "plane",
      family: "aligned",
      plane_p1: [0.2, 0.1, 1.9, 0.6, 0.7854],
      w: 1,
    },
    cross: {
      space: "plane",
      family: "aligned",
      plane_p1: [0.1, 0.1, 1.9, 0.4, 0],
      plane_p2: [-0.1, -0.1, 1.8, 0.4, 1.5708],
      w: 0.45,
    },
  },
  values: valuesOf,
  readout: [
    { key: "kl_pq", label: "KL(p‖q)", unit: "covers" },
    { key: "kl_qp", label: "KL(q‖p)", unit: "seeks" },
    { key: "kl_qp_cover", label: "KL(q‖p)", unit: "covers", when: shows("crosswise") },
    { key: "kl_pq_seek", label: "KL(p‖q)", unit: "seeks", when: shows("crosswise") },
    { key: "sd_cover", label: "Width", unit: "covers", when: shows("widths") },
    { key: "sd_seek", label: "Width", unit: "seeks", when: shows("widths") },
  ],
  line: true,
  reach: reachOf,
  scene: (state, view) => fitPicture(state, view, roomOfPlane(view.plane, handles, state)),
  remark,
  handles,
  controls: [
    {
      field: "w",
      label: "Weight of p₁",
      min: 0,
      max: 1,
      step: 0.01,
      shown: ({ w }) => w.toFixed(2),
    },
    { field: "space", label: "Space", options: { line: "line", plane: "plane" } },
    {
      field: "family",
      label: "Fit among",
      options: {
        full: "all Gaussians",
        aligned: "those along the axes",
        fixed: "those of one width",
      },
    },
    {
      field: "width",
      label: "Width of q",
      min: NARROWEST,
      max: WIDEST,
      step: 0.05,
      shown: ({ width }) => width.toFixed(2),
      when: ({ family }) => family === "fixed",
    },
  ],
  python,
};
