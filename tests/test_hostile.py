"""Hostile and broken files: each ends in facts or in one clear line, within limits, and nothing of the good files is lost."""

from __future__ import annotations

import io
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import hostile
import pyoxigraph as ox
import pytest
from samples import rapper_count

import kg
from kg import export, private, read, review
from kg.extract import read_page
from kg.model import Statement

ROOT = Path(__file__).parent.parent
MEMORY = 2 * 1024**3  # bytes of address space that the build may take
SECONDS = 240
GOOD = {f"good-{path.name}": path.read_bytes() for path in sorted((ROOT / "seeds").glob("*.txt"))}


@cache
def hostile_files() -> list[tuple[str, bytes]]:
    return list(hostile.hostile_files())


@dataclass(frozen=True)
class Outcome:
    """What became of one build of all the files."""

    names: tuple[str, ...]
    status: int
    lines: tuple[str, ...]
    seconds: float
    graph: kg.api.Graph
    folder: Path


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "in").mkdir()
    names = []
    for name, data in (*hostile_files(), *GOOD.items()):
        (folder / "in" / name).write_bytes(data)
        names.append(name)
    with (folder / "in" / "large.txt").open("wb") as file:
        file.writelines([b"\xe5\xb1\x80" * 1_000_000] * 17)  # 51 MB on one line
    command = [
        sys.executable,
        "-m",
        "kg",
        "build",
        str(folder / "in"),
        "--output",
        str(folder / "out"),
        "--workers",
        "1",
    ]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, preexec_fn=limited, cwd=ROOT, check=False)
    seconds = time.perf_counter() - begun
    lines = tuple(done.stderr.decode().splitlines())
    assert done.returncode in (0, 2), lines[-5:]
    return Outcome((*names, "large.txt"), done.returncode, lines, seconds, kg.open(folder / "out"), folder)


def test_there_are_many_and_all_of_their_own_kind():
    files = dict(hostile_files())
    assert len(files) >= 300
    assert len(set(files.values())) > 0.85 * len(files)


def test_each_ends_in_a_document_or_in_one_line(outcome):
    read_names = {document.name for document in outcome.graph.documents()}
    for name in outcome.names:
        shown = re.sub("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", " ", name)
        about = [line for line in outcome.lines if line.startswith((f"kg: {shown}: ", f"kg: {shown}/"))]
        inside = [found for found in read_names if found == name or found.startswith(f"{name}/")]
        if name.endswith((".jsonl", ".zip", ".tar", "gz", ".xz", ".bz2")):  # one for each row or entry
            data = (outcome.folder / "in" / name).read_bytes()
            assert about or inside or not data.strip() or b'"id"' in data, name
        else:
            assert len(about) + len(inside) == 1, (name, about, inside)


def test_every_line_is_one_line_that_tells_why(outcome):
    assert outcome.status == 2
    for line in outcome.lines:
        assert line.startswith("kg: ")
        assert len(line) < 1000
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line)
        assert "Traceback" not in line
        assert "could not be read (" not in line, "a page on which the rules fail"


def test_nothing_of_the_good_files_is_lost(outcome, tmp_path):
    for name, data in GOOD.items():
        (tmp_path / name).write_bytes(data)
    alone = kg.build(tmp_path, tmp_path / "out")
    assert _facts(alone) <= _facts(outcome.graph)


def _facts(graph: kg.api.Graph) -> Counter[tuple[object, ...]]:
    """What the good files state: the facts with their evidence in them."""

    def of(statement: Statement) -> list[tuple[object, ...]]:
        fact = statement.subject, statement.predicate, statement.object, statement.detail
        return [(*fact, e) for e in statement.evidence if e.document.startswith("good-")]

    return Counter(said for statement in graph.statements() for said in of(statement))


def test_within_limits(outcome):
    assert outcome.seconds < SECONDS / 2


def test_nothing_leaves_the_folder(outcome):
    assert sorted(path.name for path in outcome.folder.iterdir()) == ["in", "out"]
    assert not list(Path("/etc").glob("evil*"))
    assert "root:" not in "".join(document.text for document in outcome.graph.documents())


def test_what_was_made_of_them_loads_everywhere(outcome):
    turtle = (outcome.folder / "out" / "graph.ttl").read_bytes()
    count = sum(1 for _ in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    assert count == rapper_count(turtle)
    records = outcome.graph.records()
    texts = {document.name: document.text for document in records.documents}
    for statement in records.statements:
        for e in statement.evidence:
            assert e.quote == texts[e.document][e.span.start : e.span.end].translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD})
    review.findings(records)
    for form in ("jsonld", "rdfxml"):
        export.write(outcome.graph.store, form, io.BytesIO())


# ---------------------------------------------------------------- what fuzzing found


@pytest.mark.parametrize(
    "text",
    [
        "#!na\ue000m rah:egse\\ andhaed\n长",  # a character that the rules take for one of their marks
        "2:\n\n||||||||\n\n0:",  # a row of a table with no cell in it
    ],
)
def test_found_by_fuzzing(text):
    page = private.cover(read.read(text.encode(), "a.txt"))
    for found in read_page(page).evidence.values():
        for evidence in found.values():
            assert evidence.quote == page.document.text[evidence.span.start : evidence.span.end]
