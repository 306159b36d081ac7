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
