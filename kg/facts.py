"""A sentence and its mentions → facts.

The sentence is masked: each mention becomes one private-use character, a list of mentions too, so that the rules of `kg.relations`
are short. A clause without a body at its head goes on speaking of the last one; it gets a mark of its own (S).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from kg.clauses import CLAUSE_END, opens, speaks
from kg.relations import PLACEHOLDER, Relation, Rule

LETTER = {mark: letter for letter, mark in PLACEHOLDER.items()}
JOINER = re.compile(r"[、和与及]|以及|[“”]")


@dataclass(frozen=True)
class Item:
    """Something a sentence names: its class letter (as in kg.relations), its place, and what it resolves to."""

    letter: str
    start: int
    end: int
    target: Any  # a Body, the core of a campaign, or a Named
    weight: int = 0


@dataclass
class Masked:
    """A masked sentence: `text` with marks, and for each mark of it the items it stands for."""

    text: str
    groups: dict[int, list[Item]] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)  # masked index → index in the sentence
    actors: list[tuple[int, int, list[Item]]] | None = None  # found when first asked for


@dataclass(frozen=True)
class Match:
    """What a rule read: subject and object, the stretch that says so, the rule and its confidence."""

    relation: str
    subject: Item
    object: Item
    start: int
    end: int
    rule: str
    confidence: float
    post: str = ""  # where the rule itself reads what the subject is


PLAN = re.compile(
    rf"(?:^|[，。；：{PLACEHOLDER['S']}{PLACEHOLDER['U']}])要(?=[\u4e00-\u9fff])(?!求)|(?:强调|指出|要求)[，：]?要|必须|拟(?!定|态|人)|力争|争取|下一步|下一阶段|计划(?:在|于|对|将|开展|组织|启动)|准备|"
    r"(?:^|[，。；：]|[^\u4e00-\u9fff])[^，。；：]{0,8}将(?=(?:集中|继续|持续|进一步|全面|陆续|再|于|在|会|组织|开展|启动|实施|推出|深入|不断|加大|加强|以|把|对|重点|联合|通过|认真|出台|印发|制定|举办|举行|召开|建成|新建|建设|打造|设立|成立|建立|签订|签署|获评|$))"
)


LISTED = frozenset(PLACEHOLDER[letter] for letter in "UCDAPF")  # A、B和C is one mark
ADJACENT = frozenset(PLACEHOLDER[letter] for letter in "CDA")  # AB too


def mask(text: str, items: list[Item], carried: bool) -> Masked:
    """Put one mark for each item, and for each list of items of a class; S where a clause goes on about the body before it."""
    runs: list[tuple[str, list[Item]]] = []
    for item in _outermost(items):
        mark = PLACEHOLDER[item.letter]
        if runs and runs[-1][0] == mark:
            between = text[runs[-1][1][-1].end : item.start]
            joined = (
                between in ("、", "和", "与", "及") and mark in LISTED and not (between == "与" and item.letter == "U")
            )
            if joined or (not between and mark in ADJACENT):
                runs[-1][1].append(item)
                continue
        runs.append((mark, [item]))
    pieces: list[str] = []
    places: list[int] = []
    groups: list[tuple[int, list[Item]]] = []
    at = 0
    for mark, run in runs:
        start = run[0].start
        pieces += (text[at:start], mark)
        places += range(at, start + 1)
        groups.append((len(places) - 1, run))
        at = run[-1].end
    pieces.append(text[at:])
    places += range(at, len(text))
    return _carried(Masked("".join(pieces), dict(groups), places), carried)


def _carried(masked: Masked, known: bool) -> Masked:
    """The same with an S at the head of each clause without a body of its own, once a body is known."""
    text = masked.text
    cuts: list[int] = []
    last = text.rfind(PLACEHOLDER["U"])
    if last < 0 and not known:
        return masked
    for start in (0, *(m.end() for m in CLAUSE_STOP.finditer(text))):
        if start == len(text):
            break
        if start <= last and subject_at(text, start) is not None:
            known = True
        elif known:
            cuts.append(start)
    if not cuts:
        return masked
    pieces, places = [], []
    for begin, end in pairwise([0, *cuts, len(text)]):
        pieces.append(text[begin:end])
        places += masked.places[begin:end]
        if end < len(text) or end in cuts:
            places.append(masked.places[end])
    moved = {i + bisect_right(cuts, i): group for i, group in masked.groups.items()}
    return Masked(PLACEHOLDER["S"].join(pieces), moved, places)


def _outermost(items: list[Item]) -> list[Item]:
    kept: list[Item] = []
    for item in sorted(items, key=lambda i: (i.start, -(i.end - i.start), -i.weight)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


CLAUSE_STOP = re.compile(f"[{CLAUSE_END}]")


LEADER = re.compile(r"(?:总书记|常委(?!会)|委员(?!会)|书记处书记)")  # the body is named only as one post of several


OVER = re.compile(f"{PLACEHOLDER['U']}(?:所属|下属|下辖){PLACEHOLDER['U']}")  # the second acts


HONOURED = re.compile(r"被[^，。；]{0,20}?(?:评为|授予|命名为|确定为|列为|表彰|表扬|嘉奖|记)")


def subject_at(text: str, start: int) -> int | None:
    """Where the subject of the clause that begins at `start` of a masked sentence stands, or None."""
    at = text.find(PLACEHOLDER["U"], start)
    if (
        at < 0
        or text[at - 1 : at] == "（"
        or CLAUSE_STOP.search(text, start, at)
        or text[at + 1 : at + 2] == "由"
        or (text[at + 1 : at + 2] == "被" and not HONOURED.match(text, at + 1))
        or PLACED.match(text, at + 1)
        or LEADER.match(text, at + 1)
    ):
        return None
    if not opens(text[start:at]):
        return None
    return at + 3 if OVER.match(text, at) else at


def actors(masked: Masked) -> list[tuple[int, int, list[Item]]]:
    """The clauses of a masked sentence that begin with a body: (from, to, bodies), by masked index."""
    if masked.actors is None:
        masked.actors = []
        start = 0
        text = masked.text
        last = text.rfind(PLACEHOLDER["U"])
        for end in [*(m.start() for m in CLAUSE_STOP.finditer(text)), len(text)] if last >= 0 else ():
            if start > last:
                break
            at = subject_at(text, start)
            if at is not None and not speaks(text[start:end]):
                masked.actors.append((start, end, masked.groups[at]))
            start = end + 1
    return masked.actors


def carried_at(masked: Masked, index: int, before: list[Item]) -> list[Item]:
    """The bodies that the clause at a masked index speaks of: its own subject, or the last one before."""
    current = before
    for start, _, bodies in actors(masked):
        if start <= index:
            current = bodies
    return current


ASIDE = re.compile(
    r"(?:对|向|给|按照|根据|据|从|到|赴|为|被|获|比|纳入|列入|入选|报经|围绕|响应|落实|经|报|移送|移交)$"
)


JOINED = re.compile(  # 会同某某局、某某局，|在全市开展
    rf"(?:会同|联合|联手|携手|协同){PLACEHOLDER['U']}(?:[、和及与][^，。；：{PLACEHOLDER['U']}]{{0,4}}{PLACEHOLDER['U']}|等[^，。；：]{{0,8}})*，$"
)
LIST = re.compile(r"(?:[、和及与][\u4e00-\u9fff]{0,3}){1,2}")


def acting(masked: Masked, index: int, before: list[Item]) -> list[Item]:
    """The bodies that act in the clause at a masked index: its subject, and those named before the index as partners or as ordered to act."""
    start = max((masked.text.rfind(c, 0, index) for c in CLAUSE_END), default=-1) + 1
    if joined := JOINED.search(masked.text, 0, start):
        start = joined.start()
    found = list(carried_at(masked, index, before))
    aside, last = False, start
    for i in range(start, index):
        if masked.text[i] != PLACEHOLDER["U"]:
            continue
        aside = bool(ASIDE.search(masked.text[start:i])) or (aside and bool(LIST.fullmatch(masked.text, last + 1, i)))
        last = i
        if not aside and not PLACED.match(masked.text, i + 1) and not OVER.match(masked.text, i):
            found += [item for item in masked.groups[i] if all(item.target != f.target for f in found)]
    return found


PLACED = re.compile(
    r"(?:的)?(?:统一)?(?:部署|领导|指导|要求|安排|支持|统筹)(?:和[\u4e00-\u9fff]{2})?下|(?:统一)?(?:决策部署|部署，|要求，)|(?:门口|校园|辖区|附近|旁)"
)


def match(masked: Masked, relations: tuple[Relation, ...], before: list[Item]) -> Iterator[Match]:
    """What the rules read in a masked sentence, each pair once, by the first rule that reads it."""
    if not masked.groups:
        return
    marks = {"", *(PLACEHOLDER[group[0].letter] for group in masked.groups.values())}
    for relation in relations:
        if relation.needs.isdisjoint(marks):
            continue
        seen: set[tuple[object, object]] = set()
        settled: set[tuple[int, int]] = set()
        for rule in relation.rules:
            if rule.needs not in marks:
                continue
            for m in rule.regex.finditer(masked.text):
                if m.lastgroup is None:
                    continue
                if not relation.planned and _planned(masked.text, m.start(), m.end()):
                    continue
                read = set()
                for s, o in _pairs(masked, rule, m, before):
                    end = {"s": (s.start, s.end), "o": (o.start, o.end)}.get(relation.once)
                    pair = (s.target, o.target)
                    if (
                        s.target == o.target
                        or pair in seen
                        or end in settled
                        or (relation.mutual and pair[::-1] in seen)
                    ):
                        continue
                    seen.add(pair)
                    if end:
                        read.add(end)
                    yield _found(masked, relation, rule, m, s, o)
                settled |= read


def _pairs(masked: Masked, rule: Rule, m: re.Match[str], before: list[Item]) -> Iterator[tuple[Item, Item]]:
    """The pairs that one match of a rule speaks of."""
    first = m.start(rule.subject) if rule.subject else None
    second = m.start(rule.object) if rule.object else None
    if second is None:
        objects = carried_at(masked, first or 0, before)
    else:
        objects = masked.groups.get(second) or carried_at(masked, second, before)
    if first is None:
        subjects = acting(masked, second or 0, before)
    else:
        subjects = masked.groups.get(first) or carried_at(masked, first, before)
    for s in subjects[: 1 if subjects is objects else None]:
        for o in objects:
            if rule.fits is None or rule.fits(s.target, o.target):
                yield s, o


CARRIED = 0.85  # how much less sure a fact is whose subject the sentence does not name


def _found(masked: Masked, relation: Relation, rule: Rule, m: re.Match[str], s: Item, o: Item) -> Match:
    """The stretch that says so: what the rule matched, and both ends as far as they stand in this sentence."""
    here = [i for i in (s, o) if any(i is item for group in masked.groups.values() for item in group)]
    start = min([masked.places[m.start()], *(i.start for i in here)])
    end = max([masked.places[m.end() - 1] + 1, *(i.end for i in here)])
    confidence = rule.confidence if s in here else round(rule.confidence * CARRIED, 2)
    return Match(relation.name, s, o, start, end, rule.name, confidence, m.groupdict().get("post") or "")


def planned(text: str) -> bool:
    """Whether a stretch tells of what is going to be done."""
    return bool(PLAN.search(text))


def _planned(text: str, start: int, end: int) -> bool:
    begin = max(text.rfind(c, 0, start) for c in "。；！？") + 1
    return bool(PLAN.search(text[begin:end]))
