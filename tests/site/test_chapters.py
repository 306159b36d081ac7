"""Chapters as a reader's window shows them: pictures in reach, whole lines, ways to the formulas.

The rules that need no browser are in `tests/project/test_chapters.py`.
"""

import re

import pytest
from support.chapters import PATHS

from gausslib.formulas import FORMULAS

NAMES = [path.stem for path in PATHS]
SCREEN = 800
each_chapter = pytest.mark.parametrize("name", NAMES)

# Top and bottom of every picture before the exercises, and where those begin.
PICTURES = """() => {
  const exercises = document.querySelector("#exercises");
  const end = exercises.getBoundingClientRect().top + scrollY;
  const tags = ["gauss", "orthogonal", "procrustes"];
  const isPicture = e => tags.includes(e.localName.split("-")[0]) || e.localName === "img";
  const pictures = [...document.querySelectorAll("article *")]
    .filter(e => isPicture(e) && e.getBoundingClientRect().height > 100)
    .map(e => e.getBoundingClientRect())
    .map(box => [box.top + scrollY, box.bottom + scrollY])
    .filter(([top]) => top < end);
  return {pictures, end};
}"""
# Formulas whose punctuation stands on another line than their end.
TORN = """() => [...document.querySelectorAll(".unbroken")].filter(span => {
  const range = document.createRange();
  range.selectNodeContents(span.lastChild);
  const sign = range.getBoundingClientRect();
  const parts = span.querySelectorAll(".katex-base");
  const end = parts[parts.length - 1]?.getBoundingClientRect();
  return end?.height && sign.height && (sign.top > end.bottom || sign.bottom < end.top);
}).map(span => span.textContent)"""


@pytest.fixture
def open_awake(open_page, address):
    """Opens a chapter whose blocks all have their height, wherever the window is."""

    def opened(name, width=1280):
        page = open_page(f"{address}/notebooks/{name}.html", width=width, height=SCREEN)
        page.add_style_tag(content="* { content-visibility: visible !important; }")
        return page

    return opened


@each_chapter
def test_the_first_figure_is_on_the_first_screen_and_others_are_in_reach(open_awake, name):
    found = open_awake(name).evaluate(PICTURES)
    tops, bottoms = zip(*found["pictures"], strict=True)
    assert tops[0] < SCREEN
    ends = [*tops[1:], found["end"]]
    gaps = [after - before for before, after in zip(bottoms, ends, strict=True)]
    assert max(gaps) <= 3 * SCREEN, gaps


@each_chapter
@pytest.mark.parametrize("width", [390, 1280])
def test_no_line_begins_with_the_punctuation_of_a_formula(open_awake, name, width):
    page = open_awake(name, width)
    assert page.locator(".unbroken").count() > 20
    assert page.evaluate(TORN) == []


@each_chapter
def test_proofs_say_what_was_checked_and_keys_lead_to_formulas(html, name):
    page = (html / "notebooks" / f"{name}.html").read_text(encoding="utf8")
    proved = re.findall(r'<li><a href="#equation-(eq-[\w-]+)">Equation \(([\d.]+)\)</a>', page)
    assert len(proved) == len(set(proved)) >= 8
    assert 'class="check"' in page
    linked = re.findall(r'<a class="key" href="([^"#]*)#equation-(eq-[\w-]+)"', page)
    assert linked
    for where, key in linked:
        assert key in FORMULAS
        there = page if not where else (html / "notebooks" / where).read_text(encoding="utf8")
        assert f'id="equation-{key}"' in there
