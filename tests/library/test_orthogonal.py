"""The orthogonal maps a -> b at every separation of a and b, angles, and random matrices."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.linalg import expm
from support.laws import laws, seeds

import gausslib
from gausslib import (
    apply_half_turn,
    apply_reflection,
    apply_rotation,
    apply_rotoreflection,
    half_turn,
    random_orthogonal,
    reflection,
    rotation,
    rotation_generator,
    rotoreflection,
)

# Each map with its determinant in d dimensions.
DETERMINANTS = {
    reflection: lambda d: -1,
    rotation: lambda d: 1,
    half_turn: lambda d: (-1) ** (d - 1),
    rotoreflection: lambda d: (-1) ** d,
}
MAPS = list(DETERMINANTS)
APPLIED = {
    reflection: apply_reflection,
    rotation: apply_rotation,
    half_turn: apply_half_turn,
    rotoreflection: apply_rotoreflection,
}
OF_A_PAIR = [*MAPS, rotation_generator]

# b is near a or near -a by these angles, or a random vector.
ANGLES = [0, 1e-18, 1e-16, 1e-15, 1e-12, 1e-8, 1e-4, 0.1, 1, 1.5, np.pi / 2]

FALSE_ALARM = 1e-6  # of one statistical test, if what it tests is right


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def pairs(d):
    """Rows a and rows b."""
    rng = np.random.default_rng(d)
    found = []
    for sign in (1, -1):
        for angle in ANGLES:
            a = unit(rng.standard_normal(d))
            side = rng.standard_normal(d)
            side = unit(side - (side @ a) * a)
            found.append((a, unit(sign * (np.cos(angle) * a + np.sin(angle) * side))))
        # Equal up to the rounding of their lengths, and along an axis.
        found += [(a, sign * a), (a, sign * a * (1 + 4e-16))]
        axis = np.eye(d)[-1]
        found.append((axis, sign * axis))
    return np.swapaxes(found, 0, 1)


def random_pair(seed, d):
    return unit(np.random.default_rng(seed).standard_normal((2, d)))


# --- the four maps -------------------------------------------------------------------------


@pytest.mark.parametrize("d", [2, 3, 4, 10, 100])
@pytest.mark.parametrize("make", MAPS)
def test_takes_a_to_b_and_is_orthogonal(d, make):
    a, b = pairs(d)
    batch = make(a, b)
    for t, x, y in zip(batch, a, b, strict=True):
        for matrix in (t, make(x, y)):
            assert np.linalg.norm(matrix @ x - y) <= 4e-15
            assert np.linalg.norm(matrix.T @ matrix - np.eye(d)) <= 4e-15 * np.sqrt(d)
            assert np.sign(np.linalg.det(matrix)) == DETERMINANTS[make](d)
    image = APPLIED[make](a, b, a)
    assert np.linalg.norm(image - b, axis=-1).max() <= 4e-15


@pytest.mark.parametrize("make", MAPS)
def test_a_thousand_dimensions(make):
    for a, b in np.swapaxes(pairs(1000), 0, 1)[::6]:
        t = make(a, b)
        assert np.linalg.norm(t @ a - b) <= 4e-15
        assert np.linalg.norm(t.T @ t - np.eye(1000)) <= 4e-15 * np.sqrt(1000)
        assert np.sign(np.linalg.det(t)) == DETERMINANTS[make](1000)


@pytest.mark.parametrize("d", [2, 3, 10])
@pytest.mark.parametrize("angle", [1e-15, 1e-14, 1e-13, 1e-12])
def test_lengths_a_little_off(d, angle):
    # a - b then points along a + b rather than across it. The direction must still be right.
    rng = np.random.default_rng(d)
    for _ in range(20):
        a, side = np.linalg.qr(rng.standard_normal((d, 2)))[0].T
        b = unit(a + angle * side)
        for make in MAPS:
            for sign in (1, -1):
                t = make(a, sign * b * (1 + 8e-13))
                direct = make in (reflection, rotoreflection)
                if (sign > 0) == direct:  # the normal is the small difference
                    assert np.linalg.norm(t @ a - sign * b) <= 4e-15
                assert np.linalg.norm(t.T @ t - np.eye(d)) <= 4e-15 * np.sqrt(d)


@pytest.mark.parametrize("stretch", [2.0**-41, 2.0**-45, 2.0**-50])
def test_exactly_parallel_vectors_of_two_lengths(stretch):
    # Projecting then leaves nothing but rounding error, which has no direction to be trusted.
    rng = np.random.default_rng(0)
    digits = rng.permuted(np.tile([2, 2, 2, 1, 1, 1, 1, 0], (200, 1)), axis=1)
    a = digits * rng.choice([-1, 1], digits.shape) / 4
    b = a * (1 + stretch)
    for make, sign in ((reflection, 1), (rotoreflection, 1), (rotation, -1), (half_turn, -1)):
        image = APPLIED[make](a, sign * b, a)
        np.testing.assert_allclose(image, sign * a, rtol=0, atol=4e-15)
    assert not rotation_generator(a, b).any()


@pytest.mark.parametrize("tiny", [1e-17, 1e-100, 1e-200, 5e-324])
def test_a_separation_far_below_rounding_still_has_its_direction(tiny):
    a, b = np.array([1, 0, 0]), np.array([1, 0, tiny])
    for res, ref in [
        (reflection(a, b), [1, 1, -1]),
        (half_turn(a, -b), [-1, -1, 1]),
        (rotation(a, -b), [-1, 1, -1]),
        (rotoreflection(a, b), [1, -1, 1]),
    ]:
        np.testing.assert_allclose(res, np.diag(ref), rtol=0, atol=1e-16)


@laws
@given(seeds, st.integers(2, 7))
def test_textbook_formulas(seed, d):
    a, b = random_pair(seed, d)
    c, eye = a @ b, np.eye(d)
    v, s = a - b, a + b
    formulas = {
        reflection: eye - 2 * np.outer(v, v) / (v @ v),
        rotation: eye + 2 * np.outer(b, a) - np.outer(s, s) / (1 + c),
        half_turn: np.outer(s, s) / (1 + c) - eye,
        rotoreflection: 2 * np.outer(b, a) + np.outer(v, v) / (1 - c) - eye,
    }
    loss = 1 / (1 - c**2)  # the formulas themselves cancel
    for make, ref in formulas.items():
        assert np.linalg.norm(make(a, b) - ref) <= 1e-14 * loss


@pytest.mark.parametrize("d", [2, 3, 10])
def test_structure(d):
    a, b = pairs(d)
    c = np.vecdot(a, b)
    traces = {reflection: d - 2, rotation: d - 2 + 2 * c, half_turn: 2 - d}
    traces[rotoreflection] = 2 - d + 2 * c
    for make, trace in traces.items():
        res = np.trace(make(a, b), axis1=-2, axis2=-1)
        np.testing.assert_allclose(res, np.broadcast_to(trace, c.shape), rtol=0, atol=1e-14)
    for make in (reflection, half_turn):
        t = make(a, b)
        assert np.array_equal(t, t.swapaxes(-2, -1))
        assert np.linalg.norm((t @ b[..., None])[..., 0] - a, axis=-1).max() <= 4e-15
    for make in (rotation, rotoreflection):
        inverse = make(a, b).swapaxes(-2, -1)
        assert np.linalg.norm((inverse @ b[..., None])[..., 0] - a, axis=-1).max() <= 4e-15
    assert np.array_equal(half_turn(a, b), -reflection(a, -b))
    assert np.array_equal(rotoreflection(a, b), -rotation(a, -b))


@pytest.mark.parametrize("make", MAPS)
def test_what_happens_across_the_plane_of_a_and_b(make):
    a, b = random_pair(0, 6)
    rng = np.random.default_rng(1)
    basis = np.linalg.qr(np.column_stack([a, b, rng.standard_normal((6, 4))]))[0][:, 2:]
    sign = 1 if make in (reflection, rotation) else -1
    assert np.linalg.norm(make(a, b) @ basis - sign * basis) <= 4e-15


def test_in_the_plane_the_four_maps_are_two():
    a, b = pairs(2)
    np.testing.assert_allclose(reflection(a, b), half_turn(a, b), rtol=0, atol=2e-15)
    np.testing.assert_allclose(rotation(a, b), rotoreflection(a, b), rtol=0, atol=2e-15)


def test_rotation_to_itself_is_the_identity():
    a, _ = pairs(5)
    assert np.abs(rotation(a, a) - np.eye(5)).max() <= 2e-15


@laws
@given(seeds, st.integers(2, 6))
def test_no_rotation_that_takes_a_to_b_is_nearer_to_the_identity(seed, d):
    rng = np.random.default_rng(seed)
    a, b = random_pair(seed, d)
    t = rotation(a, b)
    # Whatever keeps a may come first.
    axes = np.linalg.qr(np.column_stack([a, rng.standard_normal((d, d - 1))]))[0]
    inner = random_orthogonal(d - 1, rng, 20)
    inner[..., 0] *= np.linalg.det(inner)[:, None]
    keeping = np.broadcast_to(np.eye(d), (20, d, d)).copy()
    keeping[:, 1:, 1:] = inner
    others = t @ axes @ keeping @ axes.T
    assert np.abs(others @ a - b).max() <= 1e-14
    distances = np.linalg.norm(others - np.eye(d), axis=(-2, -1))
    assert np.linalg.norm(t - np.eye(d)) <= distances.min() + 1e-14


def test_example_of_the_plane():
    angle = 0.3
    ref = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    res = rotation([1, 0], [np.cos(angle), np.sin(angle)])
    np.testing.assert_allclose(res, ref, rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("make", "sign"), [(reflection, -1), (rotation, 1), (half_turn, 1), (rotoreflection, -1)]
)
def test_one_dimension(make, sign):
    for a in (1, -1):
        assert make([a], [sign * a]).tolist() == [[sign]]
        assert APPLIED[make]([a], [sign * a], [5]).tolist() == [5 * sign]
    refused = f"no {make.__name__} takes a to b: in one dimension it is {sign}, .* got b = "
    with pytest.raises(ValueError, match=refused):
        make([1], [-sign])
    with pytest.raises(ValueError, match=refused):
        make([[1], [1]], [[sign], [-sign]])
    with pytest.raises(ValueError, match=refused):
        APPLIED[make]([1], [-sign], [5])


@pytest.mark.parametrize("make", OF_A_PAIR)
def test_batches(make):
    a, b = pairs(3)
    grid = make(a[:, None], b[:4])
    assert grid.shape == (len(a), 4, 3, 3)
    assert grid.flags.c_contiguous
    for i in range(len(a)):
        for j in range(4):
            np.testing.assert_allclose(grid[i, j], make(a[i], b[j]), rtol=0, atol=2e-15)
    assert make(np.zeros((0, 3)), [1, 0, 0]).shape == (0, 3, 3)


@pytest.mark.parametrize("make", OF_A_PAIR)
def test_float32(make):
    a, b = np.array([0.6, 0.8], np.float32), np.array([1, 0], np.float32)
    t = make(a, b)
    assert t.dtype == np.float32
    assert make(unit(a.astype(float)), b).dtype == np.float64
    if make is not rotation_generator:
        assert np.linalg.norm(t @ a - b) < 1e-6
        assert APPLIED[make](a, b, a).dtype == np.float32
        assert APPLIED[make](a, b, [1, 2]).dtype == np.float64


@pytest.mark.parametrize("make", OF_A_PAIR)
def test_input_is_left_alone(make):
    a, b, x = np.array([0.6, 0.8]), np.array([0.6, 0.8]), np.array([1.0, 2.0])
    make(a, b)
    if make is not rotation_generator:
        APPLIED[make](a, b, x)
    assert a.tolist() == b.tolist() == [0.6, 0.8]
    assert x.tolist() == [1, 2]


# --- vectors without matrices --------------------------------------------------------------


@laws
@given(seeds, st.integers(2, 6), st.sampled_from(MAPS))
def test_an_image_is_the_matrix_times_the_vector(seed, d, make):
    rng = np.random.default_rng(seed)
    a, b = unit(rng.standard_normal((2, 3, 1, d)))
    x = rng.standard_normal((4, d))
    ref = (make(a, b) @ x[..., None])[..., 0]
    np.testing.assert_allclose(APPLIED[make](a, b, x), ref, rtol=0, atol=2e-14)


@pytest.mark.parametrize("make", MAPS)
@pytest.mark.parametrize("angle", [1e-12, 1.0, np.pi])
def test_a_million_dimensions(make, angle):
    rng = np.random.default_rng(0)
    a, side, x = unit(rng.standard_normal((3, 10**6)))
    b = unit(np.cos(angle) * a + np.sin(angle) * unit(side - (side @ a) * a))
    image = APPLIED[make](a, b, np.stack([a, x]))
    assert np.linalg.norm(image[0] - b) <= 4e-15
    assert abs(np.linalg.norm(image[1]) - 1) <= 4e-15
    assert abs(image[1] @ b - x @ a) <= 4e-15


def test_images_of_vectors_of_any_size():
    big, small = 1.7e308, 5e-324
    res = apply_reflection([1, 0], [0, 1], [big, 0])
    np.testing.assert_allclose(res, [0, big], rtol=1e-15, atol=1e-15 * big)
    assert apply_reflection([1, 0], [1, 0], [0, small]).tolist() == [0, -small]
    with pytest.raises(ValueError, match="the image of x must be finite, got inf"):
        apply_reflection([1, 0], np.sqrt([0.5, 0.5]), [big, big])
    with pytest.raises(ValueError, match="the image of x must be finite, got inf"):
        apply_rotation(*np.float32([[0, 1], [0.6, 0.8]]), np.float32([3e38, 3e38]))


# --- the generator -------------------------------------------------------------------------


@pytest.mark.parametrize("d", [2, 3, 10])
def test_the_exponential_of_the_generator_is_the_rotation(d):
    for a, b in np.swapaxes(pairs(d), 0, 1):
        k = rotation_generator(a, b)
        assert np.array_equal(k, -k.T)
        assert np.linalg.norm(expm(k) - rotation(a, b)) <= 2e-14
        half, third = expm(k / 2), expm(k / 3)
        assert np.linalg.norm(half @ half @ a - b) <= 1e-14
        assert np.linalg.norm(third @ third @ third @ a - b) <= 1e-14


def test_a_part_of_the_generator_turns_by_that_part_of_the_angle():
    a, b = np.array([1, 0, 0]), unit(np.array([-1, 2, 2]))
    angle = np.arccos(a @ b)
    for t in (-0.5, 0.25, 1, 1.5):
        turned = expm(t * rotation_generator(a, b)) @ a
        ref = np.cos(t * angle) * a + np.sin(t * angle) * unit(np.array([0, 1, 1]))
        np.testing.assert_allclose(turned, ref, rtol=0, atol=1e-14)


def exact_generator(a, b):
    """θ/sin θ (baᵀ - abᵀ) of the directions of `a` and `b`, with 60 digits more than needed."""
    with mp.workdps(500):
        a, b = (mp.matrix(x.tolist()) for x in (a, b))
        a, b = a / mp.norm(a), b / mp.norm(b)
        cosine = (a.T * b)[0]
        sine = mp.norm(b - cosine * a)
        k = mp.atan2(sine, cosine) / sine * (b * a.T - a * b.T)
        return np.array(k.tolist(), dtype=float)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("angle", [1e-200, 1e-100, 1e-18, 1e-16, 1e-15, 1e-12, 1e-8, 1e-4, 0.1, 1])
def test_the_generator_has_full_relative_accuracy(sign, angle):
    a = np.array([1, 0, 0])
    b = sign * np.array([np.cos(angle), 0.6 * np.sin(angle), 0.8 * np.sin(angle)])
    # An angle far below the rounding of the lengths is lost where they differ.
    for stretch in (1, 1 + 3e-16) if angle > 1e-20 else (1,):
        res, ref = rotation_generator(a, stretch * b), exact_generator(a, stretch * b)
        assert np.linalg.norm((res - ref) / np.abs(ref).max()) <= 3e-15


@pytest.mark.parametrize("d", [2, 3, 10, 100])
@pytest.mark.parametrize("angle", [1e-15, 1e-12, 1e-8, 1e-4])
def test_the_generator_of_a_small_random_turn(d, angle):
    rng = np.random.default_rng(d)
    a = unit(rng.standard_normal(d))
    b = unit(a + angle * rng.standard_normal(d))
    with mp.workdps(60):
        x, y = (mp.matrix(v.tolist()) for v in (a, b))
        x, y = x / mp.norm(x), y / mp.norm(y)
        across = y - (x.T * y)[0] * x
        ref = mp.norm(across), np.array([float(v / mp.norm(across)) for v in across])
    k = rotation_generator(a, b)
    assert abs(np.linalg.norm(k) / np.sqrt(2) / float(mp.asin(ref[0])) - 1) <= 4e-15
    assert np.linalg.norm(unit(k @ a) - ref[1]) <= 4e-15


def test_the_generator_at_the_ends():
    a, _ = pairs(4)
    assert not rotation_generator(a, a).any()
    k = rotation_generator(a, -a)
    np.testing.assert_allclose(np.linalg.norm(k, axis=(-2, -1)), np.sqrt(2) * np.pi, rtol=1e-15)
    np.testing.assert_allclose(k @ k @ a[..., None], -(np.pi**2) * a[..., None], atol=1e-14)
    assert rotation_generator([1], [1]).tolist() == [[0]]
    with pytest.raises(ValueError, match="no rotation takes a to b: in one dimension"):
        rotation_generator([1], [-1])


# --- vectors that are only nearly of length one ----------------------------------------------


def turned(a, theta, rng):
    """A unit vector at an angle from `a`, in a random direction."""
    side = rng.standard_normal(a.shape)
    side = unit(side - (side @ a) * a)
    return unit(np.cos(theta) * a + np.sin(theta) * side)


@pytest.mark.parametrize("make", MAPS)
@pytest.mark.parametrize("off", [9e-13, 1e-9, 9.9e-7])
def test_lengths_off_by_seven_digits(make, off):
    # The maps are those of the directions, however near or opposite these are.
    rng = np.random.default_rng(0)
    for theta in [1e-9, 1e-6, 1e-3, 1, 3, np.pi - 1e-6, np.pi - 1e-9]:
        for _ in range(5):
            a = unit(rng.standard_normal(3))
            b = turned(a, theta, rng)
            t = make((1 - off) * a, (1 + off) * b)
            assert np.linalg.norm(t @ a - b) <= 4e-15
            assert np.linalg.norm(t.T @ t - np.eye(3)) <= 4e-15 * np.sqrt(3)
            np.testing.assert_allclose(t, make(a, b), rtol=0, atol=1e-14 / np.sin(theta))


@pytest.mark.parametrize("make", OF_A_PAIR)
def test_seven_digits_typed_and_float32_cast(make):
    direction = np.array([1, 2, 2]) / 3
    for typed in ([0.3333333, 0.6666667, 0.6666667], direction.astype(np.float32).astype(float)):
        np.testing.assert_allclose(make(typed, [1, 0, 0]), make(direction, [1, 0, 0]), atol=2e-7)
    t = make(direction.astype(np.float32), np.float32([1, 0, 0]))
    assert t.dtype == np.float32
    for length in (0.9996, 1.0004):  # float32 has always been judged more leniently
        make(length * direction.astype(np.float32), np.float32([1, 0, 0]))
        with pytest.raises(ValueError, match="a must be a unit vector"):
            make(length * direction, [1, 0, 0])


@pytest.mark.parametrize("make", OF_A_PAIR)
def test_vectors_that_are_unit_up_to_rounding_are_taken_as_they_are(make):
    # The bits are those for a length of exactly one: the products with 1 ± 2 eps change nothing.
    a, b = np.array([0.6, 0.8]), np.array([0.8, -0.6])
    stretched = a * (1 + 2**-51)
    assert np.linalg.norm(stretched) > 1
    together = make(np.stack([stretched, a * (1 + 1e-9)]), b)
    assert np.array_equal(make(stretched, b), together[0])
    assert not np.array_equal(together[0], together[1])


def test_the_error_says_how_to_make_a_unit_vector():
    message = r"b must be .* length 5.0; divide it by its length, b / numpy\.linalg\.norm\(b\)$"
    with pytest.raises(ValueError, match=message):
        rotation([1, 0], [3, 4])
    with pytest.raises(ValueError, match="a must be a unit vector") as caught:
        rotation([[1, 0], [3, 4]], [1, 0])
    advice = str(caught.value).split("length, ")[-1].replace("numpy", "np")
    a = eval(advice, {"np": np, "a": np.array([[1, 0], [3, 4]])})
    assert rotation(a, [1, 0]).shape == (2, 2, 2)


# --- angles ----------------------------------------------------------------------------------


def exact_angle(a, b):
    with mp.workdps(700):
        a, b = (mp.matrix(np.asarray(x).tolist()) for x in (a, b))
        inner, square = (a.T * b)[0], (b.T * b)[0]
        across = mp.norm(a * square - b * inner) / mp.sqrt(square)
        return mp.atan2(across, inner)


def angle_error(a, b):
    res, ref = gausslib.angle(a, b), exact_angle(a, b)
    return float(abs(res - ref) / ref) if ref else float(res)


@pytest.mark.parametrize("d", [2, 3, 10])
def test_angles_to_the_last_digits(d):
    rng = np.random.default_rng(d)
    for theta in [1e-15, 1e-12, 1e-8, 1e-4, 0.1, 1, 2, 3, np.pi - 1e-6, np.pi - 1e-12]:
        for length_a, length_b in [(1, 1), (3, 7), (1e-200, 1e200), (1.3e-308, 1.7e308)]:
            a = unit(rng.standard_normal(d))
            b = turned(a, theta, rng)
            assert angle_error(length_a * a, length_b * b) <= 4e-15


@laws
@given(seeds, st.integers(2, 6), st.floats(-200, 200), st.floats(-30, 0))
def test_angles_of_vectors_of_any_length(seed, d, magnitude, separation):
    rng = np.random.default_rng(seed)
    a = rng.standard_normal(d)
    b = 10.0**magnitude * (a + 10.0**separation * rng.standard_normal(d))
    assert angle_error(a, b) <= 4e-15
    assert angle_error(a, -b) <= 4e-15
    assert gausslib.angle(a, b) == gausslib.angle(b, a)


@pytest.mark.parametrize("tiny", [1e-12, 1e-29, 1e-100, 1e-300])
def test_angles_far_below_rounding(tiny):
    a, b = [1, 0, 0], [2, 0, 2 * tiny]
    assert gausslib.angle(a, b) == pytest.approx(tiny, rel=4e-15)
    assert gausslib.angle([-1, 0, 0], b) == pytest.approx(np.pi - tiny, rel=3e-16)


def test_angles_of_parallel_vectors_are_exact():
    rng = np.random.default_rng(0)
    whole = rng.integers(-9, 10, (200, 5))
    whole[:, 0] += 20
    for factor in (1, 2, 3, 7, 10**6):
        assert not gausslib.angle(whole, factor * whole).any()
        assert (gausslib.angle(whole, -factor * whole) == np.pi).all()
    assert gausslib.angle([2], [-3]) == np.pi
    assert gausslib.angle([2], [3]) == 0


def test_angles_in_the_plane_add_up():
    rng = np.random.default_rng(0)
    first, second = rng.uniform(0, np.pi / 2, (2, 100))
    a, b, c = (np.stack([np.cos(x), np.sin(x)], -1) for x in (0 * first, first, first + second))
    total = gausslib.angle(a, b) + gausslib.angle(b, c)
    np.testing.assert_allclose(gausslib.angle(a, c), total, rtol=0, atol=2e-15)
    np.testing.assert_allclose(gausslib.angle(a, b), first, rtol=1e-14)


def test_the_angle_is_the_size_of_the_generator():
    a, b = pairs(4)
    size = np.linalg.norm(rotation_generator(a, b), axis=(-2, -1)) / np.sqrt(2)
    np.testing.assert_allclose(gausslib.angle(a, b), size, rtol=4e-15)


def test_batches_and_types_of_angles():
    a = np.random.default_rng(0).standard_normal((3, 1, 4))
    b = np.random.default_rng(1).standard_normal((2, 4))
    grid = gausslib.angle(a, b)
    assert grid.shape == (3, 2)
    for i, j in np.ndindex(3, 2):
        assert grid[i, j] == gausslib.angle(a[i, 0], b[j])
    assert isinstance(gausslib.angle([1, 0], [0, 1]), np.float64)
    assert gausslib.angle(np.float32([1, 0]), np.float32([0, 1])).dtype == np.float32
    assert gausslib.angle(np.float32([1, 0]), [0, 1]).dtype == np.float64
    assert gausslib.angle(np.int8([-128, 0]), np.int8([0, 127])) == np.pi / 2
    assert gausslib.angle(np.zeros((0, 3)), [1, 0, 0]).shape == (0,)


# --- random matrices -----------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3, 10, 100])
def test_random_matrices_are_orthogonal(d):
    t = random_orthogonal(d, np.random.default_rng(d), 20)
    assert t.shape == (20, d, d)
    assert np.linalg.norm(t.swapaxes(-2, -1) @ t - np.eye(d), axis=(-2, -1)).max() <= 1e-14 * d


def test_sizes_of_random_matrices():
    rng = np.random.default_rng(0)
    assert random_orthogonal(3, rng).shape == (3, 3)
    assert random_orthogonal(3, rng, (2, 0)).shape == (2, 0, 3, 3)
    one, two = (random_orthogonal(3, np.random.default_rng(5), (2,)) for _ in range(2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one[0], one[1])


@pytest.mark.parametrize("d", [1, 2, 3, 6])
def test_both_determinants_are_as_likely(d):
    n = 4000
    positive = np.linalg.det(random_orthogonal(d, np.random.default_rng(d), n)) > 0
    assert stats.binomtest(int(positive.sum()), n).pvalue > FALSE_ALARM


@pytest.mark.parametrize("d", [2, 3, 6])
def test_the_determinant_of_lapacks_q_is_constant(d):
    q = np.linalg.qr(np.random.default_rng(d).standard_normal((200, d, d)))[0]
    np.testing.assert_allclose(np.linalg.det(q), (-1) ** (d - 1), rtol=1e-13)


@pytest.mark.parametrize("d", [2, 3, 6])
def test_every_entry_is_that_of_a_uniform_unit_vector(d):
    t = random_orthogonal(d, np.random.default_rng(d), 4000)
    law = stats.beta((d - 1) / 2, (d - 1) / 2, loc=-1, scale=2)
    for i, j in np.ndindex(d, d):
        assert stats.kstest(t[:, i, j], law.cdf).pvalue > FALSE_ALARM / d**2


@pytest.mark.parametrize("d", [2, 3, 6])
def test_the_law_is_invariant(d):
    # tr(L T R) has mean 0 and variance 1 under the Haar measure, whatever the fixed L and R.
    n = 4000
    rng = np.random.default_rng(d)
    t = random_orthogonal(d, rng, n)
    axes = np.eye(d)
    fixed = [axes, reflection(axes[0], -axes[0]), axes[::-1], *random_orthogonal(d, rng, 5)]
    for matrix in fixed:
        for product in (matrix @ t, t @ matrix, matrix @ t @ t[::-1]):
            trace = np.trace(product, axis1=-2, axis2=-1)
            for sample, mean in ((trace, 0), (trace**2, 1)):
                pvalue = stats.ttest_1samp(sample, mean).pvalue
                assert pvalue > FALSE_ALARM / (6 * len(fixed))
