"""Proofs of the formulas of one Gaussian; the reduction is explained in `reduction.py`."""

import sympy as sp
from formulas.proofs import proves
from formulas.reduction import (
    SIGMA_P,
    S,
    det_s,
    lam,
    log_p,
    m,
    mean_under_p,
    over_coordinates,
)

from gausslib.formulas import FORMULAS
from gausslib.formulas._formula import square_root
from gausslib.symbolic import expectation, log_integral, matrix, same, vector, x

# The mean of p is S m: the origin is that of the coordinates t, x = S t.
MU_P = S * m


def symmetric(name: str, dimension: int) -> sp.Matrix:
    """A symmetric matrix of letters."""
    entry = lambda i, j: sp.Symbol(f"{name}_{min(i, j)}{max(i, j)}", real=True)  # noqa: E731
    return sp.Matrix(dimension, dimension, entry)


def moments_of_t():
    """Mean and second moment under p, by integrals; the coordinates are independent."""
    mean = sp.Matrix([mean_under_p(x, i) for i in range(2)])
    square = mean * mean.T
    for i in range(2):
        square[i, i] = mean_under_p(x**2, i)
    return mean, square


@proves("eq-density", "eq-log-density")
def density(expression):
    """In the coordinates t it is a product over the line, and there the integral is one."""
    t = vector("t", 2)
    value = expression(S * t, MU_P, SIGMA_P, 2)
    log_value = value if expression is FORMULAS["eq-log-density"].expression else sp.log(value)
    assert same(log_value, over_coordinates(lambda i: log_p(i).subs(x, t[i])) - sp.log(det_s))
    assert same(log_integral(log_p(0), x), 0)


@proves("eq-mahalanobis")
def mahalanobis(expression):
    """Half of its square is what the log-density loses on the way from its maximum."""
    point, mean, cov = vector("x", 2), vector("mu", 2), symmetric("s", 2)
    log_density = FORMULAS["eq-log-density"].expression
    loss = log_density(mean, mean, cov, 2) - log_density(point, mean, cov, 2)
    assert same(expression(point, mean, cov) ** 2 / 2, loss)


@proves("eq-second-moment")
def second_moment(expression):
    _, square = moments_of_t()
    assert same(S * square * S.T, expression(MU_P, SIGMA_P))


@proves("eq-gaussian-integral")
def gaussian_integral(expression):
    """With ω = S⁻ᵀw the exponent is -½ Σ tᵢ²/λᵢ + Σ wᵢtᵢ."""
    w = vector("w", 2)
    value = over_coordinates(lambda i: log_integral(-(x**2) / (2 * lam[i]) + w[i] * x, x))
    assert same(sp.log(expression(S.inv().T * w, SIGMA_P, 2)), value + sp.log(det_s))


@proves("eq-moment-generating")
def moment_generating(expression):
    w = vector("w", 2)
    value = over_coordinates(lambda i: log_integral(log_p(i) + w[i] * x, x))
    assert same(sp.log(expression(S.inv().T * w, MU_P, SIGMA_P)), value)


@proves("eq-characteristic-real", "eq-characteristic-imaginary")
def characteristic(expression):
    """The mean of exp(iωᵀx) is a product over the coordinates x = m + √λ t, with t standard."""
    w, c = vector("w", 2), sp.Symbol("c", positive=True)
    assert expectation(sp.cos(c * x), x, 0, 1) == sp.exp(-(c**2) / 2)
    assert expectation(sp.sin(c * x), x, 0, 1) == 0
    turn, decay = (w.T * m)[0], sum(w[i] ** 2 * lam[i] for i in range(2)) / 2
    part = sp.cos if expression is FORMULAS["eq-characteristic-real"].expression else sp.sin
    assert same(expression(S.inv().T * w, MU_P, SIGMA_P), part(turn) * sp.exp(-decay))


@proves("eq-entropy")
def entropy(expression):
    mean = over_coordinates(lambda i: mean_under_p(-log_p(i), i))
    assert same(expression(SIGMA_P, 2), mean + sp.log(det_s))


@proves("eq-maximum-entropy")
def maximum_entropy(expression):
    """It is the mean of -log p under f, and this exceeds h(f) by KL(f‖p), which is not negative.

    The former because -log p is quadratic, and its mean known from the moments; the latter by
    log u ≤ u - 1, where u = p/f has the mean one under f.
    """

    def mean_under_f(i):
        square, linear, constant = sp.Poly(sp.expand(-log_p(i)), x).all_coeffs()
        return square * (m[i] ** 2 + lam[i]) + linear * m[i] + constant

    assert same(expression(SIGMA_P, 2), over_coordinates(mean_under_f) + sp.log(det_s))
    u = sp.Symbol("u", positive=True)
    gap = u - 1 - sp.log(u)
    assert gap.subs(u, 1) == 0  # and from there it grows on both sides:
    assert same(sp.diff(gap, u), (u - 1) / u)


