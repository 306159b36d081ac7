/**
 * The picture of two Gaussians on the line: bells, what is shaded for the distance, the coupling of
 * W₂, and the picture of a term that is pointed at.
 *
 * @typedef {import("../closed-forms/gauss1d.js").Bell} Bell
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./line-layout.js").Curve} Curve
 * @typedef {import("./line-layout.js").Layout} Layout
 * @typedef {import("./line-layout.js").Name} Name
 * @typedef {import("./words.js").Room} Room
 *
 * @typedef {object} Sheet  what every curve of a picture is drawn on
 * @property {State} state
 * @property {Plane} plane
 * @property {Layout} layout
 * @property {number} edge  a little more than half the window's width
 * @property {number[]} xs  where curves have points, in rising order
 */
import { arrows, lines, path } from "../runtime/draw.js";
import { formatted } from "../runtime/format.js";
import { HALF_WIDTH } from "../runtime/plane.js";
import { lineFormulas } from "./line-formulas.js";
import { ABOUT, bellOf, integrandOf, layout, productOf } from "./line-layout.js";
import { letter, ticks } from "./words.js";

/** The deciles of the standard normal law. */
const DECILES = [
  -1.281552, -0.841621, -0.524401, -0.253347, 0, 0.253347, 0.524401, 0.841621, 1.281552,
];
/** The gap between a point and words that stand on it: minus half their height. */
const ON_THE_POINT = -6.5;
const NAMES = /** @type {const} */ (["p", "q"]);

/**
 * The sheet for a state. Curves have points about the means of some laws, and at the edges of the
 * window.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Bell[]} laws
 * @returns {Sheet}
 */
function sheetOf(state, plane, laws) {
  const edge = 1.01 * HALF_WIDTH * plane.scale;
  /** @type {(law: Bell) => number[]} */
  const about = ([mean, sd]) => ABOUT.map((z) => mean + sd * z);
  const xs = [-edge, edge, ...laws.flatMap(about)]
    .filter((x) => Math.abs(x) <= edge)
    .sort((x, y) => x - y);
  return { state, plane, layout: layout(state, plane), edge, xs };
}

/**
 * A curve, or the area under it, by its look. It comes down to its line outside the window.
 *
 * @param {Sheet} sheet
 * @param {Curve} curve
 * @param {string} look
 * @param {Name} [name]
 */
function curvePath({ plane, layout: { height }, edge, xs }, curve, look, name = "p") {
  /** @type {Point[]} */
  const points = [[-edge, height(name)]];
  for (const x of xs) points.push([x, height(name, curve(x))]);
  points.push([edge, height(name)]);
  return path(lines(plane, [points]), look);
}

/**
 * The line of p, and the one of q.
 *
 * @param {Sheet} sheet
 */
function groundLines({ plane, layout: { height }, edge }) {
  const grounds = NAMES.map((name) => height(name));
  return path(
    lines(
      plane,
      grounds.map((ground) => [
        [-edge, ground],
        [edge, ground],
      ]),
    ),
    "origin",
  );
}

/**
 * What is shaded: one area, the parts of it where p and where q is higher, or for W₂ the bells.
 *
 * @param {Sheet} sheet
 * @param {string} faded  a class, or nothing
 */
function shading(sheet, faded) {
  const { state, layout } = sheet;
  const { isCoupled, shaded } = layout;
  if (["bhattacharyya", "renyi"].includes(state.distance))
    return curvePath(sheet, shaded, `map shade${faded}`);
  const bells = { p: bellOf(state.p), q: bellOf(state.q) };
  /** @type {(name: Name) => Curve} */
  const shareOf = (name) => (x) => {
    const higher = bells.p(x) > bells.q(x) ? "p" : "q";
    return higher === name ? shaded(x) : 0;
  };
  return NAMES.map((name) => {
    const curve = isCoupled ? bells[name] : shareOf(name);
    return curvePath(sheet, curve, `${name} shade${faded}`, name);
  }).join("");
}

/**
 * Lines between equal quantiles of p and another law.
 *
 * @param {Sheet} sheet
 * @param {Bell} law
 * @param {string} look
 */
function coupling({ state: { p }, plane, layout: { height } }, [mean, sd], look) {
  /** @type {(z: number) => [Point, Point]} */
  const join = (z) => [
    [p[0] + p[1] * z, height("p")],
    [mean + sd * z, height("q")],
  ];
  return path(lines(plane, DECILES.map(join)), look);
}

