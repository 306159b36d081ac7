/**
 * `<gauss-pair>`: two Gaussians in the plane, to be moved by their means and semi-axes, and the distances between them.
 *
 * Fields: p, q; formula (which distance is taken apart); t (time on the geodesic); map (a₁₁, a₁₂, a₂₁, a₂₂, b₁, b₂: what
 * x ↦ Ax + b does to the whole plane); show. All distances are those of the images of p and q under the map.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../closed-forms/gauss2d.js").Gaussian2} Gaussian2
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import kl from "formula:eq-kl";
import bhattacharyya from "formula:eq-bhattacharyya";
import w2 from "formula:eq-w2";
import {
  arrows,
  dots,
  ellipse,
  gaussianEllipses,
  label,
  layers,
  letter,
  lines,
  path,
  text,
} from "../runtime/draw.js";
import { axisEnd, gaussian, gaussianHandles, inPython, reach, spokenPoint } from "../parts/ellipse.js";
import { choice, has, number, numbers, refuse, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import {
  affineImage,
  bhattacharyyaTerms,
  distances,
  fromAxes,
  geodesic,
  hellingerDistance,
  klTerms,
  squaredLength,
  toAxes,
  transportMap,
  w2Terms,
} from "../closed-forms/gauss2d.js";
import { standardNormals } from "../closed-forms/random.js";

const IDENTITY = [1, 0, 0, 1, 0, 0];
/** The smallest ratio of the singular values of the map's matrix: beyond it the images would be too thin to be told from lines. */
const SMALLEST_RATIO = 0.02;
const LARGEST = 1e3;

/** Whether the matrix may act: det A = s₁s₂ and |A|² = s₁² + s₂², so that this bounds s₂/s₁ from below. */
const mild = (/** @type {number[]} */ [a, b, c, d]) =>
  Math.abs(a * d - b * c) >=
    (SMALLEST_RATIO / (1 + SMALLEST_RATIO ** 2)) * (a * a + b * b + c * c + d * d) &&
  Math.hypot(a, b, c, d) > 1 / LARGEST;

const affineMap = numbers(
  "affine map",
  "six numbers a11, a12, a21, a22, b1, b2",
  IDENTITY,
  (name, values) =>
    mild(values) && Math.max(...values.map(Math.abs)) <= LARGEST
      ? values
      : refuse(
          name,
          `a matrix with singular values in a ratio of at least ${SMALLEST_RATIO}, and entries of at most ${LARGEST}`,
          values,
        ),
);

/** Whether there is a map at all. */
const maps = (/** @type {State} */ { map }) => `${map}` !== `${IDENTITY}`;

/** @returns {Point} */
const image = (/** @type {State} */ { map: [a, b, c, d, e, f] }, /** @type {Point} */ [x, y]) => [
  a * x + b * y + e,
  c * x + d * y + f,
];

/** @returns {Point} */
function source(/** @type {State} */ { map: [a, b, c, d, e, f] }, /** @type {Point} */ [x, y]) {
  const det = a * d - b * c;
  return [(d * (x - e) - b * (y - f)) / det, (a * (y - f) - c * (x - e)) / det];
}

/** The Gaussian that is seen: the image of the one in the state. */
function law(/** @type {State} */ state, /** @type {string} */ name) {
  const [a, b, c, d, e, f] = state.map;
  const own = fromAxes(state[name]);
  return maps(state)
    ? affineImage(
        own,
        [
          [a, b],
          [c, d],
        ],
        [e, f],
      )
    : own;
}

/** A function of p and q as they are seen, as one of the state. @template T */
const seen =
  (/** @type {(p: Gaussian2, q: Gaussian2) => T} */ of) => (/** @type {State} */ state) =>
    of(law(state, "p"), law(state, "q"));

/** Both of them. */
const laws = seen((p, q) => [p, q]);
const values = seen((p, q) => ({ ...distances(p, q), hellinger: hellingerDistance(p, q) }));

