"""Mathematics rendered while the site is built, so that it is there at first paint.

An equation that KaTeX cannot read, or that carries the label of a registered formula
without being that formula, is a warning at its place in the source; the site is built
with warnings as errors.
"""

import re
from html import escape

from docutils import nodes
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from gausslib.formulas import FORMULAS, Formula, normalise_tex

from .katex import Katex, TexError

logger = logging.getLogger(__name__)


def wrap_rows(tex: str) -> str:
    r"""Plain display TeX with `\\` or `&` in it, wrapped as KaTeX wants it."""
    if re.search(r"\\begin\{", tex) or not re.search(r"\\\\|(?<!\\)&", tex):
        return tex
    return rf"\begin{{aligned}}{tex}\end{{aligned}}"


def star(tex: str) -> str:
    """Numbered environments starred: the site numbers equations, KaTeX must not."""
    return re.sub(r"\\(begin|end)\{(align|equation|gather)\}", r"\\\1{\2*}", tex)


ANNOTATION = re.compile(r'(<annotation encoding="application/x-tex">).*?(</annotation>)', re.DOTALL)
# A part of an equation before which a line may break; not the first.
BREAK = re.compile(r'(?<=</span>)(<span class="katex-base">)')
CLOSING = re.compile(r"^[\])}.,;:!?’”…-]+(?=\s|$|[\w(])")
BY_TEX = {normalise_tex(formula.tex): formula for formula in FORMULAS.values()}


def registered(node: nodes.math_block) -> Formula | None:
    """The registered formula that a display equation is: by its TeX, and its label must agree."""
    formula, label = BY_TEX.get(normalise_tex(node.astext())), node.get("label")
    if label in FORMULAS and formula is not FORMULAS[label]:
        logger.warning(
            "equation %r is not the formula that gausslib.formulas has", label, location=node
        )
    elif (label or "").startswith("eq-") and label not in FORMULAS:
        logger.warning("equation label %r is not a key of gausslib.formulas", label, location=node)
    return formula


def bind_punctuation(app, doctree, page):
    """Give each formula the punctuation that follows it: no line begins with it."""
    for node in list(doctree.findall(nodes.math)):
        place = node.parent.index(node) + 1
        after = node.parent[place] if place < len(node.parent) else None
        if isinstance(after, nodes.Text) and (match := CLOSING.match(after)):
            node["closing"] = match[0]
            # By its place: two texts are equal if they say the same.
            node.parent[place] = nodes.Text(after[match.end() :])


class Renderer:
    """Sphinx's two hooks for mathematics, on one KaTeX engine that opens at first use."""

    def __init__(self):
        self._katex = None

    def close(self, *_ignored):
        if self._katex is not None:
            self._katex.close()
            self._katex = None

    def render(self, tex: str, display: bool, node: nodes.Node) -> str:
        if self._katex is None:
            self._katex = Katex()
        try:
            html = self._katex.render(tex, display)
            # What is copied is the TeX of the source, without the marks.
            source = escape(node.astext(), quote=False)
            return ANNOTATION.sub(lambda match: f"{match[1]}{source}{match[2]}", html)
        except TexError as error:
            logger.warning("equation does not parse: %s", error, location=node)
            return f"<code>{escape(tex)}</code>"

    def inline(self, translator, node):
        html = BREAK.sub(r"<wbr>\1", self.render(node.astext(), False, node))
        html = f'<span class="math notranslate nohighlight">{html}</span>'
        if closing := node.get("closing"):
            html = f'<span class="unbroken">{html}{escape(closing)}</span>'
        translator.body.append(html)
        raise nodes.SkipNode

    def display(self, translator, node):
        formula = registered(node)
        tex = formula.marked_tex if formula else star(wrap_rows(node.astext()))
        html = self.render(tex, True, node)
        attributes = {"CLASS": "math notranslate nohighlight"}
        if formula:
            attributes["data-formula"] = formula.key
        translator.body.append(translator.starttag(node, "div", **attributes))
        if node["number"]:
            number = get_node_equation_number(translator, node)
            translator.body.append(f'<span class="eqno">({number})')
            translator.add_permalink_ref(node, _("Link to this equation"))
            translator.body.append("</span>")
        translator.body.append(html + "</div>\n")
        raise nodes.SkipNode
