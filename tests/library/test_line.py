"""The 1-Wasserstein distance on the line: against its three definitions, and 60 digits."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from scipy.integrate import quad
from scipy.special import ndtr, ndtri
from scipy.stats import wasserstein_distance
from support.laws import in_turn, laws, random_pair, seeds, separations

from gausslib import Gaussian, w1_distance, w2_distance
from reference.oracle import relative_error


def exact(p, q):
    """Mean of the absolute value of a Gaussian number with mean δ and deviation σp - σq."""
    with mp.workdps(60):
        m, a, n, b = (mp.mpf(x.item()) for x in (p.mean, p.cov, q.mean, q.cov))
        delta, sigma = abs(m - n), abs(mp.sqrt(a) - mp.sqrt(b))
        if sigma == 0:
            return delta
        bell = sigma * mp.sqrt(2 / mp.pi) * mp.exp(-((delta / sigma) ** 2) / 2)
        return bell + delta * mp.erf(delta / sigma / mp.sqrt(2))


def test_against_60_digits_from_far_to_near():
    rng = np.random.default_rng(1)
    for separation in np.repeat(10.0 ** np.arange(-14, 3.5, 0.5), 6):
        unit = 10 ** rng.uniform(-100, 100)
        near = 1 + separation * rng.uniform(-0.9, 1)
        ratio = near if separation < 1 else 10 ** rng.uniform(-9, 9)
        shift = separation * 10 ** rng.uniform(-3, 3) * rng.choice([-1, 1])
        p, q = Gaussian(0, unit**2), Gaussian(unit * shift, unit**2 * ratio)
        for value in (w1_distance(p, q), w1_distance(q, p)):
            assert relative_error(value, exact(p, q)) < 4e-15


@pytest.mark.parametrize(("shift", "width"), [(0, 2), (1, 1), (0.5, 3), (-4, 0.5), (3, 1.001)])
def test_area_between_the_distribution_functions(shift, width):
    p, q = Gaussian(0, 1), Gaussian(shift, width**2)
    crossing = [shift / (1 - width)] if width not in (1, 1.001) else None  # that is far out

    def gap(x):
        return abs(ndtr(x) - ndtr((x - shift) / width))

    area, _ = quad(gap, -40, 40, points=crossing, limit=500)
    np.testing.assert_allclose(w1_distance(p, q), area, rtol=1e-7)


@pytest.mark.parametrize(("shift", "width"), [(0, 2), (1, 1), (0.5, 3), (-4, 0.5)])
def test_scipy_says_the_same_of_samples(shift, width):
    """Of 100,000 quantiles each, in the middle of equal shares of the mass."""
    z = ndtri((np.arange(100_000) + 0.5) / 100_000)
    p, q = Gaussian(0, 1), Gaussian(shift, width**2)
    witness = wasserstein_distance(z, shift + width * z)
    np.testing.assert_allclose(w1_distance(p, q), witness, rtol=1e-4)


@laws
@given(seeds, separations, separations)
def test_metric_below_w2(seed, near, far):
    for a, b, c in in_turn(seed, 1, near, far):
        assert w1_distance(a, a) == 0
        assert 0 < w1_distance(a, b) <= w2_distance(a, b) * (1 + 1e-14)
        np.testing.assert_allclose(w1_distance(a, b), w1_distance(b, a), rtol=1e-14)
        assert w1_distance(a, c) <= (w1_distance(a, b) + w1_distance(b, c)) * (1 + 1e-13)
        difference = abs(a.mean - b.mean).item()
        assert w1_distance(a, b) >= difference * (1 - 1e-14)


@laws
@given(seeds, separations)
def test_scales_with_the_unit(seed, separation):
    p, q = random_pair(seed, 1, separation)
    unit = 1024.0
    there = [Gaussian(unit * g.mean + 8, unit**2 * g.cov) for g in (p, q)]
    shifts = abs(there[0].mean - there[1].mean - unit * (p.mean - q.mean)).item()
    np.testing.assert_allclose(
        w1_distance(*there), unit * w1_distance(p, q), rtol=1e-12, atol=2 * shifts
    )


def test_points_and_extremes():
    point = Gaussian(3, 0)
    assert w1_distance(point, point) == 0
    assert w1_distance(point, Gaussian(5, 0)) == 2
    np.testing.assert_allclose(w1_distance(point, Gaussian(3, 4)), 2 * np.sqrt(2 / np.pi))
    assert w1_distance(Gaussian(0, 1e300), Gaussian(1e160, 1e300)) == 1e160
    assert w1_distance(Gaussian(0, 1), Gaussian(1e-320, 1)) == 1e-320
    for variance in (5e-324, 1e308):
        assert w1_distance(Gaussian(1, variance), Gaussian(1, variance)) == 0
    widths = Gaussian(0, 1e-300), Gaussian(0, 4e-300)
    np.testing.assert_allclose(w1_distance(*widths), 1e-150 * np.sqrt(2 / np.pi), rtol=1e-15)


def test_given_deviations():
    """Two factors that differ by less than their squares show."""
    p, q = (Gaussian.from_cholesky([0], [[s]]) for s in (1.0, 1 + 2.0**-52))
    np.testing.assert_allclose(w1_distance(p, q), 2.0**-52 * np.sqrt(2 / np.pi), rtol=1e-15)


def test_batches_and_float32():
    rng = np.random.default_rng(2)
    p = Gaussian(rng.standard_normal((4, 1, 1)), rng.uniform(0, 2, (4, 1, 1, 1)))
    q = Gaussian(rng.standard_normal((3, 1)), rng.uniform(0, 2, (3, 1, 1)))
    values = w1_distance(p, q)
    assert values.shape == (4, 3)
    for i, j in np.ndindex(4, 3):
        assert values[i, j] == w1_distance(p[i, 0], q[j])
    short = [Gaussian(np.float32(g), np.float32(2)) for g in (0, 1)]
    assert w1_distance(*short) == 1
    assert w1_distance(*short).dtype == np.float32
