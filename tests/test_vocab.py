"""The ontology: derived from the records, complete, and plain Turtle."""

from __future__ import annotations

import re
from importlib.resources import files

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS
from samples import rapper_count

from kg import vocab
from kg.model import Kind

ONTOLOGY = vocab.ontology()
TERMS = (*vocab.CLASSES, *vocab.RELATIONS, *vocab.PROPERTIES)


def test_file_is_what_the_records_say():
    assert (files("kg") / "ontology.ttl").read_text(encoding="utf-8") == ONTOLOGY, "run: python -m kg.vocab"


def test_three_parsers_agree():
    count = len(rdflib.Graph().parse(data=ONTOLOGY, format="turtle"))
    assert count == len(list(ox.parse(ONTOLOGY, format=ox.RdfFormat.TURTLE))) == rapper_count(ONTOLOGY.encode())


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_every_term_has_label_and_comment_in_both_languages(term):
    graph = rdflib.Graph().parse(data=ONTOLOGY, format="turtle")
    node = rdflib.URIRef(term.iri)
    for predicate in (RDFS.label, RDFS.comment):
        assert sorted(text.language for text in graph.objects(node, predicate)) == ["en", "zh"]
    chinese = next(text for text in graph.objects(node, RDFS.comment) if text.language == "zh")
    assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_every_kind_is_a_class_and_every_name_is_used_once():
    assert set(Kind) <= {term.name for term in vocab.CLASSES}
    assert len({term.name for term in TERMS}) == len(TERMS)


def test_shapes_ask_evidence_of_every_relation():
    shapes = (files("kg") / "shapes.ttl").read_text(encoding="utf-8")
    listed = re.search(r"FILTER\(\?p IN \(([^)]*)\)\)", shapes)[1]
    assert sorted(re.findall(r"kg:(\w+)", listed)) == sorted(relation.name for relation in vocab.RELATIONS)


def test_classes_that_properties_name_exist():
    graph = rdflib.Graph().parse(data=ONTOLOGY, format="turtle")
    schema = rdflib.Namespace(vocab.SCHEMA)
    for predicate in (RDFS.domain, RDFS.range, schema.domainIncludes, schema.rangeIncludes):
        for end in graph.objects(None, predicate):
            assert str(end).startswith(vocab.XSD) or (end, RDF.type, OWL.Class) in graph


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("包头市公安局", "包头市公安局"),
        ("“守护2号”/专项 行动", "守护2号-专项-行动"),
        ("-a_b-", "a-b"),
        ("e\u0301", "é"),
    ],
)
def test_local_name(name, local):
    assert vocab.local_name(name) == local


@given(st.text())
def test_local_name_is_a_valid_iri_and_stable(name):
    local = vocab.local_name(name)
    assert vocab.local_name(local) == local
    assert ox.NamedNode(vocab.BASE + "unit/" + local)


def test_shorten():
    assert vocab.shorten(vocab.KG + "Unit") == "kg:Unit"
    assert vocab.shorten(vocab.BASE + "unit/某局") == "unit:某局"
    assert vocab.shorten("https://example.org/") == "<https://example.org/>"
