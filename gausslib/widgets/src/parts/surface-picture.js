/**
 * The picture of `<gauss-surface>`: surfaces over a floor, drawn from the back to the front.
 *
 * Cells are cut where the surface sinks into the floor, or below another surface, so these lines
 * are smooth. What faces away is hidden by what is in front of it, or is the near wall of a hollow,
 * which stays open so that one can look into it.
 *
 * @typedef {import("../closed-forms/surfaces2d.js").Sheet} Sheet
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("./painting.js").Line} Line
 * @typedef {import("./painting.js").Shape} Shape
 * @typedef {import("./surface-state.js").Surface} Surface
 *
 * @typedef {object} Piece
 * @property {number} row  how near to the reader it is, by its place on the floor, in whole cells
 * @property {string} look  its classes
 * @property {Line} outline
 *
 * @typedef {[number, number, number]} Step  to the right, up and to the reader
 */
import { CELLS, CORNERS } from "../closed-forms/surfaces2d.js";
import { has } from "../runtime/fields.js";
import { painted } from "./painting.js";
import { seen, sheetsOf } from "./surface-state.js";
import { viewOf } from "./turning.js";
import { letter, roomOfPlane } from "./words.js";

/** Half the side of the floor, and how high a surface comes to be at most, at the scale 1. */
export const FLOOR = 2.4;
const HIGHEST = 2;
/** A surface of the usual height is drawn 1/(1 + this) as high as may be. */
const USUAL = 0.4;
/** A surface ends where it is lower than this part of its height. */
const LEAST = 0.03;
/** So far above the edge what is said of a point has room, in pixels. */
const CLEAR = 12;
/** From where the light comes, as the reader sees it. */
const LIGHT = [-0.45, 0.6, 0.66];
const SHADES = 7;
/** @type {{[surface: string]: string}} */
const WRITTEN = { root: "√(pq)", log: "p log(p/q)" };

/**
 * The height that is drawn for the height 1. The higher a surface is beside a Gaussian halfway
 * between p and q, the higher it is drawn, but never above the window.
 *
 * @param {State} state
 * @param {Surface[]} surfaces
 * @param {Plane} plane
 */
function heightScale({ p, q }, surfaces, plane) {
  const usual = 1 / (2 * Math.PI * Math.sqrt(p[2] * p[3] * q[2] * q[3]));
  const most = Math.max(...surfaces.map(({ sheet }) => Math.max(sheet.highest, -sheet.lowest)));
  return (HIGHEST * plane.scale) / (most + USUAL * usual);
}

/**
 * A step along the floor, as the reader sees it.
 *
 * @param {State} state
 * @param {[number, number]} step
 * @returns {Step}
 */
function stepOf(state, [x, y]) {
  const [[a, b], [c, d], [e, f]] = viewOf(state);
  return [a * x + b * y, c * x + d * y, e * x + f * y];
}

/**
 * How a sheet lies before the reader: where its corners are seen, in pixels, and how light its
 * cells are.
 *
 * @param {Surface} surface
 * @param {State} state
 * @param {Plane} plane
 * @param {number} scale  of the heights
 */
function seenSheet({ sheet }, state, plane, scale) {
  const { heights } = sheet;
  const [, up, near] = viewOf(state).map((direction) => direction[2] * scale);
  const [along, across] = [stepOf(state, sheet.along), stepOf(state, sheet.across)];
  const [left, base] = plane.toPixels(seen(state, sheet.origin));
  const [us, vs] = [new Float64Array(heights.length), new Float64Array(heights.length)];
  for (let row = 0, corner = 0; row < CORNERS; row++) {
    for (let column = 0; column < CORNERS; column++, corner++) {
      const rise = column * along[1] + row * across[1] + heights[corner] * up;
      us[corner] = left + (column * along[0] + row * across[0]) * plane.unit;
      vs[corner] = base - rise * plane.unit;
    }
  }
  /** The shade of a cell: 0 where it faces away. */
  const shadeAt = (/** @type {number} */ corner) => {
    const [one, two] = [heights[corner], heights[corner + 1]];
    const [three, four] = [heights[corner + CORNERS], heights[corner + CORNERS + 1]];
    const [rise, climb] = [(two + four - one - three) / 2, (three + four - one - two) / 2];
    const [a, b, c] = [along[0], along[1] + rise * up, along[2] + rise * near];
    const [d, e, f] = [across[0], across[1] + climb * up, across[2] + climb * near];
    const [x, y, z] = [b * f - c * e, c * d - a * f, a * e - b * d];
    if (z <= 0) return 0;
    const light = (LIGHT[0] * x + LIGHT[1] * y + LIGHT[2] * z) / Math.sqrt(x * x + y * y + z * z);
    return 1 + Math.round((SHADES - 1) * Math.max(light, 0));
  };
  return { along, across, us, vs, shadeAt };
}

