/**
 * What is wrong with the words of a figure in each of some states, as `faultsIn`.
 *
 * @typedef {object} Box
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 *
 * @typedef {Box & {said: string}} Word
 *
 * @typedef {object} Faults
 * @property {number} words  how many were looked at
 * @property {string[]} cut  words that go beyond the window
 * @property {string[]} word  words that stand on others
 * @property {string[]} handle  words that stand on a handle
 */

const context = /** @type {CanvasRenderingContext2D} */ (
  document.createElement("canvas").getContext("2d")
);
/** @type {Map<string, Box & {height: number}>} */
const inks = new Map();
/** @type {Map<string, string>} */
const fonts = new Map();

/**
 * How the ink of words lies in their box, from its left edge and its upper one.
 *
 * @param {string} said
 * @param {string} font
 */
function inkOf(said, font) {
  const key = `${font} ${said}`;
  const known = inks.get(key);
  if (known) return known;
  context.font = font;
  const measured = context.measureText(said);
  const above = measured.fontBoundingBoxAscent;
  const ink = {
    height: above + measured.fontBoundingBoxDescent,
    left: -measured.actualBoundingBoxLeft,
    right: measured.actualBoundingBoxRight,
    top: above - measured.actualBoundingBoxAscent,
    bottom: above + measured.actualBoundingBoxDescent,
  };
  inks.set(key, ink);
  return ink;
}

/**
 * The font that the style sheets give to words of this look.
 *
 * @param {Element} text
 */
function fontOf(text) {
  const look = `${text.getAttribute("class")} in ${text.parentElement?.getAttribute("class")}`;
  const font = fonts.get(look) ?? getComputedStyle(text).font;
  fonts.set(look, font);
  return font;
}

/**
 * The ink of words on the screen.
 *
 * @param {Element} text
 * @returns {Word}
 */
function wordOf(text) {
  const said = text.textContent ?? "";
  const box = text.getBoundingClientRect();
  const ink = inkOf(said, fontOf(text));
  const grain = box.height / ink.height;
  return {
    said,
    left: box.left + grain * ink.left,
    right: box.left + grain * ink.right,
    top: box.top + grain * ink.top,
    bottom: box.top + grain * ink.bottom,
  };
}

/**
 * By how many pixels two boxes overlap.
 *
 * @param {Box} one
 * @param {Box} other
 */
function overlap(one, other) {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return Math.min(across, down);
}

/**
 * By how many pixels a box goes beyond the window.
 *
 * @param {Box} box
 * @param {Box} window
 */
function beyond(box, window) {
  const across = Math.max(window.left - box.left, box.right - window.right);
  return Math.max(across, window.top - box.top, box.bottom - window.bottom);
}

/**
 * By how many pixels a box goes into the circle of a ring.
 *
 * @param {Box} box
 * @param {Box} ring
 */
function depth(box, ring) {
  const [u, v] = [(ring.left + ring.right) / 2, (ring.top + ring.bottom) / 2];
  const across = Math.max(box.left - u, 0, u - box.right);
  const down = Math.max(box.top - v, 0, v - box.bottom);
  return (ring.right - ring.left) / 2 - Math.hypot(across, down);
}

/**
 * Adds what is wrong in one picture.
 *
 * @param {Element} svg
 * @param {Faults} faults
 */
function examine(svg, faults) {
  const window = svg.getBoundingClientRect();
  if (!window.width) return;
  const words = [...svg.querySelectorAll(".name, .say, .ticks text")].map(wordOf);
  const rings = [...svg.querySelectorAll(".handle:not([hidden]) .ring")].map((ring) =>
    ring.getBoundingClientRect(),
  );
  for (const [index, word] of words.entries()) {
    faults.words++;
    if (beyond(word, window) > 0.5) faults.cut.push(word.said);
    for (const other of words.slice(0, index))
      if (overlap(word, other) > 1) faults.word.push(`${other.said} | ${word.said}`);
    // A ring has room for its dot, and for two pixels about that.
    if (rings.some((ring) => depth(word, ring) > 3)) faults.handle.push(word.said);
  }
}

/**
 * @param {Element} element
 * @param {object[]} states
 */
export function faultsIn(element, states) {
  const { body } = document;
  const root = /** @type {ShadowRoot} */ (element.shadowRoot);
  const onlyPictures = document.createElement("style");
  onlyPictures.textContent = ".gauss-figure :not(div, svg, svg *) { display: none }";
  root.append(onlyPictures);
  return states.map((state) => {
    element.remove(); // so that it is drawn once, and not for every property
    Object.assign(element, state);
    body.append(element);
    /** @type {Faults} */
    const faults = { words: 0, cut: [], word: [], handle: [] };
    for (const svg of root.querySelectorAll("svg")) examine(svg, faults);
    return faults;
  });
}
