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

from gausslib._linalg import (
    Array,
    Mask,
    Values,
    every,
    lower_entries,
    nuclear_norm,
    nuclear_norm_by_gram,
    pivot_floor,
    powers_of_two,
    product_difference,
    replace_where,
    solve_lower_transposed,
    squared_length,
    squared_norm,
    svd_of_product,
    symmetric_eigen,
    turned_to_fit,
    whiten,
    within,
)
from gausslib._validate import real_array, require_finite, result_dtype
from gausslib.gaussian import Gaussian, _require_pair

__all__ = [
    "W2Terms",
    "frechet_squared",
    "gelbrich_bound",
    "transport_map",
    "w2_barycenter",
    "w2_distance",
    "w2_geodesic",
    "w2_squared",
    "w2_terms",
]

# Below this share of tr Σp + tr Σq the squared distance is not taken as a difference of traces: it
# would lose more than a factor of 1/0.03 in accuracy, half of that in the root.
_CLOSE = 0.03

# Whitened difference of the covariances up to which the fixed point converges quickly.
_NEAR = 0.3
_STEPS = 40

# Size from which the Gram matrix of a single pair is tried; a batch gains from it at any size.
_LARGE = 64

_EPS = float(np.finfo(np.float64).eps)


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
    _require_pair(p, q)
    if not p._all_regular:
        raise ValueError(
            "p must have a regular covariance, got a singular one: its mass lies on a plane and "
            "would have to split, which no map does"
        )
    # T Lp is the root Lq Q of Σq that fits Lp best.
    image = turned_to_fit(q._root, p._root)
    matrix = solve_lower_transposed(p._root, image.swapaxes(-2, -1))
    matrix = (matrix + matrix.swapaxes(-2, -1)) / 2
    same = (p._cov == q._cov).all((-2, -1))
    matrix = np.where(same[..., None, None], np.eye(p.dim), matrix)
    return matrix.astype(_dtype(p, q), copy=False)


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
    _require_pair(p, q)
    batch = np.broadcast_shapes(p.batch_shape, q.batch_shape)
    time = real_array("t", t)
    require_finite("t", time)
    outside = (time < 0) | (time > 1)
    if outside.any():
        raise ValueError(f"t must be between 0 and 1, got {time[outside][0]}")
    try:
        np.broadcast_shapes(batch, time.shape)
    except ValueError:
        raise ValueError(
            f"t must broadcast with the batch shape {batch} of p and q, got shape {time.shape}"
        ) from None
    s = time.astype(np.float64)[..., None]
    mean = (1 - s) * p._mean + s * q._mean

    u, vt = svd_of_product(p._root, q._root)
    a, b = p._root @ u, q._root @ vt.swapaxes(-2, -1)
    # Column by column a point moves from a to b. Columns that are orthogonal (for regular
    # covariances there are none) could as well move to -b: they move independently.
    overlap, lengths = (a * b).sum(-2), np.linalg.norm(a, axis=-2) * np.linalg.norm(b, axis=-2)
    floor = pivot_floor(p.dim, _EPS)
    loose = overlap <= floor * (lengths + overlap.max(-1, keepdims=True))
    loose = (loose & ~(p._regular & q._regular)[..., None])[..., None, :]
    s = s[..., None]
    a, b = (1 - s) * a, s * b
    root = np.concatenate([np.where(loose, a, a + b), np.where(loose, b, 0)], axis=-1)
    cov = root @ root.swapaxes(-2, -1)
    cov = np.where(s == 0, p._cov, np.where(s == 1, q._cov, cov))
    dtype = _dtype(p, q)
    return Gaussian(mean.astype(dtype), cov.astype(dtype))


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
    means, roots, regular, dtype = _stacked(ps)
    w = _weights(weights, means.shape[:-1])
    if real_array("tolerance", tolerance).ndim or not tolerance > 0:
        raise ValueError(f"tolerance must be a positive number, got {tolerance!r}")
    if isinstance(max_steps, bool) or not isinstance(max_steps, int | np.integer):
        raise TypeError(f"max_steps must be an integer, got {max_steps!r}")
    if max_steps < 1:
        raise ValueError(f"max_steps must be at least 1, got {max_steps}")
    mean = (w[..., None] * means).sum(-2)
    root = _barycenter_root(roots, regular, w, float(tolerance), int(max_steps))
    cov = root @ root.swapaxes(-2, -1)
    return Gaussian(mean.astype(dtype), cov.astype(dtype))


