"""Divergences between Gaussians: functions of the likelihood ratio, unchanged by affine maps.

Nearly all of them are one of two formulas. Write Ψ(W) = tr(WWᵀ) - d - log det(WWᵀ), which is never
negative, δ = μp - μq, and S = (1-α) Sp + α Sq = LLᵀ. The Chernoff distance of order 0 ≤ α ≤ 1 is

    -log ∫ pᵅ q¹⁻ᵅ = ½ [α (1-α) |L⁻¹δ|² + (1-α) Ψ(L⁻¹Lp) + α Ψ(L⁻¹Lq)].

At α = ½ it is the Bhattacharyya distance, and divided by 1-α the Rényi divergence. The Rényi
divergence of order α ≥ 1 is

    D_α = ½ [α |L⁻¹δ|² + Ψ(Lq⁻¹Lp) + Ψ(Lq⁻¹L) / (α-1)].

At α = 1, where S = Sq and the last term vanishes, it is the Kullback-Leibler divergence. No term of
the two is negative, so no accuracy is lost when they are added.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gausslib._factor import EPS, pivot_floor
from gausslib._linalg import (
    Array,
    Mask,
    Values,
    excess_of_difference,
    log1p_gap,
    own_diagonal,
    solve_lower,
    solve_lower_pair,
    squared_norm,
)
from gausslib._pair import (
    Pair,
    inside_support,
    mean_size,
    over_pairs,
    own_unit,
    pair_dtype,
    pivots_at,
    require_pair,
)
from gausslib._validate import broadcast_shape, real_array
from gausslib.gaussian import LOG_TWO_PI, Gaussian

__all__ = [
    "BhattacharyyaTerms",
    "KLTerms",
    "bhattacharyya_coefficient",
    "bhattacharyya_distance",
    "bhattacharyya_terms",
    "chernoff_alpha",
    "chernoff_coefficient",
    "chernoff_information",
    "cross_entropy",
    "hellinger_distance",
    "jeffreys_divergence",
    "kl_divergence",
    "kl_terms",
    "renyi_divergence",
]

_ONE = np.ones((1, 1))
_HALF = np.array(0.5)

# ‖W - I‖² up to which the difference of two covariances is whitened, instead of comparing roots.
# Both forms were seen to be accurate to 5e-15 from 0.01 to 2: the first loses beyond, where the
# difference comes near -I, the second below, where its rounding error is divided by a small Ψ.
_NEAR = 0.05

# Order from which the Rényi divergence is computed near its limit, where (1-α) Σp + α Σq would be a
# difference of large numbers.
_LARGE_ORDER = 1e8


class KLTerms(NamedTuple):
    """The three terms of the Kullback-Leibler divergence, in nats; their sum is the divergence.

    Attributes
    ----------
    mean : scalar or ndarray
        ½ (μp - μq)ᵀ Σq⁻¹ (μp - μq), what the means contribute.
    trace : scalar or ndarray
        ½ (tr(Σq⁻¹ Σp) - d).
    logdet : scalar or ndarray
        ½ (log det Σq - log det Σp).

    Examples
    --------
    >>> from gausslib import KLTerms
    >>> terms = KLTerms(mean=0.5, trace=1.0, logdet=-0.25)
    >>> sum(terms)
    1.25
    """

    mean: Values
    trace: Values
    logdet: Values


class BhattacharyyaTerms(NamedTuple):
    """The two terms of the Bhattacharyya distance, in nats; their sum is the distance.

    Attributes
    ----------
    mean : scalar or ndarray
        ⅛ (μp - μq)ᵀ M⁻¹ (μp - μq) with M = ½ (Σp + Σq), what the means contribute.
    logdet : scalar or ndarray
        ½ log (det M / √(det Σp det Σq)), what the covariances contribute. Neither is negative.

    Examples
    --------
    >>> from gausslib import BhattacharyyaTerms
    >>> terms = BhattacharyyaTerms(mean=0.5, logdet=0.25)
    >>> sum(terms)
    0.75
    """

    mean: Values
    logdet: Values


def cross_entropy(p: Gaussian, q: Gaussian) -> Values:
    r"""Cross-entropy of `q` relative to `p`, the mean of -log q(x) over x from `p`, in nats.

    .. math::

        h(p, q) = \tfrac12 \Big( d \log 2\pi + \log\det \Sigma_q
            + \operatorname{Tr}(\Sigma_q^{-1} \Sigma_p) + \delta^\top \Sigma_q^{-1} \delta \Big)

    It is the entropy of `p` plus the Kullback-Leibler divergence of `p` from `q`. `p` may be
    singular. Where `q` is, its density is infinite on its support and zero elsewhere: the
    cross-entropy is minus infinity if `p` lives on that support, and plus infinity otherwise.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The cross-entropy, shape ``batch_shape``; of either sign.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    Gaussian.entropy : the case q = p.

    References
    ----------
    .. [1] I. J. Good, "Some terminology and notation in information theory", Proceedings of the
       IEE, Part C 103 (1956), 200-204.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, cross_entropy, kl_divergence
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = cross_entropy(p, q)
    >>> ref = p.entropy() + kl_divergence(p, q)
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    require_pair(p, q)
    with np.errstate(over="ignore", invalid="ignore"):  # too large for a double is inf
        unit = own_unit(p, q)
        pair = Pair.of(p, q, unit)
        root = np.where(q._regular[..., None, None], pair.root_q, np.eye(q.dim))
        z, w = solve_lower(root, pair.delta), solve_lower(root, pair.root_p)
        square = np.fmin(squared_norm(z) + squared_norm(w), np.inf)
        value = np.asarray((q.dim * LOG_TWO_PI + square) / 2 + q._half_log_det())
    singular = np.broadcast_to(~q._regular, value.shape)
    if singular.any():
        size = mean_size(p, q, unit)
        inside = _lives_on_support(p, q, pair, size, singular)
        value[singular] = np.where(inside, -np.inf, np.inf)
    return value.astype(pair_dtype(p, q), copy=False)[()]


