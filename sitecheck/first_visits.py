"""The pages of the built site on a first visit: what they weigh, and when what is seen.

`make bench-site` prints it, beside the page of an ordinary Jupyter Book. Pages named after
`python -m sitecheck.first_visits` are measured alone.
"""

import sys
from math import isinf
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from benchmark.tables import table
from sitecheck import default_book
from sitecheck.browser import launched
from sitecheck.crawl import pages
from sitecheck.server import CompressingHandler, served
from sitecheck.visits import LATENCY, MEGABITS, SETTLED, visit
from sitecheck.weight import LIMIT, LIMIT_WITH_PLOTS

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
RUNS = 5
PHONE, DESKTOP = 390, 1280

TITLE = (
    "First visits of the site's pages "
    f"(aim: {LIMIT // 1000} kB gzip, {LIMIT_WITH_PLOTS // 1000} with static plots)\n"
)
HEAD = ["page", "kB gzip", "kB", "requests", "paint", "content", "maths", "shift 390", "1280"]
NOTE = f"""
Medians of {RUNS} visits with an empty cache, in headless Chromium, {DESKTOP} pixels wide. The
server is on this machine and compresses; the browser slows the network to {MEGABITS} Mbit/s and
{LATENCY} ms a request (Lighthouse's profile for desktops; HTTP/1.1), and not the processor.
kB gzip: bodies of all answers, text by gzip -9, fonts and pictures as they are; kB: unpacked.
paint, content, maths: first paint, first contentful paint and first mathematics, in ms from
the start until they are on the screen. Mathematics is there in the first frame in which a formula,
wherever on the page, has a box, and the fonts of mathematics that the page has asked for.
shift: the sum of layout shifts until {SETTLED // 1000} s after loading, {PHONE} and {DESKTOP} wide.
The ordinary book has default settings, 12 displayed equations and a slider. Its files of other
hosts come from this machine too: finding those hosts and encryption would take more time.
"""


def row(browser: Browser, name: str, address: str, outside: dict[str, str]) -> list[str]:
    """A line of the table."""
    print(f"visiting {name}", file=sys.stderr)
    phone, desktop = (
        [visit(browser, address, width, outside) for _ in range(RUNS)] for width in (PHONE, DESKTOP)
    )

    def middle(visits: list, field: str) -> float:
        return median(getattr(found, field) for found in visits)

    unanswered = middle(desktop, "unanswered")
    times = [middle(desktop, field) for field in ("paint", "content", "mathematics")]
    return [
        f"{name}, without {unanswered} outside files" if unanswered else name,
        *(f"{middle(desktop, field) / 1000:.0f}" for field in ("weight", "unpacked")),
        f"{middle(desktop, 'requests')}",
        *("–" if isinf(time) else f"{time:.0f}" for time in times),
        *(f"{middle(visits, 'shift'):.3f}" for visits in (phone, desktop)),
    ]


def main(chosen: list[str]) -> None:
    if not (HTML / "index.html").is_file():
        raise SystemExit("the site is not built: run `make site`")
    names = chosen or pages(HTML)[1:]  # index.html only leads to the first page
    with (
        TemporaryDirectory() as temporary,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        folder = Path(temporary)
        outside = default_book.fetch(folder)
        book = default_book.build(folder)
        with (
            served(HTML, CompressingHandler) as site,
            served(book, CompressingHandler) as ordinary,
            served(folder, CompressingHandler) as elsewhere,
        ):
            hosts = {name: f"{elsewhere}/{path}" for name, path in outside.items()}
            rows = [row(browser, name, f"{site}/{name}", hosts) for name in names]
            rows.append(row(browser, "an ordinary Jupyter Book", f"{ordinary}/page.html", hosts))
    print(TITLE + table(HEAD, rows) + "\n" + NOTE)


if __name__ == "__main__":
    main(sys.argv[1:])
