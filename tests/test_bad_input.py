"""Bad and unusual input, in two tables: what is refused, and what is right all the same."""

import numpy as np
import pytest

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    kl_divergence,
    kl_terms,
    reflection,
    rotation,
    w2_distance,
    w2_squared,
)

NAN, INF = float("nan"), float("inf")
EYE = [[1, 0], [0, 1]]
G = Gaussian.standard(2)
LINE = Gaussian([0, 0], [[1, 0], [0, 0]])
RNG = np.random.default_rng(0)
MASKED = np.ma.masked_array([0.0, 1.0], mask=[True, False])
OBJECTS = np.array([0, 1], dtype=object)

# Name: function, arguments, error, and words that the message must contain.
REFUSED = {
    # covariance and mean
    "not symmetric": (
        Gaussian,
        ([0, 0], [[1, 0.5], [0.4, 1]]),
        ValueError,
        "cov symmetric 0.5 0.4",
    ),
    "not symmetric, but tiny": (
        Gaussian,
        ([0, 0], [[1e-200, 5e-201], [4e-201, 1e-200]]),
        ValueError,
        "cov symmetric 5e-201 4e-201",
    ),
    "indefinite": (Gaussian, ([0, 0], [[1, 2], [2, 1]]), ValueError, "cov semi-definite 2.0"),
    "negative variance": (Gaussian, (0, -1), ValueError, "cov semi-definite -1"),
    "slightly indefinite": (
        Gaussian,
        ([0, 0], [[1, 1 + 1e-12], [1 + 1e-12, 1]]),
        ValueError,
        "cov semi-definite 1.000000000001",
    ),
    "zero variance with a covariance": (
        Gaussian,
        ([0, 0], [[0, 1e-9], [1e-9, 1]]),
        ValueError,
        "cov semi-definite 1e-09",
    ),
    "zero variance with a tiny covariance": (
        Gaussian,
        ([0, 0], [[0, 1e-90], [1e-90, 1e-120]]),
        ValueError,
        "cov semi-definite 1e-90",
    ),
    "zero variance with a huge covariance": (
        Gaussian,
        ([0, 0], [[0, 1e300], [1e300, 1]]),
        ValueError,
        "cov semi-definite 1e+300",
    ),
    "one of a batch indefinite": (
        Gaussian,
        ([0, 0], [EYE, [[1, 2], [2, 1]]]),
        ValueError,
        "cov semi-definite 2.0 (1,)",
    ),
    "indefinite, large": (
        Gaussian,
        (np.zeros(9), np.eye(9) - 0.5),
        ValueError,
        "cov semi-definite eigenvalue -3.5",
    ),
    "NaN in covariance": (Gaussian, ([0, 0], [[1, NAN], [NAN, 1]]), ValueError, "cov finite nan"),
    "infinite covariance": (Gaussian, ([0, 0], [[INF, 0], [0, 1]]), ValueError, "cov finite inf"),
    "NaN in mean": (Gaussian, ([0, NAN], EYE), ValueError, "mean finite nan"),
    "infinite mean": (Gaussian, ([0, -INF], EYE), ValueError, "mean finite -inf"),
    "mean too long": (Gaussian, ([0, 0, 0], EYE), ValueError, "mean cov (3,) (2, 2)"),
    "not square": (Gaussian, ([0, 0], [[1, 0, 0], [0, 1, 0]]), ValueError, "cov square (2, 3)"),
    "vector of variances": (Gaussian, ([0, 0], [1, 2]), ValueError, "cov numpy.diag (2,)"),
    "number for a mean": (Gaussian, (0, EYE), ValueError, "mean (..., d) () (2, 2)"),
    "number for a covariance": (Gaussian, ([0, 0], 1), ValueError, "cov (..., d, d) (2,) ()"),
    "no dimension": (Gaussian, ([], np.zeros((0, 0))), ValueError, "dimension (0,) (0, 0)"),
    "batches that do not fit": (
        Gaussian,
        (np.zeros((3, 2)), np.broadcast_to(np.eye(2), (4, 2, 2))),
        ValueError,
        "mean cov broadcast (3, 2) (4, 2, 2)",
    ),
    "ragged list": (Gaussian, ([0, 0], [[1, 0], [1]]), ValueError, "cov rectangular"),
    "complex": (Gaussian, ([0, 0], [[1, 1j], [-1j, 1]]), TypeError, "cov real complex128"),
    "strings": (Gaussian, (["0", "1"], EYE), TypeError, "mean real <U1"),
    "objects": (Gaussian, (OBJECTS, EYE), TypeError, "mean real object"),
    "booleans": (Gaussian, ([0, 0], np.eye(2, dtype=bool)), TypeError, "cov real bool"),
    "None": (Gaussian, (None, EYE), TypeError, "mean real object"),
    "masked array": (Gaussian, (MASKED, EYE), TypeError, "mean mask"),
    # constructors
    "negative semi-axis": (
        Gaussian.from_axes,
        ([0, 0], [1, -2], 0),
        ValueError,
        "semi_axes negative -2",
    ),
    "NaN angle": (Gaussian.from_axes, ([0, 0], [1, 2], NAN), ValueError, "angle finite nan"),
    "infinite semi-axis": (
        Gaussian.from_axes,
        ([0, 0], [1, INF], 0),
        ValueError,
        "semi_axes finite",
    ),
    "three semi-axes": (Gaussian.from_axes, ([0, 0], [1, 2, 3], 0), ValueError, "semi_axes 2 (3,)"),
    "one coordinate": (Gaussian.from_axes, (0, [1, 2], 0), ValueError, "mean (..., 2) ()"),
    "angles that do not fit": (
        Gaussian.from_axes,
        (np.zeros((3, 2)), [1, 2], np.zeros(4)),
        ValueError,
        "mean semi_axes angle (3, 2) (2,) (4,)",
    ),
    "angle in words": (Gaussian.from_axes, ([0, 0], [1, 2], "pi"), TypeError, "angle real <U2"),
    "dimension zero": (Gaussian.standard, (0,), ValueError, "dim 1 0"),
    "dimension 2.0": (Gaussian.standard, (2.0,), TypeError, "dim integer 2.0"),
    "dimension True": (Gaussian.standard, (True,), TypeError, "dim integer True"),
    # methods
    "point too long": (G.logpdf, ([0, 0, 0],), ValueError, "x (..., 2) (3,)"),
    "number for a point": (G.pdf, (0,), ValueError, "x (..., 2) ()"),
    "NaN in a point": (G.logpdf, ([0, NAN],), ValueError, "x finite nan"),
    "complex point": (G.logpdf, ([0, 1j],), TypeError, "x real complex128"),
    "points that do not fit": (
        Gaussian(np.zeros((3, 2)), EYE).logpdf,
        (np.zeros((4, 2)),),
        ValueError,
        "x broadcast (3,) (4, 2)",
    ),
    "density of a singular Gaussian": (LINE.logpdf, ([0, 0],), ValueError, "singular density"),
    "a seed for a Generator": (G.sample, (0,), TypeError, "rng numpy.random.Generator int"),
    "legacy RandomState": (G.sample, (np.random.RandomState(0),), TypeError, "rng RandomState"),
    "negative size": (G.sample, (RNG, -1), ValueError, "size negative -1"),
    "size 2.5": (G.sample, (RNG, 2.5), TypeError, "size integer 2.5"),
    "size as list": (G.sample, (RNG, [2]), TypeError, "size tuple [2]"),
    "matrix too wide": (G.affine, (np.eye(3), [0, 0, 0]), ValueError, "matrix 2 (3, 3)"),
    "vector for a matrix": (G.affine, ([1, 1], [0]), ValueError, "matrix (..., k, 2) (2,)"),
    "offset too long": (G.affine, (EYE, [0, 0, 0]), ValueError, "offset (..., 2) (3,)"),
    "NaN in a matrix": (G.affine, ([[1, NAN]], [0]), ValueError, "matrix finite nan"),
    "infinite offset": (G.affine, (EYE, [0, INF]), ValueError, "offset finite inf"),
    "offsets that do not fit": (
        G.affine,
        (np.zeros((3, 1, 2)), np.zeros((4, 1))),
        ValueError,
        "matrix offset (3, 1, 2) (4, 1)",
    ),
    # the maps
    "zero vector": (reflection, ([0, 0], [1, 0]), ValueError, "a unit 0.0"),
    "not a unit vector": (rotation, ([1, 0], [1, 1e-5]), ValueError, "b unit 1.00000000005"),
    "vectors of two lengths": (rotation, ([1, 0], [1, 0, 0]), ValueError, "a b (2,) (3,)"),
    "matrix for a vector": (reflection, (EYE, [1, 0]), ValueError, "a (d,) (2, 2)"),
    "number for a vector": (reflection, ([1], 1), ValueError, "b (d,) ()"),
    "empty vectors": (rotation, ([], []), ValueError, "a (d,) (0,)"),
    "NaN in a vector": (rotation, ([1, 0], [NAN, 0]), ValueError, "b finite nan"),
    "complex vector": (rotation, ([1, 0], [1j, 0]), TypeError, "b real complex128"),
    "masked vector": (reflection, (MASKED, [0, 1]), TypeError, "a mask"),
    "no rotation of a line": (rotation, ([1], [-1]), ValueError, "rotation one dimension"),
    "no reflection of a line": (reflection, ([1], [1]), ValueError, "reflection one dimension"),
}

PAIR_FUNCTIONS = [kl_divergence, kl_terms, bhattacharyya_distance, w2_distance, w2_squared]
for function in PAIR_FUNCTIONS:
    name = function.__name__
    REFUSED |= {
        f"{name} of arrays": (function, (np.eye(2), G), TypeError, "p Gaussian ndarray"),
        f"{name} of a tuple": (function, (G, ([0, 0], EYE)), TypeError, "q Gaussian tuple"),
        f"{name}, dimensions": (function, (G, Gaussian.standard(3)), ValueError, "p q 2 3"),
        f"{name}, batches": (
            function,
            (Gaussian(np.zeros((3, 2)), EYE), Gaussian(np.zeros((4, 2)), EYE)),
            ValueError,
            "p q broadcast (3,) (4,)",
        ),
    }


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
