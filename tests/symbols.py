"""What the symbols of the displayed formulas stand for, in one random trial.

Nothing here uses a closed form of the book. Divergences are integrated over a grid, by their
definitions; the transport map solves its equation; the maps from a to b are put together from
a basis.
"""

import inspect
from collections.abc import Callable
from functools import cache, cached_property, lru_cache

import numpy as np
from scipy.linalg import solve_continuous_are
from scipy.stats import multivariate_normal
from tex_numbers import canonical, least, least_over_orthogonal

from gausslib import Gaussian


class Law(Gaussian):
    """A Gaussian that can be called: its density, at a point or at many."""

    def __call__(self, x):
        return np.exp(self.log_density(x))

    def log_density(self, x):
        columns = np.asarray(x)[..., None] if self.dim == 1 else np.asarray(x)[..., 0]
        return multivariate_normal(self.mean, self.cov).logpdf(columns)


# --- integrals over the whole space -----------------------------------------------------


@lru_cache(maxsize=32)
def grid(p: Law, q: Law):
    """Points and volumes of a rule that integrates what decays like p or q.

    In coordinates that whiten the mean covariance the trapezoidal rule converges
    exponentially. Along the first axis, which joins the means, the rule is Gauss-Legendre's in
    pieces, because |p - q| has kinks: halfway, if the covariances are equal, and on the line
    where the densities cross.
    """
    middle, root = (p.mean + q.mean) / 2, np.linalg.cholesky((p.cov + q.cov) / 2)
    shift = np.linalg.solve(root, p.mean - q.mean)
    basis = np.linalg.qr(np.column_stack([shift, np.eye(p.dim)]))[0]
    # p and q have these standard deviations in the coordinates of the rule
    variances = [np.linalg.eigvals(np.linalg.solve(p.cov + q.cov, 2 * g.cov)).real for g in (p, q)]
    narrow, wide = np.sqrt(np.min(variances)), np.sqrt(np.max(variances))
    reach = 8.5 * wide + np.linalg.norm(shift) / 2
    kinks = [0.0, -0.4 * reach, 0.4 * reach]
    if p.dim == 1:
        kinks += [(x - middle[0]) / root[0, 0] for x in crossings(p, q)]
    ends = np.sort([-reach, reach, *(kink for kink in kinks if abs(kink) < reach)])
    nodes, weights = np.polynomial.legendre.leggauss(round(20 / narrow))
    halves = np.diff(ends)[:, None] / 2
    first = (ends[:-1, None] + halves * (1 + nodes)).ravel(), (halves * weights).ravel()
    step = 0.65 * narrow
    steps = np.arange(-reach, reach, step)
    axes = [first] + [(steps, np.full(len(steps), step))] * (p.dim - 1)
    t = np.stack(np.meshgrid(*(axis[0] for axis in axes), indexing="ij"), -1)
    volumes = np.prod(np.meshgrid(*(axis[1] for axis in axes), indexing="ij"), axis=0)
    points = middle + t.reshape(-1, p.dim) @ (root @ basis).T
    return canonical(points[..., None]), volumes.ravel() * np.linalg.det(root)


def crossings(p: Law, q: Law):
    """Where two densities on the line are equal."""
    (m, v), (n, w) = ((g.mean[0], g.cov[0, 0]) for g in (p, q))
    roots = np.roots([1 / w - 1 / v, 2 * (m / v - n / w), n**2 / w - m**2 / v + np.log(w / v)])
    return roots[np.isreal(roots)].real


@cache
def integral(integrand: Callable, p: Law, q: Law, *parameters: float) -> float:
    """The integral of a function of the two log-densities."""
    points, volumes = grid(p, q)
    return float(volumes @ integrand(p.log_density(points), q.log_density(points), *parameters))


def kl_integrand(log_p, log_q):
    return np.exp(log_p) * (log_p - log_q)


def surprise_integrand(log_p, log_q):
    return -np.exp(log_p) * log_q


def chernoff_integrand(log_p, log_q, alpha):
    return np.exp(alpha * log_p + (1 - alpha) * log_q)


def hellinger_integrand(log_p, log_q):
    return (np.exp(log_p / 2) - np.exp(log_q / 2)) ** 2 / 2


def variation_integrand(log_p, log_q):
    return np.abs(np.exp(log_p) - np.exp(log_q)) / 2