/**
 * How far the corners of a sheet are clear of what hides them: of the floor, on one of its sides,
 * or of another surface.
 *
 * @param {Sheet} sheet
 * @param {number} side  1 above the floor, −1 below it
 */
function clearOf({ heights, lead, highest, lowest }, side) {
  const least = LEAST * Math.max(highest, -lowest) || Infinity; // All is floor where all is level.
  return heights.map((height, corner) => {
    const ofFloor = side * height - least;
    return lead ? Math.min(ofFloor, height * lead[corner]) : ofFloor;
  });
}

/**
 * What is seen of a cell: it is cut where it goes below what hides it.
 *
 * @param {number[]} corners  around it
 * @param {Float64Array} us
 * @param {Float64Array} vs
 * @param {Float64Array} clear
 * @returns {Line}
 */
function cut(corners, us, vs, clear) {
  /** @type {Line} */
  const line = [];
  for (let k = 0; k < 4; k++) {
    const [corner, next] = [corners[k], corners[(k + 1) % 4]];
    if (clear[corner] >= 0) line.push(us[corner], vs[corner]);
    if (clear[corner] >= 0 === clear[next] >= 0) continue;
    const part = clear[corner] / (clear[corner] - clear[next]);
    line.push(us[corner] + part * (us[next] - us[corner]));
    line.push(vs[corner] + part * (vs[next] - vs[corner]));
  }
  return line;
}

/**
 * The cells of a sheet that are seen.
 *
 * @param {Surface} surface
 * @param {State} state
 * @param {Plane} plane
 * @param {number} scale  of the heights
 * @returns {Piece[]}
 */
function piecesOf(surface, state, plane, scale) {
  const { along, across, us, vs, shadeAt } = seenSheet(surface, state, plane, scale);
  const depth = stepOf(state, surface.sheet.origin)[2];
  const deep = Math.abs(along[2]) + Math.abs(across[2]);
  const mesh = has(state.show, "mesh") ? " mesh" : "";
  /** @type {Piece[]} */
  const pieces = [];
  for (const side of surface.sheet.lowest < 0 ? [1, -1] : [1]) {
    const clear = clearOf(surface.sheet, side);
    const look = side < 0 ? "hollow" : surface.look;
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        const corner = row * CORNERS + column;
        const corners = [corner, corner + 1, corner + CORNERS + 1, corner + CORNERS];
        const outline = cut(corners, us, vs, clear);
        const shade = outline.length && shadeAt(corner);
        if (!shade) continue;
        const middle = depth + (column + 0.5) * along[2] + (row + 0.5) * across[2];
        pieces.push({
          row: Math.round(middle / deep),
          look: `${look} shade-${shade}${mesh}`,
          outline,
        });
      }
    }
  }
  return pieces;
}

/**
 * All surfaces, from the back to the front. Of cells that are as near as one another those that
 * look alike are one shape: shapes cost more than their corners.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {number} scale  of the heights
 */
