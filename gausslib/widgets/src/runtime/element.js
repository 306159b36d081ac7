/**
 * The custom element of a figure, for any host.
 *
 *     <gauss-pair id="pair" p="0,0,1,0.5,0.3" show="terms" link="pair">still picture</gauss-pair>
 *
 * Attributes are the fields of the figure: the start, and what Reset returns to. A later change of
 * an attribute moves the figure too; the element itself never writes them. Properties of the same
 * names are the current state (copies), `values` its numbers. There is a method: reset(). With an
 * `id` when it enters the page, the state stands in the address of the page.
 *
 * The event `change` comes on every change, with the detail {source, ...state, values}; a source is
 * pointer, keyboard, control, animation, reset, undo, property, link or address. The event `settle`
 * comes when a gesture has ended.
 *
 * @typedef {import("./figure.js").Definition} Definition
 * @typedef {import("./fields.js").State} State
 *
 * @typedef {object} Kind  what the elements of one figure have in common
 * @property {Definition} figure
 * @property {string[]} scripts  the addresses that a page loads it from; none in a notebook
 * @property {CSSStyleSheet[]} sheets
 */
import { enterAddress, leaveAddress, readAddress, writeSoon } from "./address.js";
import { setText } from "./inside.js";
import { LiveFigure } from "./live-figure.js";

/** The element of any figure: attributes, properties, its place on a page and in its address. */
export class FigureElement extends HTMLElement {
  /**
   * What is wrong with an attribute or an address.
   * @type {{[name: string]: string}}
   */
  #notes = {};
  /**
   * Where the figure stood when it first entered a page, but for the address.
   * @type {State | null}
   */
  #home = null;
  /**
   * The properties from before the element was defined.
   * @type {State}
   */
  #early = {};

  /** @param {Kind} kind */
  constructor({ figure, scripts, sheets }) {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = sheets;
    /** What scripts of the book take hold of. */
    this.live = new LiveFigure(this, root, figure, scripts);
    this.#keepEarly();
  }

  /**
   * A property that was set before the element was defined hides the accessor: it is set again
   * after the attributes.
   */
  #keepEarly() {
    for (const name of Object.keys(this.live.figure.fields)) {
      if (!Object.hasOwn(this, name)) continue;
      this.#early[name] = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
    }
  }

  get values() {
    return { ...this.live.values };
  }

  /**
   * A copy of the current value of a field.
   * @param {string} name
   */
  get(name) {
    return this.live.copyOf(name);
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  set(name, value) {
    this.live.place({ [name]: this.live.figure.fields[name].check(name, value) }, "property");
  }

  reset() {
    this.live.reset();
  }

  /** What the address of the page says; what it does not name is as at home. */
  #addressed() {
    const { state, faults } = readAddress(this.id, this.live.figure.fields);
    const list = faults.join("; ").replace(/\.$/, "");
    const note = list && `In the address, ${list}. The figure ignores that.`;
    this.#note("address", note);
    return { ...this.#home, ...state };
  }

  /** Goes to the state that the address of the page has. */
  readAddress() {
    this.live.goTo(this.#addressed(), "address");
  }

  /** Puts the state into the address of the page, soon. */
  writeAddress() {
    if (!this.id || !this.live.presence) return;
    this.#note("address", "");
    writeSoon(this.live);
  }

  /**
   * @param {string} name
   * @param {string | null} _
   * @param {string | null} text
   */
  attributeChangedCallback(name, _, text) {
    if (name === "link") return this.live.joinLink(text ?? "");
    const field = this.live.figure.fields[name];
    let { start } = field;
    let note = "";
    try {
      if (text !== null) start = field.parse(name, text);
    } catch (error) {
      const fault = /** @type {Error} */ (error).message;
      note = `Attribute ${fault}. The figure starts with its ${name}.`;
    }
    this.live.start = { ...this.live.start, [name]: start };
    this.#note(name, note);
    this.live.place({ [name]: start }, "property");
  }

  connectedCallback() {
    this.live.connect();
    this.#takeEarly();
    this.live.joinLink(this.getAttribute("link") ?? "");
    const isFirst = !this.#home;
    this.#home ??= this.live.state;
    if (this.id) enterAddress(this);
    if (this.id && isFirst) this.live.place(this.#addressed(), "address");
    this.live.past.amend(this.live.state);
    this.live.update();
  }

  #takeEarly() {
    for (const [name, value] of Object.entries(this.#early)) {
      try {
        this.set(name, value);
      } catch (error) {
        this.#note(name, `Property ${/** @type {Error} */ (error).message}.`);
      }
    }
    this.#early = {};
  }

  disconnectedCallback() {
    leaveAddress(this);
    this.live.disconnect();
  }

  /**
   * Shows a note above the figure, or takes it away.
   * @param {string} name  what it is about
   * @param {string} words
   */
  #note(name, words) {
    this.#notes[name] = words;
    const note = this.live.inside.find(".gauss-note");
    setText(note, Object.values(this.#notes).filter(Boolean).join(" "));
    note.hidden = !note.textContent;
  }
}
