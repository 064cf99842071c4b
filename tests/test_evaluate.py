"""`kg evaluate`: what counts as found, wrong and missed, the sort of each error, the page and the command."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg import cli, evaluate_report, gold
from kg.compare import Compared, Finding, Outcome, Tag, bare_campaign, compare, fold
from kg.errors import Problem
from kg.evaluate import Evaluation, evaluate, figures
from kg.model import Entity, Evidence, Extraction, Kind, Quantity, Span, Statement
from kg.read import read

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parent
TEXT = (
    "衢江区公安局开展“清浪”专项行动，抓获嫌疑人12名，查处案件30起，同比下降8%。\n"
    "龙游县公安局在“清浪”行动中收缴船只5艘。\n"
)
NAMES = {
    "u1": ("Unit", ["衢江区公安局"]),
    "u2": ("Unit", ["龙游县公安局"]),
    "c1": ("Campaign", ["“清浪”专项行动"]),
    "r1": ("Region", ["衢江区", "衢江"]),
    "r2": ("Region", ["龙游县", "龙游"]),
}


def fact(subjects: str, relation: str, target: Any, evidence: str, status: str = "required") -> dict[str, Any]:
    objects = target if isinstance(target, dict) else [target]
    return {"s": subjects.split(), "p": relation, "o": objects, "status": status, "evidence": evidence}


def counted(measure: str, value: float, unit: str, **more: float) -> dict[str, Any]:
    return {"measure": measure.split(), "value": value, "unit": [unit], "qualifier": "exact", **more}


def annotation() -> dict[str, Any]:
    """What the text says."""
    entities = [{"id": i, "type": t, "names": names, "status": "required"} for i, (t, names) in NAMES.items()]
    facts = [
        fact("u1", "conducted", "c1", "衢江区公安局开展“清浪”专项行动"),
        fact("u2", "conducted", "c1", "龙游县公安局在“清浪”行动中", "optional"),
        fact("u1", "located_in", "r1", "衢江区公安局"),
        fact("u2", "located_in", "r2", "龙游县公安局"),
        fact("c1 u1", "has_metric", counted("抓获嫌疑人", 12, "名"), "抓获嫌疑人12名"),
        fact("c1 u1", "has_metric", counted("查处案件", 30, "起", change=-8), "查处案件30起，同比下降8%"),
        fact("c1 u2", "has_metric", counted("收缴船只", 5, "艘"), "收缴船只5艘"),
    ]
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    return {"document": "t.txt", "sha256": digest, "entities": entities, "facts": facts}


class Stated:
    """What a reader states of the text, to be spoilt by a test."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}
        self.statements: list[Statement] = []
        for name, code in (("衢江区", "330803"), ("龙游县", "330825")):
            self.entity(Kind.REGION, name, code=code)
        self.entity(Kind.CAMPAIGN, "“清浪”专项行动", "清浪")
        self.say(self.entity(Kind.UNIT, "衢江区公安局"), "located_in", "region/衢江区", "衢江区公安局", 0.97)
        self.say(self.entity(Kind.UNIT, "龙游县公安局"), "located_in", "region/龙游县", "龙游县公安局", 0.97)
        self.say("unit/衢江区公安局", "conducted", "campaign/清浪", "衢江区公安局开展“清浪”专项行动", 0.92)
        self.count("campaign/清浪", "抓获嫌疑人", 12, "名", "抓获嫌疑人12名")
        self.count("campaign/清浪", "查处案件", 30, "起", "查处案件30起")
        self.count("campaign/清浪", "收缴船只", 5, "艘", "收缴船只5艘")

    def entity(self, kind: Kind, name: str, *names: str, code: str = "") -> str:
        key = f"{kind.lower()}/{names[0] if names else name}"
        self.entities[key] = Entity(key, kind, name, names, code)
        return key

    def say(self, subject: str, relation: str, target: str, quote: str, confidence: float = 0.9) -> None:
        start = TEXT.index(quote)
        evidence = Evidence("t.txt", Span(start, start + len(quote)), quote, "rule", confidence, Span(0, len(TEXT)))
        self.statements.append(Statement(subject, relation, target, (evidence,)))

    def count(self, subject: str, measure: str, value: float, unit: str, quote: str) -> None:
        key = f"metric/{subject}-{measure}-{value}{unit}"
        self.entities[key] = Entity(key, Kind.METRIC, measure, quantity=Quantity(value, unit, measure=measure))
        self.say(subject, "has_metric", key, quote, 0.9)

    def drop(self, relation: str, index: int = 0) -> None:
        """Take back one statement of a relation."""
        at = [i for i, s in enumerate(self.statements) if s.predicate == relation][index]
        del self.statements[at]

    def rename(self, key: str, name: str, *names: str) -> None:
        self.entities[key] = replace(self.entities[key], name=name, names=names)


