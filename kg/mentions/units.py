"""Names of bodies, found by how they are built: a place or a parent, a field or a name of its own, and a head.

    包头市          公安局 昆都仑区 分局   民族东路 派出所
    region          head   region   head   name     head

The heads of a sentence are taken from left to right, and each looks to its left for the rest of its name. What a name is not built of
(verbs, particles, 基层, 辖区) ends it. A head with nothing to its left names nobody, unless it points back: 该局, 分局.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import lexicon, words
from kg.clauses import clause_start, opens
from kg.regions import Region, divisions

HAN = re.compile(r"[\u3400-\u9fff]")
HAN_ONLY = re.compile(r"[\u3400-\u9fff]+")
RANKS = "省|自治区|市|州|盟|县|区|旗|镇|乡|街道"
RELATIVE = re.compile(rf"(?:全|我|该|本)?(?:{RANKS})$")
WHOLE = re.compile(r"(?:全国|全(?:省|自治区|区|市|州|盟|县|旗|镇)|(?:自治区|省|市|州|盟|县|区|旗){1,3}(?:[两三]级)?)$")
LEVELS = re.compile(r"(?:各级|各地|各|两级|三级|[省市县区旗盟州]{2}[两三]级|广大)$")
ORDINAL = re.compile(
    r"(?:第[一二三四五六七八九十0-9]{1,3}|(?<![一二三四五六七八九十])[一二三四五六七八九十]|直属|特勤|原)$"
)
POINTER = re.compile(r"(?:该|本|我|全)$")
# A head of one character is a head only where the next character does not make another word of it.
NOT_AFTER = {
    "局": "大格结布时当破僵",
    "部": "全内外局干",
    "所": "场住处厕",
    "站": "网车电",
    "处": "好害到各用长短深何四远近益",
    "科": "百本学",
    "室": "教课居温暗",
    "队": "部军舰乐球梯列排",
    "庭": "开家法",
}
NOT_BEFORE = {
    "局": "部面势限促中", "部": "分门署队委落位下件首", "委": "员托派任屈婉以", "办": "理案公事法学会结证好实税成到得了过完起出妥",
    "处": "理置罚分于在境决方以突", "科": "学技研目普", "室": "内外", "队": "伍列形友", "所": "有以在谓需属得作做见言",
    "站": "在位点", "司": "法机令仪", "庭": "审前上外", "厅": "级", "署": "名", "股": "东份票权", "中心": "城思任组", "大队": "伍",
    "工会": "议", "院": "长士子落校区系办方线前内坝墙门", "人大": "代会", "政府": "采债网", "银行": "卡账", "公司": "法", "支队": "伍", "中队": "伍",
    "党组": "织", "法院": "系", "大学": "生", "中学": "生", "小学": "生", "总队": "伍", "纪委": "委",
}  # fmt: skip
LOOSE = frozenset("环保所 税务分局 水利站 林业站 财政所 国土所 法庭 养护站 收费站 市场监督管理所 市监所 供电所 检察室 自然资源所 林场 管理处 社区卫生服务中心 卫生服务中心 敬老院 福利院 小学 实验小学 中心小学 中学 高中 初中 实验学校 幼儿园 大学 职业技术学院 职业学院 派出所 街道办事处 有限公司 有限责任公司 股份有限公司 监狱 女子监狱 "
                  "海关 人民医院 中医院 卫生院 人民法庭 村委会 村民委员会 居委会 居民委员会 社区居委会 消防救援站 边防检查站 出入境边防检查站 司法所 税务所 市场监管所 检查站 律师事务所".split())  # fmt: skip
OWN_NAME = frozenset(("医院",))  # named by a word that is no word of the language: 某某|医院, not 定点|医院
NAMING = frozenset("x ns nr nz nrt nt".split())
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
)
SHORT_FORM_HEADS = ("公安分局", "分局", "大队", "支队", "公安机关", "警方")
HIGHER = frozenset("局厅院")  # 市局, 省厅, 市院: the body of that rank in the field in play
NUMBERED_PARTS = ("检察厅", "检察部", "检察室", "审判庭", "监区")  # 第八检察厅: the body in play has it
REACH = 12
FUNCTION = frozenset("的了在由被从到各该等及")


@dataclass(frozen=True, slots=True)
class UnitName:
    """How a body is named. `own` is what stands after the place or parent (公安局, 民族东路派出所); `sort` as in heads.txt.

    `regions` are the divisions that the name may mean, nearest rank last in the chain taken into account; `relative` is 市, 全市 and the
    like, to be made good from the context; `parent` is the place of the enclosing body in the list of units. `pointer` marks 该局, 分局; `prefix` is the character of a clipped name (巴市) or what stands before it (团县委); `place` the
    region as the text writes it.
    """

    own: str
    head: str
    sort: str
    regions: tuple[Region, ...] = ()
    relative: str = ""
    parent: int | None = None
    pointer: bool = False
    prefix: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A body named in a sentence, from character `start` to `end`."""

    start: int
    end: int
    text: str
    name: UnitName


