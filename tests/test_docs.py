"""The documentation cannot lie: the tutorial and the notebook are run, the site is built, and every command is in it."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_readme import BLOCK, clean

import kg
from kg import vocab
from kg.cli import commands

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
TUTORIAL = DOCS / "tutorial.md"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the repository, to run commands in."""
    for name in ("seeds", "queries"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_of_the_tutorial_prints_what_is_shown(repository, request):
    """With --rewrite-golden the tutorial gets what they print now."""

    def run(block: re.Match[str]) -> str:
        printed = ["```console"]
        for command in re.findall(r"^\$ (.*)$", block[1], re.M):
            result = CliRunner().invoke(commands, shlex.split(command)[1:])
            assert result.exit_code == 0, result.output
            printed += [f"$ {command}", *([clean(result.stdout)] if result.stdout.strip() else [])]
        return "\n".join((*printed, "```"))

    text = TUTORIAL.read_text(encoding="utf-8")
    now = BLOCK.sub(run, text)
    if request.config.getoption("--rewrite-golden"):
        TUTORIAL.write_text(now, encoding="utf-8", newline="\n")
    assert clean(TUTORIAL.read_text(encoding="utf-8")) == clean(now)
    for snippet in re.findall(r"^```python\n(.*?)^```", text, re.M | re.S):
        exec(compile(snippet, "tutorial.md", "exec"), {})


def test_the_notebook_runs_from_top_to_bottom(repository):
    notebook = json.loads((DOCS / "tutorial.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    names: dict[str, object] = {}
    shown = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            *before, last = ast.parse("".join(cell["source"])).body
            exec(compile(ast.Module(before, []), "notebook", "exec"), names)
            assert isinstance(last, ast.Expr), "every cell shows something"
            shown.append(eval(compile(ast.Expression(last.value), "notebook", "eval"), names))
    assert shown[0][0] == 5
    assert any("人" in row for row in shown[1])
    assert all(len(value) for i, value in enumerate(shown) if i != 4 and i)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(place)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place


def test_the_site_has_every_page_and_asks_no_network_for_anything(site):
    for page in DOCS.glob("*.md"):
        assert (site / f"{page.stem}.html").exists(), f"{page.name} is not in the site"
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|iframe)[^>]* src="(?:https?:)?//', text), page.name
        assert not re.findall(r'<link[^>]* rel="stylesheet"[^>]* href="(?:https?:)?//', text), page.name


def test_the_site_has_the_ontology_and_the_reference(site):
    ontology = (site / "ontology.html").read_text(encoding="utf-8")
    assert all(f"kg:{term.name}" in ontology for term in (*vocab.CLASSES, *vocab.RELATIONS, *vocab.PROPERTIES))
    reference = (site / "reference.html").read_text(encoding="utf-8")
    for name in ("kg.build", "kg.api.Graph", "kg.model.Statement", "kg.formats.load", "kg.review.findings"):
        assert f'id="{name}"' in reference
    assert "ntology (<code>" not in reference


def test_links_between_pages_lead_somewhere():
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (DOCS / target).resolve().exists(), f"{page.name}: {target}"


def test_every_command_is_documented():
    pages = "".join(page.read_text(encoding="utf-8") for page in (*DOCS.glob("*.md"), ROOT / "README.md"))
    for name in commands.commands:
        assert f"kg {name}" in pages, name


def test_what_is_cited_is_this_version():
    cited = dict(re.findall(r"^([a-z-]+): (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M))
    assert cited["version"] == kg.__version__
    assert cited["cff-version"] == "1.2.0"
    assert cited["license"] == "MIT"
    assert f"## {kg.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
