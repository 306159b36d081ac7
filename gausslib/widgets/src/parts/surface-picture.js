/**
 * The picture of `<gauss-surface>`: surfaces over a floor, drawn from the back to the front.
 *
 * A row of cells is cut into pieces of one shade, of which each is one path: a frame has a few
 * hundred paths, not two thousand. What faces away is hidden by what is in front of it, or is the
 * near wall of a hollow, which stays open so that one can look into it.
 *
 * @typedef {import("../closed-forms/gauss2d.js").Matrix2} Matrix2
 * @typedef {import("../closed-forms/surfaces2d.js").Sheet} Sheet
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./surface-state.js").Surface} Surface
 *
 * @typedef {object} Piece
 * @property {number} depth  how near to the reader it is, by its place on the floor
 * @property {string} look  its classes
 * @property {string} d  the path as SVG has it
 *
 * @typedef {[number, number, number]} Step  to the right, up and to the reader
 */
import { affineImage, fromAxes, toAxes } from "../closed-forms/gauss2d.js";
import { CELLS, CORNERS } from "../closed-forms/surfaces2d.js";
import { gaussianEllipses, lines, path } from "../runtime/draw.js";
import { has } from "../runtime/fields.js";
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
/** Where surfaces cross, a piece is one cell: of two cells one is before the other. */
const SHORT = 1;
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
 * How a sheet lies before the reader: its corners in pixels, and what of its cells is seen.
 *
 * @param {Surface} surface
 * @param {State} state
 * @param {Plane} plane
 * @param {number} scale  of the heights
 */
function seenSheet({ sheet }, state, plane, scale) {
  const { heights, cover, highest, lowest } = sheet;
  const [, up, near] = viewOf(state).map((direction) => direction[2] * scale);
  const [along, across] = [stepOf(state, sheet.along), stepOf(state, sheet.across)];
  const [u, v] = plane.toPixels(seen(state, sheet.origin));
  const least = LEAST * Math.max(highest, -lowest);
  const isCovered = (/** @type {number} */ corner) =>
    cover !== undefined && heights[corner] < cover[corner];
  /** How many of the corners of a cell are hidden by another surface. */
  const coveredOf = (/** @type {number} */ corner) =>
    Number(isCovered(corner)) +
    Number(isCovered(corner + 1)) +
    Number(isCovered(corner + CORNERS)) +
    Number(isCovered(corner + CORNERS + 1));
  /** The shade of a cell: 0 where it is not seen. */
  const shadeAt = (/** @type {number} */ corner) => {
    if (coveredOf(corner) === 4) return 0;
    const [one, two] = [heights[corner], heights[corner + 1]];
    const [three, four] = [heights[corner + CORNERS], heights[corner + CORNERS + 1]];
    const isFloor = Math.max(one, two, three, four) <= least;
    if (isFloor && Math.min(one, two, three, four) >= -least) return 0;
    const [rise, climb] = [(two + four - one - three) / 2, (three + four - one - two) / 2];
    const [a, b, c] = [along[0], along[1] + rise * up, along[2] + rise * near];
    const [d, e, f] = [across[0], across[1] + climb * up, across[2] + climb * near];
    const [x, y, z] = [b * f - c * e, c * d - a * f, a * e - b * d];
    if (z <= 0) return 0;
    const light = (LIGHT[0] * x + LIGHT[1] * y + LIGHT[2] * z) / Math.sqrt(x * x + y * y + z * z);
    const shade = 1 + Math.round((SHADES - 1) * Math.max(light, 0));
    return one + two + three + four < 0 ? -shade : shade;
  };
  /** A corner in pixels. */
  const written = (/** @type {number} */ row, /** @type {number} */ column) => {
    const x = u + (column * along[0] + row * across[0]) * plane.unit;
    const rise = column * along[1] + row * across[1] + heights[row * CORNERS + column] * up;
    return `${Math.round(x * 10) / 10} ${Math.round((v - rise * plane.unit) * 10) / 10}`;
  };
  const depth = stepOf(state, sheet.origin)[2];
  return { along, across, depth, coveredOf, shadeAt, written };
}

/**
 * The pieces of a sheet, row by row from the back.
 *
 * @param {Surface} surface
 * @param {State} state
 * @param {Plane} plane
 * @param {number} scale  of the heights
 * @param {number} longest  how many cells a piece has at most
 * @returns {Piece[]}
 */
