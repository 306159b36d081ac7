"""Proofs of the formulas of the orthogonal maps and of best fits."""

from functools import partial

import sympy as sp
from formulas.proofs import called, proves, settled

from gausslib.formulas import FORMULAS
from gausslib.formulas._formula import nuclear_norm
from gausslib.symbolic import matrix, same, vector

# In coordinates in which a is the first axis, b is in the plane of the first two, and the third
# stands for all that are perpendicular to both. By the tangent of half of the angle between a
# and b, which is positive, its cosine and its sine are rational.
tangent = sp.Symbol("tangent", positive=True)
theta = 2 * sp.atan(tangent)
COS = (1 - tangent**2) / (1 + tangent**2)
SIN = 2 * tangent / (1 + tangent**2)
d = sp.Symbol("d", integer=True, positive=True)
I = sp.eye(3)  # noqa: E741
A = sp.Matrix([1, 0, 0])
V = sp.Matrix([0, 1, 0])
B = A * COS + V * SIN
PLANE = A * A.T + V * V.T

# The four maps: b and the image of v as the first two columns, and ±1 on what is perpendicular.
TURN = sp.Matrix([[COS, -SIN], [SIN, COS]])
MIRROR = sp.Matrix([[COS, SIN], [SIN, -COS]])
MAPS = {
    "rotation": sp.diag(TURN, 1),
    "reflection": sp.diag(MIRROR, 1),
    "half-turn": sp.diag(MIRROR, -1),
    "rotoreflection": sp.diag(TURN, -1),
}
ROTATION = MAPS["rotation"]


def expression_of(key):
    return FORMULAS[key].expression


@proves("eq-decomposition")
def decomposition(expression):
    assert same(sp.expand_trig(expression(A, V, theta)), B)
    assert same(COS**2 + SIN**2, 1)  # b is a unit vector, and any unit vector of the plane


@proves("eq-householder")
def householder(expression):
    """It reverses its normal, and leaves alone what is perpendicular to that."""
    normal, other = vector("v", 3), vector("w", 3)
    value = expression(normal)
    assert same(value * normal, -normal)
    assert same(value * normal.cross(other), normal.cross(other))


@proves("eq-mirror-image")
def mirror_image(expression):
    """From `eq-householder`."""
    normal, other = vector("v", 3), vector("w", 3)
    assert same(expression(normal, other), expression_of("eq-householder")(normal) * other)


# --- the four maps ------------------------------------------------------------------------


@proves("eq-rotation", "eq-two-reflections", "eq-two-reflections-back", "eq-rodrigues")
def rotation(expression):
    """It turns the plane by θ, and leaves alone what is perpendicular to it."""
    assert same(expression(A, B), ROTATION)
    assert same(ROTATION * A, B)


@proves("eq-cayley")
def cayley(expression):
    assert same(expression(A, B), ROTATION)


@proves("eq-rotation-exponential")
def exponential(expression):
    """The series: K³ = -s²K, so that the odd powers add up to a sine and the even to a cosine.

    The value at the angle zero and the derivative tell which curve t ↦ exp(tK/s) is.
    """
    angle = sp.Symbol("theta", positive=True)
    b = A * sp.cos(angle) + V * sp.sin(angle)
    turn = sp.diag(sp.rot_ccw_axis3(angle)[:2, :2], 1)
    generator = (expression_of("eq-generator")(A, b) / sp.sin(angle)).applyfunc(sp.simplify)
    assert turn.subs(angle, 0) == I
    assert same(turn.diff(angle), generator * turn)
    value = expression(A, B).replace(sp.acos, lambda _: theta)
    assert same(value.applyfunc(sp.expand_trig), ROTATION)


@proves("eq-rotation-generator")
def generator_of_rotation(expression):
    """The exponent in `eq-rotation-exponential`, whose angle is less than half a turn."""
    value = expression(A, B).replace(sp.acos, lambda _: theta)
    K = expression_of("eq-generator")(A, B)
    assert same(value.applyfunc(sp.expand_trig), theta / SIN * K)


