"""The estimators: unbiased, with honest standard errors, refusing where they mean nothing."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import gausslib
from gausslib import Gaussian, kl_divergence, montecarlo
from gausslib.montecarlo import (
    Estimate,
    agrees,
    bhattacharyya_coefficient,
    bhattacharyya_distance,
    chernoff_coefficient,
    cross_entropy,
    entropy,
    hellinger_distance,
    jeffreys_divergence,
    kl_nonnegative,
    kl_plain,
    overlap_coefficient,
    renyi_divergence,
    total_variation,
    w1_distance,
    w2_squared,
)
from reference.pairs import near_cov, random_cov

P = Gaussian([0.0, 0.0], [[1.0, 0.3], [0.3, 1.0]])
CLOSE = Gaussian([0.1, 0.0], [[1.05, 0.25], [0.25, 0.95]])
SHIFTED = Gaussian([1.5, -0.5], P.cov)  # with P, a pair whose total variation has a closed form
WIDE = Gaussian([0.5, -0.5], [[9.0, 1.0], [1.0, 4.0]])
NARROW = Gaussian([0.5, 0.0], [[0.5, 0.1], [0.1, 0.9]])
LINE = Gaussian([1.0, 0.0], [[1.0, 2.0], [2.0, 4.0]])
POINT = Gaussian([1.0, 2.0], [[0.0, 0.0], [0.0, 0.0]])

# Estimator, arguments before rng and size. Where the tails are heavy (the non-negative KL, and
# Rényi beyond 1, near the limits of the variances), the pair is a close one.
PLANNED = [
    (kl_plain, (P, WIDE)),
    (kl_nonnegative, (P, CLOSE)),
    (jeffreys_divergence, (P, WIDE)),
    (cross_entropy, (P, WIDE)),
    (entropy, (WIDE,)),
    (chernoff_coefficient, (P, WIDE, 0.05)),
    (chernoff_coefficient, (P, WIDE, 0.3)),
    (chernoff_coefficient, (P, WIDE, 0.9)),
    (chernoff_coefficient, (P, WIDE, 0.999)),
    (bhattacharyya_coefficient, (P, WIDE)),
    (renyi_divergence, (P, WIDE, 0.3)),
    (renyi_divergence, (P, WIDE, 1)),
    (renyi_divergence, (P, WIDE, 3)),
    (renyi_divergence, (NARROW, P, 2)),
    (bhattacharyya_distance, (P, WIDE)),
    (hellinger_distance, (P, WIDE)),
    (total_variation, (P, SHIFTED)),
    (overlap_coefficient, (P, SHIFTED)),
    (w1_distance, (Gaussian(0, 1), Gaussian(0.5, 4))),
    (w1_distance, (Gaussian(0, 1), Gaussian(3, 0))),
    (w2_squared, (P, WIDE)),
    (w2_squared, (P, LINE)),
]
PLANNED_IDS = [f"{estimator.__name__}{arguments[2:]}" for estimator, arguments in PLANNED]
ESTIMATORS = {estimator: arguments for estimator, arguments in reversed(PLANNED)}


def test_every_estimator_is_planned():
    names = set(montecarlo.__all__) - {"Estimate", "agrees"}
    assert {estimator.__name__ for estimator in ESTIMATORS} == names


def closed_form(estimator, arguments):
    if estimator is entropy:
        return arguments[0].entropy()
    if estimator in (kl_plain, kl_nonnegative):
        return kl_divergence(*arguments)
    return getattr(gausslib, estimator.__name__)(*arguments)


@pytest.mark.parametrize(("estimator", "arguments"), PLANNED, ids=PLANNED_IDS)
def test_errors_are_as_large_as_they_say(estimator, arguments):
    """Plan: 1,000 runs of 2,000 samples; the errors, in standard errors, are standard normal.

    Their mean is zero, their standard deviation one, and 95 % of the intervals cover: each within
    5 sigma, the mean within 0.1 more, because the mean and the error of a skew sample are related.
    """
    exact = closed_form(estimator, arguments)
    rng, runs = np.random.default_rng(2021), 1000
    estimates = [estimator(*arguments, rng, 2000) for _ in range(runs)]
    errors = np.array([(e.value - exact) / e.standard_error for e in estimates])
    assert abs(errors.mean()) < 5 / np.sqrt(runs) + 0.1
    assert abs(errors.std() - 1) < 5 / np.sqrt(2 * runs)
    hits = sum(agrees(estimate, exact, false_alarm=0.05) for estimate in estimates)
    assert abs(hits / runs - 0.95) < 5 * np.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize(("estimator", "arguments"), PLANNED, ids=PLANNED_IDS)
def test_a_wrong_value_does_not_agree(estimator, arguments):
    exact = closed_form(estimator, arguments)
    estimate = estimator(*arguments, np.random.default_rng(0), 200_000)
    assert estimate.size == 200_000
    assert agrees(estimate, exact)
    assert not agrees(estimate, 1.05 * exact)
    assert not agrees(estimate, 0.95 * exact)


@pytest.mark.parametrize("d", [1, 2, 3, 5, 8])
def test_every_dimension(d):
    rng = np.random.default_rng(d)
    cov = random_cov(rng, d)
    p, q = Gaussian(rng.standard_normal(d), cov), Gaussian(np.zeros(d), near_cov(rng, cov, 0.4))
    for estimator in ESTIMATORS:
        if estimator is w1_distance and d > 1:
            continue
        equal = estimator in (total_variation, overlap_coefficient)
        other = Gaussian(q.mean, p.cov) if equal else q
        arguments = (p, other, 0.3)[: len(ESTIMATORS[estimator])]
        estimate = estimator(*arguments, rng, 50_000)
        assert agrees(estimate, closed_form(estimator, arguments)), estimator


@pytest.mark.parametrize("separation", [1e-3, 1e-6, 1e-9, 1e-12])
def test_near_pairs_keep_a_small_relative_error(separation):
    """The samples are as small as what is estimated, so that their errors are too."""
    rng = np.random.default_rng(0)
    q = Gaussian(P.mean + separation / 2, near_cov(rng, P.cov, separation))
    for estimator in (
        kl_nonnegative,
        jeffreys_divergence,
        bhattacharyya_distance,
        hellinger_distance,
        w2_squared,
    ):
        estimate, exact = estimator(P, q, rng, 50_000), closed_form(estimator, (P, q))
        assert agrees(estimate, exact), estimator
        assert estimate.standard_error < 0.02 * exact, estimator


@pytest.mark.parametrize("p", [P, LINE], ids=["regular", "singular"])
def test_w2_of_identical_gaussians_is_zero(p):
    """Sampled through the coupling, where a distance of estimated covariances is positive."""
    assert w2_squared(p, p, np.random.default_rng(0), 100) == (0.0, 0.0, 100)


@pytest.mark.parametrize(
    ("estimator", "value"),
    [
        (kl_plain, 0),
        (kl_nonnegative, 0),
        (jeffreys_divergence, 0),
        (bhattacharyya_coefficient, 1),
        (bhattacharyya_distance, 0),
        (hellinger_distance, 0),
        (total_variation, 0),
        (overlap_coefficient, 1),
    ],
)
def test_identical_gaussians_leave_no_error(estimator, value):
    estimate = estimator(P, P, np.random.default_rng(0), 100)
    assert estimate == (value, 0.0, 100)
    assert agrees(estimate, value)
    assert not agrees(estimate, value + 1e-12)


@pytest.mark.parametrize("alpha", [0, 1])
def test_chernoff_coefficient_at_the_ends_is_one(alpha):
    assert chernoff_coefficient(P, WIDE, alpha, np.random.default_rng(0), 100) == (1.0, 0.0, 100)


def test_w1_of_one_variance_is_the_shift():
    estimate = w1_distance(Gaussian(5, 2), Gaussian(2, 2), np.random.default_rng(0), 100)
    assert estimate == (3.0, 0.0, 100)


def test_w2_of_one_covariance_is_the_shift():
    estimate = w2_squared(P, SHIFTED, np.random.default_rng(0), 100)
    assert estimate == (1.5**2 + 0.5**2, 0.0, 100)


def test_w2_between_points_and_singular_gaussians():
    rng = np.random.default_rng(0)
    for pair in [(POINT, P), (LINE, POINT), (LINE, Gaussian([0, 1], [[1, 0], [0, 0]]))]:
        assert agrees(w2_squared(*pair, rng, 50_000), gausslib.w2_squared(*pair))
    assert w2_squared(POINT, Gaussian([0, 0], POINT.cov), rng, 10).value == 5.0


def test_w2_of_estimated_covariances_is_biased():
    """Why `w2_squared` does not estimate covariances. Plan: 4,000 runs of two times 400 samples.

    For two sets of n samples of one Gaussian, whose variances along its axes are a, n times the
    squared distance of the two fits is on average 2 Σ aᵢ + Σᵢⱼ aᵢaⱼ (1 + [i = j])/(aᵢ + aⱼ) for
    large n, where the truth is zero. The mean must lie within 5 sigma and 1/100, as 1/n is left.
    """
    rng, runs, n = np.random.default_rng(2021), 4000, 400
    a = np.linalg.eigvalsh(WIDE.cov)
    pairs = np.outer(a, a) * (1 + np.eye(2)) / np.add.outer(a, a)
    expected = 2 * a.sum() + pairs.sum()

    fits = []
    for _ in range(2):
        x = WIDE.sample(rng, (runs, n))
        x_centred = x - x.mean(axis=1, keepdims=True)
        cov = np.einsum("rni,rnj->rij", x_centred, x_centred) / (n - 1)
        fits.append(Gaussian(x.mean(axis=1), cov))
    values = n * gausslib.w2_squared(*fits)
    error = values.std(ddof=1) / np.sqrt(runs)
    assert abs(values.mean() - expected) < 5 * error + expected / 100
    assert values.mean() > 50 * error


def test_total_variation_in_one_dimension():
    p, q = Gaussian(0, 1), Gaussian(1, 4)
    ref = quad(lambda x: abs(norm.pdf(x) - norm.pdf(x, 1, 2)) / 2, -20, 20, limit=200)[0]
    assert agrees(total_variation(p, q, np.random.default_rng(0), 100_000), ref)


@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.7])
def test_ratios_to_a_mixture_are_bounded(alpha):
    far = Gaussian([30.0, 0.0], WIDE.cov)
    rng = np.random.default_rng(0)
    for q in (CLOSE, WIDE, far):
        for _ in range(50):
            assert 0 <= chernoff_coefficient(P, q, alpha, rng, 2).value <= 1
            assert 0 <= total_variation(P, q, rng, 2).value <= 1
            assert 0 <= hellinger_distance(P, q, rng, 2).value <= 1


@pytest.mark.parametrize("estimator", [kl_nonnegative, jeffreys_divergence])
def test_never_negative(estimator):
    rng = np.random.default_rng(0)
    assert min(estimator(P, CLOSE, rng, 2).value for _ in range(200)) >= 0


def test_far_pairs_give_finite_logarithms():
    """All the weights underflow, their logarithms don't: too small a sample, but no NaN."""
    p, q = Gaussian(0, 1), Gaussian(1000, 1)
    for estimate in (
        bhattacharyya_distance(p, q, np.random.default_rng(0), 100),
        renyi_divergence(p, q, 0.3, np.random.default_rng(0), 100),
    ):
        assert estimate.value > 1000
        assert np.isfinite(estimate.standard_error)


