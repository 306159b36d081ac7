"""The built site, served on localhost, and a browser that notes every fault of a page."""

import threading
from pathlib import Path

import pytest
from browser import find
from playwright.sync_api import sync_playwright
from serve import server

# Looked into for doctests under another name, they would register every proof twice.
collect_ignore_glob = ["proofs_*.py"]

HTML = Path(__file__).parents[1] / "_build" / "html"


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built site."""
    assert (HTML / "index.html").is_file(), "the site is not built: run `make site`"
    return HTML


@pytest.fixture(scope="session")
def address(html):
    """Where the site is served."""
    with server(str(html), 8123) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{running.server_address[1]}"
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Opens a page; at the end of the test asserts that no page of the test had a fault.

    Faults are: a request to another host, a missing file, a warning or an error on the
    console, an uncaught exception.
    """
    faults, contexts = [], []

    def open_(url: str, width: int = 1280, height: int = 900, theme: str = "light", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, **options
        )
        contexts.append(context)
        page = context.new_page()
        own = ("http://localhost:", "file://", "data:", "blob:")
        page.on("request", lambda r: r.url.startswith(own) or faults.append(f"asked for {r.url}"))
        page.on("response", lambda r: r.status < 400 or faults.append(f"{r.status} {r.url}"))
        # "Aborted" is the browser's own choice, as when it leaves a page that redirects; without
        # JavaScript it refuses scripts. A file that cannot be had fails with another word.
        harmless = {"net::ERR_ABORTED"}
        if not options.get("java_script_enabled", True):
            harmless.add("csp")
        page.on(
            "requestfailed",
            lambda r: r.failure in harmless or faults.append(f"{r.failure} for {r.url}"),
        )
        page.on("pageerror", lambda error: faults.append(f"exception: {error}"))
        page.on(
            "console",
            lambda m: m.type not in {"warning", "error"} or faults.append(f"{m.type}: {m.text}"),
        )
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults
