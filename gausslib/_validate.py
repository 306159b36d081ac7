"""Checks of the input: every error names the argument, what was expected and what came."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gausslib._linalg import Array

__all__ = [
    "array_without_mask",
    "broadcast_shape",
    "coordinates",
    "mean_and_matrix",
    "mean_and_vector",
    "points",
    "precision_of",
    "real_array",
    "require_finite",
    "require_generator",
    "require_integer",
    "require_size",
    "result_dtype",
    "symmetric_part",
    "two_vectors",
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


def result_dtype(*parts: npt.NDArray[Any] | np.dtype[Any]) -> np.dtype[Any]:
    """float32 if all arrays, or types of other results, are float32 or shorter, else float64."""
    types = [part if isinstance(part, np.dtype) else part.dtype for part in parts]
    short = all(dtype.kind == "f" and dtype.itemsize <= 4 for dtype in types)
    return np.dtype(np.float32 if short else np.float64)


def broadcast_shape(
    subject: str, *shapes: tuple[int, ...], cores: tuple[int, ...] | None = None
) -> tuple[int, ...]:
    """Return the shape to which batches broadcast, or raise ValueError.

    `cores` says how many dimensions at the end of each shape are no batch; by default none.
    """
    cores = cores or (0,) * len(shapes)
    try:
        return np.broadcast_shapes(
            *(shape[: len(shape) - core] for shape, core in zip(shapes, cores, strict=True))
        )
    except ValueError:
        *first, last = map(str, shapes)
        raise ValueError(
            f"{subject} must broadcast, got shapes {', '.join(first)} and {last}"
        ) from None


def require_integer(name: str, value: object, least: int) -> int:
    """Return an integer from `least` on, or raise."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return int(value)


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


def points(name: str, x: npt.ArrayLike, dim: int, batch: tuple[int, ...]) -> npt.NDArray[Any]:
    """Return `x` as finite points in `dim` dimensions that fit a batch, or raise."""
    x = real_array(name, x)
    if x.ndim == 0 and dim == 1:
        x = x[None]
    if x.ndim == 0 or x.shape[-1] != dim:
        raise ValueError(f"{name} must have shape (..., {dim}), got shape {x.shape}")
    broadcast_shape(f"{name} and the batch", x.shape, batch, cores=(1, 0))
    require_finite(name, x)
    return x


def coordinates(indices: npt.ArrayLike, dim: int) -> npt.NDArray[np.intp]:
    """Return `indices` of coordinates as a vector of numbers from 0 to dim - 1, or raise."""
    array = array_without_mask("indices", indices)
    if array.size == 0:
        raise ValueError("indices must not be empty")
    if array.dtype.kind not in "iu":
        raise TypeError(f"indices must be an integer or a sequence of integers, got {indices!r}")
    if array.ndim > 1:
        raise ValueError(f"indices must be a sequence, shape (k,), got shape {array.shape}")
    if ((array < -dim) | (array >= dim)).any():
        raise ValueError(f"indices must be from {-dim} to {dim - 1}, got {array.tolist()}")
    array = np.atleast_1d(array).astype(np.intp) % dim
    if np.unique(array).size < array.size:
        raise ValueError(f"indices must not repeat a coordinate, got {indices!r}")
    return array


