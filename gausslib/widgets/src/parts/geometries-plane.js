/**
 * `<gauss-geometries>` in the plane: p and q as ellipses with both paths between them as rows of
 * ellipses, and below them the disc of shapes.
 *
 * In the disc each point is a shape: circles in the middle, ellipses without width at the edge. The
 * ellipse with semi-axes a ≥ b at the angle θ is (a − b)/(a + b) from the middle, at the angle 2θ.
 * This is Poincaré's disc, in which Fisher and Rao's paths are arcs that meet the edge at right
 * angles.
 *
 * @typedef {import("../closed-forms/fisher-rao.js").Shape} Shape
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./geometries-state.js").Metric} Metric
 * @typedef {import("./geometries-state.js").Name} Name
 * @typedef {import("./words.js").Room} Room
 */
import { ellipse, lines, path } from "../runtime/draw.js";
import { degrees, gaussianHandles } from "./ellipse.js";
import { drawnPaths, times } from "./geometries-path.js";
import {
  isInPlane,
  isOnLine,
  LONGEST,
  METRICS,
  NARROWEST,
  studyOf,
  WRITTEN,
} from "./geometries-state.js";
import { roomOf } from "./words.js";

const { PI } = Math;
/** Where p and q are, and how high the rows between them. */
const SIDE = 2.8;
const ROW = 1.5;
/** The size of the panel of the disc, in pixels, its middle and its radius. */
const [WIDTH, HEIGHT] = [360, 200];
const [MIDDLE_X, MIDDLE_Y, RADIUS] = [WIDTH / 2, HEIGHT / 2, 82];
/** No shape in the disc is thinner. */
const THINNEST = NARROWEST / LONGEST;
/** @type {Name[]} */
const NAMES = ["p", "q"];

/**
 * Where the ellipse of a time is, in a row above or below.
 *
 * @param {number} t
 * @param {number} up  1 or −1
 * @returns {Point}
 */
function placeOf(t, up) {
  return [SIDE * (2 * t - 1), up * ROW * (1 - (2 * t - 1) ** 4)];
}

/**
 * The five numbers of p or q at its place.
 *
 * @param {State} state
 * @param {Name} name
 */
function placed(state, name) {
  return [name === "p" ? -SIDE : SIDE, 0, ...state[`plane_${name}`]];
}

/**
 * The nearest legal semi-axis.
 *
 * @param {number} length
 */
function asLength(length) {
  return Math.min(Math.max(length, NARROWEST), LONGEST);
}

/**
 * The handles of an ellipse: the ends of its semi-axes.
 *
 * @param {Name} name
 * @returns {HandleDefinition[]}
 */
export function ellipseHandles(name) {
  const seen = (/** @type {State} */ state) => ({ [name]: placed(state, name) });
  return gaussianHandles(name)
    .slice(1)
    .map((handle) => ({
      ...handle,
      end: (state) => /** @type {any} */ (handle.end)(seen(state)),
      position: (state, plane) => handle.position(seen(state), plane),
      constrain(state, point, plane) {
        const [, , s1, s2, angle] = handle.constrain(seen(state), point, plane)[name];
        return { [`plane_${name}`]: [asLength(s1), asLength(s2), angle] };
      },
      spoken: (state, plane) => ({ ...handle.spoken(seen(state), plane), max: LONGEST }),
      when: isInPlane,
    }));
}

/**
 * The ellipses.
 *
 * @param {State} state
 * @param {Plane} plane
 * @param {Room} room
 */
export function rows(state, plane, room) {
  const { paths } = studyOf(state);
  const drawn = METRICS.map((metric, k) => {
    const up = 1 - 2 * k;
    /** @type {(t: number, look: string) => string} */
    const at = (t, look) => {
      const [s1, s2, angle] = paths[metric](t);
      return ellipse(plane, [...placeOf(t, up), s1, s2, angle], `${metric} ${look}`);
    };
    const guide = times(48).map((t) => placeOf(t, up));
    const steps = [0.25, 0.5, 0.75].map((t) => at(t, "step-ellipse"));
    return path(lines(plane, [guide]), "guide") + steps.join("") + at(state.t, "now-ellipse");
  });
  const given = NAMES.map((name) => {
    const [x, y, s1, s2, angle] = placed(state, name);
    return ellipse(plane, [x, y, s1, s2, angle], `${name} one`);
  });
  const said = [
    ...NAMES.map((name) => {
      const x = name === "p" ? -SIDE : SIDE;
      return room.say(plane.toPixels([x, 0]), `name ${name}`, name, name === "p" ? PI : 0, 4);
    }),
    ...METRICS.map((metric, k) => {
      const corner = plane.toPixels([-plane.right, plane.top * (1 - 2 * k)]);
      return room.say(corner, `say ${metric}`, WRITTEN[metric], (PI / 4) * (2 * k - 1), 8);
    }),
  ];
  return [...drawn, ...given, ...said].join("");
}

