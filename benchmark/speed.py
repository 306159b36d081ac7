"""How fast is each program? Medians of calls taken in turn, each a ratio against a named floor."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from timeit import Timer
from typing import Any

import numpy as np
from scipy import linalg

import gausslib
from benchmark.families import crossed_covs, fixed_point_steps
from benchmark.programs import GAUSSLIB, Prepare, Program, quiet
from gausslib import Gaussian
from reference.pairs import Pair, near_cov, random_cov, random_orthogonal, symmetric

# Seconds of the processor, in which the other work of a busy machine does not count. Windows counts
# them in steps of 16 ms, too coarse.
CLOCK = time.perf_counter if sys.platform == "win32" else time.process_time
SAMPLE = 0.002  # seconds: a shorter call is repeated until one sample takes about this long
SLOW = 1.0  # seconds: other libraries that take longer are called once, or they would take minutes
QUICK_DIMS = (2, 8, 16, 64, 128)
DIMS = (*QUICK_DIMS, 512, 1024, 2048)

KL, W2, MAKING = SINGLE = "KL, one pair", "W2, one pair", "making one Gaussian"
NEAR = "gausslib, near pair"
CHOLESKY, SVDVALS = "np.linalg.cholesky", "scipy.linalg.svdvals"
BATCHED_SVDVALS = "np.linalg.svd, values only"
PLAIN = "NumPy: Cholesky, solve"  # what a careful user types
EIGH = "by eigh"
FROM_ARRAYS = "KL, from arrays"
FROM_BATCHES = {2: "KL, from 100000 pairs of arrays", 8: "KL, from 10000 pairs of arrays"}
FID_NEAR, FID_FAR = "FID from moments, near", "FID from moments, far"
ALL_PAIRS = "W2, all pairs of a batch"
SINGULAR = {"kl": "KL, singular pairs", "w2": "W2, singular pairs"}
REGULAR = "regular pairs of that rank"
BARYCENTER = "barycenter, axes 1 : 10⁴"
FIXED_POINT = "fixed point, by eigh"
JOBS = (
    FROM_ARRAYS,
    *FROM_BATCHES.values(),
    FID_NEAR,
    FID_FAR,
    ALL_PAIRS,
    *SINGULAR.values(),
    BARYCENTER,
)
BATCHED = ("textbook: inv, det", "textbook: solve, slogdet", "torch", "POT", "pyRiemann")

# (task, program, against) -> largest ratio of times allowed, by dimension
TARGETS: dict[tuple[str, str, str], dict[int, float]] = {
    (KL, "gausslib", CHOLESKY): {2: 8, 8: 8, 16: 8, 128: 5, 512: 3, 1024: 3, 2048: 3},
    (KL, NEAR, CHOLESKY): {2: 8, 8: 8, 16: 8, 128: 7, 512: 7, 1024: 7, 2048: 7},
    (KL, "gausslib", "torch"): dict.fromkeys((2, 8, 16, 128, 512, 1024, 2048), 1.0),
    (W2, "gausslib", SVDVALS): {2: 3, 8: 3, 16: 3, 128: 1.3, 512: 1.3, 1024: 1.3, 2048: 1.3},
    (W2, NEAR, SVDVALS): {2: 3, 8: 3, 16: 3, 128: 3, 512: 3, 1024: 3, 2048: 3},
    (W2, "gausslib", "torchmetrics"): {2048: 1 / 3},
    (W2, "gausslib", "pyRiemann"): {2048: 1 / 3},
    (W2, "gausslib", "pytorch-fid"): {2048: 1 / 8},
    ("KL, 100000 pairs", "gausslib", CHOLESKY): {2: 3},
    ("KL, 10000 pairs", "gausslib", CHOLESKY): {8: 5},
    ("W2, 100000 pairs", "gausslib", BATCHED_SVDVALS): {2: 0.2},
    ("W2, 10000 pairs", "gausslib", BATCHED_SVDVALS): {8: 1.1},
    (FROM_ARRAYS, "gausslib", PLAIN): dict.fromkeys((2, 8, 128, 512), 1.2),
    (FROM_ARRAYS, "gausslib", "torch"): dict.fromkeys((2, 8, 128, 512), 0.5),
    (FROM_BATCHES[2], "gausslib", PLAIN): {2: 1.2},
    (FROM_BATCHES[2], "gausslib", "torch"): {2: 0.5},
    (FROM_BATCHES[8], "gausslib", PLAIN): {8: 1.2},
    (FROM_BATCHES[8], "gausslib", "torch"): {8: 0.5},
    (FID_NEAR, "gausslib", EIGH): {2048: 1.0},
    (FID_FAR, "gausslib", EIGH): {2048: 1.0},
    (ALL_PAIRS, "gausslib", EIGH): {8: 1.0},
}
# Why a target is missed, where it is. Found by profiling.
_CALLS = (
    "in small dimensions all time goes into calling NumPy and LAPACK: the ordinary form first, "
    "then the near one, against a single call"
)
_PRODUCTS = (
    "two products of matrices, and whitening the difference to see whether the pair is near, take "
    "longer than the eigenvalues themselves"
)
_CHECKS = (
    "whether means and covariances are finite, symmetric and definite is looked at in some dozens "
    "of calls of NumPy, where the whole computation takes ten"
)
CAUSES = {
    (FROM_ARRAYS, "gausslib", PLAIN): _CHECKS,
    (FROM_BATCHES[8], "gausslib", PLAIN): _CHECKS,
    (FROM_BATCHES[8], "gausslib", "torch"): _CHECKS,
    (ALL_PAIRS, "gausslib", EIGH): (
        "half of the pairs are computed, but each is whitened as well, to see whether it is near, "
        "and that takes about as long as its eigenvalues"
    ),
    (KL, NEAR, CHOLESKY): _CALLS,
    (W2, NEAR, SVDVALS): _CALLS,
    (W2, "gausslib", "torchmetrics"): _PRODUCTS,
    (W2, "gausslib", "pyRiemann"): _PRODUCTS,
    (W2, "gausslib", "pytorch-fid"): _PRODUCTS,
}
IMPORT_TARGET = 0.25  # seconds


def in_turn(
    rounds: Iterable[dict[str, Callable[[], Any]]], others: Collection[str] = ()
) -> dict[str, float]:
    """Median seconds of each function; one that fails is left out.

    Every round calls all of them, on the data of that round, so that neither a busy moment of the
    machine nor an odd pair falls on one alone. Of those in `others`, a slow one is called once.
    """
    loops: dict[str, int] = {}  # calls in one sample; none if there will be no more samples
    samples: dict[str, list[float]] = {}
    with quiet():
        for functions in rounds:
            for name, function in functions.items():
                timer = Timer(function, timer=CLOCK)
                if name not in loops:
                    try:
                        first = timer.timeit(1)
                    except Exception:  # its failures are counted elsewhere
                        loops[name] = 0
                        continue
                    if name in others and first > SLOW:
                        loops[name], samples[name] = 0, [first]
                        continue
                    # The first call may have loaded something.
                    loops[name] = max(1, round(SAMPLE / min(first, timer.timeit(1))))
                if loops[name]:
                    taken = timer.timeit(loops[name]) / loops[name]
                    samples.setdefault(name, []).append(taken)
    return {name: statistics.median(times) for name, times in samples.items()}


def _pair(rng: np.random.Generator, d: int, batch: tuple[int, ...] = ()) -> Pair:
    mean_p, mean_q = rng.standard_normal((2, *batch, d))
    return mean_p, random_cov(rng, d, batch), mean_q, random_cov(rng, d, batch)


def _near_pair(rng: np.random.Generator, d: int) -> Pair:
    mean, cov = rng.standard_normal(d), random_cov(rng, d)
    return mean, cov, mean + 1e-6 * rng.standard_normal(d), near_cov(rng, cov, 1e-6)


def _row(task: str, d: int, seconds: dict[str, float]) -> dict[str, Any]:
    return {"task": task, "d": d, "seconds": seconds}


def _floors(pair: Pair) -> dict[str, tuple[str, Callable[[], Any]]]:
    """By quantity, a factorisation that computing it cannot do without: its name and a call."""
    root_p, root_q = np.linalg.cholesky(pair[1]), np.linalg.cholesky(pair[3])
    product = root_p.swapaxes(-2, -1) @ root_q
    values = (SVDVALS, partial(linalg.svdvals, product))
    if product.ndim > 2:
        values = (BATCHED_SVDVALS, partial(np.linalg.svd, product, compute_uv=False))
    return {"kl": (CHOLESKY, partial(np.linalg.cholesky, pair[3])), "w2": values}


def _single(
    programs: dict[str, Program], rng: np.random.Generator, d: int, rounds: int
) -> list[dict[str, Any]]:
    rows = []
    for quantity, task in (("kl", KL), ("w2", W2)):
        others = [name for name in programs if name != "gausslib" and quantity in programs[name]]
        if d > 512:  # two square roots by SciPy take minutes
            others = [name for name in others if name != "textbook: sqrtm"]

        def functions(quantity: str = quantity, others: Sequence[str] = others) -> Any:
            pair = _pair(rng, d)
            yield _floors(pair)[quantity]
            yield "gausslib", GAUSSLIB[quantity](*pair)
            yield NEAR, GAUSSLIB[quantity](*_near_pair(rng, d))
            for name in others:
                yield name, programs[name][quantity](*pair)

        rows.append(_row(task, d, in_turn((dict(functions()) for _ in range(rounds)), others)))

    def making() -> dict[str, Callable[[], Any]]:
        pair = _pair(rng, d)
        return dict([_floors(pair)["kl"], ("gausslib", partial(Gaussian, *pair[2:]))])

    rows.append(_row(MAKING, d, in_turn(making() for _ in range(rounds))))
    return rows


def _batched(
    programs: dict[str, Program], rng: np.random.Generator, d: int, n: int, rounds: int
) -> list[dict[str, Any]]:
    rows, pair = [], _pair(rng, d, (n,))
    floors = _floors(pair)
    for quantity, task in (("kl", "KL"), ("w2", "W2")):
        functions = dict([floors[quantity]])
        for name in ("gausslib", *BATCHED):
            if quantity in programs.get(name, {}):
                functions[name] = programs[name][quantity](*pair)
        rows.append(_row(f"{task}, {n} pairs", d, in_turn([functions] * rounds)))
    making = dict([floors["kl"], ("gausslib", partial(Gaussian, *pair[2:]))])
    rows.append(_row(f"making {n} Gaussians", d, in_turn([making] * rounds)))
    return rows


def _pairwise(rng: np.random.Generator, d: int, n: int, rounds: int) -> list[dict[str, Any]]:
    """All n² pairs of two batches, against one call with the batches broadcast."""
    mean_p, cov_p, mean_q, cov_q = _pair(rng, d, (n,))
    ps, qs = Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q)
    column = Gaussian(mean_p[:, None], cov_p[:, None])
    rows = []
    for task, function in (("KL", gausslib.kl_divergence), ("W2", gausslib.w2_distance)):
        functions = {
            "one batch": partial(function, column, qs),
            "gausslib": partial(gausslib.pairwise, function, ps, qs),
        }
        rows.append(_row(f"{task}, pairwise {n} × {n}", d, in_turn([functions] * rounds)))
    return rows


# --- whole jobs, from arrays to the answer ---------------------------------------------


def _whole(prepare: Prepare, given: Sequence[Any]) -> Callable[[], Any]:
    """Call that makes of the arrays what it needs, and computes."""
    return lambda: prepare(*given)()


def _kl_by_cholesky(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    root_p, root_q = np.linalg.cholesky(cov_p), np.linalg.cholesky(cov_q)
    delta = (mean_p - mean_q)[..., None]
    solved = np.linalg.solve(root_q, np.concatenate([root_p, delta], -1))
    p, q = (np.log(np.einsum("...ii->...i", root)).sum(-1) for root in (root_p, root_q))
    return (np.square(solved).sum((-2, -1)) - len(delta[..., 0].T)) / 2 + q - p


def _from_arrays(
    programs: dict[str, Program], rng: np.random.Generator, task: str, shape: Any, rounds: int
) -> dict[str, Any]:
    *batch, d = shape

    def functions() -> dict[str, Callable[[], Any]]:
        pair = _pair(rng, d, tuple(batch))
        names = [name for name in ("gausslib", "torch") if name in programs]
        whole = {name: _whole(programs[name]["kl"], pair) for name in names}
        return {PLAIN: partial(_kl_by_cholesky, *pair)} | whole

    return _row(task, d, in_turn(functions() for _ in range(rounds)))


def _w2_by_eigh(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    values, axes = np.linalg.eigh(cov_p)
    root = (axes * np.sqrt(np.maximum(values, 0))) @ axes.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ cov_q @ root), 0)).sum()
    shift = np.square(mean_p - mean_q).sum()
    return np.sqrt(shift + np.trace(cov_p) + np.trace(cov_q) - 2 * cross)


def _fid(
    programs: dict[str, Program], rng: np.random.Generator, d: int, rounds: int
) -> list[dict[str, Any]]:
    """Moments of samples with a falling spectrum, of one law and of one 1.6 times as wide."""
    turn = np.linalg.qr(rng.standard_normal((d, d)))[0]
    spread = np.arange(1.0, d + 1) ** -0.5
    others = [name for name in ("pytorch-fid", "torchmetrics") if name in programs]

    def moments(size: float) -> tuple[np.ndarray, np.ndarray]:
        x = (size * spread * rng.standard_normal((d + d // 2, d))) @ turn.T
        return x.mean(0), np.cov(x.T)

    def functions(size: float) -> dict[str, Callable[[], Any]]:
        pair = *moments(1.0), *moments(size)
        whole = {name: _whole(programs[name]["w2"], pair) for name in ("gausslib", *others)}
        return {EIGH: partial(_w2_by_eigh, *pair)} | whole

    return [
        _row(task, d, in_turn((functions(size) for _ in range(rounds)), others))
        for task, size in ((FID_NEAR, 1.0), (FID_FAR, 1.6))
    ]


def _all_pairs_by_eigh(mean: Any, cov: Any) -> Any:
    """Row by row, as it is usually typed: both halves."""
    values, axes = np.linalg.eigh(cov)
    roots = (axes * np.sqrt(np.maximum(values, 0))[:, None, :]) @ axes.swapaxes(-2, -1)
    traces = np.trace(cov, axis1=-2, axis2=-1)
    rows = []
    for m, root, trace in zip(mean, roots, traces, strict=True):
        cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ cov @ root), 0)).sum(-1)
        squares = np.square(mean - m).sum(-1) + trace + traces - 2 * cross
        rows.append(np.sqrt(np.maximum(squares, 0)))
    return np.array(rows)


def _all_pairs(rng: np.random.Generator, d: int, n: int, rounds: int) -> dict[str, Any]:
    def functions() -> dict[str, Callable[[], Any]]:
        mean, cov = _pair(rng, d, (n,))[:2]
        ps = Gaussian(mean, cov)
        pairwise = partial(gausslib.pairwise, gausslib.w2_distance, ps, ps)
        return {EIGH: partial(_all_pairs_by_eigh, mean, cov), "gausslib": pairwise}

    return _row(ALL_PAIRS, d, in_turn(functions() for _ in range(rounds)))


def _singular(
    rng: np.random.Generator, d: int, rank: int, n: int, rounds: int
) -> list[dict[str, Any]]:
    """Pairs on one plane each, against pairs that have only its coordinates."""

    def functions(quantity: str) -> dict[str, Callable[[], Any]]:
        inside = _pair(rng, rank, (n,))
        plane = rng.standard_normal((n, d, rank))
        mean_p, mean_q = ((plane @ inside[i][..., None])[..., 0] for i in (0, 2))
        cov_p, cov_q = (symmetric(plane @ inside[i] @ plane.swapaxes(-2, -1)) for i in (1, 3))
        return {
            REGULAR: GAUSSLIB[quantity](*inside),
            "gausslib": GAUSSLIB[quantity](mean_p, cov_p, mean_q, cov_q),
        }

    return [
        _row(task, d, in_turn(functions(quantity) for _ in range(rounds)))
        for quantity, task in SINGULAR.items()
    ]


def _barycenter(
    programs: dict[str, Program], rng: np.random.Generator, most: int, rounds: int
) -> dict[str, Any]:
    """Two thin ones, crossed and turned, and a round one: the usual iteration, and others."""
    weights = np.full(3, 1 / 3)

    def functions() -> dict[str, Callable[[], Any]]:
        turn = random_orthogonal(rng, 2)
        covs = symmetric(turn @ crossed_covs(rng, 2, 1e4) @ turn.T)
        names = [name for name in ("gausslib", "POT") if name in programs]
        whole = {name: _whole(programs[name]["barycenter"], (covs, weights)) for name in names}
        return {FIXED_POINT: partial(fixed_point_steps, covs, most)} | whole

    return _row(BARYCENTER, 2, in_turn(functions() for _ in range(rounds)))


def jobs(
    programs: dict[str, Program], rng: np.random.Generator, quick: bool
) -> list[dict[str, Any]]:
    """Median seconds of whole jobs."""
    rounds = 3 if quick else 15
    dims = (2, 8, 128) if quick else (2, 8, 128, 512)
    rows = [_from_arrays(programs, rng, FROM_ARRAYS, (d,), rounds) for d in dims]
    for d, n in ((2, 100_000), (8, 10_000)):
        rows.append(_from_arrays(programs, rng, FROM_BATCHES[d], (n, d), rounds))
    rows += _fid(programs, rng, 128 if quick else 2048, rounds=3)
    rows += _singular(rng, 8, 5, 300 if quick else 3000, rounds=3 if quick else 9)
    rows.append(_all_pairs(rng, 8, 100 if quick else 500, rounds=3 if quick else 5))
    rows.append(_barycenter(programs, rng, 1000 if quick else 20_000, rounds=3))
    return rows


def speed(
    programs: dict[str, Program], rng: np.random.Generator, quick: bool
) -> list[dict[str, Any]]:
    """Median seconds of every task, by program."""
    rows = []
    for d in QUICK_DIMS if quick else DIMS:
        rows += _single(programs, rng, d, rounds=25 if d < 512 and not quick else 5)
    for d, n in ((2, 100_000), (8, 10_000)):
        rows += _batched(programs, rng, d, n, rounds=3 if quick else 15)
    rows += _pairwise(rng, 4, 100 if quick else 300, rounds=3 if quick else 9)
    return rows + jobs(programs, rng, quick)


# --- importing -------------------------------------------------------------------------


def _in_fresh_interpreter(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def import_times(rounds: int) -> dict[str, float]:
    """Median seconds that `import gausslib` takes, and what of it NumPy and SciPy take alone."""
    needed = _in_fresh_interpreter(
        "import sys, gausslib\n"
        "print(*(m for m in sys.modules if m.split('.')[0] in ('numpy', 'scipy')), sep=',')"
    ).strip()
    code = f"from time import {CLOCK.__name__} as now\nt = now()\nimport {{}}\nprint(now() - t)"
    statements = {"NumPy and SciPy": needed, "gausslib": "gausslib"}
    samples: dict[str, list[float]] = {name: [] for name in statements}
    for _ in range(rounds):
        for name, modules in statements.items():
            samples[name].append(float(_in_fresh_interpreter(code.format(modules))))
    return {name: statistics.median(times) for name, times in samples.items()}
