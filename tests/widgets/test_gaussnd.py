"""The calculator's closed forms against high precision and gausslib, on the same doubles."""

import math

import numpy as np
import pytest
from support.javascript import evaluate

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    bhattacharyya_terms,
    hellinger_distance,
    jeffreys_divergence,
    kl_divergence,
    kl_terms,
    w2_distance,
    w2_terms,
)
from reference.oracle import relative_error
from reference.pairs import (
    REGULAR,
    Pair,
    fresh_cases,
    random_cov,
    random_orthogonal,
    reference_cases,
    symmetric,
)

# gausslib itself is not right to 1e-9 where the condition is larger than 1e6.
FAMILIES = [family for family in REGULAR if family not in ("cond_1e08", "cond_1e12")]
COUNTS = {1: 200, 2: 300, 3: 250, 4: 120, 6: 30, 10: 10}  # ten thousand pairs over all families


def in_browser(pairs: list[Pair]) -> list[dict[str, float]]:
    """All values by name; by way of text, as JSON has no infinity."""
    data = [[a.tolist() for a in pair] for pair in pairs]
    values = "m.valuesOf({ mean: mp, cov: sp }, { mean: mq, cov: sq })"
    texts = f"Object.entries({values}).map(([name, value]) => [name, String(value)])"
    rows = evaluate("gaussnd.js", f"data.map(([mp, sp, mq, sq]) => {texts})", data)
    return [{name: float(text) for name, text in row} for row in rows]


def batches(pairs: list[Pair]) -> tuple[Gaussian, Gaussian]:
    mean_p, cov_p, mean_q, cov_q = (np.array(arrays) for arrays in zip(*pairs, strict=True))
    return Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q)


def distances(p: Gaussian, q: Gaussian) -> dict[str, np.ndarray]:
    return {
        "kl_pq": kl_divergence(p, q),
        "kl_qp": kl_divergence(q, p),
        "jeffreys": jeffreys_divergence(p, q),
        "bhattacharyya": bhattacharyya_distance(p, q),
        "hellinger": hellinger_distance(p, q),
        "w2": w2_distance(p, q),
    }


def terms(p: Gaussian, q: Gaussian) -> dict[str, np.ndarray]:
    parts = {
        "kl_pq": kl_terms(p, q),
        "kl_qp": kl_terms(q, p),
        "bhattacharyya": bhattacharyya_terms(p, q),
        "w2": w2_terms(p, q),
    }
    return {f"{k}_{term}": x for k, part in parts.items() for term, x in part._asdict().items()}


def some(family: str, dim: int, count: int, seed: int) -> list[Pair]:
    rng = np.random.default_rng([seed, FAMILIES.index(family), dim])
    return [REGULAR[family](rng, dim) for _ in range(count)]


def low_rank(rng: np.random.Generator, dim: int) -> np.ndarray:
    factor = rng.standard_normal((dim, rng.integers(0, dim)))
    return symmetric(factor @ factor.T)


def test_right_to_fourteen_digits():
    rng = np.random.default_rng(1)
    cases = [case for case in reference_cases() if case.mean_p.size <= 10]
    cases += fresh_cases(rng, dims=(2, 5), count=2) + fresh_cases(rng, dims=(10,), count=1)
    for case, res in zip(cases, in_browser([case.pair for case in cases]), strict=True):
        for name in ("kl_pq", "kl_qp", "bhattacharyya", "hellinger", "w2"):
            assert relative_error(res[name], case.expected[name]) <= 1e-14, (case.name, name)
        assert res["jeffreys"] == res["kl_pq"] + res["kl_qp"]


@pytest.mark.parametrize("family", FAMILIES)
def test_agrees_with_gausslib(family):
    groups = [some(family, dim, count, seed=2) for dim, count in COUNTS.items()]
    results = iter(in_browser([pair for group in groups for pair in group]))
    for group in groups:
        p, q = batches(group)
        found = [next(results) for _ in group]
        for name, ref in (distances(p, q) | terms(p, q)).items():
            values = [res[name] for res in found]
            # Trace and logdet are small differences where p and q are near.
            rounding = 1e-9 if name.endswith(("trace", "logdet")) else 0
            np.testing.assert_allclose(values, ref, rtol=1e-9, atol=rounding, err_msg=name)


