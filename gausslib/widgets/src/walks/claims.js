/**
 * Sentences about the numbers of a figure that are their own test: "KL(q‖p) grows more than a
 * hundred times" is read as `kl_qp > 100 * before`. What a reader reads and what is checked cannot
 * drift apart, since they are one text. A sentence is a subject and a verb of the tables below;
 * what is not understood is an error.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("./quantities.js").Quantity} Quantity
 * @typedef {import("./quantities.js").Vocabulary} Vocabulary
 *
 * @typedef {object} Side  one side of a comparison
 * @property {string} text
 * @property {(now: State, before: State) => number} value
 *
 * @typedef {">" | "<" | "==" | "!=" | "~"} Relation  the last is: within a tenth
 *
 * @typedef {object} Comparison
 * @property {Side} left
 * @property {Relation} relation
 * @property {Side} right
 *
 * @typedef {object} Claim
 * @property {string} formal  what the words say
 * @property {Quantity[]} quantities
 * @property {boolean} isChange  whether it is about two states
 * @property {boolean} isPlain  whether it gives the numbers itself
 * @property {number | null} since  the step that it looks back to, if it names one
 * @property {(now: State, before: State) => boolean} holds
 */
import { formatted } from "../runtime/format.js";
import { plain } from "./quantities.js";

/** Numbers as words. @type {{[word: string]: number}} */
const WORDS = {
  ...Object.fromEntries(
    "zero one two three four five six seven eight nine ten eleven twelve"
      .split(" ")
      .map((word, index) => [word, index]),
  ),
  a: 1,
  twenty: 20,
  fifty: 50,
  ninety: 90,
  hundred: 100,
  "a hundred": 100,
  thousand: 1000,
  "a thousand": 1000,
  "a million": 1e6,
  infinite: Number.POSITIVE_INFINITY,
};
/** Parts of a whole. @type {{[word: string]: number}} */
const PARTS = { half: 2, third: 3, quarter: 4, fifth: 5, tenth: 10, hundredth: 100 };

const ALTERNATIVES = Object.keys(WORDS)
  .sort((a, b) => b.length - a.length)
  .join("|");
const NUMBER = `(${ALTERNATIVES}|[−-]?\\d[\\d,]*(?:\\.\\d+)?(?:e[−-]?\\d+)?)`;

/** How far two numbers may differ that are called equal: rounding, and no more. */
const ROUNDING = 1e-9;
const NOTHING = 1e-12;

/**
 * @param {string} word
 * @returns {number}
 */
function numberOf(word) {
  return WORDS[word] ?? Number(word.replace("−", "-").replaceAll(",", ""));
}

/**
 * How far a number may be from the one that is written for it, with decimals.
 * @param {string} word
 */
function roomOf(word) {
  const [, decimals = "", exponent = "0"] = /(?:\.(\d+))?(?:e(.*))?$/.exec(word) ?? [];
  return 0.5 * 10 ** (Number(exponent.replace("−", "-")) - decimals.length);
}

/**
 * @param {number} a
 * @param {number} b
 */
function areClose(a, b) {
  const largest = Math.max(Math.abs(a), Math.abs(b));
  if (largest === Number.POSITIVE_INFINITY) return a === b;
  return Math.abs(a - b) <= ROUNDING * largest + NOTHING;
}

/** @type {{[relation in Relation]: (a: number, b: number) => boolean}} */
const HOLDS = {
  ">": (a, b) => a > b && !areClose(a, b),
  "<": (a, b) => a < b && !areClose(a, b),
  "==": areClose,
  "!=": (a, b) => a < b !== a > b && !areClose(a, b),
  "~": (a, b) => areClose(a, b) || Math.abs(a - b) < 0.1 * Math.min(Math.abs(a), Math.abs(b)),
};

/**
 * @param {Quantity} quantity
 * @returns {Side}
 */
const now = ({ key, of }) => ({ text: key, value: of });

/**
 * @param {Quantity} quantity
 * @returns {Side}
 */
const before = ({ of }) => ({ text: "before", value: (_, was) => of(was) });

/**
 * The earlier value of another quantity.
 * @param {Quantity} quantity
 * @returns {Side}
 */
const beforeOf = ({ key, of }) => ({ text: `before(${key})`, value: (_, was) => of(was) });

/**
 * @param {number} number
 * @returns {Side}
 */
const constant = (number) => ({
  text: number === Number.POSITIVE_INFINITY ? "inf" : String(number),
  value: () => number,
});

/**
 * @param {number} factor
 * @param {Side} side
 * @returns {Side}
 */
const times = (factor, side) => ({
  text: factor === 1 ? side.text : `${factor} * ${side.text}`,
  value: (...states) => factor * side.value(...states),
});

/**
 * @param {Side} a
 * @param {Side} b
 * @returns {Side}
 */
const distance = (a, b) => ({
  text: `|${a.text} - ${b.text}|`,
  value: (...states) => Math.abs(a.value(...states) - b.value(...states)),
});

/** @type {{[word: string]: Relation}} */
const COMPARED = {
  "more than": ">",
  "larger than": ">",
  "greater than": ">",
  above: ">",
  "less than": "<",
  "smaller than": "<",
  below: "<",
  about: "~",
};
const COMPARISON = `(${Object.keys(COMPARED).join("|")})`;

