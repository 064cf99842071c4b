"""A build that lives: what is read again, what stays the same whatever happened before, and what a sudden end leaves."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg import (
    assemble,
    diff,
    folder,
    graph,
    inputs,
    ledger,
    loading,
    pipeline,
    review_decisions,
    sorting,
    store,
    workers,
)
from kg.errors import Problem
from kg.extract import extract
from kg.inputs import Failure, Fields, Text
from kg.ledger import Busy, Ledger
from kg.notes import Notes
from kg.read import Page, read

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
KILLS = int(os.environ.get("TONGBAO_KILLS", "20"))

# Sentences that share bodies and campaigns, some by short names that only one of them uses.
SAID = (
    "汉中市城市管理局开展“净街2号”专项行动，清理占道摊点320处。",
    "汉中市城管局开展“净街2号”行动，清理占道摊点1.1万处，同比下降6.5%。",
    "汉中市公安局汉台分局开展“净街2号”专项行动。该局局长周文斌介绍，行动中查处违法停车85起。",
    "南郑区市场监督管理局会同南郑区公安局开展“秤平”专项行动，检查摊位640个。",
    "南郑区市场监管局被评为全省计量先进集体。",
    "汉台分局联合汉中市城市管理局开展夜间巡查。",
)


def fail(failure: Failure) -> None:
    pytest.fail(str(failure))


def build(paths: Path | list[Path], output: Path, failed: inputs.Report = fail, **options: object) -> list[str]:
    """Builds, and returns the names of the documents."""
    given_paths = paths if isinstance(paths, list) else [paths]
    pipeline.build(pipeline.find(given_paths, failed), output, failed, **options)
    return [document.name for document in kg.open(output).documents()]


def state(output: Path) -> tuple[bytes, bytes, list[str]]:
    """What a build holds: the bytes of Turtle and page, and the quads and the graphs of the store."""
    opened = store.read(output)
    held = sorted(map(str, (*opened, *opened.named_graphs())))
    return (output / "graph.ttl").read_bytes(), (output / "graph.html").read_bytes(), held


def put(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


class Reader:
    """The fake of `samples`, which takes note of what it is given to read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, page: Page) -> Notes:
        self.read.append(page.document.name)
        return samples.read_page(page)


# ---------------------------------------------------------------- only what is new


def test_only_what_is_new_or_changed_is_read(tmp_path):
    pages, out, reader = tmp_path / "pages", tmp_path / "out", Reader()
    for name in "abc":
        put(pages / f"{name}.txt", f"{name}局")
    build(pages, out, read_page=reader)
    assert sorted(reader.read) == ["a.txt", "b.txt", "c.txt"]
    put(pages / "b.txt", "丁局")
    put(pages / "d.txt", "戊局")
    (pages / "c.txt").rename(pages / "e.txt")  # a name is no content
    reader.read.clear()
    assert build(pages, out, read_page=reader) == ["a.txt", "b.txt", "d.txt", "e.txt"]
    assert sorted(reader.read) == ["b.txt", "d.txt"]


def test_fresh_reads_all_again(tmp_path):
    page, reader = put(tmp_path / "a.txt", "甲局"), Reader()
    for fresh in (False, False, True):
        build(page, tmp_path / "out", read_page=reader, fresh=fresh)
    assert reader.read == ["a.txt", "a.txt"]


def test_other_rules_read_all_again(tmp_path, monkeypatch):
    page, reader = put(tmp_path / "a.txt", "甲局"), Reader()
    build(page, tmp_path / "out", read_page=reader)
    monkeypatch.setattr(pipeline, "rules_version", lambda: "other")
    build(page, tmp_path / "out", read_page=reader)
    assert reader.read == ["a.txt", "a.txt"]


def test_a_setting_of_the_build_needs_no_reading(tmp_path):
    page, reader = put(tmp_path / "a.txt", "甲局"), Reader()
    build(page, tmp_path / "out", read_page=reader)
    build(page, tmp_path / "out", read_page=reader, min_confidence=0.95)
    assert reader.read == ["a.txt"]
    assert kg.open(tmp_path / "out").statements() == ()


