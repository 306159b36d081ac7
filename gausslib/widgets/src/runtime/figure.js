/**
 * What a figure is. A figure is data and functions of its state: it knows no document. So the same
 * code makes the picture that stands in the page before the script runs, and the one that moves.
 *
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 * @typedef {import("./plane.js").Plane} Plane
 * @typedef {import("./plane.js").Point} Point
 *
 * @typedef {(state: State) => boolean} Condition  whether a part is there in a state
 * @typedef {(state: State) => string} Words  what is said of a state
 * @typedef {{[name: string]: number}} Values
 *
 * @typedef {object} Term  the term of a formula
 * @property {string} formula  the key of the formula
 * @property {string} term
 *
 * @typedef {Term | null} Lit  the term that is pointed at
 *
 * @typedef {object} View  what a drawing depends on besides the state
 * @property {Plane} plane
 * @property {Lit} lit
 * @property {number} grain  how many pixels of a panel's drawing there are to a pixel of the screen
 * @property {SVGElement} [drawing]  its place in a page, for what SVG is too slow for
 *
 * @typedef {object} Definition
 * @property {string} tag  the name of the element
 * @property {string} label  what the picture shows, for those who do not see it
 * @property {{[name: string]: Field}} fields
 * @property {{[name: string]: State}} [presets]  states to choose from; what a preset does not name
 *     is as at the start
 * @property {(state: State) => Values} values  the numbers of the state
 * @property {Reading[]} [readout]  which of them stand above the picture
 * @property {(state: State) => number} [reach]  how many times the smallest window must grow to
 *     hold the state
 * @property {number} [scale]  the size of a window that never changes, instead of `reach`
 * @property {boolean} [bare]  whether the plane is without grid and ticks
 * @property {boolean} [line]  whether it is a line: then grid and ticks are only along it
 * @property {(state: State, view: View) => string} [scene]  the picture as SVG, without its handles
 * @property {Words} [remark]  what there is to say of the state below the picture, or ""
 * @property {HandleDefinition[]} [handles]
 * @property {Backdrop} [backdrop]  what is moved where the background is dragged, by a
 *     finger from side to side: up and down it scrolls the page
 * @property {Panel[]} [panels]  the pictures below the plane
 * @property {Control[]} [controls]
 * @property {string} [hint]  what to do, where nothing is dragged
 * @property {Desk} [desk]  what it has besides
 * @property {Play} [play]
 * @property {FormulaView[]} [formulas]
 * @property {Words} python  a program that ends with `values = {...}`, the same numbers
 *
 * @typedef {object} Reading
 * @property {string} key  the name of the number among `values`
 * @property {string} label
 * @property {string} unit
 * @property {Condition} [when]
 *
 * @typedef {object} HandleDefinition
 * @property {string} name  how it is called when it is spoken of
 * @property {string} look  its classes: `p`, `q`, … for the colour; `centre`, `end` for the dot
 * @property {(state: State, plane: Plane) => Point} position
 * @property {(state: State, point: Point, plane: Plane) => State} constrain  what must change to
 *     bring the handle to a point of the window, or as near as is legal; for pointer and keyboard
 * @property {(state: State, plane: Plane) => Spoken} spoken
 * @property {boolean} [isRound]  whether its places are a closed curve
 * @property {(state: State) => Point} [end]  what it moves, where it stands off from that
 * @property {Condition} [when]
 *
 * @typedef {object} Spoken  what a handle says of itself
 * @property {string} text
 * @property {number} now
 * @property {number} [min]  the left edge of the window, if nothing is said
 * @property {number} [max]  the right edge
 *
 * @typedef {object} Backdrop  like a handle, but its positions need not be in the window
 * @property {(state: State, plane: Plane) => Point} position
 * @property {(state: State, point: Point, plane: Plane) => State} constrain
 *
 * @typedef {object} Panel
 * @property {string | Words} label
 * @property {number} width  the width of its window in pixels, which grow by an eighth at most: so
 *     640 fill a figure
 * @property {number} height
 * @property {(state: State, view: View) => string} draw  the picture as SVG
 * @property {HandleDefinition[]} [handles]  their points are pixels of the drawing
 * @property {Condition} [when]
 *
 * @typedef {object} Control  a native control for one field: a list for a choice, else a slider
 * @property {string} field
 * @property {string} label
 * @property {number} [min]  the least value of a slider
 * @property {number} [max]
 * @property {number} [step]
 * @property {Scale} [place]  the scale of a slider on which values do not stand where they are
 * @property {Words} [shown]  the value in words
 * @property {{[option: string]: string}} [options]  names for the options of a choice
 * @property {Condition} [when]
 *
 * @typedef {object} Scale
 * @property {(value: number) => number} to  where the slider stands for a value
 * @property {(place: number) => number} from  the value of a place
 *
 * @typedef {object} Desk  a part that a figure brings itself
 * @property {(state: State, values: Values) => string} markup
 * @property {(live: LiveFigure) => void} enable  lets it be used
 * @property {(live: LiveFigure, patch: State, source: string) => void} write  writes the state
 *
 * @typedef {object} Play  a button that moves the figure
 * @property {string} label
 * @property {number} seconds
 * @property {(state: State) => number} fraction  how far it has come, from 0 to 1
 * @property {(fraction: number, state: State) => State} at
 * @property {Condition} [when]
 *
 * @typedef {object} FormulaView
 * @property {Formula} formula
 * @property {(state: State) => Values} terms  the current number of each term
 * @property {(state: State) => number} [whole]  the number of the left side
 * @property {{[term: string]: Words}} captions  what to see in the picture
 * @property {Words} [rest]  the caption while no term is pointed at
 * @property {{[term: string]: Words}} [notes]  what the number of a term is, if not its value
 * @property {{[term: string]: string}} [names]  how a term is called, if not as in the registry
 * @property {Condition} [when]
 *
 * @typedef {object} Formula  an entry of the registry, its TeX made MathML by the bundler
 * @property {string} key
 * @property {string} name
 * @property {[string | null, string][]} pieces  each the name of a term or null, and the inside of
 *     its MathML
 */

