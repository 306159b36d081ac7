/**
 * The button of a figure that moves by itself.
 *
 * @typedef {import("./fields.js").State} State
 * @typedef {import("./figure.js").Play} Play
 * @typedef {import("./live-figure.js").LiveFigure} LiveFigure
 */

/**
 * Lets the button move a figure from where it is to its end; readers who want no motion see the end
 * at once.
 * @param {LiveFigure} live
 * @param {Play} play
 */
export function enablePlayer(live, { seconds, at, fraction }) {
  live.inside.on("click", ".play", (button) => {
    if (live.frame) return stopPlayer(live);
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const reached = fraction(live.state);
    const begin = performance.now() - (reached < 1 ? reached : 0) * 1000 * seconds;
    const step = (/** @type {number} */ now) => {
      const elapsed = (now - begin) / (1000 * seconds);
      const done = isStill ? 1 : Math.min(Math.max(elapsed, 0), 1);
      live.change(at(done, live.state), "animation");
      if (done < 1) live.frame = requestAnimationFrame(step);
      else stopPlayer(live);
    };
    button.setAttribute("aria-pressed", "true");
    live.frame = requestAnimationFrame(step);
  });
}

/** @param {LiveFigure} live */
export function stopPlayer(live) {
  if (!live.frame) return;
  cancelAnimationFrame(live.frame);
  live.frame = 0;
  live.inside.find(".play").removeAttribute("aria-pressed");
  live.settle();
}

/**
 * Stops when something else changes what the player moves.
 * @param {LiveFigure} live
 * @param {State} patch  what has changed
 * @param {string} source
 */
export function giveWay(live, patch, source) {
  if (!live.frame || source === "animation") return;
  const moved = live.figure.play?.at(1, live.state) ?? {};
  if (Object.keys(moved).some((name) => name in patch)) stopPlayer(live);
}
