"""Mean and sum of squares of samples that have weights, without loss of digits."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Array, two_sum
from gausslib._validate import real_array, require_finite

__all__ = ["SampleMoments", "require_weights", "weighted_moments"]

# Rows in one sum. Rounding errors add up in long sums, until a singular covariance would look
# regular.
_BLOCK = 10_000


class SampleMoments(NamedTuple):
    """Moments of weighted samples; `squares / divisor` is the unbiased covariance.

    The last three numbers are in one unit of weight, a power of two near the largest weight (one
    where no weights were given), so that neither tiny nor huge weights spoil them.
    """

    mean: Array  # shape (..., d)
    rest: Array  # what rounding took from the mean
    squares: Array  # sum of w (x - mean)(x - mean)ᵀ, shape (..., d, d)
    weight: Array  # the sum of the weights, V₁
    divisor: Array  # V₁ - V₂/V₁ with the sum of the squared weights V₂; n - 1 if all are one


def weighted_moments(x: Array, weights: Array | None) -> SampleMoments:
    """Moments of the rows of `x`, shape (..., n, d), with weights of shape (..., n), or with none.

    The batches broadcast. At least one weight must be positive.
    """
    if weights is None:
        n = float(x.shape[-2])
        mean = x.mean(axis=-2, keepdims=True)
        residual = x - mean
        # What rounding took from a mean far from zero would look like one more direction.
        rest = residual.mean(axis=-2, keepdims=True)
        residual -= rest
        weight, divisor = np.asarray(n), np.asarray(n - 1)
    else:
        unit = np.frexp(weights.max(-1, keepdims=True))[1]
        w = np.ldexp(weights, -unit)
        weight = w.sum(-1)
        share = w / weight[..., None]
        mean = share[..., None, :] @ x
        residual = x - mean
        rest = share[..., None, :] @ residual
        residual -= rest
        residual *= np.sqrt(w)[..., None]
        # V₁² - V₂ is twice the sum of all products of two weights, in which nothing cancels.
        before = np.cumsum(w, axis=-1)[..., :-1]
        divisor = 2 * np.vecdot(share[..., 1:], before)
    mean, rest = two_sum(mean[..., 0, :], rest[..., 0, :])
    return SampleMoments(mean, rest, _sum_of_squares(residual), weight, divisor)


def require_weights(weights: npt.ArrayLike, shape: tuple[int, ...], positive: int) -> Array:
    """Return weights as doubles that fit samples of the given shape (..., n, d), or raise.

    In each member of a batch at least as many as `positive` must be above zero.
    """
    array = real_array("weights", weights)
    n = shape[-2]
    if array.ndim == 0 or array.shape[-1] != n:
        raise ValueError(
            f"weights must have shape (..., {n}), one for each row of x, got shape {array.shape}"
        )
    try:
        np.broadcast_shapes(array.shape[:-1], shape[:-2])
    except ValueError:
        raise ValueError(
            f"weights must broadcast with the batch {shape[:-2]} of x, got shape {array.shape}"
        ) from None
    require_finite("weights", array)
    if (array < 0).any():
        raise ValueError(f"weights must not be negative, got {array[array < 0][0]}")
    count = np.count_nonzero(array, axis=-1)
    if (count < positive).any():
        raise ValueError(
            f"weights must be positive for at least {positive} rows of x, got {count.min()} of {n}"
        )
    return array.astype(np.float64)


def _sum_of_squares(x: npt.NDArray[Any]) -> Array:
    """Sum of xxᵀ over the rows of `x`."""
    n = x.shape[-2]
    if n <= _BLOCK:
        return x.swapaxes(-2, -1) @ x
    return _sum_of_squares(x[..., : n // 2, :]) + _sum_of_squares(x[..., n // 2 :, :])
