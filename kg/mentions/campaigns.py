"""Names of drives: “护苗”专项行动, 涉酒驾驶专项整治, 代号“利剑2号”的集中行动, and words that point back to one.

A campaign is known by its name. The head noun tells that it is one; a quoted name that a verb of carrying out takes as its object is one
too, unless what follows shows a method, a brand or a slogan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import MatchKind

from kg import lexicon, words
from kg.mentions.listed import Listed
from kg.mentions.places import region_ends, short_at

CARRY_OUT = (
    "开展|展开|组织开展|深入开展|持续开展|扎实开展|开展了|实施|组织实施|推进|深入推进|全力推进|启动|部署|部署开展|发起|打响|推动|深化|参加|参与|投入|投身|掀起|举办|组织|开启|打好|推行|结合|"
    "落实|抓好|做好|承办|统筹"
)
TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
QUOTED = re.compile(
    r"“([^“”，。！？；]{1,30}|[^“”，。！？；]{2,10}，[^“”，。！？；]{2,10}(?=”(?:主题|专项|实践|系列|教育|活动|行动)))”"
)
POINTER = re.compile(
    r"(?=[该此本这上专集行活会战整斗改])(?:(?:该|此次|本次|这次|这场|此项|该项|这项|这一|上述)(?:专项|集中|统一)?(?:行动|活动|斗争|整治|会战|战役|工作|改革)|"
    r"(?<![”\u4e00-\u9fff])(?:专项行动|专项整治|专项斗争|集中行动|专项活动|行动|活动|会战|战役|整治|斗争|改革)(?=中|期间|以来|开展|启动|过程|当天|当晚|当日|部署|由|分[为两三四五]|聚焦|自[0-9]|共|累计|为期|持续|收官|覆盖)|"
    r"(?<=[在自到从至进将])(?:专项行动|专项整治|专项斗争|专项活动)(?=[中里期以开的，来]))"
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A drive named in a sentence. `core` identifies it: the name without its head noun and quotation marks. `pointer`: 该行动."""

    start: int
    end: int
    text: str
    core: str
    head: str = ""
    pointer: bool = False
    sure: bool = True


@cache
def _drives() -> dict[str, str]:
    return {row[0]: row[1] for row in lexicon.rows("drives")}


def _sort(head: str) -> str:
    """strong, whole or quoted: how much of a name a head needs, as in drives.txt; 专项监督活动 as 专项监督."""
    return _drives().get(head) or _drives()[head[:-2]]


@cache
def _heads() -> tuple[Listed, list[str]]:
    names = list(_drives())
    return Listed(names, MatchKind.LeftmostLongest), names


GENERAL = re.compile(
    r"(?<=..)(?:第[一二三四五六七八九十]+[轮期次]|专项|集中|统一|系列|主题|实践|活动|行动|工作|斗争|战役|大会战|会战)$"
)
REGIONAL = re.compile(
    r"^(?:全(?:国|省|市|县|区|旗|盟|州|系统)|自治区|(?:为期)?[0-9一二三四五六七八九十两百]+个?(?:月|天|年)的?|[0-9]{4}年度?|年度|度|[0-9]{1,2}月(?:[上中下]旬|[底初份])?|[一二三四]季度|新一轮|一轮|以来|期间|[两三四五]级|这次|此次|本次|[0-9一二两三四五六七八九十多余几至]+[次项个场轮]|一系列|系列)(?=[\u4e00-\u9fff]{3})"
)
FORCE = re.compile(
    r"(?:全[省市县区国])?[\u4e00-\u9fff]{0,3}?(?:公安|检察|审判|税务|市场监管|纪检监察|政法|司法行政|消防|交警|城管)(?:机关|系统|部门|队伍)?(?=[\u4e00-\u9fff]{4})(?=夏季|冬季|春季|秋季|打击|集中|开展|推进|严打|整治|“)"
)
RUN = re.compile(r"(?:[\u4e00-\u9fffA-Za-z0-9Ⅰ-Ⅻ、·]|（[\u4e00-\u9fff]{1,2}）)*$")  # 妨害国（边）境管理
STOPS = frozenset("了的着过在由对将把向与和及等是为以并从到被让使就也都还又更最很其该此这那各每")
STOP_TAGS = frozenset("v d p c r t u uj ul l i ad vd z f m q y zg".split())
EMPTY = re.compile(
    r"(?:问题|自身|深化|机关|省里|市里|县里|各地|突出问题|[0-9]+多?项|各项|各类|系列|多个|相关|有关|一系列|此次|本次|一次|多次|开展|全国|全省|全市|全区|全县|持续|常态化|近期|当前|上述|街道|三大|五大|十大|多项|两项|重点|"
    r"[0-9]{1,2}月(?:[上中下]旬|[底初份])?|[一二三四]季度|整改|各种|这场|这次|整个|[0-9一二两三四五六七八九十]+[个项次场轮])*"
)
GENERIC_DEED = re.compile(
    r"(?:集中|统一|整改|自查|清查|检查|排查|巡查|整治|打击|夜查|联合|执法|宣传|行动|专项|治理|督查|督导|工作|开展|综合)+"
)
NOT_FOLLOWED = re.compile(
    r"阶段|常态化|试点县|试点名单|资料|专栏|平台|小组|领导小组|办公室|指挥部|专班|工作领导|成果|动员部署会|动员会|推进会|部署会|总结会"
)


