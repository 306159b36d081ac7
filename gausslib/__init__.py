"""Accurate closed forms for Gaussians, and the orthogonal maps between unit vectors."""

from gausslib.alignment import Alignment, align, kabsch, procrustes
from gausslib.combining import geometric_mean, mixture_moments
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
from gausslib.fisher_rao import fisher_rao_distance
from gausslib.gaussian import Gaussian
from gausslib.gradients import (
    PairGradient,
    bhattacharyya_gradient,
    kl_gradient,
    w2_gradient,
)
from gausslib.line import w1_distance
from gausslib.moments import Moments
from gausslib.orthogonal import (
    angle,
    apply_half_turn,
    apply_reflection,
    apply_rotation,
    apply_rotoreflection,
    half_turn,
    random_orthogonal,
    reflection,
    rotation,
    rotation_generator,
    rotoreflection,
)
from gausslib.pairs import pairwise
from gausslib.samples import (
    PermutationTest,
    frechet_estimate,
    frechet_permutation_test,
    frechet_squared,
    gelbrich_bound,
)
from gausslib.transport import (
    W2Terms,
    transport,
    transport_map,
    w2_barycenter,
    w2_distance,
    w2_geodesic,
    w2_squared,
    w2_terms,
)
from gausslib.variation import (
    TotalVariationBounds,
    overlap_coefficient,
    total_variation,
    total_variation_bounds,
)

__version__ = "0.1.0"

__all__ = [
    "Alignment",
    "BhattacharyyaTerms",
    "Gaussian",
    "KLTerms",
    "Moments",
    "PairGradient",
    "PermutationTest",
    "TotalVariationBounds",
    "W2Terms",
    "align",
    "angle",
    "apply_half_turn",
    "apply_reflection",
    "apply_rotation",
    "apply_rotoreflection",
    "bhattacharyya_coefficient",
    "bhattacharyya_distance",
    "bhattacharyya_gradient",
    "bhattacharyya_terms",
    "chernoff_alpha",
    "chernoff_coefficient",
    "chernoff_information",
    "cross_entropy",
    "fisher_rao_distance",
    "frechet_estimate",
    "frechet_permutation_test",
    "frechet_squared",
    "gelbrich_bound",
    "geometric_mean",
    "half_turn",
    "hellinger_distance",
    "jeffreys_divergence",
    "kabsch",
    "kl_divergence",
    "kl_gradient",
    "kl_terms",
    "mixture_moments",
    "overlap_coefficient",
    "pairwise",
    "procrustes",
    "random_orthogonal",
    "reflection",
    "renyi_divergence",
    "rotation",
    "rotation_generator",
    "rotoreflection",
    "total_variation",
    "total_variation_bounds",
    "transport",
    "transport_map",
    "w1_distance",
    "w2_barycenter",
    "w2_distance",
    "w2_geodesic",
    "w2_gradient",
    "w2_squared",
    "w2_terms",
]
