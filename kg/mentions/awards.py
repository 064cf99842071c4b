"""Honours: ranks in contests, merits, titles that somebody was given (一等奖, 个人二等功, “先进集体”称号).

What stands behind a verb of winning or giving is an honour where its name says so; behind 荣获, 授予 and the like
also under any name.
A bare rank takes the contest from the words before (在某某比武中夺得|第一名), in a list from the honour before it (一等奖、二等奖).
"""

from __future__ import annotations

import re

from kg.mentions import Held, Named, people
from kg.model import Kind

RANK = (
    r"(?:[特一二三四]等|优秀|优胜|最佳[\u4e00-\u9fff]{1,6}|组织)奖|[金银铜]奖|金牌|银牌|铜牌|第[一二三四五六1-6]名|"
    r"冠军|亚军|季军|[特一二三]等功|桂冠"
)
RANKED = re.compile(rf"(?:{RANK})$")
BARE_RANK = re.compile(rf"^(?:个人|团体|集体|总分|综合|女子|男子|[\u4e00-\u9fff]{{2,8}}(?:项目|组|类))?(?:{RANK})$")
MERIT = re.compile(r"^(?:个人|集体)?(?:[特一二三]等功|嘉奖)$")
HONOUR = re.compile(
    r"(?:集体|单位|个人|工作者|标兵|模范|劳模|卫士|能手|先锋号?|楷模|好人|标杆|青年文明号|巾帼文明岗|示范岗|奖章|奖状|勋章|锦旗|称号|嘉奖|工匠|人物|"
    r"(?:优秀|先进|最美|十佳|模范|杰出|满意)[\u4e00-\u9fff]{0,4}(?:警察|民警|辅警|干警|法官|检察官|干部|公诉人|公务员|书记员|教师|医生|护士|青年|网格员|执法人员|消防员)|"
    r"流动红旗|党组织|党支部|党员|党务工作者|示范[\u4e00-\u9fff]{1,6}|文明[\u4e00-\u9fff]{1,2}|"
    r"(?:优秀|十佳|精品)[\u4e00-\u9fff]{0,4}(?:案例|项目|课题|成果|作品)|"
    r"一[等级](?:所|庭|站|车管所|派出所|车辆管理所)|枫桥式[\u4e00-\u9fff]{2,8}|[\u4e00-\u9fff]{2,8}奖|[十百]佳[\u4e00-\u9fff]{0,8}|最美[\u4e00-\u9fff]{1,8})$"
)
# Bodies and places under any name, where the verb says that they were honoured: 被评为|近视防控示范校.
THING = re.compile(r"[所队站院庭校馆县市区镇村室企业基地点岗手兵星员家]$")
# Verbs of giving and of being given; 获 not as a part of other words (查获, 获悉).
SURE = (
    r"(?:被[^，。；]{0,24}?)?(?:表彰为|评选为|评定为|评为|授予|命名为|认定为|追授|评树为|记为)|荣获|荣立|荣记|荣膺|获评|获颁|获授|喜获|"
    r"记(?=(?:个人|集体)?(?:[一二三]等功|嘉奖))"
)
LIKELY = (
    r"分别获得|分别获|分获|获得|入选|夺得|取得|斩获|摘得|捧得|拿下|捧回|勇夺|赢得|收获|当选|"
    r"(?<![查捕缴抓截破起收])获(?![取悉知利救准批益释刑缴赠得评颁授])"
)
GIVEN = re.compile(
    rf"(?=[被表评授命认追记荣获喜分入夺取斩摘捧拿勇赢收当])(?:(?P<sure>{SURE})|(?P<likely>{LIKELY}))(?!者)"
)
ASPECT = re.compile(r"(?:了|过|到)?")
TAIL = re.compile(
    r"(?:的?(?:荣誉|光荣)?称号|等(?:多项|诸多|一系列)?(?:荣誉)?(?:称号)?|荣誉|的(?:好|优异|骄人)?成绩|的?殊荣|[一两二1-9]次|奖励|）)$"
)
NO_HONOUR = re.compile(
    r"好评|认可|点赞|肯定|称赞|赞誉|支持|信任|批示|理解|赞扬|奖金|奖励|表扬|成效|效果|战果|线索|证据|优秀等次|优秀[等档]|合格等|良好|名次|名额|"
    r"资格|许可|机会|[A-D]级|主动|胜利|进展|突破|多少|拥护|满意度|重点|中心|颁|奖的|称号的|^[的者]"
)
COUNTED = re.compile(r"^[0-9一二三两几多数]+(?:余|多)?(?:个|项|枚|面|次|块|人|名|家)|[0-9](?:人|名|家|件|起)")
CONTEST = re.compile(
    r"[在从]([^，。；：]{2,50}?(?:比武|竞赛|大赛|比赛|评选|评比|考核|评议|测评|考评|比拼|联赛|邀请赛|擂台赛|决赛|选拔赛|技能赛|演讲|展演|征集|展评)"
    r"(?:竞赛)?(?:活动)?)(?:中|上|里)"
)
QUOTED = re.compile(r"“[^“”]*”")
NEXT = re.compile(r"[、和及与]|(?<=”)(?=“)|，")
TITLE = re.compile(r"(?:荣誉)?(?:称号)?")
WINNER = re.compile(r"(?:称号)?(?:获得者)?")
OF_PLACE = re.compile(r"(?:全[国省市县区]|[\u4e00-\u9fff]{2}[省市])$")
BEFORE_NAME = re.compile(
    r"“[^“”，。]{2,24}(?:民警|交警|警察|辅警|卫士|标兵|模范|能手|先锋|楷模|好人|个人|工作者|法官|检察官|"
    r"青年|劳模|工匠|人物|调解员)”(?=(?:称号)?(?:获得者)?[\u4e00-\u9fff])"
)
REACH = 70


