/** Host 1, a page: defines the elements, and lets the terms of its formulas light up with those of the figures. */
import { announceTerm, defineAll, setScriptAddress } from "../runtime/element.js";
import { FIGURES } from "./figures.js";

setScriptAddress(/** @type {HTMLScriptElement | null} */ (document.currentScript)?.src ?? "");
defineAll(FIGURES);

/** The term of a formula of the page that an event comes from. */
function pointedAt(/** @type {Event} */ event) {
  const span = /** @type {Element} */ (event.target).closest?.("[data-formula] [class*=term-]");
  const formula = /** @type {HTMLElement | null} */ (span?.closest("[data-formula]"))?.dataset
    .formula;
  const term = [...(span?.classList ?? [])].find((name) => name.startsWith("term-"))?.slice(5);
  return formula && term ? { formula, term } : null;
}

for (const type of ["pointerover", "pointerout"]) {
  document.addEventListener(type, (event) => {
    const found = pointedAt(event);
    if (found) announceTerm(found.formula, type === "pointerover" ? found.term : null);
  });
}

document.addEventListener("gauss-term", (event) => {
  const { formula, term } = /** @type {CustomEvent} */ (event).detail;
  for (const span of document.querySelectorAll(
    `[data-formula="${CSS.escape(formula)}"] [class*=term-]`,
  )) {
    span.classList.toggle("is-lit", span.classList.contains(`term-${term}`));
  }
});

// A link of the text to a state of a figure on the same page moves the figure, without loading the page again.
document.addEventListener("click", (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (
    /** @type {Element} */ (event.target).closest?.("a[href*='?']:not([target], [download])")
  );
  if (
    !link ||
    event.button ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey ||
    event.altKey ||
    event.defaultPrevented
  )
    return;
  if (link.origin + link.pathname !== location.origin + location.pathname) return;
  const all = /** @type {any[]} */ ([
    ...document.querySelectorAll(FIGURES.map(({ tag }) => tag).join()),
  ]);
  const figure = all.find(({ id }) => id && new URL(`#${id}`, location.href).hash === link.hash);
  if (!figure) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  figure.readAddress();
  for (const each of [...all, figure]) each.writeAddress(); // the others stay as they are
  figure.scrollIntoView({ block: "nearest" });
});
