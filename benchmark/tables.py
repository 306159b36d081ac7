"""The numbers of a run as plain tables, each beside its target."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from benchmark import load, speed
from benchmark.accuracy import FAILURE, KEYS, MAP_TARGET, MISSED
from benchmark.families import FAMILIES
from benchmark.programs import BARYCENTER_STEPS
from reference.pairs import SWITCH_TARGETS, TARGETS

TITLES = {
    "kl": "KL",
    "bhattacharyya": "Bhatt.",
    "hellinger": "Hell.",
    "renyi_03": "R 0.3",
    "renyi_2": "R 2",
    "w2": "W2",
}
# Which of the three targets of a family a quantity has.
COLUMN = {"kl": 0, "bhattacharyya": 1, "hellinger": 1, "renyi_03": 1, "renyi_2": 1, "w2": 2}
LIBRARY = ("gausslib", "gausslib, batched")
GRADIENT_TARGET = 1e-12

Results = dict[str, Any]


def table(head: list[str], rows: list[list[str]], left: int = 1) -> str:
    """Columns as wide as they need; the first ones to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def error(number: float) -> str:
    return "0" if number == 0 else "fails" if number > 1e99 else f"{number:.0e}"


def seconds(number: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if abs(number) >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number * 1e6:.3g} µs"


def times(number: float) -> str:
    return f"{number:.2f}×" if number < 10 else f"{number:.0f}×"


def verdict(met: bool) -> str:
    return "ok" if met else "MISSED"


# --- who was there ---------------------------------------------------------------------


def circumstances(results: Results) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    lines = [
        f"A {results['kind']} run on {results['date']}, {results['seconds']:.0f} seconds, "
        f"one thread of {results['processor']}",
        versions,
    ]
    lines += [f"missing: {name} ({reason})" for name, reason in results["missing"].items()]
    return "\n".join(fill(line, 76) for line in lines)


# --- accuracy --------------------------------------------------------------------------


def failures(results: Results) -> str:
    """Failures of each program, on the stored and on the fresh pairs."""
    counts: dict[str, dict[str, list[str]]] = {}
    sizes = {}
    for row in results["accuracy"]:
        sizes[row["pairs"]] = row["count"]
        by_quantity = counts.setdefault(row["program"], {})
        by_quantity.setdefault(row["quantity"], []).append(str(row["failures"]))
    rows = [
        [program, *(" + ".join(found.get(quantity, ["–"])) for quantity in KEYS)]
        for program, found in counts.items()
    ]
    rows += [[name, *["missing"] * len(KEYS)] for name in results["missing"]]
    of = " + ".join(f"{size} {name}" for name, size in sizes.items())
    return f"Failures, of {of} pairs\n" + table(["program", *TITLES.values()], rows)


def worst(results: Results, program: str) -> dict[str, dict[str, float]]:
    """Worst error of a program over all pairs, by family and quantity."""
    found: dict[str, dict[str, float]] = {family: {} for family in TARGETS}
    for row in results["accuracy"]:
        if row["program"] == program:
            for family, value in row["worst"].items():
                known = found[family].get(row["quantity"], 0.0)
                found[family][row["quantity"]] = max(known, value)
    return found


def errors(results: Results, program: str) -> str:
    """Worst errors of gausslib in each family, beside the targets."""
    rows = []
    for family, found in worst(results, program).items():
        row, met = [family], True
        for quantity, value in found.items():
            target = TARGETS[family][COLUMN[quantity]]
            met &= value <= target
            row.append(error(value))
            if quantity in ("kl", "renyi_2", "w2"):  # the last of those that share a target
                row.append(error(target))
        rows.append([*row, verdict(met)])
    head = ["family", "KL", "target", "Bhatt.", "Hell.", "R 0.3", "R 2", "target"]
    return f"Worst relative error of {program}\n" + table([*head, "W2", "target", ""], rows)