def load(data: dict[str, Any], folder: Path) -> gold.Gold:
    path = folder / "t.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return gold.load(path)


@pytest.fixture
def findings(tmp_path: Path) -> Callable[..., tuple[Finding, ...]]:
    def held(spoil: Callable[[Stated], object], data: dict[str, Any] | None = None) -> tuple[Finding, ...]:
        stated = Stated()
        spoil(stated)
        extraction = Extraction((), tuple(stated.entities.values()), tuple(stated.statements))
        page = read(TEXT.encode(), "t.txt")
        return compare(load(data or annotation(), tmp_path), page, extraction).findings

    return held


def wrong_and_missed(found: tuple[Finding, ...]) -> set[tuple[str, str, str]]:
    return {
        (str(f.outcome), f.kind, str(f.tag))
        for f in found
        if f.outcome in (Outcome.WRONG, Outcome.MISSED) and f.kind != "metric_value"
    }


# ---------------------------------------------------------------- counting


def test_all_is_found(findings):
    by_row = figures(findings(lambda stated: None))
    assert {row: (f.found, f.wrong, f.missed) for row, f in by_row.items()} == {
        "entity/Unit": (2, 0, 0),
        "entity/Campaign": (1, 0, 0),
        "entity/Region": (2, 0, 0),
        "fact/conducted": (1, 0, 0),
        "fact/located_in": (2, 0, 0),
        "fact/has_metric": (3, 0, 0),
        "fact/metric_value": (3, 0, 0),
        "core/all four": (6, 0, 0),
    }


def test_shares_are_those_of_the_counts(findings):
    def spoil(stated):
        stated.drop("has_metric", 2)
        stated.count("campaign/清浪", "抓获嫌疑人", 13, "名", "抓获嫌疑人12名")
        stated.count("campaign/清浪", "查处案件", 31, "起", "查处案件30起")

    metrics = figures(findings(spoil))["fact/has_metric"]
    assert (metrics.found, metrics.wrong, metrics.missed) == (2, 2, 1)
    assert (metrics.precision, metrics.recall, metrics.f1) == pytest.approx((1 / 2, 2 / 3, 4 / 7))


NEITHER_WAY = {
    "an optional fact": lambda s: s.say("unit/龙游县公安局", "conducted", "campaign/清浪", "龙游县公安局"),
    "a campaign by its bare name": lambda s: s.rename("campaign/清浪", "清浪集中整治行动"),
    "a name with other quotation marks": lambda s: s.rename("campaign/清浪", "「清浪」专项行动"),
    "another fair name of a region": lambda s: s.rename("region/衢江区", "衢江", "衢江区"),
    "a wider region": lambda s: (
        s.entity(Kind.REGION, "衢州市", code="330800"),
        s.say("unit/衢江区公安局", "located_in", "region/衢州市", "衢江区公安局"),
    ),
    "the same figure of another fair subject": lambda s: s.count(
        "unit/衢江区公安局", "抓获嫌疑人", 12, "名", "抓获嫌疑人12名"
    ),
    "a rise as a figure": lambda s: s.count("campaign/清浪", "案件变化", 8, "%", "下降8%"),
    "a longer wording": lambda s: (s.drop("has_metric"), s.count("campaign/清浪", "抓获嫌疑人员", 12, "名", "12名")),
    "a relation that annotations do not know": lambda s: s.say(
        "unit/衢江区公安局", "has_target", "metric/campaign/清浪-收缴船只-5艘", "收缴船只5艘"
    ),
}


