"""Persons with a post: 某局局长李国强 is taken, 某局局长王某 and 记者李国强 are left.

A post is looked up, what follows it is tried as a name: a surname and one or two characters, or a name of a
minority. Where the name ends is told by what comes after it (说, 介绍, 在, a comma). Where that stays open nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ahocorasick_rs import MatchKind

from kg import lexicon, words
from kg.mentions import Held, Named
from kg.mentions.listed import Listed
from kg.model import Kind

HAN = re.compile(r"[\u3400-\u9fff]")
# What may stand in front of a post and is part of it: 原党委委员、常务副局长.
RANK = re.compile(
    r"(?:(?:常务|专职|执行|第一|原|前|代|代理|首席|高级|中级|初级|助理|正|[一二三四]级|党委|党组|党总支|党支部|支部|机关|政治|行政|"
    r"社区|值班|分管|主管|执勤|带班|技术|稽查|执法|消防|责任|青年|基层)?(?:副|高级)?)$"
)
JOIN = re.compile(r"[、兼和及]")
# What comes after a name: words that leave no doubt, and single characters that are likely to.
SURE = tuple(
    "讲起 苦笑 谈起 提起 说道 介绍 表示 告诉 坦言 透露 强调 指出 认为 提醒 回忆 感慨 解释 直言 感叹 总结 补充 呼吁 承诺 笑着 笑言 讲述 说起 谈到 谈及 说 称 要求 提出 形容 这样 如此 坦承 说明 "
    "带领 率领 率队 带队 荣立 荣获 荣记 获评 获得 被评为 被授予 主持 出席 宣布 宣读 致辞 讲话 参加 一行 同志 等人 同时 今年 先后 连续 "
    "上门 登门 站在 蹲在 坐在 守在 走在 面对面 一人 带人 值班 值夜班 登轮 登车 登船 赶来 赶到 心里 眼里 手里 "
    "陪同 到会 调研 慰问 看望 前往 会见 汇报 授课 现任 曾任 担任 兼任 主讲 作了 作为 代表 分别 带着 接受 走进 来到 深入 多次 每周 每天 每日 当场 立即 随即 主动 牵头 任组长 任副组长 任队长 任总指挥 任副总指挥 任指挥长 任主任".split()
)
WEAK = frozenset(
    "道等率总却为对向在与和及就又也还都已曾正将把被给从到是的用以因获带跟则便才刚于自由既一两不有没每常再边作做来"
)
NOT_IN_NAME = frozenset("率这那在的把被给也还都说了着过等您你我他她们吗呢吧啊某作因县受")
FOLLOW_TAGS = frozenset("v d p c t r u f".split())
NOT_A_NAME = re.compile(
    r"^.{1,2}(?:某|氏|先生|女士|大爷|大妈|大娘|阿姨|师傅|老师|同学|局长|所长|队长|主任|书记|科长|院长|教练|组长|校长|主席|经理|部长|处长|"
    r"老汉|婆婆|奶奶|爷爷|警官|法官|检察官|医生|总|姓|们|X|x|×)|^.{2,4}(?:先生|女士|大爷|大妈|阿姨|师傅|同学)"
)
# Posts of many: after them ordinary words stand as often as names (民警|高度重视).
ORDINARY_POSTS = frozenset(
    "民警 辅警 干警 干部 法官 检察官 代表 委员 工作人员 执法人员 执法队员 队员 战士 志愿者 老师 教师 医生 护士 医师 律师 交警 刑警 特警 乘警 "
    "狱警 法警 助理 专员 常委 关员 调解员 网格员 研究员".split()
)
# Characters that write the sounds of names in other languages: 巴特尔, 达瓦次仁, 阿依古丽.
TRANSLITERATED = frozenset(
    "阿巴布达尔格古哈热拉力娜买木乌伊依艾迪克孜拜提图孙肉扎西次仁卓玛旺顿珠朝鲁苏德斯琴其满都呼日勒那恩和特额吉赛音宝根塔萨仓央措嘉洛桑平多"
    "普才让杰吉措曲嘎尼边贡觉丹增索朗美朵麦丽亚吐江沙加帕米夏努再排曼库班穆罕默吾甫合托乎地山别叶波胡安塞玉散森亥铁坎"
    "智逊东"
)
SEVERAL = re.compile(r"(?:等)?[两二三四五六七八九十0-9]{1,2}(?:名|位|人)")


@cache
def _posts() -> tuple[Listed, list[str]]:
    names = [row[0] for row in lexicon.rows("posts")]
    return Listed(names, MatchKind.LeftmostLongest), names


@cache
def _known() -> frozenset[str]:
    return frozenset(_posts()[1])


@cache
def led_by(post: str) -> tuple[str, ...]:
    """How the names of the bodies end that have such a post; empty where any body may."""
    known = {row[0]: tuple(row[1].split()) if len(row) > 1 else () for row in lexicon.rows("posts")}
    for start in range(len(post)):
        if post[start:] in known:
            return known[post[start:]]
    return ()


@cache
def _surnames() -> dict[str, str]:
    return {name: sort for row in lexicon.rows("surnames") for name in row[0].split() for sort in row[1:]}


def find(text: str, bodies: list[tuple[int, int]]) -> list[Named]:
    """The persons that a sentence names with their posts, in order; `bodies` are the stretches of bodies in it."""
    found: list[Named] = []
    posts = list(_titles(text, bodies))
    if not posts and not bodies and not ("”" in text or "授" in text):
        return found
    for start, end, post in posts:
        at = end + 1 if text[end : end + 1] in ("”", " ") else end
        name = name_at(text, at, post)
        if name is None:
            continue
        detail = (post if text[start:end] == "长" else text[start:end]).replace("“", "")
        if text[end] == "”" and text[start] != "“":
            start, detail = at, ""  # a title of honour: “最美民警”李国强
        found.append(Named(Kind.PERSON, start, name, text[at:name], detail))
        found += [Named(Kind.PERSON, more, stop, text[more:stop], detail) for more, stop in _listed(text, name)]
    known = Held((named.start, named.end) for named in found)
    if posts:
        ends = {start: end for start, end, _ in posts}
        found += _before_post(text, bodies, ends, known)
        found += _before_title(text, ends, {end for _, end in bodies}, known)
    found += _honoured(text, bodies, known)
    return sorted(found, key=lambda n: n.start)


def _titles(text: str, bodies: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """The posts in a sentence, those in a row as one (党委委员、副局长): where each begins and ends, and its last word."""
    listed, names = _posts()
    last = (0, -1)
    if not (matches := listed.find(text)):
        return
    held = Held(bodies)
    for index, start, end in matches:
        post = names[index]
        inside = held.end(start, end)
        if inside is not None:
            if start < inside < end and text[inside:end] == "长":
                start = inside  # 公安局|长: the body is the bureau, the post 局长
            elif start < inside < end and text[inside:end] in _known():
                start, post = inside, text[inside:end]  # 镇党委|书记
            else:
                continue
        floor = max(held.ends_before(start, 8), last[1])
        m = RANK.search(text, floor, start)
        begin = m.start() if m else start
        if text[begin - 1 : begin] == "“":
            begin -= 1
        if last[1] >= floor and (begin == last[1] or (begin == last[1] + 1 and JOIN.match(text, last[1]))):
            begin = last[0]
        last = (begin, end)
        yield begin, end, post


def name_at(text: str, at: int, post: str = "") -> int | None:
    """Where the name of a person that begins at `at` ends, or None where there is none, or nobody can tell."""
    first = text[at : at + 1]
    if not HAN.match(first) or first == "长":
        return None
    if "·" in text[at + 1 : at + 8]:
        return _dotted(text, at)
    width = 2 if text[at : at + 2] in _surnames() else 1
    sort = _surnames().get(text[at : at + width], "")
    foreign = _transliterated(text, at) if width == 1 else None
    if foreign is not None:
        return foreign
    given = text[at + width : at + width + 1]
    if not sort or not HAN.match(given) or given in NOT_IN_NAME or NOT_A_NAME.match(text[at : at + 7]):
        return None
    cut = words.cut(text[at : at + 8])
    short = _after(text, at + width + 1)
    long = _long(text, at, width, cut, short)
    if (short >= 3 > long) or (short == 2 and long == 0):
        end, sure = width + 1, short
    elif long:
        end, sure = width + 2, long
    else:
        end, sure = width + 1, short
    own = text[at + width : at + end]
    if not sure or any(c in NOT_IN_NAME for c in own) or not _is_name(cut, end, sure, sort, post):
        return None
    return at + end


def _long(text: str, at: int, width: int, cut: list[str], short: int) -> int:
    """How well a name of two characters after the surname fits; `short` how well one of one does."""
    if not _han(text, at + width, at + width + 2):
        return 0
    last, after = text[at + width + 1], text[at + width + 2 : at + width + 3]
    if (
        last in NOT_IN_NAME
        or (last == "任" and text[at : at + 12].startswith(SURE, width + 1))
        or (last == "来" and after in tuple("说到自"))
        or (last in WEAK and after.isdigit())
    ):
        return 0
    long = _after(text, at + width + 2)
    if len(cut[0]) == width + 2 and words.tag(cut[0]) == "nr" and short < 3:
        return max(long, 1)  # jieba knows it as a name
    if long == 0 and short == 0:
        lengths = [len(word) for word in cut]
        if len(cut) > 3 and lengths[:3] == [1, 1, 1] and lengths[3] > 1:
            return 1  # 周|焕|昌|个人
        if len(cut) > 2 and lengths[1] == 2 and words.tag(cut[1]) == "nr" and lengths[2] > 1:
            return 1  # 郑|海涛|个人
    return long


def _han(text: str, start: int, end: int) -> bool:
    return len(text) >= end and all(HAN.match(c) for c in text[start:end])


def _after(text: str, at: int) -> int:
    """How well a name can end at a place: 3 surely, 2 likely, 1 perhaps, 0 not to be told."""
    rest = text[at : at + 8]
    if not rest or not HAN.match(rest[0]) or rest.startswith(SURE) or SEVERAL.match(rest) or rest[1:2] in ("着", "了"):
        return 3
    first = words.cut(rest)[0]
    if (rest[0] in WEAK and len(first) == 1) or rest[0] in "一两":
        return 2
    tag = words.tag(first)
    if len(first) > 1 and tag[0] in FOLLOW_TAGS and tag != "vn":
        return 2 if tag[0] in "dpct" else 1
    return 0


def _is_name(cut: list[str], end: int, sure: int, sort: str, post: str) -> bool:
    """Whether the words that jieba sees do not speak against a name of `end` characters."""
    first, tag = cut[0], words.tag(cut[0])
    if sort == "rare":
        return sure >= 3 and end == 3 and len(first) == 1
    if sort == "word" and len(first) == 2 and post in ORDINARY_POSTS:
        return False  # 民警文明、理性
    if len(first) > 1 and not tag.startswith("nr"):
        if len(first) > end:
            return False  # 高度重视
        if sort == "word" and end == 3 and len(first) == 2 and len(cut[1]) == 1 and tag[0] not in "vda":
            return sure >= 2 and post not in ORDINARY_POSTS  # 何国|强|在会上
        if sort == "word" or tag[0] in "vdap":
            return sure >= 3 and post not in ORDINARY_POSTS and len(first) == end and tag[0] in "na"
    if (
        sort == "word"
        and len(cut) > 1
        and len(first) == 1
        and len(cut[1]) > 1
        and not words.tag(cut[1]).startswith("nr")
    ):
        return sure >= 2 and len(cut[1]) == end - 1 and post not in ORDINARY_POSTS
    return sure >= 2 or sort in ("usual", "double")


def _dotted(text: str, at: int) -> int | None:
    """古丽米热·艾山: parts with a dot between, of up to six characters each."""
    m = re.match(r"[\u3400-\u9fff]{1,6}(?:·[\u3400-\u9fff]{1,6}){1,3}", text[at:])
    if not m:
        return None
    if words.tag(m[0][: m[0].index("·")]) in ("v", "n", "a", "vn"):
        return None  # 市长|对话·敦煌
    begin = at + m[0].rindex("·") + 1
    ends = [(_after(text, end), -abs(end - begin - 3), end) for end in range(begin + 1, at + m.end() + 1)]
    run = begin
    while run < at + m.end() and text[run] in TRANSLITERATED:
        run += 1
    if run - begin >= 2 and not any(e[0] > 1 and e[2] <= run and e[2] - begin >= 2 for e in ends):
        return run
    scored = [e for e in ends if e[0] and e[2] - begin >= 2]
    return max(scored)[2] if scored else None


def _transliterated(text: str, at: int) -> int | None:
    """乌恩其, 达瓦次仁: three to six characters that write foreign sounds, where the sentence surely goes on after them."""
    stop = at
    while stop < len(text) and stop - at < 7 and text[stop] in TRANSLITERATED:
        stop += 1
    for end in range(stop, at + 2, -1):
        if _after(text, end) >= 2 and end - at <= 6:
            return end
    return None


def _listed(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The names after a name: 民警李国强、王建军和赵敏."""
    while text[at : at + 1] in ("、", "和", "与", "及") and at + 1 < len(text):
        end = name_at(text, at + 1, "民警")
        if end is None or not text[end : end + 1] or _after(text, end) < 2 or end - at < 3:
            return
        yield at + 1, end
        at = end


