"""Notes put together in little memory: the same bytes as all at once, whatever is sorted where and in which order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from kg import assemble, graph, loading, pipeline, sorting, store, view
from kg.extract import read_page
from kg.model import Entity, Evidence, Extraction, Kind, Span
from kg.notes import Fact, Notes, merge
from kg.read import read
from kg.sorting import Lines

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def noted() -> dict[str, Notes]:
    """The notes of the seeds, by their documents' names."""
    return {path.name: read_page(read(path.read_bytes(), path.name)) for path in sorted(SEEDS.glob("*.txt"))}


def reader(noted: dict[str, Notes]) -> assemble.Read:
    def notes(names: Iterable[str] | None = None) -> Iterator[Notes]:
        return iter(noted.values() if names is None else [noted[name] for name in names])

    return notes


def parts(folder: Path) -> tuple[bytes, bytes, set[str]]:
    page = folder / "graph.html"
    return (folder / "graph.ttl").read_bytes(), page.read_bytes(), set(map(str, store.read(folder)))


def assembled(
    noted: dict[str, Notes], folder: Path, least: float = 0.0, begun: assemble.Begun | None = None
) -> assemble.Content:
    folder.mkdir()
    return assemble.assemble(reader(noted), folder, least, begun)


# ---------------------------------------------------------------- the same as all at once


@pytest.mark.parametrize("least", [0.0, 0.9])
@pytest.mark.parametrize("room", [sorting.ROOM, 5000])
def test_the_same_bytes_as_all_at_once(tmp_path, monkeypatch, noted, least, room):
    monkeypatch.setattr(Lines.__init__, "__defaults__", (tuple, room))
    monkeypatch.setattr(loading, "FEW", 1000)
    content = assembled(noted, tmp_path / "parts", least)
    whole = merge(noted.values())
    if least:
        whole = graph.supported(whole, lambda evidence: evidence.confidence >= least)
    pipeline.write(whole, tmp_path / "whole")
    assert parts(tmp_path / "parts") == parts(tmp_path / "whole")
    assert content.documents == len(whole.documents)
    assert content.entities == Counter(entity.kind for entity in whole.entities)
    assert content.facts == Counter(statement.predicate for statement in whole.statements)
    held = ["entities.gz", "facts.gz", "graph.html", "graph.ttl", "store"]
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == held


@pytest.mark.parametrize("least", [0.0, 0.9])
@pytest.mark.parametrize("sizes", [(1, 4), (2, 1, 2), (4, 1), (5, 0)])
def test_what_is_added_bit_by_bit_is_the_same_as_all_at_once(tmp_path, monkeypatch, noted, least, sizes):
    monkeypatch.setattr(Lines.__init__, "__defaults__", (tuple, 5000))
    whole = assembled(noted, tmp_path / "whole", least)
    names, place, content = list(noted), None, assemble.Content()
    for size in sizes:
        more, names = names[:size], names[size:]
        known = {name: noted[name] for name in noted if name not in names}
        begun = place and assemble.Begun(place, len(known) - len(more), (), more, content.turtle)
        place = tmp_path / f"{len(known)} {size}"
        content = assembled(known, place, least, begun)
    assert not names
    assert parts(place) == parts(tmp_path / "whole")
    assert content == whole
    for name in ("entities.gz", "facts.gz"):
        assert list(sorting.read(place / name)) == list(sorting.read(tmp_path / "whole" / name))


def test_the_order_of_documents_changes_nothing(tmp_path, noted):
    names = list(noted)
    for number in range(2):
        random.Random(number).shuffle(names)
        assembled({name: noted[name] for name in names}, tmp_path / str(number))
    assert parts(tmp_path / "0") == parts(tmp_path / "1")


# ---------------------------------------------------------------- what does not hold together


def note(name: str, *entities: Entity) -> Notes:
    notes = Notes(samples.document(next(iter(samples.TEXTS))))
    notes.document = notes.document.__class__(name, "甲局", "0")
    for entity in entities:
        notes.entity(entity)
    return notes


