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
from scipy.linalg.lapack import dgesdd, dpotrf, dpstrf, dsyevd, dtrtrs

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Values = np.floating[Any] | npt.NDArray[np.floating[Any]]  # a number, or an array for a batch

# Below this size one LAPACK call is faster than skipping the zeros of a triangular matrix.
_BLOCK = 96

# ‖W - I‖² up to which the difference of two covariances is whitened, instead of comparing roots.
# Both forms were seen to be accurate to 5e-15 from 0.01 to 2: the first loses beyond, where the
# difference comes near -I, the second below, where its rounding error is divided by a small Ψ.
_NEAR = 0.05

# log1p(t) = 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + ...) with s = t/(2 + t).
_ARTANH = [1 / k for k in range(17, 2, -2)]


def pivot_floor(dim: int, eps: float) -> float:
    """Variance, relative to the coordinate's own, below which a pivot counts as zero."""
    return 8 * dim * eps


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


def sharp_cholesky(cov: Array, lost: Array | None = None) -> Array:
    """Cholesky factors whose small pivots are accurate too; NaN where there is none.

    A pivot is what subtraction leaves of a variance, so rounding costs it as many digits as it is
    smaller. Where that is more than one, Newton's method gives them back. `lost` is what rounding
    took from the covariances, if they are sums.
    """
    root = cholesky(cov)
    pivot = np.square(np.einsum("...ii->...i", root))
    lossy = (pivot < 0.05 * np.einsum("...ii->...i", cov)).any(-1)
    lost = np.zeros(cov.shape) if lost is None else lost
    return replace_where(lossy, root, _sharpened, root, cov, lost)


def product_difference(a: Array, b: Array, c: Array, d: Array) -> Array:
    """Ab - cd, accurate to the last digit or two however much of it cancels (Kahan)."""
    ab, ab_error = two_product(a, b)
    cd, cd_error = two_product(c, d)
    return (ab - cd) + (ab_error - cd_error)


def _sharpened(root: Array, cov: Array, lost: Array) -> Array:
    """Newton's method for S = LLᵀ, with a residual from doubled precision.

    If S = L(I + X)Lᵀ, the factor is L(I + Φ(X)) up to X²: Φ takes the lower half of a matrix.
    """
    scale, unit = unit_scale(cov)
    root = root / scale[..., None]
    lost = lost / scale[..., :, None] / scale[..., None, :]
    for _ in range(2):
        x = whiten(root, _residual(root, unit) + lost)
        x[~(np.abs(x).max((-2, -1)) < 0.1)] = 0.0  # singular up to rounding: nothing to gain
        root = root + root @ (np.tril(x, -1) + x * np.eye(x.shape[-1]) / 2)
        if (np.abs(x) < 1e-7).all():
            break
    return root * scale[..., None]


def _residual(root: Array, cov: Array) -> Array:
    """S - LLᵀ for variances near one, where the plain difference is nothing but rounding error."""
    # The head H of L is a multiple of 2⁻²⁵, so its product and the sums in it have no rounding
    # error. The rest of LLᵀ is 2⁻²⁵ times smaller, and so is its rounding error.
    head = np.round(root * 2.0**25) / 2.0**25
    tail = root - head
    rest = (head + tail / 2) @ tail.swapaxes(-2, -1)
    return (cov - head @ head.swapaxes(-2, -1)) - (rest + rest.swapaxes(-2, -1))


def solve_lower(lower: Array, rhs: Array) -> Array:
    """L⁻¹B for a lower triangular L."""
    if lower.ndim == 2 and rhs.ndim == 2 and rhs.size:
        # LAPACK reads columns first and sees Lᵀ, an upper triangle, without a copy.
        solution: Array = dtrtrs(lower.T, rhs, lower=0, trans=1)[0]
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


def excess(root: Array, other: Array, cov_p: Array, cov_q: Array, factor: Array) -> Array:
    """Ψ(W) = tr(WWᵀ) - d - log det(WWᵀ), where W = L⁻¹M compares the roots L and M of covariances.

    It is ‖W - I‖² + 2 Σ (wᵢᵢ - 1 - log wᵢᵢ): no term is negative, so nothing cancels. The two
    covariances differ by `factor` times Sp - Sq. Where they are near, W - I is rounding error, but
    the covariances are exact numbers: their difference keeps its digits if it is taken first.
    """

    def near(root: Array, cov_p: Array, cov_q: Array, factor: Array) -> Array:
        return excess_of_difference(factor * whiten(root, cov_p - cov_q))

    w = solve_lower_pair(root, other)
    diagonal = own_diagonal(w)
    pivots = diagonal.copy()
    diagonal -= 1
    size = squared_norm(w)
    close = size <= _NEAR
    if close.ndim == 0 and close:
        return near(root, cov_p, cov_q, factor)
    value = size + 2 * (diagonal - np.log(pivots)).sum(-1)
    return replace_where(close, value, near, root, cov_p, cov_q, factor)


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


