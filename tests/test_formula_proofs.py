"""Each expression of the registry is proved with SymPy: one proof for each key.

For a formula in any dimension that no invertible affine map changes, a proof has two parts, the
reduction and the integral. The reduction: any pair can be written with Σq = SSᵀ, Σp = SΛSᵀ and
δ = Sm, where S is invertible and Λ diagonal; in the coordinates x = μq + St both laws have
independent components, N(mᵢ, λᵢ) and N(0, 1), so that the integral over the space is a sum or
a product of integrals over the line. The integral: SymPy does it. S, m and Λ are letters, in
two dimensions; the argument does not depend on their number.
"""

from collections.abc import Callable
from functools import cache

import pytest
import sympy as sp

from gausslib.formulas import FORMULAS
from gausslib.formulas._formula import square_root
from gausslib.symbolic import (
    expectation,
    log_density,
    matrix,
    mu_p,
    mu_q,
    same,
    sigma_p,
    sigma_q,
    vector,
    x,
)

PROOFS: dict[str, Callable] = {}


def proves(*keys: str):
    """Register a proof; it is called with the expression of each of the entries."""

    def register(proof):
        assert not PROOFS.keys() & set(keys)
        PROOFS.update(dict.fromkeys(keys, proof))
        return proof

    return register


def test_every_formula_has_a_proof():
    assert PROOFS.keys() == FORMULAS.keys()


@pytest.mark.parametrize("key", FORMULAS)
def test_proof(key):
    PROOFS[key](FORMULAS[key].expression)


# --- the reduction and the integral ---------------------------------------------------------

# The last entry of S by its determinant, positive because a column may change its sign.
s_11, s_12, s_21 = sp.symbols("s_11 s_12 s_21", real=True)
det_s = sp.Symbol("det_s", positive=True)
S = sp.Matrix([[s_11, s_12], [s_21, (det_s + s_12 * s_21) / s_11]])
m, lam = vector("m", 2), vector("lambda", 2, positive=True)
DELTA, SIGMA_P, SIGMA_Q = (
    sp.simplify(product) for product in (S * m, S * sp.diag(*lam) * S.T, S * S.T)
)


def same_matrix(a, b) -> bool:
    return sp.simplify(a - b) == sp.zeros(*a.shape)


def log_p(i):
    return log_density(x, m[i], sp.sqrt(lam[i]))


def log_q():
    return log_density(x, 0, 1)


def over_coordinates(part):
    """The sum over the coordinates of a mean, or a logarithm of an integral, on the line."""
    return sum(part(i) for i in range(2))


def mean_under_p(value, i):
    return expectation(value, x, m[i], sp.sqrt(lam[i]))


def log_integral(exponent):
    """The logarithm of the integral of exp(exponent), where this is a quadratic in x."""
    a = sp.Dummy("a", positive=True)
    bell = sp.integrate(sp.exp(-a * x**2), (x, -sp.oo, sp.oo))
    quadratic, linear, constant = sp.Poly(sp.expand(exponent), x).all_coeffs()
    # Its maximum, by completing the square, and a bell around it.
    return constant - linear**2 / (4 * quadratic) + sp.log(bell).subs(a, -quadratic)


@cache
def log_overlap(weight):
    """The logarithm of the integral of p^weight q^(1 - weight)."""
    return over_coordinates(lambda i: log_integral(weight * log_p(i) + (1 - weight) * log_q()))


# --- one Gaussian ------------------------------------------------------------------------


@proves("eq-density", "eq-log-density")
def density(expression):
    """In the coordinates t it is a product over the line, and there the integral is one."""
    t = vector("t", 2)
    value = expression(S * t, S * m, SIGMA_P, 2)
    log_value = value if expression is FORMULAS["eq-log-density"].expression else sp.log(value)
    assert same(log_value, over_coordinates(lambda i: log_p(i).subs(x, t[i])) - sp.log(det_s))
    assert same(log_integral(log_p(0)), 0)


