"""Optimal transport between Gaussians: distance, map, geodesic and barycenter.

Everything here is one problem, that of the best rotation (orthogonal Procrustes): with roots L,
Σ = L Lᵀ, the squared distance of two covariances is the least of ‖Lp - Lq Q‖² over orthogonal Q.
The best Q is the polar factor of LqᵀLp; distance, map, geodesic and barycenter follow from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gausslib._barycenter import barycenter_root
from gausslib._bures import bures_squared
from gausslib._factor import EPS, pivot_floor
from gausslib._linalg import (
    Array,
    Values,
    squared_length,
)
from gausslib._matching import matched_roots
from gausslib._pair import Pair, pair_dtype, require_pair
from gausslib._several import mean_weights, stacked_gaussians
from gausslib._validate import (
    broadcast_shape,
    points,
    real_array,
    require_finite,
    require_integer,
    result_dtype,
)
from gausslib.gaussian import Gaussian

__all__ = [
    "W2Terms",
    "transport",
    "transport_map",
    "w2_barycenter",
    "w2_distance",
    "w2_geodesic",
    "w2_squared",
    "w2_terms",
]


class W2Terms(NamedTuple):
    """The two terms of the squared 2-Wasserstein distance; their sum is the square.

    Attributes
    ----------
    mean : scalar or ndarray
        ‖μp - μq‖², the cost of moving the mean.
    covariance : scalar or ndarray
        The cost of changing the shape: the squared Bures distance of Σp and Σq.

    Examples
    --------
    >>> from gausslib import W2Terms
    >>> sum(W2Terms(mean=16.0, covariance=9.0))
    25.0
    """

    mean: Values
    covariance: Values


def w2_distance(p: Gaussian, q: Gaussian) -> Values:
    r"""2-Wasserstein distance, the least root-mean-square shift that turns `p` into `q`: a length.

    .. math::

        W_2(p, q)^2 = \|\delta\|^2 + \operatorname{Tr}\Sigma_p + \operatorname{Tr}\Sigma_q
            - 2 \operatorname{Tr}\bigl(\Sigma_p^{1/2} \Sigma_q \Sigma_p^{1/2}\bigr)^{1/2}

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
    sides = [np.sqrt(square) * unit for square, unit in _squares(p, q)]
    return _typed(np.hypot(*sides), p, q)


