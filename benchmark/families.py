"""Families of hard questions, each of a kind on which programs went wrong, with their answers.

They stand beside the pairs of `reference.pairs`, and ask for more than distances: units that differ
by many powers of ten, single precision, factors that were given, any order, the ends of the range
of doubles, the order of the coordinates, and barycenters of crossed needles.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

from benchmark.accuracy import FAILURE
from benchmark.programs import BARYCENTER_STEPS, Prepare, Program, quiet
from gausslib import Gaussian, w2_barycenter
from gausslib._factor import EPS, pivot_floor
from reference import oracle
from reference.oracle import relative_error
from reference.pairs import Pair, random_cov, random_orthogonal, symmetric, thin_cov


class Question(NamedTuple):
    """What a program is given, and how wrong its answer is: zero, or infinite for no answer."""

    quantity: str
    given: tuple[Any, ...]
    error: Callable[[Any], float]


class Family(NamedTuple):
    """Questions of one kind; `ask` makes them, given a generator and `quick` or `complete`.

    `targets` has the worst error allowed, by quantity. If programs are named in `only`, no others
    are measured: some take minutes, or much memory, where the dimension is large.
    """

    ask: Callable[..., Iterator[Question]]
    quick: dict[str, Any]
    complete: dict[str, Any]
    targets: dict[str, float]
    only: tuple[str, ...] = ()


def _close_to(reference: Any) -> Callable[[Any], float]:
    return lambda answer: relative_error(answer, reference)


def _exactly(reference: Any) -> Callable[[Any], float]:
    return lambda answer: 0.0 if np.all(answer == reference) else np.inf


def _entries(reference: Any, unit: np.ndarray) -> Callable[[Any], float]:
    """Worst entry of a matrix, each relative to its own unit."""
    numbers = np.array(reference.tolist(), dtype=float)
    return lambda answer: float(np.max(np.abs(answer - numbers) / unit))


# --- coordinates in different units ----------------------------------------------------


def map_unit(units: np.ndarray) -> np.ndarray:
    """Size of the entries of a symmetric map between coordinates of these units."""
    ratio = np.divide.outer(units, units)
    return np.minimum(ratio, ratio.T)


def barycenter_error(covs: Any, weights: Any, units: np.ndarray) -> Callable[[Any], float]:
    """How far the mean of the maps from an answer to `covs` is from the identity."""

    def error(answer: Any) -> float:
        lack = oracle.exact_mean_map(answer, covs, weights) - mp.eye(len(units))
        return float(np.max(np.abs(np.array(lack.tolist(), dtype=float)) / map_unit(units)))

    return error


def units(rng: np.random.Generator, dims: Iterable[int], count: int) -> Iterator[Question]:
    """Mild correlations, and units from 1e-6 to 1e6: rising, falling and in no order."""
    for d in dims:
        for i in range(3 * count):
            unit = np.sort(10 ** rng.uniform(-6, 6, d))
            unit = (unit, unit[::-1], rng.permutation(unit))[i % 3]
            outer = np.outer(unit, unit)
            covs = np.array([outer * random_cov(rng, d) for _ in range(3)])
            weights = rng.dirichlet(np.full(3, 5.0))
            pair = np.zeros(d), covs[0], np.zeros(d), covs[1]
            exact = oracle.exact_map(covs[0], covs[1])
            yield Question("map", pair, _entries(exact, map_unit(unit)))
            between = oracle.exact_geodesic_cov(covs[0], 0.3, exact)
            yield Question("geodesic", (*pair, 0.3), _entries(between, outer))
            yield Question("barycenter", (covs, weights), barycenter_error(covs, weights, unit))


# --- single precision ------------------------------------------------------------------

NOISES = (2e-2, 3e-3, 1e-3)
POWERS = (1, 2, 3)
SINGLE_EPS = float(np.finfo(np.float32).eps)


def low_rank(rng: np.random.Generator, d: int, noise: float) -> np.ndarray:
    factor = rng.standard_normal((d, 50))
    return (factor @ factor.T / 50 + noise**2 * np.eye(d)).astype(np.float32)


def spectrum(rng: np.random.Generator, d: int, power: int) -> np.ndarray:
    turn = random_orthogonal(rng, d)
    return ((turn * np.arange(1.0, d + 1) ** -power) @ turn.T).astype(np.float32)


def _share(cov: np.ndarray) -> float:
    """Least share of a variance that other coordinates leave; zero if it is no covariance."""
    if np.linalg.eigvalsh(cov)[0] <= 0:
        return 0.0
    return float(np.min(1 / (cov.diagonal() * np.linalg.inv(cov).diagonal())))


def _pairs_in_single(rng: np.random.Generator, dims: Iterable[int]) -> Iterator[Pair]:
    """Of low rank with noise, or with a falling spectrum: twice nearly the same, and two draws."""
    for d in dims:
        kinds = [partial(low_rank, rng, d, noise) for noise in NOISES]
        kinds += [partial(spectrum, rng, d, power) for power in POWERS]
        for make in kinds:
            cov, mean = make(), np.zeros(d, np.float32)
            yield mean, cov, mean, np.float32(1.21) * cov
            yield mean, cov, mean + np.float32(0.1), make()


def _divergences_in_double(pair: Pair) -> Iterator[Question]:
    wide = _widened(pair)
    yield Question("kl", pair, _close_to(oracle.double_kl(*wide)))
    yield Question("bhattacharyya", pair, _close_to(oracle.double_bhattacharyya(*wide)))


def _widened(pair: Pair) -> list[np.ndarray]:
    return [array.astype(float) for array in pair]


def _smallest_share(pair: Pair) -> float:
    wide = _widened(pair)
    return min(_share(wide[1]), _share(wide[3]))


def single_precision(rng: np.random.Generator, dims: Iterable[int]) -> Iterator[Question]:
    """Regular covariances in single precision: the distances of the same numbers in double."""
    for pair in _pairs_in_single(rng, dims):
        share = _smallest_share(pair)
        if share > pivot_floor(len(pair[0]), SINGLE_EPS):
            yield from _divergences_in_double(pair)
        if share > 0:  # rounding may have left no covariance
            yield Question("w2", pair, _close_to(oracle.double_w2(*_widened(pair))))


def single_in_doubt(rng: np.random.Generator, dims: Iterable[int]) -> Iterator[Question]:
    """The others of these that are covariances in double.

    Single precision cannot tell what is left of a variance from nothing. With or without a few
    dimensions of hundreds, the values are finite and nearly the same.
    """
    for pair in _pairs_in_single(rng, dims):
        if 0 < _smallest_share(pair) <= pivot_floor(len(pair[0]), SINGLE_EPS):
            yield from _divergences_in_double(pair)


def single_samples(rng: np.random.Generator, dims: Iterable[int]) -> Iterator[Question]:
    """Samples in single precision, more than dimensions: their moments are sums, kept in double."""
    for d in dims:
        for power in POWERS:
            spread = np.arange(1.0, d + 1) ** (-power / 2)
            x, y = (
                (size * spread * rng.standard_normal((2 * d, d))).astype(np.float32)
                for size in (1.0, 1.1)
            )
            moments = [f(z.astype(float)) for z in (x, y) for f in (_mean, _cov)]
            yield Question("kl_of_samples", (x, y), _close_to(oracle.double_kl(*moments)))
            yield Question("w2_of_samples", (x, y), _close_to(oracle.double_w2(*moments)))


def _mean(x: np.ndarray) -> np.ndarray:
    return x.mean(0)


def _cov(x: np.ndarray) -> np.ndarray:
    return np.cov(x.T)


def mixed_precision(rng: np.random.Generator, count: int) -> Iterator[Question]:
    """A covariance in single precision, symmetric up to that, beside a mean in double."""
    for _ in range(count):
        pair = []
        for _ in range(2):
            turn = random_orthogonal(rng, 4).astype(np.float32)
            values = rng.uniform(0.1, 10, 4).astype(np.float32)
            pair += [rng.standard_normal(4), (turn * values) @ turn.T]
        exact = [symmetric(np.asarray(a, float)) if a.ndim == 2 else a for a in pair]
        yield Question("kl", tuple(pair), _close_to(oracle.exact_kl(*exact)))


# --- factors that were given -----------------------------------------------------------


def _with_thin_pivot(rng: np.random.Generator, d: int, row: int, pivot: float) -> np.ndarray:
    """A Cholesky factor, one pivot of which is this share of its variance."""
    root = np.tril(rng.standard_normal((d, d)), -1) + np.diag(rng.uniform(0.5, 2, d))
    root[row, row] = np.sqrt(pivot) * np.linalg.norm(root[row, :row])
    return root


def factors(
    rng: np.random.Generator, dims: Iterable[int], count: int, thinnest: float, thickest: float
) -> Iterator[Question]:
    """Cholesky factors whose squares no longer have the digits, of far and of near pairs."""
    for d in dims:
        for i in range(3 * count):
            row = rng.integers(1, d)
            pivot, other = np.exp(rng.uniform(np.log(thinnest), np.log(thickest), 2))
            root_p = _with_thin_pivot(rng, d, row, pivot)
            root_q = _with_thin_pivot(rng, d, row, other)
            if separation := (0, 1e-2, 1e-4)[i % 3]:
                root_q = root_p * (1 + separation * rng.uniform(-0.5, 0.5, (d, d)))
            means = rng.standard_normal(d), rng.standard_normal(d)
            given = means[0], root_p, means[separation == 0], root_q
            a, b = oracle.exact(root_p), oracle.exact(root_q)
            exact = given[0], a * a.T, given[2], b * b.T
            delta = oracle.exact(given[0] - given[2])
            for quantity, reference in {
                "kl": oracle.exact_kl(*exact),
                "bhattacharyya": oracle.exact_bhattacharyya(*exact),
                "renyi_03": oracle.exact_renyi(0.3, *exact),
                "w2": oracle.exact_w2_of_roots(delta, a, b),
            }.items():
                yield Question(f"{quantity}_of_factors", given, _close_to(reference))


# --- orders ----------------------------------------------------------------------------

ORDERS = (1e-3, 0.1, 0.25, 0.3, 0.7, 0.9, 0.999)
ABOVE_ONE = (1.5, 1e8, 1e17, 1e100, 1.7e308, np.inf)


def _exact_renyi(alpha: float, *pair: np.ndarray) -> mp.mpf:
    # Where the limit is finite, the next 60 digits do not change between this order and infinity.
    return oracle.exact_renyi(mp.mpf(10) ** 400 if alpha == np.inf else alpha, *pair)


def orders(
    rng: np.random.Generator, dims: Iterable[int], count: int, conditions: Iterable[float]
) -> Iterator[Question]:
    """Rényi divergences of every order, and Chernoff's information, of thin covariances."""
    conditions = tuple(conditions)
    for d in dims:
        for _ in range(count):
            for condition in conditions:
                means = rng.standard_normal((2, d))
                cov_p, cov_q = (thin_cov(rng, d, condition) for _ in range(2))
                cov_q *= 10 ** rng.uniform(-2, 2)
                pair = means[0], cov_p, means[1], cov_q
                yield Question(
                    "chernoff", pair, _close_to(oracle.exact_chernoff_information(*pair))
                )
                for alpha in ORDERS:
                    reference = oracle.exact_renyi(alpha, *pair)
                    yield Question("renyi", (*pair, alpha), _close_to(reference))
                wide = means[0], cov_p, means[1], cov_p + random_cov(rng, d)  # no order is infinite
                for alpha in ABOVE_ONE:
                    reference = _exact_renyi(alpha, *wide)
                    yield Question("renyi", (*wide, alpha), _close_to(reference))


