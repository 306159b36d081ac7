"""Total variation, the largest difference of two masses of one set, and overlap, the rest of one.

A closed form exists for equal covariances and in one dimension; elsewhere there are bounds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import erf, erfc, ndtr

from gausslib._linalg import Array, Values, solve_lower, squared_norm
from gausslib._pair import Pair, over_pairs, require_pair
from gausslib.divergences import bhattacharyya_distance, kl_divergence
from gausslib.gaussian import Gaussian

__all__ = [
    "TotalVariationBounds",
    "overlap_coefficient",
    "total_variation",
    "total_variation_bounds",
]

# Covariances that differ by rounding count as equal: where their difference changes no more than
# this share of the value.
_NEGLIGIBLE = 1e-9


class TotalVariationBounds(NamedTuple):
    """Two numbers between which the total variation lies.

    Attributes
    ----------
    lower, upper : scalar or ndarray
        The bounds, from 0 to 1.

    Examples
    --------
    >>> from gausslib import TotalVariationBounds
    >>> bounds = TotalVariationBounds(lower=0.25, upper=0.5)
    >>> bounds.upper - bounds.lower
    0.25
    """

    lower: Values
    upper: Values


def total_variation(p: Gaussian, q: Gaussian) -> Values:
    r"""Total variation distance, where it has a closed form: a metric between 0 and 1.

    .. math::

        \operatorname{TV}(p, q) = \tfrac12 \int \lvert p(x) - q(x) \rvert \,dx

    For equal covariances Σ it is 2Φ(½ √(δᵀΣ⁻¹δ)) - 1, where Φ is the standard normal distribution
    function. In one dimension it follows from the points where the two densities cross.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of one dimension d = 1, or with covariances that are equal up to rounding; their
        batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The distance, shape ``batch_shape``; 1 where the supports differ. Accurate for nearly
        identical Gaussians too.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ, the batch shapes do not broadcast, or there is no closed form: the
        message then gives bounds.

    See Also
    --------
    total_variation_bounds : for any two Gaussians.
    gausslib.montecarlo.total_variation : an estimate by sampling, for any two Gaussians.

    References
    ----------
    .. [1] L. Devroye, A. Mehrabian and T. Reddad, "The total variation distance between
       high-dimensional Gaussians with the same mean", arXiv:1810.08693 (2018).

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.special import ndtr
    >>> from gausslib import Gaussian, total_variation
    >>> cov = [[4, 0], [0, 1]]
    >>> res = total_variation(Gaussian([0, 0], cov), Gaussian([2, 0], cov))
    >>> ref = 2 * ndtr(1 / 2) - 1  # the means are one standard deviation apart
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    require_pair(p, q)
    if p.dim == 1:
        return np.minimum(over_pairs(p, q, _variation_on_the_line), 1)
    return _for_equal_covariances(p, q)


def overlap_coefficient(p: Gaussian, q: Gaussian) -> Values:
    r"""Overlap of two densities, the mass that both have in common, where it has a closed form.

    .. math::

        \int \min\big( p(x), q(x) \big) \,dx
            = 2\, \Phi\Big( -\tfrac12 \sqrt{\delta^\top \Sigma_p^{-1} \delta} \Big)

    for equal covariances; Φ is the standard normal distribution function. In one dimension it
    follows from the points where the two densities cross. It is one minus the total variation, but
    never computed as that: it is accurate where it is tiny.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of one dimension d = 1, or with covariances that are equal up to rounding; their
        batch dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        A number from 0 to 1, shape ``batch_shape``. Exactly 1 for identical Gaussians, 0 where the
        supports differ; where two singular Gaussians have one support, it is computed inside that.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ, the batch shapes do not broadcast, or there is no closed form: the
        message then gives bounds of the total variation.

    See Also
    --------
    total_variation : one minus it.
    bhattacharyya_coefficient : another overlap, which has a closed form for any two.
    gausslib.montecarlo.overlap_coefficient : an estimate by sampling, for any two Gaussians.

    Notes
    -----
    Equivalent to ``statistics.NormalDist.overlap`` of the standard library, on the line.

    References
    ----------
    .. [1] H. F. Inman and E. L. Bradley, "The overlapping coefficient as a measure of agreement
       between probability distributions and point estimation of the overlap of two normal
       densities", Communications in Statistics, Theory and Methods 18 (1989), 3851-3874.

    Examples
    --------
    >>> from statistics import NormalDist
    >>> import numpy as np
    >>> from gausslib import Gaussian, overlap_coefficient
    >>> res = overlap_coefficient(Gaussian(0, 1), Gaussian(2, 9))
    >>> ref = NormalDist(0, 1).overlap(NormalDist(2, 3))
    >>> np.allclose(res, ref, rtol=1e-14)
    True
    """
    require_pair(p, q)
    if p.dim > 1:
        _for_equal_covariances(p, q)  # raises where they are not
    closed_form = _overlap_on_the_line if p.dim == 1 else _overlap_of_equal_covariances
    overlap = np.asarray(over_pairs(p, q, closed_form, of_points=1.0))
    none = overlap.dtype.type(0)
    return np.where(overlap < np.inf, np.minimum(overlap, 1), none)[()]


