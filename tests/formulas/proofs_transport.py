"""Proofs of the formulas of optimal transport.

Matrices of letters are in the plane, where SymPy knows a root of each. The arguments hold in any
dimension: with Σq = T Σp T the root of X = Σp^(1/2) Σq Σp^(1/2) is Σp^(1/2) T Σp^(1/2).
"""

from functools import cache

import sympy as sp
from formulas.proofs import called, proves, settled

from gausslib.formulas import FORMULAS
from gausslib.formulas._formula import nuclear_norm, square_root
from gausslib.symbolic import expectation, matrix, mu_p, mu_q, same, sigma_p, sigma_q, vector, x

# In coordinates in which Σp is diagonal (W2 is not changed by rotations); T is any positive
# definite matrix, by its Cholesky factor.
r_1, r_2, c_11, c_22 = sp.symbols("r_1 r_2 c_11 c_22", positive=True)
c_21 = sp.Symbol("c_21", real=True)
t = sp.Symbol("t", positive=True)
I = sp.eye(2)  # noqa: E741
ROOT_P = sp.diag(r_1, r_2)
FACTOR = sp.Matrix([[c_11, 0], [c_21, c_22]])
T = FACTOR * FACTOR.T
SIGMA_P = ROOT_P**2
SIGMA_Q = T * SIGMA_P * T
DELTA = vector("d", 2)
COST = ((I - T) * SIGMA_P * (I - T)).trace()
FIDELITY = (SIGMA_P * T).trace()

# Another way to take two covariances: by their roots, ROOT_P and any positive definite ROOT_Q.
ROOT_Q = T


def square(vector):
    return (vector.T * vector)[0]


def settled_matrix(value):
    return value.applyfunc(settled)


@cache
def moment(power):
    """Of a standard Gaussian number."""
    return expectation(x**power, x, 0, 1)


def mean_over(z, polynomial):
    """The mean of a polynomial in independent standard Gaussian numbers."""
    return sum(
        factor * sp.prod(map(moment, powers))
        for powers, factor in sp.Poly(sp.expand(polynomial), *z).terms()
    )


def general(*arguments):
    return FORMULAS["eq-w2"].expression(*arguments)


# --- the distance -------------------------------------------------------------------------


@proves("eq-transport-equation")
def transport_equation(expression):
    """Solved by T = Σp^(-1/2) X^(1/2) Σp^(-1/2), where X = Σp^(1/2) Σq Σp^(1/2)."""
    X = FACTOR * FACTOR.T  # any positive definite matrix
    q = ROOT_P.inv() * X * ROOT_P.inv()
    solution = ROOT_P.inv() * square_root(X) * ROOT_P.inv()
    assert same(solution * ROOT_P**2 * solution, expression(q))


@proves("eq-w2")
def w2(expression):
    """The value is the cost of the map T, and the dual certificate shows that none is less."""
    assert same(settled(expression(DELTA, SIGMA_P, SIGMA_Q)), square(DELTA) + COST)

    # Centred: φ(x) + ψ(y) ≤ ½|x - y|² for all x and y, because the difference is a square;
    # and the means of φ under p and ψ under q add up to half of the cost.
    first, second = vector("x", 2), vector("y", 2)
    of_x = (first.T * (I - T) * first)[0] / 2
    of_y = (second.T * (I - T.inv()) * second)[0] / 2
    image = FACTOR.T * first - FACTOR.inv() * second
    assert same(square(first - second) / 2 - of_x - of_y, square(image) / 2)
    means = ((I - T) * SIGMA_P).trace() / 2 + ((I - T.inv()) * SIGMA_Q).trace() / 2
    assert same(2 * means, COST)


@proves("eq-w2-centred", "eq-w2-product", "eq-w2-map")
def w2_by_the_map(expression):
    """The cost of T, as for `eq-w2`."""
    value = called(expression, delta=DELTA, Sigma_p=SIGMA_P, Sigma_q=SIGMA_Q, d=2)
    assert same(settled(value), square(DELTA) + COST)


