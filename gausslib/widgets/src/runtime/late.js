/**
 * What few readers need, and a page loads when somebody first asks for it.
 *
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { runtimeAddress } from "./addresses.js";

/**
 * Loads a script that lies beside the runtime.
 * @param {string} name
 * @returns {Promise<unknown>}
 */
export function load(name) {
  const script = document.createElement("script");
  script.src = runtimeAddress.replace("runtime.js", name);
  document.head.append(script);
  return new Promise((done) => script.addEventListener("load", done));
}

/** @type {{share: (live: LiveFigure) => unknown, numbers: (live: LiveFigure) => unknown}} */
export const late = {
  /**
   * Fills the sheet with which a figure is shared. The script that is loaded puts itself into this
   * place.
   * @param {LiveFigure} live
   */
  async share(live) {
    await load("copies.js");
    late.share(live);
  },
  /**
   * Fills the sheet in which the state is typed; the same way.
   * @param {LiveFigure} live
   */
  async numbers(live) {
    await load("numbers.js");
    late.numbers(live);
  },
};
