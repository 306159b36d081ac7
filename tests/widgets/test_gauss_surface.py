"""GaussianSurface and `<gauss-surface>`: volumes of meshes, what hides what, and the view.

What all figures share is in `test_figures.py`.
"""

import io
import math
import re

import numpy as np
import pytest
from matplotlib.image import imread
from support.javascript import BUNDLE, figure_values, on_figures
from support.states import ordinary_states

from gausslib.widgets import GaussianSurface

TAG = "gauss-surface"
# The closed form of the volume of each surface.
EXACT = {"both": lambda _: 2, "root": lambda res: res["overlap"], "log": lambda res: res["kl_pq"]}


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_browser_and_library_agree(count):
    """To 1e-9, thin ellipses included; of what is next to nothing, to 1e-13."""
    states = ordinary_states(TAG, count, seed=4)
    res = figure_values(TAG, states)
    ref = [GaussianSurface(**state).values for state in states]
    assert set(res[0]) == set(ref[0])
    for name in ref[0]:
        pairs = np.array([[one[name], other[name]] for one, other in zip(res, ref, strict=True)])
        worst = np.max(np.abs(pairs[:, 0] - pairs[:, 1]) / (np.abs(pairs[:, 1]) + 1e-13))
        print(f"{name:14} {worst:.1e}")
        assert pairs[:, 0] == pytest.approx(pairs[:, 1], rel=1e-9, abs=1e-13), name


@pytest.mark.parametrize("surface", EXACT)
def test_the_volume_of_the_mesh_is_the_number(surface):
    """To a thousandth, on the mesh that is drawn, for thin ellipses too."""
    states = [{**state, "surface": surface} for state in ordinary_states(TAG, 1000, seed=5)]
    for state, res in zip(states, figure_values(TAG, states), strict=True):
        exact = EXACT[surface](res)
        assert res["volume"] == pytest.approx(exact, rel=1e-3, abs=1e-300), state
        assert res["volume"] == pytest.approx(res["above"] - res["below"], rel=1e-12)


def test_only_p_log_p_over_q_is_below_the_floor():
    """Where q is larger than p, which is somewhere on the mesh unless q is thin."""
    states = ordinary_states(TAG, 300, seed=6)
    res = figure_values(TAG, states)
    is_log = np.array([state["surface"] == "log" for state in states])
    is_below = np.array([numbers["below"] > 0 for numbers in res])
    assert not is_below[~is_log].any()
    assert is_below[is_log].mean() > 0.8


def test_equal_gaussians_leave_a_level_floor():
    one = [0.3, -0.2, 1.2, 0.5, 0.4]
    (res,) = figure_values(TAG, [{"p": one, "q": one, "surface": "log"}])
    assert res["volume"] == res["above"] == res["below"] == res["highest"] == 0
    assert not paths({"p": one, "q": one, "surface": "log"})


def paths(state: dict) -> list[tuple[str, np.ndarray]]:
    """The cells of surfaces in the order in which they are drawn: classes and corners."""
    scene = on_figures(f"still('{TAG}', data)", {k: attribute(v) for k, v in state.items()})
    found = re.findall(r'<path class="([^"]* shade-\d[^"]*)" d="([^"]*)Z', scene)
    return [
        (look, np.array(outline.split(), dtype=float).reshape(-1, 2))
        for look, d in found
        for outline in d.removeprefix("M").split("ZM")
    ]


def attribute(value) -> str:
    return value if isinstance(value, str) else ",".join(map(str, np.ravel(value)))


