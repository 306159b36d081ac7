"""Kullback-Leibler divergence and Bhattacharyya distance: their laws, and their limits."""

import numpy as np
import pytest
from helpers import assert_batch_agrees, dims, laws, random_cov, random_pair, seeds, separations
from hypothesis import given
from hypothesis import strategies as st

from gausslib import Gaussian, KLTerms, bhattacharyya_distance, kl_divergence, kl_terms

FUNCTIONS = [kl_divergence, bhattacharyya_distance]


@laws
@given(seeds, dims, separations)
def test_bhattacharyya_is_symmetric_and_at_most_half_of_kl(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    distance = bhattacharyya_distance(p, q)
    np.testing.assert_allclose(distance, bhattacharyya_distance(q, p), rtol=1e-12)
    assert 0 < 2 * distance < kl_divergence(p, q)
    assert 2 * distance < kl_divergence(q, p)


@laws
@given(seeds, dims, separations)
def test_zero_exactly_if_equal(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    nudged = Gaussian(p.mean + 1e-9, p.cov)
    for function in FUNCTIONS:
        assert function(p, Gaussian(p.mean, p.cov)) == 0
        assert function(p, q) > 0
        assert function(p, nudged) > 0


@laws
@given(seeds, dims, st.floats(-2, 1).map(lambda x: 10.0**x))
def test_unchanged_by_affine_maps(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    rng = np.random.default_rng(seed + 1)
    matrix, offset = random_cov(rng, d) @ np.diag(rng.choice([-1, 1], d)), rng.standard_normal(d)
    for function in FUNCTIONS:
        res = function(p.affine(matrix, offset), q.affine(matrix, offset))
        np.testing.assert_allclose(res, function(p, q), rtol=1e-7)


@laws
@given(seeds, dims, separations)
def test_batch_agrees_with_single_pairs(seed, d, separation):
    pairs = [random_pair(seed + i, d, s) for i, s in enumerate((separation, 1.0, 1e-6))]
    assert_batch_agrees(FUNCTIONS, pairs)


@laws
@given(seeds, dims)
def test_terms_add_up_to_the_divergence(seed, d):
    p, q = random_pair(seed, d, 1.0)
    terms = kl_terms(p, q)
    assert isinstance(terms, KLTerms)
    np.testing.assert_allclose(sum(terms), kl_divergence(p, q), rtol=1e-9)
    delta, precision = p.mean - q.mean, np.linalg.inv(q.cov)
    np.testing.assert_allclose(terms.mean, delta @ precision @ delta / 2, rtol=1e-9)
    np.testing.assert_allclose(terms.trace, (np.trace(precision @ p.cov) - d) / 2, rtol=1e-7)


def test_terms_of_a_batch_and_of_different_supports():
    p = Gaussian([[0, 0], [1, 1], [0, 0]], [np.eye(2), 4 * np.eye(2), np.diag([1, 0])])
    terms = kl_terms(p, Gaussian.standard(2))
    assert terms.mean.tolist() == [0, 1, np.inf]
    assert terms.trace.tolist() == [0, 3, np.inf]
    np.testing.assert_allclose(terms.logdet, [0, -np.log(4), np.inf], rtol=1e-15)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_broadcasting_is_that_of_numpy(function):
    p = Gaussian(np.zeros((4, 1, 2)), np.eye(2))
    q = Gaussian(np.ones((3, 2)), 2 * np.eye(2))
    res = function(p, q)
    assert res.shape == (4, 3)
    assert (res == function(Gaussian.standard(2), Gaussian([1, 1], 2 * np.eye(2)))).all()


def test_estimate_by_sampling():
    p = Gaussian([1, 0], [[2, 0.5], [0.5, 1]])
    q = Gaussian([0, 0.5], [[1, -0.3], [-0.3, 1.5]])
    x = p.sample(np.random.default_rng(11), 100_000)
    log_ratio = p.logpdf(x) - q.logpdf(x)
    error = log_ratio.std() / np.sqrt(len(x))
    assert abs(log_ratio.mean() - kl_divergence(p, q)) < 5 * error
    root = np.exp(-log_ratio / 2)
    error = root.std() / np.sqrt(len(x))
    assert abs(root.mean() - np.exp(-bhattacharyya_distance(p, q))) < 5 * error


@pytest.mark.parametrize("d", [2, 150, 300])
def test_large_dimensions(d):
    # Correlated p, q = the same scaled: tr - d - log det is d(1/s - 1 + log s) whatever p is.
    # Sizes on both sides of the one from which triangular solves go block by block.
    rng = np.random.default_rng(d)
    cov = random_cov(rng, d)
    p, q = Gaussian(np.zeros(d), cov), Gaussian(np.zeros(d), 3 * cov)
    np.testing.assert_allclose(kl_divergence(p, q), d * (1 / 3 - 1 + np.log(3)) / 2, rtol=1e-13)
    bd = d * np.log(2 / np.sqrt(3)) / 2
    np.testing.assert_allclose(bhattacharyya_distance(p, q), bd, rtol=1e-13)
    # A rotation of the coordinates fills the factors, and changes nothing.
    turn = np.linalg.qr(rng.standard_normal((d, d)))[0]
    other = Gaussian(np.ones(d), random_cov(rng, d))
    offset = np.zeros(d)
    res = kl_divergence(p.affine(turn, offset), other.affine(turn, offset))
    np.testing.assert_allclose(res, kl_divergence(p, other), rtol=1e-10)


def test_a_value_out_of_range_is_infinite():
    p, q = (
        Gaussian([1e300, 1e300], np.eye(2)),
        Gaussian([0, 0], [[1e-300, 5e-301], [5e-301, 1e-300]]),
    )
    for a, b in ((p, q), (q, p)):
        assert kl_divergence(a, b) == np.inf
        assert bhattacharyya_distance(a, b) == np.inf


@pytest.mark.parametrize("function", FUNCTIONS)
def test_supports_of_one_dimension_that_cross(function):
    zero = np.zeros(3)
    lines = [np.outer(v, v) for v in ([1, 2, 3], [1, 2, 3 + 1e-6], [1, 2, -3], [0, 1, 0])]
    planes = [np.eye(3) - np.diag(v) for v in np.eye(3)]
    for group in (lines, planes):
        for i, cov_p in enumerate(group):
            for j, cov_q in enumerate(group):
                value = function(Gaussian(zero, cov_p), Gaussian(zero, 1e6 * cov_q))
                assert np.isfinite(value) if i == j else value == np.inf


@pytest.mark.parametrize("function", FUNCTIONS)
def test_verdict_on_points(function):
    a, b = Gaussian([1, 2], np.zeros((2, 2))), Gaussian([1, 3], np.zeros((2, 2)))
    assert function(a, a) == 0
    assert function(a, b) == np.inf
    assert function(a, Gaussian.standard(2)) == np.inf


def test_no_nan_no_warning_near_the_edge_of_singular():
    # Covariances with eigenvalues down to rounding error, near and far apart, in units of any size.
    rng = np.random.default_rng(5)
    for trial in range(150):
        d = rng.integers(1, 5)
        turn = np.linalg.qr(rng.standard_normal((d, d)))[0]
        cov = (turn * 10.0 ** rng.uniform(-17, 0, d)) @ turn.T * 10.0 ** rng.uniform(-300, 300)
        cov = (cov + cov.T) / 2
        factor = rng.standard_normal((d, d))
        other = [cov * (1 + 10.0 ** rng.uniform(-17, 0)), factor @ factor.T][trial % 2]
        mean = rng.standard_normal(d) * 10.0 ** rng.uniform(-300, 300)
        p, q = Gaussian(np.zeros(d), cov), Gaussian(mean, other)
        for function in FUNCTIONS:
            assert function(p, q) >= 0
            assert function(q, p) >= 0
