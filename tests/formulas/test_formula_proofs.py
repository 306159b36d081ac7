"""Each expression of the registry is proved with SymPy: one proof for each key.

The proofs are in a file for each subject, `proofs_divergences.py` and so on.
"""

import pytest
from formulas import proofs_divergences, proofs_gaussian, proofs_orthogonal, proofs_transport
from formulas.proofs import PROOFS

from gausslib.formulas import FORMULAS

SUBJECTS = (proofs_gaussian, proofs_divergences, proofs_transport, proofs_orthogonal)


def test_every_proof_is_of_an_entry():
    assert not (stale := PROOFS.keys() - FORMULAS), f"proofs of what is no entry: {stale}"


@pytest.mark.parametrize("key", FORMULAS)
def test_proof(key):
    assert key in PROOFS, f'no @proves("{key}") in tests/formulas/proofs_*.py'
    PROOFS[key](FORMULAS[key].expression)
