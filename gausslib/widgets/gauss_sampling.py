"""A distance of two Gaussians in the plane, estimated from samples."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from gausslib import Gaussian
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._plot import planar
from gausslib.widgets._sampling import (
    CLOSED_FORMS,
    HALF_WIDTH_95,
    Estimator,
    running_estimate,
)
from gausslib.widgets._traits import Choice, Ellipse, Whole, Words

__all__ = ["GaussianSampling"]

_ENOUGH = 1000  # so many samples of each of the other seeds


def numbers_of(kind: Estimator, p: Gaussian, q: Gaussian, seed: int, size: int) -> dict[str, float]:
    """Return the numbers of the figure."""
    (estimate,) = running_estimate(kind, p, q, seed, [size])
    return {
        "estimate": estimate.value,
        "error": estimate.standard_error,
        "exact": float(CLOSED_FORMS[kind](p, q)),
    }


class GaussianSampling(Figure):
    """A distance of two Gaussians estimated from samples of p, beside its closed form.

    In JupyterLab the figure and this object follow each other. On a static page the same cell shows
    the same figure, without a kernel. With the ``link`` of a `GaussianPair` it follows that pair.

    Parameters
    ----------
    p, q : sequence of five numbers
        ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at one standard deviation,
        the angle of its first axis in radians, counter-clockwise. The ratio of the semi-axes is at
        least 1e-3.
    estimator : {"kl_plain", "kl_nonnegative", "bhattacharyya", "w2_squared"}
        What is averaged: log p/q; r - 1 - log r with r = q/p; √(q/p), minus the logarithm of the
        mean of which is the Bhattacharyya distance; the squared way of the optimal transport.
    show : str
        Extras, separated by spaces: ``samples`` (in the plane), ``others`` (the estimates of twenty
        further seeds, from up to 1000 samples).
    seed : int
        Of the samples, from 0 to 2³² - 1. Browser and Python draw the same ones.
    n : int
        Number of samples, from 2 to 10,000.
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
    gausslib.montecarlo : these estimators for any dimension, and better ones.

    Examples
    --------
    >>> from gausslib.widgets import GaussianSampling
    >>> figure = GaussianSampling([0, 0, 1, 1, 0], [1, 0, 1, 1, 0], n=10_000)
    >>> values = figure.values
    >>> values["exact"]
    0.5
    >>> abs(values["estimate"] - values["exact"]) < 4 * values["error"]
    True
    """

    _tag = "gauss-sampling"
    _fields = fields_of(_tag)

    p = Ellipse(_fields["p"])
    q = Ellipse(_fields["q"])
    estimator = Choice(_fields["estimator"])
    seed = Whole(_fields["seed"])
    n = Whole(_fields["n"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        q: Sequence[float] = _fields["q"].start,
        estimator: str = _fields["estimator"].start,
        show: str = _fields["show"].start,
        *,
        seed: int = _fields["seed"].start,
        n: int = _fields["n"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(p=p, q=q, estimator=estimator, show=show, seed=seed, n=n, link=link, id=id)

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian]:
        """The two Gaussians."""
        return planar(self.p), planar(self.q)

    @property
    def values(self) -> dict[str, float]:
        """The numbers ``estimate``, ``error`` (its standard error) and ``exact``.

        The error is infinite where the variance of what is averaged is.
        """
        return numbers_of(self.estimator, *self.gaussians, self.seed, self.n)

    def _draw(self, ax: Axes) -> None:
        p, q = self.gaussians
        sizes = sorted({*(round(10 ** (k / 40)) for k in range(161)), self.n})
        sizes = sizes[1 : sizes.index(self.n) + 1]
        ax.set_xscale("log")
        ax.set_xlim(1, self._fields["n"].limits["max"])
        ax.set_xlabel("$n$")
        ax.grid(color=INK["grid"])
        ax.set_axisbelow(True)
        if "others" in self.show.split():
            enough = [size for size in sizes if size <= _ENOUGH]
            for k in range(1, 21):
                other = running_estimate(self.estimator, p, q, (self.seed + k) % 2**32, enough)
                ax.plot(enough, [e.value for e in other], color=INK["p"], alpha=0.3, linewidth=1)
        estimates = running_estimate(self.estimator, p, q, self.seed, sizes)
        if math.isfinite(estimates[-1].standard_error):
            low, high = (
                [e.value + side * HALF_WIDTH_95 * e.standard_error for e in estimates]
                for side in (-1, 1)
            )
            ax.fill_between(sizes, low, high, color=INK["p"], alpha=0.16, linewidth=0)
        else:
            ax.set_title("Infinite variance: no standard error, no band", fontsize="medium")
        ax.plot(sizes, [e.value for e in estimates], color=INK["p"], linewidth=2)
        ax.axhline(CLOSED_FORMS[self.estimator](p, q), color=INK["ink"], linestyle="--")
