"""One Gaussian in the plane, to be moved by hand: its covariance, marginal and conditional laws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib import Gaussian
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._plot import arrows, planar, plane
from gausslib.widgets._random import standard_normals
from gausslib.widgets._traits import Ellipse, Number, Numbers, Words

__all__ = ["GaussianSingle"]


class _Point(Numbers):
    """A point of the plane."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse what is too far away for a figure."""
        largest = self.limits["largest"]
        if max(map(abs, numbers)) > largest:
            raise self.refuse(f"numbers of at most {largest:g} in size", numbers)
        return numbers


def numbers_of(p: Gaussian, x0: npt.ArrayLike, at: npt.ArrayLike) -> dict[str, Any]:
    """Return the numbers of the figure, for a stack of Gaussians with their x0 and points."""
    s11, s12, s22 = p.cov[..., 0, 0], p.cov[..., 0, 1], p.cov[..., 1, 1]
    given = p.condition(0, np.asarray(x0)[..., None])
    return {
        "s11": s11,
        "s12": s12,
        "s22": s22,
        "correlation": s12 / np.sqrt(s11 * s22),
        "entropy": p.entropy(),
        "conditional_mean": given.mean[..., 0],
        "conditional_sd": np.sqrt(given.cov[..., 0, 0]),
        "log_density": p.logpdf(at),
    }


class GaussianSingle(Figure):
    """One Gaussian p in the plane, to be dragged, with its covariance in numbers.

    In JupyterLab the figure and this object follow each other. On a static page the same cell shows
    the same figure, without a kernel.

    Parameters
    ----------
    p : sequence of five numbers
        ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at one standard deviation,
        the angle of its first axis in radians, counter-clockwise. The ratio of the semi-axes is at
        least 1e-3.
    show : str
        Extras, separated by spaces: ``matrix`` (the covariance matrix), ``eigenvectors`` (scaled
        by the square roots of the eigenvalues), ``marginals`` (the bells of x and of y),
        ``conditional`` (the law of y, given x = ``x0``, and the line of its means), ``samples``,
        ``density``, ``terms`` (the terms of the log-density at a point, which light up their part
        of the picture).
    x0 : float
        The value of x at which the law of y is looked at.
    at : sequence of two numbers
        The point whose log-density is shown.
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
    >>> from gausslib.widgets import GaussianSingle
    >>> figure = GaussianSingle(p=[1, 0, 2, 0.5, 0], x0=3)
    >>> float(figure.values["s11"]), float(figure.values["correlation"])
    (4.0, 0.0)
    >>> float(figure.values["conditional_sd"])  # x says nothing of y
    0.5
    """

    _tag = "gauss-single"
    _fields = fields_of(_tag)

    p = Ellipse(_fields["p"])
    x0 = Number(_fields["x0"])
    at = _Point(_fields["at"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        show: str = _fields["show"].start,
        *,
        x0: float = _fields["x0"].start,
        at: Sequence[float] = _fields["at"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(p=p, show=show, x0=x0, at=at, link=link, id=id)

    @property
    def gaussian(self) -> Gaussian:
        """The Gaussian as it is seen now."""
        return planar(self.p)

    @property
    def values(self) -> dict[str, float]:
        """The numbers of the figure.

        They are ``s11``, ``s12`` and ``s22`` of the covariance, ``correlation``, ``entropy``,
        ``conditional_mean`` and ``conditional_sd`` of y given x = ``x0``, and ``log_density`` at
        the point ``at``.
        """
        numbers = numbers_of(self.gaussian, self.x0, self.at)
        return {name: float(value) for name, value in numbers.items()}

    def _draw(self, ax: Axes) -> None:
        p, show = self.gaussian, self.show.split()
        plane(ax, p=p)
        root = np.linalg.cholesky(p.cov)
        if "density" in show:
            turns = np.linspace(0, 2 * np.pi, 200)
            circle = np.stack([np.cos(turns), np.sin(turns)])
            for size in (2.5, 2, 1.6, 1.25, 0.95, 0.65, 0.35):
                ring = p.mean[:, None] + size * root @ circle
                ax.fill(*ring, color=INK["p"], alpha=0.09, linewidth=0)
        if "samples" in show:
            points = p.mean + standard_normals(1, 600).reshape(-1, 2) @ root.T
            ax.plot(*points.T, "o", color=INK["p"], alpha=0.6, markersize=2)
        if "eigenvectors" in show:
            c, s = np.cos(self.p[4]), np.sin(self.p[4])
            semi_axes = np.array(self.p[2:4])[:, None] * [[c, s], [-s, c]]
            arrows(ax, [p.mean, p.mean], p.mean + semi_axes, INK["p"])
        if "terms" in show:
            ax.plot(*self.at, "o", color=INK["ink"])
            ax.annotate("$x$", self.at, (6, 6), textcoords="offset points", fontsize=14)
        if "matrix" in show:
            words = "Σ = " + "\n    ".join(f"{a:9.4g} {b:9.4g}" for a, b in p.cov)
            ax.text(0.97, 0.05, words, transform=ax.transAxes, ha="right", family="monospace")
        if "marginals" in show or "conditional" in show:
            self._plot_bells(ax, p)

    def _plot_bells(self, ax: Axes, p: Gaussian) -> None:
        """Draw the marginal laws on the edges of the window and the conditional law at x0."""
        if "conditional" in self.show:
            ax.update_datalim([(self.x0, p.mean[1])])
            ax.autoscale_view()
        (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
        ax.set(xlim=(left, right), ylim=(bottom, top), adjustable="box")  # bells stand on edges
        size = (right - left) / 8
        if "marginals" in self.show:
            x, height = _bell(p.marginal(0), size)
            ax.fill(x, bottom + height, color=INK["p"], alpha=0.3)
            y, height = _bell(p.marginal(1), size)
            ax.fill(left + height, y, color=INK["p"], alpha=0.3)
        if "conditional" in self.show:
            ax.plot([left, right], p.condition(0, [[left], [right]]).mean, color=INK["third"])
            ax.axvline(self.x0, color=INK["third"])
            y, height = _bell(p.condition(0, self.x0), size)
            ax.fill(self.x0 + height, y, color=INK["third"], alpha=0.3)


def _bell(law: Gaussian, size: float) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return values, and the heights of their bell: equal areas, up to a bound."""
    z = np.linspace(-3.5, 3.5, 57)
    sd = np.sqrt(law.cov[0, 0])
    return law.mean[0] + sd * z, size * min(0.6 * size / sd, 1.4) * np.exp(-z * z / 2)
