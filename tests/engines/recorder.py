"""Serves a folder so that every fault of a page is noted, in whatever engine shows it.

WebDriver has no standard way to read the console. So a script that comes first in every page
notes what goes wrong there, and the server notes what it does not have. A policy that forbids
nothing and reports everything tells of requests to other hosts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from engines.drivers import Engine

from sitecheck.server import Handler, served

RECORDER = b"""<script>
var faults = [];
for (const level of ["warn", "error"])
  console[level] = (...words) => faults.push(`console.${level}: ${words.join(" ")}`);
addEventListener("error", ({ message }) => message && faults.push(`exception: ${message}`));
addEventListener("unhandledrejection", ({ reason }) => faults.push(`rejection: ${reason}`));
addEventListener("securitypolicyviolation", (event) =>
  faults.push(`asked for ${event.blockedURI}`));
</script>"""
OWN = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"


class RecordingHandler(Handler):
    def __init__(self, faults: list[str], *arguments, **options):
        self.faults = faults
        super().__init__(*arguments, **options)

    def page(self, path: Path) -> bytes:
        return super().page(path).replace(b"<head>", b"<head>" + RECORDER, 1)

    def end_headers(self):
        self.send_header("Content-Security-Policy-Report-Only", OWN)
        super().end_headers()

    def log_request(self, code="-", size="-"):
        if int(code) >= 400:
            self.faults.append(f"{int(code)} {self.path}")


class Site:
    """A folder that is being served."""

    def __init__(self, address: str, faults: list[str]):
        self.address = address
        self._faults = faults

    def take_faults(self, engine: Engine) -> list[str]:
        """The faults since the engine went to the page that it shows."""
        # What the page has just asked for may take a moment to fail.
        found = engine.evaluate("new Promise(done => setTimeout(done, 100, faults))")
        found += self._faults
        self._faults.clear()
        return found


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    faults: list[str] = []
    with served(folder, partial(RecordingHandler, faults)) as address:
        yield Site(address, faults)
