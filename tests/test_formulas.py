"""Walks the registry: what the book displays is what is derived, computed and sampled.

For each entry the TeX itself is read and evaluated on random Gaussians, and compared
with its SymPy expression, with gausslib's function, with the definition integrated by
quadrature, and with sampling. A last test changes the TeX (a sign, a half, p for q) and
wants each change noticed.
"""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from booksite.katex import Katex
from tex_value import sides
from widgets.javascript import evaluate

from gausslib import Gaussian, kl_divergence
from gausslib.formulas import FORMULAS, SCOPES, Formula, normalise_tex
from gausslib.montecarlo import agrees, kl_plain

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "notebooks").glob("*.md")) + sorted((ROOT / "book").glob("*.md"))
LABELLED = re.compile(r"^\$\$\n([^$]*)\n\$\$ \((eq-[\w-]+)\)$", re.MULTILINE)
CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

each_formula = pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS.keys())


@pytest.fixture(scope="module")
def katex():
    with Katex() as engine:
        yield engine


# --- random pairs, one kind for each scope ---------------------------------------------


def covariance(rng: np.random.Generator, dimension: int) -> np.ndarray:
    """A covariance near 1: then a quadrature of q/p converges quickly."""
    root = rng.normal(size=(dimension, dimension))
    return np.eye(dimension) + 0.12 * (root + root.T) / np.sqrt(dimension)


def any_pair(rng):
    dimension = int(rng.integers(1, 4))
    return tuple(
        Gaussian(0.4 * rng.normal(size=dimension), covariance(rng, dimension)) for _ in "pq"
    )


def line_pair(rng):
    return tuple(Gaussian(rng.normal(), rng.uniform(0.5, 2)) for _ in "pq")


def diagonal_pair(rng):
    dimension = int(rng.integers(2, 4))
    variances = rng.uniform(0.5, 2, (2, dimension))
    return tuple(Gaussian(rng.normal(size=dimension), np.diag(row)) for row in variances)


def standard_pair(rng):
    dimension = int(rng.integers(2, 4))
    p = Gaussian(rng.normal(size=dimension), covariance(rng, dimension))
    return p, Gaussian.standard(dimension)


def turned_pair(rng):
    axes, angle = rng.uniform(0.5, 2, 2), rng.uniform(0.3, 1.2)
    return tuple(Gaussian.from_axes([0, 0], axes, turn) for turn in (0.0, angle))


SAMPLERS: dict[str, Callable] = {
    "any dimension": any_pair,
    "d = 1": line_pair,
    "diagonal": diagonal_pair,
    "q standard": standard_pair,
    "turned ellipse": turned_pair,
    "finite variance": any_pair,
}


def plane(gaussian: Gaussian) -> dict:
    """A planar Gaussian as the browser's functions take it."""
    (a, b), (_, d) = gaussian.cov
    return {"mean": gaussian.mean.tolist(), "cov": [a, b, d]}


def density(gaussian: Gaussian) -> Callable[[np.ndarray], float]:
    return lambda column: gaussian.pdf(column.ravel())


def quadrature(p: Gaussian) -> tuple[list[np.ndarray], np.ndarray]:
    """Nodes and weights of a Gauss-Hermite rule for means under p."""
    per_axis = {1: 60, 2: 30, 3: 14}[p.dim]
    nodes, weights = np.polynomial.hermite_e.hermegauss(per_axis)
    grid = np.stack(np.meshgrid(*[nodes] * p.dim, indexing="ij"), -1).reshape(-1, p.dim)
    products = np.prod(np.meshgrid(*[weights / weights.sum()] * p.dim, indexing="ij"), axis=0)
    points = p.mean + grid @ np.linalg.cholesky(p.cov).T
    return [point[:, None] for point in points], products.ravel()


