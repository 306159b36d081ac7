"""The pages of a built site, as its own links lead to them."""

from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit


class Links(HTMLParser):
    """Where a reader can go from a page: its links, and its search form."""

    def __init__(self, page: Path):
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text(encoding="utf8"))

    def handle_starttag(self, tag, attrs):
        name = {"a": "href", "form": "action"}.get(tag)
        if address := dict(attrs).get(name):
            self.found.append(address)


def pages(html: Path) -> list[str]:
    """Paths below `html` of the pages that a reader can reach, nearest to `index.html` first."""
    found = ["index.html"]
    for name in found:  # which grows meanwhile
        for address in Links(html / name).found:
            parts = urlsplit(address)
            path = normpath(PurePosixPath(name).parent / unquote(parts.path))
            if not parts.scheme and path.endswith(".html") and path not in found:
                found.append(path)
    return found
