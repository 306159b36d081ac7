"""The browser's closed forms against high precision and gausslib, on the same doubles."""

import math
from dataclasses import asdict

import mpmath
import numpy as np
import pytest
from support.javascript import evaluate
from support.planar_pairs import KINDS, Plane, random_pair, transport_truth, truth

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    bhattacharyya_terms,
    hellinger_distance,
    kl_divergence,
    kl_terms,
    transport_map,
    w2_distance,
    w2_geodesic,
    w2_squared,
    w2_terms,
)

DISTANCES = ("kl_pq", "kl_qp", "bhattacharyya", "hellinger", "w2", "w2_squared")
POSITIVE = (
    *DISTANCES,
    "mean",
    "bhattacharyya_mean",
    "bhattacharyya_logdet",
    "w2_mean",
    "w2_covariance",
)
ANSWERS = """(([p, q]) => ({
    ...m.distances(p, q), hellinger: m.hellingerDistance(p, q), w2_squared: m.w2Squared(p, q),
    ...m.klTerms(p, q), ...named("bhattacharyya", m.bhattacharyyaTerms(p, q)),
    ...named("w2", m.w2Terms(p, q)),
}))"""
NAMED = """(of, terms) =>
    Object.fromEntries(Object.entries(terms).map(([name, x]) => [`${of}_${name}`, x]))"""


def in_browser(pairs: list[tuple[Plane, Plane]]) -> list[dict[str, float]]:
    data = [[asdict(p), asdict(q)] for p, q in pairs]
    return evaluate("gauss2d.js", f"(named => data.map({ANSWERS}))({NAMED})", data)


def stacked(planes: list[Plane]) -> Gaussian:
    return Gaussian([g.mean for g in planes], [g.matrix() for g in planes])


def in_gausslib(pairs: list[tuple[Plane, Plane]]) -> dict[str, np.ndarray]:
    p, q = map(stacked, zip(*pairs, strict=True))
    overlap, cost = bhattacharyya_terms(p, q), w2_terms(p, q)
    return {
        "kl_pq": kl_divergence(p, q),
        "kl_qp": kl_divergence(q, p),
        "bhattacharyya": bhattacharyya_distance(p, q),
        "bhattacharyya_mean": overlap.mean,
        "bhattacharyya_logdet": overlap.logdet,
        "hellinger": hellinger_distance(p, q),
        "w2": w2_distance(p, q),
        "w2_squared": w2_squared(p, q),
        "w2_mean": cost.mean,
        "w2_covariance": cost.covariance,
        **kl_terms(p, q)._asdict(),
    }


def some(kind: str, count: int, seed: int) -> list[tuple[Plane, Plane]]:
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    return [random_pair(kind, rng) for _ in range(count)]


def from_cov(cov: list[float]) -> np.ndarray:
    return np.array(cov)[[[0, 1], [1, 2]]]


# --- distances and their terms ------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_right_to_twelve_digits(kind):
    pairs = some(kind, 40, seed=1)
    for (p, q), res in zip(pairs, in_browser(pairs), strict=True):
        ref = truth(p, q)
        for name in POSITIVE:
            assert abs(res[name] - ref[name]) <= 1e-12 * ref[name], (name, p, q)


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_gausslib(kind):
    """In all kinds together on more than ten thousand pairs."""
    pairs = some(kind, 1200, seed=2)
    found = in_browser(pairs)
    for name, ref in in_gausslib(pairs).items():
        res = np.array([values[name] for values in found])
        floor = 0 if name in POSITIVE else np.maximum(1, np.abs(ref))
        assert np.all(np.abs(res - ref) <= 1e-9 * np.maximum(np.abs(ref), floor)), name


@pytest.mark.parametrize("kind", KINDS)
def test_terms_agree_with_high_precision(kind):
    pairs = some(kind, 40, seed=3)
    for (p, q), res in zip(pairs, in_browser(pairs), strict=True):
        ref = truth(p, q)
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