def frechet_squared(x: npt.ArrayLike, y: npt.ArrayLike) -> Values:
    r"""Squared Fréchet distance of two samples of features: a squared length.

    .. math::

        W_2(\mathcal{N}(m_x, S_x), \mathcal{N}(m_y, S_y))^2 = \|m_x - m_y\|^2
            + \operatorname{Tr}\bigl(S_x + S_y - 2 (S_x S_y)^{1/2}\bigr)

    with the means m and the covariances S (divisor n - 1) of the samples. FID reports this square,
    and not its root, of features of the Inception network.

    Parameters
    ----------
    x : array_like, shape (..., n, d)
        Sample of n ≥ 2 points, one in a row.
    y : array_like, shape (..., m, d)
        Sample of m ≥ 2 points; the leading dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The squared distance, of the shape of the leading dimensions.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the shapes do not fit, a sample has fewer than two points, or a number is not finite.

    Notes
    -----
    As an estimate of the distance between the laws behind the samples it is biased upwards: even
    two samples of one law are apart, by about 1/n + 1/m times a constant of the law. Numbers from
    samples of different sizes can't be compared. With no more points than dimensions the
    covariances are singular, which is legal here.

    Equivalent to ``calculate_frechet_distance`` of pytorch-fid, given means and covariances of
    ``numpy.cov``.

    References
    ----------
    .. [1] M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler and S. Hochreiter, "GANs trained by a
       two time-scale update rule converge to a local Nash equilibrium", Advances in Neural
       Information Processing Systems 30 (2017).

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import frechet_squared
    >>> res = frechet_squared([[0], [2]], [[3], [9]])  # variances 2 and 18
    >>> ref = (1 - 6) ** 2 + (np.sqrt(2) - np.sqrt(18)) ** 2
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    x, y = _sample_pair(x, y)
    return w2_squared(Gaussian.from_samples(x), Gaussian.from_samples(y))


def gelbrich_bound(x: npt.ArrayLike, y: npt.ArrayLike) -> Values:
    r"""Bound the 2-Wasserstein distance of two point clouds from below: a length.

    .. math::

        W_2(P, Q)^2 \ge \|\mu_P - \mu_Q\|^2 + \operatorname{Tr}\bigl(\Sigma_P + \Sigma_Q
            - 2 (\Sigma_P \Sigma_Q)^{1/2}\bigr)

    The bound is the distance of the Gaussians with the means and the covariances of the laws P and
    Q. Here they put equal mass on the points of each cloud, so the covariances have the divisor n.

    Parameters
    ----------
    x : array_like, shape (..., n, d)
        Cloud of n ≥ 2 points, one in a row.
    y : array_like, shape (..., m, d)
        Cloud of m ≥ 2 points; the leading dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The bound, of the shape of the leading dimensions. It is the distance itself if a map
        y = A x + b with A symmetric positive semi-definite carries one cloud to the other.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the shapes do not fit, a cloud has fewer than two points, or a number is not finite.

    References
    ----------
    .. [1] M. Gelbrich, "On a formula for the L² Wasserstein metric between measures on Euclidean
       and Hilbert spaces", Mathematische Nachrichten 147 (1990), 185-203.

    Examples
    --------
    >>> from gausslib import gelbrich_bound
    >>> print(gelbrich_bound([[0, 0], [2, 0]], [[3, 0], [5, 0]]))  # moved by 3
    3.0
    """
    x, y = _sample_pair(x, y)
    return w2_distance(_of_points(x), _of_points(y))


def _dtype(p: Gaussian, q: Gaussian) -> np.dtype[Any]:
    return np.result_type(p.dtype, q.dtype)


def _typed(values: Array, p: Gaussian, q: Gaussian) -> Any:
    """Return `values` in the type of a result for `p` and `q`."""
    return np.asarray(values).astype(_dtype(p, q), copy=False)[()]


def _sample_pair(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return the two samples as arrays, or raise."""
    x, y = real_array("x", x), real_array("y", y)
    for name, sample in (("x", x), ("y", y)):
        if sample.ndim < 2 or sample.shape[-1] == 0:
            raise ValueError(
                f"{name} must have shape (..., n, d), one point in a row, got shape {sample.shape}"
            )
        if sample.shape[-2] < 2:
            raise ValueError(f"{name} must have at least two points, got shape {sample.shape}")
        require_finite(name, sample)
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(f"x and y must have one dimension d, got shapes {x.shape} and {y.shape}")
    try:
        np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    except ValueError:
        raise ValueError(
            f"the batches of x and y must broadcast, got shapes {x.shape} and {y.shape}"
        ) from None
    return x, y


