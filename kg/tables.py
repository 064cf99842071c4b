"""A build as tables: one for each class and relation, and those of documents, entities, statements and evidence.

Every table is there, with all its columns, also where it has no row: who reads them can rely on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg import graph, vocab
from kg.model import Entity, Extraction, Kind, Quantity, Statement
from kg.read import flow

FIGURE: tuple[str, ...] = (
    *("measure", "value", "unit", "qualifier", "change", "as_stated"),
    *("period", "start", "end", "per", "cumulative", "of_which"),
)
OF_KIND: dict[Kind, tuple[str, ...]] = {Kind.REGION: ("code",), Kind.CAMPAIGN: ("start", "end"), Kind.METRIC: FIGURE}
DOCUMENT = ("name", "title", "paper", "date", "page", "section", "author", "format", "sha256")
FACT = ("subject", "predicate", "object", "title")
STATED = ("subject", "subject_name", "object", "object_name", "title", "confidence", "quotes", "documents", "dates")
PLACE = ("document", "start", "end", "quote", "rule", "confidence", "sentence_start", "sentence_end")
REVIEW = ("reviewer", "reviewed", "why")
FIGURES = (
    *("subject", "class", "region", "planned", *FIGURE),
    *("quote", "document", "paper", "date", "page", "characters_from", "characters_to", "confidence"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values: text, numbers, truth values, tuples of text, or None where nothing is known."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def iri(key: str) -> str:
    return graph.entity_iri(key).value


def classes(content: Extraction) -> list[Table]:
    """A table for each class, and one of the documents (without their texts)."""
    found = [Table(str(kind), ("iri", "name", "names", *OF_KIND.get(kind, ())), []) for kind in Kind]
    by_kind = {table.name: table for table in found}
    for entity in content.entities:
        values = _values(entity)
        by_kind[entity.kind].rows.append(tuple(values[column] for column in by_kind[entity.kind].columns))
    return [*found, documents(content)]


def relations(content: Extraction) -> list[Table]:
    """A table for each relation, with the names of both ends and the sentences that say so."""
    found = {relation.name: Table(relation.name, STATED, []) for relation in vocab.RELATIONS}
    names = {entity.key: entity.name for entity in content.entities}
    dates = {document.name: document.date for document in content.documents}
    for s in content.statements:
        ends = iri(s.subject), names[s.subject], iri(s.object), names[s.object]
        quotes, cited = tuple(flow(e.quote) for e in s.evidence), tuple(sorted({e.document for e in s.evidence}))
        known = tuple(sorted({dates[name] for name in cited} - {""}))
        found[s.predicate].rows.append((*ends, s.detail, _confidence(s), quotes, cited, known))
    return list(found.values())


def documents(content: Extraction, *, texts: bool = False) -> Table:
    """The documents, with their texts if wanted."""
    columns = (*DOCUMENT, "text") if texts else DOCUMENT
    rows = [tuple(getattr(document, column) for column in columns) for document in content.documents]
    return Table("Document", ("iri", *columns), _with_iri(rows))


def _with_iri(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(graph.document_iri(row[0]).value, *row) for row in rows]


def entities(content: Extraction) -> Table:
    """All entities in one table."""
    columns = ("iri", "class", "name", "names", "code", *FIGURE)
    return Table("entities", columns, [tuple(map(_values(e).__getitem__, columns)) for e in content.entities])


def statements(content: Extraction) -> Table:
    """All statements: the ends by IRI, the highest confidence, the number of places that say so."""
    rows = [
        (iri(s.subject), s.predicate, iri(s.object), s.detail, _confidence(s), len(s.evidence))
        for s in content.statements
    ]
    return Table("statements", (*FACT, "confidence", "evidence"), rows)


def evidence(content: Extraction) -> Table:
    """Every place that says something: what, where it stands in which document, and who vouches for it."""
    rows = [
        (
            *(iri(s.subject), s.predicate, iri(s.object), s.detail),
            *(e.document, e.span.start, e.span.end, e.quote, e.rule, e.confidence, e.sentence.start, e.sentence.end),
            *((e.review.by, e.review.on, e.review.why) if e.review else (None, None, None)),
        )
        for s in content.statements
        for e in s.evidence
    ]
    return Table("evidence", (*FACT, *PLACE, *REVIEW), rows)


def figures(content: Extraction) -> Table:
    """Every figure with the sentence that gives it: whose it is, where, how much, and from which page."""
    by_key = {entity.key: entity for entity in content.entities}
    pages = {document.name: document for document in content.documents}
    places = region_names(content)
    rows = []
    for s in content.statements:
        if s.predicate not in ("has_metric", "has_target"):
            continue
        whose, values = by_key[s.subject], _values(by_key[s.object])
        head = whose.name, str(whose.kind), "、".join(sorted(places[s.subject])), s.predicate == "has_target"
        for e in s.evidence:
            page = pages[e.document]
            source = flow(e.quote), page.name, page.paper, page.date, page.page, e.span.start, e.span.end, e.confidence
            rows.append((*head, *(values[column] for column in FIGURE), *source))
    return Table("figures", FIGURES, rows)


def region_names(content: Extraction) -> dict[str, set[str]]:
    """The names of the regions of each unit, and of each campaign through the units that conduct it."""
    names = {entity.key: entity.name for entity in content.entities}
    found: dict[str, set[str]] = defaultdict(set)
    for s in content.statements:
        if s.predicate == "located_in":
            found[s.subject].add(names[s.object])
    for s in content.statements:
        if s.predicate == "conducted":
            found[s.object] |= found[s.subject]
    return found


def _confidence(statement: Statement) -> float:
    return max(e.confidence for e in statement.evidence)


def _values(entity: Entity) -> dict[str, Any]:
    """Everything known of an entity, by column."""
    values: dict[str, Any] = dict.fromkeys(FIGURE)
    values |= {"iri": iri(entity.key), "class": str(entity.kind), "name": entity.name, "names": entity.names}
    values |= {"code": entity.code or None, "start": entity.start or None, "end": entity.end or None}
    return values | dict(_figure(entity.quantity)) if entity.quantity else values


def _figure(quantity: Quantity) -> Iterator[tuple[str, Any]]:
    for column in FIGURE:
        value = getattr(quantity, column)
        yield column, None if value == "" else value
