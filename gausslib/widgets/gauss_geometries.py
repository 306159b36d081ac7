"""The shortest paths between two Gaussians in two geometries: that of W₂, and Fisher and Rao's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib import Gaussian, fisher_rao_distance, w2_distance, w2_geodesic
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._traits import Choice, Number, Numbers, Words

__all__ = ["GaussianGeometries"]

Array = npt.NDArray[np.floating[Any]]

_COLOURS = {"w2": "third", "fisher_rao": "term-logdet"}
_NAMES = {"w2": "$W_2$", "fisher_rao": "Fisher-Rao"}
_STEPS = np.linspace(0, 1, 9)


class _Bell(Numbers):
    """Mean and standard deviation."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse what is too thin, too wide or too far for the figure."""
        (mean, sd), limits = numbers, self.limits
        least, most, farthest = limits["narrowest"], limits["widest"], limits["farthest"]
        if not (abs(mean) <= farthest and least <= sd <= most):
            raise self.refuse(f"|mean| ≤ {farthest:g}, {least:g} ≤ sd ≤ {most:g}", numbers)
        return numbers


class _Shape(Numbers):
    """Two semi-axes, and the angle of the first."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse what is too thin, too long or turned too far."""
        (s1, s2, angle), limits = numbers, self.limits
        least, most, turn = limits["narrowest"], limits["widest"], limits["largestAngle"]
        if not (least <= min(s1, s2) and max(s1, s2) <= most and abs(angle) <= turn):
            bounds = f"semi-axes from {least:g} to {most:g}, |angle| ≤ {turn:g}"
            raise self.refuse(bounds, numbers)
        return numbers


def _between(root_p: Array, root_q: Array, t: float) -> Array:
    """Return a root of the matrix at time ``t`` on the affine-invariant shortest path.

    The matrices are PPᵀ and QQᵀ. With the singular values s of P⁻¹Q = U diag(s) Vᵀ the path is
    PU diag(s²ᵗ) UᵀPᵀ.
    """
    turn, stretches, _ = np.linalg.svd(np.linalg.solve(root_p, root_q))
    return np.asarray(root_p @ turn * stretches**t)


def _half_plane_root(bell: Sequence[float]) -> Array:
    """Return a root of the matrix [[x² + s², x], [x, 1]]/s with x = mean/√2.

    Fisher and Rao's paths on the line are affine-invariant paths of these matrices.
    """
    mean, sd = bell
    return np.array([[sd, mean / math.sqrt(2)], [0, 1]]) / math.sqrt(sd)