def separation(results: Results, quantity: str) -> str:
    """Worst errors against the separation of the pair."""
    found = results["separation"]
    every = range(0, len(found["separations"]), 2)
    head = ["separation", *(f"{found['separations'][i]:.0e}" for i in every)]
    rows = [
        [program, *(error(values[i]) for i in every)]
        for program, values in found["errors"][quantity].items()
    ]
    target = SWITCH_TARGETS[COLUMN[quantity]]
    met = max(found["errors"][quantity]["gausslib"]) <= target
    title = f"Worst relative error of {TITLES[quantity]} against separation"
    return f"{title} (gausslib: target {error(target)}, {verdict(met)})\n" + table(head, rows)


def maps(results: Results) -> str:
    rows = [
        [
            row["map"],
            str(row["d"]),
            error(row["miss"]),
            error(row["lack"]),
            "right" if row["determinant"] else "wrong",
            verdict(map_is_met(row)),
        ]
        for row in results["maps"]
    ]
    title = f"Maps from a to b, worst over all angles (target {error(MAP_TARGET)})\n"
    return title + table(["map", "d", "|Ta − b|", "‖TᵀT − I‖/√d", "determinant", ""], rows)


def map_is_met(row: dict[str, Any]) -> bool:
    return max(row["miss"], row["lack"]) <= MAP_TARGET and row["determinant"]


def rotations(results: Results) -> str:
    """Worst |Ta − b| of each program, and how many it misses, by the angle between a and b."""
    by_kind: dict[str, dict[str, str]] = {}
    for row in results["rotations"]:
        cells = by_kind.setdefault(row["pairs"], {})
        cells[row["program"]] = f"{error(row['miss'])} ({row['missed']:.1%})"
    programs = list(dict.fromkeys(row["program"] for row in results["rotations"]))
    met = all(map(rotation_is_met, results["rotations"]))
    title = (
        "Rotations from a to b in space, by the angle between them: worst |Ta − b|,\n"
        f"and the share of pairs for which it is more than {error(MISSED)}\n"
        f"(gausslib: target {error(MAP_TARGET)}, {verdict(met)})\n"
    )
    return title + table(["angle", *programs], [[k, *c.values()] for k, c in by_kind.items()])


def rotation_is_met(row: dict[str, Any]) -> bool:
    """Whether a row meets the target of gausslib; the other programs have none."""
    return not row["program"].startswith("gausslib") or row["miss"] <= MAP_TARGET


def gradients(results: Results) -> str:
    """Errors of the gradients by the recipes, beside what the libraries make of the usual code."""
    found = results["gradients"]
    rows = [
        [
            row["library"],
            row["function"],
            row["pair"],
            error(row["recipe"]),
            verdict(gradient_is_met(row)),
            error(row["own"]),
        ]
        for row in found["rows"]
    ]
    rows += [[name, "missing", "–", "–", "–", "–"] for name in found["missing"]]
    title = (
        "Gradients by autograd: worst relative error, at equality the largest entry\n"
        f"(target {error(GRADIENT_TARGET)}, zero at equality, and finite differences agree)\n"
    )
    return title + table(
        ["library", "function", "pair", "gausslib", "", "usual code"], rows, left=3
    )


def gradient_is_met(row: dict[str, Any]) -> bool:
    target = 0.0 if row["equal"] else GRADIENT_TARGET
    return row["recipe"] <= target and row["passes"]


# --- families --------------------------------------------------------------------------


def family(results: Results, *names: str) -> str:
    """Worst error and failures of each program, for the quantities of these families."""
    rows = []
    for row in results["families"]:
        if row["family"] in names:
            limit = [error(row["target"]), verdict(family_is_met(row))]
            rows.append(
                [
                    row["family"],
                    row["quantity"].replace("_", " "),
                    row["program"],
                    error(row["worst"]),
                    f"{row['failures']} of {row['count']}",
                    *(limit if row["program"] in LIBRARY else ["", ""]),
                ]
            )
    head = ["family", "quantity", "program", "worst error", "failures", "target", ""]
    return table(head, rows, left=3)


def family_is_met(row: dict[str, Any]) -> bool:
    """Whether a row meets the target of gausslib; the other programs have none."""
    return row["program"] not in LIBRARY or row["worst"] <= row["target"]


def families(results: Results) -> str:
    parts = (family(results, name) for name in FAMILIES)
    return "Families of hard questions: worst error\n" + "\n\n".join(parts)


