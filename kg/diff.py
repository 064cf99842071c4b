"""Two builds compared, in words: which documents, entities and facts were added, withdrawn or changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from kg import graph, store, vocab
from kg.model import Document, Entity, Extraction, Statement

Key = TypeVar("Key", bound=Hashable)
Record = TypeVar("Record")

HEAD = {"paper": "paper", "date": "date", "page": "page", "section": "section", "title": "title"}


def compare(before: Path, after: Path) -> Iterator[str]:
    """One line for each difference between the builds in two folders, then a count. Raises store.NoBuild."""
    old, new = (graph.records(store.triples(store.read(folder))) for folder in (before, after))
    yield from differences(old, new)


def differences(old: Extraction, new: Extraction) -> Iterator[str]:
    """One line for each difference, sorted: documents, entities, facts; then a line that counts them."""
    names = {entity.key: entity.name for entity in (*old.entities, *new.entities)}
    counts: list[str] = []

    def part(
        what: str, many: str, a: Mapping[Key, Record], b: Mapping[Key, Record], tell: _Tell[Record]
    ) -> Iterator[str]:
        found = list(_changes(a, b, tell))
        for how, line in found:
            yield f"{what} {how}: {line}"
        numbers = [f"{n} {how}" for how in ("added", "withdrawn", "changed") if (n := sum(h == how for h, _ in found))]
        counts.append(f"{many}: {', '.join(numbers) or 'the same'}")

    def tell_fact(a: Statement | None, b: Statement | None) -> str:
        return _fact(a, b, names)

    yield from part("document", "documents", _by_name(old), _by_name(new), _document)
    yield from part("entity", "entities", _by_key(old), _by_key(new), _entity)
    yield from part("fact", "facts", _by_fact(old), _by_fact(new), tell_fact)
    yield "; ".join(counts)


_Tell = Callable[[Record | None, Record | None], str]


def _by_name(content: Extraction) -> dict[str, Document]:
    return {document.name: document for document in content.documents}


def _by_key(content: Extraction) -> dict[str, Entity]:
    return {entity.key: entity for entity in content.entities}


def _by_fact(content: Extraction) -> dict[tuple[str, str, str, str], Statement]:
    return {(s.subject, s.predicate, s.object, s.detail): s for s in content.statements}


def _changes(old: Mapping[Key, Record], new: Mapping[Key, Record], tell: _Tell[Record]) -> Iterator[tuple[str, str]]:
    for key in sorted({*old, *new}, key=str):
        a, b = old.get(key), new.get(key)
        if a != b:
            yield "added" if a is None else "withdrawn" if b is None else "changed", tell(a, b)


def _document(a: Document | None, b: Document | None) -> str:
    if a is None or b is None:
        document = a or b
        assert document is not None
        return document.name + (f" ({document.title})" if document.title else "")
    told = ["its text"] if a.text != b.text else []
    told += [
        f"{word} {_was(x, y)}" for name, word in HEAD.items() if (x := getattr(a, name)) != (y := getattr(b, name))
    ]
    return f"{a.name}: {', '.join(told) or 'its bytes'}"


def _entity(a: Entity | None, b: Entity | None) -> str:
    entity = b or a
    assert entity is not None
    told = f"{entity.name} ({_label(entity.kind)})"
    if a is None or b is None:
        return told
    changes = [f"name {_was(a.name, b.name)}"] if a.name != b.name else []
    changes += [f"also called {name}" for name in _less(b.names, a.names)]
    changes += [f"no longer called {name}" for name in _less(a.names, b.names)]
    if (a.start, a.end) != (b.start, b.end):
        changes.append(f"time {_was('/'.join((a.start, a.end)), '/'.join((b.start, b.end)))}")
    return f"{told}: {', '.join(changes) or 'its details'}"


def _fact(a: Statement | None, b: Statement | None, names: Mapping[str, str]) -> str:
    fact = b or a
    assert fact is not None
    title = f" ({fact.detail})" if fact.detail else ""
    told = f"{names[fact.subject]} {_label(fact.predicate)} {names[fact.object]}{title}"
    if a is None or b is None:
        return f"{told}, in {', '.join(_documents(fact))}"
    changes = [f"also in {name}" for name in _less(_documents(b), _documents(a))]
    changes += [f"no longer in {name}" for name in _less(_documents(a), _documents(b))]
    return f"{told}: {', '.join(changes) or 'its evidence'}"


def _documents(statement: Statement) -> list[str]:
    return sorted({evidence.document for evidence in statement.evidence})


def _less(names: Iterable[str], others: Iterable[str]) -> list[str]:
    return sorted(set(names) - set(others))


def _was(old: str, new: str) -> str:
    return f"{old or 'none'} → {new or 'none'}"


def _label(name: str) -> str:
    return _LABELS.get(name, name)


_LABELS = {term.name: f"{term.zh} {term.en}" for term in (*vocab.CLASSES, *vocab.RELATIONS)}