def _lives_on_support(p: Gaussian, q: Gaussian, pair: Pair, size: Array, singular: Mask) -> Mask:
    """Which p live on the support of their q, of the pairs whose q is singular."""
    eps = max(p._eps, q._eps)
    pairs = pair.chosen(singular)
    order, rank = pivots_at(q, eps)
    order = np.broadcast_to(order, (*singular.shape, q.dim))[singular]
    rank = np.broadcast_to(rank, singular.shape)[singular]
    size = np.broadcast_to(size, (*singular.shape, q.dim))[singular]
    inside = np.zeros(rank.shape, dtype=bool)
    for r in np.unique(rank):
        where = rank == r
        floor = pivot_floor(p.dim, eps)
        inside[where] = inside_support(
            pairs.chosen(where), order[where], int(r), size[where], floor
        )
    return inside


def kl_divergence(p: Gaussian, q: Gaussian) -> Values:
    r"""Kullback-Leibler divergence of `p` from `q`, E_p[log p - log q], in nats.

    .. math::

        \operatorname{KL}(p \,\|\, q) = \tfrac12\, \delta^\top \Sigma_q^{-1} \delta
            + \tfrac12 \big( \operatorname{Tr}(\Sigma_q^{-1} \Sigma_p) - d \big)
            + \tfrac12 \log \frac{\det \Sigma_q}{\det \Sigma_p}

    Here δ = μp - μq.

    The value is accurate for nearly identical pairs too, where trace and determinant cancel. It is
    exactly zero for identical ones, and infinite where the supports of `p` and `q` differ; where
    two singular Gaussians have one support, it is computed inside that.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The divergence, shape ``batch_shape``, non-negative. Unchanged by invertible affine maps of
        both arguments; not symmetric.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    Notes
    -----
    Whether a covariance is singular is decided by its pivots, see `Gaussian`. Equivalent to
    ``torch.distributions.kl_divergence`` of two ``MultivariateNormal``.

    References
    ----------
    .. [1] S. Kullback and R. A. Leibler, "On information and sufficiency", Annals of Mathematical
       Statistics 22 (1951), 79-86.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, kl_divergence
    >>> p, q = Gaussian([0, 0], [[2, 1], [1, 2]]), Gaussian.standard(2)
    >>> res = kl_divergence(p, q)
    >>> ref = (4 - 2 - np.log(3)) / 2  # trace 4, dimension 2, determinant 3
    >>> np.allclose(res, ref, rtol=1e-15)
    True

    Nearly identical Gaussians keep their digits: in one dimension with variances 1 + ε and 1 the
    divergence is ε²/4 to leading order.

    >>> print(kl_divergence(Gaussian(0, 1 + 2**-40), Gaussian(0, 1)) / 2**-82)
    0.9999999999993937
    """
    return over_pairs(p, q, _kl_regular)


