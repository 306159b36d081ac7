"""What several tests need: random pairs for the properties, and the batch against its members."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from gausslib import Gaussian
from reference.pairs import random_cov

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(1, 6)
separations = st.floats(-9, 1).map(lambda x: 10.0**x)
laws = settings(derandomize=True, max_examples=60, deadline=None)


def random_pair(seed: int, d: int, separation: float) -> tuple[Gaussian, Gaussian]:
    """Two Gaussians of the same size, whose difference is about `separation` of it."""
    rng = np.random.default_rng(seed)
    mean, cov = rng.standard_normal(d), random_cov(rng, d)
    matrix = np.eye(d) + separation * rng.standard_normal((d, d))
    return Gaussian(mean, cov), Gaussian(
        mean + separation * rng.standard_normal(d), matrix @ cov @ matrix.T + separation * cov
    )


def in_turn(seed: int, d: int, near: float, far: float) -> list[tuple[Gaussian, ...]]:
    """Three Gaussians, two of them near each other; each once the first, the second and the third.

    A metric is no longer from the first to the third than over the second.
    """
    p, q = random_pair(seed, d, near)
    _, r = random_pair(seed + 1, d, far)
    return [(p, q, r), (q, r, p), (r, p, q)]


def of_one_covariance(
    seed: int, d: int, separation: float
) -> tuple[tuple[Gaussian, Gaussian], tuple[Gaussian, Gaussian], float]:
    """A pair with one covariance, the standard one on the line that is as far, and how far."""
    rng = np.random.default_rng(seed)
    cov, shift = random_cov(rng, d), separation * rng.standard_normal(d)
    length = np.sqrt(shift @ np.linalg.solve(cov, shift))
    pair = Gaussian(np.zeros(d), cov), Gaussian(shift, cov)
    return pair, (Gaussian(0, 1), Gaussian(length, 1)), length


def named(function: Callable[..., Any]) -> str:
    """Name of a function in the list of tests, with the parameters that a partial one fixes."""
    fixed = getattr(function, "keywords", {})
    return "-".join([getattr(function, "func", function).__name__, *map(str, fixed.values())])


def assert_batch_agrees(functions: Iterable[Callable[..., Any]], pairs: list[Any]) -> None:
    """Every function gives for a batch what it gives for the single pairs."""
    p, q = (
        Gaussian([g.mean for g in side], [g.cov for g in side]) for side in zip(*pairs, strict=True)
    )
    for function in functions:
        ref = [function(*pair) for pair in pairs]
        np.testing.assert_allclose(function(p, q), ref, rtol=1e-11)
        assert isinstance(ref[0], np.float64)
