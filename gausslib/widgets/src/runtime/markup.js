/**
 * The inside of a figure as HTML: the first picture that a figure draws, and the still one of its
 * page.
 *
 * @typedef {import("./figure.js").Condition} Condition
 * @typedef {import("./figure.js").Definition} Definition
 * @typedef {import("./figure.js").FormulaView} FormulaView
 * @typedef {import("./figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("./figure.js").Panel} Panel
 * @typedef {import("./figure.js").Reading} Reading
 * @typedef {import("./figure.js").State} State
 * @typedef {import("./figure.js").Values} Values
 * @typedef {import("./figure.js").View} View
 */
import { applies, fit, labelOf, restingCaption } from "./figure.js";
import { formatted } from "./format.js";
import { barMarkup, hintMarkup } from "./markup-bar.js";
import { controlsMarkup } from "./markup-controls.js";
import { escaped, hiddenUnless, joined } from "./markup-text.js";
import { HALF_HEIGHT, HALF_WIDTH, HIT_RADIUS, Paper, Plane } from "./plane.js";

/**
 * The grid, which depends on the window alone. Its numbers are words of the scene.
 * @param {Plane} plane
 * @param {boolean} [isLine]
 */
export function grid(plane, isLine = false) {
  const { width, height } = plane;
  const columns = plane.ticks(HALF_WIDTH).map((x) => plane.toPixels([x, 0])[0]);
  const rows = isLine ? [] : plane.ticks(HALF_HEIGHT).map((y) => plane.toPixels([0, y])[1]);
  const lines = joined(columns, (u) => `M${u} 0V${height}`);
  const crossing = joined(rows, (v) => `M0 ${v}H${width}`);
  const axis = `M${width / 2} 0V${height}${isLine ? "" : `M0 ${height / 2}H${width}`}`;
  return `<path class="grid" d="${lines}${crossing}"/><path class="origin" d="${axis}"/>`;
}

/**
 * @param {Reading[]} readings
 * @param {State} state
 * @param {Values} values
 */
function readout(readings, state, values) {
  const lines = joined(
    readings,
    (reading) =>
      `<div${hiddenUnless(reading, state)}>` +
      `<dt>${reading.label} <span class="unit">${reading.unit}</span></dt>` +
      `<dd class="gauss-number" data-value="${reading.key}">` +
      `${formatted(values[reading.key])}</dd></div>`,
  );
  return `<dl class="gauss-readout simple">${lines}</dl>`;
}

/**
 * Where a handle is, as SVG has it; its size is the same on every screen.
 * @param {HandleDefinition} handle
 * @param {State} state
 * @param {Plane} plane
 */
export function placeOf(handle, state, plane) {
  const place = `translate(${plane.toPixels(handle.position(state, plane))})`;
  return plane instanceof Paper ? `${place} scale(${plane.grain})` : place;
}

/**
 * The line from a handle to what it moves.
 * @param {HandleDefinition} handle
 * @param {State} state
 * @param {Plane} plane
 */
export function leader({ position, end }, state, plane) {
  if (!end) return "";
  const [u, v] = plane.toPixels(position(state, plane));
  const [x, y] = plane.toPixels(end(state));
  return `M0 0L${x - u} ${y - v}`;
}

/**
 * @param {HandleDefinition} handle
 * @param {State} state
 * @param {Plane} plane
 * @param {boolean} isLive
 */
function handleMarkup(handle, state, plane, isLive) {
  const place = placeOf(handle, state, plane);
  const role = isLive ? ` tabindex="-1" role="slider" aria-label="${handle.name}"` : "";
  const attributes = `class="handle ${handle.look}" transform="${place}"${role}`;
  return (
    `<g ${attributes}${hiddenUnless(handle, state)}>` +
    `<path class="leader" d="${leader(handle, state, plane)}"/>` +
    `<circle class="hit" r="${HIT_RADIUS}"/>` +
    '<circle class="ring" r="11"/><circle class="dot" r="5"/></g>'
  );
}

/**
 * What a picture is to those who do not see it, and how they use it.
 * @param {boolean} hasHandles
 * @param {string} label
 */
function pictureRole(hasHandles, label) {
  if (!hasHandles) return `role="img" aria-label="${label}"`;
  const keys = "Arrow keys choose a dot, Enter takes it.";
  return `role="group" aria-label="${label}" aria-description="${keys}"`;
}

/**
 * The plane with its scene, if the figure has one.
 * @param {Definition} figure
 * @param {State} state
 * @param {View} view
 * @param {boolean} isLive
 */
