/**
 * The plane on which figures are drawn and its handles: coordinates (mathematics: y up; SVG: pixels, y down), the nearest
 * handle, and moving handles with a pointer or the arrow keys. It knows nothing of Gaussians.
 *
 * @typedef {[number, number]} Point
 */

export const HALF_WIDTH = 4;
export const HALF_HEIGHT = 2.75;
/** Of a picture that has not been laid out, in pixels. */
const WIDTH = 640;
/** Half of 44 CSS pixels, the smallest target that a finger hits reliably. */
export const HIT_RADIUS = 22;

/** The smallest m·10ⁿ that is at least `value`, from some decade on. */
export function roundUp(
  /** @type {number} */ value,
  /** @type {number[]} */ multiples,
  decade = 1,
) {
  for (; ; decade *= 10) {
    const fit = multiples.find((multiple) => multiple * decade >= value);
    if (fit) return fit * decade;
  }
}

/** A window centred at the origin, `scale` times 8 × 5.5 units, drawn `width` pixels wide. */
export class Plane {
  scale = 1;
  width = WIDTH;

  get height() {
    return (this.width * HALF_HEIGHT) / HALF_WIDTH;
  }

  /** Pixels per unit of length. */
  get unit() {
    return this.width / (2 * HALF_WIDTH * this.scale);
  }

  /** Distance of the grid lines. */
  get step() {
    return roundUp(this.scale, [1, 2, 5]);
  }

  /** Make the window the smallest of a few round sizes that is at least `reach` times the smallest one. */
  fit(/** @type {number} */ reach) {
    this.scale = roundUp(reach, [1, 1.5, 2, 3, 5, 7.5]);
  }

  /** @returns {Point} */
  toPixels(/** @type {Point} */ [x, y]) {
    return [this.width / 2 + x * this.unit, this.height / 2 - y * this.unit];
  }

  /** @returns {Point} */
  fromPixels(/** @type {Point} */ [u, v]) {
    return [(u - this.width / 2) / this.unit, (this.height / 2 - v) / this.unit];
  }

  /** The nearest point of the window. @returns {Point} */
  clamped(/** @type {Point} */ [x, y]) {
    const [right, top] = [HALF_WIDTH * this.scale, HALF_HEIGHT * this.scale];
    return [Math.min(Math.max(x, -right), right), Math.min(Math.max(y, -top), top)];
  }

  /** To a ten-thousandth of a grid step: finer than a pixel, short enough to read. */
  rounded(/** @type {number} */ length) {
    const fine = 1e4 / this.step;
    return Math.round(length * fine) / fine;
  }

  /** Multiples of the grid step inside the window, of whose smallest form a half extent is given. */
  ticks(/** @type {number} */ half) {
    const count = Math.ceil((half * this.scale) / this.step) - 1;
    return Array.from({ length: 2 * count + 1 }, (_, index) => (index - count) * this.step);
  }
}

/**
 * @typedef {object} Handle
 * @property {SVGElement} element  focusable, with a shape of HIT_RADIUS that catches the pointer (`touch-action: none`)
 * @property {() => boolean} visible
 * @property {() => Point} position
 * @property {(point: Point, source: "pointer" | "keyboard") => void} move  to the legal state that is nearest to the point
 */

/** Arrow keys, as directions in the plane. @type {Record<string, Point>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Let the handles be moved, until the signal aborts. `settled` is called when a gesture has ended.
 *
 * @param {SVGSVGElement} svg
 * @param {Plane} plane
 * @param {Handle[]} handles
 * @param {() => void} settled
 * @param {AbortSignal} signal
 * @param {Pick<Handle, "position" | "move">} [backdrop]  what a mouse moves where there is no handle; a finger scrolls
 * @returns {() => boolean} whether a drag is under way
 */
export function makeMovable(svg, plane, handles, settled, signal, backdrop) {
  /** Each finger may hold a handle. @type {Map<number, {handle: Pick<Handle, "position" | "move">, grab: Point, last: string}>} */
  const drags = new Map();

  /** @returns {Point} */
  const pixelsAt = (/** @type {MouseEvent} */ event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      svg.getScreenCTM()?.inverse(),
    );
    return [x, y];
  };
  const distance = (/** @type {Point} */ pixels, /** @type {Handle} */ handle) => {
    const [u, v] = plane.toPixels(handle.position());
    return Math.hypot(u - pixels[0], v - pixels[1]);
  };
  // Hit areas overlap and the topmost one gets the event, hence the search for the nearest.
  const nearest = (/** @type {Point} */ pixels) =>
    handles
      .filter((handle) => handle.visible())
      .reduce((best, handle) =>
        distance(pixels, handle) < distance(pixels, best) ? handle : best,
      );
  const owner = (/** @type {Event} */ event) =>
    handles.find((handle) => handle.element.contains(/** @type {Node} */ (event.target)));

  svg.addEventListener(
    "pointerdown",
    (event) => {
      const pixels = pixelsAt(event);
      const nearby = owner(event) && nearest(pixels);
      const handle = nearby ?? (event.pointerType === "mouse" ? backdrop : undefined);
      if (event.button !== 0 || !handle) return;
      const [x, y] = plane.fromPixels(pixels);
      const [hx, hy] = handle.position();
      drags.set(event.pointerId, { handle, grab: [hx - x, hy - y], last: `${pixels}` });
      svg.setPointerCapture(event.pointerId);
      nearby?.element.focus({ preventScroll: true });
    },
    { signal },
  );

  // The focus has been set above; the default action would give it to the topmost handle, and select text.
  svg.addEventListener(
    "mousedown",
    (event) => {
      if (owner(event)) event.preventDefault();
    },
    { signal },
  );

  svg.addEventListener(
    "pointermove",
    (event) => {
      const drag = drags.get(event.pointerId);
      if (!drag) return;
      const pixels = pixelsAt(event);
      if (drag.last === `${pixels}`) return; // browsers repeat moves that move nothing
      drag.last = `${pixels}`;
      const [x, y] = plane.fromPixels(pixels);
      drag.handle.move([x + drag.grab[0], y + drag.grab[1]], "pointer");
    },
    { signal },
  );

  // Follows every end of a drag: release, cancellation by the browser, another element taking the capture.
  svg.addEventListener(
    "lostpointercapture",
    (event) => {
      if (drags.delete(event.pointerId)) settled();
    },
    { signal },
  );

  svg.addEventListener(
    "keydown",
    (event) => {
      const handle = owner(event);
      const arrow = ARROWS[event.key];
      if (!handle || !arrow || event.ctrlKey || event.metaKey) return;
      event.preventDefault(); // the arrows would scroll the page, and Alt with them turn its history
      const length = plane.step * (event.shiftKey ? 1 : event.altKey ? 0.01 : 0.1);
      const [x, y] = handle.position();
      handle.move([x + length * arrow[0], y + length * arrow[1]], "keyboard");
    },
    { signal },
  );

  svg.addEventListener(
    "keyup",
    (event) => {
      if (owner(event) && ARROWS[event.key]) settled();
    },
    { signal },
  );

  return () => drags.size > 0;
}
