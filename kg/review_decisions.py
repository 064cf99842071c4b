"""What people decided about a build: a small text file, applied to what each page says whenever the build is made.

JSON Lines, one decision a line, the last word counting (`docs/review.md` has examples):

    {"do": "accept", "finding": ID}                                                   it is so; do not list it again
    {"do": "reject", "document": NAME, "fact": [SUBJECT, RELATION, OBJECT]}           the page does not say so
    {"do": "correct", "document": NAME, "fact": [SUBJECT, RELATION, OBJECT], "to": {…}}  it says this instead
    {"do": "add", "document": NAME, "fact": [SUBJECT, RELATION, OBJECT], "quote": TEXT}  漏了一条: it says this too

Each with `by` (who), and `on` (when) and `why` if wanted. A thing is written as its key (unit/包头市公安局) or as class and
any of its names (Unit/昆区分局); a figure that is added or corrected is an object with measure, value, unit and the like.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from kg import vocab
from kg.errors import Problem
from kg.model import Entity, Evidence, Kind, Quantity, Review, Span
from kg.notes import Notes

FILE = "decisions.jsonl"
RULE = "review"  # the rule of what a person stated
ACTS = ("accept", "reject", "correct", "add")
FIGURE = tuple(field.name for field in fields(Quantity))
QUALIFIERS = ("exact", "more_than", "at_least", "almost", "about")
HALF = re.compile("[\ud800-\udfff]")
KINDS = {kind.lower(): kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the file: `do` is one of ACTS, `line` its number, `said` the whole object."""

    do: str
    document: str
    review: Review
    said: Mapping[str, Any]
    line: int


@dataclass(frozen=True, slots=True)
class Unfit:
    """A decision that could not be applied to the document it is about, and why."""

    decision: Decision
    reason: str


# ---------------------------------------------------------------- the file


def read(path: Path) -> list[Decision]:
    """The decisions of a file. Raises OSError, or Problem with the line that is wrong and why."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise Problem(f"{path}: not UTF-8") from error
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_decision(json.loads(line), number))
            except (ValueError, RecursionError) as error:
                raise Problem(f"{path}, line {number}: {error}") from error
    return found


def parse(objects: Iterable[Any]) -> tuple[Decision, ...]:
    """The decisions of objects as they stand in a file. Raises ValueError."""
    return tuple(_decision(said, number) for number, said in enumerate(objects, 1))


def _decision(said: Any, line: int) -> Decision:
    if not isinstance(said, dict) or said.get("do") not in ACTS:
        raise ValueError(f'no decision: "do" must be one of {", ".join(ACTS)}')
    if HALF.search(json.dumps(said, ensure_ascii=False)):
        raise ValueError("half a character, which no file can hold")
    needed = {"accept": ("finding",), "add": ("document", "fact", "quote"), "correct": ("document", "fact", "to")}
    for name in ("by", *needed.get(said["do"], ("document", "fact"))):
        if not said.get(name):
            raise ValueError(f"{name!r} is missing")
    for name in ("by", "on", "why", "finding", "document", "quote", "title"):
        if not isinstance(said.get(name, ""), str):
            raise ValueError(f"{name!r} is no text")
    if "fact" in said:
        _fact(said["fact"])
    if not isinstance(said.get("to", {}), dict):
        raise ValueError("'to' is no object")
    review = Review(said["by"], said.get("on", ""), said.get("why", ""))
    return Decision(said["do"], said.get("document", ""), review, said, line)


def _fact(fact: Any) -> None:
    if not isinstance(fact, list) or len(fact) != 3:
        raise ValueError("'fact' is no list of subject, relation and object")
    subject, relation, target = fact
    if relation not in {r.name for r in vocab.RELATIONS}:
        raise ValueError(f"unknown relation: {relation}")
    for end in (subject, target):
        if isinstance(end, dict):
            _quantity(end)
        elif not isinstance(end, str) or end.partition("/")[0].lower() not in KINDS or not end.partition("/")[2]:
            raise ValueError(f"{end!r} is neither class/name nor a figure")
    if not isinstance(subject, str):
        raise ValueError("a figure cannot be the subject")


def _quantity(said: Mapping[str, Any]) -> Quantity:
    """A figure as a decision writes it. Raises ValueError."""
    if unknown := set(said) - set(FIGURE):
        raise ValueError(f"a figure has no {min(unknown)}")
    value, change = said.get("value"), said.get("change")
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e18:
        raise ValueError(f"value {value!r} is no number")
    if isinstance(change, bool) or not isinstance(change, int | float | None):
        raise ValueError(f"change {change!r} is no number")
    if not isinstance(said.get("measure"), str) or not said["measure"]:
        raise ValueError("a figure needs a measure")
    if said.get("qualifier", "exact") not in QUALIFIERS:
        raise ValueError(f"qualifier {said['qualifier']!r} is none of {', '.join(QUALIFIERS)}")
    texts = {name: said.get(name, "") for name in ("unit", "as_stated", "period", "start", "end", "per")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("a figure has a field that is no text")
    return Quantity(
        value=float(value),
        measure=said["measure"],
        qualifier=said.get("qualifier", "exact"),
        change=None if change is None else float(change),
        cumulative=bool(said.get("cumulative")),
        of_which=bool(said.get("of_which")),
        **texts,
    )


def accepted(decisions: Iterable[Decision]) -> set[str]:
    """The ids of the findings that are settled."""
    return {decision.said["finding"] for decision in decisions if decision.do == "accept"}


def of_build(output: Path, given: Path | None = None) -> list[Decision]:
    """The decisions of a file, or of the one that lies in the folder of a build; none where there is none."""
    place = given or output / FILE
    return read(place) if given or place.is_file() else []


# ---------------------------------------------------------------- applied


class Decisions:
    """The decisions by document, and those that did not fit once they have been applied."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._by_document: dict[str, list[Decision]] = defaultdict(list)
        self._unfit: dict[int, Unfit] = {}
        for decision in decisions:
            if decision.do != "accept":
                self._by_document[decision.document].append(decision)

    def apply(self, notes: Notes) -> Notes:
        """What a document says once people have had their say; the notes are changed in place."""
        for decision in self._by_document.get(notes.document.name, ()):
            try:
                _APPLY[decision.do](notes, decision)
            except ValueError as error:
                self._unfit[decision.line] = Unfit(decision, str(error))
        return notes

    @property
    def said(self) -> dict[str, list[Mapping[str, Any]]]:
        """What the decisions say of each document that they are about, in their order."""
        return {name: [decision.said for decision in made] for name, made in self._by_document.items()}

    @property
    def unfit(self) -> list[Unfit]:
        """The decisions that did not fit the documents that they have been applied to, in the order of the file."""
        return [unfit for _, unfit in sorted(self._unfit.items())]


