/**
 * `<orthogonal-plane>`: two unit vectors a and b of the plane, to be moved round the circle, and
 * the orthogonal maps that take a to b, seen by what they do to a house.
 *
 * Fields: a, b; map (rotation, reflection, half-turn or rotoreflection); d (dimension for which the
 * traces are drawn); show.
 *
 * @typedef {import("../closed-forms/orthogonal.js").Matrix} Matrix
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").View} View
 */
import {
  angleBetween,
  apply,
  bisectors,
  reflection,
  rotation,
  scaled,
} from "../closed-forms/orthogonal.js";
import { mapOverlay, VectorDrawing } from "../parts/map-drawing.js";
import { mapFigure } from "../parts/map-figure.js";
import { MAPS, NAMES, singularityNote, unitVector } from "../parts/orthogonal-maps.js";
import { tracePanel } from "../parts/trace-chart.js";
import { arc, combined } from "../parts/vectors.js";
import { roomOfPlane } from "../parts/words.js";
import { choice, has, shows, whole, words } from "../runtime/fields.js";

/** The walls of the house and its door. */
const HOUSE = [
  [
    [0.18, -0.8],
    [0.56, -0.8],
    [0.56, -0.46],
    [0.37, -0.26],
    [0.18, -0.46],
  ],
  [
    [0.42, -0.8],
    [0.51, -0.8],
    [0.51, -0.58],
    [0.42, -0.58],
  ],
];
/** The middle of its ground, below which its name stands. */
const GROUND = [0.37, -0.8];
const DOWN = [0, -1];
const IDENTITY = [
  [1, 0],
  [0, 1],
];

const common = mapFigure(2, ({ a, b }) => [a, b], "trace");

/**
 * The handle of a or b. Its angle is kept to a ten-thousandth.
 *
 * @param {"a" | "b"} name
 * @returns {HandleDefinition}
 */
function tipHandle(name) {
  return {
    name,
    look: `${name} centre`,
    position: (state) => state[name],
    isRound: true,
    constrain(_, [x, y]) {
      if (x === 0 && y === 0) return {};
      const angle = Math.round(Math.atan2(y, x) * 1e4) / 1e4;
      return { [name]: [Math.cos(angle), Math.sin(angle)] };
    },
    spoken(state) {
      const [x, y] = state[name];
      const now = Math.round((Math.atan2(y, x) * 180) / Math.PI);
      return { text: `${now}°`, now, min: -180, max: 180 };
    },
  };
}

const handles = [tipHandle("a"), tipHandle("b")];

/**
 * The name of the image of the house.
 *
 * @param {VectorDrawing} drawing
 * @param {Matrix} matrix
 * @param {string} look
 * @param {string} said
 */
function houseName(drawing, matrix, look, said) {
  return drawing.name(apply(matrix, GROUND), `name ${look}`, said, apply(matrix, DOWN));
}

/**
 * The letter of a or b, beyond the tip and a little aside, away from the other.
 *
 * @param {VectorDrawing} drawing
 * @param {"a" | "b"} name
 * @param {Vector} vector
 * @param {Vector} aside
 */
function letterOf(drawing, name, vector, aside) {
  return drawing.name(vector, `name ${name}`, name, combined([1, 0.5], [vector, aside]), 9);
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 */
function scene({ a, b, map, show }, { plane, lit }) {
  const drawing = new VectorDrawing(
    plane,
    ([x, y]) => [x, y],
    () => false,
    roomOfPlane(plane, handles, { a, b }),
  );
  const [middle, chord] = bisectors(a, b);
  const { turnsPlane } = MAPS[map];
  const showsTurn = has(show, "all") || turnsPlane;
  const showsMirror = has(show, "all") || !turnsPlane;
  const turned = rotation(a, b);
  const mirrored = reflection(a, b);
  const arm = 0.35;
  const angle = arc(scaled(middle, arm), scaled(chord, arm), angleBetween(a, b) / 2);
  /** @type {(isChosen: boolean) => string} */
  const look = (isChosen) => (isChosen ? "map" : "map behind");
  return [
    drawing.curve(arc([1, 0], [0, 1]), "origin"),
    showsMirror ? drawing.line(middle, "mixture") : "",
    drawing.house(IDENTITY, HOUSE, "at"),
    showsTurn ? drawing.house(turned, HOUSE, look(turnsPlane)) : "",
    showsMirror ? drawing.house(mirrored, HOUSE, look(!turnsPlane)) : "",
    showsTurn ? drawing.curve(angle, "bell at") : "",
    drawing.arrow([0, 0], scaled(a, 0.96), "basis a"),
    drawing.arrow([0, 0], scaled(b, 0.96), "basis b"),
    mapOverlay(drawing, lit, a, b),
    letterOf(drawing, "a", a, chord),
    letterOf(drawing, "b", b, scaled(chord, -1)),
    houseName(drawing, IDENTITY, "at", "h"),
    showsTurn ? houseName(drawing, turned, "map", "T₁h = T₄h") : "",
    showsMirror ? houseName(drawing, mirrored, "map", "T₂h = T₃h") : "",
    showsTurn ? drawing.name(scaled(middle, arm), "say", "θ", middle) : "",
    showsMirror ? drawing.name(scaled(middle, 1.2), "say", "mirror", chord) : "",
  ].join("");
}

/**
 * What there is to say where the formula of the map breaks down.
 *
 * @param {State} state
 */
function remark({ map, a, b }) {
  const said = singularityNote(map, a, b);
  return said && `${said}In the plane one map is left, from d = 3 on many.`;
}

/** @type {Definition} */
export const orthogonalPlane = {
  ...common,
  tag: "orthogonal-plane",
  fields: {
    a: unitVector("unit vector of the plane", [0.96, -0.28]),
    b: unitVector("unit vector of the plane", [0.6, 0.8]),
    map: choice("orthogonal map", NAMES),
    d: whole("dimension", 2, 2, 7),
    show: words({
      all: "all four maps",
      matrix: "the matrix",
      terms: "terms of the formula",
      trace: "traces, over the angle",
    }),
  },
  presets: {
    "right angle": { a: [1, 0], b: [0, 1] },
    obtuse: { b: [-0.8, 0.6] },
    "b near a": { b: [0.9600000000028, -0.2799999999904], map: "reflection" },
    "b = a": { b: [0.96, -0.28], map: "reflection" },
    "b = −a": { b: [-0.96, 0.28] },
  },
  scene,
  remark,
  handles,
  panels: [...common.panels, tracePanel],
  controls: [
    ...common.controls,
    { field: "d", label: "Dimension d", min: 2, max: 7, step: 1, when: shows("trace") },
  ],
};
