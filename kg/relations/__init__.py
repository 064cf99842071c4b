"""What sentences say of the things they name: one file per relation, each a tuple of rules with examples.

A rule is a regular expression over a sentence in which each mention, or list of mentions (A、B和C), is one character:

    U body    C campaign    D document in 《》    A award    F facility    P person
    S the body that the clause goes on speaking of;    X either U or S

A rule names its ends as groups, `(?P<s>U)` and `(?P<o>C)`; without an `s` the subjects are the bodies that act in the clause of
the object. Rules of a relation are tried in order, on every sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

CLASSES = "UCDAFPSQ"
PLACEHOLDER = {letter: chr(0xE000 + i) for i, letter in enumerate(CLASSES)}


@dataclass(frozen=True)
class Rule:
    """One way of saying a relation. `says` and `leaves` are examples: sentences that it must and must not read."""

    name: str
    pattern: str
    confidence: float
    says: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()

    @property
    def subject(self) -> str | None:
        """The group of the subject, None where it is whoever acts in the clause."""
        return "s" if "s" in self.regex.groupindex else None

    @property
    def object(self) -> str:
        return "o"

    @cached_property
    def regex(self) -> re.Pattern[str]:
        text = self.pattern.replace("X", f"[{PLACEHOLDER['U']}{PLACEHOLDER['S']}]")
        return re.compile(re.sub(rf"(?<![\\P<])[{CLASSES}](?!<)", lambda m: PLACEHOLDER[m[0]], text))


@dataclass(frozen=True)
class Relation:
    """A relation: its name in the vocabulary and its rules. `planned` rules out clauses that tell of plans."""

    name: str
    rules: tuple[Rule, ...]
    planned: bool = False


def relations() -> tuple[Relation, ...]:
    """All relations that rules state, in a fixed order."""
    from kg.relations import conducted, cooperated_with, holds_role_at, issued, operates, part_of, received

    return tuple(module.RELATION for module in (conducted, part_of, cooperated_with, issued, received, operates, holds_role_at))
