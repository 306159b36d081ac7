"""The figure of two geometries: its paths are the shortest ones, and it shows where they go."""

import math
import re

import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure as Picture
from support.javascript import figure_values, on_figures
from support.states import ordinary_states

from gausslib import Gaussian, fisher_rao_distance, w2_distance
from gausslib.widgets import GaussianGeometries

TAG = "gauss-geometries"
METRICS = {"w2": w2_distance, "fisher_rao": fisher_rao_distance}
STUDY = "modules['geometries-state.js'].studyOf"


def legal_states(count: int, seed: int) -> list[dict]:
    """States up to every limit: needles, ends of a path that are nearly equal, times 0 and 1."""
    rng, found = np.random.default_rng(seed), []

    def bell() -> list[float]:
        return [rng.uniform(-3.8, 3.8), 10 ** rng.uniform(-3, math.log10(3.5))]

    def shape() -> list[float]:
        return [*(10 ** rng.uniform(-3, math.log10(1.1), 2)), rng.uniform(-math.pi, math.pi)]

    for number in range(count):
        state = {"p": bell(), "q": bell(), "plane_p": shape(), "plane_q": shape()}
        if number % 4 == 0:
            near = 1 - 10 ** rng.uniform(-9, -1)
            state["q"] = [number * near for number in state["p"]]
            state["q"][1] = max(state["q"][1], 0.001)
        t = rng.uniform() if number % 5 else rng.integers(2)
        state |= {"space": ("line", "plane")[number % 2], "t": t}
        found.append({name: np.array(value).tolist() for name, value in state.items()})
    return found


def law_on(state: dict, numbers: dict[str, float], metric: str) -> Gaussian:
    """The Gaussian that the figure in the browser has at the time of a state."""
    if state["space"] == "line":
        return Gaussian(numbers[f"mean_{metric}"], numbers[f"sd_{metric}"] ** 2)
    angle = on_figures(
        f"{STUDY}(stateOf('{TAG}', data)).paths.{metric}(data.t)[2]",
        state,
    )
    axes = [numbers[f"semi_axis_{k}_{metric}"] for k in (1, 2)]
    return Gaussian.from_axes([0, 0], axes, angle)


def worst_difference(states: list[dict]) -> float:
    """The largest relative difference of a number of the browser and of Python.

    Means on a path cross 0, so they are compared by the standard deviation there. Distances of
    equal Gaussians may be a rounding error from 0.
    """
    worst = 0.0
    for state, seen in zip(states, figure_values(TAG, states), strict=True):
        ref = GaussianGeometries(**state).values
        assert set(seen) == set(ref)
        for name, value in ref.items():
            size = max(abs(value), ref[f"sd_{name[5:]}"]) if name.startswith("mean_") else value
            worst = max(worst, abs(seen[name] - value) / (size + 1e-6))
    return worst


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_browser_and_library_agree_on_ordinary_states(count):
    """To 1e-9."""
    worst = worst_difference(ordinary_states(TAG, count, seed=4))
    print(f"worst of {count}: {worst:.1e}")
    assert worst < 1e-9


def test_points_divide_the_shortest_paths_as_the_time_does():
    """Only a point of a shortest path is t of the distance from p and 1 - t of it from q.

    The distances are the library's, which knows nothing of Fisher and Rao's paths.
    """
    states = ordinary_states(TAG, 150, seed=5)
    for state, numbers in zip(states, figure_values(TAG, states), strict=True):
        p, q = GaussianGeometries(**state).gaussians
        for metric, distance in METRICS.items():
            law, whole, t = law_on(state, numbers, metric), distance(p, q), state["t"]
            assert distance(p, law) == pytest.approx(t * whole, rel=1e-7)
            assert distance(law, q) == pytest.approx((1 - t) * whole, rel=1e-7)
            assert numbers[metric] == pytest.approx(whole, rel=1e-9)


