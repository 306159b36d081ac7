"""The figure of one Gaussian fitted to two bumps: its integrals, its optima, its limits."""

import re
import warnings

import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure as Picture
from scipy.optimize import minimize
from support.javascript import evaluate, figure_values, on_figures

from gausslib import Gaussian, kl_divergence, mixture_moments
from gausslib.widgets import GaussianFit
from gausslib.widgets._plot import planar
from gausslib.widgets.gauss_fit import _Mixture

TAG = "gauss-fit"
NARROWEST, WIDEST, FARTHEST = 0.3, 2, 4
LEGAL = {
    "fitsOf": f"data.map((given) => m.fitsOf(stateOf('{TAG}', given)))",
    "mixtureOf": f"data.map((given) => m.mixtureOf(stateOf('{TAG}', given)))",
}


def random_state(rng: np.random.Generator) -> dict:
    """A legal state of any kind, now and then at a limit."""

    def bump(dimension: int) -> list[float]:
        means = rng.uniform(-FARTHEST, FARTHEST, dimension)
        widths = np.exp(rng.uniform(np.log(NARROWEST), np.log(WIDEST), dimension))
        match rng.integers(12):
            case 0:
                widths[0] = rng.choice([NARROWEST, WIDEST])
            case 1:
                means[0] = rng.choice([-FARTHEST, FARTHEST])
            case 2:
                means[:] = 0
        angles = rng.uniform(-np.pi, np.pi, dimension - 1)
        return [*map(float, (*means, *widths, *angles))]

    state = {
        "space": str(rng.choice(["line", "plane"])),
        "family": str(rng.choice(["full", "aligned", "fixed"])),
        "width": float(rng.uniform(NARROWEST, WIDEST)),
        "w": float(rng.uniform()),
        "p1": bump(1),
        "p2": bump(1),
        "plane_p1": bump(2),
        "plane_p2": bump(2),
    }
    match rng.integers(12):
        case 0:
            state["w"] = float(rng.choice([0, 1, 1e-12, 1 - 1e-12]))
        case 1:  # nearly equal bumps
            step = 10 ** rng.uniform(-9, -1)
            state["p2"] = [state["p1"][0] * (1 - step), state["p1"][1]]
            state["plane_p2"] = [state["plane_p1"][0] * (1 - step), *state["plane_p1"][1:]]
    return state


def states(count: int, seed: int) -> list[dict]:
    rng = np.random.default_rng(seed)
    return [random_state(rng) for _ in range(count)]


def mixture(state: dict) -> _Mixture:
    """The mixture of a state; to make the whole widget would take longer than the integrals."""
    if state["space"] == "plane":
        bumps = [planar(state["plane_p1"]), planar(state["plane_p2"])]
    else:
        bumps = [Gaussian([mean], [[sd**2]]) for mean, sd in (state["p1"], state["p2"])]
    return _Mixture(bumps, (state["w"], 1 - state["w"]))


def law(found: dict, space: str) -> Gaussian:
    """The Gaussian that the browser found."""
    (x, y), (a, b, d) = found["law"]["mean"], found["law"]["root"]
    if space == "line":
        assert (y, b, d) == (0, 0, 1)  # what is added for the plane stays as it is
        return Gaussian([x], [[a * a]])
    factor = np.array([[a, 0], [b, d]])
    return Gaussian([x, y], factor @ factor.T)


# --- the integral -------------------------------------------------------------------------


def expected_logs(pairs: list) -> np.ndarray:
    """𝔼 log p under q, as the browser computes it."""
    expression = "data.map(([q, p]) => m.expectedLogMixture(q, p).value)"
    return np.array(evaluate("mixture.js", expression, pairs))


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_the_integral_on_the_line(count):
    """Against the plain integral over x, with steps far finer than needed."""
    rng = np.random.default_rng(1)
    z = np.arange(-9, 9, 0.002)
    mass = 0.002 * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    means = rng.uniform(-FARTHEST, FARTHEST, (count, 3))
    sds = np.exp(rng.uniform(np.log(NARROWEST), np.log(WIDEST), (count, 3)))
    means[::3, 0] = means[::3, 1] + rng.normal(size=len(means[::3])) / 5  # as a fit is
    weights = rng.uniform(size=count)
    laws = [
        [{"mean": [m, 0], "root": [s, 0, 1]} for m, s in zip(*row, strict=True)]
        for row in zip(means.tolist(), sds.tolist(), strict=True)
    ]
    pairs = [
        [q, [{"law": p1, "weight": w}, {"law": p2, "weight": 1 - w}]]
        for (q, p1, p2), w in zip(laws, weights.tolist(), strict=True)
    ]
    across = 0.5 + np.log(2 * np.pi) / 2  # the entropy of the bell that all have across
    found = expected_logs(pairs) + across
    for k in range(count):
        x = means[k, 0] + sds[k, 0] * z
        logs = [
            np.log(w) - ((x - means[k, i]) / sds[k, i]) ** 2 / 2 - np.log(sds[k, i])
            for i, w in ((1, weights[k]), (2, 1 - weights[k]))
        ]
        ref = mass @ np.logaddexp(*logs) - np.log(2 * np.pi) / 2
        assert found[k] == pytest.approx(ref, rel=1e-10, abs=1e-10), pairs[k]


