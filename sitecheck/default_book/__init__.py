"""An ordinary Jupyter Book of one page, to compare with: default settings, and what it loads."""

import re
import subprocess
import sys
import tarfile
from pathlib import Path

# What its page asks other hosts for is in these packages: the network of the day plays no part.
PACKAGES = ("mathjax@3", "requirejs@2.3.4", "@jupyter-widgets/html-manager@1.0.6")
BIN = Path(sys.executable).parent
TERSER = Path(__file__).parents[2] / "node_modules" / "terser" / "bin" / "terser"


def build(folder: Path) -> Path:
    """Build the book below `folder`; returns the folder of its pages."""
    command = [BIN / "jupyter-book", "build", Path(__file__).parent, "--path-output", folder]
    subprocess.run(command, check=True, capture_output=True)
    html = folder / "_build" / "html"
    # The require.min.js made below is not, byte for byte, the one whose hash the page has.
    page = html / "page.html"
    text = page.read_text(encoding="utf8")
    page.write_text(re.sub(r' integrity="[^"]*"', "", text), encoding="utf8")
    return html


def fetch(folder: Path) -> dict[str, str]:
    """Unpack below `folder` the packages that can be had; returns their paths there by name."""
    for package in PACKAGES:
        command = [BIN / "npm", "pack", "--silent", package]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if packed.returncode == 0:
            with tarfile.open(folder / packed.stdout.strip()) as archive:
                archive.extractall(folder / package, filter="data")
    for source in folder.glob("requirejs*/package/require.js"):
        small = source.with_name("require.min.js")
        command = [BIN / "node", TERSER, source, "--compress", "--mangle", "--output", small]
        subprocess.run(command, check=True)
    return {path.name: path.relative_to(folder).as_posix() for path in folder.rglob("*")}
