"""The formulas of orthogonal matrices: from a unit vector a to a unit vector b, and best fits."""

from collections import namedtuple
from typing import Any

import numpy as np
import sympy as sp

from gausslib import montecarlo
from gausslib.alignment import align, kabsch, procrustes
from gausslib.formulas._formula import Formula, Term, nuclear_norm, square_root
from gausslib.gaussian import Gaussian
from gausslib.orthogonal import (
    angle,
    apply_reflection,
    apply_rotation,
    half_turn,
    reflection,
    rotation,
    rotation_generator,
    rotoreflection,
)
from gausslib.transport import w2_squared, w2_terms

__all__ = ["FORMULAS"]


def _inner(a, b):
    return (a.T * b)[0]


def _householder(v):
    """Reflection with the normal v."""
    return sp.eye(v.rows) - 2 * v * v.T / _inner(v, v)


def _rotation(a, b):
    return sp.eye(a.rows) + 2 * b * a.T - (a + b) * (a + b).T / (1 + _inner(a, b))


def _reflection(a, b):
    return sp.eye(a.rows) - (a - b) * (a - b).T / (1 - _inner(a, b))


def _half_turn(a, b):
    return (a + b) * (a + b).T / (1 + _inner(a, b)) - sp.eye(a.rows)


def _rotoreflection(a, b):
    return 2 * b * a.T + (a - b) * (a - b).T / (1 - _inner(a, b)) - sp.eye(a.rows)


def _two_reflections(a, b):
    return _householder(a + b) * _householder(a)


def _two_reflections_back(a, b):
    return _householder(b) * _householder(a + b)


def _twice(a, b):
    return _householder(b) * _householder(a)


def _middle(a, b):
    return (a + b) / sp.sqrt(_inner(a + b, a + b))


def _generator(a, b):
    return b * a.T - a * b.T


def _logarithm(a, b):
    theta = sp.acos(_inner(a, b))
    return theta / sp.sin(theta) * _generator(a, b)


def _exponential(a, b):
    """Sum the series of the exponential, by K³ = -s²K."""
    K, theta = _generator(a, b), sp.acos(_inner(a, b))
    s = sp.sin(theta)
    return sp.eye(a.rows) + K * sp.sin(theta) / s + K**2 * (1 - sp.cos(theta)) / s**2


def _rodrigues(a, b):
    K = _generator(a, b)
    return sp.eye(a.rows) + K + K**2 / (1 + _inner(a, b))


def _cayley(a, b):
    half = _generator(a, b) / (1 + _inner(a, b))
    return (sp.eye(a.rows) - half).inv() * (sp.eye(a.rows) + half)


def _turn(theta):
    return sp.Matrix([[sp.cos(theta), -sp.sin(theta)], [sp.sin(theta), sp.cos(theta)]])


def _mirror(alpha, beta):
    total = alpha + beta
    return sp.Matrix([[sp.cos(total), sp.sin(total)], [sp.sin(total), -sp.cos(total)]])


def _half_angle(a, b):
    return sp.sqrt(_inner(a - b, a - b) / _inner(a + b, a + b))


def _polar_factor(X, Y):
    product = Y.T * X
    return square_root(product * product.T).inv("ADJ") * product


def _best_trace(A):
    return square_root(A.T * A).trace()


def _best_scale(X, Y):
    return nuclear_norm(X.T * Y) / (X.T * X).trace()


def _w2_factors(delta, X, Y):
    return _inner(delta, delta) + _fit(X, Y)


def _fit(X, Y):
    """Minimise ‖X - Y Q‖² over orthogonal Q."""
    return (X.T * X).trace() + (Y.T * Y).trace() - 2 * nuclear_norm(X.T * Y)


def _fit_of_rotations(X, Y, sigma_d):
    return _fit(X, Y) + 4 * sigma_d


def _rank_one(a, b):
    return _inner(a, a) + _inner(b, b) - 2 * sp.Abs(_inner(a, b))


# --- functions of gausslib that need a step before or after ------------------------------


def _trace_of(function):
    return lambda a, b: np.trace(function(a, b))