/**
 * Where a shape is in the disc.
 *
 * @param {number[]} shape
 * @returns {Point}
 */
function shapePoint([s1, s2, angle]) {
  const radius = (RADIUS * (s1 - s2)) / (s1 + s2);
  return [MIDDLE_X + radius * Math.cos(2 * angle), MIDDLE_Y - radius * Math.sin(2 * angle)];
}

/**
 * The shape at a point of the disc, or as near as is legal, with the same longer semi-axis.
 *
 * @param {State} state
 * @param {Name} name
 * @param {Point} point
 */
function shapeAt(state, name, [u, v]) {
  const [s1, s2] = state[`plane_${name}`];
  const long = Math.max(s1, s2);
  const [x, y] = [u - MIDDLE_X, MIDDLE_Y - v];
  const radius = Math.min(Math.hypot(x, y) / RADIUS, (1 - THINNEST) / (1 + THINNEST));
  const short = asLength((long * (1 - radius)) / (1 + radius));
  const angle = Math.atan2(y, x) / 2;
  return [long, ...[short, angle].map((value) => Math.round(value * 1e4) / 1e4)];
}

/**
 * The handle of a shape in the disc.
 *
 * @param {Name} name
 * @returns {HandleDefinition}
 */
function shapeHandle(name) {
  return {
    name: `shape of ${name}`,
    look: `${name} centre`,
    position: (state) => shapePoint(state[`plane_${name}`]),
    constrain: (state, point) => ({ [`plane_${name}`]: shapeAt(state, name, point) }),
    spoken(state) {
      const [s1, s2, angle] = state[`plane_${name}`];
      const ratio = Math.min(s1, s2) / Math.max(s1, s2);
      const turned = s1 < s2 ? angle + PI / 2 : angle;
      const text = `axes ${ratio.toFixed(3)} to 1, angle ${degrees(turned)}`;
      return { text, now: ratio, min: 0, max: 1 };
    },
    when: isInPlane,
  };
}

/** The edge of the disc, and beside it what there is at it; the circle in its middle. */
const FRAME = [
  `<circle class="edge" cx="${MIDDLE_X}" cy="${MIDDLE_Y}" r="${RADIUS}"/>`,
  `<circle class="needle" cx="${MIDDLE_X}" cy="${MIDDLE_Y}" r="5"/>`,
  ...times(8)
    .slice(1)
    .map((part) => {
      const [angle, out] = [part * PI, RADIUS + 11];
      const [x, y] = [6 * Math.cos(angle), -6 * Math.sin(angle)];
      const u = MIDDLE_X + out * Math.cos(2 * angle);
      const v = MIDDLE_Y - out * Math.sin(2 * angle);
      return path(
        `M${(u - x).toFixed(1)} ${(v - y).toFixed(1)}l${(2 * x).toFixed(1)} ${(2 * y).toFixed(1)}`,
        "needle",
      );
    }),
].join("");

const handles = NAMES.map(shapeHandle);

/**
 * The disc.
 *
 * @param {State} state
 */
function disc(state) {
  if (isOnLine(state)) return "";
  const places = { toPixels: (/** @type {Point} */ point) => point };
  const points = NAMES.map((name) => shapePoint(state[`plane_${name}`]));
  const room = roomOf({ width: WIDTH, height: HEIGHT }, points);
  const said = NAMES.map((name, k) =>
    room.say(points[k], `name ${name}`, name, name === "p" ? PI : 0),
  );
  return FRAME + drawnPaths(state, places, shapePoint) + said.join("");
}

/** @type {Panel} */
export const discPanel = {
  label: "The shapes of p and q in a disc, circles in its middle, needles at its edge; both paths",
  width: WIDTH,
  height: HEIGHT,
  draw: disc,
  handles,
  when: isInPlane,
};
