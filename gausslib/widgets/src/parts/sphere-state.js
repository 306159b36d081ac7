/**
 * What follows from a state of `<orthogonal-sphere>`: the vectors a and b as they are seen, and the
 * directions from which.
 *
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 * @typedef {import("../runtime/fields.js").State} State
 */
import { dot } from "../closed-forms/orthogonal.js";
import { combined } from "./vectors.js";

/**
 * The directions to the east and to the north; at a pole, as on the meridian 0.
 *
 * @param {Vector} position
 */
export function compass([x, y, z]) {
  const radius = Math.sqrt(x * x + y * y);
  const [e, f] = radius > 1e-9 ? [-y / radius, x / radius] : [0, 1];
  return [
    [e, f, 0],
    [-z * f, z * e, x * f - y * e],
  ];
}

/**
 * The direction away from a or −a to b, if b is close to it. `orthogonal_sphere.py` takes the same
 * steps, here and in `pairOf`.
 *
 * @param {State} state
 */
export function headingOf({ a, direction }) {
  const angle = (direction * Math.PI) / 180;
  return combined([Math.cos(angle), Math.sin(angle)], compass(a));
}

/**
 * Whether b is close to a or −a, not where it is dragged.
 *
 * @param {State} state
 */
export function isClose({ near }) {
  return near !== "free";
}

/**
 * The vectors as they are seen.
 *
 * @param {State} state
 * @returns {[Vector, Vector]}
 */
export function pairOf(state) {
  const { a, b, near, approach } = state;
  if (!isClose(state)) return [a, b];
  const distance = Number(`1e-${approach}`); // exact to the last digit, as a power need not be
  const beside = combined([1, distance], [a, headingOf(state)]);
  const length = Math.sqrt(dot(beside, beside));
  const signedLength = near === "a" ? length : -length;
  return [a, beside.map((entry) => entry / signedLength)];
}