def _terms(**terms):
    """Make a decomposition of functions of a and b."""
    kind = namedtuple("Terms", terms)  # type: ignore[misc]  # the names vary
    return lambda a, b: kind(*(term(a, b) for term in terms.values()))


_OUTER = {"outer": lambda a, b: 2 * np.outer(b, a)}
_SUM = {"sum": lambda a, b: half_turn(a, b) + np.eye(len(a))}
_DIFFERENCE = {"difference": lambda a, b: np.eye(len(a)) - reflection(a, b)}
_KEPT = {"across": lambda a, b: len(a) - 2}
_REVERSED = {"across": lambda a, b: 2 - len(a)}
_TURNED = {"turn": lambda a, b: 2 * (a @ b)}


def _det_of(function):
    return lambda a, b: np.linalg.det(function(a, b))


def _shift_of(function):
    return lambda a, b: np.sum((function(a, b) - np.eye(len(a))) ** 2)


def _rotation_back(a, b):
    return rotation(b, a)


def _rotation_twice(a, b):
    return rotation(a, b) @ rotation(a, b)


def _half_the_rotation(a, b):
    return rotation(a, (a + b) / np.linalg.norm(a + b))


def _best_of_two_traces(a, b):
    return max(np.trace(rotation(a, b)), np.trace(reflection(a, b)))


def _tangent_of_half_the_angle(a, b):
    return np.tan(angle(a, b) / 2)


def _mirror_image(v, x):
    normal = v / np.linalg.norm(v)
    return apply_reflection(normal, -normal, x)


def _rotated(a, b):
    return apply_rotation(a, b, a)


def _reflected_back(a, b):
    return apply_reflection(a, b, b)


def _rotated_again(a, b):
    return apply_rotation(a, b, b)


def _best_orthogonal(X, Y):
    return procrustes(X, Y)


def _scale_of_best(X, Y):
    """Scale of a fit without a shift: with each point its negative, so that the means are zero."""
    x, y = (np.vstack([points, -points]) for points in (X, Y))
    return align(x, y, scale=True, reflection=True).scale


def _trace_of_best(A):
    return np.trace(procrustes(A, np.eye(len(A))).T @ A)


def _w2_of_lines(a, b):
    return w2_squared(*(Gaussian(np.zeros(len(v)), np.outer(v, v)) for v in (a, b)))


def _cost_of_best_rotation(X, Y):
    return np.sum((X - Y @ kabsch(X, Y)) ** 2)


_KabschTerms = namedtuple("_KabschTerms", "covariance mirror")


def _kabsch_terms(X, Y):
    least = np.linalg.svd(Y.T @ X, compute_uv=False)[-1]
    return _KabschTerms(np.sum((X - Y @ procrustes(X, Y)) ** 2), 4 * least)


_W2 = "W_2(p, q)^2 = "
_SQUARED: dict[str, Any] = {
    "function": w2_squared,
    "browser": "w2Squared",
    "estimator": montecarlo.w2_squared,
}

