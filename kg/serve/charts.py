"""Charts as numbers: how long each bar is, where each node stands. The templates draw them as SVG."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean

from kg.model import Quantity
from kg.serve.read import Thing

NODES, LAYERS = 60, 5  # as many as a network of an answer has at most
SIDE, GAP, ROW = 190, 210, 34  # the room for names on either side, from layer to layer, and from node to node
SAY_NOTHING = frozenset({"个", "项", "次", "条", "种", "处", ""})


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its name; `share` is its length, -1 to 1."""

    name: str
    value: float
    share: float


def rises(figures: Iterable[Quantity], most: int = 16) -> list[Bar]:
    """The rises and falls among figures, the largest rise first; of many, those furthest from zero."""
    changed = [(figure.measure, figure.change) for figure in figures if figure.change]
    kept = sorted(changed, key=lambda one: -abs(one[1]))[:most]
    widest = max((abs(value) for _, value in kept), default=1.0)
    return [Bar(name, value, value / widest) for name, value in sorted(kept, key=lambda one: -one[1])]


def shares(figures: Sequence[Quantity]) -> list[float]:
    """How large each figure is beside the largest that is counted in the same unit.

    0 for one that stands alone, or that is counted with a word that says nothing of what is counted.
    """
    same: dict[str, list[float]] = defaultdict(list)
    for figure in figures:
        if figure.unit not in SAY_NOTHING:
            same[figure.unit].append(abs(figure.value))
    largest = {unit: max(values) for unit, values in same.items() if len(values) > 1 and max(values)}
    return [abs(figure.value) / largest.get(figure.unit, math.inf) for figure in figures]


def bars(named: Iterable[tuple[str, float]], most: int = 20) -> list[Bar]:
    """Bars for named values, in their order."""
    kept = list(named)[:most]
    widest = max((abs(value) for _, value in kept), default=0.0) or 1.0
    return [Bar(name, value, value / widest) for name, value in kept]


@dataclass(frozen=True, slots=True)
class Link:
    """Two things that belong together; `relation` is the local name of how, where that is known."""

    source: Thing
    target: Thing
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a network: where it stands, and on which side of it its name does (start, middle or end)."""

    thing: Thing
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Network:
    """Things in layers from left to right, each beside those that it is linked to; `is_cut` where there are more."""

    nodes: tuple[Node, ...]
    lines: tuple[tuple[Node, Node, str], ...]
    is_cut: bool

    @property
    def width(self) -> float:
        return max(node.x for node in self.nodes) + SIDE

    @property
    def height(self) -> float:
        return max(node.y for node in self.nodes) + ROW


def network(links: Iterable[Link]) -> Network | None:
    """The first things that are linked, and all links between them; None without a link."""
    distinct = list(dict.fromkeys(link for link in links if link.source != link.target))
    things = dict.fromkeys(thing for link in distinct for thing in (link.source, link.target))
    kept = set(islice(things, NODES))
    drawn = [link for link in distinct if {link.source, link.target} <= kept]
    if not drawn:
        return None
    layers = _layers(drawn)
    tallest = max(map(len, layers))
    nodes: dict[Thing, Node] = {}
    for number, layer in enumerate(layers):
        anchor = "end" if number == 0 else "start" if number == len(layers) - 1 else "middle"
        room = tallest / len(layer)
        for row, thing in enumerate(layer):
            nodes[thing] = Node(thing, SIDE + number * GAP, ROW * (room * (row + 0.5) + 0.5), anchor)
    lines = tuple((nodes[link.source], nodes[link.target], link.relation) for link in drawn)
    return Network(tuple(nodes.values()), lines, len(things) > NODES)


def _layers(links: Sequence[Link]) -> list[list[Thing]]:
    """The ends of links by their distance from those that nothing leads to; within a layer, near what leads to them."""
    after, before = defaultdict(list), defaultdict(list)
    for link in links:
        after[link.source].append(link.target)
        before[link.target].append(link.source)
    ends = dict.fromkeys(thing for link in links for thing in (link.source, link.target))
    depth: dict[Thing, int] = {}
    for starts in ([thing for thing in ends if thing not in before], *([thing] for thing in ends)):
        waiting = deque(thing for thing in starts if thing not in depth)  # a ring has no beginning: any of it
        depth |= dict.fromkeys(waiting, 0)
        while waiting:
            thing = waiting.popleft()
            for other in after[thing]:
                if other not in depth:
                    depth[other] = min(depth[thing] + 1, LAYERS - 1)
                    waiting.append(other)
    layers: list[list[Thing]] = [[] for _ in range(max(depth.values()) + 1)]
    for thing in ends:
        layers[depth[thing]].append(thing)
    place: dict[Thing, float] = {}

    def height(thing: Thing) -> float:
        return fmean([place[one] for one in before[thing] if one in place] or [0.0])

    for layer in layers:
        layer.sort(key=height)
        place |= {thing: row / len(layer) for row, thing in enumerate(layer)}
    return layers
