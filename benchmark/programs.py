"""What is compared: gausslib, the textbook formulas, and other libraries where installed.

A program offers some quantities. Each is a function that takes a pair (mean and covariance of p,
then of q), makes of it what the program computes with, and returns a function without arguments.
Only a call of the latter is timed, so that nobody pays for the making of objects.
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
Program = dict[str, Prepare]  # by quantity: kl, bhattacharyya, hellinger, renyi_03, renyi_2, w2


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


GAUSSLIB: Program = {
    "kl": _of_gaussians(gausslib.kl_divergence),
    "bhattacharyya": _of_gaussians(gausslib.bhattacharyya_distance),
    "hellinger": _of_gaussians(gausslib.hellinger_distance),
    "renyi_03": _of_gaussians(gausslib.renyi_divergence, 0.3),
    "renyi_2": _of_gaussians(gausslib.renyi_divergence, 2.0),
    "w2": _of_gaussians(gausslib.w2_distance),
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


TEXTBOOK: dict[str, Program] = {
    "textbook: inv, det": {"kl": _textbook(_kl_by_inverse)},
    "textbook: solve, slogdet": {
        "kl": _textbook(_kl_by_solve),
        "bhattacharyya": _textbook(_bhattacharyya),
        "hellinger": _textbook(_hellinger),
        "renyi_03": _textbook(_renyi(0.3)),
        "renyi_2": _textbook(_renyi(2.0)),
    },
    "textbook: sqrtm": {"w2": _textbook(_w2_by_sqrtm)},
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

    return {"kl": kl}


def _pot() -> Program:
    from ot.gaussian import bures_wasserstein_distance

    def w2(mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Callable[[], Any]:
        batch = mean_p.ndim > 1
        return partial(bures_wasserstein_distance, mean_p, mean_q, cov_p, cov_q, paired=batch)

    return {"w2": w2}


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