def test_float32_is_computed_in_double():
    p, q = (Gaussian(np.float32(mean), np.float32(cov)) for mean, cov in ((0.1, 1.1), (0.3, 1.7)))
    p64, q64 = (Gaussian(g.mean.astype(float), g.cov.astype(float)) for g in (p, q))
    for estimator in (kl_plain, jeffreys_divergence, cross_entropy, w2_squared):
        res = estimator(p, q, np.random.default_rng(0), 100)
        assert res == estimator(p64, q64, np.random.default_rng(0), 100)
        assert type(res.value) is float


# Which variances are infinite


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
@pytest.mark.parametrize(("ratio", "finite"), [(1.9, True), (2.0, False), (2.1, False)])
def test_infinite_variance_of_kl_is_refused(scale, ratio, finite):
    """In one oblique direction, with coordinates of any size."""
    rng = np.random.default_rng(0)
    units = np.diag([1.0, scale, scale**2])
    root = units @ rng.standard_normal((3, 3))
    p = Gaussian(np.zeros(3), root @ root.T)
    q = Gaussian(np.zeros(3), root @ np.diag([0.5, 1.0, ratio]) @ root.T)
    if finite:
        assert kl_nonnegative(p, q, rng, 100).value > 0
    else:
        with pytest.raises(ValueError, match=r"^q must have less than 2 times .* infinite; got 2"):
            kl_nonnegative(p, q, rng, 100)


