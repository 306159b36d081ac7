"""GaussianSampling: the same numbers in the browser, in Python, and in the program it copies."""

import math
import re

import numpy as np
import pytest
import traitlets
from support.javascript import figure_python, figure_values, on_figures

from gausslib.widgets import GaussianSampling
from gausslib.widgets._plot import planar
from gausslib.widgets._sampling import (
    CLOSED_FORMS,
    HALF_WIDTH_95,
    has_finite_variance,
    running_estimate,
)
from gausslib.widgets.gauss_sampling import numbers_of

TAG = "gauss-sampling"
ESTIMATORS = list(CLOSED_FORMS)
KINDS = ("plain", "thin", "near", "far", "extreme")
LIMIT = {"p": [0, 0, 1, 0.8, 0], "q": [0.2, 0.1, 1.37, 1.09, 0], "estimator": "kl_nonnegative"}
INFINITE = {**LIMIT, "q": [0.2, 0.1, 1.5, 1.2, 0]}


def random_ellipses(kind: str, rng: np.random.Generator) -> tuple[list[float], list[float]]:
    """Angles other than 0 only where the last digit of a sine changes little."""

    def ellipse(reach: float, low: float, high: float) -> list[float]:
        return [*rng.uniform(-reach, reach, 2), *10 ** rng.uniform(low, high, 2), 0.0]

    if kind == "plain":
        p, q = ellipse(2, -0.3, 0.3), ellipse(2, -0.3, 0.3)
        p[4], q[4] = rng.uniform(-3, 3, 2)
    elif kind == "thin":
        p, q = ellipse(1, -1.5, 1.5), ellipse(1, -1.5, 1.5)
    elif kind == "near":
        p = ellipse(2, -0.5, 0.5)
        q = [x * (1 + 10 ** rng.uniform(-12, -2)) for x in p]
    elif kind == "far":
        p, q = ellipse(50, -1, 0.5), ellipse(50, -1, 0.5)
    else:
        p, q = ellipse(1e6, 3, 6), ellipse(1e6, -6, -3)
        p, q = (p, q) if rng.random() < 0.5 else (q, p)
    return p, q


def random_states(kind: str, count: int) -> list[dict]:
    rng = np.random.default_rng([31, KINDS.index(kind)])
    states = []
    for index in range(count):
        p, q = random_ellipses(kind, rng)
        seed, n = int(rng.integers(2**32)), round(2 * 100 ** rng.uniform())
        estimator = ESTIMATORS[index % 4]
        states.append({"p": p, "q": q, "estimator": estimator, "seed": seed, "n": n})
    return states


def check(state: dict, res: dict[str, float]) -> None:
    gaussians = planar(state["p"]), planar(state["q"])
    ref = numbers_of(state["estimator"], *gaussians, state["seed"], state["n"])
    assert not any(map(math.isnan, res.values())), state
    assert res["exact"] == pytest.approx(ref["exact"], rel=1e-9, abs=0), state
    # an estimate that has cancelled is as good as the samples that it is made of
    noise = 1e-12 * math.sqrt(state["n"]) * min(ref["error"], 1e300)
    assert res["estimate"] == pytest.approx(ref["estimate"], rel=1e-9, abs=noise), state
    noise = 1e-12 * abs(ref["estimate"])
    assert res["error"] == pytest.approx(ref["error"], rel=1e-9, abs=noise), state


# Together 10,000 states.
@pytest.mark.parametrize("kind", KINDS)
def test_browser_and_python_agree(kind):
    states = random_states(kind, 2000)
    for state, res in zip(states, figure_values(TAG, states), strict=True):
        check(state, res)


def test_they_agree_on_many_samples():
    states = [
        {**random_states(kind, 1)[0], "estimator": estimator, "n": 10_000}
        for kind in KINDS
        for estimator in ESTIMATORS
    ]
    for state, res in zip(states, figure_values(TAG, states), strict=True):
        check(state, res)


def test_what_is_kept_is_not_mixed_up():
    """Two figures that take turns have the numbers that each has alone."""
    first, second = ({"n": n, "seed": 3, **state} for n, state in ((50, LIMIT), (20, {})))
    (one,), (two,) = figure_values(TAG, [first]), figure_values(TAG, [second])
    fewer = {**first, "n": 30}
    turns = figure_values(TAG, [first, second, fewer, first, second])
    assert turns == [one, two, figure_values(TAG, [fewer])[0], one, two]


def test_copied_python_gives_the_numbers():
    rng = np.random.default_rng(5)
    states = [{**LIMIT, "n": 2}, {**INFINITE, "seed": 2**32 - 1}]
    for estimator in ESTIMATORS:
        for _ in range(3):
            p, q = random_ellipses("plain", rng)
            n = int(rng.integers(2, 3000))
            states.append({"p": p, "q": q, "estimator": estimator, "n": n, "seed": n})
    programs = figure_python(TAG, states)
    for state, program, res in zip(states, programs, figure_values(TAG, states), strict=True):
        names: dict = {}
        exec(program, names)
        ref = {name: float(value) for name, value in names["values"].items()}
        assert ref == pytest.approx(res, rel=1e-9, abs=1e-9), state


@pytest.mark.parametrize(
    "wrong",
    [{"n": 1}, {"n": 10_001}, {"n": 2.5}, {"seed": -1}, {"seed": 2**32}, {"estimator": "kl"}],
)
def test_limits_are_the_same(wrong):
    ((name, value),) = wrong.items()
    message = on_figures(
        f"(() => {{ try {{ figures['{TAG}'].fields[data[0]].check(...data); return ''; }} "
        "catch (error) { return error.message; } })()",
        [name, value],
    )
    assert message.startswith(f"{name}: expected ")
    with pytest.raises(traitlets.TraitError, match=f"^{name}: expected "):
        GaussianSampling(**wrong)


