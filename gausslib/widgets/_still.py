"""Still pictures of the figures: what is seen before the script runs, without it, and in print.

They are drawn as ``src/gauss-pair.js`` draws, so that nothing moves when the figure comes alive.
Each picture carries its own style, so that it is right as a file and on pages without the site's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from pathlib import Path

__all__ = ["formatted", "page_markup", "picture", "window_scale"]

_WIDTH, _HEIGHT = 640, 440
_HALF_WIDTH, _HALF_HEIGHT = 4.0, 2.75
_PALETTE = (Path(__file__).parent / "src" / "palette.css").read_text(encoding="utf-8")
_LIGHT = dict(re.findall(r"(--[\w-]+): light-dark\((#\w+),", _PALETTE))

_MINUS = "\N{MINUS SIGN}"
_TITLE = "Two Gaussians p and q in the plane, as ellipses at one and two standard deviations"
_HINT = "A still picture: with JavaScript it can be moved."
_UNITS = {"kl_pq": "nats", "kl_qp": "nats", "bhattacharyya": "nats", "w2": "length"}
_LABELS = {"kl_pq": "KL(p‖q)", "kl_qp": "KL(q‖p)", "bhattacharyya": "Bhattacharyya", "w2": "W₂"}
_TERM_LABELS = {"mean": "mean", "trace": "trace", "logdet": "log-det"}


def formatted(value: float) -> str:
    """Write a number in at most nine characters, as ``src/format.js`` does."""
    size = abs(value)
    sign = _MINUS if value < 0 else ""
    if math.isinf(size):
        return sign + "∞"
    if size != 0 and (size < 1e-3 or size >= 9999.5):
        digits, _, power = _exponential(size).partition("e")
        return f"{sign}{digits}e{power.replace('-', _MINUS)}"
    places = 4 if size < 9.99995 else 3 if size < 99.9995 else 2 if size < 999.995 else 1
    # JavaScript rounds exact ties up, Python's own formatting to even.
    return sign + str(Decimal(size).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _exponential(size: float) -> str:
    """Write 1.23e-4 with three digits, rounded as JavaScript rounds."""
    exact = Decimal(size)
    power = exact.adjusted()
    digits = exact.scaleb(-power).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if digits == 10:
        digits, power = Decimal("1.00"), power + 1
    return f"{digits}e{power}"


def _round_up(value: float, multiples: Sequence[float]) -> float:
    """Return the smallest m·10ⁿ, n ≥ 0, that is at least `value`."""
    decade = 1
    while not (fits := [m * decade for m in multiples if m * decade >= value]):
        decade *= 10
    return fits[0]


def window_scale(*ellipses: Sequence[float]) -> float:
    """Return how many times the smallest window is enlarged to show means and axis ends."""
    reach = 0.0
    for x, y, s1, s2, angle in ellipses:
        c, s = math.cos(angle), math.sin(angle)
        across = abs(x) + math.hypot(s1 * c, s2 * s)
        up = abs(y) + math.hypot(s1 * s, s2 * c)
        reach = max(reach, across / _HALF_WIDTH / 0.95, up / _HALF_HEIGHT / 0.95)
    return _round_up(reach, [1, 1.5, 2, 3, 5, 7.5])


def _colour(name: str) -> str:
    return f"var({name},{_LIGHT[name]})"


# A rim of paper around letters, so that they can be read on lines.
_HALO = f"paint-order:stroke;stroke:{_colour('--gauss-paper')};stroke-width:3px"
_HALO += ";stroke-linejoin:round"


def _number(value: float) -> str:
    """Return a coordinate in pixels, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 else "0"


