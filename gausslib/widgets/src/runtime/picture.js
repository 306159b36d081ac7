/**
 * The pictures of a figure: the plane, the panels, and what moves on them.
 *
 * @typedef {import("./figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("./figure.js").Panel} Panel
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 * @typedef {import("./moving.js").Handle} Handle
 * @typedef {import("./moving.js").Movable} Movable
 * @typedef {import("./plane.js").Plane} Plane
 *
 * @typedef {object} Board  what handles move on: the plane, or a panel
 * @property {SVGSVGElement} svg
 * @property {Plane} plane
 * @property {Panel} [panel]
 * @property {HandleDefinition[]} handles
 * @property {SVGElement} drawing  the picture without its handles
 * @property {SVGElement[]} elements  of the handles
 */
import { applies, labelOf, scaleOf, spokenAttributes } from "./figure.js";
import { setAttributes, setText } from "./inside.js";
import { Keys } from "./keys.js";
import { grid, leader, placeOf } from "./markup.js";
import { Gestures } from "./moving.js";
import { Paper, TOO_LARGE } from "./plane.js";

/**
 * The plane, if the figure has one, and its panels.
 * @param {LiveFigure} live
 * @returns {Board[]}
 */
export function boardsOf({ figure: { scene, handles = [], panels = [] }, inside, plane }) {
  const papers = panels.map((panel, index) => ({
    svg: inside.all(".gauss-panel")[index],
    plane: new Paper(panel),
    panel,
    handles: panel.handles ?? [],
  }));
  const all = scene ? [{ svg: inside.find(".gauss-plane"), plane, handles }, ...papers] : papers;
  return all.map((board) => ({
    ...board,
    drawing: board.svg.querySelector(".scene"),
    elements: [...board.svg.querySelectorAll(".handle")],
  }));
}

/**
 * Whether a board is there in a state.
 * @param {Board} board
 * @param {State} state
 */
function isShown({ panel }, state) {
  return !panel || applies(panel, state);
}

/**
 * Draws what depends on the window alone.
 * @param {LiveFigure} live
 */
export function drawWindow({ figure, inside, plane }) {
  if (!figure.scene) return;
  setAttributes(inside.find(".gauss-plane"), { viewBox: `0 0 ${plane.width} ${plane.height}` });
  if (!figure.bare) inside.fill(inside.find(".paper"), grid(plane, figure.line));
}

/**
 * Draws what depends on the state.
 * @param {LiveFigure} live
 */
export function drawState({ figure, inside, plane, lit, state, boards }) {
  const { remark, scene } = figure;
  if (remark) setText(inside.find(".gauss-remark"), remark(state));
  for (const { svg, plane: paper, panel, drawing, handles, elements } of boards) {
    if (panel && !applies(panel, state)) continue;
    const grain = paper instanceof Paper ? paper.grain : 1;
    const view = { plane, lit, grain, drawing };
    inside.fill(drawing, (panel?.draw ?? scene)?.(state, view) ?? "");
    if (panel) setAttributes(svg, { "aria-label": labelOf(panel, state) });
    for (const [index, handle] of handles.entries()) {
      if (applies(handle, state)) drawHandle(handle, elements[index], state, paper);
    }
  }
}

/**
 * @param {HandleDefinition} handle
 * @param {SVGElement} element
 * @param {State} state
 * @param {Plane} plane
 */
function drawHandle(handle, element, state, plane) {
  setAttributes(element, {
    transform: placeOf(handle, state, plane),
    ...spokenAttributes(handle, state, plane),
  });
  if (handle.end) setAttributes(element.children[0], { d: leader(handle, state, plane) });
}

/**
 * Whether a handle lies outside the window, where nobody could reach it, or the window is much too
 * large.
 * @param {LiveFigure} live
 */
export function isWindowWrong({ figure, plane, state }) {
  const isLost = (/** @type {HandleDefinition} */ handle) =>
    applies(handle, state) && !plane.holds(handle.position(state, plane));
  return plane.scale > TOO_LARGE * scaleOf(figure, state) || (figure.handles ?? []).some(isLost);
}

/**
 * A handle as the gestures know it.
 * @param {LiveFigure} live
 * @param {Board} board
 * @param {HandleDefinition} handle
 * @param {number} index
 * @returns {Handle}
 */
function handleToMove(live, board, handle, index) {
  const { plane, elements } = board;
  return {
    element: elements[index],
    name: handle.name,
    isRound: handle.isRound ?? false,
    isVisible: () => isShown(board, live.state) && applies(handle, live.state),
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
  const { plane } = live;
  const { backdrop } = live.figure;
  return (
    backdrop && {
      position: () => backdrop.position(live.state, plane),
      move: (point, source) => live.change(backdrop.constrain(live.state, point, plane), source),
    }
  );
}

/**
 * Lets the handles and the background be moved, and follows the widths of the pictures.
 * @param {LiveFigure} live
 * @param {AbortSignal} signal  ends both
 */
export function connectPicture(live, signal) {
  for (const board of live.boards) {
    const { svg, plane, panel, handles } = board;
    const stage = {
      svg,
      plane,
      handles: handles.map((handle, index) => handleToMove(live, board, handle, index)),
      backdrop: panel ? undefined : backdropToMove(live),
      begin: live.begin,
      settle: live.settle,
      say: live.say,
    };
    live.gestures.push(new Gestures(stage, signal));
    if (handles.length) live.keys.push(new Keys(stage, signal));
  }
  const observer = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) measure(live, target, contentRect);
    drawWindow(live);
    drawState(live);
  });
  for (const { svg } of live.boards) observer.observe(svg);
  signal.addEventListener("abort", () => observer.disconnect());
}

/**
 * Takes in how large a picture is.
 * @param {LiveFigure} live
 * @param {Element} svg
 * @param {DOMRectReadOnly} size  in pixels of the screen
 */
function measure({ boards }, svg, size) {
  if (size.width === 0) return; // It has not been laid out: in a closed panel, say.
  const plane = boards.find((board) => board.svg === svg)?.plane;
  if (plane instanceof Paper) plane.lay(size);
  else if (plane) plane.width = size.width;
}
