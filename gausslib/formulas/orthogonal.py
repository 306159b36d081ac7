"""The formulas of the orthogonal matrices that take a unit vector a to a unit vector b."""

import sympy as sp

from gausslib.formulas._formula import Formula
from gausslib.orthogonal import rotation

__all__ = ["FORMULAS"]


def _householder(v):
    """Reflection with the normal v."""
    return sp.eye(v.rows) - 2 * v * v.T / (v.T * v)[0]


def _rotation(a, b):
    return sp.eye(a.rows) + 2 * b * a.T - (a + b) * (a + b).T / (1 + (a.T * b)[0])


def _two_reflections(a, b):
    return _householder(a + b) * _householder(a)


FORMULAS = [
    Formula(
        key="eq-rotation",
        name="rotation in the plane of a and b that takes a to b",
        chapter="08-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1 = I + 2\, b a^\top - \frac{(a + b)(a + b)^\top}{1 + a^\top b}",),
        expression=_rotation,
        function=rotation,
    ),
    Formula(
        key="eq-two-reflections",
        name="rotation as two reflections",
        chapter="08-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1 = H_{a + b} H_a",),
        expression=_two_reflections,
        function=rotation,
    ),
]
