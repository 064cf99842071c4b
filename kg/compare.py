"""One document as it was read, held against its annotation: what is found, right, wrong and missed, and why.

- An entity is found where its preferred name, or else another of its names, is a name of an annotated one of its class
  (quotation marks, brackets and spaces aside; a campaign also by what is left without its head noun). A second entity
  with the same meaning, and one without any, is wrong.
- A fact is found where any of its fair subjects is joined to any of its fair objects. A wider region or a higher
  parent than the annotated one counts neither way.
- A figure needs the value (within a millionth), the unit and a similar wording of what is counted, and for
  `has_metric` the subject. A second subject that is fair too counts neither way, nor does a rise that the annotation
  has as the change of another figure.
- What is annotated as optional is right where it is stated, and not missed where it is not.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from kg.gold import Gold, GoldEntity, GoldFact, GoldFigure
from kg.model import Entity, Extraction, Kind, Quantity, Span, Statement
from kg.read import Page, flow
from kg.regions import Region, divisions

CLASSES = tuple(kind for kind in Kind if kind is not Kind.METRIC)
CORE = ("conducted", "located_in", "part_of", "has_metric")
FURTHER = ("holds_role_at", "received", "cooperated_with", "issued", "operates")
FIGURE_ALONE = "fact/metric_value"
ROWS = (
    *(f"entity/{kind}" for kind in sorted(CLASSES, key=list(Kind).index)),
    *(f"fact/{relation}" for relation in CORE),
    FIGURE_ALONE,
    *(f"fact/{relation}" for relation in FURTHER),
)

_ASIDE = str.maketrans("", "", " \t\r\n\u3000“”\"‘’'「」『』《》〈〉【】()（）·•-—")
_HEAD_NOUN = re.compile(
    "(专项|集中|统一|系列|主题|实践|教育|整治|打击|清查|整顿|活动|行动|工作|斗争|战役|改革|建设|大会战|会战)$"
)
_APPROXIMATE = re.compile("[余多约近]")


class Outcome(StrEnum):
    """FOUND and MISSED are said of what is annotated and required, RIGHT and WRONG of what is stated."""

    FOUND = "found"
    MISSED = "missed"
    RIGHT = "right"
    WRONG = "wrong"


class Tag(StrEnum):
    """What sort of error it is."""

    NONE = ""
    BOUNDARY = "boundary"
    TYPE = "type"
    SUBJECT = "wrong subject"
    OBJECT = "wrong object"
    VALUE = "wrong value"
    MEASURE = "wrong measure"
    MERGED = "merged"
    SPLIT = "split"
    NOT_A_FACT = "not a fact"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is annotated or stated, and how it compares.

    `row` is the line of the figures that it counts in; `spans` are its places in the document, `sentence` the text
    around the first of them. `confidence` is that of a stated fact.
    """

    row: str
    outcome: Outcome
    text: str
    tag: Tag = Tag.NONE
    spans: tuple[Span, ...] = ()
    sentence: str = ""
    confidence: float = math.nan

    @property
    def kind(self) -> str:
        """The class or relation."""
        return self.row.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Compared:
    """One document: its name, its text and the findings in it."""

    name: str
    text: str
    findings: tuple[Finding, ...]


# ---------------------------------------------------------------- names


def fold(text: str) -> str:
    """A text as it is compared: one form of each character, no quotation marks, brackets, dashes and spaces."""
    return unicodedata.normalize("NFKC", text).translate(_ASIDE).lower()


def bare_campaign(name: str) -> str:
    """The name of a campaign without the general nouns at its end: “护湖”专项行动 → 护湖."""
    name = fold(name)
    while (noun := _HEAD_NOUN.search(name)) and noun.start() >= 2:
        name = name[: noun.start()]
    return name


def _alike(wording: str, fair: Iterable[str]) -> bool:
    """Whether two wordings of what is counted mean the same: one holds the other, or half of their characters agree."""
    wording = fold(wording)
    for other in filter(None, map(fold, fair)):
        if wording == other or (min(len(wording), len(other)) >= 2 and (wording in other or other in wording)):
            return True
        if wording and SequenceMatcher(None, wording, other).ratio() >= 0.5:
            return True
    return False


