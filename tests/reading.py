"""How the tests of the reading path look at what a text says: sentences, mentions, entities and facts by readable names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from kg.extract import extract, read_page
from kg.mentions.quantities import Figure
from kg.model import Entity, Extraction, Kind, Statement
from kg.read import Page, read
from kg.telling import Trace
from kg.told import Told


def known_wrong(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Examples that are not read right yet: the last field of each row is what is wrong. Once mended, one fails, to be moved."""
    return [pytest.param(*row[:-1], marks=pytest.mark.xfail(reason=row[-1], strict=True)) for row in rows]


def page(text: str, name: str = "t.txt") -> Page:
    return read(text.encode(), name)


def reads(text: str) -> list[Told]:
    """Each sentence of a text with its mentions and what they mean, in reading order."""
    articles: list[list[Trace]] = []
    read_page(page(text), articles)
    return [step.told for steps in articles for step in steps]


def bodies(text: str) -> list[tuple[str, str]]:
    """Each body of a text that can be made out: as it stands, and its full name."""
    return [
        (unit.text, body.name)
        for told in reads(text)
        for unit, body in zip((*told.seen.units, *told.seen.extra), told.bodies, strict=True)
        if body
    ]


def campaigns(text: str) -> list[str]:
    """The campaigns that a text names, as they stand, in reading order; what only points back is left out."""
    return [campaign.text for told in reads(text) for campaign, _ in told.by_name]


def figures(text: str) -> list[Figure]:
    """The figures of a text, in reading order."""
    return [figure for told in reads(text) for figure in told.seen.figures]


class Said:
    """What one or more texts say, asked by any of the names that an entity bears."""

    def __init__(self, *texts: str) -> None:
        self.content: Extraction = extract([page(text, f"{i}.txt") for i, text in enumerate(texts)])
        self.entities = {entity.key: entity for entity in self.content.entities}

    def named(self, name: str, kind: Kind | None = None) -> list[Entity]:
        return [e for e in self.content.entities if name in (e.name, *e.names) and kind in (None, e.kind)]

    def names(self, kind: Kind) -> list[str]:
        """The preferred names of all entities of a kind, sorted."""
        return sorted(e.name for e in self.content.entities if e.kind is kind)

    def facts(self, relation: str) -> list[tuple[str, str]]:
        """Subject and object of each fact of a relation, by preferred name, sorted."""
        return sorted((self.entities[s.subject].name, self.entities[s.object].name) for s in self.stated(relation))

    def stated(self, relation: str) -> list[Statement]:
        return [s for s in self.content.statements if s.predicate == relation]

    def says(self, subject: str, relation: str, object_: str) -> bool:
        subjects, objects = ({e.key for e in self.named(name)} for name in (subject, object_))
        return any(s.subject in subjects and s.object in objects for s in self.stated(relation))

    def figures(self, subject: str) -> dict[str, float]:
        """What is counted of a body or a campaign, with the value."""
        keys = {e.key for e in self.named(subject)}
        found = (self.entities[s.object].quantity for s in self.stated("has_metric") if s.subject in keys)
        return {q.measure: q.value for q in found if q}
