"""N-Quads in parts: nothing lost, nothing twice, the same bytes each time."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
import samples
from click.testing import CliRunner

from kg import cli, export, pipeline, shards, sorting, store
from kg.errors import Problem


@pytest.fixture
def built(tmp_path: Path) -> Path:
    pipeline.write(samples.extraction(), tmp_path / "built")
    return tmp_path / "built"


def run(built: Path, *words: str) -> None:
    done = CliRunner().invoke(cli.commands, ["export", "--graph", str(built), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output


def lines(folder: Path) -> list[list[bytes]]:
    return [gzip.decompress(path.read_bytes()).splitlines() for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("number", [1, 3, 40])
def test_the_parts_hold_the_lines_of_the_whole(tmp_path, built, number):
    run(built, "--format", "nquads", "--shards", str(number), "--to", str(tmp_path / "parts"))
    whole = io.BytesIO()
    export.write(store.read(built), "nquads", whole)
    parts = lines(tmp_path / "parts")
    assert len(parts) == number
    assert sorted(line for part in parts for line in part) == sorted(whole.getvalue().splitlines())
    assert all(part == sorted(part) for part in parts)
    graphs = [{quad.graph_name for quad in ox.parse(b"\n".join(part), format=ox.RdfFormat.N_QUADS)} for part in parts]
    for name in samples.TEXTS:
        assert sum(any(name.split("/")[-1] in str(graph) for graph in held) for held in graphs) == 1


def test_the_same_bytes_whatever_is_sorted_where(tmp_path, built, monkeypatch):
    shards.write(store.read(built), tmp_path / "1", 3)
    monkeypatch.setattr(sorting.Lines.__init__, "__defaults__", (tuple, 500))
    shards.write(store.read(built), tmp_path / "2", 3)
    assert [path.read_bytes() for path in sorted((tmp_path / "1").iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "2").iterdir())
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"1", "2", "built"}


def test_fewer_parts_take_the_place_of_more(tmp_path, built):
    for number in (5, 2):
        shards.write(store.read(built), tmp_path / "parts", number)
    assert len(list((tmp_path / "parts").iterdir())) == 2


def test_a_folder_with_other_files_is_left_alone(tmp_path, built):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").touch()
    with pytest.raises(Problem, match="other files"):
        shards.write(store.read(built), tmp_path / "mine", 2)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    "words", [("--format", "turtle", "--shards", "2", "--to", "x"), ("--format", "nquads", "--shards", "2")]
)
def test_shards_that_make_no_sense(built, words):
    assert CliRunner().invoke(cli.commands, ["export", "--graph", str(built), *words]).exit_code == 2
