"""A small corpus of our own for the tests of graph, store, queries and command line, and the fake that reads pages."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess

import pytest

from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Span, Statement
from kg.notes import Notes
from kg.read import Page

BULLETIN = (
    "玉溪市市场监督管理局部署“清风3号”专项\n行动，全市检查商户1.2万余户。红塔区市场监督管理局在“清风3号”专项行动中立案35起，"
    "同比下降8.5%。局长高明远介绍，该局与红塔区商务局联合行动，并出台《诚信经营二十条》。"
)
REPORT = "“清风3号”专项行动中，红塔区市场监督管理局获评先锋集体。元江县公安局建成溯源实验室。"
TEXTS = {"市场/通报.txt": BULLETIN, "报道.txt": REPORT}

CITY, DISTRICT = "unit/玉溪市市场监督管理局", "unit/红塔区市场监督管理局"
TRADE, COUNTY = "unit/红塔区商务局", "unit/元江县公安局"
CAMPAIGN = "campaign/清风3号"
SHOPS, CASES = "metric/商户", "metric/立案"


def document(name: str) -> Document:
    text = TEXTS[name]
    head = {"paper": "某某日报", "date": "2024-05-17", "page": "03", "section": "要闻"} if text is BULLETIN else {}
    return Document(name, text, hashlib.sha256(text.encode()).hexdigest(), title=text[:6], **head)


def evidence(name: str, quote: str, confidence: float = 0.9, rule: str = "rule") -> Evidence:
    text = TEXTS[name]
    start = text.index(quote)
    sentence = Span(text.rfind("。", 0, start) + 1, text.index("。", start + len(quote) - 1) + 1)
    return Evidence(name, Span(start, start + len(quote)), quote, rule, confidence, sentence)


def extraction() -> Extraction:
    """What the two texts say, sorted as `graph.records` sorts."""
    bulletin, report = TEXTS
    entities = [
        Entity(CITY, Kind.UNIT, "玉溪市市场监督管理局", ("市市场监管局",)),
        Entity(DISTRICT, Kind.UNIT, "红塔区市场监督管理局", ("红塔区市场监管局", "该局")),
        Entity(TRADE, Kind.UNIT, "红塔区商务局"),
        Entity(COUNTY, Kind.UNIT, "元江县公安局"),
        Entity(CAMPAIGN, Kind.CAMPAIGN, "“清风3号”专项行动", ("清风3号",)),
        Entity("region/玉溪市", Kind.REGION, "玉溪市", ("玉溪",), code="530400"),
        Entity("region/红塔区", Kind.REGION, "红塔区", ("红塔",), code="530402"),
        Entity(
            SHOPS,
            Kind.METRIC,
            "检查商户1.2万余户",
            quantity=Quantity(12000, "户", "more_than", "1.2万余户", "检查商户"),
        ),
        Entity(CASES, Kind.METRIC, "立案35起", quantity=Quantity(35, "起", "exact", "35起", "立案", -8.5, "今年")),
        Entity("person/高明远", Kind.PERSON, "高明远"),
        Entity("award/先锋集体", Kind.AWARD, "先锋集体"),
        Entity("policy/诚信经营二十条", Kind.POLICY, "诚信经营二十条"),
        Entity("facility/溯源实验室", Kind.FACILITY, "溯源实验室"),
    ]
    statements = [
        Statement(CITY, "conducted", CAMPAIGN, (evidence(bulletin, "玉溪市市场监督管理局部署“清风3号”专项\n行动"),)),
        Statement(
            DISTRICT,
            "conducted",
            CAMPAIGN,
            (evidence(bulletin, "红塔区市场监督管理局在“清风3号”"), evidence(report, "“清风3号”专项行动中", 0.5)),
        ),
        Statement(CITY, "located_in", "region/玉溪市", (evidence(bulletin, "玉溪市"),)),
        Statement(DISTRICT, "located_in", "region/红塔区", (evidence(bulletin, "红塔区"),)),
        Statement(DISTRICT, "part_of", CITY, (evidence(bulletin, "全市"),)),
        Statement(CAMPAIGN, "has_metric", SHOPS, (evidence(bulletin, "检查商户1.2万余户"),)),
        Statement(DISTRICT, "has_metric", CASES, (evidence(bulletin, "立案35起，同比下降8.5%"),)),
        Statement("person/高明远", "holds_role_at", DISTRICT, (evidence(bulletin, "局长高明远"),), "局长"),
        Statement(DISTRICT, "cooperated_with", TRADE, (evidence(bulletin, "该局与红塔区商务局联合行动"),)),
        Statement(DISTRICT, "issued", "policy/诚信经营二十条", (evidence(bulletin, "出台《诚信经营二十条》"),)),
        Statement(DISTRICT, "received", "award/先锋集体", (evidence(report, "获评先锋集体"),)),
        Statement(COUNTY, "operates", "facility/溯源实验室", (evidence(report, "元江县公安局建成溯源实验室"),)),
    ]
    return Extraction(
        tuple(sorted(map(document, TEXTS), key=lambda d: d.name)),
        tuple(sorted(entities, key=lambda e: e.key)),
        tuple(sorted(statements, key=lambda s: (s.subject, s.predicate, s.object, s.detail))),
    )


def read_page(page: Page) -> Notes:
    """In place of `kg.extract.read_page`: a page names one unit, by the first line of its text."""
    notes, name = Notes(page.document), page.document.text.split("\n")[0]
    unit = notes.entity(Entity(f"unit/{name}", Kind.UNIT, name))
    region = notes.entity(Entity("region/玉溪市", Kind.REGION, "玉溪市", code="530400"))
    span = Span(0, len(name))
    notes.evidence[unit, "located_in", region, ""][span] = Evidence(page.document.name, span, name, "rule", 0.9, span)
    return notes


def rapper_count(turtle: bytes) -> int:
    """The number of triples that rapper reads; skips the test where it is missing, but not in CI."""
    if shutil.which("rapper") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("rapper (raptor2-utils) is missing")
        pytest.skip("rapper (raptor2-utils) is missing")
    command = ["rapper", "-q", "-i", "turtle", "-o", "ntriples", "-", "https://example.org/"]
    done = subprocess.run(command, input=turtle, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return len(done.stdout.splitlines())
