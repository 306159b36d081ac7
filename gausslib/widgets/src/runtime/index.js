/**
 * The runtime, as figures see it. There is one on a page, `gaussRuntime`, and all figures share it.
 * `draw.js`, which is not named here, is bundled into each figure, which uses a part of it.
 */
export { addressedFigures, addressOf, pushAddress, writeNow } from "./address.js";
export { define, dress } from "./define.js";
export { choice, has, number, numbers, once, refuse, shows, whole, words } from "./fields.js";
export { applies, REST } from "./figure.js";
export { formatted } from "./format.js";
export { announceTerm } from "./formulas.js";
export { late } from "./late.js";
export { HALF_HEIGHT, HALF_WIDTH, Plane, roundUp } from "./plane.js";
