"""`kg serve` as people meet it: every page, what it shows, and that no text of a page can act."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import openpyxl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from serving import HOSTILE, PREFIXES, hostile, many, sample, serving, write

from kg import query, store, vocab
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Span, Statement
from kg.read import flow, quoted
from kg.serve import charts, figures, html, words
from kg.serve.pages import EXAMPLE, pieces
from kg.serve.read import Counted, Source, Thing

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("build"), sample())


@pytest.fixture(scope="module")
def client(build: Path) -> Iterator[httpx.Client]:
    with serving(build) as client:
        client.headers.update(BROWSER)
        yield client


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(write(tmp_path_factory.mktemp("hostile"), hostile())) as client:
        client.headers.update(BROWSER)
        yield client


class Text(HTMLParser):
    """The text, the elements and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags, self.links, self.attributes = "", [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.links += [value for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data):
        self.text += data


def read(client: httpx.Client, address: str, **parameters: str) -> Text:
    response = client.get(address, params=parameters or None)
    assert response.status_code == 200, response.text
    return Text(response.text)


# ---------------------------------------------------------------- every IRI opens


def iris(folder: Path) -> list[str]:
    nodes = {term.value for quad in store.read(folder) for term in quad.triple if isinstance(term, ox.NamedNode)}
    return sorted(iri for iri in nodes if iri.startswith(vocab.BASE))


def test_every_iri_opens_as_a_page_as_turtle_and_as_json_ld(client, build):
    opened = store.read(build)
    for iri in iris(build):
        address = html.address(iri)
        assert client.get(address).status_code == 200, iri
        if iri.startswith(vocab.KG):
            continue
        stated = {q.triple for q in opened.quads_for_pattern(ox.NamedNode(iri), None, None)}
        for kind, form in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
            response = client.get(address, headers={"Accept": kind})
            assert response.headers["Content-Type"].startswith(kind)
            found = rdflib.Graph().parse(data=response.content, format=form)
            assert len(set(found.triples((rdflib.URIRef(iri), None, None)))) == len(stated), iri


def test_the_description_of_a_thing_holds_its_evidence(client):
    response = client.get("/unit/元江县公安局", headers={"Accept": "text/turtle"})
    found = rdflib.Graph().parse(data=response.content, format="turtle")
    quotes = set(map(str, found.objects(None, rdflib.URIRef(vocab.KG + "quote"))))
    assert quotes == {"元江县公安局建成溯源实验室"}
    assert "溯源实验室" in set(map(str, found.objects(None, rdflib.SKOS.prefLabel)))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/unit/无此单位", 404),
        ("/unit/", 404),
        ("/nothing/at-all", 404),
        ("/nothing", 404),
        ("/document/%2E%2E%2F%2E%2E%2Fetc%2Fpasswd", 404),
        ("/assets/..%2Fpage.html", 404),
        ("/assets/base.html", 404),
        ("/unit/a%00b", 404),
        ("/unit/%FF%FE", 404),
        ("/unit/%3E%3Cb", 404),
        ("/resource?iri=not an iri", 404),
        ("/resource?iri=https://example.org/unknown", 404),
    ],
)
def test_addresses_of_nothing(client, address, status):
    response = client.get(address)
    assert response.status_code == status
    assert "没有这个页面" in response.text
    assert client.get(address, headers={"Accept": "text/turtle"}).status_code == status


def test_an_iri_of_another_site(client, build):
    nodes = {quad.object for quad in store.read(build) if isinstance(quad.object, ox.NamedNode)}
    others = {node.value for node in nodes if not node.value.startswith(vocab.BASE)}
    assert others
    for iri in others:
        assert iri.rpartition("/")[2].rpartition("#")[2] in read(client, "/resource", iri=iri).text
        assert client.get("/resource", params={"iri": iri}, headers={"Accept": "text/turtle"}).status_code == 200
    response = client.get("/resource", params={"iri": vocab.BASE + "unit/元江县公安局"})
    assert (response.status_code, response.headers["Location"]) == (303, f"/unit/{quote('元江县公安局')}")


# ---------------------------------------------------------------- what the pages show


def test_home(client):
    page = read(client, "/")
    assert "/search?kind=Unit" in page.links
    assert "“清风3号”专项行动" in page.text
    assert sample().documents[0].title in page.text


