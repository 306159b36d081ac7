"""Proofs of the formulas of the divergences; the reduction is explained in `reduction.py`."""

from functools import cache

import sympy as sp
from formulas.proofs import proves, settled
from formulas.reduction import (
    DELTA,
    SIGMA_P,
    SIGMA_Q,
    S,
    det_s,
    lam,
    log_overlap,
    log_p,
    log_q,
    m,
    mean_under_p,
    over_coordinates,
)

from gausslib.formulas import FORMULAS
from gausslib.symbolic import (
    expectation,
    log_density,
    log_integral,
    matrix,
    mu_p,
    mu_q,
    same,
    sigma_p,
    sigma_q,
    vector,
    x,
)

HALF = sp.Rational(1, 2)

# An order between 0 and 1.
odds = sp.Symbol("odds", positive=True)
ALPHA = odds / (1 + odds)


@cache
def kl_from_the_integral():
    return over_coordinates(lambda i: mean_under_p(log_p(i) - log_q(), i))


@proves("eq-kl", "eq-kl-definition")
def kl(expression):
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, 2), kl_from_the_integral())


@proves("eq-kl-nonnegative")
def kl_nonnegative(expression):
    """The mean of r = q/p under p is one, so that r - 1 adds nothing."""
    assert same(log_integral(log_q(), x), 0)
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


def turned_ellipse():
    """Eigenvalues, angle and the two covariances."""
    l_1, l_2, tangent = sp.symbols("l_1 l_2 tangent", positive=True)
    theta = 2 * sp.atan(tangent)  # then cosine and sine are rational
    turn = sp.rot_ccw_axis3(theta)[:2, :2].applyfunc(sp.expand_trig)
    p = sp.diag(l_1, l_2)
    return l_1, l_2, theta, p, turn * p * turn.T


@proves("eq-kl-turned")
def kl_turned(expression):
    """From `eq-kl`."""
    l_1, l_2, theta, p, q = turned_ellipse()
    general = FORMULAS["eq-kl"].expression(sp.zeros(2, 1), p, q, 2)
    assert same(sp.expand_trig(expression(l_1, l_2, theta)), general)


@proves("eq-mean-quadratic")
def mean_quadratic(expression):
    """In the coordinates t the form is the sum of the squares."""
    mean = over_coordinates(lambda i: mean_under_p(x**2, i))
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q), mean)


@proves("eq-cross-entropy")
def cross_entropy(expression):
    mean = over_coordinates(lambda i: mean_under_p(-log_q(), i))
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, 2), mean + sp.log(det_s))


@proves("eq-kl-cross-entropy")
def kl_cross_entropy(expression):
    """From `eq-cross-entropy` and `eq-entropy`."""
    delta, p, q = vector("d", 2), matrix("p", 2, 2), matrix("q", 2, 2)
    excess = FORMULAS["eq-cross-entropy"].expression(delta, p, q, 2)
    excess -= FORMULAS["eq-entropy"].expression(p, 2)
    assert same(expression(delta, p, q, 2), excess)


@proves("eq-kl-affine")
def kl_affine(expression):
    """From `eq-kl`: the images have the means A μ + b and the covariances A Σ Aᵀ."""
    delta, A = vector("d", 2), matrix("a", 2, 2)
    p, q = matrix("p", 2, 2), matrix("q", 2, 2)
    general = FORMULAS["eq-kl"].expression(A * delta, A * p * A.T, A * q * A.T, 2)
    assert same(expression(delta, p, q, 2), general)


@proves("eq-jeffreys", "eq-jeffreys-definition")
def jeffreys(expression):
    backwards = over_coordinates(lambda i: expectation(log_q() - log_p(i), x, 0, 1))
    value = expression(DELTA, SIGMA_P, SIGMA_Q, 2)
    assert same(value, kl_from_the_integral() + backwards)


@proves("eq-key-lemma")
def key_lemma(expression):
    """Multiply by Σp from the left and by Σq from the right."""
    p, q = (sp.Matrix([[a, b], [b, c]]) for a, b, c in (sp.symbols("a:c"), sp.symbols("e:g")))
    assert same(expression(p, q), p.inv() + q.inv())