def mean_and_matrix(
    mean: npt.ArrayLike, matrix: npt.ArrayLike, name: str
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return finite arrays of shapes (..., d) and (..., d, d) that fit each other, or raise."""
    mean, matrix = real_array("mean", mean), real_array(name, matrix)
    if mean.ndim == matrix.ndim == 0:
        mean, matrix = mean[None], matrix[None, None]
    shapes = f"got mean of shape {mean.shape} and {name} of shape {matrix.shape}"
    if matrix.ndim == 1:
        meant = "for a diagonal covariance with these variances use Gaussian.from_diagonal; "
        raise ValueError(
            f"{name} must be a matrix, shape (..., d, d); {meant if name == 'cov' else ''}{shapes}"
        )
    if mean.ndim == 0 or matrix.ndim == 0:
        raise ValueError(f"mean must have shape (..., d) and {name} shape (..., d, d); {shapes}")
    if matrix.shape[-1] != matrix.shape[-2]:
        meant = ""
        if name == "cov" and matrix.shape[-1] == mean.shape[-1]:
            meant = (
                "for diagonal covariances, a vector of variances each, use Gaussian.from_diagonal, "
                "for samples, one a row, Gaussian.from_samples; "
            )
        raise ValueError(f"{name} must be square, shape (..., d, d); {meant}{shapes}")
    if mean.shape[-1] != matrix.shape[-1]:
        raise ValueError(f"mean and {name} must have one dimension d; {shapes}")
    if mean.shape[-1] == 0:
        raise ValueError(f"the dimension must be at least 1; {shapes}")
    if mean.ndim > 1 and matrix.ndim > 2:
        broadcast_shape(
            f"the batch dimensions of mean and {name}", mean.shape, matrix.shape, cores=(1, 2)
        )
    require_finite("mean", mean)
    require_finite(name, matrix)
    return mean, matrix


def mean_and_vector(
    mean: npt.ArrayLike, vector: npt.ArrayLike, name: str
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return a mean and a vector of numbers that are not negative, of one length, or raise."""
    mean, vector = real_array("mean", mean), real_array(name, vector)
    shapes = f"got mean of shape {mean.shape} and {name} of shape {vector.shape}"
    if mean.ndim == vector.ndim == 0:
        mean, vector = mean[None], vector[None]
    if mean.ndim == 0 or vector.ndim == 0 or mean.shape[-1] != vector.shape[-1]:
        raise ValueError(f"mean and {name} must have one length d, shape (..., d); {shapes}")
    if mean.shape[-1] == 0:
        raise ValueError(f"the dimension must be at least 1; {shapes}")
    broadcast_shape(
        f"the batch dimensions of mean and {name}", mean.shape, vector.shape, cores=(1, 1)
    )
    require_finite("mean", mean)
    require_finite(name, vector)
    if (vector < 0).any():
        raise ValueError(f"{name} must not be negative, got {vector[vector < 0][0]}")
    return mean, vector


def symmetric_part(name: str, matrix: Array, eps: float) -> Array:
    """Return the symmetric part of doubles, which must agree with them to half of the digits.

    `eps` is their precision. The digits of an entry are counted from the deviations of its two
    coordinates, so that a large variance elsewhere hides nothing.
    """
    if np.array_equal(matrix, matrix.swapaxes(-2, -1)):
        return matrix
    # Halved first: the difference of two large numbers must not overflow.
    half = matrix / 2 - matrix.swapaxes(-2, -1) / 2
    size = np.sqrt(np.abs(np.einsum("...ii->...i", matrix)))
    bad = np.abs(half) > np.sqrt(eps) / 2 * size[..., :, None] * size[..., None, :]
    if bad.any():
        *_, i, j = index = tuple(int(k) for k in np.argwhere(bad)[0])
        mirrored = (*index[:-2], j, i)
        raise ValueError(
            f"{name} must be symmetric, got {matrix[index]} and {matrix[mirrored]} "
            f"at {index} and {mirrored}"
        )
    return matrix - half


def precision_of(array: npt.NDArray[Any]) -> float:
    """Relative precision of the numbers of an array: that of float32 if it is so short."""
    return float(np.finfo(result_dtype(array)).eps)


def two_vectors(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return vectors of one dimension, in the types they came in, or raise."""
    a, b = real_array("a", a), real_array("b", b)
    for name, array in (("a", a), ("b", b)):
        if array.ndim == 0 or array.shape[-1] == 0:
            raise ValueError(
                f"{name} must be a vector, shape (..., d) with d ≥ 1, got shape {array.shape}"
            )
        require_finite(name, array)
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(f"a and b must have one length, got shapes {a.shape} and {b.shape}")
    broadcast_shape("the batch dimensions of a and b", a.shape, b.shape, cores=(1, 1))
    return a, b


def unit_vectors(
    a: npt.ArrayLike, b: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], np.dtype[Any]]:
    """Return unit vectors of one dimension, in float64, and the type the result should have.

    Their lengths may be off by what seven digits leave open, or the rounding of a short type.
    """
    a, b = two_vectors(a, b)
    for name, array in (("a", a), ("b", b)):
        with np.errstate(over="ignore"):
            norm = np.linalg.norm(array.astype(np.float64), axis=-1)
        wrong = ~(np.abs(norm - 1) <= max(1e-6, 4096 * np.finfo(result_dtype(array)).eps))
        if wrong.any():
            index = tuple(map(int, np.argwhere(wrong)[0]))
            where = f" at {index}" if index else ""
            each = ", axis=-1, keepdims=True" if index else ""
            meant = f"; divide it by its length, {name} / numpy.linalg.norm({name}{each})"
            raise ValueError(
                f"{name} must be a unit vector, got length {norm[index]}{where}"
                f"{meant if 0 < norm[index] < np.inf else ''}"
            )
    return a.astype(np.float64), b.astype(np.float64), result_dtype(a, b)
