"""Proofs by machine, and the ways between the keys of formulas and the formulas themselves.

A folded cell with `:proves: [eq-kl]` says in one line what it checks. Behind that line stand the
checks that the formulas have passed, and inside are links to them; what is checked beside the
numbered formulas has an empty list. In every cell a key, as in
`formula["eq-kl"]`, is a link to the equation; the equation shows its key when one points at it.
"""

import re
from html import escape
from typing import NamedTuple

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.util import logging

from gausslib.formulas import FORMULAS, Formula

logger = logging.getLogger(__name__)

# A key as Pygments marks it in a cell.
KEY = re.compile(r'<span class="s2">(?:&quot;|")(eq-[\w-]+)(?:&quot;|")</span>')


class Check(NamedTuple):
    """A way in which a formula is checked, and whether an entry of the registry has it."""

    name: str
    why: str
    has: str


CHECKS = (
    Check("derived", "SymPy derives the formula", "expression"),
    Check("50 digits", "gausslib computes it, compared with 50 digits", "function"),
    Check("sampling", "compared with samples", "estimator"),
    Check("browser", "the figures compute the same", "browser"),
)


def passed(formula: Formula) -> list[Check]:
    """The checks that a formula has passed; without them the tests fail."""
    return [check for check in CHECKS if getattr(formula, check.has) is not None]


def marks(checks: list[Check]) -> str:
    """Names of checks, each with a tick and with what it means."""
    return " ".join(
        f'<span class="check" title="{escape(check.why)}">{check.name}</span>' for check in checks
    )


def number_of(env, key: str) -> tuple[str, str]:
    """The page that displays a formula, and its number there; "" if no page does."""
    found = env.get_domain("math").equations.get(key)
    if found is None:
        return "", ""
    numbers = env.toc_fignumbers.get(found[0], {}).get("displaymath", {})
    return found[0], ".".join(map(str, numbers.get(f"equation-{key}", ())))


def show_marks(app, doctree, page):
    """Write behind the line of each proof which checks its formulas have passed."""
    if app.builder.format != "html":
        return
    for cell in list(doctree.findall(nodes.container)):
        keys = cell.get("cell_metadata", {}).get("proves")
        if keys is None:
            continue
        unknown = [key for key in keys if number_of(app.env, key)[0] != page]
        if unknown:
            logger.warning("proof of %s, which this page does not display", unknown, location=cell)
        else:
            folded = next(cell.findall(HideCodeCellNode), None)
            if folded is None:
                logger.warning("a proof is a folded cell: tags [hide-cell]", location=cell)
            else:
                cell.children = []
                cell.extend(proof(app.env, folded, keys))


def proof(env, folded: HideCodeCellNode, keys: list[str]) -> list[nodes.Node]:
    """A folded cell with the marks of its formulas."""
    formulas = [FORMULAS[key] for key in keys]
    lists = [passed(each) for each in formulas] or [[]]
    common = [check for check in CHECKS if all(check in checks for checks in lists)]
    rows = "".join(
        f'<li><a href="#equation-{each.key}">Equation ({number_of(env, each.key)[1]})</a>: '
        f"{escape(each.name)} {marks(passed(each))}</li>"
        for each in formulas
    )
    opening = (
        '<details class="admonition hide proof"><summary>'
        f'<span class="admonition-title">{escape(folded["prompt_show"])}</span> '
        f'<span class="checks">{marks(common)}</span></summary>'
        + (f'<ul class="checks">{rows}</ul>' if rows else "")
    )
    ends = [nodes.raw("", html, format="html") for html in (opening, "</details>\n")]
    return [ends[0], *folded.children, ends[1]]


def link_keys(app, page, template, context, doctree):
    """Make each key of a formula in a cell a link to the formula."""

    def link(match: re.Match) -> str:
        where, number = number_of(app.env, match[1])
        if not where:
            return match[0]
        target = "" if where == page else app.builder.get_relative_uri(page, where)
        return (
            f'<a class="key" href="{target}#equation-{match[1]}" title="equation ({number})">'
            f"{match[0]}</a>"
        )

    context["body"] = KEY.sub(link, context.get("body", ""))
