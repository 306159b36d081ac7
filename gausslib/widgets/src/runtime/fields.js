/**
 * The kinds of state that a figure has: what is legal, how it is read from an attribute or an
 * address, and how it is written there. The Python class of a figure has a trait for each field,
 * with the same limits.
 *
 * @typedef {{[name: string]: any}} State
 *
 * @typedef {object} Field
 * @property {string} kind  figures that are linked share fields of the same name and kind; "" is
 *     never shared
 * @property {any} start  what a figure shows where nothing legal is given
 * @property {(name: string, value: unknown) => any} check  gives a legal copy, or throws an error
 *     that names the field and the value
 * @property {(name: string, text: string) => any} parse  the same for text
 * @property {(value: any) => string} write
 * @property {(from: any, to: any, part: number, state: State) => any} [between]  what lies at a
 *     part of the way to a state
 *     from one value to another; it need not be legal
 * @property {string} [expected]  what is legal, in words
 * @property {string[]} [options]  the words of a choice or of a list of words
 * @property {{[word: string]: string}} [names]  what the words of a list stand for
 * @property {Limits} [limits]
 *
 * @typedef {{[name: string]: number}} Limits  the numbers that bound what is legal, each by a name
 *
 * @callback CheckNumbers  refuses more than what is not finite, or changes the form
 * @param {string} name
 * @param {number[]} numbers
 * @returns {number[]}
 */

/** The pattern takes a time that is linear in the length of what is not a number. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A value for a message, or its beginning.
 * @param {unknown} value
 */
function told(value) {
  return (JSON.stringify(value) ?? String(value)).replace(/^(.{60}).+/s, "$1…");
}

/**
 * @param {string} name
 * @param {string} expected  in words
 * @param {unknown} value
 * @returns {never}
 */
export function refuse(name, expected, value) {
  throw new RangeError(`${name}: expected ${expected}, got ${told(value)}`);
}

/**
 * The numbers of an array of any type; nothing of what is no array.
 * @param {any} value
 * @returns {unknown[]}
 */
function listOf(value) {
  return Array.isArray(value) || ArrayBuffer.isView(value)
    ? Array.from(/** @type {any} */ (value))
    : [];
}

/**
 * The number at a part of the way from one to another.
 * @param {number} from
 * @param {number} to
 * @param {number} part
 */
function between(from, to, part) {
  return from + part * (to - from);
}

/**
 * As many finite numbers as the start has.
 * @param {string} kind
 * @param {string} expected  in words
 * @param {number[]} start
 * @param {CheckNumbers} [check]
 * @param {Limits} [limits]
 * @returns {Field}
 */
export function numbers(kind, expected, start, check = (_, values) => values, limits = undefined) {
  const legal = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    const list = listOf(value);
    const isComplete = list.length === start.length;
    if (!isComplete || !list.every((item) => typeof item === "number"))
      return refuse(name, expected, value);
    if (!list.every(Number.isFinite))
      throw new RangeError(`${name}: expected finite numbers, got [${list}]`);
    return check(name, list);
  };
  return {
    kind,
    start,
    expected,
    limits,
    check: legal,
    parse(name, text) {
      const parts = text.split(",").map((part) => part.trim());
      if (!parts.every((part) => NUMBER.test(part))) refuse(name, expected, text);
      return legal(name, parts.map(Number));
    },
    write: (value) => value.join(","),
    between: (from, to, part) =>
      to.map((/** @type {number} */ end, /** @type {number} */ index) =>
        between(from[index], end, part),
      ),
  };
}

/**
 * One number in a range.
 * @param {string} kind
 * @param {number} start
 * @param {number} min
 * @param {number} max
 * @param {string} [only]  "whole " for whole numbers
 * @returns {Field}
 */
export function number(kind, start, min, max, only = "") {
  const expected = `a ${only}number from ${min} to ${max}`;
  const check = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    const isInRange = typeof value === "number" && value >= min && value <= max;
    if (!isInRange || (only && !Number.isInteger(value))) refuse(name, expected, value);
    return value;
  };
  return {
    kind,
    start,
    limits: { min, max },
    check,
    parse(name, text) {
      if (!NUMBER.test(text.trim())) refuse(name, expected, text);
      return check(name, Number(text));
    },
    write: String,
    between: only ? (from, to, part) => Math.round(between(from, to, part)) : between,
  };
}

/**
 * A whole number in a range.
 * @param {string} kind
 * @param {number} start
 * @param {number} min
 * @param {number} max
 */
export function whole(kind, start, min, max) {
  return number(kind, start, min, max, "whole ");
}

/**
 * One of several words, at first the first.
 * @param {string} kind
 * @param {string[]} options
 * @returns {Field}
 */
export function choice(kind, options) {
  const check = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    const isOption = typeof value === "string" && options.includes(value);
    return isOption ? value : refuse(name, `one of ${options.join(", ")}`, value);
  };
  return { kind, start: options[0], check, parse: check, write: String, options };
}

/**
 * Any of several words, separated by spaces: what a figure shows besides the least.
 * @param {{[word: string]: string}} names  what each word stands for, to readers
 * @returns {Field}
 */
export function words(names) {
  const options = Object.keys(names);
  const check = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    const list = typeof value === "string" ? value.split(/\s+/).filter(Boolean) : [told(value)];
    if (!list.every((word) => options.includes(word)))
      refuse(name, `words among ${options.join(", ")}`, value);
    return options.filter((word) => list.includes(word)).join(" ");
  };
  return { kind: "", start: "", check, parse: check, write: String, options, names };
}

/**
 * Whether a word is in a list of words.
 * @param {string} list
 * @param {string} word
 */
export function has(list, word) {
  return list.split(" ").includes(word);
}

/**
 * Whether an extra of a figure is shown, as a function of the state.
 * @param {string} word
 */
export function shows(word) {
  return (/** @type {State} */ { show }) => has(show, word);
}

/**
 * A function of the state that computes once what it says of each.
 * @template T
 * @param {(state: State) => T} compute
 */
export function once(compute) {
  /** @type {WeakMap<State, T>} */
  const known = new WeakMap();
  return (/** @type {State} */ state) => {
    if (!known.has(state)) known.set(state, compute(state));
    return /** @type {T} */ (known.get(state));
  };
}

/**
 * A state on the way to another. What has no way between, or none that is legal, is there at once.
 * @param {{[name: string]: Field}} fields
 * @param {State} from
 * @param {State} to
 * @param {number} part  of the way, from 0 to 1
 */
export function onTheWay(fields, from, to, part) {
  const entries = Object.entries(to).map(([name, end]) => {
    const { between: way, check } = fields[name];
    if (part === 1 || !way) return [name, end];
    try {
      return [name, check(name, way(from[name], end, part, { ...from, ...to }))];
    } catch {
      return [name, end];
    }
  });
  return Object.fromEntries(entries);
}
