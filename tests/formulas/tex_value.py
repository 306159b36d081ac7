r"""The value of displayed TeX: KaTeX's parse tree, evaluated on numbers.

Small on purpose: it knows the mathematics that the book displays and refuses the rest.

Multiplication is juxtaposition, and binds tighter than `/`. A function without brackets
(`\log\det A`, `\operatorname{Tr} A`) takes the product that follows, up to the next
function; a power behind its bracket belongs to the argument: `\operatorname{Tr}(A)^{1/2}`
is the trace of a root. A sum, a minimum and a mean without brackets reach to the end of
their product. Names are looked up in `names`, a mapping that `|` extends.
"""

import re
from collections.abc import Mapping
from functools import reduce
from itertools import product
from typing import NamedTuple

import numpy as np
from formulas.tex_numbers import (
    FUNCTIONS,
    NotUnderstood,
    add,
    canonical,
    component,
    divide,
    least,
    least_over_orthogonal,
    multiply,
    norm,
    of_numbers,
    power,
    total,
    transpose,
)
from scipy.integrate import quad

RELATIONS = {"=", "\\le", "\\ge"}
SPACES = {"kern", "spacing", "internal"}
DOTS = {"\\cdot", "\\times"}
CLOSING = {
    "(": ")",
    "[": "]",
    "\\{": "\\}",
    "\\lvert": "\\rvert",
    "\\lVert": "\\rVert",
    "\\|": "\\|",
}
# what a letter is called in Python, where its TeX name will not do
NAMES = {"\\ell": "l", "\\lambda": "lambda_", "mathcalN": "normal"}
EXTREMA = {"\\min": 1, "\\max": -1}
CONSTANTS = {"pi": np.pi, "e": np.e, "infty": np.inf}


def text_of(node) -> str:
    return node.get("text", "")


def written(nodes) -> str:
    return "".join(map(text_of, nodes))


def flat(nodes) -> list[dict]:
    """The nodes without spacing, and with the contents of mere groups in their place.

    A bracket stays a pair of nodes; what stands above and below its closing half follows it
    as a node of the type "script".
    """
    result = []
    for node in nodes:
        kind = node["type"]
        if kind in SPACES:
            continue
        if kind in {"ordgroup", "styling", "html"}:
            result += flat(node["body"])
        elif kind == "delimsizing":
            result.append({"type": "atom", "text": node["delim"]})
        elif kind == "leftright" and node["body"][0]["type"] == "array":
            result.append(node["body"][0])
        elif kind == "leftright":
            left, right = ({"type": "atom", "text": node[side]} for side in ("left", "right"))
            result += [left, *flat(node["body"]), right]
        elif kind == "mclass" and len(node["body"]) == 1:
            result += flat(node["body"])
        elif kind == "operatorname":
            result.append({"type": "function", "text": written(node["body"])})
        elif kind == "op":
            result.append({"type": "function", "text": node["name"]})
        elif kind == "font":
            result.append({"type": "letter", "text": node["font"] + written(flat([node["body"]]))})
        elif kind in {"mathord", "textord"} and text_of(node) == "\\Phi":
            result.append({"type": "function", "text": "\\Phi"})
        elif kind == "supsub":
            base = flat([node["base"]])
            script = {part: flat([node[part]]) for part in ("sub", "sup") if node.get(part)}
            if text_of(base[-1]) in CLOSING.values():
                result += [*base, {"type": "script", **script}]
            else:
                result.append({"type": "scripted", "base": base[0], **script})
        else:
            result.append(node)
    return result


def name_of(node) -> str | None:
    r"""The Python name of a letter or a function: `\Sigma` is Sigma; None if it is neither."""
    if node["type"] not in {"mathord", "textord", "letter", "function"}:
        return None
    text = NAMES.get(text_of(node), text_of(node).removeprefix("\\"))
    return text if re.fullmatch(r"[A-Za-z_]+", text) else None