@cache
def w2_squared(p: Law, q: Law) -> float:
    """The least mean of |x - y|², over the couplings y - μq = Lq Q Lp⁻¹ (x - μp)."""
    first, second = np.linalg.cholesky(p.cov), np.linalg.cholesky(q.cov)
    shift = p.mean - q.mean
    return shift @ shift + least_over_orthogonal(
        lambda turn: np.sum((first - second @ turn) ** 2), p.dim, special=False
    )


# --- the symbols ------------------------------------------------------------------------


class Symbols:
    """Symbols by name. What is not given is derived from what is, when it is asked for."""

    def __init__(self, **given):
        self._given = given
        vars(self).update(given)

    def __contains__(self, name) -> bool:
        return name in vars(self) or (str(name)[:1] != "_" and hasattr(type(self), str(name)))

    def __getitem__(self, name: str):
        return canonical(getattr(self, name))

    def __or__(self, given: dict) -> "Symbols":
        """The same with some symbols bound; what depends on them follows."""
        return type(self)(**{**self._given, **given})

    @cached_property
    def I(self):  # noqa: E743
        return np.eye(self.d)

    def diag(self, *entries):
        return np.diag(entries)


class Pair(Symbols):
    """Two Gaussians p and q, an order alpha, a time t and a point x."""

    # given: p, q, alpha, t, x; for some scopes more

    @cached_property
    def d(self):
        return self.p.dim

    @cached_property
    def mu_p(self):
        return self.p.mean[:, None]

    @cached_property
    def mu_q(self):
        return self.q.mean[:, None]

    @cached_property
    def delta(self):
        return self.mu_p - self.mu_q

    @cached_property
    def Sigma_p(self):
        return self.p.cov

    @cached_property
    def Sigma_q(self):
        return self.q.cov

    @cached_property
    def sigma_p(self):
        return np.sqrt(np.diag(self.p.cov))

    @cached_property
    def sigma_q(self):
        return np.sqrt(np.diag(self.q.cov))

    @cached_property
    def M(self):
        return (self.p.cov + self.q.cov) / 2

    @cached_property
    def Sigma_alpha(self):
        return (1 - self.alpha) * self.p.cov + self.alpha * self.q.cov

    @cached_property
    def lambda_(self):
        """Eigenvalues of Σq⁻¹Σp."""
        return np.linalg.eigvals(np.linalg.solve(self.q.cov, self.p.cov)).real

    @cached_property
    def T(self):
        """The positive definite solution of TΣpT = Σq."""
        root = np.linalg.cholesky(self.p.cov)
        return solve_continuous_are(np.zeros((self.d, self.d)), root, self.q.cov, np.eye(self.d))

    @cached_property
    def points(self):
        return grid(self.p, self.q)[0]

    @cached_property
    def volumes(self):
        return grid(self.p, self.q)[1]

    def r(self, x):
        return self.q(x) / self.p(x)

    def normal(self, mean, cov):
        mean = np.ravel(np.broadcast_to(mean, (self.d, 1)))
        return Law(mean, np.reshape(cov, (self.d, self.d)))

    # of laws

    def KL(self, p, q):
        return integral(kl_integrand, p, q)

    def J(self, p, q):
        return self.KL(p, q) + self.KL(q, p)

    def h(self, p, q=None):
        return integral(surprise_integrand, p, p if q is None else q)

    def c(self, alpha):
        return lambda p, q: integral(chernoff_integrand, p, q, float(alpha))

    def D(self, alpha):
        return lambda p, q: np.log(self.c(alpha)(p, q)) / (alpha - 1)

    def C(self, p, q):
        return -np.log(least(lambda alpha: self.c(alpha)(p, q), 0, 1))

    def BC(self, p, q):
        return self.c(0.5)(p, q)

    def BD(self, p, q):
        return -np.log(self.BC(p, q))

    def Hel(self, p, q):
        return np.sqrt(integral(hellinger_integrand, p, q))

    def TV(self, p, q):
        return integral(variation_integrand, p, q)

    def W_2(self, p, q):
        return np.sqrt(w2_squared(p, q))