def core(text: str) -> str:
    """What identifies a campaign: its name without quotation marks, spaces and the general words at its end."""
    name = re.sub(r"[“”‘’\s、·，—\-《》+]", "", text)
    while m := GENERAL.search(name):
        name = name[: m.start()]
    return name


def find(text: str, blocked: list[tuple[int, int]] | None = None) -> list[Campaign]:
    """The campaigns that a sentence names or points to, in order, none inside another.

    `blocked` are stretches that an unquoted name does not reach into (the names of bodies).
    """
    listed, names = _heads()
    heads = listed.find(text)
    if not heads and "“" not in text:
        return []
    pointers = POINTER.finditer(text) if heads else ()  # each ends with one
    found = [Campaign(m.start(), m.end(), m[0], "", m[0], pointer=True) for m in pointers]
    titles = [m.span() for m in TITLE.finditer(text)]
    quoted = [(m.start(), m.end()) for m in QUOTED.finditer(text) if not any(a < m.start() < b for a, b in titles)]
    found = [c for c in found if not any(a < c.start < b for a, b in quoted)]
    taken = 0
    for i, start, end in heads:
        head = names[i]
        if SWELLING.search(head) and (more := MORE.match(text, end)):
            head, end = head + more[0], more.end()  # 专项监督|活动
        if (
            start < taken
            or text[end : end + 1] in list(FOLLOW.get(head, ""))
            or any(a < start and end < b for a, b in (*quoted, *titles))
        ):
            continue
        if any(c.start < end and start < c.end for c in found):
            continue
        floor = max([taken, *(b for _, b in blocked or () if b <= start)])
        free = [q for q in quoted if q[0] >= taken or start == taken]  # “某某”治理|专项行动 is one name
        for campaign in _quoted_before(text, start, end, head, free) or _unquoted(text, start, end, head, floor):
            found = [c for c in found if not (campaign.start <= c.start and c.end <= campaign.end)]
            found.append(campaign)
            taken = max(taken, campaign.end)
    for a, b in quoted:
        if not any(c.start < b and a < c.end for c in found) and (bare := _bare_quote(text, a, b)):
            found.append(bare)
    return _run_on(text, sorted(found, key=lambda c: c.start))


def _run_on(text: str, found: list[Campaign]) -> list[Campaign]:
    """夏季治安打击整治“百日行动” is one campaign, known by what is quoted."""
    kept: list[Campaign] = []
    for campaign in found:
        last = kept[-1] if kept else None
        if last and last.end == campaign.start and text[campaign.start] == "“" and not text[last.start].startswith("“"):
            kept[-1] = Campaign(last.start, campaign.end, text[last.start : campaign.end], campaign.core, campaign.head)
        else:
            kept.append(campaign)
    return kept


