"""Records to RDF and back, and the store on disk."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from itertools import chain

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import CAMPAIGN, CASES, DISTRICT, TEXTS, extraction, rapper_count

from kg import graph, store, vocab
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Span, Statement

SAMPLE = extraction()
BULLETIN, REPORT = TEXTS

HOSTILE = {
    "quotes": '“某”\'局\'"""\\',
    "angles": "<某局> .\n<https://example.org/> a <b>",
    "lines": "某\r\n局\t\u2028\u0085",
    "bidi": "某\u202e局\u2066",
    "slash": "某/局/../#?%zz%2F",
    "emoji": "某局🚓👮\u200d♀️",
    "controls": "某\x01\x1f\x7f局",
    "noncharacters": "某\ufffe\uffff局",
    "turtle": '@prefix x: <x:> . "@zh } GRAPH ?g {',
    "marks": "。。。",
}


def triples(content: Extraction) -> set[ox.Triple]:
    return {quad.triple for quad in graph.quads(content)}


def ask(content: Extraction, pattern: str) -> bool:
    held = ox.Store()
    held.extend(graph.quads(content))
    prefixes = vocab.PREFIXES | vocab.NODE_PREFIXES
    return bool(held.query(f"ASK {{ {pattern} }}", prefixes=prefixes, use_default_graph_as_union=True))


def same_count_everywhere(content: Extraction) -> None:
    written = graph.turtle(graph.quads(content))
    count = len(triples(content))
    assert len(rdflib.Graph().parse(data=written, format="turtle")) == count
    assert len(list(ox.parse(written, format=ox.RdfFormat.TURTLE))) == count
    assert rapper_count(written) == count


# ---------------------------------------------------------------- what stands in the graph


@pytest.mark.parametrize(
    "pattern",
    [
        "unit:红塔区市场监督管理局 a kg:Unit ; kg:conducted campaign:清风3号 ; kg:located_in region:红塔区",
        'unit:红塔区市场监督管理局 skos:prefLabel "红塔区市场监督管理局"@zh ; skos:altLabel "该局"@zh',
        "region:红塔区 kg:located_in region:玉溪市 . region:玉溪市 kg:located_in region:云南省",
        'region:云南省 a kg:Region ; skos:prefLabel "云南省"@zh ; kg:code "530000" ; kg:level "province"',
        'metric:商户 schema:value 12000.0 ; schema:unitText "户" ; kg:qualifier "more_than" ; kg:as_stated "1.2万余户"',
        'metric:立案 kg:measure "立案" ; kg:change -8.5 ; kg:period "今年"',
        '?post a kg:Post ; org:member person:高明远 ; org:organization unit:红塔区市场监督管理局 ; kg:title "局长"@zh',
        '?e a kg:Evidence ; rdf:subject person:高明远 ; rdf:predicate kg:holds_role_at ; kg:title "局长"@zh',
        '?e kg:sentence "玉溪市市场监督管理局部署“清风3号”专项行动，全市检查商户1.2万余户。"',
        '?d a kg:Document ; kg:paper "某某日报" ; kg:page "03" ; kg:section "要闻"',
        '?d schema:datePublished "2024-05-17"^^xsd:date',
        f'?d prov:wasGeneratedBy ?a . ?a schema:softwareVersion "{graph.__version__}"',
    ],
)
def test_stated(pattern):
    assert ask(SAMPLE, pattern)


def test_every_fact_leads_to_its_quote_in_its_document():
    found = {(str(s), str(e)) for s, e in _facts_with_evidence()}
    expected = {(s.predicate, e.quote) for s in SAMPLE.statements for e in s.evidence}
    assert found == expected


def _facts_with_evidence():
    plain = rdflib.Graph().parse(data=graph.turtle(graph.quads(SAMPLE)), format="turtle")
    rows = plain.query(
        """SELECT ?relation ?quote WHERE {
            ?e a kg:Evidence ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;
                kg:quote ?quote ; kg:start ?start ; kg:end ?end ; kg:document/schema:text ?text .
            ?s ?p ?o .
            FILTER(SUBSTR(?text, ?start + 1, ?end - ?start) = ?quote)
            BIND(STRAFTER(STR(?p), "#") AS ?relation)
        }""",
        initNs={"kg": rdflib.Namespace(vocab.KG), "schema": rdflib.Namespace(vocab.SCHEMA)},
    )
    return [(row.relation, row.quote) for row in rows]