def kl_terms(p: Gaussian, q: Gaussian) -> KLTerms:
    r"""Split the Kullback-Leibler divergence into its textbook terms, in nats.

    .. math::

        \operatorname{KL}(p \,\|\, q) = \tfrac12\, \delta^\top \Sigma_q^{-1} \delta
            + \tfrac12 \big( \operatorname{Tr}(\Sigma_q^{-1} \Sigma_p) - d \big)
            + \tfrac12 \log \frac{\det \Sigma_q}{\det \Sigma_p}

    They are meant to be looked at. For near pairs the trace and the log-determinant cancel each
    other, so `kl_divergence` never computes the divergence by adding them.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    KLTerms
        ``(mean, trace, logdet)``, each of shape ``batch_shape``. Where the supports of `p` and `q`
        differ all three are infinite.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    kl_divergence : the sum of the three, computed accurately.

    References
    ----------
    .. [1] S. Kullback, "Information Theory and Statistics", Wiley (1959), chapter 9.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, kl_divergence, kl_terms
    >>> p, q = Gaussian([1, 0], [[2, 0], [0, 1]]), Gaussian([0, 0], [[1, 0], [0, 4]])
    >>> res = kl_terms(p, q)
    >>> ref = (1 / 2, (2 / 1 + 1 / 4 - 2) / 2, np.log(4 / 2) / 2)
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    >>> np.allclose(sum(res), kl_divergence(p, q), rtol=1e-15)
    True
    """
    terms = over_pairs(p, q, _kl_terms_regular, width=(3,))
    return KLTerms(*(terms[..., i][()] for i in range(3)))


def _kl_regular(pair: Pair) -> Array:
    return 0.5 * (_mahalanobis_squared(pair, pair.root_q) + _excess(pair, pair.root_q, pair.root_p))


def _kl_terms_regular(pair: Pair) -> Array:
    w = solve_lower_pair(pair.root_q, pair.root_p)
    # log det W is a sum of logarithms: a product of many pivots would overflow.
    logdet = -np.log(np.einsum("...ii->...i", w)).sum(-1)
    trace = (squared_norm(w) - w.shape[-1]) / 2
    return np.stack([_mahalanobis_squared(pair, pair.root_q) / 2, trace, logdet], axis=-1)


def _mahalanobis_squared(pair: Pair, root: Array) -> Array:
    """|L⁻¹δ|²."""
    z = solve_lower(root, pair.delta)[..., 0]
    square: Array = np.vecdot(z, z)
    return square


def _excess(pair: Pair, root: Array, other: Array, factor: Array = _ONE) -> Array:
    """Ψ(W) = tr(WWᵀ) - d - log det(WWᵀ), where W = L⁻¹M compares the roots L and M of covariances.

    It is ‖W - I‖² + 2 Σ (wᵢᵢ - 1 - log wᵢᵢ): no term is negative, so nothing cancels. The two
    covariances differ by `factor` times Sp - Sq. Where they are near, W - I is rounding error, but
    the difference of what was given keeps its digits if it is taken first.
    """
    if pair.exact_roots and factor is _ONE:  # W - I = L⁻¹(M - L), and M - L is exact
        x = solve_lower_pair(root, other - root)
        return np.asarray(squared_norm(x) + 2 * log1p_gap(x.diagonal(0, -2, -1)).sum(-1))

    w = solve_lower_pair(root, other)
    diagonal = own_diagonal(w)
    pivots = diagonal.copy()
    diagonal -= 1
    size = squared_norm(w)
    close = size <= _NEAR
    if close.ndim == 0 and close:
        return _near_excess(pair, root, factor)
    value = size + 2 * (diagonal - np.log(pivots)).sum(-1)
    if close.ndim == 0:
        return value
    return pair.replace_where(close, value, _near_excess, root, factor)


