"""Squared Bures distance of two covariances: what it costs to change the shape of a Gaussian.

It is tr Σp + tr Σq - 2 tr(Σp^½ Σq Σp^½)^½. Each function here computes it where it is accurate.
"""

from __future__ import annotations

import numpy as np

from gausslib._factor import EPS, powers_of_two
from gausslib._linalg import (
    Array,
    Mask,
    every,
    lower_entries,
    nuclear_norm,
    nuclear_norm_by_gram,
    product_difference,
    replace_where,
    squared_norm,
    svd_by_gram,
    svd_of_product,
    symmetric_eigen,
    whiten,
    within,
)
from gausslib._pair import Pair

__all__ = ["bures_squared"]

# Below this share of tr Σp + tr Σq the squared distance is not taken as a difference of traces: it
# would lose more than a factor of 1/0.03 in accuracy, half of that in the root.
_CLOSE = 0.03

# Whitened difference of the covariances up to which the fixed point converges quickly.
_NEAR = 0.3
_STEPS = 40

# Size from which the Gram matrix of a single pair is tried; a batch gains from it at any size.
_LARGE = 64

# Relative error of the squared distance of such a pair for which nothing more is done.
_ENOUGH = 1e-11


def bures_squared(pair: Pair, regular: Mask) -> tuple[Array, Array | float]:
    """Squared Bures distance, and the unit of length in which it is measured.

    `regular` says where neither covariance is singular.
    """
    variances = _variances(pair.cov_p), _variances(pair.cov_q)
    if within((variances[0] + variances[1]) @ np.ones(pair.cov_p.shape[-1]), 1e-20, 1e20):
        return _cost(pair, regular), 1.0
    # Powers of the variances may leave the range of doubles: measure in a unit of the right size.
    unit = powers_of_two(np.maximum(*variances).max(-1))
    u = unit[..., None, None]
    once = pair.with_each(lambda a: a / u)
    # No variance of a regular covariance becomes zero, though it may be as good as zero.
    least = np.finfo(np.float64).tiny * regular[..., None, None] * np.eye(pair.cov_p.shape[-1])
    scaled = once._replace(cov_p=once.cov_p / u + least, cov_q=once.cov_q / u + least)
    return _cost(scaled, regular), unit


def _variances(cov: Array) -> Array:
    return cov.diagonal(0, -2, -1)


def _cost(pair: Pair, regular: Mask) -> Array:
    """Squared Bures distance, by a form that does not cancel."""
    dim = pair.cov_p.shape[-1]
    if dim == 1:
        return _line_cost(pair)
    if dim == 2 and regular.any():
        return pair.replace_where(~regular, _plane_cost(pair), _trace_cost)
    # A difference LELᵀ with a small E is small against Sp = LLᵀ; the converse takes a whitening.
    difference = pair.difference()
    alike = squared_norm(difference) <= _NEAR**2 * squared_norm(pair.cov_p)
    alike = np.asarray(alike & regular)
    cost = np.full(regular.shape, np.nan)
    cost = pair.replace_where(alike, cost, _near_cost, difference)
    return pair.replace_where(np.isnan(cost), cost, _trace_cost)


def _line_cost(pair: Pair) -> Array:
    """One dimension: the difference of the standard deviations, from that of the variances."""
    total = pair.root_p + pair.root_q
    gap = pair.difference() / np.where(total > 0, total, 1.0)
    return np.square(gap)[..., 0, 0]


def _plane_cost(pair: Pair) -> Array:
    """Two dimensions, regular, in closed form: t - 2F = (t² - 4F²) / (t + 2F).

    With t = tr Sp + tr Sq and M = LpᵀLq both squares are sums of squares:

        F² = (m₁₁ + m₂₂)² + (m₁₂ - m₂₁)²                       the nuclear norm, as det M > 0
        t² - 4F² = (tr (Sp - Sq))² + 4 (g₁₁ - g₂₂)² + 4 g₂₁²    with G = adj(Lq) Lp
    """
    p1, p21, p2 = lower_entries(pair.root_p)
    q1, q21, q2 = lower_entries(pair.root_q)
    ap, _, dp = lower_entries(pair.cov_p)
    aq, _, dq = lower_entries(pair.cov_q)
    a, d = ap - aq, dp - dq
    if pair.exact_roots:
        a, _, d = lower_entries(pair.difference())
    traces = (ap + aq) + (dp + dq)
    fidelity = np.sqrt((p1 * q1 + p21 * q21 + p2 * q2) ** 2 + (p21 * q2 - p2 * q21) ** 2)
    stretch = (a + d) ** 2
    turn = (p1 * q2 - p2 * q1) ** 2 + (p21 * q1 - p1 * q21) ** 2
    close = np.asarray(stretch + 4 * turn < _CLOSE * traces**2)
    turn = pair.replace_where(close, turn, _near_turn)
    return np.asarray((stretch + 4 * turn) / (traces + 2 * fidelity))


