/** Every figure; kin stand side by side, which makes the compressed script smaller. @type {import("./figure.js").Definition[]} */
import { orthogonalPlane } from "./orthogonal-plane.js";
import { orthogonalSphere } from "./orthogonal-sphere.js";
import { procrustesTurn } from "./procrustes-turn.js";
import { gaussSingle } from "./gauss-single.js";
import { gaussPair } from "./gauss-pair.js";
import { gaussLine } from "./gauss-line.js";
import { gaussSampling } from "./gauss-sampling.js";
import { gaussCalculator } from "./gauss-calculator.js";

export const FIGURES = [orthogonalPlane, orthogonalSphere, procrustesTurn, gaussSingle, gaussPair, gaussLine, gaussSampling, gaussCalculator];
