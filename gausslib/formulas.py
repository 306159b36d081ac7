r"""The registry: one entry for each displayed formula.

An entry holds the TeX that the book displays, its right-hand side in closed form as a
SymPy expression, and the function of gausslib that computes it. Chapters label a
displayed result with its key, `$$ ... $$ (eq-kl)`, and assert in a cell that what they
derived *is* the entry's `expression`. The site refuses a labelled equation that differs from the
entry's TeX, and a test evaluates that TeX itself, sign by sign, on random Gaussians:
what is displayed and what is checked cannot drift apart.

The symbols are the same everywhere: p = N(mu_p, Sigma_p) and q = N(mu_q, Sigma_q) in
`d` dimensions, with delta = mu_p - mu_q. The module needs SymPy, so `import gausslib`
leaves it out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from gausslib.divergences import kl_divergence, kl_terms

__all__ = ["FORMULAS", "SCOPES", "Formula", "Term", "normalise_tex"]


@dataclass(frozen=True)
class Term:
    """A piece of a formula that a figure can light up."""

    name: str
    tex: str


@dataclass(frozen=True)
class Formula:
    r"""A displayed formula: what it says, where it holds, and what computes it.

    Parameters
    ----------
    key : str
        Label of the equation in the chapters, and key in `FORMULAS`.
    name : str
        What the formula is called.
    scope : str
        Where it holds; one of `SCOPES`.
    pieces : tuple of str and Term
        The TeX from left to right. A `Term` knows where it begins and ends.
    expression : callable
        The right-hand side in closed form, in SymPy; where the TeX has a mean, its value.
        Its parameters are named like the symbols of the TeX (``Sigma_p`` for
        ``\Sigma_p``) and take SymPy objects.
    function : callable or None
        Function of gausslib that computes the left-hand side from (p, q); None for a
        step that has no function of its own.
    browser : str or None
        Name of the same function in ``widgets/src/gauss2d.js``.
    decomposition : callable or None
        Function of gausslib that gives the terms by name, for a formula that has terms.
    references : tuple of str
        Keys in ``book/references.bib``.
    """

    key: str
    name: str
    scope: str
    pieces: tuple[str | Term, ...]
    expression: Callable[..., Any]
    function: Callable[..., Any] | None = None
    browser: str | None = None
    decomposition: Callable[..., Any] | None = None
    references: tuple[str, ...] = ()

    @property
    def tex(self) -> str:
        """Plain TeX, as a chapter shows it."""
        return "".join(piece.tex if isinstance(piece, Term) else piece for piece in self.pieces)

    @property
    def marked_tex(self) -> str:
        """TeX with the class ``term-NAME`` around each term, for the site's renderer."""
        return "".join(
            rf"\htmlClass{{term-{piece.name}}}{{{piece.tex}}}" if isinstance(piece, Term) else piece
            for piece in self.pieces
        )

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms, in the order of the formula."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Term))


SCOPES = {
    "any dimension": "every pair of Gaussians with invertible covariances",
    "d = 1": "one dimension, standard deviations sigma_p and sigma_q",
    "diagonal": "diagonal covariances, standard deviations sigma_p[i] and sigma_q[i]",
    "q standard": "q = N(0, I)",
    "turned ellipse": "the plane; equal means; q is p turned by the angle theta; "
    "l_1 and l_2 are the eigenvalues of both covariances",
    "finite variance": "every pair with Sigma_q < 2 Sigma_p",
}


def normalise_tex(tex: str) -> str:
    r"""TeX without white space: the same formula may be broken into lines differently.

    Parameters
    ----------
    tex : str
        Displayed TeX.

    Returns
    -------
    str
        What two writings of one formula have in common.

    Examples
    --------
    >>> from gausslib.formulas import normalise_tex
    >>> normalise_tex(r"\tfrac12\, \delta + 1") == normalise_tex(r"\tfrac12 \, \delta+1")
    True
    """
    return "".join(tex.split())


# --- the expressions; SymPy objects in, a SymPy expression out -------------------------


def _log_density(x, mu_p, Sigma_p, d):
    square = ((x - mu_p).T * Sigma_p.inv() * (x - mu_p))[0]
    return -square / 2 - sp.log(Sigma_p.det()) / 2 - sp.Rational(1, 2) * d * sp.log(2 * sp.pi)


def _mean_quadratic(delta, Sigma_p, Sigma_q):
    return (Sigma_q.inv() * Sigma_p).trace() + (delta.T * Sigma_q.inv() * delta)[0]


def _kl(delta, Sigma_p, Sigma_q, d):
    mean = (delta.T * Sigma_q.inv() * delta)[0] / 2
    trace = ((Sigma_q.inv() * Sigma_p).trace() - d) / 2
    logdet = sp.log(Sigma_q.det() / Sigma_p.det()) / 2
    return mean + trace + logdet


