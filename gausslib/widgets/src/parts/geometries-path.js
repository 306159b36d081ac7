/**
 * What the pictures of `<gauss-geometries>` share: a path with its points at equal distances, what
 * it comes to when it is continued, and its place at the time of the state.
 *
 * @typedef {import("../runtime/draw.js").Places} Places
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./geometries-state.js").Metric} Metric
 *
 * @typedef {(value: number[]) => Point} PointOf  where a Gaussian of a path is in the picture
 */
import { dots, lines, path } from "../runtime/draw.js";
import { has } from "../runtime/fields.js";
import { METRICS, studyOf } from "./geometries-state.js";

/** Paths have so many points, and one more. */
const POINTS = 72;
/** So many equal steps are marked. */
const STEPS = 8;
/** How far Fisher and Rao's path is followed before p and after q: it never comes to the edge. */
const ONWARD = 9;
/** Half the diagonal of the mark of the time, in pixels. */
const MARK = 7;

/**
 * Times in equal steps.
 *
 * @param {number} count
 * @param {number} [from]
 * @param {number} [to]
 */
export function times(count, from = 0, to = 1) {
  return Array.from({ length: count + 1 }, (_, k) => from + (k / count) * (to - from));
}

/**
 * The mark of the time: a square on its corner, for nobody to take for a handle.
 *
 * @param {Point} point  in pixels
 * @param {string} look
 */
function mark([u, v], look) {
  const [x, y] = [u, v - MARK].map((value) => Math.round(value * 10) / 10);
  return path(`M${x} ${y}l${MARK} ${MARK}l-${MARK} ${MARK}l-${MARK} -${MARK}Z`, `${look} now`);
}

/**
 * When the continued path begins and ends.
 *
 * @param {State} state
 * @param {Metric} metric
 * @returns {[number, number]}
 */
function wholeOf(state, metric) {
  const { distances, ends } = studyOf(state);
  if (metric === "w2") return ends;
  const onward = ONWARD / Math.max(distances.fisher_rao, 1e-3);
  return [-onward, 1 + onward];
}

/**
 * Both paths.
 *
 * @param {State} state
 * @param {Places} places
 * @param {PointOf} pointOf
 */
export function drawnPaths(state, places, pointOf) {
  const { paths } = studyOf(state);
  const drawn = METRICS.flatMap((metric) => {
    const at = (/** @type {number} */ t) => pointOf(paths[metric](t));
    const steps = dots(places, times(STEPS).map(at));
    const drawn = [
      path(lines(places, [times(POINTS).map(at)]), `${metric} way`),
      path(steps, `${metric} step`),
      metric === "w2" ? "" : path(steps, "core"),
    ];
    if (has(state.show, "onward")) {
      const whole = times(2 * POINTS, ...wholeOf(state, metric)).map(at);
      drawn.unshift(path(lines(places, [whole]), `${metric} onward`));
    }
    return drawn;
  });
  const marks = METRICS.map((metric) =>
    mark(places.toPixels(pointOf(paths[metric](state.t))), metric),
  );
  return [...drawn, ...marks].join("");
}
