"""The value of displayed TeX: KaTeX's parse tree, evaluated on numbers.

Small on purpose: it knows the mathematics that the book displays and refuses the rest.
Multiplication is juxtaposition; a function (log, det, Tr, sin) takes the product that
follows it; a sum reaches to the end of its product; names are looked up in `names`.
"""

import re
from collections.abc import Mapping
from functools import partial

import numpy as np

FUNCTIONS = {
    "\\log": np.log,
    "\\sin": np.sin,
    "\\det": lambda matrix: np.linalg.det(np.atleast_2d(matrix)),
    "Tr": lambda matrix: np.trace(np.atleast_2d(matrix)),
}
SPACES = {"kern", "spacing", "internal"}
# what a letter is called in Python, where its TeX name will not do
NAMES = {"\\ell": "l", "\\lambda": "lambda_"}


class NotUnderstood(ValueError):
    """TeX that this evaluator does not know."""


def name_of(node) -> str | None:
    r"""The Python name of a letter: `\Sigma` is Sigma, `d` is d; None if it is no letter."""
    if node["type"] not in {"mathord", "textord"}:
        return None
    text = NAMES.get(node["text"], node["text"].removeprefix("\\"))
    return text if re.fullmatch(r"[A-Za-z_]+", text) else None


def flat(nodes) -> list[dict]:
    """The nodes without spacing, and with the contents of mere groups in their place."""
    result = []
    for node in nodes:
        if node["type"] in SPACES:
            continue
        if node["type"] in {"ordgroup", "styling", "html"}:
            result += flat(node["body"])
        elif node["type"] == "delimsizing":
            result.append({"type": "atom", "text": node["delim"]})
        elif node["type"] == "mclass" and len(node["body"]) == 1:
            result += flat(node["body"])
        elif node["type"] == "operatorname":
            text = "".join(part["text"] for part in node["body"])
            result.append({"type": "function", "text": text})
        elif node["type"] == "op":
            result.append({"type": "function", "text": node["name"]})
        elif node["type"] == "font":
            letter = flat([node["body"]])[0]["text"]
            result.append({"type": "function", "text": node["font"] + letter})
        elif node["type"] == "supsub" and text_of(node["base"]) in {")", "]"}:
            # KaTeX hangs the power of a bracket on its closing half.
            result += [node["base"], {"type": "power", "sup": node["sup"]}]
        else:
            result.append(node)
    return result


def text_of(node) -> str:
    return node.get("text", "")


