"""A build in other formats, each read back by the library that people read it with."""

from __future__ import annotations

import builtins
import csv
import io
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import duckdb
import igraph
import ladybug
import networkx
import openpyxl
import pandas
import pyarrow.parquet
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic
from samples import BULLETIN, CAMPAIGN, DISTRICT, TEXTS, evidence, extraction
from test_cli import run

from kg import analyse, api, cli, export, exports_jsonld, graph, pipeline, tables
from kg.errors import Problem, one_line
from kg.exports_network import network
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Review, Span, Statement
from kg.sheets import in_csv
from kg.store import quads, with_default
from kg.tables import iri


def stored(content: Extraction) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(with_default(graph.quads(content)))
    return store


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return stored(extraction())


def written(store: ox.Store, form: str) -> bytes:
    out = io.BytesIO()
    export.write(store, form, out)
    return out.getvalue()


def hostile() -> Extraction:
    """Names and sentences that act on spreadsheets, break XML or part the lists of other formats."""
    name, text = '=HYPERLINK("x")', '-1；甲局;乙\r\n局\x01，“丙”"丁"。'
    span = Span(0, len(text))
    said = Evidence("@a.txt", span, text, "rule", 0.9, span)
    keys = "unit/甲", "metric/乙"
    entities = (
        Entity(keys[1], Kind.METRIC, "乙", quantity=Quantity(-0.5, "%", measure="+乙", change=-3.25)),
        Entity("region/玉溪市", Kind.REGION, "玉溪市", code="530400"),
        Entity(keys[0], Kind.UNIT, name, ("+1;2", "a|b\x02")),
    )
    stated = tuple(
        Statement(keys[0], relation, target, (said,))
        for relation, target in (("has_metric", keys[1]), ("located_in", "region/玉溪市"))
    )
    return Extraction((Document("@a.txt", text, "0" * 64, title=name),), entities, stated)


def test_formats_are_those_of_the_command_line():
    assert (export.TABLES, export.FOLDERS) == (cli.TABLE_FORMATS, cli.FOLDER_FORMATS)


# ---------------------------------------------------------------- networks


def edges(found: networkx.MultiDiGraph) -> list[tuple[str, str, dict]]:
    """Edges without what a format adds of its own."""
    own = {"id", "key"}
    kept = [(a, b, {k: v for k, v in data.items() if k not in own}) for a, b, data in found.edges(data=True)]
    return sorted(kept, key=repr)