@proves("eq-w2-mean")
def w2_mean(expression):
    """With x = μp + Rz, where RR = Σp, it is a mean over independent z."""
    z = vector("z", 2)
    mean = mean_over(z, square(DELTA + (I - T) * ROOT_P * z))
    assert same(settled(expression(DELTA, SIGMA_P, SIGMA_Q)), mean)


@proves("eq-bures")
def bures(expression):
    """The distance of centred Gaussians."""
    assert same(settled(expression(SIGMA_P, SIGMA_Q)), COST)


@proves("eq-fidelity")
def fidelity(expression):
    assert same(settled(expression(SIGMA_P, SIGMA_Q)), FIDELITY)


@proves("eq-product-root")
def product_root(expression):
    """Its square is the product, and it is Σp T: similar to a positive definite matrix."""
    root = settled_matrix(expression(SIGMA_P, SIGMA_Q))
    assert same(root * root, SIGMA_P * SIGMA_Q)
    assert same(root, SIGMA_P * T)


@proves("eq-w2-nuclear")
def w2_nuclear(expression):
    """The singular values of M are the roots of the eigenvalues of MMᵀ, or of MᵀM."""
    M = ROOT_P * ROOT_Q
    value = settled(expression(DELTA, ROOT_P**2, ROOT_Q**2))
    traces = (ROOT_P**2 + ROOT_Q**2).trace()
    assert same(value, square(DELTA) + traces - 2 * settled(nuclear_norm(M)))
    assert same(value, settled(general(DELTA, ROOT_P**2, ROOT_Q**2)))


@proves("eq-w2-commuting")
def w2_commuting(expression):
    """From `eq-w2`, in the axes that the two have in common."""
    shift, p, q = vector("d", 3), vector("p", 3, positive=True), vector("q", 3, positive=True)
    matrices = shift, sp.diag(*p), sp.diag(*q)
    assert same(expression(*matrices), general(*matrices))


@proves("eq-w2-commuting-bound")
def w2_commuting_bound(expression):
    """The trace of M = Σp^(1/2) Σq^(1/2) is no more than its nuclear norm, in `eq-w2-nuclear`."""
    M = ROOT_P * ROOT_Q
    traces = (ROOT_P**2 + ROOT_Q**2).trace()
    value = settled(expression(ROOT_P**2, ROOT_Q**2))
    assert same(value, traces - 2 * M.trace())
    assert same(settled(nuclear_norm(M)) ** 2, M.trace() ** 2 + (M[0, 1] - M[1, 0]) ** 2)


@proves("eq-w2-diagonal")
def w2_diagonal(expression):
    """From `eq-w2`."""
    shift, p, q = vector("d", 3), vector("p", 3, positive=True), vector("q", 3, positive=True)
    assert same(expression(shift, p, q), general(shift, sp.diag(*p) ** 2, sp.diag(*q) ** 2))


@proves("eq-w2-standard")
def w2_standard(expression):
    """From `eq-w2`."""
    mean = vector("m", 2)
    value = settled(expression(mean, ROOT_Q**2, 2))
    assert same(value, settled(general(mean, ROOT_Q**2, I)))


@proves("eq-w2-1d")
def w2_1d(expression):
    """From `eq-w2`."""
    shift, p, q = (sp.Matrix([[e]]) for e in (mu_p - mu_q, sigma_p**2, sigma_q**2))
    assert same(expression(mu_p, mu_q, sigma_p, sigma_q), general(shift, p, q))