@pytest.mark.parametrize(
    ("words_typed", "found"),
    [
        ("红塔区市场监管局", "红塔区市场监督管理局"),
        ("清风3号", "“清风3号”专项行动"),
        ("清风３号", "“清风3号”专项行动"),
        ("溯源", "溯源实验室"),
        ("市场/通报", "市场/通报.txt"),
        ("高明远", "高明远"),
        ("htqscjgj", "红塔区市场监督管理局"),
        ("红塔QSCJ", "红塔区市场监督管理局"),
        ("gmy", "高明远"),
    ],
)
def test_search_finds_every_form_of_a_name(client, words_typed, found):
    assert found in read(client, "/search", q=words_typed).text
    assert found in [thing["name"] for thing in client.get("/suggest", params={"q": words_typed}).json()]


def test_search_by_class(client):
    page = read(client, "/search", q="红塔", kind="Region")
    assert "红塔区商务局" not in page.text
    assert "/region/" + quote("红塔区") in page.links


def test_search_for_nothing(client):
    assert "没有匹配的名称" in read(client, "/search", q="火星").text
    assert client.get("/suggest", params={"q": " "}).json() == []


def test_unit(client):
    page = read(client, "/unit/红塔区市场监督管理局")
    for shown in (
        "又称",
        "红塔区市场监管局",
        "立案",
        "−8.5%",
        "今年",
        "局长",
        "高明远",
        "先锋集体",
        "诚信经营二十条",
        "云南省",
    ):
        assert shown in page.text
    assert "“清风3号”专项行动中，红塔区市场监督管理局获评先锋集体。" in page.text
    assert "mark" in page.tags
    assert "2024-05-17" in page.text
    assert "/campaign/" + quote("清风3号") in page.links


def test_a_quote_is_marked_inside_its_sentence(client):
    page = client.get("/campaign/清风3号").text
    assert "<mark>玉溪市市场监督管理局部署“清风3号”专项行动</mark>，全市检查商户1.2万余户。" in page


def test_region(client):
    page = read(client, "/region/玉溪市")
    assert "本地区单位开展的行动" in page.text
    assert "红塔区" in page.text
    assert "依据行政区划表" in page.text
    assert "地级" in page.text


def test_columns_and_dates_that_nothing_has_are_not_there(client):
    page = read(client, "/campaign/清风3号").text
    assert "计量单位" in page
    assert "时段" not in page
    assert "升降" not in page
    assert {"时段", "升降"} <= set(re.findall("时段|升降", read(client, "/unit/红塔区市场监督管理局").text))


def test_metric_and_evidence(client):
    metric = read(client, "/metric/立案")
    assert "35 起" in re.sub(r"\s+", " ", metric.text)
    assert all(word in metric.text for word in ("数值35", "计量单位起", "约数非约数"))
    assert not re.search("unitText|value|exact", metric.text)
    evidence = next(link for link in metric.links if link.startswith("/evidence/"))
    page = read(client, evidence)
    assert "立案35起，同比下降8.5%" in page.text
    assert "某某日报" in page.text


def test_document(client):
    page = client.get("/document/市场%2F通报.txt").text
    shown = re.search(r'<article class="text card".*?<p>(.*?)</p>', page, re.DOTALL)
    assert shown
    document = next(one for one in sample().documents if one.name == "市场/通报.txt")
    assert Text(shown[1]).text == document.text
    assert "第03版" in page
    assert page.count("data-fact=") == sum(e.document == document.name for s in sample().statements for e in s.evidence)


def test_what_was_seen_but_not_stated(tmp_path):
    text = "玉溪市公安局开展“护湖”专项行动。红塔区财政局的灯还亮着，桌上有文件35份。"
    unit = Entity("unit/玉溪市公安局", Kind.UNIT, "玉溪市公安局")
    drive = Entity("campaign/护湖", Kind.CAMPAIGN, "“护湖”专项行动")
    evidence = Evidence("a.txt", Span(0, 16), text[:16], "rule", 0.9, Span(0, 17))
    stated = (Statement(unit.key, "conducted", drive.key, (evidence,)),)
    folder = write(tmp_path, Extraction((Document("a.txt", text, "0" * 64),), (unit, drive), stated))
    with serving(folder) as other:
        other.headers.update(BROWSER)
        assert 'class="seen"' not in other.get("/document/a.txt").text
        marks = re.findall(r'class="seen" title="(.*?)">(.*?)<', other.get("/document/a.txt?unstated=1").text)
        assert ("单位", "红塔区财政局") in marks
        assert not [mark for _, mark in marks if mark in text[:16]]


