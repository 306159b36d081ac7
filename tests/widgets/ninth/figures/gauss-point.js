/**
 * `<gauss-point>`: how far a point is from a Gaussian, measured with the Gaussian itself.
 *
 * @typedef {import("../runtime/fields.js").State} State
 */

import { fromAxes, squaredLength } from "../closed-forms/gauss2d.js";
import { gaussian, gaussianHandles, reach, spokenPoint } from "../parts/ellipse.js";
import { roomOfPlane, ticks } from "../parts/words.js";
import { ellipse, lines, path } from "../runtime/draw.js";
import { numbers } from "../runtime/fields.js";

/**
 * The distance of x from p.
 * @param {State} state
 */
function mahalanobis({ p, x }) {
  return Math.sqrt(squaredLength([x[0] - p[0], x[1] - p[1]], fromAxes(p)));
}

/** @type {import("../runtime/figure.js").HandleDefinition} */
const pointHandle = {
  name: "point x",
  look: "q centre",
  position: ({ x }) => x,
  constrain: (_, [u, v], plane) => ({ x: [plane.rounded(u), plane.rounded(v)] }),
  spoken: ({ x }) => spokenPoint(x),
};
const handles = [...gaussianHandles("p"), pointHandle];

/** @type {import("../runtime/figure.js").Definition} */
export const gaussPoint = {
  tag: "gauss-point",
  label: "A Gaussian p in the plane, and the ellipse of its shape through a point x",
  fields: {
    p: gaussian([-0.5, 0, 1.4, 0.6, 0.5]),
    x: numbers("point", "two numbers", [1.5, 0.5]),
  },
  presets: {
    "on the long axis": { p: [0, 0, 2, 0.5, 0], x: [2, 0] },
    "on the short axis": { p: [0, 0, 2, 0.5, 0], x: [0, 2] },
    "in the middle": { p: [0, 0, 2, 0.5, 0], x: [0, 0] },
  },
  values: (state) => ({ mahalanobis: mahalanobis(state) }),
  readout: [{ key: "mahalanobis", label: "Mahalanobis distance", unit: "standard deviations" }],
  reach: ({ p, x }) => Math.max(reach(p), reach([x[0], x[1], 1e-6, 1e-6, 0])),
  scene(state, { plane }) {
    const { p, x } = state;
    const room = roomOfPlane(plane, handles, state);
    return [
      ellipse(plane, p, "p one"),
      ellipse(plane, p, "p two", mahalanobis(state)),
      path(lines(plane, [[[p[0], p[1]], x]]), "p axes"),
      room.say(plane.toPixels(x), "name q", "x"),
      ticks(room, plane),
    ].join("");
  },
  handles,
  python: ({ p, x }) => `from gausslib import Gaussian

p = Gaussian.from_axes([${p[0]}, ${p[1]}], [${p[2]}, ${p[3]}], ${p[4]})
values = {"mahalanobis": p.mahalanobis([${x}])}
print(values)
`,
};
