"""Walks the registry: what the book displays is what is derived, computed and sampled.

Five checks for each entry. The displayed TeX itself is read and evaluated on random
Gaussians or unit vectors: both of its sides agree, the left one computed from definitions, and
a wrong sign, factor or letter is noticed. Its SymPy expression is proved, in
`test_formula_proofs.py`. The expression with 50 digits agrees with gausslib's function; so
does sampling; and so does the browser.
"""

import inspect
import json
import re
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from booksite.katex import Katex
from formulas.symbols import SAMPLERS, arguments
from formulas.tex_value import Statement, read
from support.javascript import SOURCES, evaluate

from gausslib import formulas, montecarlo
from gausslib.formulas import FORMULAS, KINDS, SCOPES, Formula, normalise_tex

ROOT = Path(__file__).parents[2]
CHAPTERS = {path.stem: path for path in (ROOT / "notebooks").glob("*.md")}
PAGES = sorted(CHAPTERS.values()) + sorted((ROOT / "book").glob("*.md"))
LABELLED = re.compile(r"^\$\$\n([^$]*)\n\$\$ \((eq-[\w-]+)\)$", re.MULTILINE)
CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

# The chapters of Parts I and II; a name that is in here and not yet in `notebooks/` is to come.
PLANNED = {
    "01-gaussian",
    "02-kl",
    "03-overlap",
    "04-family",
    "05-wasserstein",
    "06-side-by-side",
    "07-in-practice",
    "09-plane",
    "10-orthogonal",
    "11-procrustes",
}

# Inequalities: how near the smaller side comes to the larger, relative to it, in the scope. A
# bound that became too weak is noticed by this, one number for each sign.
SHARPNESS = {
    "eq-pinsker": [np.sqrt(2 / np.pi)],  # for a small difference of the means alone
    "eq-maximum-entropy": [1],
    "eq-bayes-error": [1],
    "eq-variation-bounds": [1, 1],
    "eq-variation-hellinger": [1, 1],
    "eq-bretagnolle-huber": [1],
    # for equal covariances; nearer only if p is far narrower than q
    "eq-bhattacharyya-kl": [1 / 2],
    "eq-chernoff-bounds": [1, 1 / 4],
    "eq-w2-commuting-bound": [1],
    "eq-coupling": [1],
    "eq-coupling-cost": [1],
    "eq-w2-dual": [1],
    "eq-gelbrich": [1],
    "eq-talagrand": [1],
    "eq-nearest-map": [1],
}

# Changes of the TeX, each known by what it leads to, that leave the formula right, and why.
STILL_RIGHT = {
    ("eq-kl-turned", r"\operatorname{KL}(q \,\|\, p)"): "KL is symmetric in this scope",
    ("eq-pinsker", r"\operatorname{KL}(q \,\|\, p)"): "the other side is symmetric",
    ("eq-gaussian-integral", r"- \omega^\top x"): "the integral is even in omega",
    ("eq-variation-equal", r"\Sigma_q^{-1}"): "the covariances are equal",
    ("eq-common-mass", r"\Sigma_q^{-1}"): "the covariances are equal",
    ("eq-fisher-rao-covariances", r"\Sigma_q^{-1}"): "the covariances are equal",
    ("eq-bayes-error", r"\operatorname{BC}(p, p)"): "no error exceeds ½, which equal laws reach",
    ("eq-bayes-error", r"\operatorname{BC}(q, q)"): "no error exceeds ½, which equal laws reach",
    ("eq-variation-bounds", r"\sqrt{1 + "): "it is at most one, which distant laws reach",
    ("eq-bretagnolle-huber", r"\sqrt{1 + "): "it is at most one, which distant laws reach",
    ("eq-bretagnolle-huber", r"\operatorname{KL}(q \,\|\, p)"): "the other side is symmetric",
    ("eq-bhattacharyya-kl", r"\operatorname{KL}(q \,\|\, p)"): "the other side is symmetric",
    ("eq-chernoff-bounds", r"\operatorname{KL}(q \,\|\, p)"): "the other sides are symmetric",
    ("eq-bhattacharyya-turned", r"\operatorname{KL}(q \,\|\, p)"): "KL is symmetric in this scope",
    ("eq-renyi-half", r"D_{1/2}(q \,\|\, p)"): "at order one half it is symmetric",
    ("eq-affine-covariance", "A x - b"): "a covariance does not see a shift",
    ("eq-whitening", r"(x + \mu_p)"): "a covariance does not see a shift",
    ("eq-sample-covariance", "(x_i + m)"): "the differences from the mean add up to zero",
    ("eq-weighted-covariance", "(x_i + m)"): "with the weights they add up to zero too",
    ("eq-mixture-covariance", r"(\mu_i + m)"): "with the weights they add up to zero too",
    ("eq-w2-procrustes", r"\|X + Y Q\|"): "with Q the matrix -Q is orthogonal",
    ("eq-kabsch", r"= \min_{Q \in O(d)} \|X + Y Q\|"): "with Q the matrix -Q is orthogonal",
}

