"""A first visit of a page in a browser: what it loads, when it paints, what moves."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Response, Route, TimeoutError

from sitecheck.weight import weight

# Lighthouse's profile for desktops. Measured without it, every page is there at once.
LATENCY = 40  # milliseconds before each answer
MEGABITS = 10  # in a second, either way
# Chromium's slowed network loses an answer that was sent, on one visit of 200 or so.
ATTEMPTS = 3
SETTLED = 2000  # milliseconds after the load event in which layout shifts count

# Mathematics is there in the first frame in which a formula has a box, and the fonts of
# mathematics that the page has asked for have come. (MathJax's other font, MJXZERO, is empty: it
# measures with it.) A dot joins that frame, because the browser tells when an element of the page
# was shown, and frames themselves have no such time.
WATCH = """
window.visit = { mathematics: Infinity, shift: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) visit.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const { identifier, renderTime } of list.getEntries())
    if (identifier === "formula") visit.mathematics = renderTime;
}).observe({ type: "element" });

function look() {
  const box = document.querySelector(".katex, mjx-container, math")?.getClientRects().length;
  const fonts = [...document.fonts].filter(({ family }) => /KaTeX|MJXTEX/.test(family));
  const asked = fonts.filter(({ status }) => status !== "unloaded");
  const come = asked.every(({ status }) => status !== "loading") && (asked.length || !fonts.length);
  if (!box || !come) return requestAnimationFrame(look);
  const dot = document.createElement("span");
  dot.textContent = "·";
  dot.style.position = "fixed";
  dot.style.inset = "0 auto auto 0";
  dot.setAttribute("elementtiming", "formula");
  document.body.append(dot);
}
look();
"""
REPORT = """() => {
  const at = Object.fromEntries(
    performance.getEntriesByType("paint").map(({ name, startTime }) => [name, startTime]));
  return [at["first-paint"], at["first-contentful-paint"], visit.mathematics, visit.shift];
}"""


@dataclass(frozen=True)
class Visit:
    """Bytes sent and unpacked, counts, times in milliseconds, and the sum of layout shifts."""

    weight: int
    unpacked: int
    requests: int
    unanswered: int
    paint: float
    content: float
    mathematics: float  # infinite if none came
    shift: float


def visit(browser: Browser, address: str, width: int, outside: dict[str, str]) -> Visit:
    """Visit a page for the first time in a window of this width."""
    return visits(browser, address, [width], outside)[0]


def visits(
    browser: Browser, address: str, widths: Iterable[int], outside: dict[str, str]
) -> list[Visit]:
    """Visit a page for the first time in each width; all at once, since most of it is waiting.

    Files of other hosts are had where `outside` says, by their names. They come by a redirection,
    so that they pass through the slowed network as well.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt(browser, address, widths, outside)
        except TimeoutError as lost:
            print(f"visiting {address} again: {lost}", file=sys.stderr)
    return attempt(browser, address, widths, outside)


def attempt(
    browser: Browser, address: str, widths: Iterable[int], outside: dict[str, str]
) -> list[Visit]:
    """One visit in each width; TimeoutError if an answer was lost on the way."""
    windows = [{"width": width, "height": 900} for width in widths]
    contexts = [browser.new_context(viewport=window) for window in windows]
    try:
        looks = [Look(context, address, outside) for context in contexts]
        looks[-1].page.wait_for_timeout(SETTLED)
        return [look.seen() for look in looks]
    finally:
        for context in contexts:
            context.close()


class Look:
    """What is loaded and seen of a page in a context with an empty cache."""

    def __init__(self, context: BrowserContext, address: str, outside: dict[str, str]):
        self._outside = outside
        self._responses: list[Response] = []
        self._complete: set[str] = set()
        self._unanswered: list[Route] = []
        context.route(lambda url: not url.startswith("http://localhost:"), self._redirect)
        context.add_init_script(WATCH)
        self.page = page = context.new_page()
        page.on("response", lambda response: self._responses.append(response))
        page.on("requestfinished", lambda request: self._complete.add(request.url))
        bandwidth = dict.fromkeys(("downloadThroughput", "uploadThroughput"), MEGABITS * 1e6 / 8)
        conditions = {"offline": False, "latency": LATENCY, **bandwidth}
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
        page.goto(address)

    def _redirect(self, route: Route) -> None:
        name = PurePosixPath(urlsplit(route.request.url).path).name
        if name in self._outside:
            headers = {"Location": self._outside[name], "Access-Control-Allow-Origin": "*"}
            route.fulfill(status=302, headers=headers)
        else:
            self._unanswered.append(route)
            route.abort()

    def seen(self) -> Visit:
        """What has come until now."""
        times = self.page.evaluate(REPORT)
        answers = [answer for answer in self._responses if not 300 <= answer.status < 400]
        # The body of an answer that never ends would be waited for without end.
        for answer in answers:
            if answer.ok and answer.url not in self._complete:
                raise TimeoutError(f"no end of {answer.url}")
        unpacked = sum(len(answer.body()) for answer in answers if answer.ok)
        return Visit(weight(answers), unpacked, len(answers), len(self._unanswered), *times)
