"""The interactive figures, for notebooks and for the static pages of the book.

They need anywidget and Matplotlib: ``pip install "gausslib[widgets]"``. Nothing else in gausslib
does.
"""

try:
    import anywidget  # noqa: F401  asked for here, so that its absence is explained
    import matplotlib  # noqa: F401
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f'the figures need {error.name}: pip install "gausslib[widgets]"', name=error.name
    ) from error

from gausslib.widgets.gauss_barycenter import GaussianBarycenter
from gausslib.widgets.gauss_boxes import GaussianBoxes
from gausslib.widgets.gauss_calculator import GaussianCalculator
from gausslib.widgets.gauss_fit import GaussianFit
from gausslib.widgets.gauss_geometries import GaussianGeometries
from gausslib.widgets.gauss_line import GaussianLine
from gausslib.widgets.gauss_pair import GaussianPair
from gausslib.widgets.gauss_sampling import GaussianSampling
from gausslib.widgets.gauss_single import GaussianSingle
from gausslib.widgets.gauss_surface import GaussianSurface
from gausslib.widgets.orthogonal_plane import OrthogonalPlane
from gausslib.widgets.orthogonal_sphere import OrthogonalSphere
from gausslib.widgets.procrustes_turn import ProcrustesTurn

__all__ = [
    "GaussianBarycenter",
    "GaussianBoxes",
    "GaussianCalculator",
    "GaussianFit",
    "GaussianGeometries",
    "GaussianLine",
    "GaussianPair",
    "GaussianSampling",
    "GaussianSingle",
    "GaussianSurface",
    "OrthogonalPlane",
    "OrthogonalSphere",
    "ProcrustesTurn",
]
