"""Every chapter goes the same way: what a reader and a teacher can count on in each of them.

And so does every recipe.
"""

import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
CELL = re.compile(r"^```\{code-cell\} ipython3\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ARC = (
    "Predict",
    "Check: does sampling agree?",
    "Limits, and what breaks",
    "Play",
    "Exercises",
    "What you can now do",
    "Sources and corrections",
)


class Chapter:
    """A chapter's source, its cells, and its sections by heading; the head of it is ``""``."""

    def __init__(self, path: Path):
        self.text = path.read_text(encoding="utf8")
        self.cells = CELL.findall(self.text)
        parts = re.split(r"^## (.*)$", self.text, flags=re.MULTILINE)
        self.sections = dict(zip(["", *parts[1::2]], parts[::2], strict=True))

    def section(self, beginning: str) -> str:
        (found,) = (text for name, text in self.sections.items() if name.startswith(beginning))
        return found


@pytest.fixture(params=sorted(NOTEBOOKS.glob("*.md")), ids=lambda path: path.stem)
def chapter(request):
    return Chapter(request.param)


def test_the_arc(chapter):
    names = list(chapter.sections)
    places = [next(i for i, n in enumerate(names) if n.startswith(part)) for part in ARC]
    assert places == sorted(places)


def test_objectives_stand_at_the_head(chapter):
    head = chapter.sections[""]
    objectives = head[head.index(":class: objectives") :]
    assert objectives.count("\n* ") >= 3
    assert "**You need**" in objectives
    assert re.search(r"\*\*Time:\*\* about \d+ minutes", objectives)
    assert ":::{dropdown} Answer" in chapter.section("Predict")


def test_sampling_has_a_plan_and_a_band(chapter):
    check = chapter.section("Check")
    plan = re.search(r"\*\*The plan, made\s+before\s+the\s+run\.\*\*", check)
    assert plan.start() < check.index("agrees(")
    assert "agrees(" in check
    assert "fill_between" in check


def test_exercises_have_solutions_and_some_are_checked_by_code(chapter):
    parts = re.split(r"^\*\*(\d+)\.\*\*", chapter.section("Exercises"), flags=re.MULTILINE)
    numbers, exercises = [int(number) for number in parts[1::2]], parts[2::2]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 6
    checked = 0
    for exercise in exercises:
        solution = exercise.find(":::{dropdown} Solution")
        solution = exercise.find(":tags: [hide-cell]") if solution < 0 else solution
        assert solution >= 0, exercise[:60]
        checked += any("assert" in c and "hide-cell" not in c for c in CELL.findall(exercise))
    assert checked >= 2


def test_figures_are_numbered_named_and_referred_to(chapter):
    names = re.findall(r"\{figure: \{name: ([\w-]+), caption: ", chapter.text)
    assert len(set(names)) == len(names) >= 3
    assert {name for name in names if f"{{numref}}`{name}`" not in chapter.text} == set()
    tables = re.findall(r"^:name: (tab-[\w-]+)$", chapter.text, re.MULTILINE)
    assert {name for name in tables if f"{{numref}}`{name}`" not in chapter.text} == set()
    for cell in chapter.cells:
        code = re.sub(r"^:\w+:.*$", "", cell, flags=re.MULTILINE)
        if re.search(r"^Gaussian\w+\(", code, re.MULTILINE):  # a figure to drag
            assert "figure: {name: fig-" in cell
            assert re.search(r'\bid="\w+"', code)
        if "plt.subplots(" in code:
            assert 'figure_formats = ["svg"]' in chapter.text  # for both themes
            assert "figure: {name: fig-" in cell
            assert re.search(r'image: \{alt: "[^"]{60,}"', cell)
    assert len(re.findall(r"\]\(\?[\w-]+\.", chapter.text)) >= 6  # links to their states
    walks = chapter.text.count("\n:class: walk\n")
    assert walks >= 2
    assert walks + len(re.findall(r"\*\*What\s+to\s+look\s+for", chapter.text)) >= 3


def test_code_fits_beside_the_side_bars(chapter):
    lines = [line for cell in chapter.cells for line in cell.splitlines()]
    assert [line for line in lines if len(line) > 80 and not line.startswith(":")] == []


# --- the page of recipes --------------------------------------------------------------------

RECIPES = Chapter(ROOT / "book" / "recipes.md")
JOBS = [name for name in RECIPES.sections if name]
each_job = pytest.mark.parametrize("job", JOBS)


def test_there_are_ten_recipes_and_their_code_fits():
    assert len(JOBS) == 10
    test_code_fits_beside_the_side_bars(RECIPES)


@each_job
def test_a_recipe_is_short_checked_and_compared(job):
    text = RECIPES.sections[job]
    cells = CELL.findall(text)
    assert len(cells) >= 3  # the recipe, what one would write today, the checks
    for cell in cells:
        assert len([n for n in cell.splitlines() if n.strip() and not n.startswith(":")]) <= 15
    assert "assert " in cells[-1]
    assert re.search(r"What\s+one\s+would\s+write\s+today|The\s+usual", text)
    assert "**Beware.**" in text


@each_job
def test_a_recipe_stands_on_its_own(job):
    names = {}
    with mpl.rc_context({"backend": "agg"}):
        for cell in CELL.findall(RECIPES.sections[job]):
            exec(re.sub(r"^[:%].*$", "", cell, flags=re.MULTILINE), names)
        plt.close("all")
