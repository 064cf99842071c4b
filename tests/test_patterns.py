"""Patterns that first look whether a character may begin a match pass over none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.mentions import awards, campaigns, lists, quantities, times

HERE = Path(__file__).parent
TEXTS = [
    path.read_text(encoding="utf-8")
    for folder in (HERE.parent / "seeds", HERE / "corpus" / "open")
    for path in sorted(folder.glob("*.txt"))
]
FIRST_LOOK = re.compile(r"\(\?=\[[^\]]+\]\)")
PATTERNS = {
    "GIVEN": awards.GIVEN,
    "POINTER": campaigns.POINTER,
    "THIS": lists.THIS,
    "FIGURE": quantities.FIGURE,
    "PERIOD": times.PERIOD,
    "RUN": times.RUN,
}


@pytest.mark.parametrize("name", PATTERNS)
def test_the_first_look_passes_over_no_match(name: str) -> None:
    pattern = PATTERNS[name]
    look = FIRST_LOOK.match(pattern.pattern)
    assert look is not None
    without = re.compile(pattern.pattern[look.end() :])
    found = [[m.span() for m in without.finditer(text)] for text in TEXTS]
    assert any(found)
    assert [[m.span() for m in pattern.finditer(text)] for text in TEXTS] == found
