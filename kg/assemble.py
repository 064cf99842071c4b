"""The notes of documents to store, Turtle and page, in one pass and in little memory.

What each document says goes into the store at once. What is put together over documents (an entity's names, all that
is said of one subject, the evidence of one fact) is sorted on disk and read back in order (kg.sorting). So the memory
it takes does not grow with the number of documents, and the result does not depend on their order.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice, starmap
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import graph, store, view, vocab
from kg.ledger import entity_of, stated
from kg.model import Entity, Evidence
from kg.notes import Fact, Notes, one
from kg.sorting import Lines

TURTLE, PAGE = "graph.ttl", "graph.html"
PARSED = 1000  # subjects whose triples are read at a time
# A page holds so many nodes, facts and pieces of evidence: of more, the facts that have most evidence, and of each the first pieces.
PAGE_NODES, PAGE_FACTS, PAGE_EVIDENCE = 250_000, 500_000, 1_000_000
PREF_LABEL = f"{graph.PREF_LABEL} "

Read = Callable[[Iterable[str] | None], Iterator[Notes]]
"""Gives the notes of the documents of these names; of all, in any order, where it is given None."""


@dataclass
class Content:
    """What a build holds: documents, entities by their class, facts by their relation."""

    documents: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)


def assemble(read: Read, place: Path, min_confidence: float = 0.0) -> Content:
    """Write store, Turtle and page of all documents into the folder `place`.

    Facts whose evidence is all below `min_confidence` are left out, and the entities that only they speak of. Raises
    ValueError where notes do not hold together.
    """
    content = Content()
    with tempfile.TemporaryDirectory(prefix=".sorting-", dir=place) as folder:
        sorted_ = _Sorted(Path(folder))

        with store.fresh(place) as loader:
            for notes in read(None):
                content.documents += 1
                loader.add(sorted_.take(notes, min_confidence))
            loader.add(sorted_.put_together(content))
            # the store may still be merging while this process goes on
            with (place / TURTLE).open("wb") as file:
                ox.serialize(
                    sorted_.triples(), file, format=ox.RdfFormat.TURTLE, prefixes=vocab.PREFIXES | vocab.NODE_PREFIXES
                )
            _write_page(place / PAGE, sorted_, read, content)
    return content


# ---------------------------------------------------------------- sorting


class _Sorted:
    """What documents say, by subject (`<iri>`, then predicates and objects), by entity, and by fact."""

    def __init__(self, folder: Path) -> None:
        self._subjects, self._entities, self._facts = (
            Lines(folder, name) for name in ("subjects", "entities", "facts")
        )
        self.evidence = 0

    def take(self, notes: Notes, least: float) -> Iterator[str]:
        """Take what one document says; gives its statements as lines of N-Quads."""
        kept = {
            fact: sure
            for fact, found in notes.evidence.items()
            if (sure := [evidence for evidence in found.values() if evidence.confidence >= least])
        }
        _check(notes)
        spoken_of = {end for subject, _, target, _ in kept for end in (subject, target)}
        for key, (entity, names, dates) in notes.met():
            row = [key, least <= 0 or key in spoken_of, stated(entity), sorted(names), dates]
            self._entities.add(_packed(row))
        for fact, found in kept.items():
            for evidence in found:
                self._facts.add(_packed([*fact, *_as_row(evidence)]))
            self.evidence += len(found)
        triples = [*graph.of_document(notes.document)]
        for fact, found in kept.items():
            for evidence in found:
                triples += graph.of_evidence(fact, evidence, notes.document.text)
        graph_name = graph.document_iri(notes.document.name)
        for subject, lines in self._by_subject(triples):
            for line in lines:
                yield f"{subject} {line} {graph_name} .\n{subject} {line} .\n"

    def put_together(self, content: Content) -> Iterator[str]:
        """Put the entities together, and what stands around them; gives their statements as lines of N-Quads."""
        regions = []
        for entity in self.entities():
            content.entities[entity.kind] += 1
            if entity.code:
                regions.append(entity)
            yield from self._lines(graph.of_entity(entity))
        yield from self._lines(graph.of_all(regions))

    def _lines(self, triples: Iterable[graph.Triple]) -> Iterator[str]:
        for subject, lines in self._by_subject(triples):
            for line in lines:
                yield f"{subject} {line} .\n"

    def _by_subject(self, triples: Iterable[graph.Triple]) -> Iterator[tuple[str, set[str]]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for subject, predicate, target in triples:
            found[str(subject)].add(f"{predicate} {target}")
        for node, lines in found.items():
            self._subjects.add("\t".join([node, *sorted(lines)]).encode())
            yield node, lines

    def triples(self) -> Iterator[ox.Triple]:
        """All statements, each once, in order. Raises ValueError where two entities share an IRI."""
        described = groupby((line.decode().split("\t") for line in self._subjects), key=lambda fields: fields[0])
        written = (_described(subject, same) for subject, same in described)
        while batch := "".join(islice(written, PARSED)):
            for quad in ox.parse(batch, format=ox.RdfFormat.N_TRIPLES, lenient=True):
                yield quad.triple

    def entities(self) -> Iterator[Entity]:
        """Every entity that a fact speaks of (all, where no confidence is asked for), by its key."""
        for _, same in groupby(map(json.loads, map(_unpacked, self._entities)), key=lambda row: row[0]):
            rows = list(same)
            if any(spoken_of for _, spoken_of, *_ in rows):
                yield one((entity_of(entity), names, tuple(dates)) for _, _, entity, names, dates in rows)

    def facts(self) -> Iterator[tuple[Fact, Iterator[list[Any]]]]:
        """Every fact, and the rows of its evidence."""
        for fact, rows in groupby(map(json.loads, map(_unpacked, self._facts)), key=lambda row: tuple(row[:4])):
            yield fact, (row[4:] for row in rows)


def _check(notes: Notes) -> None:
    for subject, predicate, target, _ in notes.evidence:
        if predicate not in graph.RELATIONS:
            raise ValueError(f"unknown relation: {predicate}")
        if missing := {subject, target} - notes.entities.keys():
            raise ValueError(f"a statement about an unknown entity: {min(missing)}")


def _described(subject: str, same: Iterable[list[str]]) -> str:
    lines = sorted({line for _, *lines in same for line in lines})
    if sum(line.startswith(PREF_LABEL) for line in lines) > 1:
        raise ValueError(f"two entities or documents share an IRI: {subject}")
    return "".join(f"{subject} {line} .\n" for line in lines)


def _packed(row: list[Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _unpacked(line: bytes) -> str:
    return line.decode("utf-8", "surrogatepass")


def _as_row(held: Evidence) -> list[Any]:
    return [
        held.document,
        *(held.span.start, held.span.end, held.sentence.start, held.sentence.end),
        *(held.rule, held.confidence),
    ]


# ---------------------------------------------------------------- the page


def _write_page(path: Path, sorted_: _Sorted, read: Read, content: Content) -> None:
    """The network page; where there is more than a browser takes, the best attested facts and what they speak of."""
    facts, most = _shown(sorted_, content)
    is_whole = len(facts) == content.facts.total() and content.entities.total() <= PAGE_NODES
    spoken_of = {end for subject, _, target, _ in facts for end in (subject, target)}
    pieces = sum(facts.values())
    view.write(
        path,
        view.Content(
            (entity for entity in sorted_.entities() if is_whole or entity.key in spoken_of),
            facts,
            (
                (fact, heapq.nsmallest(most, starmap(view.Piece, rows)))
                for fact, rows in sorted_.facts()
                if fact in facts
            ),
            lambda names: (notes.document for notes in read(names)),
            None if is_whole and pieces == sorted_.evidence else (content.facts.total(), sorted_.evidence),
        ),
    )


def _shown(sorted_: _Sorted, content: Content) -> tuple[dict[Fact, int], int]:
    """The facts of the page with how many pieces of evidence it shows of each, and the most that it shows of one."""

    def counted() -> Iterator[tuple[int, Fact]]:
        for fact, rows in sorted_.facts():
            content.facts[fact[1]] += 1
            yield -sum(1 for _ in rows), fact

    facts: dict[Fact, int] = {}
    ends: dict[str, str] = {}
    for count, (subject, relation, target, detail) in heapq.nsmallest(PAGE_FACTS, counted()):
        if len(ends) + sum(end not in ends for end in {subject, target}) <= PAGE_NODES:
            subject, target = (ends.setdefault(end, end) for end in (subject, target))
            facts[subject, relation, target, detail] = -count
    counts = Counter(facts.values())

    def pieces(most: int) -> int:
        return sum(min(count, most) * many for count, many in counts.items())

    most = bisect_right(range(1, max(counts, default=0) + 1), PAGE_EVIDENCE, key=pieces)
    return {fact: min(count, most) for fact, count in facts.items()}, most
