"""`kg serve` under queries that want too much: each is stopped, and others notice nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from serving import CROSS_JOIN, many, serving, write

from kg.serve.app import Settings, application
from kg.serve.limits import Limits
from kg.serve.pool import WARMED, Pool, Stopped
from kg.serve.wire import Task

SMALL = "SELECT ?s { ?s ?p ?o } LIMIT 1"
SORT = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
DISTINCT = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f } }"
GROUP = "SELECT (GROUP_CONCAT(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?c), STR(?f)) AS ?x) }"
TEN = '"aaaaaaaaaa"'
LONG_TEXT = "SELECT (" + "REPLACE(" * 9 + TEN + f', "a", {TEN})' * 9 + " AS ?x) {}"
DEEP = "SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}"
WALK = "(!<x:a>|^(!<x:a>))*"
PATHS = f"SELECT (COUNT(*) AS ?n) {{ ?a {WALK} ?b . ?c {WALK} ?d . ?e {WALK} ?f . ?g {WALK} ?h }}"
REGEX = 'SELECT * { ?a ?b ?c . ?d ?e ?f . FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(a*)*b(a|aa)+$")) }'


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = write(tmp_path_factory.mktemp("build"), many(400))
    with serving(folder, "--seconds", "2", "--memory", "200", "--answer", "1") as client:
        yield client


def ask(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", data={"query": query})


def stopped(client: httpx.Client, cause: str) -> int:
    start = f'tongbao_queries_stopped_total{{cause="{cause}"}} '
    lines = client.get("/metrics").text.splitlines()
    return next((int(line.removeprefix(start)) for line in lines if line.startswith(start)), 0)


@pytest.mark.parametrize("query", [CROSS_JOIN, PATHS, REGEX], ids=["cross join", "paths", "pattern"])
def test_time(client, query):
    before = stopped(client, "time")
    started = time.perf_counter()
    response = ask(client, query)
    assert (response.status_code, response.text) == (503, "stopped after 2 seconds\n")
    assert time.perf_counter() - started < 4
    assert stopped(client, "time") == before + 1


@pytest.mark.parametrize("query", [SORT, DISTINCT, GROUP, LONG_TEXT], ids=["sort", "distinct", "group", "text"])
def test_memory(client, query):
    before = stopped(client, "memory") + stopped(client, "time")
    response = ask(client, query)
    assert response.status_code in (500, 503)
    assert response.text.startswith("stopped")
    assert stopped(client, "memory") + stopped(client, "time") == before + 1


def test_nesting(client):
    response = ask(client, DEEP)
    assert response.status_code in (400, 500)
    assert ask(client, SMALL).status_code == 200


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", "application/sparql-results+json"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", "text/csv"),
        ("CONSTRUCT { ?c ?e ?f } { ?a ?b ?c . ?d ?e ?f . FILTER(isIRI(?c)) }", "application/n-triples"),
    ],
)
def test_size_of_an_answer(client, query, accept):
    response = client.post("/sparql", data={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.text) == (
        500,
        "the answer is larger than 1 MiB: ask for less of it (LIMIT)\n",
    )


def test_others_are_answered_meanwhile(tmp_path: Path):
    """Six cross joins of one client run: its own queries, pages and health are answered before any of them ends."""
    folder = write(tmp_path, many(400))
    with serving(folder, "--seconds", "8", "--memory", "200") as client, ThreadPoolExecutor(6) as threads:
        heavy = [threads.submit(ask, client, CROSS_JOIN) for _ in range(5)]
        until(lambda: "tongbao_queries_running 5" in client.get("/metrics").text)
        for answer in (ask(client, SMALL), client.get("/"), client.get("/health")):
            assert answer.status_code == 200
        assert not any(one.done() for one in heavy)
        assert [one.result().status_code for one in heavy] == [503] * 5
        assert "tongbao_queries_running 0" in client.get("/metrics").text


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so, 5 seconds at most."""
    for _ in range(50):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("not so within 5 seconds")


def test_the_page_of_a_query_that_is_stopped(client):
    response = client.get("/query", params={"query": CROSS_JOIN}, headers={"Accept": "text/html"})
    assert response.status_code == 503
    assert "stopped after 2 seconds" in response.text


