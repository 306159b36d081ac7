"""All pairs of two batches: values, memory, types, and what is refused."""

import tracemalloc
from functools import partial

import numpy as np
import pytest
from support.refused import PAIR_FUNCTIONS

from gausslib import (
    Gaussian,
    kl_divergence,
    kl_terms,
    pairs,
    pairwise,
    renyi_divergence,
    w2_distance,
    w2_squared,
)
from reference.pairs import random_cov


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def random_batch(rng, n, d):
    return Gaussian(rng.standard_normal((n, d)), random_cov(rng, d, (n,)))


FUNCTIONS = [
    kl_divergence,
    w2_distance,
    partial(renyi_divergence, alpha=0.5),
    lambda p, q: kl_terms(p, q).mean,
]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("n", "m"), [(3, 4), (1, 5), (5, 1)])
def test_agrees_with_a_loop(rng, function, n, m):
    ps, qs = random_batch(rng, n, 3), random_batch(rng, m, 3)
    res = pairwise(function, ps, qs)
    ref = [[function(p, q) for q in qs] for p in ps]
    assert res.shape == (n, m)
    np.testing.assert_allclose(res, ref, rtol=1e-12)


def test_half_of_the_pairs_will_do_for_a_symmetric_distance(rng, monkeypatch):
    monkeypatch.setattr(pairs, "_BLOCK", 9 * 4**2)  # 16 pairs at a time in three dimensions
    ps = random_batch(rng, 11, 3)
    computed = 0

    def counted(p, q):
        nonlocal computed
        values = w2_distance(p, q)
        computed += values.size
        return values

    ref = pairwise(counted, ps, ps)
    assert computed == 11**2  # of a function that is not known to be symmetric
    monkeypatch.setattr(pairs, "_SYMMETRIC", (counted,))
    computed = 0
    for res in (pairwise(counted, ps), pairwise(counted, ps, ps)):
        np.testing.assert_allclose(res, ref, rtol=1e-12)
        assert (res == res.T).all()
    assert computed == 2 * 11 * 12 / 2
    np.testing.assert_allclose(pairwise(counted, ps, ps[:]), ref, rtol=1e-12)


@pytest.mark.parametrize("function", PAIR_FUNCTIONS, ids=lambda function: function.__name__)
def test_exactly_the_symmetric_functions_are_known_as_such(rng, function):
    p, q = (Gaussian(mean, random_cov(rng, 1)) for mean in rng.standard_normal((2, 1)))
    one, other = function(p, q), function(q, p)
    is_symmetric = isinstance(one, float) and abs(one - other) <= 1e-13 * one
    assert (function in pairs._SYMMETRIC) == is_symmetric


@pytest.mark.parametrize(("n", "m"), [(700, 900), (2, 100_000), (100_000, 2), (1, 1), (513, 512)])
def test_blocks_cover_each_pair_once(rng, n, m):
    ps = Gaussian(rng.standard_normal((n, 1)), [[1]])
    qs = Gaussian(rng.standard_normal((m, 1)), [[1]])
    calls = []

    def squared(p, q):
        calls.append(np.broadcast_shapes(p.batch_shape, q.batch_shape))
        return ((p.mean - q.mean) ** 2)[..., 0]

    res = pairwise(squared, ps, qs)
    np.testing.assert_array_equal(res, (ps.mean - qs.mean.T) ** 2)
    assert sum(rows * columns for rows, columns in calls) == n * m
    assert max(rows * columns for rows, columns in calls) <= 2**18
    assert len(calls) <= 8


def test_large_covariances_come_pair_by_pair():
    ps = Gaussian(np.zeros((2, 600)), np.eye(600))
    calls = []

    def nothing(p, q):
        calls.append(p.batch_shape + q.batch_shape)
        return np.zeros(np.broadcast_shapes(p.batch_shape, q.batch_shape))

    assert pairwise(nothing, ps, ps).shape == (2, 2)
    assert calls == 4 * [(1, 1, 1, 1)]


def test_memory_is_that_of_the_result_and_a_constant(rng):
    ps = qs = random_batch(rng, 800, 2)
    pairwise(kl_divergence, ps[:2], qs[:2])
    tracemalloc.start()
    res = pairwise(kl_divergence, ps, qs)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Eight arrays of 2^18 numbers. The pairs' covariances alone would take 40 MB.
    assert peak < res.nbytes + 8 * 8 * 2**18
    assert peak < 640_000 * 2 * 4 * 8


def test_singular_members(rng):
    ps = Gaussian(np.zeros(2), [np.eye(2), [[1, 1], [1, 1]]])
    qs = Gaussian(np.zeros(2), [[[4, 4], [4, 4]], 4 * np.eye(2), np.diag([1, 0])])
    kl = np.log(2) - 3 / 8
    ref = [[np.inf, 2 * kl, np.inf], [kl, np.inf, np.inf]]
    np.testing.assert_allclose(pairwise(kl_divergence, ps, qs), ref, rtol=1e-14)
    assert np.isfinite(pairwise(w2_squared, ps, qs)).all()


def test_types_and_empty_batches(rng):
    ps = random_batch(rng, 3, 2)
    short = Gaussian(ps.mean.astype(np.float32), ps.cov.astype(np.float32))
    assert pairwise(kl_divergence, short, short).dtype == np.float32
    assert pairwise(kl_divergence, short, ps).dtype == np.float64
    assert pairwise(lambda p, q: kl_divergence(p, q) > 1, ps, ps).dtype == np.bool_
    for a, b in ((ps[:0], ps), (ps, ps[:0]), (ps[:0], ps[:0])):
        res = pairwise(w2_distance, a, b)
        assert res.shape == (len(a), len(b))
        assert res.dtype == np.float64


def test_arguments_keep_their_order(rng):
    ps, qs = random_batch(rng, 3, 2), random_batch(rng, 2, 2)
    swapped = pairwise(lambda q, p: kl_divergence(p, q), qs, ps)
    np.testing.assert_array_equal(pairwise(kl_divergence, ps, qs), swapped.T)
