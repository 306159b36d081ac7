"""OrthogonalPlane: the browser's numbers against gausslib's, and what the figure claims."""

import math

import numpy as np
import pytest
import traitlets
from support.javascript import evaluate, figure_python, figure_values, on_figures
from support.units import KINDS, random_units, unit

from gausslib.widgets import OrthogonalPlane
from gausslib.widgets._maps import MAPS, map_values

TAG = "orthogonal-plane"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MAPS)
def test_numbers_are_those_of_gausslib(name, kind):
    """On ten thousand states in all: angle and ‖T - I‖ to their last digits."""
    a, b = random_units(kind, 2, 625)
    states = [{"map": name, "a": x, "b": y} for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    found = figure_values(TAG, states)
    for key, ref in map_values(name, a, b).items():
        res = np.array([values[key] for values in found])
        absolute = 0 if key in ("angle", "shift") else 1e-12
        np.testing.assert_allclose(res, ref, rtol=1e-9, atol=absolute, err_msg=key)


@pytest.mark.parametrize("name", MAPS)
def test_shift_is_the_norm_of_the_difference(name):
    for d in (2, 3):
        a, b = random_units("generic", d, 50)
        ref = np.linalg.norm(MAPS[name](a, b) - np.eye(d), axis=(1, 2))
        np.testing.assert_allclose(map_values(name, a, b)["shift"], ref, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_bisectors_are_the_normals_of_the_maps(kind):
    """Also where b = ±a, and one of them is a matter of choice."""
    for d in (2, 3):
        a, b = random_units(kind, d, 100)
        pairs = list(zip(a.tolist(), b.tolist(), strict=True))
        res = np.array(evaluate("orthogonal.js", "data.map(([a, b]) => m.bisectors(a, b))", pairs))
        gram = res @ res.swapaxes(1, 2)
        np.testing.assert_allclose(gram, np.broadcast_to(np.eye(2), gram.shape), atol=1e-15)
        middle, chord = (x[..., :, None] * x[..., None, :] for x in (res[:, 0], res[:, 1]))
        np.testing.assert_allclose(MAPS["half-turn"](a, b), 2 * middle - np.eye(d), atol=1e-12)
        np.testing.assert_allclose(MAPS["reflection"](a, b), np.eye(d) - 2 * chord, atol=1e-12)


def test_in_the_plane_there_are_two_maps():
    pairs = zip(*(x.tolist() for x in random_units("generic", 2, 50)), strict=True)
    found = figure_values(TAG, [{"map": name, "a": a, "b": b} for a, b in pairs for name in MAPS])
    for at in range(0, 200, 4):
        assert found[at] == pytest.approx(found[at + 3], abs=2e-15)
        assert found[at + 1] == pytest.approx(found[at + 2], abs=2e-15)


def test_programs_give_the_numbers(capsys):
    states = []
    for kind in KINDS:
        a, b = random_units(kind, 2, 12)
        states += [{"map": name, "a": a[9].tolist(), "b": b[9].tolist()} for name in MAPS]
    programs, found = figure_python(TAG, states), figure_values(TAG, states)
    for program, values in zip(programs, found, strict=True):
        names: dict = {}
        exec(program, names)
        assert capsys.readouterr().out
        assert set(names["values"]) == set(values)
        for key, value in values.items():
            absolute = 0 if key in ("angle", "shift") else 1e-12
            res = float(names["values"][key])
            assert res == pytest.approx(value, rel=1e-9, abs=absolute), key


def refused(field: str, value) -> bool:
    check = f"figures['{TAG}'].fields.{field}.check('{field}', data)"
    return on_figures(
        f"(() => {{ try {{ {check}; return false; }} catch {{ return true; }} }})()", value
    )


@pytest.mark.parametrize("vector", [[1.0011, 0], [0.998, 0], [0, 0], [1], [1, 0, 0], [1, "0"]])
def test_only_unit_vectors_are_legal(vector):
    with pytest.raises(traitlets.TraitError, match=r"^a: expected .*a vector of length 1, got"):
        OrthogonalPlane(a=vector)
    assert refused("a", vector)


def test_what_is_nearly_a_unit_vector_is_made_one():
    """And what is one to rounding stays, so that it comes back from the browser as it was."""
    rng = np.random.default_rng(2)
    vectors = (unit(rng.standard_normal((500, 2))) * rng.uniform(0.999, 1.001, (500, 1))).tolist()
    check = f"const check = (v) => figures['{TAG}'].fields.a.check('a', v)"
    twice = f"(() => {{ {check}; return data.map((v) => [check(v), check(check(v))]); }})()"
    for vector, (once, again) in zip(vectors, on_figures(twice, vectors), strict=True):
        assert once == again
        assert math.hypot(*once) == pytest.approx(1, abs=1e-15)
        own = OrthogonalPlane(a=vector).a
        assert own == pytest.approx(once, rel=1e-15)
        assert OrthogonalPlane(a=own).a == own
        assert OrthogonalPlane(a=once).a == once


@pytest.mark.parametrize("d", [1, 8, 2.5, "2"])
def test_dimensions_are_two_to_seven(d):
    with pytest.raises(traitlets.TraitError, match=r"^d: expected a"):
        OrthogonalPlane(d=d)
    assert refused("d", d)


def test_handles_go_round_the_circle():
    script = f"""data.map((point) => {{
        const [a] = figures['{TAG}'].handles;
        return a.constrain(stateOf('{TAG}', {{}}), point, {{}}).a ?? null;
    }})"""
    *res, nowhere = on_figures(script, [[2, 0], [0, 0.1], [-1, -1], [0, 0]])
    np.testing.assert_allclose(res, unit(np.array([[1, 0], [0, 1], [-1, -1]])), atol=1e-4)
    assert nowhere is None


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"map": "reflection", "b": [0.96, -0.28]}, "b = a: the formula reads 0/0"),
        ({"map": "rotation", "b": [-0.96, 0.28]}, "b = −a: the formula reads 0/0"),
        ({"map": "rotoreflection", "b": [0.96, -0.28]}, "b = a: the formula reads 0/0"),
        ({"map": "half-turn", "b": [-0.96, 0.28]}, "b = −a: the formula reads 0/0"),
        ({"map": "rotation", "b": [0.96, -0.28]}, None),
        ({"map": "half-turn", "b": [0.96, -0.28]}, None),
    ],
)
def test_it_is_said_where_a_formula_breaks(state, said):
    texts = {
        key: value if isinstance(value, str) else str(value)[1:-1] for key, value in state.items()
    }
    markup = on_figures(f"still('{TAG}', data)", texts)
    assert (said or "0/0") in markup if said else "0/0" not in markup


@pytest.mark.parametrize(
    ("d", "b", "best"),
    [(2, "0.6,0.8", "T₁, T₄"), (5, "0.6,0.8", "T₁"), (5, "0,1", "T₁, T₂"), (5, "-0.6,0.8", "T₂")],
)
def test_the_chart_names_the_nearest_map(d, b, best):
    markup = on_figures(f"still('{TAG}', data)", {"a": "1,0", "b": b, "d": str(d), "show": "trace"})
    assert f"nearest to I: {best}<" in markup
