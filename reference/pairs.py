"""The pairs of Gaussians that are measured: 132 stored ones, and fresh ones of the same families.

The tests of the library use the same pairs, the same targets and the same oracle.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

from reference.oracle import exact_bhattacharyya, exact_kl, exact_renyi, exact_w2, exact_w2_of_roots

STORED = Path(__file__).with_name("gaussian_pairs.json")

# Worst relative error allowed: KL; Bhattacharyya, Hellinger and Rényi; W2.
TARGETS = {
    "well": (2e-14, 2e-14, 5e-15),
    "diagonal": (2e-14, 2e-14, 5e-15),
    "far": (2e-14, 2e-14, 5e-15),
    "scale": (2e-14, 2e-14, 5e-15),
    "graded": (2e-14, 2e-14, 5e-15),
    "near_mean": (1e-14, 2e-14, 5e-15),
    "near_cov": (1e-14, 2e-14, 5e-15),
    "near_both": (1e-14, 2e-14, 5e-15),
    "near_ill": (3e-10, 3e-10, 2e-13),
    "cond_1e04": (2e-12, 1e-13, 5e-15),
    "cond_1e08": (1e-8, 1e-9, 5e-15),
    "cond_1e12": (2e-4, 2e-6, 5e-15),
    "sing_diff": (0, 0, 5e-15),
    "sing_same": (1e-14, 1e-14, 5e-15),
    "identical": (0, 0, 0),
}
# The same for pairs from far to near, across the switch between two formulas.
SWITCH_TARGETS = (2e-14, 1e-13, 1e-14)

Pair = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # mean and cov of p, then of q


class Case(NamedTuple):
    """One pair; `expected` maps names of quantities to numbers of high precision."""

    name: str
    mean_p: np.ndarray
    cov_p: np.ndarray
    mean_q: np.ndarray
    cov_q: np.ndarray
    expected: dict[str, Any]

    @property
    def family(self) -> str:
        return self.name.split("/")[0]

    @property
    def pair(self) -> Pair:
        return self.mean_p, self.cov_p, self.mean_q, self.cov_q


def reference_cases() -> list[Case]:
    return [_decode(case) for case in json.loads(STORED.read_text(encoding="utf-8"))["cases"]]


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


# --- random covariances ----------------------------------------------------------------


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


def thin_cov(rng: np.random.Generator, d: int, condition: float) -> np.ndarray:
    """A covariance with eigenvalues from 1/condition to 1 along random axes."""
    turn = random_orthogonal(rng, d)
    return symmetric((turn * np.geomspace(1 / condition, 1, d)) @ turn.T)


# --- fresh pairs -----------------------------------------------------------------------


def _apart(rng: np.random.Generator, cov_p: np.ndarray, cov_q: np.ndarray) -> Pair:
    d = len(cov_p)
    return rng.standard_normal(d), cov_p, rng.standard_normal(d), cov_q


def _well(rng: np.random.Generator, d: int) -> Pair:
    return _apart(rng, random_cov(rng, d), random_cov(rng, d))


def _diagonal(rng: np.random.Generator, d: int) -> Pair:
    return _apart(rng, *(np.diag(10 ** rng.uniform(-3, 3, d)) for _ in range(2)))


def _far(rng: np.random.Generator, d: int) -> Pair:
    mean_p, cov_p, mean_q, cov_q = _well(rng, d)
    return mean_p, cov_p, mean_q + 10 ** rng.uniform(2, 8), cov_q


def _scale(rng: np.random.Generator, d: int) -> Pair:
    mean_p, cov_p, mean_q, cov_q = _well(rng, d)
    unit_p, unit_q = 10 ** rng.uniform(-50, 50, 2)
    return unit_p * mean_p, unit_p**2 * cov_p, unit_q * mean_q, unit_q**2 * cov_q


def _graded(rng: np.random.Generator, d: int) -> Pair:
    mean_p, cov_p, mean_q, cov_q = _well(rng, d)
    units = np.geomspace(1e-4, 1e4, d) ** rng.choice([1, 2])
    outer = np.outer(units, units)
    return units * mean_p, outer * cov_p, units * mean_q, outer * cov_q


def _separation(rng: np.random.Generator) -> float:
    return 10.0 ** rng.choice([-3, -6, -9, -12])


def _near_mean(rng: np.random.Generator, d: int) -> Pair:
    mean, cov = rng.standard_normal(d), random_cov(rng, d)
    return mean, cov, mean + _separation(rng) * rng.standard_normal(d), cov


def _near_cov(rng: np.random.Generator, d: int) -> Pair:
    mean, cov = rng.standard_normal(d), random_cov(rng, d)
    return mean, cov, mean, near_cov(rng, cov, _separation(rng))


def _near_both(rng: np.random.Generator, d: int) -> Pair:
    mean, cov, other_mean, _ = _near_mean(rng, d)
    return mean, cov, other_mean, near_cov(rng, cov, _separation(rng))


def _near_ill(rng: np.random.Generator, d: int) -> Pair:
    mean, cov = rng.standard_normal(d), thin_cov(rng, d, 1e6)
    return mean, cov, mean, near_cov(rng, cov, _separation(rng))


def _thin(condition: float) -> Callable[[np.random.Generator, int], Pair]:
    def make(rng: np.random.Generator, d: int) -> Pair:
        return _apart(rng, thin_cov(rng, d, condition), thin_cov(rng, d, condition))

    return make


def _identical(rng: np.random.Generator, d: int) -> Pair:
    mean, cov = rng.standard_normal(d), random_cov(rng, d)
    return mean, cov, mean, cov


REGULAR: dict[str, Callable[[np.random.Generator, int], Pair]] = {
    "well": _well,
    "diagonal": _diagonal,
    "far": _far,
    "scale": _scale,
    "graded": _graded,
    "near_mean": _near_mean,
    "near_cov": _near_cov,
    "near_both": _near_both,
    "near_ill": _near_ill,
    "cond_1e04": _thin(1e4),
    "cond_1e08": _thin(1e8),
    "cond_1e12": _thin(1e12),
    "identical": _identical,
}


def _expected(pair: Pair) -> dict[str, mp.mpf]:
    bhattacharyya = exact_bhattacharyya(*pair)
    return {
        "kl_pq": exact_kl(*pair),
        "kl_qp": exact_kl(*pair[2:], *pair[:2]),
        "bhattacharyya": bhattacharyya,
        "hellinger": mp.sqrt(-mp.expm1(-bhattacharyya)),
        "renyi_03": exact_renyi(0.3, *pair),
        "renyi_2": exact_renyi(2.0, *pair),
        "w2": exact_w2(*pair),
    }


_QUANTITIES = ("kl_pq", "kl_qp", "bhattacharyya", "hellinger", "renyi_03", "renyi_2", "w2")
_ZERO = dict.fromkeys(_QUANTITIES, "0")  # 60 digits of the formulas would give 1e-60
_APART = dict.fromkeys(_QUANTITIES, "inf") | {"hellinger": "1"}


def _singular_cases(rng: np.random.Generator, d: int, name: str) -> Iterator[Case]:
    """Two Gaussians on one plane, and the first with one that lies beside the plane.

    Small integers keep every product exact, so that the support is one to the last bit.
    """
    rank = d - 1
    order = rng.permutation(d)
    embed = np.vstack([np.eye(rank), rng.integers(-3, 4, (1, rank))])[order]
    root_p, root_q = (
        np.tril(rng.integers(-1, 2, (rank, rank)), -1) + np.diag(rng.integers(1, 4, rank))
        for _ in range(2)
    )
    inside = np.zeros(rank), root_p @ root_p.T, rng.integers(-5, 6, rank), root_q @ root_q.T
    p = np.zeros(d), embed @ inside[1] @ embed.T
    mean, cov = embed @ inside[2], embed @ inside[3] @ embed.T
    beside = mean + (order == rank)

    roots = [mp.matrix((embed @ root).tolist()) for root in (root_p, root_q)]
    w2, w2_beside = (exact_w2_of_roots(mp.matrix(m.tolist()), *roots) for m in (mean, beside))
    yield Case(f"sing_same/{name}", *p, mean, cov, _expected(inside) | {"w2": w2})
    yield Case(f"sing_diff/{name}", *p, beside, cov, _APART | {"w2": w2_beside})


def fresh_cases(
    rng: np.random.Generator, dims: tuple[int, ...] = (2, 3, 5), count: int = 2
) -> list[Case]:
    """`count` pairs of each family in each dimension, with what an exact computation says."""
    cases = []
    for d in dims:
        for i in range(count):
            for family, make in REGULAR.items():
                pair = make(rng, d)
                expected = _ZERO if family == "identical" else _expected(pair)
                cases.append(Case(f"{family}/d{d}-{i}", *pair, expected))
            cases += _singular_cases(rng, d, f"d{d}-{i}")
    return cases
