/**
 * Vectors and matrices as other programs print them, in the plain form that `paste.js` reads: rows
 * after semicolons, entries after commas. What is a number is for `paste.js` to say: here nothing
 * is left out but names, brackets and commands.
 */

/** Rows as plain text. @param {string[][]} rows */
function written(rows) {
  return rows.map((row) => row.join(", ")).join("; ");
}

/**
 * The entries of a line, between commas or blanks.
 *
 * @param {string} line
 */
function entriesOf(line) {
  return line
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean);
}

/** @param {string} text */
function linesOf(text) {
  return text.split(/\r\n?|\n/).filter((line) => line.trim());
}

/**
 * PyTorch, JAX, TensorFlow: the brackets inside.
 *
 * @param {string} text
 */
function ofTensor(text) {
  return /\b\w*(?:tensor|array)\b/i.test(text) ? (/\[.*\]/s.exec(text)?.[0] ?? null) : null;
}

/**
 * Mathematica: `{{1, 0.5}, {0.5, 2.*^-3}}`.
 *
 * @param {string} text
 */
function ofMathematica(text) {
  if (!/^\s*\{.*\}\s*$/s.test(text)) return null;
  return text
    .trim()
    .replaceAll("{", "[")
    .replaceAll("}", "]")
    .replaceAll("*^", "e")
    .replace(/`[\d.]*/g, "");
}

/**
 * LaTeX: `\begin{pmatrix} 1 & 0.5 \\ 0.5 & 2 \end{pmatrix}`.
 *
 * @param {string} text
 */
function ofLatex(text) {
  const [, , inside] =
    /\\begin\{(\w*matrix|array)\}(?:\{[^}]*\})?(.*?)\\end\{\1\}/s.exec(text) ?? [];
  if (inside === undefined) return null;
  const rows = inside.split(/\\\\(?:\[[^\]]*\])?/).filter((row) => row.trim());
  const cells = rows.map((row) =>
    row.split("&").map((cell) => cell.replace(/\\[,;!]/g, "").trim()),
  );
  return written(cells.some((row) => row.length > 1) ? cells : [cells.flat()]);
}

/**
 * R, as it is written: `c(1, 2)`, `matrix(c(1, 0.5, 0.5, 2), nrow = 2)`, columns first unless
 * `byrow = TRUE`.
 *
 * @param {string} text
 */
function ofR(text) {
  const vector = /^\s*c\(([^()]*)\)\s*$/.exec(text);
  if (vector) return vector[1];
  const [, list, rest = ""] = /^\s*matrix\(\s*c\(([^()]*)\)\s*(.*)\)\s*$/s.exec(text) ?? [];
  if (list === undefined) return null;
  const entries = entriesOf(list);
  const rows = Number(/nrow\s*=\s*(\d+)/.exec(rest)?.[1] ?? /^,\s*(\d+)/.exec(rest)?.[1]);
  const columns = Number(/ncol\s*=\s*(\d+)/.exec(rest)?.[1]);
  const height = rows || entries.length / columns;
  if (!Number.isInteger(height) || entries.length % height) return null;
  const width = entries.length / height;
  const isByRow = /byrow\s*=\s*T/.test(rest);
  return written(
    Array.from({ length: height }, (_, i) =>
      Array.from({ length: width }, (_, j) => entries[isByRow ? i * width + j : j * height + i]),
    ),
  );
}

/**
 * R, as it prints: a line `[,1] [,2]`, and `[1,]` before each row; or `[1]` before a vector.
 *
 * @param {string} text
 */
function ofPrintedR(text) {
  const lines = linesOf(text);
  if (lines.every((line) => /^\s*\[\d+\]/.test(line)))
    return written([lines.flatMap((line) => entriesOf(line.replace(/^\s*\[\d+\]/, "")))]);
  if (!/^\s*(\[,\d+\]\s*)+$/.test(lines[0] ?? "")) return null;
  return written(lines.slice(1).map((line) => entriesOf(line.replace(/^\s*\[\d+,\]/, ""))));
}

/**
 * pandas, or a spreadsheet: a line with the names of columns, and the name of each row before it.
 *
 * @param {string} text
 */
function ofTable(text) {
  const [names = [], ...rows] = linesOf(text).map(entriesOf);
  const width = rows[0]?.length ?? 0;
  const isNamed = rows.every((row) => row.length === width) && width === rows.length + 1;
  const hasCorner = names.length === width;
  if (!isNamed || (names.length !== width - 1 && !hasCorner)) return null;
  const heads = hasCorner ? names.slice(1) : names;
  const isName = (/** @type {string} */ name) => /\p{L}/u.test(name);
  const areNames = rows.every(([head], i) => isName(head) && head === heads[i]);
  const isIndex = rows.every(([head], i) => head === `${i}`);
  const areHeads =
    areNames || (isIndex && heads.every((head, i) => head === `${i}` || isName(head)));
  return areHeads ? written(rows.map((row) => row.slice(1))) : null;
}

/**
 * The half of a symmetric matrix, below or above its diagonal, as the whole.
 *
 * @param {string} text
 */
function ofTriangle(text) {
  const rows = text
    .replace(/[\][]+/g, ";")
    .split(/[;\r\n]/)
    .map(entriesOf)
    .filter((row) => row.length);
  const size = rows.length;
  const isLower = rows.every((row, i) => row.length === i + 1);
  const isUpper = rows.every((row, i) => row.length === size - i);
  if (size < 2 || !(isLower || isUpper)) return null;
  const entry = (/** @type {number} */ i, /** @type {number} */ j) =>
    isLower ? rows[Math.max(i, j)][Math.min(i, j)] : rows[Math.min(i, j)][Math.abs(i - j)];
  return written(rows.map((_, i) => rows.map((_, j) => entry(i, j))));
}

const READERS = [ofLatex, ofTensor, ofMathematica, ofR, ofPrintedR, ofTable];

/**
 * The plain form of a text; the text itself, if it is in no known notation.
 *
 * @param {string} text
 */
export function plainNotation(text) {
  const plain = READERS.reduce((found, read) => found ?? read(text), /** @type {any} */ (null));
  return ofTriangle(plain ?? text) ?? plain ?? text;
}
