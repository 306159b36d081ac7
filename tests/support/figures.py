"""The figures that the browsers test: what moves each of them, and what it must show then."""

from dataclasses import dataclass
from typing import Any

from gausslib import widgets
from gausslib.widgets._figure import Figure

PAGE = "book/figures.html"  # has every figure


@dataclass(frozen=True)
class Tested:
    """A figure, and one thing on it that moves."""

    widget: type[Figure]
    handle: str  # the accessible name of a handle, or of a slider
    moves: str  # the property that it changes
    key: str = "ArrowRight"  # a key that changes it too
    text: str = ""  # of a box that is typed into instead

    @property
    def element(self) -> str:
        """JavaScript for the element on the page."""
        return f"document.querySelector('{self.tag}')"

    @property
    def mover(self) -> str:
        """JavaScript for the handle, or for the control."""
        name = "part.ariaLabel ?? part.closest('label').firstChild.textContent"
        parts = ".handle, .gauss-control :is(input, textarea)"
        root = f"{self.element}.shadowRoot"
        return (
            f"[...{root}.querySelectorAll('{parts}')].find((part) => ({name}) === '{self.handle}')"
        )

    @property
    def tag(self) -> str:
        """The name of the element."""
        return self.widget._tag

    @property
    def scripts(self) -> tuple[str, str]:
        """The files that a page loads for it, in their order."""
        return "runtime.js", f"{self.tag}.js"

    @property
    def properties(self) -> tuple[str, ...]:
        """The properties of the element that are its state."""
        return tuple(name for name in self.widget()._given() if name not in {"link", "id"})

    def values(self, state: dict[str, Any]) -> dict[str, float]:
        """The numbers of a state, as gausslib computes them."""
        return self.widget(**{name: state[name] for name in self.properties}).values


FIGURES = [
    Tested(widgets.GaussianBarycenter, "mean of p1", "p1"),
    Tested(widgets.GaussianBoxes, "centre of p", "p"),
    Tested(widgets.GaussianCalculator, "Mean of p", "p_mean", "1", "3, 4"),
    Tested(widgets.GaussianFit, "mean of p₁", "p1"),
    Tested(widgets.GaussianGeometries, "p", "p"),
    Tested(widgets.GaussianLine, "mean of p", "p"),
    Tested(widgets.GaussianPair, "mean of p", "p"),
    Tested(widgets.GaussianSampling, "Samples n", "n"),
    Tested(widgets.GaussianSingle, "mean of p", "p"),
    Tested(widgets.GaussianSurface, "mean of p", "p"),
    Tested(widgets.OrthogonalPlane, "b", "b"),
    Tested(widgets.OrthogonalSphere, "b", "b"),
    Tested(widgets.ProcrustesTurn, "angle of Q", "angle"),
]
