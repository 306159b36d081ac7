/**
 * The Gaussians nearest to a mixture of two, in both directions of the KL divergence, among all
 * Gaussians or among those of a family.
 *
 * KL(p‖q) is least, in closed form, for the q that has the moments of p which the family is free
 * to choose. KL(q‖p) has one local minimum or several, each of which is descended to from a start
 * near a part of p or between the parts: roughly first, and then exactly.
 *
 * A law m + Lz is moved by five steps: its mean to m + Lδ, its root to L(I + E), with the entries
 * 11, 21, 22 of E. Then the derivatives of 𝔼f, for any f, are expectations of derivatives of f:
 * by δᵢ of ∂ᵢf, by Eᵢⱼ of ∂ᵢ∂ⱼf, by Eᵢⱼ and E_kl of ∂ᵢ∂ⱼ∂ₖ∂ₗf and, if j = l, of ∂ᵢ∂ₖf too.
 *
 * @typedef {import("./mixture.js").Expected} Expected
 * @typedef {import("./mixture.js").Law} Law
 * @typedef {import("./mixture.js").Mixture} Mixture
 * @typedef {import("./mixture.js").Pair} Pair
 * @typedef {import("./mixture.js").Precision} Precision
 * @typedef {import("./mixture.js").Triple} Triple
 * @typedef {import("./newton.js").Measured} Measured
 *
 * @typedef {object} Family
 * @property {number[]} free  which of the five steps there are
 * @property {Triple} root  the root of the laws whose mean alone is free
 *
 * @typedef {object} Valley
 * @property {Law} place
 * @property {number} value
 *
 * @typedef {object} Step  in turned coordinates
 * @property {Pair} shift
 * @property {number[]} stretch  the entries 11, 12, 21, 22 of E
 * @property {number[]} square  the coefficients of zᵀEz
 * @property {number} trace  of E, also of its square
 */
import { EXACT, expectedLogMixture, ROUGH } from "./mixture.js";
import { minimum } from "./newton.js";

/** The share of the first part in the laws at which descents start: none half-way, on a ridge. */
const FIRST_SHARES = [1, 0.8, 0.45, 0.2, 0];
/** Two roughly known bottoms that are nearer, in standard deviations, are one. */
const SAME = 1e-3;
/** Of two fits that differ by less neither is better. */
const TIE = 1e-9;
/** A last step that is shorter leaves no error, roughly and exactly. */
const [CLOSE_ROUGHLY, CLOSE] = [1e-2, 1e-6];
const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * One of the five steps, in turned coordinates.
 *
 * @param {number} index
 * @param {Pair} turn
 * @returns {Step}
 */
function turnedStep(index, [c, s]) {
  const [x, y, a, b, d] = [0, 1, 2, 3, 4].map((k) => (k === index ? 1 : 0));
  const [e11, e12] = [c * c * a + c * s * b + s * s * d, c * s * (d - a) - s * s * b];
  const [e21, e22] = [e12 + b, a + d - e11];
  return {
    shift: [c * x + s * y, c * y - s * x],
    stretch: [e11, e12, e21, e22],
    square: [e11, e12 + e21, e22],
    trace: a + d,
  };
}

/**
 * The sum of products of the entries of two lists with those of a third, at the sum of the places.
 *
 * @param {number[]} first
 * @param {number[]} second
 * @param {number[]} third
 */
function contracted(first, second, third) {
  let sum = 0;
  for (let i = 0; i < first.length; i++)
    for (let j = 0; j < second.length; j++) sum += first[i] * second[j] * third[i + j];
  return sum;
}

/**
 * KL(q‖p) and its derivatives by the steps of a family.
 *
 * @param {Law} q
 * @param {Mixture} p
 * @param {number[]} free
 * @param {Precision} precision
 * @returns {Measured}
 */
function reverse(q, p, free, precision) {
  const { value, turn, derivatives } = expectedLogMixture(q, p, precision);
  const [d1, d2, d3, d4] = derivatives;
  const steps = free.map((index) => turnedStep(index, turn));
  const gradient = steps.map(
    ({ shift, square, trace }) => -trace - contracted(shift, [1], d1) - contracted(square, [1], d2),
  );
  const bend = steps.map((left) => {
    const [a, b, c, d] = left.stretch;
    return steps.map((right) => {
      const [e, f, g, h] = right.stretch;
      const product = [a * e + b * f, a * g + b * h + c * e + d * f, c * g + d * h];
      return (
        (left === right ? left.trace : 0) -
        contracted(left.shift, right.shift, d2) -
        contracted(left.shift, right.square, d3) -
        contracted(right.shift, left.square, d3) -
        contracted(left.square, right.square, d4) -
        contracted(product, [1], d2)
      );
    });
  });
  const [s11, , s22] = q.root;
  return { value: -1 - LOG_TWO_PI - Math.log(s11 * s22) - value, gradient, bend };
}

/**
 * A law after a step of a family.
 *
 * @param {Law} law
 * @param {number[]} free
 * @param {number[]} step
 * @returns {Law}
 */
