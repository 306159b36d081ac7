"""The site's own Sphinx extension: mathematics, figures, plots, pages, style, downloads."""

from . import (
    assets,
    figures,
    frame,
    front_door,
    mathematics,
    notebooks,
    pictures,
    plots,
    reference,
    style,
)


def setup(app):
    # Jupyter Book sets this for sphinx_comments, which _config.yml leaves out.
    app.add_config_value("comments_config", {}, "")
    mathematics.setup(app)
    assets.setup(app)
    figures.setup(app)
    notebooks.setup(app)
    reference.setup(app)
    frame.setup(app)
    front_door.setup(app)
    pictures.setup(app)
    plots.setup(app)
    style.setup(app)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
