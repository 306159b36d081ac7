/**
 * `<orthogonal-sphere>`: two unit vectors a and b on the sphere, and one of the four orthogonal maps that take a to b, seen by
 * what it does to a house that stands at a.
 *
 * Fields: a, b; map; near (b is where it is dragged, or close to a or −a), approach (n: the distance is 10⁻ⁿ) and direction
 * (degrees from east to north); longitude and latitude (degrees) from which the sphere is seen; show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Control} Control
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import { choice, number, whole, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import {
  breaks,
  combined,
  cross,
  drawing,
  mapFigure,
  MAPS,
  NAMES,
  overlay,
  swing,
  unitVector,
} from "../parts/maps.js";
import { angleBetween, apply, bisectors, dot, scaled } from "../closed-forms/orthogonal.js";

const DEGREE = Math.PI / 180;
/** A dragged vector comes no nearer to the rim than this, so that it keeps its side. */
const RIM = 0.999;
/** The faces of the house in units to the east, to the north and up: gables, walls and roof, the door in the southern wall. */
const [E, N, W, R] = [0.22, 0.17, 0.18, 0.3];
const FACES = [
  ...[-E, E].map((e) => [
    [e, -N, 0],
    [e, N, 0],
    [e, N, W],
    [e, 0, R],
    [e, -N, W],
  ]),
  ...[-N, N].flatMap((n) => [
    [
      [-E, n, 0],
      [E, n, 0],
      [E, n, W],
      [-E, n, W],
    ],
    [
      [-E, n, W],
      [E, n, W],
      [E, 0, R],
      [-E, 0, R],
    ],
  ]),
  [
    [0.1, -N, 0],
    [0.19, -N, 0],
    [0.19, -N, 0.13],
    [0.1, -N, 0.13],
  ],
];
const AXES = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** What a map tends to where it has a limit. @type {{[map: string]: string}} */
const LIMITS = {
  rotation: "I",
  reflection: "I − 2aaᵀ",
  "half-turn": "2aaᵀ − I",
  rotoreflection: "−I",
};

/** Directions to the east and to the north; at a pole, as on the meridian 0. */
function compass(/** @type {Vector} */ [x, y, z]) {
  const radius = Math.sqrt(x * x + y * y);
  const [e, f] = radius > 1e-9 ? [-y / radius, x / radius] : [0, 1];
  return [
    [e, f, 0],
    [-z * f, z * e, x * f - y * e],
  ];
}

/** Away from a or −a to b, if b is close to it. `orthogonal_sphere.py` takes the same steps, here and in `pair`. */
const heading = (/** @type {State} */ { a, direction }) =>
  combined(
    [Math.cos((direction * Math.PI) / 180), Math.sin((direction * Math.PI) / 180)],
    compass(a),
  );

const close = (/** @type {State} */ { near }) => near !== "free";

/** The vectors as they are seen. @returns {[Vector, Vector]} */
function pair(/** @type {State} */ state) {
  const { a, b, near, approach } = state;
  if (!close(state)) return [a, b];
  const beside = combined([1, Number(`1e-${approach}`)], [a, heading(state)]);
  const length = Math.sqrt(dot(beside, beside)) * (near === "a" ? 1 : -1);
  return [a, beside.map((entry) => entry / length)];
}

/** To the right, up, and to the reader. */
function view(/** @type {State} */ { longitude, latitude }) {
  const [c, s, u, v] = [longitude, latitude].flatMap((angle) => [
    Math.cos(angle * DEGREE),
    Math.sin(angle * DEGREE),
  ]);
  return [
    [-s, c, 0],
    [-v * c, -v * s, u],
    [u * c, u * s, v],
  ];
}

/** Handle of a or b, on the near side of the sphere or, hollow, on the far side: dragging keeps the side. @returns {HandleDefinition} */
const tip = (/** @type {string} */ name, /** @type {boolean} */ behind) => ({
  name: behind ? `${name}, behind the sphere` : name,
  look: `${name} ${behind ? "end behind" : "centre"}`,
  when: (state) =>
    (name === "a" || !close(state)) && apply(view(state), state[name])[2] < 0 === behind,
  position: (state) => /** @type {Point} */ (apply(view(state), state[name]).slice(0, 2)),
  constrain(state, [x, y]) {
    const size = Math.min(1, RIM / Math.hypot(x, y));
    const depth = Math.sqrt(1 - (x * x + y * y) * size * size) * (behind ? -1 : 1);
    const point = combined([x * size, y * size, depth], view(state));
    return { [name]: scaled(point, 1 / Math.hypot(...point)) };
  },
  spoken: (state) => ({
    text: state[name].map(formatted).join(", "),
    now: state[name][2],
    min: -1,
    max: 1,
  }),
});

