"""The state of the figures as traits: what is legal, and how it is written in an attribute.

A trait starts as the field of the figure in the browser does, and has its limits.
"""

from __future__ import annotations

import math
import sys
from typing import Any

import traitlets

from gausslib.widgets._definitions import Field

__all__ = [
    "Choice",
    "Ellipse",
    "Name",
    "Number",
    "Numbers",
    "State",
    "UnitVector",
    "Whole",
    "Words",
    "attribute",
]


def attribute(value: Any) -> str:
    """Write a trait's value as the element's attribute has it."""
    if not isinstance(value, list):
        return str(value)
    rows = any(isinstance(part, list) for part in value)
    return (";" if rows else ",").join(map(attribute, value))


class State(traitlets.TraitType[Any, Any]):
    """A trait of the state: synchronised, and refused with its name and what came."""

    def __init__(self, field: Field, start: Any) -> None:
        super().__init__(start)
        self.limits = field.limits
        self.tag(sync=True)

    def refuse(self, expected: str, value: Any) -> traitlets.TraitError:
        """Return the error to raise."""
        return traitlets.TraitError(f"{self.name}: expected {expected}, got {value!r}")


class Numbers(State):
    """As many finite numbers as the start has, as a list of floats."""

    def __init__(self, field: Field) -> None:
        super().__init__(field, [float(number) for number in field.start])
        self.expected, self.count = field.expected, len(field.start)

    def make_dynamic_default(self) -> list[float]:
        """Give each object a list of its own."""
        return list(self.default_value)

    def validate(self, obj: Any, value: Any) -> list[float]:
        """Return the numbers as floats, or raise TraitError naming the trait and the value."""
        try:
            if isinstance(value, str) or any(isinstance(number, str) for number in value):
                raise TypeError
            numbers = [float(number) for number in value]
        except (TypeError, ValueError):
            raise self.refuse(self.expected, value) from None
        if len(numbers) != self.count:
            raise self.refuse(self.expected, value)
        if not all(map(math.isfinite, numbers)):
            raise self.refuse("finite numbers", value)
        return self.checked(numbers)

    def checked(self, numbers: list[float]) -> list[float]:
        """Return the numbers, perhaps in another form, or raise TraitError."""
        return numbers


class Ellipse(Numbers):
    """The five numbers of an ellipse at one standard deviation."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse what is too thin, too small or too large for a figure."""
        x, y, s1, s2, angle = numbers
        least, largest = self.limits["smallestAxis"], self.limits["largest"]
        ratio, slack = self.limits["smallestRatio"], self.limits["ratioSlack"]
        if min(s1, s2) < least or max(s1, s2) > largest:
            raise self.refuse(f"semi-axes from {least:g} to {largest:g}", numbers)
        if min(s1, s2) < ratio * (1 - slack) * max(s1, s2):
            raise self.refuse(f"semi-axes with a ratio of at least {ratio:g}", numbers)
        if max(abs(x), abs(y), abs(angle)) > largest:
            raise self.refuse(f"a mean and an angle of at most {largest:g} in size", numbers)
        return numbers


class UnitVector(Numbers):
    """A vector of length 1: what is nearly one is made one, what is one to rounding stays."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse another length, and remove what is left of it."""
        length = math.hypot(*numbers)
        if not abs(length - 1) <= self.limits["slack"]:
            raise self.refuse("a vector of length 1", numbers)
        exact = abs(length - 1) <= 4 * sys.float_info.epsilon
        return numbers if exact else [number / length for number in numbers]


class Number(State):
    """One number in a range."""

    kind = "number"

    def __init__(self, field: Field) -> None:
        super().__init__(field, self.of_kind(field.start))
        self.least, self.greatest = field.limits["min"], field.limits["max"]

    def validate(self, obj: Any, value: Any) -> float:
        """Return a float in the range, or raise TraitError."""
        try:
            number = float("nan" if isinstance(value, str) else value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not (self.least <= number <= self.greatest and self.fits(number)):
            raise self.refuse(f"a {self.kind} from {self.least} to {self.greatest}", value)
        return self.of_kind(number)

    def of_kind(self, number: float) -> float:
        """Return a number that fits, in the type that it has here."""
        return float(number)

    def fits(self, number: float) -> bool:
        """Say whether a number in the range is one of the kind."""
        return True


class Whole(Number):
    """One whole number in a range."""

    kind = "whole number"

    def of_kind(self, number: float) -> int:
        """Return a number that fits as an int."""
        return int(number)

    def fits(self, number: float) -> bool:
        """Say whether a number is whole."""
        return number.is_integer()


class Choice(State):
    """One of several words."""

    def __init__(self, field: Field) -> None:
        super().__init__(field, field.start)
        self.options = field.options

    def validate(self, obj: Any, value: Any) -> str:
        """Return the word, or raise TraitError."""
        if not isinstance(value, str) or value not in self.options:
            raise self.refuse(f"one of {', '.join(self.options)}", value)
        return value


class Words(State):
    """Any of several words, separated by spaces."""

    def __init__(self, field: Field) -> None:
        super().__init__(field, field.start)
        self.options = field.options

    def validate(self, obj: Any, value: Any) -> str:
        """Return the words in their order, or raise TraitError."""
        if not isinstance(value, str) or not set(value.split()) <= set(self.options):
            raise self.refuse(f"words among {', '.join(self.options)}", value)
        return " ".join(word for word in self.options if word in value.split())


class Name(traitlets.TraitType[str, str]):
    """The name of a group or of an element: a letter, then letters, digits, - and _."""

    default_value = ""

    def validate(self, obj: Any, value: Any) -> str:
        """Return the name, or raise TraitError."""
        plain = (
            isinstance(value, str) and value.replace("-", "_").isidentifier() and value.isascii()
        )
        if not (plain and value[0].isalpha()) and value != "":
            expected = "a name of letters, digits, - and _ that begins with a letter"
            raise traitlets.TraitError(f"{self.name}: expected {expected}, got {value!r}")
        return str(value)
