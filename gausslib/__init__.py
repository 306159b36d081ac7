"""Accurate closed forms for Gaussians, and the orthogonal maps between unit vectors."""

from gausslib.divergences import KLTerms, bhattacharyya_distance, kl_divergence, kl_terms
from gausslib.gaussian import Gaussian
from gausslib.orthogonal import reflection, rotation
from gausslib.transport import w2_distance, w2_squared

__version__ = "0.1.0"

__all__ = [
    "Gaussian",
    "KLTerms",
    "bhattacharyya_distance",
    "kl_divergence",
    "kl_terms",
    "reflection",
    "rotation",
    "w2_distance",
    "w2_squared",
]