SWELLING = re.compile(r"专项|集中|练兵|攻坚|整治|治理|清理|排查|执法|巡察")
MORE = re.compile(r"(?:活动|行动)(?![计起力上路场室])")
FOLLOW = {
    "攻坚": "克期战行阶",
    "志愿服务": "队站者点岗中",
    "行动": "计起力上路",
    "活动": "场室板",
    "工作": "者人员证餐室日站专机委总组法流量任岗格会方服团",
    "斗争": "精",
    "治理": "体能",
    "改革": "开",
}


def _quoted_before(text: str, start: int, end: int, head: str, quoted: list[tuple[int, int]]) -> list[Campaign]:
    """“某某”专项行动; “甲”和“乙”活动; 以“某某”为主题的宣传活动: a quoted name, at most a few words, the head."""
    index = next((i for i in reversed(range(len(quoted))) if quoted[i][1] <= start), None)
    if index is None:
        return []
    a, b = quoted[index]
    between = re.sub(r"（[\u4e00-\u9fff]{1,4}）", "", THEME.sub("", text[b:start])).strip()
    if "、" in text[a:b] or (index and not text[quoted[index - 1][1] : a].strip("、")):
        between = between.removeprefix("等")  # “甲”“乙”等专项行动
    if re.search(r"[0-9一二三四五六七八九十]号?”$", text[a:b]) or re.search(
        r"(?:代号为?|名为|命名为|主题为)$", text[:a]
    ):
        between = between.removeprefix("的")
    if (
        len(between) > (20 if _sort(head) == "strong" else 12)
        or not re.fullmatch(r"[\u4e00-\u9fff0-9、]*", between)
        or "+" in text[a:b]
        or between.startswith("、")
    ):
        return []
    if head == "活动" and CRIME.search(between):
        return []  # “伪基站”犯罪|活动
    cut = words.cut(between)
    if (head == "工作" and re.fullmatch(r"“[一二三四五六七八九十两][^”]{1,3}”", text[a:b])) or re.search(
        r"时期|我国|期间", between
    ):
        return []
    if any(w in STOPS or (w in lexicon.words("breaks") and w not in _nounlike()) for w in cut) or (
        len(cut) == 1 and cut[0] in NOT_DRIVES and not head.startswith("创建")
    ):
        return []
    first = index
    while (
        first
        and quoted[first - 1][1] >= quoted[first][0] - 1
        and text[quoted[first - 1][1] : quoted[first][0]] in ("", "、", "和")
    ):
        first -= 1
    if first < index and (against := AGAINST.search(text, 0, quoted[first][0])):  # 打击“甲”“乙”“丙”专项行动
        begin = against.start()
        return [Campaign(begin, end, text[begin:end], core(text[quoted[first][0] : b]), head)]
    whole = re.search(r"(?:行动|活动|会战|战役)”$", text[a:b])
    if not whole and (against := AGAINST.search(text, 0, a)):  # 打击“洋垃圾”走私专项行动
        return [Campaign(against.start(), end, text[against.start() : end], core(text[a:b]), head)]
    if text[a:b] in LOOSE_QUOTES and (run := RUN.search(text, max(0, a - 16), a)):
        begin, _ = _by_words(text, run.start(), a)  # 自建房安全隐患|“回头看”专项整治
        if a - begin > 3:
            return [Campaign(begin, end, text[begin:end], core(text[begin:b]), head)]
    if about := re.search("涉[\u4e00-\u9fff]$", text[:a]):  # 涉企|“挂案”清理
        return [Campaign(about.start(), end, text[about.start() : end], core(text[about.start() : b]), head)]
    named = text[a:b] + between + head
    found = [Campaign(a, end, named, core(text[a:b]), head)]
    while (
        index
        and quoted[index - 1][1] >= quoted[index][0] - 1
        and text[quoted[index - 1][1] : quoted[index][0]] in ("", "、", "和", "与", "及")
    ):
        index -= 1
        a, b = quoted[index]
        found.insert(0, Campaign(a, b, text[a:b] + head, core(text[a:b]), head))
    return found


