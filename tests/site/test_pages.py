"""Pages of the built site in a real browser, and the figure under the reader's hand."""

import json
import re

import numpy as np
import pytest

from gausslib.widgets import GaussianPair

WELCOME, CHAPTER = "book/welcome.html", "notebooks/02-kl.html"


def expected(p, q) -> dict[str, float]:
    """The numbers as gausslib computes them from the five numbers of each ellipse."""
    return GaussianPair(p, q).values


def state(figure) -> dict:
    """What the figure holds, once its script has made the still picture alive."""
    return figure.evaluate(
        """figure => customElements.whenDefined(figure.localName)
             .then(() => ({p: figure.p, q: figure.q, values: figure.values}))"""
    )


def assert_right(now: dict):
    """The browser's numbers agree with gausslib: 1e-9 relative, or 1e-12 absolute."""
    for key, value in expected(now["p"], now["q"]).items():
        assert now["values"][key] == pytest.approx(value, rel=1e-9, abs=1e-12), key


def shown(figure) -> list[str]:
    return figure.locator(".gauss-readout dd:visible").all_inner_texts()


def centre(handle) -> tuple[float, float]:
    box = handle.locator(".hit").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def places(address, html):
    return {
        "served": f"{address}/index.html",
        "file": (html / "index.html").as_uri(),
    }


@pytest.mark.parametrize("place", ["served", "file"])
def test_drag_with_the_mouse(open_page, address, html, place):
    """From the front door, on http and by double-click: a drag changes the four numbers."""
    page = open_page(places(address, html)[place])
    figure = page.locator("gauss-pair")
    before, numbers = state(figure), shown(figure)
    assert_right(before)

    x, y = centre(page.get_by_role("slider", name="mean of p"))
    page.mouse.move(x + 3, y - 2)
    page.mouse.down()
    page.mouse.move(x + 60, y + 38)
    during = state(figure)  # at once, before the button is released
    assert all(a != b for a, b in zip(numbers, shown(figure), strict=True))
    page.mouse.up()

    assert during == state(figure)
    assert during["p"][2:] == before["p"][2:]
    assert during["q"] == before["q"]
    unit = figure.locator(".gauss-plane:visible").bounding_box()["width"] / 8
    moved = np.subtract(during["p"][:2], before["p"][:2])
    assert moved == pytest.approx([57 / unit, -40 / unit], abs=2e-3)  # the grab offset is kept
    assert_right(during)

    page.get_by_role("button", name="Reset").click()
    assert state(figure) == before


