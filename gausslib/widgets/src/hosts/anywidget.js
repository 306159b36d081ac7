/** Host 2, a notebook with a kernel: keeps an element and the traits of its Python class the same. */
import { defineAll } from "../runtime/element.js";
import { FIGURES } from "./figures.js";

// The notebook imports this module once per widget, each time from another address.
defineAll(FIGURES);

/**
 * @typedef {object} Model  the part of anywidget's model that is used here
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: () => void) => void} on
 * @property {(event: string, callback: () => void) => void} off
 */

/** Calls `callback` now and on every change of JupyterLab's theme; outside JupyterLab nothing is set. */
function followTheme(/** @type {HTMLElement} */ figure) {
  const apply = () => {
    const light = document.body.dataset.jpThemeLight;
    figure.style.colorScheme = light === undefined ? "" : light === "true" ? "light" : "dark";
  };
  const observer = new MutationObserver(apply);
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  apply();
  return () => observer.disconnect();
}

function render(/** @type {{model: Model, el: HTMLElement}} */ { model, el }) {
  const figure = /** @type {any} */ (document.createElement(model.get("_element")));
  const { fields } = figure.constructor;
  const names = Object.keys(fields);
  for (const name of names) figure.setAttribute(name, fields[name].write(model.get(name)));

  // Equal states change nothing in the element, and what came from the kernel is not sent back: no loops.
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
  el.append(figure);
  return () => {
    figure.removeEventListener("settle", send); // a figure that plays settles when it is removed
    if (frame) send();
    stopTheme();
    for (const receiver of receivers) model.off(...receiver);
    figure.remove();
  };
}

export default { render };
