"""The formulas of optimal transport."""

from typing import Any

import mpmath
import numpy as np
import sympy as sp

from gausslib import montecarlo
from gausslib.divergences import kl_divergence
from gausslib.formulas._formula import (
    Formula,
    MeanTerm,
    Term,
    nuclear_norm,
    quadratic,
    square_root,
)
from gausslib.gaussian import Gaussian
from gausslib.gradients import w2_gradient
from gausslib.line import w1_distance
from gausslib.samples import frechet_squared, gelbrich_bound
from gausslib.transport import (
    transport_map,
    w2_barycenter,
    w2_distance,
    w2_geodesic,
    w2_squared,
    w2_terms,
)

__all__ = ["FORMULAS"]


def _square(vector):
    return (vector.T * vector)[0]


def _fidelity(Sigma_p, Sigma_q):
    root = square_root(Sigma_p)
    return square_root(root * Sigma_q * root).trace()


def _bures(Sigma_p, Sigma_q):
    return Sigma_p.trace() + Sigma_q.trace() - 2 * _fidelity(Sigma_p, Sigma_q)


def _w2(delta, Sigma_p, Sigma_q):
    return _square(delta) + _bures(Sigma_p, Sigma_q)


def _w2_product(delta, Sigma_p, Sigma_q):
    return _square(delta) + (Sigma_p + Sigma_q - 2 * square_root(Sigma_p * Sigma_q)).trace()


def _w2_nuclear(delta, Sigma_p, Sigma_q):
    overlap = nuclear_norm(square_root(Sigma_p) * square_root(Sigma_q))
    return _square(delta) + Sigma_p.trace() + Sigma_q.trace() - 2 * overlap


def _w2_commuting(delta, Sigma_p, Sigma_q):
    difference = square_root(Sigma_p) - square_root(Sigma_q)
    return _square(delta) + (difference * difference.T).trace()


def _w2_standard(mu_p, Sigma_p, d):
    return _w2_commuting(mu_p, Sigma_p, sp.eye(d))


def _w2_diagonal(delta, sigma_p, sigma_q):
    return sum(
        shift**2 + (s_p - s_q) ** 2 for shift, s_p, s_q in zip(delta, sigma_p, sigma_q, strict=True)
    )


def _w2_1d(mu_p, mu_q, sigma_p, sigma_q):
    return (mu_p - mu_q) ** 2 + (sigma_p - sigma_q) ** 2


def _w1_1d(mu_p, mu_q, sigma_p, sigma_q):
    delta, sigma = mu_p - mu_q, sp.Abs(sigma_p - sigma_q)
    twice_phi = 1 + sp.erf(-delta / sigma / sp.sqrt(2))
    bell = sp.exp(-(delta**2) / (2 * sigma**2))
    return sigma * sp.sqrt(2 / sp.pi) * bell + delta * (1 - twice_phi)


def _root_plane(Sigma_p):
    det = sp.sqrt(Sigma_p.det())
    return (Sigma_p + det * sp.eye(2)) / sp.sqrt(Sigma_p.trace() + 2 * det)


def _fidelity_plane(Sigma_p, Sigma_q):
    return sp.sqrt((Sigma_p * Sigma_q).trace() + 2 * sp.sqrt(Sigma_p.det() * Sigma_q.det()))


def _w2_plane(delta, Sigma_p, Sigma_q):
    overlap = _fidelity_plane(Sigma_p, Sigma_q)
    return _square(delta) + Sigma_p.trace() + Sigma_q.trace() - 2 * overlap


def _w2_turned(l_1, l_2, theta):
    return 2 * (l_1 + l_2) - 2 * sp.sqrt((l_1 - l_2) ** 2 * sp.cos(theta) ** 2 + 4 * l_1 * l_2)


def _turning_cost(Sigma_p, theta):
    return 2 * (1 - sp.cos(theta)) * Sigma_p.trace()


