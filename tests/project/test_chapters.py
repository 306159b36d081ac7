"""Every chapter goes the same way, by rules that a reader and a teacher can count on.

The lesson comes first, the proof behind it: question, prediction, figure; the easiest case by hand;
proofs by machine folded under a line of words; what there is to try is a walk. And every recipe
stands on its own.
"""

import ast
import re
from collections import Counter

import jupytext
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from support.chapters import CELL, DISPLAY, FENCED, PATHS, ROOT, Cell, Chapter, sentences, words

from gausslib.formulas import FORMULAS

ARC = (
    "Predict",
    "Check: does sampling agree?",
    "Limits, and what breaks",
    "Play",
    "Exercises",
    "What you can now do",
    "Sources and corrections",
)
# Names that every cell may give again to a thing of the same kind.
COMMON = {"p", "q", "rng", "figure", "axes", "panels", "rows"}
ANTIQUE = re.compile(r"\b(dear|dearer|mended|whoever|give\s+or\s+take)\b")
IS_FIGURE = re.compile(r"^(?:Gaussian|Orthogonal|Procrustes)\w+\(", re.MULTILINE)
EQUATION = re.compile(r"[=<>]|\\(?:le|ge|int|sum|prod|frac|tfrac|sqrt)\b")
STATE = re.compile(r"\]\(\s*\?[\w-]+\.")
WALK = re.compile(r"^:::\{admonition\}[^\n]*\n:class: walk\n(.*?)^:::$", re.MULTILINE | re.DOTALL)


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def chapter(request):
    return Chapter(request.param)


# --- the arc --------------------------------------------------------------------------------


def test_the_arc(chapter):
    names = list(chapter.sections)
    places = [next(i for i, n in enumerate(names) if n.startswith(part)) for part in ARC]
    assert places == sorted(places)
    assert names[1] == "Predict"


def test_question_prediction_and_figure_come_first(chapter):
    """What the browser sees of it, test_pages.py measures."""
    question, predict = chapter.sections[""], chapter.section("Predict")
    title, _, question = question.strip().partition("\n")
    assert title.startswith("# ")
    assert 20 <= len(words(question)) <= 60
    assert CELL.search(question) is None
    before, figure = predict[: CELL.search(predict).start()], CELL.search(predict)[1]
    assert len(words(before)) <= 90
    assert "?" in before
    assert re.search(r"\[below\]\(#[\w-]+\)", before)
    assert IS_FIGURE.search(Cell.of(figure).code)
    assert predict.index(":class: objectives") > predict.index(figure)


def test_objectives(chapter):
    predict = chapter.section("Predict")
    objectives = predict[predict.index(":class: objectives") :]
    assert 3 <= objectives.count("\n* ") <= 5
    assert "**You need**" in objectives
    assert re.search(r"\*\*Time:\*\* about \d+ minutes", objectives)  # the build counts them


# --- size -----------------------------------------------------------------------------------


def test_size(chapter):
    text = chapter.before_exercises
    visible = [cell for cell in map(Cell.of, CELL.findall(text)) if cell.is_visible]
    labels = [label for _, label in DISPLAY.findall(FENCED.sub("", text)) if label]
    assert len(words(text)) <= 3000
    assert len(labels) <= 15
    assert sum(len(cell.lines) for cell in visible) <= 150


# --- code -----------------------------------------------------------------------------------


def test_a_visible_cell_is_short_and_shows_something(chapter):
    for cell in chapter.cells:
        if not cell.is_visible or cell.is_stub:
            continue
        assert len(cell.lines) <= 12, cell.code
        last = ast.parse(cell.python).body[-1]
        shows = cell.code.count("print(") == 1 or isinstance(last, ast.Expr)
        assert shows, cell.code
        assert not re.search(r'textwrap|"\\n"\.join', cell.code), cell.code


def test_code_fits_beside_the_side_bars(chapter):
    lines = [line for cell in chapter.cells for line in cell.code.splitlines()]
    assert [line for line in lines if len(line) > 80] == []


def test_what_is_folded_says_in_words_what_it_is(chapter):
    for cell in chapter.cells:
        if "hide-cell" in cell.tags:
            assert len(cell.prompt.split()) >= 4, cell.code
            assert cell.proves == [] or cell.is_hidden_in_lab, cell.code
            assert cell.proves == [] or "assert " in cell.code, cell.code


def test_each_numbered_formula_is_proved_by_one_cell(chapter):
    shown = Counter(label for _, label in DISPLAY.findall(FENCED.sub("", chapter.text)) if label)
    assert Counter(key for cell in chapter.cells for key in cell.proves) == shown


def test_a_definition_is_not_compared_with_itself(chapter):
    """An entry of a definition holds the closed form: that would be one thing twice."""
    for cell in chapter.cells:
        for key in re.findall(r'formula\["(eq-[\w-]+)"\]', cell.code):
            assert FORMULAS[key].kind != "definition", key


