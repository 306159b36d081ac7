"""Each expression of the registry is proved with SymPy: one proof for each key.

The proofs are in a file for each subject, `proofs_divergences.py` and so on.
"""

import proofs_divergences
import proofs_gaussian
import proofs_orthogonal
import proofs_transport
import pytest
from proofs import PROOFS

from gausslib.formulas import FORMULAS

SUBJECTS = (proofs_gaussian, proofs_divergences, proofs_transport, proofs_orthogonal)


def test_every_formula_has_a_proof():
    assert PROOFS.keys() == FORMULAS.keys()


@pytest.mark.parametrize("key", FORMULAS)
def test_proof(key):
    PROOFS[key](FORMULAS[key].expression)
