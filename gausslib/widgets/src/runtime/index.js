/**
 * The runtime, as figures see it. There is one on a page, `gaussRuntime`, and all figures share it.
 * The files that are not named here, `draw.js` and `fields.js`, are bundled into each figure, which
 * uses a part of them.
 */
export { define, dress } from "./define.js";
export { REST } from "./figure.js";
export { formatted } from "./format.js";
export { HALF_HEIGHT, HALF_WIDTH, Plane, roundUp } from "./plane.js";
