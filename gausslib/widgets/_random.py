"""Random numbers that the browser draws too, as ``src/closed-forms/random.js`` draws them."""

from __future__ import annotations

import numpy as np

from gausslib._linalg import Array

__all__ = ["standard_normals"]


def standard_normals(seed: int, count: int) -> Array:
    """Return the first standard normal numbers of a seed, a whole number from 0 to 2³² - 1.

    By the method of Box and Muller, because NumPy's own is no part of the browser.
    """
    uniform = np.random.Generator(np.random.Philox(key=seed)).random(((count + 1) // 2, 2))
    radius = np.sqrt(-2 * np.log1p(-uniform[:, :1]))
    angle = 2 * np.pi * uniform[:, 1:]
    return np.hstack([radius * np.cos(angle), radius * np.sin(angle)]).ravel()[:count]
