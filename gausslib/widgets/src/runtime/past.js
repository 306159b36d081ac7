/**
 * The states of a figure that the reader can go back to.
 *
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { setAttributes } from "./inside.js";

/** Nobody goes back farther, and each state takes room. */
const MOST = 200;

/** The states in the order in which the reader made them. */
export class Past {
  /** @type {State[]} */
  #states = [];
  #now = -1;

  /**
   * The state that is `steps` later, or earlier if that is negative.
   * @param {number} steps
   * @returns {State | undefined}
   */
  at(steps) {
    return this.#states[this.#now + steps];
  }

  /**
   * Adds a state after the present one: what was undone cannot be done again.
   * @param {State} state
   */
  add(state) {
    this.#states = [...this.#states.slice(0, this.#now + 1), state].slice(-MOST);
    this.#now = this.#states.length - 1;
  }

  /**
   * A program has changed the present state: that is no step of the reader.
   * @param {State} state
   */
  amend(state) {
    this.#states[Math.max(this.#now, 0)] = state;
    this.#now = Math.max(this.#now, 0);
  }

  /** @param {number} steps */
  go(steps) {
    this.#now += steps;
  }
}

/**
 * Lets the reader go back and forth, by buttons and by the usual keys.
 * @param {LiveFigure} live
 */
export function enablePast(live) {
  const { inside } = live;
  inside.on("click", "[data-steps]", ({ dataset }) => go(live, Number(dataset.steps)));
  inside.on("keydown", ".gauss-figure", (_, event) => {
    const { key, ctrlKey, metaKey, shiftKey, target } = event;
    const isTyping = target.matches("textarea, [type=text]");
    const letter = key.toLowerCase();
    if (isTyping || !(ctrlKey || metaKey) || !["z", "y"].includes(letter)) return;
    event.preventDefault();
    go(live, letter === "y" || shiftKey ? 1 : -1);
  });
}

/**
 * @param {LiveFigure} live
 * @param {number} steps
 */
function go(live, steps) {
  const state = live.past.at(steps);
  if (!state) return;
  live.past.go(steps);
  live.goTo(state, "undo");
}

/**
 * Shows whether there is something to undo, and to do again.
 * @param {LiveFigure} live
 */
export function writePast({ inside, past }) {
  for (const button of inside.all("[data-steps]"))
    setAttributes(button, { "aria-disabled": `${!past.at(Number(button.dataset.steps))}` });
}
