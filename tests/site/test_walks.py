"""Walks: what each step says is seen, what it takes along, and how a reader moves through it."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect
from support.figures import FIGURES
from support.javascript import on_figures

from sitecheck.audit import axe

KL = "notebooks/02-kl.html"
ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(path.relative_to(ROOT).with_suffix(".html"))
    for folder in ("book", "notebooks")
    for path in (ROOT / folder).glob("*.md")
    if ":class: walk" in re.sub("```.*?```", "", path.read_text(encoding="utf8"), flags=re.DOTALL)
)
each_page = pytest.mark.parametrize("name", PAGES)
SIZES = [(1366, 650), (844, 390), (390, 664), (683, 325), (1280, 1000)]
LESS = re.compile(r"[−\d.,e∞]+$")
# What is said, and what would be wrong then.
REVERSED = [
    ("grows .*times|grows .*fold", "falls"),
    ("falls to .*", "grows"),
    ("grows", "falls"),
    ("rises", "falls"),
    ("falls", "grows"),
    ("is above", "is below"),
    ("is below", "is above"),
    ("more than", "less than"),
    ("nearly agree", "differ by more than 100"),
    ("differ by less than .*", "differ by more than 100"),
    ("agree", "differ"),
    ("change places", "agree"),
    ("changes its sign", "stays"),
    ("does not even", "more than"),
    ("hardly moves", "more than doubles"),
    ("moves", "stays"),
    ("changes", "stays"),
    ("stays", "changes"),
    ("equals", "is less than"),
    ("larger than", "less than"),
    ("is about .*", "is about a million"),
    ("is two times", "is three times"),
    ("is zero", "is one"),
    ("are zero", "are one"),
    ("is infinite", "is zero"),
    ("is positive", "is negative"),
    ("is negative", "is positive"),
]


def figure_of(page, walk: str):
    """The figure of a walk, by the name of the walk."""
    return page.locator(f"[id='{walk.removesuffix('-walk')}']")


def names_of(page) -> list[str]:
    return page.locator(".walk.admonition").evaluate_all("walks => walks.map((each) => each.id)")


def proceed(figure) -> None:
    """Go to the next step, as soon as the question of this one is answered."""
    following = figure.locator(".walk-next")
    if following.get_attribute("aria-disabled") == "true":
        choices = figure.locator(".walk-choice")
        (choices if choices.count() else figure.locator(".walk-body a")).first.click()
    following.click()


def steps(figure):
    """Go through all steps of a walk; gives each of them its number."""
    count = int(figure.locator(".walk-count").inner_text().split()[0])
    for step in range(1, count + 1):
        proceed(figure)
        assert figure.locator(".walk-count").inner_text() == f"{step} of {count}"
        if figure.locator(".walk-next").get_attribute("aria-disabled") == "true":
            choices = figure.locator(".walk-choice")
            (choices if choices.count() else figure.locator(".walk-body a")).first.click()
        yield step


@each_page
def test_the_numbers_of_a_step_are_those_of_the_figure(open_page, address, name):
    """Each number that a claim ends with is one that the figure has, to the last digit."""
    page = open_page(f"{address}/{name}")
    seen = 0
    for walk in names_of(page):
        figure = figure_of(page, walk)
        for step in steps(figure):
            shown = figure.evaluate(
                """figure => [...Object.values(figure.values).map(gaussRuntime.formatted),
                    ...[...figure.shadowRoot.querySelectorAll(".gauss-number")]
                        .map((each) => each.textContent)]"""
            )
            for numbers in figure.locator(".claim-numbers, .walk-so").all_inner_texts():
                inside = re.search(r"\(([^()]*)\)$", numbers.strip())
                for number in inside[1].split(", ") if inside else ():
                    assert number.split(" → ")[-1] in shown, (walk, step, numbers)
                    seen += 1
    assert seen


@each_page
def test_axes_and_page_stay_where_they_are(open_page, address, name):
    """Within a walk the window of a figure is one; and no step scrolls the page."""
    page = open_page(f"{address}/{name}", height=1000)
    for walk in names_of(page):
        figure = figure_of(page, walk)
        figure.locator(".walk-next").click()
        first = figure.locator(".gauss-plane .ticks").all_text_contents()
        top = page.evaluate("scrollY")
        for step in list(steps_after(figure)):
            ticks = figure.locator(".gauss-plane .ticks").all_text_contents()
            assert ticks == first, (walk, step)
            assert page.evaluate("scrollY") == top, (walk, step)


def steps_after(figure):
    """Go through the steps that are left."""
    while figure.locator(".walk-next").is_visible():
        proceed(figure)
        yield figure.locator(".walk-count").inner_text()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_step_and_what_it_changes_are_on_one_screen(open_page, address, width, height):
    page = open_page(f"{address}/{KL}", width=width, height=height)
    figure = figure_of(page, "pair-walk")
    for _ in steps(figure):
        figure.evaluate("figure => figure.scrollIntoView()")
        for part in (".walk-head", ".walk-body", ".gauss-readout", ".gauss-plane"):
            box = figure.locator(part).last.bounding_box()  # not the still picture
            assert box["y"] >= 0, part
            assert box["y"] + box["height"] <= height + 1, part


class Steps(HTMLParser):
    """The steps of the walks on a page: figure, query, and what is said."""

    def __init__(self, text: str):
        super().__init__()
        self.walks, self._open, self._list, self._depth = {}, None, None, 0
        self.starts = {}
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        classes = (given.get("class") or "").split()
        if "gauss-element" in classes:
            self.starts[given["id"]] = (tag, given)
        if "walk" in classes:
            self._list = self.walks.setdefault(given["id"], [])
        if self._list is None:
            return
        if tag == "li" and re.fullmatch(r".*-walk-\d+", given.get("id", "")):
            self._list.append({"query": "", "claims": [], "goals": [], "choices": []})
        if tag == "ul":
            self._depth += 1
        if tag == "a" and given.get("href", "").startswith("?"):
            self._list[-1]["query"] = urlsplit(given["href"]).query
        if "claim-numbers" in classes:
            self._close()
        for kind in ("claim", "goal"):
            if kind in classes:
                self._open = ["choices" if self._depth else f"{kind}s", ""]

    def handle_data(self, data):
        if self._open:
            self._open[1] += data

    def handle_endtag(self, tag):
        if tag == "ol":
            self._list = None
        if tag == "ul" and self._depth:
            self._depth -= 1
        if tag == "span" and self._open:
            self._close()

    def _close(self):
        kind, words = self._open or ("", "")
        if kind:
            self._list[-1][kind].append(" ".join(words.split()))
        self._open = None


@cache
def walks_of(html: Path) -> list[tuple[str, dict, str, list]]:
    """Kind and start of the figure, name, and steps of every walk of the book."""
    found = []
    for name in PAGES:
        page = Steps((html / name).read_text(encoding="utf8"))
        for walk, written in page.walks.items():
            tag, given = page.starts[walk.removesuffix("-walk")]
            found.append((tag, given, walk, written))
    return found


def checked(tag: str, given: dict, walk: str, written: list) -> list[dict]:
    """What the figure says of the steps."""
    figure = walk.removesuffix("-walk")
    told = [
        {
            **{kind: step[kind] for kind in ("claims", "goals", "choices")},
            "state": {
                key.removeprefix(f"{figure}."): value for key, value in parse_qsl(step["query"])
            }
            or None,
        }
        for step in written
    ]
    return on_figures("gaussStills.walk(...data)", [tag, given, told])


def test_the_book_has_walks(html):
    assert len(walks_of(html)) >= 9
    assert sum(len(written) for *_, written in walks_of(html)) >= 31


def test_each_claim_can_fail(html):
    """Of every claim the contrary is said: it is not so."""
    for tag, given, walk, written in walks_of(html):
        for number, step in enumerate(written):
            for kind in ("claims", "goals"):
                for place, words in enumerate(step[kind]):
                    contrary = reverse(words)
                    said = {**step, kind: [*step[kind]]}
                    said[kind][place] = contrary
                    steps = [*written[:number], said]
                    res = checked(tag, given, walk, steps)[number]
                    assert not res[kind][place]["isSo"], (walk, number + 1, contrary)


def reverse(words: str) -> str:
    for said, contrary in REVERSED:
        if re.search(said, words):
            return re.sub(said, contrary, words)
    number = re.search(r"[−\d.]+$", words)
    assert number, f"what would be the contrary of “{words}”?"
    return words.replace(number[0], "7.77")


def test_claims_hold_for_gausslib_too(html):
    """What the browser's closed forms say of a claim, the library's say too."""
    widgets = {figure.tag: figure.widget for figure in FIGURES}
    count = 0
    for tag, given, walk, written in walks_of(html):
        states = on_figures(
            """(([tag, given, queries]) => {
                const { fields } = figures[tag];
                const read = (pairs) => Object.fromEntries(pairs
                    .filter(([name]) => name in fields)
                    .map(([name, text]) => [name, fields[name].parse(name, text)]));
                const start = stateOf(tag, read(Object.entries(given)));
                return [start, ...queries.map((pairs) => pairs.length
                    ? {...start, ...read(pairs)} : null)];
            })(data)""".replace("\n", " "),
            [tag, given, [state_pairs(step, walk) for step in written]],
        )
        values = []
        for state in states:
            values.append(widgets[tag](**state).values if state else values[-1])
        for number, res in enumerate(checked(tag, given, walk, written), 1):
            for kind in ("claims", "goals", "choices"):
                for words, answer in zip(written[number - 1][kind], res[kind], strict=True):
                    since = re.search(r" since (?:step (\d+)|the start)", words)
                    earlier = int(since[1] or 0) if since else number - 1
                    for part in answer["formal"].split(", "):
                        left = re.search(r"[a-z][a-z_0-9]*", part)[0]
                        if left not in values[number]:
                            continue  # a term, which is compared elsewhere
                        isso = holds(part, left, values[number], values[earlier])
                        assert isso or not answer["isSo"], (walk, number, part)
                        count += 1
    assert count >= 30


def state_pairs(step: dict, walk: str) -> list[list[str]]:
    figure = walk.removesuffix("-walk")
    return [
        [key.removeprefix(f"{figure}."), value]
        for key, value in parse_qsl(step["query"], keep_blank_values=True)
    ]


def holds(formal: str, left: str, now: dict, before: dict) -> bool:
    """Whether a comparison is so, by Python's own arithmetic."""
    text = re.sub(r"\|(.*?)\|", r"abs(\1)", formal)
    text = re.sub(r"before\((\w+)\)", r"was_\1", text).replace("before", f"was_{left}")
    names = {**now, **{f"was_{name}": value for name, value in before.items()}, "inf": float("inf")}
    a, relation, b = re.fullmatch(r"(.*) (>|<|==|!=|~) (.*)", text).groups()
    a, b = (eval(side, {"abs": abs}, names) for side in (a, b))
    near = abs(a - b) <= 1e-9 * max(abs(a), abs(b)) + 1e-12 if abs(a) < float("inf") else a == b
    return {
        ">": a > b and not near,
        "<": a < b and not near,
        "==": near,
        "!=": not near,
        "~": near or abs(a - b) <= 0.1 * max(abs(a), abs(b)),
    }[relation]