@proves("eq-bhattacharyya")
def bhattacharyya(expression):
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q), -log_overlap(HALF))


@proves("eq-bhattacharyya-eigenvalues")
def bhattacharyya_eigenvalues(expression):
    """That the lambdas are the eigenvalues is part of the proof of `eq-kl-eigenvalues`."""
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, lam), -log_overlap(HALF))


@proves("eq-bhattacharyya-1d")
def bhattacharyya_1d(expression):
    """From `eq-bhattacharyya`."""
    general = FORMULAS["eq-bhattacharyya"].expression(
        *(sp.Matrix([value]) for value in (mu_p - mu_q, sigma_p**2, sigma_q**2))
    )
    assert same(expression(mu_p, mu_q, sigma_p, sigma_q), general)


@proves("eq-bhattacharyya-diagonal")
def bhattacharyya_diagonal(expression):
    """From `eq-bhattacharyya`."""
    delta, p, q = vector("d", 3), vector("p", 3, positive=True), vector("q", 3, positive=True)
    general = FORMULAS["eq-bhattacharyya"].expression(delta, sp.diag(*p) ** 2, sp.diag(*q) ** 2)
    assert same(expression(delta, p, q), general)


@proves("eq-bhattacharyya-turned")
def bhattacharyya_turned(expression):
    """From `eq-bhattacharyya`."""
    l_1, l_2, theta, p, q = turned_ellipse()
    general = FORMULAS["eq-bhattacharyya"].expression(sp.zeros(2, 1), p, q)
    assert same(sp.expand_trig(expression(l_1, l_2, theta)), general)


@proves("eq-overlap", "eq-overlap-definition")
def overlap(expression):
    assert same(sp.log(expression(DELTA, SIGMA_P, SIGMA_Q)), log_overlap(HALF))


@proves("eq-hellinger", "eq-hellinger-definition")
def hellinger(expression):
    """Half of the integral of (√p - √q)² is 1 - ∫ √(pq), because p and q integrate to one."""
    assert same(log_integral(log_p(0), x), 0)
    assert same(log_integral(log_q(), x), 0)
    square = expression(DELTA, SIGMA_P, SIGMA_Q) ** 2
    assert same(sp.log(1 - square), log_overlap(HALF))


@proves("eq-chernoff")
def chernoff(expression):
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, ALPHA), -log_overlap(ALPHA))


@proves("eq-chernoff-definition")
def chernoff_definition(expression):
    value = sp.log(expression(DELTA, SIGMA_P, SIGMA_Q, ALPHA))
    assert same(sp.expand_log(value, force=True), log_overlap(ALPHA))


@proves("eq-chernoff-information")
def chernoff_information(expression):
    """It is the value at each exponent; hence also at the one that attains the maximum."""
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, ALPHA), -log_overlap(ALPHA))


@proves("eq-chernoff-alpha-1d")
def chernoff_alpha_1d(expression):
    """Its two sides differ by a factor of the slope of the exponent, which is zero at the top."""
    alpha = sp.Symbol("alpha", positive=True)
    laws = log_density(x, mu_p, sigma_p), log_density(x, mu_q, sigma_q)
    slope = sp.diff(-log_integral(alpha * laws[0] + (1 - alpha) * laws[1], x), alpha)
    mixed = (1 - alpha) * sigma_p**2 + alpha * sigma_q**2
    more = sigma_q**2 - sigma_p**2
    left = ((mu_p - mu_q) ** 2 + more * sp.log(sigma_q**2 / sigma_p**2)) * mixed**2
    right = expression(mu_p, mu_q, sigma_p, sigma_q, sp.sqrt(mixed))
    assert same(right - left, 2 * more * mixed**2 * slope)


@proves("eq-renyi", "eq-renyi-definition")
def renyi(expression):
    """For orders between 0 and 1; up to where the integral ends both sides are analytic."""
    value = expression(DELTA, SIGMA_P, SIGMA_Q, ALPHA)
    assert same((ALPHA - 1) * value, log_overlap(ALPHA))


