"""Plots in the colours of the page: each plot is written once for light and once for dark pages.

The Matplotlib style `gausslib.book` draws with the light colours of palette.css. The picture for
dark pages is the same file with each of them exchanged for its partner there; neither has a paper.
A picture is named by what it shows, without the date that Matplotlib writes into it, so that the
same book makes the same files.
"""

import hashlib
import re
from html import escape
from pathlib import Path

from docutils import nodes

from .colours import PALETTE

PAPER = "#ffffff"
PAIR = re.compile(r"light-dark\((#\w{6}), (#\w{6})\)")
PIXELS_A_POINT = 4 / 3
METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)


def recolour(svg: str, theme: str, palette: dict[str, str]) -> str:
    """A plot in the colours of a theme."""
    svg = svg.replace(PAPER, "none")
    if theme == "dark":
        svg = re.sub(r"#\w{6}\b", lambda colour: palette.get(colour[0], colour[0]), svg)
    return svg


def pixels(svg: str, side: str) -> int:
    """Width or height of a plot, for the page to keep the room."""
    return round(float(re.search(rf'<svg\b[^>]*\s{side}="([\d.]+)pt"', svg)[1]) * PIXELS_A_POINT)


def write_themes(app, doctree, page):
    """Put both pictures in the place of each plot that a cell drew as SVG."""
    if app.builder.format != "html":
        return
    palette = dict(PAIR.findall(PALETTE.read_text(encoding="utf8")))
    images = Path(app.outdir) / app.builder.imagedir
    to_images = app.builder.get_relative_uri(page, "").rpartition("/")[0]
    for node in list(doctree.findall(nodes.image)):
        source = Path(app.srcdir) / node["uri"]
        if source.suffix != ".svg" or "jupyter_execute" not in source.parts:
            continue
        svg = METADATA.sub("", source.read_text(encoding="utf8"))
        stem = hashlib.sha256(svg.encode()).hexdigest()[:16]
        images.mkdir(exist_ok=True)
        width, height = (pixels(svg, side) for side in ("width", "height"))
        # A picture that is not displayed is not loaded, if it is lazy.
        alt = escape(node.get("alt", ""))
        given = f'alt="{alt}" width="{width}" height="{height}" loading="lazy"'
        html = ""
        for theme in ("light", "dark"):
            name = f"{stem}-{theme}.svg"
            (images / name).write_text(recolour(svg, theme, palette), encoding="utf8")
            target = f"{to_images}/{app.builder.imagedir}/{name}"
            html += f'<img class="plot only-{theme}" src="{target}" {given}>'
        node.replace_self(nodes.raw("", html, format="html"))
