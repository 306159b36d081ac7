"""The gradients against differences in 100 digits, near and far; exactly zero at equality."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from support.laws import dims, laws, random_pair, seeds, separations

from gausslib import (
    Gaussian,
    PairGradient,
    bhattacharyya_distance,
    bhattacharyya_gradient,
    kl_divergence,
    kl_gradient,
    transport_map,
    w2_gradient,
    w2_squared,
)
from reference.oracle import exact_bhattacharyya, exact_kl, exact_w2, exact_w2_of_roots
from reference.pairs import random_cov

GRADIENTS = {
    kl_gradient: exact_kl,
    bhattacharyya_gradient: exact_bhattacharyya,
    w2_gradient: lambda *pair: exact_w2(*pair) ** 2,
}
each_gradient = pytest.mark.parametrize("gradient", GRADIENTS, ids=lambda f: f.__name__)


def exact_gradient(gradient, p, q, step=1e-30):
    """Central differences in 100 digits, each by a step in the unit of its coordinates."""
    value, parts = GRADIENTS[gradient], []
    moments = [np.vectorize(mp.mpf, otypes=[object])(a) for a in (p.mean, p.cov, q.mean, q.cov)]
    for k, moment in enumerate(moments):
        unit = np.sqrt(np.diag((p.cov, q.cov)[k // 2]))
        part = np.zeros(moment.shape, dtype=object)
        for index in np.ndindex(moment.shape):
            change = np.zeros(moment.shape, dtype=object)
            # A number off the diagonal stands in a covariance twice: its two entries share what
            # changing both brings.
            for where in {index, index[::-1]}:
                change[where] = mp.mpf(step) * np.prod(unit[list(index)])
            sides = [value(*moments[:k], moment + s * change, *moments[k + 1 :]) for s in (1, -1)]
            part[index] = (sides[0] - sides[1]) / (2 * change.sum())
        parts.append(part)
    return PairGradient(*parts)


def worst_error(found, exact, scales):
    """Largest error, in units of the largest entry, where entries are multiplied by `scales`."""
    worst = 0.0
    for part, ref, scale in zip(found, exact, scales, strict=True):
        error = np.array(part - ref, dtype=float) * scale
        size = np.abs(np.array(ref, dtype=float) * scale).max()
        worst = max(worst, np.abs(error).max() / size)
    return worst


@each_gradient
@pytest.mark.parametrize("separation", [1, 1e-2, 1e-5, 1e-8, 1e-12])
@pytest.mark.parametrize("d", [1, 2, 3])
def test_against_differences(gradient, d, separation):
    p, q = random_pair(d, d, separation)
    with mp.workdps(100):
        assert worst_error(gradient(p, q), exact_gradient(gradient, p, q), [1] * 4) < 1e-13


@each_gradient
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("separation", [1, 1e-6])
def test_in_mixed_units(gradient, separation, order):
    """Every entry is right in the units of its coordinates."""
    s = np.array([1e-6, 1.0, 1e6])[::order]
    p, q = (Gaussian(g.mean * s, g.cov * np.outer(s, s)) for g in random_pair(3, 3, separation))
    ratio = np.maximum(*(np.outer(a, 1 / a) for a in (s, 1 / s)))  # of the larger to the smaller
    scales = [1 / s, ratio] * 2 if gradient is w2_gradient else [s, np.outer(s, s)] * 2
    with mp.workdps(100):
        assert worst_error(gradient(p, q), exact_gradient(gradient, p, q), scales) < 1e-12


@each_gradient
@laws
@given(seeds, dims)
def test_exactly_zero_at_equality(gradient, seed, d):
    rng = np.random.default_rng(seed)
    p = Gaussian(rng.standard_normal((2, d)), [random_cov(rng, d) for _ in range(2)])
    for part in gradient(p, Gaussian(p.mean, p.cov)):
        assert (part == 0).all()
        assert not np.signbit(part).any()


@each_gradient
@laws
@given(seeds, dims, separations)
def test_symmetric_matrices_and_opposite_means(gradient, seed, d, separation):
    found = gradient(*random_pair(seed, d, separation))
    np.testing.assert_array_equal(found.mean_q, -found.mean_p)
    for part in (found.cov_p, found.cov_q):
        np.testing.assert_array_equal(part, part.T)


@pytest.mark.parametrize("gradient", [bhattacharyya_gradient, w2_gradient])
@laws
@given(seeds, dims, separations)
def test_of_a_symmetric_function(gradient, seed, d, separation):
    p, q = random_pair(seed, d, separation)
    there, back = gradient(p, q), gradient(q, p)
    for part, other in zip(there, (*back[2:], *back[:2]), strict=True):
        np.testing.assert_allclose(part, other, rtol=1e-9, atol=1e-13 * np.abs(other).max())


@pytest.mark.parametrize(
    ("gradient", "function"),
    [
        (kl_gradient, kl_divergence),
        (bhattacharyya_gradient, bhattacharyya_distance),
        (w2_gradient, w2_squared),
    ],
)
def test_it_is_the_gradient_of_the_function_of_the_library(gradient, function):
    rng = np.random.default_rng(5)
    p, q = random_pair(5, 4, 0.3)
    found, step = gradient(p, q), 1e-5
    a, b = rng.standard_normal((2, 4))
    A, B = (m + m.T for m in rng.standard_normal((2, 4, 4)))

    def moved(s):
        return function(
            Gaussian(p.mean + s * a, p.cov + s * A), Gaussian(q.mean + s * b, q.cov + s * B)
        )

    slope = (moved(step) - moved(-step)) / (2 * step)
    said = found.mean_p @ a + found.mean_q @ b + (found.cov_p * A + found.cov_q * B).sum()
    np.testing.assert_allclose(said, slope, rtol=1e-7)


def test_far_from_equal_the_map_is_the_map_of_transport():
    p, q = random_pair(8, 5, 3.0)
    found = w2_gradient(p, q)
    np.testing.assert_allclose(found.cov_p, np.eye(5) - transport_map(p, q), rtol=1e-11)
    np.testing.assert_allclose(found.cov_q, np.eye(5) - transport_map(q, p), rtol=1e-11)


def test_a_thin_factor_keeps_its_digits():
    """Roots that were given, whose pivots no covariance could hold."""
    roots = [np.array([[1.0, 0.0], [1.0, pivot]]) for pivot in (1e-9, 3e-9)]
    p, q = (Gaussian.from_cholesky([0, 0], root) for root in roots)
    with mp.workdps(100):
        a, b = (mp.matrix(root.tolist()) * mp.matrix(root.tolist()).T for root in roots)
        between = (mp.inverse(b) - mp.inverse(a)) / 2
        for i, j in np.ndindex(2, 2):
            assert abs(kl_gradient(p, q).cov_p[i, j] / between[i, j] - 1) < 1e-14
        # I - T by the distances along the thin direction, in which the two roots differ
        h = mp.mpf(1) / 10**40
        left, right = mp.matrix(roots[0].tolist()), mp.matrix(roots[1].tolist())
        moved = [left + s * h * mp.matrix([[0, 0], [0, 1]]) for s in (1, -1)]
        squares = [exact_w2_of_roots(mp.zeros(2, 1), root, right) ** 2 for root in moved]
        slope = (squares[0] - squares[1]) / (2 * h)
        # dΣ = dL Lᵀ + L dLᵀ has only the entry 22, which is 2 l₂₂ dl₂₂
        assert abs(w2_gradient(p, q).cov_p[1, 1] * 2e-9 / slope - 1) < 1e-7


@each_gradient
def test_batches_are_broadcast(gradient):
    pairs = [random_pair(seed, 3, 0.5) for seed in range(4)]
    p, q = (Gaussian.stack(side) for side in zip(*pairs, strict=True))
    many, one = gradient(p, q), gradient(p, q[0])
    assert isinstance(many, PairGradient)
    for i in range(4):
        for part, other, ref, of_one in zip(
            many, one, gradient(*pairs[i]), gradient(pairs[i][0], pairs[0][1]), strict=True
        ):
            np.testing.assert_allclose(part[i], ref, rtol=1e-11, atol=1e-14)
            np.testing.assert_allclose(other[i], of_one, rtol=1e-11, atol=1e-14)
    grid = gradient(p[:, None], q[:2])
    assert grid.mean_p.shape == grid.mean_q.shape == (4, 2, 3)
    assert grid.cov_p.shape == grid.cov_q.shape == (4, 2, 3, 3)
    assert gradient(p[:0], q[0]).cov_q.shape == (0, 3, 3)


@each_gradient
def test_units_that_differ_within_a_batch(gradient):
    s = np.array([[1, 1], [1e-5, 1e5], [1e5, 1e-5]])
    p, q = random_pair(2, 2, 0.1)
    p, q = (Gaussian(g.mean * s, g.cov * s[:, :, None] * s[:, None, :]) for g in (p, q))
    many = gradient(p, q)
    for i in range(3):
        for part, ref in zip(many, gradient(p[i], q[i]), strict=True):
            np.testing.assert_allclose(part[i], ref, rtol=1e-11)


@each_gradient
def test_float32(gradient):
    p, q = random_pair(1, 3, 1e-3)
    short = [Gaussian(g.mean.astype(np.float32), g.cov.astype(np.float32)) for g in (p, q)]
    wide = [Gaussian(g.mean.astype(np.float64), g.cov.astype(np.float64)) for g in short]
    for part, ref in zip(gradient(*short), gradient(*wide), strict=True):
        assert part.dtype == np.float32
        np.testing.assert_array_equal(part, ref.astype(np.float32))


@each_gradient
@pytest.mark.parametrize("size", [1e-140, 1e140])
def test_ends_of_the_range(gradient, size):
    """In another unit of length the gradients by lengths are divided by it, by squares twice."""
    p, q = random_pair(3, 2, 0.2)
    far = [Gaussian(size * g.mean, size**2 * g.cov) for g in (p, q)]
    found, ref = gradient(*far), gradient(p, q)
    powers = (-1, 0) if gradient is w2_gradient else (1, 2)
    for part, other, power in zip(found, ref, powers * 2, strict=True):
        scaled = part * size if power == 2 else part
        np.testing.assert_allclose(scaled * size ** np.sign(power), other, rtol=1e-10)


def test_descent_finds_the_other_gaussian():
    """Along the natural gradient, which Fisher's information turns the plain one into."""
    p, q = random_pair(4, 3, 0.3)
    for _ in range(60):
        slope = kl_gradient(p, q)
        step = p.cov @ slope.cov_p @ p.cov
        p = Gaussian(p.mean - p.cov @ slope.mean_p / 2, p.cov - (step + step.T) / 2)
    np.testing.assert_allclose(p.mean, q.mean, rtol=1e-12)
    np.testing.assert_allclose(p.cov, q.cov, rtol=1e-12)


