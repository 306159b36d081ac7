"""Recipes that put gausslib's gradients into PyTorch and JAX, and how wrong each of them is.

The lines between the marks stand in the book. A library is imported only where it is used, so that
the others are measured where it is missing.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

from benchmark.programs import quiet
from gausslib import Gaussian, kl_divergence, kl_gradient, w2_gradient, w2_squared
from reference.pairs import near_cov, random_cov

Function = Callable[..., Any]

# --- the recipes -------------------------------------------------------------------------


def torch_recipe(divergence: Function, gradient: Function) -> Function:
    """Make a divergence of gausslib a function of tensors that PyTorch can differentiate."""
    # recipe for PyTorch
    import torch

    class Divergence(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *moments):  # mean and covariance of p, then of q
            mean_p, cov_p, mean_q, cov_q = (m.detach().numpy() for m in moments)
            p, q = Gaussian(mean_p, cov_p), Gaussian(mean_q, cov_q)
            ctx.parts, ctx.shapes = gradient(p, q), [m.shape for m in moments]
            return torch.as_tensor(divergence(p, q))

        @staticmethod
        def backward(ctx, upstream):
            weights = [upstream[(..., *[None] * n)] for n in (1, 2, 1, 2)]
            parts = [w * torch.as_tensor(g) for w, g in zip(weights, ctx.parts, strict=True)]
            return tuple(g.sum_to_size(s) for g, s in zip(parts, ctx.shapes, strict=True))

    # end of the recipe for PyTorch
    return Divergence.apply


def jax_recipe(divergence: Function, gradient: Function) -> Function:
    """Make a divergence of gausslib a function that JAX can differentiate, compile and map."""
    # recipe for JAX
    import jax

    def compute(*moments):
        p, q = Gaussian(*moments[:2]), Gaussian(*moments[2:])
        return divergence(p, q), tuple(gradient(p, q))

    def forward(*moments):
        like = [jax.ShapeDtypeStruct(m.shape, m.dtype) for m in moments]
        shapes = jax.ShapeDtypeStruct((), moments[0].dtype), tuple(like)
        return jax.pure_callback(compute, shapes, *moments, vmap_method="broadcast_all")

    differentiable = jax.custom_vjp(lambda *moments: forward(*moments)[0])
    differentiable.defvjp(forward, lambda parts, upstream: tuple(upstream * g for g in parts))
    # end of the recipe for JAX
    return differentiable


# --- the usual code, which the libraries differentiate themselves ------------------------


def usual_kl(library: Any, mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    solve, slogdet = library.linalg.solve, library.linalg.slogdet
    delta = mean_p - mean_q
    trace = library.trace(solve(cov_q, cov_p)) - len(delta)
    return (delta @ solve(cov_q, delta) + trace + slogdet(cov_q)[1] - slogdet(cov_p)[1]) / 2


def usual_w2(library: Any, mean_p: Any, cov_p: Any, mean_q: Any, cov_q: Any) -> Any:
    values, basis = library.linalg.eigh(cov_p)
    root = (basis * library.sqrt(values)) @ basis.T
    overlap = library.sqrt(library.linalg.eigvalsh(root @ cov_q @ root)).sum()
    delta = mean_p - mean_q
    return delta @ delta + library.trace(cov_p) + library.trace(cov_q) - 2 * overlap


# --- the truth, with 60 digits ------------------------------------------------------------


def exact_kl_gradient(delta: mp.matrix, p: mp.matrix, q: mp.matrix) -> tuple[mp.matrix, ...]:
    a, b = mp.inverse(p), mp.inverse(q)
    m = b * delta
    return m, (b - a) / 2, -m, (b - b * p * b - m * m.T) / 2


def exact_w2_gradient(delta: mp.matrix, p: mp.matrix, q: mp.matrix) -> tuple[mp.matrix, ...]:
    identity = mp.eye(p.rows)
    return 2 * delta, identity - _exact_map(p, q), -2 * delta, identity - _exact_map(q, p)


def _exact_map(p: mp.matrix, q: mp.matrix) -> mp.matrix:
    root = _exact_root(p)
    inverse = mp.inverse(root)
    return inverse * _exact_root(root * q * root) * inverse


def _exact_root(cov: mp.matrix) -> mp.matrix:
    values, basis = mp.eigsy(cov)
    return basis * mp.diag([mp.sqrt(value) for value in values]) * basis.T


FUNCTIONS = {
    "KL": (kl_divergence, kl_gradient, usual_kl, exact_kl_gradient),
    "W2²": (w2_squared, w2_gradient, usual_w2, exact_w2_gradient),
}


# --- the libraries -----------------------------------------------------------------------


class Library(NamedTuple):
    """What is needed of a library to differentiate a function of the four moments."""

    arrays: Any
    recipe: Callable[[Function, Function], Function]
    gradient: Callable[[Function, list[np.ndarray]], list[np.ndarray]]
    passes: Callable[[Function, list[np.ndarray]], bool]  # a check by finite differences


def _torch() -> Library:
    import torch

    def tensors(moments: list[np.ndarray]) -> list[Any]:
        return [torch.tensor(moment, requires_grad=True) for moment in moments]

    def gradient(function: Function, moments: list[np.ndarray]) -> list[np.ndarray]:
        inputs = tensors(moments)
        return [part.numpy() for part in torch.autograd.grad(function(*inputs), inputs)]

    def passes(function: Function, moments: list[np.ndarray]) -> bool:
        return torch.autograd.gradcheck(function, tensors(moments), raise_exception=False)

    return Library(torch, torch_recipe, gradient, passes)


def _jax() -> Library:
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)

    def gradient(function: Function, moments: list[np.ndarray]) -> list[np.ndarray]:
        parts = jax.grad(function, argnums=(0, 1, 2, 3))(*map(jax.numpy.asarray, moments))
        return [np.asarray(part) for part in parts]

    def passes(function: Function, moments: list[np.ndarray]) -> bool:
        with contextlib.suppress(AssertionError):
            check_grads(function, tuple(map(jax.numpy.asarray, moments)), 1, modes=["rev"])
            return True
        return False

    return Library(jax.numpy, jax_recipe, gradient, passes)


LIBRARIES: dict[str, Callable[[], Library]] = {"torch": _torch, "jax": _jax}


# --- the check ---------------------------------------------------------------------------


def pairs(rng: np.random.Generator) -> dict[str, list[np.ndarray]]:
    """Means and covariances by what is hard about them."""
    mean, cov = rng.standard_normal(3), random_cov(rng, 3)
    near = [mean + 1e-8 * rng.standard_normal(3), near_cov(rng, cov, 1e-8)]
    return {
        "far": [mean, cov, rng.standard_normal(3), random_cov(rng, 3)],
        "near, 1e-8": [mean, cov, *near],
        "equal": [mean, cov, mean, cov],
        "both N(0, I)": [np.zeros(3), np.eye(3), np.zeros(3), np.eye(3)],
    }


def check(
    rng: np.random.Generator, libraries: dict[str, Callable[[], Library]] = LIBRARIES
) -> dict[str, Any]:
    """Worst errors of the recipes and of the libraries' own gradients, and what is missing."""
    rows, versions, missing = [], {}, {}
    for name, importer in libraries.items():
        try:
            with quiet():
                library = importer()
        except Exception as error:  # whatever happens in there, the others go on
            missing[name] = str(error)
            continue
        versions[name] = importlib.metadata.version(name)
        for label, functions in FUNCTIONS.items():
            rows += _rows(name, library, label, *functions, pairs(rng))
    return {"rows": rows, "versions": versions, "missing": missing}


