"""Runs JavaScript in Node: against the figures' modules, or against the bundled figures."""

import json
import subprocess
from pathlib import Path
from typing import Any

WIDGETS = Path(__file__).parents[2] / "gausslib" / "widgets"
SOURCES = WIDGETS / "src"
BUNDLE = WIDGETS / "static" / "stills.js"


def source(name: str) -> Path:
    """The file of this name among the sources of the figures."""
    (found,) = SOURCES.rglob(name)
    return found


def _run(script: str, data: Any) -> Any:
    command = ["node", "--input-type=module", "--eval", script]
    run = subprocess.run(
        command, input=json.dumps(data), capture_output=True, text=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def evaluate(module: str, expression: str, data: Any) -> Any:
    """Value of `expression`, in which `m` is the module and `data` is `data`."""
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import * as m from {json.dumps(source(module).as_uri())};
        const data = JSON.parse(readFileSync(0, "utf8"));
        console.log(JSON.stringify({expression}));
    """
    return _run(script, data)


def on_figures(expression: str, data: Any = None) -> Any:
    """Value of `expression`; `figures` has every figure by its tag, `stateOf` fills in starts."""
    assert BUNDLE.is_file(), "the figures are not bundled: run `make bundle`"
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ runInThisContext }} from "node:vm";
        const code = readFileSync({json.dumps(str(BUNDLE))}, "utf8");
        runInThisContext(code);
        const {{ figures, still }} = gaussStills;
        const stateOf = (tag, given) => {{
            const all = Object.entries(figures[tag].fields);
            const starts = all.map(([name, {{start}}]) => [name, start]);
            return {{...Object.fromEntries(starts), ...given}};
        }};
        const data = JSON.parse(readFileSync(0, "utf8"));
        const text = (value) => typeof value === "number" && !Number.isFinite(value);
        const plain = (_, value) => text(value) ? `${{value}}` : value;
        console.log(JSON.stringify({expression}, plain));
    """
    return _run(script, data)


def figure_values(tag: str, states: list[dict]) -> list[dict[str, float]]:
    """The numbers that a figure shows in each state; infinities and NaN are floats too."""
    answers = on_figures(f"data.map((s) => figures['{tag}'].values(stateOf('{tag}', s)))", states)
    return [{name: float(value) for name, value in answer.items()} for answer in answers]


def figure_python(tag: str, states: list[dict]) -> list[str]:
    """The program that "Copy as Python" gives in each state."""
    return on_figures(f"data.map((s) => figures['{tag}'].python(stateOf('{tag}', s)))", states)
