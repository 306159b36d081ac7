"""What formatters leave to people: length of lines and functions, and pages for contributors."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WIDEST = 100  # columns
LONGEST = 80  # lines of a function, apart from its docstring
GUIDES = ("README.md", "CONTRIBUTING.md")
FOLDERS = "gausslib|widgets|book|booksite|notebooks|tests|reference|benchmark|sitecheck|static"
MADE = ("gausslib/widgets/static/", "benchmark/results.json", "notebooks/NN-name.md")


def tracked(*suffixes: str) -> list[Path]:
    """The project's files of some kinds, without what is generated."""
    listed = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
    )
    paths = [ROOT / name for name in listed.splitlines()]
    found = [path for path in paths if path.suffix in suffixes and path.is_file()]
    assert found
    return found


def test_no_line_is_too_wide():
    wide = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked(".py", ".js", ".mjs", ".ts", ".css")
        for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1)
        if len(line) > WIDEST
    ]
    assert wide == []


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, apart from its docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    return lines - (function.body[0].end_lineno - function.body[0].lineno + 1)


def test_no_function_is_too_long():
    """In Python; Biome says it of JavaScript."""
    functions = [
        (path.relative_to(ROOT).as_posix(), node)
        for path in tracked(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(functions) > 1000
    assert [f"{name}: {node.name}" for name, node in functions if length(node) > LONGEST] == []


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_wrapped_and_names_what_is_there(name):
    text = (ROOT / name).read_text(encoding="utf8")
    prose = re.sub(r"^(\||!\[).*$|^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert [line for line in prose.splitlines() if len(line) > WIDEST] == []
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text)
    assert len(named) > 5
    assert [path for path in named if not (path in MADE or found(path))] == []


def found(path: str) -> bool:
    """Whether a path is there, from the project's root or a folder that a reader knows by now."""
    folders = ("", "gausslib", "book/_extension")
    return any((ROOT / folder / path).exists() for folder in folders)


def test_the_guide_for_contributors_is_short():
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf8").split()) <= 700
