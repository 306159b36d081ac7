"""`make serve`: builds the site, serves it on localhost, and builds it again after every change.

What is served is the last good build. A page that is open loads itself again after the next one,
and shows what was wrong if there was none.
"""

import argparse
import errno
import io
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rebuild import BUNDLE, ROOT, Builds, bundle
from watchfiles import DefaultFilter, watch

SOURCES = ("_config.yml", "_toc.yml", "book", "notebooks", "gausslib", "benchmark")
RELOAD = Path(__file__).with_name("reload.js")


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a site, with its own page where nothing is; says nothing of what went well."""

    def log_request(self, code="-", size="-"):
        pass

    def page(self, path: Path) -> bytes:
        return path.read_bytes()

    def answer(self, body: bytes, kind: str, code: int = HTTPStatus.OK) -> io.BytesIO:
        """Send the head of an answer, and give what is left to send."""
        self.send_response(code)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def send_error(self, code, message=None, explain=None):
        missing = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not missing.is_file():
            super().send_error(code, message, explain)
            return
        body = self.answer(self.page(missing), "text/html", code)
        if self.command != "HEAD":
            self.copyfile(body, self.wfile)

    def list_directory(self, path):
        self.send_error(HTTPStatus.NOT_FOUND)


class LiveHandler(QuietHandler):
    """Serves the last good build, with a script by which pages notice the next."""

    def __init__(self, request, client_address, server):
        self.builds, self.build = server.builds, server.builds.number
        folder = self.builds.good / "html"
        super().__init__(request, client_address, server, directory=folder)

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def page(self, path: Path) -> bytes:
        # A file of its own: the policy of the pages forbids scripts that stand in them.
        script = f'<script src="/-reload.js" data-build="{self.build}"></script>\n'
        return super().page(path) + script.encode()

    def send_head(self):
        if self.path == "/-state":
            state = {"build": self.build, "faults": self.builds.faults}
            return self.answer(json.dumps(state).encode(), "application/json")
        if self.path == "/-reload.js":
            return self.answer(RELOAD.read_bytes(), "text/javascript")
        path = Path(self.translate_path(self.path))
        if path.suffix == ".html" and path.is_file():
            return self.answer(self.page(path), "text/html")
        return super().send_head()


class Server(ThreadingHTTPServer):
    # On Windows, to reuse an address is to share it with the server that has it.
    allow_reuse_address = sys.platform != "win32"

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # a browser that went elsewhere
            super().handle_error(request, client_address)


def listen(handler: Callable, port: int, tries: int = 50) -> Server:
    """A server on the first free port from `port` upwards."""
    for candidate in range(port, port + tries):
        try:
            return Server(("localhost", candidate), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            print(f"Port {candidate} is in use; trying {candidate + 1}.", flush=True)
    raise SystemExit(f"No free port from {port} to {port + tries - 1}: choose one with PORT=...")


def server(folder: str, port: int) -> Server:
    """A server of a folder."""
    return listen(partial(QuietHandler, directory=folder), port)


def changes() -> Iterator[list[str]]:
    """Nothing, at once; then, again and again, the sources that have changed meanwhile."""
    watching = watch(
        *(ROOT / source for source in SOURCES),
        watch_filter=DefaultFilter(ignore_paths=[BUNDLE.parent]),
        force_polling=True,  # a watch on a file ends when an editor replaces the file
        rust_timeout=200,
        yield_on_timeout=True,
    )
    next(watching)  # it watches from here on
    yield []
    for found in watching:
        files = [Path(path) for _, path in found if not Path(path).is_dir()]
        if files:
            yield sorted(path.relative_to(ROOT).as_posix() for path in files)


def rebuild(builds: Builds, changed: list[str]) -> None:
    """Build, and tell what came of it."""
    print("\n== Building the site", *(f"again: {path}" for path in changed), flush=True)
    start = time.perf_counter()
    builds.faults = bundle() or builds.build()
    if not builds.faults:
        print(f"== Built in {time.perf_counter() - start:.1f} seconds", flush=True)
    elif builds.good.is_dir():
        print(f"\n{builds.faults}\n\n== It failed; the last good build is still served", flush=True)
    else:
        raise SystemExit(f"\n{builds.faults}\n\n== It failed, and there is no earlier build")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    with listen(LiveHandler, parser.parse_args().port) as running:
        port = running.server_address[1]
        address = f"http://localhost:{port}/"
        # A folder for each port: two servers cannot build in the same.
        running.builds = Builds(ROOT, ROOT / "_build" / "serve" / str(port))
        threading.Thread(target=running.serve_forever, daemon=True).start()
        try:
            for changed in changes():
                rebuild(running.builds, changed)
                if not changed:
                    print(f"The site is at {address}  (stop with Ctrl-C)", flush=True)
        except KeyboardInterrupt:
            print()
        finally:
            running.shutdown()


if __name__ == "__main__":
    main()
