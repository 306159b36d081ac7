"""Estimates by sampling, each with its standard error, to compare with closed forms."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from gausslib.gaussian import Gaussian, _require_pair

__all__ = ["Estimate", "agrees", "kl_nonnegative", "kl_plain"]


class Estimate(NamedTuple):
    """A mean over independent samples: its value, its standard error, the sample size."""

    value: float
    standard_error: float
    size: int


def kl_plain(p: Gaussian, q: Gaussian, size: int, rng: np.random.Generator) -> Estimate:
    """KL(p‖q) in nats as the mean of log p(x) - log q(x) over samples x of p.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension.
    size : int
        Number of samples, at least 2.
    rng : numpy.random.Generator
        Source of the samples.

    Returns
    -------
    Estimate
        Unbiased; single samples can be negative.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, kl_divergence
    >>> from gausslib.montecarlo import agrees, kl_plain
    >>> p, q = Gaussian.standard(2), Gaussian([1, 0], [[2, 0], [0, 2]])
    >>> res = kl_plain(p, q, 10_000, np.random.default_rng(0))
    >>> ref = kl_divergence(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_single(p, q)
    return _mean(-_log_ratio(p, q, size, rng))


def kl_nonnegative(p: Gaussian, q: Gaussian, size: int, rng: np.random.Generator) -> Estimate:
    """KL(p‖q) in nats as the mean of r - 1 - log r, r = q(x)/p(x), over samples x of p.

    Each sample is non-negative. The variance is finite only where twice the covariance
    of p minus the covariance of q is positive definite: elsewhere the standard error
    means nothing, and the estimate is refused. Close to that limit the tails are heavy, and
    an interval made of few samples covers the truth less often than it says.

    Parameters
    ----------
    p, q : Gaussian
        A single pair of the same dimension.
    size : int
        Number of samples, at least 2.
    rng : numpy.random.Generator
        Source of the samples.

    Returns
    -------
    Estimate
        Unbiased, and never negative.

    Raises
    ------
    ValueError
        If the variance of the estimate is infinite.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, kl_divergence
    >>> from gausslib.montecarlo import agrees, kl_nonnegative
    >>> p, q = Gaussian.standard(2), Gaussian([0.1, 0], [[1.1, 0], [0, 1]])
    >>> res = kl_nonnegative(p, q, 10_000, np.random.default_rng(0))
    >>> ref = kl_divergence(p, q)
    >>> agrees(res, ref)
    True
    """
    _require_single(p, q)
    if np.min(np.linalg.eigvalsh(2 * p.cov - q.cov)) <= 0:
        raise ValueError(
            "q: the variance of r - 1 - log r is infinite unless twice the covariance of p "
            "minus the covariance of q is positive definite; use kl_plain"
        )
    log_ratio = _log_ratio(p, q, size, rng)
    return _mean(np.expm1(log_ratio) - log_ratio)


def agrees(estimate: Estimate, exact: float, false_alarm: float = 1e-6) -> bool:
    """Whether an estimate is compatible with an exact value.

    A right value is rejected with probability `false_alarm`, in the normal
    approximation of the mean's error.

    Parameters
    ----------
    estimate : Estimate
        The estimate with its standard error.
    exact : float
        The value it is compared with.
    false_alarm : float
        Probability of a wrong alarm, between 0 and 1.

    Returns
    -------
    bool
        True if the two differ by no more than the error allows.

    Examples
    --------
    >>> from gausslib.montecarlo import Estimate, agrees
    >>> agrees(Estimate(value=1.02, standard_error=0.01, size=100), exact=1.0)
    True
    >>> agrees(Estimate(value=1.02, standard_error=0.001, size=100), exact=1.0)
    False
    """
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm: expected a number between 0 and 1, got {false_alarm!r}")
    bound = -ndtri(false_alarm / 2) * estimate.standard_error
    return bool(abs(estimate.value - exact) <= bound)


def _require_single(p: Gaussian, q: Gaussian) -> None:
    """Raise unless `p` and `q` are single Gaussians of one dimension."""
    _require_pair(p, q)
    for name, gaussian in (("p", p), ("q", q)):
        if gaussian.batch_shape:
            raise ValueError(
                f"{name} must be a single Gaussian, got batch shape {gaussian.batch_shape}"
            )


def _log_ratio(
    p: Gaussian, q: Gaussian, size: int, rng: np.random.Generator
) -> npt.NDArray[np.floating]:
    """Log q(x) - log p(x) at samples x of p."""
    if size < 2:
        raise ValueError(f"size: expected at least 2 samples for a standard error, got {size!r}")
    samples = p.sample(rng, size)
    return np.asarray(q.logpdf(samples) - p.logpdf(samples))


def _mean(values: npt.NDArray[np.floating]) -> Estimate:
    size = len(values)
    return Estimate(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(size)), size)
