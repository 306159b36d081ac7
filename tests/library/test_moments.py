"""Moments that come part by part are those of the whole, however it is cut and weighted."""

import functools
import operator
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import dims, laws, seeds

from gausslib import Gaussian, Moments, w2_squared
from gausslib._moments import weighted_moments


def moments_of(x, weights=None):
    moments = Moments(x.shape[1])
    moments.add(x, weights)
    return moments


def assert_close(res, ref, rtol=1e-12):
    """Both measured in standard deviations, so that the units of the coordinates do not matter."""
    scale = np.sqrt(np.diag(ref.covariance))
    np.testing.assert_allclose((res.mean - ref.mean) / scale, 0, atol=rtol)
    error = (res.covariance - ref.covariance) / scale / scale[:, None]
    np.testing.assert_allclose(error, 0, atol=rtol)
    np.testing.assert_allclose(res.weight, ref.weight, rtol=rtol)
    assert res.count == ref.count


def test_what_numpy_computes():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((40, 3)) @ rng.standard_normal((3, 3)) + 10
    moments = moments_of(x)
    np.testing.assert_allclose(moments.mean, x.mean(0), rtol=1e-14)
    np.testing.assert_allclose(moments.covariance, np.cov(x, rowvar=False), rtol=1e-13)
    assert moments.gaussian() == Gaussian(moments.mean, moments.covariance)
    assert (moments.dim, moments.count, moments.weight) == (3, 40, 40.0)


@laws
@given(seeds, dims, st.floats(0, 12))
def test_weights_are_those_of_numpy(seed, d, exponent):
    """`aweights` of numpy.cov. The weights differ by up to twelve orders of magnitude."""
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((30, d)) + 5, 10.0 ** rng.uniform(-exponent, 0, 30)
    moments = moments_of(x, w)
    np.testing.assert_allclose(moments.mean, np.average(x, axis=0, weights=w), rtol=1e-13)
    once = Gaussian.from_samples(x, w)
    np.testing.assert_allclose(once.mean, moments.mean, rtol=1e-15)
    np.testing.assert_allclose(once.cov, moments.covariance, rtol=1e-14)
    ref = np.cov(x, rowvar=False, aweights=w).reshape(d, d)
    # numpy takes V₁ - V₂/V₁ as a difference, and loses what the largest weight leaves of it.
    lost = 1e-14 / (1 - np.square(w).sum() / w.sum() ** 2)
    bound = lost * np.sqrt(np.outer(ref.diagonal(), ref.diagonal())).max()
    np.testing.assert_allclose(moments.covariance, ref, rtol=1e-12, atol=bound)


