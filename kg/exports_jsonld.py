"""JSON-LD with a context that makes it plain JSON: short keys, entities as `unit:…`, text as text, numbers of characters as numbers.

The context is made from what the graph holds: a key stands for one property, and where all its values are of one kind the
context says so once. Decimal numbers are text, since JSON-LD would turn them into floating point. Each document's graph
is an object with the document's `id` and its own `@graph`; what is assembled over documents stands beside them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import IO, Any

import pyoxigraph as ox

from kg import vocab

TYPE = vocab.PREFIXES["rdf"] + "type"
INTEGER, BOOLEAN, STRING = (vocab.XSD + name for name in ("integer", "boolean", "string"))
PREFIXES = vocab.PREFIXES | vocab.NODE_PREFIXES
EXACT = re.compile(r"0|-?[1-9][0-9]{0,14}")  # what every reader of JSON takes for the same number
KEY = re.compile(r"\w[\w-]*")
Values = dict[str, dict[str, list[Any]]]


def write(quads: Iterable[ox.Quad], output: IO[bytes]) -> None:
    """Write the quads, sorted, as one JSON object; reading it as JSON-LD gives the same quads."""
    ordered = sorted(quads, key=str)
    context = _Context(ordered)
    graphs: dict[str, Values] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    quad: Any
    for quad in ordered:
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        graphs[graph][quad.subject.value][quad.predicate.value].append(quad.object)
    nodes = [context.node(subject, values) for subject, values in graphs.pop("", {}).items()]
    nodes += [
        {"id": context.short(name), "@graph": [context.node(*item) for item in graph.items()]}
        for name, graph in graphs.items()
    ]
    whole = {"@context": context.terms, "@graph": nodes}
    output.write(json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")


class _Context:
    """The keys of the properties, and of what kind their values are."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        kinds: dict[str, set[tuple[str, str]]] = defaultdict(set)
        quad: Any
        for quad in quads:
            if not _is_class(quad.predicate.value, quad.object):
                kinds[quad.predicate.value].add(_kind(quad.object))
        self._kinds = {iri: next(iter(found)) if len(found) == 1 else None for iri, found in kinds.items()}
        self._keys = self._short_keys(sorted(kinds))
        self.terms: dict[str, Any] = {"@version": 1.1, "@vocab": vocab.KG, "id": "@id", "type": "@type"}
        self.terms |= dict(sorted(PREFIXES.items()))
        for iri, key in sorted(self._keys.items(), key=lambda item: item[1]):
            kind = self._kinds[iri]
            self.terms[key] = {"@id": iri} | ({kind[0]: self.short(kind[1])} if kind and kind[1] != STRING else {})

    @staticmethod
    def _short_keys(iris: list[str]) -> dict[str, str]:
        """The local name of each property; with its prefix where two share one, or it means something else here."""
        local = {iri: iri.rstrip("/#").rpartition("#" if "#" in iri else "/")[2] for iri in iris}
        taken = {"id", "type", *PREFIXES}
        shared = {name for name in local.values() if name in taken or sum(x == name for x in local.values()) > 1}
        odd = {name for name in local.values() if not KEY.fullmatch(name)}  # would be read as an IRI
        return {iri: vocab.shorten(iri).strip("<>") if name in shared | odd else name for iri, name in local.items()}

    @staticmethod
    def short(iri: str) -> str:
        """An IRI as JSON-LD shortens it."""
        return vocab.shorten(iri).strip("<>")

    def node(self, subject: str, values: dict[str, list[Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {"id": self.short(subject)}
        for iri, objects in values.items():
            classes: list[Any] = [self.short(o.value).removeprefix("kg:") for o in objects if _is_class(iri, o)]
            others = [self._value(o, self._kinds[iri]) for o in objects if not _is_class(iri, o)]
            for key, said in (("type", classes), (self._keys.get(iri, ""), others)):
                if said:
                    found[key] = said[0] if len(said) == 1 else said
        return found

    def _value(self, term: Any, kind: tuple[str, str] | None) -> Any:
        if kind is None:
            return {"id": self.short(term.value)} if isinstance(term, ox.NamedNode) else _expanded(term)
        if isinstance(term, ox.NamedNode):
            return self.short(term.value)
        if kind[1] == INTEGER and EXACT.fullmatch(term.value):
            return int(term.value)
        if kind[1] == BOOLEAN and term.value in ("true", "false"):
            return term.value == "true"
        return term.value


def _is_class(predicate: str, term: Any) -> bool:
    """Whether it stands under `type`: what no class can be, a literal, stands under the property like other values."""
    return predicate == TYPE and isinstance(term, ox.NamedNode)


def _kind(term: Any) -> tuple[str, str]:
    """How the context says what kind of value this is."""
    if isinstance(term, ox.Literal):
        return ("@language", term.language) if term.language else ("@type", term.datatype.value)
    return "@type", "@id"


def _expanded(literal: ox.Literal) -> dict[str, str]:
    kind, name = _kind(literal)
    return {"@value": literal.value} | ({} if name == STRING else {kind: vocab.shorten(name).strip("<>")})
