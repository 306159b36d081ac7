"""The covariance whose weighted squared Bures distances to given ones have the least sum.

With roots Σᵢ = LᵢLᵢᵀ and S = RRᵀ, and the decompositions LᵢᵀR = Uᵢ diag(kᵢ) Vᵢᵀ, the optimal maps
from S have RᵀTᵢR = Vᵢ diag(kᵢ) Vᵢᵀ, and S is the barycenter where their mean is the identity:

    RᵀR = Σ wᵢ Vᵢ diag(kᵢ) Vᵢᵀ.

Two steps lead there. R ← Σ wᵢ LᵢUᵢVᵢᵀ, the generalised Procrustes problem, always comes nearer and
needs one step where covariances commute. For thin covariances that cross it creeps: then Newton's
method solves the equation for S = R(I + Y)Rᵀ, where Kᵢ changes by -Vᵢ(hᵢ ∘ VᵢᵀYVᵢ)Vᵢᵀ with
hᵢ = kₐk_b/(kₐ + k_b).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gausslib._factor import EPS
from gausslib._linalg import Array, Mask, lower_triangle
from gausslib._matching import falling_order, graded_svd, in_order

__all__ = ["barycenter_root"]

# Steps of the first kind before the second is tried.
_PATIENCE = 20

# Newton's method may change no deviation by more than this share in one step.
_LONGEST = 0.5


class _Fit(NamedTuple):
    """The roots rotated to fit R, and the decompositions LᵢᵀR = Uᵢ diag(kᵢ) Vᵢᵀ."""

    rotated: Array
    k: Array
    v: Array


def barycenter_root(
    roots: Array, regular: Mask, weights: Array, tolerance: float, max_steps: int
) -> Array:
    """Root of the barycenter of covariances that are given by their roots, (..., n, d, d)."""
    batch = np.broadcast_shapes(roots.shape[:-2], weights.shape)
    roots = np.broadcast_to(roots, batch + roots.shape[-2:])
    weights, regular = np.broadcast_to(weights, batch), np.broadcast_to(regular, batch)
    # As in `_matching`: in the order of falling variances small ones keep their digits.
    used = np.where(weights[..., None, None] > 0, roots, 0.0)
    size = np.abs(used).max((-3, -1))
    order = falling_order(size)
    roots = lower_triangle(in_order(roots, order[..., None, :]))
    size = np.square(np.take_along_axis(size / np.maximum(size.max(), 1e-300), order, -1))

    root = _start(roots, regular, weights)
    done = np.zeros(batch[:-1], dtype=bool)
    change = np.zeros(batch[:-1])
    for step in range(max_steps):
        if done.all() or step == _PATIENCE:
            break
        fit = _fit(roots, root, size)
        following = (weights[..., None, None] * fit.rotated).sum(-3)
        change = _row_change(following - root, root)
        root = np.where(done[..., None, None], root, following)
        done = np.asarray(done | (change <= tolerance))
    steps = max_steps - _PATIENCE
    for i in map(tuple, np.argwhere(~done)) if steps > 0 else ():
        root[i], change[i] = _newton(roots[i], root[i], weights[i], size[i], tolerance, steps)
        done[i] = change[i] <= tolerance
    if not done.all():
        raise np.linalg.LinAlgError(
            f"no barycenter to a tolerance of {tolerance:g} in {max_steps} steps: "
            f"the last step changed the root by {change[~done].max():.3g}"
        )
    return in_order(root, np.argsort(order))


def _start(roots: Array, regular: Mask, weights: Array) -> Array:
    """Take the heaviest regular root, or else a root of the mean of the covariances.

    From a regular covariance one step reaches the barycenter of two, or of any that commute. From a
    singular one the iteration might not leave its plane.
    """
    columns = np.moveaxis(np.sqrt(weights)[..., None, None] * roots, -3, -2)
    columns = columns.reshape(*columns.shape[:-2], -1)
    merit = weights * regular
    heaviest = merit.argmax(-1)[..., None, None, None]
    member = np.take_along_axis(roots, heaviest, -3)[..., 0, :, :]
    return np.where((merit.max(-1) > 0)[..., None, None], member, lower_triangle(columns))


def _fit(roots: Array, root: Array, size: Array) -> _Fit:
    product = root[..., None, :, :].swapaxes(-2, -1) @ roots  # RᵀLᵢ: its columns fall off
    v, k, u = graded_svd(product, np.broadcast_to(size[..., None, :], product.shape[:-1]))
    return _Fit(roots @ (u @ v.swapaxes(-2, -1)), k, v)


def _row_change(change: Array, root: Array) -> Array:
    """Largest change of a row, in units of its length."""
    length = np.linalg.norm(root, axis=-1)
    size = np.linalg.norm(change, axis=-1) / np.where(length > 0, length, 1.0)
    return np.asarray(size.max(-1))


def _newton(
    roots: Array, root: Array, weights: Array, size: Array, tolerance: float, max_steps: int
) -> tuple[Array, float]:
    """Root of one barycenter, and how much the last step changed it."""
    change = np.inf
    for _ in range(max_steps):
        root = lower_triangle(root)
        fit = _fit(roots, root, size)
        mean = ((weights[:, None] * fit.k)[:, None, :] * fit.v @ fit.v.swapaxes(-2, -1)).sum(0)
        residual = mean - root.T @ root
        deviation = np.linalg.norm(root, axis=0)
        noise = 8 * len(root) * EPS * deviation[:, None] * deviation
        if (np.abs(residual) <= noise).all():
            return root, 0.0  # rounding hides the rest
        y = _newton_step(residual, fit.k, fit.v, weights)
        # The lower half of Y turns a needle without making it longer: I + Y/2 would, by Y²/4.
        step = np.tril(y + y.T, -1) / 2 + np.diag(y.diagonal() / 2)
        longest = max(np.abs(step.diagonal()).max(), _row_change(root @ step, root))
        step *= min(1.0, _LONGEST / longest if longest else 1.0)
        change = float(_row_change(root @ (step + step.T) / 2, root))
        root = root + root @ step
        if change <= tolerance:
            break
    return root, change


def _newton_step(residual: Array, k: Array, v: Array, weights: Array) -> Array:
    """Solve Σ wᵢ Vᵢ(hᵢ ∘ VᵢᵀYVᵢ)Vᵢᵀ = `residual` for a symmetric Y, by conjugate gradients."""
    total = k[:, :, None] + k[:, None, :]
    h = weights[:, None, None] * k[:, :, None] * k[:, None, :] / np.where(total > 0, total, 1.0)

    def apply(y: Array) -> Array:
        in_basis = v.swapaxes(-2, -1) @ y @ v
        return np.asarray((v @ (h * in_basis) @ v.swapaxes(-2, -1)).sum(0))

    # What the operator does to each entry alone makes entries of all sizes count alike.
    diagonal = (np.square(v) @ h @ np.square(v).swapaxes(-2, -1)).sum(0)
    diagonal = np.where(diagonal > 0, diagonal, 1.0)
    y, r = np.zeros_like(residual), residual
    z = r / diagonal
    direction, merit = z, np.vdot(r, z)
    first = merit
    for _ in range(2 * residual.size):
        if not merit > EPS**2 * first:
            break
        image = apply(direction)
        curvature = np.vdot(direction, image)
        if not abs(curvature) > 0:
            break  # a direction that singular covariances leave open
        length = merit / curvature
        y, r = y + length * direction, r - length * image
        z = r / diagonal
        merit, before = np.vdot(r, z), merit
        direction = z + merit / before * direction
    return y
