/**
 * The four orthogonal maps that take a unit vector a to another, b, as figures show them: their
 * names, what tells them apart, and their numbers.
 *
 * @typedef {import("../runtime/fields.js").CheckNumbers} CheckNumbers
 * @typedef {import("../closed-forms/orthogonal.js").Matrix} Matrix
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 * @typedef {import("../runtime/fields.js").Field} Field
 * @typedef {import("../runtime/figure.js").Formula} Formula
 *
 * @typedef {object} OrthogonalMap
 * @property {string} symbol
 * @property {(a: Vector, b: Vector) => Matrix} matrixOf
 * @property {boolean} turnsPlane  whether the plane of a and b is turned, else it is mirrored
 * @property {boolean} keepsAcross  whether what is across that plane stays, else it is reversed
 * @property {"a" | "−a"} singular  the b for which the formula is 0/0: a if it has the term of
 *     a − b, else −a
 * @property {Formula} matrixFormula
 * @property {Formula} traceFormula
 */

import halfTurnFormula from "formula:eq-half-turn";
import halfTurnTrace from "formula:eq-half-turn-trace";
import reflectionFormula from "formula:eq-reflection";
import reflectionTrace from "formula:eq-reflection-trace";
import rotationFormula from "formula:eq-rotation";
import rotationTrace from "formula:eq-rotation-trace";
import rotoreflectionFormula from "formula:eq-rotoreflection";
import rotoreflectionTrace from "formula:eq-rotoreflection-trace";
import {
  angleBetween,
  dot,
  halfTurn,
  reflection,
  rotation,
  rotoreflection,
  scaled,
  traces,
} from "../closed-forms/orthogonal.js";
import { numbers, refuse } from "../runtime/fields.js";

/** So far the length of what is given as a unit vector may be from 1. */
const LENGTH_SLACK = 1e-3;

/** @type {{[name: string]: OrthogonalMap}} */
export const MAPS = {
  rotation: {
    symbol: "T₁",
    matrixOf: rotation,
    turnsPlane: true,
    keepsAcross: true,
    singular: "−a",
    matrixFormula: rotationFormula,
    traceFormula: rotationTrace,
  },
  reflection: {
    symbol: "T₂",
    matrixOf: reflection,
    turnsPlane: false,
    keepsAcross: true,
    singular: "a",
    matrixFormula: reflectionFormula,
    traceFormula: reflectionTrace,
  },
  "half-turn": {
    symbol: "T₃",
    matrixOf: halfTurn,
    turnsPlane: false,
    keepsAcross: false,
    singular: "−a",
    matrixFormula: halfTurnFormula,
    traceFormula: halfTurnTrace,
  },
  rotoreflection: {
    symbol: "T₄",
    matrixOf: rotoreflection,
    turnsPlane: true,
    keepsAcross: false,
    singular: "a",
    matrixFormula: rotoreflectionFormula,
    traceFormula: rotoreflectionTrace,
  },
};
/** The names of the maps, in the order of their traces. */
export const NAMES = Object.keys(MAPS);

/**
 * The field of a unit vector: what is nearly one is made one, and what is one to rounding stays.
 *
 * @param {string} kind
 * @param {Vector} start
 */
export function unitVector(kind, start) {
  const expected = `${start.length} numbers, a vector of length 1`;
  /** @type {CheckNumbers} */
  const checked = (name, vector) => {
    const length = Math.hypot(...vector);
    const deviation = Math.abs(length - 1);
    if (!(deviation <= LENGTH_SLACK)) refuse(name, "a vector of length 1", vector);
    return deviation <= 4 * Number.EPSILON ? vector : scaled(vector, 1 / length);
  };
  const field = numbers(kind, expected, start, checked, { slack: LENGTH_SLACK });
  /** @type {Field["between"]} */
  const between = (from, to, part, state) => {
    const chord = field.between?.(from, to, part, state);
    return scaled(chord, 1 / Math.hypot(...chord));
  };
  return { ...field, between };
}

/**
 * That the formula of a map is 0/0, or all but, or "".
 *
 * @param {string} name
 * @param {Vector} a
 * @param {Vector} b
 */
export function singularityNote(name, a, b) {
  const { singular } = MAPS[name];
  const distance = angleBetween(a, singular === "a" ? b : scaled(b, -1));
  return distance > 1e-6 ? "" : `b ${distance ? "≈" : "="} ${singular}: the formula reads 0/0. `;
}

/**
 * The numbers of a map, its entries among them.
 *
 * @param {string} name
 * @param {Vector} a
 * @param {Vector} b
 */
export function mapValues(name, a, b) {
  const { matrixOf, turnsPlane, keepsAcross } = MAPS[name];
  const d = a.length;
  const angle = angleBetween(a, b);
  const planeSign = turnsPlane ? 1 : -1;
  const acrossSign = keepsAcross || d === 2 ? 1 : -1; // in space there is one direction across
  // Not from the entries of T − I, which have few digits left where T is nearly I.
  const shiftInPlane = turnsPlane ? Math.SQRT2 * 2 * Math.sin(angle / 2) : 2;
  const shiftAcross = keepsAcross ? 0 : 2 * Math.sqrt(d - 2);
  /** @type {{[name: string]: number}} */
  const values = {
    determinant: planeSign * acrossSign,
    trace: traces(dot(a, b), d)[NAMES.indexOf(name)],
    angle,
    shift: Math.hypot(shiftInPlane, shiftAcross),
  };
  matrixOf(a, b).forEach((row, i) => {
    row.forEach((entry, j) => {
      values[`t${i + 1}${j + 1}`] = entry;
    });
  });
  return values;
}
