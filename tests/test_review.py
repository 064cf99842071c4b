"""What does not fit is found and quoted, and what people decide about it survives every new build."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, sync_playwright

import kg
from kg import graph, review, review_decisions, review_page
from kg.cli import commands
from kg.errors import Problem
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Review, Span, Statement

CHROMIUM = Path("/usr/bin/chromium")
CITY, DISTRICT, OTHER = "unit/甲市公安局", "unit/甲市公安局乙分局", "unit/丙县教育局"
CAMPAIGN = "campaign/护秋"
NAMES = {CITY: "甲市公安局", DISTRICT: "甲市公安局乙分局", OTHER: "丙县教育局", CAMPAIGN: "“护秋”专项行动"}


class Corpus:
    """Records put together statement by statement; each statement stands in a sentence of its own."""

    def __init__(self, **dates: str) -> None:
        self.texts: dict[str, str] = dict.fromkeys(dates, "")
        self.dates = dates
        self.entities: dict[str, Entity] = {}
        self.statements: list[Statement] = []

    def entity(self, key: str, **more: object) -> str:
        kind = next(kind for kind in Kind if kind.lower() == key.partition("/")[0])
        name = NAMES.get(key, key.partition("/")[2])
        self.entities.setdefault(key, Entity(key, kind, name, **more))
        return key

    def evidence(self, name: str, said: str, go_on: bool = False) -> Evidence:
        text = self.texts[name].removesuffix("。") + "，" if go_on else self.texts[name]
        start = len(text)
        begin = self.texts[name][:-1].rfind("。") + 1 if go_on else start
        self.texts[name] = f"{text}{said}。"
        return Evidence(name, Span(start, start + len(said)), said, "rule", 0.9, Span(begin, -1))

    def state(self, name: str, subject: str, relation: str, target: str, detail: str = "") -> None:
        said = f"{NAMES.get(subject, subject)}与{NAMES.get(target, target)}{detail}"
        ends = self.entity(subject), relation, self.entity(target)
        self.statements.append(Statement(*ends, (self.evidence(name, said),), detail))

    def figure(
        self, name: str, subject: str, value: float, measure: str = "查处案件", go_on: bool = False, **more: object
    ) -> str:
        quantity = Quantity(value, "起", measure=measure, **more)
        key = f"metric/{subject}-{measure}-{value:g}-{name}"
        self.entity(subject)
        self.entities[key] = Entity(key, Kind.METRIC, f"{measure} {value:g}起", quantity=quantity)
        said = f"{NAMES[subject]}{measure}{value:g}起"
        self.statements.append(Statement(subject, "has_metric", key, (self.evidence(name, said, go_on),)))
        return key

    def findings(self) -> list[review.Finding]:
        return review.findings(self.records())

    def records(self) -> Extraction:
        documents = [
            Document(name, text, "0" * 64, date=self.dates[name], title=name) for name, text in self.texts.items()
        ]
        return Extraction(tuple(documents), tuple(self.entities.values()), tuple(self.statements))


def kinds(corpus: Corpus) -> list[str]:
    return [finding.kind for finding in corpus.findings()]


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ((320, {}), (290, {}), True),
        ((320, {}), (350, {}), False),
        ((320, {"qualifier": "more_than"}), (325, {}), False),
        ((320, {"cumulative": False}), (290, {}), False),
        ((320, {"start": "2023-01", "end": "2023-12"}), (290, {}), False),
        ((1200000, {"as_stated": "120万"}), (1198000, {"as_stated": "119.8万"}), False),
    ],
)
def test_a_running_total_that_falls(first, second, found):
    corpus = Corpus(a="2024-05-16", b="2024-06-20")
    corpus.figure("a", CAMPAIGN, first[0], **{"cumulative": True} | first[1])
    corpus.figure("b", CAMPAIGN, second[0], **{"cumulative": True} | second[1])
    assert kinds(corpus) == (["falls"] if found else [])


@pytest.mark.parametrize(("whole", "part", "found"), [(56, 78, True), (78, 56, False), (56, 56, False)])
def test_a_part_above_its_whole(whole, part, found):
    corpus = Corpus(a="2024-05-16")
    corpus.figure("a", CITY, whole)
    corpus.figure("a", CITY, part, "盗窃案件", go_on=True, of_which=True)
    evidence = [s.evidence[0] for s in corpus.statements]
    sentence = Span(0, evidence[1].span.end)
    corpus.statements = [
        Statement(s.subject, s.predicate, s.object, (Evidence(e.document, e.span, e.quote, "r", 0.9, sentence),))
        for s, e in zip(corpus.statements, evidence, strict=True)
    ]
    assert kinds(corpus) == (["part"] if found else [])


@pytest.mark.parametrize(
    ("above", "below", "more", "found"),
    [
        (56, 78, {}, True),
        (78, 56, {}, False),
        (56, 78, {"period": "今年"}, False),
        (56, 78, {"start": "2024-01", "end": "2024-03"}, False),
    ],
)
def test_a_sub_unit_above_its_parent(above, below, more, found):
    corpus = Corpus(a="2024-05-16")
    corpus.state("a", DISTRICT, "part_of", CITY)
    corpus.figure("a", CITY, above)
    corpus.figure("a", DISTRICT, below, **more)
    assert kinds(corpus) == (["parent"] if found else [])


def test_a_sub_unit_two_levels_down():
    corpus = Corpus(a="2024-05-16")
    NAMES.setdefault("unit/丁派出所", "丁派出所")
    corpus.state("a", "unit/丁派出所", "part_of", DISTRICT)
    corpus.state("a", DISTRICT, "part_of", CITY)
    corpus.figure("a", CITY, 5)
    corpus.figure("a", "unit/丁派出所", 8)
    assert kinds(corpus) == ["parent"]


@pytest.mark.parametrize(
    ("days", "values", "more", "found"),
    [
        (("2024-05-16", "2024-05-17"), (35, 38), {}, True),
        (("2024-05-16", "2024-09-17"), (35, 38), {}, False),
        (("2024-05-16", "2024-09-17"), (35, 38), {"start": "2024-01", "end": "2024-03"}, True),
        (("2024-05-16", "2024-09-17"), (35, 38), {"start": "2024-01", "period": "年初以来"}, False),
        (("2024-05-16", "2024-05-17"), (35, 35), {}, False),
        (("2024-05-16", "2024-05-17"), (35, 30), {"qualifier": "about"}, False),
        (("", ""), (35, 38), {}, False),
    ],
)
def test_two_documents_with_two_numbers_for_one_thing(days, values, more, found):
    corpus = Corpus(a=days[0], b=days[1])
    for name, value in zip("ab", values, strict=True):
        corpus.figure(name, CITY, value, **more)
    findings = corpus.findings()
    assert [f.kind for f in findings] == (["differ"] if found else [])
    if found:
        assert {c.evidence.document for c in findings[0].cited} == {"a", "b"}
        assert all(c.evidence.quote in corpus.texts[c.evidence.document] for c in findings[0].cited)


def test_a_reprint_is_one_source():
    corpus = Corpus(a="2024-05-16", b="2024-05-18", c="2024-05-18")
    same = "全市各级部门连日来联合检查沿街商铺和仓库场所。执法人员对发现的问题当场提出整改意见。"
    for name in "abc":
        corpus.state(name, DISTRICT, "part_of", CITY)
    corpus.texts["a"] += same
    corpus.texts["b"] += same.replace("联合检查", "联合检\n查")
    corpus.texts["c"] += "另一篇文章说的是学校食堂的采购和验收制度。两者没有一句话相同。"
    findings = corpus.findings()
    assert [f.kind for f in findings] == ["reprint"]
    assert [c.evidence.document for c in findings[0].cited] == ["a", "b"]
    content = review.Content(corpus.records())
    assert content.sources(e for s in corpus.statements for e in s.evidence) == 2


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (("150200", "150203"), False),
        (("150203", "150204"), True),
        (("150000", "150203001"), False),
        (("", "150203"), False),
    ],
)
def test_a_unit_in_two_regions(codes, found):
    corpus = Corpus(a="2024-05-16", b="2024-05-17")
    for name, region, code in zip("ab", ("region/甲", "region/乙"), codes, strict=True):
        corpus.entity(region, code=code)
        corpus.state(name, CITY, "located_in", region)
    assert kinds(corpus) == (["regions"] if found else [])


@pytest.mark.parametrize(
    ("units", "days", "titles", "found"),
    [
        ((CITY, OTHER), ("2024-05-16", "2024-06-16"), ("局长", "局长"), True),
        ((CITY, OTHER), ("2024-05-16", "2025-06-16"), ("局长", "局长"), False),
        ((CITY, OTHER), ("2024-05-16", "2024-06-16"), ("原局长", "局长"), False),
        ((CITY, DISTRICT), ("2024-05-16", "2024-06-16"), ("副局长", "局长"), False),
        ((CITY, CITY), ("2024-05-16", "2024-06-16"), ("党委书记", "局长"), False),
    ],
)
def test_a_person_in_two_posts_at_once(units, days, titles, found):
    corpus = Corpus(a=days[0], b=days[1])
    corpus.state("a", DISTRICT, "part_of", CITY)
    for name, unit, title in zip("ab", units, titles, strict=True):
        corpus.state(name, "person/高明远", "holds_role_at", unit, title)
    assert kinds(corpus) == (["posts"] if found else [])


@pytest.mark.parametrize(
    ("units", "codes", "persons", "found"),
    [
        (("甲县人民政府", "甲县公安局"), ("331123", "331123"), 1, False),  # 副县长、公安局局长
        (("丁市人民政府", "甲县公安局"), ("331100", "331123"), 1, False),
        (("甲县公安局", "乙县税务局"), ("331123", "331124"), 1, True),
        (("甲县公安局", "乙县公安局"), ("331123", "331124"), 2, True),
        (("甲县公安局", "乙县税务局"), ("331123", "331124"), 2, False),  # two of one name
        (("甲县公安局", "乙县公安局"), ("331123", "150302"), 2, False),
    ],
)
def test_posts_that_go_together(units, codes, persons, found):
    """Two persons of one name are two in the graph; of units of one sort in one city that is to be looked at."""
    corpus = Corpus(a="2024-05-16", b="2024-06-16")
    for name, unit, code, person in zip("ab", units, codes, (1, persons), strict=True):
        region = corpus.entity(f"region/{unit[:2]}", code=code)
        corpus.state(name, f"unit/{unit}", "located_in", region)
        key = f"person/高明远-{person}"
        corpus.entities[key] = Entity(key, Kind.PERSON, "高明远")
        corpus.state(name, key, "holds_role_at", f"unit/{unit}", "局长")
    assert kinds(corpus) == (["posts"] if found else [])


@pytest.mark.parametrize(
    ("end", "start", "day", "found"),
    [
        ("2024-03-31", "2024-04-01", "2024-05-16", True),
        ("2024-03", "2024-03-15", "2024-05-16", False),
        ("2024-03-31", "", "2024-05-16", False),
        ("2023-03-31", "", "2024-05-16", True),
        ("", "2024-04-01", "2024-05-16", False),
    ],
)
def test_a_campaign_after_its_end(end, start, day, found):
    corpus = Corpus(a=day)
    corpus.entity(CAMPAIGN, end=end)
    if start:
        corpus.figure("a", CAMPAIGN, 35, start=start)
    else:
        corpus.state("a", CITY, "conducted", CAMPAIGN)
    assert kinds(corpus) == (["ended"] if found else [])


def test_nothing_is_found_in_the_seed_pages(tmp_path):
    assert review.findings(kg.build("seeds", tmp_path).records()) == []


def test_ids_do_not_depend_on_the_order_of_records():
    corpus = Corpus(a="2024-05-16", b="2024-05-17")
    for name, value in (("a", 35), ("b", 38)):
        corpus.figure(name, CITY, value)
    records = corpus.records()
    turned = Extraction(records.documents[::-1], records.entities[::-1], records.statements[::-1])
    assert [f.id for f in review.findings(turned)] == [f.id for f in review.findings(records)]


# ---------------------------------------------------------------- decisions

FIRST = """鹿城日报
2024年5月16日

