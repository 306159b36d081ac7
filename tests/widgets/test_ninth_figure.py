"""The page "How to add a figure" tells the truth: its figure is added as it says, and works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NINTH = Path(__file__).parent / "ninth"


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the project to which the figure was added, and bundled."""
    folder = tmp_path_factory.mktemp("ninth")
    for name in ("gausslib", "tests", "reference", "book/_extension"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(folder / "gausslib" / "widgets" / "static")
    for name in ("package.json", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    widgets = folder / "gausslib" / "widgets"
    shutil.copy(NINTH / "figures" / "gauss-point.js", widgets / "src" / "figures")
    shutil.copy(NINTH / "gauss_point.py", widgets)
    package = widgets / "__init__.py"
    named = package.read_text().replace("__all__ = [", '__all__ = ["GaussianPoint", ')
    package.write_text(named + "\nfrom gausslib.widgets.gauss_point import GaussianPoint\n")
    run(folder, "npm", "run", "--silent", "bundle")
    return folder


def run(folder: Path, *command: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHON": sys.executable}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_a_figure_like_the_others(copy):
    """Every test that all figures take, on the ninth."""
    tests = ["tests/widgets/test_figures.py", "gausslib/widgets/gauss_point.py"]
    chosen = "gauss-point or gauss_point or every_figure_has_a_class"
    run(copy, sys.executable, "-m", "pytest", "-q", "--noconftest", *tests, "-k", chosen)


def test_it_is_short():
    sources = [*NINTH.rglob("*.js"), *NINTH.rglob("*.py")]
    assert len(sources) == 2
    assert sum(path.read_text(encoding="utf-8").count("\n") for path in sources) < 150
