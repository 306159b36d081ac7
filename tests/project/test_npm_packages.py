"""`make lint` notices npm packages that are declared in vain, or used without being declared."""

import json

from support.npm_packages import ROOT, faults


def test_the_project_declares_what_it_uses():
    assert faults(ROOT) == []


def test_both_faults_are_named(tmp_path):
    declared = dict.fromkeys(["imported", "@scope/by-path", "runs", "unused"], "1.0.0")
    package = {"scripts": {"check": "program --option"}, "devDependencies": declared}
    (tmp_path / "package.json").write_text(json.dumps(package))
    for name in declared:
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True)
        programs = {"bin": {"program": "cli.js"}} if name == "runs" else {}
        (folder / "package.json").write_text(json.dumps(programs))
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a.mjs").write_text(
        'import x from "imported";\nimport y from "./b.mjs";\nimport z from "node:fs";\n'
        'const w = await import("forgotten/inside.js");\n'
    )
    folder = "NODE_" + "MODULES"  # in two, or it would count as used by this file
    (tmp_path / "book" / "a.py").write_text(f'{folder} / "@scope" / "by-path" / "file.js"\n')
    assert faults(tmp_path) == [
        "package.json declares unused, which nothing uses",
        "forgotten is used, and not in package.json",
    ]
