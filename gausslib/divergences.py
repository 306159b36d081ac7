"""Divergences between Gaussians: functions of the likelihood ratio, unchanged by affine maps.

All of them are one formula, the Rényi divergence of order α. With S = (1-α) Sp + α Sq = LLᵀ,
z = L⁻¹(μp - μq) and Ψ(W) = tr(WWᵀ) - d - log det(WWᵀ),

    D_α = ½ [α |z|² + Ψ(L⁻¹Lp) + α/(1-α) Ψ(L⁻¹Lq)].

For 0 < α ≤ 1 no term is negative, so no accuracy is lost when they are added. At α = 1 it is the
Kullback-Leibler divergence (the last term vanishes), at α = ½ twice the Bhattacharyya distance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from gausslib._linalg import (
    Array,
    Values,
    common_support,
    excess,
    excess_of_difference,
    pivot_floor,
    replace_where,
    sharp_cholesky,
    solve_lower,
    solve_lower_pair,
    squared_norm,
    two_sum,
    whiten,
)
from gausslib.gaussian import Gaussian, _require_pair

__all__ = ["KLTerms", "bhattacharyya_distance", "kl_divergence", "kl_terms"]

# Ψ up to which the difference of the covariances is whitened, instead of comparing two factors.
# Both forms were seen to be accurate to 5e-15 from 0.01 to 3: the first loses beyond, where the
# difference comes near -I, the second below, where its rounding error is divided by a small Ψ.
_NEAR = 0.1


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


def kl_divergence(p: Gaussian, q: Gaussian) -> Values:
    r"""Kullback-Leibler divergence of `p` from `q`, E_p[log p - log q], in nats.

    .. math::

        \mathrm{KL}(p \| q) = \tfrac12 \left[\delta^\top \Sigma_q^{-1} \delta
            + \operatorname{tr}(\Sigma_q^{-1} \Sigma_p) - d
            - \log\det(\Sigma_q^{-1} \Sigma_p)\right], \qquad \delta = \mu_p - \mu_q

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
    return _renyi(p, q, 1.0)


def bhattacharyya_distance(p: Gaussian, q: Gaussian) -> Values:
    r"""Bhattacharyya distance, minus the logarithm of the overlap of `p` and `q`, in nats.

    .. math::

        \mathrm{BD}(p, q) = -\log \int \sqrt{p\,q}
            = \tfrac18\, \delta^\top M^{-1} \delta
            + \tfrac12 \log \frac{\det M}{\sqrt{\det \Sigma_p \det \Sigma_q}},
        \qquad M = \frac{\Sigma_p + \Sigma_q}{2}, \quad \delta = \mu_p - \mu_q

    It is exactly zero for identical Gaussians and infinite where the supports differ; where two
    singular Gaussians have one support, it is computed inside that. The name is traditional: the
    triangle inequality does not hold.

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
    return _renyi(p, q, 0.5) / 2


def kl_terms(p: Gaussian, q: Gaussian) -> KLTerms:
    r"""Split the Kullback-Leibler divergence into its textbook terms, in nats.

    .. math::

        \tfrac12\, \delta^\top \Sigma_q^{-1} \delta, \qquad
        \tfrac12 \left(\operatorname{tr}(\Sigma_q^{-1} \Sigma_p) - d\right), \qquad
        \tfrac12 \left(\log\det \Sigma_q - \log\det \Sigma_p\right)

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
    terms = _over_pairs(p, q, _kl_terms_regular, width=(3,))
    return KLTerms(*(terms[..., i][()] for i in range(3)))