@proves("eq-renyi-eigenvalues")
def renyi_eigenvalues(expression):
    """That the lambdas are the eigenvalues is part of the proof of `eq-kl-eigenvalues`."""
    value = expression(DELTA, SIGMA_P, SIGMA_Q, ALPHA, lam)
    assert same((ALPHA - 1) * value, log_overlap(ALPHA))


@proves("eq-renyi-1d")
def renyi_1d(expression):
    """From `eq-renyi`."""
    general = FORMULAS["eq-renyi"].expression(
        *(sp.Matrix([value]) for value in (mu_p - mu_q, sigma_p**2, sigma_q**2)), ALPHA
    )
    assert same(expression(mu_p, mu_q, sigma_p, sigma_q, ALPHA), general)


@proves("eq-renyi-skew")
def renyi_skew(expression):
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, ALPHA), -log_overlap(ALPHA))


@proves("eq-renyi-half")
def renyi_half(expression):
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q), log_overlap(HALF) / (HALF - 1))


@cache
def variance_of_log_ratio():
    """A sum over the coordinates, because these are independent; a constant does not matter."""
    quadratic, linear, _ = sp.Poly(sp.expand(log_p(0) - log_q()), x).all_coeffs()
    moments = [mean_under_p(x**k, 0) for k in range(5)]
    mean = quadratic * moments[2] + linear * moments[1]
    square = quadratic**2 * moments[4] + 2 * quadratic * linear * moments[3]
    first = square + linear**2 * moments[2] - mean**2
    return over_coordinates(lambda i: first.subs({m[0]: m[i], lam[0]: lam[i]}, simultaneous=True))


@proves("eq-log-ratio-variance")
def log_ratio_variance(expression):
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, 2), variance_of_log_ratio())


@proves("eq-renyi-slope")
def renyi_slope(expression):
    """D = log c/(α - 1), and log c vanishes at α = 1: the slope there is half of its curvature."""
    order = sp.Symbol("order", positive=True)
    logarithm = log_overlap(order)
    assert same(logarithm.subs(order, 1), 0)
    slope = sp.diff(logarithm, order, 2).subs(order, 1) / 2
    assert same(slope, variance_of_log_ratio() / 2)
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, 2), slope)


@proves("eq-renyi-infinity")
def renyi_infinity(expression):
    """It is the largest log p - log q: at the top of a parabola in each coordinate.

    The mean of (p/q)^(α - 1) under p, to the power 1/(α - 1), tends to the largest p/q.
    """

    def top(i):
        ratio = sp.expand(log_p(i) - log_q())
        quadratic, linear, constant = sp.Poly(ratio, x).all_coeffs()
        assert same(quadratic, -(1 / lam[i] - 1) / 2)  # negative if p is narrower
        return constant - linear**2 / (4 * quadratic)

    assert same(expression(DELTA, SIGMA_P, SIGMA_Q), over_coordinates(top))


# --- bounds ---------------------------------------------------------------------------------


def logarithm_is_below_its_tangent():
    """log u ≤ u - 1, so that the mean of log u is at most 0 where that of u is 1."""
    u = sp.Symbol("u", positive=True)
    gap = u - 1 - sp.log(u)
    # It vanishes at one, and from there it grows on both sides.
    return gap.subs(u, 1) == 0 and same(sp.diff(gap, u), (u - 1) / u)


LENGTH = sp.Symbol("length", positive=True)


@cache
def beyond_halfway():
    """What the density at `LENGTH` has more than that at the origin, beyond half of the way."""
    p, q = (sp.exp(log_density(x, mean, 1)) for mean in (LENGTH, 0))
    return sp.integrate(p - q, (x, LENGTH / 2, sp.oo)).rewrite(sp.erf)


