"""Checks of the input: every error names the argument, what was expected and what came."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "array_without_mask",
    "real_array",
    "require_broadcast",
    "require_dimension",
    "require_finite",
    "require_generator",
    "require_size",
    "result_dtype",
    "unit_vectors",
]


def array_without_mask(name: str, value: Any) -> npt.NDArray[Any]:
    """Return `value` as an array in the type it came in, or raise TypeError or ValueError."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be an array without a mask, got a masked array")
    try:
        return np.asarray(value)
    except ValueError as error:  # lists whose rows differ in length
        raise ValueError(f"{name} must be a rectangular array: {error}") from None


def real_array(name: str, value: Any) -> npt.NDArray[Any]:
    """Return `value` as an array of real numbers in the type it came in, or raise TypeError."""
    array = array_without_mask(name, value)
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


def require_broadcast(names: str, arrays: tuple[npt.NDArray[Any], ...], core: int) -> None:
    """Raise ValueError unless the dimensions before the last `core` broadcast."""
    shapes = [array.shape for array in arrays]
    try:
        np.broadcast_shapes(*(shape[:-core] for shape in shapes))
    except ValueError:
        *first, last = map(str, shapes)
        raise ValueError(
            f"the batch dimensions of {names} must broadcast, "
            f"got shapes {', '.join(first)} and {last}"
        ) from None


def require_dimension(dim: object) -> int:
    """Return a dimension, an integer from 1 on, or raise."""
    if isinstance(dim, bool) or not isinstance(dim, int | np.integer):
        raise TypeError(f"dim must be an integer, got {dim!r}")
    if dim < 1:
        raise ValueError(f"dim must be at least 1, got {dim}")
    return int(dim)


def require_generator(rng: object) -> None:
    """Raise TypeError if `rng` is not a numpy.random.Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")


def require_size(size: int | tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape that `size` means, or raise."""
    shape = size if isinstance(size, tuple) else (size,)
    for n in shape:
        if isinstance(n, bool) or not isinstance(n, int | np.integer):
            raise TypeError(f"size must be an integer or a tuple of integers, got {size!r}")
        if n < 0:
            raise ValueError(f"size must not be negative, got {size!r}")
    return shape


def unit_vectors(
    a: npt.ArrayLike, b: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], np.dtype[Any]]:
    """Return unit vectors of one length, in float64, and the type the result should have."""
    a, b = real_array("a", a), real_array("b", b)
    for name, array in (("a", a), ("b", b)):
        if array.ndim == 0 or array.shape[-1] == 0:
            raise ValueError(
                f"{name} must be a vector, shape (..., d) with d ≥ 1, got shape {array.shape}"
            )
        require_finite(name, array)
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(f"a and b must have one length, got shapes {a.shape} and {b.shape}")
    require_broadcast("a and b", (a, b), core=1)
    for name, array in (("a", a), ("b", b)):
        with np.errstate(over="ignore"):
            norm = np.linalg.norm(array.astype(np.float64), axis=-1)
        # An orthogonal map keeps lengths, so |Ta - b| can't be smaller than the error in them.
        wrong = ~(np.abs(norm - 1) <= 4096 * np.finfo(result_dtype(array)).eps)
        if wrong.any():
            index = tuple(map(int, np.argwhere(wrong)[0]))
            where = f" at {index}" if index else ""
            raise ValueError(f"{name} must be a unit vector, got length {norm[index]}{where}")
    return a.astype(np.float64), b.astype(np.float64), result_dtype(a, b)