def test_results_and_targets_stand_apart(tmp_path):
    text = "玉溪市公安局立案35起，同比下降8.5%，破案30起，同比上升4%。明年力争破案40起。"
    unit = Entity("unit/玉溪市公安局", Kind.UNIT, "玉溪市公安局")
    made = [("立案", 35.0, -8.5, "has_metric"), ("破案", 30.0, 4.0, "has_metric"), ("破案", 40.0, None, "has_target")]
    entities, statements = [unit], []
    for measure, value, change, relation in made:
        quantity = Quantity(value, "起", "exact", "", measure, change)
        entities.append(Entity(f"metric/{measure}{value:g}", Kind.METRIC, measure, quantity=quantity))
        evidence = Evidence("a.txt", Span(0, 6), text[:6], "rule", 0.9, Span(0, len(text)))
        statements.append(Statement(unit.key, relation, entities[-1].key, (evidence,)))
    folder = write(tmp_path, Extraction((Document("a.txt", text, "0" * 64),), tuple(entities), tuple(statements)))
    with serving(folder) as other:
        other.headers.update(BROWSER)
        page = other.get("/unit/玉溪市公安局").text
        results, targets = page.split("取得数据")[1].split("目标数据")
        assert ("40" in targets, ">40<" in results) == (True, False)
        chart = re.findall(r"<title>(.*?)</title>", results)
        assert chart == ["破案 +4%", "立案 −8.5%"]
        assert "40" not in read(other, "/figures").text


def test_long_lists_are_turned_page_by_page(tmp_path):
    with serving(write(tmp_path, many(130))) as other:
        other.headers.update(BROWSER)
        first = read(other, "/region/玉溪市")
        assert "全部 130 条" in first.text
        names = set()
        for number in ("1", "2", "3"):
            page = read(other, "/region/玉溪市", relation="~located_in", page=number)
            names |= set(re.findall(r"第\d+派出所", page.text))
        assert len(names) == 130
        results = read(other, "/search", kind="Unit", page="3")
        assert "第 3 页，共 3 页" in results.text


def test_network_page(client, build):
    response = client.get("/graph")
    assert response.content == (build / "graph.html").read_bytes()
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert policy.endswith("frame-ancestors 'none'")
    again = client.get("/graph", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, "Content-Security-Policy" in again.headers) == (304, False)


def test_vocabulary(client):
    page = read(client, "/ns")
    for term in (*vocab.CLASSES, *vocab.RELATIONS, *vocab.PROPERTIES):
        assert f"kg:{term.name}" in page.text
        assert ("id", term.name) in page.attributes
    turtle = client.get("/ns", headers={"Accept": "text/turtle"})
    whole = rdflib.Graph().parse(data=vocab.ontology(), format="turtle")
    assert rdflib.Graph().parse(data=turtle.content, format="turtle").isomorphic(whole)


# ---------------------------------------------------------------- language


def test_english_is_asked_for_and_remembered(build):
    with serving(build) as browser:
        assert 'lang="zh-CN"' in browser.get("/").text
        page = browser.get("/figures?rows=of&lang=en")
        assert 'lang="en"' in page.text
        assert 'href="/figures?rows=of&amp;lang=zh"' in page.text
        assert "Newest documents" in browser.get("/").text
        assert "最近的文件" in browser.get("/?lang=zh").text
        assert "最近的文件" in browser.get("/").text


def test_every_word_is_in_both_languages():
    for key, both in words.WORDS.items():
        assert len(both) == 2, key
        assert both[0].count("{}") == both[1].count("{}"), key


def test_every_word_is_used():
    folder = Path(html.__file__).parent
    places = [*folder.glob("*.py"), *(folder.parent / "assets" / "serve").glob("*.html")]
    text = "".join(path.read_text(encoding="utf-8") for path in places if path.name != "words.py")
    unused = [key for key in words.WORDS if not re.search(rf"[\"']{key}[\"']", text)]
    assert all(key.startswith("column_") for key in unused)


