"""Fits of one set of points to another: rotations and reflections, with a shift and a scale."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Array, Values, svd_of_product
from gausslib._validate import broadcast_shape, points, real_array, require_finite, result_dtype

__all__ = ["Alignment", "align", "kabsch", "procrustes"]


class Alignment(NamedTuple):
    r"""A fit x ↦ s R x + t of points to others, and what is left between them: from `align`.

    Parameters
    ----------
    rotation : ndarray, shape (..., k, k)
        R, orthogonal; it multiplies columns.
    shift : ndarray, shape (..., k)
        t, a length in each coordinate.
    scale : float or ndarray
        s, which is 1 unless it was asked for.
    rmsd : float or ndarray
        Root mean square of the distances that are left between the fitted points and their
        targets, a length.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Alignment
    >>> fit = Alignment(np.array([[0, -1], [1, 0]]), np.array([5, 0]), 2.0, 0.0)
    >>> res = fit.apply([[1, 0], [0, 1]])
    >>> ref = [[5, 2], [3, 0]]
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """

    rotation: npt.NDArray[np.floating[Any]]
    shift: npt.NDArray[np.floating[Any]]
    scale: Values
    rmsd: Values

    def apply(self, x: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
        """Points moved by the fit: s R x + t for each.

        Parameters
        ----------
        x : array_like, shape (..., n, k)
            Points, one a row. Leading dimensions are broadcast with those of the fit.

        Returns
        -------
        ndarray, shape (..., n, k)
            ``x @ (s * R).swapaxes(-2, -1) + t`` for a single fit.

        Raises
        ------
        TypeError
            If `x` is not an array of real numbers.
        ValueError
            If the shapes do not fit, a number of `x` is not finite, or an image is too large for
            its type.

        Examples
        --------
        >>> import numpy as np
        >>> from gausslib import align
        >>> x = np.array([[0, 0], [1, 0], [0, 2]])
        >>> fit = align(x, [[1, 1], [1, 2], [-1, 1]])
        >>> res = fit.apply([[1, 2], [4, 0]])
        >>> ref = [[-1, 2], [1, 5]]
        >>> np.allclose(res, ref, rtol=1e-14)
        True
        """
        *batch, dim = self.shift.shape
        x = real_array("x", x)
        if x.ndim < 2:
            raise ValueError(
                f"x must hold points as rows, shape (..., n, {dim}), got shape {x.shape}"
            )
        x = points("x", x, dim, (*batch, 1))
        dtype = result_dtype(self.shift, x)
        scale = np.asarray(self.scale, np.float64)[..., None, None]
        turned = self.rotation.astype(np.float64).swapaxes(-2, -1)
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
            image = (scale * x) @ turned + self.shift[..., None, :]
            image = image.astype(dtype, copy=False)
        require_finite("the image of x", image)
        return image


def align(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    scale: bool = False,
    reflection: bool = False,
    weights: npt.ArrayLike | None = None,
) -> Alignment:
    r"""Rotation, shift and, if asked for, scale that bring points `x` closest to points `y`.

    It minimises the sum of the squared distances wᵢ ‖s R xᵢ + t - yᵢ‖² over the rotations R, the
    shifts t and, with ``scale=True``, the factors s ≥ 0. Whatever R and s are, the best shift takes
    the weighted mean of `x` to that of `y`. Let X and Y hold the points counted from these means,
    each times the root of its weight. Then R is the transpose of ``kabsch(Y, X)``; with
    ``reflection=True`` it is that of ``procrustes(Y, X)``, and the best scale is

    .. math::

        s_\star = \frac{\|X^\top Y\|_*}{\|X\|_F^2}

    For rotations, twice the smallest singular value is taken from the nuclear norm ‖XᵀY‖_* where
    det(XᵀY) < 0.

    Parameters
    ----------
    x, y : array_like, shape (..., n, k)
        n points in k dimensions, one a row; row i of `x` belongs to row i of `y`. Leading
        dimensions are broadcast.
    scale : bool, optional
        Whether `x` may be stretched or shrunk.
    reflection : bool, optional
        Whether R may have the determinant -1.
    weights : array_like, shape (..., n), optional
        How much each pair of points counts: not negative, not all zero. Only their ratios matter;
        they need not add up to one. By default all count the same.

    Returns
    -------
    Alignment
        ``(rotation, shift, scale, rmsd)``. The rotation multiplies columns; rows are moved by
        ``x @ (scale * rotation).T + shift``, or by the method ``apply``. The scale is 1 unless it
        was asked for, and zero only where nothing larger is better. The root mean square of the
        distances that remain takes the weights divided by their sum; it has the unit of `y`.

    Raises
    ------
    TypeError
        If `x`, `y` or `weights` is not an array of real numbers, or `scale` or `reflection` not
        True or False.
    ValueError
        If the shapes do not fit, there is no point, a number is not finite, a weight is negative or
        all are zero, a scale is asked for where the points of `x` are one point, or a result is
        beyond the range of its type.

    See Also
    --------
    kabsch : the rotation alone, of points that are neither shifted nor scaled.
    procrustes : the best orthogonal matrix alone.

    Notes
    -----
    Where several fits are equally good, as with fewer points than dimensions, one of them is
    returned. The distances that remain are computed from points counted from their means, so that
    clouds far from the origin lose nothing; `shift` itself is then a difference of large numbers.

    The fit is not symmetric: with a scale, that from `y` to `x` is not its inverse.

    Without a scale, in three dimensions, equivalent to
    ``scipy.spatial.transform.Rotation.align_vectors`` for points whose means were subtracted. With
    scale and reflection, ``scipy.spatial.procrustes`` computes ``rmsd`` for clouds that it has
    brought to one size first.

    References
    ----------
    .. [1] W. Kabsch, "A solution for the best rotation to relate two sets of vectors", Acta
       Crystallographica A 32 (1976), 922-923.
    .. [2] S. Umeyama, "Least-squares estimation of transformation parameters between two point
       patterns", IEEE Transactions on Pattern Analysis and Machine Intelligence 13 (1991), 376-380.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import align
    >>> x = np.array([[0, 0], [1, 0], [0, 2]])
    >>> y = np.array([[3, 1], [3, 3], [-1, 1]])
    >>> res = align(x, y, scale=True)
    >>> ref = [[0, -1], [1, 0]], [3, 1], 2, 0
    >>> all(np.allclose(*pair, rtol=1e-14, atol=1e-14) for pair in zip(res, ref, strict=True))
    True
    >>> np.allclose(res.apply(x), y, rtol=1e-14)
    True
    """
    _require_bool("scale", scale)
    _require_bool("reflection", reflection)
    x, y, dtype = _matched_points(x, y)
    shares = _shares(weights, x, y)
    mean_x, offset_x = _centred("x", x, shares)
    mean_y, offset_y = _centred("y", y, shares)
    fit = _best_orthogonal if reflection else _best_rotation
    turn = fit(offset_x, offset_y)

    # In units of length in which the larger cloud, or with a scale each of the two, has size one.
    size_x, size_y = _largest(offset_x), _largest(offset_y)
    if not scale:
        size_x = size_y = np.maximum(size_x, size_y)
    unit_x, unit_y = np.frexp(size_x)[1], np.frexp(size_y)[1]
    turned, target = np.ldexp(offset_x, -unit_x) @ turn, np.ldexp(offset_y, -unit_y)
    factor = _best_scale(turned, target) if scale else np.ones(unit_y.shape)
    left = np.sqrt(np.square(factor * turned - target).sum((-2, -1), keepdims=True))

    with np.errstate(over="ignore", invalid="ignore"):  # what is too large is refused
        stretch = np.ldexp(factor, unit_y - unit_x)
        shift = mean_y - (stretch * mean_x) @ turn
        rmsd = np.ldexp(left, unit_y)
    stretch = _in_range("scale", stretch, dtype)
    if (stretch[factor > 0] == 0).any():
        raise ValueError(f"the scale is too small for {dtype}: give x and y in other units")
    return Alignment(
        rotation=turn.swapaxes(-2, -1).astype(dtype, order="C", copy=False),
        shift=_in_range("shift", shift, dtype)[..., 0, :],
        scale=stretch[..., 0, 0][()],
        rmsd=_in_range("rmsd", rmsd, dtype)[..., 0, 0][()],
    )


def procrustes(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Orthogonal matrix Q that fits `y` to `x` best: it minimises ‖X - Y Q‖ (Frobenius norm).

    .. math::

        Q = (Y^\top X X^\top Y)^{-1/2}\, Y^\top X

    It is computed as Q = U Vᵀ from the singular value decomposition YᵀX = U S Vᵀ, which needs no
    inverse. Q may be a reflection. The points are neither centred nor scaled; subtract their means
    first to allow for a shift.

    Parameters
    ----------
    x, y : array_like, shape (..., n, k)
        n points in k dimensions, one a row; row i of `y` belongs to row i of `x`. Leading
        dimensions are broadcast.

    Returns
    -------
    ndarray, shape (..., k, k)
        Unique if YᵀX is invertible. Otherwise, as with fewer points than dimensions, several
        matrices fit equally well and one of them is returned.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the shapes do not fit, there is no point, or a number is not finite.

    See Also
    --------
    kabsch : the best rotation.
    align : the best fit with a shift, and with a scale if asked for.

    Notes
    -----
    Equivalent to ``scipy.linalg.orthogonal_procrustes(y, x)[0]``, batched.

    References
    ----------
    .. [1] P. H. Schönemann, "A generalized solution of the orthogonal Procrustes problem",
       Psychometrika 31 (1966), 1-10.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import procrustes
    >>> y = np.array([[1, 0], [0, 2], [3, 1]])
    >>> turn = np.array([[0.6, 0.8], [0.8, -0.6]])
    >>> res = procrustes(y @ turn, y)
    >>> np.allclose(res, turn, rtol=1e-14)
    True
    """
    x, y, dtype = _matched_points(x, y)
    return _best_orthogonal(y, x).astype(dtype, copy=False)