# --- the ends of the range -------------------------------------------------------------

VARIANCES = (5e-324, 1e-320, 1e-308, 1e-200, 1e-100, 1.0, 1e100, 1e200, 1e300, 1e308, 1.7e308)
MEANS = (0.0, 1e10, -1e308)
DISTANCES = ("kl", "jeffreys", "bhattacharyya", "hellinger", "chernoff", "w2")
END_ORDERS = (0.0, 1e-300, 0.3, 1.0, 2.0, 1e9, 1.7e308, np.inf)


def ends(rng: np.random.Generator, dims: Iterable[int]) -> Iterator[Question]:
    """Twice the same Gaussian, however small or large; and maps from one end to the other."""
    for d in dims:
        for variance in VARIANCES:
            cov = variance * np.eye(d)
            if 1e-300 < variance < 1e300:
                cov += 0.3 * variance * (1 - np.eye(d))
            for mean in MEANS:
                pair = (np.full(d, mean), cov) * 2
                for quantity in DISTANCES:
                    yield Question(quantity, pair, _exactly(0))
                for alpha in END_ORDERS:
                    yield Question("renyi", (*pair, alpha), _exactly(0))
                yield Question("coefficient", pair, _exactly(1))
                yield Question("chernoff_alpha", pair, _exactly(0.5))
                yield Question("map", pair, _exactly(np.eye(d)))
        point = (rng.standard_normal(d), np.zeros((d, d))) * 2
        yield Question("chernoff_alpha", point, _exactly(0.5))
        for variances in pairwise((1e-308, 1e308, 1.0, 1e-308, 1e-150, 1e150)):
            p, q = (variance * np.eye(d) for variance in variances)
            ratio = mp.sqrt(mp.mpf(variances[1]) / mp.mpf(variances[0]))
            exact = ratio * mp.eye(d)
            unit = np.full((d, d), float(ratio))
            yield Question("map", (np.zeros(d), p, np.zeros(d), q), _entries(exact, unit))


