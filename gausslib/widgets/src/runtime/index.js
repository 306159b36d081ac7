/**
 * The runtime, as figures and hosts see it. There is one on a page, and all figures share it. What
 * is not named here, such as `draw.js`, is bundled into each figure that uses it.
 */
export { addressedFigures, announceTerm, define, followHistory } from "./element.js";
export * from "./fields.js";
export { REST } from "./figure.js";
export * from "./format.js";
export { HALF_HEIGHT, HALF_WIDTH, Plane, roundUp } from "./plane.js";