def _near_excess(pair: Pair, root: Array, factor: Array) -> Array:
    return excess_of_difference(factor * pair.whitened_difference(root))


def jeffreys_divergence(p: Gaussian, q: Gaussian) -> Values:
    r"""Jeffreys divergence, the sum of the two Kullback-Leibler divergences, in nats.

    .. math::

        \operatorname{J}(p, q) = \tfrac12\, \delta^\top (\Sigma_p^{-1} + \Sigma_q^{-1}) \delta
            + \tfrac12 \operatorname{Tr}(\Sigma_q^{-1} \Sigma_p + \Sigma_p^{-1} \Sigma_q) - d

    No determinant is left in it. It is symmetric, but no metric.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The divergence, shape ``batch_shape``, non-negative; infinite where the supports differ.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    References
    ----------
    .. [1] H. Jeffreys, "An invariant form for the prior probability in estimation problems",
       Proceedings of the Royal Society A 186 (1946), 453-461.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, jeffreys_divergence
    >>> res = jeffreys_divergence(Gaussian(0, 1), Gaussian(3, 4))
    >>> ref = 3**2 * (1 + 1 / 4) / 2 + (1 / 4 + 4) / 2 - 1
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    with np.errstate(over="ignore"):
        return kl_divergence(p, q) + kl_divergence(q, p)


def renyi_divergence(p: Gaussian, q: Gaussian, alpha: npt.ArrayLike) -> Values:
    r"""Rényi divergence of `p` from `q` of order `alpha`, in nats.

    .. math::

        D_\alpha(p \,\|\, q) = \tfrac{\alpha}{2}\, \delta^\top \Sigma_\alpha^{-1} \delta
            + \frac{1}{2 (1 - \alpha)}
            \log \frac{\det \Sigma_\alpha}{(\det \Sigma_p)^{1 - \alpha} (\det \Sigma_q)^\alpha}

    Here Σ_α = (1-α) Σp + α Σq. The divergence grows with α. At α = 1 it is the Kullback-Leibler
    divergence, at α = ½ twice the Bhattacharyya distance, at α = ∞ the logarithm of the largest
    ratio of the densities, and at α = 0 it is zero. For α > 1 it is finite only where Σ_α is
    positive definite. Where the supports of `p` and `q` differ it is infinite at every order; where
    two singular Gaussians have one support, it is computed inside that.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.
    alpha : array_like
        Order α, from 0 to infinity inclusive; it is broadcast with the batch dimensions.

    Returns
    -------
    scalar or ndarray
        The divergence, non-negative, of the shape to which ``batch_shape`` and the shape of `alpha`
        are broadcast.

    Raises
    ------
    TypeError
        If `p` or `q` is not a Gaussian, or `alpha` not a real number.
    ValueError
        If `alpha` is out of its range or NaN, the dimensions differ or the shapes do not broadcast.

    See Also
    --------
    kl_divergence : order 1.
    chernoff_coefficient : the integral whose logarithm it is.

    References
    ----------
    .. [1] A. Rényi, "On measures of entropy and information", Proceedings of the Fourth Berkeley
       Symposium on Mathematical Statistics and Probability 1 (1961), 547-561.
    .. [2] M. Gil, F. Alajaji and T. Linder, "Rényi divergence measures for commonly used univariate
       continuous distributions", Information Sciences 249 (2013), 124-131.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, renyi_divergence
    >>> res = renyi_divergence(Gaussian(3, 1), Gaussian(0, 1), alpha=[0, 0.5, 1, 2])
    >>> ref = 3**2 / 2 * np.array([0, 0.5, 1, 2])  # equal variances: proportional to alpha
    >>> np.allclose(res, ref, rtol=1e-15)
    True

    A wide Gaussian has too much mass far out for a narrow one, from some order on:

    >>> res = renyi_divergence(Gaussian(0, 4), Gaussian(0, 3), alpha=[3, 4])
    >>> ref = [np.log(3) / 4 - np.log(4 / 3) / 2, np.inf]
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    alpha = _order(p, q, alpha, np.inf)
    regimes = (
        (alpha < 1, _renyi_below_one, 0.5),
        (alpha == 1, _renyi_at_one, 1.0),
        ((alpha > 1) & (alpha < _LARGE_ORDER), _renyi_above_one, 2.0),
        (alpha >= _LARGE_ORDER, _renyi_of_large_order, np.inf),
    )
    value: Any = np.zeros(alpha.shape)
    for inside, regular, typical in regimes:
        if inside.any():
            orders = np.where(inside, alpha, typical)
            value = np.where(inside, over_pairs(p, q, regular, orders), value)
    return value.astype(pair_dtype(p, q), copy=False)[()]


