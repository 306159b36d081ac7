"""Gradients of divergences by the moments of both Gaussians, in closed form.

A change of Σp by a small symmetric H changes the value by tr(GH), where G is the gradient. So G is
symmetric, and an entry off its diagonal is half of the derivative by that number, which stands in
Σp twice.

For nearly identical Gaussians each gradient is a small difference, of inverses or of a map and the
identity. It is computed from the difference of the covariances, which is formed first:

    Σa⁻¹ - Σb⁻¹ = Σb⁻¹ (Σb - Σa) Σa⁻¹,    T Σp (I - T) + (I - T) Σp = Σp - Σq.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gausslib._linalg import (
    Array,
    Mask,
    replace_where,
    solve_lower,
    solve_lower_pair,
    solve_lower_transposed,
    squared_norm,
)
from gausslib._matching import Match, in_order, matched_roots
from gausslib._pair import Pair, pair_dtype, require_pair
from gausslib._validate import require_finite
from gausslib.gaussian import Gaussian

__all__ = ["PairGradient", "bhattacharyya_gradient", "kl_gradient", "w2_gradient"]

_HALF = np.array(0.5)

# Whitened difference of the covariances from which plain differences lose no more than two digits.
_CLOSE = 0.05


class PairGradient(NamedTuple):
    """Derivatives of a function of two Gaussians by their means and covariances.

    Moving the means by small vectors a and b, the covariances by small symmetric matrices A and B,
    changes the function by ``mean_p @ a + mean_q @ b + (cov_p * A).sum() + (cov_q * B).sum()``.

    Attributes
    ----------
    mean_p, mean_q : ndarray, shape (..., d)
        Derivatives by the means.
    cov_p, cov_q : ndarray, shape (..., d, d)
        Derivatives by the covariances, symmetric matrices. The derivative by a number off the
        diagonal, which a covariance holds twice, is twice the entry.

    Examples
    --------
    >>> from gausslib import Gaussian, PairGradient, kl_gradient
    >>> gradient = kl_gradient(Gaussian(1, 1), Gaussian(0, 1))
    >>> isinstance(gradient, PairGradient)
    True
    >>> print(*(float(part.squeeze()) for part in gradient))
    1.0 0.0 -1.0 -0.5
    """

    mean_p: npt.NDArray[np.floating[Any]]
    cov_p: npt.NDArray[np.floating[Any]]
    mean_q: npt.NDArray[np.floating[Any]]
    cov_q: npt.NDArray[np.floating[Any]]


def kl_gradient(p: Gaussian, q: Gaussian) -> PairGradient:
    r"""Gradient of the Kullback-Leibler divergence of `p` from `q` by the moments of both.

    .. math::

        k'(0) = v^\top \Sigma_q^{-1} \delta
            + \tfrac12 \operatorname{Tr}\big( (\Sigma_q^{-1} - \Sigma_p^{-1}) \Delta \big),
        \qquad
        r'(0) = v^\top \Sigma_p^{-1} \delta
            + \tfrac12 \operatorname{Tr}\Big( \big( \Sigma_p^{-1}
            - \Sigma_p^{-1} (\Sigma_q + \delta \delta^\top) \Sigma_p^{-1} \big) \Delta \Big)

    where p moves along p_s = N(μp + s v, Σp + s Δ), and k(s) = KL(p_s‖q), r(s) = KL(q‖p_s). So the
    parts of the gradient are, with m = Σq⁻¹δ:

    * ``mean_p``: m, and ``mean_q``: -m;
    * ``cov_p``: ½ (Σq⁻¹ - Σp⁻¹);
    * ``cov_q``: ½ (Σq⁻¹ - Σq⁻¹ Σp Σq⁻¹ - m mᵀ).

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension, not singular; their batch dimensions are broadcast.

    Returns
    -------
    PairGradient
        ``(mean_p, cov_p, mean_q, cov_q)``, of shapes ``batch_shape + (d,)`` and
        ``batch_shape + (d, d)``, in nats per unit of the moments. The matrices are exactly
        symmetric; an entry off the diagonal is half of the derivative by that number, which stands
        in a covariance twice. Exactly zero for identical Gaussians, and accurate for nearly
        identical ones.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ, the batch shapes do not broadcast, a covariance is singular, or
        the gradient leaves the range of numbers.

    See Also
    --------
    kl_divergence : what it is the gradient of.

    Notes
    -----
    Equivalent to what ``torch.autograd`` makes of ``torch.distributions.kl_divergence`` for
    covariances that come out of a symmetric expression, such as A + Aᵀ or AAᵀ.

    References
    ----------
    .. [1] J. R. Magnus and H. Neudecker, "Matrix Differential Calculus with Applications in
       Statistics and Econometrics", Wiley (1988), chapter 9.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, kl_divergence, kl_gradient
    >>> p, q = Gaussian([1, 0], [[2, 1], [1, 2]]), Gaussian.standard(2)
    >>> gradient = kl_gradient(p, q)
    >>> step = 1e-6 * np.array([[1, 2], [2, 0]])
    >>> res = kl_divergence(Gaussian(p.mean, p.cov + step), q) - kl_divergence(p, q)
    >>> ref = (gradient.cov_p * step).sum()
    >>> np.allclose(res, ref, rtol=1e-4, atol=0)
    True
    """
    with np.errstate(over="ignore", invalid="ignore"):  # what leaves the range is refused
        pair = _regular_pair(p, q)
        m = _solve(pair.root_q, pair.delta)
        of_p = _inverse_difference(pair, pair.root_q, pair.root_p, 1) / 2
        of_q = -(_between(pair, pair.root_q, pair.root_q) + _square(m)) / 2
    return _gradient(m, of_p, of_q, p, q)


def bhattacharyya_gradient(p: Gaussian, q: Gaussian) -> PairGradient:
    r"""Gradient of the Bhattacharyya distance by the moments of both Gaussians.

    .. math::

        b'(0) = \tfrac14\, v^\top M^{-1} \delta
            + \tfrac14 \operatorname{Tr}\big( (M^{-1} - \Sigma_p^{-1}) \Delta \big)
            - \tfrac{1}{16} \big( \delta^\top M^{-1} \Delta M^{-1} \delta \big)

    where p moves along p_s = N(μp + s v, Σp + s Δ), b(s) = BD(p_s, q) and M = ½ (Σp + Σq). So the
    parts of the gradient are, with m = M⁻¹δ:

    * ``mean_p``: ¼ m, and ``mean_q``: -¼ m;
    * ``cov_p``: ¼ (M⁻¹ - Σp⁻¹) - mmᵀ/16, and ``cov_q`` with Σq in place of Σp.

    That of the Bhattacharyya coefficient, exp(-BD), is minus the coefficient times this one.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension, not singular; their batch dimensions are broadcast.

    Returns
    -------
    PairGradient
        ``(mean_p, cov_p, mean_q, cov_q)``, of shapes ``batch_shape + (d,)`` and
        ``batch_shape + (d, d)``, in nats per unit of the moments. The matrices are exactly
        symmetric; an entry off the diagonal is half of the derivative by that number, which stands
        in a covariance twice. Exactly zero for identical Gaussians, and accurate for nearly
        identical ones.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ, the batch shapes do not broadcast, a covariance is singular, or
        the gradient leaves the range of numbers.

    See Also
    --------
    bhattacharyya_distance : what it is the gradient of.

    References
    ----------
    .. [1] T. Kailath, "The divergence and Bhattacharyya distance measures in signal selection",
       IEEE Transactions on Communication Technology 15 (1967), 52-60.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, bhattacharyya_gradient
    >>> res = bhattacharyya_gradient(Gaussian(4, 1), Gaussian(0, 3))  # M = 2, m = 2
    >>> ref = [[2 / 4], [[(1 / 2 - 1 / 1 - 1) / 4]], [-2 / 4], [[(1 / 2 - 1 / 3 - 1) / 4]]]
    >>> all(np.allclose(part, known, rtol=1e-14) for part, known in zip(res, ref))
    True
    """
    with np.errstate(over="ignore", invalid="ignore"):
        pair = _regular_pair(p, q)
        root = pair.mixed_root(_HALF)
        m = _solve(root, pair.delta)
        of_p = _inverse_difference(pair, root, pair.root_p, 0.5) / 4 - _square(m) / 16
        of_q = _inverse_difference(pair, root, pair.root_q, -0.5) / 4 - _square(m) / 16
    return _gradient(m / 4, of_p, of_q, p, q)


def w2_gradient(p: Gaussian, q: Gaussian) -> PairGradient:
    r"""Gradient of the squared 2-Wasserstein distance by the moments of both Gaussians.

    .. math::

        w'(0) = 2\, v^\top \delta + \operatorname{Tr}\big( (I - T) \Delta \big)

    where p moves along p_s = N(μp + s v, Σp + s Δ), w(s) = W₂(p_s, q)², and T is the matrix of the
    optimal map from p to q, see `transport_map`. So the parts of the gradient are:

    * ``mean_p``: 2δ, and ``mean_q``: -2δ;
    * ``cov_p``: I - T, and ``cov_q``: I - T⁻¹, whose T⁻¹ is the map from q to p.

    It is the gradient of `w2_squared`. That of the distance itself is this one divided by twice the
    distance; where that is zero it has a kink and no gradient.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of the same dimension, not singular; their batch dimensions are broadcast.

    Returns
    -------
    PairGradient
        ``(mean_p, cov_p, mean_q, cov_q)``, of shapes ``batch_shape + (d,)`` and
        ``batch_shape + (d, d)``, lengths and pure numbers. The matrices are exactly symmetric; an
        entry off the diagonal is half of the derivative by that number, which stands in a
        covariance twice. Exactly zero for identical Gaussians, and accurate for nearly identical
        ones.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ, the batch shapes do not broadcast, a covariance is singular, or
        the gradient leaves the range of numbers.

    See Also
    --------
    w2_squared : what it is the gradient of.
    transport_map : the matrix T.

    Notes
    -----
    For nearly equal covariances I - T is computed from Σp - Σq, so that nothing cancels.

    References
    ----------
    .. [1] L. Malagò, L. Montrucchio and G. Pistone, "Wasserstein Riemannian geometry of Gaussian
       densities", Information Geometry 1 (2018), 137-179.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, w2_gradient
    >>> p, q = Gaussian([1, 0], [[1, 0], [0, 4]]), Gaussian([0, 0], [[9, 0], [0, 4]])
    >>> res = w2_gradient(p, q)
    >>> print(res.mean_p, res.mean_q)
    [2. 0.] [-2.  0.]
    >>> np.allclose(res.cov_p, np.diag([1 - 3 / 1, 0])) and np.allclose(
    ...     res.cov_q, np.diag([1 - 1 / 3, 0])
    ... )
    True
    """
    with np.errstate(over="ignore", invalid="ignore"):
        pair = _regular_pair(p, q)
        difference = pair.difference()
        of_p = _identity_less_map(pair, pair.root_p, pair.root_q, difference)
        of_q = _identity_less_map(pair, pair.root_q, pair.root_p, -difference)
    return _gradient(2 * pair.delta, of_p, of_q, p, q)


def _regular_pair(p: Gaussian, q: Gaussian) -> Pair:
    """Return the arrays of a pair, or raise where one has no gradient."""
    require_pair(p, q)
    for name, gaussian in (("p", p), ("q", q)):
        if not gaussian._all_regular:
            index = tuple(map(int, np.argwhere(~gaussian._regular)[0]))
            raise ValueError(
                f"{name} must have a regular covariance, got a singular one"
                f"{f' at {index}' if index else ''}: where a variance is zero it can only grow, "
                "and there is no gradient"
            )
    return Pair.of(p, q)


def _solve(root: Array, column: Array) -> Array:
    """Σ⁻¹ times a column, where Σ = LLᵀ."""
    return solve_lower_transposed(root, solve_lower(root, column))


def _square(column: Array) -> Array:
    return column * column.swapaxes(-2, -1)


def _symmetric(matrix: Array) -> Array:
    return (matrix + matrix.swapaxes(-2, -1)) / 2


def _near(pair: Pair, root: Array) -> Mask:
    """Where a plain difference loses more digits than one that Σp - Σq is put into.

    The error of the first is divided by the size of the difference, measured by LLᵀ, that of the
    second by what the other coordinates leave of a variance. They were seen to be about equal where
    the size is the root of this.
    """
    left = (root.diagonal(0, -2, -1) / np.hypot.reduce(root, axis=-1)).min(-1)
    size = np.sqrt(squared_norm(pair.whitened_difference(root)))
    return np.asarray(size <= np.minimum(left, _CLOSE))


def _inverse_difference(pair: Pair, first: Array, second: Array, factor: float) -> Array:
    """Σ₁⁻¹ - Σ₂⁻¹ for covariances given by their roots, where Σ₂ - Σ₁ is `factor` (Σp - Σq)."""
    far = _symmetric(_inverse(first) - _inverse(second))
    near = factor * _between(pair, first, second)
    return np.where(_near(pair, first)[..., None, None], near, far)


def _inverse(root: Array) -> Array:
    inverse = solve_lower(root, np.broadcast_to(np.eye(root.shape[-1]), root.shape))
    return inverse.swapaxes(-2, -1) @ inverse


def _between(pair: Pair, first: Array, second: Array) -> Array:
    """Σ₁⁻¹ (Σp - Σq) Σ₂⁻¹ for covariances given by their roots, where it is symmetric.

    With W = L₂⁻¹L₁ and E = L₂⁻¹ (Σp - Σq) L₂⁻ᵀ it is L₁⁻ᵀ W⁻¹E L₂⁻¹.
    """
    ratio = solve_lower_pair(second, first)
    inner = solve_lower(ratio, pair.whitened_difference(second))
    half = solve_lower_transposed(second, inner.swapaxes(-2, -1))
    return _symmetric(solve_lower_transposed(first, half.swapaxes(-2, -1)))


def _identity_less_map(pair: Pair, root_p: Array, root_q: Array, difference: Array) -> Array:
    """I - T for the map T from p to q, given by their roots, and the difference Σp - Σq."""
    # With LqᵀLp = U diag(σ) Vᵀ the columns of A = LpV have T = A⁻ᵀ diag(σ) A⁻¹. V and not U: in
    # units that differ widely only the right one keeps its small entries.
    match = matched_roots(root_q, root_p)
    a, dual = _columns(match)
    z = dual * np.sqrt(match.sigma)[..., None, :]
    far = np.ldexp(z @ z.swapaxes(-2, -1), (match.exponent_p - match.exponent_q)[..., None, None])
    far = np.eye(z.shape[-1]) - _symmetric(far)
    matrices = a, dual, _sigma(match)[..., None, :], root_p, difference
    return replace_where(_near(pair, root_p), far, _near_gap, *matrices)


def _near_gap(a: Array, dual: Array, sigma: Array, root_p: Array, difference: Array) -> Array:
    """I - T from T Σp (I - T) + (I - T) Σp = Σp - Σq.

    AᵀTΣp = diag(σ) Aᵀ, and the principal axes C of Σp have ΣpC = C diag(λ). Between these the
    equation is one number divided by another: Aᵀ(I - T)C = Aᵀ(Σp - Σq)C / (σᵢ + λⱼ).
    """
    own = matched_roots(root_p, root_p)
    axes, dual_axes = _columns(own)
    total = sigma.swapaxes(-2, -1) + _sigma(own)[..., None, :]
    inner = a.swapaxes(-2, -1) @ difference @ axes / total
    return _symmetric(dual @ inner @ dual_axes.swapaxes(-2, -1))


def _sigma(match: Match) -> Array:
    return np.ldexp(match.sigma, (match.exponent_p + match.exponent_q)[..., None])


def _columns(match: Match) -> tuple[Array, Array]:
    """Return A = LqV of a match and A⁻ᵀ, in the unit of Lq and in its inverse."""
    dual = solve_lower_transposed(match.lower_q, match.v)
    return in_order(match.lower_q @ match.v, match.place), in_order(dual, match.place)


def _gradient(mean: Array, of_p: Array, of_q: Array, p: Gaussian, q: Gaussian) -> PairGradient:
    """Put a gradient together: by the mean of p, a column, and by the covariances."""
    dtype = pair_dtype(p, q)
    parts = (mean[..., 0], of_p, -mean[..., 0], of_q)
    with np.errstate(over="ignore"):
        typed = [(part + 0.0).astype(dtype, copy=False) for part in parts]  # no negative zeros
    for part in typed:
        require_finite("the gradient", part)
    return PairGradient(*typed)