@pytest.mark.parametrize("alpha", [1.001, 1.5, 2.0, 10.0])
def test_infinite_variance_of_renyi_is_refused(alpha):
    rng, q = np.random.default_rng(0), Gaussian.standard(2)
    limit = (2 * alpha - 1) / (2 * alpha - 2)
    estimate = renyi_divergence(Gaussian([0, 0], [[0.99 * limit, 0], [0, 1]]), q, alpha, rng, 100)
    assert np.isfinite(estimate.value)
    for variance in (limit, 1.01 * limit):
        with pytest.raises(ValueError, match=r"^p must have less than .* infinite; got"):
            renyi_divergence(Gaussian([0, 0], [[variance, 0], [0, 1]]), q, alpha, rng, 100)


@pytest.mark.parametrize("variance", [1.45, 1.55, 1.95, 2.05])
def test_refused_where_the_second_moment_diverges(variance):
    """Seen from the densities: its integrand does not vanish far away."""

    def accepted(estimator, *arguments):
        try:
            estimator(*arguments, np.random.default_rng(0), 100)
        except ValueError:
            return False
        return True

    p, q = Gaussian(0, 1), Gaussian(0, variance)
    near, far = (2 * q.logpdf(x) - p.logpdf(x) for x in (1e2, 1e3))  # r² p with r = q/p
    assert accepted(kl_nonnegative, p, q) == (far < near)
    p, q = q, p
    near, far = (3 * p.logpdf(x) - 2 * q.logpdf(x) for x in (1e2, 1e3))  # (p/q)² p for order 2
    assert accepted(renyi_divergence, p, q, 2) == (far < near)


