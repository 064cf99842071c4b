"""Charts as numbers: how long each bar is. The templates draw them as SVG."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.model import Quantity

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
