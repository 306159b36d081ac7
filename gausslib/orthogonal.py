"""Orthogonal matrices: the four maps from one unit vector to another, best fits, random ones.

The maps are the plane of a and b, turned or mirrored, with I or -I on its complement. Each is one
or two Householder reflections H_v = I - 2vvᵀ/vᵀv and perhaps a change of sign:

    reflection      H_{a-b}          rotation         H_{a+b} H_a
    half-turn      -H_{a+b}          rotoreflection  -H_{a-b} H_a

A reflection is orthogonal to rounding whatever its normal. What needs care is the direction of the
normal where it is a difference of nearly equal vectors; the textbook's 1 - a·b is never computed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Array, squared_length, svd_of_product
from gausslib._validate import (
    real_array,
    require_broadcast,
    require_dimension,
    require_finite,
    require_generator,
    require_size,
    result_dtype,
    unit_vectors,
)

__all__ = [
    "apply_map",
    "half_turn",
    "kabsch",
    "procrustes",
    "random_orthogonal",
    "reflection",
    "rotation",
    "rotation_generator",
    "rotoreflection",
]


def reflection(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Reflection T₂ with T₂a = b and T₂b = a: symmetric, orthogonal, determinant -1.

    .. math::

        T_2 = I - \frac{(a - b)(a - b)^\top}{1 - a^\top b}

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast.

    Returns
    -------
    ndarray, shape (..., d, d)
        The mirror's normal is a - b. Where b = a the mirror is not determined; one that contains
        `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to about 1e-12; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = a: the only reflection of a line takes
        a to -a.

    See Also
    --------
    half_turn : the same with the opposite sign across the plane of a and b.
    rotation : the same with determinant +1.
    apply_map : T x in O(d), without the matrix.

    References
    ----------
    .. [1] A. S. Householder, "Unitary triangularization of a nonsymmetric matrix", Journal of the
       ACM 5 (1958), 339-342.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import reflection
    >>> a, b = np.array([1, 0]), np.array([0.6, 0.8])
    >>> res = reflection(a, b)
    >>> ref = [[0.6, 0.8], [0.8, -0.6]]
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    return _matrix(reflection, a, b)


def rotation(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Rotation T₁ with T₁a = b that moves nothing across the plane of a and b: determinant +1.

    .. math::

        T_1 = I + 2\, b a^\top - \frac{(a + b)(a + b)^\top}{1 + a^\top b}

    It is the rotation nearest to the identity of all that take `a` to `b`.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast.

    Returns
    -------
    ndarray, shape (..., d, d)
        The rotation. Where b = -a its plane is not determined; one that contains `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to about 1e-12; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = -a: the only rotation of a line is the
        identity.

    See Also
    --------
    rotation_generator : its logarithm.
    rotoreflection : the same with the opposite sign across the plane of a and b.
    reflection : the same with determinant -1.
    apply_map : T x in O(d), without the matrix.

    Notes
    -----
    Computed as two reflections, in the normal a and then in the normal a + b.

    References
    ----------
    .. [1] A. S. Householder, "Unitary triangularization of a nonsymmetric matrix", Journal of the
       ACM 5 (1958), 339-342.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import rotation
    >>> a, b = np.array([1, 0]), np.array([0.6, 0.8])
    >>> res = rotation(a, b)
    >>> ref = [[0.6, -0.8], [0.8, 0.6]]
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    return _matrix(rotation, a, b)


def half_turn(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Half-turn T₃ about the bisector of a and b: symmetric, T₃a = b and T₃b = a.

    .. math::

        T_3 = \frac{(a + b)(a + b)^\top}{1 + a^\top b} - I

    It keeps the axis a + b and reverses everything perpendicular to it, so its determinant is
    (-1)ᵈ⁻¹. In the plane it is the reflection, in space a rotation by π.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast.

    Returns
    -------
    ndarray, shape (..., d, d)
        Orthogonal. Where b = -a the axis is not determined; one perpendicular to `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to about 1e-12; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = -a: on a line nothing is perpendicular
        to the axis, and the half-turn is the identity.

    See Also
    --------
    reflection : the same with the opposite sign across the plane of a and b.
    apply_map : T x in O(d), without the matrix.

    Notes
    -----
    It is -1 times the reflection that takes a to -b.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import half_turn
    >>> res = half_turn([1, 0, 0], [0.6, 0.8, 0])
    >>> ref = [[0.6, 0.8, 0], [0.8, -0.6, 0], [0, 0, -1]]
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    return _matrix(half_turn, a, b)


def rotoreflection(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Rotoreflection T₄ with T₄a = b: turns the plane of a and b, and is -I on its complement.

    .. math::

        T_4 = 2\, b a^\top + \frac{(a - b)(a - b)^\top}{1 - a^\top b} - I

    Its determinant is (-1)ᵈ. In the plane it is the rotation, in space a rotation followed by the
    reflection in the plane of `a` and `b`.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast.

    Returns
    -------
    ndarray, shape (..., d, d)
        Orthogonal. Where b = a the plane is not determined; one that contains `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to about 1e-12; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = a: on a line the rotoreflection takes a
        to -a.

    See Also
    --------
    rotation : the same with the opposite sign across the plane of a and b.
    apply_map : T x in O(d), without the matrix.

    Notes
    -----
    It is -1 times the rotation that takes a to -b.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import rotoreflection
    >>> res = rotoreflection([1, 0, 0], [0.6, 0.8, 0])
    >>> ref = [[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, -1]]
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    return _matrix(rotoreflection, a, b)


def rotation_generator(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Antisymmetric K whose exponential is the rotation from a to b; exp(tK) turns part of it.

    .. math::

        \log T_1 = \frac{\theta}{\sin\theta}\, (b a^\top - a b^\top)

    This is K, with the angle θ between `a` and `b`, from 0 to π.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast.

    Returns
    -------
    ndarray, shape (..., d, d)
        The generator, in radians: its Frobenius norm is √2 θ. It keeps its relative accuracy for
        tiny angles, and is zero where b = a. Where b = -a its plane is the one that `rotation`
        chooses.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to about 1e-12; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = -a.

    See Also
    --------
    rotation : the exponential.

    Notes
    -----
    Computed as θ (n mᵀ - m nᵀ) with the unit vectors m along a + b and n along b - a, which are
    perpendicular. Away from b = -a equivalent to ``scipy.linalg.logm(rotation(a, b))``.

    References
    ----------
    .. [1] O. Rodrigues, "Des lois géométriques qui régissent les déplacements d'un système solide
       dans l'espace", Journal de Mathématiques Pures et Appliquées 5 (1840), 380-440.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.linalg import expm
    >>> from gausslib import rotation, rotation_generator
    >>> a, b = [1, 0, 0], [0, 0.6, 0.8]
    >>> k = rotation_generator(a, b)
    >>> np.allclose(expm(k), rotation(a, b), rtol=1e-14, atol=1e-15)
    True
    >>> half = expm(k / 2)
    >>> np.allclose(half @ half @ a, b, rtol=1e-14, atol=1e-15)
    True
    """
    a, b, dtype = _pair(rotation, a, b)
    angle = 2 * np.arctan2(_length(_across(b - a, a + b)), _length(_across(a + b, b - a)))
    n, m = _normal(b - a, a + b), _normal(a + b, b - a)
    outer = angle[..., None, None] * n[..., :, None] * m[..., None, :]
    return (outer - outer.swapaxes(-2, -1)).astype(dtype, copy=False)


