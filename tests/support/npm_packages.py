"""Every npm package that the project uses is in package.json, and every one there is used.

`python tests/support/npm_packages.py` prints what is wrong (part of `make lint`). The packages are
few, and half of them are used from Python, by their path: tools for JavaScript alone would not see
that.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("gausslib", "book", "tests", "sitecheck")
BUNDLED = "gausslib/widgets/static"
NAME = r"((?:@[\w.-]+/)?[\w.-]+)"
# `import ... from "name/file"`, `import("name")`; a name with a colon is no package.
IMPORTED = re.compile(rf"""\b(?:from|import)\s*\(?\s*["']{NAME}(?:/[^"':]*)?["']""")
# By its path; in Python the parts of a path may be joined by strokes outside the quotes.
BY_PATH = re.compile(rf"node_modules/{NAME}", re.IGNORECASE)


def imported(root: Path) -> set[str]:
    """Packages that the sources below `root` name."""
    names = set()
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.parent == root / BUNDLED:
                continue
            if path.suffix in {".js", ".mjs", ".ts"}:
                text = path.read_text(encoding="utf8")
                names.update(IMPORTED.findall(text), BY_PATH.findall(text))
            if path.suffix == ".py":
                text = re.sub(r'"? / "', "/", path.read_text(encoding="utf8"))
                names.update(BY_PATH.findall(text))
    return {name for name in names if not name.startswith(".")} - {"ready"}  # which `make` writes


def run(root: Path, package: dict, declared: set[str]) -> set[str]:
    """Packages whose programs the scripts of package.json run."""
    words = set(" ".join(package.get("scripts", {}).values()).split())
    programs = {}
    for name in declared:
        installed = root / "node_modules" / name / "package.json"
        given = json.loads(installed.read_text(encoding="utf8")).get("bin", {})
        programs[name] = set(given) if isinstance(given, dict) else {name}
    return {name for name in declared if programs[name] & words}


def typed(root: Path) -> set[str]:
    """Packages of types that the type checker is told to know."""
    settings = root / "tsconfig.json"
    if not settings.is_file():
        return set()
    options = json.loads(settings.read_text(encoding="utf8"))["compilerOptions"]
    return {f"@types/{name}" for name in options["types"]}


def faults(root: Path) -> list[str]:
    """What is declared in vain, and what is used without being declared."""
    package = json.loads((root / "package.json").read_text(encoding="utf8"))
    declared = {*package.get("dependencies", {}), *package.get("devDependencies", {})}
    used = imported(root) | run(root, package, declared) | typed(root)
    return [
        *(f"package.json declares {name}, which nothing uses" for name in sorted(declared - used)),
        *(f"{name} is used, and not in package.json" for name in sorted(used - declared)),
    ]


if __name__ == "__main__":
    if found := faults(ROOT):
        raise SystemExit("\n".join(found))
