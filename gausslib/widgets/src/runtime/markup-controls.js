/**
 * The controls of a figure as HTML: sliders, lists, boxes for text.
 *
 * @typedef {import("./figure.js").Control} Control
 * @typedef {import("./figure.js").Definition} Definition
 * @typedef {import("./figure.js").Source} Source
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 */
import { escaped, hiddenUnless, joined } from "./markup-text.js";

/**
 * A box for text, which nobody can write into before the element makes it so.
 * @param {string} label
 * @param {string} attribute  what the box is for
 * @param {number} rows
 * @param {string} [text]
 */
function box(label, attribute, rows, text = "") {
  const attributes = `${attribute} aria-label="${label}" rows="${rows}" readonly`;
  const written = 'spellcheck="false" autocomplete="off"';
  return `<textarea ${attributes} ${written}>${escaped(text)}</textarea>`;
}

/**
 * The place for what is wrong with the text of a box.
 * @param {string} [words]
 */
function complaint(words = "") {
  return `<span class="gauss-fault" role="alert">${words}</span>`;
}

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
  if (control.rows)
    return box(control.label, attribute, control.rows, words) + complaint(control.fault?.(state));
  const { min, max, step = "any", place } = control;
  const at = place?.to(state[control.field]) ?? value;
  const range = `min="${min}" max="${max}" step="${step}" value="${at}"`;
  return `<input type="range" ${attribute} ${range}><output>${words}</output>`;
}

/**
 * @param {Source} source
 * @param {State} state
 * @param {number} index
 */
function sourceMarkup(source, state, index) {
  const { label } = source;
  const attribute = `data-source="${index}"`;
  return (
    `<div class="gauss-control"${hiddenUnless(source, state)}><span>${label}</span>` +
    box(label, attribute, 3) +
    `<input type="file" ${attribute} aria-label="${label}, from a file">${complaint()}</div>`
  );
}

/**
 * Everything that a reader can set by hand, if there is anything.
 * @param {Definition} figure
 * @param {State} state
 */
export function controlsMarkup({ controls = [], sources = [], fields }, state) {
  if (!controls.length) return "";
  const first = joined(sources, (source, index) => sourceMarkup(source, state, index));
  const second = joined(
    controls,
    (control) =>
      `<label class="gauss-control"${hiddenUnless(control, state)}><span>${control.label}</span>` +
      `${input(control, fields[control.field], state)}</label>`,
  );
  return `<div class="gauss-controls">${first}${second}</div>`;
}
