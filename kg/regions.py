"""The administrative divisions of China, province to township: names, short names, codes and nesting.

The table is `data/divisions.tsv.xz` (source and licence in `data/SOURCE.md`); the parent of a code is the longest
shorter code that the table lists.
"""

from __future__ import annotations

import lzma
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

# The peoples that autonomous areas are named after, as they stand in such names.
PEOPLES = (
    "蒙古族 蒙古 回族 藏族 维吾尔 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 哈萨克 傣族 黎族 傈僳族 "
    "佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 锡伯 阿昌族 "
    "普米族 塔吉克 怒族 鄂温克族 裕固族 保安族 独龙族 鄂伦春"
).split()
AUTONOMOUS = re.compile(rf"(?<=..)(?:{'|'.join(PEOPLES)}|各族)+(?:自治[区州县旗]|[区乡])$|自治区$|(?<=.)自治[州县旗]$")
SUFFIX = re.compile(
    r"(?:特别行政区|高新技术产业开发区|经济技术开发区|经济开发区|地区|林区|新区|矿区|[省市县区旗盟州])$"
)
LEVELS = {2: "province", 4: "prefecture", 6: "county", 9: "township"}


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A division: its code, its full name and its level (province, prefecture, county, zone or township).

    The table holds each once, and one is equal to itself only.
    A zone is a development or management zone with a statistical code; it is not a division of GB/T 2260. A former county is
    one that older pages name; it keeps the code it had.
    """

    code: str
    name: str
    former: bool = False

    @property
    def level(self) -> str:
        if len(self.code) == 6 and self.code[4] == "7":
            return "zone"
        return LEVELS[len(self.code)]

    @property
    def gb_code(self) -> str:
        """The code as GB/T 2260 writes it: six digits down to the county, nine for a township."""
        return self.code if len(self.code) == 9 else self.code.ljust(6, "0")

    @property
    def short(self) -> str:
        """The name without its rank: 赤峰市 → 赤峰, 内蒙古自治区 → 内蒙古; at least two characters."""
        for pattern in (AUTONOMOUS, SUFFIX):
            if (found := pattern.search(self.name)) and found.start() >= 2:
                return self.name[: found.start()]
        return self.name


class Divisions:
    """The whole table, with look-ups by code, by full name and by short name."""

    def __init__(self) -> None:
        packed = files("kg").joinpath("data/divisions.tsv.xz").read_bytes()
        lines = lzma.decompress(packed).decode("utf-8").splitlines()
        regions = (Region(code, name, bool(mark)) for code, name, *mark in (line.split("\t") for line in lines))
        self.by_code = {region.code: region for region in regions}
        self.by_name: dict[str, list[Region]] = defaultdict(list)
        for region in self.by_code.values():
            self.by_name[region.name].append(region)

    @cached_property
    def by_short(self) -> dict[str, list[Region]]:
        """Divisions down to the county by the name without its rank; what equals a full name is not listed."""
        found: dict[str, list[Region]] = defaultdict(list)
        for region in self.by_code.values():
            if len(region.code) <= 6 and not region.former and (short := region.short) != region.name:
                found[short].append(region)
                if AUTONOMOUS.search(region.name) and len(region.code) > 2:
                    found[short + region.name[-1]].append(region)  # 延边州, 伊通县
                if region.level == "zone" and (seat := self.parent(region)):
                    # 内蒙古阿拉善高新技术产业开发区 is also met as 阿拉善盟高新技术产业开发区
                    rank = region.name[len(short) :]
                    found[seat.name + rank].append(region)
                    found[seat.short + rank].append(region)
        return found

    def parent(self, region: Region) -> Region | None:
        for digits in (6, 4, 2):
            if digits < len(region.code) and (above := self.by_code.get(region.code[:digits])):
                return above
        return None

    def ancestors(self, region: Region) -> list[Region]:
        """The regions around this one, nearest first."""
        found = []
        while above := self.parent(region):
            found.append(region := above)
        return found

    def within(self, inner: Region, outer: Region) -> bool:
        return inner.code.startswith(outer.code)

    def city(self, region: Region) -> Region:
        """The prefecture-level city around a region, or the province-level city itself; else the region."""
        return self.by_code.get(region.code[:4]) or self.by_code[region.code[:2]]

    def qualified(self, region: Region) -> str:
        """The shortest run of names, from the nearest region outwards, that no other division shares."""
        name, above = region.name, self.parent(region)
        namesakes = [r for r in self.by_name[region.name] if r != region]
        while namesakes and above:
            name = above.name + name
            namesakes = [r for r in namesakes if self.within(r, above)]
            above = self.parent(above)
        return name


@cache
def divisions() -> Divisions:
    """The table, read once a process."""
    return Divisions()