def test_paths_hold_up_to_every_limit():
    """Nothing is not a number, distances stay right, and paths begin at p and end at q."""
    states = legal_states(400, seed=6)
    for state, numbers in zip(states, figure_values(TAG, states), strict=True):
        assert all(map(math.isfinite, numbers.values())), state
        p, q = GaussianGeometries(**state).gaussians
        for metric, distance in METRICS.items():
            assert numbers[metric] == pytest.approx(distance(p, q), rel=1e-6, abs=1e-12)
        end = {0: "p", 1: "q"}.get(state["t"])
        if end and state["space"] == "line":
            mean, sd = state[end]
            for metric in METRICS:
                assert numbers[f"mean_{metric}"] == pytest.approx(mean, rel=1e-12)
                assert numbers[f"sd_{metric}"] == pytest.approx(sd, rel=1e-12)
        elif end:
            axes = sorted(state[f"plane_{end}"][:2], reverse=True)
            for metric in METRICS:
                found = [numbers[f"semi_axis_{k}_{metric}"] for k in (1, 2)]
                assert found == pytest.approx(axes, rel=1e-8)


def test_equal_gaussians_have_paths_that_stay():
    same = {"p": [0.5, 0.3], "q": [0.5, 0.3], "plane_p": [1, 0.1, 0.4], "plane_q": [1, 0.1, 0.4]}
    line, plane = figure_values(TAG, [same | {"space": space} for space in ("line", "plane")])
    assert line["w2"] == line["fisher_rao"] == plane["w2"] == plane["fisher_rao"] == 0
    for metric in METRICS:
        assert line[f"sd_{metric}"] == pytest.approx(0.3, rel=1e-14)
        assert plane[f"semi_axis_2_{metric}"] == pytest.approx(0.1, rel=1e-12)


def preset(name: str) -> dict[str, float]:
    state = on_figures(f"figures['{TAG}'].presets[data]", name)
    return figure_values(TAG, [state])[0]


def test_presets_show_what_they_are_called():
    """Halfway: wide against as narrow as before; the two means of widths; the two of areas."""
    far, one = preset("equal widths, far apart"), preset("one centre")
    assert far["sd_w2"] == pytest.approx(0.4)
    assert far["sd_fisher_rao"] > 4 * far["sd_w2"]
    assert one["sd_w2"] == pytest.approx((0.2 + 3.2) / 2)
    assert one["sd_fisher_rao"] == pytest.approx(math.sqrt(0.2 * 3.2))
    needle = preset("one needle, turned")
    assert needle["area_fisher_rao"] == pytest.approx(0.02 * math.pi)
    assert needle["semi_axis_1_w2"] > 0.8 > 4 * needle["semi_axis_1_fisher_rao"]
    sizes = preset("one shape, two sizes")
    assert sizes["semi_axis_1_w2"] == pytest.approx(0.6)
    assert sizes["semi_axis_1_fisher_rao"] == pytest.approx(math.sqrt(0.2))


def test_the_edge_is_near_in_one_geometry_and_far_in_the_other():
    """A thousand times nearer to it, W₂ hardly changes, and Fisher-Rao grows by √2 log 1000."""
    widths = [1.0, 0.001]
    line = figure_values(TAG, [{"p": [0, 2], "q": [0, width]} for width in widths])
    assert line[1]["w2"] - line[0]["w2"] == pytest.approx(0.999)
    assert line[1]["fisher_rao"] - line[0]["fisher_rao"] == pytest.approx(
        math.sqrt(2) * math.log(1000)
    )
    assert [numbers["w2_to_edge_q"] for numbers in line] == widths
    (plane,) = figure_values(TAG, [{"space": "plane", "plane_q": [0.004, 0.9, 1]}])
    assert plane["w2_to_edge_q"] == 0.004


def continued(state: dict) -> tuple[list[float], list[list[float]]]:
    """When W₂'s path begins and ends when it is continued, and the Gaussians there."""
    times, places = on_figures(
        f"(({{ ends, paths }}) => [ends, ends.map(paths.w2)])({STUDY}(stateOf('{TAG}', data)))",
        state,
    )
    return times, places


def test_continued_paths_of_w2_end_at_the_edge():
    """Not before and not beyond it; only one that never comes there is followed for long."""
    ended = 0
    for state in ordinary_states(TAG, 200, seed=7):
        times, places = continued(state)
        assert times[0] < 0
        assert times[1] > 1
        for time, (_, width, *_) in zip(times, places, strict=True):
            assert width >= -1e-9
            if abs(time) < 60:
                assert width == pytest.approx(0, abs=1e-5)
                ended += 1
    assert ended > 200


