"""What a page weighs: the bytes that a first visit, with an empty cache, loads."""

import gzip
import re
from collections.abc import Iterable
from functools import cache

from playwright.sync_api import Response

LIMIT = 300_000
LIMIT_WITH_PLOTS = 400_000  # of a page with pictures that Matplotlib drew

TEXT = re.compile(r"text/|image/svg|application/(.*\+)?(javascript|json|xml)")


@cache
def sent(body: bytes, kind: str) -> bytes:
    """What a server sends: text by gzip -9; pictures and fonts are compressed already."""
    return gzip.compress(body, 9, mtime=0) if TEXT.match(kind) else body


def weight(responses: Iterable[Response]) -> int:
    """Bytes that a server which compresses sends, whether or not the one at hand does.

    The responses are those of one page, gathered from before it is opened until it is settled:
    `page.on("response", lambda response: responses.append(response))`.
    """
    return sum(
        len(sent(response.body(), response.headers["content-type"]))
        for response in responses
        if response.ok  # a redirection has no content
    )
