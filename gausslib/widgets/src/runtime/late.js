/**
 * What few readers need, and a page loads when somebody first asks for it.
 */
import { runtimeAddress } from "./addresses.js";
import { trusted } from "./trusted.js";

/**
 * Loads a script that lies beside the runtime.
 * @param {string} name
 * @returns {Promise<unknown>}
 */
export function load(name) {
  const script = document.createElement("script");
  script.src = trusted.createScriptURL(runtimeAddress.replace("runtime.js", name));
  document.head.append(script);
  return new Promise((done) => script.addEventListener("load", done));
}

/**
 * A function that a script brings: the script puts it into the place of the one that loads it.
 * @param {string} script
 * @param {string} name
 */
function brought(script, name) {
  return async (/** @type {any[]} */ ...data) => {
    await load(script);
    return late[name](...data);
  };
}

/**
 * - `share(live)` fills the sheet with which a figure is shared.
 * - `numbers(live)` fills the sheet in which its state is typed.
 * - `samples(text, tell)` reads samples, `plain(text)` other notations of vectors and matrices.
 * @type {{[name: string]: (...data: any[]) => any}}
 */
export const late = {
  share: brought("copies.js", "share"),
  numbers: brought("numbers.js", "numbers"),
  samples: brought("reading.js", "samples"),
  plain: brought("reading.js", "plain"),
};
