"""Rao's distance, where it is closed: against the shortest path, and 60 digits."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from support.laws import dims, in_turn, laws, of_one_covariance, random_pair, seeds, separations

from gausslib import (
    Gaussian,
    fisher_rao_distance,
    hellinger_distance,
    kl_divergence,
)
from reference.oracle import relative_error
from reference.pairs import random_cov
from reference.rao import rao_distance


def exact_on_the_line(p, q):
    """√2 times the hyperbolic distance of the points (μ/√2, σ), in 60 digits."""
    with mp.workdps(60):
        m, a, n, b = (mp.mpf(x.item()) for x in (p.mean, p.cov, q.mean, q.cov))
        s, t = mp.sqrt(a), mp.sqrt(b)
        return mp.sqrt(2) * mp.acosh(1 + ((m - n) ** 2 / 2 + (s - t) ** 2) / (2 * s * t))


def diagonal_pair(rng, d, separation, mapped):
    """Diagonal covariances, means that differ in one coordinate; mapped by any matrix."""
    p, q = np.exp(rng.uniform(-1, 1, d)), np.ones(d)
    q = p * np.exp(separation * rng.uniform(-1, 1, d))
    shift = separation * np.eye(d)[rng.integers(d)]
    pair = Gaussian.from_diagonal(shift, p), Gaussian.from_diagonal(np.zeros(d), q)
    if not mapped:
        return pair
    matrix = random_cov(rng, d)
    return tuple(g.affine(matrix, np.zeros(d)) for g in pair)


def test_on_the_line_from_far_to_near():
    rng = np.random.default_rng(0)
    for separation in np.repeat(10.0 ** np.arange(-14, 3.5, 0.5), 6):
        unit, shift = 10 ** rng.uniform(-9, 9), separation * 10 ** rng.uniform(-3, 3)
        near = 1 + separation * rng.uniform(-0.9, 1)
        ratio = near if separation < 1 else 10 ** rng.uniform(-9, 9)
        p, q = Gaussian(0, unit**2), Gaussian(unit * shift, unit**2 * ratio)
        for value in (fisher_rao_distance(p, q), fisher_rao_distance(q, p)):
            assert relative_error(value, exact_on_the_line(p, q)) < 4e-15


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("d", [1, 2, 3])
def test_no_path_is_shorter_and_one_is_as_short(d, seed):
    rng = np.random.default_rng(seed)
    cov, mean = random_cov(rng, d) / d + np.eye(d), rng.standard_normal(d)
    other = random_cov(rng, d) / d + np.eye(d)
    pairs = [
        diagonal_pair(rng, d, 1.0, mapped=False),
        diagonal_pair(rng, d, 1.0, mapped=True),
        (Gaussian(mean, cov), Gaussian(mean, other)),
        (Gaussian(mean, cov), Gaussian(np.zeros(d), cov)),
    ]
    for p, q in pairs:
        np.testing.assert_allclose(fisher_rao_distance(p, q), rao_distance(p, q), rtol=1e-7)


@laws
@given(seeds, dims, separations)
def test_equal_means(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    q = Gaussian(p.mean, q.cov)
    with mp.workdps(60):
        roots = [mp.cholesky(mp.matrix(g.cov.tolist())) for g in (p, q)]
        w = mp.inverse(roots[1]) * roots[0]
        values = mp.eigsy(w * w.T, eigvals_only=True)
        exact = mp.sqrt(sum(mp.log(x) ** 2 for x in values) / 2)
    assert relative_error(fisher_rao_distance(p, q), exact) < 1e-11


@laws
@given(seeds, dims, separations)
def test_equal_covariances_are_a_problem_on_the_line(seed, d, separation):
    pair, line, length = of_one_covariance(seed, d, separation)
    value = fisher_rao_distance(*pair)
    np.testing.assert_allclose(value, fisher_rao_distance(*line), rtol=1e-11)
    # no longer than along the straight line of Gaussians of one shape
    assert value <= length * (1 + 1e-11)
    if length > 0.1:
        np.testing.assert_allclose(value, np.sqrt(2) * np.arccosh(1 + length**2 / 4), rtol=1e-10)


@laws
@given(seeds, dims, separations)
def test_diagonal_pairs_are_a_sum_of_squares(seed, d, separation):
    rng = np.random.default_rng(seed)
    p, q = diagonal_pair(rng, d, separation, mapped=False)
    parts = [fisher_rao_distance(p.marginal(i), q.marginal(i)) for i in range(d)]
    value = fisher_rao_distance(p, q)
    np.testing.assert_allclose(value, np.linalg.norm(parts), rtol=1e-13)
    np.testing.assert_allclose(fisher_rao_distance(q, p), value, rtol=1e-13)
    assert fisher_rao_distance(p, p) == 0


@laws
@given(seeds, dims, separations)
def test_affine_maps_do_not_change_it(seed, d, separation):
    here = diagonal_pair(np.random.default_rng(seed), d, separation, mapped=False)
    there = diagonal_pair(np.random.default_rng(seed), d, separation, mapped=True)
    # of nearly equal Gaussians the maps leave only the digits that they leave of the difference
    tolerance = 1e-9 + 1e-12 / separation
    np.testing.assert_allclose(
        fisher_rao_distance(*there), fisher_rao_distance(*here), rtol=tolerance
    )


@laws
@given(seeds, separations, separations)
def test_metric_on_the_line(seed, near, far):
    for a, b, c in in_turn(seed, 1, near, far):
        assert 0 < fisher_rao_distance(a, b) < np.inf
        detour = fisher_rao_distance(a, b) + fisher_rao_distance(b, c)
        assert fisher_rao_distance(a, c) <= detour * (1 + 1e-13)


@pytest.mark.parametrize("separation", [1e-3, 1e-5, 1e-7])
@pytest.mark.parametrize("d", [1, 2, 5])
def test_nearby_it_is_what_kl_and_hellinger_say(d, separation):
    for seed in range(5):
        p, q = diagonal_pair(np.random.default_rng(seed), d, separation, mapped=False)
        value = fisher_rao_distance(p, q)
        for other in (np.sqrt(2 * kl_divergence(p, q)), np.sqrt(8) * hellinger_distance(p, q)):
            np.testing.assert_allclose(value, other, rtol=2 * separation)


@pytest.mark.parametrize("size", [1e-150, 1, 1e150])
@pytest.mark.parametrize("ratio", [1e-12, 1e-300, 1e12])
def test_units_and_extremes(size, ratio):
    p, q = Gaussian(0, size**2), Gaussian(3 * size, min(ratio * size**2, 1e308))
    if q.cov > 0:
        assert relative_error(fisher_rao_distance(p, q), exact_on_the_line(p, q)) < 1e-14
    s = np.array([1e-6, 1e6])
    p = Gaussian(np.zeros(2), np.outer(s, s) * [[1, 0.5], [0.5, 1]])
    q = Gaussian(np.zeros(2), np.outer(s, s) * [[1, -0.5], [-0.5, 1]])
    np.testing.assert_allclose(fisher_rao_distance(p, q), np.log(3), rtol=1e-13)


def test_singular_gaussians():
    cov = [[1, 1], [1, 1]]
    line, along, beside = (Gaussian(mean, cov) for mean in ([0, 0], [1, 1], [1, 0]))
    ref = fisher_rao_distance(Gaussian(0, 1), Gaussian(1, 1))
    np.testing.assert_allclose(fisher_rao_distance(line, along), ref, rtol=1e-14)
    assert fisher_rao_distance(line, beside) == np.inf
    assert fisher_rao_distance(line, Gaussian.standard(2)) == np.inf
    assert fisher_rao_distance(Gaussian([1, 2], [[1, 0.5], [0.5, 1]]), line) == np.inf
    assert fisher_rao_distance(line, line) == 0
    point = Gaussian(0, 0)
    assert fisher_rao_distance(point, point) == 0
    assert fisher_rao_distance(point, Gaussian(1, 0)) == np.inf


@pytest.mark.parametrize("shape", [(3,), (2, 3)])
def test_batches(shape):
    rng = np.random.default_rng(1)
    p = Gaussian(np.zeros((*shape, 2)), [random_cov(rng, 2) for _ in range(shape[-1])])
    q = Gaussian([0, 0], random_cov(rng, 2))
    values = fisher_rao_distance(p, q)
    assert values.shape == shape
    for i in np.ndindex(shape):
        np.testing.assert_allclose(values[i], fisher_rao_distance(p[i], q), rtol=1e-13)


def test_float32():
    p, q = (Gaussian(np.float32(mean), np.float32(2)) for mean in (0, 1))
    assert fisher_rao_distance(p, q).dtype == np.float32


def test_what_has_no_closed_form_is_refused():
    p = Gaussian([0, 0], np.eye(2))
    axis, oblique = Gaussian([1, 0], np.diag([1, 2])), Gaussian([1, 1], np.diag([1, 2]))
    both = Gaussian.stack([axis, oblique])
    assert fisher_rao_distance(p, axis) > 0
    with pytest.raises(ValueError, match="closed form") as caught:
        fisher_rao_distance(p, both)
    for words in ("p and q", "(1,)", "d = 2", "eigenvector"):
        assert words in str(caught.value)
    # and it would have been wrong: means that differ in two coordinates make paths turn
    longer = np.hypot(*(fisher_rao_distance(p.marginal(i), oblique.marginal(i)) for i in (0, 1)))
    assert rao_distance(p, oblique) < longer * (1 - 1e-3)
