"""Two Gaussians in the plane, to be moved by hand, and the distances between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    hellinger_distance,
    kl_divergence,
    transport_map,
    w2_distance,
    w2_geodesic,
)
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._plot import arrows, planar, plane
from gausslib.widgets._traits import Choice, Ellipse, Number, Numbers, Words

__all__ = ["GaussianPair"]


class _AffineMap(Numbers):
    """Matrix, row by row, and shift of an affine map that is far from singular."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse matrices that would make lines of ellipses."""
        a, b, c, d = numbers[:4]
        ratio, largest = self.limits["smallestRatio"], self.limits["largest"]
        # det A = s1 s2 and |A|² = s1² + s2² bound the ratio of the singular values
        square = a * a + b * b + c * c + d * d
        mild = abs(a * d - b * c) >= ratio / (1 + ratio**2) * square and square > 1 / largest**2
        if not mild or max(map(abs, numbers)) > largest:
            raise self.refuse(
                f"a matrix with singular values in a ratio of at least {ratio:g}, "
                f"and entries of at most {largest:g}",
                numbers,
            )
        return numbers


class GaussianPair(Figure):
    """Two Gaussians p and q in the plane, to be dragged, with the distances between them.

    In JupyterLab the figure and this object follow each other. On a static page the same cell shows
    the same figure, without a kernel.

    Parameters
    ----------
    p, q : sequence of five numbers
        ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at one standard deviation,
        the angle of its first axis in radians, counter-clockwise. The ratio of the semi-axes is at
        least 1e-3.
    show : str
        Extras, separated by spaces: ``terms`` (the terms of a distance, which light up their part
        of the picture), ``hellinger``, ``density``, ``samples``, ``arrows`` (x → Tx, the optimal
        transport), ``geodesic`` (the Gaussian on the way from p to q, and the mixture), ``map``
        (handles of an affine map of the whole plane).
    formula : {"kl", "bhattacharyya", "w2"}
        The distance whose terms are shown.
    t : float
        Time on the geodesic, from 0 to 1.
    map : sequence of six numbers
        ``a11, a12, a21, a22, b1, b2``: the whole plane is mapped by x ↦ Ax + b. The ratio of the
        singular values of A is at least 0.02.
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
    >>> from gausslib.widgets import GaussianPair
    >>> pair = GaussianPair(p=[0, 0, 1, 1, 0], q=[3, 4, 1, 1, 0])
    >>> float(pair.values["w2"])
    5.0
    >>> pair.q = [0, 0, 1, 1, 0]
    >>> float(pair.values["w2"])
    0.0
    """

    _tag = "gauss-pair"
    _fields = fields_of(_tag)

    p = Ellipse(_fields["p"])
    q = Ellipse(_fields["q"])
    formula = Choice(_fields["formula"])
    t = Number(_fields["t"])
    map = _AffineMap(_fields["map"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        q: Sequence[float] = _fields["q"].start,
        show: str = _fields["show"].start,
        *,
        formula: str = _fields["formula"].start,
        t: float = _fields["t"].start,
        map: Sequence[float] = _fields["map"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(p=p, q=q, show=show, formula=formula, t=t, map=map, link=link, id=id)

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian]:
        """The two Gaussians as they are seen now, under the map."""
        a, b = np.reshape(self.map[:4], (2, 2)), self.map[4:]
        p, q = (planar(ellipse) for ellipse in (self.p, self.q))
        if self.map == self.traits()["map"].default():
            return p, q
        return p.affine(a, b), q.affine(a, b)

    @property
    def values(self) -> dict[str, float]:
        """The numbers ``kl_pq``, ``kl_qp``, ``bhattacharyya``, ``hellinger`` and ``w2``."""
        p, q = self.gaussians
        return {
            "kl_pq": float(kl_divergence(p, q)),
            "kl_qp": float(kl_divergence(q, p)),
            "bhattacharyya": float(bhattacharyya_distance(p, q)),
            "hellinger": float(hellinger_distance(p, q)),
            "w2": float(w2_distance(p, q)),
        }

    def _draw(self, ax: Axes) -> None:
        p, q = self.gaussians
        show = self.show.split()
        plane(ax, p=p, q=q)
        if "geodesic" in show:
            plane(ax, third=w2_geodesic(p, q, self.t))
        if "arrows" in show:
            turns = np.linspace(0, 2 * np.pi, 10, endpoint=False)
            rings = np.stack([np.cos(turns), np.sin(turns)], axis=-1) @ np.linalg.cholesky(p.cov).T
            start = p.mean + np.concatenate([0.8 * rings, 1.6 * rings])
            arrows(ax, start, q.mean + (start - p.mean) @ transport_map(p, q).T, INK["ink"])
