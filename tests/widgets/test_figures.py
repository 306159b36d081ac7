"""What holds for every figure: browser and Python have the same state, and every reader sees it."""

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from inspect import signature
from pathlib import Path

import pytest
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture
from support.javascript import figure_python, figure_values, on_figures

from gausslib import widgets
from gausslib.widgets._traits import attribute

CLASSES = {getattr(widgets, name)._tag: getattr(widgets, name) for name in widgets.__all__}
each_figure = pytest.mark.parametrize("tag", CLASSES)


@pytest.fixture(scope="module")
def definitions():
    """Fields and presets of every figure, as the browser has them."""
    fields = "Object.entries(fields).map(([name, f]) => [name, f.start, f.options])"
    return on_figures(
        "Object.fromEntries(Object.entries(figures).map(([tag, { fields, presets }]) => "
        f"[tag, {{ fields: {fields}, presets: presets ?? {{}} }}]))"
    )


def shown(value):
    """A trait's value as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def test_every_figure_has_a_class(definitions):
    assert set(definitions) == set(CLASSES)


@each_figure
def test_browser_and_python_have_the_same_state(tag, definitions):
    figure = CLASSES[tag]()
    fields = definitions[tag]["fields"]
    assert {name for name, _, _ in fields} == set(figure._given()) - {"link", "id"}
    for name, start, options in fields:
        assert shown(getattr(figure, name)) == start, name
        assert list(getattr(figure.traits()[name], "options", [])) == (options or [])


@each_figure
def test_the_signature_shows_how_a_figure_starts(tag, definitions):
    """In `help` too: numbers and words, in tuples where a list could be changed."""
    parameters = signature(CLASSES[tag].__init__).parameters
    for name, start, _ in definitions[tag]["fields"]:
        assert json.loads(json.dumps(parameters[name].default)) == start
        assert not isinstance(parameters[name].default, list)
        assert parameters[name].annotation != "Any"


def test_a_missing_bundle_is_an_error_that_says_what_to_do(tmp_path):
    package = Path(widgets.__file__).parent
    shutil.copy(package / "_definitions.py", tmp_path / "definitions.py")
    run = subprocess.run(
        [sys.executable, "-c", "import definitions"], cwd=tmp_path, capture_output=True, text=True
    )
    assert "figures.json is missing: it is bundled by `make bundle`" in run.stderr


@each_figure
def test_attributes_are_read_back(tag, definitions):
    """What Python writes into an attribute is what the browser reads, and writes."""
    for state in [{}, *definitions[tag]["presets"].values()]:
        figure = CLASSES[tag](**state)
        texts = {name: attribute(value) for name, value in figure._given().items()}
        read = on_figures(
            f"Object.fromEntries(Object.entries(figures['{tag}'].fields).map(([name, f]) => "
            "[name, f.parse(name, f.write(f.parse(name, data[name])))]))",
            texts,
        )
        assert read == {name: shown(getattr(figure, name)) for name in read}


@each_figure
def test_what_is_not_legal_is_refused_by_both(tag, definitions):
    for name, start, _ in definitions[tag]["fields"]:
        wrong = {float: "wide", int: "wide", str: "no such word", list: [*"ab"]}[type(start)]
        message = on_figures(
            f"(() => {{ try {{ figures['{tag}'].fields['{name}'].check('{name}', data); }} "
            "catch (error) { return error.message; } })()",
            wrong,
        )
        assert message is not None, name
        assert message.startswith(f"{name}: "), message
        with pytest.raises(traitlets.TraitError, match=f"^{name}: ") as refused:
            CLASSES[tag](**{name: wrong})
        if isinstance(start, float | int):  # the limits stand in the message
            assert str(refused.value).partition(", got")[0] == message.partition(", got")[0]


@each_figure
def test_presets_differ_and_have_numbers(tag, definitions):
    presets = definitions[tag]["presets"]
    assert len(presets) >= 3
    values = figure_values(tag, [{}, *presets.values()])
    assert all(value == value for numbers in values for value in numbers.values())
    for state, numbers in zip([{}, *presets.values()], values, strict=True):
        ref = CLASSES[tag](**state).values
        assert set(ref) == set(numbers)
        for name in ref:
            assert numbers[name] == pytest.approx(ref[name], rel=1e-9, abs=1e-12), name


@each_figure
def test_copied_python_gives_the_numbers(tag, definitions, capsys):
    states = [{}, *definitions[tag]["presets"].values()]
    for numbers, program in zip(
        figure_values(tag, states), figure_python(tag, states), strict=True
    ):
        names: dict = {}
        exec(program, names)
        assert set(names["values"]) == set(numbers)
        for name, value in numbers.items():
            assert float(names["values"][name]) == pytest.approx(value, rel=1e-9, abs=1e-12), name
        assert capsys.readouterr().out.strip()


@each_figure
def test_repr_makes_the_same_figure_again(tag, definitions):
    assert repr(CLASSES[tag]()) == f"{CLASSES[tag].__name__}()"
    for state in definitions[tag]["presets"].values():
        figure = CLASSES[tag](**state, link="one", id="two")
        again = eval(repr(figure), vars(widgets))
        assert again._given() == figure._given()


@each_figure
def test_a_change_is_announced_and_goes_to_the_browser(tag, definitions):
    figure, seen = CLASSES[tag](), []
    figure.observe(lambda change: seen.append(change["name"]))
    state = next(iter(definitions[tag]["presets"].values()))
    for name, value in state.items():
        setattr(figure, name, value)
        assert figure.get_state()[name] == getattr(figure, name)
    assert set(seen) <= set(state)
    assert seen


class Page(HTMLParser):
    """Elements with their attributes; fails on crossed tags."""

    VOID = frozenset({"img", "input"})

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements, self.open = [], []
        self.feed(markup)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@each_figure
def test_the_still_picture_is_sound(tag, definitions):
    """No identifiers, which could occur twice, no scripts, no other hosts, nothing not a number."""
    for state in [{}, *definitions[tag]["presets"].values()]:
        texts = {name: attribute(value) for name, value in CLASSES[tag](**state)._given().items()}
        markup = on_figures(f"still('{tag}', data)", texts)
        elements = Page(markup).elements
        assert not any("id" in attrs for _, attrs in elements)
        assert not any(name.startswith("on") for _, attrs in elements for name in attrs)
        assert "http" not in markup
        assert not re.search(r"NaN|undefined|Infinity|\[object", markup)


@each_figure
def test_still_pictures_can_be_shown_with_every_extra(tag, definitions):
    extras = [options for name, _, options in definitions[tag]["fields"] if name == "show"]
    for words in extras:
        markup = on_figures(f"still('{tag}', data)", {"show": " ".join(words)})
        Page(markup)
        assert not re.search(r"NaN|undefined|Infinity|\[object", markup)


@each_figure
def test_the_cell_serves_every_reader(tag):
    figure = CLASSES[tag](id="here")
    data, _ = figure._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html", "image/png"} <= set(data)
    assert data["text/plain"] == repr(figure)
    (element, attributes), (image, picture) = Page(data["text/html"]).elements
    assert (element, image) == (tag, "img")
    assert attributes["id"] == "here"
    assert picture["alt"]
    assert picture["src"].startswith("data:image/svg+xml;base64,")
    again, _ = CLASSES[tag](id="here")._repr_mimebundle_()
    assert again["text/html"] == data["text/html"]


@each_figure
def test_the_matplotlib_picture_follows_the_state(tag, definitions):
    pictures = set()
    for state in [{}, *definitions[tag]["presets"].values()]:
        canvas = FigureCanvasAgg(Picture())
        CLASSES[tag](**state).plot(canvas.figure.add_subplot())
        canvas.draw()
        pictures.add(bytes(canvas.buffer_rgba()))
    assert len(pictures) > 2
