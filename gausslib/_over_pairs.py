"""Calls a formula for two covariances that are not singular, for every pair of Gaussians."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gausslib._linalg import Array, common_support, pivot_floor, sharp_cholesky
from gausslib.gaussian import Gaussian, _require_pair

__all__ = ["over_pairs"]


def over_pairs(
    p: Gaussian,
    q: Gaussian,
    regular: Callable[..., Array],
    *parameters: Array,
    width: tuple[int, ...] = (),
) -> Any:
    """Call `regular(delta, cov_p, cov_q, root_p, root_q, *parameters)` for all pairs.

    Singular pairs come one by one, as their marginals on coordinates that determine the rest, or
    not at all: their value is infinite if the supports differ and zero if they are one point.
    `parameters` are numbers that are broadcast with the batches; `width` is the shape of one value.
    """
    _require_pair(p, q)
    dtype = np.promote_types(p.dtype, q.dtype)
    # A value too large for a double is inf. On the way there inf - inf may come up: NaN, for which
    # fmin puts the other number.
    with np.errstate(over="ignore", invalid="ignore"):
        arrays = (p._mean - q._mean, p._cov, q._cov, p._root, q._root)
        if p._all_regular and q._all_regular:
            values = regular(*arrays, *parameters)
        else:
            values = _some_singular(p, q, arrays, regular, parameters, width)
        values = np.fmin(values, np.inf)
    return values[()] if dtype == np.float64 else values.astype(dtype)[()]


def _some_singular(
    p: Gaussian,
    q: Gaussian,
    arrays: tuple[Array, ...],
    regular: Callable[..., Array],
    parameters: tuple[Array, ...],
    width: tuple[int, ...],
) -> Array:
    mask = p._regular & q._regular
    batch = np.broadcast_shapes(mask.shape, *(np.shape(number) for number in parameters))
    mask = np.broadcast_to(mask, batch)
    delta, cov_p, cov_q, root_p, root_q = (
        np.broadcast_to(a, batch + (p.dim,) * n)
        for a, n in zip(arrays, (1, 2, 2, 2, 2), strict=True)
    )
    numbers = [np.broadcast_to(number, batch) for number in parameters]
    size = np.broadcast_to(abs(p._mean) + abs(q._mean), delta.shape)
    floor = pivot_floor(p.dim, max(np.finfo(p.dtype).eps, np.finfo(q.dtype).eps))

    values = np.full(batch + width, np.inf)
    values[mask] = regular(
        delta[mask],
        cov_p[mask],
        cov_q[mask],
        root_p[mask],
        root_q[mask],
        *(n[mask] for n in numbers),
    )
    for i in map(tuple, np.argwhere(~mask)):
        keep = common_support(cov_p[i], cov_q[i], delta[i], size[i], floor)
        if keep is None:
            continue
        block = np.ix_(keep, keep)
        a, b = cov_p[i][block], cov_q[i][block]
        roots = sharp_cholesky(a), sharp_cholesky(b)
        numbers_i = (n[i] for n in numbers)
        values[i] = regular(delta[i][keep], a, b, *roots, *numbers_i) if keep.size else 0.0
    return values
