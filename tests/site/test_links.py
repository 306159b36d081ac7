"""Every link within the built site leads to a file, a place and a figure's state that exist."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from support.javascript import on_figures

from sitecheck.audit import HTML, Tags, built

PAGES = sorted(built(HTML))
each_page = pytest.mark.parametrize("name", PAGES)


@cache
def tags(page: Path) -> list[tuple[str, dict[str, str]]]:
    return Tags(page.read_text(encoding="utf8")).tags


@cache
def ids(page: Path) -> dict[str, str]:
    """The ids of a page, with the names of their elements."""
    return {given["id"]: tag for tag, given in tags(page) if "id" in given}


def links(page: Path) -> Iterator[tuple[str, Path, str, str]]:
    """The links of a page within the site: as written, the file, the query, the fragment."""
    for _, given in tags(page):
        for name in ("href", "src", "action", "xlink:href"):
            parts = urlsplit(given.get(name, ""))
            if name in given and not parts.scheme and not parts.netloc:
                path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
                yield given[name], path, parts.query, unquote(parts.fragment)


def states(page: Path) -> Iterator[tuple[str, str, str, str]]:
    """The figures' states in the links of a page: as written, the figure, the field, its value."""
    for link, target, query, _ in links(page):
        for key, value in parse_qsl(query, keep_blank_values=True):
            identity, dot, field = key.rpartition(".")
            if dot:
                yield link, ids(target).get(identity, ""), field, value


ILLEGAL = """data.flatMap(([link, tag, field, value]) => {
    if (!figures[tag]) return [`${link}: there is no such figure`];
    try { still(tag, { [field]: value }); } catch ({ message }) { return [`${link}: ${message}`]; }
    return [];
})"""


def faults(page: Path) -> list[str]:
    """What is wrong with the links of a page."""
    found = []
    for link, target, _, fragment in links(page):
        if not target.is_file():
            found.append(f"{link}: there is no such file")
        elif fragment and fragment not in ids(target):
            found.append(f"{link}: there is no such place on the page")
    given = list(states(page))
    return found + (on_figures(ILLEGAL, given) if given else [])


@each_page
def test_links_lead_somewhere(html, name):
    found = faults(html / name)
    assert not found, "\n".join(["", *found])


def test_styles_load_what_is_there(html):
    for sheet in html.rglob("*.css"):
        for address in re.findall(r"url\(['\"]?([^'\")]+)", sheet.read_text(encoding="utf8")):
            if not address.startswith("data:"):
                assert (sheet.parent / urlsplit(address).path).is_file(), (sheet, address)


def test_there_are_links_to_states(html):
    assert any(list(states(html / name)) for name in PAGES)


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("<a href='other.html'>", ""),
        ("<a href='other.html#there'>", ""),
        ("<a href='?q=1#here'>", ""),
        ("<a href='?here.p=0,0,1,1,0&amp;here.show=arrows#here'>", ""),
        ("<a href='https://elsewhere.invalid/'>", ""),
        ("<a href='missing.html'>", "no such file"),
        ("<img src='missing.png'>", "no such file"),
        ("<a href='#nowhere'>", "no such place"),
        ("<a href='other.html#here'>", "no such place"),
        ("<a href='other.html?there.p=0,0,1,1,0'>", "no such figure"),
        ("<a href='?nobody.p=0,0,1,1,0'>", "no such figure"),
        ("<a href='?here.unknown=1'>", "there is no attribute unknown"),
        ("<a href='?here.p=0,0,1,-1,0'>", "p: expected"),
    ],
)
def test_faults_are_named(tmp_path, link, fault):
    (tmp_path / "page.html").write_text(f"<gauss-pair id='here'></gauss-pair>{link}")
    (tmp_path / "other.html").write_text("<p id='there'>")
    found = faults(tmp_path / "page.html")
    assert len(found) == bool(fault)
    assert all(fault in text for text in found)
