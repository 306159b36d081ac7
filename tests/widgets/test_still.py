"""The still pictures show what the browser shows: window, numbers, colours."""

import math

import numpy as np
import pytest
from widgets.javascript import SOURCES, evaluate

from gausslib.widgets import _still


def test_numbers_are_written_alike_and_never_wide():
    rng = np.random.default_rng(0)
    values = [0, 1e-3, 9.99995, 9.999949, 99.9995, 999.995, 9999.5, 9999.49, 0.03125, 2.03125]
    values += [1.125, 1.005e-5, 9.995e-4, 9.994999e-4, 5.125e99, 9.9e-99]
    values += list(10 ** rng.uniform(-14, 14, 500))
    values += [-value for value in values]
    res = [_still.formatted(value) for value in values]
    assert res == evaluate("format.js", "data.map(m.formatted)", [float(v) for v in values])
    assert max(map(len, res)) == 9
    assert _still.formatted(math.inf) == evaluate("format.js", "m.formatted(Infinity)", None) == "∞"


@pytest.mark.parametrize("value", [0.5, 12.25, 123.5, 1234.5, 2e-5, 3.25e7])
def test_a_written_number_is_the_number(value):
    for signed in (value, -value):
        text = _still.formatted(signed).replace("\N{MINUS SIGN}", "-")
        assert float(text) == pytest.approx(signed, rel=5e-3)


def test_windows_are_chosen_alike():
    rng = np.random.default_rng(1)
    pairs = [
        [[*rng.normal(0, s, 2), *rng.uniform(0.1, 1, 2) * s, rng.uniform(-3, 3)] for _ in "pq"]
        for s in 10 ** rng.uniform(-1, 3, 300)
    ]
    plane = f"await import('{(SOURCES / 'plane.js').as_uri()}')"
    script = f"""((plane) => data.map((pair) => {{
        const half = [plane.HALF_WIDTH, plane.HALF_HEIGHT];
        const window = new plane.Plane();
        window.fit(Math.max(...pair.map((axes) => m.reach(axes, half))));
        return window.scale;
    }}))({plane})"""
    scales = evaluate("ellipse.js", script, pairs)
    assert scales == [_still.window_scale(*pair) for pair in pairs]
    assert len(set(scales)) > 10


def test_every_colour_of_the_picture_is_in_the_palette():
    palette = (SOURCES / "palette.css").read_text(encoding="utf-8")
    names = set(_still._LIGHT)
    assert names >= {"--gauss-p", "--gauss-q", "--term-mean", "--term-trace", "--term-logdet"}
    assert palette.count("light-dark(") == len(names)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    ("theme", "papers"), [("light", ["#ffffff"]), ("dark", ["#121212", "#14181e"])]
)
def test_text_in_the_colours_can_be_read(theme, papers):
    palette = (SOURCES / "palette.css").read_text(encoding="utf-8")
    for line in palette.splitlines():
        name, found, colours = line.strip().partition(": light-dark(")
        if not found or name in ("--gauss-paper", "--gauss-grid", "--gauss-axis"):
            continue
        light, dark = colours.rstrip(");").split(", ")
        ink = luminance(light if theme == "light" else dark)
        for paper in map(luminance, papers):
            assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5, name
