"""The site's own Sphinx extension: mathematics, figures, downloads, API pages, front door."""

from . import assets, figures, front_door, mathematics, notebooks, reference


def setup(app):
    # Jupyter Book sets this for sphinx_comments, which _config.yml leaves out.
    app.add_config_value("comments_config", {}, "")
    mathematics.setup(app)
    assets.setup(app)
    figures.setup(app)
    notebooks.setup(app)
    reference.setup(app)
    front_door.setup(app)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
