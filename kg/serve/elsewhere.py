"""A store elsewhere, read as one on disk is: statements by patterns, and what the pages show.

Each request goes over a network, so a subject is read whole, once, and together with others that were met beside it. A
worker keeps what it has read and lives for a short time (`pool.LASTS`): so long may a page be behind the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import dropwhile, islice
from typing import Any

import pyoxigraph as ox

from kg.remote import EVERYTHING as EVERYTHING_THERE
from kg.remote import Client, Cut, Endpoint
from kg.serve.read import KINDS, Reader, Source, Thing
from kg.store import EVERYTHING

TOGETHER = 50  # subjects in one request
KEPT = 20_000  # subjects
FOUND = 1000  # names, in one search
SCHEMES = ("http://", "https://")
_NAMES = "skos:prefLabel|skos:altLabel|schema:headline"


class There(Endpoint):
    """An endpoint with the part of a store's interface that this service reads by."""

    def __init__(self, url: str) -> None:
        super().__init__(url, Client(waits=()))  # whoever asked does not wait for another try
        self._known: dict[ox.NamedNode, list[ox.Triple]] = {}
        self._met: dict[ox.NamedNode, None] = {}

    def quads_for_pattern(
        self, subject: Any, predicate: Any, target: Any, graph: ox.NamedNode | ox.DefaultGraph | None = None
    ) -> Iterator[ox.Quad]:
        """The statements that fit; the graph that holds all is the default graph here too."""
        if any(isinstance(term, ox.BlankNode) for term in (subject, target)):
            return  # a name that only one answer knows
        if graph != EVERYTHING:
            yield from self._in_graphs(subject, predicate, target, graph)
            return
        if isinstance(subject, ox.NamedNode):
            triples = self._about(subject)
        else:
            triples = self._triples(subject, predicate, target)
        found = [one for one in triples if predicate in (None, one.predicate) and target in (None, one.object)]
        self.expect(term for triple in found for term in (triple.subject, triple.object))
        yield from (ox.Quad(one.subject, one.predicate, one.object, EVERYTHING) for one in found)

    def expect(self, terms: Iterable[Any]) -> None:
        """Take note of what is likely to be read next, in this order."""
        if len(self._met) > KEPT:
            self._met = {}
        self._met |= {term: None for term in terms if isinstance(term, ox.NamedNode) and term not in self._known}

    def _about(self, subject: ox.NamedNode) -> list[ox.Triple]:
        if subject not in self._known:
            if len(self._known) > KEPT:
                self._known = {}
            following = islice(dropwhile(lambda one: one != subject, self._met), 1, TOGETHER)
            try:
                self._read([subject, *following])
            except Cut:
                self._read([subject])
        return self._known[subject]

    def _read(self, subjects: list[ox.NamedNode]) -> None:
        values = f"VALUES ?s {{ {' '.join(map(str, subjects))} }}"
        found: dict[Any, list[ox.Triple]] = {subject: [] for subject in subjects}
        for s, p, o in self._rows(f"SELECT ?s ?p ?o {{ {values} ?s ?p ?o }}"):
            found.setdefault(s, []).append(ox.Triple(s, p, o))
        self._known |= found
        for subject in subjects:
            self._met.pop(subject, None)

    def _triples(self, subject: Any, predicate: Any, target: Any) -> list[ox.Triple]:
        """The triples of a pattern, in an order that is always the same."""
        asked = {"s": subject, "p": predicate, "o": target}
        rows = self._rows(f"SELECT * {{ {_pattern(asked)} }}")
        return sorted((ox.Triple(*_filled(asked, row)) for row in rows), key=str)

    def _in_graphs(self, subject: Any, predicate: Any, target: Any, graph: Any) -> Iterator[ox.Quad]:
        asked = {"s": subject, "p": predicate, "o": target, "g": graph}
        text = f"SELECT * {{ GRAPH {_pattern({'g': graph})} {{ {_pattern({**asked, 'g': ''})} }} }}"
        rows: Any = self._ask(text, {})
        for row in rows:
            s, p, o, name = _filled(asked, row)
            yield ox.Quad(s, p, o, EVERYTHING if name == EVERYTHING_THERE else name)

    def _rows(self, sparql: str) -> Any:
        return self.query(sparql, prefixes={})


def _pattern(asked: Mapping[str, Any]) -> str:
    """Terms, and variables for those that are asked for."""
    return " ".join(f"?{name}" if term is None else str(term) for name, term in asked.items())


def _filled(asked: Mapping[str, Any], row: Any) -> list[Any]:
    """The terms of a pattern, with those of a row in the places of its variables."""
    return [row[name] if term is None else term for name, term in asked.items()]


class ReaderThere(Reader):
    """Reads what the pages show from a store elsewhere."""

    store: Any  # a There

    def select(self, query: str) -> Any:
        rows = list(super().select(query))
        self.expect(term for row in rows for term in row)
        return rows

    def expect(self, terms: Iterable[Any]) -> None:
        self.store.expect(terms)

    def documents(self, limit: int) -> list[Source]:
        rows = self.select(
            "SELECT ?document { ?document a kg:Document OPTIONAL { ?document schema:datePublished ?date } } "
            f"ORDER BY DESC(?date) ?document LIMIT {limit}"
        )
        return [self.source(row["document"]) for row in rows]

    def holding(self, text: str, kind: str) -> Iterator[tuple[str, Thing]]:
        """Names that hold a text as it is typed (letters of either case), with their things; `FOUND` of them at most."""
        of_class = f"?thing a kg:{kind} ." if kind in KINDS else ""
        wanted = ox.Literal(text.strip().lower())
        holds = f"FILTER(CONTAINS(LCASE(STR(?name)), {wanted}))" if wanted.value else ""
        rows = self.select(f"SELECT ?thing ?name {{ {of_class} ?thing {_NAMES} ?name {holds} }} LIMIT {FOUND}")
        yield from ((row["name"].value, self.thing(row["thing"])) for row in rows)

    def _stating(self, subjects: Iterable[ox.NamedNode], relation: str) -> Iterator[tuple[str, str, str]]:
        rows = self.select(
            f"SELECT ?evidence ?subject ?object {{ VALUES ?subject {{ {' '.join(map(str, subjects))} }} "
            f"?evidence rdf:subject ?subject ; rdf:predicate kg:{relation} ; rdf:object ?object }}"
        )
        yield from ((row["evidence"].value, row["subject"].value, row["object"].value) for row in rows)

    def _named(self, iri: str) -> Thing:
        return self.thing(ox.NamedNode(iri))
