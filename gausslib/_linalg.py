"""The careful floating point, with the reason beside every trick.

All functions take stacks of matrices, shape ``(..., d, d)``, and work on a whole stack at once.
A *root* of a covariance S is any matrix L with S = L Lᵀ: the Cholesky factor where there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg.blas import dtrsm
from scipy.linalg.lapack import dgesdd, dpotrf, dsyevd

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Values = np.floating[Any] | npt.NDArray[np.floating[Any]]  # a number, or an array for a batch

# Below this size one LAPACK call is faster than skipping the zeros of a triangular matrix.
_BLOCK = 96

# log1p(t) = 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + ...) with s = t/(2 + t).
_ARTANH = [1 / k for k in range(17, 2, -2)]


def squared_norm(matrix: Array) -> Array:
    """Squared Frobenius norm."""
    if matrix.ndim == 2:
        flat = matrix.ravel(order="K")  # no copy, whichever index runs first
        return flat @ flat
    flat = matrix.reshape(*matrix.shape[:-2], matrix.shape[-2] * matrix.shape[-1])
    return np.vecdot(flat, flat)


def own_diagonal(matrix: Array) -> Array:
    """Diagonals of new matrices, as a view that can be written to."""
    if matrix.ndim == 2:
        return matrix.ravel(order="K")[:: matrix.shape[-1] + 1]
    return np.einsum("...ii->...i", matrix)


def squared_length(vector: Array) -> tuple[Array, Array | float]:
    """Squared length of a vector and the unit of length that keeps it in the range of doubles."""
    square = np.vecdot(vector, vector)
    if within(square, 1e-280, 1e280):
        return square, 1.0
    exponent = np.frexp(np.abs(vector).max(-1))[1] - 1
    scaled = np.ldexp(vector, -exponent[..., None])
    return np.vecdot(scaled, scaled), np.ldexp(1.0, exponent)


def length(vector: Array) -> Array:
    """Euclidean length, of which no square overflows or underflows on the way."""
    square, unit = squared_length(vector)
    return np.sqrt(square) * unit


def every(mask: Mask) -> bool:
    """Whether the mask is true throughout, without a slow reduction of a single truth value."""
    return bool(mask) if mask.ndim == 0 else bool(mask.all())


def within(values: Array, low: float, high: float) -> bool:
    """Whether all values lie between the bounds."""
    return every((low < values) & (values < high))


def lower_entries(matrix: Array) -> tuple[Any, Any, Any]:
    """Entries 11, 21, 22 of 2×2 matrices: three arrays that are fast to compute with.

    For a single matrix plain numbers are faster still. They raise where arrays give inf or NaN.
    """
    if matrix.ndim == 2:
        (a, _), (b, c) = matrix.tolist()
        return a, b, c
    a, b, c = (np.ascontiguousarray(matrix[..., i, j]) for i, j in ((0, 0), (1, 0), (1, 1)))
    return a, b, c


def cholesky(matrix: Array) -> Array:
    """Cholesky factors, with NaN on the diagonal for matrices that are not positive definite."""
    if matrix.ndim == 2:
        # Called by itself LAPACK takes a fifth of the time that NumPy does for a small matrix. It
        # reads columns first and sees the transpose: its upper factor is our lower one.
        upper, failed = dpotrf(matrix.T)
        return np.full_like(matrix, np.nan) if failed else upper.T
    try:
        return np.linalg.cholesky(matrix).astype(np.float64, copy=False)
    except np.linalg.LinAlgError:
        root = np.zeros(matrix.shape)
    # NumPy gives up on the whole stack when one matrix fails: go on column by column, where the
    # square root of a negative pivot, or zero divided by zero, marks that matrix alone.
    with np.errstate(invalid="ignore", divide="ignore"):
        for j in range(matrix.shape[-1]):
            known = root[..., j:, :j] @ root[..., j, :j, None]
            column = matrix[..., j:, j] - known[..., 0]
            root[..., j:, j] = column / np.sqrt(column[..., :1])
    return root


def two_sum(a: Array, b: Array) -> tuple[Array, Array]:
    """Return the rounded sum, and exactly what rounding took from it (Knuth 1969)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def two_product(a: Array, b: Array) -> tuple[Array, Array]:
    """Return the rounded product, and exactly what rounding took from it (Dekker 1971)."""
    product = a * b
    a_head, a_tail = _halves(a)
    b_head, b_tail = _halves(b)
    return product, a_tail * b_tail - (
        ((product - a_head * b_head) - a_tail * b_head) - a_head * b_tail
    )


