/** Every figure; kin stand side by side, which makes the compressed script smaller. @type {import("../runtime/figure.js").Definition[]} */
import { orthogonalPlane } from "../figures/orthogonal-plane.js";
import { orthogonalSphere } from "../figures/orthogonal-sphere.js";
import { procrustesTurn } from "../figures/procrustes-turn.js";
import { gaussSingle } from "../figures/gauss-single.js";
import { gaussPair } from "../figures/gauss-pair.js";
import { gaussLine } from "../figures/gauss-line.js";
import { gaussSampling } from "../figures/gauss-sampling.js";
import { gaussCalculator } from "../figures/gauss-calculator.js";

export const FIGURES = [
  orthogonalPlane,
  orthogonalSphere,
  procrustesTurn,
  gaussSingle,
  gaussPair,
  gaussLine,
  gaussSampling,
  gaussCalculator,
];
