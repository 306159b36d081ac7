/**
 * Drawing with vectors, of the plane or of space: what the figures of orthogonal maps are drawn of,
 * and the picture of a term that is pointed at.
 *
 * @typedef {import("../closed-forms/orthogonal.js").Matrix} Matrix
 * @typedef {import("../closed-forms/orthogonal.js").Vector} Vector
 * @typedef {import("../runtime/figure.js").Lit} Lit
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {import("./words.js").Room} Room
 */
import { angleBetween, apply, bisectors, scaled } from "../closed-forms/orthogonal.js";
import { arrows, lines, outline, path } from "../runtime/draw.js";
import { arc, combined, cross } from "./vectors.js";

/** How a view of vectors is drawn: `toPoint` projects them, and what `isBehind` is faint. */
export class VectorDrawing {
  /**
   * @param {Plane} plane
   * @param {(vector: Vector) => Point} toPoint
   * @param {(vector: Vector) => boolean} isBehind
   * @param {Room} room
   */
  constructor(plane, toPoint, isBehind, room) {
    this.plane = plane;
    this.room = room;
    this.toPoint = toPoint;
    this.isBehind = isBehind;
  }

  /**
   * A polygon.
   *
   * @param {Vector[]} corners
   * @param {string} look
   */
  shape(corners, look) {
    return path(outline(this.plane, corners.map(this.toPoint)), look);
  }

  /**
   * A curve, whose part behind is faint.
   *
   * @param {Vector[]} points
   * @param {string} look
   */
  curve(points, look) {
    /** @type {Point[][]} */
    const before = [];
    /** @type {Point[][]} */
    const behind = [];
    for (let k = 1; k < points.length; k++) {
      const start = points[k - 1];
      const part = this.isBehind(start) ? behind : before;
      part.push([this.toPoint(start), this.toPoint(points[k])]);
    }
    return path(lines(this.plane, before), look) + path(lines(this.plane, behind), faint(look));
  }

  /**
   * The line through the origin along a vector.
   *
   * @param {Vector} direction
   * @param {string} look
   */
  line(direction, look) {
    const ends = [-1.3, 1.3].map((size) => this.toPoint(scaled(direction, size)));
    return path(lines(this.plane, [ends]), look);
  }

  /**
   * An arrow, faint if its tip is behind.
   *
   * @param {Vector} from
   * @param {Vector} to
   * @param {string} look
   */
  arrow(from, to, look) {
    const drawn = arrows(this.plane, [[this.toPoint(from), this.toPoint(to)]], 10);
    return path(drawn, this.isBehind(to) ? faint(look) : look);
  }

  /**
   * Words beside a vector.
   *
   * @param {Vector} vector
   * @param {string} look
   * @param {string} said
   * @param {Vector} [direction]  the way from it that they like best
   * @param {number} [gap]
   */
  name(vector, look, said, direction = vector, gap = 4) {
    const [x, y] = this.toPoint(direction);
    const point = this.plane.toPixels(this.toPoint(vector));
    return this.room.say(point, look, said, Math.atan2(y, x), gap);
  }

  /**
   * The image of a house under a map. The last of its faces is the door; it is behind if the first
   * corner is.
   *
   * @param {Matrix} map
   * @param {Vector[][]} faces
   * @param {string} look
   */
  house(map, faces, look) {
    const images = faces.map((face) => face.map((corner) => apply(map, corner)));
    const door = images.length - 1;
    const shapes = images.map((face, k) => this.shape(face, k === door ? "door" : "house"));
    const isBehind = this.isBehind(images[0][0]);
    return `<g class="${isBehind ? faint(look) : look}">${shapes.join("")}</g>`;
  }
}

/**
 * The classes of what is behind.
 *
 * @param {string} look
 */
function faint(look) {
  return `${look} behind`;
}

/**
 * What the lit term is made of.
 *
 * @param {VectorDrawing} drawing
 * @param {Lit} lit
 * @param {Vector} a
 * @param {Vector} b
 */
export function mapOverlay(drawing, lit, a, b) {
  if (!lit) return "";
  const [middle, chord] = bisectors(a, b);
  const centre = scaled(a, 0);
  const look = `overlay term-${lit.term}`;
  const [thin, thick] = [`${look} thin`, `${look} shaft`];
  switch (lit.term) {
    case "outer":
      return drawing.arrow(centre, a, thin) + drawing.arrow(centre, b, thick);
    case "sum": {
      const half = combined([0.5, 0.5], [a, b]);
      return drawing.line(middle, thin) + drawing.arrow(centre, half, thick);
    }
    case "difference":
      return drawing.line(chord, thin) + drawing.arrow(b, a, thick);
    case "across":
      return a.length === 2 ? "" : drawing.line(cross(middle, chord), look);
    case "turn":
      return drawing.curve(arc(middle, chord, angleBetween(a, b) / 2), look);
    default:
      return "";
  }
}
