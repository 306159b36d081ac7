/**
 * What a reader takes away: a link to the state, a program that computes its numbers, a line of
 * HTML for another page.
 *
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { addressOf } from "./address.js";
import { setText } from "./inside.js";
import { escaped } from "./markup-text.js";

/**
 * Puts text into the clipboard, and tells whether that worked: a page from an insecure address has
 * no clipboard.
 * @param {string} text
 */
async function copy(text) {
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

/** @type {{[what: string]: (live: LiveFigure) => string}} */
const TEXTS = {
  link: (live) => addressOf([live]),
  python: ({ figure, state }) => figure.python(state),
  embed: embedding,
};

/**
 * Lets the sheet of a figure be used.
 * @param {LiveFigure} live
 */
export function enableSharing(live) {
  const { inside, element, scripts } = live;
  inside.on("click", "[data-copy]", async ({ dataset }) => {
    const text = TEXTS[dataset.copy](live);
    const isCopied = await copy(text);
    const area = inside.find(".sheet textarea");
    area.value = text;
    area.hidden = false;
    if (!isCopied) area.select();
    setText(inside.find(".copied"), isCopied ? "Copied:" : "Copy this:");
  });
  // A link and a line to embed can be had only on a page.
  inside.on("click", "summary", () => {
    inside.find("[data-copy=link]").hidden = !element.id;
    inside.find("[data-copy=embed]").hidden = !scripts.length;
  });
}
