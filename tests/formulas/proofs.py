"""The register of the proofs, and what proofs of several subjects need."""

from collections.abc import Callable
from inspect import signature

import sympy as sp

PROOFS: dict[str, Callable] = {}


def proves(*keys: str):
    """Register a proof; it is called with the expression of each of the entries."""

    def register(proof):
        assert not (twice := PROOFS.keys() & set(keys)), f"two proofs of {twice}"
        PROOFS.update(dict.fromkeys(keys, proof))
        return proof

    return register


def called(expression, **values):
    """The expression with those of the values that it takes."""
    return expression(**{name: values[name] for name in signature(expression).parameters})


def settled(value):
    """With a factored argument in each root: it is a square then."""
    return value.replace(
        lambda part: part.is_Pow and part.exp.is_Rational and part.exp.q == 2,
        lambda part: sp.sqrt(sp.factor(part.base)) ** (2 * part.exp),
    )