def test_equal_correlations():
    # Among equal eigenvalues rotations are arbitrary; the axes are common, so the roots differ.
    pairs, expected = [], []
    for dim in (3, 10):
        for r, s in ((0.5, 0.2), (0.5, 0), (0.9, 0.9 - 2.0**-40)):
            covs = [np.full((dim, dim), x) + (1 - x) * np.eye(dim) for x in (r, s)]
            pairs.append((np.zeros(dim), covs[0], np.zeros(dim), covs[1]))
            across = (r - s) / (np.sqrt(1 - r) + np.sqrt(1 - s))
            along = (dim - 1) * (r - s) / (np.sqrt(1 + (dim - 1) * r) + np.sqrt(1 + (dim - 1) * s))
            expected.append(np.sqrt((dim - 1) * across**2 + along**2))
    res = [values["w2"] for values in in_browser(pairs)]
    np.testing.assert_allclose(res, expected, rtol=1e-14)


def test_terms_of_near_pairs_keep_their_digits():
    # Variances 1 + e and 1: the terms are e/2 and -log(1 + e)/2, exactly.
    for e in 2.0 ** np.array([-10, -25, -40]):
        pair = np.zeros(1), np.array([[1 + e]]), np.zeros(1), np.ones((1, 1))
        (res,) = in_browser([pair])
        assert res["kl_pq_trace"] == e / 2
        assert res["kl_pq_logdet"] == pytest.approx(-math.log1p(e) / 2, rel=1e-15)


def test_identical_pairs_are_exactly_zero():
    rng = np.random.default_rng(4)
    pairs = []
    for dim in (1, 2, 3, 5, 10):
        for cov in (random_cov(rng, dim), low_rank(rng, dim), np.zeros((dim, dim))):
            mean = rng.standard_normal(dim)
            pairs.append((mean, cov, mean, cov))
    for res in in_browser(pairs):
        assert set(res.values()) == {0}


def test_singular_pairs_agree_with_gausslib():
    rng = np.random.default_rng(5)
    pairs = [
        tuple(map(np.array, pair))
        for pair in (
            ([1.0, 2.0], [[0.0, 0.0], [0.0, 0.0]], [1.0, 3.0], [[0.0, 0.0], [0.0, 0.0]]),
            ([1.0, 2.0], [[0.0, 0.0], [0.0, 0.0]], [1.0, 2.0], [[1.0, 0.0], [0.0, 1.0]]),
            ([0.0, 0.0], [[1.0, 0.0], [0.0, 0.0]], [3.0, 0.0], [[4.0, 0.0], [0.0, 0.0]]),
            ([0.0, 0.0], [[1.0, 0.0], [0.0, 0.0]], [0.0, 1e-9], [[4.0, 0.0], [0.0, 0.0]]),
            ([0.0, 0.0], [[1.0, 0.0], [0.0, 0.0]], [0.0, 0.0], [[0.0, 0.0], [0.0, 1.0]]),
        )
    ]
    for dim in (2, 3, 5, 8):
        for _ in range(25):
            zero, cov = np.zeros(dim), low_rank(rng, dim)
            pairs.append((zero, cov, zero, low_rank(rng, dim)))
            pairs.append((zero, cov, zero, random_cov(rng, dim)))
            pairs.append((zero, cov, zero, 4 * cov))  # one support, rounding and all
            pairs.append((rng.standard_normal(dim), cov, zero, cov))
    for pair, res in zip(pairs, in_browser(pairs), strict=True):
        p, q = Gaussian(*pair[:2]), Gaussian(*pair[2:])
        expected = distances(p, q) | terms(p, q)
        assert res.keys() == expected.keys()
        for name, ref in expected.items():
            assert res[name] == pytest.approx(ref, rel=1e-9, abs=1e-14), (name, pair)


def test_never_nan_never_negative():
    # Covariances with eigenvalues down to rounding error, in units of any size.
    rng = np.random.default_rng(6)
    pairs = []
    for trial in range(200):
        dim = int(rng.integers(1, 5))
        turn = random_orthogonal(rng, dim)
        cov = symmetric((turn * 10.0 ** rng.uniform(-17, 0, dim)) @ turn.T)
        cov *= 10.0 ** rng.uniform(-300, 300)
        other = [cov * (1 + 10.0 ** rng.uniform(-17, 0)), random_cov(rng, dim)][trial % 2]
        mean = rng.standard_normal(dim) * 10.0 ** rng.uniform(-300, 300)
        pairs.append((np.zeros(dim), cov, mean, other))
    for res in in_browser(pairs):
        for name, value in res.items():
            signed = name.startswith("kl") and name.endswith(("trace", "logdet"))
            assert not math.isnan(value) if signed else value >= 0, name


def test_a_slightly_asymmetric_covariance_is_symmetrised():
    cov = np.array([[2, 1 + 1e-9], [1 - 1e-9, 3]])
    pair = np.zeros(2), cov, np.ones(2), np.array([[1.0, 0.5], [0.5, 2.0]])
    (res,) = in_browser([pair])
    for name, ref in distances(Gaussian(*pair[:2]), Gaussian(*pair[2:])).items():
        assert res[name] == pytest.approx(ref, rel=1e-14)