class GaussianGeometries(Figure):
    """Two Gaussians p and q, and the shortest paths between them in two geometries.

    In the metric W₂ Gaussians without width are near, and paths run straight to them. In Fisher and
    Rao's they are infinitely far, and paths bend away from them.

    Parameters
    ----------
    p, q : sequence of two numbers
        The Gaussians on the line, ``mean, sd``: standard deviations from 0.001 to 3.5, means of at
        most 3.8 in size.
    show : str
        Extras, separated by spaces: ``onward`` (both paths, continued), ``edge`` (the distances in
        the metric W₂ to the nearest Gaussian without width).
    t : float
        The time, from 0 at p to 1 at q.
    space : {"line", "plane"}
        Which Gaussians: those on the line, or centred ones in the plane.
    plane_p, plane_q : sequence of three numbers
        Those in the plane, ``semi_axis_1, semi_axis_2, angle``: the ellipse at one standard
        deviation, its semi-axes from 0.001 to 1.1.
    link : str
        Figures of a page with the same name of a link share their state.
    id : str
        Name of the figure on the page, by which addresses refer to it.

    Raises
    ------
    traitlets.TraitError
        Where a value is not legal, here and when it is set later.

    See Also
    --------
    gausslib.w2_geodesic, gausslib.fisher_rao_distance : for other Gaussians.

    Examples
    --------
    Between two bells of one centre both paths are straight, but they are not halfway at the same
    width.

    >>> from gausslib.widgets import GaussianGeometries
    >>> values = GaussianGeometries(p=[0, 0.5], q=[0, 2]).values
    >>> round(values["sd_w2"], 12), round(values["sd_fisher_rao"], 12)
    (1.25, 1.0)
    """

    _tag = "gauss-geometries"
    _fields = fields_of(_tag)

    space = Choice(_fields["space"])
    p = _Bell(_fields["p"])
    q = _Bell(_fields["q"])
    plane_p = _Shape(_fields["plane_p"])
    plane_q = _Shape(_fields["plane_q"])
    t = Number(_fields["t"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        q: Sequence[float] = _fields["q"].start,
        show: str = _fields["show"].start,
        *,
        t: float = _fields["t"].start,
        space: str = _fields["space"].start,
        plane_p: Sequence[float] = _fields["plane_p"].start,
        plane_q: Sequence[float] = _fields["plane_q"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(
            p=p,
            q=q,
            show=show,
            t=t,
            space=space,
            plane_p=plane_p,
            plane_q=plane_q,
            link=link,
            id=id,
        )

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian]:
        """The two Gaussians, of one dimension or of two."""
        if self.space == "plane":
            p, q = (
                Gaussian.from_axes([0, 0], [s1, s2], angle)
                for s1, s2, angle in (self.plane_p, self.plane_q)
            )
        else:
            p, q = (Gaussian(mean, sd**2) for mean, sd in (self.p, self.q))
        return p, q

    def w2_path(self, t: float) -> Gaussian:
        """Return the Gaussian at time ``t`` on the shortest path in the metric W₂.

        Examples
        --------
        >>> from gausslib.widgets import GaussianGeometries
        >>> middle = GaussianGeometries(p=[-1, 1], q=[1, 1]).w2_path(0.5)
        >>> round(float(middle.cov[0, 0]), 9)
        1.0
        """
        return w2_geodesic(*self.gaussians, t)

    def fisher_rao_path(self, t: float) -> Gaussian:
        """Return the Gaussian at time ``t`` on Fisher and Rao's shortest path.

        Examples
        --------
        >>> from gausslib.widgets import GaussianGeometries
        >>> middle = GaussianGeometries(p=[-1, 1], q=[1, 1]).fisher_rao_path(0.5)
        >>> round(float(middle.cov[0, 0]), 9)
        1.5
        """
        if self.space == "plane":
            p, q = self.gaussians
            root = _between(p.cholesky, q.cholesky, t)
            return Gaussian([0, 0], root @ root.T)
        ((a, b), (c, d)) = _between(_half_plane_root(self.p), _half_plane_root(self.q), t)
        precision = c * c + d * d
        return Gaussian(math.sqrt(2) * (a * c + b * d) / precision, precision**-2)

    @property
    def values(self) -> dict[str, float]:
        """The numbers of the figure.

        ``w2`` and ``fisher_rao`` are the distances of p and q; ``w2_to_edge_p`` and
        ``w2_to_edge_q`` those in the metric W₂ to the nearest Gaussian without width. The others
        are of the Gaussians at time t on the two paths, the names ending in ``_w2`` and
        ``_fisher_rao``: ``mean`` and ``sd`` on the line, in the plane ``semi_axis_1``,
        ``semi_axis_2`` and ``area``, of the ellipse at one standard deviation.
        """
        p, q = self.gaussians
        numbers = {"w2": w2_distance(p, q), "fisher_rao": fisher_rao_distance(p, q)}
        for name, law in (
            ("w2", self.w2_path(self.t)),
            ("fisher_rao", self.fisher_rao_path(self.t)),
        ):
            if self.space == "line":
                numbers |= {f"mean_{name}": law.mean[0], f"sd_{name}": law.std[0]}
                continue
            longer, shorter = np.linalg.svd(law.cholesky, compute_uv=False)
            numbers |= {f"semi_axis_1_{name}": longer, f"semi_axis_2_{name}": shorter}
            numbers[f"area_{name}"] = math.pi * np.prod(np.diagonal(law.cholesky))
        for name, law in (("p", p), ("q", q)):
            widths = np.linalg.svd(law.cholesky, compute_uv=False)
            numbers[f"w2_to_edge_{name}"] = widths.min()
        return {name: float(number) for name, number in numbers.items()}

    def _draw(self, ax: Axes) -> None:
        ax.set_aspect("equal", adjustable="datalim")
        if self.space == "plane":
            self._draw_ellipses(ax)
        else:
            self._draw_half_plane(ax)
        ax.legend()

    def _draw_half_plane(self, ax: Axes) -> None:
        """Draw both paths in the half-plane of means and standard deviations."""
        fine = np.linspace(0, 1, 97)
        for name, path in (("w2", self.w2_path), ("fisher_rao", self.fisher_rao_path)):
            ink = INK[_COLOURS[name]]
            x, y = np.array([(law.mean[0], law.std[0]) for law in map(path, fine)]).T
            ax.plot(x, y, color=ink, linewidth=2, label=_NAMES[name])
            ax.plot(x[::12], y[::12], "o", color=ink, markersize=4)
        for name, (mean, sd) in (("p", self.p), ("q", self.q)):
            ax.plot(mean, sd, "o", color=INK[name], label=f"${name}$")
        ax.axhline(0, color=INK["ink"])
        ax.set_xlabel(r"$\mu$")
        ax.set_ylabel(r"$\sigma$")

    def _draw_ellipses(self, ax: Axes) -> None:
        """Draw the ellipses of both paths, one path above the other."""
        turns = np.linspace(0, 2 * np.pi, 200)
        circle = np.stack([np.cos(turns), np.sin(turns)])
        for name, path, y in (
            ("w2", self.w2_path, 1.3),
            ("fisher_rao", self.fisher_rao_path, -1.3),
        ):
            for t in _STEPS[::2]:
                ring = path(t).cholesky @ circle
                ink = INK[{0: "p", 1: "q"}.get(t, _COLOURS[name])]
                label = _NAMES[name] if t == 0.5 else None
                ax.plot(6 * t - 3 + ring[0], y + ring[1], color=ink, linewidth=2, label=label)
