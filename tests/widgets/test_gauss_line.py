"""The figure of two Gaussians on the line: its numbers in both languages, its limits, its areas."""

import re
import warnings

import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure as Picture
from scipy.special import ndtri
from support.javascript import figure_python, figure_values, on_figures

from gausslib import Gaussian
from gausslib.widgets import GaussianLine
from gausslib.widgets.gauss_line import _distances

TAG = "gauss-line"
DISTANCES = ("kl", "bhattacharyya", "variation", "w2", "renyi")
TERMS = (
    None,
    ("eq-kl-definition", "expectation"),
    ("eq-overlap-definition", "expectation"),
    ("eq-variation-definition", "expectation"),
    ("eq-kl-1d", "logdet"),
    ("eq-kl-1d", "square"),
    ("eq-bhattacharyya-1d", "mean"),
    ("eq-bhattacharyya-1d", "logdet"),
    ("eq-renyi-1d", "mean"),
    ("eq-renyi-1d", "logdet"),
    ("eq-w2-1d", "mean"),
    ("eq-w2-1d", "covariance"),
)
PLANE = """(state) => {
    const plane = new modules["plane.js"].Plane();
    plane.rounded = (length) => Math.round(length * 1e4) / 1e4;
    plane.scale = Math.max(1, figures["gauss-line"].reach(state));
    return plane;
}"""
EXTREME = [
    {"p": [0, 1e-6], "q": [0, 1e6]},
    {"p": [-1e6, 1e6], "q": [1e6, 1e-6]},
    {"p": [-1e6, 1e-6], "q": [1e6, 1e-6]},
    {"p": [1e6, 1e6], "q": [1e6, 1e6]},
    {"p": [0, 1], "q": [1e-12, 1]},
]