def test_a_document_has_a_graph_of_its_own():
    held = ox.Store()
    held.extend(graph.quads(SAMPLE))
    iris = {graph.document_iri(name) for name in TEXTS}
    assert set(held.named_graphs()) == iris
    evidence = ox.NamedNode(vocab.KG + "Evidence")
    assert not list(held.quads_for_pattern(None, None, evidence, ox.DefaultGraph()))
    conducted = ox.NamedNode(vocab.KG + "conducted")
    subject = graph.entity_iri(DISTRICT)
    assert {quad.graph_name for quad in held.quads_for_pattern(subject, conducted, None)} == iris


@pytest.mark.parametrize(
    ("value", "written"),
    [(64500.0, "64500"), (12000, "12000"), (-8.5, "-8.5"), (0.07, "0.07"), (1e-7, "0.0000001"), (1e16, "1" + "0" * 16)],
)
def test_numbers_are_plain_decimals(value, written):
    metric = Entity("metric/x", Kind.METRIC, "x", quantity=Quantity(value, ""))
    assert f'"{written}"^^<{vocab.XSD}decimal>' in {str(t.object) for t in triples(Extraction((), (metric,)))}


def test_infinity_is_refused():
    metric = Entity("metric/x", Kind.METRIC, "x", quantity=Quantity(float("inf"), ""))
    with pytest.raises(ValueError, match="not a decimal"):
        triples(Extraction((), (metric,)))


def test_a_day_that_is_none_is_kept_as_text():
    content = Extraction((Document("a.txt", "", "", date="2025-02-30"),))
    assert ask(content, 'document:a.txt schema:datePublished "2025-02-30"')


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"entities": SAMPLE.entities * 2}, "share a key"),
        ({"documents": SAMPLE.documents * 2}, "share a name"),
        ({"entities": SAMPLE.entities[1:]}, "unknown entity"),
        ({"documents": ()}, "unknown document"),
        ({"statements": (replace(SAMPLE.statements[0], predicate="likes"),)}, "unknown relation: likes"),
    ],
)
def test_records_that_do_not_fit_together_are_refused(part, message):
    with pytest.raises(ValueError, match=message):
        triples(replace(SAMPLE, **part))


# ---------------------------------------------------------------- Turtle


def test_turtle_is_the_same_to_three_parsers():
    same_count_everywhere(SAMPLE)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_and_texts_stay_text(name):
    document = Document(name, name, "0" * 64, paper=name, title=name, section=name)
    whole = Span(0, len(name))
    found = Evidence(name, whole, name, name, 0.5, whole)
    entities = (
        Entity(vocab.entity_key(Kind.UNIT, name), Kind.UNIT, name, (name + "二",)),
        Entity("metric/x", Kind.METRIC, name, quantity=Quantity(1, name, as_stated=name, measure=name, period=name)),
        Entity("person/x", Kind.PERSON, name),
    )
    statements = (
        Statement(entities[0].key, "has_metric", "metric/x", (found,)),
        Statement("person/x", "holds_role_at", entities[0].key, (found,), name),
    )
    content = Extraction((document,), entities, statements)
    same_count_everywhere(content)
    label = name.translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD})
    assert {entity.name for entity in graph.records(graph.quads(content)).entities} == {label}


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_order_changes_nothing(chance: random.Random):
    def shuffled(items):
        return tuple(chance.sample(items, len(items)))

    mixed = Extraction(
        shuffled(SAMPLE.documents),
        shuffled(tuple(replace(entity, names=shuffled(entity.names)) for entity in SAMPLE.entities)),
        shuffled(tuple(replace(s, evidence=shuffled(s.evidence)) for s in SAMPLE.statements)),
    )
    assert graph.turtle(graph.quads(mixed)) == graph.turtle(graph.quads(SAMPLE))


def test_hash_seed_changes_nothing():
    code = (
        "import sys, samples; from kg import graph\n"
        "sys.stdout.buffer.write(graph.turtle(graph.quads(samples.extraction())))"
    )
    path = os.pathsep.join(sys.path)
    written = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert written == {graph.turtle(graph.quads(SAMPLE))}