function surfaceShapes(state, plane, scale) {
  const pieces = sheetsOf(state).flatMap((surface) => piecesOf(surface, state, plane, scale));
  pieces.sort((one, other) => one.row - other.row || (one.look < other.look ? -1 : 1));
  /** @type {Shape[]} */
  const shapes = [];
  for (const { look, outline } of pieces) {
    const last = shapes.at(-1);
    if (last?.look === look) last.closed.push(outline);
    else shapes.push({ look, closed: [outline], open: [] });
  }
  return shapes;
}

/** The directions in which the corners of a polygon lie that is drawn for an ellipse. */
const ROUND = Array.from({ length: 72 }, (_, k) => {
  const angle = (2 * Math.PI * k) / 72;
  return /** @type {Point} */ ([Math.cos(angle), Math.sin(angle)]);
});

/**
 * Points of the floor as a line in pixels.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Point[]} points
 * @returns {Line}
 */
function onFloor(state, plane, points) {
  return points.flatMap((point) => plane.toPixels(seen(state, point)));
}

/**
 * The floor, with the lines of its grid.
 *
 * @param {State} state
 * @param {Plane} plane
 * @returns {Shape[]}
 */
function floor(state, plane) {
  const end = FLOOR * plane.scale;
  const count = Math.floor(end / plane.step);
  const marks = Array.from({ length: 2 * count + 1 }, (_, index) => (index - count) * plane.step);
  const half = (/** @type {number} */ mark) => Math.sqrt(end * end - mark * mark);
  /** @type {Point[][]} */
  const grid = marks.flatMap((mark) => [
    [
      [mark, -half(mark)],
      [mark, half(mark)],
    ],
    [
      [-half(mark), mark],
      [half(mark), mark],
    ],
  ]);
  /** @type {Point[]} */
  const rim = ROUND.map(([x, y]) => [end * x, end * y]);
  return [
    { look: "grid", closed: [], open: grid.map((line) => onFloor(state, plane, line)) },
    { look: "origin", closed: [onFloor(state, plane, rim)], open: [] },
  ];
}

/**
 * The ellipses of p or q on the floor.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {"p" | "q"} name
 * @returns {Shape[]}
 */
function shadow(state, plane, name) {
  const [x, y, s1, s2, angle] = state[name];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [2, 1].map((size) => {
    /** @type {Point[]} */
    const points = ROUND.map(([along, across]) => {
      const [u, v] = [size * s1 * along, size * s2 * across];
      return [x + c * u - s * v, y + s * u + c * v];
    });
    const look = `${name} ${size === 2 ? "two" : "one"}`;
    return { look, closed: [onFloor(state, plane, points)], open: [] };
  });
}

/**
 * The highest point of the first surface, in pixels, or one above the lower edge of the window.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {number} scale  of the heights
 * @returns {Point}
 */
function summit(state, plane, scale) {
  const [{ sheet }] = sheetsOf(state);
  const corner = sheet.heights.indexOf(sheet.highest);
  const [row, column] = [Math.floor(corner / CORNERS), corner % CORNERS];
  const [x, y] = [0, 1].map(
    (k) => sheet.origin[k] + column * sheet.along[k] + row * sheet.across[k],
  );
  const [right, up] = seen(state, [x, y]);
  const [u, v] = plane.toPixels([right, up + sheet.highest * scale * viewOf(state)[1][2]]);
  return [u, Math.min(v, plane.height - CLEAR)];
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {View} view
 * @param {HandleDefinition[]} handles
 */
export function surfaceScene(state, view, handles) {
  const { plane } = view;
  const scale = heightScale(state, sheetsOf(state), plane);
  const room = roomOfPlane(plane, handles, state);
  const name = WRITTEN[state.surface];
  const shapes = [
    ...floor(state, plane),
    ...shadow(state, plane, "p"),
    ...shadow(state, plane, "q"),
    ...surfaceShapes(state, plane, scale),
  ];
  return [
    painted(shapes, view),
    letter(room, plane, seen(state, state.p), "p"),
    letter(room, plane, seen(state, state.q), "q"),
    name ? room.say(summit(state, plane, scale), "name moving", name, Math.PI / 2, 3) : "",
  ].join("");
}