def states(count: int, seed: int) -> list[dict]:
    """Of every scale, thin against wide, nearly identical, far apart, and the extreme ones."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        p = np.array([rng.uniform(-3, 3), rng.uniform(0.2, 3)])
        q = np.array([rng.uniform(-3, 3), rng.uniform(0.2, 3)])
        match rng.integers(6):
            case 0:
                q[1] = p[1] * 10 ** rng.uniform(-3, 3)
            case 1:
                q = p + p[1] * 10 ** rng.uniform(-12, -1) * rng.normal(size=2)
            case 2:
                equal = rng.integers(2)
                q[equal] = p[equal]
            case 3:
                p, q = p * (size := 10 ** rng.uniform(-5, 5)), q * size
            case 4:
                q[0] = p[0] + 10 ** rng.uniform(0, 5)
        alpha = rng.uniform(0, 2) if rng.integers(4) else rng.integers(5) / 2
        found.append({"p": p.tolist(), "q": q.tolist(), "alpha": min(float(alpha), 2.0)})
    return found + [{**state, "alpha": alpha} for state in EXTREME for alpha in (0.3, 1.7)]


def in_every_distance(given: list[dict]) -> list[dict]:
    return [{**state, "distance": distance} for state in given for distance in DISTANCES]


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_numbers_agree_with_gausslib(count):
    """In random states of every kind."""
    given = states(count, seed=1)
    found = figure_values(TAG, given)
    ref = _distances(*([state[name] for state in given] for name in ("p", "q", "alpha")))
    assert list(ref) == list(found[0])
    for name, values in ref.items():
        res = np.array([numbers[name] for numbers in found])
        np.testing.assert_allclose(res, values, rtol=1e-9, atol=0, err_msg=name)


def test_the_program_gives_the_numbers():
    given = states(12, seed=2)
    programs = figure_python(TAG, given)
    for state, values, program in zip(given, figure_values(TAG, given), programs, strict=True):
        names = {}
        exec(program.replace("print(values)", ""), names)
        assert names["values"] == pytest.approx(values, rel=1e-9, abs=0), state


def test_the_object_has_the_numbers():
    line = GaussianLine([0, 1], [2, 1])
    assert line.gaussians == (Gaussian(0, 1), Gaussian(2, 1))
    assert line.values["kl_pq"] == line.values["kl_qp"] == pytest.approx(2, rel=1e-15)
    assert line.values["w1"] == line.values["w2"] == 2


REFUSED = [
    ("p", [0, 9e-7]),
    ("p", [0, 1.1e6]),
    ("p", [0, -1]),
    ("q", [-1.1e6, 1]),
    ("q", [0, float("nan")]),
    ("q", [0]),
    ("q", [0, "1"]),
    ("distance", "w1"),
    ("show", "quantiles"),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_is_not_legal_is_refused_by_both(name, value):
    refused = on_figures(
        f"(() => {{ try {{ figures['{TAG}'].fields['{name}'].check('{name}',"
        " Array.isArray(data) ? data.map((x) => x ?? NaN) : data) }"
        " catch (error) { return error.message } })()",
        [None if x != x else x for x in value] if isinstance(value, list) else value,
    )
    assert refused.startswith(f"{name}: expected")
    with pytest.raises(traitlets.TraitError, match=f"{name}: expected"):
        GaussianLine(**{name: value})


def test_what_is_just_legal_is_accepted():
    for state in EXTREME:
        line = GaussianLine(**state)
        assert on_figures(
            f"['p', 'q'].map((name) => figures['{TAG}'].fields[name].check(name, data[name]))",
            state,
        ) == [line.p, line.q]


# --- handles ------------------------------------------------------------------------------


def moved(handle: str, given: list[tuple[dict, list[float]]]) -> list[dict]:
    """What becomes of the fields when a handle is brought to a point."""
    return on_figures(
        f"data.map(([given, point]) => {{ const state = stateOf('{TAG}', given);"
        f" return figures['{TAG}'].handles.find(({{ name }}) => name === '{handle}')"
        f".constrain(state, point, ({PLANE})(state)); }})",
        given,
    )


def test_handles_stay_where_they_are_put():
    """A handle that is moved to where it stands changes nothing but the last rounding."""
    rng = np.random.default_rng(3)
    given = [
        {"p": [rng.uniform(-2, 2), rng.uniform(0.1, 2)], "distance": distance}
        for distance in DISTANCES
        for _ in range(5)
    ]
    for index, handle in enumerate(("mean of p", "standard deviation of p")):
        points = on_figures(
            f"data.map((given) => {{ const state = stateOf('{TAG}', given);"
            f" return figures['{TAG}'].handles[{index}].position(state, ({PLANE})(state)); }})",
            given,
        )
        for state, change in zip(
            given, moved(handle, list(zip(given, points, strict=True))), strict=True
        ):
            assert change["p"] == pytest.approx(state["p"], abs=5e-5)


def test_every_drag_is_legal():
    rng = np.random.default_rng(4)
    given = states(200, seed=4)
    for handle, name, other in (
        ("mean of p", "p", "q"),
        ("mean of q", "q", "p"),
        ("standard deviation of p", "p", "q"),
        ("standard deviation of q", "q", "p"),
    ):
        size = [10 ** rng.uniform(-3, 7) for _ in given]
        points = [[s * x, s * y] for s, (x, y) in zip(size, rng.normal(size=(210, 2)), strict=True)]
        for state, change in zip(
            given, moved(handle, list(zip(given, points, strict=True))), strict=True
        ):
            figure = GaussianLine(**{**state, **change})
            mean, sd = change[name]
            if handle.startswith("mean"):
                assert sd == state[name][1]
            else:
                assert mean == state[name][0]
                assert 0.999e-3 <= sd / getattr(figure, other)[1] <= 1.001e3


def test_handles_are_in_the_window():
    given = in_every_distance(states(60, seed=5))
    found = on_figures(
        f"data.map((given) => {{ const state = stateOf('{TAG}', given);"
        f" const plane = ({PLANE})(state);"
        f" return figures['{TAG}'].handles.map((handle) =>"
        " plane.toPixels(handle.position(state, plane))); })",
        given,
    )
    points = np.reshape(found, (-1, 2))
    inside = np.all((points >= 5) & (points <= [635, 435]), axis=-1)
    assert np.all(inside), (points[~inside], [given[i // 4] for i in np.flatnonzero(~inside)])


# --- the picture --------------------------------------------------------------------------


def scenes(given: list[dict], lit: tuple[str, str] | None = None) -> list[str]:
    term = "null" if lit is None else f"{{ formula: '{lit[0]}', term: '{lit[1]}' }}"
    return on_figures(
        f"data.map((given) => {{ const state = stateOf('{TAG}', given);"
        f" return figures['{TAG}'].scene(state, {{ plane: ({PLANE})(state), lit: {term} }}); }})",
        given,
    )


def curve(scene: str, name: str) -> np.ndarray:
    """The points of a path, x to the right and y up."""
    (d,) = re.findall(rf'<path class="{name}" d="M([^"]*?)Z?"', scene)
    return np.array([[*map(float, point.split())] for point in d.split("L")]) * [1, -1]


def area(scene: str, name: str) -> float:
    """Under a curve, in units of the area under p's bell, which is 1."""
    (ground,) = re.findall(r'<path class="origin" d="M[-\d.]+ ([\d.]+)', scene)
    (x, y), (u, v) = (curve(scene, path).T for path in (name, "p bell"))
    return np.trapezoid(y + float(ground), x) / np.trapezoid(v + float(ground), u)


