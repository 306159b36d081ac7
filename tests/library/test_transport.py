"""Optimal transport: the distance by every form in which it is computed, map, path and mean."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm
from support.laws import assert_batch_agrees, dims, in_turn, laws, random_pair, seeds, separations

from gausslib import (
    Gaussian,
    W2Terms,
    kl_divergence,
    transport,
    transport_map,
    w2_barycenter,
    w2_distance,
    w2_geodesic,
    w2_squared,
    w2_terms,
)
from reference.oracle import exact_w2, relative_error
from reference.pairs import near_cov, random_cov, random_orthogonal, symmetric


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
    for a, b, c in in_turn(seed, d, near, far):
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
    p, q = (Gaussian([0, 0, 0], np.diag([1, 1, 1e-24 * s])) for s in (1, 1.1))
    np.testing.assert_allclose(w2_distance(p, q), 1e-12 * (np.sqrt(1.1) - 1), rtol=1e-12)


def test_a_thin_direction_changes_beyond_recognition():
    # Close against the traces, yet the whitened difference is 1e4: commuting, so the roots differ.
    turn = random_orthogonal(np.random.default_rng(2), 3)
    cov_p, cov_q = ((turn * np.array([1, 0.25, thin])) @ turn.T for thin in (1e-8, 1e-4))
    p, q = Gaussian([0, 0, 0], cov_p), Gaussian([0, 0, 0], cov_q)
    for a, b in ((p, q), (q, p)):
        np.testing.assert_allclose(w2_distance(a, b), 1e-2 - 1e-4, rtol=1e-10)


@pytest.mark.parametrize("d", [5, 80])
def test_singular_values_that_a_gram_matrix_would_lose(d):
    turn = random_orthogonal(np.random.default_rng(d), d)
    axes = np.geomspace(1e-12, 1, d), np.geomspace(1e-8, 2, d)
    p, q = (Gaussian(np.zeros(d), symmetric((turn * a) @ turn.T)) for a in axes)
    ref = np.linalg.norm(np.sqrt(axes[0]) - np.sqrt(axes[1]))
    np.testing.assert_allclose(w2_distance(p, q), ref, rtol=2e-14)
    batch = Gaussian([p.mean, p.mean], [p.cov, q.cov])
    np.testing.assert_allclose(w2_distance(batch, q), [ref, 0], rtol=2e-14)


def test_broadcasting_is_that_of_numpy():
    p = Gaussian(np.zeros((4, 1, 2)), np.eye(2))
    q = Gaussian(np.ones((3, 2)), 4 * np.eye(2))
    assert (w2_squared(p, q) == np.full((4, 3), 4.0)).all()


@pytest.mark.parametrize("exponent", [-300, 100, 300])
@pytest.mark.parametrize("d", [2, 3])
def test_units_hundreds_of_digits_apart(exponent, d):
    # Beside the others the smallest variance is no number; it must do no harm.
    units = 10.0 ** np.linspace(-150, 150, d) * 10.0 ** (exponent / 300)
    cov = random_cov(np.random.default_rng(5), d) * units * units[:, None]
    p, q = Gaussian(np.zeros(d), cov), Gaussian(np.zeros(d), 4 * cov)
    np.testing.assert_allclose(w2_distance(p, q), np.sqrt(np.trace(cov)), rtol=1e-14)
    r = Gaussian(np.zeros(d), cov * (1 + 1e-6))
    exact = np.expm1(np.log1p(1e-6) / 2) * np.sqrt(np.trace(cov))
    np.testing.assert_allclose(w2_distance(p, r), exact, rtol=1e-9)


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


@pytest.mark.parametrize("separation", [1.0, 0.3, 0.03])
@pytest.mark.parametrize("decay", [0.5, 1, 2])
def test_one_pair_in_many_dimensions(decay, separation):
    """By whatever decomposition: beside the best rotation of the roots, found by the full one."""
    rng = np.random.default_rng(18)
    d = 130
    turn = random_orthogonal(rng, d)
    cov = symmetric((turn * np.arange(1.0, d + 1) ** -decay) @ turn.T)
    noise = symmetric(rng.standard_normal((d, d))) * separation / (2 * np.sqrt(d))
    root = np.linalg.cholesky(cov)
    other = symmetric(root @ (np.eye(d) + noise) @ root.T)
    p, q = Gaussian(np.zeros(d), cov), Gaussian(np.zeros(d), other)
    u, _, vt = np.linalg.svd(p.cholesky.T @ q.cholesky)
    ref = np.square(p.cholesky @ u - q.cholesky @ vt.T).sum()
    np.testing.assert_allclose(w2_squared(p, q), ref, rtol=1e-10)
    np.testing.assert_allclose(w2_squared(q, p), ref, rtol=1e-10)


@pytest.mark.parametrize("rank", [(30, 30), (20, 45), (100, 30)])
def test_one_singular_pair_in_many_dimensions(rank):
    rng = np.random.default_rng(19)
    d = 100
    roots = [rng.standard_normal((d, r)) for r in rank]
    p, q = (Gaussian(np.zeros(d), symmetric(root @ root.T)) for root in roots)
    fidelity = np.linalg.svd(roots[0].T @ roots[1], compute_uv=False).sum()
    ref = np.square(roots[0]).sum() + np.square(roots[1]).sum() - 2 * fidelity
    np.testing.assert_allclose(w2_squared(p, q), ref, rtol=1e-11)
    near = Gaussian(np.zeros(d), 1.01 * p.cov)
    gap = (np.sqrt(1.01) - 1) ** 2 * np.trace(p.cov)
    np.testing.assert_allclose(w2_squared(p, near), gap, rtol=1e-9)
    assert w2_squared(p, Gaussian(np.zeros(d), p.cov)) == 0


# --- the two terms ----------------------------------------------------------------------


@laws
@given(seeds, dims, separations)
def test_terms_sum_to_the_square(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    terms = w2_terms(p, q)
    assert isinstance(terms, W2Terms)
    assert terms.mean + terms.covariance == w2_squared(p, q)
    np.testing.assert_allclose(np.sqrt(sum(terms)), w2_distance(p, q), rtol=1e-15)
    assert terms.mean == np.vecdot(p.mean - q.mean, p.mean - q.mean)
    assert terms.covariance > 0
    assert_batch_agrees((lambda p, q: w2_terms(p, q).covariance,), [(p, q), (q, p)])


def symmetric_root(cov):
    eigenvalues, basis = np.linalg.eigh(cov)
    return (basis * np.sqrt(eigenvalues)) @ basis.T


@laws
@given(seeds, dims, separations)
def test_commuting_roots_bound_the_covariance_term(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    bound = np.square(symmetric_root(p.cov) - symmetric_root(q.cov)).sum()
    assert w2_terms(p, q).covariance <= bound * (1 + 1e-6)  # the bound cancels for near pairs
    turn = random_orthogonal(np.random.default_rng(seed), d)
    axes = 1.0 + np.arange(d), 4.0 + np.arange(d)[::-1]
    p, q = (Gaussian(np.zeros(d), symmetric((turn * a**2) @ turn.T)) for a in axes)
    np.testing.assert_allclose(
        w2_terms(p, q).covariance, np.square(axes[0] - axes[1]).sum(), rtol=1e-13
    )


@pytest.mark.parametrize("d", [2, 3])
def test_means_far_apart_do_not_spoil_the_covariance_term(d):
    rng = np.random.default_rng(d)
    cov = random_cov(rng, d)
    other = near_cov(rng, cov, 1e-9)
    zero = np.zeros(d)
    exact = exact_w2(zero, cov, zero, other) ** 2
    terms = w2_terms(Gaussian(zero, cov), Gaussian(zero + 1e6, other))
    assert terms.mean == d * 1e12
    assert relative_error(terms.covariance, exact) <= 1e-14


def test_means_too_close_for_their_square():
    assert w2_distance(Gaussian(0, 1), Gaussian(1e-200, 1)) == 1e-200


# --- the map ----------------------------------------------------------------------------


@laws
@given(seeds, dims, separations)
def test_map_is_symmetric_positive_and_carries_p_to_q(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    t = transport_map(p, q)
    assert (t == t.T).all()
    assert (np.linalg.eigvalsh(t) > 0).all()
    np.testing.assert_allclose(t @ p.cov @ t, q.cov, rtol=1e-10, atol=1e-11 * np.abs(q.cov).max())
    np.testing.assert_allclose(transport_map(q, p) @ t, np.eye(d), rtol=0, atol=1e-10)
    image = p.affine(t, q.mean - t @ p.mean)
    assert w2_distance(image, q) <= 1e-11 * np.sqrt(np.trace(q.cov))
    batch = transport_map(Gaussian([p.mean, q.mean], [p.cov, q.cov]), q)
    np.testing.assert_allclose(batch[0], t, rtol=1e-12, atol=1e-12 * np.abs(t).max())
    assert (batch[1] == np.eye(d)).all()


@laws
@given(seeds, dims, st.floats(-2, 1).map(lambda x: 10.0**x))
def test_distance_is_the_cost_of_the_map(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    shift = np.eye(d) - transport_map(p, q)
    ref = np.sum((p.mean - q.mean) ** 2) + np.trace(shift @ p.cov @ shift)
    np.testing.assert_allclose(w2_squared(p, q), ref, rtol=1e-9)


def exact_map(cov_p, cov_q):
    p, q = mp.matrix(cov_p.tolist()), mp.matrix(cov_q.tolist())

    def root(matrix):
        eigenvalues, basis = mp.eigsy(matrix)
        return basis * mp.diag([mp.sqrt(x) for x in eigenvalues]) * basis.T

    half = root(p)
    return mp.inverse(half) * root(half * q * half) * mp.inverse(half)


@pytest.mark.parametrize("condition", [1e2, 1e8])
def test_map_against_high_precision(condition):
    rng = np.random.default_rng(7)
    for d in (2, 3, 5):
        turns = random_orthogonal(rng, d), random_orthogonal(rng, d)
        axes = np.geomspace(1 / condition, 1, d)
        covs = [symmetric((turn * axes) @ turn.T) for turn in turns]
        res = transport_map(*(Gaussian(np.zeros(d), cov) for cov in covs))
        ref = np.array(exact_map(*covs).tolist(), dtype=float)
        assert np.linalg.norm(res - ref) <= 1e-12 * np.linalg.norm(ref)


def test_map_between_equal_covariances_is_exactly_the_identity():
    cov = random_cov(np.random.default_rng(8), 4, (3,))
    p, q = Gaussian(np.zeros(4), cov), Gaussian(np.ones(4), cov)
    assert (transport_map(p, q) == np.eye(4)).all()


def test_map_to_a_singular_gaussian_and_from_one():
    line = Gaussian([1, 1], [[1, 2], [2, 4]])
    p = Gaussian([0, 0], [[2, 1], [1, 3]])
    t = transport_map(p, line)
    np.testing.assert_allclose(t @ p.cov @ t, line.cov, rtol=1e-13)
    np.testing.assert_allclose(np.linalg.eigvalsh(t)[0], 0, atol=1e-15)
    with pytest.raises(ValueError, match="p must have a regular covariance"):
        transport_map(line, p)


# --- points -----------------------------------------------------------------------------


@laws
@given(seeds, dims, separations)
def test_moved_points_have_the_law_of_q(seed, d, separation):
    # The columns of a root of Σp, and of Σq, are samples with those covariances.
    p, q = random_pair(seed, d, separation)
    x = np.concatenate([p.mean + p.cholesky.T, p.mean - p.cholesky.T])
    y = transport(p, q, x)
    moved = (y - q.mean).T @ (y - q.mean) / 2
    np.testing.assert_allclose(y.mean(0), q.mean, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(moved, q.cov, rtol=1e-9, atol=1e-11 * np.abs(q.cov).max())
    cost = np.square(x - y).sum() / 2 - (d - 1) * np.square(p.mean - q.mean).sum()
    np.testing.assert_allclose(cost, w2_squared(p, q), rtol=1e-6, atol=1e-12)


def test_points_broadcast_with_batches():
    q = Gaussian([[1, 0], [2, 0], [3, 0]], np.diag([4, 9]))
    moved = transport(Gaussian.standard(2), q, np.ones((5, 1, 2)))
    assert moved.shape == (5, 3, 2)
    ref = np.broadcast_to([[3, 3], [4, 3], [5, 3]], (5, 3, 2))
    np.testing.assert_allclose(moved, ref, rtol=1e-15)
    np.testing.assert_allclose(transport(Gaussian(0, 1), Gaussian(1, 4), 2), [5], rtol=1e-15)
    single = Gaussian(np.zeros(2, "f4"), np.eye(2, dtype="f4"))
    assert transport(single, single, np.ones(2, "f4")).dtype == np.float32
    assert transport(single, single, np.ones(2)).dtype == np.float64


# --- the geodesic -----------------------------------------------------------------------


@laws
@given(seeds, dims, st.floats(-2, 1).map(lambda x: 10.0**x), st.floats(0, 1), st.floats(0, 1))
def test_geodesic_has_constant_speed(seed, d, separation, s, t):
    p, q = random_pair(seed, d, separation)
    speed = w2_distance(p, q)
    res = w2_distance(w2_geodesic(p, q, s), w2_geodesic(p, q, t))
    np.testing.assert_allclose(res, abs(t - s) * speed, rtol=1e-8, atol=1e-10 * speed)


@laws
@given(seeds, dims, separations, st.floats(0, 1))
def test_geodesic_is_the_map_on_its_way(seed, d, separation, t):
    p, q = random_pair(seed, d, separation)
    res = w2_geodesic(p, q, t)
    on_its_way = (1 - t) * np.eye(d) + t * transport_map(p, q)
    ref = on_its_way @ p.cov @ on_its_way
    np.testing.assert_allclose(res.cov, ref, rtol=1e-10, atol=1e-11 * np.abs(ref).max())
    np.testing.assert_allclose(res.mean, (1 - t) * p.mean + t * q.mean, rtol=1e-12, atol=1e-14)


def test_geodesic_begins_at_p_and_ends_at_q():
    p, q = random_pair(9, 3, 1.0)
    assert w2_geodesic(p, q, 0) == p
    assert w2_geodesic(p, q, 1) == q
    path = w2_geodesic(p, q, [0, 0.25, 1])
    assert path.batch_shape == (3,)
    assert (path.cov[0] == p.cov).all()
    assert (path.cov[2] == q.cov).all()
    np.testing.assert_allclose(path.cov[1], w2_geodesic(p, q, 0.25).cov, rtol=1e-14)


def test_geodesic_broadcasts():
    p = Gaussian(np.zeros((4, 1, 2)), np.eye(2))
    q = Gaussian(np.ones((3, 2)), np.diag([4.0, 1.0]))
    path = w2_geodesic(p, q, np.full((5, 1, 1), 0.5))
    assert path.batch_shape == (5, 4, 3)
    np.testing.assert_allclose(path.cov, np.broadcast_to(np.diag([2.25, 1]), (5, 4, 3, 2, 2)))


def test_geodesic_between_singular_gaussians():
    a, b = np.array([1.0, 2.0, 0.0]), np.array([2.0, 1.0, 1.0])
    p, q = Gaussian(np.zeros(3), np.outer(a, a)), Gaussian(np.ones(3), np.outer(b, b))
    for t in (0.3, 0.9):  # one way: a turns straight into b, as a·b > 0
        ref = np.outer((1 - t) * a + t * b, (1 - t) * a + t * b)
        np.testing.assert_allclose(w2_geodesic(p, q, t).cov, ref, rtol=1e-14, atol=1e-15)
    # From a plane to the whole space and back there is one way too.
    plane, space = (
        Gaussian(np.zeros(2), np.diag([1.0, 0.0])),
        Gaussian(np.zeros(2), [[2, 1], [1, 3]]),
    )
    for pair in ((plane, space), (space, plane)):
        path = w2_geodesic(*pair, np.linspace(0, 1, 5))
        np.testing.assert_allclose(
            w2_distance(path[:-1], path[1:]), w2_distance(*pair) / 4, rtol=1e-7
        )


@pytest.mark.parametrize("angle", [0.0, 0.4, 2.0])
def test_geodesic_between_orthogonal_lines_moves_them_independently(angle):
    # The other choices turn one line into the other, this way round or that.
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    p, q = (
        Gaussian([0, 0], symmetric((turn * axes) @ turn.T)) for axes in ((4.0, 0.0), (0.0, 9.0))
    )
    for t in (0.25, 0.5):
        ref = (turn * [4 * (1 - t) ** 2, 9 * t**2]) @ turn.T
        np.testing.assert_allclose(w2_geodesic(p, q, t).cov, ref, rtol=1e-13, atol=1e-14)
        assert abs(w2_distance(p, w2_geodesic(p, q, t)) / (t * w2_distance(p, q)) - 1) < 1e-7


# --- the barycenter ---------------------------------------------------------------------


def random_gaussians(seed, d, n):
    rng = np.random.default_rng(seed)
    ps = [Gaussian(rng.standard_normal(d), random_cov(rng, d)) for _ in range(n)]
    return ps, rng.dirichlet(np.ones(n))


few = settings(laws, max_examples=20)


@few
@given(seeds, dims, st.integers(1, 5))
def test_barycenter_solves_its_equation(seed, d, n):
    ps, weights = random_gaussians(seed, d, n)
    res = w2_barycenter(ps, weights)
    half = symmetric_root(res.cov)
    parts = [symmetric_root(half @ p.cov @ half) for p in ps]
    np.testing.assert_allclose(np.tensordot(weights, parts, 1), res.cov, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(res.mean, weights @ [p.mean for p in ps], rtol=1e-12, atol=1e-14)


@few
@given(seeds, dims, st.integers(2, 4))
def test_barycenter_has_the_least_cost(seed, d, n):
    ps, weights = random_gaussians(seed, d, n)

    def cost(candidate):
        return weights @ [w2_squared(p, candidate) for p in ps]

    best = w2_barycenter(ps, weights)
    for separation in (1e-3, 1e-1, 1.0):
        rng = np.random.default_rng(seed)
        step = np.eye(d) + separation * rng.standard_normal((d, d))
        assert cost(best) <= cost(best.affine(step, np.zeros(d)))
        assert cost(best) < cost(Gaussian(best.mean + separation, best.cov))


@few
@given(seeds, dims, st.floats(0, 1))
def test_barycenter_of_two_lies_on_the_geodesic(seed, d, t):
    p, q = random_pair(seed, d, 1.0)
    # One step finds it, another sees that it stays.
    res = w2_barycenter([p, q], [1 - t, t], tolerance=1e-9, max_steps=2)
    ref = w2_geodesic(p, q, t)
    np.testing.assert_allclose(res.cov, ref.cov, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(res.mean, ref.mean, rtol=1e-12, atol=1e-14)


@few
@given(seeds, dims, st.integers(1, 5))
def test_barycenter_of_commuting_covariances_averages_the_roots(seed, d, n):
    rng = np.random.default_rng(seed)
    turn, weights = random_orthogonal(rng, d), rng.dirichlet(np.ones(n))
    axes = rng.uniform(0.5, 2, (n, d))
    ps = Gaussian(np.zeros((n, d)), symmetric((turn * axes[:, None, :] ** 2) @ turn.T))
    ref = (turn * (weights @ axes) ** 2) @ turn.T
    res = w2_barycenter(ps, weights, tolerance=1e-9, max_steps=2)
    np.testing.assert_allclose(res.cov, ref, rtol=1e-11, atol=1e-12)


def test_barycenter_of_one_is_itself():
    p = random_pair(10, 3, 1.0)[0]
    np.testing.assert_allclose(w2_barycenter([p]).cov, p.cov, rtol=1e-14)
    assert w2_barycenter([p, random_pair(11, 3, 1.0)[0]], [1, 0]).mean.tolist() == p.mean.tolist()


def test_barycenter_of_singular_gaussians():
    # Orthogonal lines, moved independently as by the geodesic.
    ps = [Gaussian([0, 0], np.diag([4.0, 0.0])), Gaussian([0, 0], np.diag([0.0, 16.0]))]
    np.testing.assert_allclose(w2_barycenter(ps).cov, np.diag([1, 4]), rtol=1e-11, atol=1e-12)
    # One plane holds all: so does it the barycenter, and inside it is the one of the plane.
    rng = np.random.default_rng(12)
    embed = np.linalg.qr(rng.standard_normal((4, 2)))[0]
    inner = random_cov(rng, 2, (3,))
    outer = Gaussian(np.zeros((3, 4)), symmetric(embed @ inner @ embed.T))
    ref = embed @ w2_barycenter(Gaussian(np.zeros((3, 2)), inner)).cov @ embed.T
    np.testing.assert_allclose(w2_barycenter(outer).cov, ref, rtol=1e-9, atol=1e-10)
    # Several lines in space: no fixed point on the way there may hold the iteration.
    lines = rng.standard_normal((5, 3))
    ps = Gaussian(np.zeros((5, 3)), lines[:, :, None] * lines[:, None, :])
    best = w2_barycenter(ps)
    for _ in range(20):
        other = Gaussian(np.zeros(3), random_cov(rng, 3) * rng.uniform(0.1, 1))
        assert w2_squared(ps, best).mean() <= w2_squared(ps, other).mean()
    # Points.
    points = Gaussian([[0, 0], [4, 2]], np.zeros((2, 2, 2)))
    assert w2_barycenter(points) == Gaussian([2, 1], np.zeros((2, 2)))


def test_barycenter_of_batches():
    ps, _ = random_gaussians(13, 3, 4)
    stack = Gaussian([p.mean for p in ps], [p.cov for p in ps])
    weights = [[0.25] * 4, [0.7, 0.1, 0.1, 0.1]]
    res = w2_barycenter(stack, weights)
    assert res.batch_shape == (2,)
    for i, w in enumerate(weights):
        np.testing.assert_allclose(res[i].cov, w2_barycenter(ps, w).cov, rtol=1e-10)
    assert (w2_barycenter(stack).mean == res.mean[0]).all()
    pairs = Gaussian(np.reshape(stack.mean, (2, 2, 3)), np.reshape(stack.cov, (2, 2, 3, 3)))
    ref = w2_barycenter([pairs[0, 1], pairs[1, 1]])
    np.testing.assert_allclose(w2_barycenter([pairs[0], pairs[1]])[1].cov, ref.cov, rtol=1e-10)


def test_barycenter_takes_short_weights_as_meant():
    p = random_pair(17, 2, 1.0)[0]
    res = w2_barycenter([p] * 3, np.full(3, 1 / 3, dtype=np.float32))
    np.testing.assert_allclose(res.mean, p.mean, rtol=1e-15)
    np.testing.assert_allclose(res.cov, p.cov, rtol=1e-14)
    assert w2_barycenter([Gaussian(p.mean.astype("f4"), p.cov.astype("f4"))]).dtype == np.float32


def test_barycenter_says_what_it_has_reached():
    ps, _ = random_gaussians(14, 3, 3)
    with pytest.raises(np.linalg.LinAlgError, match=r"tolerance of 1e-10 in 3 steps.*by \d"):
        w2_barycenter(ps, tolerance=1e-10, max_steps=3)
    loose = w2_barycenter(ps, tolerance=1e-3, max_steps=10)
    np.testing.assert_allclose(loose.cov, w2_barycenter(ps).cov, atol=1e-2)
    assert loose != w2_barycenter(ps)
