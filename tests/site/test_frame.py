"""The frame of the pages: themes, menus, keys, copies, policy, paper."""

import re
from urllib.parse import urlsplit

import pytest
from booksite.assets import SITE
from booksite.colours import PALETTE
from playwright.sync_api import expect

from gausslib import __version__
from gausslib.formulas import FORMULAS
from sitecheck.server import CompressingHandler, served

WELCOME, CHAPTER = "book/welcome.html", "notebooks/02-kl.html"
WAIT = 30_000  # milliseconds, on a busy machine
TEXT = "getComputedStyle(document.querySelector('article p')).fontFamily"


@pytest.fixture
def below(html):
    """The site served below a folder of another name, two levels down."""
    with served(html.parents[1], CompressingHandler) as address:
        yield f"{address}/{html.relative_to(html.parents[1])}"


def copied(page, selector: str) -> str:
    """What is in the clipboard when a part of the page is selected and copied."""
    return page.evaluate(
        """selector => {
             const range = document.createRange();
             range.selectNode(document.querySelector(selector));
             getSelection().removeAllRanges();
             getSelection().addRange(range);
             const clipboardData = new DataTransfer();
             const event = {clipboardData, bubbles: true, cancelable: true};
             const copy = new ClipboardEvent("copy", event);
             document.body.dispatchEvent(copy);
             return copy.clipboardData.getData("text/plain");
           }""",
        selector,
    )


def test_mathematics_is_in_the_page_and_copies_as_tex(open_page, address):
    page = open_page(f"{address}/{CHAPTER}")
    tex = copied(page, '[data-formula="eq-kl"] .katex-display')
    plain = re.sub(r"\s+", " ", tex).strip("$ ")
    assert plain == re.sub(r"\s+", " ", FORMULAS["eq-kl"].tex).strip()
    assert page.locator('[data-formula="eq-kl"] .katex-mathml math').count() >= 1


def test_the_book_and_its_mathematics_have_their_fonts(open_page, address):
    """At once: the first picture of the page waits for them."""
    page = open_page(f"{address}/{CHAPTER}")
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate(
        """[...document.fonts].filter(font => font.status === "loaded")
                              .map(font => font.family.replaceAll('"', ""))"""
    )
    assert {"Source Serif", "KaTeX_Main", "KaTeX_Math"} <= set(loaded)
    asked = page.evaluate("[...document.querySelectorAll('link[rel=preload]')].map(l => l.href)")
    taken = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert len(asked) >= 3
    assert set(asked) <= set(taken)


@pytest.mark.parametrize("system", ["light", "dark"])
def test_theme_follows_the_system_until_the_reader_chooses(open_page, address, system):
    page = open_page(f"{address}/{WELCOME}", theme=system)
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == system
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light", timeout=WAIT)
    button = page.get_by_role("button", name="Theme")
    papers = []
    for mode in ("light", "dark"):
        button.click()
        assert button.inner_text() == f"Theme: {mode}"
        assert page.evaluate(theme) == mode
        papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert papers[0] != papers[1]
    page.reload()
    assert page.evaluate(theme) == "dark"
    assert page.get_by_role("button", name="Theme").inner_text() == "Theme: dark"
    page.get_by_role("button", name="Theme").click()
    assert page.evaluate(theme) == "light"  # as the system


def test_plots_are_drawn_for_the_theme(open_page, address, html):
    pictures = {}
    for theme in ("light", "dark"):
        page = open_page(f"{address}/{CHAPTER}", theme=theme)
        plot = page.locator("img.plot:visible").first
        plot.scroll_into_view_if_needed()
        assert plot.get_attribute("alt")
        source = html / urlsplit(plot.evaluate("image => image.src")).path.lstrip("/")
        pictures[theme] = source.read_text(encoding="utf8")
        expect(plot).to_have_js_property("complete", True, timeout=WAIT)
        assert plot.evaluate("image => image.naturalWidth") > 0
        asked = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
        other = {"light": "dark", "dark": "light"}[theme]
        assert not [name for name in asked if name.endswith(f"-{other}.svg")]
    assert "#0a6cc2" in pictures["light"]
    assert "#4fa8f5" in pictures["dark"]
    assert "#1f2328" not in pictures["dark"]  # the ink of light pages


