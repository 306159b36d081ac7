"""Walks: steps that a reader takes with a figure, each checked against the figure's own numbers.

In the text a walk is an admonition of class `walk` with a numbered list, so that every reader of
Markdown shows it. A step has a link to a state, `[Make p thin](?pair.p=0,0,1,0.1,0#pair)`, and says
what becomes so: {claim}`KL(q‖p) grows more than ten times`. The words of a claim are its test:
gausslib/widgets/src/walks/claims.js reads them, and what it does not understand, or what is not
so, is a warning at its place. Claims in a list below a step are what a reader may foresee, and one
of them is so; a {goal} is what the reader shall bring about, and the link leads to a state that
has it.

The numbers before and after are written into the text. The script `text.js` takes the steps into
their figure; without it, and in print, they are a list.
"""

import re
from urllib.parse import parse_qsl, urlsplit

from docutils import nodes, utils
from sphinx import addnodes
from sphinx.util import logging

from .figures import Bundle, attributes

logger = logging.getLogger(__name__)

ROLES = ("claim", "goal")
# Where the walk stands in a still picture, as its slot does in the live figure.
STILL = re.compile(r'<div class="gauss-figure"><p class="gauss-note"[^>]*></p>')


def said(kind: str):
    """The role of words that are checked."""

    def role(name, rawtext, text, lineno, inliner, options=None, content=()):
        return [nodes.inline(rawtext, utils.unescape(text), classes=[kind])], []

    return role


def link_states(app, doctree):
    """Make links of what MyST takes for references: addresses of states on the same page."""
    for node in list(doctree.findall(addnodes.pending_xref)):
        target = node.get("reftarget", "")
        if target.startswith("?"):
            inside = node.children[0].children if node.children else []
            node.replace_self(nodes.reference("", "", *inside, refuri=target, internal=True))


class Walks:
    """Checks the walks of a page, and writes into them what was found."""

    def __init__(self, bundle: Bundle):
        self._bundle = bundle

    def check(self, app, doctree, page):
        """Check every walk of a page, and every other link to a state."""
        walks = [node for node in doctree.findall(nodes.admonition) if "walk" in node["classes"]]
        inside = [each for walk in walks for each in walk.findall(nodes.Inline)]
        figures = set()
        for node in walks:
            try:
                walk = Walk(node)
                if walk.figure in figures:
                    raise ValueError(f"the figure {walk.figure} has a walk already")
                figures.add(walk.figure)
                walk.check(self._bundle, doctree)
            except ValueError as error:
                logger.warning("walk: %s", error, location=node)
        for link in doctree.findall(nodes.reference):
            if is_state(link) and link not in inside:
                self._check_link(link, doctree)
        for kind in ROLES:
            for node in of_class(kind, doctree):
                if node not in inside:
                    told = "the %s “%s” stands in no walk, so that nobody checks it"
                    logger.warning(told, kind, node.astext(), location=node.parent)

    def _check_link(self, link: nodes.reference, doctree):
        address = urlsplit(link["refuri"])
        try:
            tag, _ = start_of(address.fragment, self._bundle, doctree)
            self._bundle.call("read", tag, parameters(address.query, address.fragment))
        except ValueError as error:
            logger.warning("link to a state: %s", error, location=link.parent)

    def take_in(self, app, doctree, page):
        """Put the first panel of each walk into its figure, where the script takes it over."""
        if app.builder.format != "html":
            return
        for node in doctree.findall(nodes.admonition):
            if "figure" in node:
                put_into_figure(node, self._bundle, doctree)


class Walk:
    """One walk of a page."""

    def __init__(self, node: nodes.admonition):
        self.node = node
        lists = list(node.findall(nodes.enumerated_list))
        if len(lists) != 1:
            raise ValueError(f"expected one numbered list, found {len(lists)}")
        self.steps = [Step(item) for item in lists[0].children]
        named = {step.figure for step in self.steps if step.figure}
        if len(named) != 1:
            raise ValueError(f"expected links to states of one figure, found {sorted(named)}")
        (self.figure,) = named

    def check(self, bundle: Bundle, doctree):
        """Check what the steps say, and write the numbers into them."""
        tag, given = start_of(self.figure, bundle, doctree)
        written = [step.written() for step in self.steps]
        name = f"{self.figure}-walk"
        self.node["ids"] = [name]
        self.node["figure"] = self.figure
        checked = bundle.call("walk", tag, given, written)
        for number, (step, found) in enumerate(zip(self.steps, checked, strict=True), 1):
            for fault in found["faults"]:
                logger.warning("walk, step %d: %s", number, fault, location=step.item)
            if not found["faults"]:
                step.write(found)
            step.item["ids"] = [f"{name}-{number}"]


