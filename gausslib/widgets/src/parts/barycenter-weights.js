/**
 * The triangle of weights of `<gauss-barycenter>`: each corner is one of the Gaussians, and a dot
 * to drag has the weights as its barycentric coordinates.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import { label, outline, path } from "../runtime/draw.js";
import { NAMES, sharesOf, WRITTEN } from "./barycenter-study.js";

/** The size of the panel, in pixels. */
const [WIDTH, HEIGHT] = [340, 150];
/** The corners of p₁, p₂ and p₃: the sides are of equal length. */
const SIDE = 130;
const CORNERS = /** @type {Point[]} */ ([
  [WIDTH / 2 - SIDE / 2, 134],
  [WIDTH / 2 + SIDE / 2, 134],
  [WIDTH / 2, 134 - SIDE * Math.sqrt(0.75)],
]);
/** How far from each corner the middle of its letter is, and where its number begins or ends. */
const WORDS = /** @type {const} */ ([
  [-66, -20, "end"],
  [30, 44, "start"],
  [30, 44, "start"],
]);

/**
 * Weights in the triangle, the nearest to any three numbers with sum 1: all lose as much, but none
 * more than it has.
 *
 * @param {number[]} numbers
 */
export function nearestWeights(numbers) {
  let [sum, loss] = [0, 0];
  [...numbers]
    .sort((a, b) => b - a)
    .forEach((number, index) => {
      sum += number;
      const equal = (sum - 1) / (index + 1);
      if (number > equal) loss = equal;
    });
  return numbers.map((number) => Math.max(number - loss, 0));
}

/**
 * The weights of a point: its barycentric coordinates, to a ten-thousandth.
 *
 * @param {Point} point
 */
function weightsAt([u, v]) {
  const [[left, bottom], , [, top]] = CORNERS;
  const w3 = (bottom - v) / (bottom - top);
  const w2 = (u - left) / SIDE - w3 / 2;
  return nearestWeights([1 - w2 - w3, w2, w3]).map((weight) => Math.round(weight * 1e4) / 1e4);
}

/**
 * The point of some weights.
 *
 * @param {number[]} shares
 */
function pointOf(shares) {
  const [u, v] = [0, 1].map((k) =>
    CORNERS.reduce((sum, corner, i) => sum + shares[i] * corner[k], 0),
  );
  return /** @type {Point} */ ([u, v]);
}

/**
 * The triangle, each corner with its weight.
 *
 * @param {State} state
 */
function triangle(state) {
  const shares = sharesOf(state);
  const corners = NAMES.map((name, i) => {
    const [u, v] = CORNERS[i];
    const [letter, number, anchor] = WORDS[i];
    return (
      label(u + letter, v + 5, WRITTEN[name], `name ${name}`) +
      label(u + number, v + 5, shares[i].toFixed(2), "say", anchor)
    );
  });
  return path(outline({ toPixels: (point) => point }, CORNERS), "triangle") + corners.join("");
}

/** @type {HandleDefinition} */
const weightsHandle = {
  name: "weights",
  look: "barycentre centre",
  position: (state) => pointOf(sharesOf(state)),
  constrain: (_, point) => ({ weights: weightsAt(point) }),
  spoken(state) {
    const shares = sharesOf(state);
    const said = NAMES.map((name, i) => `${WRITTEN[name]} ${Math.round(100 * shares[i])} %`);
    return { text: said.join(", "), now: Math.round(100 * shares[0]), min: 0, max: 100 };
  },
};

/** @type {Panel} */
export const weightsPanel = {
  label: "The weights of p₁, p₂ and p₃, as a point of a triangle",
  width: WIDTH,
  height: HEIGHT,
  draw: triangle,
  handles: [weightsHandle],
};