# --- the order of the coordinates ------------------------------------------------------


KAHAN = (0.714, 0.73)  # others leave 8e-15 of a variance, just above the bound, and 2e-15


def kahan(d: int, c: float) -> np.ndarray:
    """Kahan's matrix as a correlation: its pivots do not show how near it is to singular."""
    s = np.sqrt(1 - c * c)
    root = s ** np.arange(d)[:, None] * (np.eye(d) - c * np.triu(np.ones((d, d)), 1))
    return symmetric(root.T @ root)


def in_doubt(rng: np.random.Generator, d: int, share: float) -> np.ndarray:
    """A covariance of which others leave one coordinate `share` times the bound."""
    root = np.tril(rng.standard_normal((d, d)), -1) + np.diag(rng.uniform(0.5, 2, d))
    root[-1, -1] = np.sqrt(share * pivot_floor(d, EPS)) * np.linalg.norm(root[-1, :-1])
    turned = rng.permutation(d)
    return symmetric(root @ root.T)[np.ix_(turned, turned)]


def _rank_by_definition(cov: np.ndarray) -> int:
    """Rank of a covariance that is at most one short of regular, by what others leave."""
    regular = oracle.least_residual(cov) > pivot_floor(len(cov), EPS)
    return len(cov) if regular else len(cov) - 1


