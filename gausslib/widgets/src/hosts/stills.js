/**
 * Host 3, no browser at all: the site's build asks for the still picture of a figure, which stands in the page until the
 * script runs. The tests ask for the rest.
 */

import FIGURES from "figures:all";
import { startOf } from "../runtime/figure.js";
import { markup } from "../runtime/markup.js";

/** @type {{[tag: string]: import("../runtime/figure.js").Definition}} */
const figures = Object.fromEntries(FIGURES.map((figure) => [figure.tag, figure]));

/** The inside of a figure's element, as its attributes want it; an attribute that is not legal is an error. */
function still(/** @type {string} */ tag, /** @type {{[name: string]: string}} */ attributes) {
  const { fields } = figures[tag];
  const given = Object.entries(attributes).filter(
    ([name]) => !["id", "class", "link"].includes(name),
  );
  const unknown = given.find(([name]) => !Object.hasOwn(fields, name));
  if (unknown) throw new RangeError(`there is no attribute ${unknown[0]}`);
  const state = startOf(
    figures[tag],
    Object.fromEntries(given.map(([name, text]) => [name, fields[name].parse(name, text)])),
  );
  return markup(figures[tag], state, false);
}

globalThis.gaussStills = { figures, still };