def _over_pairs(
    p: Gaussian, q: Gaussian, regular: Callable[..., Array], width: tuple[int, ...] = ()
) -> Any:
    """Call `regular(delta, cov_p, cov_q, root_p, root_q)` for all pairs.

    Singular pairs come one by one, as their marginals on coordinates that determine the rest, or
    not at all: their value is infinite if the supports differ and zero if they are one point.
    `width` is the shape of one value.
    """
    _require_pair(p, q)
    dtype = np.result_type(p.dtype, q.dtype)
    # A value too large for a double is inf. On the way there inf - inf may come up: NaN, for which
    # fmin puts the other number.
    with np.errstate(over="ignore", invalid="ignore"):
        arrays = (p._mean - q._mean, p._cov, q._cov, p._root, q._root)
        if p._all_regular and q._all_regular:
            return np.fmin(regular(*arrays), np.inf).astype(dtype, copy=False)[()]

        mask = p._regular & q._regular
        dim = (p.dim,)
        delta, cov_p, cov_q, root_p, root_q = (
            np.broadcast_to(a, mask.shape + dim * n)
            for a, n in zip(arrays, (1, 2, 2, 2, 2), strict=True)
        )
        size = np.broadcast_to(abs(p._mean) + abs(q._mean), delta.shape)
        floor = pivot_floor(p.dim, max(np.finfo(p.dtype).eps, np.finfo(q.dtype).eps))
        values = np.full(mask.shape + width, np.inf)
        values[mask] = regular(delta[mask], cov_p[mask], cov_q[mask], root_p[mask], root_q[mask])
        for i in map(tuple, np.argwhere(~mask)):
            keep = common_support(cov_p[i], cov_q[i], delta[i], size[i], floor)
            if keep is None:
                continue
            block = np.ix_(keep, keep)
            a, b = cov_p[i][block], cov_q[i][block]
            roots = sharp_cholesky(a), sharp_cholesky(b)
            values[i] = regular(delta[i][keep], a, b, *roots) if keep.size else 0.0
    return np.fmin(values, np.inf).astype(dtype, copy=False)[()]


def _kl_terms_regular(
    delta: Array, cov_p: Array, cov_q: Array, root_p: Array, root_q: Array
) -> Array:
    """Mean, trace and log-determinant term, along the last axis."""
    z = solve_lower(root_q, delta[..., None])[..., 0]
    w = solve_lower_pair(root_q, root_p)
    # log det W is a sum of logarithms: a product of many pivots would overflow.
    logdet = -np.log(np.einsum("...ii->...i", w)).sum(-1)
    trace = (squared_norm(w) - w.shape[-1]) / 2
    return np.stack([np.vecdot(z, z) / 2, trace, logdet], axis=-1)


def _renyi(p: Gaussian, q: Gaussian, alpha: float) -> Values:
    """Rényi divergence of order 0 < alpha ≤ 1."""

    def regular(delta: Array, cov_p: Array, cov_q: Array, root_p: Array, root_q: Array) -> Array:
        return _renyi_regular(delta, cov_p, cov_q, root_p, root_q, alpha)

    return _over_pairs(p, q, regular)


def _renyi_regular(
    delta: Array, cov_p: Array, cov_q: Array, root_p: Array, root_q: Array, alpha: float
) -> Array:
    """Evaluate the formula at the head of this file, for covariances that are not singular."""
    root = root_q
    if alpha < 1:
        root = sharp_cholesky(*two_sum((1 - alpha) * cov_p, alpha * cov_q))

    def near(root: Array, cov_p: Array, cov_q: Array) -> Array:
        # The covariances are exact numbers, so their difference keeps its digits if it is taken
        # first: with E = L⁻¹(Sp - Sq)L⁻ᵀ, whitened Sp and Sq are I + αE and I - (1-α)E.
        e = whiten(root, cov_p - cov_q)
        if alpha == 1:
            return excess_of_difference(e)
        other = excess_of_difference((alpha - 1) * e)
        return excess_of_difference(alpha * e) + alpha / (1 - alpha) * other

    z = solve_lower(root, delta[..., None])[..., 0]
    shape = excess(solve_lower_pair(root, root_p))
    if alpha < 1:
        shape = shape + alpha / (1 - alpha) * excess(solve_lower_pair(root, root_q))
    shape = replace_where(shape <= _NEAR, shape, near, root, cov_p, cov_q)
    return 0.5 * (alpha * np.vecdot(z, z) + shape)
