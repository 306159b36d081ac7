/** Every figure. @type {import("./figure.js").Definition[]} */
import { gaussCalculator } from "./gauss-calculator.js";
import { gaussLine } from "./gauss-line.js";
import { gaussPair } from "./gauss-pair.js";
import { gaussSingle } from "./gauss-single.js";
import { orthogonalPlane } from "./orthogonal-plane.js";
import { orthogonalSphere } from "./orthogonal-sphere.js";
import { procrustesTurn } from "./procrustes-turn.js";
import { gaussSampling } from "./gauss-sampling.js";

export const FIGURES = [gaussCalculator, gaussLine, gaussPair, gaussSingle, orthogonalPlane, orthogonalSphere, procrustesTurn, gaussSampling];
