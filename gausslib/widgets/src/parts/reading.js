/** What the calculator needs for more than plain numbers. */
export { plainNotation } from "./notations.js";
export { readSamples } from "./samples.js";
