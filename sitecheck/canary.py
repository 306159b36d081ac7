"""`make canary`: builds the book with the newest Sphinx and MyST, and without Jupyter Book.

It tells early what will break. The packages are the newest that there are, in an environment of
their own; the settings are those of `_config.yml`, translated for Sphinx. A warning fails the
build. A page whose words are not those of the site that `make site` has built is named, with the
first words that differ.
"""

import os
import subprocess
import sys
import tomllib
import venv
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from shutil import copytree, rmtree

from configuration import configure

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "_build" / "canary"
SITE = ROOT / "_build" / "html"
ENVIRONMENT = ROOT / ".venv-canary"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
# What Jupyter Book brings along: the extensions that `_config.yml` names.
EXTENSIONS = (
    "myst-nb",
    "sphinx-copybutton",
    "sphinx-design",
    "sphinx-external-toc",
    "sphinxcontrib-bibtex",
)
SHOWN = 8  # words of a difference


def requirements() -> list[str]:
    """What the site needs, in its newest versions, but for Jupyter Book."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    core, extras = project["project"]["dependencies"], project["project"]["optional-dependencies"]
    needed = [*core, *extras["symbolic"], *extras["widgets"], *project["dependency-groups"]["site"]]
    return [*(each for each in needed if not each.startswith("jupyter-book")), *EXTENSIONS]


def install() -> None:
    """Make the environment, or bring it up to date."""
    if not PROGRAMS.is_dir():
        venv.create(ENVIRONMENT, with_pip=False)
    uv = Path(sys.executable).with_name("uv")
    python = ["--python", PROGRAMS / "python"]
    subprocess.run([uv, "pip", "install", *python, "--upgrade", *requirements()], check=True)
    wanted = {"sphinx", "myst-nb", "myst-parser", "docutils"}
    listed = subprocess.run(
        [uv, "pip", "freeze", *python], capture_output=True, text=True, check=True
    )
    print(*(line for line in listed.stdout.splitlines() if line.partition("==")[0] in wanted))


def copied() -> Path:
    """A copy of the sources, so that the build finds nothing of another."""
    rmtree(BUILD, ignore_errors=True)
    source = BUILD / "source"
    for name in ("book", "notebooks", "gausslib", "benchmark", "reference", "tests"):
        copytree(ROOT / name, source / name)
    for name in ("_config.yml", "_toc.yml", "requirements.txt", "pyproject.toml"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    (source / "node_modules").symlink_to(ROOT / "node_modules")
    return source


def build() -> Path:
    """The folder of a site that was built without a warning."""
    source = copied()
    settings = configure(source, BUILD / "settings")
    command = [PROGRAMS / "sphinx-build", "-c", settings, "-W", "--keep-going", "-n", "-q"]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run([*command, source, BUILD / "html"], env=environment, check=False)
    if done.returncode:
        raise SystemExit("The newest packages do not build the book: what they say is above.")
    return BUILD / "html"


class Words(HTMLParser):
    """The words of a page's main part, outside scripts and styles."""

    def __init__(self, page: Path):
        super().__init__()
        self.found: list[str] = []
        self._inside, self._silent = False, 0
        self.feed(page.read_text(encoding="utf8"))

    def handle_starttag(self, tag, attrs):
        self._inside |= tag == "main"
        self._silent += tag in {"script", "style"}

    def handle_endtag(self, tag):
        self._inside &= tag != "main"
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data):
        if self._inside and not self._silent:
            self.found += data.split()


def difference(page: Path, newest: Path) -> str:
    """The first words in which two builds of a page differ, or nothing."""
    if not newest.is_file():
        return "it is missing"
    old, new = Words(page).found, Words(newest).found
    for place, (ours, theirs) in enumerate(zip_longest(old, new)):
        if ours != theirs:
            shown = (" ".join(words[place : place + SHOWN]) for words in (old, new))
            return "“{}” is now “{}”".format(*shown)
    return ""


def main() -> None:
    install()
    newest = build()
    pages = sorted(path.relative_to(SITE) for path in SITE.rglob("*.html"))
    pages = [page for page in pages if page.parts[0] != "_static"]
    found = {page: difference(SITE / page, newest / page) for page in pages}
    for page, told in found.items():
        if told:
            print(f"{page}: {told}")
    same = sum(not told for told in found.values())
    print(f"The newest packages build the book without a warning; {same} of {len(pages)} pages are")
    print("the same, word for word. (Pages that print times never are.)")


if __name__ == "__main__":
    main()
