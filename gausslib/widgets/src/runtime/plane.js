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
 * The smallest number m·10ⁿ that is at least `value`, for the multiples m and from some decade on.
 * @param {number} value
 * @param {number[]} multiples
 * @param {number} [decade]
 * @returns {number}
 */
export function roundUp(value, multiples, decade = 1) {
  const fit = multiples.find((multiple) => multiple * decade >= value);
  return fit ? fit * decade : roundUp(value, multiples, decade * 10);
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
    return roundUp(this.scale, [1, 2, 5]);
  }

  /**
   * Makes the window the smallest of a few round sizes that is at least `reach` times the smallest.
   * @param {number} reach
   */
  fit(reach) {
    this.scale = roundUp(reach, [1, 1.5, 2, 3, 5, 7.5]);
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
}
