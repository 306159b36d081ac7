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
        assert own
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


def used_by(program: str) -> tuple[set[int], set[str]]:
    """The objects of gausslib that a program loads, by identity, and the attributes that it reads.

    An import alone is no use; nor is a bare word, or an attribute of something imported from
    elsewhere, that happens to be the name of something here.
    """
    nodes = list(ast.walk(ast.parse(program)))
    known, foreign = {}, set()
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name
                if alias.name == "gausslib":
                    known[name] = gausslib
                elif getattr(node, "module", "").split(".")[0] == "gausslib":
                    known[name] = getattr(importlib.import_module(node.module), alias.name)
                else:
                    foreign.add(name)
    objects, attributes = set(), set()
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in known:
            objects.add(id(known[node.id]))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            owner = getattr(node.value, "id", None)
            if inspect.ismodule(known.get(owner)):
                objects.add(id(getattr(known[owner], node.attr, None)))
            elif owner not in foreign:
                attributes.add(node.attr)
    return objects, attributes


@pytest.fixture(scope="module")
def used():
    """What all tests of the library use of it."""
    paths = Path(__file__).parent.glob("test_*.py")
    found = [used_by(path.read_text(encoding="utf-8")) for path in paths]
    return tuple(set().union(*parts) for parts in zip(*found, strict=True))


@pytest.mark.parametrize("name", OBJECTS)
def test_is_tested(name, used):
    objects, attributes = used
    method = name.partition(".")[2]
    assert method in attributes if method else id(OBJECTS[name]) in objects


def test_use_is_more_than_a_word():
    kl, terms = id(gausslib.kl_divergence), id(gausslib.kl_terms)
    for unused in ("from gausslib import kl_divergence", "kl_divergence(p, q)", "np.kl_divergence"):
        assert kl not in used_by(f"import numpy as np\n{unused}")[0]
    assert used_by("from gausslib.montecarlo import entropy; entropy(p)")[1] == set()
    assert used_by("from gausslib import kl_divergence as kl; kl(p, q)")[0] == {kl}
    assert used_by("import gausslib; gausslib.kl_terms(p, q)")[0] >= {terms}
    assert used_by("import numpy as np; np.mean(x); p.affine(A)")[1] == {"affine"}


def test_the_core_imports_only_numpy_and_scipy():
    code = "import sys, gausslib; print(*{m.split('.')[0] for m in sys.modules})"
    command = [sys.executable, "-c", code]
    root = Path(gausslib.__file__).parents[1]
    loaded = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    assert {"gausslib", "numpy", "scipy"} <= set(loaded.split())
    assert not {"sympy", "matplotlib", "anywidget", "mpmath", "pytest"} & set(loaded.split())
