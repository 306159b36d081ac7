"""A running JupyterLab: the figure and the kernel follow each other; chapters open as notebooks."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient
from playwright.sync_api import TimeoutError
from support.figures import FIGURES
from support.javascript import on_figures

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("*.md"))
START = {"p": [-1.2, 0.3, 1.1, 0.5, 0.6], "q": [1.0, -0.2, 1.3, 0.7, -0.4]}
NOTEBOOK = f"""---
kernelspec: {{display_name: Python 3, language: python, name: python3}}
---

```{{code-cell}} ipython3
from gausslib.widgets import GaussianPair

pair = GaussianPair(p={START["p"]}, q={START["q"]})
pair
```
"""


class Lab:
    """A JupyterLab server in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder, self.runtime = folder / "notebooks", folder / "runtime"
        self.folder.mkdir()
        self.runtime.mkdir()
        environment = os.environ | {
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        }
        command = [
            Path(sys.executable).with_name("jupyter"),
            "lab",
            "--no-browser",
            "--allow-root",
            "--port=8899",
            "--IdentityProvider.token=",
            "--LabApp.extension_manager=readonly",
            "--LabApp.expose_app_in_browser=True",
            f"--ServerApp.root_dir={self.folder}",
        ]
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            command, env=environment, stdout=self.log, stderr=subprocess.STDOUT
        )
        self.address = self._wait_for_address()

    def _wait_for_address(self) -> str:
        for _ in range(300):
            for found in self.runtime.glob("jpserver-*.json"):
                return json.loads(found.read_text())["url"].rstrip("/")
            assert self.process.poll() is None, Path(self.log.name).read_text()
            time.sleep(0.2)
        raise AssertionError(f"no JupyterLab after a minute: {Path(self.log.name).read_text()}")

    def kernel(self, notebook: str) -> BlockingKernelClient:
        """A second client of the kernel that the browser started for a notebook."""
        with urllib.request.urlopen(f"{self.address}/api/sessions") as answer:
            (session,) = (each for each in json.load(answer) if each["path"] == notebook)
        client = BlockingKernelClient()
        client.load_connection_file(str(self.runtime / f"kernel-{session['kernel']['id']}.json"))
        client.start_channels()
        client.wait_for_ready(timeout=30)
        return client

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    running = Lab(tmp_path_factory.mktemp("lab"))
    yield running
    running.stop()


def ask(client: BlockingKernelClient, code: str, expression: str = "None"):
    """Run code in the kernel; the value of a literal expression comes back."""
    reply = client.execute(
        code, user_expressions={"it": expression}, reply=True, store_history=False, timeout=30
    )["content"]
    assert reply["status"] == "ok", reply
    return ast.literal_eval(reply["user_expressions"]["it"]["data"]["text/plain"])


def soon(condition, seconds: float = 10):
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def run_all_cells(page):
    """Run the notebook; again if JupyterLab drops the run, or asks something first.

    On a busy machine it may do either just after opening.
    """
    asked = []
    for _ in range(5):
        for dialog in page.locator(".jp-Dialog").all():
            asked.append(dialog.inner_text())
            dialog.locator(".jp-mod-accept").last.click()
        try:
            for name in ("Run", "Run All Cells"):
                page.get_by_role("menuitem", name=name, exact=True).click(timeout=10_000)
            page.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]")).first.wait_for(
                timeout=15_000
            )
            return
        except TimeoutError:
            continue
    raise AssertionError(f"JupyterLab did not run the cells; it asked: {asked}")


def test_figure_and_kernel_follow_each_other(lab, chromium):
    (lab.folder / "pair.md").write_text(NOTEBOOK)
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{lab.address}/lab/tree/pair.md")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.get_by_text("Kernel status: Idle").wait_for(state="attached", timeout=60_000)
    run_all_cells(page)
    figure = page.locator("gauss-pair")
    figure.wait_for(timeout=60_000)
    kernel = lab.kernel("pair.md")

    # drag in the browser, read the trait in the kernel
    box = page.get_by_role("slider", name="mean of p").locator(".hit").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 50, y - 30, steps=5)
    page.mouse.up()
    dragged = figure.evaluate("figure => figure.p")
    assert dragged[0] > START["p"][0]
    assert dragged[1] > START["p"][1]
    soon(lambda: ask(kernel, "", "pair.p") == dragged)
    assert ask(kernel, "", "pair.q") == START["q"]
    values = figure.evaluate("figure => figure.values")
    assert ask(kernel, "", "pair.values") == pytest.approx(values, rel=1e-9)

    # set the trait in the kernel, see the figure move
    wanted = [0.5, 1.25, 0.9, 0.3, -0.7]
    ask(kernel, f"pair.q = {wanted}")
    soon(lambda: figure.evaluate("figure => figure.q") == wanted)
    moved = page.get_by_role("slider", name="mean of q").locator(".hit").bounding_box()
    plane = figure.locator(".gauss-plane").bounding_box()
    unit = plane["width"] / 8
    assert moved["x"] + moved["width"] / 2 - plane["x"] == pytest.approx((4 + 0.5) * unit, abs=1)
    assert moved["y"] + moved["height"] / 2 - plane["y"] == pytest.approx(
        (2.75 - 1.25) * unit, abs=1
    )

    kernel.stop_channels()
    page.close()