def test_the_browsers_history_has_the_steps(open_page, address):
    page = open_page(f"{address}/{KL}")
    figure = figure_of(page, "pair-walk")
    start = figure.evaluate("figure => figure.p")
    states = []
    for _ in range(2):
        figure.locator(".walk-next").click()
        states.append(figure.evaluate("figure => [figure.p, figure.q]"))
        assert page.evaluate("history.state['pair-walk']") == len(states)
    page.go_back()
    expect(figure.locator(".walk-count")).to_have_text("1 of 4")
    assert figure.evaluate("figure => [figure.p, figure.q]") == states[0]
    page.go_forward()
    expect(figure.locator(".walk-count")).to_have_text("2 of 4")
    assert figure.evaluate("figure => [figure.p, figure.q]") == states[1]
    page.reload()
    expect(figure.locator(".walk-count")).to_have_text("2 of 4")
    assert figure.evaluate("figure => [figure.p, figure.q]") == states[1]
    for _ in range(2):
        page.go_back()
    expect(figure.locator(".walk-count")).to_have_text("4 steps")
    assert figure.evaluate("figure => figure.p") == start


def test_the_readers_own_state_is_kept(open_page, address):
    page = open_page(f"{address}/{KL}")
    figure = figure_of(page, "pair-walk")
    figure.locator(".walk-next").click()
    mine = figure.locator(".walk-mine")
    assert not mine.is_visible()
    figure.get_by_role("slider", name="mean of p").press("Shift+ArrowLeft")
    own = figure.evaluate("figure => [figure.p, figure.q]")
    figure.locator(".walk-next").click()
    assert figure.evaluate("figure => [figure.p, figure.q]") != own
    mine.click()
    assert figure.evaluate("figure => [figure.p, figure.q]") == own
    assert not mine.is_visible()
    page.go_back()
    assert figure.evaluate("figure => [figure.p, figure.q]") == own