def _of_points(x: npt.NDArray[Any]) -> Gaussian:
    """Gaussian with the moments of the law that puts equal mass on the points."""
    n = x.shape[-2]
    p = Gaussian.from_samples(x)
    return Gaussian(p.mean, p.cov * ((n - 1) / n))


def _stacked(ps: Gaussian | Sequence[Gaussian]) -> tuple[Array, Array, Mask, np.dtype[Any]]:
    """Means, roots, regularity and type of the Gaussians, along the last dimension of a batch."""
    if isinstance(ps, Gaussian):
        if not ps.batch_shape or ps.batch_shape[-1] == 0:
            raise ValueError(
                "ps must have a batch of at least one Gaussian to average over, "
                f"got batch shape {ps.batch_shape}"
            )
        return ps._mean, ps._root, ps._regular, ps.dtype
    if not isinstance(ps, Sequence):
        raise TypeError(f"ps must be a Gaussian or a sequence of them, got {type(ps).__name__}")
    if not ps:
        raise ValueError("ps must hold at least one Gaussian, got an empty sequence")
    for i, p in enumerate(ps):
        if not isinstance(p, Gaussian):
            raise TypeError(f"ps must hold Gaussians, got {type(p).__name__} at {i}")
    if len(dims := sorted({p.dim for p in ps})) > 1:
        raise ValueError(f"ps must hold Gaussians of one dimension, got {dims}")
    shapes = [p.batch_shape for p in ps]
    try:
        batch = np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"the batch shapes in ps must broadcast, got {shapes}") from None
    n = len(batch)
    means = np.stack([np.broadcast_to(p._mean, (*batch, p.dim)) for p in ps], axis=n)
    roots = np.stack([np.broadcast_to(p._root, (*batch, p.dim, p.dim)) for p in ps], axis=n)
    regular = np.stack([np.broadcast_to(p._regular, batch) for p in ps], axis=n)
    return means, roots, regular, np.result_type(*(p.dtype for p in ps))


def _weights(weights: npt.ArrayLike | None, shape: tuple[int, ...]) -> Array:
    """Return weights for Gaussians stacked in `shape`, or raise."""
    n = shape[-1]
    if weights is None:
        return np.full(n, 1 / n)
    w = real_array("weights", weights)
    if w.ndim == 0 or w.shape[-1] != n:
        raise ValueError(f"weights must have shape (..., {n}), got shape {w.shape}")
    try:
        np.broadcast_shapes(w.shape, shape)
    except ValueError:
        raise ValueError(f"weights must broadcast with {shape}, got shape {w.shape}") from None
    require_finite("weights", w)
    if (w < 0).any():
        raise ValueError(f"weights must not be negative, got {w[w < 0][0]}")
    total = w.sum(-1, keepdims=True, dtype=np.float64)
    bad = np.abs(total - 1) > np.sqrt(np.finfo(result_dtype(w)).eps)
    if bad.any():
        raise ValueError(f"weights must sum to 1, got sum {total[bad][0]}")
    return w / total


