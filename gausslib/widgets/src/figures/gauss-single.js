/**
 * `<gauss-single>`: one Gaussian in the plane, to be moved by its mean and semi-axes, its covariance, and its marginal and
 * conditional laws.
 *
 * Fields: p; x0 (where y is conditioned on x); at (the point whose log-density is taken apart); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian1} Gaussian1
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian2} Gaussian2
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import conditionalCovariance from "formula:eq-conditional-covariance";
import conditionalMean from "formula:eq-conditional-mean";
import logDensityFormula from "formula:eq-log-density";
import {
  arrows,
  dots,
  ellipse,
  gaussianEllipses,
  label,
  layers,
  letter,
  lines,
  matrix,
  outline,
  path,
  text,
} from "../runtime/draw.js";
import { axisEnd, gaussian, gaussianHandles, inPython, reach, spokenPoint } from "../parts/ellipse.js";
import { samplePoints } from "../closed-forms/estimators.js";
import { has, number, numbers, refuse, shows, words } from "../runtime/fields.js";
import { REST } from "../runtime/figure.js";
import { formatted } from "../runtime/format.js";
import { conditional, fromAxes, logDensity, logDensityTerms, marginal } from "../closed-forms/gauss2d.js";
import { HALF_HEIGHT, HALF_WIDTH } from "../runtime/plane.js";

const LARGEST = 1e6;
/** Where the handle of x0 is, as a part of the way to the upper edge. */
const HANDLE_HEIGHT = 0.88;

/** The law of y, given x = x0. */
const given = (/** @type {State} */ { p, x0 }) => conditional(fromAxes(p), x0);

/** How much the conditional mean of y rises along one standard deviation of x. */
const rise = (/** @type {State} */ { p }) => {
  const {
    cov: [a, b],
  } = fromAxes(p);
  return b / Math.sqrt(a);
};

/** How far the point is from the mean, in standard deviations. */
const distance = (/** @type {State} */ { p, at }) =>
  Math.sqrt(-2 * logDensityTerms(fromAxes(p), at).square);

/** The bell of a law, its area the same for all up to a bound of its height; `place` puts a height over a value. */
function bell(
  /** @type {Plane} */ plane,
  /** @type {Gaussian1} */ { mean, sd },
  /** @type {(value: number, height: number) => Point} */ place,
) {
  const peak = plane.scale * Math.min((0.6 * plane.scale) / sd, 1.4);
  return outline(
    plane,
    Array.from({ length: 57 }, (_, index) => {
      const z = index / 8 - 3.5;
      return place(mean + z * sd, peak * Math.exp((-z * z) / 2));
    }),
  );
}

/** The bell of y on the left edge. */
const bellOfY = (/** @type {Plane} */ plane, /** @type {Gaussian2} */ p) =>
  bell(plane, marginal(p, 1), (y, height) => [height - HALF_WIDTH * plane.scale, y]);

/** Words so far to the right of a point (times the room for them) and below it, but inside the window. */
function note(
  /** @type {Plane} */ plane,
  /** @type {Point} */ beside,
  /** @type {string} */ said,
  right = 0,
  below = 4,
) {
  const [u, v] = plane.toPixels(beside);
  const half = 3.5 * said.length;
  const inside = (
    /** @type {number} */ value,
    /** @type {number} */ size,
    /** @type {number} */ room,
  ) => Math.min(Math.max(value, room), size - room);
  return label(
    inside(u + right * (half + 14), plane.width, half),
    inside(v + below, plane.height, 18),
    said,
    "say gauss-number",
    "middle",
  );
}

/** The law of y given x: the line of its means, and its bell at x0 with its numbers. */
function conditionalLaw(/** @type {State} */ state, /** @type {Plane} */ plane) {
  const { x0 } = state;
  const [right, top] = [HALF_WIDTH * plane.scale, HALF_HEIGHT * plane.scale];
  const law = given(state);
  const side = x0 > 0.6 * right ? -1 : 1; // the bell stays in the window
  const means = [-right, right].map(
    (x) => /** @type {Point} */ ([x, given({ ...state, x0: x }).mean]),
  );
  return (
    path(
      lines(plane, [
        means,
        [
          [x0, -top],
          [x0, top],
        ],
      ]),
      "given basis",
    ) +
    path(
      bell(plane, law, (y, height) => [x0 + side * height, y]),
      "given one",
    ) +
    note(
      plane,
      [x0, HANDLE_HEIGHT * top],
      `mean ${formatted(law.mean)}, sd ${formatted(law.sd)}`,
      x0 > 0 ? -1 : 1,
    )
  );
}