/** What stands still under the map; W₂ does so if it is a rigid motion, to the rounding of handles. */
const still = (/** @type {State} */ state) =>
  `KL and Bhattacharyya stand still${Math.abs(values(state).w2 / values({ ...state, map: IDENTITY }).w2 - 1) > 2e-4 ? "; W₂ moves" : ""}`;

const between = (/** @type {Point} */ from, /** @type {Point} */ to, /** @type {number} */ t) =>
  /** @type {Point} */ ([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]);

const NORMALS = standardNormals(1, 300);
const CLOUD = Array.from(
  { length: 150 },
  (_, index) => /** @type {Point} */ ([NORMALS[2 * index], NORMALS[2 * index + 1]]),
);
/** Points on rings about the mean, in standard deviations: where arrows start. */
const RINGS = [0, 0.8, 1.6].flatMap((radius, ring) =>
  Array.from({ length: ring ? 5 + 5 * ring : 1 }, (_, index) => {
    const angle = (2 * Math.PI * index) / (5 + 5 * ring);
    return /** @type {Point} */ ([radius * Math.cos(angle), radius * Math.sin(angle)]);
  }),
);

/** The points of p (or q) that are z standard deviations along its axes. */
function placed(
  /** @type {State} */ state,
  /** @type {"p" | "q"} */ name,
  /** @type {Point[]} */ list,
) {
  const [x, y, s1, s2, angle] = state[name];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return list.map(([u, v]) =>
    image(state, [x + s1 * u * cos - s2 * v * sin, y + s1 * u * sin + s2 * v * cos]),
  );
}

/** The mixture (1 − t)p + tq has this mean and covariance. @returns {Gaussian2} */
function mixtureMoments(
  /** @type {Gaussian2} */ p,
  /** @type {Gaussian2} */ q,
  /** @type {number} */ t,
) {
  const [dx, dy] = [q.mean[0] - p.mean[0], q.mean[1] - p.mean[1]];
  const spread = [dx * dx, dx * dy, dy * dy];
  const cov = p.cov.map(
    (value, index) => (1 - t) * value + t * q.cov[index] + t * (1 - t) * spread[index],
  );
  return { mean: between(p.mean, q.mean, t), cov: /** @type {[number, number, number]} */ (cov) };
}

/** From each point of p to where the optimal transport takes it. @returns {(x: Point) => [Point, Point]} */
function journey(/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) {
  const [[a, b], [c, d]] = transportMap(p, q);
  const [[px, py], [qx, qy]] = [p.mean, q.mean];
  return (from) => {
    const [x, y] = [from[0] - px, from[1] - py];
    return [from, [qx + a * x + b * y, qy + c * x + d * y]];
  };
}

/** At time t: the Gaussian on the geodesic with points that travel, and the mixture. */
function onTheWay(
  /** @type {State} */ state,
  /** @type {import("../runtime/plane.js").Plane} */ plane,
  /** @type {Gaussian2} */ p,
  /** @type {Gaussian2} */ q,
) {
  const travelling = geodesic(p, q, state.t);
  const points = placed(state, "p", CLOUD)
    .map(journey(p, q))
    .map(([from, to]) => between(from, to, state.t));
  return (
    ellipse(plane, toAxes(mixtureMoments(p, q, state.t)), "mixture") +
    ellipse(plane, toAxes(travelling), "moving") +
    path(dots(plane, points), "moving cloud") +
    text(plane, travelling.mean, "name moving", "pₜ", 0, -8)
  );
}

