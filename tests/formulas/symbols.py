"""What the symbols of the displayed formulas stand for, in one random trial.

Nothing here uses a closed form of the book. Divergences are integrated over a grid, by their
definitions; the transport map solves its equation; the maps from a to b are put together from
a basis.
"""

import inspect
from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from itertools import permutations
from math import factorial

import numpy as np
from formulas.tex_numbers import canonical, least, least_over_orthogonal
from scipy.integrate import quad
from scipy.linalg import solve_continuous_are
from scipy.optimize import brentq, linear_sum_assignment, minimize
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from gausslib import Gaussian
from reference.rao import rao_distance


class Law(Gaussian):
    """A Gaussian that can be called: its density, at a point or at many."""

    def __call__(self, x):
        return np.exp(self.log_density(x))

    def log_density(self, x):
        columns = np.asarray(x)[..., None] if self.dim == 1 else np.asarray(x)[..., 0]
        return self._scipy.logpdf(columns)

    @cached_property
    def _scipy(self):
        return multivariate_normal(self.mean, self.cov)


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


@lru_cache(maxsize=32)
def on_grid(p: Law, q: Law):
    """The volumes of the rule, and the two log-densities at its points."""
    points, volumes = grid(p, q)
    return volumes, p.log_density(points), q.log_density(points)


@cache
def integral(integrand: Callable, p: Law, q: Law, *parameters: complex) -> complex:
    """The integral of a function of the two log-densities."""
    volumes, log_p, log_q = on_grid(p, q)
    return (volumes @ integrand(log_p, log_q, *parameters)).item()


def derivative(function: Callable, at: float, order: int) -> float:
    """The derivative of a function that is analytic around a point, by Cauchy's integral."""
    turns = np.exp(2j * np.pi * np.arange(24) / 24)
    values = np.array([function(complex(at + 0.4 * turn)) for turn in turns])
    return factorial(order) / 0.4**order * np.mean(values / turns**order).real


def kl_integrand(log_p, log_q):
    return np.exp(log_p) * (log_p - log_q)


def surprise_integrand(log_p, log_q):
    return -np.exp(log_p) * log_q


def chernoff_integrand(log_p, log_q, alpha):
    return np.exp(alpha * log_p + (1 - alpha) * log_q)


def chernoff_slope_integrand(log_p, log_q, alpha):
    return chernoff_integrand(log_p, log_q, alpha) * (log_p - log_q)


def hellinger_integrand(log_p, log_q):
    return (np.exp(log_p / 2) - np.exp(log_q / 2)) ** 2 / 2


def variation_integrand(log_p, log_q):
    return np.abs(np.exp(log_p) - np.exp(log_q)) / 2


def symmetric_root(cov):
    """Of a covariance, which may be singular."""
    values, vectors = np.linalg.eigh(cov)
    return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T


@cache
def w2_squared(p: Law, q: Law) -> float:
    """The least mean of |x - y|², over the couplings x = μp + Rp z, y = μq + Rq Q z."""
    first, second = symmetric_root(p.cov), symmetric_root(q.cov)
    shift = p.mean - q.mean
    return shift @ shift + least_over_orthogonal(
        lambda turn: np.sum((first - second @ turn) ** 2), p.dim, special=False
    )


