"""The API pages: what autodoc and numpydoc leave to do."""

import re
import sys


def keep_initials(app, what, name, obj, options, lines):
    """A reference that begins with an initial is not a list that begins at that letter."""
    lines[:] = [re.sub(r"^(\.\. \[\w+\] )(?=[A-Z]\. )", r"\1\\ ", line) for line in lines]


def plain_field(app, env, node, contnode):
    """A field of a named tuple is described with the tuple: its name in there is no link."""
    module = sys.modules.get(node.get("py:module"))
    owner = getattr(module, node.get("py:class") or "", None)
    return contnode if node.get("reftarget") in getattr(owner, "_fields", ()) else None
