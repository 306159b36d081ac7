"""Runs a command and tells how long it took: `python3 .ci/timed.py NAME command ...`.

Two times are told: on the wall, and of all processors. Only the second says what the work costs
where others use the machine too. Each line goes to `_build/steps.txt` as well.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

STEPS = Path("_build/steps.txt")


def main() -> int:
    name, *command = sys.argv[1:]
    start = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    wall, used = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    line = f"{name:<28} {wall:5.0f} s, {used.ru_utime + used.ru_stime:5.0f} s of processors"
    print(f"== {line}", flush=True)
    STEPS.parent.mkdir(exist_ok=True)
    with STEPS.open("a", encoding="utf8") as steps:
        print(line, file=steps)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