@cache
def _heads() -> dict[str, str]:
    return {row[0]: row[1] for row in lexicon.rows("heads")}


@cache
def _collective_fields() -> tuple[str, ...]:
    return ("系统", "机关", "部门", "队伍")


@cache
def _matchers() -> tuple[AhoCorasick, list[str], AhoCorasick, list[str], AhoCorasick, list[str]]:
    heads, fields = list(_heads()), [*lexicon.words("fields")]
    collective = [f + tail for f in fields for tail in _collective_fields()]
    heads += [c for c in collective if c not in _heads()]
    names = [n for n in divisions().by_name if len(n) > 1 and n not in RANKS.split("|")] + [
        n for n in divisions().by_short if len(n) >= 7 or (n[-1] in "州县旗" and len(n) > 2)
    ]
    return (
        AhoCorasick(heads, matchkind=MatchKind.LeftmostLongest), heads,
        AhoCorasick(fields), fields,
        AhoCorasick(names), names,
    )  # fmt: skip


@dataclass
class Scan:
    """Where fields and regions end in a sentence, for looking to the left."""

    text: str
    fields: dict[int, int] = field(default_factory=dict)  # end → earliest start
    regions: dict[int, int] = field(default_factory=dict)
    heads: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        head_matcher, heads, field_matcher, *_ = _matchers()
        self.heads = [(s, e, heads[i]) for i, s, e in head_matcher.find_matches_as_indexes(self.text)]
        if not self.heads:
            return
        for _, start, end in field_matcher.find_matches_as_indexes(self.text, overlapping=True):
            self.fields[end] = min(start, self.fields.get(end, start))
        self.regions = region_ends(self.text)


@lru_cache(maxsize=64)
def region_ends(text: str) -> dict[int, int]:
    """Full names of divisions in a text: end → start, the longest at each end, none inside a longer one."""
    matcher = _matchers()[4]
    ends: dict[int, int] = {}
    for _, start, end in matcher.find_matches_as_indexes(text, overlapping=True):
        if (text[start : start + 2] in _breaks() or (end - start == 2 and text[start] in "和与及")) and not text[
            :start
        ].endswith(("省", "市", "州")):
            continue  # 会同|县公安局, 联合|镇政府
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


@cache
def _breaks() -> frozenset[str]:
    return frozenset(lexicon.words("breaks"))


@cache
def _generic() -> frozenset[str]:
    return frozenset(lexicon.words("generic"))


def _clean_gap(gap: str) -> bool:
    """Whether the text between a place and a head can be a name."""
    if not gap:
        return True
    if re.fullmatch(r"1[0-9]{4}", gap):
        return True  # 12345指挥中心
    if not all(HAN.match(c) or c in "·和与" for c in gap) or gap in _generic() or gap[0] in "副第" or gap == "党委" or gap[:2] in _breaks():
        return False
    if len(gap) <= 3 and gap[0] in "上下前后里外中东西南北大小新老":
        return gap not in _breaks()
    return not any(word in _breaks() and not (word in ("和", "与") and i > 0) for i, word in enumerate(words.cut(gap)))


DIRECTIONS = frozenset("前后上下中内外里")


def _name_to_the_left(text: str, end: int, floor: int) -> int | None:
    """Where a proper name that ends at `end` begins, or None: it runs from a break in the sentence to the head."""
    start = end
    while start > floor and end - start < REACH and (HAN.match(text[start - 1]) or text[start - 1].isalnum()):
        start -= 1
    bounded = start == floor or end - start < REACH
    at = end
    cut = words.cut(text[start:end])
    for word in reversed(cut):
        tag = words.tag(word)
        if word in DIRECTIONS and at < end and (at - 1 == floor or not HAN.match(text[at - 2]) or text[at - 3 : at - 1] in _breaks()):
            at -= 1  # 后某某派出所
            break
        if (
            word in _breaks()
            or any(c in FUNCTION for c in word)
            or (tag in words.STOP_TAGS and not (len(word) == 1 and tag in "mqfvtd"))
            or word in _generic()
        ):
            break
        at -= len(word)
    else:
        if not bounded:
            return None
    name = text[at:end]
    return (
        at
        if 2 <= len(name) <= 10 and name not in _generic() and not re.search(r"[0-9]|^第|某|^(?:师范|附属)$", name)
        else None
    )


