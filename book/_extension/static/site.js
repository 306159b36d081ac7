// What the pages do beyond their figures. Without this script they are read just as well.
{
  // This is a classic script: the block keeps its names its own.
  const root = document.documentElement;
  const modes = ["auto", "light", "dark"];

  /**
   * The elements of a selector.
   * @param {string} selector
   * @returns {any[]}
   */
  const all = (selector) => [...document.querySelectorAll(selector)];

  // The button that goes through the three themes; `theme.js` paints, before anything is seen.
  for (const button of all("[data-action=theme]")) {
    const name = () => {
      button.querySelector(".theme-name").textContent = `Theme: ${root.dataset.mode}`;
    };
    button.addEventListener("click", () => {
      const mode = modes[(modes.indexOf(root.dataset.mode ?? "") + 1) % modes.length];
      root.dataset.mode = mode;
      localStorage.setItem("mode", mode);
      root.dispatchEvent(new Event("mode"));
      name();
    });
    name();
    button.hidden = false;
  }

  for (const button of all("[data-action=print]")) {
    button.addEventListener("click", () => print());
    button.hidden = false;
  }

  // The usual keys of a search.
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    all(".page-search input, .site-search input")[0].focus();
  });

  // A menu is done when one of its links was taken.
  for (const menu of all("[popover]")) {
    menu.addEventListener("click", (/** @type {any} */ { target }) => {
      if (target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
    });
  }

  // The section that is read is marked in the list of the page's sections.
  const entries = new Map();
  for (const link of all("#page-nav a[href^='#']")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) entries.set(section.querySelector("h2, h3, h4") ?? section, link);
  }
  const passed = new Set();
  const mark = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen)
        passed[isIntersecting ? "add" : "delete"](target);
      const read = [...entries.keys()].findLast((heading) => passed.has(heading));
      for (const [heading, link] of entries) {
        if (heading === read) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "9999999px 0px -70% 0px" }, // All above a line across the upper third.
  );
  for (const heading of entries.keys()) mark.observe(heading);

  // What scrolls sideways can be scrolled with the keyboard.
  const reach = new ResizeObserver((seen) => {
    for (const box of seen.map(({ target }) => /** @type {HTMLElement} */ (target))) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  for (const box of all("pre, .katex-display, .cell_output .output, .table-box"))
    reach.observe(box);

  // What is far from the window rests (text.css): a new theme, or an answer that opens, then costs
  // the same on long pages as on short ones. Before, all is laid out once, in each new width, so
  // that every block has the height by which it is remembered.
  let width = innerWidth;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  const wake = () => {
    root.classList.remove("at-rest");
    clearTimeout(rest);
    rest = setTimeout(() => root.classList.add("at-rest"), 500);
  };
  addEventListener("load", wake);
  addEventListener("afterprint", wake);
  addEventListener("resize", () => {
    if (width !== innerWidth) wake();
    width = innerWidth;
  });
}
