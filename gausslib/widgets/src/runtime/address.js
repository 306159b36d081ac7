/**
 * The state of figures in the address of their page: `page.html?<id>.<attribute>=<value>&…#<id>`.
 * What is read is parsed strictly; parameters that are not a figure's stay as they are.
 *
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 *
 * @typedef {object} AddressMethods
 * @property {() => void} readAddress
 * @property {() => void} writeAddress
 *
 * @typedef {HTMLElement & AddressMethods} AddressedFigure
 */

/** The longest text of a value: nobody's covariance is longer. */
const LONGEST = 1e4;

/** The query of the address that the figures of the page know. */
let query = "";

/**
 * The figures that have a place in the address.
 * @type {Set<AddressedFigure>}
 */
const addressed = new Set();

/** @param {AddressedFigure} figure */
export function enterAddress(figure) {
  addressed.add(figure);
}

/** @param {AddressedFigure} figure */
export function leaveAddress(figure) {
  addressed.delete(figure);
}

export function addressedFigures() {
  return [...addressed];
}

/** Lets the figures follow the browser's Back and Forward. */
export function followHistory() {
  addEventListener("popstate", () => {
    // A change of the hash alone, by a link within the page, is nothing to figures.
    if (query !== location.search) for (const figure of addressed) figure.readAddress();
  });
}

/**
 * What the address of the page says of a figure, and what in it is wrong.
 * @param {string} id
 * @param {{[name: string]: Field}} fields
 */
export function readAddress(id, fields) {
  /** @type {State} */
  const state = {};
  /** @type {string[]} */
  const faults = [];
  query = location.search;
  for (const [key, text] of new URLSearchParams(query)) {
    const name = key.slice(id.length + 1);
    if (!id || key !== `${id}.${name}` || !Object.hasOwn(fields, name)) continue;
    try {
      if (text.length > LONGEST)
        throw new RangeError(`${name}: expected at most ${LONGEST} characters`);
      state[name] = fields[name].parse(name, text);
    } catch (error) {
      faults.push(/** @type {Error} */ (error).message);
    }
  }
  return { state, faults };
}

/**
 * Replaces the address of the page.
 * @param {string} address
 */
export function writeAddress(address) {
  history.replaceState(history.state, "", address);
  query = location.search;
}

/**
 * Text as short and readable as an address may have it.
 * @param {string} text
 */
function encoded(text) {
  return encodeURIComponent(text)
    .replace(/%2C|%3B|%7C/g, (code) => decodeURIComponent(code))
    .replaceAll("%20", "+");
}

/**
 * The address of the page with a figure in its state; what is as at its start is left out.
 * @param {LiveFigure} live
 */
export function addressOf({ element: { id }, figure: { fields }, state, start }) {
  const url = new URL(location.href);
  const own = new Set(Object.keys(fields).map((name) => `${id}.${name}`));
  const nameOf = (/** @type {string} */ part) => new URLSearchParams(part).keys().next().value;
  const parts = url.search.slice(1).split("&");
  const kept = parts.filter((part) => part && !own.has(nameOf(part) ?? ""));
  const added = Object.entries(fields)
    .filter(([name, { write }]) => write(state[name]) !== write(start[name]))
    .map(([name, { write }]) => `${encoded(`${id}.${name}`)}=${encoded(write(state[name]))}`);
  url.search = [...kept, ...added].join("&");
  url.hash = id;
  return url.href;
}
