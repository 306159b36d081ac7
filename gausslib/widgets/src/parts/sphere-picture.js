/**
 * The picture of `<orthogonal-sphere>`: the sphere with a and b, a house that stands at a and its
 * image, and what tells the map from the others.
 *
 * @typedef {import("../closed-forms/orthogonal.js").Matrix} Matrix
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./words.js").Room} Room
 */
import { angleBetween, apply, bisectors, scaled } from "../closed-forms/orthogonal.js";
import { mapOverlay, VectorDrawing } from "./map-drawing.js";
import { MAPS } from "./orthogonal-maps.js";
import { compass, headingOf, isClose, pairOf } from "./sphere-state.js";
import { viewOf } from "./turning.js";
import { arc, combined, cross } from "./vectors.js";

/** The house in units to the east, to the north and up: half its length and width, its heights. */
const [EAST, NORTH, WALL, RIDGE] = [0.22, 0.17, 0.18, 0.3];
/** How far from the centre of the sphere the roof is. */
const ROOF = 1 + RIDGE;
/** The faces of the house: gables, walls and roof, and the door in the southern wall. */
const FACES = [
  gable(-EAST),
  gable(EAST),
  wall(-NORTH),
  roof(-NORTH),
  wall(NORTH),
  roof(NORTH),
  [
    [0.1, -NORTH, 0],
    [0.19, -NORTH, 0],
    [0.19, -NORTH, 0.13],
    [0.1, -NORTH, 0.13],
  ],
];
const AXES = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/**
 * The face at one end of the house.
 *
 * @param {number} east
 */
function gable(east) {
  return [
    [east, -NORTH, 0],
    [east, NORTH, 0],
    [east, NORTH, WALL],
    [east, 0, RIDGE],
    [east, -NORTH, WALL],
  ];
}

/**
 * The wall on one long side.
 *
 * @param {number} north
 */
function wall(north) {
  return [
    [-EAST, north, 0],
    [EAST, north, 0],
    [EAST, north, WALL],
    [-EAST, north, WALL],
  ];
}

/**
 * The half of the roof on one long side.
 *
 * @param {number} north
 */
function roof(north) {
  return [
    [-EAST, north, WALL],
    [EAST, north, WALL],
    [EAST, 0, RIDGE],
    [-EAST, 0, RIDGE],
  ];
}

/**
 * The drawing of the sphere as the state sees it.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
function drawingOf(state, plane, room) {
  const view = viewOf(state);
  /** @type {(vector: Vector) => Point} */
  const toPoint = (vector) => {
    const [x, y] = apply(view, vector);
    return [x, y];
  };
  return new VectorDrawing(plane, toPoint, (vector) => apply(view, vector)[2] < 0, room);
}

/**
 * The sphere, with the three circles in which the planes of coordinates cut it.
 *
 * @param {VectorDrawing} drawing
 */
function sphere(drawing) {
  const { width, height, unit } = drawing.plane;
  const [x, y, z] = AXES;
  return [
    `<circle class="origin" cx="${width / 2}" cy="${height / 2}" r="${unit}"/>`,
    drawing.curve(arc(x, y), "grid"),
    drawing.curve(arc(y, z), "grid"),
    drawing.curve(arc(z, x), "grid"),
  ].join("");
}

/**
 * The axis of a turn, or the normal of a mirror.
 *
 * @param {string} map
 * @param {Vector} middle
 * @param {Vector} chord
 */
function axisOf(map, middle, chord) {
  const { turnsPlane, keepsAcross } = MAPS[map];
  if (turnsPlane) return cross(middle, chord);
  return keepsAcross ? chord : middle;
}

/**
 * What tells the map from the others: its axis. T₂ and T₄, which change the handedness, have a
 * mirror, and it is drawn too.
 *
 * @param {VectorDrawing} drawing
 * @param {string} map
 * @param {Vector} middle
 * @param {Vector} chord
 */
function axisPicture(drawing, map, middle, chord) {
  const { turnsPlane, keepsAcross } = MAPS[map];
  const disc = arc(middle, turnsPlane ? chord : cross(middle, chord));
  const hasDisc = turnsPlane !== keepsAcross;
  return [
    hasDisc ? drawing.shape(disc, "layer map") + drawing.curve(disc, "bell map") : "",
    drawing.line(axisOf(map, middle, chord), "mixture"),
  ].join("");
}

/**
 * The house that stands at a, and its image.
 *
 * @param {VectorDrawing} drawing
 * @param {Vector} a
 * @param {Matrix} matrix
 */
function houses(drawing, a, matrix) {
  const frame = [...compass(a), a];
  /** @type {(place: Vector) => Vector} */
  const standing = ([east, north, up]) => combined([east, north, 1 + up], frame);
  const faces = FACES.map((face) => face.map(standing));
  return drawing.house(AXES, faces, "at") + drawing.house(matrix, faces, "map");
}

/**
 * The names of the vectors, of the houses, above their roofs, and of the axis.
 *
 * @param {VectorDrawing} drawing
 * @param {string} map
 * @param {Vector} a
 * @param {Vector} b
 */
function names(drawing, map, a, b) {
  const { matrixOf, symbol, turnsPlane, keepsAcross } = MAPS[map];
  const roof = scaled(a, ROOF);
  const [middle, chord] = bisectors(a, b);
  const axis = scaled(axisOf(map, middle, chord), 1.2);
  return [
    drawing.name(scaled(a, 0.6), "name a", "a"),
    drawing.name(scaled(b, 0.6), "name b", "b"),
    drawing.name(roof, "name at", "h"),
    drawing.name(apply(matrixOf(a, b), roof), "name map", `${symbol}h`),
    drawing.name(axis, "say", turnsPlane || !keepsAcross ? "axis" : "normal"),
  ].join("");
}

/**
 * The arrow from a or −a in the direction in which b is close to it.
 *
 * @param {State} state
 * @param {VectorDrawing} drawing
 */
function headingArrow(state, drawing) {
  const isNearA = state.near === "a";
  const foot = isNearA ? state.a : scaled(state.a, -1);
  const end = combined([1, isNearA ? 0.5 : -0.5], [foot, headingOf(state)]);
  return drawing.arrow(foot, end, "basis b");
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 * @param {Room} room
 */
export function spherePicture(state, { plane, lit }, room) {
  const drawing = drawingOf(state, plane, room);
  const [a, b] = pairOf(state);
  const [middle, chord] = bisectors(a, b);
  const centre = [0, 0, 0];
  return [
    sphere(drawing),
    axisPicture(drawing, state.map, middle, chord),
    drawing.curve(arc(middle, chord, angleBetween(a, b) / 2), "bell at"),
    drawing.arrow(centre, a, "basis a"),
    drawing.arrow(centre, b, "basis b"),
    houses(drawing, a, MAPS[state.map].matrixOf(a, b)),
    isClose(state) ? headingArrow(state, drawing) : "",
    mapOverlay(drawing, lit, a, b),
    names(drawing, state.map, a, b),
  ].join("");
}
