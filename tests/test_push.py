"""Builds sent to stores elsewhere, and questions asked there: Virtuoso, and a small server that misbehaves on demand."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
import samples
from serving import sample, serving, write

import kg
from kg import answer, pipeline, query, remote, store, vocab
from kg import push as pushing
from kg.errors import Problem
from kg.push import Pushed, push
from kg.remote import EVERYTHING, Client, Endpoint, Refused
from kg.serve.elsewhere import ReaderThere, There

ROOT = Path(__file__).parent.parent
PREFIXES = vocab.PREFIXES | vocab.NODE_PREFIXES
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


# ---------------------------------------------------------------- a server


@dataclass
class Server:
    """A graph store and SPARQL endpoint in this process. `faults` are statuses of the next answers, 0 a broken line.

    `most_rows` is where it says that it cuts answers (it does not, what it says is enough); 0 for never.
    """

    held: ox.Store = field(default_factory=ox.Store)
    requests: list[tuple[str, str]] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    has_graphs: bool = True
    most_rows: int = 0
    asked: list[str] = field(default_factory=list)
    authorization: str = ""
    url: str = ""

    def state(self) -> set[str]:
        return set(map(str, self.held))


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def _answer(self, status: int, content: bytes = b"", media: str = "text/plain", rows: int = 0) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(content)))
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="x"')
            if 0 < server.most_rows <= rows:
                self.send_header("X-SPARQL-MaxRows", str(server.most_rows))
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def _do(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            url = urlsplit(self.path)
            server.requests.append((self.command, url.path))
            if server.faults:
                fault = server.faults.pop(0)
                if not fault:
                    self.close_connection = True
                    return
                self._answer(fault, b"<p>a\nfault</p>")
            elif server.authorization and self.headers.get("Authorization") != server.authorization:
                self._answer(401)
            elif url.path == "/data" and server.has_graphs:
                graph = ox.NamedNode(parse_qs(url.query)["graph"][0])
                if self.command in ("PUT", "DELETE"):
                    server.held.remove_graph(graph)
                if self.command in ("PUT", "POST"):
                    server.held.load(data, format=ox.RdfFormat.TURTLE, to_graph=graph)
                self._answer(204)
            elif url.path == "/data" and self.command != "POST":
                self._answer(405)
            elif self.headers.get_content_type() == "application/sparql-update":
                server.held.update(data.decode())
                self._answer(204)
            elif url.path == "/page":
                self._answer(200, b"<html>", "text/html")
            elif url.path == "/sparql":
                form = parse_qs(data.decode())
                server.asked += form["query"]
                graphs = [ox.NamedNode(iri) for iri in form.get("default-graph-uri", [])]
                found = server.held.query(form["query"][0], default_graph=graphs or None)
                if isinstance(found, ox.QueryTriples):
                    self._answer(200, found.serialize(format=ox.RdfFormat.N_TRIPLES), "application/n-triples")
                else:
                    content = found.serialize(format=ox.QueryResultsFormat.JSON)
                    rows = json.loads(content).get("results", {}).get("bindings", ())
                    self._answer(200, content, "application/sparql-results+json; charset=utf-8", len(rows))
            else:
                self._answer(404)

        do_GET = do_PUT = do_POST = do_DELETE = _do

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(told)) as running:
        told.url = f"http://127.0.0.1:{running.server_port}"
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield told
        running.shutdown()


def build(output: Path, **texts: str) -> Path:
    """A build of pages a.txt, b.txt … each of which names one unit in its first line."""
    pages = output.with_name(f"{output.name}-pages")
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir()
    for name, text in texts.items():
        (pages / f"{name}.txt").write_text(text, encoding="utf-8")
    sources = pipeline.find([pages], lambda failure: pytest.fail(str(failure)))
    pipeline.build(sources, output, lambda failure: pytest.fail(str(failure)), read_page=samples.read_page)
    return output


def expected(output: Path) -> set[str]:
    """What a store holds that a build has been pushed to."""
    built = store.read(output)
    graphs = (quad for quad in built if quad.graph_name != ox.DefaultGraph())
    return {*map(str, graphs), *(str(ox.Quad(*quad.triple, EVERYTHING)) for quad in store.triples(built))}


def client(waited: list[float] | None = None, **environment: str) -> Client:
    return Client((waited if waited is not None else []).append, environment)


Way = Callable[[Server], tuple[str, str]]
WAYS: dict[str, Way] = {
    "graphs and update": lambda server: (f"{server.url}/data", f"{server.url}/update"),
    "graphs alone": lambda server: (f"{server.url}/data", ""),
    "update alone": lambda server: ("", f"{server.url}/update"),
    "update found out": lambda server: (f"{server.url}/update", ""),
    "no graphs here": lambda server: (f"{server.url}/data", f"{server.url}/update"),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, server: Server) -> tuple[str, str]:
    server.has_graphs = request.param != "no graphs here"
    return WAYS[request.param](server)


# ---------------------------------------------------------------- what is sent


def test_any_history_ends_in_what_the_build_says(tmp_path, server, way, monkeypatch):
    monkeypatch.setattr(pushing, "AT_ONCE", 7)
    monkeypatch.setattr(pushing, "POSTED", 11)
    monkeypatch.setattr(pipeline, "LOOSE", 1000)
    out = tmp_path / "out"
    texts = ("甲局", "乙局", "甲局\n旧文"), ("甲局", "丁局", "乙局"), ("丁局",), ("丙局", "甲局")
    for pages in texts:
        build(out, **dict(zip("abc", pages, strict=False)))
        push(out, *way, client=client())
        assert server.state() == expected(out)


def test_only_what_has_changed_is_sent(tmp_path, server):
    address = WAYS["graphs and update"](server)
    out = build(tmp_path / "out", a="甲局", b="乙局")
    assert push(out, *address, client=client()).documents == 2
    server.requests.clear()
    assert push(out, *address, client=client()) == Pushed(0, 0, 0)
    assert server.requests == []
    build(out, a="甲局", c="丙局")
    done = push(out, *address, client=client())
    assert (done.documents, done.withdrawn) == (1, 1)
    assert [request for request in server.requests if request[1] == "/data"] == [
        ("PUT", "/data"),  # the graph of c.txt
        ("DELETE", "/data"),  # that of b.txt
        ("POST", "/data"),  # what is new
    ]


def test_fresh_sends_all_and_clears_what_was_there(tmp_path, server, way):
    out = build(tmp_path / "out", a="甲局")
    push(out, *way, client=client())
    stray = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c"), EVERYTHING)
    server.held.add(stray)
    push(out, *way, client=client())
    assert stray in server.held
    push(out, *way, fresh=True, client=client())
    assert server.state() == expected(out)


def test_each_address_has_a_state_of_its_own(tmp_path, server):
    out = build(tmp_path / "out", a="甲局")
    push(out, f"{server.url}/data", client=client())
    assert push(out, f"{server.url}/update", client=client()).documents == 1


def test_two_pushes_at_once(tmp_path, server):
    out = build(tmp_path / "out", a="甲局")
    with pushing._State(out / ".build", server.url), pytest.raises(pushing.Busy, match="another push"):
        push(out, server.url, client=client())


# ---------------------------------------------------------------- when things go wrong


def test_a_push_that_breaks_off_goes_on_where_it_was(tmp_path, server, way):
    out = build(tmp_path / "out", **{f"p{number:02}": f"{number}局" for number in range(12)})
    for _ in range(40):
        with suppress(Refused):
            push(out, *way, client=Breaking(after=3))
            break
    else:
        pytest.fail("it never ends")
    assert server.state() == expected(out)


class Breaking(Client):
    """A client that is refused after so many requests."""

    def __init__(self, after: int) -> None:
        super().__init__(lambda _: None, {})
        self._left = after

    def send(self, method: str, url: str, *rest: object) -> remote.Received:
        if not self._left:
            raise Refused(url, 403, "enough")
        self._left -= 1
        return super().send(method, url, *rest)


@pytest.mark.parametrize("fault", [0, 408, 429, 502, 503, 504])
def test_what_fails_for_now_is_tried_again_after_a_while(tmp_path, server, fault):
    out, waited = build(tmp_path / "out", a="甲局"), list[float]()
    server.faults = [fault] * 3
    push(out, f"{server.url}/data", f"{server.url}/update", client=client(waited))
    assert waited == [1, 2, 4]
    assert server.state() == expected(out)


def test_what_fails_too_often_is_one_line(tmp_path, server):
    out, waited = build(tmp_path / "out", a="甲局"), list[float]()
    server.faults = [503] * 9
    with pytest.raises(Refused, match=r"/data\?graph=.*: 503 a$"):
        push(out, f"{server.url}/data", client=client(waited))
    assert waited == [1, 2, 4, 8, 16]


def test_a_refusal_is_not_tried_again(tmp_path, server):
    out, waited = build(tmp_path / "out", a="甲局"), list[float]()
    server.faults = [403]
    with pytest.raises(Refused, match="403"):
        push(out, f"{server.url}/data", client=client(waited))
    assert waited == []


def test_a_server_that_is_not_there(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Problem, match="refused"):
        push(build(tmp_path / "out", a="甲局"), f"http://127.0.0.1:{port}/", client=client())


def test_a_server_that_sends_us_elsewhere_is_not_followed(tmp_path, server):
    server.faults = [302]
    with pytest.raises(Refused, match="302"):
        push(build(tmp_path / "out", a="甲局"), f"{server.url}/data", client=client(TONGBAO_TOKEN="secret"))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a.example/", "localhost:8890/sparql", "push"])
def test_only_http_is_spoken(tmp_path, address):
    with pytest.raises(Problem, match="http://"):
        push(build(tmp_path / "out", a="甲局"), address, client=client())


@pytest.mark.parametrize(
    "authorization, environment",
    [
        (
            "Basic " + base64.b64encode("ding:密码".encode()).decode(),
            {"TONGBAO_USER": "ding", "TONGBAO_PASSWORD": "密码"},
        ),
        ("Bearer t0k", {"TONGBAO_TOKEN": "t0k"}),
    ],
)
def test_who_asks_is_told_by_the_environment(tmp_path, server, authorization, environment):
    server.authorization = authorization
    out = build(tmp_path / "out", a="甲局")
    with pytest.raises(Refused, match="401"):
        push(out, f"{server.url}/data", client=client())
    push(out, f"{server.url}/data", f"{server.url}/update", client=client(**environment))
    assert server.state() == expected(out)


# ---------------------------------------------------------------- asking


def test_a_statement_that_two_documents_make_counts_once(tmp_path, server):
    out = build(tmp_path / "out", a="甲局", b="甲局\n又", c="乙局")
    push(out, f"{server.url}/data", client=client())
    (row,) = answer.rows(Endpoint(f"{server.url}/sparql", client()).query(COUNT, prefixes=PREFIXES))
    assert row["n"] == kg.open(out).query(COUNT)[0]["n"] < len(server.held)


def test_an_endpoint_that_nobody_pushed_to(server):
    server.held.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c")))
    endpoint = Endpoint(f"{server.url}/sparql", client())
    assert answer.rows(endpoint.query(COUNT, prefixes={})) == [{"n": 1}]
    assert answer.rows(endpoint.query("ASK { ?s <urn:b> ?o }", prefixes={})) == [{"answer": True}]
    found = endpoint.query("# all\nPREFIX x: <urn:> CONSTRUCT WHERE { ?s x:b ?o }", prefixes={})
    assert answer.written(found, "table").endswith(b'\n<urn:a> <urn:b> "c" .\n')


def test_what_is_no_answer_is_one_line(server):
    with pytest.raises(Problem, match="no answer to a query, but text/html"):
        Endpoint(f"{server.url}/page", client()).query("ASK {}", prefixes={})


@pytest.mark.parametrize(
    "query, is_cut",
    [
        ("SELECT * { ?s ?p ?o }", True),
        ("SELECT * { ?s ?p ?o } LIMIT 8", True),
        ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 7 } ?s ?q ?r }", True),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 7", False),
        ("SELECT * { ?s ?p ?o } limit 7 OFFSET 3", False),
    ],
)
def test_an_answer_that_has_been_cut_is_none(server, query, is_cut):
    about = [ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), ox.Literal("x")) for n in range(20)]
    server.held.extend(about)
    server.most_rows = 7
    endpoint = Endpoint(f"{server.url}/sparql", client())
    with pytest.raises(remote.Cut, match="7 rows at most") if is_cut else nullcontext():
        endpoint.query(query, prefixes={})


# ---------------------------------------------------------------- kg serve on a store elsewhere


def text_of(page: str) -> list[str]:
    """What stands on a page, line by line, without what only a build has."""
    lines = [line.strip() for line in page.splitlines()]
    return [line for line in lines if line and not line.startswith(('<a href="/graph', '<a href="/data', AS_TYPED))]


AS_TYPED = '<p class="note">此处查询远程库'


@pytest.fixture
def served(tmp_path, server):
    """A build of the samples, pushed; clients of `kg serve` on the build and on the store it was pushed to."""
    built = write(tmp_path / "samples", sample())
    push(built, f"{server.url}/data", client=client())
    with serving(built) as here, serving(tmp_path / "nothing", "--endpoint", f"{server.url}/sparql") as there:
        yield built, here, there


def pages_of(built: Path) -> list[str]:
    """The addresses of a thing of each class, and of what else a build shows."""
    kinds = ("Unit", "Campaign", "Region", "Metric", "Person", "Award", "Document", "Evidence")
    asked = [kg.open(built).query(f"SELECT ?x {{ ?x a kg:{kind} }} ORDER BY ?x LIMIT 2") for kind in kinds]
    things = ["/" + row["x"].removeprefix(vocab.BASE) for rows in asked for row in rows]
    assert len(things) >= len(kinds)
    named = (
        "/search?q=局",
        "/search?q=局&kind=Unit",
        "/search?kind=Campaign",
        "/suggest?q=局",
        "/figures",
        "/query",
        "/ns",
    )
    return [*things, *(f"{thing}?format=turtle" for thing in things), "/", "/void?format=turtle", *named]


def test_the_pages_of_a_store_elsewhere_are_those_of_the_build(served):
    built, here, there = served
    for page in pages_of(built):
        mine, other = (str(one.get(page).text).replace(str(one.base_url), "") for one in (here, there))
        assert text_of(mine) == text_of(other), page
    for name in query.questions():
        mine, other = (one.get("/query", params={"question": name, "format": "csv"}).text for one in (here, there))
        assert mine == other or name == "compare-measure", name  # in GROUP_CONCAT any order is right


def test_what_only_a_build_has_is_told_in_one_line(served):
    _, here, there = served
    assert "/graph" in here.get("/").text
    assert "/graph" not in there.get("/").text
    for page, reason in (("/graph", "the network page belongs to a build"), ("/data", "the whole graph is to be had")):
        answered = there.get(page, headers={"Accept": "text/plain"})
        assert (answered.status_code, answered.text.startswith(reason), answered.text.count("\n")) == (404, True, 1)
    assert AS_TYPED in there.get("/search", params={"q": "局"}).text
    assert AS_TYPED not in here.get("/search", params={"q": "局"}).text


@pytest.mark.parametrize(
    "text, reason",
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "not a SPARQL query"),
        ('DEFINE input:grab-all "yes" SELECT * { ?s ?p ?o }', "not a SPARQL query"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("PREFIX b: <bif:> SELECT (b:system('id') AS ?x) { }", "<bif:system> is not supported"),
        (
            "PREFIX b: <\\u0062if:> SELECT * { FILTER(false) ?s ?p ?o FILTER(b:system('id')) }",
            "<bif:system> is not one",
        ),
        ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", "there is no graph <http://127.0.0.1:9/>"),
    ],
)
def test_what_is_no_plain_query_never_gets_there(server, text, reason):
    endpoint = Endpoint(f"{server.url}/sparql", client())
    with pytest.raises(query.QueryError, match=reason):
        query.run(endpoint, text)
    assert not [asked for asked in server.asked if text in asked]
    query.run(endpoint, "SELECT (xsd:integer('1') AS ?one) { }")
    assert len([asked for asked in server.asked if "xsd:integer('1')" in asked]) == 1


def test_a_graph_that_is_there_can_be_named(tmp_path, server):
    built = build(tmp_path / "out", a="甲局", b="乙局")
    push(built, f"{server.url}/data", client=client())
    (first, *_) = store.read(built).named_graphs()
    found = query.run(Endpoint(f"{server.url}/sparql", client()), COUNT, query.Graphs((first.value,)))
    assert answer.rows(found)[0]["n"] == len(list(store.read(built).quads_for_pattern(None, None, None, first)))


def test_subjects_are_read_together(tmp_path, server):
    built = build(tmp_path / "out", **{f"p{number:02}": f"{number}局" for number in range(30)})
    push(built, f"{server.url}/data", client=client())
    there = There(f"{server.url}/sparql")
    found = there.quads_for_pattern(None, ox.NamedNode(vocab.KG + "located_in"), None, ox.DefaultGraph())
    (region,) = {quad.object for quad in found if quad.subject.value.startswith(vocab.BASE + "unit/")}
    server.asked.clear()
    reader = ReaderThere(there)
    facts = reader.facts(region, "located_in", True, 30)
    assert len(facts) == 30
    assert all(fact.quotes and fact.quotes[0].text for fact in facts)
    assert len(server.asked) < 12


def test_a_store_that_goes_away_or_cuts_its_answers(served, server):
    _, _, there = served
    assert there.get("/health").status_code == 200
    server.most_rows = 1
    cut = there.get("/figures")
    assert (cut.status_code, cut.text.count("\n")) == (500, 1)
    assert "1 rows at most" in cut.text
    assert "1 rows at most" in there.get("/query", params={"question": "documents"}).text
    server.most_rows, server.faults = 0, [500] * 3
    assert (there.get("/figures").text, there.get("/health").status_code) == (
        "the store elsewhere does not answer\n",
        503,
    )


def test_serving_a_store_that_is_not_there_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kg", "serve", "--endpoint", f"http://127.0.0.1:{port}/sparql", "--port", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "refused" in done.stderr


def test_kg_serve_is_an_endpoint(tmp_path):
    out = build(tmp_path / "out", a="甲局", b="甲局\n又")
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(out), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as serving:
        try:
            assert serving.stdout is not None
            url = serving.stdout.readline().split()[-1].rstrip("/")
            endpoint = Endpoint(f"{url}/sparql", client())
            asked = query.bind(endpoint, query.question("units-of-region"), {"region": "玉溪"})
            assert [row["unit_name"] for row in answer.rows(endpoint.query(asked, prefixes=PREFIXES))] == ["甲局"]
        finally:
            serving.terminate()


# ---------------------------------------------------------------- Virtuoso

INI = """
[Database]
DatabaseFile=v.db
ErrorLogFile=v.log
LockFile=v.lck
TransactionFile=v.trx
xa_persistent_file=v.pxa
[TempDatabase]
DatabaseFile=v-temp.db
TransactionFile=v-temp.trx
[Parameters]
ServerPort=127.0.0.1:{sql}
NumberOfBuffers=10000
MaxDirtyBuffers=6000
CheckpointInterval=0
[HTTPServer]
ServerPort=127.0.0.1:{http}
ServerRoot=.
[SPARQL]
ResultSetMaxRows=100000
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Virtuoso that is empty."""
    if shutil.which("virtuoso-t") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("virtuoso-t (virtuoso-opensource-7-bin) is missing")
        pytest.skip("virtuoso-t (virtuoso-opensource-7-bin) is missing")
    place, http = tmp_path_factory.mktemp("virtuoso"), free_port()
    (place / "v.ini").write_text(INI.format(sql=free_port(), http=http))
    command = ["virtuoso-t", "+foreground", "+configfile", "v.ini"]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            url = f"http://127.0.0.1:{http}"
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"{url}/sparql?query=ASK%7B%7D", timeout=5).close()
                    break
                except OSError:
                    assert running.poll() is None
                    time.sleep(0.2)
            yield url
        finally:
            running.kill()


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("seeds") / "out"
    kg.build(ROOT / "seeds", out)
    return out


# What Virtuoso 7 says otherwise: the order in GROUP_CONCAT is left to the engine, and it counts more paths than there are.
OTHERWISE = {"compare-measure", "unit-tree"}


def test_virtuoso_answers_the_questions_as_the_build_does(seeds, virtuoso, monkeypatch):
    monkeypatch.setenv(remote.USER, "dba")
    monkeypatch.setenv(remote.PASSWORD, "dba")
    address = f"{virtuoso}/sparql-graph-crud-auth", f"{virtuoso}/sparql-auth"
    assert push(seeds, *address).documents == 5
    assert push(seeds, *address) == Pushed(0, 0, 0)
    endpoint, built = Endpoint(f"{virtuoso}/sparql", client()), kg.open(seeds)
    for name, asked in query.questions().items():
        if name not in OTHERWISE:
            there = answer.rows(endpoint.query(asked.text, prefixes=PREFIXES))
            assert sorted(map(str, there)) == sorted(map(str, built.query(name))), name
    (count,) = answer.rows(endpoint.query(COUNT, prefixes=PREFIXES))
    assert [count] == built.query(COUNT)


def test_kg_serve_shows_what_virtuoso_holds(seeds, virtuoso, tmp_path, monkeypatch):
    monkeypatch.setenv(remote.USER, "dba")
    monkeypatch.setenv(remote.PASSWORD, "dba")
    push(seeds, f"{virtuoso}/sparql-graph-crud-auth", f"{virtuoso}/sparql-auth")
    monkeypatch.delenv(remote.USER)
    with serving(seeds) as here, serving(tmp_path, "--endpoint", f"{virtuoso}/sparql") as there:
        for page in pages_of(seeds):
            mine, other = (str(one.get(page).text).replace(str(one.base_url), "") for one in (here, there))
            assert text_of(mine) == text_of(other), page
        for name in query.questions().keys() - OTHERWISE:  # it has an order of its own for Chinese
            asked = {"question": name, "format": "csv"}
            mine, other = (one.get("/query", params=asked).text.splitlines() for one in (here, there))
            assert sorted(mine) == sorted(other), name


def test_virtuoso_follows_every_change(tmp_path, virtuoso, monkeypatch):
    monkeypatch.setenv(remote.USER, "dba")
    monkeypatch.setenv(remote.PASSWORD, "dba")
    endpoint = Endpoint(f"{virtuoso}/sparql", client())
    for address in ((f"{virtuoso}/sparql-graph-crud-auth", f"{virtuoso}/sparql-auth"), ("", f"{virtuoso}/sparql-auth")):
        out = build(tmp_path / "out", a="甲局", b="乙局")
        push(out, *address, fresh=True)
        build(out, a="甲局", c="丙局", d="甲局\n另")
        push(out, *address)
        everything = endpoint.query("SELECT ?s ?p ?o { ?s ?p ?o }", prefixes={})
        assert {(str(s), str(p), str(o)) for s, p, o in everything} == {
            tuple(map(str, quad.triple)) for quad in store.triples(store.read(out))
        }
        names = answer.rows(
            endpoint.query(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?g a <{vocab.KG}Document> }} }}", prefixes={})
        )
        kept = {row["g"] for row in names}
        assert {graph.value for graph in store.read(out).named_graphs()} <= kept
        assert not any(graph.endswith("/b.txt") for graph in kept)
