/**
 * `<orthogonal-sphere>`: two unit vectors a and b on the sphere, and one of the four orthogonal
 * maps that take a to b, seen by what it does to a house that stands at a.
 *
 * Fields: a, b; map; near (b is where it is dragged, or close to a or −a), approach (n: the
 * distance is 10⁻ⁿ) and direction (degrees from east to north); longitude and latitude (degrees)
 * from which the sphere is seen; show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 */
import { apply, scaled } from "../closed-forms/orthogonal.js";
import { mapFigure } from "../parts/map-figure.js";
import { MAPS, NAMES, singularityNote, unitVector } from "../parts/orthogonal-maps.js";
import { spherePicture } from "../parts/sphere-picture.js";
import { isClose, pairOf } from "../parts/sphere-state.js";
import { angleSlider, turningBackdrop, viewOf } from "../parts/turning.js";
import { combined } from "../parts/vectors.js";
import { roomOfPlane } from "../parts/words.js";
import { choice, number, whole, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";

/** A dragged vector comes no nearer to the rim than this, so that it keeps its side. */
const RIM = 0.999;
/**
 * What a map tends to where it has a limit.
 *
 * @type {{[map: string]: string}}
 */
const LIMITS = {
  rotation: "I",
  reflection: "I − 2aaᵀ",
  "half-turn": "2aaᵀ − I",
  rotoreflection: "−I",
};

/**
 * The handle of a or b on the near side of the sphere or, hollow, on the far side. Dragging keeps
 * the side.
 *
 * @param {"a" | "b"} name
 * @param {boolean} isBehind
 * @returns {HandleDefinition}
 */
function tipHandle(name, isBehind) {
  return {
    name: isBehind ? `${name}, behind the sphere` : name,
    look: `${name} ${isBehind ? "end behind" : "centre"}`,
    when(state) {
      if (name === "b" && isClose(state)) return false;
      const [, , depth] = apply(viewOf(state), state[name]);
      return isBehind ? depth < 0 : depth >= 0;
    },
    position(state) {
      const [x, y] = apply(viewOf(state), state[name]);
      return [x, y];
    },
    constrain(state, [x, y]) {
      const size = Math.min(1, RIM / Math.hypot(x, y));
      const depth = Math.sqrt(1 - (x * x + y * y) * size * size) * (isBehind ? -1 : 1);
      const point = combined([x * size, y * size, depth], viewOf(state));
      return { [name]: scaled(point, 1 / Math.hypot(...point)) };
    },
    spoken(state) {
      const vector = state[name];
      return { text: vector.map(formatted).join(", "), now: vector[2], min: -1, max: 1 };
    },
  };
}

/**
 * Whether the map has a limit where b is close to a or −a, and what that is.
 *
 * @param {State} state
 */
function remark(state) {
  const { map, near } = state;
  const { symbol, singular } = MAPS[map];
  const noLimit =
    `As b → ${singular} the ${singular === "a" ? "mirror" : "axis"} turns with the direction ` +
    `of approach: ${symbol} has no limit.`;
  if (!isClose(state)) {
    const said = singularityNote(map, state.a, state.b);
    return said && said + noLimit;
  }
  const target = near.replace("-", "−");
  if (target === singular) return noLimit;
  return `As b → ${target}, ${symbol} tends to ${LIMITS[map]} from every direction.`;
}

const handles = [
  tipHandle("a", true),
  tipHandle("a", false),
  tipHandle("b", true),
  tipHandle("b", false),
];
const common = mapFigure(3, pairOf, "terms");

/** @type {Definition} */
export const orthogonalSphere = {
  ...common,
  tag: "orthogonal-sphere",
  fields: {
    a: unitVector("unit vector in space", [0.8, -0.36, 0.48]),
    b: unitVector("unit vector in space", [0.48, 0.6, 0.64]),
    map: choice("orthogonal map", NAMES),
    near: choice("closeness", ["free", "a", "-a"]),
    approach: whole("approach", 3, 0, 9),
    direction: number("direction", 30, -180, 180),
    longitude: number("longitude", 30, -180, 180),
    latitude: number("latitude", 20, -90, 90),
    show: words({ matrix: "the matrix", terms: "terms of the formula" }),
  },
  presets: {
    "right angle": { b: [0, 0.8, 0.6] },
    obtuse: { a: [0.8, -0.6, 0], b: [-0.36, 0.8, 0.48] },
    "b near a": { near: "a", approach: 9, map: "reflection" },
    "b near −a": { near: "-a", approach: 9, longitude: 60 },
    "b = a": { b: [0.8, -0.36, 0.48], map: "reflection" },
  },
  scene: (state, view) => spherePicture(state, view, roomOfPlane(view.plane, handles, state)),
  remark,
  handles,
  backdrop: turningBackdrop(-90, 90),
  controls: [
    ...common.controls,
    {
      field: "near",
      label: "b",
      options: { free: "where it is dragged", a: "close to a", "-a": "close to −a" },
    },
    {
      field: "approach",
      label: "Distance",
      min: 0,
      max: 9,
      step: 1,
      shown: ({ approach }) => formatted(10 ** -approach),
      when: isClose,
    },
    { ...angleSlider("direction", -180, 180, "Direction"), when: isClose },
    angleSlider("longitude", -180, 180, "View longitude"),
    angleSlider("latitude", -90, 90, "View latitude"),
  ],
};
