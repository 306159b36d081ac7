"""The orthogonal maps of space that take one unit vector to another."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib import rotation_generator
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._maps import MAPS, SYMBOLS, map_values
from gausslib.widgets._plot import arrows
from gausslib.widgets._traits import Choice, Number, UnitVector, Whole, Words

__all__ = ["OrthogonalSphere"]

# The faces of the house in units to the east, to the north and up: walls and roof, gables. The
# door is in the southern wall.
_E, _N, _W, _R = 0.22, 0.17, 0.18, 0.3
_FACES = [
    face
    for n in (-_N, _N)
    for face in (
        [[-_E, n, 0], [_E, n, 0], [_E, n, _W], [-_E, n, _W]],
        [[-_E, n, _W], [_E, n, _W], [_E, 0, _R], [-_E, 0, _R]],
    )
] + [[[e, -_N, 0], [e, _N, 0], [e, _N, _W], [e, 0, _R], [e, -_N, _W]] for e in (-_E, _E)]
_DOOR = [[0.06, -_N, 0], [0.15, -_N, 0], [0.15, -_N, 0.13], [0.06, -_N, 0.13]]


def _compass(a: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the directions to the east and to the north; at a pole, as on the meridian 0."""
    x, y, z = a
    radius = math.sqrt(x * x + y * y)
    e, f = (-y / radius, x / radius) if radius > 1e-9 else (0.0, 1.0)
    return [e, f, 0.0], [-z * f, z * e, x * f - y * e]


def _close(a: Sequence[float], near: str, approach: int, direction: float) -> list[float]:
    """Return the unit vector that is 10⁻ⁿ from a or -a, in a direction from east to north."""
    c, s = math.cos(direction * math.pi / 180), math.sin(direction * math.pi / 180)
    step = float(f"1e-{approach}")
    toward = [c * u + s * v for u, v in zip(*_compass(a), strict=True)]
    x, y, z = (entry + step * change for entry, change in zip(a, toward, strict=True))
    # as in orthogonal-sphere.js, not by hypot: close to a the last digit counts
    length = math.sqrt(x * x + y * y + z * z) * (1 if near == "a" else -1)
    return [x / length, y / length, z / length]


class OrthogonalSphere(Figure):
    """Two unit vectors a and b on the sphere, to be dragged, and the orthogonal maps from a to b.

    What a map T does is seen by a house that stands at a: its image stands at b. Brought close to a
    or to -a, b shows which maps have a limit there, and which depend on the direction of approach.

    Parameters
    ----------
    a, b : sequence of three numbers
        Vectors whose length is 1 to a thousandth; they are then made to have the length 1.
    map : {"rotation", "reflection", "half-turn", "rotoreflection"}
        The map T.
    near : {"free", "a", "-a"}
        Whether b is as given, or close to a or to -a.
    approach : int
        If b is close, how close: n from 0 to 9, for ``a + 10⁻ⁿ u`` made a unit vector.
    direction : float
        That of u in degrees from -180 to 180, counter-clockwise from the east.
    show : str
        Extras, separated by spaces: ``matrix`` (the entries of T), ``terms`` (those of its formula
        and of its trace, which light up their part of the picture).
    longitude, latitude : float
        From where the sphere is seen, in degrees; at most 180 and 90 in size.
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
    >>> from gausslib.widgets import OrthogonalSphere
    >>> figure = OrthogonalSphere([1, 0, 0], map="reflection", near="a", approach=9)
    >>> round(figure.values["angle"], 12)
    1e-09
    >>> figure.values["shift"]
    2.0
    """

    _tag = "orthogonal-sphere"
    _fields = fields_of(_tag)

    a = UnitVector(_fields["a"])
    b = UnitVector(_fields["b"])
    map = Choice(_fields["map"])
    near = Choice(_fields["near"])
    approach = Whole(_fields["approach"])
    direction = Number(_fields["direction"])
    longitude = Number(_fields["longitude"])
    latitude = Number(_fields["latitude"])
    show = Words(_fields["show"])

    def __init__(
        self,
        a: Sequence[float] = _fields["a"].start,
        b: Sequence[float] = _fields["b"].start,
        show: str = _fields["show"].start,
        *,
        map: str = _fields["map"].start,
        near: str = _fields["near"].start,
        approach: int = _fields["approach"].start,
        direction: float = _fields["direction"].start,
        longitude: float = _fields["longitude"].start,
        latitude: float = _fields["latitude"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(
            a=a,
            b=b,
            show=show,
            map=map,
            near=near,
            approach=approach,
            direction=direction,
            longitude=longitude,
            latitude=latitude,
            link=link,
            id=id,
        )

    @property
    def vectors(self) -> tuple[list[float], list[float]]:
        """The vectors a and b as they are seen now."""
        if self.near == "free":
            return self.a, self.b
        return self.a, _close(self.a, self.near, self.approach, self.direction)

    @property
    def values(self) -> dict[str, float]:
        """The numbers ``determinant``, ``trace``, ``angle``, ``shift`` and ``t11`` to ``t33``.

        The angle is in radians, the shift is the Frobenius norm of T - I.
        """
        values = map_values(self.map, *self.vectors)
        return {name: float(value) for name, value in values.items()}

    def _draw(self, ax: Axes) -> None:
        ax.set_aspect("equal")
        ax.set(xlim=(-2, 2), ylim=(-1.375, 1.375), xticks=[], yticks=[])
        (c, s), (u, v) = (
            (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
            for angle in (self.longitude, self.latitude)
        )
        window = np.array([[-s, c, 0], [-v * c, -v * s, u]])

        def seen(points: npt.ArrayLike) -> npt.NDArray:
            return window @ np.asarray(points).T

        turns = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(turns), np.sin(turns), color=INK["axis"], linewidth=1)
        a, b = (np.array(vector) for vector in self.vectors)
        generator = rotation_generator(a, b)
        angle = np.linalg.norm(generator) / np.sqrt(2)
        toward = generator @ a / (angle or 1)
        ways = np.linspace(0, angle, 60)[:, None]
        ax.plot(*seen(np.cos(ways) * a + np.sin(ways) * toward), color=INK["ink"], linewidth=1.5)

        base = np.array([*_compass(self.a), self.a])
        for matrix, ink in ((np.eye(3), INK["ink"]), (MAPS[self.map](a, b), INK["third"])):
            for face in _FACES:
                shape = seen((face @ base + a) @ matrix.T)
                ax.fill(*shape, facecolor=ink + "18", edgecolor=ink, linewidth=1.5)
            ax.fill(*seen((_DOOR @ base + a) @ matrix.T), color=ink)
        for name, vector, ink in (("a", a, INK["p"]), ("b", b, INK["q"])):
            arrows(ax, [[0, 0]], [seen(vector)], ink)
            x, y = 0.55 * seen(vector) + [0.07, -0.07]
            ax.text(x, y, f"${name}$", color=ink, fontsize=13, ha="center", va="center")
        ax.set_title(f"${SYMBOLS[self.map]}$: {self.map}")
