"""SymPy building blocks that the derivations share. Needs SymPy; the core does not.

Everything here is exact. `expectation` is a real integral, done by SymPy, never a
formula looked up. `x`, `mu_p`, `mu_q`, `sigma_p` and `sigma_q` are the symbols of a pair
of Gaussians on the line.
"""

import sympy as sp

__all__ = [
    "expectation",
    "log_density",
    "matrix",
    "mu_p",
    "mu_q",
    "same",
    "sigma_p",
    "sigma_q",
    "vector",
    "x",
]

x = sp.Symbol("x", real=True)
mu_p, mu_q = sp.symbols("mu_p mu_q", real=True)
sigma_p, sigma_q = sp.symbols("sigma_p sigma_q", positive=True)


def log_density(x: sp.Expr, mu: sp.Expr, sigma: sp.Expr) -> sp.Expr:
    """Log-density of a Gaussian on the line.

    Parameters
    ----------
    x, mu, sigma : sympy expressions or numbers
        Point, mean and standard deviation.

    Returns
    -------
    sympy.Expr
        -(x - mu)² / (2 sigma²) - log sigma - ½ log 2π.

    Examples
    --------
    >>> from gausslib.symbolic import log_density
    >>> log_density(0, 0, 1)
    -log(2*pi)/2
    """
    x, mu, sigma = map(sp.sympify, (x, mu, sigma))
    return -((x - mu) ** 2) / (2 * sigma**2) - sp.log(sigma) - sp.log(2 * sp.pi) / 2


def expectation(value: sp.Expr, x: sp.Symbol, mu: sp.Expr, sigma: sp.Expr) -> sp.Expr:
    """Mean of an expression in `x` when x ~ N(mu, sigma²): the integral itself.

    Parameters
    ----------
    value : sympy.Expr
        What is averaged.
    x : sympy.Symbol
        The variable that is Gaussian.
    mu, sigma : sympy expressions or numbers
        Its mean and its standard deviation, which must be known to be positive.

    Returns
    -------
    sympy.Expr
        The mean, simplified.

    Examples
    --------
    >>> from gausslib.symbolic import expectation, mu_p, sigma_p, x
    >>> expectation(x**2, x, mu_p, sigma_p)
    mu_p**2 + sigma_p**2
    """
    # With x = mu + sigma·t the weight is the standard bell, whatever the parameters.
    t = sp.Dummy("t", real=True)
    bell = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    integrand = sp.expand(value.subs(x, mu + sigma * t))
    return sp.simplify(sp.integrate(integrand * bell, (t, -sp.oo, sp.oo)))


def same(a: sp.Expr, b: sp.Expr) -> bool:
    """Whether SymPy can show that two expressions are equal for every value of their symbols.

    Parameters
    ----------
    a, b : sympy expressions or numbers
        Logarithms in them are taken to be of positive arguments.

    Returns
    -------
    bool
        True if the difference simplifies to zero.

    Examples
    --------
    >>> import sympy as sp
    >>> from gausslib.symbolic import same, sigma_p, sigma_q
    >>> same(sp.log(sigma_p**2 / sigma_q**2), 2 * sp.log(sigma_p) - 2 * sp.log(sigma_q))
    True
    >>> same(sp.log(sigma_p**2), sp.log(sigma_p))
    False
    """
    # Each logarithm gets a factored argument, so that equal parts of two of them meet.
    difference = sp.sympify(a - b).replace(sp.log, lambda value: sp.log(sp.factor(value)))
    return sp.simplify(sp.expand_log(difference, force=True)) == 0


def matrix(name: str, rows: int, columns: int) -> sp.Matrix:
    """Make a matrix whose entries are letters.

    Parameters
    ----------
    name : str
        The letter.
    rows, columns : int
        Its shape.

    Returns
    -------
    sympy.Matrix
        Real symbols: the name followed by row and column, counted from one.

    Examples
    --------
    >>> from gausslib.symbolic import matrix
    >>> matrix("s", 2, 2)
    Matrix([
    [s11, s12],
    [s21, s22]])
    """
    return sp.Matrix(rows, columns, lambda i, j: sp.Symbol(f"{name}{i + 1}{j + 1}", real=True))


def vector(name: str, dimension: int, positive: bool | None = None) -> sp.Matrix:
    """Make a column whose entries are letters.

    Parameters
    ----------
    name : str
        The letter.
    dimension : int
        Number of entries.
    positive : bool, optional
        Whether the entries are known to be positive.

    Returns
    -------
    sympy.Matrix
        Real symbols: the name followed by the row, counted from one.

    Examples
    --------
    >>> from gausslib.symbolic import vector
    >>> vector("m", 2)
    Matrix([
    [m1],
    [m2]])
    """
    return sp.Matrix(
        dimension, 1, lambda i, _: sp.Symbol(f"{name}{i + 1}", real=True, positive=positive)
    )