def test_two_entities_with_one_iri_are_refused(tmp_path):
    noted = {
        "a": note("a", Entity("unit/甲 局", Kind.UNIT, "甲 局")),
        "b": note("b", Entity("unit/甲-局", Kind.UNIT, "甲-局")),
    }
    with pytest.raises(ValueError, match=r"share an IRI: .*甲-局"):
        assembled(noted, tmp_path / "out")


def test_what_documents_say_stays_though_the_chain_of_regions_leads_elsewhere(tmp_path):
    """Of two regions with one code the chain above leads from the last: what a document says of the first stays said."""
    county, city = (
        Entity("region/略阳县", Kind.REGION, "略阳县", code="610727"),
        Entity("region/汉中市", Kind.REGION, "汉中市", code="610700"),
    )
    first, second = note("a", county, city), note("b", replace(county, key="region/陕西省略阳县", name="陕西省略阳县"))
    span = Span(0, 2)
    first.evidence[county.key, "located_in", city.key, ""][span] = Evidence("a", span, "甲局", "rule", 0.9, span)
    before = assembled({"a": first}, tmp_path / "begun")
    assembled(
        {"a": first, "b": second},
        tmp_path / "on",
        begun=assemble.Begun(tmp_path / "begun", 1, (), ("b",), before.turtle),
    )
    assembled({"a": first, "b": second}, tmp_path / "whole")
    assert parts(tmp_path / "on") == parts(tmp_path / "whole")
    assert (tmp_path / "on/graph.ttl").read_text().count("kg:located_in region:汉中市") == 2


@pytest.mark.parametrize(
    "fact, reason",
    [
        (("unit/甲局", "likes", "unit/甲局", ""), "unknown relation: likes"),
        (("unit/甲局", "part_of", "unit/乙局", ""), "unknown entity: unit/乙局"),
    ],
)
def test_facts_that_say_nothing_known_are_refused(tmp_path, fact, reason):
    noted = note("a", Entity("unit/甲局", Kind.UNIT, "甲局"))
    noted.evidence[fact][Span(0, 2)] = Evidence("a", Span(0, 2), "甲局", "rule", 0.9, Span(0, 2))
    with pytest.raises(ValueError, match=reason):
        assembled({"a": noted}, tmp_path / "out")


# ---------------------------------------------------------------- a page that would be too large


def page_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noted: dict[str, Notes], **limits: int
) -> view.Content:
    """What the page of these notes holds where it may hold no more than this."""
    for name, value in limits.items():
        monkeypatch.setattr(assemble, f"PAGE_{name.upper()}", value)
    shown: list[view.Content] = []

    def write(path: Path, content: view.Content) -> None:
        evidence = [(fact, list(pieces)) for fact, pieces in content.evidence]
        shown.append(replace(content, entities=list(content.entities), evidence=evidence))
        path.touch()

    monkeypatch.setattr(assemble.view, "write", write)
    assembled(noted, tmp_path / "out")
    return shown[0]


def by_evidence(whole: Extraction) -> list[Fact]:
    """The facts, those with most evidence first."""
    facts = ((-len(s.evidence), (s.subject, s.predicate, s.object, s.detail)) for s in whole.statements)
    return [fact for _, fact in sorted(facts)]


def test_a_large_page_shows_the_facts_with_most_evidence(tmp_path, monkeypatch, noted):
    whole = merge(noted.values())
    page = page_within(tmp_path, monkeypatch, noted, facts=7)
    most = by_evidence(whole)[:7]
    assert set(page.facts) == set(most)
    assert {fact: len(pieces) for fact, pieces in page.evidence} == page.facts
    assert {e.key for e in page.entities} == {key for fact in most for key in (fact[0], fact[2])}
    assert page.all == (len(whole.statements), sum(len(s.evidence) for s in whole.statements))


