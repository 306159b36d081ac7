/**
 * Vectors of any dimension, as the figures of orthogonal maps need them.
 *
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 */

/**
 * The linear combination of vectors.
 *
 * @param {number[]} factors
 * @param {Vector[]} vectors
 * @returns {Vector}
 */
export function combined(factors, vectors) {
  return vectors[0].map((_, i) =>
    vectors.reduce((sum, vector, k) => sum + factors[k] * vector[i], 0),
  );
}

/**
 * The cross product of two vectors in space.
 *
 * @param {Vector} first
 * @param {Vector} second
 * @returns {Vector}
 */
export function cross([a, b, c], [x, y, z]) {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

/**
 * Points of the arc from −half to half round u, in the plane of the unit vectors u and v.
 *
 * @param {Vector} u
 * @param {Vector} v
 * @param {number} half
 */
export function arc(u, v, half = Math.PI) {
  return Array.from({ length: 97 }, (_, k) => {
    const angle = (k / 48 - 1) * half;
    return combined([Math.cos(angle), Math.sin(angle)], [u, v]);
  });
}