def find(text: str) -> list[Unit]:
    """The bodies that a sentence names, in order; a nested name keeps the number of its parent."""
    scan = _scan(text)
    units: list[Unit] = []
    for start, end, head in scan.heads:
        if units and start < units[-1].end:
            continue
        unit = _unit(scan, units, start, end, head)
        if unit:
            units.append(unit)
    return units


ACTS = re.compile(
    r"(?:坚持|紧扣|围绕|聚焦|通过|将(?=[0-9])|着力|全力|大力|积极|深入|持续|扎实|稳步|先后|率先|创新|探索|成立|组建|组织|召开|推进|推动|开展|实施|启动|出台|建立|构建|打造|整合|累计|派驻|按照|立足|"
    r"依托|投入|建成|牢固|始终|严格|认真|全面|迅速|切实|高度重视|多措并举|结合|充分|不断|进一步|主动|则|把|共|为责任|牵头|参与|参加|联合|配合|派出|抽调)"
)


def places(text: str, units: list[Unit]) -> list[Unit]:
    """Places that act (某区稳步推进改革): the government of a place goes by the name of the place."""
    found: list[Unit] = []
    if not ACTS.search(text):
        return found
    ends = region_ends(text)
    for end, start in ends.items():
        if any(u.start < end and start < u.end for u in units) or not ACTS.match(text, end):
            continue
        chain = _chain(text, ends, end, 0)
        if chain and opens(text[clause_start(text, chain[0]) : chain[0]]):
            found.append(Unit(chain[0], end, text[chain[0] : end], UnitName("", "", "place", regions=chain[1])))
    return found


@lru_cache(maxsize=4)
def _scan(text: str) -> Scan:
    return Scan(text)


def _fields_before(scan: Scan, at: int, floor: int) -> int:
    """Walk left over fields of work and ordinals that belong to the head."""
    text = scan.text
    while at > floor:
        if (start := scan.fields.get(at)) is not None and start >= floor:
            at = start
        elif at < len(text) and text[at - 1] in "和与" and scan.fields.get(at - 1) is not None and at - 1 > floor:
            at = scan.fields[at - 1]
        elif (m := ORDINAL.search(text, floor, at)) and m.end() == at:
            at = m.start()
        else:
            break
    return at


