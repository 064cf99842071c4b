"""Descriptions for machines: of a thing, of the data set (VoID), and of the endpoint (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from kg import vocab
from kg.serve.limits import Limits
from kg.serve.media import GRAPHS, RESULTS
from kg.serve.sparql import write_triples, written
from kg.serve.wire import Reply, plain
from kg.store import EVERYTHING

VOID = "http://rdfs.org/ns/void#"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
DCTERMS = vocab.PREFIXES["dcterms"]
TYPE = ox.NamedNode(vocab.RDF + "type")
LABELS = (ox.NamedNode(vocab.SKOS + "prefLabel"), TYPE)
_FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
}


def describe(store: ox.Store, limits: Limits, iri: str, wanted: Sequence[str]) -> Reply:
    """What is stated of a thing and by it, the evidence for that, and the names of all that takes part."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return plain(404, "not an IRI")
    triples = set(_about(store, node))
    if not triples:
        return plain(404, f"nothing is known of <{iri}>")
    name, kind = wanted
    return written(lambda output: write_triples(sorted(triples, key=str), name, output), limits, None, kind)


def _about(store: ox.Store, node: ox.NamedNode) -> Iterator[ox.Triple]:
    subject, target = (ox.NamedNode(vocab.RDF + end) for end in ("subject", "object"))
    around: set[Any] = set()
    quad: Any
    for quad in store.quads_for_pattern(node, None, None, EVERYTHING):
        around.add(quad.object)
        yield quad.triple
    for quad in store.quads_for_pattern(None, None, node, EVERYTHING):
        if quad.predicate in (subject, target):
            yield from (one.triple for one in store.quads_for_pattern(quad.subject, None, None, EVERYTHING))
        else:
            around.add(quad.subject)
            yield quad.triple
    for other in around:
        if isinstance(other, ox.NamedNode):
            for label in LABELS:
                yield from (one.triple for one in store.quads_for_pattern(other, label, None, EVERYTHING))


def void(store: ox.Store, limits: Limits, base: str, wanted: Sequence[str]) -> Reply:
    """The data set: its size by class and property, its endpoint and its dump."""
    triples = list(_void(store, base))
    name, kind = wanted
    return written(lambda output: write_triples(triples, name, output), limits, None, kind)


def _void(store: ox.Store, base: str) -> Iterator[ox.Triple]:
    dataset = ox.NamedNode(f"{base}/void#dataset")

    def about(subject: Any, name: str, value: Any) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(VOID + name), value)

    yield ox.Triple(dataset, TYPE, ox.NamedNode(VOID + "Dataset"))
    yield ox.Triple(dataset, ox.NamedNode(DCTERMS + "title"), ox.Literal("通报知识图谱", language="zh"))
    yield ox.Triple(dataset, ox.NamedNode(DCTERMS + "title"), ox.Literal("The tongbao graph", language="en"))
    yield about(dataset, "sparqlEndpoint", ox.NamedNode(f"{base}/sparql"))
    yield about(dataset, "dataDump", ox.NamedNode(f"{base}/data"))
    yield about(dataset, "uriSpace", ox.Literal(vocab.BASE))
    for namespace in vocab.PREFIXES.values():
        yield about(dataset, "vocabulary", ox.NamedNode(namespace))
    for name in ("turtle", "ntriples", "rdfxml", "jsonld"):
        yield about(dataset, "feature", ox.NamedNode(FORMATS + _FORMAT_NAMES[name]))
    properties = _counts(store, "SELECT ?term (COUNT(*) AS ?count) { ?s ?term ?o } GROUP BY ?term")
    classes = _counts(store, "SELECT ?term (COUNT(DISTINCT ?s) AS ?count) { ?s a ?term } GROUP BY ?term")
    documents = next(
        iter(_counts(store, f"SELECT (1 AS ?term) (COUNT(DISTINCT ?s) AS ?count) {{ ?s a <{vocab.KG}Document> }}"))
    )
    yield about(dataset, "triples", ox.Literal(sum(count for _, count in properties)))
    yield about(dataset, "documents", ox.Literal(documents[1]))
    yield about(dataset, "classes", ox.Literal(len(classes)))
    yield about(dataset, "properties", ox.Literal(len(properties)))
    for sort, terms, counted in (("class", classes, "entities"), ("property", properties, "triples")):
        for term, count in terms:
            part = ox.NamedNode(f"{base}/void#{sort}-{vocab.local_name(vocab.shorten(term.value))}")
            yield about(dataset, f"{sort}Partition", part)
            yield about(part, sort, term)
            yield about(part, counted, ox.Literal(count))


def _counts(store: ox.Store, text: str) -> list[tuple[Any, int]]:
    rows: Any = store.query(text, prefixes={})
    found = [(row["term"], int(row["count"].value)) for row in rows if row["term"] is not None]
    return sorted(found, key=lambda one: str(one[0]))


def service(store: ox.Store, limits: Limits, base: str, wanted: Sequence[str]) -> Reply:
    """The endpoint: what it speaks, and that its default graph is the union of all graphs."""
    node, dataset = ox.NamedNode(f"{base}/sparql"), ox.NamedNode(f"{base}/void#dataset")

    def about(subject: Any, name: str, value: Any) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(SD + name), value)

    triples = [
        ox.Triple(node, TYPE, ox.NamedNode(SD + "Service")),
        about(node, "endpoint", node),
        about(node, "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query")),
        about(node, "feature", ox.NamedNode(SD + "UnionDefaultGraph")),
        about(node, "defaultDataset", dataset),
        ox.Triple(dataset, TYPE, ox.NamedNode(SD + "Dataset")),
    ]
    triples += [
        about(node, "resultFormat", ox.NamedNode(FORMATS + _FORMAT_NAMES[media.name])) for media in (*RESULTS, *GRAPHS)
    ]
    name, kind = wanted
    return written(lambda output: write_triples(triples, name, output), limits, None, kind)


def ontology(store: ox.Store, limits: Limits, wanted: Sequence[str]) -> Reply:
    """The vocabulary itself."""
    name, kind = wanted
    triples = [quad.triple for quad in ox.parse(vocab.ontology(), format=ox.RdfFormat.TURTLE)]
    return written(lambda output: write_triples(triples, name, output), limits, None, kind)


HANDLERS: Mapping[str, Callable[..., Reply]] = {
    "describe": describe,
    "void": void,
    "service": service,
    "ontology": ontology,
}