shortest_path = cache(rao_distance)


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
    def alpha_star(self):
        """The exponent at which ∫ p^α q^(1 - α) is least: its slope is zero there."""

        def slope(alpha):
            return integral(chernoff_slope_integrand, self.p, self.q, float(alpha))

        return brentq(slope, 0, 1, xtol=1e-15)

    @cached_property
    def sigma_star(self):
        """Standard deviation of the mixed variances at that exponent, for laws on the line."""
        mixed = (1 - self.alpha_star) * self.p.cov + self.alpha_star * self.q.cov
        return np.sqrt(mixed[0, 0])

    @cached_property
    def sigma_alpha(self):
        """A number, for laws on the line."""
        return np.sqrt(self.Sigma_alpha[0, 0])

    @cached_property
    def z(self):
        """Where the densities of two laws on the line cross."""
        return crossings(self.p, self.q)

    @cached_property
    def T(self):
        """The positive definite solution of TΣpT = Σq."""
        root = np.linalg.cholesky(self.p.cov)
        return solve_continuous_are(np.zeros((self.d, self.d)), root, self.q.cov, np.eye(self.d))

    @cached_property
    def mu_t(self):
        return self.mu_p + self.t * (self.mu_q - self.mu_p)

    @cached_property
    def Sigma_t(self):
        """Covariance of (1 - t) x + t y, where y - μq = T (x - μp)."""
        step, across = 1 - self.t, self.Sigma_p @ self.T
        return (
            step**2 * self.Sigma_p + self.t**2 * self.Sigma_q + step * self.t * (across + across.T)
        )

    @cached_property
    def s(self):
        """Standard deviations of p along its axes."""
        return np.sqrt(np.linalg.eigvalsh(self.p.cov))

    @cached_property
    def sigma(self):
        return abs(self.sigma_p - self.sigma_q)

    @cached_property
    def y(self):
        """A second point."""
        return self.mu_q - self.x[::-1]

    @cached_property
    def Q(self):
        """The orthogonal matrix nearest to YᵀX, by Newton's iteration."""
        turn = self.Y.T @ self.X
        for _ in range(60):
            turn = (turn + np.linalg.inv(turn).T) / 2
        return turn

    @cached_property
    def s_star(self):
        """The factor that brings X, turned to fit, closest to Y: a least-squares problem."""
        turned = np.reshape(self.X @ self.Q.T, (-1, 1))
        return np.linalg.lstsq(turned, np.ravel(self.Y))[0].item()

    @cached_property
    def points(self):
        return grid(self.p, self.q)[0]

    @cached_property
    def volumes(self):
        return grid(self.p, self.q)[1]

    def r(self, x):
        return self.q(x) / self.p(x)

    def m_p(self, x):
        """The Mahalanobis distance, by what the log-density loses on the way from its maximum."""
        return np.sqrt(2 * (self.p.log_density(self["mu_p"]) - self.p.log_density(x)))

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

    def D_prime(self, alpha):
        """The derivative in the order."""

        def divergence(p, q, order):
            return np.log(integral(chernoff_integrand, p, q, order)) / (order - 1)

        return lambda p, q: derivative(lambda order: divergence(p, q, order), alpha, 1)

    def D_infty(self, p, q):
        """The largest log p - log q; this is concave, where Σp < Σq."""
        found = minimize(lambda x: q.logpdf(x) - p.logpdf(x), p.mean, options={"gtol": 1e-8})
        return -found.fun

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

    def FR(self, p, q):
        return shortest_path(p, q)

    def g(self, x):
        """The density proportional to p^α q^(1 - α)."""
        powers = chernoff_integrand(self.p.log_density(x), self.q.log_density(x), self.alpha)
        return powers / self.c(self.alpha)(self.p, self.q)

    def W_2(self, p, q):
        return np.sqrt(w2_squared(p, q))

    def W_1(self, p, q):
        """On the line: the area between the two distribution functions, which cross once."""
        scales = [np.sqrt(g.cov[0, 0]) for g in (p, q)]
        means = [g.mean[0] for g in (p, q)]
        if scales[0] == scales[1]:
            return abs(means[0] - means[1])

        def gap(x):
            first, second = (ndtr((x - m) / s) for m, s in zip(means, scales, strict=True))
            return abs(first - second)

        meeting = (means[0] * scales[1] - means[1] * scales[0]) / (scales[1] - scales[0])
        return sum(quad(gap, *ends)[0] for ends in ((-np.inf, meeting), (meeting, np.inf)))

    def B(self, first, second):
        """The distance of two covariances."""
        return self.W_2(self.normal(0, first), self.normal(0, second))

    def R(self, angle):
        """The plane turned by an angle."""
        return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