def split(nodes, marks) -> list[list]:
    """The nodes between marks that stand outside of all brackets."""
    parts, depth = [[]], 0
    for node in nodes:
        text = text_of(node)
        if text in marks and depth == 0:
            parts.append([])
            continue
        if text != "\\|":
            depth += (text in CLOSING) - (text in CLOSING.values())
        parts[-1].append(node)
    return parts


class Statement(NamedTuple):
    """A chain of equations and inequalities: the nodes of its sides, the signs between them."""

    sides: list[list]
    signs: list[str]

    def values(self, names: Mapping) -> list:
        """The values of the sides."""
        return [Value(side, names).whole() for side in self.sides]


def read(katex, tex: str) -> Statement:
    nodes = flat(katex.parse(tex))
    sides = split(nodes, RELATIONS)
    signs = [text_of(node) for node in nodes if text_of(node) in RELATIONS]
    if len(sides) < 2 or len(signs) != len(sides) - 1:
        raise NotUnderstood("no statement: it needs =, ≤ or ≥, outside of brackets")
    return Statement(sides, signs)


class Value:
    """One pass over a flat list of nodes: sum := term (± term)*, term := product (/ product)*."""

    def __init__(self, nodes, names: Mapping, indices: Mapping[str, int] | None = None):
        self.nodes, self.at, self.names, self.indices = nodes, 0, names, indices or {}

    def peek(self) -> str | None:
        return text_of(self.nodes[self.at]) if self.at < len(self.nodes) else None

    def next(self):
        if self.at == len(self.nodes):
            raise NotUnderstood("an end where something is missing")
        self.at += 1
        return self.nodes[self.at - 1]

    def value_of(self, nodes, **bound):
        """The value of other nodes, with names bound besides those of the pass."""
        names = self.names | bound if bound else self.names
        return Value(flat(nodes), names, self.indices).whole()

    def ahead(self, rule: str, names: Mapping, indices: Mapping[str, int]):
        """The value of what follows by a rule of the grammar; the pass stays where it is."""
        other = Value(self.nodes, names, indices)
        other.at = self.at
        return getattr(other, rule)(), other.at

    # the grammar

    def whole(self):
        value = self.sum()
        if self.at < len(self.nodes):
            raise NotUnderstood(f"stopped before {self.nodes[self.at]}")
        return value

    def sum(self):
        total = self.signed_term()
        while self.peek() in {"+", "-"}:
            total = add(total, self.signed_term())
        return total

    def signed_term(self):
        sign = 1
        if self.peek() in {"+", "-"}:
            sign = {"+": 1, "-": -1}[self.next()["text"]]
        return multiply(sign, self.term()) if sign < 0 else self.term()

    def term(self):
        value = self.product()
        while self.peek() == "/":
            self.next()
            value = divide(value, self.product())
        return value

    def product(self):
        value = self.factor()
        while self.goes_on():
            value = multiply(value, self.factor())
        return value

    def goes_on(self) -> bool:
        """Whether the product has another factor; a dot before it is read."""
        if self.peek() in DOTS:
            self.next()
        return self.at < len(self.nodes) and self.peek() not in {"+", "-", "/", ","}

    def argument(self):
        """What a function is applied to: a bracket, or the product up to the next function."""
        bracketed, value = self.peek() in CLOSING, self.factor()
        while not bracketed and self.goes_on() and self.nodes[self.at]["type"] != "function":
            value = multiply(value, self.factor())
        return value

    def group(self, opening: str):
        """The nodes up to the matching closing bracket, which is consumed."""
        closing, depth, start = CLOSING[opening], 0, self.at
        while self.at < len(self.nodes):
            text = text_of(self.next())
            if depth == 0 and text == closing:
                return self.nodes[start : self.at - 1]
            if text != "\\|":
                depth += (text in CLOSING) - (text in CLOSING.values())
        raise NotUnderstood(f"no {closing}")

    def factor(self):
        node = self.next()
        kind, text = node["type"], text_of(node)
        if text in CLOSING:
            return self.bracket(text)
        if kind == "genfrac":
            return divide(self.value_of([node["numer"]]), self.value_of([node["denom"]]))
        if kind == "sqrt" and not node.get("index"):
            return of_numbers(np.sqrt)(self.value_of([node["body"]]))
        if kind == "array":
            return self.matrix(node["body"])
        if kind == "textord" and text.isdigit():
            while (self.peek() or "").isdigit():
                text += self.next()["text"]
            return float(text)
        if kind == "scripted":
            return self.with_script(node["base"], node.get("sub", []), node.get("sup", []))
        return self.with_script(node, [], [])

    def bracket(self, opening: str):
        value = self.value_of(self.group(opening))
        script = self.script()
        if opening in {"\\|", "\\lVert"}:
            value = norm(value, written(script.get("sub", [])))
        elif script.get("sub"):
            raise NotUnderstood("something below a bracket")
        elif opening == "\\lvert":
            value = of_numbers(np.abs)(value)
        return self.raised(value, script.get("sup", []))

    def script(self) -> dict:
        """What stands above and below the closing bracket that was just read."""
        if self.at < len(self.nodes) and self.nodes[self.at]["type"] == "script":
            return self.next()
        return {}

    def matrix(self, rows):
        entries = [[self.value_of([cell]) for cell in row] for row in rows]
        return np.block([[np.atleast_2d(entry) for entry in row] for row in entries])

    # letters and functions, with what stands above and below them

    def with_script(self, base, below, above):
        text = text_of(base)
        if text in EXTREMA:
            return self.extremum(EXTREMA[text], below)
        if text == "\\int":
            return self.integral(below, above)
        if text == "\\sum":
            return self.series(below, above)
        if text == "mathbbE":
            return self.mean(below)
        if text in {"Cov", "Var"}:
            return self.covariance(below)
        if text in FUNCTIONS and not below:
            exponent = self.value_of(above) if above else 1
            return power(FUNCTIONS[text](self.argument()), exponent)
        if above and {text_of(node) for node in above} == {"\\prime"}:
            base = {"type": "letter", "text": f"{name_of(base)}{'_prime' * len(above)}"}
            above = []
        value = self.subscripted(base, below)
        if callable(value) and written(above) == "-1":
            value, above = self.look_up(f"{name_of(base)}_{written(below)}_inverse"), []
        if callable(value) and self.peek() == "(":
            self.next()
            value = value(*self.arguments(self.group("(")))
            above = self.script().get("sup", []) or above
        return self.raised(canonical(value), above)

    def arguments(self, nodes) -> list:
        r"""The values between commas, or on both sides of `\|`."""
        return [self.value_of(part) for part in split(nodes, {",", "\\|"})]

    def raised(self, value, exponent):
        if not exponent:
            return value
        if callable(value):
            raise NotUnderstood("the power of a function")
        text = written(exponent)
        if text in {"\\top", "-\\top"}:
            return transpose(power(value, -1) if text[0] == "-" else value)
        return power(value, self.value_of(exponent))

    def look_up(self, name: str | None):
        if name in self.names:
            return self.names[name]
        if name in self.indices:
            return float(self.indices[name])
        if name in CONSTANTS:
            return CONSTANTS[name]
        raise NotUnderstood(f"the name {name!r}: define it in tests/formulas/symbols.py")

    def subscripted(self, base, below):
        r"""`\Sigma_p` is a name, `\sigma_{p,i}` is a component, and `H_{a+b}` is a call."""
        name, parts = name_of(base), [node for node in below if text_of(node) != ","]
        if not parts:
            return self.look_up(name)
        places = [self.indices[key] for key in map(name_of, parts) if key in self.indices]
        labels = [
            "".join(
                text_of(node).removeprefix("\\")
                for node in part
                if name_of(node) not in self.indices
            )
            for part in split(below, {","})
        ]
        full = "_".join([str(name).rstrip("_"), *filter(None, labels)])
        full = full if any(labels) else name
        if full in self.names:
            value = self.names[full]
            return value if not places else component(value, places)
        if name in self.names and callable(self.names[name]):
            return self.names[name](*self.arguments(below))
        raise NotUnderstood(f"the name {full!r}: define it in tests/formulas/symbols.py")

    # sums, means, integrals, minima

    def series(self, below, above):
        r"""`\sum_{i=1}^{n}`, `\sum_{i,j=1}^{n}`; without bounds from 1 to d."""
        letters, *start = split(below, {"="})
        if start and written(start[0]) != "1":
            raise NotUnderstood("a sum that does not start at 1")
        keys = [name_of(node) for node in letters if text_of(node) != ","]
        last = int(self.value_of(above) if above else self.names["d"])
        total, end = None, self.at
        for places in product(range(1, last + 1), repeat=len(keys)):
            indices = {**self.indices, **dict(zip(keys, places, strict=True))}
            value, end = self.ahead("term", self.names, indices)
            total = value if total is None else add(total, value)
        self.at = end
        return total

    def mean(self, below):
        r"""`\mathbb{E}_{x \sim p}[...]`: the integral of the body times the density."""
        return total(*self.under_law(below))

    def covariance(self, below):
        r"""`\operatorname{Cov}_{x \sim p}[...]`, and `\operatorname{Var}` of a number."""
        value, weights = self.under_law(below)
        mean, square = total(value, weights), multiply(value, transpose(value))
        return add(total(square, weights), multiply(-1, multiply(mean, transpose(mean))))

    def under_law(self, below):
        """The body at all points, and the mass of a law there."""
        variable, law = split(below, {"\\sim", "∼"})
        density = self.value_of(law)
        key, points = name_of(variable[0]), self.names["points"]
        value, self.at = self.ahead("argument", self.names | {key: points}, self.indices)
        return value, density(points) * self.names["volumes"]

    def integral(self, below, above):
        r"""`\int ... \,dx` over all points; with bounds, in one variable of any name."""
        end = self.at
        while not (text_of(self.nodes[end]) == "d" and name_of(self.nodes[end + 1])):
            end += 1
            if end + 1 >= len(self.nodes):
                raise NotUnderstood(r"an integral without its \,dx")
        body, key = self.nodes[self.at : end], name_of(self.nodes[end + 1])
        self.at = end + 2
        if not below:
            return total(self.value_of(body, **{key: self.names["points"]}), self.names["volumes"])
        low, high = float(self.value_of(below)), float(self.value_of(above))
        value, _ = quad(lambda at: self.value_of(body, **{key: at}), low, high, limit=200)
        return value

    def extremum(self, sign: int, below):
        r"""`\min(a, b)`, `\max_{0 \le \alpha \le 1}`, `\min_{Q \in O(d)}`, `\min_{Q \in SO(d)}`."""
        if not below:
            self.next()
            numbers = [sign * of_numbers(np.asarray)(v) for v in self.arguments(self.group("("))]
            return sign * reduce(np.minimum, numbers)
        parts = split(below, {"\\le", "\\in"})
        end = self.at

        def function(key: str):
            def signed(at):
                nonlocal end
                value, end = self.ahead("signed_term", self.names | {key: at}, self.indices)
                return sign * float(value)

            return signed

        if len(parts) == 3:
            low, high = (float(self.value_of(parts[side])) for side in (0, 2))
            value = least(function(name_of(parts[1][0])), low, high)
        elif written(parts[-1]) in {"O(d)", "SO(d)"}:
            special = written(parts[-1]) == "SO(d)"
            value = least_over_orthogonal(
                function(name_of(parts[0][0])), int(self.names["d"]), special
            )
        else:
            raise NotUnderstood(f"a minimum over {written(below)!r}")
        self.at = end
        return sign * value
