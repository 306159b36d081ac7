/**
 * The steps of a walk as they stand in a document, and the states between which each leads.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/live-figure.js").LiveFigure} LiveFigure
 * @typedef {import("./claims.js").Claim} Claim
 *
 * @typedef {object} Said  words of the text that are a claim
 * @property {Element} element
 * @property {Claim} claim
 *
 * @typedef {object} Step
 * @property {Element} item  where it stands
 * @property {State} from  the state that it begins with
 * @property {State} to  the state that it leads to
 * @property {Said[]} goals  what the reader shall bring about
 * @property {Said[]} choices  what a reader may foresee
 */
import { claimOf } from "./claims.js";
import { vocabulary } from "./quantities.js";

/**
 * The query of a link to a state of a figure on the same page: as it was written, and as a notebook
 * rewrites it, which takes it for the name of a file.
 * @param {HTMLAnchorElement} link
 */
export function queryOf({ href }) {
  const file = /\/files\/(?:.*\/)?(%3F[^?#]*)/i.exec(href);
  return new URLSearchParams(file ? decodeURIComponent(file[1]) : new URL(href).search);
}

/**
 * What a link says of a figure; nothing, if the link is not to a state of it.
 * @param {HTMLAnchorElement} link
 * @param {string} id
 * @param {LiveFigure} live
 * @returns {State | null}
 */
export function stateOf(link, id, { figure: { fields } }) {
  /** @type {State} */
  const state = {};
  for (const [key, text] of queryOf(link)) {
    const name = key.slice(id.length + 1);
    if (key !== `${id}.${name}` || !Object.hasOwn(fields, name)) continue;
    state[name] = fields[name].parse(name, text);
  }
  return Object.keys(state).length ? state : null;
}

/**
 * The steps of a list.
 * @param {Element} list
 * @param {string} id  the name of the figure
 * @param {LiveFigure} live
 * @returns {Step[]}
 */
export function stepsOf(list, id, live) {
  const states = [live.start];
  return [...list.children].map((item) => {
    const from = states[states.length - 1];
    const given =
      linkOf(item) && stateOf(/** @type {HTMLAnchorElement} */ (linkOf(item)), id, live);
    const to = given ? { ...live.start, ...given } : from;
    states.push(to);
    const known = vocabulary(live.figure, to);
    const said = (/** @type {string} */ where) =>
      [...item.querySelectorAll(where)].map((element) => ({
        element,
        claim: claimOf(wordsOf(element), known),
      }));
    return { item, from, to, goals: said(".goal"), choices: said(":scope li .claim") };
  });
}

/**
 * The link of a step.
 * @param {Element} item
 * @returns {HTMLAnchorElement | null}
 */
export function linkOf(item) {
  return item.querySelector("a[href*='?'], a[href*='%3F']");
}

/**
 * The words of a claim, without the numbers that stand behind them.
 * @param {Element} element
 */
export function wordsOf(element) {
  const copy = /** @type {Element} */ (element.cloneNode(true));
  for (const numbers of copy.querySelectorAll(".claim-numbers")) numbers.remove();
  return copy.textContent ?? "";
}