def barycenter_steps(results: Results) -> str:
    """Steps to the barycenter of crossed Gaussians, by the ratio of their axes."""
    rows = [
        [
            f"1 : {row['axes']:.0e}",
            count(row["gausslib"], BARYCENTER_STEPS),
            verdict(row["gausslib"] <= BARYCENTER_STEPS),
            count(row["fixed point"], row["most"]),
        ]
        for row in results["barycenter_steps"]
    ]
    title = f"Steps to the barycenter of two crossed and a round one (target {BARYCENTER_STEPS})\n"
    return title + table(["axes", "gausslib", "", "usual fixed point"], rows)


def count(number: float, most: int) -> str:
    return f"{number:.0f}" if number <= most else f"more than {most}"


# --- speed -----------------------------------------------------------------------------


def ratios(results: Results) -> list[tuple[str, int, str, str, float, float | None]]:
    """Task, dimension, program, against what, ratio of their times, and the target if any."""
    rows = []
    for row in results["speed"]:
        task, d, taken = row["task"], row["d"], row["seconds"]
        floor, *names = taken
        library = [name for name in names if name.startswith("gausslib")]
        compared = [(name, floor) for name in library]
        compared += [("gausslib", name) for name in names if name not in library]
        for program, against in compared:
            target = speed.TARGETS.get((task, program, against), {}).get(d)
            if target is not None or against == floor:
                ratio = taken[program] / taken[against]
                rows.append((task, d, program, against, ratio, target))
    return rows


def speeds(results: Results) -> str:
    """Each time of gausslib as a multiple of that of its floor, or of a peer with a target."""
    rows = []
    for task, d, program, against, ratio, target in ratios(results):
        limit = ["", ""] if target is None else [f"≤ {times(target)}", verdict(ratio <= target)]
        rows.append([task, program, against, str(d), times(ratio), *limit])
    head = ["task", "program", "against", "d", "ratio", "target", ""]
    return "Speed of gausslib, as ratios of medians\n" + table(head, rows, left=3)


def durations(results: Results, task: str) -> str:
    """Median time of every program for one task, by dimension."""
    taken = {row["d"]: row["seconds"] for row in results["speed"] if row["task"] == task}
    programs = dict.fromkeys(name for by_program in taken.values() for name in by_program)
    rows = [
        [
            program,
            *(seconds(found[program]) if program in found else "–" for found in taken.values()),
        ]
        for program in programs
    ]
    return f"{task}: median time by dimension\n" + table(["", *map(str, taken)], rows)


def single_tasks(results: Results) -> str:
    return "\n\n".join(durations(results, task) for task in speed.SINGLE)


def batched_tasks(results: Results) -> str:
    """Median times of the tasks that are a batch."""
    rows = []
    for row in results["speed"]:
        if row["task"] not in (*speed.SINGLE, *speed.JOBS):
            for program, taken in row["seconds"].items():
                rows.append([row["task"], program, str(row["d"]), seconds(taken)])
    return "Batches: median time\n" + table(["task", "program", "d", "time"], rows, left=2)


def jobs(results: Results) -> str:
    """Median times of whole jobs, each beside what gausslib's time is of it."""
    rows = []
    for row in results["speed"]:
        if row["task"] in speed.JOBS:
            for program, taken in row["seconds"].items():
                ratio = times(row["seconds"]["gausslib"] / taken)
                cells = [row["task"], program, str(row["d"]), seconds(taken)]
                rows.append([*cells, "" if program == "gausslib" else ratio])
    head = ["task", "program", "d", "time", "gausslib"]
    return "Whole jobs: median time, and that of gausslib as a multiple\n" + table(head, rows, 2)


def under_load(results: Results) -> str:
    """Time on the wall of one call while all cores are busy."""
    rows = [
        [
            row["program"],
            "one" if row["threads"] else "any",
            *(seconds(row[key]) for key in ("median", "high", "mean")),
            verdict(row["high"] <= load.TARGET) if row["program"] == "gausslib" else "",
        ]
        for row in results["load"]
    ]
    title = (
        "KL of one pair in the plane on a busy machine: time on the wall\n"
        f"(target of the 95th percentile {seconds(load.TARGET)})\n"
    )
    return title + table(["program", "threads", "median", "95 %", "mean", ""], rows, left=2)


