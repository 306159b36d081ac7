"""The search: what it finds, in what order, for which words, and wherever the page stands."""

import re

import pytest
from playwright.sync_api import expect

from sitecheck.server import CompressingHandler, served

CHAPTER = "notebooks/02-kl.html"
WAIT = 30_000  # milliseconds, on a busy machine


def found(page):
    """The links of the results, when all are there."""
    page.get_by_text(re.compile("finished, found")).wait_for(timeout=WAIT)
    return page.locator("ul.search li > a")


@pytest.fixture
def search(open_page, address):
    def search_(words: str):
        return open_page(f"{address}/search.html?q={words}")

    return search_


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Bhattacharrya", "Bhattacharyya"),
        ("bhatacharya distance", "Bhattacharyya distance"),
        ("Wassertein", "Wasserstein"),
        ("Kulback", "Kullback"),
        ("Mahalonobis", "Mahalanobis"),
        ("hellingre", "Hellinger"),
        ("gausian copmutation", "Gaussian computation"),
    ],
)
def test_a_misspelt_name_leads_to_the_nearest(search, typed, meant):
    page = search(typed)
    assert found(page).count() >= 1
    expect(page.get_by_text(f"Showing results for {meant}.", exact=True)).to_be_visible()
    assert page.locator(".page-search input").input_value() == typed


@pytest.mark.parametrize("word", ["Bhattacharyya", "rényi", "diverg", "W2", "transport_map", "the"])
def test_a_word_of_the_book_is_taken_as_it_is(search, word):
    page = search(word)
    page.locator("p.search-summary:not(:empty)").wait_for(timeout=WAIT)
    assert page.get_by_text("Showing results for").count() == 0


def test_a_word_like_no_other_finds_nothing(search):
    page = search("zzyzxqwv")
    page.get_by_text("did not match any documents").wait_for(timeout=WAIT)
    assert page.get_by_text("Showing results for").count() == 0


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("KL", "notebooks/02-kl"),
        ("relative entropy", "notebooks/02-kl"),
        ("KL散度", "notebooks/02-kl"),
        ("Rényi", "notebooks/04-family"),
        ("renyi", "notebooks/04-family"),
        ("overlap", "notebooks/03-overlap"),
        ("Hellinger", "notebooks/03-overlap"),
        ("Gaussian", "notebooks/01-gaussian"),
        ("normal distribution", "notebooks/01-gaussian"),
    ],
)
def test_the_page_that_is_about_it_comes_first(search, words, page):
    first = found(search(words)).first
    assert re.search(rf"{page}\.html$", first.get_attribute("href"))


def test_the_chinese_names_of_the_notation_page_are_found(search):
    for name in ("瓦瑟斯坦", "马氏距离"):
        hrefs = found(search(name)).evaluate_all("links => links.map(({href}) => href)")
        assert any("book/notation" in href for href in hrefs), name


@pytest.mark.parametrize("words", ["KL", "transpose", "whitened", "Procrustes", "trace"])
def test_excerpts_are_text(search, words):
    page = search(words)
    assert found(page).count() >= 1
    page.wait_for_load_state("networkidle")
    excerpts = page.locator("ul.search p.context").all_inner_texts()
    assert excerpts
    for excerpt in excerpts:
        assert not re.search(r"\\[a-zA-Z]{2,}|[_^]\{|\$", excerpt), excerpt  # TeX
        assert not re.search(r"\b([a-zA-Z])\1\1\b", excerpt), excerpt  # a sign, three times
        assert "  " not in excerpt


MATHS = """<mrow><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mi>x</mi><mn>2</mn></msup>
<msubsup><mi>s</mi><mi>p</mi><mn>2</mn></msubsup><msqrt><mi>y</mi></msqrt></mrow>"""
PAGE = f"""<main><h1>Title</h1><h2>Heading<a class="headerlink" href="#">#</a></h2><p>Half of
<span class="katex"><span class="katex-mathml"><math><semantics>{MATHS}<annotation>\\tfrac12 x^2
</annotation></semantics></math></span><span class="katex-html">12x2</span></span> is left.</p>
<gauss-pair class="gauss-element">0.3238</gauss-pair><table><tr><td>a</td><td>b</td></tr></table>
<section id="part"><p>A part.</p></section></main>"""


def test_a_formula_in_an_excerpt_keeps_its_meaning(search):
    text = "([page, anchor]) => Search.htmlToText(page, anchor)"
    page = search("KL")
    found(page)
    whole = page.evaluate(text, [PAGE, ""])
    assert whole == "Heading Half of 1/2x^2 sp^2√y is left. a b A part."
    assert page.evaluate(text, [PAGE, "#part"]) == "A part."
    assert page.evaluate(text, [PAGE, "#nowhere"]) == whole


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-same-origin"])
def test_it_answers_in_a_sandboxed_frame(open_page, html, tmp_path, sandbox):
    """Where storage is forbidden, as it is too if a reader blocks cookies."""
    with served(html, CompressingHandler) as site, served(tmp_path) as course:
        icon = "<link rel='icon' href='data:,'>"
        frame = f"<iframe title='Book' sandbox='{sandbox}' src='{site}/search.html?q=KL'></iframe>"
        (tmp_path / "index.html").write_text(f"<!doctype html>{icon}{frame}", encoding="utf8")
        page = open_page(f"{course}/index.html")
        book = page.frame_locator("iframe")
        book.get_by_text(re.compile("finished, found")).wait_for(timeout=WAIT)
        assert book.locator("ul.search li > a").count() >= 5
        # Its other scripts ran to their end as well.
        book.get_by_role("button", name="Theme").click()
        expect(book.locator("html")).to_have_attribute("data-theme", "light")


def test_words_that_were_searched_for_are_marked_on_the_page(search):
    page = search("runaway")
    page.goto(page.url.replace("runaway", "Kullback"))
    found(page).filter(has_text="2. The Kullback").first.click()
    page.wait_for_url(f"**/{CHAPTER}*")
    marked = """() => [...CSS.highlights.get("searched") ?? []].map((range) =>
        range.startContainer.data.slice(range.startOffset, range.endOffset).toLowerCase())"""
    assert set(page.evaluate(marked)) == {"kullback"}
    page.reload()
    assert page.evaluate(marked) == []


def test_an_address_stays_as_it_is_written(open_page, address):
    """The state of a figure in it has commas, and a state of the browser's history is kept."""
    written = f"{address}/{CHAPTER}?pair.p=0,0,1,1,0&other=a+b#predict"
    page = open_page(written)
    page.evaluate("history.replaceState({step: 2}, '')")
    page.reload()
    assert page.url == written
    assert page.evaluate("history.state") == {"step": 2}
