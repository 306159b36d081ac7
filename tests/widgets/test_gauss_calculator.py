"""GaussianCalculator and `<gauss-calculator>`: numbers from text and from samples.

The closed forms themselves are in `test_gaussnd.py`, reading text in `test_paste.py`.
"""

import re

import numpy as np
import pytest
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture
from playwright.sync_api import expect
from support.javascript import BUNDLE, evaluate, figure_python, figure_values, on_figures

from gausslib import Gaussian, bhattacharyya_distance, total_variation
from gausslib.widgets import GaussianCalculator
from gausslib.widgets._traits import attribute
from gausslib.widgets.gauss_calculator import numbers_of
from reference.pairs import random_cov, symmetric

TAG = "gauss-calculator"


def states_of(dim: int, count: int) -> list[dict]:
    """States of one dimension: apart, nearly identical, thin, singular, in units of any size."""
    rng = np.random.default_rng([1, dim])
    states = []
    for trial in range(count):
        mean, cov = rng.standard_normal(dim), random_cov(rng, dim)
        shift, other = rng.standard_normal(dim), random_cov(rng, dim)
        if trial % 4 == 1:
            size = 10.0 ** rng.uniform(-12, -3)
            shift, other = mean + size * shift, symmetric(cov + size * cov * other[0, 0])
        elif trial % 4 == 2:
            root = rng.standard_normal((dim, dim)) * 10.0 ** rng.uniform(-1, 0, dim)
            other = symmetric(root @ root.T + 1e-4 * np.eye(dim))
        elif trial % 4 == 3:
            unit = 2.0 ** rng.integers(-40, 40)
            mean, shift, cov, other = mean * unit, shift * unit, cov * unit**2, other * unit**2
            if trial % 8 == 3:
                cov[-1], cov[:, -1] = 0, 0
        arrays = {"p_mean": mean, "p_cov": cov, "q_mean": shift, "q_cov": other}
        states.append({name: array.tolist() for name, array in arrays.items()})
    return states


@pytest.mark.parametrize("dim", [1, 2, 3, 5, 10])
def test_browser_and_python_agree(dim):
    states = states_of(dim, 400 // dim)
    mean_p, cov_p, mean_q, cov_q = (
        np.array([state[name] for state in states])
        for name in ("p_mean", "p_cov", "q_mean", "q_cov")
    )
    expected = numbers_of(Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q))
    for i, res in enumerate(figure_values(TAG, states)):
        assert set(res) == set(expected)
        for name, ref in expected.items():
            # Trace and logdet are small differences where p and q are near.
            rounding = 1e-9 if name.endswith(("trace", "logdet")) else 0
            assert res[name] == pytest.approx(ref[i], rel=1e-9, abs=rounding), (name, states[i])


def test_values_are_those_of_gausslib():
    calculator = GaussianCalculator([1, 0], [[2, 1], [1, 3]], [0, 0], [[1, 0], [0, 1]])
    p, q = calculator.gaussians
    assert p == Gaussian([1, 0], [[2, 1], [1, 3]])
    assert q == Gaussian.standard(2)
    assert calculator.values == numbers_of(p, q)


def test_copied_python_gives_the_numbers():
    states = [state for dim in (1, 2, 3, 10) for state in states_of(dim, 4)]
    states.append({"p_mean": [1e20, -3e15], "p_cov": [[1e19, 0], [0, 1e40]]})
    for state, numbers, program in zip(
        states, figure_values(TAG, states), figure_python(TAG, states), strict=True
    ):
        names: dict = {}
        exec(program.replace("print(values)", ""), names)
        assert set(names["values"]) == set(numbers)
        for name, value in numbers.items():
            rounding = 1e-9 if name.endswith(("trace", "logdet")) else 0
            expected = pytest.approx(value, rel=1e-9, abs=rounding)
            assert names["values"][name] == expected, (name, state)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("p_mean", []),
        ("p_mean", [[1, 2], [3, 4]]),
        ("p_mean", [0] * 11),
        ("q_mean", [0, None]),
        ("p_cov", []),
        ("p_cov", [1, 2]),
        ("p_cov", [[1, 0]]),
        ("p_cov", [[1, 0], [0]]),
        ("p_cov", [[1, 2], [2, 1]]),
        ("p_cov", [[1, 0.5], [0.4, 1]]),
        ("q_cov", [[-1]]),
        ("q_cov", np.eye(11).tolist()),
    ],
)
def test_browser_and_python_refuse_the_same(name, value):
    message = on_figures(
        f"(() => {{ try {{ figures['{TAG}'].fields.{name}.check('{name}', data); }} "
        "catch (error) { return error.message; } })()",
        value,
    )
    assert message.startswith(f"{name}: expected ")
    with pytest.raises(traitlets.TraitError, match=f"{name}: expected "):
        GaussianCalculator(**{name: value})


