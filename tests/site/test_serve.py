"""`make serve`: it builds again what has changed, keeps the last good build, and ends cleanly."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

import psutil
import pytest
from serve import listen

from sitecheck.server import Handler

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        return taken.getsockname()[1]


def get(address: str) -> tuple[int, str]:
    """Status and text of an answer."""
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_port_in_use(html, capsys):
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with listen(partial(Handler, directory=str(html)), port) as running:
            assert running.server_address[1] > port
    assert f"Port {port} is in use; trying {port + 1}." in capsys.readouterr().out


@pytest.mark.parametrize("path", ["nothing.html", "book/", "no/such/folder/", "a/b/c/d.png?e=f#g"])
def test_where_nothing_is_stands_the_page_for_that(html, address, path):
    assert get(f"{address}/{path}") == (404, (html / "404.html").read_text(encoding="utf8"))


# --- a book of one page, served while it is edited ---------------------------------------------

PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# A page

A first text.

```{code-cell} ipython3
import time
import gausslib

print(f"gausslib {gausslib.__version__}, run at {time.time_ns()}")
```
"""


class Book:
    """A copy of the project with a book of one page, and `make serve` at work on it."""

    def __init__(self, folder: Path):
        self.folder, self.page = folder, folder / "page.md"
        self.library = folder / "gausslib" / "__init__.py"
        for name in ("_config.yml", "gausslib", "book/_extension", "book/references.bib"):
            source, target = ROOT / name, folder / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        for name in ("notebooks", "benchmark", "reference"):
            (folder / name).mkdir()
        (folder / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
        self.page = folder / "book" / "page.md"
        self.page.write_text(PAGE)
        port = free_port()
        self.address = f"http://localhost:{port}"
        self.log = folder / "log.txt"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, folder / "book/_extension/serve.py", "--port", str(port)],
                env={**os.environ, "PYTHONPATH": str(folder)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self, condition, seconds: float = 180):
        """What `condition` gives, when it gives something."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.1)
        return found

    def shown(self) -> str:
        return get(f"{self.address}/book/page.html")[1]

    def ran(self) -> str:
        """What the cell printed: with which version, and when."""
        return re.search(r"gausslib [\w.]+, run at \d+", self.shown())[0]

    def faults(self) -> str:
        return json.loads(get(f"{self.address}/-state")[1])["faults"]

    def edit(self, path: Path, old: str, new: str):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def interrupt(self):
        """What Ctrl-C does: the signal goes to all processes of the terminal."""
        os.killpg(self.process.pid, signal.SIGINT)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    book = Book(tmp_path_factory.mktemp("book"))
    try:
        book.wait(lambda: "The site is at" in book.log.read_text())
        yield book
    finally:
        book.process.kill()
        book.process.wait()


def test_an_edited_text_is_seen_and_no_cell_is_run(book, open_page):
    """In a page that is open, too."""
    before = book.ran()
    page = open_page(f"{book.address}/book/page.html")
    book.edit(book.page, "A first text.", "A second text.")
    page.get_by_text("A second text.").wait_for(timeout=180_000)
    assert book.ran() == before


def test_after_a_build_that_failed_the_last_good_one_is_served(book, open_page):
    page = open_page(f"{book.address}/book/page.html")
    before = book.shown()
    book.edit(book.page, "# A page", "# A page\n\nA fault: {eq}`eq-nowhere`.")
    book.wait(book.faults)
    assert "eq-nowhere" in book.faults()
    assert "eq-nowhere" in book.log.read_text()
    assert book.shown() == before
    notice = page.get_by_role("status")
    notice.wait_for()
    assert "eq-nowhere" in notice.text_content()

    # The fault is told again, although the page that has it is not the one that changed.
    (book.folder / "book" / "references.bib").touch()
    book.wait(lambda: book.log.read_text().count("It failed") == 2)
    assert book.shown() == before

    book.edit(book.page, "\n\nA fault: {eq}`eq-nowhere`.", "\n\nNo fault.")
    page.get_by_text("No fault.").wait_for(timeout=180_000)
    assert notice.count() == 0


def test_a_change_of_the_library_runs_the_cells(book):
    before = book.ran()
    version = re.search(r'__version__ = "([^"]+)"', book.library.read_text())[1]
    book.edit(book.library, f'__version__ = "{version}"', '__version__ = "0.99"')
    book.wait(lambda: book.ran() != before)
    assert book.ran().startswith("gausslib 0.99,")


def test_a_page_saved_while_its_cells_run_is_built_again(book):
    book.edit(book.page, "print(f", "time.sleep(4)\nprint(f")
    begun = book.log.read_text().count("Building the site")
    book.wait(lambda: book.log.read_text().count("Building the site") > begun)
    time.sleep(2)
    book.edit(book.page, "# A page", "# A later title")
    book.wait(lambda: "A later title" in book.shown())


def test_ctrl_c_ends_every_process_also_while_cells_run(book):
    began = book.folder / "began"
    wait = f"open({str(began)!r}, 'w').close()\ntime.sleep(300)"
    book.edit(book.page, "print(f", f"{wait}\nprint(f")
    main = psutil.Process(book.process.pid)

    def kernel():
        return [p for p in main.children(recursive=True) if "ipykernel_launcher" in p.cmdline()]

    book.wait(began.is_file)  # the kernel alone is there before its cells run
    assert kernel()
    processes = main.children(recursive=True)
    book.interrupt()
    assert book.process.wait(60) == 0
    assert psutil.wait_procs(processes, timeout=60)[1] == []
    assert "Traceback" not in book.log.read_text()
