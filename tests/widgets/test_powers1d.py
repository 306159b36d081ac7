"""The browser's powers of two Gaussians on the line, against gausslib and 60 digits."""

import mpmath
import numpy as np
import pytest
from support.javascript import evaluate

from gausslib import (
    Gaussian,
    chernoff_alpha,
    chernoff_information,
    geometric_mean,
    kl_divergence,
    renyi_divergence,
)

MODULE = "powers1d.js"
KINDS = ("ordinary", "equal widths", "equal means", "near", "far", "scales")
DIGITS = 60


def pairs_of(kind: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of mean and standard deviation."""
    rng = np.random.default_rng([4, KINDS.index(kind)])
    p, q = (np.stack([rng.uniform(-3, 3, count), rng.uniform(0.2, 2, count)], -1) for _ in range(2))
    match kind:
        case "equal widths":
            q[:, 1] = p[:, 1]
        case "equal means":
            q[:, 0] = p[:, 0]
        case "near":
            q = p + p[:, 1:] * 1e-9 * rng.normal(size=(count, 2))
        case "far":
            q[:, 0] += 10 ** rng.uniform(1, 5, count)
        case "scales":
            q[:, 1] = p[:, 1] * 10 ** rng.uniform(-6, 6, count)
    return p, q


def in_browser(p: np.ndarray, q: np.ndarray, alpha: np.ndarray) -> dict[str, np.ndarray]:
    """The numbers of `powersOf`; JSON has no infinity, so it comes as null."""
    rows = [[*pair, a] for *pair, a in zip(p.tolist(), q.tolist(), alpha.tolist(), strict=True)]
    answers = evaluate(MODULE, "data.map(([p, q, alpha]) => m.powersOf(p, q, alpha))", rows)
    return {
        name: np.array([np.inf if a[name] is None else a[name] for a in answers])
        for name in answers[0]
    }


def law(rows: np.ndarray) -> Gaussian:
    return Gaussian(rows[:, :1], rows[:, 1, None, None] ** 2)


def exactly(pair_p, pair_q, alpha: float) -> dict[str, float]:
    """The same with 60 digits, from the definitions. Variances are rounded first, as everywhere."""
    with mpmath.workdps(DIGITS):
        (m, n), a = (mpmath.mpf(pair[0]) for pair in (pair_p, pair_q)), mpmath.mpf(alpha)
        v, w = (mpmath.mpf(pair[1] ** 2) for pair in (pair_p, pair_q))
        mixed = a * w + (1 - a) * v
        mean, var = (a * m * w + (1 - a) * n * v) / mixed, v * w / mixed

        def kl(own_mean, own, other_mean, other):
            ratio = own / other
            return ((own_mean - other_mean) ** 2 / other + ratio - 1 - mpmath.log(ratio)) / 2

        log_area = (
            -a * (1 - a) * (m - n) ** 2 / mixed
            - mpmath.log(mixed)
            + (1 - a) * mpmath.log(v)
            + a * mpmath.log(w)
        ) / 2
        renyi = kl(m, v, n, w) if a == 1 else log_area / (a - 1)
        return {
            "renyi": float(renyi),
            "kl_g_p": float(kl(mean, var, m, v)),
            "kl_g_q": float(kl(mean, var, n, w)),
        }


@pytest.mark.parametrize("count", [200, pytest.param(2000, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("kind", KINDS)
def test_divergences_agree_with_gausslib(kind, count):
    p, q = pairs_of(kind, count)
    alpha = np.random.default_rng(1).uniform(0, 2, count)
    alpha[:3] = 0, 1, 2
    res, left, right = in_browser(p, q, alpha), law(p), law(q)
    ref = {
        "renyi": renyi_divergence(left, right, alpha),
        "chernoff": chernoff_information(left, right),
        "chernoff_alpha": chernoff_alpha(left, right),
    }
    for name, values in ref.items():
        np.testing.assert_allclose(res[name], values, rtol=1e-9, atol=0, err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_agree_with_sixty_digits(kind):
    """Within the domain, and just below its end, where variances nearly cancel."""
    p, q = pairs_of(kind, 60)
    alpha = np.random.default_rng(2).uniform(0, 2, 60)
    v, w = p[:, 1] ** 2, q[:, 1] ** 2
    end = np.where(v > w, v / np.where(v > w, v - w, 1), np.inf)
    alpha = np.where(alpha < end, alpha, end * (1 - 1e-10))
    alpha[:2] = 0.5, 1
    res = in_browser(p, q, alpha)
    for index, (pair_p, pair_q, a) in enumerate(zip(p, q, alpha, strict=True)):
        for name, value in exactly(pair_p, pair_q, float(a)).items():
            assert res[name][index] == pytest.approx(value, rel=2e-10, abs=1e-300), (name, a)


def test_the_normalised_product_is_the_geometric_mean():
    p, q = pairs_of("ordinary", 200)
    alpha = np.random.default_rng(3).uniform(0, 1, 200)
    mean = geometric_mean(law(p), law(q), alpha)
    res = in_browser(p, q, alpha)
    for name, other in (("kl_g_p", p), ("kl_g_q", q)):
        np.testing.assert_allclose(res[name], kl_divergence(mean, law(other)), rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_best_power_the_middle_is_as_far_from_both(kind):
    """And so far as Chernoff's number says: the equation that defines the best power."""
    p, q = pairs_of(kind, 200)
    zero = np.zeros(200)
    star = in_browser(p, q, zero)["chernoff_alpha"]
    assert np.all((star > 0) & (star < 1))
    res = in_browser(p, q, star)
    for name in ("kl_g_p", "kl_g_q"):
        np.testing.assert_allclose(res[name], res["chernoff"], rtol=1e-7, err_msg=name)
    if kind == "equal widths":
        np.testing.assert_allclose(star, 0.5, rtol=1e-15)


def test_no_other_power_is_better():
    p, q = pairs_of("ordinary", 100)
    best = in_browser(p, q, np.zeros(100))["chernoff"]
    for alpha in np.linspace(0, 1, 41):
        area = in_browser(p, q, np.full(100, alpha))["chernoff_coefficient"]
        assert np.all(-np.log(area) <= best * (1 + 1e-12) + 1e-15)


def test_orders_mirror_where_the_laws_change_places():
    p, q = pairs_of("ordinary", 200)
    alpha = np.random.default_rng(5).uniform(0, 1, 200)
    there, back = in_browser(p, q, alpha)["renyi"], in_browser(q, p, 1 - alpha)["renyi"]
    np.testing.assert_allclose((1 - alpha) * there, alpha * back, rtol=1e-12)


def test_equal_laws_and_the_end_of_orders():
    same = [0.3, 0.7]
    res = in_browser(np.array([same] * 3), np.array([same] * 3), np.array([0, 1, 2]))
    assert {*res["renyi"], *res["chernoff"], *res["kl_g_p"], *res["kl_g_q"]} == {0}
    assert {*res["chernoff_alpha"]} == {0.5}
    assert {*res["chernoff_coefficient"]} == {1}
    # variances in the ratio 4 : 1
    wide, narrow = np.array([[0, 1.5]]), np.array([[0, 0.75]])
    (end,) = evaluate(MODULE, "data.map(([p, q]) => m.endOfOrders(p, q))", [[[0, 1.5], [0, 0.75]]])
    assert end == pytest.approx(4 / 3)
    for alpha, is_finite in ((end - 1e-9, True), (end + 1e-9, False), (1, True)):
        numbers = in_browser(wide, narrow, np.array([alpha]))
        for name in ("renyi", "kl_g_p", "kl_g_q", "chernoff_coefficient"):
            assert np.isfinite(numbers[name][0]) == is_finite, (name, alpha)
    assert np.isfinite(in_browser(narrow, wide, np.array([2]))["renyi"][0])