@pytest.mark.parametrize("spoil", NEITHER_WAY.values(), ids=NEITHER_WAY)
def test_neither_wrong_nor_missed(findings, spoil):
    assert wrong_and_missed(findings(spoil)) == set()


def test_cooperation_has_no_direction(findings):
    data = annotation()
    data["facts"].append(fact("u1", "cooperated_with", "u2", "龙游县公安局"))
    stated = findings(
        lambda s: s.say("unit/龙游县公安局", "cooperated_with", "unit/衢江区公安局", "龙游县公安局"), data
    )
    assert figures(stated)["fact/cooperated_with"].found == 1


def test_the_second_parent_counts_neither_way(findings):
    data = annotation()
    data["entities"].append({"id": "u3", "type": "Unit", "names": ["衢州市公安局"], "status": "optional"})
    data["facts"] += [
        fact("u1", "part_of", "u2", "公安局", "optional"),
        fact("u2", "part_of", "u3", "公安局", "optional"),
    ]

    def spoil(stated):
        stated.entity(Kind.UNIT, "衢州市公安局")
        stated.say("unit/衢江区公安局", "part_of", "unit/衢州市公安局", "公安局")

    assert wrong_and_missed(findings(spoil, data)) == set()
    downwards = findings(lambda s: s.say("unit/龙游县公安局", "part_of", "unit/衢江区公安局", "公安局"), data)
    assert wrong_and_missed(downwards) == {("wrong", "part_of", "wrong object")}


# ---------------------------------------------------------------- the sort of each error


def _other_number(stated: Stated) -> None:
    stated.drop("has_metric")
    stated.count("campaign/清浪", "抓获嫌疑人", 21, "名", "抓获嫌疑人12名")


def _other_unit(stated: Stated) -> None:
    stated.drop("has_metric")
    stated.count("campaign/清浪", "抓获嫌疑人", 12, "起", "抓获嫌疑人12名")


def _other_measure(stated: Stated) -> None:
    stated.drop("has_metric")
    stated.count("campaign/清浪", "走访商户", 12, "名", "抓获嫌疑人12名")


def _figure_of_another(stated: Stated) -> None:
    stated.drop("has_metric")
    stated.count("unit/龙游县公安局", "抓获嫌疑人", 12, "名", "抓获嫌疑人12名")


def _conducted_by_another(stated: Stated) -> None:
    stated.drop("conducted")
    stated.say("region/衢江区", "conducted", "campaign/清浪", "衢江区公安局开展")


def _elsewhere(stated: Stated) -> None:
    stated.drop("located_in")
    stated.say("unit/衢江区公安局", "located_in", "region/龙游县", "衢江区公安局")


def _merged(stated: Stated) -> None:
    stated.drop("located_in", 1)
    del stated.entities["unit/龙游县公安局"]
    stated.rename("unit/衢江区公安局", "衢江区公安局", "龙游县公安局")
    stated.say("unit/衢江区公安局", "located_in", "region/龙游县", "龙游县公安局")


def _silent(stated: Stated) -> None:
    for relation in ("conducted", *3 * ["has_metric"]):
        stated.drop(relation)
    del stated.entities["campaign/清浪"]


