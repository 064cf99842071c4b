"""The notes of documents to store, Turtle and page, in one pass and in little memory.

What each document says goes into the store at once. What is put together over documents (an entity's names, all that
is said of one subject, the evidence of one fact) is sorted on disk and read back in order (kg.sorting). So the memory
it takes does not grow with the number of documents, and the result does not depend on their order.

The sorted entities and facts stay with the build. A later one of the same documents and some more goes through those
alone: what they state is added to a copy of the store, and put in its place among what is in order already. The result
is the same as that of all at once.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg import graph, sorting, store, turtle, view
from kg.folder import ENTITIES, FACTS, PAGE, TURTLE
from kg.ledger import entity_of, stated
from kg.model import Entity, Evidence
from kg.notes import Fact, Notes, one
from kg.sorting import Lines, by_head

# A page holds so many nodes, facts and pieces of evidence: of more, the facts that have most evidence, and of each the first pieces.
PAGE_NODES, PAGE_FACTS, PAGE_EVIDENCE = 250_000, 500_000, 1_000_000

Read = Callable[[Iterable[str] | None], Iterator[Notes]]
"""Gives the notes of the documents of these names; of all, in any order, where it is given None."""


@dataclass(frozen=True)
class Begun:
    """A build in the folder `place` that holds all but the documents of the names in `more`; `documents` is how many it holds."""

    place: Path
    documents: int
    more: Iterable[str]


@dataclass
class Content:
    """What a build holds: documents, entities by their class, facts by their relation."""

    documents: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)


def assemble(read: Read, place: Path, min_confidence: float = 0.0, begun: Begun | None = None) -> Content:
    """Write store, Turtle and page of all documents into the folder `place`; with `begun`, only what is to be added to that is made.

    Facts whose evidence is all below `min_confidence` are left out, and the entities that only they speak of. Raises
    ValueError where notes do not hold together.
    """
    content = Content(begun.documents if begun else 0)
    with tempfile.TemporaryDirectory(prefix=".sorting-", dir=place) as folder:
        sorted_ = _Sorted(Path(folder), begun)
        with store.fresh(place, begun.place if begun else None) as loader:
            for notes in read(begun.more if begun else None):
                content.documents += 1
                loader.add(sorted_.take(notes, min_confidence))
            sorted_.settle(place)
            loader.add(sorted_.put_together(content))
            gone = sorted_.gone()
            loader.remove(f"{subject} {line} .\n" for subject, lines in gone.items() for line in lines)
            # the store may still be merging while this process goes on
            if begun:
                turtle.renew(begun.place / TURTLE, place / TURTLE, sorted_.subjects(), gone)
            else:
                turtle.write(place / TURTLE, sorted_.subjects())
            _write_page(place / PAGE, sorted_, read, content)
    return content


# ---------------------------------------------------------------- sorting


class _Sorted:
    """What documents say, by entity, by fact, and by subject (`<iri>`, then predicates and objects).

    The entities and facts are also those of the build that is begun; by subject it is only what is added to that.
    """

    def __init__(self, folder: Path, begun: Begun | None) -> None:
        self._begun = begun.place if begun else None
        self._subjects = Lines(folder, "subjects")
        self._entities = Lines(folder, "entities", self._begun and self._begun / ENTITIES)
        self._facts = Lines(folder, "facts", self._begun and self._begun / FACTS)
        self._met: set[bytes] = set()  # heads of the entities that were met since
        self._regions: list[Entity] = []  # those that are known by a code

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
            head = _packed(key)
            row = [least <= 0 or key in spoken_of, stated(entity), sorted(names), dates]
            self._entities.add(b"%b\t%b" % (head, _packed(row)))
            if self._begun:
                self._met.add(head)
        for fact, found in kept.items():
            head = _packed(fact)
            for evidence in found:
                self._facts.add(b"%b\t%b" % (head, _packed(_as_row(evidence))))
        triples = [*graph.of_document(notes.document)]
        for fact, found in kept.items():
            for evidence in found:
                triples += graph.of_evidence(fact, evidence, notes.document.text)
        graph_name = graph.document_iri(notes.document.name)
        for subject, lines in self._by_subject(triples):
            for line in lines:
                yield f"{subject} {line} {graph_name} .\n{subject} {line} .\n"

    def settle(self, place: Path) -> None:
        """Keep entities and facts in the folder of the build; there will be no more."""
        self._entities.settle(place / ENTITIES)
        self._facts.settle(place / FACTS)

    def put_together(self, content: Content) -> Iterator[str]:
        """Put the entities together, and what stands around them; gives their statements as lines of N-Quads."""
        for head, entity in _entities(self._entities):
            content.entities[entity.kind] += 1
            if entity.code:
                self._regions.append(entity)
            if not self._begun or head in self._met:
                yield from self._lines(graph.of_entity(entity))
        yield from self._lines(graph.of_all(self._regions))

    def gone(self) -> dict[str, set[str]]:
        """What the build that is begun says of entities and is not so any more, by subject: a name that is no longer the first, a date."""
        if not self._begun:
            return {}
        gone: set[graph.Triple] = set()
        regions = []
        entities = _entities(self._entities)
        for head, old in _entities(sorting.read(self._begun / ENTITIES)):
            if old.code:
                regions.append(old)
            if head in self._met:
                new = next(entity for other, entity in entities if other == head)
                gone |= {*graph.of_entity(old)} - {*graph.of_entity(new)}
        gone |= {*graph.of_all(regions)}
        gone -= {*graph.of_all(self._regions)}
        gone -= {triple for region in self._regions for triple in graph.of_entity(region)}
        if any(predicate == graph.LOCATED_IN for _, predicate, _ in gone):  # documents may say so too
            gone -= {
                (graph.entity_iri(s), graph.LOCATED_IN, graph.entity_iri(o))
                for (s, p, o, _), _ in self.facts()
                if p == "located_in"
            }
        found = _grouped(gone)
        for subject in found:
            self._subjects.add(f"{subject}\t".encode())  # it may be that nothing else is said of it now
        return found

    def _lines(self, triples: Iterable[graph.Triple]) -> Iterator[str]:
        for subject, lines in self._by_subject(triples):
            for line in lines:
                yield f"{subject} {line} .\n"

    def _by_subject(self, triples: Iterable[graph.Triple]) -> Iterator[turtle.Subject]:
        for node, lines in _grouped(triples).items():
            self._subjects.add("\t".join([node, *sorted(lines)]).encode())
            yield node, lines

    def subjects(self) -> Iterator[turtle.Subject]:
        """What is said of each subject, in their order."""
        for subject, rests in by_head(self._subjects):
            yield subject.decode(), {line for rest in rests for line in rest.decode().split("\t") if line}

    def entities(self) -> Iterator[Entity]:
        """Every entity that a fact speaks of (all, where no confidence is asked for), by its key."""
        return (entity for _, entity in _entities(self._entities))

    def facts(self) -> Iterator[tuple[Fact, Iterator[bytes]]]:
        """Every fact, and its evidence in the form that `_piece` reads."""
        for head, rests in by_head(self._facts):
            subject, relation, target, detail = _unpacked(head)
            yield (subject, relation, target, detail), rests


def _entities(lines: Iterable[bytes]) -> Iterator[tuple[bytes, Entity]]:
    """The entities of sorted lines that a fact speaks of, with the heads of their lines."""
    for head, rests in by_head(lines):
        rows = [_unpacked(rest) for rest in rests]
        if any(spoken_of for spoken_of, *_ in rows):
            yield head, one((entity_of(entity), names, tuple(dates)) for _, entity, names, dates in rows)


def _grouped(triples: Iterable[graph.Triple]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, target in triples:
        found[str(subject)].add(f"{predicate} {target}")
    return found


def _check(notes: Notes) -> None:
    for subject, predicate, target, _ in notes.evidence:
        if predicate not in graph.RELATIONS:
            raise ValueError(f"unknown relation: {predicate}")
        if missing := {subject, target} - notes.entities.keys():
            raise ValueError(f"a statement about an unknown entity: {min(missing)}")


def _packed(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _unpacked(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))


def _as_row(held: Evidence) -> view.Piece:
    return view.Piece(
        held.document,
        *(held.span.start, held.span.end, held.sentence.start, held.sentence.end),
        *(held.rule, held.confidence),
    )


# ---------------------------------------------------------------- the page


def _write_page(path: Path, sorted_: _Sorted, read: Read, content: Content) -> None:
    """The network page; where there is more than a browser takes, the best attested facts and what they speak of."""
    facts, most, evidence = _shown(sorted_, content)
    is_whole = len(facts) == content.facts.total() and content.entities.total() <= PAGE_NODES
    spoken_of = {end for subject, _, target, _ in facts for end in (subject, target)}
    view.write(
        path,
        view.Content(
            (entity for entity in sorted_.entities() if is_whole or entity.key in spoken_of),
            facts,
            (
                (fact, heapq.nsmallest(most, (view.Piece(*_unpacked(rest)) for rest in rests)))
                for fact, rests in sorted_.facts()
                if fact in facts
            ),
            lambda names: (notes.document for notes in read(names)),
            None if is_whole and sum(facts.values()) == evidence else (content.facts.total(), evidence),
        ),
    )


def _shown(sorted_: _Sorted, content: Content) -> tuple[dict[Fact, int], int, int]:
    """The facts of the page with how many pieces of evidence it shows of each; the most that it shows of one; all pieces there are."""
    evidence = 0

    def counted() -> Iterator[tuple[int, Fact]]:
        nonlocal evidence
        for fact, rests in sorted_.facts():
            content.facts[fact[1]] += 1
            count = sum(1 for _ in rests)
            evidence += count
            yield -count, fact

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
    return {fact: min(count, most) for fact, count in facts.items()}, most, evidence
