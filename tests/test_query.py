"""Questions, their parameters, and the forms of their answers."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from samples import TEXTS, extraction

from kg import answer, graph, query, store, vocab
from kg.model import Entity, Extraction, Kind

BULLETIN, REPORT = TEXTS
QUESTIONS = query.questions()
HOSTILE = [
    '清风3号" } INSERT DATA { <a:a> <a:b> <a:c> } #',
    "清风3号> } UNION { ?unit ?p ?campaign } #",
    "} } UNION { ?s ?p ?o } VALUES ?campaign { UNDEF",
    "<https://w3id.org/tongbao/campaign/清风3号>",
    "UNDEF",
    "\\",
    "\x00",
    "%",
]


@pytest.fixture(scope="module")
def sample() -> ox.Store:
    held = ox.Store()
    held.extend(store.with_default(graph.quads(extraction())))
    return held


def ask(store: ox.Store, name: str, **parameters: str) -> list[tuple]:
    """The rows of a question, without the column names."""
    found = query.run(store, query.bind(store, QUESTIONS[name], parameters))
    return [tuple(row.values()) for row in answer.rows(found)]


# ---------------------------------------------------------------- the questions


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_question_describes_itself(question):
    chinese, english = question.summary
    assert not chinese.isascii() and english.isascii()
    for parameter in question.parameters:
        assert not parameter.zh.isascii() and parameter.en.isascii()
        prefix, _, local = parameter.scope.partition(":")
        known = {term.name for term in (*vocab.CLASSES, *vocab.PROPERTIES)}
        assert parameter.scope == query.ANYTHING or (prefix == "kg" and local in known)
    assert question.text.count("UNDEF") == len(question.parameters)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_question_is_standard_sparql_with_a_fixed_order(question):
    assert prepareQuery(question.text)
    assert "\nORDER BY " in question.text


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_question_runs_on_an_empty_graph(question):
    assert answer.rows(query.run(ox.Store(), question.text)) == []


ROWS = [
    ("awards", {}, [("红塔区市场监督管理局", "先锋集体", "获评先锋集体")]),
    (
        "campaigns-of-region",
        {"region": "云南省"},
        [
            ("“清风3号”专项行动", "玉溪市市场监督管理局", "玉溪市"),
            ("“清风3号”专项行动", "红塔区市场监督管理局", "红塔区"),
        ],
    ),
    ("campaigns-of-region", {"region": "红塔"}, [("“清风3号”专项行动", "红塔区市场监督管理局", "红塔区")]),
    ("compare-measure", {"measure": "商户"}, [("检查商户", "户", 12000, "more_than", "“清风3号”专项行动")]),
    ("cooperation", {"unit": "红塔区商务局"}, [("红塔区商务局", "红塔区市场监督管理局", "该局与红塔区商务局联合行动")]),
    ("documents", {"document": "通报"}, [(BULLETIN, "某某日报", date(2024, 5, 17), "03", 10)]),
    ("facilities", {}, [("元江县公安局", "溯源实验室")]),
    (
        "metrics-of-campaign",
        {"campaign": "清风3号"},
        [("“清风3号”专项行动", "检查商户", 12000, "户", "more_than", None, None)],
    ),
    (
        "metrics-of-unit",
        {"unit": "红塔区市场监管局"},
        [
            ("红塔区市场监督管理局", None, "立案", 35, "起", "exact", Decimal("-8.5"), "今年"),
            ("红塔区市场监督管理局", "“清风3号”专项行动", "检查商户", 12000, "户", "more_than", None, None),
        ],
    ),
    ("persons-and-posts", {"person": "高明远"}, [("高明远", "局长", "红塔区市场监督管理局")]),
    ("policies", {"unit": "红塔区市场监管局"}, [("红塔区市场监督管理局", "诚信经营二十条")]),
    ("rises-and-falls", {}, [(Decimal("-8.5"), "立案", 35, "起", "红塔区市场监督管理局", date(2024, 5, 17))]),
    (
        "unit-tree",
        {"unit": "市市场监管局"},
        [("玉溪市市场监督管理局", 1, "玉溪市市场监督管理局", "红塔区市场监督管理局")],
    ),
    ("units-of-region", {"region": "红塔区"}, [("红塔区", "红塔区市场监督管理局", "玉溪市市场监督管理局")]),
    ("units-without-figures", {}, [("元江县公安局", None), ("红塔区商务局", None)]),
    (
        "who-conducted",
        {"campaign": "清风3号"},
        [
            ("“清风3号”专项行动", "玉溪市市场监督管理局", "玉溪市"),
            ("“清风3号”专项行动", "红塔区市场监督管理局", "红塔区"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parameters", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_answers(sample, name, parameters, expected):
    found = [row[: len(expected[0])] for row in ask(sample, name, **parameters)]
    assert len(found) == len(expected)
    assert set(found) == set(expected)


def test_compare_measure_names_the_units_behind_a_campaign(sample):
    (row,) = ask(sample, "compare-measure", measure="检查商户")
    assert set(row[-1].split("、")) == {"玉溪市市场监督管理局", "红塔区市场监督管理局"}


def test_evidence_of_gives_quote_and_document(sample):
    rows = ask(sample, "evidence-of", entity="高明远")
    assert rows == [
        ("高明远", "holds_role_at", "红塔区市场监督管理局", "局长", "局长高明远",
         BULLETIN, date(2024, 5, 17), "03", "rule", Decimal("0.9"))
    ]  # fmt: skip


def test_document_facts_follow_the_text(sample):
    rows = ask(sample, "document-facts", document=BULLETIN)
    assert len(rows) == 10
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)


def test_totals_count_classes_and_relations(sample):
    counts = {(sort, name): count for sort, name, count in ask(sample, "totals")}
    assert counts["class", "Unit"] == 4
    assert counts["class", "Region"] == 3
    assert counts["relation", "conducted"] == 2


def test_every_question_has_an_expected_answer_here():
    tested = {row[0] for row in ROWS} | {"evidence-of", "document-facts", "totals"}
    assert tested == set(QUESTIONS)


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize("name", ["清风3号", "“清风３号”", " 清风 3号 ", "清风3号专项行动", "清风"])
def test_a_name_fits_whole_or_in_part_whatever_its_quotes_and_spaces(sample, name):
    assert len(ask(sample, "who-conducted", campaign=name)) == 2


def test_a_whole_name_goes_before_a_part(sample):
    names = [("甲区市场监管局", ()), ("甲区市场监管局一所", ()), ("乙所", ("甲区市场监管局",))]
    entities = [Entity(f"unit/{name}", Kind.UNIT, name, other) for name, other in names]
    held = ox.Store()
    held.extend(graph.quads(Extraction((), tuple(entities))))
    unit = query.Parameter("unit", "kg:Unit", "", "")
    whole = query.fitting(held, unit, "甲区市场监管局")
    assert {term.value.rpartition("/")[2] for term in whole} == {"甲区市场监管局", "乙所"}
    assert len(query.fitting(held, unit, "市场监管")) == 3


def test_a_name_that_nothing_has_is_said_with_names_like_it(sample):
    with pytest.raises(query.QueryError, match="no campaign is called 清风9号专项行动; there is “清风3号”专项行动"):
        ask(sample, "who-conducted", campaign="清风9号专项行动")


@pytest.mark.parametrize("name", ["", " ", "“”"])
def test_an_empty_name_fits_nothing(sample, name):
    with pytest.raises(query.QueryError):
        ask(sample, "who-conducted", campaign=name)


def test_an_unknown_parameter_is_said(sample):
    with pytest.raises(query.QueryError, match="who-conducted has no parameter campain; there is campaign"):
        ask(sample, "who-conducted", campain="清风3号")


def test_an_unknown_question_is_said():
    with pytest.raises(query.QueryError, match="no question is called who-conduct; there is who-conducted"):
        query.question("who-conduct")


def test_a_parameter_needs_a_known_prefix():
    with pytest.raises(query.QueryError, match="parameter unit has an unknown prefix: ng:Unit"):
        query.Question("#+ param: unit (ng:Unit): 单位 / unit\nSELECT * { VALUES ?unit { UNDEF } }")


def test_a_parameter_needs_a_place():
    with pytest.raises(query.QueryError, match="parameter unit has no place"):
        query.Question("#+ param: unit (kg:Unit): 单位 / unit\nSELECT * { ?unit ?p ?o }")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("question", ["who-conducted", "metrics-of-campaign"])
def test_what_a_user_types_is_never_part_of_a_query(sample, question, name):
    before = len(sample)
    with pytest.raises(query.QueryError, match="no campaign is called"):
        ask(sample, question, campaign=name)
    assert len(sample) == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_in_the_graph_is_found_as_it_is(name):
    unit = Entity(vocab.entity_key(Kind.UNIT, name), Kind.UNIT, name)
    metric = Entity("metric/x", Kind.METRIC, name)
    held = ox.Store()
    held.extend(graph.quads(Extraction((), (unit, metric))))
    held.add(ox.Quad(ox.NamedNode("a:x"), ox.NamedNode(vocab.KG + "measure"), ox.Literal(name)))
    assert ask(held, "units-without-figures", unit=name) == [(name, None)]
    assert ask(held, "compare-measure", measure=name) == []


# ---------------------------------------------------------------- what a query may do


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent ?where { ?s ?p ?o } }",
        "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } } }",
        "SELECT * { ?a ?b ?c FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
        "SELECT * { ?a ?b ?c FILTER(?a<'x>') SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } #'",
        "SELECT * { SERVICE#x\n<http://127.0.0.1:9/>{?s ?p ?o} LATERAL { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "# from\r\n\n# service\rSELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "#\rSELECT * #\rFROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1:9/> { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:9/>",
        "LOAD <file:///etc/passwd> INTO GRAPH <a:g>",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "SELECT (<a:function>(1) AS ?x) {}",
        "SELECT ?x { ?x",
        "",
    ],
)
def test_a_query_only_reads_this_store(sample, sparql):
    before = len(sample)
    with pytest.raises(query.QueryError) as caught:
        answer.rows(query.run(sample, sparql))
    assert "\n" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value) or "refused" in str(caught.value)
    assert len(sample) == before


def test_the_words_may_stand_in_names_and_texts(sample):
    found = query.run(sample, "SELECT ?service { BIND('from service {' AS ?service) } # SERVICE")
    assert answer.rows(found) == [{"service": "from service {"}]


def test_from_chooses_the_graph_of_a_document(sample):
    count = "(COUNT(*) AS ?n) FROM <{}> {{ ?e a <{}Evidence> }}"
    found = query.run(sample, "SELECT " + count.format(graph.document_iri(REPORT).value, vocab.KG))
    assert answer.rows(found) == [{"n": 3}]


def test_a_relative_iri_is_that_of_a_thing_here(sample):
    for graphs in ("", f"FROM <document/{graph.document_iri(REPORT).value.rpartition('/')[2]}>"):
        found = query.run(sample, f"ASK {graphs} {{ <unit/红塔区市场监督管理局> kg:conducted <campaign/清风3号> }}")
        assert bool(found)


SUMS = "SELECT ?t (SUM(?v) AS ?s) { ?m kg:measure ?t ; schema:value ?v } GROUP BY ?t"


@pytest.mark.parametrize(
    ("sparql", "columns"),
    [
        (SUMS, 2),
        (SUMS.replace(" ; ", ";").replace("?v }", "?v. }"), 2),
        (SUMS.replace(" ;", ". ?m"), 2),
        (SUMS.replace("?v }", "?v ; schema:unitText ?u ;\n kg:qualifier ?q }").replace("BY ?t", "BY ?t ?u ?q"), 4),
        (f"PREFIX schema: <{vocab.KG}> " + SUMS, 2),
        (SUMS.replace("{", "# all\n{").replace("GROUP", "# all\nGROUP") + " HAVING(SUM(?v) > 1) LIMIT 99", 2),
    ],
)
def test_columns_of_figures_are_read_one_after_the_other(sample, sparql, columns):
    rewritten = query.by_column(sparql)
    assert rewritten.count("SELECT") == 1 + columns
    plain, read = (list(sample.query(text, prefixes=vocab.PREFIXES)) for text in (sparql, rewritten))
    assert sorted(map(str, read)) == sorted(map(str, plain))
    assert plain or "PREFIX" in sparql


@pytest.mark.parametrize(
    "sparql",
    [
        "",
        "{}",
        "SELECT ?t { ?m kg:measure ?t } GROUP BY ?t",
        "SELECT ?t { ?m kg:measure ?t ; schema:value ?v }",
        "CONSTRUCT WHERE { ?m kg:measure ?t ; schema:value ?v } GROUP BY ?t",
        'SELECT ("{ ?m kg:measure ?t ; schema:value ?v } GROUP" AS ?x)',
        SUMS.replace("?m ", "<a:m> "),
        SUMS.replace("?m ", "_:m "),
        SUMS.replace("?v }", "20 }"),
        SUMS.replace("?v }", "?t }"),
        SUMS.replace("?v }", "?m }"),
        SUMS.replace("?v }", "?v, ?w }"),
        SUMS.replace("?v }", "?v FILTER(?v > 1) }"),
        SUMS.replace("?v }", "?v # }\n}"),
        SUMS.replace(" ;", ". ?n"),
        SUMS.replace("schema:value", "schema:value/kg:change"),
        SUMS.replace("schema:value", "kg:change"),
        SUMS.replace("schema:value", "^schema:value"),
        SUMS.replace("kg:measure", "a"),
        SUMS + " VALUES ?t { 'x' }",
    ],
)
def test_all_other_queries_stay_as_they_are(sparql):
    assert query.by_column(sparql) == sparql


def test_a_statement_of_two_graphs_counts_once(sample):
    stated = "{ unit:红塔区市场监督管理局 kg:conducted campaign:清风3号 }"
    count = "SELECT (COUNT(*) AS ?n)"
    for sparql in (
        f"{count} {stated}",
        f"{count} FROM <{graph.document_iri(BULLETIN).value}> FROM <{graph.document_iri(REPORT).value}> {stated}",
        f"PREFIX d: <{vocab.BASE}document/> {count} FROM d:报道.txt {stated}",
    ):
        assert answer.rows(query.run(sample, sparql)) == [{"n": 1}]
    named = f"{count} {{ GRAPH ?g {stated} }}"
    assert answer.rows(query.run(sample, named)) == [{"n": 2}]


def test_every_count_is_that_of_the_turtle(sample):
    plain = rdflib.Graph().parse(data=graph.turtle(graph.quads(extraction())), format="turtle")
    for pattern in (
        "?s ?p ?o",
        "?s kg:conducted ?o",
        "?s a ?class",
        "?s kg:located_in+ ?o",
        "?e rdf:subject/kg:part_of ?u",
    ):
        sparql = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
        (row,) = plain.query(sparql, initNs={"kg": rdflib.Namespace(vocab.KG)})
        assert answer.rows(query.run(sample, sparql)) == [{"n": row.n.toPython()}]


def test_all_graphs_are_asked_together(sample):
    found = query.run(sample, "SELECT (COUNT(*) AS ?n) { ?e a kg:Evidence }")
    assert answer.rows(found) == [{"n": 13}]


# ---------------------------------------------------------------- answers

WIDE = 'SELECT ?a ?b ?c { VALUES (?a ?b ?c) { ("守护2号" "x" 1) ("a" "一二三" 12.5) ("e\u0301" UNDEF kg:Unit) } }'


def written(store: ox.Store, sparql: str, form: str, **options: bool) -> str:
    return answer.written(query.run(store, sparql), form, **options).decode()


def test_table_columns_stand_under_each_other(sample):
    assert written(sample, WIDE, "table") == (
        "a        b       c\n"
        "───────  ──────  ───────\n"
        "守护2号  x       1\n"
        "a        一二三  12.5\n"
        "e\u0301                kg:Unit\n"
    )


def test_wide_cells_are_folded(sample):
    lines = written(
        sample, f'SELECT ?a ?b {{ VALUES (?a ?b) {{ ("{"长" * 50}" "x") }} }}', "table", fold=True
    ).splitlines()
    assert lines[2:] == [f"{'长' * 20}  x", "长" * 20, "长" * 10]


def test_a_table_holds_no_control_characters(sample):
    assert (
        written(sample, 'SELECT ?a { BIND("x\\n\\u001b[31m\\u202ey" AS ?a) }', "table").splitlines()[-1] == "x  [31m y"
    )


def test_an_empty_table_has_its_head(sample):
    assert written(sample, "SELECT ?a ?b { FILTER(false) }", "table") == "a  b\n─  ─\n"


def test_csv_tsv_json_and_xml(sample):
    expected = ["守护2号", "a", "e\u0301"]
    assert [row["a"] for row in csv.DictReader(io.StringIO(written(sample, WIDE, "csv")))] == expected
    assert [line.split("\t")[0] for line in written(sample, WIDE, "tsv").splitlines()[1:]] == [
        f'"{a}"' for a in expected
    ]
    bindings = json.loads(written(sample, WIDE, "json"))["results"]["bindings"]
    assert [row["a"]["value"] for row in bindings] == expected
    space = "{http://www.w3.org/2005/sparql-results#}"
    literals = ElementTree.fromstring(written(sample, WIDE, "xml")).iter(f"{space}literal")
    assert expected[0] in [literal.text for literal in literals]


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "xml"])
def test_ask_and_construct_have_answers_in_every_form(sample, form):
    assert "true" in written(sample, "ASK { ?s ?p ?o }", form)
    turtle = written(sample, "CONSTRUCT WHERE { ?s a kg:Campaign }", form)
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 1


def test_rows_are_python_values(sample):
    sparql = """SELECT * { VALUES (?a ?b ?c ?d ?e ?f ?g) {
        (1 1.5 true "2024-05-17"^^xsd:date "2024-02-30"^^xsd:date kg:Unit UNDEF) } }"""
    (row,) = answer.rows(query.run(sample, sparql))
    assert row == {
        "a": 1,
        "b": Decimal("1.5"),
        "c": True,
        "d": date(2024, 5, 17),
        "e": "2024-02-30",
        "f": vocab.KG + "Unit",
        "g": None,
    }


def test_rows_of_ask_and_construct(sample):
    assert answer.rows(query.run(sample, "ASK { ?s a kg:Nothing }")) == [{"answer": False}]
    (row,) = answer.rows(query.run(sample, "CONSTRUCT WHERE { ?s a kg:Campaign }"))
    assert row["subject"] == f"{vocab.BASE}campaign/清风3号"
