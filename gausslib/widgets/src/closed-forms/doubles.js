/**
 * Arithmetic with pairs of doubles, which carry 32 digits: the rounding error of a difference is
 * far below a change of 1e-12.
 *
 * @typedef {[number, number]} Double
 *     a leading number and what it lacks; their sum is the value
 */
import { productError } from "./scalars.js";

/** @type {Double} */
export const ZERO = [0, 0];
/** @type {Double} */
export const ONE = [1, 0];

/**
 * The pair of a number and a much smaller one.
 *
 * @param {number} head
 * @param {number} tail
 * @returns {Double}
 */
function normalised(head, tail) {
  const sum = head + tail;
  return [sum, tail - (sum - head)];
}

/**
 * x + y, with the exact error of the sum of the leading numbers (Knuth).
 *
 * @param {Double} x
 * @param {Double} y
 */
export function plus([a, aTail], [b, bTail]) {
  const sum = a + b;
  const part = sum - a;
  return normalised(sum, a - (sum - part) + (b - part) + (aTail + bTail));
}

/**
 * x − y
 *
 * @param {Double} x
 * @param {Double} y
 */
export function minus(x, y) {
  return plus(x, scaled(y, -1));
}

/**
 * xy
 *
 * @param {Double} x
 * @param {Double} y
 */
export function times([a, aTail], [b, bTail]) {
  const product = a * b;
  return normalised(product, productError(a, b, product) + (a * bTail + aTail * b));
}

/**
 * x times a power of two, or −1, which rounds nothing.
 *
 * @param {Double} x
 * @param {number} power
 * @returns {Double}
 */
export function scaled([head, tail], power) {
  return [head * power, tail * power];
}

/**
 * x/y: the quotient of the leading numbers, corrected by what it leaves of x.
 *
 * @param {Double} x
 * @param {Double} y
 */
export function over(x, y) {
  const quotient = x[0] / y[0];
  return normalised(quotient, minus(x, times([quotient, 0], y))[0] / y[0]);
}

/**
 * √x: the root of the leading number, corrected by one step of Newton's method.
 *
 * @param {Double} x
 */
export function squareRoot(x) {
  const root = Math.sqrt(x[0]);
  return normalised(root, minus(x, times([root, 0], [root, 0]))[0] / (2 * root));
}

/**
 * xᵀy
 *
 * @param {Double[]} x
 * @param {Double[]} y
 */
export function dot(x, y) {
  return x.reduce((sum, entry, i) => plus(sum, times(entry, y[i])), ZERO);
}