class Clouds(Pair):
    """Two samples of points, one in a row, with their moments; p and q are fitted to them."""

    # given besides: x, y, and p and q with the divisor n - 1

    @cached_property
    def P(self):
        return self.x

    @cached_property
    def Q(self):
        return self.y

    @cached_property
    def m_x(self):
        return self.mu_p

    @cached_property
    def m_y(self):
        return self.mu_q

    @cached_property
    def S_x(self):
        return self.p.cov

    @cached_property
    def S_y(self):
        return self.q.cov

    @cached_property
    def mu_P(self):
        return np.mean(self.x, axis=0)[:, None]

    @cached_property
    def mu_Q(self):
        return np.mean(self.y, axis=0)[:, None]

    @cached_property
    def Sigma_P(self):
        return np.cov(self.x.T, bias=True)

    @cached_property
    def Sigma_Q(self):
        return np.cov(self.y.T, bias=True)

    def W_2(self, p, q):
        """Of two clouds, by the best assignment."""
        if isinstance(p, Law):
            return super().W_2(p, q)
        costs = np.sum((p[:, None] - q) ** 2, axis=-1)
        return np.sqrt(costs[linear_sum_assignment(costs)].mean())


class Several(Symbols):
    """Covariances and weights."""

    # given: Sigma, a list; w

    @cached_property
    def n(self):
        return len(self.Sigma)

    @cached_property
    def d(self):
        return len(self.Sigma[0])

    @cached_property
    def S(self):
        """The covariance from which the maps to all others are the identity on average."""
        cov, identity = self.Sigma[0], np.eye(self.d)
        for _ in range(60):
            root = np.linalg.cholesky(cov)
            maps = [solve_continuous_are(0 * cov, root, other, identity) for other in self.Sigma]
            mean = sum(weight * matrix for weight, matrix in zip(self.w, maps, strict=True))
            cov = mean @ cov @ mean
            if np.allclose(mean, identity, rtol=0, atol=1e-14):
                break
        return cov


class Mixture:
    """Two Gaussians with one covariance, mixed in equal parts: what `integral` needs of a law."""

    def __init__(self, mean, half_distance, within):
        self.dim, self.mean = len(mean), mean
        self.cov = within + np.outer(half_distance, half_distance)
        self.parts = [Law(mean + sign * half_distance, within) for sign in (1, -1)]

    def log_density(self, x):
        return np.logaddexp(*(part.log_density(x) for part in self.parts)) - np.log(2)


class Blocks(Pair):
    """The coordinates J of x, and the others, K; a vector omega."""

    # given: J, K, omega

    @cached_property
    def x_J(self):
        return self.x[..., self.J, :]

    @cached_property
    def omega_J(self):
        return self.omega[self.J]

    @cached_property
    def mu_J(self):
        return self.mu_p[self.J]

    @cached_property
    def mu_K(self):
        return self.mu_p[self.K]

    @cached_property
    def Sigma_JJ(self):
        return self.Sigma_p[np.ix_(self.J, self.J)]

    @cached_property
    def Sigma_JK(self):
        return self.Sigma_p[np.ix_(self.J, self.K)]

    @cached_property
    def Sigma_KJ(self):
        return self.Sigma_p[np.ix_(self.K, self.J)]

    @cached_property
    def Sigma_KK(self):
        return self.Sigma_p[np.ix_(self.K, self.K)]

    @cached_property
    def _given_J(self):
        """Points x with the given coordinates J, and the share of each in the density there."""
        steps = np.arange(-9, 9, 0.2)
        axes = [self.mu_p[k] + np.sqrt(self.Sigma_p[k, k]) * steps for k in self.K]
        others = np.stack(np.meshgrid(*axes), -1).reshape(-1, len(self.K))
        points = np.empty((len(others), self.d, 1))
        points[:, self.J], points[:, self.K, 0] = self.x_J, others
        density = self.p(points)
        return others, density / np.sum(density)

    @cached_property
    def mu_KmidJ(self):
        points, shares = self._given_J
        return (shares @ points)[:, None]

    @cached_property
    def Sigma_KmidJ(self):
        points, shares = self._given_J
        centred = points - self.mu_KmidJ.T
        return centred.T @ (shares[:, None] * centred)


