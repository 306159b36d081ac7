/**
 * What the figures of orthogonal maps share: the state of a unit vector, the four maps by name, their numbers, formulas and
 * drawings.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 * @typedef {import("../runtime/figure.js").Lit} Lit
 * @typedef {import("../closed-forms/orthogonal.js").Matrix} Matrix
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {(state: State) => [Vector, Vector]} Pair  a and b as they are seen
 */
import rotationFormula from "formula:eq-rotation";
import reflectionFormula from "formula:eq-reflection";
import halfTurnFormula from "formula:eq-half-turn";
import rotoreflectionFormula from "formula:eq-rotoreflection";
import rotationTrace from "formula:eq-rotation-trace";
import reflectionTrace from "formula:eq-reflection-trace";
import halfTurnTrace from "formula:eq-half-turn-trace";
import rotoreflectionTrace from "formula:eq-rotoreflection-trace";
import { arrows, lines, matrix, outline, path, text } from "../runtime/draw.js";
import { has, numbers, refuse, shows } from "../runtime/fields.js";
import { REST } from "../runtime/figure.js";
import { formatted } from "../runtime/format.js";
import {
  angleBetween,
  apply,
  bisectors,
  dot,
  halfTurn,
  reflection,
  rotation,
  rotoreflection,
  scaled,
  traces,
} from "../closed-forms/orthogonal.js";

/** A unit vector: what is nearly one is made one, and what is one to rounding stays as it is. */
export const unitVector = (/** @type {string} */ kind, /** @type {number[]} */ start) =>
  numbers(kind, `${start.length} numbers, a vector of length 1`, start, (name, values) => {
    const length = Math.hypot(...values);
    if (!(Math.abs(length - 1) <= 1e-3)) refuse(name, "a vector of length 1", values);
    return Math.abs(length - 1) <= 4 * Number.EPSILON ? values : scaled(values, 1 / length);
  });

/**
 * `turns`: whether the plane of a and b is turned, else mirrored; `keeps`: whether what is across it stays, else is reversed;
 * `singular`: where the formula is 0/0, at b = a if it has the term of a − b, else at b = −a.
 *
 * @typedef {object} OrthogonalMap
 * @property {string} symbol
 * @property {(a: Vector, b: Vector) => Matrix} of
 * @property {boolean} turns
 * @property {boolean} keeps
 * @property {string} singular
 * @property {import("../runtime/figure.js").Formula[]} formulas  of the matrix and of its trace
 */
/** @type {{[name: string]: OrthogonalMap}} */
export const MAPS = {
  rotation: {
    symbol: "T₁",
    of: rotation,
    turns: true,
    keeps: true,
    singular: "−a",
    formulas: [rotationFormula, rotationTrace],
  },
  reflection: {
    symbol: "T₂",
    of: reflection,
    turns: false,
    keeps: true,
    singular: "a",
    formulas: [reflectionFormula, reflectionTrace],
  },
  "half-turn": {
    symbol: "T₃",
    of: halfTurn,
    turns: false,
    keeps: false,
    singular: "−a",
    formulas: [halfTurnFormula, halfTurnTrace],
  },
  rotoreflection: {
    symbol: "T₄",
    of: rotoreflection,
    turns: true,
    keeps: false,
    singular: "a",
    formulas: [rotoreflectionFormula, rotoreflectionTrace],
  },
};
export const NAMES = Object.keys(MAPS);

export const combined = (/** @type {number[]} */ factors, /** @type {Vector[]} */ vectors) =>
  vectors[0].map((_, i) => vectors.reduce((sum, vector, k) => sum + factors[k] * vector[i], 0));

/** The arc from −half to half round u, in the plane of the unit vectors u and v. */
export const swing = (/** @type {Vector} */ u, /** @type {Vector} */ v, half = Math.PI) =>
  Array.from({ length: 97 }, (_, k) => (k / 48 - 1) * half).map((t) =>
    combined([Math.cos(t), Math.sin(t)], [u, v]),
  );

export const cross = (/** @type {Vector} */ [a, b, c], /** @type {Vector} */ [x, y, z]) => [
  b * z - c * y,
  c * x - a * z,
  a * y - b * x,
];

