"""The page of notation has every letter of the chapters, where it is first used, and its jobs."""

import re

import pytest
from support.chapters import FENCED, PATHS, ROOT

from gausslib.formulas import FORMULAS

NOTATION = (ROOT / "book" / "notation.md").read_text(encoding="utf8")
MATH = re.compile(r"\$\$(.*?)\$\$|\$([^$]+)\$", re.DOTALL)
FIRST_USE = r"\[[^\]]*\]\(\.\./notebooks/([\w-]+)\.md\)"
ROW = re.compile(rf"^\| (\$.*?) \| (.*) \| {FIRST_USE} \|$", re.MULTILINE)
DOUBLE = re.compile(r"^\| \$([^$]+)\$ \| (?!.*\]\().* \| .* \|$", re.MULTILINE)
# A letter or an operator of a formula; words in \text and the names of commands are none.
TOKEN = re.compile(
    r"\\operatorname\{(\w+)\}|\\math(?:cal|bb)\{(\w)\}"
    r"|\\(alpha|beta|gamma|delta|Delta|varepsilon|epsilon|theta|Theta|kappa|lambda|Lambda|mu|nu|xi"
    r"|pi|rho|sigma|Sigma|tau|phi|Phi|chi|psi|omega|Omega|ell)(?![a-zA-Z])"
    r"|(?<![a-zA-Z\\{])([a-zA-Z])(?![a-zA-Z])|(?<=\{)([a-zA-Z])(?![a-zA-Z])"
)


def spaced(text: str) -> str:
    """The formulas of Markdown, in one line each, without words."""
    found = [first or second for first, second in MATH.findall(FENCED.sub("", text))]
    plain = (re.sub(r"\\(?:text|tag)\{[^}]*\}|\\[,;!]|\s+", " ", tex) for tex in found)
    alike = (re.sub(r"\\mathcal\s*(\w)", r"\\mathcal{\1}", tex) for tex in plain)
    return "\n".join(tex.replace(r"\Vert", r"\|") for tex in alike)


def formulas(text: str) -> str:
    """The same without white space."""
    return spaced(text).replace(" ", "")


CHAPTERS = {path.stem: formulas(path.read_text(encoding="utf8")) for path in PATHS}
# What later chapters will display.
REGISTRY = formulas("".join(f"${formula.tex}$" for formula in FORMULAS.values()))
FIRST_USES = [
    (symbol, chapter)
    for symbols, _, chapter in ROW.findall(NOTATION)
    for symbol in re.findall(r"\$([^$]+)\$", symbols)
]


def uses(text: str, symbol: str) -> bool:
    """Whether formulas have a symbol; of what has a name of several letters, its name."""
    (name,) = formulas(f"${symbol}$").splitlines()
    if name.startswith((r"\operatorname", r"\mathcal")):
        name = name.partition("(")[0]
    return re.search(rf"(?<![a-zA-Z\\]){re.escape(name)}(?![a-zA-Z])", text) is not None


@pytest.mark.parametrize(("symbol", "chapter"), FIRST_USES)
def test_a_symbol_is_first_used_where_the_page_says(symbol, chapter):
    assert next((name for name, tex in CHAPTERS.items() if uses(tex, symbol)), None) == chapter


def test_every_letter_of_the_chapters_is_on_the_page():
    def letters(tex):
        return {next(filter(None, groups)) for groups in TOKEN.findall(tex)}

    known = letters(spaced(NOTATION))
    for path in PATHS:
        assert letters(spaced(path.read_text(encoding="utf8"))) - known == set(), path.stem


def test_a_letter_with_two_meanings_is_used():
    letters = DOUBLE.findall(NOTATION)
    assert len(letters) >= 8
    for letter in letters:
        assert any(uses(tex, letter) for tex in (*CHAPTERS.values(), REGISTRY)), letter
