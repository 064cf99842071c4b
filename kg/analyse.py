"""What stands in the middle of the graph, what belongs together, and how much each region has: as tables to read.

Measured on the network of units, campaigns, persons and what they share: figures and regions are left out, since every
figure hangs on one node and a region joins what has nothing else in common.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import networkx

from kg.answer import width
from kg.errors import one_line
from kg.model import Extraction, Kind
from kg.tables import region_names

LEFT_OUT = (Kind.METRIC, Kind.REGION)
EFFORT = (
    4_000_000  # steps for betweenness, some ten seconds; where it needs more, it is estimated from a sample of nodes
)
SEED = 1
SHOWN = 5  # members of a community


@dataclass(frozen=True, slots=True)
class Central:
    """How many others a node is tied to, and the share of shortest paths between others that lead through it."""

    name: str
    kind: str
    degree: int
    betweenness: float


@dataclass(frozen=True, slots=True)
class Community:
    """Nodes that are tied more closely to each other than to the rest; the best tied first."""

    size: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InRegion:
    """What there is in a region: units, the campaigns that they conduct, and figures of both."""

    name: str
    units: int
    campaigns: int
    figures: int


def ties(content: Extraction) -> networkx.Graph:
    """Entities (by key) and the ties between them, whatever the relation; `weight` counts the statements."""
    kinds = {entity.key: entity.kind for entity in content.entities}
    found = networkx.Graph()
    found.add_nodes_from(sorted(key for key, kind in kinds.items() if kind not in LEFT_OUT))
    for s in content.statements:
        if s.subject != s.object and s.subject in found and s.object in found:
            before = found.get_edge_data(s.subject, s.object, {"weight": 0})["weight"]
            found.add_edge(s.subject, s.object, weight=before + 1)
    return found


def central(content: Extraction) -> list[Central]:
    """All nodes that are tied to others, the most central first."""
    network = ties(content)
    size = network.number_of_nodes()
    sample = max(10, EFFORT // (size + network.number_of_edges() + 1))
    between = networkx.betweenness_centrality(network, k=sample if sample < size else None, seed=SEED)
    named = {entity.key: entity for entity in content.entities}
    found = [
        Central(named[key].name, str(named[key].kind), degree, between[key])
        for key, degree in network.degree()
        if degree
    ]
    return sorted(found, key=lambda c: (-c.betweenness, -c.degree, c.name))


def communities(content: Extraction) -> list[Community]:
    """The communities of at least two nodes, by the method of Louvain, the largest first."""
    network = ties(content)
    names = {entity.key: entity.name for entity in content.entities}
    found = []
    for members in networkx.community.louvain_communities(network, seed=SEED):
        if len(members) > 1:
            ordered = sorted(members, key=lambda key: (-network.degree(key), key))
            found.append(Community(len(members), tuple(names[key] for key in ordered)))
    return sorted(found, key=lambda c: (-c.size, c.members))


def by_region(content: Extraction) -> list[InRegion]:
    """The regions that the sentences speak of, those with the most figures first. What stands in two counts in both."""
    kinds = {entity.key: entity.kind for entity in content.entities}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    places = region_names(content)
    for key, regions in places.items():
        for region in regions:
            counts[region][kinds[key]] += 1
    for s in content.statements:
        if s.predicate == "has_metric":
            for region in places[s.subject]:
                counts[region][Kind.METRIC] += 1
    found = [InRegion(name, c[Kind.UNIT], c[Kind.CAMPAIGN], c[Kind.METRIC]) for name, c in counts.items()]
    return sorted((r for r in found if r.units), key=lambda r: (-r.figures, -r.units, r.name))


def report(content: Extraction, top: int) -> Iterator[str]:
    """The lines of the three tables, each with at most `top` rows."""
    yield "中心 centrality"
    rows = [(c.name, c.kind, str(c.degree), f"{c.betweenness:.3f}") for c in central(content)[:top]]
    yield from table(("名称 name", "类 class", "度 degree", "中介 betweenness"), rows)
    yield "\n社群 communities"
    groups = [(str(c.size), "、".join(c.members[:SHOWN])) for c in communities(content)[:top]]
    yield from table(("成员 size", "核心 best tied"), groups)
    yield "\n地区 regions"
    regions = [(r.name, str(r.units), str(r.campaigns), str(r.figures)) for r in by_region(content)[:top]]
    yield from table(("地区 region", "单位 units", "行动 campaigns", "数据 figures"), regions)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows in columns as wide as their widest cell."""
    lines = [head, *([one_line(cell) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for i, line in enumerate(lines):
        cells = (cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()
        if not i:
            yield "  ".join("─" * size for size in widths)