def test_the_rules_version_covers_all_that_reading_loads():
    code = (
        "import sys, kg.extract, kg.formats\nfrom pathlib import Path\nroot = Path(kg.__file__).parent\n"
        "print(*sorted({Path(m.__file__).relative_to(root).parts[0] for n, m in sys.modules.items()"
        " if n.startswith('kg')}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert {"read.py", "facts.py", "mentions"} <= loaded
    assert not loaded & ledger.NOT_RULES


def test_a_damaged_ledger_is_made_anew(tmp_path):
    page = put(tmp_path / "a.txt", "甲局")
    build(page, tmp_path / "out", read_page=samples.read_page)
    before = state(tmp_path / "out")
    (tmp_path / "out/.build/notes.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 9)
    build(page, tmp_path / "out", read_page=samples.read_page)
    assert state(tmp_path / "out") == before


@pytest.mark.parametrize("page", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_notes_come_back_as_they_were(page):
    from kg.extract import read_page

    notes = read_page(read(page.read_bytes(), page.name))
    back = ledger.unpack(ledger.pack(notes), page.name)
    assert back.document == notes.document
    assert (dict(back.names), back.entities, dict(back.evidence), back.dates) == (
        dict(notes.names),
        notes.entities,
        dict(notes.evidence),
        notes.dates,
    )
    assert notes.evidence


# ---------------------------------------------------------------- any history, the same bytes


def _step() -> st.SearchStrategy[tuple[str, str, str]]:
    name = st.sampled_from(["a.txt", "b.txt", "内/a.txt", "c.md"])
    text = st.lists(st.sampled_from(SAID), min_size=1, max_size=3, unique=True).map("\n".join)
    return st.tuples(st.sampled_from(["put", "put", "delete", "remove"]), name, text)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_step(), min_size=2, max_size=7))
def test_any_history_ends_in_the_bytes_of_a_fresh_build(steps):
    with tempfile.TemporaryDirectory() as temporary:
        pages, out = Path(temporary, "pages"), Path(temporary, "out")
        pages.mkdir()
        for how, name, text in steps:
            place = pages / name
            if how == "put":
                put(place, text)
                build(pages, out)
            elif place.exists() and len(list(pages.rglob("*.*"))) > 1:
                place.unlink()
                if how == "delete":
                    build(pages, out)
                else:
                    pipeline.remove([name], out)
        if any(pages.rglob("*.*")):
            build(pages, Path(temporary, "anew"))
            assert state(out) == state(Path(temporary, "anew"))


# Bodies, posts and regions whose names, dates and places depend on who else speaks of them.
TOLD = (
    *SAID,
    "2024年3月，略阳县公安局开展“春雷”专项行动，破获案件12起。局长周文斌参加。",
    "本报讯 略阳县位于汉中市西部。2024年5月，略阳县公安局城关派出所开展“春雷”专项行动，抓获3人。",
    "宝鸡市凤县人民法院获评全国先进法院。凤县法院与凤县检察院联合开展“秋收”行动。",
    "陕西省公安厅部署“春雷”专项行动，宝鸡市公安局、汉中市公安局参加，破案120起，抓获45人。",
    "汉中市公安局局长李国强说，2023年以来“净街2号”行动查处85起。",
    "安康市公安局局长李国强带队检查。",
    "县公安局开展“春雷”专项行动，破获案件12起。",  # of a county that the page does not name
    "今天天气很好，安康市人高兴。",
)
BY = {"by": "甲", "on": "2024-05-01"}
DECISIONS = (
    {"do": "reject", "document": "2.txt", "fact": ["Unit/汉台分局", "conducted", "Campaign/净街2号"], **BY},
    {"do": "reject", "document": "7.txt", "fact": ["Unit/略阳县公安局", "part_of", "Unit/汉中市公安局"], **BY},
    {
        "do": "add",
        "document": "11.txt",
        "fact": ["Unit/安康市公安局", "located_in", "Region/安康市"],
        "quote": "安康市",
        **BY,
    },
    {"do": "add", "document": "13.txt", "fact": ["Unit/某厅", "located_in", "Region/陕西省"], "quote": "安康市", **BY},
    {"do": "add", "document": "3.txt", "fact": ["Person/某人", "holds_role_at", "Unit/新局"], "quote": "南郑区", **BY},
)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_build_goes_on_from_it_is_that_of_its_documents(tmp_path, monkeypatch, seed):
    """Documents come, go and change, share a name or do so no longer, and people decide: never all is put together anew."""
    chance, out, gone_on = random.Random(seed), tmp_path / "out", gone_on_from(monkeypatch)
    monkeypatch.setattr(pipeline, "LOOSE", 1000)
    least = chance.choice([0.0, 0.0, 0.9])
    for step in range(6):
        pages = tmp_path / f"pages{step}"
        for number in chance.sample(range(len(TOLD)), chance.randint(1, len(TOLD))):
            name = chance.choice([f"{number}.txt", f"{number}.txt", f"{number}b.txt", "a.txt"])
            text = chance.choice([(TOLD[number],), (TOLD[number],), chance.sample(TOLD, 2)])
            put(pages / str(number) / name if name == "a.txt" else pages / name, "\n".join(text))
        decisions = review_decisions.parse(chance.sample(DECISIONS, chance.randint(0, 2)))
        unfit: tuple[list[Failure], list[Failure]] = ([], [])
        build(pages, out, unfit[0].append, decisions=decisions, min_confidence=least)
        build(pages, tmp_path / f"anew{step}", unfit[1].append, decisions=decisions, min_confidence=least)
        assert state(out) == state(tmp_path / f"anew{step}")
        assert unfit[0] == unfit[1]
        assert rows(out) == rows(tmp_path / f"anew{step}")
    assert gone_on == [False, False, *[True, False] * 5]


def test_a_region_that_a_person_added_stays_when_all_that_lies_in_it_has_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "LOOSE", 1000)
    pages = [put(tmp_path / f"{number}.txt", TOLD[number]) for number in (13, 4, 6)]
    decisions = review_decisions.parse(DECISIONS[3:4])
    build(pages, tmp_path / "out", decisions=decisions)
    build(pages[:1], tmp_path / "out", decisions=decisions)
    build(pages[:1], tmp_path / "anew", decisions=decisions)
    assert state(tmp_path / "out") == state(tmp_path / "anew")
    assert b"region:\xe9\x99\x95\xe8\xa5\xbf\xe7\x9c\x81 a kg:Region" in state(tmp_path / "out")[0]