LOOSE_QUOTES = ("“回头看”", "“百日”")  # any drive may be called so
THEME = re.compile(  # 以“某某”为主题，在全县组织开展|宣传月活动
    "^为主题(?:的|，?(?:在[^，。；“”]{1,8})?(?:部署|组织|集中|深入|广泛|联合)*(?:开展|举办|组织|启动)了?(?!一?系列))"
)
CRIME = re.compile(r"(?:犯罪|违法|违规|走私|赌博|诈骗|传销|吸毒|贩毒|盗窃|卖淫|侵权)$")
LED_IN = re.compile(r"(?:.*的(?=..)|这次|此次|本次|这场|这一|深入开展|开展|持续|组织|全国|全[省市县区])*")
AGAINST = re.compile(r"(?:严厉)?(?:打击|整治|治理|惩治|查处|严打|整顿){1,2}(?:涉及|非法[\u4e00-\u9fff]{2})?$")
OPENING = re.compile(
    r"(?:^|(?<=[，。；：”]))(?=打击|整治|治理|防范|清理|查处|规范|清查|严打|严厉打击|剿灭|根治|清剿)|(?:开展|展开|实施|启动|部署|推进|(?<!党)组织|进行|(?<!的)深化|掀起|参加|参与|投入|打响|拉开|吹响|打好|打赢|发起|抓好|做好)(?:了|起|好|到)?"
)


def _by_words(text: str, begin: int, start: int) -> tuple[int, list[str]]:
    """Where a name begins that no verb of carrying out opens: at the last word that names of drives are not made of."""
    at, kept = start, list[str]()
    cut = words.cut(text[begin:start])
    for i in range(len(cut) - 1, -1, -1):
        word = cut[i]
        if words.tag(word) in ("m", "q") and i and words.tag(cut[i - 1])[0] == "n" and kept:
            pass  # 中央|八项|规定精神
        elif word == "全" and kept and kept[0] in ("链条", "领域", "流程", "过程", "覆盖", "民", "员", "方位"):
            pass  # 全链条整治
        elif word in ("和", "及", "与") and kept and _names_on(cut[:i]):
            pass  # 群众身边|腐败|和|作风问题
        elif kept and kept[0] in ("情况", "问题", "工作", "领域") and words.tag(word) in ("v", "vn") and len(word) > 1:
            pass  # 工资|支付|情况: a verb with the noun that sums it up
        elif (
            (len(word) == 1 and word in STOPS)
            or word in _verbs()
            or word == "、"
            or (words.tag(word) in STOP_TAGS and word not in _nounlike())
        ):
            break
        at -= len(word)
        kept.insert(0, word)
    return at, kept


def _names_on(before: list[str]) -> bool:
    """Whether nothing but nouns stands before 和 in a clause, so that the name goes on there."""
    return bool(before) and all(words.tag(w)[0] in "nsfaj" or words.tag(w) == "vn" or w in _nounlike() for w in before)


