"""The documentation cannot lie: every block and the notebook are run, the site is built, and every command is in it."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import snippets

import kg
from kg import export, review_decisions, store, vocab
from kg.cli import commands
from kg.evaluate import evaluate
from kg.query import questions

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md")))
TRANSLATED = (ROOT / "README.zh.md", *sorted(DOCS.glob("*.zh.md")))
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]

# The blocks that cannot be run here, by page; the reason stands in the source of the page.
NOT_RUN = {
    "README.md": 2,
    "README.zh.md": 2,
    "CONTRIBUTING.md": 1,
    "index.md": 1,
    "index.zh.md": 1,
    "building.md": 1,
    "building.zh.md": 1,
    "formats.md": 1,
    "formats.zh.md": 1,
    "serve.md": 1,
    "serve.zh.md": 1,
    "speed.md": 1,
    "speed.zh.md": 1,
}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build of the seed pages."""
    place = tmp_path_factory.mktemp("example") / "exports"
    kg.build(ROOT / "seeds", place)
    return place


@pytest.fixture
def folder(tmp_path: Path, example: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[snippets.Folder]:
    monkeypatch.chdir(tmp_path)
    with snippets.Folder(tmp_path) as made:
        yield made


# A page in Chinese has the blocks of the English one: test_a_page_says_the_same_in_both_languages.
@pytest.mark.parametrize("page", [page for page in PAGES if ".zh." not in page.name], ids=lambda page: page.name)
def test_every_block_of_a_page_runs_and_prints_what_is_shown(page, folder, example, request):
    """In order, in one folder. With --rewrite-golden the page gets what its commands print now."""
    text = page.read_text(encoding="utf-8")
    blocks = [block for block in snippets.blocks(page) if not block.not_run]
    if blocks and not blocks[0].code.removeprefix("$ ").startswith("kg build"):
        snippets.copy(example, folder.place / "exports")
    for block in blocks:
        shown = folder.run(block)
        if request.config.getoption("--rewrite-golden"):
            text = text.replace(f"{block.language}\n{block.code}", f"{block.language}\n{shown}")
        else:
            assert snippets.clean(shown) == snippets.clean(block.code), block
    if request.config.getoption("--rewrite-golden"):
        page.write_text(text, encoding="utf-8", newline="\n")


def test_what_is_not_run_is_counted_with_its_reason():
    left = [block for page in PAGES for block in snippets.blocks(page) if block.not_run]
    assert all(len(block.not_run) > 20 for block in left), "a reason is a sentence"
    assert Counter(block.page for block in left) == NOT_RUN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_options_and_files_in_the_text_are_there(page):
    parameters = {parameter.name for question in questions().values() for parameter in question.parameters}
    for said in snippets.inline(page):
        words = said.split()
        if words[0] == "kg" and len(words) > 1 and words[1].isalpha():
            options = {name for option in commands.commands[words[1]].params for name in option.opts}
            options |= {f"--{name}" for name in parameters} if words[1] == "query" else set()
            assert set(re.findall(r"--[a-z-]+", said)) <= options, said
        elif found := re.match(r"python -m ([\w.]+)", said):
            assert importlib.util.find_spec(found[1]), said
        elif found := re.search(r"pip install '(?:tongbao|\.)\[([\w,]+)]'", said):
            assert set(found[1].split(",")) <= EXTRAS.keys(), said
        elif words[0] == "pytest" or (
            len(words) == 1 and re.match(r"(?:kg|tests|docs|queries|benchmarks)/[\w./-]+$", said)
        ):
            for name in words[words[0] == "pytest" :]:
                assert name.startswith("--") or (ROOT / name).exists(), said


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: page.name)
def test_a_page_says_the_same_in_both_languages(page, request):
    """The same blocks, headings, links, terms and numbers. With --rewrite-golden what is printed is taken from the English."""
    english = page.with_name(page.name.replace(".zh.md", ".md"))
    if request.config.getoption("--rewrite-golden"):
        text = page.read_text(encoding="utf-8")
        for old, new in zip(snippets.blocks(page), snippets.blocks(english), strict=True):
            if new.language in ("text", "console"):
                text = text.replace(f"{old.language}\n{old.code}", f"{new.language}\n{new.code}")
        page.write_text(text, encoding="utf-8", newline="\n")
    said, meant = snippets.alike(page), snippets.alike(english)
    for what in meant:
        assert said[what] == meant[what], what


