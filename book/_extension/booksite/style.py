"""One style sheet and small fonts, made from what the pages use.

The theme's styles are thirty times what a page needs, and a font has hundreds of signs that no page
shows. So when all pages are written, the rules that can apply to one are joined into `book.css`,
and the fonts keep the characters that occur.
"""

import logging
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from .assets import FONTS, ROOT, digest
from .frame import SCRIPTS, SEARCH_SCRIPTS

PURGE = ROOT / "book" / "_extension" / "purge.mjs"
# Not among the sheets that Sphinx knows of: the theme's templates name it.
THEME = "styles/pydata-sphinx-theme.css"
# What stays below _static/.
KEPT = {"book.css", "fonts", "favicon.svg", "touch-icon.png", "preview.png"}
KEPT |= {*SCRIPTS, *SEARCH_SCRIPTS}
TAG_OR_CLASS = re.compile(r'<[a-z][\w-]*|class="[^"]*"')
PRINTABLE = {chr(code) for code in range(0x20, 0x7F)}
WEIGHTS = (400, 700)  # of the text font's 200 to 900

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table


class Style:
    """Collects the style sheets that the pages want, and makes one of them."""

    def __init__(self):
        self.sheets = {}

    def collect(self, app, page, template, context, doctree):
        for sheet in context["css_files"]:
            self.sheets.setdefault(str(sheet.filename), None)

    def write(self, app, exception):
        if exception is not None or app.builder.format != "html":
            return
        root = Path(app.outdir)
        static = root / "_static"
        if self.sheets:  # else no page was written anew
            sheets = [static / THEME, *(root / sheet for sheet in self.sheets)]
            if missing := [str(sheet) for sheet in sheets if not sheet.is_file()]:
                raise FileNotFoundError(f"no style sheet {', '.join(missing)}")  # PurgeCSS skips it
            join(root, sheets)
            style = (static / "book.css").read_text(encoding="utf8")
            used = {Path(name).name for name in re.findall(r'url\("?(fonts/[^")]+)"?\)', style)}
            write_fonts(static / "fonts", used, characters(root))
        tidy(static)


def join(root: Path, sheets: list[Path]) -> None:
    """Write `book.css`; nothing is done if sheets, scripts, tags and classes are as they were."""
    static, pages = root / "_static", root.rglob("*.html")
    names = set(TAG_OR_CLASS.findall("".join(path.read_text(encoding="utf8") for path in pages)))
    state = digest([*sheets, *sorted(static.glob("*.js")), PURGE]) + "".join(sorted(names))
    done = static / "fonts" / "style-made-from.txt"
    made = done.is_file() and (static / "book.css").is_file()
    if made and done.read_text(encoding="utf8") == state:
        return
    subprocess.run(["node", PURGE, root, static / "book.css", *sheets], check=True, cwd=ROOT)
    done.parent.mkdir(exist_ok=True)
    done.write_text(state, encoding="utf8")


def tidy(static: Path) -> None:
    """Remove what no page asks for: the theme brings ten times the weight of the book."""
    for path in static.iterdir():
        if path.name not in KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def characters(root: Path) -> set[str]:
    """Every character on a page or in a script of the site."""
    files = [*root.rglob("*.html"), *(root / "_static").glob("*.js")]
    return PRINTABLE.union(*(path.read_text(encoding="utf8") for path in files))


def write_fonts(folder: Path, names: Iterable[str], text: set[str]) -> None:
    """The fonts with the characters of a text; nothing is done if that was done already."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [FONTS[name] for name in sorted(names)]
    state = digest([*sources, Path(__file__)]) + "".join(sorted(text))
    done = folder / "made-from.txt"
    if done.is_file() and done.read_text(encoding="utf8") == state:
        return
    for source in sources:
        write_font(source, folder / source.name, text)
    done.write_text(state, encoding="utf8")


def write_font(source: Path, target: Path, text: set[str]) -> None:
    font = TTFont(source, recalcTimestamp=False)  # the same book makes the same files
    options = subset.Options(flavor="woff2", hinting=False, notdef_outline=True)
    options.layout_features = ["kern", "liga", "mark", "mkmk", "ccmp", "locl"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, text))
    subsetter.subset(font)
    if "fvar" in font:
        instancer.instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    subset.save_font(font, target, options)


def setup(app):
    style = Style()
    app.connect("html-page-context", style.collect, priority=950)  # when all have added theirs
    # when the theme has written its last sheet, the colours of code
    app.connect("build-finished", style.write, priority=900)