def _product_root(Sigma_p, Sigma_q):
    root = square_root(Sigma_p)
    return root * square_root(root * Sigma_q * root) * root.inv()


def _map(Sigma_p, Sigma_q):
    root = square_root(Sigma_p)
    return root.inv() * square_root(root * Sigma_q * root) * root.inv()


def _inverse_map(Sigma_p, Sigma_q):
    return _map(Sigma_q, Sigma_p)


def _map_product(Sigma_p, Sigma_q):
    return square_root(Sigma_q * Sigma_p) * Sigma_p.inv()


def _w2_slope(v, Delta, delta, Sigma_p, Sigma_q, d):
    return 2 * (v.T * delta)[0] + ((sp.eye(d) - _map(Sigma_p, Sigma_q)) * Delta).trace()


def _w2_map(delta, Sigma_p, Sigma_q, d):
    shift = sp.eye(d) - _map(Sigma_p, Sigma_q)
    return _square(delta) + (shift * Sigma_p * shift).trace()


def _certificate(x, y, T):
    root = square_root(T)
    return _square(root * x - root.inv() * y) / 2


def _dual(Sigma_p, Sigma_q, S, d):
    return ((sp.eye(d) - S) * Sigma_p).trace() + ((sp.eye(d) - S.inv()) * Sigma_q).trace()


def _coupling(delta, Sigma_p, Sigma_q, Sigma_pq):
    return _square(delta) + Sigma_p.trace() + Sigma_q.trace() - 2 * Sigma_pq.trace()


def _gelbrich(mu_P, mu_Q, Sigma_P, Sigma_Q):
    return _w2_product(mu_P - mu_Q, Sigma_P, Sigma_Q)


def _frechet(m_x, m_y, S_x, S_y):
    return _w2_product(m_x - m_y, S_x, S_y)


def _geodesic_mean(mu_p, mu_q, t):
    return (1 - t) * mu_p + t * mu_q


def _geodesic(Sigma_p, Sigma_q, t, d):
    step = (1 - t) * sp.eye(d) + t * _map(Sigma_p, Sigma_q)
    return step * Sigma_p * step


def _geodesic_product(Sigma_p, Sigma_q, t):
    roots = square_root(Sigma_p * Sigma_q) + square_root(Sigma_q * Sigma_p)
    return (1 - t) ** 2 * Sigma_p + t**2 * Sigma_q + t * (1 - t) * roots


def _geodesic_speed(delta, Sigma_p, Sigma_q, t):
    return t * sp.sqrt(_w2(delta, Sigma_p, Sigma_q))


def _barycenter(S, Sigma, w):
    root = square_root(S)
    terms = (weight * square_root(root * cov * root) for weight, cov in zip(w, Sigma, strict=True))
    return sum(terms, sp.zeros(*S.shape))


def _largest_eigenvalue(matrix):
    """Of a covariance: symbolic if it is diagonal, otherwise for numbers only."""
    if matrix.is_diagonal():
        return sp.Max(*matrix.diagonal())
    with mpmath.workdps(60):
        return sp.Float(max(mpmath.eigsy(mpmath.matrix(matrix.tolist()), eigvals_only=True)), 60)


def _talagrand(delta, Sigma_p, Sigma_q, d):
    twice_kl = (
        quadratic(delta, Sigma_q.inv())
        + (Sigma_q.inv() * Sigma_p).trace()
        - d
        + sp.log(Sigma_q.det() / Sigma_p.det())
    )
    return _largest_eigenvalue(Sigma_q) * twice_kl


def _talagrand_standard(s):
    return 2 * sum(value - 1 - sp.log(value) for value in s)


def _bures_metric(E, l, d):  # noqa: E741
    return sum(E[i, j] ** 2 / (l[i] + l[j]) for i in range(d) for j in range(d)) / 2


def _bias(l, d):  # noqa: E741
    means = sum(l[i] * l[j] / (l[i] + l[j]) for i in range(d) for j in range(d))
    return sp.Rational(5, 4) * sum(l) + means / 2