@pytest.mark.parametrize("script", [True, False])
def test_menus_of_a_narrow_screen(open_page, address, script):
    page = open_page(f"{address}/{CHAPTER}", width=390, java_script_enabled=script)
    chapters = page.get_by_role("navigation", name="Chapters")
    assert not chapters.is_visible()
    page.get_by_role("button", name="Chapters").click()
    assert chapters.get_by_role("link", name="References").is_visible()
    page.keyboard.press("Escape")
    assert not chapters.is_visible()
    page.get_by_role("button", name="On this page").click()
    page.locator("#page-nav").get_by_role("link", name="Exercises").click()
    assert page.url.endswith("#exercises")
    if script:
        assert not page.locator("#page-nav").is_visible()


def test_reading_with_the_keyboard_alone(open_page, address):
    page = open_page(f"{address}/{CHAPTER}")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('article').contains(document.activeElement)")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Control+k")
    page.keyboard.type("hellinger")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=hellinger")
    page.locator("ul.search li a").first.wait_for()
    assert page.locator(".page-search input").input_value() == "hellinger"


def test_no_single_key_does_anything(open_page, address):
    """Whoever dictates, or slips, presses some now and then (WCAG 2.1.4)."""
    for name in (CHAPTER, "search.html"):
        page = open_page(f"{address}/{name}")
        page.locator("h1").click()
        before = page.evaluate("document.activeElement.localName")
        for key in ("/", "s", "k", "Escape"):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.localName") == before, (name, key)


# What has the focus but shows no outline of its own, or one that a box cuts off.
UNSEEN = """() => {
  const reached = "a[href], button, input, summary, [tabindex='0']";
  const outline = (node) => {
    const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(node);
    const width = outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
    return { width, out: width + parseFloat(outlineOffset) };
  };
  const cut = (node, out) => {
    const { left, right } = node.getBoundingClientRect();
    for (let box = node.parentElement; box; box = box.parentElement) {
      const edge = box.getBoundingClientRect();
      if (getComputedStyle(box).overflowX !== "visible" && out > 0
          && (left - out < edge.left - 1 || right + out > edge.right + 1)) return box;
    }
    return null;
  };
  const faults = [];
  for (const node of document.querySelectorAll(reached)) {
    if (node.closest(".gauss-element, table, pre") || !node.checkVisibility()) continue;
    node.focus();
    if (document.activeElement !== node || !node.matches(":focus-visible")) continue;
    const { width, out } = outline(node);
    if (width < 2) faults.push(`no outline: ${node.outerHTML.slice(0, 120)}`);
    else if (cut(node, out)) faults.push(`outline cut off: ${node.outerHTML.slice(0, 120)}`);
  }
  return faults;
}"""


@pytest.mark.parametrize("colours", ["none", "active"])
@pytest.mark.parametrize("name", [WELCOME, CHAPTER, "book/api.html", "search.html"])
def test_the_focus_is_seen(open_page, address, name, colours):
    """With the colours of the book, and with those that a system forces on all pages."""
    page = open_page(f"{address}/{name}", forced_colors=colours)
    page.keyboard.press("Tab")  # from now on the focus is that of a keyboard
    assert page.evaluate(UNSEEN) == []


def test_a_heading_is_named_by_its_words_and_its_link_leads_to_it(open_page, address):
    page = open_page(f"{address}/{CHAPTER}")
    headings = page.locator("article").get_by_role("heading")
    assert headings.count() >= 8
    assert page.get_by_role("heading", name="Exercises", exact=True).count() == 1
    links = page.locator("article a.headerlink")
    names = links.evaluate_all("links => links.map((link) => link.ariaLabel)")
    assert None not in names
    assert len(set(names)) == len(names) >= 20
    link = page.get_by_role("link", name="Link to section exercises", exact=True)
    words = page.get_by_role("heading", name="Exercises").bounding_box()
    place = link.bounding_box()
    assert 0 <= place["x"] - (words["x"] + words["width"]) < 20
    assert words["y"] < place["y"] + place["height"] / 2 < words["y"] + words["height"]
    link.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#exercises")


@pytest.mark.parametrize("touch", [False, True])
def test_a_finger_finds_the_link_to_a_section(open_page, address, touch):
    page = open_page(f"{address}/{CHAPTER}", width=390, has_touch=touch, is_mobile=touch)
    shown = page.locator("a.headerlink").first.evaluate("link => getComputedStyle(link).opacity")
    assert shown == ("1" if touch else "0")  # a mouse sees it where it points