def test_a_page_of_many_nodes_keeps_to_those_spoken_of_most(tmp_path, monkeypatch, noted):
    page = page_within(tmp_path, monkeypatch, noted, nodes=20)
    best = by_evidence(merge(noted.values()))
    assert {e.key for e in page.entities} == {key for fact in page.facts for key in (fact[0], fact[2])}
    assert len(page.entities) == 20
    assert best[0] in page.facts
    assert set(page.facts) == {fact for fact in best if {fact[0], fact[2]} <= {e.key for e in page.entities}}


def test_of_much_evidence_a_page_shows_the_first_pieces(tmp_path, monkeypatch, noted):
    statements = merge(noted.values()).statements
    counts = [len(s.evidence) for s in statements]
    least = len(counts) + 10
    page = page_within(tmp_path, monkeypatch, noted, evidence=least)
    most = max(page.facts.values())
    assert sum(min(count, most) for count in counts) <= least < sum(min(count, most + 1) for count in counts)
    for fact, pieces in page.evidence:
        (one,) = (s for s in statements if (s.subject, s.predicate, s.object, s.detail) == fact)
        first = [(e.document, e.span.start, e.span.end) for e in one.evidence[:most]]
        assert [piece[:3] for piece in pieces] == first
    assert page.all == (len(counts), sum(counts))


def test_a_page_that_holds_all_says_nothing_of_a_part(tmp_path, monkeypatch, noted):
    page = page_within(tmp_path, monkeypatch, noted)
    whole = merge(noted.values())
    assert page.all is None
    assert len(page.facts) == len(whole.statements)
    assert len(page.entities) == len(whole.entities)


# ---------------------------------------------------------------- sorting


@given(lines=st.lists(st.binary(max_size=6).filter(lambda line: b"\n" not in line)), room=st.integers(1, 400))
def test_lines_are_sorted_and_told_once(tmp_path_factory, lines, room):
    folder = tmp_path_factory.mktemp("lines")
    first, second = (Lines(folder, "x", begun, room) for begun in (tuple, lambda: sorting.read(folder / "settled")))
    for line in lines[::2]:
        first.add(line)
    assert list(first) == list(first) == sorted(set(lines[::2]))
    first.settle(folder / "settled")
    assert list(first) == list(sorting.read(folder / "settled")) == sorted(set(lines[::2]))
    assert [path.name for path in folder.iterdir()] == ["settled"]
    for line in lines[1::2]:
        second.add(line)
    assert list(second) == sorted(set(lines))
    second.settle(folder / "all")
    assert list(sorting.read(folder / "all")) == sorted(set(lines))
    assert list(sorting.read(folder / "settled")) == sorted(set(lines[::2]))


def test_lines_by_their_heads():
    lines = [b"a\t1\t2", b"a\t3", b"b", b"c\t"]
    found = [(head, list(rests)) for head, rests in sorting.by_head(lines)]
    assert found == [(b"a", [b"1\t2", b"3"]), (b"b", [b""]), (b"c", [b""])]


def test_a_line_is_written_once_for_each_level(tmp_path, monkeypatch):
    written = Counter[int]()

    write = sorting._write

    def counted(place: Path, lines: Iterable[bytes]) -> None:
        write(place, (written.update([1]) or line for line in lines))

    monkeypatch.setattr(sorting, "_write", counted)
    monkeypatch.setattr(sorting, "PARTS", 4)
    count = 4**4 - 1
    found = Lines(tmp_path, "x", room=1)
    for number in range(count):
        found.add(f"{number:04}".encode())
    assert list(found) == [f"{number:04}".encode() for number in range(count)]
    assert count < written[1] < 4 * count
    assert len(list(tmp_path.iterdir())) == 3 * 4  # three of each level


def test_parts_are_merged_when_they_are_many(tmp_path, monkeypatch):
    monkeypatch.setattr(sorting, "PARTS", 3)
    found = Lines(tmp_path, "x", room=1)
    for number in range(20):
        found.add(b"%02d" % (number % 10))
    assert list(found) == [b"%02d" % number for number in range(10)]
    assert len(list(tmp_path.iterdir())) <= 2 * 3  # two of each level
