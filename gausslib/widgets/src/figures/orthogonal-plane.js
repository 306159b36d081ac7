/**
 * `<orthogonal-plane>`: two unit vectors a and b of the plane, to be moved round the circle, and the orthogonal maps that
 * take a to b, seen by what they do to a house.
 *
 * Fields: a, b; map (rotation, reflection, half-turn or rotoreflection); d (dimension for which the traces are drawn); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import { dots, label, lines, path, pixel, text } from "../runtime/draw.js";
import { choice, has, shows, whole, words } from "../runtime/fields.js";
import {
  breaks,
  combined,
  drawing,
  mapFigure,
  MAPS,
  NAMES,
  overlay,
  swing,
  unitVector,
} from "../parts/maps.js";
import {
  angleBetween,
  apply,
  bisectors,
  dot,
  reflection,
  rotation,
  scaled,
  traces,
} from "../closed-forms/orthogonal.js";

/** Walls and door. */
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

const common = mapFigure(2, ({ a, b }) => [a, b], "trace");

/** Handle of a or b. */
const tip = (/** @type {string} */ name) => ({
  name,
  look: `${name} centre`,
  position: (/** @type {State} */ state) => /** @type {Point} */ (state[name]),
  constrain(/** @type {State} */ _, /** @type {Point} */ [x, y]) {
    const angle = Math.round(Math.atan2(y, x) * 1e4) / 1e4;
    return x || y ? { [name]: [Math.cos(angle), Math.sin(angle)] } : {};
  },
  spoken(/** @type {State} */ state) {
    const now = Math.round((Math.atan2(state[name][1], state[name][0]) * 180) / Math.PI);
    return { text: `${now}°`, now, min: -180, max: 180 };
  },
});

/** Traces against the angle, in half turns. */
function traceChart(/** @type {State} */ { a, b, map, d }, /** @type {View} */ { lit }) {
  const places = {
    toPixels: (/** @type {Point} */ [t, value]) =>
      /** @type {Point} */ ([62 + 278 * t, 133 - (93 * value) / d]),
  };
  const stroke = (/** @type {string} */ look, /** @type {Point[][]} */ ...lists) =>
    path(lines(places, lists), look);
  const say = (
    /** @type {number} */ t,
    /** @type {number} */ value,
    /** @type {string} */ said,
    /** @type {number} */ dx,
    dy = 5,
  ) => text(places, [t, value], "say", said, dx, dy);
  const curve = (/** @type {string} */ look, /** @type {(traces: number[]) => number} */ of) =>
    stroke(
      look,
      Array.from({ length: 61 }, (_, k) => [k / 60, of(traces(Math.cos((k * Math.PI) / 60), d))]),
    );
  const now = angleBetween(a, b) / Math.PI;
  const all = traces(dot(a, b), d);
  const value = all[NAMES.indexOf(map)];
  const base = value - (MAPS[map].turns ? 2 * dot(a, b) : 0);
  return `${curve("head map behind", (each) => Math.max(...each))}
    ${stroke(
      "origin",
      [
        [0, d],
        [0, -d],
        [1, -d],
      ],
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0.5, d],
        [0.5, -d],
      ],
    )}
    ${NAMES.map((name, k) => curve(name === map ? "bell map" : "mixture", (each) => each[k]) + say(k % 2, traces(k % 2 ? -1 : 1, d)[k], MAPS[name].symbol, k % 2 ? 6 : -21)).join("")}
    <g class="ticks">${[d, 0, -d].map((tick) => say(0, tick, `${tick}`.replace("-", "−"), -42)).join("")}
    ${[0, 0.5, 1].map((t) => say(t, -d, `${180 * t}°`, -8, 17)).join("")}</g>
    ${
      lit?.term === "across"
        ? stroke(
            "overlay term-across",
            [
              [0, base],
              [1, base],
            ],
            [
              [now, 0],
              [now, base],
            ],
          )
        : ""
    }
    ${
      lit?.term === "turn"
        ? stroke("overlay term-turn", [
            [now, base],
            [now, value],
          ])
        : ""
    }
    ${path(dots(places, [[now, value]]), "head map")}
    ${label(
      62,
      18,
      `Tr T for d = ${d}. At ${pixel(180 * now)}° nearest to I: ${NAMES.filter(
        (_, k) => all[k] === Math.max(...all),
      )
        .map((name) => MAPS[name].symbol)
        .join(", ")}`,
    )}`;
}

/** @type {import("../runtime/figure.js").Definition} */
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
  scene({ a, b, map, show }, { plane, lit }) {
    const draw = drawing(
      plane,
      (v) => v,
      () => false,
    );
    const { curve, line, arrow, name, house } = draw;
    const all = has(show, "all");
    const { turns } = MAPS[map];
    const [middle, chord] = bisectors(a, b);
    const image = (
      /** @type {import("../closed-forms/orthogonal.js").Matrix} */ matrix,
      /** @type {string} */ look,
      /** @type {string} */ said,
      chosen = true,
    ) =>
      house(matrix, HOUSE, chosen ? look : `${look} behind`) +
      name(
        apply(matrix, [0.37, -0.8]),
        `name ${look}`,
        said,
        -55 * matrix[0][1],
        6 + 18 * matrix[1][1],
      );
    return [
      curve(swing([1, 0], [0, 1]), "origin"),
      all || !turns
        ? line(middle, "mixture") + name(scaled(middle, 1.2), "say", "mirror", 8, 4)
        : "",
      image(
        [
          [1, 0],
          [0, 1],
        ],
        "at",
        "h",
      ),
      all || turns ? image(rotation(a, b), "map", "T₁h = T₄h", turns) : "",
      all || !turns ? image(reflection(a, b), "map", "T₂h = T₃h", !turns) : "",
      all || turns
        ? curve(
            swing(scaled(middle, 0.35), scaled(chord, 0.35), angleBetween(a, b) / 2),
            "bell at",
          ) + name(scaled(middle, 0.47), "say", "θ", -4, 5)
        : "",
      ...Object.entries({ a, b }).map(
        ([key, v], k) =>
          arrow([0, 0], scaled(v, 0.96), `basis ${key}`) +
          name(combined([1.15, k ? -0.1 : 0.1], [v, chord]), `name ${key}`, key),
      ),
      overlay(draw, lit, a, b),
    ].join("");
  },
  remark({ map, a, b }) {
    const said = breaks(map, a, b);
    return said && `${said}In the plane one map is left, from d = 3 on many.`;
  },
  handles: [tip("a"), tip("b")],
  panels: [
    ...common.panels,
    {
      label: "Traces of the four maps against the angle of a and b",
      width: 380,
      height: 250,
      draw: traceChart,
      when: shows("trace"),
    },
  ],
  controls: [
    ...common.controls,
    { field: "d", label: "Dimension d", min: 2, max: 7, step: 1, when: shows("trace") },
  ],
};
