"""Fits of point sets: the best of all rotations, shifts and scales, of any size, anywhere."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm, orthogonal_procrustes
from scipy.optimize import minimize
from scipy.spatial import procrustes as scipy_procrustes
from scipy.spatial.transform import Rotation
from support.laws import laws, seeds

from gausslib import Alignment, align, kabsch, procrustes, random_orthogonal

# --- the matrix alone --------------------------------------------------------------------------


def misfit(x, y, q):
    return np.linalg.norm(x - y @ q, axis=(-2, -1))


@laws
@given(seeds, st.integers(1, 5), st.integers(1, 8))
def test_procrustes_is_the_best_orthogonal_matrix(seed, k, n):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, n, k))
    q = procrustes(x, y)
    assert np.linalg.norm(q.T @ q - np.eye(k)) <= 4e-15 * np.sqrt(k)
    nuclear = np.linalg.svd(y.T @ x, compute_uv=False).sum()
    assert misfit(x, y, q) ** 2 == pytest.approx((x**2).sum() + (y**2).sum() - 2 * nuclear, 1e-12)
    others = np.concatenate([random_orthogonal(k, rng, 20), expm(near_zero(rng, k)) @ q])
    assert misfit(x, y, q) <= misfit(x, y, others).min() + 1e-13
    if n >= k:  # the optimum is unique
        np.testing.assert_allclose(q, orthogonal_procrustes(y, x)[0], rtol=0, atol=1e-9)


@laws
@given(seeds, st.integers(1, 5), st.integers(1, 8))
def test_kabsch_is_the_best_rotation(seed, k, n):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, n, k))
    q = kabsch(x, y)
    assert np.linalg.norm(q.T @ q - np.eye(k)) <= 4e-15 * np.sqrt(k)
    assert np.linalg.det(q) == pytest.approx(1, rel=1e-14)
    others = random_orthogonal(k, rng, 20)
    others[..., 0] *= np.linalg.det(others)[:, None]
    others = np.concatenate([others, expm(near_zero(rng, k)) @ q])
    assert misfit(x, y, q) <= misfit(x, y, others).min() + 1e-13
    # The price of keeping to rotations.
    smallest = np.linalg.svd(y.T @ x, compute_uv=False)[-1]
    price = 4 * smallest * (np.linalg.det(procrustes(x, y)) < 0)
    assert misfit(x, y, q) ** 2 == pytest.approx(misfit(x, y, procrustes(x, y)) ** 2 + price, 1e-11)


def near_zero(rng, k):
    """Small antisymmetric matrices, whose exponentials are rotations near the identity."""
    g = 1e-2 * rng.standard_normal((20, k, k))
    return g - g.swapaxes(-2, -1)


def test_kabsch_is_the_rotation_of_scipy():
    rng = np.random.default_rng(0)
    for x, y in rng.standard_normal((20, 2, 5, 3)):
        ref = Rotation.align_vectors(x, y)[0].as_matrix().T
        np.testing.assert_allclose(kabsch(x, y), ref, rtol=0, atol=1e-12)


@pytest.mark.parametrize("fit", [procrustes, kabsch])
def test_a_fit_finds_the_matrix_back(fit):
    rng = np.random.default_rng(0)
    turn = random_orthogonal(4, rng, 50)
    if fit is kabsch:
        turn[..., 0] *= np.linalg.det(turn)[:, None]
    y = rng.standard_normal((50, 10, 4))
    np.testing.assert_allclose(fit(y @ turn, y), turn, rtol=0, atol=1e-13)
    np.testing.assert_allclose(fit(y[0] @ turn, y[0]), turn, rtol=0, atol=1e-13)
    # Any units: what counts is the shape of the two clouds.
    res = fit(1e-200 * y @ turn, 1e200 * y)
    np.testing.assert_allclose(res, turn, rtol=0, atol=1e-13)
    # Neither centred...
    assert misfit(y[0] + 1, y[0], fit(y[0] + 1, y[0])) > 1


@pytest.mark.parametrize("fit", [procrustes, kabsch])
def test_batches_of_fits(fit):
    x, y = np.random.default_rng(0).standard_normal((2, 8, 3, 3))
    grid = fit(x[:, None], y)
    for i in range(8):
        for j in range(8):
            np.testing.assert_allclose(grid[i, j], fit(x[i], y[j]), rtol=0, atol=1e-13)
    assert fit(np.zeros((0, 3, 2)), np.zeros((3, 2))).shape == (0, 2, 2)


@pytest.mark.parametrize("fit", [procrustes, kabsch])
def test_types_of_fits(fit):
    x = np.float32([[1, 2], [3, 5]])
    res = fit(x, x)
    assert res.dtype == np.float32
    np.testing.assert_allclose(res, np.eye(2), rtol=0, atol=1e-6)
    assert fit(x, x.astype(int)).dtype == np.float64
    assert fit([[1, 2], [3, 5]], x).dtype == np.float64


@pytest.mark.parametrize(("fit", "k"), [(procrustes, 3), (kabsch, 3), (kabsch, 2)])
def test_a_fit_that_is_not_unique_is_orthogonal_all_the_same(fit, k):
    for x, y in [
        (np.zeros((4, k)), np.ones((4, k))),
        (np.ones((1, k)), np.eye(k)[:1]),
        (np.eye(k), np.diag([*[1] * (k - 1), -1])),
    ]:
        q = fit(x, y)
        assert np.linalg.norm(q.T @ q - np.eye(k)) <= 1e-14
        if fit is kabsch:
            assert np.linalg.det(q) == pytest.approx(1, rel=1e-14)


# --- with a shift, and a scale ------------------------------------------------------------------

WAYS = [(scale, reflection) for scale in (False, True) for reflection in (False, True)]


def clouds(rng, n, k, noise=1.0):
    """Points x, their images under a similarity that is not near the identity, and weights."""
    x = rng.standard_normal((n, k))
    turn = random_orthogonal(k, rng)
    y = 1.7 * x @ turn.T + rng.standard_normal(k) + noise * rng.standard_normal((n, k))
    return x, y, rng.uniform(0.1, 2, n)


def cost(x, y, weights, rotation, shift, scale):
    """What `align` minimises."""
    return weights @ np.sum((scale * x @ rotation.T + shift - y) ** 2, axis=-1)


@laws
@given(seeds, st.integers(1, 5), st.integers(1, 9), st.sampled_from(WAYS))
def test_no_fit_nearby_or_elsewhere_is_better(seed, k, n, way):
    scale, reflection = way
    rng = np.random.default_rng(seed)
    x, y, weights = clouds(rng, n, k)
    scale &= n > 1
    fit = align(x, y, scale, reflection, weights)
    best = cost(x, y, weights, *fit[:3])
    assert np.linalg.norm(fit.rotation.T @ fit.rotation - np.eye(k)) <= 4e-15 * np.sqrt(k)
    assert fit.rmsd == pytest.approx(np.sqrt(best / weights.sum()), rel=1e-12, abs=1e-14)
    assert scale or fit.scale == 1
    assert reflection or np.linalg.det(fit.rotation) == pytest.approx(1, rel=1e-14)
    elsewhere = random_orthogonal(k, rng, 20)
    if not reflection:
        elsewhere[..., 0] *= np.linalg.det(elsewhere)[:, None]
    for rotation in [*(expm(near_zero(rng, k)) @ fit.rotation), *elsewhere]:
        # With the best shift, and scale, of this rotation: a linear least-squares problem.
        columns = np.tile(np.eye(k), (n, 1))
        target, turned = y.ravel(), (x @ rotation.T).ravel()
        root = np.sqrt(np.repeat(weights, k))
        if scale:
            columns = np.column_stack([columns, turned])
        else:
            target = target - turned
        found = np.linalg.lstsq(root[:, None] * columns, root * target)[0]
        factor = found[-1] if scale else 1.0
        other = cost(x, y, weights, rotation, found[:k], factor)
        assert best <= other + 1e-12 * (1 + other) or factor < 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("k", [2, 3])
def test_against_a_numerical_minimum(way, k):
    scale, reflection = way
    rng = np.random.default_rng(k)
    x, y, weights = clouds(rng, 6, k)
    lower = np.tril_indices(k, -1)

    def value(parameters, mirror):
        skew = np.zeros((k, k))
        skew[lower] = parameters[k + 1 :]
        factor = np.exp(parameters[k]) if scale else 1
        rotation = expm(skew - skew.T) @ np.diag([*[1] * (k - 1), mirror])
        return cost(x, y, weights, rotation, parameters[:k], factor)

    starts = rng.uniform(-2, 2, (8, k + 1 + len(lower[0])))
    mirrors = (1, -1) if reflection else (1,)
    found = min(minimize(value, start, args=(m,)).fun for start in starts for m in mirrors)
    assert cost(x, y, weights, *align(x, y, scale, reflection, weights)[:3]) == pytest.approx(
        found, rel=1e-9
    )


@pytest.mark.parametrize("fit", [procrustes, kabsch])
def test_the_rotation_is_that_of_the_matrix_alone(fit):
    x, y, weights = clouds(np.random.default_rng(0), 9, 4)
    root = np.sqrt(weights)[:, None]
    first, second = (root * (z - np.average(z, axis=0, weights=weights)) for z in (x, y))
    rotation = align(x, y, reflection=fit is procrustes, weights=weights).rotation
    np.testing.assert_allclose(rotation, fit(second, first).T, rtol=0, atol=1e-13)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_rotation_of_scipy_in_space(weighted):
    rng = np.random.default_rng(0)
    for _ in range(20):
        x, y, weights = clouds(rng, 7, 3)
        weights = weights if weighted else np.ones(7)
        means = [np.average(z, axis=0, weights=weights) for z in (x, y)]
        ref, distance = Rotation.align_vectors(y - means[1], x - means[0], weights)
        fit = align(x, y, weights=weights if weighted else None)
        np.testing.assert_allclose(fit.rotation, ref.as_matrix(), rtol=0, atol=1e-12)
        np.testing.assert_allclose(fit.shift, means[1] - ref.apply(means[0]), rtol=0, atol=1e-12)
        assert fit.rmsd * np.sqrt(weights.sum()) == pytest.approx(distance, rel=1e-12)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_fit_of_scipys_procrustes(k):
    # It brings both clouds to size one, so that its disparity is relative to that of y.
    rng = np.random.default_rng(k)
    x, y, _ = clouds(rng, 9, k)
    first, second, disparity = scipy_procrustes(y, x)
    fit = align(x, y, scale=True, reflection=True)
    size = np.linalg.norm(y - y.mean(axis=0))
    assert fit.rmsd == pytest.approx(size * np.sqrt(disparity / 9), rel=1e-12)
    moved = (fit.apply(x) - y.mean(axis=0)) / size
    np.testing.assert_allclose(moved, second, rtol=0, atol=1e-13)
    np.testing.assert_allclose((y - y.mean(axis=0)) / size, first, rtol=0, atol=1e-13)


@pytest.mark.parametrize("k", [1, 2, 3, 6])
@pytest.mark.parametrize("way", WAYS)
def test_a_similarity_is_found_back(k, way):
    scale, reflection = way
    rng = np.random.default_rng(k)
    turn = random_orthogonal(k, rng, 20)
    if not reflection:
        turn[..., 0] *= np.linalg.det(turn)[:, None]
    x, shift = rng.standard_normal((20, 8, k)), 10 * rng.standard_normal((20, k))
    factor = rng.uniform(0.1, 9, 20) if scale else np.ones(20)
    y = factor[:, None, None] * x @ turn.swapaxes(-2, -1) + shift[:, None]
    fit = align(x, y, scale, reflection)
    np.testing.assert_allclose(fit.rotation, turn, rtol=0, atol=1e-13)
    np.testing.assert_allclose(fit.shift, shift, rtol=0, atol=1e-13)
    np.testing.assert_allclose(fit.scale, factor, rtol=1e-13)
    assert fit.rmsd.max() <= 1e-13
    np.testing.assert_allclose(fit.apply(x), y, rtol=0, atol=1e-13)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("unit_x", [1e-200, 1, 1e200])
@pytest.mark.parametrize("unit_y", [1e-200, 1e200])
def test_any_unit_of_length(way, unit_x, unit_y):
    scale, reflection = way
    x, y, weights = clouds(np.random.default_rng(0), 7, 3)
    ref = align(x, y, scale, reflection, weights)
    if scale and unit_x != unit_y and unit_x != 1:
        with pytest.raises(ValueError, match="the scale"):
            align(unit_x * x, unit_y * y, scale, reflection, weights)
        return
    fit = align(unit_x * x, unit_y * y, scale, reflection, weights)
    np.testing.assert_allclose(fit.rotation, ref.rotation, rtol=0, atol=1e-13)
    if scale:
        assert fit.scale == pytest.approx(ref.scale * (unit_y / unit_x), rel=1e-13)
        assert fit.rmsd == pytest.approx(ref.rmsd * unit_y, rel=1e-13)
        np.testing.assert_allclose(fit.shift / unit_y, ref.shift, rtol=1e-12)
    elif unit_x != unit_y:  # the larger cloud is all there is
        larger, size = max(((x, unit_x), (y, unit_y)), key=lambda cloud: cloud[1])
        spread = np.sqrt(np.trace(np.cov(larger.T, bias=True, aweights=weights)))
        assert fit.rmsd == pytest.approx(size * spread, rel=1e-13)


@pytest.mark.parametrize("way", WAYS)
def test_the_same_clouds_far_from_the_origin(way):
    # Multiples of 2⁻²⁰ stay exact when 1e8 is added, so that the fit is the same, to rounding.
    rng = np.random.default_rng(0)
    x, y, weights = (np.round(z * 2.0**20) / 2.0**20 for z in clouds(rng, 9, 3, noise=1e-3))
    near = align(x, y, *way, weights)
    far = align(x + 1e8, y - 3e8, *way, weights)
    np.testing.assert_allclose(far.rotation, near.rotation, rtol=0, atol=1e-14)
    assert far.rmsd == pytest.approx(near.rmsd, rel=1e-12)
    assert far.scale == pytest.approx(near.scale, rel=1e-14)
    ref = near.shift - 3e8 - near.scale * near.rotation @ np.full(3, 1e8)
    np.testing.assert_allclose(far.shift, ref, rtol=1e-14)


def test_the_distance_left_is_that_of_exact_arithmetic():
    # A small noise on clouds far away: the plain formula of the variances would have no digit left.
    rng = np.random.default_rng(0)
    x = 1e8 + rng.standard_normal((12, 3))
    noise = 1e-6 * rng.standard_normal((12, 3))
    y = x[:, [1, 2, 0]] + noise
    fit = align(x, y)
    with mp.workdps(50):
        a, b = (mp.matrix(z.tolist()) for z in (x, y))
        for points in (a, b):
            for j in range(3):
                mean = mp.fsum(points[:, j]) / 12
                for i in range(12):
                    points[i, j] -= mean
        values = mp.svd_r(b.T * a, compute_uv=False)
        rest = sum(e**2 for e in a) + sum(e**2 for e in b) - 2 * mp.fsum(values)
        ref = float(mp.sqrt(rest / 12))
    assert 1e-7 < ref < 1e-5
    assert fit.rmsd == pytest.approx(ref, rel=1e-9)  # the noise has that many digits at 1e8


@pytest.mark.parametrize("way", WAYS)
def test_a_cloud_of_a_million_fits_itself(way):
    x = 1e3 + np.random.default_rng(0).standard_normal((10**6, 3))
    fit = align(x, x[:, [1, 2, 0]], *way)
    np.testing.assert_allclose(fit.rotation, np.roll(np.eye(3), 1, axis=1), rtol=0, atol=1e-14)
    assert fit.scale == pytest.approx(1, rel=1e-14)
    assert fit.rmsd <= 1e-14


@laws
@given(seeds, st.integers(1, 4), st.sampled_from(WAYS))
def test_weights_count_points(seed, k, way):
    rng = np.random.default_rng(seed)
    x, y, _ = clouds(rng, 6, k)
    counts = rng.integers(0, 4, 6)
    counts[:2] += 1
    repeated = align(np.repeat(x, counts, 0), np.repeat(y, counts, 0), *way)
    # Their unit is of no account, even that of the smallest doubles.
    for unit in (1, 1e-300, 1e307):
        fit = align(x, y, *way, unit * counts)
        assert fit.rmsd == pytest.approx(repeated.rmsd, rel=1e-11, abs=1e-14)
        if counts.all():  # otherwise there may be several fits
            np.testing.assert_allclose(fit.apply(x), repeated.apply(x), rtol=0, atol=1e-8)


def test_a_point_without_weight_is_not_there():
    rng = np.random.default_rng(0)
    x, y, _ = clouds(rng, 6, 3)
    ref = align(x, y, scale=True)
    weights = [1] * 6 + [0]
    for stray in (5, 1e290):
        far = np.full((1, 3), stray)
        fit = align(np.vstack([x, far]), np.vstack([y, -far]), scale=True, weights=weights)
        for res, expected in zip(fit, ref, strict=True):
            np.testing.assert_allclose(res, expected, rtol=0, atol=1e-13)


def test_the_price_of_keeping_to_rotations_is_paid_by_the_scale():
    x = np.array([[1, 0], [-1, 0], [0, 2], [0, -2]])
    y = x * [1, -1]
    free, kept = (align(x, y, scale=True, reflection=way) for way in (True, False))
    assert free.scale == pytest.approx(1, rel=1e-15)
    assert free.rmsd <= 1e-15
    assert kept.scale == pytest.approx((8 - 2) / (8 + 2), rel=1e-15)
    assert kept.rmsd == pytest.approx(np.sqrt((10 - 6**2 / 10) / 4), rel=1e-15)


def test_the_fit_of_less_than_a_cloud():
    # One point, points on a line, no extent at all: one of the best fits, of those that are asked.
    for k in (1, 2, 3):
        one = align(np.ones((1, k)), np.full((1, k), 3))
        np.testing.assert_allclose(one.apply(np.ones((1, k))), np.full((1, k), 3), rtol=1e-15)
        assert one.rmsd == 0
        line = np.outer(np.arange(4), np.ones(k))
        for x, y, left in [
            (np.zeros((4, k)), line, np.sqrt(k * 5 / 4)),
            (line, np.zeros((4, k)), np.sqrt(k * 5 / 4)),
            (line, line[:, ::-1] + 2, 0),
            (1e-200 * line, 1e-200 * line, 0),
            (0 * line + 0.1, 1e-200 * line, 1e-200 * np.sqrt(k * 5 / 4)),
        ]:
            fit = align(x, y)
            assert np.linalg.norm(fit.rotation.T @ fit.rotation - np.eye(k)) <= 1e-14
            assert np.linalg.det(fit.rotation) == pytest.approx(1, rel=1e-14)
            assert fit.rmsd == pytest.approx(left, rel=1e-14, abs=1e-15)
    shrunk = align(line, np.ones((4, 3)), scale=True)
    assert shrunk.scale == 0
    assert shrunk.shift.tolist() == [1, 1, 1]
    assert shrunk.rmsd == 0
    # On a line without reflections nothing is better than to shrink.
    backwards = align([[0], [1], [2]], [[5], [4], [3]], scale=True)
    assert backwards[:3] == (1, 4, 0)
    assert backwards.rmsd == pytest.approx(np.sqrt(2 / 3), rel=1e-15)


def test_scale_of_a_single_point_is_refused():
    rng = np.random.default_rng(0)
    y = rng.standard_normal((5, 3))
    for point in ([0, 0, 0], [0.1, 0.2, 0.3], [1e8 + 0.1, 1e-3, 7]):
        with pytest.raises(ValueError, match="scale=True needs points of x that differ"):
            align(np.tile(point, (5, 1)), y, scale=True)
    x = np.tile([0.1, 0.2, 0.3], (5, 1))
    x[4] += 1
    with pytest.raises(ValueError, match="points of x that differ"):
        align(x, y, scale=True, weights=[1, 2, 3, 4, 0])
    assert align(x, y, scale=True).scale > 0


def test_batches_of_alignments():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((3, 1, 6, 2)), rng.standard_normal((4, 6, 2))
    weights = rng.uniform(0.1, 1, (2, 1, 1, 6))
    for way in WAYS:
        grid = align(x, y, *way, weights)
        assert isinstance(grid, Alignment)
        shapes = [part.shape for part in grid]
        assert shapes == [(2, 3, 4, 2, 2), (2, 3, 4, 2), (2, 3, 4), (2, 3, 4)]
        moved = grid.apply(x)
        for h, i, j in np.ndindex(2, 3, 4):
            one = align(x[i, 0], y[j], *way, weights[h, 0, 0])
            np.testing.assert_allclose(moved[h, i, j], one.apply(x[i, 0]), rtol=0, atol=1e-13)
            assert grid.rmsd[h, i, j] == pytest.approx(one.rmsd, rel=1e-13)
    assert align(np.zeros((0, 6, 2)), y[0], scale=True).shift.shape == (0, 2)


def test_types_of_alignments():
    x = np.float32([[1, 2], [3, 5], [0, 1]])
    for scale in (False, True):
        fit = align(x, x + 1, scale=scale)
        assert {part.dtype for part in fit} == {np.dtype(np.float32)}
        np.testing.assert_allclose(fit.shift, [1, 1], rtol=1e-6)
        assert fit.apply(x).dtype == np.float32
        assert fit.apply([[1, 2]]).dtype == np.float64
        double = align(x.tolist(), x, scale=scale, weights=np.float32([1, 1, 2]))
        assert {part.dtype for part in double} == {np.dtype(np.float64)}
        assert isinstance(double.scale, np.float64)
    for unit, where in ((np.float32(1e-30), "too small"), (np.float32(1e30), "the scale must")):
        with pytest.raises(ValueError, match=where):
            align(x / unit, unit * x, scale=True)


def test_input_is_left_alone():
    x, y = np.eye(3), np.arange(9.0).reshape(3, 3)
    weights = np.array([1.0, 2, 3])
    align(x, y, True, True, weights).apply(x)
    assert np.array_equal(x, np.eye(3))
    assert y.ravel().tolist() == [*range(9)]
    assert weights.tolist() == [1, 2, 3]
