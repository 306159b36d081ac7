"""What the JavaScript of the figures says of them, which the bundler writes out for Python."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["STATIC", "Field", "fields_of", "label_of"]

STATIC = Path(__file__).parent / "static"
_FILE = STATIC / "figures.json"
if not _FILE.is_file():
    raise FileNotFoundError(f"{_FILE} is missing: it is bundled by `make bundle`")
_DEFINITIONS: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Field:
    """A part of the state of a figure, as the browser has it."""

    start: Any
    #: What is legal, in words.
    expected: str
    #: The words of a choice, or of a list of words.
    options: tuple[str, ...]
    #: The numbers that bound what is legal, each by a name.
    limits: dict[str, float]


def fields_of(tag: str) -> dict[str, Field]:
    """Return the fields of a figure, by their names."""
    return {
        name: Field(
            start=_frozen(facts["start"]),
            expected=facts.get("expected", ""),
            options=tuple(facts.get("options", ())),
            limits=facts.get("limits", {}),
        )
        for name, facts in _definition(tag)["fields"].items()
    }


def label_of(tag: str) -> str:
    """Return what the picture of a figure shows, for those who do not see it."""
    return str(_definition(tag)["label"])


def _definition(tag: str) -> dict[str, Any]:
    if tag not in _DEFINITIONS:
        raise FileNotFoundError(f"{_FILE} has no {tag}: bundle it by `make bundle`")
    return dict(_DEFINITIONS[tag])


def _frozen(value: Any) -> Any:
    """Return lists as tuples, which may be the default of an argument."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
