/**
 * What a reader sets by hand: sliders and lists.
 *
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { setText } from "./inside.js";

/**
 * Lets the controls be used.
 * @param {LiveFigure} live
 */
export function enableControls(live) {
  const { inside, figure } = live;
  inside.on("input", "[data-field]", ({ dataset: { field }, value }) => {
    const { place } = figure.controls?.find((control) => control.field === field) ?? {};
    const { check, parse } = figure.fields[field];
    const chosen = place ? check(field, place.from(Number(value))) : parse(field, value);
    live.change({ [field]: chosen }, "control");
  });
  inside.on("change", "[data-field]", live.settle);
}

/**
 * Writes the state into the controls.
 * @param {LiveFigure} live
 */
export function writeControls({ inside, state, figure }) {
  for (const { field, place, shown } of figure.controls ?? []) {
    const input = inside.find(`[data-field="${field}"]`);
    const value = figure.fields[field].write(state[field]);
    const at = place ? `${place.to(state[field])}` : value;
    if (input.value !== at) input.value = at;
    const output = input.parentElement.querySelector("output");
    if (!output) continue;
    const words = shown?.(state) ?? value;
    setText(output, words);
    input.setAttribute("aria-valuetext", words);
  }
}
