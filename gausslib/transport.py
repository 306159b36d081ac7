"""Optimal transport between Gaussians: the 2-Wasserstein distance."""

from __future__ import annotations

from typing import Any

import numpy as np

from gausslib._linalg import (
    Array,
    Mask,
    Values,
    nuclear_norm,
    replace_where,
    squared_norm,
    whiten,
)
from gausslib.gaussian import Gaussian, _require_pair

__all__ = ["w2_distance", "w2_squared"]

# Below this share of tr Σp + tr Σq the squared distance is not taken as a difference of traces: it
# would lose more than a factor of 1/0.03 in accuracy, half of that in the root.
_CLOSE = 0.03

# Whitened difference of the covariances up to which the fixed point converges quickly.
_NEAR = 0.3
_STEPS = 40


def w2_distance(p: Gaussian, q: Gaussian) -> Values:
    r"""2-Wasserstein distance, the least root-mean-square shift that turns `p` into `q`: a length.

    .. math::

        W_2(p, q)^2 = \|\mu_p - \mu_q\|^2 + \operatorname{tr}\Sigma_p + \operatorname{tr}\Sigma_q
            - 2 \operatorname{tr}\bigl(\Sigma_p^{1/2} \Sigma_q \Sigma_p^{1/2}\bigr)^{1/2}

    It is accurate for nearly identical Gaussians too, where the traces cancel, exactly zero for
    identical ones, and finite for singular ones.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The distance, shape ``batch_shape``, in the unit of length of the coordinates. A metric,
        unchanged by rigid motions of both arguments.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    Notes
    -----
    Equivalent to ``ot.gaussian.bures_wasserstein_distance`` of POT.

    References
    ----------
    .. [1] C. R. Givens and R. M. Shortt, "A class of Wasserstein metrics for probability
       distributions", Michigan Mathematical Journal 31 (1984), 231-240.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, w2_distance
    >>> res = w2_distance(Gaussian(0, 1), Gaussian(4, 16))
    >>> ref = np.hypot(4 - 0, 4 - 1)  # of the points (mean, standard deviation)
    >>> np.allclose(res, ref, rtol=1e-15)
    True

    Two Gaussians on lines, which are singular:

    >>> res = w2_distance(Gaussian([0, 0], [[1, 0], [0, 0]]), Gaussian([0, 0], [[0, 0], [0, 1]]))
    >>> np.allclose(res, np.sqrt(2), rtol=1e-15)
    True
    """
    distance, dtype = _w2(p, q)
    return distance.astype(dtype, copy=False)[()]


