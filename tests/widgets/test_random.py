"""The browser's random numbers are those of NumPy's generator, and Python's of the figures."""

import numpy as np
import pytest
from scipy.stats import kstest
from support.javascript import evaluate

from gausslib.widgets._random import standard_normals

SEEDS = [0, 1, 2**31, 2**32 - 1, *map(int, np.random.default_rng(0).integers(2**32, size=200))]


def uniform(seeds: list[int], count: int) -> list[list[float]]:
    return evaluate("random.js", f"data.map((seed) => [...m.uniformNumbers(seed, {count})])", seeds)


def normals(seeds: list[int], count: int) -> list[list[float]]:
    return evaluate(
        "random.js", f"data.map((seed) => [...m.standardNormals(seed, {count})])", seeds
    )


@pytest.mark.parametrize(("seeds", "count"), [(SEEDS, 101), ([12345], 100_000)])
def test_uniform_numbers_are_the_doubles_of_numpy(seeds, count):
    for seed, res in zip(seeds, uniform(seeds, count), strict=True):
        assert res == np.random.Generator(np.random.Philox(key=seed)).random(count).tolist()


@pytest.mark.parametrize(("seeds", "count"), [(SEEDS, 101), (SEEDS[:3], 1), ([5], 100_000)])
def test_normal_numbers_are_those_of_python(seeds, count):
    for seed, res in zip(seeds, normals(seeds, count), strict=True):
        # logarithm, sine and cosine of the two libraries may differ in the last digit
        np.testing.assert_allclose(res, standard_normals(seed, count), rtol=4e-15, atol=0)


def test_fewer_numbers_are_the_first_of_more():
    most = standard_normals(3, 20)
    for count in range(20):
        assert standard_normals(3, count).tolist() == most[:count].tolist()
        assert normals([3], count)[0] == normals([3], 20)[0][:count]


def test_normal_numbers_are_normal_and_those_of_a_pair_independent():
    z = standard_normals(7, 200_000)
    assert kstest(z, "norm").pvalue > 1e-6
    x, y = z[::2], z[1::2]
    for product in (x * y, x * (y * y - 1), (x * x - 1) * (y * y - 1), z[:-1] * z[1:]):
        assert abs(product.mean()) < 5 * product.std() / np.sqrt(len(product))


def test_different_seeds_give_different_numbers():
    assert len({tuple(row) for row in uniform(SEEDS, 2)}) == len(SEEDS)
