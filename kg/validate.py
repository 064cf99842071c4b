"""A build checked against the shapes (SHACL) in `kg/shapes.ttl`. Needs the extra `shacl`."""

from __future__ import annotations

from importlib.resources import files

import pyshacl
import rdflib
from rdflib import RDF, SH

from kg.errors import Problem
from kg.vocab import shorten


def broken(graph: rdflib.Graph) -> list[str]:
    """One line for each thing that breaks a shape: which, how (in Chinese and English), and the value; sorted."""
    shapes = rdflib.Graph().parse(data=(files("kg") / "shapes.ttl").read_bytes(), format="turtle")
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    if conforms:
        return []
    if not isinstance(report, rdflib.Graph):
        raise Problem(f"the shapes could not be checked: {report}")
    return sorted(_line(report, result) for result in report.subjects(RDF.type, SH.ValidationResult))


def _line(report: rdflib.Graph, result: rdflib.term.Node) -> str:
    messages = sorted(report.objects(result, SH.resultMessage), key=lambda m: str(m).isascii())
    value = report.value(result, SH.value)
    shown = "" if value is None else f" ({shorten(str(value)) if isinstance(value, rdflib.URIRef) else value})"
    return f"{shorten(str(report.value(result, SH.focusNode)))}: {' / '.join(map(str, messages))}{shown}"