class Step:
    """A step as it stands in the text."""

    def __init__(self, item: nodes.list_item):
        self.item = item
        links = [link for link in item.findall(nodes.reference) if is_state(link)]
        if len(links) > 1:
            raise ValueError(f"a step has one link to a state, not {len(links)}")
        self.state, self.figure = None, ""
        if links:
            address = urlsplit(links[0]["refuri"])
            self.figure = address.fragment
            self.state = parameters(address.query, self.figure)
        lists = list(item.findall(nodes.bullet_list))
        self.choices = [each for found in lists for each in of_class("claim", found)]
        self.claims = [each for each in of_class("claim", item) if each not in self.choices]
        self.goals = of_class("goal", item)

    def written(self) -> dict:
        """The step as `check.js` reads it."""
        kinds = {"claims": self.claims, "goals": self.goals, "choices": self.choices}
        words = {kind: [node.astext() for node in found] for kind, found in kinds.items()}
        return {"state": self.state, **words}

    def write(self, found: dict) -> None:
        """Write the numbers behind the claims, and the answer below the choices."""
        for node, answer in zip(self.claims, found["claims"], strict=True):
            node.append(numbers(answer))
        for node, answer in zip(self.choices, found["choices"], strict=True):
            if answer["isSo"]:
                told = nodes.paragraph("", "", nodes.Text(node.astext()), numbers(answer))
                opening = '<details class="walk-answer"><summary>Answer</summary>'
                self.item.append(nodes.raw("", opening, format="html"))
                self.item.append(told)
                self.item.append(nodes.raw("", "</details>", format="html"))


def numbers(answer: dict) -> nodes.inline:
    """The numbers of a claim, as they stand behind it."""
    return nodes.inline("", answer["numbers"], classes=["claim-numbers"])


def of_class(name: str, node: nodes.Element) -> list[nodes.inline]:
    """What a role of this name has made below a node."""
    return [each for each in node.findall(nodes.inline) if name in each["classes"]]


def is_state(link: nodes.reference) -> bool:
    """Whether a link leads to a state of a figure on the same page."""
    return link.get("refuri", "").startswith("?")


def parameters(query: str, figure: str) -> dict[str, str]:
    """What an address says of a figure."""
    found = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if not key.startswith(f"{figure}."):
            raise ValueError(f"{key} in the address is nothing of the figure {figure}")
        found[key.removeprefix(f"{figure}.")] = value
    return found


def put_into_figure(walk: nodes.admonition, bundle: Bundle, doctree) -> None:
    """Put a panel with what stands before the steps of a walk into its figure."""
    node, match = element_of(walk["figure"], bundle, doctree)
    title, *rest = walk.children
    (steps,) = walk.findall(nodes.enumerated_list)
    opening, closing = bundle.call("panel", title.astext(), len(steps.children))
    intro = [part.deepcopy() for part in rest if isinstance(part, nodes.paragraph)]
    whole = node.astext()
    still = STILL.search(whole, match.end())
    place = (still or match).end()
    before, after = whole[:place], whole[place:]
    before = before.replace('class="gauss-figure"', 'class="gauss-figure walking"')
    box = f'<div class="{" ".join(node["classes"])}">'
    parts = [
        nodes.raw("", box + before + opening, format="html"),
        *intro,
        nodes.raw("", closing + after + "</div>", format="html"),
    ]
    node.parent.replace(node, parts)


def start_of(figure: str, bundle: Bundle, doctree) -> tuple[str, dict[str, str]]:
    """The kind of the figure with this name on the page, and how it starts there."""
    _, match = element_of(figure, bundle, doctree)
    return match[1], attributes(match[0])


def element_of(figure: str, bundle: Bundle, doctree) -> tuple[nodes.raw, re.Match]:
    """The node in which the figure with this name stands, and its start tag."""
    tags = "|".join(bundle.tags())
    for node in doctree.findall(nodes.raw):
        for match in re.finditer(rf"<({tags})\b[^>]*>", node.astext()):
            if attributes(match[0]).get("id") == figure:
                return node, match
    raise ValueError(f"there is no figure {figure} on this page")
