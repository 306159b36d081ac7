/**
 * A map x ↦ Ax + b of the whole plane, as the field `map` of a figure keeps it: the six numbers
 * a₁₁, a₁₂, a₂₁, a₂₂, b₁, b₂. What the state has in the plane is seen as its image under the map,
 * and the frame of the map (the images of the origin and of the basis vectors) has handles.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian2} Gaussian2
 * @typedef {import("../closed-forms/gauss2d.js").Matrix2} Matrix2
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import { affineImage, fromAxes } from "../closed-forms/gauss2d.js";
import { arrows, lines, path } from "../runtime/draw.js";
import { numbers, refuse, shows } from "../runtime/fields.js";
import { spokenPoint } from "./ellipse.js";

export const IDENTITY = [1, 0, 0, 1, 0, 0];
/** Beyond this ratio of A's singular values the images are too thin to be told from lines. */
const SMALLEST_RATIO = 0.02;
const LARGEST_ENTRY = 1e3;

/**
 * Whether the images keep a width that can be seen.
 *
 * With the singular values s₁ ≥ s₂ of A, |det A| is s₁s₂ and the squares of the entries add up to
 * s₁² + s₂². So the quotient of these two bounds s₂/s₁ from below, without any singular value.
 *
 * @param {number[]} map
 */
function isMild([a, b, c, d]) {
  const determinant = Math.abs(a * d - b * c);
  const squares = a * a + b * b + c * c + d * d;
  const smallestQuotient = SMALLEST_RATIO / (1 + SMALLEST_RATIO ** 2);
  return determinant >= smallestQuotient * squares && Math.hypot(a, b, c, d) > 1 / LARGEST_ENTRY;
}

/**
 * The numbers of a map, if they are legal.
 *
 * @param {string} name
 * @param {number[]} map
 */
function checked(name, map) {
  if (isMild(map) && Math.max(...map.map(Math.abs)) <= LARGEST_ENTRY) return map;
  const expected =
    `a matrix with singular values in a ratio of at least ${SMALLEST_RATIO}, ` +
    `and entries of at most ${LARGEST_ENTRY}`;
  return refuse(name, expected, map);
}

/** The field of a map of the plane. */
export const affineMap = numbers(
  "affine map",
  "six numbers a11, a12, a21, a22, b1, b2",
  IDENTITY,
  checked,
  { smallestRatio: SMALLEST_RATIO, largest: LARGEST_ENTRY },
);

/**
 * Whether the map moves anything at all.
 *
 * @param {State} state
 */
export function hasMap({ map }) {
  return IDENTITY.some((entry, index) => entry !== map[index]);
}

/**
 * Where the map takes a point.
 *
 * @param {State} state
 * @param {Point} point
 * @returns {Point}
 */
export function imageOfPoint({ map: [a, b, c, d, e, f] }, [x, y]) {
  return [a * x + b * y + e, c * x + d * y + f];
}

/**
 * The point that the map takes to this one.
 *
 * @param {State} state
 * @param {Point} point
 * @returns {Point}
 */
export function sourceOfPoint({ map: [a, b, c, d, e, f] }, [x, y]) {
  const determinant = a * d - b * c;
  return [(d * (x - e) - b * (y - f)) / determinant, (a * (y - f) - c * (x - e)) / determinant];
}

/**
 * The Gaussian that is seen where the state has an ellipse.
 *
 * @param {State} state
 * @param {Axes} axes
 */
export function imageOfEllipse(state, axes) {
  const original = fromAxes(axes);
  if (!hasMap(state)) return original;
  const [a, b, c, d, e, f] = state.map;
  /** @type {Matrix2} */
  const matrix = [
    [a, b],
    [c, d],
  ];
  return affineImage(original, matrix, [e, f]);
}

/**
 * A function of the state, from one of the Gaussians p and q as they are seen.
 *
 * @template T
 * @param {(p: Gaussian2, q: Gaussian2) => T} compute
 * @returns {(state: State) => T}
 */
export function ofSeenPair(compute) {
  return (state) => compute(imageOfEllipse(state, state.p), imageOfEllipse(state, state.q));
}

/**
 * The images of the grid lines about the origin, and of the two basis vectors.
 *
 * @param {State} state
 * @param {Plane} plane
 */
export function mapPicture(state, plane) {
  /** @type {(x: number, y: number) => Point} */
  const at = (x, y) => imageOfPoint(state, [x, y]);
  const mesh = [-4, -3, -2, -1, 0, 1, 2, 3, 4].flatMap((k) => [
    [at(k, -4), at(k, 4)],
    [at(-4, k), at(4, k)],
  ]);
  const origin = at(0, 0);
  const basis = arrows(
    plane,
    [
      [origin, at(1, 0)],
      [origin, at(0, 1)],
    ],
    9,
  );
  return path(lines(plane, mesh), "mesh") + path(basis, "map basis");
}

/**
 * @callback MapChange  the map after a point of its frame has been brought to a place
 * @param {number[]} map
 * @param {Point} place
 * @returns {number[]}
 */

/**
 * A handle that moves the image of one point, and so changes the map.
 *
 * @param {string} name
 * @param {string} look
 * @param {Point} point
 * @param {MapChange} change
 * @returns {HandleDefinition}
 */
function mapHandle(name, look, point, change) {
  return {
    name,
    look: `map ${look}`,
    position: (state) => imageOfPoint(state, point),
    constrain(state, [x, y], plane) {
      const map = change(state.map, [plane.rounded(x), plane.rounded(y)]);
      return isMild(map) ? { map } : {};
    },
    spoken: (state) => spokenPoint(imageOfPoint(state, point)),
    when: shows("map"),
  };
}

/** @type {MapChange} */
const withOrigin = ([a, b, c, d], [x, y]) => [a, b, c, d, x, y];
/** @type {MapChange} */
const withFirstColumn = ([, b, , d, e, f], [x, y]) => [x - e, b, y - f, d, e, f];
/** @type {MapChange} */
const withSecondColumn = ([a, , c, , e, f], [x, y]) => [a, x - e, c, y - f, e, f];

export const mapHandles = [
  mapHandle("origin of the map", "centre", [0, 0], withOrigin),
  mapHandle("first basis vector of the map", "end", [1, 0], withFirstColumn),
  mapHandle("second basis vector of the map", "end", [0, 1], withSecondColumn),
];
