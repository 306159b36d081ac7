"""Scripts, styles and fonts: where they come from, and which of them the pages find."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from .katex import KATEX

ROOT = Path(__file__).resolve().parents[3]
WIDGETS = ROOT / "gausslib" / "widgets"
SITE = ROOT / "book" / "_extension" / "static"
THEME = ROOT / "book" / "_extension" / "theme"
# The tags of the figures, each of which has a script of its own.
FIGURES = sorted(path.stem for path in (WIDGETS / "src" / "figures").glob("*.js"))
# The style of the figures, which pages with figures have in their heads.
LOOK = WIDGETS / "static" / "look.css"
# Makes the still pictures in the pages.
STILLS = WIDGETS / "static" / "stills.js"

NODE_MODULES = ROOT / "node_modules"
SERIF = NODE_MODULES / "@fontsource-variable" / "source-serif-4" / "files"

# The style sheets that `style.py` joins, in their order: what is later wins.
SHEETS = [
    WIDGETS / "src" / "runtime" / "palette.css",
    *sorted((WIDGETS / "src" / "figures").glob("*.css")),
    KATEX / "katex.min.css",
    *(SITE / f"{name}.css" for name in ("type", "frame", "text", "code", "reference", "print")),
]
# target below _static/ -> source
FILES = {
    **{
        f"{name}.js": WIDGETS / "static" / f"{name}.js"
        for name in ["copies", "look", "numbers", "reading", "runtime", "text", *FIGURES]
    },
    "copy-tex.min.js": KATEX / "contrib" / "copy-tex.min.js",
    **{name: SITE / name for name in ("marks.js", "site.js", "search.js")},
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


def digest_of_assets() -> str:
    """A hash of all that makes pages look as they do: when it changes, they are written again."""
    folders = (SITE, THEME, Path(__file__).parent)
    own = sorted(path for folder in folders for path in folder.iterdir())
    return digest([*FILES.values(), *SHEETS, LOOK, STILLS, *own])


def copy(app):
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for target, source in FILES.items():
        if not source.exists():
            raise FileNotFoundError(f"{source} is missing: run `make bundle`")
        shutil.copyfile(source, static / target)