def find(text: str, bodies: list[tuple[int, int]]) -> list[Named]:
    """The honours that a sentence says were given, in order; `bodies` are the stretches of bodies in it."""
    found: list[Named] = []
    ends = dict(bodies)
    reached = 0
    for m in GIVEN.finditer(text):
        if m.start() < reached:
            continue
        verb, at = m["sure"] or "", m.end()
        sure = 0 if not verb else 1 if verb.endswith(("命名为", "认定为")) else 2
        if "授" in verb:
            at = _past_receiver(text, at)
        for named in _listed(text, at, sure, ends):
            found.append(named)
            reached = named.end
    if "”" in text:
        held = Held((named.start, named.end) for named in found)
        for title in BEFORE_NAME.finditer(text):
            winner = WINNER.match(text, title.end())
            place = OF_PLACE.search(text, max(0, title.start() - 3), title.start())
            start, end = (place or title).start(), title.end()
            if winner and people.name_at(text, winner.end(), "民警") and not held.meets(start, end):
                found.append(Named(Kind.AWARD, start, end, _unquoted(text[start:end])))
    return sorted(found, key=lambda n: n.start)


def _past_receiver(text: str, at: int) -> int:
    """授予|某某公安局|“全省优秀公安局”, 追授|某某|“时代楷模”: past who is given it."""
    quote = text.find("“", at, at + 40)
    if quote >= 0 and not re.search("[，。；]", text[at:quote]):
        whole = text.rfind("全", at, quote)
        return whole if whole == quote - 2 else quote
    return people.name_at(text, at, "民警") or at


def _listed(text: str, at: int, sure: int, bodies: dict[int, int]) -> list[Named]:
    """The honours in a row from a place on; `sure` is 2 behind verbs of honour, 1 behind those of naming, 0 behind others."""
    found: list[Named] = []
    prefix = ""
    if m := ASPECT.match(text, at):
        at = m.end()
    while at < len(text):
        end = _object_end(text, at)
        if sure < 2 and text[at:end].endswith("称号"):
            sure = 2
        name = _trimmed(text[at:end])
        start, end = at, at + len(name)
        if (giver := bodies.get(at)) and MERIT.match(text[giver:end]):
            start, name = giver, text[giver:end]  # 获省公安厅|集体二等功
        if found and text[at - 1] == "，" and not RANKED.search(name):
            break
        if not _is_honour(name, sure if not found or "“" in name else 0):
            break
        whole = name
        if BARE_RANK.match(name) and not MERIT.match(name):
            whole = (prefix or _contest(text, at)) + name
        elif ranked := RANKED.search(name):
            prefix = re.sub(r"(?:个人|团体)$", "", name[: ranked.start()])
        found.append(Named(Kind.AWARD, start, end, _unquoted(whole)))
        after = TITLE.match(text, end)
        step = NEXT.match(text, after.end() if after else end)
        if not step:
            break
        at = step.end()
    return found


def _object_end(text: str, at: int) -> int:
    """Where the object of a verb ends: at the next mark or joining word outside quotes."""
    depth = 0
    for i in range(at, min(len(text), at + REACH)):
        c, before = text[i], text[i - 1]
        if c == "“":
            if depth == 0 and i > at and before == "”":
                return i
            depth += 1
        elif c == "”":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif c in "，。；：！？…（）【】《 " or (c == "的" and before in "”号") or _joins(text, at, i):
            return i
    return min(len(text), at + REACH)


def _joins(text: str, at: int, i: int) -> bool:
    """Whether a character parts one honour from the next: 一等奖、二等奖, “…”和“…”."""
    c, before = text[i], text[i - 1]
    if c == "、":
        return before in "”次" or bool(RANKED.search(text[at:i]) or HONOUR.search(text[at:i]))
    return c in "和及" and bool(RANKED.search(text[at:i]) or (before == "”" and text[i + 1 : i + 2] == "“"))


def _trimmed(name: str) -> str:
    """The object without 称号, 等荣誉, 一次."""
    while m := TAIL.search(name):
        name = name[: m.start()]
    return name


def _is_honour(name: str, sure: int) -> bool:
    if GIVEN.search(QUOTED.sub("", name)):
        return False  # 某某荣立二等功, said of somebody else
    plain = name.replace("“", "").replace("”", "")
    if not 3 <= len(plain) <= 60 or COUNTED.search(plain) or (NO_HONOUR.search(plain) and not RANKED.search(plain)):
        return False
    if RANKED.search(plain) or HONOUR.search(plain):
        return "奖的" not in plain and plain[0] not in "的者"
    return sure > 0 and len(plain) <= 40 and bool((sure > 1 and name.endswith("”")) or THING.search(plain))


def _contest(text: str, at: int) -> str:
    """The contest that the sentence is about: 在某某技能比武中 … 获|一等奖."""
    found = list(CONTEST.finditer(text, max(0, at - 90), at))
    name = found[-1][1] if found else ""
    return name[name.rfind("的") + 1 :]


def _unquoted(name: str) -> str:
    inner = name[1:-1]
    return inner if name[:1] == "“" and name[-1:] == "”" and "“" not in inner else name