def _near_turn(pair: Pair) -> Array:
    """(g₁₁ - g₂₂)² + g₂₁² of `_plane_cost` from the difference of what was given.

    With W = Lq⁻¹Lp, G is W times √det Sq; wᵢᵢ² - 1 = xᵢ is known as accurately as the difference.
    """
    p1, _, p2 = lower_entries(pair.root_p)
    q1, q21, q2 = lower_entries(pair.root_q)
    if pair.exact_roots:
        g1, g21, g2 = lower_entries(pair.root_p - pair.root_q)
        gap, across = product_difference(g1, q2, g2, q1), product_difference(g21, q1, g1, q21)
        return np.asarray(np.square(gap) + np.square(across))
    ap, bp, dp = lower_entries(pair.cov_p)
    aq, bq, dq = lower_entries(pair.cov_q)
    cross = product_difference(aq, bp, ap, bq)
    inner = product_difference(aq, dp - dq, bq, bp - bq)
    g21 = (cross / ap) * (cross / aq)
    x1 = (ap - aq) / aq
    x2 = (inner - (bq / aq) * cross - g21) / (q1 * q2) / (q1 * q2)
    w1, w2 = p1 / q1, p2 / q2
    near = (abs(x1) < _NEAR) & (abs(x2) < _NEAR)
    gap = np.where(near, x1 / (1 + w1) - x2 / (1 + w2), w1 - w2)
    return np.square(q1 * q2 * gap) + g21


def _trace_cost(pair: Pair) -> Array:
    """Tr Sp + tr Sq - 2 tr(Sp^½ Sq Sp^½)^½, or another form where that cancels."""
    traces = (_variances(pair.cov_p) + _variances(pair.cov_q)).sum(-1)
    # tr(Sp^½ Sq Sp^½)^½ is the nuclear norm of LpᵀLq, whatever the roots are.
    if pair.root_p.ndim == pair.root_q.ndim == 2:
        if pair.root_p.shape[-1] >= _LARGE:
            return _large_cost(pair, traces)
        cost = traces - 2 * nuclear_norm(pair.root_p.T @ pair.root_q)
        return _procrustes_cost(pair) if cost < _CLOSE * traces else cost
    # The rotation that is none bounds the cost from above.
    close = np.asarray(squared_norm(pair.root_p - pair.root_q) < _CLOSE * traces)
    cost = np.full(close.shape, np.nan)
    cost = pair.replace_where(~close, cost, _difference_of_traces, traces[..., None, None])
    return pair.replace_where(np.isnan(cost), cost, _procrustes_cost)


def _difference_of_traces(pair: Pair, traces: Array) -> Array:
    """Costs of a batch as differences, or NaN where they cancel."""
    traces = traces[..., 0, 0]
    product = pair.root_p.swapaxes(-2, -1) @ pair.root_q
    fidelity, error = nuclear_norm_by_gram(product)
    close = traces - 2 * fidelity < _CLOSE * traces
    rough = ~close & ~(error <= 8 * EPS * (traces - 2 * fidelity))
    fidelity = replace_where(rough, fidelity, nuclear_norm, product)
    return np.where(close, np.nan, traces - 2 * fidelity)


