/**
 * Defines the elements of figures, where a script or a module asks for it.
 *
 * @typedef {import("./figure.js").Definition} Definition
 */
import { runtimeAddress, scriptAddress } from "./addresses.js";
import { FigureElement } from "./element.js";

/** The style of all figures: they are not seen before a host has given it. */
const shared = new CSSStyleSheet();
shared.replaceSync(":host { visibility: hidden }");

/**
 * Gives all figures their style.
 * @param {string} style
 */
export function dress(style) {
  shared.deleteRule(0); // To WebKit a replacement is an addition.
  shared.replaceSync(style);
}

/**
 * The class of a figure's element.
 * @param {Definition} figure
 * @param {string} look
 * @param {string[]} scripts
 */
function elementOf(figure, look, scripts) {
  const names = Object.keys(figure.fields);
  const own = new CSSStyleSheet();
  own.replaceSync(look);

  class OneFigure extends FigureElement {
    static observedAttributes = [...names, "link"];
    static fields = figure.fields;

    constructor() {
      super({ figure, scripts, sheets: [shared, own] });
    }
  }
  for (const name of names) {
    Object.defineProperty(OneFigure.prototype, name, {
      /** @this {FigureElement} */
      get() {
        return this.get(name);
      },
      /** @this {FigureElement} */
      set(value) {
        this.set(name, value);
      },
    });
  }
  return OneFigure;
}

/**
 * Defines the element of a figure. Pages, and notebooks for each of their widgets, may ask for that
 * again.
 * @param {Definition} figure
 * @param {string} [look]  the style of this figure alone
 */
export function define(figure, look = "") {
  if (customElements.get(figure.tag)) return;
  const address = scriptAddress();
  customElements.define(
    figure.tag,
    elementOf(figure, look, address ? [runtimeAddress, address] : []),
  );
}
