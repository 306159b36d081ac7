"""Roots of covariances: the sharp Cholesky factor, and the verdict which covariances are singular.

A covariance is singular where a pivot, with all variances scaled to one, is no larger than the
rounding of the numbers given. The order of the coordinates must not matter for that.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpstrf, dtrtri

from gausslib._linalg import (
    Array,
    Mask,
    cholesky,
    every,
    replace_where,
    solve_lower,
    solve_lower_transposed,
    whiten,
    within,
)

__all__ = [
    "EPS",
    "Factor",
    "factor_of_cov",
    "factor_of_precision",
    "factor_of_root",
    "pivot_floor",
    "pivoted_cholesky",
    "powers_of_two",
    "require_semi_definite",
    "sharp_cholesky",
    "sharpened",
    "unit_scale",
]

EPS = float(np.finfo(np.float64).eps)

# Pivot, as a deviation relative to the coordinate's own, that is beyond doubt; and from which on
# the rounding of the subtractions before it costs no more than a digit.
_CLEAR = 0.05**0.5

# Size from which pivots of a single covariance are made sharp when they are asked for, and how far
# above the bound of a zero pivot the rounding of a plain factor cannot matter.
_LARGE = 256
_BEYOND_DOUBT = 1e4


class Factor(NamedTuple):
    """A root of each covariance of a batch, and what is known of its rank.

    Attributes
    ----------
    root : ndarray, shape (..., d, d)
        root rootᵀ is the covariance; the Cholesky factor where that is regular.
    regular : ndarray of bool, shape (...)
        Which covariances are not singular.
    order : ndarray of int, shape (..., d), or None
        The coordinates in the order of the pivots; the first `rank` of them determine the rest.
        None where all covariances are regular.
    rank : ndarray of int, shape (...), or None
        Number of pivots that are not zero; None where all covariances are regular.
    exact : bool
        Whether the roots are what was given, so that the covariances are rounded and they are not.
    rough : bool
        Whether small pivots have yet to be made sharp, by `sharpened`.
    """

    root: Array
    regular: Mask
    order: npt.NDArray[np.intp] | None = None
    rank: npt.NDArray[np.intp] | None = None
    exact: bool = False
    rough: bool = False


def pivot_floor(dim: int, eps: float) -> float:
    """Variance, relative to a coordinate's own, up to which what others leave of it is nothing.

    `eps` is the precision of the numbers given. Shorter numbers than doubles are doubles rounded
    once: 8 eps is above what that leaves of a singular covariance. Doubles come out of sums that
    their user formed. Of sums of up to 100,000 terms, ranks from 1 to 500 and up to 1,500
    dimensions the largest pivot seen where there should be none was 18 eps up to d = 50, 25 at 100
    and 37 at 500.
    """
    return 8 * eps * (1.0 if eps > EPS else min(dim, max(4.0, 0.5 * dim**0.5)))


def factor_of_cov(cov: Array, eps: float) -> Factor:
    """Roots of covariances that are known to a relative precision `eps`."""
    dim = cov.shape[-1]
    if cov.ndim == 2 and dim >= _LARGE:
        # Sharp pivots take ten times as long as the factor, and transport does without them.
        root, deviation = cholesky(cov), np.sqrt(np.einsum("...ii->...i", cov))
        if (root.diagonal() > _CLEAR * deviation).all():
            return Factor(root, np.asarray(True))
        if _least_residual(root, deviation) > _BEYOND_DOUBT * pivot_floor(dim, eps):
            return Factor(root, np.asarray(True), rough=True)
    root, doubtful = _sharp_and_doubtful(cov, None)
    regular = ~doubtful if doubtful.ndim else np.asarray(not doubtful)
    if every(regular):
        return Factor(root, regular)
    # Where no pivot is small there is no doubt. Elsewhere not a pivot decides, which depends on the
    # order of the coordinates, but what all others leave of a variance.
    deviation = np.sqrt(np.einsum("...ii->...i", cov))
    floor = pivot_floor(dim, eps)
    regular[doubtful] = _least_residual(root[doubtful], deviation[doubtful]) > floor
    if every(regular):
        return Factor(root, regular)
    order = np.broadcast_to(np.arange(dim), deviation.shape).copy()
    rank = np.full(regular.shape, dim)
    for i in map(tuple, np.argwhere(~regular)):
        pivoted, order[i], rank[i] = pivoted_cholesky(cov[i], floor)
        # The last pivot may be above the bound, while another coordinate's is not.
        rank[i] = min(rank[i], dim - 1)
        pivoted[:, rank[i] :] = 0
        # What the bound for short numbers takes for zero is still a variance, if there is a root.
        if eps <= EPS or not np.isfinite(root[i]).all():
            root[i] = pivoted
    return Factor(root, regular, order, rank)


def _least_residual(root: Array, deviation: Array) -> Array:
    """Smallest share of a variance that the other coordinates leave; zero where there is no root.

    The inverse covariance has 1/(what the others leave) on its diagonal.
    """
    with np.errstate(all="ignore"):
        unit = root / deviation[..., None]
        if unit.ndim == 2:
            inverse = dtrtri(unit.T)[0].T  # it sees an upper triangle, as `cholesky` does
        else:
            inverse = solve_lower(unit, np.broadcast_to(np.eye(unit.shape[-1]), unit.shape))
        share = 1 / np.square(inverse).sum(-2).max(-1)
    return np.where(np.isfinite(root).all((-2, -1)) & (share > 0), share, 0.0)


def factor_of_root(root: Array, cov: Array) -> Factor:
    """Lower triangular roots that were given, so that no digit of a small pivot is lost."""
    regular = np.asarray((np.einsum("...ii->...i", root) > 0).all(-1))
    if every(regular):
        return Factor(root, regular, exact=True)
    of_cov = factor_of_cov(cov, EPS)
    if of_cov.order is None or of_cov.rank is None:
        return of_cov
    order = np.where(regular[..., None], np.arange(root.shape[-1]), of_cov.order)
    rank = np.where(regular, root.shape[-1], of_cov.rank)
    root = np.where(regular[..., None, None], root, of_cov.root)
    return Factor(root, regular, order, rank, exact=True)


def factor_of_precision(precision: Array) -> Array:
    """Cholesky factors of the inverses; NaN where there is none."""
    # P = U Uᵀ with an upper triangle U, the Cholesky factor in the reverse order of coordinates:
    # the inverse is U⁻ᵀU⁻¹, and U⁻ᵀ is lower triangular.
    reverse = sharp_cholesky(precision[..., ::-1, ::-1])
    upper = reverse[..., ::-1, ::-1]
    inverse = solve_lower_transposed(upper.swapaxes(-2, -1), np.eye(precision.shape[-1]))
    return np.tril(inverse.swapaxes(-2, -1))


def require_semi_definite(cov: Array, factor: Factor, eps: float, name: str = "cov") -> None:
    """Raise ValueError where what the root leaves of a covariance is more than rounding error."""
    if every(factor.regular):
        return
    dim = cov.shape[-1]
    for index in np.argwhere(~factor.regular):
        i = tuple(map(int, index))
        scale, unit = unit_scale(cov[i])
        scaled = factor.root[i] / scale[:, None]
        if not np.abs(unit - scaled @ scaled.T).max() <= 64 * dim * eps:
            came = f"smallest eigenvalue {np.linalg.eigvalsh(cov[i])[0]:.3g}"
            if dim <= 4:
                came = f"{cov[i].tolist()}, {came}"
            where = f" at {i}" if i else ""
            raise ValueError(f"{name} must be positive semi-definite, got {came}{where}")


def sharp_cholesky(cov: Array, lost: Array | None = None) -> Array:
    """Cholesky factors whose small pivots are accurate too; NaN where there is none.

    A pivot is what subtraction leaves of a variance, so rounding costs it as many digits as it is
    smaller. Where that is more than one, Newton's method gives them back. `lost` is what rounding
    took from the covariances, if they are sums.
    """
    return _sharp_and_doubtful(cov, lost)[0]


def sharpened(root: Array, cov: Array) -> Array:
    """Cholesky factors with accurate small pivots from plain ones."""
    return _sharpened(root, cov, np.zeros(cov.shape))


def _sharp_and_doubtful(cov: Array, lost: Array | None) -> tuple[Array, Mask]:
    """Sharp Cholesky factors, and where a pivot is small or there is none."""
    variance = np.einsum("...ii->...i", cov)
    if not within(variance, 1e-280, 1e280) and (variance > 0).any():
        # The square of a pivot may be no number: factorise in units near the deviations.
        scale, unit = unit_scale(cov)
        if lost is not None:
            lost = lost / scale[..., :, None] / scale[..., None, :]
        root, doubtful = _in_range(unit, unit.diagonal(0, -2, -1), lost)
        return scale[..., None] * root, doubtful
    return _in_range(cov, variance, lost)


def _in_range(cov: Array, variance: Array, lost: Array | None) -> tuple[Array, Mask]:
    """Do the same for covariances whose pivots have squares in the range of doubles."""
    root = cholesky(cov)
    pivots = np.einsum("...ii->...i", root)
    with np.errstate(invalid="ignore"):  # a negative variance, which will be refused
        clear = pivots > _CLEAR * np.sqrt(variance)
    if clear.all():
        return root, np.zeros(cov.shape[:-2], dtype=bool)
    doubtful = np.asarray(~clear.all(-1))
    lossy = doubtful & ~np.isnan(pivots).any(-1)
    lost = np.zeros(cov.shape) if lost is None else lost
    return replace_where(lossy, root, _sharpened, root, cov, lost), doubtful


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