def _order(p: Gaussian, q: Gaussian, alpha: npt.ArrayLike, largest: float) -> Array:
    """Return the order as an array, if it can be one for this pair."""
    require_pair(p, q)
    array = real_array("alpha", alpha).astype(np.float64)
    legal = (array >= 0) & (array <= largest)
    if not legal.all():
        raise ValueError(f"alpha must be from 0 to {largest:g}, got {array[~legal][0]}")
    broadcast_shape("alpha and the batches of p and q", array.shape, p.batch_shape, q.batch_shape)
    return array


def _renyi_below_one(pair: Pair, alpha: Array) -> Array:
    mean, logdet = _chernoff_terms(pair, alpha)
    return np.asarray((mean + logdet) / (1 - alpha))


def _renyi_at_one(pair: Pair, _alpha: Array) -> Array:
    return _kl_regular(pair)


def _renyi_above_one(pair: Pair, alpha: Array) -> Array:
    root, factor = pair.mixed_root(alpha), (1 - alpha)[..., None, None]
    square = alpha * _mahalanobis_squared(pair, root)
    ratio = _excess(pair, pair.root_q, pair.root_p)
    value = square + ratio + _excess(pair, pair.root_q, root, factor) / (alpha - 1)
    definite = np.isfinite(root).all((-2, -1))
    return np.where(definite, 0.5 * value, np.inf)


def _renyi_of_large_order(pair: Pair, alpha: Array) -> Array:
    """½ [α zᵀ(I - (α-1)E)⁻¹z + Ψ(Lq⁻¹Lp) + ψ(-(α-1)E)/(α-1)], or its limit at α = ∞.

    Here E = Lq⁻¹(Sp - Sq)Lq⁻ᵀ, z = Lq⁻¹δ and ψ(t) = t - log(1 + t), in the eigenbasis of E. The
    limit is ½ [zᵀG⁻¹z + Ψ(Lq⁻¹Lp) + tr G] with G = -E. If an eigenvalue of I - (α-1)E is negative p
    has the heavier tails, somewhere, and the value is infinite; at α = ∞ likewise if z has a part
    where G has none.
    """
    g = -pair.whitened_difference(pair.root_q)
    # An overflow: p is wider, and G is not positive.
    g = np.where(np.isfinite(g).all((-2, -1), keepdims=True), g, -np.eye(g.shape[-1]))
    eigenvalues, basis = np.linalg.eigh(g)
    z = (basis.swapaxes(-2, -1) @ solve_lower(pair.root_q, pair.delta))[..., 0]
    order = alpha[..., None]
    floor = pivot_floor(z.shape[-1], EPS)
    noise = floor * np.abs(eigenvalues).max(-1, keepdims=True)
    outside = (eigenvalues <= noise) & (np.abs(z) > floor * np.linalg.norm(z, axis=-1)[..., None])
    limit = order == np.inf
    with np.errstate(divide="ignore"):
        stretch = (order - 1) * eigenvalues
        weight = np.where(limit, 1 / eigenvalues, 1 / (1 / order + (1 - 1 / order) * eigenvalues))
    weight = np.where(limit & (eigenvalues <= noise), 0.0, weight)
    wide = np.where(limit, eigenvalues < -noise, stretch <= -1)
    gap = np.where(np.abs(stretch) < 0.2, log1p_gap(np.clip(stretch, -0.2, 0.2)), 0.0)
    far = stretch - np.log1p(np.where(stretch > -1, stretch, 0.0))
    rest = np.where(np.abs(stretch) < 0.2, gap, far) / (order - 1)
    rest = np.where(limit, np.maximum(eigenvalues, 0.0), rest)
    # Where the difference of the covariances is thin, a factor knows its inverse better.
    root = pair.limit_root(alpha)
    clear = np.isfinite(root).all((-2, -1)) & (eigenvalues > noise).all(-1)
    square = np.where(clear, _mahalanobis_squared(pair, root), (weight * np.square(z)).sum(-1))
    value = square + rest.sum(-1) + _excess(pair, pair.root_q, pair.root_p)
    return np.where((wide | (limit & outside)).any(-1), np.inf, value / 2)


