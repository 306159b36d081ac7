"""Estimates by sampling, each with its standard error, to compare with closed forms.

The estimators use densities, samples and, for W2, the optimal coupling; never the formula that they
are compared with. Where the variance of an estimate is infinite, its standard error would mean
nothing, and the estimate is refused. They compute in double precision.

Samples of a mixture m = αp + (1-α)q serve most of them: the ratios p/m and q/m are bounded, so the
tails can't spoil the standard error, wherever p and q lie. What is averaged may still be rare: of
the samples only about the share c = ∫ √(pq) lies where both densities count. A pair so far apart
that this is less than about a hundred samples needs more of them, or can't be sampled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import erfcinv, expit

from gausslib._linalg import Array, solve_lower
from gausslib._pair import require_pair
from gausslib._validate import real_array, require_generator, require_integer
from gausslib.gaussian import Gaussian

__all__ = [
    "Estimate",
    "agrees",
    "bhattacharyya_coefficient",
    "bhattacharyya_distance",
    "chernoff_coefficient",
    "cross_entropy",
    "entropy",
    "hellinger_distance",
    "jeffreys_divergence",
    "kl_nonnegative",
    "kl_plain",
    "overlap_coefficient",
    "renyi_divergence",
    "total_variation",
    "w1_distance",
    "w2_squared",
]

# What rounding may change in an estimate, relative to its value.
_ROUNDING = 64 * np.finfo(np.float64).eps

# Share that both parts of a mixture must have: of a smaller part too few samples may come.
_SHARE = 0.1

# Relative margin, far above rounding, that a ratio of variances must keep from its limit.
_MARGIN = 1e-9


class Estimate(NamedTuple):
    """A mean over independent samples, or a smooth function of one, with its error.

    Attributes
    ----------
    value : float
        The estimate.
    standard_error : float
        Estimated standard deviation of `value`.
    size : int
        Number of samples.

    Examples
    --------
    >>> from gausslib.montecarlo import Estimate
    >>> estimate = Estimate(value=0.25, standard_error=0.01, size=400)
    >>> print(f"{estimate.value} ± {estimate.standard_error}")
    0.25 ± 0.01
    """

    value: float
    standard_error: float
    size: int


def kl_plain(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """KL(p‖q) in nats, as the mean of log p(x) - log q(x) over samples x of p.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased; can be negative.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If the dimensions differ, an argument is a batch or singular, or `size` is less than 2.

    See Also
    --------
    gausslib.kl_divergence : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, kl_divergence
    >>> from gausslib.montecarlo import agrees, kl_plain
    >>> p, q = Gaussian.standard(2), Gaussian([1, 0], [[2, 0], [0, 2]])
    >>> res = kl_plain(p, q, np.random.default_rng(0), 10_000)
    >>> ref = kl_divergence(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_densities(p, q)
    return _mean(_log_ratio(p, q, _sample(p, rng, size)))


def kl_nonnegative(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """KL(p‖q) in nats, as the mean of r - 1 - log r, r = q(x)/p(x), over samples x of p.

    No sample is negative. The variance is finite only if in every direction the variance of q is
    less than twice that of p. Close to that limit the tails are heavy, and an interval made of few
    samples covers the truth less often than it says.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased, and never negative.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If the variance of the estimate is infinite, the dimensions differ, an argument is a batch
        or singular, or `size` is less than 2.

    See Also
    --------
    gausslib.kl_divergence : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, kl_divergence
    >>> from gausslib.montecarlo import agrees, kl_nonnegative
    >>> p, q = Gaussian.standard(2), Gaussian([0.1, 0], [[1.1, 0], [0, 1]])
    >>> res = kl_nonnegative(p, q, np.random.default_rng(0), 10_000)
    >>> ref = kl_divergence(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_densities(p, q)
    # E_p[r²] = ∫ q²/p is finite where 2 Σq⁻¹ - Σp⁻¹ is positive definite.
    ratio = _largest_variance_ratio(q, p)
    if ratio >= 2 * (1 - _MARGIN):
        raise ValueError(
            "q must have less than 2 times the variance of p in every direction, or the variance "
            f"of r - 1 - log r is infinite; got {ratio:.6g} times; use kl_plain"
        )
    log_r = -_log_ratio(p, q, _sample(p, rng, size))
    return _mean(np.expm1(log_r) - log_r)


def jeffreys_divergence(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """KL(p‖q) + KL(q‖p) in nats, from samples of the mixture of p and q in equal parts.

    The mean of (p - q)/m · log(p/q) over samples of m = ½(p + q). No sample is negative.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased, and never negative.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If the dimensions differ, an argument is a batch or singular, or `size` is less than 2.

    See Also
    --------
    gausslib.jeffreys_divergence : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, jeffreys_divergence
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = jeffreys_divergence(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.jeffreys_divergence(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_densities(p, q)
    log_ratio = _log_ratio_in_mixture(p, q, 0.5, rng, size)
    return _mean(2 * np.tanh(log_ratio / 2) * log_ratio)  # (p - q)/(p + q) = tanh(½ log p/q)


def cross_entropy(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """Cross-entropy h(p, q) in nats, as the mean of -log q(x) over samples x of p.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension; q not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If the dimensions differ, an argument is a batch, q is singular, or `size` is less than 2.

    See Also
    --------
    gausslib.cross_entropy : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, cross_entropy
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = cross_entropy(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.cross_entropy(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_single_pair(p, q)
    _require_density("q", q)
    return _mean(-_log_density(q, _sample(p, rng, size)))


def entropy(p: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """Entropy h(p) in nats, as the mean of -log p(x) over samples x of p.

    Parameters
    ----------
    p : Gaussian
        A single Gaussian, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If `p` is a batch or singular, or `size` is less than 2.

    See Also
    --------
    gausslib.Gaussian.entropy : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, entropy
    >>> p = Gaussian([0, 0], [[2, 1], [1, 3]])
    >>> agrees(entropy(p, np.random.default_rng(0), 10_000), p.entropy())
    True
    """
    _require_single_pair(p, p)
    _require_density("p", p)
    return _mean(-_log_density(p, _sample(p, rng, size)))


def chernoff_coefficient(
    p: Gaussian, q: Gaussian, alpha: float, rng: np.random.Generator, size: int
) -> Estimate:
    """Chernoff coefficient c = ∫ p^α q^(1-α), from samples of a mixture of p and q.

    The mean of p^α q^(1-α)/m over samples of m = αp + (1-α)q, a ratio between 0 and 1, whose
    variance is at most c(1-c). For α > 0.9 it is the mean of (q/p)^(1-α) over samples of p, for
    α < 0.1 that of (p/q)^α over samples of q, with a variance of at most 1-c².

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    alpha : float
        Exponent of p, between 0 and 1.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If `alpha` is not between 0 and 1, the dimensions differ, an argument is a batch or
        singular, or `size` is less than 2.

    See Also
    --------
    gausslib.chernoff_coefficient : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, chernoff_coefficient
    >>> p, q, alpha = Gaussian(0, 1), Gaussian(1, 4), 0.3
    >>> res = chernoff_coefficient(p, q, alpha, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.chernoff_coefficient(p, q, alpha)
    >>> agrees(res, ref)
    True
    """
    _require_densities(p, q)
    alpha = _number("alpha", alpha)
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha must lie between 0 and 1, got {alpha!r}")
    return _mean(np.exp(_log_weights(p, q, alpha, rng, size)))


def bhattacharyya_coefficient(
    p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int
) -> Estimate:
    """Bhattacharyya coefficient ∫ √(pq): the Chernoff coefficient at ½.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased, between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        As `chernoff_coefficient`.

    See Also
    --------
    gausslib.bhattacharyya_coefficient : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, bhattacharyya_coefficient
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = bhattacharyya_coefficient(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.bhattacharyya_coefficient(p, q)
    >>> agrees(res, ref)
    True
    """
    return chernoff_coefficient(p, q, 0.5, rng, size)


def renyi_divergence(
    p: Gaussian, q: Gaussian, alpha: float, rng: np.random.Generator, size: int
) -> Estimate:
    """Rényi divergence of order α in nats, from the logarithm of a mean.

    For α < 1 the mean is that of `chernoff_coefficient`, at α = 1 the estimate is `kl_plain`. For
    α > 1 it is the mean of (p/q)^(α-1) over samples of p. Its variance is finite only if in every
    direction the variance of p is less than (2α-1)/(2α-2) times that of q. Close to that limit the
    tails are heavy, and an interval made of few samples covers the truth less often than it says.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    alpha : float
        Order, positive and finite.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Its standard error is that of the mean, divided by the mean and by ``|1 - alpha|``. The
        bias is of the order of the square of the relative error of the mean.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If the variance of the mean is infinite, `alpha` is not positive and finite, the dimensions
        differ, an argument is a batch or singular, or `size` is less than 2.

    See Also
    --------
    gausslib.renyi_divergence : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, renyi_divergence
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> for alpha in (0.3, 2):
    ...     res = renyi_divergence(p, q, alpha, np.random.default_rng(0), 10_000)
    ...     ref = gausslib.renyi_divergence(p, q, alpha)
    ...     print(agrees(res, ref))
    True
    True
    """
    _require_densities(p, q)
    alpha = _number("alpha", alpha)
    if not 0 < alpha < np.inf:
        raise ValueError(f"alpha must be positive and finite, got {alpha!r}")
    if alpha == 1:
        return kl_plain(p, q, rng, size)
    if alpha > 1:
        # E_p[(p/q)^(2α-2)] is finite where (2α-1) Σp⁻¹ - (2α-2) Σq⁻¹ is positive definite.
        ratio, limit = _largest_variance_ratio(p, q), (2 * alpha - 1) / (2 * alpha - 2)
        if ratio >= limit * (1 - _MARGIN):
            raise ValueError(
                f"p must have less than {limit:.6g} times the variance of q in every direction, "
                f"or the variance of (p/q)^(alpha-1) is infinite; got {ratio:.6g} times"
            )
    return _scaled(_log_mean(_log_weights(p, q, alpha, rng, size)), 1 / (alpha - 1))


def bhattacharyya_distance(
    p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int
) -> Estimate:
    """Bhattacharyya distance in nats, minus the logarithm of `bhattacharyya_coefficient`.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Its standard error is that of the coefficient, divided by the coefficient. The bias is of
        the order of the square of this.

    Raises
    ------
    TypeError, ValueError
        As `chernoff_coefficient`.

    See Also
    --------
    gausslib.bhattacharyya_distance : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, bhattacharyya_distance
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = bhattacharyya_distance(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.bhattacharyya_distance(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_densities(p, q)
    return _scaled(_log_mean(_log_weights(p, q, 0.5, rng, size)), -1.0)


def hellinger_distance(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """Hellinger distance, the root of one minus `bhattacharyya_coefficient`.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Between 0 and 1. Its standard error is that of the square, divided by twice the distance.
        The relative bias is of the order of the square of the relative error.

    Raises
    ------
    TypeError, ValueError
        As `chernoff_coefficient`.

    See Also
    --------
    gausslib.hellinger_distance : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, hellinger_distance
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = hellinger_distance(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.hellinger_distance(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_densities(p, q)
    square = _mean(-np.expm1(_log_weights(p, q, 0.5, rng, size)))
    root = float(np.sqrt(square.value))
    return Estimate(root, square.standard_error / (2 * root) if root else 0.0, square.size)


def total_variation(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """Total variation ``½ ∫ |p - q|``, from samples of the mixture of p and q in equal parts.

    The mean of ``|p - q|/(p + q)``, a ratio between 0 and 1.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased, between 0 and 1.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If the dimensions differ, an argument is a batch or singular, or `size` is less than 2.

    See Also
    --------
    gausslib.total_variation : the closed form, where there is one.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, total_variation
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = total_variation(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.total_variation(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_densities(p, q)
    log_ratio = _log_ratio_in_mixture(p, q, 0.5, rng, size)
    return _mean(np.abs(np.tanh(log_ratio / 2)))  # (p - q)/(p + q) = tanh(½ log p/q)


def overlap_coefficient(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """Overlap ``∫ min(p, q)``, from samples of the mixture of p and q in equal parts.

    The mean of ``min(p, q) / ½(p + q)``, a ratio between 0 and 1.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension, not singular.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased, between 0 and 1.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If the dimensions differ, an argument is a batch or singular, or `size` is less than 2.

    See Also
    --------
    gausslib.overlap_coefficient : the closed form, where there is one.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, overlap_coefficient
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = overlap_coefficient(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.overlap_coefficient(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_densities(p, q)
    log_ratio = _log_ratio_in_mixture(p, q, 0.5, rng, size)
    return _mean(2 * expit(-np.abs(log_ratio)))


def w1_distance(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """1-Wasserstein distance on the line, as the mean of ``|x - y|`` over the increasing coupling.

    With a standard normal z the coupling is x = μp + σp z, y = μq + σq z. It exists for singular
    Gaussians too.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of dimension 1.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased, a length. For Gaussians with one variance exact, up to rounding.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If a dimension is not 1, an argument is a batch, or `size` is less than 2.

    See Also
    --------
    gausslib.w1_distance : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, w1_distance
    >>> p, q = Gaussian(0, 1), Gaussian(1, 4)
    >>> res = w1_distance(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.w1_distance(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_single_pair(p, q)
    if p.dim != 1:
        raise ValueError(f"p and q must have dimension 1, where a coupling is known, got {p.dim}")
    z = _normal(1, rng, size)
    shift = (p._mean - q._mean) + z @ (p._root - q._root)
    return _mean(np.abs(shift[:, 0]))


def w2_squared(p: Gaussian, q: Gaussian, rng: np.random.Generator, size: int) -> Estimate:
    """Squared 2-Wasserstein distance, as the mean of ‖x - y‖² over the optimal coupling.

    With LpᵀLq = U diag(s) Vᵀ for roots of the covariances, the coupling is x = μp + Lp U z,
    y = μq + Lq V z, z standard normal. It exists for singular Gaussians too. A distance between
    *estimated* means and covariances would be biased upwards: it is positive for two sets of
    samples of one Gaussian.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension.
    rng : numpy.random.Generator
        Source of the samples.
    size : int
        Number of samples, at least 2.

    Returns
    -------
    Estimate
        Unbiased, a squared length. For Gaussians with one covariance exact, up to rounding.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If the dimensions differ, an argument is a batch, or `size` is less than 2.

    See Also
    --------
    gausslib.w2_squared : the closed form.

    Examples
    --------
    >>> import numpy as np
    >>> import gausslib
    >>> from gausslib import Gaussian
    >>> from gausslib.montecarlo import agrees, w2_squared
    >>> p, q = Gaussian([0, 0], [[2, 1], [1, 3]]), Gaussian([1, 0], [[1, 0], [0, 0]])
    >>> res = w2_squared(p, q, np.random.default_rng(0), 10_000)
    >>> ref = gausslib.w2_squared(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_single_pair(p, q)
    z = _normal(p.dim, rng, size)
    if np.array_equal(p._root, q._root):  # a shift, which rounding in U and V must not blur
        spread = np.zeros_like(p._root)
    else:
        u, _, vt = np.linalg.svd(p._root.T @ q._root)
        spread = p._root @ u - q._root @ vt.T
    with np.errstate(over="ignore"):
        cost = np.square(p._mean - q._mean + z @ spread.T).sum(-1)
    return _mean(cost)


def agrees(estimate: Estimate, exact: float, false_alarm: float = 1e-6) -> bool:
    """Whether an estimate is compatible with an exact value.

    A right value is rejected with probability `false_alarm`, in the normal approximation of the
    error of a mean. A difference that can come from rounding alone is accepted: the standard error
    of an estimate whose samples are all equal is zero.

    Parameters
    ----------
    estimate : Estimate
        The estimate with its standard error.
    exact : float
        The value it is compared with. An infinite one agrees with no estimate.
    false_alarm : float
        Probability of a wrong alarm, between 0 and 1.

    Returns
    -------
    bool
        True if the two differ by no more than the error allows.

    Raises
    ------
    TypeError
        If an argument has a wrong type.
    ValueError
        If `exact` is NaN, `false_alarm` is not between 0 and 1, the value of `estimate` is not
        finite, or its standard error is not finite or is negative.

    Examples
    --------
    >>> from gausslib.montecarlo import Estimate, agrees
    >>> agrees(Estimate(value=1.02, standard_error=0.01, size=100), exact=1.0)
    True
    >>> agrees(Estimate(value=1.02, standard_error=0.001, size=100), exact=1.0)
    False
    """
    if not isinstance(estimate, Estimate):
        raise TypeError(f"estimate must be an Estimate, got {type(estimate).__name__}")
    exact, false_alarm = _number("exact", exact), _number("false_alarm", false_alarm)
    if not (np.isfinite(estimate.value) and 0 <= estimate.standard_error < np.inf):
        raise ValueError(
            f"estimate must have a finite value and a finite standard error, got {estimate}"
        )
    if np.isnan(exact):
        raise ValueError("exact must be a number or infinite, got nan")
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm must lie between 0 and 1, got {false_alarm!r}")
    # erfcinv is infinite for the very smallest doubles, and would let everything pass.
    deviations = np.sqrt(2) * erfcinv(max(false_alarm, np.finfo(np.float64).tiny))
    bound = deviations * estimate.standard_error + _ROUNDING * abs(estimate.value)
    return bool(abs(estimate.value - exact) <= bound)


def _require_single_pair(p: Gaussian, q: Gaussian) -> None:
    """Raise unless `p` and `q` are single Gaussians of one dimension."""
    require_pair(p, q)
    for name, gaussian in (("p", p), ("q", q)):
        if gaussian.batch_shape:
            raise ValueError(
                f"{name} must be a single Gaussian, got batch shape {gaussian.batch_shape}"
            )


def _require_densities(p: Gaussian, q: Gaussian) -> None:
    """Raise unless `p` and `q` are single Gaussians of one dimension that have densities."""
    _require_single_pair(p, q)
    _require_density("p", p)
    _require_density("q", q)


def _require_density(name: str, gaussian: Gaussian) -> None:
    if not gaussian._all_regular:
        raise ValueError(f"{name} must have a density, got the singular {gaussian}")


def _number(name: str, value: npt.ArrayLike) -> float:
    array = real_array(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be a single number, got shape {array.shape}")
    return float(array)


def _normal(dim: int, rng: np.random.Generator, size: int) -> Array:
    """Draw `size` standard normal vectors, enough for a standard error."""
    require_generator(rng)
    require_integer("size", size, least=2)
    return rng.standard_normal((size, dim))


def _sample(p: Gaussian, rng: np.random.Generator, size: int) -> Array:
    """Draw samples in double precision, whatever the type of `p`."""
    return p._mean + _normal(p.dim, rng, size) @ p._root.T


def _log_density(p: Gaussian, x: Array) -> Array:
    return np.asarray(p.logpdf(x), dtype=np.float64)


def _log_ratio(p: Gaussian, q: Gaussian, x: Array) -> Array:
    return _log_density(p, x) - _log_density(q, x)


def _log_ratio_in_mixture(
    p: Gaussian, q: Gaussian, alpha: float, rng: np.random.Generator, size: int
) -> Array:
    """Log p(x) - log q(x) at samples x of αp + (1-α)q."""
    z = _normal(p.dim, rng, size)
    from_p = rng.random(size) < alpha
    x = np.where(from_p[:, None], p._mean + z @ p._root.T, q._mean + z @ q._root.T)
    return _log_ratio(p, q, x)


def _log_weights(
    p: Gaussian, q: Gaussian, alpha: float, rng: np.random.Generator, size: int
) -> Array:
    """Logarithms of weights w whose mean estimates c = ∫ p^α q^(1-α), α ≥ 0.

    Over samples of m = αp + (1-α)q, w = p^α q^(1-α)/m. By the inequality of the weighted means
    w ≤ 1, so E[w²] ≤ E[w] = c. Where p and q are close, 1 - w is of second order in their
    difference, as 1 - c is.

    If a part of m had too small a share, over samples of the other, here p: w = (q/p)^(1-α). By
    Hölder's inequality E_p[w^k] = ∫ q^(k(1-α)) p^(1-k(1-α)) ≤ 1 up to k = 1/(1-α) ≥ 10, so that for
    α ≤ 1 the variance is finite, and its estimate reliable.
    """
    if alpha < _SHARE:
        return -alpha * _log_ratio(q, p, _sample(q, rng, size))
    if alpha > 1 - _SHARE:
        return (alpha - 1) * _log_ratio(p, q, _sample(p, rng, size))
    log_ratio = _log_ratio_in_mixture(p, q, alpha, rng, size)
    # With t = log(p/q), w = e^(αt)/(1 + α(e^t - 1)). Swapping p and q puts 1-α for α and -t for t:
    # of the two take that with t ≤ 0, which can't overflow.
    a, t = np.where(log_ratio > 0, 1 - alpha, alpha), -np.abs(log_ratio)
    return np.minimum(a * t - np.log1p(a * np.expm1(t)), 0.0)


def _largest_variance_ratio(p: Gaussian, q: Gaussian) -> float:
    """Variance of `p` divided by that of `q`, in the direction where this is largest."""
    # The largest eigenvalue of Lq⁻¹ Σp Lq⁻ᵀ, which no scaling of the coordinates changes.
    return float(np.linalg.norm(solve_lower(q._root, p._root), 2) ** 2)


def _mean(values: Array) -> Estimate:
    finite = np.isfinite(values)
    if not finite.all():
        raise ValueError(
            "p and q must not be so large or so far apart that the value at a sample overflows, "
            f"got {values[~finite][0]}"
        )
    size = len(values)
    scale = float(np.abs(values).max()) or 1.0  # the square of a tiny deviation would underflow
    unit = values / scale
    error = np.std(unit, ddof=1) / np.sqrt(size)
    return Estimate(scale * float(np.mean(unit)), scale * float(error), size)


def _log_mean(log_values: Array) -> Estimate:
    """Logarithm of a mean of positive values; its error by the delta method."""
    # Relative to the largest value: nothing overflows, and a mean near one keeps its digits.
    top = float(log_values.max())
    gap = _mean(-np.expm1(log_values - top))
    value = top + float(np.log1p(-gap.value))
    return Estimate(value, gap.standard_error / (1 - gap.value), gap.size)


def _scaled(estimate: Estimate, factor: float) -> Estimate:
    value, error, size = estimate
    return Estimate(factor * value + 0.0, abs(factor) * error, size)  # + 0.0: no negative zero
