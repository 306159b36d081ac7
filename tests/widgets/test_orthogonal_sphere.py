"""OrthogonalSphere: the browser's numbers against gausslib's, and what the figure claims."""

import math

import numpy as np
import pytest
import traitlets
from support.javascript import figure_python, figure_values, on_figures
from support.units import KINDS, random_units, unit

import gausslib
from gausslib.widgets import OrthogonalSphere
from gausslib.widgets._maps import MAPS, map_values
from gausslib.widgets.orthogonal_sphere import _close

TAG = "orthogonal-sphere"
ANGLES = ("angle", "shift")


def check_numbers(name: str, states: list[dict], a: np.ndarray, b: np.ndarray) -> None:
    """Angle and ‖T - I‖ to their last digits."""
    found = figure_values(TAG, states)
    for key, ref in map_values(name, a, b).items():
        res = np.array([values[key] for values in found])
        absolute = 0 if key in ANGLES else 1e-12
        np.testing.assert_allclose(res, ref, rtol=1e-9, atol=absolute, err_msg=key)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MAPS)
def test_numbers_are_those_of_gausslib(name, kind):
    """With the next test, on ten thousand states in all."""
    a, b = random_units(kind, 3, 500)
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    check_numbers(name, [{"map": name, "a": x, "b": y} for x, y in pairs], a, b)


