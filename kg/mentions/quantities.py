"""Figures: number, scale, counting word, qualifier, rise or fall, and what is counted.

    抓获   犯罪嫌疑人   5  余 名        规范   13 项   党内组织生活制度        24 名   民警   获评…
    verb   noun         number unit     verb   number  noun                    number  noun   verb

What is counted stands before the number, behind it, or on both sides; jieba's cutting and parts of speech tell which words belong to it.
Dates, times, durations, ages, ordinals, codes and plans are no figures of a report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg import lexicon, words
from kg.mentions import times
from kg.model import Quantity

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
COUNTERS = "|".join(sorted(map(re.escape, lexicon.words("counters")), key=len, reverse=True))
NUMERAL = re.compile("[0-9百千万亿十]")
FIGURE = re.compile(
    rf"(?=[不至超突逾将接近大约上0-9一二两三四五六七八九十百千])(?P<pre>不少于|不低于|不超过|至少|超过|突破|逾|超|将近|接近|近|大约|约|上)?"
    rf"(?:百分之(?P<percent>[零一二三四五六七八九十百点]+)|(?<![0-9A-Za-z.\-—第+/])(?:(?P<high>[0-9]+)(?P<highscale>[千万亿])(?P<zero>零?)(?=[0-9]))?(?P<num>(?:[0-9]{{1,3}}(?:[,，][0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?)(?P<mid>余|多|几)?(?P<scale>[十百千]?[万亿]+|[百千](?![克米瓦伏帕赫]))?"
    rf"|(?P<han>(?<![第一二三四五六七八九十百千万亿数几])(?:[一二两三四五六七八九十百千]{{1,7}}亿零?(?=[一二三四五六七八九十百千]{{1,7}}万))?[一二两三四五六七八九十百千]{{1,7}}(?:万零?[一二三四五六七八九十百千零]{{2,9}})?(?P<hanmid>余|多)?(?P<hanscale>[万亿])?))"
    rf"(?P<post>余|多)?(?P<unit>{COUNTERS})?(?P<after>以上|左右|余|多)?"
)
HEADED = re.compile(rf"（({COUNTERS})）\s?$")  # 出动执法人员（人次）1268: a row of a table
NOT_A_COUNT = re.compile(
    r"年|月|日|天|时(?!段)|点[0-9半整钟]|分钟|分(?=[，。、许左])|秒|小时|个月|个多月|个小时|个半|个工作日|个交易日|周|岁|世纪|个百分点|号|楼|度(?!电)|级|倍|版|届|星期|刻|时许|年代|年来|余年|多年|[0-9.]"
)
GOES_ON = re.compile("(?<=[第A-Za-z0-9.·*×])")  # a number that is the rest of something
UNIT_THEN = re.compile(
    r"(?:公里|千米|米|里)(?:以?外|开外|远处?|深处|处)|案(?![0-9，。；、])|人(?=案)|组(?=人|村民|居民)|(?:克|毫升|升|公斤|斤)(?=装)|部(?=[门委队])|个(?:月|多月|多?小时|多?天|多?星期|半|工作日|交易日|百分点|星期|季度|年头|昼夜|日夜|夜晚|除夕|春节|春秋|寒暑|周)|次(?=列车)|路(?=公交)|点(?!要求|建议|意见|希望|措施|共识|体会)|道(?=菜)|家(?=电(?![力信网商子影厂站池器缆机梯]))|号|届(?=三|二|四)|[人名个户家](?:当)?中，"
)
CHANGE = re.compile(
    r"(?P<lead>(?:[（，,、；]|同比|环比|(?:较|比|与)[^，。；0-9]{0,8}?(?=上升|增长|增加|提高|下降|减少|降低|相比)|相比|上年|去年|前年|同期|上月|前一?年|上一?年度?|年初|此前|整治前|行动前|分别|均|又|也|年均|平均|[0-9]{4}年|各)*)"
    r"(?P<word>上升|增长|增加|提高|提升|上涨|攀升|增幅|增|升|下降|减少|降低|下滑|回落|压降|降幅|降|减|(?<=[\u4e00-\u9fff% 0-9])[+＋\-－−](?=[0-9.]+%))(?:了|达到?|至|为)*"
    r"(?P<num>[0-9]+(?:\.[0-9]+)?)(?P<unit>%|个百分点|倍)"
)
MORE_CHANGES = re.compile(  # 分别增长5.3%、2%，分别增长5.3%和下降2%
    r"(?:、|和|，)(?:(?P<word>上升|增长|增加|提高|提升|下降|减少|降低)了?)?(?P<num>[0-9]+(?:\.[0-9]+)?)(?P<unit>%|个百分点|倍)"
)
RISES = frozenset("上升 增长 增加 提高 提升 上涨 攀升 增幅 增 升 + ＋".split())
SELF = "我(?![国局院市县区省所队处厅镇乡关校站旗盟州部们])|咱|俺"
PERSONAL = re.compile(rf"[“”]?(?:光靠)?(?:{SELF}|你|您)|^“[^”]*$")  # what somebody says of his own
SPEAKER = re.compile(rf"(?<!自)(?:{SELF})")
PLANNED = re.compile(
    r"明年|要再|(?:明确|提出|规划|目标|方案|计划)[^。；]{0,20}?到20[0-9]{2}年(?:[底末]|年底)?，|打算|还将|年内(?:再|还)|还要|拟(?!定|态|人)|力争|争取(?=[^，。；]{0,4}(?:年|月|底|前|在|早|尽|实现|完成|达到|突破|让|使|把|再|全面))|预计|有望|目标|提出到20[0-9]{2}年|(?<!完成)(?<!年度)(?<!任务)计划(?=[\u4e00-\u9fff]{0,14}(?:[0-9]|$|[\u4e00-\u9fff]*[^的内]$))|规划(?:建设|新建)|下一步|"
    r"将(?=(?:每[年月季]|展映|展出|亮相|迎来|免费|全部|严格|首次|正式|优先|逐步|率先|带动|形成|分批|分期|同步|加快|深化|打造|推进|完善|优化|聚焦|统筹|继续|持续|进一步|全面|陆续|再|于|在|会|围绕|面向|联合|组织|开展|新建|建成|投入|实施|推出|安排|达到?|突破|实现|新增|完成|培训|建设|改造|举办|召开|覆盖|惠及|启动|力争|通过|依托|以|把|不断|加大|加强|对))|"
    r"要(?:在|于|确保|达到|完成|实现)|要[让使](?=[^，。；,.]*$)|要为(?=[^，。；]{0,12}(?:提供|达))|确保(?:[\u4e00-\u9fff]{0,8}率|年底|[0-9])|应(?:当|不)|不得|要于"
)
ASKED = re.compile("要求[^，。；]{2,14}$")  # 要求各院执行完毕率不低于45%
AIMED = re.compile("(?:锚定|围绕|对照|紧扣|聚焦|对标|按照|紧盯|完成|实现|达到|达成)[^，。；]{0,14}$")  # 完成节水目标
CLAUSE = re.compile(  # but not at the brackets inside 退（免）税 and in 拖拉机（收割机）4台
    r"[，；：。！？…\s【】■●]|（(?![\u4e00-\u9fff]{1,2}）[\u4e00-\u9fff0-9]|[\u4e00-\u9fff、]{3,8}）[0-9])|"
    r"）(?<!（[\u4e00-\u9fff]）)(?<!（[\u4e00-\u9fff]{2}）)(?:(?![0-9])|"
    + "".join(rf"(?<!（[\u4e00-\u9fff、]{{{n}}}）)" for n in range(3, 9))
    + r")|——"
)
WHOM = re.compile("(?:给|对|为|向)(?:全[省市区县旗盟州镇乡]|辖区|[省市区县旗盟州镇乡]内)$")
ADVERBS = frozenset(
    "经 共 共计 累计 总计 合计 一共 总共 已 已经 先后 相继 陆续 分别 其中 仅 就 达 达到 为 有 计 了 的 是 至 到 高达 多达 突破 另 另有 还 又 均 每日 每天 日均 每月 每年 年均 月均 全年 当年 今年 去年 本年度 同期 期间 此外 同时 截至 目前 "
    "截止 现 现已 至今 一年来 上半年 下半年 前三季度 全市 全省 全县 全区 全国 全盟 全旗 全州 当天 当日 当晚 一共 总共 共有 从而 并 并且 而 且 也 通过 以来 来 再 即 便 将 把 对 向 为 从 在 由 被 给 与 和 及 、 ， 等 余 多 个 该 各 一次性".split()
)
LIGHT = frozenset(
    "的 达 达到 为 是 共 有 至 到 约 近 超 了 计 共计 累计 合计 分别 已 突破 增至 升至 降至 提升至 提高到 上升到 下降到 增加到 扩大到 就".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity in a sentence: from `start` to `end` is the figure itself, `phrase` the stretch with what it counts.

    `planned`: it is a target or a plan (将, 拟, 力争), not a result.
    """

    start: int
    end: int
    quantity: Quantity
    phrase: tuple[int, int]
    planned: bool = False


