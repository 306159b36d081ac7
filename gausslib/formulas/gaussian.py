"""The formulas of one Gaussian: density, moments, entropy, images and conditional laws."""

from typing import NamedTuple

import numpy as np
import sympy as sp

from gausslib import montecarlo
from gausslib.formulas._formula import Formula, Term, quadratic
from gausslib.gaussian import Gaussian
from gausslib.moments import Moments

__all__ = ["FORMULAS"]


def _density(x, mu_p, Sigma_p, d):
    return sp.exp(-quadratic(x - mu_p, Sigma_p.inv()) / 2) / sp.sqrt(
        (2 * sp.pi) ** d * Sigma_p.det()
    )


def _log_density(x, mu_p, Sigma_p, d):
    square = quadratic(x - mu_p, Sigma_p.inv())
    return -square / 2 - sp.log(Sigma_p.det()) / 2 - sp.Rational(1, 2) * d * sp.log(2 * sp.pi)


def _mahalanobis(x, mu_p, Sigma_p):
    return sp.sqrt(quadratic(x - mu_p, Sigma_p.inv()))


def _second_moment(mu_p, Sigma_p):
    return mu_p * mu_p.T + Sigma_p


def _gaussian_integral(omega, Sigma_p, d):
    return sp.sqrt((2 * sp.pi) ** d * Sigma_p.det()) * sp.exp(quadratic(omega, Sigma_p) / 2)


def _moment_generating(omega, mu_p, Sigma_p):
    return sp.exp((omega.T * mu_p)[0] + quadratic(omega, Sigma_p) / 2)


def _characteristic_real(omega, mu_p, Sigma_p):
    return sp.cos((omega.T * mu_p)[0]) * sp.exp(-quadratic(omega, Sigma_p) / 2)


def _characteristic_imaginary(omega, mu_p, Sigma_p):
    return sp.sin((omega.T * mu_p)[0]) * sp.exp(-quadratic(omega, Sigma_p) / 2)


def _entropy(Sigma_p, d):
    return sp.Rational(1, 2) * d * (1 + sp.log(2 * sp.pi)) + sp.log(Sigma_p.det()) / 2


def _ellipse(s_1, s_2, theta):
    turn = sp.Matrix([[sp.cos(theta), -sp.sin(theta)], [sp.sin(theta), sp.cos(theta)]])
    return turn * sp.diag(s_1**2, s_2**2) * turn.T


def _conditional_mean(mu_K, Sigma_KJ, Sigma_JJ, x_J, mu_J):
    return mu_K + Sigma_KJ * Sigma_JJ.inv() * (x_J - mu_J)


def _conditional_covariance(Sigma_KK, Sigma_KJ, Sigma_JJ, Sigma_JK):
    return Sigma_KK - Sigma_KJ * Sigma_JJ.inv() * Sigma_JK


def _sample_covariance(x, m):
    centred = sp.Matrix.hstack(*(point - m for point in x))
    return centred * centred.T / (len(x) - 1)


def _weighted_covariance(x, m, w):
    total, squares = sum(w), sum(weight**2 for weight in w)
    terms = (weight * (point - m) * (point - m).T for point, weight in zip(x, w, strict=True))
    return sum(terms, sp.zeros(len(m), len(m))) / (total - squares / total)


# --- the functions, where they return a Gaussian -------------------------------------------


def _column(vector):
    return np.asarray(vector)[:, None]


def _covariance_from_axes(s_1, s_2, theta):
    return Gaussian.from_axes([0, 0], [s_1, s_2], theta).cov


def _covariance_from_samples(x):
    return Gaussian.from_samples(np.stack(x)[..., 0]).cov


def _covariance_from_moments(x, w):
    moments = Moments(len(x[0]))
    moments.add(np.stack(x)[..., 0], w)
    return moments.covariance


def _image_mean(p, A, b):
    return _column(p.affine(A, b).mean)


def _image_covariance(p, A, b):
    return p.affine(A, b).cov


def _moment_generating_of_marginal(p, J, omega_J):
    law = p.marginal(J)
    return np.exp(omega_J @ law.mean + omega_J @ law.cov @ omega_J / 2)


def _mean_given_J(p, J, x_J):
    return _column(p.condition(J, x_J).mean)


def _covariance_given_J(p, J, x_J):
    return p.condition(J, x_J).cov


# --- the terms that the figures show -------------------------------------------------------


