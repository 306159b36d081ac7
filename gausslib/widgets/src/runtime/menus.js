/**
 * The menus of a figure: presets, extras, and the sheet with which it is shared.
 *
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { has } from "./fields.js";
import { late } from "./late.js";

/**
 * Lets the menus be used.
 * @param {LiveFigure} live
 */
export function enableMenus(live) {
  const { inside, figure } = live;
  inside.on("click", "[data-preset]", ({ dataset }) => {
    // What the reader chose from lists stays, and what the page started with, unless the preset is
    // about just that.
    const chosen = Object.entries(live.state).filter(([name]) => figure.fields[name].options);
    const preset = figure.presets?.[dataset.preset];
    live.goTo({ ...live.start, ...Object.fromEntries(chosen), ...preset }, "control");
  });
  inside.on("change", "[data-extra]", () => {
    const chosen = inside.all("[data-extra]").filter((box) => box.checked);
    const words = chosen.map((box) => box.dataset.extra).join(" ");
    live.goTo({ show: figure.fields.show.check("show", words) }, "control");
  });
  inside.on("toggle", ".share[open]", () => late.share(live));
  inside.on("toggle", ".numbers[open]", () => late.numbers(live));
  inside.on("click", "summary", ({ parentElement }) => closeMenus(live, [parentElement]));
  inside.on("keydown", ".menu", (menu, { key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  inside.on("focusout", ".menu", (menu, { relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
}

/**
 * Closes all menus but those among some elements.
 * @param {LiveFigure} live
 * @param {EventTarget[]} kept
 */
export function closeMenus({ inside }, kept) {
  for (const menu of inside.all(".menu")) if (!kept.includes(menu)) menu.open = false;
}

/**
 * Ticks the extras that are shown.
 * @param {LiveFigure} live
 */
export function writeMenus({ inside, state }) {
  for (const box of inside.all("[data-extra]")) box.checked = has(state.show, box.dataset.extra);
}
