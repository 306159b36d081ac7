/** Reads samples that people paste, or have in a file: a table of numbers, one sample a line. */
import { limited, numberOf, refuse, withPlainMinus } from "./paste.js";

const MAX_SAMPLES = 100_000;
/** So many lines take a few milliseconds: a page stays alive meanwhile. */
const LINES_AT_ONCE = 2000;
/** The head of a column. What stands for a missing number is none. */
const COLUMN_NAME = /^(?!(nan?|inf(inity)?|null|none)$)["'\p{L}_]/iu;

/**
 * The lines of a table, without a line of names: commas, semicolons, tabs or blanks between the
 * numbers.
 *
 * @param {string} text
 */
function linesOf(text) {
  const delimiter = [";", "\t", ","].find((mark) => text.includes(mark));
  /** @type {(line: string) => string[]} */
  const cellsOf = (line) =>
    (delimiter ? line.split(delimiter) : line.trim().split(/\s+/)).map((cell) => cell.trim());
  const lines = withPlainMinus(text)
    .split(/\r\n?|\n/)
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => /[^\s,;]/.test(line));
  const first = lines.length ? cellsOf(lines[0].line) : [];
  const hasNames = first.length > 0 && first.every((cell) => COLUMN_NAME.test(cell));
  const table = hasNames ? lines.slice(1) : lines;
  if (!table.length) refuse("There are no samples; write one a line, for example 1, 2.");
  if (table.length > MAX_SAMPLES)
    refuse(`At most ${MAX_SAMPLES} samples can be read, got ${table.length}.`);
  return { table, cellsOf, width: limited(first).length, first: lines[0].number };
}

/**
 * The samples of a text, in parts.
 *
 * @param {string} text
 * @returns {Generator<number, number[][]>}  yields how much of the text is read, from 0 to 1
 */
function* parts(text) {
  const { table, cellsOf, width, first } = linesOf(text);
  /** @type {number[][]} */
  const samples = [];
  for (const { line, number } of table) {
    const cells = cellsOf(line);
    if (cells.length !== width) {
      const lengths = `${width} and ${cells.length}`;
      refuse(`Lines ${first} and ${number} differ in length: ${lengths}.`);
    }
    samples.push(cells.map((cell, i) => numberOf(cell, `Line ${number}, entry ${i + 1}`)));
    if (samples.length % LINES_AT_ONCE === 0) yield samples.length / table.length;
  }
  return samples;
}

/**
 * The samples of a text, which is read at once.
 *
 * @param {string} text
 */
export function parseSamples(text) {
  const reading = parts(text);
  let step = reading.next();
  while (!step.done) step = reading.next();
  return step.value;
}

/**
 * The samples of a text, which is read between the frames of a page.
 *
 * @param {string} text
 * @param {(part: number) => void} tell  hears how much is read
 */
export async function readSamples(text, tell) {
  const reading = parts(text);
  let step = reading.next();
  while (!step.done) {
    tell(step.value);
    await new Promise((done) => setTimeout(done));
    step = reading.next();
  }
  return step.value;
}
