"""Executed notebooks: when their cells run again, and what the site keeps and offers of them."""

import json
import shutil
import time
from pathlib import Path

from .assets import ROOT, digest
from .plots import METADATA

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"

# What the cells may read beside their own code.
READ = (
    "gausslib/**/*.py",
    "gausslib/*.mplstyle",
    "gausslib/widgets/src/runtime/palette.css",
    "gausslib/widgets/static/figures.json",
    "notebooks/models/**/*.py",
    "benchmark/*.py",
    "reference/*.*",
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


def settled(executed: str) -> str:
    """An executed notebook without what differs between two runs: random names, and dates."""
    notebook = json.loads(executed)
    shown = []
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"cell-{number}"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/svg+xml" in data:
                data["image/svg+xml"] = METADATA.sub("", "".join(data["image/svg+xml"]))
            if WIDGET_VIEW in data:
                shown.append(data[WIDGET_VIEW]["model_id"])
    kept = notebook["metadata"].get("widgets", {}).get(WIDGET_STATE, {"state": {}})
    names = in_order(kept["state"], shown)
    kept["state"] = {name: kept["state"][name] for name in names}
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    for number, name in enumerate(names):
        text = text.replace(name, f"{number:032x}")
    return text


def in_order(models: dict[str, dict], shown: list[str]) -> list[str]:
    """The models of widgets: in the order in which they are shown, each before its parts."""
    names: list[str] = []
    for name in [*shown, *models]:
        parts = (part for part in models if part in json.dumps(models.get(name, "")))
        names += [each for each in (name, *parts) if each in models and each not in names]
    return names


def offer_notebook(app, page, template, context, doctree):
    """Put the executed .ipynb beside the .md in the download menu."""
    executed = Path(app.outdir).parent / "jupyter_execute" / f"{page}.ipynb"
    if not executed.is_file():
        return
    target = Path(app.outdir) / "_sources" / f"{page}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(settled(executed.read_text(encoding="utf8")), encoding="utf8")
    context["ipynb_source"] = f"{page}.ipynb"


def digest_of_reading() -> str:
    """A hash of all that cells read: when it changes, they run again."""
    return digest(sorted(path for pattern in READ for path in ROOT.glob(pattern)))
