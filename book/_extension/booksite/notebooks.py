"""Executed notebooks: when their cells run again, and what the site keeps and offers of them."""

import shutil
import time
from pathlib import Path

from .assets import ROOT, digest

# What the cells may read beside their own code.
READ = (
    "gausslib/**/*.py",
    "gausslib/*.mplstyle",
    "gausslib/widgets/src/palette.css",
    "notebooks/models/**/*.py",
    "benchmark/*.py",
    "benchmark/results.json",
    "requirements.txt",
)


def choose_cache(app, config):
    """Where results of cells are kept at all, keep them no longer than what the cells read."""
    if config.nb_execution_mode != "cache":
        return
    folder = Path(config.nb_execution_cache_path, config.cells_read)
    config.nb_execution_cache_path = str(folder)
    for old in folder.parent.glob("*"):
        if old != folder:
            shutil.rmtree(old)


class TimeOfReading:
    """A page counts as read when its reading began, not when its cells had run.

    A page that is saved while its cells run is read again by the next build.
    """

    def begin(self, app, env, pages):
        self.begun = dict.fromkeys(pages, time.time_ns() // 1000)

    def end(self, app, env):
        env.all_docs.update(self.begun)


def drop_widget_scripts(app, doctree):
    """Leave out the ipywidgets loader: figures on the site need no widget manager."""
    scripts = app.env.nb_metadata.get(app.env.docname, {}).get("js_files", {})
    for key in [key for key in scripts if key.startswith("ipywidgets_")]:
        del scripts[key]


def offer_notebook(app, page, template, context, doctree):
    """Put the executed .ipynb beside the .md in the download menu."""
    executed = Path(app.outdir).parent / "jupyter_execute" / f"{page}.ipynb"
    if not executed.is_file():
        return
    target = Path(app.outdir) / "_sources" / f"{page}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(executed, target)
    context["ipynb_source"] = f"{page}.ipynb"


def setup(app):
    # A change of what the cells read must run them again.
    read = sorted(path for pattern in READ for path in ROOT.glob(pattern))
    app.add_config_value("cells_read", digest(read), "env")
    app.connect("config-inited", choose_cache)
    reading = TimeOfReading()
    app.connect("env-before-read-docs", reading.begin)
    app.connect("env-updated", reading.end)
    app.connect("doctree-read", drop_widget_scripts)
    # before the theme builds its download menu (at 501)
    app.connect("html-page-context", offer_notebook, priority=400)
