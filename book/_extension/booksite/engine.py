"""JavaScript in-process: one engine, with the scripts that it has read."""

import atexit
from pathlib import Path
from typing import Any

from py_mini_racer import JSEvalException, MiniRacer


class ScriptError(ValueError):
    """An error that a script threw."""


class Engine:
    """One engine. Close it: an open engine can hang the process at its exit."""

    def __init__(self, *scripts: Path, glue: str = "", made_by: str):
        for script in scripts:
            if not script.is_file():
                raise FileNotFoundError(f"{script} is missing: run `{made_by}`")
        self._context = MiniRacer()
        for script in scripts:
            self._context.eval(script.read_text(encoding="utf8"))
        self._context.eval(glue)
        atexit.register(self.close)

    def call(self, function: str, *arguments: Any) -> Any:
        """Value of a function of the script."""
        try:
            return self._context.call(function, *arguments)
        except JSEvalException as error:
            # The first line is the message; the rest prints the whole script.
            message = str(error).partition("\n")[0].rpartition("Error: ")[2]
            raise ScriptError(message or str(error)[:300]) from None

    def close(self, *_ignored: Any) -> None:
        self._context.close()
        atexit.unregister(self.close)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
