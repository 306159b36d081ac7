"""What all figures have in common: the element, its state, and what readers without it see."""

from __future__ import annotations

import base64
import io
import re
from html import escape
from inspect import signature
from pathlib import Path
from typing import Any, ClassVar

import anywidget
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from traitlets import observe

from gausslib.widgets._definitions import STATIC, Field, label_of
from gausslib.widgets._traits import Name, attribute

__all__ = ["INK", "Figure"]

_PALETTE = Path(__file__).parent / "src" / "runtime" / "palette.css"
# The palette of the figures, in its light form: INK["p"], INK["term-mean"], INK["paper"], ...
INK = {
    name.removeprefix("gauss-"): colour
    for name, colour in re.findall(
        r"--([\w-]+): light-dark\((#\w+),", _PALETTE.read_text(encoding="utf-8")
    )
}


class Figure(anywidget.AnyWidget):
    """A figure: its traits are the state, the same in the browser and here."""

    #: The name of the element, and of the file of `src/figures/` that says what the figure is.
    _tag: ClassVar[str]
    #: The state as the browser has it: starts, options, limits.
    _fields: ClassVar[dict[str, Field]]

    link = Name().tag(sync=True)
    id = Name()
    #: The `id`, for the browser: its models of widgets have an `id` of their own.
    _name = Name().tag(sync=True)

    @observe("id")
    def _follow_id(self, change: dict[str, Any]) -> None:
        self._name = change["new"]

    def __init_subclass__(cls, **keywords: Any) -> None:
        if "_tag" in vars(cls):  # traitlets makes classes of its own when traits are added
            cls._esm = STATIC / f"{cls._tag}.widget.js"
            if not cls._esm.is_file():
                raise FileNotFoundError(f"{cls._esm} is missing: it is bundled by `make bundle`")
        super().__init_subclass__(**keywords)

    def _given(self) -> dict[str, Any]:
        """Return the arguments that make this figure again: the state, `link` and `id`."""
        # The signature of the class itself is, to some Pythons, that of traitlets' `__new__`.
        _, *names = signature(type(self).__init__).parameters
        return {name: getattr(self, name) for name in names}

    @property
    def values(self) -> dict[str, float]:
        """The numbers of the readout."""
        raise NotImplementedError

    def plot(self, ax: Axes) -> None:
        """Draw the state on `ax`, with Matplotlib.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> from gausslib.widgets import GaussianPair
        >>> ax = Figure().add_subplot()
        >>> GaussianPair(show="arrows").plot(ax)
        """
        self._draw(ax)

    def _draw(self, ax: Axes) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        traits = self.traits()
        changed = [
            f"{name}={value!r}"
            for name, value in self._given().items()
            if value != traits[name].default()
        ]
        return f"{type(self).__name__}({', '.join(changed)})"

    def _picture(self, kind: str) -> str:
        """Return the Matplotlib picture as a file of a kind, in base64."""
        picture, file = Picture(figsize=(6.4, 4.4), layout="constrained"), io.BytesIO()
        # Words stay words, equal states make equal files, and nobody needs LaTeX for them.
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": self._tag, "text.usetex": False}):
            self.plot(picture.add_subplot())
            picture.savefig(file, format=kind, dpi=120, metadata={"svg": {"Date": None}}.get(kind))
        return base64.b64encode(file.getvalue()).decode()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, the element for pages without a kernel, and a picture."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        written = "".join(
            f' {name}="{escape(attribute(value))}"'
            for name, value in self._given().items()
            if value != ""
        )
        source = f"data:image/svg+xml;base64,{self._picture('svg')}"
        image = f'<img alt="{escape(label_of(self._tag))}" src="{source}">'
        data["text/html"] = f"<{self._tag}{written}>{image}</{self._tag}>"
        data["image/png"] = self._picture("png")
        return data, metadata
