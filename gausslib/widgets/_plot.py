"""What the Matplotlib pictures of the figures share: the plane, ellipses, arrows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib import Gaussian
from gausslib.widgets._figure import INK

__all__ = ["arrows", "planar", "plane"]

# Names that are not those of their colours, and letters that are not names.
_COLOURS = {"p1": "p", "p2": "q", "p3": "term-logdet", "barycentre": "third"}
_LETTERS = {"third": "p_t", "p1": "p_1", "p2": "p_2", "p3": "p_3", "barycentre": "b"}


def planar(ellipse: Sequence[float]) -> Gaussian:
    """Return the Gaussian of the five numbers of an ellipse."""
    return Gaussian.from_axes(ellipse[:2], ellipse[2:4], ellipse[4])


def plane(ax: Axes, **gaussians: Gaussian) -> None:
    """Draw Gaussians of the plane, each in its colour, at one and two standard deviations."""
    ax.set_aspect("equal", adjustable="datalim")
    ax.grid(color=INK["grid"])
    ax.set_axisbelow(True)
    turns = np.linspace(0, 2 * np.pi, 200)
    circle = np.stack([np.cos(turns), np.sin(turns)])
    for name, gaussian in gaussians.items():
        ring = np.linalg.cholesky(gaussian.cov) @ circle
        (x, y), ink = gaussian.mean, INK[_COLOURS.get(name, name)]
        ax.fill(x + ring[0], y + ring[1], color=ink, alpha=0.16, linewidth=0)
        ax.plot(x + ring[0], y + ring[1], color=ink, linewidth=2)
        ax.plot(x + 2 * ring[0], y + 2 * ring[1], color=ink, linewidth=1, alpha=0.65)
        ax.plot(x, y, "o", color=ink)
        letter = f"${_LETTERS.get(name, name)}$"
        ax.annotate(letter, (x, y), (6, 6), textcoords="offset points", color=ink, fontsize=14)


def arrows(ax: Axes, start: npt.ArrayLike, end: npt.ArrayLike, ink: str) -> None:
    """Draw arrows from points to points."""
    start, end = np.asarray(start), np.asarray(end)
    (x, y), (u, v) = start.T, (end - start).T
    ax.quiver(x, y, u, v, angles="xy", scale_units="xy", scale=1, width=0.003, color=ink)