@pytest.mark.parametrize("qualifier", ["exact", "more_than", "at_least", "almost", "about"])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_amounts(language, qualifier):
    shown = words.amount(language, Quantity(5000, "户", qualifier))
    assert "5,000" in shown
    assert (shown == "5,000") == (qualifier == "exact")


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize("name", query.questions())
def test_every_question_has_its_page(client, name):
    page = read(client, "/query", question=name)
    asked = query.questions()[name]
    assert asked.summary[0] in page.text
    assert all(("name", parameter.name) in page.attributes for parameter in asked.parameters)
    assert asked.text in page.text.replace("\r", "")


@pytest.mark.parametrize("name", query.questions())
def test_every_column_of_a_question_has_a_name(build, name):
    answer = store.read(build).query(query.questions()[name].text)
    for variable in answer.variables:
        assert re.search("[\u4e00-\u9fff]", words.column_name("zh", variable.value)), variable


def test_a_question_with_a_parameter(client):
    page = read(client, "/query", question="metrics-of-campaign", campaign="清风3号")
    assert "检查商户" in page.text
    assert "12000" in page.text
    assert "VALUES ?campaign { <https://w3id.org/tongbao/campaign/清风3号> }" in page.text


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"question": "metrics-of-campaign", "campaign": "无此行动"}, "no campaign is called 无此行动"),
        ({"question": "no-such"}, "no question is called no-such"),
        ({"query": "SELECT"}, "not a SPARQL query"),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1:9/> {} }"}, "SERVICE is refused"),
    ],
)
def test_questions_that_cannot_be_answered(client, parameters, reason):
    response = client.get("/query", params=parameters)
    assert response.status_code == 400
    assert reason in Text(response.text).text


def test_where_a_query_is_wrong(client):
    page = client.get("/query", params={"query": "SELECT *\n{ ?s ?p "})
    assert "请看第 2 行第 9 个字符" in page.text
    assert "not a SPARQL query: error at 2:9" in page.text


def test_the_editor_starts_with_a_query_that_runs(client):
    assert EXAMPLE in read(client, "/query").text
    assert len(client.get("/sparql", params={"query": EXAMPLE, "format": "csv"}).text.splitlines()) == 3


def test_what_a_reader_types_stays_a_name(client):
    attack = "x> } SELECT * { ?s ?p ?o } #"
    response = client.get("/query", params={"question": "who-conducted", "campaign": attack})
    assert response.status_code == 400
    assert "no campaign is called" in response.text


def test_an_own_query(client):
    page = read(
        client, "/query", query="SELECT ?x (1 + 1 AS ?n) { VALUES ?x { <https://w3id.org/tongbao/unit/元江县公安局> } }"
    )
    assert "unit:元江县公安局" in page.text
    assert "/unit/" + quote("元江县公安局") in page.links
    assert "是" in read(client, "/query", query="ASK {}").text
    assert "没有符合的内容" in read(client, "/query", query="SELECT * { <x:a> ?p ?o }").text


def drawn(client, **parameters: str) -> ElementTree.Element:
    """The network of an answer."""
    body = client.get("/query", params=parameters).text
    return ElementTree.fromstring(re.search(r'<svg class="links".*?</svg>', body, re.DOTALL)[0])


def names_in(drawing: ElementTree.Element) -> list[str]:
    return [text.text for text in drawing.iter("text")]


def test_a_graph_is_drawn_as_a_network(client):
    query = (
        PREFIXES + "CONSTRUCT { ?unit kg:conducted ?campaign ; a kg:Unit ; kg:said 1 } { ?unit kg:conducted ?campaign }"
    )
    drawing = drawn(client, query=query)
    assert sorted(names_in(drawing)) == ["“清风3号”专项行动", "玉溪市市场监督管理局", "红塔区市场监督管理局"]
    lines = sorted(path.find("title").text for path in drawing.iterfind("path"))
    assert lines == [f"{unit} 开展 “清风3号”专项行动" for unit in ("玉溪市市场监督管理局", "红塔区市场监督管理局")]
    assert "/unit/" + quote("红塔区市场监督管理局") in [link.get("href") for link in drawing.iter("a")]


def test_rows_with_several_things_are_drawn_as_a_network(client):
    assert "玉溪市" in names_in(drawn(client, question="who-conducted"))
    lines = drawn(client, query="SELECT ?s ?p ?o { ?s ?p ?o FILTER(?p = kg:part_of) }").findall("path")
    assert [line.find("title").text for line in lines] == ["红塔区市场监督管理局 — 玉溪市市场监督管理局"]


