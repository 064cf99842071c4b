"""Names of bodies, found by how they are built: a place or a parent, a field or a name of its own, and a head.

    包头市          公安局 昆都仑区 分局   民族东路 派出所
    region          head   region   head   name     head

The heads of a sentence are taken from left to right, and each looks to its left for the rest of its name. What a name is not built of
(verbs, particles, 基层, 辖区) ends it. A head with nothing to its left names nobody, unless it points back: 该局, 分局.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import lexicon, words
from kg.clauses import clause_start, opens
from kg.mentions.listed import Listed
from kg.mentions.naming import HAN, REACH, breaks, clean_gap, generic, name_to_the_left, starts_word
from kg.mentions.places import (
    RANKS,
    RELATIVE,
    WHOLE,
    chain,
    is_town,
    region_ends,
    relative,
    relative_across,
    short,
    under,
)
from kg.regions import Region, divisions

RUN_BY = re.compile(r"(?:[主承协侦督创举交查经开兴包代申新严快]|(?<![综融整])合)$")
HAN_ONLY = re.compile(r"[\u3400-\u9fff]+")
LEVELS = re.compile(r"(?:各级|各地|各|两级|三级|[省市县区旗盟州]{2}[两三]级|广大)$")
ORDINAL = re.compile(
    r"(?:第[一二三四五六七八九十0-9]{1,3}|(?<![一二三四五六七八九十])[一二三四五六七八九十]|直属|特勤)$"
)
POINTER = re.compile(r"(?:该|本|我|全)$")
# A head of one character is a head only where the next character does not make another word of it.
NOT_AFTER = {
    "局": "大格结布时当破僵",
    "部": "全内外局干",
    "所": "场住处厕",
    "站": "网车电",
    "处": "好害到各用长短深何四远近益查惩判",
    "科": "百本学",
    "室": "教课居温暗",
    "队": "部军舰乐球梯列排",
    "庭": "开家法",
}
NOT_BEFORE = {
    "局": "部面势限促中", "部": "分门署队委落位下件首", "委": "员托派任屈婉以", "办": "理案公事法学会结证好实税成到得了过完起出妥",
    "处": "理置罚分于在境决方以突", "科": "学技研目普室员", "联合会": "诊商晤议谈", "室": "内外", "队": "伍列形友", "所": "有以在谓需属得作做见言",
    "站": "在位点派公", "司": "法机令仪", "庭": "审前上外", "厅": "级", "署": "名", "股": "东份票权", "指挥部": "署", "中心": "城区地点位思任组卫小幼敬医", "大队": "伍",
    "工会": "议", "院": "长士子落校区系办方线前内坝墙门", "人大": "代会", "政府": "采债网", "银行": "卡账业", "公司": "法", "支队": "伍", "中队": "伍",
    "党组": "织", "法院": "系", "大学": "生", "中学": "生", "小学": "生", "总队": "伍", "纪委": "委员", "政法委": "员",
}  # fmt: skip
LOOSE, STEM, TOWN, BY_NUMBER, NUMBERED_PARTS = (
    frozenset(row[0] for row in lexicon.rows("heads") if len(row) > 2 and how in row[2].split())
    for how in ("loose", "stem", "town", "number", "numbered")
)
NAMING = frozenset("x ns nr nz nrt nt".split())
HIGHER = frozenset(("局", "厅", "院", "支队", "总队"))  # 市局, 省厅, 市院: the body of that rank in the field in play
RANKS_ONLY = re.compile(r"[省市州盟县旗区]{1,2}(?:法院|检察院|公安|[局院])")  # 全省|市州法院: among them
EXEMPLARY = re.compile(r"(?:文明|先进|优秀|示范|最美|十佳|模范|标兵)")
HOW_MANY = re.compile(r"[0-9]+余?(?:个|处|家|所|座|支)")  # 设立防火检查站|512处
HOW_MANY_OF = re.compile("[所处家个](?:高校|院校|学校|[大中小]学|幼儿园|医院|单位|企业)")  # 四所高校
BANK = re.compile("(?:人行|([\u4e00-\u9fff]{2})(?:农商|农村商业|村镇|商业)?银行)$")  # whose branch it is
SEVERAL = re.compile("(?:[两三四五六七八九十]|[0-9]{1,2})家$")
ZONE = re.compile(r"[\u4e00-\u9fff]{2,5}(?:管理区|开发区|高新区|经开区|新区|示范区|度假区|风景区|科技城)$")
COURTROOM = re.compile("第[一二三四五六七八九十0-9]{1,3}(?:审判)?$")  # 第一|审判庭 is one
TRAVELLING = re.compile("(?<![一二三四五六游域])巡回$")  # a court that goes to the people is no body
ROOM = re.compile(r"(?:陈列|展览|阅览|荣誉|会议|会商|值班|谈话|接待|询问|讯问|候问|休息|档案|活动)$")
NATIONAL = re.compile(
    r"(?:中国|中华|国网|国家|南网|中车|中铁|中建|中交|中石油|中石化|国能|华能|大唐|华电|中核)[\u4e00-\u9fff]{0,12}$"
)
INSTITUTES = ("研究所", "检测所", "检验所")  # of a bureau: 市局|计量测试研究所
AREA = re.compile("(?:华北|华东|华南|华中|东北|西北|西南)[\u4e00-\u9fff]{2,6}局")
NETWORKS = frozenset(lexicon.words("networks"))
PLAIN_FORCE = frozenset(("交警", "公安"))
RESERVE = re.compile(r"(?:自然保护区|国家公园|森林公园|湿地公园|风景名胜区)$")
OF_BUREAU = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?:执法|稽查|监察)[大支]队|团委|党委(?!委员|副?书记|会)|工会|机关党委|办公室|政治处|指挥中心"
)
COMPLETE = ("执行局", "政治部", "缉私局", "稽查局")  # heads that name a part of the body in play by themselves
LEAGUE = re.compile(r"团[省市州盟县区旗]?$")
COUNT = re.compile(r"第?[一二三四五六七八九十]+")
NUMBERED_PART = re.compile(r"(.*?)第?[一二三四五六七八九十]+([^一二三四五六七八九十]+)")
NUMBER = re.compile(r"[一二三四五六七八九十0-9]+")
LISTED = re.compile(r"(?:[、和与及]|以及)([\u4e00-\u9fff]{1,6})")
STATIONED = re.compile(r"驻[县市区省]?$")


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
def heads() -> dict[str, str]:
    """The heads of names of bodies, and the sort of body that each makes."""
    return {row[0]: row[1] for row in lexicon.rows("heads")}


@cache
def _matchers() -> tuple[Listed, list[str], AhoCorasick]:
    names, fields = list(heads()), [*lexicon.words("fields")]
    collective = [f + tail for f in fields for tail in ("系统", "机关", "部门", "队伍")]
    names += [c for c in collective if c not in heads()]
    return Listed(names, MatchKind.LeftmostLongest), names, AhoCorasick(fields)


@dataclass
class Scan:
    """Where heads stand, and where fields and regions end in a sentence, for looking to the left."""

    text: str
    fields: dict[int, int] = field(default_factory=dict)  # end → earliest start
    regions: dict[int, int] = field(default_factory=dict)
    heads: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        head_matcher, names, field_matcher = _matchers()
        self.heads = [(s, e, names[i]) for i, s, e in head_matcher.find(self.text)]
        if not self.heads:
            return
        for _, start, end in field_matcher.find_matches_as_indexes(self.text, overlapping=True):
            self.fields[end] = min(start, self.fields.get(end, start))
        self.regions = region_ends(self.text)


@lru_cache(maxsize=4)
def scan_of(text: str) -> Scan:
    """The scan of a sentence."""
    return Scan(text)


def find(text: str) -> list[Unit]:
    """The bodies that a sentence names, in order; a nested name keeps the number of its parent."""
    scan = scan_of(text)
    units: list[Unit] = []
    for start, end, head in scan.heads:
        if (units and start < units[-1].end) or _no_head(text, start, end, head):
            continue
        if unit := Head(scan, units, start, end, head).unit():
            units.append(unit)
    return units


ACTS = re.compile(
    r"(?:坚持|紧扣|围绕|聚焦|通过|将(?=[0-9])|着力|全力|大力|积极|深入|持续|扎实|稳步|先后|率先|创新|探索|成立|组建|组织|召开|推进|推动|开展|实施|启动|出台|建立|构建|打造|整合|累计|派驻|按照|立足|"
    r"依托|投入|建成|牢固|始终|严格|认真|全面|迅速|切实|高度重视|多措并举|结合|充分|不断|进一步|主动|则|把|共|打响|掀起|吹响|铺开|为责任|牵头|参与|参加|联合|配合|派出|抽调)"
)


def places(text: str, units: list[Unit]) -> list[Unit]:
    """Places that act (某区稳步推进改革): the government of a place goes by the name of the place."""
    found: list[Unit] = []
    ends = region_ends(text)
    for end, start in ends.items():
        if any(u.start < end and start < u.end for u in units) or not ACTS.match(text, end):
            continue
        run = chain(text, ends, end, 0)
        if run and opens(text[clause_start(text, run[0]) : run[0]]):
            found.append(Unit(run[0], end, text[run[0] : end], UnitName("", "", "place", regions=run[1])))
    return found


def fields_before(scan: Scan, at: int, floor: int) -> int:
    """Walk left over fields of work and ordinals that belong to the head."""
    text = scan.text
    while at > floor:
        if (start := scan.fields.get(at)) is not None and start >= floor:
            if text[start:at] == "组织" and scan.fields.get(start) is None and at in scan.fields.values():
                break  # 组织|农业综合执法大队
            at = start
        elif at < len(text) and text[at - 1] in "和与" and scan.fields.get(at - 1) is not None and at - 1 > floor:
            at = scan.fields[at - 1]
        elif (m := ORDINAL.search(text, max(floor, at - 4), at)) and m.end() == at:
            at = m.start()
        else:
            break
    return at


def _no_head(text: str, start: int, end: int, head: str) -> bool:
    """Whether what looks like a head is part of another word, or of what is no body."""
    follow = text[end : end + 1]
    if start and text[start - 1] in NOT_AFTER.get(head, "") and text[start - 2 : start] != "宣教":
        return True
    if (head == "室" and ROOM.search(text, 0, start)) or (head.startswith("党") and text[start - 1 : start] == "原"):
        return True
    if (
        head == "办"
        and RUN_BY.search(text, max(0, start - 2), start)
        and words.cut(text[max(0, start - 3) : end])[-1] != "办"
    ):
        return True  # 侦办, 承办; but 督查|办
    if head in ("法庭", "庭") and TRAVELLING.search(text, max(0, start - 4), start):
        return True
    if head == "法庭" and COURTROOM.search(text, max(0, start - 6), start):
        return True
    if (len(head) == 1 and follow == "级") or (head.endswith("组织部") and follow == "署"):
        return True
    if head == "院" and not (RELATIVE.search(text, 0, start) or text[start - 1 : start] in ("该", "我", "本")):
        return True
    return (
        bool(follow)
        and follow in NOT_BEFORE.get(head, "")
        and not text.startswith(("部署", "组织", "组建"), end)
        and not (head == "委" and LEAGUE.search(text, max(0, start - 2), start))
    )


class Nobody:
    """What a step of reading a head answers where the head surely names no body."""


NOBODY = Nobody()
Answer = Unit | Nobody | None  # None: the next step may know


class Head:
    """A head in a sentence, and the reading of its name to the left, step by step, nearest first.

    `own_start` is where the fields and ordinals before the head begin, `floor` where the body before it ends, `units` the bodies
    found so far.
    """

    def __init__(self, scan: Scan, units: list[Unit], start: int, end: int, head: str) -> None:
        self.scan, self.units, self.end, self.head = scan, units, end, head
        self.text = text = scan.text
        self.sort = heads().get(head, "all")
        if head.endswith(("法院", "检察院")) and text[max(0, start - 2) : start] == "全国":
            self.sort = "all"
        self.last = units[-1] if units else None
        self.floor = self.last.end if self.last else 0
        if head.startswith("街道") and start + 2 in scan.regions:
            start += 2  # 稠城街道|办事处
        self.start = start
        self.own_start = fields_before(scan, start, self.floor)
        self.various = self.own_start  # before 各级, 广大 too
        if (
            self.sort == "all"
            and (m := LEVELS.search(text, max(self.floor, self.own_start - 4), self.own_start))
            and m.end() == self.own_start
        ):
            self.various = m.start()
        self.fielded = self.own_start < start
        self.has_field = self.fielded or (len(head) > 2 and self.sort in ("body", "alone"))

    def unit(self) -> Unit | None:
        """The body that the head names, or None."""
        for step in STEPS:
            if answer := step(self):
                return answer if isinstance(answer, Unit) else None
        return None

    def _made(
        self,
        at: int,
        name_from: int,
        regions: tuple[Region, ...] = (),
        relative: str = "",
        parent: int | None = None,
        prefix: str = "",
    ) -> Unit | Nobody:
        own = self.text[name_from : self.end]
        if len(own) == 1 and not (own == "委" and (regions or prefix == "团")):
            return NOBODY
        place = self.text[self.floor if parent is not None else at : name_from] if regions else ""
        name = UnitName(own, self.head, self.sort, regions, relative, parent, prefix=prefix, place=place)
        return Unit(at, self.end, self.text[at : self.end], name)

    def _pointing(self, at: int, own: str, regions: tuple[Region, ...] = (), relative: str = "") -> Unit:
        """A body that the context knows: 该局, 市局, 振兴区局."""
        name = UnitName(own, self.head, self.sort, regions, relative, pointer=True)
        return Unit(at, self.end, self.text[at : self.end], name)

    def _inner(self) -> int:
        return len(self.units) - 1

    def _alone(self) -> Answer:
        """Complete by itself (公安部), or a place and its force (某地交警)."""
        if self.head in PLAIN_FORCE:
            return self._force() or NOBODY
        if self.sort == "alone":
            return Unit(self.start, self.end, self.head, UnitName(self.head, self.head, self.sort))
        return None

    def _force(self) -> Unit | None:
        """某地交警查处…, 某地公安破获…: a place and its force, where a verb follows."""
        text, start, end, head = self.text, self.start, self.end, self.head
        follow = words.cut(text[end : end + 6])
        if not follow or words.tag(follow[0]) not in ("v", "d", "p") or follow[0] in ("监管", "管理", "监督"):
            return None
        m = WHOLE.search(text, self.floor, start)
        if m and m.end() == start and m[0].startswith("全") and m[0] != "全国":
            return Unit(m.start(), end, text[m.start() : end], UnitName(head, head, "all", relative=m[0]))
        place = chain(text, self.scan.regions, start, self.floor) or short(text, start, self.floor, head, "all", False)
        if not place or not opens(text[clause_start(text, place[0]) : place[0]]):
            return None
        at, regions = place
        return Unit(at, end, text[at:end], UnitName(head, head, "all", regions=regions, place=text[at:start]))

    def _numbered(self) -> Answer:
        """直属一大队、|二大队: the next of its kind, with the parent of the one before."""
        text, at = self.text, self.own_start
        if (
            not self.fielded
            or not COUNT.fullmatch(text, at, self.start)
            or text[at - 1 : at] not in tuple("、和及，；")
        ):
            return None
        last = self.last
        m = NUMBERED_PART.fullmatch(last.name.own) if last and last.name.sort == "part" else None
        if not last or not m or m[2] != self.head:
            return None
        own = m[1] + text[at : self.end]
        return Unit(at, self.end, text[at : self.end], replace(last.name, own=own))

    def _several(self) -> Answer:
        """甲区、乙市、丙县三家法院: the last of those listed (lists.elided finds the others); 丙县三家法院 is none by name."""
        text = self.text
        count = SEVERAL.search(text, max(self.floor, self.start - 4), self.start)
        run = count and chain(text, self.scan.regions, count.start(), self.floor)
        if not count or not run:
            return None
        if text[run[0] - 1 : run[0]] not in ("、", "和", "与", "及"):
            return NOBODY
        name = UnitName(text[count.end() : self.end], self.head, self.sort, run[1])
        return Unit(run[0], self.end, text[run[0] : count.start()], name)

    def _no_body(self) -> Answer:
        """局长 is a post; 三支队 and 一处 belong to nobody knows whom; 驻县教育局纪检组 not to the bureau."""
        text, start, last, own_start = self.text, self.start, self.last, self.own_start
        one = len(self.head) == 1
        if one and text[own_start].isdigit():
            return NOBODY  # 整改隐患|120处; but 110指挥中心
        post = text[self.end : self.end + 1] == "长" and not self.fielded
        if post and (one or (last and last.end == start) or text[start - 1 : start] == "副"):
            return NOBODY
        stationed = last is not None and last.end == own_start - 2 and text[own_start - 2 : own_start] == "派驻"
        near = last is not None and (last.end == own_start or stationed or (one and 0 < own_start - last.end <= 8))
        if COUNT.fullmatch(text, own_start, start) and HOW_MANY_OF.match(text, start):
            return NOBODY
        numbered = text[own_start] == "第" and self.head in NUMBERED_PARTS
        counted = self.fielded and COUNT.fullmatch(text, own_start, start) and self.head not in BY_NUMBER
        if counted and not near and not numbered and own_start not in self.scan.regions:
            return NOBODY
        if STATIONED.search(text, max(0, own_start - 2), own_start) and not stationed:
            return NOBODY
        if one and NUMBER.fullmatch(text, own_start, start) and not (last and 0 <= own_start - last.end <= 8):
            return NOBODY
        return None

    def _under_last(self) -> Answer:
        """A body right before: 某某公安局|交警大队, and the double heads of a bad scan: 某某分局|公安分局."""
        last, sort = self.last, self.sort
        if not last or last.end != self.various:
            return None
        if last.name.sort == "alone" and not (
            sort in ("body", "part") and (self.has_field or self.head == "办公厅" or self.head in COMPLETE)
        ):
            return None
        part = self.fielded and sort == "part" and self.head not in ("分局", "公安分局")
        if _same_rank(last.name.head, self.head) and not part:
            self.units.pop()
            return Unit(last.start, self.end, last.text, last.name)
        whole = last.name.sort == "body" or last.name.head == "海关"
        division = (
            whole
            and sort == "all"
            and self.various == self.own_start
            and self.head.endswith("部门")
            and len(self.head) >= 4
        )
        if division:
            return self._made(last.start, self.own_start, parent=self._inner())  # 某某海关|缉私部门
        if sort == "all" or self.head in ("党委", "党组", "政府") or not (self.has_field or len(self.head) > 1):
            return NOBODY
        return self._made(last.start, self.own_start, parent=self._inner())

    def _in_place(self) -> Answer:
        """A region right before: 某某县|公安局, 某某公安局|某某区|分局."""
        run = chain(self.text, self.scan.regions, self.various, self.floor)
        if not run:
            return None
        at, regions = run
        last, head = self.last, self.head
        if head in ("局", "院") and not self.fielded:
            return self._pointing(at, head, regions)
        if head in ("委", "委员会") and self.text[max(0, at - 3) : at] == "共青团":
            return self._made(at - 3, self.own_start, regions, prefix="团")
        if not (self.sort != "named" or self.has_field or head in LOOSE or len(head) > 2 or head in ("分行", "支行")):
            return None
        if bank := self._bank(at):
            return bank
        if last and last.end == at and (last.name.sort in ("body", "part", "alone") or self._branch_of(last)):
            name_from = at if not self.fielded and head == "分局" else self.own_start
            return self._made(last.start, name_from, regions, parent=self._inner())
        if network := self._network(at):
            return self._made(at - 2, self.own_start, regions, prefix=network)
        return self._made(at, self.own_start, regions)

    def _bank(self, at: int) -> Unit | Nobody | None:
        """人行|某某支行, 某地银行|某某分行: the branch whose place starts at an index, with its bank."""
        bank = BANK.search(self.text, max(self.floor, at - 8), at) if self.head in ("分行", "支行") else None
        if bank is None or (bank[1] and not divisions().by_short.get(bank[1])):
            return None
        return self._made(bank.start(), bank.start())

    def _network(self, at: int) -> str:
        """国网|某某县|供电公司: what is wider than the place that starts at an index, and stands before it."""
        before = self.text[max(self.floor, at - 2) : at]
        return before if before in NETWORKS else ""

    def _branch_of(self, last: Unit) -> bool:
        bank = last.text.endswith("银行") and self.head.endswith(("支行", "分行"))
        return bank or (last.text.endswith(("公司", "集团")) and self.head == "分公司")

    def _national(self) -> Answer:
        """中国某某公司, 国网某某供电公司."""
        if self.sort != "named":
            return None
        m = NATIONAL.search(self.text, max(self.floor, self.own_start - 14), self.own_start)
        if m and m.end() == self.own_start and clean_gap(m[0][2:]):
            return self._made(m.start(), m.start())
        return None

    def _in_short_place(self) -> Answer:
        """A short region name before a field: 某某|公安分局."""
        if self.head.endswith(("公司", "集团")) and HOW_MANY.match(self.text, self.end):
            return NOBODY
        found = short(self.text, self.various, self.floor, self.head, self.sort, self.fielded)
        if not found or not (consistent := under(self.text, found, self.floor)):
            return None
        at, regions = consistent
        if bank := self._bank(at):
            return bank
        if self.last and self.last.end == at:
            return self._made(self.last.start, self.own_start, regions, parent=self._inner())
        if network := self._network(at):
            return self._made(at - 2, self.own_start, regions, prefix=network)
        above = chain(self.text, self.scan.regions, at, self.floor)
        return self._made(above[0] if above else at, self.own_start, regions)

    def _back(self) -> Answer:
        """该局, 我院: back to a body in play."""
        if self.sort == "all" and self.various == self.start and self.head in ("机关单位", "党政机关"):
            return NOBODY
        m = POINTER.search(self.text, self.floor, self.own_start)
        if not m or m.end() != self.own_start or self.sort not in ("body", "part", "named") or self.head == "部":
            return None
        if self.fielded and self.sort != "body":
            return None
        return self._pointing(m.start(), self.text[self.own_start : self.end])

    def _relative(self) -> Answer:
        """全市公安机关, 市公安局, 市局."""
        found = relative(self.text, self.various, self.floor, self.sort)
        if not found:
            return None
        at, word, prefix = found
        if self.head in HIGHER and not self.fielded and word in RANKS.split("|") and not prefix:
            return self._pointing(at, self.head, relative=word)
        if (
            self.head == "院"
            or (self.sort == "named" and word.startswith("全"))
            or RANKS_ONLY.match(self.text, self.own_start)
        ):
            return NOBODY
        if len(prefix) == 1 and self.head in LOOSE and prefix not in "两三四五六个":
            return None  # 陬市|派出所 is called after a town
        text = self.text
        if word.startswith("全") and EXEMPLARY.match(text, self.end):
            return NOBODY  # 全省交通系统|文明窗口
        if (word == "全国" or self.head == "消防部队") and not (
            opens(text[clause_start(text, at) : at]) and _goes_on(text, self.end)
        ):
            return NOBODY
        if at > self.floor and text[at - 1] == "团" and self.head == "委":
            return self._made(at - 1, self.own_start, relative=word, prefix="团")
        if self.fielded or len(self.head) > 1 or self.head == "委":
            return self._made(at, self.own_start, relative=word, prefix=prefix)
        return NOBODY

    def _of_zone(self) -> Answer:
        """某某开发区管委会, where the zone is in no table."""
        if self.sort != "body":
            return None
        zone = ZONE.search(self.text, max(self.floor, self.own_start - 8), self.own_start)
        if not zone or zone.end() != self.own_start:
            return None
        at = name_to_the_left(self.text, self.own_start, self.floor)
        return None if at is None else self._made(at, at)

    def _across(self) -> Answer:
        """A place or a body up to REACH characters further left, the text between being part of the name."""
        text, at, head, last = self.text, self.own_start, self.head, self.last
        near_last = last is not None and head in "处科室庭司厅股队所站局" and 2 <= at - last.end <= 9
        if len(head) == 1 and head not in "局委办" and not self.has_field and not near_last:
            return None
        if (len(head) > 1 or head == "局") and (near := relative_across(text, at, self.floor, at + len(head))):
            begin, left, word = near
            if RANKS_ONLY.match(text, left):
                return NOBODY
            if not any(left <= end <= at for end in self.scan.regions) and text[begin - 1 : begin] != "驻":
                return self._made(begin, left, relative=word)
        for width in range(1, REACH + 1):
            left = at - width
            if (
                (head == "办" and width > 4)
                or left < self.floor
                or not (text[left].isalnum() or text[left] in "·“”" or HAN.match(text[left]))
            ):
                break
            if last and left == last.end and last.name.sort == "alone" and AREA.fullmatch(text, left, self.end):
                return self._made(last.start, left, parent=self._inner())  # 某部|华北督察局
            if last and left == last.end and self._may_belong_to(last):
                return self._made(last.start, left, parent=self._inner()) if self._named_between(left) else None
            if RANKS_ONLY.match(text, left):
                return NOBODY
            if left in self.scan.regions and (run := chain(text, self.scan.regions, left, self.floor)):
                return self._made(run[0], left, run[1]) if clean_gap(text[left:at]) else None
        return self._in_wide_place()

    def _may_belong_to(self, last: Unit) -> bool:
        head, name = self.head, last.name
        if head.endswith("站") and name.head in ("大队", "中队"):
            return False  # 三大队|分守某某站
        return (
            (name.sort in ("body", "part", "alone") and (self.sort == "part" or head == "总队"))
            or (name.sort == "named" and head in ("学院", "学校") and name.head == "大学")
            or (name.head.endswith("总站") and head.endswith("站"))
            or (name.head in ("学院", "大学", "医院") and head in ("处", "科"))
            or (name.pointer and name.relative and head == "局")
            or (name.sort == "body" and head in INSTITUTES)
            or self._branch_of(last)
        )

    def _named_between(self, left: int) -> bool:
        """Whether what stands between the body before and the head is a name: 某某局|市容管理|股."""
        text, at, head = self.text, self.own_start, self.head
        width = at - left
        if width > (4 if head in ("队", "所") else 9):
            return False
        gap = text[left:at]
        if gap not in breaks() and any(divisions().by_name.get(gap + rank) for rank in ("镇", "乡", "街道")):
            return True  # 某某县公安局|以那|派出所
        if (text[left:at] == "检查" and COUNT.match(text, at)) or text[left:at] == "派驻":
            return True  # 检查|二科, 派驻|第一纪检监察组
        post = text.startswith(head + "长", at + len(head))  # 某某科|科长: what stands before is its name
        return clean_gap(text[left:at]) or bool(post and width <= 6 and HAN_ONLY.fullmatch(text, left, at))

    def _in_wide_place(self) -> Answer:
        """A province or a city by its short name further left: 湖南某某学院."""
        named = self.sort == "named" and self.head.endswith(("学院", "大学", "医院", "公司", "协会", "中心"))
        if not (named or (self.sort == "body" and self.has_field)):
            return None
        text, at, table = self.text, self.own_start, divisions()
        for width in range(1, REACH + 1):
            left = at - width
            for size in (3, 2):
                known = table.by_short.get(text[left - size : left], ()) if left - size >= self.floor else ()
                if not known:
                    continue
                reserve = RESERVE.search(text, left, at)
                wide = tuple(r for r in known if len(r.code) <= (6 if reserve else 4))
                if wide and starts_word(text, left - size, self.floor) and clean_gap(text[left:at]):
                    return self._made(left - size, left, wide)
        return None

    def _after_another(self) -> Answer:
        """某某县公安局、|交通运输局: in a list the place of the one before."""
        last = self.last
        if not last or last.name.sort != "body" or self.sort != "body" or not self.has_field or self.head == "公司":
            return None
        if self.text[last.end : self.own_start] not in ("、", "和", "与", "及", "会同", "联合") or not (
            last.name.regions or last.name.relative
        ):
            return None
        vague = self.start - self.own_start < 4 and _generic_start(self.text[self.own_start : self.end])
        if last.name.parent is not None or (self.fielded and vague):
            return None
        return self._made(self.own_start, self.own_start, last.name.regions, relative=last.name.relative)

    def _of_field(self) -> Answer:
        """禁毒大队 with no place: a part of the body in play."""
        if self.sort not in ("body", "part") or not self.fielded or self.end - self.own_start <= 2:
            return None
        if HOW_MANY.match(self.text, self.end):
            return NOBODY
        own, last = self.text[self.own_start : self.end], self.last
        if (
            last
            and last.name.parent is not None
            and (last.name.sort, self.sort) == ("part", "part")
            and self.text[last.end : self.own_start] in ("、", "和", "及")
            and len(own) > 4
        ):
            return self._made(self.own_start, self.own_start, parent=last.name.parent)
        if _generic_start(own) or not _bare_field_ok(self.text, self.own_start, self.floor):
            return None
        return self._made(self.own_start, self.own_start)

    def _parallel(self) -> Answer:
        """全市公安机关…；检察机关…: the place of the one before."""
        if self.sort != "all" or not self.head.endswith("机关") or self.head == "行政机关":
            return None
        last = self.last
        if (
            last
            and last.name.sort == "all"
            and self.text[last.end : self.own_start] in ("、", "和", "与", "联合", "会同")
        ):
            return self._made(self.own_start, self.own_start, last.name.regions, relative=last.name.relative)
        if not _starts_clause(self.text, self.own_start):
            return None
        like = next((u.name for u in self.units if u.name.sort == "all" and u.name.head.endswith("机关")), None)
        if like is None or not (like.relative or like.regions):
            return None
        return self._made(self.own_start, self.own_start, like.regions, relative=like.relative)

    def _called(self) -> Answer:
        """By a proper name alone: 后官寨派出所, 某某医院."""
        head = self.head
        if not (head in LOOSE or head in STEM or (self.sort == "part" and self.fielded and len(head) > 1)):
            return None
        begins = (
            self._of_station(),
            self._of_town(),
            name_to_the_left(self.text, self.own_start, self.floor, head.endswith("公司")),
        )
        if (at := next((begin for begin in begins if begin is not None), None)) is None:
            return None
        name = self.text[at : self.own_start]
        if head in STEM:
            proper = words.tag(name) in NAMING and words.tag(name[-2:]) in NAMING
        else:
            proper = head in LOOSE or (len(name) <= 3 and words.tag(name)[0] not in "vadbmtfr")
        return self._made(at, at) if proper else None

    def _of_station(self) -> int | None:
        """Where the name of a railway station begins, before the head: 某某站|派出所."""
        end = self.own_start - 1
        if self.text[end] != "站":
            return None
        names = divisions().by_short
        return next(
            (
                end - n
                for n in (4, 3, 2)
                if end - n >= self.floor
                and any(len(r.code) <= 6 for r in names.get(self.text[end - n : end], ()))
                and self.text[end - n - 1 : end - n + 1] not in names  # 上|海北|站
            ),
            None,
        )

    def _of_town(self) -> int | None:
        """Where the name of a town begins, before the head of an office: 采花|司法所."""
        end, text = self.own_start, self.text
        if self.head not in TOWN:
            return None
        return next(
            (
                end - n
                for n in (4, 3, 2)
                if end - n >= self.floor and is_town(text[end - n : end]) and starts_word(text, end - n, self.floor)
            ),
            None,
        )

    def _listed(self) -> Answer:
        """某某局执法大队、|木材巡查大队: in a list the parent of the part before."""
        last = self.last
        if not last or last.name.parent is None or last.name.sort != "part" or self.sort != "part":
            return None
        m = LISTED.match(self.text, last.end, self.own_start)
        if not m or m.end() != self.own_start or not clean_gap(m[1]):
            return None
        return self._made(m.start(1), m.start(1), parent=last.name.parent)

    def _bare(self) -> Answer:
        """The head alone at the head of a clause: 支队, 执行局, 局|团委."""
        if self.head == "局" and not self.fielded and _starts_clause(self.text, self.start):
            return self._pointing(self.start, "局") if OF_BUREAU.match(self.text, self.end) else None
        if self.fielded or self.sort not in ("body", "part") or len(self.head) < 2:
            return None
        if self.text[self.end : self.end + 1] == "长":
            return NOBODY  # 大队长
        if self.head in ("政府", "公司", "中心") or not _starts_clause(self.text, self.start):
            return None
        return self._made(self.start, self.start) if self.head in COMPLETE else self._pointing(self.start, self.head)


STEPS = (
    Head._alone, Head._numbered, Head._several, Head._no_body, Head._under_last, Head._in_place, Head._national, Head._in_short_place, Head._back,
    Head._relative, Head._of_zone, Head._across, Head._after_another, Head._of_field, Head._parallel, Head._listed, Head._called, Head._bare,
)  # fmt: skip


@cache
def _generic_starts() -> tuple[str, ...]:
    of_names = ("公安", "行政", "刑事", "综合", "机关", "专业", "社区")
    return tuple(word for word in generic() if len(word) > 1 and word not in of_names)


def _generic_start(own: str) -> bool:
    return own.startswith(_generic_starts())


def _goes_on(text: str, end: int) -> bool:
    """Whether what follows a collective is not a noun that it only describes: 全国公安机关|重点实验室."""
    follow = words.cut(text[end : end + 8])
    return (
        not follow
        or words.tag(follow[0])[0] not in "nabjl"
        or follow[0] in ("共", "平均", "累计", "一共", "一审", "二审")
    )


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
        and left[-1] in breaks()
        and left[-1] not in ("各", "每", "两", "多个", "多家", "下属", "所属", "所在", "辖区", "各地", "各级")
    )
