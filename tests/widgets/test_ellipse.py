"""What a figure accepts, and what moving a handle makes of it; Python and browser agree."""

import math

import numpy as np
import pytest
import traitlets
from support.javascript import evaluate, on_figures

from gausslib import Gaussian, w2_geodesic
from gausslib.widgets import GaussianPair

LEGAL = [
    [0, 0, 1, 0.5, 0.3],
    [0, 0, 1, 0.001, 0],
    [0, 0, 0.0035, 3.5, 0],
    [-1e6, 1e6, 1e6, 1e6, -1e6],
    [0, 0, 1e-6, 1e-6, 7.5],
]
ILLEGAL = [
    None,
    "0,0,1,1,0",
    7,
    [],
    [0, 0, 1, 1],
    [0, 0, 1, 1, 0, 0],
    [0, 0, 1, 0, 0],
    [0, 0, -1, 1, 0],
    [0, 0, 1, 0.00099, 0],
    [0, 0, 1e-7, 1e-7, 0],
    [0, 0, 1, 2e6, 0],
    [2e6, 0, 1, 1, 0],
    [0, 0, 1, 1, -2e6],
    [0, 0, "1", 1, 0],
]
FIELD = "m.gaussian([0, 0, 1, 1, 0])"
ATTEMPT = "((f) => {try {return f()} catch (e) {return `${e.name}: ${e.message}`}})"


def in_browser(values):
    return evaluate(
        "ellipse.js", f"data.map((v) => {ATTEMPT}(() => {FIELD}.check('q', v)))", values
    )


def test_legal_states_are_kept_as_given():
    assert in_browser(LEGAL) == LEGAL
    for value in LEGAL:
        assert GaussianPair(q=value).q == value


@pytest.mark.parametrize("value", ILLEGAL, ids=repr)
def test_illegal_states_are_refused(value):
    (answer,) = in_browser([value])
    assert answer.startswith("RangeError: q: expected")
    pair = GaussianPair()
    with pytest.raises(traitlets.TraitError, match=r"^q: expected .*, got "):
        pair.q = value


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_refused(number):
    script = "[NaN, Infinity, -Infinity].map((x) => " + ATTEMPT
    answers = evaluate("ellipse.js", f"{script}(() => {FIELD}.check('q', [x, 0, 1, 1, 0])))", None)
    assert all(answer.startswith("RangeError: q: expected finite") for answer in answers)
    with pytest.raises(traitlets.TraitError, match="q: expected finite numbers"):
        GaussianPair(q=[number, 0, 1, 1, 0])


def test_attributes_are_read_strictly():
    def read(text):
        return evaluate("ellipse.js", f"{ATTEMPT}(() => {FIELD}.parse('p', data))", text)

    assert read(" 0, -.5 ,1e0,0.5,+3.25E-1") == [0, -0.5, 1, 0.5, 0.325]
    for text in ("", "0,0,1,1,", "0,0,1,1", "0,0,0x1,1,0", "0,0,Infinity,1,0", "0 0 1 1 0", "a"):
        assert read(text).startswith("RangeError: p: expected")


def moved(axes, point, expression):
    plane = "new (modules['plane.js'].Plane)()"
    script = f"(({{axes, point}}, plane) => {expression})(data, {plane})"
    return evaluate("ellipse.js", script, {"axes": axes, "point": point})


def test_a_mean_follows():
    axes = [0, 0, 1, 0.5, 0.3]
    assert moved(axes, [1.25, -1.5], "m.withMean(axes, point, plane)") == [1.25, -1.5, *axes[2:]]


def test_an_axis_end_sets_length_and_angle():
    axes = [1, 1, 1, 0.5, 0.3]
    first = moved(axes, [1, 2.5], "m.withAxisEnd(axes, 0, point, plane)")
    assert first == [1, 1, 1.5, 0.5, pytest.approx(math.pi / 2, abs=1e-4)]
    second = moved(axes, [-1, 1], "m.withAxisEnd(axes, 1, point, plane)")
    assert second == [1, 1, 1, 2, pytest.approx(math.pi / 2, abs=1e-4)]


def pulled(axes, index, points):
    """What becomes of an ellipse when the handle of a semi-axis is pulled through points.

    A unit of length has 80 pixels.
    """
    script = """(({ Plane }) => {
        let axes = data.axes;
        return data.points.map((point) => {
            const handle = m.gaussianHandles("p")[1 + data.index];
            const plane = new Plane();
            axes = handle.constrain({ p: axes }, point, plane).p;
            return { axes, place: handle.position({ p: axes }, plane) };
        });
    })(modules["plane.js"])"""
    return evaluate("ellipse.js", script, {"axes": axes, "index": index, "points": points})


@pytest.mark.parametrize("index", [0, 1])
def test_an_axis_end_on_the_mean_keeps_the_angle(index):
    (res,) = pulled([1, 1, 1, 0.5, 0.3], index, [[1, 1]])
    assert res["axes"][2 + index] == 0.01
    assert res["axes"][4] == pytest.approx(0.3)