def han_number(text: str) -> float:
    """三百二十 → 320, 两万 → 20000, 一亿三千万 → 130000000; the digits may stand alone (二〇二四)."""
    total = section = digit = 0
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in "十百千":
            section += (digit or 1) * SCALES[c]
            digit = 0
        elif c == "万":
            total += (section + digit or 1) * SCALES[c]
            section = digit = 0
        elif c == "亿":
            total = (total + section + digit or 1) * SCALES[c]
            section = digit = 0
    return float(total + section + digit)


def _scaled(number: float, scale: str) -> float:
    for c in scale:
        number *= SCALES[c]
    return round(number, 6)


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    value: float
    unit: str
    qualifier: str
    stated: str


def _hits(text: str, masked: list[tuple[int, int]]) -> list[_Hit]:
    found = []
    for m in FIGURE.finditer(text):
        if (hit := _hit(text, m)) and not any(a <= m.start() < b or a < m.end() <= b for a, b in masked):
            found.append(hit)
    return found


def _hit(text: str, m: re.Match[str]) -> _Hit | None:
    unit = m["unit"] or ""
    start, end = m.start(), m.end()
    if not unit and m["num"] and (headed := HEADED.search(text, max(0, start - 8), start)):
        start, unit = headed.start(), headed[1]
    if not unit and not m["percent"]:
        return None
    if m["pre"] == "不超过":
        return None  # a limit
    number_end = m.start("unit") if m["unit"] else m.end()
    if m["percent"]:
        value, unit, more = _percent(m["percent"]), "%", ""
    elif m["num"]:
        value = _scaled(float(m["num"].replace(",", "").replace("，", "")), m["scale"] or "")
        more = m["mid"] or m["post"] or ""
        if (NOT_A_COUNT.match(text, number_end) and not m["scale"]) or UNIT_THEN.match(text, number_end):
            return None
        if GOES_ON.match(text, m.start()) or text[m.end() : m.end() + 1] in tuple("*×"):
            return None
    else:
        body = m["han"].replace("余", "").replace("多", "")
        more = m["hanmid"] or m["post"] or ""
        large = any(c in body for c in "百千万亿") or ("十" in body and more)
        if (
            not large
            or UNIT_THEN.match(text, number_end)
            or NOT_A_COUNT.match(text, number_end)
            or (body in ("百", "千", "万", "百千", "千万") and not more and m["pre"] is None)
        ):
            return None
        value = han_number(body)
    if unit in ("万元", "亿元"):
        value, unit = value * SCALES[unit[0]], "元"
    if unit == "万人次":
        value, unit = value * 10_000, "人次"
    if unit == "万亩":
        value, unit = value * 10_000, "亩"
    if m["high"]:  # 3亿5000万
        step = SCALES[m["highscale"]]
        if value >= step or (value < step / 10 and not m["zero"] and value < 10_000):
            return None  # 3万5: thirty-five thousand, or thirty thousand and five
        value += float(m["high"]) * step
    pre, after = m["pre"] or "", m["after"] or ""
    more = more or (after if after in "余多" else "")
    qualifier = "exact"
    if more:
        qualifier = "more_than"
    elif after == "以上" or pre in ("不少于", "不低于", "至少", "超过", "突破", "逾", "超", "上"):
        qualifier = "at_least"
    elif pre in ("近", "将近", "接近"):
        qualifier = "almost"
    elif pre in ("约", "大约") or after == "左右":
        qualifier = "about"
    return _Hit(start, end, value, unit, qualifier, text[start:end])


