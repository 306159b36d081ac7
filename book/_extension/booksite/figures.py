"""The figures of a page as they stand in it before their script runs, without it, and in print.

A figure's element comes from a cell, with a picture for other readers inside, or from the page's
text. Its inside becomes the first picture that the figure itself would draw, with the same numbers
and of the same size, so that nothing moves when the figure comes alive. An attribute that is not
legal is a warning at its place.
"""

import json
import re
from collections import Counter
from html import escape
from html.parser import HTMLParser

from docutils import nodes
from sphinx.util import logging

from .assets import STILLS
from .engine import Engine, ScriptError

logger = logging.getLogger(__name__)

GLUE = """
const tags = () => JSON.stringify(Object.keys(gaussStills.figures));
const still = (tag, attributes) => gaussStills.still(tag, JSON.parse(attributes));
"""


def attributes(start_tag: str) -> dict[str, str]:
    """The attributes of a start tag."""
    found: dict[str, str] = {}
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, pairs: found.update((k, v or "") for k, v in pairs)
    parser.feed(start_tag)
    return found


class Stills:
    """Puts the still pictures into pages, with one engine that opens at first use."""

    def __init__(self):
        self._engine, self._element = None, None

    def close(self, *_ignored):
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _open(self):
        self._engine = Engine(STILLS, glue=GLUE, made_by="make bundle")
        tags = "|".join(json.loads(self._engine.call("tags")))
        self._element = re.compile(rf"(<({tags})\b[^>]*>).*?</\2>", re.DOTALL)

    def fill(self, app, doctree, page):
        """Fill every figure of a page; those without a name get one, for addresses to refer to."""
        if app.builder.format != "html":
            return
        if self._engine is None:
            self._open()
        count = Counter()

        def filled(match: re.Match) -> str:
            tag, given = match[2], attributes(match[1])
            count[tag] += 1
            given["id"] = given.get("id") or f"{tag}-{count[tag]}"
            given["class"] = f"gauss-element {given.get('class', '')}".strip()
            try:
                inside = self._engine.call("still", tag, json.dumps(given))
            except ScriptError as error:
                logger.warning("figure %s: %s", tag, error, location=node)
                inside = ""
            written = "".join(f' {name}="{escape(text)}"' for name, text in given.items())
            return f"<{tag}{written}>{inside}</{tag}>"

        for node in doctree.findall(nodes.raw):
            if "html" in node["format"].split() and self._element.search(node.astext()):
                html = self._element.sub(filled, node.astext())
                node.children = [nodes.Text(html)]
                node.rawsource = html