def _rows(
    name: str,
    library: Library,
    label: str,
    divergence: Function,
    gradient: Function,
    usual: Function,
    exact: Function,
    pairs: dict[str, list[np.ndarray]],
) -> list[dict[str, Any]]:
    recipe = library.recipe(divergence, gradient)
    rows = []
    for kind, moments in pairs.items():
        exactly = [mp.matrix(m.tolist()) for m in moments]
        truth = exact(exactly[0] - exactly[2], exactly[1], exactly[3])
        rows.append(
            {
                "library": name,
                "function": label,
                "pair": kind,
                "equal": all(map(np.array_equal, moments[:2], moments[2:])),
                "recipe": _error(library.gradient(recipe, moments), truth),
                "own": _error(library.gradient(partial(usual, library.arrays), moments), truth),
            }
        )
    # Finite differences move one entry at a time: of roots, so that covariances stay symmetric.
    mean_p, cov_p, mean_q, cov_q = pairs["far"]
    roots = [mean_p, np.linalg.cholesky(cov_p), mean_q, np.linalg.cholesky(cov_q)]
    passes = library.passes(lambda m, a, n, b: recipe(m, a @ a.T, n, b @ b.T), roots)
    return [row | {"passes": bool(passes)} for row in rows]


def _error(parts: list[np.ndarray], truth: tuple[mp.matrix, ...]) -> float:
    """Largest error of a part, relative to its largest entry; of zero the error itself.

    Of a derivative by a matrix only the symmetric part has a meaning.
    """
    worst = 0.0
    for found, exact in zip(parts, truth, strict=True):
        part = (found + found.T) / 2 if found.ndim == 2 else found[:, None]
        if not np.isfinite(part).all():
            return np.inf
        size = max(abs(x) for x in exact)
        if size < 1e-40:  # a zero, but for the rounding of the truth
            exact, size = 0 * exact, mp.mpf(1)
        worst = max(worst, *(float(abs(x) / size) for x in mp.matrix(part.tolist()) - exact))
    return worst