class _LogDensityTerms(NamedTuple):
    square: float
    logdet: float
    constant: float


def _log_density_terms(p, x):
    logdet = p.entropy() - p.dim / 2 * (1 + np.log(2 * np.pi))
    return _LogDensityTerms(p.mahalanobis(x) ** 2 / 2, logdet, p.dim / 2 * np.log(2 * np.pi))


class _RegressionTerms(NamedTuple):
    marginal: np.ndarray
    regression: np.ndarray


def _mean_given_J_terms(p, J, K, x_J):
    marginal = _column(p.marginal(K).mean)
    return _RegressionTerms(marginal, _mean_given_J(p, J, x_J) - marginal)


def _covariance_given_J_terms(p, J, K, x_J):
    marginal = p.marginal(K).cov
    return _RegressionTerms(marginal, marginal - _covariance_given_J(p, J, x_J))


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
        chapter="01-gaussian",
        scope="any dimension",
        pieces=(
            r"\log p(x) = -",
            Term("square", r"\tfrac12 (x - \mu_p)^\top \Sigma_p^{-1} (x - \mu_p)"),
            " - ",
            Term("logdet", r"\tfrac12 \log\det\Sigma_p"),
            " - ",
            Term("constant", r"\tfrac{d}{2} \log 2\pi"),
        ),
        expression=_log_density,
        function=Gaussian.logpdf,
        decomposition=_log_density_terms,
    ),
    Formula(
        key="eq-mahalanobis",
        name="Mahalanobis distance of a point from the mean",
        chapter="01-gaussian",
        scope="any dimension",
        pieces=(r"m_p(x) = \sqrt{(x - \mu_p)^\top \Sigma_p^{-1} (x - \mu_p)}",),
        expression=_mahalanobis,
        function=Gaussian.mahalanobis,
        references=("Mahalanobis1936",),
    ),
    Formula(
        key="eq-second-moment",
        name="second moment of a Gaussian",
        chapter="01-gaussian",
        scope="any dimension",
        pieces=(r"\mathbb{E}_{x \sim p}\big[ x x^\top \big] = \mu_p \mu_p^\top + \Sigma_p",),
        expression=_second_moment,
    ),
    Formula(
        key="eq-gaussian-integral",
        name="Gaussian integral with a linear term",
        chapter="01-gaussian",
        scope="vector",
        pieces=(
            r"\int \exp\Big( -\tfrac12 x^\top \Sigma_p^{-1} x + \omega^\top x \Big) \,dx = ",
            r"\sqrt{(2\pi)^d \det \Sigma_p} \,",
            r" \exp\Big( \tfrac12\, \omega^\top \Sigma_p \omega \Big)",
        ),
        expression=_gaussian_integral,
        references=("Su2021Distances",),
    ),
    Formula(
        key="eq-moment-generating",
        name="moment generating function of a Gaussian",
        chapter="01-gaussian",
        scope="vector",
        pieces=(
            r"\mathbb{E}_{x \sim p}\big[ \exp(\omega^\top x) \big] = ",
            r"\exp\Big( \omega^\top \mu_p + \tfrac12\, \omega^\top \Sigma_p \omega \Big)",
        ),
        expression=_moment_generating,
        references=("Su2021Distances",),
    ),
    Formula(
        key="eq-characteristic-real",
        name="characteristic function of a Gaussian, real part",
        chapter="01-gaussian",
        scope="vector",
        pieces=(
            r"\mathbb{E}_{x \sim p}\big[ \cos(\omega^\top x) \big] = ",
            r"\cos(\omega^\top \mu_p)",
            r" \exp\Big( -\tfrac12\, \omega^\top \Sigma_p \omega \Big)",
        ),
        expression=_characteristic_real,
    ),
    Formula(
        key="eq-characteristic-imaginary",
        name="characteristic function of a Gaussian, imaginary part",
        chapter="01-gaussian",
        scope="vector",
        pieces=(
            r"\mathbb{E}_{x \sim p}\big[ \sin(\omega^\top x) \big] = ",
            r"\sin(\omega^\top \mu_p)",
            r" \exp\Big( -\tfrac12\, \omega^\top \Sigma_p \omega \Big)",
        ),
        expression=_characteristic_imaginary,
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
        references=("Shannon1948",),
    ),
    Formula(
        key="eq-maximum-entropy",
        name="no law with the same covariance has more entropy than a Gaussian",
        chapter="01-gaussian",
        scope="same moments",
        kind="inequality",
        pieces=(r"h(f) \le \tfrac{d}{2} (1 + \log 2\pi) + \tfrac12 \log\det \Sigma_p",),
        expression=_entropy,
        function=Gaussian.entropy,
        estimator=montecarlo.entropy,
        references=("Shannon1948",),
    ),
    Formula(
        key="eq-ellipse",
        name="covariance of an ellipse",
        chapter="01-gaussian",
        scope="ellipse",
        pieces=(r"\Sigma_p = R(\theta) \operatorname{diag}(s_1^2, s_2^2)\, R(\theta)^\top",),
        expression=_ellipse,
        function=_covariance_from_axes,
    ),
    Formula(
        key="eq-affine-mean",
        name="mean of an affine image",
        chapter="01-gaussian",
        scope="affine map",
        pieces=(r"\mathbb{E}_{x \sim p}\big[ A x + b \big] = A \mu_p + b",),
        expression=lambda A, mu_p, b: A * mu_p + b,
        function=_image_mean,
    ),
    Formula(
        key="eq-affine-covariance",
        name="covariance of an affine image",
        chapter="01-gaussian",
        scope="affine map",
        pieces=(r"\operatorname{Cov}_{x \sim p}\big[ A x + b \big] = A \Sigma_p A^\top",),
        expression=lambda A, Sigma_p: A * Sigma_p * A.T,
        function=_image_covariance,
    ),
    Formula(
        key="eq-whitening",
        name="whitening",
        chapter="01-gaussian",
        scope="any dimension",
        pieces=(r"\operatorname{Cov}_{x \sim p}\big[ \Sigma_p^{-1/2} (x - \mu_p) \big] = I",),
        expression=lambda d: sp.eye(d),
    ),
    Formula(
        key="eq-marginal",
        name="moment generating function of a marginal law",
        chapter="01-gaussian",
        scope="blocks",
        pieces=(
            r"\mathbb{E}_{x \sim p}\big[ \exp(\omega_J^\top x_J) \big] = ",
            r"\exp\Big( \omega_J^\top \mu_J + \tfrac12\, \omega_J^\top \Sigma_{JJ} \omega_J \Big)",
        ),
        expression=lambda omega_J, mu_J, Sigma_JJ: _moment_generating(omega_J, mu_J, Sigma_JJ),
        function=_moment_generating_of_marginal,
    ),
    Formula(
        key="eq-conditional-mean",
        name="mean of some coordinates, given the others",
        chapter="01-gaussian",
        scope="blocks",
        pieces=(
            r"\mu_{K \mid J} = ",
            Term("marginal", r"\mu_K"),
            " + ",
            Term("regression", r"\Sigma_{KJ} \Sigma_{JJ}^{-1} (x_J - \mu_J)"),
        ),
        expression=_conditional_mean,
        function=_mean_given_J,
        decomposition=_mean_given_J_terms,
        references=("Anderson1958",),
    ),
    Formula(
        key="eq-conditional-covariance",
        name="covariance of some coordinates, given the others",
        chapter="01-gaussian",
        scope="blocks",
        pieces=(
            r"\Sigma_{K \mid J} = ",
            Term("marginal", r"\Sigma_{KK}"),
            " - ",
            Term("regression", r"\Sigma_{KJ} \Sigma_{JJ}^{-1} \Sigma_{JK}"),
        ),
        expression=_conditional_covariance,
        function=_covariance_given_J,
        decomposition=_covariance_given_J_terms,
        references=("Anderson1958",),
    ),
    Formula(
        key="eq-sample-covariance",
        name="covariance of samples, unbiased",
        chapter="07-in-practice",
        scope="samples",
        pieces=(r"S = \frac{1}{n - 1} \sum_{i=1}^{n} (x_i - m)(x_i - m)^\top",),
        expression=_sample_covariance,
        function=_covariance_from_samples,
    ),
    Formula(
        key="eq-weighted-covariance",
        name="covariance of samples with weights, unbiased",
        chapter="07-in-practice",
        scope="weighted samples",
        pieces=(r"S = \frac{1}{V_1 - V_2 / V_1} \sum_{i=1}^{n} w_i (x_i - m)(x_i - m)^\top",),
        expression=_weighted_covariance,
        function=_covariance_from_moments,
    ),
]