# --- functions of gausslib that need a step before or after ------------------------------


def _w2_mean(p, q):
    return MeanTerm(w2_squared(p, q))


def _bures_term(p, q):
    return w2_terms(p, q).covariance


def _image_covariance(p, q):
    matrix = transport_map(p, q)
    return matrix @ p.cov @ matrix


def _map_back(p, q):
    return transport_map(q, p)


def _path_mean(p, q, t):
    return w2_geodesic(p, q, t).mean


def _path_covariance(p, q, t):
    return w2_geodesic(p, q, t).cov


def _path_length(p, q, t):
    return w2_distance(p, w2_geodesic(p, q, t))


def _slope_of_w2(p, q, v, Delta):
    gradient = w2_gradient(p, q)
    return gradient.mean_p @ v + (gradient.cov_p * Delta).sum()


def _barycenter_covariance(Sigma, w):
    return w2_barycenter(Gaussian(np.zeros(len(Sigma[0])), np.stack(Sigma)), w).cov


def _squared_bound(x, y):
    return gelbrich_bound(x, y) ** 2


def _talagrand_gap(p, q):
    return 2 * kl_divergence(p, q) - w2_squared(p, q)


_W2 = "W_2(p, q)^2 = "
_MEAN = r"\|\delta\|^2"
_TRACES = r"\operatorname{Tr}\Sigma_p + \operatorname{Tr}\Sigma_q"
_FIDELITY = r"\operatorname{Tr}\bigl(\Sigma_p^{1/2} \Sigma_q \Sigma_p^{1/2}\bigr)^{1/2}"
_SQUARED: dict[str, Any] = {
    "function": w2_squared,
    "browser": "w2Squared",
    "estimator": montecarlo.w2_squared,
}

