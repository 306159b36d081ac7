"""Scripts and styles: the figures' bundle, KaTeX's style and fonts, the site's own."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from .katex import KATEX

ROOT = Path(__file__).resolve().parents[3]
WIDGETS = ROOT / "gausslib" / "widgets"
SITE = ROOT / "book" / "_extension" / "static"
# Makes the still pictures in the pages.
STILLS = WIDGETS / "static" / "stills.js"

# target below _static/ -> source
FILES = {
    "figures.js": WIDGETS / "static" / "figures.js",
    "palette.css": WIDGETS / "src" / "palette.css",
    "figure.css": WIDGETS / "src" / "figure.css",
    "site.css": SITE / "site.css",
    "site.js": SITE / "site.js",
    "katex/katex.min.css": KATEX / "katex.min.css",
    "katex/fonts": KATEX / "fonts",
}


def digest(files: Iterable[Path]) -> str:
    """A hash of the contents of files."""
    total = hashlib.sha256()
    for path in files:
        if path.is_file():
            total.update(path.read_bytes())
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
    for target in FILES:
        if target.endswith(".css"):
            app.add_css_file(target)
        elif target.endswith(".js"):
            # Classic deferred scripts: modules are refused on pages opened from a file.
            app.add_js_file(target, loading_method="defer")


def setup(app):
    # A change of a script or style alone must write the pages again.
    app.add_config_value("assets_digest", digest([*FILES.values(), STILLS]), "html")
    app.connect("builder-inited", copy)
