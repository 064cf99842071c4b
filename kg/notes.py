"""What one document says, gathered statement by statement, and how the notes of many documents become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kg.model import Document, Entity, Evidence, Extraction, Kind, Span, Statement
from kg.read import Sentence
from kg.vocab import entity_key

Fact = tuple[str, str, str, str]  # subject, predicate, object, detail


@dataclass
class Notes:
    """What one document says, before it is merged with others.

    `stated` lists the facts since it was last emptied, for those who ask why.
    """

    document: Document
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    entities: dict[str, Entity] = field(default_factory=dict)
    evidence: dict[Fact, dict[Span, Evidence]] = field(default_factory=lambda: defaultdict(dict))
    dates: dict[str, tuple[str, str]] = field(default_factory=dict)
    stated: list[tuple[str, str, str, str, float]] = field(default_factory=list)

    def entity(self, entity: Entity, *names: str) -> str:
        """Take note of an entity and of the names it is met by; returns its key."""
        _keep_fuller(self.entities, entity)
        self.names[entity.key].update(filter(None, (*names, entity.name)))
        return entity.key

    def state(
        self,
        fact: tuple[str, str, str],
        sentence: Sentence,
        start: int,
        end: int,
        rule: str,
        confidence: float,
        detail: str = "",
    ) -> None:
        """Take note of a fact that characters `start` to `end` of a sentence state, once for each stretch of the document."""
        self.stated.append((*fact, rule, confidence))
        span = sentence.span(start, end)
        quote = self.document.text[span.start : span.end]
        evidence = Evidence(self.document.name, span, quote, rule, confidence, sentence.whole)
        self.evidence[(*fact, detail)].setdefault(span, evidence)

    def met(self) -> Iterator[tuple[str, Met]]:
        """Each entity by its key, with its names and dates here."""
        for key, entity in self.entities.items():
            yield key, (entity, self.names[key], self.dates.get(key, ("", "")))

    def tell_namesakes_apart(self) -> None:
        """Know each person by the name and by the first body that the page gives a post in: two counties may each have an 李国强."""
        places: dict[str, str] = {}
        facts: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.evidence:
            subject, predicate, object_, _ = fact
            facts[subject].append(fact)
            if predicate == "holds_role_at":
                places.setdefault(subject, self.entities[object_].name)
        for old, body in places.items():
            person = self.entities.pop(old)
            new = entity_key(Kind.PERSON, f"{person.name}-{body}")
            self.entities[new] = replace(person, key=new)
            self.names[new] |= self.names.pop(old)
            for fact in facts[old]:
                self.evidence[(new, *fact[1:])] |= self.evidence.pop(fact)


def _keep_fuller(entities: dict[str, Entity], entity: Entity) -> None:
    known = entities.get(entity.key)
    if known is None or _fullness(entity) > _fullness(known):
        entities[entity.key] = entity


def _fullness(entity: Entity) -> tuple[int, str, int, str]:
    """Of two that are one, which tells more: a total order, so that the one met first is no better."""
    quantity = repr(entity.quantity)
    return len(entity.name), entity.name, len(quantity), quantity


Met = tuple[Entity, Iterable[str], tuple[str, str]]  # an entity in one document: its names there, and its dates


def one(met: Iterable[Met]) -> Entity:
    """The entity that those of several documents are; their order changes nothing."""
    found: dict[str, Entity] = {}
    names: set[str] = set()
    starts: set[str] = set()
    ends: set[str] = set()
    for entity, called, (start, end) in met:
        _keep_fuller(found, entity)
        names.update(called)
        starts |= {start} - {""}
        ends |= {end} - {""}
    (entity,) = found.values()
    others = tuple(sorted(names - {entity.name}))
    if not (others or starts or ends or entity.names):
        return entity
    return replace(entity, names=others, start=min(starts, default=""), end=max(ends, default=""))


def merge(notes: Iterable[Notes]) -> Extraction:
    """Equal entities of all documents become one; no evidence is dropped, and the order of documents changes nothing."""
    documents: dict[str, Document] = {}
    entities: dict[str, list[Met]] = defaultdict(list)
    evidence: dict[Fact, list[Evidence]] = defaultdict(list)
    for note in notes:
        documents[note.document.name] = note.document
        for key, met in note.met():
            entities[key].append(met)
        for fact, held in note.evidence.items():
            evidence[fact] += held.values()
    return Extraction(
        tuple(documents[name] for name in sorted(documents)),
        tuple(one(met) for _, met in sorted(entities.items())),
        tuple(statement(fact, held) for fact, held in sorted(evidence.items())),
    )


def statement(fact: Fact, held: Iterable[Evidence]) -> Statement:
    """A fact with its evidence, in the order of the documents and their texts."""
    subject, predicate, target, detail = fact
    in_order = sorted(held, key=lambda evidence: (evidence.document, evidence.span, evidence.rule))
    return Statement(subject, predicate, target, tuple(in_order), detail)
