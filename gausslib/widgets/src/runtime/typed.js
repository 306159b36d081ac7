/**
 * The sheet in which a state is typed: every number of it in a box, whose name can be pulled to
 * scrub the number.
 *
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./figure.js").Definition} Definition
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { applies } from "./figure.js";
import { setText } from "./inside.js";
import { escaped, joined } from "./markup-text.js";

/** How much a number grows with each pixel that its name is pulled. */
const SCRUB = 0.01;

/** Rounds away what sums of hundredths leave behind. */
const DIGITS = 9;

/**
 * The names of the numbers of a field; one for all, if they cannot be typed one by one.
 * @param {string} name
 * @param {Field} field
 */
function partsOf(name, { start, expected = "" }) {
  if (!Array.isArray(start)) return [name];
  const listed = /^\w+ \w+ (\w+(?:, \w+)*)$/.exec(expected)?.[1].split(", ") ?? [];
  return listed.length === start.length ? listed : [name];
}

/** @param {Field} field */
function isNumeric({ start }) {
  return [start].flat().every((part) => typeof part === "number");
}

/**
 * @param {Definition} figure
 * @returns {[string, Field][]}
 */
function typedFields({ fields }) {
  return Object.entries(fields).filter(([, field]) => isNumeric(field));
}

/**
 * A field as HTML: a box for each of its numbers.
 * @param {Definition} figure
 * @param {[string, Field]} entry
 */
function fieldMarkup({ controls = [] }, [name, field]) {
  const label = controls.find((control) => control.field === name)?.label ?? name;
  const parts = partsOf(name, field);
  const boxes = joined(parts, (part) => {
    const words = parts.length > 1 ? part.replace("semi_", "semi-").replaceAll("_", " ") : label;
    return (
      `<label><span class="scrub">${escaped(words)}</span>` +
      `<input type="text" inputmode="decimal" autocomplete="off" spellcheck="false"></label>`
    );
  });
  const legend = parts.length > 1 ? `<legend>${escaped(label)}</legend>` : "";
  return `<fieldset data-typed="${name}">${legend}${boxes}<p role="alert"></p></fieldset>`;
}

/** @param {Element} group */
function boxesOf(group) {
  return [...group.querySelectorAll("input")];
}

/** @param {Element} group */
function nameOf(group) {
  return /** @type {HTMLElement} */ (group).dataset.typed ?? "";
}

/**
 * The value that stands in the boxes of a field. A direction may have any length.
 * @param {Field} field
 * @param {Element} group
 */
function typed(field, group) {
  const name = nameOf(group);
  const text = boxesOf(group)
    .map(({ value }) => value.replaceAll("−", "-").trim())
    .join(",");
  try {
    return field.parse(name, text);
  } catch (error) {
    const numbers = text.split(",").map(Number);
    const length = Math.hypot(...numbers);
    if (!field.expected?.endsWith("of length 1") || !(length > 0)) throw error;
    return field.check(
      name,
      numbers.map((x) => x / length),
    );
  }
}

/**
 * Takes what is typed, or says what is wrong with it.
 * @param {LiveFigure} live
 * @param {Element} group
 * @param {(patch: {[name: string]: any}) => void} go
 */
function take(live, group, go) {
  const name = nameOf(group);
  const told = /** @type {Element} */ (group.querySelector("[role=alert]"));
  try {
    go({ [name]: typed(live.figure.fields[name], group) });
    setText(told, "");
  } catch (error) {
    setText(told, /** @type {Error} */ (error).message);
  }
}

/**
 * Writes the state into the boxes, but not under the hands of the reader.
 * @param {LiveFigure} live
 * @param {Element} sheet
 */
function write({ figure, state, inside }, sheet) {
  for (const group of sheet.querySelectorAll("[data-typed]")) {
    const name = nameOf(group);
    const control = figure.controls?.find(({ field }) => field === name);
    group.toggleAttribute("hidden", !(control ? applies(control, state) : true));
    const boxes = boxesOf(group);
    if (boxes.includes(inside.active)) continue;
    const numbers = [state[name]].flat();
    const texts = boxes.length < numbers.length ? [numbers.join(", ")] : numbers.map(String);
    for (const [index, box] of boxes.entries()) box.value = texts[index];
    setText(/** @type {Element} */ (group.querySelector("[role=alert]")), "");
  }
}

/**
 * Lets the name of a box be pulled.
 * @param {LiveFigure} live
 * @param {PointerEvent} down
 */
function scrub(live, down) {
  const name = /** @type {HTMLElement} */ (down.target);
  const box = name.parentElement?.querySelector("input");
  const group = name.closest("[data-typed]");
  const start = Number(box?.value);
  if (!box || !group || !Number.isFinite(start)) return;
  down.preventDefault();
  live.begin();
  const ended = new AbortController();
  const { signal } = ended;
  const move = (/** @type {PointerEvent} */ { clientX, shiftKey }) => {
    const way = (clientX - down.clientX) * SCRUB * (shiftKey ? 10 : 1);
    box.value = String(Number((start + way).toFixed(DIGITS)));
    take(live, group, (patch) => live.change(patch, "control"));
  };
  const end = () => {
    ended.abort();
    live.settle();
    write(live, group.parentElement ?? group);
  };
  name.setPointerCapture(down.pointerId);
  name.addEventListener("pointermove", move, { signal });
  name.addEventListener("pointerup", end, { signal });
  name.addEventListener("pointercancel", end, { signal });
}

/**
 * Fills the sheet of numbers.
 * @param {LiveFigure} live
 */
export function fillNumbers(live) {
  const sheet = live.inside.find(".numbers .sheet");
  if (!sheet.childElementCount) {
    const fields = typedFields(live.figure);
    live.inside.fill(
      sheet,
      joined(fields, (entry) => fieldMarkup(live.figure, entry)),
    );
    sheet.addEventListener("change", (/** @type {Event} */ { target }) => {
      const group = /** @type {Element} */ (target).closest("[data-typed]");
      if (group) take(live, group, (patch) => live.goTo(patch, "control"));
    });
    sheet.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (/** @type {Element} */ (event.target).matches(".scrub")) scrub(live, event);
    });
    live.element.addEventListener("change", () => {
      if (sheet.parentElement.open) write(live, sheet);
    });
  }
  write(live, sheet);
}
