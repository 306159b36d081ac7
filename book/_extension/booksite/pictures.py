"""The picture that a message shows with a link to the book, and the icon for phones."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from .assets import FILES

COLOURS = dict(
    re.findall(
        r"--([\w-]+): light-dark\(\s*(#\w{6})",
        "".join(FILES[sheet].read_text(encoding="utf8") for sheet in ("palette.css", "type.css")),
    )
)
PAPER, ACCENT = COLOURS["paper"], COLOURS["accent"]
INK, MUTED = COLOURS["gauss-ink"], COLOURS["gauss-muted"]
P, Q = COLOURS["gauss-p"], COLOURS["gauss-q"]
# centre, semi-axes, angle in degrees
LAWS = [(P, (-1.5, -0.2), (2.6, 1.1), 28.0), (Q, (1.3, 0.1), (1.2, 2.1), -20.0)]


def draw_laws(ax) -> None:
    """p and q, at one and at two standard deviations."""
    for colour, centre, (a, b), angle in LAWS:
        for scale, alpha in ((1.0, 0.15), (0.5, 0.25)):
            size = {"width": 2 * a * scale, "height": 2 * b * scale, "angle": angle}
            ax.add_patch(Ellipse(centre, **size, facecolor=colour, alpha=alpha, linewidth=0))
            ax.add_patch(Ellipse(centre, **size, facecolor="none", edgecolor=colour, linewidth=3))
        ax.plot(*centre, "o", color=colour, markersize=9)
    ax.set(xlim=(-4.2, 3.2), ylim=(-2.6, 2.6), aspect="equal")
    ax.axis("off")


def preview(title: str) -> Figure:
    """The title beside the two laws: 1200 by 630 pixels, the size that messages show."""
    figure = plt.figure(figsize=(12, 6.3), dpi=100, facecolor=PAPER)
    draw_laws(figure.add_axes((0.46, 0.06, 0.52, 0.88)))
    words, y = title.split(), 0.74
    half = (len(words) + 1) // 2
    serif = {"family": "STIXGeneral", "ha": "left", "va": "top"}
    for line in (" ".join(words[:half]), " ".join(words[half:])):
        figure.text(0.06, y, line, size=50, color=INK, **serif)
        y -= 0.135
    figure.text(0.06, y - 0.05, "KL, Bhattacharyya, Wasserstein:", size=25, color=MUTED, **serif)
    figure.text(0.06, y - 0.125, "derived, checked, and to drag", size=25, color=MUTED, **serif)
    figure.add_artist(plt.Line2D([0.06, 0.16], [0.82, 0.82], color=ACCENT, linewidth=5))
    return figure


def touch_icon() -> Figure:
    figure = plt.figure(figsize=(1.8, 1.8), dpi=100, facecolor=PAPER)
    draw_laws(figure.add_axes((0.04, 0.04, 0.92, 0.92)))
    return figure


def write(app):
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    pictures = {"preview.png": lambda: preview(app.config.html_title), "touch-icon.png": touch_icon}
    for name, draw in pictures.items():
        if not (static / name).is_file():
            figure = draw()
            figure.savefig(static / name, facecolor=PAPER)
            plt.close(figure)


def setup(app):
    app.connect("builder-inited", write, priority=600)  # when `assets` has made the folder
