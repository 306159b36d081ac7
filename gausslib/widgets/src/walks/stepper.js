/**
 * A walk inside its figure: one step at a time, so that what is said and what is seen are on the
 * screen together.
 *
 * @typedef {import("../runtime/element.js").FigureElement} FigureElement
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("./steps.js").Said} Said
 * @typedef {import("./steps.js").Step} Step
 *
 * @typedef {object} Place  what a page does for a stepper, and a notebook does not
 * @property {(step: number, state: State) => void} enter  called before a step is gone to
 * @property {((step: number) => string)} [address]  the link to a step
 */
import { announceTerm } from "../runtime/formulas.js";
import { claimOf, numbersOf } from "./claims.js";
import { countOf, panelMarkup } from "./panel.js";
import { vocabulary } from "./quantities.js";
import { linkOf, stepsOf, wordsOf } from "./steps.js";

/** How long "Copied" stands on a button, in milliseconds. */
const COPIED = 1500;

/**
 * An element with some text.
 * @param {string} tag
 * @param {string} name  its class
 * @param {string} text
 */
function made(tag, name, text) {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

/**
 * The panel of a figure's walk, which stands in the page already if that is of the book.
 * @param {HTMLElement} element
 * @param {string} title
 * @param {number} steps
 */
function panelOf(element, title, steps) {
  const isPanel = (/** @type {Element} */ child) => child.matches(".gauss-walk");
  if (![...element.children].some(isPanel))
    element.insertAdjacentHTML("beforeend", panelMarkup(title, steps).join(""));
  return /** @type {Element} */ ([...element.children].find(isPanel));
}

/** Shows one step of a walk at a time, and takes the figure along. */
export class Stepper {
  /** The step that is shown; at 0 the walk has not begun. */
  step = 0;
  /**
   * What the reader had made of the figure before the walk took it elsewhere.
   * @type {State | null}
   */
  #own = null;
  /** Whether the question of this step is answered. */
  #isAnswered = false;
  #isOpen = false;
  #reach;

  /**
   * @param {FigureElement} element  the figure
   * @param {Element} aside  the walk, as it stands in the text
   * @param {string} id  the name of the figure in the text
   * @param {Place} place
   */
  constructor(element, aside, id, place) {
    this.element = element;
    this.live = element.live;
    this.place = place;
    this.list = /** @type {Element} */ (aside.querySelector("ol"));
    this.intro = [...aside.querySelectorAll("p")].filter(
      (each) => !each.closest("ol") && !each.matches(".admonition-title"),
    );
    this.steps = stepsOf(this.list, id, this.live);
    this.#reach = this.live.figure.reach;
    const title = aside.querySelector(".admonition-title, .myst-admonition-header-text");
    this.panel = panelOf(element, title?.textContent ?? "Walk", this.steps.length);
    this.body = this.#part("body");
    this.#enable();
    this.show(0);
  }

  /**
   * A part of the panel.
   * @param {string} name
   */
  #part(name) {
    return /** @type {HTMLElement} */ (this.panel.querySelector(`.walk-${name}`));
  }

  #enable() {
    /** @type {{[part: string]: (event: MouseEvent) => void}} */
    const presses = {
      back: () => this.go(this.step - 1),
      next: () => {
        if (!this.#isQuestion()) this.go(this.step + 1);
      },
      all: () => this.#showAll(),
      copy: () => this.#copyLink(),
      mine: () => this.#giveBack(),
      body: (event) => this.#click(event),
    };
    for (const [name, press] of Object.entries(presses))
      this.#part(name).addEventListener("click", press);
    this.element.addEventListener("change", () => this.#follow());
  }

  /**
   * Goes to a step, and takes the figure along.
   * @param {number} step
   */
  go(step) {
    this.#keepOwn();
    this.show(step);
    const state = this.#begins();
    this.place.enter(this.step, state);
    this.live.goTo(state, "address");
  }

  /** The state that the step begins with: a question is asked of the state before. */
  #begins() {
    const step = this.steps[this.step - 1];
    if (!step) return this.live.start;
    return this.#isQuestion() ? step.from : step.to;
  }

  #isQuestion() {
    const step = this.steps[this.step - 1];
    return Boolean(step?.choices.length || step?.goals.length) && !this.#isAnswered;
  }

  /** Keeps what the reader has made of the figure, to be offered back. */
  #keepOwn() {
    const { live } = this;
    const known = [live.start, ...this.steps.flatMap(({ from, to }) => [from, to])];
    const isKnown = known.some((state) => this.#areSame(state, live.heading ?? live.state));
    if (!isKnown) this.#own = live.state;
  }

  /**
   * @param {State} a
   * @param {State} b
   */
  #areSame(a, b) {
    const { show: _, ...fields } = this.live.figure.fields;
    return Object.entries(fields).every(([name, { write }]) => write(a[name]) === write(b[name]));
  }

  #giveBack() {
    if (this.#own) this.live.goTo(this.#own, "control");
    this.#own = null;
    this.#write();
  }

  /**
   * Shows a step without moving the figure.
   * @param {number} step
   */
  show(step) {
    this.step = Math.min(Math.max(step, 0), this.steps.length);
    this.#isAnswered = false;
    this.#fixAxes();
    const current = this.steps[this.step - 1];
    const parts = current ? [...current.item.childNodes] : this.intro;
    this.body.replaceChildren(...parts.map((part) => part.cloneNode(true)));
    for (const answer of this.body.querySelectorAll(".walk-answer")) answer.remove();
    for (const each of this.body.querySelectorAll("[id]")) each.removeAttribute("id");
    this.#offerChoices();
    this.#markGoals();
    this.#lightTerms();
    this.#isOpen = false;
    this.#write();
    this.#follow();
  }

  /** Within a walk the axes stay: they hold the states of all its steps. */
  #fixAxes() {
    const { live, steps } = this;
    const reach = this.#reach;
    if (!reach) return;
    const widest = Math.max(...steps.flatMap(({ from, to }) => [reach(from), reach(to)]));
    const isWalking = this.step > 0;
    live.figure = {
      ...live.figure,
      reach: isWalking ? (state) => Math.max(reach(state), widest) : reach,
    };
  }

  /** What may be foreseen becomes what can be chosen. */
  #offerChoices() {
    const step = this.steps[this.step - 1];
    const claims = [...this.body.querySelectorAll("li .claim")];
    claims.forEach((claim, index) => {
      const said = step.choices[index];
      const choice = /** @type {HTMLButtonElement} */ (
        made("button", "walk-choice", wordsOf(claim))
      );
      choice.type = "button";
      choice.addEventListener("click", () => this.#answer(said));
      claim.replaceWith(choice);
    });
  }

  /**
   * The reader has chosen, or wants to see: the figure shows what is so.
   * @param {Said} [chosen]
   */
  #answer(chosen) {
    const { choices, from, to } = this.steps[this.step - 1];
    this.#isAnswered = true;
    this.live.goTo(to, "control");
    const buttons = [...this.body.querySelectorAll(".walk-choice")];
    choices.forEach(({ claim, element }, index) => {
      const isSo = claim.holds(to, from);
      const mark = isSo ? "✓ " : chosen?.element === element ? "✗ " : "";
      const numbers = isSo ? numbersOf(claim, to, from) : "";
      const words = mark + wordsOf(element) + numbers;
      buttons[index].replaceWith(made("span", isSo ? "walk-so" : "walk-not", words));
    });
    this.#write();
    this.#part(this.step === this.steps.length ? "back" : "next").focus({ preventScroll: true });
  }

  /** What is said of a term lights up what makes it. */
  #lightTerms() {
    const step = this.steps[this.step - 1];
    if (!step) return;
    const known = vocabulary(this.live.figure, step.to);
    for (const said of /** @type {NodeListOf<HTMLElement>} */ (
      this.body.querySelectorAll(".claim, .goal")
    )) {
      const term = claimOf(wordsOf(said), known).quantities.find((each) =>
        known.terms.includes(each),
      );
      if (!term) continue;
      said.tabIndex = 0;
      said.setAttribute("role", "button");
      said.classList.add(`term-${term.key}`);
      for (const type of ["pointerover", "focus"])
        said.addEventListener(type, () => announceTerm(known.formula, term.key));
      for (const type of ["pointerout", "blur"])
        said.addEventListener(type, () => announceTerm(known.formula, null));
    }
  }

  /** Each goal has a place for how far the reader is. */
  #markGoals() {
    for (const goal of this.body.querySelectorAll(".goal"))
      goal.append(made("output", "walk-goal", ""));
  }

  /** The figure has moved: perhaps a goal is reached. */
  #follow() {
    const step = this.steps[this.step - 1];
    if (!step?.goals.length) return;
    const { state } = this.live;
    const outputs = [...this.body.querySelectorAll(".walk-goal")];
    const reached = step.goals.map(({ claim }, index) => {
      const isSo = claim.holds(state, step.from);
      const text = numbersOf(claim, state, step.from) + (isSo ? " ✓" : "");
      if (outputs[index].textContent !== text) outputs[index].textContent = text;
      return isSo;
    });
    if (this.#isAnswered || !reached.every(Boolean)) return;
    this.#isAnswered = true;
    this.#write();
  }

  /** Shows all steps, as they stand in the text, or the one again. */
  #showAll() {
    if (this.#isOpen) return this.show(this.step);
    this.#isOpen = true;
    this.body.replaceChildren(this.list.cloneNode(true));
    for (const each of this.body.querySelectorAll("[id]")) each.removeAttribute("id");
    this.body.querySelector("ol")?.children[this.step - 1]?.setAttribute("aria-current", "step");
    this.#write();
  }

  /**
   * A link of a step is that step.
   * @param {MouseEvent} event
   */
  #click(event) {
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!link || link !== linkOf(link.closest("li") ?? this.body)) return;
    event.preventDefault();
    const items = [...(this.body.querySelector("ol")?.children ?? [])];
    const chosen = items.findIndex((item) => item.contains(link));
    if (this.#isOpen && chosen >= 0) return this.go(chosen + 1);
    const { choices, goals, to } = this.steps[this.step - 1];
    if (choices.length) return this.#answer();
    if (goals.length) this.#isAnswered = true;
    this.live.goTo(to, "control");
    this.#write();
  }

  async #copyLink() {
    let told = "Copied";
    try {
      await navigator.clipboard.writeText(this.place.address?.(this.step) ?? "");
    } catch {
      told = "Not allowed here";
    }
    this.#part("copy").textContent = told;
    setTimeout(() => this.#write(), COPIED);
  }

  /** Writes what can be done now. */
  #write() {
    const { step, steps } = this;
    this.#part("count").textContent = countOf(step, steps.length);
    this.#part("back").hidden = step === 0;
    this.#part("next").textContent = step ? "Next ›" : "Begin ›";
    this.#part("next").setAttribute("aria-disabled", String(this.#isQuestion()));
    this.#part("next").hidden = step === steps.length;
    this.#part("all").setAttribute("aria-expanded", String(this.#isOpen));
    this.#part("copy").hidden = !step || !this.place.address;
    this.#part("copy").textContent = "Copy link";
    this.#part("mine").hidden = !this.#own;
  }
}
