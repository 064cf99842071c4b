"""Private data is covered before anything reads a page, and nothing else is."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg import private, read
from kg.cli import EXPORT_FORMATS, FOLDER_FORMATS, TABLE_FORMATS, commands

ROOT = Path(__file__).parent.parent
MARKED = re.compile("⟦([^⟧]*)⟧")
SORTS = (
    "identity",
    "phone",
    "plate",
    "card",
    "account",
    "home",
    "name",
    "unseen",
    "fresh",
    "second",
    "third",
    "fourth",
)

PAGE = """鹿城日报
2024年5月16日

清源县公安局破获诈骗案

本报讯 清源县公安局开展“护秋”专项行动。犯罪嫌疑人钱立
国（男，35岁）持身份证110105194912310029行骗，留下的手机号码是139
47285516。局长赵铁山介绍，钱立国驾驶蒙B7K392面包车作案12起，
王女士报警后民警李建国将其抓获。群众可拨打96110举报。
"""
SECRETS = ("钱立国", "钱立", "110105194912310029", "13947285516", "139\n47285516", "蒙B7K392", "王女士")


@dataclass(frozen=True)
class Case:
    """A sentence and the places of what is private in it; `sort` is the part of tests/private.txt."""

    sort: str
    text: str
    places: frozenset[int]


@cache
def cases() -> list[Case]:
    found, sort = [], ""
    for line in (ROOT / "tests" / "private.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            sort = line.strip("# ").partition(":")[0]
            continue
        text, places = "", set()
        for part in re.split("(⟦[^⟧]*⟧)", line):
            if marked := MARKED.fullmatch(part):
                places |= {len(text) + i for i, c in enumerate(marked[1]) if not c.isspace()}
                part = marked[1]
            text += part
        found.append(Case(sort, text, frozenset(places)))
    return found


def covered(text: str) -> str:
    return private.cover(read.read(text.encode(), "a.txt")).document.text


def covered_places(text: str) -> frozenset[int]:
    return frozenset(i for i, c in enumerate(covered(text)) if c != text[i])


def measured() -> dict[str, tuple[int, int]]:
    """By part: sentences with everything private covered and nothing else, of how many; `traps` are those with nothing."""
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for case in cases():
        part = case.sort if case.places else "traps"
        every[part] += 1
        right[part] += covered_places(case.text) == case.places
    return {part: (right[part], every[part]) for part in (*SORTS, "traps")}


def characters() -> tuple[float, float]:
    """Recall and precision by character over all sentences."""
    pairs = [(case.places, covered_places(case.text)) for case in cases()]
    both = sum(len(meant & found) for meant, found in pairs)
    return both / sum(len(meant) for meant, _ in pairs), both / sum(len(found) for _, found in pairs)


def test_the_set_is_large_and_half_of_it_are_traps():
    assert len(cases()) >= 240
    assert 0.45 < sum(not case.places for case in cases()) / len(cases()) < 0.55


def test_the_docs_say_what_is_measured():
    docs = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    for part, (right, every) in measured().items():
        assert re.search(rf"^\| {part} \|.*\| {right} of {every} \|$", docs, re.M), (part, right, every)
    recall, precision = characters()
    assert f"recall {recall:.3f}, precision {precision:.3f}" in docs
    assert recall > 0.97
    assert precision > 0.99


# ---------------------------------------------------------------- a whole page


def test_a_page_is_covered_across_line_breaks_and_stays_as_long():
    page = read.read(PAGE.encode(), "a.txt")
    after = private.cover(page)
    text = after.document.text
    assert len(text) == len(PAGE)
    assert [i for i, c in enumerate(PAGE) if c.isspace()] == [i for i, c in enumerate(text) if c.isspace()]
    assert not [secret for secret in SECRETS if secret in text]
    assert "局长赵铁山" in text
    assert "民警李建国" in text
    assert "96110" in text
    assert "2024年5月16日" in text
    assert "＊女士报警" in text
    for article in after.articles:
        for sentence in article.sentences:
            letters = [text[offset] for offset in sentence.offsets]
            assert [c == "＊" for c in letters] == [c == "＊" for c in sentence.text]
    assert after.document.sha256 == page.document.sha256


def test_a_name_once_private_is_private_in_the_whole_page():
    text = covered("犯罪嫌疑人樊志刚被抓获。\n昨日，樊志刚的摩托车找到了。\n")
    assert "樊志刚" not in text


def test_who_has_a_public_post_is_named():
    text = covered("原县长樊志刚介绍了经过。\n被告人樊志刚当庭认罪。\n")
    assert text.count("樊志刚") == 2


def test_a_title_is_covered_too():
    page = private.cover(read.read("失主苗凤仙找回手机\n\n失主苗凤仙致电13947285516表示感谢。\n".encode(), "a.txt"))
    assert page.document.title == "失主＊＊＊找回手机"


def test_a_page_without_private_data_is_the_same_object():
    page = read.read("清源县公安局开展“护秋”专项行动，检查商户35家。\n".encode(), "a.txt")
    assert private.cover(page) is page


@given(st.lists(st.sampled_from([case.text for case in cases()]) | st.text(max_size=30), max_size=6))
@settings(max_examples=60, deadline=None)
def test_covering_keeps_places_and_has_nothing_more_to_do(texts):
    data = "\n".join(texts).encode("utf-8", "replace")
    try:
        page = read.read(data, "a.txt")
    except ValueError:
        return
    once = private.cover(page)
    before, after = page.document.text, once.document.text
    assert len(after) == len(before)
    assert all(now in (old, "＊") for old, now in zip(before, after, strict=True))
    for old, now in zip(page.articles, once.articles, strict=True):
        assert [s.offsets for s in old.sentences] == [s.offsets for s in now.sentences]


# ---------------------------------------------------------------- a build


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(PAGE, encoding="utf-8")
    return tmp_path


def built(place: Path, *options: str) -> Path:
    output = place / "out"
    result = CliRunner().invoke(commands, ["build", str(place / "in"), "--output", str(output), "--quiet", *options])
    assert result.exit_code == 0, result.output
    return output


def stored(output: Path) -> bytes:
    """All bytes of a build, and the notes unpacked."""
    found = b"".join(path.read_bytes() for path in sorted(output.rglob("*")) if path.is_file())
    with sqlite3.connect(output / ".build" / "notes.sqlite") as database:
        return found + b"".join(zlib.decompress(note) for (note,) in database.execute("SELECT note FROM note"))


def test_no_file_of_a_build_and_no_export_holds_private_data(place):
    output = built(place)
    held = stored(output)
    for number, form in enumerate((*EXPORT_FORMATS, *TABLE_FORMATS, *FOLDER_FORMATS)):
        to = place / f"export{number}"
        assert CliRunner().invoke(commands, ["export", "--graph", str(output), "--format", form, "--to", str(to)])
        held += b"".join(path.read_bytes() for path in (to.rglob("*") if to.is_dir() else [to]) if path.is_file())
    leaked = [secret for secret in SECRETS if secret.encode() in held or ascii(secret)[1:-1].encode() in held]
    assert leaked == []
    assert "赵铁山".encode() in held


def test_every_quote_is_the_stored_text_at_its_place(place):
    records = kg.open(built(place)).records()
    texts = {document.name: document.text for document in records.documents}
    held = [e for s in records.statements for e in s.evidence]
    assert held
    assert all(e.quote == texts[e.document][e.span.start : e.span.end] for e in held)


def test_keep_private_turns_it_off_and_on_again(place):
    kept = built(place, "--keep-private")
    assert "蒙B7K392".encode() in stored(kept)
    assert kg.open(kept).documents()[0].text == PAGE
    again = stored(built(place))
    fresh = (built(place, "--fresh") / "graph.ttl").read_bytes()
    assert "王女士".encode() not in fresh
    assert fresh in again
    assert "蒙B7K392".encode() not in again
    gone = kg.build(place / "in", place / "python", keep_private=True)
    assert "王女士" in gone.documents()[0].text
