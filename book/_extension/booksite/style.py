"""One style sheet, joined from several, and fonts that hold only the characters of the book.

A font has hundreds of signs that no page shows: so when all pages are written, the fonts keep
those that occur.
"""

import logging
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from .assets import FONTS, SHEETS, digest
from .frame import SCRIPTS, SEARCH_SCRIPTS

# What stays below _static/.
KEPT = {"book.css", "fonts", "favicon.svg", "touch-icon.png", "preview.png"}
KEPT |= {*SCRIPTS, *SEARCH_SCRIPTS, "look.js", "copies.js", "numbers.js", "reading.js"}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# KaTeX offers each of its fonts in three formats, and every browser reads the first.
OTHER_FORMATS = re.compile(r',url\([^)]*\.(?:woff|ttf)\) ?format\("\w+"\)')
FONT = re.compile(r'url\("?fonts/([^")]+)"?\)')
PRINTABLE = {chr(code) for code in range(0x20, 0x7F)}
WEIGHTS = (400, 700)  # of the text font's 200 to 900

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table


def joined() -> str:
    """All style sheets as one, without what only their authors need."""
    style = "\n".join(sheet.read_text(encoding="utf8") for sheet in SHEETS)
    return " ".join(OTHER_FORMATS.sub("", COMMENT.sub("", style)).split())


def write_style(app):
    (Path(app.outdir) / "_static" / "book.css").write_text(joined(), encoding="utf8")


def finish(app, exception):
    """What is left to do when all pages are written: fonts for them, and order."""
    if exception is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        write_fonts(static / "fonts", FONT.findall(joined()), characters(Path(app.outdir)))
        tidy(static)


def tidy(static: Path) -> None:
    """Remove what Sphinx and its extensions bring, and no page asks for."""
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
    sources = [FONTS[name] for name in sorted(set(names))]
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
