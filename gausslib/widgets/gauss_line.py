"""Two Gaussians on the line, as bells to be moved by hand, and the distances between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from scipy.special import erf, ndtri

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    chernoff_alpha,
    chernoff_information,
    hellinger_distance,
    kl_divergence,
    renyi_divergence,
    total_variation,
    w2_distance,
)
from gausslib._linalg import log1p_gap
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._traits import Choice, Number, Numbers, Words

__all__ = ["GaussianLine"]

_HIGHEST = 6  # times the lower bell: what is higher is cut off
_SHADED = {
    "kl": r"$p\,\log(p/q)$",
    "bhattacharyya": r"$\sqrt{pq}$",
    "variation": "½ |p − q|",
    "renyi": r"$p^\alpha q^{1 - \alpha}$",
}
_Array = npt.NDArray[np.float64]


class _Bell(Numbers):
    """Mean and standard deviation."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse what is too thin or too large for a figure."""
        mean, sd = numbers
        least, largest = self.limits["smallest"], self.limits["largest"]
        if not least <= sd <= largest:
            raise self.refuse(f"a standard deviation from {least:g} to {largest:g}", numbers)
        if abs(mean) > largest:
            raise self.refuse(f"a mean of at most {largest:g} in size", numbers)
        return numbers


def _gap(ratio: _Array, excess: _Array) -> _Array:
    """Compute ratio - 1 - log(ratio) of ratio = 1 + excess; excess keeps its digits near 1."""
    is_near = np.abs(excess) < 0.1
    return np.where(is_near, log1p_gap(np.where(is_near, excess, 0.0)), excess - np.log(ratio))


def _of_product(p: npt.ArrayLike, q: npt.ArrayLike, alpha: npt.ArrayLike) -> dict[str, _Array]:
    """Compute the numbers of the Gaussian g that p^alpha q^(1 - alpha) is a multiple of.

    They are infinite where the product grows without end. The sum of the powers' precisions is
    written over the product of the variances, so that nearly equal ones keep their difference.
    """
    (mean_p, sd_p), (mean_q, sd_q) = (np.moveaxis(np.asarray(g, float), -1, 0) for g in (p, q))
    share, v, w = np.asarray(alpha, float), sd_p**2, sd_q**2
    mixed = share * w + (1 - share) * v
    inside = mixed > 0
    mixed = np.where(inside, mixed, 1.0)
    numbers = {}
    for name, power, own, other in (("p", 1 - share, v, w), ("q", share, w, v)):
        mean = (power * (mean_p - mean_q) / mixed) ** 2 * own
        shape = _gap(other / mixed, power * (other - own) / mixed)
        numbers[f"kl_g_{name}"] = (mean + shape) / 2
    return {name: np.where(inside, value, np.inf) for name, value in numbers.items()}


def _distances(p: npt.ArrayLike, q: npt.ArrayLike, alpha: npt.ArrayLike) -> dict[str, _Array]:
    """Compute all numbers of the figure; the last axis of p and q has mean and sd."""
    (mean_p, sd_p), (mean_q, sd_q) = (np.moveaxis(np.asarray(g, float), -1, 0) for g in (p, q))
    left, right = (
        Gaussian(mean[..., None], sd[..., None, None] ** 2)
        for mean, sd in ((mean_p, sd_p), (mean_q, sd_q))
    )
    # equal quantiles differ by delta + sigma Z, with a standard normal Z
    delta, sigma = abs(mean_p - mean_q), abs(sd_p - sd_q)
    z = np.divide(delta, sigma, out=np.full_like(delta, np.inf), where=sigma > 0)
    order = np.asarray(alpha, float)
    renyi = np.asarray(renyi_divergence(left, right, order))
    with np.errstate(over="ignore"):  # the area, and its logarithm where it is 1
        exponent = np.where(order == 1, 0.0, (order - 1) * renyi)
        coefficient = np.exp(exponent)
    numbers = {
        "kl_pq": kl_divergence(left, right),
        "kl_qp": kl_divergence(right, left),
        "bhattacharyya": bhattacharyya_distance(left, right),
        "hellinger": hellinger_distance(left, right),
        "total_variation": total_variation(left, right),
        "w1": sigma * np.sqrt(2 / np.pi) * np.exp(-z * z / 2) + delta * erf(z / np.sqrt(2)),
        "w2": w2_distance(left, right),
        "renyi": renyi,
        "chernoff_coefficient": coefficient,
        "chernoff": chernoff_information(left, right),
        "chernoff_alpha": chernoff_alpha(left, right),
        **_of_product(p, q, alpha),
    }
    return {name: np.asarray(value, float) for name, value in numbers.items()}


