"""How fast the service answers, alone and while heavy queries run.

    python -m benchmarks.serving [--units 20000] [--graph DIR] [--heavy 6]

A graph of so many invented units, each with a campaign and two figures (about 50 triples a unit), or the build in DIR,
is served on a loopback port. Each request is made 20 times, one after the other, by a client of its own: once with
nothing else going on, once while so many cross joins run. The table gives the middle time and the longest, in
milliseconds. Then: how long a query takes to be stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from kg import answer, graph, query, store
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Span, Statement

TIMES = 20
SECONDS = 30
CROSS_JOIN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PREFIX = "PREFIX kg: <https://w3id.org/tongbao/ns#> PREFIX schema: <https://schema.org/> "
POINT = PREFIX + "SELECT ?p ?o { <https://w3id.org/tongbao/unit/第7公安局> ?p ?o }"
HOPS = (
    PREFIX
    + "SELECT ?m ?v { <https://w3id.org/tongbao/unit/第7公安局> kg:conducted/kg:has_metric ?m . ?m schema:value ?v }"
)
SUMS = (
    PREFIX + "SELECT ?measure (SUM(?value) AS ?sum) { ?m kg:measure ?measure ; schema:value ?value } GROUP BY ?measure"
)
REQUESTS: Mapping[str, str] = {
    "/health": "/health",
    "SPARQL, one unit": "/sparql?" + urlencode({"query": POINT}),
    "SPARQL, two hops": "/sparql?" + urlencode({"query": HOPS}),
    "SPARQL, sums over all": "/sparql?" + urlencode({"query": SUMS}),
    "page of a unit": "/unit/" + quote("第7公安局"),
    "page of a region": "/region/" + quote("玉溪市"),
    "page of a document": "/document/7.txt",
    "search": "/search?" + urlencode({"q": "第77"}),
    "figures": "/figures?" + urlencode({"measure": "破获案件7"}),
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="How fast the service answers, alone and under load.")
    parser.add_argument("--units", type=int, default=20_000, help="the size of the invented graph (default: 20000)")
    parser.add_argument("--graph", type=Path, help="a build to serve instead")
    parser.add_argument("--heavy", type=int, default=6, help="cross joins that run meanwhile (default: 6)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.graph or Path(temporary)
        if not arguments.graph:
            store.write(folder, graph.quads(invented(arguments.units)))
        (row,) = answer.rows(query.run(store.read(folder), "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
        print(f"{row['n']:,} statements, {os.cpu_count()} processors")
        with service(folder) as address:
            alone = {name: _times(address + path) for name, path in REQUESTS.items()}
            with _load(address, arguments.heavy):
                loaded = {name: _times(address + path) for name, path in REQUESTS.items()}
    print(
        f"{'':<24}{'alone':>16}{f'{arguments.heavy} cross joins':>22}\n{'milliseconds':<24}{'middle':>9}{'longest':>9}{'middle':>11}{'longest':>9}"
    )
    for name in REQUESTS:
        middle, under = statistics.median(alone[name]), statistics.median(loaded[name])
        print(f"{name:<24}{middle:9.1f}{max(alone[name]):9.1f}{under:11.1f}{max(loaded[name]):9.1f}")
    with tempfile.TemporaryDirectory() as temporary:
        store.write(Path(temporary), graph.quads(invented(1000)))
        with service(Path(temporary), "--seconds", "2") as address:
            print(f"stopped after {_seconds(address + '/sparql?' + urlencode({'query': CROSS_JOIN})):.2f} s of 2 s")


def invented(units: int) -> Extraction:
    """So many units in one city, ten to a document, each with a campaign that has two figures."""
    documents, statements = [], []
    entities = [Entity("region/玉溪市", Kind.REGION, "玉溪市", code="530400")]
    for number in range(units):
        name = f"{number // 10}.txt"
        line = f"第{number}公安局开展第{number}号行动，破获案件{number % 900 + 1}起，查处{number % 70 + 1}人。\n"
        text = line * 10
        if number % 10 == 0:
            documents.append(Document(name, text, hashlib.sha256(text.encode()).hexdigest(), date="2025-01-02"))
        found = (Evidence(name, Span(0, 4), text[:4], "rule", 0.9, Span(0, len(line) - 1)),)
        unit, campaign = f"unit/第{number}公安局", f"campaign/第{number}号"
        entities += [Entity(unit, Kind.UNIT, f"第{number}公安局"), Entity(campaign, Kind.CAMPAIGN, f"第{number}号行动")]
        statements.append(Statement(unit, "located_in", "region/玉溪市", found))
        statements.append(Statement(unit, "conducted", campaign, found))
        for measure, value, counter in (("破获案件", number % 900 + 1, "起"), ("查处", number % 70 + 1, "人")):
            metric = f"metric/{measure}{number}"
            quantity = Quantity(value, counter, "exact", f"{value}{counter}", f"{measure}{number % 100}")
            entities.append(Entity(metric, Kind.METRIC, f"{measure}{value}{counter}", quantity=quantity))
            statements.append(Statement(campaign, "has_metric", metric, found))
    return Extraction(tuple(documents), tuple(entities), tuple(statements))


@contextmanager
def service(folder: Path, *options: str) -> Iterator[str]:
    """The address of a service on a build."""
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(folder), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().removeprefix("kg serve: ").strip().rstrip("/")
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _load(address: str, count: int) -> Iterator[None]:
    """So many cross joins all the time."""
    is_over = threading.Event()

    def asking() -> None:
        while not is_over.is_set():
            _seconds(f"{address}/sparql?" + urlencode({"query": CROSS_JOIN}), 5.0)

    threads = [threading.Thread(target=asking, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    yield
    is_over.set()
    for thread in threads:
        thread.join()


def _times(address: str) -> list[float]:
    """Milliseconds of each of the requests, after a first one that is not counted."""
    _seconds(address)
    return [1000 * _seconds(address) for _ in range(TIMES)]


def _seconds(address: str, patience: float = 2.0 * SECONDS) -> float:
    """How long one request takes, whatever the answer; `patience` is when the client leaves."""
    started = time.perf_counter()
    try:
        with urlopen(Request(address, headers={"Accept": "*/*"}), timeout=patience) as response:
            response.read()
    except OSError:
        pass
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