def _percent(text: str) -> float:
    whole, _, part = text.partition("点")
    return han_number(whole) + (float("0." + "".join(str(DIGITS[c]) for c in part)) if part else 0.0)


def find(
    text: str, masked: list[tuple[int, int]], bodies: list[tuple[int, int]], drives: list[tuple[int, int]]
) -> list[Figure]:
    """The figures of a sentence, in order.

    No figure begins inside a `masked` stretch (a name in quotation marks or 《》). The stretches of `bodies` and `drives` are not part of what is counted.
    """
    if not NUMERAL.search(text):
        return []
    changes, spans = _changes(text)
    hits = [h for h in _hits(text, masked) if not any(a <= h.start < b for a, b in spans)]
    ends = {h.end for h in hits}
    hits = [h for h in hits if not (h.start in ends and h.unit in SIZES and HAN.match(text, h.end))]  # 1辆|32米云梯车
    norms = [m.span() for m in NORM.finditer(text)]
    figures: list[Figure] = []
    for i, hit in enumerate(hits):
        if (
            _from_value(text, hit)
            or UNLIKE.match(text, hit.end)
            or (hit.stated.endswith("以上") and re.match("的[\u4e00-\u9fff]", text[hit.end : hit.end + 2]))
            or NO_RESULT.search(text, max(0, hit.start - 40), hit.start)
        ):
            continue
        if _spoken(text, hit.start) or any(a <= hit.start < b for a, b in norms):
            continue
        if hit.unit in ("个", "家") and BODIES.match(text, hit.end):
            continue
        if (
            hit.unit in ("个", "项", "类", "大")
            and ASPECTS.match(text, hit.end)
            and FOCUS.search(text, max(0, hit.start - 60), hit.start)
        ):
            continue
        left_floor = hits[i - 1].end if i else 0
        right_limit = hits[i + 1].start if i + 1 < len(hits) else len(text)
        measure, phrase = _measure(text, hit, left_floor, right_limit, [*bodies, *drives])
        if not measure and figures:
            between = text[figures[-1].end : hit.start]
            does = any(words.tag(word)[0] == "v" for word in words.cut(figures[-1].quantity.measure))
            other = any(b == hit.start and text[figures[-1].end : a] in ("，", "；", "、") for a, b in bodies)
            if re.fullmatch(r"[、和及]|以及|", between) or (
                figures[-1].quantity.unit == hit.unit
                and does
                and (other or re.fullmatch(r"[，；、][\u4e00-\u9fff]{2,6}", between))
            ):
                measure = figures[-1].quantity.measure  # 分别立案14件、11件和9件; 甲大队查处52辆，乙大队40辆
        if not measure and (drive := next((span for span in drives if span[1] == hit.start), None)):
            measure, phrase = "开展" + re.sub(r"[“”]", "", text[slice(*drive)]), (drive[0], hit.end)
        if PERSONAL.search(measure) or FELL.match(measure):
            continue
        if measure.endswith("占"):
            measure = _share(text, hit, re.sub("[的约就]*占$", "", measure), figures[-1] if figures else None)
        if len(measure) == 1 and words.tag(measure) in ("v", "p", "d", "a", "x"):
            before = words.cut(text[max(0, hit.start - 7) : hit.start - 1])[-1:]
            half = before and len(before[0]) == 1 and words.tag(before[0]) in ("v", "zg") and HAN.match(measure)
            if not (half and text[hit.start - 1] == measure):
                continue  # 走132趟: of what
            measure, phrase = before[0] + measure, (hit.start - 2, hit.end)  # 到会155人
        if not measure:
            continue
        quantity = Quantity(hit.value, hit.unit, hit.qualifier, hit.stated, measure)
        figures.append(Figure(hit.start, hit.end, quantity, phrase, _planned(text, hit.start, hit.qualifier)))
    return sorted(_with_changes(text, figures, changes, [*bodies, *drives]), key=lambda f: f.start)


