/**
 * `<gauss-geometries>` on the line: the half-plane of means and standard deviations, in which each
 * point is a Gaussian, and below it the bells along both paths.
 *
 * @typedef {import("../closed-forms/gauss1d.js").Bell} Bell
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./geometries-state.js").Metric} Metric
 * @typedef {import("./geometries-state.js").Name} Name
 * @typedef {import("./words.js").Room} Room
 */
import { density } from "../closed-forms/gauss1d.js";
import { lines, path } from "../runtime/draw.js";
import { has } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { HALF_WIDTH } from "../runtime/plane.js";
import { drawnPaths, times } from "./geometries-path.js";
import {
  FARTHEST,
  isInPlane,
  isOnLine,
  METRICS,
  NARROWEST,
  studyOf,
  WIDEST,
  WRITTEN,
} from "./geometries-state.js";
import { roomOf } from "./words.js";

const { PI } = Math;
/** How high the edge is, where the standard deviation is zero. */
const GROUND = -2.2;
/** The lines of the grid above it. */
const ROWS = [1, 2, 3, 4];
/** The size of the panel, in pixels. */
const [WIDTH, HEIGHT] = [640, 190];
/** Bells that are more than so many times as high as the lowest leave the panel. */
const HIGHEST = 5;
/** Bells have points so many standard deviations out. */
const ABOUT = times(40, -3.5, 3.5);

/**
 * Where a Gaussian is in the half-plane.
 *
 * @param {number[]} bell
 * @returns {Point}
 */
function pointOf([mean, sd]) {
  return [mean, GROUND + sd];
}

/**
 * The nearest number between two bounds.
 *
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamped(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/**
 * The handle of a Gaussian.
 *
 * @param {Name} name
 * @returns {HandleDefinition}
 */
export function pointHandle(name) {
  return {
    name,
    look: `${name} centre`,
    position: (state) => pointOf(state[name]),
    constrain: (_, [x, y], plane) => ({
      [name]: [
        clamped(plane.rounded(x), -FARTHEST, FARTHEST),
        clamped(plane.rounded(y - GROUND), NARROWEST, WIDEST),
      ],
    }),
    spoken(state) {
      const [mean, sd] = state[name];
      return { text: `mean ${formatted(mean)}, standard deviation ${formatted(sd)}`, now: mean };
    },
    when: isOnLine,
  };
}

/**
 * The grid with its numbers, and the edge.
 *
 * @param {Plane} plane
 * @param {Room} room
 */
function grid(plane, room) {
  const { right, top } = plane;
  /** @type {(y: number) => Point[]} */
  const across = (y) => [
    [-right, y],
    [right, y],
  ];
  const columns = plane.ticks(HALF_WIDTH).map(
    (x) =>
      /** @type {Point[]} */ ([
        [x, GROUND],
        [x, top],
      ]),
  );
  const rows = ROWS.map((sd) => across(GROUND + sd));
  const numbers = [
    ...plane.numbers(true).map(([point, said, angle]) => room.sayIfFree(point, "", said, angle, 3)),
    ...ROWS.map((sd) => {
      const [, v] = plane.toPixels([0, GROUND + sd]);
      return room.sayIfFree([0, v], "", `σ = ${sd}`, 0, 3);
    }),
  ];
  return [
    path(lines(plane, [...columns, ...rows]), "grid"),
    path(lines(plane, [across(GROUND)]), "edge"),
    `<g class="ticks">${numbers.join("")}</g>`,
  ];
}

/**
 * The names of the paths, on either side of them: that of Fisher and Rao's is where steps are long.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
function names(state, plane, room) {
  const { p, q } = state;
  const [across, up] = [q[0] - p[0], q[1] - p[1]];
  const above = Math.atan2(Math.abs(across), across < 0 ? up : -up);
  const places = { w2: [0.5, above + PI], fisher_rao: [up > 0 ? 0.7 : 0.3, above] };
  return METRICS.map((metric) => {
    const [t, angle] = places[metric];
    const point = plane.toPixels(pointOf(studyOf(state).paths[metric](t)));
    return room.say(point, `say ${metric}`, WRITTEN[metric], angle, 12);
  });
}

/**
 * The half-plane.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
export function halfPlane(state, plane, room) {
  const { p, q } = state;
  const [left, right] = p[0] <= q[0] ? ["p", "q"] : ["q", "p"];
  const said = [
    room.say(plane.toPixels(pointOf(state[left])), `name ${left}`, left, PI),
    room.say(plane.toPixels(pointOf(state[right])), `name ${right}`, right, 0),
    ...names(state, plane, room),
  ];
  const plumbs = [p, q].map((bell) => [pointOf(bell), pointOf([bell[0], 0])]);
  const plumb = has(state.show, "edge") ? path(lines(plane, plumbs), "w2 plumb") : "";
  const [lattice, edge, numbers] = grid(plane, room);
  return [lattice, edge, plumb, drawnPaths(state, plane, pointOf), ...said, numbers].join("");
}

/**
 * The bells of p and q, of some steps, and of the time of the state, those of W₂ above the line and
 * those of Fisher and Rao below it.
 *
 * @param {State} state
 * @param {View} view
 */
function bells(state, { grain }) {
  if (isInPlane(state)) return "";
  const size = { width: WIDTH / grain, height: HEIGHT / grain };
  const [middle, room] = [size.height / 2, size.height / 2 - 6];
  const { paths } = studyOf(state);
  const steps = [0.25, 0.5, 0.75, state.t];
  const sds = [...METRICS.flatMap((metric) => steps.map((t) => paths[metric](t)[1]))];
  sds.push(state.p[1], state.q[1]);
  const highest = Math.min(1 / Math.min(...sds), HIGHEST / Math.max(...sds));
  /** @type {(bell: number[], side: number, look: string) => string} */
  const drawn = ([mean, sd], side, look) => {
    const toPixels = (/** @type {Point} */ [x, y]) =>
      /** @type {Point} */ ([
        (size.width * (1 + x / HALF_WIDTH)) / 2,
        middle - side * room * Math.min(y / highest / density(0), 4),
      ]);
    const points = ABOUT.map((z) => /** @type {Point} */ ([mean + sd * z, density(z) / sd]));
    return path(lines({ toPixels }, [points]), look);
  };
  const along = METRICS.map((metric, k) => {
    const side = 1 - 2 * k;
    const shown = [
      drawn(state.p, side, "p end-bell"),
      drawn(state.q, side, "q end-bell"),
      ...[0.25, 0.5, 0.75].map((t) => drawn(paths[metric](t), side, `${metric} step-bell`)),
      drawn(paths[metric](state.t), side, `${metric} now-bell`),
    ];
    return shown.join("");
  });
  const words = roomOf(size, []);
  const said = METRICS.map((metric, k) =>
    words.say([0, k * size.height], `say ${metric}`, WRITTEN[metric], (PI / 4) * (2 * k - 1), 5),
  );
  const ground = path(`M0 ${middle}h${size.width}`, "origin");
  return `<g transform="scale(${grain})">${ground}${along.join("")}${said.join("")}</g>`;
}

/** @type {Panel} */
export const bellsPanel = {
  label: "The bells along both paths: W₂ above the line, Fisher–Rao below it",
  width: WIDTH,
  height: HEIGHT,
  draw: bells,
  when: isOnLine,
};
