"""The arithmetic of displayed formulas: numbers and matrices, alone or at many points.

A number is an array of at most one dimension, a matrix (a vector is a column) has two; one more
dimension in front runs over the points of an integral. A 1×1 matrix is a number. What does not
fit is refused, where NumPy would broadcast.
"""

from collections.abc import Callable

import numpy as np
from scipy.linalg import expm, fractional_matrix_power, logm
from scipy.optimize import minimize, minimize_scalar
from scipy.special import ndtr


class NotUnderstood(ValueError):
    """TeX that this evaluator does not know."""


def is_matrix(value) -> bool:
    return np.ndim(value) >= 2


def canonical(value):
    """A 1×1 matrix is a number; the members of a list are looked at one by one, later."""
    if isinstance(value, list):
        return value
    return value[..., 0, 0] if is_matrix(value) and np.shape(value)[-2:] == (1, 1) else value


def beside_matrix(number):
    """A number, or one at each point, in the shape that multiplies matrices."""
    return np.asarray(number)[..., None, None]


def require_values(*values) -> None:
    if any(map(callable, values)):
        raise NotUnderstood("a function without its argument in brackets")


def add(a, b):
    require_values(a, b)
    if is_matrix(a) != is_matrix(b) or (is_matrix(a) and a.shape[-2:] != b.shape[-2:]):
        raise NotUnderstood(f"a sum of shapes {np.shape(a)} and {np.shape(b)}")
    return a + b


def multiply(a, b):
    require_values(a, b)
    if is_matrix(a) and is_matrix(b):
        if a.shape[-1] != b.shape[-2]:
            raise NotUnderstood(f"a product of shapes {a.shape} and {b.shape}")
        return canonical(a @ b)
    return (a if is_matrix(a) or not is_matrix(b) else beside_matrix(a)) * (
        b if is_matrix(b) or not is_matrix(a) else beside_matrix(b)
    )


def divide(a, b):
    if is_matrix(b):
        raise NotUnderstood("a division by a matrix")
    return multiply(a, 1 / np.asarray(b))


def transpose(value):
    return np.swapaxes(value, -2, -1) if is_matrix(value) else value


def power(base, exponent):
    if not is_matrix(base):
        return expm(exponent) if is_matrix(exponent) else np.power(base, float(exponent))
    if float(exponent).is_integer():
        try:
            return np.linalg.matrix_power(base, int(exponent))
        except np.linalg.LinAlgError:  # no inverse: equal to nothing
            return np.full_like(base, np.nan)
    root = fractional_matrix_power(base, float(exponent))
    return np.where(np.abs(root.imag) < 1e-9 * np.abs(root).max(), root.real, np.nan)


def of_numbers(function: Callable) -> Callable:
    def checked(value):
        if is_matrix(value):
            raise NotUnderstood(f"{function.__name__} of a matrix")
        return function(value)

    return checked


def norm(value, kind: str):
    if not is_matrix(value):
        return np.abs(value)
    if kind in {"mathrmF", "F"} or (kind == "" and value.shape[-1] == 1):
        return np.sqrt(np.sum(np.square(value), axis=(-2, -1)))
    if kind in {"*", "\\ast"}:
        return np.linalg.svd(value, compute_uv=False).sum(-1)
    if kind == "2":
        return np.linalg.svd(value, compute_uv=False).max(-1)
    raise NotUnderstood(f"the norm {kind!r} of a matrix")


FUNCTIONS = {
    "\\log": lambda value: logm(value) if is_matrix(value) else np.log(value),
    "\\exp": lambda value: expm(value) if is_matrix(value) else np.exp(value),
    "\\sin": of_numbers(np.sin),
    "\\cos": of_numbers(np.cos),
    "\\tan": of_numbers(np.tan),
    "\\arccos": of_numbers(np.arccos),
    "\\Phi": of_numbers(ndtr),
    "\\det": lambda value: np.linalg.det(value) if is_matrix(value) else value,
    "Tr": lambda value: np.trace(value, axis1=-2, axis2=-1) if is_matrix(value) else value,
}


def least(function: Callable, low: float, high: float) -> float:
    """The minimum of a function of a number between two bounds."""
    return minimize_scalar(
        function, bounds=(low, high), method="bounded", options={"xatol": 1e-9}
    ).fun


def least_over_orthogonal(function: Callable, d: int, special: bool) -> float:
    """The minimum of a function of an orthogonal matrix; of a rotation, if special."""
    lower, identity = np.tril_indices(d, -1), np.eye(d)

    def turned(angles, start):
        skew = np.zeros((d, d))
        skew[lower] = angles
        skew = skew - skew.T
        return function(start @ np.linalg.solve(identity + skew, identity - skew))

    # Cayley's map leaves out the rotations by half a turn: hence several starts.
    rng, found = np.random.default_rng(0), []
    for sign in (1, 1) if special else (1, 1, -1, -1):
        start = np.linalg.qr(rng.normal(size=(d, d)))[0]
        start[0] *= sign * np.linalg.det(start)
        flat_start = np.zeros(len(lower[0]))
        found.append(
            minimize(turned, flat_start, args=(start,), options={"gtol": 1e-7}).fun
            if d > 1
            else function(start)
        )
    return min(found)


def component(value, places: list[int]):
    if isinstance(value, list):
        return canonical(value[places[0] - 1])
    if np.ndim(value) == 3 and len(places) == 1:  # of a vector at each point
        return value[:, places[0] - 1, 0]
    return (
        value[tuple(place - 1 for place in places)]
        if len(places) > 1
        else (np.ravel(value)[places[0] - 1])
    )


def total(value, weights):
    """The weighted sum over the points; what is the same at all points needs no axis for them."""
    if np.ndim(value) in {0, 2}:
        return value * np.sum(weights)
    return canonical(np.einsum("n,n...->...", weights, value))
