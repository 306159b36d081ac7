"""Bad and unusual input, in two tables: what is refused, and what is right all the same."""

import inspect
from functools import partial

import numpy as np
import pytest
from support.laws import named
from support.refused import EYE, INF, PAIR_FUNCTIONS, REFUSED

import gausslib
from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    bhattacharyya_gradient,
    chernoff_coefficient,
    fisher_rao_distance,
    kl_divergence,
    kl_gradient,
    kl_terms,
    overlap_coefficient,
    renyi_divergence,
    total_variation,
    transport_map,
    w1_distance,
    w2_distance,
    w2_geodesic,
    w2_gradient,
    w2_squared,
)


def test_every_function_of_a_pair_is_in_the_table():
    """Public functions whose arguments are p and q stand in `PAIR_FUNCTIONS`."""
    public = {getattr(gausslib, name) for name in gausslib.__all__}
    functions = {item for item in public if inspect.isfunction(item)}
    of_pairs = {f for f in functions if list(inspect.signature(f).parameters) == ["p", "q"]}
    assert of_pairs == set(PAIR_FUNCTIONS)


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


# --- unusual pairs, for every function of two Gaussians -----------------------------------


def _batch(*batch, d=2, dtype=np.float64):
    rng = np.random.default_rng(0)
    root, mean = rng.standard_normal((*batch, d, d + 1)), rng.standard_normal((*batch, d))
    return Gaussian(mean.astype(dtype), (root @ root.swapaxes(-2, -1)).astype(dtype))


NOTHING = Gaussian(np.zeros((0, 2)), EYE)
MIXED = Gaussian(np.zeros((3, 2)), [EYE, [[1, 0], [0, 0]], [[0, 0], [0, 0]]])
LINE, POINT = MIXED[1], Gaussian([1, 1], np.zeros((2, 2)))
HUGE, TINY = (Gaussian([0, 0], size * np.eye(2)) for size in (1e300, 1e-305))

UNUSUAL = {
    "empty batch": (NOTHING, _batch()),
    "two empty batches": (NOTHING, NOTHING),
    "empty batch against three": (NOTHING[:, None], _batch(3)),
    "some singular": (MIXED, _batch()),
    "all kinds of singular": (MIXED, MIXED[:, None]),
    "line and itself": (LINE, LINE),
    "point and itself": (POINT, POINT),
    "point and line": (POINT, LINE),
    "one dimension": (_batch(3, d=1), _batch(d=1)),
    "float32": (_batch(dtype=np.float32), _batch(3, dtype=np.float32)),
    "float32 and float64": (_batch(dtype=np.float32), _batch(3)),
    "two batch dimensions": (_batch(2, d=5), _batch(4, 1, d=5)),
    "huge and tiny": (HUGE, TINY),
    "tiny and far": (TINY, Gaussian([1e200, 0], TINY.cov)),
    "smallest number there is": (Gaussian([0, 0], 5e-324 * np.eye(2)), TINY),
}
FUNCTIONS = [
    *PAIR_FUNCTIONS,
    *(partial(renyi_divergence, alpha=alpha) for alpha in (0, 0.5, 1, 2, INF)),
    *(partial(chernoff_coefficient, alpha=alpha) for alpha in (0, 0.5, 1)),
    partial(w2_geodesic, t=0.25),
]


def undefined(function, p, q):
    """Why the function has no value for this pair, if it has none."""
    singular_p, singular_q = p.is_singular.any(), q.is_singular.any()
    gradient = function in (kl_gradient, bhattacharyya_gradient, w2_gradient)
    if (function is transport_map and singular_p) or (gradient and (singular_p or singular_q)):
        return "singular"
    tiny = {kl_gradient: q, bhattacharyya_gradient: p}.get(function)
    if tiny is not None and (tiny.std < 1e-150).any():
        return "finite"  # the square of the inverse of a variance is too large for a double
    unequal = (p.cov != q.cov).any()
    open_form = {
        w1_distance: True,
        total_variation: unequal,
        overlap_coefficient: unequal,
        fisher_rao_distance: unequal
        and (p.mean != q.mean).any()
        and (~p.is_singular & ~q.is_singular).any(),
    }
    return "closed form" if p.dim > 1 and open_form.get(function, False) else None


@pytest.mark.parametrize("function", FUNCTIONS, ids=named)
@pytest.mark.parametrize(("p", "q"), UNUSUAL.values(), ids=UNUSUAL.keys())
def test_unusual_pairs(function, p, q):
    """No NaN, no warning, the shape of the batch, the type of the arguments."""
    if reason := undefined(function, p, q):
        with pytest.raises(ValueError, match=reason):
            function(p, q)
        return
    result = function(p, q)
    batch = np.broadcast_shapes(p.batch_shape, q.batch_shape)
    if isinstance(result, Gaussian):
        result = result.mean
    for part in result if isinstance(result, tuple) else (result,):
        assert part.shape[: len(batch)] == batch
        assert part.dtype == np.result_type(p.dtype, q.dtype)
        assert not np.isnan(part).any()
