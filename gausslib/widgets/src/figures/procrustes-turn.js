/**
 * `<procrustes-turn>`: W₂ as the best fit of two factors. X and Y are factors of the covariances of p and q, Q is turned by hand,
 * and the cost ‖X − YQ‖² is seen to come down to the part of W₂² that the shapes make. Both ellipses are laid on one centre.
 *
 * Fields: p, q; factors; rank (1: the second semi-axes are taken as zero); angle and branch (of Q); show.
 *
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("../runtime/figure.js").View} View
 * @typedef {import("../closed-forms/gauss2d.js").Axes} Axes
 * @typedef {import("../runtime/plane.js").Plane} Plane
 * @typedef {import("../runtime/plane.js").Point} Point
 */
import eqW2 from "formula:eq-w2-procrustes";
import eqKabsch from "formula:eq-kabsch";
import { arrows, dots, ellipse, label, lines, outline, path, text } from "../runtime/draw.js";
import { axisEnd, degrees, gaussian, gaussianHandles, reach } from "../parts/ellipse.js";
import { choice, has, number, shows, words } from "../runtime/fields.js";
import { formatted } from "../runtime/format.js";
import { fromAxes } from "../closed-forms/gauss2d.js";
import { apply, bestTurn, symmetricRoot, turn, turnCost } from "../closed-forms/orthogonal.js";

const { PI } = Math;
const NAMES = /** @type {const} */ (["p", "q"]);
/** Of the chart, in pixels. */
const [WIDTH, HEIGHT] = [640, 250];
const ANGLES = Array.from({ length: 97 }, (_, index) => (index / 48 - 1) * PI);
/** Of the dial, and where it is: in a corner of the smallest window. */
const RADIUS = 0.62;
const dial = (/** @type {Plane} */ { scale }, x = 0, y = 0) =>
  /** @type {Point} */ ([(RADIUS * x - 3.1) * scale, (RADIUS * y + 1.85) * scale]);

const scaled = (/** @type {number[][]} */ matrix, /** @type {number} */ by) =>
  matrix.map((row) => row.map((entry) => by * entry));

/** What follows from the state. */
function study(/** @type {State} */ { branch, factors, rank, angle, ...state }) {
  // the ellipses that count: in the middle and, at rank one, lines
  const axes = NAMES.map(
    (name) =>
      /** @type {Axes} */ ([
        0,
        0,
        state[name][2],
        rank === "1" ? 0 : state[name][3],
        state[name][4],
      ]),
  );
  // X with XXᵀ = Σp and Y with YYᵀ = Σq
  const [x, root] = axes.map((law) => {
    const { cov } = fromAxes(law);
    const [a, b] = cov;
    return factors === "cholesky"
      ? scaled(
          [
            [a, 0],
            [b, law[2] * law[3]],
          ],
          1 / Math.sqrt(a),
        )
      : symmetricRoot(cov);
  });
  const odd = factors === "mirrored";
  const mirrored = branch === "reflection";
  const y = odd ? root.map(([u, v]) => [u, -v]) : root;
  // Brought to one size, by a power of two: a far larger Y would lose digits of X.
  const size = 2 ** Math.round(Math.log2(Math.hypot(...x.flat()) / Math.hypot(...y.flat())));
  const like = scaled(y, size);
  const best = (by = mirrored) => bestTurn(x, like, by);
  const cost = (at = angle, by = mirrored) => turnCost(x, y, at, by);
  /** The ends of the columns of X, each with that of YQ. */
  const ends = (at = angle, by = mirrored) => {
    const turned = turn(at, by);
    return [0, 1].map(
      (i) =>
        /** @type {[Point, Point]} */ ([
          [x[0][i], x[1][i]],
          apply(y, [turned[0][i], turned[1][i]]),
        ]),
    );
  };
  // How far the cost swings over a branch: by four times the sum of the singular values of YᵀX or, over the worse branch,
  // their difference. The worse branch stays 4σ₂ above the other.
  const swing = (by = mirrored) =>
    Math.abs(turnCost(x, like, best(by) + PI, by) - turnCost(x, like, best(by), by)) / size;
  const det = axes[0][2] * axes[0][3] * axes[1][2] * axes[1][3];
  const excess = det && (32 * det) / (swing(true) + swing(false));
  return {
    axes,
    odd,
    mirrored,
    best,
    cost,
    ends,
    excess,
    floor: cost(best(odd), odd),
    // no difference of costs: it would lose its digits near the best angle
    gap: swing() * Math.sin((angle - best()) / 2) ** 2 + (mirrored === odd ? 0 : excess),
  };
}

