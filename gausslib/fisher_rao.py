"""Rao's distance: the length of the shortest path of Gaussians, measured by Fisher's information.

Invertible affine maps do not change it. In coordinates in which both covariances are diagonal, it
has a closed form if the means differ along the first axis. Write Σ = LDLᵀ, with ones on the
diagonal of L, for a point of any path between them, and ω = L⁻¹dL. The squared length of a step,

    dμᵀ Σ⁻¹ dμ + ½ tr (Σ⁻¹dΣ)²  =  |D^-½L⁻¹dμ|² + ½ Σᵢ (d log Dᵢ)² + Σᵢ>ⱼ ωᵢⱼ² Dⱼ/Dᵢ,

is at least (dμ₁)²/D₁ + ½ Σᵢ (d log Dᵢ)², and as much where Σ is diagonal and only μ₁ changes. So a
shortest path is one of those, among which the metric is a sum: that of the line in the first
coordinate, a hyperbolic plane, and ½ (d log Dᵢ)² in each of the others.
"""

from __future__ import annotations

import numpy as np

from gausslib._factor import EPS, pivot_floor
from gausslib._linalg import Array, Values
from gausslib._pair import Pair, over_pairs
from gausslib.gaussian import Gaussian

__all__ = ["fisher_rao_distance"]

# How far the difference of the means may be from an eigenvector, in standard deviations: up to the
# first it is taken for rounding error, and beyond the second it is none, however close to singular
# the covariances are. It changes no more than this share of the distance.
_NEGLIGIBLE, _NOT_NEGLIGIBLE = 1e-9, 1e-6


def fisher_rao_distance(p: Gaussian, q: Gaussian) -> Values:
    r"""Fisher-Rao distance, where it has a closed form: a metric.

    .. math::

        \operatorname{FR}(p, q) = \sqrt2\, \log
            \frac{\sqrt{\delta^2 + 2 (\sigma_p + \sigma_q)^2}
            + \sqrt{\delta^2 + 2 (\sigma_p - \sigma_q)^2}}
            {\sqrt{\delta^2 + 2 (\sigma_p + \sigma_q)^2}
            - \sqrt{\delta^2 + 2 (\sigma_p - \sigma_q)^2}}

    in one dimension. It is the length of the shortest path of Gaussians from `p` to `q`, where the
    squared length of a small step is twice its Kullback-Leibler divergence:
    dμᵀΣ⁻¹dμ + ½ tr (Σ⁻¹dΣ)². For equal means, and for equal covariances, it is

    .. math::

        \operatorname{FR}(p, q) = \sqrt{\tfrac12 \sum_{i=1}^{d} (\log \lambda_i)^2},
        \qquad
        \operatorname{FR}(p, q) = 2 \sqrt2\, \log \Big(
            \sqrt{1 + \tfrac18\, \delta^\top \Sigma_p^{-1} \delta}
            + \sqrt{\tfrac18\, \delta^\top \Sigma_p^{-1} \delta} \Big)

    with the eigenvalues λ of Σq⁻¹Σp.

    Parameters
    ----------
    p, q : Gaussian
        Gaussians of one dimension d = 1, or with equal means, or with equal covariances, or, more
        generally, with a difference of the means that is, up to rounding, an eigenvector of ΣpΣq⁻¹:
        diagonal covariances and means that differ in one coordinate, for instance. Their batch
        dimensions are broadcast.

    Returns
    -------
    scalar or ndarray
        The distance, shape ``batch_shape``. Symmetric, unchanged by invertible affine maps of both
        arguments, and about √(2 KL) for nearly identical Gaussians, accurately. Infinite where the
        supports differ; where two singular Gaussians have one support, it is computed inside that.

    Raises
    ------
    TypeError
        If an argument is not a Gaussian.
    ValueError
        If the dimensions differ, the batch shapes do not broadcast, or no closed form is known.

    See Also
    --------
    w2_distance : the distance of another geometry, which has a closed form for any two.

    Notes
    -----
    In coordinates in which both covariances are diagonal and the means differ along one axis, the
    square of the distance is a sum: along that axis the square of the distance on the line, in any
    other direction ½ (log λᵢ)². No path is shorter than one through such Gaussians. Where the means
    differ along no common axis there is no closed form, but there are bounds [3]_.

    References
    ----------
    .. [1] C. R. Rao, "Information and the accuracy attainable in the estimation of statistical
       parameters", Bulletin of the Calcutta Mathematical Society 37 (1945), 81-91.
    .. [2] C. Atkinson and A. F. S. Mitchell, "Rao's distance measure", Sankhyā A 43 (1981),
       345-365.
    .. [3] M. Calvo and J. M. Oller, "A distance between multivariate normal distributions based in
       an embedding into the Siegel group", Journal of Multivariate Analysis 35 (1990), 223-242.
    .. [4] L. T. Skovgaard, "A Riemannian geometry of the multivariate normal model", Scandinavian
       Journal of Statistics 11 (1984), 211-223.

    Examples
    --------
    >>> import numpy as np
    >>> from gausslib import Gaussian, fisher_rao_distance
    >>> res = fisher_rao_distance(Gaussian(5, 1), Gaussian(5, 9))
    >>> ref = np.log(9) / np.sqrt(2)
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    >>> p, q = Gaussian([0, 0], [[1, 0], [0, 1]]), Gaussian([2, 0], [[1, 0], [0, np.e**2]])
    >>> res = fisher_rao_distance(p, q)
    >>> ref = np.hypot(np.sqrt(2) * np.arccosh(1 + 2**2 / 4), 2 / np.sqrt(2))
    >>> np.allclose(res, ref, rtol=1e-15)
    True
    """
    distance, coupling = np.moveaxis(over_pairs(p, q, _closed_form, width=(2,)), -1, 0)
    open_form = np.asarray((coupling > 1) & np.isfinite(distance))
    if open_form.any():
        i = tuple(map(int, np.argwhere(open_form)[0]))
        raise ValueError(
            "p and q must have one dimension, equal means, equal covariances or, more generally, a "
            "difference of the means that is an eigenvector of ΣpΣq⁻¹, where the distance has a "
            f"closed form, got d = {p.dim} and none of these{f' at {i}' if i else ''}; "
            "hellinger_distance and w2_distance are metrics with a closed form for any two"
        )
    return distance[()]