def chernoff_coefficient(p: Gaussian, q: Gaussian, alpha: npt.ArrayLike) -> Values:
    r"""Chernoff coefficient, the overlap of `p` and `q` with exponents `alpha` and 1 - `alpha`.

    .. math::

        c_\alpha(p, q) = \int p(x)^\alpha q(x)^{1 - \alpha} \,dx

    It is 1 for identical Gaussians, and 0 where the supports differ.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.
    alpha : array_like
        Exponent α of `p`, from 0 to 1; it is broadcast with the batch dimensions.

    Returns
    -------
    scalar or ndarray
        A number from 0 to 1, of the shape to which ``batch_shape`` and the shape of `alpha` are
        broadcast.

    Raises
    ------
    TypeError
        If `p` or `q` is not a Gaussian, or `alpha` not a real number.
    ValueError
        If `alpha` is out of its range or NaN, the dimensions differ or the shapes do not broadcast.

    See Also
    --------
    chernoff_information : for the exponent at which the overlap is smallest.
    bhattacharyya_coefficient : the exponent one half.

    References
    ----------
    .. [1] H. Chernoff, "A measure of asymptotic efficiency for tests of a hypothesis based on the
       sum of observations", Annals of Mathematical Statistics 23 (1952), 493-507.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, chernoff_coefficient
    >>> res = chernoff_coefficient(Gaussian(0, 1), Gaussian(2, 1), 0.25)
    >>> ref = np.exp(-0.25 * 0.75 * 2**2 / 2)
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    return np.exp(-over_pairs(p, q, _chernoff_distance, _order(p, q, alpha, 1)))


def chernoff_information(p: Gaussian, q: Gaussian) -> Values:
    r"""Chernoff information, the rate at which the error of the best test vanishes, in nats.

    .. math::

        \operatorname{C}(p, q) = \max_{0 \le \alpha \le 1}
            -\log \int p(x)^\alpha q(x)^{1 - \alpha} \,dx

    Given n independent points from `p` or from `q`, the probability that the best test takes one
    for the other decays like exp(-n C).

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The information, shape ``batch_shape``, non-negative and symmetric; infinite where the
        supports differ. At least the Bhattacharyya distance, at most either Kullback-Leibler
        divergence.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    chernoff_alpha : where the maximum is attained.

    References
    ----------
    .. [1] H. Chernoff, "A measure of asymptotic efficiency for tests of a hypothesis based on the
       sum of observations", Annals of Mathematical Statistics 23 (1952), 493-507.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, chernoff_information
    >>> res = chernoff_information(Gaussian(0, 4), Gaussian(2, 4))
    >>> ref = 2**2 / (8 * 4)  # equal covariances: the Bhattacharyya distance
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    alpha = over_pairs(p, q, _chernoff_alpha_regular, of_points=0.5)
    alpha = np.where(np.isfinite(alpha), alpha, 0.5)
    return over_pairs(p, q, _chernoff_distance, alpha.astype(np.float64))