class Line(Pair):
    """The Gaussians p_s = N(μp + s v, Σp + s Δ), and how far p is from them."""

    # given: v, Delta

    def _log_density(self, s):
        """Of p_s at all points, for a real or a complex s."""
        columns = self.points.reshape(-1, self.d, 1) - self.mu_p
        offset, cov = columns - s * self.v, self.Sigma_p + s * self.Delta
        square = (np.swapaxes(offset, -2, -1) @ np.linalg.solve(cov, offset))[:, 0, 0]
        return -(square + np.log(np.linalg.det(2 * np.pi * cov))) / 2

    def _derivative(self, integrand, order, at):
        log_p = self.p.log_density(self.points)
        return derivative(
            lambda s: self.volumes @ integrand(log_p, self._log_density(s)), at, order
        )

    def k_prime_prime(self, s):
        """The second derivative of KL(p ‖ p_s)."""
        return self._derivative(kl_integrand, 2, s)

    def b_prime_prime(self, s):
        """The second derivative of ∫ √(p p_s), with the sign changed: that of BD(p, p_s) at 0."""
        return -self._derivative(lambda log_p, log_s: np.exp((log_p + log_s) / 2), 2, s)


class Moving(Line):
    """The Gaussians p_s = N(μp + s v, Σp + s Δ), and how far they are from q."""

    # given: v, Delta

    def _integral(self, integrand, s):
        return self.volumes @ integrand(self._log_density(s), self.q.log_density(self.points))

    def k_prime(self, s):
        return derivative(lambda t: self._integral(kl_integrand, t), s, 1)

    def r_prime(self, s):
        def divergence(t):
            return self._integral(lambda log_s, log_q: kl_integrand(log_q, log_s), t)

        return derivative(divergence, s, 1)

    def b_prime(self, s):
        def distance(t):
            return -np.log(self._integral(lambda log_s, log_q: np.exp((log_s + log_q) / 2), t))

        return derivative(distance, s, 1)

    @cache  # noqa: B019 - the trials live as long as the tests
    def w_prime(self, s):
        """The slope of a polynomial through values at real places."""

        def square(t):
            moved = self.normal(self.mu_p + t * self.v, self.Sigma_p + t * self.Delta)
            return w2_squared(moved, self.q)

        ends = [s - 0.3, s + 0.3]
        fit = np.polynomial.Chebyshev.interpolate(np.vectorize(square), 16, domain=ends)
        return fit.deriv()(s)


class Parts(Symbols):
    """Gaussians with means mu, covariances Sigma and weights w, and their mixture."""

    # given: mu and Sigma, lists; w

    @cached_property
    def n(self):
        return len(self.mu)

    @cached_property
    def d(self):
        return len(self.mu[0])

    @cached_property
    def m(self):
        return sum(weight * mean for weight, mean in zip(self.w, self.mu, strict=True))

    @cached_property
    def points(self):
        steps = np.arange(-12, 12, 0.25)
        axes = np.meshgrid(*[steps] * self.d, indexing="ij")
        return canonical(np.stack(axes, -1).reshape(-1, self.d, 1))

    @cached_property
    def volumes(self):
        return np.full(len(self.points), 0.25**self.d)

    def f(self, x):
        parts = zip(self.w, self.mu, self.Sigma, strict=True)
        return sum(weight * Law(mean[:, 0], cov)(x) for weight, mean, cov in parts)


class Samples(Symbols):
    """A list x of n points in d dimensions, columns."""

    # given: x

    @cached_property
    def n(self):
        return len(self.x)

    @cached_property
    def d(self):
        return len(self.x[0])

    @cached_property
    def m(self):
        return np.mean(self.x, axis=0)

    @cached_property
    def S(self):
        """Half of the mean square of the difference of two different samples."""
        pairs = [first - second for first, second in permutations(self.x, 2)]
        return sum(pair @ pair.T for pair in pairs) / len(pairs) / 2


class WeightedSamples(Samples):
    """Samples with weights w."""

    # given: x, w

    @cached_property
    def m(self):
        return np.average(self.x, axis=0, weights=self.w)

    @cached_property
    def V_1(self):
        return self.w.sum()

    @cached_property
    def V_2(self):
        return np.square(self.w).sum()

    @cached_property
    def S(self):
        """Half of the mean square of the difference of two samples, by the products of weights."""
        pairs = list(permutations(zip(self.x, self.w, strict=True), 2))
        weights = [u * v for (_, u), (_, v) in pairs]
        squares = [(first - second) @ (first - second).T for (first, _), (second, _) in pairs]
        return np.average(squares, axis=0, weights=weights) / 2


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

    @cached_property
    def m(self):
        """Halfway from a to b."""
        return (self.a + self.b) / np.linalg.norm(self.a + self.b)

    @cached_property
    def P(self):
        """The projector on the plane."""
        return self.a @ self.a.T + self.v @ self.v.T

    @cached_property
    def K(self):
        """Takes a to the part of b that is perpendicular to it, and v to -s a."""
        return self.s * (self.v @ self.a.T - self.a @ self.v.T)

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


