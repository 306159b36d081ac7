"""GaussianPair and `<gauss-pair>`: the numbers under an affine map, and what Python makes of them.

The closed forms themselves are in `test_gauss2d.py`, what all figures share in `test_figures.py`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import traitlets
from support.javascript import figure_values, on_figures

import gausslib
from gausslib.widgets import GaussianPair

P, Q = [0.0, 0.0, 1.0, 0.5, 0.3], [1.0, 0.5, 0.7, 1.2, -0.4]
PACKAGE = Path(gausslib.__file__).parent


def test_a_change_is_announced():
    pair, seen = GaussianPair(P, Q), []
    pair.observe(lambda change: seen.append(change["new"]), "q")
    pair.q = tuple(P)
    assert seen == [P]


def test_gaussians_and_values():
    pair = GaussianPair(P, Q)
    p, q = pair.gaussians
    assert p == gausslib.Gaussian.from_axes([0, 0], [1, 0.5], 0.3)
    assert pair.values == {
        "kl_pq": gausslib.kl_divergence(p, q),
        "kl_qp": gausslib.kl_divergence(q, p),
        "bhattacharyya": gausslib.bhattacharyya_distance(p, q),
        "hellinger": gausslib.hellinger_distance(p, q),
        "w2": gausslib.w2_distance(p, q),
    }


@pytest.mark.parametrize("show", ["term", "terms axes"])
def test_unknown_extras_are_refused(show):
    with pytest.raises(traitlets.TraitError, match=f"show: expected .*, got '{show}'"):
        GaussianPair(show=show)


@pytest.mark.parametrize(
    "map", [[0] * 6, [1, 2, 2, 4, 0, 0], [1, 0, 0, 0.01, 0, 0], [2e3, 0, 0, 1e3, 0, 0]]
)
def test_maps_that_are_nearly_singular_or_huge_are_refused(map):
    with pytest.raises(traitlets.TraitError, match="map: expected a matrix with singular values"):
        GaussianPair(map=map)


@pytest.mark.parametrize("name", ["two words", "1st", "<b>", "é", 7])
def test_names_are_plain(name):
    for trait in ("link", "id"):
        with pytest.raises(traitlets.TraitError, match=f"{trait}: expected a name"):
            GaussianPair(**{trait: name})


def mapped_states(count: int) -> list[dict]:
    """Pairs under maps with singular values in any legal ratio, reflections included."""
    rng = np.random.default_rng(5)
    states = []
    for _ in range(count):
        p, q = ([*rng.uniform(-2, 2, 2), *rng.uniform(0.2, 2, 2), rng.uniform(-3, 3)] for _ in "pq")
        turns = [np.linalg.qr(rng.normal(size=(2, 2)))[0] for _ in "uv"]
        matrix = turns[0] @ np.diag([1, 10 ** rng.uniform(-1.6, 0)]) @ turns[1]
        states.append({"p": p, "q": q, "map": [*np.ravel(matrix), *rng.normal(size=2)]})
    return states


def test_a_map_moves_w2_alone():
    states = mapped_states(300)
    plain = figure_values("gauss-pair", [{**state, "map": [1, 0, 0, 1, 0, 0]} for state in states])
    mapped = figure_values("gauss-pair", states)
    for before, after in zip(plain, mapped, strict=True):
        for name in ("kl_pq", "kl_qp", "bhattacharyya", "hellinger"):
            assert after[name] == pytest.approx(before[name], rel=1e-9), name
    moved = [abs(a["w2"] / b["w2"] - 1) for a, b in zip(plain, mapped, strict=True)]
    assert np.median(moved) > 0.1


def test_browser_and_python_agree_under_maps():
    states = mapped_states(200)
    for state, res in zip(states, figure_values("gauss-pair", states), strict=True):
        ref = GaussianPair(**state).values
        for name, value in ref.items():
            assert res[name] == pytest.approx(value, rel=1e-9), name


def test_the_window_holds_the_frame_of_the_map():
    """Its handles could not be reached else."""
    states = [{**state, "show": "map"} for state in mapped_states(100)]
    for state, res in zip(
        states,
        on_figures(
            "data.map((given) => figures['gauss-pair'].reach(stateOf('gauss-pair', given)))", states
        ),
        strict=True,
    ):
        a, b = np.reshape(state["map"][:4], (2, 2)), np.array(state["map"][4:])
        frame = np.stack([b, b + a[:, 0], b + a[:, 1]])
        assert np.all(np.abs(frame) <= res * np.array([4, 2.75]))


@pytest.mark.parametrize(
    ("map", "moves"),
    [([0.6, -0.8, 0.8, 0.6, 1, 2], False), ([0, 1, 1, 0, 0, 0], False), ([1, 1, 0, 1, 0, 0], True)],
)
def test_the_figure_says_what_a_map_moves(map, moves):
    """W₂ only where the map is no rigid motion."""
    scene = on_figures(
        """figures["gauss-pair"].scene(stateOf("gauss-pair", { map: data, show: "map" }), {
            lit: null, plane: new modules["plane.js"].Plane(),
        })""",
        map,
    )
    assert ("Only W₂ changes" in scene) == moves
    assert ("No distance changes" in scene) == (not moves)


def test_a_logarithm_of_one_is_zero():
    """Also where sines of the angles are rounded."""
    states = [{"p": [0, 0, 1.6, 0.5, 0], "q": [0, 0, 1.6, 0.5, angle / 9]} for angle in range(20)]
    found = on_figures(
        """data.map((given) =>
            figures['gauss-pair'].formulas[0].terms(stateOf('gauss-pair', given)).logdet)""",
        states,
    )
    assert found == [0] * 20


def run(code: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1]


def test_a_missing_bundle_names_the_command(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "gausslib", ignore=shutil.ignore_patterns("static"))
    message = run("import gausslib.widgets", tmp_path)
    assert message.startswith("FileNotFoundError: ")
    assert "`make bundle`" in message


@pytest.mark.parametrize("package", ["anywidget", "matplotlib"])
def test_a_missing_package_names_the_extra(package):
    code = f"import sys; sys.modules['{package}'] = None; import gausslib.widgets"
    message = run(code, PACKAGE.parent)
    assert message.startswith("ModuleNotFoundError: ")
    assert 'pip install "gausslib[widgets]"' in message
