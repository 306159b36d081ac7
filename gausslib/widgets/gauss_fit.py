"""One Gaussian fitted to a mixture of two bumps, in both directions of the KL divergence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from scipy.optimize import approx_fprime, minimize, root

from gausslib import Gaussian, cross_entropy, mixture_moments
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._plot import planar, plane
from gausslib.widgets._traits import Choice, Number, Numbers, Words

__all__ = ["GaussianFit"]

Array = npt.NDArray[np.floating[Any]]

_HIGHEST = 10  # the logarithm of the height of the integrand in the strip where it is analytic
_ACCURACY = 50  # the trapezoidal rule is right to exp(-50) of that height
_LONGEST = 13  # further out on the line in the complex plane exp(-π|τ|) is below rounding
_TIE = 1e-9  # of two fits that differ by less neither is better
_SHARES = (1, 0.8, 0.45, 0.2, 0)  # of the first bump, in the laws where descents start


class _Bump(Numbers):
    """As many means as standard deviations, and in the plane an angle."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse what is too thin, too wide or too far for the figure."""
        limits, dimension = self.limits, self.count // 2
        means, widths = numbers[:dimension], numbers[dimension : 2 * dimension]
        least, most, farthest = limits["narrowest"], limits["widest"], limits["farthest"]
        turn = limits["largestAngle"]
        is_legal = (
            all(least <= width <= most for width in widths)
            and all(abs(mean) <= farthest for mean in means)
            and all(abs(angle) <= turn for angle in numbers[2 * dimension :])
        )
        if not is_legal:
            bounds = f"{least:g} ≤ sd ≤ {most:g}, |mean| ≤ {farthest:g}, |angle| ≤ {turn:g}"
            raise self.refuse(bounds, numbers)
        return numbers


class _Quadratic(NamedTuple):
    """A quadratic function of z: value and gradient at 0, and its bend."""

    value: float
    slope: Array
    bend: Array


class _Mixture:
    """Two Gaussians with their weights."""

    def __init__(self, laws: Sequence[Gaussian], weights: Sequence[float]) -> None:
        self.laws, self.weights = laws, weights
        self._whiteners = [np.linalg.inv(law.cholesky) for law in laws]
        with np.errstate(divide="ignore"):
            self._peaks = [
                np.log(weight) + float(law.logpdf(law.mean))
                for law, weight in zip(laws, weights, strict=True)
            ]

    def _logarithms(self, mean: Array, factor: Array) -> list[_Quadratic]:
        """Return the weighted log-densities at x = mean + factor z."""
        found = []
        for law, peak, whitener in zip(self.laws, self._peaks, self._whiteners, strict=True):
            shift, stretch = whitener @ (mean - law.mean), whitener @ factor
            value = peak - shift @ shift / 2
            found.append(_Quadratic(value, -stretch.T @ shift, -stretch.T @ stretch))
        return found

    def expected_log(self, mean: Array, factor: Array) -> _Quadratic:
        """Return the expectations of log p, its gradient and its bend in z, at mean + factor z."""
        first, second = self._logarithms(mean, factor)
        bends, axes = np.linalg.eigh(second.bend - first.bend)
        value, slopes = second.value - first.value, axes.T @ (second.slope - first.slope)
        above, below = _abscissa(value, slopes, bends), _abscissa(-value, -slopes, -bends)
        if above >= below:
            base, soft = first, _softened(value, slopes, bends, above)
        else:
            base, soft = second, _softened(-value, -slopes, -bends, below)
        return _Quadratic(
            base.value + np.trace(base.bend) / 2 + soft.value,
            base.slope + axes @ soft.slope,
            base.bend + axes @ soft.bend @ axes.T,
        )

    def expected_log_under(self, law: Gaussian) -> float:
        """Return the expectation of log p under a Gaussian."""
        return float(self.expected_log(law.mean, law.cholesky).value)

    def kl_from(self, law: Gaussian) -> float:
        """Return KL(q‖p)."""
        return -float(law.entropy()) - self.expected_log_under(law)

    def kl_to(self, law: Gaussian) -> float:
        """Return KL(p‖q)."""
        return sum(
            weight * (self.expected_log_under(part) + float(cross_entropy(part, law)))
            for part, weight in zip(self.laws, self.weights, strict=True)
            if weight > 0
        )


