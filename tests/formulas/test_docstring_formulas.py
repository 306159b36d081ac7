r"""A formula displayed in a docstring is an entry of the registry, and so is checked.

A display holds one equation, or several that `\\` or `\qquad` separate: each is the TeX of an
entry, white space and a comma or full stop at its end aside.
"""

import inspect
import re
import textwrap

import pytest
from support.public import OBJECTS

from gausslib.formulas import FORMULAS, normalise_tex

KNOWN = {normalise_tex(formula.tex) for formula in FORMULAS.values()}


def displays(doc: str) -> list[str]:
    """The contents of the `.. math::` directives."""
    found = re.findall(r"^\.\. math::\n\n((?:[ ]+\S.*\n|\n)+)", doc + "\n", re.MULTILINE)
    return [textwrap.dedent(display) for display in found]


def equations(display: str) -> list[str]:
    parts = re.split(r"\\\\|\\qquad", display)
    return [normalise_tex(part).strip(",.;") for part in parts]


DISPLAYED = {name: displays(inspect.getdoc(item)) for name, item in OBJECTS.items()}


@pytest.mark.parametrize("name", [name for name, found in DISPLAYED.items() if found])
def test_displayed_formula_is_registered(name):
    assert {tex for display in DISPLAYED[name] for tex in equations(display)} <= KNOWN


def test_displays_are_found():
    """As many as the directives, and an equation that is broken into lines is whole."""
    for name, item in OBJECTS.items():
        assert len(DISPLAYED[name]) == len(re.findall(r"\.\. math::", inspect.getdoc(item)))
    (display,) = DISPLAYED["kl_divergence"]
    assert equations(display) == [normalise_tex(FORMULAS["eq-kl"].tex)]
    assert equations("a = b, \\qquad\n c = d \\\\ e = f") == ["a=b", "c=d", "e=f"]
