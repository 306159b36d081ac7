"""The orthogonal maps of the plane that take one unit vector to another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._maps import MAPS, SYMBOLS, map_values
from gausslib.widgets._plot import arrows
from gausslib.widgets._traits import Choice, UnitVector, Whole, Words

__all__ = ["OrthogonalPlane"]

_WALLS = np.array([[0.18, -0.8], [0.56, -0.8], [0.56, -0.46], [0.37, -0.26], [0.18, -0.46]])
_DOOR = np.array([[0.42, -0.8], [0.51, -0.8], [0.51, -0.58], [0.42, -0.58]])


class OrthogonalPlane(Figure):
    """Two unit vectors a and b of the plane, to be dragged, and the orthogonal maps from a to b.

    What a map T does is seen by a house, whose door is on one side. In the plane there are but two
    maps with Ta = b: the half-turn is the reflection, and the rotoreflection the rotation.

    Parameters
    ----------
    a, b : sequence of two numbers
        Vectors whose length is 1 to a thousandth; they are then made to have the length 1.
    map : {"rotation", "reflection", "half-turn", "rotoreflection"}
        The map T.
    show : str
        Extras, separated by spaces: ``all`` (the images under all four maps), ``matrix`` (the
        entries of T), ``terms`` (those of its formula, which light up their part of the picture),
        ``trace`` (the traces of the four maps against the angle, in ``d`` dimensions).
    d : int
        Dimension for which the traces are drawn, from 2 to 7.
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
    >>> from gausslib.widgets import OrthogonalPlane
    >>> figure = OrthogonalPlane([1, 0], [0, 1], map="reflection")
    >>> round(figure.values["determinant"], 12)
    -1.0
    >>> figure.map = "rotation"
    >>> round(figure.values["determinant"], 12)
    1.0
    """

    _tag = "orthogonal-plane"
    _fields = fields_of(_tag)

    a = UnitVector(_fields["a"])
    b = UnitVector(_fields["b"])
    map = Choice(_fields["map"])
    d = Whole(_fields["d"])
    show = Words(_fields["show"])

    def __init__(
        self,
        a: Sequence[float] = _fields["a"].start,
        b: Sequence[float] = _fields["b"].start,
        show: str = _fields["show"].start,
        *,
        map: str = _fields["map"].start,
        d: int = _fields["d"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(a=a, b=b, show=show, map=map, d=d, link=link, id=id)

    @property
    def values(self) -> dict[str, float]:
        """The numbers ``determinant``, ``trace``, ``angle``, ``shift`` and ``t11`` to ``t22``.

        The angle is in radians, the shift is the Frobenius norm of T - I.
        """
        values = map_values(self.map, self.a, self.b)
        return {name: float(value) for name, value in values.items()}

    def _draw(self, ax: Axes) -> None:
        ax.set_aspect("equal")
        ax.set(xlim=(-2, 2), ylim=(-1.375, 1.375), xticks=[], yticks=[])
        turns = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(turns), np.sin(turns), color=INK["axis"], linewidth=1)
        shown = list(MAPS)[:2] if "all" in self.show.split() else [self.map]
        images: dict[str, npt.NDArray] = {"h": np.eye(2)}
        images |= {f"{SYMBOLS[name]}h": MAPS[name](self.a, self.b) for name in shown}
        for name, matrix in images.items():
            ink = INK["ink" if name == "h" else "third"]
            ax.fill(*(_WALLS @ matrix.T).T, facecolor=ink + "20", edgecolor=ink, linewidth=2)
            ax.fill(*(_DOOR @ matrix.T).T, color=ink)
            x, y = matrix @ [0.37, -0.98]
            ax.text(x, y, f"${name}$", color=ink, fontsize=13, ha="center", va="center")
        for name, vector, ink in (("a", self.a, INK["p"]), ("b", self.b, INK["q"])):
            arrows(ax, [[0, 0]], [vector], ink)
            x, y = 1.12 * np.array(vector)
            ax.text(x, y, f"${name}$", color=ink, fontsize=13, ha="center", va="center")