def _unquoted(text: str, start: int, end: int, head: str, floor: int) -> list[Campaign]:
    """禁毒严打专项行动: a strong head and the words before it, back to the verb that carries it out; 利剑2号行动."""
    if head.endswith("行动") and (
        coded := re.search(r"[\u4e00-\u9fff]{2,4}(?:[0-9]{1,4}|[一二三四五六七八九十]{1,2})号$", text[floor:start])
    ):
        cut = words.cut(coded[0])
        at = start - len("".join(cut[1:] if cut[0] in lexicon.words("breaks") or cut[0] in _verbs() else cut))
        return [Campaign(at, end, text[at:end], core(text[at:start]), head)]
    if _sort(head) == "whole":
        return [Campaign(start, end, head, head, head)]
    called = head in ("活动", "行动") and re.search(
        r"(?:开展|吹响|启动|组织|部署|参加)(?:了)?(?=(?:集中|专项|联合|统一)[\u4e00-\u9fff]{4,12}$)",
        text[max(floor, start - 24) : start],
    )
    if not called and head in ("活动", "行动") and re.match(r"为(?:抓手|契机|载体|主线|牵引)", text[end:]):
        called = VEHICLE.search(text, max(floor, start - 16), start)
        if called:
            name = text[called.start(1) : end]
            return [Campaign(called.start(1), end, name, core(name), head)]
    called = called or (head in ("行动", "活动") and EMBLEM.search(text, max(floor, start - 16), start))
    if (_sort(head) != "strong" and not called) or NOT_FOLLOWED.match(text, end):
        return []
    run = RUN.search(text, max(floor, start - 24), start)
    begin = run.start() if run else start
    at = start
    again: re.Match[str] | None = None
    if text[begin] == "在" and text[end : end + 1] in ("中", "里"):  # 在|转供电加价|专项检查|中
        at = begin + 1 + LED_IN.match(text[begin + 1 : start]).end()  # type: ignore[union-attr]
        kept = [text[at:start]]
    elif carried := list(OPENING.finditer(text, begin, start)):
        # 开展|打击假冒药品|专项行动: from the verb of carrying out to the head
        at = carried[-1].end()
        at += len(text[at:start]) - len(re.sub(r"^.*的(?=..)", "", text[at:start]))
        kept = [text[at:start]]
    else:
        again = ROUND.search(text, begin, start)  # 知识产权护航|第二轮|集中攻坚
        at, kept = _by_words(text, begin, again.start() if again else start)
        kept = [text[at:start]] if again else kept
    while at < start and text[at] in "好了起到的":
        at += 1
    while m := REGIONAL.match(text[at:start]):
        at += m.end()
    while lead := next((e for e, s in region_ends(text[at:start]).items() if s == 0), None):
        at += lead
    if at == 0 and not text.endswith("。") and (lead := short_at(text[:start])):
        at = lead  # a headline: 某地|集中整治
    if force := FORCE.match(text[at:start]):
        at += force.end()
    if text.endswith("统一", at, start):
        return []  # 部署各地公安机关|统一行动
    listed = text.startswith("等", end)
    if "、" in text[at:start] and (
        listed or re.search(r"(?:改革|行动|整治|活动|工作|恶|建设|研讨|培训|教育)、", text[at:start])
    ):
        at = text.rindex("、", at, start) + 1
    if again and again.start() - at < 3:
        at = start  # 某省|第一批|主题教育
    name = text[at:start]
    if name.endswith(("机关", "部门", "警方", "队伍")) and not CONDUCTED.search(text, 0, at):  # who carries it out
        return [Campaign(start, end, head, core(head), head)] if len(head) >= 8 else []
    if name.endswith(("的", "、")) or "等" in name:
        return []
    generic = EMPTY.fullmatch(name) or len(name) < 2 or GENERIC_DEED.fullmatch(name)
    lone_verb = (
        len(kept) == 1
        and words.tag(kept[0]).startswith("v")
        and "宣传" not in head
        and not re.search(rf"(?:{CARRY_OUT})(?:了)?$", text[:at])
    )
    if name in lexicon.words("fields") and not text.endswith("。") and RUN_ON.match(text, end):
        return []  # a headline: 某地消防|集中整治|火灾隐患
    if generic or lone_verb:
        if head in BACK:
            return [Campaign(start, end, head, core(head), head, pointer=True)]
        return []
    return [Campaign(at, end, text[at:end], core(text[at:end]), head)]


ROUND = re.compile("第[一二三四五六七八九十]+[轮批次]$")
CONDUCTED = re.compile(r"(?:开展|实施|推进|启动|部署|打响|深化|进行)了?$")
VEHICLE = re.compile(r"以((?:[\u4e00-\u9fff]){3,12})$")  # 以|便民办税春风|行动为抓手
# Words that drives are named with, for what they call up.
EMBLEM = re.compile(
    r"(?:开展|实施|启动|推进|组织|部署|参加|深化)(?:了)?(?=[\u4e00-\u9fff]{2,10}$)[\u4e00-\u9fff]*"
    r"(?:春风|利剑|雷霆|亮剑|铁拳|飓风|风暴|清风|护航|净网|净土|护苗|护农|猎狐|猎鹰|断卡|清源|清零|暖冬|蓝天|碧水|春雷|惊雷)$"
)
RUN_ON = re.compile(r"[\u4e00-\u9fff]")
BACK = frozenset(
    "队伍教育整顿 专项行动 专项斗争 专项整治 专项活动 集中行动 集中整治 百日行动 教育整顿 大练兵 主题教育 攻坚战 专项工作 专项治理 学习教育 实践活动".split()
)
NOT_DRIVES = frozenset(lexicon.words("not_drives"))