@proves("eq-reflection", "eq-reflection-mirror")
def reflection(expression):
    assert same(expression(A, B), MAPS["reflection"])


@proves("eq-half-turn", "eq-half-turn-mirror", "eq-half-turn-complement")
def half_turn(expression):
    """It is also the reflection, with the other sign outside the plane."""
    assert same(expression(A, B), MAPS["half-turn"])
    assert same(MAPS["half-turn"], MAPS["reflection"] * (2 * PLANE - I))


@proves("eq-rotoreflection", "eq-rotoreflection-mirrors", "eq-rotoreflection-complement")
def rotoreflection(expression):
    """It is also the rotation, with the other sign outside the plane."""
    assert same(expression(A, B), MAPS["rotoreflection"])
    assert same(MAPS["rotoreflection"], ROTATION * (2 * PLANE - I))


@proves("eq-images")
def images(expression):
    for value in MAPS.values():
        assert same(value * A, expression(B))


@proves("eq-swaps")
def swaps(expression):
    for name in ("reflection", "half-turn"):
        assert same(MAPS[name] * B, expression(A))


@proves("eq-rotation-again")
def rotation_again(expression):
    for name in ("rotation", "rotoreflection"):
        assert same(MAPS[name] * B, expression(A, B))


@proves("eq-rotation-back")
def rotation_back(expression):
    assert same(expression(A, B), ROTATION.T)


@proves("eq-rotation-twice")
def rotation_twice(expression):
    assert same(expression(A, B), ROTATION**2)


@proves("eq-rotation-root")
def rotation_root(expression):
    """Its square is the rotation, and its angle is less than a right one."""
    value = sp.simplify(expression(A, B))
    assert same(value * value, ROTATION)
    assert same(value[0, 0], 1 / sp.sqrt(1 + tangent**2))


# --- their numbers --------------------------------------------------------------------------


def trace(name, expression):
    """The trace in the plane, and ±1 for each of the d - 2 other dimensions."""
    value = called(expression, c=COS, d=d)
    assert same(value, MAPS[name][:2, :2].trace() + (d - 2) * MAPS[name][2, 2])


def det(name, expression):
    """The determinant in the plane, times ±1 for each of the d - 2 other dimensions."""
    value = called(expression, d=d)
    assert same(value, MAPS[name][:2, :2].det() * MAPS[name][2, 2] ** (d - 2))


for map_name in MAPS:
    proves(f"eq-{map_name}-trace")(partial(trace, map_name))
    proves(f"eq-{map_name}-det")(partial(det, map_name))


def shift(value):
    return sum(entry**2 for entry in value - I)


@proves("eq-rotation-shift")
def rotation_shift(expression):
    """Nothing moves outside the plane."""
    assert same(expression(A, B), shift(ROTATION))
    assert same(expression(A, B), 4 * (1 - COS))


@proves("eq-reflection-shift")
def reflection_shift(expression):
    assert same(expression(), shift(MAPS["reflection"]))


@proves("eq-half-angle")
def half_angle(expression):
    """The tangent of half the angle is what everything here is written in."""
    assert same(settled(expression(A, B)), tangent)


# --- the generator ----------------------------------------------------------------------------


@proves("eq-generator")
def generator(expression):
    """It takes a to s v and v to -s a, and the rest to zero."""
    value = expression(A, B)
    assert same(value * A, SIN * V)
    assert same(value * V, -SIN * A)
    assert same(value * A.cross(V), sp.zeros(3, 1))


@proves("eq-generator-square")
def generator_square(expression):
    assert same(expression(A, B), -(SIN**2) * PLANE)


# --- all maps -----------------------------------------------------------------------------------