class GaussianLine(Figure):
    """Two Gaussians p and q on the line, as bells to be dragged, with a distance made visible.

    Three distances are integrals, whose integrand is shaded; the area is the number. W2 is seen in
    the lines that join the deciles of p and q. The Rényi divergences of all orders come from the
    area under a product of powers of p and q.

    Parameters
    ----------
    p, q : sequence of two numbers
        ``mean, sd``: mean and standard deviation, from 1e-6 to 1e6.
    show : str
        Extras, separated by spaces: ``terms`` (the terms of the distance, which light up their part
        of the picture), ``hellinger``, ``w1`` (their numbers).
    distance : {"kl", "bhattacharyya", "variation", "w2", "renyi"}
        What is drawn: p log(p/q), whose area is KL(p‖q); √(pq), whose area is the Bhattacharyya
        coefficient; ½|p - q|, whose area is the total variation; the lines of W2; the product of
        the powers alpha of p and 1 - alpha of q, whose area is the Chernoff coefficient.
    alpha : float
        The power of p, from 0 to 2: the order of the Rényi divergence.
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
    >>> from gausslib.widgets import GaussianLine
    >>> line = GaussianLine(p=[0, 1], q=[2, 1])
    >>> line.values["kl_pq"]
    2.0
    >>> line.q = [4, 4]
    >>> line.values["w2"]
    5.0
    """

    _tag = "gauss-line"
    _fields = fields_of(_tag)

    p = _Bell(_fields["p"])
    q = _Bell(_fields["q"])
    distance = Choice(_fields["distance"])
    alpha = Number(_fields["alpha"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        q: Sequence[float] = _fields["q"].start,
        show: str = _fields["show"].start,
        *,
        distance: str = _fields["distance"].start,
        alpha: float = _fields["alpha"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(p=p, q=q, show=show, distance=distance, alpha=alpha, link=link, id=id)

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian]:
        """The two Gaussians, of one dimension."""
        p, q = (Gaussian(mean, sd**2) for mean, sd in (self.p, self.q))
        return p, q

    @property
    def values(self) -> dict[str, float]:
        """The numbers of the readout.

        ``kl_pq``, ``kl_qp``, ``bhattacharyya``, ``hellinger``, ``total_variation``, ``w1`` and
        ``w2``; ``renyi``, the Rényi divergence of order ``alpha``;
        ``chernoff_coefficient``, the area under the product of powers; ``chernoff`` and
        ``chernoff_alpha``, the Chernoff information and its power of p; and for the Gaussian g that
        the product is a multiple of ``kl_g_p`` and ``kl_g_q``, infinite where there is none.
        """
        numbers = _distances(self.p, self.q, self.alpha)
        return {name: float(value) for name, value in numbers.items()}

    def _draw(self, ax: Axes) -> None:
        z = np.linspace(-5, 5, 201)
        about = [mean + sd * z for mean, sd in (self.p, self.q)]
        x = np.sort(np.concatenate([*about, np.linspace(np.min(about), np.max(about), 400)]))
        log_p, log_q = (gaussian.logpdf(x[:, None]) for gaussian in self.gaussians)
        p, q = np.exp(log_p), np.exp(log_q)
        ax.set_yticks([])
        ax.set_xlabel("x")
        highest = _HIGHEST * min(p.max(), q.max())
        if self.distance == "w2":
            gap = min(max(p.max(), q.max()), highest) / 3
            self._bells(ax, x, gap + p, -gap - q)
            ax.fill_between(x, gap, gap + p, color=INK["p"], alpha=0.3, linewidth=0)
            ax.fill_between(x, -gap, -gap - q, color=INK["q"], alpha=0.3, linewidth=0)
            z = ndtri(np.arange(1, 10) / 10)
            ends = np.stack([mean + sd * z for mean, sd in (self.p, self.q)])
            ax.plot(ends, [[gap], [-gap]] * np.ones(9), color=INK["ink"], alpha=0.5, linewidth=1)
            ax.set_ylim(-gap - min(1.1 * q.max(), highest), gap + min(1.1 * p.max(), highest))
            return
        shaded = {
            "kl": p * (log_p - log_q),
            "bhattacharyya": np.exp((log_p + log_q) / 2),
            "variation": abs(p - q) / 2,
            # what is cut off anyway may be too large for a number
            "renyi": np.exp(
                np.minimum(self.alpha * log_p + (1 - self.alpha) * log_q, np.log(highest))
            ),
        }[self.distance]
        self._bells(ax, x, p, q)
        if self.distance in {"bhattacharyya", "renyi"}:
            ax.fill_between(x, shaded, color=INK["third"], alpha=0.3, linewidth=0)
        else:
            for name, where in (("p", log_p > log_q), ("q", log_p <= log_q)):
                ax.fill_between(x, np.where(where, shaded, 0), color=INK[name], alpha=0.3, lw=0)
        top = min(1.1 * max(p.max(), q.max(), shaded.max()), highest)
        ax.set_ylim(max(1.1 * min(shaded.min(), 0), -top) - top / 50, top)
        ax.set_title(f"Shaded: {_SHADED[self.distance]}")

    def _bells(self, ax: Axes, x: npt.ArrayLike, p: npt.ArrayLike, q: npt.ArrayLike) -> None:
        """Draw the curves of the densities."""
        for name, curve in (("p", p), ("q", q)):
            ax.plot(x, curve, color=INK[name], linewidth=2, label=f"${name}$")
        ax.legend()