def _in_any_order(
    rng: np.random.Generator, cov: np.ndarray, rank: int, count: int
) -> Iterator[Question]:
    """The rank, and KL from the standard Gaussian, in every order and in units of powers of two."""
    d = len(cov)
    kl = np.inf if rank < d else oracle.exact_kl(np.zeros(d), cov, np.zeros(d), np.eye(d))
    natural = np.arange(d)
    for order in (natural, natural[::-1], *(rng.permutation(d) for _ in range(count))):
        for unit in (np.ones(d), np.ldexp(1.0, rng.integers(-20, 21, d))):
            outer = np.outer(unit, unit)
            turned = outer * cov[np.ix_(order, order)]
            yield Question("rank", (turned,), _exactly(rank))
            pair = np.zeros(d), turned, np.zeros(d), np.diag(unit**2)
            yield Question("kl", pair, _close_to(kl))


def order_of_coordinates(
    rng: np.random.Generator, dims: Iterable[int], count: int
) -> Iterator[Question]:
    """Covariances on the edge of being singular, and singular ones."""
    for c in KAHAN:
        cov = kahan(20, c)
        yield from _in_any_order(rng, cov, _rank_by_definition(cov), count)
    for d in dims:
        for share in (0.25, 4.0, 100.0):
            cov = in_doubt(rng, d, share)
            yield from _in_any_order(rng, cov, _rank_by_definition(cov), count)
        for rank in range(1, d):
            root = rng.integers(-3, 4, (d, rank)).astype(float)
            root[:rank] = np.tril(root[:rank], -1) + np.eye(rank)
            yield from _in_any_order(rng, root @ root.T, rank, count)


# --- crossed barycenters ---------------------------------------------------------------

AXES = (1e1, 1e2, 1e4, 1e6, 1e8)


def needle(rng: np.random.Generator, d: int, axes: float) -> np.ndarray:
    turn = random_orthogonal(rng, d)
    lengths = np.r_[np.sqrt(axes), np.full(d - 1, 1 / np.sqrt(axes))]
    return symmetric((turn * lengths**2) @ turn.T)


