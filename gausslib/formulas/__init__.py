r"""The registry: one entry for each displayed formula.

An entry holds the TeX that the book displays, its right-hand side in closed form as a
SymPy expression, and the function of gausslib that computes it. Chapters label a
displayed result with its key, on three lines: `$$`, the TeX, `$$ (eq-kl)`, and assert in a
cell that what they derived *is* the entry's `expression`. The site refuses a labelled equation
that differs from the entry's TeX, and a test evaluates that TeX itself, sign by sign, on random
Gaussians: what is displayed and what is checked cannot drift apart.

The symbols are the same everywhere: p = N(mu_p, Sigma_p) and q = N(mu_q, Sigma_q) in
`d` dimensions, with delta = mu_p - mu_q; and unit vectors a and b. The module needs SymPy,
so `import gausslib` leaves it out. There is one file of entries for each subject.
"""

from gausslib.formulas import divergences, gaussian, orthogonal, transport
from gausslib.formulas._formula import KINDS, SCOPES, Formula, Term, normalise_tex

__all__ = ["FORMULAS", "KINDS", "SCOPES", "Formula", "Term", "normalise_tex"]

FORMULAS = {
    formula.key: formula
    for subject in (gaussian, divergences, transport, orthogonal)
    for formula in subject.FORMULAS
}
