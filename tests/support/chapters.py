"""The chapters as their tests read them: sections, cells with their options, sentences."""

import re
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "notebooks").glob("*.md"))
CELL = re.compile(r"^```\{code-cell\} ipython3\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
DISPLAY = re.compile(r"^ *\$\$\n(.*?)\n *\$\$(?: \((eq-[\w-]+)\))?$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


class Cell(NamedTuple):
    """A cell: what it does on the page, and its code."""

    options: dict
    code: str

    @classmethod
    def of(cls, source: str) -> "Cell":
        options = re.match(r"(?::.*\n)*", source)[0]
        read = [yaml.safe_load(line[1:]) for line in options.splitlines()]
        merged = {key: value for option in read for key, value in option.items()}
        return cls(merged, source[len(options) :])

    @property
    def tags(self) -> list[str]:
        return self.options.get("tags", [])

    @property
    def is_visible(self) -> bool:
        return not any(tag.startswith("hide-") for tag in self.tags)

    @property
    def is_hidden_in_lab(self) -> bool:
        return self.options.get("jupyter", {}).get("source_hidden", False)

    @property
    def is_stub(self) -> bool:
        return self.is_visible and "# your lines" in self.code

    @property
    def proves(self) -> list[str]:
        return self.options.get("proves", [])

    @property
    def prompt(self) -> str:
        return self.options.get("mystnb", {}).get("code_prompt_show", "")

    @property
    def lines(self) -> list[str]:
        return [line for line in self.code.splitlines() if line.strip()]

    @property
    def python(self) -> str:
        """The code without what only IPython reads."""
        return re.sub(r"^%.*$", "", self.code, flags=re.MULTILINE)


def prose(text: str) -> str:
    """What is read of Markdown: each formula is a word, code and options are none."""
    text = FENCED.sub("", text)
    text = DISPLAY.sub("", text)
    text = re.sub(r"^ *:{3,}.*$|^:\w+:.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\$[^$]+\$", "formula", text)
    text = re.sub(r"\{[\w:]+\}`([^`]*)`", r"\1", text)
    return LINK.sub(r"\1", text)


def words(text: str) -> list[str]:
    """The words of Markdown."""
    return [word for word in prose(text).split() if any(map(str.isalnum, word))]


def sentences(text: str) -> list[str]:
    """The sentences of Markdown, and the items of its lists."""
    blocks = re.split(r"\n\s*\n|^ *(?:[*|]|\d+\.) ", prose(text), flags=re.MULTILINE)
    return [each for block in blocks for each in re.split(r"(?<=[.?!:])\s+", block.strip())]


class Chapter:
    """A chapter's source, its cells, and its sections by heading; the head of it is ``""``."""

    def __init__(self, path: Path):
        self.name = path.stem
        self.text = path.read_text(encoding="utf8")
        body = re.sub(r"\A---\n.*?^---\n", "", self.text, flags=re.MULTILINE | re.DOTALL)
        parts = re.split(r"^## (.*)$", body, flags=re.MULTILINE)
        self.sections = dict(zip(["", *parts[1::2]], parts[::2], strict=True))

    def section(self, beginning: str) -> str:
        (found,) = (text for name, text in self.sections.items() if name.startswith(beginning))
        return found

    @cached_property
    def cells(self) -> list[Cell]:
        return [Cell.of(source) for source in CELL.findall(self.text)]

    @cached_property
    def before_exercises(self) -> str:
        names = list(self.sections)
        end = next(i for i, name in enumerate(names) if name.startswith("Exercises"))
        return "".join(f"## {name}\n{self.sections[name]}" for name in names[:end])