@proves("eq-entropy")
def entropy(expression):
    mean = over_coordinates(lambda i: mean_under_p(-log_p(i), i))
    assert same(expression(SIGMA_P, 2), mean + sp.log(det_s))


# --- divergences --------------------------------------------------------------------------


@cache
def kl_from_the_integral():
    return over_coordinates(lambda i: mean_under_p(log_p(i) - log_q(), i))


@proves("eq-kl", "eq-kl-definition")
def kl(expression):
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, 2), kl_from_the_integral())


@proves("eq-kl-nonnegative")
def kl_nonnegative(expression):
    """The mean of r = q/p under p is one, so that r - 1 adds nothing."""
    assert same(log_integral(log_q()), 0)
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, 2), kl_from_the_integral())


@proves("eq-kl-eigenvalues")
def kl_eigenvalues(expression):
    assert same(expression(DELTA, SIGMA_Q, lam), kl_from_the_integral())
    value = sp.Symbol("value")
    polynomial = (SIGMA_Q.inv() * SIGMA_P).charpoly(value).as_expr()
    assert same(polynomial, (value - lam[0]) * (value - lam[1]))


@proves("eq-kl-1d")
def kl_1d(expression):
    ratio = log_density(x, mu_p, sigma_p) - log_density(x, mu_q, sigma_q)
    assert same(expression(mu_p, mu_q, sigma_p, sigma_q), expectation(ratio, x, mu_p, sigma_p))


@proves("eq-kl-diagonal")
def kl_diagonal(expression):
    """From `eq-kl`."""
    delta, p, q = vector("d", 3), vector("p", 3, positive=True), vector("q", 3, positive=True)
    general = FORMULAS["eq-kl"].expression(delta, sp.diag(*p) ** 2, sp.diag(*q) ** 2, 3)
    assert same(expression(delta, p, q), general)


@proves("eq-kl-standard")
def kl_standard(expression):
    """From `eq-kl`."""
    mean, C = vector("m", 2), matrix("c", 2, 2)
    general = FORMULAS["eq-kl"].expression(mean, C * C.T, sp.eye(2), 2)
    assert same(expression(mean, C * C.T, 2), general)


@proves("eq-kl-turned")
def kl_turned(expression):
    """From `eq-kl`."""
    l_1, l_2, tangent = sp.symbols("l_1 l_2 tangent", positive=True)
    theta = 2 * sp.atan(tangent)  # then cosine and sine are rational
    turn = sp.rot_ccw_axis3(theta)[:2, :2].applyfunc(sp.expand_trig)
    p = sp.diag(l_1, l_2)
    general = FORMULAS["eq-kl"].expression(sp.zeros(2, 1), p, turn * p * turn.T, 2)
    assert same(sp.expand_trig(expression(l_1, l_2, theta)), general)


@proves("eq-mean-quadratic")
def mean_quadratic(expression):
    """In the coordinates t the form is the sum of the squares."""
    mean = over_coordinates(lambda i: mean_under_p(x**2, i))
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q), mean)


@proves("eq-bhattacharyya")
def bhattacharyya(expression):
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q), -log_overlap(sp.Rational(1, 2)))


@proves("eq-hellinger")
def hellinger(expression):
    """Half of the integral of (√p - √q)² is 1 - ∫ √(pq), because p and q integrate to one."""
    assert same(log_integral(log_p(0)), 0)
    assert same(log_integral(log_q()), 0)
    square = expression(DELTA, SIGMA_P, SIGMA_Q) ** 2
    assert same(sp.log(1 - square), log_overlap(sp.Rational(1, 2)))


@proves("eq-renyi")
def renyi(expression):
    """For orders between 0 and 1; up to where the integral ends both sides are analytic."""
    odds = sp.Symbol("odds", positive=True)
    alpha = odds / (1 + odds)
    value = expression(DELTA, SIGMA_P, SIGMA_Q, alpha)
    assert same((alpha - 1) * value, log_overlap(alpha))