/** @returns {Control} */
const turned = (
  /** @type {string} */ field,
  /** @type {number} */ limit,
  /** @type {string} */ label,
  /** @type {Control["when"]} */ when = undefined,
) => ({
  field,
  label,
  min: -limit,
  max: limit,
  step: 1,
  shown: (state) => `${Math.round(state[field])}°`,
  when,
});

const common = mapFigure(3, pair, "terms");

/** @type {import("../runtime/figure.js").Definition} */
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
    show: words(["matrix", "terms"]),
  },
  presets: {
    "right angle": { b: [0, 0.8, 0.6] },
    obtuse: { a: [0.8, -0.6, 0], b: [-0.36, 0.8, 0.48] },
    "b near a": { near: "a", approach: 9, map: "reflection" },
    "b near −a": { near: "-a", approach: 9, longitude: 60 },
    "b = a": { b: [0.8, -0.36, 0.48], map: "reflection" },
  },
  scene(state, { plane, lit }) {
    const base = view(state);
    const draw = drawing(
      plane,
      (v) => apply(base, v).slice(0, 2),
      (v) => apply(base, v)[2] < 0,
    );
    const { curve, line, arrow, name, shape, house } = draw;
    const [a, b] = pair(state);
    const { turns, keeps, of, symbol } = MAPS[state.map];
    const [middle, chord] = bisectors(a, b);
    const across = cross(middle, chord);
    const axis = turns ? across : keeps ? chord : middle;
    const disc = swing(middle, turns ? chord : across);
    const target = state.near === "a" ? a : scaled(a, -1);
    const placed = (/** @type {Vector} */ [e, n, up]) =>
      combined([e, n, 1 + up], [...compass(a), a]);
    const standing = FACES.map((face) => face.map(placed));
    const over = placed([0, 0, 0.56]);
    return [
      `<circle class="origin" cx="${plane.width / 2}" cy="${plane.height / 2}" r="${plane.unit}"/>`,
      ...AXES.map((u, k) => curve(swing(u, AXES[(k + 1) % 3]), "grid")),
      turns === keeps ? "" : shape(disc, "layer map") + curve(disc, "bell map"),
      line(axis, "mixture"),
      name(scaled(axis, 1.2), "say", turns || !keeps ? "axis" : "normal", 6),
      curve(swing(middle, chord, angleBetween(a, b) / 2), "bell at"),
      arrow([0, 0, 0], a, "basis a"),
      arrow([0, 0, 0], b, "basis b"),
      ...[AXES, of(a, b)].map((map, k) => {
        const look = k ? "map" : "at";
        return (
          house(map, standing, look) +
          name(apply(map, over), `name ${look}`, `${k ? symbol : ""}h`, 0, 10)
        );
      }),
      close(state)
        ? arrow(
            target,
            combined([1, state.near === "a" ? 0.5 : -0.5], [target, heading(state)]),
            "basis b",
          )
        : "",
      name(scaled(a, 0.55), "name a", "a", 0, 20),
      name(scaled(b, 0.55), "name b", "b", 14, 12),
      overlay(draw, lit, a, b),
    ].join("");
  },
  remark(state) {
    const { map, near } = state;
    const { symbol, singular } = MAPS[map];
    const said = close(state) ? "" : breaks(map, ...pair(state));
    const to = close(state) ? near.replace("-", "−") : said && singular;
    if (to !== singular)
      return to && `As b → ${to}, ${symbol} tends to ${LIMITS[map]} from every direction.`;
    return `${said}As b → ${to} the ${to === "a" ? "mirror" : "axis"} turns with the direction of approach: ${symbol} has no limit.`;
  },
  handles: ["a", "b"].flatMap((name) => [true, false].map((behind) => tip(name, behind))),
  backdrop: {
    position: ({ longitude, latitude }) => [-longitude * DEGREE, -latitude * DEGREE],
    constrain: (_, [x, y]) => ({
      longitude: Math.round((((-x / DEGREE + 180) % 360) + 360) % 360) - 180,
      latitude: Math.round(Math.min(Math.max(-y / DEGREE, -90), 90)),
    }),
  },
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
      when: close,
    },
    turned("direction", 180, "Direction", close),
    turned("longitude", 180, "View longitude"),
    turned("latitude", 90, "View latitude"),
  ],
};