/** @returns {{[name: string]: number}} */
function values(/** @type {State} */ state) {
  const { odd, cost, floor, gap, excess } = study(state);
  return { cost: cost(), w2_shape: floor, gap, kabsch: floor + (odd ? excess : 0) };
}

const shift = (/** @type {State} */ { p, q }) => /** @type {Point} */ ([p[0] - q[0], p[1] - q[1]]);
const meanTerm = (/** @type {State} */ state) =>
  shift(state).reduce((sum, entry) => sum + entry * entry, 0);

/** The squares on the lines between the ends: their areas add up to the cost. */
const squares = (
  /** @type {Plane} */ plane,
  /** @type {[Point, Point][]} */ ends,
  /** @type {string} */ look,
) =>
  path(
    ends
      .map(([[a, b], [c, d]]) => {
        const side = a * d > b * c ? 1 : -1; // away from the centre
        const [u, v] = [side * (d - b), side * (a - c)];
        return outline(plane, [
          [a, b],
          [c, d],
          [c + u, d + v],
          [a + u, b + v],
        ]);
      })
      .join(""),
    look,
  );

const fromCentre = (
  /** @type {Plane} */ plane,
  /** @type {Point[]} */ ends,
  /** @type {string} */ look,
) =>
  path(
    arrows(
      plane,
      ends.map((end) => [[0, 0], end]),
      9,
    ),
    look,
  );

/** The ends where Q fits best, of all or of the rotations. */
function fitted(/** @type {State} */ state, /** @type {boolean} */ rotation) {
  const { odd, best, ends } = study(state);
  const by = odd && !rotation;
  return ends(best(by), by);
}

function overlay(/** @type {State} */ state, /** @type {View} */ { plane, lit }) {
  if (!lit) return "";
  const look = `overlay term-${lit.term}`;
  if (lit.term === "mean") return fromCentre(plane, [shift(state)], `${look} shaft`);
  const pairs = fitted(state, lit.term === "mirror");
  return (
    squares(plane, pairs, `${look} area`) +
    fromCentre(
      plane,
      pairs.map((pair) => pair[1]),
      `${look} thin shaft`,
    )
  );
}

/** A letter just beyond the end of an arrow that has a length, and a little aside: so two can be read where ends meet. */
function letter(
  /** @type {Plane} */ plane,
  /** @type {Point} */ end,
  /** @type {string} */ name,
  word = name,
  aside = -0.7,
) {
  const angle = Math.atan2(end[1], end[0]) + aside;
  return Math.hypot(...end) < 1e-6
    ? ""
    : text(plane, end, `name ${name}`, word, 18 * Math.cos(angle), 6 - 18 * Math.sin(angle));
}

/** To a ten-thousandth, from −π to π. */
const rounded = (/** @type {number} */ angle) =>
  Math.min(Math.max(Math.round(angle * 1e4) / 1e4, -PI), PI);

/** Cost against angle for both branches. */
function chart(/** @type {State} */ state, /** @type {View} */ { plane: { width } }) {
  const { angle } = state;
  const { mirrored, odd, cost, floor, excess } = study(state);
  const grain = WIDTH / width; // letters keep their size, however wide the panel is shown
  const bottom = HEIGHT / grain - 24;
  const curves = [false, true].map((by) =>
    ANGLES.map((at) => /** @type {Point} */ ([at, cost(at, by)])),
  );
  const highest = Math.max(...curves.flat().map((point) => point[1]));
  const places = {
    toPixels: (/** @type {Point} */ [at, height]) =>
      /** @type {Point} */ ([
        ((at / PI + 1) * width) / 2,
        bottom - (height / highest) * (bottom - 42),
      ]),
  };
  const line = (/** @type {Point[]} */ points, /** @type {string} */ look) =>
    path(lines(places, [points]), look);
  const level = (
    /** @type {number} */ from,
    /** @type {number} */ height,
    /** @type {string} */ term,
    /** @type {string} */ word,
  ) =>
    line(
      [
        [-PI, height],
        [PI, height],
      ],
      `level term-${term}`,
    ) +
    text(
      places,
      [from, height],
      `say term-${term}`,
      `${word}: ${formatted(height)}`,
      8,
      height > highest / 2 ? 16 : -5,
    );
  return `<g transform="scale(${grain})">${path(
    lines(places, [
      [
        [-PI, 0],
        [PI, 0],
      ],
      [
        [0, 0],
        [0, highest],
      ],
    ]),
    "origin",
  )}<g class="ticks">${[-PI / 2, 0, PI / 2]
    .map((at) => text(places, [at, 0], "length", degrees(at), 0, 17))
    .join("")}</g>${[+mirrored, +!mirrored]
    .map((branch, other) => {
      // dashes lie on top: where the curves are one, both are seen
      const look = other ? "mixture" : "bell map";
      return (
        line(curves[branch], look) +
        path(`M${10 + 165 * branch} 14h24`, look) +
        label(40 + 165 * branch, 18, `cost of ${["rotations", "reflections"][branch]}`)
      );
    })
    .join("")}${odd && excess ? level(0, floor + excess, "mirror", "best rotation") : ""}${level(
    -PI,
    floor,
    "covariance",
    excess ? "least" : "least of both",
  )}${line(
    [
      [angle, cost()],
      [angle, floor],
    ],
    "drop",
  )}${path(dots(places, [[angle, cost()]]), "head map")}</g>`;
}

