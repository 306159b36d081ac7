"""Words in pictures: none is cut by the window, and they keep clear of one another and of handles.

The boxes are those of the ink, as the browser draws it.
"""

import math
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from support.javascript import WIDGETS, evaluate, on_figures
from support.states import ordinary_states

MEASURE = Path(__file__).with_name("labels.js").read_text(encoding="utf-8")
FIGURES = on_figures("Object.keys(figures).filter((tag) => figures[tag].scene)")
WIDTHS = (320, 390, 720)
# The share of states that may have a fault of each kind.
ALLOWED = {"cut": 0, "word": 0.01, "handle": 0.05}


@pytest.fixture(scope="module")
def measure(chromium):
    """The faults of a figure in some states, in a window of some width."""
    page = chromium.new_page()

    def faults(tag: str, width: int, states: list[dict]) -> list[dict[str, list[str]]]:
        page.set_content(f'<!doctype html><body style="width: {width}px"><{tag}></{tag}>')
        for name in ("runtime", "look", tag):
            page.add_script_tag(path=WIDGETS / "static" / f"{name}.js")
        measuring = f"{MEASURE}\nObject.assign(globalThis, {{ faultsIn }});"
        page.add_script_tag(content=measuring, type="module")
        page.evaluate("new Promise(requestAnimationFrame)")  # the figure knows its width then
        return page.evaluate(
            f"(states) => faultsIn(document.querySelector('{tag}'), states)", states
        )

    yield faults
    page.close()


@pytest.mark.parametrize("count", [300, pytest.param(1000, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("tag", FIGURES)
def test_words_can_be_read(tag, count, measure):
    """In random states; what a failure prints is the table of faults, with the worst of them."""
    states = ordinary_states(tag, count, seed=1)
    too_many = []
    for width in WIDTHS:
        found = measure(tag, width, states)
        assert all(faults["words"] for faults in found)
        for kind, allowed in ALLOWED.items():
            share = sum(bool(faults[kind]) for faults in found) / count
            worst = Counter(said for faults in found for said in set(faults[kind])).most_common(4)
            print(f"{tag:18} {width} {kind:7} {share:6.1%} {worst}")
            if share > allowed:
                too_many.append((width, kind, share))
    assert not too_many


@pytest.mark.parametrize("tag", FIGURES)
def test_the_lines_of_a_grid_have_numbers(tag):
    """They are words of the scene, which a new figure may forget to say."""
    picture = on_figures(f"still('{tag}', {{}})").partition('<svg class="gauss-panel')[0]
    grid, _, scene = picture.partition('<g class="scene"')
    assert '<path class="grid"' not in grid or ">−2</text>" in scene


def said(calls: str, dots: str = "[]") -> list[tuple[float, float] | None]:
    """Where the middles of words stand that a room of 400 × 300 pixels is asked to say, if at all.

    Letters that are 13 pixels high stand 3.38 pixels above their line.
    """
    room = f"m.roomOf({{ width: 400, height: 300 }}, {dots})"
    written = evaluate("words.js", f"((room) => [{calls}])({room})", None)
    found = [re.search(r'x="([^"]*)" y="([^"]*)"', text) for text in written]
    return [match and (float(match[1]), round(float(match[2]) - 3.38, 2)) for match in found]


def test_words_stand_where_they_like_if_nothing_is_there():
    """To the right of their point, above it, or at a corner, nine pixels away from it."""
    half = 0.34 * 13 * 4 + 2
    calls = (f"room.say([200, 150], 'say', 'mmmm', {angle})" for angle in (0, math.pi / 2))
    assert [*said(next(calls)), *said(next(calls))] == [(209 + half, 150), (200, 134.5)]
    corner = said(f"room.say([200, 150], 'say', 'mmmm', {math.pi / 4})")
    assert corner == [(pytest.approx(209 + half, abs=0.01), 134.5)]


def test_words_give_way_to_dots_and_to_words_before_them():
    half = 0.34 * 13 * 4 + 2
    dot = "[[230, 150]]"
    assert said("room.say([200, 150], 'say', 'mmmm')", dot) == [(209 + half, 134.5)]
    twice = "room.say([200, 150], 'say', 'mmmm'), room.say([200, 150], 'say', 'mmmm')"
    assert said(twice) == [(209 + half, 150), (209 + half, 134.5)]


def test_words_stay_in_the_window():
    half = 0.34 * 13 * 4 + 2
    assert said("room.say([399, 299], 'say', 'mmmm')") == [(400 - half, 293.5)]
    full = ", ".join("room.say([0, 0], 'say', 'mmmm')" for _ in range(40))
    assert all(half <= u <= 400 - half and 6.5 <= v <= 293.5 for u, v in said(full))


def test_words_of_little_weight_are_left_out_where_others_stand():
    number = "room.sayIfFree([200, 150], '', '10', 0, 3)"
    assert said(f"{number}, {number}")[1] is None
    assert said(number, "[[210, 150]]") == [None]


def test_a_word_moves_with_its_point():
    """It keeps its side while its point is dragged through a free window."""
    places = [said(f"room.say([{u}, 150], 'say', 'mmmm', 0.3)")[0][0] for u in range(50, 300, 10)]
    assert {round(b - a, 2) for a, b in pairwise(places)} == {10}
