/**
 * The picture of `<gauss-fit>`: the mixture with its bumps, the covering fit dotted, the seeking
 * one solid, and the other local optima dashed. On the line they are curves, whose heights have no
 * unit of their own and are scaled to fill the window; in the plane they are ellipses.
 *
 * @typedef {import("../closed-forms/mixture.js").Law} Law
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./words.js").Room} Room
 * @typedef {(x: number) => number} Curve
 */
import { density } from "../closed-forms/gauss1d.js";
import { toAxes } from "../closed-forms/gauss2d.js";
import { covariance } from "../closed-forms/mixture-fit.js";
import { ellipse, layers, lines, path } from "../runtime/draw.js";
import { HALF_HEIGHT, HALF_WIDTH } from "../runtime/plane.js";
import { fitsOf, isOnLine, mixtureOf } from "./fit-state.js";
import { ticks } from "./words.js";

const NAMES = ["p₁", "p₂"];
/** How high the line lies, at scale 1, and how much room there is above it. */
const [GROUND, ROOM] = [-2.1, 4.1];
/** Curves have so many points, and one more. */
const STEPS = 160;

/**
 * The bumps that are there, with their names.
 *
 * @param {State} state
 */
function shownParts(state) {
  const named = mixtureOf(state).map((part, k) => ({ ...part, name: NAMES[k] }));
  return named.filter(({ weight }) => weight > 0);
}

/**
 * The five numbers of a law's ellipse.
 *
 * @param {Law} law
 */
export function axesOf(law) {
  return toAxes({ mean: law.mean, cov: covariance(law) });
}

/**
 * A law on the line as a curve, times its weight.
 *
 * @param {Law} law
 * @param {number} [weight]
 * @returns {Curve}
 */
function bellOf({ mean: [mean], root: [sd] }, weight = 1) {
  return (x) => (weight * density((x - mean) / sd)) / sd;
}

/**
 * Where a value stands above the line.
 *
 * @param {State} state
 * @param {Plane} plane
 * @returns {Curve}
 */
export function heightOn(state, { scale }) {
  const parts = mixtureOf(state).map(({ law, weight }) => ({ law, bell: bellOf(law, weight) }));
  const { covering, seeking } = fitsOf(state);
  const peaks = parts.map(({ law }) => parts.reduce((sum, { bell }) => sum + bell(law.mean[0]), 0));
  for (const { law } of [covering, ...seeking]) peaks.push(bellOf(law)(law.mean[0]));
  const unit = (ROOM * scale) / Math.max(...peaks);
  return (value) => GROUND * scale + unit * value;
}

/**
 * The point of a bump's curve that is one standard deviation out.
 *
 * @param {State} state
 * @param {0 | 1} index
 * @param {Plane} plane
 * @returns {Point}
 */
export function shoulder(state, index, plane) {
  const { law, weight } = mixtureOf(state)[index];
  const x = law.mean[0] + law.root[0];
  return [x, heightOn(state, plane)(bellOf(law, weight)(x))];
}

/**
 * The picture on the line.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
function linePicture(state, plane, room) {
  const { covering, seeking } = fitsOf(state);
  const height = heightOn(state, plane);
  const edge = 1.01 * HALF_WIDTH * plane.scale;
  const xs = Array.from({ length: STEPS + 1 }, (_, k) => edge * ((2 * k) / STEPS - 1));
  /** @type {(curve: Curve, look: string) => string} */
  const drawn = (curve, look) => {
    /** @type {Point[]} */
    const points = xs.map((x) => [x, height(curve(x))]);
    const ground = height(0);
    return path(lines(plane, [[[-edge, ground], ...points, [edge, ground]]]), look);
  };
  const parts = shownParts(state).map((part) => ({ ...part, bell: bellOf(part.law, part.weight) }));
  const [best, ...others] = seeking;
  // The names like to stand where the curves do not: one at a top, the other at a shoulder away
  // from it.
  const side = covering.law.mean[0] < best.law.mean[0] ? -1 : 1;
  /** @type {(law: Law, words: string, out: number) => string} */
  const named = ({ mean: [mean], root: [sd] }, words, out) => {
    const point = plane.toPixels([mean + out * sd, height(density(out) / sd)]);
    return room.say(point, "say fit", words, (Math.PI * (2 - out)) / 4);
  };
  return [
    drawn((x) => parts.reduce((sum, { bell }) => sum + bell(x), 0), "p mixed"),
    ...parts.map(({ bell }) => drawn(bell, "p part")),
    ...others.map(({ law }) => drawn(bellOf(law), "q other-fit")),
    drawn(bellOf(covering.law), "q covers"),
    drawn(bellOf(best.law), "q seeks"),
    named(covering.law, "covers", side),
    named(best.law, "seeks", 0),
    ...parts.map(({ law: { mean }, name }) =>
      room.say(plane.toPixels([mean[0], height(0)]), "name p", name, Math.PI / 2),
    ),
    ticks(room, plane, true),
  ].join("");
}

/**
 * The grid lines across: the plane has them, the line has not.
 *
 * @param {Plane} plane
 */
function rows(plane) {
  /** @type {(y: number) => Point[]} */
  const across = (y) => [
    [-plane.right, y],
    [plane.right, y],
  ];
  const all = plane.ticks(HALF_HEIGHT).map(across);
  return path(lines(plane, all), "grid") + path(lines(plane, [across(0)]), "origin");
}

/**
 * The picture in the plane.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
function planePicture(state, plane, room) {
  const { covering, seeking } = fitsOf(state);
  const [best, ...others] = seeking;
  const parts = shownParts(state);
  const shades = parts.map(({ law, weight }) => {
    const axes = axesOf(law);
    const shade = `<g opacity="${weight}">${layers(plane, axes, "p")}</g>`;
    return shade + ellipse(plane, axes, "p two");
  });
  /** @type {(law: Law, words: string, side: 1 | -1) => string} */
  const named = (law, words, side) => {
    const [x, y] = law.mean;
    const [, , variance] = covariance(law);
    const top = plane.toPixels([x, y + side * Math.sqrt(variance)]);
    return room.say(top, "say fit", words, (side * Math.PI) / 2);
  };
  return [
    rows(plane),
    ...shades,
    ...others.map(({ law }) => ellipse(plane, axesOf(law), "q other-fit")),
    ellipse(plane, axesOf(covering.law), "q covers"),
    ellipse(plane, axesOf(best.law), "q seeks"),
    named(covering.law, "covers", 1),
    named(best.law, "seeks", -1),
    ...parts.map(({ law, name }) =>
      room.say(plane.toPixels([law.mean[0], law.mean[1]]), "name p", name, Math.PI),
    ),
    ticks(room, plane),
  ].join("");
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 * @param {Room} room
 */
export function fitPicture(state, { plane }, room) {
  return isOnLine(state) ? linePicture(state, plane, room) : planePicture(state, plane, room);
}
