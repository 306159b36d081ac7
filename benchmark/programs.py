"""What is compared: gausslib, the textbook formulas, and other libraries where installed.

A program offers some quantities. Each is a function that takes what is given (mean and covariance
of p, then of q, unless the name of the quantity says otherwise), makes of it what the program
computes with, and returns a function without arguments. Only a call of the latter is timed, so that
nobody pays for the making of objects.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from scipy import linalg

import gausslib
from gausslib import Gaussian

Prepare = Callable[..., Callable[[], Any]]
Program = dict[str, Prepare]  # by quantity


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Whatever a program prints or warns of: its number is what counts here."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


# --- gausslib --------------------------------------------------------------------------


def _of_gaussians(function: Callable[..., Any], *parameters: Any) -> Prepare:
    def prepare(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Callable[[], Any]:
        return partial(function, Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q), *parameters)

    return prepare


def _of_factors(function: Callable[..., Any], *parameters: Any) -> Prepare:
    def prepare(mean_p: Any, root_p: Any, mean_q: Any, root_q: Any) -> Callable[[], Any]:
        p, q = Gaussian.from_cholesky(mean_p, root_p), Gaussian.from_cholesky(mean_q, root_q)
        return partial(function, p, q, *parameters)

    return prepare


def _of_samples(function: Callable[..., Any]) -> Prepare:
    def prepare(x: Any, y: Any) -> Callable[[], Any]:
        return partial(function, Gaussian.from_samples(x), Gaussian.from_samples(y))

    return prepare


def _of_order(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any, alpha: Any) -> Callable[[], Any]:
    p, q = Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q)
    return partial(gausslib.renyi_divergence, p, q, alpha)


def _geodesic(*given: Any) -> Callable[[], Any]:
    *pair, t = given
    way = _of_gaussians(gausslib.w2_geodesic, t)(*pair)
    return lambda: way().cov


def _barycenter(covs: Any, weights: Any) -> Callable[[], Any]:
    ps = Gaussian(np.zeros(covs.shape[:-1]), covs)
    return lambda: gausslib.w2_barycenter(ps, weights, max_steps=BARYCENTER_STEPS).cov


def _rank(cov: Any) -> Callable[[], Any]:
    p = Gaussian(np.zeros(cov.shape[:-1]), cov)
    return lambda: p.rank


BARYCENTER_STEPS = 200

GAUSSLIB: Program = {
    "kl": _of_gaussians(gausslib.kl_divergence),
    "bhattacharyya": _of_gaussians(gausslib.bhattacharyya_distance),
    "hellinger": _of_gaussians(gausslib.hellinger_distance),
    "renyi_03": _of_gaussians(gausslib.renyi_divergence, 0.3),
    "renyi_2": _of_gaussians(gausslib.renyi_divergence, 2.0),
    "w2": _of_gaussians(gausslib.w2_distance),
    "jeffreys": _of_gaussians(gausslib.jeffreys_divergence),
    "chernoff": _of_gaussians(gausslib.chernoff_information),
    "chernoff_alpha": _of_gaussians(gausslib.chernoff_alpha),
    "coefficient": _of_gaussians(gausslib.bhattacharyya_coefficient),
    "renyi": _of_order,  # the order is given last
    "kl_of_factors": _of_factors(
        gausslib.kl_divergence
    ),  # Cholesky factors in place of covariances
    "bhattacharyya_of_factors": _of_factors(gausslib.bhattacharyya_distance),
    "renyi_03_of_factors": _of_factors(gausslib.renyi_divergence, 0.3),
    "w2_of_factors": _of_factors(gausslib.w2_distance),
    "kl_of_samples": _of_samples(gausslib.kl_divergence),  # two sets of samples
    "w2_of_samples": _of_samples(gausslib.w2_distance),
    "map": _of_gaussians(gausslib.transport_map),
    "geodesic": _geodesic,  # the covariance; its place is given last
    "barycenter": _barycenter,  # the covariance, of several ones with weights
    "rank": _rank,  # of one covariance
}


# --- the textbook formulas, as they are usually typed ----------------------------------


def _textbook(formula: Callable[..., Any]) -> Prepare:
    def prepare(*pair: Any) -> Callable[[], Any]:
        return partial(formula, *pair)

    return prepare


def _kl_by_inverse(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    precision, delta = np.linalg.inv(cov_q), mean_p - mean_q
    mean = np.einsum("...i,...ij,...j", delta, precision, delta)
    trace = np.einsum("...ij,...ji", precision, cov_p) - delta.shape[-1]
    return (mean + trace + np.log(np.linalg.det(cov_q) / np.linalg.det(cov_p))) / 2


def _log_det(cov: Any) -> Any:
    return np.linalg.slogdet(cov)[1]


def _quadratic(delta: Any, cov: Any) -> Any:
    return np.vecdot(delta, np.linalg.solve(cov, delta[..., None])[..., 0])


def _kl_by_solve(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    delta = mean_p - mean_q
    trace = np.einsum("...ii", np.linalg.solve(cov_q, cov_p)) - delta.shape[-1]
    return (_quadratic(delta, cov_q) + trace + _log_det(cov_q) - _log_det(cov_p)) / 2


def _renyi(alpha: float) -> Callable[..., Any]:
    def formula(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
        mixed = (1 - alpha) * cov_p + alpha * cov_q
        log_dets = _log_det(mixed) - (1 - alpha) * _log_det(cov_p) - alpha * _log_det(cov_q)
        return (alpha * _quadratic(mean_p - mean_q, mixed) + log_dets / (1 - alpha)) / 2

    return formula


def _bhattacharyya(*pair: Any) -> Any:
    return _renyi(0.5)(*pair) / 2


def _hellinger(*pair: Any) -> Any:
    return np.sqrt(1 - np.exp(-_bhattacharyya(*pair)))


def _w2_by_sqrtm(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    delta, root = mean_p - mean_q, linalg.sqrtm(cov_p)
    cross = linalg.sqrtm(root @ cov_q @ root)
    return np.sqrt(delta @ delta + np.trace(cov_p + cov_q - 2 * cross))


def _of_squares(formula: Callable[..., Any]) -> Prepare:
    def prepare(mean_p: Any, root_p: Any, mean_q: Any, root_q: Any) -> Callable[[], Any]:
        return partial(formula, mean_p, root_p @ root_p.T, mean_q, root_q @ root_q.T)

    return prepare


def _of_moments(formula: Callable[..., Any]) -> Prepare:
    def prepare(x: Any, y: Any) -> Callable[[], Any]:
        return partial(formula, x.mean(0), np.cov(x.T), y.mean(0), np.cov(y.T))

    return prepare


def _map_by_sqrtm(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    root = linalg.sqrtm(cov_p)
    inverse = linalg.inv(root)
    return inverse @ linalg.sqrtm(root @ cov_q @ root) @ inverse


def _geodesic_by_sqrtm(*given: Any) -> Any:
    *pair, t = given
    way = (1 - t) * np.eye(len(pair[1])) + t * _map_by_sqrtm(*pair)
    return way @ pair[1] @ way


def _barycenter_by_sqrtm(covs: Any, weights: Any) -> Any:
    """The fixed point iteration, from the mean of the covariances."""
    cov = np.einsum("i,ijk", weights, covs)
    for _ in range(BARYCENTER_STEPS):
        root = linalg.sqrtm(cov)
        inverse = linalg.inv(root)
        cross = [w * linalg.sqrtm(root @ c @ root) for w, c in zip(weights, covs, strict=True)]
        mean = inverse @ sum(cross)
        cov, before = mean @ mean.T, cov
        if np.abs(cov - before).max() <= 1e-14 * np.abs(cov).max():
            break
    return cov


TEXTBOOK: dict[str, Program] = {
    "textbook: inv, det": {"kl": _textbook(_kl_by_inverse)},
    "textbook: solve, slogdet": {
        "kl": _textbook(_kl_by_solve),
        "bhattacharyya": _textbook(_bhattacharyya),
        "hellinger": _textbook(_hellinger),
        "renyi_03": _textbook(_renyi(0.3)),
        "renyi_2": _textbook(_renyi(2.0)),
        "renyi": lambda *given: partial(_renyi(given[-1]), *given[:-1]),
        "kl_of_factors": _of_squares(_kl_by_solve),
        "bhattacharyya_of_factors": _of_squares(_bhattacharyya),
        "renyi_03_of_factors": _of_squares(_renyi(0.3)),
        "kl_of_samples": _of_moments(_kl_by_solve),
    },
    "textbook: sqrtm": {
        "w2": _textbook(_w2_by_sqrtm),
        "w2_of_factors": _of_squares(_w2_by_sqrtm),
        "w2_of_samples": _of_moments(_w2_by_sqrtm),
        "map": _textbook(_map_by_sqrtm),
        "geodesic": _textbook(_geodesic_by_sqrtm),
        "barycenter": _textbook(_barycenter_by_sqrtm),
    },
    "NumPy: matrix_rank": {"rank": _textbook(partial(np.linalg.matrix_rank, hermitian=True))},
}


# --- other libraries -------------------------------------------------------------------


def _torch() -> Program:
    import torch
    from torch.distributions import MultivariateNormal, kl_divergence

    torch.set_num_threads(1)

    def kl(*pair: Any) -> Callable[[], Any]:
        mean_p, cov_p, mean_q, cov_q = map(torch.tensor, pair)
        p, q = MultivariateNormal(mean_p, cov_p), MultivariateNormal(mean_q, cov_q)
        return partial(kl_divergence, p, q)

    def kl_of_factors(*pair: Any) -> Callable[[], Any]:
        mean_p, root_p, mean_q, root_q = map(torch.tensor, pair)
        p = MultivariateNormal(mean_p, scale_tril=root_p)
        q = MultivariateNormal(mean_q, scale_tril=root_q)
        return partial(kl_divergence, p, q)

    def kl_of_samples(x: Any, y: Any) -> Callable[[], Any]:
        laws = [
            MultivariateNormal(z.mean(0), torch.cov(z.T)) for z in map(torch.from_numpy, (x, y))
        ]
        return partial(kl_divergence, *laws)

    return {"kl": kl, "kl_of_factors": kl_of_factors, "kl_of_samples": kl_of_samples}


def _pot() -> Program:
    from ot.gaussian import (
        bures_wasserstein_barycenter,
        bures_wasserstein_distance,
        bures_wasserstein_mapping,
    )

    def w2(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Callable[[], Any]:
        batch = mean_p.ndim > 1
        return partial(bures_wasserstein_distance, mean_p, mean_q, cov_p, cov_q, paired=batch)

    def transport_map(*pair: Any) -> Callable[[], Any]:
        mean_p, cov_p, mean_q, cov_q = pair
        return lambda: bures_wasserstein_mapping(mean_p, mean_q, cov_p, cov_q)[0]

    def barycenter(covs: Any, weights: Any) -> Callable[[], Any]:
        means = np.zeros(covs.shape[:-1])
        return lambda: bures_wasserstein_barycenter(means, covs, weights)[1]

    return {"w2": w2, "map": transport_map, "barycenter": barycenter}


def _pytorch_fid() -> Program:
    # The module holds the distance, a function of NumPy and SciPy, beside the network of its
    # features. The network needs torchvision, the distance does not: stand-ins take its place
    # while the module is imported.
    network = types.ModuleType("pytorch_fid.inception")
    network.InceptionV3 = types.SimpleNamespace(BLOCK_INDEX_BY_DIM={2048: 3})
    vision = types.ModuleType("torchvision")
    vision.transforms = types.ModuleType("torchvision.transforms")
    unused = {
        "pytorch_fid.inception": network,
        "torchvision": vision,
        "torchvision.transforms": vision.transforms,
    }
    aside = {name: sys.modules.get(name) for name in unused}
    sys.modules.update(unused)
    try:
        from pytorch_fid.fid_score import calculate_frechet_distance
    finally:
        for name, module in aside.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module

    def w2(*pair: Any) -> Callable[[], Any]:
        return lambda: np.sqrt(calculate_frechet_distance(*pair))

    return {"w2": w2}


def _torchmetrics() -> Program:
    import torch
    from torchmetrics.image.fid import _compute_fid  # the public class wants its network

    torch.set_num_threads(1)

    def w2(*pair: Any) -> Callable[[], Any]:
        tensors = [torch.tensor(array) for array in pair]
        return lambda: _compute_fid(*tensors).sqrt()

    return {"w2": w2}


def _pyriemann() -> Program:
    from pyriemann.utils.distance import distance_wasserstein

    def w2(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Callable[[], Any]:
        # It has no means; their part is what any user would add.
        def distance() -> Any:
            return np.hypot(
                np.linalg.norm(mean_p - mean_q, axis=-1), distance_wasserstein(cov_p, cov_q)
            )

        return distance

    return {"w2": w2}


PEERS: dict[str, Callable[[], Program]] = {
    "torch": _torch,
    "POT": _pot,
    "pytorch-fid": _pytorch_fid,
    "torchmetrics": _torchmetrics,
    "pyRiemann": _pyriemann,
}


def load(
    peers: dict[str, Callable[[], Program]] = PEERS,
) -> tuple[dict[str, Program], dict[str, str], dict[str, str]]:
    """All programs, the versions of the libraries, and why a library is missing."""
    programs = {"gausslib": GAUSSLIB, **TEXTBOOK}
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "scipy")}
    versions["gausslib"] = gausslib.__version__
    missing = {}
    for name, importer in peers.items():
        try:
            with quiet():
                programs[name] = importer()
            versions[name] = importlib.metadata.version(name)
        except ModuleNotFoundError as error:
            missing[name] = f"{error.name} is not installed"
        except Exception as error:  # whatever happens in there, the others go on
            missing[name] = f"cannot be imported: {error}"
    return programs, versions, missing