/** What the lit term is made of. */
function overlay(
  /** @type {State} */ state,
  /** @type {import("../runtime/figure.js").View} */ { plane, lit },
) {
  if (!lit) return "";
  const { p: axes, x0, at } = state;
  const p = fromAxes(axes);
  const [x, y] = p.mean;
  const name = `overlay term-${lit.term}`;
  const [thin, area] = [`${name} thin`, `${name} area`];
  const arrow = (/** @type {Point} */ from, /** @type {Point} */ to) =>
    path(arrows(plane, [[from, to]], 14), `${name} shaft`);
  const level = (/** @type {number} */ to, look = thin) =>
    path(
      lines(plane, [
        [
          [x, y],
          [to, y],
        ],
      ]),
      look,
    );
  const circle = ellipse(plane, [x, y, 1, 1, 0], thin);
  const beyond = x + marginal(p, 0).sd;
  switch (lit.term) {
    case "square":
      return ellipse(plane, axes, thin, distance(state)) + arrow([x, y], at);
    case "logdet":
      return ellipse(plane, axes, area) + circle;
    case "constant":
      return circle;
  }
  if (lit.formula === conditionalMean.key) {
    if (lit.term === "marginal") return level(x0, name);
    const aside = x0 - 12 / plane.unit; // the line at x0 has the same colour
    return level(x0) + arrow([aside, y], [aside, given(state).mean]);
  }
  return lit.term === "marginal"
    ? path(bellOfY(plane, p), area)
    : level(beyond) + arrow([beyond, y], [beyond, y + rise(state)]);
}

