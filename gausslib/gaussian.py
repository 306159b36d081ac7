"""The one object that every function takes: a multivariate Gaussian, or a batch of them."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from gausslib._linalg import (
    Array,
    Mask,
    Values,
    pivot_floor,
    pivoted_cholesky,
    sharp_cholesky,
    solve_lower,
    unit_scale,
)
from gausslib._validate import (
    array_without_mask,
    real_array,
    require_dimension,
    require_finite,
    require_generator,
    require_size,
    result_dtype,
)

__all__ = ["Gaussian"]

_LOG_TWO_PI = float(np.log(2 * np.pi))


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

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers (complex, strings, objects, masked arrays).
    ValueError
        If the shapes do not fit, a number is not finite, or `cov` is not symmetric (to half of the
        digits of its largest entry) or not positive semi-definite.

    Notes
    -----
    A covariance is taken as singular when, with all variances scaled to one, a pivot of its
    Cholesky factorisation is at most ``8 * d * eps``. The bound grows with the dimension, so
    a nearly singular block can change its verdict when independent coordinates are added.
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

    __slots__ = ("_all_regular", "_cov", "_dtype", "_mean", "_regular", "_root")

    _mean: Array  # mean and covariance as doubles, over the whole batch
    _cov: Array
    _root: Array  # root rootᵀ = cov; the Cholesky factor where the covariance is regular
    _regular: Mask  # which covariances are not singular
    _all_regular: bool
    _dtype: np.dtype[Any]

    def __init__(self, mean: npt.ArrayLike, cov: npt.ArrayLike) -> None:
        mean, cov = real_array("mean", mean), real_array("cov", cov)
        dtype = result_dtype(mean, cov)
        mean, cov = _shaped(mean, cov, "cov")
        with np.errstate(over="ignore", invalid="ignore"):  # in what will be refused
            # Through the public type, so that the doubles computed with are the numbers shown.
            mean = mean.astype(dtype).astype(np.float64, copy=False)
            require_finite("mean", mean)
            cov = cov.astype(np.float64)
            require_finite("cov", cov)
            cov = _symmetrised(cov, dtype).astype(dtype).astype(np.float64, copy=False)
            root, regular = _root_of(cov, dtype)
            _require_semi_definite(cov, root, regular, dtype)
        self._set(mean, cov, root, regular, dtype)

    def _set(
        self, mean: Array, cov: Array, root: Array, regular: Mask, dtype: np.dtype[Any]
    ) -> None:
        batch = np.broadcast_shapes(mean.shape[:-1], cov.shape[:-2])
        parts: tuple[tuple[str, npt.NDArray[Any], tuple[int, ...]], ...] = (
            ("_mean", mean, mean.shape[-1:]),
            ("_cov", cov, cov.shape[-2:]),
            ("_root", root, cov.shape[-2:]),
            ("_regular", regular, ()),
        )
        for name, array, core in parts:
            array.setflags(write=False)
            # A view of a read-only array can't be made writeable.
            whole = array.shape == batch + core
            view = array.view() if whole else np.broadcast_to(array, batch + core)
            object.__setattr__(self, name, view)
        object.__setattr__(self, "_all_regular", bool(regular.all()))
        object.__setattr__(self, "_dtype", dtype)

    @classmethod
    def _from_valid(cls, mean: Array, cov: Array, dtype: np.dtype[Any]) -> Gaussian:
        """Make a Gaussian of numbers that have been validated; they are not looked at again."""
        made = cls.__new__(cls)
        made._set(mean, cov, *_root_of(cov, dtype), dtype)
        return made

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
        try:
            np.broadcast_shapes(mean.shape[:-1], semi_axes.shape[:-1], angle.shape)
        except ValueError:
            raise ValueError(
                "the batch dimensions of mean, semi_axes and angle must broadcast, got shapes "
                f"{mean.shape}, {semi_axes.shape} and {angle.shape}"
            ) from None
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
    def from_samples(cls, x: npt.ArrayLike) -> Gaussian:
        r"""Make the Gaussian with the mean and the covariance of samples.

        .. math::

            S = \frac{1}{n - 1} \sum_{i=1}^{n} (x_i - m)(x_i - m)^\top

        Here m is the mean of the samples; the divisor n - 1 makes the covariance S unbiased.

        Parameters
        ----------
        x : array_like, shape (..., n, d)
            The samples, one a row, at least two. Leading dimensions are a batch.

        Returns
        -------
        Gaussian
            Of dimension d, with ``batch_shape = x.shape[:-2]``; singular if n ≤ d, and where the
            samples lie on a plane.

        Raises
        ------
        TypeError
            If `x` is not an array of real numbers.
        ValueError
            If `x` has the wrong shape or fewer than two samples, a number is not finite, or the
            covariance is too large for its type.

        Notes
        -----
        Equivalent to ``numpy.mean(x, axis=0)`` and ``numpy.cov(x, rowvar=False)``, batched.

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
        dtype = result_dtype(x)
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            x = x.astype(np.float64)
            mean = x.mean(axis=-2, keepdims=True)
            x -= mean
            # What rounding took from a mean far from zero would look like one more direction.
            rest = x.mean(axis=-2, keepdims=True)
            x -= rest
            cov = (_sum_of_squares(x) / (x.shape[-2] - 1)).astype(dtype)
        require_finite("the covariance of x", cov)
        return cls((mean + rest)[..., 0, :].astype(dtype), cov)

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
            Its covariance is L Lᵀ in floating point.

        Raises
        ------
        TypeError
            If an argument is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number is not finite, `cholesky` is not lower triangular or
            has a negative number on its diagonal, or the covariance is too large for its type.

        Notes
        -----
        A zero on the diagonal makes a singular Gaussian. So does a number below about 1e-8 of the
        length of its row: its square is lost in the rounding of the covariance.

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
        mean, cholesky = real_array("mean", mean), real_array("cholesky", cholesky)
        mean, cholesky = _shaped(mean, cholesky, "cholesky")
        require_finite("cholesky", cholesky)
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
        return cls(mean, _squared(cholesky.astype(np.float64), dtype))

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
        dim = require_dimension(dim)
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
            return _length(z).astype(dtype, copy=False)[()]

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
        value = self.dim / 2 * (1 + _LOG_TWO_PI) + self._half_log_det()
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
        try:
            np.broadcast_shapes(matrix.shape[:-2], offset.shape[:-1], self.batch_shape)
        except ValueError:
            raise ValueError(
                f"matrix and offset must broadcast with batch shape {self.batch_shape}, got shapes "
                f"{matrix.shape} and {offset.shape}"
            ) from None
        require_finite("matrix", matrix)
        require_finite("offset", offset)
        dtype = np.result_type(result_dtype(matrix, offset), self._dtype)
        matrix, offset = matrix.astype(np.float64), offset.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            mean = ((matrix @ self._mean[..., None])[..., 0] + offset).astype(dtype)
            # Through the root, so that rounding can't make a variance negative.
            root = self._without_noise(matrix @ self._root, matrix)
            return Gaussian(mean, _squared(root, dtype))

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
        kept = _coordinates(indices, self.dim)
        # Validating again could refuse what this Gaussian's larger bound for rounding let pass.
        cov = self._cov[..., kept[:, None], kept]
        return Gaussian._from_valid(self._mean[..., kept], cov, self._dtype)

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
        given = _coordinates(indices, self.dim)
        if given.size == self.dim:
            raise ValueError(f"indices must leave a coordinate, got all {self.dim}")
        values = real_array("values", values)
        values = self._points("values", values, given.size)
        dtype = np.result_type(result_dtype(values), self._dtype)
        self.marginal(given)._require_regular("the given coordinates must have")
        others = np.delete(np.arange(self.dim), given)
        # Turned so that the given coordinates use the first columns alone, a root of Σ has in the
        # other columns what they leave of the others: nothing is subtracted from a variance.
        turn, upper = np.linalg.qr(self._root[..., given, :].swapaxes(-2, -1), mode="complete")
        lower = upper[..., : given.size, :].swapaxes(-2, -1)
        turned = self._root[..., others, :] @ turn
        slope, root = turned[..., : given.size], turned[..., given.size :]
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            z = _solve_points(lower, values.astype(np.float64) - self._mean[..., given])
            mean = self._mean[..., others] + (slope @ z[..., None])[..., 0]
            root = self._without_noise(root, np.eye(self.dim)[others])
            return Gaussian(mean.astype(dtype), _squared(root, dtype))

    def _half_log_det(self) -> Array:
        """½ log det Σ, minus infinity where singular."""
        diagonal = np.abs(np.einsum("...ii->...i", self._root))
        with np.errstate(divide="ignore"):
            return np.where(self._regular, np.log(diagonal).sum(-1), -np.inf)

    def _points(self, name: str, x: npt.NDArray[Any], dim: int) -> npt.NDArray[Any]:
        """Return `x` as points in `dim` dimensions that fit the batch, or raise ValueError."""
        if x.ndim == 0 and dim == 1:
            x = x[None]
        if x.ndim == 0 or x.shape[-1] != dim:
            raise ValueError(f"{name} must have shape (..., {dim}), got shape {x.shape}")
        try:
            np.broadcast_shapes(x.shape[:-1], self.batch_shape)
        except ValueError:
            raise ValueError(
                f"{name} must broadcast with batch shape {self.batch_shape}, got shape {x.shape}"
            ) from None
        require_finite(name, x)
        return x

    def _standardised(self, x: npt.ArrayLike, subject: str) -> tuple[Array, np.dtype[Any]]:
        """L⁻¹(x - μ), and the type of the result."""
        x = self._points("x", real_array("x", x), self.dim)
        self._require_regular(subject)
        with np.errstate(over="ignore"):
            z = _solve_points(self._root, x.astype(np.float64) - self._mean)
        return z, np.result_type(result_dtype(x), self._dtype)

    def _log_density(self, x: npt.ArrayLike) -> tuple[Array, np.dtype[Any]]:
        z, dtype = self._standardised(x, "a density needs")
        with np.errstate(over="ignore"):  # far away the density is zero, its logarithm -inf
            square = np.vecdot(z, z)
        return -0.5 * (square + self.dim * _LOG_TWO_PI) - self._half_log_det(), dtype

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
        bound = np.sqrt(pivot_floor(self.dim, np.finfo(self._dtype).eps)) * size[..., 0]
        noise = ~self._regular[..., None] & (_length(root) <= bound)
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
        chosen = Gaussian.__new__(Gaussian)
        chosen._set(self._mean[row], self._cov[block], self._root[block], regular, self._dtype)
        return chosen

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
        return Gaussian._from_valid, (self._mean, self._cov, self._dtype)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Gaussian is immutable: cannot set {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Gaussian is immutable: cannot delete {name}")


def _require_pair(p: object, q: object) -> None:
    """Raise unless `p` and `q` are Gaussians of one dimension whose batches broadcast."""
    if not isinstance(p, Gaussian):
        raise TypeError(f"p must be a Gaussian, got {type(p).__name__}")
    if not isinstance(q, Gaussian):
        raise TypeError(f"q must be a Gaussian, got {type(q).__name__}")
    if p._mean.shape == q._mean.shape:
        return
    if p.dim != q.dim:
        raise ValueError(f"p and q must have one dimension, got {p.dim} and {q.dim}")
    if p.batch_shape != q.batch_shape:
        try:
            np.broadcast_shapes(p.batch_shape, q.batch_shape)
        except ValueError:
            raise ValueError(
                "the batch shapes of p and q must broadcast, got "
                f"{p.batch_shape} and {q.batch_shape}"
            ) from None


def _read_only(array: Array, dtype: np.dtype[Any]) -> npt.NDArray[np.floating[Any]]:
    """Return `array` in the given type, not writeable."""
    if dtype == array.dtype:
        return array
    array = array.astype(dtype)
    array.setflags(write=False)
    return array


def _squared(root: Array, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Covariance of a root, in the given type; infinite where it is too large for that."""
    with np.errstate(over="ignore", invalid="ignore"):
        return (root @ root.swapaxes(-2, -1)).astype(dtype)


def _length(vectors: Array) -> Array:
    """Euclidean lengths, of which no square overflows or underflows on the way."""
    return np.hypot.reduce(vectors, axis=-1)


def _solve_points(lower: Array, points: Array) -> Array:
    """L⁻¹x for points of shape (..., d)."""
    if lower.ndim > 2:
        return solve_lower(lower, points[..., None])[..., 0]
    # One factor for all points.
    return solve_lower(lower, points.reshape(-1, points.shape[-1]).T).T.reshape(points.shape)


def _coordinates(indices: npt.ArrayLike, dim: int) -> npt.NDArray[np.intp]:
    """Return `indices` of coordinates as a vector of numbers from 0 to dim - 1, or raise."""
    array = array_without_mask("indices", indices)
    if array.size == 0:
        raise ValueError("indices must not be empty")
    if array.dtype.kind not in "iu":
        raise TypeError(f"indices must be an integer or a sequence of integers, got {indices!r}")
    if array.ndim > 1:
        raise ValueError(f"indices must be a sequence, shape (k,), got shape {array.shape}")
    if ((array < -dim) | (array >= dim)).any():
        raise ValueError(f"indices must be from {-dim} to {dim - 1}, got {array.tolist()}")
    array = np.atleast_1d(array).astype(np.intp) % dim
    if np.unique(array).size < array.size:
        raise ValueError(f"indices must not repeat a coordinate, got {indices!r}")
    return array


def _shaped(
    mean: npt.NDArray[Any], matrix: npt.NDArray[Any], name: str
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return arrays of shapes (..., d) and (..., d, d) that fit each other, or raise ValueError."""
    if mean.ndim == matrix.ndim == 0:
        return mean[None], matrix[None, None]
    shapes = f"got mean of shape {mean.shape} and {name} of shape {matrix.shape}"
    if matrix.ndim == 1:
        meant = "for a diagonal covariance with these variances use numpy.diag(cov); "
        raise ValueError(
            f"{name} must be a matrix, shape (..., d, d); {meant if name == 'cov' else ''}{shapes}"
        )
    if mean.ndim == 0 or matrix.ndim == 0:
        raise ValueError(f"mean must have shape (..., d) and {name} shape (..., d, d); {shapes}")
    if matrix.shape[-1] != matrix.shape[-2]:
        raise ValueError(f"{name} must be square, shape (..., d, d); {shapes}")
    if mean.shape[-1] != matrix.shape[-1]:
        raise ValueError(f"mean and {name} must have one dimension d; {shapes}")
    if mean.shape[-1] == 0:
        raise ValueError(f"the dimension must be at least 1; {shapes}")
    try:
        np.broadcast_shapes(mean.shape[:-1], matrix.shape[:-2])
    except ValueError:
        raise ValueError(
            f"the batch dimensions of mean and {name} must broadcast; {shapes}"
        ) from None
    return mean, matrix


def _sum_of_squares(x: Array) -> Array:
    """Sum of xxᵀ over the rows of `x`."""
    n = x.shape[-2]
    if n <= 10_000:
        return x.swapaxes(-2, -1) @ x
    # Rounding errors add up in long sums, until a singular covariance would look regular.
    return _sum_of_squares(x[..., : n // 2, :]) + _sum_of_squares(x[..., n // 2 :, :])


def _symmetrised(cov: Array, dtype: np.dtype[Any]) -> Array:
    """Return the symmetric part of `cov`, which must agree with it to half of the digits."""
    if np.array_equal(cov, cov.swapaxes(-2, -1)):
        return cov
    # Halved first: the difference of two large numbers must not overflow.
    half = cov / 2 - cov.swapaxes(-2, -1) / 2
    size = np.abs(cov).max(axis=(-2, -1), keepdims=True, initial=0)
    bad = np.abs(half) > np.sqrt(np.finfo(dtype).eps) * size / 2
    if bad.any():
        *_, i, j = index = tuple(int(k) for k in np.argwhere(bad)[0])
        mirrored = (*index[:-2], j, i)
        raise ValueError(
            f"cov must be symmetric, got {cov[index]} and {cov[mirrored]} at {index} and {mirrored}"
        )
    return cov - half


def _root_of(cov: Array, dtype: np.dtype[Any]) -> tuple[Array, Mask]:
    """Roots of the covariances, and which covariances are regular."""
    dim = cov.shape[-1]
    eps = np.finfo(dtype).eps
    root = sharp_cholesky(cov)
    pivot = np.square(np.einsum("...ii->...i", root))
    # Pivots in the order of the coordinates carry an error of about eps over the smallest of them:
    # from √eps on none of them can be zero in truth. Below that the order of size decides.
    regular = np.asarray((pivot > np.sqrt(eps) * np.einsum("...ii->...i", cov)).all(-1))
    if regular.all():
        return root, regular
    for index in np.argwhere(~regular):
        i = tuple(map(int, index))
        pivoted, _, rank = pivoted_cholesky(cov[i], pivot_floor(dim, eps))
        regular[i] = rank == dim and np.isfinite(root[i]).all()
        if not regular[i]:
            root[i] = pivoted
    return root, regular


def _require_semi_definite(cov: Array, root: Array, regular: Mask, dtype: np.dtype[Any]) -> None:
    """Raise ValueError where what the root leaves of a covariance is more than rounding error."""
    if regular.all():
        return
    dim = cov.shape[-1]
    for index in np.argwhere(~regular):
        i = tuple(map(int, index))
        scale, unit = unit_scale(cov[i])
        scaled = root[i] / scale[:, None]
        if not np.abs(unit - scaled @ scaled.T).max() <= 8 * pivot_floor(dim, np.finfo(dtype).eps):
            came = f"smallest eigenvalue {np.linalg.eigvalsh(cov[i])[0]:.3g}"
            if dim <= 4:
                came = f"{cov[i].tolist()}, {came}"
            where = f" at {i}" if i else ""
            raise ValueError(f"cov must be positive semi-definite, got {came}{where}")