def _unit(text: str) -> str:
    return _APPROXIMATE.sub("", fold(text)).replace("％", "%")


class _Names:
    """Annotated entities by name."""

    def __init__(self, entities: Iterable[GoldEntity]) -> None:
        self._whole: dict[tuple[Kind, str], GoldEntity] = {}
        self._bare: dict[str, GoldEntity] = {}
        for entity in entities:
            for name in entity.names:
                self._whole.setdefault((entity.kind, fold(name)), entity)
                if entity.kind is Kind.CAMPAIGN:
                    self._bare.setdefault(bare_campaign(name), entity)

    def find(self, kind: Kind, names: Iterable[str]) -> GoldEntity | None:
        """The annotated entity of this class that one of the names means, the first name that means one deciding."""
        names = list(names)
        found = next((e for name in names if (e := self._whole.get((kind, fold(name))))), None)
        if found or kind is not Kind.CAMPAIGN:
            return found
        cores = (core for name in names if len(core := bare_campaign(name)) >= 2)
        return next((e for core in cores if (e := self._bare.get(core))), None)


# ---------------------------------------------------------------- comparing one document


@dataclass(frozen=True, slots=True)
class _Node:
    """An entity of the graph, a region that only stands above others included (with no entity)."""

    key: str
    kind: Kind
    names: tuple[str, ...]


def compare(gold: Gold, page: Page, extraction: Extraction) -> Compared:
    """Hold what was read in one page against its annotation."""
    comparison = _Comparison(gold, page, extraction)
    found = [*comparison.entities(), *comparison.relations(), *comparison.figures()]
    order = {row: index for index, row in enumerate(ROWS)}
    found.sort(key=lambda f: (f.spans[:1] or (Span(0, 0),), order[f.row], f.outcome, f.text))
    return Compared(gold.document, page.document.text, tuple(found))


