/**
 * What follows from a state of `<procrustes-turn>`: factors X and Y of the covariances of p and q,
 * and the cost ‖X − YQ‖² over the angle of Q, among the rotations (one branch) and among the
 * reflections (the other).
 *
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../closed-forms/orthogonal.js").Matrix} Matrix
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/plane.js").Point} Point
 *
 * @typedef {object} Study  where `isMirrored` tells the branch of reflections, which is else the
 *     branch of the state, as the angle is else that of the state
 * @property {Axes[]} axes  the ellipses that count: in the middle and, at rank one, lines
 * @property {boolean} isMirrored  whether Q is a reflection
 * @property {boolean} bestIsMirrored  whether the best Q is one
 * @property {(isMirrored?: boolean) => number} bestAngle
 * @property {(angle?: number, isMirrored?: boolean) => number} cost
 * @property {(angle?: number, isMirrored?: boolean) => [Point, Point][]} ends  of the columns of X,
 *     each with that of YQ
 * @property {number} least  cost
 * @property {number} excess  how far the worse branch stays above the other
 * @property {number} gap  between the cost and the least
 */
import { fromAxes } from "../closed-forms/gauss2d.js";
import { apply, bestTurn, symmetricRoot, turn, turnCost } from "../closed-forms/orthogonal.js";
import { once } from "../runtime/fields.js";

/**
 * The matrix with every entry multiplied.
 *
 * @param {Matrix} matrix
 * @param {number} factor
 */
function scaled(matrix, factor) {
  return matrix.map((row) => row.map((entry) => factor * entry));
}

/**
 * A factor X of the covariance XXᵀ of an ellipse: the symmetric root, or the Cholesky factor.
 *
 * @param {Axes} axes
 * @param {boolean} isCholesky
 */
function factorOf(axes, isCholesky) {
  const { cov } = fromAxes(axes);
  if (!isCholesky) return symmetricRoot(cov);
  const [, , s1, s2] = axes;
  const [a, b] = cov;
  const unscaled = [
    [a, 0],
    [b, s1 * s2],
  ];
  return scaled(unscaled, 1 / Math.sqrt(a));
}

/**
 * The Frobenius norm.
 *
 * @param {Matrix} matrix
 */
function norm(matrix) {
  return Math.hypot(...matrix.flat());
}

/**
 * What follows from a state.
 *
 * @param {State} state
 * @returns {Study}
 */
function study({ branch, factors, rank, angle: ownAngle, ...state }) {
  /** @type {Axes[]} */
  const axes = [state.p, state.q].map(([, , s1, s2, angle]) => [
    0,
    0,
    s1,
    rank === "1" ? 0 : s2,
    angle,
  ]);
  const isMirrored = branch === "reflection";
  const bestIsMirrored = factors === "mirrored"; // the factor of q has its second column reversed
  const [x, root] = axes.map((ellipse) => factorOf(ellipse, factors === "cholesky"));
  const y = bestIsMirrored ? root.map(([first, second]) => [first, -second]) : root;
  // Brought to one size, by a power of two: a far larger Y would lose digits of X.
  const size = 2 ** Math.round(Math.log2(norm(x) / norm(y)));
  const likeX = scaled(y, size);

  const bestAngle = (mirrored = isMirrored) => bestTurn(x, likeX, mirrored);
  const cost = (angle = ownAngle, mirrored = isMirrored) => turnCost(x, y, angle, mirrored);

  /** @type {Study["ends"]} */
  function ends(angle = ownAngle, mirrored = isMirrored) {
    const turned = turn(angle, mirrored);
    /** @type {(index: number) => [Point, Point]} */
    const pair = (index) => {
      const [u, v] = apply(y, [turned[0][index], turned[1][index]]);
      return [
        [x[0][index], x[1][index]],
        [u, v],
      ];
    };
    return [pair(0), pair(1)];
  }

  // The cost swings over a branch by four times the sum σ₁ + σ₂ of the singular values of YᵀX or,
  // over the worse branch, by four times their difference.
  function swing(mirrored = isMirrored) {
    const best = bestAngle(mirrored);
    const worst = turnCost(x, likeX, best + Math.PI, mirrored);
    return Math.abs(worst - turnCost(x, likeX, best, mirrored)) / size;
  }
  // The worse branch stays 4σ₂ above the other, which is 32 σ₁σ₂ over the sum 8σ₁ of both swings.
  const determinants = axes[0][2] * axes[0][3] * axes[1][2] * axes[1][3];
  const excess = determinants && (32 * determinants) / (swing(true) + swing(false));
  // The difference of two costs would lose its digits near the best angle.
  const aboveBest = swing() * Math.sin((ownAngle - bestAngle()) / 2) ** 2;
  return {
    axes,
    isMirrored,
    bestIsMirrored,
    bestAngle,
    cost,
    ends,
    least: cost(bestAngle(bestIsMirrored), bestIsMirrored),
    excess,
    gap: aboveBest + (isMirrored === bestIsMirrored ? 0 : excess),
  };
}

/**
 * An angle to a ten-thousandth, from −π to π.
 *
 * @param {number} angle
 */
export function legalAngle(angle) {
  return Math.min(Math.max(Math.round(angle * 1e4) / 1e4, -Math.PI), Math.PI);
}

/** The study of a state. */
export const studyOf = once(study);

/**
 * The ends where Q fits best, among all or among the rotations.
 *
 * @param {State} state
 * @param {boolean} onlyRotations
 */
export function bestEnds(state, onlyRotations) {
  const { bestIsMirrored, bestAngle, ends } = studyOf(state);
  const isMirrored = bestIsMirrored && !onlyRotations;
  return ends(bestAngle(isMirrored), isMirrored);
}

/**
 * From the mean of q to that of p.
 *
 * @param {State} state
 * @returns {Point}
 */
export function shiftOf({ p, q }) {
  return [p[0] - q[0], p[1] - q[1]];
}

/**
 * The mean term of W₂², which the picture leaves out.
 *
 * @param {State} state
 */
export function meanTerm(state) {
  const [dx, dy] = shiftOf(state);
  return dx * dx + dy * dy;
}