def test_w2_of_singular_covariances():
    """Lines, points and regular Gaussians in all combinations, in W2 and in its geodesic."""
    rng = np.random.default_rng(7)

    def line(angle: float) -> Plane:
        x, y = rng.uniform(0.2, 3) * np.array([math.cos(angle), math.sin(angle)])
        return Plane(tuple(rng.uniform(-3, 3, 2)), (x * x, x * y, y * y))

    upright = Plane((0.5, 1.0), (0.0, 0.0, 2.0))
    flat = Plane((0.0, 1.0), (3.0, 0.0, 0.0))
    point = Plane((1.0, 2.0), (0.0, 0.0, 0.0))
    planes = [*(line(angle) for angle in rng.uniform(-3, 3, 12)), upright, flat, point]
    planes += [g for pair in some("plain", 3, seed=7) + some("thin", 3, seed=7) for g in pair]
    pairs = [(p, q) for p in planes for q in planes]
    data = [[asdict(p), asdict(q)] for p, q in pairs]
    expression = "data.map(([p, q]) => [m.w2Squared(p, q), m.geodesic(p, q, 0.3).cov])"
    p, q = map(stacked, zip(*pairs, strict=True))
    for pair, (square, cov), ref, path in zip(
        pairs,
        evaluate("gauss2d.js", expression, data),
        w2_squared(p, q),
        w2_geodesic(p, q, 0.3).cov,
        strict=True,
    ):
        assert abs(square - ref) <= 1e-9 * ref, pair
        assert np.abs(from_cov(cov) - path).max() <= 1e-12 * np.abs(path).max(), pair


# --- transport ----------------------------------------------------------------------------

MOVED = """data.map(([p, q, t]) => ({
    map: m.transportMap(p, q), path: m.geodesic(p, q, t),
    ends: [m.geodesic(p, q, 0), m.geodesic(p, q, 1)],
}))"""


def moved(pairs: list[tuple[Plane, Plane]], t: float) -> list[dict]:
    return evaluate("gauss2d.js", MOVED, [[asdict(p), asdict(q), t] for p, q in pairs])


def far_by(res: np.ndarray, ref: np.ndarray) -> float:
    """Error relative to the largest entry."""
    return float(np.abs(res - ref).max()) / (float(np.abs(ref).max()) or 1)


@pytest.mark.parametrize("kind", KINDS)
def test_transport_agrees_with_high_precision(kind):
    pairs = some(kind, 40, seed=8)
    for (p, q), res in zip(pairs, moved(pairs, 0.375), strict=True):
        ref = transport_truth(p, q, 0.375)
        assert far_by(res["map"], ref["map"]) <= 1e-13, (p, q)
        assert far_by(from_cov(res["path"]["cov"]), ref["cov"]) <= 1e-14, (p, q)
        assert res["path"]["mean"] == list(0.625 * np.array(p.mean) + 0.375 * np.array(q.mean))


@pytest.mark.parametrize("kind", KINDS)
def test_transport_agrees_with_gausslib(kind):
    pairs = some(kind, 150, seed=9)
    p, q = map(stacked, zip(*pairs, strict=True))
    refs = zip(transport_map(p, q), w2_geodesic(p, q, 0.8).cov, strict=True)
    for res, (matrix, cov) in zip(moved(pairs, 0.8), refs, strict=True):
        assert far_by(res["map"], matrix) <= 1e-9
        assert far_by(from_cov(res["path"]["cov"]), cov) <= 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_the_path_begins_at_p_and_ends_at_q(kind):
    pairs = some(kind, 40, seed=10)
    for (p, q), res in zip(pairs, moved(pairs, 0.5), strict=True):
        assert [Plane(tuple(g["mean"]), tuple(g["cov"])) for g in res["ends"]] == [p, q]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_moves_between_equal_covariances(kind):
    for res in moved([(p, p) for p, _ in some(kind, 40, seed=11)], 0.5):
        assert res["map"] == [[1, 0], [0, 1]]