def test_every_figure_follows_its_kernel(lab, chromium):
    """All figures in one notebook: each shows its state, takes one, and gives one back."""
    cells = "\n".join(
        f"```{{code-cell}} ipython3\nf{number} = {figure.widget.__name__}()\nf{number}\n```\n"
        for number, figure in enumerate(FIGURES)
    )
    names = ", ".join(figure.widget.__name__ for figure in FIGURES)
    head = NOTEBOOK.partition("\n\n")[0]
    first = f"```{{code-cell}} ipython3\nfrom gausslib.widgets import {names}\n```\n"
    (lab.folder / "all.md").write_text(f"{head}\n\n{first}\n{cells}")
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.goto(f"{lab.address}/lab/workspaces/all/tree/all.md")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.get_by_text("Kernel status: Idle").wait_for(state="attached", timeout=60_000)
    run_all_cells(page)
    kernel = lab.kernel("all.md")
    for number, figure in enumerate(FIGURES):
        element = page.locator(figure.tag)
        element.wait_for(state="attached", timeout=60_000)
        presets = on_figures(f"figures['{figure.tag}'].presets")
        for name, value in next(iter(presets.values())).items():
            ask(kernel, f"f{number}.{name} = {value!r}")
            soon(partial(same, element, name, value))
        values = element.evaluate("figure => figure.values")
        assert ask(kernel, "", f"f{number}.values") == pytest.approx(values, rel=1e-9, abs=1e-12)
        element.evaluate("figure => figure.reset()")
        start = element.evaluate(f"figure => figure['{figure.moves}']")
        soon(lambda: ask(kernel, "", f"f{number}.{figure.moves}") == start)  # noqa: B023
    kernel.stop_channels()
    page.close()


def same(element, name: str, value) -> bool:
    """Whether an element's property has a value."""
    return element.evaluate(f"figure => figure['{name}']") == value


RUN_ALL = """async () => {
  const panel = jupyterapp.shell.currentWidget;
  await panel.sessionContext.ready;
  await jupyterapp.commands.execute("notebook:run-all-cells");
  const cells = [...panel.content.model.cells];
  const code = cells.filter((cell) => cell.type === "code");
  return {
    unrun: code.filter((cell) => !cell.executionCount).map((cell) => cell.sharedModel.source),
    faults: code.flatMap((cell) => cell.outputs.toJSON())
      .filter((output) => output.output_type === "error" || output.name === "stderr"),
  };
}"""


@pytest.fixture(scope="module")
def files(lab, chromium):
    """JupyterLab with the chapters in its list of files."""
    for chapter in CHAPTERS:
        shutil.copy(chapter, lab.folder)
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{lab.address}/lab/workspaces/chapters")
    yield page
    page.close()


def double_click(page, chapter: Path):
    """Open a chapter, and wait until it is seen as a notebook."""
    title = re.search("^# (.*)", chapter.read_text(encoding="utf8"), re.MULTILINE)[1]
    page.locator(".jp-DirListing-item", has_text=chapter.name).dblclick(timeout=60_000)
    page.locator(".jp-Notebook h1:visible", has_text=title).wait_for(timeout=60_000)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_chapter_opens_by_double_click(files, chapter):
    double_click(files, chapter)


# Every chapter's cells run when the site is built, so that one of them is enough on each push.
@pytest.mark.parametrize(
    "chapter",
    [CHAPTERS[0], *(pytest.param(each, marks=pytest.mark.nightly) for each in CHAPTERS[1:])],
    ids=lambda chapter: chapter.stem,
)
def test_chapter_runs_to_its_end(lab, files, chromium, chapter):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{lab.address}/lab/workspaces/{chapter.stem}")
    double_click(page, chapter)
    page.set_default_timeout(240_000)
    ran = page.evaluate(RUN_ALL)
    assert ran == {"unrun": [], "faults": []}
    page.close()


WALK = """
```{code-cell} ipython3
GaussianPair(p=[-0.8, 0.2, 0.6, 0.35, 0.5], q=[0.7, -0.1, 1.5, 0.9, -0.3], id="pair")
```

With [equal centres](?pair.p=0,0,1,1,0&pair.q=0,0,2,2,0#pair) it is another matter.

:::{admonition} Two directions
:class: walk

1. [Make *p* thin](?pair.p=-0.8,0.2,0.6,0.02,0.5#pair):
   {claim}`KL(q‖p) grows more than a hundredfold`.
2. Which of $p$ and $q$ matters? [See](?pair.p=-0.8,0.2,0.6,0.02,0.5&pair.q=0.7,-0.1,1.5,1.5,0#pair)
   * {claim}`W₂ stays`
   * {claim}`W₂ grows`
:::
"""


def test_a_walk_opens_in_its_figure(lab, chromium):
    """The text stays in its cell, a plain list; its links take the figure along."""
    head = NOTEBOOK.partition("\n\n")[0]
    bring = "```{code-cell} ipython3\nfrom gausslib.widgets import GaussianPair\n```\n"
    (lab.folder / "walk.md").write_text(f"{head}\n\n{bring}\n{WALK}")
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.goto(f"{lab.address}/lab/workspaces/walk/tree/walk.md")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.get_by_text("Kernel status: Idle").wait_for(state="attached", timeout=60_000)
    run_all_cells(page)
    figure = page.locator("gauss-pair")
    figure.wait_for(timeout=60_000)
    page.get_by_role("link", name="equal centres").click()
    soon(partial(same, figure, "q", [0, 0, 2, 2, 0]))
    page.locator("aside").get_by_role("link", name="thin").click()
    soon(partial(same, figure, "p", [-0.8, 0.2, 0.6, 0.02, 0.5]))
    assert figure.locator(".walk-count").inner_text() == "1 of 2"
    assert "hundredfold (11.415 → 3143.5)" in figure.locator(".walk-body").inner_text()
    figure.locator(".walk-next").click()
    figure.locator(".walk-choice").first.click()
    assert figure.locator(".walk-so").inner_text().startswith("✓ W₂ grows")
    assert figure.evaluate("figure => figure.q") == [0.7, -0.1, 1.5, 1.5, 0]
    assert page.locator("aside ol > li").count() == 2
    page.close()