@pytest.mark.parametrize(("form", "read"), [("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)])
@pytest.mark.parametrize("content", [extraction(), hostile()], ids=["sample", "hostile"])
def test_networkx_reads_back_the_network(form, read, content):
    data = written(stored(content), form)
    meant = network(graph.records(stored(content)))
    found = read(io.BytesIO(data), **({"force_multigraph": True} if form == "graphml" else {}))
    assert found.is_multigraph() or form == "gexf"
    assert dict(found.nodes(data=True)) == dict(meant.nodes(data=True))
    assert edges(networkx.MultiDiGraph(found)) == edges(meant)
    assert written(stored(content), form) == data


@pytest.mark.parametrize("content", [extraction(), hostile()], ids=["sample", "hostile"])
def test_igraph_reads_the_same_network(content, tmp_path):
    """The reader of another library, which ends in an error where GraphML is not as it should be."""
    (tmp_path / "graph.graphml").write_bytes(written(stored(content), "graphml"))
    meant, found = network(graph.records(stored(content))), igraph.Graph.Read_GraphML(str(tmp_path / "graph.graphml"))
    assert found.is_directed()
    for vertex in found.vs:
        own = {name: value for name, value in vertex.attributes().items() if name in meant.nodes[vertex["id"]]}
        assert own == meant.nodes[vertex["id"]]
    assert sorted(found.vs["id"]) == sorted(meant.nodes)
    ends = sorted(
        (found.vs[e.source]["id"], found.vs[e.target]["id"], e["label"], e["weight"], e["quotes"]) for e in found.es
    )
    assert ends == sorted((a, b, d["label"], d["weight"], d["quotes"]) for a, b, d in meant.edges(data=True))


GRAPHOLOGY = """
const [place, file] = process.argv.slice(1);
const load = require("module").createRequire(place + "/");
const { MultiDirectedGraph } = load("graphology");
const text = require("fs").readFileSync(file, "utf8");
console.log(JSON.stringify(load("graphology-gexf").parse(MultiDirectedGraph, text, { addMissingNodes: false })));
"""


@pytest.mark.parametrize("content", [extraction(), hostile()], ids=["sample", "hostile"])
def test_graphology_reads_the_gexf(content, tmp_path):
    """The reader of Gephi Lite. TONGBAO_GRAPHOLOGY names the folder that has it and graphology in `node_modules`."""
    place = os.environ.get("TONGBAO_GRAPHOLOGY", "")
    if not place or not shutil.which("node"):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "no Node, or no graphology in TONGBAO_GRAPHOLOGY"
        )
    (tmp_path / "a.gexf").write_bytes(written(stored(content), "gexf"))
    done = subprocess.run(
        ["node", "-e", GRAPHOLOGY, place, tmp_path / "a.gexf"], capture_output=True, text=True, check=True
    )
    read = json.loads(done.stdout)
    meant = network(graph.records(stored(content)))
    nodes = {node["key"]: node["attributes"] for node in read["nodes"]}
    assert nodes.keys() == set(meant)
    assert all(nodes[key]["label"] == meant.nodes[key]["label"] for key in meant)
    assert all(nodes[key].get("value") == meant.nodes[key].get("value") for key in meant)
    found = Counter(
        (e["source"], e["target"], e["attributes"]["label"], e["attributes"]["weight"]) for e in read["edges"]
    )
    assert found == Counter((a, b, known["label"], known["weight"]) for a, b, known in meant.edges(data=True))


def test_a_network_carries_classes_dates_and_weights(store):
    found = network(graph.records(store))
    assert found.nodes[iri(DISTRICT)]["kind"] == "Unit" and found.nodes[iri("metric/立案")]["change"] == -8.5
    (edge,) = found.get_edge_data(iri(DISTRICT), iri(CAMPAIGN)).values()
    assert (edge["label"], edge["weight"], edge["dates"], edge["confidence"]) == ("conducted", 2, "2024-05-17", 0.9)
    assert edge["documents"] == " | ".join(sorted(TEXTS))


# ---------------------------------------------------------------- RDF


@pytest.mark.parametrize("form", ["turtle", "ntriples", "nquads", "trig"])
@pytest.mark.parametrize("content", [extraction(), hostile()], ids=["sample", "hostile"])
def test_serdi_reads_what_oxigraph_wrote(content, form, tmp_path):
    if shutil.which("serdi") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("serdi (serd) is missing")
        pytest.skip("serdi (serd) is missing")
    data = written(stored(content), form)
    (tmp_path / "graph").write_bytes(data)
    command = ["serdi", "-i", form, "-o", "nquads", str(tmp_path / "graph")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert set(ox.parse(done.stdout, format=ox.RdfFormat.N_QUADS)) == set(ox.parse(data, format=export.FORMATS[form]))


# ---------------------------------------------------------------- JSON-LD


@pytest.mark.parametrize("form", ["nquads", "trig", "jsonld"])
def test_round_trips_through_datasets_lose_nothing(form):
    held = stored(reviewed())
    back = ox.parse(written(held, form), format=export.FORMATS[form])
    records = graph.records(back)
    assert records == graph.records(held)
    assert records.statements[0].evidence[0].review == Review("甲/乙", "2024-07-01", "依据")
    assert {(d.author, d.format) for d in records.documents} == {("周明", "text/html")}


def test_jsonld_of_a_property_whose_name_has_a_colon():
    term = ox.NamedNode("https://example.org/p::2")
    held = ox.Store()
    held.bulk_extend(with_default([ox.Quad(term, term, ox.Literal("a"))]))
    assert set(ox.parse(written(held, "jsonld"), format=ox.RdfFormat.JSON_LD)) == set(quads(held))


@pytest.mark.parametrize("content", [extraction(), hostile()], ids=["sample", "hostile"])
def test_jsonld_gives_back_every_quad(content):
    held = stored(content)
    data = written(held, "jsonld")
    assert set(ox.parse(data, format=ox.RdfFormat.JSON_LD)) == set(quads(held))
    found = rdflib.Dataset().parse(data=data, format="json-ld")
    meant = rdflib.Dataset().parse(data=written(held, "nquads"), format="nquads")
    names = {context.identifier for context in meant.graphs() if len(context)}
    assert len(names) == len(content.documents) + 1
    assert all(isomorphic(found.graph(name), meant.graph(name)) for name in names)


def test_jsonld_is_plain_json(store):
    nodes = json.loads(written(store, "jsonld"))["@graph"]
    unit = next(node for node in nodes if node["id"] == "unit:红塔区市场监督管理局")
    assert unit == {
        "id": "unit:红塔区市场监督管理局",
        "type": "Unit",
        "altLabel": ["红塔区市场监管局", "该局"],
        "prefLabel": "红塔区市场监督管理局",
    }
    page = next(node for node in nodes if "@graph" in node and "通报" in node["id"])
    district = next(node for node in page["@graph"] if node["id"] == unit["id"])
    assert district["conducted"] == "campaign:清风3号"
    said = [node for node in page["@graph"] if node.get("type") == "Evidence"]
    assert all(BULLETIN[node["start"] : node["end"]] == node["quote"] for node in said) and said


TERMS = st.sampled_from(
    [
        ox.Literal("甲", language="zh"),
        ox.Literal("a", language="en"),
        ox.Literal("甲"),
        ox.Literal("01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ox.Literal("1.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
        ox.Literal(7),
        ox.Literal(2**60),
        ox.Literal(True),
        ox.NamedNode("https://schema.org/name"),
        ox.NamedNode("http://example.org/x"),
    ]
)
PREDICATES = st.sampled_from(
    [
        "https://schema.org/name",
        "https://w3id.org/tongbao/ns#name",
        "http://example.org/id",
        "http://example.org/p#type",
        "http://example.org/p#../up",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    ]
)
GRAPHS = st.sampled_from([ox.DefaultGraph(), ox.NamedNode("http://example.org/g")])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(PREDICATES, TERMS, GRAPHS), max_size=6))
def test_jsonld_of_any_mixture_of_values(said):
    quads = {ox.Quad(ox.NamedNode("http://example.org/s"), ox.NamedNode(p), o, g) for p, o, g in said}
    store = ox.Store()
    store.extend(quads)
    out = io.BytesIO()
    exports_jsonld.write(store, out)
    assert set(ox.parse(out.getvalue(), format=ox.RdfFormat.JSON_LD)) == set(store)  # which writes 01 as 1


# ---------------------------------------------------------------- CSV


def rows_of(path, encoding="utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_a_file_for_each_class_and_relation(store, tmp_path):
    export.write_folder(store, "csv", tmp_path / "out")
    content = graph.records(store)
    names = {path.stem for path in (tmp_path / "out").iterdir()}
    assert names >= {*Kind, "Document"} and names - {*Kind, "Document"} == graph.RELATIONS
    counts = Counter(str(entity.kind) for entity in content.entities)
    for kind in Kind:
        assert len(rows_of(tmp_path / f"out/{kind}.csv", "utf-8-sig")) == counts[kind]
    (row, *_) = rows_of(tmp_path / "out/has_metric.csv", "utf-8-sig")
    assert row["subject_name"] == "“清风3号”专项行动" and row["quotes"] == "检查商户1.2万余户"


def test_pandas_reads_the_csv(store, tmp_path):
    export.write_folder(store, "csv", tmp_path)
    figures = pandas.read_csv(tmp_path / "Metric.csv")
    assert dict(zip(figures["measure"], figures["value"], strict=True)) == {"检查商户": 12000, "立案": 35}
    assert (tmp_path / "Metric.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_no_text_acts_as_a_formula(tmp_path):
    export.write_folder(stored(hostile()), "csv", tmp_path)
    (unit,) = rows_of(tmp_path / "Unit.csv", "utf-8-sig")
    assert unit["name"] == '\'=HYPERLINK("x")' and unit["names"] == "'+1;2、a|b "
    (metric,) = rows_of(tmp_path / "Metric.csv", "utf-8-sig")
    assert (metric["measure"], metric["value"], metric["change"]) == ("'+乙", "-0.5", "-3.25")


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_no_text_at_all_acts_as_a_formula(text):
    assert not str(in_csv(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


# The head of a field as Neo4j's manual has it (Import, "CSV header format"): name:type, both for nodes and for relationships.
NEO4J_PROPERTY = re.compile(r"[^:]+(?::(?:int|long|float|double|boolean|byte|short|char|string)(?:\[])?)?")


@pytest.mark.parametrize("content", [extraction(), hostile()], ids=["sample", "hostile"])
def test_neo4j(content, tmp_path):
    """By the rules of `neo4j-admin database import`: heads, one line a row, values of their types, every end is a node."""
    export.write_folder(stored(content), "neo4j", tmp_path)
    records = graph.records(stored(content))
    nodes, related = {}, []
    for path in sorted(tmp_path.iterdir()):
        found = rows_of(path)
        assert path.read_text(encoding="utf-8").count("\n") == len(found) + 1
        with path.open(encoding="utf-8", newline="") as file:
            head = next(csv.reader(file))
        own = {"iri:ID", ":LABEL"} if path.stem.startswith("nodes-") else {":START_ID", ":END_ID", ":TYPE"}
        assert own <= set(head) and len(head) == len(set(head))
        assert all(NEO4J_PROPERTY.fullmatch(name) for name in head if name not in own)
        for name, value in ((name, row[name]) for row in found for name in head if row[name]):
            match name.partition(":")[2]:
                case "boolean":
                    assert value in ("true", "false")
                case "double":
                    assert re.fullmatch(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", value)
        if path.stem.startswith("nodes-"):
            assert not nodes.keys() & {row["iri:ID"] for row in found}
            nodes |= {row["iri:ID"]: row for row in found}
            assert {row[":LABEL"] for row in found} <= {path.stem.removeprefix("nodes-")}
        else:
            related += found
            assert {row[":TYPE"] for row in found} <= {path.stem.removeprefix("relations-").upper()}
    assert len(nodes) == len(records.entities) + len(records.documents)
    assert len(related) == len(records.statements)
    assert all(row[":START_ID"] in nodes and row[":END_ID"] in nodes for row in related)
    for entity in records.entities:
        names = nodes[iri(entity.key)]["names:string[]"]
        assert len(entity.names) == (len(names.split(";")) if names else 0)


# How a graph database that is not Neo4j names the types of the bulk import; a list stays the text that it is in the file.
COLUMNS = {"ID": "STRING PRIMARY KEY", "double": "DOUBLE", "boolean": "BOOLEAN"}


@pytest.mark.parametrize("content", [extraction(), hostile()], ids=["sample", "hostile"])
def test_a_graph_database_loads_the_files_for_neo4j(content, tmp_path):
    """Ladybug takes the same files as they are: it refuses a name twice, an end that is no node, a value not of its type."""
    export.write_folder(stored(content), "neo4j", tmp_path)
    records = graph.records(stored(content))
    database = ladybug.Connection(ladybug.Database())
    database.execute("CREATE NODE TABLE Thing(iri STRING PRIMARY KEY)")
    for path in sorted(tmp_path.iterdir()):
        sort, name = path.stem.split("-")
        with path.open(encoding="utf-8", newline="") as file:
            head = [column.partition(":") for column in next(csv.reader(file))]
        own = [f"`{key or 'own_' + kind}` {COLUMNS.get(kind, 'STRING')}" for key, _, kind in head]
        if sort == "nodes":
            database.execute(f"CREATE NODE TABLE {name}({', '.join(own)})")
        else:
            database.execute(f"CREATE REL TABLE {name}(FROM Thing TO Thing, {', '.join(own[2:])})")
        database.execute(f'COPY {name} FROM "{path}" (HEADER=true, PARALLEL=false)')
        if sort == "nodes":
            database.execute(f"COPY Thing FROM (MATCH (n:{name}) RETURN n.iri)")

    def asked(cypher: str) -> list[list]:
        return database.execute(cypher).get_all()

    assert asked("MATCH (t:Thing) RETURN count(*)") == [[len(records.entities) + len(records.documents)]]
    ends = [(iri(s.subject), s.predicate.upper(), iri(s.object)) for s in records.statements]
    found = [tuple(row) for row in asked("MATCH (a)-[r]->(b) RETURN a.iri, r.own_TYPE, b.iri")]
    assert Counter(found) == Counter(ends)
    values = [e.quantity.value for e in records.entities if e.quantity]
    assert asked("MATCH (m:Metric) RETURN count(*), sum(m.value)") == [[len(values), pytest.approx(sum(values))]]
    names = {iri(e.key): one_line(e.name) for e in records.entities if e.kind is Kind.UNIT}
    assert dict(asked("MATCH (u:Unit) RETURN u.iri, u.name")) == names


# ---------------------------------------------------------------- Parquet and XLSX


def from_parquet(folder) -> Extraction:
    """The records again, from the four files alone."""

    def rows(name):
        return pyarrow.parquet.read_table(folder / f"{name}.parquet").to_pylist()

    documents = [Document(**{k: v for k, v in row.items() if k != "iri"}) for row in rows("documents")]
    entities = []
    for row in rows("entities"):
        said = {name: row[name] for name in tables.FIGURE if row[name] is not None}
        quantity = Quantity(**({"unit": "", "qualifier": ""} | said)) if row["value"] is not None else None
        dates = {} if quantity else {"start": row["start"] or "", "end": row["end"] or ""}
        key = row["iri"].removeprefix("https://w3id.org/tongbao/")
        entities.append(
            Entity(key, Kind(row["class"]), row["name"], tuple(row["names"]), row["code"] or "", quantity, **dates)
        )
    stated: dict = {}
    for row in rows("evidence"):
        fact = tuple(row[name] for name in tables.FACT)
        place, sentence = Span(row["start"], row["end"]), Span(row["sentence_start"], row["sentence_end"])
        review = Review(row["reviewer"], row["reviewed"], row["why"]) if row["reviewer"] else None
        said = Evidence(row["document"], place, row["quote"], row["rule"], row["confidence"], sentence, review)
        stated.setdefault(fact, []).append(said)
    keys = {iri(entity.key): entity.key for entity in entities}
    statements = [Statement(keys[s], p, keys[o], tuple(said), title) for (s, p, o, title), said in stated.items()]
    assert len(rows("statements")) == len(statements)
    return Extraction(tuple(documents), tuple(entities), tuple(statements))


def reviewed() -> Extraction:
    """The sample, one statement of which a person vouches for, and a document with an author and a format."""
    content = extraction()
    first, *rest = content.statements
    (said, *others) = first.evidence
    by = replace(said, review=Review("甲/乙", "2024-07-01", "依据"))
    documents = tuple(replace(d, author="周明", format="text/html") for d in content.documents)
    return Extraction(documents, content.entities, (replace(first, evidence=(by, *others)), *rest))


@pytest.mark.parametrize("content", [extraction(), hostile(), reviewed()], ids=["sample", "hostile", "reviewed"])
def test_parquet_loses_nothing(content, tmp_path):
    export.write_folder(stored(content), "parquet", tmp_path)
    assert from_parquet(tmp_path) == graph.records(stored(content))


def test_pandas_reads_the_parquet(store, tmp_path):
    export.write_folder(store, "parquet", tmp_path)
    found = pandas.read_parquet(tmp_path / "evidence.parquet")
    assert all(TEXTS[row.document][row.start : row.end] == row.quote for row in found.itertuples()) and len(found) == 13


def test_duckdb_asks_the_parquet_what_sparql_asks_the_build(store, tmp_path):
    pipeline.write(extraction(), tmp_path / "build")
    export.write_folder(store, "parquet", tmp_path)
    sql = f"""
        SELECT e.measure, e.value, e.unit, v.quote, list_contains(s.names, '该局')
        FROM '{tmp_path}/entities.parquet' e
        JOIN '{tmp_path}/statements.parquet' m ON m.object = e.iri AND m.predicate = 'has_metric'
        JOIN '{tmp_path}/evidence.parquet' v ON v.subject = m.subject AND v.predicate = m.predicate AND v.object = m.object
        JOIN '{tmp_path}/statements.parquet' c ON c.object = m.subject AND c.predicate = 'conducted'
        JOIN '{tmp_path}/entities.parquet' s ON s.iri = c.subject ORDER BY e.measure"""
    asked = """
        SELECT ?measure ?value ?unit ?quote ?named {
          ?s kg:conducted ?c . ?c kg:has_metric ?m . ?m kg:measure ?measure ; schema:value ?value ; schema:unitText ?unit .
          ?e rdf:subject ?c ; rdf:object ?m ; kg:quote ?quote . BIND(EXISTS { ?s skos:altLabel "该局"@zh } AS ?named)
        } ORDER BY ?measure"""
    rows = duckdb.sql(sql).fetchall()
    assert rows == [tuple(row.values()) for row in api.Graph(tmp_path / "build").query(asked)]
    assert len(rows) == 2


def test_duckdb_reads_all_types_and_tables(store, tmp_path):
    export.write_folder(store, "parquet", tmp_path)
    content = graph.records(store)
    counts = {
        "documents": len(content.documents),
        "entities": len(content.entities),
        "statements": len(content.statements),
    }
    counts["evidence"] = sum(len(statement.evidence) for statement in content.statements)
    for name, count in counts.items():
        assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path / name}.parquet'").fetchall() == [(count,)]
    types = dict(
        duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{tmp_path}/entities.parquet')").fetchall()
    )
    assert (types["names"], types["value"], types["cumulative"]) == ("VARCHAR[]", "DOUBLE", "BOOLEAN")
    export.write_folder(store, "csv", tmp_path / "csv")
    found = duckdb.sql(f"SELECT measure, value FROM read_csv('{tmp_path}/csv/Metric.csv') ORDER BY measure").fetchall()
    assert found == [("检查商户", 12000), ("立案", 35)]


def test_a_workbook_of_figures(store):
    book = openpyxl.load_workbook(io.BytesIO(written(store, "xlsx")))
    head, *rows = book["figures"].iter_rows(values_only=True)
    found = {row["measure"]: row for row in (dict(zip(head, row, strict=True)) for row in rows)}
    shops, cases = found["检查商户"], found["立案"]
    assert (shops["subject"], shops["value"], shops["qualifier"]) == ("“清风3号”专项行动", 12000, "more_than")
    assert set(shops["region"].split("、")) == {"玉溪市", "红塔区"} and cases["region"] == "红塔区"
    assert (cases["change"], cases["quote"]) == (-8.5, "立案35起，同比下降8.5%")
    assert (cases["document"], cases["paper"], cases["date"]) == ("市场/通报.txt", "某某日报", "2024-05-17")
    assert BULLETIN[cases["characters_from"] : cases["characters_to"]] == cases["quote"]


def test_no_cell_of_the_workbook_is_a_formula():
    sheet = openpyxl.load_workbook(io.BytesIO(written(stored(hostile()), "xlsx")))["figures"]
    (row,) = sheet.iter_rows(min_row=2)
    assert row[0].value == '=HYPERLINK("x")' and "f" not in {cell.data_type for cell in row}


# ---------------------------------------------------------------- the command line


@pytest.fixture
def built(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pipeline.write(extraction(), tmp_path / "exports")
    return tmp_path


@pytest.mark.parametrize("form", cli.TABLE_FORMATS)
def test_export_to_a_file(built, capfd, form):
    assert run(capfd, "export", "--format", form, "--to", "out") == (0, "", "")
    assert (built / "out").stat().st_size > 1000
    assert {path.name for path in built.iterdir()} == {"exports", "out"}


@pytest.mark.parametrize("form", cli.FOLDER_FORMATS)
def test_export_to_a_folder(built, capfd, form):
    assert run(capfd, "export", "--format", form, "--to", "out") == (0, "", "")
    assert len(list((built / "out").iterdir())) >= 4
    assert run(capfd, "export", "--format", form) == (2, "", f"kg: {form} is a folder of files: give --to DIR\n")


@pytest.mark.parametrize(("form", "library"), [("xlsx", "openpyxl"), ("parquet", "pyarrow")])
def test_a_missing_library_names_the_extra(built, capfd, monkeypatch, form, library):
    real = builtins.__import__

    def without(name, *rest):
        if name.split(".")[0] == library:
            raise ModuleNotFoundError(f"No module named {library!r}", name=library)
        return real(name, *rest)

    (built / "old").write_text("old")
    monkeypatch.setattr(builtins, "__import__", without)
    to = "old" if form == "xlsx" else "new"
    status, out, err = run(capfd, "export", "--format", form, "--to", to)
    assert (status, out, err) == (2, "", f"kg: {form} needs {library}: pip install 'tongbao[tables]'\n")
    assert (built / "old").read_text() == "old"


def test_too_many_figures_for_a_sheet(store, monkeypatch):
    monkeypatch.setattr("kg.sheets.MOST_ROWS", 1)
    with pytest.raises(Problem, match="a sheet holds 1 rows"):
        written(store, "xlsx")


# ---------------------------------------------------------------- analyse


def star() -> Extraction:
    """One campaign that three units of a region conduct, and a pair of units that nothing ties to them."""
    (text,) = (BULLETIN,)
    units = [Entity(f"unit/{c}局", Kind.UNIT, f"{c}局") for c in "甲乙丙丁戊"]
    campaign, region = Entity(CAMPAIGN, Kind.CAMPAIGN, "清风3号"), Entity("region/玉溪市", Kind.REGION, "玉溪市")
    said = (evidence("市场/通报.txt", text[:4]),)
    stated = [Statement(unit.key, "conducted", CAMPAIGN, said) for unit in units[:3]]
    stated += [Statement(unit.key, "located_in", region.key, said) for unit in units[:3]]
    stated.append(Statement(units[3].key, "cooperated_with", units[4].key, said))
    return Extraction(extraction().documents, (*units, campaign, region), tuple(stated))


def test_what_is_central():
    first, *rest = analyse.central(star())
    assert (first.name, first.kind, first.degree, first.betweenness) == ("清风3号", "Campaign", 3, pytest.approx(0.3))
    assert [c.name for c in rest] == ["丁局", "丙局", "乙局", "戊局", "甲局"]


def test_communities():
    found = analyse.communities(star())
    assert [(c.size, c.members) for c in found] == [(4, ("清风3号", "丙局", "乙局", "甲局")), (2, ("丁局", "戊局"))]


def test_counts_per_region():
    assert analyse.by_region(star()) == [analyse.InRegion("玉溪市", 3, 1, 0)]
    found = {r.name: r for r in analyse.by_region(extraction())}
    assert found["红塔区"] == analyse.InRegion("红塔区", 1, 1, 2)


def test_large_networks_are_sampled(monkeypatch):
    ring = [Entity(f"unit/{i}", Kind.UNIT, str(i)) for i in range(30)]
    said = (evidence("市场/通报.txt", BULLETIN[:4]),)
    stated = [Statement(a.key, "part_of", b.key, said) for a, b in pairwise(ring)]
    content = Extraction(extraction().documents, tuple(ring), tuple(stated))
    exact = analyse.central(content)
    monkeypatch.setattr(analyse, "EFFORT", 0)
    assert analyse.central(content) == analyse.central(content) != exact


def test_analyse_prints_three_tables(built, capfd):
    status, out, err = run(capfd, "analyse", "--top", "1")
    assert (status, err) == (0, "")
    blocks = [block.splitlines() for block in out.split("\n\n")]
    assert [block[0] for block in blocks] == ["中心 centrality", "社群 communities", "地区 regions"]
    assert all(len(block) == 4 for block in blocks)
    assert blocks[0][3].split()[:2] == ["红塔区市场监督管理局", "Unit"]
    assert blocks[1][3].split()[0] == "5" and blocks[2][3].split() == ["红塔区", "1", "1", "2"]


# What the schema of GEXF 1.2draft allows, of what networkx writes.
GEXF = {
    "gexf": ({"version"}, ["meta", "graph"]),
    "meta": (set(), ["creator"]),
    "creator": (set(), []),
    "graph": ({"defaultedgetype", "mode"}, ["attributes", "attributes", "nodes", "edges"]),
    "attributes": ({"mode", "class"}, ["attribute"]),
    "attribute": ({"id", "title", "type"}, []),
    "nodes": (set(), ["node"]),
    "node": ({"id", "label"}, ["attvalues"]),
    "edges": (set(), ["edge"]),
    "edge": ({"id", "source", "target", "label", "weight"}, ["attvalues"]),
    "attvalues": (set(), ["attvalue"]),
    "attvalue": ({"for", "value"}, []),
}


@pytest.mark.parametrize("content", [extraction(), hostile()], ids=["sample", "hostile"])
def test_gexf_is_as_its_schema_has_it(content):
    root = ElementTree.fromstring(written(stored(content), "gexf"))
    space = "{http://www.gexf.net/1.2draft}"
    for element in root.iter():
        attributes, inside = GEXF[element.tag.removeprefix(space)]
        assert {name for name in element.attrib if not name.startswith("{")} <= attributes
        found = list(dict.fromkeys(child.tag.removeprefix(space) for child in element))
        assert found == [name for name in dict.fromkeys(inside) if name in found]
    ids = {node.get("id") for node in root.iter(f"{space}node")}
    assert all({edge.get("source"), edge.get("target")} <= ids for edge in root.iter(f"{space}edge"))
