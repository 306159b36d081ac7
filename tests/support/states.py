"""Random states of figures, such as a reader comes to who drags, moves sliders and chooses."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gausslib.widgets._definitions import Field, fields_of

Draw = Callable[[np.random.Generator], Any]


def ellipse(rng: np.random.Generator) -> list[float]:
    """Five numbers; one ellipse in ten is so thin that it looks like a line."""
    long = rng.uniform(0.3, 2.5)
    short = long * (0.002 if rng.random() < 0.1 else rng.uniform(0.15, 1))
    return [*point(rng), *rng.permutation([long, short]), rng.uniform(-np.pi, np.pi)]


def box(rng: np.random.Generator) -> list[float]:
    """An ellipse's five numbers, with whole sides in place of the semi-axes."""
    x, y, a, b, angle = ellipse(rng)
    return [x, y, 2 * a, 2 * b, angle]


def point(rng: np.random.Generator) -> list[float]:
    return [rng.uniform(-3, 3), rng.uniform(-2, 2)]


def bell(rng: np.random.Generator) -> list[float]:
    return [rng.uniform(-3, 3), rng.uniform(0.2, 2)]


def shape(rng: np.random.Generator) -> list[float]:
    """Semi-axes and an angle; one ellipse in ten is so thin that it looks like a line."""
    long = rng.uniform(0.15, 1.1)
    short = long * (0.002 if rng.random() < 0.1 else rng.uniform(0.15, 1))
    return [*rng.permutation([long, short]), rng.uniform(-np.pi, np.pi)]


def weights(rng: np.random.Generator) -> list[float]:
    """Three weights with sum 1; in one state of ten one of them is 0."""
    shares = rng.dirichlet([1, 1, 1])
    if rng.random() < 0.1:
        shares[rng.integers(3)] = 0
    return list(shares / shares.sum())


def affine_map(rng: np.random.Generator) -> list[float]:
    """Two mild stretches, a turn and a shift."""
    turn, (u, v) = rng.uniform(-np.pi, np.pi), rng.uniform(0.4, 1.6, 2)
    c, s = np.cos(turn), np.sin(turn)
    return [u * c, -v * s, u * s, v * c, *rng.uniform(-1, 1, 2)]


def unit_vector(size: int) -> Draw:
    def draw(rng: np.random.Generator) -> list[float]:
        vector = rng.normal(size=size)
        return list(vector / np.linalg.norm(vector))

    return draw


DRAWS: dict[str, Draw] = {
    "five numbers mean_x, mean_y, semi_axis_1, semi_axis_2, angle": ellipse,
    "five numbers x, y, width, height, angle": box,
    "two numbers x, y": point,
    "two numbers mean, sd": bell,
    "three numbers semi_axis_1, semi_axis_2, angle": shape,
    "three weights w1, w2, w3": weights,
    "six numbers a11, a12, a21, a22, b1, b2": affine_map,
    "2 numbers, a vector of length 1": unit_vector(2),
    "3 numbers, a vector of length 1": unit_vector(3),
}
# Limits far beyond what anybody drags to.
FAR = 1e5


def value(field: Field, rng: np.random.Generator) -> Any:
    """A value of one field, or its start where nothing is said of it here."""
    if field.expected in DRAWS:
        numbers = np.array(DRAWS[field.expected](rng), dtype=float)
        if "narrowest" in field.limits:  # the deviations, after a mean if there is one
            deviations = {2: slice(1, 2), 3: slice(0, 2), 5: slice(2, 4)}[len(numbers)]
            narrowest, widest = field.limits["narrowest"], field.limits["widest"]
            numbers[deviations] = numbers[deviations].clip(narrowest, widest)
        return numbers.tolist()
    if field.options and field.start == "":
        return " ".join(word for word in field.options if rng.random() < 1 / 3)
    if field.options:
        return str(rng.choice(field.options))
    if "min" in field.limits:
        low, high = field.limits["min"], field.limits["max"]
        low, high = (low, high) if high < FAR else (max(low, -3), 3)
        is_whole = isinstance(field.start, int) and low >= 0 and high > 1
        return int(rng.integers(low, high + 1)) if is_whole else rng.uniform(low, high)
    return field.start


def ordinary_states(tag: str, count: int, seed: int) -> list[dict[str, Any]]:
    """States of a figure, with a third of its extras."""
    rng = np.random.default_rng(seed)
    fields = fields_of(tag)
    return [{name: value(field, rng) for name, field in fields.items()} for _ in range(count)]
