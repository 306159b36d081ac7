/**
 * What all markup is made with.
 *
 * @typedef {import("./figure.js").Condition} Condition
 * @typedef {import("./fields.js").State} State
 */
import { applies } from "./figure.js";

/** @type {{[sign: string]: string}} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * Text as HTML has it, in an element or an attribute.
 * @param {string} text
 */
export function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
}

/**
 * The markup of each thing of a list, one after the other.
 * @template T
 * @param {T[]} list
 * @param {(thing: T, index: number) => string} markupOf
 */
export function joined(list, markupOf) {
  return list.map(markupOf).join("");
}

/**
 * The attribute of a part that is not there in this state.
 * @param {{when?: Condition}} part
 * @param {State} state
 */
export function hiddenUnless(part, state) {
  return applies(part, state) ? "" : " hidden";
}
