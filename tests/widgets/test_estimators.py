"""The running estimates against closed forms and high precision, in the browser and in Python."""

from dataclasses import asdict

import mpmath
import numpy as np
import pytest
from scipy.stats import norm
from support.javascript import evaluate
from support.planar_pairs import KINDS, Plane, random_pair

from gausslib import Gaussian, montecarlo
from gausslib.widgets._random import standard_normals
from gausslib.widgets._sampling import (
    CLOSED_FORMS,
    HALF_WIDTH_95,
    has_finite_variance,
    running_estimate,
    sample_points,
)

SIZES = [1, 2, 3, 7, 20, 50, 100, 200, 500, 1000, 1001]


def some(kind: str, count: int, seed: int) -> list[tuple[Plane, Plane]]:
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    return [random_pair(kind, rng) for _ in range(count)]


def gaussian(plane: Plane) -> Gaussian:
    return Gaussian(plane.mean, plane.matrix())


def in_browser(function: str, calls: list[list]) -> list:
    return evaluate("estimators.js", f"data.map((call) => m.{function}(...call))", calls)


# Together 9 kinds × 30 pairs × 4 estimators × 11 sizes.
@pytest.mark.parametrize("kind", KINDS)
def test_browser_and_python_agree(kind):
    cases = [
        (estimator, *pair, seed)
        for seed, pair in enumerate(some(kind, 30, seed=1))
        for estimator in CLOSED_FORMS
    ]
    calls = [[name, asdict(p), asdict(q), seed, SIZES] for name, p, q, seed in cases]
    for case, res in zip(cases, in_browser("runningEstimate", calls), strict=True):
        name, p, q, seed = case
        ref = running_estimate(name, gaussian(p), gaussian(q), seed, SIZES)
        assert [e["size"] for e in res] == [e.size for e in ref] == SIZES
        for one, other in zip(res, ref, strict=True):
            assert one["value"] == pytest.approx(other.value, rel=1e-11, abs=0), (case, other.size)
            error = np.inf if one["error"] is None else one["error"]  # JSON has no infinity
            assert error == pytest.approx(other.standard_error, rel=1e-11, abs=0), (
                case,
                other.size,
            )
            finite = other.size > 1 and has_finite_variance(name, gaussian(p), gaussian(q))
            assert (error < np.inf) == finite
            if finite:
                assert (one["high"] - one["low"]) / 2 == pytest.approx(
                    HALF_WIDTH_95 * error, rel=1e-11, abs=1e-15 * abs(one["value"])
                )


def of_one_sample(p: Plane, q: Plane, z: np.ndarray) -> dict[str, mpmath.mpf]:
    """The estimates from the sample that z gives, by the textbook formulas in 80 digits."""
    with mpmath.workdps(80):
        sp, sq = (mpmath.matrix(g.matrix().tolist()) for g in (p, q))
        mp, mq = (mpmath.matrix(g.mean) for g in (p, q))
        x = mp + mpmath.cholesky(sp) * mpmath.matrix(z.tolist())

        def log_density(mean: mpmath.matrix, cov: mpmath.matrix) -> mpmath.mpf:
            square = ((x - mean).T * cov**-1 * (x - mean))[0]
            return -(square + mpmath.log(mpmath.det(cov))) / 2

        log = log_density(mp, sp) - log_density(mq, sq)
        product = sp * sq
        root = mpmath.sqrt(mpmath.det(product))
        trace = mpmath.sqrt(product[0, 0] + product[1, 1] + 2 * root)
        transport = sp**-1 * (product + root * mpmath.eye(2)) / trace
        move = x - mq - transport * (x - mp)
        return {
            "kl_plain": log,
            "kl_nonnegative": mpmath.expm1(-log) + log,
            "bhattacharyya": log / 2,
            "w2_squared": (move.T * move)[0],
        }


@pytest.mark.parametrize("kind", KINDS)
def test_one_sample_is_right(kind):
    """Nine digits are left of the thinnest ellipses, whose covariances keep ten."""
    for seed, (p, q) in enumerate(some(kind, 20, seed=2)):
        ref = of_one_sample(p, q, standard_normals(seed, 2))
        for name in CLOSED_FORMS:
            (res,) = running_estimate(name, gaussian(p), gaussian(q), seed, [1])
            assert abs(res.value - ref[name]) <= 1e-9 * abs(ref[name]), (name, p, q)


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_an_estimate_does_not_depend_on_the_sizes_before_it(name):
    pairs = [pair for kind in KINDS for pair in some(kind, 3, seed=3)]
    calls = [[name, asdict(p), asdict(q), 7, SIZES] for p, q in pairs]
    last = [[*call[:-1], SIZES[-1:]] for call in calls]
    few, all_sizes = in_browser("runningEstimate", last), in_browser("runningEstimate", calls)
    assert few == [estimates[-1:] for estimates in all_sizes]


