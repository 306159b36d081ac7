"""Checks of the input: every error names the argument, what was expected and what came."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["real_array", "require_finite", "result_dtype", "unit_vectors"]


def real_array(name: str, value: Any) -> npt.NDArray[Any]:
    """Return `value` as an array of real numbers in the type it came in, or raise TypeError."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be an array without a mask, got a masked array")
    try:
        array = np.asarray(value)
    except ValueError as error:  # lists whose rows differ in length
        raise ValueError(f"{name} must be a rectangular array: {error}") from None
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold real numbers, got dtype {array.dtype}")
    return array


def require_finite(name: str, array: npt.NDArray[Any]) -> None:
    """Raise ValueError if a number of `array` is NaN or infinite."""
    finite = np.isfinite(array)
    if not finite.all():
        raise ValueError(f"{name} must be finite, got {array[~finite][0]}")


def result_dtype(*arrays: npt.NDArray[Any]) -> np.dtype[Any]:
    """float32 if all arrays are float32 (or shorter), otherwise float64."""
    short = all(a.dtype.kind == "f" and a.dtype.itemsize <= 4 for a in arrays)
    return np.dtype(np.float32 if short else np.float64)


def unit_vectors(
    a: npt.ArrayLike, b: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], np.dtype[Any]]:
    """Return two unit vectors of one length, in float64, and the type the result should have."""
    arrays = []
    for name, value in (("a", a), ("b", b)):
        array = real_array(name, value)
        if array.ndim != 1 or array.size == 0:
            raise ValueError(f"{name} must be a vector, shape (d,), got shape {array.shape}")
        require_finite(name, array)
        arrays.append(array)
    if arrays[0].shape != arrays[1].shape:
        raise ValueError(
            f"a and b must have one length, got shapes {arrays[0].shape} and {arrays[1].shape}"
        )
    dtype = result_dtype(*arrays)
    for name, array in zip("ab", arrays, strict=True):
        norm = float(np.linalg.norm(array.astype(np.float64)))
        # An orthogonal map keeps lengths, so |Ta - b| can't be smaller than the error in them.
        if not abs(norm - 1) <= 4096 * np.finfo(result_dtype(array)).eps:
            raise ValueError(f"{name} must be a unit vector, got length {norm!r}")
    return arrays[0].astype(np.float64), arrays[1].astype(np.float64), dtype