def _reject(notes: Notes, decision: Decision) -> None:
    _withdraw(notes, _stated(notes, decision))


def _correct(notes: Notes, decision: Decision) -> None:
    old = _stated(notes, decision)
    to = decision.said["to"]
    subject = _thing(notes, to["subject"]) if "subject" in to else notes.entities[old[0][0]]
    quantity = notes.entities[old[0][2]].quantity
    if "object" in to:
        target = _thing(notes, to["object"])
    elif quantity is not None and (changed := {name: to[name] for name in FIGURE if name in to}):
        now = {name: getattr(quantity, name) for name in FIGURE}
        target = _figure(_quantity(now | changed), subject)
    else:
        target = notes.entities[old[0][2]]
    relation = to.get("relation", old[0][1])
    if relation not in {r.name for r in vocab.RELATIONS}:
        raise ValueError(f"unknown relation: {relation}")
    _fits(relation, subject.kind, target.kind)
    held = [evidence for fact in old for evidence in notes.evidence[fact].values()]
    at_work = [fact for fact in notes.evidence if fact[0] == old[0][2] and quantity is not None]
    moved = {fact: notes.evidence.pop(fact) for fact in at_work} if target.key != old[0][2] else {}
    details = {fact[3] for fact in old}
    _withdraw(notes, old)
    for (_, predicate, unit, detail), at_work_there in moved.items():
        notes.evidence[target.key, predicate, unit, detail] |= at_work_there
    for evidence in held:
        _state(notes, (subject, relation, target), evidence, decision, to.get("title", max(details)))


def _add(notes: Notes, decision: Decision) -> None:
    subject_said, relation, target_said = decision.said["fact"]
    text, quote = notes.document.text, decision.said["quote"]
    start = text.find(quote)
    if start < 0:
        raise ValueError("the quote is not in the document")
    span = Span(start, start + len(quote))
    begin = max((text.rfind(mark, 0, start) for mark in "。！？\n"), default=-1) + 1
    stops = [stop for mark in "。！？\n" if (stop := text.find(mark, max(span.end - 1, start))) >= 0]
    sentence = Span(begin, max(span.end, min(stops, default=len(text) - 1) + 1))
    subject = _thing(notes, subject_said)
    target = _figure(_quantity(target_said), subject) if isinstance(target_said, dict) else _thing(notes, target_said)
    _fits(relation, subject.kind, target.kind)
    evidence = Evidence(notes.document.name, span, quote, RULE, 1.0, sentence)
    _state(notes, (subject, relation, target), evidence, decision, decision.said.get("title", ""))


