/**
 * The chart of `<gauss-line>` over the power α: the Rényi divergence of p from q, where it is
 * infinite, and −log ∫pᵅq¹⁻ᵅ from 0 to 1, whose maximum is the Chernoff information. A dot on the
 * first curve moves α.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import { chernoffAlpha, endOfOrders, lineRenyi } from "../closed-forms/powers1d.js";
import { lines, path } from "../runtime/draw.js";
import { once } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { clamped } from "./line-layout.js";
import { roomOf } from "./words.js";

/** The largest power of p. With 1 in the middle there is as much above KL as below. */
export const MOST_ALPHA = 2;
/** The size of the chart, in pixels. */
const [WIDTH, HEIGHT] = [640, 230];
/** What the chart leaves free above and below its curves. */
const [ABOVE, BELOW] = [10, 24];
/** How many pieces a curve has. */
const PIECES = 40;
const { PI } = Math;
const TICKS = [0, 0.5, 1, 1.5, 2];

/**
 * Points of a curve at equal distances.
 *
 * @param {number} end
 * @param {(alpha: number) => number} curve
 */
function pointsOf(end, curve) {
  return Array.from({ length: PIECES + 1 }, (_, piece) => {
    const alpha = (end * piece) / PIECES;
    return /** @type {Point} */ ([alpha, curve(alpha)]);
  });
}

/** What the chart shows of a state. */
const studyOf = once(({ p, q }) => {
  /** @type {(alpha: number) => number} */
  const renyi = (alpha) => lineRenyi(p, q, alpha);
  /** @type {(alpha: number) => number} */
  const exponent = (alpha) => (1 - alpha) * renyi(alpha);
  const [kl, last] = [renyi(1), renyi(MOST_ALPHA)];
  const star = chernoffAlpha(p, q);
  const end = Math.min(endOfOrders(p, q), MOST_ALPHA);
  return {
    end,
    renyi: pointsOf(end, renyi),
    chernoff: pointsOf(1, exponent),
    best: /** @type {Point} */ ([star, exponent(star)]),
    kl,
    // Equal widths just fit: there the curve is a line, which rises to twice KL.
    highest: 1.05 * Math.min(last, 2.2 * kl) || 1,
  };
});

/**
 * The chart as it is on the screen, where letters have their size: how large it is, and where it
 * puts an order and a divergence. What is higher than the chart is put just above it.
 *
 * @param {State} state
 * @param {number} grain
 */
function placesOf(state, grain) {
  const { highest } = studyOf(state);
  const [width, height] = [WIDTH / grain, HEIGHT / grain];
  const bottom = height - BELOW;
  return {
    width,
    height,
    bottom,
    /** @type {(point: Point) => Point} */
    toPixels: ([alpha, value]) => [
      (alpha / MOST_ALPHA) * width,
      bottom - Math.min(value / highest, 1.5) * (bottom - ABOVE),
    ],
  };
}

/**
 * A point of the Rényi curve: on it, or at the upper edge where it is higher.
 *
 * @param {State} state
 * @param {number} grain
 * @returns {Point}
 */
function onCurve(state, grain) {
  const { p, q, alpha } = state;
  const [u, v] = placesOf(state, grain).toPixels([alpha, lineRenyi(p, q, alpha)]);
  return [u, Math.max(v, ABOVE)];
}

/**
 * The chart of a state.
 *
 * @param {State} state
 * @param {View} view
 */
function chart(state, { grain }) {
  const { end, renyi, chernoff, best, kl } = studyOf(state);
  const places = placesOf(state, grain);
  const { width, bottom, toPixels } = places;
  const now = onCurve(state, grain);
  const room = roomOf(places, [now]);
  const [left] = toPixels([end, 0]);
  const [top, atOne] = [toPixels(best), toPixels([1, kl])];
  /** @type {(points: Point[], look: string) => string} */
  const line = (points, look) => path(lines(places, [points]), look);
  const drops = [top, atOne, now].map((point) => `M${point.join(" ")}V${bottom}`);
  const ticks = TICKS.map((alpha) =>
    room.sayIfFree(toPixels([alpha, 0]), "", `${alpha}`, -PI / 2, 5),
  );
  return [
    `<g transform="scale(${grain})">`,
    path(`M${left} 0H${width}V${bottom}H${left}`, "at layer"),
    path(`M0 ${bottom}H${width}${drops.join("")}`, "origin"),
    line(chernoff, "map shade"),
    line(chernoff, "map bell"),
    line(renyi, "p bell"),
    path(`M${top.join(" ")}h0`, "map bell best"),
    room.say(toPixels([1, 0]), "say", `Chernoff: most at α = ${formatted(best[0])}`, PI / 4, 4),
    room.say(atOne, "say", "KL(p‖q)", -PI / 4, 4),
    room.say(toPixels(renyi[14]), "say", "Rényi", (3 * PI) / 4, 4),
    end < MOST_ALPHA ? room.say([(left + width) / 2, bottom / 2], "say", "infinite") : "",
    `<g class="ticks">${ticks.join("")}</g>`,
    "</g>",
  ].join("");
}

/** @type {HandleDefinition} */
const orderHandle = {
  name: "power of p",
  look: "p centre",
  position(state, { unit }) {
    const [u, v] = onCurve(state, 1 / unit);
    return [u / unit, v / unit];
  },
  constrain(_, [u]) {
    const alpha = clamped((u / WIDTH) * MOST_ALPHA, 0, MOST_ALPHA);
    return { alpha: Math.round(1000 * alpha) / 1000 };
  },
  spoken: ({ alpha }) => ({ text: formatted(alpha), now: alpha, min: 0, max: MOST_ALPHA }),
};

/** @type {Panel} */
export const ordersPanel = {
  label: "The Rényi and Chernoff divergences over the power α",
  width: WIDTH,
  height: HEIGHT,
  draw: chart,
  handles: [orderHandle],
  when: ({ distance }) => distance === "renyi",
};
