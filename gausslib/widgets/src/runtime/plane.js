/**
 * The plane on which figures are drawn: its coordinates go up, as in mathematics, and its pixels go
 * down, as in SVG. It knows nothing of Gaussians.
 *
 * @typedef {[number, number]} Point
 */

export const HALF_WIDTH = 4;
export const HALF_HEIGHT = 2.75;
/** The width of a picture that has not been laid out, in pixels. */
const WIDTH = 640;
/** The hit area is 44 CSS pixels wide, the smallest target that a finger hits reliably. */
export const HIT_RADIUS = 22;

/**
 * The smallest number m·10ⁿ that is at least `value`, for the multiples m and from some n on.
 * @param {number} value
 * @param {number[]} multiples
 * @param {number} [exponent]
 * @returns {number}
 */
export function roundUp(value, multiples, exponent = 0) {
  const decade = 10 ** exponent;
  const fit = multiples.find((multiple) => multiple * decade >= value);
  return fit ? fit * decade : roundUp(value, multiples, exponent + 1);
}

/** No window and no grid is smaller than ten to this. */
const SMALLEST = -9;

/** A window that is so many times too large shows too little. */
export const TOO_LARGE = 2.5;

/**
 * The size of a window: the smallest of a few round ones that holds what reaches `reach` times as
 * far as the usual window, which is kept for what is somewhat smaller.
 * @param {number} reach
 */
export function scaleFor(reach) {
  const sizes = [1, 1.5, 2, 3, 5, 7.5];
  return reach > 1 / TOO_LARGE ? roundUp(reach, sizes) : roundUp(reach, sizes, SMALLEST);
}

/** A window centred at the origin, `scale` times 8 × 5.5 units, drawn `width` pixels wide. */
export class Plane {
  scale = 1;
  width = WIDTH;

  get height() {
    return (this.width * HALF_HEIGHT) / HALF_WIDTH;
  }

  /** The right edge. */
  get right() {
    return HALF_WIDTH * this.scale;
  }

  /** The upper edge. */
  get top() {
    return HALF_HEIGHT * this.scale;
  }

  /** How many pixels a unit of length has. */
  get unit() {
    return this.width / (2 * HALF_WIDTH * this.scale);
  }

  /** The distance of the grid lines. */
  get step() {
    return roundUp(this.scale, [1, 2, 5], SMALLEST);
  }

  /**
   * Makes the window hold what reaches so far.
   * @param {number} reach
   */
  fit(reach) {
    this.scale = scaleFor(reach);
  }

  /**
   * @param {Point} point
   * @returns {Point}
   */
  toPixels([x, y]) {
    return [this.width / 2 + x * this.unit, this.height / 2 - y * this.unit];
  }

  /**
   * @param {Point} pixels
   * @returns {Point}
   */
  fromPixels([u, v]) {
    return [(u - this.width / 2) / this.unit, (this.height / 2 - v) / this.unit];
  }

  /**
   * The nearest point of the window.
   * @param {Point} point
   * @returns {Point}
   */
  clamped([x, y]) {
    const { right, top } = this;
    return [Math.min(Math.max(x, -right), right), Math.min(Math.max(y, -top), top)];
  }

  /**
   * Whether a point is in the window.
   * @param {Point} point
   */
  holds([x, y]) {
    return Math.abs(x) <= this.right && Math.abs(y) <= this.top;
  }

  /**
   * A length to a ten-thousandth of a grid step: finer than a pixel, short enough to read.
   * @param {number} length
   */
  rounded(length) {
    const fine = 1e4 / this.step;
    return Math.round(length * fine) / fine;
  }

  /**
   * Tick positions inside the window.
   * @param {number} half  half its width or height at scale 1
   */
  ticks(half) {
    const count = Math.ceil((half * this.scale) / this.step) - 1;
    return Array.from({ length: 2 * count + 1 }, (_, index) => (index - count) * this.step);
  }

  /**
   * The numbers of the grid lines, each with the point of the edge, in pixels, where it belongs,
   * and with the direction from there into the window.
   * @param {boolean} isLine  whether there are lines across it alone
   */
  numbers(isLine) {
    /** @type {(tick: number, point: Point, angle: number) => [Point, string, number]} */
    const numbered = (tick, point, angle) => [
      point,
      `${+tick.toFixed(9)}`.replace("-", "−"),
      angle,
    ];
    const below = this.ticks(HALF_WIDTH).map((x) =>
      numbered(x, [this.toPixels([x, 0])[0], this.height], Math.PI / 2),
    );
    const left = this.ticks(HALF_HEIGHT).map((y) => numbered(y, [0, this.toPixels([0, y])[1]], 0));
    return isLine ? below : [...below, ...left];
  }
}

/** The paper of a panel: a plane whose coordinates are the pixels of its drawing, and go down. */
export class Paper extends Plane {
  /** How many pixels of the drawing there are to a pixel of the screen. */
  grain = 1;
  #height;

  /** @param {{width: number, height: number}} panel  the size of its drawing */
  constructor({ width, height }) {
    super();
    this.width = width;
    this.#height = height;
  }

  get height() {
    return this.#height;
  }

  /**
   * Takes in how large it is on the screen.
   * @param {{width: number, height: number}} size
   */
  lay({ width, height }) {
    this.grain = Math.max(this.width / width, this.height / height);
  }

  get unit() {
    return 1 / this.grain;
  }

  get right() {
    return this.width;
  }

  get step() {
    return this.width / 20;
  }

  /** @param {Point} point */
  toPixels(point) {
    return point;
  }

  /** @param {Point} pixels */
  fromPixels(pixels) {
    return pixels;
  }

  /**
   * What is drawn is never out of reach.
   * @param {Point} point
   */
  clamped(point) {
    return point;
  }

  holds() {
    return true;
  }
}