def test_the_integral_in_the_plane():
    """Against the plain integral over x and y."""
    z = np.arange(-8, 8, 0.016)
    mass = 0.016 * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    given = [{**state, "space": "plane", "w": 0.7} for state in states(24, seed=2)]
    mixtures = evaluate("fit-state.js", LEGAL["mixtureOf"], given)
    found = expected_logs([[p[k % 2]["law"], p] for k, p in enumerate(mixtures)])
    for k, (p, res) in enumerate(zip(mixtures, found, strict=True)):
        q = p[k % 2]["law"]
        x = q["mean"][0] + q["root"][0] * z[:, None]
        y = q["mean"][1] + q["root"][1] * z[:, None] + q["root"][2] * z
        logs = []
        for part in p:
            (a, b, d), (m, n) = part["law"]["root"], part["law"]["mean"]
            u = (x - m) / a
            v = (y - n - b * u) / d
            logs.append(np.log(part["weight"] / (2 * np.pi * a * d)) - (u * u + v * v) / 2)
        ref = mass @ np.logaddexp(*logs) @ mass
        assert res == pytest.approx(ref, rel=1e-10, abs=1e-10), p


# --- the fits -----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_divergences_agree_with_python(count):
    """Those that the covering fit and the best seeking one make least."""
    given = states(count, seed=3)
    for state, found in zip(given, evaluate("fit-state.js", LEGAL["fitsOf"], given), strict=True):
        p = mixture(state)
        cover, seek = found["covering"], found["seeking"][0]
        to, under = p.kl_to(law(cover, state["space"])), p.kl_from(law(seek, state["space"]))
        assert cover["kl_pq"] == pytest.approx(to, rel=1e-9, abs=1e-9), state
        assert seek["kl_qp"] == pytest.approx(under, rel=1e-9, abs=1e-9), state


@pytest.mark.parametrize("count", [50, pytest.param(250, marks=pytest.mark.nightly)])
def test_fits_agree_with_python(count):
    """Another way of descending leads to the same fits."""
    given = states(count, seed=4)
    for state, values in zip(given, figure_values(TAG, given), strict=True):
        ref = GaussianFit(**state).values
        assert list(ref) == list(values)
        for name, value in values.items():
            within = 1e-9 if name.startswith("kl_qp") or name == "optima" else 1e-6
            assert value == pytest.approx(ref[name], rel=within, abs=within), (name, state)


def test_no_optimum_is_missed():
    """Descents from a dozen random places end where the figure has an optimum."""
    rng = np.random.default_rng(5)
    given = states(40, seed=5)
    for state, found in zip(given, evaluate("fit-state.js", LEGAL["fitsOf"], given), strict=True):
        figure = GaussianFit(**state)
        p, among = _Mixture(figure.bumps, (figure.w, 1 - figure.w)), figure._among
        values = [fit["kl_qp"] for fit in found["seeking"]]
        assert values[0] <= min(values) + 1e-9  # the best comes first
        for _ in range(12):
            one, other = (part.mean for part in figure.bumps)
            mean = one + rng.uniform(-0.2, 1.2, len(one)) * (other - one)
            sds = np.exp(rng.uniform(np.log(NARROWEST), np.log(WIDEST), len(one)))
            start = among.start(among.nearest(Gaussian(mean, np.diag(sds**2))))
            end = minimize(among.reverse, start, args=(p,), jac=True, method="BFGS", tol=1e-7).x
            reached = p.kl_from(among.law(end, len(one)))
            assert min(abs(value - reached) for value in values) < 1e-6, (state, end)


