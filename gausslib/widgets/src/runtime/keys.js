/**
 * Moves handles on a plane with the keyboard. The plane is one stop of the Tab key: there the arrow
 * keys choose a handle, and Enter takes it; then they move it, and Escape lets it go.
 *
 * @typedef {import("./moving.js").Handle} Handle
 * @typedef {import("./moving.js").Stage} Stage
 * @typedef {import("./plane.js").Point} Point
 */
import { setAttributes } from "./inside.js";

/**
 * The arrow keys, as directions in the plane.
 * @type {{[key: string]: Point}}
 */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Brings a handle to where a key of it says, if that is a key for handles.
 * @param {Stage} stage
 * @param {Handle} handle
 * @param {KeyboardEvent} event
 */
function push({ plane }, handle, { key, altKey, shiftKey }) {
  const [x, y] = handle.position();
  const { right, step } = plane;
  const go = (/** @type {Point} */ point) => handle.move(point, "keyboard");
  if (key === "Home") go([-right, y]);
  else if (key === "End") go([right, y]);
  else if (key === "PageUp") go([x, y + step]);
  else if (key === "PageDown") go([x, y - step]);
  if (!ARROWS[key]) return;
  const [dx, dy] = ARROWS[key];
  const length = step * (shiftKey ? 1 : altKey ? 0.01 : 0.1);
  go([x + length * dx, y + length * dy]);
  const [u, v] = handle.position();
  // Away from a circle there is no way on: the key turns to the next place along it.
  const isDead = Math.hypot(u - x, v - y) < length / 100;
  if (handle.isRound && isDead) go([x - length * dy, y + length * dx]);
}

/** What a handle does with these keys, the page must not do: scroll, turn its history. */
const KEYS = [...Object.keys(ARROWS), "Home", "End", "PageUp", "PageDown", " "];

/** How many handles have a name by which their plane refers to them. */
let named = 0;

/** The keyboard of one plane. */
export class Keys {
  #stage;
  /** The handle that is chosen, among those that are visible. */
  #index = 0;
  /** Which handles are visible, as it is written in the document. */
  #known = "";

  /**
   * @param {Stage} stage
   * @param {AbortSignal} signal
   */
  constructor(stage, signal) {
    this.#stage = stage;
    const { svg, handles } = stage;
    for (const { element } of handles) element.id = `handle-${++named}`;
    svg.addEventListener("keydown", (event) => this.#press(event), { signal });
    const release = (/** @type {KeyboardEvent} */ event) => {
      if (event.target !== svg && KEYS.includes(event.key)) stage.settle();
    };
    svg.addEventListener("keyup", release, { signal });
    svg.addEventListener("focusin", ({ target }) => this.#enter(target), { signal });
  }

  get #visible() {
    return this.#stage.handles.filter((handle) => handle.isVisible());
  }

  /** Where the Tab key stops: at the plane, or at its only handle. */
  update() {
    const { svg, handles } = this.#stage;
    const visible = this.#visible;
    const now = visible.map(({ name }) => name).join();
    if (now === this.#known) return; // Figures change sixty times a second.
    this.#known = now;
    const only = visible.length === 1 ? visible[0] : undefined;
    this.#index = Math.min(this.#index, Math.max(visible.length - 1, 0));
    for (const handle of handles)
      setAttributes(handle.element, {
        tabindex: handle === only ? 0 : -1,
        "aria-hidden": `${!visible.includes(handle)}`, // Browsers speak of SVG that is not shown.
      });
    setAttributes(svg, { tabindex: visible.length > 1 ? 0 : -1 });
    this.#show();
  }

  /** Tells which handle is chosen, to eyes and ears. */
  #show() {
    const chosen = this.#visible[this.#index];
    for (const { element } of this.#stage.handles)
      element.classList.toggle("chosen", element === chosen?.element);
    if (chosen) setAttributes(this.#stage.svg, { "aria-activedescendant": chosen.element.id });
  }

  /** @param {EventTarget | null} target */
  #enter(target) {
    const index = this.#visible.findIndex(({ element }) => element === target);
    if (index < 0) return;
    this.#index = index;
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey) return;
    const { svg, begin } = this.#stage;
    const { key, target } = event;
    if (KEYS.includes(key)) event.preventDefault();
    const handle = this.#visible.find(({ element }) => element === target);
    if (handle && key === "Escape") svg.focus();
    if (handle && KEYS.includes(key)) begin();
    if (handle) push(this.#stage, handle, event);
    if (target !== svg) return;
    const visible = this.#visible;
    const [dx, dy] = ARROWS[key] ?? [0, 0];
    this.#index = (this.#index + dx - dy + visible.length) % visible.length;
    this.#show();
    if (key !== "Enter" && key !== " ") return;
    event.preventDefault(); // Some browsers click what has the focus.
    visible[this.#index].element.focus();
  }
}
