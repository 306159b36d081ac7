"""Two turned boxes in the plane, to be moved by hand, and the scores by which they are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from gausslib import (
    Gaussian,
    PairGradient,
    bhattacharyya_gradient,
    hellinger_distance,
    kl_divergence,
    kl_gradient,
    w2_gradient,
    w2_squared,
)
from gausslib.widgets._definitions import fields_of
from gausslib.widgets._figure import INK, Figure
from gausslib.widgets._plot import plane
from gausslib.widgets._traits import Choice, Number, Numbers, Words

__all__ = ["GaussianBoxes"]

Array = npt.NDArray[np.float64]

_SLACK = 1e-9  # 0.0035/3.5 is a little less than 0.001
_SIGNS = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])


class _Box(Numbers):
    """Centre, width, height and angle of a box."""

    def checked(self, numbers: list[float]) -> list[float]:
        """Refuse what is too thin, too small or too large for the figure."""
        limits, (x, y, width, height, angle) = self.limits, numbers
        least, largest, ratio = (
            limits[name] for name in ("smallestSide", "largestSide", "smallestRatio")
        )
        short, long = sorted([width, height])
        if short < least or long > largest:
            raise self.refuse(f"sides from {least:g} to {largest:g}", numbers)
        if short < ratio * (1 - _SLACK) * long:
            raise self.refuse(f"sides with a ratio of at least {ratio:g}", numbers)
        if max(abs(x), abs(y), abs(angle)) > limits["farthest"]:
            farthest = limits["farthest"]
            raise self.refuse(f"a centre and an angle of at most {farthest:g} in size", numbers)
        return numbers


def _turn(angle: float) -> Array:
    """Return the rotation by an angle."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]])


def _corners(box: Array) -> Array:
    """Return the corners of a box, counter-clockwise."""
    return box[:2] + (_SIGNS * box[2:4] / 2) @ _turn(box[4]).T


def _shared_area(corners: Array, half: Array) -> float:
    """Return the area of what of a polygon is within an upright box at the origin."""
    points = [list(map(float, corner)) for corner in corners]
    for axis, side in ((0, 1), (0, -1), (1, 1), (1, -1)):
        depths = [half[axis] - side * point[axis] for point in points]
        kept = []
        for index, (point, depth) in enumerate(zip(points, depths, strict=True)):
            before, past = points[index - 1], depths[index - 1]
            if past * depth < 0:
                part = past / (past - depth)
                kept.append([b + part * (e - b) for b, e in zip(before, point, strict=True)])
            if depth >= 0:
                kept.append(point)
        points = kept
    if len(points) < 3:
        return 0.0
    x, y = np.array(points).T
    x, y = x - x[0], y - y[0]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _within(start: Array, way: Array, half: Array) -> tuple[float, float]:
    """Say between which parts of its way a segment is within an upright box at the origin.

    What lies along a side of the box is not within.
    """
    low, high = 0.0, 1.0
    for place, step, bound in zip(start, way, half, strict=True):
        if step != 0:
            ends = sorted([(-bound - place) / step, (bound - place) / step])
            low, high = max(low, ends[0]), min(high, ends[1])
        elif abs(place) >= bound:
            return 0.0, 0.0
    return (low, high) if low < high else (0.0, 0.0)


def _overlap(p: Array, q: Array) -> tuple[float, Array]:
    """Return the IoU of two boxes, and how one minus it falls as p moves and turns.

    As p moves, the area changes where sides of p bound what is shared.
    """
    seen = np.array([*(_turn(-q[4]) @ (p[:2] - q[:2])), p[2], p[3], p[4] - q[4]])
    corners, half = _corners(seen), q[2:4] / 2
    growth = np.zeros(3)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        low, high = _within(start, end - start, half)
        dx, dy = (high - low) * (end - start)
        arm = start + (low + high) / 2 * (end - start) - seen[:2]
        growth += [dy, -dx, -arm[0] * dx - arm[1] * dy]
    shared = _shared_area(corners, half)
    areas = p[2] * p[3] + q[2] * q[3]
    union = areas - shared
    growth[:2] = _turn(q[4]) @ growth[:2]
    return float(shared / union), areas / union**2 * growth