def in_time(text: str, figures: list[Figure], year: times.Years) -> list[Figure]:
    """The figures with the time that each covers (the last period named before it), whether it is a running total or a part, and its rate."""
    if not figures:
        return figures
    periods = times.find(text, year)
    dated = []
    for figure in figures:
        period = next(
            (p for p in reversed(periods) if p.start < figure.start and "；" not in text[p.end : figure.start]), None
        )
        clause = text[_clause_start(text, figure.start) : figure.start]
        sentence_part = text[period.end if period else 0 : figure.start]
        rate = times.PER.findall(clause)
        cumulative = bool(times.CUMULATIVE.search(clause) or "累计" in sentence_part)
        of_which = "其中" in clause
        if not (period or rate or cumulative or of_which):
            dated.append(figure)
            continue
        quantity = replace(
            figure.quantity,
            period=period.text if period else "",
            start=period.first if period else "",
            end=period.last if period else "",
            per=times.PER_UNIT[rate[-1]] if rate else "",
            cumulative=cumulative,
            of_which=of_which,
        )
        dated.append(replace(figure, quantity=quantity))
    return dated


NO_RESULT = re.compile(
    r"(?:(?:聚焦|围绕|紧扣|紧盯|突出|着眼)(?:[0-9]+[个项大类][\u4e00-\u9fff]{1,6}、)?|(?:去年|上年)同期的?|核[载定]|限载|实载|低于|高于|少于|小于|大于|(?:同比|环比|较[^，。；]{0,8}|比[^，。；]{0,8})(?:增加|减少|增|减|多|少|新增|下降|上升)[\u4e00-\u9fff]{0,4}|每[\u4e00-\u9fff]{0,3}满|不足|不到)$"
)


