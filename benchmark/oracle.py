"""The truth to compare with: the closed forms in 60 digits, on exactly the doubles given."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np

mp.mp.dps = 60


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


# The textbook formulas: with 60 digits cancellation does not matter.


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


def exact_renyi(alpha: float, *pair: Any) -> mp.mpf:
    """Rényi divergence of order alpha, neither 0 nor 1; infinite where the integral diverges."""
    delta, a, b = _exact(*pair)
    alpha = mp.mpf(alpha)
    mixed = (1 - alpha) * a + alpha * b
    try:
        root = exact_cholesky(mixed)
    except ZeroDivisionError:  # a pivot is zero
        return mp.inf
    if any(mp.im(root[i, i]) != 0 or root[i, i] == 0 for i in range(a.rows)):
        return mp.inf
    log_dets = _log_det(mixed) - (1 - alpha) * _log_det(a) - alpha * _log_det(b)
    return (alpha * _quadratic(delta, mixed) + log_dets / (1 - alpha)) / 2


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