def picture(state: dict) -> str:
    return on_figures(f"still('{TAG}', data)", {name: str(value) for name, value in state.items()})


def test_the_two_spaces_have_a_picture_each():
    """Paths with nine points each are in one of the two; what is hidden draws nothing."""
    for space in ("line", "plane"):
        markup = picture({"space": space})
        steps = re.findall(r'class="(\w+) step" d="([^"]*)"', markup)
        assert [(name, d.count("M")) for name, d in steps] == [("w2", 9), ("fisher_rao", 9)]
        assert markup.count(" now-bell") == (2 if space == "line" else 0)
        assert markup.count(" now-ellipse") == (2 if space == "plane" else 0)
        assert " onward" not in markup
        assert picture({"space": space, "show": "onward"}).count(" onward") == 2


def test_steps_of_one_path_shrink_towards_the_edge():
    """On the picture, in pixels: those of the other path stay equal."""
    markup = picture({"p": "-1.5,1.5", "q": "1,0.005"})
    lengths = {}
    for name, d in re.findall(r'class="(\w+) step" d="([^"]*)"', markup):
        points = np.array(re.findall(r"M([\d.]+) ([\d.]+)", d), float)
        lengths[name] = np.linalg.norm(np.diff(points, axis=0), axis=-1)
    assert np.ptp(lengths["w2"]) < 0.3
    assert lengths["fisher_rao"][-1] < lengths["fisher_rao"].max() / 20


def moved(expression: str, data: dict) -> dict:
    return on_figures(
        f"""((figure, state, plane) => {expression})(
            figures["{TAG}"], stateOf("{TAG}", data), new gaussModules["plane.js"].Plane())""",
        data,
    )


def test_a_handle_that_stays_changes_nothing():
    """Each brings the state back from where it stands, but for what an address rounds.

    The end of a semi-axis makes none shorter than a hundredth; the dot in the disc does.
    """
    for state in ordinary_states(TAG, 60, seed=8):
        expression = """[...figure.handles, ...figure.panels[1].handles]
            .filter((handle) => handle.when(state))
            .map((handle) => handle.constrain(state, handle.position(state, plane), plane))"""
        for change in moved(expression, state):
            ((name, after),) = change.items()
            before = state[name]
            if name in {"p", "q"}:
                assert after == pytest.approx(before, abs=1e-3)
                continue
            first, second = (Gaussian.from_axes([0, 0], x[:2], x[2]) for x in (before, after))
            assert w2_distance(first, second) < 0.011


def test_no_handle_leaves_what_is_legal():
    far = "[[-99, -99], [99, 99], [-4, 2.7], [0, -2.2], [3, 0]]"
    expression = f"""[...figure.handles, ...figure.panels[1].handles].flatMap((handle) =>
        {far}.map((point) => handle.constrain(state, point, plane)))"""
    for space in ("line", "plane"):
        for change in moved(expression, {"space": space}):
            GaussianGeometries(**change)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("p", [3.9, 1]),
        ("q", [0, 0]),
        ("q", [0, 3.6]),
        ("plane_p", [1.2, 1, 0]),
        ("plane_q", [1, 0.0009, 0]),
        ("plane_q", [1, 1, 7.1]),
        ("plane_q", [1, 1]),
    ],
)
def test_what_is_not_legal_is_refused_by_both(name, value):
    with pytest.raises(traitlets.TraitError, match=rf"^{name}: expected"):
        GaussianGeometries(**{name: value})
    message = on_figures(
        f"""(() => {{ try {{ figures["{TAG}"].fields[data[0]].check(...data); }}
            catch (error) {{ return error.message; }} }})()""",
        [name, value],
    )
    assert message.startswith(f"{name}: expected")


@pytest.mark.parametrize("space", ["line", "plane"])
def test_the_matplotlib_picture_has_both_paths(space):
    ax = Picture().add_subplot()
    GaussianGeometries(space=space)._draw(ax)
    assert {"$W_2$", "Fisher-Rao"} <= set(ax.get_legend_handles_labels()[1])
