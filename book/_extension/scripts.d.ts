/** What Sphinx says of a page, to its own scripts. */
declare var DOCUMENTATION_OPTIONS: { SHOW_SEARCH_SUMMARY: boolean };
