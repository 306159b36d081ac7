"""GaussianBarycenter and `<gauss-barycenter>`: the barycentre on many states, and its weights.

What all figures share is in `test_figures.py`.
"""

import math
from itertools import pairwise

import numpy as np
import pytest
import traitlets
from support.javascript import evaluate, figure_values, on_figures

from gausslib import Gaussian, mixture_moments, w2_barycenter, w2_squared
from gausslib.widgets import GaussianBarycenter

NAMES = ("p1", "p2", "p3")
ROUND = [[0.0, 0.0, 1.0, 1.0, 0.0], [3.0, 0.0, 2.0, 2.0, 0.0], [0.0, 3.0, 3.0, 3.0, 0.0]]


def legal_states(count: int) -> list[dict]:
    """Round and thin ellipses of sizes from 0.1 to 10, parallel ones too, and weights of any kind.

    A quarter is as thin as is legal, another nearly parallel, by 1e-12 and more.
    """
    rng, states = np.random.default_rng(7), []
    for number in range(count):
        kind = number % 4
        decades = {0: (-1, 0), 1: (-3, 0), 2: (-3, -2.7), 3: (-3, 0)}[kind]
        ellipses, turn = [], rng.uniform(-3, 3)
        for _ in NAMES:
            long = 10 ** rng.uniform(-1, 1)
            axes = rng.permutation([long, long * 10 ** rng.uniform(*decades)])
            angle = turn + 10 ** rng.uniform(-12, 0) if kind == 3 else rng.uniform(-3, 3)
            ellipses.append([*map(float, (*rng.uniform(-3, 3, 2), *axes, angle))])
        weights = rng.dirichlet([0.1 if number % 5 == 0 else 1] * 3)
        state = dict(zip(NAMES, ellipses, strict=True))
        states.append({**state, "weights": weights.tolist()})
    return states


def stacked(states: list[dict]) -> tuple[Gaussian, np.ndarray]:
    """The three Gaussians of each state, and their weights."""
    numbers = np.array([[state[name] for name in NAMES] for state in states])
    weights = np.array([state["weights"] for state in states])
    laws = Gaussian.from_axes(numbers[..., :2], numbers[..., 2:4], numbers[..., 4])
    return laws, weights / weights.sum(-1, keepdims=True)


def column(values: list[dict], name: str) -> np.ndarray:
    return np.array([numbers[name] for numbers in values])


def areas(laws: Gaussian) -> np.ndarray:
    return math.pi * np.prod(np.diagonal(laws.cholesky, axis1=-2, axis2=-1), axis=-1)


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_browser_and_library_agree(count):
    """To 1e-9, of which the thinnest ellipses need a tenth: a covariance keeps so many digits."""
    states = legal_states(count)
    laws, weights = stacked(states)
    law = w2_barycenter(laws, weights)
    res = figure_values("gauss-barycenter", states)
    longer, shorter = np.linalg.svd(law.cholesky, compute_uv=False).T
    average = Gaussian(law.mean, np.einsum("ni,nijk->njk", weights, laws.cov))
    ref = {
        "semi_axis_1": longer,
        "semi_axis_2": shorter,
        "cov_xx": law.cov[:, 0, 0],
        "cov_yy": law.cov[:, 1, 1],
        "least": (weights * w2_squared(laws, Gaussian.stack([law] * 3, axis=-1))).sum(-1),
        "area": areas(law),
        "area_average": areas(average),
        "area_mixture": areas(mixture_moments(laws, weights)),
    }
    for name, values in ref.items():
        assert column(res, name) == pytest.approx(values, rel=1e-9, abs=0), name
    mean = np.stack([column(res, "mean_x"), column(res, "mean_y")], axis=-1)
    assert mean == pytest.approx(law.mean, abs=1e-14)
    deviations = np.sqrt(law.cov[:, 0, 0] * law.cov[:, 1, 1])
    error = np.abs(column(res, "cov_xy") - law.cov[:, 0, 1]) / deviations
    assert error.max() < 1e-9


def test_browser_and_python_count_the_same_steps():
    states = legal_states(120)
    counts = [GaussianBarycenter(**state).values["steps"] for state in states]
    assert column(figure_values("gauss-barycenter", states), "steps").tolist() == counts
    assert len(set(counts)) > 10


def test_the_maps_from_the_barycentre_average_to_the_identity():
    """The equation that defines it, without the library's own barycentre."""
    states = legal_states(400)
    laws, weights = stacked(states)
    res = figure_values("gauss-barycenter", states)
    for index, numbers in enumerate(res):
        s = np.array(
            [[numbers["cov_xx"], numbers["cov_xy"]], [numbers["cov_xy"], numbers["cov_yy"]]]
        )
        root = np.linalg.cholesky(s)
        inner = root.T @ laws.cov[index] @ root
        values, vectors = np.linalg.eigh(inner)
        roots = vectors * np.sqrt(np.maximum(values, 0))[:, None, :] @ vectors.swapaxes(-2, -1)
        mean = np.tensordot(weights[index], roots, 1)
        assert mean == pytest.approx(root.T @ root, rel=1e-6, abs=1e-6 * np.trace(s))