def _law(box: Array, divisor: float) -> Gaussian:
    """Return the Gaussian of a box, with its squared sides over a number as variances."""
    return Gaussian.from_axes(box[:2], box[2:4] / math.sqrt(divisor), box[4])


def _fall(gradient: PairGradient, p: Gaussian) -> Array:
    """Return how a function of two Gaussians falls as the first moves and turns."""
    (a, b), (_, d) = p.cov
    turned = np.array([[-2 * b, a - d], [a - d, 2 * b]])
    return -np.array([*gradient.mean_p, (gradient.cov_p * turned).sum()])


def _probiou_of_detectors(p: Array, q: Array, eps: float) -> float:
    """Return ProbIoU as detectors compute it, with ε wherever they have it."""
    variances = [_turn(box[4]) @ np.diag(box[2:4] ** 2 / 12) @ _turn(box[4]).T for box in (p, q)]
    (a1, c1), (_, b1) = variances[0]
    (a2, c2), (_, b2) = variances[1]
    x, y = p[:2] - q[:2]
    det = (a1 + a2) * (b1 + b2) - (c1 + c2) ** 2
    first = ((a1 + a2) * y**2 + (b1 + b2) * x**2) / (det + eps) / 4
    second = (c1 + c2) * -x * y / (det + eps) / 2
    dets = max(a1 * b1 - c1**2, 0) * max(a2 * b2 - c2**2, 0)
    third = math.log(det / (4 * math.sqrt(dets) + eps) + eps) / 2
    distance = min(max(first + second + third, eps), 100)
    return 1 - math.sqrt(1 - math.exp(-distance) + eps)


