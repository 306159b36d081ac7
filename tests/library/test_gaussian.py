"""The Gaussian object: construction, immutability, density, sampling, affine maps."""

import copy
import pickle

import mpmath as mp
import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis
from scipy.stats import multivariate_normal

from gausslib import Gaussian, kl_divergence, w2_distance
from reference.oracle import exact_w2_of_roots
from reference.pairs import random_cov, random_orthogonal, symmetric


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def test_attributes_and_broadcasting():
    g = Gaussian(np.zeros((4, 1, 3)), np.broadcast_to(np.eye(3), (2, 3, 3)))
    assert (g.dim, g.batch_shape, g.dtype) == (3, (4, 2), np.float64)
    assert g.mean.shape == (4, 2, 3)
    assert g.cov.shape == (4, 2, 3, 3)


def test_input_is_copied_and_the_object_is_immutable():
    mean, cov = np.zeros(2), np.eye(2)
    g = Gaussian(mean, cov)
    mean[0] = cov[0, 0] = 7
    assert g == Gaussian.standard(2)
    with pytest.raises(ValueError, match="read-only"):
        g.mean[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        g.cov[0, 0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        g.cov.setflags(write=True)
    with pytest.raises(AttributeError, match="immutable"):
        g.mean = mean
    with pytest.raises(AttributeError, match="immutable"):
        del g._mean
    with pytest.raises(AttributeError, match="immutable"):
        g.anything = 1


def test_float32_arrays_are_read_only_too():
    g = Gaussian(np.zeros(2, np.float32), np.eye(2, dtype=np.float32))
    assert g.mean.dtype == g.cov.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        g.mean[0] = 1


def test_equality_and_hash():
    g = Gaussian([0, 1], [[2, 1], [1, 2]])
    same = Gaussian([-0.0, 1], np.array([[2, 1], [1, 2]], np.float32))
    assert g == same
    assert hash(g) == hash(same)
    assert g != Gaussian([0, np.nextafter(1, 2)], g.cov)
    assert g != Gaussian([0, 1], [[2, 1], [1, np.nextafter(2, 3)]])
    assert g != Gaussian([[0, 1]], g.cov)
    assert g != "Gaussian"
    assert len({g, same, Gaussian.standard(2)}) == 2


def test_copies_are_equal():
    g = Gaussian([[0, 1], [2, 3]], [[2, 1], [1, 2]])
    assert copy.deepcopy(g) == g
    assert pickle.loads(pickle.dumps(g)) == g


def test_copies_are_what_their_originals_are(rng):
    # Among 60 coordinates rounding may spoil a covariance by more than is let pass in two.
    block = [[1, 1 + 1e-13], [1 + 1e-13, 1]]
    large = np.eye(60)
    large[:2, :2] = block
    with pytest.raises(ValueError, match="semi-definite"):
        Gaussian([0, 0], block)
    g = Gaussian(np.zeros(60), large)
    for part in (g.marginal([0, 1]), pickle.loads(pickle.dumps(g.marginal([1, 0])))):
        assert (part.cov == block).all()
        assert part.entropy() == -np.inf


def test_repr_can_be_evaluated_or_says_what_it_is():
    g = Gaussian([0.1, 1 / 3], [[2, 1], [1, 2]])
    assert eval(repr(g)) == g
    batch = Gaussian(np.zeros((3, 1, 5)), np.eye(5))
    assert repr(batch) == "<Gaussian dim=5 batch_shape=(3, 1) dtype=float64>"


def test_slight_asymmetry_is_averaged():
    g = Gaussian([0, 0], [[1, 0.5 + 1e-12], [0.5 - 1e-12, 1]])
    assert (g.cov == [[1, 0.5], [0.5, 1]]).all()


def test_rounding_does_not_make_a_covariance_indefinite(rng):
    # Products of random factors, of full and of lower rank, are positive semi-definite only up to
    # rounding; whatever the units of the coordinates are, they must be accepted.
    for _ in range(200):
        d = rng.integers(1, 12)
        factor = rng.standard_normal((d, rng.integers(1, d + 1)))
        units = 10.0 ** rng.uniform(-40, 40, d)
        cov = factor @ factor.T * units * units[:, None]
        g = Gaussian(np.zeros(d), (cov + cov.T) / 2)
        expected = -np.inf if factor.shape[1] < d else g.entropy()
        assert g.entropy() == expected


def test_singular_verdict_is_not_fooled_by_the_order_of_coordinates():
    # Without pivoting the last pivot of this matrix of rank 2 comes out as 9e-15 of its variance.
    factor = np.array([[9, 3], [-8, -2], [-1, -5]])
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        cov = (factor @ factor.T)[np.ix_(order, order)]
        assert Gaussian([0, 0, 0], cov).entropy() == -np.inf


@pytest.mark.parametrize("angle", np.linspace(-4, 4, 9))
def test_from_axes(angle):
    g = Gaussian.from_axes([1, 2], [3, 0.5], angle)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    np.testing.assert_allclose(g.cov, turn @ np.diag([9, 0.25]) @ turn.T, rtol=0, atol=4e-15)
    assert (g.mean == [1, 2]).all()


def test_from_axes_broadcasts_and_allows_a_line():
    g = Gaussian.from_axes([0, 0], [[2, 1], [2, 0]], np.linspace(0, 3, 5)[:, None])
    assert g.batch_shape == (5, 2)
    assert np.isfinite(g.entropy()[:, 0]).all()
    assert (g.entropy()[:, 1] == -np.inf).all()
    assert g.cov[3, 0].tolist() == Gaussian.from_axes([0, 0], [2, 1], 2.25).cov.tolist()


@pytest.mark.parametrize("n", [2, 3, 40])
def test_from_samples_is_what_numpy_computes(rng, n):
    x = rng.standard_normal((4, n, 3)) @ rng.standard_normal((3, 3)) + 10
    g = Gaussian.from_samples(x)
    assert g.batch_shape == (4,)
    for i in range(4):
        np.testing.assert_allclose(g.mean[i], np.mean(x[i], axis=0), rtol=1e-14)
        np.testing.assert_allclose(g.cov[i], np.cov(x[i], rowvar=False), rtol=1e-13)


def test_few_samples_make_a_singular_gaussian_whatever_their_units(rng):
    # Rounding must neither hide that n samples span n - 1 dimensions, nor make them indefinite.
    for trial in range(400):
        d = int(rng.integers(1, 12))
        n = int(rng.integers(2, d + 3))
        mix = rng.standard_normal((d, d)) * 10 ** rng.uniform(-3, 3, d)
        units = 10.0 ** rng.uniform(-40, 40, d)
        x = (rng.standard_normal((n, d)) @ mix + 1e6 * rng.standard_normal(d)) * units
        if trial % 4 == 0:
            x = (x / units).astype(np.float32)
        if n <= d:
            assert Gaussian.from_samples(x).entropy() == -np.inf
        elif trial % 4:
            assert np.isfinite(Gaussian.from_samples(x / units - 1e6).entropy())


@pytest.mark.parametrize("seed", [0, 19])
def test_many_samples_on_a_plane_make_a_singular_gaussian(seed):
    # In one sum the rounding errors of a million terms may look like a variance across the plane.
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((1_000_000, 2)) @ rng.standard_normal((2, 3))
    assert Gaussian.from_samples(x).entropy() == -np.inf


def test_samples_far_from_zero_keep_their_digits(rng):
    # The sums are rounded, to 2^-3 of three numbers of size 2^48 and to more of a thousand.
    for n in (3, 1001):
        x = rng.integers(-100, 100, (n, 3)) / 16
        far = Gaussian.from_samples(x + 2.0**48)
        np.testing.assert_allclose(far.cov, Gaussian.from_samples(x).cov, rtol=1e-13)
        assert (far.mean == 2.0**48 + x.mean(axis=0)).all()
    assert Gaussian.from_samples(x[:3] + 2.0**48).entropy() == -np.inf


@pytest.mark.parametrize("d", [1, 2, 6])
def test_from_cholesky_is_its_product(rng, d):
    cov = random_cov(rng, d, (3,))
    g = Gaussian.from_cholesky(np.ones(d), np.linalg.cholesky(cov))
    assert g.batch_shape == (3,)
    np.testing.assert_allclose(g.cov, cov, rtol=1e-13, atol=1e-14)
    again = Gaussian(g.mean, g.cov)
    assert (g.entropy() == again.entropy()).all()


def test_from_cholesky_of_plain_numbers_and_of_lower_rank():
    assert Gaussian.from_cholesky(1, 3) == Gaussian(1, 9)
    line = Gaussian.from_cholesky([0, 0], [[2, 0], [3, 0]])
    assert line == Gaussian([0, 0], [[4, 6], [6, 9]])
    assert line.entropy() == -np.inf


@pytest.mark.parametrize("d", [1, 2, 5])
def test_density_and_entropy_agree_with_scipy(rng, d):
    mean, cov = rng.standard_normal(d), random_cov(rng, d)
    g, peer = Gaussian(mean, cov), multivariate_normal(mean, cov)
    x = 2 * rng.standard_normal((4, 3, d))
    np.testing.assert_allclose(g.logpdf(x), peer.logpdf(x), rtol=1e-12)
    np.testing.assert_allclose(g.pdf(x), peer.pdf(x), rtol=1e-12)
    np.testing.assert_allclose(g.entropy(), peer.entropy(), rtol=1e-13)
    inverse = np.linalg.inv(cov)
    ref = [[mahalanobis(point, mean, inverse) for point in row] for row in x]
    np.testing.assert_allclose(g.mahalanobis(x), ref, rtol=1e-12)
    assert isinstance(g.mahalanobis(x[0, 0]), np.float64)
    assert isinstance(g.logpdf(x[0, 0]), np.float64)
    assert isinstance(g.entropy(), np.float64)


def test_density_of_a_batch_is_that_of_its_members(rng):
    g = Gaussian(rng.standard_normal((3, 2)), random_cov(rng, 2, (3,)))
    x = rng.standard_normal((5, 1, 2))
    res = g.logpdf(x)
    assert res.shape == (5, 3)
    for i in range(3):
        ref = Gaussian(g.mean[i], g.cov[i]).logpdf(x[:, 0])
        np.testing.assert_allclose(res[:, i], ref, rtol=1e-14)


def test_density_integrates_to_one():
    g = Gaussian([0.3, -0.2], [[1, 0.5], [0.5, 0.8]])
    grid = np.arange(-8, 8, 0.1)
    points = np.stack(np.meshgrid(grid, grid), axis=-1)
    assert abs(g.pdf(points).sum() * 0.01 - 1) < 1e-13


def test_density_far_away_and_in_one_dimension():
    assert Gaussian(0, 1).pdf(1e200) == 0
    assert Gaussian(0, 1).logpdf(1e200) == -np.inf
    assert Gaussian(0, 1).logpdf(2.0) == Gaussian([0], [[1]]).logpdf([2.0])


def test_mahalanobis_of_a_batch_and_at_the_ends_of_the_range(rng):
    g = Gaussian(rng.standard_normal((3, 2)), random_cov(rng, 2, (3,)))
    x = rng.standard_normal((5, 1, 2))
    density = -(g.mahalanobis(x) ** 2) / 2 - g.entropy() + 1  # d/2 = 1
    np.testing.assert_allclose(density, g.logpdf(x), rtol=1e-13)
    for size in (1e-200, 1e200):
        distance = Gaussian.standard(2).mahalanobis([3 * size, -4 * size])
        np.testing.assert_allclose(distance, 5 * size, rtol=1e-15)
    assert Gaussian(0, 4).mahalanobis(-6) == 3


def test_density_in_float32_is_rounded_once():
    g, x = (Gaussian(np.float32([0]), np.float32([[1]])), np.float32([12]))
    wide = Gaussian(0, 1).pdf(12)
    assert g.pdf(x) == np.float32(wide)
    assert g.pdf(x).dtype == np.float32


def test_sample_shapes_and_reproducibility():
    g = Gaussian(np.zeros((4, 3)), np.eye(3))
    assert g.sample(np.random.default_rng(0)).shape == (4, 3)
    assert g.sample(np.random.default_rng(0), 5).shape == (5, 4, 3)
    assert g.sample(np.random.default_rng(0), (5, 2)).shape == (5, 2, 4, 3)
    assert g.sample(np.random.default_rng(0), 0).shape == (0, 4, 3)
    a, b = (g.sample(np.random.default_rng(7), 5) for _ in range(2))
    assert (a == b).all()


def test_sample_moments():
    mean = np.array([[1.0, -2.0], [0.0, 3.0]])
    cov = np.array([[[2, 0.6], [0.6, 0.5]], [[1, -0.9], [-0.9, 1]]])
    n = 200_000
    x = Gaussian(mean, cov).sample(np.random.default_rng(3), n)
    for i in range(2):
        # Six standard errors of each entry.
        variance = np.diag(cov[i])
        assert (abs(x[:, i].mean(0) - mean[i]) < 6 * np.sqrt(variance / n)).all()
        error = np.sqrt((np.outer(variance, variance) + cov[i] ** 2) / n)
        assert (abs(np.cov(x[:, i].T) - cov[i]) < 6 * error).all()


def test_sample_of_a_singular_gaussian_lies_on_its_support():
    x = Gaussian([1, 2, 3], np.outer([1, 2, -1], [1, 2, -1])).sample(np.random.default_rng(0), 100)
    steps = x - [1, 2, 3]
    np.testing.assert_allclose(steps, steps[:, :1] * [1, 2, -1], rtol=0, atol=1e-14)
    assert steps[:, 0].std() > 0.5


def test_affine_moments_and_broadcasting(rng):
    g = Gaussian(rng.standard_normal(3), random_cov(rng, 3))
    matrix, offset = rng.standard_normal((4, 1, 2, 3)), rng.standard_normal((5, 2))
    image = g.affine(matrix, offset)
    assert image.batch_shape == (4, 5)
    np.testing.assert_allclose(image.mean[1, 2], matrix[1, 0] @ g.mean + offset[2], rtol=1e-13)
    ref = matrix[1, 0] @ g.cov @ matrix[1, 0].T
    np.testing.assert_allclose(image.cov[1, 2], ref, rtol=1e-12)


def test_affine_image_in_a_larger_space_is_singular():
    image = Gaussian.standard(1).affine([[1], [2], [-1]], [0, 0, 0])
    assert image.entropy() == -np.inf
    assert kl_divergence(image, Gaussian([0, 0, 0], 4 * image.cov)) == kl_divergence(
        Gaussian(0, 1), Gaussian(0, 4)
    )


def test_affine_map_that_annihilates_the_support():
    # w·v is zero, but not every rounding of wᵀ(vvᵀ)w is: it may even be negative.
    v = np.array([0.1, 0.3, 0.7])
    image = Gaussian([0, 0, 0], np.outer(v, v)).affine([[0.3, -0.1, 0], [0, 0.7, -0.3]], [0, 0])
    assert (image.cov == 0).all()


def test_affine_in_one_dimension_takes_plain_numbers():
    assert Gaussian(1, 4).affine(3, -2) == Gaussian(1, 36)


# Marginal and conditional laws


@pytest.mark.parametrize("indices", [[0], [2, 0], [-1, 1, 0], np.array([3, 1], np.uint8), (1,), 3])
def test_marginal(rng, indices):
    g = Gaussian(rng.standard_normal((3, 4)), random_cov(rng, 4, (2, 3)))
    part = g.marginal(indices)
    kept = np.atleast_1d(indices).astype(int)
    assert part == Gaussian(g.mean[..., kept], g.cov[..., kept[:, None], kept])
    matrix = np.eye(4)[kept]
    np.testing.assert_allclose(part.entropy(), g.affine(matrix, 0 * kept).entropy(), rtol=1e-12)


def test_condition_agrees_with_the_precision_matrix(rng):
    for _ in range(30):
        d = int(rng.integers(2, 7))
        order = rng.permutation(d)
        given = order[: rng.integers(1, d)]
        others = np.setdiff1d(order, given)
        g = Gaussian(rng.standard_normal(d), random_cov(rng, d))
        values = rng.standard_normal(given.size)
        precision = np.linalg.inv(g.cov)
        cov = np.linalg.inv(precision[np.ix_(others, others)])
        shift = cov @ precision[np.ix_(others, given)] @ (values - g.mean[given])
        part = g.condition(given, values)
        np.testing.assert_allclose(part.cov, cov, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(part.mean, g.mean[others] - shift, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("condition", [1e4, 1e8, 1e12])
def test_condition_of_ill_conditioned_covariances_keeps_its_digits(rng, condition):
    # A difference of covariances would lose all but 1e-16 times the condition number.
    for _ in range(8):
        d, k = 5, int(rng.integers(1, 5))
        turn = random_orthogonal(rng, d)
        cov = symmetric(turn * np.geomspace(1, 1 / condition, d) @ turn.T)
        mean, values = rng.standard_normal(d), rng.standard_normal(k)
        a, b, c = (mp.matrix(cov[i, j].tolist()) for i, j in _blocks(k))
        slope = b * mp.inverse(a)
        step = mp.matrix(values.tolist()) - mp.matrix(mean[:k].tolist())
        exact_mean, exact_cov = mp.matrix(mean[k:].tolist()) + slope * step, c - slope * b.T
        part = Gaussian(mean, cov).condition(np.arange(k), values)
        for value, exact in ((part.mean, exact_mean), (part.cov, exact_cov)):
            error = max(abs(x) for x in mp.matrix(value.tolist()) - exact)
            assert error < 1e-16 * condition**0.5 * 100 * max(abs(x) for x in exact)


def _blocks(k):
    given, others = slice(None, k), slice(k, None)
    return (given, given), (others, given), (others, others)


def test_densities_multiply_along_a_chain(rng):
    g = Gaussian(rng.standard_normal((3, 4)), random_cov(rng, 4, (2, 1)))
    x = rng.standard_normal((5, 1, 1, 4))
    for given in ([0], [3, 1], [2, 0, 1]):
        others = [i for i in range(4) if i not in given]
        part = g.condition(given, x[..., given])
        assert part.batch_shape == (5, 2, 3)
        product = g.marginal(given).logpdf(x[..., given]) + part.logpdf(x[..., others])
        np.testing.assert_allclose(product, g.logpdf(x), rtol=1e-12)


def test_condition_on_many_values_is_a_batch(rng):
    g = Gaussian(rng.standard_normal(3), random_cov(rng, 3))
    values = rng.standard_normal((4, 2))
    part = g.condition([2, 0], values)
    for i in range(4):
        np.testing.assert_allclose(part.mean[i], g.condition([2, 0], values[i]).mean, rtol=1e-13)
    np.testing.assert_allclose(part.cov, [g.condition([0, -1], [0, 0]).cov] * 4, rtol=1e-13)
    assert g.condition(1, 0.5) == g.condition([1], [0.5])


def test_conditions_that_determine_the_rest():
    # y = 2x - z: given x, the law of (y, z) is a line; given x and z, a point.
    g = Gaussian.standard(2).affine([[0.7, 0.1], [1.1, -0.2], [0.3, 0.4]], [0, 0, 0])
    line = g.condition(0, 1)
    assert line.entropy() == -np.inf
    assert (np.diag(line.cov) > 0.01).all()
    point = g.condition([0, 2], [0.7, 0.3])  # the first axis is 1, the second 0
    np.testing.assert_allclose(point.mean, [1.1], rtol=1e-14)
    assert (point.cov == 0).all()


def test_what_the_given_determine_has_no_variance_beside_what_they_leave(rng):
    # Coordinates 1 and 2 are functions of 0. Left as rounding error they would span a direction.
    for _ in range(50):
        factor = np.zeros((4, 2))
        factor[:, 0] = rng.standard_normal(4)
        factor[3, 1] = 1
        g = Gaussian(np.zeros(4), factor @ factor.T)
        part = g.condition(0, 0.3)
        assert (part.cov[:2] == 0).all()
        np.testing.assert_allclose(part.cov[2, 2], 1, rtol=1e-14)
        assert part.marginal(2).entropy() == pytest.approx(Gaussian(0, 1).entropy())


def test_condition_of_a_batch_with_a_singular_member(rng):
    cov = random_cov(rng, 3, (2,))
    cov[1] = np.diag([1, 4, 0])
    part = Gaussian(np.zeros(3), cov).condition(0, 1)
    assert part.entropy()[1] == -np.inf
    ref = Gaussian(np.zeros(3), cov[0]).condition(0, 1)
    np.testing.assert_allclose(part.cov[0], ref.cov, rtol=1e-14)
    assert part.entropy()[0] == pytest.approx(ref.entropy())
    assert part[1] == Gaussian([0, 0], np.diag([4, 0]))


# Members of a batch


KEYS = [
    1,
    -1,
    np.int8(1),
    slice(1, None),
    slice(None, None, -1),
    None,
    ...,
    (),
    (..., 1),
    (1, 2),
    (None, 1, ..., slice(0, 2)),
    (slice(None), 2),
    [1, 0, 1],
    (slice(None), [2, 0]),
    ([[1], [0]], [2, 0]),
    np.array([True, False]),
    (slice(None), np.array([True, False, True])),
    np.array([[True, False, True], [False, True, True]]),
    ([0, 1], ..., None, [2, 1]),
    True,
    slice(0, 0),
    [],
]


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_members_are_chosen_as_from_an_array(rng, key):
    mean = rng.standard_normal((2, 3, 2))
    cov = random_cov(rng, 2, (2, 3))
    cov[1, 2] = [[1, 1], [1, 1]]
    g = Gaussian(mean, cov)
    number = np.arange(6).reshape(2, 3)[key]
    chosen = g[key]
    assert chosen.batch_shape == number.shape
    assert chosen == Gaussian(mean.reshape(6, 2)[number], cov.reshape(6, 2, 2)[number])
    np.testing.assert_array_equal(chosen.entropy(), g.entropy().reshape(6)[number])
    np.testing.assert_array_equal(w2_distance(chosen, chosen), 0 * number)
    with pytest.raises(ValueError, match="read-only"):
        chosen.cov[...] = 1
    assert copy.deepcopy(chosen) == chosen


@pytest.mark.parametrize("key", [(0, 0), (0, 0, 0), 3, (..., 0, 0), "0", 0.5, [True], (0, [0, 1])])
def test_an_index_never_reaches_into_mean_and_covariance(key):
    with pytest.raises(IndexError, match=r"batch shape \(3,\)"):
        Gaussian(np.zeros((3, 2)), np.eye(2))[key]


def test_iteration_and_length(rng):
    g = Gaussian(rng.standard_normal((4, 2)), random_cov(rng, 2, (4,)))
    assert len(g) == len(list(g)) == 4
    assert [member.entropy() for member in g] == g.entropy().tolist()
    assert all(member.batch_shape == () for member in g)
    assert len(g[:0]) == 0
    assert bool(g[:0])


def test_a_single_gaussian_has_no_members():
    g = Gaussian.standard(2)
    for key in (0, slice(1), [0]):
        with pytest.raises(TypeError, match="single Gaussian has no members"):
            g[key]
    with pytest.raises(TypeError, match="single Gaussian has no members"):
        list(g)
    with pytest.raises(TypeError, match="single Gaussian has no len"):
        len(g)
    assert bool(g)
    assert g[None].batch_shape == (1,)
    assert g[...] == g[()] == g


def test_types_of_results():
    single, double = (Gaussian(np.zeros(2, t), np.eye(2, dtype=t)) for t in (np.float32, float))
    mixed = Gaussian(np.zeros(2, np.float32), np.eye(2))
    assert (single.dtype, double.dtype, mixed.dtype) == (np.float32, np.float64, np.float64)
    assert single.logpdf(np.zeros(2, np.float32)).dtype == np.float32
    assert single.logpdf(np.zeros(2)).dtype == np.float64
    assert single.entropy().dtype == np.float32
    assert single.sample(np.random.default_rng(0), 3).dtype == np.float32
    assert single.mahalanobis(np.zeros(2, np.float32)).dtype == np.float32
    assert Gaussian.from_samples(np.eye(2, dtype=np.float32)).dtype == np.float32
    assert Gaussian.from_cholesky(single.mean, single.cov).dtype == np.float32
    assert Gaussian.from_cholesky(double.mean, single.cov).dtype == np.float64
    assert single.marginal(0).dtype == single[None].dtype == np.float32
    assert single.condition(0, np.float32(1)).dtype == np.float32
    assert single.condition(0, 1.0).dtype == np.float64
    assert single.affine(np.eye(2, dtype=np.float32), np.zeros(2, np.float32)).dtype == np.float32
    assert w2_distance(single, single).dtype == np.float32
    assert w2_distance(single, double).dtype == np.float64


def test_float32_is_computed_in_float64():
    means = np.array([[0, 0], [1e-4, 0]], np.float32)
    cov = np.array([[1, 0.3], [0.3, 1]], np.float32)
    p, q = (Gaussian(mean, cov) for mean in means)
    wide = [Gaussian(mean.astype(float), cov.astype(float)) for mean in means]
    assert kl_divergence(p, q) == np.float32(kl_divergence(*wide))
    assert isinstance(kl_divergence(p, q), np.float32)


# --- other ways to make one, and what it can be asked ------------------------------------


def test_from_diagonal(rng):
    variances = rng.uniform(0, 3, (4, 1, 3))
    g = Gaussian.from_diagonal(np.zeros((2, 3)), variances)
    assert g.batch_shape == (4, 2)
    assert (g.cov == np.broadcast_to(variances[..., None] * np.eye(3), (4, 2, 3, 3))).all()
    assert Gaussian.from_diagonal(1, 4) == Gaussian(1, 4)
    line = Gaussian.from_diagonal([0, 0], [1, 0])
    assert (line.is_singular, line.rank) == (True, 1)
    short = Gaussian.from_diagonal(np.zeros(2, "f4"), np.ones(2, "f4"))
    assert short.dtype == np.float32


def test_from_correlation(rng):
    g = Gaussian(rng.standard_normal(3), random_cov(rng, 3))
    again = Gaussian.from_correlation(g.mean, g.std, g.correlation)
    np.testing.assert_allclose(again.cov, g.cov, rtol=1e-15)
    assert (np.diag(g.correlation) == 1).all()
    # Half of the range of doubles between two deviations: the correlation is what it was.
    far = Gaussian.from_correlation([0, 0], [1e-75, 1e75], [[1, 0.5], [0.5, 1]])
    assert abs(far.correlation[0, 1] - 0.5) < 1e-15
    assert not far.is_singular
    assert Gaussian.from_correlation([0, 0], [1, 2], [[1, 1], [1, 1]]).rank == 1
    batch = Gaussian.from_correlation(np.zeros((4, 1, 2)), np.ones((5, 2)), np.eye(2))
    assert batch.batch_shape == (4, 5)


@pytest.mark.parametrize("d", [1, 2, 5])
def test_from_precision_is_the_inverse(rng, d):
    precision = random_cov(rng, d, (4,))
    g = Gaussian.from_precision(np.zeros(d), precision)
    np.testing.assert_allclose(g.cov, np.linalg.inv(precision), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(g.precision, precision, rtol=1e-13, atol=1e-14)
    direct = Gaussian(np.zeros(d), g.cov)
    x = rng.standard_normal(d)
    np.testing.assert_allclose(g.logpdf(x), direct.logpdf(x), rtol=1e-11)


def test_from_precision_keeps_what_an_inverse_would_lose():
    # Two ends of a chain: the condition of the covariance is 1e13, the precision is exact.
    p = Gaussian.from_precision([0, 0], np.array([[1, -1], [-1, 1 + 2.0**-42]]))
    q = Gaussian.from_precision([0, 0], np.array([[1, -1], [-1, 1 + 2.0**-41]]))
    # KL = ½ (tr Λq Σp - 2 - log det Λq/det Λp), and Λq = Λp + 2⁻⁴² e₂e₂ᵀ, (Σp)₂₂ = 2⁴².
    np.testing.assert_allclose(kl_divergence(p, q), (1 - np.log(2)) / 2, rtol=1e-14)
    np.testing.assert_allclose(p.std, [np.sqrt(1 + 2.0**42), 2.0**21], rtol=1e-14)


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_stack_is_that_of_numpy(rng, axis):
    ps = [
        Gaussian(rng.standard_normal((4, 1, 2)), random_cov(rng, 2)),
        Gaussian(rng.standard_normal((3, 2)), random_cov(rng, 2, (3,))),
        Gaussian([0, 0], [[1, 2], [2, 4]]),
    ]
    batch = Gaussian.stack(ps, axis)
    means = [np.broadcast_to(p.mean, (4, 3, 2)) for p in ps]
    assert batch.batch_shape == np.stack([m[..., 0] for m in means], axis).shape
    where = axis % 3
    for i, p in enumerate(ps):
        member = batch[(slice(None),) * where + (i,)]
        assert (member.mean == means[i]).all()
        assert (member.cov == np.broadcast_to(p.cov, (4, 3, 2, 2))).all()
        assert (member.rank == p.rank).all()
        assert (kl_divergence(member, p) == 0).all()
    assert Gaussian.stack(ps[:1])[0] == ps[0]


def test_a_stack_is_judged_by_the_shortest_numbers_in_it(rng):
    # Rounded to float32, a covariance of rank one has a second pivot of either sign.
    for _ in range(20):
        v = rng.standard_normal((2, 1))
        short = [Gaussian(np.zeros(2, "f4"), (s * v @ v.T).astype("f4")) for s in (1, 1.21)]
        batch = Gaussian.stack([Gaussian.standard(2), short[0]])
        res = kl_divergence(batch, short[1])[1]
        np.testing.assert_allclose(res, (1 / 1.21 - 1 + np.log(1.21)) / 2, rtol=1e-4)


def test_what_a_gaussian_can_be_asked(rng):
    cov = random_cov(rng, 3, (2,))
    g = Gaussian(np.zeros(3), [*cov, np.diag([4.0, 0, 0]), np.zeros((3, 3))])
    assert g.is_singular.tolist() == [False, False, True, True]
    assert g.rank.tolist() == [3, 3, 1, 0]
    assert (g.std**2 == np.square(np.sqrt(np.einsum("...ii->...i", g.cov)))).all()
    for singular in (g, g[2]):
        with pytest.raises(ValueError, match="a precision needs a regular covariance"):
            _ = singular.precision
        with pytest.raises(ValueError, match="a Cholesky factor needs a regular covariance"):
            _ = singular.cholesky
        with pytest.raises(ValueError, match="correlations need positive variances"):
            _ = singular.correlation
    regular = g[:2]
    assert (regular.rank == 3).all()
    assert not regular.is_singular.any()
    np.testing.assert_allclose(regular.cholesky, np.linalg.cholesky(cov), rtol=1e-13)
    np.testing.assert_allclose(regular.precision @ cov, np.eye(3)[None].repeat(2, 0), atol=1e-13)
    for array in (regular.std, regular.correlation, regular.precision, regular.cholesky):
        assert not array.flags.writeable
    short = Gaussian(np.zeros(2, "f4"), np.eye(2, dtype="f4"))
    for array in (short.std, short.correlation, short.precision, short.cholesky):
        assert array.dtype == np.float32


def test_an_array_is_not_multiplied_with_a_gaussian():
    with pytest.raises(TypeError, match="unsupported operand"):
        np.ones(2) * Gaussian.standard(2)
    with pytest.raises(TypeError, match="does not support ufuncs"):
        np.add(Gaussian.standard(2), 1)


# --- factors that were given -------------------------------------------------------------


def thin_factors(rng, d, pivot):
    """Two Cholesky factors whose pivot k is as thin as `pivot`, far below rounding in LLᵀ."""
    k = rng.integers(1, d)
    factors = []
    for _ in range(2):
        factor = np.tril(rng.standard_normal((d, d)))
        np.fill_diagonal(factor, rng.uniform(0.5, 1.5, d))
        factor[k, k] *= pivot
        factors.append(factor)
    return factors


@pytest.mark.parametrize("pivot", [1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("d", [2, 4])
def test_a_given_factor_keeps_its_pivots(rng, d, pivot):
    for _ in range(5):
        lp, lq = thin_factors(rng, d, pivot)
        p, q = (Gaussian.from_cholesky(np.zeros(d), factor) for factor in (lp, lq))
        with mp.workdps(60):
            w = mp.inverse(mp.matrix(lq.tolist())) * mp.matrix(lp.tolist())
            square = sum(x**2 for x in w)
            logs = sum(mp.log(w[i, i]) for i in range(d))
            exact = (square - d - 2 * logs) / 2
        np.testing.assert_allclose(kl_divergence(p, q), float(exact), rtol=1e-13)
        assert (p.cholesky == lp).all()
        assert not p.is_singular
        for copied in (pickle.loads(pickle.dumps(p)), Gaussian.stack([p, q])[0]):
            assert kl_divergence(copied, q) == kl_divergence(p, q)


@pytest.mark.parametrize("d", [2, 3, 5])
def test_near_pairs_of_thin_given_factors(rng, d):
    for _ in range(5):
        lp = thin_factors(rng, d, 1e-9)[0]
        lq = lp * (1 + 1e-8 * np.tril(rng.uniform(-0.5, 0.5, (d, d))))
        p, q = (Gaussian.from_cholesky(np.zeros(d), factor) for factor in (lp, lq))
        with mp.workdps(80):
            roots = [mp.matrix(factor.tolist()) for factor in (lp, lq)]
            w = mp.inverse(roots[1]) * roots[0]
            logs = sum(mp.log(w[i, i]) for i in range(d))
            kl = (sum(x**2 for x in w) - d - 2 * logs) / 2
            w2 = exact_w2_of_roots(mp.zeros(d, 1), *roots)
        np.testing.assert_allclose(kl_divergence(p, q), float(kl), rtol=1e-12)
        np.testing.assert_allclose(w2_distance(p, q), float(w2), rtol=1e-12 if d == 2 else 1e-6)


def test_conditionals_of_a_given_factor_keep_its_pivots():
    p = Gaussian.from_cholesky([0, 0], [[1, 0], [1, 1e-9]])
    np.testing.assert_allclose(p.condition(0, 2).std, 1e-9, rtol=1e-14)
    np.testing.assert_allclose(p.condition(0, 2).mean, 2, rtol=1e-15)
    image = p.affine([[1, -1]], [0])  # the two coordinates are 1e-9 apart
    np.testing.assert_allclose(image.std, 1e-9, rtol=1e-14)
    swapped = p.marginal([1, 0])
    np.testing.assert_allclose(np.prod(np.diag(swapped.cholesky)), 1e-9, rtol=1e-14)


def test_zeros_on_the_diagonal_of_a_given_factor():
    factors = np.array([[[1, 0], [1, 1e-9]], [[1, 0], [1, 0]]])
    p = Gaussian.from_cholesky([0, 0], factors)
    assert p.rank.tolist() == [2, 1]
    q = Gaussian.from_cholesky([0, 0], factors * [[1, 1], [1, 2]])
    res = kl_divergence(p, q)
    np.testing.assert_allclose(res, [(1 / 4 - 1 + np.log(4)) / 2, 0], rtol=1e-14)


# --- precision, order and units ----------------------------------------------------------


def test_each_argument_is_judged_by_its_own_precision(rng):
    for _ in range(50):
        x = rng.standard_normal((50, 4))
        cov = np.cov(x, rowvar=False).astype(np.float32)
        cov[0, 1] *= np.float32(1 + 1e-4)
        g = Gaussian(x.mean(0), cov)
        assert g.dtype == np.float64
    with pytest.raises(ValueError, match="symmetric"):
        Gaussian(np.zeros(4), cov.astype(np.float64))


def test_a_large_variance_hides_no_asymmetry():
    with pytest.raises(ValueError, match=r"symmetric, got 0\.9 and -0\.9 at \(1, 2\)"):
        Gaussian(np.zeros(3), [[1e10, 0, 0], [0, 1, 0.9], [0, -0.9, 1]])
    with pytest.raises(ValueError, match="symmetric"):
        Gaussian([0, 0], [[1e10, 1e-3], [0, 0]])


def test_samples_in_float32_have_moments_in_float64(rng):
    # Rounded to float32 the covariance of so many dimensions would look singular.
    d = 200
    spread = 10.0 ** np.linspace(0, -3, d)
    x = (rng.standard_normal((3 * d, d)) * spread + 1).astype(np.float32)
    turn = random_orthogonal(rng, d).astype(np.float32)
    x = x @ turn
    short, wide = Gaussian.from_samples(x), Gaussian.from_samples(x.astype(np.float64))
    assert short.dtype == short.cov.dtype == np.float32
    q = Gaussian(wide.mean, 1.21 * wide.cov)
    np.testing.assert_allclose(kl_divergence(short, q), kl_divergence(wide, q), rtol=1e-14)
    assert short.rank == d


def kahan(n):
    """Kahan's matrix: its pivots fall slowly in this order and hide how near to singular it is."""
    s = 0.7
    c = np.sqrt(1 - s * s)
    upper = np.diag(s ** np.arange(n)) @ (np.eye(n) - c * np.triu(np.ones((n, n)), 1))
    return symmetric(upper.T @ upper)


def test_kahans_matrix_is_regular_in_every_order(rng):
    n = 20
    cov = kahan(n)
    with mp.workdps(40):
        inverse = mp.inverse(mp.matrix(cov.tolist()))
        least = min(1 / (inverse[i, i] * cov[i, i]) for i in range(n))
    assert 32 < least / np.finfo(float).eps < 160  # a bound of 8 d eps would call it singular
    values = []
    for order in (np.arange(n), np.arange(n)[::-1], *(rng.permutation(n) for _ in range(20))):
        g = Gaussian(np.zeros(n), cov[np.ix_(order, order)])
        assert not g.is_singular
        values.append(kl_divergence(g, Gaussian.standard(n)))
    np.testing.assert_allclose(values, values[0], rtol=1e-6)


def test_a_larger_one_is_singular_in_every_order(rng):
    # In the natural order its pivots, each the largest that is left, do not see it.
    n = 21
    for order in (np.arange(n), np.arange(n)[::-1], *(rng.permutation(n) for _ in range(20))):
        g = Gaussian(np.zeros(n), kahan(n)[np.ix_(order, order)])
        assert (g.is_singular, g.rank) == (True, n - 1)
        assert np.linalg.matrix_rank(g._root) == n - 1


def test_the_verdict_depends_neither_on_order_nor_on_units(rng):
    eps = np.finfo(float).eps
    seen = set()
    for _ in range(300):
        d = int(rng.integers(2, 9))
        factor = rng.standard_normal((d, d - 1))
        cov = factor @ factor.T + 10 ** rng.uniform(-0.5, 3) * eps * np.diag(
            np.square(factor).sum(1)
        )
        cov = symmetric(cov)
        units = 2.0 ** rng.integers(-40, 40, d)
        order = rng.permutation(d)
        other = (cov * units * units[:, None])[np.ix_(order, order)]
        # Within rounding of the bound a verdict may go either way.
        with mp.workdps(40):
            inverse = mp.inverse(mp.matrix(cov.tolist()))
            least = min(float(1 / (inverse[i, i] * cov[i, i])) for i in range(d))
        if 0 < least < 6 * d * eps or least > 10 * d * eps:
            verdicts = {bool(Gaussian(np.zeros(d), c).is_singular) for c in (cov, other)}
            assert len(verdicts) == 1
            seen |= verdicts
    assert seen == {True, False}


def test_sharp_pivots_of_a_large_covariance_when_they_are_asked_for(rng):
    # Samples 1.2 times the dimensions leave pivots that plain subtraction blurs.
    d = 260
    x = rng.standard_normal((int(1.2 * d), d)) @ np.diag(np.arange(1.0, d + 1) ** -1.5)
    cov = np.cov(x @ random_orthogonal(rng, d), rowvar=False)
    p, q = Gaussian(np.zeros(d), cov), Gaussian(np.zeros(d), 1.21 * cov)
    w2_distance(p, q)  # does without
    res = kl_divergence(p, q)
    np.testing.assert_allclose(res, d * (1 / 1.21 - 1 + np.log(1.21)) / 2, rtol=1e-10)
    root = p.cholesky
    head = np.round(root * 2.0**20) / 2.0**20  # products of heads are exact
    rest = head @ (root - head).T
    lost = (cov - head @ head.T) - (rest + rest.T) - (root - head) @ (root - head).T
    scale = np.sqrt(np.diag(cov))
    assert np.abs(lost / scale / scale[:, None]).max() < 6e-16  # of the plain factor 2e-15
    assert not p.is_singular
    assert Gaussian(np.zeros(d), np.eye(d)).entropy() == Gaussian.standard(d).entropy()


def test_float32_covariances_in_two_thousand_dimensions(rng):
    # A bound for pivots that grows with the dimension would call both singular, of two ranks.
    d, noise = 2048, 3e-3
    factor = rng.standard_normal((d, 50))
    cov = (factor @ factor.T / 50 + noise**2 * np.eye(d)).astype(np.float32)
    mean = np.zeros(d, np.float32)
    p, q = Gaussian(mean, cov), Gaussian(mean, np.float32(1.21) * cov)
    assert not p.is_singular
    res, ref = kl_divergence(p, q), d * (1 / 1.21 - 1 + np.log(1.21)) / 2
    np.testing.assert_allclose(res, ref, rtol=1e-2)
    assert res.dtype == np.float32


def test_short_numbers_in_doubt_keep_their_small_variances(rng):
    # By the bound for float32 most directions are empty; as they stand they are not, and between
    # near covariances what is left out would count for more than what is there.
    d = 200
    factor = rng.standard_normal((d, 50))
    cov = (factor @ factor.T / 50 + 7e-4**2 * np.eye(d)).astype(np.float32)
    other = np.float32(1.001) * cov
    mean = np.zeros(d, np.float32)
    p, q = Gaussian(mean, cov), Gaussian(mean, other)
    assert p.is_singular
    wide = [Gaussian(mean.astype(float), c.astype(float)) for c in (cov, other)]
    assert not wide[0].is_singular
    np.testing.assert_allclose(w2_distance(p, q), w2_distance(*wide), rtol=1e-5)
    np.testing.assert_allclose(kl_divergence(p, q), kl_divergence(*wide), rtol=1e-5)