ERRORS = [
    (
        {("wrong", "Unit", "boundary"), ("missed", "Unit", "boundary")}
        | {(o, r, "boundary") for o in ("wrong", "missed") for r in ("conducted", "located_in")},
        lambda s: s.rename("unit/衢江区公安局", "衢江区公安局开展"),
    ),
    (
        {("wrong", "Facility", "type"), ("missed", "Campaign", "type"), ("missed", "conducted", "type")}
        | {("wrong", "has_metric", "wrong subject"), ("missed", "has_metric", "wrong subject")}
        | {("wrong", "conducted", "type")},
        lambda s: s.entities.update(
            {"campaign/清浪": Entity("campaign/清浪", Kind.FACILITY, "“清浪”专项行动")},
        ),
    ),
    ({("wrong", "Unit", "split")}, lambda s: s.entity(Kind.UNIT, "衢江区分局", "衢江区公安局（衢江）", "衢江区公安局")),
    (
        {("missed", "Unit", "merged"), ("wrong", "located_in", "merged"), ("missed", "located_in", "merged")},
        _merged,
    ),
    ({("wrong", "has_metric", "wrong value"), ("missed", "has_metric", "wrong value")}, _other_number),
    ({("wrong", "has_metric", "wrong value"), ("missed", "has_metric", "wrong value")}, _other_unit),
    ({("wrong", "has_metric", "wrong measure"), ("missed", "has_metric", "wrong measure")}, _other_measure),
    ({("wrong", "has_metric", "wrong subject"), ("missed", "has_metric", "wrong subject")}, _figure_of_another),
    ({("wrong", "conducted", "wrong subject"), ("missed", "conducted", "wrong subject")}, _conducted_by_another),
    ({("wrong", "located_in", "wrong object"), ("missed", "located_in", "wrong object")}, _elsewhere),
    (
        {("wrong", "part_of", "type")},
        lambda s: s.say("unit/衢江区公安局", "part_of", "region/衢江区", "衢江区公安局"),
    ),
    (
        {("wrong", "part_of", "not a fact")},
        lambda s: s.say("unit/衢江区公安局", "part_of", "unit/龙游县公安局", "龙游县公安局"),
    ),
    ({("wrong", "Campaign", "not a fact")}, lambda s: s.entity(Kind.CAMPAIGN, "平安创建")),
    (
        {("missed", kind, "not found") for kind in ("Campaign", "conducted", "has_metric")},
        _silent,
    ),
]


@pytest.mark.parametrize(("expected", "spoil"), ERRORS, ids=[f"{min(e)[2]}-{n}" for n, (e, _) in enumerate(ERRORS)])
def test_each_error_has_its_sort(findings, expected, spoil):
    assert wrong_and_missed(findings(spoil)) == expected


def test_the_examples_cover_every_sort():
    assert {tag for expected, _ in ERRORS for _, _, tag in expected} == set(Tag) - {Tag.NONE}


def test_an_error_shows_its_sentence_and_place(findings):
    found = findings(_other_number)
    missed = next(f for f in found if f.row == "fact/has_metric" and f.outcome is Outcome.MISSED)
    assert missed.sentence == "衢江区公安局开展“清浪”专项行动，抓获嫌疑人12名，查处案件30起，同比下降8%。"
    assert [TEXT[s.start : s.end] for s in missed.spans] == ["抓获嫌疑人12名"]
    assert missed.text == "“清浪”专项行动 → 抓获嫌疑人 12名"


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("core", "name"),
    [("护江", "“护江”专项行动"), ("护江", "护江集中整治行动"), ("行动", "行动"), ("冬季大练兵", "冬季大练兵")],
)
def test_what_identifies_a_campaign(core, name):
    assert bare_campaign(name) == core


@pytest.mark.parametrize(
    "name", ["“护江2号”行动", "护江2号 行动", "《护江》２号行动", "护江·2号—行动", "「护江」2号行动"]
)
def test_one_name_in_many_forms(name):
    assert fold(name) == "护江2号行动"


# ---------------------------------------------------------------- confidence


def judged(*facts: tuple[float, bool]) -> Evaluation:
    found = (
        Finding("fact/conducted", Outcome.RIGHT if right else Outcome.WRONG, "", confidence=sure)
        for sure, right in facts
    )
    return Evaluation((Compared("t.txt", "", tuple(found)),))


def test_calibration_counts_each_fact_once():
    bins = judged((1.0, True), (0.95, True), (0.9, False), (0.94, True), (0.75, True), (0.2, False)).calibration()
    assert [(b.low, b.facts, b.right) for b in bins] == [(0.95, 2, 2), (0.9, 2, 1), (0.75, 1, 1), (0.0, 1, 0)]
    together = evaluate_report.sure(bins)
    assert (together.facts, together.right, together.share) == (4, 3, 0.75)