@proves("eq-ellipse")
def ellipse(expression):
    """The semi-axes are its eigenvectors, their squares the eigenvalues."""
    s_1, s_2 = sp.symbols("s_1 s_2", positive=True)
    theta = sp.Symbol("theta", real=True)
    first = sp.Matrix([sp.cos(theta), sp.sin(theta)])
    second = sp.Matrix([-sp.sin(theta), sp.cos(theta)])
    value = expression(s_1, s_2, theta)
    assert same(value * first, s_1**2 * first)
    assert same(value * second, s_2**2 * second)


@proves("eq-affine-mean")
def affine_mean(expression):
    A, b, (mean, _) = matrix("a", 2, 2), vector("b", 2), moments_of_t()
    assert same(A * S * mean + b, expression(A, MU_P, b))


@proves("eq-affine-covariance")
def affine_covariance(expression):
    A, (mean, square) = matrix("a", 2, 2), moments_of_t()
    assert same(A * S * (square - mean * mean.T) * S.T * A.T, expression(A, SIGMA_P))


@proves("eq-whitening")
def whitening(expression):
    """By the covariance of an affine image, where the root is a root."""
    cov = symmetric("s", 2)
    root = square_root(cov)
    assert same(root * root, cov)
    image = FORMULAS["eq-affine-covariance"].expression(root.inv(), root * root)
    assert same(image, expression(2))


@proves("eq-marginal")
def marginal(expression):
    """The moment generating function of x, where omega is zero outside J."""
    first, last = sp.symbols("omega_0 omega_2", real=True)
    mean, cov = vector("mu", 3), symmetric("s", 3)
    general = FORMULAS["eq-moment-generating"].expression
    value = expression(
        sp.Matrix([first, last]), mean.extract([0, 2], [0]), cov.extract([0, 2], [0, 2])
    )
    assert same(sp.log(general(sp.Matrix([first, 0, last]), mean, cov)), sp.log(value))


@proves("eq-conditional-mean", "eq-conditional-covariance")
def conditional(expression):
    """The density is the product of that of x_J and that of the conditional law."""
    del expression  # both entries make one law
    point, mean, cov = vector("x", 3), vector("mu", 3), symmetric("s", 3)
    J, K = [0, 1], [2]
    blocks = [cov.extract(*rows) for rows in ((K, J), (J, J), (K, K), (J, K))]
    known, given = mean.extract(J, [0]), point.extract(J, [0])
    law = (
        FORMULAS["eq-conditional-mean"].expression(
            mean.extract(K, [0]), blocks[0], blocks[1], given, known
        ),
        FORMULAS["eq-conditional-covariance"].expression(
            blocks[2], blocks[0], blocks[1], blocks[3]
        ),
    )
    log_density = FORMULAS["eq-log-density"].expression
    product = log_density(given, known, blocks[1], 2)
    product += log_density(point.extract(K, [0]), *law, 1)
    assert same(log_density(point, mean, cov, 3), product)


@proves("eq-sample-covariance")
def sample_covariance(expression):
    """It is half the mean of (xᵢ - xⱼ)(xᵢ - xⱼ)ᵀ over pairs, whose mean is 2Σ: unbiased."""
    points = [vector(name, 2) for name in "xyz"]
    n, zero = len(points), sp.zeros(2, 2)
    center = sum(points, sp.zeros(2, 1)) / n
    pairs = sum(((a - b) * (a - b).T for a in points for b in points), zero)
    assert same(expression(points, center), pairs / (2 * n * (n - 1)))
    first, second = sp.symbols("x_1 x_2", real=True)  # independent, of one law
    mean, deviation = sp.Symbol("mu", real=True), sp.Symbol("sigma", positive=True)
    inner = expectation((first - second) ** 2, first, mean, deviation)
    assert same(expectation(inner, second, mean, deviation), 2 * deviation**2)


@proves("eq-weighted-covariance")
def weighted_covariance(expression):
    """Half the mean of the same squares, each pair of samples with the product of its weights.

    So it is unbiased as the covariance without weights is: the weights are numbers.
    """
    points = [vector(name, 2) for name in "xyz"]
    weights = sp.symbols("u v w", positive=True)
    total = sum(weights)
    center = sum((w * x for w, x in zip(weights, points, strict=True)), sp.zeros(2, 1)) / total
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    products = [weights[i] * weights[j] for i, j in pairs]
    squares = [(points[i] - points[j]) * (points[i] - points[j]).T for i, j in pairs]
    weighted = sum((w * s for w, s in zip(products, squares, strict=True)), sp.zeros(2, 2))
    assert same(expression(points, center, weights), weighted / (2 * sum(products)))
