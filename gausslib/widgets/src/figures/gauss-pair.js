/**
 * `<gauss-pair>`: two Gaussians in the plane, to be moved by their means and semi-axes, and the
 * distances between them.
 *
 * Fields: p, q; formula (which distance is taken apart); t (time on the geodesic); map (of the
 * whole plane); show. All distances are those of the images of p and q under the map.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian2} Gaussian2
 * @typedef {import("../parts/words.js").Room} Room
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 */
import { toAxes } from "../closed-forms/gauss2d.js";
import {
  affineMap,
  hasMap,
  IDENTITY,
  imageOfEllipse,
  imageOfPoint,
  mapHandles,
  mapPicture,
  ofSeenPair,
  sourceOfPoint,
} from "../parts/affine-map.js";
import {
  axisEnd,
  between,
  gaussian,
  gaussianHandles,
  inPython,
  reach,
  transported,
} from "../parts/ellipse.js";
import { pairFormulas, seenDistances } from "../parts/pair-formulas.js";
import { cloud, onTheWay, overlay, transportArrows } from "../parts/pair-overlay.js";
import { letter, roomOfPlane, ticks } from "../parts/words.js";
import { gaussianEllipses, layers, lines, path } from "../runtime/draw.js";
import { choice, has, number, shows, words } from "../runtime/fields.js";

/** @type {Axes} */
const UNIT_CIRCLE = [0, 0, 1, 1, 0];
const seenPair = ofSeenPair((p, q) => [p, q]);
const handles = [
  ...gaussianHandles("p", imageOfPoint, sourceOfPoint),
  ...gaussianHandles("q", imageOfPoint, sourceOfPoint),
  ...mapHandles,
];

/**
 * The window holds p and q and, if the map has handles, the image of the unit circle, where they
 * are.
 *
 * @param {State} state
 */
function reachOf(state) {
  const held = [state.p, state.q];
  if (has(state.show, "map")) held.push(UNIT_CIRCLE);
  return Math.max(...held.map((axes) => reach(toAxes(imageOfEllipse(state, axes)))));
}

/**
 * The ellipses of p or q with their semi-axes, and its density if that is shown.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {"p" | "q"} name
 * @param {Gaussian2} law
 */
function lawPicture(state, plane, name, law) {
  const axes = toAxes(law);
  const density = has(state.show, "density") ? layers(plane, axes, name) : "";
  const semiAxes = [0, 1].map((index) => [
    law.mean,
    imageOfPoint(state, axisEnd(state[name], index)),
  ]);
  return density + gaussianEllipses(plane, axes, name, path(lines(plane, semiAxes), "axes"));
}

/**
 * What stands still under the map. W₂ does so if the map is a rigid motion, up to the rounding of
 * its handles.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
function invarianceNote(state, plane, room) {
  if (!hasMap(state)) return "";
  const before = seenDistances({ ...state, map: IDENTITY }).w2;
  const w2Moves = Math.abs(seenDistances(state).w2 / before - 1) > 2e-4;
  const note = w2Moves ? "Only W₂ changes" : "No distance changes";
  return room.say([plane.width, 0], "say", note);
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 */
function scene(state, view) {
  const { plane } = view;
  const [p, q] = seenPair(state);
  const room = roomOfPlane(plane, handles, state);
  /** @type {(word: string, draw: () => string) => string} */
  const extra = (word, draw) => (has(state.show, word) ? draw() : "");
  const said = [
    extra("map", () => invarianceNote(state, plane, room)), // the longest has the first choice
    letter(room, plane, p.mean, "p"),
    letter(room, plane, q.mean, "q"),
  ];
  return [
    extra("map", () => mapPicture(state, plane)),
    lawPicture(state, plane, "p", p),
    lawPicture(state, plane, "q", q),
    extra("samples", () => cloud(state, plane, "p") + cloud(state, plane, "q")),
    extra("geodesic", () => onTheWay(state, plane, p, q, room)),
    extra("arrows", () => path(transportArrows(state, plane, p, q), "transport")),
    overlay(state, view),
    ...said,
    ticks(room, plane),
  ].join("");
}

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python(state) {
  const [a, b, c, d, e, f] = state.map;
  const map = hasMap(state) ? `.affine([[${a}, ${b}], [${c}, ${d}]], [${e}, ${f}])` : "";
  return `from gausslib import (
    Gaussian, bhattacharyya_distance, hellinger_distance, kl_divergence, w2_distance,
)

# mean, standard deviations along the two axes, angle
p = ${inPython(state.p)}${map}
q = ${inPython(state.q)}${map}
values = {
    "kl_pq": kl_divergence(p, q),
    "kl_qp": kl_divergence(q, p),
    "bhattacharyya": bhattacharyya_distance(p, q),
    "hellinger": hellinger_distance(p, q),
    "w2": w2_distance(p, q),
}
print(values)
`;
}

