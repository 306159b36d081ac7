"""What is in the built site, and what must stop a build."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from booksite.notebooks import settled

ROOT = Path(__file__).parents[2]
CHAPTER = "notebooks/02-kl"


def test_nothing_on_a_page_is_loaded_from_elsewhere(html):
    """Neither in the pages nor in the scripts and styles that they load."""
    loads = re.compile(
        r"(?:<(?:script|img|iframe|source)\b[^>]*\bsrc=|<link\b[^>]*\bhref=|url\()"
        r"""["']?(?:https?:)?//"""
    )
    files = [*html.rglob("*.html"), *html.rglob("*.css")]
    assert len(files) > 5
    assert [path for path in files if loads.search(path.read_text(encoding="utf8"))] == []


def test_executed_notebook_is_offered_for_download(html):
    page = (html / f"{CHAPTER}.html").read_text(encoding="utf8")
    assert f"_sources/{CHAPTER}.ipynb" in page
    notebook = json.loads((html / "_sources" / f"{CHAPTER}.ipynb").read_text(encoding="utf8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    assert sum(bool(cell["outputs"]) for cell in cells) >= 5


def test_two_runs_of_a_notebook_are_offered_as_one():
    """Names of cells and of widgets are random, and plots have dates."""

    def executed(cell, model, date):
        view = {"application/vnd.jupyter.widget-view+json": {"model_id": model}}
        svg = {"image/svg+xml": [f"<svg><metadata>{date}</metadata>", "</svg>"]}
        state = {"application/vnd.jupyter.widget-state+json": {"state": {model: {}}}}
        outputs = [{"data": view}, {"data": svg}]
        return json.dumps(
            {"cells": [{"id": cell, "outputs": outputs}], "metadata": {"widgets": state}}
        )

    first = settled(executed("c3767f8a", "2bb418b5b9d9436db293059d7d6cc6d3", "2026-11-26"))
    assert first == settled(executed("610b6795", "dbe046a10ba247d7aeb38a69d272750c", "2027-01-01"))
    cell = json.loads(first)["cells"][0]
    (model,) = json.loads(first)["metadata"]["widgets"].popitem()[1]["state"]
    assert cell["outputs"][0]["data"].popitem()[1] == {"model_id": model}
    assert cell["outputs"][1]["data"] == {"image/svg+xml": "<svg></svg>"}


def test_pages_carry_the_element_and_no_widget_manager(html):
    for name in ("book/welcome", CHAPTER):
        page = (html / f"{name}.html").read_text(encoding="utf8")
        assert "<gauss-pair" in page
        assert "require.js" not in page
        assert "application/vnd.jupyter.widget" not in page


def test_every_page_has_an_icon(html):
    """Without one, browsers ask the server for a file that is not there."""
    pages = [path for path in html.rglob("*.html") if "_static" not in path.parts]
    assert len(pages) > 4
    for path in pages:
        icon = re.search(r'<link rel="icon" href="([^"]+)"', path.read_text(encoding="utf8"))[1]
        # The page for a missing address stands anywhere, and so carries an empty one.
        here = icon == "data:," and path.name == "404.html"
        assert here or (path.parent / icon.partition("?")[0]).resolve().is_file(), path


# --- what must stop a build -------------------------------------------------------------

HEADER = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# A page

"""
GOOD = r"""
A page that builds: $\mathcal N(0, 1)$, and {eq}`eq-kl-1d`. [Link](#a-page). It has $a$. And $b$.

$$
\operatorname{KL}(p \,\|\, q) = \log \frac{\sigma_q}{\sigma_p}
  + \frac{\sigma_p^2 + (\mu_p - \mu_q)^2}{2 \sigma_q^2} - \tfrac12
$$ (eq-kl-1d)
"""


def walk(*steps: str) -> str:
    """A figure, and a walk with it."""
    written = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    figure = '<gauss-pair id="pair" p="0,0,1,1,0" q="0,0,1,1,0"></gauss-pair>'
    return f"{figure}\n\n:::{{admonition}} A walk\n:class: walk\n\n{written}\n:::\n"


AWAY = "[Away](?pair.p=2,0,1,1,0#pair)"
GOOD_WALK = walk(
    f"{AWAY}: {{claim}}`KL(p‖q) rises to 2`, {{claim}}`KL(p‖q) and KL(q‖p) agree`.",
    "Drag it until {goal}`W₂ is above 2.5`. [Show one](?pair.p=3,0,1,1,0#pair)",
    "[On](?pair.p=6,0,1,1,0#pair). Will it double?\n"
    "   * {claim}`W₂ doubles`\n   * {claim}`W₂ grows four times`",
)


def proof(keys: str, tags: str = "hide-cell", code: str = 'print("eq-kl-1d")') -> str:
    """A cell that says which formulas it proves."""
    return f"```{{code-cell}} ipython3\n:tags: [{tags}]\n:proves: [{keys}]\n{code}\n```\n"


def head(minutes: int) -> str:
    """What a chapter promises, with 450 words: five minutes."""
    told = f"**Time:** about {minutes} minutes, without the exercises."
    box = f":::{{admonition}} In this chapter\n:class: objectives\n{told}\n:::\n\n"
    return box + "word " * 450 + "\n\n## Exercises\n\n" + "word " * 900 + "\n"


# The faults have no two pages that display one formula.
GOOD_HELLINGER = r"""
$$
\operatorname{Hel}(p, q) = \sqrt{1 - \operatorname{BC}(p, q)}
$$ (eq-hellinger)

"""

# Each fault is alone on a page: all are told by one build.
FAULTS = {
    "failing-cell": (
        "```{code-cell} ipython3\nassert 1 + 1 == 3\n```\n",
        "Executing notebook failed",
    ),
    "broken-display-equation": ("$$\n\\frac{1}{2\n$$\n", "equation does not parse"),
    "broken-inline-equation": ("Inline: $\\nosuchcommand$.\n", "equation does not parse"),
    "drifted-formula": (GOOD.replace("- \\tfrac12", "+ \\tfrac12"), "is not the formula"),
    "unregistered-formula": (GOOD.replace("eq-kl-1d", "eq-unknown"), "is not a key"),
    "unresolved-reference": ("See {eq}`eq-nowhere`.\n", "eq-nowhere"),
    "false-claim": (
        walk(f"{AWAY}: {{claim}}`KL(p‖q) is infinite`"),
        "is not so: kl_pq == inf",
    ),
    "unclear-claim": (walk(f"{AWAY}: {{claim}}`KL(p‖q) soars`"), "is not understood"),
    "claim-of-nothing": (walk(f"{AWAY}: {{claim}}`the overlap falls`"), "is not understood"),
    "claim-by-nobody": (walk(f"{AWAY}: KL grows."), "says nothing that can be checked"),
    "stray-claim": ("{claim}`KL(p‖q) stays`\n", "stands in no walk"),
    "illegal-step": (walk("[No](?pair.p=0,0,-1,1,0#pair) {claim}`W₂ stays`"), "p: expected"),
    "step-of-nothing": (walk("[No](?pair.r=1#pair) {claim}`W₂ stays`"), "no field r"),
    "walk-of-nobody": (walk("[No](?pear.p=0,0,1,1,0#pear) {claim}`W₂ stays`"), "no figure pear"),
    "two-walks": (walk(f"{AWAY} {{claim}}`W₂ grows`") * 2, "has a walk already"),
    "two-truths": (
        walk(f"{AWAY}\n   * {{claim}}`W₂ grows`\n   * {{claim}}`W₂ is 2`"),
        "2 of the choices are so",
    ),
    "goal-at-the-start": (walk(f"{{goal}}`W₂ is below 9` {AWAY}"), "before anything is done"),
    "goal-out-of-reach": (walk(f"{{goal}}`W₂ is above 9` {AWAY}"), "is not reached"),
    "dead-link": ("[No](?pair.p=0,0,1,1,0#pair)\n", "there is no figure pair"),
    "wrong-time": (head(20), "must say **Time:** about 5 minutes"),
    "proof-of-nothing-here": (proof("eq-kl-turned"), "which this page does not display"),
    "open-proof": (GOOD_HELLINGER + proof("eq-hellinger", tags="remove-output"), "a folded cell"),
    "unknown-source": ("{cite:p}`Nobody1900`\n", "Nobody1900"),
}


def build(folder: Path, pages: dict[str, str]) -> subprocess.CompletedProcess:
    """Build a book of these pages with the project's own settings."""
    (folder / "book").mkdir()
    for name in ("_extension", "references.bib"):
        (folder / "book" / name).symlink_to(ROOT / "book" / name)
    shutil.copy(ROOT / "_config.yml", folder)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(HEADER + text)
    first, *others = pages
    chapters = "".join(f"- file: {name}\n" for name in others)
    contents = f"format: jb-book\nroot: {first}\n" + (f"chapters:\n{chapters}" if others else "")
    (folder / "_toc.yml").write_text(contents)
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", "--warningiserror", "--keep-going", "--nitpick", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_good_page_builds(tmp_path):
    done = build(tmp_path, {"good": GOOD + GOOD_WALK + proof("eq-kl-1d") + head(5)})
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "_build" / "html" / "good.html").read_text(encoding="utf8")
    assert "KL(p‖q) rises to 2<span" in page
    assert "(0.0000 → 2.0000)" in page
    assert '<a href="#equation-eq-kl-1d">Equation (1)</a>' in page
    assert page.count(">derived</span>") == page.count(">50 digits</span>") == 2
    assert re.search(r'<a class="key" href="#equation-eq-kl-1d" title="equation \(1\)">', page)
    assert re.search(r'<span class="unbroken"><span class="math[^§]*?</span>,</span> and ', page)
    assert len(re.findall(r"</span>\.</span>(?: And |</p>)", page)) == 2
    assert re.search(r"Link(?:</\w+>)+\. It has ", page)  # not behind another formula


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """What a build says of a book in which each page has a fault of its own."""
    pages = {name: text for name, (text, _) in FAULTS.items()}
    done = build(tmp_path_factory.mktemp("spoilt"), pages)
    assert done.returncode != 0
    return re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)


@pytest.mark.parametrize("page", FAULTS)
def test_a_fault_stops_the_build(spoilt, page):
    """Warnings are errors: each fault is a warning, at its page."""
    _, complaint = FAULTS[page]
    warning = re.compile(rf"/{page}\.md.*(WARNING|ERROR):")
    told = [line for line in spoilt.splitlines() if warning.search(line)]
    assert [line for line in told if complaint in line], spoilt
