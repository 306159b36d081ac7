/**
 * Moves handles on a plane with a pointer: by dragging, or by a tap on a handle and another on its
 * new place.
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
 * @property {string} name  what it is called when it is spoken of
 * @property {boolean} isRound  whether its places are a closed curve
 * @property {() => boolean} isVisible
 *
 * @typedef {Movable & OwnHandle} Handle
 *
 * @typedef {object} Stage  what is moved, and where
 * @property {SVGSVGElement} svg
 * @property {Plane} plane
 * @property {Handle[]} handles
 * @property {Movable} [backdrop]  what is moved where there is no handle
 * @property {() => () => void} begin  makes ready for a gesture; what it returns takes that back
 * @property {() => void} settle  what is done when a gesture has ended
 * @property {(words: string) => void} say  tells those who do not see it
 *
 * @typedef {object} Drag
 * @property {Handle | undefined} handle
 * @property {Movable} movable
 * @property {() => void} cancel  brings back the state from before it
 * @property {Point} grab  from the pointer to the position when the drag began
 * @property {Point} start  where the pointer was then, in pixels
 * @property {Point} last  where the pointer was last
 * @property {boolean} hasMoved
 */

/** Fingers and unsteady hands move by so many pixels in a tap. */
const SLOP = 3;

/** The gestures on one plane: they let its handles be moved, until a signal aborts. */
export class Gestures {
  #stage;
  /**
   * The drags that are under way: each finger may hold a handle.
   * @type {Map<number, Drag>}
   */
  #drags = new Map();
  /**
   * The handle that was tapped: the next tap tells it where to go.
   * @type {Handle | undefined}
   */
  #picked;
  /** Whether the last press was more than a tap on a place. */
  #isTaken = false;

  /**
   * @param {Stage} stage
   * @param {AbortSignal} signal
   */
  constructor(stage, signal) {
    this.#stage = stage;
    const { svg } = stage;
    /** @type {[string, (event: any) => void][]} */
    const listeners = [
      ["pointerdown", (event) => this.#grab(event)],
      ["pointermove", (event) => this.#follow(event)],
      ["pointerleave", () => this.#mark("near")],
      // The browser has a use of its own for the finger: it scrolls the page.
      ["pointercancel", (event) => this.#takeBack(event)],
      // It follows every end of a drag: release, cancellation, another element that takes the
      // capture.
      ["lostpointercapture", (event) => this.#end(event)],
      // `#grab` has set the focus. The default action would give it to the topmost handle, and
      // select text.
      ["mousedown", (event) => this.#owner(event) && event.preventDefault()],
      ["click", (event) => this.#put(event)],
      ["focusout", ({ relatedTarget }) => svg.contains(relatedTarget) || this.#pick()],
    ];
    for (const [type, act] of listeners) svg.addEventListener(type, act, { signal });
    const letGo = (/** @type {KeyboardEvent} */ { key }) => key === "Escape" && this.#cancel();
    document.addEventListener("keydown", letGo, { signal });
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
   * The handle that a press would take. Hit areas overlap and the topmost one gets the event, hence
   * the search for the nearest.
   * @param {PointerEvent} event
   */
  #nearest(event) {
    if (!this.#owner(event)) return undefined;
    const { handles, plane } = this.#stage;
    const [x, y] = this.#pixelsAt(event);
    const distance = (/** @type {Handle} */ handle) => {
      const [u, v] = plane.toPixels(handle.position());
      return Math.hypot(u - x, v - y);
    };
    return handles
      .filter((handle) => handle.isVisible())
      .reduce((best, handle) => (distance(handle) < distance(best) ? handle : best));
  }

  /**
   * Gives one handle a class, or none.
   * @param {string} name
   * @param {Handle} [marked]
   */
  #mark(name, marked) {
    for (const handle of this.#stage.handles)
      handle.element.classList.toggle(name, handle === marked);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    const { svg, plane, backdrop, begin } = this.#stage;
    const cancel = begin();
    const handle = this.#nearest(event);
    // A tap on a place is for the handle that waits for it.
    const movable = handle ?? (this.#picked ? undefined : backdrop);
    this.#isTaken = Boolean(handle);
    if (event.button !== 0 || !movable) return;
    const pixels = this.#pixelsAt(event);
    const [x, y] = plane.fromPixels(pixels);
    const [centreX, centreY] = movable.position();
    this.#drags.set(event.pointerId, {
      handle,
      movable,
      cancel,
      grab: [centreX - x, centreY - y],
      start: pixels,
      last: pixels,
      hasMoved: false,
    });
    svg.setPointerCapture(event.pointerId);
    handle?.element.focus({ preventScroll: true });
  }

  /** @param {PointerEvent} event */
  #follow(event) {
    const drag = this.#drags.get(event.pointerId);
    if (drag) this.#drag(drag, event);
    else if (!this.isDragging) this.#mark("near", this.#nearest(event));
  }

  /**
   * @param {Drag} drag
   * @param {PointerEvent} event
   */
  #drag(drag, event) {
    const [u, v] = this.#pixelsAt(event);
    const isRepeated = u === drag.last[0] && v === drag.last[1];
    if (isRepeated) return; // Browsers tell of moves that move nothing.
    drag.last = [u, v];
    drag.hasMoved ||= Math.hypot(u - drag.start[0], v - drag.start[1]) > SLOP;
    if (!drag.hasMoved) return;
    this.#isTaken = true;
    const [x, y] = this.#stage.plane.fromPixels(drag.last);
    drag.movable.move([x + drag.grab[0], y + drag.grab[1]], "pointer");
  }

  /** @param {PointerEvent} event */
  #end({ pointerId }) {
    const drag = this.#drags.get(pointerId);
    if (!drag) return;
    this.#drags.delete(pointerId);
    if (drag.hasMoved) {
      this.#pick();
      this.#stage.settle();
    } else if (drag.handle) this.#pick(drag.handle === this.#picked ? undefined : drag.handle);
  }

  /**
   * Lets a handle wait for its new place, or none.
   * @param {Handle} [handle]
   */
  #pick(handle) {
    this.#picked = handle;
    this.#mark("picked", handle);
    if (handle) this.#stage.say(`${handle.name}: tap its place`);
  }

  /**
   * Brings the handle that waits to the place of a tap.
   * @param {MouseEvent} event
   */
  #put(event) {
    const { plane, begin, settle } = this.#stage;
    if (!this.#picked || this.#isTaken) return;
    begin();
    this.#picked.move(plane.fromPixels(this.#pixelsAt(event)), "pointer");
    this.#pick();
    settle();
  }

  /**
   * Takes the drag of a pointer back.
   * @param {{pointerId: number}} pointer
   */
  #takeBack({ pointerId }) {
    const drag = this.#drags.get(pointerId);
    this.#drags.delete(pointerId);
    drag?.cancel();
  }

  /** Takes all drags back that are under way. */
  #cancel() {
    this.#pick();
    for (const pointerId of this.#drags.keys()) {
      this.#takeBack({ pointerId });
      this.#stage.svg.releasePointerCapture(pointerId);
    }
  }
}
