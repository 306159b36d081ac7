/**
 * `<gauss-geometries>`: the shortest paths between two Gaussians in two geometries, that of W₂ and
 * that of Fisher and Rao, on the line or for centred Gaussians in the plane.
 *
 * Fields: space (line or plane); p, q (mean, standard deviation); plane_p, plane_q (semi-axes,
 * angle); t (the time); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 */
import { bellsPanel, halfPlane, pointHandle } from "../parts/geometries-line.js";
import { discPanel, ellipseHandles, rows } from "../parts/geometries-plane.js";
import {
  bellField,
  edgeDistance,
  isInPlane,
  isOnLine,
  shapeField,
  valuesOf,
} from "../parts/geometries-state.js";
import { roomOfPlane } from "../parts/words.js";
import { choice, has, number, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";

const handles = [
  pointHandle("p"),
  pointHandle("q"),
  ...ellipseHandles("p"),
  ...ellipseHandles("q"),
];

/**
 * How far the edge is, where that is asked for.
 *
 * @param {State} state
 */
function remark(state) {
  if (!has(state.show, "edge")) return "";
  const edge = isOnLine(state) ? "The edge σ = 0" : "The nearest ellipse without width";
  const name = edgeDistance(state, "p") < edgeDistance(state, "q") ? "p" : "q";
  const distance = formatted(edgeDistance(state, name));
  return `${edge} is ${distance} from ${name} in W₂, and infinitely far for Fisher and Rao.`;
}

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python({ show, ...state }) {
  const given = Object.entries(state).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `from gausslib.widgets import GaussianGeometries

geometries = GaussianGeometries(
    ${given.join(",\n    ")},
)
values = geometries.values
print(values)
`;
}

/** @type {Definition} */
export const gaussGeometries = {
  tag: "gauss-geometries",
  label: "Two Gaussians p and q, and the shortest paths between them in W₂ and for Fisher and Rao",
  fields: {
    space: choice("space of paths", ["line", "plane"]),
    p: bellField([-2.2, 1.4]),
    q: bellField([1.8, 0.12]),
    plane_p: shapeField([1, 0.06, 0.2]),
    plane_q: shapeField([0.9, 0.15, 1.3]),
    t: number("time", 0.5, 0, 1),
    show: words({ onward: "both paths, continued", edge: "distances to the edge" }),
  },
  presets: {
    "equal widths, far apart": { space: "line", p: [-2.5, 0.4], q: [2.5, 0.4] },
    "one centre": { space: "line", p: [0, 0.2], q: [0, 3.2] },
    "towards the edge": { space: "line", p: [-1.5, 1.5], q: [1, 0.005] },
    "one needle, turned": {
      space: "plane",
      plane_p: [1, 0.02, 0.3],
      plane_q: [1, 0.02, 1.5],
    },
    "circle to needle": { space: "plane", plane_p: [0.9, 0.9, 0], plane_q: [0.9, 0.005, 0.6] },
    "one shape, two sizes": { space: "plane", plane_p: [0.2, 0.1, 0.5], plane_q: [1, 0.5, 0.5] },
  },
  values: valuesOf,
  readout: [
    { key: "w2", label: "W₂", unit: "length" },
    { key: "fisher_rao", label: "Fisher–Rao", unit: "no unit" },
    { key: "sd_w2", label: "σ at t", unit: "W₂", when: isOnLine },
    { key: "sd_fisher_rao", label: "σ at t", unit: "Fisher–Rao", when: isOnLine },
    { key: "area_w2", label: "Area at t", unit: "W₂", when: isInPlane },
    { key: "area_fisher_rao", label: "Area at t", unit: "Fisher–Rao", when: isInPlane },
    { key: "w2_to_edge_p", label: "p to the edge", unit: "W₂", when: shows("edge") },
    { key: "w2_to_edge_q", label: "q to the edge", unit: "W₂", when: shows("edge") },
  ],
  scale: 1,
  bare: true,
  scene(state, { plane }) {
    const room = roomOfPlane(plane, handles, state);
    return isOnLine(state) ? halfPlane(state, plane, room) : rows(state, plane, room);
  },
  remark,
  handles,
  panels: [bellsPanel, discPanel],
  controls: [
    {
      field: "t",
      label: "Time t",
      min: 0,
      max: 1,
      step: 0.01,
      shown: ({ t }) => t.toFixed(2),
    },
    {
      field: "space",
      label: "Gaussians",
      options: { line: "on the line", plane: "centred, in the plane" },
    },
  ],
  play: {
    label: "Play",
    seconds: 4,
    fraction: ({ t }) => t,
    at: (t) => ({ t }),
  },
  python,
};
