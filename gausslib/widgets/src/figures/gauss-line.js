/**
 * `<gauss-line>`: two Gaussians on the line, as bells to be moved by mean and standard deviation, and a distance of theirs
 * as an area, or as the lengths of lines between equal quantiles.
 *
 * Fields: p, q (mean, standard deviation); distance (which one is drawn); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/figure.js").Formula} Formula
 * @typedef {import("../runtime/figure.js").FormulaView} FormulaView
 * @typedef {import("../closed-forms/gauss1d.js").Bell} Bell
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 * @typedef {"p" | "q"} Name
 * @typedef {(x: number) => number} Curve
 */
import bhattacharyya from "formula:eq-bhattacharyya-1d";
import kl from "formula:eq-kl-1d";
import klDefinition from "formula:eq-kl-definition";
import overlap from "formula:eq-overlap-definition";
import variation from "formula:eq-variation-definition";
import w2 from "formula:eq-w2-1d";
import { arrows, label, letter, lines, path, text } from "../runtime/draw.js";
import { choice, has, numbers, refuse, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { density, integrand, lineDistances, lineTerms } from "../closed-forms/gauss1d.js";
import { HALF_WIDTH } from "../runtime/plane.js";

/** Of the standard deviations, when one is dragged. */
const LARGEST_RATIO = 1e3;
const [SMALLEST, LARGEST] = [1e-6, 1e6];
/** How many times as high as the lower bell the picture may be: what is higher is cut off. */
const HIGHEST = 6;
/** Where curves have points, in standard deviations; further out p log(p/q) is small even at the largest ratio. */
const ABOUT = Array.from({ length: 113 }, (_, index) => index / 8 - 7);
/** Of the standard normal law. */
const DECILES = [
  -1.281552, -0.841621, -0.524401, -0.253347, 0, 0.253347, 0.524401, 0.841621, 1.281552,
];
const NAMES = /** @type {const} */ (["p", "q"]);

const clamped = (
  /** @type {number} */ value,
  /** @type {number} */ least,
  /** @type {number} */ most,
) => Math.min(Math.max(value, least), most);

const gaussian = (/** @type {Bell} */ start) =>
  numbers("line", "two numbers mean, sd", start, (name, g) =>
    Math.abs(g[0]) <= LARGEST && g[1] >= SMALLEST && g[1] <= LARGEST
      ? g
      : refuse(name, "|mean| ≤ 1e6 and 1e-6 ≤ sd ≤ 1e6", g),
  );

/** @returns {Curve} */
const bell =
  (/** @type {Bell} */ [mean, sd]) =>
  (x) =>
    density((x - mean) / sd) / sd;

/** How the bells stand in the window. Heights have no unit of their own. */
function layout(/** @type {State} */ state, /** @type {Plane} */ { scale }) {
  const { p, q, distance } = state;
  // W₂ couples two lines: q's bell hangs below its own. Else p log(p/q) needs room below: up to q's height over e.
  const coupled = distance === "w2";
  const ground = coupled ? 0.65 : distance === "kl" ? -1.3 : -2.1;
  const room = (coupled ? 1.5 : 2.15 - ground) * scale;
  const shaded = (/** @type {number} */ x) => integrand(distance, p, q, x);
  const peaks = [p, q].map((g) => bell(g)(g[0]));
  const highest = HIGHEST * Math.min(...peaks);
  const top = Math.max(...peaks, ...ABOUT.map((z) => shaded(p[0] + p[1] * z)));
  const unit = room / Math.min(top, highest);
  /** What is far outside the window is drawn as far outside it. */
  const height = (/** @type {Name} */ name, value = 0, limit = 6 * scale) =>
    (coupled && name === "q" ? -1 : 1) * (ground * scale + clamped(unit * value, -limit, limit));
  /** The point of a bell so many standard deviations out, or where it is cut off. @returns {Point} */
  const onBell = (/** @type {Name} */ name, z = 0) => {
    const x = state[name][0] + z * state[name][1];
    return [x, height(name, bell(state[name])(x), room)];
  };
  return { coupled, shaded, height, onBell, cut: top / highest };
}

/** The picture. @type {(state: State, view: import("../runtime/figure.js").View) => string} */
function scene(state, { plane, lit }) {
  const { p, q, distance } = state;
  const { coupled, shaded, height, onBell, cut } = layout(state, plane);
  const right = 1.01 * HALF_WIDTH * plane.scale;
  const xs = [-right, right, ...[p, q].flatMap(([mean, sd]) => ABOUT.map((z) => mean + sd * z))]
    .filter((x) => Math.abs(x) <= right)
    .sort((x, y) => x - y);
  /** A curve, or the area under it, by its look; it comes down to its baseline outside the window. */
  const draw = (
    /** @type {Curve} */ curve,
    /** @type {string} */ look,
    /** @type {Name} */ name = "p",
  ) =>
    path(
      lines(plane, [
        [
          [-right, height(name)],
          ...xs.map((x) => /** @type {Point} */ ([x, height(name, curve(x))])),
          [right, height(name)],
        ],
      ]),
      look,
    );
  /** Lines between equal quantiles of p and another. */
  const coupling = (/** @type {Bell} */ [mean, sd], /** @type {string} */ look) =>
    path(
      lines(
        plane,
        DECILES.map((z) => [
          [p[0] + p[1] * z, height("p")],
          [mean + sd * z, height("q")],
        ]),
      ),
      look,
    );

  /** The lengths of the lines, as many as there is room for. */
  function lengths() {
    let last = -Infinity;
    return DECILES.map((z) => {
      const [x, y] = [p[0] + p[1] * z, q[0] + q[1] * z];
      const middle = (x + y) / 2;
      if ((middle - last) * plane.unit < 52) return "";
      last = middle;
      return text(plane, [middle, 0], "say length", formatted(Math.abs(x - y)), 0, 4);
    }).join("");
  }

  /** What a term is made of. */
  function overlay(/** @type {string} */ term) {
    const look = `overlay term-${term}`;
    const [full, thin] = [`${look} under`, `${look} thin`];
    if (term === "expectation") return draw(shaded, look);
    if (distance === "kl") {
      const logdet = (/** @type {number} */ x) => bell(p)(x) * Math.log(q[1] / p[1]);
      return draw(term === "logdet" ? logdet : (x) => shaded(x) - logdet(x), full);
    }
    if (coupled && term === "mean")
      return path(
        arrows(
          plane,
          [
            [
              [p[0], 0],
              [q[0], 0],
            ],
          ],
          14,
        ),
        `${look} shaft`,
      );
    const moved = [p[0], q[1]];
    const root = (/** @type {number} */ x) => integrand(distance, p, moved, x);
    if (term === "mean") return draw(root, thin) + draw(shaded, full);
    return draw(bell(moved), thin, "q") + (coupled ? coupling(moved, look) : draw(root, full));
  }

  // A term may be pointed at in the text that is of another distance.
  const part =
    lit &&
    gaussLine.formulas?.some(({ formula, when }) => formula.key === lit.formula && when?.(state))
      ? overlay(lit.term)
      : "";
  const faded = part && lit?.term !== "expectation" ? " faded" : "";
  /** What is shaded where the bell of that name is the higher one. @returns {Curve} */
  const share = (/** @type {Name} */ name) => (x) =>
    bell(p)(x) > bell(q)(x) === (name === "p") ? shaded(x) : 0;
  return [
    path(
      lines(
        plane,
        NAMES.map((name) => [
          [-right, height(name)],
          [right, height(name)],
        ]),
      ),
      "origin",
    ),
    distance === "bhattacharyya"
      ? draw(shaded, `map shade${faded}`)
      : NAMES.map((name) =>
          draw(coupled ? bell(state[name]) : share(name), `${name} shade${faded}`, name),
        ).join(""),
    coupled ? coupling(q, `coupling${faded}`) : "",
    coupled && !part ? lengths() : part,
    ...NAMES.map(
      (name) =>
        draw(bell(state[name]), `${name} bell`, name) +
        letter(plane, onBell(name), name, coupled && name === "q" ? 20 : -8),
    ),
    cut > 1
      ? label(10, plane.height - 24, `Up to ${formatted(cut)} times as high as the picture`)
      : "",
  ].join("");
}

/** The handle of mean (0) or standard deviation (1). @returns {import("../runtime/figure.js").HandleDefinition} */
const handle = (/** @type {Name} */ name, /** @type {0 | 1} */ index) => ({
  name: `${index ? "standard deviation" : "mean"} of ${name}`,
  look: `${name} ${index ? "end" : "centre"}`,
  position(state, plane) {
    const { height, onBell } = layout(state, plane);
    return index ? onBell(name, 1) : [state[name][0], height(name)];
  },
  constrain(state, [x], plane) {
    const [mean, sd] = state[name];
    const other = state[name === "p" ? "q" : "p"][1];
    return {
      [name]: index
        ? [
            mean,
            clamped(
              plane.rounded(x - mean),
              Math.max(other / LARGEST_RATIO, SMALLEST),
              Math.min(other * LARGEST_RATIO, LARGEST),
            ),
          ]
        : [clamped(plane.rounded(x), -LARGEST, LARGEST), sd],
    };
  },
  spoken(state, { scale }) {
    const now = state[name][index];
    return {
      text: formatted(now),
      now,
      min: HALF_WIDTH * scale * (index - 1),
      max: HALF_WIDTH * scale * (index + 1),
    };
  },
});

const values = (/** @type {State} */ { p, q }) => lineDistances(p, q);
const terms = (/** @type {State} */ { p, q }) => lineTerms(p, q);
const square = (/** @type {State} */ state) => terms(state).kl.mean + terms(state).kl.trace;
/** The area under √(pq). */
const coefficient = (/** @type {State} */ state) => Math.exp(-values(state).bhattacharyya);
/** The same if the means were equal. */
const together = (/** @type {State} */ state) =>
  formatted(Math.exp(-terms(state).bhattacharyya.logdet));
const length = (/** @type {number} */ square) => formatted(Math.sqrt(square));

/** When the closed form of a distance is shown, or its definition. */
const shown =
  (/** @type {string} */ name, /** @type {boolean} */ closed) =>
  (/** @type {State} */ { distance, show }) =>
    distance === name && has(show, "terms") === closed;

/**
 * A definition as an integral, which is the shaded area.
 *
 * @param {import("../runtime/figure.js").Formula} formula
 * @param {(state: State) => boolean} when
 * @param {(state: State) => number} value
 * @param {string} caption
 * @returns {import("../runtime/figure.js").FormulaView}
 */
const definition = (formula, when, value, caption) => ({
  formula,
  when,
  terms: (state) => ({ expectation: value(state) }),
  names: { expectation: "integral" },
  captions: { expectation: () => caption },
  rest: () => caption,
});

/** @type {Definition} */
export const gaussLine = {
  tag: "gauss-line",
  label:
    "Two Gaussians p and q on the line, as bells, with a distance between them as an area or as lengths",
  fields: {
    p: gaussian([-0.8, 0.7]),
    q: gaussian([0.9, 1.1]),
    distance: choice("distance on the line", ["kl", "bhattacharyya", "variation", "w2"]),
    show: words(["terms", "hellinger", "w1"]),
  },
  presets: {
    identical: { p: [0, 1], q: [0, 1] },
    "equal widths": { p: [-1, 1], q: [1, 1] },
    "equal means": { p: [0, 0.5], q: [0, 1.5] },
    "q too narrow": { p: [0, 1.1], q: [0.5, 0.5] },
    far: { p: [-2.5, 0.5], q: [2.5, 0.6] },
    thin: { p: [-0.5, 0.0015], q: [0.5, 1.4] },
  },
  values,
  readout: [
    { key: "kl_pq", label: "KL(p‖q)", unit: "nats" },
    { key: "kl_qp", label: "KL(q‖p)", unit: "nats" },
    { key: "bhattacharyya", label: "Bhattacharyya", unit: "nats" },
    { key: "hellinger", label: "Hellinger", unit: "0 to 1", when: shows("hellinger") },
    { key: "total_variation", label: "Variation", unit: "0 to 1" },
    { key: "w1", label: "W₁", unit: "length", when: shows("w1") },
    { key: "w2", label: "W₂", unit: "length" },
  ],
  line: true,
  reach: ({ p, q }) =>
    Math.max(...[p, q].map(([mean, sd]) => Math.abs(mean) + 2.5 * sd)) / HALF_WIDTH / 0.95,
  scene,
  handles: NAMES.flatMap((name) => [handle(name, 0), handle(name, 1)]),
  controls: [
    {
      field: "distance",
      label: "Distance",
      options: {
        kl: "KL(p‖q)",
        bhattacharyya: "Bhattacharyya",
        variation: "Total variation",
        w2: "W₂",
      },
    },
  ],
  formulas: [
    definition(
      klDefinition,
      shown("kl", false),
      (state) => values(state).kl_pq,
      "Shaded: p log(p/q). KL(p‖q) is the area above the axis minus that below.",
    ),
    {
      formula: kl,
      when: shown("kl", true),
      terms: (state) => ({ logdet: terms(state).kl.logdet, square: square(state) }),
      whole: (state) => values(state).kl_pq,
      captions: {
        logdet: (state) =>
          `Log-det: what the heights give: p, whose area is 1, times ${formatted(terms(state).kl.logdet)}.`,
        square: (state) =>
          `Square: what the exponents give. The mean square of (x − μq)/σq is ${formatted(2 * square(state) + 1)}; the term is half of it, minus ½.`,
      },
    },
    definition(
      overlap,
      shown("bhattacharyya", false),
      coefficient,
      "Shaded: √(pq). Its area is BC; the Bhattacharyya distance is −log BC.",
    ),
    {
      formula: bhattacharyya,
      when: shown("bhattacharyya", true),
      terms: (state) => terms(state).bhattacharyya,
      whole: (state) => values(state).bhattacharyya,
      captions: {
        mean: (state) =>
          `Mean: with q moved to p's mean the area is ${together(state)} (dashed), now ${formatted(coefficient(state))}; the term is the logarithm of that ratio.`,
        logdet: (state) =>
          `Log-det: with q moved to p's mean (dashed) the area is ${together(state)}; the term is minus the logarithm.`,
      },
    },
    definition(
      variation,
      ({ distance }) => distance === "variation",
      (state) => values(state).total_variation,
      "Shaded: ½|p − q|, half of it where p > q, half where q > p.",
    ),
    {
      formula: w2,
      when: ({ distance }) => distance === "w2",
      terms: (state) => terms(state).w2,
      whole: (state) => values(state).w2 ** 2,
      captions: {
        mean: (state) =>
          `Mean: every point goes along; the term is the square of the arrow's length ${length(terms(state).w2.mean)}.`,
        covariance: (state) =>
          `Covariance: with q moved to p's mean (dashed), what is z standard deviations out goes z times ${length(terms(state).w2.covariance)}; the term is the mean of the squares.`,
      },
      rest: () =>
        "The lines join the deciles, with their lengths. W₂² is the mean of the squares, over all quantiles.",
    },
  ],
  python: ({ p, q }) => `from math import erf, exp, inf, pi, sqrt

from gausslib import (
    Gaussian, bhattacharyya_distance, hellinger_distance, kl_divergence, total_variation, w2_distance,
)

(p_mean, p_sd), (q_mean, q_sd) = (${p.join(", ")}), (${q.join(", ")})
p, q = Gaussian(p_mean, p_sd**2), Gaussian(q_mean, q_sd**2)
delta, sigma = abs(p_mean - q_mean), abs(p_sd - q_sd)
z = delta / sigma if sigma else inf
values = {
    "kl_pq": kl_divergence(p, q),
    "kl_qp": kl_divergence(q, p),
    "bhattacharyya": bhattacharyya_distance(p, q),
    "hellinger": hellinger_distance(p, q),
    "total_variation": total_variation(p, q),
    "w1": sigma * sqrt(2 / pi) * exp(-z * z / 2) + delta * erf(z / sqrt(2)),
    "w2": w2_distance(p, q),
}
print(values)
`,
};
