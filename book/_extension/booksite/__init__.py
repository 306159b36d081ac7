"""The site's own Sphinx extension: mathematics, figures and downloads."""

from . import assets, mathematics, notebooks


def setup(app):
    mathematics.setup(app)
    assets.setup(app)
    notebooks.setup(app)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
