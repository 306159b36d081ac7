/**
 * What a figure is, and its markup. A figure is data and functions of its state: it knows no document. So the same code
 * makes the picture that stands in the page before the script runs, and the one that moves.
 *
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./plane.js").Point} Point
 * @typedef {{formula: string, term: string} | null} Lit  the term that is pointed at
 * @typedef {{plane: Plane, lit: Lit}} View  what a drawing depends on besides the state
 *
 * @typedef {object} Definition
 * @property {string} tag  name of the element
 * @property {string} label  what the picture shows, for those who do not see it
 * @property {{[name: string]: Field}} fields
 * @property {{[name: string]: State}} [presets]  states to choose from; what a preset does not name is as at the start
 * @property {(state: State) => {[name: string]: number}} values  the numbers of the state
 * @property {Reading[]} [readout]  which of them stand above the picture
 * @property {(state: State) => number} [reach]  how many times the smallest window must grow to hold the state
 * @property {number} [scale]  of a window that never changes, instead of `reach`
 * @property {boolean} [bare]  without grid and ticks
 * @property {boolean} [line]  a line rather than a plane: grid and ticks only along it
 * @property {(state: State, view: View) => string} [scene]  the picture as SVG, without its handles
 * @property {(state: State) => string} [remark]  what there is to say of the state below the picture, or ""
 * @property {HandleDefinition[]} [handles]
 * @property {Backdrop} [backdrop]  what a mouse moves that drags the background
 * @property {Panel[]} [panels]  pictures below the plane
 * @property {Control[]} [controls]
 * @property {Source[]} [sources]  where data come in
 * @property {string} [hint]  what to do, where nothing is dragged
 * @property {Table} [table]
 * @property {Play} [play]
 * @property {FormulaView[]} [formulas]
 * @property {(state: State) => string} python  a program that ends with `values = {...}`, the same numbers
 *
 * @typedef {object} Reading
 * @property {string} key  of `values`
 * @property {string} label
 * @property {string} unit
 * @property {(state: State) => boolean} [when]
 *
 * @typedef {object} HandleDefinition
 * @property {string} name  to be spoken
 * @property {string} look  classes: `p`, `q`, … for the colour; `centre`, `end` for the dot
 * @property {(state: State, plane: Plane) => Point} position
 * @property {(state: State, point: Point, plane: Plane) => State} constrain  what must change to bring the handle to a
 *     point of the window, or as near as is legal; for pointer and keyboard alike
 * @property {(state: State, plane: Plane) => {text: string, now: number, min?: number, max?: number}} spoken  if not told
 *     otherwise, `now` goes from the left to the right edge
 * @property {(state: State) => boolean} [when]
 *
 * @typedef {object} Backdrop  like a handle, but its positions need not be in the window
 * @property {(state: State) => Point} position
 * @property {(state: State, point: Point) => State} constrain
 *
 * @typedef {object} Panel
 * @property {string | ((state: State) => string)} label
 * @property {number} width  pixels of its window, which grow by an eighth at most: then 640 fill a figure
 * @property {number} height
 * @property {(state: State, view: View) => string} draw  SVG
 * @property {(state: State) => boolean} [when]
 *
 * @typedef {object} Control  a native control for one field: a slider for a number, a list for a choice, else text
 * @property {string} field
 * @property {string} label
 * @property {number} [min]  of a slider
 * @property {number} [max]
 * @property {number} [step]
 * @property {{to: (value: number) => number, from: (place: number) => number}} [place]  of a slider with another scale: where
 *     it stands for a value, and the value there
 * @property {(state: State) => string} [shown]  the value in words, or as it stands in a box for text
 * @property {number} [rows]  of text
 * @property {(state: State) => string} [fault]  of text: what keeps a legal value from going with the others, or ""
 * @property {{[option: string]: string}} [options]  names for the options of a choice
 * @property {(state: State) => boolean} [when]
 *
 * @typedef {object} Source  a box to paste text into, or to choose a file; the browser reads it and sends it nowhere
 * @property {string} label
 * @property {(text: string) => State} read  what changes, or an error with a sentence for the reader
 * @property {(state: State) => boolean} [when]
 *
 * @typedef {object} Table  values by their terms: `<row>_<term>` of `values`, where there is one
 * @property {{[row: string]: string}} rows  with their names
 * @property {{[terms: string]: string}} columns  each for one term, or for several if no row has two of them
 * @property {(state: State) => boolean} [when]
 *
 * @typedef {object} Play  a button that moves the figure
 * @property {string} label
 * @property {number} seconds
 * @property {(state: State) => number} fraction  how far it has come, 0 to 1
 * @property {(fraction: number, state: State) => State} at
 * @property {(state: State) => boolean} [when]
 *
 * @typedef {object} FormulaView
 * @property {Formula} formula
 * @property {(state: State) => {[term: string]: number}} terms  the current number of each term
 * @property {(state: State) => number} [whole]  the number of the left side
 * @property {{[term: string]: (state: State) => string}} captions  what to see in the picture
 * @property {(state: State) => string} [rest]  the caption while no term is pointed at
 * @property {{[term: string]: string}} [names]  how a term is called, if not as in the registry
 * @property {(state: State) => boolean} [when]
 *
 * @typedef {object} Formula  an entry of the registry, its TeX made MathML by the bundler
 * @property {string} key
 * @property {string} name
 * @property {[string | null, string][]} pieces  each the name of a term or null, and the inside of its MathML
 */
