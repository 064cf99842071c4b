"""`kg serve` as programs meet it: the SPARQL protocol, negotiation, refusals, caches, and the clients of others."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from serving import PREFIXES, sample, serving, without_names, write
from SPARQLWrapper import CSV, JSON, TURTLE, SPARQLWrapper

from kg import graph, store, vocab

NAMES = PREFIXES + "SELECT ?unit ?name { ?unit a kg:Unit ; skos:prefLabel ?name } ORDER BY ?name"
FACTS = PREFIXES + "CONSTRUCT { ?unit kg:conducted ?campaign } { ?unit kg:conducted ?campaign }"
ASKED = PREFIXES + "ASK { ?unit a kg:Unit }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SPARQL = {"Content-Type": "application/sparql-query"}
DOCUMENTS = [graph.document_iri(name).value for name in ("市场/通报.txt", "报道.txt")]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("build"), sample())


@pytest.fixture(scope="module")
def client(build: Path) -> Iterator[httpx.Client]:
    with serving(build, "--cors", "https://example.org") as client:
        yield client


def ask(
    client: httpx.Client, query: str, accept: str = "application/sparql-results+json", **more: str
) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})


def count(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


# ---------------------------------------------------------------- the three forms of a query


@pytest.mark.parametrize(
    ("content", "headers", "parameters"),
    [
        (None, {}, {"query": NAMES}),
        (urlencode({"query": NAMES}), FORM, {}),
        (urlencode({"query": NAMES}), {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}, {}),
        (NAMES, SPARQL, {}),
    ],
    ids=["get", "form", "form with charset", "direct"],
)
def test_each_form_of_a_query_has_the_same_answer(client, content, headers, parameters):
    method = "POST" if content else "GET"
    response = client.request(method, "/sparql", params=parameters, content=content, headers=headers)
    assert response.status_code == 200
    names = [row["name"]["value"] for row in response.json()["results"]["bindings"]]
    assert names == sorted(["元江县公安局", "玉溪市市场监督管理局", "红塔区商务局", "红塔区市场监督管理局"])


# ---------------------------------------------------------------- content negotiation


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/xml;q=0.4, application/xml;q=0.5", "application/xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/csv;q=0.1, application/*;q=0.9", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("image/png, text/tab-separated-values;q=0.01", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_rows_in_the_format_asked_for(client, accept, sent):
    headers = {} if accept is None else {"Accept": accept}
    response = client.get("/sparql", params={"query": NAMES}, headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (200, sent)
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "sent", "form"),
    [
        ("*/*", "text/turtle; charset=utf-8", "turtle"),
        ("text/turtle", "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/sparql-results+xml, application/rdf+xml", "application/rdf+xml", "xml"),
    ],
)
@pytest.mark.parametrize("query", [FACTS, PREFIXES + "DESCRIBE <https://w3id.org/tongbao/unit/红塔区商务局>"])
def test_triples_in_the_format_asked_for(client, accept, sent, form, query):
    response = ask(client, query, accept)
    assert (response.status_code, response.headers["Content-Type"]) == (200, sent)
    found = {tuple(map(str, triple)) for triple in rdflib.Graph().parse(data=response.content, format=form)}
    plain = ask(client, query, "application/n-triples").content
    assert found == {tuple(map(str, triple)) for triple in rdflib.Graph().parse(data=plain, format="nt")} != set()


def test_formats_of_rows_say_the_same(client):
    answers = [ask(client, NAMES, kind).content for kind in ("application/json", "application/sparql-results+xml")]
    forms = (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML)
    read = [[str(row) for row in ox.parse_query_results(a, f)] for a, f in zip(answers, forms, strict=True)]
    tsv = ask(client, NAMES, "text/tab-separated-values").content
    assert read[0] == read[1] == [str(row) for row in ox.parse_query_results(tsv, ox.QueryResultsFormat.TSV)]
    lines = ask(client, NAMES, "text/csv").text.split("\r\n")
    assert lines[0] == "unit,name"
    assert len(lines) == len(read[0]) + 2


@pytest.mark.parametrize("accept", ["application/json", "text/xml", "text/csv"])
def test_ask(client, accept):
    assert "true" in ask(client, ASKED, accept).text


@pytest.mark.parametrize(("query", "accept"), [(NAMES, "text/turtle"), (FACTS, "text/csv"), (NAMES, "image/png")])
def test_a_format_that_cannot_be_had(client, query, accept):
    response = ask(client, query, accept)
    assert response.status_code == 406
    assert "can be had as" in response.text


def test_a_browser_is_led_to_the_page(client):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = client.get("/sparql", params={"query": ASKED}, headers={"Accept": browser})
    assert response.status_code == 303
    assert response.headers["Location"] == "/query?" + urlencode({"query": ASKED})


# ---------------------------------------------------------------- the data set


def test_the_default_graph_has_every_statement_once(client, build):
    plain = rdflib.Graph().parse(build / "graph.ttl")
    assert count(ask(client, COUNT)) == len(plain)
    for name in ("conducted", "located_in", "has_metric"):
        assert count(ask(client, f"SELECT (COUNT(*) AS ?n) {{ ?s kg:{name} ?o }}")) == len(
            list(plain.triples((None, rdflib.URIRef(vocab.KG + name), None)))
        )


@pytest.mark.parametrize("in_body", [False, True])
def test_graphs_that_the_request_names(client, build, in_body):
    opened = store.read(build)
    graphs = [list(opened.quads_for_pattern(None, None, None, ox.NamedNode(iri))) for iri in DOCUMENTS]
    sizes = list(map(len, graphs))
    shared = set.intersection(*({quad.triple for quad in graph} for graph in graphs))
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"

    def size(query: str, *pairs: tuple[str, str]) -> int:
        values = [("query", query), *pairs]
        response = (
            client.post("/sparql", content=urlencode(values), headers=FORM)
            if in_body
            else client.get("/sparql", params=values)
        )
        return count(response)

    first, second = (("default-graph-uri", iri) for iri in DOCUMENTS)
    third = ("named-graph-uri", DOCUMENTS[1])
    assert size(COUNT, first) == sizes[0]
    assert size(COUNT, first, second) == sum(sizes) - len(shared) > max(sizes)
    assert size(named, first) == 0
    assert (size(COUNT, third), size(named, third)) == (0, sizes[1])
    assert (size(COUNT, first, third), size(named, first, third)) == (sizes[0], sizes[1])
    own = f"SELECT (COUNT(*) AS ?n) FROM <{DOCUMENTS[1]}> {{ ?s ?p ?o }}"
    assert (size(own), size(own, first)) == (sizes[1], sizes[0])


def test_graphs_in_the_address_of_a_direct_post(client):
    address = "/sparql?" + urlencode({"default-graph-uri": DOCUMENTS[1]})
    assert count(client.post(address, content=COUNT, headers=SPARQL)) < count(ask(client, COUNT))


# ---------------------------------------------------------------- what is refused

BAD = "not a SPARQL query"


@pytest.mark.parametrize(
    ("method", "parameters", "content", "headers", "status", "reason"),
    [
        ("GET", {"query": "SELECT"}, None, {}, 400, BAD),
        ("GET", {"query": ""}, None, {}, 400, BAD),
        ("GET", [("query", ASKED), ("query", ASKED)], None, {}, 400, "one query, not 2"),
        ("POST", {}, "", FORM, 400, "one query, not 0"),
        ("POST", {}, b"query=%ff", FORM, 400, "not UTF-8"),
        ("POST", {}, b"ASK {} # \xff", SPARQL, 400, "not UTF-8"),
        ("POST", {}, ASKED, {"Content-Type": "text/plain"}, 415, "application/sparql-query"),
        ("POST", {}, ASKED, {}, 415, "application/sparql-query"),
        ("GET", {"query": "INSERT DATA { <x:a> <x:b> <x:c> }"}, None, {}, 400, BAD),
        ("GET", {"update": "CLEAR ALL"}, None, {}, 403, "updates are refused"),
        ("POST", {}, urlencode({"update": "CLEAR ALL"}), FORM, 403, "updates are refused"),
        ("POST", {}, "CLEAR ALL", {"Content-Type": "application/sparql-update"}, 403, "updates are refused"),
        ("GET", {"query": "LOAD <file:///etc/passwd>"}, None, {}, 400, BAD),
        ("GET", {"query": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"}, None, {}, 400, "no graph <file:"),
        ("GET", {"query": "SELECT * FROM NAMED <http://127.0.0.1:9/> { ?s ?p ?o }"}, None, {}, 400, "no graph <http:"),
        ("GET", {"query": ASKED, "default-graph-uri": "file:///etc/passwd"}, None, {}, 400, "no graph <file:"),
        ("GET", {"query": ASKED, "named-graph-uri": "no iri"}, None, {}, 400, "not an IRI"),
        ("PUT", {}, ASKED, SPARQL, 405, ""),
        ("DELETE", {"query": ASKED}, None, {}, 405, ""),
    ],
)
def test_bad_requests(client, method, parameters, content, headers, status, reason):
    response = client.request(method, "/sparql", params=parameters, content=content, headers=headers)
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/plain")
    assert reason in response.text
    assert response.text.count("\n") == 1


def test_nothing_goes_out(client):
    """Each query names a server of this test, which nobody must call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{place}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ {{ SELECT * {{ service <{place}> {{ ?s ?p ?o }} }} }} }}",
            f"SELECT * {{ BIND(<{place}> AS ?g) SERVICE ?g {{ ?s ?p ?o }} }}",
            f"SELECT * {{ \\u0053ERVICE <{place}> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{place}> {{ ?s ?p ?o }}",
            f"SELECT * F\\u0052OM <{place}> {{ ?s ?p ?o }}",
        ):
            assert ask(client, query).status_code == 400
        for name in ("default-graph-uri", "named-graph-uri"):
            assert ask(client, ASKED, **{name: place}).status_code == 400
        listening.settimeout(0.5)
        with pytest.raises(TimeoutError):
            listening.accept()


