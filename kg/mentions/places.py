"""Where places stand in a sentence: by full name, by short name before a head that shows it, as 全市 or 该县."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kg import lexicon, words
from kg.mentions.listed import Listed
from kg.mentions.naming import HAN, REACH, breaks, clean_gap
from kg.regions import Region, divisions

RANKS = "省|自治区|市|州|盟|县|区|旗|镇|乡|街道"
RELATIVE = re.compile(rf"(?:全|我|该|本)?(?:{RANKS})$")
WHOLE = re.compile(r"(?:全国|全(?:省|自治区|区|市|州|盟|县|旗|镇)|(?:自治区|省|市|州|盟|县|区|旗){1,3}(?:[两三]级)?)$")
PAIR = re.compile(  # 甲、乙、丙三县|公安局; 甲、乙两地|交警大队; 甲、乙3个边境县|公安局
    r"((?:[\u4e00-\u9fff]{2,5}、)*[\u4e00-\u9fff]{2,5}?)(?:和|及|与|、)([\u4e00-\u9fff]{2,5}?)(?:[两三四五六]|[两三四五六七八九十0-9]个)"
    r"(?:边境|山区|沿[江海河边]|重点|主城|中心城|相邻|毗邻|[东南西北][部片])?([县区市旗镇乡省]|[县区市旗]{2}|地)$"
)
NO_RANK = frozenset(lexicon.words("no_rank"))
SHORT_FORM_HEADS = ("公安分局", "分局", "大队", "支队", "公安机关", "警方")
PLACED = (
    "学院",
    "大学",
    "海关",
    "供电局",
    "供电公司",
    "汽车站",
    "客运站",
    "客运南站",
    "分行",
    "检查站",
    "检查总站",
    "监狱",
    "边检站",
    "边检总站",
    "车务段",
    "机务段",
    "工务段",
    "电务段",
    "客运段",
    "车辆段",
)


@cache
def _names() -> Listed:
    return Listed(
        [n for n in divisions().by_name if len(n) > 1 and n not in RANKS.split("|")]
        + [n for n in divisions().by_short if len(n) >= 7 or (n[-1] in "州县旗" and len(n) > 2)]
    )


@lru_cache(maxsize=2048)
def region_ends(text: str) -> dict[int, int]:
    """Full names of divisions in a text: end → start, the longest at each end, none inside a longer one."""
    ends: dict[int, int] = {}
    for _, start, end in _names().find(text, overlapping=True):
        if (text[start : start + 2] in breaks() or (end - start == 2 and text[start] in "和与及")) and not text[
            :start
        ].endswith(("省", "市", "州")):
            continue  # 会同|县公安局, 联合|镇政府
        if start and any(len(r.code) == 2 for r in divisions().by_short.get(text[start - 1 : start + 1], ())):
            continue  # 广西|区委
        if end - start == 2 and start and words.tag(text[start - 1 : start + 1]) == "v":
            continue  # 担任|县公安局顾问
        ends[end] = min(start, ends.get(end, start))
    spans = sorted((s, e) for e, s in ends.items())
    kept: dict[int, int] = {}
    reach = 0
    for start, end in spans:
        if end > reach:
            if start < reach and end - start < 3:
                continue  # overlaps the one before: 某市|市中区
            kept[end] = start
            reach = end
    return kept


def regions_named(name: str, short: bool = False) -> tuple[Region, ...]:
    """The divisions of that full name, or of that short name where asked for."""
    table = divisions()
    return tuple(table.by_name.get(name, ())) or (
        tuple(table.by_short.get(name, ())) if short or len(name) >= 7 or name[-1] in "州县旗" else ()
    )


def chain(text: str, ends: dict[int, int], at: int, floor: int) -> tuple[int, tuple[Region, ...]] | None:
    """The run of region names that ends at `at`: where it begins, and the divisions that its last name may mean."""
    if (start := ends.get(at)) is None or start < floor:
        return None
    regions = regions_named(text[start:at])
    names: list[str] = []
    begin = start
    while (before := ends.get(begin)) is not None and before >= floor:
        names.append(text[before:begin])
        begin = before
    table = divisions()
    for name in names:
        inside = tuple(r for r in regions if any(name in (a.name, a.short) for a in table.ancestors(r)))
        if inside:
            regions = inside
    if regions and all(len(r.name) == 2 and r.name in ("城区", "郊区", "矿区") for r in regions) and not names:
        return None
    # a province or city by its short name in front: 江苏南京市
    for width in (3, 2):
        if begin - width >= floor and (above := table.by_short.get(text[begin - width : begin])):
            inside = tuple(r for r in regions if any(a in above for a in table.ancestors(r)))
            if inside:
                return begin - width, inside
    return begin, regions


def short(
    text: str, at: int, floor: int, head: str, sort: str, has_field: bool
) -> tuple[int, tuple[Region, ...]] | None:
    """A region without its rank before a head that shows it to be one: 海勃湾|公安分局, 包头|公安局."""
    if not (
        sort in ("body", "all")
        or head in SHORT_FORM_HEADS
        or (sort == "part" and has_field)
        or (sort == "named" and head.endswith(PLACED))
        or (head.endswith(("公司", "集团")) and has_field)
    ):
        return None
    table = divisions()
    for width in (6, 5, 4, 3, 2):
        if at - width >= floor and (regions := table.by_short.get(text[at - width : at])):
            if text[at - width : at] in breaks() or at - width + 1 in region_ends(text):
                continue  # 会同|公安派出所; 某某镇|原民政办
            if head.endswith(("学院", "大学")):
                regions = [r for r in regions if len(r.code) <= 4]
            if regions:
                return at - width, tuple(regions)
    return None


def under(text: str, short: tuple[int, tuple[Region, ...]], floor: int) -> tuple[int, tuple[Region, ...]] | None:
    """The short name again, held against the name of a province right before it: 内蒙古|大兴安岭 is not the prefecture in Heilongjiang."""
    at, regions = short
    table = divisions()
    for width in (3, 2):
        if at - width >= floor and (
            above := [r for r in table.by_short.get(text[at - width : at], ()) if len(r.code) == 2]
        ):
            inside = tuple(r for r in regions if table.within(r, above[0]))
            return (at, inside) if inside else None
    return short


def relative(text: str, at: int, floor: int, sort: str) -> tuple[int, str, str] | None:
    """市, 全市, 该县 right before: where it begins, the word, and the character of a clipped name (巴市)."""
    if sort == "all" and (m := WHOLE.search(text, max(floor, at - 8), at)) and m.end() == at:
        return None if text[m.start() - 1 : m.start()].isdigit() else (m.start(), m[0], "")
    if (
        text[at - 1 : at] in "县区市旗镇乡省地"
        and (pair := PAIR.search(text, max(floor, at - 40), at))
        and _counted(pair)
    ):
        begin = pair.start(3) - 1
        return begin, pair[3], text[begin]
    m = RELATIVE.search(text, max(floor, at - 4), at)
    if not m or m.end() != at:
        return None
    begin, word = m.start(), m[0]
    if MANY.search(text, max(floor, begin - 12), begin):
        return None
    if begin > floor and text[begin - 1 : begin + 1] in NO_RANK:
        return None
    if word[0] in "全我该本" and len(word) > 1:
        return begin, word, ""
    if begin == floor or not HAN.match(text[begin - 1]) or text[begin - 1] == "团":
        return begin, word, ""
    before = words.cut(text[max(floor, begin - 6) : begin])
    if (
        before
        and (
            before[-1] in breaks()
            or words.tag(before[-1]) in words.STOP_TAGS
            or before[-1] in ("月份", "年份", "月", "日")
        )
        and before[-1] not in ("各", "两", "每", "多", "外", "几", "数", "三", "五")
    ):
        return begin, word, ""
    if (
        (
            begin - 1 >= floor
            and HAN.match(text[begin - 1])
            and (begin == 1 or not HAN.match(text[begin - 2]) or text[begin - 2] in "，、的在由")
            and begin - 1 >= floor
        )
        and word not in ("镇", "乡", "街道")
        and text[begin - 1] not in "各两每多外几数三五"
    ):
        return begin - 1, word, text[begin - 1]
    return None


def short_at(text: str) -> int:
    """Where the short name of a province, a city or a county that a text begins with ends; 0 where it begins with none."""
    for width in (4, 3, 2):
        if any(len(r.code) <= 6 for r in divisions().by_short.get(text[:width], ())):
            return width
    return 0


MANY = re.compile(
    r"(?:[各每]|[0-9]+个?|[两三四五六七八九十]个)(?:[省市州盟县旗区乡镇]|（[省市州盟县旗区乡镇、]+）)*$"
)  # 各县区卫生局
A_RANK = re.compile("[省区市州盟县旗镇乡道]")


def relative_across(text: str, at: int, floor: int, end: int) -> tuple[int, int, str] | None:
    """市|住房公积金|管理中心, 省|委农村工作|领导小组: the rank of the place, then a name of its own."""
    if not A_RANK.search(text, max(floor, at - REACH - 1), at):
        return None
    for width in range(2, REACH + 1):
        left = at - width
        if left <= floor:
            return None
        if not HAN.match(text[left - 1]) or not HAN.match(text[left]):
            if not HAN.match(text[left]):
                return None
            continue
        m = RELATIVE.search(text, max(floor, left - 4), left)
        if not m or m.end() != left:
            continue
        first = words.cut(text[m.start() : end])[0]
        if first not in (m[0], m[0] + "委") or not clean_gap(text[left:at], people=text.startswith("中心", at)):
            continue
        found = relative(text, left, floor, "body")
        if found and not found[2]:
            return found[0], left, found[1]
    return None


def _counted(pair: re.Match[str]) -> bool:
    """Whether a list before 两地 has as many names as it says."""
    return pair[3] != "地" or pair[1].count("、") + 2 == COUNTS.get(pair[0][-2], 0)


def is_town(name: str) -> bool:
    """Whether some town or township has a name, without its rank."""
    named = divisions().by_name
    return len(name) > 1 and name not in breaks() and (name + "镇" in named or name + "乡" in named)


COUNTS = {c: i for i, c in enumerate("两三四五六", 2)}


def ranked(name: str, rank: str) -> tuple[Region, ...]:
    """The divisions of that rank (县, 镇 …; 县区: either; 地: a county or wider) which a name, with or without it, may mean."""
    table = divisions()
    known = [*table.by_name.get(name, ()), *table.by_short.get(name, ())]
    if rank == "地":
        return tuple(r for r in known if len(r.code) <= 6 and r.level != "zone")
    if rank in "镇乡":
        known += table.by_name.get(name + rank, ())
    return tuple(r for r in known if r.name.endswith(tuple(rank)))
