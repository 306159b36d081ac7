"""What an entry of the registry is, and the SymPy that several entries need."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy as sp

__all__ = ["SCOPES", "Formula", "Term", "normalise_tex", "quadratic", "square_root"]


@dataclass(frozen=True)
class Term:
    """A piece of a formula that a figure can light up."""

    name: str
    tex: str


@dataclass(frozen=True, kw_only=True)
class Formula:
    r"""A displayed formula: what it says, where it holds, and what computes it.

    It is an equation, an inequality or a chain of them; its sides are numbers, vectors or
    matrices. What is said below of its right-hand side is meant of the last one of a chain.

    Parameters
    ----------
    key : str
        Label of the equation in the chapters, and key in `FORMULAS`.
    name : str
        What the formula is called.
    chapter : str
        The chapter that displays it: the name of its notebook.
    scope : str
        Where it holds; one of `SCOPES`.
    pieces : tuple of str and Term
        The TeX from left to right. A `Term` knows where it begins and ends.
    expression : callable
        The right-hand side in closed form, in SymPy; where the TeX has a mean or an
        integral, its value. Its parameters are named like the symbols of the TeX
        (``Sigma_p`` for ``\Sigma_p``) and take SymPy objects.
    function : callable or None
        Function of gausslib that computes the right-hand side; None for a step that has no
        function of its own. Its parameters are named like the symbols too.
    browser : str or None
        Name of the same function in the figures' JavaScript.
    estimator : callable or None
        Function of `gausslib.montecarlo` that estimates the right-hand side by sampling.
    decomposition : callable or None
        Function of gausslib that gives the terms by name, for a formula that has terms.
    references : tuple of str
        Keys in ``book/references.bib``.
    """

    key: str
    name: str
    chapter: str
    scope: str
    pieces: tuple[str | Term, ...]
    expression: Callable[..., Any]
    function: Callable[..., Any] | None = None
    browser: str | None = None
    estimator: Callable[..., Any] | None = None
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
    "finite order": "every pair and order alpha > 0, not 1, "
    "for which (1 - alpha) Sigma_p + alpha Sigma_q is positive definite",
    "unit vectors": "unit vectors a and b in two or more dimensions, neither equal nor opposite",
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


# --- SymPy objects in, SymPy objects out ------------------------------------------------


def quadratic(vector, matrix):
    """Compute the number vᵀAv."""
    return (vector.T * matrix * vector)[0]


def square_root(matrix):
    """Find the principal square root of a matrix with positive eigenvalues.

    Symbolic if the matrix is diagonal or 2×2, otherwise for numbers only.
    """
    if matrix.is_diagonal():
        return matrix.applyfunc(sp.sqrt)
    if matrix.shape == (2, 2):
        # By Cayley and Hamilton: the root R has R² - tr(R) R + det(R) I = 0.
        det = sp.sqrt(matrix.det())
        return (matrix + det * sp.eye(2)) / sp.sqrt(matrix.trace() + 2 * det)
    with mpmath.workdps(60):
        return sp.Matrix(mpmath.sqrtm(mpmath.matrix(matrix.tolist())).tolist())
