"""Several Gaussians with weights: what every mean of them checks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Array
from gausslib._validate import broadcast_shape, real_array, require_finite, result_dtype
from gausslib.gaussian import Gaussian

__all__ = ["mean_weights", "stacked_gaussians"]


def stacked_gaussians(ps: Gaussian | Sequence[Gaussian]) -> Gaussian:
    """Return the Gaussians along the last dimension of one batch."""
    if not isinstance(ps, Gaussian):
        if not isinstance(ps, Sequence):
            raise TypeError(f"ps must be a Gaussian or a sequence of them, got {type(ps).__name__}")
        return Gaussian.stack(ps, axis=-1)
    if not ps.batch_shape or ps.batch_shape[-1] == 0:
        raise ValueError(
            "ps must have a batch of at least one Gaussian to average over, "
            f"got batch shape {ps.batch_shape}"
        )
    return ps


def mean_weights(weights: npt.ArrayLike | None, shape: tuple[int, ...]) -> Array:
    """Return weights for Gaussians stacked in `shape`, or raise."""
    n = shape[-1]
    if weights is None:
        return np.full(n, 1 / n)
    w = real_array("weights", weights)
    if w.ndim == 0 or w.shape[-1] != n:
        raise ValueError(f"weights must have shape (..., {n}), got shape {w.shape}")
    broadcast_shape("weights and the batch of ps", w.shape, shape)
    require_finite("weights", w)
    if (w < 0).any():
        raise ValueError(f"weights must not be negative, got {w[w < 0][0]}")
    total = w.sum(-1, keepdims=True, dtype=np.float64)
    bad = np.abs(total - 1) > np.sqrt(np.finfo(result_dtype(w)).eps)
    if bad.any():
        raise ValueError(f"weights must sum to 1, got sum {total[bad][0]}")
    return w / total
