/**
 * The desk of the calculator: boxes for numbers that are typed or pasted, boxes for samples, and
 * the table of terms.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Condition} Condition
 * @typedef {import("../runtime/figure.js").Desk} Desk
 * @typedef {import("../runtime/figure.js").Values} Values
 * @typedef {import("../runtime/figure.js").Words} Words
 * @typedef {import("../runtime/live-figure.js").LiveFigure} LiveFigure
 *
 * @typedef {object} Box  a box for the text of one field
 * @property {string} field
 * @property {string} label
 * @property {number} rows  its height
 * @property {Words} shown  the value as it stands in the box
 * @property {Words} fault  what keeps a legal value from going with the others, or ""
 *
 * @typedef {object} Source  a box to paste samples into, or to choose a file; the browser reads it
 *     and sends it nowhere
 * @property {string} label
 * @property {(text: string, tell: (part: number) => void) => Promise<State>} read  what changes,
 *     or an error with a sentence for readers; meanwhile it tells how much is read
 * @property {Condition} when
 *
 * @typedef {object} Table  values by their terms: `<row>_<term>` of the values, where there is one
 * @property {{[row: string]: string}} rows  the names of the rows
 * @property {{[terms: string]: string}} columns  the names of the columns, each for one term, or
 *     for several if no row has two of them
 * @property {Condition} when
 */
import { applies } from "../runtime/figure.js";
import { formatted } from "../runtime/format.js";
import { setText } from "../runtime/inside.js";
import { late } from "../runtime/late.js";
import { escaped, hiddenUnless, joined } from "../runtime/markup-text.js";

/**
 * A box for text, which nobody can write into before the element makes it so, and the place for
 * what is wrong with it.
 *
 * @param {string} label
 * @param {string} attribute  what the box is for
 * @param {number} rows
 * @param {string} [text]
 * @param {string} [fault]
 */
function boxMarkup(label, attribute, rows, text = "", fault = "") {
  const attributes = `${attribute} aria-label="${label}" rows="${rows}" readonly`;
  return (
    `<textarea ${attributes} spellcheck="false" autocomplete="off">${escaped(text)}</textarea>` +
    `<span class="gauss-fault" role="status">${fault}</span>`
  );
}

/**
 * @param {Table} table
 * @param {State} state
 * @param {Values} values
 */
function tableMarkup(table, state, values) {
  const columns = Object.keys(table.columns);
  const number = (/** @type {string} */ key) =>
    `<span class="gauss-number" data-value="${key}">${formatted(values[key])}</span>`;
  const cell = (/** @type {string} */ row, /** @type {string} */ terms) => {
    const keys = terms.split(" ").map((term) => `${row}_${term}`);
    const key = keys.find((name) => name in values);
    return `<td class="term-${terms}">${key ? number(key) : ""}</td>`;
  };
  const head = joined(
    columns,
    (terms) => `<th class="term-${terms}" scope="col">${table.columns[terms]}</th>`,
  );
  const rows = joined(Object.keys(table.rows), (row) => {
    const cells = joined(columns, (terms) => cell(row, terms));
    return `<tr><th scope="row">${table.rows[row]}</th>${cells}</tr>`;
  });
  const hidden = hiddenUnless(table, state);
  return `<table class="gauss-table"${hidden}><tr><td></td>${head}</tr>${rows}</table>`;
}

/**
 * Says at a box what is wrong: with what stands in it, or only beside other values.
 *
 * @param {HTMLTextAreaElement} box
 * @param {string} words
 * @param {boolean} [isInvalid]
 */
function complain(box, words, isInvalid = Boolean(words)) {
  box.ariaInvalid = isInvalid ? "true" : null;
  const fault = box.parentElement?.querySelector(".gauss-fault");
  if (fault) setText(fault, words);
}

/**
 * Changes the state as a box says, or says there why not. What is not read at once may be written
 * as other programs write it.
 *
 * @param {LiveFigure} live
 * @param {HTMLTextAreaElement} box
 * @param {(text: string) => State} read
 */