def test_shaded_areas_are_the_distances():
    rng = np.random.default_rng(6)
    pairs = [
        {"p": [rng.uniform(-0.7, 0.7), rng.uniform(0.4, 0.7)], "q": [0.2, 0.7]} for _ in range(8)
    ]
    for state, values in zip(pairs, figure_values(TAG, pairs), strict=True):
        kl, coefficient, variation, _, _ = scenes(in_every_distance([state]))
        above, below = (area(kl, f"{name} shade") for name in "pq")
        assert above >= 0 >= below
        assert above + below == pytest.approx(values["kl_pq"], abs=2e-3)
        shaded = area(coefficient, "map shade")
        assert shaded == pytest.approx(np.exp(-values["bhattacharyya"]), abs=2e-3)
        halves = [area(variation, f"{name} shade") for name in "pq"]
        assert halves == pytest.approx([values["total_variation"] / 2] * 2, abs=2e-3)


def test_a_lit_term_is_its_area():
    state = {"p": [-0.5, 0.6], "q": [0.4, 0.9], "show": "terms"}
    terms = {"logdet": np.log(0.9 / 0.6), "square": (0.6**2 + 0.9**2) / (2 * 0.9**2) - 0.5}
    for term, value in terms.items():
        (scene,) = scenes([{**state, "distance": "kl"}], ("eq-kl-1d", term))
        assert area(scene, f"overlay term-{term} under") == pytest.approx(value, abs=2e-3)
    together = np.sqrt(2 * 0.6 * 0.9 / (0.6**2 + 0.9**2))
    (scene,) = scenes([{**state, "distance": "bhattacharyya"}], ("eq-bhattacharyya-1d", "logdet"))
    assert area(scene, "overlay term-logdet under") == pytest.approx(together, abs=2e-3)


def test_a_term_of_another_distance_changes_nothing():
    state = {"distance": "w2"}
    assert scenes([state], ("eq-kl-definition", "expectation")) == scenes([state])


def test_lines_join_equal_quantiles():
    (scene,) = scenes([{"p": [-0.5, 0.6], "q": [0.4, 0.9], "distance": "w2"}])
    (d,) = re.findall('class="coupling" d="M([^"]*)"', scene)
    ends = [[float(end.split()[0]) for end in line.split("L")] for line in d.split("M")]
    x, y = (np.array(ends).T - 320) / 80
    deciles = ndtri(np.arange(1, 10) / 10)
    rounding = 0.0501 / 80  # half of a tenth of a pixel
    np.testing.assert_allclose(x, -0.5 + 0.6 * deciles, rtol=0, atol=rounding)
    np.testing.assert_allclose(y, 0.4 + 0.9 * deciles, rtol=0, atol=rounding)


@pytest.mark.parametrize("lit", TERMS)
def test_nothing_that_is_drawn_is_out_of_reach(lit):
    given = in_every_distance(states(25, seed=7))
    if lit:
        show = "" if lit[1] == "expectation" else "terms"
        given = [{**state, "show": show} for state in given]
        own = lit[0].split("-")[1].replace("overlap", "bhattacharyya")
        given = [state for state in given if state["distance"] == own]
    for state, scene in zip(given, scenes(given, lit), strict=True):
        assert not re.search("NaN|undefined|null|Infinity", scene), state
        numbers = re.findall(r"-?\d[\d.e+-]*", "".join(re.findall(' d="[^"]*"', scene)))
        assert max(abs(float(number)) for number in numbers) < 2000, state


def test_what_is_cut_off_is_said():
    alike, thin = scenes([{"p": [0, 1], "q": [1, 1]}, {"p": [0, 0.01], "q": [1, 1]}])
    assert "as high as the picture" not in alike
    assert "as high as the picture" in thin


def test_the_area_of_the_product_is_the_coefficient_and_that_of_the_dashed_bell_is_one():
    for alpha in (0.2, 0.5, 1, 1.3):
        state = {"p": [-0.5, 0.6], "q": [0.4, 0.7], "distance": "renyi", "alpha": alpha}
        (scene,), (numbers,) = scenes([state]), figure_values(TAG, [state])
        assert area(scene, "map shade") == pytest.approx(numbers["chernoff_coefficient"], abs=2e-3)
        assert area(scene, "map bell dashed") == pytest.approx(1, abs=2e-3)


def test_where_the_product_grows_without_end_there_is_no_bell():
    state = {"p": [0, 1.1], "q": [0.5, 0.5], "distance": "renyi"}
    inside, outside = scenes([{**state, "alpha": alpha} for alpha in (1.2, 1.3)])
    assert "dashed" in inside
    assert "dashed" not in outside
    assert "Up to ∞ times" in outside


