"""Rao's distance by its definition: the length of the shortest path, found among polynomials.

Nothing here knows a closed form or an equation of geodesics.
"""

import numpy as np
from scipy.optimize import least_squares

legendre = np.polynomial.Legendre.basis


def rao_distance(p, q, degree: int = 14) -> float:
    """Length of the shortest path from p to q whose mean and root are polynomials of the time.

    The energy of a path, the integral of its squared speed, is at least the squared length, and
    equal to it at constant speed: so the least energy is the squared distance.
    """
    d = p.dim
    lower = np.tril_indices(d)
    ends = [np.concatenate([g.mean, np.linalg.cholesky(g.cov)[lower]]) for g in (p, q)]
    nodes, weights = np.polynomial.legendre.leggauss(2 * degree)
    times, weights = (nodes + 1) / 2, weights / 2
    # The straight line, and polynomials that vanish at both ends.
    polynomials = [legendre(k + 2) - legendre(k) for k in range(degree - 1)]
    values = np.array([polynomial(nodes) for polynomial in polynomials])
    slopes = 2 * np.array([polynomial.deriv()(nodes) for polynomial in polynomials])

    def speeds(coefficients):
        """Whitened velocities at all times, whose squares add up to the energy."""
        c = coefficients.reshape(degree - 1, -1)
        at = ends[0] + times[:, None] * (ends[1] - ends[0]) + values.T @ c
        velocity = ends[1] - ends[0] + slopes.T @ c
        root, change = np.zeros((2, len(nodes), d, d))
        root[:, *lower], change[:, *lower] = at[:, d:], velocity[:, d:]
        of_mean = np.linalg.solve(root, velocity[:, :d, None])[..., 0]
        half = np.linalg.solve(root, change)  # L⁻¹ dΣ L⁻ᵀ is L⁻¹dL and its transpose
        of_cov = (half + np.swapaxes(half, -2, -1)).reshape(len(nodes), -1) / np.sqrt(2)
        return (np.sqrt(weights)[:, None] * np.hstack([of_mean, of_cov])).ravel()

    start = np.zeros((degree - 1) * len(ends[0]))
    found = least_squares(speeds, start, method="lm", xtol=1e-14, ftol=1e-14, gtol=1e-14)
    return float(np.sqrt(2 * found.cost))