def w2_squared(p: Gaussian, q: Gaussian) -> Values:
    r"""Square of the 2-Wasserstein distance: a squared length.

    .. math::

        W_2(p, q)^2 = \|\delta\|^2 + \operatorname{Tr}\bigl(\Sigma_p + \Sigma_q
            - 2 (\Sigma_p \Sigma_q)^{1/2}\bigr)

    In machine learning it is known as the Fréchet distance of features, see `frechet_squared`.
    The formula needs the principal root of the product, which is not symmetric.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The squared distance, shape ``batch_shape``. Not a metric: only its root is.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    w2_distance : its root, which does not leave the range of numbers where the square does.

    Notes
    -----
    Equivalent to ``calculate_frechet_distance`` of pytorch-fid, given means and covariances.

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
    terms = w2_terms(p, q)
    with np.errstate(over="ignore"):  # a value too large for a double is inf
        return terms.mean + terms.covariance


def w2_terms(p: Gaussian, q: Gaussian) -> W2Terms:
    r"""Split the squared 2-Wasserstein distance into what mean and covariance contribute.

    .. math::

        W_2(p, q)^2 = \|\delta\|^2 + \operatorname{Tr}\Sigma_p + \operatorname{Tr}\Sigma_q
            - 2 \operatorname{Tr}\bigl(\Sigma_p^{1/2} \Sigma_q \Sigma_p^{1/2}\bigr)^{1/2}

    The first term is what it costs to move the mean; the rest, the squared Bures distance of the
    covariances, what it costs to change the shape. Both are accurate for nearly identical
    Gaussians.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    W2Terms
        ``(mean, covariance)``, two squared lengths of shape ``batch_shape``, not negative.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    w2_squared : the sum of the two.

    References
    ----------
    .. [1] R. Bhatia, T. Jain and Y. Lim, "On the Bures-Wasserstein distance between positive
       definite matrices", Expositiones Mathematicae 37 (2019), 165-191.

    Examples
    --------
    >>> from gausslib import Gaussian, w2_terms
    >>> terms = w2_terms(Gaussian(0, 1), Gaussian(4, 16))
    >>> print(terms.mean, terms.covariance)
    16.0 9.0
    """
    with np.errstate(over="ignore"):
        return W2Terms(*(_typed(square * unit * unit, p, q) for square, unit in _squares(p, q)))


def transport_map(p: Gaussian, q: Gaussian) -> npt.NDArray[np.floating[Any]]:
    r"""Matrix T of the optimal transport map, which carries `p` to `q` at the least cost.

    .. math::

        T = \Sigma_p^{-1/2} \bigl(\Sigma_p^{1/2} \Sigma_q \Sigma_p^{1/2}\bigr)^{1/2}
            \Sigma_p^{-1/2}

    The map takes x to μq + T (x - μp). T is the only symmetric positive semi-definite matrix with
    T Σp T = Σq.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast. `q` may be singular.

    Returns
    -------
    ndarray, shape ``batch_shape + (d, d)``
        The matrix, exactly symmetric; positive definite where `q` is regular. Exactly the identity
        for equal covariances.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ, the batch shapes do not broadcast, or `p` is singular: its mass
        lies on a plane and would have to split, which no map does.

    Notes
    -----
    Equivalent to the matrix of ``ot.gaussian.bures_wasserstein_mapping`` of POT. Whether a
    covariance is singular is decided by its pivots, see `Gaussian`.

    References
    ----------
    .. [1] I. Olkin and F. Pukelsheim, "The distance between two random vectors with given
       dispersion matrices", Linear Algebra and its Applications 48 (1982), 257-263.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, transport_map
    >>> transport_map(Gaussian([0, 0], [[1, 0], [0, 4]]), Gaussian([5, 5], [[9, 0], [0, 4]]))
    array([[3., 0.],
           [0., 1.]])
    >>> p, q = Gaussian([0, 0], [[2, 1], [1, 2]]), Gaussian([0, 0], [[1, 0], [0, 3]])
    >>> res = transport_map(p, q)
    >>> np.allclose(res @ p.cov @ res, q.cov, rtol=1e-14)
    True
    """
    return _map_matrix(p, q).astype(pair_dtype(p, q), copy=False)


def transport(p: Gaussian, q: Gaussian, x: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    """Move points of `p` to where the optimal transport map carries them in `q`.

    A point x goes to μq + T (x - μp) with the matrix T of `transport_map`. Of all ways to turn `p`
    into `q` it moves the mass the least.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast. `q` may be singular.
    x : array_like, shape (..., d)
        Points; their leading dimensions are broadcast with ``batch_shape``. In one dimension a
        plain number is one point.

    Returns
    -------
    ndarray, shape ``broadcast(x.shape[:-1], batch_shape) + (d,)``
        The images, in the unit of length of the coordinates.

    Raises
    ------
    TypeError
        If `p` or `q` is not a Gaussian, or `x` not an array of real numbers.
    ValueError
        If the dimensions differ, the shapes do not fit, a number is not finite, `p` is singular, or
        an image is too large for its type.

    See Also
    --------
    transport_map : the matrix T.

    Notes
    -----
    Equivalent to ``ot.da.LinearTransport`` of POT.

    References
    ----------
    .. [1] M. Knott and C. S. Smith, "On the optimal mapping of distributions", Journal of
       Optimization Theory and Applications 43 (1984), 39-49.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, transport
    >>> p, q = Gaussian([0, 0], [[1, 0], [0, 4]]), Gaussian([5, 5], [[9, 0], [0, 4]])
    >>> res = transport(p, q, [[0, 0], [1, 1]])
    >>> ref = [[5, 5], [8, 6]]  # the first axis becomes three times as long
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    require_pair(p, q)
    batch = broadcast_shape("the batch shapes of p and q", p.batch_shape, q.batch_shape)
    x = points("x", x, p.dim, batch)
    matrix = _map_matrix(p, q)
    dtype = result_dtype(x, pair_dtype(p, q))
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
        moved = (matrix @ (x.astype(np.float64) - p._mean)[..., None])[..., 0] + q._mean
        moved = moved.astype(dtype, copy=False)
    require_finite("the image of x", moved)
    return moved


