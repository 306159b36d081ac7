/**
 * The bar of a figure as HTML: what is done with the figure as a whole, its menus; and a hint.
 *
 * @typedef {import("./figure.js").Definition} Definition
 * @typedef {import("./fields.js").State} State
 */
import { has } from "./fields.js";
import { hiddenUnless, joined } from "./markup-text.js";

/**
 * @param {string} attributes
 * @param {string} label
 */
function button(attributes, label) {
  return `<button type="button" ${attributes}>${label}</button>`;
}

/**
 * @param {string} label
 * @param {string} inside
 * @param {string} [name]
 */
function menu(label, inside, name = "") {
  const sheet = `<div class="sheet">${inside}</div>`;
  return `<details class="menu ${name}"><summary>${label}</summary>${sheet}</details>`;
}

/**
 * What to do with a figure, in words. The keys are not for screens without a keyboard.
 * @param {Definition} figure
 */
export function hintMarkup({ handles = [], backdrop, hint = "" }) {
  const turning = backdrop ? "; drag the background to turn" : "";
  const sizes = '<span class="more"> (Shift: larger, Alt: finer)</span>';
  const keys = `<span class="keys">; or Tab, Enter and arrow keys${sizes}</span>`;
  const live = handles.length ? `Drag a dot, or tap it, then its place${turning}${keys}.` : hint;
  const still = "A still picture; JavaScript moves it.";
  return `<p class="hint"><span class="live">${live}</span><span class="still">${still}</span></p>`;
}

/**
 * @param {[string, string][]} extras  each the word and what it stands for
 * @param {string} show  which of them are shown
 */
function extrasMenu(extras, show) {
  const boxes = joined(extras, ([word, name]) => {
    const checked = has(show, word) ? " checked" : "";
    return `<label><input type="checkbox" data-extra="${word}"${checked}>${name}</label>`;
  });
  return menu("Show", boxes);
}

/** An arrow that turns back; in the mirror it turns forward. */
const UNDO =
  '<svg viewBox="0 0 16 16" aria-hidden="true">' +
  '<path d="M6 3L2.5 6.5L6 10M3 6.5H10a3.5 3.5 0 0 1 0 7H6"/></svg>';

/**
 * @param {Definition} figure
 * @param {State} state
 */
export function barMarkup(figure, state) {
  const { presets = {}, fields, play } = figure;
  const presetNames = Object.keys(presets);
  const extras = Object.entries(fields.show?.names ?? {});
  return [
    '<div class="gauss-bar">',
    play ? button(`class="play"${hiddenUnless(play, state)}`, play.label) : "",
    presetNames.length
      ? menu(
          "Presets",
          joined(presetNames, (name) => button(`data-preset="${name}"`, name)),
        )
      : "",
    extras.length > 1 ? extrasMenu(extras, state.show) : "",
    figure.desk ? "" : menu("Numbers", "", "numbers"),
    menu("Share", "", "share"),
    `${button('class="steps" data-steps="-1" aria-disabled="true" aria-label="Undo"', UNDO)}`,
    `${button('class="steps" data-steps="1" aria-disabled="true" aria-label="Redo"', UNDO)}`,
    `${button('class="reset"', "Reset")}</div>`,
  ].join("");
}