UNLIKE = re.compile("(?:[到至][0-9][^，。；]{0,8})?不等")  # 30克到50克不等
SIZES = ("米", "寸", "匹", "座", "千瓦")  # of a thing, before its name
HAN = re.compile("[\u4e00-\u9fff]")
ASPECTS = re.compile(r"(?:重点|关键|主要)?(?:方面|领域|环节|维度|层面|要点|板块|国家)")
BODIES = re.compile(
    r"(?:政府|成员|职能|有关|相关|国家)?(?:部门|部委|单位)(?:联合|共同|启动|印发|发布|出台|推出|开展|参与|参加|组成)"
)  # that act
FOCUS = re.compile(r"(?:聚焦|围绕|紧扣|紧盯|突出|着眼|针对|从|集中在|查找)[^，；。]*$")
FROM = re.compile(
    r"[由从](?:(?:去年同期|上年同期|[启行整]动前|整治前|最初|过去|去年|上年|年初|此前|原来|[0-9]{4}年)的?)?$"
)
MOVED = re.compile(
    r"，?(?:精简|精减|缩减|整合|合并|优化)[至到为成]|(?:回升|回落|提高|提升|上升|下降|降低|增加|增长|减少|降|升|增|扩大|压缩|缩短|压减)[至到]"
)


NORM = re.compile(  # what a rule threatens: 处5000元以上3万元以下罚款
    r"(?<![0-9.])[0-9.]+[^，。；0-9]{0,6}(?:(?:以上|至)(?:不满)?[0-9.]+[^，。；0-9]{0,6}以下|以[上下]的?罚款)"
)
FELL = re.compile("(?:上升|下降|增长|减少|增加|上涨|回落)了?[0-9]")  # 较上年的13.9万件|下降82.9%: from which


def _spoken(text: str, at: int) -> bool:
    """Whether somebody speaks of himself between an open quotation mark and `at`."""
    opened = text.rfind("“", 0, at)
    return opened >= 0 and text.find("”", opened, at) < 0 and bool(SPEAKER.search(text, opened, at))


def _from_value(text: str, hit: _Hit) -> bool:
    """从12%提高到15%: the value before is not the result."""
    return bool(MOVED.match(text, hit.end) and FROM.search(text, max(0, hit.start - 10), hit.start))


def _planned(text: str, at: int, qualifier: str = "") -> bool:
    """Whether the figure at an index is a target or a plan and not a result."""
    scope = text[max(text.rfind(mark, 0, at) for mark in "。；！？") + 1 : at]
    last = [m for m in PLANNED.finditer(scope) if not (m[0] == "目标" and AIMED.search(scope, 0, m.start()))]
    if not last:
        return qualifier == "at_least" and bool(ASKED.search(scope))
    since = r"[，]\s*(?:目前|截至|已|现已|累计|共)" + ("|已" if last[-1][0].startswith("计划") else "")
    return not re.search(since, scope[last[-1].start() :])


# ---------------------------------------------------------------- what is counted


def _clause_start(text: str, at: int, floor: int = 0) -> int:
    """Where the clause that character `at` stands in begins, 0 where it begins before `floor`."""
    return max((m.end() for m in CLAUSE.finditer(text, floor, at + 1) if m.end() <= at), default=0)


def _clause_end(text: str, at: int) -> int:
    m = CLAUSE.search(text, at)
    return m.start() if m else len(text)


LABEL = re.compile(r"(?:^|(?<=[，；。、 ]))[\u4e00-\u9fff]{2,12}：$")


