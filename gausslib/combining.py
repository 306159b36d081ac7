"""One Gaussian out of several: the moments of a mixture, and the product of powers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gausslib._linalg import (
    Array,
    lower_triangle,
    solve_lower,
    solve_lower_pair,
    solve_lower_transposed,
)
from gausslib._pair import Pair, pair_dtype, require_pair
from gausslib._several import mean_weights, stacked_gaussians
from gausslib._validate import broadcast_shape, real_array
from gausslib.gaussian import Gaussian

__all__ = ["geometric_mean", "mixture_moments"]


def mixture_moments(
    ps: Gaussian | Sequence[Gaussian], weights: npt.ArrayLike | None = None
) -> Gaussian:
    r"""Return the Gaussian with the mean and the covariance of a mixture of Gaussians.

    .. math::

        \operatorname{Cov}_{x \sim f}[x]
            = \sum_{i=1}^n w_i \big( \Sigma_i + (\mu_i - m) (\mu_i - m)^\top \big)

    where f is the density of the mixture and m = Σ wᵢ μᵢ its mean. Of all Gaussians q this one has
    the least KL(f‖q), and it is the one that maximum likelihood fits to many samples of f.

    Parameters
    ----------
    ps : Gaussian or sequence of Gaussian
        A Gaussian with a batch, whose last dimension is mixed, or a sequence of Gaussians of the
        same dimension whose batches broadcast. They may be singular.
    weights : array_like, shape (..., n), optional
        Weights, not negative, with sum 1; their leading dimensions are broadcast with the remaining
        batch. Equal by default.

    Returns
    -------
    Gaussian
        Of the shape of the remaining batch.

    Raises
    ------
    TypeError
        If `ps` is not made of Gaussians, or `weights` not of real numbers.
    ValueError
        If there is nothing to mix, shapes do not fit, weights are negative or do not sum to 1, or
        the covariance leaves the range of numbers.

    See Also
    --------
    w2_barycenter : a mean that has the shape of its members, not that of their heap.

    References
    ----------
    .. [1] A. R. Runnalls, "Kullback-Leibler approach to Gaussian mixture reduction", IEEE
       Transactions on Aerospace and Electronic Systems 43 (2007), 989-999.

    Examples
    --------
    >>> from gausslib import Gaussian, mixture_moments
    >>> mixture_moments([Gaussian(-3, 1), Gaussian(3, 1)])  # within 1, between 3²
    Gaussian([0.0], [[10.0]])
    >>> mixture_moments([Gaussian(0, 4), Gaussian(8, 0)], weights=[0.75, 0.25])
    Gaussian([2.0], [[15.0]])
    """
    stack = stacked_gaussians(ps)
    w = mean_weights(weights, stack.batch_shape)[..., None]
    mean = (w * stack._mean).sum(-2)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
        centred = stack._mean - mean[..., None, :]
        centred = centred - (w * centred).sum(-2, keepdims=True)  # what rounding took from the mean
        between = (w * centred).swapaxes(-2, -1) @ centred
        cov = (w[..., None] * stack._cov).sum(-3) + between
        cov = cov / 2 + cov.swapaxes(-2, -1) / 2
    return Gaussian._from_moments(mean, cov, stack.dtype, stack._eps)


def geometric_mean(p: Gaussian, q: Gaussian, alpha: npt.ArrayLike) -> Gaussian:
    r"""Return the Gaussian whose density is proportional to ``p**alpha * q**(1 - alpha)``.

    .. math::

        \operatorname{Cov}_{x \sim g}[x]
            = \big( \alpha \Sigma_p^{-1} + (1 - \alpha) \Sigma_q^{-1} \big)^{-1},
        \qquad
        \mathbb{E}_{x \sim g}[x]
            = \big( \alpha \Sigma_p^{-1} + (1 - \alpha) \Sigma_q^{-1} \big)^{-1}
            \big( \alpha \Sigma_p^{-1} \mu_p + (1 - \alpha) \Sigma_q^{-1} \mu_q \big)

    where g is its density. Precisions are averaged, and means with the weights of the precisions.
    It has the least α KL(g‖p) + (1-α) KL(g‖q), and that least value is minus the logarithm of
    `chernoff_coefficient`. At `chernoff_alpha` it is as far from `p` as from `q`, in KL(g‖p) and
    KL(g‖q).

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension, not singular; their batch dimensions are broadcast.
    alpha : array_like, shape (...)
        Exponent α of `p`, from 0 to 1; it is broadcast with the batch dimensions.

    Returns
    -------
    Gaussian
        Exactly `p` at ``alpha = 1``, exactly `q` at ``alpha = 0``.

    Raises
    ------
    TypeError
        If `p` or `q` is not a Gaussian, or `alpha` not a real number.
    ValueError
        If `alpha` is out of its range or NaN, the dimensions differ, the shapes do not broadcast,
        or a covariance is singular, so that there is no density.

    Notes
    -----
    With α = ½ it has the mean of the normalised product of both densities, and twice its
    covariance: the update of Bayes and of Kalman's filter, where one is the prior and the other the
    likelihood. As α varies it is the fusion of estimates whose correlation is unknown (covariance
    intersection).

    References
    ----------
    .. [1] S. J. Julier and J. K. Uhlmann, "A non-divergent estimation algorithm in the presence of
       unknown correlations", Proceedings of the American Control Conference (1997), 2369-2373.
    .. [2] F. Nielsen, "On the Jensen-Shannon symmetrization of distances relying on abstract
       means", Entropy 21 (2019), 485.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, geometric_mean
    >>> res = geometric_mean(Gaussian(0, 2), Gaussian(8, 6), 0.5)  # precisions 1/2 and 1/6
    >>> ref = Gaussian(2, 3)
    >>> np.allclose(res.mean, ref.mean) and np.allclose(res.cov, ref.cov)
    True

    The posterior of a prior and a likelihood, whose precision is the sum of both:

    >>> posterior = Gaussian(res.mean, res.cov / 2)
    >>> np.allclose(posterior.cov, 1 / (1 / 2 + 1 / 6))
    True
    """
    require_pair(p, q)
    for name, gaussian in (("p", p), ("q", q)):
        if not gaussian._all_regular:
            raise ValueError(f"{name} must have a density, got a singular covariance")
    share = real_array("alpha", alpha).astype(np.float64)
    legal = (share >= 0) & (share <= 1)
    if not legal.all():
        raise ValueError(f"alpha must be from 0 to 1, got {share[~legal][0]}")
    broadcast_shape("alpha and the batches of p and q", share.shape, p.batch_shape, q.batch_shape)

    shift_p, shift_q, root = _product_of_powers(Pair.of(p, q), share)
    # A sum of the mean that is nearer and a small step loses nothing, wherever the origin is.
    mean = np.where(abs(shift_p) < abs(shift_q), p._mean + shift_p, q._mean + shift_q)
    a = share[..., None, None]
    dtype, eps = pair_dtype(p, q), max(p._eps, q._eps)
    if p._exact_root and q._exact_root:
        root = np.where(a == 0, q._root, np.where(a == 1, p._root, root))
        return Gaussian._from_root(mean, root, dtype, eps)
    cov = root @ root.swapaxes(-2, -1)
    cov = np.where(a == 0, q._cov, np.where(a == 1, p._cov, cov))
    return Gaussian._from_moments(mean, cov, dtype, eps)


def _product_of_powers(pair: Pair, alpha: Array) -> tuple[Array, Array, Array]:
    """How far the mean is from those of p and q, and a root of the covariance.

    With W = Lq⁻¹Lp and αI + (1-α) WᵀW = KKᵀ the precision is Lp⁻ᵀ KKᵀ Lp⁻¹: no inverse is formed.
    """
    a, b = alpha[..., None, None], (1 - alpha)[..., None, None]
    w = solve_lower_pair(pair.root_q, pair.root_p)
    transposed = w.swapaxes(-2, -1)
    scaled_one, scaled_w = np.sqrt(a) * np.eye(w.shape[-1]), np.sqrt(b) * transposed
    shape = np.broadcast_shapes(scaled_one.shape, scaled_w.shape)
    columns = [np.broadcast_to(part, shape) for part in (scaled_one, scaled_w)]
    inner = lower_triangle(np.concatenate(columns, axis=-1))
    root = solve_lower(inner, pair.root_p.swapaxes(-2, -1)).swapaxes(-2, -1)

    def step(z: Array) -> Array:
        """LpK⁻ᵀK⁻¹z."""
        shift = pair.root_p @ solve_lower_transposed(inner, solve_lower(inner, z))
        return np.asarray(shift[..., 0])

    z_p, z_q = solve_lower(pair.root_p, pair.delta), solve_lower(pair.root_q, pair.delta)
    return step(-b * (transposed @ z_q)), step(a * z_p), lower_triangle(root)
