"""Which body a mention means: 该局, 市公安局, 昆都仑区分局, a bare 禁毒大队; what cannot be made good names nobody."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.clauses import clause_start, opens
from kg.mentions.places import region_ends, regions_named
from kg.mentions.units import ACTS, COMPLETE, NUMBERED_PART, Unit, UnitName
from kg.regions import Region, divisions
from kg.resolve.belonging import FIELDS_WITH_PARTS, FIRE_DETACHMENTS, POLICE, POLICE_FIELDS, SAME_FIELD, fits
from kg.resolve.names import COURTS, Body, full_name, full_own
from kg.resolve.places import Context, around, choose, place, rank_of, ranked, seat, seat_of_branch, shown
from kg.resolve.recent import Recent

LOCAL = frozenset(
    "小学 实验小学 中心小学 中学 高中 初中 实验学校 幼儿园 卫生院 村委会 村民委员会 居委会 居民委员会 社区居委会".split()
)
STATION = re.compile(
    r"([\u4e00-\u9fff]{2,4}?)[东南西北]?(?:火?车)?站(?:公安)?派出所$"
)  # of a railway: named after its town
RAILWAY = re.compile("铁路局|铁路集团|铁路公安局")  # has parts in the cities of several provinces
LED = re.compile(r"(?:而|同样)?在")
INCLUDES = re.compile(r"下设|内设|下辖|辖有|设有")


STREET = re.compile(".?(?:路|街|大道|巷)")


def _may_be_quarter(name: UnitName, region: Region) -> bool:
    """Whether a part is perhaps called after a quarter of the town that has the name of a district or a town elsewhere."""
    of_city = name.place.endswith(("市", "县", "旗")) or name.own.endswith(("支队", "总队"))
    return len(region.code) >= 6 and not of_city


def _may_lie_in(own: str, region: Region | None) -> bool:
    """Whether a part may lie in a region: not that of a town of one province in another. 某省路 is a street anywhere."""
    provinces = [r for width in (2, 3) for r in divisions().by_short.get(own[:width], ()) if len(r.code) == 2]
    if STREET.match(own, 2) or (
        region and any(own.startswith(r.short) for r in (region, *divisions().ancestors(region)))
    ):
        return True
    return not provinces or region is None or any(divisions().within(region, r) for r in provinces)


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
        if body.region and body.region.level == "township":  # known in its county too
            self.region[divisions().by_code.get(body.region.code[:6])].setdefault(body.name)
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
        self.dateline: Region | None = None
        self.acting: Region | None = None  # the last place of the paragraph that did something
        self.texts: list[str] = []  # the sentences of the article
        self.shown: dict[str, Region | None] = {}  # what 市 and the like mean where no body is named with its place
        self.owner: Body | None = None
        self.including: set[str] = set()  # bodies that are said to have others under them
        self.here: Region | None = None  # the place of the item of a digest
        self.places: set[str] = set()  # the names of places that the page has told
        self.led: Region | None = None  # the place that the sentence begins with: 在某区，
        self.turned = False  # whether a paragraph has begun and no subject has come in it
        self.opening: Body | None = None  # the first subject of the paragraph
        self.sentence: list[Body | None] = []  # the bodies of the sentence, until now
        self.rows = 0  # paragraphs of a list, one after the other, until now
        self.before_rows: list[Body] = []  # the subjects before them
        self.made = Bodies()
        self.known = Bodies()

    def look_again(self) -> None:
        """Begin a second look: what the first has found is known, but nothing is taken over."""
        self.known, self.made = self.made, Bodies()

    def _named(self, name: str) -> Body | None:
        return self.made.by_name.get(name) or self.known.by_name.get(name)

    def _police_above(self, town: Region) -> Body | None:
        """The police bureau of the county that a town belongs to, where it is known."""
        county = divisions().parent(town) if len(town.code) > 6 else None
        return next((b for b in self._in(county) if fits(b, "派出所")), None) if county else None

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

    def start_article(
        self, texts: list[str], dateline: Region | None, ahead: Iterable[Region], owner: Body | None
    ) -> None:
        """Regions of the article itself come before those of the rest of the page.

        `texts` are its sentences. `owner` is the body that the article is about, where an earlier look has shown it.
        """
        self.owner, self.here = owner, None
        self.texts, self.shown, self.dateline = texts, {}, dateline
        self.subjects, self.bodies, self.first, self.rows = Recent(), Recent(), [], 0
        self.article = Recent([*self.document, *reversed(list(ahead)), *self.home, *([dateline] if dateline else [])])

    def first_subject(self) -> Body | None:
        """The first body with parts of its own that the article speaks of."""
        return next((b for b in self.first if b.sort == "body" or b.head.endswith(("分局", "支队", "大队"))), None)

    def start_paragraph(self, here: Region | None, is_row: bool = False) -> None:
        """A paragraph goes back to the place that the article is about: 市公安局 in it is not that of the last county told of.

        An item of a digest from a place (`here`) begins as an article of its own. After the rows of a list 该局 is not the
        bureau of the last of them.
        """
        if is_row:
            self.before_rows = self.before_rows if self.rows else [*self.subjects]
        elif self.rows > 1 and self.before_rows:
            self.subjects = Recent(self.before_rows)
        self.rows = self.rows + 1 if is_row else 0
        self.turned, self.acting, self.opening = True, None, None
        if here:
            self.owner, self.here = None, here
            self.subjects, self.bodies, self.first = Recent(), Recent(), []
            self.article.take(here)
        elif self.owner and self.owner.region:
            self.article.take(self.owner.region)

    def context(self) -> Context:
        if self.led:
            return Context([*self.article, self.led])
        last = next(reversed(self.subjects), None) if not self.turned else None
        if last is None and self.here:
            return Context([*self.article, self.here])
        if last is None and self.owner and self.owner.region:
            return Context([*self.article, self.owner.region])
        return Context([*self.article, *([last.region] if last and last.region else [])])

    def resolve(self, text: str, units: Sequence[Unit], extra: Sequence[Unit]) -> list[Body | None]:
        """The bodies that the units of one sentence mean; None where nobody can be made out."""
        found: list[Body | None] = []
        self.sentence = found
        self.led, led = None, []
        for end, start in region_ends(text).items():
            mentioned = regions_named(text[start:end])
            self.places.add(text[start:end])
            if len(mentioned) == 1 and len(mentioned[0].code) > 2:
                self.article.take(mentioned[0])
                if ACTS.match(text, end):
                    self.acting = mentioned[0]
            if text[end : end + 1] == "，" and LED.fullmatch(text, text.rfind("；", 0, start) + 1, start):
                led.append((end, choose(mentioned, self.context().regions)))
        if not units and not extra:
            return found
        under = INCLUDES.search(text)
        over = next((i for i, u in enumerate(units) if under and u.end == under.start()), None)
        for i, unit in enumerate(units):
            self.led = next((place for at, place in reversed(led) if at < unit.start), None)
            former = text[max(0, unit.start - 2) : unit.start] in ("（原", "（即", "（前")
            body = found[-1] if former and found and units[i - 1].end == unit.start - 2 else self._one(unit, found)
            body = body or self._unplaced(text, unit)
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
                    self.turned, self.opening = False, self.opening or body
                    if all(b.head != body.head or b.sort != body.sort for b in self.first):
                        self.first.append(body)
        for unit in extra:
            found.append(self._pointed(unit.name, unit) if unit.name.pointer else self._listed(unit, found))
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
        region = self._around(name.relative) if name.relative else choose(name.regions, self.context().regions)
        if region and name.prefix and name.own.startswith(name.prefix):
            above = self._keep(
                Body(
                    full_name(replace(name, own=name.prefix, head=name.prefix, prefix=""), region, None),
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
            return self._under(name, region, parent)
        if region is None:
            return self._bare(name) if not name.regions and not name.relative else None
        committee = None
        if name.sort == "office" and name.own.startswith("委") and len(name.own) > 1:
            committee = self._named(full_name(replace(name, own="委", head="委"), region, None))
        how = {"place": "name", "office": "office"}.get(name.sort, "elided")
        sort = "body" if name.sort == "office" else name.sort
        return self._keep(
            Body(full_name(name, region, None), name.head, sort, full_own(name.own), region, committee, how)
        )

    def _around(self, word: str, prefix: str = "") -> Region | None:
        """The region that 市, 全市 or 该县 means here."""
        region = around(word, prefix, self.context())
        if region and self._only_mentioned(region, word):
            return self.dateline
        if region and word == "全市" and (city := self._of_city(region)):
            return city
        if region is None and not prefix:
            if word not in self.shown:
                self.shown[word] = shown(self.texts, word)
            region = self.shown[word]
        return region

    def _of_city(self, region: Region) -> Region | None:
        """The city that the paragraph began with, where a region is a town of it: 全市 after 其中，某市… is that of the city."""
        city = self.opening.region if self.opening else None
        return city if city and len(city.code) == 4 and city != region and divisions().within(region, city) else None

    def _only_mentioned(self, region: Region, word: str) -> bool:
        """Whether a town of the city of the dateline is only mentioned, and no body of it spoken of: 市 is still the city."""
        if self.dateline in (None, region) or self.led or self.here or not ranked(self.dateline, rank_of(word)):
            return False
        last = next(reversed(self.subjects), None) if not self.turned else None
        about = self.owner.region if self.owner else None
        if about and len(self._in(about)) < 3:
            about = None  # no more than one of its bodies or two
        spoken_of = [place for place in (self.acting, last and last.region, about) if place]
        return divisions().within(region, self.dateline) and not any(divisions().within(p, region) for p in spoken_of)

    def _unplaced(self, text: str, unit: Unit) -> Body | None:
        """市公安局 at work on a page that does not say of which city: a body of that page alone."""
        name, at = unit.name, unit.start
        if name.sort != "body" or len(name.own) < 3 or unit.text != name.relative + name.own or name.regions:
            return None
        if text[at - 1 : at] == "某" or len(name.relative) != 1 or not opens(text[clause_start(text, at) : at]):
            return None
        return self._keep(Body(unit.text, name.head, name.sort, full_own(name.own), how="unplaced"))

    def _keep(self, body: Body) -> Body:
        return self.made.by_name.get(body.name) or self.made.put(body)

    def _one(self, unit: Unit, before: list[Body | None]) -> Body | None:
        name = unit.name
        if name.pointer:
            return self._pointed(name, unit)
        if name.sort == "alone":
            own = full_own(name.own)
            return self.made.by_name.get(own) or self._keep(Body(own, name.head, name.sort, own))
        parent = before[name.parent] if name.parent is not None else None
        if name.parent is not None and parent is None:
            return None
        region = choose(name.regions, self.context().regions) if name.regions else None
        if region and parent is None and name.sort == "part" and _may_be_quarter(name, region) and self._far(region):
            return self._bare(replace(name, own=name.place + name.own, regions=(), place=""))
        if name.place == "全州" and (prefecture := self._around("全州")):
            region = prefecture  # all of the prefecture, and not the county of that name
        if name.relative == "全国":
            own = COURTS.get(name.own) or COURTS.get(full_own(name.own), full_own(name.own))
            return self._keep(Body("全国" + own, name.head, name.sort, own))
        if name.relative:
            region = self._around(name.relative, name.prefix)
            if region is None:
                return self._named(name.relative + name.own)
        if name.regions and region is None and parent is None:
            return None
        if (
            parent
            and name.regions
            and parent.region
            and not (region and RAILWAY.search(parent.name))
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
            elif station := STATION.match(name.own):
                region = region or place(station[1], self.context().regions)
            return self._under(name, region, parent)
        if region:
            return self._with_region(name, region)
        if name.sort == "named":
            if known := next(
                (b for b in reversed(self._own(full_own(name.own))) if b.region and b.sort == "named"), None
            ):
                return self._keep(known)
            near = seat_of_branch(name.own)
            if name.head in LOCAL:
                near = next((r for r in reversed(self.context().regions) if len(r.code) in (4, 6)), None)
            how = "" if near is None else "context" if name.head in LOCAL else "name"
            return self._keep(Body(name.own, name.head, name.sort, name.own, near, how=how))
        if name.own in COMPLETE and before and (last := next(reversed(self.subjects), None)):
            above = last.parent if last.parent and not fits(last, name.own) else last
            if above.name.endswith("法院") and fits(above, name.own):
                return self._under(name, None, above)  # 州中院…，|执行局
        return self._bare(name)

    def _under(self, name: UnitName, region: Region | None, parent: Body) -> Body:
        """The body of that name that belongs to `parent`."""
        own = full_own(name.own)
        place = seat(name.own, region or parent.region, self.places)
        return self._keep(Body(full_name(name, region, parent), name.head, name.sort, own, place, parent, "name"))

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
            near = (self.owner, self.first_subject(), *reversed(self.bodies))
            city = divisions().city(region)
            about = next((b for b in near if b and b.head.endswith("支队") and b.region == city), None)
            if about and own == "大队":
                full = f"{about.name}{region.name}{own}"
                return self._keep(Body(full, name.head, "part", own, region, about, "brigade of the detachment"))
            corps = next(
                (b for b in near if b and b.own.endswith("总队") and b.region in divisions().ancestors(city)), None
            )
            if corps and own == "支队":
                of_city = corps.own.removesuffix("总队") + own
                full = divisions().qualified(city) + of_city
                return self._keep(Body(full, name.head, "part", of_city, city, corps, "detachment of the corps"))
            return None
        if name.sort in ("part", "named") or own == "税务局":
            for known in self._in(region):  # 昆都仑区分局 = 包头市公安局昆都仑区分局
                if (
                    known.parent
                    and known.how != "context"
                    and (
                        known.own == own
                        or ({known.own, own} <= {"分局", "公安分局"} and (own == "分局" or "公安" in known.name))
                        or known.own == region.name + own
                    )
                ):
                    return self._keep(known)
        if own.startswith("铁路"):
            known = next((b for b in self._in(region) if b.own == own and b.parent), None)
            if known:
                return self._keep(known)  # 某某铁路公安处 = 某某铁路公安局某某铁路公安处
        full = full_name(name, region, None)
        parent = None
        how = ""
        if ("公安局" in full and full.endswith("分局")) or own == "公安分局":
            city = divisions().city(region)
            parent = self._named(f"{divisions().qualified(city)}公安局")
            how = "sub-bureau of the city" if parent else ""
        elif own == "派出所" and (police := self._police_above(region)):
            parent, how = police, "station of the town"
            full = f"{police.name}{region.name}{own}"
        elif name.sort == "part" and POLICE.search(own) and not name.relative.startswith("全"):
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
            # of a wider place, or of the capital of the province
            and (len(self.owner.region.code) < len(region.code) or self.owner.region.code.endswith("01"))
        ):
            parent, how = self.owner, "customs house of the district"
        elif own == "海事处" and (
            above := next((b for b in self._in(divisions().city(region)) if b.own == "海事局"), None)
        ):
            parent, how = above, "maritime office of the city"
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
        elif own.startswith("委") and len(own) > 2 and name.prefix != "团":
            parent = self._named(full_name(replace(name, own="委", head="委"), region, None))
            how = "department of the committee" if parent else ""
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
                if not (region.level == "township" and own.endswith("中心"))
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
        mine = unit.text[0] in "我本" and (self.owner or self.first_subject())
        if mine and mine.name.endswith(head):
            return mine  # 我局: the body that reports
        tail = {"法院": "法院", "检察院": "检察院", "院": "院"}.get(head, head)
        spoken_of = [*reversed(self.subjects)]
        if spoken_of and (above_it := spoken_of[0].parent) and above_it in self.sentence:  # 某法院执行局局长…；该院…
            spoken_of.insert(1, above_it)
        for body in [*spoken_of, *reversed(self.bodies)]:
            if body.sort != "all" and (
                body.name.endswith(tail)
                or (tail == "局" and body.head == "分局")
                or (tail == "公安分局" and body.head == "分局")
                or (tail in ("关",) and body.head == "海关")
            ):
                if body.sort == "alone" and tail == "局":
                    continue
                above = self.turned and tail == "局" and body.head == "分局" and body.parent
                return above if above and above == self.owner else body  # after a paragraph on its 分局
        if tail in ("支队", "总队"):  # a page of briefs on one of them
            known = {**self.known.by_name, **self.made.by_name}
            whole = [b for b in known.values() if b.head == tail and b.name.endswith(tail)]
            return whole[0] if len(whole) == 1 else None
        return None

    def _higher(self, name: UnitName) -> Body | None:
        """市局, 省厅, 市院: the body of that rank which the page has named, or that of the field of the body in play."""
        rank, head = rank_of(name.relative), name.own
        near = [*reversed(self.subjects), *reversed(self.bodies), *([self.owner] if self.owner else [])]
        line = [b for body in near for b in (body, body.parent, body.parent.parent if body.parent else None) if b]
        of_rank = [
            b for b in line if b.sort == "body" and b.name.endswith(head) and b.region and ranked(b.region, rank)
        ]
        if of_rank:  # of the city, where a town in it has one too
            first = of_rank[0]
            city = divisions().city(first.region) if first.region else None
            body = next((b for b in of_rank if b.own == first.own and b.region == city), first)
            return body if head != "院" or body.name.endswith("检察院") else None
        line.sort(key=lambda b: b != self.owner)
        below = next((b for b in line if b.sort == "body" and b.region and b.own in SAME_FIELD), None)
        if below is None or head not in SAME_FIELD[below.own] or not below.region:
            return None
        if head == "局" and rank in ("省", "自治区") and "厅" in SAME_FIELD[below.own]:
            return None  # the province has a 厅 of that field
        region = next((r for r in divisions().ancestors(below.region) if ranked(r, rank)), None)
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
        if name.sort == "part" and (numbered := NUMBERED_PART.fullmatch(own)):
            for body in reversed(self.bodies):
                like = NUMBERED_PART.fullmatch(body.own) if body.parent else None
                if like and like.groups() == numbered.groups() and body.parent:  # 执勤三队…；|执勤七队
                    return self._under(name, None, body.parent)
        if name.sort == "part":
            local = own.endswith("派出所") and self.owner and self.owner.region and len(self.owner.region.code) > 4
            owner_first = [self.owner] if self.owner and (self.turned or local) else []
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
                    and not b.own.endswith(("检察委员会", "审判委员会"))
                    and fits(b, own)
                    and _may_lie_in(own, b.region)
                ),
                None,
            )
            if owner:
                station = STATION.match(own)
                region = (
                    place(station[1], self.context().regions) if station else seat(name.own, owner.region, self.places)
                )
                return self._keep(
                    Body(owner.name + own, name.head, name.sort, own, region or owner.region, owner, "context")
                )
            if len(own) < 5 or own.endswith(("党组织", "党支部", "警务队", "办案队", "小分队")):
                return None
        ranks = (2,) if own.endswith(("厅", "总队")) else (4, 6)
        region = next((r for r in reversed(self.context().regions) if len(r.code) in ranks), None)
        if region and name.sort in ("body", "part") and len(own) > 2 and _may_lie_in(own, region):
            return self._keep(
                Body(divisions().qualified(region) + own, name.head, name.sort, own, region, how="context")
            )
        return None
