"""Scripts and styles: the figures' bundle, KaTeX's style and fonts, the site's own."""

import hashlib
import shutil
from pathlib import Path

from .katex import KATEX

ROOT = Path(__file__).resolve().parents[3]
WIDGETS = ROOT / "gausslib" / "widgets"
SITE = ROOT / "book" / "_extension" / "static"

# target below _static/ -> source
FILES = {
    "figures.js": WIDGETS / "static" / "figures.js",
    "palette.css": WIDGETS / "src" / "palette.css",
    "figure.css": WIDGETS / "src" / "figure.css",
    "site.css": SITE / "site.css",
    "katex/katex.min.css": KATEX / "katex.min.css",
    "katex/fonts": KATEX / "fonts",
}


def digest() -> str:
    """A hash of all assets: a change of a script or style alone must rebuild the pages."""
    total = hashlib.sha256()
    for source in FILES.values():
        if source.is_file():
            total.update(source.read_bytes())
    return total.hexdigest()


def copy(app):
    static = Path(app.outdir) / "_static"
    for target, source in FILES.items():
        if not source.exists():
            raise FileNotFoundError(f"{source} is missing: run `make bundle`")
        (static / target).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, static / target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, static / target)
    # A classic deferred script: module scripts are refused on pages opened from a file.
    app.add_js_file("figures.js", loading_method="defer")
    for target in FILES:
        if target.endswith(".css"):
            app.add_css_file(target)


def setup(app):
    app.add_config_value("assets_digest", digest(), "html")
    app.connect("builder-inited", copy)
