"""The colours of the book, taken from its style sheets, for what no style sheet reaches."""

import re

from .assets import SITE, WIDGETS

PALETTE = WIDGETS / "src" / "runtime" / "palette.css"
COLOUR = re.compile(r"--([\w-]+): (light-dark\((#\w{6}), #\w{6}\));")

# name -> its value in a style sheet, and the colour on light pages
COLOURS = {
    name: (value, light)
    for sheet in (PALETTE, SITE / "type.css")
    for name, value, light in COLOUR.findall(sheet.read_text(encoding="utf8"))
}


def light(name: str) -> str:
    """A colour as light pages have it."""
    return COLOURS[name][1]


def declarations(*names: str) -> str:
    """A style sheet that gives its page these colours, for both themes."""
    return f":root{{{''.join(f'--{name}:{COLOURS[name][0]};' for name in names)}}}"