FORMULAS = [
    # --- 07-plane ---
    Formula(
        key="eq-plane-rotation",
        name="rotation in the plane",
        chapter="09-plane",
        scope="unit vectors in the plane",
        pieces=(
            r"T_1 = \begin{pmatrix} \cos\theta & -\sin\theta \\ "
            r"\sin\theta & \cos\theta \end{pmatrix}",
        ),
        expression=lambda theta: _turn(theta),
        function=rotation,
        browser="rotation",
    ),
    Formula(
        key="eq-plane-reflection",
        name="reflection in the plane",
        chapter="09-plane",
        scope="unit vectors in the plane",
        pieces=(
            r"T_2 = \begin{pmatrix} \cos(\alpha + \beta) & \sin(\alpha + \beta) \\ "
            r"\sin(\alpha + \beta) & -\cos(\alpha + \beta) \end{pmatrix}",
        ),
        expression=_mirror,
        function=reflection,
        browser="reflection",
    ),
    Formula(
        key="eq-plane-half-turn",
        name="in the plane the half-turn is the reflection",
        chapter="09-plane",
        scope="unit vectors in the plane",
        pieces=(r"T_3 = H_{a - b}",),
        expression=lambda a, b: _householder(a - b),
        function=half_turn,
        browser="halfTurn",
    ),
    Formula(
        key="eq-plane-rotoreflection",
        name="in the plane the rotoreflection is the rotation",
        chapter="09-plane",
        scope="unit vectors in the plane",
        pieces=(r"T_4 = H_{a + b} H_a",),
        expression=_two_reflections,
        function=rotoreflection,
        browser="rotoreflection",
    ),
    Formula(
        key="eq-plane-two-mirrors",
        name="two reflections turn the plane by twice the angle between their normals",
        chapter="09-plane",
        scope="unit vectors in the plane",
        pieces=(
            r"H_b H_a = \begin{pmatrix} \cos 2\theta & -\sin 2\theta \\ "
            r"\sin 2\theta & \cos 2\theta \end{pmatrix}",
        ),
        expression=lambda theta: _turn(2 * theta),
        function=_rotation_twice,
    ),
    Formula(
        key="eq-decomposition",
        name="b in its parts along a and perpendicular to a",
        chapter="09-plane",
        scope="unit vectors",
        pieces=(r"b = a \cos\theta + v \sin\theta",),
        expression=lambda a, v, theta: a * sp.cos(theta) + v * sp.sin(theta),
    ),
    # --- 08-orthogonal ---
    Formula(
        key="eq-householder",
        name="Householder reflection",
        chapter="10-orthogonal",
        scope="mirror",
        pieces=(r"H_v = I - 2\, \frac{v v^\top}{v^\top v}",),
        expression=_householder,
        references=("Householder1958",),
    ),
    Formula(
        key="eq-mirror-image",
        name="image of a vector in a mirror",
        chapter="10-orthogonal",
        scope="mirror",
        pieces=(r"H_v x = x - 2\, \frac{v^\top x}{v^\top v}\, v",),
        expression=lambda v, x: x - 2 * _inner(v, x) / _inner(v, v) * v,
        function=_mirror_image,
        references=("Householder1958",),
    ),
    Formula(
        key="eq-rotation",
        name="rotation in the plane of a and b that takes a to b",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            "T_1 = I + ",
            Term("outer", r"2\, b a^\top"),
            " - ",
            Term("sum", r"\frac{(a + b)(a + b)^\top}{1 + a^\top b}"),
        ),
        expression=_rotation,
        function=rotation,
        browser="rotation",
        decomposition=_terms(**_OUTER, **_SUM),
        references=("Su2021Orthogonal",),
    ),
    Formula(
        key="eq-reflection",
        name="reflection that takes a to b",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            "T_2 = I - ",
            Term("difference", r"\frac{(a - b)(a - b)^\top}{1 - a^\top b}"),
        ),
        expression=_reflection,
        function=reflection,
        browser="reflection",
        decomposition=_terms(**_DIFFERENCE),
        references=("Householder1958", "Su2021Orthogonal"),
    ),
    Formula(
        key="eq-half-turn",
        name="half-turn about the bisector of a and b",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            "T_3 = ",
            Term("sum", r"\frac{(a + b)(a + b)^\top}{1 + a^\top b}"),
            " - I",
        ),
        expression=_half_turn,
        function=half_turn,
        browser="halfTurn",
        decomposition=_terms(**_SUM),
        references=("Su2021Orthogonal",),
    ),
    Formula(
        key="eq-rotoreflection",
        name="rotoreflection that takes a to b",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            "T_4 = ",
            Term("outer", r"2\, b a^\top"),
            " + ",
            Term("difference", r"\frac{(a - b)(a - b)^\top}{1 - a^\top b}"),
            " - I",
        ),
        expression=_rotoreflection,
        function=rotoreflection,
        browser="rotoreflection",
        decomposition=_terms(**_OUTER, **_DIFFERENCE),
    ),
    Formula(
        key="eq-images",
        name="each of the four maps takes a to b",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1 a = T_2 a = T_3 a = T_4 a = b",),
        expression=lambda b: b,
        function=_rotated,
    ),
    Formula(
        key="eq-swaps",
        name="the two symmetric maps take b back to a",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_2 b = T_3 b = a",),
        expression=lambda a: a,
        function=_reflected_back,
    ),
    Formula(
        key="eq-rotation-again",
        name="the rotation goes on past b",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1 b = T_4 b = 2 c b - a",),
        expression=lambda a, b: 2 * _inner(a, b) * b - a,
        function=_rotated_again,
    ),
    Formula(
        key="eq-rotation-back",
        name="the rotation that takes b to a",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1^\top = I + 2\, a b^\top - \frac{(a + b)(a + b)^\top}{1 + a^\top b}",),
        expression=lambda a, b: _rotation(b, a),
        function=_rotation_back,
    ),
    Formula(
        key="eq-rotation-trace",
        name="trace of the rotation",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            r"\operatorname{Tr} T_1 = ",
            Term("across", "d - 2"),
            " + ",
            Term("turn", "2 c"),
        ),
        expression=lambda c, d: d - 2 + 2 * c,
        function=_trace_of(rotation),
        decomposition=_terms(**_KEPT, **_TURNED),
    ),
    Formula(
        key="eq-reflection-trace",
        name="trace of the reflection",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            r"\operatorname{Tr} T_2 = ",
            Term("across", "d - 2"),
        ),
        expression=lambda d: d - 2,
        function=_trace_of(reflection),
        decomposition=_terms(**_KEPT),
    ),
    Formula(
        key="eq-half-turn-trace",
        name="trace of the half-turn",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            r"\operatorname{Tr} T_3 = ",
            Term("across", "2 - d"),
        ),
        expression=lambda d: 2 - d,
        function=_trace_of(half_turn),
        decomposition=_terms(**_REVERSED),
    ),
    Formula(
        key="eq-rotoreflection-trace",
        name="trace of the rotoreflection",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            r"\operatorname{Tr} T_4 = ",
            Term("turn", "2 c"),
            " + ",
            Term("across", "2 - d"),
        ),
        expression=lambda c, d: 2 * c + 2 - d,
        function=_trace_of(rotoreflection),
        decomposition=_terms(**_TURNED, **_REVERSED),
    ),
    Formula(
        key="eq-rotation-det",
        name="determinant of the rotation",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"\det T_1 = +1",),
        expression=lambda: sp.Integer(1),
        function=_det_of(rotation),
    ),
    Formula(
        key="eq-reflection-det",
        name="determinant of the reflection",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"\det T_2 = -1",),
        expression=lambda: sp.Integer(-1),
        function=_det_of(reflection),
    ),
    Formula(
        key="eq-half-turn-det",
        name="determinant of the half-turn",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"\det T_3 = -(-1)^d",),
        expression=lambda d: -(sp.Integer(-1) ** d),
        function=_det_of(half_turn),
    ),
    Formula(
        key="eq-rotoreflection-det",
        name="determinant of the rotoreflection",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"\det T_4 = (-1)^d",),
        expression=lambda d: sp.Integer(-1) ** d,
        function=_det_of(rotoreflection),
    ),
    Formula(
        key="eq-reflection-mirror",
        name="the normal of the reflection",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_2 = H_{a - b}",),
        expression=lambda a, b: _householder(a - b),
        function=reflection,
        browser="reflection",
        references=("Householder1958",),
    ),
    Formula(
        key="eq-half-turn-mirror",
        name="the half-turn as a reflection and a change of sign",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_3 = -H_{a + b}",),
        expression=lambda a, b: -_householder(a + b),
        function=half_turn,
        browser="halfTurn",
    ),
    Formula(
        key="eq-rotoreflection-mirrors",
        name="the rotoreflection as two reflections and a change of sign",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_4 = -H_{a - b} H_a",),
        expression=lambda a, b: -_householder(a - b) * _householder(a),
        function=rotoreflection,
        browser="rotoreflection",
    ),
    Formula(
        key="eq-half-turn-complement",
        name="half-turn and reflection differ by the sign outside the plane, P its projector",
        chapter="10-orthogonal",
        scope="unit vectors",
        kind="identity",
        pieces=(r"T_3 = T_2 (2 P - I)",),
        expression=_half_turn,
        function=half_turn,
        browser="halfTurn",
    ),
    Formula(
        key="eq-rotoreflection-complement",
        name="rotoreflection and rotation differ by the sign outside the plane, P its projector",
        chapter="10-orthogonal",
        scope="unit vectors",
        kind="identity",
        pieces=(r"T_4 = T_1 (2 P - I)",),
        expression=_rotoreflection,
        function=rotoreflection,
        browser="rotoreflection",
    ),
    Formula(
        key="eq-two-reflections",
        name="rotation as two reflections",
        chapter="10-orthogonal",
        scope="unit vectors",
        kind="identity",
        pieces=(r"T_1 = H_{a + b} H_a",),
        expression=_two_reflections,
        function=rotation,
        browser="rotation",
    ),
    Formula(
        key="eq-two-reflections-back",
        name="rotation as two reflections, of which the second keeps the line of b",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1 = H_b H_{a + b}",),
        expression=_two_reflections_back,
        function=rotation,
        browser="rotation",
    ),
    Formula(
        key="eq-rotation-twice",
        name="the rotation by twice the angle as two reflections",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1^2 = H_b H_a",),
        expression=_twice,
        function=_rotation_twice,
    ),
    Formula(
        key="eq-rotation-root",
        name="half of the rotation, to m = (a + b)/‖a + b‖",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1^{1/2} = I + 2\, m a^\top - \frac{(a + m)(a + m)^\top}{1 + a^\top m}",),
        expression=lambda a, b: _rotation(a, _middle(a, b)),
        function=_half_the_rotation,
    ),
    Formula(
        key="eq-generator",
        name="direction in which the rotation starts",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"K = b a^\top - a b^\top",),
        expression=_generator,
    ),
    Formula(
        key="eq-generator-square",
        name="square of the generator, P the projector on the plane and s = sin θ",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"K^2 = -s^2 P",),
        expression=lambda a, b: _generator(a, b) ** 2,
    ),
    Formula(
        key="eq-rotation-exponential",
        name="the rotation as an exponential",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(
            r"T_1 = \exp\Big( \frac{\theta}{\sin\theta} \big( b a^\top - a b^\top \big) \Big)",
        ),
        expression=_exponential,
        function=rotation,
        browser="rotation",
    ),
    Formula(
        key="eq-rotation-generator",
        name="logarithm of the rotation",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"\log T_1 = \frac{\theta}{\sin\theta}\, (b a^\top - a b^\top)",),
        expression=_logarithm,
        function=rotation_generator,
    ),
    Formula(
        key="eq-rodrigues",
        name="Rodrigues' formula in any dimension",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1 = I + K + \frac{K^2}{1 + c}",),
        expression=_rodrigues,
        function=rotation,
        browser="rotation",
        references=("Rodrigues1840",),
    ),
    Formula(
        key="eq-cayley",
        name="the rotation as a Cayley transform",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"T_1 = \Big( I - \frac{K}{1 + c} \Big)^{-1} \Big( I + \frac{K}{1 + c} \Big)",),
        expression=_cayley,
        function=rotation,
        browser="rotation",
    ),
    Formula(
        key="eq-half-angle",
        name="the angle from lengths, without cancellation",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"\tan\tfrac{\theta}{2} = \frac{\|a - b\|}{\|a + b\|}",),
        expression=_half_angle,
        function=_tangent_of_half_the_angle,
    ),
    Formula(
        key="eq-rotation-shift",
        name="how far the rotation is from the identity",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"\|T_1 - I\|_F^2 = 4 (1 - c)",),
        expression=lambda a, b: 2 * _inner(a - b, a - b),
        function=_shift_of(rotation),
    ),
    Formula(
        key="eq-reflection-shift",
        name="how far the reflection is from the identity",
        chapter="10-orthogonal",
        scope="unit vectors",
        pieces=(r"\|T_2 - I\|_F^2 = 4",),
        expression=lambda: sp.Integer(4),
        function=_shift_of(reflection),
    ),
    Formula(
        key="eq-all-maps",
        name="all orthogonal maps from a to b: A and B are bases of what is perpendicular to them",
        chapter="10-orthogonal",
        scope="some map",
        pieces=(r"T = b a^\top + B Q A^\top",),
        expression=lambda a, b, A, B, Q: b * a.T + B * Q * A.T,
    ),
    Formula(
        key="eq-nearest-map",
        name="the largest trace, that of the map nearest to the identity",
        chapter="10-orthogonal",
        scope="some map",
        kind="inequality",
        pieces=(r"\operatorname{Tr} T \le d - 2 + c + \lvert c \rvert",),
        expression=lambda c, d: d - 2 + c + sp.Abs(c),
        function=_best_of_two_traces,
    ),
    # --- 09-procrustes ---
    Formula(
        key="eq-best-trace",
        name="the largest trace over orthogonal matrices is the nuclear norm",
        chapter="11-procrustes",
        scope="square matrix",
        pieces=(
            r"\max_{Q \in O(d)} \operatorname{Tr}(Q A) = \|A\|_* = ",
            r"\operatorname{Tr}\bigl( (A^\top A)^{1/2} \bigr)",
        ),
        expression=_best_trace,
        function=_trace_of_best,
        references=("Schonemann1966",),
    ),
    Formula(
        key="eq-procrustes",
        name="solution of the orthogonal Procrustes problem",
        chapter="11-procrustes",
        scope="factors",
        pieces=(r"Q = (Y^\top X X^\top Y)^{-1/2}\, Y^\top X",),
        expression=_polar_factor,
        function=_best_orthogonal,
        references=("Schonemann1966",),
    ),
    Formula(
        key="eq-best-scale",
        name="the scale at which X, turned or reflected to fit, comes closest to Y",
        chapter="11-procrustes",
        scope="factors",
        pieces=(r"s_\star = \frac{\|X^\top Y\|_*}{\|X\|_F^2}",),
        expression=_best_scale,
        function=_scale_of_best,
        references=("Umeyama1991",),
    ),
    Formula(
        key="eq-w2-procrustes",
        name="the 2-Wasserstein distance is a Procrustes problem",
        chapter="11-procrustes",
        scope="factors",
        pieces=(
            _W2,
            Term("mean", r"\|\delta\|^2"),
            " + ",
            Term("covariance", r"\min_{Q \in O(d)} \|X - Y Q\|_F^2"),
        ),
        expression=_w2_factors,
        decomposition=w2_terms,
        references=("Schonemann1966",),
        **_SQUARED,
    ),
    Formula(
        key="eq-w2-factors",
        name="2-Wasserstein distance by any factors of the covariances",
        chapter="11-procrustes",
        scope="factors",
        kind="identity",
        pieces=(
            _W2,
            r"\|\delta\|^2 + \|X\|_F^2 + \|Y\|_F^2 - 2\, \|X^\top Y\|_*",
        ),
        expression=_w2_factors,
        **_SQUARED,
    ),
    Formula(
        key="eq-kabsch",
        name="Kabsch's correction: what keeping to rotations costs",
        chapter="11-procrustes",
        scope="mirrored factors",
        pieces=(
            r"\min_{Q \in SO(d)} \|X - Y Q\|_F^2 = ",
            Term("covariance", r"\min_{Q \in O(d)} \|X - Y Q\|_F^2"),
            " + ",
            Term("mirror", r"4 \sigma_d"),
        ),
        expression=_fit_of_rotations,
        function=_cost_of_best_rotation,
        decomposition=_kabsch_terms,
        references=("Kabsch1976",),
    ),
    Formula(
        key="eq-w2-rank-one",
        name="2-Wasserstein distance of Gaussians on two lines",
        chapter="11-procrustes",
        scope="rank one",
        pieces=(
            _W2,
            r"\|a\|^2 + \|b\|^2 - 2\, \lvert a^\top b \rvert",
        ),
        expression=_rank_one,
        function=_w2_of_lines,
        estimator=montecarlo.w2_squared,
    ),
    Formula(
        key="eq-linear-maps",
        name="all linear maps from p to q",
        chapter="11-procrustes",
        scope="factors",
        pieces=(
            r"\bigl( \Sigma_q^{1/2} O\, \Sigma_p^{-1/2} \bigr) \Sigma_p"
            r" \bigl( \Sigma_p^{-1/2} O^\top \Sigma_q^{1/2} \bigr) = \Sigma_q",
        ),
        expression=lambda Sigma_q: Sigma_q,
    ),
]
