"""Bad and unusual input, in two tables: what is refused, and what is right all the same."""

import numpy as np
import pytest
from refused import EYE, INF, REFUSED

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    kl_divergence,
    kl_terms,
    w2_distance,
    w2_squared,
)


@pytest.mark.parametrize(
    ("function", "arguments", "error", "words"), REFUSED.values(), ids=REFUSED.keys()
)
def test_refused(function, arguments, error, words):
    with pytest.raises(error) as caught:
        function(*arguments)
    message = str(caught.value)
    missing = [
        word for word in words.replace(", ", ",").split() if word not in message.replace(", ", ",")
    ]
    assert not missing, message


# Name: mean and covariance of p and of q, and their KL, Bhattacharyya distance and W2².
SCALAR = (np.log(2) - 3 / 8, np.log(5 / 4) / 2, 1.0)  # standard deviations 1 and 2
PLANE = tuple(2 * x for x in SCALAR)
BIG = [[4, 0], [0, 4]]
strided = np.zeros((4, 4))
strided[::2, ::2] = BIG
frozen = np.array(EYE, float)
frozen.setflags(write=False)

RIGHT = {
    "plain numbers": (0, 1, 0, 4, SCALAR),
    "one dimension": ([0], [[1]], [0], [[4]], SCALAR),
    "integers": (np.zeros(2, int), np.array(EYE), np.zeros(2, int), np.array(BIG), PLANE),
    "short integers": (np.zeros(2, "i1"), np.array(EYE, "u1"), [0, 0], np.array(BIG, "i2"), PLANE),
    "lists and tuples": ([0, 0], EYE, (0, 0), ((4, 0), (0, 4)), PLANE),
    "read-only": (frozen[0] * 0, frozen, [0, 0], BIG, PLANE),
    "not contiguous": ([0, 0], EYE, strided[1, ::2], strided[::2, ::2], PLANE),
    "columns first": ([0, 0], EYE, [0, 0], np.asfortranarray(BIG), PLANE),
    "big-endian": ([0, 0], np.array(EYE, ">f8"), [0, 0], np.array(BIG, ">f8"), PLANE),
    "p singular": ([0, 0], [[1, 0], [0, 0]], [0, 0], BIG, (INF, INF, 5.0)),
    "q singular": ([0, 0], BIG, [0, 0], [[1, 0], [0, 0]], (INF, INF, 5.0)),
    "one support": ([0, 0], [[1, 1], [1, 1]], [0, 0], [[4, 4], [4, 4]], (*SCALAR[:2], 2.0)),
    "empty batch": (np.zeros((0, 2)), np.zeros((0, 2, 2)), [0, 0], BIG, (np.zeros(0),) * 3),
    "empty against batch of 1": (np.zeros((0, 2)), EYE, [[0, 0]], BIG, (np.zeros(0),) * 3),
    "batch of 3": ([[0, 0]] * 3, [EYE] * 3, [0, 0], BIG, tuple(np.full(3, x) for x in PLANE)),
    "3 against 1": ([[0, 0]] * 3, [EYE] * 3, [[0, 0]], [BIG], tuple(np.full(3, x) for x in PLANE)),
}


@pytest.mark.parametrize(
    ("mean_p", "cov_p", "mean_q", "cov_q", "expected"), RIGHT.values(), ids=RIGHT.keys()
)
def test_right_all_the_same(mean_p, cov_p, mean_q, cov_q, expected):
    p, q = Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q)
    for function, value in zip(
        (kl_divergence, bhattacharyya_distance, w2_squared), expected, strict=True
    ):
        res = function(p, q)
        assert res.shape == np.shape(value)
        assert res.dtype == np.float64
        np.testing.assert_allclose(res, value, rtol=1e-14)
    np.testing.assert_allclose(w2_distance(p, q), np.sqrt(expected[2]), rtol=1e-14)
    terms = kl_terms(p, q)
    np.testing.assert_allclose(terms[0] + terms[1] + terms[2], expected[0], rtol=1e-14)