# Functions of two laws that are symmetric: to exchange the laws is not wrong.
SYMMETRIC = tuple(rf"\operatorname{{{name}}}" for name in ("BC", "BD", "C", "FR", "Hel", "J", "TV"))
SYMMETRIC += ("W_1", "W_2")


# Functions of gausslib that have an estimator: of the same name, except for KL, which has two.
SAMPLED = {*montecarlo.__all__, "kl_divergence"}


def each(condition=lambda formula: True):
    """Run a test for each entry that meets a condition."""
    chosen = [formula for formula in FORMULAS.values() if condition(formula)]
    return pytest.mark.parametrize("formula", chosen, ids=lambda formula: formula.key)


@pytest.fixture(scope="module")
def statement():
    """What a displayed TeX says, ready to be evaluated."""
    with Katex() as katex:
        yield lambda tex: read(katex, tex)


@cache
def trials_of(scope: str) -> list:
    rng = np.random.default_rng(8512)
    return [SAMPLERS[scope](rng) for _ in range(30)]


def trials(formula: Formula) -> list:
    """Thirty random trials in the scope of a formula, the same ones in every test."""
    return trials_of(formula.scope)


@cache
def side_value(formula: Formula, number: int, side: str):
    """The value of one side of a statement in a trial of the formula.

    A change of the TeX leaves all sides but one as they are: these are not computed again.
    """
    return Statement([json.loads(side)], []).values(trials(formula)[number])[0]


def side_values(formula: Formula, number: int, statement) -> list:
    return [side_value(formula, number, json.dumps(side)) for side in statement.sides]


def close(a, b, tolerance: float) -> bool:
    """Whether two numbers or matrices agree, relative to their largest entry.

    In the trials lengths are about one: below a thousandth the difference itself counts.
    """
    size = max(np.max(np.abs(a)), np.max(np.abs(b)), 1e-3)
    return bool(np.max(np.abs(a - b)) <= tolerance * size < np.inf)


def exact(value):
    """A double, or an array or a list of them, for SymPy, with room for 60 digits."""
    if isinstance(value, list):
        return [exact(item) for item in value]
    if isinstance(value, int):
        return sp.Integer(value)
    if np.ndim(value):
        return sp.Matrix(np.vectorize(lambda x: sp.Float(float(x), 60), otypes=[object])(value))
    return sp.Float(float(value), 60)


@cache
def exact_value(formula: Formula, number: int):
    """The entry's expression in a trial, computed with 50 digits and then rounded."""
    symbols = trials(formula)[number]
    names = inspect.signature(formula.expression).parameters
    value = sp.N(formula.expression(**{name: exact(getattr(symbols, name)) for name in names}), 50)
    if not isinstance(value, sp.MatrixBase):
        return float(value)
    return float(value[0]) if value.shape == (1, 1) else np.array(value.tolist(), dtype=float)


def function_value(formula: Formula, number: int):
    symbols = trials(formula)[number]
    value = np.asarray(formula.function(*arguments(formula.function, symbols)))
    value = value[:, None] if value.ndim == 1 else value
    return value[0, 0] if value.shape == (1, 1) else value


