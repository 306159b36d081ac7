"""How wrong is each program? Failures, worst errors, error against separation, orthogonal maps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

import gausslib
from benchmark.programs import Prepare, Program, quiet
from reference.oracle import exact_kl, exact_w2, relative_error
from reference.pairs import Case, Pair, near_cov, random_cov

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


def _turned(rng: np.random.Generator, d: int, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors a and b, in a random plane, with this angle between them."""
    a, side = rng.standard_normal((2, d))
    a = _unit(a)
    side = _unit(side - (side @ a) * a)
    return a, _unit(np.cos(angle) * a + np.sin(angle) * side)


def _vectors(rng: np.random.Generator, d: int) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Pairs of unit vectors, b at each angle from a and from -a."""
    for sign in (1, -1):
        for angle in ANGLES:
            a, b = _turned(rng, d, angle)
            yield a, sign * b
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


# --- rotations beside others -------------------------------------------------------------

# kind of pair -> sign and angle: b is at the angle from a, or from -a; random without one
TURNS: dict[str, tuple[int, float] | None] = {
    "random": None,
    "1e-9": (1, 1e-9),
    "1e-6": (1, 1e-6),
    "π − 1e-3": (-1, 1e-3),
    "π − 1e-6": (-1, 1e-6),
    "π − 1e-9": (-1, 1e-9),
    "π − 1e-12": (-1, 1e-12),
    "π − 1e-15": (-1, 1e-15),
    "π": (-1, 0.0),
}
MISSED = 1e-6  # a rotation that takes a farther away from b than this does not take it to b


def _align_vectors(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return Rotation.align_vectors(b, a)[0].as_matrix()


def _usual_rotation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """I + K + K²/(1 + c), as it is usually typed."""
    k = np.outer(b, a) - np.outer(a, b)
    return np.eye(len(a)) + k + k @ k / (1 + a @ b)


ROTATIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "gausslib.rotation": gausslib.rotation,
    "SciPy: Rotation.align_vectors": _align_vectors,
    "usual: I + K + K²/(1 + c)": _usual_rotation,
}


def rotations(rng: np.random.Generator, count: int) -> list[dict[str, Any]]:
    """Worst |Ta - b| of each program in space, and the share of pairs that it misses."""
    rows = []
    for kind, turn in TURNS.items():
        pairs = []
        for _ in range(count):
            sign, angle = turn or (1, np.arccos(rng.uniform(-1, 1)))
            a, b = _turned(rng, 3, angle)
            pairs.append((a, sign * b))
        for program, rotate in ROTATIONS.items():
            with quiet():
                misses = np.array([np.linalg.norm(rotate(a, b) @ a - b) for a, b in pairs])
            misses = np.nan_to_num(misses, nan=np.inf)
            rows.append(
                {
                    "pairs": kind,
                    "program": program,
                    "miss": float(misses.max()),
                    "missed": float(np.mean(misses > MISSED)),
                }
            )
    return rows
