"""The browser's closed forms against high precision and gausslib, on the same doubles."""

import math
from dataclasses import asdict

import numpy as np
import pytest
from widgets.javascript import evaluate
from widgets.pairs import KINDS, Plane, random_pair, truth

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    kl_divergence,
    kl_terms,
    w2_distance,
    w2_squared,
)

DISTANCES = ("kl_pq", "kl_qp", "bhattacharyya", "w2", "w2_squared")
ANSWERS = "({...m.distances(p, q), w2_squared: m.w2Squared(p, q), ...m.klTerms(p, q)})"


def in_browser(pairs: list[tuple[Plane, Plane]]) -> list[dict[str, float]]:
    data = [[asdict(p), asdict(q)] for p, q in pairs]
    return evaluate("gauss2d.js", f"data.map(([p, q]) => {ANSWERS})", data)


def in_gausslib(p: Plane, q: Plane) -> dict[str, float]:
    p, q = (Gaussian(g.mean, g.matrix()) for g in (p, q))
    return {
        "kl_pq": kl_divergence(p, q),
        "kl_qp": kl_divergence(q, p),
        "bhattacharyya": bhattacharyya_distance(p, q),
        "w2": w2_distance(p, q),
        "w2_squared": w2_squared(p, q),
        **kl_terms(p, q)._asdict(),
    }


def some(kind: str, count: int, seed: int) -> list[tuple[Plane, Plane]]:
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    return [random_pair(kind, rng) for _ in range(count)]


@pytest.mark.parametrize("kind", KINDS)
def test_right_to_twelve_digits(kind):
    pairs = some(kind, 40, seed=1)
    for (p, q), res in zip(pairs, in_browser(pairs), strict=True):
        ref = truth(p, q)
        for name in DISTANCES:
            assert abs(res[name] - ref[name]) <= 1e-12 * ref[name], (name, p, q)


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_gausslib(kind):
    pairs = some(kind, 150, seed=2)
    for (p, q), res in zip(pairs, in_browser(pairs), strict=True):
        ref = in_gausslib(p, q)
        for name in DISTANCES:
            assert res[name] == pytest.approx(ref[name], rel=1e-9, abs=0), (name, p, q)


@pytest.mark.parametrize("kind", KINDS)
def test_terms_agree_with_high_precision(kind):
    pairs = some(kind, 40, seed=3)
    for (p, q), res in zip(pairs, in_browser(pairs), strict=True):
        ref = truth(p, q)
        assert abs(res["mean"] - ref["mean"]) <= 1e-12 * ref["mean"]
        for name in ("trace", "logdet"):
            assert abs(res[name] - ref[name]) <= 1e-12 * max(1, abs(ref[name])), (name, p, q)
        total = res["mean"] + res["trace"] + res["logdet"]
        assert total == pytest.approx(res["kl_pq"], rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("kind", KINDS)
def test_identical_pairs_are_exactly_zero(kind):
    for res in in_browser([(p, p) for p, _ in some(kind, 40, seed=4)]):
        assert set(res.values()) == {0}


def test_different_pairs_are_never_zero():
    pairs = [pair for kind in KINDS for pair in some(kind, 40, seed=5) if pair[0] != pair[1]]
    assert all(res[name] > 0 for res in in_browser(pairs) for name in DISTANCES)


def test_five_numbers_give_the_covariance_of_gausslib():
    rng = np.random.default_rng(6)
    sizes = rng.uniform(0.01, 3, (200, 2))
    angles = rng.uniform(-math.pi, math.pi, 200)
    axes = [[1.5, -2.5, *size, angle] for size, angle in zip(sizes, angles, strict=True)]
    for given, res in zip(axes, evaluate("gauss2d.js", "data.map(m.fromAxes)", axes), strict=True):
        ref = Gaussian.from_axes(given[:2], given[2:4], given[4])
        assert res["mean"] == list(ref.mean)
        # sine and cosine of the two libraries may differ in the last digit
        tolerance = 4 * np.finfo(float).eps * max(given[2:4]) ** 2
        assert res["cov"] == pytest.approx(
            list(ref.cov[[0, 0, 1], [0, 1, 1]]), rel=0, abs=tolerance
        )