IS = re.compile(r"(?:（[男女]）)?(?:[，是 ]|现任|担任|系|任|，现任|，系|，是|同志是|原是){1,2}")
AFTER_POST = re.compile(r"$|[，。；、：！）“]|今年|已经|从事|扎根|兼")
LEAD = 40


def _before_post(text: str, bodies: list[tuple[int, int]], posts: dict[int, int], known: Held) -> Iterator[Named]:
    """A name, a body, a post: 李国强，某局局长; 李国强是某局的一名民警."""
    for start, end in bodies:
        post = next(
            (p for p in range(end, end + 4) if p in posts and text[end:p] in ("", "的", "一名", "的一名")), None
        )
        if post is None or not AFTER_POST.match(text, posts[post]):
            continue
        begin = max((text.rfind(c, max(0, start - LEAD), start) for c in "。！？；"), default=-1) + 1
        if start - begin > 14:
            begin = max(begin, text.rfind("，", begin, start - 2) + 1, text.rfind("：", begin, start) + 1)
        name = name_at(text, begin) if start - begin < LEAD else None
        if name is None or known.meets(begin, name) or not (m := IS.match(text, name)) or m.end() != start:
            continue
        known.add(begin, name)
        yield Named(Kind.PERSON, begin, name, text[begin:name], text[post : posts[post]])


