/**
 * Host 3, no browser at all: the site's build asks for the still picture of a figure, which stands
 * in the page until the script runs. The tests ask for the rest.
 *
 * @typedef {import("../runtime/figure.js").Definition} Definition
 */

import FIGURES from "figures:all";
import { startOf } from "../runtime/figure.js";
import { markup } from "../runtime/markup.js";

/** The attributes that an element has whatever its figure is. */
const COMMON = ["id", "class", "link"];

/** @type {{[tag: string]: Definition}} */
const figures = Object.fromEntries(FIGURES.map((figure) => [figure.tag, figure]));

/**
 * The inside of a figure's element, as its attributes want it; an attribute that is not legal is an
 * error.
 * @param {string} tag
 * @param {{[name: string]: string}} attributes
 */
function still(tag, attributes) {
  const figure = figures[tag];
  const given = Object.entries(attributes).filter(([name]) => !COMMON.includes(name));
  const values = given.map(([name, text]) => {
    if (!Object.hasOwn(figure.fields, name)) throw new RangeError(`there is no attribute ${name}`);
    return [name, figure.fields[name].parse(name, text)];
  });
  return markup(figure, startOf(figure, Object.fromEntries(values)), false);
}

globalThis.gaussStills = { figures, still };
