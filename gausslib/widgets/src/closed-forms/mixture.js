/**
 * The expected log-density of a mixture p of two Gaussians of the plane under a third one, q, with
 * the expected derivatives that say how it changes with q.
 *
 * With the parts b and o of the mixture log p = log(w_b p_b) + log(1 + exp D), where D, which is
 * log(w_o p_o) − log(w_b p_b), is quadratic. The first expectation is a closed form. The second is
 * made one by Mellin's formula
 *
 *     log(1 + exp D) = ½ ∫ exp(sD) / (s sin πs) dτ    over s = c + iτ, with 0 < c < 1.
 *
 * So there is one integral to do, whatever the dimension, and its integrand is analytic and falls
 * like exp(−π|τ|): the trapezoidal rule converges exponentially. In coordinates z in which q is
 * standard normal and D = d + Σ (gⱼzⱼ + ½λⱼzⱼ²) it is a product, with u = s / (1 − λs):
 *
 *     𝔼 exp(sD) = exp(sd) Π (1 − λⱼs)^(−½) exp(½ s gⱼ² uⱼ).
 *
 * @typedef {[number, number]} Pair
 * @typedef {[number, number, number]} Triple  the entries 11, 21, 22 of a matrix
 *
 * @typedef {object} Law  the law of mean + Lz, where z is standard normal
 * @property {Pair} mean
 * @property {Triple} root  L, which is lower triangular with a positive diagonal
 *
 * @typedef {object} Part  of a mixture
 * @property {Law} law
 * @property {number} weight
 * @typedef {[Part, Part]} Mixture
 *
 * @typedef {object} Quadratic  a quadratic function of the coordinates z of a law
 * @property {number} constant
 * @property {Pair} slope  its gradient at 0
 * @property {Triple} bend  its second derivatives
 *
 * @typedef {object} Expected
 * @property {number} value
 * @property {Pair} turn  cosine and sine of the angle by which z is turned for the derivatives
 * @property {number[][]} derivatives  [n − 1][k] is 𝔼 ∂ⁿ log p, k times by the second coordinate
 *
 * @typedef {object} Precision  of the trapezoidal rule
 * @property {number} accuracy  its error is exp(−accuracy) times the height in the strip
 * @property {number} nothing  terms that are smaller are left out
 */

const LOG_TWO_PI = Math.log(2 * Math.PI);
/** The logarithm of the height of the integrand in the strip where it is analytic. */
const HIGHEST = 12;
/** Right to about 1e-12. @type {Precision} */
export const EXACT = { accuracy: 42, nothing: 1e-16 };
/** Right to about 1e-4. @type {Precision} */
export const ROUGH = { accuracy: 20, nothing: 1e-6 };
/** The derivatives up to the fourth are needed: that many powers, and the zeroth. */
const POWERS = 5;

/**
 * The logarithm of a part, in the coordinates z of a law.
 *
 * @param {Law} q
 * @param {Part} part
 * @returns {Quadratic}
 */
function logarithmOf({ mean, root: [a, b, d] }, { law, weight }) {
  const [k, l, m] = law.root;
  // In the part's own coordinates q has the mean y, and a root with the entries r11, r21, r22.
  const y1 = (mean[0] - law.mean[0]) / k;
  const y2 = (mean[1] - law.mean[1] - l * y1) / m;
  const r11 = a / k;
  const r21 = (b - l * r11) / m;
  const r22 = d / m;
  return {
    constant: Math.log(weight) - LOG_TWO_PI - Math.log(k * m) - (y1 * y1 + y2 * y2) / 2,
    slope: [-r11 * y1 - r21 * y2, -r22 * y2],
    bend: [-r11 * r11 - r21 * r21, -r21 * r22, -r22 * r22],
  };
}

/**
 * A quadratic function in coordinates that are turned.
 *
 * @param {Quadratic} quadratic
 * @param {Pair} turn
 * @returns {Quadratic}
 */
function turned({ constant, slope: [g, h], bend: [a, b, d] }, [c, s]) {
  return {
    constant,
    slope: [c * g + s * h, c * h - s * g],
    bend: [
      c * c * a + 2 * c * s * b + s * s * d,
      c * s * (d - a) + (c * c - s * s) * b,
      s * s * a - 2 * c * s * b + c * c * d,
    ],
  };
}

/**
 * The turn that brings the mixed term of a difference to zero.
 *
 * @param {Triple} first  second derivatives
 * @param {Triple} second
 * @returns {Pair}
 */
function turnOf(first, second) {
  const [a, b, d] = first.map((entry, k) => entry - second[k]);
  const angle = Math.atan2(2 * b, a - d) / 2;
  return [Math.cos(angle), Math.sin(angle)];
}

/**
 * The real part c of the line. The wider the strip in which the integrand is analytic and not too
 * high, the fewer points it takes. To the left the strip ends at the pole 0, so its half-width is
 * c; to the right 𝔼 exp(2cD) must be finite and not too high.
 *
 * @param {Quadratic} difference
 */
function abscissaOf({ constant, slope: [g1, g2], bend: [l1, , l2] }) {
  if (constant === Infinity) return 0; // The base has no weight.
  /** @type {(s: number) => number} */
  const height = (s) => {
    const [r1, r2] = [1 - l1 * s, 1 - l2 * s];
    return s * constant + ((s * g1) ** 2 / r1 + (s * g2) ** 2 / r2 - Math.log(r1 * r2)) / 2;
  };
  let c = 0.5 / Math.max(1, 1.2 * l1, 1.2 * l2);
  while (height(2 * c) > HIGHEST) c *= 0.8;
  return c;
}

