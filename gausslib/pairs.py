"""A function of two Gaussians, for all pairs of two batches."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Values
from gausslib.divergences import (
    bhattacharyya_coefficient,
    bhattacharyya_distance,
    chernoff_information,
    hellinger_distance,
    jeffreys_divergence,
)
from gausslib.fisher_rao import fisher_rao_distance
from gausslib.gaussian import Gaussian
from gausslib.line import w1_distance
from gausslib.transport import w2_distance, w2_squared
from gausslib.variation import overlap_coefficient, total_variation

__all__ = ["pairwise"]

# Numbers in the covariances of one block of pairs: enough that the calls cost little, and so few
# that what a function holds on the way, about five to ten such arrays, is small.
_BLOCK = 2**18

# Functions that give one value for a pair and the pair the other way round.
_SYMMETRIC = (
    bhattacharyya_coefficient,
    bhattacharyya_distance,
    chernoff_information,
    fisher_rao_distance,
    hellinger_distance,
    jeffreys_divergence,
    overlap_coefficient,
    total_variation,
    w1_distance,
    w2_distance,
    w2_squared,
)


def pairwise(
    function: Callable[[Gaussian, Gaussian], Values], ps: Gaussian, qs: Gaussian | None = None
) -> npt.NDArray[Any]:
    """Value of a function of two Gaussians for each pair of a member of `ps` and one of `qs`.

    The value for member i of `ps` and member j of `qs` is in row i and column j.

    Parameters
    ----------
    function : callable
        A function of two Gaussians that gives one number for each pair of a batch, such as
        `kl_divergence`. It may be called several times.
    ps : Gaussian, batch shape (n,)
        The first arguments.
    qs : Gaussian, batch shape (m,), optional
        The second arguments; `ps` itself by default.

    Returns
    -------
    ndarray, shape (n, m)
        In the unit and the type of what `function` returns.

    Raises
    ------
    TypeError
        If `function` can't be called or does not return numbers, or `ps` or `qs` is not a Gaussian.
    ValueError
        If `ps` or `qs` has not exactly one batch dimension, their dimensions differ, or `function`
        does not return one number for each pair.

    Notes
    -----
    The pairs are taken block by block: the memory used is that of the arguments and the result, and
    a constant. Where `qs` is `ps`, only half of the pairs is computed for the distances of this
    library that are symmetric. A function of several values is passed as
    ``lambda p, q: kl_terms(p, q).mean``, one with a parameter as
    ``functools.partial(renyi_divergence, alpha=0.5)``.

    Equivalent to ``scipy.spatial.distance.cdist`` with a callable.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, pairwise, w2_distance
    >>> ps = Gaussian([[0], [1], [5]], [[1]])
    >>> res = pairwise(w2_distance, ps, ps[:2])
    >>> ref = [[0, 1], [1, 0], [5, 4]]  # equal covariances: the distances of the means
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    if not callable(function):
        raise TypeError(f"function must be callable, got {type(function).__name__}")
    second: Gaussian = ps if qs is None else qs
    for name, batch, shape in (("ps", ps, "(n,)"), ("qs", second, "(m,)")):
        if not isinstance(batch, Gaussian):
            raise TypeError(f"{name} must be a Gaussian, got {type(batch).__name__}")
        if len(batch.batch_shape) != 1:
            raise ValueError(f"{name} must have batch shape {shape}, got {batch.batch_shape}")
    if ps.dim != second.dim:
        raise ValueError(f"ps and qs must have one dimension, got {ps.dim} and {second.dim}")
    if second is ps and any(function is known for known in _SYMMETRIC):
        return _symmetric_table(function, ps)
    n, m = len(ps), len(second)
    pairs = max(1, _BLOCK // ps.dim**2)
    # Square blocks, which share the work on each member best, but never a narrow strip cut short.
    rows = min(max(isqrt(pairs), pairs // max(m, 1)), max(n, 1))
    columns = pairs // rows
    # The first block, even if it is empty, tells the type of the result.
    first = _block(function, ps[:rows], second[:columns])
    result = np.empty((n, m), dtype=first.dtype)
    for i in range(0, n, rows):
        for j in range(0, m, columns):
            block = first
            if i or j:
                block = _block(function, ps[i : i + rows], second[j : j + columns])
            result[i : i + rows, j : j + columns] = block
    return result


def _symmetric_table(
    function: Callable[[Gaussian, Gaussian], Values], ps: Gaussian
) -> npt.NDArray[Any]:
    """Values of a symmetric function for all pairs, each computed once."""
    first, second = np.triu_indices(len(ps))
    result = np.empty((len(ps), len(ps)), dtype=ps.dtype)
    step = max(1, _BLOCK // ps.dim**2)
    for start in range(0, len(first), step):
        i, j = first[start : start + step], second[start : start + step]
        result[i, j] = result[j, i] = function(ps[i], ps[j])
    return result


def _block(
    function: Callable[[Gaussian, Gaussian], Values], ps: Gaussian, qs: Gaussian
) -> npt.NDArray[Any]:
    """Values for all pairs at once, or raise."""
    values = function(ps[:, None], qs[None, :])
    if not isinstance(values, np.ndarray | np.generic):
        raise TypeError(
            "function must return an array of numbers, one for each pair, got "
            f"{type(values).__name__}"
        )
    if values.dtype.kind not in "fiub":
        raise TypeError(f"function must return real numbers, got dtype {values.dtype}")
    shape = (len(ps), len(qs))
    if values.shape != shape:
        raise ValueError(
            "function must return one number for each pair, an array of shape "
            f"{shape} here, got shape {values.shape}"
        )
    return np.asarray(values)