def chernoff_alpha(p: Gaussian, q: Gaussian) -> Values:
    r"""Exponent of `p` at which the overlap of `p` and `q` is smallest.

    .. math::

        \operatorname{C}(p, q) = \max_{0 \le \alpha \le 1}
            -\log \int p(x)^\alpha q(x)^{1 - \alpha} \,dx

    It is the α that attains this maximum.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        A number between 0 and 1, shape ``batch_shape``. One half where all exponents are equally
        good: for identical Gaussians, and where the supports differ.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    chernoff_information : the maximum itself.

    References
    ----------
    .. [1] F. Nielsen, "Revisiting Chernoff information with likelihood ratio exponential families",
       Entropy 24 (2022), 1400.

    Examples
    --------
    >>> from gausslib import Gaussian, chernoff_alpha
    >>> print(chernoff_alpha(Gaussian(0, 4), Gaussian(2, 4)))
    0.5
    """
    alpha = np.asarray(over_pairs(p, q, _chernoff_alpha_regular, of_points=0.5))
    return np.where(np.isfinite(alpha), alpha, 0.5).astype(alpha.dtype, copy=False)[()]


def _chernoff_terms(pair: Pair, alpha: Array) -> tuple[Array, Array]:
    """Evaluate the first formula at the head of this file: the mean's term, the covariances'."""
    a, b = alpha[..., None, None], (1 - alpha)[..., None, None]
    root = pair.mixed_root(alpha)
    mean = alpha * (1 - alpha) * _mahalanobis_squared(pair, root)
    of_p = (1 - alpha) * _excess(pair, root, pair.root_p, a)
    of_q = alpha * _excess(pair, root, pair.root_q, -b)
    return 0.5 * mean, 0.5 * (of_p + of_q)


def _chernoff_distance(pair: Pair, alpha: Array) -> Array:
    mean, logdet = _chernoff_terms(pair, alpha)
    return mean + logdet


def _chernoff_alpha_regular(pair: Pair) -> Array:
    """Where the Chernoff distance has the slope zero: it is concave, so Newton and halving find it.

    In coordinates where ½ (Sp + Sq) = I both covariances are diagonal, with u and 2 - u on the
    diagonals. For β = 1 - α, s = β u + (1-β) v with v = 2 - u, and z for the difference of the
    means, twice the distance is Σ [β(1-β) zᵢ²/sᵢ + log sᵢ - β log uᵢ - (1-β) log vᵢ].
    """
    _, x, z, length_p, length_q = pair.on_common_axes()
    u, v, square = np.square(length_p), np.square(length_q), np.square(z)
    near = np.abs(x) < 0.5
    x = np.where(near, x, u - v)
    log_ratio = 2 * np.log(length_p / length_q)
    ratio = np.where(near, x, 0) / np.where(near, v, 1)
    gap = log1p_gap(ratio)

    low, high = np.zeros(x.shape[:-1]), np.ones(x.shape[:-1])
    beta = np.full(x.shape[:-1], 0.5)
    for _ in range(100):
        b = beta[..., None]
        s = b * u + (1 - b) * v
        y = x / s
        # y - log(u/v), where near without cancellation
        slope = np.where(near, gap - b * y * ratio, y - log_ratio)
        slope = (slope + square * ((1 - 2 * b) - b * (1 - b) * y) / s).sum(-1)
        curvature = (y * y + 2 * square * (u / s) * (v / s) / s).sum(-1)
        low, high = np.where(slope > 0, beta, low), np.where(slope < 0, beta, high)
        newton = beta + np.where(curvature > 0, slope / curvature, 0.0)
        inside = (newton > low) & (newton < high) | (slope == 0)
        previous, beta = beta, np.where(inside, newton, (low + high) / 2)
        if (np.abs(beta - previous) <= 1e-12).all():
            break
    return 1 - beta


