/**
 * `<gauss-boxes>`: two turned boxes in the plane, to be moved by their centres and sides, and the
 * scores by which detectors compare them, some of which are distances of Gaussians.
 *
 * Fields: p, q; score (whose pull is drawn); eps (of detectors); scale (pixels of a unit); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 */
import { cornersOf, ellipseOf } from "../closed-forms/boxes2d.js";
import { boxFormulas, remark } from "../parts/boxes-formulas.js";
import { boxesPicture } from "../parts/boxes-picture.js";
import { boxField, values } from "../parts/boxes-state.js";
import { gaussianHandles } from "../parts/ellipse.js";
import { choice, number, once, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { HALF_HEIGHT, HALF_WIDTH } from "../runtime/plane.js";

const SPOKEN_AS = ["centre", "width", "height"];
/** The least ε of the slider but 0 is ten to one more than this. */
const NO_EPS = -8;

/** The boxes as the ellipses inside them, of which the semi-axes end on the sides. */
const asEllipses = once((state) => ({ p: ellipseOf(state.p), q: ellipseOf(state.q) }));

/**
 * The three handles of a box: its centre, and the middles of two sides.
 *
 * @param {"p" | "q"} name
 * @returns {HandleDefinition[]}
 */
function boxHandles(name) {
  return gaussianHandles(name).map(({ end, ...handle }, index) => ({
    ...handle,
    ...(end && { end: (/** @type {State} */ state) => end(asEllipses(state)) }),
    name: `${SPOKEN_AS[index]} of ${name}`,
    position: (state, plane) => handle.position(asEllipses(state), plane),
    constrain(state, point, plane) {
      const [x, y, a, b, angle] = handle.constrain(asEllipses(state), point, plane)[name];
      return { [name]: [x, y, 2 * a, 2 * b, angle] };
    },
    spoken(state, plane) {
      const said = handle.spoken(asEllipses(state), plane);
      if (index === 0) return said;
      const [, , width, height, angle] = state[name];
      const side = index === 1 ? width : height;
      const degrees = Math.round((angle * 180) / Math.PI);
      const text = `${SPOKEN_AS[index]} ${formatted(side)}, angle ${degrees}°`.replace("-", "−");
      return { text, now: side, min: 0, max: 4 * HALF_WIDTH * plane.scale };
    },
  }));
}

const handles = [...boxHandles("p"), ...boxHandles("q")];

/**
 * The window holds the corners of both boxes.
 *
 * @param {State} state
 */
function reachOf(state) {
  const corners = [...cornersOf(state.p), ...cornersOf(state.q)];
  const reached = corners.map(([x, y]) =>
    Math.max(Math.abs(x) / HALF_WIDTH, Math.abs(y) / HALF_HEIGHT),
  );
  return Math.max(...reached) / 0.95;
}

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python({ p, q, score, eps, scale }) {
  return `from gausslib.widgets import GaussianBoxes

# x, y, width, height, angle
boxes = GaussianBoxes([${p.join(", ")}], [${q.join(", ")}], "${score}", ${eps}, ${scale})
print(*boxes.gaussians)
values = boxes.values
print(values)
`;
}

/** @type {Definition} */
export const gaussBoxes = {
  tag: "gauss-boxes",
  label: "Two turned boxes p and q in the plane, what they share, and how a score would move p",
  fields: {
    p: boxField([-0.7, -0.3, 3, 1.2, 0.5]),
    q: boxField([0.6, 0.3, 2.6, 1.4, 0.1]),
    score: choice("score of boxes", ["iou", "gwd", "kld", "probiou"]),
    eps: number("epsilon", 1e-7, 0, 1e-3),
    scale: number("image scale", 10, 1, 1000),
    show: {
      ...words({
        gaussians: "the Gaussians of the boxes",
        arrows: "how the score moves and turns p",
        detectors: "scores as detectors compute them",
        losses: "what becomes of W₂ in a loss",
      }),
      start: "gaussians arrows",
    },
  },
  presets: {
    "square, turned by 45°": { p: [0, 0, 2.4, 2.4, 0.7854], q: [0, 0, 2.4, 2.4, 0] },
    "nearly square": { p: [-0.2, 0.1, 2.4, 2.3, 0.6], q: [0.2, -0.1, 2.4, 2.3, 0] },
    "thin, crossed": { p: [0.2, 0.1, 4, 0.08, 0.6], q: [-0.2, -0.1, 4, 0.08, -0.5] },
    "far apart": { p: [-2.2, -1, 2, 0.8, 0.6], q: [2.1, 1, 1.8, 0.9, 0.2] },
    identical: {
      p: [0, 0, 3, 1.2, 0.4],
      q: [0, 0, 3, 1.2, 0.4],
      show: "gaussians arrows detectors",
    },
  },
  values,
  readout: [
    { key: "iou", label: "IoU", unit: "shared area" },
    { key: "w2", label: "W₂", unit: "GWD, pixels" },
    { key: "kld", label: "KL(p‖q)", unit: "KLD, nats" },
    { key: "probiou", label: "ProbIoU", unit: "0 to 1" },
    { key: "kld_eps", label: "KL(p‖q) with ε", unit: "nats", when: shows("detectors") },
    { key: "probiou_eps", label: "ProbIoU with ε", unit: "≤ 1", when: shows("detectors") },
    { key: "w2_units", label: "W₂ in units", unit: "at any scale", when: shows("losses") },
    { key: "gwd_loss", label: "Loss of GWD", unit: "0 to 1", when: shows("losses") },
  ],
  reach: reachOf,
  scene: (state, view) => boxesPicture(state, view, handles),
  remark,
  handles,
  controls: [
    {
      field: "score",
      label: "Score that pulls at p",
      options: { iou: "IoU", gwd: "W₂ (GWD)", kld: "KL (KLD)", probiou: "ProbIoU" },
    },
    {
      field: "scale",
      label: "Pixels of a unit",
      min: 0,
      max: 3,
      step: 1,
      place: { to: Math.log10, from: (place) => 10 ** place },
      shown: ({ scale }) => `${scale}`,
    },
    {
      field: "eps",
      label: "ε of detectors",
      min: 0,
      max: 5,
      step: 1,
      place: {
        to: (eps) => (eps ? Math.max(Math.log10(eps) - NO_EPS, 0) : 0),
        from: (place) => (place ? Number(`1e${place + NO_EPS}`) : 0),
      },
      shown: ({ eps }) => (eps ? eps.toExponential().replace("-", "−") : "0"),
      when: shows("detectors"),
    },
  ],
  formulas: boxFormulas,
  python,
};
