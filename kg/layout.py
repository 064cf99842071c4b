"""Where each node of the network page stands: worked out from the structure of the graph, the same every time.

Every entity stands by one other: a region inside the wider region, a unit by its region or its parent unit, a campaign
by the unit that ran it. That makes a tree. From the leaves up, each node and all that stands by it is packed into a
disc, so that regions stand apart and what belongs together is near. A level with too many members is split into groups:
regions by the wider division that no page names, all else by class, and a class into equal parts, so that opening one
node never draws more than `BRANCH` others.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby

from kg.model import Entity, Kind
from kg.notes import Fact
from kg.regions import Region, divisions

BRANCH = 150
DRAW_ALL = 1200
DRAW_FIRST = 150
LABEL_ROOM = 17.0
MARGIN = {Kind.REGION: 26.0}
OTHER_MARGIN = 3.0
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))

# By which facts an entity stands by another, the first that it has: the relation, and whether the fact is read
# from its object's side. Regions and units have rules of their own.
STANDS_BY = {
    Kind.CAMPAIGN: (("conducted", True), ("part_of", False)),
    Kind.METRIC: (("has_metric", True),),
    Kind.PERSON: (("holds_role_at", False),),
    Kind.AWARD: (("received", True),),
    Kind.POLICY: (("issued", True),),
    Kind.FACILITY: (("operates", True),),
}
TELL_HOMES = {("located_in", False), ("part_of", False), *chain.from_iterable(STANDS_BY.values())}


@dataclass(slots=True, eq=False)
class Place:
    """A node of the page and where it stands.

    `size` is the radius of its own mark; `reach` that of the disc around (`disc_x`, `disc_y`) which holds it and
    all its `children`. `figures` are its metrics, which stay folded and take no room. A group has no `entity`;
    `part` says which of its class's members it holds, or `division` is that around its members.
    """

    key: str
    kind: Kind
    entity: Entity | None = None
    part: str = ""
    division: Region | None = None
    size: float = 0.0
    parent: Place | None = None
    children: list[Place] = field(default_factory=list)
    figures: list[Place] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    disc_x: float = 0.0
    disc_y: float = 0.0
    reach: float = 0.0


def arrange(entities: Iterable[Entity], facts: Mapping[Fact, int]) -> list[Place]:
    """A place for each entity, and for the groups that large levels need: parents before children.

    `facts` tells how many pieces of evidence each fact has.
    """
    degree = Counter(end for subject, _, target, _ in facts for end in (subject, target))
    places = {
        entity.key: Place(entity.key, entity.kind, entity, size=_size(entity.kind, degree[entity.key]))
        for entity in sorted(entities, key=lambda entity: entity.key)
    }
    root = Place("", Kind.REGION)
    homes = _homes(places, facts)
    for key, place in places.items():
        place.parent = places.get(homes.get(key, ""))
        home = place.parent or root
        (home.figures if place.kind is Kind.METRIC else home.children).append(place)
    order = _parents_first(root)
    for place in reversed(order[1:]):
        _pack(place)
    _pack_outermost(root)
    for place in order:
        _settle(place)
    return [place for place in order if place is not root]


def opened_at_first(places: Sequence[Place]) -> list[Place]:
    """The places that stand open when the page opens: all, where few enough; else whole levels, for an overview."""
    marks = [place for place in places if place.kind is not Kind.METRIC]
    if len(marks) <= DRAW_ALL:
        return [place for place in marks if place.children]
    opened: list[Place] = []
    level = [place for place in marks if place.parent is None]
    while len(level) <= DRAW_FIRST:
        inner = [place for place in level if place.children]
        opened += inner
        level = [child for place in inner for child in place.children]
    return opened[: -len(inner)]


def _size(kind: Kind, degree: int) -> float:
    """The radius of a mark: it grows with the number of facts, slowly."""
    if kind is Kind.METRIC:
        return 4.0
    return round(6 + min(2.2 * math.sqrt(degree), 16), 1)


def _homes(places: dict[str, Place], facts: Mapping[Fact, int]) -> dict[str, str]:
    """The key of the entity that each one stands by; the best attested where there is a choice. No cycles."""
    links: defaultdict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for _, subject, target, relation in sorted((-facts[fact], fact[0], fact[2], fact[1]) for fact in facts):
        if (relation, False) in TELL_HOMES:
            links[subject, relation, False].append(target)
        if (relation, True) in TELL_HOMES:
            links[target, relation, True].append(subject)
    codes = {key: _code(place.entity) for key, place in places.items() if place.entity and place.entity.code}
    regions = {code: key for key, code in codes.items()}

    def narrowest(key: str) -> str | None:
        return max(links[key, "located_in", False], key=lambda region: len(codes.get(region, "")), default=None)

    homes: dict[str, str] = {}
    for key, place in places.items():
        home: str | None
        if place.kind is Kind.REGION:
            code = codes.get(key, "")
            wider = (regions.get(code[:end]) for end in (6, 4, 2) if end < len(code))
            home = next(filter(None, wider), None) or narrowest(key)
        elif place.kind is Kind.UNIT:
            home = narrowest(key)
            for parent in links[key, "part_of", False]:
                if home is None or narrowest(parent) == home:
                    home = parent
                    break
        else:
            choices = (links[key, predicate, inverse] for predicate, inverse in STANDS_BY[place.kind])
            home = next((found[0] for found in choices if found), None)
        if home is not None:
            homes[key] = home
    return _without_cycles(homes)


def _code(region: Entity) -> str:
    """The digits of a GB/T 2260 code that say something: 150200 is 1502, 150826100 stays.

    >>> _code(Entity("", Kind.REGION, "", code="150000"))
    '15'
    """
    code = region.code
    while len(code) in (4, 6) and code.endswith("00"):
        code = code[:-2]
    return code


def _without_cycles(homes: dict[str, str]) -> dict[str, str]:
    """The same map, each cycle cut at one of its keys."""
    settled: set[str] = set()
    for start in list(homes):
        trail: set[str] = set()
        key = start
        while key in homes and key not in settled:
            if key in trail:
                del homes[key]
                break
            trail.add(key)
            key = homes[key]
        settled |= trail
    return homes


def _parents_first(root: Place) -> list[Place]:
    """All places below `root`, and the root; levels too large are split into groups on the way."""
    order = []
    waiting = [root]
    while waiting:
        place = waiting.pop()
        place.children = _split(place)
        order.append(place)
        order.extend(place.figures)
        waiting.extend(reversed(place.children))
    return order


def _split(place: Place) -> list[Place]:
    """The children of a place, or at most `BRANCH` groups of them: by division and class, then in parts of equal length."""
    members = place.children
    if len(members) <= BRANCH:
        return members
    kinds = list(Kind)
    members = sorted(members, key=lambda member: (kinds.index(member.kind), member.key))
    groups = []
    alone: list[Place] = []
    if place.entity is None and place.key and place.division is None:
        length = BRANCH
        while len(members) > BRANCH * length:
            length *= BRANCH
        start = int(place.part.partition("–")[0] or 1)
        for first in range(0, len(members), length):
            batch = members[first : first + length]
            part = f"{start + first}–{start + first + len(batch) - 1}"
            groups.append(Place(f"{place.key}/{part}", place.kind, part=part, children=batch))
    else:
        alone, divided, members = _by_division(place, members)
        for division, inner in divided:
            groups.append(Place(f"{place.key}/{division.code}", Kind.REGION, division=division, children=inner))
        for kind, same in groupby(members, key=lambda member: member.kind):
            groups.append(Place(f"{place.key}/{kind}", kind, children=list(same)))
    for group in groups:
        group.parent = place if place.key else None
        for member in group.children:
            member.parent = group
    return [*alone, *groups]


def _by_division(
    place: Place, members: list[Place]
) -> tuple[list[Place], list[tuple[Region, list[Place]]], list[Place]]:
    """The regions of the next level inside a place; those of further levels, by the division of the next; the rest."""
    outer = _place_code(place)
    width = {0: 2, 2: 4, 4: 6}.get(len(outer), 0)
    alone, rest = [], []
    inner: defaultdict[Region, list[Place]] = defaultdict(list)
    for member in members:
        code = _place_code(member)
        division = divisions().by_code.get(code[:width])
        if width and len(code) == width:
            alone.append(member)
        elif width and len(code) > width and division:
            inner[division].append(member)
        else:
            rest.append(member)
    return alone, sorted(inner.items(), key=lambda one: one[0].code), rest


def _place_code(place: Place) -> str:
    if place.division:
        return place.division.code
    return _code(place.entity) if place.entity and place.kind is Kind.REGION else ""


def _pack(place: Place) -> None:
    """Stand the children around the place, all positions relative to the centre of the disc that holds them."""
    inner = sorted(place.children, key=lambda child: (-child.reach, child.key))
    own = [place.size + LABEL_ROOM] if place.entity else []
    radii = own + [child.reach for child in inner]
    spots = pack_discs(radii)
    x, y, reach = enclosing_disc(spots, radii)
    if place.entity:
        place.x, place.y = spots[0][0] - x, spots[0][1] - y
    for child, spot in zip(inner, spots[len(own) :], strict=True):
        child.disc_x, child.disc_y = spot[0] - x, spot[1] - y
    place.reach = reach + MARGIN.get(place.kind, OTHER_MARGIN) if inner else reach


def _pack_outermost(root: Place) -> None:
    """The same for what stands by nothing; what is no region keeps together in a disc of its own."""
    regions = [child for child in root.children if child.kind is Kind.REGION]
    apart = Place("", Kind.UNIT, children=[child for child in root.children if child.kind is not Kind.REGION])
    _pack(apart)
    everything, root.children = root.children, [*regions, apart] if apart.children else regions
    _pack(root)
    root.children = everything
    for child in apart.children:
        child.disc_x += apart.disc_x
        child.disc_y += apart.disc_y


def _settle(place: Place) -> None:
    """Make the positions of a place's mark, children and figures absolute; its own disc is so already."""
    place.x += place.disc_x
    place.y += place.disc_y
    for child in place.children:
        child.disc_x += place.disc_x
        child.disc_y += place.disc_y
    for index, figure in enumerate(place.figures):
        away = math.sqrt((place.size + 20) ** 2 + 150 * index)
        figure.disc_x = place.x + away * math.cos(index * GOLDEN_ANGLE)
        figure.disc_y = place.y + away * math.sin(index * GOLDEN_ANGLE)


