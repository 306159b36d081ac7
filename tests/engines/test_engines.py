"""The core of every figure on Firefox's and WebKit's engines: it loads, moves and is right."""

import pytest
from engines.recorder import serving
from support.figures import FIGURES, PAGE

OTHER = "http://other.invalid/"


class Shown:
    """A figure of the table, as a page in an engine shows it."""

    def __init__(self, engine, figure):
        self.engine, self.figure = engine, figure
        engine.evaluate(f"customElements.whenDefined('{figure.tag}').then(() => true)")
        engine.evaluate(f"{figure.mover}.scrollIntoView({{block: 'center', behavior: 'instant'}})")

    def read(self, thing: str, *names: str) -> dict:
        """Some properties of what an expression of JavaScript gives."""
        properties = "{" + ", ".join(names) + "}"
        return self.engine.evaluate(f"(({properties}) => ({properties}))({thing})")

    def state(self) -> dict:
        return self.read(self.figure.element, *self.figure.properties, "values")

    def centre(self) -> tuple[float, float]:
        box = self.read(f"{self.figure.mover}.getBoundingClientRect()", "x", "y", "width", "height")
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def assert_right(self, state: dict):
        """The figure's numbers agree with gausslib: 1e-9 relative, or 1e-12 absolute."""
        expected = self.figure.values(state)
        assert state["values"].keys() == expected.keys()
        for key, value in expected.items():
            assert state["values"][key] == pytest.approx(value, rel=1e-9, abs=1e-12), key

    def assert_moved(self, before: dict, after: dict):
        """The handle's property has another value, and no other property has."""
        changed = {name for name in self.figure.properties if after[name] != before[name]}
        assert changed == {self.figure.moves}


@pytest.fixture(params=FIGURES, ids=lambda figure: figure.tag)
def shown(request, engine, visit):
    visit(PAGE)
    return Shown(engine, request.param)


def test_drag_with_the_mouse(engine, shown):
    before = shown.state()
    shown.assert_right(before)
    if shown.figure.text:
        return  # it has nothing to drag
    x, y = shown.centre()
    engine.drag(x, y, x + 60, y + 40)
    after = shown.state()
    shown.assert_moved(before, after)
    shown.assert_right(after)


def test_move_with_the_keyboard(engine, shown):
    before = shown.state()
    engine.evaluate(f"{shown.figure.mover}.focus()")
    engine.press(shown.figure.key)
    after = shown.state()
    shown.assert_moved(before, after)
    shown.assert_right(after)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>console.warn('a', 1)</script>", "console.warn: a 1"),
        ("<script>console.error('b')</script>", "console.error: b"),
        ("<script>throw new Error('c')</script>", "exception: Error: c"),
        ("<script>Promise.reject('d')</script>", "rejection: d"),
        ("<script src='missing.js'></script>", "404 /missing.js"),
        ("<script>fetch('missing.json')</script>", "404 /missing.json"),
        (f"<img src='{OTHER}'>", f"asked for {OTHER}"),
        (f"<script>fetch('{OTHER}').catch(() => {{}})</script>", f"asked for {OTHER}"),
        (f"<style>body {{ background: url({OTHER}) }}</style>", f"asked for {OTHER}"),
    ],
)
def test_faults_are_noted(engine, tmp_path, body, fault):
    (tmp_path / "page.html").write_text(f"<!doctype html><head></head><body>{body}</body>")
    with serving(tmp_path) as site:
        engine.goto(f"{site.address}/page.html")
        assert fault in site.take_faults(engine)


def test_a_page_opened_from_a_file(engine, html):
    """The content security policy of a page lets its own scripts, style and fonts be used there."""
    engine.goto((html / "notebooks" / "02-kl.html").as_uri())
    engine.evaluate("customElements.whenDefined('gauss-pair').then(() => true)")
    assert engine.evaluate("document.querySelector('gauss-pair').values.w2 > 0")
    assert engine.evaluate("!document.querySelector('[data-action=theme]').hidden")
    assert engine.evaluate("getComputedStyle(document.querySelector('.columns')).display") == "grid"
    engine.evaluate("document.fonts.ready.then(() => true)")
    loaded = engine.evaluate(
        """[...document.fonts].filter(font => font.status === "loaded")
                              .map(font => font.family.replaceAll('"', ""))"""
    )
    assert {"Source Serif", "KaTeX_Main"} <= set(loaded)


def test_a_walk_takes_its_figure_along(engine, visit):
    """Step by step, with a question, the keyboard, and the browser's Back."""
    visit("notebooks/02-kl.html")
    engine.evaluate("customElements.whenDefined('gauss-pair').then(() => true)")
    walk = "document.querySelector('#terms > .gauss-walk')"
    engine.evaluate(f"{walk}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
    seen = "[...document.querySelectorAll('.walk.admonition')].filter((e) => e.offsetHeight).length"
    assert engine.evaluate(seen) == 0
    engine.evaluate(f"{walk}.querySelector('.walk-next').focus()")
    figure = "document.querySelector('#terms')"
    states = []
    for step in (1, 2, 3):
        engine.press("Enter")
        assert engine.evaluate(f"{walk}.querySelector('.walk-count').textContent") == f"{step} of 8"
        states.append(engine.evaluate(f"{SETTLED}({figure})"))
    assert states[1] == states[2]  # a question is asked of the state before
    engine.evaluate(f"{walk}.querySelector('.walk-choice').click()")
    moved = engine.evaluate(f"{SETTLED}({figure})")
    assert moved != states[2]
    answer = engine.evaluate(f"{walk}.querySelector('.walk-so').textContent")
    assert answer.startswith("✓")
    engine.evaluate("history.back()")
    assert engine.evaluate(f"{SETTLED}({figure})") == states[1]
    assert engine.evaluate(f"{walk}.querySelector('.walk-count').textContent") == "2 of 8"


# Where a figure is, when it has come to rest.
SETTLED = """(async (figure) => {
    let last;
    do {
        last = String(figure.p);
        await new Promise((done) => setTimeout(done, 250));
    } while (String(figure.p) !== last);
    return last;
})"""