def test_descent_by_the_second_argument():
    p, q = random_pair(6, 2, 0.3)[1], Gaussian.standard(2)
    for _ in range(4000):
        slope = w2_gradient(p, q)
        q = Gaussian(q.mean - 0.1 * slope.mean_q, q.cov - 0.1 * slope.cov_q)
    np.testing.assert_allclose(q.mean, p.mean, rtol=1e-10)
    np.testing.assert_allclose(q.cov, p.cov, rtol=1e-10)


@each_gradient
@pytest.mark.parametrize(("separation", "target"), [(None, 1e-12), (1e-3, 1e-9)])
def test_ill_conditioned(gradient, separation, target):
    """Axes from one to a ten-thousandth, in two directions of their own or in nearly the same."""
    rng, pair = np.random.default_rng(6), []
    for _ in "pq":
        basis = np.linalg.qr(rng.standard_normal((3, 3)))[0]
        cov = basis * np.geomspace(1, 1e-8, 3) @ basis.T
        if pair and separation:
            change = np.eye(3) + separation * rng.standard_normal((3, 3))
            root = pair[0].cholesky @ change
            cov = root @ root.T
        pair.append(Gaussian(np.zeros(3), (cov + cov.T) / 2))
    with mp.workdps(100):
        exact = exact_gradient(gradient, *pair)
        found = gradient(*pair)
        assert worst_error(found[1::2], exact[1::2], [1, 1]) < target
