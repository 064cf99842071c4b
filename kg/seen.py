"""What a sentence shows by itself, before anything is made out: bodies, campaigns, figures, persons, documents, awards, facilities."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace

from kg.mentions import (
    Named,
    awards,
    campaigns,
    facilities,
    lists,
    offices,
    people,
    policies,
    quantities,
    tables,
    times,
    units,
)
from kg.mentions.campaigns import Campaign
from kg.mentions.places import region_ends
from kg.mentions.quantities import Figure
from kg.mentions.units import Unit
from kg.model import Kind
from kg.read import Article, Sentence

CREDITED = re.compile(r"供稿|来源：")  # the body that writes of itself
DISTRIBUTED = re.compile(r"(?:主|抄|分|印)?[报送发]：")  # whom a report is sent to
CLOSED = re.compile(r"“[^“”，。！？；]{1,30}”|《[^《》]*(?:〈[^〈〉]*〉[^《》]*)*》")
LIST_LINE = re.compile(r"[^，。；]{2,20}[0-9][0-9.,]*[万亿]?余?[\u4e00-\u9fff%]{1,3}(?:[+＋\-－−][0-9.]+%| ?持平)?$")
FINDERS = (people.find, policies.find, awards.find, facilities.find)


@dataclass(frozen=True)
class Seen:
    """The mentions of one sentence. `units` are followed by `extra`: bodies whose head stands at the end of a list, places that act, and what posts name (市长).

    `year` says which years the article has brought the reader to.
    """

    sentence: Sentence
    units: tuple[Unit, ...]
    extra: tuple[Unit, ...]
    campaigns: tuple[Campaign, ...]
    figures: tuple[Figure, ...]
    others: tuple[Named, ...]
    year: times.Years


BULLET = re.compile("[■●▲◆★▶◎◇○•·]")


def is_row(seen: Seen) -> bool:
    """Whether a paragraph that begins with this sentence is a row of a list: ●某局：检查…; 某分局　31起."""
    text = seen.sentence.text
    first = next((unit for unit in seen.units[:1] if unit.start == 0), None)
    return bool(BULLET.match(text) or (first and text.startswith(("：", ":", "　", " "), first.end)))


def see(article: Article, date: str, known: deque[str]) -> list[Seen]:
    """The mentions of an article, sentence by sentence; `date` is that of the page (ISO 8601), empty where it has none.

    Persons named with a post are `known` from then on (the last of them), and seen again by the name alone.
    """
    year = times.Years(date[:4], date[:4])
    begun = False
    before = last = ""
    built: Named | None = None
    found = []
    columns = tables.figures(article.sentences)
    for i, sentence in enumerate(article.sentences):
        year = times.year_in(sentence.text, year)
        row = begun and not sentence.text.endswith("。") and bool(LIST_LINE.match(sentence.text))
        in_list = row and before == "heading"
        seen = _see(sentence, year, (sentence.kind == "body" or in_list) and i not in columns)
        if i in columns:
            seen = replace(seen, figures=tuple(_of_row(seen, columns[i])))
        persons = [named for named in seen.others if named.kind == Kind.PERSON]
        again = people.again(sentence.text, known, last, persons)
        again += facilities.again(sentence.text, built)
        built = next((named for named in reversed(seen.others) if named.kind == Kind.FACILITY), built)
        seen = replace(seen, others=(*seen.others, *again)) if again else seen
        known.extend(named.name for named in persons if named.name not in known)
        names = {named.name for named in (*persons, *again) if named.kind == Kind.PERSON}
        last = (names.pop() if len(names) == 1 else "") if names else last
        found.append(seen)
        begun, before = begun or sentence.kind == "body", "heading" if row else sentence.kind
    return found


def with_names(seen: Seen, known: frozenset[str]) -> Seen:
    """The same with the campaigns that the sentence calls only by the quoted name that the page knows: “护苗”中."""
    text = seen.sentence.text
    if "“" not in text or not known:
        return seen
    more = [
        Campaign(m.start(), m.end(), m[0], m[1], sure=False)
        for m in campaigns.QUOTED.finditer(text)
        if m[1] in known and AS_DRIVE.match(text, m.end())
    ]
    taken = [(c.start, c.end) for c in seen.campaigns] + [(u.start, u.end) for u in (*seen.units, *seen.extra)]
    taken += [(named.start, named.end) for named in seen.others]
    more = [c for c in more if not any(start < c.end and c.start < end for start, end in taken)]
    return replace(seen, campaigns=tuple(sorted((*seen.campaigns, *more), key=lambda c: c.start))) if more else seen


AS_DRIVE = re.compile(r"(?:中|期间|以来|开展|启动|共|累计|收官|正式|，)")


def _see(sentence: Sentence, year: times.Years, counts: bool) -> Seen:
    text = sentence.text
    if sentence.kind == "byline" or ("：" in text[:3] and DISTRIBUTED.match(text)):
        credited = units.find(text) if sentence.kind == "byline" and CREDITED.search(text) else []
        return Seen(sentence, tuple(u for u in credited if u.name.regions), (), (), (), (), year)
    closed = [m.span() for m in CLOSED.finditer(text)] if "“" in text or "《" in text else []
    bodies = _outside(units.find(text), closed)
    drives = campaigns.find(text, [(u.start, u.end) for u in bodies if u.name.sort != "all"])
    if drives and all(u.name.parent is None for u in bodies):  # 政法队伍|教育整顿 is one name
        bodies = [u for u in bodies if not any(c.start <= u.start and u.end <= c.end and not c.pointer for c in drives)]
    extra = list(lists.elided(text, bodies))
    if sentence.kind == "body":
        extra += _outside(units.places(text, bodies), closed)
    spans = [(u.start, u.end) for u in (*bodies, *extra)]
    figures: list[Figure] = []
    if counts:
        figures = quantities.find(text, closed, spans, [(c.start, c.end) for c in drives])
        figures = quantities.in_time(text, figures, year)
    others = [named for finder in FINDERS for named in finder(text, spans)]
    extra += offices.find(text, [named for named in others if named.kind == Kind.PERSON], (*bodies, *extra))
    return Seen(sentence, tuple(bodies), tuple(extra), tuple(drives), tuple(figures), tuple(others), year)


def _of_row(seen: Seen, figures: list[Figure]) -> list[Figure]:
    """The figures of a row of a table; one that begins with a body or a place counts for it, and not things of that name."""
    text = seen.sentence.text
    width = next((u.end for u in (*seen.units, *seen.extra) if u.start == 0), 0)
    width = width or next((end for end, start in region_ends(text).items() if start == 0), 0)
    if not width:
        return figures
    return [
        replace(f, quantity=replace(f.quantity, measure=f.quantity.measure.removeprefix(text[:width]))) for f in figures
    ]


def _outside(found: list[Unit], closed: list[tuple[int, int]]) -> list[Unit]:
    """The bodies that do not stand inside a quoted name or a title, the numbers of their parents put right."""
    if not closed:
        return found
    kept = [i for i, u in enumerate(found) if not any(a <= u.start and u.end <= b for a, b in closed)]
    if len(kept) == len(found):
        return found
    number = {old: new for new, old in enumerate(kept)}

    def numbered(unit: Unit) -> Unit:
        if unit.name.parent is None:
            return unit
        return replace(unit, name=replace(unit.name, parent=number.get(unit.name.parent)))

    return [numbered(found[i]) for i in kept]
