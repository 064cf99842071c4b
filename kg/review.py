"""What does not fit in a build: figures, places, posts and dates that contradict each other, each with its sentences.

A finding says that two things are not both so, not which is wrong: a page may have erred, its reader, or the world is that
way. `docs/review.md` says what each kind means.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from kg.analyse import table
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Statement
from kg.names import plain
from kg.read import flow

KINDS = {
    "falls": ("累计数下降", "a running total falls"),
    "part": ("部分大于整体", "a part is above its whole"),
    "parent": ("下级大于上级", "a sub-unit is above its parent"),
    "differ": ("两份文件数字不一", "two documents differ"),
    "reprint": ("同一文章转载", "a reprint of one article"),
    "regions": ("一单位在两地", "a unit in two regions"),
    "posts": ("一人同时两职", "a person in two posts"),
    "ended": ("行动已结束", "a campaign after its end"),
}
GRACE = timedelta(days=90)  # how long after its end a campaign is still reported on
AT_ONCE = timedelta(days=92)  # between two pages that give a person two posts
SAME = timedelta(days=3)  # between two pages on one event
SENTENCE = re.compile(r"[^。！？!?\n]{12,}")
COMMON = 20  # documents: a sentence that stands in more is a formula
REPRINT = 0.6  # the share of its sentences that a reprint has from the other
FORMER = re.compile("原|前|曾|代")


class Fact(NamedTuple):
    """A statement without its evidence."""

    subject: str
    predicate: str
    object: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """One of the things that do not fit: what it says in short, the fact, and where it stands."""

    says: str
    fact: Fact
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit; `kind` is a key of `KINDS`, `about` names the thing."""

    kind: str
    about: str
    cited: tuple[Cited, ...]

    @property
    def id(self) -> str:
        """The same in every build that finds the same: what is accepted stays so."""
        said = sorted((c.fact, c.evidence.document) for c in self.cited)
        return hashlib.sha256(repr((self.kind, self.about, said)).encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what it belongs to: `owner` is the campaign or unit, `units` those whose work it counts."""

    statement: Statement
    quantity: Quantity
    units: frozenset[str]
    day: str  # when it held: the end of its period, else the day of the page

    @property
    def thing(self) -> tuple[object, ...]:
        """What it counts: two figures with the same are of one thing."""
        q = self.quantity
        return self.statement.subject, self.units, plain(q.measure), q.unit, q.per

    @property
    def low(self) -> float:
        return bounds(self.quantity)[0]

    @property
    def high(self) -> float:
        return bounds(self.quantity)[1]


def bounds(quantity: Quantity) -> tuple[float, float]:
    """Between which values a figure lies: 2600余 is 2600 to 2700, 近30 is 20 to 30, 1.2万 is 11,500 to 12,500.

    >>> bounds(Quantity(2600, "人", "more_than"))
    (2600, 2700.0)
    """
    value = quantity.value
    step = _step(value)
    if quantity.qualifier == "exact":
        rounded = step / 2 if re.search("[万亿]", quantity.as_stated) else 0
        return value - rounded, value + rounded
    return {
        "more_than": (value, value + step),
        "at_least": (value, math.inf),
        "almost": (value - step, value),
    }.get(quantity.qualifier, (value * 0.9, value * 1.1))


def _step(value: float) -> float:
    """The worth of the last digit that is not zero."""
    if value == 0:
        return 1.0
    digits = f"{abs(value):.6f}".rstrip("0").rstrip(".")
    if "." in digits:
        return float(10.0 ** -len(digits.partition(".")[2]))
    return float(10.0 ** (len(digits) - len(digits.rstrip("0"))))


class Content:
    """A build, looked up in the ways that the checks need."""

    def __init__(self, extraction: Extraction) -> None:
        self.entities: dict[str, Entity] = {entity.key: entity for entity in extraction.entities}
        self.documents: dict[str, Document] = {document.name: document for document in extraction.documents}
        self.of: dict[str, list[Statement]] = defaultdict(list)
        for statement in extraction.statements:
            self.of[statement.predicate].append(statement)

    def name(self, key: str) -> str:
        return self.entities[key].name

    def day(self, evidence: Evidence) -> str:
        return self.documents[evidence.document].date

    @cached_property
    def figures(self) -> list[Figure]:
        at_work: dict[str, set[str]] = defaultdict(set)
        for statement in self.of["attributed_to"]:
            at_work[statement.subject].add(statement.object)
        found = []
        for statement in self.of["has_metric"]:
            if quantity := self.entities[statement.object].quantity:
                units = at_work[statement.object] or {statement.subject}
                day = quantity.end or max(map(self.day, statement.evidence))
                found.append(Figure(statement, quantity, frozenset(units), day))
        return found

    @cached_property
    def by_thing(self) -> list[list[Figure]]:
        """The figures of each thing of which there are several."""
        found: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
        for figure in self.figures:
            if figure.quantity.measure:
                found[figure.thing].append(figure)
        return [figures for figures in found.values() if len(figures) > 1]

    @cached_property
    def parents(self) -> dict[str, set[str]]:
        """All units above each unit."""
        direct: dict[str, set[str]] = defaultdict(set)
        for statement in self.of["part_of"]:
            direct[statement.subject].add(statement.object)
        found: dict[str, set[str]] = {}
        for key in list(direct):
            above: set[str] = set()
            waiting = [key]
            while waiting:
                new = direct.get(waiting.pop(), set()) - above
                above |= new
                waiting += new
            found[key] = above - {key}
        return found

    @cached_property
    def places(self) -> dict[str, Entity]:
        """The narrowest region of each unit."""
        found: dict[str, Entity] = {}
        for statement in self.of["located_in"]:
            region = self.entities[statement.object]
            if (
                _narrow(region.code) > _narrow(found.get(statement.subject, region).code)
                or statement.subject not in found
            ):
                found[statement.subject] = region
        return found

    def go_together(self, one: str, other: str) -> bool:
        """Whether somebody may well have posts at both units."""
        if one == other or other in self.parents.get(one, ()) or one in self.parents.get(other, ()):
            return True
        a, b = self.places.get(one), self.places.get(other)
        return a is not None and b is not None and _nested(a.code, b.code)

    def of_one_sort(self, one: str, other: str) -> bool:
        """Whether two units do the same in two regions of one city: 甲县公安局, 乙县公安局."""
        a, b = self.places.get(one), self.places.get(other)
        if a is None or b is None or len(a.code) < 6 or a.code[:4] != b.code[:4]:
            return False
        return self.name(one).replace(a.name, "") == self.name(other).replace(b.name, "")

    @cached_property
    def reprints(self) -> list[tuple[str, ...]]:
        """Documents that print one article, in groups, the earliest first."""
        held = {name: {flow(s) for s in SENTENCE.findall(flow_lines(d.text))} for name, d in self.documents.items()}
        where: dict[str, list[str]] = defaultdict(list)
        for name, sentences in held.items():
            for sentence in sentences:
                where[sentence].append(name)
        shared: dict[tuple[str, str], int] = defaultdict(int)
        for names in where.values():
            if 1 < len(names) <= COMMON:
                for pair in combinations(sorted(names), 2):
                    shared[pair] += 1
        group = {name: name for name in held}
        for (one, other), count in sorted(shared.items()):
            if count >= 2 and count >= REPRINT * min(len(held[one]), len(held[other])):
                old, new = group[other], group[one]
                group = {name: new if held_by == old else held_by for name, held_by in group.items()}
        groups: dict[str, list[str]] = defaultdict(list)
        for name, first in group.items():
            groups[first].append(name)
        ordered = (sorted(names, key=lambda n: (self.documents[n].date or "9", n)) for names in groups.values())
        return sorted(tuple(names) for names in ordered if len(names) > 1)

    @cached_property
    def source(self) -> dict[str, str]:
        """The source of each document: the first document that prints the same article, or itself."""
        return {name: name for name in self.documents} | {n: names[0] for names in self.reprints for n in names}

    def sources(self, evidence: Iterable[Evidence]) -> int:
        """How many sources say so, a reprint counted once."""
        return len({self.source[e.document] for e in evidence})


def flow_lines(text: str) -> str:
    """A page with its lines joined, blank lines kept: sentences are compared without their hard wraps."""
    return re.sub(r"(?<!\n)\r?\n(?!\r?\n)", "", text)


# ---------------------------------------------------------------- the checks


def falls(content: Content) -> Iterator[Finding]:
    """A running total is lower later in the same year."""
    for figures in content.by_thing:
        running = sorted((f for f in figures if f.quantity.cumulative and f.day), key=lambda f: (f.day, f.high))
        for before, after in combinations(running, 2):
            same_year = _overlap(before.quantity.start or before.day[:4], after.quantity.start or after.day[:4])
            if before.day < after.day and same_year and after.high < before.low:
                yield _of_figures("falls", content, before, after)
                break


def part(content: Content) -> Iterator[Finding]:
    """其中 gives more than the figure before it in the same sentence."""
    by_sentence: dict[tuple[object, ...], list[tuple[Evidence, Figure]]] = defaultdict(list)
    for figure in content.figures:
        for evidence in figure.statement.evidence:
            by_sentence[evidence.document, evidence.sentence].append((evidence, figure))
    for held in by_sentence.values():
        whole: tuple[Evidence, Figure] | None = None
        for evidence, figure in sorted(held, key=lambda h: (h[0].span, h[1].statement.object)):
            if not figure.quantity.of_which:
                whole = evidence, figure
            elif whole and whole[1].quantity.unit == figure.quantity.unit and figure.low > whole[1].high:
                cited = [_cite(content, f.statement, e) for e, f in (whole, (evidence, figure))]
                yield Finding("part", content.name(figure.statement.subject), tuple(cited))


def parent(content: Content) -> Iterator[Finding]:
    """A unit counts more than the unit above it, of the same measure in the same time."""
    of_unit: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in content.figures:
        for unit in figure.units if len(figure.units) == 1 else ():
            q = figure.quantity
            if q.measure and q.unit != "%":
                of_unit[unit, plain(q.measure), q.unit, q.per].append(figure)
    for (unit, *measure), figures in sorted(of_unit.items()):
        for above in sorted(content.parents.get(unit, ())):
            for below in figures:
                for over in of_unit.get((above, *measure), ()):
                    if below.low > over.high and _same_time(content, below, over):
                        yield _of_figures("parent", content, over, below)


def differ(content: Content) -> Iterator[Finding]:
    """Two documents give figures of one thing and time that cannot both be so."""
    for figures in content.by_thing:
        ordered = sorted(figures, key=lambda f: (f.day, f.statement.object))
        for one, other in combinations(ordered, 2):
            apart = one.high < other.low or other.high < one.low
            here, there = ({e.document for e in f.statement.evidence} for f in (one, other))
            if apart and here.isdisjoint(there) and _same_time(content, one, other):
                yield _of_figures("differ", content, one, other)


def reprint(content: Content) -> Iterator[Finding]:
    """Several documents print one article; what only they say has one source."""
    first: dict[str, tuple[Statement, Evidence]] = {}
    for statements in content.of.values():
        for statement in statements:
            for evidence in statement.evidence:
                first.setdefault(evidence.document, (statement, evidence))
    for names in content.reprints:
        cited = [first[name] for name in names if name in first]
        if len(cited) > 1:
            about = content.documents[names[0]].title or names[0]
            yield Finding("reprint", about, tuple(_cite(content, s, e, e.document) for s, e in cited))


def regions(content: Content) -> Iterator[Finding]:
    """A unit is in two regions of which neither lies in the other."""
    for subject, statements in _by_subject(content.of["located_in"]):
        if content.entities[subject].kind != Kind.UNIT:
            continue
        apart = [
            pair
            for pair in combinations(statements, 2)
            if not _nested(*(content.entities[s.object].code for s in pair))
        ]
        if apart:
            kept = dict.fromkeys(s for pair in apart for s in pair)
            yield Finding("regions", content.name(subject), tuple(_cite(content, s, s.evidence[0]) for s in kept))


def posts(content: Content) -> Iterator[Finding]:
    """A person holds posts at two units that do not go together, on pages of about the same time.

    Units go together where one is part of the other, or where their regions lie in each other (副县长、公安局局长). Persons of one name
    are several in the graph, by the unit of each; they are taken for one where the units are of one sort in one city.
    """
    by_name: dict[str, list[Statement]] = defaultdict(list)
    for statement in content.of["holds_role_at"]:
        by_name[content.name(statement.subject)].append(statement)
    for name, statements in sorted(by_name.items()):
        for one, other in combinations(statements, 2):
            if content.go_together(one.object, other.object):
                continue
            if one.subject != other.subject and not content.of_one_sort(one.object, other.object):
                continue
            if FORMER.match(one.detail) or FORMER.match(other.detail):
                continue
            near = next(
                (
                    (a, b)
                    for a in one.evidence
                    for b in other.evidence
                    if _near(content.day(a), content.day(b), AT_ONCE)
                ),
                None,
            )
            if near:
                cited = _cite(content, one, near[0], one.detail), _cite(content, other, near[1], other.detail)
                yield Finding("posts", name, cited)


def ended(content: Content) -> Iterator[Finding]:
    """A campaign has figures of a time after its end, or somebody carries it out long after."""
    for statement in content.of["has_metric"]:
        campaign, figure = content.entities[statement.subject], content.entities[statement.object].quantity
        if campaign.end and figure and figure.start and _later(figure.start, campaign.end):
            says = f"{content.name(statement.object)} {figure.start} > {campaign.end}"
            yield Finding("ended", campaign.name, (_cite(content, statement, statement.evidence[0], says),))
    for statement in content.of["conducted"]:
        campaign = content.entities[statement.object]
        for evidence in statement.evidence:
            last, day = _day(campaign.end), _day(content.day(evidence))
            if last and day and day > last + GRACE:
                says = f"{content.name(statement.subject)} {day} > {campaign.end}"
                yield Finding("ended", campaign.name, (_cite(content, statement, evidence, says),))


CHECKS: tuple[Callable[[Content], Iterator[Finding]], ...] = (
    *(falls, part, parent, differ),
    *(reprint, regions, posts, ended),
)


def findings(extraction: Extraction) -> list[Finding]:
    """Everything that does not fit, by kind and name."""
    content = Content(extraction)
    found = {finding.id: finding for check in CHECKS for finding in check(content)}
    order = list(KINDS)
    return sorted(found.values(), key=lambda f: (order.index(f.kind), f.about, f.id))


# ---------------------------------------------------------------- what the checks share


def _of_figures(kind: str, content: Content, *figures: Figure) -> Finding:
    cited = []
    for figure in figures:
        evidence = figure.statement.evidence
        count = content.sources(evidence)
        sources = f" ×{count}" if count > 1 else ""
        when = figure.quantity.period or figure.day
        owner = "、".join(sorted(content.name(unit) for unit in figure.units))
        says = f"{owner} {content.name(figure.statement.object)} {when}".strip() + sources
        cited.append(_cite(content, figure.statement, evidence[0], says))
    return Finding(kind, content.name(figures[0].statement.subject), tuple(cited))


def _cite(content: Content, statement: Statement, evidence: Evidence, says: str = "") -> Cited:
    fact = Fact(statement.subject, statement.predicate, statement.object, statement.detail)
    return Cited(says or content.name(statement.object), fact, evidence)


def _by_subject(statements: Iterable[Statement]) -> Iterator[tuple[str, list[Statement]]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[statement.subject].append(statement)
    return ((key, held) for key, held in sorted(found.items()) if len(held) > 1)


def _narrow(code: str) -> int:
    """How narrow the region of a code is."""
    return len(re.sub("(?:00)+$", "", code) if len(code) == 6 else code)


def _nested(one: str, other: str) -> bool:
    """Whether one of two codes of regions lies in the other; a region without a code may lie anywhere."""
    a, b = (re.sub("(?:00)+$", "", code) if len(code) == 6 else code for code in (one, other))
    return a.startswith(b) or b.startswith(a)


def _same_time(content: Content, one: Figure, other: Figure) -> bool:
    """Whether two figures are of one time: the same dates, else (2002年以来) the same words on pages of about one day."""
    a, b = one.quantity, other.quantity
    if a.start and b.start and (a.end or b.end):
        return (a.start, a.end) == (b.start, b.end)
    days = [(content.day(x), content.day(y)) for x in one.statement.evidence for y in other.statement.evidence]
    documents = {e.document for e in one.statement.evidence} & {e.document for e in other.statement.evidence}
    return (a.period, a.start) == (b.period, b.start) and (bool(documents) or any(_near(*pair, SAME) for pair in days))


def _overlap(one: str, other: str) -> bool:
    """Whether two dates are the same as far as both are known."""
    size = min(len(one), len(other))
    return one[:size] == other[:size]


def _later(one: str, other: str) -> bool:
    size = min(len(one), len(other))
    return one[:size] > other[:size]


def _day(text: str) -> date | None:
    """A date; of a month or a year the last day."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        year, month = int(text[:4]), int(text[5:7] or 12)
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None


def _near(one: str, other: str, most: timedelta) -> bool:
    a, b = _day(one), _day(other)
    return a is not None and b is not None and abs(a - b) <= most


# ---------------------------------------------------------------- as a table


def report(found: Sequence[Finding], documents: Iterable[Document]) -> Iterator[str]:
    """The findings as a table: a row for each thing that is quoted."""
    dates = {document.name: document.date for document in documents}
    rows = []
    for finding in found:
        head = finding.id, " ".join(KINDS[finding.kind]), finding.about
        for cited in finding.cited:
            e = cited.evidence
            rows.append((*head, cited.says, f"{e.document} {dates.get(e.document, '')}".strip(), flow(e.quote)[:60]))
            head = "", "", ""
    return table(("编号 id", "问题 finding", "对象 about", "内容 says", "文件 document", "引文 quote"), rows)
