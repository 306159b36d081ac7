"""Accurate closed forms for Gaussians, and the orthogonal maps between unit vectors."""

from gausslib.divergences import (
    BhattacharyyaTerms,
    KLTerms,
    bhattacharyya_coefficient,
    bhattacharyya_distance,
    bhattacharyya_terms,
    chernoff_alpha,
    chernoff_coefficient,
    chernoff_information,
    cross_entropy,
    hellinger_distance,
    jeffreys_divergence,
    kl_divergence,
    kl_terms,
    renyi_divergence,
)
from gausslib.gaussian import Gaussian
from gausslib.orthogonal import reflection, rotation
from gausslib.total_variation import (
    TotalVariationBounds,
    total_variation,
    total_variation_bounds,
)
from gausslib.transport import w2_distance, w2_squared

__version__ = "0.1.0"

__all__ = [
    "BhattacharyyaTerms",
    "Gaussian",
    "KLTerms",
    "TotalVariationBounds",
    "bhattacharyya_coefficient",
    "bhattacharyya_distance",
    "bhattacharyya_terms",
    "chernoff_alpha",
    "chernoff_coefficient",
    "chernoff_information",
    "cross_entropy",
    "hellinger_distance",
    "jeffreys_divergence",
    "kl_divergence",
    "kl_terms",
    "reflection",
    "renyi_divergence",
    "rotation",
    "total_variation",
    "total_variation_bounds",
    "w2_distance",
    "w2_squared",
]