def pack_discs(radii: Sequence[float]) -> list[tuple[float, float]]:
    """Centres that put discs side by side around the first, none overlapping.

    Wang and others' front chain (CHI 2006): each disc touches two neighbours of the outline built so far, at the spot
    nearest the origin; where it would cut a third, the outline is shortened to that one.

    >>> pack_discs([1.0, 1.0])
    [(-1.0, 0.0), (1.0, 0.0)]
    """
    if len(radii) < 2:
        return [(0.0, 0.0)] * len(radii)
    spots = [(-radii[1], 0.0), (radii[0], 0.0)]
    after, before = {0: 1, 1: 0}, {0: 1, 1: 0}
    left, right = 0, 1
    while (new := len(spots)) < len(radii):
        spot = _touching(spots[right], radii[right], spots[left], radii[left], radii[new])
        cut = _first_cut(spots, radii, after, before, left, right, spot)
        if cut is not None:
            left, right = cut
            after[left], before[right] = right, left
            continue
        spots.append(spot)
        after[left], before[new], after[new], before[right] = new, left, right, new
        left = _nearest_link(spots, radii, after, new)
        right = after[left]
    return spots


def _touching(
    a: tuple[float, float], a_radius: float, b: tuple[float, float], b_radius: float, radius: float
) -> tuple[float, float]:
    """The centre of a disc that touches discs a and b, on the outer side of the outline that runs from b to a."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    gap = math.hypot(dx, dy)
    to_a, to_b = a_radius + radius, b_radius + radius
    along = (gap * gap + to_a * to_a - to_b * to_b) / (2 * gap)
    across = math.sqrt(max(0.0, to_a * to_a - along * along))
    return a[0] + (along * dx + across * dy) / gap, a[1] + (along * dy - across * dx) / gap


def _first_cut(
    spots: Sequence[tuple[float, float]],
    radii: Sequence[float],
    after: dict[int, int],
    before: dict[int, int],
    left: int,
    right: int,
    spot: tuple[float, float],
) -> tuple[int, int] | None:
    """The ends of the outline once shortened to the nearest disc that a new one at `spot` would cut, if any."""
    radius = radii[len(spots)]

    def cuts(other: int) -> bool:
        return math.dist(spots[other], spot) < radii[other] + radius - 1e-6

    ahead, behind = after[right], before[left]
    ahead_way, behind_way = radii[right], radii[left]
    while True:
        if ahead_way <= behind_way:
            if cuts(ahead):
                return left, ahead
            ahead_way += radii[ahead]
            ahead = after[ahead]
        else:
            if cuts(behind):
                return behind, right
            behind_way += radii[behind]
            behind = before[behind]
        if ahead == after[behind]:
            return None


def _nearest_link(
    spots: Sequence[tuple[float, float]], radii: Sequence[float], after: dict[int, int], start: int
) -> int:
    """The disc of the outline whose link to the next one passes nearest to the origin."""

    def distance(disc: int) -> float:
        other = after[disc]
        both = radii[disc] + radii[other]
        return math.hypot(
            (spots[disc][0] * radii[other] + spots[other][0] * radii[disc]) / both,
            (spots[disc][1] * radii[other] + spots[other][1] * radii[disc]) / both,
        )

    best, disc = start, after[start]
    nearest = distance(start)
    while disc != start:
        if (here := distance(disc)) < nearest:
            best, nearest = disc, here
        disc = after[disc]
    return best


def enclosing_disc(spots: Sequence[tuple[float, float]], radii: Sequence[float]) -> tuple[float, float, float]:
    """A disc that holds them all, little larger than the smallest one (Bădoiu and Clarkson's iteration)."""
    if not spots:
        return 0.0, 0.0, 0.0

    def reach(spot: tuple[float, float], radius: float) -> float:
        return math.dist((x, y), spot) + radius

    x, y = spots[0]
    for step in range(2, 60):
        far, radius = max(zip(spots, radii, strict=True), key=lambda disc: reach(*disc))
        away = math.dist((x, y), far)
        if away == 0:
            break
        ratio = reach(far, radius) / away / step
        x, y = x + (far[0] - x) * ratio, y + (far[1] - y) * ratio
    return x, y, max(map(reach, spots, radii))
