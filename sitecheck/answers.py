"""How soon the longest page of the site answers: a new theme, an answer that opens.

`make bench-site` prints it. The time of an answer is the browser's own, from the press of the
mouse until the next picture is on the screen, in steps of 8 ms. Timings are of this machine, and
of a browser without a graphics card.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmark.tables import table
from sitecheck.browser import launched
from sitecheck.server import CompressingHandler, served

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
RUNS = 5
RESTED = 2000  # milliseconds after loading, when the page is at rest
PAINTED = 700  # milliseconds after an answer, when its time has been told

WATCH = """
window.answers = [];
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries())
    if (interactionId) answers.push(duration);
}).observe({ type: "event", durationThreshold: 16 });
"""
TITLE = "Answers of the longest page, in ms (aim: at most 200)\n"
HEAD = ["answer", "width", "median", "worst"]
NOTE = f"Medians and worst of {RUNS} visits with two new themes and four answers on each.\n"


def longest() -> str:
    """The page with the most elements."""
    pages = {path: path.read_text(encoding="utf8").count("<") for path in HTML.rglob("*.html")}
    return max(pages, key=lambda path: pages[path]).relative_to(HTML).as_posix()


def time(page: Page, act: Callable[[], None]) -> float:
    """Milliseconds until what is done is answered; zero if that is less than 16."""
    page.evaluate("answers.length = 0")
    act()
    page.wait_for_timeout(PAINTED)
    return page.evaluate("Math.max(0, ...answers)")


def visit(browser: Browser, address: str, width: int) -> dict[str, list[float]]:
    """The times of the answers on one visit."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_timeout(RESTED)
    button = page.get_by_role("button", name="Theme")
    button.click()  # from the system's theme, which is light, to light
    themes = [time(page, button.click) for _ in range(2)]
    summaries = page.locator("article details > summary").filter(visible=True)
    answers = []
    for part in range(4):
        summary = summaries.nth(part * (summaries.count() - 1) // 3)
        summary.scroll_into_view_if_needed()
        page.wait_for_timeout(PAINTED)
        answers.append(time(page, summary.click))
    page.close()
    return {"theme": themes, "details": answers}


def main() -> None:
    """Print the table."""
    if not (HTML / "index.html").is_file():
        raise SystemExit("the site is not built: run `make site`")
    name, rows = longest(), []
    with (
        served(HTML, CompressingHandler) as site,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        for width in (390, 1280):
            visits = [visit(browser, f"{site}/{name}", width) for _ in range(RUNS)]
            for answer in visits[0]:
                times = [time for found in visits for time in found[answer]]
                rows.append([answer, f"{width}", f"{median(times):.0f}", f"{max(times):.0f}"])
    print(f"{TITLE}{name}\n\n{table(HEAD, rows)}\n\n{NOTE}")


if __name__ == "__main__":
    main()
