"""The formulas of optimal transport."""

from gausslib import montecarlo
from gausslib.formulas._formula import Formula, Term, square_root
from gausslib.transport import transport_map, w2_squared, w2_terms

__all__ = ["FORMULAS"]


def _w2(delta, Sigma_p, Sigma_q):
    root = square_root(Sigma_p)
    overlap = square_root(root * Sigma_q * root).trace()
    return (delta.T * delta)[0] + Sigma_p.trace() + Sigma_q.trace() - 2 * overlap


def _image_covariance(p, q):
    matrix = transport_map(p, q)
    return matrix @ p.cov @ matrix


FORMULAS = [
    Formula(
        key="eq-w2",
        name="2-Wasserstein distance between Gaussians",
        chapter="04-wasserstein",
        scope="any dimension",
        pieces=(
            "W_2(p, q)^2 = ",
            Term("mean", r"\|\delta\|^2"),
            " + ",
            Term(
                "covariance",
                r"\operatorname{Tr}\Sigma_p + \operatorname{Tr}\Sigma_q - 2 \operatorname{Tr}"
                r"\bigl(\Sigma_p^{1/2} \Sigma_q \Sigma_p^{1/2}\bigr)^{1/2}",
            ),
        ),
        expression=_w2,
        function=w2_squared,
        browser="w2Squared",
        estimator=montecarlo.w2_squared,
        decomposition=w2_terms,
        references=("Su2021Distances",),
    ),
    Formula(
        key="eq-transport-equation",
        name="equation of the transport map",
        chapter="04-wasserstein",
        scope="any dimension",
        pieces=(r"T \Sigma_p T = \Sigma_q",),
        expression=lambda Sigma_q: Sigma_q,
        function=_image_covariance,
    ),
]
