"""The orthogonal maps a -> b, at every separation of a and b."""

import numpy as np
import pytest

from gausslib import reflection, rotation

# b is near a or near -a by these angles, or a random vector.
ANGLES = [0, 1e-18, 1e-16, 1e-15, 1e-12, 1e-8, 1e-4, 0.1, 1, 1.5, np.pi / 2]


def unit(x):
    return x / np.linalg.norm(x)


def pairs(d):
    rng = np.random.default_rng(d)
    for sign in (1, -1):
        for angle in ANGLES:
            a = unit(rng.standard_normal(d))
            side = rng.standard_normal(d)
            side = unit(side - (side @ a) * a)
            yield a, unit(sign * (np.cos(angle) * a + np.sin(angle) * side))
        # Equal up to the rounding of their lengths, and along an axis.
        yield a, sign * a
        yield a, sign * a * (1 + 4e-16)
        axis = np.eye(d)[-1]
        yield axis, sign * axis


@pytest.mark.parametrize("d", [2, 3, 4, 10, 100, 1000])
@pytest.mark.parametrize(("make", "determinant"), [(reflection, -1), (rotation, 1)])
def test_takes_a_to_b_and_is_orthogonal(d, make, determinant):
    chosen = list(pairs(d))
    for a, b in chosen if d < 1000 else chosen[::4]:
        t = make(a, b)
        assert np.linalg.norm(t @ a - b) <= 4e-15
        assert np.linalg.norm(t.T @ t - np.eye(d)) <= 4e-15 * np.sqrt(d)
        assert np.sign(np.linalg.det(t)) == determinant


@pytest.mark.parametrize("d", [2, 3, 10])
@pytest.mark.parametrize("angle", [1e-15, 1e-14, 1e-13, 1e-12])
def test_lengths_a_little_off(d, angle):
    # a - b then points along a + b rather than across it. The direction must still be right.
    rng = np.random.default_rng(d)
    for _ in range(20):
        a, side = np.linalg.qr(rng.standard_normal((d, 2)))[0].T
        b = unit(a + angle * side)
        for t in (reflection(a, b * (1 + 8e-13)), -rotation(a, -b * (1 + 8e-13))):
            assert np.linalg.norm(t @ a - b) <= 4e-15


@pytest.mark.parametrize("d", [2, 3, 10])
def test_structure(d):
    for a, b in pairs(d):
        t = reflection(a, b)
        assert np.linalg.norm(t - t.T) <= 1e-15
        assert abs(np.trace(t) - (d - 2)) <= 1e-14
        assert np.linalg.norm(t @ b - a) <= 4e-15
        t = rotation(a, b)
        assert abs(np.trace(t) - (d - 2 + 2 * (a @ b))) <= 1e-14
        assert np.linalg.norm(t.T @ b - a) <= 4e-15


def test_rotation_moves_nothing_outside_the_plane():
    rng = np.random.default_rng(0)
    a, b = (unit(rng.standard_normal(6)) for _ in range(2))
    basis = np.linalg.qr(np.column_stack([a, b, rng.standard_normal((6, 4))]))[0][:, 2:]
    assert np.linalg.norm(rotation(a, b) @ basis - basis) <= 4e-15
    assert np.linalg.norm(reflection(a, b) @ basis - basis) <= 4e-15


def test_rotation_to_itself_is_the_identity():
    for a, _ in pairs(5):
        assert np.linalg.norm(rotation(a, a) - np.eye(5)) <= 4e-15


def test_example_of_the_plane():
    angle = 0.3
    ref = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    res = rotation([1, 0], [np.cos(angle), np.sin(angle)])
    np.testing.assert_allclose(res, ref, rtol=0, atol=1e-15)


def test_one_dimension():
    assert rotation([1], [1]).tolist() == [[1]]
    assert rotation([-1], [-1]).tolist() == [[1]]
    assert reflection([1], [-1]).tolist() == [[-1]]
    with pytest.raises(ValueError, match="no rotation takes a to b"):
        rotation([1], [-1])
    with pytest.raises(ValueError, match="no reflection takes a to b"):
        reflection([1], [1])


@pytest.mark.parametrize("make", [reflection, rotation])
def test_float32(make):
    a, b = np.array([0.6, 0.8], np.float32), np.array([1, 0], np.float32)
    t = make(a, b)
    assert t.dtype == np.float32
    assert np.linalg.norm(t @ a - b) < 1e-6
    assert make(a.astype(float) / np.linalg.norm(a.astype(float)), b).dtype == np.float64


@pytest.mark.parametrize("make", [reflection, rotation])
def test_input_is_left_alone(make):
    a, b = np.array([0.6, 0.8]), np.array([0.6, 0.8])
    make(a, b)
    assert a.tolist() == b.tolist() == [0.6, 0.8]
