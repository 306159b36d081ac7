"""The pages that only lead to others: `index.html`, and `404.html` where nothing is."""

from html import escape
from pathlib import Path

from .assets import SITE
from .colours import declarations
from .frame import policy

FRONT_DOOR = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'self'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="description" content="The front door of the book: it leads to the first page.">
    <title>{title}</title>
    <meta http-equiv="refresh" content="0; url={target}">
    <link rel="icon" href="_static/favicon.svg">
  </head>
  <body>
    <main><h1><a href="{target}">{title}</a></h1></main>
  </body>
</html>
"""


def missing_page(app):
    """The page that a server shows for an address where nothing is."""
    script = (SITE / "missing.js").read_text(encoding="utf8")
    style = (SITE / "missing.css").read_text(encoding="utf8")
    colours = declarations("paper", "ink", "accent", "gauss-p", "gauss-q")
    titles = app.env.titles
    pages = [
        (app.builder.get_target_uri(page), titles[page].astext())
        for page in app.env.collect_relations()
    ]
    yield (
        "404",
        {
            "pages": pages,
            "missing_policy": policy(script),
            "missing_script": script,
            "missing_style": colours + style,
        },
        "404.html",
    )


def front_door(app, exception):
    """The `index.html`, which leads to the first page."""
    if exception is None and app.builder.name == "html":
        # The one that Jupyter Book would write lacks an icon (so that browsers ask for a missing
        # file), a title and a language.
        page = FRONT_DOOR.format(
            title=escape(app.config.html_title),
            target=app.builder.get_target_uri(app.config.root_doc),
        )
        (Path(app.outdir) / "index.html").write_text(page, encoding="utf8")
