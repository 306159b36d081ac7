"""The figure of one Gaussian: its numbers in both languages, its limits, its pictures."""

import re
import warnings

import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure as Picture
from support.javascript import figure_python, figure_values, on_figures

from gausslib import Gaussian
from gausslib.widgets import GaussianSingle
from gausslib.widgets.gauss_single import numbers_of

TAG = "gauss-single"
KEYS = (
    "s11",
    "s12",
    "s22",
    "correlation",
    "entropy",
    "conditional_mean",
    "conditional_sd",
    "log_density",
)
# What is 0 for some state is a difference: the error is compared with what it is a difference of.
DIFFERENCES = {"entropy", "log_density"}


def states(count: int, seed: int) -> list[dict]:
    """Of every scale and thinness, some along the axes, and the extreme ones."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        size = 10 ** rng.uniform(-3, 3) if rng.random() < 0.3 else rng.uniform(0.2, 3)
        ratio = 10 ** rng.uniform(-3, 0) if rng.random() < 0.5 else rng.uniform(0.2, 1)
        semi_axes = rng.permutation([size, size * ratio])
        angle = 0.0 if rng.random() < 0.2 else rng.uniform(-np.pi, np.pi)
        mean = rng.uniform(-3, 3, 2)
        spread = size * (1e3 if rng.random() < 0.1 else 2)
        at = mean + spread * rng.normal(size=2)
        found.append({"p": [*mean, *semi_axes, angle], "x0": at[0], "at": list(at)})
    extremes = [
        {"p": [0, 0, 1e6, 1e3, 0.7], "x0": 1e6, "at": [1e6, -1e6]},
        {"p": [1e6, -1e6, 1e-6, 1e-6, 0], "x0": -1e6, "at": [-1e6, 1e6]},
        {"p": [0, 0, 1e-6, 1e-3, 1e6], "x0": 0, "at": [0, 0]},
    ]
    return found + extremes


def as_listed(numbers: list[list[float]]) -> Gaussian:
    means, a, b, d = (np.array(column) for column in zip(*numbers, strict=True))
    return Gaussian(means, np.moveaxis(np.array([[a, b], [b, d]]), -1, 0))


def test_numbers_agree_with_gausslib():
    """In 10,000 states, on the covariance of the figure: sines may differ in the last digit."""
    given = states(10_000, seed=1)
    found = figure_values(TAG, given)
    res = {name: np.array([values[name] for values in found]) for name in KEYS}
    assert set(found[0]) == set(KEYS)
    p = as_listed(
        [
            [state["p"][:2], values["s11"], values["s12"], values["s22"]]
            for state, values in zip(given, found, strict=True)
        ]
    )
    x0, at = (np.array([state[name] for state in given]) for name in ("x0", "at"))
    ref = numbers_of(p, x0, at)
    regression = np.abs(ref["s12"] / ref["s11"] * (x0 - p.mean[:, 0]))
    for name in KEYS:
        size = np.maximum(np.abs(ref[name]), 1 if name in DIFFERENCES else 0)
        if name == "conditional_mean":
            size = np.abs(p.mean[:, 1]) + regression
        assert np.all(np.abs(res[name] - ref[name]) <= 1e-9 * size), name


def test_the_covariance_is_that_of_the_ellipse():
    given = states(1000, seed=2)
    for state, values in zip(given, figure_values(TAG, given), strict=True):
        cov = GaussianSingle(state["p"]).gaussian.cov
        tolerance = 1e-14 * max(state["p"][2:4]) ** 2
        found = [values["s11"], values["s12"], values["s22"]]
        assert found == pytest.approx([cov[0, 0], cov[0, 1], cov[1, 1]], rel=0, abs=tolerance)


def presets() -> list[dict]:
    return on_figures(f"Object.values(figures['{TAG}'].presets)")


def test_presets_show_the_numbers_of_their_names():
    found = on_figures(
        f"""Object.fromEntries(Object.entries(figures['{TAG}'].presets).map(([name, given]) =>
            [name, figures['{TAG}'].values(stateOf('{TAG}', given)).correlation]))"""
    )
    names = ("correlation 0.8", "correlation −0.8", "regression to the mean")
    assert [round(found[name], 4) for name in names] == [0.8, -0.8, 0.5]


def test_the_program_gives_the_numbers():
    given = [{}, *presets(), *states(6, seed=3)]
    programs = figure_python(TAG, given)
    for values, program in zip(figure_values(TAG, given), programs, strict=True):
        names = {}
        exec(program.replace("print(values)", ""), names)
        assert list(names["values"]) == list(KEYS)
        for name in KEYS:
            assert names["values"][name] == pytest.approx(values[name], rel=1e-8, abs=1e-8)


def test_the_object_has_the_numbers_of_the_element():
    (values,) = figure_values(TAG, [{}])
    assert GaussianSingle().values == pytest.approx(values, rel=1e-12)


REFUSED = [
    ("p", [0, 0, 1, 0.0009, 0]),
    ("p", [0, 0, 1, 1]),
    ("x0", 2e6),
    ("x0", "1"),
    ("at", [0, 2e6]),
    ("at", [1]),
    ("at", [1, "2"]),
    ("show", "ellipse"),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_both_languages_refuse(name, value):
    with pytest.raises(traitlets.TraitError, match=f"{name}: expected"):
        GaussianSingle(**{name: value})
    check = f"figures['{TAG}'].fields[data[0]].check(...data)"
    attempt = f"(() => {{ try {{ return {check}; }} catch (error) {{ return error.message; }} }})()"
    assert on_figures(attempt, [name, value]).startswith(f"{name}: expected")


def test_the_point_and_x0_have_the_same_limits():
    figure = GaussianSingle(x0=-1e6, at=[1e6, -1e6])
    check = "data.map(([name, value]) => figures['gauss-single'].fields[name].check(name, value))"
    assert on_figures(check, [["x0", -1e6], ["at", [1e6, -1e6]]]) == [figure.x0, figure.at]


EVERYTHING = "matrix eigenvectors marginals conditional samples density terms"


def test_no_drawing_has_a_number_that_is_none():
    """In extreme states too, with every extra and every term lit."""
    drawings = on_figures(
        f"""data.flatMap((given) => {{
            const figure = figures['{TAG}'];
            const state = stateOf('{TAG}', {{ ...given, show: '{EVERYTHING}' }});
            const plane = new modules["plane.js"].Plane();
            plane.scale = figure.reach(state);
            return figure.formulas.flatMap(({{ formula: {{ key }}, captions }}) =>
                Object.keys(captions).map((term) => captions[term](state)
                    + figure.scene(state, {{ plane, lit: {{ formula: key, term }} }})));
        }})""",
        states(50, seed=4) + presets(),
    )
    assert len(drawings) >= 7 * 50
    for drawing in drawings:
        assert not re.search("NaN|undefined|Infinity|∞", drawing)
        assert "overlay" in drawing


def test_the_terms_add_up():
    """Of each formula, with the signs that stand in it."""
    given = states(200, seed=5)
    found = on_figures(
        f"""data.map((given) => figures['{TAG}'].formulas.map(({{ terms, whole }}) =>
            [Object.values(terms(stateOf('{TAG}', given))), whole(stateOf('{TAG}', given))]))""",
        given,
    )
    signs = [(1, 1), (1, -1), (-1, -1, -1)]
    for formulas in found:
        for (terms, whole), sign in zip(formulas, signs, strict=True):
            total = np.dot(sign, terms)
            assert total == pytest.approx(whole, rel=0, abs=1e-11 * max(np.abs(terms)))


def test_repr_gives_the_figure_again():
    figure = GaussianSingle([1, 2, 0.5, 0.25, -1], "samples matrix", x0=-2, at=[0, 1], id="one")
    again = eval(repr(figure))
    for name in ("p", "show", "x0", "at", "id", "link"):
        assert getattr(again, name) == getattr(figure, name)


@pytest.mark.parametrize("show", ["", *EVERYTHING.split(), EVERYTHING])
def test_the_picture_is_drawn(show):
    few, many = (Picture().add_subplot() for _ in "12")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        GaussianSingle().plot(few)
        GaussianSingle(show=show).plot(many)
    assert (len(many.get_children()) > len(few.get_children())) == bool(show)


def test_a_thin_ellipse_is_drawn_and_saved(caplog):
    figure = GaussianSingle([0, 0, 1, 0.001, np.pi / 2], EVERYTHING, x0=3)
    data, _ = figure._repr_mimebundle_()
    assert data["image/png"]
    assert not caplog.records  # of Matplotlib, where limits and aspect are at odds


def test_the_bells_stand_on_the_edges():
    axes = Picture(layout="constrained").add_subplot()
    GaussianSingle(show="marginals").plot(axes)
    axes.figure.draw_without_rendering()
    of_x, of_y = (patch.get_xy() for patch in axes.patches[-2:])
    assert of_x[:, 1].min() == pytest.approx(axes.get_ylim()[0], abs=0.01)
    assert of_y[:, 0].min() == pytest.approx(axes.get_xlim()[0], abs=0.01)


def test_the_window_holds_the_line_of_x0():
    axes = Picture().add_subplot()
    GaussianSingle(show="conditional", x0=9).plot(axes)
    assert axes.get_xlim()[1] > 9
