"""The formulas of the divergences that compare densities."""

from typing import NamedTuple

import numpy as np
import sympy as sp

from gausslib import montecarlo
from gausslib._linalg import Values
from gausslib.combining import geometric_mean, mixture_moments
from gausslib.divergences import (
    bhattacharyya_coefficient,
    bhattacharyya_distance,
    bhattacharyya_terms,
    chernoff_coefficient,
    chernoff_information,
    cross_entropy,
    hellinger_distance,
    jeffreys_divergence,
    kl_divergence,
    kl_terms,
    renyi_divergence,
)
from gausslib.fisher_rao import fisher_rao_distance
from gausslib.formulas._formula import Formula, MeanTerm, Term, quadratic
from gausslib.gaussian import Gaussian
from gausslib.gradients import bhattacharyya_gradient, kl_gradient
from gausslib.variation import overlap_coefficient, total_variation

__all__ = ["FORMULAS"]


def _mean_quadratic(delta, Sigma_p, Sigma_q):
    return (Sigma_q.inv() * Sigma_p).trace() + quadratic(delta, Sigma_q.inv())


def _kl(delta, Sigma_p, Sigma_q, d):
    mean = quadratic(delta, Sigma_q.inv()) / 2
    trace = ((Sigma_q.inv() * Sigma_p).trace() - d) / 2
    logdet = sp.log(Sigma_q.det() / Sigma_p.det()) / 2
    return mean + trace + logdet


def _kl_eigenvalues(delta, Sigma_q, lambda_):
    mean = quadratic(delta, Sigma_q.inv()) / 2
    return mean + sum(value - 1 - sp.log(value) for value in lambda_) / 2


def _kl_1d(mu_p, mu_q, sigma_p, sigma_q):
    return (
        sp.log(sigma_q / sigma_p)
        + (sigma_p**2 + (mu_p - mu_q) ** 2) / (2 * sigma_q**2)
        - sp.Rational(1, 2)
    )


def _kl_diagonal(delta, sigma_p, sigma_q):
    return sum(
        sp.log(s_q / s_p) + (s_p**2 + shift**2) / (2 * s_q**2) - sp.Rational(1, 2)
        for shift, s_p, s_q in zip(delta, sigma_p, sigma_q, strict=True)
    )


def _kl_standard(mu_p, Sigma_p, d):
    return ((mu_p.T * mu_p)[0] + Sigma_p.trace() - d - sp.log(Sigma_p.det())) / 2


def _kl_turned(l_1, l_2, theta):
    return (l_1 - l_2) ** 2 / (2 * l_1 * l_2) * sp.sin(theta) ** 2


def _cross_entropy(delta, Sigma_p, Sigma_q, d):
    square = _mean_quadratic(delta, Sigma_p, Sigma_q)
    return (d * sp.log(2 * sp.pi) + sp.log(Sigma_q.det()) + square) / 2


def _jeffreys(delta, Sigma_p, Sigma_q, d):
    p, q = Sigma_p.inv(), Sigma_q.inv()
    return quadratic(delta, p + q) / 2 + (q * Sigma_p + p * Sigma_q).trace() / 2 - d


def _key_lemma(Sigma_p, Sigma_q):
    return Sigma_p.inv() * (Sigma_p + Sigma_q) * Sigma_q.inv()


def _bhattacharyya(delta, Sigma_p, Sigma_q):
    middle = (Sigma_p + Sigma_q) / 2
    logdet = sp.log(middle.det() / sp.sqrt(Sigma_p.det() * Sigma_q.det())) / 2
    return quadratic(delta, middle.inv()) / 8 + logdet


def _bhattacharyya_eigenvalues(delta, Sigma_p, Sigma_q, lambda_):
    logdet = sum(sp.log((1 + value) / (2 * sp.sqrt(value))) for value in lambda_) / 2
    return quadratic(delta, ((Sigma_p + Sigma_q) / 2).inv()) / 8 + logdet


def _bhattacharyya_1d(mu_p, mu_q, sigma_p, sigma_q):
    total = sigma_p**2 + sigma_q**2
    return (mu_p - mu_q) ** 2 / (4 * total) + sp.log(total / (2 * sigma_p * sigma_q)) / 2


def _bhattacharyya_diagonal(delta, sigma_p, sigma_q):
    return sum(
        _bhattacharyya_1d(shift, 0, s_p, s_q)
        for shift, s_p, s_q in zip(delta, sigma_p, sigma_q, strict=True)
    )


def _bhattacharyya_turned(l_1, l_2, theta):
    return sp.log(1 + _kl_turned(l_1, l_2, theta) / 2) / 2


def _overlap(delta, Sigma_p, Sigma_q):
    return sp.exp(-_bhattacharyya(delta, Sigma_p, Sigma_q))


def _hellinger(delta, Sigma_p, Sigma_q):
    return sp.sqrt(1 - _overlap(delta, Sigma_p, Sigma_q))


def _chernoff_exponent(delta, Sigma_p, Sigma_q, alpha):
    mixed = (1 - alpha) * Sigma_p + alpha * Sigma_q
    ratio = mixed.det() / (Sigma_p.det() ** (1 - alpha) * Sigma_q.det() ** alpha)
    return alpha * (1 - alpha) * quadratic(delta, mixed.inv()) / 2 + sp.log(ratio) / 2


def _chernoff_coefficient(delta, Sigma_p, Sigma_q, alpha):
    return sp.exp(-_chernoff_exponent(delta, Sigma_p, Sigma_q, alpha))


def _chernoff_information(delta, Sigma_p, Sigma_q, alpha_star):
    """In closed form but for the exponent, alpha_star, that attains the maximum."""
    return _chernoff_exponent(delta, Sigma_p, Sigma_q, alpha_star)


def _chernoff_alpha_1d(mu_p, mu_q, sigma_p, sigma_q, sigma_star):
    square = (sigma_q**2 - sigma_p**2) ** 2 * sigma_star**2
    return square + (mu_p - mu_q) ** 2 * sigma_p**2 * sigma_q**2


