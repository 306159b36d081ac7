"""Both engines, and the built site in them."""

import os
from tempfile import TemporaryDirectory

import pytest
from engines.drivers import ENGINES, missing
from engines.recorder import serving


@pytest.fixture(scope="session", params=ENGINES, ids=lambda kind: kind.__name__)
def engine(request):
    if lacking := missing():
        # Where everything is to be tested, as in CI, nothing may be left out.
        assert "CI" not in os.environ, f"these packages are missing: {lacking}"
        pytest.skip(f"{request.param.__name__} needs the packages {' '.join(lacking)}")
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
