/**
 * Two Gaussians on the line as bells: what is legal, and where bells and shaded areas stand in the
 * window. Heights have no unit of their own, so they are scaled to fill it.
 *
 * @typedef {import("../closed-forms/gauss1d.js").Bell} Bell
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {"p" | "q"} Name
 * @typedef {(x: number) => number} Curve
 *
 * @typedef {object} Layout
 * @property {boolean} isCoupled  whether q's bell hangs below a line of its own, as for W₂
 * @property {Curve} shaded  what is integrated for the distance
 * @property {(name: Name, value?: number, limit?: number) => number} height  of a value above the
 *     line of p or q, cut off at a limit
 * @property {(name: Name, z?: number) => Point} onBell  the point of a bell z standard deviations
 *     out, or where it is cut off
 * @property {number} cut  how many times as high as the picture its curves would be
 */
import { density, integrand } from "../closed-forms/gauss1d.js";
import { endOfOrders, normalisedProduct, productAt } from "../closed-forms/powers1d.js";
import { numbers, once, refuse } from "../runtime/fields.js";

/** No standard deviation can be dragged to more than so many times the other. */
export const LARGEST_RATIO = 1e3;
export const SMALLEST = 1e-6;
export const LARGEST = 1e6;
/** The picture is at most so many times as high as the lower bell: what is higher is cut off. */
const HIGHEST = 6;
/**
 * Where curves have points, in standard deviations. Further out p log(p/q) is small even at the
 * largest ratio.
 */
export const ABOUT = Array.from({ length: 113 }, (_, index) => index / 8 - 7);
/**
 * How high the line of p lies, at scale 1. For W₂ there are two lines, one below the other. Else
 * p log(p/q) needs room below: it comes down to minus q's height over e.
 *
 * @type {{[distance: string]: number}}
 */
const GROUND = { w2: 0.65, kl: -1.3, bhattacharyya: -2.1, variation: -2.1, renyi: -2.1 };

/**
 * The nearest number between two bounds.
 *
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
export function clamped(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/**
 * Mean and standard deviation, if they are legal.
 *
 * @param {string} name
 * @param {Bell} law
 */
function checked(name, law) {
  const [mean, sd] = law;
  return Math.abs(mean) <= LARGEST && sd >= SMALLEST && sd <= LARGEST
    ? law
    : refuse(name, "|mean| ≤ 1e6 and 1e-6 ≤ sd ≤ 1e6", law);
}

/**
 * The field of a Gaussian on the line.
 *
 * @param {Bell} start
 */
export function lineGaussian(start) {
  const limits = { smallest: SMALLEST, largest: LARGEST };
  return numbers("line", "two numbers mean, sd", start, checked, limits);
}

/**
 * The density of a Gaussian.
 *
 * @param {Bell} law
 * @returns {Curve}
 */
export function bellOf([mean, sd]) {
  return (x) => density((x - mean) / sd) / sd;
}

/**
 * What is integrated for the distance that is drawn, of p and q or another law in q's place.
 *
 * @param {State} state
 * @param {Bell} [q]
 * @returns {Curve}
 */
export function integrandOf(state, q = state.q) {
  const { p, distance, alpha } = state;
  if (distance === "renyi") return (x) => productAt(p, q, alpha, x);
  return (x) => integrand(distance, p, q, x);
}

/** The Gaussian that pᵅq¹⁻ᵅ is a multiple of, where that is drawn and there is one. */
export const productOf = once(({ p, q, distance, alpha }) =>
  distance === "renyi" && alpha < endOfOrders(p, q) ? normalisedProduct(p, q, alpha) : null,
);

/**
 * Where what is shaded may be highest.
 *
 * @param {State} state
 */
function shadedPeaks(state) {
  const { p, distance } = state;
  const shaded = integrandOf(state);
  if (distance !== "renyi") return ABOUT.map((z) => shaded(p[0] + p[1] * z));
  const product = productOf(state);
  return [product ? shaded(product[0]) : Number.POSITIVE_INFINITY];
}

/**
 * How the bells stand in the window.
 *
 * @param {State} state
 * @param {Plane} plane
 * @returns {Layout}
 */
export function layout(state, { scale }) {
  const { p, q, distance } = state;
  const isCoupled = distance === "w2";
  const ground = GROUND[distance];
  const room = (isCoupled ? 1.5 : 2.15 - ground) * scale;
  const shaded = integrandOf(state);
  const peaks = [bellOf(p)(p[0]), bellOf(q)(q[0])];
  const highest = HIGHEST * Math.min(...peaks);
  const top = Math.max(...peaks, ...shadedPeaks(state));
  const unit = room / Math.min(top, highest);

  /** @type {Layout["height"]} */
  function height(name, value = 0, limit = 6 * scale) {
    // What is far outside the window is drawn as far outside it.
    const above = ground * scale + clamped(unit * value, -limit, limit);
    return isCoupled && name === "q" ? -above : above;
  }

  /** @type {Layout["onBell"]} */
  function onBell(name, z = 0) {
    const [mean, sd] = state[name];
    const x = mean + z * sd;
    return [x, height(name, bellOf(state[name])(x), room)];
  }

  return { isCoupled, shaded, height, onBell, cut: top / highest };
}
