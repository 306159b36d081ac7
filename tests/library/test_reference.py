"""The library against values computed at high precision, single pairs and batches alike."""

from collections import defaultdict

import mpmath as mp
import numpy as np
import pytest

from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    hellinger_distance,
    kl_divergence,
    renyi_divergence,
    w2_distance,
    w2_squared,
)
from reference.oracle import (
    exact_bhattacharyya,
    exact_kl,
    exact_w2,
    exact_w2_of_roots,
    relative_error,
)
from reference.pairs import (
    TARGETS,
    Case,
    fresh_cases,
    near_cov,
    random_cov,
    reference_cases,
    thin_cov,
)

CASES = reference_cases()


def values(p, q):
    return {
        "kl_pq": kl_divergence(p, q),
        "kl_qp": kl_divergence(q, p),
        "bhattacharyya": bhattacharyya_distance(p, q),
        "hellinger": hellinger_distance(p, q),
        "renyi_03": renyi_divergence(p, q, 0.3),
        "renyi_2": renyi_divergence(p, q, 2),
        "w2": w2_distance(p, q),
        "w2_sq": w2_squared(p, q),
    }


def assert_on_target(case: Case, found):
    kl, renyi, w2 = TARGETS[case.family]
    targets = dict.fromkeys(("bhattacharyya", "hellinger", "renyi_03", "renyi_2"), renyi)
    targets |= {"kl_pq": kl, "kl_qp": kl, "w2": w2, "w2_sq": 2 * w2}
    expected = {"w2_sq": mp.mpf(case.expected["w2"]) ** 2} | case.expected
    errors = {key: relative_error(found[key], expected[key]) for key in targets}
    missed = {key: error for key, error in errors.items() if not error <= targets[key]}
    assert not missed, case.name


def assert_batch_on_target(cases: list[Case]):
    """One batch for each dimension."""
    by_dimension = defaultdict(list)
    for case in cases:
        by_dimension[case.mean_p.size].append(case)
    for group in by_dimension.values():
        p = Gaussian([case.mean_p for case in group], [case.cov_p for case in group])
        q = Gaussian([case.mean_q for case in group], [case.cov_q for case in group])
        found = values(p, q)
        for i, case in enumerate(group):
            assert_on_target(case, {key: value[i] for key, value in found.items()})


