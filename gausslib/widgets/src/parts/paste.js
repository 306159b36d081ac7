/**
 * Reads numbers that people type or paste: a mean, a covariance matrix, a table of samples. Nothing is evaluated, and
 * a text is read whole or not at all: every error is a RangeError with a sentence for the reader.
 */

const MAX_DIMENSION = 10;
const MAX_SAMPLES = 100_000;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** The head of a column; what stands for a missing number is none. */
const NAME = /^(?!(nan?|inf(inity)?|null|none)$)["'\p{L}_]/iu;
const ADVICE =
  "write decimals with a point, no thousands separators, and one kind of separator between the numbers.";

/** @returns {never} */
function refuse(/** @type {string} */ sentence) {
  throw new RangeError(sentence);
}

const quoted = (/** @type {string} */ text) =>
  `“${text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/^(.{24}).+/, "$1…")}”`;

function numberOf(/** @type {string} */ text, /** @type {string} */ place) {
  if (!text) refuse(`${place} is empty.`);
  if (/\d,\d/.test(text)) refuse(`${place} is ${quoted(text)}: ${ADVICE}`);
  if (!NUMBER.test(text)) refuse(`${place} is not a number: ${quoted(text)}.`);
  return Number.isFinite(Number(text))
    ? Number(text)
    : refuse(`${place} is too large: ${quoted(text)}.`);
}

/** Numbers with one kind of separator between them: commas, semicolons or blanks. */
function entriesOf(/** @type {string} */ text, row = "") {
  const separators = [",", ";"].filter((mark) => text.includes(mark));
  const parts = separators.length
    ? text.split(separators[0]).map((part) => part.trim())
    : text.trim().split(/\s+/);
  if (
    separators.length > 1 ||
    (separators.length && parts.some((part) => /[\d.]\s+[-+.\d]/.test(part)))
  )
    refuse(`${row}${quoted(text)} can be read in several ways: ${ADVICE}`);
  return parts.map((part, i) => numberOf(part, `${row ? `${row}entry` : "Entry"} ${i + 1}`));
}

/** What has a length, if that is a legal dimension. @template {{length: number}} T */
function limited(/** @type {T} */ list) {
  return list.length > MAX_DIMENSION
    ? refuse(`At most ${MAX_DIMENSION} dimensions can be read, got ${list.length}.`)
    : list;
}

const plain = (/** @type {string} */ text) => text.replace(/−/g, "-");

/** The text without what Python writes around numbers. */
function bare(/** @type {string} */ text) {
  const whole = plain(text)
    .trim()
    .replace(/\bnp\.float\d+\(([^()]*)\)/g, "$1")
    .replace(/,\s*dtype=[\w.]+\s*\)$/, ")");
  return whole.replace(/^(?:(?:np\.|numpy\.)?(?:array|matrix))?\s*\(([^()]*)\)$/, "$1").trim();
}

/** What stands between one pair of brackets, if any. */
function unbracketed(/** @type {string} */ text) {
  const inner = text.replace(/^\[([^[\]]*)\]$/, "$1");
  const stray = /[[\](){}][^]*/.exec(inner);
  return stray
    ? refuse(`A bracket does not fit: ${quoted(stray[0])}.`)
    : inner.trim() || refuse("There is no number.");
}

/** A vector: `1, 2`, `[1 2]`, or one number a line. */
export const parseVector = (/** @type {string} */ text) =>
  limited(entriesOf(unbracketed(bare(text))));

/** A square matrix: one row a line, rows after semicolons, or in brackets as in Python, MATLAB and JSON. */
export function parseMatrix(/** @type {string} */ text) {
  const whole = bare(text);
  const nested = /^\[\s*\[([^]*)\]\s*\]$/.exec(whole);
  const rows = nested
    ? nested[1].split(/\]\s*(?:,\s*)?\[/).map(unbracketed)
    : unbracketed(whole)
        .split(/[;\r\n]/)
        .filter((row) => row.trim());
  const matrix = limited(rows.map((row, i) => entriesOf(row, `Row ${i + 1}: `)));
  const wrong = matrix.findIndex((row) => row.length !== rows.length);
  if (wrong >= 0) {
    const hint = /\d,\d/.test(whole) ? " Write decimals with a point." : "";
    refuse(
      `The matrix must be square: the number of rows is ${rows.length}, but that of entries in row ${wrong + 1} is ${matrix[wrong].length}.${hint}`,
    );
  }
  return matrix;
}

/** Samples, one a line: commas, semicolons, tabs or blanks between the numbers, and perhaps a line of names first. */
export function parseSamples(/** @type {string} */ text) {
  const delimiter = [";", "\t", ","].find((mark) => text.includes(mark));
  const lines = plain(text)
    .split(/\r\n?|\n/)
    .map((line, i) => ({
      cells: (delimiter ? line : line.trim()).split(delimiter ?? /\s+/).map((cell) => cell.trim()),
      number: i + 1,
    }))
    .filter(({ cells }) => cells.some(Boolean));
  const [first] = lines;
  const table = lines.slice(+!!first?.cells.every((cell) => NAME.test(cell)));
  if (!table.length) refuse("There are no samples; write one a line, for example 1, 2.");
  if (table.length > MAX_SAMPLES)
    refuse(`At most ${MAX_SAMPLES} samples can be read, got ${table.length}.`);
  const width = limited(first.cells).length;
  return table.map(({ cells, number }) =>
    cells.length === width
      ? cells.map((cell, i) => numberOf(cell, `Line ${number}, entry ${i + 1}`))
      : refuse(
          `Lines ${first.number} and ${number} differ in length: ${width} and ${cells.length}.`,
        ),
  );
}

/** The shortest text from which `parseVector` reads the same numbers. */
export const writeVector = (/** @type {number[]} */ vector) => vector.join(", ");

/** The shortest text from which `parseMatrix` reads the same numbers, one row a line. */
export const writeMatrix = (/** @type {number[][]} */ matrix) => matrix.map(writeVector).join("\n");
