"""The estimators: unbiased, with honest standard errors, refusing where they mean nothing."""

import numpy as np
import pytest

from gausslib import Gaussian, kl_divergence
from gausslib.montecarlo import Estimate, agrees, kl_nonnegative, kl_plain

P = Gaussian([0.0, 0.0], [[1.0, 0.3], [0.3, 1.0]])
Q = Gaussian([0.3, -0.1], [[1.2, 0.1], [0.1, 0.8]])


CLOSE = Gaussian([0.1, 0.0], [[1.05, 0.25], [0.25, 0.95]])


@pytest.mark.parametrize(("estimator", "q"), [(kl_plain, Q), (kl_nonnegative, CLOSE)])
def test_intervals_cover_as_often_as_they_say(estimator, q):
    """Plan: 2,000 runs of 2,000 samples; 95 % intervals; the count must lie within 5 sigma.

    The non-negative estimator has heavy tails where twice the covariance of p hardly
    exceeds that of q (for the pair P, Q only 90 % of the intervals of 500 samples cover),
    so it is held to the plan on a close pair.
    """
    exact = kl_divergence(P, q)
    rng = np.random.default_rng(2021)
    runs = 2000
    hits = sum(agrees(estimator(P, q, 2000, rng), exact, false_alarm=0.05) for _ in range(runs))
    assert abs(hits / runs - 0.95) < 5 * np.sqrt(0.05 * 0.95 / runs)


def test_a_wrong_value_does_not_agree():
    estimate = kl_plain(P, Q, 200_000, np.random.default_rng(0))
    assert agrees(estimate, kl_divergence(P, Q))
    assert not agrees(estimate, kl_divergence(Q, P) * 1.2)


def test_nonnegative_estimate_is_never_negative():
    rng = np.random.default_rng(0)
    assert min(kl_nonnegative(P, Q, 2, rng).value for _ in range(200)) >= 0


@pytest.mark.parametrize("variance", [2.0, 3.0])
def test_infinite_variance_is_refused(variance):
    with pytest.raises(ValueError, match="infinite"):
        kl_nonnegative(Gaussian(0, 1), Gaussian(0, variance), 100, np.random.default_rng(0))


@pytest.mark.parametrize("size", [0, 1])
def test_too_few_samples_are_refused(size):
    with pytest.raises(ValueError, match="size"):
        kl_plain(P, Q, size, np.random.default_rng(0))


@pytest.mark.parametrize("false_alarm", [0.0, 1.0, -1.0, float("nan")])
def test_false_alarm_is_a_probability(false_alarm):
    with pytest.raises(ValueError, match="false_alarm"):
        agrees(Estimate(0.0, 1.0, 10), 0.0, false_alarm)


@pytest.mark.parametrize("estimator", [kl_plain, kl_nonnegative])
def test_only_single_pairs_of_one_dimension(estimator):
    batch, rng = Gaussian([[0.0, 0.0], [1.0, 1.0]], P.cov), np.random.default_rng(0)
    for pair, words in [
        ((batch, Q), r"p must be a single Gaussian, got batch shape \(2,\)"),
        ((P, batch), r"q must be a single Gaussian, got batch shape \(2,\)"),
        ((P, Gaussian(0, 1)), "got 2 and 1"),
    ]:
        with pytest.raises(ValueError, match=words):
            estimator(*pair, 100, rng)
