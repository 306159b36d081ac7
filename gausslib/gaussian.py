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
from gausslib._validate import real_array, require_finite, result_dtype

__all__ = ["Gaussian"]

_LOG_TWO_PI = float(np.log(2 * np.pi))


class Gaussian:
    r"""A multivariate Gaussian (normal) distribution, or a batch of them. Immutable.

    .. math::

        p(x) = \frac{1}{\sqrt{(2\pi)^d \det\Sigma}}
            \exp\left(-\tfrac12 (x-\mu)^\top \Sigma^{-1} (x-\mu)\right)

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

    >>> Gaussian([[0, 0], [0, 1], [0, 2]], [[2, 1], [1, 3]]).batch_shape
    (3,)
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
        if mean.ndim == cov.ndim == 0:
            mean, cov = mean[None], cov[None, None]
        _require_shapes(mean, cov)
        require_finite("mean", mean)
        require_finite("cov", cov)

        # Through the public type, so that the doubles computed with are the numbers shown.
        mean = mean.astype(dtype).astype(np.float64)
        cov = _symmetrised(cov, dtype).astype(dtype).astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):  # in what will be refused
            root, regular = _root_of(cov, np.finfo(dtype).eps)

        batch = np.broadcast_shapes(mean.shape[:-1], cov.shape[:-2])
        for name, array, core in (
            ("_mean", mean, mean.shape[-1:]),
            ("_cov", cov, cov.shape[-2:]),
            ("_root", root, cov.shape[-2:]),
            ("_regular", regular, ()),
        ):
            array.setflags(write=False)
            object.__setattr__(self, name, np.broadcast_to(array, batch + core))
        object.__setattr__(self, "_all_regular", bool(regular.all()))
        object.__setattr__(self, "_dtype", dtype)

    @classmethod
    def from_axes(
        cls, mean: npt.ArrayLike, semi_axes: npt.ArrayLike, angle: npt.ArrayLike
    ) -> Gaussian:
        r"""Make a Gaussian in the plane from the ellipse of its standard deviations.

        .. math::

            \Sigma = R(\theta) \operatorname{diag}(s_1^2, s_2^2)\, R(\theta)^\top

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
        if isinstance(dim, bool) or not isinstance(dim, int | np.integer):
            raise TypeError(f"dim must be an integer, got {dim!r}")
        if dim < 1:
            raise ValueError(f"dim must be at least 1, got {dim}")
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

            \log p(x) = -\tfrac12 \left[(x-\mu)^\top \Sigma^{-1} (x-\mu)
                + \log\det\Sigma + d \log 2\pi\right]

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
        x = real_array("x", x)
        if x.ndim == 0 and self.dim == 1:
            x = x[None]
        if x.ndim == 0 or x.shape[-1] != self.dim:
            raise ValueError(f"x must have shape (..., {self.dim}), got shape {x.shape}")
        try:
            np.broadcast_shapes(x.shape[:-1], self.batch_shape)
        except ValueError:
            raise ValueError(
                f"x must broadcast with batch shape {self.batch_shape}, got shape {x.shape}"
            ) from None
        require_finite("x", x)
        if not self._all_regular:
            raise ValueError("a Gaussian with a singular covariance has no density")
        dtype = np.result_type(result_dtype(x), self._dtype)
        with np.errstate(over="ignore"):  # far away the density is zero, its logarithm -inf
            delta = x.astype(np.float64) - self._mean
            if self.batch_shape:
                z = solve_lower(self._root, delta[..., None])[..., 0]
            else:  # one factor for all points
                points = delta.reshape(-1, self.dim).T
                z = solve_lower(self._root, points).T.reshape(delta.shape)
            value = -0.5 * (np.vecdot(z, z) + self.dim * _LOG_TWO_PI) - self._half_log_det()
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
        with np.errstate(over="ignore"):
            return np.exp(self.logpdf(x))

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
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
        shape = size if isinstance(size, tuple) else (size,)
        for n in shape:
            if isinstance(n, bool) or not isinstance(n, int | np.integer):
                raise TypeError(f"size must be an integer or a tuple of integers, got {size!r}")
            if n < 0:
                raise ValueError(f"size must not be negative, got {size!r}")
        count = int(np.prod(shape, dtype=np.int64))
        z = rng.standard_normal((*self.batch_shape, count, self.dim))
        x = z @ self._root.swapaxes(-2, -1) + self._mean[..., None, :]
        x = np.moveaxis(x, -2, 0).reshape(*shape, *self.batch_shape, self.dim)
        return x.astype(self._dtype, copy=False)

    def entropy(self) -> Values:
        r"""Differential entropy, in nats.

        .. math::

            H(p) = -\int p \log p = \tfrac{d}{2} (1 + \log 2\pi) + \tfrac12 \log\det\Sigma

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

            \mathcal N(A\mu + b,\; A \Sigma A^\top)

        Parameters
        ----------
        matrix : array_like, shape (..., k, d)
            The matrix A; its batch dimensions are broadcast with ``batch_shape``.
        offset : array_like, shape (..., k)
            The vector b; likewise.

        Returns
        -------
        Gaussian
            Of dimension k; singular if the image does not fill its space.

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
        mean = (matrix @ self._mean[..., None])[..., 0] + offset
        # Through the root, so that rounding can't make a variance negative.
        root = matrix @ self._root
        return Gaussian(mean.astype(dtype), (root @ root.swapaxes(-2, -1)).astype(dtype))

    def _half_log_det(self) -> Array:
        """½ log det Σ, minus infinity where singular."""
        diagonal = np.abs(np.einsum("...ii->...i", self._root))
        with np.errstate(divide="ignore"):
            return np.where(self._regular, np.log(diagonal).sum(-1), -np.inf)

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
        return Gaussian, (self.mean, self.cov)

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


def _require_shapes(mean: npt.NDArray[Any], cov: npt.NDArray[Any]) -> None:
    """Raise ValueError unless the shapes are (..., d) and (..., d, d)."""
    shapes = f"got mean of shape {mean.shape} and cov of shape {cov.shape}"
    if cov.ndim == 1:
        raise ValueError(
            "cov must be a matrix, shape (..., d, d); for a diagonal covariance with these "
            f"variances use numpy.diag(cov); {shapes}"
        )
    if mean.ndim == 0 or cov.ndim == 0:
        raise ValueError(f"mean must have shape (..., d) and cov shape (..., d, d); {shapes}")
    if cov.shape[-1] != cov.shape[-2]:
        raise ValueError(f"cov must be square, shape (..., d, d); {shapes}")
    if mean.shape[-1] != cov.shape[-1]:
        raise ValueError(f"mean and cov must have one dimension d; {shapes}")
    if mean.shape[-1] == 0:
        raise ValueError(f"the dimension must be at least 1; {shapes}")
    try:
        np.broadcast_shapes(mean.shape[:-1], cov.shape[:-2])
    except ValueError:
        raise ValueError(f"the batch dimensions of mean and cov must broadcast; {shapes}") from None


def _symmetrised(cov: npt.NDArray[Any], dtype: np.dtype[Any]) -> Array:
    """Return the symmetric part of `cov`, which must agree with it to half of the digits."""
    cov = cov.astype(np.float64)
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


def _root_of(cov: Array, eps: float) -> tuple[Array, Mask]:
    """Roots of the covariances, and which covariances are regular. Raise if one is indefinite."""
    dim = cov.shape[-1]
    floor = pivot_floor(dim, eps)
    variance = np.einsum("...ii->...i", cov)
    root = sharp_cholesky(cov)
    pivot = np.square(np.einsum("...ii->...i", root))
    # Pivots in the order of the coordinates carry an error of about eps over the smallest of them:
    # from √eps on none of them can be zero in truth. Below that the order of size decides.
    regular = np.asarray((pivot > np.sqrt(eps) * variance).all(-1))
    for index in np.argwhere(~regular):
        i = tuple(map(int, index))
        pivoted, _, rank = pivoted_cholesky(cov[i], floor)
        if rank == dim and np.isfinite(root[i]).all():
            regular[i] = True
            continue
        root[i] = pivoted
        # What the pivots leave is rounding error if the covariance is positive semi-definite.
        scale, unit = unit_scale(cov[i])
        scaled = root[i] / scale[:, None]
        if not np.abs(unit - scaled @ scaled.T).max() <= 8 * floor:
            came = f"smallest eigenvalue {np.linalg.eigvalsh(cov[i])[0]:.3g}"
            if dim <= 4:
                came = f"{cov[i].tolist()}, {came}"
            where = f" at {i}" if i else ""
            raise ValueError(f"cov must be positive semi-definite, got {came}{where}")
    return root, regular