@proves("eq-w1-1d")
def w1_1d(expression):
    """The cost of the increasing map; and a function of slope ±1 shows that none is less.

    The map leaves the point m alone and stretches from there. With f(x) = |x - m| the cost is
    |E f(x) - E f(y)|, and for any coupling it is at least that, by the triangle inequality.
    """
    z, delta, u = sp.symbols("z delta u", real=True)
    gap = sp.Symbol("gap", positive=True)  # σp - σq; the other sign exchanges p and q
    bell = sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)
    # x - y = delta + gap z, if x = μp + σp z and y = μq + σq z; it changes its sign once.
    upper = sp.integrate((delta + gap * z) * bell, (z, -delta / gap, sp.oo))
    lower = sp.integrate((delta + gap * z) * bell, (z, -sp.oo, -delta / gap))
    assert same(expression(delta, 0, gap + sigma_q, sigma_q), (upper - lower).rewrite(sp.erf))
    # around m: x = m + σp u and y = m + σq u
    p, q = gap + sigma_q, sigma_q
    assert same(sp.Abs(p * u - q * u), sp.Abs(p * u) - sp.Abs(q * u))


@proves("eq-root-plane")
def root_plane(expression):
    """Its square is the matrix; trace and determinant are positive."""
    root = settled_matrix(expression(T))
    assert same(root * root, T)
    assert root.det().subs({c_11: 2, c_21: 3, c_22: 5}) > 0
    assert same(root.det(), c_11 * c_22)


@proves("eq-fidelity-plane")
def fidelity_plane(expression):
    assert same(settled(expression(SIGMA_P, SIGMA_Q)), FIDELITY)


@proves("eq-w2-plane")
def w2_plane(expression):
    assert same(settled(expression(DELTA, SIGMA_P, SIGMA_Q)), square(DELTA) + COST)


def turned_pair():
    """Eigenvalues, an angle by the tangent of its half, and the rotation."""
    l_1, l_2, tangent = sp.symbols("l_1 l_2 tangent", positive=True)
    theta = 2 * sp.atan(tangent)  # then cosine and sine are rational
    turn = sp.rot_ccw_axis3(theta)[:2, :2].applyfunc(sp.expand_trig)
    return l_1, l_2, theta, turn


@proves("eq-w2-turned")
def w2_turned(expression):
    """From `eq-w2-plane`."""
    l_1, l_2, theta, turn = turned_pair()
    p = sp.diag(l_1, l_2)
    plane = FORMULAS["eq-w2-plane"].expression(sp.zeros(2, 1), p, turn * p * turn.T)
    assert same(settled(sp.expand_trig(expression(l_1, l_2, theta))), settled(sp.simplify(plane)))


@proves("eq-turning-cost")
def turning_cost(expression):
    """The mean of a quadratic form is the trace of its matrix times the covariance."""
    l_1, l_2, theta, turn = turned_pair()
    p = sp.diag(l_1, l_2)
    mean = ((I - turn) * p * (I - turn).T).trace()
    assert same(sp.expand_trig(expression(p, theta)), mean)


# --- the map ------------------------------------------------------------------------------


@proves("eq-transport-map", "eq-transport-map-product")
def transport_map(expression):
    assert same(settled_matrix(expression(SIGMA_P, SIGMA_Q)), T)


@proves("eq-transport-inverse")
def transport_inverse(expression):
    """In coordinates in which Σq is diagonal."""
    assert same(settled_matrix(expression(SIGMA_Q, SIGMA_P)), T)


@proves("eq-dual-certificate")
def dual_certificate(expression):
    """Of T any root will do, here its Cholesky factor's transpose, and T = R² in the entry."""
    first, second = vector("x", 2), vector("y", 2)
    R = T  # any positive definite root
    of_x = (first.T * (I - R**2) * first)[0] / 2
    of_y = (second.T * (I - R.inv() ** 2) * second)[0] / 2
    value = settled(expression(first, second, R**2))
    assert same(square(first - second) / 2 - of_x - of_y, value)


C = matrix("c", 2, 2)  # the cross-covariance of any coupling