def _unit(scan: Scan, units: list[Unit], start: int, end: int, head: str) -> Unit | None:
    text = scan.text
    sort = _heads().get(head, "all")
    follow = text[end : end + 1]
    if start and text[start - 1] in NOT_AFTER.get(head, "") and text[start - 2 : start] != "宣教":
        return None
    if (head == "室" and ROOM.search(text, 0, start)) or (head.startswith("党") and text[start - 1 : start] == "原"):
        return None
    league = head == "委" and re.search(r"团[省市州盟县区旗]?$", text[max(0, start - 2) : start])
    if (follow and follow in NOT_BEFORE.get(head, "") and not text.startswith(("部署", "组织", "组建"), end) and not league) or (
        len(head) == 1 and follow == "级"
    ):
        return None
    if head == "院" and not (RELATIVE.search(text, 0, start) or text[start - 1 : start] in ("该", "我", "本")):
        return None
    if head in PLAIN_FORCE:
        return _force(scan, units, start, end, head)
    if sort == "alone":
        return Unit(start, end, head, UnitName(head, head, sort))
    last = units[-1] if units else None
    floor = last.end if last else 0
    if head.startswith("街道") and start + 2 in scan.regions:
        start += 2  # 稠城街道|办事处
    own_start = _fields_before(scan, start, floor)
    if sort == "all" and (m := LEVELS.search(text, floor, own_start)) and m.end() == own_start:
        various = m.start()
    else:
        various = own_start
    has_field = own_start < start or (len(head) > 2 and sort in ("body", "alone"))

    def made(at: int, name_from: int, **more: object) -> Unit | None:
        own = text[name_from:end]
        if len(own) == 1 and not (own in "委" and (more.get("regions") or more.get("prefix") == "团")):
            return None
        if more.get("regions"):
            more["place"] = text[units[-1].end if more.get("parent") is not None else at : name_from]
        return Unit(at, end, text[at:end], UnitName(own, head, sort, **more))  # type: ignore[arg-type]

    if (
        follow == "长"
        and own_start == start
        and (len(head) == 1 or (last and last.end == start) or text[start - 1 : start] == "副")
    ):
        return None  # 局长, 大队长: a post, not a body
    if (
        own_start < start
        and re.fullmatch(r"第?[一二三四五六七八九十]+", text[own_start:start])
        and head != "税务所"
        and not (last and (last.end == own_start or (len(head) == 1 and 0 < own_start - last.end <= 8)))
        and not (text[own_start] == "第" and head in NUMBERED_PARTS)
    ) and own_start not in scan.regions:
        return None  # 三支队 of nobody knows whom
    # a body right before: 某某公安局|交警大队, and the double heads of a bad scan: 某某分局|公安分局
    if text[own_start - 1 : own_start] == "驻" or text[max(0, own_start - 2) : own_start] in (
        "驻县",
        "驻市",
        "驻区",
        "驻省",
    ):
        return None  # 驻县教育体育局|纪检监察组
    if (
        re.fullmatch(r"[一二三四五六七八九十0-9]+", text[own_start:start])
        and len(head) == 1
        and not (last and 0 <= own_start - last.end <= 8)
    ):
        return None  # 一处, 三室
    if last and last.end == various and (last.name.sort != "alone" or (sort in ("body", "part") and has_field)):
        if _same_rank(last.name.head, head) and not (
            own_start < start and sort == "part" and head not in ("分局", "公安分局")
        ):
            units.pop()
            return Unit(last.start, end, last.text, last.name)
        if sort in ("part", "body", "named") and (has_field or len(head) > 1) and head not in ("党委", "党组", "政府"):
            return made(last.start, own_start, parent=len(units) - 1)
        return None
    # a region right before
    chain = _chain(scan.text, scan.regions, various, floor)
    if chain:
        at, regions = chain
        if head == "局" and own_start == start:
            return Unit(at, end, text[at:end], UnitName(head, head, sort, regions=regions, pointer=True))
        if head == "委" and text[max(0, at - 3) : at] == "共青团":
            return made(at - 3, own_start, regions=regions, prefix="团")
        if sort != "named" or has_field or head in LOOSE or len(head) > 2 or head in ("分行", "支行"):
            if last and last.end == at and (
                last.name.sort in ("body", "part", "alone") or (last.text.endswith("银行") and head.endswith(("支行", "分行")))
            ):
                return made(
                    last.start,
                    at if own_start == start and head in ("分局",) else own_start,
                    regions=regions,
                    parent=len(units) - 1,
                )
            return made(at, own_start, regions=regions)
    if sort == "named" and (national := NATIONAL.search(text, max(floor, own_start - 14), own_start)):
        if national.end() == own_start and _clean_gap(national[0][2:]):
            return made(national.start(), national.start())
    # a short region name before a field: 某某公安分局
    if (short := _short(text, various, floor, head, sort, own_start < start)) and (
        consistent := _under(text, short, floor)
    ):
        at, regions = consistent
        if last and last.end == at:
            return made(last.start, own_start, regions=regions, parent=len(units) - 1)
        above = _chain(scan.text, scan.regions, at, floor)
        if above:
            at = above[0]
        return made(at, own_start, regions=regions)
    if sort == "all" and various == own_start and own_start == start and head in ("机关单位", "党政机关"):
        return None
    # 该局, 全市公安机关, 市公安局
    if (
        (m := POINTER.search(text, floor, own_start))
        and m.end() == own_start
        and sort in ("body", "part", "named")
        and (own_start == start or sort == "body")
        and head != "部"
    ):
        return Unit(m.start(), end, text[m.start() : end], UnitName(text[own_start:end], head, sort, pointer=True))
    if relative := _relative(scan, units, various, floor, sort):
        at, word, prefix = relative
        if head in HIGHER and own_start == start and word in RANKS.split("|") and not prefix:
            return Unit(at, end, text[at:end], UnitName(head, head, sort, relative=word, pointer=True))
        if head == "院":
            return None
        if word == "全国" and not (opens(text[clause_start(text, at) : at]) and _goes_on(text, end)):
            return None
        if at > floor and text[at - 1] == "团" and head == "委":
            return made(at - 1, own_start, relative=word, prefix="团")
        if own_start < start or len(head) > 1 or head == "委":
            return made(at, own_start, relative=word, prefix=prefix)
        return None
    if sort == "body" and (zone := ZONE.search(text, max(floor, own_start - 8), own_start)) and zone.end() == own_start:
        if (at := _name_to_the_left(text, own_start, floor)) is not None:
            return made(at, at)
    # a place or a body further left, with a name between
    if found := _across(scan, units, own_start, floor, head, sort, has_field):
        at, name_from, more = found
        return made(at, name_from, **more)
    if (
        sort in ("body", "part")
        and own_start < start
        and len(head) + (start - own_start) > 2
        and not _generic_start(text[own_start:end])
    ) and _bare_field_ok(text, own_start, floor):
        return made(own_start, own_start)
    loose = head in LOOSE or head in OWN_NAME or (sort == "part" and own_start < start and len(head) > 1)
    if loose and (named := _name_to_the_left(text, own_start, floor)) is not None:
        called = text[named:own_start]
        if head in LOOSE or (len(called) <= 3 and words.tag(called)[0] not in "vadbmtfr" and head not in OWN_NAME):
            return made(named, named)
        if head in OWN_NAME and words.tag(called) in NAMING and words.tag(called[-2:]) in NAMING:
            return made(named, named)
    if (
        own_start == start
        and sort in ("body", "part")
        and len(head) >= 2
        and _starts_clause(text, start)
        and head not in ("政府", "公司", "中心")
    ):
        if head in ("执行局", "政治部", "缉私局"):
            return made(start, start)
        return Unit(start, end, head, UnitName(head, head, sort, pointer=True))
    return None