def gone_on_from(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each time that all is put together, whether it goes on from a build."""
    gone_on: list[bool] = []
    put_together = pipeline.assemble

    def assembling(*given: Any) -> assemble.Content:
        gone_on.append(len(given) > 3 and given[3] is not None)
        return put_together(*given)

    monkeypatch.setattr(pipeline, "assemble", assembling)
    return gone_on


def rows(output: Path) -> list[list[bytes]]:
    """What stays with a build for the next one."""
    return [list(sorting.read(output / ".build/current" / name)) for name in (folder.ENTITIES, folder.FACTS)]


def test_what_a_build_goes_on_from_is_not_written_to(tmp_path, monkeypatch):
    pages = [put(tmp_path / f"{name}.txt", f"{name}局") for name in "甲乙丙丁戊"]
    build(pages[:4], tmp_path / "out", read_page=samples.read_page)
    before = (tmp_path / "out/.build/current").resolve()
    held = {path: path.read_bytes() for path in before.rglob("*.*") if path.is_file()}
    gone_on = gone_on_from(monkeypatch)
    build(pages[1:], tmp_path / "out", read_page=samples.read_page)
    assert gone_on == [True]
    assert {path: path.read_bytes() for path in held} == held
    now = (tmp_path / "out/.build/current").resolve()
    assert now != before


@pytest.mark.parametrize("name", ["graph.ttl", "entities.gz", "facts.gz", "documents.jsonl"])
@pytest.mark.parametrize("how", ["written to", "missing"])
def test_a_build_that_is_not_as_it_was_written_is_made_anew(tmp_path, monkeypatch, name, how):
    pages = [put(tmp_path / f"{name}.txt", f"{name}局") for name in "甲乙丙丁戊"]
    build(pages[:4], tmp_path / "out", read_page=samples.read_page)
    build(pages, tmp_path / "anew", read_page=samples.read_page)
    place = tmp_path / "out/.build/current" / name
    if how == "missing":
        place.unlink()
    else:
        time.sleep(0.01)
        place.write_bytes(place.read_bytes()[:100])
    gone_on = gone_on_from(monkeypatch)
    build(pages, tmp_path / "out", read_page=samples.read_page)
    assert gone_on == [False]
    assert state(tmp_path / "out") == state(tmp_path / "anew")


@pytest.mark.parametrize("name", ["store/*.sst", "graph.ttl", "entities.gz", "facts.gz"])
@pytest.mark.parametrize("bits", ["many", "one"])
def test_a_build_that_is_damaged_is_made_anew(tmp_path, monkeypatch, name, bits):
    pages = [put(tmp_path / f"{number}.txt", text) for number, text in enumerate(SAID)]
    build(pages[:4], tmp_path / "out")
    build(pages, tmp_path / "anew")
    for place in (tmp_path / "out/.build/current").glob(name):
        status = place.stat()
        data = bytearray(place.read_bytes())
        for at in range(20, len(data), 30) if bits == "many" else [len(data) // 2]:
            data[at] ^= 0x01
        place.write_bytes(data)
        os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
    gone_on, said = gone_on_from(monkeypatch), list[Failure]()
    build(pages, tmp_path / "out", said.append)
    assert gone_on == [True, False]
    assert [failure.reason.partition(" (")[0] for failure in said] == ["damaged, so that all was put together anew"]
    assert state(tmp_path / "out") == state(tmp_path / "anew")


def test_when_much_has_come_and_gone_all_is_put_together_anew(tmp_path):
    loose = []
    for count in (8, 9, 11, 12, 13, 16):
        for number in range(count):
            put(tmp_path / f"pages/{number}.txt", f"{number}局")
        build(tmp_path / "pages", tmp_path / "out", read_page=samples.read_page)
        loose.append(pipeline.Recipe.read(tmp_path / "out").loose)
    assert loose == [0, 1, 3, 4, 5, 0]  # 3 more would be 8 of the 13 there were


def test_a_name_that_only_a_withdrawn_document_uses_is_gone(tmp_path):
    pages = [put(tmp_path / "a.txt", SAID[0]), put(tmp_path / "b.txt", SAID[1])]
    build(pages, tmp_path / "out")
    assert "汉中市城管局" in names_of(tmp_path / "out")
    pipeline.remove(["b.txt"], tmp_path / "out")
    assert "汉中市城管局" not in names_of(tmp_path / "out")
    assert "汉中市城市管理局" in names_of(tmp_path / "out")


def names_of(output: Path) -> set[str]:
    return {name for entity in kg.open(output).entities() for name in (entity.name, *entity.names)}


def test_one_of_two_that_share_a_name_is_withdrawn(tmp_path):
    pages = [put(tmp_path / "1/a.txt", "甲局"), put(tmp_path / "2/a.txt", "乙局")]
    first, second = build(pages, tmp_path / "out", read_page=samples.read_page)
    pipeline.remove([first], tmp_path / "out")
    assert [document.name for document in kg.open(tmp_path / "out").documents()] == ["a.txt"]
    assert second.startswith("a-")


@pytest.mark.parametrize("name", ["/", ".", "a/", "甲"])
def test_rows_that_share_an_odd_id_are_told_apart(tmp_path, name):
    (tmp_path / "x.jsonl").write_bytes(lines({"text": "甲局", "id": name}, {"text": "乙局", "id": name}))
    assert len(set(build(tmp_path / "x.jsonl", tmp_path / "out", read_page=samples.read_page))) == 2


def test_one_of_two_copies_is_withdrawn(tmp_path):
    pages = [put(tmp_path / "a.txt", "甲局"), put(tmp_path / "b.txt", "甲局")]
    build(pages, tmp_path / "out", read_page=samples.read_page)
    pipeline.remove(["a.txt"], tmp_path / "out")
    assert [document.name for document in kg.open(tmp_path / "out").documents()] == ["b.txt"]


def test_a_withdrawn_text_is_nowhere_in_the_folder(tmp_path):
    secret = "".join(random.Random(5).sample("abcdefghijklmnopqrstuvwxyz0123456789", 30))
    pages = [put(tmp_path / "a.txt", "甲局"), put(tmp_path / "b.txt", f"乙局\n{secret}")]
    build(pages, tmp_path / "out", read_page=samples.read_page)
    held = [path for path in (tmp_path / "out/.build").rglob("*") if path.is_file()]
    assert any(secret.encode() in path.read_bytes() for path in held)
    packed = ledger.pack(samples.read_page(workers.load(Text("b.txt", pages[1].read_bytes()))))
    assert any(packed in path.read_bytes() for path in held)
    pipeline.remove(["b.txt"], tmp_path / "out")
    held = [path for path in (tmp_path / "out/.build").rglob("*") if path.is_file()]
    assert not any(secret.encode() in path.read_bytes() or packed in path.read_bytes() for path in held)


def test_a_build_that_was_not_read_from_documents_cannot_withdraw(tmp_path):
    pipeline.write(samples.extraction(), tmp_path)
    with pytest.raises(Problem, match="no document of this name"):
        pipeline.remove(["报道.txt"], tmp_path)
    store.write(tmp_path / "..", [])
    with pytest.raises(Problem, match="build it again"):
        pipeline.remove(["报道.txt"], tmp_path / "..")


# ---------------------------------------------------------------- worker processes


@pytest.fixture
def many(monkeypatch):
    """Worker processes even where there is little to read, and a page at a time."""
    monkeypatch.setattr(workers, "FEW", 0)
    monkeypatch.setattr(workers, "CHUNK_PAGES", 2)


def test_any_number_of_workers_gives_the_same_bytes(tmp_path, many):
    for number in (1, 2, 3):
        assert len(build(SEEDS, tmp_path / str(number), workers=number)) == 5
    assert state(tmp_path / "1") == state(tmp_path / "2") == state(tmp_path / "3")


def hostile(page: Page) -> Notes:
    """In place of `read_page`: fails, hangs or ends its process on pages that say so."""
    word = page.document.text
    if word == "raise":
        raise RecursionError("too deep")
    if word == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "leave":
        os._exit(3)
    if word == "hang":
        time.sleep(600)
    return samples.read_page(page)


def slowly(page: Page) -> Notes:
    time.sleep(600)
    return samples.read_page(page)


def test_hostile_pages_take_no_other_down(tmp_path, many):
    for name in ("raise", "kill", "leave"):
        put(tmp_path / f"pages/{name}.txt", name)
    for number in range(9):
        put(tmp_path / f"pages/{number}.txt", f"{number}局")
    failures: list[Failure] = []
    found = build(tmp_path / "pages", tmp_path / "out", failures.append, workers=2, read_page=hostile)
    assert found == [f"{number}.txt" for number in range(9)]
    assert failures == [
        Failure("kill.txt", "could not be read (the process was ended by signal 9)"),
        Failure("leave.txt", "could not be read (the process ended with status 3)"),
        Failure("raise.txt", "could not be read (RecursionError: too deep)"),
    ]


def test_a_page_that_takes_too_long_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "SECONDS", 1)
    pages = [put(tmp_path / "a.txt", "hang"), put(tmp_path / "b.txt", "乙局")]
    failures: list[Failure] = []
    assert build(pages, tmp_path / "out", failures.append, read_page=hostile) == ["b.txt"]
    assert failures == [Failure("a.txt", "could not be read (TooSlow: not done in 1 s)")]


def unfit(page: Page) -> Notes:
    return samples.read_page(page)


def test_a_worker_that_cannot_start_is_one_clear_line(tmp_path, many, monkeypatch):
    put(tmp_path / "a.txt", "甲局")
    monkeypatch.setattr(unfit, "__module__", "no_such_module")
    monkeypatch.setitem(sys.modules, "no_such_module", sys.modules[__name__])
    with pytest.raises(Problem, match="--workers 1"):
        build(tmp_path / "a.txt", tmp_path / "out", workers=2, read_page=unfit)


def running(parent: int | None = None) -> set[int]:
    """The processes that run (the dead that nobody has asked after do not), of this parent where one is given."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state_of, parent_of = (place / "stat").read_text().rpartition(")")[2].split()[:2]
            if state_of != "Z" and parent in (None, int(parent_of)):
                found.add(int(place.name))
    return found