def _renyi(delta, Sigma_p, Sigma_q, alpha):
    mixed = (1 - alpha) * Sigma_p + alpha * Sigma_q
    ratio = mixed.det() / (Sigma_p.det() ** (1 - alpha) * Sigma_q.det() ** alpha)
    return alpha * quadratic(delta, mixed.inv()) / 2 + sp.log(ratio) / (2 * (1 - alpha))


def _renyi_eigenvalues(delta, Sigma_p, Sigma_q, alpha, lambda_):
    mixed = (1 - alpha) * Sigma_p + alpha * Sigma_q
    logs = (sp.log(((1 - alpha) * value + alpha) / value ** (1 - alpha)) for value in lambda_)
    return alpha * quadratic(delta, mixed.inv()) / 2 + sum(logs) / (2 * (1 - alpha))


def _renyi_1d(mu_p, mu_q, sigma_p, sigma_q, alpha):
    mixed = (1 - alpha) * sigma_p**2 + alpha * sigma_q**2
    ratio = sp.sqrt(mixed) / (sigma_p ** (1 - alpha) * sigma_q**alpha)
    return alpha * (mu_p - mu_q) ** 2 / (2 * mixed) + sp.log(ratio) / (1 - alpha)


def _renyi_swapped(delta, Sigma_p, Sigma_q, alpha):
    return alpha * _renyi(-delta, Sigma_q, Sigma_p, 1 - alpha)


def _renyi_half(delta, Sigma_p, Sigma_q):
    return 2 * _bhattacharyya(delta, Sigma_p, Sigma_q)


def _renyi_infinity(delta, Sigma_p, Sigma_q):
    logdet = sp.log(Sigma_q.det() / Sigma_p.det()) / 2
    return quadratic(delta, (Sigma_q - Sigma_p).inv()) / 2 + logdet


def _variance_of_log_ratio(delta, Sigma_p, Sigma_q, d):
    q = Sigma_q.inv()
    covariances = (q * Sigma_p - sp.eye(d)) ** 2
    return quadratic(delta, q * Sigma_p * q) + covariances.trace() / 2


def _renyi_slope(delta, Sigma_p, Sigma_q, d):
    return _variance_of_log_ratio(delta, Sigma_p, Sigma_q, d) / 2


def _normal_cdf(x):
    return (1 + sp.erf(x / sp.sqrt(2))) / 2


def _variation_equal(delta, Sigma_p):
    return 2 * _normal_cdf(sp.sqrt(quadratic(delta, Sigma_p.inv())) / 2) - 1


def _variation_1d(mu_p, mu_q, sigma_p, sigma_q, z):
    return sum(
        sp.Abs(_normal_cdf((at - mu_p) / sigma_p) - _normal_cdf((at - mu_q) / sigma_q)) for at in z
    )


def _half_overlap(delta, Sigma_p, Sigma_q):
    return _overlap(delta, Sigma_p, Sigma_q) / 2


def _variation_upper(delta, Sigma_p, Sigma_q):
    return sp.sqrt(1 - _overlap(delta, Sigma_p, Sigma_q) ** 2)


def _hellinger_upper(delta, Sigma_p, Sigma_q):
    hellinger = _hellinger(delta, Sigma_p, Sigma_q)
    return hellinger * sp.sqrt(2 - hellinger**2)


def _pinsker(delta, Sigma_p, Sigma_q, d):
    return sp.sqrt(_kl(delta, Sigma_p, Sigma_q, d) / 2)


def _bretagnolle_huber(delta, Sigma_p, Sigma_q, d):
    return sp.sqrt(1 - sp.exp(-_kl(delta, Sigma_p, Sigma_q, d)))


def _fisher(v, Delta, Sigma_p):
    change = Sigma_p.inv() * Delta
    return quadratic(v, Sigma_p.inv()) + (change**2).trace() / 2


def _fisher_bhattacharyya(v, Delta, Sigma_p):
    return _fisher(v, Delta, Sigma_p) / 4


def _common_mass(delta, Sigma_p):
    return 2 * _normal_cdf(-sp.sqrt(quadratic(delta, Sigma_p.inv())) / 2)


def _fisher_rao_1d(mu_p, mu_q, sigma_p, sigma_q):
    square = (mu_p - mu_q) ** 2
    far = sp.sqrt(square + 2 * (sigma_p + sigma_q) ** 2)
    near = sp.sqrt(square + 2 * (sigma_p - sigma_q) ** 2)
    return sp.sqrt(2) * sp.log((far + near) / (far - near))


def _fisher_rao_means(lambda_):
    return sp.sqrt(sum(sp.log(value) ** 2 for value in lambda_) / 2)


def _fisher_rao_covariances(delta, Sigma_p):
    square = quadratic(delta, Sigma_p.inv()) / 8
    return 2 * sp.sqrt(2) * sp.log(sp.sqrt(1 + square) + sp.sqrt(square))


def _kl_slope(v, Delta, delta, Sigma_p, Sigma_q):
    q = Sigma_q.inv()
    return (v.T * q * delta)[0] + ((q - Sigma_p.inv()) * Delta).trace() / 2


def _kl_slope_of_second(v, Delta, delta, Sigma_p, Sigma_q):
    p = Sigma_p.inv()
    by_cov = p - p * (Sigma_q + delta * delta.T) * p
    return (v.T * p * delta)[0] + (by_cov * Delta).trace() / 2


def _bhattacharyya_slope(v, Delta, delta, Sigma_p, Sigma_q):
    middle = ((Sigma_p + Sigma_q) / 2).inv()
    by_cov = ((middle - Sigma_p.inv()) * Delta).trace() / 4
    return (v.T * middle * delta)[0] / 4 + by_cov - quadratic(middle * delta, Delta) / 16


