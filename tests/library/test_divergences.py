"""The divergences: their laws, how they hang together, and their limits."""

from functools import partial

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import (
    assert_batch_agrees,
    dims,
    in_turn,
    laws,
    named,
    random_pair,
    seeds,
    separations,
)

from gausslib import (
    BhattacharyyaTerms,
    Gaussian,
    KLTerms,
    bhattacharyya_coefficient,
    bhattacharyya_distance,
    bhattacharyya_terms,
    chernoff_alpha,
    chernoff_coefficient,
    chernoff_information,
    cross_entropy,
    hellinger_distance,
    jeffreys_divergence,
    kl_divergence,
    kl_terms,
    renyi_divergence,
)
from reference.oracle import exact_renyi, relative_error
from reference.pairs import random_cov, random_orthogonal, symmetric

# Zero exactly for equal Gaussians, and infinite (or one, the largest value) for other supports.
SYMMETRIC = [
    bhattacharyya_distance,
    chernoff_information,
    hellinger_distance,
    jeffreys_divergence,
]
# From some order above one on, a divergence has poles, near which nothing is stable.
STABLE = [
    *SYMMETRIC,
    kl_divergence,
    *(partial(renyi_divergence, alpha=alpha) for alpha in (0.3, 0.999, 1)),
]
FUNCTIONS = [*STABLE, *(partial(renyi_divergence, alpha=alpha) for alpha in (1.5, 40, np.inf))]
each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=named)
alphas = st.floats(0.01, 0.99)


def farthest(function) -> float:
    return 1.0 if function is hellinger_distance else np.inf


