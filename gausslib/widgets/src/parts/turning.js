/**
 * What figures share that are seen from a longitude and a latitude, in degrees: the view, and how
 * it is turned.
 *
 * @typedef {import("../closed-forms/orthogonal.js").Matrix} Matrix
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Backdrop} Backdrop
 * @typedef {import("../runtime/figure.js").Control} Control
 */

const DEGREE = Math.PI / 180;

/**
 * The directions to the right, up, and to the reader.
 *
 * @param {State} state
 * @returns {Matrix}
 */
export function viewOf({ longitude, latitude }) {
  const [c, s] = [Math.cos(longitude * DEGREE), Math.sin(longitude * DEGREE)];
  const [u, v] = [Math.cos(latitude * DEGREE), Math.sin(latitude * DEGREE)];
  return [
    [-s, c, 0],
    [-v * c, -v * s, u],
    [u * c, u * s, v],
  ];
}

/**
 * Dragging the background turns what is seen under the hand, by as much wherever it lies and
 * however large the window is.
 *
 * @param {number} lowest  latitude
 * @param {number} highest
 * @returns {Backdrop}
 */
export function turningBackdrop(lowest, highest) {
  return {
    position: ({ longitude, latitude }, { scale }) => [
      -longitude * DEGREE * scale,
      -latitude * DEGREE * scale,
    ],
    constrain(_, [x, y], { scale }) {
      const [east, north] = [-x / DEGREE / scale, -y / DEGREE / scale];
      const fromZero = (((east + 180) % 360) + 360) % 360;
      return {
        longitude: Math.round(fromZero) - 180,
        latitude: Math.round(Math.min(Math.max(north, lowest), highest)),
      };
    },
  };
}

/**
 * A slider for an angle in degrees.
 *
 * @param {string} field
 * @param {number} min
 * @param {number} max
 * @param {string} label
 * @returns {Control}
 */
export function angleSlider(field, min, max, label) {
  return { field, label, min, max, step: 1, shown: (state) => `${Math.round(state[field])}°` };
}