@laws
@given(seeds, dims, st.booleans(), st.floats(-6, 6))
def test_any_cut_and_any_order(seed, d, weighted, exponent):
    """Parts of any size, empty ones too, merged as a tree of any form, give the whole."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 60))
    units = 10.0 ** (exponent * rng.uniform(-1, 1, d))
    x = (rng.standard_normal((n, d)) + 3 * rng.standard_normal(d)) * units
    w = rng.exponential(size=n) ** 3 if weighted else None
    cuts = np.sort(rng.integers(0, n + 1, rng.integers(0, 12)))
    rows = np.split(rng.permutation(n), cuts)
    parts = [moments_of(x[r], None if w is None else w[r]) for r in rows]
    while len(parts) > 1:
        i, j = rng.choice(len(parts), 2, replace=False)
        joined = parts[i] + parts[j]
        parts = [part for k, part in enumerate(parts) if k not in (i, j)] + [joined]
    assert_close(parts[0], moments_of(x, w))


@laws
@given(seeds, dims)
def test_one_row_after_the_other(seed, d):
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((50, d)), rng.exponential(size=50)
    moments, weighted = Moments(d), Moments(d)
    for row, weight in zip(x, w, strict=True):
        moments.add(row)
        weighted.add(row, weight)
    assert_close(moments, moments_of(x))
    assert_close(weighted, moments_of(x, w))


@laws
@given(seeds, dims)
def test_integer_weights_are_rows_that_repeat_but_for_the_divisor(seed, d):
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((20, d)), rng.integers(0, 5, 20)
    w[:2] = 1, 2
    res, ref = moments_of(x, w), moments_of(np.repeat(x, w, axis=0))
    np.testing.assert_allclose(res.mean, ref.mean, rtol=1e-12, atol=1e-13)
    assert res.weight == ref.weight == w.sum()
    ratio = (w.sum() - 1) / (w.sum() - np.square(w).sum() / w.sum())
    np.testing.assert_allclose(res.covariance, ratio * ref.covariance, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("scale", [1e-300, 5e-324, 1e-3, 1e300])
def test_only_the_ratios_of_weights_matter(scale):
    rng = np.random.default_rng(1)
    x, w = 1e-5 * rng.standard_normal((40, 2)), rng.integers(1, 9, 40).astype(float)
    whole, scaled = moments_of(x, w), Moments(2)
    for rows in np.split(np.arange(40), [7, 20]):
        scaled.add(x[rows], scale * w[rows])
    np.testing.assert_allclose(scaled.mean, whole.mean, rtol=1e-12)
    np.testing.assert_allclose(scaled.covariance, whole.covariance, rtol=1e-12)


@pytest.mark.parametrize("small", [1e-20, 1e-300])
def test_a_weight_that_outweighs_all_others(small):
    """Two samples have the covariance ½(x - y)(x - y)ᵀ whatever their weights are."""
    x = np.array([[1.0, 2.0], [4.0, -2.0]])
    ref = np.outer(x[0] - x[1], x[0] - x[1]) / 2
    for order in ([0, 1], [1, 0]):
        whole, parts = Moments(2), Moments(2)
        whole.add(x[order], np.array([1, small])[order])
        for i in order:
            parts.add(x[i], [1, small][i])
        np.testing.assert_allclose(whole.covariance, ref, rtol=1e-14)
        np.testing.assert_allclose(parts.covariance, ref, rtol=1e-14)


def test_a_light_part_far_away_costs_no_digits():
    rng = np.random.default_rng(2)
    near, far = rng.standard_normal((2, 30, 2))
    heavy, light = moments_of(near), moments_of(1e20 * far, np.full(30, 1e-60))
    for merged in (heavy + light, light + heavy):
        np.testing.assert_allclose(merged.mean, heavy.mean, rtol=1e-14)
        np.testing.assert_allclose(merged.covariance, heavy.covariance, rtol=1e-14)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_samples_far_from_zero_keep_their_digits(size):
    """With the spread 1 at 10⁹ the numbers still have 23 binary digits behind the point."""
    rng = np.random.default_rng(3)
    x = np.round(rng.standard_normal((5000, 3)) * 2**20) / 2**20
    res, ref = Moments(3), moments_of(x)
    for start in range(0, 5000, size):
        res.add(x[start : start + size] + 1e9)
    np.testing.assert_allclose(res.covariance, ref.covariance, rtol=1e-12, atol=1e-13)
    assert (np.abs(res.mean - 1e9 - ref.mean) <= np.spacing(1e9) / 2).all()


def test_far_samples_with_weights_keep_their_digits():
    """At 2⁴⁸ the mean is rounded to 2⁻⁴, and the covariance is not."""
    rng = np.random.default_rng(12)
    x, w = rng.integers(-100, 100, (1001, 3)) / 16, rng.exponential(size=1001)
    far, near = moments_of(x + 2.0**48, w), moments_of(x, w)
    np.testing.assert_allclose(far.covariance, near.covariance, rtol=1e-12)


def test_ten_thousand_parts_cost_no_digits():
    """Against integer arithmetic; in plain sums the error would be some thirty units."""
    rng = np.random.default_rng(13)
    x = rng.integers(-1000, 1000, (10_000, 2))
    moments = Moments(2)
    for row in x:
        moments.add(row)
    n, total = len(x), x.sum(0)
    ref = (n * (x.T @ x) - np.outer(total, total)) / (n * (n - 1))
    unit = np.finfo(float).eps * np.sqrt(np.outer(ref.diagonal(), ref.diagonal()))
    assert (np.abs(moments.covariance - ref) <= 3 * unit).all()
    np.testing.assert_allclose(moments.mean, total / n, rtol=0, atol=1e-16 * x.std())


@pytest.mark.parametrize(("n", "size"), [(20_000, 1), (300_000, 999), (1_000_000, 1_000_000)])
def test_samples_on_a_plane_stay_there(n, size):
    """Rounding errors of many sums, or of long ones, do not pass for a variance across it."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((n, 2)) @ rng.standard_normal((2, 3))
    moments = Moments(3)
    for start in range(0, n, size):
        moments.add(x[start : start + size], rng.exponential(size=len(x[start : start + size])))
    assert moments.gaussian().entropy() == -np.inf