def approaching(near: str, count: int, seed: int) -> list[dict]:
    rng = np.random.default_rng([3, seed])
    a, _ = random_units("generic", 3, count)
    a[: count // 10] = [0, 0, 1]
    return [
        {
            "a": vector.tolist(),
            "near": near,
            "approach": int(rng.integers(10)),
            "direction": float(rng.uniform(-180, 180)),
        }
        for vector in a
    ]


@pytest.mark.parametrize("near", ["a", "-a"])
@pytest.mark.parametrize("name", MAPS)
def test_numbers_close_by_are_those_of_gausslib(name, near):
    """The two languages must come to the same last digit of b."""
    states = [{**state, "map": name} for state in approaching(near, 300, 1)]
    b = [_close(**{key: s[key] for key in ("a", "near", "approach", "direction")}) for s in states]
    check_numbers(name, states, np.array([state["a"] for state in states]), np.array(b))


@pytest.mark.parametrize("near", ["a", "-a"])
def test_closeness_is_what_the_slider_says(near):
    """From a or -a, at the distance of the slider, in the direction of the other."""
    for state in approaching(near, 100, 2):
        a, b = map(np.array, OrthogonalSphere(**state).vectors)
        target = a if near == "a" else -a
        step = 10.0 ** -state["approach"]
        assert np.linalg.norm(b) == pytest.approx(1, abs=1e-15)
        apart = np.linalg.norm(gausslib.rotation_generator(target, b)) / math.sqrt(2)
        assert apart == pytest.approx(math.atan(step), rel=1e-6)
        pole = [0, 0, 1] if math.hypot(*a[:2]) > 1e-9 else [-a[2], 0, 0]  # where north is
        east = unit(np.cross(pole, a))
        along = (b - target) / step * (1 if near == "a" else -1)
        degrees = math.degrees(math.atan2(along @ np.cross(a, east), along @ east))
        assert degrees == pytest.approx(state["direction"], abs=1e-4)


@pytest.mark.parametrize(
    ("name", "near", "limit"),
    [
        ("rotation", "a", lambda a: np.eye(3)),
        ("half-turn", "a", lambda a: 2 * np.outer(a, a) - np.eye(3)),
        ("reflection", "-a", lambda a: np.eye(3) - 2 * np.outer(a, a)),
        ("rotoreflection", "-a", lambda a: -np.eye(3)),
        ("reflection", "a", None),
        ("rotoreflection", "a", None),
        ("rotation", "-a", None),
        ("half-turn", "-a", None),
    ],
)
def test_it_says_which_maps_have_a_limit(name, near, limit):
    state = {"map": name, "near": near, "approach": "9"}
    markup = on_figures(f"still('{TAG}', data)", state)
    assert ("has no limit" in markup) == (limit is None)
    assert ("tends to" in markup) == (limit is not None)
    states = [{**state, "approach": 9, "direction": angle} for angle in (-120, 0, 60)]
    found = figure_values(TAG, states)
    matrices = [[[v[f"t{i}{j}"] for j in (1, 2, 3)] for i in (1, 2, 3)] for v in found]
    if limit:
        for matrix in matrices:
            assert matrix == pytest.approx(limit(np.array([0.8, -0.36, 0.48])), abs=1e-8)
    else:
        assert np.abs(np.diff(matrices, axis=0)).max(axis=(1, 2)).min() > 0.5


def test_the_mirror_stands_across_the_direction_of_approach():
    for state in approaching("a", 50, 4):
        figure = OrthogonalSphere(**{**state, "approach": 9}, map="reflection")
        a, b = map(np.array, figure.vectors)
        toward = np.array(OrthogonalSphere(**{**state, "approach": 0}).vectors[1])
        normal = unit(toward - a * (a @ toward))
        mirror = MAPS["reflection"](a, b)
        np.testing.assert_allclose(mirror, np.eye(3) - 2 * np.outer(normal, normal), atol=1e-6)


def test_programs_give_the_numbers(capsys):
    states = [{"map": name, **approaching(near, 3, 5)[2]} for name in MAPS for near in ("a", "-a")]
    for kind in KINDS:
        a, b = random_units(kind, 3, 12)
        states += [{"map": name, "a": a[9].tolist(), "b": b[9].tolist()} for name in MAPS]
    programs, found = figure_python(TAG, states), figure_values(TAG, states)
    for program, values in zip(programs, found, strict=True):
        names: dict = {}
        exec(program, names)
        assert capsys.readouterr().out
        assert set(names["values"]) == set(values)
        for key, value in values.items():
            absolute = 0 if key in ANGLES else 1e-12
            res = float(names["values"][key])
            assert res == pytest.approx(value, rel=1e-9, abs=absolute), key


DRAGGED = f"""data.map(([point, state]) => {{
    const {{ handles }} = figures['{TAG}'];
    const given = stateOf('{TAG}', state);
    const handle = handles.find((one) => one.name.startsWith("a") && one.when(given));
    const moved = {{ ...given, ...handle.constrain(given, point) }};
    return [handle.name, moved.a, handle.position(moved), handle.when(moved)];
}})"""


def test_a_dragged_vector_goes_where_it_is_put_and_keeps_its_side():
    rng = np.random.default_rng(6)
    sides = set()
    a, _ = random_units("generic", 3, 100)
    views = rng.uniform([-180, -90], [180, 90], (100, 2)).tolist()
    points = rng.uniform(-1.3, 1.3, (100, 2))
    states = [
        {"a": vector, "longitude": longitude, "latitude": latitude}
        for vector, (longitude, latitude) in zip(a.tolist(), views, strict=True)
    ]
    data = list(zip(points.tolist(), states, strict=True))
    for point, (name, moved, place, kept) in zip(points, on_figures(DRAGGED, data), strict=True):
        assert kept
        assert math.hypot(*moved) == pytest.approx(1, abs=1e-15)
        shrunk = point * min(1, 0.999 / np.linalg.norm(point))
        np.testing.assert_allclose(place, shrunk, atol=1e-12)
        sides.add(name)
    assert sides == {"a", "a, behind the sphere"}


def test_dragging_the_background_turns_the_view():
    script = f"""data.map((point) => {{
        const {{ backdrop }} = figures['{TAG}'];
        return backdrop.constrain(stateOf('{TAG}', {{}}), point, {{ scale: 1 }});
    }})"""
    points = [[-math.radians(40), -math.radians(10)], [math.radians(190), 3], [-7, -3]]
    one, two, three = on_figures(script, points)
    assert one == {"longitude": 40, "latitude": 10}
    assert two == {"longitude": 170, "latitude": -90}
    assert three == {"longitude": 41, "latitude": 90}
    seen = f"(stateOf('{TAG}', {{}}), {{ scale: 1 }})"
    place = on_figures(f"figures['{TAG}'].backdrop.position{seen}")
    assert on_figures(script, [place]) == [{"longitude": 30, "latitude": 20}]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("approach", 10),
        ("approach", 1.5),
        ("direction", 181),
        ("longitude", -180.5),
        ("latitude", 91),
        ("near", "b"),
        ("a", [1, 0]),
        ("b", [1, 1, 0]),
    ],
)
def test_what_is_out_of_range_is_refused(field, wrong):
    with pytest.raises(traitlets.TraitError, match=f"^{field}: expected "):
        OrthogonalSphere(**{field: wrong})
    check = f"figures['{TAG}'].fields.{field}.check('{field}', data)"
    script = f"(() => {{ try {{ {check}; return false; }} catch {{ return true; }} }})()"
    assert on_figures(script, wrong)
