"""What is wrong with a page of the site, as a list of sentences; a good page has an empty list.

`structure` reads the HTML, `seen` looks at the page in a browser, `first_visits` weigh it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

from sitecheck.visits import Visit, visits
from sitecheck.weight import LIMIT, LIMIT_WITH_PLOTS

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"  # the built site
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
OWN = ("http://localhost:", "file://", "data:", "blob:")
SHIFT = 0.02  # sum of layout shifts; from 0.1 on a reader is annoyed
VISITS = 3  # what moves on each of them is a fault
SHOWN = 3  # of faults of one kind; the others are counted
SWEEP = range(1400, 235, -5)  # widths of windows
EDGE = 3  # contrast of a control's border and what is around it: WCAG 1.4.11


def built(html: Path) -> set[str]:
    """The pages below `html`; what extensions leave in _static are fragments."""
    files = {path.relative_to(html).as_posix() for path in html.rglob("*.html")}
    return {name for name in files if not name.startswith("_static/")}


# --- the HTML -----------------------------------------------------------------------------


class Tags(HTMLParser):
    """Every start tag of a page with its attributes, and the title."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.title = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        if self.tags[-1:] and self.tags[-1][0] == "title" and not self.title:
            self.title = data.strip()


def structure(text: str) -> list[str]:
    """Faults of a page's HTML: of its head, headings, alternative texts and ids."""
    page = Tags(text)
    faults = []
    if not page.title:
        faults.append("the <title> is missing or empty")
    if not any(tag == "html" and given.get("lang") for tag, given in page.tags):
        faults.append("<html> has no lang")
    metas = [given for tag, given in page.tags if tag == "meta"]
    if not any(meta.get("name") == "description" and meta.get("content") for meta in metas):
        faults.append("the description, a <meta>, is missing or empty")

    levels = [int(tag[1]) for tag, _ in page.tags if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    if levels.count(1) != 1:
        faults.append(f"{levels.count(1)} <h1>, where one is wanted")
    for before, level in zip([0, *levels], levels, strict=False):
        if level > before + 1:
            faults.append(f"<h{level}> comes after <h{before}>: a level is left out")

    for tag, given in page.tags:
        if tag == "img" and "alt" not in given:
            faults.append(f"<img> without alt: {given}")
        if tag == "svg" and given.get("role") == "img" and not given.get("aria-label"):
            faults.append(f'<svg role="img"> without aria-label: {given}')
    ids = Counter(given["id"] for _, given in page.tags if "id" in given)
    faults += [f"{count} elements with the id {name!r}" for name, count in ids.items() if count > 1]
    return faults


# --- while a page loads -------------------------------------------------------------------


def watch(page: Page, scripts: bool = True) -> list[str]:
    """Faults, a list that grows as long as the page is open.

    Faults are: a request to another host, a missing file, a warning or an error on the console
    (what the page's policy forbids is one), an uncaught exception.
    """
    faults: list[str] = []
    # "Aborted" is the browser's own choice, as when it leaves a page that redirects; without
    # JavaScript it refuses scripts. A file that cannot be had fails with another word.
    harmless = {"net::ERR_ABORTED"} if scripts else {"net::ERR_ABORTED", "csp"}
    page.on("request", lambda r: r.url.startswith(OWN) or faults.append(f"asked for {r.url}"))
    page.on("response", lambda r: r.status < 400 or faults.append(f"{r.status} {r.url}"))
    page.on(
        "requestfailed",
        lambda r: r.failure in harmless or faults.append(f"{r.failure} for {r.url}"),
    )
    page.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    page.on(
        "console",
        lambda m: m.type not in {"warning", "error"} or faults.append(f"{m.type}: {m.text}"),
    )
    return faults


# --- what a page shows --------------------------------------------------------------------

# Elements of the page and of its figures' shadow roots.
ALL = """const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);"""

# Fonts are there and what fades in has done so; what moves forever is not waited for.
SETTLED = """async () => {
    await document.fonts.ready;
    const ends = ({ effect }) => Number.isFinite(effect.getComputedTiming().endTime);
    await Promise.allSettled(document.getAnimations().filter(ends).map(({ finished }) => finished));
}"""

# The page for a missing address has no theme of its own.
THEME = """() => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const { theme } = document.documentElement.dataset;
    return [system, undefined].includes(theme) ? [] : [`a ${theme} page on a ${system} system`];
}"""

OPEN = f"() => {{ {ALL} for (const node of all(document)) if ('open' in node) node.open = true; }}"

# Text and pictures beyond an edge that no scrolling moves. What is a pixel large or clipped is
# for screen readers alone; KaTeX draws its roots and arrows too long and cuts them on purpose.
OVERFLOW = f"""() => {{
    {ALL}
    const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
    const shown = (node) => (node.localName === "img"
        || [...node.childNodes].some(({{ nodeType, data }}) => nodeType === 3 && data.trim()))
        && !node.closest("svg, math")
        && node.checkVisibility({{ visibilityProperty: true, opacityProperty: true }});
    const cutter = (node) => {{
        const {{ left, right }} = node.getBoundingClientRect();
        for (let box = node; box; box = parent(box)) {{
            const edge = box.getBoundingClientRect(), {{ overflowX, clip }} = getComputedStyle(box);
            if (edge.width <= 1 || edge.height <= 1 || clip !== "auto") return null;
            if (box !== node && ["auto", "scroll"].includes(overflowX)) return null;
            const out = left < edge.left - 1 || right > edge.right + 1;
            if (out && ["hidden", "clip"].includes(overflowX)) return box;
        }}
        return left < -1 || right > innerWidth + 1 ? document.documentElement : null;
    }};
    const tag = (node) => node.cloneNode(false).outerHTML.slice(0, 150);
    const width = document.documentElement.scrollWidth;
    return [
        ...(width > innerWidth ? [`the page is ${{width}} px wide, in ${{innerWidth}}`] : []),
        ...all(document.body).filter(shown).map((node) => [node, cutter(node)])
            .filter(([, box]) => box)
            .map(([node, box]) => `${{tag(node)}} "${{node.textContent.trim().slice(0, 40)}}" `
                + `is cut off by ${{tag(box)}}`),
    ];
}}"""

# What a reader can press or fill in has a border that is seen, or else none. Those of the figures
# are not asked for here.
BORDERS = f"""() => {{
    const paint = new OffscreenCanvas(1, 1).getContext("2d", {{ willReadFrequently: true }});
    const rgba = (colour) => {{
        paint.clearRect(0, 0, 1, 1);
        paint.fillStyle = colour;
        paint.fillRect(0, 0, 1, 1);
        return [...paint.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
    }};
    const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const luminance = (colour) => {{
        const [red, green, blue] = rgba(colour).map(linear);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }};
    const contrast = (...colours) => {{
        const [low, high] = colours.map(luminance).sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    }};
    const around = (node) => {{
        const {{ backgroundColor }} = getComputedStyle(node.parentElement);
        return rgba(backgroundColor)[3] === 1 ? backgroundColor : around(node.parentElement);
    }};
    return [...document.querySelectorAll("button, input, select, textarea, summary")]
        .filter((node) => !node.closest(".gauss-element") && node.checkVisibility())
        .map((node) => node.localName === "summary" ? node.parentElement : node)
        .map((node) => [node, getComputedStyle(node)])
        .filter(([, style]) => parseFloat(style.borderTopWidth) && rgba(style.borderTopColor)[3])
        .map(([node, style]) => [node, contrast(style.borderTopColor, around(node))])
        .filter(([, found]) => found < {EDGE})
        .map(([node, found]) => `the border of ${{node.cloneNode(false).outerHTML.slice(0, 150)}} `
            + `has a contrast of ${{found.toFixed(2)}}, at least {EDGE} is wanted`);
}}"""

# Formulas have a page's most elements, and the colour of their paragraph, apart from these parts.
# Looking at nothing else in formulas saves half of axe-core's time.
COLOURED = ".katex :is([class*=term-], [style*=color])"
CONTRAST = "color-contrast"
Rules = Literal["all", "color-contrast"]


def axe(page: Page, rules: Rules = "all", part: str = "html") -> list[str]:
    """What axe-core's rules find in a part of the page, the insides of its figures included."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf8"))  # which the page's policy does not concern
        contrast = {"id": CONTRAST, "selector": f":not(.katex *), {COLOURED}, {COLOURED} *"}
        page.evaluate("rules => axe.configure({rules})", [contrast])
    options = {"resultTypes": ["violations"]} | ({} if rules == "all" else {"runOnly": [rules]})
    found = page.evaluate(
        "([part, options]) => axe.run(part, options).then(({ violations }) => violations)",
        [part, options],
    )
    faults = []
    for rule in found:
        nodes = rule["nodes"]
        title = f"axe {rule['id']}, {len(nodes)} times: {rule['help']}"
        what = [f"{node['html'][:300]}\n    {node['failureSummary']}" for node in nodes[:SHOWN]]
        faults.append("\n  ".join([title, *what]))
    return faults


def menus(page: Page) -> Iterator[None]:
    """Opens the menus of a narrow screen, one after the other."""
    for button in page.locator("button[popovertarget]:visible").all():
        button.click()
        page.evaluate(SETTLED)
        yield
        page.keyboard.press("Escape")


def overflow(page: Page) -> list[str]:
    """What sticks out of the window or is cut off."""
    faults = page.evaluate(OVERFLOW)
    more = [f"and {len(faults) - SHOWN} more are cut off"] if len(faults) > SHOWN else []
    return faults[:SHOWN] + more


def seen(context: BrowserContext, address: str, rules: Rules) -> list[str]:
    """Faults of a page that is loaded and looked at, as it comes and with all its parts opened."""
    page = context.new_page()
    faults = watch(page)
    page.goto(address)
    page.evaluate(SETTLED)
    faults += page.evaluate(THEME) + overflow(page)
    page.evaluate(OPEN)
    page.evaluate(SETTLED)
    faults += overflow(page) + axe(page, rules) + page.evaluate(BORDERS)[:SHOWN]
    for _ in menus(page):
        faults += overflow(page)
    page.close()
    return faults


def swept(context: BrowserContext, address: str) -> list[str]:
    """Widths of the window, from wide to narrow, in which a page must be scrolled sideways."""
    page = context.new_page()
    page.goto(address)
    page.evaluate(SETTLED)
    too_wide = {}
    for width in SWEEP:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            too_wide[width] = wide
    page.close()
    if not too_wide:
        return []
    pairs = ", ".join(f"{wide} px in {width}" for width, wide in too_wide.items())
    return [f"the page is too wide for {len(too_wide)} windows: {pairs}"]


def seen_menus(context: BrowserContext, address: str) -> list[str]:
    """Faults of a page's menus, which are the same on every page."""
    page = context.new_page()
    faults = watch(page)
    page.goto(address)
    found = [axe(page, part=":popover-open") for _ in menus(page)]
    page.close()
    return [*faults, *chain(*found), *([] if found else ["there is no menu"])]


# --- a first visit ------------------------------------------------------------------------


def steady_visits(browser: Browser, address: str, widths: Iterable[int]) -> list[Visit]:
    """First visits on which nothing moves, or else the last of several."""
    # Where the processor is busy, text may be painted before its font is there, now and then.
    for _ in range(VISITS):
        found = visits(browser, address, widths, {})
        if max(visit.shift for visit in found) <= SHIFT:
            break
    return found


def first_visits(browser: Browser, address: str, widths: list[int], plots: bool) -> list[str]:
    """Faults of first visits: what they load is heavy, or what is seen moves."""
    limit = LIMIT_WITH_PLOTS if plots else LIMIT
    faults = []
    for width, found in zip(widths, steady_visits(browser, address, widths), strict=True):
        if found.weight > limit:
            faults.append(f"{found.weight / 1000:.0f} kB to load, {limit // 1000} at most")
        if found.shift > SHIFT:
            shifts = f"layout shifts add up to {found.shift:.3f}, {SHIFT} at most"
            faults.append(f"{width} px wide: {shifts}")
    return faults
