"""The formulas of the divergences that compare densities."""

import sympy as sp

from gausslib import montecarlo
from gausslib.divergences import (
    bhattacharyya_distance,
    bhattacharyya_terms,
    hellinger_distance,
    kl_divergence,
    kl_terms,
    renyi_divergence,
)
from gausslib.formulas._formula import Formula, Term, quadratic

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


def _bhattacharyya(delta, Sigma_p, Sigma_q):
    middle = (Sigma_p + Sigma_q) / 2
    logdet = sp.log(middle.det() / sp.sqrt(Sigma_p.det() * Sigma_q.det())) / 2
    return quadratic(delta, middle.inv()) / 8 + logdet


def _hellinger(delta, Sigma_p, Sigma_q):
    return sp.sqrt(1 - sp.exp(-_bhattacharyya(delta, Sigma_p, Sigma_q)))


def _renyi(delta, Sigma_p, Sigma_q, alpha):
    mixed = (1 - alpha) * Sigma_p + alpha * Sigma_q
    ratio = mixed.det() / (Sigma_p.det() ** (1 - alpha) * Sigma_q.det() ** alpha)
    return alpha * quadratic(delta, mixed.inv()) / 2 + sp.log(ratio) / (2 * (1 - alpha))


def _pinsker(delta, Sigma_p, Sigma_q, d):
    return sp.sqrt(_kl(delta, Sigma_p, Sigma_q, d) / 2)


_KL = r"\operatorname{KL}(p \,\|\, q) = "

FORMULAS = [
    Formula(
        key="eq-kl-definition",
        name="KL divergence, definition",
        chapter="02-kl",
        scope="any dimension",
        pieces=(_KL, r"\mathbb{E}_{x \sim p}\big[ \log p(x) - \log q(x) \big]"),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_plain,
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
            r"\log \frac{\sigma_q}{\sigma_p}"
            r" + \frac{\sigma_p^2 + (\mu_p - \mu_q)^2}{2 \sigma_q^2} - \tfrac12",
        ),
        expression=_kl_1d,
        function=kl_divergence,
        estimator=montecarlo.kl_plain,
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
        pieces=(
            _KL,
            r"\mathbb{E}_{x \sim p}\big[ r(x) - 1 - \log r(x) \big]",
        ),
        expression=_kl,
        function=kl_divergence,
        browser="klDivergence",
        estimator=montecarlo.kl_nonnegative,
        references=("Schulman2020",),
    ),
    Formula(
        key="eq-bhattacharyya",
        name="Bhattacharyya distance between Gaussians",
        chapter="03-bhattacharyya",
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
        references=("Su2021Distances",),
    ),
    Formula(
        key="eq-hellinger",
        name="Hellinger distance by the Bhattacharyya coefficient",
        chapter="03-bhattacharyya",
        scope="any dimension",
        pieces=(r"\operatorname{Hel}(p, q) = \sqrt{1 - \operatorname{BC}(p, q)}",),
        expression=_hellinger,
        function=hellinger_distance,
        estimator=montecarlo.hellinger_distance,
    ),
    Formula(
        key="eq-renyi",
        name="Rényi divergence between Gaussians",
        chapter="03-bhattacharyya",
        scope="finite order",
        pieces=(
            r"D_\alpha(p \,\|\, q) = \tfrac{\alpha}{2}\, \delta^\top \Sigma_\alpha^{-1} \delta",
            r" + \frac{1}{2 (1 - \alpha)} \log \frac{\det \Sigma_\alpha}"
            r"{(\det \Sigma_p)^{1 - \alpha} (\det \Sigma_q)^\alpha}",
        ),
        expression=_renyi,
        function=renyi_divergence,
        estimator=montecarlo.renyi_divergence,
    ),
    Formula(
        key="eq-pinsker",
        name="Pinsker's inequality",
        chapter="05-comparison",
        scope="any dimension",
        pieces=(r"\operatorname{TV}(p, q) \le \sqrt{\tfrac12 \operatorname{KL}(p \,\|\, q)}",),
        expression=_pinsker,
    ),
]
