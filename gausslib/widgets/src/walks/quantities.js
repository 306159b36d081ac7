/**
 * What the numbers of a figure are called in a sentence.
 *
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/fields.js").State} State
 *
 * @typedef {object} Quantity
 * @property {string} key  its name among the values of the figure, or that of a term
 * @property {string} label  how a reader sees it
 * @property {(state: State) => number} of
 *
 * @typedef {object} Vocabulary  the quantities that can be spoken of in a state
 * @property {Quantity[]} shown  those of the readout
 * @property {Quantity[]} terms  those of the formula beside the picture
 * @property {string} formula  the key of that formula
 * @property {Map<string, Quantity>} names  all of them by every name that they have
 */
import { applies } from "../runtime/figure.js";

/**
 * Names that the readout has no room for, by the key of the value. A key means the same in every
 * figure.
 * @type {{[key: string]: string[]}}
 */
const ALIASES = {
  above: ["volume above the floor"],
  area: ["area of the barycentre"],
  area_average: ["area of the mean of the covariances"],
  area_mixture: ["area of the mixture"],
  below: ["volume below the floor"],
  bhattacharyya: ["Bhattacharyya distance"],
  chernoff: ["Chernoff information"],
  chernoff_alpha: ["best α"],
  chernoff_coefficient: ["area of the product"],
  conditional_mean: ["conditional mean"],
  conditional_sd: ["conditional standard deviation"],
  cost: ["cost"],
  determinant: ["determinant"],
  error: ["standard error"],
  exact: ["closed form"],
  fisher_rao: ["Fisher–Rao distance"],
  gap: ["gap"],
  gwd: ["squared W₂ distance"],
  hellinger: ["Hellinger distance"],
  highest: ["highest point"],
  jeffreys: ["Jeffreys divergence"],
  kld: ["KL divergence"],
  least: ["least sum"],
  log_density: ["log-density"],
  mean_cover: ["mean of the covering fit"],
  mean_seek: ["mean of the seeking fit"],
  pull_turn: ["pull that turns p"],
  pull_x: ["pull along x"],
  pull_y: ["pull along y"],
  renyi: ["Rényi divergence"],
  s11: ["variance of x"],
  s12: ["covariance"],
  s22: ["variance of y"],
  semi_axis_1: ["long semi-axis"],
  semi_axis_2: ["short semi-axis"],
  sd_cover: ["width of the covering fit"],
  sd_fisher_rao: ["width on the violet path"],
  sd_seek: ["width of the seeking fit"],
  sd_w2: ["width on the green path"],
  t11: ["first entry of T"],
  total_variation: ["total variation"],
  trace: ["trace"],
  volume: ["volume"],
  w2: ["W₂ distance"],
  w2_shape: ["least cost"],
};

/**
 * The same for terms.
 * @type {{[term: string]: string}}
 */
const TERMS = { logdet: "log-determinant", square: "squared-distance" };

/**
 * A name as it is looked up: without an article, in small letters.
 * @param {string} name
 */
export function plain(name) {
  return name
    .replace(/<[^>]*>/g, "")
    .replace(/\s*‖\s*/g, "‖")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase()
    .replace(/^the /, "");
}

/**
 * @param {Definition} figure
 * @param {State} state
 * @returns {Vocabulary}
 */
export function vocabulary(figure, state) {
  /** @type {Map<string, Quantity>} */
  const names = new Map();
  const { readout = [], formulas = [] } = figure;
  const shown = readout.filter((reading) => applies(reading, state));
  const alike = (/** @type {string} */ label) => shown.filter((each) => each.label === label);
  const quantities = shown.map(({ key, label, unit }) => {
    const whole = alike(label).length > 1 ? `${label} (${unit})` : label;
    return { key, label: whole, of: (/** @type {State} */ now) => figure.values(now)[key] };
  });
  for (const key of Object.keys(figure.values(state))) {
    const label = quantities.find((each) => each.key === key)?.label ?? ALIASES[key]?.[0] ?? key;
    const quantity = { key, label, of: (/** @type {State} */ now) => figure.values(now)[key] };
    for (const name of [label, ...(ALIASES[key] ?? [])]) names.set(plain(name), quantity);
  }
  const view = formulas.find((part) => applies(part, state));
  const terms = Object.keys(view?.terms(state) ?? {}).map((term) => {
    const name = view?.names?.[term] ?? TERMS[term] ?? term;
    const label = name === "integral" ? name : `${name} term`;
    return { key: term, label, of: (/** @type {State} */ now) => view?.terms(now)[term] ?? NaN };
  });
  for (const quantity of terms) names.set(plain(quantity.label), quantity);
  return { shown: quantities, terms, formula: view?.formula.key ?? "", names };
}