def test_few_samples_are_singular():
    rng = np.random.default_rng(5)
    for d in range(2, 10):
        units = 10.0 ** rng.uniform(-40, 40, d)
        moments = Moments(d)
        for _ in range(d):
            moments.add((rng.standard_normal(d) + 1e6 * np.arange(d)) * units)
        assert moments.gaussian().entropy() == -np.inf
        moments.add((rng.standard_normal((3, d)) + 1e6 * np.arange(d)) * units)
        assert np.isfinite(moments.gaussian().entropy())


def test_float32_is_added_in_double():
    rng = np.random.default_rng(6)
    x = rng.standard_normal((3000, 2)).astype("f4") + np.float32(1000)
    moments = Moments(2)
    for part in np.array_split(x, 11):
        moments.add(part)
    wide = moments_of(x.astype(float))
    assert_close(moments, wide)
    assert moments.mean.dtype == moments.covariance.dtype == np.float64
    p = moments.gaussian()
    assert p.dtype == p.cov.dtype == np.float32
    np.testing.assert_array_equal(p.cov, moments.covariance.astype("f4"))
    # Its distances are of the moments in double, not of rounded ones.
    other = Gaussian([1000, 1000], 1.2 * np.eye(2))
    res, ref = w2_squared(p, other), w2_squared(wide.gaussian(), other)
    assert abs(res / ref - 1) < 1e-12 < abs(w2_squared(Gaussian(p.mean, p.cov), other) / ref - 1)
    assert (moments + moments).gaussian().dtype == np.float32
    assert (Moments(2) + moments).gaussian().dtype == np.float32
    assert (moments + wide).gaussian().dtype == (wide + moments).gaussian().dtype == np.float64
    assert moments_of(np.eye(2, dtype=int)).gaussian().dtype == np.float64


def test_parts_are_joined_by_reduce_and_travel_by_pickle():
    rng = np.random.default_rng(7)
    x = rng.standard_normal((100, 4))
    parts = [pickle.loads(pickle.dumps(moments_of(part))) for part in np.array_split(x, 9)]
    before = [part.mean for part in parts]
    assert_close(functools.reduce(operator.add, parts), moments_of(x))
    assert_close(sum(parts, Moments(4)), moments_of(x))
    for part, mean in zip(parts, before, strict=True):  # they have not changed
        assert (part.mean == mean).all()


def test_merging_changes_one_side():
    first, second = moments_of(np.eye(2)), moments_of(np.eye(2) + 1)
    total = first + second
    assert second.merge(first) is None
    assert (first.count, second.count) == (2, 4)
    np.testing.assert_array_equal(second.mean, total.mean)
    np.testing.assert_array_equal(second.covariance, total.covariance)
    second.merge(second)
    assert (second.count, second.weight) == (8, 8.0)
    np.testing.assert_allclose(second.covariance, total.covariance * (3 / 4) / (7 / 8), rtol=1e-15)


