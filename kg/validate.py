"""A build checked against the shapes (SHACL) in `kg/shapes.ttl`. Needs the extra `shacl`.

pySHACL checks what shapes ask of single nodes. Conditions over the whole graph (sh:sparql) are asked of Oxigraph, which
answers them some fifty times as fast as rdflib; the file is plain SHACL, and pySHACL alone finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib import RDF, SH

from kg import vocab
from kg.errors import Problem, one_line
from kg.vocab import shorten

RDF_ENDS = tuple(ox.NamedNode(vocab.RDF + name) for name in ("subject", "object"))
SENTENCE, DOCUMENT = (ox.NamedNode(vocab.KG + name) for name in ("sentence", "document"))
STRING = ox.NamedNode(vocab.XSD + "string")
NAME = ox.NamedNode(vocab.SCHEMA + "name")


@dataclass(frozen=True, slots=True)
class Break:
    """What breaks a shape: the node, how (Chinese, then English), the value that is wrong, and a sentence about it."""

    node: str
    messages: tuple[str, ...]
    value: str = ""
    sentence: str = ""

    def __str__(self) -> str:
        value = f" ({self.value})" if self.value else ""
        sentence = f"  {self.sentence}" if self.sentence else ""
        return one_line(f"{self.node}: {' / '.join(self.messages)}{value}{sentence}")


def broken(quads: Iterable[ox.Quad]) -> list[str]:
    """One line for each thing that breaks a shape: which, how (in Chinese and English), the value, and the sentence; sorted."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in {quad.triple for quad in quads})
    shapes = rdflib.Graph().parse(data=(files("kg") / "shapes.ttl").read_bytes(), format="turtle")
    found = [*_over_the_graph(store, shapes), *_at_nodes(store, shapes)]
    return sorted(map(str, found))


def _over_the_graph(store: ox.Store, shapes: rdflib.Graph) -> Iterator[Break]:
    for constraint in shapes.objects(None, SH.sparql):
        messages = _messages(shapes, constraint, SH.message)
        rows: Any = store.query(str(shapes.value(constraint, SH.select)))
        for row in rows:
            yield Break(shorten(row["value"].value), messages, "", _sentence(store, row["value"]))


def _at_nodes(store: ox.Store, shapes: rdflib.Graph) -> Iterator[Break]:
    data = rdflib.Graph()
    triple: Any
    for triple in store:
        subject, predicate, target = map(_term, triple.triple)
        data.store.add((subject, predicate, target), data)
    single = rdflib.Graph()
    for part in shapes:
        if part[1] != SH.sparql:
            single.add(part)
    conforms, report, _ = pyshacl.validate(data, shacl_graph=single, inplace=True)
    if conforms:
        return
    if not isinstance(report, rdflib.Graph):
        raise Problem(f"the shapes could not be checked: {report}")
    for result in report.subjects(RDF.type, SH.ValidationResult):
        node, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        shown = shorten(str(value)) if isinstance(value, rdflib.URIRef) else "" if value is None else str(value)
        sentence = _sentence(store, ox.NamedNode(str(node)))
        yield Break(shorten(str(node)), _messages(report, result, SH.resultMessage), shown, sentence)
    _term.cache_clear()


def _messages(graph: rdflib.Graph, node: Any, predicate: rdflib.URIRef) -> tuple[str, ...]:
    return tuple(sorted(map(str, graph.objects(node, predicate)), key=str.isascii))


@cache
def _term(term: Any) -> rdflib.term.Node:
    """A term of Oxigraph as one of rdflib."""
    if isinstance(term, ox.Literal):
        plain = term.language or term.datatype == STRING
        datatype = None if plain else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    return rdflib.BNode(term.value) if isinstance(term, ox.BlankNode) else rdflib.URIRef(term.value)


def _sentence(store: ox.Store, node: Any) -> str:
    """A sentence that speaks of a node, and its document; empty where there is none."""
    about = [quad.subject for end in RDF_ENDS for quad in store.quads_for_pattern(None, end, node)]
    for evidence in (node, *sorted(about, key=str)):
        sentence, document = _value(store, evidence, SENTENCE), _value(store, evidence, DOCUMENT)
        if sentence is not None:
            name = _value(store, document, NAME) if document is not None else None
            return f"“{sentence.value}”" + (f" {name.value}" if name is not None else "")
    return ""


def _value(store: ox.Store, node: Any, predicate: ox.NamedNode) -> Any:
    quad: Any = next(iter(store.quads_for_pattern(node, predicate, None)), None)
    return quad.object if quad else None