/** Drawing with vectors: each is `seen` as a point of the window, and what is `far` is faint. */
export function drawing(
  /** @type {Plane} */ plane,
  /** @type {(vector: Vector) => Vector} */ seen,
  /** @type {(vector: Vector) => boolean} */ far,
) {
  const point = /** @type {(vector: Vector) => Point} */ (seen);
  const faint = (/** @type {string} */ look, /** @type {boolean} */ behind) =>
    behind ? `${look} behind` : look;
  const shape = (/** @type {Vector[]} */ points, /** @type {string} */ look) =>
    path(outline(plane, points.map(point)), look);
  return {
    shape,
    curve: (/** @type {Vector[]} */ points, /** @type {string} */ look) =>
      [false, true]
        .map((behind) => {
          const pieces = points
            .slice(1)
            .map((end, k) => [points[k], end])
            .filter(([start]) => far(start) === behind);
          return path(
            lines(
              plane,
              pieces.map((piece) => piece.map(point)),
            ),
            faint(look, behind),
          );
        })
        .join(""),
    line: (/** @type {Vector} */ v, /** @type {string} */ look) =>
      path(lines(plane, [[-1.3, 1.3].map((size) => point(scaled(v, size)))]), look),
    arrow: (/** @type {Vector} */ from, /** @type {Vector} */ to, /** @type {string} */ look) =>
      path(arrows(plane, [[point(from), point(to)]], 10), faint(look, far(to))),
    name: (
      /** @type {Vector} */ v,
      /** @type {string} */ look,
      /** @type {string} */ said,
      dx = 0,
      dy = 6,
    ) => text(plane, plane.clamped(point(v)), look, said, dx, dy),
    /** The image of a house, the last of whose faces is its door. */
    house: (
      /** @type {Matrix} */ map,
      /** @type {Vector[][]} */ faces,
      /** @type {string} */ look,
    ) =>
      `<g class="${faint(look, far(apply(map, faces[0][0])))}">${faces
        .map((face, k) =>
          shape(
            face.map((v) => apply(map, v)),
            faces[k + 1] ? "house" : "door",
          ),
        )
        .join("")}</g>`,
  };
}

/** What the lit term is made of. */
export function overlay(
  /** @type {ReturnType<typeof drawing>} */ { line, arrow, curve },
  /** @type {Lit} */ lit,
  /** @type {Vector} */ a,
  /** @type {Vector} */ b,
) {
  const [middle, chord] = bisectors(a, b);
  const centre = scaled(a, 0);
  const look = `overlay term-${lit?.term}`;
  const [thin, thick] = [`${look} thin`, `${look} shaft`];
  switch (lit?.term) {
    case "outer":
      return arrow(centre, a, thin) + arrow(centre, b, thick);
    case "sum":
      return line(middle, thin) + arrow(centre, combined([0.5, 0.5], [a, b]), thick);
    case "difference":
      return line(chord, thin) + arrow(b, a, thick);
    case "across":
      return a[2] === undefined ? "" : line(cross(middle, chord), look);
    case "turn":
      return curve(swing(middle, chord, angleBetween(a, b) / 2), look);
    default:
      return "";
  }
}

/** Where the formula of a map is 0/0, or all but: that it is. */
export function breaks(
  /** @type {string} */ map,
  /** @type {Vector} */ a,
  /** @type {Vector} */ b,
) {
  const { singular } = MAPS[map];
  const distance = angleBetween(a, singular === "a" ? b : scaled(b, -1));
  return distance > 1e-6 ? "" : `b ${distance ? "≈" : "="} ${singular}: the formula reads 0/0. `;
}

/** @returns {{[name: string]: number}} */
function mapValues(/** @type {string} */ name, /** @type {Vector} */ a, /** @type {Vector} */ b) {
  const { of, turns, keeps } = MAPS[name];
  const d = a.length;
  const angle = angleBetween(a, b);
  return {
    determinant: turns === (keeps || d === 2) ? 1 : -1,
    trace: traces(dot(a, b), d)[NAMES.indexOf(name)],
    angle,
    // not from the entries of T − I, which have few digits left where T is nearly I
    shift: Math.hypot(
      turns ? Math.SQRT2 * 2 * Math.sin(angle / 2) : 2,
      keeps ? 0 : 2 * Math.sqrt(d - 2),
    ),
    ...Object.fromEntries(
      of(a, b).flatMap((row, i) => row.map((entry, j) => [`t${i + 1}${j + 1}`, entry])),
    ),
  };
}

