"""The nouns of the project, all frozen: no input or output, no RDF.

A `Mention` is a stretch of text that names something. A `Fact` is what one sentence says of mentions. An `Entity` and a
`Statement` are what the corpus supports, with all the evidence. Neither level overwrites the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The classes of entity; each value is the local name of the class in the ontology."""

    UNIT = "Unit"
    CAMPAIGN = "Campaign"
    REGION = "Region"
    METRIC = "Metric"
    PERSON = "Person"
    AWARD = "Award"
    POLICY = "Policy"
    FACILITY = "Facility"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` (exclusive) of a document's text as decoded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One input file: its text as decoded, and what the page head says of it.

    `name` identifies it among the inputs. `date` is ISO 8601 (2025-06-05), `page` the page number as printed;
    `author` as the file names one, `format` is its media type (text/html). All are empty where nothing says.
    """

    name: str
    text: str = field(repr=False)
    sha256: str
    paper: str = ""
    date: str = ""
    page: str = ""
    section: str = ""
    title: str = ""
    author: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A counted value as a page states it: 6.45万人次 is 64500 人次.

    `value` is absolute; `unit` the counting word, 元 or % (empty where the text has none); `qualifier` one of exact,
    more_than, at_least, almost, about; `change` the signed rise or fall in percent that belongs to it.
    `period` is the time it covers as the text has it, `start` and `end` its dates (ISO 8601, as precise as known);
    `per` the unit of time or head that it is a rate of (日, 人); `cumulative` 累计, `of_which` 其中.
    """

    value: float
    unit: str
    qualifier: str = "exact"
    as_stated: str = ""
    measure: str = ""
    change: float | None = None
    period: str = ""
    start: str = ""
    end: str = ""
    per: str = ""
    cumulative: bool = False
    of_which: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """Who decided that a statement is so, and why; `on` is the day (ISO 8601), empty where nobody noted it."""

    by: str
    on: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a statement comes from: `quote` is the document's text at `span`, always.

    `sentence` is the span of the whole sentence, `rule` the name of the rule that stated it, `confidence` 0 to 1.
    `review` is there where a person stated it.
    """

    document: str
    span: Span
    quote: str
    rule: str
    confidence: float
    sentence: Span
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A node of the graph. `key` is its identity: `Kind` and a readable form of the full name.

    `name` is the preferred name, `names` every other form met in text (sorted). `code` is the GB/T 2260 code of a
    region, `quantity` the value of a metric, `start` and `end` the dates of a campaign (ISO 8601, as precise as known).
    """

    key: str
    kind: Kind
    name: str
    names: tuple[str, ...] = ()
    code: str = ""
    quantity: Quantity | None = None
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the corpus supports: subject and object are entity keys, `evidence` is never empty.

    `detail` qualifies it (the title of a post).
    """

    subject: str
    predicate: str
    object: str
    evidence: tuple[Evidence, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a set of documents supports: the whole content of a graph."""

    documents: tuple[Document, ...] = ()
    entities: tuple[Entity, ...] = ()
    statements: tuple[Statement, ...] = ()