def _barycenter_root(
    roots: Array, regular: Mask, weights: Array, tolerance: float, max_steps: int
) -> Array:
    """Root of the barycenter of covariances that are given by their roots."""
    w = weights[..., None, None]
    # From a regular covariance one step reaches the barycenter of two, or of any that commute. From
    # a singular one the iteration might not leave its plane: start in the mean of all covariances,
    # by the triangular factor of the roots side by side.
    columns = np.moveaxis(np.sqrt(w) * roots, -1, -2)
    columns = columns.reshape(*columns.shape[:-3], -1, columns.shape[-1])
    root = np.asarray(np.linalg.qr(columns, mode="r")).swapaxes(-2, -1)
    merit = weights * regular
    heaviest = merit.argmax(-1)[..., None, None, None]
    member = np.take_along_axis(
        np.broadcast_to(roots, (*merit.shape, *roots.shape[-2:])), heaviest, -3
    )
    root = np.where((merit.max(-1) > 0)[..., None, None], member[..., 0, :, :], root)
    for _ in range(max_steps):
        previous = root
        root = (w * turned_to_fit(roots, root[..., None, :, :])).sum(-3)
        change = np.abs(root - previous).max((-2, -1))
        size = np.abs(root).max((-2, -1))
        if (change <= tolerance * size).all():
            return root
    reached = (change[change > 0] / size[change > 0]).max()
    raise np.linalg.LinAlgError(
        f"no barycenter to a tolerance of {tolerance:g} in {max_steps} steps: "
        f"the last step changed the root by {reached:.3g}"
    )


def _squares(
    p: Gaussian, q: Gaussian
) -> tuple[tuple[Array, Array | float], tuple[Array, Array | float]]:
    """Squared distances of the means and of the covariances, each with the unit of its length."""
    _require_pair(p, q)
    # Overflow, and 0/0 for singular covariances, come up in numbers that are then not used.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return squared_length(p._mean - q._mean), _bures(p, q)


def _bures(p: Gaussian, q: Gaussian) -> tuple[Array, Array | float]:
    """Squared Bures distance, and the unit of length in which it is measured."""
    arrays = p._cov, q._cov, p._root, q._root
    regular = p._regular & q._regular
    variances = _variances(p._cov), _variances(q._cov)
    if within((variances[0] + variances[1]) @ np.ones(p.dim), 1e-20, 1e20):
        return _bures_squared(*arrays, regular), 1.0
    # Powers of the variances may leave the range of doubles: measure in a unit of the right size.
    unit = powers_of_two(np.maximum(*variances).max(-1))
    u = unit[..., None, None]
    cov_p, cov_q, root_p, root_q = (a / u for a in arrays)
    # No variance of a regular covariance becomes zero, though it may be as good as zero.
    least = np.finfo(np.float64).tiny * regular[..., None, None] * np.eye(p.dim)
    cov_p, cov_q = cov_p / u + least, cov_q / u + least
    return _bures_squared(cov_p, cov_q, root_p, root_q, regular), unit


def _variances(cov: Array) -> Array:
    return cov.diagonal(0, -2, -1)