def bhattacharyya_distance(p: Gaussian, q: Gaussian) -> Values:
    r"""Bhattacharyya distance, minus the logarithm of the overlap of `p` and `q`, in nats.

    .. math::

        \operatorname{BD}(p, q) = \tfrac18\, \delta^\top M^{-1} \delta
            + \tfrac12 \log \frac{\det M}{\sqrt{\det \Sigma_p \det \Sigma_q}}

    Here M = ½ (Σp + Σq). It is exactly zero for identical Gaussians and infinite where the supports
    differ; where two singular Gaussians have one support, it is computed inside that. The name is
    traditional: the triangle inequality does not hold.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The distance, shape ``batch_shape``, non-negative. Symmetric, unchanged by invertible affine
        maps of both arguments, and at most half of either Kullback-Leibler divergence.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    References
    ----------
    .. [1] A. Bhattacharyya, "On a measure of divergence between two statistical populations defined
       by their probability distributions", Bulletin of the Calcutta Mathematical Society 35 (1943),
       99-109.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, bhattacharyya_distance
    >>> res = bhattacharyya_distance(Gaussian(0, 1), Gaussian(4, 4))
    >>> ref = 4**2 / (4 * (1 + 4)) + np.log((1 + 4) / (2 * 1 * 2)) / 2  # variances 1 and 4
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    return over_pairs(p, q, _chernoff_distance, _HALF)


def bhattacharyya_coefficient(p: Gaussian, q: Gaussian) -> Values:
    r"""Bhattacharyya coefficient, the overlap of `p` and `q`.

    .. math::

        \operatorname{BC}(p, q) = \int \sqrt{p(x) \, q(x)} \,dx

    It is 1 for identical Gaussians, and 0 where the supports differ.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        A number from 0 to 1, shape ``batch_shape``.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    bhattacharyya_distance : minus its logarithm.

    References
    ----------
    .. [1] T. Kailath, "The divergence and Bhattacharyya distance measures in signal selection",
       IEEE Transactions on Communication Technology 15 (1967), 52-60.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, bhattacharyya_coefficient
    >>> res = bhattacharyya_coefficient(Gaussian(0, 1), Gaussian(0, 9))
    >>> ref = np.sqrt(2 * 1 * 3 / (1 + 9))  # standard deviations 1 and 3
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    return np.exp(-bhattacharyya_distance(p, q))


def bhattacharyya_terms(p: Gaussian, q: Gaussian) -> BhattacharyyaTerms:
    r"""Split the Bhattacharyya distance into what means and covariances contribute, in nats.

    .. math::

        \operatorname{BD}(p, q) = \tfrac18\, \delta^\top M^{-1} \delta
            + \tfrac12 \log \frac{\det M}{\sqrt{\det \Sigma_p \det \Sigma_q}}

    Here M = ½ (Σp + Σq). Both terms are accurate for near pairs too.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    BhattacharyyaTerms
        ``(mean, logdet)``, each of shape ``batch_shape`` and non-negative. Where the supports of
        `p` and `q` differ both are infinite.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    bhattacharyya_distance : the sum of the two.

    References
    ----------
    .. [1] T. Kailath, "The divergence and Bhattacharyya distance measures in signal selection",
       IEEE Transactions on Communication Technology 15 (1967), 52-60.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, bhattacharyya_terms
    >>> res = bhattacharyya_terms(Gaussian(0, 1), Gaussian(4, 9))
    >>> ref = (4**2 / (8 * 5), np.log(5 / 3) / 2)  # the mean variance is 5
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    terms = over_pairs(p, q, _bhattacharyya_terms_regular, width=(2,))
    return BhattacharyyaTerms(*(terms[..., i][()] for i in range(2)))


def _bhattacharyya_terms_regular(pair: Pair) -> Array:
    return np.stack(_chernoff_terms(pair, _HALF), axis=-1)


def hellinger_distance(p: Gaussian, q: Gaussian) -> Values:
    r"""Hellinger distance, a metric between 0 and 1.

    .. math::

        \operatorname{Hel}(p, q) = \sqrt{1 - \operatorname{BC}(p, q)}

    With this scaling it is 1 where the supports differ; some authors multiply it by √2.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The distance, shape ``batch_shape``. Exactly zero for identical Gaussians, and accurate for
        nearly identical ones.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    References
    ----------
    .. [1] E. Hellinger, "Neue Begründung der Theorie quadratischer Formen von unendlichvielen
       Veränderlichen", Journal für die reine und angewandte Mathematik 136 (1909), 210-271.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, hellinger_distance
    >>> res = hellinger_distance(Gaussian(0, 1), Gaussian(1, 1))
    >>> ref = np.sqrt(1 - np.exp(-1 / 8))
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    return np.sqrt(-np.expm1(-bhattacharyya_distance(p, q)))