class Value:
    """One pass over a flat list of nodes: sum := product (± product)*."""

    def __init__(self, nodes, names: Mapping):
        self.nodes, self.at, self.names = flat(nodes), 0, names

    def peek(self) -> str | None:
        return text_of(self.nodes[self.at]) if self.at < len(self.nodes) else None

    def next(self):
        self.at += 1
        return self.nodes[self.at - 1]

    def whole(self):
        value = self.sum()
        if self.at < len(self.nodes):
            raise NotUnderstood(f"stopped before {self.nodes[self.at]}")
        return value

    def sum(self):
        sign = -1 if self.peek() == "-" else 1
        if self.peek() in {"+", "-"}:
            self.next()
        total = sign * self.product()
        while self.peek() in {"+", "-"}:
            sign = -1 if self.next()["text"] == "-" else 1
            total = total + sign * self.product()
        return total

    def product(self):
        value = self.factor()
        while self.at < len(self.nodes) and self.peek() not in {"+", "-", ")", "]", ","}:
            value = multiply(value, self.factor())
        return value

    def group(self, closing: str):
        """The nodes up to the matching closing bracket, which is consumed."""
        opening, depth, start = {")": "(", "]": "["}[closing], 1, self.at
        while depth:
            if self.at == len(self.nodes):
                raise NotUnderstood(f"no {closing}")
            depth += {opening: 1, closing: -1}.get(text_of(self.next()), 0)
        return self.nodes[start : self.at - 1]

    def factor(self):
        node = self.next()
        kind, text = node["type"], text_of(node)
        if text in {"(", "["}:
            value = Value(self.group({"(": ")", "[": "]"}[text]), self.names).whole()
            if self.at < len(self.nodes) and self.nodes[self.at]["type"] == "power":
                return power(value, exponent_of(self.next()["sup"]))
            return value
        if kind == "genfrac":
            part = partial(Value, names=self.names)
            return part([node["numer"]]).whole() / part([node["denom"]]).whole()
        if kind == "textord" and text.isdigit():
            while self.at < len(self.nodes) and (self.peek() or "").isdigit():
                text += self.next()["text"]
            return float(text)
        if kind == "function":
            return self.apply(text)
        if kind == "supsub":
            return self.supsub(node)
        if text == "\\pi":
            return np.pi
        name = name_of(node)
        if name in self.names:
            value = self.names[name]
            if callable(value):
                return self.call(value)
            return value
        raise NotUnderstood(f"{kind} {text!r}")

    def call(self, function):
        if text_of(self.next()) != "(":
            raise NotUnderstood("a function without its argument in brackets")
        return function(Value(self.group(")"), self.names).whole())

    def apply(self, function: str, power: float = 1):
        if function == "KL":
            self.next()
            return self.names["KL"](*self.densities(self.group(")")))
        if function not in FUNCTIONS:
            raise NotUnderstood(f"function {function!r}")
        bracketed = self.peek() in {"(", "["}
        argument = self.factor() if bracketed else self.product()
        return FUNCTIONS[function](argument) ** power

    def densities(self, nodes):
        r"""The two densities of a divergence, written `p \| q` or with N(0, I)."""
        split = next(i for i, node in enumerate(nodes) if text_of(node) == "\\|")
        return [self.density(part) for part in (nodes[:split], nodes[split + 1 :])]

    def density(self, nodes):
        written = "".join(text_of(node) for node in nodes)
        if written == "mathcalN(0,I)":
            return self.names["standard"]
        return self.names[written]

    def supsub(self, node):
        base = flat([node["base"]])[0]
        below = flat([node["sub"]]) if node.get("sub") else []
        above = flat([node["sup"]]) if node.get("sup") else []
        exponent = exponent_of(node.get("sup"))
        if text_of(base) == "\\sum":
            return self.series(below, above)
        if text_of(base) == "mathbbE":
            return self.mean(below)
        if base["type"] == "function":
            return self.apply(base["text"], float(exponent))
        return power(self.subscripted(base, below), exponent)

    def subscripted(self, base, below):
        r"""`\Sigma_p` is a name; `\lambda_i` and `\sigma_{p,i}` take a component."""
        name, index = name_of(base), None
        for part in below:
            if text_of(part) == ",":
                continue
            if text_of(part) == "i":
                index = int(self.names["i"])
            else:
                name = f"{name}_{text_of(part)}"
        if name not in self.names:
            raise NotUnderstood(f"the name {name!r}")
        return self.names[name] if index is None else np.ravel(self.names[name])[index]

    def series(self, below, above):
        if "".join(map(text_of, below)) != "i=1":
            raise NotUnderstood("a sum that does not start with i = 1")
        last = int(Value(above, self.names).whole())
        start, total = self.at, 0.0
        for index in range(last):
            self.at = start
            self.names = {**self.names, "i": index}
            total += self.product()
        return total

    def mean(self, below):
        """E_{x ~ p}[...]: the body is evaluated at the nodes of a quadrature for p (or q)."""
        law = text_of(below[-1])
        if list(map(text_of, below[:-1])) not in (["x", "\\sim"], ["x", "∼"]) or law not in "pq":
            raise NotUnderstood("a mean over something else than x ~ p or x ~ q")
        if text_of(self.next()) != "[":
            raise NotUnderstood("a mean without its bracket")
        body = self.group("]")
        points, weights = self.names[f"nodes_of_{law}"]
        values = [Value(body, {**self.names, "x": point}).whole() for point in points]
        return float(np.dot(weights, np.ravel(values)))


def exponent_of(node) -> str:
    return "".join(text_of(part) for part in flat([node])) if node else ""


def power(value, exponent: str):
    if exponent == "\\top":
        return np.transpose(value)
    if exponent == "-1":
        return np.linalg.inv(np.atleast_2d(value))
    return value ** float(exponent) if exponent else value


def multiply(a, b):
    """The product of numbers and matrices; a 1×1 product is a number."""
    product = a @ b if np.ndim(a) == 2 and np.ndim(b) == 2 else a * b
    return float(product[0, 0]) if np.shape(product) == (1, 1) else product


def sides(katex, tex: str, names: Mapping) -> tuple[float, float]:
    """The values of the two sides of a displayed equation."""
    nodes = flat(katex.parse(tex))
    split = [i for i, node in enumerate(nodes) if text_of(node) == "="]
    if len(split) != 1:
        raise NotUnderstood(f"{len(split)} equals signs")
    left, right = nodes[: split[0]], nodes[split[0] + 1 :]
    return Value(left, names).whole(), Value(right, names).whole()