def apply_map(
    function: Callable[..., Any], a: npt.ArrayLike, b: npt.ArrayLike, x: npt.ArrayLike
) -> npt.NDArray[np.floating[Any]]:
    r"""Image T x of vectors under one of the four maps, in O(d), without forming the matrix T.

    .. math::

        H_v x = x - 2\, \frac{v^\top x}{v^\top v}\, v

    A map is one or two such reflections and perhaps a change of sign.

    Parameters
    ----------
    function : callable
        `reflection`, `rotation`, `half_turn` or `rotoreflection`.
    a, b : array_like, shape (..., d)
        Unit vectors; T takes `a` to `b`.
    x : array_like, shape (..., d)
        Vectors to be mapped. The leading dimensions of the three are broadcast.

    Returns
    -------
    ndarray, shape (..., d)
        What ``function(a, b) @ x`` is for single vectors.

    Raises
    ------
    TypeError
        If `function` is not one of the four, or another argument not an array of real numbers.
    ValueError
        If `a` and `b` are not arguments of `function`, the shapes do not fit, a number is not
        finite, or an image is too large for its type.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import apply_map, rotation
    >>> a, b = [1, 0], [0.6, 0.8]
    >>> res = apply_map(rotation, a, b, [[1, 0], [0, 1], [2, 1]])
    >>> ref = [[0.6, 0.8], [-0.8, 0.6], [0.4, 2.2]]
    >>> np.allclose(res, ref, rtol=1e-14)
    True
    """
    if not any(function is known for known in _MAPS):
        *names, last = (known.__name__ for known in _MAPS)
        raise TypeError(f"function must be {', '.join(names)} or {last}, got {function!r}")
    a, b, dtype = _pair(function, a, b)
    x = real_array("x", x)
    if x.ndim == 0 or x.shape[-1] != a.shape[-1]:
        raise ValueError(f"x must have shape (..., {a.shape[-1]}), got shape {x.shape}")
    require_broadcast("a, b and x", (a, b, x), core=1)
    require_finite("x", x)
    dtype = np.result_type(dtype, result_dtype(x))
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
        image = _MAPS[function](a, b, x.astype(np.float64)).astype(dtype, copy=False)
    require_finite("the image of x", image)
    return image


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
    u, vt, dtype = _svd_of_fit(x, y)
    return (u @ vt).astype(dtype, copy=False)


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
    u, vt, dtype = _svd_of_fit(x, y)
    mirrored = np.linalg.det(u @ vt) < 0
    u[..., -1] *= np.where(mirrored, -1, 1)[..., None]
    return (u @ vt).astype(dtype, copy=False)


