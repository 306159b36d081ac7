"""What the cells of a chapter assert of its formulas can fail, and holds however often they run.

Each proof runs once more with a wrong entry in the registry: then it must fail. So no cell compares
a thing with itself, and no assertion stands beside its formula for show.
"""

import ast

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
import sympy as sp
from support.chapters import PATHS, Chapter

from gausslib.formulas import FORMULAS

# What is asserted of these is their own entry: its closed form is derived.
DERIVED = ("result", "maximum")


def wrong(expression):
    """An expression with another value: twice as large, and one more."""

    def changed(*arguments):
        value = expression(*arguments)
        return 2 * value if isinstance(value, sp.MatrixBase) else 2 * value + 1

    return changed


def run(code: str, names: dict) -> None:
    with mpl.rc_context({"backend": "agg"}):
        exec(code, names)
        plt.close("all")


def is_noticed(key: str, code: str, names: dict) -> bool:
    """Whether a cell stops when the entry of a formula is wrong."""
    changed = dict(names)
    changed["formula"] = {**names["formula"], key: wrong(FORMULAS[key].expression)}
    try:
        run(code, changed)
    except AssertionError:
        return True
    return False


def entry_of(side: ast.expr) -> str | None:
    """The key, if one side of a comparison is nothing but the value of an entry."""
    match side:
        case ast.Call(ast.Subscript(ast.Name("formula"), ast.Constant(str(key)))):
            return key
    return None


def compared(code: str) -> list[list[str | None]]:
    """The entries that are compared with each other, by the calls of `same`."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    same = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "same"]
    return [[entry_of(side) for side in call.args] for call in same]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_entry_is_compared_with_itself(path):
    """Two keys can have one expression: where one of them is the other, by definition."""
    for cell in Chapter(path).cells:
        for keys in compared(cell.python):
            entries = [FORMULAS[key].expression for key in keys if key]
            assert len(set(entries)) == len(entries), keys


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_proofs_can_fail_and_cells_can_run_again(path):
    names: dict = {"__name__": "__main__"}
    for cell in Chapter(path).cells:
        run(cell.python, names)
        for key in cell.proves:
            if FORMULAS[key].kind in DERIVED or f'formula["{key}"]' in cell.code:
                assert is_noticed(key, cell.python, names), (key, cell.code)
        if "hide-input" not in cell.tags:  # those are plots and long samplings
            run(cell.python, names)
