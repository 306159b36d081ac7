"""Serves a folder so that every fault of a page is noted, in whatever engine shows it.

WebDriver has no standard way to read the console. So a script that comes first in every page
notes what goes wrong there, and the server notes what it does not have. A policy that forbids
nothing and reports everything tells of requests to other hosts.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from engines.drivers import Engine
from serve import QuietHandler

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


class Handler(QuietHandler):
    def __init__(self, faults: list[str], *arguments, **options):
        self.faults = faults
        super().__init__(*arguments, **options)

    def do_GET(self):
        page = Path(self.translate_path(self.path))
        if page.suffix != ".html" or not page.is_file():
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy-Report-Only", OWN)
        self.end_headers()
        self.wfile.write(page.read_bytes().replace(b"<head>", b"<head>" + RECORDER, 1))

    def log_error(self, *_):
        """Said by `log_request` already."""

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
    handler = partial(Handler, faults, directory=str(folder))
    with ThreadingHTTPServer(("localhost", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield Site(f"http://localhost:{server.server_address[1]}", faults)
        server.shutdown()
        thread.join()
