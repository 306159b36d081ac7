/**
 * The button of a figure that moves by itself.
 *
 * @typedef {import("./figure.js").Play} Play
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */
import { move, stop } from "./motion.js";

/**
 * Lets the button move a figure from where it is to its end; readers who want no motion see the end
 * at once.
 * @param {LiveFigure} live
 * @param {Play} play
 */
export function enablePlayer(live, { seconds, at, fraction }) {
  live.inside.on("click", ".play", (button) => {
    if (button.ariaPressed) return stop(live);
    const reached = fraction(live.state);
    const begun = reached < 1 ? reached : 0;
    const draw = (/** @type {number} */ done) => live.change(at(done, live.state), "animation");
    const end = () => {
      button.ariaPressed = null;
      live.settle();
    };
    move(live, { seconds, begun, moves: at(1, live.state), draw, end });
    button.ariaPressed = "true";
  });
}
