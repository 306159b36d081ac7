/**
 * Motion that takes time: a figure that plays, and one that goes over from state to state.
 *
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 *
 * @typedef {object} Motion
 * @property {number} request  for the next picture
 * @property {State} moves  what it moves
 * @property {() => void} end  what is done when it is over, or was stopped
 */
import { onTheWay } from "./fields.js";
import { drawWindow } from "./picture.js";

/** How long it takes to go from one state to another. */
const SECONDS = 0.4;

/**
 * Whether nothing moves by itself: for readers who want it so, and where nobody sees it.
 * @param {LiveFigure} live
 */
export function isStill({ presence }) {
  return !presence || document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Moves a figure until something stops it.
 * @param {LiveFigure} live
 * @param {{seconds: number, begun?: number, moves: State, draw: (done: number) => void,
 *     end: () => void}} plan  `begun` is the part that is done already
 */
export function move(live, { seconds, begun = 0, moves, draw, end }) {
  stop(live);
  const begin = performance.now() - begun * 1000 * seconds;
  /** @type {Motion} */
  const motion = { request: 0, moves, end };
  const step = (/** @type {number} */ now) => {
    const elapsed = (now - begin) / (1000 * seconds);
    const done = isStill(live) ? 1 : Math.min(Math.max(elapsed, 0), 1);
    if (done < 1) motion.request = requestAnimationFrame(step);
    draw(done);
    if (done === 1) stop(live);
  };
  live.motion = motion;
  motion.request = requestAnimationFrame(step);
}

/**
 * Stops what moves, where it is.
 * @param {LiveFigure} live
 */
export function stop(live) {
  const { motion } = live;
  if (!motion) return;
  live.motion = null;
  cancelAnimationFrame(motion.request);
  motion.end();
}

/**
 * Stops when something else changes what moves.
 * @param {LiveFigure} live
 * @param {State} patch  what has changed
 * @param {string} source
 */
export function giveWay(live, patch, source) {
  if (source === "animation" || source === "link") return;
  if (Object.keys(live.motion?.moves ?? {}).some((name) => name in patch)) stop(live);
}

/**
 * Goes to a state along the natural way, the window with it.
 * @param {LiveFigure} live
 * @param {State} to
 * @param {number} scale  the size of the window in the end
 * @param {string} source
 * @param {() => void} end
 */
export function glide(live, to, scale, source, end) {
  const { plane, state: from } = live;
  const before = plane.scale;
  const draw = (/** @type {number} */ done) => {
    const part = done * done * (3 - 2 * done);
    plane.scale = done === 1 ? scale : before ** (1 - part) * scale ** part;
    drawWindow(live);
    live.change(onTheWay(live.figure.fields, from, to, part), done < 1 ? "animation" : source);
  };
  move(live, { seconds: SECONDS, moves: to, draw, end });
}
