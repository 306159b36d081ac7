"""Two Gaussians in the plane as surfaces, and the functions of them whose volumes are distances."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib import Gaussian, bhattacharyya_distance, geometric_mean, kl_divergence
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._plot import planar, plane
from gausslib.widgets._traits import Choice, Ellipse, Number, Words

__all__ = ["GaussianSurface"]

Array = npt.NDArray[np.float64]
Height = Callable[[Array], npt.ArrayLike]

_REACH = 5.5  # standard deviations from the middle of a mesh to its edge
_CELLS = 32  # of a side
_COLOURS = {"both": ("p", "q"), "root": ("third",), "log": ("third",)}


class _Sheet(NamedTuple):
    """A surface on its mesh."""

    corners: Array  # (33, 33, 2)
    heights: Array  # (33, 33)
    volumes: Array  # (32, 32), of the cells


def _sheet(middle: npt.NDArray[np.floating[Any]], axes: Array, height: Height) -> _Sheet:
    """Lay a surface on a mesh round a point, along the semi-axes in the columns of a matrix."""
    side = np.linspace(-_REACH, _REACH, _CELLS + 1)
    corners = middle + np.stack(np.meshgrid(side, side), axis=-1) @ axes.T
    heights = np.asarray(height(corners))
    means = (heights[1:, 1:] + heights[1:, :-1] + heights[:-1, 1:] + heights[:-1, :-1]) / 4
    area = abs(np.linalg.det(axes)) * (2 * _REACH / _CELLS) ** 2
    return _Sheet(corners, heights, means * area)


def _semi_axes(ellipse: Sequence[float]) -> Array:
    """Return the semi-axes of the five numbers of an ellipse, as columns."""
    c, s = math.cos(ellipse[4]), math.sin(ellipse[4])
    return np.array([[c, -s], [s, c]]) * ellipse[2:4]


class GaussianSurface(Figure):
    """Two Gaussians p and q in the plane as surfaces, √(pq), or p log(p/q), whose volume is KL.

    In JupyterLab the figure and this object follow each other. On a static page the same cell shows
    the same figure, without a kernel.

    Parameters
    ----------
    p, q : sequence of five numbers
        ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at one standard deviation,
        the angle of its first axis in radians, counter-clockwise. The ratio of the semi-axes is at
        least 1e-3.
    surface : {"both", "root", "log"}
        The densities p and q, √(pq), or p log(p/q).
    show : str
        Extras: ``mesh``, the lines of the mesh.
    longitude, latitude : float
        The direction from which it is seen, in degrees.
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
    The volume of p log(p/q) is KL(p‖q).

    >>> from gausslib.widgets import GaussianSurface
    >>> values = GaussianSurface([0, 0, 1, 1, 0], [1, 0, 1, 1, 0], "log").values
    >>> round(values["volume"], 4), round(values["kl_pq"], 4)
    (0.5, 0.5)
    """

    _tag = "gauss-surface"
    _fields = fields_of(_tag)

    p = Ellipse(_fields["p"])
    q = Ellipse(_fields["q"])
    surface = Choice(_fields["surface"])
    longitude = Number(_fields["longitude"])
    latitude = Number(_fields["latitude"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        q: Sequence[float] = _fields["q"].start,
        surface: str = _fields["surface"].start,
        show: str = _fields["show"].start,
        *,
        longitude: float = _fields["longitude"].start,
        latitude: float = _fields["latitude"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(
            p=p,
            q=q,
            surface=surface,
            show=show,
            longitude=longitude,
            latitude=latitude,
            link=link,
            id=id,
        )

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian]:
        """The two Gaussians."""
        return planar(self.p), planar(self.q)

    def _sheets(self) -> list[_Sheet]:
        """Lay out the surfaces that are shown."""
        p, q = self.gaussians
        if self.surface == "root":
            law = geometric_mean(p, q, 0.5)
            vectors, deviations, _ = np.linalg.svd(law.cholesky)
            axes = vectors * deviations
            return [_sheet(law.mean, axes, lambda x: np.exp((p.logpdf(x) + q.logpdf(x)) / 2))]
        axes = _semi_axes(self.p)
        if self.surface == "log":
            return [_sheet(p.mean, axes, lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)))]
        return [_sheet(p.mean, axes, p.pdf), _sheet(q.mean, _semi_axes(self.q), q.pdf)]

    @property
    def values(self) -> dict[str, float]:
        """The numbers of the surface, and the closed forms beside them.

        ``volume`` is the sum of the cells of the mesh: those ``above`` the floor less those
        ``below`` it; of p and q together it is the sum of both. ``highest`` is the largest height
        of the mesh, a density. ``kl_pq``, ``kl_qp``, ``bhattacharyya`` and ``overlap``, which is
        exp(−bhattacharyya), are of p and q, whatever is shown.
        """
        p, q = self.gaussians
        sheets = self._sheets()
        volumes = np.stack([sheet.volumes for sheet in sheets])
        distance = bhattacharyya_distance(p, q)
        numbers = {
            "volume": volumes.sum(),
            "above": volumes.clip(min=0).sum(),
            "below": (-volumes).clip(min=0).sum(),
            "highest": max(sheet.heights.max() for sheet in sheets),
            "kl_pq": kl_divergence(p, q),
            "kl_qp": kl_divergence(q, p),
            "bhattacharyya": distance,
            "overlap": np.exp(-distance),
        }
        return {name: float(number) for name, number in numbers.items()}

    def _draw(self, ax: Axes) -> None:
        p, q = self.gaussians
        for sheet, colour in zip(self._sheets(), _COLOURS[self.surface], strict=True):
            x, y = np.moveaxis(sheet.corners, -1, 0)
            size = np.abs(sheet.heights).max()
            levels = size * np.array([-0.8, -0.4, -0.1, 0.1, 0.2, 0.4, 0.6, 0.8])
            inks = [INK["muted"] if level < 0 else INK[colour] for level in levels]
            if size > 0:
                ax.contour(x, y, sheet.heights, levels, colors=inks, linewidths=0.8)
        plane(ax, p=p, q=q)
