"""GaussianPair: its state, and what it shows without a kernel."""

import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
import traitlets

import gausslib
from gausslib.widgets import GaussianPair

P, Q = [0.0, 0.0, 1.0, 0.5, 0.3], [1.0, 0.5, 0.7, 1.2, -0.4]
PACKAGE = Path(gausslib.__file__).parent


def test_state_is_synchronised():
    pair = GaussianPair(P, Q, show="terms")
    state = pair.get_state()
    assert (state["p"], state["q"], state["show"]) == (P, Q, "terms")
    pair.set_state({"p": [1, 2, 3, 4, 5]})
    assert pair.p == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_a_change_is_announced():
    pair, seen = GaussianPair(P, Q), []
    pair.observe(lambda change: seen.append(change["new"]), "q")
    pair.q = tuple(P)
    assert seen == [P]


@pytest.mark.parametrize("show", ["term", "terms axes"])
def test_unknown_extras_are_refused(show):
    with pytest.raises(traitlets.TraitError, match=f"show: expected .*, got '{show}'"):
        GaussianPair(show=show)


def test_gaussians_and_values():
    pair = GaussianPair(P, Q)
    p, q = pair.gaussians
    assert p == gausslib.Gaussian.from_axes([0, 0], [1, 0.5], 0.3)
    assert pair.values == {
        "kl_pq": gausslib.kl_divergence(p, q),
        "kl_qp": gausslib.kl_divergence(q, p),
        "bhattacharyya": gausslib.bhattacharyya_distance(p, q),
        "w2": gausslib.w2_distance(p, q),
    }


def test_repr_makes_the_same_pair_again():
    pair = eval(repr(GaussianPair(P, Q, show="terms")))
    assert (pair.p, pair.q, pair.show) == (P, Q, "terms")


class Page(HTMLParser):
    """Elements with their attributes, and the text in each class; fails on crossed tags."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements, self.text, self.open = [], {}, []
        self.feed(markup)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open.append((tag, dict(attrs).get("class")))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        self.text.setdefault(self.open[-1][1] if self.open else None, []).append(data)


def test_the_cell_serves_every_reader():
    data, _ = GaussianPair(P, Q)._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html", "image/svg+xml"} <= set(data)
    assert data["text/plain"] == f"GaussianPair(p={P}, q={Q})"


def test_the_page_has_element_picture_and_numbers():
    pair = GaussianPair([0, 0, 1, 1, 0], [3, 4, 1, 1, 0], show="terms")
    markup = pair._repr_mimebundle_()[0]["text/html"]
    page = Page(markup)
    tag, attributes = page.elements[0]
    assert tag == "gauss-pair"
    assert attributes == {"p": "0.0,0.0,1.0,1.0,0.0", "q": "3.0,4.0,1.0,1.0,0.0", "show": "terms"}
    # KL both ways, Bhattacharyya, W2; mean, trace and log-det term
    numbers = ["12.500", "12.500", "3.1250", "5.0000", "12.500", "0.0000", "0.0000"]
    assert page.text["gauss-number"] == numbers
    assert [attrs["role"] for tag, attrs in page.elements if tag == "svg"] == ["img"]
    assert not any("id" in attrs for _, attrs in page.elements)  # so that none can occur twice
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)
    assert "http" not in markup


def test_terms_are_shown_only_when_asked_for():
    page = Page(GaussianPair(P, Q)._repr_mimebundle_()[0]["text/html"])
    assert len(page.text["gauss-number"]) == 4
    assert "show" not in page.elements[0][1]


def test_a_state_has_one_page():
    first, second = (GaussianPair(P, Q, "terms")._repr_mimebundle_()[0] for _ in "12")
    assert first["text/html"] == second["text/html"]
    assert first["image/svg+xml"] == second["image/svg+xml"]


def test_the_picture_is_a_file_of_its_own():
    svg = ElementTree.fromstring(GaussianPair(P, Q)._repr_mimebundle_()[0]["image/svg+xml"])
    names = {"svg": "http://www.w3.org/2000/svg"}
    assert svg.tag == f"{{{names['svg']}}}svg"
    assert "Gaussians" in svg.find("svg:title", names).text
    assert "semi-axes 1 and 0.5" in svg.find("svg:desc", names).text
    assert "--gauss-p: light-dark(" in svg.find("svg:style", names).text
    # p is centred, its semi-axis of 1 is 80 pixels long
    inner = svg.findall("svg:ellipse", names)[1]
    assert (inner.get("rx"), inner.get("ry")) == ("80", "40")
    assert inner.get("transform") == "translate(320 220) rotate(-17.19)"
    assert [text.text for text in svg.findall("svg:text", names)] == ["p", "q"]


def run(code: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1]


def test_a_missing_bundle_names_the_command(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "gausslib", ignore=shutil.ignore_patterns("static"))
    message = run("import gausslib.widgets", tmp_path)
    assert message.startswith("FileNotFoundError: ")
    assert "`make bundle`" in message


def test_a_missing_anywidget_names_the_extra():
    code = "import sys; sys.modules['anywidget'] = None; import gausslib.widgets"
    message = run(code, PACKAGE.parent)
    assert message.startswith("ModuleNotFoundError: ")
    assert 'pip install "gausslib[widgets]"' in message
