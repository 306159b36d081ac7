// What the book adds to Sphinx's search, whose script comes before this one: excerpts that are
// text, names that are nearly right, and pages that come first for what they are about.
{
  const { words, subjects } = SEARCHED;

  // A page that is opened from a file, or in a sandboxed frame, cannot fetch another: search then
  // lists its results without excerpts.
  if (origin === "null") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  // In a frame the focus belongs to the page around it.
  const field = /** @type {HTMLElement | null} */ (document.querySelector(".page-search input"));
  if (parent === window) field?.focus();

  // The title stands above the excerpt already.
  const UNREAD = "h1, .headerlink, script, style, .katex-html, annotation, .gauss-element";
  const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, td, th, caption, pre";
  /** The signs that a formula has by its layout alone. @type {Record<string, string>} */
  const SIGNS = { mfrac: "/", msup: "^", msubsup: "^", msqrt: "√" };

  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const part = (anchor && page.getElementById(anchor.slice(1))) || page.querySelector("main");
    if (!part) return "";
    for (const node of part.querySelectorAll(UNREAD)) node.remove();
    for (const node of part.querySelectorAll(BLOCKS)) node.append(" ");
    for (const node of part.querySelectorAll(Object.keys(SIGNS).join())) {
      if (node.localName === "msqrt") node.prepend(SIGNS.msqrt);
      else node.lastElementChild?.before(SIGNS[node.localName]);
    }
    return (part.textContent ?? "").replace(/\s+/g, " ").trim();
  };

  /**
   * How many letters must be added, dropped, changed, or swapped with the next.
   * @param {string} from
   * @param {string} to
   */
  const edits = (from, to) => {
    /** @type {number[]} */
    let last = [];
    let row = [...Array(to.length + 1).keys()];
    for (let i = 1; i <= from.length; i++) {
      const next = [i];
      for (let j = 1; j <= to.length; j++) {
        const changed = from[i - 1] === to[j - 1] ? 0 : 1;
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + changed);
        const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
        if (swapped) next[j] = Math.min(next[j], last[j - 2] + 1);
      }
      [last, row] = [row, next];
    }
    return row[to.length];
  };

  /** Letters without accents, in lower case. @param {string} word */
  const plain = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  /** Whether Sphinx finds a word, or a longer one. @param {string} word */
  const known = (word) => {
    const stem = new Stemmer().stemWord(word.toLowerCase());
    const { terms, titleterms } = Search._index;
    return Object.keys({ ...terms, ...titleterms }).some((term) => term.includes(stem));
  };

  /**
   * The word of the book that is nearest, the most frequent of several; or the word itself.
   * @param {string} word
   */
  const nearest = (word) => {
    const letters = plain(word);
    let least = letters.length < 6 ? 2 : letters.length < 12 ? 3 : 4;
    let found = word;
    for (const candidate of words) {
      const away = edits(letters, plain(candidate));
      if (away < least) [least, found] = [away, candidate];
    }
    return found;
  };

  const answer = Search.query;
  let subject = "";
  Search.query = (asked) => {
    const meant = asked.replace(/[\p{L}\p{M}]{4,}/gu, (word) =>
      known(word) ? word : nearest(word),
    );
    subject = plain(meant.trim());
    if (meant !== asked) {
      const told = document.createElement("p");
      const shown = document.createElement("strong");
      shown.textContent = meant;
      told.append("Showing results for ", shown, ".");
      Search.output.before(told);
    }
    answer(meant);
  };

  Scorer.score = ([page, , anchor, description, score]) => {
    const whole = !anchor && !description;
    const about = subjects[page]?.some((name) => plain(name) === subject);
    return whole && about ? score + 100 : score;
  };
}
