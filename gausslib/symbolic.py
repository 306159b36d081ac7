"""SymPy building blocks that the derivations share. Needs SymPy; the core does not.

Everything here is exact. `expectation` is a real integral, done by SymPy, never a
formula looked up.
"""

import sympy as sp

x = sp.Symbol("x", real=True)
mu_p, mu_q = sp.symbols("mu_p mu_q", real=True)
sigma_p, sigma_q = sp.symbols("sigma_p sigma_q", positive=True)


def log_density(x: sp.Expr, mu: sp.Expr, sigma: sp.Expr) -> sp.Expr:
    """Log-density at `x` of the one-dimensional Gaussian with mean `mu`, deviation `sigma`."""
    return -((x - mu) ** 2) / (2 * sigma**2) - sp.log(sigma) - sp.log(2 * sp.pi) / 2


def expectation(value: sp.Expr, x: sp.Symbol, mu: sp.Expr, sigma: sp.Expr) -> sp.Expr:
    """Mean of `value`, an expression in `x`, when x ~ N(mu, sigma²): the integral itself."""
    # With x = mu + sigma·t the weight is the standard bell, whatever the parameters.
    t = sp.Dummy("t", real=True)
    bell = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    integrand = sp.expand(value.subs(x, mu + sigma * t))
    return sp.simplify(sp.integrate(integrand * bell, (t, -sp.oo, sp.oo)))


def same(a: sp.Expr, b: sp.Expr) -> bool:
    """Whether two expressions are equal for every value of their symbols."""
    # Each logarithm gets a factored argument, so that equal parts of two of them meet.
    difference = (a - b).replace(sp.log, lambda value: sp.log(sp.factor(value)))
    return sp.simplify(sp.expand_log(difference, force=True)) == 0


def matrix(name: str, rows: int, columns: int) -> sp.Matrix:
    """Make a matrix of real symbols `name11`, `name12`, ..."""
    return sp.Matrix(rows, columns, lambda i, j: sp.Symbol(f"{name}{i + 1}{j + 1}", real=True))


def vector(name: str, dimension: int, **assumptions: bool) -> sp.Matrix:
    """Make a column of real symbols `name1`, `name2`, ..."""
    assumptions = assumptions or {"real": True}
    return sp.Matrix(dimension, 1, lambda i, _: sp.Symbol(f"{name}{i + 1}", **assumptions))
