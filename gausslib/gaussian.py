"""The one object that every function takes: a multivariate Gaussian, or a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from gausslib._factor import (
    EPS,
    Factor,
    factor_of_cov,
    factor_of_precision,
    factor_of_root,
    pivot_floor,
    require_semi_definite,
    sharpened,
)
from gausslib._linalg import Array, Mask, Values, length, lower_triangle, solve_lower, within
from gausslib._moments import require_weights, weighted_moments
from gausslib._validate import (
    broadcast_shape,
    coordinates,
    mean_and_matrix,
    mean_and_vector,
    points,
    precision_of,
    real_array,
    require_finite,
    require_generator,
    require_integer,
    require_size,
    result_dtype,
    symmetric_part,
)

__all__ = ["Gaussian"]

LOG_TWO_PI = float(np.log(2 * np.pi))


class Gaussian:
    r"""A multivariate Gaussian (normal) distribution, or a batch of them. Immutable.

    .. math::

        p(x) = \frac{1}{\sqrt{(2\pi)^d \det \Sigma_p}}
            \exp\Big( -\tfrac12 (x - \mu_p)^\top \Sigma_p^{-1} (x - \mu_p) \Big)

    Parameters
    ----------
    mean : array_like, shape (..., d)
        Mean μ.
    cov : array_like, shape (..., d, d)
        Covariance Σ, symmetric and positive semi-definite. The batch dimensions of `mean` and `cov`
        are broadcast. Two plain numbers, a mean and a variance, make a one-dimensional Gaussian.

    Attributes
    ----------
    mean, cov : ndarray
        Read-only arrays of shape ``batch_shape + (d,)`` and ``batch_shape + (d, d)``.
    dim : int
        Dimension d.
    batch_shape : tuple of int
        Shape of the batch, ``()`` for a single Gaussian.
    dtype : numpy.dtype
        float32 if both arguments were float32, otherwise float64. All computations are done in
        float64; their results are returned in this type.
    is_singular, rank : bool and int, or ndarray of shape ``batch_shape``
        Whether the mass lies on a plane, and the dimension of that.
    std, correlation, precision, cholesky : ndarray
        Deviations of the coordinates, their correlations, the inverse of the covariance, and its
        Cholesky factor; computed when asked for.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers (complex, strings, objects, masked arrays).
    ValueError
        If the shapes do not fit, a number is not finite, or `cov` is not symmetric (to half of the
        digits, in units of the deviations of the two coordinates) or not positive semi-definite.

    Notes
    -----
    A covariance is taken as singular where the other coordinates leave of the variance of one at
    most ``32 * eps`` of it (``8 * d * eps`` below four dimensions, ``4 * sqrt(d) * eps`` above 64;
    for a covariance given in float32 ``8 * eps`` with the eps of that). Neither the order of the
    coordinates nor their units matter. A float32 covariance in hundreds of dimensions may come out
    singular by that bound, while as it stands it has a Cholesky factor: a pair of such covariances
    is computed with that rather than called infinitely far apart.
    A Gaussian given by a Cholesky factor is singular only where that has a zero on its diagonal.
    Singular Gaussians are legal; the functions treat them as measure theory does.

    A batch is indexed like a NumPy array of shape ``batch_shape``, has a length, and can be
    iterated over; an index never reaches into mean and covariance.

    Two Gaussians are equal if their batch shapes, means and covariances are, number by number.

    Equivalent to ``scipy.stats.multivariate_normal`` (frozen, single) and
    ``torch.distributions.MultivariateNormal`` (batched).

    References
    ----------
    .. [1] C. F. Gauss, "Theoria motus corporum coelestium" (1809), book II, section 3.

    Examples
    --------
    >>> from gausslib import Gaussian
    >>> p = Gaussian([1, 2], [[2, 1], [1, 3]])
    >>> p
    Gaussian([1.0, 2.0], [[2.0, 1.0], [1.0, 3.0]])
    >>> p == Gaussian(p.mean, p.cov)
    True

    A batch: three means, one covariance.

    >>> batch = Gaussian([[0, 0], [0, 1], [0, 2]], [[2, 1], [1, 3]])
    >>> batch.batch_shape
    (3,)
    >>> batch[1]
    Gaussian([0.0, 1.0], [[2.0, 1.0], [1.0, 3.0]])
    >>> batch[:2, None].batch_shape
    (2, 1)
    """

    __slots__ = (
        "_all_regular",
        "_cov",
        "_dtype",
        "_eps",
        "_exact_root",
        "_in_range",
        "_mean",
        "_order",
        "_rank",
        "_regular",
        "_rough",
        "_stored_root",
    )
    # An operation with an array would take the Gaussian for a number: it is refused instead.
    __array_ufunc__ = None

    _mean: Array  # mean and covariance as doubles, over the whole batch
    _cov: Array
    _stored_root: Array  # the parts of `Factor`
    _rough: bool
    _regular: Mask
    _order: npt.NDArray[np.intp] | None
    _rank: npt.NDArray[np.intp] | None
    _exact_root: bool
    _all_regular: bool
    _in_range: bool  # whether no square of a variance leaves the range of doubles
    _dtype: np.dtype[Any]  # type of the results
    _eps: float  # relative precision to which the covariance is known

    def __init__(self, mean: npt.ArrayLike, cov: npt.ArrayLike) -> None:
        mean, cov = mean_and_matrix(mean, cov, "cov")
        dtype, eps = result_dtype(mean, cov), precision_of(cov)
        # Through the public type, so that the doubles computed with are the numbers shown.
        mean = mean.astype(dtype).astype(np.float64, copy=False)
        cov = symmetric_part("cov", cov.astype(np.float64), eps)
        cov = cov.astype(dtype).astype(np.float64, copy=False)
        with np.errstate(over="ignore", invalid="ignore"):  # in what will be refused
            factor = factor_of_cov(cov, eps)
            require_semi_definite(cov, factor, eps)
        self._set(mean, cov, factor, dtype, eps)

    def _set(
        self, mean: Array, cov: Array, factor: Factor, dtype: np.dtype[Any], eps: float
    ) -> None:
        batch = np.broadcast_shapes(mean.shape[:-1], cov.shape[:-2])
        parts: tuple[tuple[str, npt.NDArray[Any] | None, tuple[int, ...]], ...] = (
            ("_mean", mean, mean.shape[-1:]),
            ("_cov", cov, cov.shape[-2:]),
            ("_stored_root", factor.root, cov.shape[-2:]),
            ("_regular", factor.regular, ()),
            ("_order", factor.order, cov.shape[-1:]),
            ("_rank", factor.rank, ()),
        )
        for name, array, core in parts:
            if array is None:
                object.__setattr__(self, name, None)
                continue
            array.setflags(write=False)
            # A view of a read-only array can't be made writeable.
            whole = array.shape == batch + core
            view = array.view() if whole else np.broadcast_to(array, batch + core)
            object.__setattr__(self, name, view)
        in_range = within(cov.diagonal(0, -2, -1), 1e-100, 1e100)
        object.__setattr__(self, "_exact_root", factor.exact)
        object.__setattr__(self, "_rough", factor.rough)
        object.__setattr__(self, "_all_regular", factor.rank is None)
        object.__setattr__(self, "_in_range", in_range)
        object.__setattr__(self, "_dtype", dtype)
        object.__setattr__(self, "_eps", eps)

    @classmethod
    def _from_factor(
        cls, mean: Array, cov: Array, factor: Factor, dtype: np.dtype[Any], eps: float
    ) -> Gaussian:
        """Make a Gaussian of numbers that have been validated; they are not looked at again."""
        made = cls.__new__(cls)
        made._set(mean, cov, factor, dtype, eps)
        return made

    @classmethod
    def _from_moments(
        cls,
        mean: Array,
        cov: Array,
        dtype: np.dtype[Any],
        eps: float = EPS,
        of: str = "the result",
    ) -> Gaussian:
        """Make a Gaussian of a mean and a covariance that were computed, in doubles.

        They stay doubles, whatever the type of the results, in which they must be finite.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            require_finite(f"the mean of {of}", mean.astype(dtype))
            require_finite(f"the covariance of {of}", cov.astype(dtype))
        return cls._from_factor(mean, cov, factor_of_cov(cov, eps), dtype, eps)

    @classmethod
    def _from_root(
        cls, mean: Array, root: Array, dtype: np.dtype[Any], eps: float = EPS
    ) -> Gaussian:
        """Make one of an exact lower triangular root of the covariance in place of that."""
        with np.errstate(over="ignore", invalid="ignore"):
            cov = _squared(root)
            require_finite("the mean of the result", mean.astype(dtype))
            require_finite("the covariance of the result", cov.astype(dtype))
        return cls._from_factor(mean, cov, factor_of_root(root, cov), dtype, eps)

    @classmethod
    def from_axes(
        cls, mean: npt.ArrayLike, semi_axes: npt.ArrayLike, angle: npt.ArrayLike
    ) -> Gaussian:
        r"""Make a Gaussian in the plane from the ellipse of its standard deviations.

        .. math::

            \Sigma_p = R(\theta) \operatorname{diag}(s_1^2, s_2^2)\, R(\theta)^\top

        Parameters
        ----------
        mean : array_like, shape (..., 2)
            Centre of the ellipse.
        semi_axes : array_like, shape (..., 2)
            Standard deviations s₁, s₂ ≥ 0 along the two axes of the ellipse.
        angle : array_like, shape (...)
            Angle θ from the x-axis to the first axis, in radians, counter-clockwise.

        Returns
        -------
        Gaussian
            The batch dimensions of the three arguments are broadcast.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number is not finite, or a semi-axis is negative.

        Examples
        --------
        >>> import numpy as np
        >>> from gausslib import Gaussian
        >>> res = Gaussian.from_axes([0, 0], semi_axes=[2, 1], angle=np.pi / 4).cov
        >>> ref = [[2.5, 1.5], [1.5, 2.5]]
        >>> np.allclose(res, ref, rtol=1e-15)
        True
        """
        mean = real_array("mean", mean)
        semi_axes, angle = real_array("semi_axes", semi_axes), real_array("angle", angle)
        for name, array in (("mean", mean), ("semi_axes", semi_axes)):
            if array.ndim == 0 or array.shape[-1] != 2:
                raise ValueError(f"{name} must have shape (..., 2), got shape {array.shape}")
        broadcast_shape(
            "the batch dimensions of mean, semi_axes and angle",
            mean.shape,
            semi_axes.shape,
            angle.shape,
            cores=(1, 1, 0),
        )
        require_finite("semi_axes", semi_axes)
        require_finite("angle", angle)
        if (semi_axes < 0).any():
            negative = semi_axes[semi_axes < 0][0]
            raise ValueError(f"semi_axes must not be negative, got {negative}")
        dtype = result_dtype(mean, semi_axes, angle)
        variance = np.square(semi_axes.astype(np.float64))
        first, second = variance[..., 0], variance[..., 1]
        cosine, sine = np.cos(angle, dtype=np.float64), np.sin(angle, dtype=np.float64)
        a = first * cosine**2 + second * sine**2
        b = (first - second) * (cosine * sine)
        d = first * sine**2 + second * cosine**2
        cov = np.stack([np.stack([a, b], axis=-1), np.stack([b, d], axis=-1)], axis=-2)
        return cls(mean.astype(dtype), cov.astype(dtype))

    @classmethod
    def from_diagonal(cls, mean: npt.ArrayLike, variances: npt.ArrayLike) -> Gaussian:
        """Make a Gaussian with independent coordinates from their variances.

        Parameters
        ----------
        mean : array_like, shape (..., d)
            Mean μ.
        variances : array_like, shape (..., d)
            Variances σᵢ² ≥ 0, not deviations. The batch dimensions are broadcast.

        Returns
        -------
        Gaussian
            Its covariance is the diagonal matrix in full.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number is not finite, or a variance is negative.

        Notes
        -----
        Equivalent to ``torch.distributions.Independent(Normal(mean, variances.sqrt()), 1)``. For
        large batches of high dimension see the page of recipes: KL of diagonal Gaussians is a sum
        over coordinates, each a Gaussian on the line.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian.from_diagonal([1, 2], [4, 9])
        Gaussian([1.0, 2.0], [[4.0, 0.0], [0.0, 9.0]])
        """
        mean, variances = mean_and_vector(mean, variances, "variances")
        dtype = result_dtype(mean, variances)
        cov = variances.astype(dtype)[..., None] * np.eye(variances.shape[-1], dtype=dtype)
        return cls(mean, cov)

    @classmethod
    def from_correlation(
        cls, mean: npt.ArrayLike, std: npt.ArrayLike, correlation: npt.ArrayLike
    ) -> Gaussian:
        """Make a Gaussian from standard deviations and a matrix of correlations.

        The covariance of coordinates i and j is σᵢ σⱼ ρᵢⱼ.

        Parameters
        ----------
        mean : array_like, shape (..., d)
            Mean μ.
        std : array_like, shape (..., d)
            Standard deviations σᵢ ≥ 0.
        correlation : array_like, shape (..., d, d)
            Correlations ρᵢⱼ: symmetric, positive semi-definite, ones on the diagonal. The batch
            dimensions of the three are broadcast.

        Returns
        -------
        Gaussian
            With these deviations and correlations.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number is not finite, a deviation is negative, or
            `correlation` is not a matrix of correlations.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian.from_correlation([0, 0], [2, 3], [[1, 0.5], [0.5, 1]])
        Gaussian([0.0, 0.0], [[4.0, 3.0], [3.0, 9.0]])
        """
        mean, std = mean_and_vector(mean, std, "std")
        mean, correlation = mean_and_matrix(mean, correlation, "correlation")
        diagonal = np.einsum("...ii->...i", correlation)
        bad = np.abs(diagonal - 1) > np.sqrt(precision_of(correlation))
        if bad.any():
            raise ValueError(
                "correlation must have ones on its diagonal, got "
                f"{diagonal[bad][0]}; for a covariance use Gaussian(mean, cov)"
            )
        broadcast_shape(
            "the batch dimensions of std and correlation",
            std.shape,
            correlation.shape,
            cores=(1, 2),
        )
        dtype = result_dtype(mean, std, correlation)
        s, eps = std.astype(np.float64), precision_of(correlation)
        rho = symmetric_part("correlation", correlation.astype(np.float64), eps)
        with np.errstate(over="ignore", under="ignore"):
            cov = s[..., :, None] * s[..., None, :] * rho
        factor = factor_of_cov(rho, eps)
        require_semi_definite(rho, factor, eps, "correlation")
        return cls._from_moments(mean.astype(np.float64), cov, dtype, eps)

    @classmethod
    def from_precision(cls, mean: npt.ArrayLike, precision_matrix: npt.ArrayLike) -> Gaussian:
        """Make a Gaussian from its precision, the inverse of its covariance.

        Parameters
        ----------
        mean : array_like, shape (..., d)
            Mean μ.
        precision_matrix : array_like, shape (..., d, d)
            Precision Λ, symmetric and positive definite. The batch dimensions are broadcast.

        Returns
        -------
        Gaussian
            Regular. Its Cholesky factor comes from that of the precision; no inverse is formed.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number is not finite, or the precision is not symmetric or
            not positive definite: in a direction without precision there is no finite variance.

        Notes
        -----
        Equivalent to ``torch.distributions.MultivariateNormal(mean, precision_matrix=...)`` and to
        ``scipy.stats.Covariance.from_precision``.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian.from_precision([1, 2], [[4, 0], [0, 0.25]])
        Gaussian([1.0, 2.0], [[0.25, 0.0], [0.0, 4.0]])
        """
        name = "precision_matrix"
        mean, matrix = mean_and_matrix(mean, precision_matrix, name)
        dtype, eps = result_dtype(mean, matrix), precision_of(matrix)
        matrix = symmetric_part(name, matrix.astype(np.float64), eps)
        factor = factor_of_cov(matrix, eps)
        if not factor.regular.all():
            index = tuple(map(int, np.argwhere(~factor.regular)[0]))
            raise ValueError(
                f"{name} must be positive definite, got smallest eigenvalue "
                f"{np.linalg.eigvalsh(matrix[index])[0]:.3g}{f' at {index}' if index else ''}"
            )
        return cls._from_root(mean.astype(np.float64), factor_of_precision(matrix), dtype)

    @classmethod
    def stack(cls, ps: Sequence[Gaussian], axis: int = 0) -> Gaussian:
        """Make one batch of several Gaussians, along a new dimension.

        Parameters
        ----------
        ps : sequence of Gaussian
            Of one dimension; their batches are broadcast.
        axis : int, optional
            Where the new dimension stands among those of the batch; the first by default.

        Returns
        -------
        Gaussian
            With ``batch_shape`` (n, ...); member i is ``ps[i]``.

        Raises
        ------
        TypeError
            If `ps` is not a sequence of Gaussians, or `axis` not an integer.
        ValueError
            If there is none, or dimensions, batches or `axis` do not fit.

        Notes
        -----
        Equivalent to ``numpy.stack`` of the means and the covariances.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> batch = Gaussian.stack([Gaussian(0, 1), Gaussian(3, 4)])
        >>> batch.batch_shape
        (2,)
        >>> batch[1]
        Gaussian([3.0], [[4.0]])
        """
        ps, batch = _require_gaussians("ps", ps)
        dim, n = ps[0].dim, len(batch) + 1
        axis = require_integer("axis", axis, -n)
        if axis >= n:
            raise ValueError(f"axis must be less than {n} for the batch {batch}, got {axis}")

        def stacked(arrays: list[npt.NDArray[Any]], *core: int) -> npt.NDArray[Any]:
            return np.stack([np.broadcast_to(a, batch + core) for a in arrays], axis % n)

        order = rank = None
        if not all(p._all_regular for p in ps):
            known = [
                (np.arange(dim), np.asarray(dim))
                if p._order is None or p._rank is None
                else (p._order, p._rank)
                for p in ps
            ]
            order = stacked([o for o, _ in known], dim)
            rank = stacked([r for _, r in known])
        factor = Factor(
            stacked([p._root for p in ps], dim, dim),
            stacked([p._regular for p in ps]),
            order,
            rank,
            all(p._exact_root for p in ps),
        )
        return cls._from_factor(
            stacked([p._mean for p in ps], dim),
            stacked([p._cov for p in ps], dim, dim),
            factor,
            result_dtype(*(p._dtype for p in ps)),
            max(p._eps for p in ps),
        )

    @classmethod
    def from_samples(cls, x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Gaussian:
        r"""Make the Gaussian with the mean and the covariance of samples.

        .. math::

            S = \frac{1}{n - 1} \sum_{i=1}^{n} (x_i - m)(x_i - m)^\top

        Here m is the mean of the samples; the divisor n - 1 makes the covariance S unbiased.

        Parameters
        ----------
        x : array_like, shape (..., n, d)
            The samples, one a row, at least two. Leading dimensions are a batch.
        weights : array_like, shape (..., n), optional
            Weights of the samples, not negative, at least two of them positive; they need not sum
            to one. Leading dimensions are broadcast with those of `x`. With weights w the mean is
            Σ wᵢxᵢ / V₁ and the divisor V₁ - V₂/V₁, with the sums V₁ of the weights and V₂ of their
            squares: n - 1 for equal weights of one, and unbiased for weights that say how reliable
            a sample is.

        Returns
        -------
        Gaussian
            Of dimension d, with ``batch_shape = x.shape[:-2]``; singular if n ≤ d, and where the
            samples lie on a plane. Of samples in float32 the moments are computed and kept in
            float64; `dtype` is the type in which they, and results, are returned.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If the shapes do not fit or there are fewer than two samples, a number is not finite, a
            weight is negative, or the covariance is too large for its type.

        Notes
        -----
        Equivalent to ``numpy.average(x, 0, weights)`` and
        ``numpy.cov(x, rowvar=False, aweights=weights)``, batched.

        See Also
        --------
        Moments : the same for samples that come bit by bit.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian.from_samples([[0, 0], [2, 0], [1, 3]])
        Gaussian([1.0, 1.0], [[1.0, 0.0], [0.0, 3.0]])
        """
        x = real_array("x", x)
        if x.ndim == 1:
            raise ValueError(
                "x must have shape (..., n, d); for n samples of one number use x[:, None]; "
                f"got shape {x.shape}"
            )
        if x.ndim == 0 or x.shape[-1] == 0:
            raise ValueError(f"x must have shape (..., n, d) with d ≥ 1, got shape {x.shape}")
        if x.shape[-2] < 2:
            raise ValueError(f"x must hold at least two samples, (..., n, d), got shape {x.shape}")
        require_finite("x", x)
        if weights is not None:
            weights = require_weights(weights, x.shape, positive=2)
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            moments = weighted_moments(x.astype(np.float64), weights)
            cov = moments.squares / moments.divisor[..., None, None]
        return cls._from_moments(moments.mean, cov, result_dtype(x), of="x")

    @classmethod
    def from_cholesky(cls, mean: npt.ArrayLike, cholesky: npt.ArrayLike) -> Gaussian:
        """Make a Gaussian from a Cholesky factor L of its covariance, which is L Lᵀ.

        Parameters
        ----------
        mean : array_like, shape (..., d)
            Mean μ.
        cholesky : array_like, shape (..., d, d)
            The factor L: lower triangular, its diagonal not negative. The batch dimensions of
            `mean` and `cholesky` are broadcast.

        Returns
        -------
        Gaussian
            Its covariance is L Lᵀ. Functions compute with L itself, so that no digit of a small
            pivot is lost in the rounding of that product; conditionals, marginals and affine images
            keep them too.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number is not finite, `cholesky` is not lower triangular or
            has a negative number on its diagonal, or the covariance is too large for its type.

        Notes
        -----
        A zero on the diagonal makes a singular Gaussian. Any other number makes a regular one,
        however small: ``Gaussian(p.mean, p.cov)`` may be singular where ``p`` is not.

        Equivalent to ``torch.distributions.MultivariateNormal(mean, scale_tril=cholesky)``, which
        wants the diagonal positive.

        References
        ----------
        .. [1] E. Benoit, "Note sur une méthode de résolution des équations normales provenant de
           l'application de la méthode des moindres carrés (procédé du commandant Cholesky)",
           Bulletin géodésique 2 (1924), 67-77.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian.from_cholesky([0, 0], [[2, 0], [1, 3]])
        Gaussian([0.0, 0.0], [[4.0, 2.0], [2.0, 10.0]])
        """
        mean, cholesky = mean_and_matrix(mean, cholesky, "cholesky")
        above = np.triu(cholesky, 1)
        if above.any():
            raise ValueError(
                f"cholesky must be lower triangular, got {above[above != 0][0]} above the diagonal"
            )
        diagonal = np.einsum("...ii->...i", cholesky)
        if (diagonal < 0).any():
            raise ValueError(
                f"the diagonal of cholesky must not be negative, got {diagonal[diagonal < 0][0]}"
            )
        dtype = result_dtype(mean, cholesky)
        return cls._from_root(mean.astype(np.float64), cholesky.astype(np.float64), dtype)

    @classmethod
    def standard(cls, dim: int) -> Gaussian:
        """Make the standard Gaussian: mean zero, covariance the identity matrix.

        Parameters
        ----------
        dim : int
            Dimension, at least 1.

        Returns
        -------
        Gaussian
            A single Gaussian in float64.

        Raises
        ------
        TypeError
            If `dim` is not an integer.
        ValueError
            If `dim` is less than 1.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian.standard(2)
        Gaussian([0.0, 0.0], [[1.0, 0.0], [0.0, 1.0]])
        """
        dim = require_integer("dim", dim, 1)
        return cls(np.zeros(dim), np.eye(dim))

    @property
    def mean(self) -> npt.NDArray[np.floating[Any]]:
        """Mean, a read-only array of shape ``batch_shape + (d,)``."""
        return _read_only(self._mean, self._dtype)

    @property
    def cov(self) -> npt.NDArray[np.floating[Any]]:
        """Covariance, a read-only array of shape ``batch_shape + (d, d)``."""
        return _read_only(self._cov, self._dtype)

    @property
    def dim(self) -> int:
        """Dimension d."""
        return int(self._mean.shape[-1])

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape of the batch, ``()`` for a single Gaussian."""
        return self._mean.shape[:-1]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the results: float64, or float32 if both arguments were float32."""
        return self._dtype

    @property
    def is_singular(self) -> np.bool_ | npt.NDArray[np.bool_]:
        """Whether the covariance is singular: the mass lies on a plane. Shape ``batch_shape``."""
        return ~self._regular

    @property
    def rank(self) -> np.intp | npt.NDArray[np.intp]:
        """Rank of the covariance, the dimension of the support. Shape ``batch_shape``."""
        rank = self._rank if self._rank is not None else np.full(self.batch_shape, self.dim)
        return rank[()]

    @property
    def std(self) -> npt.NDArray[np.floating[Any]]:
        """Standard deviations of the coordinates, shape ``batch_shape + (d,)``."""
        return _read_only(np.sqrt(np.einsum("...ii->...i", self._cov)), self._dtype)

    @property
    def correlation(self) -> npt.NDArray[np.floating[Any]]:
        """Correlations of the coordinates, shape ``batch_shape + (d, d)``.

        A ValueError where a variance is zero: a constant has no correlation.
        """
        std = np.sqrt(np.einsum("...ii->...i", self._cov))
        if not (std > 0).all():
            where = tuple(map(int, np.argwhere(std == 0)[0]))
            raise ValueError(f"correlations need positive variances, got zero at {where}")
        correlation = self._cov / std[..., :, None] / std[..., None, :]
        np.einsum("...ii->...i", correlation)[...] = 1
        return _read_only(correlation, self._dtype)

    @property
    def precision(self) -> npt.NDArray[np.floating[Any]]:
        """Inverse of the covariance, shape ``batch_shape + (d, d)``; a ValueError if singular."""
        self._require_regular("a precision needs")
        inverse = solve_lower(self._root, np.broadcast_to(np.eye(self.dim), self._root.shape))
        return _read_only(inverse.swapaxes(-2, -1) @ inverse, self._dtype)

    @property
    def cholesky(self) -> npt.NDArray[np.floating[Any]]:
        """Cholesky factor of the covariance, shape ``batch_shape + (d, d)``.

        Lower triangular, its diagonal positive; a ValueError if the covariance is singular.
        """
        self._require_regular("a Cholesky factor needs")
        return _read_only(self._root, self._dtype)

    def logpdf(self, x: npt.ArrayLike) -> Values:
        r"""Logarithm of the density at `x`, in nats.

        .. math::

            \log p(x) = -\tfrac12 (x - \mu_p)^\top \Sigma_p^{-1} (x - \mu_p)
                - \tfrac12 \log\det\Sigma_p - \tfrac{d}{2} \log 2\pi

        Parameters
        ----------
        x : array_like, shape (..., d)
            Points; their leading dimensions are broadcast with ``batch_shape``. In one dimension a
            plain number is one point.

        Returns
        -------
        scalar or ndarray
            Shape ``broadcast(x.shape[:-1], batch_shape)``.

        Raises
        ------
        TypeError
            If `x` is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number is NaN or infinite, or a covariance is singular: such
            a Gaussian has no density.

        Notes
        -----
        Equivalent to ``scipy.stats.multivariate_normal.logpdf`` and to ``log_prob`` of
        ``torch.distributions.MultivariateNormal``.

        Examples
        --------
        >>> import numpy as np
        >>> from gausslib import Gaussian
        >>> res = Gaussian([1, 2], [[4, 0], [0, 9]]).logpdf([3, 2])
        >>> ref = -(2**2 / 4) / 2 - np.log(2 * 3) - np.log(2 * np.pi)
        >>> np.allclose(res, ref, rtol=1e-15)
        True
        """
        value, dtype = self._log_density(x)
        return value.astype(dtype, copy=False)[()]

    def pdf(self, x: npt.ArrayLike) -> Values:
        """Density at `x`, in units of 1/length^d.

        Parameters
        ----------
        x : array_like, shape (..., d)
            Points; their leading dimensions are broadcast with ``batch_shape``.

        Returns
        -------
        scalar or ndarray
            Shape ``broadcast(x.shape[:-1], batch_shape)``.

        Raises
        ------
        TypeError, ValueError
            As `logpdf`.

        Notes
        -----
        Equivalent to ``scipy.stats.multivariate_normal.pdf``.

        Examples
        --------
        >>> import numpy as np
        >>> from gausslib import Gaussian
        >>> res = Gaussian.standard(2).pdf([0, 0])
        >>> ref = 1 / (2 * np.pi)
        >>> np.allclose(res, ref, rtol=1e-15)
        True
        """
        value, dtype = self._log_density(x)
        with np.errstate(over="ignore"):
            return np.exp(value).astype(dtype, copy=False)[()]

    def mahalanobis(self, x: npt.ArrayLike) -> Values:
        r"""Mahalanobis distance of `x` from the mean, in standard deviations.

        .. math::

            m_p(x) = \sqrt{(x - \mu_p)^\top \Sigma_p^{-1} (x - \mu_p)}

        Parameters
        ----------
        x : array_like, shape (..., d)
            Points; their leading dimensions are broadcast with ``batch_shape``. In one dimension a
            plain number is one point.

        Returns
        -------
        scalar or ndarray
            Shape ``broadcast(x.shape[:-1], batch_shape)``, non-negative, without unit.

        Raises
        ------
        TypeError
            If `x` is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number is NaN or infinite, or a covariance is singular: it
            has no inverse.

        Notes
        -----
        Equivalent to ``scipy.spatial.distance.mahalanobis(x, mean, numpy.linalg.inv(cov))``.

        References
        ----------
        .. [1] P. C. Mahalanobis, "On the generalised distance in statistics", Proceedings of the
           National Institute of Sciences of India 2 (1936), 49-55.

        Examples
        --------
        >>> import numpy as np
        >>> from gausslib import Gaussian
        >>> res = Gaussian([1, 2], [[4, 0], [0, 9]]).mahalanobis([3, 5])
        >>> ref = np.sqrt(2**2 / 4 + 3**2 / 9)
        >>> np.allclose(res, ref, rtol=1e-15)
        True
        """
        z, dtype = self._standardised(x, "the Mahalanobis distance needs")
        with np.errstate(over="ignore"):
            return length(z).astype(dtype, copy=False)[()]

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...] = ()) -> Array:
        """Draw random points.

        Parameters
        ----------
        rng : numpy.random.Generator
            The source of randomness, for example ``numpy.random.default_rng(seed)``.
        size : int or tuple of int, optional
            How many points, as a shape. By default one point of each Gaussian of the batch.

        Returns
        -------
        ndarray, shape ``size + batch_shape + (d,)``
            The points. They lie on the support, up to rounding, if the covariance is singular.

        Raises
        ------
        TypeError
            If `rng` is not a Generator, or `size` not an integer or a tuple of integers.
        ValueError
            If a number in `size` is negative.

        Notes
        -----
        Equivalent to ``scipy.stats.multivariate_normal.rvs`` and to ``sample`` of
        ``torch.distributions.MultivariateNormal``.

        Examples
        --------
        >>> import numpy as np
        >>> from gausslib import Gaussian
        >>> x = Gaussian([1, 2], [[2, 1], [1, 3]]).sample(np.random.default_rng(0), size=100_000)
        >>> x.shape
        (100000, 2)
        >>> np.allclose(np.cov(x.T), [[2, 1], [1, 3]], atol=0.05)
        True
        """
        require_generator(rng)
        shape = require_size(size)
        count = int(np.prod(shape, dtype=np.int64))
        z = rng.standard_normal((*self.batch_shape, count, self.dim))
        x = z @ self._root.swapaxes(-2, -1) + self._mean[..., None, :]
        x = np.moveaxis(x, -2, 0).reshape(*shape, *self.batch_shape, self.dim)
        return x.astype(self._dtype, copy=False)

    def entropy(self) -> Values:
        r"""Differential entropy, in nats.

        .. math::

            h(p) = \tfrac{d}{2} (1 + \log 2\pi) + \tfrac12 \log\det \Sigma_p

        Returns
        -------
        scalar or ndarray
            Shape ``batch_shape``; minus infinity where the covariance is singular.

        Notes
        -----
        Equivalent to ``scipy.stats.multivariate_normal.entropy``.

        References
        ----------
        .. [1] C. E. Shannon, "A mathematical theory of communication", Bell System Technical
           Journal 27 (1948), 623-656.

        Examples
        --------
        >>> import numpy as np
        >>> from gausslib import Gaussian
        >>> res = Gaussian(0, 4).entropy()
        >>> ref = np.log(2 * np.sqrt(2 * np.pi * np.e))  # standard deviation 2
        >>> np.allclose(res, ref, rtol=1e-15)
        True
        """
        value = self.dim / 2 * (1 + LOG_TWO_PI) + self._half_log_det()
        return value.astype(self._dtype, copy=False)[()]

    def affine(self, matrix: npt.ArrayLike, offset: npt.ArrayLike) -> Gaussian:
        r"""Return the law of A x + b, where x follows this Gaussian.

        .. math::

            \mathbb{E}_{x \sim p}\big[ A x + b \big] = A \mu_p + b,
            \qquad \operatorname{Cov}_{x \sim p}\big[ A x + b \big] = A \Sigma_p A^\top

        Parameters
        ----------
        matrix : array_like, shape (..., k, d)
            The matrix A; its batch dimensions are broadcast with ``batch_shape``.
        offset : array_like, shape (..., k)
            The vector b; likewise. In one dimension `matrix` and `offset` may be plain numbers.

        Returns
        -------
        Gaussian
            Of dimension k; singular if the image does not fill its space. What a singular Gaussian
            leaves of a variance below the bound for pivots (see `Gaussian`) counts as zero.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If the shapes do not fit or a number is not finite.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian.standard(2).affine([[3, 4]], [10])  # the law of 3x + 4y + 10
        Gaussian([10.0], [[25.0]])
        """
        matrix, offset = real_array("matrix", matrix), real_array("offset", offset)
        if matrix.ndim == offset.ndim == 0 and self.dim == 1:
            matrix, offset = matrix[None, None], offset[None]
        if matrix.ndim < 2 or matrix.shape[-1] != self.dim or matrix.shape[-2] == 0:
            raise ValueError(
                f"matrix must have shape (..., k, {self.dim}), got shape {matrix.shape}"
            )
        if offset.ndim == 0 or offset.shape[-1] != matrix.shape[-2]:
            raise ValueError(
                f"offset must have shape (..., {matrix.shape[-2]}), got shape {offset.shape}"
            )
        broadcast_shape(
            "matrix, offset and the batch",
            matrix.shape,
            offset.shape,
            self.batch_shape,
            cores=(2, 1, 0),
        )
        require_finite("matrix", matrix)
        require_finite("offset", offset)
        dtype = result_dtype(matrix, offset, self._dtype)
        matrix, offset = matrix.astype(np.float64), offset.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            mean = (matrix @ self._mean[..., None])[..., 0] + offset
            # Through the root, so that rounding can't make a variance negative.
            root = self._without_noise(matrix @ self._root, matrix)
            return self._derived(mean, root, dtype)

    def marginal(self, indices: npt.ArrayLike) -> Gaussian:
        """Return the law of some of the coordinates.

        Its mean and its covariance are the entries that belong to these coordinates.

        Parameters
        ----------
        indices : int or sequence of int
            The coordinates J, in the order that the result shall have; negative ones count from
            the end.

        Returns
        -------
        Gaussian
            Of as many dimensions as there are indices; its numbers are numbers of this Gaussian.

        Raises
        ------
        TypeError
            If `indices` are not integers.
        ValueError
            If `indices` is empty, or an index is out of range or repeated.

        References
        ----------
        .. [1] T. W. Anderson, "An introduction to multivariate statistical analysis" (1958),
           section 2.4.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian([1, 2, 3], [[4, 1, 0], [1, 5, 2], [0, 2, 6]]).marginal([2, 0])
        Gaussian([3.0, 1.0], [[6.0, 0.0], [0.0, 4.0]])
        """
        kept = coordinates(indices, self.dim)
        mean = self._mean[..., kept]
        if self._exact_root:
            return self._derived(mean, self._root[..., kept, :], self._dtype)
        cov = self._cov[..., kept[:, None], kept]
        return Gaussian._from_moments(mean, cov, self._dtype, self._eps)

    def condition(self, indices: npt.ArrayLike, values: npt.ArrayLike) -> Gaussian:
        r"""Return the law of the other coordinates, given the values of some.

        .. math::

            \mu_{K \mid J} = \mu_K + \Sigma_{KJ} \Sigma_{JJ}^{-1} (x_J - \mu_J)

        .. math::

            \Sigma_{K \mid J} = \Sigma_{KK} - \Sigma_{KJ} \Sigma_{JJ}^{-1} \Sigma_{JK}

        Parameters
        ----------
        indices : int or sequence of int
            The coordinates J whose values are given; negative ones count from the end.
        values : array_like, shape (..., k)
            Their values, in the order of the indices; leading dimensions are broadcast with
            ``batch_shape``. For one index a plain number will do.

        Returns
        -------
        Gaussian
            The law of the other coordinates K, in their order. The covariance does not depend on
            the values.

        Raises
        ------
        TypeError
            If `indices` are not integers, or `values` not an array of real numbers.
        ValueError
            If `indices` is empty, names all coordinates, or an index is out of range or repeated;
            if the shapes do not fit or a value is not finite; or if the covariance of the given
            coordinates is singular: not all values are possible.

        Notes
        -----
        The other coordinates may be determined by the given ones: the result is singular then.

        References
        ----------
        .. [1] T. W. Anderson, "An introduction to multivariate statistical analysis" (1958),
           section 2.5.

        Examples
        --------
        >>> from gausslib import Gaussian
        >>> Gaussian([1, 2], [[4, 2], [2, 5]]).condition(0, 5)
        Gaussian([4.0], [[4.0]])
        """
        given = coordinates(indices, self.dim)
        if given.size == self.dim:
            raise ValueError(f"indices must leave a coordinate, got all {self.dim}")
        values = points("values", values, given.size, self.batch_shape)
        dtype = result_dtype(values, self._dtype)
        self.marginal(given)._require_regular("the given coordinates must have")
        others = np.delete(np.arange(self.dim), given)
        # Turned so that the given coordinates use the first columns alone, a root of Σ has in the
        # other columns what they leave of the others: nothing is subtracted from a variance.
        rotation, upper = np.linalg.qr(self._root[..., given, :].swapaxes(-2, -1), mode="complete")
        lower = upper[..., : given.size, :].swapaxes(-2, -1)
        rotated = self._root[..., others, :] @ rotation
        slope, root = rotated[..., : given.size], rotated[..., given.size :]
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            z = _solve_points(lower, values.astype(np.float64) - self._mean[..., given])
            mean = self._mean[..., others] + (slope @ z[..., None])[..., 0]
            root = self._without_noise(root, np.eye(self.dim)[others])
            return self._derived(mean, root, dtype)

    def _derived(self, mean: Array, root: Array, dtype: np.dtype[Any]) -> Gaussian:
        """Gaussian with a root of its covariance that was computed from the root of this one."""
        rows, columns = root.shape[-2:]
        if self._exact_root and rows <= columns:
            lower = lower_triangle(root)
            pivots = np.einsum("...ii->...i", lower)
            if (pivots > 8 * self.dim * EPS * length(root)).all():
                return Gaussian._from_root(mean, lower, dtype)
        return Gaussian._from_moments(mean, _squared(root), dtype, self._eps)

    @property
    def _root(self) -> Array:
        """Root of the covariance, its small pivots sharp."""
        if self._rough:
            root = sharpened(self._stored_root, self._cov)
            root.setflags(write=False)
            object.__setattr__(self, "_stored_root", root)
            object.__setattr__(self, "_rough", False)
        return self._stored_root

    def _half_log_det(self) -> Array:
        """½ log det Σ, minus infinity where singular."""
        diagonal = np.abs(np.einsum("...ii->...i", self._root))
        with np.errstate(divide="ignore"):
            return np.where(self._regular, np.log(diagonal).sum(-1), -np.inf)

    def _standardised(self, x: npt.ArrayLike, subject: str) -> tuple[Array, np.dtype[Any]]:
        """L⁻¹(x - μ), and the type of the result."""
        x = points("x", x, self.dim, self.batch_shape)
        self._require_regular(subject)
        with np.errstate(over="ignore"):
            z = _solve_points(self._root, x.astype(np.float64) - self._mean)
        return z, result_dtype(x, self._dtype)

    def _log_density(self, x: npt.ArrayLike) -> tuple[Array, np.dtype[Any]]:
        z, dtype = self._standardised(x, "a density needs")
        with np.errstate(over="ignore"):  # far away the density is zero, its logarithm -inf
            square = np.vecdot(z, z)
        return -0.5 * (square + self.dim * LOG_TWO_PI) - self._half_log_det(), dtype

    def _require_regular(self, subject: str) -> None:
        if not self._all_regular:
            index = tuple(map(int, np.argwhere(~self._regular)[0]))
            where = f" at {index}" if index else ""
            raise ValueError(f"{subject} a regular covariance, got a singular one{where}")

    def _without_noise(self, root: Array, matrix: Array) -> Array:
        """`root` of the law of A x, where variances that are rounding error have become zero.

        Left as they are, they would pass for directions of a support.
        """
        if self._all_regular:
            return root
        size = np.abs(matrix) @ np.sqrt(np.einsum("...ii->...i", self._cov))[..., None]
        bound = np.sqrt(pivot_floor(self.dim, self._eps)) * size[..., 0]
        noise = ~self._regular[..., None] & (length(root) <= bound)
        return np.where(noise[..., None], 0.0, root)

    def __getitem__(self, key: Any) -> Gaussian:
        """Return members of the batch, chosen as from a NumPy array of shape ``batch_shape``."""
        try:
            regular = np.asarray(self._regular[key])
        except IndexError as error:
            if not self.batch_shape:
                raise TypeError(
                    "a single Gaussian has no members; for the law of some coordinates use "
                    f"marginal, got the index {key!r}"
                ) from None
            raise IndexError(
                f"the index must fit batch shape {self.batch_shape}: {error}"
            ) from None
        key = key if isinstance(key, tuple) else (key,)
        # Where there are dots, they must not reach into mean and covariance.
        row, block = (*key, slice(None)), (*key, slice(None), slice(None))
        order = rank = None
        if self._order is not None and self._rank is not None and not regular.all():
            order, rank = self._order[row], np.asarray(self._rank[key])
        factor = Factor(self._root[block], regular, order, rank, self._exact_root)
        mean, cov = self._mean[row], self._cov[block]
        return Gaussian._from_factor(mean, cov, factor, self._dtype, self._eps)

    def __len__(self) -> int:
        if not self.batch_shape:
            raise TypeError("a single Gaussian has no len()")
        return self.batch_shape[0]

    def __bool__(self) -> bool:
        return True  # a length alone would make an empty batch false, and fail for a single one

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Gaussian):
            return NotImplemented
        same_mean = np.array_equal(self._mean, other._mean)
        return same_mean and np.array_equal(self._cov, other._cov)

    def __hash__(self) -> int:
        # Adding zero turns -0.0, which equals 0.0, into it.
        return hash((self._mean.shape, (self._mean + 0.0).tobytes(), (self._cov + 0.0).tobytes()))

    def __repr__(self) -> str:
        if self.batch_shape or self.dim > 4 or self._dtype != np.float64:
            return f"<Gaussian dim={self.dim} batch_shape={self.batch_shape} dtype={self._dtype}>"
        return f"Gaussian({self._mean.tolist()}, {self._cov.tolist()})"

    def __reduce__(self) -> tuple[Any, ...]:
        factor = Factor(self._root, self._regular, self._order, self._rank, self._exact_root)
        return Gaussian._from_factor, (self._mean, self._cov, factor, self._dtype, self._eps)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Gaussian is immutable: cannot set {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Gaussian is immutable: cannot delete {name}")


def _read_only(array: Array, dtype: np.dtype[Any]) -> npt.NDArray[np.floating[Any]]:
    """Return `array` in the given type, not writeable."""
    array = array.astype(dtype, copy=False)
    array.setflags(write=False)
    return array


def _squared(root: Array) -> Array:
    """Covariance of a root; infinite where it is too large for a double."""
    with np.errstate(over="ignore", invalid="ignore"):
        cov: Array = root @ root.swapaxes(-2, -1)
        return cov


def _solve_points(lower: Array, points: Array) -> Array:
    """L⁻¹x for points of shape (..., d)."""
    if lower.ndim > 2:
        return solve_lower(lower, points[..., None])[..., 0]
    # One factor for all points.
    return solve_lower(lower, points.reshape(-1, points.shape[-1]).T).T.reshape(points.shape)


def _require_gaussians(name: str, ps: object) -> tuple[list[Gaussian], tuple[int, ...]]:
    """Return a sequence of Gaussians of one dimension as a list, and the shape of their batches."""
    if isinstance(ps, Gaussian) or not isinstance(ps, Sequence):
        raise TypeError(f"{name} must be a sequence of Gaussians, got {type(ps).__name__}")
    if not ps:
        raise ValueError(f"{name} must hold at least one Gaussian, got an empty sequence")
    for i, p in enumerate(ps):
        if not isinstance(p, Gaussian):
            raise TypeError(f"{name} must hold Gaussians, got {type(p).__name__} at {i}")
    if len(dims := sorted({p.dim for p in ps})) > 1:
        raise ValueError(f"{name} must hold Gaussians of one dimension, got {dims}")
    batch = broadcast_shape(f"the batch shapes in {name}", *(p.batch_shape for p in ps))
    return list(ps), batch