本报讯 截至5月15日，乌海市公安局开展“护秋”专项行动，累计抓获违法人员320名，查处案件56起，其中盗窃案件78起。
"""
SECOND = """鹿城日报
2024年6月20日

本报讯 截至6月19日，乌海市公安局开展“护秋”专项行动，累计抓获违法人员290名，走访商户61家。赤峰市公安局送来锦旗。
"""
PEOPLE = ["campaign/护秋", "has_metric", "metric/护秋-抓获违法人员-290名"]
BY = {"by": "核对员 甲/1", "on": "2024-07-01", "why": "原文为三百九十"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text(SECOND, encoding="utf-8")
    return tmp_path


def write(path: Path, *decisions: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in decisions), encoding="utf-8")
    return path


def built(place: Path, *decisions: dict[str, object]) -> kg.api.Graph:
    given = write(place / "decisions.jsonl", *decisions) if decisions else None
    return kg.build(place / "in", place / "out", decisions=given)


def facts(built_graph: kg.api.Graph) -> set[tuple[str, str, str]]:
    return {(s.subject, s.predicate, s.object) for s in built_graph.statements()}


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(commands, list(map(str, words)))
    return result.exit_code, result.output


def test_a_rejected_fact_is_gone_with_its_figure(place):
    before = facts(built(place))
    assert tuple(PEOPLE) in before
    after = built(place, {"do": "reject", "document": "b.txt", "fact": PEOPLE, **BY})
    assert before - facts(after) >= {tuple(PEOPLE)}
    assert PEOPLE[2] not in {entity.key for entity in after.entities()}
    assert facts(built(place)) == before


def test_a_corrected_figure_has_the_same_place_and_a_reviewer(place):
    after = built(place, {"do": "correct", "document": "b.txt", "fact": PEOPLE, "to": {"value": 390}, **BY})
    assert tuple(PEOPLE) not in facts(after)
    (statement,) = [s for s in after.statements() if s.object == "metric/护秋-抓获违法人员-390名"]
    (evidence,) = statement.evidence
    assert evidence.quote == "抓获违法人员290名"
    assert (evidence.rule, evidence.confidence) == ("review", 1.0)
    assert (evidence.review.by, evidence.review.on, evidence.review.why) == tuple(BY.values())
    quantity = next(e for e in after.entities() if e.key == statement.object).quantity
    assert (quantity.value, quantity.unit, quantity.cumulative) == (390, "名", True)
    rows = after.query(
        "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcterms: <http://purl.org/dc/terms/>"
        "PREFIX schema: <https://schema.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        "SELECT ?name ?on ?why { ?e prov:wasAttributedTo ?p ; dcterms:created ?on ; rdfs:comment ?why . "
        "?p a prov:Person ; schema:name ?name }"
    )
    assert [{**row, "on": str(row["on"])} for row in rows] == [
        {"name": "核对员 甲/1", "on": "2024-07-01", "why": "原文为三百九十"}
    ]


def test_what_was_missed_is_added_with_its_sentence(place):
    missed = {"do": "add", "document": "b.txt", "fact": ["Unit/乌海市公安局", "cooperated_with", "Unit/赤峰市公安局"]}
    after = built(place, {**missed, "quote": "赤峰市公安局送来锦旗", "by": "甲"})
    (statement,) = [s for s in after.statements() if s.predicate == "cooperated_with"]
    text = after.documents()[1].text
    (evidence,) = statement.evidence
    assert text[evidence.span.start : evidence.span.end] == evidence.quote == "赤峰市公安局送来锦旗"
    assert text[evidence.sentence.start : evidence.sentence.end] == "赤峰市公安局送来锦旗。"
    figure = {"measure": "走访商户", "value": 61, "unit": "家"}
    again = built(
        place,
        {
            "do": "add",
            "document": "b.txt",
            "fact": ["campaign/护秋", "has_metric", figure],
            "quote": "61家",
            "by": "甲",
        },
    )
    assert ("campaign/护秋", "has_metric", "metric/护秋-走访商户-61家") in facts(again)


def test_an_end_can_be_corrected(place):
    said = {"do": "correct", "document": "b.txt", "fact": PEOPLE, "to": {"subject": "Unit/乌海市公安局"}, "by": "甲"}
    found = facts(built(place, said))
    assert ("unit/乌海市公安局", "has_metric", PEOPLE[2]) in found
    assert tuple(PEOPLE) not in found


def test_decisions_survive_rebuilds_and_removals(place):
    out = place / "out"
    kg.build(place / "in", out)
    write(out / "decisions.jsonl", {"do": "correct", "document": "b.txt", "fact": PEOPLE, "to": {"value": 390}, **BY})
    assert run("build", place / "in", "--output", out, "--quiet") == (0, "")
    first = (out / "graph.ttl").read_bytes()
    assert b"390" in first
    assert run("build", place / "in", "--output", out, "--quiet", "--fresh") == (0, "")
    assert (out / "graph.ttl").read_bytes() == first
    assert run("remove", "a.txt", "--graph", out, "--quiet") == (0, "")
    assert "metric/护秋-抓获违法人员-390名" in {e.key for e in kg.open(out).entities()}


def test_a_decision_that_fits_no_more_is_one_line_and_the_rest_is_built(place):
    given = write(
        place / "d.jsonl",
        {"do": "reject", "document": "b.txt", "fact": [PEOPLE[0], PEOPLE[1], "metric/没有"], "by": "甲"},
        {"do": "add", "document": "b.txt", "fact": ["Unit/甲", "part_of", "Unit/乙"], "quote": "没有这句", "by": "甲"},
        {"do": "add", "document": "a.txt", "fact": ["Unit/甲", "part_of", "Region/乙"], "quote": "乌海", "by": "甲"},
        {"do": "reject", "document": "gone.txt", "fact": PEOPLE, "by": "甲"},
        {"do": "correct", "document": "b.txt", "fact": PEOPLE, "to": {"object": "Region/乙"}, "by": "甲"},
        {"do": "reject", "document": "b.txt", "fact": PEOPLE, "by": "甲"},
    )
    status, output = run("build", place / "in", "--output", place / "out", "--quiet", "--decisions", given)
    assert status == 2
    assert sorted(output.splitlines()) == [
        "kg: decision 1 on b.txt: the document does not say so (any more)",
        "kg: decision 2 on b.txt: the quote is not in the document",
        "kg: decision 3 on a.txt: part_of does not lead from Unit to Region",
        "kg: decision 5 on b.txt: has_metric does not lead from Campaign to Region",
    ]
    assert tuple(PEOPLE) not in facts(kg.open(place / "out"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1"),
        ("[]", "no decision"),
        ('{"do": "burn", "by": "甲"}', "no decision"),
        (r'{"do": "accept", "finding": "x", "by": "\ud800"}', "half a character"),
        ('{"do": "accept", "by": "甲"}', "'finding' is missing"),
        ('{"do": "accept", "finding": "x"}', "'by' is missing"),
        ('{"do": "reject", "by": "甲", "document": "a.txt", "fact": ["unit/甲"]}', "'fact' is no list"),
        (
            '{"do": "reject", "by": "甲", "document": "a.txt", "fact": ["unit/甲", "likes", "unit/乙"]}',
            "unknown relation",
        ),
        ('{"do": "reject", "by": "甲", "document": "a.txt", "fact": ["甲", "part_of", "unit/乙"]}', "class/name"),
        (
            '{"do": "reject", "by": 7, "document": "a.txt", "fact": ["unit/甲", "part_of", "unit/乙"]}',
            "'by' is no text",
        ),
        (
            '{"do": "add", "by": "甲", "document": "a", "quote": "q", "fact": ["unit/甲", "has_metric", {"value": "7"}]}',
            "no number",
        ),
        (
            '{"do": "add", "by": "甲", "document": "a", "quote": "q", "fact": ["unit/甲", "has_metric", {"values": 7}]}',
            "a figure has no values",
        ),
        (
            '{"do": "add", "by": "甲", "document": "a", "quote": "q", "fact": [{"value": 1}, "part_of", "unit/乙"]}',
            "measure",
        ),
        ("[" * 100_000, "line 1"),
    ],
)
def test_a_file_that_is_wrong_is_one_line(tmp_path, line, message):
    path = tmp_path / "d.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(Problem, match=message) as caught:
        review_decisions.read(path)
    assert "\n" not in str(caught.value)[:200]


def test_what_is_accepted_is_not_listed_again(place):
    built(place)
    status, output = run("review", "--graph", place / "out")
    assert status == 1
    assert "累计数下降" in output
    assert "部分大于整体" in output
    ids = [line.split()[0] for line in output.splitlines()[2:] if not line.startswith(" ")]
    write(place / "out" / "decisions.jsonl", *({"do": "accept", "finding": i, "by": "甲"} for i in ids))
    assert run("review", "--graph", place / "out") == (0, "nothing to review\n")


def test_reviews_go_to_rdf_and_back():
    corpus = Corpus(a="2024-05-16")
    corpus.state("a", DISTRICT, "part_of", CITY)
    records = corpus.records()
    (statement,) = records.statements

    for by in ("甲 乙/丙", "a%20b", "<x>", "tongbao"):
        evidence = replace(statement.evidence[0], sentence=Span(0, 5), review=Review(by, "2024-07-01", "依据“原文”"))
        held = replace(records, statements=(replace(statement, evidence=(evidence,)),))
        again = graph.records(graph.quads(held))
        assert again.statements == held.statements
        turtle = graph.turtle(graph.quads(held))
        assert list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))


# ---------------------------------------------------------------- the page


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing")
        pytest.skip("chromium is missing")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True, viewport={"width": 390, "height": 800})
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.problems = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on("console", lambda message: opened.problems.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()


def test_the_page_makes_decisions_that_the_build_applies(place, page):
    built(place)
    html = place / "review.html"
    assert run("review", "--graph", place / "out", "--page", html)[0] == 1
    page.goto(html.as_uri())
    falls = page.locator("article", has_text="累计数下降")
    part = page.locator("article", has_text="部分大于整体")
    part.get_by_role("button", name="属实").click()
    assert page.locator("#count").inner_text() == "0"  # nobody has said who decides
    page.get_by_label("核对人").fill("甲")
    part.get_by_role("button", name="属实").click()
    wrong = falls.locator(".cited", has_text="b.txt")
    wrong.get_by_role("button", name="改正").click()
    wrong.locator("input[name=value]").fill("390")
    wrong.get_by_role("button", name="记下").click()
    form = page.locator("#missing")
    form.locator("[name=document]").select_option("b.txt")
    form.locator("[name=quote]").fill("赤峰市公安局送来锦旗")
    form.locator("[name=subject]").fill("Unit/乌海市公安局")
    form.locator("[name=relation]").select_option("cooperated_with")
    form.locator("[name=object]").fill("Unit/赤峰市公安局")
    form.get_by_role("button", name="记下").click()
    assert page.locator("#count").inner_text() == "3"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载").click()
    waiting.value.save_as(place / "out" / "decisions.jsonl")
    assert page.problems == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert run("build", place / "in", "--output", place / "out", "--quiet") == (0, "")
    after = facts(kg.open(place / "out"))
    assert ("unit/乌海市公安局", "cooperated_with", "unit/赤峰市公安局") in after
    assert ("campaign/护秋", "has_metric", "metric/护秋-抓获违法人员-390名") in after
    assert run("review", "--graph", place / "out") == (0, "nothing to review\n")
    assert run("review", "--graph", place / "out", "--page", html)[0] == 0
    page.goto(html.as_uri())
    assert page.locator("#decisions li").count() == 3
    page.locator("#decisions li").first.get_by_role("button").click()
    assert page.locator("#lines").input_value().count("\n") == 2


def test_nothing_that_a_name_or_a_quote_says_acts_on_the_page(tmp_path, page):
    evil = "</script><img src=x onerror=alert(1)>\u202e'\"&{{7*7}}${1}"
    corpus = Corpus(**{evil: "2024-05-16", "b": "2024-05-16"})
    NAMES.setdefault("unit/evil", evil)
    corpus.figure(evil, "unit/evil", 35, measure=evil)
    corpus.figure("b", "unit/evil", 38, measure=evil)
    records = corpus.records()
    found = review.findings(records)
    assert [f.kind for f in found] == ["differ"]
    decisions = review_decisions.parse([{"do": "accept", "finding": evil, "by": evil}])
    (tmp_path / "review.html").write_text(review_page.render(records, found, decisions), encoding="utf-8")
    page.goto((tmp_path / "review.html").as_uri())
    assert page.locator("img").count() == 0
    assert "onerror" in page.locator("article").inner_text()
    assert "\u202e" not in page.locator("body").inner_text()
    page.get_by_label("核对人").fill(evil)
    page.locator("article").get_by_role("button", name="不成立").first.click()
    said = json.loads(page.locator("#lines").input_value().splitlines()[-1])
    assert said["by"] == evil
    assert said["document"] == found[0].cited[0].evidence.document
    assert page.problems == []


def test_the_page_is_the_same_for_the_same_records(place):
    records = built(place).records()
    found = review.findings(records)
    assert review_page.render(records, found, []) == review_page.render(records, found, [])


def test_every_kind_of_finding_is_documented():
    docs = (Path(__file__).parent.parent / "docs" / "review.md").read_text(encoding="utf-8")
    for kind, (zh, _) in review.KINDS.items():
        assert f"| `{kind}` | {zh} |" in docs