def import_added(results: Results) -> float:
    taken = results["import"]
    return taken["gausslib"] - taken["NumPy and SciPy"]


def importing(results: Results) -> str:
    added = import_added(results)
    rows = [[f"import {name}", seconds(taken)] for name, taken in results["import"].items()]
    rows.append(["what gausslib adds", seconds(added)])
    met = verdict(added <= speed.IMPORT_TARGET)
    title = f"Import, median of fresh interpreters (target {seconds(speed.IMPORT_TARGET)}, {met})"
    return f"{title}\n" + table(["", "time"], rows)


# --- what was missed -------------------------------------------------------------------


def missed(results: Results) -> list[str]:
    """Every target that the run did not meet."""
    found = []
    for program in LIBRARY:
        for family, by_quantity in worst(results, program).items():
            for quantity, value in by_quantity.items():
                target = TARGETS[family][COLUMN[quantity]]
                if value > target:
                    name = f"{TITLES[quantity]} of {program}, {family}"
                    found.append(f"{name}: error {error(value)}, target {error(target)}")
    for quantity, by_program in results["separation"]["errors"].items():
        target = SWITCH_TARGETS[COLUMN[quantity]]
        if max(by_program["gausslib"]) > target:
            value = error(max(by_program["gausslib"]))
            found.append(f"{TITLES[quantity]} against separation: {value}, target {error(target)}")
    found += [f"{row['map']}, d = {row['d']}" for row in results["maps"] if not map_is_met(row)]
    found += [
        f"{row['program']}, angle {row['pairs']}"
        for row in results["rotations"]
        if not rotation_is_met(row)
    ]
    found += [
        f"{row['quantity'].replace('_', ' ')} of {row['program']}, {row['family']}: "
        f"error {error(row['worst'])}, target {error(row['target'])}"
        for row in results["families"]
        if not family_is_met(row)
    ]
    found += [
        f"barycenter, axes 1 : {row['axes']:.0e}: {count(row['gausslib'], BARYCENTER_STEPS)} steps"
        for row in results["barycenter_steps"]
        if row["gausslib"] > BARYCENTER_STEPS
    ]
    found += [
        f"KL on a busy machine, {row['threads'] or 'any number of'} threads: "
        f"{seconds(row['high'])}, target {seconds(load.TARGET)}"
        for row in results["load"]
        if row["program"] == "gausslib" and row["high"] > load.TARGET
    ]
    found += [
        f"gradient of {row['function']} in {row['library']}, {row['pair']}: {error(row['recipe'])}"
        for row in results["gradients"]["rows"]
        if not gradient_is_met(row)
    ]
    causes = dict(speed.CAUSES)
    for task, d, program, against, ratio, target in ratios(results):
        if target is not None and ratio > target:
            name = f"{task}, d = {d}: {program} against {against}"
            line = f"{name}: {times(ratio)}, target {times(target)}"
            cause = causes.pop((task, program, against), None)
            if cause:  # once, with the first of its dimensions
                line += fill(cause, 88, initial_indent="\n  ", subsequent_indent="  ")
            found.append(line)
    if import_added(results) > speed.IMPORT_TARGET:
        found.append(f"import: {seconds(import_added(results))}")
    return found


def misses(results: Results) -> str:
    found = missed(results)
    if not found:
        return "No target was missed."
    return "Missed targets\n" + "\n".join(f"* {line}" for line in found)


def everything(results: Results) -> str:
    parts = [
        circumstances(results),
        failures(results),
        "A failure: no number, NaN, a negative number, zero or infinity where there is none or\n"
        f"the reverse, or an error of more than {FAILURE:.0%}. R: Rényi divergence, by its order.",
        *(errors(results, program) for program in LIBRARY),
        *(separation(results, quantity) for quantity in ("kl", "w2")),
        maps(results),
        rotations(results),
        gradients(results),
        families(results),
        barycenter_steps(results),
        speeds(results),
        single_tasks(results),
        batched_tasks(results),
        jobs(results),
        under_load(results),
        importing(results),
        misses(results),
    ]
    return "\n\n".join(parts)
