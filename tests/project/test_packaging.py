"""The wheel: installed into an empty environment it computes, and it carries the figures."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command, **options) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this tree, built from its sdist, as pip would."""
    folder = tmp_path_factory.mktemp("dist")
    hatchling = Path(sys.executable).with_name("hatchling")
    run(hatchling, "build", "--target", "sdist", "--directory", folder, cwd=ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel")
    run(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, sdist)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_what_it_needs_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    figures = [path.stem for path in (ROOT / "gausslib/widgets/src/figures").glob("*.js")]
    scripts = [f"widgets/static/{tag}{kind}.js" for tag in figures for kind in ("", ".widget")]
    data = ["py.typed", "widgets/src/runtime/palette.css"]
    data += ["widgets/static/runtime.js", "widgets/static/figures.json"]
    assert len(scripts) > 2
    for needed in (*data, *scripts):
        assert f"gausslib/{needed}" in names
    for unneeded in ("stills.js", "modules.js"):
        assert f"gausslib/widgets/static/{unneeded}" not in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"gausslib"}


def test_wheel_works_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "empty", with_pip=False)
    python = tmp_path / "empty" / ("Scripts" if os.name == "nt" else "bin") / "python"
    uv = Path(sys.executable).with_name("uv")
    pins = ROOT / "requirements.txt"  # the versions that everything else was tested with
    run(uv, "pip", "install", "--python", python, "--constraint", pins, wheel)

    compute = """
import sys
from gausslib import Gaussian, kl_divergence
print(kl_divergence(Gaussian(0, 1), Gaussian(1, 1)))
print(sorted({"sympy", "matplotlib", "anywidget", "ipywidgets"} & set(sys.modules)))
try:
    import gausslib.widgets
except ModuleNotFoundError as error:
    print(error)
"""
    lines = run(python, "-c", compute, cwd=tmp_path).splitlines()
    assert lines[0] == "0.5"
    assert lines[1] == "[]"
    assert 'pip install "gausslib[widgets]"' in lines[2]