def test_drag_an_axis_turns_and_stretches(open_page, address):
    page = open_page(f"{address}/{WELCOME}")
    figure = page.locator("gauss-pair")
    before = state(figure)
    x, y = centre(page.get_by_role("slider", name="first semi-axis of q"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 20, y + 70, steps=5)
    page.mouse.up()
    after = state(figure)
    assert after["q"][:2] == before["q"][:2]
    assert after["q"][3] == before["q"][3]
    assert after["q"][2] != before["q"][2]
    assert after["q"][4] < before["q"][4]
    assert_right(after)

    # However it is dragged, it stays a covariance.
    page.mouse.move(*centre(page.get_by_role("slider", name="first semi-axis of q")))
    page.mouse.down()
    page.mouse.move(*centre(page.get_by_role("slider", name="mean of q")))
    page.mouse.up()
    s1, s2 = state(figure)["q"][2:4]
    assert min(s1, s2) >= 1e-3 * max(s1, s2) > 0
    assert_right(state(figure))


def test_drag_with_a_finger(open_page, address):
    """Touch moves the handle and not the page; elsewhere in the plane the page scrolls."""
    page = open_page(f"{address}/{WELCOME}", width=390, height=844, has_touch=True, is_mobile=True)
    figure = page.locator("gauss-pair")
    finger = page.context.new_cdp_session(page)

    def swipe(x, y, dx, dy):
        touch = "Input.dispatchTouchEvent"
        finger.send(touch, {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for part in np.linspace(0.1, 1, 10):
            points = [{"x": x + part * dx, "y": y + part * dy}]
            finger.send(touch, {"type": "touchMove", "touchPoints": points})
        finger.send(touch, {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(300)

    before, top = state(figure), page.evaluate("scrollY")
    swipe(*centre(page.get_by_role("slider", name="mean of q")), -30, -50)
    after = state(figure)
    assert after["q"][0] < before["q"][0]
    assert after["q"][1] > before["q"][1]
    assert page.evaluate("scrollY") == top
    assert_right(after)

    corner = figure.locator(".gauss-plane:visible").bounding_box()
    swipe(corner["x"] + corner["width"] - 12, corner["y"] + corner["height"] - 12, 0, -150)
    assert state(figure) == after
    assert page.evaluate("scrollY") > top


def test_move_with_the_keyboard(open_page, address):
    page = open_page(f"{address}/{WELCOME}")
    figure = page.locator("gauss-pair")
    start = state(figure)["p"]
    handle = page.get_by_role("slider", name="mean of p")
    handle.focus()
    for keys, step in [("ArrowRight", 0.1), ("Shift+ArrowRight", 1), ("Alt+ArrowRight", 0.01)]:
        before = state(figure)["p"][0]
        page.keyboard.press(keys)
        assert state(figure)["p"][0] - before == pytest.approx(step, abs=1e-4)
    assert state(figure)["p"][1:] == start[1:]
    assert re.fullmatch(r"x .*, y .*", handle.get_attribute("aria-valuetext"))
    assert_right(state(figure))

    # Escape lets the handle go: then the arrow keys choose another, which Enter takes.
    order = []
    for _ in range(6):
        order.append(page.evaluate("document.activeElement.shadowRoot.activeElement.ariaLabel"))
        for key in ("Escape", "ArrowRight", "Enter"):
            page.keyboard.press(key)
    parts = ["mean", "first semi-axis", "second semi-axis"]
    assert order == [f"{part} of {name}" for name in "pq" for part in parts]


def random_states(count: int):
    """Ellipses that a figure can show: ordinary, thin, crossing, nearly identical, of any scale."""
    rng = np.random.default_rng(2021)
    for index in range(count):
        p, q = ([*rng.uniform(-4, 4, 2), *rng.uniform(0.1, 3, 2), rng.uniform(-4, 4)] for _ in "pq")
        if index % 4 == 1:  # both as thin as allowed, at any angle
            p[3], q[2] = 1.0001e-3 * p[2], 1.0001e-3 * q[3]
        if index % 4 == 2:  # nearly identical
            q = [a + 10.0 ** rng.uniform(-12, -2) * rng.normal() for a in p]
        if index % 4 == 3:  # of very different sizes
            p = [*p[:2], *np.multiply(p[2:4], 10.0 ** rng.uniform(-3, 3)), p[4]]
        yield [float(v) for v in p], [float(v) for v in q]


def test_every_settable_state_agrees_with_gausslib(open_page, address):
    page = open_page(f"{address}/{WELCOME}")
    states = list(random_states(1200))
    answers = page.locator("gauss-pair").evaluate(
        """(figure, states) => states.map(([p, q]) => {
             Object.assign(figure, {p, q});
             return {p: figure.p, q: figure.q, values: figure.values};
           })""",
        states,
    )
    for (p, q), answer in zip(states, answers, strict=True):
        assert (answer["p"], answer["q"]) == (p, q)  # the round trip is exact
        assert_right(answer)


def test_illegal_states_are_refused(open_page, address):
    page = open_page(f"{address}/{WELCOME}")
    figure = page.locator("gauss-pair")
    before = state(figure)
    for wrong in ["[0, 0, 1, 1]", "[0, 0, 1, NaN, 0]", "[0, 0, 1, -1, 0]", "[0, 0, 1, 1e-4, 0]"]:
        attempt = f"try {{ figure.p = {wrong}; }} catch (error) {{ return error.message; }}"
        message = figure.evaluate(f"figure => {{ {attempt} }}")
        assert message.startswith("p"), (wrong, message)
    assert state(figure) == before


def test_change_event_tells_the_new_state(open_page, address):
    page = open_page(f"{address}/{WELCOME}")
    detail = page.locator("gauss-pair").evaluate(
        """figure => { let seen; document.addEventListener("change", e => { seen = e.detail; });
                       figure.q = [0, 0, 1, 1, 0]; return seen; }"""
    )
    assert detail["source"] == "property"
    assert detail["q"] == [0, 0, 1, 1, 0]
    assert_right(detail)


def test_formula_and_picture_light_up_together(open_page, address):
    """Point at a term of the formula: the figure lights its part. And the other way round."""
    page = open_page(f"{address}/{CHAPTER}")
    # The formula stands twice: where it is derived, and beside the figure.
    formula = page.locator('[data-formula="eq-kl"]').last
    figure = page.locator("#terms")
    lit = figure.locator(".gauss-figure:visible")
    for term in ["mean", "trace", "logdet"]:
        formula.locator(f".term-{term}").hover()
        assert lit.get_attribute("data-lit") == term
        page.mouse.move(0, 0)
        assert lit.get_attribute("data-lit") is None
        figure.locator(f".piece.term-{term}:visible").focus()
        assert "is-lit" in formula.locator(f".term-{term}").get_attribute("class").split()
        colours = [
            part.evaluate("e => getComputedStyle(e).color")
            for part in (
                formula.locator(f".term-{term}"),
                figure.locator(f".piece.term-{term}:visible"),
            )
        ]
        assert colours[0] == colours[1]


def test_dark_mode_reaches_the_figure(open_page, address):
    papers = [
        open_page(f"{address}/{WELCOME}", theme=theme)
        .locator(".gauss-plane:visible")
        .evaluate("e => getComputedStyle(e).backgroundColor")
        for theme in ("light", "dark")
    ]
    light, dark = (sum(map(int, re.findall(r"\d+", paper)[:3])) for paper in papers)
    assert light > 700 > 200 > dark


def test_above_the_fold(open_page, address):
    """The welcome page shows the whole plane and the numbers without scrolling."""
    page = open_page(f"{address}/{WELCOME}", width=1280, height=800)
    for part in (".gauss-plane", ".gauss-readout"):
        box = page.locator(f"{part}:visible").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800


def test_handles_are_large_enough_for_a_finger(open_page, address):
    page = open_page(f"{address}/{WELCOME}", width=390)
    for handle in page.locator(".handle:visible .hit").all():
        box = handle.bounding_box()
        # to a hundredth: a browser rounds the pixels of a picture that it scales
        assert round(min(box["width"], box["height"]), 2) >= 44


@pytest.mark.parametrize("name", [WELCOME, CHAPTER])
def test_without_javascript(open_page, html, address, name):
    """Text, mathematics, the still figure with its numbers, and the navigation are there."""
    page = open_page(f"{address}/{name}", java_script_enabled=False)
    assert page.locator("article h1").is_visible()
    assert page.get_by_role("link", name="Kullback").first.is_visible()
    assert page.locator("article .katex").first.is_visible()
    figure = page.locator("gauss-pair").first
    assert figure.locator("svg[role=img]").is_visible()
    numbers = figure.locator(".gauss-readout dd:visible").all_inner_texts()
    attributes = {k: json.loads(f"[{figure.get_attribute(k)}]") for k in "pq"}
    shown_values = [value for key, value in expected(**attributes).items() if key != "hellinger"]
    for text, value in zip(numbers, shown_values, strict=True):
        assert float(text.replace("−", "-")) == pytest.approx(value, rel=1e-3)


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("name", [WELCOME, CHAPTER, "book/figures.html"])
def test_the_still_picture_takes_the_place_of_the_figure(open_page, chromium, address, name, width):
    """Same numbers, same size: nothing on the page moves when the figure comes alive.

    Before that a page has scripts that have not come yet.
    """
    early = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
    early.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    early.goto(f"{address}/{name}")
    still = early.locator(".gauss-element")
    alive = open_page(f"{address}/{name}", width=width).locator(".gauss-element")
    assert shown(still) == shown(alive)
    for one, other in zip(still.all(), alive.all(), strict=True):
        before, after = (figure.bounding_box() for figure in (one, other))
        for side in ("width", "height"):
            assert before[side] == pytest.approx(after[side], abs=1), one.get_attribute("id")
    early.context.close()


@pytest.mark.parametrize("place", ["served", "file"])
def test_search_finds_the_chapter(open_page, address, html, place):
    folder = {"served": address, "file": html.as_uri()}[place]
    page = open_page(f"{folder}/search.html?q=divergence")
    result = page.locator("ul.search li a", has_text="Kullback")
    result.first.wait_for()
    assert "02-kl" in result.first.get_attribute("href")
    page.get_by_text(re.compile("finished, found")).wait_for()


def test_copying_an_equation_gives_its_tex(open_page, address):
    page = open_page(f"{address}/{CHAPTER}")
    formula = page.locator('[data-formula="eq-kl"]').first
    tex = formula.locator('annotation[encoding="application/x-tex"]')
    assert r"\operatorname{Tr}" in tex.text_content()