def orthogonal(rng: np.random.Generator, d: int) -> np.ndarray:
    root = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return root * rng.choice([-1, 1], d)


def fixing(rng: np.random.Generator, a: np.ndarray) -> np.ndarray:
    """An orthogonal matrix that leaves a unit vector where it is."""
    basis = np.linalg.svd(a)[0]
    rest = basis[:, 1:]
    return a @ a.T + rest @ orthogonal(rng, len(a) - 1) @ rest.T


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


def equal_pair(rng):
    d = int(rng.integers(1, 4))
    means, cov = 0.7 * rng.normal(size=(2, d)), covariance(rng, d)
    return pair(rng, *(Gaussian(mean, cov) for mean in means))


def narrower_pair(rng):
    d = int(rng.integers(1, 4))
    means, covs = 0.4 * rng.normal(size=(2, d)), [covariance(rng, d) for _ in "pq"]
    return pair(rng, *map(Gaussian, means, [covs[0], covs[0] + 0.8 * covs[1]]))


def near_or_far_pair(rng):
    """A bound that is reached by nearly equal laws, or by distant ones, is nearly reached."""
    d, equal = int(rng.integers(1, 3)), rng.random() < 0.5
    direction = rng.normal(size=d)
    shift = rng.choice([0.02, 0.6, 2, 6]) * direction / np.linalg.norm(direction)
    covs = [covariance(rng, d) for _ in "pq"]
    return pair(rng, *map(Gaussian, [shift, 0 * shift], [covs[0], covs[not equal]]))


def pair_and_vector(rng):
    symbols = any_pair(rng)
    return symbols | {"omega": 0.4 * rng.normal(size=(symbols.d, 1))}


def mapped(rng):
    d, k = (int(number) for number in rng.integers((2, 1), (4, 4)))
    p, q = (Gaussian(0.4 * rng.normal(size=d), covariance(rng, d)) for _ in "pq")
    return pair(rng, p, q, A=rng.normal(size=(k, d)), b=rng.normal(size=(k, 1)))


def moved_pair(rng):
    symbols = any_pair(rng)
    turn = orthogonal(rng, symbols.d)
    A = turn @ np.diag(rng.uniform(0.5, 2, symbols.d)) @ orthogonal(rng, symbols.d)
    return symbols | {"A": A, "b": rng.normal(size=(symbols.d, 1))}


def blocks(rng):
    d = int(rng.integers(2, 4))
    order, count = rng.permutation(d), int(rng.integers(1, d))
    symbols = pair(rng, *(Gaussian(0.4 * rng.normal(size=d), covariance(rng, d)) for _ in "pq"))
    omega = 0.4 * rng.normal(size=(d, 1))
    return Blocks(**symbols._given, J=order[:count], K=np.sort(order[count:]), omega=omega)


def ellipse(rng):
    """By the vectors of the semi-axes."""
    (s_1, s_2), theta = rng.uniform(0.5, 2, 2), rng.uniform(-1.5, 1.5)
    first = s_1 * np.array([np.cos(theta), np.sin(theta)])
    second = s_2 * np.array([-np.sin(theta), np.cos(theta)])
    p = Gaussian(rng.normal(size=2), np.outer(first, first) + np.outer(second, second))
    return pair(rng, p, Gaussian.standard(2), s_1=s_1, s_2=s_2, theta=theta)


def mixture(rng):
    """Of parts that are hardly, or quite, apart."""
    d = int(rng.integers(1, 3))
    half = rng.choice([0.1, 0.5, 1.2]) * rng.normal(size=d) / np.sqrt(d)
    f = Mixture(0.4 * rng.normal(size=d), half, covariance(rng, d))
    return pair(rng, Gaussian(f.mean, f.cov), Gaussian(f.mean, f.cov), f=f)


