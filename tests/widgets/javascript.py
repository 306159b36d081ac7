"""Runs a piece of JavaScript against one of the figures' modules, in Node."""

import json
import subprocess
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parents[2] / "gausslib" / "widgets" / "src"


def evaluate(module: str, expression: str, data: Any) -> Any:
    """Value of `expression`, in which `m` is the module and `data` is `data`."""
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import * as m from {json.dumps((SOURCES / module).as_uri())};
        const data = JSON.parse(readFileSync(0, "utf8"));
        console.log(JSON.stringify({expression}));
    """
    command = ["node", "--input-type=module", "--eval", script]
    run = subprocess.run(
        command, input=json.dumps(data), capture_output=True, text=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
