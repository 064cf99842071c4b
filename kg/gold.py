"""Annotations: what a careful reader says that a document says. `docs/annotation.md` describes the format.

Nothing here depends on how pages are read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.model import Kind

# Annotations name one relation otherwise than the vocabulary does.
VOCABULARY = {"holds_role": "holds_role_at"}
RELATIONS = frozenset(
    "conducted located_in part_of has_metric holds_role_at received cooperated_with issued operates".split()
)


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """A thing that the graph should hold: `names` are the full name and every other name that is fair for it.

    What is not `required` is right where the graph has it, and not missed where it has not.
    """

    id: str
    kind: Kind
    names: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """A figure that the graph should hold: fair wordings of what it counts, absolute value, fair units, change in %."""

    measures: tuple[str, ...]
    value: float
    units: tuple[str, ...]
    change: float | None = None


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A fact that the graph should hold, found where any of the subjects is joined to any of the objects (or `figure`).

    `evidence` is copied from the text.
    """

    subjects: tuple[str, ...]
    relation: str
    objects: tuple[str, ...]
    figure: GoldFigure | None
    required: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Gold:
    """The annotation of one document; `sha256` is that of the file, empty where the annotation does not say."""

    document: str
    sha256: str
    entities: tuple[GoldEntity, ...]
    facts: tuple[GoldFact, ...]


def load(path: Path) -> Gold:
    """Read one annotation. Raises OSError, or ValueError with the entry that is wrong and why."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("document"), str):
        raise ValueError("not an annotation: no document is named")
    entities = tuple(_entity(number, entry) for number, entry in enumerate(_entries(data, "entities"), 1))
    known = {entity.id for entity in entities}
    if len(known) != len(entities):
        raise ValueError("two entities share an id")
    facts = tuple(_fact(number, entry, known) for number, entry in enumerate(_entries(data, "facts"), 1))
    return Gold(data["document"], str(data.get("sha256", "")), entities, facts)


def _entries(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = data.get(name)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"{name} is not a list of objects")
    return entries


def _entity(number: int, entry: dict[str, Any]) -> GoldEntity:
    where = f"entity {number}"
    if not isinstance(entry.get("id"), str):
        raise ValueError(f"{where}: no id")
    kind = str(entry.get("type"))
    if kind not in set(Kind) - {Kind.METRIC}:
        raise ValueError(f"{where}: unknown type {kind}")
    return GoldEntity(entry["id"], Kind(kind), _texts(entry, "names", where), _required(entry, where))


def _fact(number: int, entry: dict[str, Any], known: set[str]) -> GoldFact:
    where = f"fact {number}"
    relation = str(entry.get("p"))
    relation = VOCABULARY.get(relation, relation)
    if relation not in RELATIONS:
        raise ValueError(f"{where}: unknown relation {relation}")
    subjects = _texts(entry, "s", where)
    figure = _figure(entry.get("o"), where) if relation == "has_metric" else None
    objects = () if figure else _texts(entry, "o", where)
    if unknown := {*subjects, *objects} - known:
        raise ValueError(f"{where}: no entity has the id {min(unknown)!r}")
    evidence = entry.get("evidence", "")
    if not isinstance(evidence, str):
        raise ValueError(f"{where}: evidence is not a text")
    return GoldFact(subjects, relation, objects, figure, _required(entry, where), evidence)


def _figure(entry: Any, where: str) -> GoldFigure:
    if not isinstance(entry, dict):
        raise ValueError(f"{where}: o is not an object with measure, value and unit")
    value, change = entry.get("value"), entry.get("change")
    if not isinstance(value, int | float):
        raise ValueError(f"{where}: value {value!r} is not a number")
    if not isinstance(change, int | float | None):
        raise ValueError(f"{where}: change {change!r} is not a number")
    return GoldFigure(_texts(entry, "measure", where), value, _texts(entry, "unit", where), change)


def _texts(entry: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    texts = entry.get(name)
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{where}: {name} is not a list of at least one text")
    return tuple(texts)


def _required(entry: dict[str, Any], where: str) -> bool:
    status = entry.get("status")
    if status not in ("required", "optional"):
        raise ValueError(f"{where}: status {status!r} is neither required nor optional")
    return bool(status == "required")