GIVEN = re.compile(r"授予|追授")
HONOUR = re.compile(
    r"“[^“”，。]{2,24}(?:民警|交警|警察|辅警|卫士|标兵|模范|能手|先锋|楷模|好人|个人|工作者|法官|检察官|干部|党员|青年|劳模|工匠|人物|调解员|教师|医生|"
    r"消防员)”(?:称号)?(?:获得者)?"
)
MERIT = re.compile(r"同志|荣[立获记]|获评|被评为|被授予")
MERITED = re.compile(r"(?:同志)?(?:、|和|“|全国|全省|个人|荣立|荣获|荣记|获评|被评为|被授予|[两二三四五六]名|同志)")


def _honoured(text: str, bodies: list[tuple[int, int]], known: Held) -> Iterator[Named]:
    """Names without a post: after a title of honour (“最美民警”李国强), or right after a body where a merit follows."""
    places = {m.end(): True for m in HONOUR.finditer(text)} if "”" in text else {}
    if "授" in text:
        places |= {m.end(): True for m in GIVEN.finditer(text)}
    if bodies and MERIT.search(text):
        places = {end: False for _, end in bodies} | places
    for at, titled in places.items():
        end = None if known.meets(at, at + 2) else name_at(text, at, "民警")
        if end is None or not (MERITED.match(text, end) or (titled and _after(text, end) == 3)):
            continue
        yield Named(Kind.PERSON, at, end, text[at:end])
        for start, stop in _listed(text, end):
            yield Named(Kind.PERSON, start, stop, text[start:stop])


