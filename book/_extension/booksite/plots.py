"""Plots in the colours of the page: each plot is written once for light and once for dark pages.

The Matplotlib style `gausslib.book` draws with the light colours of palette.css. The picture for
dark pages is the same file with each of them exchanged for its partner there; neither has a paper.
"""

import re
from html import escape
from pathlib import Path

from docutils import nodes

from .assets import WIDGETS

PAPER = "#ffffff"
PAIR = re.compile(r"light-dark\((#\w{6}), (#\w{6})\)")
SIZE = re.compile(
    r'<svg\b[^>]*?\b(?:width|height)="([\d.]+)pt"[^>]*?\b(?:width|height)="([\d.]+)pt"'
)
PIXELS_A_POINT = 4 / 3


def recolour(svg: str, theme: str, palette: dict[str, str]) -> str:
    """A plot in the colours of a theme."""
    svg = svg.replace(PAPER, "none")
    if theme == "dark":
        svg = re.sub(r"#\w{6}\b", lambda colour: palette.get(colour[0], colour[0]), svg)
    return svg


def write_themes(app, doctree, page):
    """Put both pictures in the place of each plot that a cell drew as SVG."""
    if app.builder.format != "html":
        return
    palette = dict(PAIR.findall((WIDGETS / "src" / "palette.css").read_text(encoding="utf8")))
    images = Path(app.outdir) / app.builder.imagedir
    to_images = app.builder.get_relative_uri(page, "").rpartition("/")[0]
    for node in list(doctree.findall(nodes.image)):
        source = Path(app.srcdir) / node["uri"]
        if source.suffix != ".svg" or "jupyter_execute" not in source.parts:
            continue
        svg = source.read_text(encoding="utf8")
        images.mkdir(exist_ok=True)
        width, height = (round(float(size) * PIXELS_A_POINT) for size in SIZE.search(svg).groups())
        html = ""
        for theme in ("light", "dark"):
            name = f"{source.stem}-{theme}.svg"
            (images / name).write_text(recolour(svg, theme, palette), encoding="utf8")
            # A picture that is not displayed is not loaded, if it is lazy.
            html += (
                f'<img class="plot only-{theme}" src="{to_images}/{app.builder.imagedir}/{name}" '
                f'alt="{escape(node.get("alt", ""))}" width="{width}" height="{height}" loading="lazy">'
            )
        node.replace_self(nodes.raw("", html, format="html"))


def setup(app):
    app.connect("doctree-resolved", write_themes)