@proves("eq-pinsker")
def pinsker(expression):
    """On two points, by the sign of a derivative; in general, by merging points.

    The total variation is the difference of the two masses of the set where p > q. Take p and q
    as laws of two points, this set and the rest: the total variation stays, and KL can't grow.
    """
    a, b = sp.symbols("a b", positive=True)  # the masses of the set, below one
    kl = a * sp.log(a / b) + (1 - a) * sp.log((1 - a) / (1 - b))
    gap = kl - 2 * (a - b) ** 2
    assert gap.subs(b, a) == 0  # and from there it grows on both sides:
    assert same(sp.diff(gap, b), (b - a) * (1 - 2 * b) ** 2 / (b * (1 - b)))
    general = FORMULAS["eq-kl"].expression(DELTA, SIGMA_P, SIGMA_Q, 2)
    assert same(2 * expression(DELTA, SIGMA_P, SIGMA_Q, 2) ** 2, general)


# --- transport ----------------------------------------------------------------------------

# In coordinates in which Σp is diagonal (W2 is not changed by rotations); T is any positive
# definite matrix, by its Cholesky factor.
r_1, r_2, c_11, c_22 = sp.symbols("r_1 r_2 c_11 c_22", positive=True)
c_21 = sp.Symbol("c_21", real=True)
ROOT_P = sp.diag(r_1, r_2)
FACTOR = sp.Matrix([[c_11, 0], [c_21, c_22]])
T = FACTOR * FACTOR.T


@proves("eq-transport-equation")
def transport_equation(expression):
    """Solved by T = Σp^(-1/2) X^(1/2) Σp^(-1/2), where X = Σp^(1/2) Σq Σp^(1/2)."""
    X = FACTOR * FACTOR.T  # any positive definite matrix
    q = ROOT_P.inv() * X * ROOT_P.inv()
    solution = ROOT_P.inv() * square_root(X) * ROOT_P.inv()
    assert same_matrix(solution * ROOT_P**2 * solution, expression(q))


@proves("eq-w2")
def w2(expression):
    """The value is the cost of the map T, and the dual certificate shows that none is less."""
    p = ROOT_P**2
    q = T * p * T
    delta, identity = vector("d", 2), sp.eye(2)
    cost = (delta.T * delta)[0] + ((identity - T) * p * (identity - T)).trace()
    value = expression(delta, p, q).replace(
        lambda part: part.is_Pow and abs(part.exp) == sp.Rational(1, 2),
        lambda part: sp.sqrt(sp.factor(part.base)) ** (2 * part.exp),
    )
    assert same(value, cost)

    # Centred: φ(x) + ψ(y) ≤ ½|x - y|² for all x and y, because the difference is a square;
    # and the means of φ under p and ψ under q add up to half of the cost.
    first, second = vector("x", 2), vector("y", 2)
    of_x = (first.T * (identity - T) * first)[0] / 2
    of_y = (second.T * (identity - T.inv()) * second)[0] / 2
    distance = first - second
    image = FACTOR.T * first - FACTOR.inv() * second
    assert same((distance.T * distance)[0] / 2 - of_x - of_y, (image.T * image)[0] / 2)
    means = ((identity - T) * p).trace() / 2 + ((identity - T.inv()) * q).trace() / 2
    assert same(2 * means + (delta.T * delta)[0], cost)


# --- orthogonal maps -------------------------------------------------------------------------

# In coordinates in which a is the first axis, b is in the plane of the first two, and the third
# stands for all that are perpendicular to both.
theta = sp.Symbol("theta", real=True)
A = sp.Matrix([1, 0, 0])
B = sp.Matrix([sp.cos(theta), sp.sin(theta), 0])
E3 = sp.Matrix([0, 0, 1])


@proves("eq-rotation", "eq-two-reflections")
def rotation(expression):
    """It turns the plane by θ, and leaves alone what is perpendicular to it."""
    value = sp.simplify(expression(A, B))
    turn = sp.Matrix([[sp.cos(theta), -sp.sin(theta)], [sp.sin(theta), sp.cos(theta)]])
    assert same_matrix(value, sp.diag(turn, 1))
    assert same_matrix(value * A, B)
    assert same_matrix(value * E3, E3)