def test_the_covering_fit_has_the_moments():
    given = states(60, seed=6)
    for state, found in zip(given, evaluate("fit-state.js", LEGAL["fitsOf"], given), strict=True):
        figure, q = GaussianFit(**state), law(found["covering"], state["space"])
        moments = mixture_moments(Gaussian.stack(figure.bumps), [state["w"], 1 - state["w"]])
        np.testing.assert_allclose(q.mean, moments.mean, rtol=0, atol=1e-14)
        want = {
            "full": moments.cov,
            "aligned": np.diag(np.diag(moments.cov)),
            "fixed": state["width"] ** 2 * np.eye(q.dim),
        }
        np.testing.assert_allclose(q.cov, want[state["family"]], rtol=0, atol=1e-13)


def test_one_bump_alone_is_fitted_exactly():
    for w, name in ((1, "p1"), (0, "p2")):
        values = GaussianFit(w=w).values
        (found,) = figure_values(TAG, [{"w": w}])
        for numbers in (values, found):
            for end in ("cover", "seek"):
                got = [numbers[f"mean_{end}"], numbers[f"sd_{end}"]]
                assert got == pytest.approx(list(getattr(GaussianFit(), name)), abs=1e-12)
            assert [numbers["kl_pq"], numbers["kl_qp"]] == pytest.approx([0, 0], abs=1e-12)
            assert numbers["optima"] == 1


def test_marginals_cover_and_conditionals_seek():
    """The best Gaussians without correlation, of a correlated one: Bishop's figure."""
    axes = [0.2, 0.1, 1.9, 0.6, 0.5]
    state = {"space": "plane", "family": "aligned", "w": 1, "plane_p1": axes}
    (values,) = figure_values(TAG, [state])
    p = GaussianFit(**state).bumps[0]
    precise = 1 / np.sqrt(np.diag(p.precision))
    assert [values["sd_cover"], values["sd_cover_y"]] == pytest.approx(p.std.tolist(), rel=1e-12)
    assert [values["sd_seek"], values["sd_seek_y"]] == pytest.approx(precise.tolist(), rel=1e-12)
    seek = Gaussian(p.mean, np.diag(precise**2))
    assert values["kl_qp"] == pytest.approx(float(kl_divergence(seek, p)), abs=1e-12)


def test_of_equal_optima_the_left_one_is_drawn_solid():
    for space, family in (("line", "full"), ("line", "fixed"), ("plane", "fixed")):
        state = {
            "space": space,
            "family": family,
            "w": 0.5,
            "p1": [2, 0.5],
            "p2": [-2, 0.5],
            "plane_p1": [2, 1, 0.5, 0.5, 0],
            "plane_p2": [-2, -1, 0.5, 0.5, 0],
        }
        (values,) = figure_values(TAG, [state])
        assert values["optima"] >= 2
        assert values["mean_seek"] < -1
        assert GaussianFit(**state).values["mean_seek"] == pytest.approx(values["mean_seek"])


def test_the_state_alone_decides():
    """Whatever was seen before: the same bits in any order."""
    given = states(100, seed=7)
    assert figure_values(TAG, given) == figure_values(TAG, given[::-1])[::-1]


# --- limits and handles -------------------------------------------------------------------

