"""Total variation and overlap: right where they have a closed form, bounded elsewhere."""

from statistics import NormalDist

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from scipy.stats import norm
from support.laws import dims, in_turn, laws, of_one_covariance, random_pair, seeds, separations

from gausslib import (
    Gaussian,
    TotalVariationBounds,
    bhattacharyya_coefficient,
    hellinger_distance,
    kl_divergence,
    overlap_coefficient,
    total_variation,
    total_variation_bounds,
)
from reference.oracle import relative_error
from reference.pairs import random_cov


def exact_on_the_line(mean_p, var_p, mean_q, var_q):
    """The difference of the distribution functions at the crossing points, in 50 digits."""
    with mp.workdps(50):
        m, a, n, b = map(mp.mpf, (mean_p, var_p, mean_q, var_q))
        s, t = mp.sqrt(a), mp.sqrt(b)
        if a == b:
            return mp.erf(abs(m - n) / s / mp.sqrt(8))
        # log p = log q is a x² + b x + c = 0
        square, linear = 1 / b - 1 / a, 2 * (m / a - n / b)
        constant = n**2 / b - m**2 / a + mp.log(b / a)
        half = mp.sqrt(linear**2 - 4 * square * constant) / (2 * square)
        middle = -linear / (2 * square)
        first, second = (
            mp.ncdf((x - m) / s) - mp.ncdf((x - n) / t) for x in (middle - half, middle + half)
        )
        return abs(second - first)


def test_on_the_line_from_far_to_near():
    rng = np.random.default_rng(9)
    means, variances = [], []
    for separation in np.repeat(10.0 ** np.arange(-14, 1.5, 0.5), 6):
        deviation = 10 ** rng.uniform(-3, 3)
        ratio = (
            1 + separation * rng.uniform(-1, 1) if separation < 0.5 else 10 ** rng.uniform(-4, 4)
        )
        means.append([0, deviation * separation * 10 ** rng.uniform(-3, 1)])
        variances.append([deviation**2, deviation**2 * ratio])
    m, v = np.array(means)[..., None], np.array(variances)[..., None, None]
    p, q = Gaussian(m[:, 0], v[:, 0]), Gaussian(m[:, 1], v[:, 1])
    for i, value in enumerate(total_variation(p, q)):
        exact = exact_on_the_line(m[i, 0, 0], v[i, 0, 0, 0], m[i, 1, 0], v[i, 1, 0, 0])
        single = [Gaussian(m[i, k], v[i, k]) for k in (0, 1)]
        for found in (value, total_variation(*single), total_variation(*single[::-1])):
            assert relative_error(found, exact) <= 4e-15


@laws
@given(seeds, dims, separations)
def test_equal_covariances_are_a_problem_on_the_line(seed, d, separation):
    pair, line, _ = of_one_covariance(seed, d, separation)
    np.testing.assert_allclose(total_variation(*pair), total_variation(*line), rtol=1e-12)
    assert total_variation(pair[0], pair[0]) == 0


@laws
@given(seeds, separations, separations)
def test_metric_on_the_line(seed, near, far):
    for a, b, c in in_turn(seed, 1, near, far):
        assert total_variation(a, a) == 0
        assert 0 < total_variation(a, b) <= 1
        np.testing.assert_allclose(total_variation(a, b), total_variation(b, a), rtol=1e-14)
        detour = total_variation(a, b) + total_variation(b, c)
        assert total_variation(a, c) <= detour * (1 + 1e-12)


