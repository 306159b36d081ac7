"""The browser's orthogonal maps and planar fits against gausslib, on the same doubles."""

import math

import mpmath
import numpy as np
import pytest
from support.javascript import evaluate
from support.units import KINDS, random_units

import gausslib
from gausslib import Gaussian, rotation_generator, w2_squared

MODULE = "orthogonal.js"
MAPS = {
    "rotation": "rotation",
    "reflection": "reflection",
    "halfTurn": "half_turn",
    "rotoreflection": "rotoreflection",
}
KINDS_OF_FACTORS = ("generic", "thin", "crossing", "near", "rank one")


@pytest.fixture(scope="module", params=[(kind, d) for kind in KINDS for d in (2, 3)], ids=str)
def maps(request):
    """1250 pairs of a kind, their maps in the browser, and what the browser says of each."""
    a, b = random_units(*request.param, 1250)
    answers = evaluate(
        MODULE,
        "data.map(([name, a, b]) => { const t = m[name](a, b);"
        " return [t, m.apply(t, a), m.trace(t)]; })",
        [[name, *pair] for name in MAPS for pair in zip(a.tolist(), b.tolist(), strict=True)],
    )
    matrices, images, traces = (
        np.reshape(part, (len(MAPS), len(a), *np.shape(part)[1:]))
        for part in zip(*answers, strict=True)
    )
    return a, b, matrices, images, traces


def test_maps_are_those_of_gausslib(maps):
    a, b, matrices, *_ = maps
    for res, name in zip(matrices, MAPS.values(), strict=True):
        ref = getattr(gausslib, name)(a, b)
        # also where b = a or b = -a, and the map is a matter of choice
        np.testing.assert_allclose(res, ref, rtol=0, atol=1e-12, err_msg=name)


def test_maps_are_orthogonal_and_take_a_to_b(maps):
    a, b, matrices, images, *_ = maps
    identity = matrices.swapaxes(-2, -1) @ matrices
    np.testing.assert_allclose(
        identity, np.broadcast_to(np.eye(a.shape[1]), identity.shape), atol=4e-15
    )
    assert np.linalg.norm(images - b, axis=-1).max() <= 4e-15


def test_determinants_and_traces(maps):
    a, b, matrices, _, traces = maps
    d = a.shape[1]
    signs = np.array([1, -1, (-1) ** (d - 1), (-1) ** d])
    dets = np.linalg.det(matrices)
    np.testing.assert_allclose(dets, np.broadcast_to(signs[:, None], dets.shape), atol=1e-14)
    np.testing.assert_allclose(traces, np.trace(matrices, axis1=-2, axis2=-1), atol=1e-14)
    cosines = np.vecdot(a, b)
    law = evaluate(MODULE, "data[0].map(c => m.traces(c, data[1]))", [cosines.tolist(), d])
    np.testing.assert_allclose(traces.T, law, atol=1e-14)


def test_angle_keeps_its_digits():
    for kind in KINDS:
        a, b = random_units(kind, 3, 200)
        pairs = list(zip(a.tolist(), b.tolist(), strict=True))
        res = np.array(evaluate(MODULE, "data.map(([a, b]) => m.angleBetween(a, b))", pairs))
        ref = np.linalg.norm(rotation_generator(a, b), axis=(-2, -1)) / math.sqrt(2)
        np.testing.assert_allclose(res, ref, rtol=1e-13, atol=0)
        if kind == "opposite":  # the digits of π - θ
            rest = evaluate(
                MODULE, "data.map(([a, b]) => m.angleBetween(a, b.map(x => -x)))", pairs
            )
            np.testing.assert_allclose(math.pi - res, rest, rtol=0, atol=1e-15)


def test_largest_trace_is_that_of_the_rotation_or_the_reflection():
    """Of all orthogonal maps from a to b: those are T₁ and then any map of what is across b."""
    rng = np.random.default_rng(2)
    for d in (2, 3, 5):
        cosines = np.linspace(-1, 1, 41)
        law = evaluate(MODULE, "data[0].map(c => m.traces(c, data[1]))", [cosines.tolist(), d])
        best = np.max(law, axis=1)
        np.testing.assert_allclose(best, d - 2 + cosines + np.abs(cosines), atol=1e-15)
        for cosine, bound in zip(cosines, best, strict=True):
            a, b = np.eye(d)[0], np.array([cosine, math.sqrt(1 - cosine**2), *[0] * (d - 2)])
            kept = np.eye(d)
            kept[1:, 1:] = gausslib.random_orthogonal(d - 1, rng)
            to_b = gausslib.rotation(np.eye(d)[0], b)
            assert np.trace(to_b @ kept @ to_b.T @ gausslib.rotation(a, b)) <= bound + 1e-14


# --- fits in the plane --------------------------------------------------------------------


