"""The evaluator of displayed TeX: what it knows it computes rightly, the rest it refuses."""

import numpy as np
import pytest
from booksite.katex import Katex
from formulas.symbols import Law, Pair
from formulas.tex_numbers import NotUnderstood
from formulas.tex_value import read
from scipy.stats import norm

A = np.array([[2.0, 1.0], [1.0, 3.0]])
B = np.array([[1.0, -0.5], [-0.5, 2.0]])
V = np.array([[3.0], [4.0]])
C, S = np.cos(0.7), np.sin(0.7)
R = np.array([[C, -S], [S, C]])
P, Q = Law([0.0], [[1.0]]), Law([1.0], [[4.0]])


@pytest.fixture(scope="module")
def value():
    """The value of TeX, with these names."""
    with Katex() as katex:
        names = Pair(
            p=P,
            q=Q,
            alpha=0.3,
            t=0.25,
            A=A,
            B=B,
            v=V,
            theta=0.7,
            R=R,
            w=[0.2, 0.8],
            Sigma=[A, B],
            Omega_JK_q=A,
        )
        plane = names | {"d": 2}
        line = names | {"d": 1}

        def of(tex: str, dimension: int = 2):
            return read(katex, f"0 = {tex}").values(plane if dimension == 2 else line)[1]

        yield of


def root(matrix):
    values, vectors = np.linalg.eig(matrix)
    return (vectors * np.sqrt(values)) @ np.linalg.inv(vectors)


KNOWN = {
    # products, quotients, signs
    r"2 \cdot 3 - 4 / 8 + 12 t": 2 * 3 - 0.5 + 12 * 0.25,
    r"-\tfrac12 v^\top A v": -0.5 * (V.T @ A @ V)[0, 0],
    r"I - 2 v v^\top / v^\top v": np.eye(2) - 2 * V @ V.T / 25,
    r"\frac{(A + B)(A - B)}{2}": (A + B) @ (A - B) / 2,
    r"\begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}": R,
    # powers
    r"A^{-1} B A^{-\top}": np.linalg.inv(A) @ B @ np.linalg.inv(A).T,
    r"\left( A^{1/2} B A^{1/2} \right)^{1/2}": root(root(A) @ B @ root(A)),
    r"\operatorname{Tr}(A B)^{1/2}": np.trace(root(A @ B)),
    r"A^{-1/2} A A^{-1/2}": np.eye(2),
    r"A^2": A @ A,
    r"(\det A)^{1 - \alpha} t^2": 5**0.7 * 0.25**2,
    r"e^{-t} + \exp(t)": np.exp(-0.25) + np.exp(0.25),
    r"R^{1/2} R^{1/2}": R,
    # functions
    r"\log\det A - \log 2\pi": np.log(5) - np.log(2 * np.pi),
    r"\det A \det B": 5 * 1.75,
    r"\sin^2 \theta \cos \theta + \arccos \cos \theta": S**2 * C + 0.7,
    r"\exp \begin{pmatrix} 0 & -\theta \\ \theta & 0 \end{pmatrix}": R,
    r"\sqrt{t} \, \Phi(1)": 0.5 * norm.cdf(1),
    r"\min(t, \alpha, 2)": 0.25,
    # norms
    r"\|v\|": 5,
    r"\lVert v \rVert^2 + \lvert -t \rvert": 25.25,
    r"\|A\|_F^2": 15,
    r"\|A\|_*": 5,
    r"\|A\|_2": (5 + np.sqrt(5)) / 2,
    # sums and components
    r"\sum_{i=1}^{2} w_i \Sigma_i": 0.2 * A + 0.8 * B,
    r"\sum_{i,j=1}^{d} A_{ij} + 1": 8,
    r"\sum_i i v_i": 11,
    r"\operatorname{diag}(1, t) \Omega_{JK, q}": np.diag([1, 0.25]) @ A,
    # the best of many
    r"\max_{0 \le \alpha \le 1} \alpha (1 - \alpha)": 0.25,
    r"\min_{Q \in O(d)} \|A - Q\|_F^2": 15 + 2 - 2 * 5,
    r"\max_{Q \in SO(d)} \operatorname{Tr}(Q \begin{pmatrix} 1 & 0 \\ 0 & -3 \end{pmatrix})": 2,
    r"\int_0^1 u^2 \,du": 1 / 3,
    r"\int_0^1 \min(u, 1 - u) \,du": 1 / 4,
    r"\int_{-\infty}^{\infty} e^{-u^2/2} \,du": np.sqrt(2 * np.pi),
}

