/**
 * What a reader takes away: a link to the state, a program that computes its numbers, a line of
 * HTML for another page, the picture as it is now.
 *
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { addressOf } from "./address.js";
import { setText } from "./inside.js";
import { escaped } from "./markup-text.js";

/** A picture of pixels has so many to a pixel of the screen: enough for slides and for print. */
const FINENESS = 3;
/** The room around the pictures of a figure, and between them, in pixels. */
const MARGIN = 8;
/** What the style sheet says of the parts of a drawing, which must stand in a file of its own. */
const LOOKS = [
  "color",
  "dominant-baseline",
  "fill",
  "fill-opacity",
  "font-family",
  "font-size",
  "font-style",
  "font-weight",
  "opacity",
  "paint-order",
  "stroke",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-opacity",
  "stroke-width",
  "text-anchor",
];

/**
 * Puts text into the clipboard, and tells whether that worked: a page from an insecure address has
 * no clipboard.
 * @param {string} text
 */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A line of HTML that shows a figure as it is now.
 * @param {LiveFigure} live
 */
function embedding({ figure, state, scripts }) {
  const loading = scripts.map(
    (address) => `<script defer charset="utf-8" src="${escaped(address)}"></script>`,
  );
  const element = document.createElement(figure.tag);
  for (const [name, { write }] of Object.entries(figure.fields)) {
    const value = write(state[name]);
    if (value) element.setAttribute(name, value);
  }
  return loading.join("") + element.outerHTML;
}

/**
 * A part of a drawing, and all in it, with the looks that it has on the screen; what is not seen is
 * left out.
 * @param {Element} shown
 * @returns {Element | null}
 */
function dressed(shown) {
  const style = getComputedStyle(shown);
  if (style.display === "none" || shown.matches(".hit, .ring")) return null;
  const copy = /** @type {Element} */ (shown.cloneNode(false));
  for (const name of [...copy.getAttributeNames()])
    if (/^(class|role|tabindex|id|aria-)/.test(name)) copy.removeAttribute(name);
  for (const name of LOOKS) copy.setAttribute(name, style.getPropertyValue(name));
  for (const child of shown.childNodes)
    copy.append(...[child instanceof Element ? dressed(child) : child.cloneNode()].filter(isNode));
  return copy;
}

/**
 * @param {Node | null} node
 * @returns {node is Node}
 */
function isNode(node) {
  return node !== null;
}

/**
 * The pictures of a figure as they are now, one below the other, as one file of SVG.
 * @param {LiveFigure} live
 */
function pictureOf({ boards, inside, figure }) {
  const shown = boards.filter(({ svg }) => svg.checkVisibility());
  const sizes = shown.map(({ svg }) => svg.getBoundingClientRect());
  const width = Math.max(...sizes.map((size) => size.width)) + 2 * MARGIN;
  let height = MARGIN;
  const parts = shown.map(({ svg }, index) => {
    const copy = /** @type {SVGElement} */ (dressed(svg));
    const size = sizes[index];
    const place = { x: (width - size.width) / 2, y: height };
    for (const [name, value] of Object.entries({ ...place, ...pick(size) }))
      copy.setAttribute(name, `${value}`);
    copy.setAttribute("viewBox", svg.getAttribute("viewBox") ?? "");
    height += size.height + MARGIN;
    return new XMLSerializer().serializeToString(copy);
  });
  const paper = getComputedStyle(inside.find(".gauss-plane, .gauss-panel")).backgroundColor;
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<title>${escaped(figure.label)}</title>` +
    `<rect width="100%" height="100%" fill="${paper}"/>${parts.join("")}</svg>`;
  return { text, width, height };
}

/** @param {DOMRect} size */
function pick({ width, height }) {
  return { width, height };
}

/**
 * Gives the reader a file.
 * @param {string} address  of its contents
 * @param {string} name
 */
function save(address, name) {
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
}

/** @param {string} text */
function addressOfSvg(text) {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

/**
 * The picture as pixels.
 * @param {LiveFigure} live
 */
async function pixelsOf(live) {
  const { text, width, height } = pictureOf(live);
  const image = new Image();
  image.src = addressOfSvg(text);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * FINENESS;
  canvas.height = height * FINENESS;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL();
}

/** @type {{[what: string]: (live: LiveFigure) => string}} */
const TEXTS = {
  link: (live) => addressOf([live]),
  python: ({ figure, state }) => figure.python(state),
  embed: embedding,
};

/** @type {{[what: string]: (live: LiveFigure) => string | Promise<string>}} */
const FILES = {
  svg: (live) => addressOfSvg(pictureOf(live).text),
  png: pixelsOf,
};

const SHEET = `
  <button type="button" data-copy="link">Copy link</button>
  <button type="button" data-copy="python">Copy as Python</button>
  <button type="button" data-copy="embed">Copy HTML to embed</button>
  <button type="button" data-copy="svg">Save as SVG</button>
  <button type="button" data-copy="png">Save as PNG</button>
  <span class="copied" role="status"></span>
  <textarea readonly hidden rows="4" aria-label="What was copied"></textarea>`;

/**
 * Fills the sheet with which a figure is shared.
 * @param {LiveFigure} live
 */
export function share(live) {
  const { element, scripts, inside } = live;
  const sheet = inside.find(".share .sheet");
  if (!sheet.childElementCount) {
    inside.fill(sheet, SHEET);
    for (const button of sheet.querySelectorAll("[data-copy]"))
      button.addEventListener("click", () => copy(live, sheet, button.dataset.copy));
  }
  // A link and a line to embed can be had only on a page.
  sheet.querySelector("[data-copy=link]").hidden = !element.id;
  sheet.querySelector("[data-copy=embed]").hidden = !scripts.length;
}

/**
 * Makes what a reader takes away.
 * @param {LiveFigure} live
 * @param {HTMLElement} sheet
 * @param {string} what
 */
async function copy(live, sheet, what) {
  if (FILES[what]) return save(await FILES[what](live), `${live.figure.tag}.${what}`);
  const text = TEXTS[what](live);
  const isCopied = await toClipboard(text);
  const area = /** @type {HTMLTextAreaElement} */ (sheet.querySelector("textarea"));
  area.value = text;
  area.hidden = false;
  if (!isCopied) area.select();
  const said = /** @type {HTMLElement} */ (sheet.querySelector(".copied"));
  setText(said, isCopied ? "Copied:" : "Copy this:");
}