def w2_geodesic(p: Gaussian, q: Gaussian, t: npt.ArrayLike) -> Gaussian:
    r"""Return the point at time `t` of the shortest path from `p` to `q`.

    .. math::

        \Sigma_t = \bigl((1-t) I + t T\bigr) \Sigma_p \bigl((1-t) I + t T\bigr)

    with the matrix T of the optimal map; the mean moves along a straight line. Every point of `p`
    moves straight to its image, at constant speed, and so does the Gaussian: the distance between
    two of its positions is proportional to the time between them.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast. Both may be singular.
    t : array_like, shape (...)
        Time between 0 and 1, broadcast with the batches of `p` and `q`.

    Returns
    -------
    Gaussian
        `p` at ``t = 0``, `q` at ``t = 1``.

    Raises
    ------
    TypeError
        If `p` or `q` is not a Gaussian or `t` not real.
    ValueError
        If the dimensions differ, the batch shapes and `t` do not broadcast, or `t` is NaN or
        outside [0, 1].

    Notes
    -----
    Where both Gaussians are singular there may be several shortest paths, for directions of one
    support that are orthogonal to the other. The one returned moves such directions independently
    of each other; it does not depend on the coordinates.

    References
    ----------
    .. [1] R. J. McCann, "A convexity principle for interacting gases", Advances in Mathematics 128
       (1997), 153-179.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, w2_geodesic
    >>> p, q = Gaussian([0, 0], [[1, 0], [0, 4]]), Gaussian([4, 0], [[9, 0], [0, 4]])
    >>> w2_geodesic(p, q, 0.5)  # standard deviations change at constant speed
    Gaussian([2.0, 0.0], [[4.0, 0.0], [0.0, 4.0]])
    >>> w2_geodesic(p, q, np.linspace(0, 1, 11)).batch_shape
    (11,)
    """
    require_pair(p, q)
    time = real_array("t", t)
    require_finite("t", time)
    outside = (time < 0) | (time > 1)
    if outside.any():
        raise ValueError(f"t must be between 0 and 1, got {time[outside][0]}")
    broadcast_shape("t and the batches of p and q", time.shape, p.batch_shape, q.batch_shape)
    s = time.astype(np.float64)[..., None]
    mean = (1 - s) * p._mean + s * q._mean

    # Column by column a point moves from a to b. Columns that are orthogonal (for regular
    # covariances there are none) could as well move to -b: they move independently.
    a, b = matched_roots(p._root, q._root).moved_columns()
    u, v = (m / np.maximum(np.abs(m).max((-2, -1), keepdims=True), 1e-300) for m in (a, b))
    overlap, lengths = (u * v).sum(-2), np.linalg.norm(u, axis=-2) * np.linalg.norm(v, axis=-2)
    floor = pivot_floor(p.dim, EPS)
    loose = overlap <= floor * (lengths + overlap.max(-1, keepdims=True))
    loose = (loose & ~(p._regular & q._regular)[..., None])[..., None, :]
    s = s[..., None]
    a, b = (1 - s) * a, s * b
    root = np.concatenate([np.where(loose, a, a + b), np.where(loose, b, 0)], axis=-1)
    cov = root @ root.swapaxes(-2, -1)
    cov = np.where(s == 0, p._cov, np.where(s == 1, q._cov, cov))
    return Gaussian._from_moments(mean, cov, pair_dtype(p, q), max(p._eps, q._eps))