/**
 * What is said of each quantity by itself.
 * @typedef {(quantity: Quantity, words: string[], find: (name: string) => Quantity | undefined) =>
 *     Comparison[] | null} Predicate
 * @type {[RegExp, Predicate][]}
 */
const PREDICATES = [
  [
    /^(?:stays?|keeps? (?:its|their) values?|do(?:es)? not (?:change|move))$/,
    (it) => [{ left: now(it), relation: "==", right: before(it) }],
  ],
  [/^(?:change|move)s?$/, (it) => [{ left: now(it), relation: "!=", right: before(it) }]],
  [/^hardly (?:change|move)s?$/, (it) => [{ left: now(it), relation: "~", right: before(it) }]],
  [
    /^changes? (?:its|their) signs?$/,
    (it) => [
      { left: now(it), relation: "==", right: times(-1, before(it)) },
      { left: now(it), relation: "!=", right: before(it) },
    ],
  ],
  [/^(?:grow|rise)s?$/, (it) => [{ left: now(it), relation: ">", right: before(it) }]],
  [/^(?:fall|shrink)s?$/, (it) => [{ left: now(it), relation: "<", right: before(it) }]],
  [
    new RegExp(`^(?:grow|rise)s? (?:${COMPARISON} )?${NUMBER} times$`),
    (it, [how, factor]) => {
      const right = times(numberOf(factor), before(it));
      const grows = { left: now(it), relation: /** @type {Relation} */ (">"), right: before(it) };
      return [grows, { left: now(it), relation: how ? COMPARED[how] : "==", right }];
    },
  ],
  [
    new RegExp(`^(?:fall|shrink)s? to (?:${COMPARISON} )?an? (${Object.keys(PARTS).join("|")})$`),
    (it, [how, part]) => {
      const left = times(PARTS[part], now(it));
      const falls = { left: now(it), relation: /** @type {Relation} */ ("<"), right: before(it) };
      return [falls, { left, relation: how ? COMPARED[how] : "==", right: before(it) }];
    },
  ],
  [
    new RegExp(`^(grow|rise|fall|shrink)s? to ${NUMBER}$`),
    (it, [verb, number]) => [
      { left: now(it), relation: /grow|rise/.test(verb) ? ">" : "<", right: before(it) },
      isWritten(it, number),
    ],
  ],
  [new RegExp(`^(?:is|are) (?:both |all )?${NUMBER}$`), (it, [number]) => [isWritten(it, number)]],
  [/^(?:is|are) positive$/, (it) => [{ left: now(it), relation: ">", right: constant(0) }]],
  [/^(?:is|are) negative$/, (it) => [{ left: now(it), relation: "<", right: constant(0) }]],
  [
    new RegExp(`^(?:is|are) (?:both |all )?${COMPARISON} ${NUMBER}$`),
    (it, [how, number]) => [
      { left: now(it), relation: COMPARED[how], right: constant(numberOf(number)) },
    ],
  ],
  [
    new RegExp(`^(?:is|are) (?:${COMPARISON} )?(?:${NUMBER} times )?(\\D.*)$`),
    (it, [how, factor = "one", name], find) => {
      const other = find(name);
      const right = other && times(numberOf(factor), now(other));
      return right ? [{ left: now(it), relation: how ? COMPARED[how] : "==", right }] : null;
    },
  ],
  [
    /^(?:equals?|(?:is|are) (?:equal to|the same as)) (.*)$/,
    (it, [name], find) => {
      const other = find(name);
      return other ? [{ left: now(it), relation: "==", right: now(other) }] : null;
    },
  ],
];

/**
 * What is said of several quantities together.
 * @type {[RegExp, (it: Quantity[], words: string[]) => Comparison[]][]}
 */
const TOGETHER = [
  [/^(?:agree|are equal)$/, (it) => inTurn(it, "==")],
  [/^nearly agree$/, (it) => inTurn(it, "~")],
  [
    /^change places$/,
    ([a, b]) => [
      { left: now(a), relation: "!=", right: beforeOf(a) },
      { left: now(a), relation: "==", right: beforeOf(b) },
      { left: now(b), relation: "==", right: beforeOf(a) },
    ],
  ],
  [/^differ$/, (it) => inTurn(it, "!=")],
  [
    new RegExp(`^differ by (more|less) than ${NUMBER}$`),
    ([a, b], [how, number]) => [
      {
        left: distance(now(a), now(b)),
        relation: how === "more" ? ">" : "<",
        right: constant(numberOf(number)),
      },
    ],
  ],
];

/** Words that say the same as others, which the tables have. @type {[RegExp, string][]} */
const SYNONYMS = [
  [/(\w+)fold$/, "$1 times"],
  [/does not even (double|triple)/, "grows less than $1 times"],
  [/more than (double|triple|quadruple)s?/, "grows more than $1 times"],
  [/^(double|triple|quadruple)s?$/, "grows $1 times"],
  [/^halves?$/, "falls to a half"],
  [/double times/, "two times"],
  [/triple times/, "three times"],
  [/quadruple times/, "four times"],
];