def crossed_covs(rng: np.random.Generator, d: int, axes: float) -> np.ndarray:
    """In the plane two thin ones that cross, and a round one; in space three needles."""
    if d > 2:
        return np.array([needle(rng, d, axes) for _ in range(3)])
    thin = np.array([axes, 1 / axes])
    return np.array([np.diag(thin), np.diag(thin[::-1]), [[1, 0.5], [0.5, 1]]])


def fixed_point_error(covs: np.ndarray, weights: np.ndarray) -> Callable[[Any], float]:
    return lambda answer: oracle.fixed_point_residual(answer, covs, weights)


def crossed(
    rng: np.random.Generator, dims: Iterable[int], axes: Iterable[float]
) -> Iterator[Question]:
    """Barycenters of thin covariances that cross, which iterations creep towards."""
    for d in dims:
        for ratio in axes:
            covs, weights = crossed_covs(rng, d, ratio), rng.dirichlet(np.full(3, 5.0))
            yield Question("barycenter", (covs, weights), fixed_point_error(covs, weights))


def _converges(ps: Gaussian, steps: int) -> bool:
    try:
        w2_barycenter(ps, max_steps=steps)
    except np.linalg.LinAlgError:
        return False
    return True


def fixed_point_steps(covs: np.ndarray, most: int) -> float:
    """Steps of the usual iteration until the covariance stands; infinite if it needs more."""
    cov = covs.mean(0)
    for step in range(most):
        values, axes = np.linalg.eigh(cov)
        root = (axes * np.sqrt(values)) @ axes.T
        values, turned = np.linalg.eigh(root @ covs @ root)
        cross = (turned * np.sqrt(np.maximum(values, 0))[:, None, :]) @ turned.swapaxes(-2, -1)
        mean = np.linalg.solve(root, cross.mean(0))
        cov, before = mean @ mean.T, cov
        if np.abs(cov - before).max() <= 1e-12 * np.abs(cov).max():
            return step + 1
    return np.inf


def barycenter_steps(most: int) -> list[dict[str, Any]]:
    """Steps to the barycenter of two crossed Gaussians and a round one, of both iterations."""
    rows = []
    for axes in AXES:
        covs = crossed_covs(np.random.default_rng(0), 2, axes)
        ps = Gaussian(np.zeros(covs.shape[:-1]), covs)
        counts = range(1, BARYCENTER_STEPS + 1)
        needed = bisect_left(counts, True, key=partial(_converges, ps)) + 1
        steps = needed if needed <= BARYCENTER_STEPS else np.inf
        usual = fixed_point_steps(covs, most)
        rows.append({"axes": axes, "gausslib": steps, "fixed point": usual, "most": most})
    return rows


# --- all of them -----------------------------------------------------------------------

_SINGLE = dict.fromkeys(("kl", "bhattacharyya", "w2"), 1e-5)  # single precision has seven digits
_SAMPLES = {"kl_of_samples": 1e-5, "w2_of_samples": 1e-5}
_EXACT = dict.fromkeys((*DISTANCES, "renyi", "coefficient", "chernoff_alpha"), 0.0)
_FACTORS = {
    "kl_of_factors": 1e-12,
    "bhattacharyya_of_factors": 1e-10,
    "renyi_03_of_factors": 1e-10,
    "w2_of_factors": 1e-10,
}
# The mean of two covariances has a factor of its own: the thinner it is, the less of it is known.
_THINNER = {"bhattacharyya_of_factors": 3e-9, "renyi_03_of_factors": 3e-9}

