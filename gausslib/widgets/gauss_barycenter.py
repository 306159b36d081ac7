"""Three Gaussians in the plane, to be moved by hand, and their barycentre."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib import Gaussian, mixture_moments, transport_map, w2_barycenter, w2_squared
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import Figure
from gausslib.widgets._plot import planar, plane
from gausslib.widgets._traits import Ellipse, Numbers, Words

__all__ = ["GaussianBarycenter"]

_SMALL = 1e-6  # a step that moves less than this share of the size
_MOST_STEPS = 400


class _Weights(Numbers):
    """Weights that are not negative, and not all zero."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse negative weights, huge ones, and a sum that is zero or nearly so."""
        least, largest = self.limits["leastSum"], self.limits["largest"]
        if min(numbers) < 0 or max(numbers) > largest or sum(numbers) < least:
            raise self.refuse(
                f"weights from 0 to {largest:g} with a sum of at least {least:g}", numbers
            )
        return numbers


def _area(law: Gaussian) -> float:
    """Area of the ellipse at one standard deviation."""
    return math.pi * float(np.prod(np.diagonal(law.cholesky)))


def _steps(laws: Gaussian, weights: npt.NDArray[np.float64], start: Gaussian) -> int:
    """Count the steps of the fixed point until one is small."""
    law, identity = start, np.eye(2)
    for step in range(1, _MOST_STEPS):
        mean_map = np.tensordot(weights, transport_map(law, laws), 1)
        root = law.cholesky
        if np.linalg.norm((mean_map - identity) @ root) < _SMALL * np.linalg.norm(root):
            return step
        law = law.affine(mean_map, [0, 0])
    return _MOST_STEPS


class GaussianBarycenter(Figure):
    """Three Gaussians in the plane, to be dragged, with their barycentre in the metric W₂.

    In JupyterLab the figure and this object follow each other. On a static page the same cell shows
    the same figure, without a kernel.

    Parameters
    ----------
    p1, p2, p3 : sequence of five numbers
        ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at one standard deviation,
        the angle of its first axis in radians, counter-clockwise. The ratio of the semi-axes is at
        least 1e-3.
    weights : sequence of three numbers
        Not negative, and not all zero; only their ratios count.
    show : str
        Extras, separated by spaces: ``average`` (the Gaussian with the mean of the covariances),
        ``mixture`` (the one with the moments of the mixture), ``convergence`` (of the fixed point).
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
    gausslib.w2_barycenter : for any number of Gaussians, in any dimension.

    Examples
    --------
    Three circles have a circle between them.

    >>> from gausslib.widgets import GaussianBarycenter
    >>> circles = [[0, 0, 1, 1, 0], [3, 0, 2, 2, 0], [0, 3, 3, 3, 0]]
    >>> values = GaussianBarycenter(*circles).values
    >>> round(values["mean_x"], 12), round(values["semi_axis_1"], 12)
    (1.0, 2.0)
    """

    _tag = "gauss-barycenter"
    _fields = fields_of(_tag)

    p1 = Ellipse(_fields["p1"])
    p2 = Ellipse(_fields["p2"])
    p3 = Ellipse(_fields["p3"])
    weights = _Weights(_fields["weights"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p1: Sequence[float] = _fields["p1"].start,
        p2: Sequence[float] = _fields["p2"].start,
        p3: Sequence[float] = _fields["p3"].start,
        weights: Sequence[float] = _fields["weights"].start,
        show: str = _fields["show"].start,
        *,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(p1=p1, p2=p2, p3=p3, weights=weights, show=show, link=link, id=id)

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian, Gaussian]:
        """The three Gaussians."""
        return planar(self.p1), planar(self.p2), planar(self.p3)

    @property
    def _shares(self) -> npt.NDArray[np.float64]:
        """The weights with sum 1."""
        return np.array(self.weights) / sum(self.weights)

    @property
    def barycenter(self) -> Gaussian:
        """The Gaussian with the least weighted sum of squared distances to the three."""
        return w2_barycenter(self.gaussians, self._shares)

    def _average(self) -> Gaussian:
        """Return the Gaussian with the mean of the covariances, at the mean of the means."""
        covs = [law.cov for law in self.gaussians]
        return Gaussian(self.barycenter.mean, np.tensordot(self._shares, covs, 1))

    def _mixture(self) -> Gaussian:
        return mixture_moments(self.gaussians, self._shares)

    @property
    def values(self) -> dict[str, float]:
        """The numbers of the barycentre, and of what it is compared with.

        ``mean_x``, ``mean_y``, ``semi_axis_1``, ``semi_axis_2``, ``cov_xx``, ``cov_xy`` and
        ``cov_yy`` are the barycentre's own. ``least`` is the weighted sum of squared distances to
        it. ``area`` is that of its ellipse at one standard deviation, beside ``area_average`` (mean
        of the covariances) and ``area_mixture`` (moments of the mixture). ``steps`` counts those of
        the fixed point, from the mean of the covariances until one moves the Gaussian by less than
        a millionth of its size, and is 400 where more would be needed.
        """
        laws, shares, law = Gaussian.stack(self.gaussians), self._shares, self.barycenter
        longer, shorter = np.linalg.svd(law.cholesky, compute_uv=False)
        average = self._average()
        numbers = {
            "mean_x": law.mean[0],
            "mean_y": law.mean[1],
            "semi_axis_1": longer,
            "semi_axis_2": shorter,
            "cov_xx": law.cov[0, 0],
            "cov_xy": law.cov[0, 1],
            "cov_yy": law.cov[1, 1],
            "least": shares @ w2_squared(laws, law),
            "area": _area(law),
            "area_average": _area(average),
            "area_mixture": _area(self._mixture()),
            "steps": _steps(laws, shares, average),
        }
        return {name: float(number) for name, number in numbers.items()}

    def _draw(self, ax: Axes) -> None:
        p1, p2, p3 = self.gaussians
        plane(ax, p1=p1, p2=p2, p3=p3, barycentre=self.barycenter)
