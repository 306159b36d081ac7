"""Mean and covariance of samples that come part by part."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Array, two_sum
from gausslib._moments import require_weights, weighted_moments
from gausslib._validate import real_array, require_finite, require_integer, result_dtype
from gausslib.gaussian import Gaussian

__all__ = ["Moments"]


class Moments:
    r"""Mean and covariance of samples that come part by part: an accumulator, which changes.

    .. math::

        S = \frac{1}{V_1 - V_2 / V_1} \sum_{i=1}^{n} w_i (x_i - m)(x_i - m)^\top

    Here m is the mean of the samples x with the weights w, V₁ the sum of the weights, and V₂ that
    of their squares. Without weights the divisor is n - 1, as in `Gaussian.from_samples`. The
    samples themselves are not kept. To add them in other parts, or in another order, changes
    nothing but rounding errors.

    Parameters
    ----------
    dim : int
        Dimension d, at least 1.

    Attributes
    ----------
    dim : int
        Dimension d.
    count : int
        Number of samples that were added.
    weight : float
        The sum V₁ of their weights.
    mean : ndarray, shape (d,)
        The mean m in float64, whatever the type of the samples.
    covariance : ndarray, shape (d, d)
        The covariance S in float64.

    Raises
    ------
    TypeError
        If `dim` is not an integer.
    ValueError
        If `dim` is less than 1.

    Notes
    -----
    The weights say how reliable a sample is: only their ratios matter, and the covariance is
    unbiased for samples of one law whose weights do not depend on their values. A weight does not
    repeat a sample: where weights are integers, the mean is that of repeated samples and the
    covariance is larger, by the ratio of the divisors.

    Means and covariances are merged, never sums of products, and each keeps what rounding takes
    from it. So samples far from zero keep their digits, however many parts they come in, and those
    on a plane make a singular covariance.

    An instance can be pickled. ``functools.reduce(operator.add, parts)`` joins the moments of parts
    that were computed in several processes.

    Equivalent to ``numpy.average(x, axis=0, weights=w)`` and ``numpy.cov(x, rowvar=False,
    aweights=w)`` of all samples.

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample variance:
       analysis and recommendations", The American Statistician 37 (1983), 242-247.
    .. [2] P. Pébay, "Formulas for robust, one-pass parallel computation of covariances and
       arbitrary-order statistical moments", Sandia Report SAND2008-6212 (2008).

    Examples
    --------
    >>> from gausslib import Moments
    >>> moments = Moments(2)
    >>> moments.add([[0, 0], [2, 0], [1, 3]])
    >>> moments.add([1, 1])  # one sample more
    >>> moments
    <Moments dim=2 count=4 weight=4.0>
    >>> moments.gaussian()
    Gaussian([1.0, 1.0], [[0.6666666666666666, 0.0], [0.0, 2.0]])
    """

    __slots__ = (
        "_count",
        "_dtype",
        "_independence",
        "_mean",
        "_mean_rest",
        "_spread",
        "_spread_rest",
        "_weight",
    )

    _count: int
    _weight: float
    _mean: Array
    _mean_rest: Array  # what rounding took from the mean
    _spread: Array  # the sum of squares about the mean, divided by the weight
    _spread_rest: Array
    _dtype: np.dtype[Any]  # float32 as long as all samples were
    _independence: float  # the divisor of the covariance, divided by the weight

    def __init__(self, dim: int) -> None:
        dim = require_integer("dim", dim, 1)
        self._count, self._weight = 0, 0.0
        self._mean, self._mean_rest = np.zeros(dim), np.zeros(dim)
        self._spread, self._spread_rest = np.zeros((dim, dim)), np.zeros((dim, dim))
        self._independence = 0.0
        self._dtype = np.dtype(np.float32)

    @property
    def dim(self) -> int:
        """Dimension d."""
        return len(self._mean)

    @property
    def count(self) -> int:
        """Number of samples that were added, those of weight zero included."""
        return self._count

    @property
    def weight(self) -> float:
        """The sum V₁ of the weights."""
        return self._weight

    @property
    def mean(self) -> Array:
        """The mean m, in float64; ValueError if no sample has a positive weight."""
        if not self._weight:
            raise ValueError(f"a mean needs a sample of positive weight, got {self}")
        return self._mean + self._mean_rest

    @property
    def covariance(self) -> Array:
        """The covariance S, in float64; ValueError unless two samples have positive weights."""
        if not self._independence:
            raise ValueError(f"a covariance needs two samples of positive weight, got {self}")
        with np.errstate(over="ignore"):  # what overflows is refused
            covariance = (self._spread + self._spread_rest) / self._independence
        require_finite("the covariance of the samples", covariance)
        return covariance

    def add(self, x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> None:
        """Add samples.

        Parameters
        ----------
        x : array_like, shape (n, d) or (d,)
            The samples, one a row, or a single one.
        weights : array_like, shape (n,), or a number for a single sample, optional
            Their weights, not negative; one for each sample by default.

        Returns
        -------
        None
            The moments are changed in place.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If a shape does not fit, a number is not finite, a weight is negative, or the sum of the
            weights or a covariance overflows. The moments then are what they were.

        Examples
        --------
        >>> from gausslib import Moments
        >>> moments = Moments(1)
        >>> moments.add([[0], [3]], weights=[2, 1])
        >>> print(moments.weight, moments.mean)
        3.0 [1.]
        """
        array = np.atleast_2d(real_array("x", x))
        if array.ndim != 2 or array.shape[1] != self.dim:
            raise ValueError(
                f"x must have shape (n, {self.dim}) or ({self.dim},), got shape {np.shape(x)}"
            )
        require_finite("x", array)
        w = None if weights is None else self._weights(weights, len(array))
        part = Moments(self.dim)
        part._count = len(array)
        part._dtype = result_dtype(array)
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            part._weight = float(part._count if w is None else w.sum())
            if part._weight:
                moments = weighted_moments(array.astype(np.float64, copy=False), w)
                part._mean, part._mean_rest = moments.mean, moments.rest
                part._spread = moments.squares / moments.weight
                part._independence = float(moments.divisor / moments.weight)
        require_finite("the covariance of x", part._spread)
        self.merge(part)

    def merge(self, other: Moments) -> None:
        """Add the samples behind other moments.

        Parameters
        ----------
        other : Moments
            Moments of the same dimension; they stay as they are.

        Returns
        -------
        None
            These moments are changed in place.

        Raises
        ------
        TypeError
            If `other` is not Moments.
        ValueError
            If the dimensions differ, or the sum of the weights or the covariance overflows. The
            moments then are what they were.

        Examples
        --------
        >>> from gausslib import Moments
        >>> moments, other = Moments(1), Moments(1)
        >>> moments.add([[0], [2]])
        >>> other.add([[4]])
        >>> moments.merge(other)
        >>> print(moments.count, moments.mean, moments.covariance)
        3 [2.] [[4.]]
        """
        if not isinstance(other, Moments):
            raise TypeError(f"other must be Moments, got {type(other).__name__}")
        if other.dim != self.dim:
            raise ValueError(f"other must have dimension {self.dim}, got {other.dim}")
        # The heavier part is moved by the lighter one: the other way round the mean and the spread
        # of a heavy part would be rounded to the digits of those of a light one far away.
        heavy, light = (self, other) if self._weight >= other._weight else (other, self)
        weight = heavy._weight + light._weight
        share = light._weight / weight if weight else 0.0
        kept = heavy._weight / weight if weight else 0.0
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            delta = (light._mean - heavy._mean) + (light._mean_rest - heavy._mean_rest)
            between = np.sqrt(share * kept) * delta
            change = np.outer(between, between) + share * (light._spread - heavy._spread)
            mean, mean_rest = two_sum(heavy._mean, share * delta)
            spread, spread_rest = two_sum(heavy._spread, change)
            mean_rest += heavy._mean_rest
            spread_rest += heavy._spread_rest + share * (light._spread_rest - heavy._spread_rest)
        # kept² a + share² b + 2 share kept, for the independences a and b of the two parts.
        more = share * light._independence + 2 * kept - (1 + kept) * heavy._independence
        require_finite("the sum of the weights", np.asarray(weight))
        require_finite("the covariance of the samples", spread)
        self._count += other._count
        self._dtype = result_dtype(self._dtype, other._dtype)
        self._weight = weight
        self._mean, self._mean_rest = mean, mean_rest
        self._spread, self._spread_rest = spread, spread_rest
        self._independence = heavy._independence + share * more

    def gaussian(self) -> Gaussian:
        """Return the Gaussian with these moments.

        Returns
        -------
        Gaussian
            It computes with these moments, in float64; its results are in float32 if all samples
            were. Singular if the samples lie on a plane.

        Raises
        ------
        ValueError
            If fewer than two samples have a positive weight.

        Examples
        --------
        >>> import numpy as np
        >>> from gausslib import Gaussian, Moments
        >>> x = np.random.default_rng(0).standard_normal((1000, 3))
        >>> moments = Moments(3)
        >>> for part in np.array_split(x, 7):
        ...     moments.add(part)
        >>> res, ref = moments.gaussian(), Gaussian.from_samples(x)
        >>> np.allclose(res.mean, ref.mean) and np.allclose(res.cov, ref.cov, rtol=1e-13)
        True
        """
        return Gaussian._from_moments(self.mean, self.covariance, self._dtype, of="the samples")

    @staticmethod
    def _weights(weights: npt.ArrayLike, count: int) -> Array:
        """Return the weights of `count` samples, or raise."""
        w = np.atleast_1d(real_array("weights", weights))
        if w.ndim != 1:
            raise ValueError(f"weights must have shape ({count},), got shape {w.shape}")
        return require_weights(w, (count, 1), positive=0)

    def __add__(self, other: Moments) -> Moments:
        if not isinstance(other, Moments):
            return NotImplemented
        total = Moments(self.dim)
        total.merge(self)
        total.merge(other)
        return total

    def __repr__(self) -> str:
        return f"<Moments dim={self.dim} count={self.count} weight={self.weight}>"