def random_factors(kind: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([3, KINDS_OF_FACTORS.index(kind)])

    def factors(low: float) -> np.ndarray:
        sizes = np.stack([np.ones(count), rng.uniform(low, 1, count)], -1)
        left, right = gausslib.random_orthogonal(2, rng, size=(2, count))
        return rng.uniform(0.2, 3, (count, 1, 1)) * left * sizes[:, None] @ right

    match kind:
        case "generic":
            return factors(0.2), factors(0.2)
        case "thin":
            return factors(1e-3), factors(1e-3) * [1, 1e-3]
        case "crossing":
            turn = np.array([[0, -1], [1, 0]])
            x = factors(1e-3)
            return x, turn @ x + 1e-3 * rng.standard_normal(x.shape)
        case "near":
            x = factors(1e-3)
            step = 10 ** rng.uniform(-12, -3, (count, 1, 1))
            mirror = rng.choice([-1, 1], count)
            return x, (x + step * rng.standard_normal(x.shape)) * np.stack(
                [np.ones(count), mirror], -1
            )[:, None]
    line = rng.standard_normal((2, count, 2, 1)) * [1, 0]
    return line[0], line[1]


def as_cov(factor: np.ndarray) -> np.ndarray:
    return factor @ factor.swapaxes(-2, -1)


def fits(x: np.ndarray, y: np.ndarray, expression: str) -> list:
    return evaluate(
        MODULE,
        f"data.map(([x, y]) => {expression})",
        list(zip(x.tolist(), y.tolist(), strict=True)),
    )


@pytest.mark.parametrize("kind", KINDS_OF_FACTORS)
def test_best_fits_cost_what_those_of_gausslib_cost(kind):
    x, y = random_factors(kind, 500)
    for name in ("procrustes", "kabsch"):
        res = np.array(fits(x, y, f"m.{name}(x, y)"))
        ref = getattr(gausslib, name)(x, y)
        cost, least = (np.linalg.norm(x - y @ q, axis=(-2, -1)) for q in (res, ref))
        assert np.all(cost <= least + 1e-14), name
        if kind != "rank one":  # the same matrix, where there is but one
            singular = np.linalg.svd(y.swapaxes(-2, -1) @ x, compute_uv=False)
            sign = np.sign(np.linalg.det(x) * np.linalg.det(y))
            clear = singular[:, 1] > 1e-5 * singular[:, 0]
            if name == "kabsch":
                clear &= singular[:, 0] + sign * singular[:, 1] > 1e-3 * singular[:, 0]
            assert np.mean(clear) > 0.4
            np.testing.assert_allclose(res[clear], ref[clear], rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS_OF_FACTORS)
def test_curve_is_the_cost(kind):
    x, y = random_factors(kind, 40)
    angles = np.linspace(-math.pi, math.pi, 9).tolist()
    both = "[false, true].map(f => ANGLES.map(t => [m.turn(t, f), m.turnCost(x, y, t, f)]))"
    for xi, yi, branches in zip(x, y, fits(x, y, both.replace("ANGLES", str(angles))), strict=True):
        for sign, branch in zip((1, -1), branches, strict=True):
            for q, cost in branch:
                assert np.linalg.det(q) == pytest.approx(sign, abs=1e-15)
                scale = np.sum(xi**2) + np.sum(yi**2)
                ref = np.sum((xi - yi @ np.array(q)) ** 2)
                assert cost == pytest.approx(ref, rel=1e-13, abs=1e-15 * scale)


@pytest.mark.parametrize("kind", KINDS_OF_FACTORS)
def test_lowest_point_of_the_curve_is_w2(kind):
    """In 60-digit arithmetic, on the same factors: what Gaussians keep of them is rounded."""
    x, y = random_factors(kind, 200)
    lowest = "[false, true].map(f => m.turnCost(x, y, m.bestTurn(x, y, f), f))"
    for xi, yi, branches in zip(x, y, fits(x, y, lowest), strict=True):
        with mpmath.workdps(60):
            fit = mpmath.matrix(yi.T.tolist()) * mpmath.matrix(xi.tolist())
            size = sum(mpmath.mpf(v) ** 2 for v in (*xi.flat, *yi.flat))
            for sign, cost in zip((1, -1), branches, strict=True):
                across = fit[1, 0] - sign * fit[0, 1], fit[0, 0] + sign * fit[1, 1]
                ref = size - 2 * mpmath.sqrt(across[0] ** 2 + across[1] ** 2)
                assert abs(cost - ref) <= 1e-10 * ref, (sign, xi, yi)
        if kind != "near":
            p, q = (Gaussian([0, 0], as_cov(factor)) for factor in (xi, yi))
            assert min(branches) == pytest.approx(w2_squared(p, q), rel=1e-9)


@pytest.mark.parametrize("ratio", [0, 1e-4, 1e-3, 0.1, 1])
def test_root_of_a_covariance(ratio):
    rng = np.random.default_rng(4)
    angles, sizes = rng.uniform(-4, 4, 100), 10 ** rng.uniform(-3, 3, 100)
    covs = [
        Gaussian.from_axes([0, 0], [s, s * ratio], t).cov.tolist()
        for s, t in zip(sizes, angles, strict=True)
    ]
    covs += [[[0, 0], [0, 0]], [[2, 0], [0, 0]], [[0, 0], [0, 2]]]
    res = evaluate(MODULE, "data.map(([[a, b], [, d]]) => m.symmetricRoot([a, b, d]))", covs)
    for cov, root in zip(covs, res, strict=True):
        with mpmath.workdps(60):
            a, b, _, d = map(mpmath.mpf, np.ravel(cov).tolist())
            det = a * d - b * b
            axes = mpmath.sqrt(det) if det > 1e-14 * a * d else 0  # else the noise of a line
            size = mpmath.sqrt(a + d + 2 * axes) or 1
            ref = [[float(x / size) for x in row] for row in ([a + axes, b], [b, d + axes])]
        np.testing.assert_allclose(root, ref, rtol=1e-14, atol=0)
