"""What the figures of orthogonal maps share: the maps by name, and their numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gausslib import half_turn, reflection, rotation, rotation_generator, rotoreflection

__all__ = ["MAPS", "SYMBOLS", "map_values"]

MAPS = {
    "rotation": rotation,
    "reflection": reflection,
    "half-turn": half_turn,
    "rotoreflection": rotoreflection,
}
SYMBOLS = {name: f"T_{index}" for index, name in enumerate(MAPS, 1)}


def map_values(name: str, a: npt.ArrayLike, b: npt.ArrayLike) -> dict[str, npt.NDArray[np.float64]]:
    """Return determinant, trace, angle, ‖T - I‖ and entries of a map, of batches too."""
    t = MAPS[name](a, b)
    d = t.shape[-1]
    angle = np.linalg.norm(rotation_generator(a, b), axis=(-2, -1)) / np.sqrt(2)
    # not from the entries of T - I, which have few digits left where T is nearly I
    turned = name in ("rotation", "rotoreflection")
    within = np.sqrt(8) * np.sin(angle / 2) if turned else np.full_like(angle, 2)
    across = 0 if name in ("rotation", "reflection") else 2 * np.sqrt(d - 2)
    return {
        "determinant": np.linalg.det(t),
        "trace": np.trace(t, axis1=-2, axis2=-1),
        "angle": angle,
        "shift": np.hypot(within, across),
        **{f"t{i + 1}{j + 1}": t[..., i, j] for i in range(d) for j in range(d)},
    }
