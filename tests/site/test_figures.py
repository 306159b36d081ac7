"""Every figure on its page, in a real browser: drag, keys, touch, address, copies, themes."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from support.figures import FIGURES, PAGE
from support.javascript import on_figures

from gausslib import widgets

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
each_figure = pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.tag)
WITHOUT_HANDLES = {"gauss-calculator"}
each_with_handles = pytest.mark.parametrize(
    "figure",
    [figure for figure in FIGURES if figure.tag not in WITHOUT_HANDLES],
    ids=lambda figure: figure.tag,
)
each_that_moves = pytest.mark.parametrize(
    "figure", [figure for figure in FIGURES if not figure.text], ids=lambda figure: figure.tag
)


@pytest.fixture
def show(open_page, html, tmp_path):
    """Opens a page with nothing but a figure, or the page of all figures at that figure."""

    def show_(figure, query: str = "", page: str = "", **options):
        if not page:
            scripts = [(html / "_static" / name).as_uri() for name in figure.scripts]
            lone = tmp_path / "figure.html"
            lone.write_text(
                '<!doctype html><html lang="en"><meta charset="utf-8"><title>Figure</title>'
                '<meta name="viewport" content="width=device-width">'
                "<style>html { color-scheme: light dark } body { min-height: 200vh }</style>"
                + "".join(f'<script defer src="{script}"></script>' for script in scripts)
                + f'<main><h1>Figure</h1><{figure.tag} id="here"></{figure.tag}></main>'
            )
            page = lone.as_uri()
        opened = open_page(f"{page}{query}", **options)
        opened.evaluate(f"customElements.whenDefined('{figure.tag}').then(() => true)")
        opened.evaluate(f"{figure.mover}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        return opened

    return show_


def state(page, figure) -> dict:
    names = ", ".join([*figure.properties, "values"])
    return page.evaluate(f"(({{{names}}}) => ({{{names}}}))({figure.element})")


def assert_right(page, figure):
    """The figure's numbers agree with gausslib: 1e-9 relative, or 1e-12 absolute."""
    now = state(page, figure)
    expected = figure.values(now)
    assert set(now["values"]) == set(expected)
    for key, value in expected.items():
        assert now["values"][key] == pytest.approx(value, rel=1e-9, abs=1e-12), key


def centre(page, figure) -> tuple[float, float]:
    box = page.evaluate(f"{figure.mover}.getBoundingClientRect().toJSON()")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def changed(before: dict, after: dict) -> set[str]:
    return {name for name in before if before[name] != after[name]} - {"values"}


def show_everything(page, figure):
    page.evaluate(f"""() => {{
        const figure = {figure.element};
        if ("show" in figure) figure.show = figure.constructor.fields.show.options.join(" ");
    }}""")


def move(page, figure, dx: float = 45, dy: float = 30):
    """Drag the handle; or type into the box and leave it."""
    if figure.text:
        box = page.evaluate_handle(figure.mover).as_element()
        box.fill(figure.text)
        box.evaluate("box => box.blur()")
        return
    x, y = centre(page, figure)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()


@each_figure
@pytest.mark.parametrize("place", ["served", "file"])
def test_drag_reset_and_address(show, address, html, figure, place):
    """A drag moves the figure and its address; from there it starts again; Reset undoes both."""
    folder = {"served": address, "file": html.as_uri()}[place]
    page = show(figure, "?other=1", f"{folder}/{PAGE}")
    before = state(page, figure)
    assert_right(page, figure)
    move(page, figure)
    after = state(page, figure)
    assert changed(before, after) == {figure.moves}
    assert_right(page, figure)

    identity = page.evaluate(f"{figure.element}.id")
    query = parse_qs(urlsplit(page.url).query)
    assert query["other"] == ["1"]
    assert f"{identity}.{figure.moves}" in query
    assert urlsplit(page.url).fragment == identity
    page.reload()
    assert state(page, figure) == after

    page.evaluate(f"{figure.element}.shadowRoot.querySelector('.reset').click()")
    assert state(page, figure) == before
    assert parse_qs(urlsplit(page.url).query) == {"other": ["1"]}


