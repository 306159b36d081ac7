"""How wrong is each program? Failures, worst errors, errors against separation, and the maps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import gausslib
from benchmark.oracle import exact_kl, exact_w2, relative_error
from benchmark.pairs import Case, Pair, near_cov, random_cov
from benchmark.programs import Prepare, Program, quiet

# quantity -> its keys among the expected values; for KL both directions
KEYS = {
    "kl": ("kl_pq", "kl_qp"),
    "bhattacharyya": ("bhattacharyya",),
    "hellinger": ("hellinger",),
    "renyi_03": ("renyi_03",),
    "renyi_2": ("renyi_2",),
    "w2": ("w2",),
}
FAILURE = 0.01  # a larger relative error is a wrong number, not an inaccurate one


def _swapped(pair: Pair) -> Pair:
    return pair[2:] + pair[:2]


def value(prepare: Prepare, pair: Pair) -> float:
    """What a program returns for a pair, as a number; NaN if it does not return one."""
    try:
        with quiet():
            return float(prepare(*pair)())
    except Exception:  # any exception is a failure to give a number
        return np.nan


def single_errors(prepare: Prepare, quantity: str, cases: list[Case]) -> list[float]:
    """Relative error of a program for each case; of the worse direction for KL."""
    return [
        max(
            relative_error(value(prepare, pair), case.expected[key])
            for key, pair in zip(KEYS[quantity], (case.pair, _swapped(case.pair)), strict=False)
        )
        for case in cases
    ]


def batch_errors(prepare: Prepare, quantity: str, cases: list[Case]) -> list[float]:
    """The same, with all cases of a dimension in one batch."""
    places = defaultdict(list)
    for i, case in enumerate(cases):
        places[len(case.mean_p)].append(i)
    errors = [0.0] * len(cases)
    for chosen in places.values():
        pairs = (cases[i].pair for i in chosen)
        pair = tuple(np.stack(arrays) for arrays in zip(*pairs, strict=True))
        for key, arrays in zip(KEYS[quantity], (pair, _swapped(pair)), strict=False):
            for i, number in zip(chosen, prepare(*arrays)(), strict=True):
                errors[i] = max(errors[i], relative_error(number, cases[i].expected[key]))
    return errors


def accuracy(programs: dict[str, Program], pairs: dict[str, list[Case]]) -> list[dict[str, Any]]:
    """Failures, and the worst error in each family, of every program for every quantity.

    `pairs` are sets of cases by name. An error that is not a number, or infinite, is a failure; so
    is one above 1 %. gausslib is measured once more with all pairs of a dimension in one batch.
    """
    rows = []
    ways = [(name, name, single_errors) for name in programs]
    ways.insert(1, ("gausslib, batched", "gausslib", batch_errors))
    for quantity in KEYS:
        for label, name, errors_of in ways:
            if quantity not in programs[name]:
                continue
            for set_name, cases in pairs.items():
                errors = errors_of(programs[name][quantity], quantity, cases)
                worst: dict[str, float] = defaultdict(float)
                for case, error in zip(cases, errors, strict=True):
                    worst[case.family] = max(worst[case.family], error)
                rows.append(
                    {
                        "quantity": quantity,
                        "program": label,
                        "pairs": set_name,
                        "failures": sum(error > FAILURE for error in errors),
                        "count": len(cases),
                        "worst": dict(worst),
                    }
                )
    return rows


def separation(
    programs: dict[str, Program], rng: np.random.Generator, count: int
) -> dict[str, Any]:
    """Worst error among `count` pairs whose covariances differ by 1, 0.1, ... 1e-14."""
    separations = [10.0**-k for k in range(15)]
    quantities = {"kl": exact_kl, "w2": exact_w2}
    errors: dict[str, dict[str, list[float]]] = {
        quantity: {name: [] for name, program in programs.items() if quantity in program}
        for quantity in quantities
    }
    for size in separations:
        pairs = []
        while len(pairs) < count:
            mean, cov = rng.standard_normal(2), random_cov(rng, 2)
            other = near_cov(rng, cov, size)
            if not np.array_equal(cov, other):  # rounding may swallow the difference
                pairs.append((mean, cov, mean, other))
        for quantity, oracle in quantities.items():
            references = [oracle(*pair) for pair in pairs]
            for name, worst in errors[quantity].items():
                prepare = programs[name][quantity]
                found = [value(prepare, pair) for pair in pairs]
                worst.append(max(map(relative_error, found, references)))
    return {"separations": separations, "errors": errors}


# --- orthogonal maps -------------------------------------------------------------------

# map -> determinant in dimension d
MAPS: dict[str, Callable[[int], int]] = {
    "reflection": lambda d: -1,
    "rotation": lambda d: 1,
    "half_turn": lambda d: (-1) ** (d + 1),
    "rotoreflection": lambda d: (-1) ** d,
}
MAP_TARGET = 4e-15  # of |Ta - b|, and of ‖TᵀT - I‖ / √d
ANGLES = (0.0, 1e-18, 1e-16, 1e-15, 1e-14, 1e-12, 1e-8, 1e-4, 0.1, 1.0, np.pi / 2)


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x)


def _vectors(rng: np.random.Generator, d: int) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Pairs of unit vectors, b at each angle from a and from -a."""
    for sign in (1, -1):
        for angle in ANGLES:
            a, side = rng.standard_normal((2, d))
            a = _unit(a)
            side = _unit(side - (side @ a) * a)
            yield a, _unit(sign * (np.cos(angle) * a + np.sin(angle) * side))
        yield a, sign * a


def maps(rng: np.random.Generator, dims: Iterable[int]) -> list[dict[str, Any]]:
    """Worst |Ta - b| and ‖TᵀT - I‖/√d over the angles, and whether each determinant is right."""
    rows = []
    for name, determinant in MAPS.items():
        make = getattr(gausslib, name)
        for d in dims:
            miss = lack = 0.0
            sign = True
            for a, b in _vectors(rng, d):
                t = make(a, b)
                miss = max(miss, float(np.linalg.norm(t @ a - b)))
                lack = max(lack, float(np.linalg.norm(t.T @ t - np.eye(d)) / np.sqrt(d)))
                sign &= bool(np.sign(np.linalg.det(t)) == determinant(d))
            rows.append({"map": name, "d": d, "miss": miss, "lack": lack, "determinant": sign})
    return rows
