"""Honours: ranks in contests, merits, titles that somebody was given (一等奖, 个人二等功, “先进集体”称号)."""

from __future__ import annotations

import re

from kg.mentions import Named, people
from kg.model import Kind

RANK = r"(?:[特一二三四]等|优秀|优胜|最佳[\u4e00-\u9fff]{1,6}|组织)奖|[金银铜]奖|金牌|银牌|铜牌|第[一二三四五六1-6]名|冠军|亚军|季军|[特一二三]等功|桂冠"
RANKED = re.compile(rf"(?:{RANK})$")
BARE_RANK = re.compile(rf"^(?:个人|团体|集体|总分|综合|女子|男子|[\u4e00-\u9fff]{{2,8}}(?:项目|组|类))?(?:{RANK})$")
MERIT = re.compile(r"^(?:个人|集体)?(?:[特一二三]等功|嘉奖)$")
HONOUR = re.compile(
    r"(?:先进|优秀|文明|模范|示范|标杆|达标|平安|满意|最佳|创建|合格)?(?:集体|单位|个人|工作者)$|(?:标兵|模范|劳模|卫士|能手|先锋号?|楷模|好人|标杆|示范[\u4e00-\u9fff]{1,6}|文明[\u4e00-\u9fff]{1,2}|青年文明号|巾帼文明岗|示范岗|奖章|奖状|勋章|锦旗|"
    r"一[等级](?:所|庭|站|车管所|派出所|车辆管理所)|枫桥式[\u4e00-\u9fff]{2,8}|[\u4e00-\u9fff]{2,8}奖|称号|嘉奖|十佳[\u4e00-\u9fff]{0,8}|百佳[\u4e00-\u9fff]{0,8}|最美[\u4e00-\u9fff]{1,8}|工匠|人物|流动红旗|党组织|党支部|党员|党务工作者)$"
)
# After these the object is an honour whatever it is called; after the others only where its name says so.
SURE = r"(?:被[^，。；]{0,24}?)?(?:评选为|评定为|评为|授予|命名为|认定为|追授|评树为|记为)|荣获|荣立|荣记|荣膺|获评|获颁|获授|喜获|记(?=(?:个人|集体)?[一二三]等功)"
LIKELY = r"分别获得|分别获|分获|获得|夺得|取得|斩获|摘得|捧得|拿下|捧回|勇夺|赢得|收获|当选|(?<![查捕缴抓截破起收])获(?![取悉知利救准批益释刑缴赠得评颁授])"
GIVEN = re.compile(rf"(?:(?P<sure>{SURE})|(?P<likely>{LIKELY}))(?!者)")
AFTER = re.compile(r"(?:了|过|到|全体)?")
TAIL = re.compile(r"(?:的?(?:荣誉|光荣)?称号|等(?:多项|诸多|一系列)?(?:荣誉)?(?:称号)?|荣誉|的(?:好|优异|骄人)?成绩|殊荣|的殊荣|[一两二1-9]次|奖励|的(?:单位|集体|个人)?(?:有|是)|）)$")
NOT_ONE = re.compile(r"好评|认可|点赞|肯定|称赞|赞誉|支持|信任|批示|理解|赞扬|奖金|奖励|表扬|成效|效果|战果|线索|证据|优秀等次|优秀[等档]|合格等|良好|名次|名额|资格|许可|机会|[A-D]级|主动|胜利|进展|突破|多少|拥护|满意度|重点|中心")
CONTEST = re.compile(r"[在从]([^，。；：]{2,50}?(?:比武|竞赛|大赛|比赛|评选|评比|考核|评议|测评|考评|比拼|联赛|邀请赛|擂台赛|决赛|选拔赛|技能赛|演讲|展演|征集|展评)(?:竞赛)?(?:活动)?)(?:中|上|里)")
QUOTED = re.compile(r"“[^“”]*”")
COUNTED = re.compile(r"^[0-9一二三两几多数]+(?:余|多)?(?:个|项|枚|面|次|块|人|名|家)")
LISTED = re.compile(r"[、和及与]|(?<=”)(?=“)|，")
WINNER = re.compile(r"(?:称号)?(?:获得者)?")
TITLE_BEFORE_NAME = re.compile(r"(?:全[国省市县区]|[\u4e00-\u9fff]{2}[省市])?“[^“”，。]{2,24}(?:民警|交警|警察|辅警|卫士|标兵|模范|能手|先锋|楷模|好人|个人|工作者|法官|检察官|青年|劳模|工匠|人物|调解员)”(?=(?:称号)?(?:获得者)?[\u4e00-\u9fff])")