@pytest.mark.parametrize("value", [[np.nan], [np.inf], ["1"], "1", 1])
def test_python_refuses_what_is_no_list_of_numbers(value):
    with pytest.raises(traitlets.TraitError, match="p_mean: expected a mean"):
        GaussianCalculator(p_mean=value)


def test_arrays_become_lists():
    calculator = GaussianCalculator(np.zeros(2), np.eye(2, dtype=int), (1, 2), ((2, 0), (0, 1)))
    assert calculator.p_cov == [[1.0, 0.0], [0.0, 1.0]]
    assert attribute(calculator.q_cov) == "2.0,0.0;0.0,1.0"
    other = GaussianCalculator()
    other.p_mean.append(1.0)
    assert GaussianCalculator().p_mean == [0.0, 0.0]


def test_captions_of_what_is_infinite_say_why():
    script = f"""(() => {{
        const state = {{ ...stateOf('{TAG}', figures['{TAG}'].presets.singular), show: "terms" }};
        return figures['{TAG}'].formulas.flatMap(({{ captions }}) =>
            Object.values(captions).map((caption) => caption(state)));
    }})()"""
    captions = on_figures(script)
    infinite = "Infinite: the supports of p and q differ."
    assert captions[:5] == [infinite] * 5
    assert captions[5].startswith("Mean: the means are 1.0000 apart")
    assert "∞" not in "".join(captions)


DIFFERENT = {"p_mean": [1, 2, 3]}


def test_no_numbers_while_the_dimensions_differ():
    assert figure_values(TAG, [DIFFERENT]) == [{}]
    calculator = GaussianCalculator(**DIFFERENT)
    assert calculator.values == {}
    with pytest.raises(ValueError, match="mean"):
        _ = calculator.gaussians
    with pytest.raises(ValueError, match="one dimension, got 1 and 2"):
        _ = GaussianCalculator(p_mean=[0], p_cov=[[1]]).gaussians
    canvas = FigureCanvasAgg(Picture())
    calculator.plot(canvas.figure.add_subplot())
    canvas.draw()
    markup = on_figures(f"still('{TAG}', data)", {"p_mean": "1,2,3", "show": "terms"})
    assert "This has the dimension 2, but the mean of p has 3." in markup
    assert ">–<" in markup
    assert "NaN" not in markup


def test_what_is_no_number_is_written_as_a_dash():
    assert evaluate("format.js", "[m.formatted(NaN), m.formatted(undefined)]", None) == ["–"] * 2


def meanings(pairs) -> list[str]:
    """What the figure says below its numbers, of pairs on the line: mean and variance each."""
    given = [
        {"p_mean": [p[0]], "p_cov": [[p[1]]], "q_mean": [q[0]], "q_cov": [[q[1]]]} for p, q in pairs
    ]
    return on_figures(f"data.map((s) => figures['{TAG}'].remark(stateOf('{TAG}', s)))", given)


def test_what_the_numbers_mean():
    """The best guess is wrong in (1 − TV) / 2 of all cases: that is between what is said."""
    rng = np.random.default_rng(5)
    pairs = [((0, 1), (rng.uniform(-3, 3), np.exp(rng.uniform(-2, 2)))) for _ in range(300)]
    for (p, q), words in zip(pairs, meanings(pairs), strict=True):
        left, right = (Gaussian([mean], [[var]]) for mean, var in (p, q))
        said = r"are ([\d.]+) apart.* about ([\d.]+) to ([\d.]+) %.* from (\d+) points"
        apart, least, most, points = map(float, re.search(said, words).groups())
        bells = Gaussian([0.0], [[1.0]]), Gaussian([apart], [[1.0]])
        distance = bhattacharyya_distance(left, right)
        assert bhattacharyya_distance(*bells) == pytest.approx(distance, rel=1e-3, abs=1e-7)
        wrong = 50 * (1 - total_variation(left, right))
        assert least * 0.95 <= wrong <= most * 1.05
        assert np.exp(-points * distance) <= 0.02 < np.exp(-(points - 1) * distance)


def test_what_it_says_of_the_ends():
    one, other = (0, 1), (1, 0)
    same, apart = meanings([(one, one), (other, one)])
    assert "one law" in same
    assert "for sure" in apart
    (near,) = meanings([(one, (1e-9, 1))])
    assert "1.00e−9 apart" in near
    assert "50 to 50 %" in near
    given = {"p_mean": [0, 1], "p_cov": [[1]]}
    assert on_figures(f"figures['{TAG}'].remark(stateOf('{TAG}', data))", given) == ""


@pytest.fixture
def page(open_page, tmp_path):
    """A page with nothing but the figure, all of it shown."""
    scripts = [BUNDLE.with_name(name).as_uri() for name in ("runtime.js", f"{TAG}.js")]
    script = "".join(f"<script defer src='{script}'></script>" for script in scripts)
    (tmp_path / "page.html").write_text(
        f"<!doctype html><meta charset=utf-8>{script}<{TAG} id=x show='terms samples'></{TAG}>",
        "utf-8",
    )
    return open_page((tmp_path / "page.html").as_uri())


