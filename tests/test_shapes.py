"""The shapes: complete, plain SHACL, fast, and what tongbao writes keeps to them."""

from __future__ import annotations

import re
import time
from importlib.resources import files

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH
from samples import extraction, rapper_count

import kg
from kg import graph, shapes, store, validate, vocab
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Span, Statement

SHAPES = (files("kg") / "shapes.ttl").read_text(encoding="utf-8")
QUADS = list(graph.quads(extraction()))
TERMS = (*vocab.RELATIONS, *vocab.PROPERTIES)


def triple(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(named(subject), named(predicate), value)


def named(short: str) -> ox.NamedNode:
    prefix, _, local = short.partition(":")
    return ox.NamedNode((vocab.PREFIXES | vocab.NODE_PREFIXES)[prefix] + local)


def number(text: str, datatype: str = "decimal") -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(vocab.XSD + datatype))


def test_the_derived_part_is_what_the_records_say():
    assert shapes.whole(SHAPES) == SHAPES, "run: python -m kg.shapes"
    rapper_count(SHAPES.encode())


def test_every_class_relation_and_property_has_a_shape():
    held = rdflib.Graph().parse(data=SHAPES, format="turtle")
    targeted = {str(node) for target in (SH.targetClass, SH.targetNode) for node in held.objects(None, target)}
    assert {term.iri for term in (*vocab.CLASSES, *TERMS)} <= targeted


def test_every_message_is_in_both_languages():
    held = rdflib.Graph().parse(data=SHAPES, format="turtle")
    with_messages = set(held.subjects(SH.message, None))
    assert len(with_messages) > 60
    for node in with_messages:
        assert sorted(message.language for message in held.objects(node, SH.message)) == ["en", "zh"]
    asked = {*held.objects(None, SH.property), *held.objects(None, SH.sparql)}
    assert asked <= with_messages


def test_what_tongbao_writes_conforms(tmp_path):
    assert validate.broken(QUADS) == []
    assert validate.broken(kg.build("seeds", tmp_path).store) == []


def test_plans_and_reviews_conform():
    content = extraction()
    target = Entity("metric/计划", Kind.METRIC, "计划", quantity=Quantity(10, "家", measure="检查"))
    old = content.statements[0].evidence[0]
    evidence = Evidence(
        old.document, old.span, old.quote, "review", 1.0, old.sentence, kg.model.Review("甲", "2024-07-01")
    )
    planned = Statement("campaign/清风3号", "has_target", target.key, (evidence,))
    whole = Extraction(content.documents, (*content.entities, target), (*content.statements, planned))
    assert validate.broken(graph.quads(whole)) == []


WRONG = {
    "subject of another class": (triple("region:红塔区", "kg:conducted", named("campaign:清风3号")), "“开展”只能从单位到行动。"),
    "object of another class": (triple("unit:红塔区商务局", "kg:part_of", named("region:红塔区")), "leads from Unit to Unit"),
    "property of another class": (triple("unit:红塔区商务局", "kg:measure", ox.Literal("立案")), "“计量对象”应在数据上"),
    "a number that is text": (triple("metric:立案", "kg:change", ox.Literal("-8")), "“增减（%）”应在数据上，取值为一个十进制数。"),
    "text that is a number": (triple("metric:立案", "kg:period", number("5")), "“period” belongs to Metric and is text."),
    "two names": (triple("unit:红塔区商务局", "skos:prefLabel", ox.Literal("乙", language="zh")), "应有且只有一个中文首选名称。"),
    "two values": (triple("metric:立案", "schema:value", number("7")), "A metric must have one decimal value."),
    "a wrong code": (triple("region:红塔区", "kg:code", ox.Literal("12")), "The code of a region must have six or nine digits."),
    "a post of nobody": (triple("post:x", "rdf:type", named("kg:Post")), "A post must have one person."),
    "attributed by no person": (triple("unit:红塔区商务局", "prov:wasAttributedTo", named("agent:tongbao")), "核对人"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name):
    quad, message = WRONG[name]
    found = validate.broken([*QUADS, quad])
    assert any(message in line for line in found), found


@pytest.mark.parametrize("name", WRONG)
def test_pyshacl_alone_finds_the_same(name):
    quad, _ = WRONG[name]
    data = rdflib.Graph().parse(data=graph.turtle([*QUADS, quad]), format="turtle")
    held = rdflib.Graph().parse(data=SHAPES, format="turtle")
    conforms, report, _ = pyshacl.validate(data, shacl_graph=held)
    assert not conforms
    results = set(report.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == len(validate.broken([*QUADS, quad]))


def test_a_report_names_the_sentence_and_its_document():
    (line,) = validate.broken([*QUADS, triple("metric:立案", "kg:qualifier", ox.Literal("exactly"))])[:1]
    assert line.startswith("metric:立案: 约数取值不对。 / The qualifier is none of the five.")
    assert "“红塔区市场监督管理局在“清风3号”专项行动中立案35起，同比下降8.5%。” 市场/通报.txt" in line


def test_a_report_is_harmless_to_a_terminal():
    evil = "某局\n\x1b[31m\u202e"
    quads = [*QUADS, triple("unit:红塔区商务局", "kg:level", ox.Literal(evil))]
    assert all(not re.search("[\n\x1b\u202e]", line) for line in validate.broken(quads))


def large(facts: int) -> Extraction:
    """Units of one document that each conduct a campaign with a figure, each in a sentence of its own."""
    entities, statements, sentences, at = [], [], [], 0
    for i in range(facts):
        keys = f"unit/第{i}局", f"campaign/第{i}号", f"metric/第{i}号-{i}"
        said = f"第{i}局开展“第{i}号”行动，检查{i}家。"
        evidence = Evidence("a.txt", Span(at, at + 8), said[:8], "rule", 0.9, Span(at, at + len(said)))
        entities += [
            Entity(keys[0], Kind.UNIT, f"第{i}局"),
            Entity(keys[1], Kind.CAMPAIGN, f"第{i}号"),
            Entity(keys[2], Kind.METRIC, f"检查{i}", quantity=Quantity(i, "家", measure="检查")),
        ]
        statements += [
            Statement(keys[0], "conducted", keys[1], (evidence,)),
            Statement(keys[1], "has_metric", keys[2], (evidence,)),
        ]
        sentences.append(said)
        at += len(said)
    document = Document("a.txt", "".join(sentences), "0" * 64)
    return Extraction((document,), tuple(entities), tuple(statements))


def test_it_is_fast():
    quads = list(graph.quads(large(600)))
    assert len(quads) > 20_000
    begun = time.perf_counter()
    assert validate.broken(quads) == []
    assert time.perf_counter() - begun < 15  # some 2 s on a machine that does nothing else


def test_the_store_is_read_as_it_lies(tmp_path):
    store.write(tmp_path, [*QUADS, WRONG["a wrong code"][0]])
    assert len(validate.broken(store.read(tmp_path))) == 2  # of one shape too many codes, and of one digits too few