@pytest.mark.parametrize("legal", [{"n": 2}, {"n": 10_000}, {"seed": 0}, {"seed": 2**32 - 1}])
def test_limits_are_legal(legal):
    ((name, value),) = legal.items()
    expression = f"figures['{TAG}'].fields[data[0]].check(...data)"
    assert on_figures(expression, [name, value]) == value
    assert getattr(GaussianSampling(**legal), name) == value


def drawn(state: dict) -> str:
    """The chart, as it is drawn where it is as large as it can be."""
    return on_figures(
        f"figures['{TAG}'].panels[0].draw(stateOf('{TAG}', data), {{ lit: null, grain: 1 }})", state
    )


def pictured(state: dict) -> str:
    """The picture of the pair."""
    script = f"figures['{TAG}'].scene(stateOf('{TAG}', data), {{ plane: new Plane() }})"
    return on_figures(f"(({{ Plane }}) => {script})(gaussModules['plane.js'])", state)


def test_an_infinite_variance_has_no_band():
    scene = drawn({**INFINITE, "show": "others"})
    assert "Infinite variance" in scene
    assert 'class="p band"' not in scene
    assert "bands" not in scene
    assert figure_values(TAG, [INFINITE])[0]["error"] == math.inf
    assert 'class="p band"' in drawn(LIMIT)


def test_the_others_are_counted_rightly():
    state = {**LIMIT, "n": 300, "show": "others"}
    p, q = planar(state["p"]), planar(state["q"])
    exact = CLOSED_FORMS["kl_nonnegative"](p, q)
    others = [running_estimate("kl_nonnegative", p, q, 2 + k, [300])[0] for k in range(20)]
    hits = sum(abs(e.value - exact) <= HALF_WIDTH_95 * e.standard_error for e in others)
    scene = drawn(state)
    assert f"{hits} of 20 other bands contain it" in scene
    assert 0 < hits < 20
    assert scene.count('class="other p"') == hits
    assert scene.count('class="other q"') == 20 - hits
    # of many samples only the first thousand are drawn
    assert "other bands contain it at n = 1000" in drawn({**state, "n": 1001})
    assert "other bands contain it<" in drawn({**state, "n": 1000})


def caption(state: dict) -> str:
    return on_figures(
        f"((state) => figures['{TAG}'].formulas.find(({{when}}) => when(state))"
        f".captions.expectation(state))(stateOf('{TAG}', data))",
        state,
    )


def test_a_band_that_is_too_narrow_says_so():
    """Near the limit of finite variance it covers far less often than 95 % of the time."""
    assert "contains the closed form for too few seeds" in caption(LIMIT)
    p, q = planar(LIMIT["p"]), planar(LIMIT["q"])
    assert has_finite_variance("kl_nonnegative", p, q)
    exact = CLOSED_FORMS["kl_nonnegative"](p, q)
    estimates = [running_estimate("kl_nonnegative", p, q, seed, [400])[0] for seed in range(800)]
    covered = [abs(e.value - exact) <= HALF_WIDTH_95 * e.standard_error for e in estimates]
    assert 0.75 < np.mean(covered) < 0.85
    assert "variance is infinite" in caption(INFINITE)
    assert "about 95 % of all seeds, once n is large" in caption({})


def test_no_curve_leaves_the_chart():
    """Above it are words, below it the numbers of the axis."""
    for state in (
        {"seed": 3, "n": 60},
        {"p": [-2, -0.5, 0.7, 0.5, 0.3], "q": [2, 0.5, 0.7, 0.6, 0]},
    ):
        curves = re.findall(
            r'class="(?:p run|p band|other .)" d="([^"]*)"', drawn({**state, "show": "others"})
        )
        heights = [float(v) for d in curves for v in re.findall(r"[ML]\S+ ([\d.-]+)", d)]
        assert len(heights) > 300
        assert min(heights) >= 56
        assert max(heights) <= 300 - 34


def test_the_head_of_the_estimate_is_a_handle_for_the_number_of_samples():
    """It goes to the size that its place on the axis has, and stays on the axis."""
    script = f"""(({{ Paper }}) => data.map(([grain, u]) => {{
        const [panel] = figures['{TAG}'].panels;
        const [head] = panel.handles;
        const paper = new Paper(panel);
        paper.grain = grain;
        const {{ n }} = head.constrain({{}}, [u, 0], paper);
        return [n, head.position(stateOf('{TAG}', {{ n }}), paper)[0]];
    }}))(gaussModules['plane.js'])"""
    places = [[1, 334.0], [2, 334.0], [1, 616.0], [1.5, 320.0], [1, -50.0], [1, 900.0]]
    for (_, u), (n, v) in zip(places, on_figures(script, places), strict=True):
        assert 2 <= n <= 10_000
        if 100 < u < 620:
            assert v == pytest.approx(u, abs=1)
    assert [n for n, _ in on_figures(script, places[-2:])] == [2, 10_000]


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_can_be_drawn(kind):
    for state in random_states(kind, 4):
        shown = {**state, "show": "samples others"}
        scene = drawn(shown) + pictured(shown)
        assert "NaN" not in scene
        assert "Infinity" not in scene


@pytest.mark.filterwarnings("error")
def test_matplotlib_draws_without_warnings():
    from matplotlib.figure import Figure

    for state in ({}, {**INFINITE, "show": "others"}, {"p": [0, 0, 1, 1, 0], "q": [0, 0, 1, 1, 0]}):
        picture = Figure()
        GaussianSampling(**state, n=2 if not state else 100).plot(picture.add_subplot())
        picture.draw_without_rendering()
