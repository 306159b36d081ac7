"""Two Gaussians as arrays: what every function of a pair checks, computes with and returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gausslib._factor import (
    EPS,
    factor_of_cov,
    pivot_floor,
    powers_of_two,
    sharp_cholesky,
)
from gausslib._linalg import (
    Array,
    Mask,
    cholesky,
    lower_triangle,
    replace_where,
    solve_lower,
    solve_lower_pair,
    two_sum,
    weighted_sum,
    whiten,
)
from gausslib._validate import broadcast_shape, result_dtype
from gausslib.gaussian import Gaussian

__all__ = [
    "Pair",
    "inside_support",
    "mean_size",
    "over_pairs",
    "own_unit",
    "pair_dtype",
    "pivots_at",
    "require_pair",
]


def require_pair(p: object, q: object) -> None:
    """Raise unless `p` and `q` are Gaussians of one dimension whose batches broadcast."""
    if not isinstance(p, Gaussian):
        raise TypeError(f"p must be a Gaussian, got {type(p).__name__}")
    if not isinstance(q, Gaussian):
        raise TypeError(f"q must be a Gaussian, got {type(q).__name__}")
    if p._mean.shape == q._mean.shape:
        return
    if p.dim != q.dim:
        raise ValueError(f"p and q must have one dimension, got {p.dim} and {q.dim}")
    broadcast_shape("the batch shapes of p and q", p.batch_shape, q.batch_shape)


def pair_dtype(p: Gaussian, q: Gaussian) -> np.dtype[Any]:
    """Type of a result for `p` and `q`."""
    return result_dtype(p._dtype, q._dtype)


class Pair(NamedTuple):
    """The arrays of two Gaussians, or of two batches: what a formula is made of.

    Attributes
    ----------
    delta : ndarray, shape (..., d, 1)
        μp - μq, a column.
    cov_p, cov_q, root_p, root_q : ndarray, shape (..., d, d)
        The covariances, and their Cholesky factors where they are regular.
    exact_roots : bool
        Whether the roots are exact numbers and the covariances rounded, not the other way round.
    """

    delta: Array
    cov_p: Array
    cov_q: Array
    root_p: Array
    root_q: Array
    exact_roots: bool

    @classmethod
    def of(cls, p: Gaussian, q: Gaussian, unit: Array | None = None) -> Pair:
        """Arrays of a pair of Gaussians, in the units of `own_unit` or as they are."""
        exact = p._exact_root and q._exact_root
        delta = (p._mean - q._mean)[..., None]
        if unit is None:
            return cls(delta, p._cov, q._cov, p._root, q._root, exact)
        row, column = unit[..., None], unit[..., None, :]
        within_range = np.isfinite(delta)
        apart = (p._mean / unit - q._mean / unit)[..., None]
        delta = np.where(within_range, delta / row, apart)
        covs = p._cov / row / column, q._cov / row / column
        return cls(delta, *covs, p._root / row, q._root / row, exact)

    @classmethod
    def with_plain_roots(cls, p: Gaussian, q: Gaussian) -> Pair:
        """Arrays as they are, for what does not need sharp pivots of the roots."""
        exact = p._exact_root and q._exact_root
        delta = (p._mean - q._mean)[..., None]
        return cls(delta, p._cov, q._cov, p._stored_root, q._stored_root, exact)

    def chosen(self, mask: Mask) -> Pair:
        """Pairs for which the mask is true, as a stack."""
        return self.with_each(lambda a: np.broadcast_to(a, mask.shape + a.shape[-2:])[mask])

    def with_each(self, function: Callable[[Array], Array]) -> Pair:
        """Pair with function(array) in place of each array."""
        return Pair(
            function(self.delta),
            function(self.cov_p),
            function(self.cov_q),
            function(self.root_p),
            function(self.root_q),
            self.exact_roots,
        )

    def replace_where(
        self, mask: Mask, values: Array, function: Callable[..., Array], *matrices: Array
    ) -> Array:
        """`values`, with function(pair, *matrices) where the mask is true, computed only there."""

        def of_arrays(
            delta: Array, cov_p: Array, cov_q: Array, root_p: Array, root_q: Array, *rest: Array
        ) -> Array:
            return function(Pair(delta, cov_p, cov_q, root_p, root_q, self.exact_roots), *rest)

        return replace_where(mask, values, of_arrays, *self[:5], *matrices)

    def same(self) -> Mask:
        """Which covariances are equal."""
        a, b = (self.root_p, self.root_q) if self.exact_roots else (self.cov_p, self.cov_q)
        return np.asarray((a == b).all((-2, -1)))

    def difference(self) -> Array:
        """Σp - Σq. The subtraction comes first, so that its digits are those of exact numbers."""
        if not self.exact_roots:
            return self.cov_p - self.cov_q
        gap = self.root_p - self.root_q
        square = gap @ self.root_q.swapaxes(-2, -1) + self.root_p @ gap.swapaxes(-2, -1)
        return (square + square.swapaxes(-2, -1)) / 2

    def whitened_difference(self, root: Array) -> Array:
        """L⁻¹ (Σp - Σq) L⁻ᵀ: how far apart the covariances are, measured by LLᵀ."""
        if not self.exact_roots:
            return whiten(root, self.cov_p - self.cov_q)
        gap = solve_lower_pair(root, self.root_p - self.root_q)
        of_p, of_q = solve_lower_pair(root, self.root_p), solve_lower_pair(root, self.root_q)
        square = gap @ of_q.swapaxes(-2, -1) + of_p @ gap.swapaxes(-2, -1)
        return (square + square.swapaxes(-2, -1)) / 2

    def on_common_axes(self) -> CommonAxes:
        """Measure along axes that are principal for both."""
        root = self.mixed_root(np.asarray(0.5))
        difference, basis = np.linalg.eigh(self.whitened_difference(root))
        to_basis = basis.swapaxes(-2, -1)
        delta = (to_basis @ solve_lower(root, self.delta))[..., 0]
        std_p, std_q = (  # hypot, so that no square underflows
            np.hypot.reduce(to_basis @ solve_lower_pair(root, r), axis=-1)
            for r in (self.root_p, self.root_q)
        )
        return CommonAxes(root, difference, delta, std_p, std_q)

    def mixed_root(self, alpha: Array) -> Array:
        """Cholesky factor of (1-α) Σp + α Σq; NaN where that is not positive definite."""
        if alpha.ndim == 0 and alpha == 0.5 and not self.exact_roots:  # a half rounds nothing
            return sharp_cholesky(*two_sum(self.cov_p / 2, self.cov_q / 2))
        a, b = alpha[..., None, None], (1 - alpha)[..., None, None]
        if not self.exact_roots:
            return sharp_cholesky(*weighted_sum(b, self.cov_p, a, self.cov_q))
        if (alpha <= 1).all():
            columns = np.sqrt(b) * self.root_p, np.sqrt(a) * self.root_q
            shape = np.broadcast_shapes(*(c.shape for c in columns))
            return lower_triangle(
                np.concatenate([np.broadcast_to(c, shape) for c in columns], axis=-1)
            )
        # For α > 1 the part of p is subtracted.
        w = solve_lower_pair(self.root_q, self.root_p)
        inner = cholesky(a * np.eye(w.shape[-1]) + b * (w @ w.swapaxes(-2, -1)))
        return np.asarray(self.root_q @ inner)

    def limit_root(self, alpha: Array) -> Array:
        """Cholesky factor of Σq - Σp + Σp/α, for large α; NaN where that is not positive."""
        small = self.cov_p / alpha[..., None, None]
        if self.exact_roots:
            return sharp_cholesky(small - self.difference())
        difference, lost = two_sum(self.cov_q, -self.cov_p)
        total, more = two_sum(difference, small)
        return sharp_cholesky(total, lost + more)


class CommonAxes(NamedTuple):
    """A pair in coordinates in which ½ (Σp + Σq) = I and both covariances are diagonal.

    Attributes
    ----------
    root : ndarray, shape (..., d, d)
        The Cholesky factor of ½ (Σp + Σq).
    difference : ndarray, shape (..., d)
        The differences of the variances, from -2 to 2.
    delta : ndarray, shape (..., d)
        The difference of the means.
    std_p, std_q : ndarray, shape (..., d)
        The deviations, from the roots, so that small ones keep their digits.
    """

    root: Array
    difference: Array
    delta: Array
    std_p: Array
    std_q: Array


def own_unit(p: Gaussian, q: Gaussian) -> Array | None:
    """Units, powers of two, that bring variances from either end of the range to one.

    None where no variance needs that. Only for what does not depend on the units of coordinates.
    """
    if p._in_range and q._in_range:
        return None
    return powers_of_two(np.maximum(p._cov.diagonal(0, -2, -1), q._cov.diagonal(0, -2, -1)))


def over_pairs(
    p: Gaussian,
    q: Gaussian,
    regular: Callable[..., Array],
    *parameters: Array,
    width: tuple[int, ...] = (),
    of_points: float = 0.0,
) -> Any:
    """Call `regular(pair, *parameters)` for all pairs, where no covariance is singular.

    Singular pairs come as their marginals on coordinates that determine the rest, or not at all:
    their value is infinite if the supports differ and `of_points` if they are one point.
    `parameters` are numbers that are broadcast with the batches; `width` is the shape of one value.
    The units of the coordinates may be changed on the way, by powers of two.
    """
    require_pair(p, q)
    dtype = pair_dtype(p, q)
    # A value too large for a double is inf. On the way there inf - inf may come up.
    with np.errstate(over="ignore", invalid="ignore"):
        unit = own_unit(p, q)
        pair = Pair.of(p, q, unit)
        if p._all_regular and q._all_regular:
            values = regular(pair, *parameters)
            if values.ndim or values != values:  # a single number that is one needs no look
                values = _overflow_as_infinity(values, pair, width)
        else:
            size = mean_size(p, q, unit)
            values = _some_singular(p, q, pair, size, regular, parameters, width, of_points)
    return values[()] if dtype == np.float64 else values.astype(dtype)[()]


def _overflow_as_infinity(values: Array, pair: Pair, width: tuple[int, ...]) -> Array:
    """`values` with inf for NaN where a square on the way to it has left the range of doubles."""
    missing = np.isnan(values)
    if not missing.any():
        return values
    largest: Array = np.zeros(())
    for root in (pair.root_p, pair.root_q):
        for columns in (pair.delta, pair.root_p, pair.root_q):
            z = np.abs(solve_lower(root, columns)).max((-2, -1))
            largest = np.maximum(largest, np.where(np.isnan(z), np.inf, z))
    overflow = largest[(...,) + (None,) * len(width)] > 1e120
    return np.where(missing & overflow, np.inf, values)


def _some_singular(
    p: Gaussian,
    q: Gaussian,
    pair: Pair,
    size: Array,
    regular: Callable[..., Array],
    parameters: tuple[Array, ...],
    width: tuple[int, ...],
    of_points: float,
) -> Array:
    both = p._regular & q._regular
    batch = np.broadcast_shapes(both.shape, *(np.shape(number) for number in parameters))
    both = np.broadcast_to(both, batch)
    numbers = [np.broadcast_to(number, batch) for number in parameters]

    def values_of(pairs: Pair, where: Mask) -> Array:
        values = regular(pairs, *(n[where] for n in numbers))
        return _overflow_as_infinity(values, pairs, width)

    values = np.full(batch + width, np.inf)
    values[both] = values_of(pair.chosen(both), both)
    # Both are judged by the rounding of the shorter numbers, or two opposite verdicts on nearly
    # the same covariance would put them infinitely far apart.
    eps = max(p._eps, q._eps)
    rank_p = np.broadcast_to(pivots_at(p, eps)[1], batch)
    order_q, rank_q = (
        np.broadcast_to(a, batch + a.shape[a.ndim - n :])
        for a, n in zip(pivots_at(q, eps), (1, 0), strict=True)
    )
    size = np.broadcast_to(size, (*batch, p.dim))
    floor = pivot_floor(p.dim, eps)
    for rank in np.unique(rank_q[~both]):
        where = np.asarray(~both & (rank_p == rank) & (rank_q == rank))
        pairs, order = pair.chosen(where), order_q[where]
        inside = inside_support(pairs, order, int(rank), size[where], floor)
        where[where] = inside
        if rank == 0:
            values[where] = of_points
            continue
        values[where] = values_of(_marginals(pairs.chosen(inside), order[inside, :rank]), where)
    if eps > EPS:
        # Shorter numbers leave small pivots in doubt. Where the supports come out different, but
        # the numbers as they stand have two regular covariances, those are meant.
        infinite = np.isinf(values).all(tuple(range(len(batch), values.ndim)))
        doubtful = np.asarray(~both & infinite)
        pairs = pair.chosen(doubtful)
        of_p, of_q = (factor_of_cov(cov, EPS) for cov in (pairs.cov_p, pairs.cov_q))
        meant = of_p.regular & of_q.regular
        pairs = Pair(pairs.delta, pairs.cov_p, pairs.cov_q, of_p.root, of_q.root, False)
        doubtful[doubtful] = meant
        values[doubtful] = values_of(pairs.chosen(meant), doubtful)
    return values


def pivots_at(p: Gaussian, eps: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Order of the pivots and rank, for covariances known to a relative precision `eps`."""
    order, rank = p._order, p._rank
    if eps != p._eps:
        factor = factor_of_cov(p._cov, eps)
        order, rank = factor.order, factor.rank
    if order is None or rank is None:
        return np.arange(p.dim), np.asarray(p.dim)
    return order, rank


