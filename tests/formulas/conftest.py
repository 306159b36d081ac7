"""The proofs are registered by their import, once."""

# Looked into for doctests under another name, they would register every proof twice.
collect_ignore_glob = ["proofs_*.py"]
