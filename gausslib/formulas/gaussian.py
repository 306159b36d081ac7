"""The formulas of one Gaussian: its density and its entropy."""

import sympy as sp

from gausslib import montecarlo
from gausslib.formulas._formula import Formula, quadratic
from gausslib.gaussian import Gaussian

__all__ = ["FORMULAS"]


def _density(x, mu_p, Sigma_p, d):
    return sp.exp(-quadratic(x - mu_p, Sigma_p.inv()) / 2) / sp.sqrt(
        (2 * sp.pi) ** d * Sigma_p.det()
    )


def _log_density(x, mu_p, Sigma_p, d):
    square = quadratic(x - mu_p, Sigma_p.inv())
    return -square / 2 - sp.log(Sigma_p.det()) / 2 - sp.Rational(1, 2) * d * sp.log(2 * sp.pi)


def _entropy(Sigma_p, d):
    return sp.Rational(1, 2) * d * (1 + sp.log(2 * sp.pi)) + sp.log(Sigma_p.det()) / 2


FORMULAS = [
    Formula(
        key="eq-density",
        name="density of a Gaussian",
        chapter="01-gaussian",
        scope="any dimension",
        pieces=(
            r"p(x) = \frac{1}{\sqrt{(2\pi)^d \det \Sigma_p}}",
            r" \exp\Big( -\tfrac12 (x - \mu_p)^\top \Sigma_p^{-1} (x - \mu_p) \Big)",
        ),
        expression=_density,
        function=Gaussian.pdf,
    ),
    Formula(
        key="eq-log-density",
        name="log-density of a Gaussian",
        chapter="02-kl",
        scope="any dimension",
        pieces=(
            r"\log p(x) = -\tfrac12 (x - \mu_p)^\top \Sigma_p^{-1} (x - \mu_p)",
            r" - \tfrac12 \log\det\Sigma_p - \tfrac{d}{2} \log 2\pi",
        ),
        expression=_log_density,
        function=Gaussian.logpdf,
    ),
    Formula(
        key="eq-entropy",
        name="entropy of a Gaussian",
        chapter="01-gaussian",
        scope="any dimension",
        pieces=(r"h(p) = \tfrac{d}{2} (1 + \log 2\pi) + \tfrac12 \log\det \Sigma_p",),
        expression=_entropy,
        function=Gaussian.entropy,
        estimator=montecarlo.entropy,
    ),
]