# --- one Gaussian -------------------------------------------------------------------------


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


@pytest.mark.parametrize("kind", KINDS)
def test_axes_are_the_eigenvalues_of_the_covariance(kind):
    laws = [p for p, _ in some(kind, 40, seed=12)]
    found = evaluate("gauss2d.js", "data.map(m.toAxes)", [asdict(p) for p in laws])
    for p, (x, y, s1, s2, angle) in zip(laws, found, strict=True):
        with mpmath.workdps(60):
            values, vectors = mpmath.eigsy(mpmath.matrix(p.matrix().tolist()))
            small, large = (mpmath.sqrt(value) for value in values)
            apart = math.sin(angle - mpmath.atan2(vectors[1, 1], vectors[0, 1]))
        assert (x, y) == p.mean
        assert abs(s1 - large) <= 1e-15 * large
        assert abs(s2 - small) <= 1e-15 * small
        # rounding turns a nearly round ellipse by more
        assert abs(apart) <= 1e-15 * large**2 / (large**2 - small**2)
        assert -math.pi / 2 <= angle <= math.pi / 2


def test_axes_of_circles_lines_and_points():
    covs = [(4, 0, 4), (9, 0, 0), (0, 0, 9), (2, -2, 2), (0, 0, 0)]
    data = [{"mean": [1, 2], "cov": cov} for cov in covs]
    found = evaluate("gauss2d.js", "data.map(m.toAxes)", data)
    right = [(2, 2, 0), (3, 0, 0), (3, 0, math.pi / 2), (2, 0, -math.pi / 4), (0, 0, 0)]
    assert found == [[1, 2, *ref] for ref in right]


@pytest.mark.parametrize("kind", KINDS)
def test_axes_and_back(kind):
    laws = [p for p, _ in some(kind, 40, seed=13)]
    data = [asdict(p) for p in laws]
    for p, res in zip(
        laws, evaluate("gauss2d.js", "data.map(g => m.fromAxes(m.toAxes(g)))", data), strict=True
    ):
        assert far_by(from_cov(res["cov"]), p.matrix()) <= 1e-15


