"""Sphinx's own settings of the book, made of `_config.yml`, for builds without Jupyter Book.

Jupyter Book is the front door: `make site` goes through it. Here it only translates its settings,
once for each change of them, in a process of its own. The day it breaks, the file that it last
wrote can be committed as `conf.py`, and `sphinx-build` takes its place in the Makefile.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = ("_config.yml", "_toc.yml")
# Extensions that are Jupyter Book itself, with the names of their settings.
OWN = {"jupyter_book": None, "sphinx_jupyterbook_latex": "use_jupyterbook_latex"}


def translated(source: Path) -> str:
    """The text of the `conf.py` that Jupyter Book would build `source` with, but for itself."""
    with tempfile.TemporaryDirectory() as folder:
        for name in SETTINGS:
            shutil.copy(source / name, folder)
        program = Path(sys.executable).with_name("jupyter-book")
        done = subprocess.run(
            [program, "config", "sphinx", folder], capture_output=True, text=True, check=False
        )
        written = Path(folder, "conf.py")
        if done.returncode or not written.is_file():
            told = done.stdout + done.stderr
            raise RuntimeError(f"Jupyter Book does not read _config.yml:\n{told}")
        text = written.read_text(encoding="utf8")
    for extension, setting in OWN.items():
        text = re.sub(rf"'{extension}'(, )?", "", text)
        text = re.sub(rf"^{setting} = .*\n", "", text, flags=re.MULTILINE)
    # The file stands elsewhere than the files and folders that it names.
    for name in set(re.findall(r"'([^'\n]+(?:/[^'\n]+|\.yml))'", text)):
        if (source / name).exists():
            text = text.replace(repr(name), repr(str(source / name)))
    local = str(source / "book" / "_extension")
    return f"import sys\n\nsys.path.insert(0, {local!r})\n{text}"


def configure(source: Path, folder: Path) -> Path:
    """Write the settings of `source` into `folder` if they have changed; return the folder."""
    conf = folder / "conf.py"
    newest = max((source / name).stat().st_mtime for name in SETTINGS)
    if not conf.is_file() or conf.stat().st_mtime < newest:
        text = translated(source)
        folder.mkdir(parents=True, exist_ok=True)
        conf.write_text(text, encoding="utf8")
    return folder
