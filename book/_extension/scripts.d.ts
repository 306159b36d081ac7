// What classic scripts of Sphinx and of the build leave for others.

/** What Sphinx says of a page, to its own scripts. */
declare var DOCUMENTATION_OPTIONS: { SHOW_SEARCH_SUMMARY: boolean };

/** What `booksite/search.py` writes: the words of the book, and what its pages are about. */
declare var SEARCHED: { words: string[]; subjects: Record<string, string[]> };

/** Sphinx's search: what of it the book's own replaces or asks. */
declare var Search: {
  _index: { terms: object; titleterms: object };
  output: HTMLElement;
  htmlToText(html: string, anchor?: string): string;
  query(query: string): void;
};

/** A result of Sphinx's search: page, title, anchor, description, score. */
type SearchResult = [string, string, string, string | null, number];
declare var Scorer: { score?: (result: SearchResult) => number };

declare class Stemmer {
  stemWord(word: string): string;
}