/** What the lit term is made of. */
function overlay(
  /** @type {State} */ state,
  /** @type {import("../runtime/figure.js").View} */ { plane, lit },
) {
  if (!lit) return "";
  const [p, q] = laws(state);
  const name = `overlay term-${lit.term}`;
  const thin = `${name} thin`;
  const carried = lit.formula === w2.key;
  const shift = path(
    arrows(plane, [carried ? [p.mean, q.mean] : [q.mean, p.mean]], 14),
    `${name} shaft`,
  );
  if (lit.term === "mean") {
    if (carried) return shift;
    const ruler = lit.formula === kl.key ? q : middle(p, q);
    return ellipse(plane, toAxes(ruler), thin, length(p.mean, ruler)) + shift;
  }
  if (lit.term === "trace") {
    const moved = toAxes({ ...p, mean: q.mean });
    return (
      ellipse(plane, moved, thin) +
      path(
        lines(plane, [
          [q.mean, axisEnd(moved, 0)],
          [q.mean, axisEnd(moved, 1)],
        ]),
        name,
      )
    );
  }
  if (lit.term === "covariance") {
    const centred = { ...q, mean: p.mean };
    return (
      ellipse(plane, toAxes(centred), thin) +
      path(arrows(plane, placed(state, "p", RINGS).map(journey(p, centred))), name)
    );
  }
  const areas =
    lit.formula === kl.key
      ? [p, q]
      : [p, q, { ...middle(p, q), mean: between(p.mean, q.mean, 0.5) }];
  return areas.map((g) => ellipse(plane, toAxes(g), `${name} area`)).join("");
}

/** The Gaussian at q's mean with the mean M of the covariances. @returns {Gaussian2} */
const middle = (/** @type {Gaussian2} */ p, /** @type {Gaussian2} */ q) => ({
  mean: q.mean,
  cov: /** @type {[number, number, number]} */ (
    p.cov.map((value, index) => (value + q.cov[index]) / 2)
  ),
});

/** The distance of a point from a Gaussian's mean, with its ellipse as the unit of length. */
const length = (/** @type {Point} */ [x, y], /** @type {Gaussian2} */ ruler) =>
  Math.sqrt(squaredLength([x - ruler.mean[0], y - ruler.mean[1]], ruler));

const area = (/** @type {Gaussian2} */ g) => {
  const [, , s1, s2] = toAxes(g);
  return s1 * s2;
};

/** @type {{[name: string]: string}} */
const LABELS = { kl: "KL(p‖q)", bhattacharyya: "Bhattacharyya", w2: "W₂²" };

/** When a distance is taken apart. */
const taken =
  (/** @type {string} */ name) =>
  (/** @type {State} */ { show, formula }) =>
    has(show, "terms") && formula === name;

/** A handle that moves a point of the map's frame. */
const frame = (
  /** @type {string} */ name,
  /** @type {string} */ look,
  /** @type {Point} */ point,
  /** @type {(map: number[], point: Point) => number[]} */ change,
) => ({
  name,
  look: `map ${look}`,
  position: (/** @type {State} */ state) => image(state, point),
  constrain(
    /** @type {State} */ state,
    /** @type {Point} */ [x, y],
    /** @type {import("../runtime/plane.js").Plane} */ plane,
  ) {
    const map = change(state.map, [plane.rounded(x), plane.rounded(y)]);
    return mild(map) ? { map } : {};
  },
  spoken: (/** @type {State} */ state) => spokenPoint(image(state, point)),
  when: shows("map"),
});