def holds(formula: Formula, statement, count: int) -> bool:
    """Whether a statement, the formula or a change of it, is true in the trials of the formula.

    The first trial in which it is false ends the search. For an inequality all trials are taken,
    because it must also be sharp in one of them.
    """
    equation = set(statement.signs) == {"="}
    rows = []
    for number in range(count if equation else len(trials(formula))):
        values = side_values(formula, number, statement)
        if not all(map(is_true, statement.signs, values[:-1], values[1:])):
            return False
        rows.append(values)
    return equation or is_sharp(statement.signs, rows, SHARPNESS[formula.key])


def is_true(sign: str, left, right) -> bool:
    if sign == "=":
        return close(left, right, 1e-9)
    low, high = (left, right) if sign == r"\le" else (right, left)
    return bool(low <= high * (1 + 1e-12))


def is_sharp(signs: list[str], rows: list[list], sharpness: list[float]) -> bool:
    """Whether each inequality of a chain is nearly an equation in some trial."""
    wanted = iter(sharpness)
    for at, sign in enumerate(signs):
        if sign != "=":
            left, right = np.array([row[at : at + 2] for row in rows]).T
            ratios = left / right if sign == r"\le" else right / left
            if not np.max(ratios) > next(wanted) * 0.97:
                return False
    return True


# --- the registry itself ----------------------------------------------------------------


def test_every_scope_has_a_sampler():
    assert SAMPLERS.keys() == SCOPES.keys()
    assert {formula.scope for formula in FORMULAS.values()} <= SCOPES.keys()


def test_no_key_and_no_formula_is_there_twice():
    subjects = (formulas.gaussian, formulas.divergences, formulas.transport, formulas.orthogonal)
    assert len(FORMULAS) == sum(len(subject.FORMULAS) for subject in subjects)
    assert len({normalise_tex(formula.tex) for formula in FORMULAS.values()}) == len(FORMULAS)


def test_references_are_in_the_bibliography():
    entries = set(
        re.findall(r"^@\w+\{([^,]+),", (ROOT / "book" / "references.bib").read_text(), re.M)
    )
    assert {key for formula in FORMULAS.values() for key in formula.references} <= entries


# --- the displayed TeX ------------------------------------------------------------------


@each()
def test_displayed_tex_is_true(formula, statement):
    assert holds(formula, statement(formula.tex), 6)


@each()
def test_displayed_tex_is_the_expression(formula, statement):
    """Its right-hand side is what the expression says."""
    said = statement(formula.tex)
    for number in range(6):
        value = side_values(formula, number, said)[-1]
        assert close(value, exact_value(formula, number), 1e-9)


@each(lambda formula: formula.terms)
def test_each_term_is_what_its_name_says(formula, statement):
    for symbols in trials(formula)[:6]:
        parts = formula.decomposition(*arguments(formula.decomposition, symbols))
        assert [term.name for term in formula.terms] == list(parts._fields)
        for term in formula.terms:
            _, value = statement(f"0 = {term.tex}").values(symbols)
            assert close(value, getattr(parts, term.name), 1e-9)


def changed(tex: str):
    """The TeX with one thing wrong."""

    def put(start: int, end: int, text: str) -> str:
        return tex[:start] + text + tex[end:]

    for sign in re.finditer(r"(?<!\{)[+-]", tex):  # a sign flipped
        yield put(*sign.span(), {"+": "-", "-": "+"}[sign[0]])
    for sign in re.finditer(r"\^\{-", tex):  # an exponent without its sign
        yield put(*sign.span(), "^{")
    for power in re.finditer(r"\^(?:\{(?=[^-])|(?=\d))", tex):  # a sign before an exponent
        if re.search(r"\\(sum|int)_(\w|\{[^}]*\})$", tex[: power.start()]):
            continue
        end = tex.find("}", power.end()) if power[0] == "^{" else power.end() + 1
        inner = tex[power.end() : end]
        yield put(power.start(), end + (power[0] == "^{"), f"^{{-({inner})}}")
    for fraction in re.finditer(r"\\tfrac1\d", tex):  # a lost ½, ¼ or ⅛
        yield put(*fraction.span(), "1")
    for factor in re.finditer(r"(?<![_^\d])[2-9](?!\d)", tex):  # a lost factor 2
        yield put(*factor.span(), "1")
    for pair in ("pq", "ab"):  # one letter for the other
        if all(re.search(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])", tex) for letter in pair):
            for letter in re.finditer(rf"(?<![A-Za-z\\])[{pair}](?![A-Za-z])", tex):
                yield put(*letter.span(), pair[letter[0] == pair[0]])
    for laws in re.finditer(r"\(p(, | \\,\\\|\\, )q\)", tex):  # two laws exchanged
        if not tex[: laws.start()].endswith(SYMMETRIC):
            yield put(*laws.span(), f"(q{laws[1]}p)")


