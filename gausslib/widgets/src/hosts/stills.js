/**
 * Host 3, no browser at all: the site's build asks for the still picture of a figure, which stands
 * in the page until the script runs, and whether what its walks say is so. The tests ask for the
 * rest.
 *
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../walks/check.js").Step} Step
 */

import FIGURES from "figures:all";
import { startOf } from "../runtime/figure.js";
import { markup } from "../runtime/markup.js";
import { checkWalk, parsed } from "../walks/check.js";
import { panelMarkup } from "../walks/panel.js";

/** The attributes that an element has whatever its figure is. */
const COMMON = ["id", "class", "link"];

/** @type {{[tag: string]: Definition}} */
const figures = Object.fromEntries(FIGURES.map((figure) => [figure.tag, figure]));

/**
 * The state that attributes give; one that is not legal is an error.
 * @param {string} tag
 * @param {{[name: string]: string}} attributes
 */
function stateOf(tag, attributes) {
  const figure = figures[tag];
  const given = Object.entries(attributes).filter(([name]) => !COMMON.includes(name));
  const values = given.map(([name, text]) => {
    if (!Object.hasOwn(figure.fields, name)) throw new RangeError(`there is no attribute ${name}`);
    return [name, figure.fields[name].parse(name, text)];
  });
  return startOf(figure, Object.fromEntries(values));
}

/**
 * The inside of a figure's element.
 * @param {string} tag
 * @param {{[name: string]: string}} attributes
 */
function still(tag, attributes) {
  return markup(figures[tag], stateOf(tag, attributes), false);
}

/**
 * Whether the steps of a walk say what is so.
 * @param {string} tag
 * @param {{[name: string]: string}} attributes
 * @param {Step[]} steps
 */
function walk(tag, attributes, steps) {
  return checkWalk(figures[tag], stateOf(tag, attributes), steps);
}

/**
 * What a link says of a figure.
 * @param {string} tag
 * @param {{[field: string]: string}} given
 */
function read(tag, given) {
  return parsed(figures[tag], given);
}

globalThis.gaussStills = { figures, still, read, walk, panel: panelMarkup };