def _abscissa(value: float, slopes: Array, bends: Array) -> float:
    """Return the real part of a line on which 𝔼 exp(sD) is finite and not too high."""
    if value == np.inf:
        return 0  # the base has no weight
    c = 0.5 / max(1, 1.2 * float(bends.max()))
    while True:
        rest = 1 - 2 * c * bends
        if 2 * c * value + np.sum((2 * c * slopes) ** 2 / rest - np.log(rest)) / 2 <= _HIGHEST:
            break
        c *= 0.75
    return c


def _softened(value: float, slopes: Array, bends: Array, c: float) -> _Quadratic:
    """Return the expectations of log(1 + exp D), of its gradient and of its bend.

    D is the quadratic function with these numbers, without mixed term. By Mellin's formula
    log(1 + exp D) is the integral of exp(sD) / (2 s sin πs) along s = c + iτ, and 𝔼 exp(sD) is
    known.
    """
    if value == -np.inf:
        return _Quadratic(0, np.zeros_like(slopes), np.diag(np.zeros_like(bends)))
    step = 2 * np.pi * c / _ACCURACY
    s = c + 1j * step * np.arange(0.5, _LONGEST / step)
    rest = 1 - np.multiply.outer(bends, s)
    ratio = s / rest
    tilted = slopes[:, None] * ratio
    squares = np.sum(slopes[:, None] * tilted - np.log(rest) / s, axis=0)
    terms = step * np.exp(s * (value + squares / 2)) / (s * np.sin(np.pi * s))
    # Sums, since products of such small matrices wake the threads of the linear algebra.
    slope = np.sum(tilted * terms, axis=-1)
    bend = np.sum(tilted[:, None] * tilted * terms, axis=-1)
    bend += np.diag(np.sum(bends[:, None] * ratio * terms, axis=-1))
    return _Quadratic(float(terms.sum().real), slope.real, bend.real)


@dataclass(frozen=True)
class _Family:
    """The Gaussians among which the nearest are looked for."""

    kind: str
    width: float

    def nearest(self, moments: Gaussian) -> Gaussian:
        """Return the one with the same moments, as far as it can have them."""
        if self.kind == "full":
            return moments
        fixed = self.kind == "fixed"
        variances = np.full(moments.dim, self.width**2) if fixed else moments.std**2
        return Gaussian(moments.mean, np.diag(variances))

    def free_entries(self, dimension: int) -> tuple[Array, Array]:
        """Return the places of the free entries of a lower triangular factor."""
        rows, columns = np.tril_indices(0 if self.kind == "fixed" else dimension)
        chosen = (rows == columns) | (self.kind == "full")
        return rows[chosen], columns[chosen]

    def start(self, law: Gaussian) -> Array:
        """Return the coordinates of a law: its mean, and the free entries of its factor."""
        return np.concatenate([law.mean, law.cholesky[self.free_entries(law.dim)]])

    def factor(self, coordinates: Array, dimension: int) -> Array:
        """Return the factor of the law with these coordinates."""
        factor = self.width * np.eye(dimension)
        factor[self.free_entries(dimension)] = coordinates[dimension:]
        return factor

    def law(self, coordinates: Array, dimension: int) -> Gaussian:
        """Return the law with these coordinates."""
        factor = self.factor(coordinates, dimension)
        return Gaussian(coordinates[:dimension], factor @ factor.T)

    def reverse(self, coordinates: Array, p: _Mixture) -> tuple[float, Array]:
        """Return KL(q‖p) up to a constant, and its gradient."""
        dimension = p.laws[0].dim
        factor = self.factor(coordinates, dimension)
        if np.min(np.diag(factor)) < 1e-3:
            return np.inf, np.zeros_like(coordinates)  # out of the reach of every start
        value, slope, bend = p.expected_log(coordinates[:dimension], factor)
        back = -np.linalg.inv(factor).T
        by_mean, by_factor = back @ slope, back @ (np.eye(dimension) + bend)
        gradient = np.concatenate([by_mean, by_factor[self.free_entries(dimension)]])
        return -float(np.sum(np.log(np.diag(factor)))) - value, gradient


