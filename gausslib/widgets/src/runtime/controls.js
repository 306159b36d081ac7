/**
 * What a reader sets by hand: the controls of fields, and boxes for data.
 *
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./figure.js").Control} Control
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { setText } from "./inside.js";

/**
 * Says at a control what is wrong: with what stands in it, or only beside other values.
 * @param {HTMLInputElement} input
 * @param {string} words
 * @param {boolean} [isInvalid]
 */
function complain(input, words, isInvalid = Boolean(words)) {
  input.ariaInvalid = isInvalid ? "true" : null;
  const fault = input.parentElement?.querySelector(".gauss-fault");
  if (fault) setText(fault, words);
}

/**
 * Makes the boxes for text ready for the reader, and ties each to the place of its faults.
 * @param {Element[]} faults
 */
function openBoxes(faults) {
  faults.forEach((fault, index) => {
    fault.id = `fault-${index}`;
    const inputs = fault.parentElement?.querySelectorAll(":scope > :is(textarea, input)") ?? [];
    for (const input of inputs) {
      input.setAttribute("aria-describedby", fault.id);
      input.removeAttribute("readonly");
    }
  });
}

/**
 * Lets the controls be used.
 * @param {LiveFigure} live
 */
export function enableControls(live) {
  const { inside, figure } = live;
  openBoxes(inside.all(".gauss-fault"));
  inside.on("input", "[data-field]", (input) => take(live, input, () => read(live, input)));
  inside.on("input", "[data-source]", async (input) => {
    const source = figure.sources?.[input.dataset.source];
    const text = input.files ? await input.files[0]?.text() : input.value;
    take(live, input, () => source?.read(text ?? "") ?? {});
    if (input.files) live.settle();
  });
  inside.on("change", "[data-field], textarea[data-source]", live.settle);
}

/**
 * Empties the boxes for data.
 * @param {LiveFigure} live
 */
export function clearSources({ inside }) {
  for (const input of inside.all("[data-source]")) {
    complain(input, "");
    input.value = "";
  }
}

/**
 * What changes by the control of a field.
 * @param {LiveFigure} live
 * @param {HTMLInputElement} input
 * @returns {State}
 */
function read({ figure: { fields, controls = [] } }, input) {
  const name = input.dataset.field ?? "";
  const { place, rows, label } = controls.find(({ field }) => field === name) ?? {};
  if (place) return { [name]: fields[name].check(name, place.from(Number(input.value))) };
  return { [name]: fields[name].parse(rows && label ? label : name, input.value) };
}

/**
 * Changes the state as a control says, or says there why not.
 * @param {LiveFigure} live
 * @param {HTMLInputElement} input
 * @param {() => State} readPatch
 */
function take(live, input, readPatch) {
  try {
    const patch = readPatch();
    complain(input, "");
    live.change(patch, "control");
  } catch (error) {
    complain(input, /** @type {Error} */ (error).message);
  }
}

/**
 * Writes the state into the controls.
 * @param {LiveFigure} live
 * @param {State} patch  what has changed
 * @param {string} [source]
 */
export function writeControls(live, patch, source) {
  const { inside, state, figure } = live;
  for (const control of figure.controls ?? []) {
    const { field, place, rows, shown, fault } = control;
    const input = inside.find(`[data-field="${field}"]`);
    const value = figure.fields[field].write(state[field]);
    const words = shown?.(state) ?? value;
    // Typed text stays until its value changes elsewhere: it may be another spelling, or not legal
    // yet.
    const isTyped = input === inside.active && source === "control";
    if (rows) writeInput(input, words || value, isTyped || !(field in patch));
    else writeInput(input, place ? `${place.to(state[field])}` : value, false);
    if (fault && !input.ariaInvalid) complain(input, fault(state), false);
    const output = input.parentElement.querySelector("output");
    if (!output) continue;
    setText(output, words);
    input.setAttribute("aria-valuetext", words);
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {string} value
 * @param {boolean} keepsText
 */
function writeInput(input, value, keepsText) {
  if (input.value === value || keepsText) return;
  complain(input, "");
  input.value = value;
}
