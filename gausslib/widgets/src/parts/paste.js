/**
 * Reads numbers that people type or paste: a mean, a covariance matrix. Nothing
 * is evaluated, and a text is read whole or not at all: every error is a RangeError with a sentence
 * for the reader.
 */

export const MAX_DIMENSION = 10;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const ADVICE =
  "write decimals with a point, no thousands separators, " +
  "and one kind of separator between the numbers.";

/**
 * An error with a sentence for the reader.
 *
 * @param {string} sentence
 * @returns {never}
 */
export function refuse(sentence) {
  throw new RangeError(sentence);
}

/**
 * A text, or its beginning, for a sentence.
 *
 * @param {string} text
 */
function quoted(text) {
  const line = text.trim().replace(/\s+/g, " ");
  return `“${line.replace(/^(.{24}).+/, "$1…")}”`;
}

/**
 * The number that a text is, finite and written in full.
 *
 * @param {string} text
 * @param {string} place  where it stands, for a sentence
 */
export function numberOf(text, place) {
  if (!text) refuse(`${place} is empty.`);
  if (/\d,\d/.test(text)) refuse(`${place} is ${quoted(text)}: ${ADVICE}`);
  if (!NUMBER.test(text)) refuse(`${place} is not a number: ${quoted(text)}.`);
  const number = Number(text);
  return Number.isFinite(number) ? number : refuse(`${place} is too large: ${quoted(text)}.`);
}

/**
 * Numbers with one kind of separator between them: commas, semicolons or blanks.
 *
 * @param {string} text
 * @param {string} row  what sentences call the row of a matrix, or "" for a vector
 */
function entriesOf(text, row) {
  const separators = [",", ";"].filter((mark) => text.includes(mark));
  const [separator] = separators;
  const parts = separator
    ? text.split(separator).map((part) => part.trim())
    : text.trim().split(/\s+/);
  const hasBlanks = parts.some((part) => /[\d.]\s+[-+.\d]/.test(part));
  if (separators.length > 1 || (separator && hasBlanks))
    refuse(`${row}${quoted(text)} can be read in several ways: ${ADVICE}`);
  const entry = row ? `${row}entry` : "Entry";
  return parts.map((part, i) => numberOf(part, `${entry} ${i + 1}`));
}

/**
 * A list, if its length is a legal dimension.
 *
 * @template T
 * @param {T[]} list
 */
export function limited(list) {
  return list.length > MAX_DIMENSION
    ? refuse(`At most ${MAX_DIMENSION} dimensions can be read, got ${list.length}.`)
    : list;
}

/**
 * The text with the minus sign of programs instead of that of print.
 *
 * @param {string} text
 */
export function withPlainMinus(text) {
  return text.replace(/−/g, "-");
}

/**
 * The text without what Python writes around numbers.
 *
 * @param {string} text
 */
function withoutPython(text) {
  const numbers = withPlainMinus(text)
    .trim()
    .replace(/\bnp\.float\d+\(([^()]*)\)/g, "$1")
    .replace(/,\s*dtype=[\w.]+\s*\)$/, ")");
  return numbers.replace(/^(?:(?:np\.|numpy\.)?(?:array|matrix))?\s*\(([^()]*)\)$/, "$1").trim();
}

/**
 * What stands between one pair of brackets, if there are any.
 *
 * @param {string} text
 */
function unbracketed(text) {
  const inner = text.replace(/^\[([^[\]]*)\]$/, "$1");
  const stray = /[[\](){}].*/s.exec(inner);
  if (stray) refuse(`A bracket does not fit: ${quoted(stray[0])}.`);
  return inner.trim() || refuse("There is no number.");
}

/**
 * A vector: `1, 2`, `[1 2]`, or one number a line.
 *
 * @param {string} text
 */
export function parseVector(text) {
  return limited(entriesOf(unbracketed(withoutPython(text)), ""));
}

/**
 * The rows of a matrix: one a line, after semicolons, or in brackets as in Python and JSON.
 *
 * @param {string} text
 */
function rowsOf(text) {
  const nested = /^\[\s*\[(.*)\]\s*\]$/s.exec(text);
  if (nested) return nested[1].split(/\]\s*(?:,\s*)?\[/).map(unbracketed);
  return unbracketed(text)
    .split(/[;\r\n]/)
    .filter((row) => row.trim());
}

/**
 * A square matrix: one row a line, rows after semicolons, or in brackets as in Python, MATLAB and
 * JSON.
 *
 * @param {string} text
 */
export function parseMatrix(text) {
  const whole = withoutPython(text);
  const rows = rowsOf(whole);
  const matrix = limited(rows.map((row, i) => entriesOf(row, `Row ${i + 1}: `)));
  const wrong = matrix.findIndex((row) => row.length !== rows.length);
  if (wrong >= 0) {
    const hint = /\d,\d/.test(whole) ? " Write decimals with a point." : "";
    const count = `the number of rows is ${rows.length}`;
    const entries = `that of entries in row ${wrong + 1} is ${matrix[wrong].length}`;
    refuse(`The matrix must be square: ${count}, but ${entries}.${hint}`);
  }
  return matrix;
}

/**
 * The shortest text from which `parseVector` reads the same numbers.
 *
 * @param {number[]} vector
 */
export function writeVector(vector) {
  return vector.join(", ");
}

/**
 * The shortest text from which `parseMatrix` reads the same numbers, one row a line.
 *
 * @param {number[][]} matrix
 */
export function writeMatrix(matrix) {
  return matrix.map(writeVector).join("\n");
}
