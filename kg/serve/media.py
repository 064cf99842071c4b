"""The formats that the service writes, and which of them an `Accept` header asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Media:
    """A format: its name (as `format=` in a link has it), its media type, other types that mean it, a file suffix."""

    name: str
    type: str
    suffix: str
    aliases: tuple[str, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        return self.type, *self.aliases


HTML = Media("html", "text/html", ".html", ("application/xhtml+xml",))
# For each use, the one that the service likes best first.
RESULTS = (
    Media("json", "application/sparql-results+json", ".srj", ("application/json",)),
    Media("xml", "application/sparql-results+xml", ".srx", ("application/xml", "text/xml")),
    Media("csv", "text/csv", ".csv"),
    Media("tsv", "text/tab-separated-values", ".tsv"),
)
GRAPHS = (
    Media("turtle", "text/turtle", ".ttl", ("application/x-turtle", "text/n3", "text/rdf+n3")),
    Media("ntriples", "application/n-triples", ".nt", ("text/plain",)),
    Media("rdfxml", "application/rdf+xml", ".rdf", ("application/xml", "text/xml")),
    Media("jsonld", "application/ld+json", ".jsonld", ("application/json",)),
)
XLSX = Media("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")


def named(name: str, offered: Iterable[Media]) -> Media | None:
    """The offered format of this name."""
    return next((media for media in offered if media.name == name), None)


def accepted(header: str, offered: Sequence[Media]) -> tuple[Media, str] | None:
    """The offered format that an `Accept` header likes best and the media type it is to be sent as; None where none fits.

    Of formats that are liked as much, the first offered. No header accepts everything.

    >>> accepted("application/rdf+xml;q=0.5, text/*", GRAPHS)[1]
    'text/turtle'
    >>> accepted("image/png", GRAPHS) is None
    True
    """
    ranges = list(_ranges(header)) or [("*/*", 1.0)]
    # An own type goes before an alias of equal weight: `application/json` alone is JSON results, and JSON-LD too.
    rated = [
        (_weight(kind, ranges), kind == media.type, -rank, media, kind)
        for rank, media in enumerate(offered)
        for kind in media.types
    ]
    weight, _, _, media, kind = max(rated, key=lambda one: one[:3])
    return (media, kind) if weight > 0 else None


def _ranges(header: str) -> Iterable[tuple[str, float]]:
    """The media ranges of a header with their weights; a weight that is no number is 0."""
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            weights = [p.partition("=")[2] for p in parameters if p.partition("=")[0].strip() == "q"]
            yield name, _number(weights[0]) if weights else 1.0


def _number(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0


def _weight(kind: str, ranges: Iterable[tuple[str, float]]) -> float:
    """The weight of a media type: that of the narrowest range that it is in."""
    fitting = {kind: 2, f"{kind.partition('/')[0]}/*": 1, "*/*": 0}
    return max(((fitting[name], weight) for name, weight in ranges if name in fitting), default=(0, 0.0))[1]