const [re1, im1, re2, im2] = Array.from({ length: 4 }, () => new Float64Array(POWERS));

/**
 * The derivatives of 𝔼 exp(sD) by one coordinate, over 𝔼 exp(sD), times a number: the zeroth is
 * that number, and each follows from two, as with Hermite's polynomials.
 *
 * @param {Float64Array} re
 * @param {Float64Array} im
 * @param {number} g
 * @param {number} l
 * @param {number} uRe
 * @param {number} uIm
 */
function differentiate(re, im, g, l, uRe, uIm) {
  re[1] = g * (uRe * re[0] - uIm * im[0]);
  im[1] = g * (uRe * im[0] + uIm * re[0]);
  for (let n = 1; n < POWERS - 1; n++) {
    const x = g * re[n] + n * l * re[n - 1];
    const y = g * im[n] + n * l * im[n - 1];
    re[n + 1] = uRe * x - uIm * y;
    im[n + 1] = uRe * y + uIm * x;
  }
}

/**
 * Adds to the sums what one point of the line gives: its real part, since the other half of the
 * line gives the conjugate. The result is the size of the integrand.
 *
 * @param {number[][]} sums  [n][k] as the derivatives of `Expected`, from the zeroth
 * @param {Quadratic} difference
 * @param {number} c
 * @param {number} tau
 */
function addPoint(sums, { constant, slope: [g1, g2], bend: [l1, , l2] }, c, tau) {
  const [r1, i1, r2, i2] = [1 - l1 * c, -l1 * tau, 1 - l2 * c, -l2 * tau]; // 1 − λs
  const [n1, n2] = [r1 * r1 + i1 * i1, r2 * r2 + i2 * i2];
  const [u1, v1] = [(c * r1 + tau * i1) / n1, (tau * r1 - c * i1) / n1]; // s / (1 − λs)
  const [u2, v2] = [(c * r2 + tau * i2) / n2, (tau * r2 - c * i2) / n2];
  const x = constant + (g1 * g1 * u1 + g2 * g2 * u2) / 2;
  const y = (g1 * g1 * v1 + g2 * g2 * v2) / 2;
  const angle = c * y + tau * x - Math.atan2(r1 * i2 + i1 * r2, r1 * r2 - i1 * i2) / 2;
  const growth = Math.exp(Math.PI * tau);
  const sine = (Math.sin(Math.PI * c) * (growth + 1 / growth)) / 2; // sin πs
  const cosine = (Math.cos(Math.PI * c) * (growth - 1 / growth)) / 2;
  const [k, h] = [c * sine - tau * cosine, c * cosine + tau * sine]; // s sin πs
  const kernel = k * k + h * h;
  const size = Math.exp(c * x - tau * y) / Math.sqrt(Math.sqrt(n1 * n2) * kernel);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const scale = size / Math.sqrt(kernel);
  re1[0] = scale * (cos * k + sin * h);
  im1[0] = scale * (sin * k - cos * h);
  re2[0] = 1;
  im2[0] = 0;
  differentiate(re1, im1, g1, l1, u1, v1);
  differentiate(re2, im2, g2, l2, u2, v2);
  for (let n = 0; n < POWERS; n++) {
    const sum = sums[n];
    for (let j = 0; j <= n; j++) sum[j] += re1[n - j] * re2[j] - im1[n - j] * im2[j];
  }
  return size;
}

/**
 * The expectation of log p under q, with its derivatives.
 *
 * @param {Law} q
 * @param {Mixture} p
 * @param {Precision} [precision]
 * @returns {Expected}
 */
export function expectedLogMixture(q, p, { accuracy, nothing } = EXACT) {
  const logarithms = p.map((part) => logarithmOf(q, part));
  const turn = turnOf(logarithms[0].bend, logarithms[1].bend);
  const [first, second] = logarithms.map((logarithm) => turned(logarithm, turn));
  /** @type {(of: Quadratic, base: Quadratic) => Quadratic} */
  const less = (of, base) => ({
    constant: of.constant - base.constant,
    slope: [of.slope[0] - base.slope[0], of.slope[1] - base.slope[1]],
    bend: [of.bend[0] - base.bend[0], 0, of.bend[2] - base.bend[2]],
  });
  // Either part may be the base: the line that is further from the pole takes fewer points.
  const [above, below] = [less(second, first), less(first, second)];
  const [right, left] = [abscissaOf(above), abscissaOf(below)];
  const [base, difference, c] = right >= left ? [first, above, right] : [second, below, left];
  const sums = Array.from({ length: POWERS }, (_, n) => Array(n + 1).fill(0));
  const step = (2 * Math.PI * c) / accuracy;
  if (difference.constant > -Infinity)
    for (let tau = step / 2; addPoint(sums, difference, c, tau) > nothing; ) tau += step;
  const [[value], ...derivatives] = sums.map((sum) => sum.map((entry) => step * entry));
  const { constant, slope, bend } = base;
  for (const k of [0, 1]) derivatives[0][k] += slope[k];
  for (const k of [0, 1, 2]) derivatives[1][k] += bend[k];
  return { value: constant + (bend[0] + bend[2]) / 2 + value, turn, derivatives };
}