FORMULAS = [
    Formula(
        key="eq-w2",
        name="2-Wasserstein distance between Gaussians",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            _W2,
            Term("mean", _MEAN),
            " + ",
            Term("covariance", _TRACES + " - 2 " + _FIDELITY),
        ),
        expression=_w2,
        decomposition=w2_terms,
        references=(
            "DowsonLandau1982",
            "OlkinPukelsheim1982",
            "GivensShortt1984",
            "Su2021Distances",
        ),
        **_SQUARED,
    ),
    Formula(
        key="eq-w2-centred",
        name="the means apart from the covariances",
        chapter="05-wasserstein",
        scope="any dimension",
        kind="identity",
        pieces=(
            _W2,
            _MEAN + r" + W_2(\mathcal{N}(0, \Sigma_p), \mathcal{N}(0, \Sigma_q))^2",
        ),
        expression=_w2,
        **_SQUARED,
    ),
    Formula(
        key="eq-bures",
        name="squared Bures distance of covariances",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            r"\operatorname{B}(\Sigma_p, \Sigma_q)^2 = ",
            _TRACES + " - 2 " + _FIDELITY,
        ),
        expression=_bures,
        function=_bures_term,
        references=("BhatiaJainLim2019",),
    ),
    Formula(
        key="eq-w2-product",
        name="2-Wasserstein distance by the root of the product",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            _W2,
            _MEAN + r" + \operatorname{Tr}\bigl(\Sigma_p + \Sigma_q"
            r" - 2 (\Sigma_p \Sigma_q)^{1/2}\bigr)",
        ),
        expression=_w2_product,
        references=("DowsonLandau1982", "Su2021Distances"),
        **_SQUARED,
    ),
    Formula(
        key="eq-product-root",
        name="root of the product of two covariances",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            r"(\Sigma_p \Sigma_q)^{1/2} = \Sigma_p^{1/2}",
            r" \bigl(\Sigma_p^{1/2} \Sigma_q \Sigma_p^{1/2}\bigr)^{1/2} \Sigma_p^{-1/2}",
        ),
        expression=_product_root,
        references=("Su2021Distances",),
    ),
    Formula(
        key="eq-w2-nuclear",
        name="2-Wasserstein distance by a nuclear norm",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            _W2,
            _MEAN + " + " + _TRACES,
            r" - 2\, \|\Sigma_p^{1/2} \Sigma_q^{1/2}\|_*",
        ),
        expression=_w2_nuclear,
        **_SQUARED,
    ),
    Formula(
        key="eq-w2-commuting",
        name="2-Wasserstein distance, covariances that commute",
        chapter="05-wasserstein",
        scope="commuting",
        pieces=(_W2, _MEAN + r" + \|\Sigma_p^{1/2} - \Sigma_q^{1/2}\|_F^2"),
        expression=_w2_commuting,
        references=("Su2021Distances",),
        **_SQUARED,
    ),
    Formula(
        key="eq-w2-commuting-bound",
        name="the commuting formula is an upper bound",
        chapter="05-wasserstein",
        scope="equal means",
        kind="inequality",
        pieces=(r"W_2(p, q)^2 \le \|\Sigma_p^{1/2} - \Sigma_q^{1/2}\|_F^2",),
        expression=lambda Sigma_p, Sigma_q: _w2_commuting(sp.zeros(1, 1), Sigma_p, Sigma_q),
    ),
    Formula(
        key="eq-w2-diagonal",
        name="2-Wasserstein distance of diagonal Gaussians",
        chapter="05-wasserstein",
        scope="diagonal",
        pieces=(
            _W2,
            r"\sum_{i=1}^{d} \big[ \delta_i^2 + (\sigma_{p,i} - \sigma_{q,i})^2 \big]",
        ),
        expression=_w2_diagonal,
        **_SQUARED,
    ),
    Formula(
        key="eq-w2-standard",
        name="2-Wasserstein distance from the standard Gaussian",
        chapter="05-wasserstein",
        scope="q standard",
        pieces=(
            r"W_2(p, \mathcal{N}(0, I))^2 = ",
            r"\|\mu_p\|^2 + \|\Sigma_p^{1/2} - I\|_F^2",
        ),
        expression=_w2_standard,
        references=("Su2021Distances",),
        **_SQUARED,
    ),
    Formula(
        key="eq-w2-1d",
        name="2-Wasserstein distance in one dimension",
        chapter="05-wasserstein",
        scope="d = 1",
        pieces=(
            _W2,
            Term("mean", r"(\mu_p - \mu_q)^2"),
            " + ",
            Term("covariance", r"(\sigma_p - \sigma_q)^2"),
        ),
        expression=_w2_1d,
        function=w2_squared,
        estimator=montecarlo.w2_squared,
        decomposition=w2_terms,
    ),
    Formula(
        key="eq-w1-1d",
        name="1-Wasserstein distance in one dimension, with σ = |σp - σq|",
        chapter="05-wasserstein",
        scope="d = 1",
        pieces=(
            r"W_1(p, q) = \sigma \sqrt{\tfrac{2}{\pi}}\, e^{-\delta^2 / 2 \sigma^2}",
            r" + \delta \big( 1 - 2\, \Phi(-\delta / \sigma) \big)",
        ),
        expression=_w1_1d,
        function=w1_distance,
        estimator=montecarlo.w1_distance,
        references=("Vallender1974",),
    ),
    Formula(
        key="eq-root-plane",
        name="root of a covariance in the plane",
        chapter="05-wasserstein",
        scope="d = 2",
        pieces=(
            r"\Sigma_p^{1/2} = \frac{\Sigma_p + \sqrt{\det \Sigma_p}\, I}",
            r"{\sqrt{\operatorname{Tr} \Sigma_p + 2 \sqrt{\det \Sigma_p}}}",
        ),
        expression=_root_plane,
    ),
    Formula(
        key="eq-fidelity-plane",
        name="trace of the root of the product, in the plane",
        chapter="05-wasserstein",
        scope="d = 2",
        pieces=(
            r"\operatorname{Tr}(\Sigma_p \Sigma_q)^{1/2} = ",
            r"\sqrt{\operatorname{Tr}(\Sigma_p \Sigma_q)"
            r" + 2 \sqrt{\det \Sigma_p \det \Sigma_q}}",
        ),
        expression=_fidelity_plane,
    ),
    Formula(
        key="eq-w2-plane",
        name="2-Wasserstein distance in the plane",
        chapter="05-wasserstein",
        scope="d = 2",
        pieces=(
            _W2,
            _MEAN + " + " + _TRACES,
            r" - 2 \sqrt{\operatorname{Tr}(\Sigma_p \Sigma_q)"
            r" + 2 \sqrt{\det \Sigma_p \det \Sigma_q}}",
        ),
        expression=_w2_plane,
        **_SQUARED,
    ),
    Formula(
        key="eq-w2-turned",
        name="2-Wasserstein distance of a turned ellipse",
        chapter="05-wasserstein",
        scope="turned ellipse",
        pieces=(
            _W2,
            r"2 (\ell_1 + \ell_2)"
            r" - 2 \sqrt{(\ell_1 - \ell_2)^2 \cos^2 \theta + 4 \ell_1 \ell_2}",
        ),
        expression=_w2_turned,
        **_SQUARED,
    ),
    Formula(
        key="eq-transport-map",
        name="matrix of the transport map",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            r"T = \Sigma_p^{-1/2} \bigl(\Sigma_p^{1/2} \Sigma_q \Sigma_p^{1/2}\bigr)^{1/2}",
            r" \Sigma_p^{-1/2}",
        ),
        expression=_map,
        function=transport_map,
        browser="transportMap",
        references=("OlkinPukelsheim1982", "KnottSmith1984"),
    ),
    Formula(
        key="eq-transport-map-product",
        name="matrix of the transport map by the root of the product",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(r"T = (\Sigma_q \Sigma_p)^{1/2} \Sigma_p^{-1}",),
        expression=_map_product,
        function=transport_map,
        browser="transportMap",
    ),
    Formula(
        key="eq-transport-equation",
        name="equation of the transport map",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(r"T \Sigma_p T = \Sigma_q",),
        expression=lambda Sigma_q: Sigma_q,
        function=_image_covariance,
        references=("OlkinPukelsheim1982",),
    ),
    Formula(
        key="eq-transport-inverse",
        name="matrix of the transport map back",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            r"T^{-1} = \Sigma_q^{-1/2}"
            r" \bigl(\Sigma_q^{1/2} \Sigma_p \Sigma_q^{1/2}\bigr)^{1/2} \Sigma_q^{-1/2}",
        ),
        expression=_inverse_map,
        function=_map_back,
    ),
    Formula(
        key="eq-fidelity",
        name="trace of the root, by the transport map",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(r"\operatorname{Tr}(\Sigma_p T) = ", _FIDELITY),
        expression=_fidelity,
    ),
    Formula(
        key="eq-w2-map",
        name="2-Wasserstein distance as the cost of the transport map",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            _W2,
            _MEAN + r" + \operatorname{Tr}\bigl((I - T) \Sigma_p (I - T)\bigr)",
        ),
        expression=_w2_map,
        references=("KnottSmith1984",),
        **_SQUARED,
    ),
    Formula(
        key="eq-w2-mean",
        name="2-Wasserstein distance as a mean over the points that are moved",
        chapter="05-wasserstein",
        scope="any dimension",
        kind="identity",
        pieces=(
            _W2,
            Term(
                "expectation",
                r"\mathbb{E}_{x \sim p}\big[ \| x - \mu_q - T (x - \mu_p) \|^2 \big]",
            ),
        ),
        expression=_w2,
        decomposition=_w2_mean,
        **_SQUARED,
    ),
    Formula(
        key="eq-coupling",
        name="no coupling has a larger cross-covariance than the transport map",
        chapter="05-wasserstein",
        scope="coupling",
        kind="inequality",
        pieces=(r"\operatorname{Tr} \Sigma_{pq} \le ", _FIDELITY),
        expression=_fidelity,
        references=("OlkinPukelsheim1982",),
    ),
    Formula(
        key="eq-coupling-cost",
        name="cost of a coupling",
        chapter="05-wasserstein",
        scope="coupling",
        kind="inequality",
        pieces=(
            r"W_2(p, q)^2 \le ",
            _MEAN + " + " + _TRACES + r" - 2 \operatorname{Tr} \Sigma_{pq}",
        ),
        expression=_coupling,
    ),
    Formula(
        key="eq-dual-certificate",
        name="dual certificate: a difference that is a square",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            r"\tfrac12 \|x - y\|^2 - \tfrac12\, x^\top (I - T) x"
            r" - \tfrac12\, y^\top (I - T^{-1}) y = ",
            r"\tfrac12 \|T^{1/2} x - T^{-1/2} y\|^2",
        ),
        expression=_certificate,
        references=("KnottSmith1984",),
    ),
    Formula(
        key="eq-w2-dual",
        name="dual bound from any positive definite S, reached by S = T",
        chapter="05-wasserstein",
        scope="dual",
        kind="inequality",
        pieces=(
            r"W_2(p, q)^2 \ge ",
            r"\operatorname{Tr}\bigl((I - S) \Sigma_p\bigr)"
            r" + \operatorname{Tr}\bigl((I - S^{-1}) \Sigma_q\bigr)",
        ),
        expression=_dual,
    ),
    Formula(
        key="eq-gelbrich",
        name="Gelbrich's bound",
        chapter="05-wasserstein",
        scope="point clouds",
        kind="inequality",
        pieces=(
            r"W_2(P, Q)^2 \ge \|\mu_P - \mu_Q\|^2 + \operatorname{Tr}\bigl(\Sigma_P + \Sigma_Q"
            r" - 2 (\Sigma_P \Sigma_Q)^{1/2}\bigr)",
        ),
        expression=_gelbrich,
        function=_squared_bound,
        references=("Gelbrich1990",),
    ),
    Formula(
        key="eq-geodesic-mean",
        name="mean on the geodesic",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(r"\mu_t = (1-t) \mu_p + t \mu_q",),
        expression=_geodesic_mean,
        function=_path_mean,
        references=("McCann1997",),
    ),
    Formula(
        key="eq-geodesic",
        name="covariance on the geodesic",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(r"\Sigma_t = \bigl((1-t) I + t T\bigr) \Sigma_p \bigl((1-t) I + t T\bigr)",),
        expression=_geodesic,
        function=_path_covariance,
        references=("McCann1997",),
    ),
    Formula(
        key="eq-geodesic-product",
        name="covariance on the geodesic by roots of products",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(
            r"\Sigma_t = (1-t)^2 \Sigma_p + t^2 \Sigma_q + t (1-t)"
            r" \bigl((\Sigma_p \Sigma_q)^{1/2} + (\Sigma_q \Sigma_p)^{1/2}\bigr)",
        ),
        expression=_geodesic_product,
        function=_path_covariance,
    ),
    Formula(
        key="eq-geodesic-speed",
        name="the geodesic has constant speed",
        chapter="05-wasserstein",
        scope="any dimension",
        pieces=(r"W_2(p, \mathcal{N}(\mu_t, \Sigma_t)) = t\, W_2(p, q)",),
        expression=_geodesic_speed,
        function=_path_length,
        references=("McCann1997",),
    ),
    Formula(
        key="eq-w2-gradient",
        name="gradient of the squared 2-Wasserstein distance, as a slope",
        chapter="05-wasserstein",
        scope="moving Gaussian",
        pieces=(
            r"w'(0) = 2\, v^\top \delta",
            r" + \operatorname{Tr}\big( (I - T) \Delta \big)",
        ),
        expression=_w2_slope,
        function=_slope_of_w2,
        references=("MalagoMontrucchioPistone2018",),
    ),
    Formula(
        key="eq-barycenter",
        name="fixed point of the barycenter",
        chapter="05-wasserstein",
        scope="several Gaussians",
        pieces=(r"S = \sum_{i=1}^n w_i \bigl(S^{1/2} \Sigma_i S^{1/2}\bigr)^{1/2}",),
        expression=_barycenter,
        function=_barycenter_covariance,
        references=("KnottSmith1984", "AguehCarlier2011", "AlvarezEsteban2016"),
    ),
    Formula(
        key="eq-talagrand",
        name="Talagrand's inequality",
        chapter="06-side-by-side",
        scope="any dimension",
        kind="inequality",
        pieces=(r"W_2(p, q)^2 \le 2\, \|\Sigma_q\|_2 \operatorname{KL}(p \,\|\, q)",),
        expression=_talagrand,
        references=("Talagrand1996",),
    ),
    Formula(
        key="eq-talagrand-standard",
        name="Talagrand's inequality made exact; the s are the roots of the eigenvalues of Σp",
        chapter="06-side-by-side",
        scope="q standard",
        pieces=(
            r"2 \operatorname{KL}(p \,\|\, \mathcal{N}(0, I)) - W_2(p, \mathcal{N}(0, I))^2 = ",
            r"2 \sum_{i=1}^{d} \big( s_i - 1 - \log s_i \big)",
        ),
        expression=_talagrand_standard,
        function=_talagrand_gap,
        references=("Talagrand1996",),
    ),
    Formula(
        key="eq-bures-metric",
        name="Bures metric: squared length of a small change of a covariance",
        chapter="06-side-by-side",
        scope="small change",
        pieces=(
            r"\operatorname{Tr}(V \Sigma_p V) = ",
            r"\tfrac12 \sum_{i,j=1}^{d} \frac{E_{ij}^2}{\ell_i + \ell_j}",
        ),
        expression=_bures_metric,
        references=("BhatiaJainLim2019",),
    ),
    Formula(
        key="eq-w2-bias",
        name="constant of the bias of W2 between two samples of one law",
        chapter="07-in-practice",
        scope="small change",
        pieces=(
            r"\mathbb{E}_{x \sim p}\Big[ \|x\|^2 + \tfrac12 \sum_{i,j=1}^{d}"
            r" \frac{(x_i x_j - \Sigma_{p,ij})^2}{\ell_i + \ell_j} \Big] = ",
            r"\tfrac54 \sum_{i=1}^{d} \ell_i"
            r" + \tfrac12 \sum_{i,j=1}^{d} \frac{\ell_i \ell_j}{\ell_i + \ell_j}",
        ),
        expression=_bias,
    ),
    Formula(
        key="eq-frechet",
        name="squared Fréchet distance of two samples",
        chapter="07-in-practice",
        scope="point clouds",
        pieces=(
            r"W_2(\mathcal{N}(m_x, S_x), \mathcal{N}(m_y, S_y))^2 = ",
            r"\|m_x - m_y\|^2 + \operatorname{Tr}\bigl(S_x + S_y - 2 (S_x S_y)^{1/2}\bigr)",
        ),
        expression=_frechet,
        function=frechet_squared,
        references=("DowsonLandau1982", "Heusel2017"),
    ),
    Formula(
        key="eq-turning-cost",
        name="cost of turning an ellipse about its centre",
        chapter="11-procrustes",
        scope="turned ellipse",
        pieces=(
            r"\mathbb{E}_{x \sim p}\big[ \|x - R_\theta x\|^2 \big] = ",
            r"2 (1 - \cos\theta) \operatorname{Tr} \Sigma_p",
        ),
        expression=_turning_cost,
    ),
]
