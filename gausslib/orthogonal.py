"""Orthogonal matrices that take one unit vector to another.

Both are products of Householder reflections I - 2xxᵀ/xᵀx, which are orthogonal to rounding for
every x. What needs care is the direction of x where it is a difference of nearly equal vectors;
the textbook's 1 - a·b is never computed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Array
from gausslib._validate import unit_vectors

__all__ = ["reflection", "rotation"]


def reflection(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Reflection T with T a = b and T b = a: symmetric, orthogonal, determinant -1.

    .. math::

        T = I - 2\, \frac{v v^\top}{v^\top v}, \qquad v = a - b

    Parameters
    ----------
    a, b : array_like, shape (d,)
        Unit vectors.

    Returns
    -------
    ndarray, shape (d, d)
        The mirror's normal is a - b. Where b = a the mirror is not determined; one that contains
        `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to about 1e-12; 5e-4 in float32), or if
        d = 1 and b = a: the only reflection of a line takes a to -a.

    See Also
    --------
    rotation : the same with determinant +1.

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
    a, b, dtype = unit_vectors(a, b)
    if a.size == 1 and a[0] * b[0] > 0:
        raise ValueError(f"no reflection takes a to b: in one dimension b must be -a, got b = {b}")
    out = np.eye(a.size)
    _reflect(out, _normal(a - b, a + b))
    return out.astype(dtype, copy=False)


def rotation(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    r"""Rotation T with T a = b that moves nothing outside the plane of a and b: determinant +1.

    .. math::

        T = I + 2\, b a^\top - \frac{(a + b)(a + b)^\top}{1 + a^\top b}

    It is the rotation nearest to the identity of all that take `a` to `b`.

    Parameters
    ----------
    a, b : array_like, shape (d,)
        Unit vectors.

    Returns
    -------
    ndarray, shape (d, d)
        The rotation. Where b = -a its plane is not determined; one that contains `a` is chosen.

    Raises
    ------
    TypeError
        If an argument is not an array of real numbers.
    ValueError
        If the arguments are not unit vectors of one length (to about 1e-12; 5e-4 in float32), or if
        d = 1 and b = -a: the only rotation of a line is the identity.

    See Also
    --------
    reflection : the same with determinant -1.

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
    a, b, dtype = unit_vectors(a, b)
    if a.size == 1 and a[0] * b[0] < 0:
        raise ValueError(f"no rotation takes a to b: in one dimension b must be a, got b = {b}")
    out = np.eye(a.size)
    _reflect(out, a)
    _reflect(out, _normal(a + b, a - b))
    return out.astype(dtype, copy=False)


def _normal(normal: Array, partner: Array) -> Array:
    """Return `normal`, exactly perpendicular to `partner`: the two are a - b and a + b.

    They are perpendicular in exact arithmetic, but where `normal` is the smaller, what rounding
    left of |a| - |b| points along `partner` and may be all there is. Projecting it out once leaves
    the rounding error of the projection, twice leaves nothing that matters.
    """
    if normal @ normal >= partner @ partner:
        return normal
    unit = partner / np.linalg.norm(partner)
    for _ in range(2):
        normal = normal - (normal @ unit) * unit
    if np.linalg.norm(normal) > 4 * np.finfo(np.float64).eps:
        return normal
    # The vectors are parallel: any direction perpendicular to them serves.
    normal = np.zeros_like(unit)
    normal[np.argmin(np.abs(unit))] = 1
    for _ in range(2):
        normal = normal - (normal @ unit) * unit
    return normal


def _reflect(matrix: Array, normal: Array) -> None:
    """Multiply by the reflection I - 2xxᵀ/xᵀx from the left, in place."""
    matrix -= np.outer(normal, 2 / (normal @ normal) * (normal @ matrix))