def line_of_gaussians(rng):
    d = int(rng.integers(1, 3))
    cov, change = covariance(rng, d), 0.3 * rng.normal(size=(d, d))
    p = Gaussian(0.4 * rng.normal(size=d), cov)
    symbols = pair(rng, p, p)
    return Line(**symbols._given, v=rng.normal(size=(d, 1)), Delta=(change + change.T) / 2)


def moving_pair(rng):
    d = int(rng.integers(1, 3))
    p, q = (Gaussian(0.4 * rng.normal(size=d), covariance(rng, d)) for _ in "pq")
    change, v = 0.3 * rng.normal(size=(d, d)), 0.7 * rng.normal(size=(d, 1))
    return Moving(**pair(rng, p, q)._given, v=v, Delta=(change + change.T) / 2)


def parts(rng):
    n, d = (int(size) for size in rng.integers((2, 1), (4, 3)))
    weights = rng.uniform(0.2, 1, n)
    means = [rng.normal(size=(d, 1)) for _ in range(n)]
    covs = [covariance(rng, d) for _ in range(n)]
    return Parts(mu=means, Sigma=covs, w=weights / weights.sum())


def samples(rng):
    d, n = (int(number) for number in rng.integers((1, 3), (4, 7)))
    return Samples(x=list(rng.normal(size=(n, d, 1))))


def weighted_samples(rng):
    symbols = samples(rng)
    return WeightedSamples(x=symbols.x, w=rng.uniform(0.2, 2, symbols.n))


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


def plane_pair(rng):
    return pair(rng, *(Gaussian(rng.normal(size=2), covariance(rng, 2)) for _ in "pq"))


def turned_covariance(rng: np.random.Generator, basis: np.ndarray) -> np.ndarray:
    return basis * rng.uniform(0.5, 2, len(basis)) @ basis.T


def commuting_pair(rng):
    d = int(rng.integers(2, 4))
    basis = orthogonal(rng, d)
    return pair(rng, *(Gaussian(rng.normal(size=d), turned_covariance(rng, basis)) for _ in "pq"))


def centred_pair(rng):
    """In every third the covariances commute."""
    d = int(rng.integers(2, 4))
    bases = [orthogonal(rng, d) for _ in "pq"]
    bases[0] = bases[rng.random() < 1 / 3]
    return pair(rng, *(Gaussian(np.zeros(d), turned_covariance(rng, basis)) for basis in bases))


def coupled_pair(rng):
    """In every second x determines y, and the coupling is the best."""
    symbols = any_pair(rng)
    first, second = (np.linalg.cholesky(cov) for cov in (symbols.Sigma_p, symbols.Sigma_q))
    across = symbols.Sigma_p @ symbols.T
    if rng.random() < 0.5:
        across = first @ (rng.uniform(0, 1) * orthogonal(rng, symbols.d)) @ second.T
    return symbols | {"Sigma_pq": across}


def dual_pair(rng):
    """In every second S is the best."""
    symbols = centred_pair(rng)
    return symbols | {"S": symbols.T if rng.random() < 0.5 else covariance(rng, symbols.d)}


def several(rng):
    n, d = (int(size) for size in rng.integers(2, 4, 2))
    weights = rng.uniform(0.2, 1, n)
    return Several(Sigma=[covariance(rng, d) for _ in range(n)], w=weights / weights.sum())


def small_change(rng):
    d = int(rng.integers(2, 4))
    l, V = rng.uniform(0.5, 2, d), rng.normal(size=(d, d))  # noqa: E741
    p, V = Gaussian(np.zeros(d), np.diag(l)), V + V.T
    return pair(rng, p, p, l=l, V=V, E=V @ p.cov + p.cov @ V)


def clouds(rng):
    """In every second a symmetric positive definite map takes one to the other."""
    n, d = 12, int(rng.integers(2, 4))
    x, y = rng.normal(size=(2, n, d))
    if rng.random() < 0.5:
        x = x - x.mean(axis=0)  # so that the difference of the means stays small
        y = x @ turned_covariance(rng, orthogonal(rng, d)) + 0.2 * rng.normal(size=d)
    p, q = (Law(z.mean(axis=0), np.cov(z.T)) for z in (x, y))
    return Clouds(p=p, q=q, x=x, y=y)


