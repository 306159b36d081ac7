"""Both engines, and the built site in them."""

from tempfile import TemporaryDirectory

import pytest
from engines.drivers import Firefox, WebKit, ensure
from engines.recorder import serving


@pytest.fixture(scope="session", params=[Firefox, WebKit], ids=lambda kind: kind.__name__)
def engine(request):
    ensure()
    with TemporaryDirectory(ignore_cleanup_errors=True) as home:
        started = request.param(home)
        try:
            started.connect()
            yield started
        finally:
            started.close()


@pytest.fixture(scope="session")
def site(html):
    with serving(html) as running:
        yield running


@pytest.fixture
def visit(engine, site):
    """Goes to a page; at the end of the test asserts that the page had no fault.

    Faults are: a request to another host, a missing file, a warning or an error on the
    console, an uncaught exception.
    """

    def visit_(path: str):
        engine.goto(f"{site.address}/{path}")

    yield visit_
    assert site.take_faults(engine) == []