const areas = (/** @type {State} */ state, rotation = false) =>
  fitted(state, rotation)
    .map(([[a, b], [c, d]]) => formatted((a - c) ** 2 + (b - d) ** 2))
    .join(" and ");

/** @type {import("../runtime/figure.js").Definition} */
export const procrustesTurn = {
  tag: "procrustes-turn",
  label: "Two ellipses p and q about one centre, with the columns of X and YQ as arrows",
  fields: {
    p: gaussian([0, 0, 2.2, 0.9, 0.4]),
    q: gaussian([0, 0, 0.9, 1.7, 0.1]),
    factors: choice("factors", ["root", "cholesky", "mirrored"]),
    rank: choice("rank", ["2", "1"]),
    angle: number("angle", 1.2, -PI, PI),
    branch: choice("branch", ["rotation", "reflection"]),
    show: words(["terms", "squares"]),
  },
  presets: {
    "Cholesky factors": { factors: "cholesky" },
    "mirrored factors": { factors: "mirrored", angle: -1.2 },
    "one shape": { q: [0, 0, 2.2, 0.9, 0.4], angle: 2 },
    "two lines": { q: [0, 0, 1.8, 1, 1], factors: "cholesky", rank: "1", angle: 2.2 },
    "lines at a right angle": { p: [0, 0, 2.4, 1, 0], q: [0, 0, 1.8, 1, PI / 2], rank: "1" },
  },
  values,
  readout: [
    { key: "cost", label: "‖X − YQ‖²", unit: "length²" },
    { key: "w2_shape", label: "Least", unit: "W₂², shape" },
    { key: "gap", label: "Above least", unit: "length²" },
    {
      key: "kabsch",
      label: "By rotation",
      unit: "length²",
      when: ({ factors }) => factors === "mirrored",
    },
  ],
  reach: (state) => Math.max(...study(state).axes.map(reach)) * (state.show ? 2 : 1),
  scene(state, view) {
    const { plane } = view;
    const { angle, show } = state;
    const { axes, mirrored, ends } = study(state);
    const pairs = ends();
    const [[c, d], [s, e]] = turn(angle, mirrored);
    const delta = meanTerm(state);
    return [
      ...axes.map((law, side) => {
        const [u, v] = axisEnd(law, law[3] && side);
        const name = NAMES[side];
        return `<g class="${name}">${
          law[3]
            ? ellipse(plane, law, "one")
            : path(
                lines(plane, [
                  [
                    [-u, -v],
                    [u, v],
                  ],
                ]),
                "one",
              )
        }</g>${letter(plane, [-u, -v], name)}`;
      }),
      has(show, "squares") ? squares(plane, pairs, "area-of-cost") : "",
      path(lines(plane, pairs), "joint"),
      ...NAMES.map((name, side) =>
        fromCentre(
          plane,
          pairs.map((pair) => pair[side]),
          `${name} basis`,
        ),
      ),
      overlay(state, view),
      ...NAMES.flatMap((name, side) =>
        pairs.map((pair, index) =>
          letter(plane, pair[side], name, "xy"[side] + "₁₂"[index], 1.4 * side - 0.7),
        ),
      ),
      ellipse(plane, [...dial(plane), RADIUS * plane.scale, RADIUS * plane.scale, 0], "dial"),
      path(
        arrows(plane, [
          [dial(plane), dial(plane, c, s)],
          [dial(plane), dial(plane, d, e)],
        ]),
        "map basis",
      ),
      text(plane, dial(plane, -1, -1), "name map", "Q"),
      delta
        ? label(
            plane.width - 10,
            20,
            `on one centre, ‖δ‖² = ${formatted(delta)} apart`,
            "say",
            "end",
          )
        : "",
    ].join("");
  },
  handles: [
    ...NAMES.flatMap((name) => {
      const moved =
        (/** @type {number} */ sign) =>
        (/** @type {State} */ state, /** @type {Point} */ [u, v]) =>
          /** @type {Point} */ ([u + sign * state[name][0], v + sign * state[name][1]]);
      const [, first, second] = gaussianHandles(name, moved(-1), moved(1));
      return [first, { ...second, when: (/** @type {State} */ { rank }) => rank === "2" }];
    }),
    {
      name: "angle of Q",
      look: "map centre",
      position: ({ angle }, plane) => dial(plane, Math.cos(angle), Math.sin(angle)),
      constrain(_, [x, y], plane) {
        const [u, v] = dial(plane);
        return { angle: rounded(Math.atan2(y - v, x - u)) };
      },
      spoken: ({ angle, branch }) => ({
        text: `${degrees(angle)}, ${branch}`,
        now: angle,
        min: -PI,
        max: PI,
      }),
    },
  ],
  panels: [
    {
      label: "The cost against the angle of Q, for rotations and reflections",
      width: WIDTH,
      height: HEIGHT,
      draw: chart,
    },
  ],
  controls: [
    {
      field: "angle",
      label: "Angle of Q",
      min: -PI,
      max: PI,
      shown: ({ angle }) => degrees(angle),
    },
    { field: "branch", label: "Q is a" },
    {
      field: "factors",
      label: "Factors",
      options: {
        root: "symmetric roots",
        cholesky: "Cholesky factors",
        mirrored: "roots, 2nd column of Y reversed",
      },
    },
    {
      field: "rank",
      label: "Rank",
      options: { 2: "two: ellipses", 1: "one: first semi-axes only" },
    },
  ],
  play: {
    label: "Turn to the best",
    seconds: 6,
    fraction(state) {
      const turns = (state.angle - study(state).best()) / (2 * PI);
      return 1 + turns - Math.ceil(turns);
    },
    at(fraction, state) {
      const end = study(state).best();
      const angle = end + 2 * PI * (fraction - 1);
      return { angle: fraction === 1 ? end : rounded(angle < -PI ? angle + 2 * PI : angle) };
    },
  },
  formulas: [
    {
      formula: eqW2,
      when: shows("terms"),
      terms: (state) => ({ mean: meanTerm(state), covariance: study(state).floor }),
      whole: (state) => meanTerm(state) + study(state).floor,
      captions: {
        mean: (state) =>
          `Mean: the means are ${formatted(Math.sqrt(meanTerm(state)))} apart, though not in the picture; the term is the square.`,
        covariance: (state) =>
          `Covariance: with the best Q the squares have the areas ${areas(state)}; their sum, the least cost, is the same for all factors.`,
      },
    },
    {
      formula: eqKabsch,
      when: (state) => has(state.show, "terms") && state.rank === "2" && study(state).odd,
      terms(state) {
        const { floor, excess } = study(state);
        return { covariance: floor, mirror: excess };
      },
      whole: (state) => values(state).kabsch,
      captions: {
        covariance: (state) =>
          `The best Q is a reflection. The squares have the areas ${areas(state)}.`,
        mirror: (state) =>
          `Mirror: no rotation takes the reversed column of Y back. With the best one the squares have the areas ${areas(state, true)}.`,
      },
    },
  ],
  python(state) {
    const { axes, odd, mirrored } = study(state);
    const [p, q] = axes.map(([, , s1, s2, angle]) => `factor([${s1}, ${s2}], ${angle})`);
    const mirror = " @ np.diag([1, -1])";
    return `import numpy as np

from gausslib import kabsch, procrustes


def turn(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def factor(axes, angle):
    ${
      state.factors === "cholesky"
        ? `(a, b), _ = turn(angle) @ np.diag(axes) ** 2 @ turn(angle).T
    return np.array([[a, 0], [b, np.prod(axes)]]) / np.sqrt(a)`
        : "return turn(angle) @ np.diag(axes) @ turn(angle).T"
    }


def cost(q):
    return np.sum((x - y @ q) ** 2)


x = ${p}
y = ${q}${odd ? mirror : ""}
turned = turn(${state.angle})${mirrored ? mirror : ""}
least = cost(procrustes(x, y))
values = {
    "cost": cost(turned),
    "w2_shape": least,
    "gap": cost(turned) - least,
    "kabsch": cost(kabsch(x, y)),
}
print(values)
`;
  },
};
