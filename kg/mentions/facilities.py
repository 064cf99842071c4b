"""Bases, centres, platforms and laboratories: those with a name, be it quoted (“某某”服务站) or said (某某训练基地).

A name without quotes must stand behind a verb of building and say more than 便民服务中心 does; what is counted
(12个服务站) has no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg import lexicon, words
from kg.mentions import Held, Named
from kg.model import Kind

BUILT = re.compile(
    r"(?:建成|打造|成立|组建|设立|建立|启用|揭牌|挂牌|投用|新建|共建|建设|兴建|创建|筹建|建起|挂起|开设|开通|搭建|研发|开发|上线|运行|创设|设置|"
    r"落成|开馆|建有|设有|建好|改建|升级)(?:并投用|并启用|投用|启用|运行|使用|了|起|出|的|成|完成)?"
)
ROOM = re.compile(  # 共建|“某某”调解室
    r"“[^“”，。！？；、：]{2,12}”[^和与及在为的“”，。；、\x00-\x7f]{1,6}?(?:站|室|厅|馆|院|园)(?![\u4e00-\u9fff]?[长员])"
)
NAME = re.compile(r"[^，。；：、！？“”《》（）【】0-9—]{4,30}")
COUNTED = re.compile(
    r"[^，。；、]{0,2}?(?:[0-9.]{1,8}|[一二三四五六七八九十百两多数几]{1,3})[万千百]?(?:余|多)?(?:个|处|座|家|所|间|支|套|块|亩|公里|平方)"
)
MANY = re.compile(r"(?:[02-9]|[0-9]{2,}|[二两三四五六七八九十百多几])[余多]?[个处座家所]$")
# Past what only counts or praises: 全国首家, 一个集…于一体的.
FIRST = re.compile(
    r"(?:全[国省市县区州旗盟]|国内|全球|世界|区域|本[省市县区]|[\u4e00-\u9fff]{2,4}[省市])?(?:首[家个座批]|第一[家个座]|唯一的?|最大的?)的?|"
    r"一[个座家批处]|集[^的]{2,20}的|以[^的]{2,20}的"
)
POINTER = re.compile(r"该(基地|中心|平台|实验室|审判站|服务站|工作站|工作室|驿站|展厅|展馆|站|馆)")
NOT_AFTER = ("建设", "化", "式", "体系", "工作", "机制", "等级", "站", "点", "任务")
NO_NAME = ("完善", "健全", "加强", "优化", "推进", "提升", "支持", "统一", "强化", "高质量", "重大", "一批")


@cache
def _heads() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The heads that a name may have anywhere, and all with those that only quoted names have, the longest first."""
    sorts = {word: row[1] for row in lexicon.rows("facilities") for word in row[0].split()}
    every = tuple(sorted(sorts, key=lambda word: (-len(word), word)))
    return tuple(word for word in every if sorts[word] == "place"), every


@cache
def _wide() -> frozenset[str]:
    return frozenset(lexicon.words("facilities_wide"))


@cache
def _quoted() -> re.Pattern[str]:
    places, every = ("|".join(words) for words in _heads())
    return re.compile(
        rf"“(?:[^“”，。！？；、：]{{2,20}}(?:{every})”|[^“”，。！？；、：]{{2,16}}”[^，。；：、“”（）的在等为]{{0,10}}?(?:{places}))(?:系统)?"
    )


def find(text: str, bodies: list[tuple[int, int]]) -> list[Named]:
    """The facilities that a sentence names, in order."""
    found = []
    held = Held()
    if "“" in text:
        for m in _quoted().finditer(text):
            if not COUNTED.match(text, m.end()) and not MANY.search(text, max(0, m.start() - 8), m.start()):
                name = m[0][1:-1] if m[0].endswith("”") else m[0]
                found.append(Named(Kind.FACILITY, m.start(), m.end(), name))
                held.add(m.start(), m.end())
    for m in BUILT.finditer(text):
        room = ROOM.match(text, m.end())
        if room and not COUNTED.match(text, room.end()) and not held.meets(*room.span()):
            found.append(Named(Kind.FACILITY, room.start(), room.end(), room[0]))
            held.add(room.start(), room.end())
        for start, end in _said(text, m.end()):
            if not held.meets(start, end):
                found.append(Named(Kind.FACILITY, start, end, text[start:end]))
                held.add(start, end)
    return sorted(found, key=lambda named: named.start)


def again(text: str, last: Named | None) -> list[Named]:
    """该站, 该中心: the facility named last, where its name ends so."""
    if last is None or (m := POINTER.search(text)) is None or not last.name.endswith(m[1]):
        return []
    return [Named(Kind.FACILITY, m.start(), m.end(), last.name)]


def _said(text: str, at: int) -> Iterator[tuple[int, int]]:
    """A name without quotes behind a verb of building (建成|某某训练基地), and those listed after it."""
    first = True
    while m := NAME.match(text, at):
        stretch = m[0]
        end = _head_end(stretch)
        if end is None or COUNTED.match(text, at + end):
            return
        start = _name_start(stretch[:end])
        if COUNTED.match(stretch) and not FIRST.match(stretch):
            return
        if end - start < 4 or (first and not _specific(stretch[start:end])):
            return
        yield at + start, at + end
        at += end
        if text[at : at + 1] not in ("、", "和", "及", "与"):
            return
        at, first = at + 1, False


def _head_end(stretch: str) -> int | None:
    """Where the first head of a facility ends in a stretch that goes on as no name does."""
    for end in range(4, len(stretch) + 1):
        if stretch.endswith(_heads()[0], 0, end) and not stretch.startswith(NOT_AFTER, end):
            return end
    return None


def _name_start(name: str) -> int:
    start = name.rfind("的") + 1
    while m := FIRST.match(name, start):
        start = m.end()
    return start


def _specific(name: str) -> bool:
    """Whether more than common words stands before the head."""
    head = next(head for head in _heads()[0] if name.endswith(head))
    before = name[: len(name) - len(head)]
    if len(before) < 4 or name.startswith(NO_NAME):
        return False
    cut = words.cut(before)
    own = sum(len(word) for word in cut if word not in _wide())
    return words.tag(cut[0]) not in ("r", "d", "p", "c") and (own >= 2 or (len(before) >= 6 and head != "平台"))
