"""What several tests need: reference pairs, an oracle at high precision, random covariances."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from gausslib import Gaussian

mp.mp.dps = 60


class Case(NamedTuple):
    """One reference pair; `expected` maps names of quantities to decimal strings."""

    name: str
    mean_p: np.ndarray
    cov_p: np.ndarray
    mean_q: np.ndarray
    cov_q: np.ndarray
    expected: dict[str, str]

    @property
    def family(self) -> str:
        return self.name.split("/")[0]


def reference_cases() -> list[Case]:
    text = (Path(__file__).parent / "data" / "gaussian_pairs.json").read_text(encoding="utf-8")
    return [_decode(case) for case in json.loads(text)["cases"]]


def _decode(case: dict[str, Any]) -> Case:
    d = case["d"]
    arrays = []
    for key in ("mean_p", "cov_p", "mean_q", "cov_q"):
        numbers = np.frombuffer(base64.b64decode(case[key]), "<f8").astype(float)
        if key.startswith("cov"):
            lower = np.zeros((d, d))
            lower[np.tril_indices(d)] = numbers
            numbers = lower + np.tril(lower, -1).T
        arrays.append(numbers)
    return Case(case["name"], *arrays, case["expected"])


def relative_error(value: Any, reference: Any) -> float:
    """|value - reference| / reference; a zero or infinite reference must be met exactly."""
    value, reference = mp.mpf(float(value)), mp.mpf(reference)
    if mp.isnan(value) or value < 0:
        return np.inf
    if value == reference:
        return 0.0
    if reference == 0 or mp.isinf(reference) or mp.isinf(value):
        return np.inf
    return float(abs(value - reference) / reference)


# The oracle: textbook formulas with 60 digits, where cancellation does not matter.


def exact_cholesky(matrix: mp.matrix) -> mp.matrix:
    # mpmath.cholesky compares pivots with an absolute bound, which tiny covariances fail.
    n = matrix.rows
    root = mp.zeros(n)
    for j in range(n):
        root[j, j] = mp.sqrt(matrix[j, j] - sum(root[j, k] ** 2 for k in range(j)))
        for i in range(j + 1, n):
            known = sum(root[i, k] * root[j, k] for k in range(j))
            root[i, j] = (matrix[i, j] - known) / root[j, j]
    return root


def _log_det(matrix: mp.matrix) -> mp.mpf:
    root = exact_cholesky(matrix)
    return 2 * sum(mp.log(root[i, i]) for i in range(matrix.rows))


def _quadratic(delta: mp.matrix, matrix: mp.matrix) -> mp.mpf:
    return (delta.T * mp.inverse(matrix) * delta)[0]


def _exact(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> tuple[mp.matrix, ...]:
    mean_p, cov_p, mean_q, cov_q = (
        mp.matrix(np.asarray(a).tolist()) for a in (mean_p, cov_p, mean_q, cov_q)
    )
    return mean_p - mean_q, cov_p, cov_q


def exact_kl(*pair: Any) -> mp.mpf:
    delta, a, b = _exact(*pair)
    product = mp.inverse(b) * a
    trace = sum(product[i, i] for i in range(a.rows))
    return (_quadratic(delta, b) + trace - a.rows - _log_det(a) + _log_det(b)) / 2


def exact_bhattacharyya(*pair: Any) -> mp.mpf:
    delta, a, b = _exact(*pair)
    m = (a + b) / 2
    return _quadratic(delta, m) / 8 + (_log_det(m) - (_log_det(a) + _log_det(b)) / 2) / 2


def exact_w2(*pair: Any) -> mp.mpf:
    delta, a, b = _exact(*pair)
    return exact_w2_of_roots(delta, exact_cholesky(a), exact_cholesky(b))


def exact_w2_of_roots(delta: mp.matrix, root_p: mp.matrix, root_q: mp.matrix) -> mp.mpf:
    """W2 from any roots of the covariances, so that singular ones have an oracle too."""
    product = root_p.T * root_q
    eigenvalues = mp.eigsy(product.T * product, eigvals_only=True)
    traces = sum(x**2 for root in (root_p, root_q) for x in root)
    fidelity = sum(mp.sqrt(abs(x)) for x in eigenvalues)
    return mp.sqrt((delta.T * delta)[0] + traces - 2 * fidelity)


# Random covariances


def symmetric(matrix: np.ndarray) -> np.ndarray:
    return (matrix + matrix.swapaxes(-2, -1)) / 2


def random_cov(rng: np.random.Generator, d: int, batch: tuple[int, ...] = ()) -> np.ndarray:
    """Well-conditioned covariances."""
    x = rng.standard_normal((*batch, d, d + 2))
    return symmetric(x @ x.swapaxes(-2, -1) / d + 0.1 * np.eye(d))


def near_cov(rng: np.random.Generator, cov: np.ndarray, separation: float) -> np.ndarray:
    """A covariance L(I + E)Lᵀ near cov = LLᵀ, with ‖E‖ = separation or a little more."""
    d = len(cov)
    root = np.linalg.cholesky(cov)
    e = rng.standard_normal((d, d))
    e = e @ e.T if separation > 0.5 else e + e.T  # a large E must not be negative
    return cov + symmetric(root @ (separation * e / np.linalg.norm(e)) @ root.T)


def random_orthogonal(rng: np.random.Generator, d: int) -> np.ndarray:
    q, r = np.linalg.qr(rng.standard_normal((d, d)))
    return q * np.sign(np.diag(r))


# --- random pairs for the properties ---------------------------------------------------

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


def assert_batch_agrees(functions: Iterable[Callable[..., Any]], pairs: list[Any]) -> None:
    """Every function gives for a batch what it gives for the single pairs."""
    p, q = (
        Gaussian([g.mean for g in side], [g.cov for g in side]) for side in zip(*pairs, strict=True)
    )
    for function in functions:
        ref = [function(*pair) for pair in pairs]
        np.testing.assert_allclose(function(p, q), ref, rtol=1e-11)
        assert isinstance(ref[0], np.float64)
