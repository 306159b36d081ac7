"""Scripts, styles and fonts: where they come from, and which of them the pages find."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from .katex import KATEX

ROOT = Path(__file__).resolve().parents[3]
WIDGETS = ROOT / "gausslib" / "widgets"
SITE = ROOT / "book" / "_extension" / "static"
TEMPLATES = ROOT / "book" / "_extension" / "templates"
# The tags of the figures, each of which has a script of its own.
FIGURES = sorted(path.stem for path in (WIDGETS / "src" / "figures").glob("*.js"))
# Makes the still pictures in the pages.
STILLS = WIDGETS / "static" / "stills.js"

NODE_MODULES = ROOT / "node_modules"
SERIF = NODE_MODULES / "@fontsource-variable" / "source-serif-4" / "files"

# The site's own style sheets, in their order: what is later wins.
SHEETS = ["type.css", "frame.css", "text.css", "reference.css", "print.css"]
# target below _static/ -> source. The style sheets end up in one, see style.py.
FILES = {
    **{f"{name}.js": WIDGETS / "static" / f"{name}.js" for name in ["runtime", *FIGURES]},
    "palette.css": WIDGETS / "src" / "runtime" / "palette.css",
    "figure.css": WIDGETS / "src" / "runtime" / "figure.css",
    **{path.name: path for path in sorted((WIDGETS / "src" / "figures").glob("*.css"))},
    "katex.min.css": KATEX / "katex.min.css",
    "copy-tex.min.js": KATEX / "contrib" / "copy-tex.min.js",
    **{sheet: SITE / sheet for sheet in SHEETS},
    "site.js": SITE / "site.js",
    "favicon.svg": SITE / "favicon.svg",
}
# name of a font file -> source
FONTS = {
    path.name: path for path in [*KATEX.glob("fonts/*.woff2"), *SERIF.glob("*-latin-wght-*.woff2")]
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
    static.mkdir(parents=True, exist_ok=True)
    for target, source in FILES.items():
        if not source.exists():
            raise FileNotFoundError(f"{source} is missing: run `make bundle`")
        shutil.copyfile(source, static / target)
        if target.endswith(".css"):
            app.add_css_file(target)


def setup(app):
    # A change of a script, a style, a template or this extension must write the pages again.
    folders = (SITE, TEMPLATES, Path(__file__).parent)
    own = sorted(path for folder in folders for path in folder.iterdir())
    app.add_config_value("assets_digest", digest([*FILES.values(), STILLS, *own]), "html")
    app.connect("builder-inited", copy)