SLOW_BUILD = """
import sys; sys.path[:0] = {path!r}
from pathlib import Path
from kg import cli, pipeline, workers
from samples import read_page
from test_living import slowly
if __name__ == "__main__":
    workers.FEW = 0
    pipeline._reader = lambda: slowly
    sys.argv = ["kg", "build", {pages!r}, "--output", {out!r}, "--workers", "2"]
    cli.main()
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
def test_ctrl_c_ends_all_processes_with_one_line(tmp_path):
    for number in range(80):
        put(tmp_path / f"pages/{number}.txt", f"{number}局")
    script = tmp_path / "slow.py"
    paths = [str(ROOT), str(ROOT / "tests")]
    script.write_text(SLOW_BUILD.format(path=paths, pages=str(tmp_path / "pages"), out=str(tmp_path / "out")))
    started = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while len(running(started.pid)) < 3 and time.monotonic() < deadline:  # two workers and the resource tracker
        time.sleep(0.1)
    time.sleep(1)
    below = running(started.pid)
    os.killpg(started.pid, signal.SIGINT)
    _, err = started.communicate(timeout=20)
    assert (started.returncode, err.decode().split("\n")[-2]) == (130, "kg: interrupted")
    assert "Traceback" not in err.decode()
    assert len(below) >= 2
    time.sleep(0.5)
    assert not set(below) & running()
    assert not (tmp_path / "out/graph.ttl").exists()


# ---------------------------------------------------------------- a sudden end, and two at once

CHANGING = """
import sys; sys.path[:0] = {path!r}
from pathlib import Path
from kg import loading, pipeline
from samples import read_page
loading.FEW, pipeline.LOOSE, pages, out = {few}, 1000, Path({pages!r}), Path({out!r})
def build(name):
    pipeline.build(pipeline.find([pages / name], print), out, print, read_page=read_page, fresh={fresh})