def _measure(text: str, hit: _Hit, floor: int, limit: int, names: list[tuple[int, int]]) -> tuple[str, tuple[int, int]]:
    left_at = max(floor, _clause_start(text, hit.start, floor))
    left_at = max([left_at, *(b for _, b in names if b <= hit.start)])
    if left_at == hit.start and text[left_at - 1 : left_at] == "：" and (label := LABEL.search(text, floor, left_at)):
        left_at = label.start()  # 出动执法人员：312人次
    right_end = min(limit, _clause_end(text, hit.end))
    stretch = text[left_at : hit.start].rstrip("：")
    if len(after_title := stretch[stretch.rfind("》") + 1 :]) > 2 and after_title[0] != "等":
        stretch = after_title  # 《某某措施》惠及企业120家
    right = text[hit.end : right_end]
    if m := re.match(r"（[\u4e00-\u9fff]{1,2}）", text[hit.end :]):
        right = text[hit.end + m.end() : min(limit, _clause_end(text, hit.end + m.end()))]
    left = _said_before(text, hit, stretch, right, follows=left_at == floor > 0)
    lead = "".join(left).strip("的之、…")
    has_noun = bool(left) and (_nounish(left[-1]) or hit.unit in ("%", "元") or (len(left) == 1 and len(left[0]) > 2))
    shared = right_end == limit and limit < len(text)  # another figure follows in the clause
    behind = _right_words(right, with_verb=not lead and not shared) or (
        _right_words(right, with_verb=True) if not lead else ""
    )
    if lead and (has_noun or not behind):
        if (
            behind
            and hit.unit != "%"
            and (right.startswith("的") or _nounish(words.cut(right)[0]))
            and len(lead + behind) <= 24
        ):
            lead += behind
        begin = text.find(left[0], left_at, hit.start)
        return lead, (max(begin, left_at), hit.end)
    if behind:
        at = text.find(behind[-2:], hit.end)
        begin = text.find(left[0], left_at, hit.start) if left else hit.start
        return lead + behind, (begin if begin >= 0 else hit.start, min(len(text), max(hit.end, at + len(behind[-2:]))))
    if ONLY_IS.fullmatch(stretch) and (ranked := RANKED.search(text, max(0, left_at - 40), left_at)):
        begin = max([ranked.start(1), *(b for _, b in names if b <= ranked.end(1))])
        return "".join(_left_words(text[begin : ranked.end(1)])).removesuffix("的"), (begin, hit.end)
    return "", (hit.start, hit.end)


SHARE = re.compile("([^，。；：]*?)的?，?(?:约|仅|就|已|均)*占(?:了|到)?约?")


def _share(text: str, hit: _Hit, share_of: str, before: Figure | None) -> str:
    """What 占72% is the share of: 适用免签政策入境的占72%; 其中增值税9.8亿元，占67.4%."""
    said = SHARE.fullmatch(text, before.end if before else 0, hit.start)
    if not share_of and before and said and not said[1] and not before.quantity.measure.endswith("占比"):
        share_of = before.quantity.measure
    if not share_of and (said := SHARE.fullmatch(text, _clause_start(text, hit.start), hit.start)):
        share_of = "".join(_left_words(said[1]))
    return f"{share_of}占比" if len(share_of) > 1 else ""


ONLY_IS = re.compile("(?:则|约|共|就)?(?:分别)?[为有达是]到?")
RANKED = re.compile(  # 排查数量居首，为47件
    r"(?:^|[，。；：])([^，。；：]{2,24}?)(?:均?位?居[^，。；：]{1,8}|最[多高大少低快]|(?:分列|名列|列|排名?)[^，。；：]{1,8}位)，$"
)
ONLY_A_PLACE = re.compile(r"[\u4e00-\u9fff]{1,5}[县市区旗州镇乡省]")
ONLY_A_MOVE = re.compile(
    r"(?:回升|回落|攀升)[到至]?|(?:下|上)?[降升增提]低?高?[到至]?|(?:提升|提高|增长|增加|下降|上升|减少|扩大|降低|压减|压缩|缩短)[到至]?|增至全国"
)
MOVED_FROM = re.compile(r"([\u4e00-\u9fff“”]{2,14})[由从][^，。；]{0,14}$")


JOINS = re.compile(r"(?:[和与、的]|(?<![惠涉波普遍触危殃累])及)$")  # but not 惠及53户


def _said_before(text: str, hit: _Hit, stretch: str, right: str, follows: bool) -> list[str]:
    """The words before a figure that say what it counts; `follows`: another figure stands right before them."""
    counted = right[:1] in ("", "，", "；", "。", "已", "均", "被")
    if JOINS.search(stretch) and not (stretch.endswith("的") and (hit.unit == "%" or counted)):
        return []
    if (
        follows
        and ONLY_A_MOVE.fullmatch(stretch)
        and (moved := MOVED_FROM.search(text[_clause_start(text, hit.start) : hit.start - len(stretch)]))
    ):
        return _left_words(moved[1])  # 满意度由81%升至96%
    left = _left_words(stretch)
    verb = next((i for i, word in enumerate(left) if words.tag(word) == "v" or word in VERBS_ONLY), 0)
    if follows and verb and not re.match(r"[、，；]", stretch):
        left = left[verb:]  # 12个村|演出24场: the noun belongs to the figure before
    elif follows and stretch.endswith("）") and not re.match(r"[、，；]", stretch):
        return []  # 7个县（市、区）|9.3万户
    while len(left) > 1 and ONLY_A_MOVE.fullmatch(left[-1]):
        left.pop()  # 退赔率|提高到88%
    while left and left[-1] in ("中", "里", "内", "对", "为", "向", "等", "给"):
        if left.pop() == "等" and (any("某" in word for word in left) or re.match(r"[\u4e00-\u9fff]", right)):
            # 抓获蒲某等4人; 制订《…》等10项制度: the names are examples
            return [word for word in left if words.tag(word) == "v" or word in VERBS_ONLY][:1]
    said = "".join(left)
    if ONLY_A_PLACE.fullmatch(said) and not any(words.tag(word).startswith("v") for word in left):
        return []  # 甲县查处案件61起，乙县58起
    if ONLY_A_MOVE.fullmatch(said):  # 比例由9.3%降到7.1%
        moved = MOVED_FROM.search(text[_clause_start(text, hit.start) : hit.start - len(said)])
        return _left_words(moved[1]) if moved else []
    return left