def test_every_page_is_there_in_chinese_and_leads_to_pages_in_chinese():
    chinese = {page.name for page in DOCS.glob("*.zh.md")}
    assert chinese == {page.name.replace(".md", ".zh.md") for page in DOCS.glob("*.md") if page.name not in chinese}
    for page in TRANSLATED:
        for target in re.findall(r"\]\((?:docs/)?(\w+)\.md", page.read_text(encoding="utf-8")):
            assert (page.name, target) == ("README.zh.md", "README"), f"{page.name}: {target}.md"


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: page.name)
def test_a_page_in_chinese_is_in_chinese(page):
    """Outside blocks no line of prose is left in English."""
    for line in snippets.BLOCK.sub("", page.read_text(encoding="utf-8")).splitlines():
        words = re.findall(r"[A-Za-z]{2,}", re.sub(r"`[^`]*`|\]\([^)]*\)", "", line))
        assert len(words) < 12 or re.search(r"[\u4e00-\u9fff]{6}", line), f"{page.name}: {line}"


def test_the_notebook_runs_from_top_to_bottom(folder):
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
        language = "zh" if page in TRANSLATED else "en"
        assert f' lang="{language}"' in (site / f"{page.stem}.html").read_text(encoding="utf-8"), page.name
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


def test_every_question_is_documented_with_its_parameters():
    told = dict(
        re.findall(
            r"^\| `([a-z-]+)` \|[^|]*\| ?([^|]*?) ?\|$", (DOCS / "questions.md").read_text(encoding="utf-8"), re.M
        )
    )
    assert told == {
        name: ", ".join(f"`--{parameter.name}`" for parameter in question.parameters)
        for name, question in questions().items()
    }


def test_the_network_page_has_what_is_told_of_it():
    told = (DOCS / "network.md").read_text(encoding="utf-8")
    words = (ROOT / "kg" / "assets" / "strings.js").read_text(encoding="utf-8")
    labels = set(re.findall(r"\*\*([^*]+)\*\*", told))
    assert len(labels) > 10
    assert all(f': "{label}"' in words for label in labels), labels
    (limit,) = re.findall(r"DRAW_LIMIT = (\d+);", (ROOT / "kg" / "assets" / "model.js").read_text(encoding="utf-8"))
    assert f"{int(limit):,} nodes" in told


def test_what_is_cited_is_this_version():
    cited = dict(re.findall(r"^([a-z-]+): (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M))
    assert cited["version"] == kg.__version__
    assert cited["cff-version"] == "1.2.0"
    assert cited["license"] == "MIT"
    assert f"## {kg.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_evidence_shown_is_that_of_the_example(example):
    (shown,) = (block.code for block in snippets.blocks(DOCS / "graph.md") if block.language == "turtle")
    held = store.read(example)
    triples = [quad.triple for quad in ox.parse(snippets.PREFIXES + shown, format=ox.RdfFormat.TURTLE)]
    assert len(triples) == 11
    assert all(ox.Quad(*triple) in held for triple in triples)


def test_the_decisions_shown_are_read():
    (shown,) = (block.code for block in snippets.blocks(DOCS / "review.md") if block.language == "json")
    decisions = review_decisions.parse(json.loads(line) for line in shown.splitlines())
    assert tuple(decision.do for decision in decisions) == review_decisions.ACTS


def test_the_annotation_shown_is_what_is_read_of_its_text(tmp_path):
    """Nothing of it is missed, and nothing else is stated."""
    page = DOCS / "annotation.md"
    (shown,) = (json.loads(block.code) for block in snippets.blocks(page) if block.language == "json")
    text = re.findall(r"^> (.*)$", page.read_text(encoding="utf-8"), re.M)[0].encode()
    (tmp_path / shown["document"]).write_bytes(text)
    annotation = json.dumps(shown | {"sha256": hashlib.sha256(text).hexdigest()})
    (tmp_path / shown["document"]).with_suffix(".json").write_text(annotation, encoding="utf-8")
    assert evaluate(tmp_path, tmp_path).core_f1 == 1


def test_neo4j_is_given_each_file_as_a_group_of_its_own(example, tmp_path):
    """By a stand-in for the program that prints what it is given; files of one group share the head of the first."""
    (shown,) = (block.code for block in snippets.blocks(DOCS / "formats.md") if block.code.startswith("neo4j-admin"))
    export.write_folder(store.read(example), "neo4j", tmp_path / "neo4j")
    done = subprocess.run(
        ["bash", "-c", f'neo4j-admin() {{ printf "%s\\n" "$@"; }}; {shown}'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    nodes, relations = (
        sorted(f"neo4j/{path.name}" for path in (tmp_path / "neo4j").glob(f"{kind}-*.csv"))
        for kind in ("nodes", "relations")
    )
    assert done.stdout.split() == [
        *("database", "import", "full", "neo4j"),
        *(f"--nodes={name}" for name in nodes),
        *(f"--relationships={name}" for name in relations),
    ]
    assert len(nodes) > 5 < len(relations)