@laws
@given(seeds, dims, separations)
def test_bounds(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    bounds = total_variation_bounds(p, q)
    assert isinstance(bounds, TotalVariationBounds)
    assert 0 < bounds.lower < bounds.upper <= 1
    hellinger, divergence = hellinger_distance(p, q), min(kl_divergence(p, q), kl_divergence(q, p))
    np.testing.assert_allclose(bounds.lower, hellinger**2, rtol=1e-14)
    limits = hellinger * np.sqrt(2 - hellinger**2), np.sqrt(divergence / 2)
    np.testing.assert_allclose(bounds.upper, min(limits), rtol=1e-14)
    # The total variation of a marginal is at most that of the whole.
    assert total_variation(p.marginal(0), q.marginal(0)) <= bounds.upper
    line = p.marginal(0), q.marginal(0)
    inner = total_variation_bounds(*line)
    assert inner.lower <= total_variation(*line) <= inner.upper


@pytest.mark.parametrize("ratio", [1e-6, 1e-2, 0.5, 1.0])
@pytest.mark.parametrize("shift", [0.0, 1e-3, 1.0, 40.0, 1e6])
def test_value_against_an_integral(ratio, shift):
    p, q = Gaussian(0, 1), Gaussian(shift, ratio)
    nodes, weights = np.polynomial.legendre.leggauss(40)
    grid = np.linspace(-9, 9, 400)
    edges = np.unique(np.concatenate([grid, shift + np.sqrt(ratio) * grid]))
    half = np.diff(edges)[:, None] / 2
    x = edges[:-1, None] + half * (nodes + 1)
    integral = (half * weights * abs(p.pdf(x[..., None]) - q.pdf(x[..., None]))).sum() / 2
    np.testing.assert_allclose(total_variation(p, q), integral, rtol=1e-5, atol=1e-15)


def test_extremes():
    assert total_variation(Gaussian(0, 1), Gaussian(1e300, 1)) == 1
    assert total_variation(Gaussian(0, 1e-300), Gaussian(0, 1e300)) == 1
    point = Gaussian(0, 0)
    assert total_variation(point, point) == 0
    assert total_variation(point, Gaussian(0, 1)) == 1
    assert total_variation(point, Gaussian(1, 0)) == 1
    cov = [[1, 1], [1, 1]]
    line, along, beside = (Gaussian(mean, cov) for mean in ([0, 0], [1, 1], [1, 0]))
    ref = total_variation(Gaussian(0, 1), Gaussian(1, 1))
    np.testing.assert_allclose(total_variation(line, along), ref, rtol=1e-15)
    assert total_variation(line, beside) == 1
    assert total_variation_bounds(line, beside) == (1, 1)
    assert total_variation_bounds(line, line) == (0, 0)


@pytest.mark.parametrize("shape", [(3,), (2, 3)])
def test_batches(shape):
    rng = np.random.default_rng(1)
    p = Gaussian(rng.standard_normal((*shape, 1)), rng.uniform(0.5, 2, (*shape, 1, 1)))
    q = Gaussian(rng.standard_normal((3, 1)), [[1.0]])
    values = total_variation(p, q)
    assert values.shape == shape
    for i in np.ndindex(shape):
        assert values[i] == pytest.approx(total_variation(p[i], q[i[-1]]), rel=1e-15)


def test_float32():
    p, q = (Gaussian(np.float32(mean), np.float32(2)) for mean in (0, 1))
    assert total_variation(p, q).dtype == np.float32
    assert total_variation_bounds(p, q).upper.dtype == np.float32


def test_no_closed_form_is_refused_with_the_bounds():
    p = Gaussian([0, 0], np.eye(2))
    q = Gaussian([[0, 0], [0, 0]], [np.eye(2), np.diag([1, 2])])
    with pytest.raises(ValueError, match="closed form") as caught:
        total_variation(p, q)
    bounds = total_variation_bounds(p, q)
    for words in ("p and q", "(1,)", f"{bounds.lower[1]:.6g}", f"{bounds.upper[1]:.6g}"):
        assert words in str(caught.value)


# --- the overlap ------------------------------------------------------------------------


def exact_overlap(mean_p, var_p, mean_q, var_q):
    """Mass of the narrower one outside of the crossing points and of the other between, by tails.

    In 400 digits: of two masses that are tiny neither may be what is left of one.
    """
    with mp.workdps(400):
        (m, a), (n, b) = sorted(
            [(mp.mpf(mean_p), mp.mpf(var_p)), (mp.mpf(mean_q), mp.mpf(var_q))], key=lambda g: g[1]
        )
        s, t = mp.sqrt(a), mp.sqrt(b)
        if a == b:
            return mp.erfc(abs(m - n) / s / mp.sqrt(8))
        square, linear = 1 / b - 1 / a, 2 * (m / a - n / b)
        constant = n**2 / b - m**2 / a + mp.log(b / a)
        half = mp.sqrt(linear**2 - 4 * square * constant) / (2 * abs(square))
        left, right = (-linear / (2 * square) + sign * half for sign in (-1, 1))
        outside = mp.ncdf((left - m) / s) + mp.ncdf((m - right) / s)
        return outside + mp.ncdf((right - n) / t) - mp.ncdf((left - n) / t)


def test_overlap_on_the_line_from_far_to_near():
    """Accurate as far as its logarithm is, up to the smallest numbers."""
    rng = np.random.default_rng(4)
    for separation in np.repeat(10.0 ** np.arange(-14, 1.75, 0.25), 6):
        unit = 10 ** rng.uniform(-3, 3)
        near = 1 + separation * rng.uniform(-1, 1)
        ratio = near if separation < 0.5 and rng.random() < 0.5 else 10 ** rng.uniform(-4, 4)
        shift = unit * separation * rng.uniform(0.3, 1) * rng.choice([-1, 1])
        numbers = 0.0, unit**2, shift, unit**2 * ratio
        exact = exact_overlap(*numbers)
        tolerance = 4e-15 * (1 + float(-mp.log(exact)))
        p, q = Gaussian(*numbers[:2]), Gaussian(*numbers[2:])
        for value in (overlap_coefficient(p, q), overlap_coefficient(q, p)):
            assert relative_error(value, exact) < tolerance or exact < 1e-300


@laws
@given(seeds, dims, separations)
def test_overlap_of_equal_covariances(seed, d, separation):
    rng = np.random.default_rng(seed)
    cov, shift = random_cov(rng, d), 3 * separation * rng.standard_normal(d)
    p, q = Gaussian(np.zeros(d), cov), Gaussian(shift, cov)
    length = np.sqrt(shift @ np.linalg.solve(cov, shift))
    value = overlap_coefficient(p, q)
    np.testing.assert_allclose(value, 2 * norm.cdf(-length / 2), rtol=1e-9 * (1 + length**2))
    np.testing.assert_allclose(value, 1 - total_variation(p, q), rtol=0, atol=1e-15)
    assert overlap_coefficient(p, p) == 1


@laws
@given(seeds, separations)
def test_overlap_and_total_variation_are_one_on_the_line(seed, separation):
    p, q = random_pair(seed, 1, separation)
    np.testing.assert_allclose(
        overlap_coefficient(p, q) + total_variation(p, q), 1, rtol=0, atol=2e-15
    )
    # twice the error of the best test, below the overlap of Bhattacharyya
    assert overlap_coefficient(p, q) <= bhattacharyya_coefficient(p, q) * (1 + 1e-14)
    affine = [g.affine([[-3.0]], [5.0]) for g in (p, q)]
    tolerance = 1e-12 + 1e-14 / separation
    np.testing.assert_allclose(
        overlap_coefficient(*affine), overlap_coefficient(p, q), rtol=tolerance
    )


@pytest.mark.parametrize(("shift", "deviation"), [(0, 2), (1, 1), (1, 3), (-2, 0.4), (6, 1.5)])
def test_overlap_is_that_of_the_standard_library(shift, deviation):
    ref = NormalDist(0, 1).overlap(NormalDist(shift, deviation))
    value = overlap_coefficient(Gaussian(0, 1), Gaussian(shift, deviation**2))
    np.testing.assert_allclose(value, ref, rtol=1e-11)


def test_overlap_of_singular_and_extreme_gaussians():
    point = Gaussian(0, 0)
    assert overlap_coefficient(point, point) == 1
    assert overlap_coefficient(point, Gaussian(1, 0)) == 0
    assert overlap_coefficient(point, Gaussian(0, 1)) == 0
    assert overlap_coefficient(Gaussian(0, 1), Gaussian(1e300, 1)) == 0
    for variance in (5e-324, 1e308):
        assert overlap_coefficient(Gaussian(1, variance), Gaussian(1, variance)) == 1
    cov = [[1, 1], [1, 1]]
    line, along, beside = (Gaussian(mean, cov) for mean in ([0, 0], [1, 1], [1, 0]))
    ref = overlap_coefficient(Gaussian(0, 1), Gaussian(1, 1))
    np.testing.assert_allclose(overlap_coefficient(line, along), ref, rtol=1e-15)
    assert overlap_coefficient(line, beside) == 0
    assert overlap_coefficient(line, line) == 1
    points = Gaussian([[0, 0], [1, 0]], np.zeros((2, 2)))
    np.testing.assert_array_equal(overlap_coefficient(points, points[0]), [1, 0])


def test_overlap_in_batches_and_float32():
    rng = np.random.default_rng(1)
    p = Gaussian(rng.standard_normal((4, 1, 1)), rng.uniform(0.5, 2, (4, 1, 1, 1)))
    q = Gaussian(rng.standard_normal((3, 1)), rng.uniform(0.5, 2, (3, 1, 1)))
    values = overlap_coefficient(p, q)
    assert values.shape == (4, 3)
    for i, j in np.ndindex(4, 3):
        np.testing.assert_allclose(values[i, j], overlap_coefficient(p[i, 0], q[j]), rtol=1e-15)
    short = [Gaussian(np.float32([m, 0]), np.eye(2, dtype=np.float32)) for m in (0, 9)]
    value = overlap_coefficient(*short)
    assert value.dtype == np.float32
    np.testing.assert_allclose(value, 2 * norm.cdf(-4.5), rtol=1e-7)


def test_overlap_without_a_closed_form_is_refused():
    p, q = Gaussian([0, 0], np.eye(2)), Gaussian([0, 0], np.diag([1, 2]))
    with pytest.raises(ValueError, match="overlap have a closed form"):
        overlap_coefficient(p, q)