def total_variation_bounds(p: Gaussian, q: Gaussian) -> TotalVariationBounds:
    r"""Bounds of the total variation distance of any two Gaussians.

    .. math::

        1 - \operatorname{BC}(p, q) \le \operatorname{TV}(p, q)
            \le \sqrt{1 - \operatorname{BC}(p, q)^2}

    The upper bound is the smallest of this one and Pinsker's, which is the root of half the
    Kullback-Leibler divergence, in either direction.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension; their batch dimensions are broadcast.

    Returns
    -------
    TotalVariationBounds
        ``(lower, upper)``, each of shape ``batch_shape``. Both are 1 where the supports differ, and
        0 for identical Gaussians.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ or the batch shapes do not broadcast.

    See Also
    --------
    total_variation : the distance itself, where it has a closed form.

    References
    ----------
    .. [1] T. Kailath, "The divergence and Bhattacharyya distance measures in signal selection",
       IEEE Transactions on Communication Technology 15 (1967), 52-60.
    .. [2] M. S. Pinsker, "Information and Information Stability of Random Variables and Processes",
       Holden-Day (1964).

    Examples
    --------
    >>> from gausslib import Gaussian, total_variation, total_variation_bounds
    >>> p, q = Gaussian(0, 1), Gaussian(1, 1)
    >>> res = total_variation_bounds(p, q)
    >>> bool(res.lower < total_variation(p, q) < res.upper)
    True
    """
    distance = bhattacharyya_distance(p, q)
    divergence = np.minimum(kl_divergence(p, q), kl_divergence(q, p))
    upper = np.minimum(np.sqrt(-np.expm1(-2 * distance)), np.sqrt(divergence / 2))
    return TotalVariationBounds(-np.expm1(-distance), upper)


def _for_equal_covariances(p: Gaussian, q: Gaussian) -> Values:
    """Total variation; raise where the covariances differ."""
    values = over_pairs(p, q, _variation_of_equal_covariances, width=(2,))
    variation, change = np.moveaxis(values, -1, 0)
    unequal = (p._cov != q._cov).any((-2, -1))
    differ = np.asarray(unequal & ~(change <= _NEGLIGIBLE * np.minimum(variation, 1)))
    if differ.any():
        bounds = total_variation_bounds(p, q)
        i = tuple(map(int, np.argwhere(differ)[0]))
        where = f" at {i}" if i else ""
        low, high = (float(np.asarray(bound)[i]) for bound in bounds)
        raise ValueError(
            "p and q must have equal covariances or one dimension, where total variation and "
            f"overlap have a closed form, got d = {p.dim} and two covariances{where}; the total "
            f"variation lies between {low:.6g} and {high:.6g} (total_variation_bounds)"
        )
    return np.minimum(variation, 1)[()]


def _variation_of_equal_covariances(pair: Pair) -> Array:
    """Value for the covariance of q, and how much the other could change it at most."""
    gap = np.sqrt(squared_norm(pair.whitened_difference(pair.root_q)))
    return np.stack([erf(_half_distance(pair)), gap], axis=-1)