def test_a_query_ends_when_its_client_leaves(client):
    with pytest.raises(httpx.ReadTimeout):
        client.post("/sparql", data={"query": CROSS_JOIN}, timeout=0.5)
    time.sleep(0.5)
    assert "tongbao_queries_running 0" in client.get("/metrics").text


def test_too_many_at_once(tmp_path: Path):
    limits = Limits(seconds=2, workers=1, waiting=0.2)
    service = application(Settings(write(tmp_path, many(400)), limits))

    async def asking() -> None:
        transport = httpx.ASGITransport(service)
        async with (
            service.router.lifespan_context(service),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
        ):
            first = asyncio.create_task(client.post("/sparql", data={"query": CROSS_JOIN}))
            await asyncio.sleep(0.5)
            response = await client.post("/sparql", data={"query": SMALL})
            assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
            assert "too many queries" in response.text
            assert (await client.get("/")).status_code == 200
            assert (await first).status_code == 503

    asyncio.run(asking())


def test_workers_are_ready_before_they_are_needed(tmp_path: Path):
    write(tmp_path, many(20))

    async def ready(pool: Pool) -> tuple[int, bytes]:
        await asyncio.gather(*pool._warming)
        found = await pool.run(Task("suggest", {"text": "第7", "kind": "Unit"}))
        return len(pool._idle), found.body

    async def asking() -> None:
        pool = Pool(tmp_path, Limits(), Task("warm"))
        await pool.start()
        first = await ready(pool)
        assert first[0] == WARMED + 1
        write(tmp_path, many(5))
        await pool.run(Task("home", {"view": {"language": "zh", "here": "/"}}))
        count, found = await ready(pool)
        assert (count, found) == (WARMED + 1, b"[]") != first
        await pool.close()
        assert not pool._idle

    asyncio.run(asking())


def test_nothing_is_left_of_workers_that_were_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, many(20))
    troubles: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda trouble: troubles.append(str(trouble.exc_value)))

    async def asking() -> None:
        pool = Pool(tmp_path, Limits(seconds=0.3))
        given = {"query_text": CROSS_JOIN, "default_graphs": [], "named_graphs": [], "results": ["json", "x/y"]}
        with pytest.raises(Stopped, match=r"stopped after 0\.3 seconds"):
            await pool.run(Task("ask", {**given, "graphs": None, "save": False}))
        await pool.close()

    asyncio.run(asking())
    time.sleep(0.5)  # until the system has told of the end of a process that was not waited for
    gc.collect()
    assert not troubles


def test_a_service_that_is_killed_leaves_no_worker(tmp_path: Path):
    """The alarm of a worker ends it, though it is in the middle of a query and nobody waits for it."""
    folder = write(tmp_path, many(400))
    code = (
        "import asyncio, os, sys\nfrom pathlib import Path\nfrom kg.serve.pool import Pool, Worker\n"
        "from kg.serve.limits import Limits\nfrom kg.serve.wire import Task\n"
        "async def main():\n"
        "    worker = await Worker.start(Path(sys.argv[1]), Limits(seconds=0.5))\n"
        "    print(worker._process.pid, flush=True)\n"
        "    given = dict(query_text=sys.argv[2], default_graphs=[], named_graphs=[], results=['json', 'x/y'], graphs=None, save=False)\n"
        "    asyncio.create_task(worker.ask(Task('ask', given)))\n"
        "    await asyncio.sleep(0.3)\n"
        "    os._exit(1)\n"
        "asyncio.run(main())"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(folder), CROSS_JOIN]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    worker = Path(f"/proc/{done.stdout.strip()}")
    assert worker.exists()
    deadline = time.monotonic() + 10
    while worker.exists() and (worker / "stat").read_text().split(") ")[1][0] != "Z" and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not worker.exists() or (worker / "stat").read_text().split(") ")[1][0] == "Z"


def test_the_benchmark_runs():
    command = [sys.executable, "-m", "benchmarks.serving", "--units", "50", "--heavy", "0"]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == 13
    assert lines[-1].startswith("stopped after 2.")
