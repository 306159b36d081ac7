"""Colours of plots: all from the palette, so that they change with the theme, and legible."""

import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from booksite.plots import PAIR, recolour

ROOT = Path(__file__).parents[2]
PALETTE = (ROOT / "gausslib" / "widgets" / "src" / "runtime" / "palette.css").read_text(
    encoding="utf8"
)
PARTNERS = dict(PAIR.findall(PALETTE))
PAPERS = dict(
    zip(
        ("light", "dark"),
        re.search(
            r"--paper: light-dark\((#\w{6}), (#\w{6})\)",
            (ROOT / "book" / "_extension" / "static" / "type.css").read_text(encoding="utf8"),
        ).groups(),
        strict=True,
    )
)


def luminance(colour: str) -> float:
    """Relative luminance as the Web Content Accessibility Guidelines define it."""
    channels = mpl.colors.to_rgb(colour)
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_the_extremes():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_lines_of_a_plot_are_legible(theme):
    with plt.style.context("gausslib.book"):
        style = mpl.rcParams
        names = ("text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor")
        colours = [style[name] for name in names] + style["axes.prop_cycle"].by_key()["color"]
        for colour in map(mpl.colors.to_hex, colours):
            shown = colour if theme == "light" else PARTNERS[colour]
            assert contrast(shown, PAPERS[theme]) >= 4.5, (colour, shown)


def test_every_colour_of_the_plots_has_a_partner(html):
    plots = sorted((html / "_images").glob("*-light.svg"))
    assert len(plots) >= 4
    for plot in plots:
        svg = plot.read_text(encoding="utf8")
        colours = set(re.findall(r"#[0-9a-f]{6}\b", svg))
        assert colours <= set(PARTNERS), plot.name
        dark = plot.with_name(plot.name.replace("-light", "-dark")).read_text(encoding="utf8")
        assert set(re.findall(r"#[0-9a-f]{6}\b", dark)) == {PARTNERS[c] for c in colours}


def test_the_paper_is_taken_away_and_colours_are_exchanged():
    svg = '<path style="fill: #ffffff"/><path style="fill: #0a6cc2"/><path style="fill: #123456"/>'
    assert recolour(svg, "light", PARTNERS) == svg.replace("#ffffff", "none")
    dark = recolour(svg, "dark", PARTNERS)
    assert "none" in dark
    assert "#4fa8f5" in dark
    assert "#123456" in dark