_APPLY = {"reject": _reject, "correct": _correct, "add": _add}


def _fits(relation: str, subject: Kind, target: Kind) -> None:
    ends = next(r.ends for r in vocab.RELATIONS if r.name == relation)
    if (subject, target) not in ends:
        raise ValueError(f"{relation} does not lead from {subject} to {target}")


def _state(notes: Notes, fact: tuple[Entity, str, Entity], evidence: Evidence, decision: Decision, detail: str) -> None:
    subject, relation, target = fact
    _fits(relation, subject.kind, target.kind)
    for entity in (subject, target):
        notes.entity(entity)
    detail = detail if relation == "holds_role_at" else ""
    said = replace(evidence, rule=RULE, confidence=1.0, review=decision.review)
    notes.evidence[subject.key, relation, target.key, detail][evidence.span] = said


def _stated(notes: Notes, decision: Decision) -> list[tuple[str, str, str, str]]:
    """The facts of the notes that a decision is about. Raises ValueError where there is none."""
    subject, relation, target = decision.said["fact"]
    ends = set(_keys(notes, subject)), set(_keys(notes, target))
    found = [
        f for f in notes.evidence if f[0] in ends[0] and f[1] == relation and f[2] in ends[1] and notes.evidence[f]
    ]
    if not found:
        raise ValueError("the document does not say so (any more)")
    return found


def _withdraw(notes: Notes, facts: Iterable[tuple[str, str, str, str]]) -> None:
    """Take facts away, and things that nothing is said of any more."""
    ends = {key for fact in facts for key in (fact[0], fact[2])}
    for fact in facts:
        notes.evidence.pop(fact, None)
    for key in ends:
        if notes.entities[key].kind == Kind.METRIC and not any(f[2] == key for f in notes.evidence):
            for fact in [f for f in notes.evidence if f[0] == key]:  # whose figure it was
                del notes.evidence[fact]
    named = {key for fact, held in notes.evidence.items() if held for key in (fact[0], fact[2])}
    for key in ends - named:
        notes.entities.pop(key, None)
        notes.names.pop(key, None)
        notes.dates.pop(key, None)


def _keys(notes: Notes, said: Any) -> Iterator[str]:
    """The keys of what a decision calls so: a key, or a class and a name."""
    if isinstance(said, dict):
        return
    kind, _, name = said.partition("/")
    key = f"{kind.lower()}/{name}"
    if key in notes.entities:
        yield key
        return
    for key, names in notes.names.items():
        if key in notes.entities and notes.entities[key].kind == KINDS[kind.lower()] and name in names:
            yield key


def _thing(notes: Notes, said: Any) -> Entity:
    """What a decision calls so: known to the notes, or new. Raises ValueError where the name is that of several."""
    if not isinstance(said, str) or said.partition("/")[0].lower() not in KINDS or not said.partition("/")[2].strip():
        raise ValueError(f"{said!r} is not class/name")
    keys = sorted(set(_keys(notes, said)))
    if len(keys) > 1:
        raise ValueError(f"{said} is the name of several: {', '.join(keys)}")
    if keys:
        return notes.entities[keys[0]]
    kind, name = KINDS[said.partition("/")[0].lower()], said.partition("/")[2]
    if kind == Kind.METRIC:
        raise ValueError("a figure is written as an object with measure, value and unit")
    return Entity(vocab.entity_key(kind, name), kind, name)


def _figure(quantity: Quantity, owner: Entity) -> Entity:
    value = f"{quantity.value:.6f}".rstrip("0").rstrip(".")
    change = "" if quantity.change is None else f"-{'升' if quantity.change > 0 else '降'}{abs(quantity.change):g}"
    name = owner.key.partition("/")[2]
    identity = f"{name}-{quantity.measure}-{value}{quantity.unit}{change}".replace(".", "点")
    key = vocab.entity_key(Kind.METRIC, identity)
    return Entity(key, Kind.METRIC, f"{quantity.measure} {value}{quantity.unit}", quantity=quantity)