REFUSED = [
    ("p1", [0, 0.29]),
    ("p1", [0, 2.01]),
    ("p2", [4.01, 1]),
    ("p2", [0]),
    ("plane_p1", [0, 0, 1, 0.29, 0]),
    ("plane_p1", [0, 4.1, 1, 1, 0]),
    ("plane_p2", [0, 0, 1, 1, 7.1]),
    ("w", 1.01),
    ("width", 0.2),
    ("space", "sphere"),
    ("family", "diagonal"),
    ("show", "terms"),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_is_not_legal_is_refused_by_both(name, value):
    refused = on_figures(
        f"(() => {{ try {{ figures['{TAG}'].fields['{name}'].check('{name}', data) }}"
        " catch (error) { return error.message } })()",
        value,
    )
    assert refused.startswith(f"{name}: expected")
    with pytest.raises(traitlets.TraitError, match=f"{name}: expected"):
        GaussianFit(**{name: value})


def handles(given: list[dict], expression: str) -> list:
    """The value of an expression for each handle that is there in each state."""
    return on_figures(
        f"data.map((given) => {{ const figure = figures['{TAG}'];"
        f" const state = stateOf('{TAG}', given);"
        " const { Plane } = modules['plane.js']; const plane = new Plane();"
        " plane.fit(figure.reach(state));"
        " return figure.handles.filter((handle) => handle.when(state))"
        f".map((handle) => {expression}); }})",
        given,
    )


def test_every_drag_is_legal():
    rng = np.random.default_rng(8)
    given = [{**state, "to": (9 * rng.normal(size=2)).tolist()} for state in states(150, seed=8)]
    for state, changes in zip(
        given, handles(given, "handle.constrain(state, given.to, plane)"), strict=True
    ):
        del state["to"]
        for change in changes:
            GaussianFit(**{**state, **change})


def test_handles_are_in_the_window_and_stay_where_they_are():
    given = states(150, seed=9)
    found = handles(
        given,
        "[plane.holds(handle.position(state, plane)),"
        " handle.constrain(state, handle.position(state, plane), plane)]",
    )
    for state, here in zip(given, found, strict=True):
        for holds, change in here:
            assert holds, state
            for name, numbers in change.items():
                if abs(state[name][-1]) < np.pi - 0.01:  # else half a turn may be taken off
                    assert numbers[:4] == pytest.approx(state[name][:4], abs=1e-3)


def test_a_bump_without_weight_has_no_handles():
    names = handles([{"w": 1}, {"w": 0.5}], "handle.name")
    assert names == [
        ["mean of p₁", "standard deviation of p₁"],
        ["mean of p₁", "standard deviation of p₁", "mean of p₂", "standard deviation of p₂"],
    ]


# --- the picture --------------------------------------------------------------------------


def scenes(given: list[dict]) -> list[str]:
    return on_figures(
        f"data.map((given) => {{ const figure = figures['{TAG}'];"
        f" const state = stateOf('{TAG}', given);"
        " const { Plane } = modules['plane.js']; const plane = new Plane();"
        " plane.fit(figure.reach(state));"
        " return figure.scene(state, { plane, lit: null }); })",
        given,
    )


def test_every_optimum_is_drawn():
    given = states(80, seed=10)
    for state, scene, values in zip(given, scenes(given), figure_values(TAG, given), strict=True):
        assert not re.search("NaN|undefined|null|Infinity", scene), state
        looks = re.findall(r'class="q ([\w-]+)"', scene)
        assert looks == ["other-fit"] * int(values["optima"] - 1) + ["covers", "seeks"]
        numbers = re.findall(r"-?\d[\d.e+-]*", "".join(re.findall(' d="[^"]*"', scene)))
        assert max(abs(float(number)) for number in numbers) < 2000, state


def test_a_bump_without_weight_is_not_drawn():
    given = [{"space": space, "w": w} for space in ("line", "plane") for w in (0, 0.5, 1)]
    names = [re.findall(">(p[₁₂])<", scene) for scene in scenes(given)]
    assert names == [["p₂"], ["p₁", "p₂"], ["p₁"]] * 2


def area(scene: str, name: str) -> float:
    """Under a curve, in pixels."""
    (d,) = re.findall(rf'<path class="{name}" d="M([^"]*?)"', scene)
    x, y = np.array([[*map(float, point.split())] for point in d.split("L")]).T
    return np.trapezoid(y[0] - y, x)


def test_mixture_and_fits_have_the_same_area():
    (scene,) = scenes([{"p1": [-1, 0.5], "p2": [1, 0.6]}])
    areas = [area(scene, name) for name in ("p mixed", "q covers", "q seeks")]
    assert areas == pytest.approx([areas[0]] * 3, rel=2e-3)


def test_the_words_below_count_the_dashed_fits():
    said = on_figures(
        f"data.map((given) => figures['{TAG}'].remark(stateOf('{TAG}', given)))",
        [{"p1": [-0.5, 1], "p2": [0.5, 1]}, {}, {"p1": [-2, 0.6], "p2": [1.8, 0.7]}],
    )
    assert "Dashed" not in said[0]
    assert "Dashed: 1 other fit " in said[1]
    assert "Dashed: 2 other fits " in said[2]


@pytest.mark.parametrize("space", ["line", "plane"])
def test_matplotlib_draws_every_state(space):
    for state in [{}, {"w": 0}, {"w": 1}, {"family": "fixed", "width": 0.3}]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Picture(layout="constrained")
            ax = picture.add_subplot()
            GaussianFit(**state, space=space).plot(ax)
            picture.draw_without_rendering()
        assert np.all(np.isfinite(ax.dataLim.get_points()))
