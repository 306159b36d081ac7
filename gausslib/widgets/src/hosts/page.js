/**
 * Host 1, a page: its figures share this runtime. It also lets the terms of the page's own formulas
 * light up with those of the figures, and follows links of the text to states of a figure.
 */

import runtime from "runtime:shared";
import { addressedFigures, followHistory, writeNow } from "../runtime/address.js";
import { announceTerm } from "../runtime/formulas.js";
import { load } from "../runtime/late.js";

/**
 * The term of a formula of the page that an event comes from.
 * @param {Event} event
 */
function pointedAt(event) {
  const span = /** @type {Element} */ (event.target).closest?.("[data-formula] [class*=term-]");
  const formula = /** @type {HTMLElement | null} */ (span?.closest("[data-formula]"));
  const name = [...(span?.classList ?? [])].find((name) => name.startsWith("term-"));
  if (!formula?.dataset.formula || !name) return null;
  return { formula: formula.dataset.formula, term: name.slice("term-".length) };
}

/**
 * Light up a term in all places where a formula stands on the page; none, if `term` is null.
 * @param {string} formula
 * @param {string | null} term
 */
function light(formula, term) {
  const spans = document.querySelectorAll(`[data-formula="${CSS.escape(formula)}"] [class*=term-]`);
  for (const span of spans)
    span.classList.toggle("is-lit", span.classList.contains(`term-${term}`));
}

/**
 * Whether the browser would follow a link in the same window.
 * @param {MouseEvent} event
 */
function isPlainClick(event) {
  const withKey = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  return event.button === 0 && !withKey && !event.defaultPrevented;
}

/**
 * A link of the text to a state of a figure on the same page moves the figure, without loading the
 * page again.
 * @param {MouseEvent} event
 */
function followLink(event) {
  const link = /** @type {HTMLAnchorElement | null} */ (
    /** @type {Element} */ (event.target).closest?.("a[href*='?']:not([target], [download])")
  );
  if (!link || !isPlainClick(event)) return;
  if (link.origin + link.pathname !== location.origin + location.pathname) return;
  const figures = addressedFigures();
  const figure = figures.find(({ id }) => new URL(`#${id}`, location.href).hash === link.hash);
  if (!figure) return;
  event.preventDefault();
  writeNow();
  history.pushState(null, "", link.href);
  figure.readAddress();
  for (const each of [...figures, figure]) each.writeAddress(); // The others stay as they are.
  figure.scrollIntoView({ block: "nearest" });
}

/** Pages of the book bring the style of the figures, which their still pictures need too. */
function dress() {
  const style = document.querySelector("#gauss-style");
  if (style) runtime.dress(style.textContent);
  else load("look.js");
}

// A page that embeds two figures may load this script twice.
if (!globalThis.gaussRuntime) {
  globalThis.gaussRuntime = runtime;
  dress();
  followHistory();
  for (const type of ["pointerover", "pointerout"]) {
    document.addEventListener(type, (event) => {
      const found = pointedAt(event);
      if (found) announceTerm(found.formula, type === "pointerover" ? found.term : null);
    });
  }
  document.addEventListener("gauss-term", (event) => {
    const { formula, term } = /** @type {CustomEvent} */ (event).detail;
    light(formula, term);
  });
  document.addEventListener("click", followLink);
}
