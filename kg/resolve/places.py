"""Which division a name means here: the nearest to the regions in play; 市, 全市, 该县; the place of a dateline or of a paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from kg import lexicon, words
from kg.mentions.places import region_ends, short_at
from kg.mentions.units import ACTS, Unit
from kg.regions import Region, divisions


@dataclass
class Context:
    """What a page has told so far: regions in play (latest last), bodies in play (latest last)."""

    regions: list[Region] = field(default_factory=list)


def rank_of(name: str) -> str:
    for rank in ("自治区", "省", "市", "州", "盟", "县", "旗", "区", "镇", "乡", "街道"):
        if name.endswith(rank):
            return rank
    return ""


def choose(regions: Iterable[Region], context: Iterable[Region]) -> Region | None:
    """The division meant by a name that several bear: the one nearest to the regions in play, else the one of the highest rank, else none."""
    regions = list(regions)
    if len(regions) <= 1:
        return regions[0] if regions else None
    table = divisions()
    for known in reversed(list(context)):
        if known in regions:
            return known
        for width in (6, 4, 2):
            near = [r for r in regions if len(known.code) >= width and r.code[:width] == known.code[:width]]
            if near:
                top = min(len(r.code) for r in near)
                best = [r for r in near if len(r.code) == top]
                if len(best) == 1:
                    return best[0]
                break
    top = min(len(r.code) for r in regions)
    best = [r for r in regions if len(r.code) == top]
    zones = [r for r in best if r.level != "zone"]
    best = zones or best
    if len(best) == 1 and len(best[0].code) <= 6:
        return best[0]
    return None if len({table.qualified(r) for r in best}) > 1 else best[0]


def around(word: str, prefix: str, context: Context) -> Region | None:
    """The region that 市, 全市, 该县 or the clipped 巴市 means here."""
    table = divisions()
    rank = rank_of(re.sub(r"[两三]级$", "", word))
    if not rank:
        return None
    seen = list(reversed(context.regions))
    for known in seen:
        for region in (known, *table.ancestors(known)):
            if region.level == "zone" or not ranked(region, rank):
                continue
            if prefix and prefix != "团" and not region.short.startswith(prefix):
                continue
            return region
    if word == "全区" or word == "区":
        for known in seen:
            province = table.by_code[known.code[:2]]
            if province.name.endswith("自治区"):
                return province
    return None


def headed(title: str) -> Region | None:
    """The division whose short name a headline begins with: 某某检察：…, 某某召开…. None for 和平 and other words, and for 某某路."""
    width = short_at(title[:4])
    if not width or not _stands_for(title[:width]):
        return None
    named = title.startswith(tuple(lexicon.words("fields")), width) or title[width : width + 1] in tuple("：: ")
    if not named and not ACTS.match(title, width):
        return None
    regions = [r for r in divisions().by_short[title[:width]] if r.level != "zone"]
    return regions[0] if len(regions) == 1 else None


PAPER = re.compile(r"([\u4e00-\u9fff]{2,4}?)(?:日报|晚报|晨报|商报|时报|都市报|新闻网|电视台|发布|讯)")
ENTRY = re.compile(r"^([\u4e00-\u9fff]{2,4})：")


def shown(texts: Iterable[str], word: str) -> Region | None:
    """The region that 市 or 全县 means where no body of the article is named with its place: the one that the texts speak of most.

    They show it by its full name, in a title too, or by its short name: a province or city anywhere (某地民间资本), a county
    before a colon only, since counties are called like words (惠民, 新建). None where two are spoken of as often.
    """
    table = divisions()
    rank = rank_of(re.sub(r"[两三]级$", "", word))
    counts: Counter[Region] = Counter()
    for text in texts:
        named = [table.by_name[text[start:end]] for end, start in region_ends(text).items()]
        named += [table.by_short[word] for word in words.cut(text) if _is_wide(word)]
        papers = [*PAPER.finditer(text), *ENTRY.finditer(text)]
        named += [table.by_short[m[1]] for m in papers if m[1] in table.by_short]
        for regions in named:
            top = min((len(r.code) for r in regions), default=0)
            best = [r for r in regions if len(r.code) == top and r.level != "zone"]
            if len(best) == 1:
                counts.update({r for r in (best[0], *table.ancestors(best[0])) if ranked(r, rank)})
    first, second = [*counts.most_common(2), (None, 0), (None, 0)][:2]
    return first[0] if first[1] > second[1] else None


def _stands_for(word: str) -> bool:
    """Whether a short name is no other word: not 和平 or 振兴, which are counties too."""
    return words.tag(word) in ("ns", "nr", "x") or _is_wide(word)


def _is_wide(word: str) -> bool:
    """Whether a word is the short name of a province or a city."""
    return any(len(region.code) <= 4 for region in divisions().by_short.get(word, ()))


def ranked(region: Region, rank: str) -> bool:
    if rank == "区":
        return region.name.endswith("区") and not region.name.endswith("自治区") and len(region.code) == 6
    if rank == "省":
        return len(region.code) == 2 and region.name.endswith("省")
    if rank == "自治区":
        return len(region.code) == 2 and region.name.endswith("自治区")
    return region.name.endswith(rank)


def place(name: str, context: Iterable[Region]) -> Region | None:
    """The division of a dateline (陕坝讯, 巴彦淖尔讯)."""
    table = divisions()
    found = list(table.by_name.get(name, ())) + list(table.by_short.get(name, ()))
    if not found:
        for end in range(2, len(name) - 1):  # 河北邢台
            inner = list(table.by_name.get(name[end:], ())) + list(table.by_short.get(name[end:], ()))
            outer = [*table.by_name.get(name[:end], ()), *table.by_short.get(name[:end], ())]
            found = [r for r in inner if any(table.within(r, o) for o in outer)]
            if found:
                break
    if not found:
        found = [r for rank in ("镇", "街道", "乡") for r in table.by_name.get(name + rank, ())]
        if len(found) > 1:
            near = [r for r in found for c in context if r.code[:6] == c.code[:6]]
            return near[0] if near else None
    return choose(found, context)


SEAT = re.compile(
    r"([\u4e00-\u9fff]{2,5}?)(?:中心)?(?:派出所|司法所|税务所|税务分局|人民法庭|法庭|工商所|市场监管所|市场监督管理所|检察室|财政所|自然资源所|国土资源所|国土所|"
    r"林业站|水利站|环保所|劳动保障事务所|劳动保障所|卫生院|农业服务中心|交警中队)$"
)


def seat(own: str, region: Region | None, named: Collection[str]) -> Region | None:
    """The town that a station or an office of a county is named after (某某派出所), where the page speaks of the town, else the region."""
    m = SEAT.fullmatch(own)
    if m is None or region is None or len(region.code) not in (4, 6):
        return region
    by_name = divisions().by_name
    for rank in ("镇", "乡", "街道"):
        towns = [r for r in by_name.get(m[1] + rank, ()) if r.code.startswith(region.code)]
        if len(towns) == 1 and towns[0].name in named:
            return towns[0]
    return region


BRANCH = re.compile("(?:中国铁路|国网|人行|工行|农行|中行|建行|中国[\u4e00-\u9fff]{2}(?:银行|集团)?)")


def seat_of_branch(own: str) -> Region | None:
    """The province or city that a branch of a national company is named after: 中国铁路|西安|局集团有限公司."""
    table = divisions()
    if not (national := BRANCH.match(own)):
        return None
    rest = own[national.end() :]
    for width in (7, 6, 5, 4, 3, 2):
        named = [*table.by_name.get(rest[:width], ()), *table.by_short.get(rest[:width], ())]
        wide: set[Region] = {r for r in named if len(r.code) <= 4 or r.name == rest[:width]}
        if len(wide) == 1:
            return wide.pop()
    return None


def home(paper: str) -> list[Region]:
    """The division that a paper is named after: 六安日报. None for 法制日报 and the like."""
    if not (m := re.match(r"(.{2,4}?)(?:日报|晚报|晨报|商报|时报|都市报|新闻网|报)$", paper)):
        return []
    return [r for r in divisions().by_short.get(m[1], ()) if r.level != "zone"][:1]


def own_regions(units: Iterable[Unit]) -> Iterator[Region]:
    """The regions that the names of bodies fix without any context."""
    for unit in units:
        if len(unit.name.regions) == 1:
            yield unit.name.regions[0]