def test_nothing_and_weights_of_zero():
    moments = Moments(2)
    moments.add(np.zeros((0, 2)))
    moments.add([[1e300, 5], [7, 7]], [0, 0])
    assert (moments.count, moments.weight) == (2, 0.0)
    with pytest.raises(
        ValueError, match=r"^a mean needs a sample of positive weight, got <Moments"
    ):
        moments.mean  # noqa: B018
    moments.add([[1, 2], [-1e300, 3]], [2, 0])
    assert moments.mean.tolist() == [1, 2]
    for read in (lambda: moments.covariance, moments.gaussian):
        with pytest.raises(ValueError, match=r"^a covariance needs two samples of positive weight"):
            read()
    moments.add([3, 2])
    assert repr(moments) == "<Moments dim=2 count=5 weight=3.0>"
    # Two samples of any weights: half of the square of their difference.
    np.testing.assert_allclose(moments.covariance, [[2, 0], [0, 0]], rtol=1e-15)
    assert Moments(1).add(3) is None


def test_what_is_refused_changes_nothing():
    moments = moments_of(np.eye(2))
    for x, weights in [
        ([[1, np.nan]], None),
        ([[1e200, 0], [-1e200, 0]], None),
        ([1, 2, 3], None),
        ([[1, 2]], [-1]),
        ([[1, 2], [3, 4]], [1.5e308, 1e308]),
    ]:
        with pytest.raises(ValueError):  # noqa: PT011 what they say is in refused.py
            moments.add(x, weights)
    far, other = moments_of(np.array([[1e200, 0]])), moments_of(np.array([[-1e200, 0]]))
    with pytest.raises(ValueError, match=r"^the covariance of the samples must be finite, got inf"):
        far.merge(other)
    assert (moments.count, moments.weight) == (2, 2.0)
    np.testing.assert_array_equal(moments.covariance, np.cov(np.eye(2)))
    moments.add([1e200, 1], 1e308)  # which the two samples before hardly change
    with pytest.raises(ValueError, match=r"^the covariance of the samples must be finite, got inf"):
        moments.covariance  # noqa: B018


def test_a_sum_of_moments_and_something_else_is_none():
    moments = moments_of(np.eye(2))
    for other in (0, np.eye(2), Gaussian.standard(2)):
        with pytest.raises(TypeError):
            moments + other


# --- the moments of one part, as `Gaussian.from_samples` takes them ------------------------


def test_weighted_moments_are_batched():
    rng = np.random.default_rng(8)
    x, w = rng.standard_normal((4, 1, 25, 3)), rng.exponential(size=(5, 25))
    res = weighted_moments(x, w)
    assert res.mean.shape == (4, 5, 3)
    for i in range(4):
        for j in range(5):
            cov = res.squares[i, j] / res.divisor[j]
            np.testing.assert_allclose(
                cov, np.cov(x[i, 0], rowvar=False, aweights=w[j]), rtol=1e-12
            )
            ref = np.average(x[i, 0], axis=0, weights=w[j])
            np.testing.assert_allclose(res.mean[i, j], ref, rtol=1e-12, atol=1e-14)


def test_the_rest_of_a_mean_is_what_rounding_took():
    x = np.array([[1e16], [1e16], [1e16 + 2]])
    res = weighted_moments(x, None)
    assert res.mean[0] + 0.0 in (1e16, 1e16 + 2)
    np.testing.assert_allclose(res.rest, 1e16 + 2 / 3 - res.mean - (1e16 - 1e16), atol=2)
    exact = 2 / 3 - (float(res.mean[0]) - 1e16)
    np.testing.assert_allclose(res.rest[0], exact, rtol=1e-14)
    np.testing.assert_allclose(res.squares, [[4 - 4 / 3]], rtol=1e-14)
