/**
 * The grid of a plane. Where it depends on the state, a figure draws it with its scene.
 *
 * @typedef {import("./plane.js").Plane} Plane
 */
import { joined } from "./markup-text.js";
import { HALF_HEIGHT, HALF_WIDTH } from "./plane.js";

/**
 * Grid and ticks, which depend on the window alone.
 * @param {Plane} plane
 * @param {boolean} [isLine]
 */
export function grid(plane, isLine = false) {
  const { width, height } = plane;
  const columns = plane.ticks(HALF_WIDTH).map((x) => ({ tick: x, at: plane.toPixels([x, 0])[0] }));
  const rows = isLine
    ? []
    : plane.ticks(HALF_HEIGHT).map((y) => ({ tick: y, at: plane.toPixels([0, y])[1] }));
  const lines = joined(columns, ({ at }) => `M${at} 0V${height}`);
  const crossing = joined(rows, ({ at }) => `M0 ${at}H${width}`);
  const axis = `M${width / 2} 0V${height}${isLine ? "" : `M0 ${height / 2}H${width}`}`;
  const label = (/** @type {number} */ tick) => `${+tick.toFixed(9)}`.replace("-", "−");
  const below = joined(
    columns,
    ({ tick, at }) =>
      `<text x="${at}" y="${height - 6}" text-anchor="middle">${label(tick)}</text>`,
  );
  const left = joined(rows, ({ tick, at }) => `<text x="6" y="${at + 4}">${label(tick)}</text>`);
  return (
    `<path class="grid" d="${lines}${crossing}"/><path class="origin" d="${axis}"/>` +
    `<g class="ticks" aria-hidden="true">${below}${left}</g>`
  );
}