async function take(live, box, read) {
  const text = box.value;
  const go = (/** @type {State} */ patch) => {
    complain(box, "");
    live.change(patch, "control");
  };
  try {
    go(read(text));
  } catch (error) {
    complain(box, /** @type {Error} */ (error).message);
    const plain = await late.plain(text);
    if (plain === text || box.value !== text) return;
    try {
      go(read(plain));
    } catch (fault) {
      complain(box, /** @type {Error} */ (fault).message);
    }
  }
}

/**
 * Reads samples, unless others have been given meanwhile.
 *
 * @param {LiveFigure} live
 * @param {HTMLTextAreaElement} box  or where a file is chosen
 * @param {string} text
 * @param {Source} source
 */
async function takeSamples(live, box, text, source) {
  const order = String(Number(box.dataset.order ?? 0) + 1);
  box.dataset.order = order;
  const isLatest = () => box.dataset.order === order;
  try {
    const patch = await source.read(text, (part) => {
      if (!isLatest()) throw new Error("others have been given");
      complain(box, `${Math.round(100 * part)} % read`, false);
    });
    if (!isLatest()) return;
    complain(box, "");
    live.change(patch, "control");
    live.settle();
  } catch (error) {
    if (isLatest()) complain(box, /** @type {Error} */ (error).message);
  }
}

/**
 * @param {Box[]} boxes
 * @param {Source[]} sources
 * @param {Table} table
 * @returns {Desk & {sources: Source[]}}
 */
export function desk(boxes, sources, table) {
  return {
    sources,

    markup(state, values) {
      const sourceBoxes = joined(
        sources,
        (source, index) =>
          `<div class="gauss-control gauss-source"${hiddenUnless(source, state)}>` +
          `<span>${source.label}</span>${boxMarkup(source.label, `data-source="${index}"`, 3)}` +
          `<input type="file" data-source="${index}" aria-label="${source.label}, from a file">` +
          "</div>",
      );
      const fieldBoxes = joined(boxes, ({ field, label, rows, shown, fault }) => {
        const box = boxMarkup(label, `data-box="${field}"`, rows, shown(state), fault(state));
        return `<label class="gauss-control"><span>${label}</span>${box}</label>`;
      });
      return (
        `<div class="gauss-controls">${sourceBoxes}${fieldBoxes}</div>` +
        tableMarkup(table, state, values)
      );
    },

    enable(live) {
      const { inside } = live;
      const { fields } = live.figure;
      inside.all(".gauss-fault").forEach((fault, index) => {
        fault.id = `fault-${index}`;
        for (const box of fault.parentElement.querySelectorAll("textarea, input")) {
          box.setAttribute("aria-describedby", fault.id);
          box.removeAttribute("readonly");
        }
      });
      inside.on("input", "[data-box]", (box) => {
        const { field, label } = boxes.find((each) => each.field === box.dataset.box) ?? boxes[0];
        take(live, box, (text) => ({ [field]: fields[field].parse(label, text) }));
      });
      inside.on("input", "[data-source]", async (input) => {
        const text = input.files ? await input.files[0]?.text() : input.value;
        takeSamples(live, input, text ?? "", sources[input.dataset.source]);
      });
      inside.on("change", "[data-box]", live.settle);
    },

    write({ inside, state }, patch, source) {
      for (const { field, shown, fault } of boxes) {
        const box = inside.find(`[data-box="${field}"]`);
        // Typed text stays until its value changes elsewhere: it may be another spelling, or not
        // legal yet.
        const isTyped = box === inside.active && source === "control";
        if (field in patch && !isTyped && box.value !== shown(state)) {
          complain(box, "");
          box.value = shown(state);
        }
        if (!box.ariaInvalid) complain(box, fault(state), false);
      }
      if (source === "reset")
        for (const input of inside.all("[data-source]")) {
          complain(input, "");
          input.value = "";
        }
      sources.forEach((part, index) => {
        inside.all(".gauss-source")[index].hidden = !applies(part, state);
      });
      inside.find(".gauss-table").hidden = !applies(table, state);
    },
  };
}