def test_all_cases_are_there():
    assert len(CASES) == 132
    assert {case.family for case in CASES} == set(TARGETS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_single_pair(case):
    p, q = Gaussian(case.mean_p, case.cov_p), Gaussian(case.mean_q, case.cov_q)
    assert_on_target(case, values(p, q))


def test_batch_of_all_families():
    assert_batch_on_target(CASES)


@pytest.mark.parametrize("family", sorted(TARGETS))
def test_batch_of_one_family(family):
    assert_batch_on_target([case for case in CASES if case.family == family])


@pytest.fixture(scope="module")
def fresh():
    return fresh_cases(np.random.default_rng(3), dims=(2, 3, 6), count=3)


@pytest.mark.parametrize("family", sorted(TARGETS))
def test_fresh_pairs_of_the_family(family, fresh):
    cases = [case for case in fresh if case.family == family]
    assert len(cases) >= 9
    for case in cases:
        p, q = Gaussian(case.mean_p, case.cov_p), Gaussian(case.mean_q, case.cov_q)
        assert_on_target(case, values(p, q))
    assert_batch_on_target(cases)


def test_fresh_batch_of_all_families(fresh):
    assert_batch_on_target(fresh)


def worst_errors(pairs):
    """Worst relative error of KL, Bhattacharyya, W2 over (mean_p, cov_p, mean_q, cov_q)."""
    functions = {
        kl_divergence: exact_kl,
        bhattacharyya_distance: exact_bhattacharyya,
        w2_distance: exact_w2,
    }
    worst = dict.fromkeys(functions, 0.0)
    for pair in pairs:
        single = Gaussian(*pair[:2]), Gaussian(*pair[2:])
        batch = tuple(Gaussian(g.mean[None], g.cov[None]) for g in single)
        for function, oracle in functions.items():
            reference = oracle(*pair)
            for value in (function(*single), function(*batch)[0]):
                worst[function] = max(worst[function], relative_error(value, reference))
    return list(worst.values())


@pytest.mark.parametrize(
    ("scale_p", "scale_q"), [(1e150, 1), (1e-150, 1), (1e150, 1e150), (1, 1e-90)]
)
def test_fresh_pairs_of_extreme_scale(scale_p, scale_q):
    rng = np.random.default_rng(200)
    mean = [np.sqrt(scale) * rng.standard_normal(3) for scale in (scale_p, scale_q)]
    pair = mean[0], scale_p * random_cov(rng, 3), mean[1], scale_q * random_cov(rng, 3)
    assert (np.array(worst_errors([pair])) <= TARGETS["scale"]).all()


@pytest.mark.parametrize("d", [1, 2, 3, 6])
def test_switch_between_formulas(d):
    rng = np.random.default_rng(300 + d)
    pairs = []
    for separation in 10.0 ** np.arange(-14, 0.3, 0.5):
        mean, cov = rng.standard_normal(d), random_cov(rng, d)
        other = near_cov(rng, cov, separation)
        if not np.array_equal(cov, other):
            pairs += [(mean, cov, mean, other), (mean, other, mean, cov)]
    assert len(pairs) > 40
    assert (np.array(worst_errors(pairs)) <= (2e-14, 1e-13, 1e-14)).all()


@pytest.mark.parametrize("condition", [1e4, 1e8, 1e12])
@pytest.mark.parametrize("d", [2, 3, 5])
def test_fresh_ill_conditioned_pairs(d, condition):
    # A plain Cholesky factor would cost the whole condition number; a sharp one costs KL its square
    # root, and Bhattacharyya, which meets no inverse of a thin direction alone, nothing.
    rng = np.random.default_rng(600 + d)
    pairs = [
        (
            rng.standard_normal(d),
            thin_cov(rng, d, condition),
            np.zeros(d),
            thin_cov(rng, d, condition),
        )
        for _ in range(20)
    ]
    kl, bd, w2 = worst_errors(pairs)
    assert kl <= 8 * np.finfo(float).eps * np.sqrt(condition)
    assert bd <= 1e-13
    assert w2 <= 5e-15


def test_bhattacharyya_of_thin_parallel_ellipses():
    # Their mean covariance is thin too, and the rounding of that sum would already cost digits.
    rng = np.random.default_rng(650)
    pairs = []
    for condition in np.repeat([1e4, 1e6, 1e8, 1e10], 10):
        cov = thin_cov(rng, 2, condition)
        other = near_cov(rng, cov, 1.0) * rng.uniform(0.5, 2)
        pairs.append((rng.standard_normal(2), cov, np.zeros(2), other))
    assert worst_errors(pairs)[1] <= 1e-13


@pytest.mark.parametrize("d", [2, 3, 5])
def test_fresh_near_pairs_of_condition_1e6(d):
    rng = np.random.default_rng(700 + d)
    pairs = []
    for separation in np.repeat([1e-3, 1e-6, 1e-9, 1e-12], 15):
        mean, cov = rng.standard_normal(d), thin_cov(rng, d, 1e6)
        pairs.append((mean, cov, mean, near_cov(rng, cov, separation)))
    assert (np.array(worst_errors(pairs)) <= TARGETS["near_ill"]).all()


@pytest.mark.parametrize("d", [3, 5, 7])
def test_fresh_singular_pairs_far_from_round(d):
    # A random integer basis of the plane: the covariances inside it are ill-conditioned.
    rng = np.random.default_rng(800 + d)
    compared = 0
    for _ in range(20):
        basis = rng.integers(-3, 4, (d, d - 1))
        inner = rng.integers(-2, 3, (d - 1, d - 1))
        cov_p, cov_q = np.eye(d - 1), inner @ inner.T + np.eye(d - 1)
        if np.linalg.matrix_rank(basis) < d - 1:
            continue
        shift = rng.integers(-3, 4, d - 1)
        p = Gaussian(np.zeros(d), basis @ basis.T)
        q = Gaussian(basis @ shift, basis @ cov_q @ basis.T)
        inside_p, inside_q = (np.zeros(d - 1), cov_p), (shift, cov_q)
        assert relative_error(kl_divergence(p, q), exact_kl(*inside_p, *inside_q)) <= 1e-14
        assert relative_error(kl_divergence(q, p), exact_kl(*inside_q, *inside_p)) <= 1e-14
        exact = exact_bhattacharyya(*inside_p, *inside_q)
        assert relative_error(bhattacharyya_distance(p, q), exact) <= 1e-14
        compared += 1
    assert compared >= 15


@pytest.mark.parametrize(("d", "rank"), [(2, 1), (3, 2), (5, 2), (5, 4)])
def test_fresh_singular_pairs_on_one_support(d, rank):
    # Small integers keep every product exact, so the support is one to the last bit.
    rng = np.random.default_rng(400 + 10 * d + rank)
    for _ in range(5):
        embed = np.vstack([np.eye(rank), rng.integers(-3, 4, (d - rank, rank))])
        embed = embed[rng.permutation(d)]
        roots = [
            np.tril(rng.integers(-1, 2, (rank, rank)), -1) + np.diag(rng.integers(1, 4, rank))
            for _ in range(2)
        ]
        shift = rng.integers(-5, 6, rank)
        cov_p, cov_q = (root @ root.T for root in roots)
        inside = np.zeros(rank), cov_p, shift, cov_q
        p = Gaussian(np.zeros(d), embed @ cov_p @ embed.T)
        q = Gaussian(embed @ shift, embed @ cov_q @ embed.T)
        assert relative_error(kl_divergence(p, q), exact_kl(*inside)) <= 1e-14
        assert relative_error(bhattacharyya_distance(p, q), exact_bhattacharyya(*inside)) <= 1e-14
        root_p, root_q = (mp.matrix((embed @ root).tolist()) for root in roots)
        w2 = exact_w2_of_roots(mp.matrix((embed @ shift).tolist()), root_p, root_q)
        assert relative_error(w2_distance(p, q), w2) <= 5e-15

        # A step off the support, or another direction, and the two are mutually singular.
        normal = np.linalg.svd(embed)[0][:, -1]
        off = Gaussian(q.mean + 1e-6 * normal, q.cov)
        full = Gaussian(q.mean, q.cov + np.outer(normal, normal))
        for a, b in ((p, off), (off, p), (p, full), (full, p)):
            assert kl_divergence(a, b) == np.inf
            assert bhattacharyya_distance(a, b) == np.inf
            assert np.isfinite(w2_distance(a, b))


def thin_ellipses(rng, ratio):
    """Three pairs of thin ellipses: nearly identical, turned a little, crossing."""
    axes = np.array([1, ratio]) * 10 ** rng.uniform(-1, 1)
    angle, separation = rng.uniform(0, np.pi), 10 ** rng.uniform(-12, -3)
    p = Gaussian.from_axes([0, 0], axes, angle)
    stretched = axes * (1 + separation * rng.uniform(-1, 1, 2))
    return [
        (p, Gaussian.from_axes([0, 0], stretched, angle)),
        (p, Gaussian.from_axes([0, separation * ratio], stretched, angle + separation * ratio)),
        (
            p,
            Gaussian.from_axes(
                [0.3, 0.1], axes * rng.uniform(0.5, 2, 2), angle + rng.uniform(0, np.pi)
            ),
        ),
    ]


def test_thin_ellipses():
    # The browser computes with the same doubles and is compared with gausslib to 1e-9.
    rng = np.random.default_rng(500)
    ratios = 1e-3 ** (np.arange(25) % 5 / 4)
    groups = zip(*(thin_ellipses(rng, ratio) for ratio in ratios), strict=True)
    *near, crossing = ([(p.mean, p.cov, q.mean, q.cov) for p, q in group] for group in groups)
    for group in near:
        assert (np.array(worst_errors(group)) <= (2e-10, 2e-10, 1e-12)).all()
    assert (np.array(worst_errors(crossing)) <= (1e-13, 1e-12, 1e-14)).all()
