"""Runs JavaScript in process: the figures' modules, and the figures as they are bundled."""

import functools
import json
from pathlib import Path
from typing import Any

from booksite.engine import Engine

WIDGETS = Path(__file__).parents[2] / "gausslib" / "widgets"
SOURCES = WIDGETS / "src"
BUNDLE = WIDGETS / "static" / "stills.js"
MODULES = WIDGETS / "static" / "modules.js"

# An expression sees `m`, a module; `modules`, all of them by the names of their files; `figures`,
# every figure by its tag; `still`; and `stateOf`, which fills in starts. JSON has no infinities and
# no NaN, so figures write them as text.
GLUE = """
const { figures, still } = gaussStills;
const modules = gaussModules;
const stateOf = (tag, given) => {
    const all = Object.entries(figures[tag].fields);
    const starts = all.map(([name, { start }]) => [name, start]);
    return { ...Object.fromEntries(starts), ...given };
};
const names = ["m", "modules", "figures", "still", "stateOf", "data"];
const value = (module, expression, data) =>
    new Function(...names, `return ${expression}`)(
        modules[module], modules, figures, still, stateOf, JSON.parse(data));
const isText = (value) => typeof value === "number" && !Number.isFinite(value);
const ofModule = (...call) => JSON.stringify(value(...call)) ?? "null";
const ofFigures = (...call) =>
    JSON.stringify(value("", ...call), (_, x) => isText(x) ? `${x}` : x) ?? "null";
"""


def source(name: str) -> Path:
    """The file of this name among the sources of the figures."""
    (found,) = SOURCES.rglob(name)
    return found


@functools.cache
def _engine() -> Engine:
    """One engine for all calls of this process; it closes itself when the process ends."""
    return Engine(BUNDLE, MODULES, glue=GLUE, made_by="make bundle")


def evaluate(module: str, expression: str, data: Any) -> Any:
    """Value of `expression`, in which `m` is the module and `data` is `data`."""
    return json.loads(_engine().call("ofModule", module, expression, json.dumps(data)))


def on_figures(expression: str, data: Any = None) -> Any:
    """Value of `expression`; `figures` has every figure by its tag, `stateOf` fills in starts."""
    return json.loads(_engine().call("ofFigures", expression, json.dumps(data)))


def figure_values(tag: str, states: list[dict]) -> list[dict[str, float]]:
    """The numbers that a figure shows in each state; infinities and NaN are floats too."""
    answers = on_figures(f"data.map((s) => figures['{tag}'].values(stateOf('{tag}', s)))", states)
    return [{name: float(value) for name, value in answer.items()} for answer in answers]


def figure_python(tag: str, states: list[dict]) -> list[str]:
    """The program that "Copy as Python" gives in each state."""
    return on_figures(f"data.map((s) => figures['{tag}'].python(stateOf('{tag}', s)))", states)
