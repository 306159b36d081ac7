"""Every page of the built site, audited; and pages with a fault, which the audit must name.

`make audit` runs this and test_links.py alone.
"""

import random
import re

import pytest

from sitecheck import audit
from sitecheck.audit import HTML
from sitecheck.crawl import pages
from sitecheck.server import CompressingHandler, served

PAGES = sorted(audit.built(HTML))
SEEN = [name for name in PAGES if name != "index.html"]  # which leads to the first page at once
BOOK = [name for name in SEEN if name != "404.html"]  # which a server shows, and nobody visits

# Both themes, both widths. Most of axe-core's time goes into contrast, and nothing but contrast
# differs between the themes, so that the second look asks for that alone.
LOOKS = [("light", 1280, "all"), ("dark", 390, "color-contrast")]
MORE_LOOKS = [
    pytest.param((theme, width, "all"), marks=pytest.mark.nightly)
    for theme, width in [("light", 390), ("dark", 390), ("dark", 1280)]
]

# Frames of every kind: with and without sections, with figures, with the longest text and tables.
SWEPT = [
    "book/welcome.html",
    "book/figures.html",
    "book/notation.html",
    "notebooks/03-overlap.html",
    "search.html",
]

each_seen = pytest.mark.parametrize("name", SEEN)
each_page = pytest.mark.parametrize("name", BOOK)


@pytest.fixture(scope="module")
def site(html):
    with served(html, CompressingHandler) as address:
        yield address


@pytest.fixture
def context(chromium):
    contexts = []

    def context_(theme: str, width: int):
        viewport = {"width": width, "height": 900}
        contexts.append(chromium.new_context(viewport=viewport, color_scheme=theme))
        return contexts[-1]

    yield context_
    for context in contexts:
        context.close()


def report(faults: list[str]) -> str:
    return "\n".join(["", *faults])


