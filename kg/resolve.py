"""Which body, campaign or place a mention means.

Within a document, in reading order: 该局 is the last body of that rank, 市公安局 the one of the city in play, 昆都仑区分局 the same as
包头市公安局昆都仑区分局 where the page says so, 禁毒大队 in a list the squad of the bureau before it. What cannot be made good names nobody.
Across documents two bodies are one when their full names are the same; a full name holds as many regions as it takes to be unique in China.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Generic, TypeVar

from kg import lexicon
from kg.clauses import clause_start, opens
from kg.mentions import campaigns as drives
from kg.mentions.places import region_ends, regions_named
from kg.mentions.units import LEVELS, Unit, UnitName
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


@dataclass
class Context:
    """What a page has told so far: regions in play (latest last), bodies in play (latest last)."""

    regions: list[Region] = field(default_factory=list)


# ---------------------------------------------------------------- names


@cache
def _aliases() -> list[tuple[str, str]]:
    return sorted(((short, full) for short, full in lexicon.rows("aliases")), key=lambda row: -len(row[0]))


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
    for short, full in _aliases():
        if own.endswith(short) and (len(short) > len(full) or not own.endswith(full)):
            return own[: -len(short)] + full
    return own


COURTS = {"法院": "法院系统", "两级法院": "法院系统", "法院系统": "法院系统", "各级法院": "法院系统", "两级检察院": "检察机关", "公安系统": "公安机关", "公安队伍": "公安机关",
          "政法机关": "政法系统", "政法队伍": "政法系统", "政法单位": "政法系统", "政法各单位": "政法系统", "政法部门": "政法系统", "检察系统": "检察机关", "公安部门": "公安机关",
          "税务部门": "税务系统", "税务机关": "税务系统", "市场监管部门": "市场监管系统", "市场监管机关": "市场监管系统", "纪检监察系统": "纪检监察机关"}  # fmt: skip
POLICE = re.compile(
    r"派出所|看守所|拘留所|车管所|车辆管理所|(?:交警|交管|交通管理|交通警察|刑侦|刑警|经侦|禁毒|治安|巡特警|特巡警|特警|巡警|网安|网络安全保卫|反恐|出入境|情报|法制|督察|警务|食药环侦|森警|警犬|户政|人口|国保|监管|反诈|打击犯罪|案件侦办|侦查|机动|政治工作|政工|警保|科信|110).*(?:支队|大队|中队|总队|中心|办公室|办|科|室|处|队)$|情指"
)


LOCAL = frozenset(
    "小学 实验小学 中心小学 中学 高中 初中 实验学校 幼儿园 卫生院 村委会 村民委员会 居委会 居民委员会 社区居委会".split()
)
POLICE_FIELDS = frozenset("治安 公安 交警 刑侦 森林公安 公共交通 轨道交通 机场 水上 铁路".split())


def _rank(name: str) -> str:
    for rank in ("自治区", "省", "市", "州", "盟", "县", "旗", "区", "镇", "乡", "街道"):
        if name.endswith(rank):
            return rank
    return ""


# ---------------------------------------------------------------- regions


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
    rank = _rank(re.sub(r"[两三]级$", "", word))
    if not rank:
        return None
    seen = list(reversed(context.regions))
    for known in seen:
        for region in (known, *table.ancestors(known)):
            if region.level == "zone" or not _ranked(region, rank):
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


def _ranked(region: Region, rank: str) -> bool:
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


def home(paper: str) -> list[Region]:
    """The division that a paper is named after: 六安日报. None for 法制日报 and the like."""
    if not (m := re.match(r"(.{2,4}?)(?:日报|晚报|晨报|商报|时报|都市报|新闻网|报)$", paper)):
        return []
    return [r for r in divisions().by_short.get(m[1], ()) if r.level != "zone"][:1]


# ---------------------------------------------------------------- bodies


def own_regions(units: Iterable[Unit]) -> Iterator[Region]:
    """The regions that the names of bodies fix without any context."""
    for unit in units:
        if len(unit.name.regions) == 1:
            yield unit.name.regions[0]


def full_name(name: UnitName, region: Region | None, parent: Body | None) -> str:
    """The name that identifies a body: parent or region (as many as make it unique), then its own part."""
    own = full_own(name.own)
    table = divisions()
    if own == "纪委监委" and region and region.level == "township":
        own = "纪委"
    if name.prefix == "团" and region:
        return f"共青团{table.qualified(region)}委员会"
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
                if name.sort in ("part", "named") or own.startswith("铁路")
                else f"{parent.name}{region.name}{own}"
            )
        return parent.name + own
    if not region:
        return own
    if own == "公安分局" and region.level == "county":
        return f"{table.qualified(table.city(region))}公安局{region.name}分局"
    if name.sort == "named" and not name.regions:
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
    if name.head in ("海关", "出入境边防检查站", "出入境边防检查总站", "边检站", "边检总站") or own.startswith("铁路"):
        base = region.short
    return base + own


T = TypeVar("T")


class Recent(Generic[T]):
    """What is in play, the latest last, each thing once and no more than the last FARTHEST."""

    def __init__(self, things: Iterable[T] = ()) -> None:
        self._things: dict[T, None] = {}
        for thing in things:
            self.take(thing)

    def take(self, thing: T) -> None:
        self._things.pop(thing, None)
        self._things[thing] = None
        if len(self._things) > FARTHEST:
            del self._things[next(iter(self._things))]

    def __iter__(self) -> Iterator[T]:
        return iter(self._things)

    def __reversed__(self) -> Iterator[T]:
        return reversed(self._things)


INCLUDES = re.compile(r"下设|内设|下辖|辖有|设有")
FARTHEST = 200


class Bodies:
    """The bodies that a look at a page has made out, by full name, and which have a given own part or region."""

    def __init__(self) -> None:
        self.by_name: dict[str, Body] = {}
        self.own: dict[str, dict[str, None]] = defaultdict(dict)
        self.region: dict[Region | None, dict[str, None]] = defaultdict(dict)

    def put(self, body: Body) -> Body:
        self.by_name[body.name] = body
        self.own[body.own].setdefault(body.name)
        self.region[body.region].setdefault(body.name)
        return body


class Resolver:
    """Makes out the bodies of one document. Feed it sentences in order; it remembers what is in play."""

    def __init__(self, known: Iterable[Region], home: Iterable[Region] = ()) -> None:
        self.home = list(home)  # the place of the paper
        self.document = Recent(known)
        self.article: Recent[Region] = Recent()
        self.bodies: Recent[Body] = Recent()
        self.subjects: Recent[Body] = Recent()
        self.first: list[Body] = []  # the subjects, the first of each head
        self.owner: Body | None = None
        self.including: set[str] = set()  # bodies that are said to have others under them
        self.here: Region | None = None  # the place of the item of a digest
        self.turned = False  # whether a paragraph has begun and no subject has come in it
        self.made = Bodies()
        self.known = Bodies()

    def look_again(self) -> None:
        """Begin a second look: what the first has found is known, but nothing is taken over."""
        self.known, self.made = self.made, Bodies()

    def _named(self, name: str) -> Body | None:
        return self.made.by_name.get(name) or self.known.by_name.get(name)

    def _own(self, own: str) -> list[Body]:
        """The bodies with this own part, those of the first look first."""
        made, known = self.made, self.known
        before = [known.by_name[n] for n in known.own.get(own, ()) if n not in made.by_name]
        return before + [made.by_name[n] for n in made.own.get(own, ())]

    def _in(self, region: Region) -> list[Body]:
        """The bodies of this region, those of the first look first."""
        made, known = self.made, self.known
        before = [known.by_name[n] for n in known.region.get(region, ()) if n not in made.by_name]
        return before + [made.by_name[n] for n in made.region.get(region, ())]

    def start_article(self, dateline: Region | None, ahead: Iterable[Region], owner: Body | None) -> None:
        """Regions of the article itself come before those of the rest of the page.

        `owner` is the body that the article is about, where an earlier look has shown it.
        """
        self.owner, self.here = owner, None
        self.subjects, self.bodies, self.first = Recent(), Recent(), []
        self.article = Recent([*self.document, *reversed(list(ahead)), *self.home, *([dateline] if dateline else [])])

    def first_subject(self) -> Body | None:
        """The first body with parts of its own that the article speaks of."""
        return next((b for b in self.first if b.sort == "body" or b.head.endswith(("分局", "支队", "大队"))), None)

    def start_paragraph(self, here: Region | None) -> None:
        """A paragraph goes back to the place that the article is about: 市公安局 in it is not that of the last county told of.

        An item of a digest from a place (`here`) begins as an article of its own.
        """
        self.turned = True
        if here:
            self.owner, self.here = None, here
            self.subjects, self.bodies, self.first = Recent(), Recent(), []
            self.article.take(here)
        elif self.owner and self.owner.region:
            self.article.take(self.owner.region)

    def context(self) -> Context:
        last = next(reversed(self.subjects), None) if not self.turned else None
        if last is None and self.here:
            return Context([*self.article, self.here])
        if last is None and self.owner and self.owner.region:
            return Context([*self.article, self.owner.region])
        return Context([*self.article, *([last.region] if last and last.region else [])])

    def resolve(self, text: str, units: list[Unit], extra: list[Unit]) -> list[Body | None]:
        """The bodies that the units of one sentence mean; None where nobody can be made out."""
        found: list[Body | None] = []
        for end, start in region_ends(text).items():
            mentioned = regions_named(text[start:end])
            if len(mentioned) == 1 and len(mentioned[0].code) > 2:
                self.article.take(mentioned[0])
        under = INCLUDES.search(text)
        over = next((i for i, u in enumerate(units) if under and u.end == under.start()), None)
        for i, unit in enumerate(units):
            former = text[max(0, unit.start - 2) : unit.start] in ("（原", "（即", "（前")
            body = found[-1] if former and found and units[i - 1].end == unit.start - 2 else self._one(unit, found)
            if body and body.parent is None and text[max(0, unit.start - 2) : unit.start] in ("所属", "下属", "下辖"):
                above = next(
                    (
                        b
                        for b in [*([self.owner] if self.owner else []), *self.first]
                        if b.head == body.head and b != body
                    ),
                    None,
                )
                if above:
                    body = replace(body, parent=above, how="所属")
                    self.made.put(body)
            elif (
                under and found and unit.start >= under.end() and unit.name.sort == "part" and unit.name.parent is None
            ):
                before = zip(found[::-1], units[i - 1 :: -1], strict=True) if i else ()
                above = next((b for b, u in before if b and u.end <= under.start()), None)
                if above and not re.search("[。；]", text[under.end() : unit.start]):
                    own = full_own(unit.name.own)
                    body = self._keep(Body(above.name + own, unit.name.head, "part", own, above.region, above, "name"))
            found.append(body)
            if body and i == over:
                self.including.add(body.name)
            if body:
                if body.region and not unit.name.pointer:
                    self.article.take(body.region)
                self.bodies.take(body)
                nested = i + 1 < len(units) and units[i + 1].start == unit.start
                if not nested and opens(text[clause_start(text, unit.start) : unit.start]):
                    self.subjects.take(body)
                    self.turned = False
                    if all(b.head != body.head or b.sort != body.sort for b in self.first):
                        self.first.append(body)
        for unit in extra:
            found.append(self._listed(unit, found))
        return found

    def _far(self, region: Region) -> bool:
        """Whether a region lies in another province than all that the page is about."""
        if any(r != region and divisions().within(r, region) for r in (*self.document, *self.article)):
            return False
        provinces = {
            r.code[:2] for r in (*self.document, *self.article) if r != region and not divisions().within(r, region)
        }
        return bool(provinces) and region.code[:2] not in provinces

    def _listed(self, unit: Unit, before: list[Body | None]) -> Body | None:
        name = unit.name
        parent = before[name.parent] if name.parent is not None else None
        region = (
            around(name.relative, "", self.context()) if name.relative else choose(name.regions, self.context().regions)
        )
        if region and name.prefix and name.own.startswith(name.prefix):
            above = self._keep(
                Body(
                    divisions().qualified(region) + full_own(name.prefix),
                    name.prefix,
                    "body",
                    full_own(name.prefix),
                    region,
                )
            )
            own = full_own(name.own.removeprefix(name.prefix))
            return self._keep(Body(above.name + own, name.head, name.sort, own, region, above, "name"))
        if name.sort == "part" and not (name.regions and parent is None and region is None):
            if parent is None and name.regions and region:
                return self._with_region(name, region)
            if parent is None:
                return self._bare(name)
            return self._keep(
                Body(
                    full_name(name, region, parent),
                    name.head,
                    name.sort,
                    full_own(name.own),
                    region or parent.region,
                    parent,
                    "name",
                )
            )
        if region is None:
            return self._bare(name) if not name.regions and not name.relative else None
        how = "name" if name.sort == "place" else "elided"
        return self._keep(
            Body(full_name(name, region, None), name.head, name.sort, full_own(name.own), region, how=how)
        )

    def _keep(self, body: Body) -> Body:
        return self.made.by_name.get(body.name) or self.made.put(body)

    def _one(self, unit: Unit, before: list[Body | None]) -> Body | None:
        name = unit.name
        if name.pointer:
            return self._pointed(name, unit)
        if name.sort == "alone":
            own = full_own(name.own)
            return self._keep(Body(own, name.head, name.sort, own))
        parent = before[name.parent] if name.parent is not None else None
        if name.parent is not None and parent is None:
            return None
        region = choose(name.regions, self.context().regions) if name.regions else None
        if region and parent is None and name.sort == "part" and self._far(region):
            name, region = (
                replace(name, own=name.place + name.own, regions=(), place=""),
                None,
            )  # a quarter named like a district elsewhere
            return self._bare(name)
        if name.relative == "全国":
            own = COURTS.get(full_own(name.own), full_own(name.own))
            return self._keep(Body("全国" + own, name.head, name.sort, own))
        if name.relative:
            region = around(name.relative, name.prefix, self.context())
            if region is None:
                return None
        if name.regions and region is None and parent is None:
            return None
        if (
            parent
            and name.regions
            and parent.region
            and (region is None or not divisions().within(region, parent.region))
        ):
            inside = [r for r in name.regions if divisions().within(r, parent.region)]
            region = inside[0] if len(inside) == 1 else None
            if region is None:  # 某旗公安局|东城区派出所: a quarter of the town, no division
                name = replace(
                    name, own=(name.place if unit.text.endswith(name.place + name.own) else "") + name.own, regions=()
                )
        if parent:
            if parent.sort == "all":
                region = region or parent.region
            body = Body(
                full_name(name, region, parent),
                name.head,
                name.sort,
                full_own(name.own),
                region or parent.region,
                parent,
                "name",
            )
            return self._keep(body)
        if region:
            return self._with_region(name, region)
        if name.sort == "named":
            if known := next(
                (b for b in reversed(self._own(full_own(name.own))) if b.region and b.sort == "named"), None
            ):
                return self._keep(known)
            near = (
                next((r for r in reversed(self.context().regions) if len(r.code) in (4, 6)), None)
                if name.head in LOCAL
                else None
            )
            return self._keep(Body(name.own, name.head, name.sort, name.own, near, how="context" if near else ""))
        return self._bare(name)

    def _with_region(self, name: UnitName, region: Region) -> Body | None:
        own = full_own(name.own)
        if own in ("交警", "公安"):
            return self._force(own, region)
        if own == "警方" and (police := self._named(f"{divisions().qualified(region)}公安局")):
            return self._keep(police)
        if (name.sort == "all" and own == "法院") or (
            name.sort == "body" and name.own == "法院" and len(region.code) <= 4
        ):
            base = divisions().qualified(region)
            return self._keep(Body(base + "法院系统", "法院系统", "all", "法院系统", region))
        if own in ("大队", "支队", "中队", "总队"):
            known = next((b for b in reversed(self._in(region)) if b.name.endswith(own)), None)
            if known:
                return self._keep(known)  # 苍南大队
            return None
        if name.sort in ("part", "named") or own == "税务局":
            for known in self._in(region):  # 昆都仑区分局 = 包头市公安局昆都仑区分局
                if (
                    known.parent
                    and known.how != "context"
                    and (known.own == own or {known.own, own} <= {"分局", "公安分局"} or known.own == region.name + own)
                ):
                    return self._keep(known)
        full = full_name(name, region, None)
        parent = None
        how = ""
        if ("公安局" in full and full.endswith("分局")) or own == "公安分局":
            city = divisions().city(region)
            parent = self._named(f"{divisions().qualified(city)}公安局")
            how = "sub-bureau of the city" if parent else ""
        elif name.sort == "part" and POLICE.search(own):
            parent = self._named(f"{divisions().qualified(region)}公安局")
            how = "police part of the bureau" if parent else ""
            if parent:
                full = parent.name + own
        elif (
            own.endswith("分局")
            and own != "分局"
            and (police := self._named(f"{divisions().qualified(divisions().city(region))}公安局"))
            and own.removesuffix("分局") in POLICE_FIELDS
        ):
            parent, how = police, "sub-bureau of the city"
            full = f"{police.name}{region.short}{own}"
        elif (
            own == "海关"
            and self.owner
            and self.owner.own == "海关"
            and self.owner.region
            and self.owner.region.code[:2] == region.code[:2]
            and self.owner.region != region
            and len(self.owner.region.code) <= len(region.code)
        ):
            parent, how = self.owner, "customs house of the district"
        elif own.endswith("海关") and own != "海关" and (house := self._named(f"{region.short}海关")):
            parent, how = house, "customs house of the port"
        elif len(region.code) == 6 and (above := self._same_above(own, region)):
            parent, how = above, "bureau of the city"
        elif own == "分局":
            city = divisions().city(region)
            about = self.owner or self.first_subject()
            parent = about if about and about.region == city and about.name.endswith("局") else None
            parent = parent or next(
                (b for b in reversed(self.bodies) if b.sort == "body" and b.region == city and b.name.endswith("局")),
                None,
            )
            how = "sub-bureau of the city" if parent else ""
            if parent:
                full = f"{parent.name}{region.name}分局"
        elif name.sort in ("part", "body") and (bureau := self._bureau_of(own, region)):
            parent, how = bureau, "part of the bureau of its field"
        elif own in ("消防救援大队", "消防大队", "公安消防大队"):
            city = divisions().city(region)
            parent = next((b for b in self._in(city) if b.own in FIRE_DETACHMENTS), None)
            how = "brigade of the city's detachment" if parent else ""
        return self._keep(Body(full, name.head, name.sort, own, region, parent, how))

    def _same_above(self, own: str, region: Region) -> Body | None:
        """The body of the city of which one of a county is part: of the tax service, and wherever the page says 下辖."""
        city = divisions().city(region)
        above = next((b for b in self._in(city) if b.own == own and b.sort == "body"), None)
        return above if above and (own == "税务局" or above.name in self.including) else None

    def _force(self, own: str, region: Region) -> Body:
        """某地交警, 某地公安: the squad or the bureau that the page names in full, else the force as a whole."""
        ends = ("交警支队", "交警大队", "交通警察支队", "交通警察大队") if own == "交警" else ("公安局",)
        if known := next((b for b in reversed(self._in(region)) if b.name.endswith(ends)), None):
            return self._keep(known)
        whole = "公安机关" if own == "公安" else own
        return self._keep(Body(divisions().qualified(region) + whole, own, "all", whole, region))

    def _bureau_of(self, own: str, region: Region) -> Body | None:
        """The bureau of the place that a squad or station of its field belongs to: 农业综合行政执法大队, 农业农村局."""
        if not own.endswith(("大队", "支队", "总队", "所", "站", "中心")):
            return None
        field_of = next((f for f in FIELDS_WITH_PARTS if f in own), None)
        if field_of is None:
            return None
        around_it = [region, *divisions().ancestors(region)][:2]
        return next(
            (
                b
                for r in around_it
                for b in self._in(r)
                if b.sort == "body" and b.own.startswith(field_of) and b.own.endswith(("局", "委员会", "厅"))
            ),
            None,
        )

    def _pointed(self, name: UnitName, unit: Unit) -> Body | None:
        """该局, 分局: the last body in the article whose head is of that kind."""
        if name.relative:
            return self._higher(name)
        if name.regions:
            return self._same_field(name)
        head = name.own
        tail = {"法院": "法院", "检察院": "检察院", "院": "院"}.get(head, head)
        for body in [*reversed(self.subjects), *reversed(self.bodies)]:
            if body.sort != "all" and (
                body.name.endswith(tail)
                or (tail == "局" and body.head == "分局")
                or (tail == "公安分局" and body.head == "分局")
                or (tail in ("关",) and body.head == "海关")
            ):
                if body.sort == "alone" and tail == "局":
                    continue
                return body
        if tail in ("支队", "总队"):  # a page of briefs on one of them
            known = {**self.known.by_name, **self.made.by_name}
            whole = [b for b in known.values() if b.head == tail and b.name.endswith(tail)]
            return whole[0] if len(whole) == 1 else None
        return None

    def _higher(self, name: UnitName) -> Body | None:
        """市局, 省厅, 市院: the body of that rank which the page has named, or that of the field of the body in play."""
        rank, head = _rank(name.relative), name.own
        near = [*reversed(self.subjects), *reversed(self.bodies), *([self.owner] if self.owner else [])]
        line = [b for body in near for b in (body, body.parent, body.parent.parent if body.parent else None) if b]
        for body in line:
            if body.sort == "body" and body.name.endswith(head) and body.region and _ranked(body.region, rank):
                return body if head != "院" or body.name.endswith("检察院") else None
        line.sort(key=lambda b: b != self.owner)
        below = next((b for b in line if b.sort == "body" and b.region and b.own in SAME_FIELD), None)
        if below is None or head not in SAME_FIELD[below.own] or not below.region:
            return None
        if head == "局" and rank in ("省", "自治区") and "厅" in SAME_FIELD[below.own]:
            return None  # the province has a 厅 of that field
        region = next((r for r in divisions().ancestors(below.region) if _ranked(r, rank)), None)
        if region is None:
            return None
        own = SAME_FIELD[below.own][head]
        return self._keep(Body(divisions().qualified(region) + own, head, "body", own, region, how="context"))

    def _same_field(self, name: UnitName) -> Body | None:
        """振兴区局: the bureau of that place in the field of the bureau that the article is about."""
        region = choose(name.regions, self.context().regions)
        field_of = next(
            (b.own for b in [*([self.owner] if self.owner else []), *self.first] if b.own in SAME_FIELD), None
        )
        if region is None or field_of is None:
            return None
        own = SAME_FIELD[field_of].get(name.own)
        return self._keep(Body(divisions().qualified(region) + own, name.own, "body", own, region)) if own else None

    def _customs(self, own: str, name: UnitName) -> Body:
        """A customs house named after a city or a border town: 天津新港海关, 打洛海关."""
        table = divisions()
        above = next(
            (b for b in self._own("海关") if b.name != own and own.startswith(b.name.removesuffix("海关"))),
            None,
        )
        stem = own.removesuffix("海关")
        ported = stem.endswith(("港", "机场", "口岸", "保税区", "车站"))
        region = next(
            (
                found
                for n in (4, 3, 2)
                if (found := choose(table.by_short.get(stem[:n], ()), self.article))
                and (n == len(stem) or ported or len(found.code) <= 4)
            ),
            None,
        )
        town = place(stem, self.article) if region is None else None
        region = region or (town if town and not town.name.endswith("街道") else None)
        about = self.owner.parent if self.owner and self.owner.parent else self.owner
        if above is None and region is None and about and about.own == "海关" and about.region:
            above, region = about, about.region
        return self._keep(Body(own, name.head, name.sort, own, region, above, "named after it" if above else ""))

    def _bare(self, name: UnitName) -> Body | None:
        """A body without place or parent: one the page has named in full, a part of the body in play, or one of the place in play."""
        own = full_own(name.own)
        for body in reversed(self._own(own)):
            if body.sort == name.sort:
                return self._keep(body)
        if own.endswith("海关"):
            return self._customs(own, name)
        if name.sort == "part":
            owner_first = [self.owner] if self.owner and self.turned else []
            subjects = [b for body in reversed(self.subjects) for b in (body, body.parent) if b]
            nearest = [*owner_first, *subjects, *reversed(self.bodies), *([self.owner] if self.owner else [])]
            nearest += [b.parent for b in nearest if b.parent]
            owner = next(
                (
                    b
                    for b in nearest
                    if b.sort in ("body", "part", "named", "alone")
                    and (
                        (b.sort == "alone" and own.endswith(("厅", "司", "巡回法庭")))
                        or b.head in ("监狱", "女子监狱")
                        or b.sort == "body"
                        or "分局" in b.head
                        or b.head.endswith("支队")
                        or (b.head.endswith("大队") and "大队" not in own)
                        or (own.endswith("分所") and b.head.endswith("所"))
                    )
                    and b.how != "context"
                    and _fits(b, own)
                ),
                None,
            )
            if owner:
                return self._keep(Body(owner.name + own, name.head, name.sort, own, owner.region, owner, "context"))
            if len(own) < 5 or own.endswith(("党组织", "党支部", "警务队", "办案队", "小分队")):
                return None
        region = next((r for r in reversed(self.context().regions) if len(r.code) in (4, 6)), None)
        if region and name.sort in ("body", "part") and len(own) > 2:
            return self._keep(
                Body(divisions().qualified(region) + own, name.head, name.sort, own, region, how="context")
            )
        return None


FIRE_DETACHMENTS = ("消防救援支队", "公安消防支队", "消防支队")
MUNICIPALITIES = ("11", "12", "31", "50")


def _fits(owner: Body, own: str) -> bool:
    """Whether a bare part can belong to that body: 禁毒大队 to a police bureau, 立案庭 to a court."""
    if (
        own.endswith("支队")
        and owner.region
        and len(owner.region.code) == 6
        and owner.region.code[:2] not in MUNICIPALITIES
    ):
        return False  # a county has 大队
    if own.endswith("派出所"):
        return owner.name.endswith(("公安局", "公安处")) or (
            "公安" in owner.name and owner.head in ("分局", "公安分局")
        )
    if POLICE.search(own):
        return "公安" in owner.name and not owner.name.endswith(("支队", "大队"))
    if own.endswith(("庭", "法庭")):
        return owner.name.endswith("法院")
    for word, field_of_owner in OWNERS:
        if re.search(word, own):
            return bool(re.search(field_of_owner, owner.name))
    return (
        len(own) > 2
        and (owner.sort == "body" or owner.head.endswith("监狱"))
        and own.endswith(("科", "股", "办公室", "处", "监区"))
        and not re.search("国家|公园|景区|保护区", own)
    )


# What 市局, 省厅 and 市院 are called in full in an article about a body of the field.
SAME_FIELD = {
    "公安局": {"局": "公安局", "厅": "公安厅"},
    "消防救援大队": {"支队": "消防救援支队", "总队": "消防救援总队"},
    "消防救援支队": {"总队": "消防救援总队"},
    "人民检察院": {"院": "人民检察院"},
    "税务局": {"局": "税务局"},
    "地方税务局": {"局": "地方税务局"},
    "国家税务局": {"局": "国家税务局"},
    "司法局": {"局": "司法局", "厅": "司法厅"},
    "市场监督管理局": {"局": "市场监督管理局"},
    "生态环境局": {"局": "生态环境局", "厅": "生态环境厅"},
    "应急管理局": {"局": "应急管理局", "厅": "应急管理厅"},
    "交通运输局": {"局": "交通运输局", "厅": "交通运输厅"},
    "农业农村局": {"局": "农业农村局", "厅": "农业农村厅"},
}
# Fields whose squads, stations and offices belong to the bureau of the same field and place.
FIELDS_WITH_PARTS = "市场监督管理 农业 应急管理 交通运输 生态环境 文化 城市管理 卫生 自然资源 住房和城乡建设 人力资源 林业 水利 司法".split()
OWNERS = (
    (r"税务所|税务分局", "税务局$"),
    (r"消防(?:大队|中队|支队|科)$", r"公安局$|消防.*[支大]队$"),
    (r"消防|救援", r"消防.*[支大]队$"),
    (r"执行局|立案庭|审判庭", "法院$"),
    (r"环保所|环境保护所", "环境保护局$|生态环境局"),
    (r"司法所", "司法局$"),
    (r"缉私", "海关"),
    (r"检察厅|检察部|检察室", "检察院"),
    (r"养护站|养护所|道班|路政", "公路|交通"),
    (r"供电所", "供电"),
    (r"监督分所", "监督所"),
    (r"自然资源所|国土所", "自然资源|国土"),
    (r"市场监管所|市场监督管理所|监管所", "市场监督管理局$"),
    (r"(?:监察|执法|稽查|督查)[大支]队$", r"(?:局|委员会|[支总大]队)$"),
    (r"中队$", r"[支总大]队$|城市管理|执法局$"),
    (r"大队|中队|支队", r"[支总大]队$"),
)


# ---------------------------------------------------------------- campaigns


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

    def resolve(self, found: list[drives.Campaign]) -> list[Drive | None]:
        return [self._one(c) for c in found]

    def _one(self, campaign: drives.Campaign) -> Drive | None:
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