@proves("eq-all-maps")
def all_maps(expression):
    """With the orthogonal matrices [a A] and [b B] it is [b B] diag(1, Q) [a A]ᵀ."""
    a, b = vector("a", 3), vector("b", 3)
    rest_a, rest_b, Q = matrix("A", 3, 2), matrix("B", 3, 2), matrix("Q", 2, 2)
    whole = b.row_join(rest_b) * sp.diag(1, Q) * a.row_join(rest_a).T
    assert same(expression(a=a, b=b, A=rest_a, B=rest_b, Q=Q), whole)


@proves("eq-nearest-map")
def nearest_map(expression):
    """By `eq-all-maps` and `eq-best-trace`: c, and the nuclear norm of N = AᵀB.

    The plane has the basis a, v, and its part perpendicular to b is w = T₁v: N = vᵀw = c there,
    and the identity on the rest. The trace is c + Tr(QN), at most c + |c| + d - 2.
    """
    w = ROTATION * V
    assert same((V.T * w)[0], COS)
    assert same((B.T * w)[0], 0)
    N = sp.diag(COS, 1, 1)  # in four dimensions
    assert same(expression(COS, 4), COS + nuclear_norm(N))
    assert same(expression(COS, d), COS + nuclear_norm(N) + d - 4)


# --- in the plane -------------------------------------------------------------------------------


@proves("eq-plane-rotation")
def plane_rotation(expression):
    assert same(expression(theta).applyfunc(sp.expand_trig), TURN)


@proves("eq-plane-two-mirrors")
def plane_two_mirrors(expression):
    assert same(expression(theta).applyfunc(sp.expand_trig), TURN**2)
    assert same(expression_of("eq-rotation-twice")(A[:2, :], B[:2, :]), TURN**2)


@proves("eq-plane-reflection")
def plane_reflection(expression):
    """It exchanges the two unit vectors."""
    alpha, beta = sp.symbols("alpha beta", real=True)
    a, b = (sp.Matrix([sp.cos(angle), sp.sin(angle)]) for angle in (alpha, beta))
    value = expression(alpha, beta)
    assert same(value * a, b)
    assert same(value * b, a)


@proves("eq-plane-half-turn")
def plane_half_turn(expression):
    """There is nothing outside the plane."""
    assert same(expression(A[:2, :], B[:2, :]), MAPS["half-turn"][:2, :2])


@proves("eq-plane-rotoreflection")
def plane_rotoreflection(expression):
    """There is nothing outside the plane."""
    assert same(expression(A[:2, :], B[:2, :]), MAPS["rotoreflection"][:2, :2])


# --- best fits ------------------------------------------------------------------------------------

# Any matrix is U diag(s) Wᵀ with its singular values s and orthogonal U and W; in coordinates in
# which W is the identity, or diag(1, -1) if the determinant is negative, U is a rotation.
s_1, s_2 = sp.symbols("s_1 s_2", positive=True)
E = sp.eye(2)
FLIP = sp.diag(1, -1)


U = TURN
VALUES = sp.diag(s_1, s_2)
STRAIGHT = U * VALUES
MIRRORED = U * VALUES * FLIP


def inner(a, b):
    return (a.T * b).trace()


@proves("eq-best-trace")
def best_trace(expression):
    """Tr(Q U S Wᵀ) is Tr(O S) with O = WᵀQU, no more than Tr S, as no entry of O exceeds one."""
    for A, O in ((STRAIGHT, E), (MIRRORED, FLIP)):  # noqa: E741
        assert same(settled(expression(A.T)), s_1 + s_2)
        assert same(inner(U * O, A), s_1 + s_2)  # it is reached


@proves("eq-procrustes")
def procrustes(expression):
    """It is U Wᵀ, for which Tr(QᵀYᵀX) is the largest, by `eq-best-trace`.

    That trace is all of ‖X - Y Q‖² that depends on Q. The formula has X and Y in YᵀX only.
    """
    for N, Q in ((STRAIGHT, U), (MIRRORED, U * FLIP)):
        value = expression(N, E).applyfunc(lambda entry: sp.cancel(settled(entry)))
        assert same(value, Q)
    X, Y = matrix("x", 2, 2), matrix("y", 2, 2)
    for Q in (U, U * FLIP):
        fit = inner(X - Y * Q, X - Y * Q)
        assert same(fit, inner(X, X) + inner(Y, Y) - 2 * inner(Q, Y.T * X))


