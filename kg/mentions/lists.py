"""Bodies whose head stands only once, at the end of a list: 甲县、乙县公安局; 甲、乙两县公安局; 甲、乙、丙三个派出所."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg import lexicon, words
from kg.mentions.naming import FUNCTION, breaks, generic
from kg.mentions.places import PAIR, RANKS, is_town, ranked, regions_named
from kg.mentions.units import Unit, UnitName, fields_before, heads, scan_of

THIS = re.compile(
    r"(?=[该所队站院局支大总])(?:该(关|校)(?!长|区)|(?<![\u4e00-\u9fff])(所|队|站|院|局)里(?=的?(?:[民干辅]警|队员|法官|干部|帮|共|已|先后|累计))|(?<![\u4e00-\u9fff])(局|院|支队|大队|总队)机关(?!党|报|干|工|各|单))"
)  # short for 法院, 海关, 学校: no heads of their own
LISTED = re.compile(r"([\u4e00-\u9fff]{2,11})(?:、|和|及|与)$")
ROW = re.compile(
    r"([\u4e00-\u9fff]{2,14}(?:、[\u4e00-\u9fff]{2,6})*(?:、|和)[\u4e00-\u9fff]{2,6}?)(?:等)?(?:(?:[两三四五六七八九十]|[0-9]{1,2})个)?$"
)
ROWED = frozenset(
    "公安消防大队 消防大队 消防救援大队 税务分局 管理站 工作站 中心站 检查站 卫生院 卫生监督所 中队 交警中队 交警大队 工商所 养护站 收费站 供电所 派出所 人民法庭 法庭 分局 公安分局 支队 大队 中队 消防救援站 司法所 税务所 市场监管所 市场监督管理所 监管所 检察室 海关 公安局 管理所 应急管理所".split()
)


def elided(text: str, units: list[Unit]) -> Iterator[Unit]:
    """Bodies whose head stands only once, at the end of a list: 甲县、乙县公安局; 甲、乙两县公安局; 甲、乙、丙三个派出所."""
    yield from _rows(text, units)
    for m in THIS.finditer(text) if "该" in text or "里" in text or "机关" in text else ():
        if not any(u.start <= m.start() < u.end for u in units):
            own = m[1] or m[2] or m[3]
            yield Unit(m.start(), m.end(), m[0], UnitName(own, own, "body", pointer=True))
    for unit in units:
        name = unit.name
        if (
            name.head in ("党委", "委")
            and text.startswith(("、政府", "和政府"), unit.end)
            and text[unit.end + 3 : unit.end + 4] not in "部采"
        ):
            yield Unit(unit.end + 1, unit.end + 3, "政府", replace(name, own="政府", head="政府", prefix=""))
        if name.regions and name.parent is None and not name.head.endswith("公司"):
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
                    found = next(
                        (listed[1][i:] for i in range(len(listed[1]) - 1) if ranked(listed[1][i:], rank)), None
                    )
                    regions = ranked(found, rank) if found else ()
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
            pair := PAIR.search(text, max(0, unit.start - 40), unit.start + len(name.prefix + name.relative))
        ):
            first = pair.start(1)
            for short in (*pair[1].split("、"), pair[2]):
                known = next((i for i in range(len(short) - 1) if ranked(short[i:], pair[3])), None)
                if known is None:
                    first = text.index(short, first) + len(short)
                    continue
                start = text.index(short, first) + known
                first = start + len(short) - known
                regions = ranked(short[known:], pair[3])
                yield Unit(start, first, short[known:], UnitName(name.own, name.head, name.sort, regions=regions))


def _next_in_list(unit: Unit, units: list[Unit]) -> bool:
    """Whether a body with a place of its own stands right after another."""
    placed = unit.name.regions or unit.name.relative in RANKS.split("|")
    return bool(placed) and any(u.end == unit.start - 1 for u in units)


def _rows(text: str, units: list[Unit]) -> Iterator[Unit]:
    """甲、乙、丙三个派出所: parts named one after the other, their head at the end."""
    scan = scan_of(text)
    for start, end, head in scan.heads:
        if head not in ROWED:
            continue
        own_start = fields_before(scan, start, 0)
        if scan.fields.get(own_start) is None and text[own_start - 1 : own_start] == "、":
            continue
        if text[own_start - 1 : own_start] == "地" and PAIR.search(text, max(0, own_start - 40), own_start):
            continue
        if any(u.end == end and _next_in_list(u, units) for u in units):
            continue  # 县住建局、县|交警大队
        if any(u.start < start and end < u.end for u in units):
            continue  # 甲、乙海关|缉私分局
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
        town = next((names[0][-n:] for n in (4, 3, 2) if is_town(names[0][-n:])), "")
        if town:
            begin += len(names[0]) - len(town)
            names[0] = town
            parent = parent if parent is not None and units[parent].end == begin else None
        cut = words.cut(names[0]) if not town else []
        for i in range(len(cut) - 1, -1, -1):
            if cut[i] in breaks() or (words.tag(cut[i]) in ("v", "p", "c", "d") and len(cut[i]) > 1):
                begin += len("".join(cut[: i + 1]))
                names[0] = "".join(cut[i + 1 :])
                parent = None
                break
        if len(names) > 1 and names[0].endswith("局") and names[0] in heads():  # 稽查局和|甲、乙2个税务分局
            begin, parent = text.index(names[1], begin + len(names[0])), None
            names = names[1:]
        if any(
            (len(w) > 1 and (w in breaks() or words.tag(w) in ("r", "p", "d"))) or w in FUNCTION - {"从"}
            for n in names
            if not is_town(n)
            for w in words.cut(n)
        ):
            continue
        if any(words.tag(n).startswith("v") and not is_town(n) for n in names):
            continue
        if head == "派出所" and any(n in lexicon.words("fields") for n in names):
            continue
        if any(n.endswith(tuple(h for h in ROWED if len(h) > 2)) for n in names):
            continue  # 甲工商所、乙派出所: each has its own head
        if (
            not all(2 <= len(n) <= 6 or n in ("",) for n in names)
            or not all(names)
            or any(n in generic() for n in names)
        ):
            continue
        branch = head in ("分局", "公安分局", "公安局", "海关")
        placed = [regions_named(n, short=branch) for n in names]
        if any(placed) and not branch and not (all(placed) and m[0].endswith("个")):
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
            regions = placed.pop(0)
            if branch and not regions and head != "海关":
                break
            own = tail if regions else name + tail
            yield Unit(
                place, place + len(name), name, UnitName(own, head, heads()[head], regions=regions, parent=parent)
            )
            place += len(name)