def _bures_squared(
    cov_p: Array, cov_q: Array, root_p: Array, root_q: Array, regular: Mask
) -> Array:
    """Squared Bures distance, by a form that does not cancel."""
    arrays = cov_p, cov_q, root_p, root_q
    dim = cov_p.shape[-1]
    if dim == 1:
        return _line_cost(*arrays)
    if dim == 2 and regular.any():
        return replace_where(~regular, _plane_cost(*arrays), _trace_cost, *arrays)
    # A difference LELᵀ with a small E is small against Sp = LLᵀ; the converse takes a whitening.
    alike = squared_norm(cov_q - cov_p) <= _NEAR**2 * squared_norm(cov_p)
    alike = np.asarray(alike & regular)
    cost = np.full(regular.shape, np.nan)
    cost = replace_where(alike, cost, _near_cost, cov_p, cov_q, root_p)
    return replace_where(np.isnan(cost), cost, _trace_cost, *arrays)


def _line_cost(cov_p: Array, cov_q: Array, root_p: Array, root_q: Array) -> Array:
    """One dimension: the difference of the standard deviations, from that of the variances."""
    total = root_p + root_q
    gap = (cov_p - cov_q) / np.where(total > 0, total, 1.0)
    return np.square(gap)[..., 0, 0]


def _plane_cost(cov_p: Array, cov_q: Array, root_p: Array, root_q: Array) -> Array:
    """Two dimensions, regular, in closed form: t - 2F = (t² - 4F²) / (t + 2F).

    With t = tr Sp + tr Sq and M = LpᵀLq both squares are sums of squares:

        F² = (m₁₁ + m₂₂)² + (m₁₂ - m₂₁)²                       the nuclear norm, as det M > 0
        t² - 4F² = (tr (Sp - Sq))² + 4 (g₁₁ - g₂₂)² + 4 g₂₁²    with G = adj(Lq) Lp
    """
    p1, p21, p2 = lower_entries(root_p)
    q1, q21, q2 = lower_entries(root_q)
    ap, _, dp = lower_entries(cov_p)
    aq, _, dq = lower_entries(cov_q)
    traces = (ap + aq) + (dp + dq)
    fidelity = np.sqrt((p1 * q1 + p21 * q21 + p2 * q2) ** 2 + (p21 * q2 - p2 * q21) ** 2)
    stretch = ((ap - aq) + (dp - dq)) ** 2
    turn = (p1 * q2 - p2 * q1) ** 2 + (p21 * q1 - p1 * q21) ** 2
    close = np.asarray(stretch + 4 * turn < _CLOSE * traces**2)
    turn = replace_where(close, turn, _near_turn, cov_p, cov_q, root_p, root_q)
    return np.asarray((stretch + 4 * turn) / (traces + 2 * fidelity))


def _near_turn(cov_p: Array, cov_q: Array, root_p: Array, root_q: Array) -> Array:
    """(g₁₁ - g₂₂)² + g₂₁² of `_plane_cost` from the covariances, whose difference has no error.

    With W = Lq⁻¹Lp, G is W times √det Sq; wᵢᵢ² - 1 = xᵢ is known as accurately as the difference.
    """
    p1, _, p2 = lower_entries(root_p)
    q1, _, q2 = lower_entries(root_q)
    ap, bp, dp = lower_entries(cov_p)
    aq, bq, dq = lower_entries(cov_q)
    cross = product_difference(aq, bp, ap, bq)
    inner = product_difference(aq, dp - dq, bq, bp - bq)
    g21 = (cross / ap) * (cross / aq)
    x1 = (ap - aq) / aq
    x2 = (inner - (bq / aq) * cross - g21) / (q1 * q2) / (q1 * q2)
    w1, w2 = p1 / q1, p2 / q2
    near = (abs(x1) < _NEAR) & (abs(x2) < _NEAR)
    gap = np.where(near, x1 / (1 + w1) - x2 / (1 + w2), w1 - w2)
    return np.square(q1 * q2 * gap) + g21