LEADING = re.compile(
    r"^(?:依法(?=.)|[0-9]{4}年(?:度|(?=[0-9共累全]))|[0-9]{1,2}月?(?:至|到|-|—)[0-9]{1,2}月(?:份|底)?|[0-9]{1,2}月(?:份|底)?以来|[一二三四]季度|[上下]半年|前[一二三四五六七八九十0-9]{1,2}个?月|[0-9]{1,2}月份|[0-9]{1,2}[点时]许?|[0-9一二两三四五六七八九十]+(?:个多?月|年多?|天)(?:以来|来|间|内)|今年以来|近年来|共(?![享建治管])计?|已|累计|先后|现场|成功(?!率)|平均每[天日月年]|平均|(?:民警|民辅警|干警)(?=[\u4e00-\u9fff]{4})|[\u4e00-\u9fff]{0,8}(?:支持|配合|指导|协助|帮助)下)+"
)


def _left_words(stretch: str) -> list[str]:
    """The words before a number that say what is counted, without the adverbs and particles around them."""
    if m := re.search(r".*(?:进行了?|把|将)(?=[\u4e00-\u9fff]|$)", stretch):
        stretch = stretch[m.end() :]
    cut = [w for w in words.cut(LEADING.sub("", stretch)) if w.strip()]
    while cut and cut[-1] in LIGHT:
        cut.pop()
    if WHOM.search(stretch):
        return []  # 给全市9万户纳税人逐户画像
    while (
        cut
        and not (cut[0] == "下" and cut[1:2] and cut[1][0] in "架沉拨")
        and (
            cut[0] in ADVERBS
            or (
                words.tag(cut[0]) in ("d", "p", "c", "u", "r", "t", "uj", "ul", "f", "y", "zg", "m")
                and len(cut) > 1
                and cut[0] not in ("不", "未", "无", "非", "没", "约")
            )
            or (len(cut) > 2 and words.tag(cut[0]) == "ns" and words.tag(cut[1]) == "d")  # 某县|已|走访
            or cut[0] in "、和及与了的，"
        )
    ):
        cut.pop(0)
    if "的" in cut[:-1] and len("".join(cut)) > 14:
        cut = cut[len(cut) - 1 - cut[::-1].index("的") + 1 :] or cut
    return cut


def _nounish(word: str) -> bool:
    tag = words.tag(word)
    if word in VERBS_ONLY:
        return False
    return tag[0] in "njsxgibl" or tag in ("vn", "an", "eng", "q", "k")


VERBS_ONLY = frozenset(
    "查处 抓获 破获 检查 排查 整改 出动 投入 发放 收缴 查扣 查封 扣押 办理 受理 审结 执结 立案 开展 组织 培训 走访 调解 化解 救助 帮扶 发现 下达 签订 制定 出台 推出 新建 改造 完成 召开 举办 规范 精选 选派 推送 为 对 有 使 让 组建 建成 设立 打造 建立 实现 推动 培养 "
    "安装 配备 更换 清理 拆除 取缔 关停 责令 约谈 通报 处罚 处分 移送 起诉 批捕 逮捕 拘留 刑拘 刑事拘留 行政拘留 缴获 追回 挽回 服务 惠及 覆盖 涉及 接待 接受 登记 采集 录入 整合 承担 保障 解决 达成 征集 收集 梳理 张贴 悬挂 播放 编印 印发 创作 荣获 获得 评选 表彰 选树 抽调 调集 派出 设置 设".split()
)
RIGHT_STOPS = frozenset(
    "持平 在 由 对 将 把 被 向 从 到 与 并 等 及 以及 ， 、 并且 且 其中 分别 为 同比 环比 较 比 占 后 时 中 前 来 以 用 经 按 因".split()
)


