"""Full names of bodies: 中院 → 中级人民法院, and as many regions in front as it takes to be unique in China."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg import lexicon
from kg.mentions.units import LEVELS, NETWORKS, UnitName
from kg.regions import Region, divisions


@dataclass(frozen=True)
class Body:
    """A resolved body: its full name, its region, and the body that it is part of (with how that is known)."""

    name: str
    head: str
    sort: str
    own: str
    region: Region | None = None
    parent: Body | None = None
    how: str = ""

    def __hash__(self) -> int:
        return hash(self.name)


@cache
def _aliases() -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Short forms with what they stand for, the longest first; and all the short forms."""
    known = sorted(((short, full) for short, full in lexicon.rows("aliases")), key=lambda row: -len(row[0]))
    return known, tuple(short for short, _ in known)


@cache
def full_own(own: str) -> str:
    """The full form of what stands after the place: 中院 → 中级人民法院, 人社局 → 人力资源和社会保障局."""
    own = LEVELS.sub("", own) if LEVELS.match(own) else own
    own = re.sub(r"^各级|^两级(?!法院|检察院)", "", own)
    if own == "法院":
        return "人民法院"
    if own == "检察院":
        return "人民检察院"
    if own == "政府":
        return "人民政府"
    if own in ("纪委", "监委", "纪律检查委员会", "监察委员会", "监察委"):
        return "纪委监委"
    aliases, endings = _aliases()
    for short, full in aliases if own.endswith(endings) else ():
        if own.endswith(short) and (len(short) > len(full) or not own.endswith(full)):
            return own[: -len(short)] + full
    return own


COURTS = {"法院": "法院系统", "人民法院": "法院系统", "检察院": "检察机关", "人民检察院": "检察机关", "两级法院": "法院系统", "法院系统": "法院系统", "各级法院": "法院系统", "两级检察院": "检察机关", "公安系统": "公安机关", "公安队伍": "公安机关",
          "政法机关": "政法系统", "政法队伍": "政法系统", "政法单位": "政法系统", "政法各单位": "政法系统", "政法部门": "政法系统", "检察系统": "检察机关", "公安部门": "公安机关",
          "税务部门": "税务系统", "税务机关": "税务系统", "市场监管部门": "市场监管系统", "市场监管机关": "市场监管系统", "纪检监察系统": "纪检监察机关"}  # fmt: skip


def full_name(name: UnitName, region: Region | None, parent: Body | None) -> str:
    """The name that identifies a body: parent or region (as many as make it unique), then its own part."""
    own = full_own(name.own)
    table = divisions()
    if own == "纪委监委" and region and region.level == "township":
        own = "纪委"
    if name.prefix == "团" and region:
        return f"共青团{table.qualified(region)}委员会"
    if name.prefix in NETWORKS and region:
        return name.prefix + (region.name if name.place.endswith(region.name) else region.short) + own
    if name.sort == "all":
        own = COURTS.get(own, own)
    if parent:
        if (
            region
            and name.regions
            and not own.startswith(region.name)
            and (own in ("分局", "公安分局") or not name.own.startswith(region.name))
        ):
            if own in ("分局", "公安分局"):
                return f"{parent.name}{region.name}分局"
            return (
                f"{parent.name}{region.short}{own}"
                if name.sort in ("part", "named") or own.startswith(("铁路", "海事"))
                else f"{parent.name}{region.name}{own}"
            )
        return parent.name + own
    if not region:
        return own
    if own == "公安分局" and region.level == "county":
        return f"{table.qualified(table.city(region))}公安局{region.name}分局"
    if name.sort == "named" and not (name.regions or name.relative):
        return own
    base = table.qualified(region)
    if name.head.endswith("监狱") and name.place.endswith(region.short):
        return region.short + own
    if (
        name.sort == "named"
        and name.place
        and all(name.place != r.name for r in name.regions)
        and name.place in divisions().by_short
    ):
        return name.place + own  # a company or school keeps the short form of its own name
    if (
        name.sort == "named"
        and name.head.endswith(("学院", "大学"))
        and region.short != region.name
        and len(region.code) <= 4
    ):
        base = region.short
    if name.head in (
        "海关",
        "军分区",
        "海事局",
        "海事处",
        "海警局",
        "出入境边防检查站",
        "出入境边防检查总站",
        "边检站",
        "边检总站",
    ) or own.startswith("铁路"):
        base = region.short
    return base + own