/** The matrix in numbers. @returns {import("../runtime/figure.js").Panel} */
function matrixPanel(/** @type {number} */ d, /** @type {Pair} */ pair) {
  const entries = (/** @type {State} */ state) =>
    MAPS[state.map].of(...pair(state)).map((row) => row.map(formatted));
  return {
    label: (state) =>
      `T = ${entries(state)
        .map((row) => row.join(" "))
        .join("; ")}`,
    width: 350,
    height: 24 + 28 * d,
    when: shows("matrix"),
    draw: (state) => matrix(MAPS[state.map].symbol, entries(state), 186 - 40 * d, 12, 80, 28),
  };
}

/** Matrix and trace of a map; the numbers under matrices are their traces. @returns {FormulaView[]} */
function mapFormulas(
  /** @type {string} */ name,
  /** @type {number} */ d,
  /** @type {Pair} */ pair,
  /** @type {string} */ word,
) {
  const { symbol, turns, keeps, formulas } = MAPS[name];
  const twice = (/** @type {State} */ state) => 2 * dot(...pair(state));
  const projector = (/** @type {string} */ vector) => () =>
    `Doubles what lies along ${vector}, and takes what is perpendicular to it to 0. Its trace is 2.`;
  return formulas.map((formula, index) => {
    const dimension = (/** @type {State} */ state) => (index && state.d) || d;
    return /** @type {FormulaView} */ ({
      formula,
      when: (state) => state.map === name && has(state.show, index ? word : "terms"),
      terms: (state) => ({
        outer: twice(state),
        sum: 2,
        difference: 2,
        across: (dimension(state) - 2) * (keeps ? 1 : -1),
        turn: twice(state),
      }),
      whole: (state) => traces(twice(state) / 2, dimension(state))[NAMES.indexOf(name)],
      rest: index ? undefined : () => `Numbers under matrices are their traces. ${REST}`,
      captions: {
        outer: (state) =>
          `Takes a to 2b, and what is perpendicular to a to 0. Its trace is 2aᵀb = ${formatted(twice(state))}.`,
        sum: projector("a + b"),
        difference: projector("a − b"),
        across: (state) =>
          `${symbol} ${keeps ? "keeps" : "reverses"} the d − 2 = ${dimension(state) - 2} directions across the plane of a and b.${turns ? "" : " In the plane the trace is 1 − 1 = 0."}`,
        turn: (state) =>
          `In the plane of a and b the trace is 2 cos θ = ${formatted(twice(state))}.`,
      },
    });
  });
}

/** The program for a map: the same numbers from gausslib. */
function mapProgram(/** @type {string} */ name, /** @type {Vector} */ a, /** @type {Vector} */ b) {
  const own = name.replace("-", "_");
  const near = MAPS[name].turns && (MAPS[name].keeps || a.length === 2);
  return `import numpy as np
from gausslib import ${own}, rotation_generator

a = np.array([${a.join(", ")}])
b = np.array([${b.join(", ")}])
t = ${own}(a, b)
angle = np.linalg.norm(rotation_generator(a, b)) / np.sqrt(2)
values = {
    "determinant": np.linalg.det(t),
    "trace": np.trace(t),
    "angle": angle,
    "shift": ${near ? "np.sqrt(8) * np.sin(angle / 2)" : `np.linalg.norm(t - np.eye(${a.length}))`},
    **{f"t{i + 1}{j + 1}": entry for (i, j), entry in np.ndenumerate(t)},
}
print(values)
`;
}

/** What the two figures have in common; `word` of `show` brings the formula of the trace. */
export const mapFigure = (
  /** @type {number} */ d,
  /** @type {Pair} */ pair,
  /** @type {string} */ word,
) => ({
  label:
    "Unit vectors a and b, a house h and its image under an orthogonal map T that takes a to b",
  values: (/** @type {State} */ state) => mapValues(state.map, ...pair(state)),
  readout: [
    { key: "angle", label: "Angle θ", unit: "rad" },
    { key: "determinant", label: "det T", unit: "±1" },
    { key: "trace", label: "Tr T", unit: `d = ${d}` },
    { key: "shift", label: "‖T − I‖", unit: "Frobenius" },
  ],
  scale: 0.5,
  bare: true,
  panels: [matrixPanel(d, pair)],
  controls: [
    /** @type {import("../runtime/figure.js").Control} */ ({
      field: "map",
      label: "Map T",
      options: Object.fromEntries(NAMES.map((name) => [name, `${name} ${MAPS[name].symbol}`])),
    }),
  ],
  formulas: NAMES.flatMap((name) => mapFormulas(name, d, pair, word)),
  python: (/** @type {State} */ state) => mapProgram(state.map, ...pair(state)),
});
