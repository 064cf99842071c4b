"""Bodies that a person's post names by itself: 市长 is of the government of the city, 市委书记 of its party committee."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.mentions import Held, Named
from kg.mentions.places import chain, region_ends
from kg.mentions.units import Unit, UnitName
from kg.regions import Region

RANKS = "[省市县区州盟旗镇乡]"
POST = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[原任兼由]))(?:(?P<committee>{RANKS}委)(?=副?书记|常委|副?秘书长)|(?:常务)?副?(?P<government>{RANKS})长)"
)
OF_PLACE = re.compile(rf"(?:常务)?副?(?P<government>{RANKS})长")  # after 某某省 or 某某市
CLAUSE = "，。；：！？"


def find(text: str, persons: Iterable[Named], bodies: list[tuple[int, int]]) -> Iterator[Unit]:
    """The governments and committees that the posts of persons name, each from the first character of its post."""
    held = Held(bodies)
    floor = 0
    for person in persons:
        name_at = person.end - len(person.name)
        floor = max([floor, *(text.rfind(stop, 0, name_at) + 1 for stop in CLAUSE)])
        for m in POST.finditer(text, floor, name_at):
            if held.meets(m.start(), m.end()):
                continue
            word = m["committee"] or m["government"]
            yield _unit(text, m.start(), m.end(), "委" if m["committee"] else "政府", (), word[0])
        if "长" in text[floor:name_at]:
            ends = region_ends(text)
            for end in sorted(e for e in ends if floor <= e < name_at):
                post, place = OF_PLACE.match(text, end), chain(text, ends, end, floor)
                if post and place and not held.meets(place[0], post.end()) and text[end - 1] == post["government"]:
                    yield _unit(text, place[0], post.end(), "政府", place[1])
        floor = person.end


def _unit(text: str, start: int, end: int, head: str, regions: tuple[Region, ...] = (), relative: str = "") -> Unit:
    return Unit(start, end, text[start:end], UnitName(head, head, "office", regions, relative))
