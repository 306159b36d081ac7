"""The best rotation between roots of covariances, whatever the units of the coordinates are.

With roots Σp = LpLpᵀ and Σq = LqLqᵀ everything in optimal transport follows from the singular value
decomposition LpᵀLq = U diag(σ) Vᵀ. The usual one knows a small singular value only up to rounding
in the largest: with one coordinate in micrometres and another in kilometres the map of the first is
lost. Two things keep it, and either alone does not. The coordinates are put in the order of falling
variances, so that the product of triangular roots falls off as they do; and its decomposition is by
rotations from one side (Jacobi), which compare columns only with each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dgejsv

from gausslib._linalg import Array, every, lower_triangle, solve_lower_transposed

__all__ = ["Match", "falling_order", "graded_svd", "in_order", "matched_roots"]

# Ratio of two variances up to which the usual decomposition, which is faster, loses two digits.
_UNEVEN = 64.0


class Match(NamedTuple):
    """Two triangular roots, coordinates in an order of their own, and LpᵀLq = U diag(σ) Vᵀ.

    Column k of LpU, a root of Σp, moves straight to column k of LqV in the best coupling.

    Attributes
    ----------
    lower_p, lower_q : ndarray, shape (..., d, d)
        The roots, divided by the powers of two whose exponents are below.
    u, sigma, v : ndarray, shapes (..., d, d), (..., d) and (..., d, d)
        The decomposition.
    place : ndarray of int, shape (..., d)
        Where each coordinate is found in the new order.
    exponent_p, exponent_q : ndarray of int, shape (...)
        The units of the two roots.
    """

    lower_p: Array
    lower_q: Array
    u: Array
    sigma: Array
    v: Array
    place: npt.NDArray[np.intp]
    exponent_p: npt.NDArray[np.intp]
    exponent_q: npt.NDArray[np.intp]

    def moved_columns(self) -> tuple[Array, Array]:
        """Roots A and B, coordinates in the given order: column by column A moves to B."""
        a, b = (
            np.ldexp(in_order(lower @ turn, self.place), exponent[..., None, None])
            for lower, turn, exponent in (
                (self.lower_p, self.u, self.exponent_p),
                (self.lower_q, self.v, self.exponent_q),
            )
        )
        return a, b

    def map(self) -> Array:
        """T = Lp⁻ᵀ U diag(σ) Uᵀ Lp⁻¹, symmetric and positive semi-definite as a square ZZᵀ."""
        z = solve_lower_transposed(self.lower_p, self.u * np.sqrt(self.sigma)[..., None, :])
        z = in_order(z, self.place)
        t = z @ z.swapaxes(-2, -1)
        t = t / 2 + t.swapaxes(-2, -1) / 2
        return np.ldexp(t, (self.exponent_q - self.exponent_p)[..., None, None])


def matched_roots(root_p: Array, root_q: Array) -> Match:
    """Match the roots of two covariances, of which the first is regular if the map is wanted."""
    exponent_p, exponent_q = (np.frexp(np.abs(r).max((-2, -1)))[1] for r in (root_p, root_q))
    root_p = np.ldexp(root_p, -exponent_p[..., None, None])
    root_q = np.ldexp(root_q, -exponent_q[..., None, None])
    size = np.abs(root_p).max(-1) * np.abs(root_q).max(-1)
    order = falling_order(size)
    lower_p, lower_q = (lower_triangle(in_order(root, order)) for root in (root_p, root_q))
    u, sigma, v = graded_svd(lower_p.swapaxes(-2, -1) @ lower_q, size)
    return Match(lower_p, lower_q, u, sigma, v, np.argsort(order), exponent_p, exponent_q)


def falling_order(size: Array) -> npt.NDArray[np.intp]:
    """Order in which sizes fall."""
    return np.argsort(-size, axis=-1, kind="stable")


def in_order(rows: Array, order: npt.NDArray[np.intp]) -> Array:
    """Rows of matrices in the given order; their batches are broadcast."""
    batch = np.broadcast_shapes(rows.shape[:-2], order.shape[:-1])
    rows = np.broadcast_to(rows, batch + rows.shape[-2:])
    order = np.broadcast_to(order, batch + order.shape[-1:])
    return np.take_along_axis(rows, order[..., None], -2)


def graded_svd(matrix: Array, size: Array) -> tuple[Array, Array, Array]:
    """U, σ and V of matrices whose columns may fall off, to the accuracy of each column.

    `size` holds what columns are compared by.
    """
    largest = size.max(-1, keepdims=True)
    if every(size > largest / _UNEVEN):
        u, sigma, vt = np.linalg.svd(matrix)
        return u, sigma, vt.swapaxes(-2, -1)
    if matrix.ndim == 2:
        return _jacobi_svd(matrix)
    u, v, sigma = np.empty_like(matrix), np.empty_like(matrix), np.empty(matrix.shape[:-1])
    for i in np.ndindex(matrix.shape[:-2]):
        u[i], sigma[i], v[i] = _jacobi_svd(matrix[i])
    return u, sigma, v


def _jacobi_svd(matrix: Array) -> tuple[Array, Array, Array]:
    # joba=0 is the variant for a well-conditioned matrix times any diagonal one.
    sigma, u, v, work, _, info = dgejsv(matrix, joba=0, jobu=0, jobv=0)
    if info > 0:
        raise np.linalg.LinAlgError("the rotations of a singular value decomposition did not end")
    return u, sigma * (work[0] / work[1]), v