@each_figure
def test_keys(show, figure):
    page = show(figure)
    start = state(page, figure)
    page.evaluate(f"{figure.mover}.focus()")
    if figure.text:
        page.keyboard.press("End")
    steps = (figure.key, f"Shift+{figure.key}", f"Alt+{figure.key}")
    for keys in steps[:1] if figure.text else steps:
        before = state(page, figure)
        page.keyboard.press(keys)
        assert changed(before, state(page, figure)) == {figure.moves}, keys
    assert changed(start, state(page, figure)) == {figure.moves}
    assert_right(page, figure)


def handles_of(figure) -> list[str]:
    """The names of the handles that a figure has at its start."""
    return on_figures(
        f"""((figure, state) => {{
            const isThere = (part) => part.when?.(state) ?? true;
            return [figure, ...(figure.panels ?? []).filter(isThere)]
                .flatMap(({{ handles = [] }}) => handles.filter(isThere))
                .map(({{ name }}) => name);
        }})(figures["{figure.tag}"], stateOf("{figure.tag}", {{}}))"""
    )


def test_which_figures_have_handles():
    assert {figure.tag for figure in FIGURES if not handles_of(figure)} == WITHOUT_HANDLES


@each_with_handles
def test_handles_are_named_and_speak_their_values(show, figure):
    page = show(figure)
    handles = page.locator(f"{figure.tag} .handle:visible").all()
    names = [handle.get_attribute("aria-label") for handle in handles]
    assert names == handles_of(figure)
    assert len(set(names)) == len(names)
    for handle in handles:
        assert re.search(r"\d", handle.get_attribute("aria-valuetext"))
        low, now, high = (
            float(handle.get_attribute(f"aria-value{part}")) for part in ("min", "now", "max")
        )
        assert low <= now <= high
        box = handle.locator(".hit").bounding_box()
        assert min(box["width"], box["height"]) >= 43.99


