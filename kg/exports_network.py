"""A build as a network file: GraphML and GEXF, as Gephi, yEd, Cytoscape and networkx read them.

These formats know no lists: names, quotes, documents and dates are parted by ` | `.
"""

from __future__ import annotations

import re
from typing import IO, Any

import networkx

from kg import tables
from kg.model import Extraction

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_GEXF = re.compile(r' lastmodifieddate="[^"]*"|(?<=mode="static") name=""(?=>)')  # networkx writes them
RENAMED = {"name": "label", "start": "start_date", "end": "end_date"}  # start and end mean something else in GEXF


def network(content: Extraction) -> networkx.MultiDiGraph:
    """Entities and statements with plain values only; the weight of an edge is the number of places that say so."""
    found = networkx.MultiDiGraph()
    for table in tables.classes(content):
        if table.name == "Document":
            continue
        for row in table.rows:
            known = _known(table.columns, row)
            found.add_node(known.pop("iri"), kind=table.name, **known)
    for table in tables.relations(content):
        for row in table.rows:
            known = _known(table.columns, row)
            ends = known.pop("subject"), known.pop("object")
            del known["subject_name"], known["object_name"]
            weight = len(row[table.columns.index("quotes")])
            found.add_edge(*ends, label=table.name, weight=weight, **known)
    return found


def graphml(content: Extraction, output: IO[bytes]) -> None:
    networkx.write_graphml_xml(network(content), output, encoding="utf-8", named_key_ids=True)


def gexf(content: Extraction, output: IO[bytes]) -> None:
    """As the schema of GEXF 1.2 has it, and without the day on which it is written: the same build gives the same bytes."""
    lines = NOT_IN_GEXF.sub("", "\n".join(networkx.generate_gexf(network(content), encoding="utf-8")), count=2)
    output.write(f"<?xml version='1.0' encoding='utf-8'?>\n{lines}\n".encode())


def _known(columns: tuple[str, ...], row: tuple[Any, ...]) -> dict[str, Any]:
    pairs = zip(columns, row, strict=True)
    return {RENAMED.get(column, column): _plain(value) for column, value in pairs if value not in (None, "", ())}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        value = " | ".join(value)
    return NOT_IN_XML.sub("\ufffd", value) if isinstance(value, str) else value
