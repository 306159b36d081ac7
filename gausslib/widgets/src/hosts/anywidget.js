/**
 * Host 2, a notebook with a kernel: keeps an element and the traits of its Python class the same.
 *
 * @typedef {import("../runtime/figure.js").Definition} Definition
 *
 * @typedef {object} Model  the part of anywidget's model that is used here
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: () => void) => void} on
 * @property {(event: string, callback: () => void) => void} off
 *
 * @typedef {object} View
 * @property {Model} model
 * @property {HTMLElement} el
 */
import "./notebook.js"; // The runtime is there before the next import asks for it.
import { followNotebook } from "../walks/follow.js";

/**
 * Gives a figure the theme of JupyterLab, and follows it; outside JupyterLab nothing is set.
 * @param {HTMLElement} figure
 * @returns {() => void} ends that
 */
function followTheme(figure) {
  const apply = () => {
    const light = document.body.dataset.jpThemeLight;
    figure.style.colorScheme = light === undefined ? "" : light === "true" ? "light" : "dark";
  };
  const observer = new MutationObserver(apply);
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  apply();
  return () => observer.disconnect();
}

/**
 * Shows a figure in the place that the notebook has for it.
 * @param {Definition} definition
 * @param {View} view
 * @returns {() => void} what to do when the place is gone
 */
function render({ tag, fields }, { model, el }) {
  const figure = /** @type {any} */ (document.createElement(tag));
  const names = Object.keys(fields);
  for (const name of names) figure.setAttribute(name, fields[name].write(model.get(name)));

  // Equal states change nothing in the element, and what came from the kernel is not sent back:
  // so there are no loops.
  /** @type {[string, () => void][]} */
  const receivers = names.map((name) => [
    `change:${name}`,
    () => {
      figure[name] = model.get(name);
    },
  ]);
  const link = () => figure.setAttribute("link", model.get("link"));
  receivers.push(["change:link", link]);
  link();
  for (const receiver of receivers) model.on(...receiver);

  let frame = 0;
  const send = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    for (const name of names) model.set(name, figure[name]);
    model.save_changes();
  };
  figure.addEventListener("change", (/** @type {CustomEvent} */ event) => {
    if (event.detail.source !== "property") frame ||= requestAnimationFrame(send);
  });
  figure.addEventListener("settle", send);

  const stopTheme = followTheme(figure);
  const present = new AbortController();
  el.append(figure);
  followNotebook(figure, model.get("_name"), present.signal);
  return () => {
    figure.removeEventListener("settle", send); // A figure that plays settles when it is removed.
    if (frame) send();
    stopTheme();
    present.abort();
    for (const receiver of receivers) model.off(...receiver);
    figure.remove();
  };
}

/**
 * The module of a figure as anywidget wants it.
 * @param {Definition} figure
 * @param {string} [look]  the style of this figure alone
 */
export function widgetOf(figure, look) {
  gaussRuntime.define(figure, look);
  return { render: (/** @type {View} */ view) => render(figure, view) };
}
