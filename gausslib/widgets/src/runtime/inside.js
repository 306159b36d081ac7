/** The inside of a figure's element, and how things in it are written. */
import { trusted } from "./trusted.js";

/**
 * @param {Element} element
 * @param {{[name: string]: string | number}} attributes
 */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, `${value}`);
  }
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @callback Act  what is done when something happens to an element
 * @param {any} target  the element that a selector finds
 * @param {any} event
 */

/** The markup of a figure. Its elements are there for good, so each selector is looked up once. */
export class Inside {
  #root;
  /** @type {Map<string, any[]>} */
  #found = new Map();

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.#root = root;
  }

  /**
   * The element that has the focus.
   * @returns {any}
   */
  get active() {
    return this.#root.activeElement;
  }

  /** @param {string} selector */
  all(selector) {
    const known = this.#found.get(selector);
    if (known) return known;
    const found = [...this.#root.querySelectorAll(selector)];
    this.#found.set(selector, found);
    return found;
  }

  /**
   * The first element of a selector, if there is one.
   * @param {string} selector
   */
  find(selector) {
    return this.all(selector)[0];
  }

  /**
   * @param {Element | ShadowRoot} place
   * @param {string} markup  of our own
   */
  fill(place, markup) {
    place.innerHTML = trusted.createHTML(markup);
  }

  /**
   * Listens as long as the element lives.
   * @param {string} type  the type of event
   * @param {string} selector  the elements that it may happen to
   * @param {Act} act
   */
  on(type, selector, act) {
    const listen = (/** @type {Event} */ event) => {
      const target = /** @type {Element} */ (event.target).closest(selector);
      if (target) act(target, event);
    };
    this.#root.addEventListener(type, listen, true); // Some events do not bubble.
  }
}