def _mixture_covariance(mu, Sigma, w, m):
    parts = zip(w, mu, Sigma, strict=True)
    return sum(
        (weight * (cov + (mean - m) * (mean - m).T) for weight, mean, cov in parts),
        sp.zeros(*Sigma[0].shape),
    )


def _geometric_covariance(Sigma_p, Sigma_q, alpha):
    return (alpha * Sigma_p.inv() + (1 - alpha) * Sigma_q.inv()).inv()


def _geometric_mean(mu_p, mu_q, Sigma_p, Sigma_q, alpha):
    weighted = alpha * Sigma_p.inv() * mu_p + (1 - alpha) * Sigma_q.inv() * mu_q
    return _geometric_covariance(Sigma_p, Sigma_q, alpha) * weighted


# --- right-hand sides and terms that are made of a function of gausslib -----------------------


class _RenyiTerms(NamedTuple):
    mean: Values
    logdet: Values


class _LineTerms(NamedTuple):
    logdet: Values
    square: Values


def _kl_mean(p, q):
    return MeanTerm(kl_divergence(p, q))


def _variation_mean(p, q):
    return MeanTerm(total_variation(p, q))


def _overlap_mean(p, q):
    return MeanTerm(bhattacharyya_coefficient(p, q))


def _renyi_1d_terms(p, q, alpha):
    at_one_mean = Gaussian(p.mean, q.cov)
    logdet = renyi_divergence(p, at_one_mean, alpha)
    return _RenyiTerms(renyi_divergence(p, q, alpha) - logdet, logdet)


def _kl_1d_terms(p, q):
    mean, trace, logdet = kl_terms(p, q)
    return _LineTerms(logdet, mean + trace)


def _renyi_swapped_value(p, q, alpha):
    return alpha * renyi_divergence(q, p, 1 - alpha)


def _renyi_half_value(p, q):
    return 2 * bhattacharyya_distance(p, q)


def _renyi_infinity_value(p, q):
    return renyi_divergence(p, q, np.inf)


def _chernoff_exponent_value(p, q, alpha):
    return (1 - alpha) * renyi_divergence(p, q, alpha)


def _along(by_mean, by_cov, v, Delta):
    return by_mean @ v + (by_cov * Delta).sum()


def _kl_slope_value(p, q, v, Delta):
    gradient = kl_gradient(p, q)
    return _along(gradient.mean_p, gradient.cov_p, v, Delta)


def _kl_slope_of_second_value(p, q, v, Delta):
    gradient = kl_gradient(q, p)
    return _along(gradient.mean_q, gradient.cov_q, v, Delta)


def _bhattacharyya_slope_value(p, q, v, Delta):
    gradient = bhattacharyya_gradient(p, q)
    return _along(gradient.mean_p, gradient.cov_p, v, Delta)


def _mixture_covariance_value(mu, Sigma, w):
    return mixture_moments(Gaussian(np.stack(mu)[..., 0], np.stack(Sigma)), w).cov


def _geometric_covariance_value(p, q, alpha):
    return geometric_mean(p, q, alpha).cov


def _geometric_mean_value(p, q, alpha):
    return geometric_mean(p, q, alpha).mean


def _half_overlap_value(p, q):
    return bhattacharyya_coefficient(p, q) / 2


_KL = r"\operatorname{KL}(p \,\|\, q) = "
_J = r"\operatorname{J}(p, q) = "
_BD = r"\operatorname{BD}(p, q) = "
_RENYI = r"D_\alpha(p \,\|\, q) = "
_FR = r"\operatorname{FR}(p, q) = "
_TV = r"\operatorname{TV}(p, q) = "