def svd_of_product(root: Array, target: Array) -> tuple[Array, Array]:
    """U and Vᵀ of LᵀM = U diag(σ) Vᵀ, whatever the sizes of L and M."""
    left, right = (
        np.ldexp(m, -np.frexp(np.abs(m).max((-2, -1), keepdims=True))[1]) for m in (root, target)
    )
    u, _, vt = np.linalg.svd(left.swapaxes(-2, -1) @ right)
    return u, vt


def turned_to_fit(root: Array, target: Array) -> Array:
    """L Q with the orthogonal Q that brings it closest to `target` (orthogonal Procrustes)."""
    u, vt = svd_of_product(root, target)
    return root @ (u @ vt)


def symmetric_eigen(matrix: Array) -> tuple[Array, Array]:
    """Eigenvalues of symmetric matrices in ascending order, and eigenvectors as columns."""
    if matrix.ndim == 2:
        eigenvalues, basis, _ = dsyevd(matrix)
        return eigenvalues, basis
    return np.linalg.eigh(matrix)


def powers_of_two(variance: Array, zero: float = 1.0) -> Array:
    """Powers of two near the square roots: dividing by them rounds nothing. `zero` for zero."""
    exponent = np.frexp(variance)[1]
    return np.where(variance > 0, np.ldexp(1.0, exponent // 2), zero)


def unit_scale(cov: Array) -> tuple[Array, Array]:
    """Scale s and covariance S with cov = diag(s) S diag(s) and variances of S near one."""
    # A zero variance may have been one that is too small for a double. A covariance beside it that
    # would need a larger variance comes out huge, whatever the units are.
    scale = powers_of_two(np.diagonal(cov, axis1=-2, axis2=-1), zero=2.0**-511)
    return scale, cov / scale[..., :, None] / scale[..., None, :]


def pivoted_cholesky(cov: Array, floor: float) -> tuple[Array, npt.NDArray[np.intp], int]:
    """One covariance as C Cᵀ: a root C of `rank` columns, the order of the pivots, the rank.

    The rows of C in the order of the pivots are lower triangular. Variances are brought near one
    first, so that the verdict does not depend on the units of the coordinates.
    """
    scale, unit = unit_scale(cov)
    packed, pivots, rank, _ = dpstrf(unit, tol=floor, lower=1)
    order = pivots.astype(np.intp) - 1
    root = np.zeros_like(cov)
    root[order] = np.tril(packed)
    root[:, rank:] = 0
    return scale[:, None] * root, order, int(rank)


def common_support(
    cov_p: Array, cov_q: Array, delta: Array, size: Array, floor: float
) -> npt.NDArray[np.intp] | None:
    """Coordinates that determine all others on the common support, or None if supports differ.

    Two Gaussians on one plane are as far apart as their marginals on the pivots of a covariance,
    which are not singular.
    """
    pivots = pivots_of_support(cov_p, cov_q, delta, size, floor)
    if pivots is None or pivoted_cholesky(cov_p, floor)[2] != pivots.size:
        return None
    return pivots


def pivots_of_support(
    cov_p: Array, cov_q: Array, delta: Array, size: Array, floor: float
) -> npt.NDArray[np.intp] | None:
    """Coordinates that determine all others on the support of q; None if p does not live there.

    The support of a singular Gaussian is a plane: x_K - m_K = C (x_J - m_J), where J are the pivots
    of its covariance, K the others, and C = S_KJ S_JJ⁻¹. `delta` is the difference of the means,
    `size` the magnitude of the means (their rounding error is proportional to it).
    """
    root, order, rank = pivoted_cholesky(cov_q, floor)
    scale = powers_of_two(np.diagonal(cov_q))
    delta, size = (delta / scale)[order], (size / scale)[order]
    other = (cov_p / scale[:, None] / scale)[np.ix_(order, order)]
    root = (root / scale[:, None])[order]
    head, tail = root[:rank, :rank], root[rank:, :rank]
    inverse = solve_lower(head, np.eye(rank))
    c = tail @ inverse
    annihilator = np.hstack([-c, np.eye(len(order) - rank)])

    # Off the plane? In the mean: beyond the rounding of the means and of C. In the variance of p:
    # beyond the rounding of the sums that should vanish.
    rounding = np.abs(annihilator) @ size
    rounding += np.abs(annihilator).sum(-1) * np.abs(inverse.T @ (inverse @ delta[:rank])).sum()
    if (np.abs(annihilator @ delta) > floor * rounding).any():
        return None
    variance = ((annihilator @ other) * annihilator).sum(-1)
    magnitude = ((np.abs(annihilator) @ np.abs(other)) * np.abs(annihilator)).sum(-1)
    if (variance > floor * magnitude).any():
        return None
    return order[:rank]


def replace_where(
    mask: Mask, values: Array, function: Callable[..., Array], *matrices: Array
) -> Array:
    """`values`, with function(*matrices) where the mask is true, computed only there."""
    if mask.ndim == 0:  # a single pair stays off the slower path for stacks
        return function(*matrices) if mask else values
    if not mask.any():
        return values
    chosen = [np.broadcast_to(m, mask.shape + m.shape[-2:])[mask] for m in matrices]
    values = values.copy()
    values[mask] = function(*chosen)
    return values
