"""The notes of documents to store, Turtle and page, in one pass and in little memory.

What each document says goes into the store at once. What is put together over documents (an entity's names, all that
is said of one subject, the evidence of one fact) is sorted on disk and read back in order (kg.sorting). So the memory
it takes does not grow with the number of documents, and the result does not depend on their order.

The sorted entities and facts stay with the build. A later one, of documents of which some are new and some have gone,
goes through those alone: what they state is added to a copy of the store or taken from it, and the rest is copied as
it stands. The result is the same as that of all documents put together anew.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import graph, sorting, store, turtle, view
from kg.folder import ENTITIES, FACTS, PAGE, TURTLE
from kg.ledger import entity_of, stated
from kg.model import Entity, Evidence, Kind
from kg.notes import Fact, Notes, one
from kg.sorting import Lines, by_head

# A page holds so many nodes, facts and pieces of evidence: of more, the facts that have most evidence, and of each the first pieces.
PAGE_NODES, PAGE_FACTS, PAGE_EVIDENCE = 250_000, 500_000, 1_000_000

REGION = b'"region/'  # how the heads of regions begin

Read = Callable[[Iterable[str] | None], Iterator[Notes]]
"""Gives the notes of the documents of these names; of all, in any order, where it is given None."""


@dataclass(frozen=True)
class Begun:
    """A build in the folder `place` of so many documents, of which those in `gone` are to go, and those in `more` to come.

    A document that says something else than before is in both. `turtle` is the checksum of its Turtle.
    """

    place: Path
    documents: int
    gone: Sequence[str]
    more: Sequence[str]
    turtle: int


@dataclass
class Content:
    """What a build holds: documents, entities by their class, facts by their relation; and the checksum of its Turtle."""

    documents: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    turtle: int = 0


def assemble(read: Read, place: Path, min_confidence: float = 0.0, begun: Begun | None = None) -> Content:
    """Write store, Turtle and page of all documents into the folder `place`; with `begun`, that is where they come from.

    Facts whose evidence is all below `min_confidence` are left out, and the entities that only they speak of. Raises
    ValueError where notes do not hold together.
    """
    content = Content(begun.documents - len(begun.gone) if begun else 0)
    with tempfile.TemporaryDirectory(prefix=".sorting-", dir=place) as folder:
        sorted_ = _Sorted(Path(folder), begun)
        with store.fresh(place, begun.place if begun else None) as loader:
            if begun:
                loader.remove(sorted_.withdraw())
                loader.drop(str(graph.document_iri(name)) for name in begun.gone)
            for notes in read(begun.more if begun else None):
                content.documents += 1
                loader.add(sorted_.take(notes, min_confidence))
            sorted_.settle(place)
            loader.add(sorted_.put_together(content))
            loader.remove(sorted_.outdated())
            # the store may still be merging while this process goes on
            if begun:
                content.turtle = turtle.renew(begun.place / TURTLE, begun.turtle, place / TURTLE, sorted_.changes())
            else:
                content.turtle = turtle.write(place / TURTLE, sorted_.subjects())
            _write_page(place / PAGE, sorted_, read, content)
    return content


# ---------------------------------------------------------------- sorting


class _Sorted:
    """What documents say, by entity, by fact, and by subject (`<iri>`, then predicates and objects).

    Entities and facts are all there are, those of the build that is begun among them; of subjects it is what changes
    there: what is said no longer has a minus before it.
    """

    def __init__(self, folder: Path, begun: Begun | None) -> None:
        self._begun = begun
        self._subjects = Lines(folder, "subjects")
        self._entities = Lines(folder, "entities", partial(_staying, begun, ENTITIES, self._touch))
        self._facts = Lines(folder, "facts", partial(_staying, begun, FACTS))
        self._touched: set[bytes] = set()  # heads of the entities that others speak of than before
        self._regions: list[Entity] = []

    def _touch(self, entity: bytes) -> None:
        if self._begun:
            self._touched.add(entity)

    def take(self, notes: Notes, least: float) -> Iterator[str]:
        """Take what one document says; gives its statements as lines of N-Quads."""
        kept = {
            fact: sure
            for fact, found in notes.evidence.items()
            if (sure := [evidence for evidence in found.values() if evidence.confidence >= least])
        }
        _check(notes)
        document = _packed(notes.document.name)
        spoken_of = {end for subject, _, target, _ in kept for end in (subject, target)}
        for key, (entity, names, dates) in notes.met():
            head = _packed(key)
            row = [least <= 0 or key in spoken_of, stated(entity), sorted(names), dates]
            self._entities.add(b"\t".join((head, document, _packed(row))))
            self._touch(head)
        for fact, found in kept.items():
            head = _packed(fact)
            for evidence in found:
                self._facts.add(b"\t".join((head, document, _packed(_place(evidence)))))
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

    def withdraw(self) -> Iterator[str]:
        """What documents that go state and no other does, as lines of N-Quads of the default graph."""
        if not self._begun or not self._begun.gone:
            return
        before = store.read(self._begun.place)
        graphs = {graph.document_iri(name) for name in self._begun.gone}
        for name in graphs:
            said: Iterator[Any] = before.quads_for_pattern(None, None, None, name)
            yield from self._take_back(quad.triple for quad in said if not _is_stated(before, quad, graphs))

    def put_together(self, content: Content) -> Iterator[str]:
        """Put the entities together, and what stands around them; gives their statements as lines of N-Quads."""
        for head, entity in _entities(self._entities):
            content.entities[entity.kind] += 1
            if entity.kind is Kind.REGION:
                self._regions.append(entity)
            if not self._begun or head in self._touched:
                yield from self._lines(graph.of_entity(entity))
        yield from self._lines(graph.of_all(self._regions))

    def outdated(self) -> Iterator[str]:
        """What the build that is begun says of entities and is so no longer (a first name, a date), as lines of N-Quads."""
        if not self._begun:
            return
        regions = []
        around = {*graph.of_all(self._regions), *(t for region in self._regions for t in graph.of_entity(region))}
        now = _entities(self._entities, self._touched.__contains__)
        met = next(now, None)
        before = sorting.read(self._begun.place / ENTITIES)
        for head, entity in _entities(before, lambda head: head in self._touched or head.startswith(REGION)):
            if entity.kind is Kind.REGION:
                regions.append(entity)
            if head in self._touched:
                while met and met[0] < head:
                    met = next(now, None)
                new = graph.of_entity(met[1]) if met and met[0] == head else ()
                yield from self._take_back({*graph.of_entity(entity)} - {*new} - around)
        gone = {*graph.of_all(regions)} - around
        if any(predicate == graph.LOCATED_IN for _, predicate, _ in gone):  # documents may say so too
            facts = (fact for fact, _ in self.facts() if fact[1] == "located_in")
            gone.difference_update((graph.entity_iri(s), graph.LOCATED_IN, graph.entity_iri(o)) for s, _, o, _ in facts)
        yield from self._take_back(gone)

    def _take_back(self, triples: Iterable[graph.Triple]) -> Iterator[str]:
        for subject, lines in _grouped(triples).items():
            self._subjects.add("\t".join([subject, *(f"-{line}" for line in lines)]).encode())
            for line in lines:
                yield f"{subject} {line} .\n"

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
            yield subject.decode(), {line for rest in rests for line in rest.decode().split("\t")}

    def changes(self) -> Iterator[turtle.Change]:
        """What is said of each subject that is new, and what is said no longer."""
        for subject, lines in self.subjects():
            gone = {line for line in lines if line.startswith("-")}
            yield subject, lines - gone, {line[1:] for line in gone}

    def entities(self) -> Iterator[Entity]:
        """Every entity that a fact speaks of (all, where no confidence is asked for), by its key."""
        return (entity for _, entity in _entities(self._entities))

    def facts(self) -> Iterator[tuple[Fact, Iterator[bytes]]]:
        """Every fact, and its evidence as `_piece` reads it."""
        for head, rests in by_head(self._facts):
            subject, relation, target, detail = _unpacked(head)
            yield (subject, relation, target, detail), rests


def _staying(begun: Begun | None, name: str, dropped: Callable[[bytes], None] = lambda _: None) -> Iterator[bytes]:
    """The lines of a file of the build that is begun, but for those of documents that go; `dropped` is called with their heads."""
    if begun:
        gone = set(map(_packed, begun.gone))
        for line in sorting.read(begun.place / name):
            head, document, _ = line.split(b"\t", 2)
            if document in gone:
                dropped(head)
            else:
                yield line


def _entities(
    lines: Iterable[bytes], wanted: Callable[[bytes], bool] = lambda _: True
) -> Iterator[tuple[bytes, Entity]]:
    """The entities of sorted lines whose heads are wanted, and which a fact speaks of, with those heads."""
    for head, rests in by_head(lines):
        rows = [_unpacked(rest.partition(b"\t")[2]) for rest in rests] if wanted(head) else []
        if any(spoken_of for spoken_of, *_ in rows):
            yield head, one((entity_of(entity), names, tuple(dates)) for _, entity, names, dates in rows)


def _is_stated(opened: ox.Store, quad: ox.Quad, but_for: Set[Any]) -> bool:
    """Whether a document states what a quad does, other than those whose graphs are given."""
    found = opened.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(same.graph_name not in but_for and same.graph_name != store.EVERYTHING for same in found)


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


def _place(held: Evidence) -> list[Any]:
    places = held.span.start, held.span.end, held.sentence.start, held.sentence.end
    return [*places, held.rule, held.confidence]


def _piece(rest: bytes) -> view.Piece:
    document, _, place = rest.partition(b"\t")
    return view.Piece(_unpacked(document), *_unpacked(place))


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
            ((fact, heapq.nsmallest(most, map(_piece, rests))) for fact, rests in sorted_.facts() if fact in facts),
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