def w2_barycenter(
    ps: Gaussian | Sequence[Gaussian],
    weights: npt.ArrayLike | None = None,
    tolerance: float = 1e-12,
    max_steps: int = 1000,
) -> Gaussian:
    r"""Return the weighted mean of Gaussians in the 2-Wasserstein metric.

    .. math::

        S = \sum_{i=1}^n w_i \bigl(S^{1/2} \Sigma_i S^{1/2}\bigr)^{1/2}

    It is the Gaussian with the least weighted sum of squared distances to the given ones. Its mean
    is the mean of the means; its covariance S is a fixed point, found by iteration.

    Parameters
    ----------
    ps : Gaussian or sequence of Gaussian
        A Gaussian with a batch, whose last dimension is averaged over, or a sequence of Gaussians
        of the same dimension whose batches broadcast.
    weights : array_like, shape (..., n), optional
        Weights, not negative, with sum 1; their leading dimensions are broadcast with the remaining
        batch. Equal by default.
    tolerance : float, optional
        The iteration ends when a step changes the root of the covariance by less than this,
        relative to its largest entry.
    max_steps : int, optional
        The number of steps after which it is given up.

    Returns
    -------
    Gaussian
        The barycenter.

    Raises
    ------
    TypeError
        If `ps` is not made of Gaussians, or another argument not of its type.
    ValueError
        If there is nothing to average, shapes do not fit, weights are negative or do not sum to 1,
        or `tolerance` or `max_steps` is not positive.
    numpy.linalg.LinAlgError
        If the tolerance is not reached.

    Notes
    -----
    The barycenter is unique if a covariance of positive weight is regular. Otherwise there may be
    several, and the one that the iteration reaches from the mean of the covariances is returned.

    With roots Σᵢ = Lᵢ Lᵢᵀ and Σ = R Rᵀ a step is R ← Σᵢ wᵢ Lᵢ Qᵢ, where the orthogonal Qᵢ turns Lᵢ
    to fit R best: the generalised Procrustes problem.

    Equivalent to ``ot.gaussian.bures_wasserstein_barycenter`` of POT.

    References
    ----------
    .. [1] M. Agueh and G. Carlier, "Barycenters in the Wasserstein space", SIAM Journal on
       Mathematical Analysis 43 (2011), 904-924.
    .. [2] P. C. Álvarez-Esteban, E. del Barrio, J. A. Cuesta-Albertos and C. Matrán, "A fixed-point
       approach to barycenters in Wasserstein space", Journal of Mathematical Analysis and
       Applications 441 (2016), 744-762.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, w2_barycenter
    >>> ps = [Gaussian([0, 0], [[1, 0], [0, 4]]), Gaussian([4, 0], [[9, 0], [0, 4]])]
    >>> res = w2_barycenter(ps, [0.75, 0.25])
    >>> ref = Gaussian([1, 0], [[1.5**2, 0], [0, 2**2]])  # standard deviations are averaged
    >>> np.allclose(res.mean, ref.mean) and np.allclose(res.cov, ref.cov)
    True
    """
    stack = stacked_gaussians(ps)
    w = mean_weights(weights, stack.batch_shape)
    if real_array("tolerance", tolerance).ndim or not tolerance > 0:
        raise ValueError(f"tolerance must be a positive number, got {tolerance!r}")
    max_steps = require_integer("max_steps", max_steps, 1)
    mean = (w[..., None] * stack._mean).sum(-2)
    root = barycenter_root(stack._root, stack._regular, w, float(tolerance), max_steps)
    cov = root @ root.swapaxes(-2, -1)
    return Gaussian._from_moments(mean, cov, stack.dtype, stack._eps)


def _typed(values: Array, p: Gaussian, q: Gaussian) -> Any:
    """Return `values` in the type of a result for `p` and `q`."""
    return np.asarray(values).astype(pair_dtype(p, q), copy=False)[()]


def _squares(
    p: Gaussian, q: Gaussian
) -> tuple[tuple[Array, Array | float], tuple[Array, Array | float]]:
    """Squared distances of the means and of the covariances, each with the unit of its length."""
    require_pair(p, q)
    # Overflow, and 0/0 for singular covariances, come up in numbers that are then not used.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        pair = Pair.with_plain_roots(p, q)
        return squared_length(pair.delta[..., 0]), bures_squared(pair, p._regular & q._regular)


def _map_matrix(p: Gaussian, q: Gaussian) -> Array:
    """Matrix of the optimal map in doubles, or raise."""
    require_pair(p, q)
    if not p._all_regular:
        raise ValueError(
            "p must have a regular covariance, got a singular one: its mass lies on a plane and "
            "would have to split, which no map does"
        )
    with np.errstate(over="ignore"):
        matrix = matched_roots(p._root, q._root).map()
    matrix = np.where(Pair.of(p, q).same()[..., None, None], np.eye(p.dim), matrix)
    require_finite("the map", matrix)
    return matrix
