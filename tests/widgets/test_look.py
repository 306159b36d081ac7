"""How figures look: the writing of numbers, the choice of windows, the colours."""

import gzip
import math
import re

import numpy as np
import pytest
from support.javascript import SOURCES, WIDGETS, evaluate, on_figures, source

from gausslib.formulas import FORMULAS
from gausslib.widgets._figure import INK

ROOT = WIDGETS.parents[1]


def written(values: list[float]) -> list[str]:
    """As the figures write them; JSON has no infinities, JavaScript reads them from text."""
    texts = [repr(value).replace("inf", "Infinity") for value in values]
    return evaluate("format.js", "data.map(Number).map(m.formatted)", texts)


def test_numbers_have_a_width():
    rng = np.random.default_rng(0)
    values = [0, 1e-3, 9.99995, 9.999949, 99.9995, 999.995, 9999.5, 9999.49, 5.125e99, 9.9e-99]
    values += list(10 ** rng.uniform(-14, 14, 500))
    assert max(map(len, written(values + [-value for value in values]))) == 9
    assert written([math.inf, -math.inf]) == ["∞", "−∞"]


@pytest.mark.parametrize("value", [0.5, 12.25, 123.5, 1234.5, 2e-5, 3.25e7, 0.0, 1.00004])
def test_a_written_number_is_the_number(value):
    for signed, text in zip((value, -value), written([value, -value]), strict=True):
        assert float(text.replace("−", "-")) == pytest.approx(signed, rel=5e-3)


def test_a_window_is_round_and_holds_what_it_is_for():
    reaches = [3e-6, 0.011, 0.1, 0.39, 0.41, 1, 1.01, 1.5, 1.6, 2.2, 4, 5.01, 7.6, 10.1, 999]
    script = "((plane) => data.map((reach) => { plane.fit(reach); return plane.scale; }))"
    scales = evaluate("plane.js", f"{script}(new m.Plane())", reaches)
    small = [3e-6, 0.015, 0.1, 0.5, 1]  # the usual window is kept for what is a little smaller
    assert scales == pytest.approx([*small, 1, 1.5, 1.5, 2, 3, 5, 7.5, 10, 15, 1000], rel=1e-15)


def test_the_grid_of_any_window_has_round_ticks():
    script = "((plane) => data.map((scale) => { plane.scale = scale; return plane.ticks(4); }))"
    scales = [3e-6, 0.02, 0.1, 0.5, 1, 1.5, 2, 75]
    for scale, ticks in zip(
        scales, evaluate("plane.js", f"{script}(new m.Plane())", scales), strict=True
    ):
        step = ticks[1] - ticks[0]
        assert float(f"{step:.1g}") == pytest.approx(step)
        assert f"{step:.0e}"[0] in "125"
        assert 3 <= len(ticks) <= 9
        assert max(ticks) < 4 * scale


def test_pictures_have_the_colours_of_the_figures():
    palette = source("palette.css").read_text(encoding="utf-8")
    assert set(INK) >= {"p", "q", "third", "ink", "grid", "term-mean", "term-logdet"}
    assert palette.count("light-dark(") == len(INK)


def test_every_term_has_a_colour_of_its_own():
    """A term of a formula that a figure shows is coloured, in the figure and on the page."""
    palette = source("palette.css").read_text(encoding="utf-8")
    rules = re.findall(r"^(\.term-[^{]*) \{\s*color: var\((.*)\);\s*\}", palette, re.M)
    colours = {
        name: colour for names, colour in rules for name in re.findall(r"\.term-(\w+)", names)
    }
    shown = {
        key
        for path in SOURCES.rglob("*.js")
        for key in re.findall(r'from "formula:([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert "eq-kl" in shown
    for key in shown:
        terms = [term.name for term in FORMULAS[key].terms]
        assert len({colours[term] for term in terms}) == len(terms), key


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    ("theme", "papers"), [("light", ["#ffffff"]), ("dark", ["#121212", "#14181e"])]
)
def test_text_in_the_colours_can_be_read(theme, papers):
    palette = source("palette.css").read_text(encoding="utf-8")
    for line in palette.splitlines():
        name, found, colours = line.strip().partition(": light-dark(")
        if not found or name in ("--gauss-paper", "--gauss-grid", "--gauss-axis"):
            continue
        light, dark = colours.rstrip(");").split(", ")
        ink = luminance(light if theme == "light" else dark)
        for paper in map(luminance, papers):
            assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5, name


def test_colours_written_by_hand_are_those_of_the_book():
    """Files that can't ask the style sheets for a colour have no other."""
    site = ROOT / "book" / "_extension"
    sheets = [source("palette.css"), *site.rglob("*.css")]
    declared = "".join(
        value
        for sheet in sheets
        for value in re.findall(r"--[\w-]+: light-dark\([^;]*;", sheet.read_text(encoding="utf-8"))
    )
    colours = set(re.findall(r"#\w{6}\b", declared))
    assert {INK["p"], INK["q"]} <= colours
    for path in (ROOT / "gausslib" / "book.mplstyle", site / "static" / "favicon.svg"):
        found = re.findall(r"(?<![\w&])#?([\da-f]{6})\b", path.read_text(encoding="utf-8"))
        assert found, path
        for colour in found:
            assert f"#{colour}" in colours, (path.name, colour)


def weight(name: str) -> int:
    """Bytes of a script of the pages, compressed."""
    return len(gzip.compress((WIDGETS / "static" / name).read_bytes(), 9))


def test_the_script_that_figures_share_is_small():
    assert weight("runtime.js") <= 12_000


@pytest.mark.parametrize("tag", on_figures("Object.keys(figures)"))
def test_the_script_of_a_figure_is_small(tag):
    assert weight(f"{tag}.js") <= 8_000
    assert weight("runtime.js") + weight(f"{tag}.js") <= 20_000
