/**
 * Moves handles on a plane with a pointer or the arrow keys.
 *
 * @typedef {import("./plane.js").Plane} Plane
 * @typedef {import("./plane.js").Point} Point
 *
 * @callback Move  goes to the legal state that is nearest to a point
 * @param {Point} point
 * @param {"pointer" | "keyboard"} source
 * @returns {void}
 *
 * @typedef {object} Movable
 * @property {() => Point} position
 * @property {Move} move
 *
 * @typedef {object} OwnHandle
 * @property {SVGElement} element  it can have the focus, and has a shape of HIT_RADIUS that catches
 *     the pointer (`touch-action: none`)
 * @property {() => boolean} isVisible
 *
 * @typedef {Movable & OwnHandle} Handle
 *
 * @typedef {object} Stage  what is moved, and where
 * @property {SVGSVGElement} svg
 * @property {Plane} plane
 * @property {Handle[]} handles
 * @property {Movable} [backdrop]  what a mouse moves where there is no handle; a finger scrolls
 * @property {() => void} settle  what is done when a gesture has ended
 *
 * @typedef {object} Drag
 * @property {Movable} movable
 * @property {Point} grab  from the pointer to the position when the drag began
 * @property {Point} last  where the pointer was last, in pixels
 */

/**
 * The arrow keys, as directions in the plane.
 * @type {{[key: string]: Point}}
 */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** The gestures on one plane: they let its handles be moved, until a signal aborts. */
export class Gestures {
  #stage;
  /**
   * The drags that are under way: each finger may hold a handle.
   * @type {Map<number, Drag>}
   */
  #drags = new Map();

  /**
   * @param {Stage} stage
   * @param {AbortSignal} signal
   */
  constructor(stage, signal) {
    this.#stage = stage;
    const { svg, settle } = stage;
    const end = (/** @type {PointerEvent} */ { pointerId }) => {
      if (this.#drags.delete(pointerId)) settle();
    };
    svg.addEventListener("pointerdown", (event) => this.#grab(event), { signal });
    svg.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    // It follows every end of a drag: release, cancellation by the browser, another element that
    // takes the capture.
    svg.addEventListener("lostpointercapture", end, { signal });
    // `#grab` has set the focus. The default action would give it to the topmost handle, and select
    // text.
    const keepFocus = (/** @type {Event} */ event) => this.#owner(event) && event.preventDefault();
    svg.addEventListener("mousedown", keepFocus, { signal });
    svg.addEventListener("keydown", (event) => this.#push(event), { signal });
    const release = (/** @type {KeyboardEvent} */ event) => {
      if (this.#owner(event) && ARROWS[event.key]) settle();
    };
    svg.addEventListener("keyup", release, { signal });
  }

  get isDragging() {
    return this.#drags.size > 0;
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point}
   */
  #pixelsAt({ clientX, clientY }) {
    const toSvg = this.#stage.svg.getScreenCTM()?.inverse();
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(toSvg);
    return [x, y];
  }

  /** @param {Event} event */
  #owner({ target }) {
    const inside = /** @type {Node} */ (target);
    return this.#stage.handles.find(({ element }) => element.contains(inside));
  }

  /**
   * Hit areas overlap and the topmost one gets the event, hence the search for the nearest.
   * @param {Point} pixels
   */
  #nearest([x, y]) {
    const { handles, plane } = this.#stage;
    const distance = (/** @type {Handle} */ handle) => {
      const [u, v] = plane.toPixels(handle.position());
      return Math.hypot(u - x, v - y);
    };
    return handles
      .filter((handle) => handle.isVisible())
      .reduce((best, handle) => (distance(handle) < distance(best) ? handle : best));
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    const { svg, plane, backdrop } = this.#stage;
    const pixels = this.#pixelsAt(event);
    const handle = this.#owner(event) && this.#nearest(pixels);
    const movable = handle ?? (event.pointerType === "mouse" ? backdrop : undefined);
    if (event.button !== 0 || !movable) return;
    const [x, y] = plane.fromPixels(pixels);
    const [centreX, centreY] = movable.position();
    const grab = /** @type {Point} */ ([centreX - x, centreY - y]);
    this.#drags.set(event.pointerId, { movable, grab, last: pixels });
    svg.setPointerCapture(event.pointerId);
    handle?.element.focus({ preventScroll: true });
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const drag = this.#drags.get(event.pointerId);
    if (!drag) return;
    const pixels = this.#pixelsAt(event);
    const isRepeated = pixels[0] === drag.last[0] && pixels[1] === drag.last[1];
    if (isRepeated) return; // Browsers tell of moves that move nothing.
    drag.last = pixels;
    const [x, y] = this.#stage.plane.fromPixels(pixels);
    drag.movable.move([x + drag.grab[0], y + drag.grab[1]], "pointer");
  }

  /** @param {KeyboardEvent} event */
  #push(event) {
    const handle = this.#owner(event);
    const arrow = ARROWS[event.key];
    if (!handle || !arrow || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // The arrows would scroll the page, and Alt with them turn its history.
    const fine = event.altKey ? 0.01 : 0.1;
    const length = this.#stage.plane.step * (event.shiftKey ? 1 : fine);
    const [x, y] = handle.position();
    handle.move([x + length * arrow[0], y + length * arrow[1]], "keyboard");
  }
}
