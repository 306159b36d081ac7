"""The building blocks of the derivations, and above all: `same` must be able to say no."""

import pytest
import sympy as sp

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


def test_expectation_gives_the_moments():
    assert same(expectation(x, x, mu_p, sigma_p), mu_p)
    assert same(expectation(x**2, x, mu_p, sigma_p), mu_p**2 + sigma_p**2)
    assert same(expectation((x - mu_p) ** 4, x, mu_p, sigma_p), 3 * sigma_p**4)


def test_log_density_integrates_to_one():
    total = sp.integrate(sp.exp(log_density(x, mu_p, sigma_p)), (x, -sp.oo, sp.oo))
    assert sp.simplify(total) == 1


def test_log_integral_is_the_integral():
    exponent = log_density(x, mu_p, sigma_p) + mu_q * x
    integral = sp.integrate(sp.exp(exponent), (x, -sp.oo, sp.oo))
    assert same(log_integral(exponent, x), sp.log(sp.simplify(integral)))
    with pytest.raises(
        ValueError, match="exponent must be a quadratic polynomial in x, got mu_p\\*x"
    ):
        log_integral(mu_p * x, x)


def test_same_sees_through_the_form():
    assert same((mu_p + mu_q) ** 2, mu_p**2 + 2 * mu_p * mu_q + mu_q**2)
    assert same(sp.log(sigma_p**2 / sigma_q**2), 2 * sp.log(sigma_p) - 2 * sp.log(sigma_q))
    square = matrix("s", 2, 2)
    assert same(sp.log((square * square.T).det()), sp.log(square.det() ** 2))
    assert same(square * square.inv(), sp.eye(2))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (mu_p, mu_q),
        (sp.log(sigma_p), sp.log(sigma_q)),
        (sp.log(sigma_p**2), sp.log(sigma_p)),
        (sigma_p / 2, sigma_p),
        (matrix("s", 2, 2).det(), matrix("s", 2, 2).T.trace()),
        (sp.log(sigma_p) + sp.Rational(1, 10**9), sp.log(sigma_p)),
        (sp.diag(sigma_p, sigma_q), sp.diag(sigma_p, sigma_p)),
    ],
)
def test_same_notices_a_difference(a, b):
    assert not same(a, b)


def test_letters_are_named_by_their_place():
    assert matrix("s", 2, 2)[1, 0] == sp.Symbol("s21", real=True)
    assert vector("lambda", 2, positive=True)[1] == sp.Symbol("lambda2", real=True, positive=True)
