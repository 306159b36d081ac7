/**
 * What is drawn over two Gaussians p and q of the plane: the picture of a term that is pointed at,
 * and the transport of p to q.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian2} Gaussian2
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./words.js").Room} Room
 */

import kl from "formula:eq-kl";
import w2 from "formula:eq-w2";
import { geodesic, squaredLength, toAxes, transportMap } from "../closed-forms/gauss2d.js";
import { arrows, dots, ellipse, lines, path } from "../runtime/draw.js";
import { imageOfPoint, ofSeenPair } from "./affine-map.js";
import { axisEnd } from "./ellipse.js";

/** The samples that are shown, in standard deviations along the axes. */
const CLOUD = samples(150);
/** Where arrows start, likewise: at the mean, and on two rings about it. */
const RINGS = [/** @type {Point} */ ([0, 0]), ...ring(10, 0.8), ...ring(15, 1.6)];

/**
 * Samples of the standard Gaussian, by the method of Box and Muller. No number is made of them, so
 * the least generator will do, that of Park and Miller.
 *
 * @param {number} count
 */
function samples(count) {
  const modulus = 2 ** 31 - 1;
  let last = 123456789;
  const uniform = () => {
    last = (last * 16807) % modulus;
    return last / modulus;
  };
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    return /** @type {Point} */ ([radius * Math.cos(angle), radius * Math.sin(angle)]);
  });
}

/**
 * Points on a ring about the origin, at equal angles.
 *
 * @param {number} count
 * @param {number} radius
 */
function ring(count, radius) {
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count;
    return /** @type {Point} */ ([radius * Math.cos(angle), radius * Math.sin(angle)]);
  });
}

/**
 * The points of p or q as they are seen, from their distances to the mean, in standard deviations
 * along the axes.
 *
 * @param {State} state
 * @param {"p" | "q"} name
 * @param {Point[]} standardised
 */
function pointsOf(state, name, standardised) {
  const [x, y, s1, s2, angle] = state[name];
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return standardised.map(([u, v]) =>
    imageOfPoint(state, [x + s1 * u * cos - s2 * v * sin, y + s1 * u * sin + s2 * v * cos]),
  );
}

/**
 * The samples of p or q.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {"p" | "q"} name
 */
export function cloud(state, plane, name) {
  return path(dots(plane, pointsOf(state, name, CLOUD)), `${name} cloud`);
}

/**
 * The point on the way from one to another at time t, from 0 to 1.
 *
 * @param {Point} from
 * @param {Point} to
 * @param {number} t
 * @returns {Point}
 */
