"""What the site keeps of executed notebooks, and offers for download."""

import shutil
from pathlib import Path

from .assets import ROOT, digest


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
    # A change of gausslib must run the chapters again.
    library = sorted((ROOT / "gausslib").rglob("*.py"))
    app.add_config_value("gausslib_digest", digest(library), "env")
    app.connect("doctree-read", drop_widget_scripts)
    # before the theme builds its download menu (at 501)
    app.connect("html-page-context", offer_notebook, priority=400)
