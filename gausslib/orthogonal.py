"""Orthogonal maps: the four from one unit vector to another, their angle, random matrices.

The maps are the plane of a and b, turned or mirrored, with I or -I on its complement. Each is one
or two Householder reflections H_v = I - 2vvᵀ/vᵀv and perhaps a change of sign:

    reflection      H_{a-b}          rotation         H_{a+b} H_a
    half-turn      -H_{a+b}          rotoreflection  -H_{a-b} H_a

A reflection is orthogonal to rounding whatever its normal. What needs care is the direction of the
normal where it is a difference of nearly equal vectors; the textbook's 1 - a·b is never computed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Array, Values, every, length, product_difference
from gausslib._validate import (
    points,
    require_finite,
    require_generator,
    require_integer,
    require_size,
    result_dtype,
    two_vectors,
    unit_vectors,
)

__all__ = [
    "angle",
    "apply_half_turn",
    "apply_reflection",
    "apply_rotation",
    "apply_rotoreflection",
    "half_turn",
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
        Unit vectors; their batch dimensions are broadcast. Where a length is off by as much as
        seven typed digits leave open, the vectors divided by their lengths are meant, so that it
        is those that are taken to one another.

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
        If the arguments are not unit vectors of one length (to 1e-6; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = a: the only reflection of a line takes
        a to -a.

    See Also
    --------
    half_turn : the same with the opposite sign across the plane of a and b.
    rotation : the same with determinant +1.
    apply_reflection : T x in O(d), without the matrix.

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
    return _matrix(_reflection(a, b))


def rotation(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Rotation T₁ with T₁a = b that moves nothing across the plane of a and b: determinant +1.

    .. math::

        T_1 = I + 2\, b a^\top - \frac{(a + b)(a + b)^\top}{1 + a^\top b}

    It is the rotation nearest to the identity of all that take `a` to `b`.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast. Where a length is off by as much as
        seven typed digits leave open, the vectors divided by their lengths are meant, so that it
        is those that are taken to one another.

    Returns
    -------
    ndarray, shape (..., d, d)
        The rotation. Where b = -a its plane is not determined; one that contains `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to 1e-6; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = -a: the only rotation of a line is the
        identity.

    See Also
    --------
    rotation_generator : its logarithm.
    rotoreflection : the same with the opposite sign across the plane of a and b.
    reflection : the same with determinant -1.
    apply_rotation : T x in O(d), without the matrix.

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
    return _matrix(_rotation(a, b))


def half_turn(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Half-turn T₃ about the bisector of a and b: symmetric, T₃a = b and T₃b = a.

    .. math::

        T_3 = \frac{(a + b)(a + b)^\top}{1 + a^\top b} - I

    It keeps the axis a + b and reverses everything perpendicular to it, so its determinant is
    (-1)ᵈ⁻¹. In the plane it is the reflection, in space a rotation by π.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast. Where a length is off by as much as
        seven typed digits leave open, the vectors divided by their lengths are meant, so that it
        is those that are taken to one another.

    Returns
    -------
    ndarray, shape (..., d, d)
        Orthogonal. Where b = -a the axis is not determined; one perpendicular to `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to 1e-6; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = -a: on a line nothing is perpendicular
        to the axis, and the half-turn is the identity.

    See Also
    --------
    reflection : the same with the opposite sign across the plane of a and b.
    apply_half_turn : T x in O(d), without the matrix.

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
    return _matrix(_half_turn(a, b))


def rotoreflection(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Rotoreflection T₄ with T₄a = b: turns the plane of a and b, and is -I on its complement.

    .. math::

        T_4 = 2\, b a^\top + \frac{(a - b)(a - b)^\top}{1 - a^\top b} - I

    Its determinant is (-1)ᵈ. In the plane it is the rotation, in space a rotation followed by the
    reflection in the plane of `a` and `b`.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast. Where a length is off by as much as
        seven typed digits leave open, the vectors divided by their lengths are meant, so that it
        is those that are taken to one another.

    Returns
    -------
    ndarray, shape (..., d, d)
        Orthogonal. Where b = a the plane is not determined; one that contains `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to 1e-6; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = a: on a line the rotoreflection takes a
        to -a.

    See Also
    --------
    rotation : the same with the opposite sign across the plane of a and b.
    apply_rotoreflection : T x in O(d), without the matrix.

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
    return _matrix(_rotoreflection(a, b))


def rotation_generator(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Antisymmetric K whose exponential is the rotation from a to b; exp(tK) turns part of it.

    .. math::

        \log T_1 = \frac{\theta}{\sin\theta}\, (b a^\top - a b^\top)

    This is K, with the angle θ between `a` and `b`, from 0 to π.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; their batch dimensions are broadcast. Where a length is off by as much as
        seven typed digits leave open, the vectors divided by their lengths are meant, so that it
        is those that are taken to one another.

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
        If the arguments are not unit vectors of one length (to 1e-6; 5e-4 in float32), their
        batch dimensions do not broadcast, or d = 1 and b = -a.

    See Also
    --------
    rotation : the exponential.

    Notes
    -----
    Computed as θ (m nᵀ - n mᵀ) with the unit vectors m along a + b and n along a - b, which are
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
    _, difference, total, dtype = _pair("rotation", 1, a, b)
    n, m = _normal(difference, total), _normal(total, difference)
    outer = _angle(difference, total)[..., None, None] * n[..., :, None] * m[..., None, :]
    return (outer.swapaxes(-2, -1) - outer).astype(dtype, copy=False)


def apply_reflection(
    a: npt.ArrayLike, b: npt.ArrayLike, x: npt.ArrayLike
) -> npt.NDArray[np.floating[Any]]:
    """Image of vectors under the reflection that takes a to b, without its matrix, in O(d).

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; the map takes the direction of `a` to that of `b`.
    x : array_like, shape (..., d)
        Vectors to be mapped. The leading dimensions of the three are broadcast.

    Returns
    -------
    ndarray, shape (..., d)
        What ``reflection(a, b) @ x`` is for single vectors.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If `reflection` refuses `a` and `b`, the shapes do not fit, a number of `x` is not
        finite, or an image is too large for its type.

    See Also
    --------
    reflection : the matrix, and what is special about it.

    Notes
    -----
    Computed as one Householder reflection x - 2 (n·x)/(n·n) n, with the normal a - b.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import apply_reflection
    >>> res = apply_reflection([1, 0, 0], [0.6, 0.8, 0], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> ref = [[0.6, 0.8, 0], [0.8, -0.6, 0], [0, 0, 1]]
    >>> np.allclose(res, ref, rtol=1e-14, atol=1e-15)
    True
    """
    return _image(_reflection(a, b), x)


def apply_rotation(
    a: npt.ArrayLike, b: npt.ArrayLike, x: npt.ArrayLike
) -> npt.NDArray[np.floating[Any]]:
    """Image of vectors under the rotation that takes a to b, without its matrix, in O(d).

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; the map takes the direction of `a` to that of `b`.
    x : array_like, shape (..., d)
        Vectors to be mapped. The leading dimensions of the three are broadcast.

    Returns
    -------
    ndarray, shape (..., d)
        What ``rotation(a, b) @ x`` is for single vectors.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If `rotation` refuses `a` and `b`, the shapes do not fit, a number of `x` is not
        finite, or an image is too large for its type.

    See Also
    --------
    rotation : the matrix, and what is special about it.

    Notes
    -----
    Computed as two Householder reflections x - 2 (n·x)/(n·n) n, with the normals a
    and a + b.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import apply_rotation
    >>> res = apply_rotation([1, 0, 0], [0.6, 0.8, 0], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> ref = [[0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 0, 1]]
    >>> np.allclose(res, ref, rtol=1e-14, atol=1e-15)
    True
    """
    return _image(_rotation(a, b), x)


def apply_half_turn(
    a: npt.ArrayLike, b: npt.ArrayLike, x: npt.ArrayLike
) -> npt.NDArray[np.floating[Any]]:
    """Image of vectors under the half-turn that takes a to b, without its matrix, in O(d).

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; the map takes the direction of `a` to that of `b`.
    x : array_like, shape (..., d)
        Vectors to be mapped. The leading dimensions of the three are broadcast.

    Returns
    -------
    ndarray, shape (..., d)
        What ``half_turn(a, b) @ x`` is for single vectors.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If `half_turn` refuses `a` and `b`, the shapes do not fit, a number of `x` is not
        finite, or an image is too large for its type.

    See Also
    --------
    half_turn : the matrix, and what is special about it.

    Notes
    -----
    Computed as one Householder reflection x - 2 (n·x)/(n·n) n, with the normal a + b, and a
    change of sign.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import apply_half_turn
    >>> res = apply_half_turn([1, 0, 0], [0.6, 0.8, 0], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> ref = [[0.6, 0.8, 0], [0.8, -0.6, 0], [0, 0, -1]]
    >>> np.allclose(res, ref, rtol=1e-14, atol=1e-15)
    True
    """
    return _image(_half_turn(a, b), x)


def apply_rotoreflection(
    a: npt.ArrayLike, b: npt.ArrayLike, x: npt.ArrayLike
) -> npt.NDArray[np.floating[Any]]:
    """Image of vectors under the rotoreflection that takes a to b, without its matrix.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Unit vectors; the map takes the direction of `a` to that of `b`.
    x : array_like, shape (..., d)
        Vectors to be mapped. The leading dimensions of the three are broadcast.

    Returns
    -------
    ndarray, shape (..., d)
        What ``rotoreflection(a, b) @ x`` is for single vectors.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If `rotoreflection` refuses `a` and `b`, the shapes do not fit, a number of `x` is not
        finite, or an image is too large for its type.

    See Also
    --------
    rotoreflection : the matrix, and what is special about it.

    Notes
    -----
    Computed as two Householder reflections x - 2 (n·x)/(n·n) n, with the normals a
    and a - b, and a change of sign; in O(d).

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import apply_rotoreflection
    >>> res = apply_rotoreflection([1, 0, 0], [0.6, 0.8, 0], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> ref = [[0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 0, -1]]
    >>> np.allclose(res, ref, rtol=1e-14, atol=1e-15)
    True
    """
    return _image(_rotoreflection(a, b), x)


def angle(a: npt.ArrayLike, b: npt.ArrayLike) -> Values:
    r"""Angle θ between two vectors, from 0 to π.

    For vectors of length one it is

    .. math::

        \tan\tfrac{\theta}{2} = \frac{\|a - b\|}{\|a + b\|}

    and others are measured by their directions.

    Parameters
    ----------
    a, b : array_like, shape (..., d)
        Vectors of any length but zero; their batch dimensions are broadcast.

    Returns
    -------
    float or ndarray
        The angle in radians, one for each pair of a batch. It keeps its relative accuracy down to
        about 1e-30 (and beyond for vectors of length exactly one); the arc cosine of a·b, as it is
        usually typed, knows no angle below 1e-8.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If a vector is zero, the two differ in dimension, their batch dimensions do not broadcast,
        or a number is not finite.

    See Also
    --------
    rotation_generator : the turn by this angle, as a matrix.

    References
    ----------
    .. [1] W. Kahan, "How futile are mindless assessments of roundoff in floating-point
       computation?", University of California, Berkeley (2006), section 12.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import angle
    >>> res = angle([1, 0, 0], [[0, 2, 0], [3, 3e-12, 0]])
    >>> ref = [np.pi / 2, 1e-12]
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    a, b = two_vectors(a, b)
    theta = _angle(*_bisectors(_direction("a", a), _direction("b", b)))
    return theta.astype(result_dtype(a, b), copy=False)[()]


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
    dim, shape = require_integer("dim", dim, 1), require_size(size)
    require_generator(rng)
    q, r = np.linalg.qr(rng.standard_normal((*shape, dim, dim)))
    diagonal = np.einsum("...ii->...i", r)
    return q * np.copysign(1, diagonal)[..., None, :]


# --- the four maps as reflections ---------------------------------------------------------


class _Reflections(NamedTuple):
    """An orthogonal map: reflections, one after the other, and then a change of sign or none."""

    normals: tuple[Array, ...]
    sign: int
    dtype: np.dtype[Any]


def _reflection(a: npt.ArrayLike, b: npt.ArrayLike) -> _Reflections:
    _, difference, total, dtype = _pair("reflection", -1, a, b)
    return _Reflections((_normal(difference, total),), 1, dtype)


def _rotation(a: npt.ArrayLike, b: npt.ArrayLike) -> _Reflections:
    first, difference, total, dtype = _pair("rotation", 1, a, b)
    return _Reflections((first, _normal(total, difference)), 1, dtype)


def _half_turn(a: npt.ArrayLike, b: npt.ArrayLike) -> _Reflections:
    _, difference, total, dtype = _pair("half_turn", 1, a, b)
    return _Reflections((_normal(total, difference),), -1, dtype)


def _rotoreflection(a: npt.ArrayLike, b: npt.ArrayLike) -> _Reflections:
    first, difference, total, dtype = _pair("rotoreflection", -1, a, b)
    return _Reflections((first, _normal(difference, total)), -1, dtype)


def _matrix(reflections: _Reflections) -> npt.NDArray[np.floating[Any]]:
    """Matrix of a map: its columns are the images of the columns of the identity."""
    normals, sign, dtype = reflections
    images = np.eye(normals[0].shape[-1])
    for normal in normals:
        images = _reflect(images, normal[..., None, :])
    return (sign * images).swapaxes(-2, -1).astype(dtype, order="C", copy=False)


def _image(reflections: _Reflections, x: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    """Images of vectors under a map."""
    normals, sign, dtype = reflections
    *batch, dim = normals[-1].shape
    x = points("x", x, dim, tuple(batch))
    dtype = result_dtype(dtype, x)
    image = x.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused
        for normal in normals:
            image = _reflect(image, normal)
        image = (sign * image).astype(dtype, copy=False)
    require_finite("the image of x", image)
    return image


def _reflect(x: Array, normal: Array) -> Array:
    """Reflect vectors: x - 2 (n·x)/(n·n) n."""
    # In this order the matrix of a reflection is symmetric to the last bit.
    step = np.vecdot(normal, x)[..., None] * normal
    step *= (2 / np.vecdot(normal, normal))[..., None]
    return x - step


# --- two vectors and their bisectors ------------------------------------------------------


def _pair(
    name: str, on_a_line: int, a: npt.ArrayLike, b: npt.ArrayLike
) -> tuple[Array, Array, Array, np.dtype[Any]]:
    """Return a, the bisectors of a and b, and the type of the result, for one of the maps.

    `on_a_line` is the map in one dimension, 1 or -1: it takes `a` nowhere else.
    """
    a, b, dtype = unit_vectors(a, b)
    wrong = on_a_line * a * b < 0
    if a.shape[-1] == 1 and wrong.any():
        target = "a" if on_a_line > 0 else "-a"
        raise ValueError(
            f"no {name} takes a to b: in one dimension it is {on_a_line}, so b must be "
            f"{target}, got b = {np.broadcast_to(b, wrong.shape)[wrong][0]}"
        )
    return a, *_bisectors(a, b), dtype


def _bisectors(a: Array, b: Array) -> tuple[Array, Array]:
    """Difference and sum of a and b, each stretched by the length of the other.

    Unit vectors are not divided by their lengths, because that would round their directions, and
    nearly equal ones differ in nothing but the last digits. These products are not rounded before
    one is subtracted from the other.
    """
    length_a, length_b = _length_or_one(a), _length_or_one(b)
    if every(length_a == 1) and every(length_b == 1):
        return a - b, a + b
    difference = product_difference(length_b, a, length_a, b)
    return difference, product_difference(length_b, a, length_a, -b)


def _length_or_one(x: Array) -> Array:
    """|x| as a column, and one where it is so close to one that only rounding is to blame.

    Vectors that somebody has normalised are then taken as they are, to the last bit. Lengths that
    differ by up to 8 eps remain so in |Ta - b|, which leaves room below 4e-15.
    """
    size = length(x)[..., None]
    return np.where(np.abs(size - 1) <= 4 * np.finfo(np.float64).eps, 1.0, size)


def _direction(name: str, x: npt.NDArray[Any]) -> Array:
    """Vectors times the powers of two that bring their largest entries near one; none is zero."""
    x = x.astype(np.float64)
    largest = np.abs(x).max(-1, keepdims=True)
    if not largest.all():
        raise ValueError(f"{name} must not be zero, got {x[~largest[..., 0].astype(bool)][0]}")
    return np.ldexp(x, -np.frexp(largest)[1])


def _angle(difference: Array, total: Array) -> Array:
    """Angle between two vectors, from their bisectors."""
    apart = length(_across(difference, total))
    return np.asarray(2 * np.arctan2(apart, length(_across(total, difference))))


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
    """`x` exactly perpendicular to `y`: they are the bisectors of two vectors.

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
    return np.where((length(x) < length(y))[..., None], rest, x)


def _unit(x: Array) -> Array:
    """x/|x|, and zero for zero."""
    size = length(x)[..., None]
    return x / np.where(size > 0, size, 1)
