// Marks the words that were searched for, and changes nothing in the page. Sphinx's own script for
// that puts an element around each word, and writes every address again: %2C for each comma in the
// state of a figure.
{
  /**
   * What Sphinx's search calls: marks a word wherever an element has it.
   * @param {Element} root
   * @param {string} word in lower case
   */
  const _highlightText = (root, word) => {
    if (!CSS.highlights) return; // An older browser shows the page without marks.
    const marks = CSS.highlights.get("searched") ?? new Highlight();
    CSS.highlights.set("searched", marks);
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = /** @type {Text} */ (texts.currentNode);
      const content = text.data.toLowerCase();
      for (let at = content.indexOf(word); at >= 0; at = content.indexOf(word, at + word.length)) {
        const [start, end] = [at, at + word.length];
        const ends = {
          startContainer: text,
          startOffset: start,
          endContainer: text,
          endOffset: end,
        };
        marks.add(new StaticRange(ends));
      }
    }
  };
  Object.assign(globalThis, { SPHINX_HIGHLIGHT_ENABLED: true, _highlightText });

  // A page that is opened next shows the marks; the page of the search asks for its own.
  const main = document.querySelector("main:not(:has(.page-search))");
  const words = localStorage.getItem("sphinx_highlight_terms")?.split(" ") ?? [];
  if (main) {
    localStorage.removeItem("sphinx_highlight_terms");
    for (const word of words.filter(Boolean)) _highlightText(main, word);
  }
}
