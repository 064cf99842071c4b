"""A build in the formats that other tools read."""

from __future__ import annotations

import re
from typing import IO

import pyoxigraph as ox

from kg import graph, vocab

PREFIXES = vocab.PREFIXES | vocab.NODE_PREFIXES
FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
# What a text may hold and XML may not.
_NOT_XML = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write(store: ox.Store, form: str, output: IO[bytes]) -> None:
    """Write the whole graph in one of `FORMATS`, sorted.

    nquads, trig and jsonld keep the graph of each document; the others hold all triples together.
    """
    if form == "turtle":
        output.write(graph.turtle(store))
    elif form == "rdfxml":
        output.write(_xml(ox.serialize(_triples(store), format=FORMATS[form], prefixes=PREFIXES) or b""))
    else:
        statements = sorted(store, key=str) if FORMATS[form].supports_datasets else _triples(store)
        ox.serialize(statements, output, format=FORMATS[form], prefixes=PREFIXES)


def _triples(store: ox.Store) -> list[ox.Triple]:
    return sorted({quad.triple for quad in store}, key=str)


def _xml(written: bytes) -> bytes:
    """RDF/XML as parsers keep it: carriage returns escaped, control characters that XML cannot hold made U+FFFD."""
    return _NOT_XML.sub("\ufffd".encode(), written).replace(b"\r", b"&#13;")