def is_given(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def given_names(code: str) -> set[str]:
    """The names that a cell gives for the cells below: not those of its loops."""
    given = set()
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            given.add(statement.name)
        elif isinstance(statement, ast.Assign):
            names = (node for target in statement.targets for node in ast.walk(target))
            given.update(n.id for n in names if isinstance(n, ast.Name) and is_given(n))
    return given


def test_a_name_means_one_thing(chapter):
    stubs = {name for cell in chapter.cells if cell.is_stub for name in given_names(cell.python)}
    given = Counter(name for cell in chapter.cells for name in given_names(cell.python))
    twice = {name for name, count in given.items() if count > 1}
    assert twice <= stubs | COMMON


# --- sampling, figures, walks ---------------------------------------------------------------


def test_sampling_has_a_plan_and_a_band(chapter):
    check = chapter.section("Check")
    plan = re.search(r"\*\*The plan, made\s+before\s+the\s+run\.\*\*", check)
    assert plan.start() < check.index("agrees(")
    assert "fill_between" in chapter.text


def test_figures_are_numbered_named_and_referred_to(chapter):
    names = [
        cell.options["mystnb"]["figure"]["name"]
        for cell in chapter.cells
        if "figure" in cell.options.get("mystnb", {})
    ]
    assert len(set(names)) == len(names) >= 3
    assert {name for name in names if f"{{numref}}`{name}`" not in chapter.text} == set()
    tables = re.findall(r"^:name: (tab-[\w-]+)$", chapter.text, re.MULTILINE)
    assert {name for name in tables if f"{{numref}}`{name}`" not in chapter.text} == set()
    for cell in chapter.cells:
        shown = cell.options.get("mystnb", {})
        if IS_FIGURE.search(cell.code):
            assert shown["figure"]["name"].startswith("fig-")
            assert re.search(r'\bid="\w+"', cell.code)
        if "plt.subplots(" in cell.code:
            assert 'figure_formats = ["svg"]' in chapter.text  # for both themes
            assert shown["figure"]["name"].startswith("fig-")
            assert len(shown["image"]["alt"]) >= 60


def test_what_there_is_to_try_is_a_walk(chapter):
    walks = WALK.findall(chapter.text)
    assert len(walks) >= 2
    assert any(re.search(r"^ +\* *\{claim\}", walk, re.MULTILINE) for walk in walks)  # a choice
    assert any("{goal}" in walk for walk in walks)
    for walk in walks:
        intro, *steps = re.split(r"^\d+\. ", walk, flags=re.MULTILINE)
        assert intro.strip()  # what stands in the figure before the first step
        assert steps
        assert all("{claim}" in step or "{goal}" in step for step in steps), walk
    assert STATE.search(WALK.sub("", chapter.text)) is None
    assert not re.search(r"What\s+to\s+look\s+for", chapter.text)


# --- exercises ------------------------------------------------------------------------------


def test_exercises_have_solutions_stubs_and_one_is_dragged(chapter):
    section = chapter.section("Exercises")
    parts = re.split(r"^\*\*(\d+)\.\*\*", section, flags=re.MULTILINE)
    numbers, exercises = [int(number) for number in parts[1::2]], parts[2::2]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 8
    checked = 0
    for exercise in exercises:
        cells = [Cell.of(source) for source in CELL.findall(exercise)]
        solution = ":::{dropdown} Solution" in exercise or any(c.is_hidden_in_lab for c in cells)
        assert solution or "{goal}" in exercise, exercise[:60]
        if any(cell.is_stub for cell in cells):
            kinds = ["stub" if c.is_stub else "ours" if c.is_hidden_in_lab else "" for c in cells]
            assert kinds[:2] == ["stub", "ours"], exercise[:60]
            checked += any("assert" in cell.code and cell.is_visible for cell in cells[2:])
    assert checked >= 2
    assert any("{goal}" in walk for walk in WALK.findall(section))


def test_jupyterlab_hides_the_same(chapter):
    """There the tags do nothing; what hides a cell is its own metadata."""
    notebook = jupytext.read(ROOT / "notebooks" / f"{chapter.name}.md")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    hidden = [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in cells]
    assert hidden == ["hide-cell" in cell.tags for cell in chapter.cells]


# --- prose ----------------------------------------------------------------------------------


def test_a_paragraph_has_three_equations_at_most(chapter):
    """What has more is displayed. A letter is no equation."""
    text = DISPLAY.sub("\n\n", FENCED.sub("", chapter.before_exercises))
    for paragraph in re.split(r"\n\s*\n|^ *\* |^\d+\. ", text, flags=re.MULTILINE):
        inline = re.findall(r"\$([^$]+)\$", paragraph)
        assert len([tex for tex in inline if EQUATION.search(tex)]) <= 3, paragraph


def test_prose_is_short_and_plain(chapter):
    long = [each for each in sentences(chapter.text) if len(each.split()) > 40]
    assert long == []
    assert ANTIQUE.findall(" ".join(words(chapter.text))) == []
    assert len(re.findall(r"\blaws?\b", " ".join(words(chapter.text)))) <= 3


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
    cells = [Cell.of(source) for source in CELL.findall(text)]
    assert len(cells) >= 3  # the recipe, what one would write today, the checks
    assert all(len(cell.lines) <= 15 for cell in cells)
    assert "assert " in cells[-1].code
    assert re.search(r"What\s+one\s+would\s+write\s+today|The\s+usual", text)
    assert "**Beware.**" in text


@each_job
def test_a_recipe_stands_on_its_own(job):
    names = {}
    with mpl.rc_context({"backend": "agg"}):
        for source in CELL.findall(RECIPES.sections[job]):
            exec(Cell.of(source).python, names)
        plt.close("all")