def contains(corners: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Whether points are inside a polygon: a ray to the right crosses it an odd number of times."""
    inside = np.zeros(len(points), dtype=bool)
    for (x, y), (u, v) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if v != y:
            crosses = (y > points[:, 1]) != (v > points[:, 1])
            inside ^= crosses & (points[:, 0] < x + (points[:, 1] - y) / (v - y) * (u - x))
    return inside


def first_seen(state: dict, points: np.ndarray, unit: float) -> list[str]:
    """What a line of sight through each pixel meets first, marched from the reader into the depth.

    `unit` is the number of pixels of a unit of length.
    """
    figure = GaussianSurface(**state)
    p, q = figure.gaussians
    turn, lift = math.radians(figure.longitude), math.radians(figure.latitude)
    c, s, u, v = math.cos(turn), math.sin(turn), math.cos(lift), math.sin(lift)
    view = np.array([[-s, c, 0], [-v * c, -v * s, u], [u * c, u * s, v]])
    seen = np.column_stack([(points[:, 0] - 320) / unit, (220 - points[:, 1]) / unit])
    depths = np.linspace(12, -12, 4000)
    functions = {
        "both": {"p": p.pdf, "q": q.pdf},
        "log": {"moving": lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x))},
    }[figure.surface]
    sheets = figure._sheets()
    most = max(np.abs(sheet.heights).max() for sheet in sheets)
    usual = 1 / (2 * math.pi * math.sqrt(np.prod(figure.p[2:4]) * np.prod(figure.q[2:4])))
    scale = 2 * (80 / unit) / (most + 0.4 * usual)
    answers = []
    for x, y in seen:
        line = x * view[0] + y * view[1] + depths[:, None] * view[2]
        hits = []
        for (look, function), sheet in zip(functions.items(), sheets, strict=True):
            heights = function(line[:, :2])
            is_there = np.abs(heights) > 0.03 * np.abs(sheet.heights).max()
            is_met = is_there & (line[:, 2] <= scale * heights)
            is_met &= np.roll(line[:, 2] > scale * heights, 1)
            if is_met.any():
                first = is_met.argmax()
                hits.append((first, "hollow" if heights[first] < 0 else look))
        answers.append(min(hits)[1] if hits else "")
    return answers


@pytest.mark.parametrize(
    "state",
    [
        {"surface": "both", "longitude": -65, "latitude": 30},
        {"surface": "both", "longitude": 20, "latitude": 50},
        {"surface": "both", "p": [-0.5, 0, 1.4, 0.4, 0.6], "longitude": 140, "latitude": 25},
        {"surface": "log", "longitude": -65, "latitude": 30},
        {"surface": "log", "longitude": 100, "latitude": 60},
    ],
)
def test_what_is_drawn_last_is_what_is_nearest(state):
    """At 97 of 100 random pixels: a cell is flat between its corners, and a surface is not."""
    points = np.random.default_rng(1).uniform([150, 60], [490, 330], size=(400, 2))
    last = np.full(len(points), "", dtype=object)
    for look, corners in paths(state):
        last[contains(corners, points)] = look.split()[0]
    assert 0.4 < on_figures(f"figures['{TAG}'].reach(stateOf('{TAG}', data))", state) < 1
    ref = np.array(first_seen(state, points, 80))
    is_met = ref != ""
    assert is_met.sum() > 80
    assert len(set(ref[is_met])) == 2
    assert np.mean(last[is_met] == ref[is_met]) > 0.97


@pytest.fixture
def page(open_page, tmp_path):
    """Opens a page with nothing but the figure, in a theme."""
    scripts = [BUNDLE.with_name(f"{name}.js").as_uri() for name in ("runtime", "look", TAG)]
    loading = "".join(f"<script defer src='{script}'></script>" for script in scripts)
    (tmp_path / "page.html").write_text(
        f"<!doctype html><meta charset=utf-8><meta name=color-scheme content='light dark'>"
        f"{loading}<{TAG} surface=log></{TAG}>",
        "utf-8",
    )
    return lambda theme: open_page((tmp_path / "page.html").as_uri(), 720, 900, theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_painted_as_it_is_drawn(page, theme):
    """On the move on a canvas, at rest as SVG: only the smoothing of edges differs."""
    page = page(theme)
    canvas, shapes = page.locator(".gauss-canvas"), page.locator(".shapes > path")

    def picture() -> np.ndarray:
        with io.BytesIO(page.locator(".gauss-stage").screenshot()) as file:
            return imread(file)[..., :3]

    def turn(longitude: int) -> None:
        page.locator(TAG).evaluate("(figure, angle) => { figure.longitude = angle; }", longitude)

    def distant(one: np.ndarray, other: np.ndarray) -> float:
        return np.mean(np.abs(one - other).max(axis=-1) > 0.1)

    canvas.wait_for(state="hidden")
    drawn = picture()
    page.clock.install()  # While no timer is due, the picture is on the move.
    turn(-30)
    assert distant(picture(), drawn) > 0.1
    turn(-65)
    assert canvas.is_visible()
    assert not shapes.count()
    assert distant(picture(), drawn) < 0.02
    page.clock.run_for(1000)
    assert not canvas.is_visible()
    assert shapes.count() > 20
    assert distant(picture(), drawn) < 0.001


def test_a_dot_comes_back_to_where_it_was_put():
    """Whatever the view: the point of the floor below the pointer is where the mean goes."""
    states = ordinary_states(TAG, 100, seed=7)
    found = on_figures(
        f"""data.map((state) => {{
            const plane = {{ unit: 80, scale: 1, step: 1, rounded: (x) => x }};
            const [handle] = figures['{TAG}'].handles;
            const moved = handle.constrain(state, [0.5, -0.3], plane);
            return handle.position({{ ...state, ...moved }}, plane);
        }})""",
        states,
    )
    assert np.array(found) == pytest.approx(np.tile([0.5, -0.3], (100, 1)), abs=1e-12)


def test_a_hand_turns_by_as_much_in_every_window():
    turned = on_figures(
        f"""[1, 5].map((scale) => {{
            const {{ backdrop, fields }} = figures['{TAG}'];
            const state = stateOf('{TAG}', {{}});
            const [x, y] = backdrop.position(state, {{ scale }});
            return backdrop.constrain(state, [x - 0.3 * scale, y - 0.2 * scale], {{ scale }});
        }})"""
    )
    assert turned == [{"longitude": -48, "latitude": 41}] * 2


def test_it_shares_its_gaussians_with_the_figure_of_two_and_its_view_with_no_other():
    kinds = on_figures(
        "Object.fromEntries(Object.entries(figures).map(([tag, { fields }]) => "
        "[tag, Object.fromEntries(Object.entries(fields).map(([name, f]) => [name, f.kind]))]))"
    )
    mine = kinds.pop(TAG)
    assert mine["p"] == kinds["gauss-pair"]["p"]
    assert mine["q"] == kinds["gauss-pair"]["q"]
    others = {(name, kind) for each in kinds.values() for name, kind in each.items() if kind}
    assert set(mine.items()) & others == {("p", mine["p"]), ("q", mine["q"])}