FORMULAS = [
    Formula(
        key="eq-kl-definition",
        name="KL divergence, definition",
        chapter="02-kl",
        scope="any dimension",
        kind="definition",
        pieces=(
            _KL,
            Term("expectation", r"\mathbb{E}_{x \sim p}\big[ \log p(x) - \log q(x) \big]"),
        ),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
        decomposition=_kl_mean,
        references=("KullbackLeibler1951",),
    ),
    Formula(
        key="eq-mean-quadratic",
        name="mean of a quadratic form",
        chapter="02-kl",
        scope="any dimension",
        pieces=(
            r"\mathbb{E}_{x \sim p}\big[ (x - \mu_q)^\top \Sigma_q^{-1} (x - \mu_q) \big] = ",
            r"\operatorname{Tr}(\Sigma_q^{-1} \Sigma_p) + \delta^\top \Sigma_q^{-1} \delta",
        ),
        expression=_mean_quadratic,
    ),
    Formula(
        key="eq-kl",
        name="KL divergence between Gaussians",
        chapter="02-kl",
        scope="any dimension",
        pieces=(
            _KL,
            Term("mean", r"\tfrac12\, \delta^\top \Sigma_q^{-1} \delta"),
            " + ",
            Term("trace", r"\tfrac12 \big( \operatorname{Tr}(\Sigma_q^{-1} \Sigma_p) - d \big)"),
            " + ",
            Term("logdet", r"\tfrac12 \log \frac{\det \Sigma_q}{\det \Sigma_p}"),
        ),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
        decomposition=kl_terms,
        references=("KullbackLeibler1951", "Su2021Distances"),
    ),
    Formula(
        key="eq-kl-eigenvalues",
        name="KL divergence by the eigenvalues of the covariance ratio",
        chapter="02-kl",
        scope="any dimension",
        pieces=(
            _KL,
            r"\tfrac12\, \delta^\top \Sigma_q^{-1} \delta"
            r" + \tfrac12 \sum_{i=1}^{d} \big( \lambda_i - 1 - \log \lambda_i \big)",
        ),
        expression=_kl_eigenvalues,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
    ),
    Formula(
        key="eq-kl-1d",
        name="KL divergence in one dimension",
        chapter="02-kl",
        scope="d = 1",
        pieces=(
            _KL,
            Term("logdet", r"\log \frac{\sigma_q}{\sigma_p}"),
            " + ",
            Term(
                "square",
                r"\frac{\sigma_p^2 + (\mu_p - \mu_q)^2}{2 \sigma_q^2} - \tfrac12",
            ),
        ),
        expression=_kl_1d,
        function=kl_divergence,
        estimator=montecarlo.kl_plain,
        decomposition=_kl_1d_terms,
    ),
    Formula(
        key="eq-kl-diagonal",
        name="KL divergence of diagonal Gaussians",
        chapter="02-kl",
        scope="diagonal",
        pieces=(
            _KL,
            r"\sum_{i=1}^{d} \Big[ \log \frac{\sigma_{q,i}}{\sigma_{p,i}}"
            r" + \frac{\sigma_{p,i}^2 + \delta_i^2}{2 \sigma_{q,i}^2} - \tfrac12 \Big]",
        ),
        expression=_kl_diagonal,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
    ),
    Formula(
        key="eq-kl-standard",
        name="KL divergence from the standard Gaussian",
        chapter="02-kl",
        scope="q standard",
        pieces=(
            r"\operatorname{KL}(p \,\|\, \mathcal{N}(0, I)) = ",
            r"\tfrac12 \big( \mu_p^\top \mu_p + \operatorname{Tr} \Sigma_p"
            r" - d - \log\det \Sigma_p \big)",
        ),
        expression=_kl_standard,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
        references=("KingmaWelling2014",),
    ),
    Formula(
        key="eq-kl-turned",
        name="KL divergence of a turned ellipse",
        chapter="02-kl",
        scope="turned ellipse",
        pieces=(_KL, r"\frac{(\ell_1 - \ell_2)^2}{2 \ell_1 \ell_2} \sin^2 \theta"),
        expression=_kl_turned,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
    ),
    Formula(
        key="eq-kl-nonnegative",
        name="KL divergence as the mean of a non-negative quantity",
        chapter="02-kl",
        scope="finite variance",
        kind="identity",
        pieces=(
            _KL,
            Term("expectation", r"\mathbb{E}_{x \sim p}\big[ r(x) - 1 - \log r(x) \big]"),
        ),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_nonnegative,
        decomposition=_kl_mean,
        references=("Schulman2020",),
    ),
    Formula(
        key="eq-cross-entropy",
        name="cross-entropy of Gaussians",
        chapter="02-kl",
        scope="any dimension",
        pieces=(
            r"h(p, q) = \tfrac12 \Big( d \log 2\pi + \log\det \Sigma_q",
            r" + \operatorname{Tr}(\Sigma_q^{-1} \Sigma_p)",
            r" + \delta^\top \Sigma_q^{-1} \delta \Big)",
        ),
        expression=_cross_entropy,
        function=cross_entropy,
        estimator=montecarlo.cross_entropy,
        references=("Good1956",),
    ),
    Formula(
        key="eq-kl-cross-entropy",
        name="KL divergence as the excess of the cross-entropy over the entropy",
        chapter="02-kl",
        scope="any dimension",
        kind="identity",
        pieces=(
            _KL,
            r"h(p, q) - h(p)",
        ),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
    ),
    Formula(
        key="eq-kl-affine",
        name="KL divergence of affine images",
        chapter="02-kl",
        scope="invertible affine map",
        kind="identity",
        pieces=(
            r"\operatorname{KL}\big( \mathcal{N}(A \mu_p + b, A \Sigma_p A^\top)",
            r" \,\|\, \mathcal{N}(A \mu_q + b, A \Sigma_q A^\top) \big)",
            r" = \operatorname{KL}(p \,\|\, q)",
        ),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
    ),
    Formula(
        key="eq-jeffreys-definition",
        name="Jeffreys divergence, definition",
        chapter="02-kl",
        scope="any dimension",
        kind="definition",
        pieces=(
            _J,
            r"\operatorname{KL}(p \,\|\, q) + \operatorname{KL}(q \,\|\, p)",
        ),
        expression=_jeffreys,
        function=jeffreys_divergence,
        estimator=montecarlo.jeffreys_divergence,
        references=("Jeffreys1946",),
    ),
    Formula(
        key="eq-jeffreys",
        name="Jeffreys divergence between Gaussians",
        chapter="02-kl",
        scope="any dimension",
        pieces=(
            _J,
            r"\tfrac12\, \delta^\top (\Sigma_p^{-1} + \Sigma_q^{-1}) \delta",
            r" + \tfrac12 \operatorname{Tr}(\Sigma_q^{-1} \Sigma_p + \Sigma_p^{-1} \Sigma_q) - d",
        ),
        expression=_jeffreys,
        function=jeffreys_divergence,
        estimator=montecarlo.jeffreys_divergence,
        references=("Jeffreys1946",),
    ),
    Formula(
        key="eq-overlap-definition",
        name="Bhattacharyya coefficient, definition",
        chapter="03-overlap",
        scope="any dimension",
        kind="definition",
        pieces=(
            r"\operatorname{BC}(p, q) = ",
            Term("expectation", r"\int \sqrt{p(x) \, q(x)} \,dx"),
        ),
        expression=_overlap,
        function=bhattacharyya_coefficient,
        estimator=montecarlo.bhattacharyya_coefficient,
        decomposition=_overlap_mean,
        references=(
            "Bhattacharyya1943",
            "Kailath1967",
        ),
    ),
    Formula(
        key="eq-overlap",
        name="Bhattacharyya coefficient by the distance",
        chapter="03-overlap",
        scope="any dimension",
        pieces=(r"\operatorname{BC}(p, q) = e^{-\operatorname{BD}(p, q)}",),
        expression=_overlap,
        function=bhattacharyya_coefficient,
        estimator=montecarlo.bhattacharyya_coefficient,
    ),
    Formula(
        key="eq-key-lemma",
        name="sum of two precision matrices",
        chapter="03-overlap",
        scope="any dimension",
        pieces=(r"\Sigma_p^{-1} + \Sigma_q^{-1} = 2\, \Sigma_p^{-1} M \Sigma_q^{-1}",),
        expression=_key_lemma,
        references=("Su2021Distances",),
    ),
    Formula(
        key="eq-bhattacharyya",
        name="Bhattacharyya distance between Gaussians",
        chapter="03-overlap",
        scope="any dimension",
        pieces=(
            r"\operatorname{BD}(p, q) = ",
            Term("mean", r"\tfrac18\, \delta^\top M^{-1} \delta"),
            " + ",
            Term(
                "logdet",
                r"\tfrac12 \log \frac{\det M}{\sqrt{\det \Sigma_p \det \Sigma_q}}",
            ),
        ),
        expression=_bhattacharyya,
        function=bhattacharyya_distance,
        browser="bhattacharyyaDistance",
        estimator=montecarlo.bhattacharyya_distance,
        decomposition=bhattacharyya_terms,
        references=("Bhattacharyya1943", "Su2021Distances"),
    ),
    Formula(
        key="eq-bhattacharyya-eigenvalues",
        name="Bhattacharyya distance by the eigenvalues of the covariance ratio",
        chapter="03-overlap",
        scope="any dimension",
        pieces=(
            _BD,
            r"\tfrac18\, \delta^\top M^{-1} \delta",
            r" + \tfrac12 \sum_{i=1}^{d} \log \frac{1 + \lambda_i}{2 \sqrt{\lambda_i}}",
        ),
        expression=_bhattacharyya_eigenvalues,
        function=bhattacharyya_distance,
        browser="bhattacharyyaDistance",
        estimator=montecarlo.bhattacharyya_distance,
    ),
    Formula(
        key="eq-bhattacharyya-1d",
        name="Bhattacharyya distance in one dimension",
        chapter="03-overlap",
        scope="d = 1",
        pieces=(
            _BD,
            Term("mean", r"\frac{(\mu_p - \mu_q)^2}{4 (\sigma_p^2 + \sigma_q^2)}"),
            " + ",
            Term("logdet", r"\tfrac12 \log \frac{\sigma_p^2 + \sigma_q^2}{2 \sigma_p \sigma_q}"),
        ),
        expression=_bhattacharyya_1d,
        function=bhattacharyya_distance,
        estimator=montecarlo.bhattacharyya_distance,
        decomposition=bhattacharyya_terms,
        references=("Bhattacharyya1943",),
    ),
    Formula(
        key="eq-bhattacharyya-diagonal",
        name="Bhattacharyya distance of diagonal Gaussians",
        chapter="03-overlap",
        scope="diagonal",
        pieces=(
            _BD,
            r"\sum_{i=1}^{d} \Big[ \frac{\delta_i^2}{4 (\sigma_{p,i}^2 + \sigma_{q,i}^2)}",
            r" + \tfrac12 \log \frac{\sigma_{p,i}^2 + \sigma_{q,i}^2}",
            r"{2 \sigma_{p,i} \sigma_{q,i}} \Big]",
        ),
        expression=_bhattacharyya_diagonal,
        function=bhattacharyya_distance,
        browser="bhattacharyyaDistance",
        estimator=montecarlo.bhattacharyya_distance,
    ),
    Formula(
        key="eq-bhattacharyya-turned",
        name="Bhattacharyya distance of a turned ellipse",
        chapter="03-overlap",
        scope="turned ellipse",
        pieces=(
            _BD,
            r"\tfrac12 \log\Big( 1 + \tfrac12 \operatorname{KL}(p \,\|\, q) \Big)",
        ),
        expression=_bhattacharyya_turned,
        function=bhattacharyya_distance,
        browser="bhattacharyyaDistance",
        estimator=montecarlo.bhattacharyya_distance,
    ),
    Formula(
        key="eq-hellinger-definition",
        name="Hellinger distance, definition",
        chapter="03-overlap",
        scope="any dimension",
        kind="definition",
        pieces=(
            r"\operatorname{Hel}(p, q) = ",
            r"\sqrt{\tfrac12 \int \big( \sqrt{p(x)} - \sqrt{q(x)} \big)^2 \,dx}",
        ),
        expression=_hellinger,
        function=hellinger_distance,
        browser="hellingerDistance",
        estimator=montecarlo.hellinger_distance,
        references=("Hellinger1909",),
    ),
    Formula(
        key="eq-hellinger",
        name="Hellinger distance by the Bhattacharyya coefficient",
        chapter="03-overlap",
        scope="any dimension",
        pieces=(r"\operatorname{Hel}(p, q) = \sqrt{1 - \operatorname{BC}(p, q)}",),
        expression=_hellinger,
        function=hellinger_distance,
        browser="hellingerDistance",
        estimator=montecarlo.hellinger_distance,
        references=("Hellinger1909",),
    ),
    Formula(
        key="eq-chernoff-definition",
        name="Chernoff coefficient, definition",
        chapter="04-family",
        scope="any dimension",
        kind="definition",
        pieces=(r"c_\alpha(p, q) = \int p(x)^\alpha q(x)^{1 - \alpha} \,dx",),
        expression=_chernoff_coefficient,
        function=chernoff_coefficient,
        estimator=montecarlo.chernoff_coefficient,
        references=("Chernoff1952",),
    ),
    Formula(
        key="eq-chernoff",
        name="Chernoff coefficient of Gaussians",
        chapter="04-family",
        scope="any dimension",
        pieces=(
            r"-\log c_\alpha(p, q) = ",
            r"\tfrac12 \alpha (1 - \alpha)\, \delta^\top \Sigma_\alpha^{-1} \delta",
            r" + \tfrac12 \log \frac{\det \Sigma_\alpha}",
            r"{(\det \Sigma_p)^{1 - \alpha} (\det \Sigma_q)^\alpha}",
        ),
        expression=_chernoff_exponent,
        function=_chernoff_exponent_value,
    ),
    Formula(
        key="eq-chernoff-information",
        name="Chernoff information",
        chapter="04-family",
        scope="any dimension",
        kind="maximum",
        pieces=(
            r"\operatorname{C}(p, q) = \max_{0 \le \alpha \le 1} ",
            r"-\log \int p(x)^\alpha q(x)^{1 - \alpha} \,dx",
        ),
        expression=_chernoff_information,
        function=chernoff_information,
        references=(
            "Chernoff1952",
            "Nielsen2022",
        ),
    ),
    Formula(
        key="eq-chernoff-alpha-1d",
        name="best power of the Chernoff information in one dimension",
        chapter="04-family",
        scope="d = 1",
        pieces=(
            r"\Big( (\mu_p - \mu_q)^2",
            r" + (\sigma_q^2 - \sigma_p^2) \log \frac{\sigma_q^2}{\sigma_p^2} \Big)",
            r" \sigma_\star^4 = (\sigma_q^2 - \sigma_p^2)^2 \sigma_\star^2",
            r" + (\mu_p - \mu_q)^2 \sigma_p^2 \sigma_q^2",
        ),
        expression=_chernoff_alpha_1d,
        references=("Nielsen2022",),
    ),
    Formula(
        key="eq-renyi-definition",
        name="Rényi divergence, definition",
        chapter="04-family",
        scope="finite order",
        kind="definition",
        pieces=(
            _RENYI,
            r"\frac{1}{\alpha - 1} \log \int p(x)^\alpha q(x)^{1 - \alpha} \,dx",
        ),
        expression=_renyi,
        function=renyi_divergence,
        estimator=montecarlo.renyi_divergence,
        references=(
            "Renyi1961",
            "VanErvenHarremoes2014",
        ),
    ),
    Formula(
        key="eq-renyi",
        name="Rényi divergence between Gaussians",
        chapter="04-family",
        scope="finite order",
        pieces=(
            r"D_\alpha(p \,\|\, q) = \tfrac{\alpha}{2}\, \delta^\top \Sigma_\alpha^{-1} \delta",
            r" + \frac{1}{2 (1 - \alpha)} \log \frac{\det \Sigma_\alpha}"
            r"{(\det \Sigma_p)^{1 - \alpha} (\det \Sigma_q)^\alpha}",
        ),
        expression=_renyi,
        function=renyi_divergence,
        estimator=montecarlo.renyi_divergence,
        references=("Renyi1961", "GilAlajajiLinder2013"),
    ),
    Formula(
        key="eq-renyi-eigenvalues",
        name="Rényi divergence by the eigenvalues of the covariance ratio",
        chapter="04-family",
        scope="any dimension",
        pieces=(
            _RENYI,
            r"\tfrac{\alpha}{2}\, \delta^\top \Sigma_\alpha^{-1} \delta + \frac{1}{2 (1 - \alpha)}",
            r" \sum_{i=1}^{d} \log \frac{(1 - \alpha) \lambda_i + \alpha}{\lambda_i^{1 - \alpha}}",
        ),
        expression=_renyi_eigenvalues,
        function=renyi_divergence,
        estimator=montecarlo.renyi_divergence,
    ),
    Formula(
        key="eq-renyi-1d",
        name="Rényi divergence in one dimension",
        chapter="04-family",
        scope="d = 1",
        pieces=(
            _RENYI,
            Term("mean", r"\frac{\alpha (\mu_p - \mu_q)^2}{2 \sigma_\alpha^2}"),
            " + ",
            Term(
                "logdet",
                r"\frac{1}{1 - \alpha} \log \frac{\sigma_\alpha}"
                r"{\sigma_p^{1 - \alpha} \sigma_q^\alpha}",
            ),
        ),
        expression=_renyi_1d,
        function=renyi_divergence,
        estimator=montecarlo.renyi_divergence,
        decomposition=_renyi_1d_terms,
        references=("GilAlajajiLinder2013",),
    ),
    Formula(
        key="eq-renyi-skew",
        name="skew symmetry of the Rényi divergence",
        chapter="04-family",
        scope="any dimension",
        pieces=(r"(1 - \alpha)\, D_\alpha(p \,\|\, q) = \alpha\, D_{1 - \alpha}(q \,\|\, p)",),
        expression=_renyi_swapped,
        function=_renyi_swapped_value,
        references=("VanErvenHarremoes2014",),
    ),
    Formula(
        key="eq-renyi-half",
        name="Rényi divergence of order one half",
        chapter="04-family",
        scope="any dimension",
        pieces=(r"D_{1/2}(p \,\|\, q) = 2 \operatorname{BD}(p, q)",),
        expression=_renyi_half,
        function=_renyi_half_value,
        references=("VanErvenHarremoes2014",),
    ),
    Formula(
        key="eq-log-ratio-variance",
        name="variance of the logarithm of the likelihood ratio",
        chapter="04-family",
        scope="any dimension",
        pieces=(
            r"\operatorname{Var}_{x \sim p}\big[ \log p(x) - \log q(x) \big] = ",
            r"\delta^\top \Sigma_q^{-1} \Sigma_p \Sigma_q^{-1} \delta",
            r" + \tfrac12 \operatorname{Tr}\Big( \big( \Sigma_q^{-1} \Sigma_p - I \big)^2 \Big)",
        ),
        expression=_variance_of_log_ratio,
    ),
    Formula(
        key="eq-renyi-slope",
        name="slope of the Rényi divergence at order one",
        chapter="04-family",
        scope="any dimension",
        pieces=(
            r"D_1'(p \,\|\, q) = ",
            r"\tfrac12 \operatorname{Var}_{x \sim p}\big[ \log p(x) - \log q(x) \big]",
        ),
        expression=_renyi_slope,
        references=("VanErvenHarremoes2014",),
    ),
    Formula(
        key="eq-renyi-infinity",
        name="Rényi divergence of infinite order",
        chapter="04-family",
        scope="q wider",
        pieces=(
            r"D_\infty(p \,\|\, q) = ",
            r"\tfrac12\, \delta^\top (\Sigma_q - \Sigma_p)^{-1} \delta",
            r" + \tfrac12 \log \frac{\det \Sigma_q}{\det \Sigma_p}",
        ),
        expression=_renyi_infinity,
        function=_renyi_infinity_value,
        references=("VanErvenHarremoes2014",),
    ),
    Formula(
        key="eq-bayes-error",
        name="error of the best test between two laws, equally likely",
        chapter="03-overlap",
        scope="any distance",
        kind="inequality",
        pieces=(
            r"\int \min\big( \tfrac12 p(x), \tfrac12 q(x) \big) \,dx",
            r" = \tfrac12 \big( 1 - \operatorname{TV}(p, q) \big)",
            r" \le \tfrac12 \operatorname{BC}(p, q)",
        ),
        expression=_half_overlap,
        function=_half_overlap_value,
        references=("Kailath1967",),
    ),
    Formula(
        key="eq-variation-definition",
        name="total variation, definition",
        chapter="03-overlap",
        scope="equal covariances",
        kind="definition",
        pieces=(
            _TV,
            Term("expectation", r"\tfrac12 \int \lvert p(x) - q(x) \rvert \,dx"),
        ),
        expression=_variation_equal,
        function=total_variation,
        estimator=montecarlo.total_variation,
        decomposition=_variation_mean,
    ),
    Formula(
        key="eq-variation-equal",
        name="total variation for equal covariances",
        chapter="03-overlap",
        scope="equal covariances",
        pieces=(
            _TV,
            r"2 \Phi\Big( \tfrac12 \sqrt{\delta^\top \Sigma_p^{-1} \delta} \Big) - 1",
        ),
        expression=_variation_equal,
        function=total_variation,
        estimator=montecarlo.total_variation,
    ),
    Formula(
        key="eq-variation-1d",
        name="total variation in one dimension",
        chapter="06-side-by-side",
        scope="d = 1",
        pieces=(
            _TV,
            r"\sum_{i=1}^{2} \Big\lvert \Phi\Big( \frac{z_i - \mu_p}{\sigma_p} \Big)",
            r" - \Phi\Big( \frac{z_i - \mu_q}{\sigma_q} \Big) \Big\rvert",
        ),
        expression=_variation_1d,
        function=total_variation,
        estimator=montecarlo.total_variation,
    ),
    Formula(
        key="eq-variation-bounds",
        name="total variation between two bounds",
        chapter="03-overlap",
        scope="any distance",
        kind="inequality",
        pieces=(
            r"1 - \operatorname{BC}(p, q) \le \operatorname{TV}(p, q)",
            r" \le \sqrt{1 - \operatorname{BC}(p, q)^2}",
        ),
        expression=_variation_upper,
        references=("Kailath1967",),
    ),
    Formula(
        key="eq-variation-hellinger",
        name="total variation between two bounds by the Hellinger distance",
        chapter="06-side-by-side",
        scope="any distance",
        kind="inequality",
        pieces=(
            r"\operatorname{Hel}(p, q)^2 \le \operatorname{TV}(p, q)",
            r" \le \operatorname{Hel}(p, q) \sqrt{2 - \operatorname{Hel}(p, q)^2}",
        ),
        expression=_hellinger_upper,
    ),
    Formula(
        key="eq-pinsker",
        name="Pinsker's inequality",
        chapter="06-side-by-side",
        scope="any dimension",
        kind="inequality",
        pieces=(r"\operatorname{TV}(p, q) \le \sqrt{\tfrac12 \operatorname{KL}(p \,\|\, q)}",),
        expression=_pinsker,
        references=("Pinsker1964",),
    ),
    Formula(
        key="eq-bretagnolle-huber",
        name="inequality of Bretagnolle and Huber",
        chapter="06-side-by-side",
        scope="any distance",
        kind="inequality",
        pieces=(
            r"\operatorname{TV}(p, q) \le ",
            r"\sqrt{1 - e^{-\operatorname{KL}(p \,\|\, q)}}",
        ),
        expression=_bretagnolle_huber,
        references=("BretagnolleHuber1979",),
    ),
    Formula(
        key="eq-bhattacharyya-kl",
        name="Bhattacharyya distance below half of the KL divergence",
        chapter="04-family",
        scope="any dimension",
        kind="inequality",
        pieces=(r"2 \operatorname{BD}(p, q) \le \operatorname{KL}(p \,\|\, q)",),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
        references=("VanErvenHarremoes2014",),
    ),
    Formula(
        key="eq-chernoff-bounds",
        name="Chernoff information between two divergences",
        chapter="04-family",
        scope="any dimension",
        kind="inequality",
        pieces=(
            r"\operatorname{BD}(p, q) \le \operatorname{C}(p, q)",
            r" \le \operatorname{KL}(p \,\|\, q)",
        ),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
    ),
    Formula(
        key="eq-fisher",
        name="KL divergence of nearly equal Gaussians: Fisher's information",
        chapter="06-side-by-side",
        scope="line of Gaussians",
        pieces=(
            r"k''(0) = v^\top \Sigma_p^{-1} v",
            r" + \tfrac12 \operatorname{Tr}\Big( \big( \Sigma_p^{-1} \Delta \big)^2 \Big)",
        ),
        expression=_fisher,
    ),
    Formula(
        key="eq-fisher-bhattacharyya",
        name="Bhattacharyya distance of nearly equal Gaussians",
        chapter="06-side-by-side",
        scope="line of Gaussians",
        pieces=(
            r"b''(0) = \tfrac14\, v^\top \Sigma_p^{-1} v",
            r" + \tfrac18 \operatorname{Tr}\Big( \big( \Sigma_p^{-1} \Delta \big)^2 \Big)",
        ),
        expression=_fisher_bhattacharyya,
    ),
    Formula(
        key="eq-common-mass",
        name="mass that two Gaussians with equal covariances have in common",
        chapter="03-overlap",
        scope="equal covariances",
        pieces=(
            r"\int \min\big( p(x), q(x) \big) \,dx = ",
            r"2\, \Phi\Big( -\tfrac12 \sqrt{\delta^\top \Sigma_p^{-1} \delta} \Big)",
        ),
        expression=_common_mass,
        function=overlap_coefficient,
        estimator=montecarlo.overlap_coefficient,
        references=("InmanBradley1989",),
    ),
    Formula(
        key="eq-fisher-rao-1d",
        name="Fisher-Rao distance in one dimension",
        chapter="06-side-by-side",
        scope="d = 1",
        pieces=(
            _FR + r"\sqrt2\, \log",
            r" \frac{\sqrt{\delta^2 + 2 (\sigma_p + \sigma_q)^2}"
            r" + \sqrt{\delta^2 + 2 (\sigma_p - \sigma_q)^2}}",
            r" {\sqrt{\delta^2 + 2 (\sigma_p + \sigma_q)^2}"
            r" - \sqrt{\delta^2 + 2 (\sigma_p - \sigma_q)^2}}",
        ),
        expression=_fisher_rao_1d,
        function=fisher_rao_distance,
        references=("Rao1945", "AtkinsonMitchell1981"),
    ),
    Formula(
        key="eq-fisher-rao-means",
        name="Fisher-Rao distance for equal means",
        chapter="06-side-by-side",
        scope="equal means",
        pieces=(_FR + r"\sqrt{\tfrac12 \sum_{i=1}^{d} (\log \lambda_i)^2}",),
        expression=_fisher_rao_means,
        function=fisher_rao_distance,
        references=("AtkinsonMitchell1981",),
    ),
    Formula(
        key="eq-fisher-rao-covariances",
        name="Fisher-Rao distance for equal covariances",
        chapter="06-side-by-side",
        scope="equal covariances",
        pieces=(
            _FR + r"2 \sqrt2\, \log \Big(",
            r" \sqrt{1 + \tfrac18\, \delta^\top \Sigma_p^{-1} \delta}",
            r" + \sqrt{\tfrac18\, \delta^\top \Sigma_p^{-1} \delta} \Big)",
        ),
        expression=_fisher_rao_covariances,
        function=fisher_rao_distance,
        references=("AtkinsonMitchell1981",),
    ),
    Formula(
        key="eq-kl-gradient",
        name="gradient of the KL divergence by its first argument, as a slope",
        chapter="07-in-practice",
        scope="moving Gaussian",
        pieces=(
            r"k'(0) = v^\top \Sigma_q^{-1} \delta",
            r" + \tfrac12 \operatorname{Tr}\big( (\Sigma_q^{-1} - \Sigma_p^{-1}) \Delta \big)",
        ),
        expression=_kl_slope,
        function=_kl_slope_value,
    ),
    Formula(
        key="eq-kl-gradient-second",
        name="gradient of the KL divergence by its second argument, as a slope",
        chapter="07-in-practice",
        scope="moving Gaussian",
        pieces=(
            r"r'(0) = v^\top \Sigma_p^{-1} \delta",
            r" + \tfrac12 \operatorname{Tr}\Big( \big( \Sigma_p^{-1}"
            r" - \Sigma_p^{-1} (\Sigma_q + \delta \delta^\top) \Sigma_p^{-1} \big)"
            r" \Delta \Big)",
        ),
        expression=_kl_slope_of_second,
        function=_kl_slope_of_second_value,
    ),
    Formula(
        key="eq-bhattacharyya-gradient",
        name="gradient of the Bhattacharyya distance, as a slope",
        chapter="07-in-practice",
        scope="moving Gaussian",
        pieces=(
            r"b'(0) = \tfrac14\, v^\top M^{-1} \delta",
            r" + \tfrac14 \operatorname{Tr}\big( (M^{-1} - \Sigma_p^{-1}) \Delta \big)",
            r" - \tfrac{1}{16} \big( \delta^\top M^{-1} \Delta M^{-1} \delta \big)",
        ),
        expression=_bhattacharyya_slope,
        function=_bhattacharyya_slope_value,
    ),
    Formula(
        key="eq-geometric-covariance",
        name="covariance of the normalised product of powers",
        chapter="06-side-by-side",
        scope="product of powers",
        pieces=(
            r"\operatorname{Cov}_{x \sim g}[x] = ",
            r"\big( \alpha \Sigma_p^{-1} + (1 - \alpha) \Sigma_q^{-1} \big)^{-1}",
        ),
        expression=_geometric_covariance,
        function=_geometric_covariance_value,
        references=("JulierUhlmann1997",),
    ),
    Formula(
        key="eq-geometric-mean",
        name="mean of the normalised product of powers",
        chapter="06-side-by-side",
        scope="product of powers",
        pieces=(
            r"\mathbb{E}_{x \sim g}[x] = ",
            r"\big( \alpha \Sigma_p^{-1} + (1 - \alpha) \Sigma_q^{-1} \big)^{-1}",
            r" \big( \alpha \Sigma_p^{-1} \mu_p + (1 - \alpha) \Sigma_q^{-1} \mu_q \big)",
        ),
        expression=_geometric_mean,
        function=_geometric_mean_value,
        references=("JulierUhlmann1997",),
    ),
    Formula(
        key="eq-mixture-covariance",
        name="covariance of a mixture",
        chapter="07-in-practice",
        scope="mixture",
        pieces=(
            r"\operatorname{Cov}_{x \sim f}[x] = ",
            r"\sum_{i=1}^n w_i \big( \Sigma_i + (\mu_i - m) (\mu_i - m)^\top \big)",
        ),
        expression=_mixture_covariance,
        function=_mixture_covariance_value,
        references=("Runnalls2007",),
    ),
]