# Sizes at the ends of the range of doubles


def test_tiny_lengths_keep_an_error():
    p, q = Gaussian(0, 1e-200), Gaussian(0, 4e-200)
    estimate = w2_squared(p, q, np.random.default_rng(0), 10_000)
    assert 0 < estimate.standard_error < 0.02 * estimate.value
    assert agrees(estimate, gausslib.w2_squared(p, q))


@pytest.mark.parametrize(
    ("estimator", "p", "q"),
    [
        (w2_squared, Gaussian(0, 1), Gaussian(1e160, 1)),
        (kl_plain, Gaussian(0, 1), Gaussian(0, 1e-310)),
        (jeffreys_divergence, Gaussian(0, 1), Gaussian(1e200, 1)),
    ],
)
def test_overflow_is_refused(estimator, p, q):
    with pytest.raises(ValueError, match=r"^p and q must not be so large or so far .* got inf"):
        estimator(p, q, np.random.default_rng(0), 100)


# Input


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_size_and_rng_are_checked(estimator):
    arguments = ESTIMATORS[estimator]
    for size, error, words in [
        (1, ValueError, "size must be at least 2, got 1"),
        (-5, ValueError, "size must be at least 2, got -5"),
        (2.5, TypeError, "size must be an integer, got 2.5"),
        (True, TypeError, "size must be an integer, got True"),
        ((10, 2), TypeError, r"size must be an integer, got \(10, 2\)"),
    ]:
        with pytest.raises(error, match=words):
            estimator(*arguments, np.random.default_rng(0), size)
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, got int"):
        estimator(*arguments, 0, 10)
    assert estimator(*arguments, np.random.default_rng(0), np.int64(10)).size == 10


@pytest.mark.parametrize("estimator", [e for e in ESTIMATORS if e is not entropy])
def test_only_single_pairs_of_one_dimension(estimator):
    batch, rng = Gaussian([[0.0, 0.0], [1.0, 1.0]], P.cov), np.random.default_rng(0)
    rest = ESTIMATORS[estimator][2:]
    for pair, error, words in [
        ((batch, P), ValueError, r"p must be a single Gaussian, got batch shape \(2,\)"),
        ((P, batch), ValueError, r"q must be a single Gaussian, got batch shape \(2,\)"),
        ((P, Gaussian(0, 1)), ValueError, "got 2 and 1"),
        ((P, P.cov), TypeError, "q must be a Gaussian, got ndarray"),
    ]:
        with pytest.raises(error, match=words):
            estimator(*pair, *rest, rng, 100)
    if estimator not in (w1_distance, w2_squared):
        with pytest.raises(ValueError, match=r"^q must have a density, got the singular Gaussian"):
            estimator(P, LINE, *rest, rng, 100)
    if estimator not in (w1_distance, w2_squared, cross_entropy):
        with pytest.raises(ValueError, match=r"^p must have a density, got the singular Gaussian"):
            estimator(LINE, P, *rest, rng, 100)


