/**
 * What the figures of orthogonal maps have in common: their numbers, the matrix, the formulas and
 * the program.
 *
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Control} Control
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 * @typedef {import("../runtime/figure.js").Panel} Panel
 *
 * @typedef {(state: State) => [Vector, Vector]} Pair  a and b as they are seen
 *
 * @typedef {object} CommonMembers  of the definitions of both figures
 * @property {Definition["label"]} label
 * @property {Definition["values"]} values
 * @property {Definition["readout"]} readout
 * @property {number} scale
 * @property {boolean} bare
 * @property {Panel[]} panels
 * @property {Control[]} controls
 * @property {FormulaView[]} formulas
 * @property {Definition["python"]} python
 */
import { dot, traces } from "../closed-forms/orthogonal.js";
import { matrix } from "../runtime/draw.js";
import { has, shows } from "../runtime/fields.js";
import { REST } from "../runtime/figure.js";
import { formatted } from "../runtime/format.js";
import { MAPS, mapValues, NAMES } from "./orthogonal-maps.js";

/**
 * The matrix in numbers.
 *
 * @param {number} d
 * @param {Pair} pairOf
 * @returns {Panel}
 */
function matrixPanel(d, pairOf) {
  /** @type {(state: State) => string[][]} */
  const entriesOf = (state) => {
    const rows = MAPS[state.map].matrixOf(...pairOf(state));
    return rows.map((row) => row.map(formatted));
  };
  return {
    label(state) {
      const rows = entriesOf(state).map((row) => row.join(" "));
      return `T = ${rows.join("; ")}`;
    },
    width: 350,
    height: 24 + 28 * d,
    when: shows("matrix"),
    draw: (state) => matrix(MAPS[state.map].symbol, entriesOf(state), 186 - 40 * d, 12, 80, 28),
  };
}

/**
 * What the formulas of the matrix and of the trace share. The number of each term is its trace.
 *
 * @param {string} name
 * @param {Pair} pairOf
 * @param {(state: State) => number} dimensionOf
 * @returns {Pick<FormulaView, "terms" | "whole" | "captions">}
 */
function termsOfMap(name, pairOf, dimensionOf) {
  const { symbol, turnsPlane, keepsAcross } = MAPS[name];
  /** @type {(state: State) => number} */
  const twiceCosine = (state) => 2 * dot(...pairOf(state));
  /** @type {(vector: string) => string} */
  const projector = (vector) =>
    `Doubles what lies along ${vector}, and takes what is perpendicular to it to 0. ` +
    `Its trace is 2.`;
  return {
    terms: (state) => ({
      outer: twiceCosine(state),
      sum: 2,
      difference: 2,
      across: (dimensionOf(state) - 2) * (keepsAcross ? 1 : -1),
      turn: twiceCosine(state),
    }),
    whole: (state) => traces(twiceCosine(state) / 2, dimensionOf(state))[NAMES.indexOf(name)],
    captions: {
      outer: (state) =>
        `Takes a to 2b, and what is perpendicular to a to 0. ` +
        `Its trace is 2aᵀb = ${formatted(twiceCosine(state))}.`,
      sum: () => projector("a + b"),
      difference: () => projector("a − b"),
      across(state) {
        const verb = keepsAcross ? "keeps" : "reverses";
        const count = `d − 2 = ${dimensionOf(state) - 2}`;
        const said = `${symbol} ${verb} the ${count} directions across the plane of a and b.`;
        return turnsPlane ? said : `${said} In the plane the trace is 1 − 1 = 0.`;
      },
      turn: (state) =>
        `In the plane of a and b the trace is 2 cos θ = ${formatted(twiceCosine(state))}.`,
    },
  };
}

/**
 * The formulas of a map, its matrix and its trace. Only the latter may be of a dimension that the
 * state chooses.
 *
 * @param {string} name
 * @param {number} d
 * @param {Pair} pairOf
 * @param {string} wordOfTrace
 * @returns {FormulaView[]}
 */
function formulasOfMap(name, d, pairOf, wordOfTrace) {
  const { matrixFormula, traceFormula } = MAPS[name];
  return [
    {
      formula: matrixFormula,
      when: ({ map, show }) => map === name && has(show, "terms"),
      ...termsOfMap(name, pairOf, () => d),
      rest: () => `Numbers under matrices are their traces. ${REST}`,
    },
    {
      formula: traceFormula,
      when: ({ map, show }) => map === name && has(show, wordOfTrace),
      ...termsOfMap(name, pairOf, (state) => state.d ?? d),
    },
  ];
}

/**
 * A program that computes the same numbers.
 *
 * @param {string} name
 * @param {Vector} a
 * @param {Vector} b
 */
function program(name, a, b) {
  const { turnsPlane, keepsAcross } = MAPS[name];
  const functionName = name.replace("-", "_");
  // Where T tends to I with the angle, the entries of T − I have few digits.
  const isNearIdentity = turnsPlane && (keepsAcross || a.length === 2);
  const shift = isNearIdentity
    ? "np.sqrt(8) * np.sin(angle / 2)"
    : `np.linalg.norm(t - np.eye(${a.length}))`;
  return `import numpy as np
from gausslib import ${functionName}, rotation_generator

a = np.array([${a.join(", ")}])
b = np.array([${b.join(", ")}])
t = ${functionName}(a, b)
angle = np.linalg.norm(rotation_generator(a, b)) / np.sqrt(2)
values = {
    "determinant": np.linalg.det(t),
    "trace": np.trace(t),
    "angle": angle,
    "shift": ${shift},
    **{f"t{i + 1}{j + 1}": entry for (i, j), entry in np.ndenumerate(t)},
}
print(values)
`;
}

/** @type {Control} */
const mapList = {
  field: "map",
  label: "Map T",
  options: Object.fromEntries(NAMES.map((name) => [name, `${name} ${MAPS[name].symbol}`])),
};

/**
 * The members that both figures have.
 *
 * @param {number} d  the dimension of a and b
 * @param {Pair} pairOf
 * @param {string} wordOfTrace  the word of `show` that brings the formula of the trace
 * @returns {CommonMembers}
 */
export function mapFigure(d, pairOf, wordOfTrace) {
  return {
    label:
      "Unit vectors a and b, a house h and its image under an orthogonal map T that takes a to b",
    values: (state) => mapValues(state.map, ...pairOf(state)),
    readout: [
      { key: "angle", label: "Angle θ", unit: "rad" },
      { key: "determinant", label: "det T", unit: "±1" },
      { key: "trace", label: "Tr T", unit: `d = ${d}` },
      { key: "shift", label: "‖T − I‖", unit: "Frobenius" },
    ],
    scale: 0.5,
    bare: true,
    panels: [matrixPanel(d, pairOf)],
    controls: [mapList],
    formulas: NAMES.flatMap((name) => formulasOfMap(name, d, pairOf, wordOfTrace)),
    python: (state) => program(state.map, ...pairOf(state)),
  };
}