def names_for(scope: str, p: Gaussian, q: Gaussian, rng: np.random.Generator) -> dict:
    """What every symbol of the book stands for, for this pair."""
    roots = [np.sqrt(np.diag(g.cov)) for g in (p, q)]
    major = np.linalg.eigh(q.cov)[1][:, -1 if p.cov[0, 0] >= p.cov[-1, -1] else 0]
    log_p, log_q = p.logpdf, q.logpdf
    one = scope == "d = 1"
    laws = {"p": p, "q": q, "standard": Gaussian.standard(p.dim)}
    densities = {name: density(law) for name, law in laws.items()}
    law_of = {densities[name]: law for name, law in laws.items()}
    return {
        **densities,
        "KL": lambda first, second: kl_by_quadrature(law_of[first], law_of[second]),
        "mu_p": float(p.mean[0]) if one else p.mean[:, None],
        "mu_q": float(q.mean[0]) if one else q.mean[:, None],
        "Sigma_p": p.cov,
        "Sigma_q": q.cov,
        "sigma_p": float(roots[0][0]) if one else roots[0],
        "sigma_q": float(roots[1][0]) if one else roots[1],
        "delta": (p.mean - q.mean)[:, None],
        "lambda_": np.linalg.eigvals(np.linalg.solve(q.cov, p.cov)).real,
        "d": p.dim,
        "x": p.mean[:, None] + 0.5 * rng.normal(size=(p.dim, 1)),
        "r": lambda column: float(np.exp(log_q(column.ravel()) - log_p(column.ravel()))),
        "l_1": p.cov[0, 0],
        "l_2": p.cov[-1, -1],
        "theta": np.arctan2(major[-1], major[0]),
        "nodes_of_p": quadrature(p),
        "nodes_of_q": quadrature(q),
    }


def kl_by_quadrature(p: Gaussian, q: Gaussian) -> float:
    """The definition, integrated without any closed form."""
    points, weights = quadrature(p)
    columns = np.array(points)[:, :, 0]
    return float(weights @ (p.logpdf(columns) - q.logpdf(columns)))


def symbolic_value(formula: Formula, names: dict) -> float:
    """The entry's SymPy expression at the same numbers."""
    parameters = formula.expression.__code__.co_varnames[: formula.expression.__code__.co_argcount]
    values = {}
    for name in parameters:
        value = names[name]
        values[name] = sp.Matrix(value) if np.ndim(value) else value
    return float(formula.expression(**values))


def trials(formula: Formula, count: int):
    rng = np.random.default_rng(8512)
    for _ in range(count):
        p, q = SAMPLERS[formula.scope](rng)
        yield p, q, names_for(formula.scope, p, q, rng)


# --- the checks -------------------------------------------------------------------------


def test_every_scope_has_a_sampler():
    assert SAMPLERS.keys() == SCOPES.keys()
    assert {formula.scope for formula in FORMULAS.values()} <= SCOPES.keys()


def test_references_are_in_the_bibliography():
    entries = set(
        re.findall(r"^@\w+\{([^,]+),", (ROOT / "book" / "references.bib").read_text(), re.M)
    )
    assert {key for formula in FORMULAS.values() for key in formula.references} <= entries


@each_formula
def test_displayed_tex_is_true(formula, katex):
    """Both sides of the TeX are equal, and equal to the expression and the function."""
    for p, q, names in trials(formula, 6):
        left, right = map(float, sides(katex, formula.tex, names))
        assert right == pytest.approx(left, rel=1e-9)
        assert right == pytest.approx(symbolic_value(formula, names), rel=1e-9)
        if formula.function is not None:
            assert right == pytest.approx(float(formula.function(p, q)), rel=1e-9)


@pytest.mark.parametrize("formula", [f for f in FORMULAS.values() if f.terms], ids=lambda f: f.key)
def test_each_term_is_what_its_name_says(formula, katex):
    for p, q, names in trials(formula, 6):
        parts = formula.decomposition(p, q)
        assert [term.name for term in formula.terms] == list(parts._fields)
        for term in formula.terms:
            _, value = sides(katex, f"0 = {term.tex}", names)
            assert value == pytest.approx(float(getattr(parts, term.name)), rel=1e-9)