build("old")
print("ready", flush=True)
while True:
    build("new")
    build("old")
"""


@pytest.mark.parametrize(
    "few, fresh",
    [(loading.FEW, True), (0, True), (loading.FEW, False)],
    ids=["one process", "another for the store", "from the build before"],
)
def test_a_kill_at_any_moment_leaves_a_whole_build(tmp_path, few, fresh):
    for number in range(30):
        put(tmp_path / f"old/{number}.txt", f"{number}局")
        put(tmp_path / f"new/{number + 10}.txt", f"{number}站")
    whole = {}
    for name in ("old", "new"):
        build(tmp_path / name, tmp_path / f"whole-{name}", read_page=samples.read_page)
        whole[name] = state(tmp_path / f"whole-{name}")
    out, chance, seen = tmp_path / "out", random.Random(11), set()
    paths = [str(ROOT), str(ROOT / "tests")]
    code = CHANGING.format(path=paths, few=few, fresh=fresh, pages=str(tmp_path), out=str(out))
    for _ in range(KILLS // 2):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as started:
            assert started.stdout is not None
            assert started.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.6 if few and fresh else 1.2))
            started.kill()
        found = state(out)
        seen |= {name for name in whole if whole[name] == found}
        assert found in whole.values()
    assert seen == {"old", "new"}
    build(tmp_path / "new", out, read_page=samples.read_page)
    assert state(out) == whole["new"]
    build(tmp_path / "new", out, read_page=samples.read_page)
    builds = [path.name for path in (out / ".build").iterdir() if path.is_dir() and not path.is_symlink()]
    assert len(builds) == 2  # the one in use and the one before


@pytest.mark.parametrize("what", ["view", "store", "swap"])
def test_a_failure_while_writing_leaves_the_build_as_it_was(tmp_path, monkeypatch, what):
    page, out = put(tmp_path / "a.txt", "甲局"), tmp_path / "out"
    build(page, out, read_page=samples.read_page)
    before = state(out)
    put(page, "乙局")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    target = {"view": (assemble.view, "write"), "store": (assemble.store, "fresh"), "swap": (folder, "_settle")}[what]
    with monkeypatch.context() as patched:
        patched.setattr(*target, full)
        with pytest.raises(OSError, match="No space left"):
            build(page, out, read_page=samples.read_page)
    assert state(out) == before
    assert [path.name for path in (out / ".build").glob("[0-9]*")] == ["1"]
    build(page, out, read_page=samples.read_page)
    assert state(out) != before


def test_the_second_of_two_builds_at_once_fails(tmp_path):
    page, out = put(tmp_path / "a.txt", "甲局"), tmp_path / "out"
    build(page, out, read_page=samples.read_page)
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}]; sys.argv = ['kg', 'build', {str(page)!r}, '--output', "
        f"{str(out)!r}]\nfrom kg import cli; cli.main()"
    )
    with Ledger(folder.hidden(out)):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        with pytest.raises(Busy):
            pipeline.remove(["a.txt"], out)
    message = f"kg: {out}: another build is being written here; try again when it has ended\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


def test_a_reader_during_a_build_sees_one_whole_state(tmp_path):
    for name, word in (("old", "局"), ("new", "站")):
        for number in range(20):
            put(tmp_path / f"{name}/{number}.txt", f"{number}{word}")
    out = tmp_path / "out"
    build(tmp_path / "old", out, read_page=samples.read_page)
    before = kg.open(out)
    seen, stop, wrong = set(), threading.Event(), []

    def look() -> None:
        while not stop.is_set():
            try:
                labels = {row["name"][-1] for row in kg.open(out).query(UNITS)}
                seen.add("".join(sorted(labels)))
            except Exception as error:
                wrong.append(error)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for name in ("new", "old", "new"):
            build(tmp_path / name, out, read_page=samples.read_page)
    finally:
        stop.set()
        reader.join()
    assert not wrong
    assert seen and seen <= {"局", "站"}
    assert {row["name"][-1] for row in before.query(UNITS)} == {"局"}  # opened then, and still whole


UNITS = "SELECT ?name { ?unit a kg:Unit ; skos:prefLabel ?name }"


def test_parts_of_an_older_version_give_way(tmp_path):
    page, out = put(tmp_path / "a.txt", "甲局"), tmp_path / "out"
    out.mkdir()
    store.write(out, graph.quads(samples.extraction()))
    (out / "graph.ttl").write_text("old")
    build(page, out, read_page=samples.read_page)
    build(page, tmp_path / "anew", read_page=samples.read_page)
    assert state(out) == state(tmp_path / "anew")


# ---------------------------------------------------------------- inputs


def texts_of(path: Path, failures: list[Failure] | None = None, fields: Fields = Fields()) -> dict[str, str]:  # noqa: B008
    report = fail if failures is None else failures.append
    found: list[Text] = []
    for source in inputs.find([path], report):
        found += inputs.texts(source, fields, report, lambda _: None)
    return {text.name: text.data.decode() for text in found}


def zipped(path: Path, entries: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return path


def tarred(path: Path, entries: dict[str, str], mode: str) -> Path:
    with tarfile.open(path, mode) as archive:
        for name, text in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


ENTRIES = {"市/a.txt": "甲局", "b.md": "乙局", "picture.jpg": "…"}
INSIDE = {"x/市/a.txt": "甲局", "x/b.md": "乙局"}


def below(name: str) -> dict[str, str]:
    return {path.replace("x", name, 1): text for path, text in INSIDE.items()}


def test_texts_of_a_zip(tmp_path):
    assert texts_of(zipped(tmp_path / "x.zip", ENTRIES)) == below("x.zip")


@pytest.mark.parametrize(
    "end, mode", [("tar", "w"), ("tar.gz", "w:gz"), ("tgz", "w:gz"), ("tar.xz", "w:xz"), ("tar.bz2", "w:bz2")]
)
def test_texts_of_a_tar(tmp_path, end, mode):
    assert texts_of(tarred(tmp_path / f"x.{end}", ENTRIES, mode)) == below(f"x.{end}")


def test_archives_in_a_folder_and_by_a_pattern(tmp_path):
    zipped(tmp_path / "2024/x.zip", {"a.txt": "甲局"}) if (tmp_path / "2024").mkdir() is None else None
    put(tmp_path / "2025/b.txt", "乙局")
    assert texts_of(tmp_path) == {"2024/x.zip/a.txt": "甲局", "2025/b.txt": "乙局"}
    assert texts_of(tmp_path / "20*5" / "*.txt") == {"2025/b.txt": "乙局"}
    assert texts_of(tmp_path / "**" / "*.txt") == {"2025/b.txt": "乙局"}
    assert texts_of(tmp_path / "202?") == texts_of(tmp_path)


def test_a_pattern_that_meets_nothing(tmp_path):
    failures: list[Failure] = []
    assert texts_of(tmp_path / "*.txt", failures) == {}
    assert failures == [Failure(str(tmp_path / "*.txt"), "no file of this pattern")]


@pytest.mark.parametrize("inner", ["../../a.txt", "/etc/a.txt", "..\\..\\a.txt", "./市/../a.txt"])
def test_paths_in_an_archive_stay_below_its_name(tmp_path, inner):
    (name,) = texts_of(zipped(tmp_path / "x.zip", {inner: "甲局"}))
    assert name.startswith("x.zip/") and ".." not in name and "\\" not in name


def test_names_in_gbk(tmp_path):
    path = zipped(tmp_path / "x.zip", {"ABCD.txt": "甲局"})
    path.write_bytes(path.read_bytes().replace(b"ABCD.txt", "通报".encode("gb18030") + b".txt"))
    assert texts_of(path) == {"x.zip/通报.txt": "甲局"}


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz", "x.jsonl.gz"])
def test_a_bomb_is_left(tmp_path, monkeypatch, name):
    monkeypatch.setattr(inputs, "MAX_SMALL", 1000)
    bomb = "0" * 3_000_000
    path = tmp_path / name
    if name.endswith("zip"):
        zipped(path, {f"{n}.txt": bomb for n in range(3)})
    elif name.endswith("tar.gz"):
        tarred(path, {f"{n}.txt": bomb for n in range(3)}, "w:gz")
    else:
        path.write_bytes(gzip.compress(json.dumps({"text": bomb}).encode()))
    failures: list[Failure] = []
    assert texts_of(path, failures) == {}
    assert [failure.reason for failure in failures] == ["unpacks to more than 200 times its size: the rest is left"]


def test_a_text_that_is_too_large_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "MAX_TEXT", inputs.MEBIBYTE)
    zipped(tmp_path / "x.zip", {"a.txt": "0" * 2_000_000, "b.txt": "乙局"})
    put(tmp_path / "c.txt", "0" * 2_000_000)
    failures: list[Failure] = []
    assert texts_of(tmp_path, failures) == {"x.zip/b.txt": "乙局"}
    assert {failure.name for failure in failures} == {"x.zip/a.txt", "c.txt"}
    assert {failure.reason for failure in failures} == {"larger than 1 MiB: not a page"}


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.jsonl.gz", "x.parquet"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and no more", b"\x1f\x8b\x08\x00 and no more", b"\x00" * 2000])
def test_a_damaged_archive_is_one_line(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    failures: list[Failure] = []
    assert texts_of(tmp_path, failures) == {}
    if (name, data) != ("x.jsonl.gz", b""):
        assert [failure.name for failure in failures] == [name]


def test_a_tar_that_breaks_off_gives_what_came_before(tmp_path):
    path = tarred(tmp_path / "x.tar", {"a.txt": "甲局", "b.txt": "乙局"}, "w")
    path.write_bytes(path.read_bytes()[:1540])
    failures: list[Failure] = []
    assert texts_of(path, failures) == {"x.tar/a.txt": "甲局"}
    assert len(failures) == 1


# ---------------------------------------------------------------- JSON Lines

ROWS = [
    {
        "text": "甲局",
        "id": 7,
        "date": "2024年5月17日",
        "title": "通报",
        "source": "某某日报",
        "url": "https://a.example/7",
    },
    {"text": "乙局", "url": "https://a.example/8.pdf", "date": "2024-05-18T08:00:00"},
    {"text": "丙局"},
]


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_rows_are_documents(tmp_path, pack):
    path = tmp_path / ("x.jsonl" if pack is bytes else "x.jsonl.gz")
    path.write_bytes(pack(lines(*ROWS)))
    build(path, tmp_path / "out", read_page=samples.read_page)
    found = {d.name: (d.text, d.date, d.title, d.paper) for d in kg.open(tmp_path / "out").documents()}
    assert found == {
        "7": ("甲局", "2024-05-17", "通报", "某某日报"),
        "https://a.example/8.pdf": ("乙局", "2024-05-18", "乙局", ""),
        f"{path.name}/3": ("丙局", "", "丙局", ""),
    }


def parquet(path: Path, rows: list[dict[str, object]], **options: object) -> Path:
    table = pyarrow.Table.from_pylist(rows)
    pyarrow.parquet.write_table(table, path, **options)
    return path


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
def test_rows_of_parquet_are_documents(tmp_path, compression):
    rows = [{**row, "id": str(row["id"]) if "id" in row else None} for row in ROWS]
    rows[0]["date"] = datetime(2024, 5, 17, 8)
    for row in rows[1:]:
        row["date"] = None
    for row in rows:
        for name in ("title", "source", "url"):
            row.setdefault(name, None)
    path = parquet(tmp_path / "x.parquet", rows, compression=compression, row_group_size=2)
    build(path, tmp_path / "out", read_page=samples.read_page)
    found = {d.name: (d.text, d.date, d.title, d.paper) for d in kg.open(tmp_path / "out").documents()}
    assert found == {
        "7": ("甲局", "2024-05-17", "通报", "某某日报"),
        "https://a.example/8.pdf": ("乙局", "", "乙局", ""),
        "x.parquet/3": ("丙局", "", "丙局", ""),
    }


def test_columns_have_the_names_that_are_given(tmp_path):
    path = parquet(tmp_path / "x.parquet", [{"body": "甲局", "key": "k1", "text": 5}, {"body": None, "key": "k2"}])
    failures: list[Failure] = []
    assert texts_of(path, failures, Fields(text="body", id="key")) == {"k1": "甲局"}
    assert failures == [Failure("x.parquet/2", "no text in the field 'body'")]
    failures.clear()
    assert texts_of(path, failures, Fields(text="content")) == {}
    assert failures == [Failure("x.parquet", "no column 'content'")]


def test_parquet_is_not_held(tmp_path, monkeypatch):
    rows = [{"text": f"{number}" * 3000} for number in range(2000)]
    path = parquet(tmp_path / "x.parquet", rows, row_group_size=100, compression="none", use_dictionary=False)
    (source,) = inputs.find([path], fail)
    steps: list[int] = []
    before = pyarrow.total_allocated_bytes()
    most = 0
    for _ in inputs.texts(source, Fields(), fail, steps.append):
        most = max(most, pyarrow.total_allocated_bytes() - before)
    assert sum(steps) == path.stat().st_size > 5 * most > 0


def test_fields_have_the_names_that_are_given(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(lines({"body": "甲局", "key": "k1", "text": 5}))
    assert texts_of(path, fields=Fields(text="body", id="key")) == {"k1": "甲局"}


def test_the_date_of_a_row_is_part_of_what_it_says(tmp_path):
    path, reader = tmp_path / "x.jsonl", Reader()
    for date in ("2024-05-17", "2024-05-18"):
        path.write_bytes(lines({"text": "甲局", "id": "a", "date": date}))
        build(path, tmp_path / "out", read_page=reader)
    assert reader.read == ["a", "a"]
    assert [document.date for document in kg.open(tmp_path / "out").documents()] == ["2024-05-18"]


def test_rows_that_cannot_be_read_are_named_by_their_line(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"text": \n\n[1]\n{"text": 3}\n' + b"[" * 100_000 + b"\n" + lines({"text": "乙局\ud800"}))
    failures: list[Failure] = []
    assert texts_of(path, failures) == {"x.jsonl/6": "乙局?"}
    assert [failure.name for failure in failures] == [f"x.jsonl/{number}" for number in (1, 3, 4, 5)]
    assert failures[1].reason == failures[2].reason == "no text in the field 'text'"


def test_a_stream_is_not_held(tmp_path):
    path = tmp_path / "x.jsonl"
    row = lines({"text": "甲" * 10_000})
    with path.open("wb") as file:
        for _ in range(1000):
            file.write(row)
    import tracemalloc

    (source,) = inputs.find([path], fail)
    tracemalloc.start()
    count = sum(1 for _ in inputs.texts(source, Fields(), fail, lambda _: None))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1000
    assert peak < 2_000_000 < path.stat().st_size


def test_progress_comes_to_the_size_of_the_sources(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(lines(*ROWS))
    put(tmp_path / "a.txt", "丁局")
    tarred(tmp_path / "y.tar.gz", {"a.txt": "甲局"}, "w:gz")
    steps: list[int] = []
    build(tmp_path, tmp_path.parent / "out", read_page=samples.read_page, step=steps.append)
    assert sum(steps) == sum(map(inputs.size, inputs.find([tmp_path], fail)))


# ---------------------------------------------------------------- the difference in words


def test_no_difference():
    assert list(diff.differences(samples.extraction(), samples.extraction())) == [
        "documents: the same; entities: the same; facts: the same"
    ]


def test_differences_in_words(tmp_path):
    pages = [put(tmp_path / "a.txt", "甲局"), put(tmp_path / "b.txt", "乙局"), put(tmp_path / "c.txt", "甲局\n旧文")]
    build(pages, tmp_path / "1", read_page=samples.read_page)
    put(tmp_path / "c.txt", "乙局\n新文")
    build([*pages[1:], put(tmp_path / "d.txt", "丁局")], tmp_path / "2", read_page=samples.read_page)
    assert list(diff.compare(tmp_path / "1", tmp_path / "2")) == [
        "document withdrawn: a.txt (甲局)",
        "document changed: c.txt: its text, title 甲局 → 乙局",
        "document added: d.txt (丁局)",
        "entity added: 丁局 (单位 Unit)",
        "entity withdrawn: 甲局 (单位 Unit)",
        "fact added: 丁局 位于 located in 玉溪市, in d.txt",
        "fact changed: 乙局 位于 located in 玉溪市: also in c.txt",
        "fact withdrawn: 甲局 位于 located in 玉溪市, in a.txt, c.txt",
        "documents: 1 added, 1 withdrawn, 1 changed; entities: 1 added, 1 withdrawn; facts: 1 added, 1 withdrawn, 1 changed",
    ]


def test_names_that_come_and_go_are_told():
    old = extract([read("\n".join(SAID[:1]).encode(), "a.txt")])
    new = extract([read("\n".join(SAID[:2]).encode(), "a.txt")])
    assert any("also called 汉中市城管局" in line for line in diff.differences(old, new))
    assert any("no longer called 汉中市城管局" in line for line in diff.differences(new, old))
