"""SymPy building blocks that the derivations share. Needs SymPy; the core does not.

Everything here is exact. `expectation` is a real integral, done by SymPy, never a
formula looked up. `x`, `mu_p`, `mu_q`, `sigma_p` and `sigma_q` are the symbols of a pair
of Gaussians on the line.
"""

import sympy as sp
from sympy.polys.fields import FracField

__all__ = [
    "expectation",
    "log_density",
    "log_integral",
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
    integrand = sp.expand(sp.sympify(value).subs(x, mu + sigma * t))
    # Taking means is linear: each function of t is integrated once, whatever stands before it.
    factors: dict[sp.Expr, list[sp.Expr]] = {}
    for term in sp.Add.make_args(integrand):
        factor, function = term.as_independent(t, as_Add=False)
        factors.setdefault(function, []).append(factor)
    means = (
        sp.Add(*factor) * sp.integrate(function * bell, (t, -sp.oo, sp.oo))
        for function, factor in factors.items()
    )
    return sp.simplify(sum(means))


def log_integral(exponent: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """Logarithm of the integral of exp(exponent) over the line, for an exponent quadratic in `x`.

    Parameters
    ----------
    exponent : sympy.Expr
        A polynomial of degree two in `x`, whose leading coefficient is taken to be negative: if
        it is not, the integral is infinite.
    x : sympy.Symbol
        The variable of the integral.

    Returns
    -------
    sympy.Expr
        With exponent = -a x² + b x + c it is c + b²/(4a) + ½ log(π/a).

    Raises
    ------
    ValueError
        If the exponent is not a quadratic polynomial in `x`.

    Examples
    --------
    >>> from gausslib.symbolic import log_density, log_integral, mu_p, same, sigma_p, x
    >>> same(log_integral(log_density(x, mu_p, sigma_p), x), 0)
    True
    """
    polynomial = sp.expand(exponent).as_poly(x)
    if polynomial is None or polynomial.degree() != 2:
        raise ValueError(f"exponent must be a quadratic polynomial in {x}, got {exponent}")
    square, linear, constant = polynomial.all_coeffs()
    # The maximum of the exponent, by completing the square, and a bell around it.
    a = sp.Dummy("a", positive=True)
    bell = sp.integrate(sp.exp(-a * x**2), (x, -sp.oo, sp.oo))
    return constant - linear**2 / (4 * square) + sp.log(bell).subs(a, -square)


def same(a: sp.Expr | sp.Matrix, b: sp.Expr | sp.Matrix) -> bool:
    """Whether SymPy can show that two expressions are equal for every value of their symbols.

    Parameters
    ----------
    a, b : sympy expressions, matrices of one shape, or numbers
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
    if isinstance(a, sp.MatrixBase):
        return all(same(entry, sp.S.Zero) for entry in a - b)
    # Each logarithm is taken apart, and what is left in it factored, so that equal parts meet.
    difference = sp.expand_log(sp.sympify(a - b), force=True)
    difference = difference.replace(sp.log, lambda value: sp.log(sp.factor(value)))
    difference = sp.expand_log(difference, force=True)
    return (
        _is_zero_fraction(difference) or sp.cancel(difference) == 0 or sp.simplify(difference) == 0
    )


def _is_zero_fraction(value: sp.Expr) -> bool:
    """Whether a value is zero as a fraction of polynomials in its letters and logarithms.

    Most differences are such fractions. Their own arithmetic is several times as quick as
    `cancel`, which multiplies all denominators first.
    """
    letters = sorted(value.free_symbols | value.atoms(sp.log), key=str)
    if not letters:
        return bool(value == 0)
    try:
        return bool(FracField(letters, sp.QQ, sp.lex).from_expr(value) == 0)
    except ValueError:  # something else is in it, a root or a sine
        return False


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