def test_every_page_can_be_reached(html):
    """Apart from the one that a server shows for a missing page."""
    assert {*pages(html), "404.html"} == {*PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_structure(html, name):
    faults = audit.structure((html / name).read_text(encoding="utf8"))
    assert not faults, report(faults)


@pytest.mark.parametrize("look", [*LOOKS, *MORE_LOOKS])
@each_seen
def test_seen(context, site, name, look):
    theme, width, rules = look
    faults = audit.seen(context(theme, width), f"{site}/{name}", rules)
    assert not faults, report(faults)


@pytest.mark.parametrize(
    "name",
    [name if name in SWEPT else pytest.param(name, marks=pytest.mark.nightly) for name in SEEN],
)
def test_no_width_is_too_narrow(context, site, name):
    faults = audit.swept(context("light", 1400), f"{site}/{name}")
    assert not faults, report(faults)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_menus(context, site, theme):
    faults = audit.seen_menus(context(theme, 390), f"{site}/book/api.html")
    assert not faults, report(faults)


@each_page
def test_opened_from_a_file(context, html, name):
    page = context("light", 1280).new_page()
    faults = audit.watch(page)
    page.goto((html / name).as_uri())
    page.evaluate(audit.SETTLED)
    assert not faults, report(faults)


@each_page
def test_first_visits(chromium, html, site, name):
    plots = 'class="plot' in (html / name).read_text(encoding="utf8")
    faults = audit.first_visits(chromium, f"{site}/{name}", [390, 1280], plots)
    assert not faults, report(faults)


# --- pages with a fault ---------------------------------------------------------------------

PAGE = "book/references.html"
END = "</article>"

# what is changed in the page's HTML, into what, and what the audit says then
IN_STRUCTURE = {
    "no title": (r"<title>.*?</title>", "<title></title>", "<title> is missing"),
    "no language": (r'<html lang="en"', "<html", "no lang"),
    "no description": (r'<meta name="description"', "<meta", "the description"),
    "no h1": (r"<(/?)h1", r"<\1h2", "0 <h1>"),
    "two h1": (END, f"<h1>Again</h1>{END}", "2 <h1>"),
    "a jump": (END, f"<h2>Two</h2><h4>Four</h4>{END}", "<h4> comes after <h2>"),
    "an image without alt": (END, f'<img src="a.png">{END}', "<img> without alt"),
    "a drawing without a name": (END, f'<svg role="img"></svg>{END}', "without aria-label"),
    "an id that stands twice": (
        END,
        f'<i id="a"></i><i id="a"></i>{END}',
        "2 elements with the id",
    ),
}

# what stands at the end of the page, and what the audit says then
GREYED = "style='color: #aaa; background: #fff'"
GREY = f"<p {GREYED}>Text.</p>"
DARK_GREY = "<p style='color: light-dark(#000, #555); background: light-dark(#fff, #000)'>Text.</p>"
CUT = "<div style='overflow: hidden; width: 99px'><p style='width: 300px'>Some text.</p></div>"
IN_BROWSER = {
    "an outside image": ("<img alt='' src='https://elsewhere.invalid/a.png'>", "elsewhere.invalid"),
    "a frame from outside": (
        "<iframe title='A' src='frame.html'></iframe>",
        "asked for https://else",
    ),
    "a missing image": ("<img alt='' src='missing.png'>", "404 http"),
    "a missing script": ("<script src='missing.js'></script>", "404 http"),
    "a script in the page": ("<script>window.intruder = 1</script>", "Content Security Policy"),
    "a warning": ("<script src='warning.js'></script>", "warning: told"),
    "an exception": ("<script src='exception.js'></script>", "exception: raised"),
    "an image without alt": ("<img src='picture.png'>", "axe image-alt"),
    "a jump": ("<h2>Two</h2><h4>Four</h4>", "axe heading-order"),
    "the wrong theme": ("<script src='light.js'></script>", "light page on a dark system"),
    "grey text": (GREY, "axe color-contrast"),
    "grey text in the dark": (DARK_GREY, "axe color-contrast"),
    "grey text in a closed part": (
        f"<details><summary>Part</summary>{GREY}</details>",
        "axe color-contrast",
    ),
    "grey text in a figure": (
        "<div id='host'></div><script src='figure.js'></script>",
        "axe color-contrast",
    ),
    "grey text in a formula": (
        f"<p><span class='katex'><span class='term-a'><i {GREYED}>Text.</i></span></span></p>",
        "axe color-contrast",
    ),
    "a wide table": ("<table style='width: 2000px'><tr><td>Wide</td></tr></table>", "px wide"),
    "a faint border": (
        "<button style='border: 1px solid #aaaa99'>Press</button>",
        "the border of <button",
    ),
    "text cut off": (CUT, "is cut off by <div"),
}
ON_FIRST_VISIT = {
    "a heavy picture": ("<img alt='' src='picture.png'>", "kB to load"),
    "a late push": ("<script src='push.js'></script>", "layout shifts add up to"),
}
FILES = {
    "frame.html": "<img alt='' src='https://elsewhere.invalid/a.png'>",  # no policy forbids it
    "light.js": "document.documentElement.dataset.theme = 'light'",
    "warning.js": "console.warn('told')",
    "exception.js": "throw new Error('raised')",
    "figure.js": f"host.attachShadow({{ mode: 'open' }}).innerHTML = `{GREY}`",
    "push.js": """setTimeout(() => {
        document.querySelector("h1").insertAdjacentHTML("beforebegin", "<p style='height: 300px'>");
    }, 600)""",
}


@pytest.fixture
def spoilt(html, tmp_path):
    """Serves one page of the site with something added at its end, and the files for that."""
    page = tmp_path / PAGE
    page.parent.mkdir()
    (tmp_path / "_static").symlink_to(html / "_static")
    for name, text in FILES.items():
        (page.parent / name).write_text(text, encoding="utf8")
    (page.parent / "picture.png").write_bytes(random.Random(0).randbytes(500_000))

    with served(tmp_path, CompressingHandler) as address:

        def spoilt_(added: str) -> str:
            text = (html / PAGE).read_text(encoding="utf8")
            page.write_text(text.replace(END, added + END), encoding="utf8")
            return f"{address}/{PAGE}"

        yield spoilt_


@pytest.mark.parametrize(("old", "new", "said"), IN_STRUCTURE.values(), ids=IN_STRUCTURE)
def test_faults_of_structure_are_named(html, old, new, said):
    text = re.sub(old, new, (html / PAGE).read_text(encoding="utf8"))
    assert [fault for fault in audit.structure(text) if said in fault]


@pytest.mark.parametrize(("added", "said"), IN_BROWSER.values(), ids=IN_BROWSER)
def test_faults_that_are_seen_are_named(context, spoilt, added, said):
    address = spoilt(added)
    looks = [audit.seen(context(theme, width), address, rules) for theme, width, rules in LOOKS]
    faults = [fault for found in looks for fault in found]
    assert [fault for fault in faults if said in fault], report(faults)


def test_faults_of_a_menu_are_named(context, spoilt):
    menu = f"<button popovertarget='menu'>Menu</button><nav id='menu' popover>{GREY}</nav>"
    faults = audit.seen_menus(context("dark", 390), spoilt(menu))
    assert [fault for fault in faults if "axe color-contrast" in fault], report(faults)


def test_a_width_that_is_too_narrow_is_named(context, spoilt):
    wide = "<style>@media (width: 705px) { article { min-width: 720px } }</style>"
    faults = audit.swept(context("light", 1400), spoilt(wide))
    assert len(faults) == 1
    assert re.search(r"for 1 windows: 7\d\d px in 705$", faults[0])


@pytest.mark.parametrize(("added", "said"), ON_FIRST_VISIT.values(), ids=ON_FIRST_VISIT)
def test_faults_of_a_first_visit_are_named(chromium, spoilt, added, said):
    faults = audit.first_visits(chromium, spoilt(added), [1280], plots=False)
    assert [fault for fault in faults if said in fault], report(faults)


def test_a_page_that_nothing_leads_to_is_noticed(html, tmp_path):
    (tmp_path / "index.html").write_text("<a href='a.html'>", encoding="utf8")
    for name in ("a.html", "lost.html"):
        (tmp_path / name).write_text("", encoding="utf8")
    assert audit.built(tmp_path) - set(pages(tmp_path)) == {"lost.html"}
