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
/** The middle of its ground, where its name stands. */
const GROUND = [0.37, -0.8];
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

/**
 * The image of the house with its name, which keeps clear of the walls however they stand.
 *
 * @param {VectorDrawing} drawing
 * @param {Matrix} matrix
 * @param {string} look
 * @param {string} said
 * @param {boolean} isChosen
 */
function houseImage(drawing, matrix, look, said, isChosen) {
  const [dx, dy] = [-55 * matrix[0][1], 6 + 18 * matrix[1][1]];
  return (
    drawing.house(matrix, HOUSE, isChosen ? look : `${look} behind`) +
    drawing.name(apply(matrix, GROUND), `name ${look}`, said, dx, dy)
  );
}

/**
 * The arrow of a or b, with its letter beyond the tip and a little aside, away from the other.
 *
 * @param {VectorDrawing} drawing
 * @param {"a" | "b"} name
 * @param {Vector} vector
 * @param {Vector} aside
 */
function vectorArrow(drawing, name, vector, aside) {
  return (
    drawing.arrow([0, 0], scaled(vector, 0.96), `basis ${name}`) +
    drawing.name(combined([1.15, 1], [vector, aside]), `name ${name}`, name)
  );
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
  );
  const [middle, chord] = bisectors(a, b);
  const { turnsPlane } = MAPS[map];
  const showsTurn = has(show, "all") || turnsPlane;
  const showsMirror = has(show, "all") || !turnsPlane;
  const drawn = [drawing.curve(arc([1, 0], [0, 1]), "origin")];
  if (showsMirror)
    drawn.push(
      drawing.line(middle, "mixture"),
      drawing.name(scaled(middle, 1.2), "say", "mirror", 8, 4),
    );
  drawn.push(houseImage(drawing, IDENTITY, "at", "h", true));
  if (showsTurn) drawn.push(houseImage(drawing, rotation(a, b), "map", "T₁h = T₄h", turnsPlane));
  if (showsMirror)
    drawn.push(houseImage(drawing, reflection(a, b), "map", "T₂h = T₃h", !turnsPlane));
  if (showsTurn) {
    const half = angleBetween(a, b) / 2;
    drawn.push(
      drawing.curve(arc(scaled(middle, 0.35), scaled(chord, 0.35), half), "bell at"),
      drawing.name(scaled(middle, 0.47), "say", "θ", -4, 5),
    );
  }
  drawn.push(
    vectorArrow(drawing, "a", a, scaled(chord, 0.1)),
    vectorArrow(drawing, "b", b, scaled(chord, -0.1)),
    mapOverlay(drawing, lit, a, b),
  );
  return drawn.join("");
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
    show: words(["all", "matrix", "terms", "trace"]),
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
  handles: [tipHandle("a"), tipHandle("b")],
  panels: [...common.panels, tracePanel],
  controls: [
    ...common.controls,
    { field: "d", label: "Dimension d", min: 2, max: 7, step: 1, when: shows("trace") },
  ],
};