def _overlap_of_equal_covariances(pair: Pair) -> Array:
    return np.asarray(erfc(_half_distance(pair)))


def _half_distance(pair: Pair) -> Array:
    """½ √(δᵀΣ⁻¹δ), divided by √2."""
    z = solve_lower(pair.root_q, pair.delta)[..., 0]
    return np.asarray(np.linalg.norm(z, axis=-1) / np.sqrt(8))


class _Crossings(NamedTuple):
    """Where two densities on the line cross, u₁ < 0 < u₂ from the mean of the narrower one.

    Let p be the narrower one, r = σp/σq ≤ 1 and e = |δ|/σq, and measure x from the mean of p in
    units of σp. Then log p - log q = -½ a u² + r e u + ½ e² - log r with a = 1 - r²; it is positive
    between its roots u₁ and u₂. In units of σq, from the mean of q, they are v₁ = ru₁ + e and
    v₂ = ru₂ + e; `above` is u₂ - v₂ and `below` is v₁ - u₁. All are sums of numbers of one sign, so
    that nearly equal Gaussians keep their digits. `root` is zero for two equal ones, which cross
    everywhere.
    """

    u_1: Array
    u_2: Array
    above: Array
    below: Array
    ratio: Array
    root: Array


def _crossings(pair: Pair) -> _Crossings:
    var_p, var_q = pair.cov_p[..., 0, 0], pair.cov_q[..., 0, 0]
    narrow, wide = np.minimum(var_p, var_q), np.maximum(var_p, var_q)
    # Beyond a thousand standard deviations the overlap is zero in any case.
    e = np.minimum(np.abs(pair.delta[..., 0, 0]) / np.sqrt(wide), 1e3)
    sd_p, sd_q = pair.root_p[..., 0, 0], pair.root_q[..., 0, 0]
    r = np.minimum(sd_p, sd_q) / np.maximum(sd_p, sd_q)  # that of variances might underflow
    a = (wide - narrow) / wide
    log_r = np.where(a < 0.5, np.log1p(-np.minimum(a, 0.5)) / 2, np.log(r))
    root = np.sqrt(e * e - 2 * a * log_r)
    with np.errstate(divide="ignore", invalid="ignore"):
        u_1 = -(e * e - 2 * log_r) / (r * e + root)
        u_2 = (r * e + root) / a
        above = -2 * a * log_r / ((1 + r) * (e + root))
        below = (e + root) / (1 + r)
    return _Crossings(u_1, u_2, above, below, r, root)


def _variation_on_the_line(pair: Pair) -> Array:
    """F(u₂) - F(u₁), where F(u) = Φ(u) - Φ(ru + e) is the difference of the two masses below u."""
    at = _crossings(pair)
    with np.errstate(invalid="ignore"):
        value = _normal_mass(at.u_2 - at.above, at.above) + _normal_mass(at.u_1, at.below)
    return np.where(at.root > 0, value, 0.0)


def _overlap_on_the_line(pair: Pair) -> Array:
    """Mass of p outside the crossings, and of q between them."""
    at = _crossings(pair)
    with np.errstate(invalid="ignore"):
        between = _normal_mass(at.u_1 + at.below, at.ratio * (at.u_2 - at.u_1))
    return np.where(at.root > 0, ndtr(at.u_1) + ndtr(-at.u_2) + between, 1.0)


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


def _normal_mass(start: Array, length: Array) -> Array:
    """Φ(start + length) - Φ(start), accurate for short intervals too."""
    # A short one, along which the density changes little, by quadrature: its error is far below
    # rounding.
    points = start[..., None] + length[..., None] * (_NODES + 1) / 2
    short = length / 2 * (_WEIGHTS * np.exp(-np.square(points) / 2)).sum(-1) / np.sqrt(2 * np.pi)
    # A long one by difference, on the side where the two are small.
    end = start + length
    low, high = np.where(start > 0, -end, start), np.where(start > 0, -start, end)
    return np.where(length * (1 + np.maximum(-high, 0)) < 1, short, ndtr(high) - ndtr(low))
