"""Bodies that a person's post names by itself: 市长 is of the government of the city, 市委书记 of its party committee."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.mentions import Held, Named
from kg.mentions.naming import starts_word
from kg.mentions.places import chain, region_ends
from kg.mentions.units import Unit, UnitName
from kg.regions import Region

RANKS = "[省市县区州盟旗镇乡]"
POST = re.compile(rf"(?:(?P<committee>{RANKS}委)(?=副?书记|常委|副?秘书长)|(?:常务)?副?(?P<government>{RANKS})长)")
# A department of the committee that a post before it names: 市委常委、|政法委|书记.
DEPARTMENT = re.compile(r"(?<=、)(?:政法委员?会?|纪委监委|纪委|组织部|宣传部|统战部)(?=副?书记|副?部长)")
OF_PLACE = re.compile(rf"(?:常务)?副?(?P<government>{RANKS})长")  # after 某某省 or 某某市
CLAUSE = "，。；：！？"


def find(text: str, persons: Iterable[Named], bodies: Iterable[Unit]) -> list[Unit]:
    """The governments and committees that the posts of persons name, each from the first character of its post."""
    bodies = list(bodies)
    held = Held((body.start, body.end) for body in bodies if not body.name.pointer)
    found: list[Unit] = []
    floor = 0
    for person in persons:
        name_at = person.end - len(person.name)
        floor = max([floor, *(text.rfind(stop, 0, name_at) + 1 for stop in CLAUSE)])
        for m in POST.finditer(text, floor, name_at):
            at = m.start()
            if held.meets(at, m.end()) or not (text[at - 1 : at] in tuple("原任兼由") or starts_word(text, at, floor)):
                continue
            word = m["committee"] or m["government"]
            found.append(_unit(text, at, m.end(), "委" if m["committee"] else "政府", (), word[0]))
        if "长" in text[floor:name_at]:
            ends = region_ends(text)
            for end in sorted(e for e in ends if floor <= e < name_at):
                post, place = OF_PLACE.match(text, end), chain(text, ends, end, floor)
                if post and place and not held.meets(place[0], post.end()) and text[end - 1] == post["government"]:
                    found.append(_unit(text, place[0], post.end(), "政府", place[1]))
        committee = next((b for b in bodies if floor <= b.start < name_at and b.name.own in ("委", "委员会")), None)
        committee = committee or next((u for u in found if u.start >= floor and u.name.own == "委"), None)
        for m in DEPARTMENT.finditer(text, floor, name_at):
            if committee and committee.end <= m.start() and not held.meets(m.start(), m.end()):
                own = m[0] if m[0].startswith("纪委") else "委" + m[0]
                found.append(_unit(text, m.start(), m.end(), own, committee.name.regions, committee.name.relative))
        floor = person.end
    return found


def _unit(text: str, start: int, end: int, head: str, regions: tuple[Region, ...] = (), relative: str = "") -> Unit:
    return Unit(start, end, text[start:end], UnitName(head, head, "office", regions, relative))
