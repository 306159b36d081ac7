/**
 * A figure that lives in an element.
 *
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./figure.js").Condition} Condition
 * @typedef {import("./figure.js").Definition} Definition
 * @typedef {import("./figure.js").Lit} Lit
 * @typedef {import("./figure.js").Values} Values
 * @typedef {import("./keys.js").Keys} Keys
 * @typedef {import("./links.js").Member} Member
 * @typedef {import("./motion.js").Motion} Motion
 * @typedef {import("./moving.js").Gestures} Gestures
 * @typedef {HTMLElement & {writeAddress: () => void}} Element
 */
import { enableControls, writeControls } from "./controls.js";
import { applies, fit, scaleOf, startOf } from "./figure.js";
import { formatted } from "./format.js";
import { enableFormulas, followTerms, light, writeFormulas } from "./formulas.js";
import { Inside, setText } from "./inside.js";
import { join, leave, settle, share } from "./links.js";
import { markup } from "./markup.js";
import { closeMenus, enableMenus, writeMenus } from "./menus.js";
import { giveWay, glide, isStill, stop } from "./motion.js";
import { enablePast, Past, writePast } from "./past.js";
import { boardsOf, connectPicture, drawState, drawWindow, isWindowWrong } from "./picture.js";
import { Plane } from "./plane.js";
import { enablePlayer } from "./player.js";

/** Those who hear a figure hear its numbers when it has rested for so many milliseconds. */
const REST_BEFORE_WORDS = 400;

/**
 * Lists of lists are copied whole. The browser's own way to do that takes longer than a frame of a
 * figure should.
 * @param {any} value
 * @returns {any}
 */
function copy(value) {
  return Array.isArray(value) ? value.map(copy) : value;
}

/**
 * The state of a figure, and all that changes it. The parts that show it (picture, controls, menus,
 * formulas, player, sharing) are functions that take this object.
 */
export class LiveFigure {
  plane = new Plane();
  /**
   * The term that is pointed at.
   * @type {Lit}
   */
  lit = null;
  /** @type {Motion | null} */
  motion = null;
  /**
   * The state that the figure is on the way to.
   * @type {State | null}
   */
  heading = null;
  past = new Past();
  /**
   * The hands and the keyboard, for each picture.
   * @type {Gestures[]}
   */
  gestures = [];
  /** @type {Keys[]} */
  keys = [];
  /**
   * It ends everything that outlives the element in its place: listeners, observers.
   * @type {AbortController | null}
   */
  presence = null;
  #link = "";
  /** @type {Member} */
  #member;
  /**
   * The timer of what is told in words.
   * @type {ReturnType<typeof setTimeout> | undefined}
   */
  #words;

