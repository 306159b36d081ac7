"""Every distance between two Gaussians of the reader's own, in one to ten dimensions."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import numpy.typing as npt
import traitlets
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    bhattacharyya_terms,
    hellinger_distance,
    jeffreys_divergence,
    kl_divergence,
    kl_terms,
    w2_distance,
    w2_terms,
)
from gausslib._validate import real_array
from gausslib.widgets._definitions import Field, fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._traits import Choice, State, Words

__all__ = ["GaussianCalculator"]


class _Mean(State):
    """A mean, as a list of floats."""

    expected = "a mean of one to ten numbers"
    ndim = 1

    def __init__(self, field: Field) -> None:
        super().__init__(field, np.asarray(field.start, float).tolist())

    def make_dynamic_default(self) -> list[Any]:
        """Give each object a list of its own."""
        return deepcopy(self.default_value)

    def validate(self, obj: Any, value: Any) -> list[Any]:
        """Return the numbers as floats, or raise TraitError naming the trait and what is wrong."""
        try:
            array = real_array(str(self.name), value)
            dim = len(array) if array.ndim else 0
            if array.shape != (dim,) * self.ndim or not 1 <= dim <= self.limits["largestDimension"]:
                raise ValueError(f"got shape {array.shape}")
            self.require(array, dim)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"{self.name}: expected {self.expected}; {error}") from None
        return array.astype(float).tolist()

    def require(self, array: npt.NDArray[Any], dim: int) -> None:
        """Raise ValueError where a Gaussian can't have this."""
        Gaussian(array, np.eye(dim))


class _Covariance(_Mean):
    """A covariance matrix, as a list of its rows."""

    expected = "a covariance matrix of one to ten rows"
    ndim = 2

    def require(self, array: npt.NDArray[Any], dim: int) -> None:
        """Raise ValueError where a Gaussian can't have this."""
        Gaussian(np.zeros(dim), array)


def numbers_of(p: Gaussian, q: Gaussian) -> dict[str, Any]:
    """Return the numbers of the figure, for batches of Gaussians."""
    terms: dict[str, Any] = {
        "kl_pq": kl_terms(p, q),
        "kl_qp": kl_terms(q, p),
        "bhattacharyya": bhattacharyya_terms(p, q),
        "w2": w2_terms(p, q),
    }
    return {
        "kl_pq": kl_divergence(p, q),
        "kl_qp": kl_divergence(q, p),
        "jeffreys": jeffreys_divergence(p, q),
        "bhattacharyya": bhattacharyya_distance(p, q),
        "hellinger": hellinger_distance(p, q),
        "w2": w2_distance(p, q),
        **{f"{key}_{term}": x for key, part in terms.items() for term, x in part._asdict().items()},
    }


class GaussianCalculator(Figure):
    """Two Gaussians p and q given by their numbers, with every distance between them.

    In JupyterLab the figure and this object follow each other. On a static page the same cell shows
    the same figure, without a kernel: readers type or paste numbers there, or samples.

    Parameters
    ----------
    p_mean, q_mean : sequence of float
        The means, of one to ten dimensions.
    p_cov, q_cov : sequence of sequence of float
        The covariances, symmetric and positive semi-definite. While one of the four is set after
        the other their dimensions may differ; there are no values then.
    show : str
        Extras, separated by spaces: ``terms`` (of each distance, in a table, and in a formula),
        ``samples`` (boxes to paste samples into, or to choose files of them).
    formula : {"kl", "bhattacharyya", "w2"}
        The distance whose formula is shown.
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
    >>> from gausslib.widgets import GaussianCalculator
    >>> calculator = GaussianCalculator([0], [[1]], [3], [[1]])
    >>> float(calculator.values["kl_pq"]), float(calculator.values["w2"])
    (4.5, 3.0)
    >>> calculator.q_mean = [0, 0]
    >>> calculator.values
    {}
    """

    _tag = "gauss-calculator"
    _fields = fields_of(_tag)

    p_mean = _Mean(_fields["p_mean"])
    p_cov = _Covariance(_fields["p_cov"])
    q_mean = _Mean(_fields["q_mean"])
    q_cov = _Covariance(_fields["q_cov"])
    formula = Choice(_fields["formula"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p_mean: npt.ArrayLike = _fields["p_mean"].start,
        p_cov: npt.ArrayLike = _fields["p_cov"].start,
        q_mean: npt.ArrayLike = _fields["q_mean"].start,
        q_cov: npt.ArrayLike = _fields["q_cov"].start,
        show: str = _fields["show"].start,
        *,
        formula: str = _fields["formula"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(
            p_mean=p_mean,
            p_cov=p_cov,
            q_mean=q_mean,
            q_cov=q_cov,
            show=show,
            formula=formula,
            link=link,
            id=id,
        )

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian]:
        """The two Gaussians; ValueError while their dimensions differ."""
        p, q = Gaussian(self.p_mean, self.p_cov), Gaussian(self.q_mean, self.q_cov)
        if p.dim != q.dim:
            raise ValueError(f"p and q must have one dimension, got {p.dim} and {q.dim}")
        return p, q

    @property
    def values(self) -> dict[str, float]:
        """The distances and their terms; empty while the dimensions differ.

        They are ``kl_pq``, ``kl_qp``, ``jeffreys``, ``bhattacharyya``, ``hellinger`` and ``w2``;
        and ``mean``, ``trace`` and ``logdet`` of both KL divergences (``kl_pq_mean``, ...),
        ``mean`` and ``logdet`` of Bhattacharyya, ``mean`` and ``covariance`` of the square of w2.
        """
        if len({len(part) for part in (self.p_mean, self.p_cov, self.q_mean, self.q_cov)}) > 1:
            return {}
        return {name: float(value) for name, value in numbers_of(*self.gaussians).items()}

    def _draw(self, ax: Axes) -> None:
        ax.grid(color=INK["grid"], axis="y")
        ax.set(xlabel="coordinate")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        for name, mean, cov, shift in (
            ("p", self.p_mean, self.p_cov, -0.08),
            ("q", self.q_mean, self.q_cov, 0.08),
        ):
            count = min(len(mean), len(cov))  # they may differ while one is set after the other
            x, y, sd = np.arange(count) + 1 + shift, mean[:count], np.sqrt(np.diag(cov))[:count]
            for size, width in ((2, 1), (1, 3)):
                ax.errorbar(x, y, size * sd, fmt="o", color=INK[name], elinewidth=width)
            ax.plot([], [], color=INK[name], label=f"${name}$")
        ax.legend()
