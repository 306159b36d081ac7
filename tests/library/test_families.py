"""The families of hard questions, and the laws behind them."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import laws, seeds

from benchmark import families
from benchmark.families import FAMILIES
from benchmark.programs import GAUSSLIB, TEXTBOOK
from gausslib import (
    Gaussian,
    bhattacharyya_distance,
    chernoff_information,
    hellinger_distance,
    jeffreys_divergence,
    kl_divergence,
    renyi_divergence,
    transport_map,
    w2_barycenter,
    w2_geodesic,
)
from gausslib._factor import EPS, pivot_floor
from reference import oracle
from reference.pairs import random_cov

SEED = 12  # the benchmark has another
SIZES = {name: family.quick for name, family in FAMILIES.items()} | {
    "units": {"dims": (2, 3, 6, 12), "count": 2},
    "float32": {"dims": (512,)},
    "float32, large": {"dims": (200,)},
    "float32, in doubt": {"dims": (512,)},
    "float32, samples": {"dims": (128, 512)},
    "float32 and 64": {"count": 200},
    "factors": {"dims": (2, 3, 5), "count": 6, "thinnest": 1e-11, "thickest": 1e-6},
    "factors, thinner": {"dims": (2, 3, 5), "count": 6, "thinnest": 1e-18, "thickest": 1e-11},
    "any order": {"dims": (3,), "count": 2, "conditions": (1e2, 1e5, 1e8, 1e9)},
    "ends": {"dims": (1, 2, 3)},
    "coordinates": {"dims": (2, 5, 20), "count": 4},
    "crossed": {"dims": (2,) * 3, "axes": families.AXES},
    "needles": {"dims": (3, 5) * 2, "axes": families.AXES[:-1]},
}


@pytest.fixture(scope="module")
def questions():
    """The questions of a family, by quantity; they are asked once."""
    known = {}

    def ask(name):
        if name not in known:
            by_quantity = known[name] = {}
            for question in FAMILIES[name].ask(np.random.default_rng(SEED), **SIZES[name]):
                by_quantity.setdefault(question.quantity, []).append(question)
        return known[name]

    return ask


def worst(questions, programs, errors_of):
    return {
        quantity: max(errors_of(programs[quantity], asked))
        for quantity, asked in questions.items()
        if quantity in programs
    }


def missed(name, errors):
    targets = FAMILIES[name].targets
    return {key: error for key, error in errors.items() if not error <= targets[key]}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_question_is_answered_within_the_target(questions, name):
    errors = worst(questions(name), GAUSSLIB, families.single_errors)
    assert set(errors) == set(questions(name))
    assert missed(name, errors) == {}


@pytest.mark.parametrize("name", [name for name in FAMILIES if not FAMILIES[name].only])
def test_a_batch_meets_the_same_targets(questions, name):
    errors = worst(questions(name), GAUSSLIB, families.batch_errors)
    assert missed(name, errors) == {}


@pytest.mark.parametrize(
    ("name", "program", "quantity"),
    [
        ("units", "textbook: sqrtm", "map"),
        ("units", "textbook: sqrtm", "geodesic"),
        ("units", "textbook: sqrtm", "barycenter"),
        ("factors, thinner", "textbook: solve, slogdet", "kl_of_factors"),
        ("ends", "textbook: sqrtm", "map"),
        ("coordinates", "NumPy: matrix_rank", "rank"),
        ("coordinates", "textbook: solve, slogdet", "kl"),
    ],
)
def test_the_textbook_fails(questions, name, program, quantity):
    errors = families.single_errors(TEXTBOOK[program][quantity], questions(name)[quantity])
    assert max(errors) > families.FAILURE


@pytest.mark.parametrize("name", FAMILIES)
def test_an_answer_that_is_a_little_wrong_is_noticed(questions, name):
    """A change of an answer by four times the target misses it."""
    for quantity, target in FAMILIES[name].targets.items():
        question = questions(name)[quantity][0]
        answer = np.asarray(GAUSSLIB[quantity](*question.given)(), dtype=float)
        assert question.error(answer) <= target
        assert question.error(answer * (1 + 4 * max(target, EPS)) + (answer == 0)) > target


def test_a_batch_without_an_answer_fails():
    question = families.Question("kl", (np.zeros(1), np.eye(1)) * 2, lambda answer: 0.0)
    prepare = GAUSSLIB["kl"]
    assert families.batch_errors(prepare, [question] * 2) == [0.0, 0.0]
    wrong = question._replace(given=(np.zeros(1), -np.eye(1)) * 2)
    assert families.batch_errors(prepare, [question, wrong]) == [np.inf] * 2
    assert families.single_errors(prepare, [question, wrong]) == [0.0, np.inf]


def test_the_edge_of_being_singular_is_where_the_family_says():
    above, below = (oracle.least_residual(families.kahan(20, c)) for c in families.KAHAN)
    floor = pivot_floor(20, EPS)
    assert 7.5e-15 < above < 8.5e-15
    assert below < floor < above
    rng = np.random.default_rng(SEED)
    for share in (0.25, 4.0):
        found = oracle.least_residual(families.in_doubt(rng, 8, share)) / pivot_floor(8, EPS)
        assert share / 100 < found < 1.1 * share


# --- units -------------------------------------------------------------------------------


def in_units(rng, d, count):
    unit = 10 ** rng.uniform(-6, 6, d)
    return unit, [np.outer(unit, unit) * random_cov(rng, d) for _ in range(count)]


def doubles(matrix):
    return np.array(matrix.tolist(), dtype=float)


def test_thirty_units():
    """Residuals in exact products of the doubles returned: the map, and the mean of the maps."""
    rng = np.random.default_rng(SEED)
    unit, covs = in_units(rng, 30, 3)
    weights = rng.dirichlet(np.full(3, 5.0))
    ps = [Gaussian(np.zeros(30), cov) for cov in covs]
    center = w2_barycenter(ps, weights)
    assert_maps(transport_map(ps[0], ps[1]), covs[0], covs[1], unit, 1e-12)
    maps = [transport_map(center, p) for p in ps]
    for matrix, cov in zip(maps, covs, strict=True):
        assert_maps(matrix, center.cov, cov, unit, 1e-12)
    mean = sum(w * matrix for w, matrix in zip(weights, maps, strict=True))
    assert (np.abs(mean - np.eye(30)) <= 1e-12 * families.map_unit(unit)).all()


def assert_maps(matrix, cov_p, cov_q, unit, tolerance):
    """T is symmetric and positive definite, and T Σp T = Σq in the units of the coordinates."""
    assert (matrix == matrix.T).all()
    scale = np.sqrt(matrix.diagonal())
    np.linalg.cholesky(matrix / np.outer(scale, scale))
    with mp.workdps(60):
        exact = mp.matrix(matrix.tolist())
        lack = exact * mp.matrix(cov_p.tolist()) * exact - mp.matrix(cov_q.tolist())
    assert (np.abs(doubles(lack)) <= tolerance * np.outer(unit, unit)).all()


@laws
@given(seeds, st.integers(1, 5))
def test_the_map_takes_one_covariance_to_the_other_in_units(seed, d):
    unit, covs = in_units(np.random.default_rng(seed), d, 2)
    p, q = (Gaussian(np.zeros(d), cov) for cov in covs)
    assert_maps(transport_map(p, q), *covs, unit, 1e-12)


@laws
@given(seeds, st.integers(2, 5))
def test_the_order_of_coordinates_does_not_matter(seed, d):
    """What is permuted gives the permuted map, geodesic and barycenter, entry by entry."""
    rng = np.random.default_rng(seed)
    unit, covs = in_units(rng, d, 3)
    order = rng.permutation(d)
    turned = np.ix_(order, order)
    ps = [Gaussian(np.zeros(d), cov) for cov in covs]
    qs = [Gaussian(np.zeros(d), cov[turned]) for cov in covs]
    outer = np.outer(unit, unit)
    for function, size in (
        (lambda a, b, c: transport_map(a, b), families.map_unit(unit)),
        (lambda a, b, c: w2_geodesic(a, b, 0.3).cov, outer),
        (lambda *every: w2_barycenter(every).cov, outer),
    ):
        difference = function(*ps)[turned] - function(*qs)
        assert (np.abs(difference) <= 1e-12 * size[turned]).all()


DIVERGENCES = (
    kl_divergence,
    jeffreys_divergence,
    bhattacharyya_distance,
    hellinger_distance,
    chernoff_information,
    lambda p, q: renyi_divergence(p, q, 0.3),
    lambda p, q: renyi_divergence(p, q, 1.5),
)


@laws
@given(seeds, st.integers(1, 5), st.floats(-9, 1))
def test_powers_of_two_as_units_change_no_divergence(seed, d, separation):
    rng = np.random.default_rng(seed)
    mean, cov = rng.standard_normal(d), random_cov(rng, d)
    other = cov + 10**separation * random_cov(rng, d)
    unit = np.ldexp(1.0, rng.integers(-60, 61, d))
    outer = np.outer(unit, unit)
    shift = mean + 10**separation
    p, q = Gaussian(mean, cov), Gaussian(shift, other)
    scaled = Gaussian(unit * mean, outer * cov), Gaussian(unit * shift, outer * other)
    for divergence in DIVERGENCES:
        np.testing.assert_allclose(divergence(*scaled), divergence(p, q), rtol=1e-14)


@laws
@given(seeds, st.integers(2, 6), st.data())
def test_the_verdict_depends_on_neither_order_nor_units(seed, d, data):
    """Singular covariances of small integers have the rank that they were made with."""
    rng = np.random.default_rng(seed)
    rank = data.draw(st.integers(1, d - 1))
    root = rng.integers(-3, 4, (d, rank)).astype(float)
    root[:rank] = np.tril(root[:rank], -1) + np.eye(rank)
    order = rng.permutation(d)
    unit = np.ldexp(1.0, rng.integers(-60, 61, d))
    cov = (root @ root.T)[np.ix_(order, order)] * np.outer(unit, unit)
    p = Gaussian(np.zeros(d), cov)
    assert p.is_singular
    assert p.rank == rank


# --- barycenters -------------------------------------------------------------------------


def test_barycenters_of_crossed_gaussians_take_few_steps():
    rows = families.barycenter_steps(200)
    assert [row["axes"] for row in rows] == list(families.AXES)
    assert max(row["gausslib"] for row in rows) <= 50
    assert rows[0]["fixed point"] < np.inf  # round ones are easy for everybody
    assert rows[2]["fixed point"] == np.inf


def test_steps_of_the_fixed_point_lead_to_the_barycenter():
    """Commuting covariances have the mean of their roots as barycenter, at once."""
    covs = np.array([np.diag([1.0, 4.0]), np.diag([9.0, 16.0])])
    assert families.fixed_point_steps(covs, 10) <= 3
    assert families.fixed_point_error(covs, [0.5, 0.5])(np.diag([4.0, 9.0])) < 1e-50
    assert families.fixed_point_error(covs, [0.5, 0.5])(np.diag([4.0, 9.1])) > 1e-3


@pytest.mark.parametrize(("seed", "d", "axes"), [(38, 2, 1e6), (42, 3, 1e3), (42, 5, 1e3)])
def test_barycenters_of_three_needles_are_found(seed, d, axes):
    rng = np.random.default_rng(seed)
    covs, weights = np.array([families.needle(rng, d, axes) for _ in range(3)]), np.full(3, 1 / 3)
    found = w2_barycenter(Gaussian(np.zeros((3, d)), covs), weights, max_steps=200)
    assert families.fixed_point_error(covs, weights)(found.cov) <= 1e-13
