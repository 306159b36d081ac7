"""Prints the registry as JSON, for the bundler of the figures: names, and TeX by pieces."""

import json

from gausslib.formulas import FORMULAS, Term

entries = {
    key: {
        "name": formula.name,
        "pieces": [
            [piece.name, piece.tex] if isinstance(piece, Term) else [None, piece]
            for piece in formula.pieces
        ],
    }
    for key, formula in FORMULAS.items()
}
print(json.dumps(entries))
