"""The interactive figures, for notebooks and for the static pages of the book.

They need anywidget: ``pip install "gausslib[widgets]"``. Nothing else in gausslib does.
"""

try:
    import anywidget  # noqa: F401  asked for here, so that its absence is explained
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        'the figures need anywidget: pip install "gausslib[widgets]"', name=error.name
    ) from error

from gausslib.widgets.gauss_pair import GaussianPair

__all__ = ["GaussianPair"]
