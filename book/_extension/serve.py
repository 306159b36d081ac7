"""`make serve`: builds the site, serves it on localhost, and builds it again after every change.

What is served is the last good build. A page that is open loads itself again after the next one,
and shows what was wrong if there was none.
"""

import argparse
import errno
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rebuild import BUNDLE, ROOT, Builds, bundle
from watchfiles import DefaultFilter, watch

from sitecheck.server import Handler, Server

SOURCES = ("_config.yml", "_toc.yml", "book", "notebooks", "gausslib", "benchmark", "reference")
RELOAD = Path(__file__).with_name("reload.js")


class LiveHandler(Handler):
    """Serves the last good build, with a script by which pages notice the next."""

    # One request a connection: each is answered from the build that is the last one then.
    protocol_version = "HTTP/1.0"

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
        return super().send_head()


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


def changes() -> Iterator[list[str]]:
    """Yield no names at once; then, after each change, the names of the sources that changed."""
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