ON_A_LINE = {
    r"\int p(x)^\alpha q(x)^{1 - \alpha} \,dx": None,
    r"c_\alpha(p, q)": None,
    r"-\int p(x) \log p(x) \,dx": 0.5 * (1 + np.log(2 * np.pi)),
    r"\mathbb{E}_{x \sim q}\big[ (x - 1)^2 \big]": 4,
    r"\mathbb{E}_{y \sim p}\, y^2 - 1": 0,
    r"\operatorname{Var}_{x \sim q}[ 3 x + 1 ]": 36,
    r"\int \min(p(x), q(x)) \,dx + \operatorname{TV}(p, q)": 1,
    r"D_2'(p \,\|\, \mathcal{N}(1, 1))": 0.5,
    r"\operatorname{KL}(p \,\|\, \mathcal{N}(0, I))": 0,
    r"\operatorname{KL}(\mathcal{N}(1, 4) \,\|\, q)^2": 0,
    r"W_2(p, q)^2": 2,
    r"\operatorname{TV}(p, \mathcal{N}(1, 1))": 2 * norm.cdf(0.5) - 1,
    r"\tfrac12 \int \lvert p(x) - q(x) \rvert \,dx - \operatorname{TV}(p, q)": 0,
    r"h(p, q) - h(p) - \operatorname{KL}(p \,\|\, q)": 0,
}


@pytest.mark.parametrize("tex", KNOWN)
def test_value(value, tex):
    np.testing.assert_allclose(value(tex), KNOWN[tex], rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("tex", ON_A_LINE)
def test_value_on_a_line(value, tex):
    expected = ON_A_LINE[tex]
    if expected is None:  # ∫ p^α q^(1 - α) for α = 0.3
        variance = 0.7 * 1 + 0.3 * 4
        expected = np.exp(-0.3 * 0.7 / 2 / variance) * np.sqrt(4**0.3 / variance)
    np.testing.assert_allclose(value(tex, dimension=1), expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(
    "tex",
    [
        r"\gamma",  # a name that nothing gives
        r"\Sigma_z",
        r"1 + A",  # shapes that do not fit
        r"v v",
        r"v + A",
        r"\sqrt{A}",
        r"\min(A, t)",
        r"\gamma'(t)",
        r"\cos A",
        r"\|A\|",  # which norm?
        r"1 / A",
        r"\int p(x)",  # no \,dx
        r"\sum_{i=0}^{2} v_i",
        r"(1 + t",
        r"1 +",
        r"p + 1",
        r"t!",
        r"\nabla t",
        r"\hat t",
        r"\max_{t} t",
    ],
)
def test_refuses(value, tex):
    with pytest.raises(NotUnderstood):
        value(tex)


def test_components_of_the_points_of_a_mean():
    law = Law([0.0, 1.0], A)
    with Katex() as katex:
        mean = read(katex, r"0 = \mathbb{E}_{x \sim p}\big[ \sum_{i,j=1}^{2} i x_i x_j \big]")
    np.testing.assert_allclose(mean.values(Pair(p=law, q=law))[1], 2 + 1 + 2 * (1 + 4), rtol=1e-8)


def test_what_has_no_inverse_is_equal_to_nothing(value):
    assert np.isnan(value(r"(v v^\top)^{-1}")).all()


def test_statements_have_sides():
    with Katex() as katex:
        chain = read(katex, r"1 - t \le \operatorname{TV}(p, q) = \min(1, 2) \ge A")
        assert chain.signs == [r"\le", "=", r"\ge"]
        assert len(chain.sides) == 4
        with pytest.raises(NotUnderstood):
            read(katex, "1 + t")
