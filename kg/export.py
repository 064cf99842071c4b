"""A build in the formats that other tools read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg import exports_jsonld, graph, vocab
from kg.errors import Problem
from kg.store import quads, triples

PREFIXES = vocab.PREFIXES | vocab.NODE_PREFIXES
FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
TABLES = ("graphml", "gexf", "xlsx")  # one file
FOLDERS = ("csv", "neo4j", "parquet")  # a folder of files
# What a text may hold and XML may not.
_NOT_XML = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write(store: ox.Store, form: str, output: IO[bytes]) -> None:
    """Write the whole graph in one of `FORMATS` or `TABLES`, sorted.

    nquads, trig and jsonld keep the graph of each document; the others hold all triples together.
    """
    if form in TABLES:
        _write_table(store, form, output)
    elif form == "jsonld":
        exports_jsonld.write(quads(store), output)
    elif form == "turtle":
        output.write(graph.turtle(triples(store)))
    elif form == "rdfxml":
        output.write(_xml(ox.serialize(_triples(store), format=FORMATS[form], prefixes=PREFIXES) or b""))
    else:
        statements = sorted(quads(store), key=str) if FORMATS[form].supports_datasets else _triples(store)
        ox.serialize(statements, output, format=FORMATS[form], prefixes=PREFIXES)


def write_folder(store: ox.Store, form: str, folder: Path) -> None:
    """Write the graph as the files of one of `FOLDERS` into a folder, which is made; files of the same names are replaced."""
    from kg import exports_tables  # here, like the libraries that it needs: only who exports tables waits

    writers = {
        "csv": exports_tables.csv_files,
        "neo4j": exports_tables.neo4j_files,
        "parquet": exports_tables.parquet_files,
    }
    content = graph.records(triples(store))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        writers[form](content, folder)
    except ImportError as error:
        raise _needs(form, error) from error


def _write_table(store: ox.Store, form: str, output: IO[bytes]) -> None:
    from kg import exports_network, exports_tables

    writers = {"graphml": exports_network.graphml, "gexf": exports_network.gexf, "xlsx": exports_tables.workbook}
    try:
        writers[form](graph.records(triples(store)), output)
    except ImportError as error:
        raise _needs(form, error) from error


def _needs(form: str, error: ImportError) -> Problem:
    return Problem(f"{form} needs {error.name}: pip install 'tongbao[tables]'")


def _triples(store: ox.Store) -> list[ox.Triple]:
    return sorted((quad.triple for quad in triples(store)), key=str)


def _xml(written: bytes) -> bytes:
    """RDF/XML as parsers keep it: carriage returns escaped, control characters that XML cannot hold made U+FFFD."""
    return _NOT_XML.sub("\ufffd".encode(), written).replace(b"\r", b"&#13;")