@proves("eq-coupling")
def coupling(expression):
    """The mean of |T^(1/2) x - T^(-1/2) y|² is not negative, and twice the difference."""
    A, B = FACTOR.T, -FACTOR.inv()
    mean = (A * SIGMA_P * A.T + A * C * B.T + B * C.T * A.T + B * SIGMA_Q * B.T).trace()
    assert same(mean, 2 * settled(expression(SIGMA_P, SIGMA_Q)) - 2 * C.trace())


@proves("eq-coupling-cost")
def coupling_cost(expression):
    """The mean of |x - y|², and more than the distance by twice the difference in `eq-coupling`."""
    value = expression(DELTA, SIGMA_P, SIGMA_Q, C)
    joint = SIGMA_P.row_join(C).col_join(C.T.row_join(SIGMA_Q))
    difference = I.row_join(-I)
    assert same(value, square(DELTA) + (difference * joint * difference.T).trace())
    assert same(value - square(DELTA) - COST, 2 * FIDELITY - 2 * C.trace())


@proves("eq-w2-dual")
def w2_dual(expression):
    """Under any coupling the mean of |x - y|² exceeds it by the mean of a square."""
    S, R = FACTOR * FACTOR.T, FACTOR
    p, q = ROOT_P**2, matrix("q", 2, 2)
    joint = p.row_join(C).col_join(C.T.row_join(q))
    difference, image = I.row_join(-I), R.T.row_join(-R.inv())
    cost, gap = ((A * joint * A.T).trace() for A in (difference, image))
    assert same(cost - expression(p, q, S, 2), gap)


@proves("eq-gelbrich")
def gelbrich(expression):
    """Only means and covariances entered the proof of `eq-coupling-cost`, in which C is any."""
    zero = sp.zeros(2, 1)
    assert same(settled(expression(DELTA, zero, SIGMA_P, SIGMA_Q)), square(DELTA) + COST)


@proves("eq-frechet")
def frechet(expression):
    """From `eq-w2-product`, whose value depends on the means by their difference only."""
    value = settled(expression(DELTA, sp.zeros(2, 1), SIGMA_P, SIGMA_Q))
    assert same(value, square(DELTA) + COST)


@proves("eq-w2-gradient")
def w2_gradient(expression):
    """From `eq-w2-plane`: of the points of a line through p, whose map to q is T."""
    s, v, change = sp.Symbol("s", real=True), vector("v", 2), matrix("e", 2, 2)
    change = change + change.T
    plane = FORMULAS["eq-w2-plane"].expression
    slope = sp.diff(plane(DELTA + s * v, SIGMA_P + s * change, SIGMA_Q), s).subs(s, 0)
    value = expression(v, change, DELTA, SIGMA_P, SIGMA_Q, 2)
    assert same(settled(value), 2 * (v.T * DELTA)[0] + ((I - T) * change).trace())
    assert same(settled(slope), settled(value))


# --- paths and averages --------------------------------------------------------------------


@proves("eq-geodesic-mean")
def geodesic_mean(expression):
    """Of (1 - t) x + t y."""
    first, second = vector("m", 2), vector("n", 2)
    assert same(expression(first, second, t), first + t * (second - first))


@proves("eq-geodesic", "eq-geodesic-product")
def geodesic(expression):
    """The covariance of (1 - t) x + t y, if y is the image of x."""
    value = called(expression, Sigma_p=SIGMA_P, Sigma_q=SIGMA_Q, t=t, d=2)
    joint = SIGMA_P.row_join(SIGMA_P * T).col_join((T * SIGMA_P).row_join(SIGMA_Q))
    step = ((1 - t) * I).row_join(t * I)
    assert same(settled_matrix(value), step * joint * step.T)


@proves("eq-geodesic-speed")
def geodesic_speed(expression):
    """(1 - t) I + t T is positive definite, so that it is the map to the point at time t."""
    step = (1 - t) * I + t * T
    cost = t**2 * square(DELTA) + ((I - step) * SIGMA_P * (I - step)).trace()
    assert same(settled(expression(DELTA, SIGMA_P, SIGMA_Q, t) ** 2), cost)


