"""How far a point is from a Gaussian, measured with the Gaussian itself."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._plot import planar, plane
from gausslib.widgets._traits import Ellipse, Numbers

__all__ = ["GaussianPoint"]


class GaussianPoint(Figure):
    """A Gaussian p and a point x, to be dragged, with the Mahalanobis distance between them.

    Parameters
    ----------
    p : sequence of five numbers
        ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at one standard deviation.
    x : sequence of two numbers
        The point.
    link, id : str
        As for every figure.

    Examples
    --------
    >>> GaussianPoint(p=[0, 0, 2, 1, 0], x=[4, 0]).values
    {'mahalanobis': 2.0}
    """

    _tag = "gauss-point"
    _fields = fields_of(_tag)

    p = Ellipse(_fields["p"])
    x = Numbers(_fields["x"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        x: Sequence[float] = _fields["x"].start,
        *,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(p=p, x=x, link=link, id=id)

    @property
    def values(self) -> dict[str, float]:
        """The number ``mahalanobis``."""
        return {"mahalanobis": float(planar(self.p).mahalanobis(self.x))}

    def _draw(self, ax: Axes) -> None:
        plane(ax, p=planar(self.p))
        ax.plot(*self.x, "o", color=INK["q"])