def test_samples_become_a_gaussian(page):
    rng = np.random.default_rng(4)
    x = rng.standard_normal((50, 3)) @ rng.standard_normal((3, 3)) + 5
    text = "a;b;c\n" + "\n".join(";".join(map(repr, row)) for row in x.tolist())
    ref = Gaussian.from_samples(x)
    for name in "pq":
        page.locator(f"textarea[aria-label^='Samples of {name}']").fill(text)
        page.wait_for_function(f"document.querySelector('{TAG}').{name}_mean.length === 3")
        mean, cov = page.evaluate(
            f"(({{ {name}_mean: mean, {name}_cov: cov }}) => [mean, cov])"
            f"(document.querySelector('{TAG}'))"
        )
        np.testing.assert_allclose(mean, ref.mean, rtol=1e-13)
        np.testing.assert_allclose(cov, ref.cov, rtol=1e-12)


def number(page, name: str) -> str:
    return page.locator(f"[data-value={name}]").inner_text()


def messages(page) -> list[str]:
    return [text for text in page.locator(".gauss-fault").all_inner_texts() if text]


def test_typing(page):
    """The dimension changes box by box, without numbers on the way."""
    assert number(page, "kl_pq") == "1.1112"
    page.get_by_label("Mean of p").fill("[1]")
    assert number(page, "kl_pq") == number(page, "kl_pq_mean") == "–"
    assert messages(page) == [
        f"This has the dimension 2, but the mean of p has {n}." for n in "111"
    ]
    page.get_by_label("Mean of q").fill("0")
    page.get_by_label("Covariance of p", exact=True).fill("1")
    page.get_by_label("Covariance of q", exact=True).fill("np.array([[1.]])")
    assert messages(page) == []
    assert number(page, "kl_pq") == "0.5000"
    assert page.get_by_label("Covariance of q", exact=True).input_value() == "np.array([[1.]])"
    page.keyboard.press("Tab")
    page.wait_for_url("**x.q_cov=1*")  # an address is not written twice at once
    page.reload()
    assert number(page, "kl_pq") == "0.5000"


def test_what_is_not_legal_stays_to_be_mended(page):
    box = page.get_by_label("Covariance of p", exact=True)
    box.fill("1, 2\n2, 1")
    (message,) = messages(page)
    assert "smallest eigenvalue is −1, along (" in message
    assert box.get_attribute("aria-invalid") == "true"
    described = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert described.inner_text() == message
    assert number(page, "kl_pq") == "1.1112"
    page.get_by_label("Mean of q").fill("0 0")
    assert box.input_value() == "1, 2\n2, 1"
    assert messages(page) == [message]
    page.get_by_role("button", name="Reset").click()
    assert box.input_value() == "1, 0.5\n0.5, 2"
    assert box.get_attribute("aria-invalid") is None
    assert messages(page) == []


def test_reset_mends_what_never_was_legal(page):
    box = page.get_by_label("Mean of p")
    box.fill("one")
    page.get_by_role("button", name="Reset").click()
    assert box.input_value() == "0, 0"
    assert messages(page) == []


def test_samples_are_pasted_or_read_from_a_file(page):
    pasted = page.get_by_label("Samples of p (they stay in this browser)", exact=True)
    pasted.fill("x,y\n0,0\n2,0\n1,3")
    # What reads samples is loaded when they first come.
    cov = page.get_by_label("Covariance of p", exact=True)
    expect(cov).to_have_value("1, 0\n0, 3")
    file = page.get_by_label("Samples of q (they stay in this browser), from a file")
    table = "1\t0\n-1\t0\n0\t1\n0\t-1\n"
    file.set_input_files({"name": "q.tsv", "mimeType": "text/plain", "buffer": table.encode()})
    expect(page.get_by_label("Mean of q")).to_have_value("0, 0")
    p = Gaussian.from_samples([[0, 0], [2, 0], [1, 3]])
    q = Gaussian.from_samples([[1, 0], [-1, 0], [0, 1], [0, -1]])
    values = page.locator(TAG).evaluate("figure => figure.values")
    assert values["w2"] == pytest.approx(numbers_of(p, q)["w2"], rel=1e-9)
    pasted.fill("x,y\n0,0\n2")
    assert messages(page) == ["Lines 1 and 3 differ in length: 2 and 1."]
    page.get_by_role("button", name="Reset").click()
    assert messages(page) == []
    assert number(page, "kl_pq") == "1.1112"


def test_state_is_copied(page):
    kept = page.locator(TAG).evaluate("""figure => {
        figure.p_cov[0][0] = 9;
        figure.q_mean = new Float64Array([1, 2]);
        return [figure.p_cov[0][0], figure.q_mean];
    }""")
    assert kept == [1, [1, 2]]
