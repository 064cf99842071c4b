"""Texts to measure with: the files of a folder, or the pages in seeds/ again and again.

Each time a seed page returns, its paragraphs stand in another order and its places are others: what the reader has
learnt from one page must not make the next one cheaper.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from kg.regions import Region, divisions

SEEDS = Path(__file__).parent.parent / "seeds"


def pages(folder: Path | None, megabytes: float) -> list[bytes]:
    """Pages of that many megabytes together (at least one): the files of a folder, or seeds as told above."""
    found: list[bytes] = []
    size = 0.0
    for page in moved() if folder is None else _files(folder):
        found.append(page)
        size += len(page) / 1e6
        if size >= megabytes:
            break
    return found


def _files(folder: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in sorted(folder.rglob("*.txt")))


def moved() -> Iterator[bytes]:
    """Pages without end, made from seeds."""
    draw = random.Random(0)
    seeds = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    places = _Places("".join(seeds))
    while True:
        draw.shuffle(seeds)
        for seed in seeds:
            paragraphs = seed.split("\n\n")
            draw.shuffle(paragraphs)
            yield places.moved("\n\n".join(paragraphs), draw).encode()


class _Places:
    """The prefectures and counties that a text names, to be exchanged for others."""

    def __init__(self, text: str) -> None:
        table = divisions()
        self._inside: dict[Region, list[Region]] = defaultdict(list)
        for region in table.by_code.values():
            if len(region.code) == 6 and (city := table.parent(region)):
                self._inside[city].append(region)
        self._cities = sorted((c for c in self._inside if len(c.code) == 4), key=lambda c: c.code)
        self._named = [
            region
            for region in table.by_code.values()
            if len(region.code) in (4, 6) and len(region.name) > 2 and region.name in text
        ]
        names = sorted({name for r in self._named for name in (r.name, r.short)}, key=lambda n: (-len(n), n))
        self._pattern = re.compile("|".join(map(re.escape, names)))

    def moved(self, text: str, draw: random.Random) -> str:
        """The text with each city, and each county in it, exchanged for another."""
        other: dict[str, str] = {}
        for city, inside in self._inside.items():
            new = draw.choice(self._cities)
            exchanged = [(city, new), *((county, draw.choice(self._inside[new])) for county in inside)]
            for old, replacement in exchanged:
                other.setdefault(old.name, replacement.name)
                other.setdefault(old.short, replacement.short)
        return self._pattern.sub(lambda found: other.get(found[0], found[0]), text)