@each()
def test_a_wrong_formula_is_noticed(formula, statement):
    """Each single change of the TeX is read, and is false in some trial or too weak in all."""
    right = {wrong for key, wrong in STILL_RIGHT if key == formula.key}
    wrong = set(changed(formula.tex))
    assert wrong
    with np.errstate(all="ignore"):
        unnoticed = {tex for tex in wrong if holds(formula, statement(tex), 4)}
    assert {tex for tex in unnoticed if not any(part in tex for part in right)} == set()
    # what is listed as right all the same is a change, and is right
    assert all(any(part in tex for tex in unnoticed) for part in right)


# --- the function, with 50 digits, by sampling, in the browser -------------------------------


@each(lambda formula: formula.function)
def test_function_agrees_with_50_digits(formula):
    for number in range(6):
        assert close(function_value(formula, number), exact_value(formula, number), 1e-12)


@each(lambda formula: formula.estimator)
def test_sampling_agrees(formula):
    """100,000 samples and a false alarm in a million; an error of a tenth would be noticed."""
    number = max(range(6), key=lambda number: function_value(formula, number))
    names = inspect.signature(formula.estimator).parameters
    given = {"size": 100_000, "rng": np.random.default_rng(zlib.crc32(formula.key.encode()))}
    symbols = trials(formula)[number]
    estimate = formula.estimator(
        **{name: given[name] if name in given else getattr(symbols, name) for name in names}
    )
    value = float(function_value(formula, number))
    assert montecarlo.agrees(estimate, value)
    noise = "too noisy to notice a tenth: a milder sampler for the scope, or another estimator"
    assert not montecarlo.agrees(estimate, 0.9 * value), noise


@each(lambda formula: getattr(formula.function, "__name__", None) in SAMPLED)
def test_what_can_be_sampled_is_sampled(formula):
    assert formula.estimator is not None


@cache
def in_the_browser() -> dict[str, str]:
    """The closed forms that the browser has, each with its module."""
    return {
        name: path.name
        for path in sorted((SOURCES / "closed-forms").glob("*.js"))
        for name in re.findall(r"^export function (\w+)", path.read_text(encoding="utf8"), re.M)
    }


def camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda letter: letter[1].upper(), name)


def is_planar(formula: Formula) -> bool:
    return any(symbols.d == 2 for symbols in trials(formula))


def for_browser(value):
    """An argument as the browser's functions take it."""
    if hasattr(value, "cov"):
        (a, b), (_, d) = value.cov.tolist()
        return {"mean": value.mean.tolist(), "cov": [a, b, d]}
    return np.asarray(value).tolist()


@pytest.fixture(scope="module")
def browser_values():
    """What the browser computes in the planar trials: one list for each key, in one run."""
    modules, data = in_the_browser(), {}
    for formula in FORMULAS.values():
        if formula.browser:
            planar = [symbols for symbols in trials(formula) if symbols.d == 2][:6]
            calls = [[for_browser(v) for v in arguments(formula.function, s)] for s in planar]
            data.setdefault(modules[formula.browser], {})[formula.key] = [formula.browser, calls]
    values = {}
    for module, calls in data.items():
        values |= evaluate(
            module,
            "Object.fromEntries(Object.entries(data).map("
            "([key, [name, calls]]) => [key, calls.map(call => m[name](...call))]))",
            calls,
        )
    return values


@each()
def test_what_the_browser_has_is_compared(formula):
    """A function of a figure with the name of the entry's, in the browser's spelling, is named."""
    name = camel(getattr(formula.function, "__name__", ""))
    comparable = name in in_the_browser() and is_planar(formula)
    assert formula.browser == (name if comparable else None)