class _Comparison:
    def __init__(self, gold: Gold, page: Page, extraction: Extraction) -> None:
        self.gold = gold
        self.place = _Places(page)
        self.annotated = {entity.id: entity for entity in gold.entities}
        self.names = _Names(gold.entities)
        self.stated = {entity.key: entity for entity in extraction.entities}
        self.statements = sorted(extraction.statements, key=lambda s: (s.evidence[0].span, s.subject, s.object))
        self.nodes = {e.key: _Node(e.key, e.kind, (e.name, *e.names)) for e in extraction.entities if e.kind in CLASSES}
        self.around = self._regions()
        self.means: dict[str, str] = {}  # key of a node → id of the annotated entity
        self.claimed: dict[str, str] = {}  # the other way round, the first node only
        self._align()

    def _regions(self) -> dict[str, list[str]]:
        """For each stated region the regions around it, which are nodes of the graph too."""
        keys = {e.code: e.key for e in self.stated.values() if e.kind is Kind.REGION and e.code}
        around: dict[str, list[str]] = {}
        for entity in list(self.stated.values()):
            if entity.kind is Kind.REGION and (region := _division(entity)):
                around[entity.key] = []
                for above in divisions().ancestors(region):
                    key = keys.setdefault(above.gb_code, f"region/{divisions().qualified(above)}")
                    self.nodes.setdefault(key, _Node(key, Kind.REGION, (above.name,)))
                    around[entity.key].append(key)
        for above_keys in list(around.values()):
            for index, key in enumerate(above_keys):
                around.setdefault(key, above_keys[index + 1 :])
        return around

    def _align(self) -> None:
        """What each node means. Nodes with a fair preferred name come first, then those with another fair name."""
        by_name = {n.key: self.names.find(n.kind, n.names[:1]) for n in self.nodes.values()}
        for node in sorted(self.nodes.values(), key=lambda n: (by_name[n.key] is None, n.key)):
            if found := by_name[node.key] or self.names.find(node.kind, node.names):
                self.means[node.key] = found.id
                self.claimed.setdefault(found.id, node.key)

    # ------------------------------------------------------------ entities

    def entities(self) -> Iterator[Finding]:
        meant = [key for key in self.means if self.nodes[key].kind is Kind.REGION]
        wider = {above for key in meant for above in self.around.get(key, ())}
        for node in self.nodes.values():
            if tag := self._entity_error(node):
                if tag is not Tag.SPLIT and node.key in wider:
                    continue
                yield self._entity(node.kind, Outcome.WRONG, node.names, tag)
            elif node.key in self.stated:
                yield self._entity(node.kind, Outcome.RIGHT, node.names)
        for entity in self.gold.entities:
            if entity.required:
                missed = self._entity_missed(entity)
                outcome = Outcome.MISSED if missed else Outcome.FOUND
                yield self._entity(entity.kind, outcome, entity.names, missed)

    def _entity(self, kind: Kind, outcome: Outcome, names: tuple[str, ...], tag: Tag = Tag.NONE) -> Finding:
        span = self.place.of_name(names)
        return Finding(f"entity/{kind}", outcome, names[0], tag, (span,) if span else (), self.place.sentence(span))

    def _entity_error(self, node: _Node) -> Tag:
        """What is wrong with a node; NONE where it is the one that means an annotated entity."""
        if (meant := self.means.get(node.key)) is not None:
            return Tag.NONE if self.claimed[meant] == node.key else Tag.SPLIT
        if any(self.names.find(kind, node.names) for kind in CLASSES if kind is not node.kind):
            return Tag.TYPE
        free = [e for e in self.gold.entities if e.kind is node.kind and e.id not in self.claimed]
        return Tag.BOUNDARY if any(_overlap(node.names, entity.names) for entity in free) else Tag.NOT_A_FACT

    def _entity_missed(self, entity: GoldEntity) -> Tag:
        """Why an annotated entity is missed; NONE where it is found."""
        if entity.id in self.claimed:
            return Tag.NONE
        own = set(map(fold, entity.names))
        for node in self.nodes.values():
            if own & set(map(fold, node.names)):
                return Tag.MERGED if node.kind is entity.kind else Tag.TYPE
        wrong = [n for n in self.nodes.values() if n.kind is entity.kind and n.key not in self.means]
        return Tag.BOUNDARY if any(_overlap(node.names, entity.names) for node in wrong) else Tag.NOT_FOUND

    # ------------------------------------------------------------ facts between entities

    def relations(self) -> Iterator[Finding]:
        for relation in (*CORE, *FURTHER):
            if relation != "has_metric":
                yield from self._relation(relation)

    def _relation(self, relation: str) -> Iterator[Finding]:
        row = f"fact/{relation}"
        facts = [fact for fact in self.gold.facts if fact.relation == relation]
        joined: dict[tuple[str, str], Statement] = {}
        for statement in self.statements:
            if statement.predicate == relation:
                joined.setdefault((statement.subject, statement.object), statement)
        found: set[GoldFact] = set()
        wrong: list[Statement] = []
        for (subject, target), statement in joined.items():
            if relation == "located_in" and self.stated[subject].kind is Kind.REGION:
                continue
            meant = self.means.get(subject, ""), self.means.get(target, "")
            if hit := [fact for fact in facts if _joins(fact, *meant)]:
                found.update(hit)
                yield self._fact(row, Outcome.RIGHT, statement)
            elif not self._wider(relation, facts, *meant, target):
                wrong.append(statement)
        missing = [fact for fact in facts if fact not in found]
        for statement in wrong:
            yield self._fact(row, Outcome.WRONG, statement, self._fact_error(statement, missing))
        for fact in facts:
            if fact in found and fact.required:
                yield self._annotated(row, Outcome.FOUND, fact)
            elif fact.required:
                yield self._annotated(row, Outcome.MISSED, fact, self._fact_missed(fact, wrong))

    def _wider(self, relation: str, facts: list[GoldFact], subject: str, target: str, target_key: str) -> bool:
        """Whether a fact only goes higher than the annotation: to a parent's parent, or to a wider region."""
        if not subject:
            return False
        if target and target in _above(facts, subject):
            return True
        if relation != "located_in":
            return False
        inner = {place for fact in facts if subject in fact.subjects for place in fact.objects}
        return any(target_key in self.around.get(key, ()) for key, meant in self.means.items() if meant in inner)

    def _fact_error(self, statement: Statement, missing: list[GoldFact]) -> Tag:
        ends = statement.subject, statement.object
        for key in ends:
            if key not in self.means:
                return self._entity_error(self.nodes[key]) if key in self.nodes else Tag.NOT_A_FACT
        subject, target = (self.means[key] for key in ends)
        same_object = [fact for fact in missing if target in fact.objects]
        same_subject = [fact for fact in missing if subject in fact.subjects]
        for key, ids in (
            (ends[0], [i for fact in same_object for i in fact.subjects]),
            (ends[1], [i for fact in same_subject for i in fact.objects]),
        ):
            if any(set(map(fold, self.nodes[key].names)) & set(map(fold, self.annotated[i].names)) for i in ids):
                return Tag.MERGED
        if same_object:
            return Tag.SUBJECT
        if same_subject:
            return Tag.OBJECT
        others = (fact for fact in self.gold.facts if fact.relation != statement.predicate)
        return Tag.TYPE if any(_joins(fact, subject, target) for fact in others) else Tag.NOT_A_FACT

    def _fact_missed(self, fact: GoldFact, wrong: list[Statement]) -> Tag:
        for ids in (fact.subjects, fact.objects):
            if not any(i in self.claimed for i in ids):
                return self._entity_missed(self.annotated[ids[0]])
        if any(self.means.get(statement.object) in fact.objects for statement in wrong):
            return Tag.SUBJECT
        if any(self.means.get(statement.subject) in fact.subjects for statement in wrong):
            return Tag.OBJECT
        return Tag.NOT_FOUND

    # ------------------------------------------------------------ figures

    def figures(self) -> Iterator[Finding]:
        row = "fact/has_metric"
        facts = [(fact, fact.figure) for fact in self.gold.facts if fact.figure]
        changes = [abs(figure.change) for _, figure in facts if figure.change is not None]
        with_subject: set[GoldFact] = set()
        value_alone: set[GoldFact] = set()
        wrong: list[tuple[Statement, Quantity]] = []
        for statement in self.statements:
            quantity = self.stated[statement.object].quantity if statement.predicate == "has_metric" else None
            if not quantity:
                continue
            same = [fact for fact, figure in facts if _same_figure(quantity, figure)]
            full = [fact for fact in same if self.means.get(statement.subject) in fact.subjects]
            is_change = any(math.isclose(abs(quantity.value), change, abs_tol=1e-6) for change in changes)
            if fresh := next((fact for fact in full if fact not in with_subject), None):
                with_subject.add(fresh)
            if full:
                yield self._fact(row, Outcome.RIGHT, statement)
            elif not is_change and all(fact.required for fact in same):
                wrong.append((statement, quantity))
            if fresh := next((fact for fact in same if fact not in value_alone), None):
                value_alone.add(fresh)
            elif not same and not is_change:
                yield self._fact(FIGURE_ALONE, Outcome.WRONG, statement)
        for statement, quantity in wrong:
            yield self._fact(row, Outcome.WRONG, statement, self._figure_error(statement, quantity, facts))
        for fact, figure in facts:
            if not fact.required:
                continue
            yield self._annotated(FIGURE_ALONE, Outcome.FOUND if fact in value_alone else Outcome.MISSED, fact)
            if fact in with_subject:
                yield self._annotated(row, Outcome.FOUND, fact)
            else:
                tag = Tag.SUBJECT if fact in value_alone else self._figure_missed(fact, figure, wrong)
                yield self._annotated(row, Outcome.MISSED, fact, tag)

    def _figure_error(self, statement: Statement, quantity: Quantity, facts: list[tuple[GoldFact, GoldFigure]]) -> Tag:
        if any(_same_figure(quantity, figure) for _, figure in facts):
            return Tag.SUBJECT
        here = [
            figure
            for fact, figure in facts
            if (span := self.place.of_name([fact.evidence])) and any(_cross(span, e.span) for e in statement.evidence)
        ]
        return _difference(quantity, here) or Tag.NOT_A_FACT

    def _figure_missed(self, fact: GoldFact, figure: GoldFigure, wrong: list[tuple[Statement, Quantity]]) -> Tag:
        span = self.place.of_name([fact.evidence])
        for statement, quantity in wrong:
            if span and any(_cross(span, e.span) for e in statement.evidence):
                return _difference(quantity, [figure]) or Tag.SUBJECT
        return Tag.NOT_FOUND

    # ------------------------------------------------------------ findings

    def _fact(self, row: str, outcome: Outcome, statement: Statement, tag: Tag = Tag.NONE) -> Finding:
        spans = tuple(sorted(e.span for e in statement.evidence))
        text = f"{self.stated[statement.subject].name} → {self.stated[statement.object].name}"
        if statement.detail:
            text += f" ({statement.detail})"
        confidence = max(e.confidence for e in statement.evidence)
        if row == FIGURE_ALONE:
            confidence = math.nan
        return Finding(row, outcome, text, tag, spans, self.place.sentence(spans[0]), confidence)

    def _annotated(self, row: str, outcome: Outcome, fact: GoldFact, tag: Tag = Tag.NONE) -> Finding:
        target = self.annotated[fact.objects[0]].names[0] if fact.objects else ""
        if figure := fact.figure:
            target = f"{figure.measures[0]} {figure.value:.15g}{figure.units[0]}"
        span = self.place.of_name([fact.evidence])
        text = f"{self.annotated[fact.subjects[0]].names[0]} → {target}"
        return Finding(row, outcome, text, tag, (span,) if span else (), self.place.sentence(span))


