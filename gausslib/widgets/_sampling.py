"""Distances of two planar Gaussians estimated from samples, as ``src/closed-forms/estimators.js``.

The samples are x = μp + Lp z with the Cholesky factor and `standard_normals`. Everything is made of
Lp - Lq, so that no digits are lost where p and q are nearly the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from gausslib import Gaussian, bhattacharyya_distance, kl_divergence, w2_squared
from gausslib._linalg import Array
from gausslib.montecarlo import Estimate
from gausslib.widgets._random import standard_normals

__all__ = [
    "CLOSED_FORMS",
    "HALF_WIDTH_95",
    "Estimator",
    "has_finite_variance",
    "running_estimate",
    "sample_points",
]

Estimator = Literal["kl_plain", "kl_nonnegative", "bhattacharyya", "w2_squared"]

# What each estimator estimates.
CLOSED_FORMS: dict[Estimator, Callable[[Gaussian, Gaussian], Any]] = {
    "kl_plain": kl_divergence,
    "kl_nonnegative": kl_divergence,
    "bhattacharyya": bhattacharyya_distance,
    "w2_squared": w2_squared,
}

# Half the width of the 95 % interval of an estimate, in standard errors.
HALF_WIDTH_95 = 1.959963984540054


class _Lower(NamedTuple):
    """A lower triangular matrix [[a, 0], [b, d]]."""

    a: float
    b: float
    d: float


def running_estimate(
    kind: Estimator, p: Gaussian, q: Gaussian, seed: int, sizes: Sequence[int]
) -> list[Estimate]:
    """Return the estimates from the first samples of a seed, for rising sizes.

    The standard error is infinite where the variance of what is averaged is.
    """
    values = _averaged(kind, p, q, _normals(seed, sizes[-1]))
    running = _Running(has_finite_variance(kind, p, q), takes_log=kind == "bhattacharyya")
    estimates = []
    for size in sizes:
        for value in values[running.size : size].tolist():
            running.add(value)
        estimates.append(running.estimate())
    return estimates


def has_finite_variance(kind: Estimator, p: Gaussian, q: Gaussian) -> bool:
    """Whether the variance of an estimate is finite.

    That of `kl_nonnegative` is if q has less than twice the variance of p in every direction.
    """
    if kind != "kl_nonnegative":
        return True
    a, b, d = (2 * x - y for x, y in zip(_entries(p), _entries(q), strict=True))
    return a > 0 and a * d > b * b


def sample_points(p: Gaussian, seed: int, count: int) -> Array:
    """Return the first samples of p, the points that the estimates of this seed are made of."""
    lp, z = _cholesky(p), _normals(seed, count)
    return p.mean + np.stack([lp.a * z[0], lp.b * z[0] + lp.d * z[1]], -1)


def _normals(seed: int, count: int) -> Array:
    return standard_normals(seed, 2 * count).reshape(-1, 2).T


def _entries(p: Gaussian) -> tuple[float, float, float]:
    (a, b), (_, d) = p.cov.tolist()
    return a, b, d


def _cholesky(p: Gaussian) -> _Lower:
    a, b, d = _entries(p)
    l11 = math.sqrt(a)
    l21 = b / l11
    return _Lower(l11, l21, math.sqrt(d - l21 * l21))


def _difference(p: Gaussian, q: Gaussian, lp: _Lower, lq: _Lower) -> _Lower:
    """Lp - Lq, from the difference of the covariances."""
    da, db, dd = (x - y for x, y in zip(_entries(p), _entries(q), strict=True))
    d11 = da / (lp.a + lq.a)
    d21 = (2 * db - d11 * (lp.b + lq.b)) / (lp.a + lq.a)
    return _Lower(d11, d21, (dd - d21 * (lp.b + lq.b)) / (lp.d + lq.d))


def _log_ratio(p: Gaussian, q: Gaussian, z: Array) -> Array:
    """Log p(x)/q(x) at the samples x that z gives."""
    lp, lq = _cholesky(p), _cholesky(q)
    difference = _difference(p, q, lp, lq)
    # With e = Lq⁻¹(x - μq) - z = m + Vz the logarithm is e·(z + ½e) - log det(1 + V).
    dx, dy = (p.mean - q.mean).tolist()
    m1 = dx / lq.a
    m2 = (dy - lq.b * m1) / lq.d
    v11, v22 = difference.a / lq.a, difference.d / lq.d
    v21 = (difference.b - lq.b * v11) / lq.d
    e1, e2 = m1 + v11 * z[0], m2 + v21 * z[0] + v22 * z[1]

    def log(v: float, ratio: float) -> float:
        return math.log1p(v) if abs(v) < 0.1 else math.log(ratio)

    log_det = log(v11, lp.a / lq.a) + log(v22, lp.d / lq.d)
    return e1 * (z[0] + e1 / 2) + e2 * (z[1] + e2 / 2) - log_det


def _squared_move(p: Gaussian, q: Gaussian, z: Array) -> Array:
    """|x - Tx|² with the transport map T, at the samples x that z gives."""
    lp, lq = _cholesky(p), _cholesky(q)
    difference = _difference(p, q, lp, lq)
    # T Lp = Lq Q, where Q is the rotation [[c, -s], [s, c]] that makes Qᵀ LqᵀLp symmetric;
    # 1 - Q keeps its digits.
    along = lq.a * lp.a + lq.b * lp.b + lq.d * lp.d
    across = lq.d * difference.b - lq.b * difference.d
    length = math.sqrt(along * along + across * across)
    c, s = along / length, across / length
    k = s * s / (1 + c) if c > 0 else 1 - c
    dx, dy = (p.mean - q.mean).tolist()
    x = dx + (difference.a + lq.a * k) * z[0] + lq.a * s * z[1]
    y = dy + (difference.b + lq.b * k - lq.d * s) * z[0]
    y += (difference.d + lq.b * s + lq.d * k) * z[1]
    return x * x + y * y


def _exponential_gap(t: Array) -> Array:
    """Return e^t - 1 - t ≥ 0."""
    series = t * t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t / 720))))
    return np.where(np.abs(t) > 0.01, np.expm1(t) - t, series)


def _averaged(kind: Estimator, p: Gaussian, q: Gaussian, z: Array) -> Array:
    """Return what is averaged; of `bhattacharyya` its logarithm."""
    if kind == "w2_squared":
        return _squared_move(p, q, z)
    log_ratio = _log_ratio(p, q, z)
    if kind == "kl_plain":
        return log_ratio
    return -log_ratio / 2 if kind == "bhattacharyya" else _exponential_gap(-log_ratio)


class _Running:
    """A mean and its standard error, or minus the logarithm of a mean of exponentials."""

    def __init__(self, finite: bool, takes_log: bool) -> None:
        self.size = 0
        self._finite = finite
        self._takes_log = takes_log
        self._mean = 0.0
        self._squares = 0.0  # the sum of the squared deviations from the mean (Welford)
        self._top = -math.inf  # the largest logarithm so far; the terms are 1 - √(q/p) / exp(top)

    def add(self, value: float) -> None:
        if self._takes_log:
            if value > self._top:
                self._raise(value)
            value = -math.expm1(value - self._top)
        self.size += 1
        deviation = value - self._mean
        self._mean += deviation / self.size
        self._squares += deviation * (value - self._mean)

    def _raise(self, top: float) -> None:
        """Make the terms relative to a larger one.

        So no mean of √(q/p) is rounded to 0, and one near 1 keeps its digits.
        """
        change = math.expm1(self._top - top)
        self._mean += change * (self._mean - 1)
        self._squares *= (1 + change) ** 2
        self._top = top

    def estimate(self) -> Estimate:
        n = self.size
        finite = n > 1 and self._finite
        error = math.sqrt(self._squares / (n - 1) / n) if finite else math.inf
        if not self._takes_log:
            return Estimate(self._mean, error, n)
        value = 0 - self._top - math.log1p(-self._mean)
        return Estimate(value, error / (1 - self._mean), n)