/** @type {Definition} */
export const gaussPair = {
  tag: "gauss-pair",
  label: "Two Gaussians p and q in the plane, as ellipses at one and two standard deviations",
  fields: {
    p: gaussian([-0.8, -0.3, 1.4, 0.6, 0.5]),
    q: gaussian([1, 0.4, 1, 0.8, 0]),
    formula: choice("distance", ["kl", "bhattacharyya", "w2"]),
    t: number("time", 0.5, 0, 1),
    map: affineMap,
    show: words(["terms", "hellinger", "density", "samples", "arrows", "geodesic", "map"]),
  },
  presets: {
    identical: { p: [0, 0, 1.2, 0.6, 0.4], q: [0, 0, 1.2, 0.6, 0.4] },
    rotated: { p: [0, 0, 1.6, 0.5, 0], q: [0, 0, 1.6, 0.5, 1.0472] },
    commuting: { p: [-0.8, -0.4, 1.5, 0.5, 0.5], q: [0.9, 0.5, 0.6, 1.1, 0.5] },
    thin: { p: [-0.5, 0, 1.5, 0.0015, 0.6], q: [0.5, 0.2, 1.4, 0.0014, -0.5] },
    far: { p: [-3, -1.5, 0.5, 0.25, 0.3], q: [3, 1.5, 0.6, 0.3, -0.8] },
    "nearly degenerate": { p: [-0.5, 0.2, 1.4, 0.8, 0.3], q: [0.6, -0.2, 1.4, 0.0014, 0.3] },
  },
  values,
  readout: [
    { key: "kl_pq", label: "KL(p‖q)", unit: "nats" },
    { key: "kl_qp", label: "KL(q‖p)", unit: "nats" },
    { key: "bhattacharyya", label: "Bhattacharyya", unit: "nats" },
    { key: "hellinger", label: "Hellinger", unit: "0 to 1", when: shows("hellinger") },
    { key: "w2", label: "W₂", unit: "length" },
  ],
  // the handles of the map are in the image of the unit circle
  reach: (state) =>
    Math.max(
      ...["p", "q", has(state.show, "map") ? "circle" : "q"].map((name) =>
        reach(toAxes(law({ ...state, circle: [0, 0, 1, 1, 0] }, name))),
      ),
    ),
  scene(state, view) {
    const { plane } = view;
    const [p, q] = laws(state);
    const both = /** @type {const} */ ([
      ["p", p],
      ["q", q],
    ]);
    const on = (/** @type {string} */ word, /** @type {() => (string | string[])[]} */ drawn) =>
      has(state.show, word) ? drawn().flat() : [];
    const at = (/** @type {number} */ x, /** @type {number} */ y) => image(state, [x, y]);
    return [
      ...on("map", () => [
        path(
          lines(
            plane,
            [-4, -3, -2, -1, 0, 1, 2, 3, 4].flatMap((k) => [
              [at(k, -4), at(k, 4)],
              [at(-4, k), at(4, k)],
            ]),
          ),
          "mesh",
        ),
        path(
          arrows(
            plane,
            [
              [at(0, 0), at(1, 0)],
              [at(0, 0), at(0, 1)],
            ],
            9,
          ),
          "map basis",
        ),
      ]),
      ...both.flatMap(([name, g]) => [
        ...on("density", () => [layers(plane, toAxes(g), name)]),
        gaussianEllipses(
          plane,
          toAxes(g),
          name,
          path(
            lines(
              plane,
              [0, 1].map((index) => [g.mean, image(state, axisEnd(state[name], index))]),
            ),
            "axes",
          ),
        ),
      ]),
      ...on("samples", () =>
        both.map(([name]) => path(dots(plane, placed(state, name, CLOUD)), `${name} cloud`)),
      ),
      ...on("geodesic", () => [onTheWay(state, plane, p, q)]),
      ...on("arrows", () => [
        path(arrows(plane, placed(state, "p", RINGS).map(journey(p, q))), "transport"),
      ]),
      overlay(state, view),
      ...both.map(([name, g]) => letter(plane, g.mean, name)),
      ...on("map", () => [
        maps(state) ? label(plane.width - 10, 20, still(state), "say", "end") : "",
      ]),
    ].join("");
  },
  handles: [
    ...["p", "q"].flatMap((name) => gaussianHandles(name, image, source)),
    frame("origin of the map", "centre", [0, 0], ([a, b, c, d], [x, y]) => [a, b, c, d, x, y]),
    frame("first basis vector of the map", "end", [1, 0], ([, b, , d, e, f], [x, y]) => [
      x - e,
      b,
      y - f,
      d,
      e,
      f,
    ]),
    frame("second basis vector of the map", "end", [0, 1], ([a, , c, , e, f], [x, y]) => [
      a,
      x - e,
      c,
      y - f,
      e,
      f,
    ]),
  ],
  controls: [
    {
      field: "t",
      label: "Time t on the geodesic",
      min: 0,
      max: 1,
      step: 0.01,
      shown: ({ t }) => t.toFixed(2),
      when: shows("geodesic"),
    },
    { field: "formula", label: "Take apart", options: LABELS, when: shows("terms") },
  ],
  play: {
    label: "Play",
    seconds: 4,
    fraction: ({ t }) => t,
    at: (t) => ({ t }),
    when: shows("geodesic"),
  },
  formulas: [
    {
      formula: kl,
      when: taken("kl"),
      terms: seen((p, q) => {
        const terms = klTerms(p, q);
        return Math.abs(terms.logdet) < 2e-15 ? { ...terms, logdet: 0 } : terms; // what the rounding of sines leaves of 0
      }),
      whole: (state) => values(state).kl_pq,
      captions: {
        mean: seen(
          (p, q) =>
            `Mean: the dashed ellipse is q's, scaled by ${formatted(length(p.mean, q))} to meet the other mean; the term is half the square of that.`,
        ),
        trace: seen((p, q) => {
          const [a, b] = [0, 1].map((index) =>
            formatted(length(axisEnd(toAxes({ ...p, mean: q.mean }), index), q)),
          );
          return `Trace: laid on q's ellipse and measured with it, p's semi-axes are a = ${a} and b = ${b} long; the term is ½(a² + b²) − 1.`;
        }),
        logdet: seen(
          (p, q) =>
            `Log-det: q's ellipse has ${formatted(area(q) / area(p))} times the area of p's; the term is the logarithm of that ratio.`,
        ),
      },
    },
    {
      formula: bhattacharyya,
      when: taken("bhattacharyya"),
      terms: seen(bhattacharyyaTerms),
      whole: (state) => values(state).bhattacharyya,
      captions: {
        mean: seen(
          (p, q) =>
            `Mean: the dashed ellipse is that of the mean covariance M, scaled by ${formatted(length(p.mean, middle(p, q)))} to meet the other mean; the term is an eighth of the square of that.`,
        ),
        logdet: seen(
          (p, q) =>
            `Log-det: the ellipse of M in the middle has ${formatted(area(middle(p, q)) / Math.sqrt(area(p) * area(q)))} times the geometric mean of the two areas; the term is the logarithm of that ratio.`,
        ),
      },
    },
    {
      formula: w2,
      when: taken("w2"),
      terms: seen(w2Terms),
      whole: (state) => values(state).w2 ** 2,
      captions: {
        mean: seen(
          (p, q) =>
            `Mean: every point goes along; the term is the square of the arrow's length ${formatted(Math.sqrt(w2Terms(p, q).mean))}.`,
        ),
        covariance: () =>
          "Covariance: laid on p, q's ellipse is dashed; the arrows take the points of p into it; the term is the mean of the squares.",
      },
    },
  ],
  python(state) {
    const [a, b, c, d, e, f] = state.map;
    const map = maps(state) ? `.affine([[${a}, ${b}], [${c}, ${d}]], [${e}, ${f}])` : "";
    return `from gausslib import (
    Gaussian, bhattacharyya_distance, hellinger_distance, kl_divergence, w2_distance,
)

# mean, standard deviations along the two axes, angle
p = ${inPython(state.p)}${map}
q = ${inPython(state.q)}${map}
values = {
    "kl_pq": kl_divergence(p, q),
    "kl_qp": kl_divergence(q, p),
    "bhattacharyya": bhattacharyya_distance(p, q),
    "hellinger": hellinger_distance(p, q),
    "w2": w2_distance(p, q),
}
print(values)
`;
  },
};