function piecesOf(surface, state, plane, scale, longest) {
  const lying = seenSheet(surface, state, plane, scale);
  const { along, across, depth, coveredOf, shadeAt, written } = lying;
  /** A cell that is hidden in part is drawn before what hides it. */
  const lag = Math.abs(along[2]) + Math.abs(across[2]);
  const hasLines = has(state.show, "mesh");
  /** @type {Piece[]} */
  const pieces = [];
  /** @type {(row: number, from: number, to: number, shade: number) => void} */
  const add = (row, from, to, shade) => {
    const corners = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const [low, high] = [0, 1].map((side) => corners.map((column) => written(row + side, column)));
    const rungs = hasLines ? low.slice(1, -1).map((corner, k) => `M${corner}L${high[k + 1]}`) : [];
    const d = `M${low.join("L")}L${high.reverse().join("L")}Z${rungs.join("")}`;
    const colour = shade < 0 ? "hollow" : surface.look;
    const middle = depth + ((from + to) / 2) * along[2] + (row + 0.5) * across[2];
    pieces.push({
      depth: middle - (coveredOf(row * CORNERS + from) ? lag : 0),
      look: `${colour} shade-${Math.abs(shade)}`,
      d,
    });
  };
  for (let k = 0; k < CELLS; k++) {
    const row = across[2] > 0 ? k : CELLS - 1 - k;
    let [start, shade] = [0, 0];
    /** @type {[number, number, number][]} */
    const found = [];
    for (let column = 0; column <= CELLS; column++) {
      const next = column < CELLS ? shadeAt(row * CORNERS + column) : 0;
      if (next === shade && column - start < longest) continue;
      if (shade) found.push([start, column, shade]);
      [start, shade] = [column, next];
    }
    if (along[2] < 0) found.reverse();
    for (const [from, to, seenShade] of found) add(row, from, to, seenShade);
  }
  return pieces;
}

/**
 * All surfaces, from the back to the front. Neighbours in that order that look alike are one path:
 * elements cost more than their corners.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {number} scale  of the heights
 */
function surfacePicture(state, plane, scale) {
  const surfaces = sheetsOf(state);
  const longest = surfaces.length > 1 ? SHORT : CELLS;
  const pieces = surfaces.flatMap((surface) => piecesOf(surface, state, plane, scale, longest));
  if (surfaces.length > 1) pieces.sort((one, other) => one.depth - other.depth);
  /** @type {string[]} */
  const drawn = [];
  let [look, d] = ["", ""];
  for (const piece of pieces) {
    if (piece.look !== look && d) drawn.push(path(d, look));
    d = piece.look === look ? d + piece.d : piece.d;
    look = piece.look;
  }
  return d ? drawn.join("") + path(d, look) : "";
}

/**
 * The floor, with the lines of its grid.
 *
 * @param {State} state
 * @param {Plane} plane
 */
function floor(state, plane) {
  const end = FLOOR * plane.scale;
  const count = Math.floor(end / plane.step);
  const marks = Array.from({ length: 2 * count + 1 }, (_, index) => (index - count) * plane.step);
  /** @type {(from: Point, to: Point) => Point[]} */
  const line = (from, to) => [seen(state, from), seen(state, to)];
  const half = (/** @type {number} */ mark) => Math.sqrt(end * end - mark * mark);
  const grid = marks.flatMap((mark) => [
    line([mark, -half(mark)], [mark, half(mark)]),
    line([-half(mark), mark], [half(mark), mark]),
  ]);
  const [u, v] = plane.toPixels([0, 0]);
  const [rx, ry] = [end * plane.unit, end * plane.unit * viewOf(state)[2][2]];
  const rim = `<ellipse class="origin" cx="${u}" cy="${v}" rx="${rx}" ry="${ry}"/>`;
  return path(lines(plane, grid), "grid") + rim;
}

/**
 * The ellipses of p or q on the floor.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {"p" | "q"} name
 */
function shadow(state, plane, name) {
  const [[a, b], [c, d]] = viewOf(state);
  /** @type {Matrix2} */
  const view = [
    [a, b],
    [c, d],
  ];
  return gaussianEllipses(plane, toAxes(affineImage(fromAxes(state[name]), view, [0, 0])), name);
}

/**
 * The highest point of the first surface, in pixels.
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
  return plane.toPixels([right, up + sheet.highest * scale * viewOf(state)[1][2]]);
}

/**
 * The picture.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {HandleDefinition[]} handles
 */
export function surfaceScene(state, plane, handles) {
  const scale = heightScale(state, sheetsOf(state), plane);
  const room = roomOfPlane(plane, handles, state);
  const name = WRITTEN[state.surface];
  const said = [
    letter(room, plane, seen(state, state.p), "p"),
    letter(room, plane, seen(state, state.q), "q"),
    name ? room.say(summit(state, plane, scale), "name moving", name, Math.PI / 2, 3) : "",
  ];
  return [
    floor(state, plane),
    shadow(state, plane, "p"),
    shadow(state, plane, "q"),
    surfacePicture(state, plane, scale),
    ...said,
  ].join("");
}