def test_menus_have_a_button_that_closes_them(open_page, address):
    page = open_page(f"{address}/{CHAPTER}", width=390)
    for opened, menu in (("Chapters", "#site-nav"), ("On this page", "#page-nav")):
        page.get_by_role("button", name=opened).click()
        close = page.locator(menu).get_by_role("button", name="Close")
        box = close.bounding_box()
        assert box["y"] >= 0
        assert min(box["width"], box["height"]) >= 44
        close.click()
        assert not page.locator(menu).is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not page.get_by_role("button", name="Close").first.is_visible()


@pytest.mark.parametrize(("height", "stays"), [(325, False), (900, True)])
def test_the_header_leaves_a_low_window_to_the_text(open_page, address, height, stays):
    """As the window of a laptop is, magnified twice."""
    page = open_page(f"{address}/{CHAPTER}#exercises", width=800, height=height)
    box = page.locator(".site-header").bounding_box()
    assert (box["y"] + box["height"] > 0) is stays
    heading = page.get_by_role("heading", name="Exercises").bounding_box()
    assert 0 < heading["y"] < 150


def test_what_is_wide_scrolls_and_can_be_reached(open_page, address):
    page = open_page(f"{address}/{CHAPTER}", width=390)
    wide = page.locator("article pre").filter(visible=True)
    scrolls = wide.evaluate_all(
        "boxes => boxes.map(b => [b.scrollWidth > b.clientWidth + 1, b.tabIndex])"
    )
    assert any(scrolling for scrolling, _ in scrolls)
    assert all((tab == 0) == scrolling for scrolling, tab in scrolls)


def test_the_section_that_is_read_is_marked(open_page, address):
    page = open_page(f"{address}/{CHAPTER}")
    marked = page.locator("#page-nav a[aria-current]")
    assert marked.count() == 0
    for name in ("Exercises", "Predict"):
        page.locator("#page-nav").get_by_role("link", name=name).click()
        expect(marked).to_have_text([name], timeout=WAIT)  # one, and this


@pytest.mark.parametrize(
    ("name", "title"), [(WELCOME, "Welcome"), (CHAPTER, "2. The Kullback–Leibler divergence")]
)
def test_the_chapters_show_which_page_is_read(open_page, address, name, title):
    page = open_page(f"{address}/{name}")
    assert page.locator("#site-nav a[aria-current=page]").all_inner_texts() == [title]


def test_everything_works_below_a_folder(open_page, below):
    page = open_page(f"{below}/index.html")
    page.wait_for_url(f"{below}/{WELCOME}")  # where the first page leads, with its style sheets
    page.locator("gauss-pair").wait_for()
    assert page.evaluate(TEXT).startswith('"Source Serif"')
    page.locator("#site-nav").get_by_role("link", name="Kullback").click()
    page.locator("article .katex").first.wait_for()
    page.goto(f"{below}/search.html?q=divergence")
    page.locator("ul.search li a", has_text="Kullback").first.click()
    page.wait_for_url(f"{below}/{CHAPTER}**")


def test_a_script_that_the_policy_does_not_know_is_not_run(chromium, address, html):
    for place in (address, html.as_uri()):
        page = chromium.new_context().new_page()
        refused = []
        page.on("console", lambda m, refused=refused: refused.append(m.text))
        page.goto(f"{place}/{WELCOME}")
        page.evaluate(
            """() => { const script = document.createElement("script");
                       script.textContent = "window.intruder = true";
                       document.body.append(script); }"""
        )
        assert page.evaluate("window.intruder") is None
        assert any("Content Security Policy" in text for text in refused)
        page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_paper_there_is_the_text_alone(open_page, address, theme):
    page = open_page(f"{address}/{CHAPTER}", theme=theme)
    page.emulate_media(media="print", color_scheme=theme)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for part in (".site-header", ".site-nav", ".page-nav", ".prev-next"):
        assert not page.locator(part).is_visible()
    assert page.locator("img.plot.only-light").first.is_visible()
    assert not page.locator("img.plot.only-dark").first.is_visible()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", background)[:3])) > 700
    assert page.get_by_text("to cover is to match", exact=False).first.is_visible()  # a solution
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == theme