def random_orthogonal(
    dim: int, rng: np.random.Generator, size: int | tuple[int, ...] = ()
) -> npt.NDArray[np.float64]:
    """Draw orthogonal matrices from the uniform law on O(d), the Haar measure.

    A draw is the factor Q of the QR decomposition of a matrix of independent standard Gaussian
    numbers, each column multiplied by the sign of the diagonal entry of R. The law is the one that
    no rotation or reflection changes, before or after; the determinant is +1 or -1 with equal
    chances.

    Parameters
    ----------
    dim : int
        Dimension d, at least 1.
    rng : numpy.random.Generator
        The source of randomness, for example ``numpy.random.default_rng(seed)``.
    size : int or tuple of int, optional
        Shape of the batch.

    Returns
    -------
    ndarray, shape ``size + (d, d)``
        The matrices, in float64.

    Raises
    ------
    TypeError
        If `dim` is not an integer, `rng` not a Generator, or `size` not an integer or a tuple of
        integers.
    ValueError
        If `dim` is less than 1, or a number in `size` is negative.

    Notes
    -----
    The signs are needed. LAPACK makes Q from d - 1 Householder reflections, one for each column but
    the last, so that the determinant of its Q is always (-1)ᵈ⁻¹: ``numpy.linalg.qr`` alone gives
    only one half of O(d), and not uniformly. A decomposition with a positive diagonal of R is
    unique, and inherits the invariance of the Gaussian matrix.

    Equivalent to ``scipy.stats.ortho_group(dim).rvs``.

    References
    ----------
    .. [1] G. W. Stewart, "The efficient generation of random orthogonal matrices with an
       application to condition estimators", SIAM Journal on Numerical Analysis 17 (1980), 403-409.
    .. [2] F. Mezzadri, "How to generate random matrices from the classical compact groups", Notices
       of the AMS 54 (2007), 592-604.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import random_orthogonal
    >>> t = random_orthogonal(3, np.random.default_rng(0), size=1000)
    >>> np.allclose(t.swapaxes(-2, -1) @ t, np.eye(3), atol=1e-14)
    True
    >>> np.allclose(np.linalg.det(t).mean(), 0, atol=0.1)
    True
    """
    dim, shape = require_dimension(dim), require_size(size)
    require_generator(rng)
    q, r = np.linalg.qr(rng.standard_normal((*shape, dim, dim)))
    diagonal = np.einsum("...ii->...i", r)
    return q * np.copysign(1, diagonal)[..., None, :]


# --- the four maps, applied to vectors ---------------------------------------------------


def _reflection(a: Array, b: Array, x: Array) -> Array:
    return _reflect(x, _normal(a - b, a + b))