def faults(covs: list) -> list[str]:
    return evaluate("gaussnd.js", "data.map(m.covarianceFault)", covs)


@pytest.mark.parametrize(
    ("cov", "fault"),
    [
        ([[1]], ""),
        ([[0, 0], [0, 0]], ""),
        ([[1, 1], [1, 1]], ""),
        ([[1, 1e-12], [0, 1]], ""),
        (
            [[1, 0.5], [0.4, 1]],
            "It is not symmetric: entry (1, 2) is 0.5, but entry (2, 1) is 0.4.",
        ),
        (
            [[1e10, 0, 0], [0, 1, 0.9], [0, -0.9, 1]],
            "It is not symmetric: entry (2, 3) is 0.9, but entry (3, 2) is −0.9.",
        ),
        (
            [[-2]],
            "It is not positive semi-definite: its smallest eigenvalue is −2, along (1).",
        ),
        (
            [[1, 0, 0], [0, -0.25, 0], [0, 0, 0]],
            "It is not positive semi-definite: its smallest eigenvalue is −0.25, along (0, 1, 0).",
        ),
    ],
)
def test_covariance_fault(cov, fault):
    assert faults([cov]) == [fault]


def test_smallest_eigenvalue_and_its_direction():
    rng = np.random.default_rng(7)
    covs = [symmetric(rng.standard_normal((d, d))) for d in (2, 3, 6, 10) for _ in range(10)]
    covs.append(np.array([[0.0, 1.0], [1.0, 0.0]]))  # eigenvalues of one size
    for cov, fault in zip(covs, faults([cov.tolist() for cov in covs]), strict=True):
        values, basis = np.linalg.eigh(cov)
        assert (fault == "") == (values[0] > 0)
        if not fault:
            continue
        value, _, axis = fault.replace("−", "-").partition(", along ")
        assert float(value.rpartition(" ")[2]) == pytest.approx(values[0], rel=0.006)
        direction = np.array([float(x) for x in axis.strip("().").split(", ")])
        assert abs(direction @ basis[:, 0]) == pytest.approx(1, abs=0.01)


def test_covariance_fault_agrees_with_gausslib():
    rng = np.random.default_rng(8)
    covs = []
    for _ in range(300):
        dim = int(rng.integers(2, 9))
        cov = low_rank(rng, dim) * 10.0 ** rng.uniform(-20, 20)
        cov += symmetric(rng.standard_normal((dim, dim))) * cov.max() * 10.0 ** rng.uniform(-20, -8)
        covs.append(symmetric(cov))
    verdicts = []
    for cov in covs:
        try:
            Gaussian(np.zeros(len(cov)), cov)
            verdicts.append(True)
        except ValueError:
            verdicts.append(False)
    assert 50 < sum(verdicts) < 250
    assert [not fault for fault in faults([cov.tolist() for cov in covs])] == verdicts


@pytest.mark.parametrize("n", [2, 3, 40, 5000])
def test_samples_give_the_gaussian_of_gausslib(n):
    rng = np.random.default_rng(n)
    for dim, offset in ((1, 0), (3, 10), (5, 1e6)):
        x = rng.standard_normal((n, dim)) @ rng.standard_normal((dim, dim)) + offset
        res = evaluate("gaussnd.js", "m.fromSamples(data)", x.tolist())
        ref = Gaussian.from_samples(x)
        np.testing.assert_allclose(res["mean"], ref.mean, rtol=1e-13)
        np.testing.assert_allclose(res["cov"], ref.cov, rtol=1e-12, atol=1e-14)
        assert Gaussian(res["mean"], res["cov"]).entropy() == pytest.approx(ref.entropy())


def test_many_samples_on_a_plane_make_a_singular_gaussian():
    rng = np.random.default_rng(9)
    x = rng.standard_normal((50_000, 2)) @ rng.standard_normal((2, 3))
    res = evaluate("gaussnd.js", "m.fromSamples(data)", x.tolist())
    assert Gaussian(**res).entropy() == -np.inf


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "At least two samples are needed, got 0."),
        ([[1, 2]], "At least two samples are needed, got 1."),
        ([[1e200], [-1e200]], "The covariance of the samples is too large."),
    ],
)
def test_samples_that_have_no_covariance(rows, sentence):
    attempt = "(() => { try { m.fromSamples(data); } catch (error) { return String(error); } })()"
    assert evaluate("gaussnd.js", attempt, rows) == f"RangeError: {sentence}"
