"""`python -m benchmark`: measure, print the tables, and store the numbers for the book's page."""

import argparse
import os
from pathlib import Path


def one_thread() -> None:
    """Make BLAS run in one thread, as it comes. It reads this when it is loaded, by NumPy."""
    for name in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{name}_NUM_THREADS"] = "1"
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything: half a minute")
    parser.add_argument("--output", type=Path, help="where to store the numbers")
    arguments = parser.parse_args()

    one_thread()
    from benchmark import report, tables

    results = report.run(quick=arguments.quick)
    report.save(results, arguments.output or report.STORED)
    print(tables.everything(results))


if __name__ == "__main__":
    main()
