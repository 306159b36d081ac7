"""Builds the site again and again, each time in its own process, and keeps the last good build."""

import gc
import io
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path

from configuration import configure

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "gausslib"
BUNDLE = LIBRARY / "widgets" / "static" / "stills.js"

# A build begins with seconds of imports. On Linux, where it is safe to fork, a process that has
# made them stands by, and each build is a fork of it. What is the project's own is not among
# them: it changes.
HEAVY = [
    "fontTools.varLib.instancer",
    "jupyter_cache.cache.main",
    "matplotlib.pyplot",
    "myst_nb.sphinx_ext",
    "scipy.stats",
    "sphinxcontrib.bibtex",
    "sphinx.cmd.build",
    "sympy",
]
PROCESSES = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
PROCESSES.set_forkserver_preload(HEAVY)


def bundle() -> str:
    """Bundle the figures' script if anything is newer; what was wrong, or nothing."""
    sources = (path for path in LIBRARY.rglob("*.*") if path.parent != BUNDLE.parent)
    newest = max(path.stat().st_mtime for path in sources if path.suffix != ".pyc")
    if BUNDLE.is_file() and newest < BUNDLE.stat().st_mtime:
        return ""
    done = subprocess.run(
        ["node", LIBRARY / "widgets" / "bundle.mjs"],
        env={**os.environ, "PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout if done.returncode else ""


def build(source: Path, folder: Path, quiet: bool) -> str:
    """Build the book of `source` in `folder`; what was wrong, or nothing."""
    from sphinx.cmd.build import build_main  # heavy

    warnings = io.StringIO()
    with redirect_stderr(warnings):
        try:
            settings = configure(source, folder.parent / "settings")
            # As `jupyter-book build -W --keep-going -n` does, but the results of cells are kept.
            kept = [
                "nb_execution_mode=cache",
                f"nb_execution_cache_path={folder.parent / 'executed'}",
            ]
            options = ["-W", "--keep-going", "-n", *(["-q"] if quiet else [])]
            options += [word for setting in kept for word in ("-D", setting)]
            options += ["-c", str(settings), "-d", str(folder / ".doctrees")]
            failed = build_main([*options, str(source), str(folder / "html")])
        except RuntimeError as error:  # what is wrong with _config.yml
            failed = 1
            print(error, file=sys.stderr)
    sys.stdout.flush()
    colourless = re.sub(r"\x1b\[[\d;]*m", "", warnings.getvalue()).strip()
    return (colourless or "The build failed without a word.") if failed else ""


def build_and_answer(answer, *arguments) -> None:
    """What the process of a build does."""
    # Ctrl-C is for the parent, which then ends this process.
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        os.setpgrp()
    gc.disable()  # it ends before garbage could matter, and has millions of nodes to look through
    answer.send(build(*arguments))


def build_apart(*arguments) -> str:
    """`build`, in its own process."""
    receiver, answer = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=build_and_answer, args=(answer, *arguments), daemon=True)
    with receiver:
        process.start()
        answer.close()
        try:
            return receiver.recv()
        except EOFError:
            process.join()
            return f"The process of the build ended with code {process.exitcode}."
        finally:
            process.kill()  # it has answered, or was interrupted; a kernel ends with its parent
            process.join()


class Builds:
    """The builds of a book: `folder` has the last good one, and a copy to make the next in.

    Every build starts from the last good one. So a page with a fault is read, and its fault told,
    again until it is right; and nobody is served half a site, or one with a fault.
    """

    def __init__(self, source: Path, folder: Path):
        self.source, self.folder, self.faults = source, folder, ""
        self.work = folder / "work"
        self.number = max((int(path.suffix[1:]) for path in folder.glob("good.*")), default=0)
        self.prepare()

    @property
    def good(self) -> Path:
        """The last good build, if there is one."""
        return self.folder / f"good.{self.number}"

    def prepare(self) -> None:
        """Make ready for the next build."""
        for path in (self.work, *self.folder.glob("good.*")):
            if path != self.good:
                shutil.rmtree(path, ignore_errors=True)
        if self.good.is_dir():
            shutil.copytree(self.good, self.work)

    def build(self) -> str:
        """Build; what was wrong, or nothing."""
        faults = build_apart(self.source, self.work, self.good.is_dir())
        if not faults:
            self.faults = ""  # before the new build is there: a page of it must not show old ones
            self.work.rename(self.folder / f"good.{self.number + 1}")
            self.number += 1
        self.prepare()
        return faults
