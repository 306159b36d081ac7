"""The figures in a browser: what a frame of a drag costs, and what the script weighs.

`make bench-figures` prints both. A frame is one move of the pointer, dispatched in a recorded trace
of the browser; its scripting time is what the page's thread spent of its processor on the whole
event, drawing as SVG included, layout and painting not. What the machine did for others meanwhile
does not count. Timings are of this machine, and of a browser without a graphics card.
"""

import gzip
import re
from pathlib import Path

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from sitecheck.browser import launched

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "gausslib" / "widgets" / "static"
TAGS = sorted(path.stem for path in STATIC.glob("../src/figures/*.js"))
# The scripts of a page: the runtime with the style, and one for each figure.
SCRIPTS = [STATIC / f"{name}.js" for name in ("runtime", "look", "copies", *TAGS)]
# What else is dragged: figures that show more, and two that follow each other.
MORE = (
    '<gauss-pair show="arrows geodesic"></gauss-pair>',
    '<gauss-pair show="terms arrows geodesic samples density map"></gauss-pair>',
    '<gauss-line distance="renyi"></gauss-line>',
    '<orthogonal-sphere show="matrix terms"></orthogonal-sphere>',
    '<gauss-surface surface="log"></gauss-surface>',
    '<gauss-pair link="x"></gauss-pair>'
    '<gauss-sampling link="x" show="samples others"></gauss-sampling>',
)
FRAMES = 300
RUNS = 5


def trace(session: CDPSession, page: Page) -> list[dict]:
    """Events of the browser's timeline while the first handle goes along a figure of eight."""
    events: list[dict] = []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    box = page.locator(".handle:visible .hit").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    session.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline"]}})
    for step in range(1, FRAMES + 1):
        turn = 2 * np.pi * step / FRAMES
        page.mouse.move(x + 150 * np.sin(turn), y + 80 * np.sin(2 * turn))
        page.evaluate("new Promise(requestAnimationFrame)")
    done: list[dict] = []
    session.on("Tracing.tracingComplete", lambda end: done.append(end))
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)
    page.mouse.up()
    return events


def frames(figures: str) -> np.ndarray:
    """Scripting time of each frame of a drag, in milliseconds, on a page with some figures."""
    tags = re.findall(r"<([a-z]+-[a-z]+)", figures)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 1200})
        style = '<!doctype html><meta charset="utf-8"><body style="width: 45rem">'
        page.set_content(style + figures)
        for name in ("runtime", "look", *tags):
            page.add_script_tag(path=STATIC / f"{name}.js")
        page.evaluate(f"""() => {{
            window.changes = 0;
            document.querySelector("{tags[0]}").addEventListener("change", () => window.changes++);
        }}""")
        events = trace(page.context.new_cdp_session(page), page)
        changes = page.evaluate("window.changes")
        browser.close()
    moves = [
        event["tdur"] / 1000
        for event in events
        if event["name"] == "EventDispatch" and event["args"]["data"]["type"] == "pointermove"
    ]
    assert min(len(moves), changes) >= FRAMES - 5, (figures, len(moves), changes)
    return np.array(moves)


def main() -> None:
    """Print the weight of the scripts, and the quantiles of the frames of one figure."""
    print("Scripts in kB (aim: 12 for the runtime, 8 for a figure, compressed)\n")
    for path in SCRIPTS:
        script = path.read_bytes()
        weight = len(gzip.compress(script, 9)) / 1000
        print(f"{path.name:25} {len(script) / 1000:6.1f} {weight:6.1f} gzip")
    print("\nScripting of a frame of a drag of the first handle, in ms (aim: 95 % below 3)")
    print(f"{FRAMES} frames; medians of {RUNS} runs\n")
    print(f"{'figure, what it shows':70} {'median':>7} {'95 %':>7} {'worst':>7}")
    alone = [f"<{tag}></{tag}>" for tag in TAGS if tag != "gauss-calculator"]
    for figures in (*alone, *MORE):
        runs = [np.quantile(frames(figures), [0.5, 0.95, 1]) for _ in range(RUNS)]
        median, high, worst = np.median(runs, axis=0)
        name = re.sub(r"<(/[^>]*>)?|>|show=|\"", " ", figures)
        print(f"{' '.join(name.split()):70} {median:7.2f} {high:7.2f} {worst:7.2f}", flush=True)


if __name__ == "__main__":
    main()