def _rotation(a: Array, b: Array, x: Array) -> Array:
    return _reflect(_reflect(x, a), _normal(a + b, a - b))


def _half_turn(a: Array, b: Array, x: Array) -> Array:
    return -_reflect(x, _normal(a + b, a - b))


def _rotoreflection(a: Array, b: Array, x: Array) -> Array:
    return -_reflect(_reflect(x, a), _normal(a - b, a + b))


_MAPS = {
    reflection: _reflection,
    rotation: _rotation,
    half_turn: _half_turn,
    rotoreflection: _rotoreflection,
}
_SIGN_ON_A_LINE = {reflection: -1, rotation: 1, half_turn: 1, rotoreflection: -1}


def _matrix(
    function: Callable[..., Any], a: npt.ArrayLike, b: npt.ArrayLike
) -> npt.NDArray[np.floating[Any]]:
    """Matrix of a map: its columns are the images of the columns of the identity."""
    a, b, dtype = _pair(function, a, b)
    images = _MAPS[function](a[..., None, :], b[..., None, :], np.eye(a.shape[-1]))
    return images.swapaxes(-2, -1).astype(dtype, order="C", copy=False)


def _pair(
    function: Callable[..., Any], a: npt.ArrayLike, b: npt.ArrayLike
) -> tuple[Array, Array, np.dtype[Any]]:
    """Return the unit vectors in float64, and the type of the result, if `function` takes them."""
    a, b, dtype = unit_vectors(a, b)
    sign = _SIGN_ON_A_LINE[function]
    wrong = sign * a * b < 0
    if a.shape[-1] == 1 and wrong.any():
        target = "a" if sign > 0 else "-a"
        raise ValueError(
            f"no {function.__name__} takes a to b: in one dimension it is {sign}, so b must be "
            f"{target}, got b = {np.broadcast_to(b, wrong.shape)[wrong][0]}"
        )
    return a, b, dtype


def _reflect(x: Array, normal: Array) -> Array:
    """Reflect vectors: x - 2 (n·x)/(n·n) n."""
    # In this order the matrix of a reflection is symmetric to the last bit.
    step = np.vecdot(normal, x)[..., None] * normal
    step *= (2 / np.vecdot(normal, normal))[..., None]
    return x - step


def _normal(x: Array, y: Array) -> Array:
    """Return the unit vector along `x`, or where that is zero one perpendicular to `y`."""
    x = _across(x, y)
    found = x.any(-1, keepdims=True)
    if not found.all():
        axis = np.zeros_like(y)
        np.put_along_axis(axis, np.abs(y).argmin(-1, keepdims=True), 1, -1)
        x = np.where(found, x, _across(axis, y))
    return _unit(x)


def _across(x: Array, y: Array) -> Array:
    """`x` exactly perpendicular to `y`: they are a - b and a + b, or the other way round.

    In exact arithmetic they are perpendicular, but where `x` is the smaller, what rounding left of
    |a| - |b| points along `y` and may be all there is. Projecting it out once leaves the rounding
    error of the projection, twice leaves nothing that matters. Zero if the two are parallel.
    """
    unit = _unit(y)
    rest = x
    for _ in range(2):
        rest = rest - np.vecdot(rest, unit)[..., None] * unit
    noise = 4 * np.finfo(np.float64).eps * np.abs(x).max(-1, keepdims=True)
    rest = np.where(np.abs(rest).max(-1, keepdims=True) > noise, rest, 0)
    return np.where((_length(x) < _length(y))[..., None], rest, x)


def _unit(x: Array) -> Array:
    """x/|x|, and zero for zero."""
    length = _length(x)[..., None]
    return x / np.where(length > 0, length, 1)


def _length(x: Array) -> Array:
    square, unit = squared_length(x)
    return np.sqrt(square) * unit


# --- fits --------------------------------------------------------------------------------


def _svd_of_fit(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array, np.dtype[Any]]:
    """U and Vᵀ of YᵀX = U S Vᵀ, and the type of the result."""
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
    require_broadcast("x and y", (x, y), core=2)
    require_finite("x", x)
    require_finite("y", y)
    u, vt = svd_of_product(y.astype(np.float64), x.astype(np.float64))
    return u, vt, result_dtype(x, y)
