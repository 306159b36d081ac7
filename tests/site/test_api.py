"""The API pages show every public name once, with its formulas; and every example is run."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    "gausslib",
    *(f"gausslib.{m}" for m in ("montecarlo", "symbolic", "formulas", "widgets")),
]


def public_objects():
    """Everything in `__all__` of the modules, and the methods and properties of the classes."""
    for module in map(importlib.import_module, MODULES):
        for name in module.__all__:
            item = getattr(module, name)
            yield f"{module.__name__}.{name}", item
            if inspect.isclass(item):
                for key, member in vars(item).items():
                    kinds = (property, classmethod, staticmethod)
                    if not key.startswith("_") and (
                        isinstance(member, kinds) or inspect.isfunction(member)
                    ):
                        yield f"{module.__name__}.{name}.{key}", getattr(item, key)


OBJECTS = dict(public_objects())


@pytest.fixture(scope="module")
def pages(html) -> str:
    paths = [html / "book/api.html", *sorted((html / "book/api").glob("*.html"))]
    return "".join(path.read_text(encoding="utf8") for path in paths)


def test_every_public_name_is_described_once(pages):
    described = re.findall(r'<dt class="sig sig-object py" id="([\w.]+)"', pages)
    assert sorted(described) == sorted(OBJECTS)


def test_every_function_and_class_stands_in_a_summary(pages):
    rows = re.findall(
        r'<tr class="row-\w+"><td><p><a class="reference internal"[^>]* title="([\w.]+)"', pages
    )
    summarised = {
        name
        for name, item in OBJECTS.items()
        if name.startswith("gausslib.Gaussian.")
        or ((inspect.isclass(item) or inspect.isfunction(item)) and "." not in item.__qualname__)
    }
    assert set(rows) == summarised


def test_every_displayed_formula_of_a_docstring_is_rendered(pages):
    docs = [inspect.getdoc(item) for item in OBJECTS.values() if callable(item)]
    written = sum(doc.count(".. math::") for doc in docs)
    assert written > 10
    assert pages.count('<span class="katex-display">') == written


def test_references_of_different_functions_do_not_clash(pages):
    """Each is called [1] in its docstring."""
    targets = re.findall(r'<div class="citation" id="([^"]+)"', pages)
    written = sum(
        len(re.findall(r"^\.\. \[", inspect.getdoc(item), re.MULTILINE))
        for item in OBJECTS.values()
        if callable(item)
    )
    assert len(targets) == len(set(targets)) == written > 10


def test_every_example_is_run():
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "gausslib"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    collected = {line.partition("::")[2] for line in done.stdout.splitlines()}
    functions = [
        item for item in OBJECTS.values() if inspect.isroutine(item) or inspect.isclass(item)
    ]
    names = {
        f"{item.__module__}.{item.__qualname__}"
        for item in functions
        if inspect.isroutine(item) or ">>> " in item.__doc__
    }
    assert len(names) > 25
    assert names <= collected


def test_search_finds_a_function_by_its_name(open_page, address):
    page = open_page(f"{address}/search.html?q=kl_divergence")
    result = page.locator('ul.search li a[href$="#gausslib.kl_divergence"]')
    result.first.wait_for()
    page.get_by_text(re.compile("finished, found")).wait_for()


def test_copying_an_example_gives_code_that_runs(open_page, address):
    page = open_page(
        f"{address}/book/api/divergences.html#gausslib.kl_divergence",
        permissions=["clipboard-read", "clipboard-write"],
    )
    example = page.locator("dl:has(> #gausslib\\.kl_divergence) div.highlight").first
    example.hover()
    example.locator("button.copybtn").click()
    code = page.evaluate("navigator.clipboard.readText()")
    assert ">>>" in example.text_content()
    names = {}
    exec(code, names)
    assert names["res"] == pytest.approx(float(names["ref"]))
