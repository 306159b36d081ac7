"""Two Gaussians in the plane, to be moved by hand, and the distances between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from gausslib import Gaussian, bhattacharyya_distance, kl_divergence, kl_terms, w2_distance
from gausslib.widgets import _still

__all__ = ["GaussianPair"]

_SCRIPT = Path(__file__).parent / "static" / "widget.js"
if not _SCRIPT.exists():
    raise FileNotFoundError(f"{_SCRIPT} is missing: it is bundled by `make bundle`")

_P, _Q = (-0.8, -0.3, 1.4, 0.6, 0.5), (1.0, 0.4, 1.0, 0.8, 0.0)
_EXPECTED = "five numbers mean_x, mean_y, semi_axis_1, semi_axis_2, angle"

# The limits of a figure; src/ellipse.js states the same.
_SMALLEST_RATIO = 1e-3
_RATIO_SLACK = 1e-9  # 0.0035/3.5 is a little less than 0.001
_SMALLEST_AXIS, _LARGEST = 1e-6, 1e6


class _Ellipse(traitlets.TraitType[list[float], Sequence[float]]):
    """The five numbers of an ellipse at one standard deviation, as a list of floats."""

    def validate(self, obj: Any, value: Any) -> list[float]:
        """Return the numbers as floats, or raise TraitError naming the trait and the value."""

        def refuse(expected: str) -> traitlets.TraitError:
            return traitlets.TraitError(f"{self.name}: expected {expected}, got {value!r}")

        try:
            if isinstance(value, str) or any(isinstance(number, str) for number in value):
                raise TypeError
            ellipse = [float(number) for number in value]
        except (TypeError, ValueError):
            raise refuse(_EXPECTED) from None
        if len(ellipse) != 5:
            raise refuse(_EXPECTED)
        if not all(map(math.isfinite, ellipse)):
            raise refuse("five finite numbers")
        x, y, s1, s2, angle = ellipse
        if min(s1, s2) < _SMALLEST_AXIS or max(s1, s2) > _LARGEST:
            raise refuse(f"semi-axes from {_SMALLEST_AXIS:g} to {_LARGEST:g}")
        if min(s1, s2) < _SMALLEST_RATIO * (1 - _RATIO_SLACK) * max(s1, s2):
            raise refuse(f"semi-axes with a ratio of at least {_SMALLEST_RATIO:g}")
        if max(abs(x), abs(y), abs(angle)) > _LARGEST:
            raise refuse(f"a mean and an angle of at most {_LARGEST:g} in size")
        return ellipse


class GaussianPair(anywidget.AnyWidget):
    """Two Gaussians p and q in the plane, to be dragged, with the distances between them.

    In JupyterLab the figure and this object follow each other. On a static page the same cell shows
    the same figure, without a kernel.

    Parameters
    ----------
    p, q : sequence of five numbers
        ``mean_x, mean_y, semi_axis_1, semi_axis_2, angle``: the ellipse at one standard deviation,
        the angle of its first axis in radians, counter-clockwise. The ratio of the semi-axes is at
        least 1e-3.
    show : str
        Extras, separated by spaces. ``"terms"``: the three terms of KL(p‖q), which light up their
        part of the picture.

    Raises
    ------
    traitlets.TraitError
        Where a value is not legal, here and when it is set later.

    Examples
    --------
    >>> from gausslib.widgets import GaussianPair
    >>> pair = GaussianPair(p=[0, 0, 1, 1, 0], q=[3, 4, 1, 1, 0])
    >>> float(pair.values["w2"])
    5.0
    >>> pair.q = [0, 0, 1, 1, 0]
    >>> float(pair.values["w2"])
    0.0
    """

    _esm = _SCRIPT

    p = _Ellipse().tag(sync=True)
    q = _Ellipse().tag(sync=True)
    show = traitlets.Unicode("").tag(sync=True)

    def __init__(self, p: Sequence[float] = _P, q: Sequence[float] = _Q, show: str = "") -> None:
        super().__init__(p=p, q=q, show=show)

    @traitlets.validate("show")
    def _check_show(self, proposal: dict[str, Any]) -> str:
        extras = set(proposal["value"].split())
        if extras - {"terms"}:
            raise traitlets.TraitError(f"show: expected '' or 'terms', got {proposal['value']!r}")
        return str(proposal["value"])

    @property
    def gaussians(self) -> tuple[Gaussian, Gaussian]:
        """The two Gaussians as they stand now."""
        p, q = (Gaussian.from_axes(e[:2], e[2:4], e[4]) for e in (self.p, self.q))
        return p, q

    @property
    def values(self) -> dict[str, float]:
        """The four numbers of the readout: ``kl_pq``, ``kl_qp``, ``bhattacharyya``, ``w2``."""
        p, q = self.gaussians
        return {
            "kl_pq": float(kl_divergence(p, q)),
            "kl_qp": float(kl_divergence(q, p)),
            "bhattacharyya": float(bhattacharyya_distance(p, q)),
            "w2": float(w2_distance(p, q)),
        }

    def __repr__(self) -> str:
        show = f", show={self.show!r}" if self.show else ""
        return f"GaussianPair(p={self.p}, q={self.q}{show})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, the element for pages without a kernel, and a still picture."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        terms = {name: float(term) for name, term in kl_terms(*self.gaussians)._asdict().items()}
        data["text/html"] = _still.page_markup(self.p, self.q, self.show, self.values, terms)
        data["image/svg+xml"] = _still.picture(self.p, self.q, standalone=True)
        return data, metadata
