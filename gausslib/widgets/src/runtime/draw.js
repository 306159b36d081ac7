/**
 * SVG as text: the pieces of which figures draw their scenes and charts.
 *
 * @typedef {import("./plane.js").Plane} Plane
 * @typedef {import("./plane.js").Point} Point
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 *
 * @typedef {Pick<Plane, "toPixels">} Places  a plane, or whatever else turns points into pixels
 */

/**
 * A length to a hundredth of a pixel.
 * @param {number} value
 */
export function pixel(value) {
  return Math.round(value * 100) / 100;
}

/**
 * A point as SVG writes it, to a tenth of a pixel: figures write hundreds of them in a frame, and
 * `toFixed` is twice as fast as to round and to write what comes out.
 * @param {Places} plane
 * @param {Point} point
 */
export function at(plane, point) {
  const [u, v] = plane.toPixels(point);
  return `${u.toFixed(1)} ${v.toFixed(1)}`;
}

/**
 * @param {string} d  the path as SVG has it
 * @param {string} name  its classes
 */
export function path(d, name) {
  return `<path class="${name}" d="${d}"/>`;
}

/**
 * Words at a place in pixels.
 * @param {number} u
 * @param {number} v
 * @param {string | number} words
 * @param {string} [name]  their classes
 * @param {string} [anchor]
 */
export function label(u, v, words, name = "say", anchor = "start") {
  const place = `x="${pixel(u)}" y="${pixel(v)}"`;
  return `<text class="${name}" ${place} text-anchor="${anchor}">${words}</text>`;
}

/**
 * Words beside a point.
 * @param {Places} plane
 * @param {Point} point
 * @param {string} name  their classes
 * @param {string | number} words
 * @param {number} [dx]  how far they are from the point, in pixels
 * @param {number} [dy]
 * @param {string} [anchor]
 */
export function text(plane, point, name, words, dx = 0, dy = 0, anchor = "start") {
  const [u, v] = plane.toPixels(point);
  return label(u + dx, v + dy, words, name, anchor);
}

/**
 * A matrix of numbers after its symbol, all in pixels.
 * @param {string} symbol
 * @param {string[][]} rows
 * @param {number} [left]  the left edge of its bracket
 * @param {number} [top]
 * @param {number} [across]  how far its columns are apart
 * @param {number} [down]  how far its rows are apart
 */
export function matrix(symbol, rows, left = 0, top = 0, across = 62, down = 20) {
  const right = left + across * rows.length + 8;
  const height = down * rows.length;
  const entry = (/** @type {number} */ u, /** @type {number} */ v, /** @type {string} */ said) =>
    label(u, v, said, "say gauss-number", "end");
  const bracket = `M${left + 6} ${top}h-6v${height}h6M${right - 6} ${top}h6v${height}h-6`;
  const entries = rows.flatMap((row, i) =>
    row.map((said, j) => entry(left + across * (j + 1), top + down * (i + 0.5) + 5, said)),
  );
  const equals = entry(left - 6, top + height / 2 + 5, `${symbol} =`);
  return path(bracket, "bell at") + equals + entries.join("");
}

/**
 * The lines through lists of points.
 * @param {Places} plane
 * @param {Point[][]} lists
 */
export function lines(plane, lists) {
  return lists.map((points) => `M${points.map((point) => at(plane, point)).join("L")}`).join("");
}

/**
 * A polygon.
 * @param {Places} plane
 * @param {Point[]} points
 */
export function outline(plane, points) {
  return `${lines(plane, [points])}Z`;
}

/**
 * Points, as a path to be stroked with round ends.
 * @param {Places} plane
 * @param {Point[]} points
 */
export function dots(plane, points) {
  return points.map((point) => `M${at(plane, point)}h0`).join("");
}

/**
 * The ellipse of a Gaussian, given by its five numbers, at `size` standard deviations.
 * @param {Plane} plane
 * @param {Axes} axes
 * @param {string} name  its classes
 * @param {number} [size]
 */
export function ellipse(plane, [x, y, s1, s2, angle], name, size = 1) {
  const unit = plane.unit * size;
  const radii = `rx="${pixel(s1 * unit)}" ry="${pixel(s2 * unit)}"`;
  const degrees = pixel((-angle * 180) / Math.PI);
  const place = `translate(${at(plane, [x, y])}) rotate(${degrees})`;
  return `<ellipse class="${name}" ${radii} transform="${place}"/>`;
}

/**
 * A Gaussian at one and two standard deviations, with what else belongs to it.
 * @param {Plane} plane
 * @param {Axes} axes
 * @param {string} name  its classes
 * @param {string} [more]
 */
export function gaussianEllipses(plane, axes, name, more = "") {
  const ellipses = ellipse(plane, axes, "two", 2) + ellipse(plane, axes, "one");
  return `<g class="${name}">${ellipses}${more}</g>`;
}

const LAYER_SIZES = [2.5, 2, 1.6, 1.25, 0.95, 0.65, 0.35];

/**
 * The density of a Gaussian, as layers of ellipses.
 * @param {Plane} plane
 * @param {Axes} axes
 * @param {string} name  its classes
 */
export function layers(plane, axes, name) {
  return LAYER_SIZES.map((size) => ellipse(plane, axes, `${name} layer`, size)).join("");
}

/**
 * Arrows, as a path to be stroked and filled. An arrow that is shorter than its head has none: its
 * direction means nothing.
 * @param {Places} plane
 * @param {[Point, Point][]} pairs  from where to where
 * @param {number} [head]  the length of the heads in pixels
 */
export function arrows(plane, pairs, head = 7) {
  const drawn = pairs.map(([from, to]) => arrow(plane.toPixels(from), plane.toPixels(to), head));
  return drawn.join("");
}

/**
 * One arrow in pixels.
 * @param {Point} from
 * @param {Point} to
 * @param {number} head
 */
function arrow([u, v], [x, y], head) {
  const length = Math.hypot(x - u, y - v);
  const start = `M${pixel(u)} ${pixel(v)}`;
  const tip = `${pixel(x)} ${pixel(y)}`;
  if (length < head) return `${start}L${tip}`;
  const cos = ((x - u) / length) * head;
  const sin = ((y - v) / length) * head;
  const neck = `${pixel(x - cos)} ${pixel(y - sin)}`;
  const corner = (/** @type {number} */ side) =>
    `${pixel(x - cos - side * sin)} ${pixel(y - sin + side * cos)}`;
  return `${start}L${neck}M${tip}L${corner(0.45)}L${corner(-0.45)}Z`;
}
