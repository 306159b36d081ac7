"""What the search knows beside Sphinx's index, which has the stems of words only.

The words of the book as they are written, so that a misspelt one leads to the nearest; and what
each page is about, the keywords in its head, so that it comes first when one of them is asked for.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

NAME = "searched.js"
WORD = re.compile(r"[^\W\d_]{4,}")
# Their words are those of TeX and of programs.
UNREAD = (nodes.math, nodes.math_block, nodes.literal, nodes.literal_block, nodes.raw)
UNREAD += (nodes.comment, addnodes.desc_name, addnodes.desc_addname, addnodes.desc_sig_name)


def write_known(app, exception):
    """The script with both."""
    if exception is None and app.builder.format == "html":
        pages = {page: app.env.get_doctree(page) for page in sorted(app.env.found_docs)}
        about = {page: keywords(doctree) for page, doctree in pages.items()}
        known = {
            "words": words(pages.values()),
            "subjects": {page: names for page, names in about.items() if names},
        }
        script = f"globalThis.SEARCHED = {json.dumps(known, ensure_ascii=False)};\n"
        (Path(app.outdir) / "_static" / NAME).write_text(script, encoding="utf8")


def keywords(doctree: nodes.document) -> list[str]:
    """The keywords in the head of a page."""
    metas = [meta for meta in doctree.findall(nodes.meta) if meta.get("name") == "keywords"]
    return [word.strip() for meta in metas for word in meta["content"].split(",")]


def words(pages: Iterable[nodes.document]) -> list[str]:
    """Every word of the pages in its usual spelling, the most frequent first."""
    spellings = Counter(
        word
        for page in pages
        for text in page.findall(nodes.Text)
        if not isinstance(text.parent, UNREAD)
        for word in WORD.findall(text)
    )
    usual: dict[str, str] = {}
    for spelling, _ in spellings.most_common():
        usual.setdefault(spelling.lower(), spelling)
    return list(usual.values())