class _Canvas:
    """Pixels of the window; `unit` of them make a unit of length."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.unit = _WIDTH / (2 * _HALF_WIDTH * scale)
        self.step = _round_up(scale, [1, 2, 5])

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        return _WIDTH / 2 + x * self.unit, _HEIGHT / 2 - y * self.unit

    def ticks(self, half: float) -> list[float]:
        count = math.ceil(half * self.scale / self.step) - 1
        return [index * self.step for index in range(-count, count + 1)]

    def grid(self) -> Iterator[str]:
        columns = [(x, self.pixels(x, 0)[0]) for x in self.ticks(_HALF_WIDTH)]
        rows = [(y, self.pixels(0, y)[1]) for y in self.ticks(_HALF_HEIGHT)]
        lines = [f"M{_number(u)} 0V{_HEIGHT}" for _, u in columns]
        lines += [f"M0 {_number(v)}H{_WIDTH}" for _, v in rows]
        yield f'<path d="{"".join(lines)}" style="fill:none;stroke:{_colour("--gauss-grid")}"/>'
        axes = f"M{_WIDTH // 2} 0V{_HEIGHT}M0 {_HEIGHT // 2}H{_WIDTH}"
        yield f'<path d="{axes}" style="fill:none;stroke:{_colour("--gauss-axis")}"/>'
        yield (
            f'<g style="font:11px system-ui,sans-serif;fill:{_colour("--gauss-muted")};{_HALO}">'
        )
        for x, u in columns:
            yield f'<text x="{_number(u)}" y="{_HEIGHT - 6}" text-anchor="middle">{_tick(x)}</text>'
        for y, v in rows:
            yield f'<text x="6" y="{_number(v + 4)}">{_tick(y)}</text>'
        yield "</g>"

    def gaussian(self, name: str, ellipse: Sequence[float]) -> Iterator[str]:
        x, y, s1, s2, angle = ellipse
        u, v = map(_number, self.pixels(x, y))
        place = f'transform="translate({u} {v}) rotate({_number(-math.degrees(angle))})"'
        ink = _colour(f"--gauss-{name}")
        for size, style in (
            (2, f"fill:none;stroke:{ink};stroke-opacity:.65"),
            (1, f"fill:{ink};fill-opacity:.16;stroke:{ink};stroke-width:2"),
        ):
            radii = f'rx="{_number(size * s1 * self.unit)}" ry="{_number(size * s2 * self.unit)}"'
            yield f'<ellipse {radii} {place} style="{style}"/>'
        ends = [self.pixels(*end) for end in _axis_ends(ellipse)]
        lines = "".join(f"M{u} {v}L{_number(a)} {_number(b)}" for a, b in ends)
        yield f'<path d="{lines}" style="fill:none;stroke:{ink};stroke-opacity:.75"/>'

    def dots(self, name: str, ellipse: Sequence[float]) -> Iterator[str]:
        ink, paper = _colour(f"--gauss-{name}"), _colour("--gauss-paper")
        u, v = self.pixels(*ellipse[:2])
        yield _dot(u, v, f"fill:{ink};stroke:{paper};stroke-width:1.5")
        for end in _axis_ends(ellipse):
            yield _dot(*self.pixels(*end), f"fill:{paper};stroke:{ink};stroke-width:2")
        font = "font:italic 600 19px Georgia,'Times New Roman',serif;text-anchor:middle"
        place = f'x="{_number(u + (-14 if name == "p" else 14))}" y="{_number(v + 16)}"'
        yield f'<text {place} style="{font};fill:{ink};{_HALO}">{name}</text>'


def _tick(value: float) -> str:
    return f"{value:.0f}".replace("-", _MINUS)


def _dot(u: float, v: float, style: str) -> str:
    return f'<circle cx="{_number(u)}" cy="{_number(v)}" r="5" style="{style}"/>'


def _axis_ends(ellipse: Sequence[float]) -> list[tuple[float, float]]:
    x, y, s1, s2, angle = ellipse
    c, s = math.cos(angle), math.sin(angle)
    return [(x + s1 * c, y + s1 * s), (x - s2 * s, y + s2 * c)]


def _description(ellipses: Mapping[str, Sequence[float]]) -> str:
    return " ".join(
        f"{name}: mean ({x:.4g}, {y:.4g}), semi-axes {s1:.4g} and {s2:.4g}, "
        f"the first at {math.degrees(angle):.4g} degrees."
        for name, (x, y, s1, s2, angle) in ellipses.items()
    )


def picture(p: Sequence[float], q: Sequence[float], *, standalone: bool) -> str:
    """Return the SVG of two Gaussians; `standalone` makes it a file with a paper of its own."""
    ellipses = {"p": p, "q": q}
    canvas = _Canvas(window_scale(p, q))
    parts = [
        f"<title>{_TITLE}</title>",
        f"<desc>{_description(ellipses)}</desc>",
    ]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    if standalone:
        size += f' xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"'
        parts.append(f"<style>:root {{ color-scheme: light dark; }}\n{_PALETTE}</style>")
        parts.append(f'<rect width="100%" height="100%" style="fill:{_colour("--gauss-paper")}"/>')
    parts += canvas.grid()
    for name, ellipse in ellipses.items():
        parts += canvas.gaussian(name, ellipse)
    for name, ellipse in ellipses.items():
        parts += canvas.dots(name, ellipse)
    return f'<svg class="gauss-plane" role="img" {size}>\n' + "\n".join(parts) + "\n</svg>"


def page_markup(
    p: Sequence[float],
    q: Sequence[float],
    show: str,
    values: Mapping[str, float],
    terms: Mapping[str, float],
) -> str:
    """Return the ``<gauss-pair>`` element with the still picture and the numbers inside it."""
    cells = "".join(
        f'<div><dt>{_LABELS[key]} <span class="unit">{_UNITS[key]}</span></dt>'
        f'<dd class="gauss-number">{formatted(value)}</dd></div>\n'
        for key, value in values.items()
    )
    attributes = "".join(
        f' {name}="{escape(text)}"'
        for name, text in (("p", _attribute(p)), ("q", _attribute(q)), ("show", show))
        if text
    )
    # "simple" keeps the wide margins away that Sphinx's themes give to lists with a class.
    return (
        f"<gauss-pair{attributes}>\n"
        '<div class="gauss-figure">\n'
        f'<dl class="gauss-readout simple">\n{cells}</dl>\n'
        f"{picture(p, q, standalone=False)}\n"
        f'<div class="gauss-bar"><p class="hint">{_HINT}</p></div>\n'
        f"{_term_row(terms) if 'terms' in show.split() else ''}"
        "</div>\n</gauss-pair>"
    )


def _term_row(terms: Mapping[str, float]) -> str:
    chips = "<span>+</span>".join(
        f'<span class="chip term-{term}">{_TERM_LABELS[term]} '
        f'<span class="gauss-number">{formatted(value)}</span></span>'
        for term, value in terms.items()
    )
    return (
        '<div class="gauss-terms"><div class="gauss-sum">'
        f'<span class="whole">KL(p‖q) =</span>{chips}</div><p class="gauss-caption"></p></div>\n'
    )


def _attribute(ellipse: Sequence[float]) -> str:
    return ",".join(repr(number) for number in ellipse)
