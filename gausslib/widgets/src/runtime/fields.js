/**
 * The kinds of state that a figure has: what is legal, how it is read from an attribute or an address, and how it is
 * written there. The Python class of a figure has a trait for each field, with the same limits.
 *
 * @typedef {{[name: string]: any}} State
 *
 * @typedef {object} Field
 * @property {string} kind  figures that are linked share fields of the same name and kind; "" is never shared
 * @property {any} start  what a figure shows where nothing legal is given
 * @property {(name: string, value: unknown) => any} check  a legal copy, or an error that names the field and the value
 * @property {(name: string, text: string) => any} parse  the same for text
 * @property {(value: any) => string} write
 * @property {string[]} [options]  of a choice or of words
 */

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i; // linear in the length of what is not a number

/** A value for a message, or its beginning. */
const told = (/** @type {unknown} */ value) =>
  (JSON.stringify(value) ?? String(value)).replace(/^(.{60}).+/s, "$1…");

/** @returns {never} */
export function refuse(
  /** @type {string} */ name,
  /** @type {string} */ expected,
  /** @type {unknown} */ value,
) {
  throw new RangeError(`${name}: expected ${expected}, got ${told(value)}`);
}

/**
 * So many finite numbers; `check` refuses more, or returns them in another form.
 * @param {string} kind
 * @param {string} expected  in words
 * @param {number[]} start
 * @param {(name: string, numbers: number[]) => number[]} [check]
 * @returns {Field}
 */
export function numbers(kind, expected, start, check = (_, values) => values) {
  const legal = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    const list =
      Array.isArray(value) || ArrayBuffer.isView(value)
        ? Array.from(/** @type {any} */ (value))
        : [];
    if (list.length !== start.length || !list.every((item) => typeof item === "number"))
      refuse(name, expected, value);
    if (!list.every(Number.isFinite))
      throw new RangeError(`${name}: expected finite numbers, got [${list}]`);
    return check(name, list);
  };
  return {
    kind,
    start,
    check: legal,
    parse(name, text) {
      const parts = text.split(",").map((part) => part.trim());
      if (!parts.every((part) => NUMBER.test(part))) refuse(name, expected, text);
      return legal(name, parts.map(Number));
    },
    write: (value) => value.join(","),
  };
}

/** One number in a range. @returns {Field} */
export function number(
  /** @type {string} */ kind,
  /** @type {number} */ start,
  /** @type {number} */ min,
  /** @type {number} */ max,
  only = "",
) {
  const expected = `a ${only}number from ${min} to ${max}`;
  const check = (/** @type {string} */ name, /** @type {any} */ value) =>
    typeof value === "number" && value >= min && value <= max && (!only || Number.isInteger(value))
      ? value
      : refuse(name, expected, value);
  return {
    kind,
    start,
    check,
    parse: (name, text) =>
      NUMBER.test(text.trim()) ? check(name, Number(text)) : refuse(name, expected, text),
    write: String,
  };
}

/** A whole number in a range. */
export const whole = (
  /** @type {string} */ kind,
  /** @type {number} */ start,
  /** @type {number} */ min,
  /** @type {number} */ max,
) => number(kind, start, min, max, "whole ");

/** One of several words. @returns {Field} */
export function choice(/** @type {string} */ kind, /** @type {string[]} */ options) {
  const check = (/** @type {string} */ name, /** @type {unknown} */ value) =>
    options.includes(/** @type {string} */ (value))
      ? value
      : refuse(name, `one of ${options.join(", ")}`, value);
  return { kind, start: options[0], check, parse: check, write: String, options };
}

/** Any of several words, separated by spaces: what a figure shows besides the least. @returns {Field} */
export function words(/** @type {string[]} */ options) {
  const check = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    const list = typeof value === "string" ? value.split(/\s+/).filter(Boolean) : [told(value)];
    if (!list.every((word) => options.includes(word)))
      refuse(name, `words among ${options.join(", ")}`, value);
    return options.filter((word) => list.includes(word)).join(" ");
  };
  return { kind: "", start: "", check, parse: check, write: String, options };
}

export function has(/** @type {string} */ list, /** @type {string} */ word) {
  return list.split(" ").includes(word);
}

/** Whether an extra of a figure is shown. */
export const shows =
  (/** @type {string} */ word) =>
  (/** @type {State} */ { show }) =>
    has(show, word);

/** A function of the state that computes once what it says of each. @template T */
export function once(/** @type {(state: State) => T} */ compute) {
  /** @type {WeakMap<State, T>} */
  const known = new WeakMap();
  return (/** @type {State} */ state) => {
    if (!known.has(state)) known.set(state, compute(state));
    return /** @type {T} */ (known.get(state));
  };
}