def _division(entity: Entity) -> Region | None:
    return next((r for r in divisions().by_name.get(entity.name, ()) if r.gb_code == entity.code), None)


def _overlap(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a name holds one of the others, or the other way round."""
    folded = [name for name in map(fold, names) if len(name) >= 2]
    return any(a in b or b in a for b in map(fold, others) if len(b) >= 2 for a in folded)


def _cross(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _joins(fact: GoldFact, subject: str, target: str) -> bool:
    if subject in fact.subjects and target in fact.objects:
        return True
    return fact.relation == "cooperated_with" and subject in fact.objects and target in fact.subjects


def _above(facts: Iterable[GoldFact], start: str) -> set[str]:
    """What can be reached from an entity over one relation."""
    parents: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        for subject in fact.subjects:
            parents[subject].update(fact.objects)
    seen: set[str] = set()
    todo = [start]
    while todo:
        fresh = parents[todo.pop()] - seen
        seen |= fresh
        todo += fresh
    return seen


def _same_figure(quantity: Quantity, figure: GoldFigure) -> bool:
    return _same_value(quantity, figure) and _same_unit(quantity, figure) and _alike(quantity.measure, figure.measures)


def _same_value(quantity: Quantity, figure: GoldFigure) -> bool:
    return abs(figure.value - quantity.value) <= 1e-6 * max(1, abs(quantity.value))


def _same_unit(quantity: Quantity, figure: GoldFigure) -> bool:
    return _unit(quantity.unit) in set(map(_unit, figure.units))


def _difference(quantity: Quantity, annotated: list[GoldFigure]) -> Tag:
    """In what a figure differs from those annotated at its place; NONE where there are none, or nothing differs."""
    counted = [figure for figure in annotated if _same_value(quantity, figure) and _same_unit(quantity, figure)]
    if any(not _alike(quantity.measure, figure.measures) for figure in counted):
        return Tag.MEASURE
    return Tag.VALUE if len(counted) < len(annotated) else Tag.NONE


class _Places:
    """Where names and quotes stand in a page."""

    def __init__(self, page: Page) -> None:
        self._text = page.document.text
        self._sentences = {o: s for article in page.articles for s in article.sentences for o in s.offsets}
        folded = [(c, place) for place, character in enumerate(self._text) for c in fold(character)]
        self._folded = "".join(c for c, _ in folded)
        self._offsets = [place for _, place in folded]

    def of_name(self, names: Iterable[str]) -> Span | None:
        """The first place of the longest of these names that the text has."""
        for name in sorted(map(fold, names), key=len, reverse=True):
            if name and (start := self._folded.find(name)) >= 0:
                return Span(self._offsets[start], self._offsets[start + len(name) - 1] + 1)
        return None

    def sentence(self, span: Span | None) -> str:
        """The sentence that a place belongs to; the place itself where no sentence has it (the head of the page)."""
        if span is None:
            return ""
        for offset in range(span.start, span.end):
            if sentence := self._sentences.get(offset):
                return sentence.text
        return flow(self._text[span.start : span.end])
