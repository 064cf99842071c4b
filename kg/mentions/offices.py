"""Bodies that a person's post names by itself: 市长 is of the government of the city, 市委书记 of its party committee."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.clauses import CLAUSE_END
from kg.mentions import Held, Named
from kg.mentions.naming import starts_word
from kg.mentions.places import chain, region_ends
from kg.mentions.units import Unit, UnitName
from kg.regions import Region

RANK_CHARS = "[省市县区州盟旗镇乡]"
POST = re.compile(
    rf"(?:(?P<committee>{RANK_CHARS}委)(?=副?书记|常委|副?秘书长)|(?:常务)?副?(?P<government>{RANK_CHARS})长)"
)
# A department of the committee that a post before it names: 市委常委、|政法委|书记.
DEPARTMENT = re.compile(r"(?<=、)(?:政法委员?会?|纪委监委|纪委|组织部|宣传部|统战部)(?=副?书记|副?部长)")
OF_PLACE = re.compile(rf"(?:常务)?副?(?P<government>{RANK_CHARS})长")  # after 某某省 or 某某市
OF_COMMITTEE = re.compile(r"副?书记|常委|副?秘书长")
# Between a post and the name nothing but more posts of the same person: 副市长、某局局长|某某.
MORE_POSTS = re.compile(r"(?:(?:、|兼)(?:[^、，。；]{0,20}?(?:长|书记|常委|主任|主席|委员|成员|政委|总指挥|专员)))*")


def find(text: str, persons: Iterable[Named], bodies: Iterable[Unit]) -> list[Unit]:
    """The governments and committees that the posts of persons name, each from the first character of its post."""
    if not (persons := list(persons)):
        return []
    bodies = list(bodies)
    held = Held((body.start, body.end) for body in bodies if not body.name.pointer)
    found: list[Unit] = []
    floor = 0
    for person in persons:
        name_at = person.end - len(person.name)
        floor = max([floor, *(text.rfind(stop, 0, name_at) + 1 for stop in CLAUSE_END)])
        for m in POST.finditer(text, floor, name_at):
            at = m.start()
            if held.meets(at, m.end()) or not (text[at - 1 : at] in tuple("原任兼由") or starts_word(text, at, floor)):
                continue
            if not _his(text, m.end(), name_at):
                continue
            word = m["committee"] or m["government"]
            found.append(_unit(text, at, m.end(), "委" if m["committee"] else "政府", (), word[0]))
        if "长" in text[floor:name_at]:
            ends = region_ends(text)
            for end in sorted(e for e in ends if floor <= e < name_at):
                post, place = OF_PLACE.match(text, end), chain(text, ends, end, floor)
                if post and not _his(text, post.end(), name_at):
                    continue
                if post and place and not held.meets(place[0], post.end()) and text[end - 1] == post["government"]:
                    found.append(_unit(text, place[0], post.end(), "政府", place[1]))
        committee = next((b for b in bodies if floor <= b.start < name_at and _party(b)), None)
        committee = committee or next((u for u in found if u.start >= floor and u.name.own == "委"), None)
        for m in DEPARTMENT.finditer(text, floor, name_at):
            if committee and committee.end <= m.start() and not held.meets(m.start(), m.end()):
                own = m[0] if m[0].startswith("纪委") else "委" + m[0]
                found.append(_unit(text, m.start(), m.end(), own, committee.name.regions, committee.name.relative))
        floor = person.end
    return found


def _his(text: str, end: int, name_at: int) -> bool:
    """Whether a post that ends at `end` is of the person whose name begins at `name_at`."""
    post = OF_COMMITTEE.match(text, end)
    end = post.end() if post else end
    return end == name_at or (text[end:name_at] != "、" and bool(MORE_POSTS.fullmatch(text, end, name_at)))


def post_of(text: str, unit: Unit) -> str:
    """The post by which a sentence names a body: 副市长, 书记."""
    post = OF_COMMITTEE.match(text, unit.end) if unit.name.own != "政府" else OF_PLACE.search(unit.text)
    return post[0] if post else ""


def _party(body: Unit) -> bool:
    return body.name.own in ("委", "委员会") and body.name.prefix != "团"


def _unit(text: str, start: int, end: int, head: str, regions: tuple[Region, ...] = (), relative: str = "") -> Unit:
    return Unit(start, end, text[start:end], UnitName(head, head, "office", regions, relative))
