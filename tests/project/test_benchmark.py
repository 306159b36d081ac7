"""The machinery of `make bench`, without the libraries that it compares; no time is asserted."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmark import (
    accuracy,
    autograd,
    families,
    load,
    programs,
    report,
    speed,
    tables,
)
from gausslib import Gaussian, pairwise, w2_distance
from reference import pairs
from reference.pairs import reference_cases

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A quick run in a process of its own, as the book makes one."""
    path = tmp_path_factory.mktemp("bench") / "results.json"
    command = [sys.executable, "-m", "benchmark", "--quick", "--output", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    stored = report.load(path)
    assert done.stdout.strip() == tables.everything(stored).strip()
    return stored


def simple(function):
    return {"kl": lambda *pair: lambda: function(*pair)}


def raises(*pair):
    raise ArithmeticError("no answer")


def test_every_family_is_measured_and_has_a_target(results):
    for row in results["accuracy"]:
        assert set(row["worst"]) == set(pairs.TARGETS), row["program"]
    for program in tables.LIBRARY:
        table = tables.errors(results, program)
        for family in pairs.TARGETS:
            assert re.search(rf"^{family} .*(ok|MISSED)$", table, re.MULTILINE), family


def test_gausslib_has_no_failure_and_meets_the_targets_of_accuracy(results):
    assert {row["program"] for row in results["accuracy"]} >= set(tables.LIBRARY)
    for row in results["accuracy"]:
        if row["program"] in tables.LIBRARY:
            assert row["failures"] == 0
    about_accuracy = [line for line in tables.missed(results) if "error" in line]
    assert about_accuracy == []


def test_textbook_formulas_fail_on_many_pairs(results):
    failures = {
        (row["program"], row["quantity"]): row["failures"]
        for row in results["accuracy"]
        if row["pairs"] == "stored"
    }
    assert failures["textbook: inv, det", "kl"] > 30
    assert failures["textbook: solve, slogdet", "renyi_2"] > 50
    assert failures["textbook: sqrtm", "w2"] > 20


def test_the_usual_rotations_miss_nearly_opposite_vectors(results):
    worst = {(row["program"], row["pairs"]): row["miss"] for row in results["rotations"]}
    assert {pairs for _, pairs in worst} == set(accuracy.TURNS)
    table = tables.rotations(results)
    for program in accuracy.ROTATIONS:
        assert program in table
        miss = max(miss for (name, _), miss in worst.items() if name == program)
        assert (miss <= accuracy.MAP_TARGET) == (program == "gausslib.rotation")
    assert worst["usual: I + K + K²/(1 + c)", "π − 1e-9"] > 0.1
    assert "target 4e-15, ok" in table


def test_gradients_are_checked_where_a_library_is_installed(results):
    found = results["gradients"]
    assert set(found["missing"]) | set(found["versions"]) == set(autograd.LIBRARIES)
    table = tables.gradients(results)
    for name in found["missing"]:
        assert re.search(rf"^{name} +missing", table, re.MULTILINE)
    assert all(map(tables.gradient_is_met, found["rows"]))


def wrong_by(factor):
    """A library whose recipe scales the gradient, by differences of gausslib's own functions."""

    def recipe(divergence, gradient):
        def function(*moments):
            return divergence(Gaussian(*moments[:2]), Gaussian(*moments[2:]))

        function.gradient = gradient
        return function

    def gradient(function, moments):
        if not hasattr(function, "gradient"):
            return [np.full(np.shape(m), np.nan) for m in moments]
        parts = function.gradient(Gaussian(*moments[:2]), Gaussian(*moments[2:]))
        return [factor * part for part in parts]

    return lambda: autograd.Library(np, recipe, gradient, lambda *_: factor == 1)


def test_a_wrong_gradient_is_noticed(results, monkeypatch):
    monkeypatch.setattr(autograd.importlib.metadata, "version", lambda name: "1")
    rng = np.random.default_rng(0)
    libraries = {"right": wrong_by(1), "wrong": wrong_by(1 + 1e-9)}
    found = autograd.check(rng, libraries)
    worst = {name: [r for r in found["rows"] if r["library"] == name] for name in libraries}
    assert len(worst["right"]) == len(worst["wrong"]) > 0
    assert all(map(tables.gradient_is_met, worst["right"]))
    assert not any(map(tables.gradient_is_met, worst["wrong"]))
    assert all(row["own"] == np.inf for row in found["rows"])
    missed = "\n".join(tables.missed(results | {"gradients": found}))
    assert "gradient of KL in wrong, far: 1e-09" in missed
    assert "in right" not in missed


def test_families_are_measured_one_by_one_and_in_batches(results):
    """All those that a quick run asks: large ones are left to the complete run."""
    measured = {(row["family"], row["program"], row["quantity"]) for row in results["families"]}
    for name, family in families.FAMILIES.items():
        if family.quick.get("dims") == ():
            assert not any(name == found for found, *_ in measured)
            continue
        for program in tables.LIBRARY:
            found = {quantity for *place, quantity in measured if place == [name, program]}
            assert found == set(family.targets)
            assert re.search(rf"^{name} .*{program} .*ok$", tables.family(results, name), re.M)


def test_others_fail_in_the_families(results):
    worst = {(row["family"], row["program"], row["quantity"]): row for row in results["families"]}
    for program, quantity in (("textbook: sqrtm", "map"), ("textbook: sqrtm", "barycenter")):
        assert worst["units", program, quantity]["failures"] > 0
    assert worst["ends", "textbook: solve, slogdet", "renyi"]["failures"] > 100


def test_barycenters_are_counted_in_steps(results):
    for row in results["barycenter_steps"]:
        assert row["gausslib"] <= programs.BARYCENTER_STEPS
    table = tables.barycenter_steps(results)
    assert re.search(r"^1 : 1e\+08 +\d+  ok +more than 1000$", table, re.MULTILINE)


def test_calls_on_a_busy_machine_are_timed_with_one_thread_and_with_any(results):
    found = [(row["program"], row["threads"]) for row in results["load"]]
    names = ("gausslib", "SciPy: solve_triangular")
    assert sorted(found, key=str) == sorted([(n, t) for n in names for t in (None, 1)], key=str)
    for row in results["load"]:
        assert 0 < row["median"] <= row["high"]
    slow = [row | {"high": 2 * load.TARGET} for row in results["load"]]
    missed = tables.missed(results | {"load": slow})
    assert sum(line.startswith("KL on a busy machine") for line in missed) == 2


def test_the_calls_on_a_busy_machine_are_one_divergence():
    ours, by_scipy = (call() for call in load._calls().values())
    assert ours == pytest.approx(by_scipy, rel=1e-14)


def test_whole_jobs_compute_what_gausslib_computes():
    pair = speed._pair(np.random.default_rng(0), 5)
    for quantity, plain in (("kl", speed._kl_by_cholesky), ("w2", speed._w2_by_eigh)):
        assert plain(*pair) == pytest.approx(programs.GAUSSLIB[quantity](*pair)(), rel=1e-12)
    batch = speed._pair(np.random.default_rng(0), 5, (4,))
    expected = programs.GAUSSLIB["kl"](*batch)()
    np.testing.assert_allclose(speed._kl_by_cholesky(*batch), expected, rtol=1e-12)
    ps = Gaussian(*batch[:2])
    found = speed._all_pairs_by_eigh(*batch[:2])
    np.testing.assert_allclose(found, pairwise(w2_distance, ps, ps), rtol=1e-9, atol=1e-6)


def test_a_missing_library_is_named(results):
    for name in results["missing"]:
        assert re.search(rf"^{name} .*missing", tables.failures(results), re.MULTILINE)
        assert f"missing: {name} (" in tables.circumstances(results)
    assert set(results["missing"]) | set(results["versions"]) >= set(programs.PEERS)


def test_a_library_that_cannot_be_had_does_not_stop_the_others():
    def absent():
        import no_such_library  # noqa: F401 - that it is not there is the point

    def broken():
        raise OSError("wrong architecture")

    found, versions, missing = programs.load({"absent": absent, "broken": broken})
    assert missing == {
        "absent": "no_such_library is not installed",
        "broken": "cannot be imported: wrong architecture",
    }
    assert {"gausslib", *programs.TEXTBOOK} == set(found)
    assert versions["gausslib"]


def failures_of(function, cases):
    """What is counted for a library with one function."""
    (row,) = accuracy.accuracy({"gausslib": {}, "peer": simple(function)}, {"stored": cases})
    return row["failures"]


@pytest.mark.parametrize(
    "function",
    [
        raises,
        lambda *pair: np.nan,
        lambda *pair: -1.0,
        lambda *pair: np.ones(2),
        lambda *pair: 123.0,
    ],
    ids=["exception", "NaN", "negative", "not a number", "wrong"],
)
def test_what_counts_as_a_failure(function):
    assert failures_of(function, reference_cases()) == 132


def test_zero_and_infinity_are_right_where_they_are_expected():
    cases = reference_cases()
    for value, expected in ((0.0, "0"), (np.inf, "inf")):
        right = [case for case in cases if case.expected["kl_pq"] == expected]
        right = [case for case in right if case.expected["kl_qp"] == expected]
        assert 0 < len(right) < 20
        assert failures_of(lambda *pair, value=value: value, cases) == 132 - len(right)


def test_a_small_error_is_no_failure():
    case = pairs.Case("well/0", *np.zeros((4, 1)), {"kl_pq": "1", "kl_qp": "1"})
    for value, failures in ((1.009, 0), (1.011, 1), (0.98, 1)):
        assert failures_of(lambda *pair, value=value: value, [case]) == failures


def test_a_batch_is_measured_pair_by_pair():
    """Each value of a batch is compared with what was expected of its own pair."""
    cases = [case for case in reference_cases() if case.family in ("well", "cond_1e04")]
    single = accuracy.single_errors(programs.GAUSSLIB["kl"], "kl", cases)
    batched = accuracy.batch_errors(programs.GAUSSLIB["kl"], "kl", cases)
    assert len(single) == len(batched) == len(cases)
    wrong = [case._replace(expected=case.expected | {"kl_pq": "7"}) for case in cases[:1]]
    errors = accuracy.batch_errors(programs.GAUSSLIB["kl"], "kl", wrong + cases[1:])
    assert errors[0] > 0.1
    assert errors[1:] == batched[1:]


def test_fresh_pairs_are_of_every_family_and_like_the_stored_ones():
    fresh = pairs.fresh_cases(np.random.default_rng(0), (2, 3), 2)
    counts = Counter(case.family for case in fresh)
    assert counts == dict.fromkeys(pairs.TARGETS, 4)
    quantities = set().union(*(keys for keys in accuracy.KEYS.values()))
    for case in fresh:
        assert set(case.expected) >= quantities
        if case.family == "sing_diff":
            assert float(case.expected["kl_pq"]) == np.inf
        elif case.family.startswith("near"):
            assert 0 < float(case.expected["kl_pq"]) < 1e-4


def test_a_program_that_fails_is_left_out_of_the_times():
    assert set(speed.in_turn([{"good": int, "bad": raises}] * 2)) == {"good"}


def test_speed_has_all_tasks_with_a_target(results):
    """Except for the large dimensions and the libraries, which a quick run leaves out."""
    rows = {(task, d, program, against) for task, d, program, against, *_ in tables.ratios(results)}
    for (task, program, against), by_dimension in speed.TARGETS.items():
        if against in programs.PEERS:
            continue
        assert set(by_dimension) <= set(speed.DIMS)
        for d in set(by_dimension) & set(speed.QUICK_DIMS):
            assert (task, d, program, against) in rows


def test_a_missed_target_is_named(results):
    slow = json.loads(json.dumps(results))
    for row in slow["speed"]:
        row["seconds"]["gausslib"] = 1e9
    for row in slow["accuracy"]:
        row["worst"]["well"] = 0.5
    slow["maps"][0]["miss"] = 1.0
    for row in slow["rotations"]:
        row["miss"] = 1.0
    slow["import"]["gausslib"] = 1e9
    slow["barycenter_steps"][2]["gausslib"] = np.inf
    for row in slow["families"]:
        row["worst"] = 1.0
    missed = "\n".join(tables.missed(slow))
    for name in (
        "KL, one pair, d = 2",
        "W2, 10000 pairs",
        "well: error 5e-01",
        "reflection, d = 2",
        "gausslib.rotation, angle random",
        "KL, from arrays, d = 2",
        "map of gausslib, batched, units: error 1e+00, target 1e-12",
        "barycenter, axes 1 : 1e+04: more than 200 steps",
    ):
        assert name in missed
    assert "import: 1e+09 s" in missed
    assert "SciPy: Rotation" not in missed


def test_numbers_survive_being_stored(results, tmp_path):
    path = tmp_path / "results.json"
    report.save(results, path)
    assert report.load(path) == results
    assert np.inf in results["separation"]["errors"]["kl"]["textbook: inv, det"]


def test_the_page_takes_what_is_stored(results, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "STORED", tmp_path / "results.json")
    report.save(results | {"kind": "complete"}, report.STORED)
    assert report.stored_or_quick()["kind"] == "complete"


def test_only_peers_are_pinned_apart():
    lines = (ROOT / "requirements-bench.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    needed = {*programs.PEERS, *autograd.LIBRARIES}
    assert {name.lower() for name in pins} == {name.lower() for name in needed}
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower()
    assert not any(re.search(rf"^{name.lower()}==", pinned, re.MULTILINE) for name in pins)
