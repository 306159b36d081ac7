/**
 * The state of figures in the address of their page: `page.html?<id>.<attribute>=<value>&…#<id>`.
 * What is read is parsed strictly; parameters that are not a figure's stay as they are.
 *
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 *
 * @typedef {import("./element.js").FigureElement} FigureElement
 */

/** The longest text of a value: nobody's covariance is longer. */
const LONGEST = 1e4;

/** The query of the address that the figures of the page know. */
let query = "";

/**
 * The figures that have a place in the address.
 * @type {Set<FigureElement>}
 */
const addressed = new Set();

/** @param {FigureElement} figure */
export function enterAddress(figure) {
  addressed.add(figure);
}

/** @param {FigureElement} figure */
export function leaveAddress(figure) {
  addressed.delete(figure);
}

export function addressedFigures() {
  return [...addressed];
}

/** Lets the figures follow the browser's Back and Forward. */
export function followHistory() {
  addEventListener("pagehide", writeNow);
  addEventListener("popstate", () => {
    // A change of the hash alone, by a link within the page, is nothing to figures.
    if (query === location.search) return;
    waiting.clear();
    for (const figure of addressed) figure.readAddress();
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

/** The browser allows a hundred changes of the address in ten seconds, and one costs much. */
const PAUSE = 200;

/**
 * The figures whose state the address does not have yet, the one that was moved last at the end.
 * @type {Set<LiveFigure>}
 */
const waiting = new Set();
let isAsked = false;
let lastWritten = Number.NEGATIVE_INFINITY;

/** Puts the figures that wait for it into the address of the page. */
export function writeNow() {
  isAsked = false;
  if (!waiting.size) return;
  const address = addressOf([...waiting]);
  waiting.clear();
  lastWritten = performance.now();
  try {
    history.replaceState(history.state, "", address);
  } catch {
    // The browser wants no more changes for now: the next gesture writes the address.
  }
  query = location.search;
}

/**
 * Makes an entry of the browser's history for a state that a figure is about to go to.
 * @param {LiveFigure} live
 * @param {State} state
 * @param {object} kept  what the entry keeps besides
 */
export function pushAddress(live, state, kept) {
  writeNow(); // The entry that is left keeps what the reader has made.
  live.heading = state;
  history.pushState({ ...history.state, ...kept }, "", addressOf([live]));
  query = location.search;
}

/**
 * Puts a figure into the address of the page: once for all that change together, and not at once
 * again.
 * @param {LiveFigure} live
 */
export function writeSoon(live) {
  waiting.delete(live);
  waiting.add(live);
  if (isAsked) return;
  isAsked = true;
  const pause = lastWritten + PAUSE - performance.now();
  if (pause > 0) setTimeout(writeNow, pause);
  else queueMicrotask(writeNow);
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
 * The parameters of a figure: what is not as at its start.
 * @param {LiveFigure} live
 */
function parametersOf({ element: { id }, figure: { fields }, state, heading, start }) {
  const now = heading ?? state;
  return Object.entries(fields)
    .filter(([name, { write }]) => write(now[name]) !== write(start[name]))
    .map(([name, { write }]) => `${encoded(`${id}.${name}`)}=${encoded(write(now[name]))}`);
}

/**
 * The address of the page with figures in their states, at the last of them.
 * @param {LiveFigure[]} figures
 */
export function addressOf(figures) {
  const url = new URL(location.href);
  const own = new Set(
    figures.flatMap(({ element: { id }, figure: { fields } }) =>
      Object.keys(fields).map((name) => `${id}.${name}`),
    ),
  );
  const nameOf = (/** @type {string} */ part) => new URLSearchParams(part).keys().next().value;
  const parts = url.search.slice(1).split("&");
  const kept = parts.filter((part) => part && !own.has(nameOf(part) ?? ""));
  url.search = [...kept, ...figures.flatMap(parametersOf)].join("&");
  url.hash = figures[figures.length - 1].element.id;
  return url.href;
}
