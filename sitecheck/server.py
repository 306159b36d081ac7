"""The one HTTP server of the project: of `make serve`, of the tests, of measured visits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

from sitecheck.weight import sent


class Handler(SimpleHTTPRequestHandler):
    """Serves a site silently; an address where nothing is gets the site's own page for that."""

    protocol_version = "HTTP/1.1"  # keeps connections, as real servers do
    disable_nagle_algorithm = True

    def log_request(self, code="-", size="-"):
        pass

    def log_error(self, *_):
        """Say nothing of what is missing either: the browser tells whoever watches the page."""

    def page(self, path: Path) -> bytes:
        """What is sent for a page."""
        return path.read_bytes()

    def answer(self, body: bytes, kind: str, code: int = HTTPStatus.OK) -> BytesIO:
        """Send the head of an answer, and give what is left to send."""
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.suffix == ".html" and path.is_file():
            return self.answer(self.page(path), "text/html; charset=utf-8")
        return super().send_head()

    def send_error(self, code, message=None, explain=None):
        missing = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not missing.is_file():
            super().send_error(code, message, explain)
            return
        body = self.answer(self.page(missing), "text/html; charset=utf-8", code)
        if self.command != "HEAD":
            self.copyfile(body, self.wfile)

    def list_directory(self, path):
        self.send_error(HTTPStatus.NOT_FOUND)


class CompressingHandler(Handler):
    """Compresses text, and lets pages of other hosts have files, as hosts of packages do."""

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return super().send_head()
        kind, content = self.guess_type(path), path.read_bytes()
        body = sent(content, kind)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if body != content:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        return BytesIO(body)


class Server(ThreadingHTTPServer):
    """Keeps a browser's connections waiting in line, and does not mind when it drops them."""

    request_queue_size = 64
    # On Windows, to reuse an address is to share it with the server that has it.
    allow_reuse_address = sys.platform != "win32"

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # a browser that went elsewhere
            super().handle_error(request, client_address)


@contextmanager
def served(folder: Path, handler: Callable = Handler) -> Iterator[str]:
    """Address of a folder on a server of this machine, on a free port."""
    with Server(("localhost", 0), partial(handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
