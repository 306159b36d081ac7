"""One small call on a busy machine, while another process multiplies matrices on every core.

A call that starts threads waits here for cores that are taken. That is time on the wall, so it is
measured, in fresh interpreters: their BLAS may start as many threads as it likes, or one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from scipy import linalg

from gausslib import Gaussian, kl_divergence

TARGET = 1e-3  # seconds, of the 95th percentile
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
BUSY = """
import numpy as np
x = np.ones((1000, 1000))
print("busy", flush=True)
while True:
    x @ x
"""


def _environment(threads: int | None) -> dict[str, str]:
    free = {name: value for name, value in os.environ.items() if name not in THREADS}
    return free if threads is None else free | dict.fromkeys(THREADS, str(threads))


@contextmanager
def _all_cores_busy() -> Iterator[None]:
    command = [sys.executable, "-c", BUSY]
    with subprocess.Popen(command, env=_environment(None), stdout=subprocess.PIPE) as process:
        try:
            process.stdout.readline()
            yield
        finally:
            process.kill()


def _calls() -> dict[str, Callable[[], Any]]:
    """KL of a pair in the plane: gausslib, and what a careful user of SciPy types."""
    mean_p, cov_p, mean_q = np.zeros(2), np.eye(2), np.ones(2)
    cov_q = np.array([[2.5, 0.5], [0.5, 2.5]])
    p, q = Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q)

    def by_scipy() -> Any:
        root_p, root_q = (linalg.cholesky(cov, lower=True) for cov in (cov_p, cov_q))
        columns = np.column_stack([root_p, mean_p - mean_q])
        solved = linalg.solve_triangular(root_q, columns, lower=True)
        log_dets = np.log(root_q.diagonal() / root_p.diagonal()).sum()
        return (np.square(solved).sum() - 2) / 2 + log_dets

    return {"gausslib": lambda: kl_divergence(p, q), "SciPy: solve_triangular": by_scipy}


def _times(call: Callable[[], Any], seconds: float) -> dict[str, float]:
    taken, end = [], time.perf_counter() + seconds
    while not taken or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    median, high = np.quantile(taken, [0.5, 0.95])
    return {"median": float(median), "high": float(high), "mean": float(np.mean(taken))}


def main(seconds: float) -> None:
    """Print the times of each call in this interpreter, on a busy machine."""
    calls = _calls()
    with _all_cores_busy():
        print(json.dumps({name: _times(call, seconds) for name, call in calls.items()}))


def under_load(seconds: float) -> list[dict[str, Any]]:
    """Seconds of a call, by program and by the number of threads that BLAS may start."""
    rows = []
    for threads in (None, 1):
        command = [sys.executable, "-m", "benchmark.load", str(seconds)]
        done = subprocess.run(
            command, env=_environment(threads), capture_output=True, text=True, check=True
        )
        for program, times in json.loads(done.stdout).items():
            rows.append({"program": program, "threads": threads, **times})
    return rows


if __name__ == "__main__":
    main(float(sys.argv[1]))