@proves("eq-variation-definition", "eq-variation-equal")
def variation_equal(expression):
    """In whitened coordinates, with δ along the first axis, the densities cross halfway."""
    assert same(log_density(LENGTH / 2, LENGTH, 1), log_density(LENGTH / 2, 0, 1))
    value = sp.simplify(expression(S * sp.Matrix([LENGTH, 0]), SIGMA_Q))
    assert same(value, beyond_halfway())


@proves("eq-common-mass")
def common_mass(expression):
    """In the coordinates of `eq-variation-equal` each is the smaller on its far side."""
    p, q = (sp.exp(log_density(x, mean, 1)) for mean in (LENGTH, 0))
    tails = sp.integrate(p, (x, -sp.oo, LENGTH / 2)) + sp.integrate(q, (x, LENGTH / 2, sp.oo))
    value = sp.simplify(expression(S * sp.Matrix([LENGTH, 0]), SIGMA_Q))
    assert same(value, tails.rewrite(sp.erf))


@proves("eq-variation-1d")
def variation_1d(expression):
    """Between two crossings p - q has one sign, outside of them the other; it integrates to zero.

    So the total variation is the integral outside, on each side by its absolute value.
    """
    z_1, z_2 = sp.symbols("z_1 z_2", real=True)
    p, q = (sp.exp(log_density(x, *law)) for law in ((mu_p, sigma_p), (mu_q, sigma_q)))
    masses = (sp.integrate(p, (x, *bounds)) for bounds in ((-sp.oo, z_1), (z_2, sp.oo)))
    of_q = {mu_p: mu_q, sigma_p: sigma_q}
    left, right = (mass - mass.subs(of_q, simultaneous=True) for mass in masses)
    value = expression(mu_p, mu_q, sigma_p, sigma_q, [z_1, z_2])
    terms = [term.args[0] for term in value.args]
    assert len(terms) == 2
    assert all(any(same(t, s * side) for t in terms for s in (1, -1)) for side in (left, right))
    ratio = sp.expand(sp.expand_log(sp.log(p) - sp.log(q), force=True))
    assert sp.Poly(ratio, x).degree() == 2  # so that there are at most two crossings


def larger_and_smaller():
    """Two numbers ≥ 0, the first the larger, for √p and √q at some point, or the reverse."""
    smaller, more = sp.symbols("smaller more", nonnegative=True)
    return smaller + more, smaller


@proves("eq-bayes-error")
def bayes_error(expression):
    """The smaller of p and q is half of p + q - |p - q|, and it is at most √(pq)."""
    a, b = larger_and_smaller()
    assert same(b**2, (a**2 + b**2 - (a**2 - b**2)) / 2)
    assert (sp.expand(a * b - b**2)).is_nonnegative
    assert same(sp.log(2 * expression(DELTA, SIGMA_P, SIGMA_Q)), log_overlap(HALF))


@proves("eq-variation-bounds", "eq-variation-hellinger")
def variation_bounds(expression):
    """With 2TV = ∫ |√p - √q| (√p + √q), at least ∫ (√p - √q)², and by Cauchy and Schwarz.

    The square of the integral is at most ∫ (√p - √q)² ∫ (√p + √q)² = (2 - 2BC)(2 + 2BC).
    """
    a, b = larger_and_smaller()
    assert sp.expand((a - b) * (a + b) - (a - b) ** 2).is_nonnegative
    overlap = sp.Symbol("overlap", positive=True)
    square = (2 - 2 * overlap) * (2 + 2 * overlap) / 4
    value = expression(DELTA, SIGMA_P, SIGMA_Q) ** 2
    assert same(sp.log(1 - sp.expand(value)), 2 * log_overlap(HALF))
    assert same(square, 1 - overlap**2)


@proves("eq-bhattacharyya-kl", "eq-chernoff-bounds")
def above_bhattacharyya(expression):
    """By Jensen: c = ∫ p^α q^(1 - α) is the mean of (q/p)^(1 - α), so -log c ≤ (1 - α) KL.

    At α = ½ this is 2BD ≤ KL; at any α it is C ≤ KL; and C is no less than the value at ½.
    """
    assert logarithm_is_below_its_tangent()
    assert same(expression(DELTA, SIGMA_P, SIGMA_Q, 2), kl_from_the_integral())


