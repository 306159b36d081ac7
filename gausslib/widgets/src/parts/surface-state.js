/**
 * What follows from a state of `<gauss-surface>`: the surfaces that are shown, the numbers, and
 * where points of the floor are seen.
 *
 * @typedef {import("../closed-forms/surfaces2d.js").Sheet} Sheet
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/plane.js").Point} Point
 *
 * @typedef {object} Surface
 * @property {Sheet} sheet
 * @property {"p" | "q" | "moving"} look  the class of its colour
 */
import { bhattacharyyaDistance, fromAxes, klDivergence } from "../closed-forms/gauss2d.js";
import { densitySheet, logSheet, rootSheet } from "../closed-forms/surfaces2d.js";
import { once } from "../runtime/fields.js";
import { viewOf } from "./turning.js";

/** The limits of the latitude: from the side or straight above nothing is seen as a surface. */
export const [LOWEST, HIGHEST] = [12, 75];

/**
 * The surfaces of a state.
 *
 * @param {State} state
 * @returns {Surface[]}
 */
function surfacesOf({ p, q, surface }) {
  if (surface === "root") return [{ sheet: rootSheet(p, q), look: "moving" }];
  if (surface === "log") return [{ sheet: logSheet(p, q), look: "moving" }];
  return [
    { sheet: densitySheet(p, q), look: "p" },
    { sheet: densitySheet(q, p), look: "q" },
  ];
}

/** The surfaces of a state, computed once. */
export const sheetsOf = once(surfacesOf);

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
export function values(state) {
  const [p, q] = [fromAxes(state.p), fromAxes(state.q)];
  const sheets = sheetsOf(state).map(({ sheet }) => sheet);
  const sum = (/** @type {(sheet: Sheet) => number} */ part) =>
    sheets.reduce((total, sheet) => total + part(sheet), 0);
  const distance = bhattacharyyaDistance(p, q);
  return {
    volume: sum(({ above, below }) => above - below),
    above: sum(({ above }) => above),
    below: sum(({ below }) => below),
    highest: Math.max(...sheets.map(({ highest }) => highest)),
    kl_pq: klDivergence(p, q),
    kl_qp: klDivergence(q, p),
    bhattacharyya: distance,
    overlap: Math.exp(-distance),
  };
}

/**
 * Where a point of the floor is seen.
 *
 * @param {State} state
 * @param {Point} point
 * @returns {Point}
 */
export function seen(state, [x, y]) {
  const [[a, b], [c, d]] = viewOf(state);
  return [a * x + b * y, c * x + d * y];
}

/**
 * The point of the floor that is seen at a point.
 *
 * @param {State} state
 * @param {Point} point
 * @returns {Point}
 */
export function floorAt(state, [x, y]) {
  const [[a, b], [c, d]] = viewOf(state);
  const determinant = a * d - b * c;
  return [(d * x - b * y) / determinant, (a * y - c * x) / determinant];
}