/**
 * A Gaussian that goes elsewhere by W₂'s shortest path while W₂ is what is looked at.
 *
 * @param {Axes} start
 */
function inItsGeometry(start) {
  /** @type {(from: Axes, to: Axes, part: number, state: State) => number[]} */
  const way = (from, to, part, { formula }) =>
    (formula === "w2" ? transported : between)(from, to, part);
  return { ...gaussian(start), between: way };
}

/** @type {Definition} */
export const gaussPair = {
  tag: "gauss-pair",
  label: "Two Gaussians p and q in the plane, as ellipses at one and two standard deviations",
  fields: {
    p: inItsGeometry([-0.8, -0.3, 1.4, 0.6, 0.5]),
    q: inItsGeometry([1, 0.4, 1, 0.8, 0]),
    formula: choice("distance", ["kl", "bhattacharyya", "w2"]),
    t: number("time", 0.5, 0, 1),
    map: affineMap,
    show: words({
      terms: "terms of a distance",
      hellinger: "Hellinger distance",
      density: "density, in shades",
      samples: "samples",
      arrows: "optimal transport, as arrows",
      geodesic: "the way from p to q",
      map: "an affine map of the plane",
    }),
  },
  presets: {
    identical: { p: [0, 0, 1.2, 0.6, 0.4], q: [0, 0, 1.2, 0.6, 0.4] },
    rotated: { p: [0, 0, 1.6, 0.5, 0], q: [0, 0, 1.6, 0.5, 1.0472] },
    commuting: { p: [-0.8, -0.4, 1.5, 0.5, 0.5], q: [0.9, 0.5, 0.6, 1.1, 0.5] },
    thin: { p: [-0.5, 0, 1.5, 0.0015, 0.6], q: [0.5, 0.2, 1.4, 0.0014, -0.5] },
    far: { p: [-3, -1.5, 0.5, 0.25, 0.3], q: [3, 1.5, 0.6, 0.3, -0.8] },
    "nearly degenerate": { p: [-0.5, 0.2, 1.4, 0.8, 0.3], q: [0.6, -0.2, 1.4, 0.0014, 0.3] },
  },
  values: seenDistances,
  readout: [
    { key: "kl_pq", label: "KL(p‖q)", unit: "nats" },
    { key: "kl_qp", label: "KL(q‖p)", unit: "nats" },
    { key: "bhattacharyya", label: "Bhattacharyya", unit: "nats" },
    { key: "hellinger", label: "Hellinger", unit: "0 to 1", when: shows("hellinger") },
    { key: "w2", label: "W₂", unit: "length" },
  ],
  reach: reachOf,
  scene,
  handles,
  controls: [
    {
      field: "t",
      label: "Time t on the geodesic",
      min: 0,
      max: 1,
      step: 0.01,
      shown: ({ t }) => t.toFixed(2),
      when: shows("geodesic"),
    },
    {
      field: "formula",
      label: "Take apart",
      options: { kl: "KL(p‖q)", bhattacharyya: "Bhattacharyya", w2: "W₂²" },
      when: shows("terms"),
    },
  ],
  play: {
    label: "Play",
    seconds: 4,
    fraction: ({ t }) => t,
    at: (t) => ({ t }),
    when: shows("geodesic"),
  },
  formulas: pairFormulas,
  python,
};
