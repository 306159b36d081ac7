"""The built site, served on localhost, and a browser that notes every fault of a page."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from support.scheduling import Spread

from sitecheck.audit import HTML, watch
from sitecheck.browser import launched
from sitecheck.server import served

# Node is the one that requirements.txt pins, also where pytest is called by its path. Playwright
# brings a Node of its own, which needs a library that a bare Debian lacks.
PROGRAMS = Path(sys.executable).parent
os.environ["PATH"] = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(PROGRAMS / "node"))

# A figure that is bundled only in the copy of the project that its test makes.
collect_ignore = ["widgets/ninth"]

NOT_RUN = pytest.StashKey[Counter]()


def pytest_addoption(parser):
    parser.addoption("--nightly", action="store_true", help="run the tests of `make nightly` too")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Spread(config, log)


def pytest_collection_modifyitems(config, items):
    """Skip what is too slow for every push, and say so."""
    if config.getoption("nightly"):
        return
    for item in items:
        if item.get_closest_marker("nightly"):
            item.add_marker(pytest.mark.skip(reason="`make nightly` runs it"))


def pytest_terminal_summary(terminalreporter, config):
    reports = terminalreporter.stats.get("skipped", [])
    config.stash[NOT_RUN] = Counter(report.longrepr[2] for report in reports)


def pytest_unconfigure(config):
    """Name what was not run, in the last line."""
    if not_run := config.stash.get(NOT_RUN, None):
        counts = (f"{count} ({reason})" for reason, count in not_run.items())
        print("== Not run:", "; ".join(counts).replace("Skipped: ", ""))


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
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Opens a page; at the end of the test asserts that no page of the test had a fault.

    What a fault is, `audit.watch` says.
    """
    watched, contexts = [], []

    def open_(url: str, width: int = 1280, height: int = 900, theme: str = "light", **options):
        # Without motion a figure is at once where it goes; tests of motion ask for it.
        options.setdefault("reduced_motion", "reduce")
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
