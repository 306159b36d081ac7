/**
 * Defines the elements of figures, where a script or a module asks for it.
 *
 * @typedef {import("./figure.js").Definition} Definition
 */
import { FigureElement } from "./element.js";
import style from "./figure.css";
import palette from "./palette.css";

/**
 * The class of a figure's element.
 * @param {Definition} figure
 * @param {string} look
 * @param {string[]} scripts
 */
function elementOf(figure, look, scripts) {
  const names = Object.keys(figure.fields);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(palette + style + look);

  class OneFigure extends FigureElement {
    static observedAttributes = [...names, "link"];
    static fields = figure.fields;

    constructor() {
      super({ figure, scripts, sheet });
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

/** The address of the classic script that runs now, or "" for a module. */
function scriptAddress() {
  return /** @type {HTMLScriptElement | null} */ (document.currentScript)?.src ?? "";
}

const runtimeAddress = scriptAddress();

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
