"""Which body a clause is about: the grammar of subjects that names and rules both lean on."""

from __future__ import annotations

import re
from functools import lru_cache

from kg import words

CLAUSE_END = "，；：。！？…"
TRANSPARENT_TAGS = frozenset("t m d c q f uj ul u r y x nz eng ad b".split())
TRANSPARENT = frozenset(
    "近日 日前 近年来 今年以来 年初以来 以来 期间 其中 此外 同时 随后 当天 当日 当晚 目前 截至 据悉 据了解 据介绍 获悉 了解到 记者 由 为 上午 下午 晚上 凌晨 今年 去年 连日来 连日 近期 入夏 入冬 入春 春节 期内 中 后 前 另据 又讯 讯 电 报道 如今 而 并 经 据 这是 是 该 月 日 年 时 "
    "中旬 上旬 下旬 月初 月底 年底 岁末 来 起 至 到 以 自 期 典型 做法 所属 下属 辖区".split()
)
NOT_SUBJECT = re.compile(
    r"(?:在|对|向|与|和|同|给|让|把|将|被|赴|到|往|至|获|经|据|获得|得到|接受|会同|联合|协同|配合|协助|支持|移送|移交|报送|上报|转办|报|送|走进|来到|前往|深入|进|从|按照|根据|落实|贯彻|邀请|组织|指导|督促|要求|、|为|比|是)$"
)


# What a body is said to be before it is named: 地处山区的某某派出所.
DESCRIBED = re.compile(
    r"(?:地处|位于|坐落|参与|参加|刚刚?成立|新成立|新组建|担负|承担|负责|荣获|身处|驻守)[^的]{0,16}的$"
)


@lru_cache(maxsize=4096)
def opens(before: str) -> bool:
    """Whether a body with this text before it in its clause is what the clause is about: nothing, words of time, 其中, 由."""
    plain = re.sub(
        r"^[［【[][^］】\]]{1,8}[］】\]]|^[▲●■◆★◎□▶◇○] ?[\u4e00-\u9fff]{2,4} |^[0-9]{1,2}[.、]|[【】《》“”—■●▲★◆\ue000-\ue010\s]",
        "",
        before,
    )
    if not plain or plain.endswith("由") or DESCRIBED.match(plain):
        return True
    if NOT_SUBJECT.search(plain) or len(plain) > 24:
        return False
    return all(
        w in TRANSPARENT or words.tag(w) in TRANSPARENT_TAGS or w.isdigit()
        for w in words.cut(re.sub(r"[0-9]+", "1", plain))
    )


@lru_cache(maxsize=1024)
def clause_start(text: str, at: int) -> int:
    """Where the clause that character `at` stands in begins."""
    start = 0
    for mark in CLAUSE_END + "】 ":
        start = text.rfind(mark, start, at) + 1 or start
    return start


SPEECH = re.compile(
    r"(?:说|介绍|介绍说|表示|告诉记者|坦言|透露|回忆|认为|感慨|感慨道|笑着说|提醒|强调|坦承|形容|呼吁|提示)$"
)


def speaks(clause: str) -> bool:
    """Whether a clause only tells who says something: 某局局长某某说."""
    return bool(SPEECH.search(clause.rstrip(CLAUSE_END + "“")))