function moved({ mean: [x, y], root: [a, b, d] }, free, step) {
  const all = [0, 0, 0, 0, 0];
  for (const [k, index] of free.entries()) all[index] = step[k];
  const [u, v, e11, e21, e22] = all;
  return {
    mean: [x + a * u, y + b * u + d * v],
    root: [a * (1 + e11), b * (1 + e11) + d * e21, d * (1 + e22)],
  };
}

/**
 * 𝔼 log q under a law.
 *
 * @param {Law} law
 * @param {Law} q
 */
function expectedLog({ mean, root: [a, b, d] }, q) {
  const [k, l, m] = q.root;
  const columns = [
    [mean[0] - q.mean[0], mean[1] - q.mean[1]],
    [a, b],
    [0, d],
  ];
  const square = columns.reduce((sum, [x, y]) => {
    const z = x / k;
    return sum + z * z + ((y - l * z) / m) ** 2;
  }, 0);
  return -LOG_TWO_PI - Math.log(k * m) - square / 2;
}

/**
 * The covariance of a law.
 *
 * @param {Law} law
 * @returns {Triple}
 */
export function covariance({ root: [a, b, d] }) {
  return [a * a, a * b, b * b + d * d];
}

/**
 * The law of a family that has the moments of a mixture, as far as it can.
 *
 * @param {Mixture} p
 * @param {Family} family
 * @returns {Law}
 */
function withMoments(p, { free, root }) {
  const [{ law: first, weight: w }, { law: second, weight: v }] = p;
  const [x, y] = [0, 1].map((k) => w * first.mean[k] + v * second.mean[k]);
  if (!free.includes(2)) return { mean: [x, y], root };
  const [dx, dy] = [0, 1].map((k) => first.mean[k] - second.mean[k]);
  const [s, t] = [covariance(first), covariance(second)];
  const [a, b, d] = [dx * dx, dx * dy, dy * dy].map(
    (between, k) => w * s[k] + v * t[k] + w * v * between,
  );
  const side = Math.sqrt(a);
  const below = free.includes(3) ? b / side : 0;
  return { mean: [x, y], root: [side, below, Math.sqrt(d - below * below)] };
}

/**
 * Where the descents start: at the moments of the parts, and of both in several proportions.
 *
 * @param {Mixture} p
 * @param {Family} family
 */
function startsOf([first, second], family) {
  return FIRST_SHARES.map((share) =>
    withMoments(
      [
        { ...first, weight: share },
        { ...second, weight: 1 - share },
      ],
      family,
    ),
  );
}

/**
 * Whether two laws are one, but for how roughly they are known.
 *
 * @param {Law} first
 * @param {Law} second
 */
function isSame(first, second) {
  const smallest = Math.min(first.root[0], first.root[2]);
  const entries = (/** @type {Law} */ { mean, root }) => [...mean, ...root];
  const others = entries(second);
  return entries(first).every((entry, k) => Math.abs(entry - others[k]) < SAME * smallest);
}

/**
 * The local minima of KL(q‖p) over a family, the best first. Of equals the first is the left one.
 *
 * @param {Mixture} p
 * @param {Family} family
 */
function valleys(p, family) {
  const { free } = family;
  /** @type {(start: Law, precision: Precision, close: number) => Valley | null} */
  const descended = (start, precision, close) =>
    minimum(
      {
        measure: (law) => reverse(law, p, free, precision),
        move: (law, step) => moved(law, free, step),
      },
      start,
      close,
    );
  /** @type {(found: Valley[], valley: Valley | null) => Valley[]} */
  const withNew = (found, valley) =>
    valley && !found.some(({ place }) => isSame(place, valley.place)) ? [...found, valley] : found;
  const found = startsOf(p, family)
    .map((start) => descended(start, ROUGH, CLOSE_ROUGHLY))
    .reduce(withNew, [])
    .map(({ place }) => descended(place, EXACT, CLOSE))
    .reduce(withNew, []);
  found.sort(({ place: a }, { place: b }) => a.mean[0] - b.mean[0] || a.mean[1] - b.mean[1]);
  const least = Math.min(...found.map(({ value }) => value));
  const best = found.findIndex(({ value }) => value <= least + TIE);
  return [...found.splice(best, 1), ...found];
}

/**
 * The covering fit, and the local optima of the seeking one, the best first.
 *
 * @param {Mixture} p
 * @param {Family} family
 */
export function fits(p, family) {
  const parts = p.filter(({ weight }) => weight > 0);
  const expected = parts.map(({ law }) => expectedLogMixture(law, p).value);
  const forward = (/** @type {Law} */ q) =>
    parts.reduce(
      (sum, { law, weight }, k) => sum + weight * (expected[k] - expectedLog(law, q)),
      0,
    );
  const moments = withMoments(p, family);
  return {
    covering: {
      law: moments,
      kl_pq: forward(moments),
      kl_qp: reverse(moments, p, [], EXACT).value,
    },
    seeking: valleys(p, family).map(({ place: law, value }) => ({
      law,
      kl_pq: forward(law),
      kl_qp: value,
    })),
  };
}