@laws
@given(seeds, dims, separations)
def test_symmetric_where_the_name_says_so(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    for function in SYMMETRIC:
        np.testing.assert_allclose(function(p, q), function(q, p), rtol=1e-12)
    np.testing.assert_allclose(chernoff_alpha(p, q), 1 - chernoff_alpha(q, p), atol=1e-6)


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
    moved = p.affine(matrix, offset), q.affine(matrix, offset)
    for function in STABLE:
        np.testing.assert_allclose(function(*moved), function(p, q), rtol=1e-7)
    # The cross-entropy counts the volume of a unit, as the entropy does.
    shift = np.log(abs(np.linalg.det(matrix)))
    np.testing.assert_allclose(cross_entropy(*moved), cross_entropy(p, q) + shift, rtol=1e-7)


@laws
@given(seeds, dims, separations)
def test_batch_agrees_with_single_pairs(seed, d, separation):
    pairs = [random_pair(seed + i, d, s) for i, s in enumerate((separation, 1.0, 1e-6))]
    others = [bhattacharyya_coefficient, partial(chernoff_coefficient, alpha=0.2), cross_entropy]
    assert_batch_agrees(FUNCTIONS + others, pairs)


# --- how they hang together ---------------------------------------------------------------


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


@laws
@given(seeds, dims, separations)
def test_bhattacharyya_terms_add_up_to_the_distance(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    terms = bhattacharyya_terms(p, q)
    assert isinstance(terms, BhattacharyyaTerms)
    assert min(terms) >= 0
    np.testing.assert_allclose(sum(terms), bhattacharyya_distance(p, q), rtol=1e-14)
    mean_only, shape_only = Gaussian(p.mean + (q.mean - p.mean), p.cov), Gaussian(p.mean, q.cov)
    same_shape = bhattacharyya_terms(p, mean_only)
    assert same_shape.logdet == 0
    np.testing.assert_allclose(same_shape.mean, bhattacharyya_distance(p, mean_only), rtol=1e-14)
    assert bhattacharyya_terms(p, shape_only).mean == 0
    np.testing.assert_allclose(bhattacharyya_terms(p, shape_only).logdet, terms.logdet, rtol=1e-14)


@laws
@given(seeds, dims, separations)
def test_bhattacharyya_family(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    distance = bhattacharyya_distance(p, q)
    coefficient = bhattacharyya_coefficient(p, q)
    np.testing.assert_allclose(coefficient, np.exp(-distance), rtol=1e-14)
    np.testing.assert_allclose(chernoff_coefficient(p, q, 0.5), coefficient, rtol=1e-14)
    np.testing.assert_allclose(renyi_divergence(p, q, 0.5), 2 * distance, rtol=1e-14)
    np.testing.assert_allclose(hellinger_distance(p, q) ** 2, -np.expm1(-distance), rtol=1e-14)
    # 2 BD ≤ KL
    assert 2 * distance < min(kl_divergence(p, q), kl_divergence(q, p))


@laws
@given(seeds, dims, separations)
def test_cross_entropy_and_jeffreys_are_sums(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    both = kl_divergence(p, q) + kl_divergence(q, p)
    np.testing.assert_allclose(jeffreys_divergence(p, q), both, rtol=1e-14)
    total = p.entropy() + kl_divergence(p, q)
    np.testing.assert_allclose(cross_entropy(p, q), total, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(cross_entropy(p, p), p.entropy(), rtol=1e-12, atol=1e-12)


@laws
@given(seeds, dims, separations, separations)
def test_triangle_inequality_of_hellinger(seed, d, near, far):
    for a, b, c in in_turn(seed, d, near, far):
        detour = hellinger_distance(a, b) + hellinger_distance(b, c)
        assert hellinger_distance(a, c) <= detour * (1 + 1e-12)


@laws
@given(seeds, dims, separations)
def test_renyi_grows_with_the_order(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    orders = np.array([0, 1e-9, 0.1, 0.5, 0.999999, 1, 1.000001, 1.5, 2, 5, 100, np.inf])
    values = renyi_divergence(p, q, orders)
    assert values[0] == 0
    finite = np.isfinite(values)
    assert (np.diff(finite.astype(int)) <= 0).all()  # once infinite, always
    assert (np.diff(values[finite]) >= -1e-13 * values[finite][1:]).all()


@laws
@given(seeds, dims, separations, alphas)
def test_renyi_is_skew_symmetric(seed, d, separation, alpha):
    # (1-α) D_α(p‖q) = α D_{1-α}(q‖p) = -log c_α
    p, q = random_pair(seed, d, separation)
    ref = -np.log(chernoff_coefficient(p, q, alpha))
    left = (1 - alpha) * renyi_divergence(p, q, alpha)
    np.testing.assert_allclose(left, alpha * renyi_divergence(q, p, 1 - alpha), rtol=1e-11)
    np.testing.assert_allclose(left, ref, rtol=1e-9, atol=4e-16)


@pytest.mark.parametrize("step", [1e-15, 1e-9, 1e-4, 1e-2])
@pytest.mark.parametrize("separation", [3.0, 0.3, 1e-3, 1e-9])
def test_renyi_is_smooth_at_one(step, separation):
    """dD/dα = ½ Var_p(log p/q) = ½ [δᵀΣq⁻¹ΣpΣq⁻¹δ + ½ tr((Σq⁻¹Σp - I)²)] at α = 1."""
    p, q = random_pair(17, 3, separation)
    delta, ratio = p.mean - q.mean, np.linalg.solve(q.cov, p.cov)
    variance = delta @ ratio @ np.linalg.solve(q.cov, delta)
    whitened = ratio - np.eye(3)
    slope = (variance + np.trace(whitened @ whitened) / 2) / 2
    below, at, above = renyi_divergence(p, q, [1 - step, 1, 1 + step])
    assert at == kl_divergence(p, q)
    assert abs(below - (at - step * slope)) <= 20 * step**2 * slope + 1e-13 * at
    assert abs(above - (at + step * slope)) <= 20 * step**2 * slope + 1e-13 * at


@laws
@given(seeds, st.integers(1, 3))
def test_order_infinity_is_the_largest_log_ratio(seed, d):
    rng = np.random.default_rng(seed)
    cov = random_cov(rng, d)
    p, q = Gaussian(rng.standard_normal(d), cov), Gaussian(np.zeros(d), cov + random_cov(rng, d))
    # The ratio is largest where its gradient is zero.
    precision_p, precision_q = np.linalg.inv(p.cov), np.linalg.inv(q.cov)
    top = np.linalg.solve(precision_p - precision_q, precision_p @ p.mean - precision_q @ q.mean)
    value = renyi_divergence(p, q, np.inf)
    np.testing.assert_allclose(value, p.logpdf(top) - q.logpdf(top), rtol=1e-9)
    np.testing.assert_allclose(renyi_divergence(p, q, 1e9), value, rtol=1e-7)
    assert renyi_divergence(q, p, np.inf) == np.inf


def test_order_infinity_where_a_direction_has_equal_variances():
    narrow, wide = np.diag([1.0, 1.0]), np.diag([1.0, 4.0])
    order = partial(renyi_divergence, alpha=np.inf)
    # Along the second axis alone p and q differ: the one-dimensional value.
    ref = order(Gaussian(3, 1), Gaussian(0, 4))
    np.testing.assert_allclose(order(Gaussian([0, 3], narrow), Gaussian([0, 0], wide)), ref)
    # Along the first the ratio of the densities grows without bound.
    assert order(Gaussian([1e-3, 0], narrow), Gaussian([0, 0], wide)) == np.inf
    assert order(Gaussian([0, 0], wide), Gaussian([0, 0], narrow)) == np.inf


def test_renyi_of_high_order_is_infinite_exactly_where_the_tails_are_too_heavy():
    # Σ_α = α Σq - (α-1) Σp is positive up to α = 4.
    p, q = Gaussian(1, 4), Gaussian(0, 3)
    finite = renyi_divergence(p, q, [1.5, 3, 3.999, 4, 4.001, 100, np.inf]) < np.inf
    assert finite.tolist() == [True, True, True, False, False, False, False]


def test_orders_are_broadcast_with_the_batch():
    p = Gaussian(np.arange(6.0).reshape(3, 2, 1), [[1.0]])
    q = Gaussian([[0.0], [0.5]], [[2.0]])
    orders = np.array([0, 0.25, 1, 3, np.inf]).reshape(5, 1, 1)
    values = renyi_divergence(p, q, orders)
    assert values.shape == (5, 3, 2)
    for i, order in enumerate(orders.ravel()):
        np.testing.assert_array_equal(values[i], renyi_divergence(p, q, order))
    assert chernoff_coefficient(p[:, 0], q[0], [[0.1], [0.9]]).shape == (2, 3)


@laws
@given(seeds, dims, separations)
def test_chernoff_information_is_the_largest_of_its_kind(seed, d, separation):
    p, q = random_pair(seed, d, separation)
    best, value = chernoff_alpha(p, q), chernoff_information(p, q)
    assert 0 < best < 1
    grid = np.linspace(0.01, 0.99, 99)
    others = (1 - grid) * renyi_divergence(p, q, grid)
    assert (others <= value * (1 + 1e-12)).all()
    assert value <= others.max() * 1.01
    assert bhattacharyya_distance(p, q) <= value * (1 + 1e-12)
    assert value <= min(kl_divergence(p, q), kl_divergence(q, p))


def test_chernoff_information_of_very_different_sizes():
    # For N(0, s) and N(0, 1) the slope (s - 1)/(1 + (1-α)(s - 1)) - log s is zero at the best α.
    for s in (1e-20, 1e-8, 0.5, 3.0, 1e8, 1e20):
        p, q = Gaussian(0, s), Gaussian(0, 1)
        beta = 1 / np.log(s) - 1 / (s - 1)
        np.testing.assert_allclose(chernoff_alpha(p, q), 1 - beta, rtol=1e-7, atol=1e-9)
        ref = (np.log1p(beta * (s - 1)) - beta * np.log(s)) / 2
        np.testing.assert_allclose(chernoff_information(p, q), ref, rtol=1e-12)


def test_exponents_at_the_ends():
    p, q = Gaussian([0, 0], np.eye(2)), Gaussian([1, 2], [[2, 1], [1, 3]])
    assert chernoff_coefficient(p, q, [0, 1]).tolist() == [1, 1]
    line = Gaussian([0, 0], [[1, 0], [0, 0]])
    assert chernoff_coefficient(p, line, [0, 0.5, 1]).tolist() == [0, 0, 0]
    assert chernoff_coefficient(line, line, [0, 0.5, 1]).tolist() == [1, 1, 1]
    for pair in ((p, p), (p, line), (line, line)):
        assert chernoff_alpha(*pair) == 0.5


# --- limits ---------------------------------------------------------------------------------


def test_terms_of_a_batch_and_of_different_supports():
    p = Gaussian([[0, 0], [1, 1], [0, 0]], [np.eye(2), 4 * np.eye(2), np.diag([1, 0])])
    terms = kl_terms(p, Gaussian.standard(2))
    assert terms.mean.tolist() == [0, 1, np.inf]
    assert terms.trace.tolist() == [0, 3, np.inf]
    np.testing.assert_allclose(terms.logdet, [0, -np.log(4), np.inf], rtol=1e-15)
    terms = bhattacharyya_terms(p, Gaussian.standard(2))
    np.testing.assert_allclose(terms.mean, [0, 1 / 10, np.inf], rtol=1e-15)
    np.testing.assert_allclose(terms.logdet, [0, np.log(5 / 4), np.inf], rtol=1e-15)


def test_cross_entropy_of_singular_gaussians():
    plane, line = Gaussian.standard(2), Gaussian([0, 0], [[1, 0], [0, 0]])
    point, beside = Gaussian([3, 0], np.zeros((2, 2))), Gaussian([3, 1], np.zeros((2, 2)))
    # p may be singular: -log q has a mean all the same.
    np.testing.assert_allclose(cross_entropy(line, plane), np.log(2 * np.pi) + 1 / 2, rtol=1e-15)
    np.testing.assert_allclose(cross_entropy(point, plane), -plane.logpdf([3, 0]), rtol=1e-15)
    assert cross_entropy(plane, line) == np.inf
    assert cross_entropy(line, line) == -np.inf
    assert cross_entropy(point, line) == -np.inf
    assert cross_entropy(beside, line) == np.inf
    batch = Gaussian([[0, 0]] * 2, [plane.cov, line.cov])
    assert np.isfinite(cross_entropy(line, batch)).tolist() == [True, False]


@each_function
def test_broadcasting_is_that_of_numpy(function):
    p = Gaussian(np.zeros((4, 1, 2)), np.eye(2))
    q = Gaussian(np.ones((3, 2)), 2 * np.eye(2))
    res = function(p, q)
    assert res.shape == (4, 3)
    single = function(Gaussian.standard(2), Gaussian([1, 1], 2 * np.eye(2)))
    np.testing.assert_allclose(res, np.full((4, 3), single), rtol=1e-15)


def test_float32_in_float32_out():
    p, q = (Gaussian(g.mean.astype("f4"), g.cov.astype("f4")) for g in random_pair(3, 3, 1.0))
    exact = [Gaussian(g.mean.astype(float), g.cov.astype(float)) for g in (p, q)]
    others = [bhattacharyya_coefficient, partial(chernoff_coefficient, alpha=0.2), cross_entropy]
    for function in [*FUNCTIONS, *others, chernoff_alpha]:
        value = function(p, q)
        assert value.dtype == np.float32
        np.testing.assert_allclose(value, function(*exact), rtol=1e-6)
    for terms in (kl_terms(p, q), bhattacharyya_terms(p, q)):
        assert {term.dtype for term in terms} == {np.dtype(np.float32)}


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


@each_function
def test_supports_of_one_dimension_that_cross(function):
    zero = np.zeros(3)
    lines = [np.outer(v, v) for v in ([1, 2, 3], [1, 2, 3 + 1e-6], [1, 2, -3], [0, 1, 0])]
    planes = [np.eye(3) - np.diag(v) for v in np.eye(3)]
    for group in (lines, planes):
        for i, cov_p in enumerate(group):
            for j, cov_q in enumerate(group):
                value = function(Gaussian(zero, cov_p), Gaussian(zero, 1e6 * cov_q))
                assert value < farthest(function) if i == j else value == farthest(function)


@each_function
def test_verdict_on_points(function):
    a, b = Gaussian([1, 2], np.zeros((2, 2))), Gaussian([1, 3], np.zeros((2, 2)))
    assert function(a, a) == 0
    assert function(a, b) == farthest(function)
    assert function(a, Gaussian.standard(2)) == farthest(function)


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


@pytest.mark.parametrize("thin", [1, 1e-4, 1e-8, 1e-11])
def test_renyi_of_large_order_where_the_covariances_differ_little_in_one_direction(thin):
    rng = np.random.default_rng(21)
    for d in (2, 3):
        turn = random_orthogonal(rng, d)
        gap = (turn * np.append(np.ones(d - 1), thin)) @ turn.T
        pair = rng.standard_normal(d), np.eye(d), np.zeros(d), symmetric(np.eye(d) + gap)
        p, q = Gaussian(*pair[:2]), Gaussian(*pair[2:])
        with mp.workdps(700):
            for alpha in (1e7, 1e8, 1e12, 1e200):
                error = relative_error(renyi_divergence(p, q, alpha), exact_renyi(alpha, *pair))
                assert error <= 1e-11
        np.testing.assert_allclose(
            renyi_divergence(p, q, np.inf), renyi_divergence(p, q, 1e200), rtol=1e-11
        )
