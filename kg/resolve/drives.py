"""Which campaign a mention means: 该行动 is the last one in play, “大收戒” a clipped form of one that the page names in full."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kg.mentions import campaigns as drives
from kg.resolve.recent import Recent


@dataclass(frozen=True)
class Drive:
    """A resolved campaign."""

    name: str
    core: str
    head: str = ""
    exact: bool = True


class Drives:
    """Makes out the campaigns of one document, and what 该行动 points back to.

    `known` are the cores of the campaigns that a first look at the document has found.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        self.known = sorted(known, key=lambda core: (-len(core), core))
        self.by_core: dict[str, Drive] = {}
        self.article: Recent[str] = Recent()  # cores
        self.suffixes = {k[i:]: k for k in reversed(self.known) for i in range(len(k) - 2)}

    def _same(self, core: str) -> str:
        """The longest core of the document that this one is a clipped form of: “大收戒” for “禁毒严打大收戒”."""
        return self.suffixes.get(core) or self._fuller(core)

    def _fuller(self, core: str) -> str:
        """The campaign of the page of which this name leaves out a word in the middle or at the end."""
        if len(core) < 4:
            return core
        fuller = [
            k for k in self.known if len(core) < len(k) <= len(core) + 4 and k[:2] == core[:2] and _within(core, k)
        ]
        return fuller[0] if len(fuller) == 1 else core

    def start_article(self) -> None:
        self.article = Recent()

    def resolve(self, campaign: drives.Campaign) -> Drive | None:
        """The campaign that a mention means, None where it points back to none."""
        if campaign.pointer:
            drive = self._pointed(campaign)
        else:
            core = self._same(campaign.core)
            drive = self.by_core.get(core)
            if drive is None or (core == campaign.core, len(campaign.head), len(campaign.text)) > (
                drive.exact,
                len(drive.head),
                len(drive.name),
            ):
                drive = Drive(campaign.text, core, campaign.head, core == campaign.core)
                self.by_core[core] = drive
        if drive:
            self.article.take(drive.core)
        return drive

    def _pointed(self, campaign: drives.Campaign) -> Drive | None:
        head = re.sub(r"^(?:该|此次|本次|这次|这场|此项|这一|上述)", "", campaign.head)
        recent = [self.by_core[core] for core in reversed(self.article)]
        for drive in recent:
            if drive.name.endswith(head) or drive.name.endswith(head[-2:]) or head in drive.name:
                return drive
        if head in SPECIFIC:
            whole = next((core for core in self.known if core.endswith(head) and core != head), None)
            if whole:
                return self.by_core.setdefault(whole, Drive(whole, whole, head))
            self.by_core[head] = drive = Drive(head, head, head)
            return drive
        return recent[0] if recent and campaign.head != head else None


def _within(short: str, long: str) -> bool:
    """Whether a name is the other without one run of characters."""
    head = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return long.endswith(short[head:])


SPECIFIC = frozenset("队伍教育整顿 教育整顿 大练兵 主题教育".split())
