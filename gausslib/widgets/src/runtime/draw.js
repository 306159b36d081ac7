/**
 * SVG as text: the pieces of which figures draw their scenes and charts. Points are of a plane, or of whatever else turns
 * them into pixels.
 *
 * @typedef {import("./plane.js").Plane} Plane
 * @typedef {Pick<Plane, "toPixels">} Places
 * @typedef {import("./plane.js").Point} Point
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 */

/** To a hundredth of a pixel. */
export const pixel = (/** @type {number} */ value) => Math.round(value * 100) / 100;

/** A point as SVG writes it, to a tenth of a pixel: figures write hundreds of them in a frame. */
export function at(/** @type {Places} */ plane, /** @type {Point} */ point) {
  const [u, v] = plane.toPixels(point);
  return `${Math.round(u * 10) / 10} ${Math.round(v * 10) / 10}`;
}

export const path = (/** @type {string} */ d, /** @type {string} */ name) =>
  `<path class="${name}" d="${d}"/>`;

/** Words at a place in pixels. */
export const label = (
  /** @type {number} */ u,
  /** @type {number} */ v,
  /** @type {string | number} */ words,
  name = "say",
  anchor = "start",
) =>
  `<text class="${name}" x="${pixel(u)}" y="${pixel(v)}" text-anchor="${anchor}">${words}</text>`;

/** A matrix of numbers after its symbol, its bracket at (left, top) in pixels, its entries `across` and `down` apart. */
export function matrix(
  /** @type {string} */ symbol,
  /** @type {string[][]} */ rows,
  left = 0,
  top = 0,
  across = 62,
  down = 20,
) {
  const [right, height] = [left + across * rows.length + 8, down * rows.length];
  const entry = (/** @type {number} */ u, /** @type {number} */ v, /** @type {string} */ said) =>
    label(u, v, said, "say gauss-number", "end");
  return (
    path(`M${left + 6} ${top}h-6v${height}h6M${right - 6} ${top}h6v${height}h-6`, "bell at") +
    entry(left - 6, top + height / 2 + 5, `${symbol} =`) +
    rows
      .flatMap((row, i) =>
        row.map((said, j) => entry(left + across * (j + 1), top + down * (i + 0.5) + 5, said)),
      )
      .join("")
  );
}

/** Words beside a point. */
export const text = (
  /** @type {Places} */ plane,
  /** @type {Point} */ point,
  /** @type {string} */ name,
  /** @type {string | number} */ words,
  dx = 0,
  dy = 0,
  anchor = "start",
) => {
  const [u, v] = plane.toPixels(point);
  return label(u + dx, v + dy, words, name, anchor);
};

/** The lines through lists of points. */
export const lines = (/** @type {Places} */ plane, /** @type {Point[][]} */ lists) =>
  lists.map((points) => `M${points.map((point) => at(plane, point)).join("L")}`).join("");

/** A polygon. */
export const outline = (/** @type {Places} */ plane, /** @type {Point[]} */ points) =>
  `${lines(plane, [points])}Z`;

/** Points, as a path to be stroked with round ends. */
export const dots = (/** @type {Places} */ plane, /** @type {Point[]} */ points) =>
  points.map((point) => `M${at(plane, point)}h0`).join("");

/** The ellipse of a Gaussian, given by its five numbers, at `size` standard deviations. */
export function ellipse(
  /** @type {Plane} */ plane,
  /** @type {Axes} */ [x, y, s1, s2, angle],
  /** @type {string} */ name,
  size = 1,
) {
  const unit = plane.unit * size;
  const place = `translate(${at(plane, [x, y])}) rotate(${pixel((-angle * 180) / Math.PI)})`;
  return `<ellipse class="${name}" rx="${pixel(s1 * unit)}" ry="${pixel(s2 * unit)}" transform="${place}"/>`;
}

/** A Gaussian at one and two standard deviations, with what else belongs to it. */
export const gaussianEllipses = (
  /** @type {Plane} */ plane,
  /** @type {Axes} */ axes,
  /** @type {string} */ name,
  more = "",
) =>
  `<g class="${name}">${ellipse(plane, axes, "two", 2)}${ellipse(plane, axes, "one")}${more}</g>`;

/** The density of a Gaussian, as layers of ellipses. */
export const layers = (
  /** @type {Plane} */ plane,
  /** @type {Axes} */ axes,
  /** @type {string} */ name,
) =>
  [2.5, 2, 1.6, 1.25, 0.95, 0.65, 0.35]
    .map((size) => ellipse(plane, axes, `${name} layer`, size))
    .join("");

/** The letter p to the left of a point, and q to the right: so both can be read where the points meet. */
export const letter = (
  /** @type {Places} */ plane,
  /** @type {Point} */ point,
  /** @type {string} */ name,
  dy = 16,
) => text(plane, point, `name ${name}`, name, name === "p" ? -14 : 14, dy);

/**
 * Arrows, as a path to be stroked and filled: shafts, and heads of `head` pixels. An arrow shorter than its head has none:
 * its direction means nothing.
 */
export function arrows(
  /** @type {Places} */ plane,
  /** @type {[Point, Point][]} */ pairs,
  head = 7,
) {
  return pairs
    .map(([from, to]) => {
      const [[u, v], [x, y]] = [plane.toPixels(from), plane.toPixels(to)];
      const length = Math.hypot(x - u, y - v);
      if (length < head) return `M${pixel(u)} ${pixel(v)}L${pixel(x)} ${pixel(y)}`;
      const [cos, sin] = [((x - u) / length) * head, ((y - v) / length) * head];
      const corner = (/** @type {number} */ side) =>
        `${pixel(x - cos - side * sin)} ${pixel(y - sin + side * cos)}`;
      return `M${pixel(u)} ${pixel(v)}L${pixel(x - cos)} ${pixel(y - sin)}M${pixel(x)} ${pixel(y)}L${corner(0.45)}L${corner(-0.45)}Z`;
    })
    .join("");
}
