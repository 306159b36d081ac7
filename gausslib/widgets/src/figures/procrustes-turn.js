/**
 * `<procrustes-turn>`: W₂ as the best fit of two factors. X and Y are factors of the covariances of
 * p and q, Q is turned by hand, and the cost ‖X − YQ‖² is seen to come down to the part of W₂² that
 * the shapes make. Both ellipses are laid on one centre.
 *
 * Fields: p, q; factors; rank (1: the second semi-axes are taken as zero); angle and branch (of Q);
 * show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").Play} Play
 * @typedef {import("../runtime/plane.js").Point} Point
 */

import eqKabsch from "formula:eq-kabsch";
import eqW2 from "formula:eq-w2-procrustes";
import { degrees, gaussian, gaussianHandles, reach } from "../parts/ellipse.js";
import { costPanel } from "../parts/procrustes-chart.js";
import { onDial, procrustesPicture } from "../parts/procrustes-picture.js";
import { bestEnds, legalAngle, meanTerm, studyOf } from "../parts/procrustes-study.js";
import { roomOfPlane } from "../parts/words.js";
import { choice, has, number, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";

const { PI } = Math;

/**
 * The numbers of the figure.
 *
 * @param {State} state
 */
function values(state) {
  const { bestIsMirrored, cost, least, gap, excess } = studyOf(state);
  const leastOfRotations = least + (bestIsMirrored ? excess : 0);
  return { cost: cost(), w2_shape: least, gap, kabsch: leastOfRotations };
}

/**
 * The window holds both ellipses, and the squares and the terms beside them.
 *
 * @param {State} state
 */
function reachOf(state) {
  return Math.max(...studyOf(state).axes.map(reach)) * (state.show ? 2 : 1);
}

/**
 * The handles of the semi-axes of p or q, whose ellipse is laid on the centre.
 *
 * @param {"p" | "q"} name
 * @returns {HandleDefinition[]}
 */
function shapeHandles(name) {
  /** @type {(state: State, point: Point) => Point} */
  const toCentre = (state, [x, y]) => [x - state[name][0], y - state[name][1]];
  /** @type {(state: State, point: Point) => Point} */
  const fromCentre = (state, [x, y]) => [x + state[name][0], y + state[name][1]];
  const [, first, second] = gaussianHandles(name, toCentre, fromCentre);
  return [first, { ...second, when: ({ rank }) => rank === "2" }];
}

/**
 * The tip of Y's first column after Q. It runs along an ellipse, the image under Y of the unit
 * circle: so a place of the tip tells the angle of Q.
 *
 * @type {HandleDefinition}
 */
const tipHandle = {
  name: "tip of y₁, which turns Q",
  look: "map centre",
  isRound: true,
  when: ({ rank }) => rank === "2",
  position: (state) => studyOf(state).ends()[0][1],
  constrain(state, [x, y]) {
    const [[, [a, c]], [, [b, d]]] = studyOf(state).ends(0, false);
    const side = Math.sign(a * d - b * c);
    return { angle: legalAngle(Math.atan2(side * (a * y - c * x), side * (d * x - b * y))) };
  },
  spoken: ({ angle }) => ({ text: degrees(angle), now: angle, min: -PI, max: PI }),
};

/** @type {HandleDefinition} */
const angleHandle = {
  name: "angle of Q",
  look: "map centre",
  isRound: true,
  position: ({ angle }, plane) => onDial(plane, Math.cos(angle), Math.sin(angle)),
  constrain(_, [x, y], plane) {
    const [centreX, centreY] = onDial(plane);
    return { angle: legalAngle(Math.atan2(y - centreY, x - centreX)) };
  },
  spoken: ({ angle, branch }) => ({
    text: `${degrees(angle)}, ${branch}`,
    now: angle,
    min: -PI,
    max: PI,
  }),
};

const handles = [...shapeHandles("p"), ...shapeHandles("q"), angleHandle, tipHandle];

/**
 * A turn that ends at the best angle, and starts less than a whole turn before it.
 *
 * @type {Play}
 */
const play = {
  label: "Turn to the best",
  seconds: 6,
  fraction(state) {
    const turns = (state.angle - studyOf(state).bestAngle()) / (2 * PI);
    return 1 + turns - Math.ceil(turns);
  },
  at(fraction, state) {
    const end = studyOf(state).bestAngle();
    if (fraction === 1) return { angle: end };
    const angle = end + 2 * PI * (fraction - 1);
    return { angle: legalAngle(angle < -PI ? angle + 2 * PI : angle) };
  },
};

/**
 * The areas of the squares where Q fits best.
 *
 * @param {State} state
 * @param {boolean} onlyRotations
 */
function areas(state, onlyRotations) {
  return bestEnds(state, onlyRotations)
    .map(([[a, b], [c, d]]) => formatted((a - c) ** 2 + (b - d) ** 2))
    .join(" and ");
}

/** @type {FormulaView} */
const w2View = {
  formula: eqW2,
  when: shows("terms"),
  terms: (state) => ({ mean: meanTerm(state), covariance: studyOf(state).least }),
  whole: (state) => meanTerm(state) + studyOf(state).least,
  captions: {
    mean: (state) =>
      `Mean: the means are ${formatted(Math.sqrt(meanTerm(state)))} apart, ` +
      `though not in the picture; the term is the square.`,
    covariance: (state) =>
      `Covariance: with the best Q the squares have the areas ${areas(state, false)}; ` +
      `their sum, the least cost, is the same for all factors.`,
  },
};

/** @type {FormulaView} */
const kabschView = {
  formula: eqKabsch,
  when: (state) => has(state.show, "terms") && state.rank === "2" && studyOf(state).bestIsMirrored,
  terms(state) {
    const { least, excess } = studyOf(state);
    return { covariance: least, mirror: excess };
  },
  whole: (state) => values(state).kabsch,
  captions: {
    covariance: (state) =>
      `The best Q is a reflection. The squares have the areas ${areas(state, false)}.`,
    mirror: (state) =>
      `Mirror: no rotation takes the reversed column of Y back. ` +
      `With the best one the squares have the areas ${areas(state, true)}.`,
  },
};

const CHOLESKY_FACTOR = `(a, b), _ = turn(angle) @ np.diag(axes) ** 2 @ turn(angle).T
    return np.array([[a, 0], [b, np.prod(axes)]]) / np.sqrt(a)`;
const SYMMETRIC_ROOT = "return turn(angle) @ np.diag(axes) @ turn(angle).T";
const MIRROR = " @ np.diag([1, -1])";

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python(state) {
  const { axes, bestIsMirrored, isMirrored } = studyOf(state);
  const [p, q] = axes.map(([, , s1, s2, angle]) => `factor([${s1}, ${s2}], ${angle})`);
  const factor = state.factors === "cholesky" ? CHOLESKY_FACTOR : SYMMETRIC_ROOT;
  return `import numpy as np

from gausslib import kabsch, procrustes


def turn(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def factor(axes, angle):
    ${factor}


def cost(q):
    return np.sum((x - y @ q) ** 2)


x = ${p}
y = ${q}${bestIsMirrored ? MIRROR : ""}
turned = turn(${state.angle})${isMirrored ? MIRROR : ""}
least = cost(procrustes(x, y))
values = {
    "cost": cost(turned),
    "w2_shape": least,
    "gap": cost(turned) - least,
    "kabsch": cost(kabsch(x, y)),
}
print(values)
`;
}

/** @type {Definition} */
export const procrustesTurn = {
  tag: "procrustes-turn",
  label: "Two ellipses p and q about one centre, with the columns of X and YQ as arrows",
  fields: {
    p: gaussian([0, 0, 2.2, 0.9, 0.4]),
    q: gaussian([0, 0, 0.9, 1.7, 0.1]),
    factors: choice("factors", ["root", "cholesky", "mirrored"]),
    rank: choice("rank", ["2", "1"]),
    angle: number("angle", 1.2, -PI, PI),
    branch: choice("branch", ["rotation", "reflection"]),
    show: words({ terms: "terms of W₂²", squares: "the cost, as squares" }),
  },
  presets: {
    "Cholesky factors": { factors: "cholesky" },
    "mirrored factors": { factors: "mirrored", angle: -1.2 },
    "one shape": { q: [0, 0, 2.2, 0.9, 0.4], angle: 2 },
    "two lines": { q: [0, 0, 1.8, 1, 1], factors: "cholesky", rank: "1", angle: 2.2 },
    "lines at a right angle": { p: [0, 0, 2.4, 1, 0], q: [0, 0, 1.8, 1, PI / 2], rank: "1" },
  },
  values,
  readout: [
    { key: "cost", label: "‖X − YQ‖²", unit: "length²" },
    { key: "w2_shape", label: "Least", unit: "W₂², shape" },
    { key: "gap", label: "Above least", unit: "length²" },
    {
      key: "kabsch",
      label: "By rotation",
      unit: "length²",
      when: ({ factors }) => factors === "mirrored",
    },
  ],
  reach: reachOf,
  scene: (state, view) => procrustesPicture(state, view, roomOfPlane(view.plane, handles, state)),
  handles,
  panels: [costPanel],
  controls: [
    {
      field: "angle",
      label: "Angle of Q",
      min: -PI,
      max: PI,
      shown: ({ angle }) => degrees(angle),
    },
    { field: "branch", label: "Q is a" },
    {
      field: "factors",
      label: "Factors",
      options: {
        root: "symmetric roots",
        cholesky: "Cholesky factors",
        mirrored: "roots, 2nd column of Y reversed",
      },
    },
    {
      field: "rank",
      label: "Rank",
      options: { 2: "two: ellipses", 1: "one: first semi-axes only" },
    },
  ],
  play,
  formulas: [w2View, kabschView],
  python,
};