def lines(rng):
    a, b = rng.normal(size=(2, int(rng.integers(2, 4)), 1))
    return pair(rng, *(Gaussian(np.zeros(len(v)), v @ v.T) for v in (a, b)), a=a, b=b)


def factors(rng):
    d = int(rng.integers(2, 4))
    X, Y = (np.linalg.cholesky(covariance(rng, d)) @ orthogonal(rng, d) for _ in "XY")
    gaussians = (Gaussian(rng.normal(size=d), root @ root.T) for root in (X, Y))
    return pair(rng, *gaussians, X=X, Y=Y, O=orthogonal(rng, d))


def mirrored_factors(rng):
    symbols = factors(rng)
    X, Y = symbols.X, symbols.Y.copy()
    Y[:, 0] *= -np.sign(np.linalg.det(Y.T @ X))
    least_value = np.linalg.svd(Y.T @ X, compute_uv=False).min()
    return symbols | {"X": X, "Y": Y, "sigma_d": least_value}


def square_matrix(rng):
    d = int(rng.integers(2, 4))
    return Symbols(A=rng.normal(size=(d, d)), d=d)


def directions(rng):
    d = int(rng.integers(2, 6))
    a, b = rng.normal(size=(2, d, 1))
    return Directions(a=a / np.linalg.norm(a), b=b / np.linalg.norm(b))


def plane_directions(rng):
    alpha, beta = rng.uniform(-np.pi, np.pi, 2)
    a, b = (np.array([[np.cos(angle)], [np.sin(angle)]]) for angle in (alpha, beta))
    return Directions(a=a, b=b, alpha=alpha, beta=beta, theta=beta - alpha)


def some_map(rng):
    """In every third T is the rotation, in every third the reflection."""
    d = int(rng.integers(3, 6))
    a, b = (orthogonal(rng, d)[:, :1] for _ in "ab")
    symbols = Directions(a=a, b=b)
    T = [symbols.T_1, symbols.T_2, symbols.H(a - b) @ fixing(rng, a)][int(rng.integers(3))]
    A, B = (np.linalg.svd(v)[0][:, 1:] for v in (a, b))
    return symbols | {"T": T, "A": A, "B": B, "Q": B.T @ T @ A}


def mirror(rng):
    v, x = rng.normal(size=(2, int(rng.integers(2, 6)), 1))
    return Directions(v=v, x=x, d=len(v))


SAMPLERS: dict[str, Callable[[np.random.Generator], Symbols]] = {
    "any dimension": any_pair,
    "any distance": near_or_far_pair,
    "equal covariances": equal_pair,
    "q wider": narrower_pair,
    "d = 1": line_pair,
    "diagonal": diagonal_pair,
    "q standard": standard_pair,
    "turned ellipse": turned_pair,
    "ellipse": ellipse,
    "vector": pair_and_vector,
    "affine map": mapped,
    "invertible affine map": moved_pair,
    "blocks": blocks,
    "same moments": mixture,
    "line of Gaussians": line_of_gaussians,
    "moving Gaussian": moving_pair,
    "product of powers": any_pair,
    "mixture": parts,
    "samples": samples,
    "weighted samples": weighted_samples,
    "finite variance": any_pair,
    "finite order": ordered_pair,
    "d = 2": plane_pair,
    "commuting": commuting_pair,
    "equal means": centred_pair,
    "coupling": coupled_pair,
    "dual": dual_pair,
    "several Gaussians": several,
    "small change": small_change,
    "point clouds": clouds,
    "rank one": lines,
    "factors": factors,
    "mirrored factors": mirrored_factors,
    "square matrix": square_matrix,
    "unit vectors": directions,
    "unit vectors in the plane": plane_directions,
    "some map": some_map,
    "mirror": mirror,
}


def arguments(function: Callable, symbols: Symbols) -> list:
    """What a function of gausslib takes, by the names of its parameters; columns lose an axis."""
    result = []
    for name in inspect.signature(function).parameters:
        value = getattr(symbols, {"self": "p"}.get(name, name))
        is_column = np.ndim(value) == 2 and np.shape(value)[1] == 1
        result.append(np.ravel(value) if is_column else value)
    return result
