"""Proofs for every dimension by a reduction to the line.

For a formula in any dimension that no invertible affine map changes, a proof has two parts, the
reduction and the integral. The reduction: any pair can be written with Σq = SSᵀ, Σp = SΛSᵀ and
δ = Sm, where S is invertible and Λ diagonal; in the coordinates x = μq + St both laws have
independent components, N(mᵢ, λᵢ) and N(0, 1), so that the integral over the space is a sum or
a product of integrals over the line. The integral: SymPy does it. S, m and Λ are letters, in
two dimensions; the argument does not depend on their number.
"""

from functools import cache

import sympy as sp

from gausslib.symbolic import expectation, log_density, log_integral, vector, x

# The last entry of S by its determinant, positive because a column may change its sign.
s_11, s_12, s_21 = sp.symbols("s_11 s_12 s_21", real=True)
det_s = sp.Symbol("det_s", positive=True)
S = sp.Matrix([[s_11, s_12], [s_21, (det_s + s_12 * s_21) / s_11]])
m, lam = vector("m", 2), vector("lambda", 2, positive=True)
DELTA, SIGMA_P, SIGMA_Q = (
    product.applyfunc(sp.cancel) for product in (S * m, S * sp.diag(*lam) * S.T, S * S.T)
)


def log_p(i):
    return log_density(x, m[i], sp.sqrt(lam[i]))


def log_q():
    return log_density(x, 0, 1)


def over_coordinates(part):
    """The sum over the coordinates of a mean, or a logarithm of an integral, on the line."""
    return sum(part(i) for i in range(2))


def mean_under_p(value, i):
    return expectation(value, x, m[i], sp.sqrt(lam[i]))


@cache
def log_overlap(weight):
    """The logarithm of the integral of p^weight q^(1 - weight)."""
    return over_coordinates(lambda i: log_integral(weight * log_p(i) + (1 - weight) * log_q(), x))