/** @type {import("../runtime/figure.js").Definition} */
export const gaussSingle = {
  tag: "gauss-single",
  label: "A Gaussian p in the plane, as ellipses at one and two standard deviations",
  fields: {
    p: gaussian([0.2, -0.1, 1.6, 0.8, 0.5]),
    x0: number("abscissa", 2, -LARGEST, LARGEST),
    at: numbers("point", "two numbers x, y", [1.4, 1.2], (name, values) =>
      values.every((value) => Math.abs(value) <= LARGEST)
        ? values
        : refuse(name, `numbers of at most ${LARGEST} in size`, values),
    ),
    show: words([
      "matrix",
      "eigenvectors",
      "marginals",
      "conditional",
      "samples",
      "density",
      "terms",
    ]),
  },
  presets: {
    standard: { p: [0, 0, 1, 1, 0] },
    uncorrelated: { p: [0, 0, 1.6, 0.7, 0] },
    "correlation 0.8": { p: [0, 0, 1.34164, 0.44721, 0.7854] },
    "correlation −0.8": { p: [0, 0, 1.34164, 0.44721, -0.7854] },
    "nearly a line": { p: [0, 0, 1.8, 0.0018, 0.5] },
    "regression to the mean": {
      p: [0, 0, 1.22474, 0.70711, 0.7854],
      show: "marginals conditional",
    },
  },
  values(state) {
    const p = fromAxes(state.p);
    const [s11, s12, s22] = p.cov;
    const { mean, sd } = given(state);
    return {
      s11,
      s12,
      s22,
      correlation: s12 / Math.sqrt(s11 * s22),
      entropy: 1 - logDensity(p, p.mean),
      conditional_mean: mean,
      conditional_sd: sd,
      log_density: logDensity(p, state.at),
    };
  },
  readout: [
    { key: "s11", label: "Σ₁₁", unit: "variance of x" },
    { key: "s12", label: "Σ₁₂", unit: "covariance" },
    { key: "s22", label: "Σ₂₂", unit: "variance of y" },
    { key: "correlation", label: "Correlation", unit: "−1 to 1" },
    { key: "entropy", label: "Entropy", unit: "nats" },
  ],
  reach: ({ p, x0, at: [x, y], show }) =>
    Math.max(
      reach(p),
      has(show, "conditional") ? reach([x0, 0, 0, 0, 0]) : 0,
      has(show, "terms") ? reach([x, y, 0, 0, 0]) : 0,
    ),
  scene(state, view) {
    const { plane } = view;
    const { p: axes, at, show } = state;
    const p = fromAxes(axes);
    const {
      mean,
      cov: [s11, s12, s22],
    } = p;
    const on = (/** @type {string} */ word, /** @type {() => string} */ drawn, otherwise = "") =>
      has(show, word) ? drawn() : otherwise;
    const ends = [axisEnd(axes, 0), axisEnd(axes, 1)];
    const spokes = /** @type {[Point, Point][]} */ (ends.map((end) => [mean, end]));
    return [
      on("density", () => layers(plane, axes, "p")),
      on("samples", () => path(dots(plane, samplePoints(p, 1, 300)), "p cloud")),
      on("marginals", () =>
        path(
          bell(plane, marginal(p, 0), (value, height) => [
            value,
            height - HALF_HEIGHT * plane.scale,
          ]) + bellOfY(plane, p),
          "p one",
        ),
      ),
      gaussianEllipses(plane, axes, "p"),
      on("conditional", () => conditionalLaw(state, plane)),
      on(
        "eigenvectors",
        () => path(arrows(plane, spokes, 14), "p basis"),
        path(lines(plane, spokes), "p axes"),
      ),
      overlay(state, view),
      on("eigenvectors", () =>
        ends
          .map((end, index) => {
            const angle = axes[4] + (index * Math.PI) / 2;
            return note(
              plane,
              end,
              `√λ${"₁₂"[index]} = ${formatted(axes[2 + index])}`,
              Math.cos(angle),
              4 - 24 * Math.sin(angle),
            );
          })
          .join(""),
      ),
      on("terms", () => text(plane, at, "name at", "x", 16, -6)),
      letter(plane, mean, "p"),
      note(
        plane,
        [mean[0], mean[1] + 2 * given(state).sd],
        `μ = (${mean.map(formatted).join(", ")})`,
        -Math.sign(s12),
        -8,
      ),
      on("matrix", () =>
        matrix(
          "Σ",
          [
            [s11, s12],
            [s12, s22],
          ].map((row) => row.map(formatted)),
          plane.width - 142,
          plane.height - 62,
        ),
      ),
    ].join("");
  },
  handles: [
    ...gaussianHandles("p"),
    {
      name: "x of the line",
      look: "given centre",
      position: ({ x0 }, plane) => [x0, HANDLE_HEIGHT * HALF_HEIGHT * plane.scale],
      constrain: (_, [x], plane) => ({ x0: plane.rounded(x) }),
      spoken(state) {
        const { mean, sd } = given(state);
        return {
          text: `x ${formatted(state.x0)}: y has mean ${formatted(mean)}, standard deviation ${formatted(sd)}`,
          now: state.x0,
        };
      },
      when: shows("conditional"),
    },
    {
      name: "point of the log-density",
      look: "at centre",
      position: ({ at }) => at,
      constrain: (_, to, plane) => ({ at: to.map((value) => plane.rounded(value)) }),
      spoken: ({ at }) => spokenPoint(at),
      when: shows("terms"),
    },
  ],
  formulas: [
    {
      formula: conditionalMean,
      when: shows("conditional"),
      terms: (state) => ({ marginal: state.p[1], regression: given(state).mean - state.p[1] }),
      whole: (state) => given(state).mean,
      rest: () => `Here J is x and K is y. ${REST}`,
      captions: {
        marginal: ({ p }) =>
          `Marginal: while x is not known, y has the mean ${formatted(p[1])} (the thick line).`,
        regression: (state) =>
          `Regression: x is ${formatted(state.x0 - state.p[0])} from its mean, the line of conditional means rises by ${formatted(rise(state) / marginal(fromAxes(state.p), 0).sd)} per unit; the term is the product.`,
      },
    },
    {
      formula: conditionalCovariance,
      when: shows("conditional"),
      terms: (state) => ({ marginal: fromAxes(state.p).cov[2], regression: rise(state) ** 2 }),
      whole: (state) => given(state).sd ** 2,
      captions: {
        marginal: ({ p }) =>
          `Marginal: while x is not known, y has the standard deviation ${formatted(marginal(fromAxes(p), 1).sd)} (the bell on the left).`,
        regression: (state) =>
          `Regression: along one standard deviation of x the line of conditional means rises by ${formatted(rise(state))}; the square is the variance of y that x explains.`,
      },
    },
    {
      formula: logDensityFormula,
      when: shows("terms"),
      terms({ p, at }) {
        const { square, logdet, constant } = logDensityTerms(fromAxes(p), at);
        return { square: -square, logdet: -logdet, constant: -constant }; // the signs stand in the formula
      },
      whole: ({ p, at }) => logDensity(fromAxes(p), at),
      captions: {
        square: (state) =>
          `Square: p's ellipse, scaled by ${formatted(distance(state))}, meets x (dashed); the term is half the square of that.`,
        logdet: ({ p }) =>
          `Log-det: p's ellipse has ${formatted(p[2] * p[3])} times the area of the dashed unit circle; the term is the logarithm of that ratio.`,
        constant: () =>
          "Constant: log 2π, whatever p is. The dashed unit circle's Gaussian has density 1/(2π) at its mean.",
      },
    },
  ],
  python: ({ p, x0, at }) => `import numpy as np

from gausslib import Gaussian

# mean, standard deviations along the two axes, angle
p = ${inPython(p)}
given = p.condition(0, ${x0})  # the law of y, given x
(s11, s12), (_, s22) = p.cov
values = {
    "s11": s11,
    "s12": s12,
    "s22": s22,
    "correlation": s12 / np.sqrt(s11 * s22),
    "entropy": p.entropy(),
    "conditional_mean": given.mean[0],
    "conditional_sd": np.sqrt(given.cov[0, 0]),
    "log_density": p.logpdf([${at.join(", ")}]),
}
print(values)
`,
};
