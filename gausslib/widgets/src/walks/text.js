/**
 * What the text of a page of the book does with its figures: links to states move them, walks go
 * into them, and the terms of the text's own formulas light up with theirs.
 *
 * @typedef {import("../runtime/fields.js").State} State
 */
import { addressedFigures, addressOf, pushAddress, writeNow } from "../runtime/address.js";
import { announceTerm } from "../runtime/formulas.js";
import { Stepper } from "./stepper.js";
import { linkOf } from "./steps.js";

const TERMS = "[data-formula] [class*=term-]";

/**
 * The walks of the page, by their names.
 * @type {Map<string, Stepper>}
 */
const walks = new Map();

/**
 * The term of a formula of the page that an element belongs to.
 * @param {Element} element
 */
function termOf(element) {
  const span = element.closest(TERMS);
  const formula = /** @type {HTMLElement | null | undefined} */ (span?.closest("[data-formula]"));
  const name = [...(span?.classList ?? [])].find((name) => name.startsWith("term-"));
  if (!formula?.dataset.formula || !name) return null;
  return { formula: formula.dataset.formula, term: name.slice("term-".length) };
}

/**
 * Light up a term in all places where a formula stands on the page; none, if `term` is null.
 * @param {CustomEventInit} event
 */
function light({ detail: { formula, term } }) {
  const spans = document.querySelectorAll(`[data-formula="${CSS.escape(formula)}"] [class*=term-]`);
  for (const span of spans)
    span.classList.toggle("is-lit", span.classList.contains(`term-${term}`));
}

/** The terms of the text's own formulas can be pointed at, and walked along with the arrow keys. */
function enableTerms() {
  document.addEventListener("gauss-term", light);
  for (const type of ["pointerover", "pointerout"]) {
    document.addEventListener(type, (event) => {
      const found = termOf(/** @type {Element} */ (event.target));
      if (found) announceTerm(found.formula, type === "pointerover" ? found.term : null);
    });
  }
  const shown = addressedFigures().flatMap((figure) =>
    (figure.live.figure.formulas ?? []).map(({ formula }) => formula.key),
  );
  const formulas = document.querySelectorAll("[data-formula]");
  for (const formula of /** @type {NodeListOf<HTMLElement>} */ (formulas))
    if (shown.includes(formula.dataset.formula ?? "")) enableFormula(formula);
}

/**
 * One stop of the Tab key; arrows choose a term, whose part of the picture the figure tells.
 * @param {HTMLElement} formula
 */
function enableFormula(formula) {
  const found = [...formula.querySelectorAll("[class*=term-]")].map((each) => termOf(each)?.term);
  const terms = [...new Set(found.filter((term) => term !== undefined))];
  if (!terms.length) return;
  const key = formula.dataset.formula ?? "";
  let at = -1;
  formula.tabIndex = 0;
  formula.setAttribute("role", "group");
  formula.setAttribute("aria-label", "Formula; arrow keys choose a term");
  formula.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    at = (Math.max(at, step < 0 ? 0 : -1) + step + terms.length) % terms.length;
    announceTerm(key, terms[at]);
  });
  formula.addEventListener("blur", () => {
    if (at >= 0) announceTerm(key, null);
    at = -1;
  });
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
  history.pushState(history.state, "", link.href);
  figure.readAddress();
  for (const each of [...figures, figure]) each.writeAddress(); // The others stay as they are.
  figure.scrollIntoView({ block: "nearest" });
}

/**
 * Takes a walk of the text into its figure; in print it is where it was.
 * @param {Element} aside
 */
function takeIn(aside) {
  const hash = linkOf(aside)?.hash;
  const figure = addressedFigures().find(({ id }) => `#${id}` === hash);
  if (!figure) return;
  const address = (/** @type {number} */ step) => {
    const url = new URL(addressOf([figure.live]));
    url.hash = `${aside.id}-${step}`;
    return url.href;
  };
  const enter = (/** @type {number} */ step, /** @type {State} */ state) =>
    pushAddress(figure.live, state, { [aside.id]: step });
  const stepper = new Stepper(figure, aside, figure.id, { enter, address });
  walks.set(aside.id, stepper);
}

/** Shows the steps that the browser's history has. */
function followHistory() {
  for (const [id, stepper] of walks) {
    const step = history.state?.[id] ?? 0;
    if (step !== stepper.step) stepper.show(step);
  }
}

/** The address may name a walk, or a step: `#pair-walk-2`. */
function openStep() {
  const [, id, step] = /^#(.*-walk)(?:-(\d+))?$/.exec(location.hash) ?? [];
  const stepper = walks.get(id);
  if (!stepper) return;
  if (step) {
    stepper.show(Number(step));
    history.replaceState({ ...history.state, [id]: stepper.step }, "");
  }
  stepper.element.scrollIntoView({ block: "nearest" });
}

enableTerms();
for (const aside of document.querySelectorAll(".walk.admonition")) takeIn(aside);
followHistory();
openStep();
addEventListener("popstate", followHistory);
addEventListener("hashchange", openStep);
document.addEventListener("click", followLink);
