"""All ratios in one table, each pair measured in one run.

    python -m benchmarks [--statements 1000000] [--megabytes 2]

Reading against jieba, two worker processes against one, SPARQL and Turtle against rdflib, `kg serve` against Virtuoso,
cold starts against a bare click program. The growth of whole builds takes longer and has a command of its own: python -m benchmarks.building.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import rdflib

from benchmarks import building, reading, serving, sides, virtuoso
from benchmarks.texts import pages
from kg import graph, store
from kg.remote import Endpoint

ROOT = Path(__file__).parent.parent
TURTLE_STATEMENTS = 100_000
ON_CPU = time.process_time
TIMES = 7  # of which the quickest counts
UNIT = "第7公安局"
ASKED = 200  # units that a question about one of them is asked of, one after the other
QUERIES = {
    "one unit": serving.POINT,
    "two hops": serving.HOPS,
    "sums over all": serving.SUMS,
    "property path": serving.PREFIX + "SELECT ?r { <https://w3id.org/tongbao/unit/" + UNIT + "> kg:located_in+ ?r }",
    "text filter": serving.PREFIX + 'SELECT ?m { ?m kg:measure ?text FILTER(CONTAINS(?text, "案件77")) }',
}
CLICK = "import click\n@click.command()\ndef main(): 'Says hello.'\nmain()"
Row = tuple[str, str, float, str, float]  # what, ours, seconds, the other, seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="All ratios in one table, each pair measured in one run.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--statements", type=int, default=1_000_000, help="for SPARQL (default: 1000000)")
    parser.add_argument("--megabytes", type=float, default=2.0, help="of text to read (default: 2)")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no such part: {min(unknown)}")
    print("| | | s | | s | times as fast |")
    print("|---|---|---|---|---|---|")
    for name in arguments.parts or PARTS:
        with tempfile.TemporaryDirectory() as temporary:
            for what, ours, seconds, other, taken in PARTS[name](Path(temporary), arguments):
                print(
                    f"| {what} | {ours} | {seconds:.3g} | {other} | {taken:.3g} | {taken / seconds:.3g} |", flush=True
                )


def _reading(_place: Path, asked: argparse.Namespace) -> Iterator[Row]:
    texts = pages(None, asked.megabytes)
    runners = reading.runners()
    for run in runners.values():
        run(texts[:1])  # load the dictionaries
    ours, *others = reading.measure(runners, texts).items()
    size = sum(map(len, texts)) / 1e6
    for name, seconds in others:
        yield (
            f"{len(texts)} pages, {size:.1f} MB",
            f"bytes to facts, {len(texts) / ours[1]:.0f} pages/s",
            ours[1],
            name,
            seconds,
        )


def _workers(place: Path, asked: argparse.Namespace) -> Iterator[Row]:
    source = place / "pages.jsonl"
    count = max(1, int(2 * asked.megabytes / 0.0112))  # of less than 2 MB all is read in one process
    building.write_pages(source, count)

    def build(workers: str) -> None:
        building.build(source, "--fresh", "--output", str(place / workers), "--workers", workers)

    two, one = _pair(lambda: build("2"), lambda: build("1"), 1)
    yield f"build of {count} pages", "2 workers", two, "1 worker", one


def _questions(place: Path, asked: argparse.Namespace) -> Iterator[Row]:
    quads = _quads(asked.statements)
    store.write(place, quads)
    lines = {f"{quad.triple} .\n" for quad in quads}
    with sides.apart(place, lines) as both:
        for name, sparql in QUERIES.items():
            units = range(ASKED if UNIT in sparql else 1)
            asked_for = [sparql.replace(UNIT, f"第{number}公安局") for number in units]
            turns = [[side.submit(sides.taken, asked_for).result() for side in both] for _ in range(TIMES)]
            ours, other = (min(seconds) / len(units) for seconds in zip(*turns, strict=True))
            yield f"SPARQL, {len(lines):,} statements: {name}", "kg query", ours, "rdflib", other


def _servers(place: Path, asked: argparse.Namespace) -> Iterator[Row]:
    """The same questions over HTTP: `kg serve` and Virtuoso, by one client."""
    if shutil.which(virtuoso.COMMAND) is None:
        print(f"{virtuoso.COMMAND} is not here: no measurement against it", file=sys.stderr)
        return
    quads = _quads(asked.statements)
    store.write(place, quads)
    lines = {f"{quad.triple} .\n": None for quad in quads}
    with serving.service(place) as address, virtuoso.running(place, lines) as elsewhere:
        mine, other = Endpoint(f"{address}/sparql"), Endpoint(elsewhere)
        for name, sparql in QUERIES.items():
            count = ASKED if UNIT in sparql else 1
            ours, theirs = _pair(partial(_ask_there, mine, sparql, count), partial(_ask_there, other, sparql, count))
            yield f"HTTP, {len(lines):,} statements: {name}", "kg serve", ours / count, "Virtuoso", theirs / count


def _turtle(_place: Path, asked: argparse.Namespace) -> Iterator[Row]:
    quads = _quads(min(asked.statements, TURTLE_STATEMENTS))
    written = graph.turtle(quads)
    memory = rdflib.Graph().parse(data=written, format="turtle")
    what = f"Turtle, {len(memory):,} statements"
    ours, other = _pair(lambda: graph.turtle(quads), memory.serialize, clock=ON_CPU)
    yield f"{what}: out", "kg", ours, "rdflib", other
    ours, other = _pair(
        lambda: deque(ox.parse(io.BytesIO(written), format=ox.RdfFormat.TURTLE), 0),
        lambda: rdflib.Graph().parse(data=written, format="turtle"),
        clock=ON_CPU,
    )
    yield f"{what}: in", "kg", ours, "rdflib", other


def _starts(place: Path, _asked: argparse.Namespace) -> Iterator[Row]:
    script, out = place / "bare.py", place / "seeds"
    script.write_text(CLICK)
    for what, words in (
        ("kg --help", ("--help",)),
        ("kg build of the five pages", ("build", "seeds", "--fresh", "--output", str(out))),
        ("kg query", ("query", "documents", "--graph", str(out))),
    ):
        ours, bare = _pair(partial(_run, "-m", "kg", *words), partial(_run, str(script), "--help"))
        yield "cold start", what, ours, "click alone", bare


def _quads(statements: int) -> list[ox.Quad]:
    """About so many, of invented units."""
    each = len(list(graph.quads(serving.invented(100)))) / 100
    return list(graph.quads(serving.invented(max(10, int(statements / each)))))


def _run(*words: str) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)


def _ask_there(endpoint: Endpoint, sparql: str, count: int) -> None:
    for number in range(count):
        deque(endpoint.query(sparql.replace(UNIT, f"第{number}公安局"), prefixes={}), 0)  # type: ignore[arg-type]


def _pair(
    ours: Callable[[], object],
    other: Callable[[], object],
    times: int = TIMES,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """The seconds that each takes, the quickest of some turns. What runs in this process is timed on the processor."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for work, seconds in zip((ours, other), taken, strict=True):
            begun = clock()
            work()
            seconds.append(clock() - begun)
    return min(taken[0]), min(taken[1])


PARTS = {
    "reading": _reading,
    "workers": _workers,
    "sparql": _questions,
    "servers": _servers,
    "turtle": _turtle,
    "starts": _starts,
}

if __name__ == "__main__":
    main()
