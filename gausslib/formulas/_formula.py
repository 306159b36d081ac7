"""What an entry of the registry is, and the SymPy that several entries need."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import mpmath
import sympy as sp

__all__ = [
    "KINDS",
    "SCOPES",
    "Formula",
    "MeanTerm",
    "Term",
    "normalise_tex",
    "nuclear_norm",
    "quadratic",
    "square_root",
]


@dataclass(frozen=True)
class Term:
    """A piece of a formula that a figure can light up."""

    name: str
    tex: str


class MeanTerm(NamedTuple):
    """The decomposition of a formula whose right-hand side is one term, a mean or an integral."""

    expectation: Any


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
    kind : str
        What it is to a chapter; one of `KINDS`.
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
    kind: str = "result"

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


KINDS = {
    "result": "a cell derives the right-hand side",
    "definition": "the right-hand side gives a quantity its name; a cell computes with it",
    "identity": "both sides are known by other entries; a cell shows that they are equal",
    "inequality": "a cell shows that the gap between the sides is not negative",
    "maximum": "a cell shows that the right-hand side is the largest value",
}

SCOPES = {
    "any dimension": "every pair of Gaussians with invertible covariances",
    "any distance": "every pair of Gaussians with invertible covariances, near or far",
    "equal covariances": "every pair with Sigma_p = Sigma_q, invertible",
    "q wider": "every pair with Sigma_p < Sigma_q",
    "d = 1": "one dimension, standard deviations sigma_p and sigma_q",
    "diagonal": "diagonal covariances, standard deviations sigma_p[i] and sigma_q[i]",
    "q standard": "q = N(0, I)",
    "turned ellipse": "the plane; equal means; q is p turned by the angle theta; "
    "l_1 and l_2 are the eigenvalues of both covariances",
    "ellipse": "the plane; s_1 and s_2 are the semi-axes of the ellipse of standard deviations, "
    "the first of them turned by theta",
    "vector": "every Gaussian p with an invertible covariance and every vector omega",
    "affine map": "every Gaussian p, matrix A and vector b",
    "invertible affine map": "every pair of Gaussians with invertible covariances, "
    "invertible matrix A and vector b",
    "blocks": "every Gaussian p with an invertible covariance, "
    "its coordinates divided into J and K",
    "same moments": "every density f with the mean and the covariance of p",
    "line of Gaussians": "p_s = N(mu_p + s v, Sigma_p + s Delta); "
    "k(s) = KL(p || p_s) and b(s) = BD(p, p_s)",
    "moving Gaussian": "p_s = N(mu_p + s v, Sigma_p + s Delta) and any q; k(s) = KL(p_s || q), "
    "r(s) = KL(q || p_s), b(s) = BD(p_s, q) and w(s) = W_2(p_s, q)^2",
    "product of powers": "every pair of Gaussians with invertible covariances and 0 < alpha < 1; "
    "g is the density proportional to p^alpha q^(1 - alpha)",
    "mixture": "n Gaussians with means mu_i, covariances Sigma_i and weights w_i; f is the density "
    "of their mixture, m its mean",
    "samples": "n samples x_i of any law, n > 1; their mean is m",
    "weighted samples": "n samples x_i of any law, n > 1, with weights w_i > 0 that do not depend "
    "on them; m is their weighted mean, V_1 the sum of the weights, V_2 that of their squares",
    "finite variance": "every pair with Sigma_q < 2 Sigma_p",
    "finite order": "every pair and order alpha > 0, not 1, "
    "for which (1 - alpha) Sigma_p + alpha Sigma_q is positive definite",
    "d = 2": "every pair of Gaussians in the plane with invertible covariances",
    "commuting": "every pair with invertible covariances that commute",
    "equal means": "every pair with equal means and different, invertible covariances",
    "coupling": "every pair; Sigma_pq is the cross-covariance of x and y under any joint law "
    "that has p and q as its marginals",
    "dual": "every pair with equal means, and any positive definite matrix S",
    "several Gaussians": "n Gaussians with equal means and invertible covariances Sigma_i, "
    "weights w_i; S is the covariance of their barycenter",
    "small change": "p with mean 0 and covariance diag(l_1, ..., l_d); every point x moves by V x, "
    "V symmetric, which changes the covariance at the rate E = V Sigma_p + Sigma_p V",
    "point clouds": "two samples x and y with means m_x, m_y and covariances S_x, S_y; P and Q "
    "put equal mass on the points, and have the covariances Sigma_P, Sigma_Q with the divisor n",
    "rank one": "p = N(0, aa^T) and q = N(0, bb^T), for vectors a and b of any length",
    "factors": "every pair, and square matrices X and Y with XX^T = Sigma_p and YY^T = Sigma_q; "
    "Q is the best of the orthogonal matrices, O is any",
    "mirrored factors": "as before, with det(Y^T X) < 0; sigma_d is its least singular value",
    "square matrix": "every invertible matrix A",
    "unit vectors": "unit vectors a and b in two or more dimensions, neither equal nor opposite",
    "unit vectors in the plane": "a at the angle alpha, b at beta; theta = beta - alpha",
    "some map": "unit vectors a and b in three or more dimensions, and any orthogonal matrix T "
    "with T a = b",
    "mirror": "a vector v, not zero, and a vector x",
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


def nuclear_norm(matrix):
    """Sum the singular values of a matrix, as the trace of a root."""
    return square_root(matrix.T * matrix).trace()