ZONE = re.compile(r"[\u4e00-\u9fff]{2,5}(?:管理区|开发区|高新区|经开区|新区|示范区|度假区|风景区|科技城)$")
ROOM = re.compile(r"(?:陈列|展览|阅览|荣誉|会议|会商|值班|谈话|接待|询问|讯问|候问|休息|档案|活动)$")
NATIONAL = re.compile(r"(?:中国|中华|国网|国家|南网|中车|中铁|中建|中交|中石油|中石化|国能|华能|大唐|华电|中核)[\u4e00-\u9fff]{0,12}$")
PLAIN_FORCE = frozenset(("交警", "公安"))


def _force(scan: Scan, units: list[Unit], start: int, end: int, head: str) -> Unit | None:
    """某地交警查处…, 某地公安破获…: a place and its force, where a verb follows."""
    text = scan.text
    follow = words.cut(text[end : end + 6])
    if not follow or words.tag(follow[0]) not in ("v", "d", "p") or follow[0] in ("监管", "管理", "监督"):
        return None
    floor = units[-1].end if units else 0
    if (m := WHOLE.search(text, floor, start)) and m.end() == start and m[0].startswith("全") and m[0] != "全国":
        return Unit(m.start(), end, text[m.start() : end], UnitName(head, head, "all", relative=m[0]))
    place = _chain(text, scan.regions, start, floor) or _short(text, start, floor, head, "all", False)
    if not place or not opens(text[clause_start(text, place[0]) : place[0]]):
        return None
    at, regions = place
    return Unit(at, end, text[at:end], UnitName(head, head, "all", regions=regions, place=text[at:start]))


def _generic_start(own: str) -> bool:
    return any(
        own.startswith(word)
        for word in _generic()
        if len(word) > 1 and word not in ("公安", "行政", "刑事", "综合", "机关", "专业", "社区")
    )


def _goes_on(text: str, end: int) -> bool:
    """Whether what follows a collective is not a noun that it only describes: 全国公安机关|重点实验室."""
    follow = words.cut(text[end : end + 8])
    return not follow or words.tag(follow[0])[0] not in "nabjl" or follow[0] in ("共",)


def _same_rank(first: str, second: str) -> bool:
    return first == second or ({first, second} <= {"公安局", "局", "分局", "公安分局"} and "分局" in first)


def _starts_clause(text: str, at: int) -> bool:
    return at == 0 or not HAN.match(text[at - 1])


def _bare_field_ok(text: str, at: int, floor: int) -> bool:
    """禁毒大队 with no place: taken where a clause or a list begins, or after a word that ends names."""
    if at == floor or not HAN.match(text[at - 1]):
        return True
    left = words.cut(text[max(floor, at - 6) : at])
    return (
        bool(left)
        and left[-1] in _breaks()
        and left[-1] not in ("各", "每", "两", "多个", "多家", "下属", "所属", "所在", "辖区", "各地", "各级")
    )


