/**
 * `<gauss-calculator>`: the reader's own means and covariances in one to ten dimensions, typed or
 * from samples, and every distance between them with its terms.
 *
 * Fields: p_mean, p_cov, q_mean, q_cov; formula (which distance is taken apart); show. While one is
 * typed, the dimensions may differ: there are no numbers then.
 *
 * @typedef {import("../runtime/fields.js").Field} Field
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../parts/calculator-desk.js").Box} Box
 * @typedef {import("../parts/calculator-desk.js").Source} Source
 * @typedef {import("../runtime/figure.js").Definition} Definition
 */
import { covarianceFault, fromSamples } from "../closed-forms/gaussnd.js";
import { desk } from "../parts/calculator-desk.js";
import {
  calculatorFormulas,
  calculatorValues,
  dimensionFault,
  meaning,
} from "../parts/calculator-formulas.js";
import {
  MAX_DIMENSION,
  parseMatrix,
  parseVector,
  writeMatrix,
  writeVector,
} from "../parts/paste.js";
import { choice, shows, words } from "../runtime/fields.js";
import { late } from "../runtime/late.js";

const NAMES = ["p", "q"];
const LIMITS = { largestDimension: MAX_DIMENSION };
/** A covariance in ten dimensions with constant diagonals, as of a sequence that forgets. */
const TOEPLITZ = Array.from({ length: 10 }, (_, i) =>
  Array.from({ length: 10 }, (_, j) => 0.5 ** Math.abs(i - j)),
);
const UNIT_MATRIX = TOEPLITZ.map((row) => row.map((entry) => (entry === 1 ? 1 : 0)));

/**
 * A reader of text that names the field where it cannot read.
 *
 * @template T
 * @param {string} expected
 * @param {(text: string) => T} read
 * @returns {(name: string, text: string) => T}
 */
function parser(expected, read) {
  return (name, text) => {
    try {
      return read(text);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      throw new RangeError(`${name}: expected ${expected}. ${message}`);
    }
  };
}

/**
 * The field of a mean. Any value takes the way of text, where everything is checked.
 *
 * @param {number[]} start
 * @returns {Field}
 */
function meanField(start) {
  const parse = parser("numbers such as 1, 2", parseVector);
  return {
    kind: "mean",
    start,
    limits: LIMITS,
    parse,
    check: (name, value) => parse(name, [value].flat().join(";")),
    write: (value) => value.join(","),
  };
}

/**
 * The matrix in a text, if it is a covariance.
 *
 * @param {string} text
 */
function parseCovariance(text) {
  const matrix = parseMatrix(text);
  const fault = covarianceFault(matrix);
  if (fault) throw new RangeError(fault);
  return matrix;
}

/**
 * The field of a covariance. As text its rows are joined by semicolons, their entries by commas.
 *
 * @param {number[][]} start
 * @returns {Field}
 */
function covarianceField(start) {
  const parse = parser("a covariance matrix such as 1, 0.5; 0.5, 2", parseCovariance);
  return {
    kind: "covariance",
    start,
    limits: LIMITS,
    parse,
    check: (name, value) => parse(name, [value].flat().join(";")),
    write: (value) => value.join(";"),
  };
}

/**
 * The box for a mean.
 *
 * @param {string} name
 * @returns {Box}
 */
function meanBox(name) {
  const field = `${name}_mean`;
  return {
    field,
    label: `Mean of ${name}`,
    rows: 1,
    shown: (state) => writeVector(state[field]),
    fault: (state) => dimensionFault(state, field),
  };
}

/**
 * The box for a covariance, one row a line.
 *
 * @param {string} name
 * @returns {Box}
 */
function covarianceBox(name) {
  const field = `${name}_cov`;
  return {
    field,
    label: `Covariance of ${name}`,
    rows: 4,
    shown: (state) => writeMatrix(state[field]),
    fault: (state) => dimensionFault(state, field),
  };
}

/**
 * A box for samples, which sets mean and covariance.
 *
 * @param {string} name
 * @returns {Source}
 */
function sampleBox(name) {
  return {
    label: `Samples of ${name} (they stay in this browser)`,
    async read(text, tell) {
      const { mean, cov } = fromSamples(await late.samples(text, tell));
      return { [`${name}_mean`]: mean, [`${name}_cov`]: cov };
    },
    when: shows("samples"),
  };
}

/**
 * A number, a list or a matrix as Python reads it. It would not take a long integer for a double.
 *
 * @param {any} value
 * @returns {string}
 */
function inPython(value) {
  if (Array.isArray(value)) return `[${value.map(inPython).join(", ")}]`;
  return Math.abs(value) < 1e15 ? `${value}` : value.toExponential();
}

/**
 * A program that computes the same numbers.
 *
 * @param {State} state
 */
function python(state) {
  return `from gausslib import (
    Gaussian, bhattacharyya_distance, bhattacharyya_terms, hellinger_distance, jeffreys_divergence,
    kl_divergence, kl_terms, w2_distance, w2_terms,
)

p = Gaussian(${inPython(state.p_mean)}, ${inPython(state.p_cov)})
q = Gaussian(${inPython(state.q_mean)}, ${inPython(state.q_cov)})
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
}

/** @type {Definition} */
export const gaussCalculator = {
  tag: "gauss-calculator",
  label: "Two Gaussians p and q: the mean and standard deviation of each coordinate",
  fields: {
    p_mean: meanField([0, 0]),
    p_cov: covarianceField([
      [1, 0.5],
      [0.5, 2],
    ]),
    q_mean: meanField([1, 0.5]),
    q_cov: covarianceField([
      [1.5, -0.2],
      [-0.2, 0.8],
    ]),
    formula: choice("distance", ["kl", "bhattacharyya", "w2"]),
    show: words({ terms: "terms of a distance", samples: "boxes for samples" }),
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
    "ten dimensions": {
      p_mean: UNIT_MATRIX[0],
      p_cov: TOEPLITZ,
      q_mean: UNIT_MATRIX[9],
      q_cov: UNIT_MATRIX,
    },
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
  values: calculatorValues,
  remark: meaning,
  readout: [
    { key: "kl_pq", label: "KL(p‖q)", unit: "nats" },
    { key: "kl_qp", label: "KL(q‖p)", unit: "nats" },
    { key: "jeffreys", label: "Jeffreys", unit: "nats" },
    { key: "bhattacharyya", label: "Bhattacharyya", unit: "nats" },
    { key: "hellinger", label: "Hellinger", unit: "0 to 1" },
    { key: "w2", label: "W₂", unit: "length" },
  ],
  desk: desk([...NAMES.map(meanBox), ...NAMES.map(covarianceBox)], NAMES.map(sampleBox), {
    rows: { kl_pq: "KL(p‖q)", kl_qp: "KL(q‖p)", bhattacharyya: "BD", w2: "W₂²" },
    columns: { mean: "mean", "trace covariance": "trace, covariance", logdet: "log-det" },
    when: shows("terms"),
  }),
  controls: [
    {
      field: "formula",
      label: "Take apart",
      options: { kl: "KL(p‖q)", bhattacharyya: "Bhattacharyya", w2: "W₂²" },
      when: shows("terms"),
    },
  ],
  formulas: calculatorFormulas,
  python,
};
