/**
 * The panel in which a walk stands, before it has begun. The site's build writes it into the page,
 * so that nothing moves when the figure comes alive.
 */
import { escaped } from "../runtime/markup-text.js";

/**
 * How many steps there are, or which one it is.
 * @param {number} step
 * @param {number} steps
 */
export function countOf(step, steps) {
  return step ? `${step} of ${steps}` : `${steps} steps`;
}

/**
 * The panel as HTML, up to what it says and after that.
 * @param {string} title
 * @param {number} steps
 * @returns {[string, string]}
 */
export function panelMarkup(title, steps) {
  const name = escaped(title);
  return [
    `<section slot="walk" class="gauss-walk" aria-label="${name}"><div class="walk-head">` +
      `<span class="walk-title">${name}</span>` +
      `<span class="walk-nav"><span class="walk-count">${countOf(0, steps)}</span>` +
      '<button type="button" class="walk-back" aria-label="Step before" hidden>‹</button>' +
      '<button type="button" class="walk-next">Begin ›</button></span></div>' +
      '<div class="walk-body" aria-live="polite">',
    '</div><div class="walk-foot">' +
      '<button type="button" class="walk-all" aria-expanded="false">All steps</button>' +
      '<button type="button" class="walk-copy" hidden>Copy link</button>' +
      '<button type="button" class="walk-mine" hidden>Back to mine</button></div></section>',
  ];
}
