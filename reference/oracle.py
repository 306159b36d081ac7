"""The truth to compare with: the closed forms in 60 digits, on exactly the doubles given.

Covariances may be given as matrices of mpmath too, where they are products of what was given.
"""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from scipy.linalg import solve_triangular, svdvals

mp.mp.dps = 60
STEP = mp.mpf(10) ** -18  # of a difference quotient
UNITS = 120  # digits where coordinates have units from 1e-6 to 1e6: products of four span 1e48


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


def exact(array: Any) -> mp.matrix:
    """Doubles as a matrix of mpmath, a column for a vector."""
    return array if isinstance(array, mp.matrix) else mp.matrix(np.asarray(array).tolist())


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
    mean_p, cov_p, mean_q, cov_q = map(exact, (mean_p, cov_p, mean_q, cov_q))
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


def exact_chernoff_information(*pair: Any) -> mp.mpf:
    """Largest (1 - alpha) times the Rényi divergence of order alpha: its slope vanishes there."""
    delta, a, b = _exact(*pair)
    log_det_a, log_det_b = _log_det(a), _log_det(b)

    def distance(alpha: mp.mpf) -> mp.mpf:
        mixed = (1 - alpha) * a + alpha * b
        log_dets = _log_det(mixed) - (1 - alpha) * log_det_a - alpha * log_det_b
        return (alpha * (1 - alpha) * _quadratic(delta, mixed) + log_dets) / 2

    def slope(alpha: mp.mpf) -> mp.mpf:
        return (distance(alpha + STEP) - distance(alpha - STEP)) / (2 * STEP)

    # Near its top the distance is flat: twelve digits of alpha are 24 of the distance.
    low, high = 2 * STEP, 1 - 2 * STEP
    while high - low > mp.mpf(10) ** -12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return distance(low)


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


# --- maps and means --------------------------------------------------------------------


def _sqrt(matrix: mp.matrix) -> mp.matrix:
    values, axes = mp.eigsy(matrix)
    return axes * mp.diag([mp.sqrt(abs(x)) for x in values]) * axes.T


def exact_map(cov_p: Any, cov_q: Any) -> mp.matrix:
    """Symmetric positive definite T with T Σp T = Σq: with Σp = LLᵀ it is L⁻ᵀ(LᵀΣqL)^½L⁻¹."""
    with mp.workdps(UNITS):
        root = exact_cholesky(exact(cov_p))
        inverse = mp.inverse(root)
        return inverse.T * _sqrt(root.T * exact(cov_q) * root) * inverse


def exact_geodesic_cov(cov_p: Any, t: float, to_q: mp.matrix) -> mp.matrix:
    """Covariance at `t` on the way from p by the map `to_q`."""
    with mp.workdps(UNITS):
        way = (1 - mp.mpf(t)) * mp.eye(to_q.rows) + mp.mpf(t) * to_q
        return way * exact(cov_p) * way


def exact_mean_map(cov: Any, covs: Any, weights: Any) -> mp.matrix:
    """Mean of the maps from a covariance to others, the identity if it is their barycenter."""
    with mp.workdps(UNITS):
        parts = (mp.mpf(w) * exact_map(cov, other) for w, other in zip(weights, covs, strict=True))
        return sum(parts, mp.zeros(len(covs[0])))


def fixed_point_residual(cov: Any, covs: Any, weights: Any) -> float:
    """‖Σ wᵢ (S^½ Σᵢ S^½)^½ - S‖ relative to tr S, for S = `cov`, which may be singular."""
    with mp.workdps(UNITS):
        target = exact(cov)
        root = _sqrt(target)
        lack = -target
        for weight, other in zip(weights, covs, strict=True):
            lack += mp.mpf(weight) * _sqrt(root * exact(other) * root)
        return float(mp.norm(lack) / sum(target[i, i] for i in range(target.rows)))


def least_residual(cov: Any) -> float:
    """Smallest share of a variance that the other coordinates leave."""
    matrix = exact(cov)
    inverse = mp.inverse(matrix)
    return float(min(1 / (matrix[i, i] * inverse[i, i]) for i in range(matrix.rows)))


# --- hundreds of dimensions ------------------------------------------------------------
# Doubles are exact beside numbers that were given in single precision.


def double_kl(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> float:
    root_p, root_q = np.linalg.cholesky(cov_p), np.linalg.cholesky(cov_q)
    columns = np.column_stack([root_p, mean_p - mean_q])
    square = np.square(solve_triangular(root_q, columns, lower=True)).sum()
    log_dets = np.log(root_q.diagonal() / root_p.diagonal()).sum()
    return float((square - len(mean_p)) / 2 + log_dets)


def double_bhattacharyya(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> float:
    roots = [np.linalg.cholesky(cov) for cov in (cov_p, (cov_p + cov_q) / 2, cov_q)]
    p, mixed, q = (np.log(root.diagonal()).sum() for root in roots)
    z = solve_triangular(roots[1], mean_p - mean_q, lower=True)
    return float(z @ z / 8 + (mixed - (p + q) / 2))


def _double_root(cov: Any) -> Any:
    values, axes = np.linalg.eigh(cov)
    return axes * np.sqrt(np.maximum(values, 0))


def double_w2(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> float:
    # Eigenvalues of a product of covariances would lose half of the digits of thin directions.
    cross = svdvals(_double_root(cov_p).T @ _double_root(cov_q)).sum()
    shift = mean_p - mean_q
    return float(np.sqrt(shift @ shift + np.trace(cov_p) + np.trace(cov_q) - 2 * cross))