function between(from, to, t) {
  return [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
}

/**
 * The mean and the covariance of the mixture (1 − t)p + tq.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @param {number} t
 * @returns {Gaussian2}
 */
function mixtureMoments(p, q, t) {
  const [dx, dy] = [q.mean[0] - p.mean[0], q.mean[1] - p.mean[1]];
  /** @type {(atP: number, atQ: number, spread: number) => number} */
  const mixed = (atP, atQ, spread) => (1 - t) * atP + t * atQ + t * (1 - t) * spread;
  const [a, b, d] = p.cov;
  return {
    mean: between(p.mean, q.mean, t),
    cov: [mixed(a, q.cov[0], dx * dx), mixed(b, q.cov[1], dx * dy), mixed(d, q.cov[2], dy * dy)],
  };
}

/**
 * The Gaussian at q's mean whose covariance is M, the mean of both covariances.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {Gaussian2}
 */
export function withMeanCovariance(p, q) {
  const [a, b, d] = p.cov;
  return {
    mean: q.mean,
    cov: [(a + q.cov[0]) / 2, (b + q.cov[1]) / 2, (d + q.cov[2]) / 2],
  };
}

/**
 * How far a point is from the mean of a Gaussian, with its ellipse as the unit of length.
 *
 * @param {Point} point
 * @param {Gaussian2} ruler
 */
export function lengthIn([x, y], ruler) {
  return Math.sqrt(squaredLength([x - ruler.mean[0], y - ruler.mean[1]], ruler));
}

/**
 * The function that takes a point of p to its way under the optimal transport to q, as the pair of
 * its two ends.
 *
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @returns {(from: Point) => [Point, Point]}
 */
function journey(p, q) {
  const [[a, b], [c, d]] = transportMap(p, q);
  const [px, py] = p.mean;
  const [qx, qy] = q.mean;
  return (from) => {
    const [x, y] = [from[0] - px, from[1] - py];
    return [from, [qx + a * x + b * y, qy + c * x + d * y]];
  };
}

/**
 * Arrows from a few points of p to where the transport to q takes them, as a path.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
export function transportArrows(state, plane, p, q) {
  return arrows(plane, pointsOf(state, "p", RINGS).map(journey(p, q)));
}

/**
 * Time t: the Gaussian on the geodesic, with points of p that travel with it, and the mixture.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 * @param {Room} room
 */
export function onTheWay(state, plane, p, q, room) {
  const { t } = state;
  const travelling = geodesic(p, q, t);
  const points = pointsOf(state, "p", CLOUD)
    .map(journey(p, q))
    .map(([from, to]) => between(from, to, t));
  return (
    ellipse(plane, toAxes(mixtureMoments(p, q, t)), "mixture") +
    ellipse(plane, toAxes(travelling), "moving") +
    path(dots(plane, points), "moving cloud") +
    room.say(plane.toPixels(travelling.mean), "name moving", "pₜ", Math.PI / 2)
  );
}

/**
 * The mean term. W₂ carries p's mean to q's; the others measure the way from q's mean to p's, with
 * an ellipse that is scaled (dashed) until it meets p's mean.
 *
 * @param {Plane} plane
 * @param {string} formula
 * @param {string} look
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
function meanOverlay(plane, formula, look, p, q) {
  const isCarried = formula === w2.key;
  /** @type {[Point, Point]} */
  const way = isCarried ? [p.mean, q.mean] : [q.mean, p.mean];
  const arrow = path(arrows(plane, [way], 14), `${look} shaft`);
  if (isCarried) return arrow;
  const ruler = formula === kl.key ? q : withMeanCovariance(p, q);
  return ellipse(plane, toAxes(ruler), `${look} thin`, lengthIn(p.mean, ruler)) + arrow;
}

/**
 * The trace term: p laid on q, with the semi-axes that are measured.
 *
 * @param {Plane} plane
 * @param {string} look
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
function traceOverlay(plane, look, p, q) {
  const moved = toAxes({ ...p, mean: q.mean });
  const semiAxes = [0, 1].map((index) => [q.mean, axisEnd(moved, index)]);
  return ellipse(plane, moved, `${look} thin`) + path(lines(plane, semiAxes), look);
}

/**
 * The covariance term of W₂: q laid on p, and how the points of p come into it.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {string} look
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
function covarianceOverlay(state, plane, look, p, q) {
  const centred = { ...q, mean: p.mean };
  return (
    ellipse(plane, toAxes(centred), `${look} thin`) +
    path(transportArrows(state, plane, p, centred), look)
  );
}

/**
 * The log-det term: the areas that are compared, for Bhattacharyya with the one of M between them.
 *
 * @param {Plane} plane
 * @param {string} formula
 * @param {string} look
 * @param {Gaussian2} p
 * @param {Gaussian2} q
 */
function areaOverlay(plane, formula, look, p, q) {
  const compared = [p, q];
  if (formula !== kl.key)
    compared.push({ ...withMeanCovariance(p, q), mean: between(p.mean, q.mean, 0.5) });
  return compared.map((law) => ellipse(plane, toAxes(law), `${look} area`)).join("");
}

/**
 * What the lit term is made of.
 *
 * @param {State} state
 * @param {View} view
 */
export function overlay(state, { plane, lit }) {
  if (!lit) return "";
  const { formula, term } = lit;
  const look = `overlay term-${term}`;
  const draw = ofSeenPair((p, q) => {
    if (term === "mean") return meanOverlay(plane, formula, look, p, q);
    if (term === "trace") return traceOverlay(plane, look, p, q);
    if (term === "covariance") return covarianceOverlay(state, plane, look, p, q);
    return areaOverlay(plane, formula, look, p, q);
  });
  return draw(state);
}
