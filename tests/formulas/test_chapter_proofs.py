"""What the cells of a chapter assert of its formulas can fail, and holds however often they run.

Each proof runs once more with a wrong entry in the registry: then it must fail. So no cell compares
a thing with itself, and no assertion stands beside its formula for show.
"""

import re

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


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_proofs_can_fail_and_cells_can_run_again(path):
    names: dict = {"__name__": "__main__"}
    for cell in Chapter(path).cells:
        run(cell.python, names)
        for key in cell.proves:
            if FORMULAS[key].kind in DERIVED:
                assert is_noticed(key, cell.python, names), (key, cell.code)
            else:
                own = rf'same\([^)]*formula\["{key}"\]'
                assert re.search(own, cell.code) is None, (key, cell.code)
        run(cell.python, names)