@pytest.mark.parametrize("kind", KINDS)
def test_density(kind):
    """At points of q, which may be far out or very near the mean."""
    pairs = some(kind, 150, seed=14)
    data = [[asdict(p), q.mean] for p, q in pairs]
    expression = "data.map(([p, x]) => [m.logDensity(p, x), m.logDensityTerms(p, x)])"
    refs = stacked([p for p, _ in pairs]).logpdf([q.mean for _, q in pairs])
    found = evaluate("gauss2d.js", expression, data)
    for (p, q), (value, terms), ref in zip(pairs, found, refs, strict=True):
        with mpmath.workdps(60):
            matrix, x = mpmath.matrix(p.matrix().tolist()), mpmath.matrix(q.mean)
            x -= mpmath.matrix(p.mean)
            square = -(x.T * matrix**-1 * x)[0] / 2
            logdet = -mpmath.log(mpmath.det(matrix)) / 2
        assert list(terms) == ["square", "logdet", "constant"]
        assert abs(terms["square"] - square) <= 1e-12 * abs(square)
        assert abs(terms["logdet"] - logdet) <= 1e-14 * max(1, abs(logdet))
        assert terms["constant"] == pytest.approx(-math.log(2 * math.pi), rel=1e-15)
        assert value == sum(terms.values())
        assert value == pytest.approx(ref, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_affine_image(kind):
    """Each variance is right, also near the short axis of a thin ellipse, where a row points."""
    rng = np.random.default_rng([15, KINDS.index(kind)])
    laws = [p for p, _ in some(kind, 40, seed=15)]
    short = [np.linalg.eigh(p.matrix())[1][:, 0] for p in laws]
    maps = [
        (np.array([axis + 1e-3 * rng.normal(size=2), rng.normal(size=2)]), rng.normal(size=2))
        for axis in short
    ]
    data = [[asdict(p), a.tolist(), b.tolist()] for p, (a, b) in zip(laws, maps, strict=True)]
    found = evaluate("gauss2d.js", "data.map(args => m.affineImage(...args))", data)
    for p, (a, b), res in zip(laws, maps, found, strict=True):
        with mpmath.workdps(60):
            matrix = mpmath.matrix(a.tolist())
            image = matrix * mpmath.matrix(p.matrix().tolist()) * matrix.T
            sds = [mpmath.sqrt(image[i, i]) for i in range(2)]
        for i in range(2):
            for j in range(2):
                error = abs(from_cov(res["cov"])[i, j] - image[i, j])
                assert error <= 1e-12 * sds[i] * sds[j]
        ref = Gaussian(p.mean, p.matrix()).affine(a, b)
        assert res["mean"] == pytest.approx(list(ref.mean), rel=1e-12, abs=1e-12)
        assert far_by(from_cov(res["cov"]), ref.cov) <= 1e-12


@pytest.mark.parametrize("kind", KINDS)
def test_one_coordinate(kind):
    """Alone, and given the other."""
    pairs = some(kind, 40, seed=16)
    data = [[asdict(p), q.mean[0]] for p, q in pairs]
    expression = "data.map(([p, x]) => [m.marginal(p, 0), m.marginal(p, 1), m.conditional(p, x)])"
    for (p, q), (x, y, given) in zip(pairs, evaluate("gauss2d.js", expression, data), strict=True):
        a, b, d = map(mpmath.mpf, p.cov)
        assert [x, y] == [
            {"mean": p.mean[0], "sd": math.sqrt(p.cov[0])},
            {"mean": p.mean[1], "sd": math.sqrt(p.cov[2])},
        ]
        with mpmath.workdps(60):
            mean = p.mean[1] + b / a * (mpmath.mpf(q.mean[0]) - p.mean[0])
            sd = mpmath.sqrt(d - b * b / a)
        assert abs(given["mean"] - mean) <= 1e-14 * max(abs(mean), abs(p.mean[1]))
        assert abs(given["sd"] - sd) <= 1e-14 * sd
        ref = Gaussian(p.mean, p.matrix()).condition(0, q.mean[0])
        assert given["sd"] == pytest.approx(math.sqrt(ref.cov[0, 0]), rel=1e-9)


def test_the_image_of_p_under_the_transport_map_is_q():
    """The functions fit together; a map of an ill-conditioned pair loses its digits here."""
    pairs = some("plain", 100, seed=17)
    data = [[asdict(p), asdict(q)] for p, q in pairs]
    expression = "data.map(([p, q]) => m.affineImage(p, m.transportMap(p, q), [0, 0]).cov)"
    for (_, q), cov in zip(pairs, evaluate("gauss2d.js", expression, data), strict=True):
        assert far_by(from_cov(cov), q.matrix()) <= 1e-13


def test_the_map_in_units_far_apart():
    """Each entry in the units of its coordinates, and the identity for equal covariances."""
    rng = np.random.default_rng(18)
    pairs, ratios = [], []
    for i in range(60):
        unit = 10.0 ** rng.uniform(-6, 6, 2)
        x, y = rng.standard_normal((2, 2, 5)) * unit[:, None]
        planes = []
        for factor in (x, x if i % 4 == 0 else y):
            (a, b), (_, d) = (factor @ factor.T).tolist()
            planes.append(Plane((0.0, 0.0), (a, b, d)))
        pairs.append(tuple(planes))
        ratios.append(np.minimum(unit[:, None] / unit, unit / unit[:, None]))
    for (p, q), ratio, res in zip(pairs, ratios, moved(pairs, 0.375), strict=True):
        ref = transport_truth(p, q, 0.375)
        assert (np.abs(res["map"] - ref["map"]) <= 1e-14 * ratio).all()
        if p.cov == q.cov:
            assert res["map"] == [[1, 0], [0, 1]]
