"""The site's `index.html`, which leads to its first page."""

from html import escape
from pathlib import Path

# The one that Jupyter Book would write lacks an icon (so that browsers ask for a missing
# file), a title and a language.
PAGE = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>{title}</title>
    <meta http-equiv="refresh" content="0; url={target}">
    <link rel="icon" href="_static/{icon}">
  </head>
  <body>
    <p><a href="{target}">{title}</a></p>
  </body>
</html>
"""


def write(app, exception):
    if exception is None and app.builder.name == "html":
        page = PAGE.format(
            title=escape(app.config.html_title),
            target=app.builder.get_target_uri(app.config.root_doc),
            icon=Path(app.config.html_favicon).name,
        )
        (Path(app.outdir) / "index.html").write_text(page, encoding="utf8")


def setup(app):
    # before Jupyter Book's own (at 500), which leaves an index.html that is there
    app.connect("build-finished", write, priority=400)
