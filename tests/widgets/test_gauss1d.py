"""The browser's closed forms on the line against gausslib and high precision."""

import math

import mpmath
import numpy as np
import pytest
from support.javascript import evaluate

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    bhattacharyya_terms,
    hellinger_distance,
    kl_divergence,
    kl_terms,
    total_variation,
    w2_distance,
    w2_terms,
)

MODULE = "gauss1d.js"
KINDS = ("plain", "scales", "near", "nearly equal means", "nearly equal deviations", "equal")
TERMS = {"kl": kl_terms, "bhattacharyya": bhattacharyya_terms, "w2": w2_terms}


def pairs_of(kind: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of mean and standard deviation."""
    rng = np.random.default_rng([1, KINDS.index(kind)])
    p = np.stack([rng.uniform(-3, 3, count), rng.uniform(0.2, 3, count)], -1)
    q = np.stack([rng.uniform(-3, 3, count), rng.uniform(0.2, 3, count)], -1)
    step = 10 ** rng.uniform(-12, -1, (count, 1)) * rng.standard_normal((count, 2))
    match kind:
        case "scales":
            q[:, 1] = p[:, 1] * 10 ** rng.uniform(-3, 3, count)
        case "near":
            q = p + step * p[:, 1:]
        case "nearly equal means":
            q[:, 0] = p[:, 0] + step[:, 0]
        case "nearly equal deviations":
            q[:, 1] = p[:, 1] + step[:, 1] * p[:, 1]
        case "equal":
            equal = rng.integers(2, size=count)
            q[np.arange(count), equal] = p[np.arange(count), equal]
    return p, q


def in_browser(p: np.ndarray, q: np.ndarray, expression: str) -> list:
    return evaluate(MODULE, f"data.map(([p, q]) => {expression})", np.stack([p, q], 1).tolist())


def law(rows: np.ndarray) -> Gaussian:
    return Gaussian(rows[:, :1], rows[:, 1, None, None] ** 2)


def w1(p: np.ndarray, q: np.ndarray) -> float:
    """Mean of a folded normal law."""
    with mpmath.workdps(50):
        (mean_p, sd_p), (mean_q, sd_q) = [[mpmath.mpf(x) for x in g] for g in (p, q)]
        delta, sigma = abs(mean_p - mean_q), abs(sd_p - sd_q)
        if sigma == 0:
            return float(delta)
        return float(
            sigma * mpmath.sqrt(2 / mpmath.pi) * mpmath.exp(-(delta**2) / sigma**2 / 2)
            + delta * mpmath.erf(delta / sigma / mpmath.sqrt(2))
        )


@pytest.mark.parametrize("kind", KINDS)
def test_distances_agree_with_gausslib(kind):
    p, q = pairs_of(kind, 1700)
    res = in_browser(p, q, "m.lineDistances(p, q)")
    left, right = law(p), law(q)
    ref = {
        "kl_pq": kl_divergence(left, right),
        "kl_qp": kl_divergence(right, left),
        "bhattacharyya": bhattacharyya_distance(left, right),
        "hellinger": hellinger_distance(left, right),
        "total_variation": total_variation(left, right),
        "w1": [w1(*pair) for pair in zip(p, q, strict=True)],
        "w2": w2_distance(left, right),
    }
    for name, values in ref.items():
        found = [answer[name] for answer in res]
        np.testing.assert_allclose(found, values, rtol=1e-11, atol=0, err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_terms_agree_with_gausslib(kind):
    p, q = pairs_of(kind, 200)
    res = in_browser(p, q, "m.lineTerms(p, q)")
    for name, function in TERMS.items():
        ref = function(law(p), law(q))._asdict()
        assert list(res[0][name]) == list(ref)
        for term, values in ref.items():
            found = [answer[name][term] for answer in res]
            np.testing.assert_allclose(found, values, rtol=1e-11, atol=1e-15, err_msg=(name, term))


def test_equal_gaussians_are_at_no_distance():
    p, _ = pairs_of("plain", 100)
    for answer in in_browser(p, p, "[m.lineDistances(p, q), m.lineTerms(p, q)]"):
        distances, terms = answer
        assert set(distances.values()) == {0}
        assert {value for parts in terms.values() for value in parts.values()} == {0}


def test_mass_of_an_interval():
    rng = np.random.default_rng(2)
    start, length = rng.uniform(-10, 8, 400), 10 ** rng.uniform(-12, 1.3, 400)
    start[:100] = 0  # half an error function
    rows = np.stack([start, length], -1).tolist()
    res = evaluate(MODULE, "data.map(([start, length]) => m.normalMass(start, length))", rows)
    for (a, size), mass in zip(rows, res, strict=True):
        with mpmath.workdps(60):
            ref = mpmath.erf((mpmath.mpf(a) + size) / mpmath.sqrt(2)) - mpmath.erf(
                a / mpmath.sqrt(2)
            )
        # exp(-z²/2) has the rounding error of z²; what lies beyond 9 is not counted
        tolerance = 1e-15 if a == 0 else 2e-14
        assert abs(mass - float(ref / 2)) <= tolerance * float(ref / 2) + 3e-19, (a, size)
    assert evaluate(MODULE, "data.map(x => m.normalMass(0, x / 0))", [1]) == [pytest.approx(0.5)]


@pytest.mark.parametrize("kind", KINDS)
def test_shaded_areas_are_the_numbers(kind):
    p, q = pairs_of(kind, 6)
    closed = in_browser(p, q, "m.lineDistances(p, q)")
    nodes, weights = np.polynomial.legendre.leggauss(8)
    for pair, number in zip(np.stack([p, q], 1), closed, strict=True):
        edges = np.sort(np.ravel(pair[:, :1] + pair[:, 1:] * np.linspace(-12, 12, 601)))
        half = np.diff(edges)[:, None] / 2
        x = edges[:-1, None] + half * (1 + nodes)
        heights = evaluate(
            MODULE,
            "['kl', 'bhattacharyya', 'variation'].map(name => data.x.map("
            "x => m.integrand(name, ...data.pair, x)))",
            {"pair": pair.tolist(), "x": x.ravel().tolist()},
        )
        kl, coefficient, variation = np.reshape(heights, (3, -1)) @ (weights * half).ravel()
        # the first changes its sign, and the areas cancel; the last has kinks
        assert kl == pytest.approx(number["kl_pq"], rel=1e-10, abs=1e-14)
        assert -math.log(coefficient) == pytest.approx(
            number["bhattacharyya"], rel=1e-10, abs=1e-14
        )
        assert variation == pytest.approx(number["total_variation"], rel=1e-5, abs=1e-14)
