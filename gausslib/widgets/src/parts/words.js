/**
 * Words in a picture, placed so that they can be read: inside the window, and clear of handles and
 * of one another. A scene says them in the order of their importance, each beside the point that it
 * belongs to, and they stand as near to it as what has been said before lets them.
 *
 * Pictures are drawn without a browser too, which alone could measure words. So they are given the
 * room that they take in a typeface as wide as any that readers are likely to have.
 *
 * @typedef {import("../runtime/draw.js").Places} Places
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").HandleDefinition} HandleDefinition
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 *
 * @typedef {[number, number, number, number]} Box  its middle, half its width and half its height,
 *     in pixels
 * @typedef {ReturnType<typeof roomOf>} Room  of a picture, and what of it is taken
 */
import { label } from "../runtime/draw.js";

/** Half the side of the square that words leave to a dot. */
const CLEAR = 9;
/**
 * Where words may stand, the best first: turned about their point from the direction that they like
 * by so much, by eighths of a turn, and so many pixels farther away.
 */
const WAYS = [0, 13, 28, 46, 70].flatMap((step) =>
  [0, 1, -1, 2, -2, 3, -3, 4].map((eighths) => [(eighths * Math.PI) / 4, step]),
);
/** Letters that are about half as wide as others. */
const NARROW = /[ .,()|fijlrt]/g;

/**
 * The size of the type of words, by their classes: that of names, of what is said, or of ticks.
 *
 * @param {string} look
 */
function sizeOf(look) {
  if (look.startsWith("name")) return 19;
  return look ? 13 : 11;
}

/**
 * A number, moved as little as keeps it so far from 0 and from the end.
 *
 * @param {number} value
 * @param {number} margin
 * @param {number} end
 */
function kept(value, margin, end) {
  return Math.max(Math.min(value, end - margin), margin);
}

/**
 * The room of a picture.
 *
 * @param {{width: number, height: number}} window
 * @param {Point[]} dots  what words keep clear of from the start, in pixels
 */
export function roomOf({ width, height }, dots) {
  /** @type {Box[]} */
  const taken = dots.map(([u, v]) => [u, v, CLEAR, CLEAR]);

  /**
   * How far a box goes into those that are taken.
   *
   * @param {Box} box
   */
  function overlap([u, v, across, up]) {
    let sum = 0;
    for (const [x, y, right, top] of taken)
      sum += Math.max(0, Math.min(across + right - Math.abs(u - x), up + top - Math.abs(v - y)));
    return sum;
  }

  /**
   * Takes the first of some boxes that is free or, if none is, the one that is the least taken.
   *
   * @param {Box[]} boxes
   */
  function take(boxes) {
    const box =
      boxes.find((each) => !overlap(each)) ??
      boxes.reduce((best, each) => (overlap(each) < overlap(best) ? each : best));
    taken.push(box);
    return box;
  }

  /**
   * The boxes of words beside a point, moved into the window.
   *
   * @param {Point} point
   * @param {string} look
   * @param {string} said
   * @param {number[][]} ways  the directions of the boxes from the point, and how far from it they
   *     begin
   * @returns {Box[]}
   */
  function beside([u, v], look, said, ways) {
    const size = sizeOf(look);
    const inWideLetters = (said.length + said.replace(NARROW, "").length) / 2;
    const [across, up] = [0.34 * size * inWideLetters + 2, size / 2];
    return ways.map(([angle, gap]) => {
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const radius = Math.max(Math.abs(cos), Math.abs(sin)); // the direction ends on a square
      return [
        kept(u + (cos / radius) * (across + gap), across, width),
        kept(v - (sin / radius) * (up + gap), up, height),
        across,
        up,
      ];
    });
  }

  /**
   * Words in a box.
   *
   * @param {Box} box
   * @param {string} look
   * @param {string} said
   */
  function written([u, v, , up], look, said) {
    return label(u, v + 0.52 * up, said, look, "middle");
  }

  return {
    take,

    /**
     * Words beside a point, as near as may be to where they like to stand.
     *
     * @param {Point} point  in pixels
     * @param {string} look  their classes
     * @param {string} said
     * @param {number} [angle]  the direction from the point that they like best
     * @param {number} [gap]  how far from the point they like to begin
     */
    say(point, look, said, angle = 0, gap = CLEAR) {
      const ways = WAYS.map(([turn, step]) => [angle + turn, gap + step]);
      return written(take(beside(point, look, said, ways)), look, said);
    },

    /**
     * Words beside a point, or none where they would stand on others.
     *
     * @param {Point} point  in pixels
     * @param {string} look
     * @param {string} said
     * @param {number} angle
     * @param {number} gap
     */
    sayIfFree(point, look, said, angle, gap) {
      const [box] = beside(point, look, said, [[angle, gap]]);
      return overlap(box) ? "" : written(take([box]), look, said);
    },
  };
}

/**
 * The room of a plane, clear of the handles of a state.
 *
 * @param {Plane} plane
 * @param {HandleDefinition[]} handles
 * @param {State} state
 */
export function roomOfPlane(plane, handles, state) {
  const shown = handles.filter(({ when }) => !when || when(state));
  return roomOf(
    plane,
    shown.map(({ position }) => plane.toPixels(position(state, plane))),
  );
}

/**
 * The letter p to the left of a point, and q to the right.
 *
 * @param {Room} room
 * @param {Places} places
 * @param {Point} point
 * @param {"p" | "q"} name
 * @param {number} [up]  whether it likes to stand below the point, or above: −1 or 1
 */
export function letter(room, places, point, name, up = -1) {
  const angle = (up * Math.PI * (name === "p" ? 3 : 1)) / 4;
  return room.say(places.toPixels(point), `name ${name}`, name, angle);
}

/**
 * The numbers of the grid lines, where there is room for them.
 *
 * @param {Room} room
 * @param {Plane} plane
 * @param {boolean} [isLine]  whether there are lines across it alone
 */
export function ticks(room, plane, isLine = false) {
  const written = plane
    .numbers(isLine)
    .map(([point, said, angle]) => room.sayIfFree(point, "", said, angle, 3));
  return `<g class="ticks">${written.join("")}</g>`;
}
