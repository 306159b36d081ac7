"""ProcrustesTurn: the browser's numbers against gausslib's, and what the figure claims."""

import itertools
import math
import re

import numpy as np
import pytest
import traitlets
from support.javascript import figure_python, figure_values, on_figures

from gausslib import procrustes, w2_squared
from gausslib.widgets import ProcrustesTurn
from gausslib.widgets._plot import planar
from gausslib.widgets.procrustes_turn import _numbers

TAG = "procrustes-turn"
CHOICES = list(
    itertools.product(("root", "cholesky", "mirrored"), "21", ("rotation", "reflection"))
)
KINDS = ("plain", "thin", "crossing", "near", "scales")


def random_pairs(kind: str, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Five numbers of p and of q; near pairs differ by 1e-12 to 1e-3 of their size."""
    p, q = (
        np.concatenate(
            [
                rng.uniform(-3, 3, (count, 2)),
                rng.uniform(0.2, 3, (count, 2)),
                rng.uniform(-math.pi, math.pi, (count, 1)),
            ],
            axis=1,
        )
        for _ in "pq"
    )
    thin = 10 ** rng.uniform(-3, 0, (2, count))
    match kind:
        case "thin":
            p[:, 3], q[:, 3] = p[:, 2] * thin[0], q[:, 2] * thin[1]
        case "crossing":
            p[:, 3], q[:, 3] = p[:, 2] * thin[0], q[:, 2] * thin[1]
            q[:, 4] = p[:, 4] + math.pi / 2 + 10 ** rng.uniform(-4, 0, count)
        case "near":
            p[:, 3] = p[:, 2] * thin[0]
            step = 10 ** rng.uniform(-12, -3, (count, 1)) * rng.standard_normal((count, 5))
            q = p + step * np.stack([*np.ones((2, count)), p[:, 2], p[:, 3], np.ones(count)], 1)
            q[:, 3] = np.maximum(q[:, 3], 1e-3 * q[:, 2])
        case "scales":
            p[:, 2:4] *= 10 ** rng.uniform(-5, 5, (count, 1))
            q[:, 2:4] *= 10 ** rng.uniform(-5, 5, (count, 1))
    return p, q


def given(p, q, factors, rank, angles, branch) -> list[dict]:
    return [
        {"p": a, "q": b, "factors": factors, "rank": rank, "angle": angle, "branch": branch}
        for a, b, angle in zip(p.tolist(), q.tolist(), angles.tolist(), strict=True)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_are_those_of_gausslib(kind):
    """On more than ten thousand states. The factors are rounded: by that much ‖X - YQ‖ may differ.

    The browser and gausslib may also take another last digit of a sine.
    """
    rng = np.random.default_rng([1, KINDS.index(kind)])
    for factors, rank, branch in CHOICES:
        p, q = random_pairs(kind, rng, 180)
        angles = rng.uniform(-math.pi, math.pi, 180)
        if kind == "near":  # also where the cost nearly vanishes
            angles[:90] = rng.choice([0, 1e-4, -1e-4], 90)
        found = figure_values(TAG, given(p, q, factors, rank, angles, branch))
        rounding = 4e-15 * np.maximum(p[:, 2:4].max(1), q[:, 2:4].max(1))
        for name, ref in _numbers(p, q, factors, rank, angles, branch).items():
            res = np.array([values[name] for values in found])
            assert np.all(res >= 0), name
            apart = np.abs(np.sqrt(res) - np.sqrt(ref))
            wrong = apart > rounding + 5e-10 * np.sqrt(ref)
            assert not np.any(wrong), (name, factors, rank, branch)


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
def test_the_numbers_fit_together(choice):
    factors, rank, branch = choice
    rng = np.random.default_rng(2)
    p, q = random_pairs("thin", rng, 200)
    for values in figure_values(TAG, given(p, q, factors, rank, rng.uniform(-3, 3, 200), branch)):
        assert values["cost"] == pytest.approx(values["w2_shape"] + values["gap"], rel=1e-12)
        if factors == "mirrored" and rank == "2":
            assert values["kabsch"] > values["w2_shape"]
            if branch == "rotation":
                assert values["cost"] >= values["kabsch"] * (1 - 1e-12)
        else:  # no mirror stands between the factors, or a line does not show it
            assert values["kabsch"] == values["w2_shape"]


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
def test_play_ends_at_the_best_angle(choice):
    """There the cost is W2², or the least of the branch; and Play goes on from where Q is."""
    factors, rank, branch = choice
    rng = np.random.default_rng(3)
    p, q = random_pairs("plain", rng, 50)
    states = given(p, q, factors, rank, rng.uniform(-3, 3, 50), branch)
    script = f"""data.map((s) => {{
        const {{ play, values }} = figures['{TAG}'];
        const moved = (f) => ({{ ...s, ...play.at(f, s) }});
        const now = play.fraction(s);
        return {{ now, angle: moved(now).angle, last: values(moved(1)),
            end: play.fraction(moved(1)), all: [0, 0.3, 0.6, 0.99].map((f) => moved(f).angle) }};
    }})"""
    for state, found in zip(states, on_figures(script, states), strict=True):
        assert 0 < found["now"] <= 1
        assert abs(found["angle"] - state["angle"]) <= 1e-4
        assert found["end"] == 1
        assert max(map(abs, found["all"])) <= math.pi
        last = found["last"]
        better = "reflection" if factors == "mirrored" else "rotation"
        if branch == better or rank == "1":
            assert last["gap"] == 0
            assert last["cost"] == pytest.approx(last["w2_shape"], rel=1e-12)
        elif branch == "rotation":
            assert last["cost"] == pytest.approx(last["kabsch"], rel=1e-12)


def test_lines_at_a_right_angle_cost_the_same_at_every_angle():
    state = {"p": [0, 0, 2.4, 1, 0], "q": [0, 0, 1.8, 1, math.pi / 2], "rank": "1"}
    angles = np.linspace(-math.pi, math.pi, 9)
    for branch in ("rotation", "reflection"):
        for values in figure_values(TAG, [{**state, "angle": t, "branch": branch} for t in angles]):
            assert values["cost"] == pytest.approx(2.4**2 + 1.8**2, rel=1e-14)
            assert values["gap"] < 1e-14


def letters(state: dict) -> list[tuple[str, float, float]]:
    """What is written at the arrows and ellipses, with its place."""
    view = f"""(() => {{
        const plane = new modules["plane.js"].Plane();
        plane.width = 366;
        return figures['{TAG}'].scene(stateOf('{TAG}', data), {{ plane, lit: null }});
    }})()"""
    found = re.findall(
        r'class="name [pq]" x="([\d.-]+)" y="([\d.-]+)"[^>]*>([^<]*)<', on_figures(view, state)
    )
    return [(word, float(x), float(y)) for x, y, word in found]


def test_letters_are_apart_where_the_ends_of_arrows_meet():
    one = [0, 0, 2.2, 0.9, 0.4]
    for state in ({"p": one, "q": one, "angle": 0}, {"p": one, "q": one, "angle": 2}):
        places = letters(state)
        assert [word for word, *_ in places] == ["x₁", "y₁", "x₂", "y₂", "p", "q"]
        for k, (_, x, y) in enumerate(places):
            assert all(math.hypot(x - u, y - v) > 12 for _, u, v in places[:k])


def test_a_column_of_zeros_has_no_letter():
    state = {"p": [0, 0, 2.4, 1, 0.2], "q": [0, 0, 1.8, 1, 1], "rank": "1", "angle": 2.2}
    words = [word for word, *_ in letters({**state, "factors": "cholesky"})]
    assert words == ["x₁", "y₁", "y₂", "p", "q"]


def test_the_window_holds_what_lit_terms_draw():
    reach = f"data.map((show) => figures['{TAG}'].reach(stateOf('{TAG}', {{ show }})))"
    calm, *more = on_figures(reach, ["", "squares", "terms"])
    assert more == [2 * calm] * 2


def test_equal_shapes_fit_exactly():
    values = ProcrustesTurn([1, 2, 2, 1, 0.6], [0, 0, 2, 1, 0.6], angle=0).values
    assert values["w2_shape"] == 0
    assert values["cost"] == 0


def test_the_least_cost_and_the_means_are_w2():
    figure = ProcrustesTurn([1, 2, 2, 1, 0.6], [0, 0.5, 1, 1.5, 0.2], factors="cholesky")
    x, y, _ = figure.matrices
    least = np.sum((x - y @ procrustes(x, y)) ** 2)
    assert figure.values["w2_shape"] == pytest.approx(least, rel=1e-13)
    squared = w2_squared(planar(figure.p), planar(figure.q))
    assert squared == pytest.approx(1 + 1.5**2 + least, rel=1e-13)


def test_programs_give_the_numbers(capsys):
    rng = np.random.default_rng(4)
    for factors, rank, branch in CHOICES:
        p, q = random_pairs("thin", rng, 1)
        states = given(p, q, factors, rank, rng.uniform(-3, 3, 1), branch)
        names: dict = {}
        exec(figure_python(TAG, states)[0], names)
        assert capsys.readouterr().out
        for name, value in figure_values(TAG, states)[0].items():
            assert float(names["values"][name]) == pytest.approx(value, rel=1e-9), name


def test_the_dial_turns_q_and_the_axes_keep_the_centre():
    """Handles go where they are put, also with means that are not zero."""
    script = f"""data.map(([index, point, s]) => {{
        const rounded = (x) => Math.round(x * 5000) / 5000;
        const plane = {{ scale: 1.5, unit: 50, step: 2, rounded }};
        const state = stateOf('{TAG}', s);
        const handle = figures['{TAG}'].handles[index];
        return handle.position({{ ...state, ...handle.constrain(state, point, plane) }}, plane);
    }})"""
    state = {"p": [1, -2, 2, 1, 0.3], "q": [0.5, 3, 1, 2, -1]}
    points = [(0, [1.2, 1.6]), (1, [-0.6, 0.9]), (2, [2, 0.5]), (3, [0.4, -1])]
    for (_, point), res in zip(
        points, on_figures(script, [[*c, state] for c in points]), strict=True
    ):
        assert res == pytest.approx(point, abs=3e-4)
    centre, radius = np.array([-3.1, 1.85]) * 1.5, 0.62 * 1.5
    ends = [
        [4, (centre + 3 * np.array([math.cos(t), math.sin(t)])).tolist(), state] for t in (0.5, -3)
    ]
    for end, res in zip(ends, on_figures(script, ends), strict=True):
        assert res == pytest.approx(centre + (np.array(end[1]) - centre) / 3 * radius, abs=2e-4)


@pytest.mark.parametrize("angle", [math.pi + 1e-9, -4, math.nan, "1"])
def test_angles_beyond_half_a_turn_are_refused(angle):
    with pytest.raises(traitlets.TraitError, match=r"angle: expected a number from -3\.14"):
        ProcrustesTurn(angle=angle)
    check = f"figures['{TAG}'].fields.angle.check('angle', data)"
    refused = f"(() => {{ try {{ {check}; return false; }} catch {{ return true; }} }})()"
    assert on_figures(refused, None if angle != angle else angle)


def test_rank_is_one_or_two():
    with pytest.raises(traitlets.TraitError, match="rank: expected one of 2, 1, got '3'"):
        ProcrustesTurn(rank="3")
    x, y, _ = ProcrustesTurn(rank="1").matrices
    assert np.linalg.svd(np.stack([x, y]), compute_uv=False)[:, 1] == pytest.approx(0, abs=1e-15)