/**
 * A quantity is a number: exactly, if that is whole, or as far as it is written.
 * @param {Quantity} quantity
 * @param {string} number
 * @returns {Comparison}
 */
function isWritten(quantity, number) {
  const value = constant(numberOf(number));
  if (!/[.e]/.test(number) || Object.hasOwn(WORDS, number))
    return { left: now(quantity), relation: "==", right: value };
  return { left: distance(now(quantity), value), relation: "<", right: constant(roomOf(number)) };
}

/**
 * @param {Quantity[]} quantities
 * @param {Relation} relation
 * @returns {Comparison[]}
 */
function inTurn(quantities, relation) {
  return quantities
    .slice(1)
    .map((each, index) => ({ left: now(quantities[index]), relation, right: now(each) }));
}

/**
 * Words as the tables have them.
 * @param {string} words
 */
function settled(words) {
  return SYNONYMS.reduce((text, [from, to]) => text.replace(from, to), words);
}

/**
 * The quantities that a subject names, and those that it excludes.
 * @param {string} subject
 * @param {Vocabulary} known
 * @returns {{named: Quantity[], others: Quantity[]} | null}
 */
function subjectOf(subject, { shown, terms, names }) {
  const [whole, number] = /^(?:all|both) (?:(\w+) )?numbers$/i.exec(subject) ?? [];
  if (whole) {
    const isAll = !number || WORDS[number] === shown.length;
    return isAll ? { named: shown, others: [] } : null;
  }
  const only = /^only (.*)$/i.exec(subject);
  const parts = (only ? only[1] : subject).split(/, | and /);
  const named = parts.flatMap((part) => names.get(plain(part)) ?? []);
  if (named.length < parts.length) return null;
  const group = terms.includes(named[0]) ? terms : shown;
  const keys = named.map(({ key }) => key);
  return { named, others: only ? group.filter(({ key }) => !keys.includes(key)) : [] };
}

/**
 * @param {Quantity[]} quantities
 * @param {string} predicate
 * @param {Vocabulary} known
 * @returns {Comparison[] | null}
 */
function comparisonsOf(quantities, predicate, { names }) {
  const find = (/** @type {string} */ name) => names.get(plain(name));
  for (const [pattern, make] of quantities.length > 1 ? TOGETHER : []) {
    const [whole, ...words] = pattern.exec(predicate) ?? [];
    if (whole !== undefined) return make(quantities, words);
  }
  for (const [pattern, make] of PREDICATES) {
    const [whole, ...words] = pattern.exec(predicate) ?? [];
    if (whole === undefined) continue;
    const made = quantities.map((each) => make(each, words, find));
    if (made.every(Boolean)) return made.flatMap((each) => each ?? []);
  }
  return null;
}

/**
 * Reads a sentence.
 * @param {string} words
 * @param {Vocabulary} known
 * @returns {Claim}
 */
export function claimOf(words, known) {
  const text = words.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  const [, sentence, step] = /^(.*?)(?: since (?:step (\d+)|the start))?$/.exec(text) ?? [];
  const since = text === sentence ? null : Number(step ?? 0);
  const parts = sentence.split(" ");
  for (let length = parts.length - 1; length > 0; length--) {
    const subject = subjectOf(parts.slice(0, length).join(" "), known);
    const predicate = settled(parts.slice(length).join(" "));
    const comparisons = subject && comparisonsOf(subject.named, predicate, known);
    if (!comparisons) continue;
    for (const other of subject.others)
      comparisons.push({ left: now(other), relation: "==", right: before(other) });
    return claim(comparisons, subject.named, since);
  }
  const labels = new Set([...known.names.values()].map(({ label }) => label));
  throw new RangeError(
    `the claim "${text}" is not understood: its quantities are ${[...labels].join(", ")}; ` +
      "its verbs are those of claims.js",
  );
}

/**
 * @param {Comparison[]} comparisons
 * @param {Quantity[]} quantities
 * @param {number | null} since
 * @returns {Claim}
 */
function claim(comparisons, quantities, since) {
  const texts = comparisons.map(({ left, relation, right }) =>
    [left.text, relation, right.text].join(" "),
  );
  return {
    formal: texts.join(", "),
    quantities,
    isChange: texts.some((text) => text.includes("before")),
    isPlain: texts.every((text) => / == (\d+|inf)$/.test(text)),
    since,
    holds: (...states) =>
      comparisons.every(({ left, relation, right }) =>
        HOLDS[relation](left.value(...states), right.value(...states)),
      ),
  };
}

/**
 * The numbers that a claim is about, in brackets, as a reader sees them, in the order of its words;
 * nothing, if it gives them itself.
 * @param {Claim} claim
 * @param {State} state
 * @param {State} earlier
 */
export function numbersOf({ quantities, isChange, isPlain }, state, earlier) {
  if (isPlain) return "";
  const numbers = quantities.map(({ of }) => {
    const end = formatted(of(state));
    return isChange ? `${formatted(of(earlier))} → ${end}` : end;
  });
  return ` (${numbers.join(", ")})`;
}