def test_areas_are_in_order():
    """The barycentre is no smaller than its members and no larger than the mean of covariances.

    Roots of areas are concave along the means of W₂ (Minkowski's inequality).
    """
    states = legal_states(1000)
    laws, weights = stacked(states)
    res = figure_values("gauss-barycenter", states)
    low = (weights * np.sqrt(areas(laws))).sum(-1) ** 2
    ordered = [low, *(column(res, name) for name in ("area", "area_average", "area_mixture"))]
    for smaller, larger in pairwise(ordered):
        assert np.all(smaller <= larger * (1 + 1e-9))


def test_equal_gaussians_have_themselves_as_barycentre():
    one = [0.3, -0.2, 1.4, 0.0014, 0.7]
    (res,) = figure_values("gauss-barycenter", [dict.fromkeys(NAMES, one)])
    assert [res["semi_axis_1"], res["semi_axis_2"]] == pytest.approx([1.4, 0.0014], rel=1e-9)
    assert res["least"] == pytest.approx(0, abs=1e-20)
    assert res["steps"] == 1


def test_a_corner_of_the_triangle_is_the_gaussian_itself():
    state = {**legal_states(1)[0], "weights": [0, 0, 2]}
    (res,) = figure_values("gauss-barycenter", [state])
    assert [res["semi_axis_1"], res["semi_axis_2"]] == pytest.approx(
        sorted(state["p3"][2:4], reverse=True), rel=1e-12
    )
    assert res["least"] < 1e-24


def test_only_the_ratios_of_weights_count():
    shares, doubled = ({"weights": weights} for weights in ([0.5, 0.25, 0.25], [4, 2, 2]))
    res = figure_values("gauss-barycenter", [shares, doubled])
    assert res[0] == res[1]
    assert GaussianBarycenter(**shares).values == GaussianBarycenter(**doubled).values


def test_circles_have_the_mean_of_their_radii():
    (res,) = figure_values("gauss-barycenter", [dict(zip(NAMES, ROUND, strict=True))])
    assert res["semi_axis_1"] == pytest.approx(2, rel=1e-14)
    assert res["area_average"] == pytest.approx(math.pi * 14 / 3, rel=1e-14)
    assert res["steps"] == 2


@pytest.mark.parametrize(
    "weights", [[0, 0, 0], [1, -0.1, 0.1], [1e7, 1, 1], [1e-7, 0, 0], [1, 1], [math.nan, 1, 1]]
)
def test_bad_weights_are_refused_by_both(weights):
    with pytest.raises(traitlets.TraitError, match=r"^weights: expected"):
        GaussianBarycenter(weights=weights)
    message = on_figures(
        """(() => { try {
            figures["gauss-barycenter"].fields.weights.check("weights", data.map(Number));
        } catch (error) { return error.message; } })()""",
        [str(weight) for weight in weights],
    )
    assert message.startswith("weights: expected")


def nearest_weights(points: list[list[float]]) -> list[list[float]]:
    return evaluate("barycenter-weights.js", "data.map(m.nearestWeights)", points)


def test_a_point_beside_the_triangle_means_the_nearest_of_it():
    """No other weights are nearer: with numbers of sum 1 the plane is that of the triangle."""
    rng = np.random.default_rng(2)
    points = rng.normal(size=(200, 3))
    points += (1 - points.sum(-1, keepdims=True)) / 3
    res = np.array(nearest_weights(points.tolist()))
    assert np.all(res >= 0)
    assert res.sum(-1) == pytest.approx(1)
    others = rng.dirichlet([0.5] * 3, size=(200, 300))
    distances = np.linalg.norm(others - points[:, None], axis=-1).min(-1)
    assert np.all(np.linalg.norm(res - points, axis=-1) <= distances + 1e-12)


def test_the_dot_of_the_weights_comes_back_to_where_it_was_put():
    """Inside the triangle, to the digits that an address has."""
    wanted = np.random.default_rng(3).dirichlet([1] * 3, size=50)
    found = on_figures(
        """(({ position, constrain }) => data.map((weights) =>
            constrain({}, position({ weights }, {}), {}).weights))(
            figures["gauss-barycenter"].panels[0].handles[0])""",
        wanted.tolist(),
    )
    assert np.array(found) == pytest.approx(wanted, abs=1e-4)


def chart(state: dict) -> str:
    return on_figures(
        """figures["gauss-barycenter"].panels[1].draw(
            stateOf("gauss-barycenter", data), { lit: null, grain: 1 })""",
        state,
    )


def test_the_chart_says_where_the_way_becomes_short_or_that_it_does_not():
    """Two thin ellipses that cross, with little weight between them, take more than 400 steps."""
    needles = ([0, 0, 1, 0.001, angle] for angle in (0.6, -1, -0.2))
    slow = dict(zip(NAMES, needles, strict=True)) | {"weights": [0.48, 0.48, 0.04]}
    assert GaussianBarycenter(**slow).values["steps"] == 400
    assert "Step 400: still above a millionth" in chart(slow)
    (numbers,) = figure_values("gauss-barycenter", [{}])
    assert f"Step {numbers['steps']:.0f}: below a millionth" in chart({})
    assert numbers["steps"] < 20


def test_a_step_that_moves_nothing_is_at_the_bottom_of_the_chart():
    drawn = chart(dict(zip(NAMES, ROUND, strict=True)))
    assert not any(word in drawn for word in ("NaN", "Infinity"))