def _seeking(p: _Mixture, family: _Family) -> list[Gaussian]:
    """Return the local optima of KL(q‖p), the best first; of equals the left one comes first."""
    dimension = p.laws[0].dim
    gradient: Any = partial(_gradient, p=p, family=family)
    found: list[tuple[float, Array]] = []
    for share in _SHARES:
        moments = mixture_moments(Gaussian.stack(p.laws), [share, 1 - share])
        start = family.start(family.nearest(moments))
        rough = minimize(family.reverse, start, args=(p,), jac=True, method="BFGS").x
        place = root(gradient, rough, tol=1e-13).x
        bend = np.atleast_2d(approx_fprime(place, gradient, 1e-6))
        is_bottom = np.min(np.linalg.eigvalsh((bend + bend.T) / 2)) > 0
        if is_bottom and not any(np.allclose(place, other, atol=1e-4) for _, other in found):
            found.append((family.reverse(place, p)[0], place))
    least = min(value for value, _ in found)
    found.sort(key=lambda item: (item[0] > least + _TIE, *item[1][:dimension]))
    return [family.law(place, dimension) for _, place in found]


def _gradient(coordinates: Array, p: _Mixture, family: _Family) -> Array:
    return family.reverse(coordinates, p)[1]


class GaussianFit(Figure):
    """One Gaussian q fitted to a mixture p of two bumps, in both directions of KL at once.

    The *covering* fit makes KL(p‖q) least: it has the moments of p. The *seeking* fit makes KL(q‖p)
    least, which may have several local optima.

    Parameters
    ----------
    p1, p2 : sequence of two numbers
        The bumps on the line, ``mean, sd``: standard deviations from 0.3 to 2, means of at most 4
        in size.
    show : str
        Extras, separated by spaces: ``crosswise`` (the KL divergence that each fit does not make
        least), ``widths`` (the standard deviations of the fits, in the plane along the first axis).
    w : float
        The weight of the first bump, from 0 to 1; the second has the rest.
    space : {"line", "plane"}
        Which bumps are fitted.
    family : {"full", "aligned", "fixed"}
        Among which Gaussians the nearest is looked for: all, those without correlation, or those
        with the standard deviation ``width`` in every direction.
    width : float
        From 0.3 to 2.
    plane_p1, plane_p2 : sequence of five numbers
        The bumps in the plane, ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at
        one standard deviation, with the same limits.
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
    >>> from gausslib.widgets import GaussianFit
    >>> fit = GaussianFit(p1=[-2, 0.5], p2=[2, 0.5], w=0.6)
    >>> fit.values["optima"]
    3.0
    >>> round(fit.values["mean_cover"], 9), round(fit.values["mean_seek"], 3)
    (-0.4, -2.0)
    """

    _tag = "gauss-fit"
    _fields = fields_of(_tag)

    p1 = _Bump(_fields["p1"])
    p2 = _Bump(_fields["p2"])
    show = Words(_fields["show"])
    w = Number(_fields["w"])
    space = Choice(_fields["space"])
    family = Choice(_fields["family"])
    width = Number(_fields["width"])
    plane_p1 = _Bump(_fields["plane_p1"])
    plane_p2 = _Bump(_fields["plane_p2"])

    def __init__(
        self,
        p1: Sequence[float] = _fields["p1"].start,
        p2: Sequence[float] = _fields["p2"].start,
        show: str = _fields["show"].start,
        *,
        w: float = _fields["w"].start,
        space: str = _fields["space"].start,
        family: str = _fields["family"].start,
        width: float = _fields["width"].start,
        plane_p1: Sequence[float] = _fields["plane_p1"].start,
        plane_p2: Sequence[float] = _fields["plane_p2"].start,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(
            p1=p1,
            p2=p2,
            show=show,
            w=w,
            space=space,
            family=family,
            width=width,
            plane_p1=plane_p1,
            plane_p2=plane_p2,
            link=link,
            id=id,
        )

    @property
    def bumps(self) -> tuple[Gaussian, Gaussian]:
        """The two bumps, of one dimension or of two."""
        if self.space == "plane":
            return planar(self.plane_p1), planar(self.plane_p2)
        first, second = (Gaussian([mean], [[sd**2]]) for mean, sd in (self.p1, self.p2))
        return first, second

    @property
    def covering(self) -> Gaussian:
        """The Gaussian of the family for which KL(p‖q) is least."""
        moments = mixture_moments(Gaussian.stack(self.bumps), [self.w, 1 - self.w])
        return self._among.nearest(moments)

    @property
    def seeking(self) -> list[Gaussian]:
        """The Gaussians of the family for which KL(q‖p) is locally least, the best first."""
        return _seeking(self._mixture, self._among)

    @property
    def values(self) -> dict[str, float]:
        """The numbers of the figure.

        ``kl_pq`` of the covering fit and ``kl_qp`` of the best seeking one, which are least;
        ``kl_qp_cover`` and ``kl_pq_seek``, which are not; ``optima``, the number of local optima of
        KL(q‖p); ``mean_cover``, ``sd_cover``, ``mean_seek`` and ``sd_seek``. In the plane the last
        four are of the first coordinate, and those of the second end in ``_y``; there are also
        ``correlation_cover`` and ``correlation_seek``.
        """
        mixture, cover, seeking = self._mixture, self.covering, self.seeking
        best = seeking[0]
        numbers = {
            "kl_pq": mixture.kl_to(cover),
            "kl_qp": mixture.kl_from(best),
            "kl_pq_seek": mixture.kl_to(best),
            "kl_qp_cover": mixture.kl_from(cover),
            "optima": float(len(seeking)),
        }
        for name, law in (("cover", cover), ("seek", best)):
            for end, mean, sd in zip(("", "_y"), law.mean, law.std, strict=False):
                numbers |= {f"mean_{name}{end}": float(mean), f"sd_{name}{end}": float(sd)}
            if self.space == "plane":
                numbers[f"correlation_{name}"] = float(law.correlation[0, 1])
        return numbers

    @property
    def _mixture(self) -> _Mixture:
        return _Mixture(self.bumps, (self.w, 1 - self.w))

    @property
    def _among(self) -> _Family:
        return _Family(self.family, self.width)

    def _draw(self, ax: Axes) -> None:
        best, *others = self.seeking
        drawn = [(self.covering, ":", "covers"), (best, "-", "seeks")]
        drawn += [(law, "--", "") for law in others]
        if self.space == "plane":
            self._draw_plane(ax, drawn)
        else:
            self._draw_line(ax, drawn)
        ax.legend()

    def _draw_line(self, ax: Axes, drawn: list[tuple[Gaussian, str, str]]) -> None:
        """Draw the mixture and the fits as curves."""
        ends = [mean + side * 4 * sd for mean, sd in (self.p1, self.p2) for side in (-1, 1)]
        x = np.linspace(min(ends), max(ends), 600)
        parts = [
            weight * law.pdf(x[:, None])
            for law, weight in zip(self.bumps, self._mixture.weights, strict=True)
        ]
        ax.fill_between(x, sum(parts), color=INK["p"], alpha=0.16, linewidth=0)
        ax.plot(x, sum(parts), color=INK["p"], linewidth=2, label="$p$")
        for law, style, label in drawn:
            ax.plot(x, law.pdf(x[:, None]), style, color=INK["q"], linewidth=2, label=label)
        ax.set_yticks([])
        ax.set_xlabel("x")

    def _draw_plane(self, ax: Axes, drawn: list[tuple[Gaussian, str, str]]) -> None:
        """Draw the bumps and the fits as ellipses."""
        plane(ax)
        turns = np.linspace(0, 2 * np.pi, 200)
        circle = np.stack([np.cos(turns), np.sin(turns)])
        for law, weight in zip(self.bumps, self._mixture.weights, strict=True):
            for size in (1, 2):
                x, y = law.mean[:, None] + size * law.cholesky @ circle
                ax.fill(x, y, color=INK["p"], alpha=0.3 * weight, linewidth=0)
                ax.plot(x, y, color=INK["p"], linewidth=1)
        for law, style, label in drawn:
            x, y = law.mean[:, None] + law.cholesky @ circle
            ax.plot(x, y, style, color=INK["q"], linewidth=2, label=label)
