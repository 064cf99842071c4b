"""A build to a store elsewhere: a named graph for each document, and one graph with every statement once.

Only what has changed since the last push to the same address is sent. What has been sent is noted request by request
in `DIR/.build/pushed-….sqlite`, so that a push that breaks off goes on where it was; sending something twice does no
harm. Graphs are sent by the Graph Store Protocol; to a server that has none, by SPARQL Update.

In the graph with every statement, single subjects change. That takes SPARQL Update; where there is none, the graph is
sent whole.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import folder, store
from kg.errors import Problem
from kg.remote import EVERYTHING, Client, Refused

NO_GRAPH_STORE = (400, 404, 405, 415, 501)
AT_ONCE = 1000  # triples in one update: Virtuoso takes 10,000
POSTED = 20_000  # triples in one request to a graph store
Subject = tuple[str, list[str]]  # an IRI in angle brackets, and the lines of N-Triples that begin with it


@dataclass
class Pushed:
    """What a push has sent: graphs of documents, graphs withdrawn, subjects of the graph with every statement."""

    documents: int = 0
    withdrawn: int = 0
    subjects: int = 0


class Busy(Problem):
    """Another push to the same address is under way."""


def push(
    build: Path,
    address: str,
    update: str = "",
    *,
    fresh: bool = False,
    client: Client | None = None,
    step: Callable[[int], None] = lambda _: None,
) -> Pushed:
    """Send the build to a graph store; returns what had to be sent.

    `update` is the address of SPARQL Update; where `address` is empty, or has no graph store, it goes by that alone. `fresh` sends all, whatever was sent before. `step`
    is called with the number of documents gone through. Raises store.NoBuild, Problem for a server that fails.
    """
    opened = store.read(build)
    turtle = (folder.current(build) or build) / folder.TURTLE
    target = _Target(client or Client(), address, update)
    with _State(folder.hidden(build), address or update) as state:
        if fresh:
            state.forget("graph")
        pushed = Pushed()
        _push_documents(opened, target, state, pushed, step)
        if fresh or not (target.can_update or _only_more(turtle, state)):
            state.forget("subject")
            target.drop(EVERYTHING)
        _push_subjects(turtle, target, state, pushed)
    return pushed


def _push_documents(
    opened: ox.Store, target: _Target, state: _State, pushed: Pushed, step: Callable[[int], None]
) -> None:
    for graph in opened.named_graphs():
        name = str(graph)
        state.meet("graph", name)
        lines = sorted(f"{quad.triple} ." for quad in opened.quads_for_pattern(None, None, None, graph))
        digest = _digest(lines)
        if state.sent("graph", name) != digest:
            target.put(ox.NamedNode(graph.value), lines)
            state.note("graph", [(name, digest)])
            pushed.documents += 1
        step(1)
    for name in state.unmet("graph"):
        target.drop(ox.NamedNode(name[1:-1]))
        state.drop("graph", [name])
        pushed.withdrawn += 1


def _only_more(turtle: Path, state: _State) -> bool:
    """Whether all that has been sent still stands as it is."""
    known = sum(state.sent("subject", subject) == _digest(lines) for subject, lines in _subjects(turtle))
    return known == state.count("subject")


def _push_subjects(turtle: Path, target: _Target, state: _State, pushed: Pushed) -> None:
    """Bring the graph with every statement up to date."""
    for batch in _batches(_subjects(turtle), POSTED):
        new, changed = list[Subject](), list[Subject]()
        for subject, lines in batch:
            state.meet("subject", subject)
            sent = state.sent("subject", subject)
            if sent != _digest(lines):
                (new if sent is None else changed).append((subject, lines))
        if new:
            target.add(EVERYTHING, [line for _, lines in new for line in lines])
        for some in _batches(iter(changed), AT_ONCE):
            target.change(EVERYTHING, some)
        state.note("subject", [(subject, _digest(lines)) for subject, lines in (*new, *changed)])
        pushed.subjects += len(new) + len(changed)
    for gone in _batches(((subject, []) for subject in state.unmet("subject")), AT_ONCE):
        target.change(EVERYTHING, gone)
        state.drop("subject", [subject for subject, _ in gone])
        pushed.subjects += len(gone)


def _subjects(turtle: Path) -> Iterator[Subject]:
    triples = (quad.triple for quad in ox.parse(path=str(turtle), format=ox.RdfFormat.TURTLE))
    for subject, same in groupby(triples, key=lambda triple: triple.subject):
        yield str(subject), [f"{triple} ." for triple in same]


def _batches(subjects: Iterator[Subject], size: int) -> Iterator[list[Subject]]:
    """Subjects with about so many triples together."""
    held: list[Subject] = []
    count = 0
    for subject in subjects:
        held.append(subject)
        count += len(subject[1]) + 1
        if count >= size:
            yield held
            held, count = [], 0
    if held:
        yield held


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


# ---------------------------------------------------------------- the server


class _Target:
    """A graph store, or a SPARQL Update endpoint, or both."""

    def __init__(self, client: Client, address: str, update: str) -> None:
        self._client = client
        self._address = address
        self._update = update
        self._has_graphs = None if address else False  # None: not known yet

    @property
    def can_update(self) -> bool:
        return bool(self._update)

    def put(self, graph: ox.NamedNode, lines: list[str]) -> None:
        """Let a graph hold these triples and no others."""
        if not self._sent("PUT", graph, lines):
            first, *rest = _parts(lines)
            self._do(f"DROP SILENT GRAPH {graph} ;\n{_insert(graph, first)}")
            for part in rest:
                self._do(_insert(graph, part))

    def add(self, graph: ox.NamedNode, lines: list[str]) -> None:
        """Put triples into a graph, besides those that it has."""
        if not self._sent("POST", graph, lines):
            for part in _parts(lines):
                self._do(_insert(graph, part))

    def drop(self, graph: ox.NamedNode) -> None:
        if not self._sent("DELETE", graph, None):
            self._do(f"DROP SILENT GRAPH {graph}")

    def change(self, graph: ox.NamedNode, subjects: list[Subject]) -> None:
        """Let these subjects have these triples in a graph, and no others."""
        names = " ".join(subject for subject, _ in subjects)
        lines = [line for _, told in subjects for line in told]
        first, *rest = _parts(lines) or [[]]
        self._do(
            f"DELETE {{ GRAPH {graph} {{ ?s ?p ?o }} }} WHERE {{ VALUES ?s {{ {names} }} GRAPH {graph} {{ ?s ?p ?o }} }}"
            + (f" ;\n{_insert(graph, first)}" if first else "")
        )
        for part in rest:
            self._do(_insert(graph, part))

    def _sent(self, method: str, graph: ox.NamedNode, lines: list[str] | None) -> bool:
        """Whether the server takes graphs; if it does, it has taken this one."""
        if self._has_graphs is False:
            return False
        url = f"{self._address}{'&' if '?' in self._address else '?'}{urlencode({'graph': graph.value})}"
        data = None if lines is None else "\n".join([*lines, ""]).encode()
        try:
            self._client.send(method, url, data, {"Content-Type": "text/turtle"} if lines is not None else None)
        except Refused as error:
            if error.status == 404 and method == "DELETE" and self._has_graphs:
                return True  # there is no such graph
            if error.status not in NO_GRAPH_STORE:
                raise
            if error.status == 404 and method == "DELETE":  # no such graph, or no graph store: an update does no harm
                with suppress(Refused):
                    self._client.send("POST", self._update or self._address, *_update(f"DROP SILENT GRAPH {graph}"))
                return True
            self._has_graphs = False
            self._update = self._update or self._address
            return False
        self._has_graphs = True
        return True

    def _do(self, update: str) -> None:
        self._client.send("POST", self._update, *_update(update))


def _update(text: str) -> tuple[bytes, dict[str, str]]:
    """The content and the head of a request that asks for an update."""
    return text.encode(), {"Content-Type": "application/sparql-update; charset=utf-8"}


def _parts(lines: list[str]) -> list[list[str]]:
    return [lines[start : start + AT_ONCE] for start in range(0, len(lines), AT_ONCE)]


def _insert(graph: ox.NamedNode, lines: list[str]) -> str:
    return f"INSERT DATA {{ GRAPH {graph} {{\n" + "\n".join(lines) + "\n} }"


# ---------------------------------------------------------------- what has been sent


class _State:
    """What an address has been sent: digests of graphs, and of subjects in the graph with every statement.

    For one process at a time. Raises Busy.
    """

    def __init__(self, hidden: Path, address: str) -> None:
        self._path = hidden / f"pushed-{hashlib.sha256(address.encode()).hexdigest()[:12]}.sqlite"

    def __enter__(self) -> Self:
        self._database = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            self._database.executescript(TABLES)
        except sqlite3.OperationalError as error:
            self._database.close()
            raise Busy(f"{self._path}: another push to this address is under way ({error})") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def sent(self, table: str, name: str) -> str | None:
        """The digest of what has been sent under a name."""
        row = self._database.execute(f"SELECT digest FROM {table} WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def count(self, table: str) -> int:
        count: int = self._database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        return count

    def note(self, table: str, rows: Iterable[tuple[str, str]]) -> None:
        self._write(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", rows)

    def drop(self, table: str, names: Iterable[str]) -> None:
        self._write(f"DELETE FROM {table} WHERE name = ?", ((name,) for name in names))

    def forget(self, table: str) -> None:
        self._database.execute(f"DELETE FROM {table}")

    def meet(self, table: str, name: str) -> None:
        self._database.execute(f"INSERT OR IGNORE INTO met_{table} VALUES (?)", (name,))

    def unmet(self, table: str) -> Iterator[str]:
        """The names of what has been sent and was not met this time."""
        command = f"SELECT name FROM {table} WHERE name > ? AND name NOT IN (SELECT name FROM met_{table}) ORDER BY name LIMIT ?"
        last = ""
        while rows := self._database.execute(command, (last, AT_ONCE)).fetchall():
            yield from (name for (name,) in rows)
            ((last,),) = rows[-1:]

    def _write(self, command: str, rows: Iterable[tuple[str, ...]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(command, rows)
        self._database.execute("COMMIT")


TABLES = """
PRAGMA locking_mode = EXCLUSIVE;
BEGIN EXCLUSIVE;
CREATE TABLE IF NOT EXISTS graph (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subject (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
COMMIT;
CREATE TEMP TABLE met_graph (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE met_subject (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