def _closed_form(pair: Pair) -> Array:
    """Distance, and how far it is from having a closed form: up to one is rounding error.

    In coordinates in which ½ (Σp + Σq) = I both covariances are diagonal, with 1 ± x/2 on the
    diagonals, and z is the difference of the means.
    """
    root, x, z, std_p, std_q = pair.on_common_axes()
    length = np.hypot.reduce(z, axis=-1)
    unit = z / np.where(length > 0, length, 1)[..., None]
    rate = (x * np.square(unit)).sum(-1, keepdims=True)
    along = np.abs(x - rate).argmin(-1)[..., None]
    s_p, s_q, own = (np.take_along_axis(a, along, -1)[..., 0] for a in (std_p, std_q, x))

    gap = own / (s_p + s_q)  # of the two deviations
    first = 2 * np.sqrt(2) * np.arcsinh(np.hypot(length / np.sqrt(8), gap / 2) / np.sqrt(s_p * s_q))
    near = np.abs(x) < 1
    log_ratio = np.where(near, np.arctanh(np.where(near, x / 2, 0)), np.log(std_p / std_q))
    np.put_along_axis(log_ratio, along, 0.0, -1)
    distance = np.hypot(first, np.sqrt(2) * np.hypot.reduce(log_ratio, axis=-1))

    narrow = std_p * std_q
    off = np.linalg.norm((x - rate) * unit / narrow, axis=-1) / (s_p * s_q)
    # Rounding of a covariance grows where the other coordinates leave little of a variance.
    left = root.diagonal(0, -2, -1) / np.hypot.reduce(root, axis=-1)
    rounding = np.square(np.sqrt(pivot_floor(x.shape[-1], EPS)) / narrow.min(-1) / left.min(-1))
    return np.stack([distance, off / np.minimum(_NEGLIGIBLE + rounding, _NOT_NEGLIGIBLE)], axis=-1)