class GaussianBoxes(Figure):
    """Two turned boxes in the plane, to be dragged, with their IoU and scores of their Gaussians.

    In JupyterLab the figure and this object follow each other. On a static page the same cell shows
    the same figure, without a kernel.

    Parameters
    ----------
    p, q : sequence of five numbers
        ``x, y, width, height, angle``: the centre, the two sides, and the angle of the first one in
        radians, counter-clockwise. The ratio of the sides is at least 1e-3. Detectors move p, the
        box that they predict, to q.
    score : str
        Whose pull on p is computed and drawn: ``iou``, ``gwd`` (the squared distance W₂), ``kld``
        (the divergence of p from q) or ``probiou``.
    eps : float
        The small number that detectors add, from 0 to 0.001.
    scale : float
        How many pixels of the image a unit has, from 1 to 1000.
    show : str
        Extras, separated by spaces: ``gaussians``, ``arrows`` (of the pull), ``detectors`` (scores
        with ε), ``losses`` (made of W₂).
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
    gausslib.w2_squared, gausslib.kl_divergence, gausslib.hellinger_distance : the distances.

    References
    ----------
    .. [1] X. Yang et al., "Rethinking Rotated Object Detection with Gaussian Wasserstein Distance
       Loss", ICML (2021): GWD.
    .. [2] X. Yang et al., "Learning High-Precision Bounding Box for Rotated Object Detection via
       Kullback-Leibler Divergence", NeurIPS (2021): KLD.
    .. [3] J. M. Llerena et al., "Gaussian Bounding Boxes and Probabilistic
       Intersection-over-Union for Object Detection", arXiv 2106.06072 (2021): ProbIoU.

    Examples
    --------
    The Gaussian of a square is round, so that no score made of it feels a turn. The area does.

    >>> from gausslib.widgets import GaussianBoxes
    >>> values = GaussianBoxes([0, 0, 2, 2, 0.7854], [0, 0, 2, 2, 0]).values
    >>> print(f"{values['iou']:.4f} {values['probiou']:.4f}")
    0.7071 1.0000
    """

    _tag = "gauss-boxes"
    _fields = fields_of(_tag)

    p = _Box(_fields["p"])
    q = _Box(_fields["q"])
    score = Choice(_fields["score"])
    eps = Number(_fields["eps"])
    scale = Number(_fields["scale"])
    show = Words(_fields["show"])

    def __init__(
        self,
        p: Sequence[float] = _fields["p"].start,
        q: Sequence[float] = _fields["q"].start,
        score: str = _fields["score"].start,
        eps: float = _fields["eps"].start,
        scale: float = _fields["scale"].start,
        show: str = _fields["show"].start,
        *,
        link: str = "",
        id: str = "",
    ) -> None:
        super().__init__(p=p, q=q, score=score, eps=eps, scale=scale, show=show, link=link, id=id)

    @property
    def _in_pixels(self) -> tuple[Array, Array]:
        """The boxes in pixels of the image."""
        scale = np.array([self.scale] * 4 + [1])
        return np.array(self.p) * scale, np.array(self.q) * scale

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian]:
        """The Gaussians of both boxes, in pixels, as GWD and KLD have them.

        Their standard deviations are half the sides. Those of ProbIoU are smaller, by √3.
        """
        p, q = self._in_pixels
        return _law(p, 4), _law(q, 4)

    def _pull(self, overlap: Array) -> Array:
        """Return how the loss of the chosen score falls, given that of the IoU."""
        p, q = self.gaussians
        if self.score == "iou":
            return overlap
        if self.score == "gwd":
            return _fall(w2_gradient(p, q), p)
        if self.score == "kld":
            return _fall(kl_gradient(p, q), p)
        one, two = (_law(box, 12) for box in self._in_pixels)
        distance = float(hellinger_distance(one, two))
        if distance == 0:
            return np.zeros(3)
        return (1 - distance**2) / (2 * distance) * _fall(bhattacharyya_gradient(one, two), one)

    @property
    def values(self) -> dict[str, float]:
        """The scores of the two boxes, and how the chosen one pulls at p; lengths in pixels.

        ``iou`` is the intersection over the union. ``w2`` is the 2-Wasserstein distance of the
        Gaussians and ``gwd`` its square, ``kld`` the Kullback-Leibler divergence of p from q, and
        ``probiou`` one minus the Hellinger distance. ``kld_eps`` is no less than ``eps``, and
        ``probiou_eps`` has ``eps`` where detectors add it. ``w2_units`` is ``w2`` over ``scale``,
        and ``gwd_loss`` is 1 - 1 / (1 + log(1 + ``w2``)).

        ``pull_x``, ``pull_y`` and ``pull_turn`` are minus the derivatives of the loss by the centre
        of p and by its angle. The loss is 1 - IoU, W₂², KL(p‖q) or 1 - ProbIoU. The last has no
        gradient where the boxes are identical; there they are zero.
        """
        p, q = self._in_pixels
        laws, uniform = self.gaussians, (_law(p, 12), _law(q, 12))
        iou, growth = _overlap(p, q)
        squared, divergence = float(w2_squared(*laws)), float(kl_divergence(*laws))
        w2 = math.sqrt(squared)
        x, y, turn = self._pull(growth)
        return {
            "iou": iou,
            "w2": w2,
            "gwd": squared,
            "kld": divergence,
            "probiou": 1 - float(hellinger_distance(*uniform)),
            "kld_eps": max(divergence, self.eps),
            "probiou_eps": _probiou_of_detectors(p, q, self.eps),
            "w2_units": w2 / self.scale,
            "gwd_loss": 1 - 1 / (1 + math.log1p(w2)),
            "pull_x": float(x),
            "pull_y": float(y),
            "pull_turn": float(turn),
        }

    def _draw(self, ax: Axes) -> None:
        p, q = np.array(self.p), np.array(self.q)
        plane(ax, p=_law(p, 4), q=_law(q, 4))
        for name, box in (("p", p), ("q", q)):
            corners = _corners(box)
            ax.plot(*np.append(corners, corners[:1], axis=0).T, color=INK[name], linewidth=2)