import { scaleFor } from "./plane.js";

/** The caption of a formula while no term is pointed at. */
export const REST = "Point at a term, or move to it with Tab, to see what makes it.";

/**
 * The start of a figure, some of it as given.
 * @param {Definition} figure
 * @param {State} [given]
 * @returns {State}
 */
export function startOf({ fields }, given = {}) {
  const starts = Object.entries(fields).map(([name, { start }]) => [name, start]);
  return { ...Object.fromEntries(starts), ...given };
}

/**
 * The size of the window that holds a state.
 * @param {Definition} figure
 * @param {State} state
 */
export function scaleOf(figure, state) {
  return figure.scale ?? scaleFor(figure.reach?.(state) ?? 1);
}

/**
 * Makes the window of a figure hold a state.
 * @param {Definition} figure
 * @param {Plane} plane
 * @param {State} state
 */
export function fit(figure, plane, state) {
  plane.scale = scaleOf(figure, state);
}

/**
 * Whether a part is there in this state.
 * @param {{when?: Condition}} part
 * @param {State} state
 */
export function applies({ when }, state) {
  return when?.(state) ?? true;
}

/**
 * What a panel shows, in words.
 * @param {Panel} panel
 * @param {State} state
 */
export function labelOf({ label }, state) {
  return typeof label === "string" ? label : label(state);
}

/**
 * What a handle says of itself, as attributes.
 * @param {HandleDefinition} handle
 * @param {State} state
 * @param {Plane} plane
 */
export function spokenAttributes(handle, state, plane) {
  const { text, now, min = -plane.right, max = plane.right } = handle.spoken(state, plane);
  return {
    "aria-valuenow": now,
    "aria-valuemin": min,
    "aria-valuemax": max,
    "aria-valuetext": text,
  };
}

/**
 * The caption of the formulas in a state, while no term is pointed at.
 * @param {FormulaView[]} formulas
 * @param {State} state
 */
export function restingCaption(formulas, state) {
  const shown = formulas.find((part) => part.rest && applies(part, state));
  return shown?.rest?.(state) ?? REST;
}
