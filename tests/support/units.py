"""Pairs of unit vectors for the tests of the orthogonal maps."""

import numpy as np

KINDS = ("generic", "near", "opposite", "axes")


def unit(x: np.ndarray) -> np.ndarray:
    """Vectors along the last axis, made unit vectors."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def random_units(kind: str, d: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of unit vectors; near or opposite ones are 1e-17 to 1e-3 from ±a, or ±a."""
    rng = np.random.default_rng([1, KINDS.index(kind), d])
    a = unit(rng.standard_normal((count, d)))
    if kind == "generic":
        return a, unit(rng.standard_normal((count, d)))
    if kind == "axes":
        a, b = np.eye(d)[rng.integers(d, size=(2, count))]
        return a, rng.choice([-1, 1], (count, 1)) * b
    step = 10 ** rng.uniform(-17, -3, (count, 1)) * rng.standard_normal((count, d))
    step[: count // 10] = 0
    b = np.where(step == 0, a, unit(a + step))
    return a, (-b if kind == "opposite" else b)