@proves("eq-barycenter")
def barycenter(expression):
    """It says that the maps from S average to the identity; then the certificates add up.

    By `eq-w2-dual` the weighted sum of the squared distances from any A is at least that of the
    dual values, and these exceed the sum for S by the trace of (I - Σ wᵢTᵢ)(A - S), zero.
    """
    weights = sp.symbols("w_1 w_2", positive=True)
    other = sp.Matrix([[r_1 + 1, 1], [1, r_2 + 2]])
    maps, S = (T, other), SIGMA_P
    covs = [step * S * step for step in maps]
    average = sum((w * step for w, step in zip(weights, maps, strict=True)), sp.zeros(2))
    value = settled_matrix(expression(S, covs, weights))
    assert same(value, ROOT_P * average * ROOT_P)  # which is S if the average is I

    A = matrix("a", 2, 2)
    excess = sum(
        w
        * (
            ((I - step) * A).trace()
            + ((I - step.inv()) * cov).trace()
            - ((I - step) * S * (I - step)).trace()
        )
        for w, step, cov in zip(weights, maps, covs, strict=True)
    )
    assert same(excess, ((sum(weights) * I - average) * (A - S)).trace())


# --- small differences, other distances, samples -----------------------------------------------


@proves("eq-talagrand")
def talagrand(expression):
    """From log det S ≤ Tr S - d, where S is the map from q to p: each eigenvalue s ≤ e^(s - 1).

    Σq is diagonal, and its first entry the largest; λ of the text.
    """
    l_2, more = sp.symbols("l_2 more", positive=True)
    l_1 = l_2 + more
    q, S = sp.diag(l_1, l_2), T
    p, E = S * q * S, S - I
    value = expression(DELTA, p, q, 2)
    trace_gap = S.trace() - 2 - 2 * sp.log(c_11 * c_22)  # Tr S - d - log det S, det S = (c11 c22)²
    rest = (DELTA.T * q.inv() * DELTA)[0] + (q.inv() * E * q * E).trace()
    assert same(value, l_1 * (rest + 2 * trace_gap))
    # what is left is not negative: l_1/l_2 ≥ 1, and the second factor is a sum of squares
    cost = square(DELTA) + (E * q * E).trace()
    positive = DELTA[1] ** 2 + l_1 * E[1, 0] ** 2 + l_2 * E[1, 1] ** 2
    assert same(l_1 * rest - cost, (l_1 / l_2 - 1) * positive)


@proves("eq-talagrand-standard")
def talagrand_standard(expression):
    """From `eq-kl-standard` and `eq-w2-standard`, in the axes of p."""
    mean, s = vector("m", 3), vector("s", 3, positive=True)
    kl, w2 = (
        FORMULAS[key].expression(mean, sp.diag(*s) ** 2, 3)
        for key in ("eq-kl-standard", "eq-w2-standard")
    )
    assert same(2 * kl - w2, expression(s))


V = sp.Matrix(3, 3, lambda i, j: sp.Symbol(f"v_{min(i, j)}{max(i, j)}", real=True))
ELL = vector("l", 3, positive=True)


@proves("eq-bures-metric")
def bures_metric(expression):
    """Points that move by εVx, V small, go the shortest way, at the cost ε² Tr(VΣV)."""
    cov = sp.diag(*ELL)
    assert same((V * cov * V).trace(), expression(V * cov + cov * V, ELL, 3))


@proves("eq-w2-bias")
def w2_bias(expression):
    """The integral, in two dimensions; of each term two coordinates are enough."""
    l = vector("l", 2, positive=True)  # noqa: E741
    z = vector("z", 2)
    point = sp.diag(*l).applyfunc(sp.sqrt) * z
    change = point * point.T - sp.diag(*l)
    value = square(point) + FORMULAS["eq-bures-metric"].expression(change, l, 2)
    assert same(mean_over(z, value), expression(l, 2))
