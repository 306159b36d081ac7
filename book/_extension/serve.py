"""Serve a built site on localhost: `python serve.py _build/html --port 8000`."""

import argparse
import errno
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class QuietHandler(SimpleHTTPRequestHandler):
    """Says nothing of requests that went well."""

    def log_request(self, code="-", size="-"):
        pass


def server(folder: str, port: int, tries: int = 50) -> ThreadingHTTPServer:
    """A server on the first free port from `port` upwards."""
    handler = partial(QuietHandler, directory=folder)
    for candidate in range(port, port + tries):
        try:
            return ThreadingHTTPServer(("localhost", candidate), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            print(f"Port {candidate} is in use; trying {candidate + 1}.", flush=True)
    raise SystemExit(f"No free port from {port} to {port + tries - 1}: choose one with PORT=...")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    with server(arguments.folder, arguments.port) as running:
        port = running.server_address[1]
        print(f"\nThe site is at http://localhost:{port}/  (stop with Ctrl-C)", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