def _trace_cost(cov_p: Array, cov_q: Array, root_p: Array, root_q: Array) -> Array:
    """Tr Sp + tr Sq - 2 tr(Sp^½ Sq Sp^½)^½, or another form where that cancels."""
    traces = (_variances(cov_p) + _variances(cov_q)).sum(-1)
    # tr(Sp^½ Sq Sp^½)^½ is the nuclear norm of LpᵀLq, whatever the roots are.
    product = root_p.swapaxes(-2, -1) @ root_q
    if product.ndim == 2 and product.shape[-1] < _LARGE:
        fidelity = nuclear_norm(product)
    else:
        fidelity, error = nuclear_norm_by_gram(product)
        rough = ~(error <= 8 * _EPS * (traces - 2 * fidelity))
        fidelity = replace_where(rough, fidelity, nuclear_norm, product)
    cost = traces - 2 * fidelity
    close = cost < _CLOSE * traces
    return replace_where(close, cost, _procrustes_cost, cov_p, cov_q, root_p, root_q)


def _procrustes_cost(cov_p: Array, cov_q: Array, root_p: Array, root_q: Array) -> Array:
    """‖Lp U - Lq V‖², where LpᵀLq = U diag(σ) Vᵀ: the two roots, turned to fit best."""
    u, vt = svd_of_product(root_p, root_q)
    cost = squared_norm(root_p @ u - root_q @ vt.swapaxes(-2, -1))
    return np.where((cov_p == cov_q).all((-2, -1)), 0.0, cost)


def _near_cost(cov_p: Array, cov_q: Array, root_p: Array) -> Array:
    """Cost from the difference of the covariances; NaN where they are not near."""
    difference = cov_q - cov_p
    # The fixed point was seen to converge to the right root if the whitened difference is small.
    # Closeness against the traces would not do: a thin direction may change beyond recognition.
    size = squared_norm(whiten(root_p, difference))
    if every(size == 0):
        return size
    cost = np.nan * size
    matrices = cov_p, root_p, difference, size[..., None, None]
    return replace_where(size <= _NEAR**2, cost, _map_cost, *matrices)


def _map_cost(cov_p: Array, root_p: Array, difference: Array, size: Array) -> Array:
    """Cost ‖X Sp^½‖² of the transport map I + X to Sq = Sp + `difference`; NaN where it is noise.

    (I + X) Sp (I + X) = Sq is X Sp + Sp X + X Sp X = Sq - Sp. In the eigenbasis of Sp the linear
    part is a division, and the quadratic part is small: a fixed point.
    """
    eigenvalues, basis = symmetric_eigen(cov_p)
    turned = basis.swapaxes(-2, -1)
    largest = eigenvalues[..., -1]
    well = every(eigenvalues[..., 0] > 0.01 * largest)
    if not well:
        # The error of an eigenvalue is eps times the largest one. The variance along its
        # eigenvector, taken from the root, is a square and knows a small one to twice as many
        # digits. Below eps times the largest it is noise all the same: raising it to that changes
        # the cost by a rounding error of size · largest.
        root = turned @ root_p
        eigenvalues = np.vecdot(root, root)
        smallest = _EPS * largest[..., None]
        raised = (eigenvalues < smallest).any(-1)
        eigenvalues = np.maximum(eigenvalues, smallest)
    difference = turned @ difference @ basis
    weight = eigenvalues[..., :, None] + eigenvalues[..., None, :]
    np.divide(np.sqrt(eigenvalues)[..., None, :], weight, out=weight)
    y = difference * weight  # X Sp^½
    size = size[..., 0, 0][()]
    enough = 1e-32 * squared_norm(y)
    step = np.empty_like(y)  # large arrays are reused: new ones would take longer than the sums
    for _ in range(_STEPS):
        np.matmul(y, y.swapaxes(-2, -1), out=step)
        np.subtract(difference, step, out=step)
        step *= weight
        step -= y
        y += step
        # The next step is shorter by a factor of at most the whitened difference.
        if every(squared_norm(step) * size <= enough):
            break
    cost = squared_norm(y)
    if not well:
        # Too small against that error, because nothing but the thinnest directions differs?
        cost = np.where(raised & (cost <= 1e-4 * size * largest), np.nan, cost)
    return cost