def test_an_axis_pulled_through_the_mean_gets_short_without_turning():
    points = [[0.5, 0], [0.3, 0], [0.12, 0.04], [-0.1, 0.02], [0, 0.1]]
    lengths = [0.5, 0.15, 0.01, 0.01, 0.01]
    for res, length in zip(pulled([0, 0, 1, 0.5, 0.0], 0, points), lengths, strict=True):
        assert res["axes"] == [0, 0, pytest.approx(length), 0.5, 0.0]


def test_the_handle_of_a_short_axis_stands_off_and_follows_the_hand():
    """No axis is so short that its handle hides the mean; wherever it is put, there it is."""
    rng = np.random.default_rng(1)
    for length in (1e-3, 0.01, 0.1, 0.2, 0.44, 0.46, 1.0):
        axes = [0.5, -0.25, 1, length, rng.uniform(-3, 3)]
        for point in rng.uniform(-2, 2, (20, 2)).tolist():
            distance = 80 * math.dist(point, axes[:2])
            if distance < 18.5:
                continue
            (res,) = pulled(axes, 1, [point])
            assert math.dist(res["place"], point) < 2e-3
        (still,) = pulled(axes, 1, [[50, 50]])
        (short,) = pulled(still["axes"], 1, [[0.5, -0.25]])
        assert 80 * math.dist(short["place"], axes[:2]) >= 18


def test_a_thin_ellipse_turns_by_its_short_axis():
    """In a window where that axis has less than a pixel, too, and in small steps."""
    angles = np.arange(0.3, 2, 0.02)
    points = [[0.24 * math.cos(t + math.pi / 2), 0.24 * math.sin(t + math.pi / 2)] for t in angles]
    turned = pulled([0, 0, 1.5, 0.002, 0.3], 1, points)
    for res, angle in zip(turned, angles, strict=True):
        assert res["axes"][4] == pytest.approx(angle, abs=1e-3)


def test_every_move_is_legal_and_puts_the_handle_there():
    rng = np.random.default_rng(0)
    cases = [
        [
            [*rng.uniform(-2, 2, 2), 10**e, 10 ** (e + f), rng.uniform(-9, 9)],
            [*rng.uniform(-6, 6, 2)],
        ]
        for e, f in zip(rng.uniform(-3, 0.5, 300), rng.uniform(-3, 3, 300), strict=True)
    ]
    script = f"""(({{Plane}}) => data.flatMap(([axes, point]) => [0, 1].map((index) => {{
        const plane = new Plane();
        const res = {FIELD}.check("p", m.withAxisEnd(axes, index, point, plane));
        return {{axes, index, res, end: m.axisEnd(res, index), wanted: point}};
    }})))(modules["plane.js"])"""
    for case in evaluate("ellipse.js", script, cases):
        axes, res, index = case["axes"], case["res"], case["index"]
        assert res[:2] == axes[:2]
        assert res[3 - index] == axes[3 - index]
        wanted = math.dist(case["wanted"], axes[:2])
        assert res[4] == axes[4] or -math.pi <= res[4] <= math.pi + 1e-4
        if wanted > 0.2 and 1e-3 < wanted / axes[3 - index] < 1e3:
            assert math.dist(case["end"], case["wanted"]) < 2e-3  # a fifth of a pixel


def gaussian_of(axes: list[float]) -> Gaussian:
    return Gaussian.from_axes(axes[:2], axes[2:4], axes[4])


def on_the_way(figure: str, given: dict, parts: list[float]) -> list[list[float]]:
    """The ellipse at parts of the way from one to another, as a figure goes it."""
    return on_figures(
        f"data.parts.map((part) => figures['{figure}'].fields[data.name]"
        ".between(data.from, data.to, part, data.state))",
        {**given, "parts": parts},
    )


@pytest.mark.parametrize(
    ("figure", "name", "state"),
    [("gauss-pair", "q", {"formula": "w2"}), ("gauss-barycenter", "p2", {})],
)
def test_where_w2_is_the_subject_a_gaussian_goes_its_shortest_path(figure, name, state):
    rng = np.random.default_rng(12)
    for _ in range(40):
        one, other = ([*rng.normal(size=2), *rng.uniform(0.2, 2, 2), rng.normal()] for _ in "pq")
        given = {"name": name, "from": one, "to": other, "state": state}
        parts = [0, 0.001, 0.3, 0.7, 0.999]
        ways = on_the_way(figure, given, parts)
        for part, way in zip(parts, ways, strict=True):
            ref = w2_geodesic(gaussian_of(one), gaussian_of(other), part)
            assert gaussian_of(way).mean == pytest.approx(ref.mean, abs=1e-12)
            assert gaussian_of(way).cov == pytest.approx(ref.cov, rel=1e-9, abs=1e-12)
        # No dot leaps when it sets out: its axes have the names that they had.
        assert ways[0] == pytest.approx(one, abs=1e-9)
        assert ways[1] == pytest.approx(one, abs=0.05)


def test_where_another_distance_is_the_subject_it_turns_evenly():
    state = {"formula": "kl"}
    given = {"name": "q", "from": [0, 0, 2, 1, 0], "to": [0, 0, 2, 1, 1], "state": state}
    (way,) = on_the_way("gauss-pair", given, [0.5])
    assert way == pytest.approx([0, 0, 2, 1, 0.5], abs=1e-12)
