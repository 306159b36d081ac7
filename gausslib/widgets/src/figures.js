/** Every figure; kin stand side by side, which makes the compressed script smaller. @type {import("./figure.js").Definition[]} */
import { gaussCalculator } from "./gauss-calculator.js";
import { gaussSingle } from "./gauss-single.js";
import { gaussPair } from "./gauss-pair.js";
import { gaussLine } from "./gauss-line.js";
import { gaussSampling } from "./gauss-sampling.js";
import { procrustesTurn } from "./procrustes-turn.js";
import { orthogonalPlane } from "./orthogonal-plane.js";
import { orthogonalSphere } from "./orthogonal-sphere.js";

export const FIGURES = [gaussCalculator, gaussSingle, gaussPair, gaussLine, gaussSampling, procrustesTurn, orthogonalPlane, orthogonalSphere];
