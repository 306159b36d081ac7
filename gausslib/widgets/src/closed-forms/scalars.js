/**
 * Expressions of a few numbers in which the leading digits cancel, computed so that the rest keeps
 * its digits: products, their differences, and logarithms near 1.
 */

/** 2²⁷ + 1, which splits a double into two halves of 26 bits (Veltkamp). */
const SPLITTER = 134217729;

/**
 * The error of a rounded product ab, exactly (Dekker). The products of halves round nothing.
 *
 * @param {number} a
 * @param {number} b
 * @param {number} ab
 */
export function productError(a, b, ab) {
  const splitA = SPLITTER * a;
  const splitB = SPLITTER * b;
  const aHigh = splitA - (splitA - a);
  const bHigh = splitB - (splitB - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (ab - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/**
 * ab − cd to the last digit or two, however much of it cancels (Kahan's method). The plain
 * expression loses six digits in the determinant of an ellipse a thousand times longer than wide.
 *
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 */
export function productDifference(a, b, c, d) {
  const ab = a * b;
  const cd = c * d;
  return ab - cd + (productError(a, b, ab) - productError(c, d, cd));
}

/**
 * ab + cd, likewise.
 *
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 */
export function productSum(a, b, c, d) {
  return productDifference(a, b, -c, d);
}

/**
 * log r, given r and x = r − 1, of which x has all its digits where r is near 1.
 *
 * @param {number} r
 * @param {number} x
 */
export function logRatio(r, x) {
  return Math.abs(x) < 0.1 ? Math.log1p(x) : Math.log(r);
}

/**
 * r − 1 − log r ≥ 0, given r and x = r − 1.
 *
 * Near 1 this is about x²/2, which the difference of x and log r would lose. There, with
 * h = x/(2 + x), log(1 + x) = 2 artanh h, and the first term of that series is taken off x exactly:
 * x − 2h = hx.
 *
 * @param {number} r
 * @param {number} x
 */
export function gap(r, x) {
  if (Math.abs(x) >= 0.1) return x - Math.log(r);
  const h = x / (2 + x);
  const h2 = h * h;
  const series = 1 / 3 + h2 * (1 / 5 + h2 * (1 / 7 + h2 * (1 / 9 + h2 * (1 / 11 + h2 / 13))));
  return h * x - 2 * h * h2 * series;
}