def test_the_interval_is_as_wide_in_the_browser():
    assert evaluate("estimators.js", "m.HALF_WIDTH_95", None) == HALF_WIDTH_95
    assert norm.cdf(HALF_WIDTH_95) == pytest.approx(0.975, abs=1e-15)


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_estimates_come_to_the_closed_form(name):
    rng = np.random.default_rng(4)
    for seed in range(20):
        p = gaussian(random_pair("plain", rng)[0])
        q = p.affine(np.diag(rng.uniform(0.8, 1.2, 2)), rng.uniform(-0.5, 0.5, 2))
        (res,) = running_estimate(name, p, q, seed, [20_000])
        assert montecarlo.agrees(res, CLOSED_FORMS[name](p, q))
        assert res.standard_error < 0.1 * max(res.value, 0.1)


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_the_interval_covers_as_often_as_it_says(name):
    # No variance of q is larger than that of p: then the tails are light for every estimator.
    p, q = Gaussian([0, 0], [[1, 0.3], [0.3, 0.8]]), Gaussian([0.4, 0.1], [[0.8, 0.3], [0.3, 0.6]])
    exact = CLOSED_FORMS[name](p, q)
    estimates = [running_estimate(name, p, q, seed, [400])[0] for seed in range(1000)]
    covered = [abs(e.value - exact) <= HALF_WIDTH_95 * e.standard_error for e in estimates]
    assert 0.92 < np.mean(covered) < 0.97


def test_the_distance_from_a_logarithm_is_too_large_by_about_half_its_squared_error():
    p, q = Gaussian([0, 0], np.eye(2)), Gaussian([1.5, 0], np.eye(2))
    exact = CLOSED_FORMS["bhattacharyya"](p, q)
    estimates = [running_estimate("bhattacharyya", p, q, seed, [20])[0] for seed in range(4000)]
    excess = np.array([e.value - exact for e in estimates])
    half_square = np.var(excess) / 2
    assert abs(excess.mean() - half_square) < 0.5 * half_square


@pytest.mark.parametrize("kind", KINDS)
def test_identical_pairs_are_exactly_zero(kind):
    for p, _ in some(kind, 10, seed=5):
        for name in CLOSED_FORMS:
            (res,) = running_estimate(name, gaussian(p), gaussian(p), 0, [50])
            assert res[:2] == (0, 0)


def test_infinite_variance_is_recognised():
    rng = np.random.default_rng(6)
    pairs = [random_pair("plain", rng) for _ in range(300)]
    # Ratios of the variances close to the limit, 2.
    for factor in (1.99, 1.9999, 2.0001, 2.01):
        pairs += [(p, Plane(p.mean, tuple(factor * s for s in p.cov))) for p, _ in pairs[:20]]
    calls = [["kl_nonnegative", asdict(p), asdict(q)] for p, q in pairs]
    found = in_browser("hasFiniteVariance", calls)
    assert 60 < sum(found) < 300
    for (p, q), res in zip(pairs, found, strict=True):
        p, q = gaussian(p), gaussian(q)
        assert res == has_finite_variance("kl_nonnegative", p, q)
        try:
            montecarlo.kl_nonnegative(p, q, rng, 2)
        except ValueError:
            assert not res
        else:
            assert res


@pytest.mark.parametrize("name", ["kl_plain", "bhattacharyya", "w2_squared"])
def test_other_variances_are_finite(name):
    (p, q), *_ = some("contrast", 1, seed=7)
    assert in_browser("hasFiniteVariance", [[name, asdict(p), asdict(q)]]) == [True]
    assert has_finite_variance(name, gaussian(p), gaussian(q))


@pytest.mark.parametrize("kind", KINDS)
def test_the_points_are_those_of_the_estimate(kind):
    pairs = some(kind, 20, seed=8)
    points = in_browser(
        "samplePoints", [[asdict(p), seed, 25] for seed, (p, _) in enumerate(pairs)]
    )
    for seed, ((p, q), res) in enumerate(zip(pairs, points, strict=True)):
        p, q = gaussian(p), gaussian(q)
        x = sample_points(p, seed, 25)
        np.testing.assert_allclose(res, x, rtol=0, atol=1e-14 * np.abs(x).max())
        logs = p.logpdf(x) - q.logpdf(x)
        (estimate,) = running_estimate("kl_plain", p, q, seed, [25])
        assert estimate.value == pytest.approx(logs.mean(), rel=1e-6, abs=1e-6)
