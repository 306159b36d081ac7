"""KaTeX in-process: renders TeX to HTML, and gives the parse tree of TeX."""

import atexit
import json
from pathlib import Path

from py_mini_racer import JSEvalException, MiniRacer

KATEX = Path(__file__).resolve().parents[3] / "node_modules" / "katex" / "dist"

# Only \htmlClass is trusted: it carries the marks of a formula's terms. Anything
# else that LaTeX would not accept is an error, never a red blot on the page.
GLUE = r"""
const settings = display => ({
  displayMode: display,
  throwOnError: true,
  trust: context => context.command === "\\htmlClass",
  strict: code => code === "htmlExtension" ? "ignore" : "error",
});
const render = (tex, display) => katex.renderToString(tex, settings(display));
const parse = tex => JSON.stringify(
  katex.__parse(tex, settings(true)),
  (key, value) => key === "loc" ? undefined : value);
"""


class TexError(ValueError):
    """TeX that KaTeX cannot read."""


class Katex:
    """One KaTeX engine. Close it: an open engine can hang the process at its exit."""

    def __init__(self):
        script = KATEX / "katex.min.js"
        if not script.is_file():
            raise FileNotFoundError(f"{script} is missing: run `make node_modules`")
        self._context = MiniRacer()
        self._context.eval(script.read_text(encoding="utf8"))
        self._context.eval(GLUE)
        atexit.register(self.close)

    def _call(self, function, *arguments):
        try:
            return self._context.call(function, *arguments)
        except JSEvalException as error:
            # The first line is KaTeX's message; the rest prints the whole script.
            message = str(error).partition("\n")[0].partition("ParseError: ")[2]
            raise TexError(message or str(error)[:300]) from None

    def render(self, tex: str, display: bool) -> str:
        """HTML (with MathML for screen readers) of an equation."""
        return self._call("render", tex, display)

    def parse(self, tex: str) -> list[dict]:
        """KaTeX's parse tree of an equation."""
        return json.loads(self._call("parse", tex))

    def close(self) -> None:
        self._context.close()
        atexit.unregister(self.close)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
