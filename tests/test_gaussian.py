"""The Gaussian object: construction, immutability, density, sampling, affine maps."""

import copy
import pickle

import numpy as np
import pytest
from helpers import random_cov
from scipy.stats import multivariate_normal

from gausslib import Gaussian, kl_divergence, w2_distance


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


@pytest.mark.parametrize("d", [1, 2, 5])
def test_density_and_entropy_agree_with_scipy(rng, d):
    mean, cov = rng.standard_normal(d), random_cov(rng, d)
    g, peer = Gaussian(mean, cov), multivariate_normal(mean, cov)
    x = 2 * rng.standard_normal((4, 3, d))
    np.testing.assert_allclose(g.logpdf(x), peer.logpdf(x), rtol=1e-12)
    np.testing.assert_allclose(g.pdf(x), peer.pdf(x), rtol=1e-12)
    np.testing.assert_allclose(g.entropy(), peer.entropy(), rtol=1e-13)
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
    assert np.abs(image.cov).max() < 1e-30


def test_types_of_results():
    single, double = (Gaussian(np.zeros(2, t), np.eye(2, dtype=t)) for t in (np.float32, float))
    mixed = Gaussian(np.zeros(2, np.float32), np.eye(2))
    assert (single.dtype, double.dtype, mixed.dtype) == (np.float32, np.float64, np.float64)
    assert single.logpdf(np.zeros(2, np.float32)).dtype == np.float32
    assert single.logpdf(np.zeros(2)).dtype == np.float64
    assert single.entropy().dtype == np.float32
    assert single.sample(np.random.default_rng(0), 3).dtype == np.float32
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