def test_a_link_to_a_page_shows_a_picture_and_a_description(html):
    page = (html / CHAPTER).read_text(encoding="utf8")
    for name in ("description", "og:title", "og:description", "twitter:card"):
        assert re.search(rf'<meta (?:name|property)="{name}" content="[^"]+"', page), name
    for pattern in (r'og:image" content="([^"]+)"', r'apple-touch-icon" href="([^"]+)"'):
        picture = (html / CHAPTER).parent / re.search(pattern, page)[1]
        assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_footer_tells_version_and_date(html):
    page = (html / WELCOME).read_text(encoding="utf8")
    assert re.search(rf"gausslib {re.escape(__version__)}\. Built on \d\d \w+ 20\d\d", page)


def test_the_page_for_a_missing_address_has_the_colours_of_the_book(html):
    """It stands alone, without the book's style sheet."""
    known = "".join(path.read_text(encoding="utf8") for path in (PALETTE, *SITE.glob("*.css")))
    colours = re.findall(r"#[0-9a-f]{6}\b", (html / "404.html").read_text(encoding="utf8"))
    assert len(colours) >= 2
    assert [colour for colour in colours if colour not in known] == []


# The parts of sphinx-design that text.css has rules for, and what those bring along.
STYLED = {"card", "dropdown", "row", "col", "summary", "stretched"}
STYLED |= {"container", "sphinx", "octicon", "hide", "shadow", "font", "d", "g", "mb", "w"}


def test_every_part_of_sphinx_design_in_use_has_a_style(html):
    """Its own style sheet is not on the pages."""
    used = {
        part
        for path in html.rglob("*.html")
        for given in re.findall(r' class="([^"]*)"', path.read_text(encoding="utf8"))
        for part in re.findall(r"\bsd-([a-z]+)", given)
    }
    assert "card" in used
    assert used <= STYLED


RESTING = "article section > p > *"
HEIGHTS = """() => [document.documentElement.scrollHeight,
    ...[...document.querySelectorAll("article section > *")].map((block) =>
        Math.round(block.getBoundingClientRect().height))]"""


@pytest.mark.parametrize("name", [CHAPTER, "book/recipes.html", "book/notation.html"])
@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_far_rests_and_nothing_moves(open_page, address, name, width):
    page = open_page(f"{address}/{name}", width=width)
    page.evaluate("document.fonts.ready")
    before = page.evaluate(HEIGHTS)
    expect(page.locator("html.at-rest")).to_be_attached(timeout=WAIT)
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate(HEIGHTS) == before
    is_seen = "block => block.checkVisibility({contentVisibilityAuto: true})"
    last = page.locator(RESTING).last
    assert not last.evaluate(is_seen)
    last.scroll_into_view_if_needed()
    # A browser wakes it within a few frames, in which one it does not promise.
    page.wait_for_function(is_seen, arg=last.element_handle(), timeout=WAIT)
    assert page.evaluate(HEIGHTS) == before
    page.evaluate("scrollTo(0, 0)")
    page.emulate_media(media="print")
    assert last.evaluate(is_seen)


def test_a_link_leads_to_its_place_also_where_the_page_rests(open_page, address):
    page = open_page(f"{address}/{CHAPTER}")
    expect(page.locator("html.at-rest")).to_be_attached(timeout=WAIT)
    for name in ("exercises", "predict", "exercises"):
        page.evaluate("name => { location.hash = name; }", name)
        page.wait_for_timeout(300)
        top = page.evaluate(
            "name => document.getElementById(name).getBoundingClientRect().top", name
        )
        assert 0 < top < 200 or page.evaluate("scrollY + innerHeight >= document.body.scrollHeight")


def test_a_window_of_another_width_is_laid_out_as_a_whole(open_page, address):
    page = open_page(f"{address}/{CHAPTER}")
    resting = page.locator("html.at-rest")
    expect(resting).to_be_attached(timeout=WAIT)
    # It does not rest for half a second: nobody may look just then.
    page.evaluate("""() => {
        const { documentElement: root } = document;
        const look = () => { window.rose ||= !root.classList.contains("at-rest"); };
        new MutationObserver(look).observe(root, { attributes: true });
    }""")
    page.set_viewport_size({"width": 800, "height": 900})
    page.wait_for_function("window.rose", timeout=WAIT)
    expect(resting).to_be_attached(timeout=WAIT)
    settled = page.evaluate(HEIGHTS)
    fresh = open_page(f"{address}/{CHAPTER}", width=800)
    fresh.evaluate("document.fonts.ready")
    assert settled == fresh.evaluate(HEIGHTS)