def w2_squared(p: Gaussian, q: Gaussian) -> Values:
    """Square of the 2-Wasserstein distance: a squared length.

    In machine learning it is known as the Fréchet distance of features. See `w2_distance` for the
    formula.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The squared distance, shape ``batch_shape``.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    Notes
    -----
    Equivalent to ``frechet_inception_distance`` of pytorch-fid, given means and covariances.

    References
    ----------
    .. [1] D. C. Dowson and B. V. Landau, "The Fréchet distance between multivariate normal
       distributions", Journal of Multivariate Analysis 12 (1982), 450-455.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, w2_squared
    >>> res = w2_squared(Gaussian([0, 0], [[1, 0], [0, 4]]), Gaussian([1, 0], [[9, 0], [0, 4]]))
    >>> ref = 1**2 + (3 - 1) ** 2 + (2 - 2) ** 2
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    distance, dtype = _w2(p, q)
    with np.errstate(over="ignore"):  # a value too large for a double is inf
        return np.square(distance).astype(dtype, copy=False)[()]


def _w2(p: Gaussian, q: Gaussian) -> tuple[Array, np.dtype[Any]]:
    """Return the distance in float64, and the type to give it."""
    _require_pair(p, q)
    delta, arrays = p._mean - q._mean, (p._cov, q._cov, p._root, q._root)
    regular = p._regular & q._regular
    with np.errstate(over="ignore", invalid="ignore"):
        distance = np.sqrt(_w2_squared(delta, *arrays, regular))
        if not ((distance > 1e-65) & (distance < 1e65)).all():
            # A fourth power may have left the range of doubles (a square of LpᵀLq, which is a
            # squared length): measure in a unit of the right size.
            cov_p, cov_q, root_p, root_q = arrays
            variances = np.einsum("...ii->...i", cov_p), np.einsum("...ii->...i", cov_q)
            lengths = np.maximum(np.sqrt(np.maximum(*variances)), np.abs(delta)).max(-1)
            unit = np.where(lengths > 0, np.ldexp(1.0, np.frexp(lengths)[1] - 1), 1.0)[..., None]
            u = unit[..., None]
            scaled = (cov_p / u / u, cov_q / u / u, root_p / u, root_q / u)
            distance = unit[..., 0] * np.sqrt(_w2_squared(delta / unit, *scaled, regular))
    return distance, np.result_type(p.dtype, q.dtype)


def _w2_squared(
    delta: Array, cov_p: Array, cov_q: Array, root_p: Array, root_q: Array, regular: Mask
) -> Array:
    """Squared distance, by the form that does not cancel."""
    traces = np.einsum("...ii->...", cov_p) + np.einsum("...ii->...", cov_q)
    # tr(Sp^½ Sq Sp^½)^½ is the nuclear norm of LpᵀLq, whatever the roots are.
    shape = traces - 2 * nuclear_norm(root_p.swapaxes(-2, -1) @ root_q)
    shift = np.vecdot(delta, delta)
    close = shape + shift < _CLOSE * traces
    if close.any():
        fine = np.full(close.shape, np.nan)
        fine = replace_where(close & regular, fine, _near_cost, cov_p, cov_q, root_p)
        fine = replace_where(
            close & np.isnan(fine), fine, _procrustes_cost, cov_p, cov_q, root_p, root_q
        )
        shape = np.where(close, fine, shape)
    return shape + shift


def _near_cost(cov_p: Array, cov_q: Array, root_p: Array) -> Array:
    """Cost of the transport map I + X, from the difference of the covariances; NaN if not near.

    (I + X) Sp (I + X) = Sq is X Sp + Sp X + X Sp X = Sq - Sp. In the eigenbasis of Sp the linear
    part is a division, and the quadratic part is small: a fixed point. The cost is ‖X Sp^½‖².
    """
    difference = cov_q - cov_p
    # Seen to converge to the right root if the whitened difference is small. Closeness against the
    # traces would not do: a thin direction may change its shape beyond recognition.
    size = squared_norm(whiten(root_p, difference))
    near = size <= _NEAR**2
    if not near.any():
        return np.full(near.shape, np.nan)
    eigenvalues, basis = np.linalg.eigh(cov_p)
    # The error of an eigenvalue is eps times the largest one. The variance along its eigenvector,
    # taken from the root, is a square and knows a small one to twice as many digits.
    eigenvalues = np.square(basis.swapaxes(-2, -1) @ root_p).sum(-1)
    # Below eps times the largest they are noise all the same. Raising them to it changes the cost
    # by a rounding error of size · largest: too much only if the cost itself is that small, because
    # nothing but the thinnest directions differs.
    largest = eigenvalues.max(-1)
    smallest = np.finfo(np.float64).eps * largest
    raised = eigenvalues.min(-1) < smallest
    eigenvalues = np.maximum(eigenvalues, smallest[..., None])
    difference = basis.swapaxes(-2, -1) @ difference @ basis
    difference = np.where(near[..., None, None], difference, 0.0)
    sums = eigenvalues[..., :, None] + eigenvalues[..., None, :]
    sums = np.where(near[..., None, None], sums, 1.0)
    x = difference / sums
    for _ in range(_STEPS):
        previous = x
        x = (difference - (x * eigenvalues[..., None, :]) @ x) / sums
        if (squared_norm(x - previous) <= 1e-32 * squared_norm(x)).all():
            break
    cost = (np.square(x) * eigenvalues[..., None, :]).sum((-2, -1))
    return np.where(near & (~raised | (cost > 1e-4 * size * largest)), cost, np.nan)


def _procrustes_cost(cov_p: Array, cov_q: Array, root_p: Array, root_q: Array) -> Array:
    """‖Lp U - Lq V‖², where LpᵀLq = U diag(σ) Vᵀ: the two roots, turned to fit best."""
    u, _, vt = np.linalg.svd(root_p.swapaxes(-2, -1) @ root_q)
    cost = squared_norm(root_p @ u - root_q @ vt.swapaxes(-2, -1))
    return np.where((cov_p == cov_q).all((-2, -1)), 0.0, cost)