FAMILIES = {
    "units": Family(
        units,
        {"dims": (2, 3, 6), "count": 1},
        {"dims": (2, 3, 6, 12, 30), "count": 2},
        dict.fromkeys(("map", "geodesic", "barycenter"), 1e-12),
    ),
    "float32": Family(single_precision, {"dims": (128,)}, {"dims": (128, 512)}, _SINGLE),
    "float32, large": Family(
        single_precision, {"dims": ()}, {"dims": (2048,)}, _SINGLE, only=("gausslib", "torch")
    ),
    "float32, in doubt": Family(
        single_in_doubt, {"dims": ()}, {"dims": (512,)}, {"kl": FAILURE, "bhattacharyya": FAILURE}
    ),
    "float32, samples": Family(single_samples, {"dims": (128,)}, {"dims": (128, 512)}, _SAMPLES),
    "float32 and 64": Family(mixed_precision, {"count": 50}, {"count": 200}, {"kl": 1e-5}),
    "factors": Family(
        factors,
        {"dims": (2, 3, 5), "count": 2, "thinnest": 1e-11, "thickest": 1e-6},
        {"dims": (2, 3, 5), "count": 10, "thinnest": 1e-11, "thickest": 1e-6},
        _FACTORS,
    ),
    "factors, thinner": Family(
        factors,
        {"dims": (2, 3, 5), "count": 2, "thinnest": 1e-18, "thickest": 1e-11},
        {"dims": (2, 3, 5), "count": 10, "thinnest": 1e-18, "thickest": 1e-11},
        _FACTORS | _THINNER,
    ),
    "any order": Family(
        orders,
        {"dims": (2, 5), "count": 1, "conditions": (1e2, 1e5, 1e8)},
        {"dims": (2, 3, 5, 8), "count": 3, "conditions": (1e2, 1e4, 1e6, 1e8, 1e9)},
        {"renyi": 1e-12, "chernoff": 1e-12},
    ),
    "ends": Family(ends, {"dims": (1, 2)}, {"dims": (1, 2, 3, 5)}, _EXACT | {"map": 4e-16}),
    "coordinates": Family(
        order_of_coordinates,
        {"dims": (3, 8), "count": 2},
        {"dims": (3, 5, 8, 20), "count": 10},
        {"rank": 0.0, "kl": 1e-6},
    ),
    "crossed": Family(
        crossed,
        {"dims": (2,), "axes": AXES},
        {"dims": (2,) * 10, "axes": AXES},
        {"barycenter": 1e-13},
    ),
    "needles": Family(  # thinner ones in random directions are no longer regular in doubles
        crossed,
        {"dims": (3, 5), "axes": AXES[:-1]},
        {"dims": (3, 5) * 10, "axes": AXES[:-1]},
        {"barycenter": 1e-13},
    ),
}


def _error(question: Question, answer: Any) -> float:
    if np.isnan(answer).any():
        return np.inf
    error = question.error(np.asarray(answer, dtype=float))
    return np.inf if np.isnan(error) else error


def single_errors(prepare: Prepare, questions: list[Question]) -> list[float]:
    """Error of a program for each question; infinite where it has no answer."""
    errors = []
    for question in questions:
        try:
            with quiet():
                errors.append(_error(question, prepare(*question.given)()))
        except Exception:  # any exception is a failure to answer
            errors.append(np.inf)
    return errors


def batch_errors(prepare: Prepare, questions: list[Question]) -> list[float]:
    """The same, with all questions of one shape in one batch."""
    places = defaultdict(list)
    for i, question in enumerate(questions):
        places[tuple(np.shape(array) for array in question.given)].append(i)
    errors = [0.0] * len(questions)
    for chosen in places.values():
        given = zip(*(questions[i].given for i in chosen), strict=True)
        try:
            answers = prepare(*map(np.stack, given))()
        except (ValueError, np.linalg.LinAlgError):  # one without an answer is none for all
            answers = np.full(len(chosen), np.nan)
        for i, answer in zip(chosen, answers, strict=True):
            errors[i] = _error(questions[i], answer)
    return errors


def measure(
    programs: dict[str, Program], rng: np.random.Generator, quick: bool
) -> list[dict[str, Any]]:
    """Worst error and number of failures of every program, for each family and quantity."""
    rows = []
    ways = [(name, name, single_errors) for name in programs]
    ways.insert(1, ("gausslib, batched", "gausslib", batch_errors))
    for name, family in FAMILIES.items():
        by_quantity = defaultdict(list)
        for question in family.ask(rng, **(family.quick if quick else family.complete)):
            by_quantity[question.quantity].append(question)
        for quantity, questions in by_quantity.items():
            for label, program, errors_of in ways:
                left_out = family.only and label not in family.only
                if quantity not in programs[program] or left_out:
                    continue
                errors = errors_of(programs[program][quantity], questions)
                rows.append(
                    {
                        "family": name,
                        "quantity": quantity,
                        "program": label,
                        "worst": max(errors),
                        "failures": sum(error > FAILURE for error in errors),
                        "count": len(errors),
                        "target": family.targets[quantity],
                    }
                )
    return rows