def _halves(x: Array) -> tuple[Array, Array]:
    """Split numbers into a leading and a trailing half of 26 binary digits (Veltkamp 1968)."""
    shifted = (2.0**27 + 1) * x
    head = shifted - (shifted - x)
    return head, x - head


def weighted_sum(a: Array, x: Array, b: Array, y: Array) -> tuple[Array, Array]:
    """Return ax + by, rounded, and what rounding took from it up to a double rounding."""
    first, lost_first = two_product(a, x)
    second, lost_second = two_product(b, y)
    total, lost = two_sum(first, second)
    return total, lost + (lost_first + lost_second)


def product_difference(a: Array, b: Array, c: Array, d: Array) -> Array:
    """Ab - cd, accurate to the last digit or two however much of it cancels (Kahan)."""
    ab, ab_error = two_product(a, b)
    cd, cd_error = two_product(c, d)
    return (ab - cd) + (ab_error - cd_error)


def solve_lower(lower: Array, rhs: Array) -> Array:
    """L⁻¹B for a lower triangular L."""
    if lower.ndim == 2 and rhs.ndim == 2 and rhs.size:
        # BLAS reads columns first and sees Lᵀ, an upper triangle, without a copy. LAPACK's dtrtrs
        # would do the same, but wakes threads even for two rows.
        solution: Array = dtrsm(1.0, lower.T, rhs, trans_a=1)
        return solution
    stack = np.broadcast_shapes(lower.shape[:-2], rhs.shape[:-2])
    out = np.empty(stack + rhs.shape[-2:])
    for i in range(lower.shape[-1]):
        rest = rhs[..., i, :]
        if i == 1:  # a product of matrices would cost more than its arithmetic
            rest = rest - lower[..., 1, 0, None] * out[..., 0, :]
        elif i > 1:
            rest = rest - (lower[..., i, None, :i] @ out[..., :i, :])[..., 0, :]
        out[..., i, :] = rest / lower[..., i, i, None]
    return out


def solve_lower_pair(lower: Array, other: Array) -> Array:
    """L⁻¹M for two lower triangular matrices: the result is lower triangular too."""
    dim = lower.shape[-1]
    if dim <= _BLOCK:
        return solve_lower(lower, other)
    # Halves: the zero block of M is never touched, which saves two thirds of the work.
    half = dim // 2
    top = solve_lower_pair(lower[..., :half, :half], other[..., :half, :half])
    coupling = other[..., half:, :half] - lower[..., half:, :half] @ top
    out = np.zeros((*np.broadcast_shapes(lower.shape[:-2], other.shape[:-2]), dim, dim))
    out[..., :half, :half] = top
    out[..., half:, :half] = solve_lower(lower[..., half:, half:], coupling)
    out[..., half:, half:] = solve_lower_pair(lower[..., half:, half:], other[..., half:, half:])
    return out


def solve_lower_transposed(lower: Array, rhs: Array) -> Array:
    """L⁻ᵀB for a lower triangular L: in the reverse order Lᵀ is lower triangular as well."""
    reverse = lower.swapaxes(-2, -1)[..., ::-1, ::-1]
    return solve_lower(reverse, rhs[..., ::-1, :])[..., ::-1, :]


def lower_triangle(root: Array) -> Array:
    """Lower triangular root L, with a diagonal that is not negative, of the covariance of a root.

    Householder's reflections keep the rows apart: each is as accurate as it is long.
    """
    upper = np.asarray(np.linalg.qr(root.swapaxes(-2, -1), mode="r"))
    sign = np.where(upper.diagonal(0, -2, -1) < 0, -1.0, 1.0)
    return (sign[..., :, None] * upper).swapaxes(-2, -1)


def whiten(root: Array, matrix: Array) -> Array:
    """L⁻¹ M L⁻ᵀ for a symmetric M: how large M is, measured by the covariance LLᵀ."""
    half = solve_lower(root, matrix)
    if half.ndim == 2 and half.size:
        whitened: Array = dtrsm(1.0, root.T, half, side=1, overwrite_b=1)
        return whitened
    return solve_lower(root, half.swapaxes(-2, -1))


def log1p_gap(t: Array) -> Array:
    """Gap t - log(1 + t) ≥ 0, which is about t²/2 near zero, where the difference would cancel."""
    size = np.vdot(t, t)  # the square of a bound of all |t|
    s = t / (2 + t)
    square = s * s
    # Only as many terms as change the sum.
    first, *rest = _ARTANH[-1:] if size < 1e-10 else _ARTANH[-3:] if size < 1e-4 else _ARTANH
    series: Array | float = first
    for coefficient in rest:
        series = series * square + coefficient
    # t - 2s = ts, so t - log1p(t) = ts - 2s³(1/3 + s²/5 + ...).
    gap = s * (t - 2 * series * square)
    return gap if size < 0.04 else np.where(np.abs(t) < 0.2, gap, t - np.log1p(t))


