"""Queries and graphs, answered in a worker: run, written in the format asked for, held to the size of an answer."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

import pyoxigraph as ox

from kg import query, sheets, vocab
from kg.answer import Answer, columns, rows
from kg.errors import Problem, one_line
from kg.serve.limits import MEBIBYTE, Limits
from kg.serve.media import GRAPHS, RESULTS, XLSX, Media
from kg.serve.wire import Reply, plain
from kg.store import EVERYTHING

PREFIXES = vocab.PREFIXES | vocab.NODE_PREFIXES
_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
# What a text may hold and XML may not.
_NOT_XML = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class _TooLarge(Exception):
    """An answer is larger than an answer may be."""


class _Capped(io.BytesIO):
    """Bytes in memory, at most so many. Raises `_TooLarge`, which ends the query that writes them."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > self._most:
            raise _TooLarge
        return super().write(data)


def ask(
    store: ox.Store,
    limits: Limits,
    query_text: str,
    default_graphs: Sequence[str],
    named_graphs: Sequence[str],
    results: Sequence[str] | None,
    graphs: Sequence[str] | None,
    save: bool,
) -> Reply:
    """The answer to a query.

    `results` and `graphs` are the format (its name and its media type) that is wanted for rows and for triples, None
    where the client takes none. What is to be saved as a file holds no formulas for a spreadsheet to run.
    """
    chosen = query.Graphs(tuple(default_graphs), tuple(named_graphs)) if default_graphs or named_graphs else None
    try:
        answer = query.run(store, query_text, chosen)
    except query.QueryError as error:
        return plain(400, str(error))
    wanted, known = (graphs, GRAPHS) if isinstance(answer, ox.QueryTriples) else (results, (*RESULTS, XLSX))
    if wanted is None:
        return plain(406, f"the answer to this query can be had as {', '.join(one.type for one in known)}")
    media = next(one for one in known if one.name == wanted[0])
    return written(lambda output: _write(answer, media, output, save), limits, media if save else None, wanted[1])


def _write(answer: Answer, media: Media, output: IO[bytes], save: bool) -> None:
    if isinstance(answer, ox.QueryTriples):
        write_triples(answer, media.name, output)
    elif media is XLSX or (save and media.name == "csv"):
        found = (row.values() for row in rows(answer))
        (sheets.xlsx if media is XLSX else sheets.csv)(columns(answer), found, output)
    else:
        answer.serialize(output, format=_RESULTS[media.name])


def write_triples(triples: Iterable[ox.Triple], name: str, output: IO[bytes]) -> None:
    """Write triples in the graph format of this name."""
    ox.serialize(triples, output, format=_GRAPHS[name], prefixes=PREFIXES)


def written(write: Callable[[IO[bytes]], None], limits: Limits, save: Media | None, kind: str) -> Reply:
    """What `write` writes, as a reply of this media type, to be saved as a file where `save` is given."""
    output = _Capped(limits.answer * MEBIBYTE)
    try:
        write(output)
    except _TooLarge:
        return plain(500, f"the answer is larger than {limits.answer} MiB: ask for less of it (LIMIT)")
    except (OSError, RuntimeError, ValueError, Problem) as error:
        return plain(500, one_line(str(error).partition("\n")[0]))
    body = output.getvalue()
    if kind.endswith("xml"):
        body = _NOT_XML.sub("\ufffd".encode(), body).replace(b"\r", b"&#13;")
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    filename = f"answer{save.suffix}" if save else ""
    return Reply(200, kind, body, filename)


def graph(store: ox.Store, limits: Limits, iri: str, wanted: Sequence[str]) -> Reply:
    """One graph of the store, or with no IRI everything (https://www.w3.org/TR/sparql11-http-rdf-update/)."""
    name, kind = wanted
    node: ox.NamedNode | ox.DefaultGraph = EVERYTHING
    if iri:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return plain(400, f"not an IRI: {iri}")
        if not store.contains_named_graph(node):
            return plain(404, f"there is no graph <{iri}> here")
    triples = sorted((quad.triple for quad in store.quads_for_pattern(None, None, None, node)), key=str)
    return written(lambda output: write_triples(triples, name, output), limits, None, kind)


HANDLERS: Mapping[str, Callable[..., Reply]] = {"ask": ask, "graph": graph}
