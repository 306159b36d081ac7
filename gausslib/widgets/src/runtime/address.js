/**
 * The state of figures in the address of their page: `page.html?<id>.<attribute>=<value>&…#<id>`. What is read is parsed
 * strictly; parameters that are not a figure's stay as they are.
 *
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 */

/** Of a value: nobody's covariance is longer. */
const LONGEST = 1e4;

/** As short and readable as an address may be. */
const encoded = (/** @type {string} */ text) =>
  encodeURIComponent(text)
    .replace(/%2C|%3B|%7C/g, (code) => decodeURIComponent(code))
    .replaceAll("%20", "+");

/**
 * What an address says of a figure, and what in it is wrong.
 * @param {string} search  the query of an address
 * @param {string} id
 * @param {{[name: string]: Field}} fields
 */
export function read(search, id, fields) {
  /** @type {State} */
  const state = {};
  const faults = [];
  for (const [key, text] of new URLSearchParams(search)) {
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
 * The address that has a figure in this state; what is as in `start` is left out.
 * @param {string} href
 * @param {string} id
 * @param {{[name: string]: Field}} fields
 * @param {State} state
 * @param {State} start
 */
export function written(href, id, fields, state, start) {
  const url = new URL(href);
  const own = new Set(Object.keys(fields).map((name) => `${id}.${name}`));
  const kept = url.search
    .slice(1)
    .split("&")
    .filter((part) => part && !own.has(new URLSearchParams(part).keys().next().value ?? ""));
  const added = Object.entries(fields)
    .filter(([name, { write }]) => write(state[name]) !== write(start[name]))
    .map(([name, { write }]) => `${encoded(`${id}.${name}`)}=${encoded(write(state[name]))}`);
  url.search = [...kept, ...added].join("&");
  url.hash = id;
  return url.href;
}
