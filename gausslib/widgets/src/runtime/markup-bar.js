/**
 * The bar of a figure as HTML: a hint, what is done with the figure as a whole, its menus.
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
 */
function menu(label, inside) {
  const sheet = `<div class="sheet">${inside}</div>`;
  return `<details class="menu"><summary>${label}</summary>${sheet}</details>`;
}

/**
 * What to do with a figure, in words. The keys are not for screens without a keyboard.
 * @param {Definition} figure
 */
function hint({ handles = [], backdrop, hint: other = "" }) {
  if (!handles.length) return other;
  const sizes = '<span class="more"> (Shift: larger steps, Alt: finer)</span>';
  const turning = backdrop ? "; drag the background to turn" : "";
  const keys = `, or use Tab and the arrow keys${sizes}${turning}`;
  return `Drag a dot<span class="keys">${keys}</span>.`;
}

/**
 * @param {string[]} extras
 * @param {string} show  which of them are shown
 */
function extrasMenu(extras, show) {
  const boxes = joined(extras, (extra) => {
    const checked = has(show, extra) ? " checked" : "";
    return `<label><input type="checkbox" data-extra="${extra}"${checked}>${extra}</label>`;
  });
  return menu("Show", boxes);
}

const SHARE =
  button('data-copy="link"', "Copy link") +
  button('data-copy="python"', "Copy as Python") +
  button('data-copy="embed"', "Copy HTML to embed") +
  '<span class="copied" role="status"></span>' +
  '<textarea readonly hidden rows="4" aria-label="What was copied"></textarea>';

/**
 * @param {Definition} figure
 * @param {State} state
 */
export function barMarkup(figure, state) {
  const { presets = {}, fields, play } = figure;
  const presetNames = Object.keys(presets);
  const extras = fields.show?.options ?? [];
  const still = "A still picture: with JavaScript it can be moved.";
  return [
    `<div class="gauss-bar"><p class="hint"><span class="live">${hint(figure)}</span>`,
    `<span class="still">${still}</span></p>`,
    play ? button(`class="play"${hiddenUnless(play, state)}`, play.label) : "",
    presetNames.length
      ? menu(
          "Presets",
          joined(presetNames, (name) => button(`data-preset="${name}"`, name)),
        )
      : "",
    extras.length > 1 ? extrasMenu(extras, state.show) : "",
    menu("Share", SHARE),
    `${button('class="reset"', "Reset")}</div>`,
  ].join("");
}
