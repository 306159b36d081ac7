"""Each public name is exported, documented in numpydoc form, and tested."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from support.public import OBJECTS

import gausslib

MODULES = [
    "alignment",
    "combining",
    "divergences",
    "fisher_rao",
    "gaussian",
    "gradients",
    "line",
    "moments",
    "orthogonal",
    "pairs",
    "samples",
    "transport",
    "variation",
]


def test_all_is_what_the_modules_export():
    exported = [name for m in MODULES for name in importlib.import_module(f"gausslib.{m}").__all__]
    missing = set(exported) ^ set(gausslib.__all__)
    assert not missing, f"export in gausslib/__init__.py what the module exports: {missing}"
    assert len(exported) == len(set(exported))
    assert list(gausslib.__all__) == sorted(gausslib.__all__)


def test_what_stands_in_a_module_is_exported_or_private():
    for module in map(importlib.import_module, (f"gausslib.{m}" for m in MODULES)):
        own = {
            name
            for name, item in vars(module).items()
            if getattr(item, "__module__", None) == module.__name__ and not name.startswith("_")
        }
        assert own <= set(module.__all__)


def test_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", gausslib.__version__)
    assert gausslib.__version__ == version("gausslib")


@pytest.mark.parametrize("name", OBJECTS)
def test_docstring(name):
    item = OBJECTS[name]
    doc = inspect.getdoc(item)
    sections = re.findall(r"^(\w[\w ]*)\n-+$", doc, re.MULTILINE)
    assert doc.split("\n")[0].endswith((".", ":")) or ": a " in doc.split("\n")[0]
    assert "Examples" in sections
    assert ">>> " in doc
    if inspect.isclass(item):
        return
    assert "Returns" in sections
    parameters = [p for p in inspect.signature(item).parameters if p != "self"]
    if parameters:
        assert {"Parameters", "Raises"} <= set(sections)
    described = doc.split("Returns\n")[0]
    missing = [p for p in parameters if not re.search(rf"^(\w+, )*{p}(, \w+)* : ", described, re.M)]
    assert not missing


@pytest.mark.parametrize("name", OBJECTS)
def test_is_tested(name):
    used = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            used |= {getattr(node, "id", None), getattr(node, "attr", None)}  # not imports
    assert name.split(".")[-1] in used


def test_the_core_imports_only_numpy_and_scipy():
    code = "import sys, gausslib; print(*{m.split('.')[0] for m in sys.modules})"
    command = [sys.executable, "-c", code]
    root = Path(gausslib.__file__).parents[1]
    loaded = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    assert not {"sympy", "matplotlib", "anywidget", "mpmath", "pytest"} & set(loaded.split())
