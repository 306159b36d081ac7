"""How long a chapter takes: the same measure for all of them.

The head of a chapter says it ("**Time:** about 45 minutes"), so that every reader of the source
sees it. Here it is counted, and a wrong time stops the build.
"""

import re
from dataclasses import dataclass

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)

TIME = re.compile(r"Time:\s+about (\d+) minutes")


@dataclass
class Size:
    """What there is to read before the exercises: a formula in the text counts as a word."""

    words: int = 0
    displays: int = 0
    lines: int = 0

    def minutes(self) -> int:
        """The time for it, to five minutes."""
        exact = self.words / 90 + self.displays / 2 + self.lines / 20
        return 5 * max(1, round(exact / 5))


def add(size: Size, node: nodes.Node) -> None:
    """Count what stands below a node: text, formulas, and code that is not folded."""
    if isinstance(node, nodes.math):
        size.words += 1
    elif isinstance(node, nodes.math_block):
        size.displays += 1
    elif isinstance(node, nodes.Text):
        size.words += sum(any(map(str.isalnum, word)) for word in node.astext().split())
    elif isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
        if not node.get("hide_mode"):
            code = node.children[0].astext()
            size.lines += sum(bool(line.strip()) for line in code.splitlines())
    elif not isinstance(node, nodes.raw | nodes.comment | nodes.literal_block):
        for child in node.children:
            add(size, child)


def size_of(doctree: nodes.document) -> Size:
    """The size of a chapter before its exercises."""
    size = Size()
    chapter = next(doctree.findall(nodes.section))
    for part in chapter.children:
        if isinstance(part, nodes.section) and part[0].astext().startswith("Exercises"):
            break
        add(size, part)
    return size


def check_minutes(app, doctree, page):
    """Compare the time that a chapter promises with its size."""
    for box in doctree.findall(nodes.admonition):
        if "objectives" in box["classes"]:
            told = TIME.search(box.astext())
            size = size_of(doctree)
            if told is None or int(told[1]) != size.minutes():
                expected = f"**Time:** about {size.minutes()} minutes, by its size: {size}"
                logger.warning("the chapter's head must say %s", expected, location=box)
