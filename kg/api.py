"""A build as a Python object: asked, or handed over to rdflib and networkx."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import answer, graph, query, store
from kg.model import Document, Entity, Evidence, Extraction, Statement
from kg.read import flow

if TYPE_CHECKING:
    import networkx
    import rdflib


class Graph:
    """The build in a folder, as it was when it was opened. Raises `store.NoBuild` where there is none."""

    def __init__(self, folder: str | PathLike[str]) -> None:
        self.folder = Path(folder)
        self.store = store.read(self.folder)

    def query(self, name_or_sparql: str, **parameters: str) -> list[dict[str, Any]]:
        """The rows of a question of `queries/`, by its name, or of a SPARQL query.

        `graph.query("metrics-of-campaign", campaign="守护2号")`. Raises `query.QueryError`.
        """
        asked = query.question(name_or_sparql)
        return answer.rows(query.run(self.store, query.bind(self.store, asked, parameters)))

    def documents(self) -> tuple[Document, ...]:
        return self.records().documents

    def entities(self) -> tuple[Entity, ...]:
        """Every entity, also the regions that only stand above others."""
        return self.records().entities

    def statements(self) -> tuple[Statement, ...]:
        return self.records().statements

    def records(self) -> Extraction:
        """Documents, entities and statements, read from the store at each call."""
        return graph.records(store.triples(self.store))

    def to_rdflib(self) -> rdflib.Graph:
        """All triples as an rdflib graph."""
        import rdflib

        return rdflib.Graph().parse(data=graph.turtle(store.triples(self.store)), format="turtle")

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Entities as nodes (their IRIs) and statements as edges (keyed by relation and title).

        Nodes carry `label`, `kind` and `names`; regions `code`; metrics `value`, `unit`, `measure`, `qualifier` and,
        where there is one, `change`. Edges carry `relation`, `title`, `quotes`, `documents`, `dates` and the highest
        `confidence`.
        """
        import networkx

        content = self.records()
        dates = {document.name: document.date for document in content.documents}
        network = networkx.MultiDiGraph()
        for entity in content.entities:
            network.add_node(graph.entity_iri(entity.key).value, **_node(entity))
        for statement in content.statements:
            ends = (graph.entity_iri(key).value for key in (statement.subject, statement.object))
            network.add_edge(*ends, key=(statement.predicate, statement.detail), **_edge(statement, dates))
        return network


def _node(entity: Entity) -> dict[str, Any]:
    node: dict[str, Any] = {"label": entity.name, "kind": str(entity.kind), "names": list(entity.names)}
    if entity.code:
        node["code"] = entity.code
    if quantity := entity.quantity:
        node |= {"value": quantity.value, "unit": quantity.unit, "measure": quantity.measure}
        node["qualifier"] = quantity.qualifier
        if quantity.change is not None:
            node["change"] = quantity.change
    return node


def _edge(statement: Statement, dates: dict[str, str]) -> dict[str, Any]:
    evidence: tuple[Evidence, ...] = statement.evidence
    documents = sorted({e.document for e in evidence})
    return {
        "relation": statement.predicate,
        "title": statement.detail,
        "quotes": [flow(e.quote) for e in evidence],
        "documents": documents,
        "dates": sorted({dates[name] for name in documents} - {""}),
        "confidence": max(e.confidence for e in evidence),
    }