@proves("eq-best-scale")
def best_scale(expression):
    """‖Y - s X O‖² is least over O where Tr(OᵀXᵀY) is the nuclear norm, by `eq-best-trace`.

    As a function of s it is convex then, and its derivative vanishes at the value.
    """
    r_1, r_2, s = sp.symbols("r_1 r_2 s", positive=True)
    X = sp.diag(r_1, r_2)
    for N, O in ((STRAIGHT, U), (MIRRORED, U * FLIP)):  # noqa: E741
        Y = X.inv() * N
        value = settled(expression(X, Y))
        assert same(value, inner(O, N) / inner(X, X))
        fit = inner(Y - s * X * O, Y - s * X * O)
        assert same(fit.diff(s).subs(s, value), sp.Integer(0))
        assert same(fit.diff(s, 2), 2 * inner(X, X))


@proves("eq-w2-procrustes", "eq-w2-factors")
def w2_procrustes(expression):
    """From `eq-w2-nuclear` for symmetric factors; all others are these times orthogonal matrices.

    What they do to XᵀY leaves its singular values alone. And by `eq-best-trace` the nuclear norm
    is the largest Tr(QᵀYᵀX), as in the proof of `eq-procrustes`.
    """
    r_1, r_2, c_11, c_22 = sp.symbols("r_1 r_2 c_11 c_22", positive=True)
    factor = sp.Matrix([[c_11, 0], [sp.Symbol("c_21", real=True), c_22]])
    delta, p, q = vector("d", 2), sp.diag(r_1, r_2), factor * factor.T
    value = expression(delta, p * U, q * FLIP)
    nuclear = expression_of("eq-w2-nuclear")(delta, p**2, q**2)
    assert same(settled(value), settled(nuclear))


@proves("eq-kabsch")
def kabsch(expression):
    """Among rotations U is the best: it is short of the nuclear norm by twice the least value.

    With O = QᵀU and s_d the least value, Tr(O diag(s_1, ..., -s_d)) is the sum of the
    (s_i - s_d) O_ii and of s_d Tr(OF), F = diag(1, ..., 1, -1). No O_ii exceeds one, and Tr(OF) is
    at most d - 2, since an orthogonal matrix of determinant -1 has the eigenvalue -1.
    """
    value = expression(MIRRORED, E, s_2)
    best = MIRRORED - U
    assert same(settled(value), inner(best, best))
    values, O = vector("s", 3), matrix("o", 3, 3)  # noqa: E741
    flip = sp.diag(1, 1, -1)
    rest = sum((values[i] - values[2]) * O[i, i] for i in range(3))
    assert same((O * sp.diag(*values) * flip).trace(), rest + values[2] * (O * flip).trace())


@proves("eq-w2-rank-one")
def w2_rank_one(expression):
    """From `eq-w2-factors`, with a and b as columns of factors that are zero otherwise."""
    a, b = vector("a", 2), vector("b", 2)
    zero = sp.zeros(2, 1)
    value = expression_of("eq-w2-factors")(zero, a.row_join(zero), b.row_join(zero))
    assert same(value, expression(a, b))


@proves("eq-linear-maps")
def linear_maps(expression):
    """Of any two roots; all maps G are of this form, because O = Rq⁻¹ G Rp is orthogonal.

    For G Σp Gᵀ = Σq says that O Oᵀ = I.
    """
    p, q = matrix("p", 2, 2), matrix("q", 2, 2)  # symmetric or not
    for O in (U, U * FLIP):  # noqa: E741
        image = q * O * p.inv() * p
        assert same(image * image.T, expression(q * q.T))