@pytest.mark.parametrize("query", ["SELECT ?unit { ?unit a kg:Unit }", "SELECT ?n { BIND(1 AS ?n) }", "ASK {}"])
def test_what_belongs_to_nothing_is_no_network(client, query):
    assert '<svg class="links"' not in client.get("/query", params={"query": query}).text


def test_layers_of_a_network():
    one, two, three, four = (Thing(f"x:{n}", "", str(n)) for n in range(4))
    ring = charts.network([charts.Link(one, two), charts.Link(two, three), charts.Link(three, one)])
    assert [node.anchor for node in ring.nodes] == ["end", "middle", "start"]
    assert len({node.x for node in ring.nodes}) == 3
    chain = charts.network(
        [charts.Link(one, two), charts.Link(two, three), charts.Link(one, three), charts.Link(four, three)]
    )
    assert {node.thing: node.anchor for node in chain.nodes} == {one: "end", four: "end", two: "start", three: "start"}
    assert charts.network([charts.Link(one, one)]) is None
    many = charts.network(charts.Link(one, Thing(f"y:{n}", "", "")) for n in range(200))
    assert (len(many.nodes), many.is_cut) == (charts.NODES, True)


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_answers_are_saved_as_files(client, form):
    response = client.get("/query", params={"question": "who-conducted", "format": form})
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    if form == "xlsx":
        rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.values)
        assert rows[0] == ("campaign_name", "unit_name", "region_name")
        assert len(rows) == 3
    else:
        assert "红塔区市场监督管理局" in response.text


# ---------------------------------------------------------------- figures


def test_figures(client):
    page = read(client, "/figures")
    for shown in ("检查商户", "12,000余", "立案", "−8.5%", "立案35起，同比下降8.5%"):
        assert shown in page.text
    assert "立案35起" not in read(client, "/figures", measure="商户").text


@pytest.mark.parametrize("rows", figures.DIMENSIONS)
@pytest.mark.parametrize("columns", ["", *figures.DIMENSIONS])
def test_every_layout_of_figures(client, rows, columns):
    page = read(client, "/figures", rows=rows, columns=columns)
    assert "12,000余" in page.text


def counted(measure: str, value: float, unit: str, of: str = "甲行动", change: float | None = None) -> Counted:
    figure = Quantity(value, unit, "exact", "", measure, change)
    return Counted("x:m", figure, Thing("x:c", "Campaign", of), ("甲局",), Source("x:d", "d"))


@pytest.mark.parametrize(
    ("held", "total"),
    [
        ([counted("立案", 3, "起"), counted("立案", 4, "起")], 7),
        ([counted("立案", 3, "起"), counted("立案", 4, "件")], None),
        ([counted("立案", 3, "起"), counted("破案", 4, "起")], None),
        ([counted("占比", 3, "%"), counted("占比", 4, "%")], None),
        ([counted("立案", 3, "起")], None),
        ([], None),
    ],
)
def test_only_what_agrees_is_added(held, total):
    assert figures.cell(held).sum == total


def test_pivot():
    held = [counted("立案", 3, "起", "甲"), counted("立案", 4, "起", "乙"), counted("检查", 9, "户", "甲")]
    table = figures.pivot(held, figures.Choice("measure", "of"), 1)
    assert table.columns == ("甲", "乙")
    name, cells, whole = table.rows[0]
    assert (name, [len(one.figures) for one in cells], whole.sum) == ("立案", [1, 1], 7)


def test_figures_are_saved(client):
    lines = list(csv.DictReader(io.StringIO(client.get("/figures?format=csv").content.decode("utf-8-sig"))))
    assert [(line["measure"], line["value"], line["change"]) for line in lines] == [
        ("检查商户", "12000", ""),
        ("立案", "35", "-8.5"),
    ]
    rows = list(openpyxl.load_workbook(io.BytesIO(client.get("/figures?format=xlsx").content)).active.values)
    assert rows[0] == figures.SAVED
    assert dict(zip(rows[0], rows[2], strict=True))["quote"] == "立案35起，同比下降8.5%"


# ---------------------------------------------------------------- hostile text