  /**
   * @param {Element} element
   * @param {ShadowRoot} root  the place for the figure
   * @param {Definition} figure
   * @param {string[]} scripts  the addresses that a page loads it from; none in a notebook
   */
  constructor(element, root, figure, scripts) {
    this.element = element;
    this.figure = figure;
    this.scripts = scripts;
    /** The state that the attributes give. */
    this.start = startOf(figure);
    this.state = this.start;
    this.values = figure.values(this.state);
    this.inside = new Inside(root);
    this.inside.fill(root, markup(figure, this.state, true, this.plane));
    this.boards = boardsOf(this);
    this.#member = {
      fields: figure.fields,
      follow: (state) => this.place(state, "link"),
      rest: () => this.#rest(),
    };
    enableFormulas(this);
    enableControls(this);
    figure.desk?.enable(this);
    enableMenus(this);
    enablePast(this);
    if (figure.play) enablePlayer(this, figure.play);
    this.inside.on("click", ".reset", () => this.reset());
  }

  /**
   * A copy of the current value of a field.
   * @param {string} name
   */
  copyOf(name) {
    return copy(this.state[name]);
  }

  /** The element has entered a page. */
  connect() {
    this.presence = new AbortController();
    const { signal } = this.presence;
    const walk = this.element.querySelector(".gauss-walk");
    if (walk) this.element.append(walk); // It stood in the still picture.
    this.inside.find(".gauss-figure").classList.toggle("walking", Boolean(walk));
    connectPicture(this, signal);
    followTerms(this, signal);
    const close = (/** @type {Event} */ event) => closeMenus(this, event.composedPath());
    document.addEventListener("pointerdown", close, { signal });
  }

  /** The element has left its page. */
  disconnect() {
    this.presence?.abort();
    stop(this);
    clearTimeout(this.#words);
    this.presence = null;
    this.gestures = [];
    this.keys = [];
    this.lit = null;
    this.joinLink("");
  }

  /**
   * Joins the figures of a link, and leaves those of another.
   * @param {string} link
   */
  joinLink(link) {
    if (this.#link) leave(this.#link, this.#member);
    this.#link = this.presence ? link : "";
    if (this.#link) join(this.#link, this.#member, this.state);
  }

  /** Goes back to the start; the extras that the reader has chosen stay. */
  reset() {
    const { show } = this.state;
    this.goTo({ ...this.start, ...(show !== undefined && { show }) }, "reset");
  }

  /**
   * Goes to a state from outside; the window changes to fit it, though never under a moving finger.
   * @param {State} patch
   * @param {string} source
   */
  place(patch, source) {
    const { scale } = this.plane;
    if (!this.gestures.some(({ isDragging }) => isDragging)) {
      fit(this.figure, this.plane, { ...this.state, ...patch });
      if (this.presence) drawWindow(this);
    }
    // The window of a walk holds all its steps, also when the first of them moves nothing.
    if (scale === this.plane.scale && !this.#differs(patch)) this.#writeControls(patch, source);
    else this.change(patch, source);
  }

  /**
   * Whether a patch would change anything.
   * @param {State} patch
   */
  #differs(patch) {
    const { fields } = this.figure;
    return Object.entries(patch).some(
      ([name, value]) => fields[name].write(value) !== fields[name].write(this.state[name]),
    );
  }

  /**
   * Goes to a state that was chosen as a whole, so that eyes can follow, and settles there.
   * @param {State} patch
   * @param {string} source
   */
  goTo(patch, source) {
    stop(this);
    const state = { ...this.state, ...patch };
    const end = () => {
      this.heading = null;
      if (source === "address") this.#record();
      else this.settle();
    };
    if (isStill(this) || !this.#differs(patch)) {
      this.place(patch, source);
      return end();
    }
    this.heading = state;
    glide(this, patch, scaleOf(this.figure, state), source, end);
  }

  /**
   * Makes ready for a gesture, and gives what takes it back.
   * @returns {() => void}
   */
  begin = () => {
    stop(this);
    const before = this.state;
    return () => this.change(before, "undo");
  };

  /** Keeps the state, if it is another than before, as one to go back to. */
  #record() {
    const last = this.past.at(0);
    if (!last || this.#differs(last)) this.past.add(this.state);
    writePast(this);
  }

  /** A gesture has ended, here or in a linked figure. */
  #rest() {
    this.#record();
    this.element.writeAddress();
  }

  /**
   * Tells those who do not see the figure.
   * @param {string} words
   */
  say = (words) => {
    clearTimeout(this.#words); // What is said later is about now.
    setText(this.inside.find(".gauss-told"), words);
  };

  /** Tells the numbers, once the reader has stopped changing them. */
  #sayNumbers() {
    clearTimeout(this.#words);
    this.#words = setTimeout(() => {
      const { readout = [] } = this.figure;
      const numbers = readout
        .filter((reading) => applies(reading, this.state))
        .map(({ key, label, unit }) => `${label} ${formatted(this.values[key])} ${unit}`);
      this.say(numbers.join(", "));
    }, REST_BEFORE_WORDS);
  }

  /**
   * Every change of the state comes through here. A figure that is not in the page yet tells
   * nobody: what its markup says is no change.
   * @param {State} patch
   * @param {string} source
   */
  change(patch, source) {
    this.state = { ...this.state, ...patch };
    this.values = this.figure.values(this.state);
    if (source === "property") this.past.amend(this.state);
    if (!this.presence) return;
    this.update(patch, source);
    giveWay(this, patch, source);
    if (source !== "link") share(this.#link, this.#member, patch);
    const names = Object.keys(this.figure.fields);
    const state = Object.fromEntries(names.map((name) => [name, this.copyOf(name)]));
    this.#tell("change", { source, ...state, values: { ...this.values } });
  }

  /** Tells that a gesture has ended. */
  settle = () => {
    settle(this.#link, this.#member);
    this.#tell("settle");
    this.#sayNumbers();
    if (!this.presence || !isWindowWrong(this)) return;
    const scale = scaleOf(this.figure, this.state);
    glide(this, {}, scale, "animation", () => {});
  };

  /**
   * @param {string} type
   * @param {object} [detail]
   */
  #tell(type, detail) {
    const options = { bubbles: true, composed: true, detail };
    this.element.dispatchEvent(new CustomEvent(type, options));
  }

  /**
   * Writes and draws everything that depends on the state.
   * @param {State} [patch]  what has changed
   * @param {string} [source]
   */
  update(patch = this.state, source = "") {
    this.#showParts();
    if (this.lit)
      light(this, this.lit); // Its formula may have gone.
    else drawState(this);
    for (const slot of this.inside.all("[data-value]"))
      setText(slot, formatted(this.values[slot.dataset.value]));
    writeFormulas(this);
    this.#writeControls(patch, source);
  }

  /**
   * @param {State} patch
   * @param {string} [source]
   */
  #writeControls(patch, source = "") {
    writeControls(this);
    this.figure.desk?.write(this, patch, source);
    if ("show" in patch) writeMenus(this);
  }

  /** Shows what is there in this state, and hides what is not. */
  #showParts() {
    const { figure, inside, state } = this;
    const { readout, handles = [], panels = [], controls, formulas, play } = figure;
    /** @type {[string, {when?: Condition}[] | undefined][]} */
    const parts = [
      [".gauss-readout > div", readout],
      [".handle", [...handles, ...panels.flatMap((panel) => panel.handles ?? [])]],
      [".gauss-panel", panels],
      [".gauss-control:has([data-field])", controls],
      [".gauss-formula", formulas],
      [".play", play && [play]],
    ];
    for (const [selector, list = []] of parts) {
      const elements = inside.all(selector);
      for (const [index, part] of list.entries())
        if (part.when) elements[index].toggleAttribute("hidden", !applies(part, state));
    }
    for (const keys of this.keys) keys.update();
  }
}
