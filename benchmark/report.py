"""One run of everything, and the file that keeps its numbers."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmark import autograd
from benchmark.accuracy import accuracy, maps, rotations, separation
from benchmark.families import barycenter_steps, measure
from benchmark.load import under_load
from benchmark.programs import load as load_programs
from benchmark.speed import import_times, speed
from reference.pairs import fresh_cases, reference_cases

STORED = Path(__file__).with_name("results.json")

Results = dict[str, Any]


def processor() -> str:
    """Name of the processor, as well as the system knows it."""
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def run(quick: bool) -> Results:
    """Measure everything. A quick run takes fewer pairs, smaller dimensions and fewer rounds."""
    started = time.perf_counter()
    programs, versions, missing = load_programs()
    rng = np.random.default_rng(2026)
    fresh = fresh_cases(rng, (2, 3) if quick else (2, 3, 5, 8), 1 if quick else 3)
    results = {
        "kind": "quick" if quick else "complete",
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor(),
        "versions": {"Python": platform.python_version()} | versions,
        "missing": missing,
        "accuracy": accuracy(programs, {"stored": reference_cases(), "fresh": fresh}),
        "separation": separation(programs, rng, 4 if quick else 20),
        "maps": maps(rng, (2, 3, 10, 100) if quick else (2, 3, 10, 100, 1000)),
        "rotations": rotations(rng, 200 if quick else 2000),
        "families": measure(programs, rng, quick),
        "barycenter_steps": barycenter_steps(1000 if quick else 20_000),
        "speed": speed(programs, rng, quick),
        "load": under_load(0.5 if quick else 5.0),
        "import": import_times(1 if quick else 5),
    }
    # Last, because JAX starts threads, which would disturb the times.
    gradients = autograd.check(np.random.default_rng(2026))
    results["versions"] |= gradients["versions"]
    return results | {"gradients": gradients, "seconds": time.perf_counter() - started}


def save(results: Results, path: Path) -> None:
    """Write a run as JSON, in which an infinite error is `Infinity`."""
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")


def load(path: Path) -> Results:
    return json.loads(path.read_text(encoding="utf-8"))


def stored_or_quick() -> Results:
    """The stored run if `make bench` has left one, or else a quick run, made now."""
    if STORED.is_file():
        return load(STORED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.json"
        # A process of its own: here BLAS may already have started several threads.
        command = [sys.executable, "-m", "benchmark", "--quick", "--output", str(path)]
        subprocess.run(command, check=True, capture_output=True, cwd=STORED.parents[1])
        return load(path)
