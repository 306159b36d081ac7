"""What `make bench-site` measures, on pages whose numbers are known."""

import gzip
import random
from math import inf
from pathlib import Path
from urllib.request import urlopen

import pytest

from sitecheck.crawl import pages
from sitecheck.server import CompressingHandler, served
from sitecheck.visits import LATENCY, MEGABITS, visit

FONT = Path(__file__).parents[2] / "node_modules/katex/dist/fonts/KaTeX_Main-Regular.woff2"
STYLE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><style>
  @font-face { font-family: KaTeX_Main; src: url(font.woff2) }
  .katex { font-family: KaTeX_Main }
</style>"""
SCRIPT = "//" + random.Random(0).randbytes(1_000_000).hex()  # more than a megabyte when compressed


@pytest.fixture
def first_visit(chromium, tmp_path):
    """Visits a page of the given text, in a folder with a font and a script."""

    def visit_(text: str, outside: bool = True):
        (tmp_path / "page.html").write_text(text, encoding="utf8")
        (tmp_path / "font.woff2").write_bytes(FONT.read_bytes())
        (tmp_path / "script.js").write_text(SCRIPT)
        with served(tmp_path, CompressingHandler) as address:
            urlopen(f"{address}/script.js").close()  # compressed now, not while it is timed
            hosts = {"script.js": f"{address}/script.js"} if outside else {}
            return visit(chromium, f"{address}/page.html", 390, hosts)

    return visit_


def test_weight_and_paint(first_visit):
    text = STYLE + "<p>" + "Text. " * 500 + "<p class='katex'>x"
    found = first_visit(text)
    sent = len(gzip.compress(text.encode(), 9))
    assert sent < len(text) / 10
    assert found.weight == sent + FONT.stat().st_size
    assert found.unpacked == len(text) + FONT.stat().st_size
    assert found.requests == 2
    assert found.shift == 0
    assert LATENCY <= found.paint <= found.content
    assert found.content < found.mathematics < inf  # which waits for the font


def test_late_mathematics_pushes_the_text(first_visit):
    late = "() => document.body.insertAdjacentHTML('afterbegin', '<p class=katex>x<p>y')"
    found = first_visit(f"{STYLE}<body><p>Text.<script>setTimeout({late}, 900)</script>")
    assert found.content < found.mathematics < inf
    assert found.mathematics > 900
    assert found.shift > 0.001


@pytest.mark.parametrize("outside", [True, False])
def test_files_of_other_hosts(first_visit, outside):
    script = "<script src='https://elsewhere.invalid/path/script.js?v=1'></script>"
    found = first_visit(f"{STYLE}{script}<p>Text.", outside)
    assert (found.requests, found.unanswered) == ((2, 0) if outside else (1, 1))
    assert found.mathematics == inf
    # They come through the slowed network too.
    assert found.content >= LATENCY + found.weight * 8 / (1000 * MEGABITS)
    assert (found.weight > 1_000_000) == outside


def test_the_server_compresses(tmp_path):
    (tmp_path / "page.html").write_text(STYLE)
    with served(tmp_path, CompressingHandler) as address, urlopen(f"{address}/page.html") as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.read()).decode() == STYLE


def test_crawl_goes_where_a_reader_can_go(tmp_path):
    texts = {
        "index.html": "<a href='a/b%20c.html?q=1#id'>",
        "a/b c.html": "<a href='#id'><a href='../index.html'><form action='../search.html'>",
        "search.html": "<link rel='index' href='genindex.html'><a href='https://a.invalid/d.html'>",
        "genindex.html": "",
    }
    (tmp_path / "a").mkdir()
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf8")
    assert pages(tmp_path) == ["index.html", "a/b c.html", "search.html"]