@each(lambda formula: formula.browser)
def test_the_browser_computes_the_same(formula, browser_values):
    numbers = [n for n, symbols in enumerate(trials(formula)) if symbols.d == 2][:6]
    assert numbers
    for number, value in zip(numbers, browser_values[formula.key], strict=True):
        assert close(value, function_value(formula, number), 1e-9)


# --- the chapters -----------------------------------------------------------------------


def labelled_equations():
    for path in PAGES:
        text = path.read_text(encoding="utf8")
        for equation in LABELLED.finditer(text):
            yield path, text, equation[2], equation[1]


def test_chapters_are_planned():
    assert {formula.chapter for formula in FORMULAS.values()} <= PLANNED
    assert PLANNED & CHAPTERS.keys()


def test_labelled_equations_are_the_registry():
    """A label is there once, and its equation is the entry's TeX."""
    shown = [(key, tex) for _, _, key, tex in labelled_equations()]
    assert shown
    assert len({key for key, _ in shown}) == len(shown)
    for key, tex in shown:
        assert normalise_tex(tex) == normalise_tex(FORMULAS[key].tex), key


@pytest.mark.parametrize("chapter", sorted(PLANNED & CHAPTERS.keys()))
def test_a_chapter_displays_its_entries(chapter):
    shown = {key for path, _, key, _ in labelled_equations() if path.stem == chapter}
    assert {key for key, formula in FORMULAS.items() if formula.chapter == chapter} == shown


@pytest.mark.parametrize("key", [key for key in FORMULAS if FORMULAS[key].chapter in CHAPTERS])
def test_an_entry_is_displayed_and_proved_in_its_chapter(key):
    """How a cell proves it, by its kind, `test_chapter_proofs.py` looks at."""
    path = CHAPTERS[FORMULAS[key].chapter]
    text = path.read_text(encoding="utf8")
    assert key in dict(LABELLED.findall(text)).values(), (
        f"{path.name} does not display it, on three lines: $$, the TeX, $$ ({key})"
    )
    proved = re.findall(r"^:proves: \[(.*)\]$", text, re.MULTILINE)
    assert key in ", ".join(proved).split(", "), (
        f"no folded cell of {path.name} has the option :proves: [{key}]"
    )


def test_kinds_are_what_the_tex_says():
    for formula in FORMULAS.values():
        assert formula.kind in KINDS
        # The order of two sides, not the limits below a sum or a maximum.
        sides = re.sub(r"_\{[^}]*\}", "", formula.tex)
        assert (formula.kind == "inequality") == bool(re.search(r"\\[lg]e\b", sides)), formula.key
        assert formula.kind != "maximum" or r"\max" in formula.tex, formula.key


def test_two_results_are_two_expressions():
    """Else a cell that compares them would compare one thing with itself."""
    of_results = [f.expression for f in FORMULAS.values() if f.kind == "result"]
    assert len(set(of_results)) == len(of_results)


def derives(section: str) -> bool:
    """Whether a section has a cell that asserts that what it derived is an entry."""
    return any("assert same(" in cell and "formula[" in cell for cell in CELL.findall(section))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_display_equations(path):
    """One with a label is an entry, in the form that the other tests read.

    One without is an entry once more, or a step of a derivation or of an exercise.
    """
    known = {normalise_tex(formula.tex) for formula in FORMULAS.values()}
    for section in re.split(r"^(?=## )", path.read_text(encoding="utf8"), flags=re.MULTILINE):
        prose = FENCED.sub("", section)
        assert r"\begin{" not in prose, "equations stand between $$"
        labels = re.findall(r"\$\$ *\(([^)]*)\)", prose)
        assert labels == [label for _, label in LABELLED.findall(prose)]
        assert set(labels) <= FORMULAS.keys()
        if not derives(section) and not section.startswith("## Exercises"):
            displays = re.findall(r"^\$\$(.*?)\$\$", prose, re.MULTILINE | re.DOTALL)
            assert {normalise_tex(tex) for tex in displays} <= known, section.splitlines()[0]