def test_a_lit_term_of_the_family_moves_q_to_the_mean_of_p():
    state = {"p": [-0.5, 0.6], "q": [0.4, 0.9], "distance": "renyi", "alpha": 0.3}
    (moved,) = figure_values(TAG, [{**state, "q": [-0.5, 0.9]}])
    (scene,) = scenes([state], ("eq-renyi-1d", "logdet"))
    together = area(scene, "overlay term-logdet under")
    assert together == pytest.approx(moved["chernoff_coefficient"], abs=2e-3)


def captions(state: dict, term: str) -> list[str]:
    """What is said beside the formula: of a term, and while none is pointed at."""
    return on_figures(
        f"((state, view) => [view.captions['{term}'](state), view.rest(state)])("
        f"stateOf('{TAG}', data), figures['{TAG}'].formulas.find("
        "({ formula }) => formula.key === 'eq-renyi-1d'))",
        state,
    )


def test_the_family_is_told_in_words():
    state = {"p": [0, 1.1], "q": [0.5, 0.5], "distance": "renyi", "alpha": 1.1}
    (numbers,) = figure_values(TAG, [state])
    said, rest = captions(state, "mean")
    assert f"now {numbers['chernoff_coefficient']:.4f};" in said
    assert f"area {numbers['chernoff_coefficient']:.4f};" in rest
    assert "It is infinite from α = 1.2604 on." in rest
    _, rest = captions({**state, "p": [0, 0.4]}, "mean")
    assert "infinite" not in rest


def test_the_preset_of_chernoffs_midpoint_is_as_far_from_both():
    state = on_figures(f"figures['{TAG}'].presets[\"Chernoff's midpoint\"]")
    numbers = GaussianLine(**state).values
    assert numbers["kl_g_p"] == pytest.approx(numbers["chernoff"], rel=1e-12)
    assert numbers["kl_g_q"] == pytest.approx(numbers["chernoff"], rel=1e-12)


def charts(given: list[dict], grain: float = 1) -> list[str]:
    return on_figures(
        f"data.map((given) => figures['{TAG}'].panels[0].draw("
        f"stateOf('{TAG}', given), {{ lit: null, grain: {grain} }}))",
        given,
    )


def test_the_chart_goes_through_the_numbers():
    """The Rényi curve at 0, 1 and 2, and Chernoff's at its best power, as parts of one height."""
    state = {"p": [-0.8, 0.7], "q": [0.9, 1.1]}
    (drawn,) = charts([state])
    orders = figure_values(TAG, [{**state, "alpha": alpha} for alpha in (0, 1, 2)])
    renyi, chernoff = curve(drawn, "p bell"), curve(drawn, "map bell")
    heights = [renyi[index, 1] - renyi[0, 1] for index in (0, 20, 40)]
    values = np.array([numbers["renyi"] for numbers in orders])
    np.testing.assert_allclose(heights, values * heights[2] / values[2], atol=0.2)
    top = chernoff[:, 1].max() - chernoff[0, 1]
    assert top == pytest.approx(orders[0]["chernoff"] * heights[2] / values[2], abs=0.2)
    assert f"most at α = {orders[0]['chernoff_alpha']:.4f}" in drawn


def test_the_chart_says_where_the_divergence_is_infinite():
    ends, never = charts([{"p": [0, 1.1], "q": [0.5, 0.5]}, {"p": [0, 0.5], "q": [0.5, 1.1]}])
    assert "infinite" in ends
    assert "infinite" not in never
    left = float(re.search(r'class="at layer" d="M([\d.]+) ', ends)[1])
    assert left / 320 == pytest.approx(1.1**2 / (1.1**2 - 0.5**2), abs=1e-3)


def test_charts_hold_every_state():
    given = [{**state, "distance": "renyi"} for state in states(200, seed=8)]
    for grain in (0.8, 2):
        for state, drawn in zip(given, charts(given, grain), strict=True):
            assert not re.search("NaN|undefined|null|Infinity", drawn), state
            numbers = re.findall(r"-?\d[\d.e+-]*", "".join(re.findall(' d="[^"]*"', drawn)))
            assert max(abs(float(number)) for number in numbers) < 1000, state


@pytest.mark.parametrize("distance", DISTANCES)
def test_matplotlib_draws_every_state(distance):
    for state in [{}, *EXTREME, {"p": [0, 1], "q": [0, 1]}]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Picture(layout="constrained")
            ax = picture.add_subplot()
            GaussianLine(**state, distance=distance).plot(ax)
            picture.draw_without_rendering()
        assert np.all(np.isfinite(ax.dataLim.get_points()))