def test_a_link_opens_its_step(open_page, address):
    page = open_page(f"{address}/{KL}", permissions=["clipboard-read", "clipboard-write"])
    figure = figure_of(page, "terms-walk")
    for _ in range(2):
        figure.locator(".walk-next").click()
    state = figure.evaluate("figure => [figure.p, figure.q]")
    figure.locator(".walk-copy").click()
    expect(figure.locator(".walk-copy")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert urlsplit(link).fragment == "terms-walk-2"
    other = open_page(link)
    opened = figure_of(other, "terms-walk")
    assert opened.locator(".walk-count").inner_text() == "2 of 8"
    assert opened.evaluate("figure => [figure.p, figure.q]") == state
    expect(opened.locator(".walk-head")).to_be_in_viewport()


def test_a_prediction_is_asked_before_it_is_shown(open_page, address):
    page = open_page(f"{address}/{KL}")
    figure = figure_of(page, "terms-walk")
    for _ in range(3):
        figure.locator(".walk-next").click()
    before = figure.evaluate("figure => figure.p")
    assert "→" not in figure.locator(".walk-body").inner_text()
    figure.locator(".walk-next").click(force=True)  # not yet
    assert figure.locator(".walk-count").inner_text() == "3 of 8"
    assert figure.evaluate("figure => figure.p") == before
    figure.get_by_role("button", name="The mean term stays").click()
    assert figure.evaluate("figure => figure.p") != before
    answers = figure.locator(".walk-body li").all_inner_texts()
    assert answers[0].startswith("✓")
    assert "0.2552 → 0.7816" in answers[0]
    assert answers[1].startswith("✗")
    assert not answers[2].startswith(("✓", "✗"))
    page.keyboard.press("Enter")  # the button for the next step has the focus
    assert figure.locator(".walk-count").inner_text() == "4 of 8"


def test_a_goal_is_reached_by_hand(open_page, address):
    page = open_page(f"{address}/{KL}#terms-walk-5")
    figure = figure_of(page, "terms-walk")
    figure.locator(".walk-next").click()
    following = figure.locator(".walk-next")
    assert following.get_attribute("aria-disabled") == "true"
    told = figure.locator(".walk-goal")
    assert "✓" not in told.inner_text()
    end = figure.get_by_role("slider", name="first semi-axis of p")
    for _ in range(30):
        end.press("Shift+ArrowUp")
        end.press("Shift+ArrowRight")
    assert "✓" in told.inner_text()
    assert following.get_attribute("aria-disabled") == "false"


def test_all_steps_can_be_seen_and_chosen(open_page, address):
    page = open_page(f"{address}/{KL}")
    figure = figure_of(page, "pair-walk")
    every = figure.get_by_role("button", name="All steps")
    every.click()
    assert every.get_attribute("aria-expanded") == "true"
    assert figure.locator(".walk-body > ol > li").count() == 4
    figure.locator(".walk-body a[href^='?']").nth(1).click()
    assert figure.locator(".walk-count").inner_text() == "2 of 4"
    every.click()
    assert figure.locator("[aria-current=step]").count() == 1
    every.click()
    assert not figure.locator(".walk-body > ol").count()


@each_page
def test_without_scripts_and_on_paper_it_is_a_list(open_page, address, name):
    still = open_page(f"{address}/{name}", java_script_enabled=False)
    paper = open_page(f"{address}/{name}")
    assert not paper.locator(".walk.admonition:visible").count()
    paper.emulate_media(media="print")
    for page in (still, paper):
        walks = page.locator(".walk.admonition")
        assert walks.count()
        for walk in walks.all():
            assert walk.is_visible()
            if walk.locator(".claim").count():  # of goals alone there are no numbers
                assert re.search(r"\(.*\d.*\)", walk.inner_text())
        assert not page.locator(".gauss-walk:visible").count()


def test_what_is_said_of_a_term_lights_it(open_page, address):
    page = open_page(f"{address}/{KL}")
    figure = figure_of(page, "terms-walk")
    figure.locator(".walk-next").click()
    inside = figure.locator(".gauss-figure").last
    figure.locator(".claim.term-trace").hover()
    assert inside.get_attribute("data-lit") == "trace"
    page.mouse.move(0, 0)
    assert inside.get_attribute("data-lit") is None
    figure.locator(".claim.term-mean").focus()
    assert inside.get_attribute("data-lit") == "mean"


def test_the_terms_of_an_equation_have_keys(open_page, address):
    page = open_page(f"{address}/{KL}")
    figure = figure_of(page, "terms-walk")
    equation = page.locator("[data-formula=eq-kl]").first
    equation.focus()
    seen = []
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        seen.append(figure.locator(".gauss-figure").last.get_attribute("data-lit"))
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]
    assert equation.locator(".is-lit").count()
    page.keyboard.press("Tab")
    assert figure.locator(".gauss-figure").last.get_attribute("data-lit") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_has_nothing_to_say_of_any_step(open_page, address, theme):
    page = open_page(f"{address}/{KL}", theme=theme, bypass_csp=True)
    figure = figure_of(page, "terms-walk")
    faults = axe(page, part="#terms")
    for step in steps(figure):
        faults += [f"{step}: {fault}" for fault in axe(page, part="#terms")]
    figure.get_by_role("button", name="All steps").click()
    faults += axe(page, part="#terms")
    assert not faults, "\n".join(faults)