def changed(tex: str):
    """The TeX with one thing wrong: a sign, a half, p for q, or the two sides of KL exchanged."""
    for at, character in enumerate(tex):
        if character in "+-" and tex[at - 1] not in "{^":
            yield tex[:at] + {"+": "-", "-": "+"}[character] + tex[at + 1 :]
    for half in re.finditer(r"\\tfrac12", tex):
        yield f"{tex[: half.start()]}1{tex[half.end() :]}"
    for letter in re.finditer(r"(?<![A-Za-z\\])[pq](?![A-Za-z])", tex):
        at = letter.start()
        yield tex[:at] + {"p": "q", "q": "p"}[tex[at]] + tex[at + 1 :]
    yield from {tex.replace(r"(p \,\|\, q)", r"(q \,\|\, p)", 1)} - {tex}


@each_formula
def test_a_wrong_formula_is_noticed(formula, katex):
    """Each single change of the TeX is read, and breaks the equation for some pair."""
    wrong = set(changed(formula.tex))
    if formula.scope == "turned ellipse":  # where KL is symmetric, exchanging its sides is right
        wrong.discard(formula.tex.replace(r"(p \,\|\, q)", r"(q \,\|\, p)"))
    assert wrong
    for tex in wrong:
        with np.errstate(all="ignore"):
            both = [list(map(float, sides(katex, tex, names))) for *_, names in trials(formula, 3)]
        assert not all(np.isclose(left, right, rtol=1e-6) for left, right in both), tex


@pytest.mark.parametrize(
    "formula", [f for f in FORMULAS.values() if f.function is kl_divergence], ids=lambda f: f.key
)
def test_sampling_agrees(formula):
    """One pair an entry, 50,000 samples, a false alarm in a million."""
    p, q, _ = next(trials(formula, 1))
    estimate = kl_plain(p, q, 50_000, np.random.default_rng(1))
    assert agrees(estimate, float(formula.function(p, q)))


@pytest.mark.parametrize(
    "formula", [f for f in FORMULAS.values() if f.browser], ids=lambda f: f.key
)
def test_the_browser_computes_the_same(formula):
    pairs = [(p, q) for p, q, _ in trials(formula, 12) if p.dim == 2]
    data = [[plane(p), plane(q)] for p, q in pairs]
    answers = evaluate("gauss2d.js", f"data.map(([p, q]) => m.{formula.browser}(p, q))", data)
    assert pairs
    for (p, q), answer in zip(pairs, answers, strict=True):
        assert answer == pytest.approx(float(formula.function(p, q)), rel=1e-9)


# --- the chapters -----------------------------------------------------------------------


def labelled_equations():
    for path in CHAPTERS:
        text = path.read_text(encoding="utf8")
        for equation in LABELLED.finditer(text):
            yield path, text, equation[2], equation[1]


def test_chapters_display_the_registry():
    """Each entry is displayed once, and every labelled equation is the entry's TeX."""
    shown = [(key, tex) for _, _, key, tex in labelled_equations()]
    assert sorted(key for key, _ in shown) == sorted(FORMULAS)
    for key, tex in shown:
        assert normalise_tex(tex) == normalise_tex(FORMULAS[key].tex), key


def test_each_displayed_formula_is_asserted_by_a_cell():
    for path, text, key, _ in labelled_equations():
        asserting = [cell for cell in CELL.findall(text) if f'formula["{key}"]' in cell]
        assert any("assert same(" in cell for cell in asserting), f"{path.name}: {key}"


def test_no_display_equation_is_unchecked():
    """What is displayed without a label must be a registered formula once more."""
    known = {normalise_tex(formula.tex) for formula in FORMULAS.values()}
    for path in CHAPTERS:
        text = path.read_text(encoding="utf8")
        displays = re.findall(r"^\$\$(.*?)\$\$", re.sub(CELL, "", text), re.MULTILINE | re.DOTALL)
        assert {normalise_tex(tex) for tex in displays} <= known, path.name
