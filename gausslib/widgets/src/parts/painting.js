/**
 * Pictures of hundreds of shapes. At rest they are SVG as all pictures are: they print, are taken
 * away as files, and follow the theme of the page. On the move they are painted on a canvas behind
 * the plane, in the same colours: for that many elements a browser's style and layout take several
 * times as long as its painting, and longer than a frame on a slow machine.
 *
 * @typedef {import("../runtime/figure.js").View} View
 *
 * @typedef {number[]} Line  the points of a line in pixels: u, v, u, v, …
 *
 * @typedef {object} Shape
 * @property {string} look  its classes, which say how it is filled and stroked
 * @property {Line[]} closed
 * @property {Line[]} open  drawn after those
 *
 * @typedef {object} Colours  of a look, as the style sheet has them
 * @property {string} fill
 * @property {number} fillOpacity
 * @property {string} stroke
 * @property {number} strokeOpacity
 * @property {number} width  of the stroke
 */
import { path } from "../runtime/draw.js";

/** A picture is at rest when it has been the same for so long, in milliseconds. */
const REST = 200;

/** The painter of a drawing that is in a page.
 *
 * @type {WeakMap<Element, Painter>}
 */
const painters = new WeakMap();

/**
 * Shapes, the last above the others: as SVG, or as a place for it while they are on a canvas.
 *
 * @param {Shape[]} shapes
 * @param {View} view
 */
export function painted(shapes, { plane, drawing }) {
  if (!drawing) return group(shapes.map((shape) => path(pathOf(shape), shape.look)).join(""));
  const painter = painters.get(drawing) ?? new Painter(drawing);
  painters.set(drawing, painter);
  painter.paint(shapes, plane.width, plane.height);
  return group("");
}

/** @param {string} inner */
function group(inner) {
  return `<g class="shapes">${inner}</g>`;
}

/**
 * The path of a shape.
 *
 * @param {Shape} shape
 */
function pathOf({ closed, open }) {
  const points = (/** @type {Line} */ line) => `M${line.map((each) => each.toFixed(1)).join(" ")}`;
  return closed.map((line) => `${points(line)}Z`).join("") + open.map(points).join("");
}

/**
 * An element with a look.
 *
 * @param {string} look
 */
function element(look) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "path");
  made.setAttribute("class", look);
  return made;
}

/** What paints the shapes of one drawing while they move, and leaves them as SVG at rest. */
class Painter {
  /** @param {SVGElement} drawing */
  constructor(drawing) {
    this.drawing = drawing;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "gauss-canvas";
    this.canvas.hidden = true;
    drawing.ownerSVGElement?.after(this.canvas);
  }

  /**
   * The colours of the looks, kept for as long as the picture moves.
   *
   * @type {Map<string, Colours>}
   */
  #colours = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Shape[]} shapes
   * @param {number} width  of the picture in pixels
   * @param {number} height
   */
  paint(shapes, width, height) {
    const { canvas } = this;
    if (canvas.hidden) this.#colours.clear(); // The theme may be another one now.
    canvas.hidden = false;
    const context = contextOf(canvas, width, height);
    context.lineJoin = "round";
    for (const { look, closed, open } of shapes) {
      const { fill, fillOpacity, stroke, strokeOpacity, width: lineWidth } = this.#coloursOf(look);
      context.beginPath();
      for (const line of closed) {
        trace(context, line);
        context.closePath();
      }
      context.globalAlpha = fillOpacity;
      context.fillStyle = fill;
      if (fill !== "none") context.fill();
      for (const line of open) trace(context, line);
      context.globalAlpha = strokeOpacity;
      context.strokeStyle = stroke;
      context.lineWidth = lineWidth;
      context.stroke();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      canvas.hidden = true;
      const elements = shapes.map((shape) => {
        const made = element(shape.look);
        made.setAttribute("d", pathOf(shape));
        return made;
      });
      this.drawing.querySelector(".shapes")?.replaceChildren(...elements);
    }, REST);
  }

  /**
   * The colours of a look, read from a shape in the drawing that has it.
   *
   * @param {string} look
   * @returns {Colours}
   */
  #coloursOf(look) {
    const known = this.#colours.get(look);
    if (known) return known;
    const probe = element(look);
    this.drawing.append(probe);
    const style = getComputedStyle(probe);
    const colours = {
      fill: inBytes(style.fill),
      fillOpacity: Number(style.fillOpacity),
      stroke: inBytes(style.stroke),
      strokeOpacity: Number(style.strokeOpacity),
      width: Number.parseFloat(style.strokeWidth),
    };
    probe.remove();
    this.#colours.set(look, colours);
    return colours;
  }
}

/**
 * A colour that was mixed, as a canvas reads it soonest.
 *
 * @param {string} colour
 */
function inBytes(colour) {
  const [, mixed] = colour.match(/^color\(srgb ([\d. ]+)\)$/) ?? [];
  return mixed ? `rgb(${mixed.split(" ").map((part) => Math.round(255 * Number(part)))})` : colour;
}

/**
 * The empty canvas, as fine as the screen.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
function contextOf(canvas, width, height) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const fine = devicePixelRatio;
  const [across, down] = [Math.round(width * fine), Math.round(height * fine)];
  if (canvas.width !== across || canvas.height !== down) {
    Object.assign(canvas, { width: across, height: down });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  context.setTransform(fine, 0, 0, fine, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Line} line
 */
function trace(context, line) {
  context.moveTo(line[0], line[1]);
  for (let k = 2; k < line.length; k += 2) context.lineTo(line[k], line[k + 1]);
}
