"""The site's own Sphinx extension: theme, mathematics, figures, plots, pages, style, downloads."""

from collections.abc import Callable
from typing import NamedTuple

from .assets import THEME, copy, digest_of_assets
from .figures import Bundle, Stills
from .frame import configure, surround
from .front_door import front_door, missing_page
from .mathematics import Renderer, bind_punctuation
from .minutes import check_minutes
from .notebooks import (
    TimeOfReading,
    choose_cache,
    digest_of_reading,
    drop_widget_scripts,
    offer_notebook,
)
from .pictures import write as write_pictures
from .plots import write_themes
from .proofs import link_keys, show_marks
from .reference import keep_initials, plain_field
from .search import write_known
from .style import finish, write_style
from .walks import ROLES, Walks, link_states, said


class Step(NamedTuple):
    """What is done at an event of a build; at one event, lower priorities come first."""

    event: str
    priority: int
    handler: Callable
    why: str


USUAL = 500  # Sphinx's own default; steps of one priority come in the order of the list


def steps(renderer: Renderer, bundle: Bundle, reading: TimeOfReading) -> list[Step]:
    """Every step of the site's own in a build, in the order in which they come."""
    stills, walks = Stills(bundle), Walks(bundle)
    return [
        Step("config-inited", USUAL, configure, "version and address of the book"),
        Step("config-inited", USUAL, choose_cache, "results go when what cells read changes"),
        Step("builder-inited", USUAL, copy, "scripts that pages load; makes the folder"),
        Step("builder-inited", USUAL, write_style, "the style sheet that pages load"),
        Step("builder-inited", USUAL, write_pictures, "pictures for previews and phones"),
        Step("env-before-read-docs", USUAL, reading.begin, "pages saved meanwhile are read again"),
        # Each page is read ...
        Step("autodoc-process-docstring", 400, keep_initials, "before numpydoc reads it"),
        Step("doctree-read", USUAL, drop_widget_scripts, "figures need no widget manager"),
        Step("doctree-read", USUAL, link_states, "before MyST looks for what they would refer to"),
        Step("env-updated", USUAL, reading.end, "see above"),
        # ... and written.
        Step("missing-reference", USUAL, plain_field, "fields of named tuples are no links"),
        Step("doctree-resolved", USUAL, walks.check, "what steps say of figures is so"),
        Step("doctree-resolved", USUAL, stills.fill, "figures have their picture without scripts"),
        Step("doctree-resolved", USUAL, walks.take_in, "into figures that have their pictures"),
        Step("doctree-resolved", USUAL, bind_punctuation, "no line begins with a comma"),
        Step("doctree-resolved", USUAL, check_minutes, "the time that a chapter promises is so"),
        Step("doctree-resolved", USUAL, show_marks, "folded proofs say what has been checked"),
        Step("doctree-resolved", USUAL, write_themes, "plots are there for light and dark pages"),
        Step("html-page-context", USUAL, offer_notebook, "the executed notebook, to download"),
        Step("html-page-context", USUAL, link_keys, "from a formula's key to the formula"),
        Step("html-page-context", 900, surround, "when all others have added to the page"),
        Step("html-collect-pages", USUAL, missing_page, "the page for a missing address"),
        Step("build-finished", 400, front_door, "before Jupyter Book, which keeps an index.html"),
        Step("build-finished", USUAL, renderer.close, "an open engine can hang the process"),
        Step("build-finished", USUAL, bundle.close, "an open engine can hang the process"),
        Step("build-finished", USUAL, write_known, "words for the search, of all pages"),
        Step("build-finished", 900, finish, "when all others have written what they bring"),
    ]


def setup(app):
    # Jupyter Book sets this for sphinx_comments, which _config.yml leaves out.
    app.add_config_value("comments_config", {}, "")
    # A change of these is a change of the configuration: pages are written, or cells run, again.
    app.add_config_value("assets_digest", digest_of_assets(), "html")
    app.add_config_value("cells_read", digest_of_reading(), "env")
    app.add_html_theme("booksite", str(THEME))
    for name in ROLES:
        app.add_role(name, said(name))
    renderer = Renderer()
    app.add_html_math_renderer("katex", (renderer.inline, None), (renderer.display, None))
    for step in steps(renderer, Bundle(), TimeOfReading()):
        app.connect(step.event, step.handler, step.priority)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
