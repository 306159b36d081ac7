/**
 * The pictures of a figure: the plane, what moves on it, and the panels below.
 *
 * @typedef {import("./figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 * @typedef {import("./moving.js").Handle} Handle
 * @typedef {import("./moving.js").Movable} Movable
 */
import { applies, labelOf, spokenAttributes } from "./figure.js";
import { setAttributes, setText } from "./inside.js";
import { grid } from "./markup.js";
import { Gestures } from "./moving.js";

/**
 * Draws what depends on the window alone.
 * @param {LiveFigure} live
 */
export function drawWindow({ figure, inside, plane }) {
  if (!figure.scene) return;
  setAttributes(inside.find(".gauss-plane"), { viewBox: `0 0 ${plane.width} ${plane.height}` });
  if (!figure.bare) inside.find(".paper").innerHTML = grid(plane, figure.line);
}

/**
 * Draws what depends on the state.
 * @param {LiveFigure} live
 */
export function drawState({ figure, inside, plane, lit, state }) {
  const { handles = [], panels = [], remark, scene } = figure;
  const view = { plane, lit };
  if (scene) inside.find(".scene").innerHTML = scene(state, view);
  if (remark) setText(inside.find(".gauss-remark"), remark(state));
  for (const [index, handle] of handles.entries()) {
    if (!applies(handle, state)) continue;
    const [u, v] = plane.toPixels(handle.position(state, plane));
    setAttributes(inside.all(".handle")[index], {
      transform: `translate(${u},${v})`,
      ...spokenAttributes(handle, state, plane),
    });
  }
  for (const [index, panel] of panels.entries()) {
    if (!applies(panel, state)) continue;
    const svg = inside.all(".gauss-panel")[index];
    svg.innerHTML = panel.draw(state, view);
    setAttributes(svg, { "aria-label": labelOf(panel, state) });
  }
}

/**
 * Whether a handle lies outside the window, where nobody could reach it.
 * @param {LiveFigure} live
 */
export function hasLostHandle({ figure: { handles = [] }, plane, state }) {
  return handles.some(
    (handle) => applies(handle, state) && !plane.holds(handle.position(state, plane)),
  );
}

/**
 * A handle as the gestures know it.
 * @param {LiveFigure} live
 * @param {HandleDefinition} handle
 * @param {number} index
 * @returns {Handle}
 */
function handleToMove(live, handle, index) {
  const { inside, plane } = live;
  return {
    element: inside.all(".handle")[index],
    isVisible: () => applies(handle, live.state),
    position: () => handle.position(live.state, plane),
    move: (point, source) =>
      live.change(handle.constrain(live.state, plane.clamped(point), plane), source),
  };
}

/**
 * The background, if it can be moved.
 * @param {LiveFigure} live
 * @returns {Movable | undefined}
 */
function backdropToMove(live) {
  const { backdrop } = live.figure;
  return (
    backdrop && {
      position: () => backdrop.position(live.state),
      move: (point, source) => live.change(backdrop.constrain(live.state, point), source),
    }
  );
}

/**
 * Lets the handles and the background be moved, and follows the width of the plane.
 * @param {LiveFigure} live
 * @param {AbortSignal} signal  ends both
 */
export function connectPicture(live, signal) {
  const { figure, inside, plane } = live;
  const svg = inside.find(".gauss-plane");
  if (!svg) return;
  const stage = {
    svg,
    plane,
    handles: (figure.handles ?? []).map((handle, index) => handleToMove(live, handle, index)),
    backdrop: backdropToMove(live),
    settle: live.settle,
  };
  live.gestures = new Gestures(stage, signal);
  const observer = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === 0) return; // It has not been laid out: in a closed panel, say.
    plane.width = contentRect.width;
    drawWindow(live);
    drawState(live);
  });
  observer.observe(svg);
  signal.addEventListener("abort", () => observer.disconnect());
}