@cache
def _verbs() -> frozenset[str]:
    return frozenset(
        (
            *CARRY_OUT.split("|"),
            *lexicon.words("breaks"),
            *"正在 统一 集中开展 常态化 编印 分析 研判 研究 定期 专题 纵深 关于".split(),
        )
    )


@cache
def _nounlike() -> frozenset[str]:
    """Verbs that names of drives are made of."""
    return frozenset(
        "打击 整治 治理 清查 排查 检查 执法 严打 收戒 禁毒 缉枪 治爆 扫黑 除恶 反诈 防控 防范 保护 监管 监督 管理 清理 清缴 打假 治超 治欠 保供 保畅 护航 护苗 护校 护企 助企 净网 断卡 养护 执行 攻坚 提升 提质 整顿 教育 宣传 服务 "
        "涉 经营 销售 生产 运输 使用 违法 犯罪 非法 违规 侵害 诈骗 盗窃 盗抢 走私 贩毒 吸毒 赌博 酒驾 醉驾 超载 超限 超员 污染 排放 采砂 捕捞 禁捕 占道 欠薪 拖欠 讨薪 虚开 骗税 传销 集资 涉黑 涉恶 涉毒 涉赌 涉黄 涉枪 涉爆 涉酒 涉密 涉企 涉农 涉电 涉诈 "
        "行政 综合 联合 支持 起诉 改造 建设 创建 学习 练兵 培训 比武 竞赛 救援 应急 消防 防火 防汛 安全 隐患 燃气 维权 打拐 追逃 追赃 挽损 清仓 清零 清积 化解 调解 普法 扶贫 振兴 打造 春季 夏季 秋季 冬季 今冬明春 夏夜 新 大 安全隐患 车".split()
    )


BARE_BEFORE = re.compile(rf"(?:{CARRY_OUT}|常态化开展|集中开展)(?:了)?(?:以|“[^“”]{{1,20}}”、?)*$")


def _bare_quote(text: str, a: int, b: int) -> Campaign | None:
    """开展“大排查、大整治”，: a quoted name alone, the object of a verb of carrying out."""
    before, after = text[:a], text[b:]
    inner = text[a + 1 : b - 1]
    whole = re.search(
        r"(?:行动|大练兵|大走访|百日(?:攻坚|整治|会战|执法)|[百夏冬春秋大][\u4e00-\u9fff]?会战|攻坚战|攻势|宣传月|宣传周|活动月|(?:专项|主题|实践|比武|竞赛|宣传|教育|练兵|创建)活动)$",
        inner,
    )
    if whole and 4 <= len(inner) <= 16 and not re.search(r"(?:不行动|来行动|在行动)$", inner):
        return Campaign(a, b, text[a:b], core(inner), whole[0])
    if (
        not 3 <= len(inner) <= 24
        or "+" in inner
        or re.match(r"[一二三四五六七八九十两双]\S{1,3}$", inner)
        or not BARE_BEFORE.search(before)
        or re.search(r"(?:落实|推行|结合|抓好|做好|统筹|推动|深化|推进|实施|参与|组织)(?:了)?$", before)
    ):
        return None
    follow = re.match(r"[\u4e00-\u9fff]*", after)
    if follow and follow[0] and not re.match(r"(?:以来|期间|过程|中|后|，|并|和|及)", follow[0]):
        return None
    if re.search(r"(?:制度|机制|制|模式|品牌|服务|课堂|课|班|会|法|日|讲堂|体系|岗|网|码|墙|站|室)$", inner):
        return None
    return Campaign(a, b, text[a:b], core(inner), "", sure=False)