def kabsch(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Rotation Q that fits `y` to `x` best: it minimises ‖X - Y Q‖ with determinant +1.

    With the singular value decomposition YᵀX = U S Vᵀ it is Q = U D Vᵀ, where D is the identity, or
    has -1 in place of the last 1 if U Vᵀ is a reflection. Where det(YᵀX) < 0, keeping to rotations
    costs more than the best fit of all, by the smallest singular value:

    .. math::

        \min_{Q \in SO(d)} \|X - Y Q\|_F^2 = \min_{Q \in O(d)} \|X - Y Q\|_F^2 + 4 \sigma_d

    Here d is the dimension k. The points are neither centred nor scaled; subtract their means first
    to allow for a shift.

    Parameters
    ----------
    x, y : array_like, shape (..., n, k)
        n points in k dimensions, one a row; row i of `y` belongs to row i of `x`. Leading
        dimensions are broadcast.

    Returns
    -------
    ndarray, shape (..., k, k)
        It multiplies rows from the right; its transpose is the matrix that multiplies columns.
        Unique if at most one singular value of YᵀX is zero and, where det(YᵀX) < 0, the smallest is
        a single one. Otherwise several rotations fit equally well and one of them is returned.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the shapes do not fit, there is no point, or a number is not finite.

    See Also
    --------
    procrustes : the best of all orthogonal matrices.
    align : the best fit with a shift, and with a scale if asked for.

    Notes
    -----
    Equivalent, for k = 3, to the transpose of
    ``scipy.spatial.transform.Rotation.align_vectors(x, y)[0].as_matrix()``.

    References
    ----------
    .. [1] W. Kabsch, "A solution for the best rotation to relate two sets of vectors", Acta
       Crystallographica A 32 (1976), 922-923.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import kabsch
    >>> y = np.array([[1, 0], [0, 2], [3, 1]])
    >>> turn = np.array([[0.6, 0.8], [-0.8, 0.6]])
    >>> res = kabsch(y @ turn, y)
    >>> np.allclose(res, turn, rtol=1e-14)
    True
    """
    x, y, dtype = _matched_points(x, y)
    return _best_rotation(y, x).astype(dtype, copy=False)


# --- the fits ------------------------------------------------------------------------------


def _best_orthogonal(source: Array, target: Array) -> Array:
    """Orthogonal Q for which the rows of source Q come closest to those of target."""
    u, vt = svd_of_product(source, target)
    return u @ vt


def _best_rotation(source: Array, target: Array) -> Array:
    """Rotation Q of that kind: where it would be a mirror, what matters least is reversed."""
    u, vt = svd_of_product(source, target)
    mirrored = np.linalg.det(u @ vt) < 0
    u[..., -1] *= np.where(mirrored, -1, 1)[..., None]
    return u @ vt


def _best_scale(source: Array, target: Array) -> Array:
    """Factor s ≥ 0 for which the rows of s source come closest to those of target."""
    square = np.square(source).sum((-2, -1), keepdims=True)
    if not square.all():
        raise ValueError("scale=True needs points of x that differ, got a single point")
    return np.maximum((source * target).sum((-2, -1), keepdims=True) / square, 0)


def _centred(name: str, x: Array, shares: Array) -> tuple[Array, Array]:
    """Weighted mean of points, and the points counted from it, each times the root of its share.

    They are counted from the weightiest point first, so that what cancels in clouds far from the
    origin is exact, and points that are all the same come out as exact zeros. A second mean has
    what rounding took from the first, which for a million points are digits.
    """
    shares = np.broadcast_to(shares, np.broadcast_shapes(x.shape[:-1], shares.shape))
    x = np.broadcast_to(x, (*shares.shape, x.shape[-1]))
    origin = np.take_along_axis(x, shares.argmax(-1)[..., None, None], -2)
    with np.errstate(over="ignore"):
        offset = x - origin
    require_finite(f"the spread of {name}", offset)
    mean = shares[..., None, :] @ offset
    offset -= mean
    rest = shares[..., None, :] @ offset
    offset -= rest
    return origin + (mean + rest), np.sqrt(shares)[..., None] * offset


def _largest(x: Array) -> Array:
    return np.asarray(np.abs(x).max((-2, -1), keepdims=True))


# --- checks --------------------------------------------------------------------------------


def _matched_points(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array, np.dtype[Any]]:
    """Return two sets of as many points, in float64, and the type of the result, or raise."""
    x, y = real_array("x", x), real_array("y", y)
    for name, array in (("x", x), ("y", y)):
        if array.ndim < 2 or 0 in array.shape[-2:]:
            raise ValueError(
                f"{name} must hold points as rows, shape (..., n, k) with n, k ≥ 1, "
                f"got shape {array.shape}"
            )
    if x.shape[-2:] != y.shape[-2:]:
        raise ValueError(
            "x and y must have as many points of one dimension, shape (..., n, k), "
            f"got shapes {x.shape} and {y.shape}"
        )
    broadcast_shape("the batch dimensions of x and y", x.shape, y.shape, cores=(2, 2))
    require_finite("x", x)
    require_finite("y", y)
    return x.astype(np.float64), y.astype(np.float64), result_dtype(x, y)


def _shares(weights: npt.ArrayLike | None, x: Array, y: Array) -> Array:
    """Return the weights of n points divided by their sum, shape (..., n), or raise."""
    count = x.shape[-2]
    if weights is None:
        return np.full(count, 1 / count)
    weights = real_array("weights", weights)
    if weights.ndim == 0 or weights.shape[-1] != count:
        raise ValueError(
            f"weights must have shape (..., {count}), one for each point, got shape {weights.shape}"
        )
    broadcast_shape(
        "the batch dimensions of x, y and weights", x.shape, y.shape, weights.shape, cores=(2, 2, 1)
    )
    require_finite("weights", weights)
    if (weights < 0).any():
        raise ValueError(f"weights must not be negative, got {weights.min()}")
    weights = weights.astype(np.float64)
    largest = weights.max(-1, keepdims=True)
    if not largest.all():
        raise ValueError("weights must not all be zero, got only zeros")
    shares = weights / largest  # their sum cannot overflow
    return shares / shares.sum(-1, keepdims=True)


def _require_bool(name: str, value: object) -> None:
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, got {value!r}")


def _in_range(name: str, value: Array, dtype: np.dtype[Any]) -> npt.NDArray[np.floating[Any]]:
    """Return a result in its type, or raise ValueError where it is too large for that."""
    with np.errstate(over="ignore"):
        result = value.astype(dtype, copy=False)
    require_finite(f"the {name}", result)
    return result
