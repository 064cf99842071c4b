"""What sentences say of the things they name: one file per relation, each a tuple of rules with examples.

A rule is a regular expression over a sentence in which each mention, or list of mentions (A、B和C), is one character:

    U body    C campaign    D document in 《》    A award    F facility    P person
    S the body that the clause goes on speaking of;    X either U or S

A rule names its ends as groups, `(?P<s>U)` and `(?P<o>C)`; without an `s` the subjects are the bodies that act in the clause of
the object, without an `o` the object is the body that the clause is about. Where both ends are one list, the first of it
is paired with the rest. An alternative without ends passes over what the rule must not read (`他[^。]{0,90}|(?P<s>S)…`).
Rules of a relation are tried in order, on every sentence.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from kg.model import Kind
from kg.terms import Term

CLASSES = "UCDAFPSQ"
PLACEHOLDER = {letter: chr(0xE000 + i) for i, letter in enumerate(CLASSES)}
# Somebody whose name nobody knew stands where the body spoken of would be the subject: S|某某社区还与 …
STRANGER = (
    r"(?!(?<=S)[^，。；：UF]{2,12}[村所站队局院校社区司学会心台部委办室处厅团](?:还|也|则|与|已|又|在|把|同|联合|会同))"
)


@dataclass(frozen=True)
class Rule:
    """One way of saying a relation. `says` and `leaves` are examples: sentences that it must and must not read.

    `fits` tells of two ends whether they go together (a 院长 and a court), where words alone do not.
    """

    name: str
    pattern: str
    confidence: float
    says: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    fits: Callable[[Any, Any], bool] | None = None

    @property
    def subject(self) -> str | None:
        """The group of the subject, None where it is whoever acts in the clause."""
        return "s" if "s" in self.regex.groupindex else None

    @property
    def object(self) -> str | None:
        """The group of the object, None where it is the body that the clause is about."""
        return "o" if "o" in self.regex.groupindex else None

    @cached_property
    def regex(self) -> re.Pattern[str]:
        text = self.pattern.replace("X", f"[{PLACEHOLDER['U']}{PLACEHOLDER['S']}]")
        return re.compile(re.sub(rf"(?<!\\)[{CLASSES}](?!<)", lambda m: PLACEHOLDER[m[0]], text))

    @cached_property
    def needs(self) -> str:
        """A mark without which the rule reads nothing: those that it names as an end (a quick look before the pattern)."""
        ends = re.findall(r"\(\?P<[so]>\(?(?:\?P<o>)?([UCDAFP])\)", self.pattern)
        return PLACEHOLDER[next((e for e in ends if e != "U"), ends[0])] if ends else ""


@dataclass(frozen=True)
class Relation(Term):
    """A relation: its term in the ontology, the classes that it joins, what it is called from its object's side, its rules.

    Clauses that tell of plans are left, but where `planned`. The first rule that reads an end settles it where `once`
    names that end (s or o). `mutual` relations hold both ways and are stated once. `order` is its place in lists.
    """

    ends: tuple[tuple[Kind, Kind], ...] = ()
    inverse: tuple[str, str] = ("", "")
    rules: tuple[Rule, ...] = ()
    planned: bool = False
    once: str = ""
    mutual: bool = False
    order: int = 1000

    @cached_property
    def needs(self) -> frozenset[str]:
        """Marks of which it takes at least one for any of its rules to read something."""
        return frozenset(rule.needs for rule in self.rules)


@cache
def relations() -> tuple[Relation, ...]:
    """All relations: the RELATION of each module of this package, in their order."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = (importlib.import_module(f"{__name__}.{name}").RELATION for name in names)
    return tuple(sorted(found, key=lambda relation: (relation.order, relation.name)))
