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
from typing import Any

from docutils import nodes
from sphinx.util import logging

from .assets import STILLS
from .engine import Engine, ScriptError

logger = logging.getLogger(__name__)

GLUE = """
const calls = { ...gaussStills, tags: () => Object.keys(gaussStills.figures) };
const call = (name, data) => JSON.stringify(calls[name](...JSON.parse(data)));
"""


def attributes(start_tag: str) -> dict[str, str]:
    """The attributes of a start tag."""
    found: dict[str, str] = {}
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, pairs: found.update((k, v or "") for k, v in pairs)
    parser.feed(start_tag)
    return found


class Bundle:
    """All figures without a browser, in one engine that opens at first use."""

    def __init__(self):
        self._engine = None

    def call(self, name: str, *data: Any) -> Any:
        """Value of a function of the bundle; what it throws is a `ScriptError`."""
        if self._engine is None:
            self._engine = Engine(STILLS, glue=GLUE, made_by="make bundle")
        return json.loads(self._engine.call("call", name, json.dumps(data)))

    def tags(self) -> list[str]:
        """The tags of all figures."""
        return self.call("tags")

    def close(self, *_ignored):
        if self._engine is not None:
            self._engine.close()
            self._engine = None


class Stills:
    """Puts the still pictures into pages."""

    def __init__(self, bundle: Bundle):
        self._bundle = bundle

    def fill(self, app, doctree, page):
        """Fill every figure of a page; those without a name get one, for addresses to refer to."""
        if app.builder.format != "html":
            return
        element = re.compile(rf"(<({'|'.join(self._bundle.tags())})\b[^>]*>).*?</\2>", re.DOTALL)
        count = Counter()

        def filled(match: re.Match) -> str:
            tag, given = match[2], attributes(match[1])
            count[tag] += 1
            given["id"] = given.get("id") or f"{tag}-{count[tag]}"
            given["class"] = f"gauss-element {given.get('class', '')}".strip()
            try:
                inside = self._bundle.call("still", tag, given)
            except ScriptError as error:
                logger.warning("figure %s: %s", tag, error, location=node)
                inside = ""
            written = "".join(f' {name}="{escape(text)}"' for name, text in given.items())
            return f"<{tag}{written}>{inside}</{tag}>"

        for node in doctree.findall(nodes.raw):
            if "html" in node["format"].split() and element.search(node.astext()):
                html = element.sub(filled, node.astext())
                node.children = [nodes.Text(html)]
                node.rawsource = html
