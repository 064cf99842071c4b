"""The exports, the queries and the endpoint against the W3C's test suites, and GEXF against Gephi's schema.

    python -m benchmarks.conformance RDF_TESTS [--json-ld TESTS] [--gexf SPECS] [--show]

RDF_TESTS is a checkout of the repository w3c/rdf-tests, TESTS the folder `tests` of w3c/json-ld-api, SPECS the folder
`specs` of gephi/gexf; none is part of this project. Prints a table: what was tried, how many passed, how many there are. `--show` names those that did not.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox
import rdflib
from rdflib import RDF, Namespace
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from starlette.testclient import TestClient

from kg import answer, export, store
from kg.errors import Problem
from kg.query import run
from kg.serve.app import Settings, application

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RDFT = Namespace("http://www.w3.org/ns/rdftest#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
SUFFIXES = {".ttl": "turtle", ".nt": "ntriples", ".nq": "nquads", ".trig": "trig", ".rdf": "rdfxml"}
RESULTS = {".srx": ox.QueryResultsFormat.XML, ".srj": ox.QueryResultsFormat.JSON, ".tsv": ox.QueryResultsFormat.TSV}
RESULTS |= {".csv": ox.QueryResultsFormat.CSV}
JSON = ox.QueryResultsFormat.JSON
TRUTH = ("application/sparql-results+json", "application/sparql-results+xml")
MEDIA = {  # of answers, by the words of the suite for their sort
    "boolean": TRUTH,
    "tabular": (*TRUTH, "text/csv", "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}
BASE = "http://www.w3.org/"


class Score:
    """Passed, of how many, and the names of the others, by what was tried."""

    def __init__(self) -> None:
        self.passed: dict[str, int] = defaultdict(int)
        self.failed: dict[str, list[str]] = defaultdict(list)

    def add(self, tried: str, name: str, passed: bool) -> None:
        self.passed[tried] += passed
        if not passed:
            self.failed[tried].append(name)

    def rows(self) -> Iterator[tuple[str, int, int]]:
        for tried in sorted({*self.passed, *self.failed}):
            yield tried, self.passed[tried], self.passed[tried] + len(self.failed[tried])


# ---------------------------------------------------------------- exports


def exports(folder: Path, score: Score, suite: str = "") -> None:
    """What the documents of a suite hold, written in every format of `kg export` and read back by Oxigraph.

    Documents with blank nodes are left out: a graph of tongbao has none.
    """
    for path in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
        try:
            parsed = list(ox.parse(path=path, format=FORMATS[SUFFIXES[path.suffix]], base_iri=BASE + path.name))
        except (ValueError, SyntaxError, OSError):
            continue  # a negative test, or one that Oxigraph refuses
        if not parsed or any("_:" in (str(q.subject)[:2], str(q.object)[:2], str(q.graph_name)[:2]) for q in parsed):
            continue
        held = ox.Store()
        held.extend(store.with_default(parsed))
        for form, oxigraph in FORMATS.items():
            try:
                out = io.BytesIO()
                export.write(held, form, out)
                back = list(ox.parse(out.getvalue(), format=oxigraph))
                datasets = oxigraph.supports_datasets
                same = _statements(back, datasets) == _statements(list(store.quads(held)), datasets)
            except (ValueError, SyntaxError, Problem) as error:
                same = form == "rdfxml" and "XML" in str(error)  # a property that RDF/XML has no name for
            score.add(f"export {form}{suite}, Oxigraph reads it back", str(path), same)


def _statements(quads: list[ox.Quad], with_graphs: bool) -> set[str]:
    return {str(quad) if with_graphs else str(quad.triple) for quad in quads}


# ---------------------------------------------------------------- queries


def queries(folder: Path, score: Score) -> None:
    for version in ("sparql10", "sparql11"):
        for manifest in sorted((folder / "sparql" / version).rglob("manifest.ttl")):
            if manifest.parent.name in ("service", "entailment", "protocol", "http-rdf-update", "service-description"):
                continue
            tests = rdflib.Graph().parse(manifest, publicID=manifest.as_uri())
            for test in sorted(tests.subjects(MF.action, None)):
                _query(tests, test, version, score)


def _query(tests: rdflib.Graph, test: Any, version: str, score: Score) -> None:
    kinds, action = set(tests.objects(test, RDF.type)), tests.value(test, MF.action)
    name = str(test)
    if kinds & {MF.PositiveSyntaxTest, MF.PositiveSyntaxTest11}:
        score.add(f"{version} query syntax, good", name, _accepted(action))
    elif kinds & {MF.NegativeSyntaxTest, MF.NegativeSyntaxTest11}:
        score.add(f"{version} query syntax, bad", name, not _accepted(action))
    elif kinds & {MF.QueryEvaluationTest, MF.CSVResultFormatTest} and tests.value(action, QT.query):
        form = "CSV and TSV results" if "csv-tsv-res" in name else "query evaluation"
        score.add(f"{version} {form}", name, _right(tests, test, action))


def _path(node: Any) -> Path:
    return Path(unquote(urlsplit(str(node)).path))


def _accepted(query: Any) -> bool:
    held = ox.Store()
    try:
        text = f"BASE <{query}>\n{_path(query).read_text(encoding='utf-8')}"
        _make_named(held, text)
        found = run(held, text)
        list(found) if not isinstance(found, ox.QueryBoolean) else found
    except (Problem, UnicodeDecodeError):
        return False
    return True


def _right(tests: rdflib.Graph, test: Any, action: Any) -> bool:
    held = ox.Store()
    try:
        for data in tests.objects(action, QT.data):
            _load(held, data, None)
        for data in tests.objects(action, QT.graphData):
            _load(held, tests.value(data, QT.graph) or data, ox.NamedNode(str(data)))
        query = _path(tests.value(action, QT.query))
        text = f"BASE <{query.as_uri()}>\n{query.read_text(encoding='utf-8')}"
        _make_named(held, text)
        expected = tests.value(test, MF.result)
        found = run(held, text)
        if isinstance(found, ox.QueryTriples):
            return _same_graph({*found}, _path(expected))
        if _path(expected).suffix in (".csv", ".tsv"):
            written = answer.written(found, _path(expected).suffix[1:]).decode()
            return _table(written) == _table(_path(expected).read_text(encoding="utf-8"))
        written = answer.written(found, "json")
        again = ox.parse_query_results(written, format=ox.QueryResultsFormat.JSON)
        lax = tests.value(test, MF.resultCardinality) == MF.LaxCardinality
        return _same_answers(again, _expected(_path(expected)), set if lax else list)
    except (Problem, ValueError, SyntaxError, OSError):
        return False


def _load(held: ox.Store, data: Any, name: ox.NamedNode | None) -> None:
    form = FORMATS[SUFFIXES[_path(data).suffix]]
    held.load(path=_path(data), format=form, base_iri=str(data), to_graph=name)


FROM = re.compile(r"^\s*FROM\s+(?:NAMED\s+)?(?:<([^>]*)>|(\w*):(\w*))", re.M | re.I)


def _make_named(held: ox.Store, query: str) -> None:
    """Make the graphs that a query names by FROM: tongbao fetches nothing, so they have to be there before.

    A file of the suite is loaded; elsewhere one triple stands for what is not in the suite.
    """
    (base,) = re.findall(r"^BASE <([^>]*)>", query, re.M)[:1]
    prefixes = dict(re.findall(r"^\s*PREFIX\s+(\w*):\s*<([^>]*)>", query, re.M | re.I))
    for iri, prefix, local in FROM.findall(query):
        name = ox.NamedNode(urljoin(base, iri) if iri else urljoin(base, prefixes[prefix]) + local)
        if name.value.startswith("file:") and _path(name.value).suffix in SUFFIXES:
            _load(held, name.value, name)
        else:
            held.add(ox.Quad(name, name, name, name))


def _same_graph(found: set[ox.Triple], expected: Path) -> bool:
    wanted = rdflib.Graph().parse(expected, publicID=expected.as_uri())
    had = rdflib.Graph().parse(data=ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
    return isomorphic(wanted, had)


def _table(text: str) -> list[list[tuple[str, str]]]:
    """The rows, by the names of their columns: of SELECT * the order is free, and so are the names of blank nodes."""
    head, *rest = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ",")
    return sorted(sorted(zip(head, map(_cell, row), strict=True)) for row in rest if row)


def _cell(text: str) -> str:
    """A number by its value, a blank node without its name."""
    try:
        return str(float(text))
    except ValueError:
        return re.sub("^_:.*", "_:", text)


def _expected(path: Path) -> Any:
    if path.suffix in RESULTS:
        return ox.parse_query_results(path=path, format=RESULTS[path.suffix])
    return _from_rdf(rdflib.Graph().parse(path, publicID=path.as_uri()))


def _from_rdf(held: rdflib.Graph) -> Any:
    """Answers as the oldest tests give them, as a graph."""
    (found,) = held.subjects(RDF.type, RS.ResultSet)
    if (truth := held.value(found, RS.boolean)) is not None:
        return ox.parse_query_results(f'{{"head": {{}}, "boolean": {str(truth).lower()}}}', format=JSON)
    rows = []
    for solution in held.objects(found, RS.solution):
        bindings = list(held.objects(solution, RS.binding))
        rows.append({str(held.value(b, RS.variable)): _as_json(held.value(b, RS.value)) for b in bindings})
    names = sorted(map(str, held.objects(found, RS.resultVariable)))
    return ox.parse_query_results(json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}), format=JSON)


def _as_json(term: Any) -> dict[str, str]:
    if isinstance(term, rdflib.Literal):
        said = (
            {"xml:lang": term.language} if term.language else {"datatype": str(term.datatype)} if term.datatype else {}
        )
        return {"type": "literal", "value": str(term)} | said
    return {"type": "bnode" if isinstance(term, rdflib.BNode) else "uri", "value": str(term)}


def _same_answers(found: Any, expected: Any, kind: Callable[[Iterable[str]], Iterable[str]]) -> bool:
    if isinstance(expected, ox.QueryBoolean) or isinstance(found, ox.QueryBoolean):
        return bool(found) == bool(expected)
    names = [v.value for v in expected.variables]
    rows, wanted = (kind(map(repr, _rows(answers, names))) for answers in (found, expected))
    return sorted(rows) == sorted(wanted)


def _rows(answers: Any, names: list[str]) -> Iterator[tuple[str, ...]]:
    for row in answers:
        yield tuple(map(_by_value, (row[name] for name in names)))


def _by_value(term: Any) -> str:
    """A term as a store gives it back, which keeps numbers, dates and truth values by value; a blank node without name."""
    if isinstance(term, ox.BlankNode) or term is None:
        return str(term)[:2]
    held = ox.Store()
    held.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:a"), term))
    (quad,) = held
    return str(quad.object)


# ---------------------------------------------------------------- the protocol


def protocol(folder: Path, score: Score) -> None:
    """Queries must be answered as the suite says; updates must be refused, for the endpoint is read-only."""
    manifest = folder / "sparql" / "sparql11" / "protocol" / "manifest.ttl"
    missing = ox.NamedNode("http://kasei.us/2009/09/sparql/data/data0.rdf")  # requests name it, the suite has no file
    tests = rdflib.Graph().parse(manifest, publicID=manifest.as_uri())
    for test in sorted(tests.subjects(RDF.type, MF.ProtocolTest)):
        name = str(test).rpartition("#")[2]
        with tempfile.TemporaryDirectory() as place:
            quads = [ox.Quad(missing, missing, missing, missing)]
            for data in tests.objects(test, UT.graphData):
                triples = ox.parse(path=_path(tests.value(data, UT.graph)), format=ox.RdfFormat.N_TRIPLES)
                label = ox.NamedNode(str(tests.value(data, rdflib.RDFS.label)))
                quads += [ox.Quad(*quad.triple, label) for quad in triples]
            store.write(Path(place), quads)
            with TestClient(application(Settings(Path(place))), base_url="http://127.0.0.1") as client:
                (requests,) = tests.objects(tests.value(test, MF.action), HT.requests)
                for request in Collection(tests, requests):
                    if "update" in name and not _is_update(tests, request):
                        continue  # asks whether the update was made
                    passed = _asked(tests, request, client, is_update="update" in name)
                    kind = "updates refused" if "update" in name else "queries"
                    score.add(f"SPARQL protocol, {kind}", name, passed)


def _is_update(tests: rdflib.Graph, request: Any) -> bool:
    values = [
        tests.value(header, HT.fieldValue)
        for held in tests.objects(request, HT.headers)
        for header in Collection(tests, held)
    ]
    said = " ".join(map(str, (tests.value(tests.value(request, HT.body), CNT.chars), *values)))
    return "query=" not in said and "sparql-query" not in said


def _asked(tests: rdflib.Graph, request: Any, client: TestClient, is_update: bool) -> bool:
    body = tests.value(request, HT.body)
    headers = {
        str(tests.value(h, HT.fieldName)): str(tests.value(h, HT.fieldValue))
        for held in tests.objects(request, HT.headers)
        for h in Collection(tests, held)
    }
    content = str(tests.value(body, CNT.chars)) if body else ""
    encoding = str(tests.value(body, CNT.characterEncoding) or "utf-8") if body else "utf-8"
    path = str(tests.value(request, HT.absolutePath)).replace("/sparql/", "/sparql")
    method = str(tests.value(request, HT.methodName))
    got = client.request(method, path, headers=headers, content=content.encode(encoding))
    response = tests.value(request, HT.resp)
    if is_update:
        return 400 <= got.status_code < 500
    wanted = {str(status)[-3:] for status in tests.objects(response, MF.expectedStatus)}
    if f"{got.status_code // 100}xx" not in wanted:
        return False
    if (form := tests.value(response, MF.expectedFormat)) and got.headers["content-type"].partition(";")[
        0
    ] not in MEDIA[str(form)]:
        return False
    truth = tests.value(response, MF.expectedBoolean)
    return truth is None or got.json()["boolean"] is bool(truth)


# ---------------------------------------------------------------- GEXF


def gexf(specs: Path, score: Score) -> None:
    from lxml import etree

    import kg

    schema = etree.XMLSchema(etree.parse(specs / "1.2draft" / "gexf.xsd"))
    with tempfile.TemporaryDirectory() as place:
        out = io.BytesIO()
        export.write(kg.build("seeds", place).store, "gexf", out)
    score.add("export gexf, schema of GEXF 1.2draft", "seeds", schema.validate(etree.fromstring(out.getvalue())))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rdf_tests", type=Path)
    parser.add_argument("--json-ld", type=Path)
    parser.add_argument("--gexf", type=Path)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    score = Score()
    exports(given.rdf_tests / "rdf" / "rdf11", score)
    if given.json_ld:
        exports(given.json_ld, score, " of the suite of JSON-LD")
    queries(given.rdf_tests, score)
    protocol(given.rdf_tests, score)
    if given.gexf:
        gexf(given.gexf, score)
    for tried, passed, count in score.rows():
        print(f"| {tried} | {passed} of {count} |")
        for name in score.failed[tried] if given.show else ():
            print(f"    {name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