def _large_cost(pair: Pair, traces: Array) -> Array:
    """Cost of one pair in many dimensions, by eigenvalues of one symmetric matrix where they do.

    In many dimensions errors have all signs. Divided by √d, the bound of the error of the Gram
    matrix was seen to be 4 to 300 times the error, for d from 64 to 1,024 and spectra from i^-½ to
    i⁻², and the traces to lose a few eps.
    """
    # A singular covariance has a root of as many columns as its rank.
    root_p, root_q = _without_zero_columns(pair.root_p), _without_zero_columns(pair.root_q)
    if root_p.shape[1] < root_q.shape[1]:
        root_p, root_q = root_q, root_p
    product = root_p.T @ root_q
    fidelity, error = nuclear_norm_by_gram(product)
    cost = traces - 2 * fidelity
    if error / np.sqrt(len(root_p)) + 4 * EPS * traces <= _ENOUGH * cost:
        return np.asarray(cost)
    if pair.same():
        return np.zeros(())
    found = svd_by_gram(product)
    u, vt = np.linalg.svd(product)[::2] if found is None else found
    a, b = root_p @ u, root_q @ vt.T
    matched = b.shape[1]
    return np.asarray(squared_norm(a[:, :matched] - b) + squared_norm(a[:, matched:]))


def _without_zero_columns(root: Array) -> Array:
    used = root.any(0)
    return root if used.all() else root[:, used]


def _procrustes_cost(pair: Pair) -> Array:
    """‖Lp U - Lq V‖², where LpᵀLq = U diag(σ) Vᵀ: the two roots, rotated to fit best."""
    u, vt = svd_of_product(pair.root_p, pair.root_q)
    if pair.exact_roots:
        # A pivot that only exact roots can have is lost in the product, and its sign with it. The
        # determinant of the product, and so of the best Q, is positive.
        mirrored = np.linalg.det(u @ vt) < 0
        u[..., -1] *= np.where(mirrored, -1.0, 1.0)[..., None]
    cost = squared_norm(pair.root_p @ u - pair.root_q @ vt.swapaxes(-2, -1))
    return np.where(pair.same(), 0.0, cost)


def _near_cost(pair: Pair, difference: Array) -> Array:
    """Cost from the difference Sp - Sq of the covariances; NaN where they are not near."""
    # The fixed point was seen to converge to the right root if the whitened difference is small.
    # Closeness against the traces would not do: a thin direction may change beyond recognition.
    size = squared_norm(whiten(pair.root_p, difference))
    if every(size == 0):
        return size
    cost = np.nan * size
    matrices = pair.cov_p, pair.root_p, -difference, size[..., None, None]
    return replace_where(size <= _NEAR**2, cost, _map_cost, *matrices)


def _map_cost(cov_p: Array, root_p: Array, difference: Array, size: Array) -> Array:
    """Cost ‖X Sp^½‖² of the transport map I + X to Sq = Sp + `difference`; NaN where it is noise.

    (I + X) Sp (I + X) = Sq is X Sp + Sp X + X Sp X = Sq - Sp. In the eigenbasis of Sp the linear
    part is a division, and the quadratic part is small: a fixed point.
    """
    eigenvalues, basis = symmetric_eigen(cov_p)
    to_basis = basis.swapaxes(-2, -1)
    largest = eigenvalues[..., -1]
    well = every(eigenvalues[..., 0] > 0.01 * largest)
    if not well:
        # The error of an eigenvalue is eps times the largest one. The variance along its
        # eigenvector, taken from the root, is a square and knows a small one to twice as many
        # digits. Below eps times the largest it is noise all the same: raising it to that changes
        # the cost by a rounding error of size · largest.
        root = to_basis @ root_p
        eigenvalues = np.vecdot(root, root)
        smallest = EPS * largest[..., None]
        raised = (eigenvalues < smallest).any(-1)
        eigenvalues = np.maximum(eigenvalues, smallest)
    difference = to_basis @ difference @ basis
    weight = eigenvalues[..., :, None] + eigenvalues[..., None, :]
    np.divide(np.sqrt(eigenvalues)[..., None, :], weight, out=weight)
    y = difference * weight  # X Sp^½
    size = size[..., 0, 0][()]
    enough = 1e-32 * squared_norm(y)
    step = np.empty_like(y)  # large arrays are reused: new ones would take longer than the sums
    for _ in range(_STEPS):
        np.matmul(y, y.swapaxes(-2, -1), out=step)
        np.subtract(difference, step, out=step)
        step *= weight
        step -= y
        y += step
        # The next step is shorter by a factor of at most the whitened difference.
        if every(squared_norm(step) * size <= enough):
            break
    cost = squared_norm(y)
    if not well:
        # Too small against that error, because nothing but the thinnest directions differs?
        cost = np.where(raised & (cost <= 1e-4 * size * largest), np.nan, cost)
    return cost