def test_entropy_of_a_single_gaussian_with_a_density():
    rng = np.random.default_rng(0)
    for p, error, words in [
        (Gaussian([[0.0], [1.0]], [[1.0]]), ValueError, r"p must be a single .* \(2,\)"),
        (LINE, ValueError, "p must have a density, got the singular Gaussian"),
        (P.cov, TypeError, "p must be a Gaussian, got ndarray"),
    ]:
        with pytest.raises(error, match=words):
            entropy(p, rng, 100)


def test_cross_entropy_from_a_singular_gaussian():
    ref = gausslib.cross_entropy(LINE, P)
    assert agrees(cross_entropy(LINE, P, np.random.default_rng(0), 50_000), ref)


@pytest.mark.parametrize(
    ("estimator", "alpha", "error", "words"),
    [
        (chernoff_coefficient, -0.1, ValueError, "alpha must lie between 0 and 1, got -0.1"),
        (chernoff_coefficient, 1.1, ValueError, "alpha must lie between 0 and 1, got 1.1"),
        (chernoff_coefficient, float("nan"), ValueError, "alpha must lie .* got nan"),
        (chernoff_coefficient, "0.5", TypeError, "alpha must hold real numbers"),
        (renyi_divergence, 0, ValueError, "alpha must be positive and finite, got 0.0"),
        (renyi_divergence, float("inf"), ValueError, "alpha must be positive and finite, got inf"),
        (renyi_divergence, float("nan"), ValueError, "alpha must be positive and finite, got nan"),
        (renyi_divergence, [0.3, 0.5], ValueError, r"alpha must be a single number, .* \(2,\)"),
        (renyi_divergence, True, TypeError, "alpha must hold real numbers, got dtype bool"),
    ],
)
def test_alpha_is_checked(estimator, alpha, error, words):
    with pytest.raises(error, match=words):
        estimator(P, CLOSE, alpha, np.random.default_rng(0), 100)


# agrees


def test_agrees_at_the_stated_rate():
    """A normal error beyond 1.96 standard deviations happens in 5 of 100 cases."""
    assert agrees(Estimate(1.95, 1.0, 10), 0.0, 0.05)
    assert not agrees(Estimate(1.97, 1.0, 10), 0.0, 0.05)
    assert agrees(Estimate(-4.89, 1.0, 10), 0.0)
    assert not agrees(Estimate(-4.90, 1.0, 10), 0.0)
    assert not agrees(Estimate(100.0, 1.0, 10), 0.0, 5e-324)


def test_agrees_without_an_error_up_to_rounding():
    assert agrees(Estimate(3.0, 0.0, 10), 3 * (1 + 1e-15))
    assert not agrees(Estimate(3.0, 0.0, 10), 3 * (1 + 1e-13))
    assert agrees(Estimate(0.0, 0.0, 10), 0.0)
    assert not agrees(Estimate(0.0, 0.0, 10), 5e-324)


@pytest.mark.parametrize("exact", [float("inf"), -float("inf")])
def test_no_estimate_agrees_with_an_infinite_value(exact):
    assert not agrees(Estimate(1e300, 1e300, 10), exact)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((Estimate(float("nan"), 1.0, 10), 0.0), ValueError, "^estimate .* got .*nan"),
        (
            (Estimate(float("inf"), 1.0, 10), float("inf")),
            ValueError,
            "^estimate .* got .*inf",
        ),
        ((Estimate(0.0, float("inf"), 10), 0.0), ValueError, "^estimate .* got .*inf"),
        ((Estimate(0.0, float("nan"), 10), 0.0), ValueError, "^estimate .* got .*nan"),
        ((Estimate(0.0, -1.0, 10), 0.0), ValueError, "^estimate must .* got .*-1.0"),
        ((0.0, 0.0), TypeError, "estimate must be an Estimate, got float"),
        ((Estimate(0.0, 1.0, 10), float("nan")), ValueError, "exact must be .* got nan"),
        ((Estimate(0.0, 1.0, 10), np.zeros(3)), ValueError, r"exact must be a single .* \(3,\)"),
        ((Estimate(0.0, 1.0, 10), None), TypeError, "exact must hold real numbers"),
        *(
            ((Estimate(0.0, 1.0, 10), 0.0, x), ValueError, f"false_alarm must lie .* got {x}")
            for x in (0.0, 1.0, -1.0, float("nan"))
        ),
    ],
)
def test_agrees_refuses_what_means_nothing(arguments, error, words):
    with pytest.raises(error, match=words):
        agrees(*arguments)