@given(st.lists(st.text(min_size=1), min_size=2, max_size=2, unique=True))
def test_two_documents_never_share_an_iri(names):
    first, second = map(graph.document_iri, names)
    assert first != second


# ---------------------------------------------------------------- back to records


def test_records_come_back_whole():
    back = graph.records(graph.quads(SAMPLE))
    above = {"region/云南省"}
    assert back.documents == SAMPLE.documents
    assert back.statements == SAMPLE.statements
    assert tuple(entity for entity in back.entities if entity.key not in above) == SAMPLE.entities


def test_a_region_keeps_its_key_where_the_corpus_gives_one():
    region = Entity("region/滇", Kind.REGION, "滇", code="530000")
    content = replace(SAMPLE, entities=(*SAMPLE.entities, region))
    assert ask(content, "region:玉溪市 kg:located_in region:滇")
    assert not ask(content, "region:云南省 ?p ?o")


def test_withdrawing_a_document_takes_what_only_it_supports():
    rest = graph.without(SAMPLE, [BULLETIN])
    assert {s.predicate for s in rest.statements} == {"conducted", "received", "operates"}
    assert [e.document for s in rest.statements for e in s.evidence] == [REPORT] * 3
    assert CASES not in {entity.key for entity in rest.entities}
    assert DISTRICT in {entity.key for entity in rest.entities}
    assert [document.name for document in rest.documents] == [REPORT]


def test_no_trace_of_a_withdrawn_document():
    gone = graph.document_iri(BULLETIN).value
    rest = graph.without(SAMPLE, [BULLETIN])
    assert not [quad for quad in graph.quads(rest) if gone in str(quad)]


def test_facts_without_sure_evidence_are_left_out():
    sure = graph.supported(SAMPLE, lambda evidence: evidence.confidence >= 0.9)
    conducted = next(s for s in sure.statements if s.subject == DISTRICT and s.object == CAMPAIGN)
    assert [e.document for e in conducted.evidence] == [BULLETIN]


# ---------------------------------------------------------------- store


def test_store_holds_the_quads(tmp_path):
    store.write(tmp_path, graph.quads(SAMPLE))
    assert set(store.quads(store.read(tmp_path))) == set(graph.quads(SAMPLE))
    assert [path.name for path in tmp_path.iterdir()] == [store.FOLDER]


def test_the_default_graph_has_every_statement_once(tmp_path):
    store.write(tmp_path, graph.quads(SAMPLE))
    held = [quad.triple for quad in store.triples(store.read(tmp_path))]
    assert len(held) == len(triples(SAMPLE)) < len(list(graph.quads(SAMPLE)))
    assert set(held) == triples(SAMPLE)


def test_a_store_without_that_is_refused(tmp_path):
    older = ox.Store(str(tmp_path / store.FOLDER))
    older.extend(graph.quads(SAMPLE))
    older.flush()
    del older
    with pytest.raises(store.NoBuild, match=r"built by an older version; run: kg build"):
        store.read(tmp_path)


def test_a_store_is_replaced_whole(tmp_path):
    store.write(tmp_path, graph.quads(SAMPLE))
    rest = graph.without(SAMPLE, [BULLETIN])
    store.write(tmp_path, graph.quads(rest))
    assert set(store.quads(store.read(tmp_path))) == set(graph.quads(rest))


def test_a_store_stays_when_writing_fails(tmp_path):
    def failing():
        yield from []
        raise ValueError

    store.write(tmp_path, graph.quads(SAMPLE))
    with pytest.raises(ValueError):
        store.write(tmp_path, chain(graph.quads(graph.without(SAMPLE, [BULLETIN])), failing()))
    assert set(store.quads(store.read(tmp_path))) == set(graph.quads(SAMPLE))
    assert [path.name for path in tmp_path.iterdir()] == [store.FOLDER]


def test_a_store_is_read_only(tmp_path):
    store.write(tmp_path, graph.quads(SAMPLE))
    with pytest.raises(RuntimeError, match="read-write"):
        store.read(tmp_path).clear()


@pytest.mark.parametrize("folder", ["missing", "."])
def test_no_build_is_said_clearly(tmp_path, folder):
    with pytest.raises(store.NoBuild, match=r"no graph here; run: kg build"):
        store.read(tmp_path / folder)
