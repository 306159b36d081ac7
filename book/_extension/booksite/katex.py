"""KaTeX in-process: renders TeX to HTML, and gives the parse tree of TeX."""

import json
from pathlib import Path

from .engine import Engine, ScriptError

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


class Katex(Engine):
    """One KaTeX engine."""

    def __init__(self):
        super().__init__(KATEX / "katex.min.js", glue=GLUE, made_by="make node_modules/ready")

    def call(self, function, *arguments):
        try:
            return super().call(function, *arguments)
        except ScriptError as error:
            raise TexError(str(error)) from None

    def render(self, tex: str, display: bool) -> str:
        """HTML (with MathML for screen readers) of an equation."""
        return self.call("render", tex, display)

    def parse(self, tex: str) -> list[dict]:
        """KaTeX's parse tree of an equation."""
        return json.loads(self.call("parse", tex))