ATTACKED = (
    "/",
    "/search?q=",
    *(f"/search?q={quote(text)}" for text in HOSTILE),
    "/figures",
    "/figures?rows=of&columns=counter",
    "/query?question=metrics-of-campaign",
    "/query?question=evidence-of",
    "/query?question=persons-and-posts",
    *(f"/query?query={quote(text)}" for text in HOSTILE),
    *(f"/query?question={quote(text)}" for text in HOSTILE),
    "/query?question=who-conducted",
    "/query?question=persons-and-posts",
    "/query?query=" + quote("CONSTRUCT { ?a kg:conducted ?b } { ?a kg:conducted ?b }"),
    *(f"/{quote(text, safe='')}/{quote(text, safe='')}" for text in HOSTILE),
    *(
        f"/{kind}/{name}{number}"
        for kind, name in (("unit", "单位"), ("campaign", "行动"), ("metric", "数据"), ("person", "人"))
        for number in range(len(HOSTILE))
    ),
    *(f"/document/{quote(f'{text}/{number}.txt', safe='')}" for number, text in enumerate(HOSTILE)),
)


@pytest.mark.parametrize("address", ATTACKED)
def test_no_text_acts_on_a_page(attacked, address):
    response = attacked.get(address)
    assert response.headers["Content-Security-Policy"] == POLICY
    page = Text(response.text)
    assert page.tags.count("script") == 1
    assert page.tags.count("img") == 1  # the sign of the house
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in page.links)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", response.text)


def test_the_attacks_are_shown_as_they_are(attacked):
    assert "<img src=x onerror=alert(1)>" in read(attacked, "/unit/单位0").text
    assert "{{ 7 * 7 }}" in read(attacked, "/unit/单位6").text
    assert read(attacked, "/document/" + quote(f"{HOSTILE[0]}/0.txt", safe="")).text.count(HOSTILE[0]) > 3


@pytest.mark.parametrize(
    "address",
    ["/query?question=metrics-of-campaign&", "/figures?", "/sparql?query=" + quote("SELECT ?o { ?s ?p ?o }") + "&"],
)
def test_no_text_acts_in_a_file(attacked, address):
    saved = attacked.get(address + "format=csv")
    assert saved.status_code == 200
    assert "attachment" in saved.headers["Content-Disposition"]
    cells = [cell for row in csv.reader(io.StringIO(saved.content.decode("utf-8-sig"))) for cell in row]
    assert "'=HYPERLINK" in saved.text
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@")) or re.match(r"-(?![\d.]+$)", cell)]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", saved.text)
    book = openpyxl.load_workbook(io.BytesIO(attacked.get(address + "format=xlsx").content))
    assert {cell.data_type for row in book.active for cell in row} <= {"s", "n"}


def test_a_program_gets_the_text_as_it_is(attacked):
    response = attacked.get("/sparql", params={"query": "SELECT ?o { ?s ?p ?o }"}, headers={"Accept": "text/csv"})
    assert 'HYPERLINK(""http' in response.text
    assert "'=HYPERLINK" not in response.text


@pytest.mark.parametrize("form", ["turtle", "jsonld", "ntriples", "rdfxml"])
def test_descriptions_of_hostile_things_parse(attacked, form):
    names = {"turtle": "turtle", "jsonld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}
    for number in range(len(HOSTILE)):
        response = attacked.get(f"/unit/单位{number}?format={form}")
        labels = rdflib.Graph().parse(data=response.content, format=names[form]).objects(None, rdflib.SKOS.prefLabel)
        assert HOSTILE[number] in set(map(str, labels))


def test_a_link_to_a_script_is_not_made():
    assert html.address("javascript:alert(1)") == "/resource?iri=javascript%3Aalert%281%29"


# ---------------------------------------------------------------- parts


@given(
    st.text(alphabet="甲乙 \n丙a", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)
)
def test_pieces_are_the_text_and_know_their_facts(text, ends):
    spans = [(min(pair), max(pair)) for pair in ends]
    found = pieces(text, spans)
    assert "".join(piece.text for piece in found) == text
    for piece in found:
        for place in range(piece.start, piece.start + len(piece.text)):
            assert set(piece.facts) == {i for i, (start, end) in enumerate(spans) if start <= place < end}


@given(st.text(alphabet="甲乙 \n丙。a", max_size=30), st.tuples(*[st.integers(0, 30)] * 4))
def test_a_quote_stands_in_its_sentence_as_shown(text, places):
    first, start, end, last = sorted(min(place, len(text)) for place in places)
    before, after = quoted(text, Span(start, end), Span(first, last))
    assert 0 <= before <= after <= len(flow(text[first:last]))
    assert flow(text[start:end]).strip() in ("", flow(text[first:last])[before:after].strip())
