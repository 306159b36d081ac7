/** Host 1, a page of the site: defines the elements and lets the terms of its formulas light up, and be lit by, the figures. */
import { announceTerm, GaussPair } from "./gauss-pair.js";

if (!customElements.get("gauss-pair")) customElements.define("gauss-pair", GaussPair);

const TERMS = ["mean", "trace", "logdet"];

for (const formula of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-formula]"))) {
  for (const term of TERMS) {
    for (const span of formula.querySelectorAll(`.term-${term}`)) {
      span.addEventListener("pointerenter", () => announceTerm(formula.dataset.formula ?? "", term));
      span.addEventListener("pointerleave", () => announceTerm(formula.dataset.formula ?? "", null));
    }
  }
}

document.addEventListener("gauss-term", (event) => {
  const { formula, term } = /** @type {CustomEvent} */ (event).detail;
  for (const name of TERMS) {
    for (const span of document.querySelectorAll(`[data-formula="${CSS.escape(formula)}"] .term-${name}`)) {
      span.classList.toggle("is-lit", name === term);
    }
  }
});
