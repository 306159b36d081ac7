"""W2 as the best fit of two factors: Q is turned by hand, and the cost comes down to W2 squared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib import Gaussian, kabsch, w2_terms
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._plot import arrows, plane
from gausslib.widgets._traits import Choice, Ellipse, Number, Words

__all__ = ["ProcrustesTurn"]

_Array = npt.NDArray[np.float64]
_MIRROR = np.diag([1.0, -1.0])


def _turn(angle: npt.ArrayLike) -> _Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([c, -s], -1), np.stack([s, c], -1)], -2)


def _axes(ellipse: npt.ArrayLike, rank: str) -> tuple[_Array, _Array]:
    """Return semi-axes and angles of ellipses; at rank one the second semi-axes are zero."""
    ellipse = np.asarray(ellipse, dtype=float)
    return ellipse[..., 2:4] * [1, 0 if rank == "1" else 1], ellipse[..., 4]


def _factor(axes: _Array, angle: _Array, factors: str) -> _Array:
    """Return X with XXᵀ = Σ."""
    if factors == "cholesky":
        cov = Gaussian.from_axes(np.zeros(axes.shape), axes, angle).cov
        factor = np.zeros(cov.shape)
        factor[..., 0], factor[..., 1, 1] = cov[..., 0], np.prod(axes, -1)
        return factor / np.sqrt(cov[..., :1, :1])
    return _turn(angle) * axes[..., None, :] @ _turn(angle).swapaxes(-2, -1)


def _matrices(
    p: npt.ArrayLike, q: npt.ArrayLike, factors: str, rank: str, angle: npt.ArrayLike, branch: str
) -> tuple[_Array, _Array, _Array]:
    """Return X, Y and Q; ellipses and angles may be batches."""
    x, y = (_factor(*_axes(ellipse, rank), factors) for ellipse in (p, q))
    turned = _turn(angle)
    return (
        x,
        y @ _MIRROR if factors == "mirrored" else y,
        turned @ _MIRROR if branch == "reflection" else turned,
    )


def _numbers(
    p: npt.ArrayLike, q: npt.ArrayLike, factors: str, rank: str, angle: npt.ArrayLike, branch: str
) -> dict[str, Any]:
    """Return the numbers of the figure; ellipses and angles may be batches."""
    x, y, turned = _matrices(p, q, factors, rank, angle, branch)
    centred = (
        Gaussian.from_axes(np.zeros(axes.shape), axes, angle)
        for axes, angle in (_axes(ellipse, rank) for ellipse in (p, q))
    )
    left, sigma, right = np.linalg.svd(y.swapaxes(-2, -1) @ x)
    if rank == "1":
        sigma[..., 1] = 0  # and not what rounding leaves of it
    # With YᵀX = U S Vᵀ the cost is its minimum and the sum of sᵢ‖uᵢ - Qvᵢ‖²: nothing cancels.
    apart = np.sum((left - turned @ right.swapaxes(-2, -1)) ** 2, axis=-2)
    return {
        "cost": np.sum((x - y @ turned) ** 2, axis=(-2, -1)),
        "w2_shape": w2_terms(*centred).covariance,
        "gap": np.sum(sigma * apart, axis=-1),
        "kabsch": np.sum((x - y @ kabsch(x, y)) ** 2, axis=(-2, -1)),
    }


class ProcrustesTurn(Figure):
    """W2 as an orthogonal Procrustes problem, solved by hand.

    X and Y are factors of the covariances of p and q. Q is turned, and the cost ‖X - YQ‖² comes
    down to what the shapes contribute to W2². Both ellipses are laid on one centre: the means add
    ‖δ‖² whatever Q is.

    Parameters
    ----------
    p, q : sequence of five numbers
        ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at one standard deviation,
        the angle of its first axis in radians, counter-clockwise. The ratio of the semi-axes is at
        least 1e-3.
    show : str
        Extras, separated by spaces: ``terms`` (the terms of the formulas, which light up their part
        of the picture), ``squares`` (the cost as the areas of two squares).
    factors : {"root", "cholesky", "mirrored"}
        X and Y are the symmetric roots of the covariances, their Cholesky factors, or the roots
        with the second column of Y reversed. In the last case no rotation fits best.
    rank : {"2", "1"}
        At rank one the second semi-axes are taken as zero: p and q lie on lines.
    angle : float
        Angle of the first column of Q, from -π to π.
    branch : {"rotation", "reflection"}
        Whether the determinant of Q is 1 or -1.
    link : str
        Figures of a page with the same name of a link share their state.
    id : str
        Name of the figure on the page, by which addresses refer to it.

    Raises
    ------
    traitlets.TraitError
        Where a value is not legal, here and when it is set later.

    Examples
    --------
    >>> from gausslib.widgets import ProcrustesTurn
    >>> figure = ProcrustesTurn(p=[0, 0, 2, 1, 0], q=[0, 0, 1, 1, 0], angle=0)
    >>> float(figure.values["cost"]), float(figure.values["w2_shape"])
    (1.0, 1.0)
    """

    _tag = "procrustes-turn"
    _fields = fields_of(_tag)

    p = Ellipse(_fields["p"])
    q = Ellipse(_fields["q"])
    factors = Choice(_fields["factors"])
    rank = Choice(_fields["rank"])
    angle = Number(_fields["angle"])
    branch = Choice(_fields["branch"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        q: Sequence[float] = _fields["q"].start,
        show: str = _fields["show"].start,
        *,
        factors: str = _fields["factors"].start,
        rank: str = _fields["rank"].start,
        angle: float = _fields["angle"].start,
        branch: str = _fields["branch"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(
            p=p,
            q=q,
            show=show,
            factors=factors,
            rank=rank,
            angle=angle,
            branch=branch,
            link=link,
            id=id,
        )

    @property
    def matrices(self) -> tuple[_Array, _Array, _Array]:
        """The factors X and Y, and the orthogonal matrix Q."""
        return _matrices(self.p, self.q, self.factors, self.rank, self.angle, self.branch)

    @property
    def values(self) -> dict[str, float]:
        """The numbers ``cost``, ``w2_shape`` (its minimum), ``gap`` and ``kabsch``.

        ``gap`` is what the cost lies above its minimum, ``kabsch`` the least cost of a rotation.
        """
        found = _numbers(self.p, self.q, self.factors, self.rank, self.angle, self.branch)
        return {name: float(number) for name, number in found.items()}

    def _draw(self, ax: Axes) -> None:
        x, y, turned = self.matrices
        plane(ax)
        angles = np.linspace(0, 2 * np.pi, 200)
        circle = np.stack([np.cos(angles), np.sin(angles)])
        for name, letter, factor in (("p", "x", x), ("q", "y", y @ turned)):
            ink = INK[name]
            ax.fill(*(factor @ circle), color=ink, alpha=0.16, linewidth=0)
            ax.plot(*(factor @ circle), color=ink, linewidth=2)
            arrows(ax, np.zeros((2, 2)), factor.T, ink)
            for index, end in enumerate(factor.T, start=1):
                ax.annotate(
                    f"${letter}_{index}$",
                    end,
                    (6, 6),
                    textcoords="offset points",
                    color=ink,
                    fontsize=14,
                )
        for start, end in zip(x.T, (y @ turned).T, strict=True):
            ax.plot(*np.transpose([start, end]), ":", color=INK["ink"], linewidth=2)
