"""The built site, served on localhost, and a browser that notes every fault of a page."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from sitecheck.audit import HTML, watch
from sitecheck.browser import find
from sitecheck.server import served


def pytest_configure():
    """One thread for linear algebra, before the first import of NumPy reads how many.

    Each worker of the tests has a processor to itself at best. Threads that wait for one another
    cost up to a hundred times the work that they share.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built site."""
    assert (HTML / "index.html").is_file(), "the site is not built: run `make site`"
    return HTML


@pytest.fixture(scope="session")
def address(html):
    """Where the site is served."""
    with served(html) as running:
        yield running


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

    What a fault is, `audit.watch` says.
    """
    watched, contexts = [], []

    def open_(url: str, width: int = 1280, height: int = 900, theme: str = "light", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, **options
        )
        contexts.append(context)
        page = context.new_page()
        watched.append(watch(page, options.get("java_script_enabled", True)))
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not [fault for faults in watched for fault in faults]