@proves("eq-bretagnolle-huber")
def bretagnolle_huber(expression):
    """TV² ≤ 1 - BC², by `eq-variation-bounds`, and BC ≥ exp(-KL/2), by `eq-bhattacharyya-kl`."""
    square = expression(DELTA, SIGMA_P, SIGMA_Q, 2) ** 2
    assert same(sp.log(1 - square), -kl_from_the_integral())


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


# --- nearly equal Gaussians --------------------------------------------------------------------


def along_a_line():
    """Σp, v and Δ in coordinates in which Σp is diagonal, and the parameter s."""
    s, a, b = sp.Symbol("s", real=True), *sp.symbols("a b", positive=True)
    change = sp.Matrix(2, 2, sp.symbols("e_11 e_12 e_12 e_22", real=True))
    return sp.diag(a, b), vector("v", 2), change, s


@proves("eq-fisher")
def fisher(expression):
    """From `eq-kl`."""
    p, v, change, s = along_a_line()
    value = FORMULAS["eq-kl"].expression(-s * v, p, p + s * change, 2)
    assert same(sp.diff(value, s, 2).subs(s, 0), expression(v, change, p))


@proves("eq-fisher-bhattacharyya")
def fisher_bhattacharyya(expression):
    """From `eq-bhattacharyya`."""
    p, v, change, s = along_a_line()
    value = FORMULAS["eq-bhattacharyya"].expression(-s * v, p, p + s * change)
    assert same(sp.diff(value, s, 2).subs(s, 0), expression(v, change, p))


# --- gradients, as slopes along a line ----------------------------------------------------------


def moving():
    """Σp, v and Δ as in `along_a_line`, with δ and any other covariance."""
    p, v, change, s = along_a_line()
    q = sp.Matrix(2, 2, sp.symbols("q_11 q_12 q_12 q_22", real=True))
    return p, v, change, s, vector("d", 2), q


@proves("eq-kl-gradient")
def kl_gradient(expression):
    """From `eq-kl`."""
    p, v, change, s, delta, q = moving()
    value = FORMULAS["eq-kl"].expression(delta + s * v, p + s * change, q, 2)
    assert same(sp.diff(value, s).subs(s, 0), expression(v, change, delta, p, q))


@proves("eq-kl-gradient-second")
def kl_gradient_second(expression):
    """From `eq-kl`, whose first argument is q here."""
    p, v, change, s, delta, q = moving()
    value = FORMULAS["eq-kl"].expression(-delta - s * v, q, p + s * change, 2)
    assert same(sp.diff(value, s).subs(s, 0), expression(v, change, delta, p, q))


@proves("eq-bhattacharyya-gradient")
def bhattacharyya_gradient(expression):
    """From `eq-bhattacharyya`."""
    p, v, change, s, delta, q = moving()
    value = FORMULAS["eq-bhattacharyya"].expression(delta + s * v, p + s * change, q)
    assert same(sp.diff(value, s).subs(s, 0), expression(v, change, delta, p, q))


# --- Rao's distance -----------------------------------------------------------------------------


@proves("eq-fisher-rao-1d")
def fisher_rao_1d(expression):
    """It is zero at q, and its gradient has the length one everywhere else.

    So no path is shorter than what the distance grows by along it, and along the gradient it grows
    by as much as the path is long. Lengths are measured by dμ²/σ² + 2 dσ²/σ².
    """
    distance = expression(mu_p, mu_q, sigma_p, sigma_q)
    assert distance.subs({mu_p: mu_q, sigma_p: sigma_q}) == 0
    by_mean, by_deviation = (sp.diff(distance, letter) for letter in (mu_p, sigma_p))
    assert same(sigma_p**2 * (by_mean**2 + by_deviation**2 / 2), 1)


@proves("eq-fisher-rao-means")
def fisher_rao_means(expression):
    """With Σ = LDLᵀ a step is at least as long as its part in D, the metric of a flat space.

    In coordinates in which both covariances are diagonal D is Σ at both ends, so that the distance
    in that space, with coordinates log D/√2, is the least length.
    """
    slope, step, along, across = sp.symbols("slope step along across", real=True)
    (d_1, d_2), (c_1, c_2) = sp.symbols("d_1 d_2", positive=True), sp.symbols("c_1 c_2", real=True)
    L, dL = sp.Matrix([[1, 0], [slope, 1]]), sp.Matrix([[0, 0], [step, 0]])
    D, dD, mean = sp.diag(d_1, d_2), sp.diag(c_1, c_2), sp.Matrix([along, across])
    inverse = (L * D * L.T).inv()
    change = dL * D * L.T + L * dD * L.T + L * D * dL.T
    length = (mean.T * inverse * mean)[0] + ((inverse * change) ** 2).trace() / 2
    least = along**2 / d_1 + ((c_1 / d_1) ** 2 + (c_2 / d_2) ** 2) / 2
    assert same(length - least, (across - slope * along) ** 2 / d_2 + step**2 * d_1 / d_2)
    logs = [sp.log(value) / sp.sqrt(2) for value in lam]
    assert same(expression(lam) ** 2, sum(log**2 for log in logs))


@proves("eq-fisher-rao-covariances")
def fisher_rao_covariances(expression):
    """From `eq-fisher-rao-1d`, in whitened coordinates with δ along the first axis.

    By the inequality in the proof of `eq-fisher-rao-means` other paths are no shorter.
    """
    more = sp.Symbol("more", positive=True)
    length = sp.sqrt(2) * (1 + more - 1 / (1 + more))  # any positive number
    value = settled(sp.simplify(expression(S * sp.Matrix([length, 0]), SIGMA_Q)))
    line = FORMULAS["eq-fisher-rao-1d"].expression(length, 0, 1, 1)
    assert same(value, 2 * sp.sqrt(2) * sp.log(1 + more))
    assert same(settled(sp.simplify(line)), value)


# --- one Gaussian out of several ----------------------------------------------------------------


@proves("eq-mixture-covariance")
def mixture_covariance(expression):
    """The mean of xxᵀ is that of each part, weighted; of a part it is Σ + μμᵀ."""
    assert same(expectation(x**2, x, mu_p, sigma_p), sigma_p**2 + mu_p**2)
    w = sp.symbols("w_1 w_2", positive=True)
    weights = (*w, 1 - sum(w))
    means = [vector(name, 2) for name in "abc"]
    covs = [matrix(name, 2, 2) for name in "pqr"]
    m = sum((weight * mean for weight, mean in zip(weights, means, strict=True)), sp.zeros(2, 1))
    squares = sum(
        (
            weight * (cov + mean * mean.T)
            for weight, mean, cov in zip(weights, means, covs, strict=True)
        ),
        sp.zeros(2),
    )
    assert same(expression(means, covs, weights, m), squares - m * m.T)


def precisions():
    """Those of p and of q, two symmetric matrices of letters."""
    return (
        sp.Matrix(2, 2, sp.symbols(f"{name}_11 {name}_12 {name}_12 {name}_22", real=True))
        for name in "pq"
    )


@proves("eq-geometric-covariance")
def geometric_covariance(expression):
    """Log densities add up, and so do their second derivatives, minus the precisions."""
    p, q = precisions()
    alpha = sp.Symbol("alpha", positive=True)
    value = expression(p.inv(), q.inv(), alpha)
    assert same(value * (alpha * p + (1 - alpha) * q), sp.eye(2))


@proves("eq-geometric-mean")
def geometric_mean(expression):
    """There the gradient of the logarithm of the product vanishes: it is the largest."""
    p, q = precisions()
    alpha, first, second = sp.Symbol("alpha", positive=True), vector("m", 2), vector("n", 2)
    mean = expression(first, second, p.inv(), q.inv(), alpha)
    slope = alpha * p * (mean - first) + (1 - alpha) * q * (mean - second)
    assert same(slope, sp.zeros(2, 1))