def _chain(text: str, ends: dict[int, int], at: int, floor: int) -> tuple[int, tuple[Region, ...]] | None:
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


def _short(
    text: str, at: int, floor: int, head: str, sort: str, has_field: bool
) -> tuple[int, tuple[Region, ...]] | None:
    """A region without its rank before a head that shows it to be one: 海勃湾|公安分局, 包头|公安局."""
    if not (
        sort in ("body", "all")
        or head in SHORT_FORM_HEADS
        or (sort == "part" and has_field)
        or (sort == "named" and head.endswith(PLACED))
    ):
        return None
    table = divisions()
    for width in (6, 5, 4, 3, 2):
        if at - width >= floor and (regions := table.by_short.get(text[at - width : at])):
            if head.endswith(("学院", "大学")):
                regions = [r for r in regions if len(r.code) <= 4]
            if regions:
                return at - width, tuple(regions)
    return None


def _under(text: str, short: tuple[int, tuple[Region, ...]], floor: int) -> tuple[int, tuple[Region, ...]] | None:
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


def _relative(scan: Scan, units: list[Unit], at: int, floor: int, sort: str) -> tuple[int, str, str] | None:
    """市, 全市, 该县 right before: where it begins, the word, and the character of a clipped name (巴市)."""
    text = scan.text
    if sort == "all" and (m := WHOLE.search(text, floor, at)) and m.end() == at:
        return m.start(), m[0], ""
    m = RELATIVE.search(text, floor, at)
    if not m or m.end() != at:
        return None
    begin, word = m.start(), m[0]
    if begin > floor and text[begin - 1 : begin + 1] in (
        "城区",
        "郊区",
        "山区",
        "辖区",
        "园区",
        "景区",
        "校区",
        "片区",
        "社区",
        "矿区",
        "城市",
        "城镇",
        "乡镇",
        "超市",
        "门市",
        "股市",
    ):
        return None
    if word[0] in "全我该本" and len(word) > 1:
        return begin, word, ""
    if begin == floor or not HAN.match(text[begin - 1]) or text[begin - 1] == "团":
        return begin, word, ""
    if text[begin - 1] in "两三四五六个" and PAIR.search(text, max(floor, begin - 24), at):
        return begin - 1, word, text[begin - 1]
    before = words.cut(text[max(floor, begin - 6) : begin])
    if (
        before
        and (before[-1] in _breaks() or words.tag(before[-1]) in words.STOP_TAGS or before[-1] in ("月份", "年份", "月", "日"))
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


def _across(
    scan: Scan, units: list[Unit], at: int, floor: int, head: str, sort: str, has_field: bool
) -> tuple[int, int, dict[str, object]] | None:
    """A place or a body up to REACH characters further left, the text between being part of the name."""
    text = scan.text
    last = units[-1] if units else None
    if (
        len(head) == 1
        and head not in "局委"
        and not has_field
        and not (last and head in "处科室庭司厅股队所" and 2 <= at - last.end <= 9)
    ):
        return None
    if (len(head) > 1 or head == "局") and (near := _relative_across(scan, units, at, floor, at + len(head))):
        if not any(near[1] <= end <= at for end in scan.regions) and text[near[0] - 1 : near[0]] != "驻":
            return near
    for width in range(1, REACH + 1):
        left = at - width
        if left < floor:
            break
        if not (HAN.match(text[left]) or text[left].isalnum() or text[left] in "·“”"):
            break
        if (
            last
            and left == last.end
            and (
                (last.name.sort in ("body", "part", "alone") and (sort == "part" or head == "总队"))
                or (last.name.sort == "named" and head in ("学院", "学校") and last.name.head == "大学")
                or (last.name.head.endswith("总站") and head.endswith("站"))
                or (last.text.endswith("银行") and head.endswith(("支行", "分行")))
            )
        ):
            post = text.startswith(head + "长", at + len(head))  # 某某科|科长: what stands before is its name
            if width <= (4 if head in ("队", "所") else 9) and (_clean_gap(text[left:at]) or (post and width <= 6 and HAN_ONLY.fullmatch(text, left, at))):
                return last.start, left, {"parent": len(units) - 1}
            return None
        if chain := _chain(scan.text, scan.regions, left, floor):
            if _clean_gap(text[left:at]):
                begin, regions = chain
                return begin, left, {"regions": regions}
            return None
    if (sort == "body" and has_field) or (
        sort == "named" and head.endswith(("学院", "大学", "医院", "公司", "协会", "中心"))
    ):
        table = divisions()
        for width in range(1, REACH + 1):
            for size in (3, 2):
                left = at - width
                known = table.by_short.get(text[left - size : left], ()) if left - size >= floor else ()
                wide = tuple(r for r in known if len(r.code) <= 4)
                if wide and _starts_word(text, left - size, floor) and _clean_gap(text[left:at]):
                    return left - size, left, {"regions": wide}
    return None


def _relative_across(
    scan: Scan, units: list[Unit], at: int, floor: int, end: int
) -> tuple[int, int, dict[str, object]] | None:
    """市|住房公积金|管理中心, 省|委农村工作|领导小组: the rank of the place, then a name of its own."""
    text = scan.text
    for width in range(2, REACH + 1):
        left = at - width
        if left <= floor:
            return None
        if not HAN.match(text[left - 1]) or not HAN.match(text[left]):
            if not HAN.match(text[left]):
                return None
            continue
        m = RELATIVE.search(text, floor, left)
        if not m or m.end() != left:
            continue
        first = words.cut(text[m.start() : end])[0]
        if first not in (m[0], m[0] + "委") or not _clean_gap(text[left:at]):
            continue
        found = _relative(scan, units, left, floor, "body")
        if found and not found[2]:
            return found[0], left, {"relative": found[1]}
    return None


def _starts_word(text: str, at: int, floor: int) -> bool:
    if at == floor or not HAN.match(text[at - 1]):
        return True
    cut = words.cut(text[max(floor, at - 6) : at])
    return bool(cut) and (cut[-1] in _breaks() or words.tag(cut[-1]) in words.STOP_TAGS)


THIS = re.compile(r"该(关|校)(?!长|区)|(?<![\u4e00-\u9fff])(局|院|支队|大队|总队)机关(?!党|报|干|工|各|单)")  # short for 法院, 海关, 学校: no heads of their own
PAIR = re.compile(
    r"((?:[\u4e00-\u9fff]{2,5}、)*[\u4e00-\u9fff]{2,5}?)(?:和|及|与|、)([\u4e00-\u9fff]{2,5}?)(?:[两三四五六]|[两三四五六七八九十0-9]个)([县区市旗镇乡省])$"
)
LISTED = re.compile(r"([\u4e00-\u9fff]{2,11})(?:、|和|及|与)$")
ROW = re.compile(
    r"([\u4e00-\u9fff]{2,14}(?:、[\u4e00-\u9fff]{2,6})*(?:、|和)[\u4e00-\u9fff]{2,6}?)(?:等)?(?:(?:[两三四五六七八九十]|[0-9]{1,2})个)?$"
)
ROWED = frozenset(
    "工商所 养护站 收费站 供电所 派出所 人民法庭 法庭 分局 公安分局 支队 大队 中队 消防救援站 司法所 税务所 市场监管所 市场监督管理所 监管所 检察室 海关 公安局 管理所 应急管理所".split()
)


def elided(text: str, units: list[Unit]) -> Iterator[Unit]:
    """Bodies whose head stands only once, at the end of a list: 甲县、乙县公安局; 甲、乙两县公安局; 甲、乙、丙三个派出所."""
    yield from _rows(text, units)
    for m in THIS.finditer(text):
        if not any(u.start <= m.start() < u.end for u in units):
            own = m[1] or m[2]
            yield Unit(m.start(), m.end(), m[0], UnitName(own, own, "body", pointer=True))
    for unit in units:
        name = unit.name
        if (
            name.head in ("党委", "委")
            and text.startswith(("、政府", "和政府"), unit.end)
            and text[unit.end + 3 : unit.end + 4] not in "部采"
        ):
            yield Unit(unit.end + 1, unit.end + 3, "政府", replace(name, own="政府", head="政府", prefix=""))
        if name.regions and name.parent is None:
            at = unit.start
            rank = name.regions[0].name[-1]
            outer = max((u for u in units if u.start == unit.start), key=lambda u: u.end)
            if outer is not unit:  # 甲县、乙县公安局交警大队
                begin = unit.end - len(name.own)
                name = UnitName(
                    text[begin : outer.end], outer.name.head, outer.name.sort, name.regions, prefix=name.own
                )
            while listed := LISTED.search(text, max(0, at - 12), at):
                if any(u.end == listed.end(1) for u in units):
                    break
                found = next((listed[1][i:] for i in range(len(listed[1]) - 1) if regions_named(listed[1][i:])), None)
                regions = regions_named(found) if found else ()
                if not found:
                    found = next((listed[1][i:] for i in range(len(listed[1]) - 1) if _ranked(listed[1][i:], rank)), None)
                    regions = _ranked(found, rank) if found else ()
                    if rank in "镇乡":
                        regions = tuple(r for r in regions if any(r.code[:6] == o.code[:6] for o in name.regions))
                if not found or not regions:
                    break
                start = listed.end(1) - len(found)
                if name.own != "办事处" or found.endswith("街道"):
                    yield Unit(
                        start,
                        listed.end(1),
                        found,
                        UnitName(name.own, name.head, name.sort, regions=regions, prefix=name.prefix),
                    )
                at = start
        elif name.relative and (
            pair := PAIR.search(text, max(0, unit.start - 24), unit.start + len(name.prefix + name.relative))
        ):
            first = pair.start(1)
            for short in (*pair[1].split("、"), pair[2]):
                known = next((i for i in range(len(short) - 1) if _ranked(short[i:], pair[3])), None)
                if known is None:
                    first = text.index(short, first) + len(short)
                    continue
                start = text.index(short, first) + known
                first = start + len(short) - known
                regions = _ranked(short[known:], pair[3])
                yield Unit(start, first, short[known:], UnitName(name.own, name.head, name.sort, regions=regions))


def _ranked(name: str, rank: str) -> tuple[Region, ...]:
    """The divisions of that rank (县, 镇 …) which a name, with or without it, may mean."""
    table = divisions()
    known = [*table.by_name.get(name, ()), *table.by_short.get(name, ())]
    if rank in "镇乡":
        known += table.by_name.get(name + rank, ())
    return tuple(r for r in known if r.name.endswith(rank))


def _rows(text: str, units: list[Unit]) -> Iterator[Unit]:
    """甲、乙、丙三个派出所: parts named one after the other, their head at the end."""
    scan = _scan(text)
    for start, end, head in scan.heads:
        if head not in ROWED:
            continue
        own_start = _fields_before(scan, start, 0)
        if scan.fields.get(own_start) is None and text[own_start - 1 : own_start] == "、":
            continue
        for at in dict.fromkeys((own_start, start)):
            m = ROW.search(text, max(0, at - 40), at)
            if m and m.end() == at:
                break
        else:
            continue
        parent = next(
            (
                i
                for i, u in enumerate(units)
                if m.start() <= u.end <= m.start() + text[m.start() : at].find("、") + 1 and u.end < start
            ),
            None,
        )
        begin = units[parent].end if parent is not None else m.start(1)
        if text[begin] in "和与及、":
            begin, parent = begin + 1, None
        names = re.split("[、和]", text[begin : m.end(1)])
        cut = words.cut(names[0])
        for i in range(len(cut) - 1, -1, -1):
            if cut[i] in _breaks() or (words.tag(cut[i]) in ("v", "p", "c", "d") and len(cut[i]) > 1):
                begin += len("".join(cut[: i + 1]))
                names[0] = "".join(cut[i + 1 :])
                parent = None
                break
        if any(
            (len(w) > 1 and (w in _breaks() or words.tag(w) in ("r", "p", "d"))) or w in FUNCTION - {"从"}
            for n in names
            for w in words.cut(n)
        ):
            continue
        if any(words.tag(n).startswith("v") for n in names):
            continue
        if head == "派出所" and any(n in lexicon.words("fields") for n in names):
            continue
        if any(n.endswith(tuple(h for h in ROWED if len(h) > 2)) for n in names):
            continue  # 甲工商所、乙派出所: each has its own head
        if (
            not all(2 <= len(n) <= 6 or n in ("",) for n in names)
            or not all(names)
            or any(n in _generic() or regions_named(n) for n in names)
        ):
            continue
        if any(
            u.start < at
            and u.end > begin
            and u is not (units[parent] if parent is not None else None)
            and u.end < start
            for u in units
        ):
            continue
        place = begin
        for name in names:
            place = text.index(name, place)
            tail = text[at:end]
            regions: tuple[Region, ...] = ()
            if head in ("分局", "公安分局", "公安局", "海关"):
                regions = tuple(divisions().by_short.get(name, ()))
                if head in ("分局", "公安分局", "公安局") and not regions:
                    break
            own = tail if regions else name + tail
            yield Unit(
                place, place + len(name), name, UnitName(own, head, _heads()[head], regions=regions, parent=parent)
            )
            place += len(name)
