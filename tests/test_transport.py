"""The 2-Wasserstein distance: a metric, by every form in which it is computed."""

import mpmath as mp
import numpy as np
import pytest
from helpers import (
    assert_batch_agrees,
    dims,
    exact_w2,
    laws,
    near_cov,
    random_cov,
    random_orthogonal,
    random_pair,
    relative_error,
    seeds,
    separations,
    symmetric,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from gausslib import Gaussian, kl_divergence, w2_distance, w2_squared


@laws
@given(seeds, dims, separations)
def test_symmetric_and_zero_exactly_if_equal(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    np.testing.assert_allclose(w2_distance(p, q), w2_distance(q, p), rtol=1e-12)
    assert w2_distance(p, q) > 0
    assert w2_distance(p, Gaussian(p.mean, p.cov)) == 0
    assert w2_distance(p, Gaussian(p.mean + 1e-9, p.cov)) > 0


@laws
@given(seeds, dims, separations, separations)
def test_triangle_inequality(seed, d, near, far):
    p, q = random_pair(seed, d, near)
    r = random_pair(seed + 1, d, far)[1]
    for a, b, c in ((p, q, r), (q, r, p), (r, p, q)):
        assert w2_distance(a, c) <= (w2_distance(a, b) + w2_distance(b, c)) * (1 + 1e-12)


@laws
@given(seeds, dims, st.floats(-2, 1).map(lambda x: 10.0**x), st.floats(-100, 100))
def test_isometries_keep_it_and_scaling_scales_it(seed, d, separation, exponent):
    p, q = random_pair(seed, d, separation)
    rng = np.random.default_rng(seed + 1)
    turn, offset = random_orthogonal(rng, d), rng.standard_normal(d)
    res = w2_distance(p.affine(turn, offset), q.affine(turn, offset))
    np.testing.assert_allclose(res, w2_distance(p, q), rtol=1e-9)
    scale = 10.0**exponent
    res = w2_distance(
        p.affine(scale * np.eye(d), np.zeros(d)), q.affine(scale * np.eye(d), np.zeros(d))
    )
    np.testing.assert_allclose(res, scale * w2_distance(p, q), rtol=1e-9)


@laws
@given(seeds, dims, separations)
def test_batch_agrees_with_single_pairs(seed, d, separation):
    pairs = [random_pair(seed + i, d, s) for i, s in enumerate((separation, 1.0, 1e-6))]
    assert_batch_agrees((w2_distance, w2_squared), pairs)


@laws
@given(seeds, dims)
def test_textbook_formula(seed, d):
    p, q = random_pair(seed, d, 1.0)
    root = sqrtm(p.cov)
    fidelity = np.trace(sqrtm(root @ q.cov @ root))
    ref = np.sum((p.mean - q.mean) ** 2) + np.trace(p.cov + q.cov) - 2 * fidelity
    np.testing.assert_allclose(w2_squared(p, q), ref, rtol=1e-9)
    np.testing.assert_allclose(w2_distance(p, q), np.sqrt(ref), rtol=1e-9)


@laws
@given(seeds, dims, separations)
def test_talagrand_inequality(seed, d, separation):
    # W2² ≤ 2 λ_max(Σq) KL: transport is bounded by divergence.
    p, q = random_pair(seed, d, separation)
    bound = 2 * np.linalg.eigvalsh(q.cov)[-1] * kl_divergence(p, q)
    assert w2_squared(p, q) <= bound * (1 + 1e-12)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(seeds, st.integers(2, 6))
def test_singular_pairs(seed, d):
    # N(0, aaᵀ) and N(0, bbᵀ): W2² = |a|² + |b|² - 2|a·b|.
    a, b = np.random.default_rng(seed).standard_normal((2, d))
    p, q = Gaussian(np.zeros(d), np.outer(a, a)), Gaussian(np.zeros(d), np.outer(b, b))
    np.testing.assert_allclose(w2_squared(p, q), a @ a + b @ b - 2 * abs(a @ b), rtol=1e-11)
    assert w2_distance(p, p) == 0
    # To the standard Gaussian every direction but one is created from nothing.
    ref = np.sqrt(d - 1 + (np.linalg.norm(a) - 1) ** 2)
    np.testing.assert_allclose(w2_distance(p, Gaussian.standard(d)), ref, rtol=1e-12)


def test_identical_singular_pairs():
    rng = np.random.default_rng(4)
    for d in range(2, 9):
        factor = rng.standard_normal((5, d, d - 1))
        p = Gaussian(np.zeros(d), symmetric(factor @ factor.swapaxes(-2, -1)))
        assert (p.entropy() == -np.inf).all()
        assert (w2_distance(p, Gaussian(p.mean, p.cov)) == 0).all()


@pytest.mark.parametrize("separation", [1e-2, 1e-5, 1e-8, 1e-11])
def test_near_pairs_in_graded_units(separation):
    # An eigensolver finds the small eigenvalues of these covariances only up to noise.
    rng = np.random.default_rng(6)
    units = 10.0 ** np.array([-12, 0, 12])
    for _ in range(5):
        cov = random_cov(rng, 3)
        covs = [
            symmetric(c * units * units[:, None]) for c in (cov, near_cov(rng, cov, separation))
        ]
        p, q = (Gaussian(np.zeros(3), c) for c in covs)
        with mp.workdps(150):  # the squared condition number alone has 96 digits
            exact = exact_w2(p.mean, p.cov, q.mean, q.cov)
        assert relative_error(w2_distance(p, q), exact) <= 1e-14
    # Only the thinnest direction differs: still a number of the right size, from the roots.
    p, q = (Gaussian([0, 0], np.diag([1, 1e-24 * s])) for s in (1, 1.1))
    np.testing.assert_allclose(w2_distance(p, q), 1e-12 * (np.sqrt(1.1) - 1), rtol=1e-12)


def test_a_thin_direction_changes_beyond_recognition():
    # Close against the traces, yet the whitened difference is 1e4: commuting, so the roots differ.
    turn = random_orthogonal(np.random.default_rng(2), 3)
    cov_p, cov_q = ((turn * np.array([1, 0.25, thin])) @ turn.T for thin in (1e-8, 1e-4))
    p, q = Gaussian([0, 0, 0], cov_p), Gaussian([0, 0, 0], cov_q)
    for a, b in ((p, q), (q, p)):
        np.testing.assert_allclose(w2_distance(a, b), 1e-2 - 1e-4, rtol=1e-10)


def test_broadcasting_is_that_of_numpy():
    p = Gaussian(np.zeros((4, 1, 2)), np.eye(2))
    q = Gaussian(np.ones((3, 2)), 4 * np.eye(2))
    assert (w2_squared(p, q) == np.full((4, 3), 4.0)).all()


@pytest.mark.parametrize("exponent", [-150, -100, 100, 150])
@pytest.mark.parametrize("d", [1, 2, 3])
def test_squares_out_of_range_do_not_spoil_the_distance(exponent, d):
    scale = 10.0**exponent
    offset = np.zeros(d)
    p = Gaussian(offset, np.square(scale) * np.eye(d))
    ref = scale * np.sqrt(d)
    assert abs(w2_distance(p, Gaussian(offset, 4 * p.cov)) / ref - 1) < 1e-15
    assert abs(w2_distance(p, Gaussian(offset + scale, p.cov)) / ref - 1) < 1e-15
    apart = Gaussian(offset + 1e200, np.eye(d)), Gaussian(offset - 1e200, np.eye(d))
    assert abs(w2_distance(*apart) / (2e200 * np.sqrt(d)) - 1) < 1e-15
    assert w2_squared(*apart) == np.inf


@pytest.mark.parametrize("d", [20, 150])
def test_large_dimensions(d):
    rng = np.random.default_rng(d)
    cov = random_cov(rng, d)
    p = Gaussian(np.zeros(d), cov)
    for ratio in (4.0, 1.0 + 1e-9):  # (√ratio - 1)² tr Σ
        scaled = Gaussian(np.zeros(d), ratio * cov)
        exact = np.expm1(np.log(ratio) / 2) * np.sqrt(np.trace(cov))
        np.testing.assert_allclose(w2_distance(p, scaled), exact, rtol=1e-6 if ratio < 2 else 1e-13)
