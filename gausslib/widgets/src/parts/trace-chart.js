/**
 * The chart of `<orthogonal-plane>`: the traces of the four maps against the angle of a and b, in
 * any dimension. The largest trace belongs to the map that is nearest to I.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/figure.js").Lit} Lit
 * @typedef {import("../runtime/figure.js").Panel} Panel
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../runtime/plane.js").Point} Point
 *
 * @typedef {object} Places  where the chart puts an angle, in half turns, and a trace
 * @property {(point: Point) => Point} toPixels
 */
import { angleBetween, dot, traces } from "../closed-forms/orthogonal.js";
import { label, lines, path, pixel, text } from "../runtime/draw.js";
import { shows } from "../runtime/fields.js";
import { MAPS, NAMES } from "./orthogonal-maps.js";

/** Where the angle 0 stands, and how far 180° is from there, in pixels. */
const [LEFT, WIDTH] = [62, 278];
/** A curve has so many points, and one more. */
const STEPS = 60;

/**
 * Lines through lists of points of the chart.
 *
 * @param {Places} places
 * @param {string} look
 * @param {Point[][]} lists
 */
function stroke(places, look, lists) {
  return path(lines(places, lists), look);
}

/**
 * The curve of one trace, or of what is made of all four.
 *
 * @param {Places} places
 * @param {string} look
 * @param {number} d
 * @param {(traces: number[]) => number} choose
 */
function curve(places, look, d, choose) {
  /** @type {(step: number) => Point} */
  const pointAt = (step) => [step / STEPS, choose(traces(Math.cos((step * Math.PI) / STEPS), d))];
  return stroke(places, look, [Array.from({ length: STEPS + 1 }, (_, step) => pointAt(step))]);
}

/**
 * The axes: traces from −d to d, angles to half a turn, lines at trace 0 and at a quarter turn.
 *
 * @param {Places} places
 * @param {number} d
 */
function frame(places, d) {
  return stroke(places, "origin", [
    [
      [0, d],
      [0, -d],
      [1, -d],
    ],
    [
      [0, 0],
      [1, 0],
    ],
    [
      [0.5, d],
      [0.5, -d],
    ],
  ]);
}

/**
 * The curve of each map. The symbols stand on the side where their curves do not meet.
 *
 * @param {Places} places
 * @param {number} d
 * @param {string} chosen
 */
function curves(places, d, chosen) {
  const drawn = NAMES.map((name, k) => {
    const isOnTheRight = k % 2 === 1;
    const end = traces(isOnTheRight ? -1 : 1, d)[k];
    const look = name === chosen ? "bell map" : "mixture";
    return (
      curve(places, look, d, (all) => all[k]) +
      text(places, [isOnTheRight ? 1 : 0, end], "say", MAPS[name].symbol, isOnTheRight ? 6 : -21, 5)
    );
  });
  return drawn.join("");
}

/**
 * The numbers at the axes.
 *
 * @param {Places} places
 * @param {number} d
 */
function ticks(places, d) {
  const ofTraces = [d, 0, -d].map((trace) =>
    text(places, [0, trace], "say", `${trace}`.replace("-", "−"), -42, 5),
  );
  const ofAngles = [0, 0.5, 1].map((halfTurns) =>
    text(places, [halfTurns, -d], "say", `${180 * halfTurns}°`, -8, 17),
  );
  return `<g class="ticks">${[...ofTraces, ...ofAngles].join("")}</g>`;
}

/**
 * A term of the trace: what the directions across the plane of a and b give, or what is left.
 *
 * @param {Places} places
 * @param {Lit} lit
 * @param {number} now  the angle
 * @param {number} across
 * @param {number} trace
 */
function overlay(places, lit, now, across, trace) {
  if (lit?.term === "across")
    return stroke(places, "overlay term-across", [
      [
        [0, across],
        [1, across],
      ],
      [
        [now, 0],
        [now, across],
      ],
    ]);
  if (lit?.term === "turn")
    return stroke(places, "overlay term-turn", [
      [
        [now, across],
        [now, trace],
      ],
    ]);
  return "";
}

/**
 * Which maps are the nearest to I, in words.
 *
 * @param {number} d
 * @param {number} now  the angle
 * @param {number[]} all  the traces
 */
function nearestNote(d, now, all) {
  const largest = Math.max(...all);
  const nearest = NAMES.filter((_, k) => all[k] === largest).map((name) => MAPS[name].symbol);
  return `Tr T for d = ${d}. At ${pixel(180 * now)}° nearest to I: ${nearest.join(", ")}`;
}

/**
 * Where the chart puts an angle, in half turns, and a trace.
 *
 * @param {number} d
 * @returns {Places}
 */
function placesOf(d) {
  return { toPixels: ([halfTurns, trace]) => [LEFT + WIDTH * halfTurns, 133 - (93 * trace) / d] };
}

/**
 * The chart of a state.
 *
 * @param {State} state
 * @param {View} view
 */
function chart({ a, b, map, d }, { lit }) {
  const places = placesOf(d);
  const now = angleBetween(a, b) / Math.PI;
  const cosine = dot(a, b);
  const all = traces(cosine, d);
  const trace = all[NAMES.indexOf(map)];
  const across = trace - (MAPS[map].turnsPlane ? 2 * cosine : 0);
  return [
    curve(places, "head map behind", d, (each) => Math.max(...each)),
    frame(places, d),
    curves(places, d, map),
    ticks(places, d),
    overlay(places, lit, now, across, trace),
    label(62, 18, nearestNote(d, now, all)),
  ].join("");
}

/**
 * The dot on the curve of the chosen map, which turns b away from a.
 *
 * @type {HandleDefinition}
 */
const dotHandle = {
  name: "angle from a to b",
  look: "map centre",
  position({ a, b, map, d }) {
    const trace = traces(dot(a, b), d)[NAMES.indexOf(map)];
    return placesOf(d).toPixels([angleBetween(a, b) / Math.PI, trace]);
  },
  constrain({ a, b }, [u]) {
    const halfTurns = Math.min(Math.max((u - LEFT) / WIDTH, 0), 1);
    const side = a[0] * b[1] < a[1] * b[0] ? -1 : 1;
    const angle = Math.atan2(a[1], a[0]) + side * Math.PI * halfTurns;
    return { b: [Math.cos(angle), Math.sin(angle)] };
  },
  spoken({ a, b }) {
    const now = Math.round((angleBetween(a, b) * 180) / Math.PI);
    return { text: `${now}°`, now, min: 0, max: 180 };
  },
};

/** @type {Panel} */
export const tracePanel = {
  label: "Traces of the four maps against the angle of a and b",
  width: 380,
  height: 250,
  draw: chart,
  handles: [dotHandle],
  when: shows("trace"),
};