def test_the_word_service_is_no_crime(client):
    assert ask(client, 'SELECT ("SERVICE FROM" AS ?text) {}').json()["results"]["bindings"][0]["text"]["value"]


@pytest.mark.parametrize(
    ("address", "headers", "content", "status"),
    [
        ("/unit/" + "a" * 5000, {}, None, 414),
        ("/sparql?query=" + "a" * 40_000, {}, None, 414),
        ("/health", {"X-Long": "a" * 20_000}, None, 431),
        ("/sparql", SPARQL, b" " * (1 << 20) + b"ASK {}", 413),
    ],
)
def test_requests_that_are_too_large(client, address, headers, content, status):
    response = client.request("POST" if content else "GET", address, headers=headers, content=content)
    assert response.status_code == status
    assert "bytes" in response.text


def test_a_body_that_does_not_say_how_large_it_is(client):
    parts = (b" " * 65536 for _ in range(40))
    assert client.post("/sparql", headers=SPARQL, content=parts).status_code == 413


def test_other_sites_cannot_call_it_by_their_name(client):
    assert client.get("/health", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/health", headers={"Host": "localhost"}).status_code == 200


def test_the_host_names_that_are_allowed(build):
    with serving(build, "--name", "graph.example") as client:
        assert client.get("/health", headers={"Host": "graph.example"}).status_code == 200
        assert client.get("/health", headers={"Host": "evil.example"}).status_code == 400


# ---------------------------------------------------------------- security headers, caches, compression, CORS


def test_an_answer_in_xml_can_run_nothing(client):
    attack = 'CONSTRUCT { <x:a> <http://www.w3.org/1999/xhtml#script> "alert(1)" } {}'
    response = ask(client, attack, "application/rdf+xml")
    assert "<script" in response.text
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_control_characters_in_xml(client):
    query = 'SELECT ("a\\u0001\\rb" AS ?x) {}'
    answer = ask(client, query, "application/sparql-results+xml").content
    assert b"a\xef\xbf\xbd&#13;b" in answer
    assert ask(client, query).json()["results"]["bindings"][0]["x"]["value"] == "a\x01\rb"


def test_an_answer_that_is_known_is_not_sent_again(client):
    first = ask(client, NAMES)
    known = {"If-None-Match": first.headers["ETag"], "Accept": "application/sparql-results+json"}
    again = client.get("/sparql", params={"query": NAMES}, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Security-Policy" not in again.headers  # it would replace the one that the client has kept
    other = ask(client, NAMES, "text/csv")
    assert other.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}"])
def test_what_changes_by_itself_has_no_tag(client, query):
    assert "ETag" not in ask(client, query).headers


def test_compression(client):
    packed = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}, headers={"Accept-Encoding": "gzip"})
    plain = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_cors_is_an_option(client, build):
    asking = {"Origin": "https://example.org"}
    assert client.get("/health", headers=asking).headers["Access-Control-Allow-Origin"] == "https://example.org"
    assert (
        "Access-Control-Allow-Origin" not in client.get("/health", headers={"Origin": "https://evil.example"}).headers
    )
    preflight = client.options("/sparql", headers=asking | {"Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 200
    with serving(build) as closed:
        assert "Access-Control-Allow-Origin" not in closed.get("/health", headers=asking).headers


def test_head(client):
    response = client.head("/sparql", params={"query": NAMES})
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_a_new_build_is_served_without_a_restart(tmp_path):
    folder = write(tmp_path, sample())
    labels = PREFIXES + "SELECT (COUNT(?name) AS ?n) { ?thing skos:altLabel ?name }"
    with serving(folder) as client:
        before = ask(client, labels)
        home = client.get("/unit/红塔区市场监督管理局")
        write(folder, without_names(sample()))
        after = client.get("/sparql", params={"query": labels}, headers={"If-None-Match": before.headers["ETag"]})
        assert count(before) > 0 == count(after)
        assert "红塔区市场监管局" in home.text
        assert "红塔区市场监管局" not in client.get("/unit/红塔区市场监督管理局").text


# ---------------------------------------------------------------- descriptions, graphs, health


def test_service_description(client):
    found = rdflib.Graph().parse(data=client.get("/sparql").content, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    node = rdflib.URIRef(f"{client.base_url}sparql")
    assert (node, rdflib.RDF.type, sd.Service) in found
    assert (node, sd.endpoint, node) in found
    assert (node, sd.feature, sd.UnionDefaultGraph) in found
    assert len(set(found.objects(node, sd.resultFormat))) == 8


@pytest.mark.parametrize("address", ["/void", "/.well-known/void"])
def test_void_counts_what_is_there(client, build, address):
    found = rdflib.Graph().parse(data=client.get(address).content, format="turtle")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    node = rdflib.URIRef(f"{client.base_url}void#dataset")
    triples = {quad.triple for quad in store.read(build)}
    assert found.value(node, void.triples).toPython() == len(triples)
    assert found.value(node, void.documents).toPython() == 2
    parts = {
        found.value(part, void.property): found.value(part, void.triples).toPython()
        for part in found.objects(node, void.propertyPartition)
    }
    conducted = vocab.KG + "conducted"
    assert parts[rdflib.URIRef(conducted)] == sum(t.predicate.value == conducted for t in triples)
    units = next(part for part in found.subjects(void["class"], rdflib.URIRef(vocab.KG + "Unit")))
    assert found.value(units, void.entities).toPython() == 4


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_graphs_are_read_whole(client, build, accept):
    names = {"application/n-triples": "nt", "application/rdf+xml": "xml", "application/ld+json": "json-ld"}
    form = names.get(accept, "turtle")
    opened = store.read(build)
    whole = client.get("/data", headers={"Accept": accept})
    assert len(rdflib.Graph().parse(data=whole.content, format=form)) == len({quad.triple for quad in opened})
    one = client.get("/data", params={"graph": DOCUMENTS[0]}, headers={"Accept": accept})
    size = len(list(opened.quads_for_pattern(None, None, None, ox.NamedNode(DOCUMENTS[0]))))
    assert len(rdflib.Graph().parse(data=one.content, format=form)) == size


@pytest.mark.parametrize(("iri", "status"), [("x:none", 404), ("no iri", 400)])
def test_graphs_that_are_not_there(client, iri, status):
    assert client.get("/data", params={"graph": iri}).status_code == status


def test_graphs_cannot_be_written(client):
    assert client.put("/data", params={"graph": DOCUMENTS[0]}, content=b"").status_code == 405


def test_health(client, tmp_path):
    assert client.get("/health").json()["status"] == "ok"
    folder = write(tmp_path, sample())
    with serving(folder) as other:
        (folder / "store").rename(folder / "gone")
        assert (other.get("/health").status_code, other.get("/health").json()["status"]) == (503, "no graph")


def test_metrics(client):
    ask(client, "SELECT")
    text = client.get("/metrics").text
    found = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert int(found['tongbao_requests_total{part="sparql",status="400"}']) >= 1
    assert found["tongbao_request_seconds_count"] == found['tongbao_request_seconds_bucket{le="+Inf"}']
    assert found["tongbao_queries_running"] == "0"


# ---------------------------------------------------------------- the command


def kg_serve(*options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kg", "serve", *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)


def test_without_a_graph(tmp_path):
    done = kg_serve("--graph", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == f"kg: {tmp_path}: no graph here; run: kg build --output {tmp_path}\n"


def test_an_address_that_is_taken(build):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = kg_serve("--graph", str(build), "--port", str(listening.getsockname()[1]))
    assert done.returncode == 2
    assert done.stderr.startswith("kg: Address already in use")


def test_it_is_for_this_machine_unless_told_otherwise(client):
    assert client.base_url.host == "127.0.0.1"


def test_it_stops_when_asked(build):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(build), "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    address = process.stdout.readline().removeprefix("kg serve: ").strip()
    assert httpx.get(f"{address}health").status_code == 200
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=10)[1] == ""
    assert process.returncode == 0


# ---------------------------------------------------------------- the clients of others


def endpoint(client: httpx.Client) -> str:
    return f"{client.base_url}sparql"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper(client, method):
    wrapper = SPARQLWrapper(endpoint(client))
    wrapper.setMethod(method)
    wrapper.setQuery(NAMES)
    wrapper.setReturnFormat(JSON)
    assert len(wrapper.queryAndConvert()["results"]["bindings"]) == 4
    wrapper.setReturnFormat(CSV)
    assert wrapper.queryAndConvert().decode().startswith("unit,name")
    wrapper.setQuery(FACTS)
    wrapper.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=wrapper.queryAndConvert(), format="turtle")) == 2


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_store(client, method, form):
    remote = rdflib.Graph("SPARQLStore")
    remote.store.method, remote.store.returnFormat = method, form
    remote.open(endpoint(client))
    assert next(str(row.name) for row in remote.query(NAMES)) == "元江县公安局"


def test_rdflib_store_as_a_graph(client):
    remote = rdflib.Graph("SPARQLStore")
    remote.open(endpoint(client))
    unit = rdflib.URIRef("https://w3id.org/tongbao/unit/红塔区商务局")
    assert str(remote.value(unit, rdflib.SKOS.prefLabel)) == "红塔区商务局"
    one = rdflib.Graph("SPARQLStore", identifier=DOCUMENTS[1])
    one.open(endpoint(client))
    assert len(list(one.triples((None, rdflib.RDF.type, rdflib.URIRef(vocab.KG + "Document"))))) == 1


def test_rdflib_through_service(client):
    """Another implementation of SPARQL asks this one in the middle of a query of its own."""
    query = f"SELECT ?name {{ SERVICE <{endpoint(client)}> {{ ?unit a <{vocab.KG}Unit> ; <{vocab.SKOS}prefLabel> ?name }} }}"
    assert len(rdflib.Graph().query(query)) == 4


def test_oxigraph_through_service(client):
    query = f"SELECT ?name {{ SERVICE <{endpoint(client)}> {{ ?unit a <{vocab.KG}Unit> ; <{vocab.SKOS}prefLabel> ?name }} }}"
    assert len(list(ox.Store().query(query))) == 4


def test_pandas(client):
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(f"{endpoint(client)}?{urlencode({'query': NAMES, 'format': 'csv'})}")
    assert list(frame.columns) == ["unit", "name"]
    assert len(frame) == 4
    frame = pandas.read_csv(io.BytesIO(ask(client, NAMES, "text/csv").content))
    assert "红塔区商务局" in set(frame["name"])


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_curl(client):
    command = ["curl", "-s", "--data-urlencode", f"query={ASKED}", endpoint(client)]
    assert json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["boolean"] is True
    thing = f"{client.base_url}unit/{quote('红塔区商务局')}"
    done = subprocess.run(["curl", "-s", "-H", "Accept: text/turtle", thing], capture_output=True, check=True)
    assert "红塔区商务局" in str(rdflib.Graph().parse(data=done.stdout, format="turtle").serialize(format="nt"))


def test_many_at_once(client):
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(client, NAMES).status_code)) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 24
