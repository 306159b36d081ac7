/**
 * The formulas beside a figure: their numbers, and the term that is pointed at.
 *
 * @typedef {import("./figure.js").Lit} Lit
 * @typedef {import("./figure.js").Values} Values
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { applies, restingCaption } from "./figure.js";
import { formatted } from "./format.js";
import { setText } from "./inside.js";
import { drawState } from "./picture.js";

const PIECE = ".piece[data-term]";

/**
 * Tells the document which term of which formula is pointed at: figures and formulas light it up.
 * @param {string} formula
 * @param {string | null} term
 */
export function announceTerm(formula, term) {
  document.dispatchEvent(new CustomEvent("gauss-term", { detail: { formula, term } }));
}

/** @param {HTMLElement} piece */
function announce(piece) {
  announceTerm(keyOf(piece), piece.dataset.term ?? null);
}

/**
 * The key of the formula of a piece.
 * @param {HTMLElement} piece
 */
function keyOf({ parentElement }) {
  return parentElement?.dataset.key ?? "";
}

/**
 * Lets the terms be pointed at, with a pointer or the keyboard.
 * @param {LiveFigure} live
 */
export function enableFormulas({ inside }) {
  inside.on("pointerover", PIECE, announce);
  inside.on("focusin", PIECE, announce);
  // Not every browser gives a button the focus when it is tapped.
  inside.on("click", PIECE, (piece) => piece.focus());
  inside.on("focusout", PIECE, (piece) => announceTerm(keyOf(piece), null));
  inside.on("pointerout", PIECE, (piece) => {
    const { active } = inside;
    if (active?.matches(PIECE)) announce(active);
    else announceTerm(keyOf(piece), null);
  });
}

/**
 * Follows what the document tells of terms.
 * @param {LiveFigure} live
 * @param {AbortSignal} signal  ends that
 */
export function followTerms(live, signal) {
  const follow = (/** @type {CustomEventInit} */ { detail: { formula, term } }) => {
    const isOwn = live.figure.formulas?.some((part) => part.formula.key === formula);
    if (isOwn) light(live, term && { formula, term });
  };
  document.addEventListener("gauss-term", follow, { signal });
}

/**
 * Lights up a term, here and in the picture, if its formula is there and has something to show.
 * @param {LiveFigure} live
 * @param {Lit} lit
 */
export function light(live, lit) {
  const { inside, state, figure } = live;
  const shown = figure.formulas?.find(
    (part) => part.formula.key === lit?.formula && applies(part, state),
  );
  live.lit = lit && Object.hasOwn(shown?.captions ?? {}, lit.term) ? lit : null;
  const { formula, term } = live.lit ?? {};
  const { dataset } = inside.find(".gauss-figure");
  if (term) dataset.lit = term;
  else delete dataset.lit;
  for (const piece of inside.all(PIECE))
    piece.classList.toggle("is-lit", keyOf(piece) === formula && piece.dataset.term === term);
  drawState(live);
  writeFormulas(live);
}

/**
 * Writes the numbers of the terms, and the caption.
 * @param {LiveFigure} live
 */
export function writeFormulas({ inside, state, lit, figure: { formulas = [] } }) {
  const shown = formulas.filter((part) => applies(part, state));
  for (const { formula, terms, whole, notes } of shown) {
    /** @type {Values} */
    const values = { ...terms(state), ...(whole && { "": whole(state) }) };
    for (const slot of inside.all(`[data-key="${formula.key}"] [data-slot]`))
      setText(slot, formatted(values[slot.dataset.slot]));
    for (const note of inside.all(`[data-key="${formula.key}"] [data-note]`))
      setText(note, notes?.[note.dataset.note]?.(state) ?? "");
  }
  const caption = inside.find(".gauss-caption");
  if (!caption) return;
  const pointedAt = shown.find(({ formula }) => formula.key === lit?.formula);
  const words = pointedAt?.captions[lit?.term ?? ""]?.(state);
  setText(caption, words ?? restingCaption(shown, state));
  caption.hidden = !shown.length;
}
