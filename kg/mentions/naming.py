"""What names are made of: where a proper name begins, and what breaks it off."""

from __future__ import annotations

import re
from functools import cache

from kg import lexicon, words

HAN = re.compile(r"[\u3400-\u9fff]")
REACH = 12
FUNCTION = frozenset("的了在由被从到各该等及")
DIRECTIONS = frozenset("前后上下中内外里")


@cache
def breaks() -> frozenset[str]:
    """Words that no name of a body is made of."""
    return frozenset(lexicon.words("breaks"))


@cache
def generic() -> frozenset[str]:
    """Words before a head that name no one body: 基层, 辖区."""
    return frozenset(lexicon.words("generic"))


NO_NAME = re.compile(
    r".?另一|[一某]$|.*公社|[局所队处科院庭站股部厅]长|党[委组]|[一两几某][处家个名所]"
)  # a post, a committee, one of many


SERVED = re.compile(r"(?:学生|职工|居民|群众|市民|村民|志愿者|残疾人|人员)(?=..)")


def clean_gap(gap: str, people: bool = False) -> bool:
    """Whether the text between a place and a head can be a name; `people`: it may begin with whom the body is for (学生资助|中心)."""
    if not gap:
        return True
    if NO_NAME.match(gap):
        return False
    if m := re.match(r"1(?:[0-9]{4}|[12][0-9])(?![0-9])", gap):  # 12345指挥中心, 119调度指挥中心
        return clean_gap(gap[m.end() :], people)
    if (
        not all(HAN.match(c) or c in "·和与" for c in gap)
        or gap in generic()
        or gap[0] in "副第"
        or (gap[0] == "一" and len(gap) > 2)  # 某区|一洗浴|中心
        or gap == "党委"
        or (gap[:2] in breaks() and not (people and SERVED.match(gap)))
    ):
        return False
    if len(gap) <= 3 and gap[0] in "上下前后里外中东西南北大小新老":
        return gap not in breaks()
    if people and (m := SERVED.match(gap)):
        gap = gap[m.end() :]
    return not any(
        word in breaks() and not (word in ("和", "与", "原", "建设") and i > 0) for i, word in enumerate(words.cut(gap))
    )


@cache
def trades() -> frozenset[str]:
    """What companies are called after: 建设, 物流."""
    return frozenset(lexicon.words("trades"))


def name_to_the_left(text: str, end: int, floor: int, company: bool = False) -> int | None:
    """Where a proper name that ends at `end` begins, or None: it runs from a break in the sentence to the head."""
    start = end
    while start > floor and end - start < REACH and (HAN.match(text[start - 1]) or text[start - 1].isalnum()):
        start -= 1
    bounded = start == floor or end - start < REACH
    at = end
    cut = words.cut(text[start:end])
    for word in reversed(cut):
        tag = words.tag(word)
        if company and word in trades():
            at -= len(word)
            continue
        if (
            word in DIRECTIONS
            and at < end
            and (at - 1 == floor or not HAN.match(text[at - 2]) or text[at - 3 : at - 1] in breaks())
        ):
            at -= 1  # 后某某派出所
            break
        if (
            word in breaks()
            or any(c in FUNCTION for c in word)
            or (tag in words.STOP_TAGS and not (len(word) == 1 and tag in "mqfvtd"))
            or word in generic()
        ):
            break
        at -= len(word)
    else:
        if not bounded:
            return None
    name = text[at:end]
    if company:
        parts = words.cut(name)
        if all(word in trades() for word in parts):
            return None
        while parts[0] in trades():  # 走访|服务|某某公司: a verb before the name
            at += len(parts.pop(0))
        name = text[at:end]
    return (
        at
        if 2 <= len(name) <= 10 and name not in generic() and not re.search(r"[0-9]|^第|某|^(?:师范|附属)$", name)
        else None
    )


def starts_word(text: str, at: int, floor: int) -> bool:
    """Whether a name may begin at a place: at the head of a clause, or after a word that names are not made of."""
    if at == floor or not HAN.match(text[at - 1]):
        return True
    cut = words.cut(text[max(floor, at - 6) : at])
    return bool(cut) and (cut[-1] in breaks() or words.tag(cut[-1]) in words.STOP_TAGS)