/**
 * The lengths of the lines between p and q, as many as there is room for, on their middles.
 *
 * @param {Sheet} sheet
 * @param {Room} room
 */
function lengths({ state: { p, q }, plane }, room) {
  const written = DECILES.map((z) => {
    const [x, y] = [p[0] + p[1] * z, q[0] + q[1] * z];
    const middle = plane.toPixels([(x + y) / 2, 0]);
    return room.sayIfFree(middle, "say", formatted(Math.abs(x - y)), Math.PI / 2, ON_THE_POINT);
  });
  return written.join("");
}

/**
 * What a term of the distance that is drawn is made of.
 *
 * @param {Sheet} sheet
 * @param {string} term
 */
function overlay(sheet, term) {
  const { state, plane, layout } = sheet;
  const { p, q, distance } = state;
  const { isCoupled, shaded } = layout;
  const look = `overlay term-${term}`;
  if (term === "expectation") return curvePath(sheet, shaded, look);
  if (distance === "kl") {
    const bell = bellOf(p);
    /** @type {Curve} */
    const logdet = (x) => bell(x) * Math.log(q[1] / p[1]);
    /** @type {Curve} */
    const square = (x) => shaded(x) - logdet(x);
    return curvePath(sheet, term === "logdet" ? logdet : square, `${look} under`);
  }
  if (isCoupled && term === "mean") {
    /** @type {[Point, Point]} */
    const way = [
      [p[0], 0],
      [q[0], 0],
    ];
    return path(arrows(plane, [way], 14), `${look} shaft`);
  }
  // The other terms compare with q moved to p's mean.
  const moved = [p[0], q[1]];
  const root = integrandOf(state, moved);
  if (term === "mean")
    return curvePath(sheet, root, `${look} thin`) + curvePath(sheet, shaded, `${look} under`);
  return (
    curvePath(sheet, bellOf(moved), `${look} thin`, "q") +
    (isCoupled ? coupling(sheet, moved, look) : curvePath(sheet, root, `${look} under`))
  );
}

/**
 * The outlines of the bells.
 *
 * @param {Sheet} sheet
 */
function bells(sheet) {
  const { state } = sheet;
  return NAMES.map((name) => curvePath(sheet, bellOf(state[name]), `${name} bell`, name)).join("");
}

/**
 * The letters of the bells, each beyond its peak, and what else there is to read.
 *
 * @param {Sheet} sheet
 * @param {Room} room
 * @param {boolean} hasLengths
 */
function wordsOf(sheet, room, hasLengths) {
  const { state, plane, layout } = sheet;
  const { isCoupled, cut, onBell, height } = layout;
  const letters = NAMES.map((name) =>
    letter(room, plane, onBell(name), name, isCoupled && name === "q" ? -1 : 1),
  );
  const howHigh = `Up to ${formatted(cut)} times as high as the picture`;
  const product = productOf(state);
  const peak = product && plane.toPixels([product[0], height("p", bellOf(product)(product[0]))]);
  return [
    ...letters,
    peak ? room.say(peak, "name map", "g", Math.PI / 4) : "",
    cut > 1 ? room.say([0, plane.height - 16], "say", howHigh, Math.PI / 4, 3) : "",
    hasLengths ? lengths(sheet, room) : "",
    ticks(room, plane, true),
  ].join("");
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 * @param {Room} room
 */
export function linePicture(state, { plane, lit }, room) {
  const sheet = sheetOf(state, plane, [state.p, state.q]);
  const product = productOf(state);
  const ofProduct = product ? sheetOf(state, plane, [product]) : sheet;
  const { isCoupled } = sheet.layout;
  // A term may be pointed at in the text that belongs to another distance than the one drawn.
  const isPicturable = lineFormulas.some(
    ({ formula, when }) => formula.key === lit?.formula && when?.(state),
  );
  const part = lit && isPicturable ? overlay(sheet, lit.term) : "";
  const faded = part && lit?.term !== "expectation" ? " faded" : "";
  return [
    groundLines(sheet),
    shading(ofProduct, faded),
    isCoupled ? coupling(sheet, state.q, `coupling${faded}`) : "",
    part,
    product ? curvePath(ofProduct, bellOf(product), "map bell dashed") : "",
    bells(sheet),
    wordsOf(sheet, room, isCoupled && !part),
  ].join("");
}
