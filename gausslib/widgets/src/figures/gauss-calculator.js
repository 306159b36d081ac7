/**
 * `<gauss-calculator>`: the reader's own means and covariances in one to ten dimensions, typed or from samples, and every
 * distance between them with its terms.
 *
 * Fields: p_mean, p_cov, q_mean, q_cov; formula (which distance is taken apart); show. While one is typed, the dimensions
 * may differ: there are no numbers then.
 *
 * @typedef {import("../runtime/fields.js").Field} Field
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 */
import kl from "formula:eq-kl";
import bhattacharyya from "formula:eq-bhattacharyya";
import w2 from "formula:eq-w2";
import { choice, has, once, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { covarianceFault, fromSamples, valuesOf } from "../closed-forms/gaussnd.js";
import { parseMatrix, parseSamples, parseVector, writeMatrix, writeVector } from "../parts/paste.js";

/** Numbers in one or two dimensions, by the functions that read and write their text. @returns {Field} */
function field(
  /** @type {string} */ kind,
  /** @type {string} */ expected,
  /** @type {any[]} */ start,
  /** @type {(text: string) => any[]} */ read,
) {
  const parse = (/** @type {string} */ name, /** @type {string} */ text) => {
    try {
      return read(text);
    } catch (error) {
      throw new RangeError(
        `${name}: expected ${expected}. ${/** @type {Error} */ (error).message}`,
      );
    }
  };
  return {
    kind,
    start,
    parse,
    check: (name, value) => parse(name, [value].flat().join(";")),
    write: (value) => value.join(kind === "mean" ? "," : ";"),
  };
}

const mean = (/** @type {number[]} */ start) =>
  field("mean", "numbers such as 1, 2", start, parseVector);

const covariance = (/** @type {number[][]} */ start) =>
  field("covariance", "a covariance matrix such as 1, 0.5; 0.5, 2", start, (text) => {
    const matrix = parseMatrix(text);
    const fault = covarianceFault(matrix);
    if (fault) throw new RangeError(fault);
    return matrix;
  });

const NAMES = ["p", "q"];

/** What should have one dimension does not: in words. */
function difference(/** @type {State} */ state, /** @type {string} */ name) {
  const [own, first] = [state[name].length, state.p_mean.length];
  return own === first ? "" : `This has the dimension ${own}, but the mean of p has ${first}.`;
}

/** Empty where the dimensions differ. @type {(state: State) => {[name: string]: number}} */
const values = once((state) => {
  const [p, q] = NAMES.map((name) => ({ mean: state[`${name}_mean`], cov: state[`${name}_cov`] }));
  return ["p_cov", "q_mean", "q_cov"].some((name) => difference(state, name)) ? {} : valuesOf(p, q);
});

/** A formula with its numbers; the captions get what `root` makes of a term's number. @returns {FormulaView} */
const taken = (
  /** @type {import("../runtime/figure.js").Formula} */ formula,
  /** @type {string} */ key,
  /** @type {{[term: string]: [(value: number) => number, string, string]}} */ captions,
) => ({
  formula,
  when: ({ show, formula }) => has(show, "terms") && key.startsWith(formula),
  terms: (state) =>
    Object.fromEntries(
      Object.keys(captions).map((term) => [term, values(state)[`${key}_${term}`]]),
    ),
  whole: (state) => values(state)[key] ** (key === "w2" ? 2 : 1),
  captions: Object.fromEntries(
    Object.entries(captions).map(([term, [root, before, after]]) => [
      term,
      (state) => {
        const value = values(state)[`${key}_${term}`];
        return value === Infinity
          ? "Infinite: the supports of p and q differ."
          : `${before} ${formatted(root(value))} ${after}`;
      },
    ]),
  ),
});

const TOEPLITZ = Array.from({ length: 10 }, (_, i) =>
  Array.from({ length: 10 }, (_, j) => 0.5 ** Math.abs(i - j)),
);
const UNIT = TOEPLITZ.map((row) => row.map((x) => +(x === 1)));

/** @type {Definition} */
export const gaussCalculator = {
  tag: "gauss-calculator",
  label: "Two Gaussians p and q, given by numbers",
  fields: {
    p_mean: mean([0, 0]),
    p_cov: covariance([
      [1, 0.5],
      [0.5, 2],
    ]),
    q_mean: mean([1, 0.5]),
    q_cov: covariance([
      [1.5, -0.2],
      [-0.2, 0.8],
    ]),
    formula: choice("distance", ["kl", "bhattacharyya", "w2"]),
    show: words(["terms", "samples"]),
  },
  presets: {
    "one dimension": { p_mean: [0], p_cov: [[1]], q_mean: [1], q_cov: [[4]] },
    "three dimensions": {
      p_mean: [0, 0, 0],
      p_cov: [
        [2, 1, 0],
        [1, 2, 1],
        [0, 1, 2],
      ],
      q_mean: [1, 0, -1],
      q_cov: [
        [1, 0, 0],
        [0, 2, 0],
        [0, 0, 3],
      ],
    },
    "ten dimensions": { p_mean: UNIT[0], p_cov: TOEPLITZ, q_mean: UNIT[9], q_cov: UNIT },
    "nearly identical": {
      q_mean: [1e-9, 0],
      q_cov: [
        [1.000000001, 0.5],
        [0.5, 2],
      ],
    },
    singular: {
      p_cov: [
        [1, 1],
        [1, 1],
      ],
      q_mean: [1, 0],
      q_cov: [
        [1, 0],
        [0, 0],
      ],
    },
  },
  hint: "Type or paste your own numbers.",
  values,
  readout: [
    { key: "kl_pq", label: "KL(p‖q)", unit: "nats" },
    { key: "kl_qp", label: "KL(q‖p)", unit: "nats" },
    { key: "jeffreys", label: "Jeffreys", unit: "nats" },
    { key: "bhattacharyya", label: "Bhattacharyya", unit: "nats" },
    { key: "hellinger", label: "Hellinger", unit: "0 to 1" },
    { key: "w2", label: "W₂", unit: "length" },
  ],
  controls: [
    ...["mean", "cov"].flatMap((part) =>
      NAMES.map((name) => ({
        field: `${name}_${part}`,
        label: `${part === "mean" ? "Mean" : "Covariance"} of ${name}`,
        rows: part === "mean" ? 1 : 4,
        shown: (/** @type {State} */ state) =>
          (part === "mean" ? writeVector : writeMatrix)(state[`${name}_${part}`]),
        fault: (/** @type {State} */ state) => difference(state, `${name}_${part}`),
      })),
    ),
    {
      field: "formula",
      label: "Take apart",
      options: { kl: "KL(p‖q)", bhattacharyya: "Bhattacharyya", w2: "W₂²" },
      when: shows("terms"),
    },
  ],
  sources: NAMES.map((name) => ({
    label: `Samples of ${name} (they stay in this browser)`,
    read(text) {
      const { mean, cov } = fromSamples(parseSamples(text));
      return { [`${name}_mean`]: mean, [`${name}_cov`]: cov };
    },
    when: shows("samples"),
  })),
  table: {
    rows: { kl_pq: "KL(p‖q)", kl_qp: "KL(q‖p)", bhattacharyya: "BD", w2: "W₂²" },
    columns: { mean: "mean", "trace covariance": "trace, covariance", logdet: "log-det" },
    when: shows("terms"),
  },
  formulas: [
    taken(kl, "kl_pq", {
      mean: [
        (x) => Math.sqrt(2 * x),
        "Mean: the means are",
        "standard deviations of q apart; the term is half of the square.",
      ],
      trace: [
        (x) => 2 * x,
        "Trace: with q as the unit, the variances of p exceed those of q by",
        "in all; the term is half of that.",
      ],
      logdet: [
        Math.exp,
        "Log-det: q's ellipsoid has",
        "times the volume of p's; the term is the logarithm.",
      ],
    }),
    taken(bhattacharyya, "bhattacharyya", {
      mean: [
        (x) => Math.sqrt(8 * x),
        "Mean: the means are",
        "standard deviations of M, the mean of both covariances, apart; the term is an eighth of the square.",
      ],
      logdet: [
        Math.exp,
        "Log-det: the ellipsoid of M has",
        "times the geometric mean of the two volumes; the term is the logarithm.",
      ],
    }),
    taken(w2, "w2", {
      mean: [Math.sqrt, "Mean: the means are", "apart; the term is the square."],
      covariance: [
        Math.sqrt,
        "Covariance: with the means brought together, the optimal transport moves points by",
        "in root mean square; the term is the square.",
      ],
    }),
  ],
  python(state) {
    // Python would not take a long integer for a double.
    /** @type {(value: any) => string} */
    const list = (value) =>
      Array.isArray(value)
        ? `[${value.map(list).join(", ")}]`
        : Math.abs(value) < 1e15
          ? `${value}`
          : value.toExponential();
    return `from gausslib import (
    Gaussian, bhattacharyya_distance, bhattacharyya_terms, hellinger_distance, jeffreys_divergence,
    kl_divergence, kl_terms, w2_distance, w2_terms,
)

p = Gaussian(${list(state.p_mean)}, ${list(state.p_cov)})
q = Gaussian(${list(state.q_mean)}, ${list(state.q_cov)})
terms = {
    "kl_pq": kl_terms(p, q),
    "kl_qp": kl_terms(q, p),
    "bhattacharyya": bhattacharyya_terms(p, q),
    "w2": w2_terms(p, q),
}
values = {
    "kl_pq": kl_divergence(p, q),
    "kl_qp": kl_divergence(q, p),
    "jeffreys": jeffreys_divergence(p, q),
    "bhattacharyya": bhattacharyya_distance(p, q),
    "hellinger": hellinger_distance(p, q),
    "w2": w2_distance(p, q),
    **{f"{key}_{term}": x for key, parts in terms.items() for term, x in parts._asdict().items()},
}
print(values)
`;
  },
};