@each_that_moves
def test_touch(show, figure):
    """A finger moves the handle and not the page."""
    page = show(figure, width=390, height=844, has_touch=True, is_mobile=True)
    finger = page.context.new_cdp_session(page)
    before, top = state(page, figure), page.evaluate("scrollY")
    x, y = centre(page, figure)
    if page.evaluate(f"{figure.mover}.localName") == "input":
        page.touchscreen.tap(x, y)  # the browser's own slider: the thumb jumps there
        assert changed(before, state(page, figure)) == {figure.moves}
        return
    touch = "Input.dispatchTouchEvent"
    finger.send(touch, {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in np.linspace(0.1, 1, 8):
        points = [{"x": x + part * 30, "y": y + part * 20}]
        finger.send(touch, {"type": "touchMove", "touchPoints": points})
    finger.send(touch, {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(200)
    assert changed(before, state(page, figure)) == {figure.moves}
    assert page.evaluate("scrollY") == pytest.approx(top, abs=1)
    assert_right(page, figure)


@each_figure
def test_an_address_is_read_strictly(show, figure):
    """What is not legal is refused visibly, what is unknown stays, and nothing is run."""
    start = state(show(figure), figure)
    bad = "%3Cimg%20src=x%20onerror=%22window.ran=1%22%3E"
    page = show(figure, query=f"?here.{figure.moves}={bad}&here.unknown=1")
    assert state(page, figure) == start
    note = page.locator(f"{figure.tag} .gauss-note:visible")
    assert f"{figure.moves}: expected" in note.inner_text()
    assert "<img" in note.inner_text()
    assert page.evaluate("window.ran") is None
    move(page, figure)
    assert "here.unknown=1" in page.url


@each_figure
def test_presets_and_extras(show, figure):
    """Every preset and every extra can be chosen, and the numbers stay right."""
    page = show(figure)
    inside = page.locator(figure.tag)
    presets, extras = on_figures(
        f"""(({{ presets = {{}}, fields }}) =>
            [Object.keys(presets), fields.show?.options ?? []])(figures["{figure.tag}"])"""
    )
    menus = {"preset": ("Presets", presets), "extra": ("Show", extras)}
    for kind, (menu, named) in menus.items():
        choices = inside.locator(f"[data-{kind}]").all()
        # A single extra needs no menu: the figure shows it where the page asks for it.
        assert len(choices) == (0 if kind == "extra" and len(named) == 1 else len(named))
        if choices:
            inside.locator("summary", has_text=menu).click()
        for choice in choices:
            choice.click()
            assert_right(page, figure)
        page.keyboard.press("Escape")
    assert presets
    assert "NaN" not in inside.inner_text()


@each_figure
def test_copies(show, figure, tmp_path, open_page, capsys):
    """The link brings the state back, the program its numbers, the line of HTML the figure."""
    page = show(figure)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    move(page, figure)
    now = state(page, figure)

    def copy(what: str) -> str:
        menu = page.locator(f"{figure.tag} .menu", has=page.locator("summary", has_text="Share"))
        menu.evaluate("menu => { menu.open = true; }")
        menu.locator(f"[data-copy={what}]").click()
        menu.locator(".copied", has_text="Copied").wait_for()
        return page.evaluate("navigator.clipboard.readText()")

    link = copy("link")
    assert state(open_page(link), figure) == now

    names: dict = {}
    exec(copy("python"), names)
    for key, value in now["values"].items():
        assert float(names["values"][key]) == pytest.approx(value, rel=1e-9, abs=1e-12), key

    line = copy("embed")
    assert "\n" not in line
    (tmp_path / "page.html").write_text(f"<!doctype html><meta charset=utf-8>{line}", "utf-8")
    other = open_page((tmp_path / "page.html").as_uri())
    other.evaluate(f"customElements.whenDefined('{figure.tag}').then(() => true)")
    assert state(other, figure) == now


@each_figure
def test_linked_figures_follow_each_other(show, figure):
    page = show(figure)
    page.evaluate(f"""() => {{
        const [one, two] = [0, 1].map(() => document.createElement("{figure.tag}"));
        for (const twin of [one, two]) twin.setAttribute("link", "twins");
        document.body.append(one, two);
        const first = {figure.element};
        one["{figure.moves}"] = first["{figure.moves}"];
        Object.assign(window, {{ one, two }});
    }}""")
    move(page, figure)
    moved = state(page, figure)[figure.moves]
    assert page.evaluate(f"two['{figure.moves}']") != moved
    page.evaluate(f"one['{figure.moves}'] = {figure.element}['{figure.moves}']")
    assert page.evaluate(f"two['{figure.moves}']") == moved
    page.evaluate("one.remove(); two.reset()")
    assert page.evaluate(f"two['{figure.moves}']") != moved


@each_figure
def test_reduced_motion(show, figure):
    """Play runs as long as it says; who wants no motion gets the end at once."""
    play = f"{figure.element}.shadowRoot.querySelector('.play:not([hidden])')"
    page = show(figure)
    show_everything(page, figure)
    if not page.evaluate(f"Boolean({play})"):
        assert on_figures(f"figures['{figure.tag}'].play ?? null") is None
        return
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        page.evaluate(f"{figure.element}.reset()")
        show_everything(page, figure)
        changes = page.evaluate(f"""async () => {{
            let changes = 0;
            {figure.element}.addEventListener("change", () => changes++);
            {play}.click();
            await new Promise((done) => setTimeout(done, 400));
            return changes;
        }}""")
        assert changes == 1 if motion == "reduce" else changes > 3
        page.evaluate(f"{play}.getAttribute('aria-pressed') && {play}.click()")
    assert_right(page, figure)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible(open_page, address, theme, width):
    """Axe finds nothing in any figure, with every extra shown, in both themes."""
    page = open_page(f"{address}/{PAGE}", theme=theme, width=width)
    page.evaluate(AXE.read_text(encoding="utf8"))  # which the page's policy does not concern
    for figure in FIGURES:
        show_everything(page, figure)
        found = page.evaluate(f"axe.run('{figure.tag}').then((result) => result.violations)")
        assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_narrow_and_wide(open_page, address, width):
    """Nothing of a figure sticks out, with every extra shown."""
    page = open_page(f"{address}/{PAGE}", width=width)
    for figure in FIGURES:
        show_everything(page, figure)
        out = page.evaluate(f"""() => {{
            const {{ left, right }} = {figure.element}.getBoundingClientRect();
            const root = {figure.element}.shadowRoot;
            const parts = root.querySelectorAll(".gauss-figure *:not(svg *, math *, .spoken)");
            if (parts.length < 10) throw new Error(`only ${{parts.length}} parts`);
            return [...parts].filter((part) => part.checkVisibility()).filter((part) => {{
                const box = part.getBoundingClientRect();
                return box.width && (box.left < left - 1 || box.right > right + 1);
            }}).map((part) => part.outerHTML.slice(0, 120));
        }}""")
        assert out == []


def test_dark_theme(open_page, address):
    inks = {}
    for theme in ("light", "dark"):
        page = open_page(f"{address}/{PAGE}", theme=theme)
        for figure in FIGURES:
            inside = f"{figure.element}.shadowRoot.querySelector('.gauss-figure')"
            colour = page.evaluate(f"getComputedStyle({inside}).color")
            inks[theme, figure.tag] = sum(map(int, re.findall(r"\d+", colour)[:3]))
    for figure in FIGURES:
        assert inks["light", figure.tag] < 150 < 600 < inks["dark", figure.tag]


def test_print_and_no_javascript(open_page, address):
    page = open_page(f"{address}/{PAGE}", java_script_enabled=False)
    for figure in FIGURES:
        still = page.locator(f"{figure.tag} .gauss-figure")
        assert still.is_visible()
        assert re.search(r"\d", still.inner_text())
        assert not still.locator("button:visible").count()
    page = open_page(f"{address}/{PAGE}")
    page.emulate_media(media="print")
    for figure in FIGURES:
        assert page.locator(f"{figure.tag} .gauss-bar:visible").count() == 0
        assert page.locator(f"{figure.tag} .gauss-figure:visible").count() == 1


def test_every_figure_is_tested():
    assert {figure.widget.__name__ for figure in FIGURES} == set(widgets.__all__)


def test_linked_figures_agree_in_the_address(open_page, address):
    """Whichever was moved last: links within the page, reload and Reset keep them in step."""
    page = open_page(f"{address}/{PAGE}")
    pair, sampling = page.locator("gauss-pair"), page.locator("gauss-sampling")

    def both() -> list:
        return [figure.evaluate("figure => [figure.p, figure.q]") for figure in (pair, sampling)]

    start = both()
    for _ in range(2):
        pair.get_by_role("slider", name="mean of p").press("ArrowRight")
        sampling.get_by_role("slider", name="Seed").press("ArrowRight")
    moved = both()
    assert moved[0] == moved[1] != start[0]
    page.get_by_role("link", name="One Gaussian", exact=True).first.click()
    assert both() == moved
    page.go_back()
    assert both() == moved
    page.reload()
    assert both() == moved
    pair.get_by_role("button", name="Reset").click()
    page.reload()
    assert both() == start


def test_play_gives_way_to_the_reader(show):
    (figure,) = (figure for figure in FIGURES if figure.tag == "gauss-pair")
    page = show(figure, reduced_motion="no-preference")
    page.evaluate("document.querySelector('gauss-pair').show = 'geodesic'")
    pair = page.locator("gauss-pair")
    pair.get_by_role("button", name="Play").click()
    page.wait_for_timeout(100)
    pair.get_by_role("button", name="Reset").click()
    page.wait_for_timeout(600)
    assert pair.evaluate("figure => figure.t") == 0.5


def test_early_properties_and_odd_names(open_page, tmp_path, html):
    """A property from before the script wins over the attribute; any id serves in addresses."""
    (figure,) = (figure for figure in FIGURES if figure.tag == "gauss-pair")
    scripts = [(html / "_static" / name).as_uri() for name in figure.scripts]
    (tmp_path / "page.html").write_text(
        '<!doctype html><meta charset="utf-8">'
        '<gauss-pair id="größe a&b" p="0,0,1,1,0"></gauss-pair>'
        "<script>document.querySelector('gauss-pair').p = [1, 1, 1, 1, 0]</script>"
        + "".join(f'<script defer src="{script}"></script>' for script in scripts),
        "utf-8",
    )
    page = open_page((tmp_path / "page.html").as_uri())
    pair = page.locator("gauss-pair")
    assert pair.evaluate("figure => figure.p") == [1, 1, 1, 1, 0]
    pair.get_by_role("slider", name="mean of q").press("ArrowRight")
    moved = pair.evaluate("figure => figure.q")
    page.reload()
    assert pair.evaluate("figure => figure.q") == moved


def test_an_endless_number_is_refused_at_once(show):
    (figure,) = (figure for figure in FIGURES if figure.tag == "gauss-pair")
    page = show(figure, f"?here.p={'1' * 9_000}x")
    assert len(page.locator("gauss-pair .gauss-note:visible").inner_text()) < 300


def test_a_link_of_the_text_moves_a_figure(open_page, address):
    """Without loading the page again; and the browser's Back brings the figure back."""
    page = open_page(f"{address}/notebooks/03-overlap.html")
    page.evaluate(
        """() => {
          window.same = true;
          const link = '<a href="?sampling.p=-1.5,0,0.5,0.4,0#sampling">hardly overlap</a>';
          document.querySelector("article p").insertAdjacentHTML("beforeend", link);
        }"""
    )
    figure = page.locator("gauss-sampling")
    before = figure.evaluate("figure => figure.p")
    page.get_by_role("link", name="hardly overlap").click()
    assert figure.evaluate("figure => figure.p") == [-1.5, 0, 0.5, 0.4, 0]
    assert page.evaluate("location.hash") == "#sampling"
    page.go_back()
    assert figure.evaluate("figure => figure.p") == before
    assert page.evaluate("window.same")


def test_figures_of_two_kinds_share_what_both_have(open_page, address):
    page = open_page(f"{address}/{PAGE}")
    page.evaluate("document.querySelector('gauss-pair').q = [1, 0, 2, 1, 0.5]")
    assert page.evaluate("document.querySelector('gauss-sampling').q") == [1, 0, 2, 1, 0.5]


def test_two_embeds_on_a_page_share_one_runtime(html, open_page, tmp_path):
    """Each brings the runtime, so it is loaded twice; what they share then works all the same."""

    def scripts(tag: str) -> str:
        files = [(html / "_static" / f"{name}.js").as_uri() for name in ("runtime", tag)]
        return "".join(f'<script defer src="{file}"></script>' for file in files)

    (tmp_path / "page.html").write_text(
        '<!doctype html><meta charset="utf-8">'
        f'{scripts("gauss-pair")}<gauss-pair id="one" link="both"></gauss-pair>'
        f'{scripts("gauss-sampling")}<gauss-sampling id="two" link="both"></gauss-sampling>',
        "utf-8",
    )
    page = open_page((tmp_path / "page.html").as_uri())
    pair, sampling = page.locator("gauss-pair"), page.locator("gauss-sampling")
    pair.get_by_role("slider", name="mean of q").press("ArrowRight")
    moved = pair.evaluate("figure => figure.q")
    assert sampling.evaluate("figure => figure.q") == moved
    # Back and Forward are followed once: by the runtime that was first.
    address = parse_qs(urlsplit(page.url).query)
    assert address["one.q"] == address["two.q"] == [",".join(f"{number:g}" for number in moved)]


def test_pages_load_the_scripts_of_their_figures_alone(html):
    tags = {figure.tag for figure in FIGURES}
    with_figures = 0
    for path in html.rglob("*.html"):
        page = path.read_text(encoding="utf8")
        head = re.findall(r'<script defer src="[^"]*_static/([\w-]+)\.js', page)
        loaded = [name for name in head if name == "runtime" or name in tags]
        shown = {tag for tag in tags if f"<{tag} " in page}
        assert loaded[:1] == ["runtime"][: len(shown)], path.name
        assert set(loaded[1:]) == shown, path.name
        with_figures += bool(shown)
    assert with_figures > 3
