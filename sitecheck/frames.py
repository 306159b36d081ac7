"""The figures in a browser: what a frame of a drag costs, and what the script weighs.

`make bench-figures` prints both. A frame is one move of the pointer, dispatched in a recorded trace
of the browser; its scripting time is that of the whole event, drawing as SVG included, layout and
painting not. Timings are of this machine, and of a browser without a graphics card.
"""

import gzip
from pathlib import Path

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from sitecheck.browser import find

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "gausslib" / "widgets" / "static"
# The scripts of a page: the runtime, and one for each figure.
SCRIPTS = [
    STATIC / f"{name}.js"
    for name in ("runtime", *(path.stem for path in STATIC.glob("../src/figures/*.js")))
]
FRAMES = 300
RUNS = 5


def trace(session: CDPSession, page: Page) -> list[dict]:
    """Events of the browser's timeline while the mean of p is dragged along a figure of eight."""
    events: list[dict] = []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    box = page.get_by_role("slider", name="mean of p").locator(".hit").bounding_box()
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


def frames(show: str) -> np.ndarray:
    """Scripting time of each frame of a drag, in milliseconds."""
    markup = f'<gauss-pair show="{show}"></gauss-pair>'
    page_text = f'<!doctype html><meta charset="utf-8"><body style="width: 45rem">{markup}'
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_content(page_text)
        for name in ("runtime.js", "gauss-pair.js"):
            page.add_script_tag(path=STATIC / name)
        events = trace(page.context.new_cdp_session(page), page)
        browser.close()
    moves = [
        event["dur"] / 1000
        for event in events
        if event["name"] == "EventDispatch" and event["args"]["data"]["type"] == "pointermove"
    ]
    assert len(moves) >= FRAMES, len(moves)
    return np.array(moves)


def main() -> None:
    """Print the weight of the scripts, and the quantiles of the frames of one figure."""
    print("Scripts in kB (aim: 12 for the runtime, 8 for a figure, compressed)\n")
    for path in SCRIPTS:
        script = path.read_bytes()
        weight = len(gzip.compress(script, 9)) / 1000
        print(f"{path.name:25} {len(script) / 1000:6.1f} {weight:6.1f} gzip")
    print("\nScripting of a frame of a drag of <gauss-pair>, in ms (aim: 95 % below 3)")
    print(f"{FRAMES} frames; medians of {RUNS} runs\n")
    print(f"{'show':45} {'median':>7} {'95 %':>7} {'worst':>7}")
    for show in ("", "arrows geodesic", "terms arrows geodesic samples density map"):
        runs = [np.quantile(frames(show), [0.5, 0.95, 1]) for _ in range(RUNS)]
        median, high, worst = np.median(runs, axis=0)
        print(f"{show or '(calm)':45} {median:7.2f} {high:7.2f} {worst:7.2f}")


if __name__ == "__main__":
    main()