import { has } from "./fields.js";
import { formatted } from "./format.js";
import { HALF_HEIGHT, HALF_WIDTH, HIT_RADIUS, Plane } from "./plane.js";

/** What a panel shows, in words. */
export const labelOf = (/** @type {Panel} */ { label }, /** @type {State} */ state) =>
  typeof label === "string" ? label : label(state);

export const REST = "Point at a term, or move to it with Tab, to see what makes it.";

/** The start of a figure, some of it as given. @returns {State} */
export function startOf(/** @type {Definition} */ figure, /** @type {State} */ given = {}) {
  return {
    ...Object.fromEntries(Object.entries(figure.fields).map(([name, { start }]) => [name, start])),
    ...given,
  };
}

/** The window that holds a state. */
export function fit(
  /** @type {Definition} */ figure,
  /** @type {Plane} */ plane,
  /** @type {State} */ state,
) {
  if (figure.scale) plane.scale = figure.scale;
  else plane.fit(figure.reach?.(state) ?? 1);
}

const escaped = (/** @type {string} */ words) =>
  words.replace(
    /[&<>"]/g,
    (sign) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot" }[sign]};`,
  );

/** Grid and ticks, which depend on the window alone. */
export function grid(/** @type {Plane} */ plane, line = false) {
  const { width, height } = plane;
  const columns = plane.ticks(HALF_WIDTH).map((x) => [x, plane.toPixels([x, 0])[0]]);
  const rows = (line ? [] : plane.ticks(HALF_HEIGHT)).map((y) => [y, plane.toPixels([0, y])[1]]);
  const lines = [
    ...columns.map(([, u]) => `M${u} 0V${height}`),
    ...rows.map(([, v]) => `M0 ${v}H${width}`),
  ];
  const label = (/** @type {number} */ value) => `${value}`.replace("-", "−");
  return `<path class="grid" d="${lines.join("")}"/><path class="origin" d="M${width / 2} 0V${height}${line ? "" : `M0 ${height / 2}H${width}`}"/>
    <g class="ticks" aria-hidden="true">${columns.map(([x, u]) => `<text x="${u}" y="${height - 6}" text-anchor="middle">${label(x)}</text>`).join("")}
    ${rows.map(([y, v]) => `<text x="6" y="${v + 4}">${label(y)}</text>`).join("")}</g>`;
}

/** What a handle says of itself. @returns {{[attribute: string]: string | number}} */
export function spoken(
  /** @type {HandleDefinition} */ handle,
  /** @type {State} */ state,
  /** @type {Plane} */ plane,
) {
  const right = HALF_WIDTH * plane.scale;
  const { text, now, min = -right, max = right } = handle.spoken(state, plane);
  return {
    "aria-valuenow": now,
    "aria-valuemin": min,
    "aria-valuemax": max,
    "aria-valuetext": text,
  };
}

/** Whether a part is there in this state. */
export const applies = (
  /** @type {{when?: (state: State) => boolean}} */ part,
  /** @type {State} */ state,
) => part.when?.(state) ?? true;

const shown = (
  /** @type {{when?: (state: State) => boolean}} */ part,
  /** @type {State} */ state,
) => (applies(part, state) ? "" : " hidden");

const reading = (
  /** @type {Reading} */ part,
  /** @type {State} */ state,
  /** @type {{[name: string]: number}} */ values,
) => `
  <div${shown(part, state)}><dt>${part.label} <span class="unit">${part.unit}</span></dt>
  <dd class="gauss-number" data-value="${part.key}">${formatted(values[part.key])}</dd></div>`;

function handle(
  /** @type {HandleDefinition} */ part,
  /** @type {State} */ state,
  /** @type {Plane} */ plane,
  /** @type {boolean} */ live,
) {
  const place = plane.toPixels(part.position(state, plane));
  const role = live ? ` tabindex="0" role="slider" aria-label="${part.name}"` : "";
  return `<g class="handle ${part.look}" transform="translate(${place})"${role}${shown(part, state)}>
    <circle class="hit" r="${HIT_RADIUS}"/><circle class="ring" r="11"/><circle class="dot" r="5"/></g>`;
}

/** A box for text; the element makes it one to write in. */
const box = (
  /** @type {string} */ label,
  /** @type {string} */ attributes,
  /** @type {number} */ rows,
  text = "",
) =>
  `<textarea ${attributes} aria-label="${label}" rows="${rows}" readonly spellcheck="false" autocomplete="off">${escaped(text)}</textarea>`;

const complaint = (words = "") => `<span class="gauss-fault" role="alert">${words}</span>`;

/** The part of a field's control that the reader handles. */
function input(
  /** @type {Control} */ part,
  /** @type {Field} */ field,
  /** @type {State} */ state,
) {
  const value = field.write(state[part.field]);
  if (field.options) {
    const names = part.options ?? {};
    return `<select data-field="${part.field}">${field.options.map((option) => `<option value="${option}"${option === value ? " selected" : ""}>${names[option] ?? option}</option>`).join("")}</select>`;
  }
  if (part.rows)
    return (
      box(part.label, `data-field="${part.field}"`, part.rows, part.shown?.(state) ?? value) +
      complaint(part.fault?.(state))
    );
  return `<input type="range" data-field="${part.field}" min="${part.min}" max="${part.max}" step="${part.step ?? "any"}" value="${part.place?.to(state[part.field]) ?? value}"><output>${part.shown?.(state) ?? value}</output>`;
}

const control = (
  /** @type {Control} */ part,
  /** @type {Definition} */ figure,
  /** @type {State} */ state,
) =>
  `<label class="gauss-control"${shown(part, state)}><span>${part.label}</span>${input(part, figure.fields[part.field], state)}</label>`;

const source = (
  /** @type {Source} */ part,
  /** @type {State} */ state,
  /** @type {number} */ index,
) => `
  <div class="gauss-control"${shown(part, state)}><span>${part.label}</span>${box(part.label, `data-source="${index}"`, 3)}
  <input type="file" data-source="${index}" aria-label="${part.label}, from a file">${complaint()}</div>`;

function table(
  /** @type {Table} */ part,
  /** @type {State} */ state,
  /** @type {{[name: string]: number}} */ values,
) {
  const columns = Object.entries(part.columns);
  const cell = (/** @type {string} */ row, /** @type {string} */ terms) => {
    const key = terms
      .split(" ")
      .map((term) => `${row}_${term}`)
      .find((name) => name in values);
    return `<td class="term-${terms}">${key ? `<span class="gauss-number" data-value="${key}">${formatted(values[key])}</span>` : ""}</td>`;
  };
  return `<table class="gauss-table"${shown(part, state)}><tr><td></td>${columns.map(([terms, name]) => `<th class="term-${terms}" scope="col">${name}</th>`).join("")}</tr>
    ${Object.entries(part.rows)
      .map(
        ([row, name]) =>
          `<tr><th scope="row">${name}</th>${columns.map(([terms]) => cell(row, terms)).join("")}</tr>`,
      )
      .join("")}</table>`;
}

function formulaView(
  /** @type {FormulaView} */ part,
  /** @type {State} */ state,
  /** @type {boolean} */ live,
) {
  const { key, name, pieces } = part.formula;
  const terms = part.terms(state);
  const slot = (/** @type {string} */ term, /** @type {number} */ value) =>
    `<span class="gauss-number" data-slot="${term}">${formatted(value)}</span>`;
  const views = pieces.map(([term, inside], index) => {
    const math = `<math displaystyle="true">${inside}</math>`;
    const name = `<span class="spoken">${part.names?.[term ?? ""] ?? term}: </span>`;
    const [open, close] = live ? [`button type="button"`, "button"] : ["span", "span"];
    if (term)
      return `<${open} class="piece term-${term}" data-term="${term}">${name}${math}${slot(term, terms[term])}</${close}>`;
    return `<span class="piece">${math}${index === 0 && part.whole ? slot("", part.whole(state)) : ""}</span>`;
  });
  return `<div class="gauss-formula" data-key="${key}" role="group" aria-label="${escaped(name)}"${shown(part, state)}>${views.join("")}</div>`;
}

const menu = (/** @type {string} */ label, /** @type {string} */ inside) =>
  `<details class="menu"><summary>${label}</summary><div class="sheet">${inside}</div></details>`;

function bar(/** @type {Definition} */ figure, /** @type {State} */ state) {
  const { presets = {}, fields, play, handles = [], backdrop, hint: other = "" } = figure;
  const extras = fields.show?.options ?? [];
  const hint = handles.length
    ? `Drag a dot<span class="keys">, or use Tab and the arrow keys<span class="more"> (Shift: larger steps, Alt: finer)</span>${backdrop ? "; drag the background to turn" : ""}</span>.`
    : other;
  return `<div class="gauss-bar"><p class="hint"><span class="live">${hint}</span><span class="still">A still picture: with JavaScript it can be moved.</span></p>
    ${play ? `<button type="button" class="play"${shown(play, state)}>${play.label}</button>` : ""}
    ${
      Object.keys(presets).length
        ? menu(
            "Presets",
            Object.keys(presets)
              .map((name) => `<button type="button" data-preset="${name}">${name}</button>`)
              .join(""),
          )
        : ""
    }
    ${extras.length > 1 ? menu("Show", extras.map((word) => `<label><input type="checkbox" data-extra="${word}"${has(state.show, word) ? " checked" : ""}>${word}</label>`).join("")) : ""}
    ${menu(
      "Share",
      `<button type="button" data-copy="link">Copy link</button><button type="button" data-copy="python">Copy as Python</button>
      <button type="button" data-copy="embed">Copy HTML to embed</button><span class="copied" role="status"></span><textarea readonly hidden rows="4" aria-label="What was copied"></textarea>`,
    )}
    <button type="button" class="reset">Reset</button></div>`;
}

/** The whole inside of a figure. A still one (`live` false) has no roles of things that can be used. */
export function markup(
  /** @type {Definition} */ figure,
  /** @type {State} */ state,
  /** @type {boolean} */ live,
  plane = new Plane(),
) {
  const {
    readout = [],
    handles = [],
    panels = [],
    controls = [],
    sources = [],
    formulas = [],
  } = figure;
  fit(figure, plane, state);
  const view = { plane, lit: null };
  const values = figure.values(state);
  return `<div class="gauss-figure">
    <p class="gauss-note" role="alert" hidden></p>
    ${readout.length ? `<dl class="gauss-readout simple">${readout.map((part) => reading(part, state, values)).join("")}</dl>` : ""}
    ${
      figure.scene
        ? `<svg class="gauss-plane${figure.backdrop ? " turning" : ""}" role="${live ? "group" : "img"}" aria-label="${figure.label}" viewBox="0 0 ${plane.width} ${plane.height}">
      <g class="paper">${figure.bare ? "" : grid(plane, figure.line)}</g><g class="scene">${figure.scene(state, view)}</g>
      ${handles.map((part) => handle(part, state, plane, live)).join("")}</svg>`
        : ""
    }
    ${figure.remark ? `<p class="gauss-remark" role="status">${figure.remark(state)}</p>` : ""}
    ${panels.map((part) => `<svg class="gauss-panel" role="img" aria-label="${labelOf(part, state)}" viewBox="0 0 ${part.width} ${part.height}" style="max-height: ${1.125 * part.height}px"${shown(part, state)}>${part.draw(state, view)}</svg>`).join("")}
    ${controls.length ? `<div class="gauss-controls">${sources.map((part, index) => source(part, state, index)).join("")}${controls.map((part) => control(part, figure, state)).join("")}</div>` : ""}
    ${figure.table ? table(figure.table, state, values) : ""}
    ${bar(figure, state)}
    ${formulas.map((part) => formulaView(part, state, live)).join("")}
    ${formulas.length ? `<p class="gauss-caption" aria-live="polite"${formulas.some((part) => applies(part, state)) ? "" : " hidden"}>${formulas.find((part) => part.rest && applies(part, state))?.rest?.(state) ?? REST}</p>` : ""}
  </div>`;
}
