/** Host 2, a notebook with a kernel: keeps the element and the traits of `GaussianPair` the same. */
import { GaussPair } from "./gauss-pair.js";

// The notebook imports this module once per widget, each time from another address.
if (!customElements.get("gauss-pair")) customElements.define("gauss-pair", GaussPair);

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
  const figure = /** @type {GaussPair} */ (document.createElement("gauss-pair"));
  for (const name of ["p", "q", "show"]) figure.setAttribute(name, String(model.get(name)));

  // Equal states change nothing in the element, and what came from the kernel is not sent back: no loops.
  const receiveP = () => { figure.p = model.get("p"); };
  const receiveQ = () => { figure.q = model.get("q"); };
  const receiveShow = () => figure.setAttribute("show", model.get("show"));
  model.on("change:p", receiveP);
  model.on("change:q", receiveQ);
  model.on("change:show", receiveShow);

  let frame = 0;
  const send = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    const { p, q } = figure;
    model.set("p", p);
    model.set("q", q);
    model.save_changes();
  };
  figure.addEventListener("change", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.source !== "property") frame ||= requestAnimationFrame(send);
  });
  figure.addEventListener("settle", send);

  const stopTheme = followTheme(figure);
  el.append(figure);
  return () => {
    if (frame) send();
    stopTheme();
    model.off("change:p", receiveP);
    model.off("change:q", receiveQ);
    model.off("change:show", receiveShow);
    figure.remove();
  };
}

export default { render };