def test_only_stated_facts_are_calibrated(findings):
    found = Compared("t.txt", TEXT, findings(_other_number))
    stated = [f for f in found.findings if f.row.startswith("fact/") and f.outcome in (Outcome.RIGHT, Outcome.WRONG)]
    counted_once = [f for f in stated if f.kind != "metric_value"]
    assert sum(b.facts for b in Evaluation((found,)).calibration()) == len(counted_once) == 6


# ---------------------------------------------------------------- annotations that are not right


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("no document is named", lambda data: data.pop("document")),
        ("entities is not a list of objects", lambda data: data.update(entities={})),
        ("two entities share an id", lambda data: data["entities"].append(data["entities"][0])),
        ("entity 1: unknown type Metric", lambda data: data["entities"][0].update(type="Metric")),
        ("entity 2: names is not a list", lambda data: data["entities"][1].update(names=[])),
        ("entity 1: status 'sure' is neither", lambda data: data["entities"][0].update(status="sure")),
        ("fact 1: unknown relation owns", lambda data: data["facts"][0].update(p="owns")),
        ("fact 1: no entity has the id 'u9'", lambda data: data["facts"][0].update(s=["u9"])),
        ("fact 5: o is not an object", lambda data: data["facts"][4].update(o=["c1"])),
        ("fact 5: value '12' is not a number", lambda data: data["facts"][4]["o"].update(value="12")),
        ("fact 6: change 'down' is not a number", lambda data: data["facts"][5]["o"].update(change="down")),
    ],
)
def test_what_is_wrong_in_an_annotation_is_said(tmp_path, reason, spoil):
    data = annotation()
    spoil(data)
    with pytest.raises(ValueError, match=re.escape(reason)):
        load(data, tmp_path)


def test_an_annotation_that_is_no_json(tmp_path):
    (tmp_path / "t.json").write_bytes(b"{")
    with pytest.raises(ValueError, match="not JSON"):
        gold.load(tmp_path / "t.json")
    (tmp_path / "t.json").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="not UTF-8"):
        gold.load(tmp_path / "t.json")


# ---------------------------------------------------------------- the command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    load(annotation(), tmp_path)
    (tmp_path / "t.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli.commands, ["evaluate", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_the_command_prints_the_figures(folder):
    status, output = run(folder, folder)
    assert status == 0
    assert output.startswith("1 documents")
    assert "core    all four              1.000   1.000   1.000       6       0       0" in output


def test_the_command_lists_errors_with_their_sentences(folder):
    data = annotation()
    data["facts"].append(fact("u1", "cooperated_with", "u2", "龙游县公安局"))
    load(data, folder)
    status, output = run(folder, folder)
    assert status == 0
    assert output.splitlines()[:3] == [
        "t.txt",
        "  missed  cooperated_with  衢江区公安局 → 龙游县公安局  [not found]",
        "          龙游县公安局在“清浪”行动中收缴船只5艘。",
    ]
    assert "cooperated_with  衢江区公安局" not in run(folder, folder, "--quiet")[1]


def test_the_command_fails_under_a_floor(folder):
    data = annotation()
    data["facts"].append(fact("u2", "part_of", "u1", "龙游县公安局"))
    load(data, folder)
    assert run(folder, folder, "--quiet", "--fail-under", "0.92")[0] == 0  # 6 found, 1 missed: 12/13
    assert run(folder, folder, "--quiet", "--fail-under", "0.93")[0] == 1


def test_json_has_what_is_printed(folder):
    data = annotation()
    data["facts"].append(fact("u2", "part_of", "u1", "龙游县公安局"))
    load(data, folder)
    assert run(folder / "t.json", folder, "--json", folder / "out.json")[0] == 0
    written = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert written["documents"] == 1
    counts = {"found": 0, "wrong": 0, "missed": 1}
    assert written["figures"]["fact/part_of"] == {"precision": None, "recall": 0.0, "f1": 0.0, **counts}
    assert [(e["kind"], e["tag"], e["spans"]) for e in written["errors"]] == [("part_of", "not found", [[42, 48]])]
    assert sum(b["facts"] for b in written["calibration"]) >= 6


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("its SHA-256 differs", lambda folder: (folder / "t.txt").write_text(TEXT + "。", encoding="utf-8")),
        ("No such file or directory", lambda folder: (folder / "t.txt").unlink()),
        ("not JSON", lambda folder: (folder / "t.json").write_text("{", encoding="utf-8")),
        ("no .json file in this folder", lambda folder: (folder / "t.json").unlink()),
    ],
)
def test_what_cannot_be_compared_is_reported(folder, reason, spoil):
    spoil(folder)
    with pytest.raises(Problem, match=reason):
        evaluate(folder, folder)
    status, output = run(folder, folder)
    assert status == 2
    assert reason in output
    assert output.startswith("0 documents")


