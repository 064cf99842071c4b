"""Files to builds: what is found, how documents are called, what is written, what is withdrawn; and the Python face."""

from __future__ import annotations

from pathlib import Path

import networkx
import pytest
import rdflib
from samples import DISTRICT, TEXTS, extraction, read_page

import kg
from kg import graph, inputs, pipeline, store
from kg.errors import Problem

OUTPUTS = {"store", "graph.ttl", "graph.html"}
NO_TEXT = f"nothing to read in this folder ({' '.join(inputs.SUFFIXES)})"
BULLETIN, REPORT = TEXTS


def fail(failure: pipeline.Failure) -> None:
    pytest.fail(str(failure))


def put(folder: Path, **texts: str) -> list[Path]:
    """Files a.txt, b.txt … with these texts."""
    folder.mkdir(exist_ok=True, parents=True)
    paths = [folder / f"{name}.txt" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def names(paths: list[Path]) -> list[str]:
    return [source.name for source in pipeline.find(paths, fail)]


def build(paths: list[Path], output: Path, failed: pipeline.Report = fail) -> list[str]:
    """Builds, and returns the names of the documents."""
    pipeline.build(pipeline.find(paths, failed), output, failed, read_page=read_page)
    return [document.name for document in kg.open(output).documents()]


# ---------------------------------------------------------------- finding files


def test_a_folder_is_searched_for_texts(tmp_path):
    put(tmp_path, b="", a="")
    put(tmp_path / "内", c="")
    (tmp_path / "d.MD").touch()
    (tmp_path / "e.jpg").touch()
    assert names([tmp_path]) == ["a.txt", "b.txt", "d.MD", "内/c.txt"]


def test_a_file_goes_by_its_own_name(tmp_path):
    (path,) = put(tmp_path / "内", c="")
    assert names([path]) == ["c.txt"]


def test_a_file_that_is_given_twice_is_read_once(tmp_path):
    (path,) = put(tmp_path / "内", c="")
    assert names([path, tmp_path]) == names([tmp_path, path]) == ["c.txt"]


def test_a_path_without_texts_has_failed(tmp_path):
    failures = []
    assert pipeline.find([tmp_path, tmp_path / "nothing"], failures.append) == []
    assert [failure.reason for failure in failures] == [NO_TEXT, "no such file or folder"]


# ---------------------------------------------------------------- building


def test_files_that_share_a_name_are_told_apart(tmp_path):
    paths = put(tmp_path / "1", a="甲局") + put(tmp_path / "2", a="乙局") + put(tmp_path / "3", b="丙局")
    found = build(paths, tmp_path / "out")
    assert len(found) == 3
    assert found[0].startswith("a-") and found[1].startswith("a-") and found[2] == "b.txt"
    assert build(paths[::-1], tmp_path / "out") == found


def test_a_copy_is_read_once(tmp_path):
    paths = put(tmp_path / "1", a="甲局") + put(tmp_path / "2", a="甲局")
    assert len(build(paths, tmp_path / "out")) == 1


def test_the_order_of_inputs_changes_nothing(tmp_path):
    paths = put(tmp_path, a="甲局", b="乙局", c="甲局")
    build(paths, tmp_path / "1")
    build(paths[::-1], tmp_path / "2")
    for name in ("graph.ttl", "graph.html"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_a_build_has_three_parts_and_leaves_nothing_else(tmp_path):
    build(put(tmp_path, a="甲局"), tmp_path / "out")
    build(put(tmp_path, a="乙局"), tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").glob("[!.]*")} == OUTPUTS
    assert (tmp_path / "out/graph.ttl").read_bytes() == graph.turtle(store.read(tmp_path / "out"))


def test_what_cannot_be_read_is_reported_and_the_rest_is_built(tmp_path):
    failures = []
    paths = put(tmp_path, a="甲局", b="\0")
    assert build([*paths, tmp_path / "c.txt"], tmp_path / "out", failures.append) == ["a.txt"]
    assert [failure.name for failure in failures] == [str(tmp_path / "c.txt"), "b.txt"]


def test_a_build_stays_when_nothing_can_be_read(tmp_path):
    build(put(tmp_path, a="甲局"), tmp_path / "out")
    before = (tmp_path / "out/graph.ttl").read_bytes()
    with pytest.raises(pipeline.NothingRead):
        build(put(tmp_path, b="\0"), tmp_path / "out", lambda _: None)
    assert (tmp_path / "out/graph.ttl").read_bytes() == before


def test_a_file_name_that_is_no_text(tmp_path):
    path = Path(bytes(tmp_path / "x").decode() + "\udcff.txt")
    path.write_text("甲局", encoding="utf-8")
    assert build([path], tmp_path / "out") == ["x\ufffd.txt"]


# ---------------------------------------------------------------- withdrawing


def test_removing_a_document_gives_the_build_without_it(tmp_path):
    paths = put(tmp_path, a="甲局", b="乙局", c="甲局")
    build(paths, tmp_path / "all")
    pipeline.remove(["b.txt"], tmp_path / "all")
    build([paths[0], paths[2]], tmp_path / "rest")
    for name in ("graph.ttl", "graph.html"):
        assert (tmp_path / "all" / name).read_bytes() == (tmp_path / "rest" / name).read_bytes()


def test_removing_the_last_document_leaves_an_empty_graph(tmp_path):
    build(put(tmp_path, a="甲局"), tmp_path / "out")
    content = pipeline.remove(["a.txt"], tmp_path / "out")
    assert (content.documents, content.entities, content.facts) == (0, {}, {})
    assert kg.open(tmp_path / "out").entities() == ()


def test_removing_an_unknown_document_changes_nothing(tmp_path):
    build(put(tmp_path, a="甲局"), tmp_path / "out")
    with pytest.raises(pipeline.UnknownDocument, match=r"no document of this name in .*: b\.txt"):
        pipeline.remove(["a.txt", "b.txt"], tmp_path / "out")
    assert len(kg.open(tmp_path / "out").documents()) == 1


# ---------------------------------------------------------------- the Python face


@pytest.fixture
def opened(tmp_path):
    store.write(tmp_path, graph.quads(extraction()))
    return kg.open(tmp_path)


def test_build_and_query_from_python(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "_reader", lambda: read_page)
    put(tmp_path / "texts", a="甲局", b="乙局")
    built = kg.build(tmp_path / "texts", tmp_path / "out")
    assert [row["unit_name"] for row in built.query("units-of-region", region="玉溪")] == ["乙局", "甲局"]
    assert built.query("SELECT (COUNT(*) AS ?n) { ?u a kg:Unit }") == [{"n": 2}]


def test_build_from_python_refuses_what_it_cannot_read(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "_reader", lambda: read_page)
    paths = put(tmp_path, a="甲局", b="\0")
    with pytest.raises(Problem, match=r"b\.txt: not a text file"):
        kg.build(paths, tmp_path / "out")
    failures = []
    assert len(kg.build(paths, tmp_path / "out", failed=failures.append).documents()) == 1
    assert len(failures) == 1


def test_records(opened):
    assert opened.statements() == extraction().statements
    assert {document.name for document in opened.documents()} == set(TEXTS)
    assert {entity.key for entity in opened.entities()} == {e.key for e in extraction().entities} | {"region/云南省"}


def test_to_rdflib(opened):
    plain = opened.to_rdflib()
    assert isinstance(plain, rdflib.Graph)
    assert len(plain) == len({quad.triple for quad in opened.store})


def test_to_networkx(opened):
    network = opened.to_networkx()
    assert isinstance(network, networkx.MultiDiGraph)
    unit, person = graph.entity_iri(DISTRICT).value, graph.entity_iri("person/高明远").value
    node = network.nodes[unit]
    assert (node["label"], node["kind"], node["names"]) == (
        "红塔区市场监督管理局",
        "Unit",
        ["红塔区市场监管局", "该局"],
    )
    assert network.nodes[graph.entity_iri("metric/立案").value]["change"] == -8.5
    assert network.edges[person, unit, ("holds_role_at", "局长")] == {
        "relation": "holds_role_at",
        "title": "局长",
        "quotes": ["局长高明远"],
        "documents": [BULLETIN],
        "dates": ["2024-05-17"],
        "confidence": 0.9,
    }
    assert network.number_of_edges() == len(extraction().statements)
