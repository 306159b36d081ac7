/**
 * `<gauss-surface>`: two Gaussians in the plane as surfaces that turn, and what is between them:
 * √(pq), whose volume is their overlap, and p log(p/q), whose volume is KL(p‖q).
 *
 * Fields: p, q; surface; longitude and latitude (degrees) from which it is seen; show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 */
import { axisEnd, gaussian, gaussianHandles, inPython } from "../parts/ellipse.js";
import { FLOOR, surfaceScene } from "../parts/surface-picture.js";
import { floorAt, HIGHEST, LOWEST, seen, values } from "../parts/surface-state.js";
import { angleSlider, turningBackdrop } from "../parts/turning.js";
import { choice, number, words } from "../runtime/fields.js";

const handles = [...gaussianHandles("p", seen, floorAt), ...gaussianHandles("q", seen, floorAt)];

/** @type {{[surface: string]: string}} */
const REMARKS = {
  both: "The volume under each is 1: the narrower a Gaussian is, the higher it stands.",
  root:
    "√(pq) is high where p and q are. The volume under it is their overlap: 1 if they are equal, " +
    "0 if they are far apart.",
  log:
    "Where q is small and p is not, p log(p/q) towers; where q is larger than p it is below the " +
    "floor, in grey. What is above less what is below is KL(p‖q).",
};

/**
 * The window holds means and semi-axes, on a floor that turns.
 *
 * @param {State} state
 */
function reachOf({ p, q }) {
  const ends = [p, q].flatMap((axes) => [axes, axisEnd(axes, 0), axisEnd(axes, 1)]);
  return Math.max(...ends.map(([x, y]) => Math.hypot(x, y))) / FLOOR;
}

/**
 * Whether this surface is chosen.
 *
 * @param {string} name
 */
function chosen(name) {
  return (/** @type {State} */ { surface }) => surface === name;
}

/**
 * The lines of a program that make a mesh, for each surface.
 *
 * @type {{[surface: string]: (state: State) => string}}
 */
const MESHES = {
  both: ({ p, q }) => `meshes = [
    (p.mean, semi_axes(${p.slice(2).join(", ")}), p.pdf),
    (q.mean, semi_axes(${q.slice(2).join(", ")}), q.pdf),
]`,
  root: () => `law = geometric_mean(p, q, 0.5)
vectors, deviations, _ = np.linalg.svd(law.cholesky)
meshes = [
    (law.mean, vectors * deviations, lambda x: np.exp((p.logpdf(x) + q.logpdf(x)) / 2)),
]`,
  log: ({ p }) => `meshes = [
    (p.mean, semi_axes(${p.slice(2).join(", ")}), lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x))),
]`,
};

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python(state) {
  return `import numpy as np
from gausslib import Gaussian, bhattacharyya_distance, geometric_mean, kl_divergence

def semi_axes(s1, s2, angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]]) * [s1, s2]

# mean, standard deviations along the two axes, angle
p = ${inPython(state.p)}
q = ${inPython(state.q)}
${MESHES[state.surface](state)}

# 32 × 32 cells, five and a half standard deviations to each side along the axes
u = np.linspace(-5.5, 5.5, 33)
grid = np.stack(np.meshgrid(u, u), axis=-1)
cells, tops = [], []
for middle, axes, function in meshes:
    h = function(middle + grid @ axes.T)
    area = abs(np.linalg.det(axes)) * (u[1] - u[0]) ** 2
    cells.append((h[1:, 1:] + h[1:, :-1] + h[:-1, 1:] + h[:-1, :-1]) / 4 * area)
    tops.append(h.max())
volumes = np.array(cells)
values = {
    "volume": volumes.sum(),
    "above": volumes.clip(min=0).sum(),
    "below": (-volumes).clip(min=0).sum(),
    "highest": max(tops),
    "kl_pq": kl_divergence(p, q),
    "kl_qp": kl_divergence(q, p),
    "bhattacharyya": bhattacharyya_distance(p, q),
    "overlap": np.exp(-bhattacharyya_distance(p, q)),
}
print({name: float(value) for name, value in values.items()})
`;
}

/** @type {Definition} */
export const gaussSurface = {
  tag: "gauss-surface",
  label: "Two Gaussians p and q in the plane, and a surface over it that turns",
  fields: {
    p: gaussian([-0.7, -0.3, 1, 0.5, 0.5]),
    q: gaussian([0.7, 0.3, 0.9, 0.7, 0]),
    surface: choice("surface", ["both", "root", "log"]),
    longitude: number("longitude of a surface", -65, -180, 180),
    latitude: number("latitude of a surface", 30, LOWEST, HIGHEST),
    show: { ...words({ mesh: "lines of the mesh" }), start: "mesh" },
  },
  presets: {
    "wide p, narrow q": { p: [0, 0, 1.4, 1, 0.3], q: [0.2, 0, 0.6, 0.4, 0.3], surface: "log" },
    "narrow p, wide q": { p: [0.2, 0, 0.6, 0.4, 0.3], q: [0, 0, 1.4, 1, 0.3], surface: "log" },
    "far apart": { p: [-1.6, -0.4, 0.6, 0.4, 0.4], q: [1.6, 0.4, 0.6, 0.4, -0.4] },
    equal: { p: [0, 0, 1.2, 0.6, 0.4], q: [0, 0, 1.2, 0.6, 0.4] },
    crossed: { p: [0, 0, 1.5, 0.4, 0.5], q: [0, 0, 1.5, 0.4, 2], surface: "root" },
  },
  values,
  readout: [
    { key: "volume", label: "Volume of p and q", unit: "1 + 1", when: chosen("both") },
    { key: "highest", label: "Highest point", unit: "density", when: chosen("both") },
    { key: "volume", label: "Volume", unit: "sum of the cells", when: chosen("root") },
    { key: "overlap", label: "Overlap", unit: "closed form", when: chosen("root") },
    { key: "above", label: "Above the floor", unit: "volume", when: chosen("log") },
    { key: "below", label: "Below the floor", unit: "volume", when: chosen("log") },
    { key: "volume", label: "Volume", unit: "above less below", when: chosen("log") },
    { key: "kl_pq", label: "KL(p‖q)", unit: "closed form", when: chosen("log") },
  ],
  reach: reachOf,
  bare: true,
  scene: (state, view) => surfaceScene(state, view, handles),
  remark: ({ surface }) => REMARKS[surface],
  handles,
  backdrop: turningBackdrop(LOWEST, HIGHEST),
  controls: [
    {
      field: "surface",
      label: "Surface",
      options: { both: "p and q", root: "√(pq)", log: "p log(p/q)" },
    },
    angleSlider("longitude", -180, 180, "View longitude"),
    angleSlider("latitude", LOWEST, HIGHEST, "View latitude"),
  ],
  python,
};