def find(text: str, bodies: list[tuple[int, int]]) -> list[Named]:
    """The honours that a sentence says were given, in order; `bodies` are the stretches of bodies in it."""
    found: list[Named] = []
    last = -1
    for m in GIVEN.finditer(text):
        if m.start() < last:
            continue
        at = m.end()
        if m["sure"] and "授" in m["sure"] and 0 <= (quote := text.find("“", at, at + 40)) and not re.search("[，。；]", text[at:quote]):
            at = max(at, text.rfind("全", at, quote)) if text[quote - 2 : quote - 1] == "全" else quote
        if m["sure"] and "授" in m["sure"] and (person := people.name_at(text, at, "民警")):
            at = person  # 追授|某某|“时代楷模”
        sure = 0 if not m["sure"] else 1 if m["sure"].endswith(("命名为", "认定为")) else 2
        for start, end, name in _listed(text, at, sure, bodies):
            found.append(Named(Kind.AWARD, start, end, name))
            last = end
    if "”" in text:
        for t in TITLE_BEFORE_NAME.finditer(text):
            if people.name_at(text, WINNER.match(text, t.end()).end(), "民警") and not any(n.start < t.end() and t.start() < n.end for n in found):
                found.append(Named(Kind.AWARD, t.start(), t.end(), _name(t[0])))
    return sorted(found, key=lambda n: n.start)


def _listed(text: str, at: int, sure: int, bodies: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """The honours in a row that begin at a place: where each stands, and its name with what the first one says of the contest."""
    found: list[tuple[int, int, str]] = []
    prefix = ""
    while at < len(text):
        if m := AFTER.match(text, at):
            at = m.end() if not found else at
        end = _object_end(text, at)
        if sure < 2 and text[at:end].endswith("称号"):
            sure = 2
        end, name = _trimmed(text, at, end)
        start = at
        for a, b in bodies:
            if a == at and MERIT.match(name[b - at :]):
                start, name = b, name[b - at :]  # 获省公安厅|集体二等功
        if found and text[at - 1] == "，" and not RANKED.search(name) or not _is_honour(name, sure if not found or "“" in name else 0):
            break
        if BARE_RANK.match(name) and not MERIT.match(name):
            whole = (prefix or _contest(text, at)) + name
        else:
            whole = name
            if m := RANKED.search(name):
                prefix = re.sub(r"(?:个人|团体)$", "", name[: m.start()])
        found.append((start, end, _name(whole)))
        after = re.compile(r"(?:荣誉)?(?:称号)?").match(text, end)
        at = after.end() if after else end
        m = LISTED.match(text, at)
        if not m:
            break
        at = m.end()
    return found


def _object_end(text: str, at: int) -> int:
    """Where the object of a verb ends: at the next mark or joining word outside quotes."""
    depth = 0
    for i in range(at, min(len(text), at + 70)):
        c = text[i]
        if c == "“":
            if depth == 0 and i > at and text[i - 1] == "”":
                return i
            depth += 1
        elif c == "”":
            depth = max(0, depth - 1)
        elif depth == 0 and c == "的" and text[i - 1] in "”号":
            return i
        elif depth == 0 and (c in "，。；：！？…（）【】《 " or c == "、" or c in "和及" and (RANKED.search(text[at:i]) or text[i - 1] == "”" and text[i + 1 : i + 2] == "“")):
            if c == "、" and not (text[i - 1] in "”次" or RANKED.search(text[at:i]) or HONOUR.search(text[at:i])):
                continue
            return i
    return min(len(text), at + 70)


def _trimmed(text: str, at: int, end: int) -> tuple[int, str]:
    """The object without 称号, 等荣誉, 一次."""
    name = text[at:end]
    while m := TAIL.search(name):
        name = name[: m.start()]
    return at + len(name), name


def _is_honour(name: str, sure: int) -> bool:
    if GIVEN.search(QUOTED.sub("", name)):
        return False  # 某某荣立二等功, said of somebody else
    plain = name.replace("“", "").replace("”", "")
    if plain[:1] in "的者" or "奖的" in plain or "称号的" in plain or "颁" in plain:
        return False  # 获得者, 获得最高奖的某某
    if not 3 <= len(plain) <= 60 or NOT_ONE.search(plain) and not RANKED.search(plain) or COUNTED.match(plain) or re.search(r"[0-9]+(?:人|名|家|件|起)", plain):
        return False
    if RANKED.search(plain) or HONOUR.search(plain):
        return True
    return sure > 0 and len(plain) <= 40 and (sure > 1 and name.endswith("”") or bool(re.search(r"[所队站院庭校馆县市区镇村室企业基地点岗手兵星员家]$", plain)))


def _contest(text: str, at: int) -> str:
    """The contest that the sentence is about: 在某某技能比武中 … 获|一等奖."""
    found = list(CONTEST.finditer(text, max(0, at - 90), at))
    if not found:
        return ""
    name = found[-1][1]
    return name[name.rfind("的") + 1 :] if not name.endswith("的") else ""


def _name(name: str) -> str:
    inner = name[1:-1]
    return inner if name[:1] == "“" and name[-1:] == "”" and "“" not in inner else name
