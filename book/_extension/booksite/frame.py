"""What stands around the text of a page: its policy, its scripts, its fonts, its description."""

import base64
import hashlib
import os
import re

from docutils import nodes

import gausslib

from .assets import FIGURES, LOOK, SITE

# Runs before anything is painted, so that no page flashes in the wrong theme. It is the only
# script that stands in the pages themselves; the policy names it by its hash.
THEME = (SITE / "theme.js").read_text(encoding="utf8")

POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' '{hash}'",
        "style-src 'self' 'unsafe-inline'",  # KaTeX places every sign by a style attribute
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)

# script -> what a page has that needs it
SCRIPTS = {
    "marks.js": "",
    "documentation_options.js": '<div class="highlight">',  # which the next but one reads
    "clipboard.min.js": '<div class="highlight">',
    "copybutton.js": '<div class="highlight">',
    "copy-tex.min.js": 'class="katex"',
    "runtime.js": 'class="gauss-element',
    **{f"{tag}.js": f"<{tag} " for tag in FIGURES},
    "text.js": 'class="gauss-element',  # when the figures are there
    "site.js": "",
}
# Sphinx's own scripts for searching, and what the book adds to them.
SEARCH_SCRIPTS = [
    "documentation_options.js",
    "doctools.js",
    "searchtools.js",
    "language_data.js",
    "searched.js",
    "search.js",
]

# font -> what a page has that is set in it; the upright one is everywhere
FONTS = {
    "source-serif-4-latin-wght-normal.woff2": "",
    "source-serif-4-latin-wght-italic.woff2": "<em>|<dfn>|<cite>",
    "KaTeX_Main-Regular.woff2": 'class="katex"',
    "KaTeX_Math-Italic.woff2": "mathnormal",
    "KaTeX_Main-Bold.woff2": "mathbf",
    "KaTeX_AMS-Regular.woff2": "mathbb|amsrm",
    "KaTeX_Caligraphic-Regular.woff2": "mathcal",
    "KaTeX_Size1-Regular.woff2": "delimsizing size1|delim-size1|small-op",
    "KaTeX_Size2-Regular.woff2": "delimsizing size2|large-op",
    "KaTeX_Size3-Regular.woff2": "delimsizing size3",
    "KaTeX_Size4-Regular.woff2": "delimsizing size4|delim-size4",
}

DESCRIPTIONS = {
    "search": "Search the book and the pages of the library.",
    "genindex": "Every name of gausslib, in alphabetical order.",
    "404": "There is no page at this address.",
}

# What Sphinx and MyST-NB write -> what it should be, for screen readers and narrow screens.
MENDED = {
    # The link to a heading stands beside it, or it would be a part of the heading's name.
    r'<(h[1-6])>((?:(?!</\1>).)*)<a class="headerlink" href="#([^"]*)" title="[^"]*">#</a></\1>': (
        r'<div class="heading \1"><\1>\2</\1>'
        r'<a class="headerlink" href="#\3" aria-label="Link to section \3">#</a></div>'
    ),
    # Whoever only hears of a link wants to know where it leads.
    r'(class="headerlink" href="#(?:equation-)?([^"]*)") title="Link to this (\w+)"': (
        r'\1 aria-label="Link to \3 \2"'
    ),
    ' role="doc-biblioentry"': ' role="listitem"',  # in a list; and the role is deprecated
    ' aria-label="Toggle hidden content"': "",  # the words in the summary say more
    # A wide table scrolls in its box; as a box itself it would be no table to some readers.
    r'(<table class="(?:[^"]* )?docutils\b.*?</table>)': r'<div class="table-box">\1</div>',
}
# Sphinx lists the sections of a page below its title, which stands at the head of the page.
BELOW_TITLE = re.compile(r"<ul>\s*<li><a [^>]*>.*?</a>(<ul>.*</ul>)\s*</li>\s*</ul>", re.DOTALL)


def policy(script: str) -> str:
    """The content security policy of a page in which one script stands."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return POLICY.replace("{hash}", f"sha256-{digest}")


def configure(app, config):
    config.version = config.release = gausslib.__version__
    # Where the book will stand, if it is known: links to pictures in previews must be complete.
    config.html_baseurl = os.environ.get("BOOK_URL", "")


def surround(app, page, template, context, doctree):
    """What the layout needs to know of a page."""
    body = context.get("body", "")
    for wrong, right in MENDED.items():
        body = re.sub(wrong, right, body, flags=re.DOTALL)
    sections = BELOW_TITLE.fullmatch(context.get("toc", "").strip())
    metas = doctree.findall(nodes.meta) if doctree else ()
    described = {meta.get("name"): meta.get("content") for meta in metas}
    context |= {
        "body": body,
        "sections": sections[1] if sections else "",
        "author": app.config.author,
        "description": described.get("description") or DESCRIPTIONS.get(page, ""),
        "policy": policy(THEME),
        "theme_script": THEME,
        "look": LOOK.read_text(encoding="utf8") if 'class="gauss-element' in body else "",
        "fonts": [font for font, mark in FONTS.items() if re.search(mark, body)],
        "scripts": [f"_static/{script}" for script, mark in SCRIPTS.items() if mark in body],
        "search_scripts": [*(f"_static/{script}" for script in SEARCH_SCRIPTS), "searchindex.js"],
        "version_of_assets": app.config.assets_digest[:8],
    }
    preview = "_static/preview.png"
    base = app.config.html_baseurl
    context["preview"] = base.rstrip("/") + f"/{preview}" if base else context["pathto"](preview, 1)