class Directions(Symbols):
    """Two unit vectors a and b, columns, neither equal nor opposite."""

    @cached_property
    def d(self):
        return len(self.a)

    @cached_property
    def c(self):
        return (self.a.T @ self.b)[0, 0]

    @cached_property
    def s(self):
        return np.linalg.norm(self.b - self.c * self.a)

    @cached_property
    def theta(self):
        return np.arctan2(self.s, self.c)

    @cached_property
    def v(self):
        """The direction in the plane that is perpendicular to a."""
        return (self.b - self.c * self.a) / self.s

    def _map(self, image_of_v, sign):
        """The map that takes a to b and v to this image, and is ±1 outside their plane."""
        plane = np.hstack([self.a, self.v])
        return np.hstack([self.b, image_of_v]) @ plane.T + sign * (self.I - plane @ plane.T)

    @cached_property
    def T_1(self):
        return self._map(self.c * self.v - self.s * self.a, 1)

    @cached_property
    def T_2(self):
        return self._map(self.s * self.a - self.c * self.v, 1)

    @cached_property
    def T_3(self):
        return self._map(self.s * self.a - self.c * self.v, -1)

    @cached_property
    def T_4(self):
        return self._map(self.c * self.v - self.s * self.a, -1)

    def H(self, normal):
        """The reflection with this normal."""
        unit = normal / np.linalg.norm(normal)
        return self.I - 2 * unit @ unit.T


# --- random trials, one kind for each scope ---------------------------------------------


def covariance(rng: np.random.Generator, d: int) -> np.ndarray:
    root = rng.normal(size=(d, d))
    return np.eye(d) + 0.12 * (root + root.T) / np.sqrt(d)


def pair(rng: np.random.Generator, p: Gaussian, q: Gaussian, **given) -> Pair:
    p, q = Law(p.mean, p.cov), Law(q.mean, q.cov)
    return Pair(
        **{
            "p": p,
            "q": q,
            "alpha": rng.uniform(0.2, 0.8),
            "t": rng.uniform(0.2, 0.8),
            "x": p.mean[:, None] + 0.5 * rng.normal(size=(p.dim, 1)),
            **given,
        }
    )


def any_pair(rng, **given):
    """In every fourth the covariances are equal: there several bounds are nearly reached."""
    d, equal = int(rng.choice([1, 2, 2, 3])), rng.random() < 0.25
    means, covs = 0.4 * rng.normal(size=(2, d)), [covariance(rng, d) for _ in "pq"]
    return pair(rng, *map(Gaussian, means, [covs[0], covs[not equal]]), **given)


def line_pair(rng):
    p, q = (Gaussian(rng.normal(), rng.uniform(0.5, 2)) for _ in "pq")
    names = {f"mu_{name}": float(g.mean[0]) for name, g in (("p", p), ("q", q))}
    names |= {f"sigma_{name}": float(np.sqrt(g.cov[0, 0])) for name, g in (("p", p), ("q", q))}
    return pair(rng, p, q, **names)


def diagonal_pair(rng):
    d = int(rng.integers(2, 4))
    variances = rng.uniform(0.5, 2, (2, d))
    return pair(rng, *(Gaussian(rng.normal(size=d), np.diag(row)) for row in variances))


def standard_pair(rng):
    d = int(rng.integers(2, 4))
    return pair(rng, Gaussian(rng.normal(size=d), covariance(rng, d)), Gaussian.standard(d))


def turned_pair(rng):
    axes, theta = rng.uniform(0.5, 2, 2), rng.uniform(0.3, 1.2)
    p, q = (Gaussian.from_axes([0, 0], axes, turn) for turn in (0.0, theta))
    return pair(rng, p, q, theta=theta, l_1=p.cov[0, 0], l_2=p.cov[1, 1])


def ordered_pair(rng):
    return any_pair(rng, alpha=rng.choice([rng.uniform(0.2, 0.8), rng.uniform(1.1, 1.4)]))


def directions(rng):
    d = int(rng.integers(2, 6))
    a, b = rng.normal(size=(2, d, 1))
    return Directions(a=a / np.linalg.norm(a), b=b / np.linalg.norm(b))


SAMPLERS: dict[str, Callable[[np.random.Generator], Symbols]] = {
    "any dimension": any_pair,
    "d = 1": line_pair,
    "diagonal": diagonal_pair,
    "q standard": standard_pair,
    "turned ellipse": turned_pair,
    "finite variance": any_pair,
    "finite order": ordered_pair,
    "unit vectors": directions,
}


def arguments(function: Callable, symbols: Symbols) -> list:
    """What a function of gausslib takes, by the names of its parameters; columns lose an axis."""
    result = []
    for name in inspect.signature(function).parameters:
        value = getattr(symbols, {"self": "p"}.get(name, name))
        is_column = np.ndim(value) == 2 and np.shape(value)[1] == 1
        result.append(np.ravel(value) if is_column else value)
    return result
