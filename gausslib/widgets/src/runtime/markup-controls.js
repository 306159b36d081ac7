/**
 * The controls of a figure as HTML: sliders and lists.
 *
 * @typedef {import("./figure.js").Control} Control
 * @typedef {import("./figure.js").Definition} Definition
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 */
import { hiddenUnless, joined } from "./markup-text.js";

/**
 * @param {Control} control
 * @param {string[]} options
 * @param {string} chosen
 */
function listOf({ field, options: names = {} }, options, chosen) {
  const items = joined(options, (option) => {
    const selected = option === chosen ? " selected" : "";
    return `<option value="${option}"${selected}>${names[option] ?? option}</option>`;
  });
  return `<select data-field="${field}">${items}</select>`;
}

/**
 * The part of a field's control that the reader handles.
 * @param {Control} control
 * @param {Field} field
 * @param {State} state
 */
function input(control, field, state) {
  const attribute = `data-field="${control.field}"`;
  const value = field.write(state[control.field]);
  const words = control.shown?.(state) ?? value;
  if (field.options) return listOf(control, field.options, value);
  const { min, max, step = "any", place } = control;
  const at = place?.to(state[control.field]) ?? value;
  const range = `min="${min}" max="${max}" step="${step}" value="${at}"`;
  return `<input type="range" ${attribute} ${range}><output>${words}</output>`;
}

/**
 * Everything that a reader can set by hand, if there is anything.
 * @param {Definition} figure
 * @param {State} state
 */
export function controlsMarkup({ controls = [], fields }, state) {
  if (!controls.length) return "";
  const inside = joined(
    controls,
    (control) =>
      `<label class="gauss-control"${hiddenUnless(control, state)}><span>${control.label}</span>` +
      `${input(control, fields[control.field], state)}</label>`,
  );
  return `<div class="gauss-controls">${inside}</div>`;
}