def _right_words(stretch: str, with_verb: bool) -> str:
    """The words behind a number that say what is counted: a noun phrase, and what happened to it where nothing stands before the number."""
    kept: list[str] = []
    seen_noun = False
    cut = words.cut(stretch)
    if cut[:1] == ["在"] and len(cut) > 2 and cut[1] in tuple("用建营册校岗押逃"):
        cut[:2] = ["在" + cut[1]]  # 在用电梯
    for word in cut:
        tag = words.tag(word)
        if word in ("的",):
            if not kept:
                continue
            if not with_verb:
                break
        elif word in "和与及、" and kept:
            if word == "、" or with_verb:
                kept.append(word)
                continue
            break
        elif (
            (
                word in RIGHT_STOPS
                and not (kept and kept[-1] == "被")
                and not (with_verb and word in ("被", "在", "为", "向", "到", "由", "经", "因", "以", "中"))
            )
            or (tag in ("v", "vd", "vi") and not with_verb and seen_noun)
            or (tag in ("d", "c", "r") and not with_verb)
        ):
            break
        if _nounish(word):
            seen_noun = True
        kept.append(word)
        if len("".join(kept)) > 22:
            break
    while kept and kept[-1] in "的、和与及了":
        kept.pop()
    return re.sub(r"[“”]", "", "".join(kept)).strip()


# ---------------------------------------------------------------- rises and falls


def _signed(word: str, number: str, unit: str) -> float:
    value = float(number) * (100 if unit == "倍" else 1)
    return value if word in RISES else -value


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    values: tuple[float, ...]
    own: bool
    unit: str


def _changes(text: str) -> tuple[list[_Change], list[tuple[int, int]]]:
    """Rises and falls in a sentence, and the stretches they take. `own`: the clause has a noun of its own (投诉量同比下降…)."""
    found: list[_Change] = []
    for m in CHANGE.finditer(text) if any(unit in text for unit in ("%", "百分点", "倍")) else ():
        if found and m.start() < found[-1].end:
            continue
        values = [_signed(m["word"], m["num"], m["unit"])]
        end = m.end()
        if "分别" in m["lead"] or "分别" in text[max(0, m.start() - 4) : m.end()]:
            while more := MORE_CHANGES.match(text, end):
                values.append(_signed(more["word"] or m["word"], more["num"], more["unit"]))
                end = more.end()
        if re.search(r"[至到]$", text[m.start("word") : m.start("num")].rstrip("了达为")) or re.match(
            r"[至到]", text[m.end("word") :]
        ):
            continue
        clause = _clause_start(text, m.start())
        before = text[clause : m.start()] if m.start() > clause else ""
        before = before.strip()
        before = re.sub(r"^(?:其中|且|并|也|均|分别|案件|数量|总量|总数)+", "", before)
        own = (
            bool(before)
            and not re.search(r"[0-9](?:[\u4e00-\u9fff]{1,3})?$|%$", before)
            and not m["lead"].startswith(("，", "（", "、", "；"))
        )
        found.append(_Change(m.start(), end, tuple(values), own, m["unit"]))
    return found, [(c.start, c.end) for c in found]


EACH_OF = re.compile("[、和与及]|以及")
NO_NOUN = re.compile("[0-9%]|^(?:比|较|上|同比|环比|分别)|分别$")


def _with_changes(
    text: str, figures: list[Figure], changes: list[_Change], named: list[tuple[int, int]]
) -> list[Figure]:
    """Each change joined to the figure (or the last figures) right before it; one with a noun of its own stands alone."""
    done = list(figures)
    for change in changes:
        before = [i for i, f in enumerate(done) if f.end <= change.start and f.quantity.change is None]
        if change.own:
            clause = _clause_start(text, change.start)
            start = max([clause, *(end for _, end in named if end <= change.start)])
            measure = re.sub("[较比]$", "", "".join(_left_words(text[start : change.start])))
            whose = EACH_OF.split(measure) if len(change.values) > 1 else [measure]
            if not (measure and len(whose) == len(change.values)) or change.unit == "倍" or NO_NOUN.search(measure):
                continue
            if _planned(text, change.start):
                continue
            for noun, value in zip(whose, change.values, strict=True):
                unit = "%" if change.unit == "%" else "个百分点"
                said = text[change.start : change.end]
                quantity = Quantity(abs(value), unit, "exact", said, f"{noun}变化", value)
                done.append(Figure(change.start, change.end, quantity, (clause, change.end)))
            continue
        if not before:
            continue
        gap = text[done[before[-1]].end : change.start]
        if "。" in gap or len(gap) > 12:
            continue
        targets = before[-len(change.values) :]
        for index, value in zip(targets, change.values, strict=False):
            f = done[index]
            done[index] = replace(f, quantity=replace(f.quantity, change=value), phrase=(f.phrase[0], change.end))
    return done
