"""Titled documents: 《…》 as bodies issue them. Books, films and laws in 《》 are none, unless somebody issues them."""

from __future__ import annotations

import re
from functools import cache

from kg import lexicon
from kg.mentions import Named
from kg.model import Kind

# 《关于印发〈…〉的通知》, 《关于印发《…》的通知》: up to two titles inside a title.
TITLE = re.compile(r"《[^《》]{2,80}(?:《[^《》]{1,60}》[^《》]{0,40}){0,2}》")
ISSUED = re.compile(
    r"(?:印发|下发|出台|制定|制订|编制|编印|编写|编成|签订|签署|签下|会签|修订|起草|拟定|颁布|联合发布|公布)"
    r"(?:了|实施|下发|发布|印发|出|完善|并){0,2}$"
)
LAW = re.compile(r"中华人民共和国|(?:民法典|(?<![办方作用做])法)$")
FORM = re.compile(r"[0-9][0-9.]*[万千]?余?[份张]")  # signed with each of many: 《诚信承诺书》1100份


@cache
def _kinds() -> re.Pattern[str]:
    """The kind of document at the end of a title: …办法, …方案（试行）."""
    kinds = "|".join(sorted(lexicon.words("documents"), key=len, reverse=True))
    return re.compile(rf"(?:{kinds})(?:（[^（）]{{1,14}}）)?$")


def find(text: str, bodies: list[tuple[int, int]]) -> list[Named]:
    """The documents that a sentence names, in order: those whose title says so, and those that a verb before it issues."""
    if "《" not in text:
        return []
    found = []
    for m in TITLE.finditer(text):
        title = m[0][1:-1]
        if LAW.search(title) or FORM.match(text, m.end()):
            continue
        if _kinds().search(title) or ISSUED.search(text, max(0, m.start() - 8), m.start()):
            found.append(Named(Kind.POLICY, m.start(), m.end(), m[0]))
    return found