def _kl_eigenvalues(delta, Sigma_q, lambda_):
    mean = (delta.T * Sigma_q.inv() * delta)[0] / 2
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


_KL = r"\operatorname{KL}(p \,\|\, q) = "

FORMULAS = {
    formula.key: formula
    for formula in [
        Formula(
            key="eq-kl-definition",
            name="KL divergence, definition",
            scope="any dimension",
            pieces=(_KL, r"\mathbb{E}_{x \sim p}\big[ \log p(x) - \log q(x) \big]"),
            expression=_kl,
            function=kl_divergence,
            browser="klDivergence",
            references=("KullbackLeibler1951",),
        ),
        Formula(
            key="eq-log-density",
            name="log-density of a Gaussian",
            scope="any dimension",
            pieces=(
                r"\log p(x) = -\tfrac12 (x - \mu_p)^\top \Sigma_p^{-1} (x - \mu_p)",
                r" - \tfrac12 \log\det\Sigma_p - \tfrac{d}{2} \log 2\pi",
            ),
            expression=_log_density,
        ),
        Formula(
            key="eq-mean-quadratic",
            name="mean of a quadratic form",
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
            scope="any dimension",
            pieces=(
                _KL,
                Term("mean", r"\tfrac12\, \delta^\top \Sigma_q^{-1} \delta"),
                " + ",
                Term(
                    "trace", r"\tfrac12 \big( \operatorname{Tr}(\Sigma_q^{-1} \Sigma_p) - d \big)"
                ),
                " + ",
                Term("logdet", r"\tfrac12 \log \frac{\det \Sigma_q}{\det \Sigma_p}"),
            ),
            expression=_kl,
            function=kl_divergence,
            browser="klDivergence",
            decomposition=kl_terms,
            references=("KullbackLeibler1951", "Su2021Distances"),
        ),
        Formula(
            key="eq-kl-eigenvalues",
            name="KL divergence by the eigenvalues of the covariance ratio",
            scope="any dimension",
            pieces=(
                _KL,
                r"\tfrac12\, \delta^\top \Sigma_q^{-1} \delta"
                r" + \tfrac12 \sum_{i=1}^{d} \big( \lambda_i - 1 - \log \lambda_i \big)",
            ),
            expression=_kl_eigenvalues,
            function=kl_divergence,
            browser="klDivergence",
        ),
        Formula(
            key="eq-kl-1d",
            name="KL divergence in one dimension",
            scope="d = 1",
            pieces=(
                _KL,
                r"\log \frac{\sigma_q}{\sigma_p}"
                r" + \frac{\sigma_p^2 + (\mu_p - \mu_q)^2}{2 \sigma_q^2} - \tfrac12",
            ),
            expression=_kl_1d,
            function=kl_divergence,
        ),
        Formula(
            key="eq-kl-diagonal",
            name="KL divergence of diagonal Gaussians",
            scope="diagonal",
            pieces=(
                _KL,
                r"\sum_{i=1}^{d} \Big[ \log \frac{\sigma_{q,i}}{\sigma_{p,i}}"
                r" + \frac{\sigma_{p,i}^2 + \delta_i^2}{2 \sigma_{q,i}^2} - \tfrac12 \Big]",
            ),
            expression=_kl_diagonal,
            function=kl_divergence,
            browser="klDivergence",
        ),
        Formula(
            key="eq-kl-standard",
            name="KL divergence from the standard Gaussian",
            scope="q standard",
            pieces=(
                r"\operatorname{KL}(p \,\|\, \mathcal{N}(0, I)) = ",
                r"\tfrac12 \big( \mu_p^\top \mu_p + \operatorname{Tr} \Sigma_p"
                r" - d - \log\det \Sigma_p \big)",
            ),
            expression=_kl_standard,
            function=kl_divergence,
            browser="klDivergence",
            references=("KingmaWelling2014",),
        ),
        Formula(
            key="eq-kl-turned",
            name="KL divergence of a turned ellipse",
            scope="turned ellipse",
            pieces=(_KL, r"\frac{(\ell_1 - \ell_2)^2}{2 \ell_1 \ell_2} \sin^2 \theta"),
            expression=_kl_turned,
            function=kl_divergence,
            browser="klDivergence",
        ),
        Formula(
            key="eq-kl-nonnegative",
            name="KL divergence as the mean of a non-negative quantity",
            scope="finite variance",
            pieces=(
                _KL,
                r"\mathbb{E}_{x \sim p}\big[ r(x) - 1 - \log r(x) \big]",
            ),
            expression=_kl,
            function=kl_divergence,
            browser="klDivergence",
            references=("Schulman2020",),
        ),
    ]
}