def mean_size(p: Gaussian, q: Gaussian, unit: Array | None) -> Array:
    """Magnitude of the means: their rounding error is proportional to it."""
    size = np.abs(p._mean) + np.abs(q._mean)
    return size if unit is None else size / unit


def inside_support(
    pairs: Pair, order: npt.NDArray[np.intp], rank: int, size: Array, floor: float
) -> Mask:
    """Which p of a stack live on the support of q, a plane of dimension `rank`.

    The support of a singular Gaussian is a plane: x_K - m_K = C (x_J - m_J), where J are the pivots
    of its covariance, K the others, and C = S_KJ S_JJ⁻¹. `size` is the magnitude of the means.
    """
    scale = powers_of_two(pairs.cov_q.diagonal(0, -2, -1))
    column = order[..., None]
    delta = np.take_along_axis(pairs.delta / scale[..., None], column, -2)
    size = np.take_along_axis((size / scale)[..., None], column, -2)
    other = _block(pairs.cov_p / scale[..., :, None] / scale[..., None, :], order)
    cov = _block(pairs.cov_q / scale[..., :, None] / scale[..., None, :], order)
    head = sharp_cholesky(cov[..., :rank, :rank])
    inverse = solve_lower(head, np.broadcast_to(np.eye(rank), head.shape))
    tail = cov[..., rank:, :rank] @ inverse.swapaxes(-2, -1)
    c = tail @ inverse
    rest = np.broadcast_to(np.eye(order.shape[-1] - rank), (*c.shape[:-1], c.shape[-2]))
    annihilator = np.concatenate([-c, rest], axis=-1)

    # Off the plane? In the mean: beyond the rounding of the means and of C. In the variance of p:
    # beyond the rounding of the sums that should vanish.
    inner = inverse.swapaxes(-2, -1) @ (inverse @ delta[..., :rank, :])
    absolute = np.abs(annihilator)
    rounding = absolute @ size + absolute.sum(-1, keepdims=True) * np.abs(inner).sum(
        (-2, -1), keepdims=True
    )
    off = (np.abs(annihilator @ delta) > floor * rounding).any((-2, -1))
    variance = ((annihilator @ other) * annihilator).sum(-1)
    magnitude = ((absolute @ np.abs(other)) * absolute).sum(-1)
    return np.asarray(~(off | (variance > floor * magnitude).any(-1)))


def _block(cov: Array, index: npt.NDArray[np.intp]) -> Array:
    """Rows and columns of each matrix of a stack, in its own order."""
    rows = np.take_along_axis(cov, index[..., :, None], -2)
    return np.take_along_axis(rows, index[..., None, :], -1)


def _marginals(pairs: Pair, keep: npt.NDArray[np.intp]) -> Pair:
    """Pairs of the marginals on the coordinates that determine all others.

    Two Gaussians on one plane are as far apart as these, which are not singular.
    """
    cov_p, cov_q = _block(pairs.cov_p, keep), _block(pairs.cov_q, keep)
    delta = np.take_along_axis(pairs.delta, keep[..., None], -2)
    return Pair(delta, cov_p, cov_q, sharp_cholesky(cov_p), sharp_cholesky(cov_q), False)