def _before_title(text: str, posts: dict[int, int], bodies: set[int], known: Held) -> Iterator[Named]:
    """A name right before a post: 李国强局长, 陈志远副支队长; the sentence goes on after it. `bodies` is where bodies end."""
    for start, end in posts.items():
        if not text[start:end].endswith(TITLES) or not (text[end : end + 1] in "的，。、任兼" or _after(text, end)):
            continue
        for width in (3, 2):
            begin = start - width
            if begin < 0 or known.meets(begin, start) or not _han(text, begin, start):
                continue
            double = text[begin : begin + 2] in _surnames()
            sort = _surnames().get(text[begin : begin + (2 if double else 1)], "")
            if not (sort in ("usual", "double") or (sort and begin in bodies)):
                continue
            before = words.cut(text[max(0, begin - 6) : begin])
            opened = begin in bodies or not before or not HAN.match(before[-1]) or words.tag(before[-1])[0] in "vpcdu"
            cut = words.cut(text[begin:start])
            named = (
                (cut[0] == text[begin:start] and words.tag(cut[0]) == "nr")
                or len(cut[0]) == 1
                or words.tag(cut[0]) == "nr"
            )
            if opened and named and not NOT_A_NAME.match(text[begin:start]):
                known.add(begin, start)
                yield Named(Kind.PERSON, begin, start, text[begin:start], text[start:end])
                break


TITLES = ("长", "政委", "书记", "主任", "教导员", "指导员")  # said after a name too


PRONOUN = re.compile(r"(?:^|[，。；])([他她])(?=[^，。；他她]{0,10}(?:荣[立获记]|获评|被[^，。；]{0,20}(?:评为|授予)))")


def again(text: str, known: Iterable[str], last: str, found: list[Named]) -> list[Named]:
    """Persons that a later sentence names by their names alone, and the last one where it says 他 or 她 of an honour."""
    more = []
    held = Held((named.start, named.end) for named in found)
    for name in sorted({name for name in known if name in text}):
        at = text.find(name)
        while at >= 0:
            if not held.meets(at, at + len(name)):
                more.append(Named(Kind.PERSON, at, at + len(name), name))
            at = text.find(name, at + len(name))
    if last and not found and not more and (m := PRONOUN.search(text)):
        more.append(Named(Kind.PERSON, m.start(1), m.end(1), last))
    return more
