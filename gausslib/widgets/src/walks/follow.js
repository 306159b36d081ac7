/**
 * What the text of a notebook does with its figures: links to states move them, and a link of a
 * walk opens it inside its figure. The walk itself stays in its cell, whose document is not ours.
 *
 * @typedef {import("../runtime/element.js").FigureElement} FigureElement
 */
import { claimOf, numbersOf } from "./claims.js";
import { vocabulary } from "./quantities.js";
import { Stepper } from "./stepper.js";
import { stateOf, stepsOf } from "./steps.js";

/**
 * A walk of the text, copied, with its claims marked and the numbers behind them, as the site's
 * build does it. A notebook shows a role that it does not know as plain words.
 * @param {Element} walk
 * @param {string} id
 * @param {FigureElement} figure
 */
function marked(walk, id, { live }) {
  const copy = /** @type {Element} */ (walk.cloneNode(true));
  const steps = stepsOf(/** @type {Element} */ (copy.querySelector("ol")), id, live);
  const states = [live.start, ...steps.map(({ to }) => to)];
  for (const [index, { item, from, to }] of steps.entries()) {
    const known = vocabulary(live.figure, to);
    for (const words of item.querySelectorAll("span:not([class])")) {
      try {
        const claim = claimOf(words.textContent ?? "", known);
        words.className = "claim";
        const earlier = states[claim.since ?? index] ?? from;
        const numbers = document.createElement("span");
        numbers.className = "claim-numbers";
        numbers.textContent = numbersOf(claim, to, earlier);
        if (!words.closest("ul")) words.append(numbers);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error; // It is no claim.
      }
    }
  }
  return copy;
}

/**
 * Lets a figure follow the links of its notebook.
 * @param {FigureElement} figure
 * @param {string} id  its name in the text
 * @param {AbortSignal} signal  ends that
 */
export function followNotebook(figure, id, signal) {
  /** @type {Stepper | undefined} */
  let stepper;

  /** @param {MouseEvent} event */
  function follow(event) {
    const link = /** @type {HTMLAnchorElement | null} */ (
      /** @type {Element} */ (event.target).closest?.("a[href*='?'], a[href*='%3F']")
    );
    if (!id || !link || figure.contains(link)) return;
    const state = stateOf(link, id, figure.live);
    if (!state) return;
    event.preventDefault();
    event.stopPropagation(); // A notebook would open a file of this name.
    const walk = link.closest(".walk");
    const items = [...(walk?.querySelector("ol")?.children ?? [])];
    const step = items.findIndex((item) => item.contains(link)) + 1;
    figure.scrollIntoView({ block: "nearest" });
    if (!walk || !step) return figure.live.goTo(state, "control");
    stepper ??= new Stepper(figure, marked(walk, id, figure), id, { enter: () => {} });
    stepper.go(step);
  }
  document.addEventListener("click", follow, { capture: true, signal });
}
