"""The command line, end to end; extraction itself is a fake."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner
from samples import extraction, read_page

from kg import cli, export, graph, pipeline, query, store

BUILD_PARTS = ("store", "graph.ttl", "graph.html")


@pytest.fixture
def texts(tmp_path, monkeypatch):
    """A folder with two texts, in a working directory of its own, and the fake in place of extraction."""
    monkeypatch.setattr(pipeline, "_reader", lambda: read_page)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a.txt").write_text("甲局", encoding="utf-8")
    (folder / "b.txt").write_text("乙局", encoding="gb18030")
    return folder


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A working directory with the sample as the build in exports/."""
    monkeypatch.chdir(tmp_path)
    pipeline.write(extraction(), tmp_path / "exports")
    return tmp_path / "exports"


def run(capfd, *words: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of `kg` with these words."""
    before = sys.argv
    sys.argv = ["kg", *words]
    try:
        with pytest.raises(SystemExit) as left:
            cli.main()
    finally:
        sys.argv = before
    out, err = capfd.readouterr()
    return left.value.code, out, err


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("command", [[], *([name] for name in cli.commands.commands)], ids=lambda words: "".join(words))
def test_every_help_has_an_example(command):
    shown = CliRunner().invoke(cli.commands, [*command, "--help"])
    assert shown.exit_code == 0
    assert f"kg {' '.join(command)}" in shown.output.partition("Example:")[2]


def test_help_and_import_load_nothing_heavy():
    code = (
        "import sys, kg\nfrom kg import cli\nfrom click.testing import CliRunner\n"
        "assert CliRunner().invoke(cli.commands, ['--help']).exit_code == 0\n"
        "print({'pyoxigraph', 'jieba', 'networkx', 'rdflib', 'pyvis', 'pyshacl'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_no_parameter_is_called_like_an_option():
    options = {option.lstrip("-") for parameter in cli.query.params for option in parameter.opts}
    assert not options & {parameter.name for asked in query.questions().values() for parameter in asked.parameters}


def test_formats_are_those_that_are_written():
    assert tuple(export.FORMATS) == cli.EXPORT_FORMATS


# ---------------------------------------------------------------- build


def test_build_of_the_default_folders(texts, capfd):
    status, out, err = run(capfd, "build")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "documents  2",
        "entities   3  地区 Region 1, 单位 Unit 2",
        "facts      2  位于 located in 2",
        "written    exports/store, exports/graph.ttl, exports/graph.html",
    ]
    assert {path.name for path in (texts.parent / "exports").glob("[!.]*")} == set(BUILD_PARTS)


def test_build_quiet(texts, capfd):
    assert run(capfd, "build", "--quiet", "seeds/a.txt", "--output", "out") == (0, "", "")
    assert len(store.read(texts.parent / "out")) > 0


def test_build_of_standard_input(texts):
    code = (
        "import sys; sys.argv = ['kg', 'build', '-', '--output', 'out']\n"
        "from kg import cli, pipeline; from samples import read_page\n"
        "pipeline._reader = lambda: read_page; cli.main()"
    )
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"]
    done = subprocess.run(command, input="丙局".encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [document.name for document in graph.records(store.read(texts.parent / "out")).documents] == ["stdin"]


def test_a_file_that_cannot_be_read_is_one_line_and_the_rest_is_built(texts, capfd):
    (texts / "c.txt").write_bytes(b"\x00\x01")
    status, out, err = run(capfd, "build", "seeds", "nothing")
    assert status == 2
    assert err.splitlines() == [
        "kg: nothing: no such file or folder",
        "kg: c.txt: not a text file (it holds NUL characters)",
    ]
    assert out.startswith("documents  2\n")


def test_when_nothing_can_be_read_nothing_is_written(texts, capfd):
    status, out, err = run(capfd, "build", "nothing")
    assert (status, out, err) == (2, "", "kg: nothing: no such file or folder\n")
    assert not (texts.parent / "exports").exists()


def test_min_confidence(texts, capfd):
    _, out, _ = run(capfd, "build", "--min-confidence", "0.95")
    assert "facts      0\n" in out


def test_an_output_that_cannot_be_written(texts, capfd):
    (texts.parent / "file").touch()
    status, _, err = run(capfd, "build", "--output", "file/out")
    assert (status, err) == (2, "kg: file/out: Not a directory\n")


# ---------------------------------------------------------------- query


def test_query_alone_lists_questions_and_parameters(capfd):
    status, out, _ = run(capfd, "query")
    assert status == 0
    for name, question in query.questions().items():
        assert f"{name}\n    {' / '.join(question.summary)}\n" in out
        assert all(f"    --{parameter.name}  " in out for parameter in question.parameters)


@pytest.mark.parametrize("words", [["--campaign", "清风3号"], ["--campaign=清风3号"]])
def test_query_by_name(built, capfd, words):
    status, out, err = run(capfd, "query", "metrics-of-campaign", *words)
    assert (status, err) == (0, "")
    assert "检查商户  12000  户" in out


def test_query_with_the_parameter_first(built, capfd):
    assert run(capfd, "query", "--unit", "红塔区商务局", "--format", "csv", "cooperation")[0] == 0


@pytest.mark.parametrize("words", [["-e"], ["--graph", "exports", "-e"]])
def test_query_of_a_text(built, capfd, words):
    status, out, _ = run(capfd, "query", "--format", "json", *words, "SELECT ?c { ?c a kg:Campaign }")
    assert status == 0
    assert json.loads(out)["results"]["bindings"][0]["c"]["value"].endswith("清风3号")


def test_query_of_a_file_with_parameters(built, capfd):
    text = "#+ summary: 名称 / names\n#+ param: unit (kg:Unit): 单位 / unit\n"
    text += "SELECT ?name { VALUES ?unit { UNDEF } ?unit a kg:Unit ; skos:altLabel ?name } ORDER BY ?name"
    (built.parent / "own.rq").write_text(text, encoding="utf-8")
    assert run(capfd, "query", "own.rq", "--unit", "红塔区市场", "--format", "csv")[1].split() == [
        "name",
        "红塔区市场监管局",
        "该局",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["who"], "no question is called who"),
        (["who-conducted", "--campaign", "无"], "no campaign is called 无"),
        (["who-conducted", "--campaign", "无\n\x1b[2J"], "no campaign is called 无  [2J"),
        (["who-conducted", "--unit", "无"], "who-conducted has no parameter unit"),
        (["who-conducted", "--campaign"], "--campaign needs a value"),
        (["who-conducted", "awards"], "one question at a time: who-conducted awards"),
        (["who-conducted", "-e", "ASK {}"], "give a name, a file or -e, not two of them"),
        (["-e", "SELECT"], "not a SPARQL query: error at 1:7"),
        (["-e", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"], "SERVICE is refused"),
        (["awards", "--graph", "nothing"], "nothing: no graph here; run: kg build --output nothing"),
        (["awards", "--format", "pdf"], "Invalid value for '--format'"),
    ],
)
def test_bad_questions_are_one_line_and_status_2(built, capfd, words, message):
    status, out, err = run(capfd, "query", *words)
    assert (status, out) == (2, "")
    assert err.startswith(f"kg: {message}")
    assert err.count("\n") == 1


def test_a_query_file_that_is_no_text(built, capfd):
    (built.parent / "own.rq").write_bytes(b"\x00")
    status, _, err = run(capfd, "query", "own.rq")
    assert (status, err) == (2, "kg: own.rq: not a text file (it holds NUL characters)\n")


def test_a_reader_that_stops_early_is_no_error(built):
    command = f"{sys.executable} -m kg query document-facts | head -1 > /dev/null"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    shell = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(shell, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ---------------------------------------------------------------- the rest


@pytest.mark.parametrize("form", cli.EXPORT_FORMATS)
def test_export_keeps_every_triple(built, capfd, form):
    assert run(capfd, "export", "--format", form, "--to", "out")[0] == 0
    kind = export.FORMATS[form]
    found = list(ox.parse(path=str(built.parent / "out"), format=kind))
    whole = set(store.quads(store.read(built)))
    if kind.supports_datasets:
        assert set(found) == whole
    assert {quad.triple for quad in found} == {quad.triple for quad in whole}


@pytest.mark.parametrize(("form", "name"), [("rdfxml", "xml"), ("jsonld", "json-ld"), ("ntriples", "nt")])
def test_rdflib_reads_what_is_exported(built, capfd, form, name):
    status, out, _ = run(capfd, "export", "--format", form)
    assert status == 0
    read = rdflib.Dataset(default_union=True).parse(data=out, format=name)
    assert len(set(read.triples((None, None, None)))) == len({quad.triple for quad in store.read(built)})


def test_rdfxml_of_what_xml_cannot_hold(tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    term = ox.NamedNode("https://example.org/x")
    store.write(tmp_path, [ox.Quad(term, term, ox.Literal("a\r\n\x01b"))])
    assert run(capfd, "export", "--format", "rdfxml", "--graph", ".", "--to", "out")[0] == 0
    assert [str(o) for o in rdflib.Graph().parse("out", format="xml").objects()] == ["a\r\n\ufffdb"]


def test_validate(built, capfd):
    assert run(capfd, "validate") == (0, "exports: conforms\n", "")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (("quote", "获评先锋集体"), "The quote is not the text of the document at its place."),
        (("measure", "立案"), "A metric must say what it counts."),
        (("sha256", None), "A document must have its SHA-256 digest."),
        (("received", None), "The graph does not state the fact of this evidence."),
        (("rule", None), "Evidence must name its rule."),
    ],
)
def test_validate_finds_what_is_broken(built, capfd, pattern, message):
    name, text = pattern
    quads = [q for q in store.read(built) if not (q.predicate == graph._kg(name) and text in (None, q.object.value))]
    if name == "quote":
        evidence = next(q for q in store.read(built) if q.object.value == text)
        quads.append(ox.Quad(evidence.subject, evidence.predicate, ox.Literal("别的"), evidence.graph_name))
    store.write(built, quads)
    status, out, _ = run(capfd, "validate")
    assert status == 1
    assert message in out


def test_validate_finds_facts_without_evidence(built, capfd):
    content = extraction()
    unit, campaign = graph.entity_iri("unit/元江县公安局"), graph.entity_iri("campaign/清风3号")
    store.write(built, [*graph.quads(content), ox.Quad(unit, graph._kg("conducted"), campaign)])
    status, out, _ = run(capfd, "validate")
    assert (status, out.count("\n")) == (1, 1)
    assert "A fact about this subject has no evidence." in out


def test_remove(texts, capfd):
    run(capfd, "build", "--quiet")
    status, out, _ = run(capfd, "remove", "a.txt")
    assert status == 0
    assert out.startswith("documents  1\n")
    assert "甲局" not in (texts.parent / "exports/graph.ttl").read_text(encoding="utf-8")
    assert "甲局" not in (texts.parent / "exports/graph.html").read_text(encoding="utf-8")
    assert run(capfd, "remove", "a.txt")[::2] == (2, "kg: no document of this name in exports: a.txt\n")


def test_explain_of_a_page_that_runs_one_article_into_the_next(tmp_path, capfd):
    path = tmp_path / "page.txt"
    path.write_text(
        "泾县公安局抓获嫌疑人6名。\n\n简讯\n\n绩溪县公安局走访群众30户。\n\n旌德县公安局检查旅馆5家。\n", "utf-8"
    )
    status, out, err = run(capfd, "explain", str(path))
    assert (status, err) == (0, "")
    assert out.count("\n## ") > 1 and "旌德县公安局" in out


def test_explain_of_a_file_that_is_no_text(tmp_path, capfd):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\x00")
    status, _, err = run(capfd, "explain", str(path))
    assert (status, err) == (2, f"kg: {path}: not a text file (it holds NUL characters)\n")


def test_unknown_command(capfd):
    assert run(capfd, "bild")[::2] == (2, "kg: No such command 'bild'. Did you mean 'build'?\n")
