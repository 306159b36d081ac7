"""Firefox's and WebKit's engines, each driven over the protocol that it speaks.

Firefox speaks WebDriver BiDi; WebKitGTK comes with a server of the classic WebDriver, and needs a
display. Both know the same input actions. `python tests/engines/drivers.py` makes sure that the
engines are installed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import websocket

HOST = "127.0.0.1"
LIMIT = 30  # seconds for any one step: an engine that hangs fails its test

# The programs that are needed, and Debian's packages that have them.
PACKAGES = {
    "firefox-esr": "firefox-esr",
    "WebKitWebDriver": "webkit2gtk-driver",
    "xvfb-run": "xvfb",
    "xauth": "xauth",
}
KEYS = {
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Enter": "\ue007",
}


class Engine(ABC):
    """A browser with one window, in a home folder of its own."""

    def __init__(self, home: str):
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        # Nothing here concerns a proxy; the display is Xvfb's, also where the desktop is Wayland's.
        own = {"HOME": home, "no_proxy": f"localhost,{HOST}", "GDK_BACKEND": "x11"}
        # In a session of its own, so that whatever it starts can be ended with it.
        self._process = subprocess.Popen(
            self._command(), cwd=home, env={**os.environ, **own}, start_new_session=True
        )

    @abstractmethod
    def _command(self) -> list[str]:
        """Starts the browser, or its server, on the port."""

    @abstractmethod
    def _open_session(self) -> None: ...

    @abstractmethod
    def _run(self, expression: str) -> str:
        """Value of an expression, which promises a string."""

    @abstractmethod
    def _act(self, **device: Any) -> None:
        """Perform WebDriver's actions of one input device."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Open a page, and wait until it has loaded."""

    def connect(self) -> None:
        deadline = time.monotonic() + LIMIT
        while True:
            try:
                socket.create_connection((HOST, self.port), LIMIT).close()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self._open_session()

    def close(self) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(LIMIT)

    def evaluate(self, expression: str) -> Any:
        """Value of a JavaScript expression in the page, awaited if it is a promise."""
        text = self._run(f"(async () => JSON.stringify((await ({expression})) ?? null))()")
        return json.loads(text)

    def drag(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Drag with the mouse, in CSS pixels of the viewport."""
        start, end = (
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": duration}
            for x, y, duration in ((x0, y0, 0), (x1, y1, 100))
        )
        down, up = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        self._act(type="pointer", id="mouse", actions=[start, down, end, up])

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        actions = [{"type": kind, "value": KEYS.get(key, key)} for kind in ("keyDown", "keyUp")]
        self._act(type="key", id="keyboard", actions=actions)


class Firefox(Engine):
    """Over WebDriver BiDi: messages on a web socket, numbered."""

    def _command(self):
        profile = ["--no-remote", "--profile", "."]
        return ["firefox-esr", "--headless", *profile, f"--remote-debugging-port={self.port}"]

    def _open_session(self):
        direct = socket.create_connection((HOST, self.port), LIMIT)  # never through a proxy
        self._socket = websocket.create_connection(
            f"ws://{HOST}:{self.port}/session", socket=direct, suppress_origin=True
        )
        self._count = 0
        self._ask("session.new", capabilities={})
        self._tab = self._ask("browsingContext.create", type="tab")["context"]

    def _ask(self, method: str, **params: Any) -> dict:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        answer: dict = {}
        while answer.get("id") != self._count:
            answer = json.loads(self._socket.recv())
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]

    def _run(self, expression):
        target = {"context": self._tab}
        answer = self._ask(
            "script.evaluate", expression=expression, target=target, awaitPromise=True
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"]["value"]

    def _act(self, **device):
        self._ask("input.performActions", context=self._tab, actions=[device])

    def goto(self, url):
        self._ask("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def close(self):
        if hasattr(self, "_socket"):
            self._socket.close()
        super().close()


class WebKit(Engine):
    """Over the classic WebDriver: one request for each command."""

    def _command(self):
        screen = "--server-args=-screen 0 1280x1024x24"
        return ["xvfb-run", "--auto-servernum", screen, "WebKitWebDriver", f"--port={self.port}"]

    def _open_session(self):
        self._session = ""
        self._session = self._ask("", capabilities={})["sessionId"]

    def _ask(self, command: str, **parameters: Any) -> Any:
        path = f"/session/{self._session}{command}" if self._session else "/session"
        with closing(HTTPConnection(HOST, self.port, timeout=LIMIT)) as connection:
            connection.request("POST", path, json.dumps(parameters))
            response = connection.getresponse()
            answer = json.load(response)["value"]
        if response.status != 200:
            raise RuntimeError(f"{path}: {answer['message']}")
        return answer

    def _run(self, expression):
        return self._ask("/execute/sync", script=f"return {expression}", args=[])

    def _act(self, **device):
        self._ask("/actions", actions=[device])

    def goto(self, url):
        self._ask("/url", url=url)


ENGINES = (Firefox, WebKit)


def missing() -> list[str]:
    """The packages whose programs this machine lacks."""
    return [package for program, package in PACKAGES.items() if not shutil.which(program)]


def ensure() -> None:
    """Install what is missing, on Debian as root; else tell what to do."""
    if missing() and shutil.which("apt-get") and os.geteuid() == 0:
        print("== Installing Firefox and WebKit for the tests", flush=True)
        subprocess.run(["apt-get", "update"], check=False)
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing()]
        subprocess.run(install, check=False)
    if missing():
        print(
            "== The tests on Firefox's and WebKit's engines will be skipped. They need Linux, and\n"
            f"== as root: apt-get install {' '.join(missing())}"
        )


if __name__ == "__main__":
    ensure()