function planeMarkup(figure, state, view, isLive) {
  const { handles = [], scene } = figure;
  const { plane } = view;
  if (!scene) return "";
  const role = pictureRole(isLive, figure.label);
  const box = `viewBox="0 0 ${plane.width} ${plane.height}"`;
  return (
    `<svg class="gauss-plane${figure.backdrop ? " turning" : ""}" ${role} ${box}>` +
    `<g class="paper">${figure.bare ? "" : grid(plane, figure.line)}</g>` +
    `<g class="scene" aria-hidden="true">${scene(state, view)}</g>` +
    joined(handles, (handle) => handleMarkup(handle, state, plane, isLive)) +
    "</svg>"
  );
}

/**
 * @param {Panel} panel
 * @param {State} state
 * @param {View} view
 * @param {boolean} isLive
 */
function panelMarkup(panel, state, view, isLive) {
  const { handles = [] } = panel;
  const role = pictureRole(isLive && handles.length > 0, labelOf(panel, state));
  const box = `viewBox="0 0 ${panel.width} ${panel.height}"`;
  const style = `style="--height: ${1.125 * panel.height}px"`;
  const attributes = `${role} ${box} ${style}${hiddenUnless(panel, state)}`;
  return (
    `<svg class="gauss-panel" ${attributes}><g class="scene" aria-hidden="true">` +
    `${panel.draw(state, view)}</g>` +
    `${joined(handles, (handle) => handleMarkup(handle, state, new Paper(panel), isLive))}</svg>`
  );
}

/**
 * A formula, each piece of it over its number.
 * @param {FormulaView} view
 * @param {State} state
 * @param {boolean} isLive
 */
function formulaMarkup(view, state, isLive) {
  const { key, name, pieces } = view.formula;
  const terms = view.terms(state);
  const slot = (/** @type {string} */ term, /** @type {number} */ value) =>
    `<span class="gauss-number" data-slot="${term}">${formatted(value)}</span>`;
  const tag = isLive ? "button" : "span";
  const opening = isLive ? 'button type="button"' : "span";
  const inside = pieces.map(([term, mathml], index) => {
    const math = `<math displaystyle="true">${mathml}</math>`;
    if (!term) {
      const whole = index === 0 && view.whole ? slot("", view.whole(state)) : "";
      return `<span class="piece">${math}${whole}</span>`;
    }
    const spoken = `<span class="spoken">${view.names?.[term] ?? term}: </span>`;
    const attributes = `class="piece term-${term}" data-term="${term}"`;
    const note = view.notes?.[term]?.(state);
    const noted = note ? `<span class="unit" data-note="${term}">${note}</span>` : "";
    const number = slot(term, terms[term]);
    return `<${opening} ${attributes}>${spoken}${math}${number}${noted}</${tag}>`;
  });
  const role = `role="group" aria-label="${escaped(name)}"`;
  const hidden = hiddenUnless(view, state);
  return `<div class="gauss-formula" data-key="${key}" ${role}${hidden}>${inside.join("")}</div>`;
}

/**
 * @param {FormulaView[]} formulas
 * @param {State} state
 */
function captionMarkup(formulas, state) {
  const isShown = formulas.some((part) => applies(part, state));
  const hidden = isShown ? "" : " hidden";
  const words = restingCaption(formulas, state);
  return `<p class="gauss-caption" aria-live="polite"${hidden}>${words}</p>`;
}

/**
 * The whole inside of a figure. A still one has no roles of things that can be used.
 * @param {Definition} figure
 * @param {State} state
 * @param {boolean} isLive
 * @param {Plane} [plane]
 */
export function markup(figure, state, isLive, plane = new Plane()) {
  const { readout: readings = [], panels = [], formulas = [], desk, remark } = figure;
  fit(figure, plane, state);
  const view = { plane, lit: null, grain: 1 };
  const values = figure.values(state);
  return [
    '<div class="gauss-figure"><p class="gauss-note" role="alert" hidden></p>',
    isLive ? '<p class="gauss-told spoken" role="status"></p><slot name="walk"></slot>' : "",
    readings.length ? readout(readings, state, values) : "",
    '<div class="gauss-stage">',
    planeMarkup(figure, state, view, isLive),
    hintMarkup(figure),
    remark ? `<p class="gauss-remark" role="status">${remark(state)}</p>` : "",
    '</div><div class="gauss-beside">',
    joined(panels, (panel) => panelMarkup(panel, state, view, isLive)),
    joined(formulas, (part) => formulaMarkup(part, state, isLive)),
    formulas.length ? captionMarkup(formulas, state) : "",
    desk?.markup(state, values) ?? "",
    controlsMarkup(figure, state),
    "</div>",
    barMarkup(figure, state),
    "</div>",
  ].join("");
}
