"""One Gaussian out of several: the moments of a mixture, and the normalised product of powers."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import dims, laws, random_pair, seeds, separations

from gausslib import (
    Gaussian,
    chernoff_alpha,
    chernoff_coefficient,
    cross_entropy,
    geometric_mean,
    kl_divergence,
    mixture_moments,
)
from reference.pairs import random_cov

shares = st.floats(0, 1)


def some_gaussians(seed, n, d):
    rng = np.random.default_rng(seed)
    return [Gaussian(rng.standard_normal(d), random_cov(rng, d)) for _ in range(n)], rng


# --- mixtures ---------------------------------------------------------------------------


@laws
@given(seeds, dims, st.integers(1, 4))
def test_a_mixture_has_these_moments(seed, d, n):
    """Against the means of x and xxᵀ, over points that have the moments of each part."""
    ps, rng = some_gaussians(seed, n, d)
    weights = rng.dirichlet(np.ones(n))
    points = np.array([p.mean + s * np.sqrt(d) * row for p in ps for row in p.cholesky.T
                       for s in (1, -1)])  # fmt: skip
    each = np.repeat(weights / (2 * d), 2 * d)
    found = mixture_moments(ps, weights)
    np.testing.assert_allclose(found.mean, each @ points, rtol=1e-10, atol=1e-13)
    ref = np.cov(points.T, aweights=each, ddof=0).reshape(d, d)
    np.testing.assert_allclose(found.cov, ref, rtol=1e-10, atol=1e-13)


@laws
@given(seeds, dims)
def test_no_gaussian_is_nearer_to_a_mixture(seed, d):
    """KL(f‖q) is, up to what does not depend on q, the mean of the cross-entropies."""
    ps, rng = some_gaussians(seed, 3, d)
    weights = rng.dirichlet(np.ones(3))

    def excess(q):
        return sum(w * cross_entropy(p, q) for w, p in zip(weights, ps, strict=True))

    best = mixture_moments(ps, weights)
    for size in (1e-3, 0.1, 1.0):
        root = (np.eye(d) + size * rng.standard_normal((d, d))) @ best.cholesky
        other = Gaussian(best.mean + size * rng.standard_normal(d), root @ root.T)
        assert excess(best) < excess(other)


def test_means_far_from_zero_keep_the_spread():
    shifts, far = np.array([-1.0, 0.5, 0.5]), 2.0**40
    near, away = (
        mixture_moments([Gaussian([x + m], [[0.25]]) for x in shifts]) for m in (0.0, far)
    )
    np.testing.assert_allclose(away.cov, near.cov, rtol=1e-15)
    np.testing.assert_array_equal(away.mean, far)


def test_mixtures_of_points_and_planes():
    found = mixture_moments([Gaussian([x, 2 * x], np.zeros((2, 2))) for x in (-1, 0, 4)])
    np.testing.assert_allclose(found.cov, 14 / 3 * np.array([[1, 2], [2, 4]]), rtol=1e-15)
    assert found.is_singular
    one = Gaussian([1, 2], [[2, 1], [1, 3]])
    assert mixture_moments([one]) == one
    assert mixture_moments([one, one, one], [0.25, 0.75, 0]) == one


def test_the_last_dimension_of_a_batch_is_mixed():
    ps, _ = some_gaussians(0, 6, 2)
    batch = Gaussian.stack([Gaussian.stack(ps[:3]), Gaussian.stack(ps[3:])])
    weights = np.array([[0.2, 0.3, 0.5], [1, 0, 0]])
    found = mixture_moments(batch, weights)
    assert found.batch_shape == (2,)
    for i in range(2):
        ref = mixture_moments(ps[3 * i : 3 * i + 3], weights[i])
        np.testing.assert_allclose(found[i].mean, ref.mean, rtol=1e-14)
        np.testing.assert_allclose(found[i].cov, ref.cov, rtol=1e-14)
    assert mixture_moments(batch, weights[:, None]).batch_shape == (2, 2)


def test_mixture_in_float32():
    ps = [Gaussian(np.float32(m), np.float32(1)) for m in (-3, 3)]
    found = mixture_moments(ps)
    assert found.dtype == np.float32
    assert found.cov == 10


# --- geometric means --------------------------------------------------------------------


def exact_geometric_mean(p, q, alpha):
    """By the precisions, in 60 digits."""
    a, b = (mp.inverse(mp.matrix(g.cov.tolist())) for g in (p, q))
    m, n = (mp.matrix(g.mean[:, None].tolist()) for g in (p, q))
    alpha = mp.mpf(alpha)
    cov = mp.inverse(alpha * a + (1 - alpha) * b)
    return cov * (alpha * a * m + (1 - alpha) * b * n), cov


@pytest.mark.parametrize("alpha", [0, 1e-9, 0.3, 0.5, 1 - 1e-9, 1])
@pytest.mark.parametrize("ratio", [1e-12, 1, 1e12])
@pytest.mark.parametrize("reach", [0, 6])
@pytest.mark.parametrize("separation", [1, 1e-9])
def test_against_the_precisions(alpha, ratio, reach, separation):
    """In units up to 10^±reach, with p and q of one size or of very different ones."""
    for d in (1, 2, 4):
        p, q = random_pair(d, d, separation)
        s = 10.0 ** np.linspace(-reach, reach, d) if d > 1 else np.array([10.0**reach])
        p = Gaussian(p.mean * s, p.cov * np.outer(s, s))
        q = Gaussian(q.mean * s, ratio * q.cov * np.outer(s, s))
        found = geometric_mean(p, q, alpha)
        with mp.workdps(60):
            mean, cov = exact_geometric_mean(p, q, alpha)
            std = np.array([float(mp.sqrt(cov[i, i])) for i in range(d)])
            error = np.array((mp.matrix(found.cov.tolist()) - cov).tolist(), dtype=float)
            assert (np.abs(error) < 1e-13 * np.outer(std, std)).all()
            shift = np.array((mp.matrix(found.mean.tolist()) - mean).tolist(), dtype=float)
        size = std + np.abs(p.mean) + np.abs(q.mean)
        assert (np.abs(shift[:, 0]) < 1e-13 * size).all()


@laws
@given(seeds, dims, separations, shares)
def test_its_density_is_the_product_of_powers(seed, d, separation, alpha):
    p, q = random_pair(seed, d, separation)
    found = geometric_mean(p, q, alpha)
    x = found.sample(np.random.default_rng(seed), 5)
    constants = alpha * p.logpdf(x) + (1 - alpha) * q.logpdf(x) - found.logpdf(x)
    log_overlap = np.log(chernoff_coefficient(p, q, alpha))
    np.testing.assert_allclose(constants, log_overlap, rtol=1e-9, atol=1e-9)


@laws
@given(seeds, dims, separations, shares)
def test_the_least_mean_of_divergences_is_the_chernoff_distance(seed, d, separation, alpha):
    p, q = random_pair(seed, d, separation)
    found = geometric_mean(p, q, alpha)
    least = alpha * kl_divergence(found, p) + (1 - alpha) * kl_divergence(found, q)
    overlap = chernoff_coefficient(p, q, alpha)
    np.testing.assert_allclose(least, -np.log(overlap), rtol=1e-8, atol=1e-14)


@laws
@given(seeds, dims, separations)
def test_chernoffs_midpoint_is_as_far_from_both(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    middle = geometric_mean(p, q, chernoff_alpha(p, q))
    ref = kl_divergence(middle, q)
    np.testing.assert_allclose(kl_divergence(middle, p), ref, rtol=1e-6)


@laws
@given(seeds, dims, separations, shares)
def test_the_ends_are_exact_and_equal_ones_stay(seed, d, separation, alpha):
    p, q = random_pair(seed, d, separation)
    assert geometric_mean(p, q, 1) == p
    assert geometric_mean(p, q, 0) == q
    there, back = geometric_mean(p, q, alpha), geometric_mean(q, p, 1 - alpha)
    np.testing.assert_allclose(there.mean, back.mean, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(there.cov, back.cov, rtol=1e-9, atol=1e-12)
    same = geometric_mean(p, Gaussian(p.mean, p.cov), alpha)
    np.testing.assert_array_equal(same.mean, p.mean)
    np.testing.assert_allclose(same.cov, p.cov, rtol=1e-12, atol=1e-14)


def test_bayes():
    """Prior times likelihood against the conditional of the joint Gaussian."""
    rng = np.random.default_rng(3)
    prior, noise, seen = random_cov(rng, 3), random_cov(rng, 3), rng.standard_normal(3)
    mean = rng.standard_normal(3)
    joint = Gaussian(np.tile(mean, 2), np.block([[prior, prior], [prior, prior + noise]]))
    half = geometric_mean(Gaussian(mean, prior), Gaussian(seen, noise), 0.5)
    posterior = joint.condition([3, 4, 5], seen)
    np.testing.assert_allclose(half.mean, posterior.mean, rtol=1e-11)
    np.testing.assert_allclose(half.cov / 2, posterior.cov, rtol=1e-11)


def test_given_factors_are_kept():
    p, q = (Gaussian.from_cholesky([0, 0], [[1, 0], [1, pivot]]) for pivot in (1e-9, 2e-9))
    found = geometric_mean(p, q, 0.5)
    # the precisions 10¹⁸ and 10¹⁸/4 along the thin direction, on average
    ref = 1 / np.sqrt((1 + 1 / 4) / 2) * 1e-9
    np.testing.assert_allclose(found.cholesky, [[1, 0], [1, ref]], rtol=1e-14)
    assert kl_divergence(geometric_mean(p, q, 1), p) == 0


def test_batches_and_orders_are_broadcast():
    pairs = [random_pair(seed, 2, 1.0) for seed in range(3)]
    p, q = (Gaussian.stack(side) for side in zip(*pairs, strict=True))
    alpha = np.array([[0.0], [0.4], [0.5], [1.0]])
    found = geometric_mean(p, q, alpha)
    assert found.batch_shape == (4, 3)
    for i, j in np.ndindex(4, 3):
        ref = geometric_mean(p[j], q[j], alpha[i, 0])
        np.testing.assert_allclose(found.mean[i, j], ref.mean, rtol=1e-12)
        np.testing.assert_allclose(found.cov[i, j], ref.cov, rtol=1e-12)
    assert geometric_mean(p, q[0], alpha).batch_shape == (4, 3)
    assert geometric_mean(p[:0], q[0], 0.5).batch_shape == (0,)


def test_geometric_mean_in_float32():
    p, q = (Gaussian(np.float32(m), np.float32(v)) for m, v in ((0, 2), (8, 6)))
    found = geometric_mean(p, q, 0.5)
    assert found.dtype == np.float32
    assert (found.mean, found.cov) == (2, 3)


@pytest.mark.parametrize("size", [1e-150, 1e150])
def test_ends_of_the_range(size):
    p, q = Gaussian(0, 2 * size**2), Gaussian(8 * size, 6 * size**2)
    found = geometric_mean(p, q, 0.5)
    np.testing.assert_allclose(found.mean, 2 * size, rtol=1e-14)
    np.testing.assert_allclose(found.cov, 3 * size**2, rtol=1e-14)