# ---------------------------------------------------------------- the page

HOSTILE = (
    '</mark></title><script>document.title="read"</script><img src="https://example.org/x" onerror="alert(1)">&\u202e'
)


@pytest.fixture
def hostile() -> str:
    """A page whose every text from outside is hostile."""
    found = tuple(
        Finding(row, outcome, HOSTILE, tag, (Span(2, 9), Span(5, 40)), HOSTILE, 0.9)
        for row, outcome, tag in (
            ("fact/conducted", Outcome.WRONG, Tag.SUBJECT),
            ("entity/Unit", Outcome.MISSED, Tag.MERGED),
            ("fact/located_in", Outcome.RIGHT, Tag.NONE),
        )
    )
    return evaluate_report.page(Evaluation((Compared(HOSTILE, HOSTILE, found),)))


def test_the_policy_allows_the_style_alone(hostile):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', hostile)
    style = re.search(r"<style>(.*?)</style>", hostile, re.S)
    assert policy and style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1].startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
    assert "unsafe" not in policy[1] and "script" not in policy[1]


def test_hostile_text_stays_text(hostile):
    assert "<script" not in hostile and "<img" not in hostile and "\u202e" not in hostile
    assert " style=" not in hostile
    assert hostile.count("&lt;script&gt;") >= 4


def test_marks_stand_at_their_places(findings):
    found = findings(_other_number)
    page = evaluate_report.page(Evaluation((Compared("t.txt", TEXT, found),)))
    printed = re.search(r'<div class="print" lang="zh">(.*?)</div>', page, re.S)
    assert printed
    marked = re.findall(r'<mark class="([^"]*)"[^>]*>([^<]*)</mark>', printed[1])
    assert ("missed wrong", "抓获嫌疑人12名") in marked
    assert ("right", "收缴船只5艘") in marked
    assert re.sub(r"<sup.*?</sup>|<[^>]*>", "", printed[1]).replace("&quot;", '"') == TEXT


def test_each_number_in_the_text_leads_to_a_note(findings):
    page = evaluate_report.page(Evaluation((Compared("t.txt", TEXT, findings(_silent)),)))
    links = re.findall(r'<a href="#([^"]+)"', page)
    assert len(links) > 10
    assert set(links) <= set(re.findall(r' id="([^"]+)"', page))


def test_nothing_leaves_the_page_and_nothing_runs(hostile, tmp_path):
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no browser at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    (tmp_path / "page.html").write_text(hostile, encoding="utf-8")
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto((tmp_path / "page.html").as_uri())
        assert page.title() == "通报 · 评测"
        assert page.locator("mark.wrong").first.is_visible()
        background = "element => getComputedStyle(element).backgroundColor"
        before = page.locator("mark.wrong").first.evaluate(background)
        page.locator("#show-wrong").uncheck()
        page.locator("#show-missed").uncheck()
        assert page.locator("mark.wrong").first.evaluate(background) != before
        browser.close()
    assert complaints == []
    assert asked == [(tmp_path / "page.html").as_uri()]


# ---------------------------------------------------------------- the reader on the corpus


def test_the_open_corpus_is_read_well():
    """A floor, not the figure: docs/accuracy.md has that."""
    evaluation = evaluate(ROOT / "corpus" / "open", ROOT / "corpus" / "open")
    core = evaluation.figures()["core/all four"]
    assert len(evaluation.documents) >= 120
    assert core.f1 >= 0.93 and core.precision >= 0.96
    assert evaluate_report.sure(evaluation.calibration()).share >= 0.95
