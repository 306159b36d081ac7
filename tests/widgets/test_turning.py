"""What is seen from a longitude and a latitude is turned by a finger, which scrolls too."""

import pytest
from support.javascript import WIDGETS

TOUCH = "Input.dispatchTouchEvent"


@pytest.fixture(params=["orthogonal-sphere", "gauss-surface"])
def turned(request, chromium):
    """A page with one figure on a screen for fingers, and a finger that goes along a way."""
    tag = request.param
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.set_content(
        '<!doctype html><meta name="viewport" content="width=device-width">'
        f'<body style="min-height: 300vh"><{tag}></{tag}>'
    )
    for name in ("runtime", "look", tag):
        page.add_script_tag(path=WIDGETS / "static" / f"{name}.js")
    plane = page.locator(".gauss-plane")
    finger = context.new_cdp_session(page)

    def pan(across: float, down: float) -> tuple[list[float], float]:
        """The view and how far the page has scrolled, after a pan from a corner of the plane."""
        box = plane.bounding_box()
        x, y = box["x"] + 0.5 * box["width"] - across / 2, box["y"] + box["height"] - 12
        finger.send(TOUCH, {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 17):
            point = {"x": x + step * across / 16, "y": y + step * down / 16}
            finger.send(TOUCH, {"type": "touchMove", "touchPoints": [point]})
        finger.send(TOUCH, {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(300)
        view = page.evaluate(
            "(({ longitude, latitude }) => [longitude, latitude])"
            f"(document.querySelector('{tag}'))"
        )
        return view, page.evaluate("scrollY")

    yield pan
    context.close()


def test_a_finger_turns_from_side_to_side(turned):
    start, _ = turned(0, 0)
    once, top = turned(120, 0)
    assert 20 < (start[0] - once[0]) % 360 < 180
    assert once[1] == start[1]
    assert top == 0
    back, _ = turned(-120, 0)
    assert back == pytest.approx(start, abs=1)


def test_up_and_down_it_scrolls_the_page_and_turns_nothing(turned):
    """Nor does what came before the browser knew that it scrolls."""
    start, _ = turned(0, 0)
    after, top = turned(6, -160)
    assert after == start
    assert top > 60