def excess_of_difference(g: Array) -> Array:
    """ψ(G) = tr G - log det(I + G), for a small symmetric G that is known accurately.

    It equals Ψ of the Cholesky factor W of I + G. The strict lower part of W is as small as G, so
    with cᵢ = Σ_{j<i} wᵢⱼ² the pivots 1 + tᵢ, tᵢ = gᵢᵢ - cᵢ, are known to full relative accuracy.
    """
    shifted = g.copy()
    own_diagonal(shifted)[...] += 1
    strict = cholesky(shifted)
    own_diagonal(strict)[...] = 0
    c = np.vecdot(strict, strict)
    t = g.diagonal(axis1=-2, axis2=-1) - c
    return (log1p_gap(t) + c).sum(-1)


def nuclear_norm(matrix: Array) -> Array:
    """Sum of the singular values."""
    if matrix.ndim == 2:
        return np.asarray(dgesdd(matrix, compute_uv=0)[1].sum())
    return np.linalg.svd(matrix, compute_uv=False).sum(-1)


def nuclear_norm_by_gram(matrix: Array) -> tuple[Array, Array]:
    """Sum of the singular values from the eigenvalues of MᵀM, and an estimate of its error.

    It takes half to a third of the time, but rounding in MᵀM spoils small singular values: to first
    order it changes the sum by ½ tr (MᵀM)^-½ E, where E is about eps times MᵀM.
    """
    eigenvalues = np.linalg.eigvalsh(matrix.swapaxes(-2, -1) @ matrix)
    singular = np.sqrt(eigenvalues)
    inverse = 1 / singular
    error = np.vecdot(inverse, inverse) * np.vecdot(eigenvalues, eigenvalues)
    return singular.sum(-1), np.finfo(np.float64).eps / 2 * np.sqrt(error)


def svd_by_gram(matrix: Array) -> tuple[Array, Array] | None:
    """U and Vᵀ of a square M = U diag(σ) Vᵀ from the eigenvectors V of MᵀM, in a third of the time.

    None where some singular values are so small that their left vectors are lost. The others are
    made orthogonal by Newton and Schulz's iteration, which turns them as little as possible.
    """
    if matrix.shape[0] != matrix.shape[1]:
        return None
    _, v = symmetric_eigen(matrix.T @ matrix)
    u = matrix @ v
    length = np.sqrt(np.square(u).sum(0))
    if not (length > 0).all():
        return None
    u /= length
    for _ in range(4):
        gap = u.T @ u
        own_diagonal(gap)[...] -= 1
        largest = np.abs(gap).max()
        if largest < 1e-14:
            return u, v.T
        if not largest < 0.01:
            return None
        u -= u @ gap / 2
        if largest < 1e-11:
            return u, v.T
    return None


def svd_of_product(root: Array, target: Array) -> tuple[Array, Array]:
    """U and Vᵀ of LᵀM = U diag(σ) Vᵀ, whatever the sizes of L and M."""
    left, right = (
        np.ldexp(m, -np.frexp(np.abs(m).max((-2, -1), keepdims=True))[1]) for m in (root, target)
    )
    u, _, vt = np.linalg.svd(left.swapaxes(-2, -1) @ right)
    return u, vt


def symmetric_eigen(matrix: Array) -> tuple[Array, Array]:
    """Eigenvalues of symmetric matrices in ascending order, and eigenvectors as columns."""
    if matrix.ndim == 2:
        eigenvalues, basis, _ = dsyevd(matrix)
        return eigenvalues, basis
    return np.linalg.eigh(matrix)


def replace_where(
    mask: Mask, values: Array, function: Callable[..., Array], *matrices: Array
) -> Array:
    """`values`, with function(*matrices) where the mask is true, computed only there."""
    if mask.ndim == 0:  # a single pair stays off the slower path for stacks
        return function(*matrices) if mask else values
    if not mask.any():
        return values
    if mask.all():
        everywhere = function(*matrices)
        whole = everywhere.shape == values.shape
        return everywhere if whole else np.broadcast_to(everywhere, values.shape).copy()
    chosen = np.nonzero(mask)  # found once, not for each array
    values = values.copy()
    values[chosen] = function(
        *(np.broadcast_to(m, mask.shape + m.shape[-2:])[chosen] for m in matrices)
    )
    return values
