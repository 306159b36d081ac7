"""Pairs of planar Gaussians such as a figure can show, and the truth about them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import mpmath
import numpy as np

KINDS = (
    "plain",
    "thin",
    "crossing",
    "parallel",
    "scales",
    "near",
    "near thin",
    "nearly equal means",
    "contrast",
)


@dataclass(frozen=True)
class Plane:
    """Mean and covariance [[a, b], [b, d]], all exact doubles."""

    mean: tuple[float, float]
    cov: tuple[float, float, float]

    def matrix(self) -> np.ndarray:
        a, b, d = self.cov
        return np.array([[a, b], [b, d]])


def from_axes(x: float, y: float, s1: float, s2: float, angle: float) -> Plane:
    c, s = math.cos(angle), math.sin(angle)
    v1, v2 = s1 * s1, s2 * s2
    return Plane(
        (x, y), (v1 * (c * c) + v2 * (s * s), (v1 - v2) * c * s, v1 * (s * s) + v2 * (c * c))
    )


def random_pair(kind: str, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """One pair of the given kind; each kind is a way in which the plain formulas lose digits."""
    mean = rng.uniform(-3, 3, 2)
    size = rng.uniform(0.2, 2.5)
    angle = rng.uniform(-math.pi, math.pi)
    ratio = 10 ** rng.uniform(-3, -2) if kind != "plain" else rng.uniform(0.2, 1)
    p = [*mean, size, size * ratio, angle]
    q = [
        *rng.uniform(-3, 3, 2),
        rng.uniform(0.2, 2.5),
        rng.uniform(0.2, 2.5),
        rng.uniform(-math.pi, math.pi),
    ]
    step = 10 ** rng.uniform(-12, -3)
    match kind:
        case "thin":
            q[3] = q[2] * 10 ** rng.uniform(-3, 0)
        case "crossing":
            q[:2] = mean
            q[3], q[4] = q[2] * ratio, angle + math.pi / 2 + rng.choice([0, 1e-8, 1e-3, 0.3])
        case "parallel":
            q[3], q[4] = q[2] * ratio, angle
        case "scales":
            p = [*p[:2], *(np.array(p[2:4]) * 10 ** rng.uniform(-3, 3)), angle]
            q = [*q[:2], *(np.array(q[2:4]) * 10 ** rng.uniform(-3, 3)), q[4]]
        case "near" | "near thin":
            if kind == "near":
                p[3] = size * rng.uniform(0.1, 1)
            change = step * rng.normal(size=5) * rng.choice([0, 1], size=5, p=[0.3, 0.7])
            q = [*(np.array(p) + change * [1, 1, p[2], p[3], 1])]
        case "nearly equal means":
            q = [p[0] + step, p[1] - 2 * step, *p[2:]]
        case "contrast":
            p[2:4] = [1e-3, 1e-3 * rng.uniform(0.5, 1)]
    return from_axes(*map(float, p)), from_axes(*map(float, q))


def truth(p: Plane, q: Plane) -> dict[str, mpmath.mpf]:
    """The distances of these very doubles, by the textbook formulas in 80-digit arithmetic."""
    with mpmath.workdps(80):
        sp, sq = (mpmath.matrix(g.matrix().tolist()) for g in (p, q))
        delta = mpmath.matrix(p.mean) - mpmath.matrix(q.mean)

        def trace(m: mpmath.matrix) -> mpmath.mpf:
            return m[0, 0] + m[1, 1]

        def terms(
            sp: mpmath.matrix, sq: mpmath.matrix
        ) -> tuple[mpmath.mpf, mpmath.mpf, mpmath.mpf]:
            inverse = sq**-1
            mean = (delta.T * inverse * delta)[0]
            logdet = mpmath.log(mpmath.det(sq) / mpmath.det(sp))
            return mean / 2, (trace(inverse * sp) - 2) / 2, logdet / 2

        middle = (sp + sq) / 2
        overlap = (delta.T * middle**-1 * delta)[0]
        dets = mpmath.sqrt(mpmath.det(sp) * mpmath.det(sq))
        mean, trace_term, logdet = terms(sp, sq)
        cost = trace(sp) + trace(sq) - 2 * mpmath.sqrt(trace(sp * sq) + 2 * dets)
        w2_squared = (delta.T * delta)[0] + cost
        spread = mpmath.log(mpmath.det(middle) / dets) / 2
        return {
            "kl_pq": mean + trace_term + logdet,
            "kl_qp": sum(terms(sq, sp)),
            "bhattacharyya": overlap / 8 + spread,
            "bhattacharyya_mean": overlap / 8,
            "bhattacharyya_logdet": spread,
            "hellinger": mpmath.sqrt(1 - mpmath.exp(-overlap / 8 - spread)),
            "w2": mpmath.sqrt(w2_squared),
            "w2_squared": w2_squared,
            "w2_mean": (delta.T * delta)[0],
            "w2_covariance": cost,
            "mean": mean,
            "trace": trace_term,
            "logdet": logdet,
        }


def root(matrix: mpmath.matrix) -> mpmath.matrix:
    """Principal root of a covariance, by its eigenvalues."""
    values, vectors = mpmath.eigsy(matrix)
    return vectors * mpmath.diag([mpmath.sqrt(value) for value in values]) * vectors.T


def transport_truth(p: Plane, q: Plane, t: float) -> dict[str, np.ndarray]:
    """The matrix of the map from p to q, and the covariance at time t, by their definitions."""
    with mpmath.workdps(80):
        sp, sq = (mpmath.matrix(g.matrix().tolist()) for g in (p, q))
        half = root(sp)
        matrix = half**-1 * root(half * sq * half) * half**-1
        step = (1 - mpmath.mpf(t)) * mpmath.eye(2) + t * matrix
        found = {"map": matrix, "cov": step * sp * step}
        return {name: np.array(value.tolist(), dtype=float) for name, value in found.items()}
